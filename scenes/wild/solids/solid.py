"""`Solid`: points and faces of one piece, and how pieces are moved and joined. No Blender here."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True)
class Solid:
    """Points and faces of one piece of a thing; it may be closed, or a sheet.

    Attributes
    ----------
    points : (n, 3) float64, metres
    faces : arrays (m, k) of indices, one for each number of corners k; counter-clockwise seen from outside
    part : what this piece is to be made of, such as "body" or "wire"
    smooth : whether faces that share points run into each other
    uvs : arrays (m, k, 2) beside `faces`, or None
    """

    points: np.ndarray
    faces: tuple[np.ndarray, ...]
    part: str = "body"
    smooth: bool = True
    uvs: tuple[np.ndarray, ...] | None = None

    def of(self, part: str) -> Solid:
        """The same piece, made of something else."""
        return replace(self, part=part)

    def shaded(self, smooth: bool) -> Solid:
        """The same piece, its faces shaded smooth or flat."""
        return replace(self, smooth=smooth)

    def scaled(self, factor: float | Iterable[float]) -> Solid:
        """Stretched about the origin by a number, or by three numbers above 0."""
        return replace(self, points=self.points * np.asarray(factor, dtype=np.float64))

    def shifted(self, offset_m: Iterable[float]) -> Solid:
        """Carried along (3,) metres."""
        return replace(self, points=self.points + np.asarray(offset_m, dtype=np.float64))

    def turned(self, rotation: np.ndarray) -> Solid:
        """Turned about the origin by a (3, 3) rotation."""
        return replace(self, points=self.points @ rotation.T)

    def inside_out(self) -> Solid:
        """With all faces turned round: the wall of a hollow."""
        faces = tuple(face[:, ::-1] for face in self.faces)
        uvs = None if self.uvs is None else tuple(uv[:, ::-1] for uv in self.uvs)
        return replace(self, faces=faces, uvs=uvs)

    @property
    def face_count(self) -> int:
        """Number of faces."""
        return sum(len(face) for face in self.faces)

    def triangles(self) -> np.ndarray:
        """(t, 3) indices: all faces cut into fans."""
        fans = [
            np.stack([face[:, 0], face[:, i], face[:, i + 1]], axis=1)
            for face in self.faces
            for i in range(1, face.shape[1] - 1)
        ]
        return np.vstack(fans) if fans else np.empty((0, 3), dtype=np.int64)

    def volume_m3(self) -> float:
        """Volume of a closed solid by the divergence theorem; positive when its faces look outward."""
        a, b, c = (self.points[corner] for corner in self.triangles().T)
        return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def joined(solids: Iterable[Solid]) -> Solid:
    """Pieces of one material as one, with the part and the shading of the first; texture coordinates go."""
    solids = list(solids)
    starts = np.cumsum([0, *(len(each.points) for each in solids)])
    faces: dict[int, list[np.ndarray]] = {}
    for solid, start in zip(solids, starts):
        for face in solid.faces:
            faces.setdefault(face.shape[1], []).append(face + start)
    return Solid(
        points=np.vstack([each.points for each in solids]),
        faces=tuple(np.vstack(each) for each in faces.values()),
        part=solids[0].part,
        smooth=solids[0].smooth,
    )


def repeated(solid: Solid, rotations: np.ndarray, offsets_m: np.ndarray) -> Solid:
    """(m, 3, 3) rotated and (m, 3) shifted copies of a piece, as one piece. Textures go along."""
    count, size = len(offsets_m), len(solid.points)
    points = np.einsum("mij,nj->mni", rotations, solid.points) + offsets_m[:, None]
    step = (np.arange(count) * size)[:, None, None]
    return replace(
        solid,
        points=points.reshape(-1, 3),
        faces=tuple((face[None] + step).reshape(-1, face.shape[1]) for face in solid.faces),
        uvs=None if solid.uvs is None else tuple(np.tile(uv, (count, 1, 1)) for uv in solid.uvs),
    )


def grid_faces(rows: int, columns: int, *, around: bool = False, through: bool = False) -> np.ndarray:
    """(m, 4) faces of a grid of points in row order; outside is where rows x columns points.

    around : the last row meets the first
    through : the last column meets the first
    """
    index = np.arange(rows * columns).reshape(rows, columns)
    index = np.vstack([index, index[:1]]) if around else index
    index = np.hstack([index, index[:, :1]]) if through else index
    corners = (index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:])
    return np.stack(corners, axis=-1).reshape(-1, 4)


def turn_about(axis: Iterable[float], angle: float | np.ndarray) -> np.ndarray:
    """(..., 3, 3) rotations by angles (...) in radians about an axis, by Rodrigues' formula."""
    x, y, z = np.asarray(axis, dtype=np.float64) / np.linalg.norm(np.asarray(axis, dtype=np.float64))
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = np.asarray(angle, dtype=np.float64)[..., None, None]
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)


def about_z(angle: float) -> np.ndarray:
    """(3, 3) rotation about the upright axis by an angle in radians."""
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def turn_to(directions: np.ndarray) -> np.ndarray:
    """(..., 3, 3) rotations that carry z to the directions (..., 3)."""
    z = directions / np.linalg.norm(directions, axis=-1, keepdims=True)
    other = np.where(np.abs(z[..., :1]) < 0.9, np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    x = np.cross(other, z)
    x /= np.linalg.norm(x, axis=-1, keepdims=True)
    return np.stack([x, np.cross(z, x), z], axis=-1)


def any_rotation(rng: np.random.Generator) -> np.ndarray:
    """(3, 3) rotation, all equally likely, from a quaternion of four normal numbers."""
    w, x, y, z = (quaternion := rng.normal(size=4)) / np.linalg.norm(quaternion)
    return np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ])  # fmt: skip
