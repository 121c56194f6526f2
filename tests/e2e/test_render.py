"""The main job with real Blender and real Ray, on the plain family: render, verify, read, resume."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pytestmark = [pytest.mark.blender, pytest.mark.ray]

RECIPE = """\
name: plain
seed: 3
scenes: 4
views: 2
split: {train: 0.75, val: 0.25}
scene: {kind: plain, objects: {uniform: [4, 20]}}
cameras: [{kind: perspective, width: 64, height: 48, fov_deg: {uniform: [60, 90]}}]
render: {samples: 4, max_bounces: 2}
pack: {depth: png16_mm, lossless_depth: true}
"""


@pytest.fixture(scope="module")
def recipe(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "plain.yaml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def command(recipe: Path, families: str, out: Path, *options: str) -> list[str]:
    program = [sys.executable, "-m", "synthgen.cli.main", "render", str(recipe)]
    return [*program, "--out", str(out), "--scenes", families, "--device", "cpu", *options]


def render(recipe: Path, families: str, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        command(recipe, families, out, *options), capture_output=True, text=True, timeout=240
    )
    assert result.returncode == 0, result.stderr
    return result


def lasting_bytes(out: Path) -> dict[str, str]:
    """SHA-256 of everything that must not differ between runs."""
    kept = [
        path
        for folder in ("frames", "completions", "shards")
        for path in sorted((out / folder).rglob("*"))
        if path.is_file()
    ]
    kept += [out / name for name in ("plan.jsonl", "manifest.json", "README.md")]
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


@pytest.fixture(scope="module")
def undisturbed(recipe, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    render(recipe, str(Path(__file__).parents[1] / "families"), out, "--workers", "1")
    return out


def test_verify_accepts_the_dataset(undisturbed) -> None:
    from synthgen.inspect.verify import verify_dataset
    from synthgen.storage import open_storage

    report = verify_dataset(open_storage(undisturbed))
    assert report.ok, report.summary()


def test_frames_tar_and_parquet_give_the_same_exact_depth(undisturbed) -> None:
    import synthgen

    frames = {frame["key"]: frame for frame in synthgen.open_dataset(undisturbed)}
    assert len(frames) == 8
    for file_format in ("tar", "parquet"):
        for split in ("train", "val"):
            shard = undisturbed / "shards" / f"{split}-00000.{file_format}"
            for frame in synthgen.open_dataset(shard):
                np.testing.assert_array_equal(frame["depth"], frames[frame["key"]]["depth"])
                np.testing.assert_array_equal(frame["rgb"], frames[frame["key"]]["rgb"])
                assert np.isfinite(frame["depth"]).all()


def test_splits_go_by_scene(undisturbed) -> None:
    jobs = [json.loads(line) for line in (undisturbed / "plan.jsonl").read_text().splitlines()]
    assert sorted(job["split"] for job in jobs) == ["train", "train", "train", "val"]


def test_two_workers_give_the_same_bytes(recipe, families, undisturbed, tmp_path) -> None:
    render(recipe, families, tmp_path / "out", "--workers", "2")
    assert lasting_bytes(tmp_path / "out") == lasting_bytes(undisturbed)


def test_inline_gives_the_same_bytes(recipe, families, undisturbed, tmp_path) -> None:
    render(recipe, families, tmp_path / "out", "--executor", "inline")
    assert lasting_bytes(tmp_path / "out") == lasting_bytes(undisturbed)


def test_a_killed_driver_resumes_to_the_same_bytes(recipe, families, undisturbed, tmp_path) -> None:
    out = tmp_path / "out"
    driver = subprocess.Popen(
        command(recipe, families, out, "--workers", "1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not list((out / "completions").glob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(driver.pid, signal.SIGKILL)
    driver.wait()
    assert not (out / "manifest.json").exists()
    assert 1 <= len(list((out / "completions").glob("*.json"))) < 4

    render(recipe, families, out, "--workers", "1")
    assert lasting_bytes(out) == lasting_bytes(undisturbed)


def test_the_same_command_again_changes_nothing(recipe, families, undisturbed) -> None:
    before = lasting_bytes(undisturbed)
    result = render(recipe, families, undisturbed)
    assert "4 of 4 scenes were there" in result.stdout
    assert lasting_bytes(undisturbed) == before


@pytest.mark.parametrize("damage", ["half a shard", "no shard", "no shards", "half a manifest"])
def test_damaged_shards_are_packed_again(recipe, families, undisturbed, tmp_path, damage) -> None:
    out = tmp_path / "out"
    shutil.copytree(undisturbed, out)
    shard = out / "shards" / "val-00000.tar"
    match damage:
        case "half a shard":
            os.truncate(shard, shard.stat().st_size // 2)
        case "no shard":
            shard.unlink()
        case "no shards":
            shutil.rmtree(shard.parent)
        case "half a manifest":
            os.truncate(out / "manifest.json", 100)
    render(recipe, families, out)
    assert lasting_bytes(out) == lasting_bytes(undisturbed)


def test_a_changed_recipe_is_refused_and_the_keys_are_named(recipe, families, undisturbed) -> None:
    changed = command(recipe, families, undisturbed, "--set", "render.samples=5", "--seed", "4")
    result = subprocess.run(changed, capture_output=True, text=True, timeout=60)
    assert result.returncode == 2
    assert "render.samples: 4 -> 5" in result.stderr
    assert "seed: 3 -> 4" in result.stderr


def test_a_gpu_that_is_not_there_ends_the_run(recipe, families, tmp_path) -> None:
    arguments = command(recipe, families, tmp_path / "out")
    arguments[arguments.index("cpu")] = "optix"
    result = subprocess.run(arguments, capture_output=True, text=True, timeout=120)
    assert result.returncode == 3, result.stderr
    assert "--device optix" in result.stderr
    assert "Traceback" not in result.stderr
