"""A shot: views that belong together, the frames of a trajectory and the two eyes of a stereo rig."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import numpy as np

from synthgen.blender.viewpoint import Viewpoint
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
    def frame_s(self) -> float:
        """Time from frame to frame; 0 for a still."""
        trajectory = self.views[0].camera.get("trajectory")
        return 1.0 / trajectory["fps"] if trajectory else 0.0

    @property
    def baseline_m(self) -> float:
        """Distance from the left eye to the right one; 0 without."""
        return float(self.views[0].camera.get("stereo", {}).get("baseline_m", 0.0))

    def world_from_camera(self, view: ViewJob, time_s: float) -> np.ndarray:
        """(4, 4) float64: the eye of a view, at any time."""
        pose = self.place.world_from_camera(time_s).copy()
        if view.eye == "right":
            pose[:3, 3] += pose[:3, 0] * self.baseline_m
        return pose

    def other_eye(self, view: ViewJob) -> ViewJob:
        """The other view of the same moment."""
        return next(each for each in self.views if each.frame == view.frame and each.eye != view.eye)


def shots_of(views: Sequence[ViewJob]) -> Iterator[tuple[ViewJob, ...]]:
    """The views of a scene, shot by shot."""
    for _, together in groupby(views, key=lambda view: view.view if view.shot is None else view.shot):
        yield tuple(together)
