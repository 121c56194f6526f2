"""Stages: what a scene leaves on disk."""

from synthgen.run.stages import render_scene
from synthgen.storage import open_storage
from synthgen.testing.analytic import AnalyticRenderer, analytic_job


def test_single_views_gather_to_the_same_record_as_the_whole_scene(tmp_path) -> None:
    job = analytic_job(scene=2, views=3)
    whole, parts = open_storage(tmp_path / "whole"), open_storage(tmp_path / "parts")
    expected = render_scene(job, AnalyticRenderer(), whole)
    for view in (2, 0, 1):
        record = render_scene(job.model_copy(update={"only_views": (view,)}), AnalyticRenderer(), parts)
    assert record == expected
    assert parts.read_bytes("completions/scene000002.json") == whole.read_bytes(
        "completions/scene000002.json"
    )
    assert parts.list("frames", recursive=True) == whole.list("frames", recursive=True)
