"""Depth of field: the colour is sharp at one depth and blurred before and behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import bpy
import numpy as np

from synthgen.blender.camera import SENSOR_MM


@contextmanager
def depth_of_field(
    scene: bpy.types.Scene, settings: Mapping[str, float | None], depth: np.ndarray
) -> Iterator[float | None]:
    """Within the block the scene's camera is a thin lens; gives the depth that is sharp, in metres.

    The aperture is `focal length / f_stop` wide, with the focal length on a sensor of `SENSOR_MM` width.
    Cycles focuses on a plane, so the depth is planar.

    Parameters
    ----------
    settings : f_stop, and focus_m, without which the lens focuses on the middle of the view
    depth : (h, w) planar depth of the view, metres, +inf where nothing is hit; where its middle shows nothing
        but sky there is no blur, and the block is given None
    """
    focus_m = settings.get("focus_m")
    if focus_m is None:
        focus_m = middle_depth(depth)
    lens, blur = scene.camera.data, scene.camera.data.dof
    blur.use_dof = focus_m is not None
    if focus_m is not None:
        blur.focus_object, blur.focus_distance = None, focus_m
        blur.aperture_fstop = settings["f_stop"] * lens.sensor_width / SENSOR_MM
    try:
        yield focus_m
    finally:
        blur.use_dof = False


def middle_depth(depth: np.ndarray) -> float | None:
    """The median of the finite depths in the middle ninth of an (h, w) image; None where there is none."""
    height, width = depth.shape
    middle = depth[height // 3 : height - height // 3, width // 3 : width - width // 3]
    finite = middle[np.isfinite(middle)]
    return float(np.median(finite)) if finite.size else None
