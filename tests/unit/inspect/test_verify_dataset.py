"""Every kind of damage is found and named; a whole dataset is accepted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.frame.classes import CLASSES
from synthgen.inspect.verify import verify_dataset
from synthgen.storage import Storage, open_storage

RGB, TRUTH, META = (f"frames/scene000001/view000.{end}" for end in ("rgb.png", "truth.exr", "json"))
RECORD = "completions/scene000001.json"


def problems(storage: Storage) -> list[str]:
    """All findings as a user reads them."""
    report = verify_dataset(storage)
    assert report.ok == (not report.problems)
    return [str(problem) for problem in report.problems]


def edit_json(storage: Storage, path: str, change: Callable[[dict], None]) -> None:
    """Change a JSON file in place."""
    entry = json.loads(storage.read_text(path))
    change(entry)
    storage.write_text(path, json.dumps(entry))


def spoiled(name: str, change: Callable[[np.ndarray], None]) -> Callable[[FrameBundle], FrameBundle]:
    """Alters one channel of scene 1, view 0 before it is written, so that its checksums are right."""

    def alter(bundle: FrameBundle) -> FrameBundle:
        if (bundle.scene, bundle.view) != (1, 0):
            return bundle
        pixels = bundle.channels[name].copy()
        change(pixels)
        return replace(bundle, channels={**bundle.channels, name: pixels})

    return alter


def test_a_whole_dataset_is_accepted_and_counted(dataset: Storage) -> None:
    steps = []
    report = verify_dataset(dataset, progress=lambda done, total: steps.append((done, total)))
    assert [str(problem) for problem in report.problems] == []
    assert (report.scenes, report.frames, report.quarantined, report.shards) == (2, 4, 0, 0)
    assert report.files == 4 * 3 + 2
    assert report.bytes == sum(dataset.size(path) for path in dataset.list("frames", recursive=True))
    assert steps == [(1, 2), (2, 2)]
    assert "all well" in report.summary()
    assert json.loads(json.dumps(report.to_json()))["ok"] is True


def test_a_folder_that_is_no_dataset_is_a_usage_error(tmp_path: object) -> None:
    with pytest.raises(UsageError, match=r"expected a dataset with plan\.jsonl or manifest\.json"):
        verify_dataset(open_storage(tmp_path))


def test_a_flipped_byte_is_found_in_each_kind_of_file(dataset: Storage) -> None:
    for path in (RGB, TRUTH, META):
        data = bytearray(dataset.read_bytes(path))
        data[len(data) // 2] ^= 1
        dataset.write_bytes(path, bytes(data))
    found = problems(dataset)
    assert sorted(text.partition(":")[0] for text in found) == sorted([RGB, TRUTH, META])
    assert all("expected sha256" in text for text in found)


def test_the_file_of_light_is_checked_like_the_others(make_dataset: Callable[..., Storage]) -> None:
    storage = make_dataset(channels=("rgb", "depth", "hdr", "albedo"))
    assert verify_dataset(storage).files == 4 * 4 + 2
    paths = [f"frames/scene000000/view00{view}.hdr.exr" for view in (0, 1)]
    data = bytearray(storage.read_bytes(paths[0]))
    data[len(data) // 2] ^= 1
    storage.write_bytes(paths[0], bytes(data))
    storage.delete(paths[1])
    storage.write_bytes("frames/scene000001/view007.hdr.exr", bytes(data))
    flipped, missing, stray = problems(storage)
    assert flipped.startswith(f"{paths[0]}: expected sha256")
    assert missing.startswith(f"{paths[1]}: expected a file of")
    assert stray == (
        "frames/scene000001/view007.hdr.exr: expected only files that a record names (found a stray file)"
    )


def test_truncated_and_missing_files_are_named_with_both_sizes(dataset: Storage) -> None:
    data = dataset.read_bytes(TRUTH)
    dataset.write_bytes(TRUTH, data[: len(data) // 2])
    dataset.delete(RGB)
    size = json.loads(dataset.read_text(RECORD))["views"]["0"]["files"][RGB]["bytes"]
    assert problems(dataset) == [
        f"{RGB}: expected a file of {size} bytes (found nothing)",
        f"{TRUTH}: expected {len(data)} bytes (found {len(data) // 2} bytes)",
    ]


@pytest.mark.parametrize(
    ("channel", "change", "message"),
    [
        ("depth", lambda a: a.__setitem__((30, 5), np.nan), "depth: expected no NaN (found 1 pixel)"),
        ("depth", lambda a: a.__setitem__((30, 5), -1.0), "depth: expected > 0"),
        ("depth", lambda a: a.__setitem__((30, 5), 1e10), "depth: expected +inf for sky"),
        ("normal", lambda a: np.multiply(a, 0.5, out=a), "normal: expected unit length"),
        ("instance", lambda a: a.__setitem__((30, 5), 77), "instance: "),
        ("semantic", lambda a: a.__setitem__((30, 5), 900), "semantic: "),
        ("rgb", lambda a: a.fill(9), "rgb: expected a picture"),
    ],
)
def test_wrong_pixels_under_right_checksums_are_found(
    make_dataset: Callable[..., Storage], channel: str, change: Callable[[np.ndarray], None], message: str
) -> None:
    found = problems(make_dataset(alter=spoiled(channel, change)))
    assert found[0].startswith(f"{RGB if channel == 'rgb' else TRUTH}: {message}")
    assert all("scene000001/view000" in text for text in found)


def test_a_class_that_differs_from_the_instances_own_is_found(make_dataset: Callable[..., Storage]) -> None:
    def change(semantic: np.ndarray) -> None:
        semantic[semantic == CLASSES["ground"].id] = CLASSES["wall"].id

    [found] = problems(make_dataset(alter=spoiled("semantic", change)))
    assert f"semantic: expected class {CLASSES['ground'].id} (ground) on instance 1" in found


def test_wrong_sizes_are_found(make_dataset: Callable[..., Storage]) -> None:
    def alter(bundle: FrameBundle) -> FrameBundle:
        return replace(bundle, channels={**bundle.channels, "rgb": bundle.channels["rgb"][:, :-1]})

    [found] = problems(make_dataset(scenes=1, views=1, alter=alter))
    assert found == (
        "frames/scene000000/view000.rgb.png: rgb: expected uint8 (48, 64, 3) (found uint8 (48, 63, 3))"
    )


def test_missing_channels_are_found(make_dataset: Callable[..., Storage]) -> None:
    def alter(bundle: FrameBundle) -> FrameBundle:
        return replace(bundle, channels={"rgb": bundle.channels["rgb"]})

    [found] = problems(make_dataset(scenes=1, views=1, alter=alter))
    assert found == (
        "frames/scene000000/view000.truth.exr: expected an entry in the completion record (found none)"
    )


@pytest.mark.parametrize(
    ("pose", "message"),
    [
        (np.diag([1.0, 1.0, -1.0, 1.0]), "determinant -1.000000"),
        (np.diag([1.00001, 1.0, 1.0, 1.0]), "a deviation of 2e-05 from orthonormal"),
        (np.diag([1.0, 1.0, 1.0, 2.0]), "expected a last row 0 0 0 1"),
    ],
)
def test_a_pose_that_is_no_rigid_transform_is_found(
    make_dataset: Callable[..., Storage], pose: np.ndarray, message: str
) -> None:
    storage = make_dataset(scenes=1, views=1, alter=lambda bundle: replace(bundle, world_from_camera=pose))
    [found] = problems(storage)
    assert found.startswith("frames/scene000000/view000.json: camera.world_from_camera: ")
    assert message in found


def test_a_camera_with_no_focal_length_is_found(make_dataset: Callable[..., Storage]) -> None:
    storage = make_dataset(
        scenes=1, views=1, alter=lambda bundle: replace(bundle, camera=replace(bundle.camera, fx=0.0))
    )
    [found] = problems(storage)
    assert "camera.K: expected [[fx > 0" in found


def test_metadata_of_another_frame_is_found(make_dataset: Callable[..., Storage]) -> None:
    storage = make_dataset(scenes=1, views=2)
    text = storage.read_text("frames/scene000000/view001.json")

    def swap(entry: dict) -> None:
        entry["views"]["0"]["files"]["frames/scene000000/view000.json"] = entry["views"]["1"]["files"][
            "frames/scene000000/view001.json"
        ]

    storage.write_text("frames/scene000000/view000.json", text)
    edit_json(storage, "completions/scene000000.json", swap)
    found = problems(storage)
    assert any(
        "view000.json: key: expected scene000000_view000 (found scene000000_view001)" in t for t in found
    )
    assert any("view000.json: view: expected 0 (found 1)" in text for text in found)


def test_incomplete_plans_are_found(dataset: Storage) -> None:
    dataset.delete(RECORD)
    found = problems(dataset)
    assert found[0] == (
        f"{RECORD}: expected a completion record, or a quarantine with a reason "
        "(found nothing; run the same command again, it resumes)"
    )
    assert sum("stray file" in text for text in found) == 6


def test_a_quarantine_with_a_reason_is_no_problem(make_dataset: Callable[..., Storage]) -> None:
    storage = make_dataset(quarantined={(1, 1): "view 1: every pixel is sky"})
    storage.write_text(
        "quarantine/scene000001_view001.json", json.dumps({"scene": 1, "view": 1, "reason": "sky"})
    )
    report = verify_dataset(storage)
    assert report.problems == ()
    assert (report.frames, report.quarantined) == (3, 1)

    storage.delete(RECORD)
    storage.delete("frames/scene000001")
    storage.write_text("quarantine/scene000001.json", json.dumps({"scene": 1, "reason": "worker died twice"}))
    assert problems(storage) == []


def test_a_view_that_is_neither_finished_nor_set_aside_is_found(dataset: Storage) -> None:
    edit_json(dataset, RECORD, lambda entry: entry["views"].pop("1"))
    found = problems(dataset)
    assert f"{RECORD}: views: expected view 1, or its quarantine (found neither)" in found


def test_records_of_another_job_and_altered_plans_are_found(dataset: Storage) -> None:
    edit_json(dataset, RECORD, lambda entry: entry.update(job_hash="0" * 16))
    lines = dataset.read_text("plan.jsonl").splitlines()
    dataset.write_text("plan.jsonl", lines[0].replace('"seed":7000', '"seed":7001') + "\n" + lines[1] + "\n")
    found = problems(dataset)
    assert any("plan.jsonl:1: damaged, the job does not fit its hash" in text for text in found)
    dataset.write_text("plan.jsonl", "\n".join(lines) + "\n")
    [found] = problems(dataset)
    assert found.startswith(f"{RECORD}: job_hash: expected")
    assert found.endswith("(found 0000000000000000)")


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"scene": 1}', '{"scene": "x", "split": 1, "job_hash": 2, "views": 3}']
)
def test_damaged_records_are_findings_not_tracebacks(dataset: Storage, text: str) -> None:
    dataset.write_text(RECORD, text)
    assert any(found.startswith(f"{RECORD}: expected a completion record") for found in problems(dataset))


def test_a_broken_line_of_the_plan_is_named(dataset: Storage) -> None:
    dataset.write_text("plan.jsonl", dataset.read_text("plan.jsonl").splitlines()[0] + '\n{"scene": 1}\n')
    assert any("plan.jsonl:2: expected a scene job (split" in text for text in problems(dataset))


def test_leftover_and_stray_files_are_found(dataset: Storage) -> None:
    strays = [
        "frames/scene000000/view000.rgb.png.123.partial",
        "frames/scene000000/view009.rgb.png",
        "completions/scene000007.json",
        "shards/train-00000.tar",
        "run.json.99.partial",
    ]
    for path in strays:
        dataset.write_text(path, "{}")
    dataset.write_text("notes.txt", "a user's own file is no problem")
    found = problems(dataset)
    for path in strays:
        assert any(text.startswith(f"{path}: ") for text in found), path
    assert not any("notes.txt" in text for text in found)
    assert any(text.startswith("manifest.json: expected a manifest beside the shards") for text in found)


def test_shards_are_read_and_counted(packed: Storage) -> None:
    report = verify_dataset(packed)
    assert [str(problem) for problem in report.problems] == []
    assert report.shards == 4
    assert report.files == 4 * 3 + 2 + 4


def test_shards_alone_are_decoded_and_checked(packed: Storage) -> None:
    for path in ("frames", "completions", "plan.jsonl", "run.json"):
        packed.delete(path)
    report = verify_dataset(packed)
    assert [str(problem) for problem in report.problems] == []
    assert (report.scenes, report.frames, report.shards) == (0, 4, 4)


def test_wrong_pixels_in_shards_alone_are_found(
    make_dataset: Callable[..., Storage], pack: Callable[..., Storage]
) -> None:
    def change(semantic: np.ndarray) -> None:
        semantic[semantic == CLASSES["ground"].id] = CLASSES["wall"].id

    storage = pack(make_dataset(alter=spoiled("semantic", change)), "webdataset")
    storage.delete("frames")
    [found] = problems(storage)
    assert found.startswith("shards/scene000001_view000: semantic: expected class")


@pytest.mark.parametrize("ending", ["tar", "parquet"])
def test_a_shard_cut_in_half_and_a_flipped_one_are_named(packed: Storage, ending: str) -> None:
    cut, flipped = f"shards/train-00000.{ending}", f"shards/val-00000.{ending}"
    train, val = packed.read_bytes(cut), bytearray(packed.read_bytes(flipped))
    packed.write_bytes(cut, train[: len(train) // 2])
    val[len(val) // 2] ^= 255
    packed.write_bytes(flipped, bytes(val))
    found = problems(packed)
    assert f"{cut}: expected {len(train)} bytes (found {len(train) // 2} bytes)" in found
    assert any(text.startswith(f"{flipped}: expected sha256") for text in found)
    assert {text.partition(":")[0] for text in found} == {cut, flipped}


@pytest.mark.parametrize("path", ["README.md", "shards/key_to_shard.json"])
def test_what_lies_beside_the_shards_is_missed(packed: Storage, path: str) -> None:
    packed.delete(path)
    (problem,) = problems(packed)
    assert problem.startswith(f"{path}: expected ")


def test_a_cut_map_of_keys_is_named(packed: Storage) -> None:
    edit_json(packed, "shards/key_to_shard.json", lambda entry: entry.popitem())
    (problem,) = problems(packed)
    assert problem.startswith("shards/key_to_shard.json: expected 4 keys (found 3")


@pytest.mark.parametrize("text", ["", "[]", '{"schema_version": 1}'])
def test_a_damaged_record_of_the_run_is_named(dataset: Storage, text: str) -> None:
    dataset.write_text("run.json", text)
    (problem,) = problems(dataset)
    assert problem.startswith("run.json: expected ")


def test_missing_shards_and_wrong_counts_are_named(packed: Storage) -> None:
    packed.delete("shards/val-00000.tar")

    def change(entry: dict) -> None:
        entry["shards"][0]["frames"] = 9

    edit_json(packed, "manifest.json", change)
    found = problems(packed)
    assert any(text.endswith("expected 9 frames (found 2)") for text in found)
    assert any(text.startswith("shards/val-00000.tar: expected a shard of") for text in found)
    assert any(text.startswith("manifest.json: expected all 4 finished frames (found 11") for text in found)


def test_frames_rendered_after_packing_are_noticed(
    make_dataset: Callable[..., Storage], pack: Callable[..., Storage]
) -> None:
    pack(make_dataset(scenes=1))
    found = problems(make_dataset(scenes=2))
    assert len(found) == 2
    assert all("expected all 4 finished frames (found 2" in text for text in found)


@pytest.mark.parametrize("text", ["{", '{"shards": 3}', '{"shards": [{}]}'])
def test_a_damaged_manifest_is_named(packed: Storage, text: str) -> None:
    packed.write_text("manifest.json", text)
    assert any(found.startswith("manifest.json: expected a manifest") for found in problems(packed))
