"""Pictures, mirrors and clocks."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import (
    Size,
    blocks,
    design,
    fitted,
    placed,
    tinted,
    turned,
)

FRAME_STYLES = {
    "classic": ("brass", "wood_dark", "wood_dark", "brass", "wood"),
    "rustic": ("wood", "wood_dark", "wood_light", "wood"),
    "modern": ("metal", "metal", "wood_light", "wood_dark", "painted_wood"),
    "scandinavian": ("wood_light", "metal", "painted_wood", "wood_light"),
}
FRAME_ROLES = ("wood", "wood_light", "wood_dark", "metal", "brass", "painted_wood")


def _frame_role(rng: np.random.Generator, params: Mapping[str, object]) -> str:
    return design(rng, {"style": params.get("style")}, FRAME_ROLES, FRAME_STYLES)


def _frame_profile(rng: np.random.Generator, params: Mapping[str, object]) -> str:
    by_style = {"classic": ("round", "step", "step"), "modern": ("flat", "flat", "chamfer")}
    return design(rng, {"style": params.get("style")}, ("flat", "flat", "chamfer", "round", "step"), by_style)


def _frame(builder: MeshBuilder, size_m: Size, rail: float, material: str, profile: str) -> None:
    """Four mitred rails around a rectangle that stands in the x-z plane, front towards -y."""
    width, depth, height = size_m
    sections = {
        "flat": [(0, 0), (0, 1), (1, 1), (1, 0)],
        "chamfer": [(0, 0), (0, 1), (0.35, 1), (1, 0.45), (1, 0)],
        "round": [(0, 0), (0, 0.45), (0.1, 0.8), (0.38, 1), (0.66, 0.92), (0.9, 0.55), (1, 0.4), (1, 0)],
        "step": [(0, 0), (0, 1), (0.3, 1), (0.42, 0.72), (0.72, 0.66), (0.8, 0.4), (1, 0.36), (1, 0)],
    }
    section = np.array(sections[profile])
    if profile in ("flat", "step", "chamfer"):  # ease the outer arris, so that light catches it
        ease = min(0.002, 0.2 * rail)
        section = np.vstack([section[:1], [(0, 1 - ease / depth), (ease / rail, 1)], section[2:]])
    section = section[::-1]
    inwards, forwards = section[:, 0] * rail, section[:, 1] * depth
    corners = [(-1, 0), (1, 0), (1, 1), (-1, 1)]
    for side in range(4):
        ends = []
        for i, j in (corners[side], corners[(side + 1) % 4]):
            x = i * (width / 2 - inwards)
            z = inwards if j == 0 else height - inwards
            ends.append(np.stack([x, depth / 2 - forwards, z], axis=-1))
        builder.loft(np.array(ends), material, smooth=profile == "round")


def _panel(x: float, y: float, low: float, high: float) -> list[tuple[float, float, float]]:
    return [(-x, y, low), (x, y, low), (x, y, high), (-x, y, high)]


def picture(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A framed picture on a wall, with or without a mat, or a bare canvas; its art is a quad of 0..1."""
    width, depth, height = size_m
    short = min(width, height)
    name = design(rng, params, ("mat", "mat", "plain", "canvas"))
    art = tinted(rng, "picture", 12)
    builder = MeshBuilder()
    if name == "canvas":
        builder.box(size_m, (0, 0, height / 2), "linen", bevel=0.003)
        return builder.quad(_panel(width / 2 - 0.003, -depth / 2 - 0.0002, 0.003, height - 0.003), art)
    rail = float(np.clip(rng.uniform(0.025, 0.06) * short + 0.008, 0.010, 0.045))
    profile = _frame_profile(rng, params)
    _frame(builder, size_m, rail, _frame_role(rng, params), profile)
    sheet_y = depth / 2 - 0.36 * depth
    x, low, high = width / 2 - rail * 0.9, rail * 0.9, height - rail * 0.9
    margin = float(rng.uniform(0.09, 0.18)) * short if name == "mat" else 0.0
    if name == "mat":
        ax, alow, ahigh = x - margin, low + margin * 1.08, high - margin * 0.95
        rings = [_panel(x, sheet_y, low, high), _panel(ax, sheet_y, alow, ahigh)]
        rings.append(_panel(ax - 0.0015, sheet_y + 0.0018, alow + 0.0015, ahigh - 0.0015))
        for outer, inner in itertools.pairwise(rings):  # the mat, then its bevelled edge
            corners = np.array([*outer, *inner])
            quads = [(i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4) for i in range(4)]
            builder.faces(corners, quads, "paper")
        builder.quad(rings[-1], art)
    else:
        builder.quad(_panel(x, sheet_y, low, high), art)
    behind = _panel(width / 2 - 0.002, depth / 2 - 0.0005, 0.002, height - 0.002)
    return builder.quad(behind[::-1], "cardboard")


def mirror(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A mirror: rectangular, arched, or round (an ellipse when h is not w)."""
    width, depth, height = size_m
    square = abs(width - height) < 0.12 * width
    names = ("round", "round", "rectangle") if square else ("rectangle", "arch", "arch", "pill")
    name = design(rng, params, names)
    frame = ("metal", "brass", "wood", "wood_light", "metal_brushed")[int(rng.integers(5))]
    rail = float(rng.uniform(0.008, 0.035)) if frame.startswith("wood") else float(rng.uniform(0.006, 0.014))
    builder = MeshBuilder()
    if name == "rectangle":
        rail *= 1.4
        _frame(builder, size_m, rail, frame, ("flat", "chamfer", "round")[int(rng.integers(3))])
        inner = _panel(width / 2 - 0.9 * rail, -0.1 * depth, 0.9 * rail, height - 0.9 * rail)
        return builder.quad(inner, "mirror").quad(_panel(width / 2, depth / 2, 0, height)[::-1], "cardboard")
    outline = _outline(name, width, height)
    inside = _inset(outline, rail)
    rings = [(outline, 0.5), (outline, -0.42), (_inset(outline, 0.15 * rail), -0.5)]
    rings += [(_inset(outline, 0.85 * rail), -0.5), (inside, -0.44), (inside, -0.05)]
    points = np.array(
        [np.column_stack([line[:, 0], np.full(len(line), y * depth), line[:, 1]]) for line, y in rings]
    )
    builder.surface(np.swapaxes(points, 0, 1), frame, closed_u=True, flip=True)
    glass = np.column_stack([inside[:, 0], np.full(len(inside), -0.06 * depth), inside[:, 1]])
    builder.faces(glass, [tuple(range(len(glass)))], "mirror")
    back = np.column_stack([outline[:, 0], np.full(len(outline), depth / 2), outline[:, 1]])
    builder.faces(back, [tuple(range(len(back) - 1, -1, -1))], "cardboard")
    return fitted(builder, size_m)


def _outline(name: str, width: float, height: float) -> np.ndarray:
    """Points (n, 2) of x and z, counter-clockwise seen from the front, on z from 0 to `height`."""
    angles = np.linspace(0, 2 * math.pi, 64, endpoint=False)
    if name == "round":
        return np.column_stack([np.cos(angles) * width / 2, (1 + np.sin(angles)) * height / 2])
    radius = width / 2
    top = np.linspace(0, math.pi, 33)
    arc = np.column_stack([np.cos(top) * radius, height - radius + np.sin(top) * radius])
    if name == "pill":
        return np.vstack([arc, arc[:, ::1] * (-1, -1) + (0, height)])
    corner = 0.012
    turns = np.linspace(0, math.pi / 2, 5)
    left = np.column_stack([-radius + corner - corner * np.cos(turns), corner - corner * np.sin(turns)])
    right = np.column_stack([radius - corner + corner * np.sin(turns), corner - corner * np.cos(turns)])
    return np.vstack([arc, left, right])


def _inset(outline: np.ndarray, distance: float) -> np.ndarray:
    ahead, behind = np.roll(outline, -1, axis=0), np.roll(outline, 1, axis=0)
    tangent = ahead - behind
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    return outline + distance * np.column_stack([-tangent[:, 1], tangent[:, 0]])


def clock(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A round wall clock with ticks and hands, at some time of day."""
    width, depth, _ = size_m
    radius = width / 2
    case = ("metal", "wood", "wood_light", "brass", "plastic_dark", "metal_brushed")[int(rng.integers(6))]
    dark = bool(rng.random() < 0.25)
    face, ink = ("plastic_dark", "paper") if dark else ("paper", "plastic_dark")
    rim = radius * float(rng.uniform(0.04, 0.10))
    made = MeshBuilder()
    profile = [(0, 0), (radius, 0), (radius, depth), (radius - rim, depth), (radius - rim, 0.55 * depth)]
    turned(made, profile, case, radius=min(0.006, 0.3 * rim), segments=56)
    level, dial = 0.55 * depth, radius - rim
    made.lathe([(dial, level), (0, level)], (0, 0, 0), face, segments=56)
    for tick in range(0, 60, 1 if rng.random() < 0.6 else 5):
        hour = tick % 5 == 0
        long, wide = (0.12, 0.020) if hour else (0.05, 0.007)
        mark = MeshBuilder()
        blocks(
            mark,
            (-wide * dial, dial * (0.92 - long), level),
            (wide * dial, dial * 0.92, level + 0.0006),
            ink,
            bottoms=False,
        )
        made.merge(mark, placed(yaw_deg=-6 * tick))
    minutes = float(rng.integers(0, 720))
    for turn, long, wide, lift in (
        (minutes / 2, 0.52, 0.026, 0.004),
        (minutes * 6, 0.80, 0.018, 0.0055),
    ):
        hand = [
            (-wide * dial, -0.12 * dial),
            (wide * dial, -0.12 * dial),
            (0.4 * wide * dial, long * dial),
            (-0.4 * wide * dial, long * dial),
        ]
        made.merge(MeshBuilder().prism(hand, level + lift, level + lift + 0.0012, ink), placed(yaw_deg=-turn))
    made.cylinder(0.03 * dial, 0.009, (0, 0, level), "brass", segments=16)
    upright = made.transformed(placed(0, depth / 2, radius, pitch_deg=90))
    return fitted(upright, size_m)


def picture_frame(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A photograph in a frame that leans back on its strut."""
    width, depth, height = size_m
    thick = 0.014
    tilt = math.degrees(math.atan2(0.45 * depth, height))
    tall = (height - thick * math.sin(math.radians(tilt))) / math.cos(math.radians(tilt))
    made = MeshBuilder()
    rail = float(rng.uniform(0.10, 0.16)) * min(width, tall)
    _frame(made, (width, thick, tall), rail, _frame_role(rng, params), _frame_profile(rng, params))
    x, low, high = width / 2 - 0.9 * rail, 0.9 * rail, tall - 0.9 * rail
    made.quad(_panel(x, 0.1 * thick, low, high), tinted(rng, "picture", 12))
    made.quad(_panel(width / 2 - 0.001, thick / 2, 0.001, tall - 0.001)[::-1], "cardboard")
    leaning = made.transformed(placed(pitch_deg=-tilt))
    along = math.radians(tilt)
    start = np.array(
        [0, thick / 2 * math.cos(along) + 0.6 * tall * math.sin(along), 0.6 * tall * math.cos(along)]
    )
    foot = np.array([0.0, leaning.bounds()[0][1] + depth, 0.0])
    section = np.array(
        [(-0.16 * width, -0.0012), (0.16 * width, -0.0012), (0.12 * width, 0.0012), (-0.12 * width, 0.0012)]
    )
    leaning.sweep([start, np.add(foot, (0, -0.001, 0.0012))], section, "cardboard", smooth=False)
    return fitted(leaning, size_m)
