"""Workers as Ray actors, on this machine or on a cluster. The only module that imports ray.

One actor is one process with one renderer. Ray only starts and ends processes here: it never repeats a
job by itself, since it would hide a scene that kills every worker. A lost actor is not restarted either;
the next job of its place gets a fresh one. Arrays never travel: workers write to the dataset and report
a few numbers.
"""

from __future__ import annotations

import logging
import math
import os
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

# Read by Ray when it is imported: no usage reports, and none of the raylet's own messages on the terminal;
# a lost worker is told in our words.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".")

import ray
from ray.exceptions import (
    GetTimeoutError,
    OutOfMemoryError,
    RayActorError,
    RayError,
    RayTaskError,
    WorkerCrashedError,
)

from synthgen.errors import EnvironmentProblem, Interrupted
from synthgen.plan.jobs import SceneJob
from synthgen.run.executor import (
    Attempts,
    Done,
    Failed,
    MachineProblem,
    PoolOpen,
    Report,
    Retry,
    WorkerGone,
    WorkerReady,
)
from synthgen.run.interrupt import StopFlag
from synthgen.run.options import GPU_DEVICES, RunOptions, WorkerChoice, available_cpus, choose_workers
from synthgen.run.worker import Worker, WorkerSpec
from synthgen.run.worker_log import last_output, log_path, mark_job, print_to

TICK_S = 0.2
"""How often the driver looks up from waiting: at signals and deadlines."""
MAX_FAILED_STARTS = 3
"""Workers that die before they are ready, in a row, until the machine is to blame."""
CLOSE_TIMEOUT_S = 5.0
PATIENCE_S = 15.0
"""A SIGTERM to every process of a job (timeout, Slurm, systemd) ends Ray as well as the driver. Calls into
Ray may not come back then; everything of ours is on the disk, so the driver ends itself after this long."""
OBJECT_STORE_BYTES = 80 << 20
"""The least that Ray takes; nothing of size goes through it."""


class _RayWorker:
    """The actor: a `Worker` whose output and temporary files go where the driver finds them."""

    def __init__(self, spec: WorkerSpec, index: int, log: str, scratch: str) -> None:
        os.makedirs(scratch, exist_ok=True)
        tempfile.tempdir = scratch
        print_to(Path(log))
        self._worker = Worker(spec, index)

    def start(self) -> WorkerReady | MachineProblem:
        """See `Worker.start`."""
        return self._worker.start()

    def render(self, job_json: str, attempt: int) -> Iterator[object]:
        """See `Worker.render`; a streaming generator for Ray."""
        job = SceneJob.model_validate_json(job_json)
        mark_job(job, attempt)
        yield from self._worker.render(job)

    def close(self) -> None:
        """See `Worker.close`."""
        self._worker.close()


@dataclass(slots=True)
class _Place:
    """Room for one worker: the actor in it, what it is at, and what to wait for."""

    index: int
    actor: Any = None
    ready: bool = False
    waiting: Any = None
    job: SceneJob | None = None
    deadline: float | None = None
    scenes: int = 0


class RayExecutor:
    """A pool of Ray actors."""

    def __init__(self, spec: WorkerSpec, options: RunOptions, logs: Path) -> None:
        self._spec = spec
        self._options = options
        self._logs = logs
        self._places: list[_Place] = []
        self._attempts = Attempts()
        self._again: deque[SceneJob] = deque()
        self._failed_starts = 0
        self._owns_ray = False
        self._scratch = ""

    def run(self, jobs: Iterator[SceneJob], stop: StopFlag) -> Iterator[Report]:
        """See `synthgen.run.executor.Executor.run`."""
        first = next(jobs, None)
        if first is None:
            return
        self._again.append(first)
        stop.patience_s = PATIENCE_S
        try:
            choice = self._open()
        except SystemExit:  # Ray's own answer to a SIGTERM while it starts
            raise Interrupted("stopped by SIGTERM") from None
        # Temporary files of workers, in one place: those that are killed cannot remove their own.
        self._scratch = tempfile.mkdtemp(prefix="synthgen-run-")
        stop.listen()  # Ray has put its own handlers in place
        yield PoolOpen(*choice)
        self._places = [_Place(index) for index in range(choice.workers)]
        while True:
            if stop.requested:
                self._kill_all()
                raise Interrupted(f"stopped by {stop.reason}")
            for place in self._places:
                if place.job is None:
                    self._feed(place, jobs)
            busy = [place for place in self._places if place.waiting is not None]
            if not busy:
                return
            for place in self._wait(busy):
                yield from self._advance(place)
            yield from self._enforce_deadlines()

    def close(self) -> None:
        """See `synthgen.run.executor.Executor.close`."""
        if not ray.is_initialized():
            return
        idle = [place for place in self._places if place.actor is not None and place.job is None]
        closing = [place.actor.close.remote() for place in idle]
        if closing:
            ray.wait(closing, num_returns=len(closing), timeout=CLOSE_TIMEOUT_S)
        self._kill_all()
        if self._owns_ray:
            ray.shutdown()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _open(self) -> WorkerChoice:
        if not ray.is_initialized():
            start_ray(self._options.ray_address)
            self._owns_ray = True
        resources = ray.cluster_resources()
        cpus, gpus = int(resources.get("CPU", 1)), int(resources.get("GPU", 0))
        device = self._options.device
        if device in GPU_DEVICES and device != "metal" and not gpus:
            raise EnvironmentProblem(f"--device {device}: found no GPU here; use --device auto or cpu")
        choice = choose_workers(device, cpus, gpus, self._options.workers, _largest_node())
        self._spec = replace(self._spec, threads=choice.threads)
        self._actor_class = ray.remote(
            # More workers than cores are allowed, they share; Ray itself would wait for a core forever.
            num_cpus=choice.threads if choice.workers <= cpus else _share(cpus, choice.workers),
            num_gpus=_share(gpus, choice.workers) if device != "cpu" else 0,
            max_restarts=0,
            max_task_retries=0,
            scheduling_strategy="SPREAD",
        )(_RayWorker)
        return choice

    def _feed(self, place: _Place, jobs: Iterator[SceneJob]) -> None:
        job = self._again.popleft() if self._again else next(jobs, None)
        if job is None and place.actor is not None:
            job = self._job_of_a_late_worker()
        if job is None:
            return
        place.job = job
        if place.actor is None:
            log = self._log(place)
            place.actor = self._actor_class.remote(self._spec, place.index, str(log), self._scratch)
            place.ready, place.scenes = False, 0
            place.waiting = place.actor.start.remote()
        else:
            self._submit(place)

    def _job_of_a_late_worker(self) -> SceneJob | None:
        """A job whose worker has not started yet, taken from it for one that has nothing left to do.

        On a cluster that others use too, a worker may wait for its cores for as long as ours keep theirs.
        """
        for late in self._places:
            if late.job is not None and not late.ready:
                job = late.job
                ray.kill(late.actor)
                late.actor = late.job = late.waiting = None
                return job
        return None

    def _submit(self, place: _Place) -> None:
        attempt = self._attempts.begin(place.job)
        render = place.actor.render.options(num_returns="streaming")
        place.waiting = render.remote(place.job.model_dump_json(), attempt)
        if self._options.scene_timeout_s is not None:
            place.deadline = time.monotonic() + self._options.scene_timeout_s

    def _wait(self, busy: list[_Place]) -> list[_Place]:
        """The places that have something to tell: wait for one, take all."""
        handles = [place.waiting for place in busy]
        try:
            ready, _ = ray.wait(handles, num_returns=1, timeout=TICK_S)
            if ready and len(handles) > 1:
                ready, _ = ray.wait(handles, num_returns=len(handles), timeout=0)
        except RayError as error:
            raise EnvironmentProblem(f"Ray stopped working ({_first_line(error)})") from None
        return [place for place in busy if place.waiting in ready]

    def _advance(self, place: _Place) -> Iterator[Report]:
        """Take the one report that is ready."""
        try:
            report = ray.get(next(place.waiting) if place.ready else place.waiting)
        except StopIteration:
            yield from self._lost(place, "died", "the worker ended without a report")
            return
        except (RayActorError, WorkerCrashedError, OutOfMemoryError) as error:
            out_of_memory = isinstance(error, OutOfMemoryError) or "OUT_OF_MEMORY" in str(error)
            yield from self._lost(place, "memory" if out_of_memory else "died", _why_died(error))
            return
        except RayTaskError as error:
            # Not a scene's fault: workers report those. Keep the traceback of where it happened.
            raise error.cause from error
        except RayError as error:
            raise EnvironmentProblem(f"Ray stopped working ({_first_line(error)})") from None

        if isinstance(report, MachineProblem):
            raise EnvironmentProblem(report.message)
        if isinstance(report, WorkerReady):
            self._failed_starts = 0
            place.ready = True
            yield report
            self._submit(place)
        elif isinstance(report, Failed) and report.kind == "memory":
            yield from self._lost(place, report.kind, report.message)
        elif isinstance(report, Done | Failed):
            if isinstance(report, Failed):
                report = replace(report, output=last_output(self._log(place)))
            attempts = self._attempts.finish(place.job)
            place.job = place.waiting = place.deadline = None
            place.scenes += 1
            yield replace(report, attempts=attempts)
            yield from self._recycle(place, getattr(report, "rss_mb", 0.0))
        else:
            yield report

    def _lost(self, place: _Place, kind: str, message: str) -> Iterator[Report]:
        """A worker is gone: try its job again, or give it up."""
        output, job, was_ready = last_output(self._log(place)), place.job, place.ready
        ray.kill(place.actor)
        place.actor = place.waiting = place.job = place.deadline = None
        yield WorkerGone(place.index, kind, message)
        if not was_ready:
            self._failed_starts += 1
            if self._failed_starts >= MAX_FAILED_STARTS:
                raise EnvironmentProblem(
                    f"workers die while they start ({message}); see {self._log(place)}, which ends in:\n"
                    + "\n".join(output[-5:])
                )
            self._again.append(job)
        elif self._attempts.may_retry(job, kind):
            self._again.append(job)
            yield Retry(job, kind, message, self._attempts.begun[job.scene], place.index)
        else:
            attempts = self._attempts.finish(job)
            yield Failed(job, kind, message, place.index, attempts=attempts, output=output)

    def _enforce_deadlines(self) -> Iterator[Report]:
        for place in self._places:
            if place.deadline is not None and time.monotonic() > place.deadline:
                limit = self._options.scene_timeout_s
                yield from self._lost(place, "timeout", f"took longer than the {limit:g} s that it was given")

    def _recycle(self, place: _Place, rss_mb: float) -> Iterator[Report]:
        limit = self._options.rss_limit_mb
        if limit is not None and rss_mb > limit:
            reason, message = "memory", f"{rss_mb:.0f} MB resident, more than {limit} MB"
        elif place.scenes >= self._options.recycle_after:
            reason, message = "recycled", f"after {place.scenes} scenes"
        else:
            return
        ray.wait([place.actor.close.remote()], timeout=CLOSE_TIMEOUT_S)
        ray.kill(place.actor)
        place.actor = None
        yield WorkerGone(place.index, reason, message)

    def _kill_all(self) -> None:
        for place in self._places:
            if place.actor is not None:
                ray.kill(place.actor)
        self._places = []

    def _log(self, place: _Place) -> Path:
        return log_path(self._logs, place.index)


def start_ray(address: str | None = None) -> None:
    """Connect to a Ray cluster, or start one on this machine that ends with this process.

    `address` None means the address in `RAY_ADDRESS` (set by `ray job submit`), else a local Ray.

    Raises
    ------
    EnvironmentProblem
        When no Ray answers there, or it is another version.
    """
    address = address or os.environ.get("RAY_ADDRESS") or "local"
    settings: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address == "local":
        settings |= {
            "num_cpus": available_cpus(),
            "include_dashboard": False,
            "object_store_memory": OBJECT_STORE_BYTES,
        }
    try:
        ray.init(address=address, **settings)
    except (RayError, ConnectionError, RuntimeError, ValueError, GetTimeoutError) as error:
        what = "cannot start a local Ray" if address == "local" else f"--ray-address {address}: no Ray to use"
        raise EnvironmentProblem(f"{what} ({_first_line(error)})") from None


def _largest_node() -> int:
    """Cores of the machine of the cluster that has the most."""
    return int(max(node["Resources"].get("CPU", 1) for node in ray.nodes() if node["Alive"]))


def _share(devices: int, workers: int) -> float:
    # Ray counts in ten-thousandths; rounded up, the last worker would never fit.
    return min(1.0, math.floor(1e4 * devices / workers) / 1e4)


def _why_died(error: BaseException) -> str:
    """The useful half of Ray's long message about a dead actor."""
    text = " ".join(str(error).split())
    _, found, detail = text.partition("Worker exit detail: ")
    reason = detail.split(" Some common causes")[0].rstrip(".") if found else text[:200]
    return f"the worker process ended ({reason})"


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
