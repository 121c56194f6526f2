"""A small whole dataset, written through the same store as a real run, without Blender."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from synthgen.frame.bundle import FrameBundle, scene_name
from synthgen.frame.store import write_frame
from synthgen.storage import Storage, open_storage
from synthgen.testing.analytic import analytic_bundle, analytic_job

Alter = Callable[[FrameBundle], FrameBundle]


def write_dataset(
    folder: Path,
    scenes: int = 2,
    views: int = 2,
    quarantined: dict[tuple[int, int], str] | None = None,
    alter: Alter = lambda bundle: bundle,
) -> Storage:
    """Plan, frames, completions and quarantine of an analytic dataset; `alter` may spoil frames."""
    storage = open_storage(folder)
    lines = []
    for scene in range(scenes):
        job = analytic_job(scene, views, split=("train", "val", "test")[scene % 3])
        lines.append(job.model_dump_json())
        done, aside = {}, {}
        for view in job.views:
            reason = (quarantined or {}).get((scene, view.view))
            if reason:
                aside[str(view.view)] = reason
            else:
                record = write_frame(storage, alter(analytic_bundle(job, view)))
                done[str(view.view)] = {"files": record}
        completion = {
            "schema_version": 1, "job_hash": job.job_hash, "scene": scene, "split": job.split,
            "views": done, "quarantined": aside,
        }  # fmt: skip
        storage.write_text(f"completions/{scene_name(scene)}.json", json.dumps(completion))
    storage.write_text("plan.jsonl", "\n".join(lines) + "\n")
    storage.write_text("run.json", json.dumps({"schema_version": 1, "name": "tiny & <b>bold</b>"}))
    return storage


def write_tar_shards(storage: Storage) -> None:
    """A tar of each split with the durable files as they are, and the manifest."""
    splits: dict[str, list[str]] = {}
    for path in storage.list("completions"):
        entry = json.loads(storage.read_text(path))
        for view in entry["views"].values():
            splits.setdefault(entry["split"], []).extend(sorted(view["files"]))
    shards = []
    for split, paths in sorted(splits.items()):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path in paths:
                data = storage.read_bytes(path)
                member = tarfile.TarInfo(path.removeprefix("frames/").replace("/", "_"))
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        name = f"shards/{split}-00000.tar"
        storage.write_bytes(name, buffer.getvalue())
        shards.append(
            {"file": name, "split": split, "bytes": len(buffer.getvalue()), "frames": len(paths) // 3,
             "sha256": hashlib.sha256(buffer.getvalue()).hexdigest()}
        )  # fmt: skip
    storage.write_text("manifest.json", json.dumps({"schema_version": 1, "shards": shards}))


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
    """The same with a tar shard for each split and a manifest."""
    write_tar_shards(dataset)
    return dataset
