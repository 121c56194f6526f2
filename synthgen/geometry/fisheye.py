"""Fisheye cameras: the angle from the axis is a function of the distance from the principal point.

With rho = r / f, r the distance of a pixel from the principal point in pixels and f the focal length in
pixels, and theta the angle between ray and optical axis:

* equisolid:  theta = 2 asin(rho / 2), so rho = 2 sin(theta / 2)
* polynomial: theta = rho + a2 rho^2 + a3 rho^3 + a4 rho^4; equidistant with a2 = a3 = a4 = 0

These are the two that Cycles renders exactly. The Kannala-Brandt model gives rho as a polynomial in theta,
and its inverse is no polynomial of degree 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthgen.geometry.camera import problem_of_principal_point, rays_through_pixels

EDGE_RAD = 1e-9
"""A point this much outside of the cone still counts as seen: rounding at the rim."""
TABLE = 4097
"""Knots of the first guess for a polynomial's inverse; Newton's method does the rest."""


class _Radial:
    """What both fisheyes share; they give `angle_at` and `radius_at`."""

    __slots__ = ()

    @property
    def K(self) -> np.ndarray:
        """(3, 3) float64: rho times the unit vector from the axis to the point, to pixels."""
        return np.array([[self.f, 0.0, self.cx], [0.0, self.f, self.cy], [0.0, 0.0, 1.0]])

    def rays_at(self, pixels: np.ndarray) -> np.ndarray:
        """(..., 3) float64 unit rays, camera frame; (0, 0, 0) outside of the circle."""
        offset = (np.asarray(pixels, dtype=np.float64) - (self.cx, self.cy)) / self.f
        rho = np.hypot(offset[..., 0], offset[..., 1])
        seen = rho <= self.reach
        theta = self.angle_at(np.where(seen, rho, 0.0))
        # sin(theta) / rho tends to 1 at the axis: both models have theta = rho there.
        spread = np.where(rho > 0, np.sin(theta) / np.where(rho > 0, rho, 1.0), 1.0)
        rays = np.concatenate([offset * spread[..., None], np.cos(theta)[..., None]], axis=-1)
        return np.where(seen[..., None], rays, 0.0)

    def rays(self) -> np.ndarray:
        """(h, w, 3) float64 unit rays through the pixel centres; (0, 0, 0) outside of the circle."""
        return rays_through_pixels(self)

    def project(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) pixel coordinates of (..., 3) points in metres, camera frame; NaN outside of the cone."""
        points = np.asarray(points, dtype=np.float64)
        across = np.hypot(points[..., 0], points[..., 1])
        theta = np.arctan2(across, points[..., 2])
        limit = math.radians(self.fov_deg) / 2
        theta = np.where(theta <= limit + EDGE_RAD, np.minimum(theta, limit), np.nan)
        rho = self.radius_at(theta)
        direction = points[..., :2] / np.where(across > 0, across, 1.0)[..., None]
        return (self.cx, self.cy) + self.f * rho[..., None] * direction

    def problem(self) -> str | None:
        """Why this is no camera that can be rendered, or None."""
        if not 0 < self.f <= 10 * self.width:
            return f"expected a focal length above 0 and up to 10 image widths (got {self.f:g} px)"
        if not 10 <= self.fov_deg <= 360:
            return f"expected a field of view from 10 to 360 degrees (got {self.fov_deg:g})"
        return problem_of_principal_point(self.width, self.height, self.cx, self.cy)


@dataclass(frozen=True, slots=True)
class EquisolidFisheye(_Radial):
    """Equal solid angles cover equal areas of the image, as most photographic fisheyes have it.

    Attributes: `width`, `height`, `f`, `cx`, `cy` in pixels; `fov_deg` of the whole cone, 180 for a half
    sphere.
    """

    model: ClassVar[str] = "fisheye_equisolid"
    planar: ClassVar[bool] = False

    width: int
    height: int
    f: float
    cx: float
    cy: float
    fov_deg: float

    @property
    def reach(self) -> float:
        """rho at the rim of the circle."""
        return 2.0 * math.sin(math.radians(self.fov_deg) / 4)

    def angle_at(self, rho: np.ndarray) -> np.ndarray:
        """theta in radians at rho."""
        return 2.0 * np.arcsin(np.minimum(np.asarray(rho) / 2.0, 1.0))

    def radius_at(self, theta: np.ndarray) -> np.ndarray:
        """rho at theta in radians."""
        return 2.0 * np.sin(np.asarray(theta) / 2.0)

    def parameters(self) -> dict[str, object]:
        """`fov_deg`."""
        return {"fov_deg": self.fov_deg}


@dataclass(frozen=True, slots=True)
class PolynomialFisheye(_Radial):
    """theta is a polynomial of rho; equidistant when all coefficients are 0.

    Attributes: `width`, `height`, `f`, `cx`, `cy` in pixels; `fov_deg` of the whole cone; `a2`, `a3`, `a4`
    the coefficients of rho^2, rho^3 and rho^4.
    """

    model: ClassVar[str] = "fisheye_polynomial"
    planar: ClassVar[bool] = False

    width: int
    height: int
    f: float
    cx: float
    cy: float
    fov_deg: float
    a2: float = 0.0
    a3: float = 0.0
    a4: float = 0.0

    @property
    def reach(self) -> float:
        """rho at the rim of the circle. 0 where the polynomial never gets there."""
        found = self._rims()
        return float(found[0]) if found.size else 0.0

    def _rims(self) -> np.ndarray:
        """All rho > 0 at which theta is half of the field of view."""
        return _positive_roots([self.a4, self.a3, self.a2, 1.0, -math.radians(self.fov_deg) / 2])

    def angle_at(self, rho: np.ndarray) -> np.ndarray:
        """theta in radians at rho."""
        rho = np.asarray(rho)
        return rho * (1.0 + rho * (self.a2 + rho * (self.a3 + rho * self.a4)))

    def radius_at(self, theta: np.ndarray) -> np.ndarray:
        """rho at theta in radians, by Newton's method from a table."""
        knots = np.linspace(0.0, self.reach, TABLE)
        rho = np.interp(theta, self.angle_at(knots), knots)
        for _ in range(4):
            slope = 1.0 + rho * (2 * self.a2 + rho * (3 * self.a3 + rho * 4 * self.a4))
            rho = rho - (self.angle_at(rho) - theta) / slope
        return rho

    def parameters(self) -> dict[str, object]:
        """`fov_deg` and `angle_polynomial`: theta is the sum of its entries times rho^0, rho^1 ..."""
        return {"fov_deg": self.fov_deg, "angle_polynomial": [0.0, 1.0, self.a2, self.a3, self.a4]}

    def problem(self) -> str | None:
        """Why this is no camera that can be rendered, or None."""
        turns = _positive_roots([4 * self.a4, 3 * self.a3, 2 * self.a2, 1.0])
        reach = self.reach
        if reach <= 0 or (turns.size and turns[0] <= reach):
            highest = math.degrees(float(self.angle_at(turns[0]))) if turns.size else 0.0
            return (
                f"expected an angle that grows up to fov_deg / 2 = {self.fov_deg / 2:g} degrees "
                f"(a2 {self.a2:g}, a3 {self.a3:g}, a4 {self.a4:g} turn back at {highest:.4g}); "
                "lower fov_deg or change a2, a3, a4"
            )
        corner = math.hypot(max(self.cx, self.width - self.cx), max(self.cy, self.height - self.cy)) / self.f
        again = self._rims()[1:2]
        if again.size and again[0] < corner:
            return (
                f"expected one circle in the image (a2 {self.a2:g}, a3 {self.a3:g}, a4 {self.a4:g} come back "
                f"below fov_deg / 2 at {again[0] * self.f:.4g} px); raise f_px or change a2, a3, a4"
            )
        # Named, since a dataclass with slots is another class than the one that super() remembers.
        return _Radial.problem(self)


def _positive_roots(coefficients: list[float]) -> np.ndarray:
    """Real roots above 0 of a polynomial, highest power first, in rising order."""
    roots = np.roots(coefficients)
    real = roots[np.abs(roots.imag) < 1e-9 * np.maximum(np.abs(roots), 1.0)].real
    return np.sort(real[real > 0])
