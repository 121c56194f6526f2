"""A colour filter array, and demosaicing by linear filters.

The filters are those of Malvar, He and Cutler, "High-quality linear interpolation for demosaicing of Bayer-
patterned color images" (ICASSP 2004), Figure 2.
"""

from __future__ import annotations

import numpy as np

from synthgen.sensors.filters import opencv

_GREEN = np.array(
    [[0, 0, -1, 0, 0], [0, 0, 2, 0, 0], [-1, 2, 4, 2, -1], [0, 0, 2, 0, 0], [0, 0, -1, 0, 0]], np.float32
) / np.float32(8)
"""Green at a red or blue pixel."""
_ALONG = np.array(
    [[0, 0, 0.5, 0, 0], [0, -1, 0, -1, 0], [-1, 4, 5, 4, -1], [0, -1, 0, -1, 0], [0, 0, 0.5, 0, 0]],
    np.float32,
) / np.float32(8)
"""Red or blue at a green pixel whose neighbours of that colour are in its row."""
_DIAGONAL = np.array(
    [[0, 0, -1.5, 0, 0], [0, 2, 0, 2, 0], [-1.5, 0, 6, 0, -1.5], [0, 2, 0, 2, 0], [0, 0, -1.5, 0, 0]],
    np.float32,
) / np.float32(8)
"""Red at blue, blue at red."""


def mosaic(light: np.ndarray) -> np.ndarray:
    """(h, w): what an RGGB array lets through of (h, w, 3), red at the even rows and columns."""
    seen = light[..., 1].copy()
    seen[0::2, 0::2] = light[0::2, 0::2, 0]
    seen[1::2, 1::2] = light[1::2, 1::2, 2]
    return seen


def demosaic(raw: np.ndarray) -> np.ndarray:
    """(h, w, 3) float32 from an RGGB mosaic (h, w) float32; mirrored at the edges."""
    cv2 = opencv()

    def filtered(kernel: np.ndarray) -> np.ndarray:
        return cv2.filter2D(raw, cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT_101)

    green, rows, columns, diagonal = (filtered(each) for each in (_GREEN, _ALONG, _ALONG.T.copy(), _DIAGONAL))
    red, blue = np.empty_like(raw), np.empty_like(raw)
    made = raw.copy()
    made[0::2, 0::2], made[1::2, 1::2] = green[0::2, 0::2], green[1::2, 1::2]
    red[0::2, 0::2], red[0::2, 1::2] = raw[0::2, 0::2], rows[0::2, 1::2]
    red[1::2, 0::2], red[1::2, 1::2] = columns[1::2, 0::2], diagonal[1::2, 1::2]
    blue[1::2, 1::2], blue[1::2, 0::2] = raw[1::2, 1::2], rows[1::2, 0::2]
    blue[0::2, 1::2], blue[0::2, 0::2] = columns[0::2, 1::2], diagonal[0::2, 0::2]
    return np.stack([red, made, blue], axis=-1)
