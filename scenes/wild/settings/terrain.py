"""Open country as heights on rings around a clearing: fine near the camera, coarse at 200 m. No Blender."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..solids.noise import Noise
from ..solids.solid import Solid, grid_faces, turn_to

EDGE_M = 210.0
CLEARING_M = 9.0
"""Within this radius the ground is nearly level, for the camera."""
RINGS, SPOKES = 88, 108
NEAREST_M = 0.25


@dataclass(frozen=True, slots=True)
class Terrain:
    """Heights (RINGS, SPOKES) at radii (RINGS,) and evenly spread directions, and one at the middle."""

    radii_m: np.ndarray
    heights_m: np.ndarray
    middle_m: float

    def height(self, xy: np.ndarray) -> np.ndarray:
        """(...) heights at (..., 2): linear between rings and between directions."""
        radius = np.linalg.norm(xy, axis=-1)
        turn = (np.arctan2(xy[..., 1], xy[..., 0]) / (2 * math.pi)) % 1.0 * SPOKES
        ring = np.clip(np.searchsorted(self.radii_m, radius) - 1, 0, RINGS - 2)
        low, high = self.radii_m[ring], self.radii_m[ring + 1]
        along = np.clip((radius - low) / (high - low), 0.0, 1.0)
        spoke = np.floor(turn).astype(int) % SPOKES
        across = turn - np.floor(turn)
        following = (spoke + 1) % SPOKES
        near = self.heights_m[ring, spoke] * (1 - across) + self.heights_m[ring, following] * across
        far = self.heights_m[ring + 1, spoke] * (1 - across) + self.heights_m[ring + 1, following] * across
        return near * (1 - along) + far * along

    def steepness(self, xy: np.ndarray) -> np.ndarray:
        """(...) rise per metre at (..., 2)."""
        x, y = 0.5 * np.eye(2)
        return np.hypot(self.height(xy + x) - self.height(xy - x), self.height(xy + y) - self.height(xy - y))

    def tilt(self, xy: np.ndarray, reach_m: np.ndarray) -> np.ndarray:
        """(n, 3, 3) rotations that carry z to the ground's normals about (n, 2), over (n,) distances."""
        x, y = np.zeros((2, *xy.shape))
        x[:, 0] = y[:, 1] = reach_m
        dx, dy = (self.height(xy + step) - self.height(xy - step) for step in (x, y))
        return turn_to(np.column_stack([-dx, -dy, 2 * reach_m]))

    def solid(self) -> Solid:
        """The ground as a sheet."""
        angle = np.arange(SPOKES) * (2 * math.pi / SPOKES)
        ring = np.column_stack([np.cos(angle), np.sin(angle)])
        points = np.empty((RINGS, SPOKES, 3))
        points[..., :2] = self.radii_m[:, None, None] * ring
        points[..., 2] = self.heights_m
        quads = grid_faces(RINGS, SPOKES, through=True)
        here = np.arange(SPOKES)
        fan = np.column_stack([np.full(SPOKES, RINGS * SPOKES), here, np.roll(here, -1)])
        points = np.vstack([points.reshape(-1, 3), [[0.0, 0.0, self.middle_m]]])
        return Solid(points, (quads, fan), part="ground")


def make_terrain(relief_m: float, rng: np.random.Generator) -> Terrain:
    """Country of a relief: level in the clearing, hills and ridges beyond, a rim that hides the horizon."""
    radii = NEAREST_M * (EDGE_M / NEAREST_M) ** np.linspace(0, 1, RINGS)
    angle = np.arange(SPOKES) * (2 * math.pi / SPOKES)
    noise = Noise(rng)
    flat = np.stack([np.cos(angle)[None] * radii[:, None], np.sin(angle)[None] * radii[:, None],
                     np.zeros((RINGS, SPOKES))], axis=-1)  # fmt: skip
    shift = rng.uniform(0, 200, 3)
    broad = flat / rng.uniform(50, 110) + shift
    ridges = rng.uniform(0.0, 0.8)
    hills = noise.fractal(broad, 3) * (1 - ridges) * 1.5 + ridges * (
        noise.ridged(broad * 0.8, 3, rough=0.45) - 0.9
    )
    rise = _step(radii, CLEARING_M, 90.0)[:, None]
    rim = _step(radii, 120.0, EDGE_M)[:, None] * (0.25 * relief_m + 5.0)
    mounds = noise.fractal(flat / 7.0 + shift, 3) * (0.1 + 0.5 * _step(radii, CLEARING_M, 40.0)[:, None])
    heights = hills * rise * relief_m + rim + mounds
    middle = float(heights[0].mean())
    return Terrain(radii, heights - middle, 0.0)


def _step(value: np.ndarray, low: float, high: float) -> np.ndarray:
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
