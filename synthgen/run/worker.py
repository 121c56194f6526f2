"""What one worker does with a job, in a process of its own or inline: never raises, reports instead."""

from __future__ import annotations

import errno
import importlib.metadata
import os
import platform
import socket
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from synthgen import __version__
from synthgen.errors import EnvironmentProblem, SynthgenError
from synthgen.plan.jobs import SceneJob
from synthgen.recipe.families import add_scene_paths
from synthgen.run.executor import Done, Failed, MachineProblem, ViewDone, WorkerReady
from synthgen.run.renderer import Renderer, make_renderer
from synthgen.run.stages import scene_steps
from synthgen.storage import Storage, open_storage


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """All that a worker needs to know, as plain values that travel to any machine."""

    renderer: str
    out: str
    device: str
    threads: int
    scene_paths: tuple[str, ...] = ()


class Worker:
    """A renderer and the dataset that it writes to."""

    def __init__(self, spec: WorkerSpec, index: int) -> None:
        self._spec = spec
        self._index = index
        self._storage: Storage = open_storage(spec.out)
        self._renderer: Renderer | None = None

    def start(self) -> WorkerReady | MachineProblem:
        """Make the renderer. Nothing can be rendered where this fails, so every failure is the machine's."""
        started = time.perf_counter()
        try:
            if self._spec.scene_paths:
                add_scene_paths(self._spec.scene_paths)
            self._renderer = make_renderer(
                self._spec.renderer,
                device=self._spec.device,
                threads=self._spec.threads,
                scene_paths=list(self._spec.scene_paths),
            )
        except SynthgenError as error:
            return MachineProblem(str(error))
        except ImportError as error:
            return MachineProblem(f"renderer {self._spec.renderer}: cannot be imported here ({error})")
        return WorkerReady(
            worker=self._index,
            pid=os.getpid(),
            host=socket.gethostname(),
            info=dict(self._renderer.info),
            versions=installed_versions(),
            seconds=time.perf_counter() - started,
        )

    def render(self, job: SceneJob) -> Iterator[ViewDone | Done | Failed | MachineProblem]:
        """Make one job; the last report is never a `ViewDone`."""
        started = time.perf_counter()
        steps = scene_steps(job, self._renderer, self._storage)
        try:
            while True:
                try:
                    step = next(steps)
                except StopIteration as end:
                    record = end.value
                    break
                yield ViewDone(job.scene, step.view, step.problem, step.seconds, self._index, rss_mb())
        except EnvironmentProblem as error:
            yield MachineProblem(str(error))
        except SynthgenError as error:
            yield Failed(job, "render", str(error), self._index)
        except MemoryError as error:
            yield Failed(job, "memory", f"out of memory ({error})", self._index)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                yield MachineProblem(f"the disk is full ({error}); make room and run the same command again")
                return
            message = f"{type(error).__name__}: {error}"
            yield Failed(job, "exception", message, self._index, traceback=traceback.format_exc())
        else:
            asked = {view.view for view in job.asked_views}  # the record may hold others as well
            yield Done(
                job=job,
                views=len(asked & set(record.views)),
                quarantined={view: why for view, why in record.quarantined.items() if view in asked},
                seconds=time.perf_counter() - started,
                worker=self._index,
                rss_mb=rss_mb(),
            )

    def close(self) -> None:
        """Release the renderer."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None


def installed_versions() -> dict[str, str | None]:
    """Versions of synthgen, bpy (None where there is none; it is not imported) and Python here."""
    try:
        bpy_version = importlib.metadata.version("bpy")
    except importlib.metadata.PackageNotFoundError:
        bpy_version = None
    return {"synthgen": __version__, "bpy": bpy_version, "python": platform.python_version()}


def rss_mb() -> float:
    """Resident memory of this process in MB; the peak where the system tells no more."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
    except OSError:
        import resource

        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 1)  # bytes on macOS
