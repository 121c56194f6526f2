"""Things of `wild` in the air of indoor rooms: they meet nothing and leave room for cameras."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from synthgen.plan.draws import resolve
from synthgen.recipe.families import family_builder, family_spec

pytestmark = pytest.mark.blender


@pytest.fixture
def built(session) -> Callable:
    """Builds a room with things in the air; gives its stage and what was drawn."""
    import bpy

    from synthgen.blender.stage.stage import Stage
    from synthgen.frame.classes import class_table

    def build(seed: int, count: int, moving: int = 0, **params: object) -> SimpleNamespace:
        floating = {"count": count, **params.pop("floating_objects", {})}
        given = {"kind": "indoor", "floating_objects": floating, "moving": {"count": moving}, **params}
        spec = resolve(family_spec("indoor").model_validate(given), seed, "scene")
        scene = session.reset()
        stage = Stage(scene, tuple(class_table(spec.classes)))
        described = family_builder("indoor")(stage, spec, seed)
        bpy.context.view_layer.update()
        rows = described.sampled.get("floating_objects", [])
        return SimpleNamespace(scene=scene, stage=stage, described=described, rows=rows)

    return build


def findings_of(made: SimpleNamespace) -> list[str]:
    import bpy

    from synthgen.blender.contacts import wrong_contacts

    depsgraph = bpy.context.evaluated_depsgraph_get()
    ids = {row["instance"] for row in made.rows} | set(made.stage.moving)
    found = wrong_contacts(made.stage.instances, made.stage.contacts, depsgraph)
    return [str(each) for each in found if ids & {each.instance.id, each.other.id if each.other else 0}]


@pytest.mark.parametrize(("seed", "kind"), [(3, "living_room"), (4, "bedroom")])
def test_things_in_the_air_meet_nothing(built, seed: int, kind: str) -> None:
    from synthgen.blender.stage.contact import FLOATS

    made = built(seed, 14, 3, room={"kind": kind}, floating_objects={"largest_m": 0.4})
    assert len(made.rows) >= 8
    assert len({row["kind"] for row in made.rows}) >= 3  # most are copies, as in `wild`
    assert {made.stage.contacts[row["instance"]] for row in made.rows} == {FLOATS}
    assert {row["role"] for row in made.rows} == {"floating"}
    assert all(0.02 < row["size_m"] <= 0.4 + 1e-6 for row in made.rows)
    names = {entry.id: entry.class_name for entry in made.stage.instances}
    assert {names[row["instance"]] for row in made.rows} <= {"object", "plant"}
    assert findings_of(made) == []


def test_cameras_find_places_among_them(built) -> None:
    import bpy

    from synthgen.blender.viewpoint import find_viewpoint
    from synthgen.geometry.camera import PerspectiveCamera

    small = {"kind": "living_room", "width_m": 3.2, "depth_m": 3.0}
    made = built(5, 100, room=small, floating_objects={"smallest_m": 0.2, "largest_m": 1.0})
    assert 0 < len(made.rows) < 100
    placement = {"height_m": 1.4, "clearance_m": 0.3, "pitch_deg": -5.0, "roll_deg": 0.0}
    camera = PerspectiveCamera.from_fov(64, 48, 75)
    depsgraph = bpy.context.evaluated_depsgraph_get()
    where = (made.scene, depsgraph, made.described.camera_region, camera, placement)
    assert find_viewpoint(*where, np.random.default_rng(0), []).score > 0.1


def test_the_rest_of_a_room_does_not_know_of_them(built) -> None:
    def still(made: SimpleNamespace) -> list[tuple]:
        floating = {row["instance"] for row in made.rows}
        return [
            (each.name, each.matrix_world.copy().freeze())
            for each in made.scene.objects
            if each.get("synthgen_instance") not in floating
        ]

    without = built(6, 0)
    assert "floating_objects" not in without.described.sampled
    plain, sampled = still(without), dict(without.described.sampled)
    few = built(6, 3)
    rows = few.rows
    assert len(rows) == 3 and still(few) == plain
    assert {key: few.described.sampled[key] for key in sampled} == sampled
    more = built(6, 6)
    assert [row["position_m"] for row in more.rows[:3]] == [row["position_m"] for row in rows]
    assert built(6, 3).rows == rows
