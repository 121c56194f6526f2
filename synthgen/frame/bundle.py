"""`FrameBundle`: one rendered view in memory, and the metadata that travels with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthgen.errors import UsageError
from synthgen.geometry.camera import PIXEL_CENTER, Camera

SCHEMA_VERSION = 1
"""Version of the frame metadata; a reader refuses a newer one."""


def scene_name(scene: int) -> str:
    """`scene000012`."""
    return f"scene{scene:06d}"


def view_name(view: int) -> str:
    """`view003`."""
    return f"view{view:03d}"


def frame_key(scene: int, view: int) -> str:
    """Key of a frame in shards: `scene000012_view003` (no dots, WebDataset splits at the first one)."""
    return f"{scene_name(scene)}_{view_name(view)}"


@dataclass(frozen=True, slots=True)
class Instance:
    """One labelled object of a scene. `id` >= 1; 0 means that nothing is hit."""

    id: int
    name: str
    class_name: str


@dataclass(frozen=True, slots=True)
class FrameBundle:
    """All that one view gives.

    Attributes
    ----------
    scene, view : indices in the plan
    camera : intrinsics
    world_from_camera : (4, 4) float64, metres, OpenCV camera
    channels : dict of channel name to array, as in the catalogue `synthgen.frame.channels.CHANNELS`
    instances : every object of the scene, seen in this view or not
    meta : everything else that is worth keeping and the same in every run: what was sampled, exposure,
        hashes, versions. Plain JSON values.
    """

    scene: int
    view: int
    split: str
    camera: Camera
    world_from_camera: np.ndarray
    channels: Mapping[str, np.ndarray]
    instances: tuple[Instance, ...]
    meta: Mapping[str, object]

    @classmethod
    def from_arrays(
        cls,
        camera: Camera,
        depth: np.ndarray,
        *,
        world_from_camera: np.ndarray | None = None,
        meta: Mapping[str, object] | None = None,
        **channels: np.ndarray | None,
    ) -> FrameBundle:
        """A frame that nobody rendered, for sensors: scene 0, view 0 of the split `train`.

        Parameters
        ----------
        depth : (h, w) metres, planar z, +inf where nothing is hit
        world_from_camera : (4, 4); the camera at the origin by default
        channels : further channels by name, such as normal (h, w, 3), albedo (h, w, 3), instance, roughness,
            metallic, transmission (h, w) or depth_layers (h, w, K); None for one that there is not

        Raises
        ------
        UsageError
            When an array has another height or width than the camera.
        """
        given = {name: np.asarray(pixels) for name, pixels in channels.items() if pixels is not None}
        given["depth"] = np.asarray(depth, np.float32)
        expected = (camera.height, camera.width)
        for name, pixels in given.items():
            if pixels.shape[:2] != expected:
                raise UsageError(
                    f"{name}: expected (h, w) = {expected} as the camera has (got {pixels.shape[:2]})"
                )
        pose = np.eye(4) if world_from_camera is None else np.asarray(world_from_camera, np.float64)
        return cls(0, 0, "train", camera, pose, given, (), dict(meta or {}))

    @property
    def key(self) -> str:
        """`scene000012_view003`."""
        return frame_key(self.scene, self.view)


@dataclass(frozen=True, slots=True)
class RenderedView:
    """What a renderer yields: the frame, and how long its parts took (`build`, `colour`, `truth` ...).

    The seconds differ from run to run, so they go to `events.jsonl` and never into the frame.
    """

    bundle: FrameBundle
    seconds: Mapping[str, float]


def camera_to_json(camera: Camera, world_from_camera: np.ndarray) -> dict[str, object]:
    """The `camera` entry of a frame's metadata."""
    return {
        "model": camera.model,
        "width": camera.width,
        "height": camera.height,
        "K": camera.K.tolist(),
        "pixel_center": PIXEL_CENTER,
        "world_from_camera": np.asarray(world_from_camera, np.float64).tolist(),
        **camera.parameters(),
    }


def camera_from_json(entry: Mapping[str, object]) -> dict[str, object]:
    """The `camera` of a loaded frame: K (3, 3) and world_from_camera (4, 4) as float64.

    `synthgen.geometry.models.camera_from_entry` makes a `Camera` of it.
    """
    loaded = dict(entry)
    loaded["K"] = np.array(entry["K"], dtype=np.float64)
    loaded["world_from_camera"] = np.array(entry["world_from_camera"], dtype=np.float64)
    return loaded
