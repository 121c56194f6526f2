"""Imported models in rooms and in wild scenes: in their real size, on the floor, of the scene's split."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from gltf_files import Box, write_gltf

from synthgen.assets.catalogue import split_of
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.families import family_builder, family_spec, scene_classes
from synthgen.recipe.load import load_recipe

pytestmark = pytest.mark.blender

HEAD = """\
name: imported
seed: 5
scenes: 4
split: {train: 0.5, val: 0.5}
cameras: [{kind: perspective, width: 32, height: 24, fov_deg: 80}]
scene:
"""
SPLITS = {"train": 0.5, "val": 0.5}


@pytest.fixture(autouse=True)
def cache(tmp_path_factory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SYNTHGEN_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Chairs with a back, and tables with a level top, each of another size."""
    for number in range(8):
        wide, high = 0.42 + 0.015 * number, 0.8 + 0.02 * number
        chair: list[Box] = [
            ("seat", (wide, 0.5, 0.45), (0, 0, 0.225)),
            ("back", (wide, 0.06, high), (0, 0.22, high / 2)),
        ]
        long = 1.2 + 0.1 * number
        table: list[Box] = [
            ("top", (long, 0.8, 0.04), (0, 0, 0.73)),
            *((f"leg{x}", (0.06, 0.7, 0.71), (x * (long / 2 - 0.05), 0, 0.355)) for x in (-1, 1)),
        ]
        for name, boxes in (("chairs/chair", chair), ("tables/table", table)):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            write_gltf(tmp_path / f"{name}{number}.glb", boxes)
    return tmp_path


@pytest.fixture
def built(session, library: Path) -> Callable[..., Iterator[SimpleNamespace]]:
    """Builds the scenes of a recipe one by one, as a worker does."""
    import bpy

    from synthgen.blender.assets.shelf import AssetShelf
    from synthgen.blender.stage.stage import Stage
    from synthgen.frame.classes import class_table

    def build(scene_text: str) -> Iterator[SimpleNamespace]:
        path = library / "recipe.yaml"
        path.write_text(HEAD + scene_text)
        for job in plan_recipe(load_recipe(path)):
            scene = session.reset()
            spec = family_spec(job.family).model_validate(job.params)
            shelf = AssetShelf(job.assets, job.asset_roots)
            stage = Stage(scene, tuple(class_table(scene_classes(job.params))), shelf)
            described = family_builder(job.family)(stage, spec, job.seed)
            bpy.context.view_layer.update()
            yield SimpleNamespace(job=job, scene=scene, stage=stage, sampled=described.sampled)

    return build


def shown(made: SimpleNamespace) -> dict[str, list]:
    """Objects of imported meshes, by asset."""
    found: dict[str, list] = {}
    for each in made.scene.objects:
        if each.type == "MESH" and each.data.name.startswith(("chairs/", "tables/")):
            found.setdefault(each.data.name, []).append(each)
    return found


def corners(each: object) -> np.ndarray:
    """(8, 3) of an object's box, world."""
    own = np.array([list(corner) for corner in each.bound_box])
    matrix = np.array(each.matrix_world)
    return own @ matrix[:3, :3].T + matrix[:3, 3]


def wrong_about_models(made: SimpleNamespace) -> list[str]:
    """What runs into an imported model, or rests on nothing, by the surfaces themselves."""
    import bpy

    from synthgen.blender.contacts import wrong_contacts

    depsgraph = bpy.context.evaluated_depsgraph_get()
    found = wrong_contacts(made.stage.instances, made.stage.contacts, depsgraph)
    models = {each["synthgen_instance"] for group in shown(made).values() for each in group}
    return [
        str(each)
        for each in found
        if each.other is None or {each.instance.id, each.other.id} & models
    ]  # fmt: skip


def test_rooms_take_chairs_and_tables_of_their_split(built) -> None:
    text = (
        "  kind: indoor\n  room: {kind: dining_room, width_m: 5.5, depth_m: 5, plan: rectangle}\n"
        "  furniture: {density: 0.9}\n  clutter: {density: 0.3}\n  architecture: {opening: 0}\n"
        "  assets: {chair: {folder: chairs}, table: [{folder: tables, share: 0.8}]}\n"
    )
    by_split: dict[str, set[str]] = {"train": set(), "val": set()}
    chairs = 0
    for made in built(text):
        sizes = {
            model.id: model.size_m for name in ("chair", "table") for model in made.stage.assets.models(name)
        }
        for name, objects in shown(made).items():
            by_split[made.job.split].add(name)
            for each in objects:
                box = corners(each)
                assert box[:, 2].min() == pytest.approx(0, abs=1e-5)
                assert tuple(each.dimensions) == pytest.approx(sizes[name], abs=1e-4)
                chairs += name.startswith("chairs/")
        assert wrong_about_models(made) == []
        items = made.sampled["layout"]["items"]
        assert {item["asset"] for item in items if "asset" in item} == set(shown(made))
        assert set(made.stage.assets.to_json()["assets"]) == set(shown(made))
        assert all("asset" in item for item in items if item["class"] == "chair")
        assert sum(len(each) for each in shown(made).values()) == sum("asset" in item for item in items)
    assert chairs >= 8
    for split, names in by_split.items():
        assert names and all(split_of(name, SPLITS) == split for name in names)
    assert not by_split["train"] & by_split["val"]


@pytest.mark.parametrize("setting", ["room", "landscape", "sky"])
def test_wild_scenes_take_models_in_their_size(built, setting: str) -> None:
    text = (
        f"  kind: wild\n  setting: {setting}\n  things: {{standing: 20, floating: 8, imported: 0.5}}\n"
        "  moving: {count: 3}\n"
        "  assets: {chair: {folder: chairs}, table: {folder: tables}}\n"
    )
    found = things = 0
    for made, _ in zip(built(text), range(2), strict=False):
        sizes = {
            model.id: model.size_m for name in ("chair", "table") for model in made.stage.assets.models(name)
        }
        by_id = {entry.id: entry for entry in made.stage.instances}
        objects = [each for group in shown(made).values() for each in group]
        described = made.sampled["things"]
        assert len(objects) == sum("asset" in thing for thing in described)
        assert wrong_about_models(made) == []
        found, things = found + len(objects), things + len(described)
        for thing in described:
            if "asset" not in thing:
                continue
            assert by_id[thing["instance"]].class_name in thing["asset"]
            assert split_of(thing["asset"], SPLITS) == made.job.split
            each = next(o for o in objects if o["synthgen_instance"] == thing["instance"])
            assert tuple(each.dimensions) == pytest.approx(sizes[thing["asset"]], abs=1e-4)
            if thing["role"] == "standing":
                assert np.array(each.matrix_world)[2, 2] == pytest.approx(1)
                if setting == "room":
                    assert corners(each)[:, 2].min() == pytest.approx(0, abs=1e-4)
    assert 0.25 < found / things < 0.75
