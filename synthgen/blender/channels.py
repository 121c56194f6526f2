"""From the truth render to the channels of the catalogue: the one place where Blender's terms end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from synthgen.blender.materials import MaterialTable
from synthgen.blender.truth import SurfaceTruth
from synthgen.frame.bundle import Instance
from synthgen.frame.channels import DEFAULT_CHANNELS
from synthgen.frame.classes import SKY, VOID, SemanticClass
from synthgen.frame.validity import BEYOND_FAR, BUMP, MIRROR, MIXED, TRANSPARENT
from synthgen.frame.validity import SKY as SKY_BIT
from synthgen.geometry.camera import Camera, distance_from_depth, unproject_depth
from synthgen.geometry.pose import transform_points


def truth_channels(
    truth: SurfaceTruth,
    camera: Camera,
    world_from_camera: np.ndarray,
    instances: Sequence[Instance],
    classes: Mapping[str, SemanticClass],
    materials: MaterialTable,
    wanted: Collection[str] = DEFAULT_CHANNELS,
) -> dict[str, np.ndarray]:
    """The truth channels of one surface per pixel.

    World normals become OpenCV camera normals that face the camera; objects become instance, class and
    material ids.

    Parameters
    ----------
    wanted : beyond depth, normal, instance and semantic, only the channels named here are made
    """
    hit = truth.hit
    class_of = np.full(len(instances) + 1, classes[SKY].id, dtype=np.uint16)
    for entry in instances:
        class_of[entry.id] = classes[entry.class_name].id
    seen = camera.rays().any(axis=-1)  # all, but for the corners around a fisheye's circle
    channels = {
        "depth": truth.depth.astype(np.float32),
        "normal": normals_facing(truth, camera, world_from_camera).astype(np.float32),
        "instance": truth.instance,
        "semantic": np.where(seen, class_of[truth.instance], np.uint16(classes[VOID].id)),
    }
    if "distance" in wanted:
        channels["distance"] = distance_from_depth(camera, truth.depth)
    if "position" in wanted:
        points = unproject_depth(camera, np.where(hit, truth.depth, 1.0))
        points = transform_points(world_from_camera, points)
        channels["position"] = np.where(hit[..., None], points, np.inf).astype(np.float32)
    if "material" in wanted:
        channels["material"] = material_ids(truth, materials)
    return channels


def normals_facing(truth: SurfaceTruth, camera: Camera, world_from_camera: np.ndarray) -> np.ndarray:
    """(h, w, 3) float64 unit normals, camera frame, facing the camera; (0, 0, 0) where nothing is hit."""
    normal = truth.normal_world @ world_from_camera[:3, :3]
    normal[np.einsum("hwc,hwc->hw", normal, camera.rays()) > 0] *= -1
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    return np.where(truth.hit[..., None] & (length > 0), normal / np.maximum(length, 1e-12), 0.0)


def layer_channels(layers: Sequence[SurfaceTruth]) -> dict[str, np.ndarray]:
    """`depth_layers` and `instance_layers` of the first surfaces along each ray.

    Rays tell the order. Of surfaces that coincide the one behind has at least the depth of the one before it,
    though the planes of their faces may differ by a rounding the other way.
    """
    depth = np.maximum.accumulate(np.stack([layer.depth for layer in layers], axis=-1), axis=-1)
    return {
        "depth_layers": depth.astype(np.float32),
        "instance_layers": np.stack([layer.instance for layer in layers], axis=-1),
    }


def material_ids(truth: SurfaceTruth, materials: MaterialTable) -> np.ndarray:
    """(h, w) uint16 material of each surface, 0 where nothing is hit."""
    return np.where(truth.hit, materials.ids(truth.made, truth.slot), 0).astype(np.uint16)


def validity_channel(
    truth: SurfaceTruth,
    first: SurfaceTruth,
    mixed: np.ndarray,
    materials: MaterialTable,
    far_m: float | None,
) -> np.ndarray:
    """(h, w) uint8 reasons why a pixel may want care, `synthgen.frame.validity`.

    Parameters
    ----------
    truth : the surface that the other channels show
    first : the first surface on the ray
    mixed : (h, w) bool, `synthgen.blender.subpixel.mixed_pixels`
    far_m : depth from which on a surface is beyond the far limit; None for no limit
    """
    shown = material_ids(truth, materials)
    bits = np.where(truth.hit, 0, SKY_BIT)
    bits |= np.where(materials.transparent[material_ids(first, materials)], TRANSPARENT, 0)
    bits |= np.where(materials.mirror[shown], MIRROR, 0)
    bits |= np.where(mixed, MIXED, 0)
    bits |= np.where(materials.bump[shown], BUMP, 0)
    if far_m is not None:
        bits |= np.where(truth.hit & (truth.depth > far_m), BEYOND_FAR, 0)
    return bits.astype(np.uint8)
