"""A renderer without Blender: a tilted floor and spheres, traced exactly in numpy.

It makes whole, valid frames in milliseconds, so that everything around rendering (runs, packs, loaders,
benchmarks) can be tested where there is no bpy, and compared with numbers known in closed form. It gives
every channel of the catalogue for every job: a camera without a trajectory stands still while two spheres go
on moving, and one without a second eye gives the disparity to a right eye that nobody renders.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from synthgen import __version__
from synthgen.frame.bundle import FrameBundle, Instance, RenderedView
from synthgen.frame.channels import CHANNELS
from synthgen.frame.classes import CLASSES, SKY, VOID
from synthgen.frame.flow import HIDDEN, OUTSIDE, VISIBLE, carried_points, disparity, flow_to
from synthgen.frame.intrinsics import ColourParts, intrinsic_channels
from synthgen.frame.shots import (
    DIRECTIONS,
    EYES,
    moved_instances,
    moving_meta,
    neighbour_times,
    neighbours_meta,
    rig_meta,
    shot_meta,
    world_from_eye,
)
from synthgen.frame.validity import BEYOND_FAR, MIXED
from synthgen.frame.validity import SKY as SKY_BIT
from synthgen.geometry.camera import Camera, distance_from_depth, pixel_centres
from synthgen.geometry.pose import camera_rotation, world_from_camera
from synthgen.plan.cameras import camera_of
from synthgen.plan.jobs import RenderJob, SceneJob, TruthJob, ViewJob
from synthgen.seeding import rng_for
from synthgen.testing.analytic_scene import FIRST_SPHERE_ID, SPHERES, Hits, SphereScene

LAYERS = 3
"""Surfaces along each ray in the layers of `analytic_job`."""
FAR_M = 30.0
"""Far limit of `analytic_job` where it asks for validity."""
STILL_FPS = 24.0
"""Frames per second of a camera without a trajectory: its neighbours are that far in time."""
BASELINE_M = 0.12
"""Distance of the eyes where the job names none."""
MATERIALS = [
    {"id": 1, "name": "ground", "transparent": False, "mirror": False, "bump": False},
    {"id": 2, "name": "paint", "transparent": False, "mirror": False, "bump": False},
]
SKY_COLOUR = (150, 190, 235)


class AnalyticRenderer:
    """Renders any `SceneJob` as a floor and five spheres under a sky, whatever its family is."""

    def __init__(self, **_options: object) -> None:
        self.info: dict[str, object] = {"renderer": "analytic", "device": "cpu"}

    def render(self, job: SceneJob) -> Iterator[RenderedView]:
        """Yield the views of a job in order."""
        for view in job.asked_views:
            yield RenderedView(analytic_bundle(job, view), {"colour": 0.0, "truth": 0.0})

    def close(self) -> None:
        """Nothing to release."""


def analytic_bundle(job: SceneJob, view: ViewJob) -> FrameBundle:
    """One view: the floor is z = 0, the spheres lie on it; every channel is exact in float64."""
    scene, camera = SphereScene.at(job.seed, view.time_s), camera_of(view)
    pose = analytic_pose(job, view, view.time_s)
    rays = camera.rays() @ pose[:3, :3].T
    hits = scene.trace(pose[:3, 3], rays)
    arrays = _first_surface(scene, camera, pose, rays, hits)
    if job.truth.layers:
        depth, ids = (each[..., : job.truth.layers] for each in scene.surfaces(pose[:3, 3], rays))
        arrays |= {
            "depth_layers": depth.astype(np.float32), "instance_layers": ids.astype(np.uint32)
        }  # fmt: skip
    if {"edge", "validity"} & set(job.channels):
        arrays |= _within_pixels(scene, camera, pose, hits, job.truth)
    if "disparity" in job.channels:
        arrays["disparity"] = disparity(camera, hits.depth, _baseline_m(view))
    meta: dict[str, object] = {"materials": MATERIALS} if "material" in job.channels else {}
    if view.eye != "mono":
        meta["rig"] = rig_meta(view.view, view.eye, _baseline_m(view), pose)
    if view.shot is not None:
        frames = int(view.camera.get("trajectory", {}).get("frames", 1))
        meta["shot"] = shot_meta(view.shot, view.frame, frames, _fps(view), view.time_s, view.eye)
    has_flow = any(name.startswith(("flow", "occlusion")) for name in job.channels)
    if has_flow or "trajectory" in view.camera:
        meta["moving"] = _moving(job, view, scene)
    if has_flow:
        neighbours, motion = _motion(job, view, camera, pose, hits, meta["moving"])
        meta["neighbours"] = neighbours
        arrays |= motion
    return FrameBundle(
        scene=job.scene,
        view=view.view,
        split=job.split,
        camera=camera,
        world_from_camera=pose,
        channels={name: arrays[name] for name in job.channels},
        instances=(
            Instance(1, "ground", "ground"),
            *(Instance(index + FIRST_SPHERE_ID, f"sphere.{index:03d}", "object") for index in range(SPHERES)),
        ),
        meta={
            **meta,
            "exposure": {"scale": 1.0, "ev": 0.0, "tone_curve": "none"},
            "sampled": {"scene": dict(job.params), "camera": dict(view.camera)},
            "hashes": {"job": job.job_hash},
            "versions": {"synthgen": __version__, "renderer": "analytic"},
        },
    )


def analytic_pose(job: SceneJob, view: ViewJob, time_s: float) -> np.ndarray:
    """(4, 4) world_from_camera of a view's camera at a time: all views of a shot are on one path.

    A camera with a trajectory sways and turns smoothly, whatever its kind; a static one and one without
    stand still.
    """
    rng = rng_for(job.seed, "view", view.view if view.shot is None else view.shot)
    yaw_deg, pitch_deg, roll_deg = float(rng.uniform(-15, 15)), float(rng.uniform(-12, -4)), 0.0
    place = np.array([0.0, 0.0, 1.4])
    if view.camera.get("trajectory", {}).get("kind", "static") != "static":
        place += (0.5 * math.sin(0.9 * time_s), 0.4 * math.sin(1.3 * time_s), 0.1 * math.sin(2 * time_s))
        yaw_deg += 12 * math.sin(0.8 * time_s)
        pitch_deg += 2 * math.sin(1.1 * time_s)
        roll_deg = 3 * math.sin(time_s)
    pose = world_from_camera(place, camera_rotation(yaw_deg, pitch_deg, roll_deg))
    return world_from_eye(pose, view.eye, _baseline_m(view))


def _first_surface(
    scene: SphereScene, camera: Camera, pose: np.ndarray, rays: np.ndarray, hits: Hits
) -> dict[str, np.ndarray]:
    depth, instance = hits.depth, hits.instance
    hit, seen = (instance > 0)[..., None], rays.any(axis=-1)  # a fisheye sees nothing around its circle
    semantic = np.where(seen, CLASSES[SKY].id, CLASSES[VOID].id)
    semantic[instance == 1] = CLASSES["ground"].id
    semantic[instance > 1] = CLASSES["object"].id
    light = 0.35 + 0.65 * np.clip(hits.normal @ np.array([0.3, 0.2, 0.93]), 0, 1)[..., None]
    colour = np.where(hit, scene.colours[instance] * light, SKY_COLOUR) * seen[..., None]
    normal = (hits.normal @ pose[:3, :3]).astype(np.float32)
    albedo, illumination = np.where(hit, scene.colours[instance] / 255, 0), np.where(hit, light, 0)
    return {
        "rgb": colour.astype(np.uint8),
        "depth": depth.astype(np.float32),
        "normal": normal,
        "instance": instance.astype(np.uint32),
        "semantic": semantic.astype(np.uint16),
        "distance": distance_from_depth(camera, depth.astype(np.float32)),
        "position": np.where(hit, pose[:3, 3] + np.where(hit, depth[..., None], 0) * rays, np.inf).astype(
            np.float32
        ),
        "material": np.minimum(instance, len(MATERIALS)).astype(np.uint16),
        "shading_normal": normal,
        **intrinsic_channels(ColourParts(colour / 255, albedo, illumination)),
    }


def _within_pixels(
    scene: SphereScene, camera: Camera, pose: np.ndarray, hits: Hits, truth: TruthJob
) -> dict[str, np.ndarray]:
    """Edge and validity from k x k rays within each pixel and the one through its centre."""
    inside = (np.arange(truth.subpixel) + 0.5) / truth.subpixel - 0.5
    offsets = np.stack(np.meshgrid(inside, inside), axis=-1).reshape(-1, 2)
    pixels = pixel_centres(camera.width, camera.height)[..., None, :] + offsets
    parts = scene.trace(pose[:3, 3], camera.rays_at(pixels) @ pose[:3, :3].T)
    depth = np.concatenate([hits.depth[..., None], parts.depth], axis=-1).astype(np.float32)
    validity = np.where(hits.instance == 0, SKY_BIT, 0)
    validity |= np.where((parts.instance != hits.instance[..., None]).any(axis=-1), MIXED, 0)
    if truth.far_m is not None:
        beyond = np.isfinite(hits.depth) & (hits.depth > truth.far_m)
        validity |= np.where(beyond, BEYOND_FAR, 0)
    return {
        "edge": np.stack([depth.min(axis=-1), depth.max(axis=-1)], axis=-1),
        "validity": validity.astype(np.uint8),
    }


def _moving(job: SceneJob, view: ViewJob, scene: SphereScene) -> list[dict[str, object]]:
    """The entry `moving` of the metadata."""
    times = neighbour_times(view.frame, _fps(view))
    forward, backward = (SphereScene.at(job.seed, times[direction]).moving for direction in DIRECTIONS)
    return [moving_meta(label, now, forward[label], backward[label]) for label, now in scene.moving.items()]


def _motion(
    job: SceneJob,
    view: ViewJob,
    camera: Camera,
    pose: np.ndarray,
    hits: Hits,
    moving: Sequence[Mapping[str, object]],
) -> tuple[dict[str, object], dict[str, np.ndarray]]:
    """Neighbours for the metadata; flow and occlusion in both directions."""
    times = neighbour_times(view.frame, _fps(view))
    poses = {direction: analytic_pose(job, view, times[direction]) for direction in DIRECTIONS}
    arrays = {}
    for direction in DIRECTIONS:
        moved = moved_instances(moving, direction)
        flow = flow_to(camera, hits.depth, pose, camera, poses[direction], hits.instance, moved)
        points = carried_points(camera, hits.depth, pose, poses[direction], hits.instance, moved)
        arrays[f"flow_{direction}"] = flow
        arrays[f"occlusion_{direction}"] = exact_occlusion(
            SphereScene.at(job.seed, times[direction]), camera, poses[direction], flow, points,
            np.isfinite(hits.depth),
        )  # fmt: skip
    return neighbours_meta(times, poses), arrays


def exact_occlusion(
    scene: SphereScene,
    camera: Camera,
    pose: np.ndarray,
    flow: np.ndarray,
    points: np.ndarray,
    hit: np.ndarray,
) -> np.ndarray:
    """Occlusion codes by one ray from the other camera to each carried point: no neighbours, no tolerance.

    Parameters
    ----------
    scene, pose : as they are at the other frame's time
    flow : (h, w, 2) to that frame
    points : (h, w, 3) of `carried_points`
    hit : (h, w) False for sky
    """
    # A point on a sphere is hit itself, up to the rounding of the square root of almost 0 at its rim.
    blocked = scene.trace(pose[:3, 3], points @ pose[:3, :3].T).depth < np.where(hit, 1 - 1e-6, np.inf)
    place = camera.project(points)
    inside = np.isfinite(flow[..., 0])
    inside &= ((place >= 0) & (place <= (camera.width, camera.height))).all(axis=-1)
    return np.where(inside, np.where(blocked, HIDDEN, VISIBLE), OUTSIDE).astype(np.uint8)


def _fps(view: ViewJob) -> float:
    return float(view.camera.get("trajectory", {}).get("fps", STILL_FPS))


def _baseline_m(view: ViewJob) -> float:
    return float(view.camera.get("stereo", {}).get("baseline_m", BASELINE_M))


def analytic_job(
    scene: int = 0,
    views: int = 2,
    width: int = 64,
    height: int = 48,
    split: str = "train",
    channels: Sequence[str] = ("rgb", "depth", "normal", "instance", "semantic"),
    seed: int = 7,
    trajectory: Mapping[str, Any] | None = None,
    stereo: Mapping[str, Any] | None = None,
    camera: Mapping[str, Any] = MappingProxyType({"kind": "perspective", "fov_deg": 70.0}),
) -> SceneJob:
    """A small job for `AnalyticRenderer`.

    Parameters
    ----------
    views : how many shots there are, as in a recipe; one view each without a trajectory and stereo
    trajectory : `{"kind": "orbit", "frames": 3, "fps": 8}`: each shot has 3 frames; see `analytic_pose`
    stereo : `{"baseline_m": 0.12}`: each moment has a left and a right view
    camera : entries of the plan's camera besides these and its size
    """
    entry: dict[str, Any] = {**camera, "width": width, "height": height}
    entry |= {"trajectory": dict(trajectory)} if trajectory else {}
    entry |= {"stereo": dict(stereo)} if stereo else {}
    moments = range(trajectory["frames"] if trajectory else 1)
    eyes = EYES if stereo else ("mono",)
    each = len(moments) * len(eyes)
    return SceneJob.make(
        scene=scene,
        split=split,
        seed=seed * 1000 + scene,
        family="analytic",
        params={"kind": "analytic"},
        views=tuple(
            ViewJob(
                view=shot * each + frame * len(eyes) + number,
                camera=entry,
                shot=shot * each if each > 1 else None,
                frame=frame,
                time_s=frame / trajectory["fps"] if frame else 0.0,
                eye=eye,
            )
            for shot in range(views)
            for frame in moments
            for number, eye in enumerate(eyes)
        ),
        render=RenderJob(
            samples=1,
            denoise=False,
            max_bounces=0,
            adaptive_threshold=0.0,
            clamp_indirect=0.0,
            exposure_ev=0.0,
            tone_curve="none",
        ),
        channels=tuple(channels),
        truth=TruthJob(
            layers=LAYERS if any(CHANNELS[name].layered for name in channels) else 0,
            subpixel=3 if {"edge", "validity"} & set(channels) else 0,
            far_m=FAR_M if "validity" in channels else None,
        ),
    )
