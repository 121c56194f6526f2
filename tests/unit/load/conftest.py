"""One packed dataset for all tests of the room; tests that spoil files take a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from synthgen.frame.classes import class_table_json
from synthgen.pack.packer import pack_dataset
from synthgen.recipe.model import PackSpec
from synthgen.storage import open_storage
from synthgen.testing.dataset import analytic_jobs, write_analytic_dataset


@pytest.fixture(scope="session")
def packed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve frames in both formats: 5 train shards of 2 and 1 of val; depth exact and in millimetres."""
    folder = tmp_path_factory.mktemp("packed") / "out"
    storage = open_storage(folder)
    write_analytic_dataset(storage, analytic_jobs(6, 2))
    settings = PackSpec(shard_frames=2, lossless_depth=True)
    pack_dataset(storage, settings, provenance={"name": "spheres"}, classes=class_table_json())
    return folder


@pytest.fixture
def packed(packed_once: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(packed_once, tmp_path / "out"))
