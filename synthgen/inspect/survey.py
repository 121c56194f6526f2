"""What lies in a dataset folder, for verify, gallery and stats alike, so that they agree on it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from synthgen.frame.classes import class_table
from synthgen.frame.records import read_completions
from synthgen.frame.store import FRAMES
from synthgen.plan.planner import PLAN, read_plan
from synthgen.recipe.families import scene_classes
from synthgen.storage import Storage

RUN, GALLERY = "run.json", "gallery"


def has_frames(storage: Storage) -> bool:
    """Whether the durable frames are there; a dataset may be kept as shards alone."""
    return storage.exists(FRAMES)


def frame_numbers(storage: Storage) -> list[tuple[int, int]]:
    """(scene, view) of every finished frame, in order, from the completion records."""
    return [(record.scene, view) for record in read_completions(storage) for view in sorted(record.views)]


def finished_shots(storage: Storage) -> list[list[tuple[int, int]]]:
    """(scene, view) of every finished frame in order, those of one shot together, as the plan has them."""
    shot_of: dict[tuple[int, int], int] = {}
    for job in read_plan(storage) if storage.exists(PLAN) else ():
        shot_of |= {(job.scene, view.view): view.shot for view in job.views if view.shot is not None}
    numbers = frame_numbers(storage)
    return [
        list(shot) for _, shot in groupby(numbers, lambda number: (number[0], shot_of.get(number, number)))
    ]


def class_ids(params: Mapping[str, Any]) -> dict[str, int]:
    """Class name -> id for scenes with these parameters: the fixed classes and, where known, their own."""
    return {name: entry.id for name, entry in class_table(scene_classes(params)).items()}
