"""What devices with two viewpoints share: who sees what, and matching by windows.

A second viewpoint (a projector, or another camera) stands `baseline_m` to the right of the camera. A point in
column u at depth z lies in its column u - d with the disparity d = fx * baseline_m / z.
"""

from __future__ import annotations

import numpy as np

from synthgen.sensors.filters import opencv

SAME_SURFACE = 0.01
"""Relative difference in depth up to which two points are the same surface to a depth buffer."""


def hidden_from_right(depth: np.ndarray, disparity_px: np.ndarray) -> np.ndarray:
    """(h, w) bool: surface points that the second viewpoint does not see, since something is before them.

    Every pixel is drawn into the second view's depth buffer, over the two columns that it lies between, so
    that slanted surfaces have no gaps; what lies deeper than the buffer there is hidden.

    Parameters
    ----------
    depth : (h, w) metres, +inf for nothing
    disparity_px : (h, w), pixels of this image; negative for a second viewpoint to the left
    """
    height, width = depth.shape
    reach = int(np.ceil(np.abs(disparity_px[np.isfinite(depth)]).max(initial=0.0))) + 2
    columns = width + 2 * reach
    place = np.arange(width, dtype=np.float32) - disparity_px + reach
    place = np.where(np.isfinite(depth), place, 0.0)
    left = np.floor(place).astype(np.int32)
    index = left + (np.arange(height, dtype=np.int32) * columns)[:, None]
    buffer = np.full(height * columns, np.inf, dtype=np.float32)
    for step in (0, 1):
        np.minimum.at(buffer, (index + step).ravel(), depth.ravel())
    nearest = np.where(place - left < 0.5, buffer[index], buffer[index + 1])
    return np.isfinite(depth) & (depth > nearest * (1 + SAME_SURFACE))


def window_agreement(disparity_px: np.ndarray, radius: int, tolerance_px: float) -> np.ndarray:
    """(h, w) float32: share of a square window whose disparity is within a tolerance of the centre's.

    Parameters
    ----------
    disparity_px : (h, w) float32; NaN where there is nothing to match, which agrees with nothing
    radius : of the window, 4 for 9 x 9
    """
    cv2 = opencv()
    # Whole numbers, since OpenCV is quickest with them: 1/64 px, and a value far off for nothing.
    known = np.isfinite(disparity_px)
    units = np.where(known, np.clip(np.nan_to_num(disparity_px) * 64.0, 0, 30_000), 60_000).astype(np.uint16)
    padded = np.pad(units, radius, constant_values=65_000)
    height, width = units.shape
    agreeing = np.zeros(units.shape, np.uint8)
    limit = int(tolerance_px * 64.0)
    for down in range(2 * radius + 1):
        for right in range(2 * radius + 1):
            other = padded[down : down + height, right : right + width]
            near = cv2.compare(cv2.absdiff(other, units), limit, cv2.CMP_LE)
            agreeing += near & 1
    return np.where(known, agreeing / np.float32((2 * radius + 1) ** 2), 0.0).astype(np.float32)


def spread(values: np.ndarray, known: np.ndarray, radius_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Give pixels without a value that of the nearest pixel with one, up to a distance.

    Returns
    -------
    The (h, w) values, and (h, w) bool where there is one now.
    """
    if not known.any():
        return values, known
    cv2 = opencv()
    apart, label = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    by_label = np.zeros(int(label.max()) + 1, values.dtype)
    by_label[label[known]] = values[known]
    reached = apart <= radius_px
    return np.where(known, values, by_label[label]), known | reached
