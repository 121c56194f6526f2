"""`BallTree`: the triangles of a mesh, and balls around groups of them: a surface from afar to near."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

_GROUP = 8
_CELLS = 1024


@dataclass(frozen=True, slots=True)
class BallTree:
    """Balls around triangles, and around groups of eight of the balls below.

    Attributes
    ----------
    triangles : (n, 3, 3) corners, neighbours near each other
    centres, radii : (n_k, 3) and (n_k,) for each level, from the triangles up; ball i of a level holds the
        balls 8 i to 8 i + 7 of the level below
    """

    triangles: np.ndarray
    centres: tuple[np.ndarray, ...]
    radii: tuple[np.ndarray, ...]

    @property
    def top(self) -> int:
        """The highest level."""
        return len(self.centres) - 1

    def below(self, level: int, index: np.ndarray) -> np.ndarray:
        """The balls of the next lower level that the balls `index` (n,) of a level hold."""
        inner = (index[:, None] * _GROUP + np.arange(_GROUP)).ravel()
        return inner[inner < len(self.radii[level - 1])]


def ball_tree(mesh: bpy.types.Mesh) -> BallTree:
    """The tree of a mesh, in its own frame and units."""
    vertices = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    mesh.vertices.foreach_get("co", vertices)
    corners = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
    mesh.loop_triangles.foreach_get("vertices", corners)
    triangles = vertices.reshape(-1, 3).astype(np.float64)[corners.reshape(-1, 3)]
    triangles = triangles[np.argsort(_along_curve(triangles.mean(axis=1)), kind="stable")]
    centre, radius = balls_around(triangles)
    centres, radii = [centre], [radius]
    while len(centres[-1]) > _GROUP:
        inner, reach = centres[-1], radii[-1]
        starts = np.arange(0, len(inner), _GROUP)
        group = np.arange(len(inner)) // _GROUP
        low = np.minimum.reduceat(inner - reach[:, None], starts)
        high = np.maximum.reduceat(inner + reach[:, None], starts)
        centre = (low + high) / 2
        radii.append(np.maximum.reduceat(np.linalg.norm(inner - centre[group], axis=1) + reach, starts))
        centres.append(centre)
    return BallTree(triangles, tuple(centres), tuple(radii))


def balls_around(triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, 3) and (n,): balls around (n, 3, 3) triangles, their middles on them."""
    centre = triangles.mean(axis=1)
    return centre, np.linalg.norm(triangles - centre[:, None], axis=2).max(axis=1)


def halved(triangles: np.ndarray) -> np.ndarray:
    """(2 n, 3, 3): each of (n, 3, 3) triangles cut in two across its longest side."""
    sides = np.linalg.norm(triangles - np.roll(triangles, -1, axis=1), axis=2)
    row, first = np.arange(len(triangles)), sides.argmax(axis=1)
    a, b, c = (triangles[row, (first + step) % 3] for step in range(3))
    middle = (a + b) / 2
    return np.concatenate([np.stack([a, middle, c], axis=1), np.stack([middle, b, c], axis=1)])


def _along_curve(points: np.ndarray) -> np.ndarray:
    """(n,) places of (n, 3) points along a Z-order curve: near numbers are near in space, mostly."""
    low, high = points.min(axis=0), points.max(axis=0)
    cells = ((points - low) / max(float((high - low).max()), 1e-12) * (_CELLS - 1)).astype(np.int64)
    # Three bits apart, as in any Morton code.
    for shift, mask in ((16, 0x30000FF), (8, 0x300F00F), (4, 0x30C30C3), (2, 0x9249249)):
        cells = (cells | (cells << shift)) & mask
    return cells @ np.array([1, 2, 4])
