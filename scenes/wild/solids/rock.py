"""Rocks and crystals."""

from __future__ import annotations

import math

import numpy as np

from .noise import Noise
from .round import icosphere
from .solid import Solid, about_z, joined, turn_to


def rock(rng: np.random.Generator, *, level: int = 4, cuts: int = 7, rough: float = 0.3) -> Solid:
    """A rock of radius about 1: a sphere with dents, broken off along planes, then weathered."""
    sphere, noise = icosphere(level), Noise(rng)
    direction = sphere.points
    points = direction * (1 + rough * noise.fractal(direction * 1.3 + rng.uniform(0, 50, 3), 3))[:, None]
    normals = rng.normal(size=(cuts, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    for normal, depth in zip(normals, rng.uniform(0.62, 0.95, cuts)):
        over = np.maximum(points @ normal - depth, 0.0)
        points = points - 0.94 * over[:, None] * normal
    grain = noise.fractal(points * 4.0 + 9.0, 3, rough=0.6)
    points = points * (1 + 0.045 * grain)[:, None]
    stretch = np.array([1.0, rng.uniform(0.65, 1.0), rng.uniform(0.5, 0.95)])
    return Solid(points * stretch, sphere.faces)


def crystals(rng: np.random.Generator, count: int) -> Solid:
    """A cluster of six-sided crystals that grow out of one place, about 1 high."""
    made = []
    for index in range(count):
        length, radius = rng.uniform(0.4, 1.0), rng.uniform(0.05, 0.13)
        tip = length - radius * rng.uniform(0.8, 1.6)
        angle = np.arange(6) * (math.pi / 3)
        ring = np.column_stack([np.cos(angle), np.sin(angle)]) * rng.uniform(0.85, 1.15, (6, 1)) * radius
        points = np.vstack(
            [
                np.column_stack([0.8 * ring, np.full(6, -0.1)]),
                np.column_stack([ring, np.full(6, tip)]),
                [[0, 0, -0.1], [*rng.normal(0, 0.2 * radius, 2), length]],
            ]
        )
        here, after = np.arange(6), np.roll(np.arange(6), -1)
        sides = np.column_stack([here, after, after + 6, here + 6])
        fans = [
            np.column_stack([np.full(6, 12), after, here]),
            np.column_stack([np.full(6, 13), here + 6, after + 6]),
        ]
        lean = 0.0 if index == 0 else rng.uniform(0.1, 0.9)
        way = about_z(rng.uniform(0, 2 * math.pi)) @ np.array([math.sin(lean), 0, math.cos(lean)])
        made.append(Solid(points, (sides, np.vstack(fans)), smooth=False).turned(turn_to(way)))
    return joined(made)
