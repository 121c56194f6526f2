"""Verbs that make something: validate, plan, render, pack."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from tqdm import tqdm

from synthgen.cli.options import (
    DatasetArgument,
    Json,
    Limit,
    OnlyOption,
    Out,
    Quick,
    Quiet,
    RecipeArgument,
    ScenePaths,
    Seed,
    Sets,
    existing_dataset,
)
from synthgen.errors import UsageError
from synthgen.inspect.gallery import make_gallery
from synthgen.plan.planner import parse_only, plan_line, plan_recipe
from synthgen.plan.summary import plan_summary
from synthgen.recipe.families import add_scene_paths
from synthgen.recipe.load import Override, change_recipe, load_recipe
from synthgen.recipe.model import Recipe
from synthgen.recipe.quick import quick_recipe
from synthgen.run.options import RunOptions, available_cpus
from synthgen.run.packing import is_packed, pack_run, recorded_recipe
from synthgen.run.run import run_recipe
from synthgen.storage import open_storage


def validate(
    recipe: RecipeArgument,
    sets: Sets = None,
    scenes: ScenePaths = None,
    as_json: Json = False,
) -> None:
    """Check a recipe and say what it would make."""
    loaded = _load(recipe, sets, None, False, scenes)
    summary = plan_summary(loaded)
    if as_json:
        print(json.dumps({"name": loaded.name, "frames": summary.frames, "scenes": summary.scenes}))
    else:
        print(f"{recipe}: valid; {summary.scenes} scenes, {summary.frames} frames")


def plan(
    recipe: RecipeArgument,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the jobs to a file, one per line."),
    ] = None,
    sets: Sets = None,
    seed: Seed = None,
    quick: Quick = False,
    limit: Limit = None,
    only: OnlyOption = None,
    scenes: ScenePaths = None,
    as_json: Json = False,
) -> None:
    """Show what would be rendered: counts, size and time; touches nothing unless --output is given.

    With --json the jobs themselves are printed, one per line, every choice drawn.
    """
    loaded = _load(recipe, sets, seed, quick, scenes)
    chosen = parse_only(only) if only else None
    if as_json:
        for job in plan_recipe(loaded, limit=limit, only=chosen):
            sys.stdout.write(plan_line(job).decode())
        return
    if output:
        if os.path.isdir(output):
            raise UsageError(f"--output {output}: expected a file (got a folder)")
        folder, _, name = output.rpartition("/")
        with open_storage(folder or ".").open_write(name) as stream:
            for job in plan_recipe(loaded, limit=limit, only=chosen):
                stream.write(plan_line(job))
    _show_plan(loaded, limit, chosen)


def render(
    recipe: RecipeArgument,
    out: Out = None,
    sets: Sets = None,
    seed: Seed = None,
    quick: Quick = False,
    limit: Limit = None,
    only: OnlyOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and touch nothing.")] = False,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume/--overwrite",
            help="Go on from where an earlier run stopped, or delete the dataset that is there.",
        ),
    ] = True,
    workers: Annotated[str, typer.Option(metavar="N|auto", help="Number of worker processes.")] = "auto",
    executor: Annotated[str, typer.Option(metavar="ray|inline", help="Where jobs run.")] = "ray",
    ray_address: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A running Ray cluster; else Ray is started here.")
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(
            metavar="DEVICE", help="auto, cpu, cuda, optix, hip, metal or oneapi [default: the recipe's]."
        ),
    ] = None,
    max_failures: Annotated[
        int | None,
        typer.Option(metavar="N", help="Stop after more failures than this; fewer count as success."),
    ] = None,
    recycle_after: Annotated[int, typer.Option(metavar="N", help="Replace a worker after N scenes.")] = 50,
    rss_limit_mb: Annotated[
        int | None, typer.Option(metavar="MB", help="Replace a worker that has grown larger than this.")
    ] = None,
    scene_timeout_s: Annotated[
        float | None, typer.Option(metavar="S", help="Kill a worker that takes longer for one scene.")
    ] = None,
    scenes: ScenePaths = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Render a recipe into a dataset: frames, shards and a gallery. Running it again resumes."""
    loaded = _load(recipe, sets, seed, quick, scenes)
    chosen = parse_only(only) if only else None
    if dry_run:
        _show_plan(loaded, limit, chosen)
        return
    storage = open_storage(f"out/{loaded.name}" if out is None else out)
    options = RunOptions(
        workers=_worker_count(workers),
        executor=executor,
        ray_address=ray_address,
        device=device or loaded.render.device,
        max_failures=max_failures,
        overwrite=not resume,
        limit=limit,
        only=chosen,
        recycle_after=recycle_after,
        rss_limit_mb=rss_limit_mb,
        scene_timeout_s=scene_timeout_s,
        scene_paths=tuple(str(path) for path in scenes or ()),
        quiet=quiet,
    )
    summary = run_recipe(loaded, storage, options)
    whole = limit is None and chosen is None and summary.complete and summary.frames_done > 0
    if whole and not is_packed(storage):
        with _bar("packing", summary.frames_done, quiet) as advance:
            pack_run(storage, progress=advance)
    gallery = make_gallery(storage) if summary.frames_done else None
    if as_json:
        print(json.dumps({**asdict(summary), "gallery": gallery}))
    else:
        print(summary)
        if whole:
            print(f"dataset: {storage.address('shards')}")
        elif summary.complete and summary.frames_done and not is_packed(storage):
            print("not packed: only a part of the plan was asked for; `synthgen pack --partial` packs it")
        if gallery:
            print(f"gallery: {gallery}")
    raise typer.Exit(summary.exit_code)


def pack(
    dataset: DatasetArgument,
    sets: Sets = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Pack what is there although scenes are missing.")
    ] = False,
    scenes: ScenePaths = None,
    quiet: Quiet = False,
) -> None:
    """Pack a dataset's frames into shards again, without rendering; `--set pack.rgb=jpeg` changes how."""
    add_scene_paths(scenes or ())
    foreign = [text for text in sets or () if not text.strip().startswith("pack.")]
    if foreign:
        raise UsageError(
            f"--set {foreign[0]}: expected a key of pack, such as pack.rgb=jpeg; frames stay as they are"
        )
    storage = existing_dataset(dataset)
    recipe = recorded_recipe(storage)
    settings = change_recipe(recipe, sets or ()).pack
    with _bar("packing", recipe.scenes * recipe.views_per_scene, quiet) as advance:
        manifest = pack_run(storage, settings, progress=advance, allow_incomplete=partial)
    print(f"{storage.address('shards')}: {manifest.frames} frames in {len(manifest.shards)} shards")


VERBS: tuple[Callable[..., None], ...] = (validate, plan, render, pack)


def _load(recipe: str, sets: list[str] | None, seed: int | None, quick: bool, scenes: list | None) -> Recipe:
    add_scene_paths(scenes or ())
    overrides = [Override(f"--seed {seed}", "seed", seed)] if seed is not None else []
    loaded = load_recipe(recipe, sets or (), overrides)
    return quick_recipe(loaded) if quick else loaded


@contextmanager
def _bar(what: str, total: int, quiet: bool) -> Iterator[Callable[[str], None]]:
    with tqdm(total=total, desc=what, unit="frame", disable=quiet or not sys.stderr.isatty()) as bar:
        yield lambda _key: bar.update()


def _show_plan(recipe: Recipe, limit: int | None, only: Mapping[str, int] | None) -> None:
    if only is not None:
        job = next(plan_recipe(recipe, limit=limit, only=only))
        print(f"{recipe.name}: {job.key} ({job.split}), {len(job.asked_views)} frames of {recipe.scene.kind}")
        return
    summary, cores = plan_summary(recipe, limit=limit), available_cpus()
    splits = ", ".join(f"{count} {split}" for split, count in summary.splits.items())
    megabytes, minutes = summary.estimated_bytes / 1e6, summary.estimated_seconds(cores) / 60
    print(
        f"{recipe.name}: {summary.scenes} scenes ({splits}), {summary.frames} frames of {recipe.scene.kind}"
    )
    print(f"estimates: {megabytes:.0f} MB, {minutes:.1f} minutes on {cores} CPU cores")


def _worker_count(text: str) -> int | None:
    if text == "auto":
        return None
    if not text.isdecimal():
        raise UsageError(f"--workers: expected a number of at least 1, or auto (got {text})")
    return int(text)
