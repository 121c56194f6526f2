"""The equirectangular panorama: columns are longitudes, rows are latitudes, the whole sphere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthgen.geometry.camera import rays_through_pixels


@dataclass(frozen=True, slots=True)
class EquirectangularCamera:
    """Looks everywhere; the middle of the image lies forward, its left and right edges meet behind.

    Attributes: `width`, `height` in pixels.
    """

    model: ClassVar[str] = "equirectangular"
    planar: ClassVar[bool] = False

    width: int
    height: int

    @property
    def K(self) -> np.ndarray:
        """(3, 3) float64: (longitude, latitude, 1) in radians, right and down positive, to pixels."""
        fx, fy = self.width / math.tau, self.height / math.pi
        return np.array([[fx, 0.0, self.width / 2], [0.0, fy, self.height / 2], [0.0, 0.0, 1.0]])

    @property
    def fov_deg(self) -> float:
        """360."""
        return 360.0

    def rays_at(self, pixels: np.ndarray) -> np.ndarray:
        """(..., 3) float64 unit rays, camera frame, through (..., 2) pixel coordinates."""
        u, v = np.moveaxis(np.asarray(pixels, dtype=np.float64), -1, 0)
        longitude = (u / self.width - 0.5) * math.tau
        latitude = (v / self.height - 0.5) * math.pi
        level = np.cos(latitude)
        return np.stack([level * np.sin(longitude), np.sin(latitude), level * np.cos(longitude)], axis=-1)

    def rays(self) -> np.ndarray:
        """(h, w, 3) float64 unit rays through the pixel centres."""
        return rays_through_pixels(self)

    def project(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) pixel coordinates of (..., 3) points in metres, camera frame; column in [0, width]."""
        x, y, z = np.moveaxis(np.asarray(points, dtype=np.float64), -1, 0)
        longitude, latitude = np.arctan2(x, z), np.arctan2(y, np.hypot(x, z))
        return np.stack(
            [(longitude / math.tau + 0.5) * self.width, (latitude / math.pi + 0.5) * self.height], axis=-1
        )

    def parameters(self) -> dict[str, object]:
        """Nothing: the image is always the whole sphere."""
        return {}

    def problem(self) -> str | None:
        """None: every size will do."""
        return None
