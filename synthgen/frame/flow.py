"""Optical flow, occlusion and disparity from depth and poses, in float64.

Nothing is searched: a pixel's surface point is carried to the other frame by the motion of its instance and
of the camera, and projected there.

    point_world = world_from_camera (ray(pixel centre) * depth)
    point_other = other_from_world  world_other_from_world[instance]  point_world
    flow        = project_other(point_other) - pixel centre

Sky is a point at infinity: only the rotation between the two cameras moves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from synthgen.geometry.camera import PIXEL_CENTER, Camera, pixel_centres
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.geometry.pose import invert, transform_points

VISIBLE, HIDDEN, OUTSIDE = 0, 1, 2
"""Codes of the occlusion channels."""
SAME_SURFACE = 2e-3
"""A point this far off a sample's surface, as a share of its distance, still lies on it: 2 mm at 1 m. Only
samples of the same instance are asked, so that a sheet of paper hides the table below it."""
ROUNDING = 1e-5
"""A point this far behind a sample's surface, as a share of its distance, still touches it: the rounding of
float32 depth and normals, with room to spare."""
COVERED = 0.75
"""Share of bilinear weight that samples in front of a point must have for it to be hidden. More than one
half, since of the points near an outline, most of those seen in one frame are seen in the other."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The first surfaces of one frame: what flow and occlusion are made from.

    Attributes
    ----------
    world_from_camera : (4, 4)
    depth : (h, w) metres as the camera measures it, +inf where nothing is hit
    normal : (h, w, 3) camera frame, facing the camera; (0, 0, 0) where nothing is hit
    instance : (h, w) ids
    """

    camera: Camera
    world_from_camera: np.ndarray
    depth: np.ndarray
    normal: np.ndarray
    instance: np.ndarray


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

    In a panorama, whose left and right edges meet, the displacement goes the shorter way: at most half of the
    width, across the seam where that is nearer.

    Parameters
    ----------
    depth : (h, w) metres as `camera` measures it, +inf where nothing is hit
    instance : (h, w) ids, needed where something moves
    moved : instance id -> (4, 4) world_other_from_world; what is not named stands still

    Returns
    -------
    (h, w, 2) float32 pixels, right and down; (+inf, +inf) where the other lens does not see the point
    """
    points = carried_points(camera, depth, world_from_camera, world_from_camera_other, instance, moved)
    flow = camera_other.project(points) - pixel_centres(camera.width, camera.height)
    if _meets_behind(camera_other):
        half = camera_other.width / 2
        flow[..., 0] = (flow[..., 0] + half) % camera_other.width - half
    with np.errstate(over="ignore"):
        flow = flow.astype(np.float32)
    seen = np.isfinite(flow).all(axis=-1) & points.any(axis=-1)
    return np.where(seen[..., None], flow, np.float32(np.inf))


def carried_points(
    camera: Camera,
    depth: np.ndarray,
    world_from_camera: np.ndarray,
    world_from_camera_other: np.ndarray,
    instance: np.ndarray | None = None,
    moved: Mapping[int, np.ndarray] | None = None,
) -> np.ndarray:
    """(h, w, 3) float64: each pixel's surface point in the camera frame of another frame, metres.

    For sky it is the direction of the ray, and (0, 0, 0) where the lens of `camera` sees nothing. Parameters
    as in `flow_to`.
    """
    rays, hit = camera.rays(), np.isfinite(depth)
    points = rays * np.where(hit, depth, 1.0).astype(np.float64)[..., None]
    carried = np.empty_like(points)
    for pixels, other_from_here in _motions(world_from_camera, world_from_camera_other, instance, moved):
        carried[pixels] = transform_points(other_from_here, points[pixels])
    other_from_camera = invert(world_from_camera_other) @ world_from_camera
    carried[~hit] = rays[~hit] @ other_from_camera[:3, :3].T
    return carried


def occlusion(here: Seen, other: Seen, moved: Mapping[int, np.ndarray] | None = None) -> np.ndarray:
    """What becomes of each pixel's surface point in another frame.

    The point is compared with the truth samples of the four pixels around its place there. A sample covers it

    * if the point lies behind the tangent plane of the sample's surface,
    * unless the point lies on that surface: the same instance, and no farther than `SAME_SURFACE` times its
      distance from the plane through the sample that is perpendicular to the mean of the two normals. Both
      points on a flat surface lie in that plane, and so do both on a sphere, so neither slant nor curvature
      between two pixels hides anything.

    Hidden is what samples with more than `COVERED` of the bilinear weight cover; so a point on the surface
    of the nearest sample is visible, and so is a thing too thin for any sample to hit, as long as it is in
    front. Every surface covers sky. With one sample per pixel, outlines are known to a pixel, and so is the
    answer.

    Parameters
    ----------
    moved : instance id -> (4, 4) world_other_from_world; what is not named stands still

    Returns
    -------
    (h, w) uint8: 0 visible, 1 hidden, 2 outside of the other image or not seen by its lens
    """
    motion = here.world_from_camera, other.world_from_camera, here.instance, moved
    points = carried_points(here.camera, here.depth, *motion)
    target = other.camera.project(points)
    with np.errstate(invalid="ignore"):
        column, row = target[..., 0], target[..., 1]
        inside = (column >= 0) & (column <= other.camera.width) & (row >= 0) & (row <= other.camera.height)
    inside &= points.any(axis=-1)
    normals = here.normal.astype(np.float64)
    for pixels, other_from_here in _motions(*motion):
        normals[pixels] = here.normal[pixels] @ other_from_here[:3, :3].T
    codes = np.full(inside.shape, OUTSIDE, dtype=np.uint8)
    hidden = _hidden(
        target[inside], points[inside], normals[inside], here.instance[inside],
        np.isfinite(here.depth[inside]), other,
    )  # fmt: skip
    codes[inside] = np.where(hidden, HIDDEN, VISIBLE)
    return codes


def disparity(camera: Camera, depth: np.ndarray, baseline_m: float) -> np.ndarray:
    """(h, w) float32 pixels: fx * baseline / depth, 0 where the planar depth is +inf.

    It belongs to two perspective cameras with the same intrinsics and orientation, `baseline_m` apart along
    their x axis.
    """
    return (camera.K[0, 0] * baseline_m / np.asarray(depth, np.float64)).astype(np.float32)


def _motions(
    world_from_camera: np.ndarray,
    world_from_camera_other: np.ndarray,
    instance: np.ndarray | None,
    moved: Mapping[int, np.ndarray] | None,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pixels and the (4, 4) other_from_here that carries them: all of them, then each instance that moves."""
    if moved and instance is None:
        raise ValueError("expected the channel instance beside moving instances (got none)")
    other_from_world = invert(world_from_camera_other)
    yield np.s_[...], other_from_world @ world_from_camera
    for label, world_other_from_world in (moved or {}).items():
        yield instance == label, other_from_world @ world_other_from_world @ world_from_camera


def _hidden(
    target: np.ndarray,
    point: np.ndarray,
    normal: np.ndarray,
    instance: np.ndarray,
    hit: np.ndarray,
    other: Seen,
) -> np.ndarray:
    """(n,) bool for (n, 2) places in the other image and what was carried there, all in its camera frame."""
    nearest = np.floor(target).astype(int)
    # The nearest sample has at least the weight 1/4: what it does not cover is visible, mostly everything.
    maybe = _covered(nearest, point, normal, instance, hit, other)
    target, point, normal, instance, hit = (each[maybe] for each in (target, point, normal, instance, hit))
    corner = np.floor(target - 0.5).astype(int)
    beyond = target - 0.5 - corner
    covered = np.zeros(len(target))
    for step in np.ndindex(2, 2):
        weight = np.where(step, beyond, 1 - beyond).prod(axis=-1)
        covered += weight * _covered(corner + step, point, normal, instance, hit, other)
    hidden = np.zeros(maybe.shape, dtype=bool)
    hidden[maybe] = covered > COVERED
    return hidden


def _covered(
    pixel: np.ndarray,
    point: np.ndarray,
    normal: np.ndarray,
    instance: np.ndarray,
    hit: np.ndarray,
    other: Seen,
) -> np.ndarray:
    """(n,) bool: whether samples of the other frame, at (n, 2) pixels (column, row), cover the points."""
    height, width = other.depth.shape
    column, row = pixel.T
    column = column % width if _meets_behind(other.camera) else np.clip(column, 0, width - 1)
    sample = np.clip(row, 0, height - 1), column
    depth, face = other.depth[sample], other.normal[sample].astype(np.float64)
    surface = np.isfinite(depth)
    ray = other.camera.rays_at(np.stack([sample[1], sample[0]], axis=-1) + PIXEL_CENTER)
    offset = point - ray * np.where(surface, depth, 0.0).astype(np.float64)[:, None]
    reach = np.sqrt(_dot(point, point))
    maybe = surface & (~hit | (_dot(offset, face) < -ROUNDING * reach))
    # What remains is little: on the same surface, or hidden?
    normal, point, offset, face = normal[maybe], point[maybe], offset[maybe], face[maybe]
    mean = face + np.where(_dot(normal, point)[:, None] > 0, -normal, normal)
    far = np.abs(_dot(offset, mean)) > SAME_SURFACE * reach[maybe] * np.sqrt(_dot(mean, mean))
    same = other.instance[sample][maybe] == instance[maybe]
    covered = maybe.copy()
    covered[maybe] = ~hit[maybe] | far | ~same
    return covered


def _dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.einsum("nc,nc->n", one, other)


def _meets_behind(camera: Camera) -> bool:
    """Whether the left and the right edge of the image are one line in the world."""
    return isinstance(camera, EquirectangularCamera)
