"""The frames that a run has finished: what the completion records vouch for, checked against their checksums.

    completions/scene000012.json   {"schema_version": 1, "job_hash", "scene", "split",
                                    "views": {"0": {"files": {path: {"bytes", "sha256"}}}},
                                    "quarantined": {"3": reason}}
    quarantine/scene000013.json    a scene that gave nothing

A frame without a record does not exist, whatever lies in the folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from synthgen.errors import DataError
from synthgen.frame.bundle import frame_key, scene_name
from synthgen.frame.store import frame_path
from synthgen.storage import Storage

COMPLETIONS = "completions"
QUARANTINE = "quarantine"
SCHEMA_VERSION = 1
RGB_FILE, TRUTH_FILE, META_FILE = "rgb.png", "truth.exr", "json"
"""Endings of the files of a frame."""


@dataclass(frozen=True, slots=True)
class RenderedFrame:
    """A finished frame. `files`: path in the dataset to (bytes, sha256)."""

    scene: int
    view: int
    split: str
    job_hash: str
    files: Mapping[str, tuple[int, str]]

    @property
    def key(self) -> str:
        """`scene000012_view003`."""
        return frame_key(self.scene, self.view)


def completed_frames(storage: Storage, scene: int) -> list[RenderedFrame] | None:
    """The finished frames of a scene in order of view; None where the scene has no completion record.

    Raises
    ------
    DataError
        When the record is damaged or from a newer version.
    """
    path = f"{COMPLETIONS}/{scene_name(scene)}.json"
    return _parse(storage, path) if storage.exists(path) else None


def is_quarantined(storage: Storage, scene: int) -> bool:
    """Whether a whole scene was given up."""
    return storage.exists(f"{QUARANTINE}/{scene_name(scene)}.json")


def all_completed_frames(storage: Storage) -> Iterator[RenderedFrame]:
    """Every finished frame of a dataset in order of key."""
    for path in storage.list(COMPLETIONS):
        if path.endswith(".json"):
            yield from _parse(storage, path)


def read_frame_files(
    storage: Storage, frame: RenderedFrame, endings: tuple[str, ...], *, check: bool
) -> dict[str, bytes]:
    """Contents of some files of a frame by ending; files that it does not have are left out.

    Parameters
    ----------
    endings : of `RGB_FILE`, `TRUTH_FILE`, `META_FILE`
    check : compare size and SHA-256 with the record

    Raises
    ------
    DataError
        When a file is missing or differs from its record.
    """
    contents: dict[str, bytes] = {}
    for ending in endings:
        path = frame_path(frame.scene, frame.view, ending)
        if path not in frame.files:
            continue
        contents[ending] = data = storage.read_bytes(path)
        if check:
            _check(storage.address(path), data, *frame.files[path])
    return contents


def _check(address: str, data: bytes, size: int, sha256: str) -> None:
    remedy = "delete it and run the same render command again"
    if len(data) != size:
        raise DataError(f"{address}: expected {size} bytes as recorded (found {len(data)}); {remedy}")
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise DataError(
            f"{address}: its content has changed since it was written: "
            f"expected SHA-256 {sha256[:12]}... (found {found[:12]}...); {remedy}"
        )


def _parse(storage: Storage, path: str) -> list[RenderedFrame]:
    address = storage.address(path)
    try:
        record = json.loads(storage.read_bytes(path))
        if record["schema_version"] != SCHEMA_VERSION:
            raise DataError(
                f"{address}: expected schema_version {SCHEMA_VERSION} (got {record['schema_version']}); "
                "use the synthgen version that wrote it, or a newer one"
            )
        frames = [
            RenderedFrame(
                scene=int(record["scene"]),
                view=int(view),
                split=str(record["split"]),
                job_hash=str(record["job_hash"]),
                files={
                    name: (int(entry["bytes"]), str(entry["sha256"]))
                    for name, entry in content["files"].items()
                },
            )
            for view, content in record["views"].items()
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{address}: expected a completion record ({error!r} is wrong or missing)") from None
    return sorted(frames, key=lambda frame: frame.view)
