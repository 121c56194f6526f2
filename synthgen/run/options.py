"""What a user may say about how a run goes, and how many workers a machine gets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from synthgen.errors import UsageError
from synthgen.recipe.model import DEVICES

GPU_DEVICES = tuple(device for device in DEVICES if device not in ("auto", "cpu"))
CPUS_PER_WORKER = 2
"""Cycles scales almost linearly to a few threads; building, encoding and writing use one core each."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run goes. Nothing in here changes a single byte of the dataset.

    Attributes
    ----------
    workers : number of worker processes, or None for `choose_workers`
    executor : "ray", or "inline" (everything in this process, for debugging)
    ray_address : address of a running Ray cluster ("auto", "host:port"); None starts a local one
    device : what Cycles renders on
    max_failures : stop once more jobs than this failed, and count no more than this as success;
        None goes on to the end and counts none as success
    overwrite : delete the dataset in the output folder first
    limit, only : which part of the plan to run, as in `synthgen.plan.planner.plan_recipe`
    recycle_after : a worker process is replaced after this many scenes
    rss_limit_mb : a worker process is replaced after a scene that left it larger than this
    scene_timeout_s : a worker that takes longer for one scene is killed
    scene_paths : folders with scene families of the user's own
    quiet : no progress on the terminal
    """

    workers: int | None = None
    executor: Literal["ray", "inline"] = "ray"
    ray_address: str | None = None
    device: str = "auto"
    max_failures: int | None = None
    overwrite: bool = False
    limit: int | None = None
    only: Mapping[str, int] | None = None
    recycle_after: int = 50
    rss_limit_mb: int | None = None
    scene_timeout_s: float | None = None
    scene_paths: tuple[str, ...] = ()
    quiet: bool = False

    def __post_init__(self) -> None:
        wrong = [
            f"--{name.replace('_', '-')}: expected {what} (got {getattr(self, name)})"
            for name, what, least in (
                ("workers", "a number of at least 1, or auto", 1),
                ("max_failures", "a number of at least 0", 0),
                ("recycle_after", "a number of at least 1", 1),
                ("rss_limit_mb", "a number of at least 1", 1),
                ("scene_timeout_s", "more than 0 seconds", 1e-9),
            )
            if getattr(self, name) is not None and not getattr(self, name) >= least
        ]
        if self.executor not in ("ray", "inline"):
            wrong.append(f"--executor: expected ray or inline (got {self.executor})")
        if self.executor == "inline" and self.scene_timeout_s is not None:
            wrong.append(
                "--scene-timeout-s: expected --executor ray (inline, no other process can end a scene)"
            )
        if self.device not in DEVICES:
            wrong.append(f"--device: expected one of {', '.join(DEVICES)} (got {self.device})")
        if wrong:
            raise UsageError("\n".join(wrong))


class WorkerChoice(NamedTuple):
    """How many workers, how many threads each, and why."""

    workers: int
    threads: int
    reason: str


def choose_workers(
    device: str, cpus: int, gpus: int = 0, workers: int | None = None, largest_node: int | None = None
) -> WorkerChoice:
    """Share `cpus` cores (and GPUs) among workers.

    Parameters
    ----------
    device : a name of `DEVICES`
    cpus, gpus : what there is, on this machine or in the whole cluster
    workers : what the user asked for, or None to choose
    largest_node : cores of the largest machine of a cluster; no worker gets more, it would fit nowhere

    Where GPUs may be used there is one worker per device. On CPUs a worker has `CPUS_PER_WORKER` threads:
    fewer leave cores idle less often while a frame is built, encoded and written, which use one core each;
    more take less memory.
    """
    if workers is not None:
        count, reason = workers, "as asked for"
    elif device != "cpu" and gpus:
        count, reason = gpus, f"one per GPU ({gpus})"
    else:
        count, reason = max(1, cpus // CPUS_PER_WORKER), f"one per {CPUS_PER_WORKER} of {cpus} cores"
    return WorkerChoice(count, max(1, min(cpus // count, largest_node or cpus)), reason)


def available_cpus() -> int:
    """Cores that this process may use: its affinity, or a container's quota where that is less."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    quota = Path("/sys/fs/cgroup/cpu.max")
    try:
        share, period = quota.read_text().split()
        return max(1, min(cores, int(share) // int(period)))
    except (OSError, ValueError):
        return cores  # no cgroup v2 here, or "max": no quota
