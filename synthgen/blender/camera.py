"""Our cameras as Blender cameras: the one place where the OpenCV and Blender frames meet."""

from __future__ import annotations

import bpy
import mathutils
import numpy as np

from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.pose import CV_FROM_GL

CLIP_START_M = 0.01
CLIP_END_M = 10_000.0


def set_camera(scene: bpy.types.Scene, camera: PerspectiveCamera, world_from_camera: np.ndarray) -> None:
    """Make `camera` at `world_from_camera` (4, 4, OpenCV frame) the scene's camera.

    The sensor is fitted horizontally whatever the image's shape, so portrait images keep their field of
    view; fx != fy becomes pixel aspect, an off-centre principal point becomes lens shift.
    """
    if scene.camera is None:
        made = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        scene.collection.objects.link(made)
        scene.camera = made
    lens = scene.camera.data
    lens.type = "PERSP"
    lens.sensor_fit = "HORIZONTAL"
    lens.sensor_width = 36.0
    lens.lens = camera.fx * lens.sensor_width / camera.width
    lens.clip_start, lens.clip_end = CLIP_START_M, CLIP_END_M
    aspect = camera.fx / camera.fy
    lens.shift_x = 0.5 - camera.cx / camera.width
    lens.shift_y = (camera.cy - camera.height / 2) / camera.width * aspect
    render = scene.render
    render.resolution_x, render.resolution_y = camera.width, camera.height
    # Blender wants aspects >= 1: the wider pixel side is 1.
    render.pixel_aspect_x, render.pixel_aspect_y = max(1.0, 1 / aspect), max(1.0, aspect)
    scene.camera.matrix_world = mathutils.Matrix((world_from_camera @ CV_FROM_GL).tolist())
