"""Parts of lamps: shades, bulbs, the metal of their fittings."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import (
    ball,
    soft,
)

METALS = ("metal", "brass", "metal_brushed")


def draw_metal(rng: np.random.Generator) -> str:
    """The metal of a lamp's fittings."""
    return METALS[int(rng.choice(3, p=[0.45, 0.35, 0.2]))]


def hung_shade(
    builder: MeshBuilder,
    low: tuple[float, float],
    high: tuple[float, float],
    material: str,
    metal: str,
    *,
    at: tuple[float, float] = (0.0, 0.0),
) -> None:
    """A shade open below and above, with hems and the ring that carries it: (radius, z) at both ends."""
    wall = 0.0022
    (r0, z0), (r1, z1) = low, high
    profile = [(r0 - wall, z0), (r0, z0), (r1, z1), (r1 - wall, z1), (r0 - wall, z0)]
    builder.lathe(soft(profile, 0.0008, 1), (*at, 0.0), material, segments=40)
    hem = min(0.008, 0.06 * (z1 - z0))
    for radius, z, step in ((r0, z0, hem), (r1, z1 - hem, hem)):
        slope = (r1 - r0) / (z1 - z0) * step
        band = [(radius + 0.0006, z), (radius + 0.0006 + (slope if z == z0 else -slope), z + step)]
        if z != z0:
            band[0], band[1] = (radius + 0.0006 - slope, z), (radius + 0.0006, z + step)
        builder.lathe(band, (*at, 0.0), material, segments=40)
    seat = z1 - 0.16 * (z1 - z0)
    reach = r1 - wall + (r0 - r1) * 0.16
    for turn in (90.0, 210.0, 330.0):
        angle = math.radians(turn)
        end = (at[0] + reach * math.cos(angle), at[1] + reach * math.sin(angle), seat)
        builder.tube([(*at, seat), end], 0.0014, metal, segments=5)


def standing_bulb(builder: MeshBuilder, x: float, y: float, z: float, radius: float, metal: str) -> None:
    """A bulb with its socket below."""
    ball(builder, (x, y, z), (radius, radius, radius * 1.12), "bulb", segments=14, rings=8)
    builder.cylinder(radius * 0.55, radius * 1.5, (x, y, z - radius * 2.3), metal, segments=12)


def hanging_bulb(builder: MeshBuilder, x: float, y: float, z: float, radius: float, metal: str) -> None:
    """A bulb with its socket above."""
    ball(builder, (x, y, z), (radius, radius, radius * 1.12), "bulb", segments=14, rings=8)
    builder.cylinder(radius * 0.55, radius * 1.5, (x, y, z + radius * 0.8), metal, segments=12)
