"""Packing what a run has finished: from its own record, and never beside another writer."""

from __future__ import annotations

import json

import pytest

from synthgen.errors import UsageError
from synthgen.run.folder import locked, read_run
from synthgen.run.packing import is_packed, pack_run
from synthgen.storage import open_storage


def test_provenance_is_that_of_the_run(dataset):
    manifest = pack_run(dataset)
    run = read_run(dataset)
    assert manifest.frames == 4
    assert manifest.provenance["seed"] == 3
    assert manifest.provenance["recipe"] == run["recipe"]
    assert manifest.provenance["versions"] == {name: run["versions"][name] for name in ("synthgen", "bpy")}
    assert not dataset.exists("run.lock")


def test_no_pack_while_a_run_is_at_work(dataset):
    with locked(dataset), pytest.raises(UsageError, match="writes to this folder"):
        pack_run(open_storage(dataset.uri))
    assert not dataset.exists("manifest.json")


def test_a_family_that_is_not_here_is_named_with_its_remedy(dataset):
    run = read_run(dataset)
    run["recipe"]["scene"] = {"kind": "cellar"}
    dataset.write_text("run.json", json.dumps(run))
    with pytest.raises(UsageError, match=r"run\.json: recipe\.scene.*unknown scene kind 'cellar'.*--scenes"):
        pack_run(dataset)


@pytest.mark.parametrize(
    "path", ["manifest.json", "README.md", "shards/key_to_shard.json", "shards/train-00000.tar", "shards"]
)
def test_a_pack_with_a_file_missing_is_no_pack(dataset, path):
    assert not is_packed(dataset)
    pack_run(dataset)
    assert is_packed(dataset)
    dataset.delete(path)
    assert not is_packed(dataset)


@pytest.mark.parametrize("text", ["", "null", "[]", '{"schema_version": 1}'])
def test_a_damaged_manifest_or_a_cut_shard_is_no_pack(dataset, text):
    pack_run(dataset)
    shard = dataset.read_bytes("shards/train-00000.parquet")
    dataset.write_bytes("shards/train-00000.parquet", shard[: len(shard) // 2])
    assert not is_packed(dataset)
    dataset.write_bytes("shards/train-00000.parquet", shard)
    assert is_packed(dataset)
    dataset.write_text("manifest.json", text)
    assert not is_packed(dataset)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"expected a dataset .*no run\.json"):
        pack_run(open_storage(tmp_path))
