"""What runs into something, and what hangs in the air, is found; what touches and rests is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

pytestmark = pytest.mark.blender

MM = 1e-3


@pytest.fixture
def room(stage_of) -> Callable:
    """An empty stage with a floor; gives a function that adds boxes, and one that tells what is wrong."""
    import bpy

    from synthgen.blender.contacts import wrong_contacts
    from synthgen.blender.stage.contact import JOINED
    from synthgen.blender.stage.mesh import MeshBuilder

    stage = stage_of().stage

    def box(size, centre, contact, yaw_deg: float = 0.0, bevel: float = 0.0, scale: float = 1.0):
        instance = stage.instance("object", contact=contact)
        material = bpy.data.materials.new("grey")
        builder = MeshBuilder().box(np.array(size) / scale, (0, 0, 0), "grey", bevel=bevel)
        made = stage.add(builder, instance, {"grey": material}, centre, yaw_deg)
        made.scale = (scale,) * 3
        return instance

    def mesh(builder, contact, position=(0.0, 0.0, 0.0)):
        instance = stage.instance("object", contact=contact)
        materials = {key: bpy.data.materials.new(key) for key in builder.material_keys()}
        stage.add(builder, instance, materials, position)
        return instance

    def wrong() -> list:
        bpy.context.view_layer.update()
        depsgraph = bpy.context.evaluated_depsgraph_get()
        return wrong_contacts(stage.instances, stage.contacts, depsgraph)

    box((6, 6, 0.2), (0, 0, -0.1), JOINED)
    box.mesh, box.wrong, box.stage = mesh, wrong, stage
    return box


@pytest.mark.parametrize(("yaw_deg", "scale"), [(0, 1.0), (31, 1.0), (31, 4.0)])
def test_boxes_that_overlap_are_found_with_their_depth(room, yaw_deg: float, scale: float) -> None:
    from synthgen.blender.stage.contact import STANDS

    table = room((1.2, 0.8, 0.7), (0, 0, 0.35), STANDS, yaw_deg, scale=scale)
    way = np.array([np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg)), 0])
    middle = way * (0.6 + 0.25 - 20 * MM)
    other = room((0.5, 0.5, 0.5), (*middle[:2], 0.25), STANDS, yaw_deg, bevel=0.003)
    (found,) = room.wrong()
    assert (found.instance, found.other) == (other, table)
    assert found.depth_m == pytest.approx(20 * MM, abs=1 * MM)
    assert str(found) == "object.002 (object) runs 20 mm into object.001 (object)"


@pytest.mark.parametrize("gap_m", [0.0, 5 * MM, -8 * MM])
def test_boxes_that_touch_are_not(room, gap_m: float) -> None:
    from synthgen.blender.stage.contact import STANDS

    room((1.2, 0.8, 0.7), (0, 0, 0.35 + gap_m), STANDS, 20)
    room((0.5, 0.5, 0.5), (0.2, 0, 0.7 + 0.25 + 2 * gap_m), STANDS, 50)
    assert room.wrong() == []


def test_a_box_in_the_air_floats(room) -> None:
    from synthgen.blender.stage.contact import FLOATS, STANDS

    low = room((0.4, 0.4, 0.4), (0, 0, 0.2 + 50 * MM), STANDS)
    room((0.4, 0.4, 0.4), (1, 0, 0.2 + 50 * MM), FLOATS)
    (found,) = room.wrong()
    assert (found.instance, found.other) == (low, None)
    assert str(found) == "object.001 (object) floats: nothing holds it"


def test_what_hangs_touches_something_anywhere(room) -> None:
    from synthgen.blender.stage.contact import HANGS, JOINED, STANDS
    from synthgen.blender.stage.mesh import MeshBuilder

    room((6, 6, 0.2), (0, 0, 2.6), JOINED)
    room((0.2, 6, 2.5), (-2, 0, 1.25), JOINED)
    lamp = MeshBuilder().box((0.3, 0.3, 0.2), (0, 0, -0.8), "a").box((0.01, 0.01, 0.7), (0, 0, -0.35), "a")
    room.mesh(lamp, HANGS, (0, 0, 2.5))
    room((0.03, 0.6, 0.4), (-1.9 + 0.015 + 4 * MM, 0, 1.5), HANGS)
    assert room.wrong() == []
    stuck = room((0.1, 0.1, 0.1), (-1.9 + 0.05, 1.0, 1.5), STANDS)  # at the wall, but nothing is below it
    low = room.mesh(lamp, HANGS, (1, 0, 2.5 - 40 * MM))
    assert [(found.instance, found.other) for found in room.wrong()] == [(stuck, None), (low, None)]


def test_a_ball_rests_in_the_hollow_of_others(room) -> None:
    from synthgen.blender.stage.contact import STANDS
    from synthgen.blender.stage.mesh import MeshBuilder

    angle = np.linspace(-np.pi / 2, np.pi / 2, 33)
    ball = MeshBuilder().lathe(
        np.column_stack([np.cos(angle), np.sin(angle)]) * 0.1, (0, 0, 0), "a", segments=64
    )
    side = 0.2 / 3**0.5
    for turn in (0, 120, 240):
        room.mesh(ball, STANDS, (side * np.cos(np.radians(turn)), side * np.sin(np.radians(turn)), 0.1))
    top = 0.1 + (0.2**2 - side**2) ** 0.5
    room.mesh(ball, STANDS, (0, 0, top + 3 * MM))
    assert room.wrong() == []
    sunk = room.mesh(ball, STANDS, (1, 0, 0.1 - 15 * MM))
    (found,) = room.wrong()
    assert (found.instance, found.depth_m) == (sunk, pytest.approx(15 * MM, abs=1 * MM))


def test_a_cup_in_a_cupboard_is_not_inside_of_its_boards(room) -> None:
    from synthgen.blender.stage.contact import STANDS
    from synthgen.blender.stage.mesh import MeshBuilder

    case = MeshBuilder()
    for x in (-0.49, 0.49):
        case.box((0.02, 0.4, 0.8), (x, 0, 0.4), "a")
    for z in (0.01, 0.4, 0.79):
        case.box((1.0, 0.4, 0.02), (0, 0, z), "a")  # its ends run through the sides
    room.mesh(case, STANDS)
    room((0.1, 0.1, 0.1), (0.2, 0, 0.41 + 0.05), STANDS)
    room((0.3, 0.3, 0.3), (-0.2, 0, 0.02 + 0.15), STANDS)
    assert room.wrong() == []
    block = room((0.3, 0.2, 0.3), (0.1, 0, 0.41 + 0.15), STANDS)  # around the first one
    assert {(found.instance.id, found.other.id) for found in room.wrong()} == {(block.id, 3)}


def test_a_thing_wholly_inside_of_another_is_found(room) -> None:
    from synthgen.blender.stage.contact import STANDS

    room((0.6, 0.6, 0.6), (0, 0, 0.3), STANDS)
    inner = room((0.1, 0.1, 0.1), (0.05, 0, 0.3), STANDS)
    assert [(found.instance, found.depth_m) for found in room.wrong() if found.other] == [
        (inner, pytest.approx(0.3, abs=0.03))
    ]


def test_soft_things_give_way_as_far_as_they_do(room) -> None:
    from synthgen.blender.stage.contact import STANDS

    room((0.8, 0.8, 0.4), (0, 0, 0.2), STANDS)
    room((0.4, 0.4, 0.2), (0, 0, 0.5 - 30 * MM), STANDS.giving(40 * MM))
    assert room.wrong() == []
    room((0.4, 0.4, 0.2), (2, 0, 0.1 - 50 * MM), STANDS.giving(40 * MM))
    assert [found.depth_m for found in room.wrong()] == [pytest.approx(50 * MM, abs=1 * MM)]


def test_parts_of_the_building_are_set_into_each_other(room) -> None:
    from synthgen.blender.stage.contact import JOINED, STANDS

    room((0.2, 6, 3), (-1, 0, 1), JOINED)
    assert room.wrong() == []
    pole = room((0.1, 0.1, 2), (-0.9, 0, 1), STANDS)  # its middle line on the face of the wall
    assert [(found.instance, found.depth_m) for found in room.wrong()] == [
        (pole, pytest.approx(50 * MM, abs=2 * MM))
    ]


def test_nothing_is_asked_of_instances_without_a_contact(room) -> None:
    room((0.4, 0.4, 0.4), (0, 0, 3), None)
    room((0.4, 0.4, 0.4), (0.1, 0, 3), None)
    assert room.wrong() == []


def test_behind_a_sheet_is_not_inside_of_it(room) -> None:
    from synthgen.blender.stage.contact import HANGS, JOINED, STANDS
    from synthgen.blender.stage.mesh import MeshBuilder

    room((6, 0.2, 3), (0, 1, 1.5), JOINED)
    x = np.linspace(-0.5, 0.5, 41)
    waves = 0.85 + 0.03 * np.sin(25 * x)
    rows = np.stack([np.column_stack([x, waves, np.full(41, z)]) for z in (0.005, 2.0)])
    for flip in (False, True):
        curtain = MeshBuilder().surface(rows + np.array([2.0 * flip, 0, 0]), "a", flip=flip)
        room.mesh(curtain, HANGS)
        room((0.3, 0.2, 0.3), (2.0 * flip, 0.7, 0.15), STANDS)
    assert [found for found in room.wrong() if found.other] == []


SPEC = """\
from typing import ClassVar, Literal
from synthgen.recipe.families import SceneSpec

class Spec(SceneSpec):
    'A box that is sunk into the floor.'
    classes: ClassVar[tuple[str, ...]] = ("floor", "box")
    kind: Literal["sinking"] = "sinking"
"""
BUILD = """\
import bpy
import numpy as np
from synthgen.blender.stage.contact import JOINED, STANDS
from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.stage import BuiltScene, CameraRegion

def build(stage, spec, seed):
    grey = {"grey": bpy.data.materials.new("grey")}
    floor = stage.instance("floor", contact=JOINED)
    stage.add(MeshBuilder().box((8, 8, 0.2), (0, 0, -0.1), "grey"), floor, grey)
    box = stage.instance("box", contact=STANDS)
    stage.add(MeshBuilder().box((0.5, 0.5, 0.5), (1, 0, 0.22), "grey"), box, grey)
    corners = np.array([(-3, -3), (3, -3), (3, 3), (-3, 3)])
    return BuiltScene(CameraRegion(corners, 0.0, 3.0), {})
"""


def test_a_scene_is_refused_with_its_reason_where_the_recipe_asks_for_it(session, tmp_path) -> None:
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.errors import RenderError
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.families import add_scene_paths
    from synthgen.recipe.model import Recipe

    (tmp_path / "sinking").mkdir()
    (tmp_path / "sinking" / "spec.py").write_text(SPEC)
    (tmp_path / "sinking" / "build.py").write_text(BUILD)
    add_scene_paths([tmp_path])
    recipe = {
        "name": "sinking",
        "scene": {"kind": "sinking"},
        "cameras": [{"kind": "perspective", "width": 32, "height": 24}],
        "channels": ["depth", "instance"],
        "render": {"samples": 1, "device": "cpu"},
    }
    renderer = BlenderRenderer("cpu", 2)
    job = next(plan_recipe(Recipe.model_validate(recipe)))
    assert len(list(renderer.render(job))) == 1
    job = next(plan_recipe(Recipe.model_validate(recipe | {"truth": {"contacts": "checked"}})))
    with pytest.raises(RenderError) as raised:
        list(renderer.render(job))
    renderer.close()
    assert str(raised.value) == (
        f"things of the scene (seed {job.seed}) do not meet as its family says: box.000 (box) runs 30 mm "
        "into floor.000 (floor). To keep such scenes, leave truth.contacts at unchecked"
    )
