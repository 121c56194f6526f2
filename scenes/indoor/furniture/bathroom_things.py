"""Towels, bottles, brushes, paper: the small things of a bathroom. Lengths are metres."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, design, disc_profile, fitted, placed, ring, spline, tinted, turned, vessel


def _draped(
    builder: MeshBuilder, rng: np.random.Generator, wide: float, front_m: float, back_m: float,
    at: tuple[float, float, float], radius: float, role: str,
) -> None:  # fmt: skip
    """A towel over a bar along x at `at`: `front_m` hangs down before it, `back_m` behind it."""
    x0, y0, z0 = at
    turn = np.linspace(0, math.pi, 9)
    over = [(radius * math.cos(t), radius * math.sin(t)) for t in turn]
    back = [(radius, -back_m + s * back_m) for s in np.linspace(0, 1, 7)[:-1]]
    front = [(-radius, -s * front_m) for s in np.linspace(0, 1, 11)[1:]]
    line = np.array([*back, *over, *front])
    u = np.linspace(-0.5, 0.5, 15)
    phase = float(rng.uniform(0, 6.28))
    points = np.empty((len(u), len(line), 3))
    points[..., 0] = x0 + u[:, None] * wide
    points[..., 1] = y0 + line[None, :, 0]
    points[..., 2] = z0 + line[None, :, 1]
    hang = np.clip(-line[:, 1] / max(front_m, 0.1), 0, 1)
    sway = 0.006 * np.sin(u * 9 + phase) + 0.003 * np.sin(u * 21 + 2 * phase)
    points[..., 1] += np.where(line[None, :, 0] < 0, -1.0, 0.35) * np.abs(sway[:, None]) * hang[None] ** 0.6
    points[..., 0] *= 1 - 0.02 * hang[None] * (1 if rng.random() < 0.5 else 0)
    builder.surface(points, role, with_uv=True, flip=True)
    inner = points.copy()
    inner[..., 1] += np.where(line[None, :, 0] < 0, 0.005, -0.005)
    inner[..., 2] -= np.where(line[None, :, 1] > -1e-6, 0.004, 0.0)
    builder.surface(inner, role, with_uv=True)
    for edge in (0, -1):
        builder.surface(np.stack([points[edge], inner[edge]]), role, flip=edge == -1)
        builder.surface(np.stack([points[:, edge], inner[:, edge]]), role, flip=edge == 0)


def bath_towel(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A towel that hangs over a bar at the upper end of its box."""
    w, _, h = size_m
    builder = MeshBuilder()
    back = h * float(rng.uniform(0.6, 0.95))
    _draped(builder, rng, w, h - 0.022, back - 0.022, (0.0, 0.0, h - 0.022), 0.019, tinted(rng, "towel", 4))
    return fitted(builder, size_m)


def towel_rail(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bar on the wall (y = d / 2) with one towel or two side by side."""
    w, d, h = size_m
    builder, y, z = MeshBuilder(), -d / 2 + 0.03, h - 0.024
    builder.tube([(-w / 2, y, z), (w / 2, y, z)], 0.009, "fitting", segments=12)
    for x in (-w / 2 + 0.02, w / 2 - 0.02):
        builder.tube([(x, d / 2, z), (x, y, z)], 0.008, "fitting", segments=12)
        rose = turned(MeshBuilder(), disc_profile(0.022, 0.0, 0.008), "fitting", radius=0.002, segments=22)
        builder.merge(rose, placed(x, d / 2, z, pitch_deg=90))
    count = 2 if w > 0.62 and rng.random() < 0.5 else 1
    room = w - 0.09
    role = tinted(rng, "towel", 4)
    for number in range(count):
        wide = room / count - 0.02 if count == 2 else float(rng.uniform(0.65, 0.95)) * room
        x = (number - (count - 1) / 2) * room / count
        long = h - 0.03 if number == 0 else 0.7 * h
        if rng.random() < 0.3:
            role = tinted(rng, "towel", 4)
        _draped(builder, rng, wide, long, 0.8 * long, (x, y, z), 0.0135, role)
    low, _ = builder.bounds()
    return builder.transformed(placed(z=-low[2])) if low[2] > 0.001 else builder


def towel_stack(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Folded towels on each other."""
    w, d, h = size_m
    builder, count = MeshBuilder(), max(1, round(h / 0.055))
    thick = h / count
    for number in range(count):
        role = tinted(rng, "towel", 4)
        inset = 0.0 if number == 0 else float(rng.uniform(0.0, 0.012))
        for layer in range(2):
            z = number * thick + (layer + 0.5) * thick / 2
            shift = (float(rng.normal(0, 0.002)), float(rng.normal(0, 0.002)))
            size = (w - 2 * inset - 0.004 * layer, d - 2 * inset, 0.5 * thick * 1.02)
            builder.box(size, (*shift, z), role, bevel=0.23 * thick, segments=3)
    return fitted(builder, size_m)


def toiletry(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Shampoo, soap or cream: "pump", "flip" (a bottle with a cap), "tube" (on its cap) or "jar"."""
    w, d, h = size_m
    name = design(rng, params, ("pump", "flip", "flip", "tube"))
    builder, role = MeshBuilder(), tinted(rng, "soap", 7)
    cap = ("plastic", "plastic_dark", "fitting", role)[int(rng.integers(4))]
    if name == "tube":
        outline = rounded_rectangle(w, d, min(w, d) * 0.48, corner_points=7)
        flat = np.column_stack([outline[:, 0], np.clip(outline[:, 1], -0.002, 0.002)])
        base = 0.16 * h
        builder.prism(outline * 0.94, 0.0, base, cap, bevel=0.002)
        rings = [np.column_stack([outline * (1 - s) + flat * s, np.full(len(outline), base + (h - base) * s)])
                 for s in (0.0, 0.25, 0.6, 0.9, 1.0)]  # fmt: skip
        return fitted(builder.loft(np.array(rings), role), size_m)
    square = rng.random() < 0.5
    outline = rounded_rectangle(w, d, min(w, d) * (0.22 if square else 0.48), corner_points=7)
    body = (0.66 if name == "pump" else 0.86) * h
    steps = [(0.96, 0.0), (1.0, 0.004), (1.0, 0.86 * body), (0.92, 0.94 * body), (0.42, body)]
    if name == "flip" and rng.random() < 0.5:
        steps = [(0.8, 0.0), (0.86, 0.004), (1.0, 0.6 * body), (0.96, 0.92 * body), (0.6, body)]
    rings = [np.column_stack([outline * s, np.full(len(outline), z)]) for s, z in steps]
    builder.loft(np.array(rings), role)
    front = -d / 2 * 1.002
    if square and rng.random() < 0.7:
        x, low, high = 0.36 * w, 0.22 * body, 0.72 * body
        label = [
            (-x, front - 0.0004, low),
            (x, front - 0.0004, low),
            (x, front - 0.0004, high),
            (-x, front - 0.0004, high),
        ]
        builder.quad(label, tinted(rng, "label"))
    if name == "flip":
        builder.prism(outline * 0.62, body - 0.002, h, cap, bevel=0.002)
        return fitted(builder, size_m)
    builder.cylinder(0.22 * w, 0.07 * h, (0, 0, body - 0.002), cap, segments=20)
    builder.cylinder(0.05 * w, h - body - 0.02, (0, 0, body), cap, segments=12)
    builder.block((-0.1 * w, -0.5 * d, h - 0.022), (0.1 * w, 0.14 * d, h - 0.008), cap, bevel=0.003)
    builder.block((-0.18 * w, -0.16 * d, h - 0.01), (0.18 * w, 0.2 * d, h), cap, bevel=0.003)
    return fitted(builder, size_m)


def toothbrush_cup(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A tumbler with toothbrushes and a tube of paste."""
    w, _, h = size_m
    builder, r, tall = MeshBuilder(), 0.46 * w, 0.55 * h
    role = ("glass", tinted(rng, "ceramic"), "ceramic_dark", "steel")[int(rng.integers(4))]
    outer = [(0.86 * r, 0.0), (0.9 * r, 0.004), (r, tall)]
    turned(builder, vessel(outer, 0.003, 0.006), role, radius=0.0012, segments=32)
    for _ in range(int(rng.integers(1, 4))):
        turn, lean = float(rng.uniform(0, 360)), float(rng.uniform(9, 15))
        color = f"plastic:{int(rng.integers(6))}"
        brush, long = MeshBuilder(), h * float(rng.uniform(0.86, 0.98))
        path = [(0, 0, 0), (0, 0.001, 0.6 * long), (0, 0, long)]
        brush.tube(spline(path, 9), np.linspace(0.0052, 0.0035, 9), color, segments=8)
        brush.block((-0.0055, -0.013, long - 0.03), (0.0055, -0.003, long), "plastic", bevel=0.001)
        builder.merge(brush, placed(0, 0, 0.008, yaw_deg=turn) @ placed(-0.35 * r, 0, 0, roll_deg=lean))
    low, high = builder.bounds()
    return fitted(builder.transformed(placed(*(-(low + high)[:2] / 2), 0.0)), size_m)


def soap_dish(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bar of soap on its dish."""
    w, d, h = size_m
    role = (tinted(rng, "ceramic"), "wood", "ceramic_dark", "steel")[int(rng.integers(4))]
    outline = rounded_rectangle(w, d, 0.4 * d, corner_points=7)
    steps = [(0.8, 0.0), (0.98, 0.008), (1.0, 0.014), (0.95, 0.013), (0.8, 0.008), (0.1, 0.007)]
    rings = [np.column_stack([outline * s, np.full(len(outline), z)]) for s, z in steps]
    builder = MeshBuilder().loft(np.array(rings), role)
    bar = rounded_rectangle(0.62 * w, 0.6 * d, 0.26 * d, corner_points=6)
    builder.merge(
        MeshBuilder().prism(bar, 0.0075, h, tinted(rng, "soap", 7), bevel=0.006),
        placed(yaw_deg=float(rng.normal(0, 8))),
    )
    return fitted(builder, size_m)


def toilet_roll(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A roll on its holder; the wall is at y = d / 2."""
    w, d, h = size_m
    builder, r = MeshBuilder(), min(0.055, d / 2 - 0.008) * float(rng.uniform(0.8, 1.0))
    z, y = h - 0.016, -d / 2 + 0.058
    rose = turned(MeshBuilder(), disc_profile(0.022, 0.0, 0.008), "fitting", radius=0.002, segments=22)
    x = w / 2 - 0.012
    builder.merge(rose, placed(x - 0.012, d / 2, z, pitch_deg=90))
    arm = [(x - 0.012, d / 2, z), (x - 0.012, y + 0.01, z), (x - 0.02, y, z), (-w / 2 + 0.004, y, z)]
    builder.tube(arm, 0.0055, "fitting", segments=10)
    long = 0.1
    profile = [(0.02, 0.0), (r, 0.0), (r, long), (0.02, long), (0.02, 0.0)]
    roll = MeshBuilder().lathe(profile, (0, 0, 0), "tissue", segments=44)
    drop = z + 0.0055 - 0.02  # it hangs on the bar by its core
    builder.merge(roll, placed(-w / 2 + 0.012, y, drop, roll_deg=90))
    fall = float(rng.uniform(0.03, max(0.04, drop - 0.002)))
    back = y - r if rng.random() < 0.7 else y + r
    flap = np.array(
        [[(x, back, drop - s * fall) for s in np.linspace(0, 1, 5)] for x in (-w / 2 + 0.012, -w / 2 + 0.112)]
    )
    builder.surface(flap, "tissue").surface(np.add(flap, (0, 0.0006, 0)), "tissue", flip=True)
    return fitted(builder, size_m)


def toilet_brush(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A brush in its beaker."""
    w, _, h = size_m
    builder, r = MeshBuilder(), w / 2
    role = ("plastic", "steel", "ceramic", "plastic_dark")[int(rng.integers(4))]
    tall = 0.34 * h
    outer = [(0.92 * r, 0.0), (r, 0.01), (0.98 * r, 0.9 * tall), (0.9 * r, tall)]
    turned(builder, vessel(outer, 0.004, 0.006), role, radius=0.002, segments=32)
    builder.cylinder(0.6 * r, 0.7 * tall, (0, 0, 0.01), "plastic", bevel=0.01, segments=20)
    builder.cylinder(0.72 * r, 0.012, (0, 0, tall - 0.004), role, bevel=0.003, segments=24)
    builder.tube([(0, 0, tall), (0, 0, h - 0.006)], [0.007, 0.008], "fitting", segments=12)
    turned(builder, disc_profile(0.011, h - 0.02, h), "fitting", radius=0.003, segments=16)
    return fitted(builder, size_m)


def bathroom_scale(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A flat scale with its display."""
    w, d, h = size_m
    role = ("black_glass", "plastic", "steel", "plastic_dark")[int(rng.integers(4))]
    builder = MeshBuilder()
    for x in (-w / 2 + 0.04, w / 2 - 0.04):
        for y in (-d / 2 + 0.04, d / 2 - 0.04):
            builder.cylinder(0.02, 0.008, (x, y, 0.0), "rubber", segments=14)
    builder.prism(rounded_rectangle(w, d, 0.03, corner_points=6), 0.006, h - 0.001, role, bevel=0.003)
    y = d / 2 - 0.06
    builder.block((-0.035, y - 0.014, h - 0.002), (0.035, y + 0.014, h), "plastic_dark", bevel=0.0005)
    return fitted(builder, size_m)


def bath_caddy(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Two trays of wire above each other, on the wall at y = d / 2; their floors are 6 mm and 0.6 h high."""
    w, d, h = size_m
    builder, r = MeshBuilder(), 0.0028
    for z in (0.003, 0.6 * h - 0.003):
        for up in (0.0, 0.035):
            loop = rounded_rectangle(w - 2 * r, d - 2 * r, 0.015, corner_points=4)
            rim = np.column_stack([loop, np.full(len(loop), z + up)])
            builder.tube(rim, r, "fitting", segments=6, closed=True)
        count = int(w / 0.022)
        for x in np.linspace(-w / 2 + 0.012, w / 2 - 0.012, count):
            builder.tube([(x, -d / 2 + r, z), (x, d / 2 - r, z)], 0.0018, "fitting", segments=5)
    for x in (-0.3 * w, 0.3 * w):
        builder.tube([(x, d / 2 - r, 0.003), (x, d / 2 - r, h - r)], r, "fitting", segments=6)
    builder.tube([(-0.3 * w, d / 2 - r, h - r), (0.3 * w, d / 2 - r, h - r)], r, "fitting", segments=6)
    ring(
        builder,
        0.012,
        0.0025,
        "fitting",
        placed(0.0, d / 2 - r, h - 0.014, pitch_deg=90),
        segments=16,
        sides=6,
    )
    return fitted(builder, size_m)


KINDS = {
    "bath_towel": bath_towel, "towel_rail": towel_rail, "towel_stack": towel_stack, "toiletry": toiletry,
    "toothbrush_cup": toothbrush_cup, "soap_dish": soap_dish, "toilet_roll": toilet_roll,
    "toilet_brush": toilet_brush, "bathroom_scale": bathroom_scale, "bath_caddy": bath_caddy,
}  # fmt: skip
