"""The perspective camera: intrinsics, rays, projection.

Frame: OpenCV (x right, y down, z forward). Pixel (0, 0) covers [0, 1) x [0, 1), so its centre is at
(0.5, 0.5) and the principal point of a symmetric camera is (width / 2, height / 2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

PIXEL_CENTER = 0.5
"""Offset of a pixel's centre from its index; written into every frame's metadata."""


@dataclass(frozen=True, slots=True)
class PerspectiveCamera:
    """A pinhole camera with square pixels allowed to differ (fx != fy) and any principal point.

    Attributes: `width`, `height` in pixels; `fx`, `fy`, `cx`, `cy` in pixels.
    """

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

    @property
    def K(self) -> np.ndarray:
        """(3, 3) float64 intrinsics in pixels."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    @property
    def fov_deg(self) -> float:
        """Horizontal field of view in degrees."""
        return math.degrees(math.atan2(self.cx, self.fx) + math.atan2(self.width - self.cx, self.fx))

    def rays(self) -> np.ndarray:
        """(h, w, 3) float64, camera frame: direction through each pixel centre with z = 1."""
        x = (np.arange(self.width) + PIXEL_CENTER - self.cx) / self.fx
        y = (np.arange(self.height) + PIXEL_CENTER - self.cy) / self.fy
        grid_x, grid_y = np.meshgrid(x, y)
        return np.stack([grid_x, grid_y, np.ones_like(grid_x)], axis=-1)

    def project(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) pixel coordinates of (..., 3) points in metres in the camera frame with z > 0."""
        x, y, z = np.moveaxis(np.asarray(points, dtype=np.float64), -1, 0)
        return np.stack([self.fx * x / z + self.cx, self.fy * y / z + self.cy], axis=-1)


def unproject_depth(camera: PerspectiveCamera, depth: np.ndarray) -> np.ndarray:
    """Points of a depth map.

    Parameters
    ----------
    depth : (h, w) float32, metres, planar z; +inf where nothing is hit

    Returns
    -------
    (h, w, 3) float64, metres, camera frame; not finite where the depth is not
    """
    with np.errstate(invalid="ignore"):
        return camera.rays() * np.asarray(depth, dtype=np.float64)[..., None]


def distance_from_depth(camera: PerspectiveCamera, depth: np.ndarray) -> np.ndarray:
    """(h, w) float32 metres along the ray from (h, w) planar depth; +inf stays +inf."""
    return (np.asarray(depth, np.float64) * np.linalg.norm(camera.rays(), axis=-1)).astype(np.float32)
