"""From linear light to the 8-bit colour of a frame: white balance, exposure, tone curve, sRGB.

    rgb = round(255 * sRGB(tone(linear * scale * white_balance)))

All steps are stated in the frame's metadata and can be undone but for rounding and clipping.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from synthgen.frame.white_balance import automatic_white_balance, white_balance

BRIGHT = MappingProxyType({"soft_shoulder": 2.3, "srgb": 0.98})
"""Exposed light that each tone curve still tells from white in 8 bits: at 2.41 and 0.998 it is 255."""
TONE_CURVES = tuple(BRIGHT)

KEY = 0.20
"""Linear grey that the geometric mean of a view's luminance is brought to before the tone curve."""
DIM, DARKER_EV_PER_STOP, MOST_DARKER_EV = 0.05, 0.17, 0.8
"""Below this luminance light is not made up for in full: nights are exposed, but stay darker than days."""
KNEE = 0.60
"""The soft shoulder is the identity below this and bends towards 1 above it."""
MAX_BRIGHT_SHARE = 0.04
"""Share of pixels that may lie above `BRIGHT`: windows and lamps do not darken a whole room."""

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Rec. 709 luminance weights (ITU-R BT.709)."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How the light of a shot becomes 8-bit colour.

    Attributes
    ----------
    scale : factor on all channels
    white_balance : further factor on red, green and blue
    kelvin : colour temperature of the light that looks white
    """

    scale: float
    white_balance: tuple[float, float, float]
    kelvin: float
    tone_curve: str

    def picture(self, linear: np.ndarray) -> np.ndarray:
        """(h, w, 3) uint8 sRGB from (h, w, 3) float32 linear Rec. 709."""
        return tone_map(linear, self.scale * np.array(self.white_balance), self.tone_curve)

    def to_json(self) -> dict[str, object]:
        """What the metadata of a frame says."""
        return {
            "scale": self.scale,
            "ev": round(math.log2(self.scale), 2),
            "white_balance": list(self.white_balance),
            "kelvin": self.kelvin,
            "tone_curve": self.tone_curve,
        }


def expose(
    linear: np.ndarray, rng: np.random.Generator, tone_curve: str, bias_ev: float, kelvin: float | None = None
) -> Exposure:
    """Exposure and white balance as a camera would choose them for a picture.

    Parameters
    ----------
    linear : (h, w, 3) or (n, 3) float32, linear Rec. 709
    rng : for the mistakes of an automatic white balance
    bias_ev : exposure compensation in stops
    kelvin : colour temperature that looks white; None for an automatic white balance
    """
    green_ev = 0.0
    if kelvin is None:
        kelvin, green_ev = automatic_white_balance(linear, rng)
    gains = white_balance(kelvin, green_ev)
    scale = automatic_exposure(linear * np.float32(gains), bias_ev, tone_curve)
    return Exposure(scale, gains, kelvin, tone_curve)


def automatic_exposure(linear: np.ndarray, bias_ev: float = 0.0, tone_curve: str = "soft_shoulder") -> float:
    """Exposure scale of a view, as a camera's matrix metering would choose it.

    The geometric mean of the luminance between its 2nd and 95th percentile becomes `KEY`, somewhat less
    where it is below `DIM`, unless the brightest channel of more than `MAX_BRIGHT_SHARE` of the pixels would
    then exceed `BRIGHT`. The result is rounded to 1/50 stop.

    Parameters
    ----------
    linear : (h, w, 3) or (n, 3) float32, linear Rec. 709
    bias_ev : exposure compensation in stops
    """
    luminance = np.maximum(linear @ _LUMINANCE, 1e-6).astype(np.float64)
    low, high = np.quantile(luminance, (0.02, 0.95))
    middle = luminance[(luminance >= low) & (luminance <= high)]
    bright = max(float(np.quantile(linear.max(axis=-1), 1.0 - MAX_BRIGHT_SHARE)), 1e-6)
    mean_ev = float(np.log2(middle).mean())
    dim_stops = max(math.log2(DIM) - mean_ev, 0.0)
    ev = math.log2(KEY) - mean_ev - min(DARKER_EV_PER_STOP * dim_stops, MOST_DARKER_EV)
    ev = min(ev, math.log2(BRIGHT[tone_curve] / bright))
    return 2.0 ** (round((ev + bias_ev) * 50) / 50)


def tone_map(linear: np.ndarray, scale: float | np.ndarray, tone_curve: str) -> np.ndarray:
    """(h, w, 3) uint8 sRGB from (h, w, 3) float32 linear Rec. 709.

    Parameters
    ----------
    scale : one factor, or one for each channel
    """
    exposed = np.maximum(np.asarray(linear, np.float32) * np.asarray(scale, np.float32), 0)
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
