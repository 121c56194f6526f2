"""Storage: files that appear whole or not at all, here and far away, and errors that say what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.fs as pafs
import pytest

from synthgen.errors import DataError, EnvironmentProblem, UsageError
from synthgen.storage import Storage, open_storage


@pytest.fixture(params=["local", "remote"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """An empty folder; `remote` goes the way of every file system but this machine's own."""
    if request.param == "local":
        return open_storage(tmp_path)
    far = pafs.SubTreeFileSystem(str(tmp_path), pafs.LocalFileSystem())
    (tmp_path / "data").mkdir()
    return Storage("far://data", "data", far)


def test_what_is_written_is_read(storage: Storage) -> None:
    storage.write_text("a.json", "1")
    storage.write_text("a.json", "äö")
    storage.write_bytes("b.gz", b"no gzip at all")
    assert storage.read_text("a.json") == "äö"
    assert storage.read_bytes("b.gz") == b"no gzip at all"
    assert storage.size("b.gz") == 14
    assert storage.list() == ["a.json", "b.gz"]
    with storage.open_read("b.gz") as stream:
        assert stream.read_at(4, 3) == b"gzip"


def test_a_write_that_fails_leaves_what_was_there(storage: Storage) -> None:
    storage.write_text("shard", "whole")
    with pytest.raises(KeyError), storage.open_write("shard") as stream:
        stream.write(b"half")
        raise KeyError
    assert storage.read_text("shard") == "whole"
    assert storage.list() == ["shard"]


def test_a_missing_file_is_named(storage: Storage) -> None:
    for read in (storage.read_bytes, storage.size, storage.open_read, storage.sha256):
        with pytest.raises(DataError, match=r"nothing\.json: expected a file \(found nothing\)"):
            read("nothing.json")
    assert not storage.exists("nothing.json")
    assert storage.list("nothing") == []
    storage.delete("nothing.json")


def test_a_folder_is_no_file(storage: Storage) -> None:
    storage.filesystem.create_dir(f"{storage.root}/folder")
    with pytest.raises((DataError, EnvironmentProblem), match=r"folder: .*directory"):
        storage.read_bytes("folder")


def test_bytes_that_are_no_text_are_named(storage: Storage) -> None:
    storage.write_bytes("text", b"\xff")
    with pytest.raises(DataError, match="text: expected UTF-8"):
        storage.read_text("text")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything")
def test_what_may_not_be_read_or_deleted_is_named(tmp_path: Path) -> None:
    storage = open_storage(tmp_path)
    storage.write_text("closed/secret", "")
    (tmp_path / "closed" / "secret").chmod(0)
    (tmp_path / "closed").chmod(0o500)
    try:
        with pytest.raises(EnvironmentProblem, match="secret: cannot be read"):
            storage.read_bytes("closed/secret")
        with pytest.raises(EnvironmentProblem, match="closed: cannot be written"):
            storage.delete("closed")
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_an_unknown_scheme_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"foo://x/y: expected a path, or a URI"):
        open_storage("foo://x/y")


def test_an_empty_address_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="got nothing"):
        open_storage("")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be made"):
        open_storage(tmp_path / ("x" * 300)).write_text("a", "")


def test_a_file_in_the_way_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(EnvironmentProblem, match="expected a folder"):
        open_storage(tmp_path / "out").write_text("a", "")
