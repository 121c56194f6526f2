"""`MeshBuilder`: solids assembled in numpy and handed to Blender in one call.

Nothing here touches `bpy.ops`: every operator re-evaluates the whole scene, so building with operators
costs the square of the number of objects. All lengths are metres; z is up.

Two conventions hold for every solid. Texture coordinates are metres, u along the grain (the length of a
board, the axis of a rod), shifted per part so that no two boards show the same piece of wood. Normals are
averaged over the faces that share a vertex, weighted by area, so that a rounded edge runs into its flat
faces without a visible break; faces that do not share vertices meet in a hard edge.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import bpy
import numpy as np

from synthgen.blender.stage.solids import corner_normals, rounded_box


class _Patch(NamedTuple):
    """Faces with the same number of corners and one material."""

    corners: np.ndarray  # (n, k) int, indices into all vertices
    material: str
    smooth: np.ndarray  # (n,) bool
    uvs: np.ndarray  # (n, k, 2)


def _rings(faces: Sequence[Sequence[int]] | np.ndarray) -> Iterator[np.ndarray]:
    """Arrays (n, k) of consecutive faces with the same number of corners; an array is one already."""
    if isinstance(faces, np.ndarray) and faces.ndim == 2:
        yield faces.astype(np.int64)
        return
    for _, run in itertools.groupby(faces, key=len):
        yield np.array(list(run), dtype=np.int64)


class MeshBuilder:
    """Accumulates vertices and faces of one object, then becomes a `bpy` mesh.

    Every solid takes `material`, a key such as "wood"; `to_mesh` maps keys to Blender materials.
    """

    def __init__(self) -> None:
        self._vertices: list[np.ndarray] = []
        self._patches: list[_Patch] = []
        self._count = 0

    def faces(
        self,
        vertices: np.ndarray,
        faces: Sequence[Sequence[int]] | np.ndarray,
        material: str,
        *,
        smooth: bool | Sequence[bool] = False,
        uvs: Sequence[Sequence[tuple[float, float]]] | np.ndarray | None = None,
    ) -> MeshBuilder:
        """Add raw geometry.

        Parameters
        ----------
        vertices : (n, 3) float, metres
        faces : rings of vertex indices, counter-clockwise seen from outside
        smooth : shade smooth, for all faces or one flag per face
        uvs : per face one (u, v) per corner; zeros when not given
        """
        vertices = np.asarray(vertices, dtype=np.float64).reshape(-1, 3)
        flags = np.broadcast_to(np.asarray(smooth, dtype=bool), len(faces))
        start = 0
        for ring in _rings(faces):
            corners = ring.shape[1]
            rows = slice(start, start + len(ring))
            start += len(ring)
            uv = np.zeros((*ring.shape, 2)) if uvs is None else np.asarray(uvs[rows], dtype=np.float64)
            uv = uv.reshape(len(ring), corners, 2)
            self._patches.append(_Patch(ring + self._count, material, flags[rows], uv))
        self._vertices.append(vertices)
        self._count += len(vertices)
        return self

    def box(
        self,
        size: Sequence[float],
        center: Sequence[float],
        material: str,
        *,
        bevel: float = 0.004,
        segments: int | None = None,
    ) -> MeshBuilder:
        """A box of `size` (x, y, z) around `center` with rounded edges of radius `bevel`.

        `segments` per half edge default to one below 6 mm, and two above.
        """
        size, center = np.asarray(size, dtype=np.float64), np.asarray(center, dtype=np.float64)
        bevel = float(np.clip(bevel, 0.0, size.min() * 0.49))
        segments = 0 if bevel == 0 else segments or (1 if bevel < 0.006 else 2)
        signs, directions, quads, axes, flat = rounded_box(segments)
        vertices = signs * (size / 2 - bevel) + directions * bevel + center
        grain = int(np.argmax(size))
        u_axis = np.where(axes == grain, (axes + 1) % 3, grain)
        v_axis = 3 - axes - u_axis
        shift = (center * (3.1, 7.3, 5.7)).sum()
        corners = vertices[quads]
        uv = np.stack(
            [
                np.take_along_axis(corners, u_axis[:, None, None], axis=2)[..., 0] + shift,
                np.take_along_axis(corners, v_axis[:, None, None], axis=2)[..., 0] + 1.7 * shift,
            ],
            axis=-1,
        )
        return self.faces(vertices, quads, material, smooth=~flat, uvs=uv)

    def block(
        self,
        low: Sequence[float],
        high: Sequence[float],
        material: str,
        *,
        bevel: float = 0.002,
        segments: int | None = None,
    ) -> MeshBuilder:
        """A box between its lowest and its highest corner."""
        low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
        return self.box(high - low, (low + high) / 2, material, bevel=bevel, segments=segments)

    def surface(
        self,
        points: np.ndarray,
        material: str,
        *,
        flip: bool = False,
        smooth: bool = True,
        closed_u: bool = False,
        closed_v: bool = False,
        flat_cell: tuple[int, int] | None = None,
        flat_rows: np.ndarray | None = None,
        with_uv: bool = False,
    ) -> MeshBuilder:
        """A grid of quads over (m, n, 3) points; outside is where u x v points, unless `flip`.

        `closed_u` joins the last row to the first, `closed_v` the last column to the first; `flat_cell` is
        one cell to shade flat, `flat_rows` (m,) bool whole rows of cells. `with_uv` spans 0..1 over the
        grid instead of metres.
        """
        rows, columns = points.shape[:2]
        index = np.arange(rows * columns).reshape(rows, columns)
        line = points
        if closed_u:
            index, line = np.vstack([index, index[:1]]), np.concatenate([line, line[:1]], axis=0)
        if closed_v:
            index, line = np.hstack([index, index[:, :1]]), np.concatenate([line, line[:, :1]], axis=1)
        if with_uv:
            across, along = np.linspace(0, 1, index.shape[0]), np.linspace(0, 1, index.shape[1])
        else:
            steps_u = np.linalg.norm(np.diff(line, axis=0), axis=2).max(axis=1)
            steps_v = np.linalg.norm(np.diff(line, axis=1), axis=2).max(axis=0)
            shift = float(points[0, 0] @ (3.1, 7.3, 5.7))
            across = np.concatenate([[0.0], np.cumsum(steps_u)]) + 1.7 * shift
            along = np.concatenate([[0.0], np.cumsum(steps_v)]) + shift
        # In metres the grain runs along the columns (the axis of a rod); over 0..1 u is the row.
        grid = np.stack(np.meshgrid(across, along, indexing="ij"), axis=-1)
        grid = grid if with_uv else grid[..., ::-1]
        quads, uvs = (
            np.stack([a[:-1, :-1], a[1:, :-1], a[1:, 1:], a[:-1, 1:]], axis=2) for a in (index, grid)
        )
        flags = np.full(quads.shape[:2], smooth)
        if flat_cell is not None:
            flags[flat_cell] = False
        if flat_rows is not None:
            flags[flat_rows[: len(flags)]] = False
        order = slice(None, None, -1) if flip else slice(None)
        quads, uvs = quads.reshape(-1, 4)[:, order], uvs.reshape(-1, 4, 2)[:, order]
        return self.faces(points.reshape(-1, 3), quads, material, smooth=flags.ravel(), uvs=uvs)

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
        return self._cap(ring + np.asarray(center, dtype=np.float64), material, flip=down)

    def _cap(self, ring: np.ndarray, material: str, *, flip: bool) -> MeshBuilder:
        order = list(range(len(ring)))[:: -1 if flip else 1]
        first = ring[1] - ring[0]
        u = first / max(float(np.linalg.norm(first)), 1e-12)
        normal = np.cross(ring, np.roll(ring, -1, axis=0)).sum(axis=0)
        v = np.cross(normal / max(float(np.linalg.norm(normal)), 1e-12), u)
        return self.faces(ring, [order], material, uvs=np.stack([ring @ u, ring @ v], axis=-1)[None, order])

    def loft(
        self,
        rings: np.ndarray,
        material: str,
        *,
        smooth: bool = True,
        closed: bool = False,
        flat_sides: np.ndarray | None = None,
    ) -> MeshBuilder:
        """A skin over (n, k, 3) rings, each counter-clockwise seen from the side that the path leads to.

        The ends are capped, unless `closed` joins the last ring to the first. `flat_sides` (k,) bool names
        the sides (from corner i to i + 1) to shade flat.
        """
        rings = np.asarray(rings, dtype=np.float64)
        columns = np.swapaxes(rings, 0, 1)
        self.surface(columns, material, smooth=smooth, closed_u=True, closed_v=closed, flat_rows=flat_sides)
        if closed:
            return self
        return self._cap(rings[0], material, flip=True)._cap(rings[-1], material, flip=False)

    def tube(
        self,
        path: Sequence[Sequence[float]],
        radius: float | Sequence[float],
        material: str,
        *,
        segments: int = 12,
        closed: bool = False,
    ) -> MeshBuilder:
        """A round rod along (n, 3) points; `radius` for all or per point. `closed` makes it a loop."""
        angles = np.linspace(0, 2 * math.pi, segments, endpoint=False)
        circle = np.column_stack([np.cos(angles), np.sin(angles)])
        return self.sweep(path, circle, material, scale=radius, closed=closed)

    def sweep(
        self,
        path: Sequence[Sequence[float]],
        section: np.ndarray,
        material: str,
        *,
        scale: float | Sequence[float] = 1.0,
        closed: bool = False,
        up: Sequence[float] = (0.0, 0.0, 1.0),
        smooth: bool = True,
        flat_sides: np.ndarray | None = None,
    ) -> MeshBuilder:
        """A rod with a (k, 2) counter-clockwise cross-section along (n, 3) points.

        The section's x starts at right angles to `up` and the path, its y near `up`; the frame is carried
        along the path without twist. `scale` multiplies the section, for all or per point.
        """
        line = np.asarray(path, dtype=np.float64)
        scales = np.broadcast_to(np.asarray(scale, dtype=np.float64), len(line))
        if closed:
            tangents = np.roll(line, -1, axis=0) - np.roll(line, 1, axis=0)
        else:
            tangents = np.gradient(line, axis=0)
        tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
        side = np.cross(up, tangents[0])
        if np.linalg.norm(side) < 1e-6:
            side = np.array([1.0, 0.0, 0.0])
        rings = np.empty((len(line), len(section), 3))
        for index, (point, tangent) in enumerate(zip(line, tangents)):
            side = side - tangent * (side @ tangent)
            side /= np.linalg.norm(side)
            frame = np.stack([side, np.cross(tangent, side)])
            rings[index] = point + scales[index] * (section @ frame)
        return self.loft(rings, material, smooth=smooth, closed=closed, flat_sides=flat_sides)

    def prism(
        self,
        outline: Sequence[Sequence[float]],
        bottom_z: float,
        top_z: float,
        material: str,
        *,
        bevel: float = 0.0,
    ) -> MeshBuilder:
        """An upright prism over a counter-clockwise (n, 2) outline, which may be concave.

        `bevel` rounds the rims; the outline must then be convex, or rounder than the bevel.
        """
        ring = np.asarray(outline, dtype=np.float64)
        if bevel <= 0:
            rings = [np.column_stack([ring, np.full(len(ring), z)]) for z in (bottom_z, top_z)]
            return self.loft(np.array(rings), material, smooth=False)
        edges = np.roll(ring, -1, axis=0) - ring
        normals = np.column_stack([edges[:, 1], -edges[:, 0]]) / np.linalg.norm(edges, axis=1)[:, None]
        outwards = normals + np.roll(normals, 1, axis=0)
        outwards /= 1 + (normals * np.roll(normals, 1, axis=0)).sum(axis=1, keepdims=True)  # a mitre
        arc = np.linspace(0, math.pi / 2, 3 if bevel < 0.006 else 5)
        steps = [(math.sin(a) - 1, bottom_z + bevel * (1 - math.cos(a))) for a in arc]
        steps += [(math.cos(a) - 1, top_z - bevel * (1 - math.sin(a))) for a in arc]
        rings = [np.column_stack([ring + outwards * bevel * s, np.full(len(ring), z)]) for s, z in steps]
        return self.loft(np.array(rings), material)

    def merge(self, other: MeshBuilder, transform: np.ndarray | None = None) -> MeshBuilder:
        """Add all of another builder, moved by a (4, 4) target_from_source, which may mirror."""
        vertices = other.vertices()
        mirrored = False
        if transform is not None:
            vertices = vertices @ transform[:3, :3].T + transform[:3, 3]
            mirrored = np.linalg.det(transform[:3, :3]) < 0
        order = slice(None, None, -1) if mirrored else slice(None)
        self._vertices.append(vertices)
        self._patches.extend(
            _Patch(p.corners[:, order] + self._count, p.material, p.smooth, p.uvs[:, order])
            for p in other._patches
        )
        self._count += len(vertices)
        return self

    def transformed(self, transform: np.ndarray) -> MeshBuilder:
        """A copy moved by a (4, 4) target_from_source, which may mirror."""
        return MeshBuilder().merge(self, transform)

    def bent(self, bend: Callable[[np.ndarray], np.ndarray]) -> MeshBuilder:
        """A copy whose vertices (n, 3) went through `bend`, which returns as many."""
        made = MeshBuilder()
        made._patches, made._count = list(self._patches), self._count
        made._vertices = [np.asarray(bend(self.vertices()), dtype=np.float64).reshape(self._count, 3)]
        return made

    def vertices(self) -> np.ndarray:
        """All vertices, (n, 3) float64, metres."""
        return np.vstack(self._vertices) if self._vertices else np.empty((0, 3))

    def triangles(self) -> np.ndarray:
        """All faces cut into triangle fans, (n, 3) int indices into `vertices`."""
        fans = [
            np.stack([p.corners[:, 0], p.corners[:, i], p.corners[:, i + 1]], axis=1)
            for p in self._patches
            for i in range(1, p.corners.shape[1] - 1)
        ]
        return np.vstack(fans) if fans else np.empty((0, 3), dtype=np.int64)

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner, (3,) each, metres."""
        vertices = self.vertices()
        return vertices.min(axis=0), vertices.max(axis=0)

    def material_keys(self) -> list[str]:
        """The material keys in use, in order of first use."""
        return list(dict.fromkeys(patch.material for patch in self._patches))

    def to_mesh(self, name: str, materials: Mapping[str, bpy.types.Material]) -> bpy.types.Mesh:
        """The Blender mesh. Raises `KeyError` when a material key is not in `materials`."""
        mesh = bpy.data.meshes.new(name)
        vertices = self.vertices()
        sizes = np.concatenate([np.full(len(p.corners), p.corners.shape[1]) for p in self._patches])
        loops = np.concatenate([p.corners.ravel() for p in self._patches])
        smooth = np.concatenate([p.smooth for p in self._patches])
        keys = self.material_keys()
        slots = [np.full(len(p.corners), keys.index(p.material)) for p in self._patches]
        for key in keys:
            mesh.materials.append(materials[key])
        mesh.vertices.add(len(vertices))
        mesh.vertices.foreach_set("co", vertices.astype(np.float32).ravel())
        mesh.loops.add(len(loops))
        mesh.loops.foreach_set("vertex_index", loops.astype(np.int32))
        mesh.polygons.add(len(sizes))
        mesh.polygons.foreach_set("loop_start", (np.cumsum(sizes) - sizes).astype(np.int32))
        mesh.polygons.foreach_set("material_index", np.concatenate(slots).astype(np.int32))
        mesh.polygons.foreach_set("use_smooth", smooth)
        mesh.update(calc_edges=True)
        uvs = np.concatenate([p.uvs.reshape(-1, 2) for p in self._patches])
        mesh.uv_layers.new(name="UVMap").uv.foreach_set("vector", uvs.astype(np.float32).ravel())
        normals = mesh.attributes.new("custom_normal", "FLOAT_VECTOR", "CORNER")
        directions = corner_normals(vertices, loops, sizes, smooth)
        normals.data.foreach_set("vector", directions.astype(np.float32).ravel())
        mesh.validate()
        return mesh
