"""`assets` of a scene: what a recipe may say, and which assets a plan then gives to each scene."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import pytest
from model_files import glb

from synthgen.assets.catalogue import split_of
from synthgen.errors import DataError, RecipeError, UsageError
from synthgen.plan.jobs import SceneJob
from synthgen.plan.planner import plan_line, plan_recipe, read_plan, write_plan
from synthgen.recipe.families import add_scene_paths
from synthgen.recipe.load import change_recipe, load_recipe
from synthgen.recipe.model import Recipe, recipe_json
from synthgen.storage import open_storage

HEAD = "name: a\nscenes: 40\nsplit: {train: 0.5, test: 0.5}\n"


@pytest.fixture(autouse=True)
def shop() -> None:
    add_scene_paths([Path(__file__).parent / "scenes"])


def library(folder: Path, count: int = 30, name: str = "chair") -> Path:
    """A folder of different models, all of no class."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        document = {"asset": {"version": "2.0", "generator": f"{folder.name} {number}"}}
        (folder / f"{name}{number}.glb").write_bytes(glb(document))
    return folder


def recipe(folder: Path, assets: str, head: str = HEAD) -> Recipe:
    path = folder / "shop.yaml"
    path.write_text(f"{head}scene:\n  kind: shop\n  assets:\n{assets}")
    return load_recipe(path)


def said(folder: Path, assets: str) -> list[str]:
    with pytest.raises(RecipeError) as refused:
        recipe(folder, assets)
    return [line.replace(f"{folder}/", "") for line in str(refused.value).splitlines()]


def test_paths_are_relative_to_the_file_that_names_them(tmp_path: Path, monkeypatch) -> None:
    library(tmp_path / "base/my_chairs", 2)
    (tmp_path / "base/shop.yaml").write_text(
        f"{HEAD}scene: {{kind: shop, assets: {{chair: {{folder: my_chairs}}}}}}\n"
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/over.yaml").write_text("extends: ../base/shop.yaml\nname: b\n")
    monkeypatch.chdir(tmp_path / "sub")
    loaded = load_recipe("over.yaml")
    (source,) = loaded.scene.assets["chair"]
    assert (source.kind, source.path) == ("folder", tmp_path / "base/my_chairs")
    # What is recorded is what was written: no machine's folders.
    assert recipe_json(loaded)["scene"]["assets"] == {"chair": [{"folder": "my_chairs"}]}
    by_flag = load_recipe("over.yaml", ["scene.assets.chair={folder: ../base/my_chairs}"])
    assert by_flag.scene.assets["chair"][0].path == tmp_path / "base/my_chairs"


def test_all_forms_are_understood_and_recorded(tmp_path: Path) -> None:
    library(tmp_path / "c")
    (tmp_path / "l.sh3f").write_bytes(b"")
    loaded = recipe(
        tmp_path,
        "    chair: [builtin, {folder: c, name: mine}]\n    lamp: [{sweethome3d: l.sh3f, share: 0.5}]\n",
    )
    written = recipe_json(loaded)["scene"]["assets"]
    assert written == {
        "chair": [{"builtin": True}, {"folder": "c", "name": "mine"}],
        "lamp": [{"sweethome3d": "l.sh3f", "share": 0.5}],
    }
    assert Recipe.model_validate(recipe_json(loaded)).scene.assets["lamp"][0].share == 0.5
    assert change_recipe(loaded, ["pack.rgb=jpeg"]).pack.rgb == "jpeg"  # where the folders may be gone


def test_mistakes_are_named_with_their_place(tmp_path: Path) -> None:
    library(tmp_path / "c", 1)
    assert said(tmp_path, "    chair: {folder: d}\n") == [
        "shop.yaml:7:21: scene.assets.chair.folder: expected a folder "
        f"(found nothing at {tmp_path / 'd'})".replace(f"{tmp_path}/", "")
    ]
    assert said(tmp_path, "    chair: [{sweethome3d: c}]\n")[0].startswith(
        "shop.yaml:7:27: scene.assets.chair[0].sweethome3d: expected a file"
    )
    cases = {
        "    chiar: builtin\n": "unknown class 'chiar'; known: chair, environment, lamp; "
        "did you mean 'chair'?",
        "    sofa: builtin\n": "this scene places no assets of the class 'sofa'; "
        "it places chair, lamp, environment",
        "    chair: [{foldr: c}]\n": "unknown key 'foldr'; known: builtin, folder, name, share, sweethome3d; "
        "did you mean 'folder'?",
        "    chair: []\n": "expected at least one",
        "    chair: [3]\n": "expected builtin, {folder: PATH} or {sweethome3d: FILE} (got 3)",
        "    chair: [{share: 0.5}]\n": "expected exactly one of builtin, folder and sweethome3d",
        "    chair: [{folder: c, share: 2}]\n": "must be at most 1 (got 2)",
        "    chair: [{folder: 5}]\n": "expected a path (got 5)",
        "    chair: [{folder: c, share: 0.7}, {builtin: true, share: 0.6}]\n": (
            "chair: expected shares that add up to at most 1 (got 1.3)"
        ),
    }
    for text, words in cases.items():
        (line,) = said(tmp_path, text)
        assert line.startswith("shop.yaml:7:") or line.startswith("shop.yaml:6:")
        assert line.endswith(words), line
    (line,) = said(tmp_path, "    door: builtin\n".replace("door", "chair") + "  walls: 3\n")
    assert "unknown key 'walls'" in line


def test_a_family_that_places_no_assets_says_so(tmp_path: Path) -> None:
    path = tmp_path / "plain.yaml"
    path.write_text("name: a\nscene: {kind: lantern, assets: {chair: builtin}}\n")
    add_scene_paths([Path(__file__).parents[1] / "plan/scenes"])
    with pytest.raises(RecipeError, match="this scene places no assets of the class 'chair'; it places none"):
        load_recipe(path)


def planned(recipe: Recipe) -> list[SceneJob]:
    return list(plan_recipe(recipe))


def test_scenes_get_assets_of_their_own_split_only(tmp_path: Path) -> None:
    library(tmp_path / "c")
    jobs = planned(recipe(tmp_path, "    chair: [{folder: c}]\n"))
    seen: dict[str, set[str]] = {"train": set(), "test": set()}
    for job in jobs:
        choices = job.assets["chair"]
        assert len(choices) == 8
        assert sum(choice.share for choice in choices) == pytest.approx(1)
        assert len({choice.record.id for choice in choices}) == 8
        for choice in choices:
            assert choice.record.split == job.split == split_of(choice.record.id, {"train": 0.5, "test": 0.5})
            assert choice.record.category == "chair"
        seen[job.split] |= {choice.record.id for choice in choices}
        assert job.asset_roots["c"].path == str(tmp_path / "c")
        assert "assets" not in job.params
    assert not seen["train"] & seen["test"]
    assert len(seen["train"] | seen["test"]) == 30  # all of them are used somewhere


def test_draws_are_by_name_and_evenly_spread(tmp_path: Path) -> None:
    library(tmp_path / "c", 60)
    loaded = recipe(tmp_path, "    chair: [{folder: c}]\n", HEAD.replace("40", "400"))
    jobs = planned(loaded)
    assert [plan_line(job) for job in jobs] == [plan_line(job) for job in plan_recipe(loaded)]
    counts = Counter(choice.record.id for job in jobs for choice in job.assets["chair"])
    assert len(counts) == 60
    assert min(counts.values()) > 20 and max(counts.values()) < 95  # 53 on average, 7 standard deviation
    # Another class draws for itself, and moves nothing.
    library(tmp_path / "l", 20, "lamp")
    both = planned(recipe(tmp_path, "    lamp: {folder: l}\n    chair: [{folder: c}]\n"))
    assert [job.assets["chair"] for job in both] == [job.assets["chair"] for job in jobs[:40]]


def test_shares_are_split_among_sources_and_the_rest_is_the_family_s_own(tmp_path: Path) -> None:
    library(tmp_path / "c")
    library(tmp_path / "d", 20)
    text = "    chair: [builtin, {folder: c}, {folder: d, share: 0.2}]\n"
    for job in planned(recipe(tmp_path, text)):
        by_source = Counter()
        for choice in job.assets["chair"]:
            by_source[choice.record.source] += choice.share
        assert by_source == pytest.approx({"c": 0.4, "d": 0.2})  # and 0.4 are built in
        assert len(job.assets["chair"]) == 8
    for job in planned(recipe(tmp_path, "    chair: [{folder: c, share: 0}]\n")):
        assert job.assets == {"chair": ()}


def test_a_class_without_an_asset_in_a_split_is_an_error_that_says_so(tmp_path: Path) -> None:
    library(tmp_path / "c", 1)
    here = split_of("c/chair0.glb", {"train": 0.5, "test": 0.5})
    other = {"train": "test", "test": "train"}[here]
    with pytest.raises(
        UsageError,
        match=rf"scene\.assets\.chair: expected an asset in the split '{other}' \(found 1 in {here}\); add "
        "assets, or 'builtin'",
    ):
        planned(recipe(tmp_path, "    chair: {folder: c}\n"))
    assert planned(recipe(tmp_path, "    chair: [{folder: c}, builtin]\n"))
    one_split = HEAD.replace("{train: 0.5, test: 0.5}", f"{{{here}: 1}}")
    assert planned(recipe(tmp_path, "    chair: {folder: c}\n", one_split))


def test_a_folder_of_broken_files_says_what_is_wrong_with_them(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c/a.glb").write_bytes(b"")
    words = r"scene\.assets\.chair: expected assets of this class in c \(found none of 0 assets, rejected: "
    for assets in ("{folder: c}", "[builtin, {folder: c}]"):  # a folder for nothing is a mistake too
        with pytest.raises(UsageError, match=words + r"c/a\.glb: is empty \(0 bytes\)\); `synthgen assets"):
            planned(recipe(tmp_path, f"    chair: {assets}\n"))


def test_an_empty_folder_and_one_of_other_things_say_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        UsageError, match=r"in empty \(found none of 0 assets\); `synthgen assets check` lists"
    ):
        planned(recipe(tmp_path, "    chair: [builtin, {folder: empty}]\n"))
    library(tmp_path / "lamps", 3, "lamp")
    (tmp_path / "lamps/assets.yaml").write_text("category: lamp\n")
    with pytest.raises(UsageError, match=r"in lamps \(found none of 3 assets\)"):
        planned(recipe(tmp_path, "    chair: [builtin, {folder: lamps}]\n"))


def test_assets_of_another_class_or_of_an_implausible_size_are_left_out(tmp_path: Path) -> None:
    library(tmp_path / "c", 4)
    (tmp_path / "c/assets.yaml").write_text(
        "files:\n  chair0.glb: {category: lamp}\n  chair1.glb: {size_m: [0.5, 0.5, 3.0]}\n"
    )
    one_split = HEAD.replace("{train: 0.5, test: 0.5}", "{train: 1}")
    job = planned(recipe(tmp_path, "    chair: {folder: c}\n", one_split))[0]
    assert [choice.record.id for choice in job.assets["chair"]] == ["c/chair2.glb", "c/chair3.glb"]


def test_sources_of_one_name_need_another(tmp_path: Path) -> None:
    library(tmp_path / "a/things", 8)
    library(tmp_path / "b/things", 9)
    text = "    chair: [{folder: a/things}]\n    lamp: [{folder: b/things%s}]\n"
    with pytest.raises(UsageError, match="two sources are called 'things'; give one of them a 'name'"):
        planned(recipe(tmp_path, text % ""))
    assert set(planned(recipe(tmp_path, text % ", name: other"))[0].asset_roots) == {"things", "other"}


def test_jobs_carry_all_that_they_need_and_hash_what_matters(tmp_path: Path) -> None:
    library(tmp_path / "c")
    loaded = recipe(tmp_path, "    chair: [builtin, {folder: c}]\n")
    storage = open_storage(tmp_path / "out")
    write_plan(loaded, storage)
    jobs = planned(loaded)
    assert list(read_plan(storage)) == jobs
    entry = json.loads(plan_line(jobs[0]))["assets"]["chair"][0]["record"]
    assert {"id", "sha256", "source", "path", "split"} <= set(entry)
    # The same assets in another place are the same job; another content is another one.
    moved = tmp_path / "moved"
    moved.mkdir()
    (tmp_path / "c").rename(moved / "c")
    there = planned(recipe(moved, "    chair: [builtin, {folder: c}]\n"))
    assert [job.job_hash for job in there] == [job.job_hash for job in jobs]
    assert there[0].asset_roots != jobs[0].asset_roots
    for path in (moved / "c").iterdir():
        path.write_bytes(glb({"asset": {"version": "2.0", "generator": f"new {path.stem}"}}))
    new = planned(recipe(moved, "    chair: [builtin, {folder: c}]\n"))
    assert not {job.job_hash for job in new} & {job.job_hash for job in jobs}
    (tmp_path / "out/plan.jsonl").write_text(
        (tmp_path / "out/plan.jsonl").read_text().replace('"share":', '"shere":')
    )
    with pytest.raises(DataError, match="expected a scene job"):
        list(read_plan(storage))


def test_planning_with_assets_stays_quick(tmp_path: Path) -> None:
    library(tmp_path / "c", 200)
    loaded = recipe(tmp_path, "    chair: [builtin, {folder: c}]\n", HEAD.replace("40", "2000"))
    next(plan_recipe(loaded))  # the folder is hashed once
    started = time.perf_counter()
    assert sum(1 for _ in plan_recipe(loaded)) == 2000
    assert time.perf_counter() - started < 20  # 10 ms a scene on a busy machine; benchmarks have the figures
