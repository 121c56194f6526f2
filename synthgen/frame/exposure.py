"""From linear light to the 8-bit colour of a frame: automatic exposure, tone curve, sRGB.

    rgb = round(255 * sRGB(tone(linear * scale)))

All three steps are stated in the frame's metadata and can be undone but for rounding and clipping.
"""

from __future__ import annotations

import math

import numpy as np

TONE_CURVES = ("soft_shoulder", "srgb")

KEY = 0.20
"""Linear grey that the geometric mean of a view's luminance is brought to before the tone curve."""
KNEE = 0.60
"""The soft shoulder is the identity below this and bends towards 1 above it."""
MAX_BRIGHT_SHARE = 0.08
"""Share of pixels that may lie above `BRIGHT`: windows and lamps do not darken a whole room."""
BRIGHT = 2.0

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Rec. 709 luminance weights (ITU-R BT.709)."""


def automatic_exposure(linear: np.ndarray, bias_ev: float = 0.0) -> float:
    """Exposure scale of a view, as a camera's matrix metering would choose it.

    The geometric mean of the luminance between its 2nd and 95th percentile becomes `KEY`, unless more
    than `MAX_BRIGHT_SHARE` of the pixels would then exceed `BRIGHT`. The result is rounded to 1/50 stop.

    Parameters
    ----------
    linear : (h, w, 3) float32, linear Rec. 709
    bias_ev : exposure compensation in stops
    """
    luminance = np.maximum(linear @ _LUMINANCE, 1e-6).astype(np.float64)
    low, high, bright = np.quantile(luminance, (0.02, 0.95, 1.0 - MAX_BRIGHT_SHARE))
    middle = luminance[(luminance >= low) & (luminance <= high)]
    ev = math.log2(KEY) - float(np.log2(middle).mean())
    ev = min(ev, math.log2(BRIGHT / float(bright)))
    return 2.0 ** (round((ev + bias_ev) * 50) / 50)


def tone_map(linear: np.ndarray, scale: float, tone_curve: str) -> np.ndarray:
    """(h, w, 3) uint8 sRGB from (h, w, 3) float32 linear Rec. 709."""
    exposed = np.maximum(np.asarray(linear, np.float32) * np.float32(scale), 0)
    display = soft_shoulder(exposed) if tone_curve == "soft_shoulder" else np.minimum(exposed, 1)
    return np.rint(encode_srgb(display) * 255).astype(np.uint8)


def soft_shoulder(x: np.ndarray) -> np.ndarray:
    """Identity up to `KNEE`, then 1 - (1 - KNEE) exp(-(x - KNEE) / (1 - KNEE)): smooth, below 1."""
    over = np.maximum(x - KNEE, 0) / (1 - KNEE)
    return np.where(x <= KNEE, x, 1 - (1 - KNEE) * np.exp(-over)).astype(np.float32)


def encode_srgb(linear: np.ndarray) -> np.ndarray:
    """The sRGB transfer function (IEC 61966-2-1) on values in [0, 1]."""
    curved = 1.055 * np.power(np.maximum(linear, 0.0031308), np.float32(1 / 2.4)) - 0.055
    return np.where(linear <= 0.0031308, 12.92 * linear, curved).astype(np.float32)


def light_levels(rgb: np.ndarray) -> tuple[float, float]:
    """Mean luma of a picture, and the share of its pixels that are clipped.

    Luma is the Rec. 709 sum of the encoded values, 0 black to 1 white. A pixel is clipped when one of its
    channels is 255.

    Parameters
    ----------
    rgb : (h, w, 3) or (n, 3) uint8 sRGB
    """
    clipped = (rgb == 255).any(axis=-1)
    return float((rgb @ _LUMINANCE).mean()) / 255, float(clipped.mean())
