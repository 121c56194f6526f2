"""Distorted views out of larger renders: the lens of such a source, and where to read it.

Cycles has no lens for the Brown-Conrady and Kannala-Brandt models. Such a view is read out of a larger render
of the same place through a pinhole, or through an equidistant fisheye:

* truth comes from the source pixel that is nearest to the pixel's ray, never from between pixels, so that it
  belongs to one surface. A source with `oversample` times the resolution puts it within 0.5 / oversample
  pixels, where the lens does not magnify.
* colour comes from a source with the resolution of the view itself, by bicubic interpolation, as a picture
  that was rendered with a pixel filter already.

The source has the axis and the centre of the view, so z stays z. Its size goes with the square of
`oversample`: a view of 3840 x 2160 pixels has, with a factor of 4, a source of at least 15360 x 8640 pixels,
0.5 GB for each float32 number of a pixel. Everything in here works on some rows at a time and needs little
beside its input and output.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from synthgen.errors import RenderError, UsageError
from synthgen.geometry.camera import PIXEL_CENTER, Camera, PerspectiveCamera
from synthgen.geometry.distorted import BrownConradyCamera, KannalaBrandtFisheye
from synthgen.geometry.fisheye import PolynomialFisheye

MARGIN_PX = 4
"""Source pixels around all that is seen: two for the interpolation, the rest for rounding and the rim."""
MOST_PX = 65536
"""Longest side of an image in Blender."""
BLOCK = 1 << 16
"""Pixels warped at a time."""
PLAIN = 1.25
"""Up to so many source pixels for each pixel, bicubic interpolation alone has no aliasing to speak of."""


def source_camera(camera: Camera, oversample: int) -> Camera | None:
    """The camera through which to render what `camera` sees, or None where it needs no warp.

    Parameters
    ----------
    camera : one without a `problem()`
    oversample : its resolution in the middle of the view, in multiples of that of `camera`

    Returns
    -------
    A pinhole for a Brown-Conrady camera, an equidistant fisheye for a Kannala-Brandt one. It sees all rays of
    `camera` and `MARGIN_PX` pixels more. A pixel next to the principal point hits a pixel centre of the
    source, so without distortion all of them do.

    Raises
    ------
    UsageError
        When the source is larger than Blender's images.
    """
    match camera:
        case BrownConradyCamera():
            lens = PerspectiveCamera(1, 1, camera.fx * oversample, camera.fy * oversample, 0.0, 0.0)
        case KannalaBrandtFisheye():
            f_px = max(camera.fx, camera.fy) * oversample
            beyond_deg = math.degrees(MARGIN_PX / f_px)
            lens = PolynomialFisheye(1, 1, f_px, 0.0, 0.0, min(camera.fov_deg + 2 * beyond_deg, 360.0))
        case _:
            return None
    seen = lens.project(camera.rays_at(_outline(camera)))
    before, after = MARGIN_PX - seen.min(axis=0), MARGIN_PX + seen.max(axis=0)
    focal, axis = camera.K[[0, 1], [0, 1]], camera.K[:2, 2]
    aligned = (PIXEL_CENTER + lens.K[[0, 1], [0, 1]] / focal * (axis - PIXEL_CENTER)) % 1.0
    cx, cy = centre = np.ceil(before - aligned) + aligned
    width, height = (int(each) for each in np.ceil(centre + after))
    if max(width, height) > MOST_PX:
        raise UsageError(
            f"{camera.model}: expected a source image of at most {MOST_PX} pixels a side "
            f"(got {width} x {height} with oversample {oversample}); "
            "lower oversample, the size of the image or the field of view"
        )
    return replace(lens, width=width, height=height, cx=float(cx), cy=float(cy))


def nearest_pixels(camera: Camera, source: Camera) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The source pixel whose centre is nearest to where the ray of each pixel of `camera` meets the source.

    Returns
    -------
    rows, columns : (h, w) int32, in the source image; 0 where nothing is seen
    seen : (h, w) bool, False where the lens sees nothing
    """
    shape = (camera.height, camera.width)
    rows, columns, seen = np.zeros(shape, np.int32), np.zeros(shape, np.int32), np.zeros(shape, bool)
    for part, points in _blocks(camera, source):
        seen[part] = np.isfinite(points).all(axis=-1)
        # The centre of a pixel is the nearest one to everything within its square.
        columns[part], rows[part] = np.moveaxis(np.floor(np.nan_to_num(points)), -1, 0)
    return rows, columns, seen


def resample(image: np.ndarray, camera: Camera, source: Camera) -> np.ndarray:
    """The picture of `camera` out of that of its source.

    Bicubic at the exact place of each pixel's ray. A source with `oversample` 1 is all that colour needs: it
    has the resolution of the view. Where the lens shrinks the picture, a pixel covers several source pixels,
    and the mean over its footprint is taken, so that there is no aliasing.

    Parameters
    ----------
    image : (source height, source width, c), finite, linear light

    Returns
    -------
    (h, w, c) float32, finite, not negative where `image` is not; 0 where the lens sees nothing

    Raises
    ------
    RenderError
        When the image is not of the source's size.
    """
    image = np.ascontiguousarray(image, dtype=np.float32)
    if image.ndim != 3 or image.shape[:2] != (source.height, source.width):
        raise RenderError(
            f"expected the source image as ({source.height}, {source.width}, channels) "
            f"(got {image.shape}); render it through the camera that source_camera gives"
        )
    view = np.zeros((camera.height, camera.width, image.shape[2]), np.float32)
    for part, points in _blocks(camera, source):
        seen = np.isfinite(points).all(axis=-1, keepdims=True)
        count, down, across = _footprint(points)
        offsets = (np.arange(count) + 0.5) / count - 0.5
        for row in offsets:
            for column in offsets:
                view[part] += _bicubic(image, np.nan_to_num(points) + row * down + column * across)
        view[part] *= seen / np.float32(count * count)
    return view


def _outline(camera: BrownConradyCamera | KannalaBrandtFisheye) -> np.ndarray:
    """(n, 2) pixel coordinates around all that the camera sees: the edge of its image, or the rim within."""
    columns, rows = np.arange(camera.width + 1.0), np.arange(camera.height + 1.0)
    edge = np.concatenate(
        [
            *(np.stack([columns, np.full_like(columns, v)], axis=-1) for v in (0, camera.height)),
            *(np.stack([np.full_like(rows, u), rows], axis=-1) for u in (0, camera.width)),
        ]
    )
    if isinstance(camera, BrownConradyCamera):
        return edge
    axis, focal = camera.K[:2, 2], camera.K[[0, 1], [0, 1]]
    rho = np.linalg.norm((edge - axis) / focal, axis=-1)
    return axis + (edge - axis) * np.minimum(1.0, camera.reach * (1.0 - 1e-12) / rho)[:, None]


def _blocks(camera: Camera, source: Camera) -> Iterator[tuple[slice, np.ndarray]]:
    """Rows of `camera`, two or more at a time, and where the rays of their (n, w) pixels meet the source.

    The places are (n, w, 2) source pixel coordinates, NaN where the lens sees nothing.
    """
    columns = np.arange(camera.width) + PIXEL_CENTER
    count = max(1, camera.height // max(2, BLOCK // camera.width))
    edges = [camera.height * index // count for index in range(count + 1)]
    for start, stop in pairwise(edges):
        pixels = np.stack(np.meshgrid(columns, np.arange(start, stop) + PIXEL_CENTER), axis=-1)
        rays = camera.rays_at(pixels)
        points = source.project(rays)
        points[~rays.any(axis=-1)] = np.nan
        yield slice(start, stop), points


def _footprint(points: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """How to take the mean over the pixels at (n, w, 2) places: the number of samples a side, down, across.

    Both directions are (n, w, 2) source pixels. A pixel that is s source pixels wide lacks a box of the width
    sqrt(s^2 - PLAIN^2): the rest is in the source already.
    """
    sides, widest = [], 0.0
    for axis in (0, 1):
        side = np.nan_to_num(np.gradient(points, axis=axis))
        width = np.linalg.norm(side, axis=-1, keepdims=True)
        lacking = np.sqrt(np.maximum(1.0 - np.square(PLAIN / np.maximum(width, PLAIN)), 0.0))
        sides.append(side * lacking)
        widest = max(widest, float(width.max()))
    return (math.ceil(widest) if widest > PLAIN else 1), *sides


def _bicubic(image: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(n, w, c) float32: Catmull-Rom interpolation at (n, w, 2) pixel coordinates.

    R. Keys, "Cubic convolution interpolation for digital image processing", IEEE ASSP 29 (1981), a = -1/2.
    Its negative lobes would draw black rings around lights, which are 10^4 times brighter than what they
    stand before: the value does not fall below half of the darkest of the four pixels around.
    """
    base = np.floor(points - PIXEL_CENTER)
    t = (points - PIXEL_CENTER - base).astype(np.float32)
    weights = (
        t * (t * (1.0 - 0.5 * t) - 0.5),
        t * t * (1.5 * t - 2.5) + 1.0,
        t * (t * (2.0 - 1.5 * t) + 0.5),
        t * t * (0.5 * t - 0.5),
    )
    height, width, channels = image.shape
    taps = [np.clip(base.astype(np.intp) + shift, 0, (width - 1, height - 1)) for shift in (-1, 0, 1, 2)]
    texels = image.reshape(-1, channels)
    value, darkest = np.float32(0.0), np.float32(np.inf)
    for row in range(4):
        for column in range(4):
            texel = texels.take(taps[row][..., 1] * width + taps[column][..., 0], axis=0)
            value += (weights[row][..., 1] * weights[column][..., 0])[..., None] * texel
            if row in (1, 2) and column in (1, 2):
                darkest = np.minimum(darkest, texel)
    return np.maximum(value, darkest - 0.5 * np.abs(darkest))
