"""Hugging Face `datasets` reads our Parquet and our tars, offline, with depth exact."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from synthgen.frame.channels import CHANNELS
from synthgen.load.dataset import FrameDataset, open_dataset
from synthgen.pack.codecs import chosen_codecs
from synthgen.pack.packer import pack_dataset
from synthgen.recipe.model import PackSpec
from synthgen.storage import open_storage
from synthgen.testing.dataset import analytic_jobs, write_analytic_dataset

pytestmark = [
    # datasets and what it loads (multiprocess, fsspec) warn about themselves.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def hf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The package, offline, with its caches in a folder of the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("hf")))
        yield pytest.importorskip("datasets")


@pytest.fixture
def frames(shipped: Path) -> FrameDataset:
    return open_dataset(shipped, split="train", format="frames")


def check_row(row: dict[str, object], frame: dict[str, object]) -> None:
    assert (row["key"], row["split"]) == (frame["key"], "train")
    np.testing.assert_array_equal(np.asarray(row["rgb"]), frame["rgb"])
    exact = np.array(row["depth_m"], np.float32).reshape(row["height"], row["width"])
    np.testing.assert_array_equal(exact, frame["depth"])
    millimetres = np.asarray(row["depth"])
    assert row["depth"].mode == "I;16" and millimetres.dtype == np.uint16
    hit = np.isfinite(frame["depth"])
    expected = np.where(hit, np.rint(np.where(hit, frame["depth"], 0).astype(np.float64) * 1000), 0)
    np.testing.assert_array_equal(millimetres, expected)
    np.testing.assert_array_equal(np.asarray(row["instance"]), frame["instance"])
    np.testing.assert_array_equal(np.asarray(row["semantic"]), frame["semantic"])
    np.testing.assert_array_equal(np.reshape(row["K"], (3, 3)), frame["camera"]["K"])
    np.testing.assert_array_equal(
        np.reshape(row["world_from_camera"], (4, 4)), frame["camera"]["world_from_camera"]
    )


def test_the_folder_as_it_is(hf: ModuleType, shipped: Path, frames: FrameDataset, tmp_path: Path) -> None:
    """The card's front matter names splits and files."""
    loaded = hf.load_dataset(str(shipped), cache_dir=str(tmp_path))
    assert {name: len(rows) for name, rows in loaded.items()} == {"train": 16, "val": 2}
    assert isinstance(loaded["train"].features["depth"], hf.Image)
    for row, frame in zip(loaded["train"], frames):
        check_row(row, frame)


def test_files_by_name(hf: ModuleType, shipped: Path, frames: FrameDataset, tmp_path: Path) -> None:
    files = {"train": str(shipped / "shards/train-*.parquet")}
    rows = hf.load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path))
    check_row(rows[11], frames[11])
    assert (
        rows.select_columns(["key", "depth_median_m"]).filter(lambda row: row["depth_median_m"] > 0).num_rows
    )


def test_streaming(hf: ModuleType, shipped: Path, frames: FrameDataset) -> None:
    stream = hf.load_dataset(str(shipped), split="train", streaming=True)
    assert stream.num_shards == 4
    found = list(stream)
    assert len(found) == 16
    for row, frame in zip(found, frames):
        check_row(row, frame)


@pytest.mark.parametrize("streaming", [False, True])
def test_every_channel_is_a_column(
    hf: ModuleType, shipped_whole: Path, tmp_path: Path, streaming: bool
) -> None:
    """Pictures as pictures, numbers as flat lists of their own dtype, light as bytes of an EXR."""
    rows = hf.load_dataset(str(shipped_whole), split="train", streaming=streaming, cache_dir=str(tmp_path))
    frames = open_dataset(shipped_whole, format="frames")
    for row, frame in zip(rows, frames, strict=True):
        for name, channel in CHANNELS.items():
            (codec,) = chosen_codecs(PackSpec(depth="npy_f32"), [name])
            cell, expected = row[codec.column or name], frame[name]
            if isinstance(cell, bytes):
                pixels = codec.decode(cell, name)
            elif codec.column:
                pixels = np.array(cell, channel.dtype).reshape(expected.shape)
            else:
                pixels = np.asarray(cell)
            if codec.name == "png48":  # Pillow reads the upper 8 of 16 bits
                expected = (np.rint(expected.astype(np.float64) * 32767) + 32768).astype(int) >> 8
            np.testing.assert_array_equal(pixels, expected, err_msg=name)
            assert isinstance(cell, bytes) == (channel.ending == "hdr.exr")


def test_tars(hf: ModuleType, shipped: Path, frames: FrameDataset, tmp_path: Path) -> None:
    files = {"train": str(shipped / "shards/train-*.tar")}
    stream = hf.load_dataset("webdataset", data_files=files, split="train", streaming=True)
    for row, frame in zip(stream, frames):
        assert row["__key__"] == frame["key"] and row["depth.png"].mode == "I;16"
        np.testing.assert_array_equal(np.asarray(row["rgb.png"]), frame["rgb"])
        np.testing.assert_array_equal(np.array(row["depth.npy"], np.float32), frame["depth"])


def test_a_dataset_of_tars_alone_loads_by_its_card(hf: ModuleType, tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "out")
    write_analytic_dataset(storage, analytic_jobs(5, 1))
    pack_dataset(storage, PackSpec(formats=["webdataset"]), provenance={}, classes=())
    loaded = hf.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    assert {name: len(rows) for name, rows in loaded.items()} == {"train": 4, "val": 1}
