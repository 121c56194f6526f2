"""Scene families: found on a search path, never in part, and broken ones are named with file and line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from synthgen.errors import RecipeError, UsageError
from synthgen.recipe import families
from synthgen.recipe.load import load_recipe

SPEC = '''
from typing import Literal
from synthgen.recipe.families import SceneSpec
from synthgen.recipe.fields import Number
{more}

class Spec(SceneSpec):
    """A test."""
    kind: Literal["{name}"] = "{name}"
    size_m: Number("Size.", 2.0, ge=1, le=3)
'''


@pytest.fixture(autouse=True)
def fresh_path() -> Iterator[None]:
    """Every test starts and ends with the built-in families only."""

    def forget() -> dict[str, object]:
        names = [name for name in sys.modules if name.split(".")[0] == families.PACKAGE]
        return {name: sys.modules.pop(name) for name in names}

    before = forget()
    yield
    forget()
    sys.modules.update(before)


def family(folder: Path, name: str, more: str = "", **files: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "spec.py").write_text(SPEC.format(name=name, more=more))
    for file, text in files.items():
        (folder / name / f"{file}.py").write_text(text)
    return folder


def test_a_family_of_the_user_with_relative_imports(tmp_path: Path) -> None:
    family(
        tmp_path, "cave", "from .rocks import ROCKS", rocks="ROCKS = 3\n",
        build="from .rocks import ROCKS\ndef build(stage, spec, seed): return ROCKS\n",
    )  # fmt: skip
    families.add_scene_paths([tmp_path])
    assert "cave" in families.known_families() and "indoor" in families.known_families()
    assert families.family_spec("cave").__module__ == "synthgen_scenes.cave.spec"
    assert families.family_builder("cave")(None, None, 0) == 3
    assert families.scene_paths()[0] == str(tmp_path)
    (tmp_path / "recipe.yaml").write_text("name: a\nscene: {kind: cave, size_m: 9}\n")
    with pytest.raises(
        RecipeError, match=r"recipe\.yaml:2:29: scene\.size_m: must be between 1 and 3 \(got 9\)"
    ):
        load_recipe(tmp_path / "recipe.yaml")


def test_a_family_of_the_user_hides_a_built_in_one_wholly(tmp_path: Path) -> None:
    assert "room" in families.family_spec("indoor").model_fields
    families.add_scene_paths([family(tmp_path, "indoor")])
    assert set(families.family_spec("indoor").model_fields) == {"assets", "kind", "size_m"}
    with pytest.raises(UsageError, match=r"No module named 'synthgen_scenes\.indoor\.build'"):
        families.family_builder("indoor")


def test_an_unknown_family_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match=r"unknown scene kind 'indor'.*did you mean 'indoor'"):
        families.family_spec("indor")
    for name in ("../indoor", "", "in door"):
        with pytest.raises(UsageError, match="unknown scene kind"):
            families.family_spec(name)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("import no_such_package", r"cave/spec\.py:5: cannot be imported \(ModuleNotFoundError"),
        ("x = 1 / 0", r"cave/spec\.py:5: cannot be imported \(ZeroDivisionError: division by zero\)"),
        ("def (", r"cave/spec\.py:5: broken Python \(invalid syntax\)"),
    ],
)
def test_a_broken_spec_is_named_with_its_line(tmp_path: Path, more: str, message: str) -> None:
    families.add_scene_paths([family(tmp_path, "cave", more)])
    with pytest.raises(UsageError, match=message):
        families.family_spec("cave")
    (tmp_path / "recipe.yaml").write_text("name: a\nscene: {kind: cave}\n")
    with pytest.raises(RecipeError, match=r"recipe\.yaml:2:15: scene\.kind: .*" + message):
        load_recipe(tmp_path / "recipe.yaml")


def test_a_spec_that_is_none(tmp_path: Path) -> None:
    family(tmp_path, "cave")
    (tmp_path / "cave" / "spec.py").write_text("Spec = 3\n")
    (tmp_path / "hut").mkdir()
    (tmp_path / "hut" / "spec.py").write_text(SPEC.format(name="house", more=""))
    families.add_scene_paths([tmp_path])
    with pytest.raises(UsageError, match=r"cave/spec\.py: expected a class Spec\(SceneSpec\)"):
        families.family_spec("cave")
    with pytest.raises(UsageError, match=r'hut/spec\.py: expected kind: Literal\["hut"\]'):
        families.family_spec("hut")


def test_scene_paths_must_hold_families(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected a folder with scene families"):
        families.add_scene_paths([tmp_path / "none"])
    with pytest.raises(UsageError, match=r"expected folders with a spec\.py each"):
        families.add_scene_paths([tmp_path])


def test_an_entry_point_brings_families(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "caves_for_synthgen"
    family(package, "grotto")
    info = tmp_path / "caves-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: caves\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[synthgen.scenes]\ncaves = caves_for_synthgen\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert families.family_spec("grotto").model_fields["size_m"].default == 2.0


def test_the_hash_of_a_family_follows_its_code(tmp_path) -> None:
    folder = tmp_path / "hashed"
    folder.mkdir()
    (folder / "spec.py").write_text("# one", encoding="utf-8")
    (folder / "notes.txt").write_text("anything", encoding="utf-8")
    families.add_scene_paths([tmp_path])
    first = families.family_hash("hashed")
    (folder / "notes.txt").write_text("something else", encoding="utf-8")
    assert families.family_hash("hashed") == first
    (folder / "build.py").write_text("# two", encoding="utf-8")
    assert families.family_hash("hashed") != first
