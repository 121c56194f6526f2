"""Colours for looking at truth: depth, normals and labels as 8-bit sRGB pictures.

All colours are built in Oklab, where equal steps look equal, so that a reader may trust what seems near,
far or different. Formulas: Bjoern Ottosson, "A perceptual color space for image processing" (2020),
https://bottosson.github.io/posts/oklab/; sRGB transfer function: IEC 61966-2-1.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from synthgen.frame.classes import CLASSES, SKY
from synthgen.frame.exposure import encode_srgb

SKY_COLOUR = (156, 196, 232)
"""Flat light blue, which the depth ramp never takes: sky is not merely far."""
NOTHING_COLOUR = (36, 40, 48)
"""Flat dark grey: instance 0 and class 0."""

_LMS_FROM_LAB = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_RGB_FROM_LMS = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)
_GOLDEN_ANGLE_DEG = 137.50776405003785
_RAMP_STEPS = 256


def srgb_from_oklch(lightness: float, chroma: float, hue_deg: float) -> tuple[int, int, int]:
    """8-bit sRGB of an Oklab colour in polar form; the chroma shrinks until the colour can be shown.

    Parameters
    ----------
    lightness : 0 (black) to 1 (white)
    chroma : 0 (grey) to about 0.3
    hue_deg : 0 is pinkish red, 90 yellow, 145 green, 260 blue
    """
    angle = np.radians(hue_deg)
    for _ in range(40):
        lab = np.array([lightness, chroma * np.cos(angle), chroma * np.sin(angle)])
        linear = _RGB_FROM_LMS @ (_LMS_FROM_LAB @ lab) ** 3
        if linear.min() >= -1e-4 and linear.max() <= 1.0001:
            break
        chroma *= 0.95
    encoded = encode_srgb(np.clip(linear, 0.0, 1.0))
    red, green, blue = (int(value) for value in np.rint(encoded * 255))
    return red, green, blue


@cache
def depth_ramp() -> np.ndarray:
    """(256, 3) uint8 sRGB: near is a light yellow, far a dark indigo.

    Lightness falls evenly from 0.94 to 0.24 while the hue turns from yellow over red and violet to blue,
    so that order can be read from lightness alone, also in print and by the colour-blind.
    """
    steps = np.linspace(0.0, 1.0, _RAMP_STEPS)
    rows = [
        srgb_from_oklch(
            0.94 - 0.70 * float(step), 0.11 + 0.08 * float(np.sin(np.pi * step)), 98.0 - 185.0 * float(step)
        )
        for step in steps
    ]
    ramp = np.array(rows, dtype=np.uint8)
    ramp.setflags(write=False)
    return ramp


def depth_position(depth_m: np.ndarray, near_m: float, far_m: float) -> np.ndarray:
    """(...) float64 place on the ramp, 0 near to 1 far: equal ratios of depth are equal steps."""
    span = np.log(max(far_m / near_m, 1.0 + 1e-6))
    return np.clip(np.log(np.maximum(depth_m, 1e-9) / near_m) / span, 0.0, 1.0)


def colour_depth(depth: np.ndarray, near_m: float, far_m: float) -> np.ndarray:
    """(h, w, 3) uint8 sRGB of a depth map.

    Parameters
    ----------
    depth : (h, w) float32, metres, +inf for sky
    near_m, far_m : ends of the ramp in metres, 0 < near_m < far_m; what lies outside takes the end's colour
    """
    finite = np.isfinite(depth)
    position = depth_position(np.where(finite, depth, near_m).astype(np.float64), near_m, far_m)
    pixels = depth_ramp()[np.rint(position * (_RAMP_STEPS - 1)).astype(np.intp)]
    pixels[~finite] = SKY_COLOUR
    return pixels


def colour_normal(normal: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8 of unit normals in the OpenCV camera frame.

    Shown as (n + 1) / 2 with y and z turned over: red points right, green up, blue at the camera, so that
    a wall that faces the camera has the usual light blue. Zero vectors (sky) take the sky colour.
    """
    shown = normal * np.array([1.0, -1.0, -1.0], dtype=np.float32)
    pixels = np.rint((np.clip(shown, -1.0, 1.0) + 1.0) * 127.5).astype(np.uint8)
    pixels[~(np.abs(normal).max(axis=-1) > 0)] = SKY_COLOUR
    return pixels


@cache
def label_colour(label: int) -> tuple[int, int, int]:
    """A stable sRGB colour for an id: neighbours in number lie a golden angle apart in hue."""
    if label == 0:
        return NOTHING_COLOUR
    lightness = (0.72, 0.58, 0.82, 0.48)[label % 4]
    return srgb_from_oklch(lightness, 0.15, (label * _GOLDEN_ANGLE_DEG) % 360.0)


def class_colour(class_id: int) -> tuple[int, int, int]:
    """A stable sRGB colour for a semantic class; sky looks as it does in the depth picture."""
    return SKY_COLOUR if class_id == CLASSES[SKY].id else label_colour(class_id)


def colour_instance(instance: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8 of (h, w) instance ids; id 0 (nothing hit) takes the sky colour."""
    ids, inverse = np.unique(instance, return_inverse=True)
    palette = np.array([label_colour(int(label)) if label else SKY_COLOUR for label in ids], dtype=np.uint8)
    return palette[inverse.reshape(instance.shape)]


def colour_semantic(semantic: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8 of (h, w) class ids."""
    ids, inverse = np.unique(semantic, return_inverse=True)
    palette = np.array([class_colour(int(label)) for label in ids], dtype=np.uint8)
    return palette[inverse.reshape(semantic.shape)]


def css(colour: tuple[int, int, int] | np.ndarray) -> str:
    """`#rrggbb`."""
    red, green, blue = (int(value) for value in colour)
    return f"#{red:02x}{green:02x}{blue:02x}"
