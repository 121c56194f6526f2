"""Camera placement: free places from which there is something to see.

A place is free when no surface is near, it lies inside nothing, and nothing hangs close above it. From free
places a grid of rays all around tells what every heading would show; the headings that promise most are
then looked at with the camera's own rays, and the best one wins.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import bpy
import numpy as np

from synthgen.blender.scene_rays import Hits, SceneRays
from synthgen.blender.stage.stage import CameraRegion
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
GRID = (16, 12)
FINALISTS = 3
NEAR_M = 0.5
HEADROOM_M = 1.0
"""Free height above a camera, up to the ceiling: it is not put below a table or a bed."""
DUPLICATE_M, DUPLICATE_DEG = 0.7, 30.0
"""Two views of a scene that are nearer than this in both respects are the same view."""

BLANK = "from which little but one surface or the sky is seen"


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Where a camera stands.

    Attributes
    ----------
    world_from_camera : (4, 4) float64, camera in the OpenCV frame
    score : how much there is to see; about 0 (a blank wall) to 1
    tries : places that were tried until enough free ones were found
    yaw_deg : heading, 0 along +x, counter-clockwise from above
    """

    world_from_camera: np.ndarray
    score: float
    tries: int
    yaw_deg: float

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
    placement : height_m above the region's floor, clearance_m to every surface, pitch_deg, roll_deg
    taken : earlier viewpoints of the scene; near duplicates of them are avoided
    baseline_m : of a stereo rig, both of whose eyes keep their clearance; 0 for a single camera

    Raises
    ------
    RenderError
        When no place in the region is free, or nothing can be seen from any; the message counts why.
    """
    rays = SceneRays(depsgraph)
    refused: Counter[str] = Counter()
    candidates, tries = find_candidates(rays, region, camera, placement, rng, refused, taken)
    if baseline_m:
        both = [each for each in candidates if _has_right_eye(rays, region, placement, each, baseline_m)]
        refused["where the right eye has no room"] += len(candidates) - len(both)
        candidates = both
    best: Viewpoint | None = None
    for candidate in spread(candidates, FINALISTS):
        place, yaw, pose = candidate.place_m, candidate.yaw_deg, _pose(candidate, placement)
        score = view_score(rays, pose, camera)
        if score is None:
            refused[BLANK] += 1
            continue
        score -= sameness(place, yaw, taken)
        if best is None or score > best.score:
            best = Viewpoint(pose, float(score), tries, float(yaw))
    if best is None:
        raise RenderError(
            f"no place for a camera at height_m {placement['height_m']:.2f} in {tries} tries: "
            f"{counted(refused)}; {advice(baseline_m)}"
        )
    return best


def advice(baseline_m: float) -> str:
    """What to do where there is no place for a camera."""
    lower = "lower baseline_m, lower clearance_m" if baseline_m else "lower clearance_m"
    return f"{lower}, change height_m or put less into the scene"


def _pose(candidate: Candidate, placement: Mapping[str, float]) -> np.ndarray:
    """(4, 4) world_from_camera."""
    rotation = camera_rotation(candidate.yaw_deg, placement["pitch_deg"], placement["roll_deg"])
    return world_from_camera(candidate.place_m, rotation)


def _has_right_eye(
    rays: SceneRays,
    region: CameraRegion,
    placement: Mapping[str, float],
    candidate: Candidate,
    baseline_m: float,
) -> bool:
    """Whether the right eye keeps its clearance, and sees the left one."""
    clearance = placement["clearance_m"]
    place = world_from_eye(_pose(candidate, placement), "right", baseline_m)[:3, 3]
    return (
        place[2] + clearance <= region.ceiling_z_m
        and inside_m(np.asarray(region.outline_m, dtype=np.float64), place[:2]) >= clearance
        and rays.is_clear(place, clearance)
        and rays.is_open(candidate.place_m, place)
    )


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
        if inside_m(outline, place[:2]) < clearance:
            refused["outside of the region or too near to its edge"] += 1
        elif not rays.is_clear(place, clearance):
            refused[f"nearer than {clearance:.2f} m to a surface"] += 1
        elif (reason := enclosed(rays, place, region)) is not None:
            refused[reason] += 1
        else:
            free.append(place)
            if len(free) == GOOD_PLACES:
                return free, tries
    return free, MAX_PLACES


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
    pitch, roll = placement["pitch_deg"], placement["roll_deg"]
    local = _grid_rays(camera)
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
        seen = _Seen(
            place, directions[index], Hits(hits.distance[index], hits.instance[index], hits.normal[index])
        )
        score = _score(seen)
        if score is not None:
            yaw = math.remainder(yaw, 360.0)
            # A little luck, so that the views of many rooms are not all the one widest view.
            score += float(rng.normal(0, 0.05)) - sameness(place, yaw, taken)
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


@dataclass(frozen=True, slots=True)
class _Seen:
    place: np.ndarray
    directions: np.ndarray
    hits: Hits


def _grid_rays(camera: Camera) -> np.ndarray:
    """(n, 3) unit rays of a coarse grid over the image, camera frame."""
    columns, rows = GRID
    u, v = np.meshgrid(
        (np.arange(columns) + 0.5) / columns * camera.width, (np.arange(rows) + 0.5) / rows * camera.height
    )
    made = camera.rays_at(np.stack([u, v], axis=-1)).reshape(-1, 3)
    made = made[made.any(axis=1)]  # outside of a fisheye's circle there is nothing to look at
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def view_score(rays: SceneRays, pose: np.ndarray, camera: Camera) -> float | None:
    """How good the view from (4, 4) world_from_camera is, about 0 to 1; None when it shows little."""
    place, directions = pose[:3, 3], _grid_rays(camera) @ pose[:3, :3].T
    return _score(_Seen(place, directions, rays.cast(place, directions)))


def _score(seen: _Seen) -> float | None:
    """How good a view is; None when it shows hardly more than one surface, or the sky."""
    hits, count = seen.hits, len(seen.directions)
    hit = np.isfinite(hits.distance)
    sky = 1.0 - hit.sum() / count
    if sky > 0.85:
        return None
    distance = hits.distance[hit]
    near = float((distance < NEAR_M).sum()) / count
    plane = _largest_plane(seen, hit) / count
    ids, rays_of = np.unique(hits.instance[hit], return_counts=True)
    distances = [float(np.median(distance[hits.instance[hit] == each])) for each in ids]
    closest = int(np.argmin(distances))
    blocked = rays_of[closest] / count if distances[closest] < 1.0 else 0.0
    if plane > 0.82 or near > 0.4 or blocked > 0.6:
        return None
    things = min(int((rays_of >= 2).sum()), 16) / 16
    spread = min(float(np.std(np.log(np.maximum(distance, 0.05)))) / 0.6, 1.0)
    score = 0.5 * things + 0.3 * spread + 0.2 * min(float(np.median(distance)) / 3.5, 1.0)
    close = float((distance < 1.0).sum()) / count
    score -= 1.2 * max(plane - 0.33, 0.0) + 1.2 * max(blocked - 0.18, 0.0)
    score -= 1.5 * near + 0.8 * max(close - 0.15, 0.0)
    return score - 0.6 * max(sky - 0.35, 0.0)


def _largest_plane(seen: _Seen, hit: np.ndarray) -> int:
    """Rays that end on the plane (a wall, the floor) that most of them end on."""
    normal = seen.hits.normal[hit]
    offset = ((seen.place + seen.directions[hit] * seen.hits.distance[hit][:, None]) * normal).sum(axis=1)
    planes = np.rint(np.column_stack([normal * 8, np.abs(offset) * 10])).astype(int)
    return int(np.unique(planes, axis=0, return_counts=True)[1].max())


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
