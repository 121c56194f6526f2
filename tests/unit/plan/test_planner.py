"""Plans: drawn by name, the same everywhere, streamed."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from synthgen.errors import DataError, UsageError
from synthgen.plan.compare import recipe_hash
from synthgen.plan.draws import Names, ending_of, resolve
from synthgen.plan.jobs import SceneJob
from synthgen.plan.planner import (
    PLAN,
    parse_only,
    plan_line,
    plan_recipe,
    read_plan,
    write_plan,
)
from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import Recipe, recipe_json
from synthgen.seeding import seed_for
from synthgen.storage import open_storage

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


def changed(recipe: Recipe, **values: Any) -> Recipe:
    return Recipe.model_validate(recipe_json(recipe) | values)


def jobs(recipe: Recipe) -> list[SceneJob]:
    return list(plan_recipe(recipe))


def test_the_plan_is_the_golden_one(lantern_recipe: Recipe) -> None:
    # The same on every Python, numpy and machine: what changes it changes every dataset that people made.
    planned = b"".join(plan_line(job) for job in plan_recipe(lantern_recipe))
    assert planned.decode() == (GOLDEN / "plan.jsonl").read_text(encoding="utf-8")


def test_numbers_are_those_of_the_named_seeds() -> None:
    number = Names(7, "scene", 12).uniform(ending_of("camera", 3, "fov_deg"))
    assert number == (seed_for(7, "scene", 12, "camera", 3, "fov_deg") >> 10) / 2**53
    assert 0 <= number < 1


def test_everything_is_drawn_within_its_field(lantern_recipe: Recipe) -> None:
    spec = type(lantern_recipe.scene)
    for job in plan_recipe(changed(lantern_recipe, scenes=50)):
        drawn = spec.model_validate(job.params)
        assert drawn.model_dump() == job.params
        assert 0.2 <= drawn.height_m <= 0.6 and 4 <= drawn.panes <= 8
        assert drawn.glass.colour in ("red", "blue") and 0.001 <= drawn.glass.thickness_m <= 0.01


def test_resolve_gives_the_same_class_with_the_plan_s_constants(lantern_recipe: Recipe) -> None:
    (job,) = plan_recipe(lantern_recipe, limit=1)
    drawn = resolve(lantern_recipe.scene, lantern_recipe.seed, "scene", 0, "params")
    assert type(drawn) is type(lantern_recipe.scene)
    assert drawn.model_dump() == job.params


def test_another_camera_or_scene_moves_nothing_else(lantern_recipe: Recipe) -> None:
    before = jobs(lantern_recipe)
    third = {"kind": "perspective", "width": 16, "height": 16}
    more_cameras = jobs(
        changed(lantern_recipe, cameras=[*recipe_json(lantern_recipe)["cameras"], third], scenes=5)
    )
    for old, new in zip(before, more_cameras):
        assert (old.seed, old.params, old.render, old.split) == (new.seed, new.params, new.render, new.split)
        assert old.views == new.views[:4] and len(new.views) == 6


def test_a_fixed_value_moves_no_other(lantern_recipe: Recipe) -> None:
    fixed = changed(lantern_recipe, scene={"kind": "lantern", "height_m": 0.3, "glass": {"colour": "red"}})
    for old, new in zip(jobs(lantern_recipe), jobs(fixed)):
        assert new.params["height_m"] == 0.3
        for name in ("tilt_deg", "panes"):
            assert new.params[name] == old.params[name]
        assert new.params["glass"]["thickness_m"] == old.params["glass"]["thickness_m"]


def test_views_and_scenes_differ(lantern_recipe: Recipe) -> None:
    planned = jobs(lantern_recipe)
    assert len({job.params["height_m"] for job in planned}) == 3
    assert len({view.camera["fov_deg"] for job in planned for view in job.views}) == 12
    assert [view.view for view in planned[0].views] == [0, 1, 2, 3]
    assert [view.camera["width"] for view in planned[0].views] == [64, 64, 32, 32]


def test_another_seed_changes_everything(lantern_recipe: Recipe) -> None:
    for old, new in zip(jobs(lantern_recipe), jobs(changed(lantern_recipe, seed=12))):
        assert old.seed != new.seed and old.params != new.params and old.job_hash != new.job_hash


def test_render_settings_come_from_the_preset_unless_given(lantern_recipe: Recipe) -> None:
    (draft, *_) = jobs(lantern_recipe)
    assert (draft.render.samples, draft.render.max_bounces, draft.render.denoise) == (8, 16, True)
    own = {"quality": "reference", "samples": {"choice": [3, 5]}, "max_bounces": 0, "denoise": True}
    (job, *_) = jobs(changed(lantern_recipe, render=own))
    assert job.render.samples in (3, 5)
    assert (job.render.max_bounces, job.render.denoise, job.render.clamp_indirect) == (0, True, 0.0)


def test_the_device_is_no_part_of_a_job_or_a_recipe_s_hash(lantern_recipe: Recipe) -> None:
    elsewhere = changed(lantern_recipe, render=recipe_json(lantern_recipe)["render"] | {"device": "cuda"})
    assert recipe_hash(elsewhere) == recipe_hash(lantern_recipe)
    assert jobs(elsewhere) == jobs(lantern_recipe)
    assert recipe_hash(changed(lantern_recipe, views=1)) != recipe_hash(lantern_recipe)


def test_equal_recipes_have_equal_hashes_however_written(lantern_recipe: Recipe) -> None:
    written = recipe_json(lantern_recipe)
    exposure = {"normal": {"mean": 0, "std": 0.5}}
    rewritten = written | {"render": written["render"] | {"exposure_ev": exposure}}
    assert recipe_hash(Recipe.model_validate(rewritten)) == recipe_hash(lantern_recipe)


def test_only_and_limit(lantern_recipe: Recipe) -> None:
    whole = jobs(lantern_recipe)
    assert list(plan_recipe(lantern_recipe, limit=2)) == whole[:2]
    assert list(plan_recipe(lantern_recipe, only={"scene": 1})) == whole[1:2]
    (part,) = plan_recipe(lantern_recipe, only={"scene": 1, "view": 2})
    assert part.asked_views == whole[1].views[2:3] and part.job_hash == whole[1].job_hash
    for only, message in (({"scene": 3}, "scene from 0 to 2"), ({"scene": 0, "view": 4}, "view from 0 to 3")):
        with pytest.raises(UsageError, match=message):
            list(plan_recipe(lantern_recipe, only=only))


def test_parse_only() -> None:
    assert parse_only("scene=3") == {"scene": 3}
    assert parse_only("scene=3, view=1") == {"scene": 3, "view": 1}
    for text in ("", "3", "view=1", "scene=-1", "scene=1,view"):
        with pytest.raises(UsageError, match="expected scene=N or scene=N,view=M"):
            parse_only(text)


def test_plan_file_round_trip(lantern_recipe: Recipe, tmp_path: Path) -> None:
    storage = open_storage(tmp_path)
    assert write_plan(lantern_recipe, storage) == 3
    assert list(read_plan(storage)) == jobs(lantern_recipe)
    assert write_plan(lantern_recipe, storage, limit=1) == 1
    assert [path.name for path in tmp_path.iterdir()] == [PLAN]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda lines: [lines[0], lines[1][:100]], r"plan\.jsonl:2: expected a scene job \(Invalid JSON"),
        (lambda lines: [lines[0], "{}"], r"plan\.jsonl:2: expected a scene job \(scene: Field required\)"),
        (lambda lines: [lines[0].replace('"view":0', '"view":9')], r"plan\.jsonl:1: damaged"),
        (lambda lines: [*lines, "", ""], r"plan\.jsonl:4: expected a scene job"),
    ],
)
def test_a_damaged_line_is_named(lantern_recipe: Recipe, tmp_path: Path, damage: Any, message: str) -> None:
    storage = open_storage(tmp_path)
    write_plan(lantern_recipe, storage)
    lines = (tmp_path / PLAN).read_text().splitlines()
    (tmp_path / PLAN).write_text("\n".join(damage(lines)) + "\n")
    with pytest.raises(DataError, match=message):
        list(read_plan(storage))


def test_a_missing_plan(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"plan\.jsonl: expected a file"):
        list(read_plan(open_storage(tmp_path)))


def test_a_plan_is_streamed() -> None:
    recipe = load_recipe("indoor", ["scenes=1000000"])
    stream = plan_recipe(recipe)
    for _ in range(50):
        plan_line(next(stream))
    tracemalloc.start()
    try:
        for _ in range(500):
            plan_line(next(stream))
        assert tracemalloc.get_traced_memory()[1] < 300_000  # one job takes about 30 kB while it is made
    finally:
        tracemalloc.stop()


STREAMING = """
import itertools, resource, sys
from synthgen.plan.planner import read_plan, write_plan
from synthgen.recipe.load import load_recipe
from synthgen.storage import open_storage

storage = open_storage(sys.argv[1])
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1 / 1024)
write_plan(load_recipe("indoor", ["scenes=500"]), storage)
assert sum(1 for _ in read_plan(storage)) == 500
before = peak()
write_plan(load_recipe("indoor", ["scenes=30000"]), storage)
assert sum(1 for _ in read_plan(storage)) == 30000
print(storage.size("plan.jsonl"), peak() - before)
"""


@pytest.mark.slow
def test_a_plan_file_larger_than_the_memory_it_takes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STREAMING, str(tmp_path)], capture_output=True, text=True, check=True
    )
    size, growth = (float(number) for number in done.stdout.split())
    assert size > 40e6 and growth < 4e6


def test_plan_lines_are_plain_json(lantern_recipe: Recipe) -> None:
    (job, *_) = jobs(lantern_recipe)
    assert SceneJob.model_validate(json.loads(plan_line(job))) == job
