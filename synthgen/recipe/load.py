"""Recipes from files: `load_recipe` reads, merges, overrides and checks, and reports all problems at once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from synthgen.errors import Problem, RecipeError, unknown_name
from synthgen.recipe.assets import settle_paths
from synthgen.recipe.explain import explain
from synthgen.recipe.families import recipe_folder
from synthgen.recipe.model import Recipe, recipe_json
from synthgen.recipe.parse import show
from synthgen.recipe.tree import Place, Tree, merge, parse_path, parse_setting, parse_yaml, put

EXTENDS = "extends"
PATHS = (("scene", "path"),)
"""Where a recipe has paths of files: they are relative to the recipe that they stand in."""


@dataclass(frozen=True, slots=True)
class Override:
    """A value that a flag sets, such as `Override("--seed 5", "seed", 5)`."""

    flag: str
    """What the user typed; problems are reported under it."""
    path: str
    value: object


def load_recipe(
    path: str | os.PathLike[str], sets: Iterable[str] = (), overrides: Iterable[Override] = ()
) -> Recipe:
    """Read a recipe.

    Parameters
    ----------
    path : a YAML file, or the bare name of a recipe that comes with synthgen, such as `indoor`
    sets : texts of `--set`, such as `render.samples=64` or `cameras[0].fov_deg={uniform: [50, 60]}`; the
        later one wins
    overrides : values of other flags, applied after `sets`

    Raises
    ------
    RecipeError
        With every problem that was found, each as `file:line:column: path: what was expected (got ...)`.
    """
    return _checked(_read(recipe_path(path), ()), sets, overrides, settle_paths)


def change_recipe(recipe: Recipe, sets: Iterable[str]) -> Recipe:
    """A recipe with other values, as `--set` gives them.

    Raises
    ------
    RecipeError
        With every problem that was found.
    """
    return _checked(parse_yaml(json.dumps(recipe_json(recipe)), "recipe"), sets, ())


def _checked(
    tree: Tree,
    sets: Iterable[str],
    overrides: Iterable[Override],
    settle: Callable[[Tree], list[Problem]] = lambda _tree: [],
) -> Recipe:
    problems: list[Problem] = []
    for text in sets:
        try:
            put(tree, *parse_setting(text))
        except RecipeError as error:
            problems += error.problems
    for override in overrides:
        steps = parse_path(override.path)
        assert steps is not None, f"not a path: {override.path}"
        put(tree, steps, Tree(override.value, Place(override.flag)))
    problems += settle(tree)
    try:
        recipe = Recipe.model_validate(tree.plain())
    except ValidationError as error:
        problems += explain(error, tree, Recipe)
    if problems:
        raise RecipeError(problems)
    return recipe


def recipe_path(path: str | os.PathLike[str]) -> Path:
    """The file of a recipe, or of one that comes with synthgen when the name has neither folder nor ending.

    Raises
    ------
    RecipeError
        When there is no such file; the message names the recipes that there are.
    """
    text = os.fspath(path)
    file = Path(text).expanduser()
    bare = not file.suffix and len(file.parts) == 1
    if file.exists() and not file.is_dir():  # also a pipe, such as <(generate-recipe)
        return file
    if bare and text in bundled_recipes():
        return recipe_folder() / f"{text}.yaml"
    if file.is_dir() and not bare:
        raise RecipeError([Problem(text, "", "expected a recipe file (got a folder)")])
    if bare:
        message = unknown_name("recipe", text, bundled_recipes())
        raise RecipeError([Problem("", "", f"{message}, or give the path of a YAML file")])
    message = "expected a recipe file (found nothing)"
    if file.stem in bundled_recipes():
        message += f"; the one that comes with synthgen is called by its bare name, '{file.stem}'"
    else:
        message += f"; recipes that come with synthgen: {', '.join(bundled_recipes())}"
    raise RecipeError([Problem(text, "", message)])


def bundled_recipes() -> list[str]:
    """Bare names of the recipes that come with synthgen, sorted."""
    return sorted(file.stem for file in recipe_folder().glob("*.yaml") if not file.stem.startswith("_"))


def _read(file: Path, extended_by: tuple[Path, ...]) -> Tree:
    """A recipe merged over the ones that it extends."""
    source = str(file)
    tree = parse_yaml(_read_text(file), source)
    if tree is None:
        raise RecipeError([Problem(source, "", "expected a recipe (the file is empty)")])
    if not isinstance(tree.value, dict):
        message = f"expected a map of keys and values (got {show(tree.plain())})"
        raise RecipeError([Problem(str(tree.place), "", message)])
    if file.is_file():  # a pipe lies nowhere
        _anchor_paths(tree, Path(os.path.abspath(file.parent)))
    if EXTENDS not in tree.value:
        return tree
    base, place = tree.value.pop(EXTENDS), tree.keys.pop(EXTENDS)
    if not isinstance(base.value, str):
        message = f"expected the path of one recipe (got {show(base.plain())})"
        raise RecipeError([Problem(str(place), EXTENDS, message)])
    chain = (*extended_by, file.resolve())
    base_file = Path(os.path.normpath(file.parent / base.value))
    if base_file.resolve() in chain:
        message = f"expected another recipe (got {base.value}, which leads back to this one)"
        raise RecipeError([Problem(str(base.place), EXTENDS, message)])
    if not base_file.is_file():
        message = f"expected a recipe file (found nothing at {base_file})"
        raise RecipeError([Problem(str(base.place), EXTENDS, message)])
    return merge(_read(base_file, chain), tree)


def _anchor_paths(tree: Tree, folder: Path) -> None:
    """Make the paths in a recipe absolute, in place, before another recipe is merged with it."""
    for steps in PATHS:
        found: Tree | None = tree
        for step in steps:
            found = found.child(step) if found else None
        if found and isinstance(found.value, str) and found.value:
            found.value = os.path.normpath(folder / Path(found.value).expanduser())


def _read_text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise RecipeError([Problem(str(file), "", f"cannot be read ({error.strerror})")]) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        message = f"expected UTF-8 text (found byte 0x{data[error.start]:02x})"
        raise RecipeError([Problem(f"{file}:{line}:{column}", "", message)]) from None
