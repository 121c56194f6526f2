"""Depth of field: the colour is sharp at one depth and blurred before and behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy
import numpy as np

from synthgen.blender.camera import SENSOR_MM


@contextmanager
def depth_of_field(scene: bpy.types.Scene, f_stop: float, focus_m: float | None) -> Iterator[None]:
    """Within the block the scene's camera is a thin lens.

    The aperture is `focal length / f_stop` wide, with the focal length on a sensor of `SENSOR_MM` width.

    Parameters
    ----------
    focus_m : what is sharp, planar depth in metres, since Cycles focuses on a plane; None for no blur
    """
    lens, blur = scene.camera.data, scene.camera.data.dof
    blur.use_dof = focus_m is not None
    if focus_m is not None:
        blur.focus_object, blur.focus_distance = None, focus_m
        blur.aperture_fstop = f_stop * lens.sensor_width / SENSOR_MM
    try:
        yield
    finally:
        blur.use_dof = False


def middle_depth(depth: np.ndarray) -> float | None:
    """The median of the finite depths in the middle ninth of an (h, w) image; None where there is none."""
    height, width = depth.shape
    middle = depth[height // 3 : height - height // 3, width // 3 : width - width // 3]
    finite = middle[np.isfinite(middle)]
    return float(np.median(finite)) if finite.size else None
