"""Packing whole datasets: sizes, splits, bytes, records, and everything that must stop it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tarfile

import numpy as np
import pyarrow.parquet as pq
import pytest

from synthgen.errors import DataError, ExitCode, UsageError
from synthgen.frame.classes import class_table_json
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.fisheye import EquisolidFisheye
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.pack.codecs import DoesNotFit
from synthgen.pack.manifest import Manifest, read_manifest
from synthgen.pack.packer import pack_dataset
from synthgen.recipe.model import PackSpec
from synthgen.storage import Storage, open_storage
from synthgen.testing.dataset import analytic_jobs, write_analytic_dataset

PROVENANCE = {"name": "spheres", "seed": 7, "recipe_hash": "abc123", "versions": {"synthgen": "0.1.0"}}


def pack(storage: Storage, **settings) -> Manifest:
    return pack_dataset(storage, PackSpec(**settings), provenance=PROVENANCE, classes=class_table_json())


def dataset(folder, jobs=None, **options) -> Storage:
    storage = open_storage(folder)
    write_analytic_dataset(storage, jobs or analytic_jobs(), **options)
    return storage


def content(storage: Storage) -> dict[str, str]:
    paths = [*storage.list("shards"), "manifest.json", "README.md"]
    return {path: storage.sha256(path) for path in paths}


def test_members_of_a_tar(tmp_path) -> None:
    storage = dataset(tmp_path)
    pack(storage, lossless_depth=True)
    with tarfile.open(tmp_path / "shards/train-00000.tar") as archive:
        members = archive.getmembers()
        camera = json.load(archive.extractfile("scene000000_view000.camera.json"))
    endings = ["rgb.png", "depth.png", "depth.npy", "normal.png", "seg.png", "semantic.png", "camera.json",
               "meta.json"]  # fmt: skip
    assert [member.name for member in members[:8]] == [f"scene000000_view000.{name}" for name in endings]
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname, m.mode) for m in members} == {(0, 0, 0, "", "", 0o644)}
    assert [m.name.split(".")[0] for m in members[::8]] == sorted({m.name.split(".")[0] for m in members})
    frame = json.loads(storage.read_text("frames/scene000000/view000.json"))["camera"]
    assert camera["cam_K"] == [value for row in frame["K"] for value in row]
    assert (camera["depth_scale"], camera["pixel_center"], camera["model"]) == (1.0, 0.5, "perspective")
    assert (camera["width"], camera["height"]) == (64, 48)
    assert camera["world_from_camera"] == frame["world_from_camera"]


def test_colour_goes_through_byte_for_byte(tmp_path) -> None:
    storage = dataset(tmp_path)
    pack(storage)
    with tarfile.open(tmp_path / "shards/train-00000.tar") as archive:
        packed = archive.extractfile("scene000001_view001.rgb.png").read()
    assert packed == storage.read_bytes("frames/scene000001/view001.rgb.png")


def test_columns_of_a_parquet(tmp_path) -> None:
    pack(dataset(tmp_path), lossless_depth=True)
    file = pq.ParquetFile(tmp_path / "shards/train-00000.parquet")
    table = file.read()
    assert table.column("key").to_pylist()[:2] == ["scene000000_view000", "scene000000_view001"]
    row = table.slice(1, 1).to_pylist()[0]
    assert (row["split"], row["scene"], row["view"], row["width"], row["height"]) == ("train", 0, 1, 64, 48)
    assert row["fov_deg"] == pytest.approx(70)
    assert row["exposure_scale"] == 1.0
    depth = np.array(row["depth_m"], np.float32)
    finite = depth[np.isfinite(depth)]
    assert row["depth_min_m"] == finite.min() and row["depth_max_m"] == finite.max()
    assert row["depth_median_m"] == pytest.approx(np.median(finite))
    assert row["sky_ratio"] == pytest.approx(1 - finite.size / depth.size)
    assert row["depth"]["path"] == "scene000000_view001.depth.png"
    assert json.loads(row["meta"])["hashes"]["job"] == row["job_hash"]
    columns = [file.metadata.row_group(0).column(index) for index in range(file.metadata.num_columns)]
    encodings = {column.path_in_schema: (column.compression, column.encodings) for column in columns}
    assert encodings["rgb.bytes"][0] == "UNCOMPRESSED"
    assert encodings["meta"][0] == "ZSTD"
    assert "BYTE_STREAM_SPLIT" in encodings["depth_m.list.element"][1]
    assert all(column.has_offset_index for column in columns)


@pytest.mark.parametrize(
    "camera",
    [
        EquirectangularCamera(64, 48),
        EquisolidFisheye(64, 48, 20.0, 32.0, 24.0, 190.0),
        PerspectiveCamera.from_fov(64, 48, 50.0),
    ],
    ids=lambda camera: camera.model,
)
def test_the_field_of_view_is_a_column_for_every_camera(tmp_path, camera) -> None:
    jobs = analytic_jobs(1, 1, channels=("rgb",))
    pack(dataset(tmp_path, jobs, alter=lambda bundle: dataclasses.replace(bundle, camera=camera)))
    row = pq.read_table(tmp_path / "shards/train-00000.parquet").to_pylist()[0]
    assert row["camera_model"] == camera.model
    assert row["fov_deg"] == pytest.approx(camera.fov_deg)


def test_every_compression_is_chosen_not_left_to_the_library(tmp_path) -> None:
    pack(dataset(tmp_path), lossless_depth=True)
    group = pq.ParquetFile(tmp_path / "shards/train-00000.parquet").metadata.row_group(0)
    found = {group.column(index).compression for index in range(group.num_columns)}
    assert found == {"ZSTD", "UNCOMPRESSED"}


def test_manifest_describes_the_files(tmp_path) -> None:
    storage = dataset(tmp_path)
    manifest = pack(storage, shard_frames=3)
    assert read_manifest(storage) == manifest
    assert (manifest.name, manifest.frames, manifest.splits) == ("spheres", 10, {"train": 8, "val": 2})
    assert manifest.provenance == PROVENANCE
    assert [channel.name for channel in manifest.channels] == [
        "rgb",
        "depth",
        "normal",
        "instance",
        "semantic",
    ]
    assert manifest.channels[1].unit == "metre" and manifest.channels[1].stored[0].codec == "png16_mm"
    assert manifest.classes[1] == {"id": 1, "name": "sky", "nyu40": 0, "is_thing": False}
    assert [shard.file for shard in manifest.shards_of("webdataset")] == [
        "shards/train-00000.tar", "shards/train-00001.tar", "shards/train-00002.tar", "shards/val-00000.tar",
    ]  # fmt: skip
    assert [shard.frames for shard in manifest.shards_of("parquet")] == [3, 3, 2, 2]
    for shard in manifest.shards:
        data = storage.read_bytes(shard.file)
        assert (shard.bytes, shard.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    last = manifest.shards_of("webdataset")[1]
    assert (last.first_key, last.last_key) == ("scene000001_view001", "scene000002_view001")
    where = json.loads(storage.read_text("shards/key_to_shard.json"))
    assert len(where) == 10 and list(where) == sorted(where)
    assert where["scene000001_view001"] == "train-00001" and where["scene000004_view000"] == "val-00000"


def test_megabytes_limit_a_shard_too(tmp_path) -> None:
    storage = dataset(tmp_path, analytic_jobs(4, 3, 320, 240, channels=("rgb", "depth")))
    sizes = [shard.frames for shard in pack(storage, depth="npy_f32", shard_mb=1).shards_of("webdataset")]
    assert sum(sizes) == 12 and len(sizes) > 3
    assert all(shard.bytes <= 1_020_000 for shard in read_manifest(storage).shards_of("webdataset"))


def test_equal_frames_give_equal_bytes(tmp_path) -> None:
    first, second = dataset(tmp_path / "a"), dataset(tmp_path / "b", order=(3, 0, 4, 2, 1))
    pack(first, lossless_depth=True)
    pack(second, lossless_depth=True)
    assert content(first) == content(second)
    before = content(first)
    pack(first, lossless_depth=True)
    assert content(first) == before


def test_one_format_gives_the_same_bytes_as_both(tmp_path) -> None:
    both, one = dataset(tmp_path / "a"), dataset(tmp_path / "b")
    pack(both)
    pack(one, formats=["parquet"])
    assert one.sha256("shards/train-00000.parquet") == both.sha256("shards/train-00000.parquet")
    assert not one.exists("shards/train-00000.tar")


def test_packing_again_removes_only_stale_shards(tmp_path) -> None:
    storage = dataset(tmp_path)
    pack(storage, shard_frames=2)
    storage.write_text("shards/notes.txt", "mine")
    storage.write_text("shards/train-00001.tar.4242.partial", "left by a killed process")
    pack(storage, formats=["webdataset"])
    assert storage.list("shards") == [
        "shards/key_to_shard.json", "shards/notes.txt", "shards/train-00000.tar", "shards/val-00000.tar",
    ]  # fmt: skip


def test_quarantined_views_and_scenes_are_left_out(tmp_path) -> None:
    storage = dataset(tmp_path)
    record = json.loads(storage.read_text("completions/scene000001.json"))
    del record["views"]["0"]
    record["quarantined"] = {"0": "depth: every pixel is sky"}
    storage.write_text("completions/scene000001.json", json.dumps(record))
    storage.delete("completions/scene000002.json")
    storage.write_text("quarantine/scene000002.json", json.dumps({"reason": "the worker died 3 times"}))
    manifest = pack(storage)
    assert manifest.left_out == ("scene000001_view000", "scene000002")
    assert manifest.splits == {"train": 5, "val": 2}
    assert "scene000001_view000" not in json.loads(storage.read_text("shards/key_to_shard.json"))


def test_progress_names_every_frame(tmp_path) -> None:
    seen: list[str] = []
    pack_dataset(dataset(tmp_path), PackSpec(), provenance={}, classes=(), progress=seen.append)
    assert seen == [f"scene{scene:06d}_view{view:03d}" for scene in range(5) for view in range(2)]


def test_depth_that_does_not_fit_stops_the_pack_with_the_count(tmp_path) -> None:
    def far(bundle):
        if bundle.scene not in (1, 3):
            return bundle
        depth = bundle.channels["depth"].copy()
        depth[0, 0] = np.float32(200)
        return dataclasses.replace(bundle, channels={**bundle.channels, "depth": depth})

    storage = dataset(tmp_path, alter=far)
    with pytest.raises(DoesNotFit) as caught:
        pack(storage, shard_frames=100)
    message = str(caught.value)
    assert message.startswith(
        "4 frames do not fit the codecs of the pack: scene000001_view000: depth as png16_mm"
    )
    assert "farthest at 200.00 m" in message and "pack.depth" in message
    assert caught.value.exit_code is ExitCode.USAGE
    assert not storage.exists("manifest.json") and storage.list("shards") == []
    assert pack(storage, depth="npy_f32").frames == 10


def test_a_pack_that_fails_before_its_first_shard_leaves_the_old_one(tmp_path) -> None:
    storage = dataset(tmp_path)
    pack(storage)
    before = content(storage)
    storage.write_text("frames/scene000000/view000.json", "{}")
    with pytest.raises(DataError):
        pack(storage, depth="npy_f32")
    assert content(storage) == before


@pytest.mark.parametrize("ending", ["rgb.png", "truth.exr", "json"])
def test_a_changed_file_is_named(tmp_path, ending: str) -> None:
    storage = dataset(tmp_path)
    path = f"frames/scene000003/view001.{ending}"
    data = bytearray(storage.read_bytes(path))
    data[len(data) // 2] ^= 1
    storage.write_bytes(path, bytes(data))
    with pytest.raises(DataError, match=r"scene000003/view001\." + ending + ".*has changed.*SHA-256"):
        pack(storage)
    storage.write_bytes(path, bytes(data[:-3]))
    with pytest.raises(
        DataError, match=r"scene000003/view001\." + ending + ".*expected .* bytes as recorded"
    ):
        pack(storage)
    storage.delete(path)
    with pytest.raises(DataError, match=r"scene000003/view001\." + ending + ".*found nothing"):
        pack(storage)


def test_an_unfinished_scene_is_named(tmp_path) -> None:
    storage = dataset(tmp_path)
    storage.delete("completions/scene000003.json")
    with pytest.raises(DataError, match="scene000003 of the plan was neither finished nor set aside"):
        pack(storage)
    manifest = pack_dataset(storage, PackSpec(), provenance={}, classes=(), allow_incomplete=True)
    assert manifest.frames == 8 and manifest.left_out == ("scene000003",)


def test_records_of_another_plan_are_refused(tmp_path) -> None:
    storage = dataset(tmp_path)
    jobs = analytic_jobs(seed=8)
    storage.write_text("plan.jsonl", "".join(job.model_dump_json() + "\n" for job in jobs))
    with pytest.raises(DataError, match="scene000000 belongs to another plan"):
        pack(storage)


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"schema_version": 1}', '{"schema_version": 9}'])
def test_a_damaged_record_is_named(tmp_path, text: str) -> None:
    storage = dataset(tmp_path)
    storage.write_text("completions/scene000002.json", text)
    with pytest.raises(DataError, match=r"completions/scene000002\.json: expected"):
        pack(storage)


@pytest.mark.parametrize("ending", ["rgb.png", "truth.exr", "json"])
def test_a_record_that_lacks_a_file_is_named(tmp_path, ending: str) -> None:
    storage = dataset(tmp_path, analytic_jobs(1, 1))
    record = json.loads(storage.read_text("completions/scene000000.json"))
    del record["views"]["0"]["files"][f"frames/scene000000/view000.{ending}"]
    storage.write_text("completions/scene000000.json", json.dumps(record))
    with pytest.raises(DataError, match=f"record of scene000000_view000 lists no {ending};"):
        pack(storage)


def test_nothing_to_pack_is_an_error(tmp_path) -> None:
    storage = dataset(tmp_path, analytic_jobs(1))
    storage.delete("completions/scene000000.json")
    storage.write_text("quarantine/scene000000.json", "{}")
    with pytest.raises(DataError, match="expected finished frames to pack"):
        pack(storage)
    with pytest.raises(DataError, match=r"plan\.jsonl"):
        pack(open_storage(tmp_path / "nowhere"))


def test_one_dataset_has_one_set_of_channels(tmp_path) -> None:
    first, *rest = analytic_jobs(3)
    jobs = [first, *(job for job in analytic_jobs(3, channels=("rgb", "depth")) if job.scene)]
    assert len(rest) == 2
    with pytest.raises(DataError, match="scene000001 has the channels rgb, depth"):
        pack(dataset(tmp_path, jobs))


def test_some_channels_alone(tmp_path) -> None:
    manifest = pack(dataset(tmp_path / "a", analytic_jobs(1, channels=("rgb",))))
    assert [channel.name for channel in manifest.channels] == ["rgb"]
    manifest = pack(dataset(tmp_path / "b", analytic_jobs(1, channels=("depth",))))
    assert [channel.name for channel in manifest.channels] == ["depth"]


def test_manifests_of_a_newer_version_or_damaged_are_refused(tmp_path) -> None:
    storage = dataset(tmp_path)
    pack(storage)
    content = json.loads(storage.read_text("manifest.json"))
    storage.write_text("manifest.json", json.dumps({**content, "schema_version": 2}))
    with pytest.raises(DataError, match=r"manifest\.json: expected schema_version 1 \(got 2\)"):
        read_manifest(storage)
    storage.write_text("manifest.json", json.dumps({**content, "frames": "many"}))
    with pytest.raises(DataError, match=r"manifest\.json: frames: .*integer"):
        read_manifest(storage)
    storage.write_text("manifest.json", json.dumps(content)[:100])
    with pytest.raises(DataError, match=r"manifest\.json: expected a manifest"):
        read_manifest(storage)


def test_a_refusal_is_a_usage_error() -> None:
    assert issubclass(DoesNotFit, UsageError)
