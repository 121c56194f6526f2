"""`BlenderRenderer`: the single entry point of this room. A worker makes one and feeds it jobs."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import bpy

from synthgen import __version__
from synthgen.blender.camera import set_camera
from synthgen.blender.channels import layer_channels, truth_channels
from synthgen.blender.colour import render_colour
from synthgen.blender.materials import MaterialTable, number_materials
from synthgen.blender.passes import prepare_passes
from synthgen.blender.scene_checks import check_scene
from synthgen.blender.session import BlenderSession
from synthgen.blender.stage.stage import BuiltScene, Stage
from synthgen.blender.truth import RaySurfaces, first_opaque
from synthgen.blender.viewpoint import Viewpoint, find_viewpoint
from synthgen.errors import RenderError
from synthgen.frame.bundle import FrameBundle, RenderedView
from synthgen.frame.checks import depth_statistics
from synthgen.frame.classes import SemanticClass, class_table
from synthgen.frame.exposure import automatic_exposure, tone_map
from synthgen.plan.cameras import camera_of
from synthgen.plan.jobs import SceneJob, TruthJob, ViewJob
from synthgen.recipe.families import add_scene_paths, family_builder, family_spec
from synthgen.seeding import rng_for, seed_for


@dataclass(frozen=True, slots=True)
class _Built:
    scene: bpy.types.Scene
    depsgraph: bpy.types.Depsgraph
    stage: Stage
    described: BuiltScene
    classes: dict[str, SemanticClass]
    materials: MaterialTable


class Stopwatch:
    """Seconds by name: `with clock("truth"): ...`, then `clock.take()` hands them over and starts anew."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - started

    def take(self) -> dict[str, float]:
        """The seconds since the last call, by name."""
        seconds, self._seconds = self._seconds, {}
        return seconds


class BlenderRenderer:
    """Renders scene jobs with Cycles, one after the other, each in an emptied Blender.

    Parameters
    ----------
    device : auto, cpu, cuda, optix, hip, metal or oneapi
    threads : CPU threads of Cycles; 0 takes all cores
    scene_paths : folders with a user's own scene families
    """

    def __init__(self, device: str = "auto", threads: int = 0, scene_paths: Sequence[str] = ()) -> None:
        add_scene_paths(scene_paths)
        self._session = BlenderSession(device, threads)
        self._scratch = tempfile.TemporaryDirectory(prefix="synthgen-")
        self.info: dict[str, object] = {
            "renderer": "cycles",
            "bpy": self._session.version,
            "device": self._session.device_type.lower(),
            "threads": threads,
        }

    def render(self, job: SceneJob) -> Iterator[RenderedView]:
        """Build the scene of `job` and yield its views in order.

        Raises
        ------
        RenderError
            When the scene cannot be built, no camera place is found or Cycles reports an error.
        """
        clock = Stopwatch()
        with clock("build"):
            built = self._build(job)
        asked, taken = job.asked_views, []
        for view in job.views:
            with clock("viewpoint"):  # of every view, since a place depends on the earlier ones
                taken.append(_place(built, view, job.seed, taken))
            if view in asked:
                bundle = self._render_view(job, view, built, taken[-1], clock)
                yield RenderedView(bundle, clock.take())

    def _build(self, job: SceneJob) -> _Built:
        scene = self._session.reset()
        spec = family_spec(job.family).model_validate(job.params)
        classes = class_table(spec.classes)
        stage = Stage(scene, tuple(classes))
        try:
            described = family_builder(job.family)(stage, spec, job.seed)
        except SystemExit as ended:  # it must not end the worker, and the run with it
            raise RenderError(f"the builder of '{job.family}' called sys.exit({ended.code})") from None
        check_scene(scene, stage.instances)
        materials = number_materials(scene)
        prepare_passes(scene)
        depsgraph = bpy.context.evaluated_depsgraph_get()
        return _Built(scene, depsgraph, stage, described, classes, materials)

    def _render_view(
        self, job: SceneJob, view: ViewJob, built: _Built, viewpoint: Viewpoint, clock: Stopwatch
    ) -> FrameBundle:
        camera, pose = camera_of(view), viewpoint.world_from_camera
        seen = camera.rays().any(axis=-1)  # all, but for the corners around a fisheye's circle
        with clock("truth"):
            surfaces = RaySurfaces(built.scene, camera, pose, self._scratch.name)
            surfaces.first(job.truth.layers)
            truth = (
                first_opaque(surfaces, built.materials)
                if job.truth.surface == "first_opaque"
                else surfaces.layer(0)
            )
            layers = surfaces.first(job.truth.layers)
        with clock("convert"):
            arrays = truth_channels(
                truth,
                camera,
                pose,
                built.stage.instances,
                built.classes,
                built.materials,
                job.channels,
            )
            if layers:
                arrays.update(layer_channels(layers))
        meta = {
            "statistics": depth_statistics(arrays["depth"][seen]),
            "sampled": {
                "scene": dict(job.params),
                "seed": job.seed,
                "built": dict(built.described.sampled),
                "camera": dict(view.camera),
                "render": job.render.model_dump(),
            },
            "hashes": {"job": job.job_hash},
            "versions": {"synthgen": __version__, "bpy": self._session.version},
        }
        if job.truth != TruthJob():
            meta["sampled"]["truth"] = job.truth.model_dump()
        if "material" in job.channels:
            meta["materials"] = built.materials.to_json()
        if "rgb" in job.channels:
            with clock("colour"):
                set_camera(built.scene, camera, pose)
                noise_seed = seed_for(job.seed, "cycles", view.view)
                linear = render_colour(built.scene, job.render, noise_seed, self._scratch.name).linear
            with clock("convert"):
                scale = automatic_exposure(linear if seen.all() else linear[seen], job.render.exposure_ev)
                arrays["rgb"] = tone_map(linear, scale, job.render.tone_curve)
            meta["exposure"] = {
                "scale": scale,
                "ev": round(math.log2(scale), 2),
                "tone_curve": job.render.tone_curve,
            }
        return FrameBundle(
            scene=job.scene,
            view=view.view,
            split=job.split,
            camera=camera,
            world_from_camera=pose,
            channels={name: arrays[name] for name in job.channels},
            instances=tuple(built.stage.instances),
            meta=meta,
        )

    def close(self) -> None:
        """Remove the scratch folder."""
        self._scratch.cleanup()


def _place(built: _Built, view: ViewJob, seed: int, taken: Sequence[Viewpoint]) -> Viewpoint:
    return find_viewpoint(
        built.scene,
        built.depsgraph,
        built.described.camera_region,
        camera_of(view),
        view.camera["placement"],
        rng_for(seed, "viewpoint", view.view),
        taken,
    )
