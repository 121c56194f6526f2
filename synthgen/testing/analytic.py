"""A renderer without Blender: a tilted floor and spheres, traced exactly in numpy.

It makes whole, valid frames in milliseconds, so that everything around rendering (runs, packs, loaders,
benchmarks) can be tested where there is no bpy, and compared with numbers known in closed form.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from synthgen import __version__
from synthgen.frame.bundle import FrameBundle, Instance, RenderedView
from synthgen.frame.channels import CHANNELS
from synthgen.frame.classes import CLASSES, SKY
from synthgen.geometry.camera import distance_from_depth
from synthgen.geometry.pose import camera_rotation, world_from_camera
from synthgen.plan.cameras import camera_of
from synthgen.plan.jobs import RenderJob, SceneJob, TruthJob, ViewJob
from synthgen.seeding import rng_for

FLOOR_END_M = 60.0
"""Depth at which the floor ends, so that depth in 16-bit millimetres holds every frame."""

LAYERS = 3
"""Surfaces along each ray in the layers of `analytic_job`."""
MATERIALS = [
    {"id": 1, "name": "ground", "transparent": False},
    {"id": 2, "name": "paint", "transparent": False},
]


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
    scene_rng = rng_for(job.seed, "spheres")
    centres = np.column_stack([scene_rng.uniform(2, 6, 5), scene_rng.uniform(-2, 2, 5), np.zeros(5)])
    radii = scene_rng.uniform(0.2, 0.6, 5)
    centres[:, 2] = radii
    colours = scene_rng.uniform(40, 230, (7, 3))

    camera = camera_of(view)
    view_rng = rng_for(job.seed, "view", view.view)
    rotation = camera_rotation(float(view_rng.uniform(-15, 15)), float(view_rng.uniform(-12, -4)))
    pose = world_from_camera(np.array([0.0, 0.0, 1.4]), rotation)
    rays = camera.rays() @ rotation.T
    origin = pose[:3, 3]

    with np.errstate(divide="ignore"):
        depth = np.where(rays[..., 2] < 0, -origin[2] / rays[..., 2], np.inf)
    depth[depth > FLOOR_END_M] = np.inf
    instance = np.where(np.isfinite(depth), 1, 0)
    normal_world = np.zeros_like(rays)
    normal_world[instance == 1] = (0.0, 0.0, 1.0)
    surfaces = [(depth, instance)]
    for index, (centre, radius) in enumerate(zip(centres, radii)):
        a, b = (rays**2).sum(-1), rays @ (origin - centre)
        discriminant = b**2 - a * (((origin - centre) ** 2).sum() - radius**2)
        t = np.where(discriminant >= 0, (-b - np.sqrt(np.maximum(discriminant, 0))) / a, np.inf)
        far = np.where(discriminant >= 0, (-b + np.sqrt(np.maximum(discriminant, 0))) / a, np.inf)
        surfaces += [(np.where(each > 0, each, np.inf), np.full(t.shape, index + 2)) for each in (t, far)]
        nearer = (t > 0) & (t < depth)
        depth = np.where(nearer, t, depth)
        instance = np.where(nearer, index + 2, instance)
        normal_world[nearer] = ((origin + t[..., None] * rays - centre) / radius)[nearer]

    semantic = np.full(instance.shape, CLASSES[SKY].id)
    semantic[instance == 1] = CLASSES["ground"].id
    semantic[instance > 1] = CLASSES["object"].id
    light = 0.35 + 0.65 * np.clip(normal_world @ np.array([0.3, 0.2, 0.93]), 0, 1)
    rgb = np.where(instance[..., None] > 0, colours[instance] * light[..., None], (150, 190, 235))
    hit = np.isfinite(depth)[..., None]
    arrays = {
        "rgb": rgb.astype(np.uint8),
        "depth": depth.astype(np.float32),
        "normal": (normal_world @ rotation).astype(np.float32),
        "instance": instance.astype(np.uint32),
        "semantic": semantic.astype(np.uint16),
        "distance": distance_from_depth(camera, depth.astype(np.float32)),
        "position": np.where(hit, origin + np.where(hit, depth[..., None], 0) * rays, np.inf).astype(
            np.float32
        ),
        "material": np.minimum(instance, 2).astype(np.uint16),
    }
    if job.truth.layers:
        arrays.update(_layers(surfaces, job.truth.layers))
    names = [Instance(1, "ground", "ground")]
    names += [Instance(index + 2, f"sphere.{index:03d}", "object") for index in range(5)]
    return FrameBundle(
        scene=job.scene,
        view=view.view,
        split=job.split,
        camera=camera,
        world_from_camera=pose,
        channels={name: arrays[name] for name in job.channels},
        instances=tuple(names),
        meta={
            **({"materials": MATERIALS} if "material" in job.channels else {}),
            "exposure": {"scale": 1.0, "ev": 0.0, "tone_curve": "none"},
            "sampled": {"scene": dict(job.params), "camera": dict(view.camera)},
            "hashes": {"job": job.job_hash},
            "versions": {"synthgen": __version__, "renderer": "analytic"},
        },
    )


def _layers(surfaces: list[tuple[np.ndarray, np.ndarray]], count: int) -> dict[str, np.ndarray]:
    depth = np.stack([each for each, _ in surfaces], axis=-1)
    ids = np.stack([np.where(np.isfinite(each), label, 0) for each, label in surfaces], axis=-1)
    order = np.argsort(depth, axis=-1, kind="stable")[..., :count]
    return {
        "depth_layers": np.take_along_axis(depth, order, axis=-1).astype(np.float32),
        "instance_layers": np.take_along_axis(ids, order, axis=-1).astype(np.uint32),
    }


def analytic_job(scene: int = 0, views: int = 2, width: int = 64, height: int = 48, split: str = "train",
                 channels: tuple[str, ...] = ("rgb", "depth", "normal", "instance", "semantic"),
                 seed: int = 7) -> SceneJob:  # fmt: skip
    """A small job for `AnalyticRenderer`."""
    return SceneJob.make(
        scene=scene,
        split=split,
        seed=seed * 1000 + scene,
        family="analytic",
        params={"kind": "analytic"},
        views=tuple(
            ViewJob(
                view=index, camera={"kind": "perspective", "width": width, "height": height, "fov_deg": 70.0}
            )
            for index in range(views)
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
        channels=channels,
        truth=TruthJob(layers=LAYERS if any(CHANNELS[name].layered for name in channels) else 0),
    )
