"""Nothing but the sky: things float around the camera, near and far."""

from __future__ import annotations

import math

import numpy as np

from ..layout.space import Space, away, disc

REACH_M = 170.0
MIDDLE_M = 1.4
"""Height of the eyes, around which things are spread."""


def make_sky() -> Space:
    """Where things may be: in all directions, more of them level than above and below."""

    def in_air(rng: np.random.Generator) -> np.ndarray:
        angle, radius = rng.uniform(0, 2 * math.pi), away(rng, 1.2, 150.0)
        up = math.asin(np.clip(rng.normal(0, 0.4), -1, 1))
        level = radius * math.cos(up)
        return np.array([level * math.cos(angle), level * math.sin(angle), MIDDLE_M + radius * math.sin(up)])

    return Space(
        ground=None,
        on_ground=lambda rng: np.zeros(2),
        in_air=in_air,
        growth=lambda place: 0.7 + float(np.linalg.norm(place)) / 2.3,
        inside=lambda xy, radius, low, high: float(np.linalg.norm(xy)) + radius < REACH_M,
        outline_m=disc(4.0),
        clearing_m=0.9,
    )
