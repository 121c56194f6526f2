"""Which scenes are finished, and what was set aside: the records that lie beside the frames.

    completions/scene000012.json          the files of a finished scene with their sizes and SHA-256
    quarantine/scene000013.json           a scene that gave nothing, with the reason
    quarantine/scene000012_view003.json   a view that failed its checks, likewise

A completion record is written last. A frame without one does not exist, whatever lies in the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from synthgen.errors import DataError
from synthgen.frame.bundle import frame_key, scene_name
from synthgen.storage import Storage

COMPLETIONS = "completions"
QUARANTINE = "quarantine"
RECORD_VERSION = 1
"""Version of completion records and quarantine files."""


class FileRecord(NamedTuple):
    """Size and hex SHA-256 of a file."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Completion:
    """The record of one finished scene. It is the same in every run.

    Attributes
    ----------
    views : view index -> path in the dataset -> its record
    quarantined : view index -> why it failed its checks
    """

    scene: int
    split: str
    job_hash: str
    views: Mapping[int, Mapping[str, FileRecord]]
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


def quarantine_path(scene: int, view: int | None = None) -> str:
    """`quarantine/scene000012.json`, or `quarantine/scene000012_view003.json` for one view of it."""
    return f"{QUARANTINE}/{scene_name(scene) if view is None else frame_key(scene, view)}.json"


def write_completion(storage: Storage, completion: Completion) -> None:
    """Write the record of a scene; from here on it is finished."""
    entry = {
        "schema_version": RECORD_VERSION,
        "job_hash": completion.job_hash,
        "scene": completion.scene,
        "split": completion.split,
        "views": {
            str(view): {"files": {path: record._asdict() for path, record in files.items()}}
            for view, files in completion.views.items()
        },
        "quarantined": {str(view): reason for view, reason in completion.quarantined.items()},
    }
    write_json(storage, completion_path(completion.scene), entry)


def read_completion(storage: Storage, scene: int) -> Completion | None:
    """The completion record of a scene, or None when there is none.

    Raises
    ------
    DataError
        When it is damaged, or from another version of synthgen.
    """
    path = completion_path(scene)
    return _parse(storage, path) if storage.exists(path) else None


def read_completions(storage: Storage) -> Iterator[Completion]:
    """All completion records in order of scene. Raises `DataError` at one that is damaged."""
    for path in storage.list(COMPLETIONS):
        if path.endswith(".json"):
            yield _parse(storage, path)


def read_quarantine(storage: Storage) -> list[Quarantined]:
    """Everything that was set aside: whole scenes from `quarantine/`, single views from the completions.

    Raises
    ------
    DataError
        When a record is damaged.
    """
    found: dict[tuple[int, int], Quarantined] = {}
    for path in storage.list(QUARANTINE):
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


def read_json(storage: Storage, path: str) -> dict[str, object]:
    """A JSON object. Raises `DataError` when the file is missing, damaged or something else."""
    try:
        value = json.loads(storage.read_text(path))
    except json.JSONDecodeError as error:
        raise DataError(f"{storage.address(path)}: expected JSON ({error})") from None
    if not isinstance(value, dict):
        raise DataError(f"{storage.address(path)}: expected a JSON object (got {type(value).__name__})")
    return value


def read_record(storage: Storage, path: str, version: int, what: str) -> dict[str, object]:
    """Read a JSON record that carries a `schema_version`; `what` names it in errors.

    Raises
    ------
    DataError
        When it is missing, damaged, or of another version.
    """
    address = storage.address(path)
    try:
        record = json.loads(storage.read_text(path))
        found = record["schema_version"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataError(f"{address}: expected {what} ({error!r})") from None
    if found != version:
        raise DataError(
            f"{address}: expected schema_version {version} (got {found}); "
            "use the synthgen version that wrote it"
        )
    return record


def write_json(storage: Storage, path: str, value: Mapping[str, object]) -> None:
    """Write a JSON file for people and programs: sorted, indented, never NaN."""
    storage.write_text(path, json.dumps(value, indent=1, sort_keys=True, allow_nan=False) + "\n")


def _parse(storage: Storage, path: str) -> Completion:
    address = storage.address(path)
    entry = read_record(storage, path, RECORD_VERSION, "a completion record")
    try:
        return Completion(
            scene=int(entry["scene"]),
            split=str(entry["split"]),
            job_hash=str(entry["job_hash"]),
            views={
                int(view): {
                    str(name): FileRecord(int(record["bytes"]), str(record["sha256"]))
                    for name, record in content["files"].items()
                }
                for view, content in entry["views"].items()
            },
            quarantined={int(view): str(reason) for view, reason in entry["quarantined"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"{address}: expected a completion record ({error!r} is wrong or missing)") from None
