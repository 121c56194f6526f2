"""`open_dataset`: the same frames from everywhere, and one clear line when something is wrong."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import synthgen
from synthgen.errors import DataError, UsageError
from synthgen.frame.classes import CLASSES
from synthgen.frame.store import read_frame
from synthgen.load.dataset import open_dataset
from synthgen.pack.packer import pack_dataset
from synthgen.recipe.model import PackSpec
from synthgen.storage import open_storage
from synthgen.testing.dataset import analytic_jobs, write_analytic_dataset

FORMATS = ("frames", "webdataset", "parquet")
CHANNELS = ("rgb", "depth", "normal", "instance", "semantic")
KEYS = tuple(f"scene{scene:06d}_view{view:03d}" for scene in (0, 1, 2, 3, 5, 4) for view in (0, 1))


@pytest.mark.parametrize("file_format", FORMATS)
def test_frames_are_what_the_run_wrote(packed_once: Path, file_format: str) -> None:
    frames = open_dataset(packed_once, format=file_format)
    assert len(frames) == 12 and frames.keys == KEYS and frames.channels == CHANNELS
    for frame, key in zip(frames, KEYS):
        truth = read_frame(open_storage(packed_once), int(key[5:11]), int(key[-3:]))
        assert set(frame) == {*CHANNELS, "camera", "key", "split", "meta"}
        assert frame["key"] == key and frame["split"] == truth["split"] and frame["meta"] == truth["meta"]
        for name in CHANNELS:
            assert frame[name].dtype == truth[name].dtype
            tolerance = 2e-5 if name == "normal" else 0
            np.testing.assert_allclose(frame[name], truth[name], rtol=0, atol=tolerance)
        assert frame["camera"]["K"].shape == (3, 3) and frame["camera"]["world_from_camera"].shape == (4, 4)
        np.testing.assert_array_equal(frame["camera"]["K"], truth["camera"]["K"])
        assert (frame["camera"]["width"], frame["camera"]["height"]) == (64, 48)


def test_depth_in_millimetres_knows_sky(tmp_path: Path) -> None:
    storage = open_storage(tmp_path)
    write_analytic_dataset(storage, analytic_jobs(1, 1))
    pack_dataset(storage, PackSpec(), provenance={}, classes=())
    exact = open_dataset(tmp_path, format="frames")[0]
    for file_format in ("webdataset", "parquet"):
        frame = open_dataset(tmp_path, format=file_format)[0]
        sky = frame["semantic"] == CLASSES["sky"].id
        assert 0 < sky.sum() < sky.size
        np.testing.assert_array_equal(np.isinf(frame["depth"]), sky)
        assert np.abs(frame["depth"][~sky] - exact["depth"][~sky]).max() <= 0.5e-3 + 4e-6


def test_everything_that_can_be_named(packed_once: Path) -> None:
    shards = packed_once / "shards"
    whole = [packed_once, str(packed_once), f"{packed_once}/", shards, packed_once.as_uri()]
    for uri in whole:
        assert open_dataset(uri).keys == KEYS
    assert open_dataset(shards / "train-00001.tar").keys == KEYS[2:4]
    assert open_dataset(shards / "train-00001.parquet").keys == KEYS[2:4]
    assert open_dataset(f"{shards}/train-*.tar").keys == KEYS[:10]
    assert open_dataset(f"{shards}/train-0000[12].parquet").keys == KEYS[2:6]
    assert open_dataset(f"{shards}/val-*").keys == KEYS[10:]
    assert open_dataset([shards / "val-00000.tar", shards / "train-00000.tar"]).keys == KEYS[10:] + KEYS[:2]


def test_shards_without_their_manifest(packed_once: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(packed_once / "shards", tmp_path / "elsewhere"))
    assert open_dataset(folder).keys == KEYS
    assert open_dataset(folder, split="val", format="parquet").keys == KEYS[10:]
    assert open_dataset(folder / "train-00002.tar", split="train").keys == KEYS[4:6]
    with pytest.raises(UsageError, match="verify needs the manifest"):
        open_dataset(folder, verify=True)


@pytest.mark.parametrize("file_format", FORMATS)
def test_splits_and_channels(packed_once: Path, file_format: str) -> None:
    frames = open_dataset(packed_once, "val", ("instance", "depth"), file_format)
    assert frames.keys == KEYS[10:]
    assert set(frames[0]) == {"instance", "depth", "camera", "key", "split", "meta"}
    assert set(open_dataset(packed_once, channels=(), format=file_format)[0]) == {
        "camera",
        "key",
        "split",
        "meta",
    }


def test_other_channels_are_not_read(packed: Path) -> None:
    for path in packed.glob("frames/*/*.truth.exr"):
        path.unlink()
    assert open_dataset(packed, channels=["rgb"], format="frames")[3]["rgb"].shape == (48, 64, 3)


def test_each_file_of_a_frame_is_read_for_its_own_channels_only(tmp_path: Path) -> None:
    storage = open_storage(tmp_path)
    jobs = analytic_jobs(1, 1, channels=("rgb", "hdr", "depth", "flow_forward"))
    write_analytic_dataset(storage, jobs)
    expected = open_dataset(tmp_path, format="frames")[0]
    for ending, gone in (
        ("rgb.png", {"rgb"}),
        ("hdr.exr", {"hdr"}),
        ("truth.exr", {"depth", "flow_forward"}),
    ):
        content = storage.read_bytes(f"frames/scene000000/view000.{ending}")
        storage.delete(f"frames/scene000000/view000.{ending}")
        left = [name for name in jobs[0].channels if name not in gone]
        frame = open_dataset(tmp_path, channels=left, format="frames")[0]
        for name in left:
            np.testing.assert_array_equal(frame[name], expected[name])
        with pytest.raises(DataError, match=ending.replace(".", r"\.")):
            open_dataset(tmp_path, channels=gone, format="frames")[0]
        storage.write_bytes(f"frames/scene000000/view000.{ending}", content)


def test_indexing(packed_once: Path) -> None:
    frames = open_dataset(packed_once, channels=())
    assert frames[-1]["key"] == KEYS[-1] and frames[-12]["key"] == KEYS[0]
    assert frames[np.int64(3)]["key"] == KEYS[3]
    for index in (12, -13):
        with pytest.raises(IndexError):
            frames[index]
    assert [frame["key"] for frame in frames] == list(KEYS)
    assert frames.shard_sizes == (2, 2, 2, 2, 2, 2)
    assert "12 frames" in repr(frames)


@pytest.mark.parametrize("file_format", FORMATS)
def test_datasets_travel_to_other_processes(packed_once: Path, file_format: str) -> None:
    frames = open_dataset(packed_once, format=file_format)
    expected = frames[7]["rgb"]
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(frames))[7]["rgb"], expected)


def test_the_lazy_front_door(packed_once: Path) -> None:
    assert len(synthgen.open_dataset(packed_once)) == 12


def test_loading_needs_no_planning_and_no_running(packed_once: Path) -> None:
    code = (
        "import sys, synthgen; synthgen.open_dataset(sys.argv[1])[0]; "
        "print([name for name in sys.modules if name.startswith(('bpy', 'ray', 'torch', 'synthgen.plan', "
        "'synthgen.recipe', 'synthgen.run', 'synthgen.blender'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(packed_once)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"split": "trian"}, r"unknown split 'trian'; known: train, val; did you mean 'train'\?"),
        ({"channels": ["rgb", "detph"]}, r"unknown channel 'detph'; known: .*; did you mean 'depth'\?"),
        ({"format": "parkuet"}, r"unknown format 'parkuet'; known: .*; did you mean 'parquet'\?"),
    ],
)
def test_wrong_names_are_usage_errors(packed_once: Path, options: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        open_dataset(packed_once, **options)


def test_nothing_there(tmp_path: Path, packed: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere: expected a dataset .*no such folder"):
        open_dataset(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"empty: expected a dataset .*without them"):
        open_dataset(tmp_path / "empty")
    for name in ("missing.tar", "missing.parquet"):
        with pytest.raises(DataError, match=name + ": expected a file"):
            open_dataset(tmp_path / name)
    with pytest.raises(
        DataError, match=r"test-\*\.tar: expected shards of this pattern \(found .*train-00000"
    ):
        open_dataset(f"{packed}/shards/test-*.tar")
    with pytest.raises(UsageError, match="empty list"):
        open_dataset([])
    with pytest.raises(UsageError, match=r"README\.md: expected a shard"):
        open_dataset([packed / "README.md"])


def test_formats_that_a_dataset_lacks(tmp_path: Path) -> None:
    storage = open_storage(tmp_path)
    write_analytic_dataset(storage, analytic_jobs(1, 1))
    assert len(open_dataset(tmp_path)) == 1
    with pytest.raises(DataError, match=r"expected manifest\.json .*not packed"):
        open_dataset(tmp_path, format="parquet")
    pack_dataset(storage, PackSpec(formats=["webdataset"]), provenance={}, classes=())
    with pytest.raises(UsageError, match="unknown format 'parquet'; known: frames, webdataset"):
        open_dataset(tmp_path, format="parquet")


def test_an_interrupted_pack_is_no_dataset(packed: Path) -> None:
    (packed / "manifest.json").unlink()
    assert len(open_dataset(packed)) == 12  # the frames are still there
    shutil.rmtree(packed / "completions")
    with pytest.raises(DataError, match="packing was interrupted"):
        open_dataset(packed)


@pytest.mark.parametrize("name", ["train-00003.tar", "train-00003.parquet"])
def test_missing_cut_and_changed_shards(packed: Path, name: str) -> None:
    file_format = "parquet" if name.endswith("parquet") else "webdataset"
    path = packed / "shards" / name
    whole = path.read_bytes()
    path.unlink()
    with pytest.raises(DataError, match=rf"{name}: expected a file"):
        open_dataset(packed, format=file_format)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=rf"{name}: expected {len(whole)} bytes as the manifest says"):
        open_dataset(packed, format=file_format)
    loose = packed.parent / name
    shutil.copy(path, loose)
    with pytest.raises(DataError, match=rf"{name}.*(cut|damaged)"):
        open_dataset(loose)
    spoiled = bytearray(whole)
    spoiled[len(whole) // 2] ^= 1
    path.write_bytes(bytes(spoiled))
    with pytest.raises(DataError, match=rf"{name}: its content has changed: expected SHA-256"):
        open_dataset(packed, format=file_format, verify=True)
    with pytest.raises(DataError, match=name):
        open_dataset(path, verify=True)


def test_verify_passes_what_is_whole(packed_once: Path) -> None:
    for file_format in FORMATS:
        assert len(list(open_dataset(packed_once, format=file_format, verify=True))) == 12


def test_verify_of_frames_looks_at_every_file(packed: Path) -> None:
    path = packed / "frames/scene000002/view000.json"
    path.write_text(path.read_text().replace('"ev": 0.0', '"ev": 1.0'))
    assert open_dataset(packed, format="frames")[4]["meta"]["exposure"]["ev"] == 1.0
    with pytest.raises(DataError, match=r"scene000002/view000\.json: its content has changed"):
        open_dataset(packed, format="frames", verify=True)[4]


def test_a_newer_dataset_is_refused(packed: Path) -> None:
    content = json.loads((packed / "manifest.json").read_text())
    (packed / "manifest.json").write_text(json.dumps({**content, "schema_version": 2}))
    with pytest.raises(DataError, match=r"expected schema_version 1 \(got 2\)"):
        open_dataset(packed)


def test_archive_members_that_point_elsewhere_are_refused(packed: Path) -> None:
    path = packed / "evil.tar"
    data = bytearray((packed / "shards/val-00000.tar").read_bytes())
    name = b"../x.rgb.png"
    data[:100] = name + bytes(100 - len(name))
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    path.write_bytes(bytes(data))
    with pytest.raises(DataError, match="points elsewhere"):
        open_dataset(path)
