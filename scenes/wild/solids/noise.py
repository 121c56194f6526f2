"""Gradient noise in numpy, for shapes: rocks, terrain, crumpled sheets, wandering curves.

Perlin's improved noise (K. Perlin, "Improving Noise", 2002) with random unit gradients instead of his twelve.
"""

from __future__ import annotations

import numpy as np

_TABLE = 256


class Noise:
    """One fixed field of noise, about -0.6 to 0.6, one cycle per unit of length."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._order = rng.permutation(_TABLE)
        gradients = rng.normal(size=(_TABLE, 3))
        self._gradients = (gradients / np.linalg.norm(gradients, axis=1, keepdims=True)).T

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """(...) values at points (..., 3)."""
        cell = np.floor(points)
        place = points - cell
        fade = place**3 * (place * (place * 6 - 15) + 10)
        x, y, z = np.moveaxis(cell.astype(np.int64) % _TABLE, -1, 0)
        px, py, pz = np.moveaxis(place, -1, 0)
        fx, fy, fz = np.moveaxis(fade, -1, 0)
        total = np.zeros(points.shape[:-1])
        for i, wx in ((0, 1 - fx), (1, fx)):
            column = self._order[(x + i) % _TABLE] + y
            for j, wy in ((0, wx * (1 - fy)), (1, wx * fy)):
                row = self._order[(column + j) % _TABLE] + z
                for k, weight in ((0, wy * (1 - fz)), (1, wy * fz)):
                    gx, gy, gz = self._gradients[:, self._order[(row + k) % _TABLE]]
                    total += weight * (gx * (px - i) + gy * (py - j) + gz * (pz - k))
        return total

    def fractal(self, points: np.ndarray, octaves: int, *, rough: float = 0.5) -> np.ndarray:
        """(...) sum of octaves, each twice as fine and `rough` times as strong as the one before."""
        return sum(rough**i * self(points * 2.0**i + 17.3 * i) for i in range(octaves))

    def ridged(self, points: np.ndarray, octaves: int, *, rough: float = 0.5) -> np.ndarray:
        """(...) the same with crests where the noise crosses 0: 1 on a crest of the first octave."""
        return sum(rough**i * (1 - 2 * np.abs(self(points * 2.0**i + 17.3 * i))) for i in range(octaves))

    def vectors(self, points: np.ndarray, octaves: int = 1) -> np.ndarray:
        """(..., 3) three independent fields."""
        return np.stack([self.fractal(points + shift, octaves) for shift in (0.0, 31.7, 77.1)], axis=-1)
