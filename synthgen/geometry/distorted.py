"""Cameras with lens distortion, as calibration tools describe them: Brown-Conrady and Kannala-Brandt.

Both state where a direction lands in the image; rays need the inverse, which is found in float64 by Newton's
method. The order of the coefficients is OpenCV's. OpenCV puts pixel centres at whole numbers, they lie at
+0.5 here: cx and cy of an OpenCV calibration are cx + 0.5 and cy + 0.5.

* Brown-Conrady, of (a, b) = (x / z, y / z) with r^2 = a^2 + b^2:

      a' = a (1 + k1 r^2 + k2 r^4 + k3 r^6) + 2 p1 a b + p2 (r^2 + 2 a^2)         u = fx a' + cx
      b' = b (1 + k1 r^2 + k2 r^4 + k3 r^6) + p1 (r^2 + 2 b^2) + 2 p2 a b         v = fy b' + cy

  A. E. Conrady, "Decentred lens-systems", MNRAS 79 (1919); D. C. Brown, "Decentering distortion of lenses",
  Photogrammetric Engineering 32 (1966); in this form OpenCV, module calib3d.
* Kannala-Brandt, of the angle theta between ray and optical axis:

      rho = theta (1 + k1 theta^2 + k2 theta^4 + k3 theta^6 + k4 theta^8)
      (u, v) = (fx rho cos(phi) + cx, fy rho sin(phi) + cy)                       phi = atan2(y, x)

  J. Kannala, S. S. Brandt, "A generic camera model and calibration method for conventional, wide-angle, and
  fish-eye lenses", IEEE PAMI 28 (2006), its radially symmetric part; OpenCV, module fisheye.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthgen.geometry.camera import problem_of_pinhole, rays_through_pixels
from synthgen.geometry.fisheye import EDGE_RAD

TABLE = 4097
"""Knots of the first guess for an inverse; Newton's method does the rest."""
STEPS = 30
"""Most steps of Newton's method in the plane; 2 to 5 are the rule."""
EXACT, SOLVED = 1e-14, 1e-11
"""Residuals in normalised coordinates: when to stop, and what still counts as an inverse."""
BLOCK = 1 << 16
"""Pixels inverted at a time, so that an image of any size needs little memory beside its rays."""
LEAST_FOV_DEG, GREATEST_FOV_DEG = 10, 320
"""Beyond the rim of a fisheye, the render that it is made from must go on a little: less than 360."""
MOST_WIDTHS = 5
"""Longest focal length of a fisheye in image widths."""


@dataclass(frozen=True, slots=True)
class OddPolynomial:
    """x (1 + c1 x^2 + c2 x^4 + ...), what both models do to the distance from the axis."""

    coefficients: tuple[float, ...]

    def stretch(self, x: np.ndarray) -> np.ndarray:
        """1 + c1 x^2 + c2 x^4 + ..., the value divided by x."""
        square = np.square(x)
        total = np.zeros_like(square)
        for coefficient in reversed(self.coefficients):
            total = (total + coefficient) * square
        return 1.0 + total

    def value(self, x: np.ndarray) -> np.ndarray:
        """The polynomial at x."""
        return x * self.stretch(x)

    def slope(self, x: np.ndarray) -> np.ndarray:
        """Its derivative at x."""
        return OddPolynomial(self._slopes()).stretch(x)

    def turn(self, pull: float = 0.0) -> float:
        """The first x > 0 at which the slope has come down to `pull` times x; inf where it never does."""
        return _first_root(_even(self._slopes(), pull))

    def shrink(self, pull: float) -> float:
        """The first x > 0 at which the stretch has come down to `pull` times x; inf where it never does."""
        return _first_root(_even(self.coefficients, pull))

    def inverse(self, value: np.ndarray, top: float) -> np.ndarray:
        """x in [0, top] with that value; the polynomial must grow up to `top`."""
        knots = np.linspace(0.0, top, TABLE)
        reached = self.value(knots)
        x = np.interp(value, reached, knots)
        value = np.minimum(value, reached[-1])
        for _ in range(STEPS):
            missing = self.value(x) - value
            if np.abs(missing).max(initial=0.0) <= EXACT * max(1.0, reached[-1]):
                break
            x = np.clip(x - missing / np.maximum(self.slope(x), 1e-12), 0.0, top)
        return x

    def _slopes(self) -> tuple[float, ...]:
        return tuple((2 * n + 3) * each for n, each in enumerate(self.coefficients))


@dataclass(frozen=True, slots=True)
class BrownConradyCamera:
    """A pinhole behind a lens that bends straight lines: radial (k1, k2, k3) and tangential (p1, p2).

    The model is a polynomial and folds back on itself somewhere; only the disc of directions before that,
    `fold`, is seen. So a point far outside of the view never appears within the image, as it does when the
    formulas are used as they stand.

    Attributes: `width`, `height` in pixels; `fx`, `fy`, `cx`, `cy` in pixels, of the pinhole without
    distortion; `k1`, `k2`, `p1`, `p2`, `k3` without unit.
    """

    model: ClassVar[str] = "brown_conrady"
    planar: ClassVar[bool] = True

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    k1: float
    k2: float
    p1: float
    p2: float
    k3: float

    @property
    def K(self) -> np.ndarray:
        """(3, 3) float64: takes the distorted (a', b') to pixels."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    @property
    def fov_deg(self) -> float:
        """Horizontal field of view in degrees, along the row of the principal point."""
        left, right = self.rays_at(np.array([[0.0, self.cy], [self.width, self.cy]]))[:, 0]
        return math.degrees(math.atan(right) - math.atan(left))

    @property
    def fold(self) -> float:
        """Greatest r up to which different directions certainly land at different places; inf if all do.

        The Jacobian of the distortion is a symmetric matrix, and its smaller eigenvalue is at least

            min(slope(r), stretch(r)) - 6 |p| r

        of the radial polynomial and p = (p1, p2). Where this is positive on a whole disc, the distortion is
        the gradient of a strictly convex function there, and therefore has an inverse. Without tangential
        distortion the bound is the eigenvalue itself.
        """
        pull = 6.0 * math.hypot(self.p1, self.p2)
        return min(self._radial.turn(pull), self._radial.shrink(pull))

    @property
    def _radial(self) -> OddPolynomial:
        return OddPolynomial((self.k1, self.k2, self.k3))

    def rays_at(self, pixels: np.ndarray) -> np.ndarray:
        """(..., 3) float64 rays with z = 1, camera frame; (0, 0, 0) for what lies beyond the fold."""
        return _rays_of_pixels(self, pixels)

    def rays(self) -> np.ndarray:
        """(h, w, 3) float64 rays with z = 1 through the pixel centres."""
        return rays_through_pixels(self)

    def project(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) pixel coordinates of (..., 3) points in metres; NaN unless z > 0, before the fold."""
        points = np.asarray(points, dtype=np.float64)
        z = np.where(points[..., 2] > 0, points[..., 2], np.nan)
        # Directions next to 90 degrees leave the range of numbers: their place is infinitely far out.
        with np.errstate(over="ignore", invalid="ignore"):
            plane = points[..., :2] / z[..., None]
            plane = np.where((np.hypot(plane[..., 0], plane[..., 1]) < self.fold)[..., None], plane, np.nan)
            return self._distorted(plane) * (self.fx, self.fy) + (self.cx, self.cy)

    def parameters(self) -> dict[str, object]:
        """`distortion`: k1, k2, p1, p2, k3."""
        return {"distortion": [self.k1, self.k2, self.p1, self.p2, self.k3]}

    def problem(self) -> str | None:
        """Why this is no camera that can be rendered, or None."""
        problem = problem_of_pinhole(self)
        if problem or self.fold == math.inf:
            return problem
        # On the circle r = fold, nothing lands nearer to the axis than this.
        least = self._radial.value(self.fold) - 3.0 * math.hypot(self.p1, self.p2) * self.fold**2
        axis, focal = np.array([self.cx, self.cy]), np.array([self.fx, self.fy])
        corners = np.array([[u, v] for u in (0, self.width) for v in (0, self.height)]) - axis
        distances = np.linalg.norm(corners / focal, axis=-1)
        farthest = int(np.argmax(distances))
        if least > distances[farthest]:
            return None
        u, v = axis + corners[farthest] * max(least, 0.0) / distances[farthest]
        return (
            f"expected distortion that has an inverse in the whole image (k1 {self.k1:g}, k2 {self.k2:g}, "
            f"p1 {self.p1:g}, p2 {self.p2:g}, k3 {self.k3:g} fold it at about column {u:.4g}, row {v:.4g}, "
            "on the way to its farthest corner); "
            "bring the coefficients nearer to 0, or raise the focal length (a smaller fov_deg)"
        )

    def _distorted(self, plane: np.ndarray) -> np.ndarray:
        """(..., 2) plane coordinates after the lens, from those before: x stretch + r^2 p + 2 (p . x) x."""
        tangential = np.array([self.p2, self.p1])
        radius = np.hypot(plane[..., 0], plane[..., 1])
        factor = self._radial.stretch(radius) + 2.0 * (plane @ tangential)
        return plane * factor[..., None] + np.square(radius)[..., None] * tangential

    def _rays_of_plane(self, distorted: np.ndarray) -> np.ndarray:
        """(n, 3) rays of (n, 2) plane coordinates after the lens.

        The radial part is inverted along the ray as a first guess, then Newton's method goes on in the plane,
        kept inside of the fold.
        """
        radius = np.hypot(distorted[:, 0], distorted[:, 1])
        limit = self.fold * (1.0 - 1e-12)
        greatest = float(radius.max(initial=0.0))
        top = min(_first_root([self.k3, 0.0, self.k2, 0.0, self.k1, 0.0, 1.0, -greatest]), limit)
        guess = self._radial.inverse(radius, top if greatest > 0 else 0.0)
        plane = distorted * (guess / np.where(radius > 0, radius, 1.0))[:, None]
        for _ in range(STEPS):
            missing = self._distorted(plane) - distorted
            if np.abs(missing).max(initial=0.0) <= EXACT * max(1.0, greatest):
                break
            plane = plane - self._newton_step(plane, missing)
            length = np.hypot(plane[:, 0], plane[:, 1])
            plane *= (np.minimum(length, limit) / np.where(length > 0, length, 1.0))[:, None]
        solved = np.abs(self._distorted(plane) - distorted).max(axis=-1) <= SOLVED * max(1.0, greatest)
        return np.concatenate([plane, np.ones((len(plane), 1))], axis=-1) * solved[:, None]

    def _newton_step(self, plane: np.ndarray, missing: np.ndarray) -> np.ndarray:
        """(n, 2): the inverse of the symmetric Jacobian [[a, b], [b, d]] at (n, 2), times what is missing."""
        x, y = plane.T
        square = x * x + y * y
        bend = 2.0 * (self.k1 + square * (2.0 * self.k2 + square * 3.0 * self.k3))
        both = self._radial.stretch(np.sqrt(square)) + 2.0 * (self.p2 * x + self.p1 * y)
        a = both + x * (bend * x + 4.0 * self.p2)
        b = bend * x * y + 2.0 * (self.p1 * x + self.p2 * y)
        d = both + y * (bend * y + 4.0 * self.p1)
        determinant = np.maximum(a * d - b * b, 1e-12)
        u, v = missing.T
        return np.stack([(d * u - b * v) / determinant, (a * v - b * u) / determinant], axis=-1)


@dataclass(frozen=True, slots=True)
class KannalaBrandtFisheye:
    """A fisheye whose distance from the principal point is an odd polynomial of the angle from the axis.

    Attributes: `width`, `height`, `fx`, `fy`, `cx`, `cy` in pixels; `fov_deg` of the whole cone, beyond which
    nothing is seen; `k1` to `k4` without unit, theta in radians.
    """

    model: ClassVar[str] = "fisheye_kannala_brandt"
    planar: ClassVar[bool] = False

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    fov_deg: float
    k1: float
    k2: float
    k3: float
    k4: float

    @property
    def K(self) -> np.ndarray:
        """(3, 3) float64: takes rho times the unit vector from the axis to the point, to pixels."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    @property
    def limit(self) -> float:
        """Half of the field of view in radians."""
        return math.radians(self.fov_deg) / 2

    @property
    def reach(self) -> float:
        """rho at the rim of what is seen."""
        return float(self._radial.value(self.limit))

    @property
    def _radial(self) -> OddPolynomial:
        return OddPolynomial((self.k1, self.k2, self.k3, self.k4))

    def rays_at(self, pixels: np.ndarray) -> np.ndarray:
        """(..., 3) float64 unit rays, camera frame; (0, 0, 0) beyond the rim."""
        return _rays_of_pixels(self, pixels)

    def rays(self) -> np.ndarray:
        """(h, w, 3) float64 unit rays through the pixel centres; (0, 0, 0) beyond the rim."""
        return rays_through_pixels(self)

    def project(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) pixel coordinates of (..., 3) points in metres, camera frame; NaN outside of the cone."""
        points = np.asarray(points, dtype=np.float64)
        across = np.hypot(points[..., 0], points[..., 1])
        theta = np.arctan2(across, points[..., 2])
        theta = np.where(theta <= self.limit + EDGE_RAD, np.minimum(theta, self.limit), np.nan)
        rho = self._radial.value(theta)
        direction = points[..., :2] / np.where(across > 0, across, 1.0)[..., None]
        return (self.cx, self.cy) + rho[..., None] * direction * (self.fx, self.fy)

    def parameters(self) -> dict[str, object]:
        """`fov_deg`, and `distortion`: k1, k2, k3, k4."""
        return {"fov_deg": self.fov_deg, "distortion": [self.k1, self.k2, self.k3, self.k4]}

    def problem(self) -> str | None:
        """Why this is no camera that can be rendered, or None."""
        if not LEAST_FOV_DEG <= self.fov_deg <= GREATEST_FOV_DEG:
            return (
                f"expected a field of view from {LEAST_FOV_DEG} to {GREATEST_FOV_DEG} degrees "
                f"(got {self.fov_deg:g})"
            )
        turn = self._radial.turn()
        if turn <= self.limit:
            return (
                "expected a distance from the axis that grows up to "
                f"fov_deg / 2 = {self.fov_deg / 2:g} degrees (k1 {self.k1:g}, k2 {self.k2:g}, "
                f"k3 {self.k3:g}, k4 {self.k4:g} turn back at {math.degrees(turn):.4g}); "
                "lower fov_deg or bring the coefficients nearer to 0"
            )
        if max(self.fx, self.fy) > MOST_WIDTHS * self.width:
            return (
                f"expected focal lengths up to {MOST_WIDTHS} image widths "
                f"(got fx {self.fx:g}, fy {self.fy:g} px, width {self.width}); use a perspective camera"
            )
        return problem_of_pinhole(self)

    def _rays_of_plane(self, distorted: np.ndarray) -> np.ndarray:
        """(n, 3) rays of (n, 2) plane coordinates after the lens."""
        rho = np.hypot(distorted[:, 0], distorted[:, 1])
        seen = rho <= self.reach
        theta = self._radial.inverse(np.where(seen, rho, 0.0), self.limit)
        # sin(theta) / rho tends to 1 at the axis.
        spread = np.where(rho > 0, np.sin(theta) / np.where(rho > 0, rho, 1.0), 1.0)
        rays = np.concatenate([distorted * spread[:, None], np.cos(theta)[:, None]], axis=-1)
        return np.where(seen[:, None], rays, 0.0)


def _rays_of_pixels(camera: BrownConradyCamera | KannalaBrandtFisheye, pixels: np.ndarray) -> np.ndarray:
    """(..., 3) rays through (..., 2) pixels, some at a time."""
    pixels = np.asarray(pixels, dtype=np.float64)
    plane = ((pixels - (camera.cx, camera.cy)) / (camera.fx, camera.fy)).reshape(-1, 2)
    rays = np.empty((len(plane), 3))
    for start in range(0, len(plane), BLOCK):
        rays[start : start + BLOCK] = camera._rays_of_plane(plane[start : start + BLOCK])
    return rays.reshape(*pixels.shape[:-1], 3)


def _even(coefficients: Sequence[float], pull: float) -> list[float]:
    """1 - pull x + c1 x^2 + c2 x^4 + ... as numpy has polynomials, highest power first."""
    terms = [term for each in reversed(coefficients) for term in (each, 0.0)]
    return [*terms[:-1], -pull, 1.0]


def _first_root(coefficients: Sequence[float]) -> float:
    """The least real root above 0 of a polynomial, highest power first; inf without one."""
    roots = np.roots(coefficients)
    real = roots[np.abs(roots.imag) < 1e-9 * np.maximum(np.abs(roots), 1.0)].real
    return float(real[real > 0].min(initial=np.inf))
