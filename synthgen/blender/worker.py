"""`BlenderRenderer`: the single entry point of this room. A worker makes one and feeds it jobs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence

import bpy

from synthgen.blender.assets.shelf import AssetShelf
from synthgen.blender.bump import remove_bump
from synthgen.blender.contacts import check_contacts
from synthgen.blender.materials import number_materials
from synthgen.blender.motion import place_moving
from synthgen.blender.objects import object_frames
from synthgen.blender.passes import prepare_passes
from synthgen.blender.path import find_path
from synthgen.blender.scene_checks import check_scene
from synthgen.blender.session import BlenderSession
from synthgen.blender.shot import MovingBall, Place, Shot, Still, baseline_of, shots_of
from synthgen.blender.stage.stage import Stage
from synthgen.blender.stopwatch import Stopwatch
from synthgen.blender.view import Built, ViewRenderer
from synthgen.blender.viewpoint import Viewpoint, find_viewpoint, seen_from
from synthgen.errors import RenderError
from synthgen.frame.bundle import RenderedView
from synthgen.frame.channels import CHANNELS
from synthgen.frame.classes import class_table
from synthgen.plan.jobs import SceneJob, ViewJob
from synthgen.recipe.cameras import FROM_FILE, PLANAR_FRAME
from synthgen.recipe.families import add_scene_paths, family_builder, family_spec, scene_classes
from synthgen.seeding import rng_for


class BlenderRenderer:
    """Renders scene jobs with Cycles, one after the other, each in an emptied Blender.

    Parameters
    ----------
    device : auto, cpu, cuda, optix, hip, metal or oneapi
    threads : CPU threads of Cycles; 0 takes all cores
    scene_paths : folders with a user's own scene families
    now : what the seconds of a view are told by
    """

    def __init__(
        self,
        device: str = "auto",
        threads: int = 0,
        scene_paths: Sequence[str] = (),
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._now = now
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
            When the scene cannot be built, its things meet wrongly, no camera place is found or Cycles
            reports an error.
        """
        clock = Stopwatch(self._now)
        with clock("build"):
            built = self._build(job)
        if job.truth.contacts == "checked":
            with clock("contacts"):
                check_contacts(built.stage.instances, built.stage.contacts, built.depsgraph, job.seed)
        _check_lenses(job, built)
        views = ViewRenderer(job, built, self._scratch.name, clock, self._session.version)
        asked, taken = {view.view for view in job.asked_views}, []
        for together in shots_of(job.views):
            with clock("viewpoint"):  # of every shot, since a place depends on the earlier ones
                shot = Shot(together, _place(built, together[0], job.seed, taken))
                taken.append(shot.place.viewpoint)
            for view in together:
                if view.view in asked:
                    bundle = views.render(shot, view)
                    yield RenderedView(bundle, clock.take())

    def _build(self, job: SceneJob) -> Built:
        scene = self._session.reset()
        spec = family_spec(job.family).model_validate(job.params)
        classes = class_table(scene_classes(job.params))
        stage = Stage(scene, tuple(classes), AssetShelf(job.assets, job.asset_roots))
        try:
            described = family_builder(job.family)(stage, spec, job.seed)
        except SystemExit as ended:  # it must not end the worker, and the run with it
            raise RenderError(f"the builder of '{job.family}' called sys.exit({ended.code})") from None
        check_scene(scene, stage.instances)
        if job.truth.geometry == "exact":
            remove_bump(bpy.data.materials)
        materials = number_materials(scene)
        prepare_passes(scene)
        depsgraph = bpy.context.evaluated_depsgraph_get()
        needed = stage.moving or job.truth.objects != "none"
        frames = object_frames(scene, stage, depsgraph) if needed else {}
        return Built(scene, depsgraph, stage, described, classes, materials, frames)

    def close(self) -> None:
        """Remove the scratch folder."""
        self._scratch.cleanup()


def _check_lenses(job: SceneJob, built: Built) -> None:
    """Refuse planar depth of a file's camera for which it means nothing; of others the recipe was refused."""
    planar = [name for name in job.channels if CHANNELS[name].frame == PLANAR_FRAME]
    for view in job.views:
        if planar and view.camera["kind"] == FROM_FILE and not built.camera_of(view).planar:
            raise RenderError(
                f"camera '{built.own_camera(view).name}' of the scene file has no planar depth "
                f"({', '.join(planar)}); ask for the channel distance instead"
            )


def _place(built: Built, first: ViewJob, seed: int, taken: Sequence[Viewpoint]) -> Place:
    """Where the camera of a shot is, from its first view; what moves is where it starts."""
    place_moving(built.stage, 0.0)
    if first.camera["kind"] == FROM_FILE:
        return Still(seen_from(built.own_camera(first).world_from_camera))
    where = (
        built.scene,
        built.depsgraph,
        built.described.camera_region,
        built.camera_of(first),
        first.camera["placement"],
    )
    rng = rng_for(seed, "viewpoint", first.view)
    baseline_m = baseline_of(first)
    if "trajectory" not in first.camera:
        return Still(find_viewpoint(*where, rng, taken, baseline_m))
    trajectory = first.camera["trajectory"]
    moving = built.stage.moving
    balls = [MovingBall(built.frames[number], moving[number]) for number in moving if number in built.frames]
    return find_path(*where, trajectory, trajectory["frames"], rng, taken, balls, baseline_m)
