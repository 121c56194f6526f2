"""The JSON Schema of recipes, for editors: completion, hover texts with units, red lines while typing."""

from __future__ import annotations

import json
from typing import Any

from synthgen.recipe.fields import number_distribution_schema
from synthgen.recipe.load import EXTENDS
from synthgen.recipe.model import Recipe

DISTRIBUTION = "NumberDistribution"
FILE = "recipe.schema.json"


def recipe_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a recipe file with all scene families on the search path."""
    schema = _hoisted(Recipe.model_json_schema(), number_distribution_schema())
    schema["$defs"] = {DISTRIBUTION: number_distribution_schema(), **schema["$defs"]}
    extends = {
        "type": "string",
        "description": "Path of a recipe to start from: its maps merge with ours, our lists replace its.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "synthgen recipe",
        "properties": {EXTENDS: extends, **schema["properties"]},
        "required": [],
        # What a recipe must have may come from the one that it extends.
        "anyOf": [{"required": schema["required"]}, {"required": [EXTENDS]}],
    }


def _hoisted(value: Any, part: dict[str, Any]) -> Any:
    """`value` with every copy of `part` replaced by a reference: some hundred lines less for each number."""
    if value == part:
        return {"$ref": f"#/$defs/{DISTRIBUTION}"}
    if isinstance(value, dict):
        return {key: _hoisted(each, part) for key, each in value.items()}
    if isinstance(value, list):
        return [_hoisted(each, part) for each in value]
    return value


def schema_text() -> str:
    """The content of recipes/recipe.schema.json; `synthgen schema` prints it."""
    return json.dumps(recipe_schema(), indent=2, ensure_ascii=False) + "\n"
