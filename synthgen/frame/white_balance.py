"""White balance: a gain per channel that makes the light of one colour temperature look white.

The gains are those that a von Kries adaptation in linear Rec. 709 has; a black body of `RENDER_KELVIN` has
gains of 1. They belong to the 8-bit colour alone: `hdr` and its parts are as rendered.
"""

from __future__ import annotations

import math

import numpy as np

RENDER_KELVIN = 6504.0
"""What the render itself shows as white (D65)."""
KELVIN_RANGE = (2500.0, 15000.0)
AUTOMATIC_RANGE = (3000.0, 7500.0)
"""Lights that an automatic white balance believes in; what is beyond stays warm or blue."""
ADAPTATION = (0.55, 0.95)
"""Share of the cast, in mired, that it takes away."""
CAST_MIRED, CAST_GREEN_EV = 8.0, 0.04
"""Standard deviations of its mistakes, along the colours of black bodies and across them."""

_NORM = 6
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_RGB_FROM_XYZ = np.array(
    [[3.24045, -1.53714, -0.49853], [-0.96927, 1.87601, 0.04156], [0.05564, -0.20403, 1.05723]]
)
"""Linear Rec. 709 of XYZ (ITU-R BT.709, D65)."""


def black_body(kelvin: float) -> np.ndarray:
    """(3,) linear Rec. 709 of a black body, of luminance 1.

    The cubic fit of Kim et al. (US patent 7,024,034) to the Planckian locus, 1667 to 25,000 K.
    """
    t, warm = 1e3 / kelvin, kelvin <= 4000
    x_of = (
        (-0.2661239, -0.2343589, 0.8776956, 0.179910) if warm else (-3.0258469, 2.1070379, 0.2226347, 0.24039)
    )
    y_of = (3.0817580, -5.87338670, 3.75112997, -0.37001483)
    if warm:
        y_of = (-0.9549476, -1.37418593, 2.09137015, -0.16748867)
    if kelvin <= 2222:
        y_of = (-1.1063814, -1.34811020, 2.18555832, -0.20219683)
    x = float(np.polyval(x_of, t))
    y = float(np.polyval(y_of, x))
    return _RGB_FROM_XYZ @ np.array([x / y, 1.0, (1.0 - x - y) / y])


def white_balance(kelvin: float, green_ev: float = 0.0) -> tuple[float, float, float]:
    """Gains of red, green and blue with which light of `kelvin` looks white, to 4 decimals.

    Greys keep their luminance.

    Parameters
    ----------
    green_ev : stops of green to add: the direction across the colours of black bodies
    """
    gains = black_body(RENDER_KELVIN) / black_body(kelvin) * (1.0, 2.0**green_ev, 1.0)
    red, green, blue = np.round(gains / (gains @ _LUMINANCE), 4).tolist()
    return red, green, blue


def automatic_white_balance(linear: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """Colour temperature and stops of green that a camera's automatic white balance would choose.

    The colour of the light is estimated from the picture (shades of grey, Finlayson and Trezzi 2004), held
    to be a black body within `AUTOMATIC_RANGE`, adapted to in part, and missed a little, as cameras do: lamps
    stay warm and shade stays blue.

    Parameters
    ----------
    linear : (h, w, 3) or (n, 3) float32, linear Rec. 709
    """
    share = float(rng.uniform(*ADAPTATION))
    missed, green_ev = float(rng.normal(0.0, CAST_MIRED)), float(rng.normal(0.0, CAST_GREEN_EV))
    white, seen = _mired(RENDER_KELVIN), _mired(estimated_kelvin(linear))
    mired = white + share * (seen - white) + missed
    least, greatest = (_mired(kelvin) for kelvin in reversed(KELVIN_RANGE))
    return round(1e6 / min(max(mired, least), greatest)), round(green_ev, 3)


def estimated_kelvin(linear: np.ndarray) -> float:
    """Temperature within `AUTOMATIC_RANGE` of the black body whose red and blue are those of the light.

    The light is taken to have the colour of the Minkowski mean of the picture, without its brightest 2 %.
    """
    flat = np.maximum(linear.reshape(-1, 3).astype(np.float64), 0.0)
    brightest = flat.max(axis=-1)
    kept = flat[brightest <= np.quantile(brightest, 0.98)]
    top = float(kept.max())
    if top <= 0:
        return RENDER_KELVIN
    red, _, blue = np.power(np.power(kept / top, _NORM).mean(axis=0), 1 / _NORM)
    kelvins = 1e6 / np.linspace(*(_mired(kelvin) for kelvin in AUTOMATIC_RANGE), 60)
    bodies = np.array([black_body(kelvin) for kelvin in kelvins]) / black_body(RENDER_KELVIN)
    blueness = np.log2(bodies[:, 2] / bodies[:, 0])
    return float(np.interp(math.log2(max(blue, 1e-6) / max(red, 1e-6)), blueness, kelvins))


def _mired(kelvin: float) -> float:
    """Reciprocal megakelvin, in which equal steps look about equal."""
    return 1e6 / kelvin
