"""Sofas and armchairs with a frame of wood and loose cushions. Lengths are metres."""

from __future__ import annotations

import itertools

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, spline
from .legs import leg, post, rail
from .sofa_parts import back_cushion, fitted_above, seat_height
from .upholstery import cushion


def wood_frame(
    size_m: Size, rng: np.random.Generator, params: dict, fabric: str, material: str, seats: int
) -> MeshBuilder:
    """A mid-century frame of wood with loose cushions on it."""
    w, d, h = size_m
    seat_z = seat_height(params)
    builder = MeshBuilder()
    t = 0.042
    x = w / 2 - t / 2
    arm_z = min(seat_z + 0.19, h - 0.1)
    lean = 0.16
    deck = seat_z - 0.13
    paddle = rng.random() < 0.6
    for side in (-1, 1):
        leg(
            builder,
            (side * x, -d / 2 + 0.06, 0),
            (side * x, -d / 2 + 0.075, arm_z - 0.01),
            (t * 0.62, 0.032),
            (t * 0.8, 0.048),
            material,
            rounding=0.01,
        )
        back = [
            (side * x, d / 2 - 0.05, 0),
            (side * x, d / 2 - lean - 0.02, seat_z * 0.75),
            (side * x, d / 2 - lean * 0.8, arm_z),
            (side * x, d / 2 - 0.02, h - 0.02),
        ]
        post(
            builder,
            spline(back, 10),
            [(t * 0.62, 0.034)] + [(t * 0.75, 0.044)] * 8 + [(t * 0.6, 0.034)],
            material,
            rounding=0.009,
        )
        ys = np.linspace(-d / 2 + 0.015, d / 2 - lean * 0.75, 9)
        path = np.column_stack([np.full(9, side * x), ys, arm_z + 0.012 * np.cos(np.linspace(0, 3.1, 9))])
        wide = rounded_rectangle(t * (1.5 if paddle else 1.0), 0.024, 0.011)
        shift = -side * (t * 0.25 if paddle else 0.0)
        path[:, 0] += shift
        builder.sweep(path, wide, material, scale=np.concatenate([[0.86], np.ones(7), [0.8]]))
        rail(
            builder,
            (side * x, -d / 2 + 0.07, deck - 0.03),
            (side * x, d / 2 - lean, deck - 0.06),
            (0.024, 0.06),
            material,
            rounding=0.008,
        )
    for y, z in ((-d / 2 + 0.075, deck - 0.03), (d / 2 - lean, deck - 0.06)):
        rail(builder, (-x, y, z), (x, y, z), (0.024, 0.06), material, rounding=0.006)
    crest_y = d / 2 - 0.035
    rail(builder, (-x, crest_y, h - 0.05), (x, crest_y, h - 0.05), (0.022, 0.05), material, rounding=0.008)
    low_y = d / 2 - lean * 0.86
    count = max(5, round(w / 0.11))
    for u in np.linspace(-x + 0.08, x - 0.08, count):
        builder.tube([(u, low_y - 0.02, deck - 0.04), (u, crest_y, h - 0.06)], 0.0085, material, segments=8)
    for u in np.linspace(-d / 2 + 0.12, d / 2 - lean - 0.04, 6):  # the slats under the cushions
        builder.block((-x, u - 0.025, deck - 0.012), (x, u + 0.025, deck), material)
    inner = w / 2 - t - (0.012 if paddle else 0.004)
    edges = np.linspace(-inner, inner, seats + 1)
    thick = seat_z - deck
    piping = fabric if rng.random() < 0.6 else None
    for a, b in itertools.pairwise(edges):
        y0, y1 = -d / 2 + 0.005, d / 2 - lean - 0.04
        cushion(
            builder,
            (b - a - 0.006, y1 - y0, thick),
            ((a + b) / 2, (y0 + y1) / 2, seat_z - thick / 2),
            fabric,
            radius=0.032,
            crown=(0, 0.006, 0.014),
            rng=rng,
            wrinkle=0.005,
            piping=piping,
            spacing=0.05,
        )
        back_cushion(
            builder,
            rng,
            (a + 0.004, b - 0.004),
            (d / 2 - lean - 0.005, seat_z - 0.01),
            h,
            0.13,
            fabric,
            15.0,
            piping,
        )
    return fitted_above(builder, size_m, seat_z)
