"""What a run leaves behind about itself: events as they happen, and which scenes are done.

    events.jsonl                 one event a line, only ever appended to; differs from run to run
    completions/scene000012.json the files of a done scene with their sizes and SHA-256; never differs
    quarantine/*.json            scenes and views that were given up, with the reason

A scene is done when its completion record belongs to the same job and every file of it is there with the
recorded size and hash. Checking reads every byte of the dataset once per resume, 3 ms for a 640x480 frame;
files that merely exist are never trusted.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from synthgen.errors import DataError
from synthgen.frame.records import (
    COMPLETIONS,
    QUARANTINE,
    RECORD_VERSION,
    quarantine_path,
    read_completion,
    write_json,
)
from synthgen.frame.store import FRAMES
from synthgen.plan.jobs import SceneJob
from synthgen.run.executor import Failed
from synthgen.storage import Storage

EVENTS = "events.jsonl"


def append_event(storage: Storage, event: str, **fields: object) -> None:
    """Add one line to `events.jsonl`. Fields that are None are left out.

    Raises
    ------
    EnvironmentProblem
        When the disk is full.
    """
    line = {"ts": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
    line |= {name: value for name, value in fields.items() if value is not None}
    storage.append_line(EVENTS, json.dumps(line, allow_nan=False, default=str))


def repair_events(storage: Storage) -> None:
    """End a line that a killed driver began, so that the next event starts on its own line."""
    path = storage.local_path(EVENTS)
    if not path.exists() or path.stat().st_size == 0:
        return
    with open(path, "rb") as stream:
        stream.seek(-1, 2)
        torn = stream.read(1) != b"\n"
    if torn:
        storage.append_line(EVENTS, "")


def read_events(storage: Storage) -> list[dict[str, object]]:
    """All events, oldest first. Lines torn by a crash are left out."""
    if not storage.exists(EVENTS):
        return []
    events = []
    for line in storage.read_text(EVENTS).splitlines():
        try:
            events.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return events


def why_not_done(storage: Storage, job: SceneJob) -> str | None:
    """Why a job has to be run (again): None when its record is there, its own, and true of every file."""
    try:
        record = read_completion(storage, job.scene)
        if record is None:
            return "no completion record"
        if record.job_hash != job.job_hash:
            return f"the record is of another job ({record.job_hash}, not {job.job_hash})"
        if not {*record.views, *record.quarantined} >= {view.view for view in job.asked_views}:
            return "the record lacks views"
        for files in record.views.values():
            for path, (size, sha256) in files.items():
                if not storage.exists(path):
                    return f"{path} is missing"
                if storage.size(path) != size:
                    return f"{path} has {storage.size(path)} bytes, not {size}"
                if storage.sha256(path) != sha256:
                    return f"{path} has another SHA-256 than recorded"
    except DataError as error:
        return str(error)
    return None


def quarantine_scene(storage: Storage, failed: Failed) -> None:
    """Record that a scene was given up, and remove what its attempts left under `frames/`."""
    job = failed.job
    storage.delete(f"{FRAMES}/{job.key}")
    entry = {
        "schema_version": RECORD_VERSION,
        "job_hash": job.job_hash,
        "scene": job.scene,
        "view": None,
        "kind": failed.kind,
        "reason": failed.message,
        "attempts": failed.attempts,
        "traceback": failed.traceback,
        "output": list(failed.output),
    }
    write_json(storage, quarantine_path(job.scene), entry)


def remove_partial_files(storage: Storage) -> None:
    """Remove half-written records of a driver or worker that was killed; frames go with their scene."""
    for folder in ("", COMPLETIONS, QUARANTINE):
        for path in storage.list(folder):
            if path.endswith(".partial"):
                storage.delete(path)
