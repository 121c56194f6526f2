"""Where a camera may be in a built scene: how far from anything, and whether a trajectory keeps away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from synthgen.blender.scene_rays import SceneRays
from synthgen.blender.stage.stage import CameraRegion
from synthgen.blender.viewpoint import headroom_m, inside_m
from synthgen.geometry.route import Room
from synthgen.geometry.trajectory import Standing, Trajectory

COARSE_M, FINE_M = 0.1, 0.02
"""Grids on which room is remembered: the fine one only where the coarse one leaves it open."""
BODY_M, KNEE_M, APART_M = 0.2, 0.45, 0.3
"""The body below a camera that walks: balls of this radius, from the knees upward, so far apart."""
BEYOND_M = 0.6
"""Room that is told apart from more room."""
MOMENTS = 200
"""Of a long shot, for a first idea of where moving things come."""
STEP_M = 0.01
"""Places nearer to each other than this are not looked at one by one; so much room more is asked for."""
STEP_S = 0.02


class Moving(Protocol):
    """A thing that moves: a ball around it."""

    radius_m: float

    def position_m(self, time_s: float) -> np.ndarray:
        """(3,) metres, world: where the ball's middle is."""


@dataclass(frozen=True, slots=True)
class Times:
    """The moments of a shot: `frames` of them, and one before and one after."""

    frames: int
    fps: float

    @property
    def first_s(self) -> float:
        """One frame before the first."""
        return -1.0 / self.fps

    @property
    def last_s(self) -> float:
        """One frame after the last."""
        return self.frames / self.fps

    @property
    def each_s(self) -> np.ndarray:
        """(frames + 2,) all of them."""
        return np.arange(-1, self.frames + 1) / self.fps


class FreeSpace:
    """The room that a camera has in a scene.

    Parameters
    ----------
    clearance_m : distance that it keeps from every surface, from the region's edge and from what moves
    baseline_m : how far to the right of it another one is, that of a stereo rig's right eye; 0 for none
    """

    def __init__(
        self,
        rays: SceneRays,
        region: CameraRegion,
        clearance_m: float,
        times: Times,
        moving: Sequence[Moving] = (),
        baseline_m: float = 0.0,
    ) -> None:
        self.rays, self.region, self.clearance_m, self.times = rays, region, clearance_m, times
        self._eyes_m = (0.0, baseline_m) if baseline_m else (0.0,)
        self._outline = np.asarray(region.outline_m, dtype=np.float64)
        moments = times.each_s
        middles = [[each.position_m(float(at)) for at in moments] for each in moving]
        self._middles_m = np.array(middles, dtype=np.float64).reshape(len(moving), len(moments), 3)
        self._radii_m = np.array([each.radius_m for each in moving])

    def room_m(self, place: np.ndarray) -> float:
        """How far a camera at (3,) metres could go in any direction; negative where it must not be."""
        limit = self.clearance_m + BEYOND_M
        limit = min(limit, inside_m(self._outline, place[:2]), self.region.ceiling_z_m - place[2])
        if limit < self.clearance_m:
            return limit - self.clearance_m
        return self.rays.distance_m(place, limit) - self.clearance_m

    def level(self, z_m: float, spare_m: float, *, on_foot: bool, always_clear: bool) -> Room:
        """`room_m` less `spare_m` at the height `z_m`, quickly; negative also where something hangs above.

        It is never more than there is. With `on_foot` there is room for a body between camera and floor, so
        that nobody walks through a table; with `always_clear` it is room that nothing moving comes into in
        the course of the shot.
        """
        knees = self.region.floor_z_m + KNEE_M
        body = np.arange(knees, z_m - self.clearance_m, APART_M) if on_foot else np.zeros(0)
        return _Level(self, z_m, spare_m, body, always_clear)

    def moving_room_m(self, place: np.ndarray) -> float:
        """Room of a place (3,) that is kept free from everything moving, all of the time."""
        if not len(self._radii_m):
            return math.inf
        some = self._middles_m[:, :: max(1, self.times.frames // MOMENTS)]
        away = np.linalg.norm(some - place, axis=-1).min(axis=1)
        return float((away - self._radii_m).min()) - self.clearance_m

    def obstacle(self, trajectory: Trajectory) -> str | None:
        """What is in the way of a camera from one frame before the first to one after the last, or None."""
        if not all(self._keeps_clear(trajectory, aside_m) for aside_m in self._eyes_m):
            return f"that come nearer than {self.clearance_m:.2f} m to a surface or to the region's edge"
        eyes = [trajectory.positions_m(self.times.each_s, aside_m) for aside_m in self._eyes_m]
        for stops in eyes:
            away = np.linalg.norm(self._middles_m - stops, axis=-1) - self._radii_m[:, None]
            if (away < self.clearance_m).any():
                return f"that come nearer than {self.clearance_m:.2f} m to something that moves"
        # Shorter steps stay within the room of their ends.
        if not all(
            math.dist(start, end) <= self.clearance_m or self.rays.is_open(start, end)
            for start, end in pairwise(eyes[0])
        ):
            return "that have a surface between one frame and the next"
        if not all(self.rays.is_open(*pair) for pair in zip(eyes[0], eyes[-1])):
            return "that have a surface between the two eyes"
        return None

    def _keeps_clear(self, trajectory: Trajectory, aside_m: float) -> bool:
        """Whether an eye has room at all times; a place with room vouches for all places within it."""
        if isinstance(trajectory.motion, Standing) and not aside_m:
            return self.room_m(trajectory.motion.position_m) >= trajectory.sway_reach_m
        places, gone = _finely(trajectory, self.times, aside_m)
        at = 0
        while at < len(places):
            room = self.room_m(places[at])
            if room < STEP_M:
                return False
            at = max(at + 1, int(np.searchsorted(gone, gone[at] + room)))
        return True


class _Level:
    """The room at one height, remembered on grids."""

    def __init__(
        self, space: FreeSpace, z_m: float, spare_m: float, body_z_m: np.ndarray, always_clear: bool
    ) -> None:
        self._space, self._z_m, self._spare_m = space, z_m, spare_m
        self._body_z_m, self._always_clear = body_z_m, always_clear
        self._cells: dict[tuple[float, int, int], float] = {}

    def __call__(self, x: float, y: float) -> float:
        for size in (COARSE_M, FINE_M):
            column, row = round(x / size), round(y / size)
            room = self._cells.get((size, column, row))
            if room is None:
                room = self._cells[size, column, row] = self._room(column * size, row * size)
            # Room changes by no more than the way between two places.
            off = math.hypot(x - column * size, y - row * size)
            if abs(room) >= off:
                break
        return room - off

    def _room(self, x: float, y: float) -> float:
        space, place = self._space, np.array([x, y, self._z_m])
        room = space.room_m(place) - self._spare_m
        if self._always_clear:
            room = min(room, space.moving_room_m(place) - self._spare_m)
        for z in self._body_z_m:
            if room < 0:
                return room
            room = min(room, space.rays.distance_m(np.array([x, y, z]), room + BODY_M) - BODY_M)
        above = np.array([x, y, self._z_m + headroom_m(space.region, self._z_m)])
        return room if room < 0 or space.rays.is_open(place, above) else -COARSE_M


def _finely(trajectory: Trajectory, times: Times, aside_m: float) -> tuple[np.ndarray, np.ndarray]:
    """(n, 3) places of an eye, at most `STEP_M` apart, from the first moment to the last, and (n,) the way
    to each."""
    span = times.last_s - times.first_s
    count = max(8 * (times.frames + 1), math.ceil(span / STEP_S))
    while True:
        places = trajectory.positions_m(np.linspace(times.first_s, times.last_s, count + 1), aside_m)
        steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
        if steps.max() <= STEP_M:
            return places, np.concatenate([[0.0], np.cumsum(steps)])
        count = math.ceil(count * 1.1 * steps.max() / STEP_M)
