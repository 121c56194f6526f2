"""Exact ray casters in float64: planes, boxes, spheres, cylinders, tori. Meshes: `mesh_shape.py`.

They say what a renderer must find: a scene is a sequence of shapes, and `cast` gives the first surfaces along
each ray. The rays of every camera model will do: a distance counts in lengths of its direction, so it is
planar depth along rays with z = 1 and metres along unit rays (`Camera.rays`).

No shape is cut into facets, and nothing here knows Blender.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

NOTHING = -1
"""Number of the shape, and of its face, where a ray meets nothing more."""


@dataclass(frozen=True, slots=True)
class Crossings:
    """Where (n,) rays cross one shape, in any order.

    distance : (n, m) float64, lengths of the direction from the origin, negative behind it; +inf for none
    normal : (n, m, 3) float64, unit, pointing out of the shape
    face : (n, m) int, number of the face; curved shapes have one
    """

    distance: np.ndarray
    normal: np.ndarray
    face: np.ndarray


class Shape(Protocol):
    """What can be cast at."""

    def crossings(self, origin: np.ndarray, directions: np.ndarray) -> Crossings:
        """All crossings of rays from (3,) `origin` along (n, 3) `directions` of any length but 0."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The first K surfaces along (...) rays, from the front to the back.

    distance : (..., K) float64, lengths of the direction; +inf where there is none
    shape : (..., K) int, place in the sequence of shapes; -1 where there is none
    face : (..., K) int, number of the face within its shape; -1 where there is none
    normal : (..., K, 3) float64, unit, pointing out of the shape; (0, 0, 0) where there is none
    """

    distance: np.ndarray
    shape: np.ndarray
    face: np.ndarray
    normal: np.ndarray


def cast(
    shapes: Sequence[Shape], origin: np.ndarray, directions: np.ndarray, count: int = 1, near: float = 0.0
) -> Hits:
    """The first `count` surfaces along rays from one point.

    Parameters
    ----------
    shapes : the scene; a shape that lies within another is met as well
    origin : (3,) float64, metres
    directions : (..., 3) float64 of any length; (0, 0, 0) is no ray and meets nothing
    near : only what is farther counts, in lengths of the direction
    """
    directions = np.asarray(directions, dtype=np.float64)
    flat = directions.reshape(-1, 3)
    rays = flat.any(axis=1)
    found = [shape.crossings(np.asarray(origin, dtype=np.float64), flat[rays]) for shape in shapes]
    empty = Crossings(*no_crossings(int(rays.sum()), count))
    columns = [*found, empty]
    distance = np.concatenate([each.distance for each in columns], axis=1)
    distance = np.where(distance > near, distance, np.inf)
    order = np.argsort(distance, axis=1, kind="stable")[:, :count]
    number = np.concatenate([np.full(each.distance.shape[1], place) for place, each in enumerate(columns)])
    face = np.take_along_axis(np.concatenate([each.face for each in columns], axis=1), order, axis=1)
    normal = np.concatenate([each.normal for each in columns], axis=1)
    distance = np.take_along_axis(distance, order, axis=1)
    hit = np.isfinite(distance)

    far, normals, faces = no_crossings(len(flat), count)
    shape = faces.copy()
    far[rays] = distance
    shape[rays] = np.where(hit, number[order], NOTHING)
    faces[rays] = np.where(hit, face, NOTHING)
    normals[rays] = np.where(hit[..., None], np.take_along_axis(normal, order[..., None], axis=1), 0.0)
    ahead = directions.shape[:-1]
    return Hits(
        far.reshape(*ahead, count),
        shape.reshape(*ahead, count),
        faces.reshape(*ahead, count),
        normals.reshape(*ahead, count, 3),
    )


def no_crossings(rays: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distance (rays, count), normal and face of rays that meet nothing."""
    return np.full((rays, count), np.inf), np.zeros((rays, count, 3)), np.full((rays, count), NOTHING)


@dataclass(frozen=True, slots=True)
class Quad:
    """The parallelogram `corner` + s `u` + t `v`, s and t in 0..1; with `endless`, its whole plane.

    The normal is that of u x v.
    """

    corner: Sequence[float]
    u: Sequence[float]
    v: Sequence[float]
    endless: bool = False

    def crossings(self, origin: np.ndarray, directions: np.ndarray) -> Crossings:
        """At most one."""
        corner, u, v = (np.asarray(each, dtype=np.float64) for each in (self.corner, self.u, self.v))
        normal = np.cross(u, v)
        area = normal @ normal
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = ((corner - origin) @ normal) / (directions @ normal)
        distance = np.where(np.isfinite(distance), distance, np.inf)
        place = origin + np.where(np.isfinite(distance), distance, 0.0)[:, None] * directions - corner
        s, t = place @ np.cross(v, normal) / area, place @ np.cross(normal, u) / area
        hit = ((s >= 0) & (s <= 1) & (t >= 0) & (t <= 1)) | self.endless
        return Crossings(
            np.where(hit, distance, np.inf)[:, None],
            np.broadcast_to(normal / math.sqrt(area), (len(directions), 1, 3)),
            np.zeros((len(directions), 1), dtype=int),
        )


@dataclass(frozen=True, slots=True)
class Box:
    """The box between two corners. Faces: 0 and 1 are the low and the high side in x, 2 and 3 in y, 4 and 5
    in z."""

    low: Sequence[float]
    high: Sequence[float]

    def crossings(self, origin: np.ndarray, directions: np.ndarray) -> Crossings:
        """Where the ray comes in and where it goes out; seen from inside, one of them is behind."""
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = ((np.asarray(side) - origin) / directions for side in (self.low, self.high))
        # 0 / 0: the ray runs along the face, and the other two axes decide.
        first = np.nan_to_num(np.minimum(low, high), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
        last = np.nan_to_num(np.maximum(low, high), nan=np.inf, posinf=np.inf, neginf=-np.inf)
        axes = np.stack([first.argmax(axis=1), last.argmin(axis=1)], axis=1)
        distance = np.stack([first.max(axis=1), last.min(axis=1)], axis=1)
        distance[distance[:, 0] > distance[:, 1]] = np.inf
        forwards = np.take_along_axis(directions, axes, axis=1) > 0
        high_side = forwards ^ [True, False]
        normal = np.eye(3)[axes] * np.where(high_side, 1.0, -1.0)[..., None]
        return Crossings(distance, normal, 2 * axes + high_side)


@dataclass(frozen=True, slots=True)
class Sphere:
    """All points at `radius` from `centre`."""

    centre: Sequence[float]
    radius: float

    def crossings(self, origin: np.ndarray, directions: np.ndarray) -> Crossings:
        """Two, or none where the ray passes by."""
        length = np.linalg.norm(directions, axis=1, keepdims=True)
        unit = directions / length
        start = origin - np.asarray(self.centre)
        # From the point of closest approach: no difference of large squares.
        closest = -(unit @ start)[:, None]
        beside = start + closest * unit
        half = self.radius**2 - (beside**2).sum(axis=1, keepdims=True)
        half = np.sqrt(np.where(half >= 0, half, np.inf))
        along = closest + half * (-1.0, 1.0)
        normal = start + np.where(np.isfinite(along), along, 0.0)[..., None] * unit[:, None]
        return Crossings(
            np.where(np.isfinite(half), along, np.inf) / length,
            unit_vectors(normal),
            np.zeros(along.shape, dtype=int),
        )


@dataclass(frozen=True, slots=True)
class Cylinder:
    """A round rod around `centre` along `axis`, `half_length` to either side, endless by default.

    Faces: 0 is the side, 1 and 2 the ends against and along `axis`; without `capped` it is a pipe.
    """

    centre: Sequence[float]
    axis: Sequence[float]
    radius: float
    half_length: float = math.inf
    capped: bool = True

    def crossings(self, origin: np.ndarray, directions: np.ndarray) -> Crossings:
        """Two with the side, two with the ends."""
        axis = unit_vectors(np.asarray(self.axis, dtype=np.float64))
        start = origin - np.asarray(self.centre)
        rise, speed = start @ axis, directions @ axis
        across, velocity = start - rise * axis, directions - speed[:, None] * axis
        square = (velocity**2).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            closest = -(velocity @ across) / square
            beside = across + closest[:, None] * velocity
            half = np.sqrt((self.radius**2 - (beside**2).sum(axis=1)) / square)
            side = closest[:, None] + half[:, None] * (-1.0, 1.0)
            ends = (np.array([-1.0, 1.0]) * self.half_length - rise) / speed[:, None]
            height = rise + side * speed[:, None]
            side = np.where(np.abs(height) <= self.half_length, side, np.inf)
            ends = np.where(np.isfinite(ends) & self.capped, ends, np.inf)
            out = across + np.where(np.isfinite(ends), ends, 0.0)[..., None] * velocity[:, None]
        ends = np.where((out**2).sum(axis=2) <= self.radius**2, ends, np.inf)
        outwards = across + np.where(np.isfinite(side), side, 0.0)[..., None] * velocity[:, None]
        caps = np.broadcast_to(np.stack([-axis, axis]), (len(directions), 2, 3))
        return Crossings(
            np.hstack([side, ends]),
            np.concatenate([unit_vectors(outwards), caps], axis=1),
            np.broadcast_to([0, 0, 1, 2], (len(directions), 4)),
        )


@dataclass(frozen=True, slots=True)
class Torus:
    """A ring in the x, y plane: all points at `minor` from the circle of radius `major` around `centre`."""

    centre: Sequence[float]
    major: float
    minor: float

    def crossings(self, origin: np.ndarray, directions: np.ndarray) -> Crossings:
        """Up to four.

        With s = 0 where the ray is nearest to the centre, (|p|^2 + R^2 - r^2)^2 = 4 R^2 (x^2 + y^2) is a
        quartic in s without a cubic term. Between neighbouring zeros of its derivative it is monotone, so a
        change of sign holds exactly one root, which bisection finds: no root is lost or made up where two
        of them meet, as the roots of a companion matrix are.
        """
        length = np.linalg.norm(directions, axis=1, keepdims=True)
        unit = directions / length
        start = origin - np.asarray(self.centre)
        closest = -(unit @ start)[:, None]
        base = start + closest * unit
        ring = 4 * self.major**2
        gamma = (base**2).sum(axis=1) + self.major**2 - self.minor**2
        quadratic = 2 * gamma - ring * (unit[:, :2] ** 2).sum(axis=1)
        linear = -2 * ring * (base[:, :2] * unit[:, :2]).sum(axis=1)
        constant = gamma**2 - ring * (base[:, :2] ** 2).sum(axis=1)

        def value(s: np.ndarray) -> np.ndarray:
            return ((s * s + quadratic[:, None]) * s + linear[:, None]) * s + constant[:, None]

        reach = np.full(len(unit), (self.major + self.minor) * (1 + 1e-9))
        turns = np.clip(_cubic_real_parts(quadratic / 2, linear / 4), -reach[:, None], reach[:, None])
        knots = np.column_stack([-reach, np.sort(turns, axis=1), reach])
        low, high = knots[:, :-1].copy(), knots[:, 1:].copy()
        outside = value(low) > 0
        crossed = outside != (value(high) > 0)
        for _ in range(100):
            middle = (low + high) / 2
            before = (value(middle) > 0) == outside
            low, high = np.where(before, middle, low), np.where(before, high, middle)
        s = (low + high) / 2
        place = base[:, None] + s[..., None] * unit[:, None]
        circle = place * (1.0, 1.0, 0.0)
        normal = place - self.major * unit_vectors(circle)
        return Crossings(
            np.where(crossed, closest + s, np.inf) / length,
            unit_vectors(normal),
            np.zeros(s.shape, dtype=int),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A shape carried elsewhere by a (4, 4) `world_from_shape`, which may turn, stretch and mirror it."""

    shape: Shape
    world_from_shape: np.ndarray

    def crossings(self, origin: np.ndarray, directions: np.ndarray) -> Crossings:
        """Those of the shape, since distances count in lengths of the direction."""
        inverse = np.linalg.inv(self.world_from_shape)
        found = self.shape.crossings(
            inverse[:3, :3] @ origin + inverse[:3, 3], directions @ inverse[:3, :3].T
        )
        return Crossings(found.distance, unit_vectors(found.normal @ inverse[:3, :3]), found.face)


def stairs(start: Sequence[float], count: int, tread_m: float, riser_m: float, width_m: float) -> list[Box]:
    """Solid steps that climb along +x: each is a box from the floor to its tread, side by side.

    start : (3,) metres, the lower corner of the first step with the least y
    """
    x, y, z = start
    return [
        Box((x + index * tread_m, y, z), (x + (index + 1) * tread_m, y + width_m, z + (index + 1) * riser_m))
        for index in range(count)
    ]


def unit_vectors(vectors: np.ndarray) -> np.ndarray:
    """(..., 3) vectors with length 1; (0, 0, 0) stays."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length > 0, length, 1.0)


def _cubic_real_parts(linear: np.ndarray, constant: np.ndarray) -> np.ndarray:
    """(n, 3) real parts of the roots of s^3 + linear s + constant, as eigenvalues of companion matrices."""
    companion = np.zeros((len(linear), 3, 3))
    companion[:, 1, 0] = companion[:, 2, 1] = 1.0
    companion[:, 0, 2], companion[:, 1, 2] = -constant, -linear
    return np.linalg.eigvals(companion).real
