"""A small whole dataset without Blender: plan, frames and completion records, as a run leaves them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from synthgen.frame.bundle import FrameBundle
from synthgen.frame.records import Completion, write_completion
from synthgen.frame.store import write_frame
from synthgen.plan.jobs import SceneJob
from synthgen.plan.planner import PLAN, plan_line
from synthgen.storage import Storage
from synthgen.testing.analytic import analytic_bundle, analytic_job


def analytic_jobs(
    scenes: int = 5, views: int = 2, width: int = 64, height: int = 48, **options: object
) -> list[SceneJob]:
    """Jobs of which every fifth scene is in `val`, the others in `train`."""
    splits = ["val" if scene % 5 == 4 else "train" for scene in range(scenes)]
    return [analytic_job(scene, views, width, height, split, **options) for scene, split in enumerate(splits)]


def write_analytic_dataset(
    storage: Storage,
    jobs: Sequence[SceneJob],
    *,
    order: Iterable[int] | None = None,
    alter: Callable[[FrameBundle], FrameBundle] = lambda bundle: bundle,
) -> None:
    """Write the plan, and the frames and completion record of each of its scenes.

    Parameters
    ----------
    order : positions in `jobs` in which the scenes are finished; that of the plan when None
    alter : changes each frame before it is written
    """
    storage.write_bytes(PLAN, b"".join(plan_line(job) for job in jobs))
    for position in range(len(jobs)) if order is None else order:
        job = jobs[position]
        views = {view.view: write_frame(storage, alter(analytic_bundle(job, view))) for view in job.views}
        write_completion(storage, Completion(job.scene, job.split, job.job_hash, views, {}))
