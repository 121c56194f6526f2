"""The light channels: half floats, and hdr = albedo * diffuse_illumination + residual."""

from __future__ import annotations

import numpy as np

HALF_MAX = float(np.finfo(np.float16).max)
"""The brightest that a half float holds, 65504."""


def as_half(light: np.ndarray) -> np.ndarray:
    """float16 of the same shape, rounded to nearest; what is brighter than 65504 becomes 65504."""
    return np.clip(light, -HALF_MAX, HALF_MAX).astype(np.float16)


def residual_of(hdr: np.ndarray, albedo: np.ndarray, diffuse_illumination: np.ndarray) -> np.ndarray:
    """(h, w, 3) float16: what albedo * diffuse_illumination leaves of hdr.

    Made from the three float16 channels as they are stored, so that the sum holds to the rounding of the
    residual alone.
    """
    product = albedo.astype(np.float64) * diffuse_illumination.astype(np.float64)
    return as_half(hdr.astype(np.float64) - product)
