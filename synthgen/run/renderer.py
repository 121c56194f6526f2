"""What renders: any class that follows `Renderer`, named as "module:Class" and made in the worker.

The name travels instead of the object, so that the process that starts a run never loads Blender.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Protocol

from synthgen.errors import UsageError
from synthgen.frame.bundle import RenderedView
from synthgen.plan.jobs import SceneJob

BLENDER = "synthgen.blender.worker:BlenderRenderer"


class Renderer(Protocol):
    """Makes the views of one job after the other.

    It is made with the keywords `device` (str), `threads` (int) and `scene_paths` (list of str). It raises
    `EnvironmentProblem` when this machine cannot render at all (the run ends), `RenderError` when this job
    cannot be made (the job is quarantined, others go on).
    """

    info: Mapping[str, object]
    """`renderer`, `device`, `versions`."""

    def render(self, job: SceneJob) -> Iterator[RenderedView]:
        """Yield the views of a job in the order of `job.asked_views`."""
        ...

    def close(self) -> None:
        """Release what it holds."""
        ...


def make_renderer(name: str, **options: object) -> Renderer:
    """Import "module:Class" and make one.

    Raises
    ------
    UsageError
        When there is no such class.
    """
    module_name, separator, class_name = name.partition(":")
    if not separator:
        raise UsageError(f"renderer '{name}': expected module:Class")
    try:
        renderer_class = getattr(importlib.import_module(module_name), class_name)
    except (ModuleNotFoundError, AttributeError) as error:
        # A module that is there and misses one of its own imports is another story: bpy, for one.
        if isinstance(error, ModuleNotFoundError) and error.name not in _parents(module_name):
            raise
        raise UsageError(f"renderer '{name}': cannot be imported ({error})") from None
    return renderer_class(**options)


def _parents(module_name: str) -> list[str]:
    parts = module_name.split(".")
    return [".".join(parts[: index + 1]) for index in range(len(parts))]
