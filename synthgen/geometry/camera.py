"""What a camera is, and the perspective one: intrinsics, rays, projection.

Frame: OpenCV (x right, y down, z forward). Pixel (0, 0) covers [0, 1) x [0, 1), so its centre is at
(0.5, 0.5) and the principal point of a symmetric camera is (width / 2, height / 2). Every model in words and
formulas: docs/cameras.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Protocol

import numpy as np

PIXEL_CENTER = 0.5
"""Offset of a pixel's centre from its index; written into every frame's metadata."""
NARROWEST_PIXEL = 200
"""Largest ratio of the sides of a pixel, Blender's own limit."""


class Camera(Protocol):
    """What every camera model gives.

    Attributes
    ----------
    model : name in the metadata
    planar : whether depth is the z coordinate of a point (perspective) or the length of its ray
    width, height : pixels
    """

    model: ClassVar[str]
    planar: ClassVar[bool]
    width: int
    height: int

    @property
    def K(self) -> np.ndarray:
        """(3, 3) float64: takes the model's own plane coordinates to pixels."""

    @property
    def fov_deg(self) -> float:
        """Field of view in degrees: horizontal, or that of the whole cone of a fisheye."""

    def rays_at(self, pixels: np.ndarray) -> np.ndarray:
        """(..., 3) float64 rays, camera frame, through (..., 2) pixel coordinates.

        A ray times the measured depth is the point: z = 1 where depth is planar, unit length elsewhere.
        (0, 0, 0) where the lens sees nothing.
        """

    def rays(self) -> np.ndarray:
        """(h, w, 3) float64, read-only: `rays_at` the pixel centres."""

    def project(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) pixel coordinates of (..., 3) points in metres, camera frame; NaN where unseen."""

    def parameters(self) -> dict[str, object]:
        """What the metadata needs besides model, width, height and K, as JSON values."""

    def problem(self) -> str | None:
        """Why this is no camera that can be rendered, or None."""


@dataclass(frozen=True, slots=True)
class PerspectiveCamera:
    """A pinhole camera; pixels need not be square (fx != fy), the principal point may lie off centre.

    Attributes: `width`, `height` in pixels; `fx`, `fy`, `cx`, `cy` in pixels.
    """

    model: ClassVar[str] = "perspective"
    planar: ClassVar[bool] = True

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float

    @classmethod
    def from_fov(cls, width: int, height: int, fov_deg: float) -> PerspectiveCamera:
        """Symmetric camera with square pixels from its horizontal field of view in degrees."""
        f_px = width / 2.0 / math.tan(math.radians(fov_deg) / 2.0)
        return cls(width, height, f_px, f_px, width / 2.0, height / 2.0)

    @classmethod
    def from_fov_at(cls, width: int, height: int, fov_deg: float, cx: float, cy: float) -> PerspectiveCamera:
        """Square pixels from the horizontal field of view, with a principal point off centre.

        The angles left and right of the axis add up to the field of view: atan(cx / f) +
        atan((width - cx) / f) = fov, which is a quadratic equation in f.
        """
        half = width / 2.0 / math.tan(math.radians(fov_deg))
        f_px = half + math.sqrt(half * half + cx * (width - cx))
        return cls(width, height, f_px, f_px, cx, cy)

    @property
    def K(self) -> np.ndarray:
        """(3, 3) float64 intrinsics in pixels."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    @property
    def fov_deg(self) -> float:
        """Horizontal field of view in degrees."""
        return math.degrees(math.atan2(self.cx, self.fx) + math.atan2(self.width - self.cx, self.fx))

    def rays_at(self, pixels: np.ndarray) -> np.ndarray:
        """(..., 3) float64 rays with z = 1, camera frame, through (..., 2) pixel coordinates."""
        u, v = np.moveaxis(np.asarray(pixels, dtype=np.float64), -1, 0)
        return np.stack([(u - self.cx) / self.fx, (v - self.cy) / self.fy, np.ones_like(u)], axis=-1)

    def rays(self) -> np.ndarray:
        """(h, w, 3) float64, camera frame: direction through each pixel centre with z = 1."""
        return rays_through_pixels(self)

    def project(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) pixel coordinates of (..., 3) points in metres, camera frame; NaN unless z > 0."""
        x, y, z = np.moveaxis(np.asarray(points, dtype=np.float64), -1, 0)
        z = np.where(z > 0, z, np.nan)
        return np.stack([self.fx * x / z + self.cx, self.fy * y / z + self.cy], axis=-1)

    def parameters(self) -> dict[str, object]:
        """Nothing: K says it all."""
        return {}

    def problem(self) -> str | None:
        """Why this is no camera that can be rendered, or None."""
        return problem_of_pinhole(self)


def problem_of_pinhole(camera: Camera) -> str | None:
    """Why the focal lengths and the principal point in a camera's K are none, or None."""
    (fx, _, cx), (_, fy, cy), _ = camera.K.tolist()
    if not (0 < fx < math.inf and 0 < fy < math.inf):
        return f"expected focal lengths above 0 px (got fx {fx:g}, fy {fy:g})"
    if max(fx / fy, fy / fx) > NARROWEST_PIXEL:
        return (
            f"expected pixels up to {NARROWEST_PIXEL} times as long as wide, or as wide as long "
            f"(got fx {fx:g}, fy {fy:g})"
        )
    return problem_of_principal_point(camera.width, camera.height, cx, cy)


def problem_of_principal_point(width: int, height: int, cx: float, cy: float) -> str | None:
    """Why a principal point does not fit an image, or None."""
    if 0 < cx < width and 0 < cy < height:
        return None
    return (
        f"expected a principal point inside of the image of {width} x {height} pixels "
        f"(got cx {cx:g}, cy {cy:g})"
    )


@lru_cache(maxsize=2)
def rays_through_pixels(camera: Camera) -> np.ndarray:
    """(h, w, 3) float64, read-only: `camera.rays_at` its pixel centres, kept for the cameras used last."""
    rays = camera.rays_at(pixel_centres(camera.width, camera.height))
    rays.flags.writeable = False
    return rays


def pixel_centres(width: int, height: int, rows: slice = slice(None)) -> np.ndarray:
    """(h, w, 2) float64 coordinates (column, row) of the pixel centres of an image, or of some rows of it."""
    return np.stack(
        np.meshgrid(np.arange(width) + PIXEL_CENTER, np.arange(height)[rows] + PIXEL_CENTER), axis=-1
    )


def unproject_depth(camera: Camera, depth: np.ndarray) -> np.ndarray:
    """Points of a depth map.

    Parameters
    ----------
    depth : (h, w) float32, metres, +inf where nothing is hit; planar z, or the distance along the ray for a
        camera that is not planar

    Returns
    -------
    (h, w, 3) float64, metres, camera frame; not finite where the depth is not
    """
    with np.errstate(invalid="ignore"):
        return camera.rays() * np.asarray(depth, dtype=np.float64)[..., None]


def unproject_distance(camera: Camera, distance: np.ndarray) -> np.ndarray:
    """(h, w, 3) float64 points, camera frame, from (h, w) distances along the rays, for every model."""
    rays = camera.rays()
    length = np.linalg.norm(rays, axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return rays / np.where(length > 0, length, 1.0) * np.asarray(distance, dtype=np.float64)[..., None]


def distance_from_depth(camera: Camera, depth: np.ndarray) -> np.ndarray:
    """(h, w) float32 metres along the ray from (h, w) depth as the camera measures it; +inf stays +inf."""
    length = np.linalg.norm(camera.rays(), axis=-1)
    measured = np.asarray(depth, np.float64)
    return np.where(np.isfinite(measured), measured * np.where(length > 0, length, 1.0), np.inf).astype(
        np.float32
    )
