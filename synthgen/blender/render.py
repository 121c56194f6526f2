"""A built scene and a viewpoint to a `FrameBundle`: colour, truth, conventions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import bpy
import numpy as np

from synthgen.blender.materials import MaterialTable
from synthgen.blender.passes import NO_HIT, TruthPasses
from synthgen.blender.stage.stage import instance_id
from synthgen.errors import RenderError
from synthgen.frame.bundle import Instance
from synthgen.frame.channels import DEFAULT_CHANNELS
from synthgen.frame.classes import SKY, VOID, SemanticClass
from synthgen.geometry.camera import Camera, distance_from_depth, unproject_depth
from synthgen.geometry.pose import transform_points

MAX_INSTANCES = 2**24 - 1
"""The largest id that float32 passes hold with all its neighbours."""

_VISIBLE = ("MESH", "CURVE", "CURVES", "SURFACE", "META", "FONT")


def truth_channels(
    truth: TruthPasses,
    camera: Camera,
    world_from_camera: np.ndarray,
    instances: Sequence[Instance],
    classes: dict[str, SemanticClass],
    materials: MaterialTable | None = None,
    wanted: Collection[str] = DEFAULT_CHANNELS,
) -> dict[str, np.ndarray]:
    """The truth channels of the catalogue from Blender's passes.

    Blender's frames and sentinels end here: 1e10 becomes +inf, world normals become OpenCV camera
    normals that face the camera, objects become instance, class and material ids.

    Parameters
    ----------
    materials : the scene's table; needed for `material` only
    wanted : beyond depth, normal, instance and semantic, only the channels named here are made
    """
    rays = camera.rays()
    seen = rays.any(axis=-1)  # all, but for the corners around a fisheye's circle
    hit = seen & (truth.depth < NO_HIT)
    depth = np.where(hit, truth.depth, np.float32(np.inf)).astype(np.float32)
    instance = np.where(hit, truth.instance, 0).astype(np.uint32)
    if (hit & (instance == 0)).any():
        count = int((hit & (instance == 0)).sum())
        raise RenderError(f"truth render: {count} pixels show an object that belongs to no instance")

    normal = truth.normal_world.astype(np.float64) @ world_from_camera[:3, :3]
    away = np.einsum("hwc,hwc->hw", normal, rays) > 0
    normal[away] *= -1
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    normal = np.where(hit[..., None] & (length > 0), normal / np.maximum(length, 1e-12), 0.0)

    class_of = np.full(len(instances) + 1, classes[SKY].id, dtype=np.uint16)
    for entry in instances:
        class_of[entry.id] = classes[entry.class_name].id
    channels = {
        "depth": depth,
        "normal": normal.astype(np.float32),
        "instance": instance,
        "semantic": np.where(seen, class_of[instance], np.uint16(classes[VOID].id)),
    }
    if "distance" in wanted:
        channels["distance"] = distance_from_depth(camera, depth)
    if "position" in wanted:
        points = transform_points(world_from_camera, unproject_depth(camera, np.where(hit, depth, 1.0)))
        channels["position"] = np.where(hit[..., None], points, np.inf).astype(np.float32)
    if "material" in wanted:
        channels["material"] = np.where(hit, materials.ids(truth.made, truth.slot), 0).astype(np.uint16)
    return channels


def check_scene(scene: bpy.types.Scene, instances: Sequence[Instance]) -> None:
    """Refuse what would give wrong truth, before any render.

    Raises
    ------
    RenderError
        When there are too many instances, a mesh belongs to none, or an image file is missing.
    """
    if not instances:
        raise RenderError("the scene is empty: its builder made no instance")
    if len(instances) > MAX_INSTANCES:
        raise RenderError(f"the scene has {len(instances)} instances; at most {MAX_INSTANCES} fit")
    for made in scene.objects:
        if made.type in _VISIBLE and not 1 <= instance_id(made) <= len(instances):
            raise RenderError(f"object '{made.name}' belongs to no instance: add it with Stage.add")
    for image in bpy.data.images:
        if image.source == "FILE" and not image.has_data and not image.packed_file:
            raise RenderError(f"image '{image.name}': its file is missing ({image.filepath})")
