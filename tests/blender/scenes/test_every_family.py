"""What every scene family holds to: scenes from a seed alone, named, closed to surprises, told as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from gltf_files import write_gltf
from usd_files import SUN, write_usd

from synthgen.plan.draws import resolve
from synthgen.recipe.families import family_builder, family_spec

pytestmark = pytest.mark.blender

SCENES = [
    ("indoor", {}),
    ("wild", {"setting": "room"}),
    ("wild", {"setting": "landscape"}),
    ("wild", {"setting": "sky"}),
    ("blend", {"path": "yard.blend"}),
    ("usd", {"path": "yard.usda"}),
    ("gltf", {"path": "yard.glb"}),
]
YARD = [
    ("Ground", (16, 16, 0.2), (0, 0, -0.1)),
    ("Wall", (16, 0.3, 3), (0, 8, 1.5)),
    *((f"Crate{x}{y}", (1, 1, 1.2), (3 * x - 6, 3 * y - 6, 0.6)) for x in (0, 2, 4) for y in (0, 2, 4)),
]
"""What a user's file shows, for the families that read one: boxes, by name, size and centre."""
EVERY_SCENE = pytest.mark.parametrize(
    ("family", "params"), SCENES, ids=[" ".join([family, *params.values()]) for family, params in SCENES]
)


@pytest.fixture
def built(session, params_of) -> Callable:
    """Builds a scene of a family; gives its stage and what the builder returned."""
    import bpy

    from synthgen.blender.stage.stage import Stage
    from synthgen.frame.classes import class_table

    def build(family: str, seed: int, params: dict) -> SimpleNamespace:
        params = params_of(params)
        spec = resolve(family_spec(family).model_validate({"kind": family, **params}), seed, "scene")
        scene = session.reset()
        stage = Stage(scene, tuple(class_table(spec.classes)))
        described = family_builder(family)(stage, spec, seed)
        bpy.context.view_layer.update()
        return SimpleNamespace(scene=scene, stage=stage, spec=spec, described=described)

    return build


@pytest.fixture(scope="module")
def params_of(session, tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict], dict]:
    """Parameters whose `path` leads to a file of the yard."""
    folder = tmp_path_factory.mktemp("files")
    write_usd(folder / "yard.usda", YARD, SUN)
    write_gltf(folder / "yard.glb", YARD)
    _write_blend(folder / "yard.blend")

    def resolved(params: dict) -> dict:
        # Their light is the one thing that a seed decides.
        return (
            {**params, "path": str(folder / params["path"]), "light": "ours"} if "path" in params else params
        )

    return resolved


def _write_blend(path: Path) -> None:
    import blend_files as blend
    import bpy

    blend.empty_file()
    for name, size, centre in YARD:
        blend.box(name, size, centre).data.materials.append(bpy.data.materials.new(name))
        blend.compat.node_tree(bpy.data.materials[name])
    blend.save(path)


def fingerprint(made: SimpleNamespace) -> tuple:
    """Everything that makes a scene this one."""
    import bpy

    meshes = [
        (each.name, each.matrix_world.copy().freeze(), round(sum(v.co.length for v in each.data.vertices), 5))
        for each in made.scene.objects
        if each.type == "MESH"
    ]
    lights = [(each.name, each.data.energy) for each in made.scene.objects if each.type == "LIGHT"]
    materials = [(each.name, len(each.node_tree.nodes)) for each in bpy.data.materials]
    return meshes, lights, materials, dict(made.described.sampled), dict(made.stage.moving)


@EVERY_SCENE
def test_the_seed_decides_everything(built, family: str, params: dict) -> None:
    if "moving" in family_spec(family).model_fields:
        params = {**params, "moving": {"count": 2}}
    first = fingerprint(built(family, 11, params))
    assert fingerprint(built(family, 11, params)) == first
    assert fingerprint(built(family, 12, params))[3] != first[3]


@EVERY_SCENE
def test_a_scene_is_sound(built, family: str, params: dict) -> None:
    import bpy

    from synthgen.blender.scene_checks import check_scene
    from synthgen.seeding import canonical_json

    made = built(family, 13, params)
    check_scene(made.scene, made.stage.instances)
    assert len({each.name for each in made.stage.instances}) == len(made.stage.instances)
    assert {each.class_name for each in made.stage.instances} <= set(made.spec.classes)
    assert canonical_json(made.described.sampled).startswith("{")
    assert made.scene.world is not None or any(each.type == "LIGHT" for each in made.scene.objects)
    for each in made.scene.objects:
        if each.type != "MESH":
            continue
        assert np.isfinite(np.array(each.matrix_world)).all()
        corners = np.array([tuple(corner) for corner in each.bound_box])
        assert np.isfinite(corners).all()
        assert len(each.data.polygons)
        if family != "usd":  # the yard's file has none
            assert len(each.data.materials)
        assert all(each.data.materials)
    for material in bpy.data.materials:
        output = next(node for node in material.node_tree.nodes if node.type == "OUTPUT_MATERIAL")
        assert output.inputs["Surface"].is_linked


@EVERY_SCENE
def test_cameras_have_a_region_with_room_in_it(built, family: str, params: dict) -> None:
    import bpy

    from synthgen.blender.viewpoint import find_viewpoint
    from synthgen.geometry.camera import PerspectiveCamera

    made = built(family, 14, params)
    region = made.described.camera_region
    x, y = np.asarray(region.outline_m).T
    assert (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() > 0  # counter-clockwise
    assert region.ceiling_z_m - region.floor_z_m > 2.0
    placement = {"height_m": 1.4, "clearance_m": 0.25, "pitch_deg": -5.0, "roll_deg": 0.0}
    depsgraph = bpy.context.evaluated_depsgraph_get()
    camera = PerspectiveCamera.from_fov(64, 48, 75)
    taken = []
    for view in range(3):
        rng = np.random.default_rng(view)
        taken.append(find_viewpoint(made.scene, depsgraph, region, camera, placement, rng, taken))
    assert min(view.score for view in taken) > 0.1
