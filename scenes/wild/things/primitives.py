"""Simple solids: boxes, balls, rods, rings, gears, stars, springs, knots, gems."""

from __future__ import annotations

import math

import numpy as np

from ..solids import round as shapes
from ..solids.solid import Solid
from ..solids.tubes import tubes
from .kind import Kind


def _box(size_m: float, rng: np.random.Generator) -> list[Solid]:
    sides = np.array([1.0, *rng.uniform(0.3, 1.0, 2)]) * size_m * 0.8
    return [shapes.box(rng.permutation(sides), sides.min() * rng.uniform(0.02, 0.12))]


def _slab(size_m: float, rng: np.random.Generator) -> list[Solid]:
    sides = np.array([1.0, rng.uniform(0.4, 1.0), rng.uniform(0.04, 0.12)]) * size_m * 0.9
    return [shapes.box(sides, sides.min() * rng.uniform(0.05, 0.3))]


def _ball(size_m: float, rng: np.random.Generator) -> list[Solid]:
    return [shapes.ball(size_m / 2, 40)]


def _capsule(size_m: float, rng: np.random.Generator) -> list[Solid]:
    return [shapes.capsule(size_m * rng.uniform(0.1, 0.3), size_m)]


def _cone(size_m: float, rng: np.random.Generator) -> list[Solid]:
    radius = size_m * rng.uniform(0.25, 0.45)
    top = radius * rng.choice([0.0, rng.uniform(0.2, 0.6)])
    return [shapes.cylinder(radius, size_m * 0.9, top=float(top), bevel=size_m * 0.02)]


def _drum(size_m: float, rng: np.random.Generator) -> list[Solid]:
    radius = size_m * rng.uniform(0.2, 0.42)
    return [shapes.cylinder(radius, size_m * rng.uniform(0.3, 0.9), bevel=size_m * rng.uniform(0.01, 0.05))]


def _ring(size_m: float, rng: np.random.Generator) -> list[Solid]:
    minor = rng.uniform(0.04, 0.16)
    return [shapes.torus((0.5 - minor) * size_m, minor * size_m)]


def _superellipsoid(size_m: float, rng: np.random.Generator) -> list[Solid]:
    e1, e2 = rng.choice([0.2, 0.35, 0.6, 1.0, 1.6], 2)
    return [
        shapes.superellipsoid(float(e1), float(e2), 36).scaled(
            size_m * np.array([1, *rng.uniform(0.5, 1, 2)])
        )
    ]


def _gear(size_m: float, rng: np.random.Generator) -> list[Solid]:
    teeth, radius = int(rng.integers(9, 22)), size_m / 2
    depth = radius * min(4.0 / teeth, 0.25)
    place = np.array([0.05, 0.2, 0.3, 0.7, 0.8, 0.95]) / teeth * 2 * math.pi
    height = np.array([0, 0, 1, 1, 0, 0.0])
    angle = (np.arange(teeth)[:, None] * (2 * math.pi / teeth) + place[None]).ravel()
    outer = radius - depth * (1 - np.tile(height, teeth))
    rim = np.column_stack([np.cos(angle), np.sin(angle)])
    hole = radius * rng.uniform(0.15, 0.55)
    return [
        shapes.ring_plate(rim * outer[:, None], rim * hole, size_m * rng.uniform(0.08, 0.25), 0.012 * size_m)
    ]


def _star(size_m: float, rng: np.random.Generator) -> list[Solid]:
    points = int(rng.integers(4, 10))
    angle = np.arange(2 * points) * (math.pi / points)
    radius = np.where(np.arange(2 * points) % 2, rng.uniform(0.2, 0.35), 0.5) * size_m
    outline = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    return [shapes.prism(outline, size_m * rng.uniform(0.1, 0.6), bevel=0.02 * size_m)]


def _prism(size_m: float, rng: np.random.Generator) -> list[Solid]:
    sides = int(rng.integers(3, 9))
    angle = np.arange(sides) * (2 * math.pi / sides)
    outline = np.column_stack([np.cos(angle), np.sin(angle)]) * size_m * rng.uniform(0.25, 0.45)
    return [shapes.prism(outline, size_m * rng.uniform(0.3, 0.9), bevel=0.012 * size_m)]


def _spring(size_m: float, rng: np.random.Generator) -> list[Solid]:
    turns, radius = rng.uniform(4, 9), size_m * rng.uniform(0.15, 0.35)
    wire = min(size_m * rng.uniform(0.012, 0.035), 0.35 * size_m / turns)
    t = np.linspace(0, 1, int(26 * turns))
    rise = np.clip((t * turns - 0.6) / (turns - 1.2), 0, 1)  # the ends lie flat
    angle = 2 * math.pi * turns * t
    path = np.column_stack([np.cos(angle) * radius, np.sin(angle) * radius, (rise - 0.5) * size_m * 0.9])
    return [tubes(path[None], wire, sides=10, part="metal")]


def _knot(size_m: float, rng: np.random.Generator) -> list[Solid]:
    p, q = [(2, 3), (3, 2), (2, 5), (3, 4), (3, 5)][int(rng.integers(5))]
    t = np.arange(170) * (2 * math.pi / 170)
    around = 0.33 + 0.13 * np.cos(q * t)
    path = np.column_stack([around * np.cos(p * t), around * np.sin(p * t), -0.13 * np.sin(q * t)]) * size_m
    return [tubes(path[None], size_m * rng.uniform(0.025, 0.055), sides=12, closed=True)]


def _gem(size_m: float, rng: np.random.Generator) -> list[Solid]:
    points = shapes.icosphere(int(rng.integers(0, 2)))
    stretch = np.array([1.0, 1.0, rng.uniform(0.7, 1.0)]) * size_m / 2
    return [points.scaled(stretch).shaded(False)]


def _egg(size_m: float, rng: np.random.Generator) -> list[Solid]:
    latitude = np.linspace(-math.pi / 2, math.pi / 2, 25)
    shape, lobes = rng.uniform(-0.35, 0.35), int(rng.choice([0, 0, 5, 8]))
    radius = np.cos(latitude) * (0.36 + 0.13 * shape * np.sin(latitude))
    radius[[0, -1]] = 0.0
    made = shapes.turned(np.column_stack([radius, np.sin(latitude) * 0.5]) * size_m, 48)
    angle = np.arctan2(made.points[:, 1], made.points[:, 0])
    made.points[:, :2] *= (1 + 0.06 * bool(lobes) * np.cos(lobes * angle))[:, None]  # pumpkins
    return [made]


KINDS = {
    "box": Kind(_box, flat_top=True),
    "slab": Kind(_slab, "upright", flat_top=True),
    "ball": Kind(_ball),
    "capsule": Kind(_capsule),
    "cone": Kind(_cone),
    "drum": Kind(_drum, flat_top=True),
    "ring": Kind(_ring),
    "superellipsoid": Kind(_superellipsoid),
    "gear": Kind(_gear),
    "star": Kind(_star),
    "prism": Kind(_prism, flat_top=True),
    "spring": Kind(_spring, largest_m=4.0),
    "knot": Kind(_knot),
    "gem": Kind(_gem),
    "egg": Kind(_egg),
}
