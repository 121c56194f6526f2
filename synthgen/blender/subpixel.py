"""What lies within a pixel: truth at k x k places of each, for depth edges and mixed pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from synthgen.blender.truth import SurfaceTruth
from synthgen.geometry.camera import Camera, pixel_centres

STEP = 2e-3
"""Share of the depth by which two samples of one object must miss each other's planes to be two surfaces."""
BAND_SAMPLES = 2**23
"""Samples rendered at once: about 1 GB."""

_IN_PIXELS = ("width", "height", "fx", "fy", "cx", "cy", "f")


def finer_camera(camera: Camera, k: int) -> Camera:
    """The same camera with k x k pixels for each of its own."""
    return replace(
        camera, **{name: getattr(camera, name) * k for name in _IN_PIXELS if hasattr(camera, name)}
    )


@dataclass(frozen=True, slots=True)
class PixelFootprint:
    """What the samples within each pixel show, its centre among them.

    edge : (h, w, 2) float32, least and greatest depth; +inf where nothing is hit
    mixed : (h, w) bool, more than one object, an object and the sky, or an object with a step in depth
    """

    edge: np.ndarray
    mixed: np.ndarray


def pixel_footprint(
    centre: SurfaceTruth,
    camera: Camera,
    world_from_camera: np.ndarray,
    k: int,
    render_rows: Callable[[Camera, slice], SurfaceTruth],
) -> PixelFootprint:
    """Render k x k samples for each pixel and gather them.

    Parameters
    ----------
    centre : truth at the pixel centres, (h, w)
    render_rows : truth of some rows of a camera's image
    """
    fine = finer_camera(camera, k)
    rows_at_once = max(1, BAND_SAMPLES // (fine.width * k))
    bands = []
    for top in range(0, camera.height, rows_at_once):
        rows = slice(top, min(top + rows_at_once, camera.height))
        bands.append(_gathered(centre, fine, world_from_camera, k, rows, render_rows))
    return PixelFootprint(*(np.concatenate(parts) for parts in zip(*bands)))


def _gathered(
    centre: SurfaceTruth,
    fine: Camera,
    world_from_camera: np.ndarray,
    k: int,
    rows: slice,
    render_rows: Callable[[Camera, slice], SurfaceTruth],
) -> tuple[np.ndarray, np.ndarray]:
    fine_rows = slice(rows.start * k, rows.stop * k)
    samples = render_rows(fine, fine_rows)
    depth = np.concatenate([_by_pixel(samples.depth, k), centre.depth[rows, :, None]], axis=-1)
    made = np.concatenate([_by_pixel(samples.made, k), centre.made[rows, :, None]], axis=-1)
    several = (made != made[..., :1]).any(axis=-1)
    step = _has_step(samples, fine, fine_rows, world_from_camera, k)
    edge = np.stack([depth.min(axis=-1), depth.max(axis=-1)], axis=-1).astype(np.float32)
    return edge, several | step


def _by_pixel(samples: np.ndarray, k: int) -> np.ndarray:
    """(h, w, k * k, ...) from (k h, k w, ...)."""
    h, w, *rest = samples.shape
    return samples.reshape(h // k, k, w // k, k, *rest).swapaxes(1, 2).reshape(h // k, w // k, k * k, *rest)


def _has_step(
    samples: SurfaceTruth, camera: Camera, rows: slice, world_from_camera: np.ndarray, k: int
) -> np.ndarray:
    """(h, w) bool: between the nearest and the farthest sample of a pixel the surface is torn.

    The far sample then lies behind the plane of the near one, and the near sample before the plane of the far
    one. On a convex edge or a dome each lies behind the plane of the other, in a corner or a bowl before it.
    """
    rays = _by_pixel(camera.rays_at(pixel_centres(camera.width, camera.height, rows)), k)
    normal = _by_pixel(samples.normal_world @ world_from_camera[:3, :3], k)
    depth = _by_pixel(samples.depth, k)

    def picked(index: np.ndarray) -> tuple[np.ndarray, ...]:
        one = index[..., None]
        across = one[..., None]
        return (
            np.take_along_axis(depth, one, axis=-1)[..., 0],
            np.take_along_axis(rays, across, axis=2)[..., 0, :],
            np.take_along_axis(normal, across, axis=2)[..., 0, :],
        )

    near, ray_near, normal_near = picked(depth.argmin(axis=-1))
    far, ray_far, normal_far = picked(depth.argmax(axis=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        # Where the ray of one sample meets the plane of the other; behind the camera it never does.
        plane_near = near * _dot(normal_near, ray_near) / _dot(normal_near, ray_far)
        plane_far = far * _dot(normal_far, ray_far) / _dot(normal_far, ray_near)
        behind = far > np.where(plane_near > 0, plane_near, np.inf) * (1 + STEP)
        before = near < np.where(plane_far > 0, plane_far, np.inf) * (1 - STEP)
    return np.isfinite(far) & behind & before


def _dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.einsum("hwc,hwc->hw", one, other)
