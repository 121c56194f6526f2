"""Round rods along curves, many at once: wires, branches, grass, nets, cages."""

from __future__ import annotations

import math

import numpy as np

from .solid import Solid, grid_faces


def tubes(paths: np.ndarray, radius: float | np.ndarray, *, sides: int = 8, closed: bool = False,
          part: str = "body") -> Solid:  # fmt: skip
    """Rods along m curves of n points each, with flat ends.

    Parameters
    ----------
    paths : (m, n, 3) metres
    radius : a number, or (m, 1) or (m, n) numbers above 0
    closed : the last point of each curve leads back to its first one

    Returns
    -------
    closed Solid of m rods; rods that cross each other run through each other
    """
    paths = np.asarray(paths, dtype=np.float64)
    count, length = paths.shape[:2]
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), (count, length))
    side, upward = _frames(paths, closed)
    angle = np.arange(sides) * (2 * math.pi / sides)
    circle = np.cos(angle)[:, None] * side[:, :, None] + np.sin(angle)[:, None] * upward[:, :, None]
    points = paths[:, :, None] + radii[:, :, None, None] * circle
    index = grid_faces(length, sides, around=closed, through=True)[:, ::-1]
    step = (np.arange(count) * length * sides)[:, None, None]
    faces = [(index[None] + step).reshape(-1, 4)]
    if not closed:
        ring = np.arange(sides)
        ends = np.stack([ring[::-1], ring + (length - 1) * sides])
        faces.append((ends[None] + step).reshape(-1, sides))
        if sides == 4:
            faces = [np.vstack(faces)]
    return Solid(points.reshape(-1, 3), tuple(faces), part=part)


def _frames(paths: np.ndarray, closed: bool) -> tuple[np.ndarray, np.ndarray]:
    """Two (m, n, 3) unit vectors across the curves, carried along them without twist."""
    if closed:
        tangent = np.roll(paths, -1, axis=1) - np.roll(paths, 1, axis=1)
    else:
        tangent = np.gradient(paths, axis=1)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=2, keepdims=True), 1e-12)
    first = tangent[:, 0]
    other = np.where(np.abs(first[:, 2:]) < 0.9, np.array([0, 0, 1.0]), np.array([1.0, 0, 0]))
    side = np.empty_like(paths)
    current = np.cross(other, first)
    for index in range(paths.shape[1]):
        along = tangent[:, index]
        current = current - along * (current * along).sum(axis=1, keepdims=True)
        current /= np.maximum(np.linalg.norm(current, axis=1, keepdims=True), 1e-12)
        side[:, index] = current
    return side, np.cross(tangent, side)


def smooth_curve(knots: np.ndarray, points: int, *, closed: bool = False) -> np.ndarray:
    """(m, points, 3) Catmull-Rom curves through (m, k, 3) knots."""
    count = knots.shape[1]
    if closed:
        padded = np.concatenate([knots[:, -1:], knots, knots[:, :2]], axis=1)
        t = np.arange(points) * (count / points)
    else:
        first, last = 2 * knots[:, :1] - knots[:, 1:2], 2 * knots[:, -1:] - knots[:, -2:-1]
        padded = np.concatenate([first, knots, last], axis=1)
        t = np.linspace(0, count - 1, points)
    start = np.minimum(t.astype(int), count - 1 if closed else count - 2)
    u = (t - start)[None, :, None]
    a, b, c, d = (padded[:, start + offset] for offset in range(4))
    return 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3)
