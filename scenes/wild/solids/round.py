"""Round and prismatic solids: turned profiles, superellipsoids, tori, boxes with rounded edges, prisms."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from synthgen.blender.stage.solids import rounded_box

from .solid import Solid, grid_faces


def turned(profile: Sequence[Sequence[float]], segments: int = 32) -> Solid:
    """A solid of revolution about z.

    profile : (n, 2) of (radius, height), outside on its right when walked from bottom to top. It is closed
        when it begins and ends with a radius of 0, or with its first point (a ring).
    """
    outline = np.asarray(profile, dtype=np.float64)
    ring = bool(np.allclose(outline[0], outline[-1]))
    outline = outline[:-1] if ring else outline
    angle = np.arange(segments) * (2 * math.pi / segments)
    first, last = outline[0, 0] <= 0 and not ring, outline[-1, 0] <= 0 and not ring
    body = outline[int(first) : len(outline) - int(last)]
    x, y = np.cos(angle)[:, None] * body[:, 0], np.sin(angle)[:, None] * body[:, 0]
    points = np.stack([x, y, np.broadcast_to(body[:, 1], x.shape)], axis=-1).reshape(-1, 3)
    quads = grid_faces(segments, len(body), around=True, through=ring)
    fans, poles, count = [], [], len(points)
    column, following = np.arange(segments) * len(body), np.roll(np.arange(segments), -1) * len(body)
    if first:
        poles.append((0.0, 0.0, outline[0, 1]))
        fans.append(np.column_stack([np.full(segments, count), following, column]))
    if last:
        tip = len(body) - 1
        fans.append(np.column_stack([np.full(segments, count + len(poles)), column + tip, following + tip]))
        poles.append((0.0, 0.0, outline[-1, 1]))
    points = np.vstack([points, *(np.array([pole]) for pole in poles)])
    return Solid(points, (quads, np.vstack(fans)) if fans else (quads,))


def rounded_profile(outline: Sequence[Sequence[float]], radius: float, steps: int = 4) -> np.ndarray:
    """(n, 2) profile whose corners, all but the first and the last point, are cut by arcs."""
    corners = np.asarray(outline, dtype=np.float64)
    made = [corners[:1]]
    for before, corner, after in zip(corners, corners[1:], corners[2:]):
        back, ahead = before - corner, after - corner
        reach = min(radius, 0.45 * np.linalg.norm(back), 0.45 * np.linalg.norm(ahead))
        start = corner + back / np.linalg.norm(back) * reach
        end = corner + ahead / np.linalg.norm(ahead) * reach
        t = np.linspace(0, 1, steps)[:, None]
        made.append((1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end)
    return np.vstack([*made, corners[-1:]])


def ball(radius: float = 0.5, segments: int = 40) -> Solid:
    """A sphere about the origin."""
    latitude = np.linspace(-math.pi / 2, math.pi / 2, segments // 2 + 1)
    profile = np.column_stack([np.cos(latitude), np.sin(latitude)]) * radius
    profile[[0, -1], 0] = 0.0
    return turned(profile, segments)


def capsule(radius: float, length: float, segments: int = 32) -> Solid:
    """A rod along z with round ends, `length` from tip to tip."""
    latitude = np.linspace(-math.pi / 2, math.pi / 2, segments // 2 + 2)
    profile = np.column_stack([np.cos(latitude), np.sin(latitude)]) * radius
    half = max(length / 2 - radius, 1e-6)
    profile[:, 1] += np.where(latitude > 0, half, -half)
    profile[[0, -1], 0] = 0.0
    return turned(profile, segments)


def cylinder(radius: float, height: float, *, top: float | None = None, bevel: float = 0.01,
             segments: int = 36) -> Solid:  # fmt: skip
    """An upright cylinder, frustum or cone about the origin; its rims rounded by `bevel`."""
    upper = radius if top is None else top
    outline = [(0.0, -height / 2), (radius, -height / 2), (upper, height / 2), (0.0, height / 2)]
    return turned(rounded_profile(outline[: 3 if upper <= 0 else 4], bevel), segments)


def pipe(inner: float, outer: float, height: float, *, bevel: float = 0.005, segments: int = 40) -> Solid:
    """An upright pipe about the origin, open at both ends."""
    return turned(ring_profile(inner, outer, -height / 2, height / 2, bevel), segments)


def ring_profile(inner: float, outer: float, low: float, high: float, bevel: float) -> np.ndarray:
    """(n, 2) closed profile of a rectangle with cut corners."""
    b = min(bevel, 0.4 * (outer - inner), 0.4 * (high - low))
    corners = [(outer - b, low), (outer, low + b), (outer, high - b), (outer - b, high),
               (inner + b, high), (inner, high - b), (inner, low + b), (inner + b, low)]  # fmt: skip
    return np.array([*corners, corners[0]])


def torus(major: float, minor: float, *, segments: int = 48, sides: int = 20) -> Solid:
    """A ring about z: `major` to the middle of a tube of radius `minor`."""
    angle = np.linspace(0, 2 * math.pi, sides + 1)
    return turned(np.column_stack([major + np.cos(angle) * minor, np.sin(angle) * minor]), segments)


def superellipsoid(e1: float, e2: float, segments: int = 40) -> Solid:
    """|x|^(2/e2) + |y|^(2/e2))^(e2/e1) + |z|^(2/e1) = 1, of diameter 1 (A. Barr, 1981).

    Exponents near 0.2 give a box with soft edges, 1 a sphere, 2 an octahedron.
    """
    latitude = np.linspace(-math.pi / 2, math.pi / 2, segments // 2 + 1)
    longitude = np.arange(segments) * (2 * math.pi / segments)
    radius, z = np.abs(np.cos(latitude)) ** e1, _power(np.sin(latitude), e1)
    radius[[0, -1]] = 0.0
    solid = turned(np.column_stack([radius, z]), segments)
    # The same topology, with the circle of each latitude turned into a superellipse.
    ring = np.column_stack([_power(np.cos(longitude), e2), _power(np.sin(longitude), e2)])
    points = solid.points.copy()
    count = len(latitude) - 2
    points[: segments * count, :2] = (ring[:, None] * radius[1:-1, None]).reshape(-1, 2)
    return Solid(points * 0.5, solid.faces)


def _power(value: np.ndarray, exponent: float) -> np.ndarray:
    return np.sign(value) * np.abs(np.where(np.abs(value) < 1e-12, 0.0, value)) ** exponent


def box(size: Sequence[float], bevel: float = 0.0, segments: int = 2) -> Solid:
    """A box about the origin, its edges rounded by `bevel`."""
    size = np.asarray(size, dtype=np.float64)
    bevel = float(min(bevel, 0.45 * size.min()))
    signs, directions, quads, _, _ = rounded_box(segments if bevel > 0 else 0)
    return Solid(signs * (size / 2 - bevel) + directions * bevel, (quads,), smooth=bevel > 0)


def prism(outline: np.ndarray, height: float, *, bevel: float = 0.0) -> Solid:
    """An upright prism about z = 0 over a counter-clockwise (n, 2) outline around the origin.

    The outline is to be seen whole from the origin (stars, gears); its rims are cut at 45 degrees by `bevel`.
    """
    ring = np.asarray(outline, dtype=np.float64)
    bevel = min(bevel, 0.4 * height)
    inner = ring * (1 - bevel / np.linalg.norm(ring, axis=1).max())
    levels = [
        (inner, -height / 2),
        (ring, -height / 2 + bevel),
        (ring, height / 2 - bevel),
        (inner, height / 2),
    ]
    levels = levels if bevel > 0 else levels[1:3]
    rings = np.stack([np.column_stack([each, np.full(len(ring), z)]) for each, z in levels], axis=1)
    count, rows = len(ring), len(levels)
    sides = grid_faces(count, rows, around=True)
    low, high = np.arange(count) * rows, np.arange(count) * rows + rows - 1
    points = np.vstack([rings.reshape(-1, 3), [[0, 0, -height / 2], [0, 0, height / 2]]])
    fans = np.vstack([
        np.column_stack([np.full(count, count * rows), np.roll(low, -1), low]),
        np.column_stack([np.full(count, count * rows + 1), high, np.roll(high, -1)]),
    ])  # fmt: skip
    return Solid(points, (sides, fans), smooth=False)


def ring_plate(outer: np.ndarray, inner: np.ndarray, height: float, bevel: float = 0.0) -> Solid:
    """A level plate about z = 0 between two outlines (n, 2) of as many points, one around the other."""
    cut = outer * (1 - bevel / np.linalg.norm(outer, axis=1).max())
    low, high = -height / 2, height / 2
    levels = [
        (cut, low),
        (outer, low + bevel),
        (outer, high - bevel),
        (cut, high),
        (inner, high),
        (inner, low),
    ]
    levels = levels if bevel > 0 else [levels[0], *levels[3:]]
    rings = np.stack([np.column_stack([each, np.full(len(each), z)]) for each, z in levels], axis=1)
    faces = grid_faces(len(outer), len(levels), around=True, through=True)
    return Solid(rings.reshape(-1, 3), (faces,), smooth=False)


def icosphere(level: int) -> Solid:
    """A sphere of radius 1 of 20 * 4^level nearly equal triangles."""
    golden = (1 + 5**0.5) / 2
    points = np.array(
        [
            (-1, golden, 0),
            (1, golden, 0),
            (-1, -golden, 0),
            (1, -golden, 0),
            (0, -1, golden),
            (0, 1, golden),
            (0, -1, -golden),
            (0, 1, -golden),
            (golden, 0, -1),
            (golden, 0, 1),
            (-golden, 0, -1),
            (-golden, 0, 1),
        ],
        dtype=np.float64,
    )
    faces = np.array([(0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4),
                      (11, 10, 2), (10, 7, 6), (7, 1, 8), (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8),
                      (3, 8, 9), (4, 9, 5), (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1)])  # fmt: skip
    for _ in range(level):
        edges = np.sort(np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
        edges, which = np.unique(edges, axis=0, return_inverse=True)
        a, b, c = which.reshape(3, -1) + len(points)
        points = np.vstack([points, points[edges].mean(axis=1)])
        i, j, k = faces.T
        faces = np.vstack([np.column_stack(each) for each in ((i, a, c), (j, b, a), (k, c, b), (a, b, c))])
    return Solid(points / np.linalg.norm(points, axis=1, keepdims=True), (faces,))
