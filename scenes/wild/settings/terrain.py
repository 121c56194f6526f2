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
        """(...) heights at (..., 2) of the ground as `solid` has it, to rounding."""
        radii = np.concatenate([[0.0], self.radii_m])
        heights = np.vstack([np.full(SPOKES, self.middle_m), self.heights_m])
        turn = (np.arctan2(xy[..., 1], xy[..., 0]) / (2 * math.pi)) % 1.0 * SPOKES
        spoke = np.floor(turn).astype(int) % SPOKES
        # Between two spokes, rings are chords: x is the way out to them, y the way along, from the middle.
        half = math.pi / SPOKES
        radius, angle = np.linalg.norm(xy, axis=-1), (turn - np.floor(turn) - 0.5) * 2 * half
        x, y = radius * np.cos(angle) / math.cos(half), radius * np.sin(angle) / math.sin(half)
        ring = np.clip(np.searchsorted(radii, x) - 1, 0, RINGS - 1)
        low, high, following = radii[ring], radii[ring + 1], (spoke + 1) % SPOKES
        out = np.clip((x - low) / (high - low), 0.0, 1.0)
        # Each cell is cut from its corner that is near and clockwise to the one that is far and after it.
        cut = out * (low + high) - low
        here, beyond = heights[ring, spoke], heights[ring + 1, following]
        on_cut, before = here + out * (beyond - here), y < cut
        side = low + out * (high - low)
        near = heights[ring, following]
        on_side = np.where(
            before, here + out * (heights[ring + 1, spoke] - here), near + out * (beyond - near)
        )
        wide = np.where(before, cut + side, side - cut)
        share = np.clip(np.abs(y - cut) / np.where(wide > 0, wide, 1.0), 0.0, 1.0)
        return on_cut + share * (on_side - on_cut)

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
        halves = np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
        here = np.arange(SPOKES)
        fan = np.column_stack([np.full(SPOKES, RINGS * SPOKES), here, np.roll(here, -1)])
        points = np.vstack([points.reshape(-1, 3), [[0.0, 0.0, self.middle_m]]])
        return Solid(points, (np.vstack([halves, fan]),), part="ground")


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
