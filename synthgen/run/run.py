"""A whole run: make the folder ready, run what is not done yet, keep the journal, sum up."""

from __future__ import annotations

import os
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from synthgen.blender.availability import require_bpy
from synthgen.errors import EnvironmentProblem, ExitCode, Interrupted
from synthgen.frame.records import read_completion
from synthgen.pack.manifest import MANIFEST
from synthgen.plan.jobs import SceneJob
from synthgen.plan.planner import keep_plan, plan_recipe
from synthgen.recipe.model import Recipe, recipe_json
from synthgen.run.executor import (
    Done,
    Executor,
    Failed,
    PoolOpen,
    Report,
    Retry,
    ViewDone,
    WorkerGone,
    WorkerReady,
)
from synthgen.run.folder import (
    check_worker_device,
    check_worker_versions,
    claim_folder,
    command_line,
    locked,
    read_run,
)
from synthgen.run.interrupt import StopFlag, stop_on_signals
from synthgen.run.journal import (
    append_event,
    quarantine_scene,
    remove_partial_files,
    repair_events,
    why_not_done,
)
from synthgen.run.options import RunOptions, available_cpus
from synthgen.run.progress import Progress
from synthgen.run.renderer import BLENDER
from synthgen.run.worker import WorkerSpec
from synthgen.storage import Storage

LOGS = "logs"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run came to.

    Attributes
    ----------
    out : where the dataset is
    scenes, frames : asked for
    done, skipped, failed : scenes finished now, finished earlier, given up
    frames_done : frames that are there now, those of earlier runs included
    frames_failed : single views in quarantine
    reasons : kind of failure -> how many scenes, or views for `checks`
    retries : workers lost over scenes that were tried again
    seconds : wall time
    """

    out: str
    scenes: int
    frames: int
    done: int = 0
    skipped: int = 0
    failed: int = 0
    frames_done: int = 0
    frames_failed: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    retries: int = 0
    seconds: float = 0.0
    max_failures: int | None = None

    @property
    def failures(self) -> int:
        """Scenes given up and views in quarantine, together."""
        return self.failed + self.frames_failed

    @property
    def complete(self) -> bool:
        """Whether every scene that was asked for is done or given up."""
        return self.done + self.skipped + self.failed == self.scenes

    @property
    def exit_code(self) -> ExitCode:
        """`DONE`, or `JOBS_FAILED` when there are more failures than `max_failures` allows."""
        ok = self.complete and self.failures <= (self.max_failures or 0)
        return ExitCode.DONE if ok else ExitCode.JOBS_FAILED

    def __str__(self) -> str:
        text = f"{self.out}: {self.frames_done} of {self.frames} frames, {self.seconds:.0f} s"
        if self.skipped:
            text += f", {self.skipped} of {self.scenes} scenes were there"
        if self.failures:
            reasons = ", ".join(f"{count} {kind}" for kind, count in sorted(self.reasons.items()))
            text += f", {self.failures} failed ({reasons}; see quarantine/)"
        if not self.complete:
            left = self.scenes - self.done - self.skipped - self.failed
            text += f", stopped with {left} scenes left: more than {self.max_failures} failures"
        return text


def run_recipe(
    recipe: Recipe,
    storage: Storage,
    options: RunOptions,
    renderer: str = BLENDER,
    argv: Sequence[str] | None = None,
) -> RunSummary:
    """Render what is not rendered yet of a recipe into a folder.

    Parameters
    ----------
    renderer : "module:Class" of a `synthgen.run.renderer.Renderer`
    argv : the command, for the record

    Raises
    ------
    UsageError
        When the folder cannot be used: not a dataset of ours, another recipe or version, another run in it.
    EnvironmentProblem
        When the machine cannot go on: no bpy, no GPU, disk full. What is done stays done.
    Interrupted
        After Ctrl-C or SIGTERM. What is done stays done.
    """
    storage.local_path()  # a remote folder cannot hold the journal yet; this says so
    if renderer == BLENDER and options.ray_address is None:
        require_bpy()
    started = time.monotonic()
    with stop_on_signals() as stop, locked(storage):
        argv = command_line() if argv is None else argv
        goes_on = claim_folder(storage, recipe_json(recipe), renderer, overwrite=options.overwrite, argv=argv)
        remove_partial_files(storage)
        repair_events(storage)
        keep_plan(recipe, storage, limit=options.limit)
        scenes, frames = _asked_for(recipe, options)
        append_event(
            storage, "run_resumed" if goes_on else "run_started", argv=list(argv), pid=os.getpid(),
            host=socket.gethostname(), executor=options.executor, scenes=scenes, frames=frames,
        )  # fmt: skip
        executor = _executor(storage, options, renderer)
        progress = Progress(frames, quiet=options.quiet)
        run = _Run(storage, options, read_run(storage), progress)
        jobs = plan_recipe(recipe, limit=options.limit, only=options.only)
        try:
            run.drive(executor, jobs, stop)
        except (EnvironmentProblem, Interrupted) as error:
            ended = type(error)(f"{error}; {run.left_to_do(frames)}")
            run.journal_if_possible("run_stopped", reason=str(error))
            raise ended from None
        finally:
            executor.close()
            progress.close()
        summary = RunSummary(
            out=storage.uri, scenes=scenes, frames=frames, done=run.done, skipped=run.skipped,
            failed=run.failed, frames_done=progress.frames, frames_failed=run.reasons["checks"],
            reasons=dict(run.reasons), retries=run.retries, seconds=time.monotonic() - started,
            max_failures=options.max_failures,
        )  # fmt: skip
        append_event(
            storage, "run_finished", done=run.done, skipped=run.skipped, failed=run.failed,
            frames=progress.frames, seconds=round(summary.seconds, 3),
        )  # fmt: skip
        return summary


class _Run:
    """The state of a run in the driver: counts, and what each report does to journal and progress."""

    def __init__(
        self, storage: Storage, options: RunOptions, record: dict[str, object], progress: Progress
    ) -> None:
        self._storage = storage
        self._options = options
        self._record = record
        self._progress = progress
        self._devices: dict[int, object] = {}
        self.done = self.skipped = self.failed = self.retries = 0
        self.reasons: Counter[str] = Counter()

    def drive(self, executor: Executor, jobs: Iterator[SceneJob], stop: StopFlag) -> None:
        """Run all jobs that are not done, until they are, or more failed than are allowed."""
        with closing(executor.run(self._pending(jobs, stop), stop)) as reports:
            for report in reports:
                self._take(report)
        if stop.requested:  # while looking at what is done already
            raise Interrupted(f"stopped by {stop.reason}")

    def left_to_do(self, frames: int) -> str:
        """What to tell a user whose run ended early."""
        return f"{self._progress.frames} of {frames} frames are done, the same command goes on from there"

    def journal_if_possible(self, event: str, **fields: object) -> None:
        """Write an event; on a full disk, the reason for ending matters more than its record."""
        try:
            append_event(self._storage, event, **fields)
        except EnvironmentProblem:
            return

    def _pending(self, jobs: Iterator[SceneJob], stop: StopFlag) -> Iterator[SceneJob]:
        allowed = self._options.max_failures
        for job in jobs:
            if stop.requested or (allowed is not None and self.failed + self.reasons["checks"] > allowed):
                return
            reason = why_not_done(self._storage, job)
            if reason is None:
                record = read_completion(self._storage, job.scene)
                quarantined = [view for view in job.asked_views if view.view in record.quarantined]
                self.skipped += 1
                self.reasons["checks"] += len(quarantined)
                self._progress.skipped(len(job.asked_views) - len(quarantined), len(quarantined))
                continue
            if reason != "no completion record":
                append_event(self._storage, "scene_again", scene=job.scene, reason=reason)
            # The shards, if there are any, will not be all of the dataset any more.
            self._storage.delete(MANIFEST)
            yield job

    def _take(self, report: Report) -> None:
        match report:
            case PoolOpen():
                self._event("pool_open", workers=report.workers, threads=report.threads, reason=report.reason)
            case WorkerReady():
                check_worker_versions(self._storage, self._record, report.versions, report.host)
                device = str(report.info.get("device"))
                check_worker_device(self._storage, self._record, device, report.host)
                self._devices[report.worker] = device
                self._event(
                    "worker_ready", worker=report.worker, pid=report.pid, host=report.host,
                    info=dict(report.info), seconds=_rounded(report.seconds),
                )  # fmt: skip
            case WorkerGone():
                self._event("worker_gone", worker=report.worker, reason=report.reason, message=report.message)
            case ViewDone():
                self._progress.view(report.scene, report.view)
                self._event(
                    "view", scene=report.scene, view=report.view, worker=report.worker,
                    problem=report.problem, rss_mb=report.rss_mb, device=self._devices.get(report.worker),
                    seconds={name: _rounded(value) for name, value in report.seconds.items()},
                )  # fmt: skip
            case Retry():
                self.retries += 1
                self._progress.again(report.job.scene)
                self._event(
                    "scene_retry", scene=report.job.scene, worker=report.worker, reason=report.kind,
                    message=report.message, attempt=report.attempt,
                )  # fmt: skip
            case Done():
                self.done += 1
                self.reasons["checks"] += len(report.quarantined)
                self._progress.scene_done(report.job.scene, report.views, len(report.quarantined))
                self._event(
                    "scene_done", scene=report.job.scene, worker=report.worker, views=report.views,
                    quarantined=len(report.quarantined), attempts=report.attempts, rss_mb=report.rss_mb,
                    device=self._devices.get(report.worker), seconds=_rounded(report.seconds),
                )  # fmt: skip
                for view, problem in report.quarantined.items():
                    self._progress.note(f"{report.job.key} view {view}: {problem}")
            case Failed():
                self.failed += 1
                self.reasons[report.kind] += 1
                quarantine_scene(self._storage, report)
                self._progress.scene_done(report.job.scene, 0, 1)
                self._event(
                    "scene_failed", scene=report.job.scene, worker=report.worker, reason=report.kind,
                    message=report.message, attempts=report.attempts,
                )  # fmt: skip
                self._progress.note(f"{report.job.key}: {report.kind}: {report.message}")

    def _event(self, event: str, **fields: object) -> None:
        append_event(self._storage, event, **fields)


def _asked_for(recipe: Recipe, options: RunOptions) -> tuple[int, int]:
    """Scenes and frames of this run."""
    views = recipe.views_per_scene
    if options.only is not None:
        return 1, 1 if "view" in options.only else views
    scenes = recipe.scenes if options.limit is None else min(options.limit, recipe.scenes)
    return scenes, scenes * views


def _executor(storage: Storage, options: RunOptions, renderer: str) -> Executor:
    threads = available_cpus()
    paths = tuple(os.path.abspath(path) for path in options.scene_paths)
    spec = WorkerSpec(renderer, str(storage.local_path()), options.device, threads, paths)
    if options.executor == "inline":
        from synthgen.run.inline import InlineExecutor

        return InlineExecutor(spec)
    try:
        from synthgen.run.ray_executor import RayExecutor
    except ModuleNotFoundError as error:
        raise EnvironmentProblem(
            f"--executor ray: {error}; pip install 'synthgen[render]' brings it; or use --executor inline"
        ) from None
    return RayExecutor(spec, options, storage.local_path(LOGS))


def _rounded(seconds: float) -> float:
    return round(seconds, 4)
