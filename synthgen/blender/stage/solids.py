"""Arrays behind `MeshBuilder`: outlines, the topology of a rounded box, normals. No Blender here."""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np


def rounded_rectangle(width: float, depth: float, radius: float, *, corner_points: int = 4) -> np.ndarray:
    """The outline (4 * corner_points, 2) of a rectangle around the origin, counter-clockwise."""
    radius = min(radius, width / 2, depth / 2)
    angles = np.linspace(0, math.pi / 2, corner_points)
    arcs = [
        np.column_stack([np.cos(angles + turn), np.sin(angles + turn)]) * radius
        + (np.array(signs) * (width / 2 - radius, depth / 2 - radius))
        for turn, signs in zip(np.arange(4) * math.pi / 2, ((1, 1), (-1, 1), (-1, -1), (1, -1)))
    ]
    return np.vstack(arcs)


@functools.lru_cache(maxsize=8)
def rounded_box(segments: int) -> tuple[np.ndarray, ...]:
    """Topology of a rounded box, to be placed at signs * (half size - bevel) + directions * bevel.

    Returns signs (n, 3), directions (n, 3) unit (the corner itself when `segments` is 0), quads (m, 4),
    axes (m,) that each quad faces, flat (m,) bool.
    """
    bands = 2 * (segments + 1)
    step = np.cos(np.linspace(0, np.pi / 2, segments + 1)) if segments else np.ones(1)
    coordinates = np.concatenate([-step, step[::-1]])
    keys: dict[tuple[float, ...], int] = {}
    signs, directions, quads, axes, flat = [], [], [], [], []
    for axis, side in itertools.product(range(3), (-1.0, 1.0)):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        index = np.empty((bands, bands), dtype=np.int64)
        for i, j in itertools.product(range(bands), repeat=2):
            direction = np.empty(3)
            direction[[axis, u, v]] = side, coordinates[i], coordinates[j]
            sign = np.empty(3)
            sign[[axis, u, v]] = side, (-1.0 if i < bands // 2 else 1.0), (-1.0 if j < bands // 2 else 1.0)
            if segments:
                direction /= np.linalg.norm(direction)
            key = (*sign, *np.round(direction, 9))
            if key not in keys:
                keys[key] = len(signs)
                signs.append(sign)
                directions.append(direction)
            index[i, j] = keys[key]
        cells = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1)
        cells = cells if side > 0 else cells[..., ::-1]
        middle = np.zeros(cells.shape[:2], dtype=bool)
        middle[segments, segments] = True
        quads.append(cells.reshape(-1, 4))
        axes.append(np.full(len(quads[-1]), axis))
        flat.append(middle.ravel())
    return np.array(signs), np.array(directions), np.vstack(quads), np.concatenate(axes), np.concatenate(flat)


def corner_normals(
    vertices: np.ndarray, loops: np.ndarray, sizes: np.ndarray, smooth: np.ndarray
) -> np.ndarray:
    """Unit normals (loops, 3): the face's own where flat, else the area-weighted mean at the vertex."""
    starts = np.cumsum(sizes) - sizes
    following = np.arange(len(loops)) + 1
    following[starts + sizes - 1] = starts
    origin = vertices[np.repeat(loops[starts], sizes)]  # near the face, to keep the products small
    area = np.cross(vertices[loops] - origin, vertices[loops[following]] - origin)
    face = np.repeat(np.add.reduceat(area, starts, axis=0), sizes, axis=0)
    mean = np.column_stack([np.bincount(loops, face[:, axis], len(vertices)) for axis in range(3)])[loops]
    length = np.linalg.norm(mean, axis=1, keepdims=True)
    chosen = np.where(np.repeat(smooth, sizes)[:, None] & (length > 1e-15), mean, face)
    return chosen / np.maximum(np.linalg.norm(chosen, axis=1, keepdims=True), 1e-30)
