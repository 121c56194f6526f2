"""Where sampled cameras may be in a scene that says nothing about it: a region that the recipe names, or the
largest level floor."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import bpy
import numpy as np

from synthgen.blender.stage.stage import CameraRegion
from synthgen.errors import RenderError, unknown_name
from synthgen.geometry.pose import transform_points

VOLUME_M = 0.3
"""What is higher than this holds cameras, what is flatter is stood on."""
LEVEL_COSINE = 0.97
"""Faces within 14 degrees of level are floor."""
STEP_M = 0.05
"""Heights are told apart in steps of this."""
LARGE = 0.5
"""Of all heights with at least this share of the largest level area, the lowest is the floor: a roof may be
as large as the floor below it."""


def region_of_points(points_m: np.ndarray) -> CameraRegion:
    """Where cameras may be by (n, 3) points of a floor or around a volume."""
    low, high = points_m.min(axis=0), points_m.max(axis=0)
    outline = convex_outline(points_m[:, :2])
    if high[2] - low[2] > VOLUME_M:
        return CameraRegion(outline, float(low[2]), float(high[2]))
    return CameraRegion(outline, float(high[2]))


def region_of_box(min_m: Sequence[float], max_m: Sequence[float]) -> CameraRegion:
    """Where cameras may be by the corners of a box."""
    (x0, y0, z0), (x1, y1, z1) = min_m, max_m
    return CameraRegion(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=np.float64), z0, z1)


def named_points(scene: bpy.types.Scene, wanted: Mapping[str, str | None], unit_m: float) -> np.ndarray:
    """(n, 3) corners in metres of the objects that a recipe's region names, hidden or not.

    Raises
    ------
    RenderError
        When there is no such object or collection, or it has no size.
    """
    if wanted.get("object") is not None:
        kind, name = "object", wanted["object"]
        there: dict[str, list[bpy.types.Object]] = {made.name: [made] for made in scene.objects}
    else:
        kind, name = "collection", wanted["collection"]
        there = {each.name: list(each.all_objects) for each in scene.collection.children_recursive}
    if name not in there:
        raise RenderError(f"camera_region: {unknown_name(f'{kind} of the file', name, there)}")
    corners = [_corners(made) for made in there[name] if any(made.dimensions)]
    if not corners:
        raise RenderError(f"camera_region: the {kind} '{name}' of the file has no size")
    return np.concatenate(corners) * unit_m


def _corners(made: bpy.types.Object) -> np.ndarray:
    """(n, 3) float64 vertices of a mesh, or corners of the box around anything else, in the world."""
    if made.type == "MESH":
        flat = np.empty(len(made.data.vertices) * 3, dtype=np.float32)
        made.data.vertices.foreach_get("co", flat)
        points = flat.reshape(-1, 3).astype(np.float64)
    else:
        points = np.array([tuple(corner) for corner in made.bound_box])
    return transform_points(np.array(made.matrix_world, dtype=np.float64), points)


def region_above_floor(objects: Iterable[bpy.types.Object]) -> CameraRegion:
    """Where cameras may be above the floor of a scene: over all of the level faces at its height.

    Where no face is level, they may be anywhere within the scene's bounds.
    """
    objects = [made for made in objects if made.type == "MESH"]
    triangles = np.concatenate([_level_triangles(made) for made in objects] or [np.zeros((0, 3, 3))])
    if not len(triangles):
        corners = np.concatenate([_corners(made) for made in objects] or [np.zeros((1, 3))])
        return region_of_box(corners.min(axis=0).tolist(), corners.max(axis=0).tolist())
    steps = np.rint(triangles[..., 2].mean(axis=1) / STEP_M).astype(int)
    _, of = np.unique(steps, return_inverse=True)
    areas = np.bincount(of, np.linalg.norm(_normals(triangles), axis=1) / 2)
    floor = int(np.flatnonzero(areas >= LARGE * areas.max())[0])
    corners = triangles[of == floor].reshape(-1, 3)
    (x0, y0), (x1, y1) = corners[:, :2].min(axis=0), corners[:, :2].max(axis=0)
    outline = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    return CameraRegion(outline, float(np.median(corners[:, 2])))


def _level_triangles(made: bpy.types.Object) -> np.ndarray:
    """(n, 3, 3) corners in the world of the triangles of a mesh that look up."""
    mesh = made.data
    mesh.calc_loop_triangles()
    indices = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
    mesh.loop_triangles.foreach_get("vertices", indices)
    corners = _corners(made)[indices.reshape(-1, 3)]
    mirrored = np.linalg.det(np.array(made.matrix_world, dtype=np.float64)[:3, :3]) < 0
    normals = _normals(corners) * (-1.0 if mirrored else 1.0)
    return corners[normals[:, 2] > LEVEL_COSINE * np.linalg.norm(normals, axis=1)]


def _normals(triangles: np.ndarray) -> np.ndarray:
    """(n, 3) normals of (n, 3, 3) triangles, as long as twice their area."""
    return np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])


def convex_outline(points: np.ndarray) -> np.ndarray:
    """(m, 2) corners of the convex hull of (n, 2) points, counter-clockwise (Andrew's monotone chain).

    Raises
    ------
    RenderError
        When all points lie on a line.
    """
    ordered = np.unique(points, axis=0)

    def half(chain: np.ndarray) -> list[np.ndarray]:
        hull: list[np.ndarray] = []
        for point in chain:
            while len(hull) > 1 and _turn(hull[-2], hull[-1], point) <= 0:
                hull.pop()
            hull.append(point)
        return hull[:-1]

    outline = np.array(half(ordered) + half(ordered[::-1]))
    if len(outline) < 3:
        raise RenderError("camera_region: seen from above it is a line; expected an area")
    return outline


def _turn(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def describe_region(region: CameraRegion) -> dict[str, object]:
    """A region as JSON values, for the metadata."""
    top = region.ceiling_z_m
    return {
        "outline_m": np.round(region.outline_m, 3).tolist(),
        "floor_z_m": round(region.floor_z_m, 3),
        "ceiling_z_m": round(top, 3) if math.isfinite(top) else None,
    }
