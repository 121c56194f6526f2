"""`Taken`: which part of the space is taken, as upright cylinders."""

from __future__ import annotations

import numpy as np

GAP_M = 0.02
"""What things keep from each other at least."""


class Taken:
    """Upright cylinders that things fill; a new one must meet none of them."""

    def __init__(self) -> None:
        self._rows = np.empty((0, 5))  # x, y, radius, low, high

    def is_free(self, xy: np.ndarray, radius_m: float, low_m: float, high_m: float) -> bool:
        """Whether a cylinder about (2,) `xy` keeps `GAP_M` from all others."""
        x, y, radius, low, high = self._rows.T
        beside = np.hypot(x - xy[0], y - xy[1]) > radius + radius_m + GAP_M
        return bool((beside | (low > high_m + GAP_M) | (high + GAP_M < low_m)).all())

    def add(self, xy: np.ndarray, radius_m: float, low_m: float, high_m: float) -> None:
        """Take a cylinder."""
        self._rows = np.vstack([self._rows, [xy[0], xy[1], radius_m, low_m, high_m]])
