"""How much there is to see in a view, told by a few rays before anything is rendered.

A good view shows many things at many depths. One that a wall fills, that something near blocks, or that is
mostly sky, is none.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from synthgen.blender.scene_rays import Hits, SceneRays
from synthgen.geometry.camera import Camera

GRID = (16, 12)
"""Columns and rows of rays that a view is looked at with."""
NEAR_M, CLOSE_M = 0.5, 1.0
"""Surfaces nearer than these are in the way; where a view should be of little depth, what is nearer than a
quarter and a half of that."""

BLANK = "from which little but one surface or the sky is seen"


class Sight(NamedTuple):
    """What rays say of a view: how good it is, about 0 to 1, and the median depth of what they hit."""

    score: float
    depth_m: float


def grid_rays(camera: Camera, finer: int = 1) -> np.ndarray:
    """(n, 3) unit rays of a coarse grid over the image, camera frame."""
    columns, rows = (finer * side for side in GRID)
    u, v = np.meshgrid(
        (np.arange(columns) + 0.5) / columns * camera.width, (np.arange(rows) + 0.5) / rows * camera.height
    )
    made = camera.rays_at(np.stack([u, v], axis=-1)).reshape(-1, 3)
    made = made[made.any(axis=1)]  # outside of a fisheye's circle there is nothing to look at
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def view_score(rays: SceneRays, pose: np.ndarray, camera: Camera) -> float | None:
    """How good the view from (4, 4) world_from_camera is, about 0 to 1; None when it shows little."""
    seen = look(rays, pose, camera)
    return None if seen is None else seen.score


def look(rays: SceneRays, pose: np.ndarray, camera: Camera, depth_m: float | None = None) -> Sight | None:
    """What is seen from (4, 4) world_from_camera; None when it is hardly more than one surface, or the sky.

    Parameters
    ----------
    depth_m : median depth that the view should have, if that is asked
    """
    local = grid_rays(camera)
    directions = local @ pose[:3, :3].T
    return judge(pose[:3, 3], local, directions, rays.cast(pose[:3, 3], directions), camera, depth_m)


def median_depth(rays: SceneRays, pose: np.ndarray, camera: Camera, finer: int) -> float:
    """Median depth as the camera measures it, metres, by a grid of rays that is `finer` times as fine."""
    local = grid_rays(camera, finer)
    return _median_depth(local, rays.cast(pose[:3, 3], local @ pose[:3, :3].T).distance, camera)


def backface_ratio(rays: SceneRays, pose: np.ndarray, camera: Camera) -> float:
    """Share of the surfaces seen from (4, 4) world_from_camera that show their back, by a grid of rays."""
    directions = grid_rays(camera) @ pose[:3, :3].T
    hits = rays.cast(pose[:3, 3], directions)
    behind = (hits.normal * directions).sum(axis=1)[np.isfinite(hits.distance)] > 0
    return float(behind.mean()) if behind.size else 0.0


def judge(
    place: np.ndarray,
    local: np.ndarray,
    directions: np.ndarray,
    hits: Hits,
    camera: Camera,
    depth_m: float | None = None,
) -> Sight | None:
    """What rays from (3,) `place` say of a view; None when it shows little.

    Parameters
    ----------
    local, directions : (n, 3) the rays in the camera's frame and in the world's
    depth_m : as for `look`
    """
    hit, count = np.isfinite(hits.distance), len(directions)
    sky = 1.0 - hit.sum() / count
    if sky > 0.85:
        return None
    near_m, close_m = (NEAR_M, CLOSE_M) if depth_m is None else _in_the_way(depth_m)
    distance, instance = hits.distance[hit], hits.instance[hit]
    near = float((distance < near_m).sum()) / count
    plane = _largest_plane(place, directions[hit], distance, hits.normal[hit]) / count
    ids, rays_of = np.unique(instance, return_counts=True)
    distances = [float(np.median(distance[instance == each])) for each in ids]
    closest = int(np.argmin(distances))
    blocked = rays_of[closest] / count if distances[closest] < close_m else 0.0
    if plane > 0.82 or near > 0.4 or blocked > 0.6:
        return None
    things = min(int((rays_of >= 2).sum()), 16) / 16
    spread = min(float(np.std(np.log(np.maximum(distance, 0.05)))) / 0.6, 1.0)
    score = 0.5 * things + 0.3 * spread + 0.2 * min(float(np.median(distance)) / 3.5, 1.0)
    close = float((distance < close_m).sum()) / count
    score -= 1.2 * max(plane - 0.33, 0.0) + 1.2 * max(blocked - 0.18, 0.0)
    score -= 1.5 * near + 0.8 * max(close - 0.15, 0.0)
    score -= 0.6 * max(sky - 0.35, 0.0)
    return Sight(score, _median_depth(local, hits.distance, camera))


def _in_the_way(depth_m: float) -> tuple[float, float]:
    return min(NEAR_M, 0.25 * depth_m), min(CLOSE_M, 0.5 * depth_m)


def _median_depth(local: np.ndarray, distance: np.ndarray, camera: Camera) -> float:
    depth = distance * local[:, 2] if camera.planar else distance
    hit = np.isfinite(distance)
    return float(np.median(depth[hit])) if hit.any() else math.inf


def _largest_plane(
    place: np.ndarray, directions: np.ndarray, distance: np.ndarray, normal: np.ndarray
) -> int:
    """Rays that end on the plane (a wall, the floor) that most of them end on."""
    offset = ((place + directions * distance[:, None]) * normal).sum(axis=1)
    planes = np.rint(np.column_stack([normal * 8, np.abs(offset) * 10])).astype(int)
    return int(np.unique(planes, axis=0, return_counts=True)[1].max())
