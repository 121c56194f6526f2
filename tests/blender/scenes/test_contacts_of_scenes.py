"""Over scenes of the families that say how their things meet: how many of them do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from synthgen.plan.draws import resolve
from synthgen.recipe.families import family_builder, family_spec

pytestmark = pytest.mark.blender


@pytest.fixture
def found_in(session) -> Callable:
    """What is wrong in a scene of a family."""
    import bpy

    from synthgen.blender.contacts import wrong_contacts
    from synthgen.blender.stage.stage import Stage
    from synthgen.frame.classes import class_table

    def find(family: str, seed: int, **params: object) -> list:
        spec = resolve(family_spec(family).model_validate({"kind": family, **params}), seed, "scene")
        stage = Stage(session.reset(), tuple(class_table(spec.classes)))
        family_builder(family)(stage, spec, seed)
        bpy.context.view_layer.update()
        assert len(stage.contacts) > 0.9 * len(stage.instances)  # nearly everything is looked at
        return wrong_contacts(stage.instances, stage.contacts, bpy.context.evaluated_depsgraph_get())

    return find


@pytest.mark.parametrize("setting", ["room", "landscape", "sky"])
def test_everything_of_a_wild_scene_meets_as_it_is_meant_to(found_in, setting: str) -> None:
    assert [str(each) for each in found_in("wild", 101, setting=setting)] == []


@pytest.mark.slow
def test_so_does_everything_of_many_wild_scenes(found_in) -> None:
    found = {seed: [str(each) for each in found_in("wild", seed)] for seed in range(40)}
    assert {seed: told for seed, told in found.items() if told} == {}


def test_so_does_everything_of_a_room(found_in) -> None:
    assert [str(each) for each in found_in("indoor", 1)] == []


@pytest.mark.slow
def test_so_does_everything_of_many_rooms(found_in) -> None:
    found = {seed: [str(each) for each in found_in("indoor", seed)] for seed in range(60)}
    assert {seed: told for seed, told in found.items() if told} == {}
