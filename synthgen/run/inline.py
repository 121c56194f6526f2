"""Everything in this process, one job after the other: for debugging, and where there is no Ray.

What the renderer prints is shown, and a debugger works. A renderer that takes the process down takes the
run down with it; the same command goes on where it was. An interrupt waits for the view at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
)
from synthgen.run.interrupt import StopFlag
from synthgen.run.worker import Worker, WorkerSpec


class InlineExecutor:
    """One worker, here."""

    def __init__(self, spec: WorkerSpec) -> None:
        self._spec = spec
        self._worker: Worker | None = None
        self._attempts = Attempts()

    def run(self, jobs: Iterator[SceneJob], stop: StopFlag) -> Iterator[Report]:
        """See `synthgen.run.executor.Executor.run`."""
        yield PoolOpen(1, self._spec.threads, "inline, in this process")
        for job in jobs:
            if stop.requested:
                raise Interrupted(f"stopped by {stop.reason}")
            ended = False
            while not ended:
                if self._worker is None:
                    yield from self._start()
                self._attempts.begin(job)
                for report in self._worker.render(job):
                    if isinstance(report, MachineProblem):
                        raise EnvironmentProblem(report.message)
                    if isinstance(report, Failed) and self._attempts.may_retry(job, report.kind):
                        attempt = self._attempts.begun[job.scene]
                        self.close()
                        yield WorkerGone(0, report.kind, report.message)
                        yield Retry(job, report.kind, report.message, attempt, 0)
                    elif isinstance(report, Done | Failed):
                        ended = True
                        yield replace(report, attempts=self._attempts.finish(job))
                    else:
                        yield report
                        if stop.requested:
                            raise Interrupted(f"stopped by {stop.reason}")

    def close(self) -> None:
        """Release the renderer."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _start(self) -> Iterator[Report]:
        self._worker = Worker(self._spec, 0)
        ready = self._worker.start()
        if isinstance(ready, MachineProblem):
            raise EnvironmentProblem(ready.message)
        yield ready
