"""Recipes from files: every mistake is named with its place, all at once, in plain words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthgen.errors import ExitCode, RecipeError
from synthgen.recipe.distributions import Uniform
from synthgen.recipe.families import recipe_folder
from synthgen.recipe.load import Override, bundled_recipes, load_recipe
from synthgen.recipe.model import recipe_json

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
DAMAGED = recipe_folder() / "indoor.yaml"
SPLINTERS = (
    ": ", "{", "}", "[", "]", "- ", "\n", "\t", "!!x ", "&a ", "*a", "<<: ", "null", "1e309", ".inf", "'",
    "choice", "kind", "-1", "9" * 30, "? ", "---\n", "é", "\x00", "",
)  # fmt: skip
# Ten lines that stand for a thousand million values.
ALIASES = "a0: &a0 x\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)
LEAST = "name: rooms\nscene: {kind: indoor}\n"


def write(folder: Path, text: str, name: str = "recipe.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def problems_of(folder: Path, text: str, *sets: str) -> list[str]:
    file = write(folder, text)
    with pytest.raises(RecipeError) as caught:
        load_recipe(file, sets)
    assert caught.value.exit_code == ExitCode.USAGE
    return [str(problem).replace(str(file), "recipe.yaml") for problem in caught.value.problems]


def test_all_mistakes_of_a_recipe_as_golden_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    with pytest.raises(RecipeError) as caught:
        load_recipe("recipe_errors.yaml", ["render.sampls=3", "render.max_bounces=-1"])
    assert str(caught.value) + "\n" == (GOLDEN / "recipe_errors.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "recipe.yaml: expected a recipe (the file is empty)"),
        ("# nothing\n", "recipe.yaml: expected a recipe (the file is empty)"),
        ("- 1\n", "recipe.yaml:1:1: expected a map of keys and values (got [1])"),
        ("name: a\nname: b\n", "recipe.yaml:2:1: 'name' is given twice, first in line 1; keep one"),
        ("scene:\n\tkind: indoor\n", "recipe.yaml:2:1: broken YAML: indented with a tab; use spaces"),
        ("name: [a\n", "recipe.yaml:2:1: broken YAML: while parsing a flow sequence, expected ',' or ']'"),
        ("name: 'a\n", "recipe.yaml:2:1: broken YAML: while scanning a quoted scalar"),
        ("name: a: b\n", "recipe.yaml:1:8: broken YAML: mapping values are not allowed here"),
        ("name: *a\n", "recipe.yaml:1:7: broken YAML: found undefined alias 'a'"),
        ("name: &a [*a]\n", "recipe.yaml:1:7: expected a tree"),
        ("name: \x07\n", "recipe.yaml:1:7: broken YAML: found a control character"),
        ("a: 1\n---\nb: 2\n", "recipe.yaml:2:1: expected one YAML document"),
        ("name: !!python/name:os.system x\n", "recipe.yaml:1:7: YAML tags are not understood here"),
        ("? [a]\n: b\n", "recipe.yaml:1:3: expected a name before the colon"),
        ("name: " + "[" * 500, "recipe.yaml: expected at most 100 levels of nesting"),
        ("name: " + "[" * 150 + "]" * 150, "recipe.yaml:1:107: expected a tree"),
        (ALIASES, "recipe.yaml: expected at most 100000 values"),
    ],
)
def test_what_is_no_recipe_at_all(tmp_path: Path, text: str, message: str) -> None:
    (problem,) = problems_of(tmp_path, text)
    assert problem.startswith(message)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("seed: 1e3", "recipe.yaml:3:7: seed: expected a whole number (got 1000.0)"),
        ("seed: true", "recipe.yaml:3:7: seed: expected a whole number (got true)"),
        ("5: 3", "recipe.yaml:3:1: [5]: expected a name before the colon"),
        ("split: {train: .nan, val: 1}", "recipe.yaml:3:16: split.train: expected a finite number (got nan)"),
        ("split: [0.8, 0.2]", "recipe.yaml:3:8: split: expected a map of keys and values (got [0.8, 0.2])"),
        ("split:", "recipe.yaml:3:1: split: expected a map of keys and values (got nothing)"),
        ("cameras: []", "recipe.yaml:3:10: cameras: expected at least one"),
        ("cameras: {}", "recipe.yaml:3:10: cameras: expected a list (got {})"),
        ("channels: depth", "recipe.yaml:3:11: channels: expected a list (got 'depth')"),
        ("channels: [depth, depth]", "recipe.yaml:3:11: channels: expected each name once (depth twice)"),
    ],
)
def test_more_mistakes_in_plain_words(tmp_path: Path, line: str, message: str) -> None:
    (problem,) = problems_of(tmp_path, LEAST + line + "\n")
    assert problem.startswith(message)


@pytest.mark.parametrize("name", ["", "a/b", "../a", ".hidden", "a b", "end.", "x" * 65])
def test_a_name_must_do_as_a_folder(tmp_path: Path, name: str) -> None:
    (problem,) = problems_of(tmp_path, f"name: '{name}'\nscene: {{kind: indoor}}\n")
    assert problem.startswith("recipe.yaml:1:7: name: ")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_recipe_never_ends_in_anything_but_problems(tmp_path: Path, data: st.DataObject) -> None:
    text = DAMAGED.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text) - 1))
        cut = data.draw(st.integers(0, 8))
        text = text[:start] + data.draw(st.sampled_from(SPLINTERS)) + text[start + cut :]
    try:
        load_recipe(write(tmp_path, text))
    except RecipeError as error:
        assert all(problem.message for problem in error.problems)


def test_yaml_is_version_1_2(tmp_path: Path) -> None:
    recipe = load_recipe(
        write(tmp_path, LEAST.replace("rooms", "no") + "render: {adaptive_threshold: 1e-3}\n")
    )
    assert (recipe.name, recipe.render.adaptive_threshold) == ("no", 0.001)


def test_anchors_and_merge_keys_work(tmp_path: Path) -> None:
    text = (
        LEAST
        + "cameras:\n  - &wide {kind: perspective, fov_deg: 90, width: 320}\n  - {<<: *wide, width: 64}\n"
    )
    wide, small = load_recipe(write(tmp_path, text)).cameras
    assert (wide.width, small.width, small.fov_deg) == (320, 64, 90)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def message(path: str | Path) -> str:
        with pytest.raises(RecipeError) as caught:
            load_recipe(path)
        return str(caught.value)

    (tmp_path / "binary.yaml").write_bytes(b"name: a\n# caf\xe9\n")
    assert message(tmp_path / "binary.yaml").endswith(
        "binary.yaml:2:6: expected UTF-8 text (found byte 0xe9)"
    )
    assert message(tmp_path) == f"{tmp_path}: expected a recipe file (got a folder)"
    assert "found nothing" in message(tmp_path / "none.yaml")
    assert "called by its bare name, 'indoor'" in message(tmp_path / "recipes" / "indoor.yaml")
    assert "did you mean 'indoor'?" in message("indor")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    file = write(tmp_path, LEAST)
    file.chmod(0)
    with pytest.raises(RecipeError, match="cannot be read"):
        load_recipe(file)


def test_bundled_recipes_by_bare_name_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_recipe("indoor").name == "indoor"
    assert {"indoor", "indoor_hypersim"} <= set(bundled_recipes())
    (tmp_path / "indoor").mkdir()  # a folder of the same name, such as an output, is not in the way
    assert load_recipe("indoor").name == "indoor"


@pytest.mark.parametrize("name", bundled_recipes())
def test_bundled_recipes_are_valid(name: str) -> None:
    assert load_recipe(name).name == name


def test_recipe_json_reads_back() -> None:
    recipe = load_recipe("indoor")
    assert type(recipe).model_validate(recipe_json(recipe)) == recipe


def test_set_and_overrides(tmp_path: Path) -> None:
    file = write(tmp_path, LEAST + "cameras: [{kind: perspective, fov_deg: {normal: [60, 5]}}]\n")
    sets = [
        "scene.room.width_m.uniform=[3, 4]", "cameras[0].fov_deg=60", "cameras.0.width=320", "seed=1",
        "seed=2", "channels=[rgb, depth]",
    ]  # fmt: skip
    recipe = load_recipe(file, sets, [Override("--views 3", "views", 3)])
    assert recipe.scene.room.width_m == Uniform(3, 4)
    assert (recipe.cameras[0].fov_deg, recipe.cameras[0].width, recipe.cameras[0].height) == (60, 320, 480)
    assert (recipe.seed, recipe.views, recipe.channels) == (2, 3, ("rgb", "depth"))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("render.samples=0", "--set render.samples=0: must be between 1 and 1000000 (got 0)"),
        ("render.sampels=1", "--set render.sampels=1: unknown key 'sampels'"),
        (
            "cameras[2].fov_deg=1",
            "--set cameras[2].fov_deg=1: cameras: expected no index, the list is empty (got 2)",
        ),
        ("render[0]=1", "--set render[0]=1: render: expected a list (it is none)"),
        ("name", "--set name: expected path=value"),
        ("name=[a", "--set name=[a: broken YAML"),
        ("name=", "--set name=: expected text (got nothing)"),
        ("name=a: b: c", "--set name=a: b: c: broken YAML"),
    ],
)
def test_set_names_itself_in_its_mistakes(tmp_path: Path, setting: str, message: str) -> None:
    problems = problems_of(tmp_path, LEAST + "cameras: []\nrender: {}\n", setting)
    assert any(problem.startswith(message) for problem in problems), problems


def test_an_override_names_its_flag(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"^--seed -1: must be at least 0 \(got -1\)$"):
        load_recipe(write(tmp_path, LEAST), overrides=[Override("--seed -1", "seed", -1)])


def test_extends_merges_maps_and_replaces_the_rest(tmp_path: Path) -> None:
    write(
        tmp_path,
        "name: base\nseed: 3\n"
        "scene: {kind: indoor, wear: 0.5, room: {width_m: {uniform: [3, 4]}, height_m: 3}}\n"
        "channels: [rgb, depth]\n",
        "base.yaml",
    )
    child = (
        "extends: ../base.yaml\nname: child\nchannels: [depth]\nscene: {room: {width_m: {normal: [4, 1]}}}\n"
    )
    (tmp_path / "more").mkdir()
    recipe = load_recipe(write(tmp_path / "more", child))
    assert (recipe.name, recipe.seed, recipe.channels) == ("child", 3, ("depth",))
    assert (recipe.scene.wear, recipe.scene.room.height_m) == (0.5, 3)
    # A distribution is one value: the base's uniform must not remain beside the child's normal.
    assert recipe.scene.room.model_dump()["width_m"] == {
        "normal": {"mean": 4, "std": 1, "min": 2.2, "max": 15}
    }


def test_another_kind_inherits_nothing(tmp_path: Path, families: str) -> None:
    from synthgen.recipe.families import add_scene_paths

    add_scene_paths([families])
    write(tmp_path, "name: base\nscene: {kind: indoor, wear: 0.5}\n", "base.yaml")
    recipe = load_recipe(write(tmp_path, "extends: base.yaml\nscene: {kind: plain, size_m: 4}\n"))
    assert recipe.scene.kind == "plain"


def test_mistakes_point_into_the_file_that_made_them(tmp_path: Path) -> None:
    base = write(tmp_path, "name: base\nscene: {kind: indoor}\nviews: 0\nrender: {samples: 0}\n", "base.yaml")
    file = write(tmp_path, "extends: base.yaml\nscenes: 0\nrender:\n  sampels: 3\n")
    with pytest.raises(RecipeError) as caught:
        load_recipe(file)
    found = [(problem.where, problem.path) for problem in caught.value.problems]
    assert found == [
        (f"{base}:3:8", "views"),
        (f"{base}:4:19", "render.samples"),
        (f"{file}:2:9", "scenes"),
        (f"{file}:4:3", "render.sampels"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extends: none.yaml\n", "recipe.yaml:1:10: extends: expected a recipe file (found nothing at"),
        (
            "extends: recipe.yaml\n",
            "recipe.yaml:1:10: extends: expected another recipe (got recipe.yaml, which leads",
        ),
        ("extends: [a, b]\n", "recipe.yaml:1:1: extends: expected the path of one recipe (got [a, b])"),
    ],
)
def test_wrong_extends(tmp_path: Path, text: str, message: str) -> None:
    (problem,) = problems_of(tmp_path, text)
    assert problem.startswith(message)


def test_a_longer_circle_of_extends(tmp_path: Path) -> None:
    write(tmp_path, "extends: recipe.yaml\n", "other.yaml")
    (problem,) = problems_of(tmp_path, "extends: other.yaml\n")
    assert "other.yaml:1:10: extends: expected another recipe" in problem


@pytest.mark.parametrize(
    ("number", "message"),
    [("9" * 400, "expected a finite number (got 999"), ("9" * 5000, "cannot be read as a number")],
    ids=["400 digits", "5000 digits"],
)
def test_numbers_longer_than_any_float(tmp_path: Path, number: str, message: str) -> None:
    for field in ("samples: ", "exposure_ev: ", "clamp_indirect: {normal: [1, "):
        end = "]}" if "{" in field else ""
        (problem,) = problems_of(
            tmp_path, f"name: a\nscene: {{kind: indoor}}\nrender:\n  {field}{number}{end}\n"
        )
        assert problem.startswith("recipe.yaml:4:")
        assert message in problem or "expected a number (got 999" in problem
