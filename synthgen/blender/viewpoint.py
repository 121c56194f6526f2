"""Camera placement: free places from which there is something to see.

A place is free when no surface is near, it lies inside nothing, and nothing hangs close above it. From free
places a grid of rays all around tells what every heading would show; the headings that promise most are
then looked at with the camera's own rays, and the best one wins.

Where a median depth is asked for, headings promise the more, the nearer they come to it. A camera that steps
forward lessens the depth of all that it sees by the step, so that a few steps bring the median to the target;
of the views that have it the best one wins, and of none, the nearest.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import bpy
import numpy as np

from synthgen.blender.scene_rays import Hits, SceneRays
from synthgen.blender.stage.stage import CameraRegion
from synthgen.blender.view_score import BLANK, grid_rays, judge, look, median_depth
from synthgen.errors import RenderError
from synthgen.frame.shots import world_from_eye
from synthgen.geometry.camera import Camera
from synthgen.geometry.pose import camera_rotation, world_from_camera

MAX_PLACES = 400
"""Places tried before giving up."""
GOOD_PLACES = 6
"""Free places that are looked at."""
HEADINGS = 24
AZIMUTHS, ELEVATIONS = 40, 9
FINALISTS = 3
"""Views that are looked at before one is taken."""
ROUNDS, MOST_FINALISTS = 4, 8
"""Times that new places are looked for where none has the depth that is asked for, and views looked at each
time until `FINALISTS` of them have it."""
STEPS = 4
"""Steps from a place towards the depth that is asked for."""
NEAR_ENOUGH = 0.01
"""Relative deviation from the depth asked for below which another view is taken only for its score."""
FINER, MEASURED = 2, 0.1
"""How much finer the rays are that measure a depth, once it deviates by less than so much."""
LEAST_CHANGE = 0.3
"""Least change of the median depth with a step forward for which steps are worth trying; 0 for a panorama."""
HEADROOM_M = 1.0
"""Free height above a camera, up to the ceiling: it is not put below a table or a bed."""
DUPLICATE_M, DUPLICATE_DEG = 0.7, 30.0
"""Two views of a scene that are nearer than this in both respects are the same view."""


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Where a camera stands.

    Attributes
    ----------
    world_from_camera : (4, 4) float64, camera in the OpenCV frame
    score : how much there is to see; about 0 (a blank wall) to 1
    tries : places that were tried until enough free ones were found
    yaw_deg : heading, 0 along +x, counter-clockwise from above
    depth_m : median depth of what is seen, as the camera measures it, by a few rays; NaN where nobody looked
    """

    world_from_camera: np.ndarray
    score: float
    tries: int
    yaw_deg: float
    depth_m: float = math.nan

    @property
    def position_m(self) -> np.ndarray:
        """(3,) metres, world."""
        return self.world_from_camera[:3, 3]


def seen_from(world_from_camera: np.ndarray) -> Viewpoint:
    """The viewpoint of a camera that was placed by somebody else, (4, 4), OpenCV frame."""
    forward = world_from_camera[:3, 2]
    yaw_deg = math.degrees(math.atan2(forward[1], forward[0]))
    return Viewpoint(world_from_camera, score=0.0, tries=0, yaw_deg=yaw_deg)


class Candidate(NamedTuple):
    """A place (3,) in metres and a heading, with what rays cast all around say of the view."""

    score: float
    place_m: np.ndarray
    yaw_deg: float


def find_viewpoint(
    scene: bpy.types.Scene,
    depsgraph: bpy.types.Depsgraph,
    region: CameraRegion,
    camera: Camera,
    placement: Mapping[str, float],
    rng: np.random.Generator,
    taken: Sequence[Viewpoint] = (),
    baseline_m: float = 0.0,
) -> Viewpoint:
    """Find a place and a heading for a camera.

    Parameters
    ----------
    depsgraph : evaluated, of `scene`
    region : where the camera may stand
    placement : height_m above the region's floor, clearance_m to every surface, pitch_deg, roll_deg, and
        depth_m where the view should have a median depth
    taken : earlier viewpoints of the scene; near duplicates of them are avoided
    baseline_m : of a stereo rig, both of whose eyes keep their clearance; 0 for a single camera

    Raises
    ------
    RenderError
        When no place in the region is free, or nothing can be seen from any; the message counts why.
    """
    rays = SceneRays(depsgraph)
    search = _Search(rays, region, camera, placement, taken, baseline_m)
    target_m = placement.get("depth_m")
    best: Viewpoint | None = None
    for _ in range(ROUNDS if target_m else 1):
        meet = 0
        for candidate in spread(search.candidates(rng), MOST_FINALISTS if target_m else FINALISTS):
            found = search.settled(candidate)
            if found is None:
                continue
            if best is None or _merit(found, target_m) > _merit(best, target_m):
                best = found
            meet += _deviation(found.depth_m, target_m) <= NEAR_ENOUGH
            if meet == FINALISTS:
                break
        if meet:
            break
    if best is None:
        raise RenderError(
            f"no place for a camera at height_m {placement['height_m']:.2f} in {search.tries} tries: "
            f"{counted(search.refused)}; {advice(baseline_m)}"
        )
    return best


@dataclass(slots=True)
class _Search:
    """The search for a viewpoint; it counts what was tried, and why that was no place."""

    rays: SceneRays
    region: CameraRegion
    camera: Camera
    placement: Mapping[str, float]
    taken: Sequence[Viewpoint]
    baseline_m: float
    refused: Counter[str] = field(default_factory=Counter)
    tries: int = 0

    def candidates(self, rng: np.random.Generator) -> list[Candidate]:
        """Headings worth looking at from new places, best first."""
        found, tries = find_candidates(
            self.rays, self.region, self.camera, self.placement, rng, self.refused, self.taken
        )
        self.tries += tries
        both = [each for each in found if self._has_right_eye(self._pose(each))]
        self.refused["where the right eye has no room"] += len(found) - len(both)
        return both

    def settled(self, candidate: Candidate) -> Viewpoint | None:
        """The view of a candidate, or from a few steps away if its depth is then the asked one."""
        target_m, pose = self.placement.get("depth_m"), self._pose(candidate)
        best = self._viewpoint(pose, candidate.yaw_deg)
        if best is None:
            self.refused[BLANK] += 1
        if best is None or target_m is None:
            return best
        for _ in range(STEPS):
            if _deviation(best.depth_m, target_m) <= NEAR_ENOUGH:
                break
            pose = self._stepped(best, target_m)
            stepped = None if pose is None else self._viewpoint(pose, candidate.yaw_deg)
            if stepped is None or _deviation(stepped.depth_m, target_m) >= _deviation(best.depth_m, target_m):
                break
            best = stepped
        return best

    def _viewpoint(self, pose: np.ndarray, yaw_deg: float) -> Viewpoint | None:
        """None where little is seen."""
        target_m = self.placement.get("depth_m")
        seen = look(self.rays, pose, self.camera, target_m)
        if seen is None:
            return None
        score = seen.score - sameness(pose[:3, 3], yaw_deg, self.taken)
        depth_m = seen.depth_m
        if target_m and _deviation(depth_m, target_m) < MEASURED:
            depth_m = median_depth(self.rays, pose, self.camera, FINER)
        return Viewpoint(pose, float(score), self.tries, float(yaw_deg), depth_m)

    def _stepped(self, view: Viewpoint, target_m: float) -> np.ndarray | None:
        """The pose from which what is seen would have the median depth; None where that is no place."""
        pose = view.world_from_camera.copy()
        level = pose[:3, 2] * (1.0, 1.0, 0.0)
        level /= max(float(np.linalg.norm(level)), 1e-9)
        rays = grid_rays(self.camera)
        change = float(level @ pose[:3, 2] if self.camera.planar else (rays @ pose[:3, :3].T @ level).mean())
        if change < LEAST_CHANGE:
            return None
        pose[:3, 3] += level * (view.depth_m - target_m) / change
        outside = not_free(self.rays, self.region, pose[:3, 3], self.placement["clearance_m"])
        return pose if outside is None and self._has_right_eye(pose) else None

    def _pose(self, candidate: Candidate) -> np.ndarray:
        """(4, 4) world_from_camera."""
        rotation = camera_rotation(candidate.yaw_deg, self.placement["pitch_deg"], self.placement["roll_deg"])
        return world_from_camera(candidate.place_m, rotation)

    def _has_right_eye(self, pose: np.ndarray) -> bool:
        """Whether the right eye, if there is one, keeps its clearance, and sees the left one."""
        if not self.baseline_m:
            return True
        clearance = self.placement["clearance_m"]
        place = world_from_eye(pose, "right", self.baseline_m)[:3, 3]
        return (
            place[2] + clearance <= self.region.ceiling_z_m
            and inside_m(np.asarray(self.region.outline_m, dtype=np.float64), place[:2]) >= clearance
            and self.rays.is_clear(place, clearance)
            and self.rays.is_open(pose[:3, 3], place)
        )


def _deviation(depth_m: float, target_m: float | None) -> float:
    """How far a depth is from that which is asked for, in its logarithm; 0 where none is."""
    return abs(math.log(depth_m / target_m)) if target_m else 0.0


def _merit(view: Viewpoint, target_m: float | None) -> tuple[float, float]:
    """What the best view has most of: first the right depth, then things to see."""
    return -max(_deviation(view.depth_m, target_m), NEAR_ENOUGH), view.score


def advice(baseline_m: float) -> str:
    """What to do where there is no place for a camera."""
    lower = "lower baseline_m, lower clearance_m" if baseline_m else "lower clearance_m"
    return f"{lower}, change height_m or put less into the scene"


def counted(refused: Counter[str]) -> str:
    """`12 above or too near to the ceiling; 3 ...`, the most frequent reason first."""
    return "; ".join(f"{count} {reason}" for reason, count in refused.most_common() if count)


def find_candidates(
    rays: SceneRays,
    region: CameraRegion,
    camera: Camera,
    placement: Mapping[str, float],
    rng: np.random.Generator,
    refused: Counter[str],
    taken: Sequence[Viewpoint] = (),
) -> tuple[list[Candidate], int]:
    """Headings worth looking at from a few free places, best first, and how many places were tried.

    What was no place, or showed nothing, is counted in `refused`.
    """
    places, tries = _free_places(rays, region, placement, rng, refused)
    candidates: list[Candidate] = []
    for place in places:
        headings = _headings(rays, place, camera, placement, rng, taken)
        candidates += headings
        if not headings:
            refused[BLANK] += 1
    candidates.sort(key=lambda candidate: -candidate.score)
    return candidates, tries


def _free_places(
    rays: SceneRays,
    region: CameraRegion,
    placement: Mapping[str, float],
    rng: np.random.Generator,
    refused: Counter[str],
) -> tuple[list[np.ndarray], int]:
    clearance = placement["clearance_m"]
    z = region.floor_z_m + placement["height_m"]
    if z + clearance > region.ceiling_z_m:
        refused["above or too near to the ceiling"] += 1
        return [], 0
    outline = np.asarray(region.outline_m, dtype=np.float64)
    low, high = outline.min(axis=0), outline.max(axis=0)
    free: list[np.ndarray] = []
    for tries in range(1, MAX_PLACES + 1):
        place = np.array([*rng.uniform(low, high), z])
        reason = not_free(rays, region, place, clearance)
        if reason is not None:
            refused[reason] += 1
            continue
        free.append(place)
        if len(free) == GOOD_PLACES:
            return free, tries
    return free, MAX_PLACES


def not_free(rays: SceneRays, region: CameraRegion, place: np.ndarray, clearance_m: float) -> str | None:
    """Why a place (3,) is none for a camera, or None."""
    if inside_m(np.asarray(region.outline_m, dtype=np.float64), place[:2]) < clearance_m:
        return "outside of the region or too near to its edge"
    if not rays.is_clear(place, clearance_m):
        return f"nearer than {clearance_m:.2f} m to a surface"
    return enclosed(rays, place, region)


def inside_m(outline: np.ndarray, point: np.ndarray) -> float:
    """How far inside of a polygon (n, 2) a point (2,) lies; negative outside."""
    start, end = outline, np.roll(outline, -1, axis=0)
    edge, to = end - start, point - start
    share = np.clip((to * edge).sum(axis=1) / np.maximum((edge * edge).sum(axis=1), 1e-12), 0.0, 1.0)
    away = float(np.hypot(*(to - share[:, None] * edge).T).min())
    crosses = (start[:, 1] > point[1]) != (end[:, 1] > point[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        x = start[:, 0] + (point[1] - start[:, 1]) / edge[:, 1] * edge[:, 0]
    return away if (crosses & (point[0] < x)).sum() % 2 else -away


_AXES = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=np.float64)
_DIAGONALS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) / math.sqrt(3)
_PROBES = np.vstack([_AXES, _DIAGONALS])


def headroom_m(region: CameraRegion, z_m: float) -> float:
    """Free height that a camera at a height needs above it."""
    return min(HEADROOM_M, 0.75 * (region.ceiling_z_m - z_m))


def enclosed(rays: SceneRays, place: np.ndarray, region: CameraRegion) -> str | None:
    """Why a place is not in the open: inside of a solid, shut in, or below something."""
    hits = rays.cast(place, _PROBES)
    hit = np.isfinite(hits.distance)
    # From inside of a solid, surfaces are seen from behind. Thin leaves and cloths may be, here and there.
    behind = hit & ((hits.normal * _PROBES).sum(axis=1) > 0)
    if behind.sum() > 0.6 * len(_PROBES):
        return "inside of an object"
    if (hits.distance < 0.6).sum() > 0.6 * len(_PROBES):
        return "shut in by surfaces"
    above = hits.distance[4]
    if above < headroom_m(region, place[2]):
        return "below something"
    return None


def _headings(
    rays: SceneRays,
    place: np.ndarray,
    camera: Camera,
    placement: Mapping[str, float],
    rng: np.random.Generator,
    taken: Sequence[Viewpoint],
) -> list[Candidate]:
    """Headings from a place that show something, by rays cast all around once."""
    pitch, roll, target_m = placement["pitch_deg"], placement["roll_deg"], placement.get("depth_m")
    local = grid_rays(camera)
    level = local @ camera_rotation(0.0, pitch, roll).T
    elevation, azimuth = np.arcsin(level[:, 2]), np.arctan2(level[:, 1], level[:, 0])
    low, high = float(elevation.min()), float(elevation.max())
    rows = np.linspace(low, high, ELEVATIONS)
    columns = np.arange(AZIMUTHS) * (2 * math.pi / AZIMUTHS)
    up, around = np.meshgrid(rows, columns, indexing="ij")
    directions = np.stack(
        [np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)], axis=-1
    ).reshape(-1, 3)
    hits = rays.cast(place, directions)
    row = np.rint((elevation - low) / max(high - low, 1e-9) * (ELEVATIONS - 1)).astype(int)
    headings = []
    for yaw in rng.uniform(0, 360) + np.arange(HEADINGS) * (360 / HEADINGS):
        turned = (azimuth + math.radians(yaw)) / (2 * math.pi) * AZIMUTHS
        index = row * AZIMUTHS + np.rint(turned).astype(int) % AZIMUTHS
        shown = Hits(hits.distance[index], hits.instance[index], hits.normal[index])
        seen = judge(place, local, directions[index], shown, camera, target_m)
        if seen is not None:
            yaw = math.remainder(yaw, 360.0)
            # A little luck, so that the views of many rooms are not all the one widest view.
            score = seen.score + float(rng.normal(0, 0.05)) - sameness(place, yaw, taken)
            score -= _deviation(seen.depth_m, target_m)
            headings.append(Candidate(score, place, yaw))
    return headings


def spread(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    """The first `count` candidates that differ from each other."""
    chosen: list[Candidate] = []
    for candidate in candidates:
        alike = any(
            np.linalg.norm(candidate.place_m - other.place_m) < 0.3
            and abs(math.remainder(candidate.yaw_deg - other.yaw_deg, 360.0)) < 35
            for other in chosen
        )
        if not alike:
            chosen.append(candidate)
            if len(chosen) == count:
                break
    return chosen


def sameness(place: np.ndarray, yaw_deg: float, taken: Sequence[Viewpoint]) -> float:
    """Penalty for a view that was taken before, near 1 for a duplicate."""
    worst = 0.0
    for other in taken:
        apart = float(np.linalg.norm(place - other.position_m)) / DUPLICATE_M
        turned = abs(math.remainder(yaw_deg - other.yaw_deg, 360.0)) / DUPLICATE_DEG
        worst = max(
            worst, 1.0 if max(apart, turned) < 1 else 0.35 * math.exp(-0.5 * (apart**2 / 4 + turned**2 / 2))
        )
    return worst
