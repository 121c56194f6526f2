"""Semi-global matching of a picture pair (Hirschmueller 2008, IEEE TPAMI 30(2)), by OpenCV."""

from __future__ import annotations

import numpy as np

from synthgen.geometry.camera import Camera
from synthgen.sensors.filters import blurred, opencv

BLOCK_PX = 7
"""Side of the block that is compared."""
STEP_COST, JUMP_COST = 8 * BLOCK_PX**2, 32 * BLOCK_PX**2
"""What a change of disparity by 1 px and by more costs, as the OpenCV manual advises for one grey channel."""
BOTH_WAYS_PX = 1
"""How far matches from the left and from the right may differ."""
SPECKLE_PX, SPECKLE_RANGE = 100, 2
"""Islands of fewer pixels than this are dropped; disparities up to that far apart belong to one island.
With all of these, `matched_disparity` leaves 7.3 % of a real infrared pair of a D435 empty, the device 7.7 %,
and the holes of both overlap by 0.67 (intersection over union; one pair, in the repository of SimSense)."""
LEAST_SIDE_PX = 16
"""Pictures with fewer rows or columns are not matched."""
PER_PX = 16
"""OpenCV gives sixteenths of a pixel."""
REFINED_PX, REFINED_BLUR_PX = (7, 13), 0.7
"""Sides of the windows, one after the other, and blur of the pictures, for the fractions of a pixel."""
CALM_PX = 2.0
"""How far disparities may differ in such a window: it must not reach over an edge."""


def too_small(kind: str, camera: Camera) -> str | None:
    """Why a camera's pictures cannot be matched, or None."""
    if min(camera.width, camera.height) >= LEAST_SIDE_PX:
        return None
    size = f"{camera.width} x {camera.height}"
    return f"{kind} matches pictures of at least {LEAST_SIDE_PX} x {LEAST_SIDE_PX} pixels (got {size})"


def matched_disparity(left: np.ndarray, right: np.ndarray, most_px: float, uniqueness: int) -> np.ndarray:
    """(h, w) float32 disparities of the left picture in pixels, NaN where there is no match.

    OpenCV's fractions of a pixel cling to whole numbers where there is little contrast, by up to 0.2 px, so
    they are found again by `_refined`. It matches nothing in as many columns at the left as it searches
    disparities, so the pictures are padded by that, with their mirror image: blocks over the edge still match
    then, which they do not with black, and what is padded does not match everything, as one colour does.
    Matches that lie left of the right picture are taken out again.

    Parameters
    ----------
    left, right : (h, w) uint8, rectified: matches lie in the same row, farther left in the right picture
    most_px : the largest disparity
    uniqueness : per cent by which the best match must beat all others
    """
    cv2 = opencv()
    searched = max(16, 16 * int(np.ceil((most_px + 1) / 16)))
    # With keywords, since their order is not the same in all versions of OpenCV.
    matcher = cv2.StereoSGBM_create(
        minDisparity=0,
        numDisparities=searched,
        blockSize=BLOCK_PX,
        P1=STEP_COST,
        P2=JUMP_COST,
        disp12MaxDiff=BOTH_WAYS_PX,
        uniquenessRatio=uniqueness,
        speckleWindowSize=SPECKLE_PX,
        speckleRange=SPECKLE_RANGE,
    )
    padded = [cv2.copyMakeBorder(picture, 0, 0, searched, 0, cv2.BORDER_REFLECT) for picture in (left, right)]
    units = matcher.compute(*padded)[:, searched:]
    disparity = np.where(units > 0, units, -1).astype(np.float32) / PER_PX
    soft = [blurred(picture.astype(np.float32), REFINED_BLUR_PX) for picture in (left, right)]
    for side_px in REFINED_PX:
        disparity = _refined(*soft, disparity, side_px)
    outside = np.arange(left.shape[1], dtype=np.float32) < disparity
    return np.where((units > 0) & ~outside & (disparity <= most_px), disparity, np.float32(np.nan))


def _refined(left: np.ndarray, right: np.ndarray, disparity: np.ndarray, side_px: int) -> np.ndarray:
    """(h, w) float32 disparities after a step of least squares on the brightness in a window.

    As Lucas and Kanade (1981, IJCAI): with the right picture R moved by the disparities, and its gradient g,
    the step is sum(g (left - R)) / sum(g^2). Disparities are smoothed first, and stay as they are in windows
    over an edge.

    Parameters
    ----------
    left, right : (h, w) float32
    disparity : (h, w) float32 pixels, below 0 where there is none
    side_px : of the window
    """
    cv2 = opencv()
    height, width = disparity.shape
    size = (side_px, side_px)
    window = np.ones(size, np.uint8)
    lowest = cv2.erode(disparity, window)
    calm = (cv2.dilate(disparity, window) - lowest <= CALM_PX) & (lowest >= 0)
    smooth = cv2.boxFilter(disparity, cv2.CV_32F, size)
    columns = np.arange(width, dtype=np.float32) - smooth
    rows = np.broadcast_to(np.arange(height, dtype=np.float32)[:, None], (height, width))
    moved = cv2.remap(right, columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    gradient = cv2.Sobel(moved, cv2.CV_32F, 1, 0, ksize=1, scale=0.5)
    missed = cv2.boxFilter(gradient * (left - moved), cv2.CV_32F, size)
    steepness = cv2.boxFilter(gradient * gradient, cv2.CV_32F, size)
    step = np.clip(missed / (steepness + np.float32(1e-3)), -0.5, 0.5)
    return np.where(calm, smooth - step, disparity)


def beside(mask: np.ndarray, reach_px: int) -> np.ndarray:
    """(h, w) bool: a mask and what lies up to `reach_px` beside it, where blocks reach it."""
    return opencv().dilate(mask.astype(np.uint8), np.ones((2 * reach_px + 1,) * 2, np.uint8)) > 0


def local_contrast(picture: np.ndarray, radius_px: int) -> np.ndarray:
    """(h, w) float32 standard deviation of the brightness in square windows."""
    cv2 = opencv()
    size = (2 * radius_px + 1, 2 * radius_px + 1)
    # About the picture's mean, so that the difference of squares keeps its digits.
    centred = picture.astype(np.float32) - np.float32(picture.mean())
    mean = cv2.boxFilter(centred, cv2.CV_32F, size)
    square = cv2.sqrBoxFilter(centred, cv2.CV_32F, size)
    return np.sqrt(np.maximum(square - mean * mean, 0.0))
