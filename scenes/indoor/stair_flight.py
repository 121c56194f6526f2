"""A staircase in Blender: the flight, its balustrade, and what is seen of the floor above through the well.

The flight's own frame has x up the flight from the foot of the lowest step, y away from the wall, z up.
"""

from __future__ import annotations

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .layout.stairs import RAIL_M, UPPER_M, Stairs

SHELL_M = 0.1
"""Thickness of the walls around the upper landing."""
TREAD_M = 0.04
NOSE_M = 0.028


def flight(stairs: Stairs, rng: np.random.Generator) -> MeshBuilder:
    """Steps, stringers or panelling, and the balustrade."""
    timber = str(rng.choice(["wood", "wood", "wood_dark", "wood_light"]))
    paint = "skirting" if rng.random() < 0.5 else timber
    made = MeshBuilder()
    going, rise, width = stairs.going_m, stairs.rise_m, stairs.width_m
    for number in range(stairs.steps - 1):
        x, z = number * going, stairs.tread_z_m(number)
        back = x + going + (0.012 if stairs.design == "closed" else 0.0)
        made.block((x - NOSE_M, 0.004, z - TREAD_M), (back, width, z), timber, bevel=0.006)
    if stairs.design == "closed":
        _closed(made, stairs, paint, "paint_wall" if rng.random() < 0.6 else paint)
        if rng.random() < 0.6:
            _cupboard(made, stairs, paint)
    else:
        _stringers(made, stairs, timber)
    last = stairs.run_m
    made.block(
        (last - 0.014, 0.0, stairs.storey_m - rise), (last + 0.006, width + 0.05, stairs.storey_m), paint
    )
    _balustrade(made, stairs, rng, timber, paint)
    return made.transformed(stairs.world_from_flight())


def _closed(made: MeshBuilder, stairs: Stairs, paint: str, panel: str) -> None:
    """Risers, and a wall below the open side of the flight."""
    going, width = stairs.going_m, stairs.width_m
    side = width - 0.03
    for number in range(stairs.steps - 1):
        x, top = number * going, stairs.tread_z_m(number) - TREAD_M
        low = stairs.tread_z_m(number - 1) if number else 0.0
        made.block((x, 0.006, low), (x + 0.02, width - 0.006, top), paint, bevel=0.0)
        made.quad([(x + going, side, 0.0), (x, side, 0.0), (x, side, top), (x + going, side, top)], panel)
    end, top = stairs.run_m, min(stairs.storey_m - stairs.rise_m, stairs.height_m)
    made.quad([(end, 0.0, 0.0), (end, side, 0.0), (end, side, top), (end, 0.0, top)], panel)
    made.block((0.0, side, 0.0), (end, side + 0.013, 0.09), "skirting", bevel=0.002)
    # A string board follows the steps.
    slope = stairs.rise_m / going
    points = [(0.0, 0.0), (0.28, 0.0), (end, slope * (end - 0.28)), (end, slope * end), (0.0, 0.02)]
    for y0, y1 in ((side, side + 0.022),):
        ring = [np.array([(x, y, min(z, stairs.height_m)) for x, z in points]) for y in (y1, y0)]
        made.loft(np.array(ring), paint, smooth=False)


def _cupboard(made: MeshBuilder, stairs: Stairs, paint: str) -> None:
    """A low door in the panelling, where there is height for it."""
    tall, wide = 1.35, 0.6
    slope = stairs.rise_m / stairs.going_m
    left = (tall + 0.3) / slope + 0.2
    if left + wide + 0.1 > stairs.run_m:
        return
    y = stairs.width_m - 0.03
    for x0, x1, z0, z1 in (
        (left, left + wide, 0.1, 0.13),
        (left, left + wide, tall - 0.03, tall),
        (left, left + 0.05, 0.13, tall - 0.03),
        (left + wide - 0.05, left + wide, 0.13, tall - 0.03),
    ):
        made.block((x0, y, z0), (x1, y + 0.012, z1), paint, bevel=0.002)
    made.block((left + 0.055, y, 0.135), (left + wide - 0.055, y + 0.018, tall - 0.035), paint, bevel=0.003)
    knob = (left + wide - 0.1, y + 0.018, 0.62 * tall)
    made.tube([knob, (knob[0], knob[1] + 0.03, knob[2])], [0.008, 0.014], "handle", segments=14)


def _stringers(made: MeshBuilder, stairs: Stairs, timber: str) -> None:
    slope, end, up = stairs.rise_m / stairs.going_m, stairs.run_m, 0.45 * stairs.rise_m
    deep = 0.3
    points = [
        (0.0, 0.0),
        ((deep - up) / slope, 0.0),
        (end, slope * end + up - deep),
        (end, slope * end + up),
        (0.0, up),
    ]
    for y0 in (0.012, stairs.width_m - 0.062):
        ring = [np.array([(x, y, z) for x, z in points]) for y in (y0 + 0.05, y0)]
        made.loft(np.array(ring), timber, smooth=False)


def _balustrade(made: MeshBuilder, stairs: Stairs, rng: np.random.Generator, timber: str, paint: str) -> None:
    """Newels, a handrail, and between them posts, rods or glass."""
    going, y = stairs.going_m, stairs.width_m - 0.045
    slope = stairs.rise_m / going
    start, end = 0.06, stairs.run_m - 0.06

    def rail_z(x: float) -> float:
        return slope * x + stairs.rise_m + RAIL_M - 0.05

    newel = "metal" if rng.random() < 0.25 else paint
    for x, low, high in (
        (start, 0.0, rail_z(start) + 0.14),
        (end, stairs.storey_m - stairs.rise_m, rail_z(end) + 0.1),
    ):
        if newel == "metal":
            made.cylinder(0.022, high - low, (x, y, low), "metal", segments=20)
            continue
        made.block((x - 0.045, y - 0.045, low), (x + 0.045, y + 0.045, high - 0.03), newel, bevel=0.005)
        made.block((x - 0.055, y - 0.055, high - 0.03), (x + 0.055, y + 0.055, high), newel, bevel=0.01)
    outline = np.array(
        [(-0.028, -0.018), (0.028, -0.018), (0.032, 0.006), (0.02, 0.022), (-0.02, 0.022), (-0.032, 0.006)]
    )
    made.sweep([(start, y, rail_z(start)), (end, y, rail_z(end))], outline, timber)
    kind = str(rng.choice(["posts", "posts", "rods", "boards", "glass"]))
    if kind == "glass":
        low = [(x, y, slope * x + stairs.rise_m + 0.06) for x in (start + 0.06, end - 0.06)]
        high = [(x, y, rail_z(x) - 0.05) for x in (start + 0.06, end - 0.06)]
        pane = np.array(
            [[(x, y + s, z) for x, _, z in (low[0], low[1], high[1], high[0])] for s in (0.005, -0.005)]
        )
        made.loft(pane, "glass", smooth=False)
        return
    if kind == "boards":  # rails along the flight
        for share in (0.22, 0.42, 0.62, 0.82):
            lift = share * (RAIL_M - 0.1) - RAIL_M + 0.05
            ends = [(x, y, rail_z(x) + lift) for x in (start, end)]
            made.sweep(ends, rounded_rectangle(0.024, 0.06, 0.003, corner_points=2), paint, smooth=False)
        return
    for number in range(stairs.steps - 1):
        for share in (0.25, 0.75):
            x = (number + share) * going
            if not start + 0.07 < x < end - 0.06:
                continue
            low, high = stairs.tread_z_m(number), rail_z(x) - 0.015
            if kind == "rods":
                made.tube([(x, y, low), (x, y, high)], 0.007, "metal", segments=8)
            else:
                made.block((x - 0.015, y - 0.015, low), (x + 0.015, y + 0.015, high), paint, bevel=0.002)


def ceiling_pieces(
    rectangles: list[tuple[float, float, float, float]], well: np.ndarray
) -> list[tuple[float, float, float, float]]:
    """Rectangles (x0, y0, x1, y1) less a well, cut into up to four each."""
    pieces = []
    for x0, y0, x1, y1 in rectangles:
        a0, b0, a1, b1 = max(x0, well[0]), max(y0, well[1]), min(x1, well[2]), min(y1, well[3])
        if a0 >= a1 or b0 >= b1:
            pieces.append((x0, y0, x1, y1))
            continue
        around = [(x0, y0, x1, b0), (x0, b1, x1, y1), (x0, b0, a0, b1), (a1, b0, x1, b1)]
        pieces += [each for each in around if each[2] - each[0] > 1e-6 and each[3] - each[1] > 1e-6]
    return pieces


def upper_landing(stairs: Stairs, slab_m: float, wall: str) -> tuple[MeshBuilder, MeshBuilder, MeshBuilder]:
    """Walls, floor and ceiling of the landing, closed around the well; they stand on the ceiling's slab."""
    x0, x1 = stairs.well_start_m, stairs.run_m + stairs.landing_m
    y0, y1 = 0.0, stairs.width_m + 0.06
    low, high = stairs.height_m + slab_m, stairs.storey_m + UPPER_M
    walls, t = MeshBuilder(), SHELL_M
    for a, b in (
        ((x0 - t, y0 - t, low), (x1 + t, y0, high)),
        ((x0 - t, y1, low), (x1 + t, y1 + t, high)),
        ((x0 - t, y0, low), (x0, y1, high)),
        ((x1, y0, low), (x1 + t, y1, high)),
    ):
        walls.block(a, b, wall, bevel=0)
    floor = MeshBuilder().block((stairs.run_m, y0, low), (x1, y1, stairs.storey_m), "floor", bevel=0)
    lid = MeshBuilder().block((x0 - t, y0 - t, high), (x1 + t, y1 + t, high + t), "paint_ceiling", bevel=0)
    frame = stairs.world_from_flight()
    return walls.transformed(frame), floor.transformed(frame), lid.transformed(frame)
