"""Resuming trusts records and checksums, nothing else."""

from __future__ import annotations

import json
import os

import pytest

from synthgen.errors import DataError
from synthgen.frame.bundle import RenderedView
from synthgen.frame.records import FileRecord, read_completion
from synthgen.plan.planner import plan_recipe, read_plan
from synthgen.run.journal import append_event, read_events, repair_events, why_not_done
from synthgen.run.stages import render_scene
from synthgen.storage import open_storage
from synthgen.testing.analytic import AnalyticRenderer, analytic_job

FRAME = "frames/scene000001/view001.truth.exr"
RECORD = "completions/scene000001.json"


def test_the_record_names_every_file_with_its_hash(dataset):
    written = json.loads(dataset.read_text(RECORD))
    assert list(written) == ["job_hash", "quarantined", "scene", "schema_version", "split", "views"]
    entry = written["views"]["1"]["files"][FRAME]
    assert entry == {"bytes": dataset.size(FRAME), "sha256": dataset.sha256(FRAME)}
    record = read_completion(dataset, 1)
    assert record.views[1][FRAME] == FileRecord(**entry)
    assert set(record.views[1]) == {
        f"frames/scene000001/view001.{ending}" for ending in ("rgb.png", "truth.exr", "json")
    }


def _flip_a_byte(storage):
    data = bytearray(storage.read_bytes(FRAME))
    data[len(data) // 2] ^= 1
    storage.write_bytes(FRAME, bytes(data))


def _edit_record(storage, **changes):
    storage.write_text(RECORD, json.dumps(json.loads(storage.read_text(RECORD)) | changes))


DAMAGE = {
    "no completion record": lambda storage: storage.delete(RECORD),
    "is missing": lambda storage: storage.delete(FRAME),
    "bytes, not": lambda storage: storage.write_bytes(FRAME, storage.read_bytes(FRAME)[:-7]),
    "another SHA-256": _flip_a_byte,
    "of another job": lambda storage: _edit_record(storage, job_hash="0123456789abcdef"),
    "lacks views": lambda storage: _edit_record(storage, views={}),
    "expected a completion record": lambda storage: storage.write_text(RECORD, '{"schema_ver'),
    "expected schema_version 1": lambda storage: _edit_record(storage, schema_version=2),
    "KeyError": lambda storage: storage.write_text(RECORD, '{"schema_version": 1}'),
    "KeyError('files')": lambda storage: _edit_record(storage, views={"0": {}, "1": {}}),
}


@pytest.mark.parametrize("reason", DAMAGE)
def test_any_damage_is_seen_and_made_good(reason, dataset, render):
    job = list(read_plan(dataset))[1]
    assert why_not_done(dataset, job) is None
    intact = {path: dataset.read_bytes(path) for path in dataset.list(recursive=True) if "scene" in path}

    DAMAGE[reason](dataset)
    assert reason in why_not_done(dataset, job)
    summary = render(dataset)
    assert (summary.done, summary.skipped) == (1, 1)
    assert {path: dataset.read_bytes(path) for path in intact} == intact
    if reason != "no completion record":
        again = next(event for event in read_events(dataset) if event["event"] == "scene_again")
        assert reason in again["reason"]


def test_leftovers_of_killed_processes_are_removed(dataset, render):
    leftovers = [f"{RECORD}.77.partial", "plan.jsonl.77.partial", "frames/scene000001/view000.json.7.partial"]
    for path in leftovers:
        dataset.write_text(path, "half of")
    dataset.delete(RECORD)
    append_event(dataset, "view", scene=1)
    with open(dataset.local_path("events.jsonl"), "a") as stream:
        stream.write('{"ts": "2026-01-01T00:00')
    assert render(dataset).done == 1
    assert not [path for path in dataset.list(recursive=True) if path.endswith(".partial")]
    events = read_events(dataset)
    assert events[-1]["event"] == "run_finished"
    assert [event["event"] for event in events].count("run_resumed") == 1


def test_repairing_a_whole_journal_changes_nothing(dataset):
    before = dataset.read_bytes("events.jsonl")
    repair_events(dataset)
    assert dataset.read_bytes("events.jsonl") == before
    repair_events(open_storage(dataset.local_path("nowhere")))


def test_stale_shards_lose_their_manifest(dataset, render, make_recipe):
    dataset.write_text("manifest.json", "{}")
    render(dataset)
    assert dataset.exists("manifest.json")
    render(dataset, limit=1)
    assert dataset.exists("manifest.json")
    dataset.delete(FRAME)
    render(dataset)
    assert not dataset.exists("manifest.json")


def test_limits_extend_one_plan(make_recipe, render, tmp_path):
    storage, recipe = open_storage(tmp_path / "grown"), make_recipe(scenes=4)
    assert render(storage, recipe, limit=1).frames_done == 2
    assert len(list(read_plan(storage))) == 1
    assert render(storage, recipe).skipped == 1
    whole = storage.read_bytes("plan.jsonl")
    assert render(storage, recipe, limit=2).skipped == 2
    assert storage.read_bytes("plan.jsonl") == whole
    assert list(read_plan(storage)) == list(plan_recipe(recipe))


@pytest.mark.parametrize(
    "damage",
    [
        lambda plan: plan[:-9],
        lambda plan: plan.replace(b'"samples":', b'"samples":1', 1),
        lambda plan: plan + plan,
        lambda plan: b"",
    ],
)
def test_a_damaged_plan_is_written_again(damage, dataset, render):
    plan = dataset.read_bytes("plan.jsonl")
    assert damage(plan) != plan
    dataset.write_bytes("plan.jsonl", damage(plan))
    assert render(dataset, limit=1).skipped == 1
    render(dataset)
    assert dataset.read_bytes("plan.jsonl") == plan


def test_only_runs_one_scene(make_recipe, render, tmp_path):
    storage = open_storage(tmp_path / "one")
    summary = render(storage, make_recipe(scenes=4), only={"scene": 2})
    assert (summary.scenes, summary.done) == (1, 1)
    assert storage.list("completions") == ["completions/scene000002.json"]


def test_only_counts_the_views_that_were_asked_for(make_recipe, render, tmp_path):
    storage, recipe = open_storage(tmp_path / "views"), make_recipe()
    for _ in range(2):
        for view in (1, 0):
            summary = render(storage, recipe, only={"scene": 0, "view": view})
            assert (summary.frames, summary.frames_done) == (1, 1)
    assert render(storage, recipe).frames_done == 4


def test_a_scene_starts_clean(tmp_path):
    storage, job = open_storage(tmp_path / "out"), analytic_job(scene=3, views=2)
    storage.write_text("frames/scene000003/view009.json", "left behind")
    storage.write_text("quarantine/scene000003_view001.json", "left behind")
    record = render_scene(job, AnalyticRenderer(), storage)
    assert storage.list("frames", recursive=True) == sorted(
        path for files in record.views.values() for path in files
    )
    assert storage.list("quarantine") == []
    assert why_not_done(storage, job) is None


class WithoutNormals(AnalyticRenderer):
    """Leaves out a channel that was asked for."""

    def render(self, job):
        for rendered in super().render(job.model_copy(update={"channels": ("rgb", "depth")})):
            yield RenderedView(rendered.bundle, rendered.seconds)


def test_a_missing_channel_is_a_bad_view(tmp_path):
    storage, job = open_storage(tmp_path / "out"), analytic_job(views=1)
    record = render_scene(job, WithoutNormals(), storage)
    assert record.views == {}
    assert "normal: the recipe asks for this channel" in record.quarantined[0]
    entry = json.loads(storage.read_text("quarantine/scene000000_view000.json"))
    assert (entry["scene"], entry["view"], entry["kind"]) == (0, 0, "checks")
    assert why_not_done(storage, job) is None


def test_reading_a_record_of_a_newer_version(dataset):
    _edit_record(dataset, schema_version=99)
    with pytest.raises(DataError, match="use the synthgen version that wrote it"):
        read_completion(dataset, 1)


def test_events_are_one_json_object_a_line(dataset):
    lines = dataset.read_text("events.jsonl").splitlines()
    names = [json.loads(line)["event"] for line in lines]
    assert names == [
        "run_started", "pool_open", "worker_ready", *["view", "view", "scene_done"] * 2, "run_finished",
    ]  # fmt: skip
    started = json.loads(lines[0])
    assert started["pid"] == os.getpid()
    assert started["frames"] == 4
