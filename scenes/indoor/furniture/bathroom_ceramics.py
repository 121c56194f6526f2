"""Bathtubs, toilets and basins. Lengths are metres."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, design, disc_profile, placed, ring, turned
from .kitchen_tops import pierced_deck, sunk_bowl

ROLE = "sanitary"


def _drain(builder: MeshBuilder, x: float, y: float, z: float, radius: float = 0.026) -> None:
    profile = [(radius, 0.0), (0.9 * radius, 0.0025), (0.3 * radius, 0.002), (0.0, 0.002)]
    builder.lathe(profile, (x, y, z), "fitting", segments=24)


def _superellipse(half_x: float, half_y: float, power: float, count: int = 56) -> np.ndarray:
    """(count, 2), counter-clockwise; 2 is an ellipse, larger powers go towards the rectangle."""
    t = np.linspace(0, 2 * math.pi, count, endpoint=False)
    cos, sin = np.cos(t), np.sin(t)
    return np.column_stack(
        [
            half_x * np.sign(cos) * np.abs(cos) ** (2 / power),
            half_y * np.sign(sin) * np.abs(sin) ** (2 / power),
        ]
    )


def _level(outline: np.ndarray, z: float) -> np.ndarray:
    return np.column_stack([outline, np.full(len(outline), z)])


def bathtub(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A tub with its rim at z = h: built in behind a panel, or ("free") standing alone, oval."""
    if params.get("free"):
        return _free_tub(size_m, rng)
    w, d, h = size_m
    builder, rim = MeshBuilder(), 0.035
    x, y = w / 2, d / 2
    role = ("sanitary", "sanitary", "sanitary", "vanity_front")[int(rng.integers(4))]
    back, front, ends = 0.075, 0.06, 0.09
    length, depth = w - 2 * ends, d - back - front
    middle = np.array([0.0, (front - back) / 2])
    steps = [
        (0.0, h),
        (0.006, h - 0.004),
        (0.012, h - 0.02),
        (0.03, h - 0.16),
        (0.06, h - 0.34),
        (0.1, h - 0.39),
        (0.2, h - 0.405),
    ]
    lean = 0.16 if rng.random() < 0.5 else -0.16  # one end leans more, for the back
    rings = []
    for inset, z in steps:
        share = (h - z) / 0.405
        outline = rounded_rectangle(
            length - 2 * inset, depth - 2 * 0.75 * inset, max(0.06, 0.13 - 0.1 * inset), corner_points=7
        )
        shifted = outline * (1 - abs(lean) * share * 0.5 / (length / 2), 1.0) + (lean * share * 0.5, 0.0)
        rings.append(_level(shifted + middle, z))
    points = np.swapaxes(np.array(rings), 0, 1)
    builder.surface(points, ROLE, closed_u=True, flip=True)
    floor = rings[-1]
    builder.faces(floor, [tuple(range(len(floor)))], ROLE)
    # The rim: from the opening out to the rectangle, then down.
    inner = rings[0]
    outer = rounded_rectangle(w, d, 0.012, corner_points=7)
    skirt = [
        _level(outer, h - rim),
        _level(outer, h - 0.004),
        _level(outer * (1 - 0.006 / w, 1 - 0.006 / d), h),
        inner,
    ]
    builder.surface(np.swapaxes(np.array(skirt), 0, 1), ROLE, closed_u=True, smooth=False)
    for low, high in (
        ((-x + 0.004, -y + 0.008, 0.02), (x - 0.004, -y + 0.02, h - rim)),
        ((-x + 0.004, -y + 0.02, 0.02), (-x + 0.016, y - 0.01, h - rim)),
        ((x - 0.016, -y + 0.02, 0.02), (x - 0.004, y - 0.01, h - rim)),
    ):
        builder.block(low, high, role, bevel=0.002)
    builder.block((-x + 0.01, -y + 0.03, 0.0), (x - 0.01, -y + 0.04, 0.025), "plastic_dark", bevel=0)
    _drain(builder, lean * -1.6, middle[1], h - 0.404)
    eye = turned(MeshBuilder(), disc_profile(0.03, 0.0, 0.008), "fitting", radius=0.002, segments=24)
    builder.merge(eye, placed(0.0, y - back - 0.03, h - 0.1, pitch_deg=90))
    return builder


def _free_tub(size_m: Size, rng: np.random.Generator) -> MeshBuilder:
    w, d, h = size_m
    power = float(rng.choice([2.3, 2.8, 3.6]))
    slipper = rng.random() < 0.3
    feet = rng.random() < 0.25
    base = 0.1 if feet else 0.0
    foot = float(rng.uniform(0.74, 0.86))
    levels = [(foot, base), (foot + 0.03, base + 0.012), (0.5 * (1 + foot) + 0.02, base + 0.5 * (h - base)),
              (0.985, h - 0.05), (1.0, h - 0.014), (0.996, h - 0.003), (0.985, h)]  # fmt: skip
    wall = 0.032
    inside = [(0.97 - wall / d, h), (0.955 - wall / d, h - 0.008), (0.93 - wall / d, h - 0.06),
              (0.86 - wall / d, base + 0.3), (0.74 - wall / d, base + 0.13), (0.62, base + 0.1),
              (0.3, base + 0.095)]  # fmt: skip
    rings = []
    for scale, z in [*levels, *inside]:
        outline = _superellipse(w / 2 * scale, d / 2 * scale, power)
        rings.append(_level(outline, z))
    points = np.array(rings)
    if slipper:  # one end is higher; the highest point is the height of the box
        rise = 0.12 * (points[..., 0] / (w / 2)) - 0.12
        points[..., 2] += np.where(points[..., 2] > 0.5 * h, rise * (points[..., 2] / h) ** 2, 0.0)
    builder = MeshBuilder().loft(points, ROLE)
    _drain(builder, 0.0, 0.0, base + 0.096)
    if feet:
        for sx in (-0.55, 0.55):
            for sy in (-0.5, 0.5):
                at = (sx * w / 2, sy * d / 2)
                path = [
                    (at[0], at[1], base + 0.06),
                    (at[0] * 1.08, at[1] * 1.2, 0.06),
                    (at[0] * 1.1, at[1] * 1.25, 0.012),
                ]
                builder.tube(path, [0.02, 0.016, 0.024], "fitting", segments=12)
                builder.cylinder(
                    0.026, 0.012, (at[0] * 1.1, at[1] * 1.25, 0.0), "fitting", bevel=0.004, segments=16
                )
    else:
        sole = _superellipse(w / 2 * foot, d / 2 * foot, power)
        builder.prism(sole * 0.97, 0.0, 0.004, "plastic_dark")
    return builder


def _seat_outline(w: float, d: float, count: int = 18) -> np.ndarray:
    """A rounded front (-y) and a straight back at y = d / 2, counter-clockwise."""
    straight = 0.4 * d
    t = np.linspace(math.pi, 2 * math.pi, count)
    front = np.column_stack([w / 2 * np.cos(t), -d / 2 + (d - straight) * (1 + np.sin(t))])
    front[:, 1] = d / 2 - straight + (d - straight) * np.sin(t)
    back = [(0.47 * w, d / 2 - 0.04), (0.42 * w, d / 2), (-0.42 * w, d / 2), (-0.47 * w, d / 2 - 0.04)]
    return np.vstack([front, back])


def toilet(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A toilet with its lid shut, its back at the wall (y = d / 2): "hung" (on the wall), "floor" or
    "coupled" (with its cistern)."""
    w, d, h = size_m
    name = design(rng, params, ("hung", "floor", "coupled"))
    builder = MeshBuilder()
    rim = 0.4 if name == "coupled" else h - 0.04
    seat_back = d / 2 - (0.19 if name == "coupled" else 0.05)
    bowl_d = d - (d / 2 - seat_back)
    centre = (seat_back - d / 2) / 2
    top = _seat_outline(w, bowl_d)
    squarish = rng.random() < 0.4
    if name == "hung":
        levels = [
            (0.52, 0.3, 0.0),
            (0.68, 0.16, 0.03),
            (0.86, 0.05, 0.14),
            (0.96, 0.01, 0.5),
            (1.0, 0.0, 1.0),
        ]
    else:
        levels = [
            (0.62, 0.2, 0.0),
            (0.62, 0.2, 0.06),
            (0.64, 0.17, 0.3),
            (0.82, 0.07, 0.62),
            (0.96, 0.012, 0.9),
            (1.0, 0.0, 1.0),
        ]
        if name == "floor" and squarish:
            levels = [(0.9, 0.06, 0.0), (0.92, 0.045, 0.05), (0.96, 0.02, 0.5), (1.0, 0.0, 1.0)]
    rings = []
    for wide, back, share in levels:  # narrower below, its front drawn in
        outline = top * (wide, 1.0)
        y = outline[:, 1]
        depth = bowl_d * (1 - back)
        outline[:, 1] = bowl_d / 2 - (bowl_d / 2 - y) / bowl_d * depth
        rings.append(_level(np.add(outline, (0.0, centre)), share * rim))
    builder.loft(np.array(rings), ROLE)
    low = 0.0 if name != "hung" else 0.06 * h
    if seat_back < d / 2:
        half = 0.44 * w if name != "coupled" else 0.36 * w
        builder.block((-half, seat_back - 0.03, low), (half, d / 2, rim), ROLE, bevel=0.012)
    for z0, z1, scale in ((rim + 0.004, rim + 0.02, 1.0), (rim + 0.0225, rim + 0.04, 1.0)):
        plate = _seat_outline(w * scale, bowl_d - 0.035)
        builder.prism(np.add(plate, (0.0, centre - 0.0175)), z0, z1, "plastic", bevel=0.006)
    for x in (-0.075, 0.075):
        hinge = MeshBuilder().cylinder(0.011, 0.05, (0, 0, -0.025), "fitting", segments=14)
        builder.merge(hinge, placed(x, seat_back - 0.022, rim + 0.014, roll_deg=90))
    if name == "coupled":
        wide = 0.49 * w
        outline = rounded_rectangle(2 * wide, 0.175, 0.03, corner_points=5)
        builder.prism(np.add(outline, (0.0, d / 2 - 0.0885)), rim - 0.005, h - 0.036, ROLE, bevel=0.006)
        cover = rounded_rectangle(w, 0.187, 0.03, corner_points=5)
        builder.prism(np.add(cover, (0.0, d / 2 - 0.0935)), h - 0.034, h - 0.006, ROLE, bevel=0.008)
        turned(
            builder,
            disc_profile(0.024, 0.0, 0.006),
            "fitting",
            at=(0, d / 2 - 0.09, h - 0.006),
            radius=0.002,
            segments=24,
        )
    return builder


def wash_basin(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A basin on a vanity: "slab" (a plate over all of it whose bowls hang below z = 0), or a vessel that
    stands on it: "round", "oval" or "box"."""
    w, d, h = size_m
    name = design(rng, params, ("round", "oval", "box"))
    builder = MeshBuilder()
    if name == "slab":
        half, y0, y1 = float(params.get("bowl_m", 0.24)), -d / 2 + 0.035, d / 2 - 0.13
        middles = (-w / 4, w / 4) if params.get("bowls", 1) == 2 else (0.0,)
        bowls = [(x - half, x + half, y0, y1) for x in middles]
        for each in bowls:
            sunk_bowl(builder, each, h, 0.1, 0.05, ROLE)
        pierced_deck(builder, size_m, bowls, 0.05, ROLE)
        return builder
    power = {"round": 2.0, "oval": 2.3, "box": 7.0}[name]
    wall = float(rng.uniform(0.008, 0.016))
    foot = 0.9 if name == "box" else float(rng.uniform(0.5, 0.72))
    outer = [
        (foot, 0.0),
        (foot + 0.03, 0.006),
        (0.5 * (foot + 1.06), 0.4 * h),
        (0.985, 0.8 * h),
        (1.0, h - 0.003),
        (0.997, h),
    ]
    inner = [(1 - 2 * wall / d, h), (0.985 - 2 * wall / d, h - 0.006),
             (0.5 * (foot + 1.0) - 1.6 * wall / d, 0.45 * h), (foot - 0.06, 0.24 * h),
             (0.4 * foot, 0.17 * h), (0.12, 0.15 * h)]  # fmt: skip
    rings = [_level(_superellipse(w / 2 * s, d / 2 * s, power), z) for s, z in [*outer, *inner]]
    role = "vessel" if params.get("coloured") else ROLE
    builder.loft(np.array(rings), role)
    _drain(builder, 0.0, 0.0, 0.15 * h + 0.001, 0.024)
    return builder


def pedestal_basin(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A basin with its column, its back at the wall; the tap stands behind the bowl at z = h."""
    w, d, h = size_m
    builder, low = MeshBuilder(), h - 0.2
    power = float(rng.choice([3.0, 4.5, 7.0]))
    back = d / 2

    def outline(scale: float, inset: float) -> np.ndarray:
        made = _superellipse(w / 2 * scale - inset, d / 2 * scale - inset, power)
        made[:, 1] += back - d / 2 * scale  # the back stays at the wall
        return made

    levels = [
        (0.42, low),
        (0.55, low + 0.02),
        (0.82, h - 0.11),
        (0.97, h - 0.05),
        (1.0, h - 0.03),
        (1.0, h - 0.006),
        (0.99, h),
    ]
    rings = [_level(outline(scale, 0.0), z) for scale, z in levels]
    hollow = [
        (0.0, h),
        (0.006, h - 0.006),
        (0.03, h - 0.06),
        (0.07, h - 0.12),
        (0.12, h - 0.145),
        (0.17, h - 0.15),
    ]
    for inset, z in hollow:
        half_x, half_y = w / 2 - 0.035 - inset, (d - 0.15) / 2 - 0.75 * inset
        made = _superellipse(half_x, half_y, max(2.4, 0.8 * power))
        rings.append(_level(np.add(made, (0.0, -0.05)), z))
    builder.loft(np.array(rings), ROLE)
    _drain(builder, 0.0, -0.05, h - 0.1495, 0.026)
    eye = turned(MeshBuilder(), disc_profile(0.013, 0.0, 0.004), "fitting", radius=0.001, segments=18)
    builder.merge(eye, placed(0.0, (d - 0.15) / 2 - 0.05 - 0.028, h - 0.05, pitch_deg=70))
    column = [
        (0.098, 0.0),
        (0.096, 0.02),
        (0.082, 0.1),
        (0.075, 0.5 * h),
        (0.085, low + 0.005),
        (0.105, low + 0.03),
    ]
    shaft = MeshBuilder().lathe([(0, 0), *column], (0, 0, 0), ROLE, segments=36)
    return builder.merge(shaft, placed(0.0, back - 0.2, 0.0, scale=(1.0, 0.9, 1.0)))


def flush_plate(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """The plate with two buttons above a toilet whose cistern is in the wall."""
    w, d, h = size_m
    role = ("plastic", "fitting", "steel", "black_glass")[int(rng.integers(4))]
    builder = MeshBuilder().block((-w / 2, -d / 2 + 0.003, 0.0), (w / 2, d / 2, h), role, bevel=0.003)
    if rng.random() < 0.5:
        for x0, x1 in ((-0.8, -0.05), (0.05, 0.8)):
            low, high = (x0 * w / 2, -d / 2, 0.22 * h), (x1 * w / 2, -d / 2 + 0.006, 0.78 * h)
            builder.block(low, high, role, bevel=0.0015)
        return builder
    for x, r in ((-0.16 * w, 0.034), (0.17 * w, 0.026)):
        button = turned(MeshBuilder(), disc_profile(r, 0.0, 0.003), role, radius=0.001, segments=28)
        builder.merge(button, placed(x, -d / 2 + 0.003, h / 2, pitch_deg=90))
        ring(
            builder,
            r + 0.001,
            0.001,
            "fitting",
            placed(x, -d / 2 + 0.0025, h / 2, pitch_deg=90),
            segments=28,
            sides=6,
        )
    return builder


KINDS = {
    "bathtub": bathtub, "toilet": toilet, "wash_basin": wash_basin, "pedestal_basin": pedestal_basin,
    "flush_plate": flush_plate,
}  # fmt: skip
