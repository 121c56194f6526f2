"""Our cameras as Blender cameras: the one place where the OpenCV and Blender frames meet."""

from __future__ import annotations

import math

import bpy
import mathutils
import numpy as np

from synthgen.errors import RenderError
from synthgen.geometry.camera import Camera, PerspectiveCamera
from synthgen.geometry.fisheye import EquisolidFisheye, PolynomialFisheye
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.geometry.pose import CV_FROM_GL

CLIP_START_M = 0.01
CLIP_END_M = 10_000.0
SENSOR_MM = 36.0
"""Width of the sensor, but for lenses that would be shorter than Blender's shortest on it."""
SHORTEST_MM = 1.0
"""The shortest focal length that Blender knows."""
FISHEYE_F_MM = 10.0
"""The focal length of every fisheye on its sensor: Blender's own limits are 0.01 to 100 mm."""
BEYOND_RIM_PX = 4.0
"""The circle in Blender is this much wider, and what lies beyond our rim is cut off afterwards. Cycles
compares rays with those of the pixels around, for bump maps among others, and next to its rim that fails."""
ROUNDING = 1.0 + 1e-6
"""Where a circle cannot be wider, float32 must not leave out pixels at its rim."""


def set_camera(scene: bpy.types.Scene, camera: Camera, world_from_camera: np.ndarray) -> None:
    """Make `camera` at `world_from_camera` (4, 4, OpenCV frame) the scene's camera.

    The sensor is fitted horizontally whatever the image's shape, so portrait images keep their field of
    view; an off-centre principal point becomes lens shift.

    Raises
    ------
    RenderError
        When there is no lens for the model, or one of its numbers is beyond what Blender takes.
    """
    if scene.camera is None:
        made = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        scene.collection.objects.link(made)
        scene.camera = made
    lens = scene.camera.data
    lens.sensor_fit = "HORIZONTAL"
    lens.clip_start, lens.clip_end = CLIP_START_M, CLIP_END_M
    lens.shift_x = lens.shift_y = 0.0
    render = scene.render
    _set(render, resolution_x=camera.width, resolution_y=camera.height)
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0
    match camera:
        case PerspectiveCamera():
            _set_perspective(lens, render, camera)
        case EquirectangularCamera():
            lens.type, lens.panorama_type = "PANO", "EQUIRECTANGULAR"
        case EquisolidFisheye() | PolynomialFisheye():
            _set_fisheye(lens, camera)
        case _:
            raise RenderError(f"no lens in Blender for the camera model '{camera.model}'")
    scene.camera.matrix_world = mathutils.Matrix((world_from_camera @ CV_FROM_GL).tolist())


def _set_perspective(
    lens: bpy.types.Camera, render: bpy.types.RenderSettings, camera: PerspectiveCamera
) -> None:
    """fx != fy becomes pixel aspect."""
    lens.type = "PERSP"
    lens.sensor_width = max(SENSOR_MM, SHORTEST_MM * camera.width / camera.fx)
    _set(lens, lens=camera.fx * lens.sensor_width / camera.width)
    aspect = camera.fx / camera.fy
    lens.shift_x = 0.5 - camera.cx / camera.width
    lens.shift_y = (camera.cy - camera.height / 2) / camera.width * aspect
    # Blender wants aspects >= 1: the wider pixel side is 1.
    _set(render, pixel_aspect_x=max(1.0, 1 / aspect), pixel_aspect_y=max(1.0, aspect))


def _set_fisheye(lens: bpy.types.Camera, camera: EquisolidFisheye | PolynomialFisheye) -> None:
    """Cycles measures the distance from the axis in mm, and shift in widths and heights of the image.

    Its polynomial gives minus theta from that distance (all of it measured: tests/blender/test_cameras.py).
    """
    lens.type = "PANO"
    lens.sensor_width = FISHEYE_F_MM * camera.width / camera.f
    lens.shift_x = 0.5 - camera.cx / camera.width
    lens.shift_y = camera.cy / camera.height - 0.5
    beyond = float(camera.angle_at(camera.reach + BEYOND_RIM_PX / camera.f))
    widest = max(2 * beyond, math.radians(camera.fov_deg) * ROUNDING)
    lens.fisheye_fov = min(widest, math.tau)
    if isinstance(camera, EquisolidFisheye):
        lens.panorama_type = "FISHEYE_EQUISOLID"
        lens.fisheye_lens = FISHEYE_F_MM
        return
    lens.panorama_type = "FISHEYE_LENS_POLYNOMIAL"
    for power, coefficient in enumerate((0.0, 1.0, camera.a2, camera.a3, camera.a4)):
        setattr(lens, f"fisheye_polynomial_k{power}", -coefficient / FISHEYE_F_MM**power)


def _set(owner: bpy.types.bpy_struct, **values: float) -> None:
    """Set numbers that Blender would cut off at its limits without a word."""
    for name, value in values.items():
        setattr(owner, name, value)
        taken = getattr(owner, name)
        if not math.isclose(taken, value, rel_tol=1e-6):
            raise RenderError(
                f"camera: expected a {name} that Blender takes (got {value:g}, it makes {taken:g} of it); "
                "change the size of the image or the focal lengths"
            )
