"""Renderers that go wrong in the ways that real ones do. Frames are those of `AnalyticRenderer`."""

from __future__ import annotations

import ctypes
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from synthgen.errors import EnvironmentProblem, RenderError
from synthgen.frame.bundle import RenderedView
from synthgen.plan.jobs import SceneJob
from synthgen.testing.analytic import AnalyticRenderer


def first_time(name: str) -> bool:
    """Whether this run (its workers share a folder for temporary files) asks for the first time."""
    mark = Path(tempfile.gettempdir(), f"fault-{name}")
    if mark.exists():
        return False
    mark.touch()
    return True


class Mortal(AnalyticRenderer):
    """Scene 1 aborts once; scene 2 is killed once, after its first view; scene 4 always aborts."""

    def render(self, job: SceneJob) -> Iterator[RenderedView]:
        if job.scene == 1 and first_time("abort"):
            os.abort()
        for rendered in super().render(job):
            yield rendered
            if job.scene == 2 and first_time("kill"):
                os.kill(os.getpid(), signal.SIGKILL)
            if job.scene == 4:
                os.write(1, b"last words of a native library\n")
                os.abort()


class Wrong(AnalyticRenderer):
    """Scene 1 cannot be built, scene 2 has a defect, view 1 of scene 3 holds NaN, scene 4 lacks a view."""

    def render(self, job: SceneJob) -> Iterator[RenderedView]:
        if job.scene == 1:
            raise RenderError("no camera place: the room is full")
        for index, rendered in enumerate(super().render(job)):
            if job.scene == 2 and index == 1:
                raise ValueError("a defect in a family")
            if job.scene == 3 and index == 1:
                rendered.bundle.channels["depth"][3, 5] = np.nan
            if job.scene == 4 and index == 1:
                return
            yield rendered


class Hungry(AnalyticRenderer):
    """Scene 1 asks for more memory than any machine has, the first time; scene 2 always."""

    def render(self, job: SceneJob) -> Iterator[RenderedView]:
        if job.scene == 2 or (job.scene == 1 and first_time("memory")):
            np.ones(1 << 55)
        yield from super().render(job)


class Stuck(AnalyticRenderer):
    """Scene 1 never ends, in native code that holds the interpreter."""

    def render(self, job: SceneJob) -> Iterator[RenderedView]:
        if job.scene == 1:
            ctypes.PyDLL(None).sleep(1000)
        yield from super().render(job)


class Leaking(AnalyticRenderer):
    """Keeps 60 MB of every scene."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self._kept: list[bytes] = []

    def render(self, job: SceneJob) -> Iterator[RenderedView]:
        self._kept.append(b"\1" * 60_000_000)
        yield from super().render(job)


class Slow(AnalyticRenderer):
    """Noisy, and with a pause before every view (`VIEW_PAUSE_S` in the environment) to be killed in."""

    def render(self, job: SceneJob) -> Iterator[RenderedView]:
        for rendered in super().render(job):
            print("chatter of the renderer", flush=True)
            os.write(2, b"chatter of a native library\n")
            time.sleep(float(os.environ.get("VIEW_PAUSE_S", "0")))
            yield rendered


class NoGpu(AnalyticRenderer):
    """A machine without what was asked for."""

    def __init__(self, **options: object) -> None:
        raise EnvironmentProblem(f"--device {options['device']}: found no such device")


class DiskFull(AnalyticRenderer):
    """The disk fills up at scene 2."""

    def render(self, job: SceneJob) -> Iterator[RenderedView]:
        if job.scene == 2:
            raise EnvironmentProblem("OUT: the disk is full")
        yield from super().render(job)


class StillBorn(AnalyticRenderer):
    """Takes the process down while it loads."""

    def __init__(self, **options: object) -> None:
        os.write(2, b"cannot load libGL.so.1\n")
        os._exit(1)
