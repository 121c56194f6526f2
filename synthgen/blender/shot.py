"""A shot: views that belong together, the frames of a trajectory and the two eyes of a stereo rig."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

import numpy as np

from synthgen.blender.viewpoint import Viewpoint
from synthgen.frame.objects import ObjectFrame
from synthgen.frame.shots import world_from_eye
from synthgen.geometry.motion import RigidMotion
from synthgen.geometry.pose import transform_points
from synthgen.plan.jobs import ViewJob


class Place(Protocol):
    """Where the camera of a shot is: the left one, if it has two eyes."""

    viewpoint: Viewpoint

    def world_from_camera(self, time_s: float) -> np.ndarray:
        """(4, 4) float64 at a time, also before the first frame and after the last."""


@dataclass(frozen=True, slots=True)
class Still:
    """A camera that does not move."""

    viewpoint: Viewpoint

    def world_from_camera(self, time_s: float) -> np.ndarray:
        """(4, 4) float64, the same at all times."""
        return self.viewpoint.world_from_camera


@dataclass(frozen=True, slots=True)
class MovingBall:
    """A ball around a thing that moves, which cameras keep away from."""

    frame: ObjectFrame
    motion: RigidMotion

    @property
    def radius_m(self) -> float:
        """Half of the diagonal of the thing's box."""
        return float(np.linalg.norm(self.frame.size_m)) / 2

    def position_m(self, time_s: float) -> np.ndarray:
        """(3,) middle of the box at a time, metres, world."""
        frame = self.frame.moved(self.motion.world_from_rest(time_s))
        return transform_points(frame.world_from_object, frame.center_m)


@dataclass(frozen=True, slots=True)
class Shot:
    """Views that share a camera, a path and an exposure.

    Attributes
    ----------
    views : in the order of the plan, frame by frame, left before right; one for a still
    place : where the camera is
    """

    views: tuple[ViewJob, ...]
    place: Place

    @property
    def frames(self) -> int:
        """Frames of the shot, 1 for a still."""
        return self.views[-1].frame + 1

    @property
    def fps(self) -> float:
        """Frames per second; 0 for a still."""
        return float(self._trajectory.get("fps", 0.0))

    @property
    def open_s(self) -> float:
        """How long the shutter is open; 0 where nothing blurs."""
        return self._trajectory.get("shutter", 0.0) / self.fps if self.fps else 0.0

    @property
    def _trajectory(self) -> Mapping[str, Any]:
        return self.views[0].camera.get("trajectory", {})

    @property
    def baseline_m(self) -> float:
        """Distance from the left eye to the right one; 0 without."""
        return baseline_of(self.views[0])

    def world_from_camera(self, view: ViewJob, time_s: float) -> np.ndarray:
        """(4, 4) float64: the eye of a view, at any time."""
        return world_from_eye(self.place.world_from_camera(time_s), view.eye, self.baseline_m)


def baseline_of(view: ViewJob) -> float:
    """Distance from the left eye to the right one, metres; 0 for a view with one eye."""
    return float(view.camera.get("stereo", {}).get("baseline_m", 0.0))


def shots_of(views: Sequence[ViewJob]) -> Iterator[tuple[ViewJob, ...]]:
    """The views of a scene, shot by shot."""
    for _, together in groupby(views, key=lambda view: view.view if view.shot is None else view.shot):
        yield tuple(together)
