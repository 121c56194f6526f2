"""Whether two recipes make the same dataset, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from synthgen.recipe.distributions import is_distribution
from synthgen.recipe.model import Recipe, recipe_json
from synthgen.recipe.parse import show
from synthgen.recipe.tree import show_path
from synthgen.seeding import content_hash

ABSENT = object()


def recipe_hash(recipe: Recipe) -> str:
    """Content hash of all that a dataset depends on; where it is rendered (`render.device`) is left out."""
    return content_hash(_what_matters(recipe_json(recipe)))


def differing_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Where two recipes differ, as `render.samples: 64 -> 32`; empty when they make the same dataset.

    Parameters
    ----------
    old, new : recipes as `recipe_json` gives them. A distribution counts as one value.
    """
    return list(_differences(_what_matters(old), _what_matters(new), ()))


def _what_matters(recipe: Mapping[str, Any]) -> dict[str, Any]:
    render = {key: value for key, value in recipe.get("render", {}).items() if key != "device"}
    return {**recipe, "render": render}


def _differences(old: Any, new: Any, path: tuple[str | int, ...]) -> Iterator[str]:
    if (
        isinstance(old, Mapping)
        and isinstance(new, Mapping)
        and not (is_distribution(old) or is_distribution(new))
    ):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differences(old.get(key, ABSENT), new.get(key, ABSENT), (*path, key))
    elif _is_list_of_maps(old) and _is_list_of_maps(new):
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else ABSENT
            after = new[index] if index < len(new) else ABSENT
            yield from _differences(before, after, (*path, index))
    elif old is ABSENT or new is ABSENT or old != new:
        before, after = ("(absent)" if each is ABSENT else show(each) for each in (old, new))
        yield f"{show_path(path)}: {before} -> {after}"


def _is_list_of_maps(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)
