"""Options that several commands share: the same words everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgen.errors import UsageError
from synthgen.storage import Storage, open_storage

RecipeArgument = Annotated[
    str,
    typer.Argument(metavar="RECIPE", help="A recipe file, or the bare name of one that comes with synthgen."),
]
DatasetArgument = Annotated[str, typer.Argument(metavar="OUT", help="A dataset: a folder or a URI.")]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="URI", help="Where the dataset goes [default: out/<recipe name>]."),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Override a value, such as render.samples=16; repeatable."
    ),
]
Seed = Annotated[int | None, typer.Option("--seed", help="Override the recipe's seed.")]
Quick = Annotated[bool, typer.Option("--quick", help="A fast look: few scenes, small images, few samples.")]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first N scenes.")]
OnlyOption = Annotated[
    str | None, typer.Option("--only", metavar="scene=3,view=1", help="Only this scene, or this view of it.")
]
ScenePaths = Annotated[
    list[Path] | None,
    typer.Option("--scenes", metavar="PATH", help="A folder with scene families of your own."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")]


def existing_dataset(uri: str) -> Storage:
    """The storage of a dataset. Raises `UsageError` when there is nothing."""
    storage = open_storage(uri)
    if not storage.exists():
        raise UsageError(f"{uri}: expected a dataset (found nothing)")
    return storage
