"""Colour as half floats, and its intrinsic parts.

    hdr = albedo * diffuse_illumination + residual

holds for the stored numbers to within the rounding of one half float, since the residual is made from the
rounded others. The split is that of Hypersim (Roberts et al., ICCV 2021).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

INTRINSICS = ("albedo", "diffuse_illumination", "residual")
"""The channels that need the diffuse parts of the colour render."""
LARGEST_HALF = float(np.finfo(np.float16).max)
"""65504: brighter light is stored as this."""


@dataclass(frozen=True, slots=True)
class ColourParts:
    """Linear light, Rec. 709 primaries, each (h, w, 3) float32 and an average over the pixel.

    linear : radiance as rendered
    albedo : diffuse reflectance; None unless asked for
    illumination : diffuse light by reflectance, in the unit of `linear`; None unless asked for
    """

    linear: np.ndarray
    albedo: np.ndarray | None = None
    illumination: np.ndarray | None = None


def intrinsic_channels(parts: ColourParts) -> dict[str, np.ndarray]:
    """`hdr` and, where `parts` has them, the three `INTRINSICS`: (h, w, 3) float16 each, all finite.

    Where a component of the albedo is 0, so is that of the illumination: no light is seen by it.
    """
    hdr = _half(parts.linear)
    if parts.albedo is None or parts.illumination is None:
        return {"hdr": hdr}
    albedo = _half(parts.albedo)
    illumination = _half(np.where(albedo > 0, parts.illumination, 0.0))
    # In float64 the product is exact.
    residual = _half(hdr - albedo.astype(np.float64) * illumination)
    return {"hdr": hdr, "albedo": albedo, "diffuse_illumination": illumination, "residual": residual}


def _half(light: np.ndarray) -> np.ndarray:
    return np.clip(light, -LARGEST_HALF, LARGEST_HALF).astype(np.float16)
