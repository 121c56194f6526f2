"""`build_scene_file`: a scene file becomes a built scene, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import bpy
import numpy as np

from synthgen.blender.scene_file.cameras import cameras_of
from synthgen.blender.scene_file.evaluated import seen_by_render
from synthgen.blender.scene_file.lighting import check_lit, light_by_field, take_lights
from synthgen.blender.scene_file.missing import (
    check_libraries,
    check_textures,
    drivers_not_run,
    forget_file,
)
from synthgen.blender.scene_file.naming import (
    UNKNOWN,
    Group,
    Placements,
    Source,
    class_of,
    group_of,
    unique_names,
)
from synthgen.blender.scene_file.region import (
    describe_region,
    named_points,
    region_above_floor,
    region_of_box,
    region_of_points,
)
from synthgen.blender.scene_file.surfaces import Shown, real_object, shown_by
from synthgen.blender.stage.stage import BuiltScene, CameraRegion, Stage
from synthgen.errors import DataError, RenderError
from synthgen.frame.bundle import Instance
from synthgen.recipe.scene_file import SceneFileSpec

NEAR = 1e-5
"""Copies of things that lie this share of the scene's extent apart are in one place."""


def build_scene_file(
    stage: Stage, spec: SceneFileSpec, seed: int, open_file: Callable[[SceneFileSpec], bpy.types.Scene]
) -> BuiltScene:
    """Put what the render of a file shows on the stage.

    Parameters
    ----------
    stage : an empty stage
    spec : the family's `Spec` with every value drawn
    seed : decides what light falls in, if it is not that of the file
    open_file : reads the file into a scene of its own

    Raises
    ------
    RenderError
        When the file cannot be used; the message begins with its name.
    """
    try:
        return _build(stage, spec, seed, open_file)
    except RenderError as error:
        raise RenderError(f"{Path(spec.path).name}: {error}") from None


def _build(
    stage: Stage, spec: SceneFileSpec, seed: int, open_file: Callable[[SceneFileSpec], bpy.types.Scene]
) -> BuiltScene:
    _check_unchanged(spec)
    file_scene = open_file(spec)
    check_libraries()
    not_run = drivers_not_run()
    frame = file_scene.frame_current if spec.frame is None else int(spec.frame)
    unit_m = _unit_m(file_scene, spec)
    (shown, lamps), cameras = seen_by_render(
        file_scene, frame, lambda depsgraph: (shown_by(depsgraph), cameras_of(depsgraph, unit_m))
    )
    surfaces = [each for each in shown if each.is_surface]
    if not surfaces:
        raise RenderError("shows no surface: no mesh, curve or text that its render would show")
    world = file_scene.world
    if spec.light == "file":
        check_lit(lamps, world, [each.data for each in surfaces])
        take_lights(stage, lamps, world, unit_m)
    field = light_by_field(stage, seed) if spec.light == "ours" else None
    unknown, names = _add_objects(stage, spec, file_scene, shown, unit_m)
    points = _named_points(spec, file_scene, unit_m)
    forget_file(file_scene)
    for made, name in names.items():  # which the file's own objects had until now
        made.name = name
    check_textures()
    bpy.context.view_layer.update()
    region = _region(stage, spec, points)
    sampled = {
        "frame": frame,
        "unit_m": unit_m,
        "objects": len(shown),
        "cameras": [camera.name for camera in cameras],
        "camera_region": describe_region(region),
        "of_no_class": unknown,
        "drivers_not_run": not_run,
    }
    return BuiltScene(region, sampled | ({"light": field} if field else {}), cameras)


def _add_objects(
    stage: Stage, spec: SceneFileSpec, file_scene: bpy.types.Scene, shown: Sequence[Shown], unit_m: float
) -> tuple[list[str], dict[bpy.types.Object, str]]:
    """Put everything shown on the stage.

    Returns
    -------
    The names of what no class was given for, and what each object is to be called.
    """
    groups = _groups(spec, file_scene, shown)
    instances: dict[Group, Instance] = {}
    unknown: set[str] = set()
    different = list(dict.fromkeys(group for group in groups if group is not None))
    for group, name in zip(different, unique_names(different)):
        class_name = class_of(group.labels, spec.class_of)
        if class_name is None:
            unknown.add(group.labels[0])
        instances[group] = stage.instance(class_name or UNKNOWN, name)
    root = bpy.data.objects.new("file", None)
    root.scale = (unit_m, unit_m, unit_m)
    stage.scene.collection.objects.link(root)
    names: dict[bpy.types.Object, str] = {}
    for each, group in zip(shown, groups):
        name = each.original.name if group is None else instances[group].name
        made = real_object(each, name, root)
        names[made] = name
        if group is None:
            stage.scene.collection.objects.link(made)
        else:
            stage.add_object(made, instances[group])
    return sorted(unknown), names


def _groups(spec: SceneFileSpec, file_scene: bpy.types.Scene, shown: Sequence[Shown]) -> list[Group | None]:
    """The instance of each surface; None for volumes, which are no surfaces."""
    sources = _Sources(file_scene, spec.ids.property)
    extent = max(float(np.abs(each.matrix[:3, 3]).max()) for each in shown)
    placements = Placements(NEAR * max(extent, 1.0))
    groups: list[Group | None] = []
    for each in shown:
        if not each.is_surface:
            groups.append(None)
            continue
        placer = sources.of(each.placer) if each.placer else None
        place = placements.number(placer.name, each.moved) if placer else 0
        groups.append(group_of(sources.of(each.original), placer, place, spec.ids.by))
    return groups


class _Sources:
    """What objects of a file are called, and what they are part of."""

    def __init__(self, file_scene: bpy.types.Scene, property_name: str | None) -> None:
        self._property = property_name
        self._above = {
            child: each for each in bpy.data.collections for child in each.children
        }  # the last one counts, where a collection is in several
        self._top = file_scene.collection
        self._known: dict[bpy.types.Object, Source] = {}

    def of(self, made: bpy.types.Object) -> Source:
        if made not in self._known:
            chain = [made]
            while chain[-1].parent is not None:
                chain.append(chain[-1].parent)
            parents = tuple(each.name for each in chain[1:])
            self._known[made] = Source(made.name, parents, self._collections(made), self._value(chain))
        return self._known[made]

    def _collections(self, made: bpy.types.Object) -> tuple[str, ...]:
        within = next((each for each in made.users_collection if each != self._top), None)
        names = []
        while within is not None and len(names) < len(bpy.data.collections):
            names.append(within.name)
            within = self._above.get(within)
        return tuple(names)

    def _value(self, chain: Sequence[bpy.types.Object]) -> str | None:
        if self._property is None:
            return None
        return next((str(each[self._property]) for each in chain if self._property in each), None)


def _region(stage: Stage, spec: SceneFileSpec, points: np.ndarray | None) -> CameraRegion:
    wanted = spec.camera_region
    if wanted is not None and wanted.min_m is not None:
        return region_of_box(wanted.min_m, wanted.max_m)
    if points is not None:
        return region_of_points(points)
    return region_above_floor(stage.scene.objects)


def _named_points(spec: SceneFileSpec, file_scene: bpy.types.Scene, unit_m: float) -> np.ndarray | None:
    if spec.camera_region is None or spec.camera_region.min_m is not None:
        return None
    return named_points(file_scene, spec.camera_region.model_dump(), unit_m)


def _unit_m(file_scene: bpy.types.Scene, spec: SceneFileSpec) -> float:
    """Metres of one unit of the file."""
    if spec.unit_m is not None:
        return float(spec.unit_m)
    units = file_scene.unit_settings
    return 1.0 if units.system == "NONE" else round(float(units.scale_length), 9)


def _check_unchanged(spec: SceneFileSpec) -> None:
    path = Path(spec.path)
    try:
        found = _fingerprint(type(spec), path, _states_near(path))
    except OSError as error:
        raise RenderError(f"cannot be read at {path} ({error.strerror})") from None
    except DataError as error:
        raise RenderError(str(error)) from None
    if found != spec.sha256:
        raise RenderError(
            "is not what it was when this was planned (its SHA-256 has changed): bring the old file back, or "
            "start over with --overwrite"
        )


def _states_near(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of a file and of all that lies beside it or in folders beside it."""
    path.stat()
    files = sorted([*path.parent.glob("*"), *path.parent.glob("*/*")])
    states = [(str(file), file.stat()) for file in files if file.is_file()]
    return tuple((name, state.st_mtime_ns, state.st_size) for name, state in states)


@lru_cache(maxsize=8)
def _fingerprint(spec: type[SceneFileSpec], path: Path, _states: tuple[tuple[str, int, int], ...]) -> str:
    """The fingerprint of a file, calculated anew only where something near it is another."""
    return spec.fingerprint(path)
