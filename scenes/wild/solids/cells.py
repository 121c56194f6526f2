"""Solids made of the filled cells of a grid: plates with holes, stairs, frames, sponges, walls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .solid import Solid


def cells(xs: Sequence[float], ys: Sequence[float], zs: Sequence[float], filled: np.ndarray) -> Solid:
    """The surface of filled cells.

    Parameters
    ----------
    xs, ys, zs : ascending limits of the cells along each axis, metres
    filled : (len(xs) - 1, len(ys) - 1, len(zs) - 1) bool

    Returns
    -------
    closed Solid, shaded flat; where cells touch along an edge only, that edge has four faces
    """
    lines = [np.asarray(axis, dtype=np.float64) for axis in (xs, ys, zs)]
    shape = tuple(len(line) for line in lines)
    index = np.arange(np.prod(shape)).reshape(shape)
    quads = []
    for axis in range(3):
        padded = np.pad(filled, [(1, 1) if each == axis else (0, 0) for each in range(3)])
        change = np.diff(padded.astype(np.int8), axis=axis)
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for side in (-1, 1):  # the upper face of a cell is where the filling ends
            at = np.argwhere(change == -side)
            corner = np.repeat(at[:, None], 4, axis=1)
            corner[:, [1, 2], u] += 1
            corner[:, [2, 3], v] += 1
            quads.append(index[tuple(np.moveaxis(corner, -1, 0))][:, ::side])
    faces = np.vstack(quads)
    used, faces = np.unique(faces, return_inverse=True)
    grid = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 3)
    return Solid(grid[used], (faces.reshape(-1, 4),), smooth=False)


def menger(level: int) -> np.ndarray:
    """(3^level,) * 3 bool: the cells of Menger's sponge."""
    place = np.indices((3**level,) * 3)
    filled = np.ones((3**level,) * 3, dtype=bool)
    for step in range(level):
        filled &= ((place // 3**step % 3 == 1).sum(axis=0)) < 2
    return filled


def cube(size: int, filled: np.ndarray) -> Solid:
    """Filled cells of a unit cube about the origin that is cut `size` times along each axis."""
    line = np.linspace(-0.5, 0.5, size + 1)
    return cells(line, line, line, filled)


def with_holes(
    width_m: float, height_m: float, thickness_m: float, holes: Sequence[tuple[float, float, float, float]]
) -> Solid:
    """An upright plate with rectangular holes: x from 0 to width, z from 0 to height, y from 0 to thickness.

    holes : (x0, z0, x1, z1) each, metres, that do not overlap
    """
    limits = np.array(holes, dtype=np.float64).reshape(-1, 4)
    xs = np.unique(np.concatenate([[0.0, width_m], limits[:, 0], limits[:, 2]]))
    zs = np.unique(np.concatenate([[0.0, height_m], limits[:, 1], limits[:, 3]]))
    x, z = (xs[:-1] + xs[1:]) / 2, (zs[:-1] + zs[1:]) / 2
    filled = np.ones((len(x), len(z)), dtype=bool)
    for x0, z0, x1, z1 in limits:
        filled &= ~(((x > x0) & (x < x1))[:, None] & ((z > z0) & (z < z1))[None])
    return cells(xs, (0.0, thickness_m), zs, filled[:, None])
