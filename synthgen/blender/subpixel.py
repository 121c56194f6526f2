"""What lies within a pixel: truth at k x k places of each, for depth edges and mixed pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from synthgen.blender.truth import SurfaceTruth
from synthgen.geometry.camera import PIXEL_CENTER, Camera

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
    depth, made = _by_pixel(samples.depth, k), _by_pixel(samples.made, k)
    own_depth, own_made = centre.depth[rows], centre.made[rows]
    near, far = np.minimum(depth.min(axis=-1), own_depth), np.maximum(depth.max(axis=-1), own_depth)
    mixed = (made != own_made[..., None]).any(axis=-1)
    with np.errstate(invalid="ignore"):
        torn = np.isfinite(far) & ~mixed & (far - near > STEP * near)
    mixed[torn] = _has_step(samples, fine, fine_rows.start, world_from_camera, k, torn, depth[torn])
    return np.stack([near, far], axis=-1).astype(np.float32), mixed


def _by_pixel(samples: np.ndarray, k: int) -> np.ndarray:
    """(h, w, k * k) from (k h, k w)."""
    h, w = samples.shape
    return samples.reshape(h // k, k, w // k, k).swapaxes(1, 2).reshape(h // k, w // k, k * k)


def _has_step(
    samples: SurfaceTruth,
    camera: Camera,
    first_row: int,
    world_from_camera: np.ndarray,
    k: int,
    where: np.ndarray,
    depth: np.ndarray,
) -> np.ndarray:
    """(n,) bool for the pixels `where`: between its nearest and its farthest sample a surface is torn.

    The far sample then lies behind the plane of the near one, and the near sample before the plane of the far
    one. On a convex edge or a dome each lies behind the plane of the other, in a corner or a bowl before it.

    Parameters
    ----------
    camera : that of the samples, whose first row is `first_row` of its image
    depth : (n, k * k) of the samples of these pixels
    """
    row, column = np.nonzero(where)

    def picked(index: np.ndarray) -> tuple[np.ndarray, ...]:
        """Depth, ray and normal of one sample of each pixel, camera frame."""
        down, across = row * k + index // k, column * k + index % k
        place = np.stack([across, down + first_row], axis=-1) + PIXEL_CENTER
        normal = samples.normal_world[down, across] @ world_from_camera[:3, :3]
        return samples.depth[down, across], camera.rays_at(place), normal

    near, ray_near, normal_near = picked(depth.argmin(axis=-1))
    far, ray_far, normal_far = picked(depth.argmax(axis=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        # Where the ray of one sample meets the plane of the other; behind the camera it never does.
        plane_near = near * _dot(normal_near, ray_near) / _dot(normal_near, ray_far)
        plane_far = far * _dot(normal_far, ray_far) / _dot(normal_far, ray_near)
        behind = far > np.where(plane_near > 0, plane_near, np.inf) * (1 + STEP)
        before = near < np.where(plane_far > 0, plane_far, np.inf) * (1 - STEP)
    return behind & before


def _dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.einsum("nc,nc->n", one, other)
