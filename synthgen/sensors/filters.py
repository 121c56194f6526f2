"""Image filters that devices share, and random fields with a given grain. OpenCV does the work."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from synthgen.errors import EnvironmentProblem


def opencv() -> ModuleType:
    """The module `cv2`, imported only where a sensor runs.

    Raises
    ------
    EnvironmentProblem
        When OpenCV is not installed.
    """
    try:
        import cv2
    except ImportError as error:
        raise EnvironmentProblem(
            f"simulated sensors need OpenCV ({error}); install it with: pip install 'synthgen[sensors]'"
        ) from None
    return cv2


def blurred(image: np.ndarray, sigma_px: float) -> np.ndarray:
    """(h, w) float32 after a Gaussian filter, mirrored at the edges; unchanged for 0."""
    if sigma_px <= 0:
        return image
    cv2 = opencv()
    return cv2.GaussianBlur(image, (0, 0), float(sigma_px), borderType=cv2.BORDER_REFLECT_101)


def random_field(rng: np.random.Generator, shape: tuple[int, int], sigma_px: float) -> np.ndarray:
    """(h, w) float32 normal numbers of mean 0 and variance 1, correlated as a Gaussian filter leaves them.

    White noise through a filter g has the variance sum(g^2), here that of the separable kernel OpenCV uses.
    """
    white = rng.standard_normal(shape, dtype=np.float32)
    if sigma_px <= 0:
        return white
    return blurred(white, sigma_px) / np.float32(_gain(sigma_px))


def uniform_of(field: np.ndarray) -> np.ndarray:
    """(h, w) float32 in (0, 1): the share of normal numbers below those of a `random_field`.

    By the logistic approximation 1 / (1 + exp(-1.5976 x - 0.07056 x^3)) (Bowling et al. 2009, J. Ind. Eng.
    Manag. 2(1)), which is within 0.00014 of the normal distribution.
    """
    field = np.clip(field, -6.0, 6.0)
    return 1.0 / (1.0 + np.exp(-field * (1.5976 + 0.07056 * field * field)))


def _gain(sigma_px: float) -> float:
    cv2 = opencv()
    # The size that GaussianBlur takes for float images by itself.
    size = round(sigma_px * 8 + 1) | 1
    kernel = cv2.getGaussianKernel(size, sigma_px)
    return float((kernel**2).sum())
