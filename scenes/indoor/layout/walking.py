"""`FloorGrid`: where a person can walk, on a grid over the floor."""

from __future__ import annotations

import numpy as np

from .roof import Roof

BODY_RADIUS_M = 0.25
"""Half the width that a person needs to walk through."""
CELL_M = 0.1
HEADROOM_M = 1.9
"""People walk below what is higher than this."""


class FloorGrid:
    """Cells of a floor whose bounding box is `bounds` (x0, y0, x1, y1), without its `notches` (n, 4).

    `near_walls` is (cells,) bool: a person there would touch a wall. People come in at `entry_m` (2,).
    """

    def __init__(self, bounds: np.ndarray, notches: np.ndarray, entry_m: np.ndarray) -> None:
        x0, y0, x1, y1 = bounds
        self._shape = (max(1, int((x1 - x0) / CELL_M)), max(1, int((y1 - y0) / CELL_M)))
        x = x0 + (np.arange(self._shape[0]) + 0.5) * (x1 - x0) / self._shape[0]
        y = y0 + (np.arange(self._shape[1]) + 0.5) * (y1 - y0) / self._shape[1]
        grid_x, grid_y = np.meshgrid(x, y, indexing="ij")
        self._cells = np.column_stack([grid_x.ravel(), grid_y.ravel()])
        self.near_walls = self._near_walls(bounds, notches)
        away = np.hypot(*(self._cells - entry_m).T)
        self._entry = int(np.argmin(np.where(self.near_walls, np.inf, away)))

    def _near_walls(self, bounds: np.ndarray, notches: np.ndarray) -> np.ndarray:
        (x0, y0, x1, y1), (x, y), r = bounds, self._cells.T, BODY_RADIUS_M
        blocked = (x < x0 + r) | (x > x1 - r) | (y < y0 + r) | (y > y1 - r)
        for notch in notches:
            dx = np.maximum(np.maximum(notch[0] - x, x - notch[2]), 0)
            dy = np.maximum(np.maximum(notch[1] - y, y - notch[3]), 0)
            blocked |= dx * dx + dy * dy < r * r
        return blocked

    def blocked_by(self, rows: np.ndarray) -> np.ndarray:
        """(cells,) bool: a person there would touch one of the (n, 8) boxes."""
        low = rows[rows[:, 6] < HEADROOM_M]
        d = self._cells[:, None, :] - low[None, :, :2]
        u = np.abs(d[..., 0] * low[:, 4] + d[..., 1] * low[:, 5]) - low[:, 2]
        v = np.abs(d[..., 1] * low[:, 4] - d[..., 0] * low[:, 5]) - low[:, 3]
        u, v = np.maximum(u, 0), np.maximum(v, 0)
        return (u * u + v * v < BODY_RADIUS_M**2).any(axis=1)

    def lower_than(self, roof: Roof, height_m: float) -> np.ndarray:
        """(cells,) bool: where a roof is lower than that."""
        return roof.height_at(self._cells) < height_m

    def cells_at(self, row: np.ndarray) -> np.ndarray:
        """Indices of the cells in a box (8,), which may be narrower than a person, and just around it."""
        x, y, half_w, half_d, cos, sin = row[:6]
        d = self._cells - (x, y)
        u, v = np.abs(d[:, 0] * cos + d[:, 1] * sin), np.abs(d[:, 1] * cos - d[:, 0] * sin)
        return np.flatnonzero((u < half_w + BODY_RADIUS_M) & (v < half_d + BODY_RADIUS_M))

    def reached(self, blocked: np.ndarray) -> np.ndarray:
        """(cells,) bool: where a person gets to from the entry when (cells,) `blocked` is not walked on."""
        free = ~blocked.reshape(self._shape)
        reached = np.zeros(self._shape, dtype=bool)
        reached.flat[self._entry] = free.flat[self._entry]
        while True:
            grown = _sweep(_sweep(reached, free).T, free.T).T
            if grown.sum() == reached.sum():
                return reached.ravel()
            reached = grown


def _sweep(reached: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Spread along every row through free cells, all at once: runs of free cells share a number."""
    run = np.cumsum(~free.ravel()).reshape(free.shape) + np.arange(len(free))[:, None]
    hit = np.bincount(run[reached], minlength=int(run.max()) + 1) > 0
    return hit[run] & free
