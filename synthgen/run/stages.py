"""One job from end to end, wherever it runs: render, check, encode, write, record.

The completion record is written last. A scene is done when its record is there and says so; frames
without a record are leftovers of an attempt that did not end, and are removed before the next one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from synthgen.errors import DataError, RenderError
from synthgen.frame.bundle import FrameBundle
from synthgen.frame.checks import check_channels, material_ids
from synthgen.frame.classes import class_table
from synthgen.frame.gates import check_worth
from synthgen.frame.records import (
    RECORD_VERSION,
    Completion,
    FileRecord,
    completion_path,
    quarantine_path,
    read_completion,
    write_completion,
    write_json,
)
from synthgen.frame.store import FRAME_ENDINGS, FRAMES, encode_frame, frame_path, write_files
from synthgen.plan.jobs import SceneJob
from synthgen.recipe.families import scene_classes
from synthgen.run.renderer import Renderer
from synthgen.storage import Storage


@dataclass(frozen=True, slots=True)
class ViewStep:
    """One view is finished: written, or quarantined when `problem` says why."""

    view: int
    problem: str | None
    seconds: Mapping[str, float]


def render_scene(job: SceneJob, renderer: Renderer, storage: Storage) -> Completion:
    """Make all frames of a job and its completion record, which is returned.

    A view that is wrong, or of no use, is left out: it goes to the record's `quarantined`, and to a file in
    `quarantine/`. Any exception leaves the job without a record.
    """
    steps = scene_steps(job, renderer, storage)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def scene_steps(job: SceneJob, renderer: Renderer, storage: Storage) -> Iterator[ViewStep]:
    """As `render_scene`, but yields each view as soon as it is durable; returns the record."""
    views, quarantined = _kept_views(storage, job)
    kept = len(views) + len(quarantined)
    forget_scene(storage, job)
    known_classes = _class_ids(job)
    expected = [view.view for view in job.asked_views]
    for rendered in renderer.render(job):
        bundle, seconds = rendered.bundle, dict(rendered.seconds)
        made = len(views) + len(quarantined) - kept
        if (bundle.scene, bundle.view) != (job.scene, expected[made] if made < len(expected) else None):
            raise RenderError(f"{bundle.key}: the renderer gave this view out of turn (expected {expected})")

        started = time.perf_counter()
        problems = _check(bundle, job, known_classes)
        checked = time.perf_counter()
        seconds["checks"] = checked - started
        if problems:
            quarantined[bundle.view] = "; ".join(problems)
            _quarantine_view(storage, job, bundle, problems)
        else:
            files = encode_frame(bundle)
            encoded = time.perf_counter()
            views[bundle.view] = write_files(storage, files)
            seconds["encode"] = encoded - checked
            seconds["write"] = time.perf_counter() - encoded
        yield ViewStep(bundle.view, quarantined.get(bundle.view), seconds)

    missing = sorted(set(expected) - {*views, *quarantined})
    if missing:
        raise RenderError(f"{job.key}: the renderer gave no view {', '.join(map(str, missing))}")
    record = Completion(job.scene, job.split, job.job_hash, views, quarantined)
    write_completion(storage, record)
    return record


def forget_scene(storage: Storage, job: SceneJob) -> None:
    """Remove what earlier attempts left behind of the views that a job asks for; the record first."""
    storage.delete(completion_path(job.scene))
    storage.delete(quarantine_path(job.scene))
    if job.only_views is None:
        storage.delete(f"{FRAMES}/{job.key}")
    for view in job.asked_views:
        storage.delete(quarantine_path(job.scene, view.view))
        for ending in FRAME_ENDINGS:
            storage.delete(frame_path(job.scene, view.view, ending))


def _kept_views(
    storage: Storage, job: SceneJob
) -> tuple[dict[int, Mapping[str, FileRecord]], dict[int, str]]:
    """What an earlier `--only` made and recorded of a scene of which other views are asked for now."""
    if job.only_views is None:
        return {}, {}
    try:
        record = read_completion(storage, job.scene)
    except DataError:
        return {}, {}  # a damaged record counts for nothing
    if record is None or record.job_hash != job.job_hash:
        return {}, {}
    asked = {view.view for view in job.asked_views}
    views = {view: files for view, files in record.views.items() if view not in asked}
    return views, {view: why for view, why in record.quarantined.items() if view not in asked}


def _check(bundle: FrameBundle, job: SceneJob, known_classes: frozenset[int]) -> list[str]:
    missing = [name for name in job.channels if name not in bundle.channels]
    if missing:
        return [f"{name}: the recipe asks for this channel, the renderer gave none" for name in missing]
    problems = check_channels(
        bundle.channels,
        bundle.camera.width,
        bundle.camera.height,
        {instance.id for instance in bundle.instances},
        known_classes,
        material_ids(bundle.meta),
        bundle.camera,
    )
    return problems or check_worth(bundle.channels, bundle.camera, bundle.meta.get("statistics", {}))


def _class_ids(job: SceneJob) -> frozenset[int]:
    return frozenset(entry.id for entry in class_table(scene_classes(job.params)).values())


def _quarantine_view(storage: Storage, job: SceneJob, bundle: FrameBundle, problems: list[str]) -> None:
    entry = {
        "schema_version": RECORD_VERSION,
        "job_hash": job.job_hash,
        "scene": job.scene,
        "view": bundle.view,
        "kind": "checks",
        "reason": "; ".join(problems),
        "problems": problems,
    }
    write_json(storage, quarantine_path(job.scene, bundle.view), entry)
