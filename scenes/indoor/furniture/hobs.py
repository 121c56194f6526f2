"""Hobs and what burns on them. Lengths are metres."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, design, disc_profile, placed, ring, turned

SPOTS = ((-0.27, 0.24, 0.09), (0.27, 0.24, 0.075), (-0.27, -0.22, 0.075), (0.27, -0.22, 0.09))
"""Of four burners: (x, y) as parts of the plate's width and depth, radius in metres."""
GRATE_M = 0.03
"""How far grates stand above the plate of a gas hob."""


def hob(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A hob that lies on its worktop: "induction" (black glass), "gas" (grates, the pans stand at z = h) or
    "plates"."""
    w, d, h = size_m
    name = design(rng, params, ("induction", "gas", "plates"))
    builder = MeshBuilder()
    plate = 0.006
    role = "black_glass" if name == "induction" or rng.random() < 0.3 else "steel"
    builder.prism(rounded_rectangle(w, d, 0.006), 0.0, plate, role, bevel=0.0015)
    if name == "induction":
        _zones(builder, w, d, plate)
        return builder
    strip = 0.075 if w < 0.7 else 0.0
    burners(builder, rng, (w - 0.03, d - 0.03 - strip), (0.0, strip / 2), plate, name, rise=h - plate)
    metal = "plastic_dark" if rng.random() < 0.5 else "steel"
    if strip:
        spots = [(x, -d / 2 + 0.045) for x in np.linspace(-0.18, 0.18, 4)]
    else:
        spots = [(w / 2 - 0.05, y) for y in np.linspace(-0.14, 0.14, 4)]
    for x, y in spots:
        cap = turned(
            MeshBuilder(), [(0, 0), (0.019, 0), (0.016, 0.02), (0, 0.02)], metal, radius=0.003, segments=22
        )
        cap.block((-0.003, -0.016, 0.018), (0.003, 0.016, 0.023), metal, bevel=0.001)
        builder.merge(cap, placed(x, y, plate, yaw_deg=float(rng.choice([0, 0, 0, 60, 120]))))
    return builder


def _zones(builder: MeshBuilder, w: float, d: float, z: float) -> None:
    """Rings and marks printed on the glass."""
    for x, y, radius in SPOTS:
        for r in (radius, 0.92 * radius):
            band = [(r - 0.0012, z + 0.0002), (r, z + 0.0002)][::-1]
            builder.merge(MeshBuilder().lathe(band, (0, 0, 0), "plastic", segments=40), placed(x * w, y * d))
        for a, b in ((0.012, 0.0012), (0.0012, 0.012)):
            builder.block((x * w - a, y * d - b, z), (x * w + a, y * d + b, z + 0.0003), "plastic", bevel=0)
    for number in range(6):
        x = (number - 2.5) * 0.035
        builder.block(
            (x - 0.006, -d / 2 + 0.02, z), (x + 0.006, -d / 2 + 0.032, z + 0.0003), "plastic", bevel=0
        )


def spots_of(w: float, d: float) -> list[tuple[float, float, float]]:
    """Centres and radii of the burners on a plate (w, d), metres about its middle."""
    return [(x * w, y * d, radius) for x, y, radius in SPOTS]


def burners(
    builder: MeshBuilder,
    rng: np.random.Generator,
    size: tuple[float, float],
    at: tuple[float, float],
    z: float,
    kind: str,
    *,
    rise: float = GRATE_M,
) -> None:
    """Four burners with their grates, or four iron plates, on a deck at height `z`."""
    w, d = size
    for x, y, radius in spots_of(w, d):
        x, y = x + at[0], y + at[1]
        if kind == "plates":
            turned(
                builder,
                disc_profile(radius, 0.0, min(0.012, rise)),
                "cast_iron",
                at=(x, y, z),
                radius=0.003,
                segments=36,
            )
            ring(builder, radius + 0.004, 0.004, "steel", placed(x, y, z + 0.002), segments=36, sides=6)
            continue
        turned(
            builder,
            [(0, 0), (0.055 + radius * 0.1, 0), (0.052, 0.006), (0, 0.006)],
            "steel",
            at=(x, y, z),
            radius=0.002,
            segments=30,
        )
        head = 0.45 * radius
        turned(
            builder,
            [(0, 0.004), (head, 0.004), (head * 0.95, 0.014), (0, 0.015)],
            "cast_iron",
            at=(x, y, z),
            radius=0.002,
            segments=28,
        )
    if kind == "plates":
        return
    bar = 0.011
    top = z + rise
    for side in (-1, 1):
        x0, x1 = sorted((at[0] + side * 0.008, at[0] + side * (w / 2 - 0.004)))
        y0, y1 = at[1] - d / 2 + 0.004, at[1] + d / 2 - 0.004
        for a, b in (
            ((x0, y0), (x1, y0 + bar)),
            ((x0, y1 - bar), (x1, y1)),
            ((x0, y0), (x0 + bar, y1)),
            ((x1 - bar, y0), (x1, y1)),
        ):
            builder.block((*a, top - bar), (*b, top - 0.001), "cast_iron", bevel=0.002)
        for x in (x0 + bar / 2, x1 - bar / 2):
            for y in (y0 + bar / 2, y1 - bar / 2):
                builder.cylinder(bar / 2, rise - 0.004, (x, y, z), "cast_iron", segments=8)
    for x, y, radius in spots_of(w, d):
        x, y = x + at[0], y + at[1]
        for number in range(4):
            turn = math.radians(45 + 90 * number) if radius < 0.08 else math.radians(90 * number)
            inner, outer = 0.028, (radius + 0.028 if number % 2 == 0 or radius < 0.08 else radius + 0.02)
            path = [(x + r * math.cos(turn), y + r * math.sin(turn), top - bar / 2) for r in (inner, outer)]
            builder.sweep(
                path,
                np.array([(-0.0045, -0.0055), (0.0045, -0.0055), (0.0035, 0.0055), (-0.0035, 0.0055)]),
                "cast_iron",
                smooth=False,
            )


KINDS = {"hob": hob}
