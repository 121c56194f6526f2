"""Verbs that look at a dataset: verify, stats, gallery."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from tqdm import tqdm

from synthgen.cli.options import DatasetArgument, Json, Quiet, existing_dataset
from synthgen.errors import ExitCode
from synthgen.inspect.gallery import LIMIT, make_gallery
from synthgen.inspect.stats import dataset_stats, stats_table
from synthgen.inspect.truth_report import write_truth_report
from synthgen.inspect.verify import verify_dataset


def verify(dataset: DatasetArgument, quiet: Quiet = False, as_json: Json = False) -> None:
    """Check a whole dataset: plan, checksums, pixels, labels, shards, and whether channels and views agree.

    Writes OUT/truth_report.json. Exit code 4 when something is wrong.
    """
    storage = existing_dataset(dataset)
    with tqdm(desc="verifying", unit="scene", disable=quiet or not sys.stderr.isatty()) as bar:
        report = verify_dataset(storage, progress=_advance(bar))
    note = write_truth_report(storage, report)
    if note:
        print(f"synthgen: {note}", file=sys.stderr)
    print(json.dumps(report.to_json(), indent=1) if as_json else report.summary())
    raise typer.Exit(ExitCode.DONE if report.ok else ExitCode.VERIFICATION)


def stats(dataset: DatasetArgument, as_json: Json = False) -> None:
    """Histograms of depth, field of view, classes and exposure."""
    figures = dataset_stats(existing_dataset(dataset))
    print(json.dumps(figures, indent=1) if as_json else stats_table(figures))


def gallery(
    dataset: DatasetArgument,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Most views to show.")] = LIMIT,
    quiet: Quiet = False,
) -> None:
    """Make OUT/gallery/index.html: colour, depth, normals, segmentation and metadata of every view."""
    with tqdm(desc="gallery", unit="view", disable=quiet or not sys.stderr.isatty()) as bar:
        page = make_gallery(existing_dataset(dataset), limit=limit, progress=_advance(bar))
    print(page)


VERBS: tuple[Callable[..., None], ...] = (verify, stats, gallery)


def _advance(bar: tqdm) -> Callable[[int, int], None]:
    def advance(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return advance
