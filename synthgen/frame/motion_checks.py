"""What makes flow, occlusion and disparity valid."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthgen.frame.flow import HIDDEN, OUTSIDE, VISIBLE
from synthgen.frame.shots import DIRECTIONS
from synthgen.frame.wrong_pixels import wrong

PRODUCT = 1e-5
"""How far disparity * depth may vary within a frame, as a share: both are rounded to float32."""


def check_motion(channels: Mapping[str, np.ndarray]) -> list[str]:
    """Problems of the channels between frames; shapes and dtypes are right already."""
    problems = []
    for direction in DIRECTIONS:
        problems += _check_flow(channels, f"flow_{direction}", f"occlusion_{direction}")
    return problems + _check_disparity(channels)


def _check_flow(channels: Mapping[str, np.ndarray], flow_name: str, occlusion_name: str) -> list[str]:
    problems = []
    flow, occlusion = channels.get(flow_name), channels.get(occlusion_name)
    if flow is not None:
        finite = np.isfinite(flow).all(axis=-1)
        problems += wrong(f"{flow_name}: expected no NaN", np.isnan(flow).any(axis=-1))
        unseen = ~finite & ~np.isposinf(flow).all(axis=-1)
        problems += wrong(f"{flow_name}: expected (+inf, +inf) where it is not finite", unseen)
    if occlusion is not None:
        codes = f"{VISIBLE}, {HIDDEN} or {OUTSIDE}"
        problems += wrong(f"{occlusion_name}: expected {codes}", occlusion > OUTSIDE)
        if flow is not None:
            nowhere = ~finite & (occlusion != OUTSIDE)
            problems += wrong(
                f"{flow_name}: expected a finite one wherever {occlusion_name} is not {OUTSIDE}", nowhere
            )
    return problems


def _check_disparity(channels: Mapping[str, np.ndarray]) -> list[str]:
    disparity, depth = channels.get("disparity"), channels.get("depth")
    if disparity is None:
        return []
    problems = wrong("disparity: expected finite values", ~np.isfinite(disparity))
    problems += wrong("disparity: expected >= 0", disparity < 0)
    measured = next((name for name in ("depth", "distance") if name in channels), None)
    if measured is not None:
        differ = (disparity == 0) != np.isposinf(channels[measured])
        problems += wrong(f"disparity: expected 0 exactly where {measured} is +inf", differ, "({} differ)")
    if depth is not None and not problems:
        hit = np.isfinite(depth)
        product = disparity[hit].astype(np.float64) * depth[hit]
        usual = np.median(product) if product.size else 0.0
        differ = np.abs(product - usual) > PRODUCT * usual
        problems += wrong(
            f"disparity: expected {usual:.6g} px m / depth, one number for the frame", differ, "({} differ)"
        )
    return problems
