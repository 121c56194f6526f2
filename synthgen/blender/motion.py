"""What moves: every object at its place at a time, and the blur of the colour while the shutter is open.

The truth of a frame is that of one moment. The blur is made of key frames around it that are gone before
anything else is rendered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import bpy
import numpy as np

from synthgen.blender.stage.stage import Stage, instance_id
from synthgen.errors import RenderError
from synthgen.geometry.motion import RigidMotion
from synthgen.geometry.pose import CV_FROM_GL

REST_PROPERTY = "synthgen_rest"
"""Custom property of a moving object with its matrix at rest, row by row."""

FINEST = 6
"""The shutter's time is cut into at most 2^6 steps; Cycles itself ends at 2^7."""
COARSEST = 2
STEP_DEG = 4.0
"""Most that a thing turns from one step to the next. Cycles turns things evenly in between, but carries them
along straight lines: 4 degrees at 1 m from the axis are 0.6 mm off."""


def place_moving(stage: Stage, time_s: float) -> None:
    """Put every moving object where it is at a time, wherever it was before.

    Its matrix is right to float32, as Blender keeps it.

    Raises
    ------
    RenderError
        When Blender moves an object with others or by itself: it has a parent or children, constraints or an
        animation.
    """
    bodies = _bodies(stage)
    for body in bodies:
        _set_pose(body.made, body.world_from_object(time_s))
    if bodies:
        bpy.context.view_layer.update()


@contextmanager
def motion_blur(
    scene: bpy.types.Scene,
    stage: Stage,
    world_from_camera: Callable[[float], np.ndarray],
    time_s: float,
    shutter_s: float,
) -> Iterator[None]:
    """Within the block Cycles renders what the camera sees while its shutter is open around a time.

    Nothing is left of it behind the block: a truth render after it is that before it, bit for bit. Where
    nothing moves while the shutter is open there is no blur to make.

    Parameters
    ----------
    world_from_camera : the camera's pose (4, 4, OpenCV frame) at any time
    time_s, shutter_s : the middle of the exposure, and how long it is
    """
    shares = np.linspace(-0.5, 0.5, 2**FINEST + 1)
    times = time_s + shutter_s * shares
    paths = {body.made: np.stack([body.world_from_object(time) for time in times]) for body in _bodies(stage)}
    paths[scene.camera] = np.stack([world_from_camera(time) @ CV_FROM_GL for time in times])
    paths = {made: path for made, path in paths.items() if np.any(path != path[0])}
    if not paths:
        yield
        return
    fineness = _fineness(paths.values())
    every = slice(None, None, 2 ** (FINEST - fineness))
    before = [_Pose.of(made) for made in paths]
    actions = [
        _animate(made, scene.frame_current + shares[every], path[every]) for made, path in paths.items()
    ]
    with _blur_settings(scene, paths, fineness):
        try:
            yield
        finally:
            for pose, action in zip(before, actions):
                pose.made.animation_data_clear()
                bpy.data.actions.remove(action)
                pose.restore()
            bpy.context.view_layer.update()


@dataclass(frozen=True, slots=True)
class _Body:
    """One object of a moving instance."""

    made: bpy.types.Object
    motion: RigidMotion
    world_from_rest_object: np.ndarray

    def world_from_object(self, time_s: float) -> np.ndarray:
        return self.motion.world_from_rest(time_s) @ self.world_from_rest_object


def _bodies(stage: Stage) -> list[_Body]:
    if not stage.moving:
        return []
    found = []
    for made in stage.scene.objects:
        instance = instance_id(made)
        if instance in stage.moving:
            found.append(_Body(made, stage.moving[instance], _rest(made)))
    return found


def _rest(made: bpy.types.Object) -> np.ndarray:
    """(4, 4) matrix of an object as it was built."""
    if REST_PROPERTY not in made:
        for what, there in (
            (f"the parent '{made.parent.name}'" if made.parent else "", made.parent),
            ("children", len(made.children)),
            ("constraints", len(made.constraints)),
            ("an animation", made.animation_data),
        ):
            if there:
                raise RenderError(
                    f"object '{made.name}' is to move, but has {what}: let go of that, and keep its place"
                )
        made[REST_PROPERTY] = [value for row in made.matrix_basis for value in row]
    return np.array(made[REST_PROPERTY]).reshape(4, 4)


def _set_pose(made: bpy.types.Object, world_from_object: np.ndarray) -> None:
    """By location and quaternion: they hold a turn to float32, which Euler angles near the pole do not."""
    made.rotation_mode = "QUATERNION"
    made.location = world_from_object[:3, 3]
    made.rotation_quaternion = _quaternions(world_from_object[None], made.scale)[0]


def _quaternions(matrices: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """(n, 4) w, x, y, z of the turns in (n, 4, 4) matrices, each on the near side of the one before.

    They are eigenvectors of Bar-Itzhack's matrix (New method for extracting the quaternion from a rotation
    matrix, 2000), which has no special cases.
    """
    r = matrices[:, :3, :3] / np.array(scale)
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = np.moveaxis(r, 0, -1)
    symmetric = np.array(
        [
            [xx + yy + zz, zy - yz, xz - zx, yx - xy],
            [zy - yz, xx - yy - zz, xy + yx, xz + zx],
            [xz - zx, xy + yx, yy - xx - zz, yz + zy],
            [yx - xy, xz + zx, yz + zy, zz - xx - yy],
        ]
    )
    found = np.linalg.eigh(np.moveaxis(symmetric, -1, 0)).eigenvectors[..., -1]
    found *= np.where(found[:, :1] < 0, -1.0, 1.0)
    for before, quaternion in pairwise(found):
        if before @ quaternion < 0:
            quaternion *= -1
    return found


def _fineness(paths: Iterable[np.ndarray]) -> int:
    """Into how many steps, as a power of 2, the time has to be cut."""
    most = 0.0
    for path in paths:
        turns = path[1:, :3, :3] @ np.linalg.inv(path[:-1, :3, :3])
        cosines = (np.trace(turns, axis1=1, axis2=2) - 1) / 2
        most = max(most, float(np.degrees(np.arccos(np.clip(cosines, -1, 1))).sum()))
    return int(np.clip(math.ceil(math.log2(max(most / STEP_DEG, 1.0))), COARSEST, FINEST))


@dataclass(frozen=True, slots=True)
class _Pose:
    """Where an object is, as Blender keeps it."""

    made: bpy.types.Object
    kept: dict[str, object]

    @classmethod
    def of(cls, made: bpy.types.Object) -> _Pose:
        kept = {"rotation_mode": made.rotation_mode}
        for name in ("location", "rotation_euler", "rotation_quaternion", "scale"):
            kept[name] = getattr(made, name).copy()
        return cls(made, kept)

    def restore(self) -> None:
        for name, value in self.kept.items():
            setattr(self.made, name, value)


def _animate(made: bpy.types.Object, frames: np.ndarray, path: np.ndarray) -> bpy.types.Action:
    """Key frames of the (n, 4, 4) matrices at (n,) frames, straight lines from one to the next."""
    made.rotation_mode = "QUATERNION"
    action = bpy.data.actions.new("motion blur")
    slot = action.slots.new(id_type="OBJECT", name=made.name)
    strip = action.layers.new("motion blur").strips.new(type="KEYFRAME")
    curves = strip.channelbag(slot, ensure=True).fcurves
    for name, values in (
        ("location", path[:, :3, 3]),
        ("rotation_quaternion", _quaternions(path, made.scale)),
    ):
        for index, value in enumerate(values.T):
            points = curves.new(name, index=index).keyframe_points
            points.add(len(frames))
            points.foreach_set("co", np.column_stack([frames, value]).ravel())
            for point in points:
                point.interpolation = "LINEAR"
    data = made.animation_data_create()
    data.action, data.action_slot = action, slot
    return action


@contextmanager
def _blur_settings(
    scene: bpy.types.Scene, moving: Collection[bpy.types.Object], fineness: int
) -> Iterator[None]:
    """The shutter is open for one frame around the current one; only what moves is followed."""
    render = scene.render
    before = [(made.cycles, made.cycles.use_motion_blur, made.cycles.motion_steps) for made in scene.objects]
    for made in scene.objects:
        made.cycles.use_motion_blur = made in moving
        made.cycles.motion_steps = fineness
    render.motion_blur_position, render.motion_blur_shutter = "CENTER", 1.0
    render.use_motion_blur = True
    try:
        yield
    finally:
        render.use_motion_blur = False
        for settings, use, steps in before:
            settings.use_motion_blur, settings.motion_steps = use, steps
