"""The frames that a run has finished, as completion records vouch for them, checked by their checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from synthgen.errors import DataError
from synthgen.frame.bundle import frame_key
from synthgen.frame.records import (
    Completion,
    FileRecord,
    quarantine_path,
    read_completion,
    read_completions,
)
from synthgen.frame.store import frame_path
from synthgen.storage import Storage


@dataclass(frozen=True, slots=True)
class RenderedFrame:
    """A finished frame. `files`: path in the dataset to its size and SHA-256."""

    scene: int
    view: int
    split: str
    job_hash: str
    files: Mapping[str, FileRecord]

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
    record = read_completion(storage, scene)
    return None if record is None else _frames_of(record)


def is_quarantined(storage: Storage, scene: int) -> bool:
    """Whether a whole scene was given up."""
    return storage.exists(quarantine_path(scene))


def all_completed_frames(storage: Storage) -> Iterator[RenderedFrame]:
    """Every finished frame of a dataset in order of key."""
    for record in read_completions(storage):
        yield from _frames_of(record)


def read_frame_files(
    storage: Storage, frame: RenderedFrame, endings: tuple[str, ...], *, check: bool
) -> dict[str, bytes]:
    """Contents of some files of a frame by ending; files that it does not have are left out.

    Parameters
    ----------
    endings : of `synthgen.frame.store.FRAME_ENDINGS`
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


def _frames_of(record: Completion) -> list[RenderedFrame]:
    return [
        RenderedFrame(record.scene, view, record.split, record.job_hash, record.views[view])
        for view in sorted(record.views)
    ]
