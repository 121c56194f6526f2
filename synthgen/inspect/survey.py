"""What lies in a dataset folder, for verify, gallery and stats alike, so that they agree on it."""

from __future__ import annotations

from synthgen.frame.classes import class_table
from synthgen.frame.records import read_completions
from synthgen.frame.store import FRAMES
from synthgen.recipe.families import family_spec, known_families
from synthgen.storage import Storage

RUN, GALLERY = "run.json", "gallery"


def has_frames(storage: Storage) -> bool:
    """Whether the durable frames are there; a dataset may be kept as shards alone."""
    return storage.exists(FRAMES)


def frame_numbers(storage: Storage) -> list[tuple[int, int]]:
    """(scene, view) of every finished frame, in order, from the completion records."""
    return [(record.scene, view) for record in read_completions(storage) for view in sorted(record.views)]


def class_ids(family: str) -> dict[str, int]:
    """Class name -> id for scenes of a family: the fixed classes and, where it is known, the family's own."""
    own = family_spec(family).classes if family in known_families() else ()
    return {name: entry.id for name, entry in class_table(own).items()}
