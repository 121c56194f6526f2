"""What every executor promises, on the real ones: the same bytes, and the same fate for a bad job."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ANALYTIC

from synthgen.errors import EnvironmentProblem, ExitCode, UsageError
from synthgen.frame.store import read_frame
from synthgen.run.journal import read_events
from synthgen.run.options import RunOptions
from synthgen.run.run import run_recipe
from synthgen.storage import open_storage

pytestmark = pytest.mark.ray

INLINE = RunOptions(executor="inline", quiet=True)
ONE = RunOptions(executor="ray", workers=1, quiet=True)
TWO = RunOptions(executor="ray", workers=2, quiet=True)
EACH = pytest.mark.parametrize("options", [INLINE, ONE, TWO], ids=["inline", "one", "two"])
BOTH = pytest.mark.parametrize("options", [INLINE, TWO], ids=["inline", "ray"])


@pytest.fixture(scope="module", autouse=True)
def _ray(local_ray):
    """All tests here share a Ray."""


@EACH
def test_same_bytes_and_a_second_run_does_nothing(options, make_recipe, dataset_bytes, tmp_path):
    recipe = make_recipe(scenes=5, views=2)
    reference = open_storage(tmp_path / "reference")
    run_recipe(recipe, reference, INLINE, ANALYTIC)

    storage = open_storage(tmp_path / "out")
    summary = run_recipe(recipe, storage, options, ANALYTIC)
    assert summary.exit_code == ExitCode.DONE
    assert (summary.done, summary.frames_done) == (5, 10)
    assert dataset_bytes(tmp_path / "out") == dataset_bytes(tmp_path / "reference")
    assert len(dataset_bytes(tmp_path / "out")) == 1 + 5 + 10 * 3
    assert read_frame(storage, 4, 1)["depth"].shape == (36, 48)

    again = run_recipe(recipe, storage, options, ANALYTIC)
    assert (again.done, again.skipped, again.frames_done) == (0, 5, 10)
    views = [event for event in read_events(storage) if event["event"] == "view"]
    assert len(views) == 10
    assert {"colour", "truth", "checks", "encode", "write"} <= set(views[0]["seconds"])
    assert views[0]["rss_mb"] > 10
    assert views[0]["device"] == "cpu"


@BOTH
def test_bad_jobs_are_quarantined_and_the_others_go_on(options, make_recipe, dataset_bytes, tmp_path):
    storage = open_storage(tmp_path / "out")
    summary = run_recipe(make_recipe(scenes=6, views=2), storage, options, "faulty_renderers:Wrong")
    assert summary.exit_code == ExitCode.JOBS_FAILED
    assert summary.reasons == {"render": 2, "exception": 1, "checks": 1}
    assert (summary.done, summary.failed, summary.frames_done) == (3, 3, 5)

    entries = [json.loads(storage.read_text(path)) for path in storage.list("quarantine")]
    found = {(entry["scene"], entry["view"]): entry for entry in entries}
    assert set(found) == {(1, None), (2, None), (3, 1), (4, None)}
    assert found[1, None]["reason"] == "no camera place: the room is full"
    assert found[1, None]["attempts"] == 1
    assert "ValueError: a defect in a family" in found[2, None]["traceback"]
    assert found[3, 1]["reason"].startswith("depth: expected no NaN (found 1 pixel)")
    assert "no view 1" in found[4, None]["reason"]

    record = json.loads(storage.read_text("completions/scene000003.json"))
    assert list(record["views"]) == ["0"]
    assert record["quarantined"] == {"1": found[3, 1]["reason"]}
    kept = {name.split("/")[1] for name in dataset_bytes(tmp_path / "out") if name.startswith("frames/")}
    assert kept == {"scene000000", "scene000003", "scene000005"}

    again = run_recipe(make_recipe(scenes=6, views=2), storage, options, "faulty_renderers:Wrong")
    assert again.exit_code == ExitCode.JOBS_FAILED
    assert (again.skipped, again.failed, again.frames_failed) == (3, 3, 1)


@BOTH
def test_out_of_memory_is_tried_again_and_then_given_up(options, make_recipe, tmp_path):
    storage = open_storage(tmp_path / "out")
    summary = run_recipe(make_recipe(scenes=4, views=1), storage, options, "faulty_renderers:Hungry")
    assert summary.reasons["memory"] == 1
    assert (summary.done, summary.failed) == (3, 1)
    entry = json.loads(storage.read_text("quarantine/scene000002.json"))
    assert entry["kind"] == "memory"
    assert entry["attempts"] == 3


@BOTH
def test_a_problem_of_the_machine_ends_the_run_and_loses_nothing(
    options, make_recipe, dataset_bytes, tmp_path
):
    recipe, storage = make_recipe(scenes=5, views=1), open_storage(tmp_path / "out")
    with pytest.raises(EnvironmentProblem, match=r"the disk is full; \d of 5 frames are done, the same"):
        run_recipe(recipe, storage, options, "faulty_renderers:DiskFull")
    assert storage.list("completions")  # of scene 0 or 1, whichever worker was quicker
    assert storage.list("quarantine") == []

    # Room is made: the same folder, with a renderer that reports under the same name.
    run = json.loads(storage.read_text("run.json")) | {"renderer": ANALYTIC}
    storage.write_text("run.json", json.dumps(run))
    summary = run_recipe(recipe, storage, options, ANALYTIC)
    assert summary.skipped >= 1
    run_recipe(recipe, open_storage(tmp_path / "reference"), INLINE, ANALYTIC)
    assert dataset_bytes(tmp_path / "out") == dataset_bytes(tmp_path / "reference")


@BOTH
def test_a_renderer_that_cannot_be_made_ends_the_run(options, make_recipe, tmp_path):
    with pytest.raises(EnvironmentProblem, match="found no such device; 0 of 10 frames"):
        run_recipe(make_recipe(), open_storage(tmp_path / "out"), options, "faulty_renderers:NoGpu")
    with pytest.raises(EnvironmentProblem, match=r"renderer 'no\.such:Class': cannot be imported"):
        run_recipe(make_recipe(), open_storage(tmp_path / "other"), options, "no.such:Class")


@BOTH
def test_max_failures_stops_early(options, make_recipe, tmp_path):
    recipe = make_recipe(scenes=30, views=2)
    summary = run_recipe(
        recipe, open_storage(tmp_path / "out"), replace(options, max_failures=1), "faulty_renderers:Wrong"
    )
    assert not summary.complete
    assert summary.exit_code == ExitCode.JOBS_FAILED
    assert summary.done + summary.failed < 10
    assert "more than 1 failures" in str(summary)


def test_gpu_asked_for_where_there_is_none(make_recipe, tmp_path):
    import ray

    if ray.cluster_resources().get("GPU"):
        pytest.skip("there is a GPU here")
    options = RunOptions(executor="ray", device="cuda", quiet=True)
    with pytest.raises(EnvironmentProblem, match="--device cuda: found no GPU"):
        run_recipe(make_recipe(), open_storage(tmp_path / "out"), options, ANALYTIC)


def test_a_changed_recipe_is_refused_and_overwrite_starts_over(make_recipe, dataset_bytes, tmp_path):
    storage = open_storage(tmp_path / "out")
    run_recipe(make_recipe(scenes=2, views=1, seed=3), storage, TWO, ANALYTIC)
    with pytest.raises(UsageError, match=r"another recipe \(seed: 3 -> 4\)"):
        run_recipe(make_recipe(scenes=2, views=1, seed=4), storage, TWO, ANALYTIC)
    overwrite = RunOptions(executor="ray", workers=2, overwrite=True, quiet=True)
    assert run_recipe(make_recipe(scenes=2, views=1, seed=4), storage, overwrite, ANALYTIC).done == 2
    fresh = open_storage(tmp_path / "fresh")
    run_recipe(make_recipe(scenes=2, views=1, seed=4), fresh, INLINE, ANALYTIC)
    assert dataset_bytes(tmp_path / "out") == dataset_bytes(tmp_path / "fresh")
    assert Path(tmp_path / "out" / "run.json").exists()
