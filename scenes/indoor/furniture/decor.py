"""What hangs on walls and stands about for its looks: pictures, mirrors, clocks, vases, baskets, candles."""

from __future__ import annotations

import itertools
import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import (
    Size,
    blocks,
    design,
    disc_profile,
    fitted,
    leaves,
    placed,
    ring,
    soft,
    spline,
    tinted,
    turned,
    vessel,
)

FRAME_ROLES = ("wood", "wood_light", "wood_dark", "metal", "brass", "painted_wood:0")

VASES = {
    "bottle": [(0.50, 0.0), (0.62, 0.04), (1.0, 0.30), (0.86, 0.52), (0.34, 0.70), (0.26, 0.84), (0.32, 1.0)],
    "amphora": [
        (0.44, 0.0),
        (0.52, 0.04),
        (0.96, 0.46),
        (0.98, 0.62),
        (0.62, 0.84),
        (0.54, 0.92),
        (0.68, 1.0),
    ],
    "cylinder": [(0.95, 0.0), (1.0, 0.02), (1.0, 0.5), (1.0, 1.0)],
    "flared": [(0.56, 0.0), (0.60, 0.03), (0.54, 0.3), (0.66, 0.68), (1.0, 1.0)],
    "moon": [(0.42, 0.0), (0.52, 0.04), (0.94, 0.30), (1.0, 0.50), (0.86, 0.74), (0.40, 0.90), (0.34, 1.0)],
    "hourglass": [(0.86, 0.0), (0.94, 0.05), (0.88, 0.26), (0.54, 0.56), (0.62, 0.80), (0.90, 1.0)],
}
"""Outer profiles: radius as a fraction of half the width, height as a fraction of the vase's own."""


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
    profile = ("flat", "flat", "chamfer", "round", "step")[int(rng.integers(5))]
    _frame(builder, size_m, rail, FRAME_ROLES[int(rng.integers(len(FRAME_ROLES)))], profile)
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


def vase(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A turned vase; some hold dry grasses or twigs (`variant`: "empty", "grass", "twigs")."""
    width, _, height = size_m
    content = design(rng, params, ("empty", "empty", "grass", "twigs") if height > 0.22 else ("empty",))
    own = height if content == "empty" else height * float(rng.uniform(0.42, 0.52))
    radius = width / 2 if content == "empty" else min(width * 0.4, own * 0.42)
    form = list(VASES)[int(rng.integers(len(VASES)))]
    outer = np.array(VASES[form]) * (radius, own)
    outer = np.vstack([outer[:1], spline(outer[1:], 15)])
    if form not in ("cylinder", "flared") and rng.random() < 0.25:  # throwing rings
        outer[:, 0] *= 1 + 0.012 * np.sin(outer[:, 1] / own * 60)
    role = ["ceramic", "ceramic_dark", "terracotta", "glass", "stone"][
        int(rng.choice(5, p=[0.5, 0.18, 0.12, 0.1, 0.1]))
    ]
    role = tinted(rng, role) if role.startswith("ceramic") else role
    builder = turned(MeshBuilder(), vessel(outer, 0.004, 0.008), role, radius=0.0018, segments=32)
    if content == "grass":
        _grass(builder, rng, outer[-1, 0] * 0.7, own, width, height)
    elif content == "twigs":
        _twigs(builder, rng, outer[-1, 0] * 0.7, own, width, height)
    if content == "empty":
        return fitted(builder, size_m)
    low, high = builder.bounds()
    scale = min(1.0, width / (2 * np.abs([low[:2], high[:2]]).max()))
    return builder.transformed(placed(scale=(scale, scale, height / high[2])))


def _grass(
    builder: MeshBuilder, rng: np.random.Generator, mouth: float, own: float, width: float, height: float
) -> None:
    """Plumes: bent stems with a feathered head."""
    for _ in range(int(rng.integers(7, 12))):
        turn, reach = float(rng.uniform(0, 2 * math.pi)), float(rng.uniform(0.2, 0.95)) * width / 2
        top = height * float(rng.uniform(0.82, 1.0))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        path = spline(
            [
                (0, 0, own * 0.3),
                out * mouth * 0.6 + (0, 0, own),
                out * reach * 0.6 + (0, 0, 0.75 * top),
                out * reach + (0, 0, top),
            ],
            12,
        )
        builder.tube(path[:9], 0.0011, "stem:dry", segments=5)
        head = path[7:]
        builder.tube(head, [0.001, 0.0055, 0.0075, 0.005, 0.0012][: len(head)], "rattan:dry", segments=7)
        count = 14
        base = head[np.linspace(0, len(head) - 1.01, count).astype(int)]
        angle = rng.uniform(0, 2 * math.pi, count)
        side = np.column_stack([np.cos(angle), np.sin(angle), np.full(count, 1.4)])
        leaves(
            builder,
            base,
            side,
            np.column_stack([-np.cos(angle), -np.sin(angle), np.ones(count)]),
            0.028,
            0.004,
            [1, 0.6, 0],
            "rattan:dry",
            columns=2,
        )


def _twigs(
    builder: MeshBuilder, rng: np.random.Generator, mouth: float, own: float, width: float, height: float
) -> None:
    """Three to five forked twigs with small oval leaves."""
    base, ahead, up = [], [], []
    for _ in range(int(rng.integers(3, 6))):
        turn = float(rng.uniform(0, 2 * math.pi))
        reach, top = float(rng.uniform(0.35, 0.95)) * width / 2, height * float(rng.uniform(0.8, 1.0))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        path = spline(
            [
                (0, 0, own * 0.2),
                out * mouth * 0.6 + (0, 0, own),
                out * reach * 0.7 + (0, 0, 0.78 * top),
                out * reach + (0, 0, top),
            ],
            16,
        )
        builder.tube(path, np.linspace(0.002, 0.0007, 16), "stem", segments=5)
        for index in range(8, 16):
            for side in (-1, 1):
                angle = turn + side * 1.2 + float(rng.normal(0, 0.4))
                base.append(path[index])
                ahead.append((math.cos(angle), math.sin(angle), float(rng.uniform(0.1, 0.9))))
                up.append((0, 0, 1))
    oval = [0.12, 0.8, 1.0, 0.7, 0.0]
    size = 0.034 * height / 0.3
    leaves(
        builder,
        np.array(base),
        np.array(ahead),
        np.array(up, dtype=float),
        rng.uniform(0.7, 1.1, len(base)) * size,
        0.55 * size,
        oval,
        tinted(rng, "leaf", 4),
        bend=0.5,
    )


def picture_frame(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A photograph in a frame that leans back on its strut."""
    width, depth, height = size_m
    thick = 0.014
    tilt = math.degrees(math.atan2(0.45 * depth, height))
    tall = (height - thick * math.sin(math.radians(tilt))) / math.cos(math.radians(tilt))
    made = MeshBuilder()
    rail = float(rng.uniform(0.10, 0.16)) * min(width, tall)
    _frame(
        made,
        (width, thick, tall),
        rail,
        FRAME_ROLES[int(rng.integers(6))],
        ("flat", "round", "step")[int(rng.integers(3))],
    )
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


def basket(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A woven basket: coiled rope or canes around stakes, most with two handles."""
    width, _, height = size_m
    name = design(rng, params, ("coiled", "woven"))
    handles = bool(rng.random() < 0.7)
    body = height * (0.88 if handles else 1.0)
    belly = float(rng.uniform(0.0, 0.10))
    shrink = float(rng.uniform(0.78, 0.95))
    radius = width / 2 / max(1.0, 1 + belly * 0.5)
    builder = MeshBuilder()

    def reach(z: np.ndarray | float) -> np.ndarray:
        t = np.asarray(z) / body
        return radius * (shrink + (1 - shrink) * t + belly * np.sin(math.pi * t))

    if name == "coiled":
        count = max(8, round(body / 0.017))
        rope = body / count / 2
        outer = []
        for index in range(count):
            middle = (index + 0.5) * 2 * rope
            for angle in np.linspace(-math.pi / 2, math.pi / 2, 4)[:-1]:
                outer.append(
                    (float(reach(middle)) - rope + rope * math.cos(angle), middle + rope * math.sin(angle))
                )
        outer.append((float(reach(body)) - rope, body))
        inner = [(r - 1.6 * rope, z) for r, z in outer[1::3]][::-1]
        profile = [(0.0, 0.002), (outer[0][0], 0.002), *outer, *inner, (0.0, 2 * rope)]
        builder.lathe(profile, (0, 0, 0), "rattan" if rng.random() < 0.5 else "linen", segments=36)
    else:
        stakes, rows = 22, max(6, min(11, round(body / 0.03)))
        pitch = body / rows
        angles = np.linspace(0, 2 * math.pi, stakes * 2, endpoint=False)
        for row in range(rows):
            z = (row + 0.5) * pitch
            ripple = float(reach(z)) - 0.006 + 0.004 * np.cos(stakes * angles + math.pi * (row % 2))
            path = np.column_stack(
                [ripple * np.cos(angles), ripple * np.sin(angles), np.full(len(angles), z)]
            )
            strap = np.array(
                [
                    (-0.0014, -0.46 * pitch),
                    (0.0014, -0.46 * pitch),
                    (0.0014, 0.46 * pitch),
                    (-0.0014, 0.46 * pitch),
                ]
            )
            builder.sweep(path, strap, "rattan", closed=True, smooth=False)
        levels = np.linspace(0, body, 7)
        for stake in range(stakes):
            angle = 2 * math.pi * (stake + 0.5) / stakes
            r = reach(levels) - 0.006
            path = np.column_stack([r * math.cos(angle), r * math.sin(angle), levels])
            builder.tube(path, 0.0028, "rattan", segments=5)
        ring(
            builder,
            float(reach(body)) - 0.006,
            0.007,
            "rattan:rim",
            placed(z=body - 0.006),
            segments=40,
            sides=7,
        )
        turned(builder, disc_profile(float(reach(0)) - 0.004, 0.0, 0.008), "rattan", segments=32)
    if handles:
        for side in (-1, 1):
            top = float(reach(body)) - 0.006
            path = spline(
                [
                    (-0.06, 0, body - 0.02),
                    (-0.052, 0, height - 0.014),
                    (0, 0, height - 0.006),
                    (0.052, 0, height - 0.014),
                    (0.06, 0, body - 0.02),
                ],
                14,
            )
            path = path * (min(1.0, width / 0.3), 1, 1) + (0, side * top, 0)
            builder.tube(path, 0.006, "leather" if name == "coiled" else "rattan:rim", segments=7)
    return fitted(builder, size_m)


def candle(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A pillar candle, a candle in a glass, or a taper on a candlestick when it is slender."""
    width, _, height = size_m
    radius = width / 2
    name = design(rng, params, ("stick", "pillar") if height > 1.6 * width else ("pillar", "jar"))
    builder, wax = MeshBuilder(), tinted(rng, "wax", 4)
    wick = 0.012
    if name == "jar":
        jar = np.array([(0.92, 0.0), (1.0, 0.05), (1.0, 1.0)]) * (radius, height)
        turned(builder, vessel(jar, 0.003, 0.008), "glass", radius=0.0014, segments=32)
        turned(builder, disc_profile(radius - 0.0034, 0.009, 0.66 * height), wax, radius=0.002, segments=32)
        builder.cylinder(0.0009, wick, (0, 0, 0.66 * height), "plastic_dark", segments=6)
    elif name == "pillar":
        top = height - wick
        dish = [
            (0, 0),
            (radius, 0),
            (radius, top),
            (radius * 0.9, top),
            (radius * 0.55, top - 0.006),
            (0, top - 0.008),
        ]
        turned(builder, dish, wax, radius=0.004, segments=32)
        builder.cylinder(0.001, wick + 0.006, (0, 0, top - 0.006), "plastic_dark", segments=6)
    else:
        metal = ("brass", "metal", "wood_dark")[int(rng.integers(3))]
        cup = 0.42 * height
        stick = np.array(
            [
                (0, 0),
                (1.0, 0),
                (1.0, 0.03),
                (0.5, 0.10),
                (0.22, 0.2),
                (0.3, 0.32),
                (0.16, 0.44),
                (0.16, 0.72),
                (0.4, 0.86),
                (0.42, 1.0),
                (0, 1.0),
            ]
        )
        turned(builder, stick * (radius, cup), metal, radius=0.003, segments=32)
        taper = [
            (0, cup - 0.004),
            (0.010, cup - 0.004),
            (0.0085, height - wick - 0.006),
            (0.004, height - wick),
            (0, height - wick),
        ]
        builder.lathe(soft(taper, 0.002, 1), (0, 0, 0), wax, segments=16)
        builder.cylinder(0.0008, wick, (0, 0, height - wick), "plastic_dark", segments=6)
    return fitted(builder, size_m)


KINDS = {
    "picture": picture,
    "mirror": mirror,
    "clock": clock,
    "vase": vase,
    "picture_frame": picture_frame,
    "basket": basket,
    "candle": candle,
}
