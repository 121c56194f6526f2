"""A packed dataset for the packages that others read shards with."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthgen.frame.channels import CHANNELS
from synthgen.frame.classes import class_table_json
from synthgen.pack.packer import pack_dataset
from synthgen.recipe.model import PackSpec
from synthgen.storage import open_storage
from synthgen.testing.dataset import analytic_jobs, write_analytic_dataset


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighteen frames, train in four shards and val in one, in both formats, with exact depth too."""
    folder = tmp_path_factory.mktemp("shipped") / "out"
    storage = open_storage(folder)
    write_analytic_dataset(storage, analytic_jobs(9, 2))
    settings = PackSpec(shard_frames=4, lossless_depth=True)
    pack_dataset(storage, settings, provenance={"name": "spheres"}, classes=class_table_json())
    return folder


@pytest.fixture(scope="session")
def shipped_whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two frames with every channel of the catalogue, a stereo pair, in both formats."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    storage = open_storage(folder)
    write_analytic_dataset(storage, analytic_jobs(1, 1, channels=CHANNELS, stereo={"baseline_m": 0.1}))
    settings = PackSpec(depth="npy_f32")
    pack_dataset(storage, settings, provenance={"name": "whole"}, classes=class_table_json())
    return folder
