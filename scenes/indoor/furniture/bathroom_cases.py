"""Showers, vanities, mirror cabinets, washing machines, heated rails. Lengths are metres."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from ..layout.bathroom_kinds import TRAY_M
from .forms import Size, design, disc_profile, placed, ring, turned
from .fronts import Bay, Grid, fill_grid
from .kitchen_appliances import knob
from .kitchen_cases import kitchen_look

PANE_M = 0.008


def shower(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A tray in a corner with panes: "corner" (a door at the front) or "walk_in" (one pane, no door).

    Walls are at y = d / 2 and at the side `params["side"]` (1: +x).
    """
    w, d, h = size_m
    name = design(rng, params, ("corner", "walk_in"))
    side = int(params.get("side", 1))
    builder, x, y = MeshBuilder(), w / 2, d / 2
    tray = ("sanitary", "sanitary", "dark_slab")[int(rng.integers(3))]
    tray = "plastic_dark" if tray == "dark_slab" else tray
    builder.block((-x, -y, 0.0), (x, y, TRAY_M), tray, bevel=0.006)
    drain = turned(MeshBuilder(), disc_profile(0.055, 0.0, 0.003), "fitting", radius=0.001, segments=32)
    builder.merge(drain, placed(0.0, 0.15 * d, TRAY_M))
    z0, z1 = TRAY_M + 0.002, h - 0.012
    free = -side * (x - 0.015)
    _pane(builder, (free, -y + 0.015, z0), (free, y - 0.018, z1))
    _channel(builder, (free, y - 0.012), z0, h)
    if name == "walk_in":
        # A bar at the top holds the pane.
        builder.tube(
            [(free, -y + 0.3, h - 0.012), (side * x, -y + 0.3, h - 0.012)], 0.009, "fitting", segments=10
        )
        _rail(builder, (free, -y + 0.016, z0 - 0.002), (free, y - 0.012, z0 - 0.002))
        return builder
    front, split = -y + 0.021, -side * x + side * 0.42 * w
    _pane(builder, (free + side * 0.006, front, z0), (split - side * 0.004, front, z1))
    _pane(builder, (split + side * 0.004, front, z0 + 0.006), (side * (x - 0.02), front, z1))
    _channel(builder, (side * (x - 0.012), front), z0, h)
    _channel(builder, (free, front), z0, h, half=0.008)
    _rail(builder, (free, front, h - 0.012), (side * (x - 0.009), front, h - 0.012))
    _rail(builder, (free, -y + 0.02, h - 0.012), (free, y - 0.012, h - 0.012))
    grip = split + side * 0.06
    for out in (-1, 1):
        bar = [(grip, front + out * 0.013, 0.92), (grip, front + out * 0.013, 1.12)]
        builder.tube(bar, 0.007, "fitting", segments=10)
    for z in (0.95, 1.09):
        builder.tube([(grip, front - 0.013, z), (grip, front + 0.013, z)], 0.005, "fitting", segments=8)
    return builder


def _pane(builder: MeshBuilder, a: tuple[float, float, float], b: tuple[float, float, float]) -> None:
    """Glass between two points that differ in z and in x or y."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    thin = 0 if high[0] - low[0] < 1e-6 else 1
    low[thin] -= PANE_M / 2
    high[thin] += PANE_M / 2
    builder.block(low, high, "shower_glass", bevel=0.0008)


def _channel(
    builder: MeshBuilder, at: tuple[float, float], z0: float, z1: float, half: float = 0.011
) -> None:
    x, y = at
    builder.block((x - half, y - half, z0 - 0.002), (x + half, y + half, z1), "fitting", bevel=0.0015)


def _rail(builder: MeshBuilder, a: tuple[float, float, float], b: tuple[float, float, float]) -> None:
    low = np.subtract(np.minimum(a, b), (0.009, 0.009, 0.0))
    high = np.add(np.maximum(a, b), (0.009, 0.009, 0.012))
    builder.block(low, high, "fitting", bevel=0.0015)


def bath_screen(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A pane on the rim of a bathtub, its profile at the wall at -x or, by `params["side"]`, at +x."""
    w, d, h = size_m
    side = int(params.get("side", -1))
    builder = MeshBuilder()
    edge = side * (w / 2 - 0.011)
    builder.block((-w / 2, -d / 2 + 0.008, 0.0), (w / 2, d / 2 - 0.008, 0.006), "rubber", bevel=0.001)
    outline = [(-w / 2, 0.006), (w / 2, 0.006), (w / 2, h - 0.004), (-w / 2, h - 0.004)]
    if rng.random() < 0.5:  # its free upper corner is round
        r = 0.25
        arc = [
            (-side * (w / 2 - r + r * math.sin(t)), h - 0.004 - r + r * math.cos(t))
            for t in np.linspace(0, math.pi / 2, 9)
        ]
        rest = [(-side * w / 2, 0.006), (side * w / 2, 0.006), (side * w / 2, h - 0.004)]
        outline = [*rest, *arc]
    ring_ = np.array(outline)
    area = float(np.sum(ring_[:, 0] * np.roll(ring_[:, 1], -1) - np.roll(ring_[:, 0], -1) * ring_[:, 1]))
    ring_ = ring_ if area > 0 else ring_[::-1]
    pane = MeshBuilder().prism(ring_, -PANE_M / 2, PANE_M / 2, "shower_glass")
    builder.merge(pane, placed(pitch_deg=90))
    builder.block((edge - 0.011, -d / 2, 0.0), (edge + 0.011, d / 2, h), "fitting", bevel=0.002)
    return builder


def vanity(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A cabinet below a basin: drawers or doors, a top of its own unless `params["open_top"]`, where
    `params["bowls"]` hang into it."""
    w, d, h = size_m
    look = kitchen_look({"facing": "vanity_front", **params})
    builder, open_top = MeshBuilder(), bool(params.get("open_top"))
    thick = 0.0 if open_top else float(params.get("thick_m", 0.02))
    plinth = 0.0 if params.get("wall_mounted") else 0.1
    grid = Grid(-w / 2 + 0.003, w / 2 - 0.003, plinth, h - thick, -d / 2 + 0.004, d / 2)
    count = 1 if params.get("bowls") == 1 else max(1, round(w / 0.7))  # no panel below the middle of a bowl
    tall = h - thick - plinth > 0.6
    if tall and rng.random() < 0.7:
        columns = [[Bay("doors" if w / count > 0.5 else "door", 1.0)] for _ in range(count)]
    else:
        columns = [[Bay("drawer", 1.0), Bay("drawer", 1.0)] for _ in range(count)]
    if count > 1 and w > 0.9 and not tall and rng.random() < 0.3:
        columns[-1] = [Bay("open", 1.0)]
    fill_grid(builder, rng, grid, columns, look.front_material, params, look=look, top=not open_top)
    if plinth and rng.random() < 0.6:
        low, high = (-w / 2 + 0.01, -d / 2 + 0.06, 0.0), (w / 2 - 0.01, -d / 2 + 0.075, plinth)
        builder.block(low, high, look.front_material)
        for side in (-1, 1):
            edge = side * (w / 2 - 0.012)
            builder.block(
                (edge - 0.008, -d / 2 + 0.06, 0.0), (edge + 0.008, d / 2, plinth), look.front_material
            )
    elif plinth:
        for x in (-w / 2 + 0.04, w / 2 - 0.04):
            for y in (-d / 2 + 0.07, d / 2 - 0.05):
                builder.block(
                    (x - 0.018, y - 0.018, 0.0),
                    (x + 0.018, y + 0.018, plinth + 0.002),
                    look.metal,
                    bevel=0.003,
                )
    if thick:
        builder.block(
            (-w / 2, -d / 2, h - thick), (w / 2, d / 2, h), "vanity_top", bevel=min(0.003, 0.2 * thick)
        )
    return builder


def mirror_cabinet(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A cabinet on the wall whose doors are mirrors; perhaps a strip of light above them."""
    w, d, h = size_m
    builder, role = MeshBuilder(), ("vanity_front", "plastic", "metal_brushed")[int(rng.integers(3))]
    front = -d / 2 + 0.02
    lamp = 0.05 if rng.random() < 0.5 else 0.0
    builder.block((-w / 2, front, 0.0), (w / 2, d / 2, h - lamp), role, bevel=0.0015)
    if lamp:
        builder.block(
            (-w / 2 + 0.04, -d / 2, h - lamp + 0.004),
            (w / 2 - 0.04, d / 2 - 0.03, h - 0.012),
            "fitting",
            bevel=0.003,
        )
        builder.block(
            (-w / 2 + 0.06, -d / 2 + 0.004, h - 0.012),
            (w / 2 - 0.06, d / 2 - 0.04, h),
            "diffuser",
            bevel=0.004,
        )
    else:
        builder.block((-w / 2, front, h - 0.004), (w / 2, d / 2, h), role, bevel=0)
    count = 1 if w < 0.55 else (2 if w < 0.95 else 3)
    for number in range(count):
        x0, x1 = (-w / 2 + w * (number + share) / count for share in (0.0, 1.0))
        low, high = (x0 + 0.0015, -d / 2 + 0.004, 0.0), (x1 - 0.0015, front - 0.001, h - lamp)
        builder.block(low, high, role, bevel=0.001)
        low, high = (x0 + 0.0015, -d / 2, 0.0), (x1 - 0.0015, -d / 2 + 0.0045, h - lamp)
        builder.block(low, high, "mirror", bevel=0.0015)
    return builder


def washing_machine(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A front loader: panel with drawer, dial and display, the round door below."""
    w, d, h = size_m
    builder, face = MeshBuilder(), -d / 2 + 0.05
    role = "appliance:white" if rng.random() < 0.75 else "steel"
    for x in (-w / 2 + 0.05, w / 2 - 0.05):
        for y in (face + 0.06, d / 2 - 0.05):
            builder.cylinder(0.022, 0.016, (x, y, 0.0), "plastic_dark", segments=14)
    builder.block((-w / 2, face + 0.002, 0.014), (w / 2, d / 2, h - 0.022), role, bevel=0.006)
    builder.block((-w / 2, face, h - 0.024), (w / 2, d / 2, h), role, bevel=0.005)
    panel = h - 0.145
    builder.block(
        (-w / 2 + 0.001, face - 0.006, panel), (w / 2 - 0.001, face + 0.02, h - 0.026), role, bevel=0.004
    )
    builder.block(
        (-w / 2 + 0.015, face - 0.009, panel + 0.012), (-0.2 * w, face, h - 0.038), role, bevel=0.003
    )
    low, high = (-w / 2 + 0.05, face - 0.0105, panel + 0.014), (-0.26 * w, face - 0.004, panel + 0.026)
    builder.block(low, high, "plastic_dark", bevel=0.002)
    dial = 0.02 * w
    knob(builder, (dial, face - 0.006, (panel + h - 0.026) / 2), rng, "steel")
    builder.block(
        (0.15 * w, face - 0.0075, panel + 0.03), (0.42 * w, face, h - 0.05), "black_glass", bevel=0.001
    )
    builder.block((0.2 * w, face - 0.0085, panel + 0.045), (0.34 * w, face, h - 0.068), "digits", bevel=0)
    door = 0.5 * (panel + 0.06)
    rim = ("fitting", "plastic_dark", "plastic", "steel")[int(rng.integers(4))]
    part = MeshBuilder().lathe(
        [(0.15, -0.002), (0.225, -0.002), (0.228, 0.012), (0.215, 0.034), (0.17, 0.04), (0.158, 0.03),
         (0.15, 0.012)], (0, 0, 0), rim, segments=64,
    )  # fmt: skip
    dome = [(0.16 * math.sin(t), 0.012 + 0.028 * math.cos(t) - 0.02) for t in np.linspace(math.pi / 2, 0, 9)]
    part.lathe(dome, (0, 0, 0), "black_glass", segments=64)
    part.block((0.196, -0.045, 0.026), (0.222, 0.045, 0.046), rim, bevel=0.006)
    builder.merge(part, placed(0.0, face, door, pitch_deg=90))
    builder.block((0.32 * w, face - 0.002, 0.03), (0.46 * w, face + 0.01, 0.1), role, bevel=0.002)
    return builder


def towel_radiator(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A heated ladder on the wall; the middle of one of its bars is at `params["bar_z_m"]`."""
    w, d, h = size_m
    builder = MeshBuilder()
    role = ("plastic", "fitting", "fitting", "plastic_dark")[int(rng.integers(4))]
    y, r = -0.012, float(rng.uniform(0.010, 0.013))
    for x in (-w / 2 + 0.02, w / 2 - 0.02):
        outline = rounded_rectangle(0.04, 0.03, 0.013, corner_points=5)
        builder.prism(np.add(outline, (x, y)), 0.0, h, role, bevel=0.004)
        for z in (0.12, h - 0.12):
            builder.tube([(x, d / 2, z), (x, y, z)], 0.009, role, segments=12)
            rose = turned(MeshBuilder(), disc_profile(0.018, 0.0, 0.01), role, radius=0.002, segments=20)
            builder.merge(rose, placed(x, d / 2, z, pitch_deg=90))
    pitch, gap = 0.042, 0.11
    bar = float(params.get("bar_z_m", h - 0.06))
    z, number = bar, 0
    while z > 0.05:
        builder.tube([(-w / 2 + 0.03, y, z), (w / 2 - 0.03, y, z)], r, role, segments=12)
        number += 1
        z -= gap if number % 5 == 0 else pitch
    z = bar + pitch
    while z < h - 0.02:
        builder.tube([(-w / 2 + 0.03, y, z), (w / 2 - 0.03, y, z)], r, role, segments=12)
        z += pitch
    turned(
        builder,
        disc_profile(0.014, -0.0, 0.03),
        "plastic",
        at=(w / 2 - 0.02, y, 0.0),
        radius=0.003,
        segments=18,
    )
    front = turned(MeshBuilder(), disc_profile(0.016, 0.0, 0.012), "fitting", radius=0.003, segments=18)
    builder.merge(front, placed(w / 2 - 0.02, -d / 2 + 0.012, 0.06, pitch_deg=90))
    ring(builder, 0.012, 0.003, "fitting", placed(-w / 2 + 0.02, y, 0.004), segments=16, sides=6)
    return builder


KINDS = {
    "shower": shower, "bath_screen": bath_screen, "vanity": vanity, "mirror_cabinet": mirror_cabinet,
    "washing_machine": washing_machine, "towel_radiator": towel_radiator,
}  # fmt: skip
