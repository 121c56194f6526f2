"""PNG bytes to and from numpy arrays: 8 or 16 bits, grey or RGB, never converted."""

from __future__ import annotations

import io

import imageio.v3 as imageio
import numpy as np

from synthgen.errors import DataError

RGB_LEVEL = 3
"""zlib level for photographs: higher ones cost time and win little."""
LABEL_LEVEL = 6
"""zlib level for depth, ids and normals: they are small anyway."""


def encode_png(pixels: np.ndarray, level: int = LABEL_LEVEL) -> bytes:
    """Encode `pixels` as PNG without any metadata, so that equal pixels give equal bytes.

    Parameters
    ----------
    pixels : (h, w) uint8 or uint16, or (h, w, 3) uint8
    level : zlib level, 0 to 9
    """
    if pixels.dtype not in (np.uint8, np.uint16) or (pixels.ndim == 3 and pixels.dtype != np.uint8):
        raise ValueError(f"PNG holds uint8 or grey uint16 (got {pixels.dtype}, shape {pixels.shape})")
    return imageio.imwrite("<bytes>", pixels, extension=".png", plugin="pillow", compress_level=level)


def decode_png(data: bytes, source: str = "PNG") -> np.ndarray:
    """Decode a PNG to (h, w) uint8 or uint16, or (h, w, 3) uint8.

    Raises
    ------
    DataError
        When the bytes are not a whole PNG; the message names `source`.
    """
    try:
        pixels = imageio.imread(io.BytesIO(data), extension=".png", plugin="pillow")
    except (OSError, SyntaxError, ValueError) as error:
        raise DataError(f"{source}: expected a whole PNG file ({error})") from None
    return pixels.astype(np.uint16) if pixels.dtype == np.int32 else pixels
