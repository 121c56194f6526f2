"""Pack the frames of a run: the shards' settings and provenance come from the run's own record."""

from __future__ import annotations

from collections.abc import Callable

from synthgen.errors import UsageError
from synthgen.frame.classes import class_table_json
from synthgen.pack.manifest import Manifest
from synthgen.pack.packer import pack_dataset
from synthgen.plan.planner import recipe_hash
from synthgen.recipe.families import family_spec, known_families
from synthgen.recipe.model import PackSpec, Recipe, recipe_json
from synthgen.run.folder import read_run
from synthgen.storage import Storage


def recorded_recipe(storage: Storage) -> Recipe:
    """The recipe that a dataset was made from. Raises `UsageError` when the folder is no dataset of ours."""
    run = read_run(storage)
    if run is None:
        raise UsageError(f"{storage.uri}: expected a dataset that synthgen rendered (found no run.json)")
    return Recipe.model_validate(run["recipe"])


def pack_run(
    storage: Storage,
    settings: PackSpec | None = None,
    *,
    progress: Callable[[str], None] | None = None,
    allow_incomplete: bool = False,
) -> Manifest:
    """Pack a dataset's frames into shards.

    Parameters
    ----------
    settings : other pack settings than the recipe's
    progress : called with the key of each packed frame
    allow_incomplete : pack what is there although scenes are missing

    Raises
    ------
    UsageError, DataError
        When the folder is no dataset of ours, or its frames are not what their records say.
    """
    recipe = recorded_recipe(storage)
    run = read_run(storage)
    family = recipe.scene.kind
    own_classes = family_spec(family).classes if family in known_families() else ()
    return pack_dataset(
        storage,
        settings or recipe.pack,
        provenance={
            "name": recipe.name,
            "seed": recipe.seed,
            "recipe": recipe_json(recipe),
            "recipe_hash": recipe_hash(recipe),
            "versions": {name: run["versions"].get(name) for name in ("synthgen", "bpy")},
        },
        classes=class_table_json(own_classes),
        progress=progress,
        allow_incomplete=allow_incomplete,
    )
