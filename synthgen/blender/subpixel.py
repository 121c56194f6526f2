"""What lies within a pixel: truth at k x k places of each, for depth edges and mixed pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from synthgen.blender.truth import SurfaceTruth
from synthgen.geometry.camera import Camera, pixel_centres

STEP = 0.02
"""Samples of one object show two surfaces where their depths differ by more than this share, beyond what the
slant of the flattest of them explains."""
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
    # Per pixel of the image, k times as much as per pixel of the finer one.
    slant = _by_pixel(k * _slant(samples, fine, fine_rows, world_from_camera), k)
    depth = np.concatenate([_by_pixel(samples.depth, k), centre.depth[rows, :, None]], axis=-1)
    made = np.concatenate([_by_pixel(samples.made, k), centre.made[rows, :, None]], axis=-1)
    near, far = depth.min(axis=-1), depth.max(axis=-1)
    with np.errstate(invalid="ignore"):
        step = far - near > near * (STEP + slant.min(axis=-1))
    several = (made != made[..., :1]).any(axis=-1)
    return np.stack([near, far], axis=-1).astype(np.float32), several | (np.isfinite(far) & step)


def _by_pixel(samples: np.ndarray, k: int) -> np.ndarray:
    """(h, w, k * k) from (k h, k w)."""
    h, w = samples.shape[0] // k, samples.shape[1] // k
    return samples.reshape(h, k, w, k).swapaxes(1, 2).reshape(h, w, k * k)


def _slant(samples: SurfaceTruth, camera: Camera, rows: slice, world_from_camera: np.ndarray) -> np.ndarray:
    """(h, w) share by which depth changes from a pixel to its neighbours on the plane of its face.

    A plane n . P = c has the depth c / (n . ray), so d(ln depth) = -(n . d ray) / (n . ray).
    """
    rays = camera.rays_at(pixel_centres(camera.width, camera.height, rows))
    normal = samples.normal_world @ world_from_camera[:3, :3]
    change = sum(
        np.abs(np.einsum("hwc,hwc->hw", normal, np.gradient(rays, axis=axis)))
        for axis in (0, 1)
        if rays.shape[axis] > 1
    )
    along = np.abs(np.einsum("hwc,hwc->hw", normal, rays))
    return change / np.maximum(along, 1e-12)
