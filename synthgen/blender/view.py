"""One view of a built scene: truth, colour and metadata as a `FrameBundle`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import bpy
import numpy as np

from synthgen import __version__
from synthgen.blender.amodal import amodal_masks
from synthgen.blender.camera import set_camera
from synthgen.blender.channels import layer_channels, normals_facing, truth_channels, validity_channel
from synthgen.blender.colour import render_colour
from synthgen.blender.depth_of_field import depth_of_field, middle_depth
from synthgen.blender.materials import MaterialTable
from synthgen.blender.motion import motion_blur, place_moving
from synthgen.blender.scene_rays import SceneRays
from synthgen.blender.shading_normal import render_shading_normal
from synthgen.blender.shot import Shot
from synthgen.blender.stage.stage import BuiltScene, OwnCamera, Stage
from synthgen.blender.stopwatch import Stopwatch
from synthgen.blender.subpixel import pixel_footprint
from synthgen.blender.truth import RaySurfaces, SurfaceTruth, first_opaque
from synthgen.blender.view_score import backface_ratio
from synthgen.errors import RenderError, unknown_name
from synthgen.frame.bundle import FrameBundle
from synthgen.frame.checks import depth_statistics
from synthgen.frame.classes import SemanticClass
from synthgen.frame.exposure import Exposure, expose
from synthgen.frame.flow import Seen, disparity, flow_to, occlusion
from synthgen.frame.intrinsics import INTRINSICS, ColourParts, intrinsic_channels
from synthgen.frame.objects import ObjectFrame, object_rows
from synthgen.frame.shots import (
    DIRECTIONS,
    moved_instances,
    moving_meta,
    neighbour_times,
    neighbours_meta,
    rig_meta,
    shot_meta,
)
from synthgen.geometry.camera import Camera
from synthgen.geometry.warp import resample, source_camera
from synthgen.plan.cameras import camera_of
from synthgen.plan.jobs import SceneJob, TruthJob, ViewJob
from synthgen.recipe.cameras import FROM_FILE
from synthgen.seeding import rng_for, seed_for

FLOW = ("flow_forward", "flow_backward", "occlusion_forward", "occlusion_backward")
LIGHT = ("hdr", *INTRINSICS)


@dataclass(frozen=True, slots=True)
class Built:
    """A built scene and what all of its views need.

    Attributes
    ----------
    frames : of each instance, where it is at rest; empty unless the metadata tells of objects
    """

    scene: bpy.types.Scene
    depsgraph: bpy.types.Depsgraph
    stage: Stage
    described: BuiltScene
    classes: Mapping[str, SemanticClass]
    materials: MaterialTable
    frames: Mapping[int, ObjectFrame]

    def camera_of(self, view: ViewJob) -> Camera:
        """The camera of a view: the plan has it, or the scene file.

        Raises
        ------
        RenderError
            When the file has no such camera, or one that we have no model of.
        """
        if view.camera["kind"] != FROM_FILE:
            return camera_of(view)
        return self.own_camera(view).lens(view.camera["width"], view.camera["height"])

    def own_camera(self, view: ViewJob) -> OwnCamera:
        """The camera of the scene file that a view is seen through. Raises `RenderError` when it has none."""
        cameras, name, index = self.described.cameras, view.camera.get("camera"), view.camera["index"]
        names = [camera.name for camera in cameras]
        if not cameras:
            raise RenderError("the scene file has no camera; take another kind, such as perspective")
        if name is not None and name not in names:
            raise RenderError(unknown_name("camera of the scene file", name, names))
        if name is None and index >= len(cameras):
            raise RenderError(
                f"view {view.view} asks for camera {index + 1} of the scene file, which has {len(cameras)} "
                f"({', '.join(names)}); set views to {len(cameras)}"
            )
        return cameras[names.index(name) if name is not None else index]

    def frames_at(self, time_s: float) -> dict[int, ObjectFrame]:
        """Where each instance is at a time."""
        moving = self.stage.moving
        return {
            number: frame.moved(moving[number].world_from_rest(time_s)) if number in moving else frame
            for number, frame in self.frames.items()
        }


@dataclass(slots=True)
class ViewRenderer:
    """Renders the views of one scene. A view is the same whichever others are rendered.

    Parameters
    ----------
    scratch : folder for Blender's output
    clock : where the seconds go
    bpy_version : for the metadata
    """

    job: SceneJob
    built: Built
    scratch: str
    clock: Stopwatch
    bpy_version: str
    _exposures: dict[int, Exposure] = field(default_factory=dict)
    _frames: dict[tuple[int, str, int], RaySurfaces] = field(default_factory=dict)

    def render(self, shot: Shot, view: ViewJob) -> FrameBundle:
        """Truth first, then colour: what blurs the colour is never there during the truth."""
        job, camera = self.job, self.built.camera_of(view)
        pose = shot.world_from_camera(view, view.time_s)
        meta = self._meta(shot, view, pose)
        arrays, truth = self._truth(shot, view, camera, pose, meta)
        if set(FLOW) & set(job.channels):
            arrays |= self._flow(shot, view, self._seen(truth, camera, pose), meta)
        if {"rgb", *LIGHT} & set(job.channels):
            arrays |= self._light(shot, view, camera, meta)
        meta["statistics"] = depth_statistics(arrays["depth"][camera.rays().any(axis=-1)])
        if view.camera["kind"] == FROM_FILE:  # nobody looked whether it stands in the open
            rays = SceneRays(self.built.depsgraph)
            meta["statistics"]["backface_ratio"] = backface_ratio(rays, pose, camera)
        return FrameBundle(
            scene=job.scene,
            view=view.view,
            split=job.split,
            camera=camera,
            world_from_camera=pose,
            channels={name: arrays[name] for name in job.channels},
            instances=tuple(self.built.stage.instances),
            meta=meta,
        )

    def _meta(self, shot: Shot, view: ViewJob, pose: np.ndarray) -> dict[str, Any]:
        job = self.job
        meta: dict[str, Any] = {
            "sampled": {
                "scene": dict(job.params),
                "seed": job.seed,
                "built": dict(self.built.described.sampled),
                "camera": dict(view.camera),
                "render": job.render.model_dump(),
            },
            "hashes": {"job": job.job_hash},
            "versions": {"synthgen": __version__, "bpy": self.bpy_version},
            **self.built.stage.assets.to_json(),
        }
        if job.truth != TruthJob():
            meta["sampled"]["truth"] = job.truth.model_dump()
        if {"material", "validity"} & set(job.channels):
            meta["materials"] = self.built.materials.to_json()
        if view.shot is not None:
            meta["shot"] = shot_meta(view.shot, view.frame, shot.frames, shot.fps, view.time_s, view.eye)
        if view.eye != "mono":
            meta["rig"] = rig_meta(view.view, view.eye, shot.baseline_m, pose)
        if shot.fps and self.built.stage.moving:
            times = (view.time_s, *neighbour_times(view.frame, shot.fps).values())
            frames = [self.built.frames_at(time_s) for time_s in times]
            meta["moving"] = [
                moving_meta(number, *(each[number].world_from_object for each in frames))
                for number in sorted(self.built.stage.moving.keys() & self.built.frames)
            ]
        return meta

    def _truth(
        self, shot: Shot, view: ViewJob, camera: Camera, pose: np.ndarray, meta: dict[str, Any]
    ) -> tuple[dict[str, np.ndarray], SurfaceTruth]:
        """All channels that need neither light nor another moment, and the surface that they show."""
        job, built = self.job, self.built
        place_moving(built.stage, view.time_s)
        with self.clock("truth"):
            surfaces = self._surfaces(shot, view, view.frame, view.time_s)
            layers = surfaces.first(job.truth.layers)
            truth = self._shown(surfaces)
        with self.clock("convert"):
            arrays = truth_channels(
                truth, camera, pose, built.stage.instances, built.classes, built.materials, job.channels
            )
            if layers:
                arrays |= layer_channels(layers)
            if "disparity" in job.channels:
                arrays["disparity"] = disparity(camera, truth.depth, shot.baseline_m)
        if job.truth.subpixel:
            with self.clock("subpixel"):
                footprint = pixel_footprint(truth, camera, pose, job.truth.subpixel, self._fine(pose))
                arrays["edge"] = footprint.edge
                arrays["validity"] = validity_channel(
                    truth, surfaces.layer(0), footprint.mixed, built.materials, job.truth.far_m
                )
        if "shading_normal" in job.channels:
            with self.clock("shading_normal"):
                arrays["shading_normal"] = self._shading_normal(view, truth, camera, pose)
        if job.truth.objects != "none":
            with self.clock("objects"):
                meta["objects"] = self._objects(view, truth, camera, pose)
        return arrays, truth

    def _surfaces(self, shot: Shot, view: ViewJob, frame: int, time_s: float) -> RaySurfaces:
        """What the eye of a view sees at a frame of its shot; kept, since it is asked for again.

        Flow looks at the frames before and after; the right eye focuses on what the left one sees.
        """
        key = shot.views[0].view, view.eye, frame
        if key not in self._frames:
            reach = 2 if set(FLOW) & set(self.job.channels) else 0
            for old in [each for each in self._frames if each[0] != key[0] or abs(each[2] - frame) > reach]:
                del self._frames[old]
            camera, pose = self.built.camera_of(view), shot.world_from_camera(view, time_s)
            self._frames[key] = RaySurfaces(
                self.built.scene, camera, pose, self.scratch, oversample_of(view),
                prepare=partial(place_moving, self.built.stage, time_s),
            )  # fmt: skip
        return self._frames[key]

    def _shown(self, surfaces: RaySurfaces) -> SurfaceTruth:
        """The surface that the recipe's `truth.surface` names."""
        if self.job.truth.surface == "first_opaque":
            return first_opaque(surfaces, self.built.materials)
        return surfaces.layer(0)

    def _fine(self, pose: np.ndarray) -> Callable[[Camera, slice], SurfaceTruth]:
        """Renders some rows of a finer camera."""
        return lambda camera, rows: self._shown(
            RaySurfaces(self.built.scene, camera, pose, self.scratch, rows=rows)
        )

    def _shading_normal(
        self, view: ViewJob, truth: SurfaceTruth, camera: Camera, pose: np.ndarray
    ) -> np.ndarray:
        table, through = self.built.materials, []
        if self.job.truth.surface == "first_opaque":
            through = [name for name, clear in zip(table.names, table.transparent[1:]) if clear]
        return render_shading_normal(
            self.built.scene, self.scratch, camera, pose, truth.normal_world, truth.depth, truth.hit,
            oversample_of(view), [bpy.data.materials[name] for name in through],
        )  # fmt: skip

    def _objects(
        self, view: ViewJob, truth: SurfaceTruth, camera: Camera, pose: np.ndarray
    ) -> list[dict[str, object]]:
        """Boxes and poses of the objects, and how much of each is hidden."""
        frames = self.built.frames_at(view.time_s)
        if self.job.truth.objects == "boxes":
            return object_rows(truth.instance, frames, pose)
        masks = amodal_masks(
            self.built.scene, self.scratch, camera, pose, frames, truth.instance, oversample_of(view)
        )
        return object_rows(truth.instance, frames, pose, masks, self.job.truth.objects == "amodal_masks")

    def _seen(self, truth: SurfaceTruth, camera: Camera, pose: np.ndarray) -> Seen:
        return Seen(camera, pose, truth.depth, normals_facing(truth, camera, pose), truth.instance)

    def _flow(self, shot: Shot, view: ViewJob, here: Seen, meta: dict[str, Any]) -> dict[str, np.ndarray]:
        """Where everything goes until the frame after, where it comes from, and what hides it there."""
        times = neighbour_times(view.frame, shot.fps)
        poses = {direction: shot.world_from_camera(view, times[direction]) for direction in DIRECTIONS}
        meta["neighbours"] = neighbours_meta(times, poses)
        arrays = {}
        for direction, step in zip(DIRECTIONS, (1, -1)):
            moved = moved_instances(meta.get("moving", ()), direction)
            with self.clock("convert"):
                arrays[f"flow_{direction}"] = flow_to(
                    here.camera,
                    here.depth,
                    here.world_from_camera,
                    here.camera,
                    poses[direction],
                    here.instance,
                    moved,
                )
            if f"occlusion_{direction}" in self.job.channels:
                with self.clock("truth"):
                    there = self._shown(self._surfaces(shot, view, view.frame + step, times[direction]))
                with self.clock("convert"):
                    seen = self._seen(there, here.camera, poses[direction])
                    arrays[f"occlusion_{direction}"] = occlusion(here, seen, moved)
        return arrays

    def _light(
        self, shot: Shot, view: ViewJob, camera: Camera, meta: dict[str, Any]
    ) -> dict[str, np.ndarray]:
        """Colour, and its parts in linear light."""
        blur = self._lens_blur(shot, view)
        if blur:
            meta["depth_of_field"] = blur
        with self.clock("colour"):
            parts = self._colour(shot, view, blur)
        if view is shot.views[0]:
            self._exposures[view.view] = self._exposure(shot, camera, parts.linear)
        exposure = self._exposure_of(shot)
        meta["exposure"] = exposure.to_json()
        with self.clock("convert"):
            return intrinsic_channels(parts) | {"rgb": exposure.picture(parts.linear)}

    def _exposure_of(self, shot: Shot) -> Exposure:
        """Exposure and white balance of a shot are those of its first view: both eyes' and all frames'."""
        first = shot.views[0]
        if first.view not in self._exposures:
            blur = self._lens_blur(shot, first)
            with self.clock("colour"):
                linear = self._colour(shot, first, blur).linear
            self._exposures[first.view] = self._exposure(shot, self.built.camera_of(first), linear)
        return self._exposures[first.view]

    def _exposure(self, shot: Shot, camera: Camera, linear: np.ndarray) -> Exposure:
        render, seen = (
            self.job.render,
            camera.rays().any(axis=-1),
        )  # not the corners around a fisheye's circle
        rng = rng_for(self.job.seed, "white_balance", shot.views[0].view)
        return expose(linear[seen], rng, render.tone_curve, render.exposure_ev, render.white_balance_kelvin)

    def _lens_blur(self, shot: Shot, view: ViewJob) -> dict[str, float | None]:
        """`f_stop` and `focus_m` of a view, None where nothing blurs; empty where there is no depth of field.

        Both eyes focus on what is in the middle of the left one's view.
        """
        settings = view.camera.get("depth_of_field")
        if settings is None:
            return {}
        focus_m = settings.get("focus_m")
        if focus_m is None:
            left = next(each for each in shot.views if each.frame == view.frame)
            with self.clock("truth"):
                focus_m = middle_depth(self._shown(self._surfaces(shot, left, left.frame, left.time_s)).depth)
        return {"f_stop": settings["f_stop"], "focus_m": focus_m}

    def _colour(self, shot: Shot, view: ViewJob, blur: dict[str, float | None]) -> ColourParts:
        """Linear light; of a lens that Cycles lacks, resampled from one that it has.

        Parameters
        ----------
        blur : `_lens_blur`
        """
        job, scene, stage = self.job, self.built.scene, self.built.stage
        camera = self.built.camera_of(view)
        lens = source_camera(camera, 1) or camera
        place_moving(stage, view.time_s)
        world_from_camera = partial(shot.world_from_camera, view)
        set_camera(scene, lens, world_from_camera(view.time_s))
        seed = seed_for(job.seed, "cycles", view.view)
        with ExitStack() as blurred:
            if blur:
                blurred.enter_context(depth_of_field(scene, **blur))
            if shot.open_s:
                blurred.enter_context(motion_blur(scene, stage, world_from_camera, view.time_s, shot.open_s))
            parts = render_colour(
                scene, job.render, seed, self.scratch, bool(set(INTRINSICS) & set(job.channels))
            )
        return _within(parts, camera) if lens is camera else _resampled(parts, camera, lens)


def _within(parts: ColourParts, camera: Camera) -> ColourParts:
    """The parts of a picture, black where the lens sees nothing: around a fisheye's circle."""
    seen = camera.rays().any(axis=-1, keepdims=True)
    if seen.all():
        return parts
    cut = (None if part is None else part * seen for part in (parts.linear, parts.albedo, parts.illumination))
    return ColourParts(*cut)


def _resampled(parts: ColourParts, camera: Camera, lens: Camera) -> ColourParts:
    """The parts of a picture through another lens; light is weighted by what reflects it."""
    linear = resample(parts.linear, camera, lens)
    if parts.albedo is None or parts.illumination is None:
        return ColourParts(linear)
    albedo = resample(parts.albedo, camera, lens)
    diffuse = resample(parts.albedo * parts.illumination, camera, lens)
    return ColourParts(linear, albedo, np.divide(diffuse, albedo, np.zeros_like(albedo), where=albedo > 0))


def oversample_of(view: ViewJob) -> int:
    """How much finer the truth of a lens that Cycles lacks is rendered."""
    return int(view.camera.get("oversample", 1))
