"""Optical flow, occlusion and disparity from depth and poses, in float64.

Nothing is searched and nothing is interpolated: a pixel's surface point is carried to the other frame by the
motion of its instance and of the camera, and projected there.

    point_world = world_from_camera (ray(pixel centre) * depth)
    point_other = other_from_world  moved[instance]  point_world
    flow        = project_other(point_other) - pixel centre

Sky is a point at infinity: only the rotation between the two cameras moves it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthgen.geometry.camera import Camera, pixel_centres
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.geometry.pose import invert, transform_points

VISIBLE, HIDDEN, OUTSIDE = 0, 1, 2
"""Codes of the occlusion channels."""


def carried_points(
    camera: Camera,
    depth: np.ndarray,
    world_from_camera: np.ndarray,
    world_from_camera_other: np.ndarray,
    instance: np.ndarray | None = None,
    moved: Mapping[int, np.ndarray] | None = None,
) -> np.ndarray:
    """Surface points of one frame, as they lie before the camera of another.

    Parameters
    ----------
    depth : (h, w) metres as `camera` measures it, +inf where nothing is hit
    instance : (h, w) ids, needed where something moves
    moved : instance id -> (4, 4) world_other_from_world; what is not named stands still

    Returns
    -------
    (h, w, 3) float64, the other camera's frame: metres, and for sky the direction of its ray. (0, 0, 0) where
    the lens of `camera` sees nothing.
    """
    rays = camera.rays()
    hit = np.isfinite(depth)
    other_from_world = invert(world_from_camera_other)
    other_from_camera = other_from_world @ world_from_camera
    points = rays * np.where(hit, depth, 1.0).astype(np.float64)[..., None]
    carried = np.where(
        hit[..., None], transform_points(other_from_camera, points), rays @ other_from_camera[:3, :3].T
    )
    for label, world_other_from_world in (moved or {}).items():
        mask = (instance == label) & hit
        transform = other_from_world @ world_other_from_world @ world_from_camera
        carried[mask] = transform_points(transform, points[mask])
    return carried


def flow_to(
    camera: Camera,
    depth: np.ndarray,
    world_from_camera: np.ndarray,
    camera_other: Camera,
    world_from_camera_other: np.ndarray,
    instance: np.ndarray | None = None,
    moved: Mapping[int, np.ndarray] | None = None,
) -> np.ndarray:
    """Where each pixel's surface point appears in another frame, minus the pixel's centre.

    Parameters as in `carried_points`. In a panorama, whose left and right edges meet, the displacement goes
    the shorter way: at most half of the width, across the seam where that is nearer.

    Returns
    -------
    (h, w, 2) float32 pixels, right and down; (+inf, +inf) where the other lens does not see the point
    """
    points = carried_points(camera, depth, world_from_camera, world_from_camera_other, instance, moved)
    flow = camera_other.project(points) - pixel_centres(camera.width, camera.height)
    if isinstance(camera_other, EquirectangularCamera):
        half = camera_other.width / 2
        flow[..., 0] = (flow[..., 0] + half) % camera_other.width - half
    flow[~camera.rays().any(axis=-1)] = np.inf
    with np.errstate(over="ignore"):
        rounded = flow.astype(np.float32)
    return np.where(np.isfinite(rounded).all(axis=-1, keepdims=True), rounded, np.float32(np.inf))


def disparity(camera: Camera, depth: np.ndarray, baseline_m: float) -> np.ndarray:
    """(h, w) float32 pixels: fx * baseline / depth, 0 where the planar depth is +inf.

    It belongs to two perspective cameras with the same intrinsics and orientation, `baseline_m` apart along
    their x axis.
    """
    return (camera.K[0, 0] * baseline_m / np.asarray(depth, np.float64)).astype(np.float32)
