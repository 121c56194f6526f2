"""What the metadata says of views that belong together: frames of a shot, eyes of a rig, things that move.

    shot        which frame of which shot, when, and which eye
    rig         stereo: where the other eye stands, and which view it is
    neighbours  where the camera is one frame later (forward) and one frame earlier (backward)
    moving      where each rigidly moving instance is now, and at the neighbours' times

All transforms are (4, 4), metres, named target_from_source, as lists of lists. A trajectory is a function of
time, so the first frame has one before it and the last has one after it, though no view shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

DIRECTIONS = ("forward", "backward")
"""To the next frame, and to the one before."""
EYES = ("left", "right")
"""The eyes of a rig in the order of their views."""


def neighbour_times(frame: int, fps: float) -> dict[str, float]:
    """Seconds since the shot's start of the frames after (`forward`) and before (`backward`) a frame."""
    return {"forward": (frame + 1) / fps, "backward": (frame - 1) / fps}


def world_from_eye(world_from_left: np.ndarray, eye: str, baseline_m: float) -> np.ndarray:
    """(4, 4) pose of an eye: the right one stands `baseline_m` along the x axis of the left one.

    Any eye but `right` is the camera itself.
    """
    pose = np.array(world_from_left, dtype=np.float64)
    if eye == "right":
        pose[:3, 3] += baseline_m * pose[:3, 0]
    return pose


def shot_meta(
    first_view: int, frame: int, frames: int, fps: float, time_s: float, eye: str
) -> dict[str, object]:
    """The entry `shot`: frame `frame` of `frames`, taken `time_s` after the first."""
    return {
        "first_view": first_view,
        "frame": frame,
        "frames": frames,
        "fps": fps,
        "time_s": time_s,
        "eye": eye,
    }


def rig_meta(view: int, eye: str, baseline_m: float, world_from_camera: np.ndarray) -> dict[str, object]:
    """The entry `rig` of one eye's view: the other eye's view number and pose.

    Parameters
    ----------
    view : number of this view; that of the right eye follows that of the left
    world_from_camera : (4, 4) pose of this eye
    """
    towards_other = {"left": 1, "right": -1}[eye]
    other = np.array(world_from_camera, dtype=np.float64)
    other[:3, 3] += towards_other * baseline_m * other[:3, 0]
    return {
        "baseline_m": baseline_m,
        "eye": eye,
        "other_view": view + towards_other,
        "world_from_other": other.tolist(),
    }


def neighbours_meta(
    times: Mapping[str, float], world_from_camera: Mapping[str, np.ndarray]
) -> dict[str, object]:
    """The entry `neighbours` from `neighbour_times` and the (4, 4) pose at each of them."""
    return {
        direction: {
            "time_s": times[direction],
            "world_from_camera": np.asarray(world_from_camera[direction], np.float64).tolist(),
        }
        for direction in DIRECTIONS
    }


def moving_meta(
    instance: int, now: np.ndarray, forward: np.ndarray, backward: np.ndarray
) -> dict[str, object]:
    """One row of `moving`: (4, 4) world_from_object of an instance now and at the neighbours' times."""
    poses = {"world_from_object": now, "forward": forward, "backward": backward}
    return {"id": instance} | {name: np.asarray(pose, np.float64).tolist() for name, pose in poses.items()}


def moved_instances(moving: Iterable[Mapping[str, object]], direction: str) -> dict[int, np.ndarray]:
    """Id to (4, 4) world_other_from_world: what carries an instance's points to the neighbour's time.

    Parameters
    ----------
    moving : the entry `moving` of a frame's metadata
    direction : forward or backward
    """
    return {
        int(row["id"]): np.asarray(row[direction], np.float64)
        @ np.linalg.inv(np.asarray(row["world_from_object"], np.float64))
        for row in moving
    }
