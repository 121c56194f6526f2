"""Camera paths: trajectories that fit into a built scene, with something to see on the way.

Paths begin at the places and headings that `viewpoint` would look at for stills. Each kind of trajectory
proposes ways to move from there; those that keep their clearance are looked at in a few frames, and of the
first few that are worth it the best one is taken.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np

from synthgen.blender.free_space import FreeSpace, Moving, Times
from synthgen.blender.scene_rays import SceneRays
from synthgen.blender.stage.stage import CameraRegion
from synthgen.blender.view_score import BLANK, view_score
from synthgen.blender.viewpoint import (
    Candidate,
    Viewpoint,
    advice,
    counted,
    enclosed,
    find_candidates,
    sameness,
    spread,
)
from synthgen.errors import RenderError
from synthgen.geometry.camera import Camera
from synthgen.geometry.route import AHEAD_M, find_route, free_ahead_m
from synthgen.geometry.trajectory import (
    DRIVE_LOOK_S,
    STEADY,
    WALK_LOOK_S,
    Curve,
    Motion,
    Orbiting,
    Oscillation,
    Standing,
    Trajectory,
    Travelling,
    gait,
    hand_shake,
)

ROUNDS, ROUNDS_ON_FOOT = 4, 2
"""Times that new places are looked for before giving up, and in how many of them paths that travel keep the
floor below them free, and keep out of wherever something moving comes."""
STARTS, FEW_STARTS = 10, 4
"""Beginnings tried in a round, and those tried with turns wider than need be."""
GOOD_PATHS = 3
LOOKS = 6
"""Frames of a path that are looked at; one in three may show little."""
SPARE_M = 0.03
"""What a curve may cut off the corners of a route, and what is asked for beyond the clearance."""
ORBIT_SHARES, ORBIT_LIMITS_M = (1.0, 0.75, 0.5, 0.3), (0.4, 6.0)
"""An orbit of no given radius goes around the surface ahead, within limits, or a point on the way to it."""
SIDEWAYS_M_S2, TIGHTEST_DEG_S = 1.2, 360.0
"""Turns are as wide as this acceleration wants where there is room, and no quicker than one in a second."""
WIDE_M, TIGHT_M, TIGHTER = 0.6, 0.12, 0.6
"""Widest and least radius of turns of what is slow, and the ratio from one that is tried to the next."""
LONGEST_M = 5000.0

ADVICE = {
    "orbit": "lower sweep_deg or radius_m, ",
    "walk": "lower speed_m_s or frames, ",
    "drive": "lower speed_m_s or frames, ",
    "handheld": "lower shake_m, ",
}


@dataclass(frozen=True, slots=True)
class Path:
    """How a camera moves through a scene.

    Attributes
    ----------
    viewpoint : where it is at the first frame
    trajectory : where it is at any time
    """

    viewpoint: Viewpoint
    trajectory: Trajectory

    def world_from_camera(self, time_s: float) -> np.ndarray:
        """(4, 4) float64 at a time in seconds, 0 at the first frame."""
        return self.trajectory.world_from_camera(time_s)


def find_path(
    scene: bpy.types.Scene,
    depsgraph: bpy.types.Depsgraph,
    region: CameraRegion,
    camera: Camera,
    placement: Mapping[str, float],
    trajectory: Mapping[str, float | str],
    frames: int,
    rng: np.random.Generator,
    taken: Sequence[Viewpoint] = (),
    moving: Sequence[Moving] = (),
    baseline_m: float = 0.0,
) -> Path:
    """Find a path for a camera.

    From one frame before the first to one after the last, at all times, the camera keeps its clearance from
    every surface and stays in the region; no surface lies between one frame and the next; and at the times
    of frames it keeps its clearance from what moves.

    Parameters
    ----------
    depsgraph : evaluated, of `scene`
    placement : as for `find_viewpoint`
    trajectory : the recipe's trajectory with every number drawn: kind, fps and what belongs to the kind
    taken : earlier viewpoints of the scene; paths that begin like one of them are avoided
    moving : what moves in the scene, as balls
    baseline_m : of a stereo rig, both of whose eyes keep their clearance; 0 for a single camera

    Raises
    ------
    RenderError
        When no path fits; the message counts what was in the way and says what to change.
    """
    rays = SceneRays(depsgraph)
    times = Times(frames, float(trajectory["fps"]))
    space = FreeSpace(rays, region, placement["clearance_m"], times, moving, baseline_m)
    search = _Search(space, placement, trajectory, rng)
    tries = 0
    for attempt in range(ROUNDS):
        candidates, tried = find_candidates(rays, region, camera, placement, rng, search.refused, taken)
        tries += tried
        found: list[Path] = []
        for variants in search.proposals(candidates, attempt):
            for proposal in variants:
                reason = space.obstacle(proposal) or _closed_in(space, proposal)
                score = None if reason else _worth(rays, camera, proposal, times)
                if score is not None:
                    found.append(_path(proposal, score, tries, taken))
                    break
                search.refused[f"paths {reason}" if reason else BLANK] += 1
            if len(found) == GOOD_PATHS:
                break
        if found:
            return max(found, key=lambda path: path.viewpoint.score)
    kind = str(trajectory["kind"])
    numbers = ", ".join(f"{name} {value:g}" for name, value in trajectory.items() if name != "kind")
    raise RenderError(
        f"no path for a camera at height_m {placement['height_m']:.2f} with the trajectory {kind} "
        f"({numbers}) in {tries} tries: {counted(search.refused)}; {ADVICE.get(kind, '')}{advice(baseline_m)}"
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """What is asked for, and why proposals came to nothing."""

    space: FreeSpace
    placement: Mapping[str, float]
    asked: Mapping[str, float | str]
    rng: np.random.Generator
    refused: Counter[str] = field(default_factory=Counter)

    def proposals(self, candidates: Sequence[Candidate], attempt: int) -> Iterator[Iterable[Trajectory]]:
        """Trajectories to try, in the order of promise; those that are alternatives come together."""
        match self.asked["kind"]:
            case "static":
                yield from self._stand(candidates, STEADY, STEADY)
            case "handheld":
                yield from self._stand(candidates, *self._shake())
            case "orbit":
                yield from (self._orbits(candidate) for candidate in spread(candidates, STARTS))
            case "walk":
                steps, shake = gait(self.asked["speed_m_s"], self.rng), self._shake()
                sway, turn = (one + other for one, other in zip(steps, shake))
                yield from self._travel(candidates, WALK_LOOK_S, sway, turn, attempt)
            case "drive":
                yield from self._travel(candidates, DRIVE_LOOK_S, STEADY, STEADY, attempt)
            case kind:
                raise RenderError(f"unknown kind of trajectory '{kind}' in the plan; make the plan again")

    def _stand(
        self, candidates: Sequence[Candidate], sway: Oscillation, turn: Oscillation
    ) -> Iterator[Iterable[Trajectory]]:
        for _, place, yaw in spread(candidates, STARTS):
            yield (self._held(Standing(place, yaw), sway, turn),)

    def _orbits(self, candidate: Candidate) -> Iterator[Trajectory]:
        """Around the point ahead, which the camera may reach from either side or have in mid-way."""
        _, place, yaw = candidate
        level = math.cos(math.radians(self.placement["pitch_deg"]))
        times = self.space.times
        sweep = self.asked["sweep_deg"]
        rate = sweep * times.fps / (times.frames - 1)
        for radius in self._orbit_radii(candidate):
            forward = np.array([math.cos(math.radians(yaw)), math.sin(math.radians(yaw)), 0.0])
            centre = place + radius * level * forward
            sides = self.rng.permutation([-1.0, 1.0])
            for share in (0.5, 0.0, 1.0):
                for side in sides:
                    begin = yaw - side * share * sweep
                    yield self._held(Orbiting(centre, radius * level, begin, side * rate))

    def _orbit_radii(self, candidate: Candidate) -> list[float]:
        if "radius_m" in self.asked:
            return [self.asked["radius_m"]]
        pitch, yaw = math.radians(self.placement["pitch_deg"]), math.radians(candidate.yaw_deg)
        axis = np.array([math.cos(pitch) * math.cos(yaw), math.cos(pitch) * math.sin(yaw), math.sin(pitch)])
        least, most = ORBIT_LIMITS_M
        surface_m = float(self.space.rays.cast(candidate.place_m, axis[None]).distance[0])
        return [max(share * min(surface_m, most), least) for share in ORBIT_SHARES]

    def _travel(
        self,
        candidates: Sequence[Candidate],
        look_s: tuple[float, float],
        sway: Oscillation,
        turn: Oscillation,
        attempt: int,
    ) -> Iterator[Iterable[Trajectory]]:
        """Routes that begin in the direction of view, with turns as wide as can be."""
        speed, times = self.asked["speed_m_s"], self.space.times
        length = 1.02 * speed * (times.last_s - times.first_s + look_s[1])
        if length > LONGEST_M:
            raise RenderError(
                f"the trajectory {self.asked['kind']} goes {length:.0f} m in {times.frames} frames, expected "
                f"at most {LONGEST_M:.0f} m; raise fps, or lower speed_m_s or frames"
            )
        z = self.space.region.floor_z_m + self.placement["height_m"]
        reach = float(np.linalg.norm(sway.reach))
        strict = attempt < ROUNDS_ON_FOOT
        room = self.space.level(z, reach + SPARE_M, on_foot=strict, always_clear=strict)

        def promise(candidate: Candidate) -> float:
            x, y, _ = candidate.place_m.tolist()
            way = min(length, AHEAD_M)
            ahead = free_ahead_m(room, x, y, math.radians(candidate.yaw_deg), way) / way
            return candidate.score + 0.5 * ahead

        free = [candidate for candidate in candidates if room(*candidate.place_m[:2]) >= 0]
        if candidates and not free:
            self.refused["times no place had room around it to move"] += 1
        starts = spread(sorted(free, key=promise, reverse=True), STARTS)
        for radius in (radii := _turning_radii(speed)):
            for _, place, yaw in starts if radius == radii[-1] else starts[:FEW_STARTS]:
                route = find_route(room, place[:2], math.radians(yaw), length, radius, self.rng)
                if route is None:
                    self.refused[f"starts without a way of {length:.1f} m"] += 1
                    continue
                motion = Travelling(Curve.through(route), z, speed, speed / times.fps, look_s)
                yield (self._held(motion, sway, turn),)

    def _shake(self) -> tuple[Oscillation, Oscillation]:
        return hand_shake(self.asked["shake_m"], self.asked["shake_deg"], self.rng)

    def _held(self, motion: Motion, sway: Oscillation = STEADY, turn: Oscillation = STEADY) -> Trajectory:
        return Trajectory(motion, self.placement["pitch_deg"], self.placement["roll_deg"], sway, turn)


def _turning_radii(speed_m_s: float) -> list[float]:
    """Radii of turns to try, the widest first."""
    least = max(TIGHT_M, speed_m_s / math.radians(TIGHTEST_DEG_S))
    radius, radii = max(WIDE_M, speed_m_s**2 / SIDEWAYS_M_S2), []
    while radius > least:
        radii.append(radius)
        radius *= TIGHTER
    return [*radii, least]


def _looked_at(times: Times) -> np.ndarray:
    """Times of the frames of a path that are looked at."""
    return np.unique(np.linspace(0, times.frames - 1, LOOKS).round()) / times.fps


def _closed_in(space: FreeSpace, trajectory: Trajectory) -> str | None:
    for place in trajectory.positions_m(_looked_at(space.times)):
        reason = enclosed(space.rays, place, space.region)
        if reason is not None:
            return reason
    return None


def _worth(rays: SceneRays, camera: Camera, trajectory: Trajectory, times: Times) -> float | None:
    """Mean score of a few frames; None when too many of them show little."""
    poses = [trajectory.world_from_camera(float(time)) for time in _looked_at(times)]
    scores = [view_score(rays, pose, camera) for pose in poses]
    shown = [score for score in scores if score is not None]
    return sum(shown) / len(scores) if 3 * len(shown) >= 2 * len(scores) else None


def _path(trajectory: Trajectory, score: float, tries: int, taken: Sequence[Viewpoint]) -> Path:
    pose = trajectory.world_from_camera(0.0)
    yaw_deg = math.degrees(math.atan2(pose[1, 2], pose[0, 2]))
    score -= sameness(pose[:3, 3], yaw_deg, taken)
    return Path(Viewpoint(pose, float(score), tries, yaw_deg), trajectory)
