"""Upright boxes turned about the vertical: where they lie, and whether they meet.

A row is (x, y, half_w, half_d, cos, sin, z0, z1): centre, half sizes, the turn, the interval in z.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .catalogue import Box, Size


def overlaps(a: np.ndarray, b: np.ndarray, tolerance_m: float = 0.0) -> np.ndarray:
    """(m, n) bool: which boxes intersect by more than `tolerance_m` in every direction.

    Rows are (x, y, half_w, half_d, cos, sin, z0, z1).
    """
    dx, dy = b[:, 0] - a[:, :1], b[:, 1] - a[:, 1:2]
    reach = np.hypot(a[:, 2:3], a[:, 3:4]) + np.hypot(b[:, 2], b[:, 3]) + 2 * abs(tolerance_m)
    near = dx * dx + dy * dy < reach * reach
    near &= np.minimum(a[:, 7:], b[:, 7]) - np.maximum(a[:, 6:7], b[:, 6]) > tolerance_m
    first, second = np.nonzero(near)  # few pairs are left for the separating axes
    if len(first) == 0:
        return near
    dx, dy, a, b = dx[first, second], dy[first, second], a[first].T, b[second].T
    cos, sin = np.abs(a[4] * b[4] + a[5] * b[5]), np.abs(a[4] * b[5] - a[5] * b[4])
    apart = np.abs(dx * a[4] + dy * a[5]) >= a[2] + b[2] * cos + b[3] * sin - tolerance_m
    apart |= np.abs(dy * a[4] - dx * a[5]) >= a[3] + b[2] * sin + b[3] * cos - tolerance_m
    apart |= np.abs(dx * b[4] + dy * b[5]) >= b[2] + a[2] * cos + a[3] * sin - tolerance_m
    apart |= np.abs(dy * b[4] - dx * b[5]) >= b[3] + a[2] * sin + a[3] * cos - tolerance_m
    near[first, second] = ~apart
    return near


def box_rows(boxes: Sequence[Box], xy: np.ndarray, yaw_deg: np.ndarray, z_m: float) -> np.ndarray:
    """(n, boxes, 8) rows of own-frame boxes at (n, 2) places turned by (n,) degrees."""
    boxes_ = np.asarray(boxes, dtype=np.float64)
    cos, sin = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    cx, cy = (boxes_[:, 0] + boxes_[:, 1]) / 2, (boxes_[:, 2] + boxes_[:, 3]) / 2
    rows = np.empty((len(xy), len(boxes_), 8))
    rows[..., 0] = xy[:, :1] + cos[:, None] * cx - sin[:, None] * cy
    rows[..., 1] = xy[:, 1:] + sin[:, None] * cx + cos[:, None] * cy
    rows[..., 2] = (boxes_[:, 1] - boxes_[:, 0]) / 2
    rows[..., 3] = (boxes_[:, 3] - boxes_[:, 2]) / 2
    rows[..., 4], rows[..., 5] = cos[:, None], sin[:, None]
    rows[..., 6], rows[..., 7] = boxes_[:, 4] + z_m, boxes_[:, 5] + z_m
    return rows


def corners_of_rows(rows: np.ndarray) -> np.ndarray:
    """(n, 4, 2) corners of the footprints of (n, 8) rows."""
    x, y, w, d, cos, sin = (rows[:, column, None] for column in range(6))
    right, back = np.array([-1.0, 1.0, 1.0, -1.0]) * w, np.array([-1.0, -1.0, 1.0, 1.0]) * d
    return np.stack([x + right * cos - back * sin, y + right * sin + back * cos], axis=-1)


def whole(size_m: Size) -> Box:
    """The size box of a thing, in its own frame."""
    w, d, h = size_m
    return (-w / 2, w / 2, -d / 2, d / 2, 0.0, h)
