"""A small whole dataset, written through the same store as a real run, without Blender."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from synthgen.frame.bundle import FrameBundle
from synthgen.frame.channels import DEFAULT_CHANNELS
from synthgen.frame.classes import class_table_json
from synthgen.frame.records import Completion, write_completion
from synthgen.frame.store import write_frame
from synthgen.pack.packer import pack_dataset
from synthgen.recipe.model import PackSpec
from synthgen.storage import Storage, open_storage
from synthgen.testing.analytic import analytic_bundle, analytic_job

NAME = "tiny & <b>bold</b>"
Alter = Callable[[FrameBundle], FrameBundle]


def write_dataset(
    folder: Path,
    scenes: int = 2,
    views: int = 2,
    quarantined: dict[tuple[int, int], str] | None = None,
    alter: Alter = lambda bundle: bundle,
    channels: tuple[str, ...] = DEFAULT_CHANNELS,
) -> Storage:
    """Plan, frames, completions and quarantine of an analytic dataset; `alter` may spoil frames."""
    storage = open_storage(folder)
    lines = []
    for scene in range(scenes):
        job = analytic_job(scene, views, split=("train", "val", "test")[scene % 3], channels=channels)
        lines.append(job.model_dump_json())
        done, aside = {}, {}
        for view in job.views:
            reason = (quarantined or {}).get((scene, view.view))
            if reason:
                aside[view.view] = reason
            else:
                done[view.view] = write_frame(storage, alter(analytic_bundle(job, view)))
        write_completion(storage, Completion(scene, job.split, job.job_hash, done, aside))
    storage.write_text("plan.jsonl", "\n".join(lines) + "\n")
    storage.write_text("run.json", json.dumps({"schema_version": 1, "recipe": {"name": NAME}}))
    return storage


def pack_shards(storage: Storage, *formats: str) -> Storage:
    """Pack with the real packer; returns the same storage."""
    pack_dataset(
        storage,
        PackSpec(formats=formats or ("webdataset", "parquet")),
        provenance={"name": "tiny"},
        classes=class_table_json(),
    )
    return storage


@pytest.fixture
def make_dataset(tmp_path: Path) -> Callable[..., Storage]:
    """`write_dataset` into a folder of this test."""
    return lambda **options: write_dataset(tmp_path / "out", **options)


@pytest.fixture
def dataset(make_dataset: Callable[..., Storage]) -> Storage:
    """Two scenes of two views each, unpacked."""
    return make_dataset()


@pytest.fixture
def packed(dataset: Storage) -> Storage:
    """The same with a tar and a Parquet shard for each split, and a manifest."""
    return pack_shards(dataset)


@pytest.fixture
def pack() -> Callable[..., Storage]:
    """`pack_shards`."""
    return pack_shards
