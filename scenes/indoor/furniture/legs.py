"""Legs, feet, frames and rails: what furniture stands on. Lengths are metres."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import soft, spline

Point = Sequence[float]


def chosen(rng: np.random.Generator, params: Mapping[str, object], designs: Mapping[str, str]) -> str:
    """One of `designs`, a table from a design's name to the styles that it suits ("" is any).

    `params["variant"]` decides, else the dice among those that suit `params["style"]`. One number is
    drawn in every case, so that the draws that follow stay the same.
    """
    style = str(params.get("style", ""))
    fitting = [name for name, styles in designs.items() if not style or not styles or style in styles]
    names = fitting or list(designs)
    drawn = names[int(rng.integers(1 << 30)) % len(names)]
    return str(params.get("variant", drawn))


_TIMBERS = {
    "scandinavian": ("wood_light", "wood_light", "wood", "painted_wood"),
    "classic": ("wood_dark", "wood", "wood", "painted_wood"),
    "modern": ("wood", "wood_light", "wood_dark", "painted_wood"),
    "rustic": ("wood", "wood", "wood_dark", "painted_wood"),
}


def timber(rng: np.random.Generator, params: Mapping[str, object], *, painted: bool = True) -> str:
    """The role of the main material: `params["timber"]`, else drawn to suit `params["style"]`."""
    roles = _TIMBERS.get(str(params.get("style", "")), ("wood", "wood_light", "wood_dark", "painted_wood"))
    drawn = roles[int(rng.integers(len(roles)))]
    drawn = str(params.get("timber", drawn))
    return "wood" if drawn == "painted_wood" and not painted else drawn


def post(
    builder: MeshBuilder,
    path: Sequence[Point],
    sizes: Sequence[float | Point],
    material: str,
    *,
    rounding: float = 0.004,
    corner_points: int = 3,
) -> MeshBuilder:
    """An upright member whose sections are level: rectangles of `sizes` (x, y) around the points of `path`.

    One number stands for a square; a `rounding` of half the size makes the section round.
    """
    rings = []
    for (x, y, z), size in zip(path, sizes):
        w, d = np.broadcast_to(np.asarray(size, dtype=np.float64), 2)
        outline = rounded_rectangle(w, d, rounding, corner_points=corner_points)
        rings.append(np.column_stack([np.add(outline, (x, y)), np.full(len(outline), z)]))
    return builder.loft(np.array(rings), material)


def leg(
    builder: MeshBuilder,
    foot: Point,
    top: Point,
    foot_size: float | Point,
    top_size: float | Point,
    material: str,
    *,
    rounding: float = 0.004,
    corner_points: int = 3,
) -> MeshBuilder:
    """A tapered leg from `foot` up to `top`, cut level at both ends, its lower rim eased."""
    size = np.broadcast_to(np.asarray(foot_size, dtype=np.float64), 2)
    path = [foot, (foot[0], foot[1], foot[2] + 0.002), top]
    sizes = [size - 0.003, size, top_size]
    return post(builder, path, sizes, material, rounding=rounding, corner_points=corner_points)


def round_leg(
    builder: MeshBuilder, foot: Point, top: Point, foot_radius: float, top_radius: float, material: str
) -> MeshBuilder:
    """A tapered round leg, cut level at both ends."""
    return leg(
        builder, foot, top, 2 * foot_radius, 2 * top_radius, material, rounding=top_radius, corner_points=5
    )


def turned_leg(
    builder: MeshBuilder, x: float, y: float, height: float, size: float, material: str, design: int
) -> MeshBuilder:
    """A lathe-turned leg with a square block at its top, as on farmhouse tables."""
    block = min(0.13, 0.25 * height)
    r, shaft = size / 2, height - block
    if design == 0:  # vase and ring
        profile = [
            (0.0, 0.0),
            (0.5, 0.0),
            (0.62, 0.02),
            (0.62, 0.05),
            (0.46, 0.09),
            (0.55, 0.16),
            (0.78, 0.42),
        ]
        profile += [(0.92, 0.66), (0.9, 0.76), (0.6, 0.83), (0.56, 0.86), (0.8, 0.885), (0.8, 0.91)]
        profile += [(0.6, 0.93), (0.72, 0.96), (0.95, 1.0)]
    elif design == 1:  # plain tapered shaft between two rings
        profile = [(0.0, 0.0), (0.46, 0.0), (0.5, 0.01), (0.5, 0.06), (0.42, 0.075), (0.6, 0.1), (0.6, 0.12)]
        profile += [(0.5, 0.14), (0.86, 0.84), (0.72, 0.86), (0.72, 0.875), (0.96, 0.9), (0.96, 0.925)]
        profile += [(0.7, 0.945), (0.95, 1.0)]
    else:  # bun
        profile = [(0.0, 0.0), (0.5, 0.0), (0.82, 0.06), (0.9, 0.14), (0.72, 0.22), (0.44, 0.26), (0.5, 0.3)]
        profile += [
            (0.62, 0.5),
            (0.6, 0.74),
            (0.5, 0.86),
            (0.74, 0.89),
            (0.74, 0.92),
            (0.56, 0.94),
            (0.95, 1.0),
        ]
    line = np.array(profile) * (r, shaft)
    builder.lathe(soft(line, 0.008, 2), (x, y, 0.0), material, segments=20)
    return builder.box((size, size, block), (x, y, height - block / 2), material, bevel=0.003)


def hairpin_leg(builder: MeshBuilder, x: float, y: float, height: float, material: str) -> MeshBuilder:
    """Two bent steel rods that meet at the floor, with a mounting plate; splayed towards (x, y)'s corner."""
    out_x, out_y = math.copysign(1.0, x), math.copysign(1.0, y)
    rod, spread = 0.0055, 0.075
    foot = np.array([x, y, rod])
    tops = [np.add(foot, (-out_x * 0.035 - out_x * spread, -out_y * 0.035, 0.0))]
    tops += [np.add(foot, (-out_x * 0.035, -out_y * 0.035 - out_y * spread, 0.0))]
    a, b = (np.array([*t[:2], height - 0.004]) for t in tops)
    bend = 0.022
    low_a, low_b = (foot + (t - foot) / np.linalg.norm(t - foot) * bend for t in (a, b))
    middle = (low_a + low_b) / 2 * 0.35 + foot * 0.65
    middle[2] = foot[2]
    arc = spline([low_a, middle, low_b], 7)
    arc[:, 2] = np.maximum(arc[:, 2], rod)
    builder.tube(np.vstack([a, arc, b]), rod, material, segments=8)
    center = (a + b) / 2
    return builder.box((0.13, 0.13, 0.004), (center[0], center[1], height - 0.002), material, bevel=0.001)


def rail(
    builder: MeshBuilder, start: Point, end: Point, section: Point, material: str, *, rounding: float = 0.003
) -> MeshBuilder:
    """A straight bar from `start` to `end`: `section` is (width, height), the height as upright as can be."""
    outline = rounded_rectangle(*section, rounding, corner_points=3)
    return builder.sweep([start, end], outline, material)


def steel_loop(
    builder: MeshBuilder, x: float, depth: float, height: float, material: str, section: Point = (0.05, 0.025)
) -> MeshBuilder:
    """A welded rectangular frame across the table at `x`; `section` is (along x, thickness)."""
    a, t = section
    y = depth / 2
    builder.block((x - a / 2, -y, 0.0), (x + a / 2, y, t), material)
    builder.block((x - a / 2, -y, height - t), (x + a / 2, y, height), material)
    for side in (-1, 1):
        low, high = sorted((side * y, side * (y - t)))
        builder.block((x - a / 2, low, t), (x + a / 2, high, height - t), material)
    return builder


def four(x: float, y: float) -> list[tuple[float, float]]:
    """The corners (-x, -y) (x, -y) (x, y) (-x, y)."""
    return [(-x, -y), (x, -y), (x, y), (-x, y)]


def case_feet(
    builder: MeshBuilder,
    rng: np.random.Generator,
    design: str,
    width: float,
    depth: float,
    height: float,
    material: str,
) -> MeshBuilder:
    """What a low case stands on, up to z = `height`: plinth, tapered, block, hairpin, sled or bracket."""
    x, y = width / 2, depth / 2
    if design == "plinth":
        builder.block((-x + 0.02, -y + 0.035, 0.0), (x - 0.02, y - 0.005, height), material)
    elif design == "tapered":
        splay = float(rng.uniform(0.0, 0.25)) * height
        for cx, cy in four(x - 0.07, y - 0.06):
            foot = (cx + math.copysign(min(splay, 0.06), cx), cy + math.copysign(min(splay, 0.05), cy), 0.0)
            round_leg(builder, foot, (cx, cy, height), 0.012, 0.021, material)
        for cy in (-y + 0.06, y - 0.06):
            builder.block((-x + 0.05, cy - 0.011, height - 0.03), (x - 0.05, cy + 0.011, height), material)
    elif design == "hairpin":
        for cx, cy in four(x - 0.02, y - 0.02):
            hairpin_leg(builder, cx, cy, height, "metal")
    elif design == "sled":
        for cx in (-x + 0.12, x - 0.12):
            steel_loop(builder, cx, depth - 0.05, height, "metal", (0.03, 0.015))
    elif design == "bracket":
        t, reach = 0.02, min(0.13, width / 6)
        for cx, cy in four(x, y):
            sx, sy = math.copysign(1, cx), math.copysign(1, cy)
            curve = [(0, 0), (reach * 0.45, 0), (reach * 0.55, height * 0.35), (reach, height * 0.75)]
            curve += [(reach, height), (0, height)]
            _plate_xz(builder, cx, -sx, cy, -sy * t, curve, material)
            side = [
                (0, 0),
                (reach * 0.35, 0),
                (reach * 0.5, height * 0.5),
                (reach * 0.7, height),
                (0, height),
            ]
            _plate_yz(builder, cx, -sx * t, cy, -sy, side, material)
    else:
        for cx, cy in four(x - 0.03, y - 0.03):
            leg(builder, (cx, cy, 0.0), (cx, cy, height), 0.04, 0.05, material)
    return builder


def _plate_xz(
    builder: MeshBuilder, x: float, sx: float, y: float, thick: float, curve: list[Point], material: str
) -> None:
    """A plate in the xz plane: `curve` is (distance from x along sx, z), `thick` is signed along y."""
    front, back = sorted((y, y + thick))
    line = np.array([(x + sx * u, z) for u, z in curve])
    line = line if sx > 0 else line[::-1]
    rings = [np.column_stack([line[:, 0], np.full(len(line), v), line[:, 1]]) for v in (back, front)]
    builder.loft(np.array(rings), material, smooth=False)


def _plate_yz(
    builder: MeshBuilder, x: float, thick: float, y: float, sy: float, curve: list[Point], material: str
) -> None:
    left, right = sorted((x, x + thick))
    line = np.array([(y + sy * u, z) for u, z in curve])
    line = line if sy > 0 else line[::-1]
    rings = [np.column_stack([np.full(len(line), v), line]) for v in (left, right)]
    builder.loft(np.array(rings), material, smooth=False)
