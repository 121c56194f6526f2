"""The indoor family: rooms are closed, lit, complete and repeatable; every role has a material."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from synthgen.plan.draws import resolve
from synthgen.recipe.families import family_builder, family_spec

pytestmark = pytest.mark.blender

STYLES = ("scandinavian", "classic", "modern", "rustic")


def part(name: str) -> ModuleType:
    """A module of the family."""
    import importlib

    family_builder("indoor")
    return importlib.import_module(f"synthgen_scenes.indoor.{name}")


@pytest.fixture
def built(session) -> Callable:
    """Builds a room from parameters over the defaults; gives (set, built scene)."""
    from types import SimpleNamespace

    from synthgen.blender.stage.stage import Stage
    from synthgen.frame.classes import class_table

    def build(seed: int, **params: object):
        params = {"architecture": {"opening": 0}} | params  # other rooms have tests of their own
        spec = resolve(family_spec("indoor").model_validate({"kind": "indoor", **params}), seed, "scene")
        scene = session.reset()
        made = SimpleNamespace(
            scene=scene, stage=Stage(scene, tuple(class_table(spec.classes))), override=None
        )
        return made, family_builder("indoor")(made.stage, spec, seed)

    return build


def looking(region, yaw_deg: float) -> np.ndarray:
    """A camera above all furniture, a third into the room, looking along `yaw_deg` and a little down."""
    yaw, down = np.radians(yaw_deg), np.radians(15)
    forward = np.array([np.cos(yaw) * np.cos(down), np.sin(yaw) * np.cos(down), -np.sin(down)])
    right = np.cross(forward, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3, :3] = np.column_stack([right, np.cross(forward, right), forward])
    low, high = region.outline_m.min(axis=0), region.outline_m.max(axis=0)
    pose[:3, 3] = *(low + 0.35 * (high - low)), region.ceiling_z_m - 0.12
    return pose


@pytest.mark.parametrize(
    ("kind", "style"),
    [("living_room", "classic"), ("bedroom", "rustic"), ("hallway", "modern"), ("classroom", "scandinavian"),
     ("attic", "rustic"), ("kitchen", "scandinavian"), ("bathroom", "classic")],
)  # fmt: skip
def test_a_room_is_closed_and_every_pixel_has_an_instance(built, truth_of, kind: str, style: str) -> None:
    from synthgen.blender.scene_checks import check_scene
    from synthgen.geometry.camera import PerspectiveCamera

    made, scene = built(21, style=style, room={"plan": "rectangle", "kind": kind}, windows={"count": 2})
    check_scene(made.scene, made.stage.instances)
    camera = PerspectiveCamera.from_fov(64, 48, 95)
    seen: set[str] = set()
    diagonal = np.hypot(*np.ptp(scene.camera_region.outline_m, axis=0)) + scene.camera_region.ceiling_z_m
    for yaw_deg in (0, 90, 180, 270):
        truth = truth_of(made, camera, looking(scene.camera_region, yaw_deg))
        assert np.isfinite(truth["depth"]).all()  # also through the windows: panes are surfaces
        assert truth["depth"].max() < diagonal
        assert (truth["instance"] > 0).all()
        seen |= {made.stage.instances[i - 1].class_name for i in np.unique(truth["instance"])}
    assert {"wall", "ceiling"} | ({"floor"} if kind != "bathroom" else set()) <= seen
    parts = {"door", "floor"} | ({"skirting"} if kind != "bathroom" else set())
    assert {entry.class_name for entry in made.stage.instances} >= parts
    assert len({entry.name for entry in made.stage.instances}) == len(made.stage.instances)


def test_the_same_seed_gives_the_same_room(built) -> None:
    import bpy

    def fingerprint() -> tuple:
        made, scene = built(31)
        meshes = [
            (o.name, o.matrix_world.copy().freeze(), round(sum(v.co.length for v in o.data.vertices), 6))
            for o in made.scene.objects
            if o.type == "MESH"
        ]
        lights = [(o.name, o.data.energy) for o in made.scene.objects if o.type == "LIGHT"]
        materials = [(m.name, len(m.node_tree.nodes)) for m in bpy.data.materials]
        return meshes, lights, materials, dict(scene.sampled)

    first, second = fingerprint(), fingerprint()
    assert first == second
    assert built(32)[1].sampled != first[3]


def test_what_was_drawn_is_json(built) -> None:
    from synthgen.seeding import canonical_json

    _, scene = built(33)
    assert '"view_dimmed_to"' in canonical_json(scene.sampled)


def brightness(made, region, tmp_path, samples: int = 12) -> np.ndarray:
    from synthgen.blender.camera import set_camera
    from synthgen.blender.colour import render_colour
    from synthgen.blender.passes import prepare_passes
    from synthgen.geometry.camera import PerspectiveCamera
    from synthgen.plan.jobs import RenderJob

    prepare_passes(made.scene)
    set_camera(made.scene, PerspectiveCamera.from_fov(64, 48, 95), looking(region, 40))
    job = RenderJob(samples=samples, denoise=False, max_bounces=5, adaptive_threshold=0.0,
                    clamp_indirect=10.0, exposure_ev=0.0, tone_curve="srgb")  # fmt: skip
    return render_colour(made.scene, job, 0, str(tmp_path)).linear


EMPTY = {"furniture": {"density": 0}, "clutter": {"density": 0}}


def test_no_light_leaks_into_a_room_without_windows(built, tmp_path) -> None:
    made, scene = built(
        41, **EMPTY, windows={"count": 0}, light={"time": "day", "lamps": "off"}, room={"plan": "l_shape"}
    )
    assert brightness(made, scene.camera_region, tmp_path).max() == 0.0


def test_daylight_comes_in_through_the_windows(built, tmp_path) -> None:
    made, scene = built(42, **EMPTY, windows={"count": 2}, light={"time": "day", "lamps": "off"})
    for lamp in [o for o in made.scene.objects if o.name.startswith("fill")]:
        lamp.hide_render = True
    image = brightness(made, scene.camera_region, tmp_path)
    assert np.median(image) > 0.005
    assert (image.mean(axis=-1) > 0).mean() > 0.95


def test_lamps_light_the_night(built, tmp_path) -> None:
    dark, scene = built(43, light={"time": "night", "lamps": "off"})
    without = np.median(brightness(dark, scene.camera_region, tmp_path))
    lit, scene = built(43, light={"time": "night", "lamps": "auto"})
    assert scene.sampled["light"]["lamps_on"]
    assert np.median(brightness(lit, scene.camera_region, tmp_path)) > 20 * max(without, 1e-4)


@pytest.mark.parametrize("style", STYLES)
def test_every_role_has_a_material_with_a_surface(session, style: str) -> None:
    session.reset()
    palette = part("look.palette").draw_palette(style, 0.5, 7, lamps_on=True)
    for role in part("look.roles").ROLES:
        for variation in (role, f"{role}:3"):
            nodes = palette.material(variation).node_tree.nodes
            output = next(node for node in nodes if node.type == "OUTPUT_MATERIAL")
            assert output.inputs["Surface"].is_linked
            assert len(nodes) <= 90
    assert palette.material("wood") is palette.material("wood")
    assert palette.material("wood") is not palette.material("wood:3")


def test_all_builders_ask_for_roles_that_exist(session) -> None:
    session.reset()
    from synthgen.seeding import rng_for

    roles, furniture = part("look.roles").ROLES, part("furniture")
    for kind in furniture.KINDS:
        for seed in range(3):
            made = furniture.build_item(kind, (0.8, 0.5, 0.9), rng_for(seed, kind))
            assert {key.partition(":")[0] for key in made.material_keys()} <= set(roles), kind


def test_an_unknown_role_is_named(session) -> None:
    session.reset()
    palette = part("look.palette").draw_palette("modern", 0.0, 1, lamps_on=False)
    with pytest.raises(KeyError, match="no material for the role 'marzipan'"):
        palette.material("marzipan:2")


def test_things_of_a_kind_share_or_differ(session) -> None:
    session.reset()
    palette = part("look.palette").draw_palette("modern", 0.0, 1, lamps_on=False)
    chairs = [palette.materials_for(["wood", "fabric"], "chair", seed) for seed in (1, 2)]
    assert chairs[0] == chairs[1]
    pictures = {palette.materials_for(["picture"], "picture", seed)["picture"].name for seed in range(8)}
    assert len(pictures) == 8
    assert palette.materials_for(["fabric"], "curtain", 5)["fabric"].name.startswith("drape")


@pytest.mark.parametrize("design", ["single", "casement", "sash", "georgian"])
def test_a_shut_window_has_no_gaps(stage_of, truth_of, design) -> None:
    import bpy

    from synthgen.geometry.camera import PerspectiveCamera
    from synthgen.geometry.pose import camera_rotation, world_from_camera

    hole = part("layout.room_plan").Opening(wall=0, offset_m=0.0, width_m=1.6, height_m=1.2, sill_m=0.9)
    frame, panes = part("joinery").window(hole, 0.2, design, np.random.default_rng(5))
    made = stage_of()
    instance = made.stage.instance("object")
    for builder in (frame, panes):
        materials = {key: bpy.data.materials.new(key) for key in builder.material_keys()}
        made.stage.add(builder, instance, materials)
    # The opening just fills the picture, seen straight on from the room, along -y.
    camera = PerspectiveCamera(800, 600, 4000.0, 4000.0, 400.0, 300.0)
    pose = world_from_camera(np.array([0.8, 8.0 - 0.14, 0.6]), camera_rotation(-90.0))
    truth = truth_of(made, camera, pose)
    assert np.argwhere(np.isinf(truth["depth"][2:-2, 2:-2])).tolist() == []
