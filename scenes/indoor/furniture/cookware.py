"""Pots, pans, knives, boards and what else one cooks with. Lengths are metres."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, design, disc_profile, fitted, placed, ring, spline, tinted, turned, vessel

POT_ROLES = ("steel", "steel", "enamel", "enamel", "cast_iron", "copper")


def _pot_role(rng: np.random.Generator) -> str:
    role = POT_ROLES[int(rng.integers(len(POT_ROLES)))]
    return tinted(rng, role, 5) if role == "enamel" else role


def pot(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A pot with two handles (at -x and +x) under its lid, or a saucepan with a stick ("sauce")."""
    w, d, h = size_m
    name = design(rng, params, ("pot", "pot", "casserole", "sauce"))
    role, builder, r = _pot_role(rng), MeshBuilder(), d / 2
    lid = bool(rng.random() < 0.65)
    rim = h * (0.74 if lid else 0.99)
    ease = 0.16 if name == "casserole" else 0.05
    outer = [
        ((1 - ease) * r, 0.0),
        (0.99 * r, ease * 0.9 * rim),
        (r, 0.3 * rim),
        (r, rim - 0.004),
        (1.015 * r, rim),
    ]
    turned(builder, vessel(outer, 0.0035, 0.005), role, radius=0.0016, segments=48)
    grip = role if name == "casserole" else ("plastic_dark" if rng.random() < 0.4 else "steel")
    if name == "sauce":
        out = w - r
        path = spline(
            [
                (r - 0.004, 0, rim * 0.86),
                (r + 0.03, 0, rim * 0.93),
                (out * 0.75, 0, rim * 1.0),
                (out, 0, rim * 1.02),
            ],
            12,
        )
        builder.tube(path, np.linspace(0.006, 0.009, 12), grip, segments=10)
    else:
        reach = w / 2
        for side in (-1, 1):
            path = spline(
                [
                    (side * (r - 0.003), -0.035, 0.82 * rim),
                    (side * (reach - 0.006), -0.032, 0.86 * rim),
                    (side * (reach - 0.005), 0.032, 0.86 * rim),
                    (side * (r - 0.003), 0.035, 0.82 * rim),
                ],
                16,
            )
            builder.tube(path, 0.0055 if name == "pot" else 0.009, grip, segments=8)
    if lid:
        glassy = role == "steel" and rng.random() < 0.4
        top = [
            (1.02 * r, rim),
            (1.02 * r, rim + 0.004),
            (0.8 * r, rim + 0.3 * (h - rim)),
            (0.3 * r, rim + 0.55 * (h - rim)),
            (0.0, rim + 0.58 * (h - rim)),
        ]
        builder.lathe([(0.0, rim + 0.001), *top], (0, 0, 0), "glass" if glassy else role, segments=48)
        if glassy:
            ring(builder, 1.015 * r, 0.003, "steel", placed(z=rim + 0.002), segments=48, sides=6)
        base = rim + 0.56 * (h - rim)
        turned(
            builder,
            [
                (0, base),
                (0.009, base),
                (0.007, base + 0.3 * (h - base)),
                (0.017, h - 0.003),
                (0.012, h),
                (0, h),
            ],
            grip,
            radius=0.002,
            segments=20,
        )
    elif rng.random() < 0.6:
        level = float(rng.uniform(0.4, 0.8)) * rim
        builder.lathe([(0.985 * r, level), (0, level)], (0, 0, 0), tinted(rng, "grain", 9), segments=40)
    return fitted(builder, size_m)


def pan(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A frying pan, its handle towards -y."""
    w, d, h = size_m
    role, builder, r = (
        ("cast_iron", "cast_iron", "steel", "copper")[int(rng.integers(4))],
        MeshBuilder(),
        w / 2,
    )
    middle = d / 2 - r
    deep = float(rng.uniform(0.5, 0.72)) * h
    outer = np.array([(0.76, 0.0), (0.82, 0.08), (0.97, 0.85), (1.0, 1.0)]) * (r, deep)
    inside = "cast_iron" if role == "copper" else role
    at = (0, middle, 0)
    turned(builder, vessel(outer, 0.003, 0.004), role, at=at, radius=0.0012, segments=48)
    if inside != role:
        builder.lathe([(0.8 * r, 0.006), (0.0, 0.006)], at, inside, segments=40)
    grip = "plastic_dark" if role != "cast_iron" or rng.random() < 0.5 else role
    path = spline(
        [
            (0, middle - 0.96 * r, 0.8 * deep),
            (0, middle - 1.15 * r, deep),
            (0, -d / 2 + 0.07, 0.92 * h),
            (0, -d / 2, h - 0.008),
        ],
        14,
    )
    section = rounded_rectangle(0.024, 0.014, 0.006)
    builder.sweep(path, section, grip, scale=np.linspace(0.7, 1.0, 14))
    return fitted(builder, size_m)


def chopping_board(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A board that leans back, its upper edge at y = d / 2, or lies flat with a knife if h is below 6 cm."""
    w, d, h = size_m
    flat = h < 0.06
    name = design(rng, params, ("plain", "handle", "round"))
    role = ("wood", "wood_light", "wood_dark", "marble", "plastic:4")[
        int(rng.choice(5, p=[0.35, 0.3, 0.2, 0.08, 0.07]))
    ]
    thick = 0.018 if not flat else min(0.02, 0.7 * h)
    long = d if flat else math.hypot(d - thick, h - 0.004)
    outline = _board_outline(name, w, long)
    board = MeshBuilder().prism(outline, 0.0, thick, role, bevel=0.003)
    if name != "round" or flat:
        eye = 0.011 if name != "handle" else 0.009
        mark = turned(
            MeshBuilder(), disc_profile(eye, 0.0, 0.0006), "plastic_dark", radius=0.0001, segments=20
        )
        board.merge(mark, placed(0.0, long / 2 - 0.032, thick - 0.0001))
    if flat:
        if rng.random() < 0.7:
            board.merge(
                _knife(rng, 0.3),
                placed(float(rng.uniform(-0.05, 0.05)), -0.02, thick, yaw_deg=float(rng.uniform(50, 120))),
            )
        return fitted(board, size_m)
    lean = math.degrees(math.asin(min(0.9, (h - 0.004) / long)))
    return fitted(board.transformed(placed(pitch_deg=lean)), size_m)


def _board_outline(name: str, w: float, long: float) -> np.ndarray:
    if name == "round":
        angles = np.linspace(0, 2 * math.pi, 48, endpoint=False)
        return np.column_stack([np.cos(angles) * w / 2, np.sin(angles) * long / 2])
    if name == "plain":
        return rounded_rectangle(w, long, 0.02, corner_points=5)
    neck, body = 0.026, 0.74 * long
    low = -long / 2
    right = [
        (w / 2 - 0.02, low),
        (w / 2, low + 0.02),
        (w / 2, low + body - 0.05),
        (w / 2 - 0.02, low + body - 0.012),
        (neck + 0.03, low + body),
        (neck, low + body + 0.03),
        (neck, long / 2 - 0.02),
        (neck - 0.012, long / 2),
    ]
    left = [(-x, y) for x, y in reversed(right)]
    return np.array([*right, *left])


def _knife(rng: np.random.Generator, long: float) -> MeshBuilder:
    """A knife that lies flat, its grip at +x."""
    builder = MeshBuilder()
    split = 0.08
    blade = [(-long / 2, 0.012), (-long / 2 + 0.05, -0.014), (split - 0.01, -0.02), (split - 0.01, 0.014)]
    builder.prism(blade, 0.003, 0.005, "steel")
    grip = rounded_rectangle(long / 2 - split + 0.012, 0.024, 0.008)
    role = ("wood_dark", "plastic_dark")[int(rng.integers(2))]
    return builder.prism(np.add(grip, ((split + long / 2) / 2, 0.0)), 0.0, 0.016, role, bevel=0.005)


def knife_block(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A slanting block with the grips of knives, or a magnetic board that stands upright."""
    w, d, h = size_m
    role = ("wood", "wood_light", "wood_dark", "plastic_dark")[int(rng.integers(4))]
    builder = MeshBuilder()
    body = 0.62 * h
    lean = 0.42 * d
    section = np.array(
        [
            (-d / 2 + 0.0, 0.0),
            (d / 2 - 0.0, 0.0),
            (d / 2 - 0.3 * lean, 0.92 * h * 0.82),
            (-d / 2 + lean * 0.35, body),
        ]
    )
    rings = [np.column_stack([np.full(4, x), section]) for x in (-w / 2, w / 2)]
    builder.loft(np.array(rings), role, smooth=False)
    # Grips stand square on the sloping face between the two upper corners.
    a, b = section[3], section[2]
    along = (b - a) / np.linalg.norm(b - a)
    out = np.array([-along[1], along[0]])
    tilt = math.degrees(math.atan2(-out[0], out[1]))
    grip_role = ("plastic_dark", "wood_dark", "steel")[int(rng.integers(3))]
    for row in range(2):
        count = 3 if row == 0 else 2
        for number in range(count):
            if rng.random() < 0.15:
                continue
            at = a + along * (0.3 + 0.42 * row) * np.linalg.norm(b - a)
            x = (number - (count - 1) / 2) * 0.3 * w
            long = float(rng.uniform(0.09, 0.12)) * (1.0 if row else 0.8)
            part = MeshBuilder().prism(
                rounded_rectangle(0.014, 0.026, 0.006), 0.002, long, grip_role, bevel=0.004
            )
            part.block((-0.006, -0.012, -0.01), (0.006, 0.012, 0.004), "steel", bevel=0.001)
            builder.merge(part, placed(x, at[0], at[1], pitch_deg=-tilt))
    return fitted(builder, size_m)


def _utensil(rng: np.random.Generator, long: float) -> MeshBuilder:
    """A spoon, ladle, whisk, turner or brush, upright: its grip below, its head at the top."""
    builder = MeshBuilder()
    name = ("spoon", "turner", "whisk", "ladle", "spoon")[int(rng.integers(5))]
    role = ("wood", "wood_light", "steel", "plastic_dark")[int(rng.integers(4))]
    head = 0.085
    neck = long - head
    if name == "whisk":
        builder.tube([(0, 0, 0), (0, 0, neck)], 0.006, "steel", segments=8)
        for turn in range(4):
            angle = math.pi * turn / 4
            loop = [
                (0.0, 0.0),
                (0.016, 0.3),
                (0.026, 0.66),
                (0.016, 0.93),
                (0.0, 1.0),
                (-0.016, 0.93),
                (-0.026, 0.66),
                (-0.016, 0.3),
                (0.0, 0.0),
            ]
            path = spline([(r * math.cos(angle), r * math.sin(angle), neck + t * head) for r, t in loop], 26)
            builder.tube(path, 0.0011, "steel", segments=4)
        return builder
    builder.tube([(0, 0, 0), (0, 0, neck + 0.01)], [0.0065, 0.0045], role, segments=8)
    if name == "turner":
        builder.block(
            (-0.032, -0.0015, neck), (0.032, 0.0015, long), role if role != "wood" else "steel", bevel=0.001
        )
        for x in (-0.016, 0.0, 0.016):
            builder.block(
                (x - 0.003, -0.0022, neck + 0.02), (x + 0.003, 0.0022, long - 0.02), "plastic_dark", bevel=0
            )
        return builder
    angles, deep = np.linspace(0, math.pi / 2, 6), 0.014 if name == "spoon" else 0.03
    rows = np.array(
        [
            [
                (
                    0.026 * math.sin(a) * math.cos(t),
                    deep * math.cos(a) - 0.5 * deep,
                    neck + head / 2 + 0.042 * math.sin(a) * math.sin(t),
                )
                for t in np.linspace(0, 2 * math.pi, 18, endpoint=False)
            ]
            for a in angles
        ]
    )
    builder.surface(rows, role, closed_v=True)
    builder.surface(rows - (0, 0.0018, 0), role, closed_v=True, flip=True)
    return builder


def utensil_holder(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A crock with spoons, turners and whisks."""
    w, _, h = size_m
    builder, r, tall = MeshBuilder(), 0.36 * w, 0.5 * h
    role = (tinted(rng, "ceramic"), "steel", "wood", tinted(rng, "enamel", 5))[int(rng.integers(4))]
    outer = (
        [(0.92 * r, 0.0), (r, 0.06 * tall), (r, tall)]
        if rng.random() < 0.5
        else [(0.78 * r, 0.0), (0.86 * r, 0.05 * tall), (r, tall)]
    )
    turned(builder, vessel(outer, 0.004, 0.006), role, radius=0.0018, segments=36)
    count = int(rng.integers(4, 8))
    for number in range(count):
        turn = 2 * math.pi * (number + float(rng.uniform(0.2, 0.8))) / count
        lean = math.degrees(math.atan2(1.35 * r, tall)) * float(rng.uniform(0.7, 1.0))
        long = (h - 0.01) * float(rng.uniform(0.82, 1.0))
        out = r * 0.55
        spin = float(rng.uniform(0, 360))
        at = placed(
            -0.5 * out * math.cos(turn), -0.5 * out * math.sin(turn), 0.008, yaw_deg=math.degrees(turn)
        )
        builder.merge(_utensil(rng, long), at @ placed(roll_deg=0.62 * lean) @ placed(yaw_deg=spin))
    low, high = builder.bounds()
    builder = builder.transformed(placed(*(-(low + high)[:2] / 2), 0.0))
    return fitted(builder, size_m)


def utensil_rail(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A rail on the wall (y = d / 2) with things on hooks."""
    w, d, h = size_m
    builder, y, z = MeshBuilder(), d / 2 - 0.035, h - 0.014
    role = ("steel", "fitting", "metal")[int(rng.integers(3))]
    builder.tube([(-w / 2, y, z), (w / 2, y, z)], 0.006, role, segments=10)
    for x in (-w / 2 + 0.05, w / 2 - 0.05):
        builder.tube([(x, d / 2, z), (x, y, z)], 0.007, role, segments=10)
        rose = turned(MeshBuilder(), disc_profile(0.014, 0.0, 0.006), role, radius=0.002, segments=18)
        builder.merge(rose, placed(x, d / 2, z, pitch_deg=90))
    count = max(2, int(w / 0.095))
    for number in range(count):
        if rng.random() < 0.2:
            continue
        x = -w / 2 + (number + 0.5) * w / count
        builder.tube(
            spline(
                [
                    (x, y + 0.007, z - 0.004),
                    (x, y, z + 0.008),
                    (x, y - 0.008, z - 0.006),
                    (x, y - 0.004, z - 0.035),
                    (x, y - 0.012, z - 0.045),
                ],
                14,
            ),
            0.0018,
            role,
            segments=5,
        )
        long = float(rng.uniform(0.7, 0.98)) * (h - 0.06)
        hung = _utensil(rng, long).transformed(placed(x, y - 0.01, z - 0.036, pitch_deg=180))
        builder.merge(hung)
    if builder.bounds()[0][2] > 1e-3:  # the longest one reaches down to the lower edge
        hung = _utensil(rng, h - 0.05)
        builder.merge(hung, placed(0.0, y - 0.02, h - 0.05, pitch_deg=180))
    return builder


KINDS = {
    "pot": pot, "pan": pan, "chopping_board": chopping_board, "knife_block": knife_block,
    "utensil_holder": utensil_holder, "utensil_rail": utensil_rail,
}  # fmt: skip
