"""Pack the frames of a run: the shards' settings and provenance come from the run's own record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from pydantic import ValidationError

from synthgen.errors import DataError, UsageError
from synthgen.frame.classes import class_table_json
from synthgen.pack.card import CARD
from synthgen.pack.manifest import KEY_TO_SHARD, Manifest, read_manifest
from synthgen.pack.packer import pack_dataset
from synthgen.plan.compare import recipe_hash
from synthgen.recipe.families import scene_classes
from synthgen.recipe.model import PackSpec, Recipe, recipe_json
from synthgen.run.folder import RUN, locked, read_run
from synthgen.storage import Storage


def recorded_recipe(storage: Storage) -> Recipe:
    """The recipe that a dataset was made from.

    Raises
    ------
    UsageError
        When the folder is no dataset of ours, or its scene family is not known here.
    """
    run = read_run(storage)
    if run is None:
        raise UsageError(f"{storage.uri}: expected a dataset that synthgen rendered (found no run.json)")
    try:
        return Recipe.model_validate(run["recipe"])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise UsageError(
            f"{storage.address(RUN)}: recipe.{where}: {first['msg']}; a scene family of your own is found "
            "with --scenes PATH"
        ) from None


def is_packed(storage: Storage) -> bool:
    """Whether a dataset is packed to the end: a manifest, and every file beside it that a pack writes.

    Shards count when they have the size that the manifest says; comparing their content is for `verify`.
    """
    try:
        entries = read_manifest(storage).shards
        whole = all(storage.size(entry.file) == entry.bytes for entry in entries)
    except DataError:
        return False
    return whole and storage.exists(KEY_TO_SHARD) and storage.exists(CARD)


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
        When the folder is no dataset of ours, a run or another pack is at work in it, or its frames are
        not what their records say.
    """
    recipe = recorded_recipe(storage)
    # A manifest written beside a run at work would vouch for less than the run makes.
    with locked(storage) if storage.is_local else nullcontext():
        versions = read_run(storage)["versions"]
        return pack_dataset(
            storage,
            settings or recipe.pack,
            provenance={
                "name": recipe.name,
                "seed": recipe.seed,
                "recipe": recipe_json(recipe),
                "recipe_hash": recipe_hash(recipe),
                "versions": {name: versions.get(name) for name in ("synthgen", "bpy")},
            },
            classes=class_table_json(scene_classes(recipe.scene.model_dump())),
            progress=progress,
            allow_incomplete=allow_incomplete,
        )
