"""Workers that die, hang and grow, in real processes under a real Ray."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ANALYTIC

from synthgen.errors import EnvironmentProblem, ExitCode
from synthgen.run.journal import read_events
from synthgen.run.options import RunOptions
from synthgen.run.run import run_recipe
from synthgen.storage import open_storage

pytestmark = pytest.mark.ray

RAY = RunOptions(executor="ray", workers=2, quiet=True)


@pytest.fixture(scope="module", autouse=True)
def _ray(local_ray):
    """All tests here share a Ray."""


def test_dead_workers_cost_retries_and_no_bytes(make_recipe, dataset_bytes, tmp_path, capfd):
    recipe, storage = make_recipe(scenes=6, views=2), open_storage(tmp_path / "out")
    summary = run_recipe(recipe, storage, RAY, "faulty_renderers:Mortal")
    assert summary.exit_code == ExitCode.JOBS_FAILED
    assert summary.reasons["died"] == 1
    assert summary.retries == 1 + 1 + 2
    assert (summary.done, summary.frames_done) == (5, 10)

    entry = json.loads(storage.read_text("quarantine/scene000004.json"))
    assert (entry["kind"], entry["attempts"]) == ("died", 3)
    assert "last words of a native library" in entry["output"]
    assert any("Aborted" in line for line in entry["output"])

    run_recipe(recipe, open_storage(tmp_path / "calm"), replace(RAY, executor="inline"), ANALYTIC)
    calm = {
        name: data for name, data in dataset_bytes(tmp_path / "calm").items() if "scene000004" not in name
    }
    struck = dataset_bytes(tmp_path / "out")
    del struck["quarantine/scene000004.json"]
    assert struck == calm
    written = capfd.readouterr()
    assert "worker" not in written.out + written.err


@pytest.mark.timeout(60)
def test_workers_that_find_no_cores_hold_no_scene_back(make_recipe, tmp_path):
    import ray

    cores = int(ray.cluster_resources()["CPU"])
    workers = max(2, cores)

    class Other:
        def is_here(self) -> bool:
            return True

    other = ray.remote(num_cpus=cores - 0.5)(Other).remote()
    assert ray.get(other.is_here.remote())
    options = replace(RAY, workers=2 * workers)  # half a core each, and only one such half is free
    storage = open_storage(tmp_path / "out")
    try:
        summary = run_recipe(make_recipe(scenes=3), storage, options, ANALYTIC)
    finally:
        ray.kill(other)
    assert (summary.done, summary.exit_code) == (3, ExitCode.DONE)
    assert len({event["worker"] for event in read_events(storage) if event["event"] == "scene_done"}) == 1


def test_a_scene_that_hangs_is_ended_at_its_deadline(make_recipe, tmp_path):
    storage = open_storage(tmp_path / "out")
    options = replace(RAY, scene_timeout_s=1.0)
    summary = run_recipe(make_recipe(scenes=4, views=1), storage, options, "faulty_renderers:Stuck")
    assert (summary.done, summary.reasons["timeout"]) == (3, 1)
    entry = json.loads(storage.read_text("quarantine/scene000001.json"))
    assert entry["reason"] == "took longer than the 1 s that it was given"
    pids = {event["pid"] for event in read_events(storage) if event["event"] == "worker_ready"}
    assert pids
    deadline = time.monotonic() + 10
    while any(_is_running(pid) for pid in pids):
        assert time.monotonic() < deadline, "a worker outlived its run"
        time.sleep(0.05)


def test_workers_are_recycled_by_count_and_by_memory(make_recipe, dataset_bytes, tmp_path):
    recipe = make_recipe(scenes=6, views=1)
    counted = open_storage(tmp_path / "counted")
    run_recipe(recipe, counted, replace(RAY, workers=1, recycle_after=3), ANALYTIC)
    assert _gone(counted) == ["after 3 scenes", "after 3 scenes"]

    grown = open_storage(tmp_path / "grown")
    first = run_recipe(recipe, grown, replace(RAY, workers=1, limit=1), "faulty_renderers:Leaking")
    assert first.done == 1
    rss = next(event["rss_mb"] for event in read_events(grown) if event["event"] == "scene_done")
    limit = int(rss + 90)  # reached with the third scene that a worker keeps
    options = replace(RAY, workers=1, overwrite=True, rss_limit_mb=limit)
    run_recipe(recipe, grown, options, "faulty_renderers:Leaking")
    assert len(_gone(grown)) == 2
    assert all(f"more than {limit} MB" in message for message in _gone(grown))
    assert dataset_bytes(tmp_path / "grown") == dataset_bytes(tmp_path / "counted")


def test_a_machine_where_no_worker_starts(make_recipe, tmp_path):
    storage = open_storage(tmp_path / "out")
    with pytest.raises(EnvironmentProblem, match=r"(?s)die while they start.*cannot load libGL"):
        run_recipe(make_recipe(), storage, replace(RAY, workers=1), "faulty_renderers:StillBorn")


def _gone(storage) -> list[str]:
    return [event["message"] for event in read_events(storage) if event["event"] == "worker_gone"]


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
