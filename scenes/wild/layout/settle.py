"""How a thing comes to rest on a level floor: it tips over its edges until it lies still."""

from __future__ import annotations

import math

import numpy as np

from ..solids.solid import about_z, any_rotation

_COUNT = 140
_INDEX = np.arange(_COUNT) + 0.5
_RING = np.sqrt(1 - (1 - 2 * _INDEX / _COUNT) ** 2)
_TURN = _INDEX * math.pi * (3 - 5**0.5)
DIRECTIONS = np.column_stack([_RING * np.cos(_TURN), _RING * np.sin(_TURN), 1 - 2 * _INDEX / _COUNT])
"""(n, 3) unit vectors, evenly in all directions."""
TOUCH = 1e-7
"""Points as near to the floor as this share of the size touch it."""


def settled(points: np.ndarray, middle: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(3, 3) rotation in which a thing lies still on a level floor, from any pose that it may be let go in.

    Parameters
    ----------
    points : (n, 3) of the thing
    middle : (3,) its centre of mass
    """
    start = any_rotation(rng)
    centred = points - middle
    outer = centred[np.unique((centred @ DIRECTIONS.T).argmax(axis=0))]
    roughly = _tipped(outer, start, steps=80)  # with few points, then the last bit with all of them
    return about_z(rng.uniform(0, 2 * math.pi)) @ _tipped(centred, roughly, steps=20)


def _tipped(points: np.ndarray, rotation: np.ndarray, steps: int) -> np.ndarray:
    """The rotation of (n, 3) points about their centre of mass after it has tipped, `steps` times at most.

    The points that touch the floor span a polygon. While the centre is not above it, the body turns about the
    point of the polygon that is nearest to the centre, seen from above, until another point touches.
    """
    touch = TOUCH * float(np.abs(points).max())
    for _ in range(steps):
        lying = points @ rotation.T
        height = lying[:, 2] - lying[:, 2].min()
        pivot = _nearest(lying[height <= touch, :2])
        if pivot is None:
            break
        way = -pivot / np.linalg.norm(pivot)
        ahead = (lying[:, :2] - pivot) @ way
        coming = ahead > touch
        if not coming.any():
            break
        angle = float(np.arctan2(height[coming], ahead[coming]).min())
        axis = np.array([-way[1], way[0], 0.0])
        cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
        turn = np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * (cross @ cross)
        rotation = turn @ rotation
    return rotation


def _nearest(feet: np.ndarray) -> np.ndarray | None:
    """(2,) what is nearest to the origin of the polygon around (k, 2) points; None when that holds it."""
    away = np.linalg.norm(feet, axis=1)
    if away.min() < 1e-9:
        return None
    angle = np.sort(np.arctan2(feet[:, 1], feet[:, 0]))
    gaps = np.diff(angle, append=angle[0] + 2 * math.pi)
    if len(feet) > 2 and gaps.max() < math.pi - 1e-6:
        return None
    # Of a polygon that does not hold the origin, the nearest point lies on a line between two corners.
    start, end = feet[:, None], feet[None]
    edge = end - start
    length = (edge * edge).sum(axis=-1)
    share = np.clip(-(start * edge).sum(axis=-1) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    places = (start + share[..., None] * edge).reshape(-1, 2)
    nearest = places[int((places * places).sum(axis=1).argmin())]
    return nearest if np.linalg.norm(nearest) > 1e-9 else None
