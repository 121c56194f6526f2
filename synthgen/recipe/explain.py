"""pydantic's findings in plain words, each with its path in the recipe and the place where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import ValidationError

from synthgen.errors import Problem, unknown_name
from synthgen.recipe.fields import Section
from synthgen.recipe.kinds import OneOfKind
from synthgen.recipe.parse import show
from synthgen.recipe.tree import Place, Tree, show_path

PLAIN = {
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "finite_number": "expected a finite number",
    "bool_type": "expected true or false",
    "string_type": "expected text",
    "tuple_type": "expected a list",
    "invalid_key": "expected a name before the colon",
    "model_type": "expected a map of keys and values",
    "dict_type": "expected a map of keys and values",
}
LIMITS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("greater than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}


def explain(error: ValidationError, tree: Tree, model: type[Section]) -> list[Problem]:
    """The problems of a recipe in the order in which they were written.

    Parameters
    ----------
    error : what `model` found in `tree.plain()`
    tree : the recipe with its places
    """
    found = error.errors(include_url=False)
    problems: list[tuple[Place, Problem]] = []
    for each in found:
        steps = tuple(each["loc"])
        if each["type"] == "too_short" and each["input"]:
            continue  # every item failed by itself and is reported for itself
        place = _place(tree, steps, of_key=each["type"] in ("extra_forbidden", "invalid_key"))
        path = "" if str(place).startswith("--") else show_path(steps)
        problems.append((place, Problem(str(place), path, _message(each, steps, tree, model))))
    problems.sort(key=lambda pair: (pair[0].source, pair[0].line, pair[0].column))
    return [problem for _, problem in problems]


def _message(found: Any, steps: tuple[str | int, ...], tree: Tree, model: type[Section]) -> str:
    kind, context, value = found["type"], found.get("ctx", {}), found["input"]
    got = repr(value) if isinstance(value, float) else show(value)
    if kind == "recipe":
        return context["text"]
    if kind == "extra_forbidden":
        section = _section(model, tree, steps[:-1])
        return unknown_name("key", str(steps[-1]), section.model_fields)
    if kind == "missing":
        field = _section(model, tree, steps[:-1]).model_fields[steps[-1]]
        return f"missing; {field.description or 'give it a value'}"
    if kind in LIMITS:
        words, limit = LIMITS[kind]
        return f"must be {words} {show(context[limit])} (got {got})"
    if kind == "string_pattern_mismatch":
        allowed = "expected letters, digits, dots, dashes and underscores, a letter or digit first"
        return f"{allowed} (got {got})"
    if kind == "literal_error":
        return f"expected {context['expected']} (got {got})"
    if kind == "too_short":
        return "expected at least one"
    return f"{PLAIN.get(kind, found['msg'])} (got {got})"


def _place(tree: Tree, steps: tuple[str | int, ...], of_key: bool) -> Place:
    """Where the value, or else its nearest container, was written."""
    for index, step in enumerate(steps):
        below = tree.child(step)
        if (of_key and index == len(steps) - 1) or (below is None and step in tree.keys):
            return tree.keys.get(step, tree.place)
        if below is None:
            break
        tree = below
    return tree.place


def _section(model: type[Section], tree: Tree, steps: tuple[str | int, ...]) -> type[Section]:
    """The model that the map below `steps` was checked against."""
    annotation: Any = model
    metadata: list[Any] = []
    for step in steps:
        below = tree.child(step)
        if isinstance(step, int):
            annotation = next(iter(get_args(annotation)))
            metadata = list(_metadata(annotation))
        else:
            field = model.model_fields[step]
            options = get_args(field.annotation)  # `Section | None` stands for the section
            annotation = options[0] if type(None) in options else field.annotation
            metadata = [*field.metadata, *_metadata(annotation)]
        kinds = next((each for each in metadata if isinstance(each, OneOfKind)), None)
        if kinds is not None and below is not None and not isinstance(below.value, list):
            kind = below.child("kind")
            model = kinds.model_of(str(kind.value)) if kind else model
        elif isinstance(annotation, type) and issubclass(annotation, Section):
            model = annotation
        tree = below if below is not None else tree
    return model


def _metadata(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
