"""Whether a view is worth training on. One that is not goes to quarantine with the reason, like a wrong one.

The sampler of viewpoints avoids such views, from a few rays and before anything is rendered. Here the frame
itself is judged, so that it holds as well for cameras of a scene file, for every frame of a trajectory and
for light. The limits are wide: a gate is for what nobody wants, taste is for the filters of those who train.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from synthgen.frame.exposure import light_levels
from synthgen.geometry.camera import Camera

MIN_LUMA, MAX_LUMA = 0.03, 0.97
"""Mean luma of a picture in which something can be seen. Nights by lamps have 0.3 and more."""
MAX_SKY = 0.98
MAX_FLAT = 0.98
"""Largest shares of a view that the sky, and one flat surface, may fill."""
FLAT = 0.005
"""How far from a plane a flat surface may be, as a share of its median distance."""
MAX_BACKFACES, INSIDE_M = 0.9, 1.0
"""A camera of a scene file that sees more than this share of surfaces from behind, half of them nearer than
this, is inside of something. A room whose faces look outwards is larger."""
MAX_MAGENTA = 0.01
"""Largest share of pixels in the colour that Cycles has for missing textures."""
_FIT_POINTS = 4096


def check_worth(
    channels: Mapping[str, np.ndarray], camera: Camera, statistics: Mapping[str, float]
) -> list[str]:
    """Why a valid frame is of no use, empty when it is.

    Parameters
    ----------
    channels : those that pass `synthgen.frame.checks.check_channels`; what is not there is not judged
    statistics : of the frame's metadata
    """
    seen = camera.rays().any(axis=-1)  # all, but for the corners around a fisheye's circle
    return [
        *_light(channels, seen),
        *_emptiness(channels, camera, seen),
        *_inside(statistics),
        *_missing_textures(channels, seen),
    ]


def _light(channels: Mapping[str, np.ndarray], seen: np.ndarray) -> Iterator[str]:
    if "rgb" not in channels:
        return
    luma, _ = light_levels(channels["rgb"][seen])
    if luma < MIN_LUMA:
        yield f"too dark: expected a mean luma of at least {MIN_LUMA} (found {luma:.3f})"
    elif luma > MAX_LUMA:
        yield f"too bright: expected a mean luma of at most {MAX_LUMA} (found {luma:.3f})"


def _emptiness(channels: Mapping[str, np.ndarray], camera: Camera, seen: np.ndarray) -> Iterator[str]:
    measured = next((name for name in ("depth", "distance") if name in channels), None)
    if measured is None:
        return
    metres = channels[measured]
    hit = np.isfinite(metres) & seen
    sky = 1 - float(hit.sum() / seen.sum())
    if sky > MAX_SKY:
        yield f"too empty: expected at most {MAX_SKY:.0%} sky (found {_percent(sky)})"
        return
    rays = camera.rays()
    if measured == "distance":
        rays = rays / np.maximum(np.linalg.norm(rays, axis=-1, keepdims=True), 1e-12)
    flat = _flat_share(rays[hit] * metres[hit][:, None].astype(np.float64)) * (1 - sky)
    if flat > MAX_FLAT:
        yield f"too empty: expected at most {MAX_FLAT:.0%} of one flat surface (found {_percent(flat)})"


def _flat_share(points: np.ndarray) -> float:
    """Share of points (n, 3) that lie on the plane which most of them lie on; exact only if large."""
    points = points[:: max(1, len(points) // _FIT_POINTS)]
    limit = FLAT * float(np.median(np.linalg.norm(points, axis=1)))
    away = np.zeros(len(points))
    for _ in range(3):  # what lies off the plane of the others counts no more in the next turn
        on = points[away <= max(np.quantile(away, 0.9), limit)]
        middle = on.mean(axis=0)
        normal = np.linalg.eigh(np.cov((on - middle).T, bias=True))[1][:, 0]
        away = np.abs((points - middle) @ normal)
    return float((away <= limit).mean())


def _inside(statistics: Mapping[str, float]) -> Iterator[str]:
    behind, near_m = statistics.get("backface_ratio", 0.0), statistics.get("depth_median_m", np.inf)
    if behind > MAX_BACKFACES and near_m < INSIDE_M:
        yield (
            f"camera inside of something: expected at most {MAX_BACKFACES:.0%} of surfaces seen from behind, "
            f"or a median depth of at least {INSIDE_M:g} m (found {_percent(behind)} and {near_m:.2f} m)"
        )


def _missing_textures(channels: Mapping[str, np.ndarray], seen: np.ndarray) -> Iterator[str]:
    """Magenta has no green, and as much red as blue: exactly so in the albedo, nearly so in white light."""
    if "albedo" in channels:
        colour, dim, apart = channels["albedo"][seen].astype(np.float32), 0.002, 0.002
    elif "rgb" in channels:
        colour, dim, apart = _linear(channels["rgb"][seen]), 0.06, 0.15
    else:
        return
    red, green, blue = colour.T
    purple = np.minimum(red, blue)
    magenta = (purple > 0.05) & (green <= dim * purple) & (np.abs(red - blue) <= apart * purple)
    if (share := float(magenta.mean())) > MAX_MAGENTA:
        yield f"missing texture: expected at most {MAX_MAGENTA:.0%} magenta (found {_percent(share)})"


def _linear(rgb: np.ndarray) -> np.ndarray:
    """(n, 3) float32 linear light from 8-bit sRGB (IEC 61966-2-1)."""
    encoded = rgb.astype(np.float32) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
