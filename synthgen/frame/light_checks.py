"""What makes the light channels of a frame valid: colour, linear light and its parts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthgen.frame.wrong_pixels import wrong

MIN_RGB_RANGE = 10
"""Least spread of code values, the same gate as Marigold's Hypersim list (prs-eth/Marigold#158)."""
PARTS = ("hdr", "albedo", "diffuse_illumination", "residual")
"""Half floats, of which the first is the second times the third plus the fourth."""


def check_light(channels: Mapping[str, np.ndarray]) -> list[str]:
    """Problems of rgb, hdr and its parts; shapes and dtypes are right already."""
    problems = []
    rgb = channels.get("rgb")
    if rgb is not None and int(rgb.max()) - int(rgb.min()) < MIN_RGB_RANGE:
        problems.append(f"rgb: expected a picture, found one flat colour around {int(rgb.mean())}")
    for name in PARTS:
        if name in channels:
            problems += wrong(f"{name}: expected finite light", ~np.isfinite(channels[name]).all(axis=-1))
    if "albedo" in channels:
        problems += wrong("albedo: expected >= 0", (channels["albedo"] < 0).any(axis=-1))
    if not problems and all(name in channels for name in PARTS):
        hdr, albedo, illumination, residual = (channels[name].astype(np.float64) for name in PARTS)
        # The residual was rounded to a half float once; the product of two is exact in float64.
        step = np.spacing(np.abs(channels["residual"])).astype(np.float64)
        differ = np.abs(albedo * illumination + residual - hdr) > step
        problems += wrong(
            "hdr: expected albedo * diffuse_illumination + residual", differ.any(axis=-1), "({} differ)"
        )
    return problems
