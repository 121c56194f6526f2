"""Where jobs run is one small protocol: jobs go in, reports come out as they happen.

Failures are told apart by kind, since they call for different things:

    render      an expected error of this job (`RenderError` ...): the same every time, quarantined at once
    exception   a defect in a renderer or a scene family, with its traceback: quarantined at once
    died        the worker process is gone (abort, kill): tried again, at most `MAX_RETRIES` times
    memory      the worker ran out of memory: likewise
    timeout     the worker took longer than the deadline and was killed: likewise

A problem of the machine (`EnvironmentProblem`: a full disk, no GPU) is none of these: it ends the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from synthgen.plan.jobs import SceneJob
from synthgen.run.interrupt import StopFlag

MAX_RETRIES = 2
"""A job is given this many more chances after a worker was lost over it."""
RETRIED_KINDS = frozenset({"died", "memory", "timeout"})


@dataclass(frozen=True, slots=True)
class PoolOpen:
    """How many workers there will be, with how many CPU threads each, and why."""

    workers: int
    threads: int
    reason: str


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """A worker has made its renderer. `versions` are those of its own environment."""

    worker: int
    pid: int
    host: str
    info: Mapping[str, object]
    versions: Mapping[str, str | None]
    seconds: float


@dataclass(frozen=True, slots=True)
class WorkerGone:
    """A worker process has ended: `reason` is recycled, memory, died or timeout."""

    worker: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class ViewDone:
    """A view is durable, or in quarantine when `problem` says why."""

    scene: int
    view: int
    problem: str | None
    seconds: Mapping[str, float]
    worker: int
    rss_mb: float


@dataclass(frozen=True, slots=True)
class Done:
    """A job is recorded as complete. `views` and `quarantined` are among those that were asked for."""

    job: SceneJob
    views: int
    quarantined: Mapping[int, str]
    seconds: float
    worker: int
    rss_mb: float
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Retry:
    """A worker was lost over a job, which will be tried again."""

    job: SceneJob
    kind: str
    message: str
    attempt: int
    worker: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A job is given up. `output` holds the last lines that its worker printed."""

    job: SceneJob
    kind: str
    message: str
    worker: int
    attempts: int = 1
    traceback: str | None = None
    output: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MachineProblem:
    """What a worker says instead of raising `EnvironmentProblem` across processes."""

    message: str


Report = PoolOpen | WorkerReady | WorkerGone | ViewDone | Done | Retry | Failed


class Executor(Protocol):
    """Runs jobs somewhere."""

    def run(self, jobs: Iterator[SceneJob], stop: StopFlag) -> Iterator[Report]:
        """Take jobs as workers become free and yield what happens to them.

        Every job ends in exactly one `Done` or `Failed`.

        Raises
        ------
        EnvironmentProblem
            When the machine cannot go on.
        Interrupted
            When `stop` was requested; all workers are gone by then.
        """
        ...

    def close(self) -> None:
        """End all workers, in whatever state they are."""
        ...


@dataclass(slots=True)
class Attempts:
    """How often each job was begun, and what happens after a failure."""

    begun: dict[int, int] = field(default_factory=dict)

    def begin(self, job: SceneJob) -> int:
        """Count one more attempt; returns its number, from 1."""
        self.begun[job.scene] = self.begun.get(job.scene, 0) + 1
        return self.begun[job.scene]

    def finish(self, job: SceneJob) -> int:
        """Forget a job that ended; returns how many attempts it took."""
        return self.begun.pop(job.scene)

    def may_retry(self, job: SceneJob, kind: str) -> bool:
        """Whether a job that failed in this way is tried once more."""
        return kind in RETRIED_KINDS and self.begun[job.scene] <= MAX_RETRIES
