"""The wild family: complete over many scenes, different, nothing within another, true in every view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest

from synthgen.geometry.pose import transform_points
from synthgen.plan.draws import resolve
from synthgen.recipe.families import family_builder, family_spec

pytestmark = pytest.mark.blender

SETTINGS = ("room", "landscape", "sky")
SCENES = 51
MM = 1e-3


@pytest.fixture
def built(session) -> Callable:
    """Builds a scene from parameters over the defaults; gives its stage, region and what was drawn."""
    import bpy

    from synthgen.blender.stage.stage import Stage
    from synthgen.frame.classes import class_table

    def build(seed: int, **params: object) -> SimpleNamespace:
        spec = resolve(family_spec("wild").model_validate({"kind": "wild", **params}), seed, "scene")
        scene = session.reset()
        stage = Stage(scene, tuple(class_table(spec.classes)))
        described = family_builder("wild")(stage, spec, seed)
        bpy.context.view_layer.update()
        return SimpleNamespace(
            scene=scene, stage=stage, region=described.camera_region, sampled=described.sampled, override=None
        )

    return build


def things_of(made: SimpleNamespace) -> Iterator[tuple[dict, object]]:
    """What was drawn of each thing, and its object."""
    from synthgen.blender.stage.stage import instance_id

    objects = {instance_id(each): each for each in made.scene.objects}
    for row in made.sampled["things"]:
        yield row, objects[row["instance"]]


def mesh_arrays(thing) -> tuple[np.ndarray, list]:
    """(n, 3) vertices in the world, and the polygons of an object."""
    vertices = np.empty((len(thing.data.vertices), 3), np.float32)
    thing.data.vertices.foreach_get("co", vertices.ravel())
    polygons = [tuple(polygon.vertices) for polygon in thing.data.polygons]
    return transform_points(np.array(thing.matrix_world), vertices.astype(np.float64)), polygons


@pytest.mark.slow
def test_every_kind_and_material_appears_and_no_two_scenes_are_alike(built) -> None:
    import importlib

    from synthgen.blender.scene_checks import check_scene
    from synthgen.seeding import canonical_json

    family_builder("wild")
    kinds = importlib.import_module("synthgen_scenes.wild.things").KINDS
    substances = importlib.import_module("synthgen_scenes.wild.look.substances").SUBSTANCES
    seen, used, scenes, settings = Counter(), Counter(), set(), Counter()
    for seed in range(SCENES):
        made = built(seed)
        check_scene(made.scene, made.stage.instances)
        seen.update(row["kind"] for row in made.sampled["things"])
        used.update(name.partition(":")[0] for name in made.sampled["materials"])
        settings.update([made.sampled["setting"]])
        scenes.add(canonical_json(made.sampled["things"]))
    assert set(kinds) - set(seen) == set()
    assert set(substances) - set(used) == set()
    assert len(substances) >= 35
    assert set(settings) == set(SETTINGS)
    assert len(scenes) == SCENES


@pytest.mark.parametrize("setting", SETTINGS)
def test_nothing_runs_into_anything_else(built, setting: str) -> None:
    from mathutils.bvhtree import BVHTree

    made = built(61, setting=setting, things={"standing": 30, "floating": 20, "piled_share": 0.6})
    trees, arrays, rows = [], [], []
    for row, thing in things_of(made):
        vertices, polygons = mesh_arrays(thing)
        arrays.append((vertices, polygons))
        trees.append(BVHTree.FromPolygons(vertices.tolist(), polygons))
        rows.append(row)
    if setting != "sky":
        assert sum(row["role"] == "piled" for row in rows) >= 5
    meetings = []
    for one, other in combinations(range(len(rows)), 2):
        lower, upper = sorted((one, other), key=lambda i: rows[i]["position_m"][2])
        apart = np.maximum(arrays[one][0].min(axis=0), arrays[other][0].min(axis=0))
        together = np.minimum(arrays[one][0].max(axis=0), arrays[other][0].max(axis=0))
        if (apart > together).any() or not trees[one].overlap(trees[other]):
            continue
        # What lies on something touches it; 1 cm higher up it is clear of it.
        lifted = arrays[upper][0] + (0.0, 0.0, 10 * MM)
        if BVHTree.FromPolygons(lifted.tolist(), arrays[upper][1]).overlap(trees[lower]):
            meetings.append((rows[lower]["kind"], rows[upper]["kind"]))
    assert meetings == []


@pytest.mark.parametrize("setting", ["room", "landscape"])
def test_what_is_piled_rests_on_something_and_what_stands_on_the_ground(built, setting: str) -> None:
    from mathutils.bvhtree import BVHTree

    made = built(62, setting=setting, things={"standing": 30, "floating": 0, "piled_share": 1.0})
    found = [(row, *mesh_arrays(thing)) for row, thing in things_of(made)]
    ground = next(each for each in made.scene.objects if each.name.partition(".")[0] in ("floor", "ground"))
    vertices, polygons = mesh_arrays(ground)
    below = [BVHTree.FromPolygons(vertices.tolist(), polygons)]
    trees = [BVHTree.FromPolygons(vertices.tolist(), polygons) for _, vertices, polygons in found]
    hovering = []
    for index, (row, vertices, polygons) in enumerate(found):
        sunk = BVHTree.FromPolygons((vertices - (0.0, 0.0, 10 * MM)).tolist(), polygons)
        others = trees[:index] + trees[index + 1 :] if row["role"] == "piled" else below
        if not any(sunk.overlap(other) for other in others):
            hovering.append((row["kind"], row["role"]))
    assert len(found) >= 20
    assert hovering == []


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("seed", [81, pytest.param(82, marks=pytest.mark.slow)])
def test_every_view_passes_the_checks(built, tmp_path, setting: str, seed: int) -> None:
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.frame.channels import CHANNELS
    from synthgen.frame.checks import check_channels, material_ids
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe

    path = tmp_path / "wild.yaml"
    path.write_text(f"""\
name: wild
seed: {seed}
scenes: 1
views: 3
scene: {{kind: wild, setting: {setting}}}
cameras: [{{kind: perspective, width: 64, height: 48, fov_deg: 80, placement: {{clearance_m: 0.2}}}}]
render: {{samples: 1, max_bounces: 2}}
channels: [rgb, depth, distance, normal, instance, semantic, shading_normal, edge, validity, albedo, hdr]
""", encoding="utf-8")  # fmt: skip
    renderer = BlenderRenderer("cpu", 2)
    for job in plan_recipe(load_recipe(path)):
        for view in renderer.render(job):
            frame = view.bundle
            known = {each.id for each in frame.instances}
            classes = (
                {row["id"] for row in frame.meta["classes"]} if "classes" in frame.meta else set(range(70))
            )
            assert (
                check_channels(frame.channels, 64, 48, known, classes, material_ids(frame.meta), frame.camera)
                == []
            )
            assert set(frame.channels) <= set(CHANNELS)
            sky = np.isinf(frame.channels["depth"])
            assert len(np.unique(frame.channels["instance"])) > 3
            if setting == "landscape":  # the hills at the rim hide everything below the eyes
                assert not sky[-1].any()
    renderer.close()


@pytest.mark.parametrize(
    "params",
    [
        {"setting": "landscape", "landscape": {"rocks": 0, "plants": 0, "relief_m": 0}},
        {"setting": "landscape", "landscape": {"rocks": 0.008, "plants": 0.01, "relief_m": 80}},
        {"setting": "landscape", "landscape": {"rocks": 1, "plants": 1}, "light": {"environment": "forest"}},
        {"setting": "room", "room": {"width_m": 3, "depth_m": 3, "height_m": 2.4, "windows": 12}},
        {
            "setting": "room",
            "room": {"width_m": 60, "depth_m": 60, "height_m": 20},
            "light": {"time": "night"},
        },
        {"setting": "sky", "things": {"standing": 0, "floating": 3, "smallest_m": 3, "largest_m": 0.02}},
        {"setting": "sky", "things": {"thin_share": 1, "transparent_share": 1, "piled_share": 1}},
    ],
)
def test_the_limits_of_the_recipe_can_be_built(built, params: dict) -> None:
    from synthgen.blender.scene_checks import check_scene

    made = built(95, **params)
    check_scene(made.scene, made.stage.instances)
    for row, thing in things_of(made):
        assert np.isfinite(mesh_arrays(thing)[0]).all()
        assert 0 < row["size_m"] < 400


def test_closed_rooms_are_closed(built, truth_of) -> None:
    from synthgen.geometry.camera import PerspectiveCamera
    from synthgen.geometry.pose import camera_rotation, world_from_camera

    made = built(91, setting="room", room={"windows": 0}, things={"standing": 0, "floating": 0})
    camera = PerspectiveCamera.from_fov(64, 48, 95)
    seen = set()
    for yaw_deg in (20, 110, 200, 290):
        pose = world_from_camera(np.array([0.1, 0.2, 1.5]), camera_rotation(yaw_deg, -8.0))
        truth = truth_of(made, camera, pose)
        assert np.isfinite(truth["depth"]).all()
        seen |= {made.stage.instances[i - 1].class_name for i in np.unique(truth["instance"])}
    assert {"wall", "floor", "ceiling"} <= seen


def test_windows_are_openings_with_frames(built) -> None:
    made = built(92, setting="room", room={"windows": 4, "width_m": 9, "depth_m": 8})
    names = Counter(each.class_name for each in made.stage.instances)
    assert names["window"] == made.sampled["light"]["windows"] == 4


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_moves_keeps_apart_for_all_times(built, setting: str) -> None:
    made = built(93, setting=setting, moving={"count": 6, "speed_m_s": 0.8})
    rows = [(row, thing) for row, thing in things_of(made)]
    moving = [(row, thing) for row, thing in rows if row["role"] == "moving"]
    assert len(moving) >= 4
    assert set(made.stage.moving) == {row["instance"] for row, _ in moving}
    still = np.vstack([mesh_arrays(thing)[0] for row, thing in rows if row["role"] != "moving"])
    for row, thing in moving:
        motion, middle = made.stage.moving[row["instance"]], np.array(row["position_m"])
        vertices, _ = mesh_arrays(thing)
        radius = np.linalg.norm(vertices - middle, axis=1).max()
        assert motion.world_from_rest(0.0) == pytest.approx(np.eye(4))
        for time_s in (0.3, 1.7, 6.1, 250.0):
            place = transform_points(motion.world_from_rest(time_s), middle)
            assert np.linalg.norm(still - place, axis=1).min() > radius - 5 * MM
            assert np.linalg.norm(place - middle) <= np.linalg.norm(motion.sway_m) + 1e-6


def test_textures_follow_the_size_of_things(built) -> None:
    made = built(94, setting="landscape")
    sizes = {row["size_m"]: thing["texture_size"] for row, thing in things_of(made)}
    assert all(value > 0 for value in sizes.values())
    from synthgen.blender.stage.stage import instance_id

    read = {
        node.attribute_name
        for each in made.scene.objects
        if each.type == "MESH" and instance_id(each) > 1
        for slot in each.material_slots
        for node in slot.material.node_tree.nodes
        if node.type == "ATTRIBUTE" and node.attribute_type == "OBJECT"
    }
    assert read == {"texture_size"}
    # Whatever reads the property has it: without it, textures would be divided by nothing.
    for each in made.scene.objects:
        if each.type == "MESH" and any(
            node.type == "ATTRIBUTE" and node.attribute_name == "texture_size"
            for slot in each.material_slots
            for node in slot.material.node_tree.nodes
        ):
            assert each["texture_size"] > 0
