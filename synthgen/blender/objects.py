"""Each instance's own frame, and its box there."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

from synthgen.blender.stage.stage import Stage, instance_id
from synthgen.frame.objects import ObjectFrame
from synthgen.geometry.pose import invert, transform_points, world_from_camera

_MESHED = ("CURVE", "SURFACE", "META", "FONT")
_BOXED = ("CURVES", "POINTCLOUD")


def object_frames(
    scene: bpy.types.Scene, stage: Stage, depsgraph: bpy.types.Depsgraph
) -> dict[int, ObjectFrame]:
    """Frame and box of every instance that has a surface, by id, as the scene stands now.

    The frame is that of the instance's first object: its place and rotation, without its scale. The box is
    around all vertices of all the instance's objects with their modifiers, axes of that frame.

    Parameters
    ----------
    depsgraph : the scene as evaluated now
    """
    known = {instance.id for instance in stage.instances}
    frames = {}
    for made in scene.objects:
        frames.setdefault(instance_id(made), rigid(made.matrix_world))
    low: dict[int, np.ndarray] = {}
    high: dict[int, np.ndarray] = {}
    for each in depsgraph.object_instances:
        made = each.object.original
        number = instance_id(made)
        if number not in known or made.hide_render or not made.visible_camera:
            continue
        vertices = _vertices(each.object)
        if not len(vertices):
            continue
        world = np.array(each.matrix_world, dtype=np.float64)
        frame = frames.setdefault(number, rigid(world))
        points = transform_points(invert(frame) @ world, vertices)
        low[number] = np.minimum(low.get(number, np.inf), points.min(axis=0))
        high[number] = np.maximum(high.get(number, -np.inf), points.max(axis=0))
    return {
        number: ObjectFrame(frames[number], (low[number] + high[number]) / 2, high[number] - low[number])
        for number in sorted(low)
    }


def rigid(matrix: Sequence[Sequence[float]]) -> np.ndarray:
    """(4, 4) float64 rigid transform of a (4, 4) one with scale: the rotation that is nearest to it.

    It is the orthogonal factor of the polar decomposition; of a mirrored object, whose factor is no rotation,
    all three axes are turned round.
    """
    matrix = np.array(matrix, dtype=np.float64)  # Blender 5 hands out float32
    left, _, right = np.linalg.svd(matrix[:3, :3])
    rotation = left @ right
    return world_from_camera(matrix[:3, 3], rotation * np.sign(np.linalg.det(rotation)))


def _vertices(made: bpy.types.Object) -> np.ndarray:
    """(n, 3) float64 vertices of an evaluated object, its own frame; the corners of a box for hair."""
    if made.type == "MESH":
        return _coordinates(made.data)
    if made.type in _MESHED:
        mesh = made.to_mesh()
        try:
            return _coordinates(mesh)
        finally:
            made.to_mesh_clear()
    return np.array([tuple(corner) for corner in made.bound_box if made.type in _BOXED]).reshape(-1, 3)


def _coordinates(mesh: bpy.types.Mesh) -> np.ndarray:
    flat = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    mesh.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3).astype(np.float64)
