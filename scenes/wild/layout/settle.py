"""How a thing comes to rest on a level floor: the pose in which it does not tip any further."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from ..solids.solid import about_z, turn_to

_COUNT = 140
_INDEX = np.arange(_COUNT) + 0.5
_RING = np.sqrt(1 - (1 - 2 * _INDEX / _COUNT) ** 2)
_TURN = _INDEX * math.pi * (3 - 5**0.5)
DIRECTIONS = np.column_stack([_RING * np.cos(_TURN), _RING * np.sin(_TURN), 1 - 2 * _INDEX / _COUNT])
"""(n, 3) unit vectors, evenly in all directions."""
NEAR = 14
"""Points of the hull among which the three that the thing rests on are sought."""
TRIES = 4
"""Poses to start from; of a ball or an egg none has three points to rest on, and the last one counts."""


def hull_points(points: np.ndarray) -> np.ndarray:
    """(m, 3) the outermost of (n, 3) points in each of `DIRECTIONS`."""
    return points[np.unique((points @ DIRECTIONS.T).argmax(axis=0))]


def settled(points: np.ndarray, middle: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(3, 3) rotation in which a thing lies still on a level floor.

    It starts in any pose and tips, as a body whose middle sinks: the height of the middle above the floor
    is the support function of the hull, so stable poses are its local minima over all directions of down.

    Parameters
    ----------
    points : (n, 3) of the thing
    middle : (3,) its centre of mass
    """
    hull = hull_points(points) - middle
    size = float(np.linalg.norm(hull, axis=1).max())
    for _ in range(TRIES):
        down = rng.normal(size=3)
        down /= np.linalg.norm(down)
        for step in np.geomspace(0.4, 0.003, 80):
            lowest = hull[int((hull @ down).argmax())]
            down = down - step / size * (lowest - (lowest @ down) * down)
            down /= np.linalg.norm(down)
        facet = _facet(hull, down)
        if facet is not None:
            down = facet
            break
    return about_z(rng.uniform(0, 2 * math.pi)) @ turn_to(-down).T


def _facet(hull: np.ndarray, down: np.ndarray) -> np.ndarray | None:
    """(3,) unit normal of the face of the hull that looks most along `down`; None where none nearly does."""
    near = np.argsort(-(hull @ down), kind="stable")[:NEAR]
    triples = np.array(list(combinations(near, 3)))
    if not len(triples):
        return None
    a, b, c = (hull[triples[:, i]] for i in range(3))
    normal = np.cross(b - a, c - a)
    normal *= np.where((normal @ down)[:, None] < 0, -1.0, 1.0)
    length = np.linalg.norm(normal, axis=1)
    size = float(np.abs(hull).max())
    fits = length > 1e-4 * size * size  # slivers have no direction
    normal, a = normal[fits] / length[fits, None], a[fits]
    if not len(normal):
        return None
    above = (normal @ hull.T).max(axis=1) - np.einsum("ij,ij->i", normal, a)
    tight = np.flatnonzero(above < 1e-6 * size)
    if not len(tight):
        return None
    best = normal[tight[int((normal[tight] @ down).argmax())]]
    return best if best @ down > 0.9 else None
