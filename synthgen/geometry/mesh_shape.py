"""The exact ray caster of triangle meshes, in float64, beside those of `shapes.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthgen.geometry.shapes import Box, Crossings, no_crossings, unit_vectors

_TRIANGLES_AT_ONCE = 32
"""So few are asked by all rays that meet the box around them."""


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles, seen from both sides; faces are their numbers.

    vertices : (v, 3) float64, metres
    triangles : (f, 3) int, counter-clockwise seen from outside
    """

    vertices: np.ndarray
    triangles: np.ndarray

    def crossings(self, origin: np.ndarray, directions: np.ndarray) -> Crossings:
        """A ray through an edge meets both of its triangles, at the same distance.

        With a, b, c the corners seen from the origin, the ray d passes inside if d.(b x c), d.(c x a) and
        d.(a x b) have one sign; they are volumes that two triangles with a common edge compute alike, so no
        ray slips through between them. Moeller and Trumbore's test is the same divided by their sum.
        """
        corners = np.asarray(self.vertices, dtype=np.float64)[self.triangles] - origin
        found = [(np.empty(0, int), np.empty(0, int), np.empty(0))]
        found += _search(corners, 0, directions, np.arange(len(directions)))
        row, face, distance = (np.concatenate(each) for each in zip(*found))
        order = np.argsort(row, kind="stable")
        row, face, distance = row[order], face[order], distance[order]
        counts = np.bincount(row, minlength=len(directions))
        column = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        far, normals, numbers = no_crossings(len(directions), int(counts.max(initial=0)))
        far[row, column], numbers[row, column] = distance, face
        a, b, c = corners[face, 0], corners[face, 1], corners[face, 2]
        normals[row, column] = unit_vectors(np.cross(b - a, c - a))
        return Crossings(far, normals, numbers)


def _search(
    corners: np.ndarray, first: int, directions: np.ndarray, rays: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Ray, triangle and distance of crossings, halving (f, 3, 3) triangles as long as their box is met.

    Triangles are numbered from `first`; neighbours in a mesh are near each other in space.
    """
    if len(corners) == 0:
        return
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    rim = 1e-9 * np.abs(corners).max()
    box = Box(low - rim, high + rim).crossings(np.zeros(3), directions[rays]).distance
    rays = rays[np.isfinite(box).any(axis=1)]
    half = len(corners) // 2
    if len(rays) == 0:
        return
    if len(corners) <= _TRIANGLES_AT_ONCE:
        row, face, distance = _through_triangles(corners, directions[rays])
        yield rays[row], face + first, distance
    else:
        yield from _search(corners[:half], first, directions, rays)
        yield from _search(corners[half:], first + half, directions, rays)


def _through_triangles(
    corners: np.ndarray, directions: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ray, triangle and distance wherever a ray from (0, 0, 0) crosses one of (f, 3, 3) triangles."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    volumes = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)])
    sides = _dot(directions[None, :, None], volumes[:, None])
    row, face = np.nonzero((sides >= 0).all(axis=0) | (sides <= 0).all(axis=0))
    normal = np.cross(b - a, c - a)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = _dot(a, normal)[face] / _dot(directions[row], normal[face])
    proper = np.isfinite(distance)
    return row[proper], face[proper], distance[proper]


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Dot products over the last axis, added up in one order always; a matrix product's order varies."""
    return a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2]
