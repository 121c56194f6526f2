"""Where people come in: racks and stands for coats, cabinets for shoes, narrow tables, umbrellas."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from . import garments
from .forms import Size, ball, design, fitted, placed, spline, tinted, turned, vessel
from .fronts import Bay, Grid, fill_grid
from .legs import chosen, four, leg, steel_loop, timber


def coat_rack(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A board with hooks; a deep one carries a shelf for hats. Hooks are `params["hooks"]` many."""
    w, d, h = size_m
    material = timber(rng, params)
    metal = str(rng.choice(["metal", "brass", "metal_brushed", "chrome"]))
    made, hooks = MeshBuilder(), int(params.get("hooks", 5))
    y = d / 2
    board = min(h, 0.11)
    made.block((-w / 2, y - 0.02, 0.0), (w / 2, y, board), material, bevel=0.004)
    reach = 0.055
    if d > 0.12:
        barred = rng.random() < 0.5
        for x in (-w / 2 + 0.03, w / 2 - 0.03):
            made.block((x - 0.011, -y + 0.01, h - 0.045), (x + 0.011, y, h - 0.02), material)
            made.block((x - 0.011, y - 0.02, board), (x + 0.011, y, h - 0.02), material)
        if barred:
            for bar in np.linspace(-y + 0.02, y - 0.03, 6):
                made.tube([(-w / 2, bar, h - 0.008), (w / 2, bar, h - 0.008)], 0.008, metal, segments=10)
        else:
            made.block((-w / 2, -y, h - 0.02), (w / 2, y, h), material, bevel=0.003)
        reach = 0.07
    peg = rng.random() < 0.4
    for x in np.linspace(-w / 2 + 0.05, w / 2 - 0.05, hooks):
        z = 0.45 * board
        if peg:
            made.tube(
                [(x, y - 0.015, z), (x, y - 0.02 - reach, z + 0.012)], [0.009, 0.011], material, segments=12
            )
            ball(made, (x, y - 0.02 - reach, z + 0.012), 0.0125, material, segments=12, rings=8)
            continue
        made.box((0.022, 0.004, 0.06), (x, y - 0.022, z), metal, bevel=0.0015)
        line = [
            (x, y - 0.02, z - 0.012),
            (x, y - 0.02 - 0.7 * reach, z - 0.02),
            (x, y - 0.02 - reach, z + 0.012),
        ]
        made.tube(spline(line, 9), 0.0045, metal, segments=8)
        ball(made, (x, y - 0.02 - reach, z + 0.014), 0.007, metal, segments=10, rings=6)
    return made if d > 0.12 else _as_deep(made, d)


def _as_deep(made: MeshBuilder, deep: float) -> MeshBuilder:
    """A copy whose hooks just fill the size box."""
    low, high = made.bounds()
    scale = np.array([1.0, deep / (high[1] - low[1]), 1.0])
    return made.transformed(placed(0, deep / 2 - high[1] * scale[1], 0, scale=scale))


def coat_stand(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A pole on feet with curved hooks around its head, and what hangs on some of them."""
    w, _, h = size_m
    metal = rng.random() < 0.5
    material = "metal" if metal else timber(rng, params, painted=False)
    r, thick = w / 2, 0.011 if metal else 0.017
    made = MeshBuilder()
    made.tube([(0, 0, 0.05), (0, 0, h - 0.02)], [thick * 1.25, thick], material, segments=16)
    ball(made, (0, 0, h - 0.02), 1.4 * thick, material, segments=14, rings=8)
    for turn in np.arange(4) * 90.0 + 45:
        line = spline([(0, 0, 0.16), (0.4 * r, 0, 0.12), (0.75 * r, 0, 0.05), (r - 0.015, 0, 0.012)], 11)
        foot = MeshBuilder().tube(line, 0.8 * thick, material, segments=10)
        made.merge(foot, placed(yaw_deg=turn))
    for turn, z, reach in (
        (0, h - 0.1, 0.16),
        (90, h - 0.1, 0.16),
        (180, h - 0.1, 0.16),
        (270, h - 0.1, 0.16),
        (45, h - 0.32, 0.1),
        (225, h - 0.32, 0.1),
    ):
        line = [(0, 0, z - 0.05), (0.6 * reach, 0, z - 0.055), (reach, 0, z), (reach + 0.005, 0, z + 0.035)]
        hook = MeshBuilder().tube(spline(line, 11), 0.6 * thick, material, segments=8)
        ball(hook, (reach + 0.005, 0, z + 0.035), 0.8 * thick, material, segments=10, rings=6)
        made.merge(hook, placed(yaw_deg=turn))
    for turn in rng.choice([0, 90, 180, 270], size=int(rng.integers(1, 4)), replace=False):
        tall = float(rng.uniform(0.75, 1.05))
        coat = garments.coat((0.4, 0.2, tall), rng, {})
        made.merge(coat, placed(yaw_deg=float(turn) + 90) @ placed(0, -0.12, h - 0.11 - tall))
    if rng.random() < 0.4:
        hat = garments.hat((0.28, 0.26, 0.12), rng, {"variant": "brim"})
        made.merge(hat, placed(0.03, 0.02, h - 0.1, roll_deg=14))
    return fitted(made, size_m)


def shoe_cabinet(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A shallow cabinet whose fronts tilt out, or one with doors when it is deep."""
    w, d, h = size_m
    material = timber(rng, params)
    made = MeshBuilder()
    slab = 0.02
    made.prism(rounded_rectangle(w, d, 0.006), h - slab, h, material, bevel=0.002)
    lift = float(rng.choice([0.0, 0.06, 0.12]))
    rows, columns = (2 if h < 0.95 else 3), max(1, round(w / 0.6))
    doors = d > 0.3 and rng.random() < 0.5
    bays = [[Bay("door" if column % 2 == 0 else "door_right", 1.0)] for column in range(2 * columns)]
    if not doors:
        bays = [[Bay("drawer", 1.0)] * rows] * columns
    grid = Grid(-w / 2 + 0.003, w / 2 - 0.003, lift, h - slab, -d / 2 + 0.002, d / 2 - 0.001)
    fill_grid(made, rng, grid, bays, material, params)
    if lift:
        for x, y in four(w / 2 - 0.05, d / 2 - 0.04):
            leg(made, (x, y, 0), (x, y, lift), 0.022, 0.03, material)
    return made


def shoe_bench(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bench with a board for shoes below its seat; the board is at z = 0.16."""
    w, d, h = size_m
    design_ = chosen(rng, params, {"panels": "", "frame": "modern rustic", "slats": "scandinavian modern"})
    material = timber(rng, params)
    made = MeshBuilder()
    x, y = w / 2, d / 2
    if design_ == "frame":
        for side in (-1, 1):
            steel_loop(made, side * (x - 0.02), d - 0.01, h - 0.03, "metal", (0.025, 0.018))
    else:
        for low in (-x, x - 0.024):
            made.block((low, -y + 0.005, 0), (low + 0.024, y - 0.005, h - 0.03), material)
    made.block((-x, -y, h - 0.03), (x, y, h), material, bevel=0.004)
    count = 5 if design_ != "panels" else 1
    pitch = (d - 0.02) / count
    for number in range(count):
        low = -y + 0.01 + number * pitch
        gap = 0.012 if count > 1 else 0.0
        made.block((-x + 0.024, low, 0.142), (x - 0.024, low + pitch - gap, 0.16), material)
    return made


def console_table(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A narrow table at a wall: on legs with drawers, on steel frames, or between panels."""
    designs = {
        "drawers": "classic scandinavian rustic", "frame": "modern rustic", "panels": "modern scandinavian",
        "shelf": "classic rustic scandinavian",
    }  # fmt: skip
    name = chosen(rng, params, designs)
    material = timber(rng, params)
    w, d, h = size_m
    made = MeshBuilder()
    x, y, t = w / 2, d / 2, float(rng.uniform(0.02, 0.032))
    top = "marble" if name == "frame" and rng.random() < 0.35 else material
    made.prism(rounded_rectangle(w, d, 0.006), h - t, h, top, bevel=0.002)
    z = h - t
    if name == "frame":
        metal = str(rng.choice(["metal", "brass", "metal_brushed"]))
        for side in (-1, 1):
            steel_loop(made, side * (x - 0.05), d - 0.03, z, metal, (0.022, 0.022))
        made.block((-x + 0.05, y - 0.037, 0.1), (x - 0.05, y - 0.015, 0.122), metal)
        if rng.random() < 0.6:
            made.block((-x + 0.062, -y + 0.03, 0.16), (x - 0.062, y - 0.02, 0.178), material)
        return made
    if name == "panels":
        for low in (-x + 0.001, x - 0.036):
            made.block((low, -y + 0.002, 0), (low + 0.035, y - 0.002, z), material)
        made.block((-x + 0.036, y - 0.03, z - 0.12), (x - 0.036, y - 0.012, z), material)
        return made
    case = 0.13 if name == "drawers" else 0.07
    if name == "drawers":
        count = 2 if w < 1.1 else 3
        grid = Grid(-x + 0.02, x - 0.02, z - case, z, -y + 0.012, y - 0.008)
        fill_grid(made, rng, grid, [[Bay("drawer", 1.0)] for _ in range(count)], material, params)
    else:
        made.block((-x + 0.03, -y + 0.025, z - case), (x - 0.03, -y + 0.043, z), material)
        made.block((-x + 0.03, y - 0.043, z - case), (x - 0.03, y - 0.025, z), material)
        made.block((-x + 0.035, -y + 0.03, 0.15), (x - 0.035, y - 0.03, 0.17), material)
    for cx, cy in four(x - 0.045, y - 0.042):
        leg(made, (cx, cy, 0), (cx, cy, z - (case if name == "drawers" else 0.0)), 0.026, 0.042, material)
    return made


def umbrella_stand(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A stand with umbrellas in it, which lean against its rim."""
    w, _, h = size_m
    r, tall = w / 2, min(0.56, 0.66 * h)
    name = design(rng, params, ("vessel", "vessel", "rings", "woven"))
    made = MeshBuilder()
    if name == "rings":
        for z in (0.012, 0.5 * tall, tall):
            angles = np.linspace(0, 2 * math.pi, 28, endpoint=False)
            loop = np.column_stack(
                [(r - 0.008) * np.cos(angles), (r - 0.008) * np.sin(angles), np.full(28, z)]
            )
            made.tube(loop, 0.006, "metal", segments=8, closed=True)
        for turn in range(6):
            a = turn * math.pi / 3
            x, y = (r - 0.008) * math.cos(a), (r - 0.008) * math.sin(a)
            made.tube([(x, y, 0.0), (x, y, tall)], 0.004, "metal", segments=8)
        made.cylinder(r - 0.012, 0.008, (0, 0, 0.004), "metal", segments=28)
    else:
        material = (
            "rattan" if name == "woven" else str(rng.choice(["ceramic", "metal", "brass", "terracotta"]))
        )
        flare = float(rng.uniform(0.8, 1.0))
        line = vessel([(r * flare, 0.0), (r * (0.5 + 0.5 * flare), 0.5 * tall), (r, tall)], 0.008, 0.015)
        turned(made, line, material, radius=0.006, segments=36)
    count = int(rng.integers(1, 4))
    for number in range(count):
        lean = float(rng.uniform(4, 9))
        turn = 360 * number / count + float(rng.uniform(-30, 30))
        long = h * float(rng.uniform(0.9, 1.0)) if number else h
        made.merge(_umbrella(rng, long), placed(yaw_deg=turn) @ placed(-0.3 * r, 0, 0.016, roll_deg=lean))
    return fitted(made, size_m)


def _umbrella(rng: np.random.Generator, long: float) -> MeshBuilder:
    """A furled umbrella on its tip."""
    made = MeshBuilder()
    cloth = tinted(rng, "garment", 9)
    handle = str(rng.choice(["wood", "wood_dark", "plastic_dark"]))
    t = np.linspace(0, 1, 9)
    angles = np.linspace(0, 2 * math.pi, 24, endpoint=False)
    radius = np.interp(t, [0, 0.15, 0.8, 1.0], [0.005, 0.014, 0.026, 0.016])
    flutes = 1 + 0.18 * np.sin(8 * angles[:, None] + 3 * t[None])
    x = radius[None] * np.cos(angles)[:, None] * flutes
    y = radius[None] * np.sin(angles)[:, None] * flutes
    z = np.broadcast_to(0.05 + t * (0.72 * long - 0.05), x.shape)
    made.surface(np.stack([x, y, z], axis=-1), cloth, closed_u=True)
    made.tube([(0, 0, 0), (0, 0, 0.88 * long)], 0.005, "metal", segments=8)
    if rng.random() < 0.6:
        bow = np.linspace(0, math.pi * 1.15, 10)
        grip = [
            (0, 0, 0.78 * long),
            *((0.03 - 0.03 * math.cos(a), 0, 0.93 * long + 0.03 * math.sin(a)) for a in bow),
        ]
        made.tube(grip, 0.009, handle, segments=10)
    else:
        made.tube([(0, 0, 0.78 * long), (0, 0, 0.96 * long)], [0.011, 0.014], handle, segments=12)
    return made


KINDS: dict[str, Callable[..., MeshBuilder]] = {
    "coat_rack": coat_rack,
    "coat_stand": coat_stand,
    "shoe_cabinet": shoe_cabinet,
    "shoe_bench": shoe_bench,
    "console_table": console_table,
    "umbrella_stand": umbrella_stand,
} | garments.KINDS
