"""The committed JSON Schema is fresh, and says what the loader says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from synthgen.recipe import families
from synthgen.recipe.families import recipe_folder
from synthgen.recipe.load import bundled_recipes
from synthgen.recipe.schema import FILE, recipe_schema, schema_text


@pytest.fixture
def schema(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The schema with the built-in families only, whatever other tests have added."""
    monkeypatch.delitem(sys.modules, families.PACKAGE, raising=False)
    return recipe_schema()


def read(file: Path) -> Any:
    return YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))


def test_the_committed_schema_is_fresh(schema: dict[str, Any]) -> None:
    committed = (recipe_folder() / FILE).read_text(encoding="utf-8")
    assert committed == schema_text(), "run: synthgen schema > recipes/recipe.schema.json"


def test_it_is_a_valid_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", bundled_recipes())
def test_committed_recipes_fit_it_and_name_it(schema: dict[str, Any], name: str) -> None:
    file = recipe_folder() / f"{name}.yaml"
    assert file.read_text().startswith(f"# yaml-language-server: $schema={FILE}\n")
    jsonschema.validate(read(file), schema)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a"},
        {"name": "a", "scene": {}},
        {"name": "a", "scene": {"kind": "indor"}},
        {"name": "a", "scene": {"kind": "indoor", "rom": {}}},
        {"name": "a", "scene": {"kind": "indoor", "wear": 2}},
        {"name": "a", "scene": {"kind": "indoor", "wear": {"unifrom": [0, 1]}}},
        {"name": "a", "scene": {"kind": "indoor", "style": {"choice": ["moden"]}}},
        {"name": "a", "scene": {"kind": "indoor"}, "cameras": [{"kind": "perspective", "fov_deg": 200}]},
        {"name": "a", "scene": {"kind": "indoor"}, "render": {"samples": "64"}},
        {"name": "a", "scene": {"kind": "indoor"}, "channels": ["deph"]},
        {"name": "a", "scene": {"kind": "indoor"}, "channels": ["depth", "depth"]},
        {"name": "a", "scene": {"kind": "indoor"}, "sensors": ["kinect_v1"]},
    ],
)
def test_an_editor_marks_mistakes(schema: dict[str, Any], wrong: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)


def test_every_key_is_described(schema: dict[str, Any]) -> None:
    def undescribed(part: Any, path: str) -> list[str]:
        if isinstance(part, list):
            return [found for each in part for found in undescribed(each, path)]
        if not isinstance(part, dict):
            return []
        found = [
            f"{path}.{name}"
            for name, each in part.get("properties", {}).items()
            # A section that is described by its own docstring has it where the reference leads.
            if name != "kind" and isinstance(each, dict) and not {"description", "$ref"} & set(each)
        ]
        return found + [more for key, each in part.items() for more in undescribed(each, f"{path}.{key}")]

    sections = {name: part for name, part in schema["$defs"].items() if name != "NumberDistribution"}
    found = undescribed(sections, "") + undescribed({"properties": schema["properties"]}, "")
    assert [each for each in found if ".choice" not in each and ".anyOf" not in each] == []
