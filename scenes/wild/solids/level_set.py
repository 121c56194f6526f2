"""Closed surfaces where a field of numbers crosses zero, by surface nets (S. Gibson, 1998)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .solid import Solid

_CORNERS = np.array(list(np.ndindex(2, 2, 2)))


def level_set(field: Callable[[np.ndarray], np.ndarray], size: int) -> Solid:
    """The boundary of where `field` is below 0 within a cube of side 1 about the origin.

    Parameters
    ----------
    field : values (...) at points (..., 3); what lies at the cube's faces is taken as outside
    size : samples along each side
    """
    line = np.linspace(-0.5, 0.5, size)
    points = np.stack(np.meshgrid(line, line, line, indexing="ij"), axis=-1)
    values = np.pad(field(points)[1:-1, 1:-1, 1:-1], 1, constant_values=1.0)
    inside = values < 0
    count = np.zeros((size - 1,) * 3, dtype=int)
    middle, crossings = np.zeros((*count.shape, 3)), np.zeros(count.shape)
    window = [inside[x : size - 1 + x, y : size - 1 + y, z : size - 1 + z] for x, y, z in _CORNERS]
    heights = [values[x : size - 1 + x, y : size - 1 + y, z : size - 1 + z] for x, y, z in _CORNERS]
    for axis in range(3):
        for low, corner in enumerate(_CORNERS):
            if corner[axis]:
                continue
            high = low + (4, 2, 1)[axis]
            crossed = window[low] != window[high]
            share = np.where(crossed, heights[low], 0.0) / np.where(
                crossed, heights[low] - heights[high], 1.0
            )
            offset = corner.astype(np.float64)[None] + share[..., None] * np.eye(3)[axis]
            middle += crossed[..., None] * offset
            crossings += crossed
    cell = np.argwhere(crossings > 0)
    number = np.full(count.shape, -1)
    number[tuple(cell.T)] = np.arange(len(cell))
    at = middle[tuple(cell.T)] / crossings[tuple(cell.T)][:, None]
    step = line[1] - line[0]
    return Solid((cell + at) * step - 0.5, (_quads(inside, number),))


def _quads(inside: np.ndarray, number: np.ndarray) -> np.ndarray:
    """A face around each edge of the grid that crosses the surface, through the four cells beside it."""
    quads = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        low = np.take(inside, range(inside.shape[axis] - 1), axis=axis)
        high = np.take(inside, range(1, inside.shape[axis]), axis=axis)
        for outward in (True, False):
            at = np.argwhere((low & ~high) if outward else (~low & high))
            corner = np.repeat(at[:, None], 4, axis=1)
            corner[:, [0, 3], u] -= 1
            corner[:, [0, 1], v] -= 1
            quad = number[tuple(np.moveaxis(corner, -1, 0))]
            quads.append(quad if outward else quad[:, ::-1])
    return np.vstack(quads)
