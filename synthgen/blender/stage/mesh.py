"""`MeshBuilder`: solids assembled in numpy and handed to Blender in one call.

Nothing here touches `bpy.ops`: every operator re-evaluates the whole scene, so building with operators
costs the square of the number of objects. All lengths are metres; z is up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import bpy
import numpy as np


class MeshBuilder:
    """Accumulates vertices and faces of one object, then becomes a `bpy` mesh.

    Every solid takes `material`, a key such as "wood"; `to_mesh` maps keys to Blender materials.
    """

    def __init__(self) -> None:
        self._vertices: list[np.ndarray] = []
        self._faces: list[tuple[int, ...]] = []
        self._materials: list[str] = []
        self._smooth: list[bool] = []
        self._uvs: dict[int, Sequence[tuple[float, float]]] = {}
        self._count = 0

    def faces(
        self,
        vertices: np.ndarray,
        faces: Sequence[Sequence[int]],
        material: str,
        *,
        smooth: bool | Sequence[bool] = False,
        uvs: Sequence[Sequence[tuple[float, float]]] | None = None,
    ) -> MeshBuilder:
        """Add raw geometry.

        Parameters
        ----------
        vertices : (n, 3) float, metres
        faces : rings of vertex indices, counter-clockwise seen from outside
        smooth : shade smooth, for all faces or one flag per face
        uvs : per face one (u, v) per corner
        """
        vertices = np.asarray(vertices, dtype=np.float64).reshape(-1, 3)
        first = len(self._faces)
        self._vertices.append(vertices)
        self._faces.extend(tuple(int(index) + self._count for index in face) for face in faces)
        self._materials.extend([material] * len(faces))
        self._smooth.extend([smooth] * len(faces) if isinstance(smooth, bool) else smooth)
        if uvs is not None:
            self._uvs.update({first + index: uv for index, uv in enumerate(uvs)})
        self._count += len(vertices)
        return self

    def box(
        self,
        size: Sequence[float],
        center: Sequence[float],
        material: str,
        *,
        bevel: float = 0.004,
        segments: int = 2,
    ) -> MeshBuilder:
        """A box of `size` (x, y, z) around `center` with rounded edges of radius `bevel`."""
        half = np.asarray(size, dtype=np.float64) / 2
        bevel = float(min(bevel, half.min() * 0.98))
        if bevel <= 0:
            grids = [np.array([-h, h]) for h in half]
        else:
            step = bevel * (1 - np.cos(np.linspace(0, np.pi / 2, segments + 1)))
            grids = [np.concatenate([-h + step, (h - step)[::-1]]) for h in half]
        shell = MeshBuilder()
        for axis in range(3):
            u, v = (axis + 1) % 3, (axis + 2) % 3
            grid_u, grid_v = np.meshgrid(grids[u], grids[v], indexing="ij")
            for side in (-1.0, 1.0):
                points = np.empty((*grid_u.shape, 3))
                points[..., axis], points[..., u], points[..., v] = side * half[axis], grid_u, grid_v
                shell.surface(
                    self._rounded(points, half, bevel) + np.asarray(center, dtype=np.float64),
                    material,
                    flip=side < 0,
                    smooth=bevel > 0,
                    flat_cell=(segments, segments) if bevel > 0 else None,
                )
        return self.merge(shell._welded())

    @staticmethod
    def _rounded(points: np.ndarray, half: np.ndarray, bevel: float) -> np.ndarray:
        if bevel <= 0:
            return points
        inner = np.clip(points, -(half - bevel), half - bevel)
        offset = points - inner
        length = np.linalg.norm(offset, axis=-1, keepdims=True)
        return inner + offset * (bevel / np.maximum(length, 1e-12))

    def surface(
        self,
        points: np.ndarray,
        material: str,
        *,
        flip: bool = False,
        smooth: bool = True,
        closed_u: bool = False,
        flat_cell: tuple[int, int] | None = None,
        with_uv: bool = False,
    ) -> MeshBuilder:
        """A grid of quads over (m, n, 3) points; outside is where u x v points, unless `flip`.

        `closed_u` joins the last row to the first; `flat_cell` is the one cell to shade flat.
        """
        rows, columns = points.shape[:2]
        index = np.arange(rows * columns).reshape(rows, columns)
        if closed_u:
            index = np.vstack([index, index[:1]])
        quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1)
        flags = np.full(quads.shape[:2], smooth)
        if flat_cell is not None:
            flags[flat_cell] = False
        uvs = None
        if with_uv:
            u, v = np.linspace(0, 1, index.shape[0]), np.linspace(0, 1, index.shape[1])
            uvs = [
                [(u[i], v[j]), (u[i + 1], v[j]), (u[i + 1], v[j + 1]), (u[i], v[j + 1])]
                for i in range(len(u) - 1)
                for j in range(len(v) - 1)
            ]
        quads = quads.reshape(-1, 4)
        if flip:
            quads = quads[:, ::-1]
            uvs = [uv[::-1] for uv in uvs] if uvs else None
        return self.faces(points.reshape(-1, 3), quads, material, smooth=flags.ravel().tolist(), uvs=uvs)

    def quad(self, corners: Sequence[Sequence[float]], material: str) -> MeshBuilder:
        """One quad, counter-clockwise seen from outside, with uv (0,0) (1,0) (1,1) (0,1) at its corners."""
        uv = [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]]
        return self.faces(np.asarray(corners), [(0, 1, 2, 3)], material, uvs=uv)

    def lathe(
        self,
        profile: Sequence[Sequence[float]],
        center: Sequence[float],
        material: str,
        *,
        segments: int = 32,
    ) -> MeshBuilder:
        """A solid of revolution about z: `profile` is (n, 2) of (radius, height), outside on its right
        when walked from bottom to top. Points with radius 0 close it."""
        outline = np.asarray(profile, dtype=np.float64)
        angles = np.linspace(0, 2 * math.pi, segments, endpoint=False)
        points = np.empty((segments, len(outline), 3))
        points[..., 0] = np.cos(angles)[:, None] * outline[:, 0]
        points[..., 1] = np.sin(angles)[:, None] * outline[:, 0]
        points[..., 2] = outline[:, 1]
        return self.surface(points + np.asarray(center, dtype=np.float64), material, closed_u=True)

    def cylinder(
        self,
        radius: float,
        height: float,
        base: Sequence[float],
        material: str,
        *,
        top_radius: float | None = None,
        bevel: float = 0.0,
        segments: int = 32,
    ) -> MeshBuilder:
        """An upright cylinder or cone frustum standing on `base`, its rims rounded by `bevel`."""
        top = radius if top_radius is None else top_radius
        bevel = min(bevel, radius * 0.9, top * 0.9, height * 0.45)
        arc = np.linspace(0, math.pi / 2, 4) if bevel > 0 else np.array([0.0])
        low = [(radius - bevel + bevel * math.sin(a), bevel - bevel * math.cos(a)) for a in arc]
        high = [(top - bevel + bevel * math.cos(a), height - bevel + bevel * math.sin(a)) for a in arc]
        sides = self.lathe([*low, *high], base, material, segments=segments)
        return sides._disc(low[0][0], base, material, segments, down=True)._disc(
            high[-1][0], (base[0], base[1], base[2] + height), material, segments, down=False
        )

    def _disc(
        self, radius: float, center: Sequence[float], material: str, segments: int, *, down: bool
    ) -> MeshBuilder:
        angles = np.linspace(0, 2 * math.pi, segments, endpoint=False)
        ring = np.column_stack([np.cos(angles) * radius, np.sin(angles) * radius, np.zeros(segments)])
        order = range(segments - 1, -1, -1) if down else range(segments)
        return self.faces(ring + np.asarray(center, dtype=np.float64), [tuple(order)], material)

    def tube(
        self,
        path: Sequence[Sequence[float]],
        radius: float | Sequence[float],
        material: str,
        *,
        segments: int = 12,
    ) -> MeshBuilder:
        """A round rod along (n, 3) points with capped ends; `radius` for all or per point."""
        line = np.asarray(path, dtype=np.float64)
        radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(line))
        tangents = np.gradient(line, axis=0)
        tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
        side = np.cross(tangents[0], [0.0, 0.0, 1.0])
        if np.linalg.norm(side) < 1e-6:
            side = np.array([1.0, 0.0, 0.0])
        angles = np.linspace(0, 2 * math.pi, segments, endpoint=False)
        rings = np.empty((segments, len(line), 3))
        for index, (point, tangent) in enumerate(zip(line, tangents)):
            side = side - tangent * (side @ tangent)  # carried along, so that the rod does not twist
            side /= np.linalg.norm(side)
            other = np.cross(tangent, side)
            circle = np.cos(angles)[:, None] * side + np.sin(angles)[:, None] * other
            rings[:, index] = point + circle * radii[index]
        self.surface(rings, material, closed_u=True)
        order = tuple(range(segments))
        self.faces(rings[:, 0], [order[::-1]], material)
        return self.faces(rings[:, -1], [order], material)

    def prism(
        self, outline: Sequence[Sequence[float]], bottom_z: float, top_z: float, material: str
    ) -> MeshBuilder:
        """An upright prism over a counter-clockwise (n, 2) outline, which may be concave."""
        ring = np.asarray(outline, dtype=np.float64)
        count = len(ring)
        low = np.column_stack([ring, np.full(count, bottom_z)])
        high = np.column_stack([ring, np.full(count, top_z)])
        sides = [(i, (i + 1) % count, (i + 1) % count + count, i + count) for i in range(count)]
        caps = [tuple(range(count - 1, -1, -1)), tuple(range(count, 2 * count))]
        return self.faces(np.vstack([low, high]), [*sides, *caps], material)

    def _welded(self) -> MeshBuilder:
        """A copy whose coinciding vertices are one, so that smooth shading runs across the seams."""
        vertices = np.vstack(self._vertices)
        _, kept, target = np.unique(np.round(vertices, 7), axis=0, return_index=True, return_inverse=True)
        target = target.ravel()
        faces = [tuple(target[list(face)]) for face in self._faces]
        welded = MeshBuilder()
        for material in self.material_keys():
            rows = [row for row, key in enumerate(self._materials) if key == material]
            welded.faces([], [faces[r] for r in rows], material, smooth=[self._smooth[r] for r in rows])
        welded._vertices, welded._count = [vertices[kept]], len(kept)
        return welded

    def merge(self, other: MeshBuilder, transform: np.ndarray | None = None) -> MeshBuilder:
        """Add all of another builder, moved by a (4, 4) target_from_source."""
        vertices = np.vstack(other._vertices) if other._vertices else np.empty((0, 3))
        if transform is not None:
            vertices = vertices @ transform[:3, :3].T + transform[:3, 3]
        first = len(self._faces)
        self._vertices.append(vertices)
        self._faces.extend(tuple(index + self._count for index in face) for face in other._faces)
        self._materials.extend(other._materials)
        self._smooth.extend(other._smooth)
        self._uvs.update({first + index: uv for index, uv in other._uvs.items()})
        self._count += len(vertices)
        return self

    def transformed(self, transform: np.ndarray) -> MeshBuilder:
        """A copy moved by a (4, 4) target_from_source."""
        return MeshBuilder().merge(self, transform)

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner, (3,) each, metres."""
        vertices = np.vstack(self._vertices)
        return vertices.min(axis=0), vertices.max(axis=0)

    def material_keys(self) -> list[str]:
        """The material keys in use, in order of first use."""
        return list(dict.fromkeys(self._materials))

    def to_mesh(self, name: str, materials: Mapping[str, bpy.types.Material]) -> bpy.types.Mesh:
        """The Blender mesh. Raises `KeyError` when a material key is not in `materials`."""
        mesh = bpy.data.meshes.new(name)
        vertices = np.vstack(self._vertices)
        sizes = np.array([len(face) for face in self._faces], dtype=np.int32)
        loops = np.fromiter((index for face in self._faces for index in face), np.int32, int(sizes.sum()))
        mesh.vertices.add(len(vertices))
        mesh.vertices.foreach_set("co", vertices.astype(np.float32).ravel())
        mesh.loops.add(len(loops))
        mesh.loops.foreach_set("vertex_index", loops)
        mesh.polygons.add(len(sizes))
        mesh.polygons.foreach_set("loop_start", (np.cumsum(sizes) - sizes).astype(np.int32))
        mesh.update(calc_edges=True)
        keys = self.material_keys()
        for key in keys:
            mesh.materials.append(materials[key])
        slots = {key: slot for slot, key in enumerate(keys)}
        mesh.polygons.foreach_set("material_index", np.array([slots[k] for k in self._materials], np.int32))
        mesh.polygons.foreach_set("use_smooth", np.array(self._smooth, dtype=bool))
        if self._uvs:
            coordinates = np.zeros((len(loops), 2), dtype=np.float32)
            starts = np.cumsum(sizes) - sizes
            for face, uv in self._uvs.items():
                coordinates[starts[face] : starts[face] + sizes[face]] = uv
            mesh.uv_layers.new(name="UVMap").uv.foreach_set("vector", coordinates.ravel())
        mesh.validate()
        return mesh
