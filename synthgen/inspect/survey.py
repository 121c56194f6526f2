"""What lies in a dataset folder: the plan, the completion records, the quarantine and the manifest.

verify, gallery and stats all look through these functions, so that they agree on what a dataset holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from synthgen.errors import DataError
from synthgen.frame.bundle import scene_name
from synthgen.frame.classes import class_table
from synthgen.frame.store import FRAMES
from synthgen.pack.rendered import COMPLETIONS, QUARANTINE
from synthgen.recipe.families import family_spec, known_families
from synthgen.storage import Storage

RUN, GALLERY = "run.json", "gallery"
RECORD_VERSION = 1
"""Version of the completion records that this code reads."""


@dataclass(frozen=True, slots=True)
class Completion:
    """The record of one finished scene.

    Attributes
    ----------
    views : view index -> path -> {"bytes", "sha256"}
    quarantined : view index -> reason
    """

    scene: int
    split: str
    job_hash: str
    views: Mapping[int, Mapping[str, Mapping[str, object]]]
    quarantined: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A scene (`view` is None) or one view that was set aside, and why."""

    scene: int
    view: int | None
    reason: str


def completion_path(scene: int) -> str:
    """`completions/scene000012.json`."""
    return f"{COMPLETIONS}/{scene_name(scene)}.json"


def read_json(storage: Storage, path: str) -> dict[str, object]:
    """A JSON object. Raises `DataError` when the file is missing, damaged or something else."""
    try:
        value = json.loads(storage.read_text(path))
    except json.JSONDecodeError as error:
        raise DataError(f"{storage.address(path)}: expected JSON ({error})") from None
    if not isinstance(value, dict):
        raise DataError(f"{storage.address(path)}: expected a JSON object (got {type(value).__name__})")
    return value


def read_json_if_there(storage: Storage, path: str) -> dict[str, object]:
    """The same, and an empty object where there is no such file."""
    return read_json(storage, path) if storage.exists(path) else {}


def read_completion(storage: Storage, scene: int) -> Completion:
    """The completion record of a scene. Raises `DataError` when it is missing or not one."""
    path = completion_path(scene)
    entry = read_json(storage, path)
    if entry.get("schema_version") != RECORD_VERSION:
        found = entry.get("schema_version")
        raise DataError(f"{storage.address(path)}: expected schema_version {RECORD_VERSION} (got {found})")
    try:
        return Completion(
            scene=int(entry["scene"]),
            split=str(entry["split"]),
            job_hash=str(entry["job_hash"]),
            views={
                int(view): {str(name): dict(record) for name, record in found["files"].items()}
                for view, found in entry["views"].items()
            },
            quarantined={int(view): str(reason) for view, reason in entry.get("quarantined", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        expected = "scene, split, job_hash, views with files, quarantined"
        raise DataError(f"{storage.address(path)}: expected {expected} ({error!r})") from None


def read_completions(storage: Storage) -> Iterator[Completion]:
    """All completion records in order of scene."""
    for path in storage.list(COMPLETIONS):
        stem = path.rpartition("/")[2].removesuffix(".json")
        if path.endswith(".json") and stem.removeprefix("scene").isdigit():
            yield read_completion(storage, int(stem.removeprefix("scene")))


def read_quarantine(storage: Storage) -> list[Quarantined]:
    """Everything that was set aside: whole scenes from `quarantine/`, single views from the completions."""
    found: dict[tuple[int, int], Quarantined] = {}
    for path in storage.list(QUARANTINE, recursive=True):
        if not path.endswith(".json"):
            continue
        entry = read_json(storage, path)
        scene, view, reason = entry.get("scene"), entry.get("view"), entry.get("reason")
        if not isinstance(scene, int):
            raise DataError(f"{storage.address(path)}: expected the number of a scene (got {scene!r})")
        item = Quarantined(scene, view if isinstance(view, int) else None, str(reason))
        found[scene, -1 if item.view is None else item.view] = item
    for completion in read_completions(storage):
        for view, reason in completion.quarantined.items():
            found.setdefault((completion.scene, view), Quarantined(completion.scene, view, reason))
    return [found[key] for key in sorted(found)]


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
