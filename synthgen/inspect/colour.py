"""Colours for looking at truth: depth, normals, labels, light and motion as 8-bit sRGB pictures.

Ramps and labels are built in Oklab, where equal steps look equal, so that a reader may trust what seems near,
far or different. Formulas: Bjoern Ottosson, "A perceptual color space for image processing" (2020),
https://bottosson.github.io/posts/oklab/; sRGB transfer function: IEC 61966-2-1. Motion has the usual colours
of optical flow: Baker et al., "A Database and Evaluation Methodology for Optical Flow" (2007).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from synthgen.frame.classes import CLASSES, SKY
from synthgen.frame.exposure import encode_srgb, soft_shoulder
from synthgen.frame.validity import BEYOND_FAR, BUMP, MIRROR, MIXED, TRANSPARENT
from synthgen.frame.validity import SKY as SKY_BIT

SKY_COLOUR = (156, 196, 232)
"""Flat light blue, which the depth ramp never takes: sky is not merely far."""
NOTHING_COLOUR = (36, 40, 48)
"""Flat dark grey: instance 0 and class 0, and where there is no value to show."""

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


def colour_depth(
    depth: np.ndarray, near_m: float, far_m: float, nothing: tuple[int, int, int] = SKY_COLOUR
) -> np.ndarray:
    """(h, w, 3) uint8 sRGB of a depth map.

    Parameters
    ----------
    depth : (h, w) float32, metres, +inf for sky
    near_m, far_m : ends of the ramp in metres, 0 < near_m < far_m; what lies outside takes the end's colour
    nothing : colour where the depth is +inf
    """
    finite = np.isfinite(depth)
    position = depth_position(np.where(finite, depth, near_m).astype(np.float64), near_m, far_m)
    pixels = depth_ramp()[np.rint(position * (_RAMP_STEPS - 1)).astype(np.intp)]
    pixels[~finite] = nothing
    return pixels


def colour_size(size: np.ndarray, low: float, high: float) -> np.ndarray:
    """(h, w, 3) uint8 sRGB of sizes on the depth ramp turned over: small is dark, large bright.

    Equal ratios are equal steps, so that a disparity has the colour of its depth.

    Parameters
    ----------
    size : (h, w), at least 0, +inf the largest; NaN takes the colour of the sky
    low, high : ends of the ramp, 0 < low < high
    """
    known = ~np.isnan(size)
    position = 1.0 - depth_position(np.where(known, size, low).astype(np.float64), low, high)
    pixels = depth_ramp()[np.rint(position * (_RAMP_STEPS - 1)).astype(np.intp)]
    pixels[~known] = SKY_COLOUR
    return pixels


def colour_position(position: np.ndarray, period_m: float) -> np.ndarray:
    """(h, w, 3) uint8 of places in the world, x red, y green, z blue: each goes up and down in a period.

    A triangle wave has no jumps, so every edge in the picture is one in space.

    Parameters
    ----------
    position : (h, w, 3) metres, +inf for sky
    """
    hit = np.isfinite(position).all(axis=-1)
    turns = np.where(hit[..., None], position, 0.0).astype(np.float64) / period_m
    pixels = np.rint(np.abs(2.0 * (turns - np.rint(turns))) * 255).astype(np.uint8)
    pixels[~hit] = SKY_COLOUR
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
    lightness, hue_deg = (0.72, 0.58, 0.82, 0.48)[label % 4], (label * _GOLDEN_ANGLE_DEG) % 360.0
    if lightness > 0.8:  # light blue, 200 to 300 degrees, is the sky's alone
        hue_deg = (300.0 + hue_deg * 260.0 / 360.0) % 360.0
    return srgb_from_oklch(lightness, 0.15, hue_deg)


def class_colour(class_id: int) -> tuple[int, int, int]:
    """A stable sRGB colour for a semantic class; sky looks as it does in the depth picture."""
    return SKY_COLOUR if class_id == CLASSES[SKY].id else label_colour(class_id)


def colour_instance(instance: np.ndarray, nothing: tuple[int, int, int] = SKY_COLOUR) -> np.ndarray:
    """(h, w, 3) uint8 of (h, w) ids; id 0 (nothing hit) takes the colour `nothing`, that of the sky."""
    ids, inverse = np.unique(instance, return_inverse=True)
    palette = np.array([label_colour(int(label)) if label else nothing for label in ids], dtype=np.uint8)
    return palette[inverse.reshape(instance.shape)]


def colour_semantic(semantic: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8 of (h, w) class ids."""
    ids, inverse = np.unique(semantic, return_inverse=True)
    palette = np.array([class_colour(int(label)) for label in ids], dtype=np.uint8)
    return palette[inverse.reshape(semantic.shape)]


def colour_residual(residual: np.ndarray, scale: float | np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8 of light that may be negative, around a middle grey that stands for 0.

    Parameters
    ----------
    residual : (h, w, 3) linear Rec. 709
    scale : exposure, as the frame's colour has it: one factor, or one for each channel
    """
    exposed = residual.astype(np.float32) * np.asarray(scale, np.float32)
    half = encode_srgb(soft_shoulder(np.abs(exposed)))
    return np.rint(127.5 + 127.5 * np.sign(exposed) * half).astype(np.uint8)


_WHEEL_TURNS = np.cumsum([0, 15, 6, 4, 11, 13, 6]) / 55
"""Where red, yellow, green, cyan, blue, magenta and red again lie on the wheel of Baker et al.: the more hues
the eye tells apart between two of them, the more room they have."""
_WHEEL_COLOURS = np.array(
    [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 1], [1, 0, 0]], dtype=np.float64
)


def wheel_colour(turn: np.ndarray) -> np.ndarray:
    """(..., 3) colour in [0, 1] of a direction in turns, clockwise on the screen: 0 is right, 0.25 down."""
    turn = np.asarray(turn, np.float64) % 1.0
    return np.stack([np.interp(turn, _WHEEL_TURNS, column) for column in _WHEEL_COLOURS.T], axis=-1)


def colour_flow(flow: np.ndarray, longest_px: float) -> np.ndarray:
    """(h, w, 3) uint8 of motion: the hue is its direction, white is rest, full colour `longest_px`.

    What moves farther than that is darker, and where the motion is not finite stands a dark grey.

    Parameters
    ----------
    flow : (h, w, 2) pixels, right and down
    """
    known = np.isfinite(flow).all(axis=-1)
    x, y = np.moveaxis(np.where(known[..., None], flow, 0.0).astype(np.float64), -1, 0)
    length = (np.hypot(x, y) / longest_px)[..., None]
    colour = wheel_colour(np.arctan2(y, x) / (2 * np.pi))
    colour = np.where(length <= 1.0, 1.0 - length * (1.0 - colour), 0.75 * colour)
    pixels = np.rint(colour * 255).astype(np.uint8)
    pixels[~known] = NOTHING_COLOUR
    return pixels


BIT_COLOURS: dict[int, tuple[int, int, int]] = {
    SKY_BIT: SKY_COLOUR,
    BEYOND_FAR: srgb_from_oklch(0.45, 0.14, 275.0),
    BUMP: srgb_from_oklch(0.62, 0.14, 145.0),
    TRANSPARENT: srgb_from_oklch(0.80, 0.12, 200.0),
    MIRROR: srgb_from_oklch(0.65, 0.22, 340.0),
    MIXED: srgb_from_oklch(0.78, 0.16, 65.0),
}
"""Colours of the bits of `validity`; where a pixel has several, the last one here is shown."""
WIDE_BITS = (BEYOND_FAR, BUMP)
OCCLUSION_COLOURS = {1: srgb_from_oklch(0.66, 0.22, 35.0), 2: srgb_from_oklch(0.55, 0.17, 285.0)}
"""Colours of the codes of `occlusion_*` that tell of a loss."""


def colour_validity(validity: np.ndarray, base: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8: the bits of `validity` in `BIT_COLOURS` over a picture in dim grey.

    `WIDE_BITS` can cover whole walls: there the picture shines through.
    """
    pixels = dim(base)
    for bit, colour in BIT_COLOURS.items():
        marked = validity & bit > 0
        light = 0.35 + 0.65 * base[marked].mean(axis=-1, keepdims=True) / 255 if bit in WIDE_BITS else 1.0
        pixels[marked] = np.rint(np.array(colour) * light)
    return pixels


def colour_occlusion(occlusion: np.ndarray, base: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8: what the other frame does not show, in `OCCLUSION_COLOURS` over a dim grey picture."""
    pixels = dim(base)
    for code, colour in OCCLUSION_COLOURS.items():
        pixels[occlusion == code] = colour
    return pixels


def dim(rgb: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8 grey and dark, to lay colours on."""
    grey = 24.0 + 0.5 * rgb.astype(np.float64).mean(axis=-1)
    return np.rint(grey)[..., None].repeat(3, axis=-1).astype(np.uint8)


def css(colour: tuple[int, int, int] | np.ndarray) -> str:
    """`#rrggbb`."""
    red, green, blue = (int(value) for value in colour)
    return f"#{red:02x}{green:02x}{blue:02x}"
