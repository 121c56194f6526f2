"""`synthgen verify`: is a dataset whole, unaltered and valid?

Every file is read once. Nothing is repaired and nothing is trusted but the plan and the records: a file that
exists proves nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from synthgen.errors import DataError, UsageError
from synthgen.frame.records import (
    COMPLETIONS,
    QUARANTINE,
    Completion,
    completion_path,
    read_completion,
    read_json,
    read_quarantine,
)
from synthgen.frame.store import FRAMES
from synthgen.inspect.frame_checks import check_camera, check_frame, check_pixels
from synthgen.inspect.report import Finding, VerifyReport
from synthgen.inspect.shard_checks import check_shard
from synthgen.inspect.survey import RUN, class_ids, has_frames
from synthgen.load.dataset import open_dataset
from synthgen.pack.card import CARD
from synthgen.pack.manifest import KEY_TO_SHARD, MANIFEST, SHARDS, Manifest, read_manifest
from synthgen.plan.jobs import SceneJob
from synthgen.plan.planner import PLAN, count_plan, read_plan
from synthgen.storage import Storage

Progress = Callable[[int, int], None]
"""Called with the steps done and the steps to do: scenes of the plan, then shards."""

THREADS = 4
"""Hashing, zlib and the EXR codec leave the interpreter lock alone, so threads help."""


@dataclass(frozen=True, slots=True)
class _SceneCheck:
    findings: tuple[Finding, ...]
    frames: int
    files: tuple[str, ...]
    bytes: int


def verify_dataset(storage: Storage, *, progress: Progress | None = None) -> VerifyReport:
    """Check a whole dataset.

    Looked at: the plan is complete (a completion with the same job hash for every scene, or a quarantine with
    a reason); sizes and checksums of all frame files; dtypes, shapes, depth and ids; metadata against file
    names and jobs; cameras; leftover and stray files; the manifest's shards. A dataset of which only the
    shards were kept is checked by its manifest, and its frames as the loader gives them.

    Parameters
    ----------
    progress : called as the work goes on

    Raises
    ------
    UsageError
        When the folder holds no dataset at all.
    """
    if not storage.exists(PLAN) and not storage.exists(MANIFEST):
        expected = f"expected a dataset with {PLAN} or {MANIFEST} (found neither)"
        raise UsageError(f"{storage.uri}: {expected}; give the folder that `synthgen render --out` wrote")
    shards_only = storage.exists(MANIFEST) and not has_frames(storage)
    manifest, problems = _read_manifest(storage)
    shards = manifest.shards if manifest else ()
    total = (0 if shards_only else count_plan(storage)) + len(shards)
    report = progress or (lambda done, of: None)

    scenes = frames = size = done = 0
    known: set[str] = set()
    quarantined = 0
    if not shards_only:
        problems += _check_run(storage)
        try:
            set_aside = read_quarantine(storage)
        except DataError as error:
            set_aside = []
            problems.append(Finding(QUARANTINE, "readable records", str(error)))
        quarantined = len(set_aside)
        aside = {(item.scene, item.view) for item in set_aside}
        try:
            for check in _in_threads(storage, aside):
                problems += check.findings
                known.update(check.files)
                scenes += 1
                frames += check.frames
                size += check.bytes
                done += 1
                report(done, total)
        except DataError as error:
            problems.append(Finding(PLAN, "one scene job a line", str(error)))

    if manifest:
        problems += _check_companions(storage, manifest)
    packed: dict[str, int] = {}
    for entry in shards:
        check = check_shard(storage, entry)
        problems += check.findings
        packed[entry.format] = packed.get(entry.format, 0) + entry.frames
        size += check.bytes
        known.add(check.path)
        done += 1
        report(done, total)
    if shards_only:
        frames = max(packed.values(), default=0)
        if manifest and not problems:
            problems += _check_packed_frames(storage, manifest)
    else:
        for file_format, count in sorted(packed.items()):
            if count != frames:
                found = f"{count} in its {file_format} shards; run `synthgen pack` again"
                problems.append(Finding(MANIFEST, f"all {frames} finished frames", found))
        problems += _strays(storage, known)
    return VerifyReport(
        storage.uri, tuple(problems), scenes, frames, quarantined, len(known), size, len(shards)
    )


def _in_threads(storage: Storage, aside: set[tuple[int, int | None]]) -> Iterator[_SceneCheck]:
    """The checks of all scenes in the order of the plan, a few at a time."""
    classes: dict[str, dict[str, int]] = {}
    with ThreadPoolExecutor(THREADS) as pool:
        waiting: deque[Future[_SceneCheck]] = deque()
        for job in read_plan(storage):
            if job.family not in classes:
                classes[job.family] = class_ids(job.family)
            waiting.append(pool.submit(_check_scene, storage, job, aside, classes[job.family]))
            if len(waiting) > 2 * THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _check_scene(
    storage: Storage, job: SceneJob, aside: set[tuple[int, int | None]], classes: Mapping[str, int]
) -> _SceneCheck:
    path = completion_path(job.scene)
    try:
        record = read_completion(storage, job.scene)
    except DataError as error:
        return _SceneCheck((Finding(path, "a completion record", str(error)),), 0, (path,), 0)
    if record is None:
        if (job.scene, None) not in aside:
            expected = "a completion record, or a quarantine with a reason"
            finding = Finding(path, expected, "nothing; run the same command again, it resumes")
            return _SceneCheck((finding,), 0, (), 0)
        return _SceneCheck((), 0, (), 0)
    findings = list(_check_record(path, job, record))
    size = 0
    for view in job.views:
        if view.view in record.views:
            found, read = check_frame(storage, job, view, record.views[view.view], classes)
            findings += found
            size += read
        elif view.view not in record.quarantined and (job.scene, view.view) not in aside:
            findings.append(Finding(path, f"view {view.view}, or its quarantine", "neither", "views"))
    files = [path, *(name for files in record.views.values() for name in files)]
    return _SceneCheck(tuple(findings), len(record.views), tuple(files), size)


def _check_record(path: str, job: SceneJob, record: Completion) -> Iterator[Finding]:
    for name in ("scene", "split", "job_hash"):
        want, have = getattr(job, name), getattr(record, name)
        if want != have:
            yield Finding(path, f"{want} as in the plan", str(have), name)
    planned = {view.view for view in job.views}
    for view in sorted(set(record.views) - planned):
        yield Finding(path, f"views of the plan, {sorted(planned)}", f"view {view}", "views")


def _read_manifest(storage: Storage) -> tuple[Manifest | None, list[Finding]]:
    """The manifest; a folder of shards without one was not packed to the end."""
    if not storage.exists(MANIFEST):
        left = storage.list(SHARDS)
        found = f"nothing, but {len(left)} files in {SHARDS}; run `synthgen pack` again"
        return None, [Finding(MANIFEST, "a manifest beside the shards", found)] if left else []
    try:
        return read_manifest(storage), []
    except DataError as error:
        return None, [Finding(MANIFEST, "a manifest", str(error))]


def _check_run(storage: Storage) -> Iterator[Finding]:
    if not storage.exists(RUN):
        yield Finding(RUN, "the record of the run", "nothing")
        return
    try:
        if "recipe" not in read_json(storage, RUN):
            yield Finding(RUN, "the recipe of the run", "none")
    except DataError as error:
        yield Finding(RUN, "the record of the run", str(error))


def _check_companions(storage: Storage, manifest: Manifest) -> Iterator[Finding]:
    """What a pack writes beside the shards: the map of keys and the card, which Hugging Face reads."""
    if not storage.exists(CARD):
        yield Finding(CARD, "a dataset card beside the manifest", "nothing; run `synthgen pack` again")
    try:
        keys = len(read_json(storage, KEY_TO_SHARD))
    except DataError as error:
        yield Finding(KEY_TO_SHARD, "the map of keys to shards", str(error))
        return
    if keys != manifest.frames:
        yield Finding(KEY_TO_SHARD, f"{manifest.frames} keys", f"{keys}; run `synthgen pack` again")


def _check_packed_frames(storage: Storage, manifest: Manifest) -> Iterator[Finding]:
    """Frames as the loader decodes them, where the durable ones were deleted."""
    classes = {str(row["name"]): int(row["id"]) for row in manifest.classes}
    for file_format in manifest.formats:
        try:
            for frame in open_dataset(storage.uri, format=file_format):
                yield from check_camera(f"{SHARDS}/{frame['key']}", frame["camera"])
                yield from check_pixels(f"{SHARDS}/{frame['key']}", frame, classes)
        except DataError as error:
            yield Finding(SHARDS, f"readable {file_format} shards", str(error))


def _strays(storage: Storage, known: set[str]) -> Iterator[Finding]:
    """Files in our folders that no record names, and files that a killed writer left anywhere."""
    for path in storage.list(recursive=True):
        if path.endswith(".partial"):
            yield Finding(path, "no leftover of an interrupted writer", "one; delete it")
        elif path in known or path == KEY_TO_SHARD:
            continue
        elif path.startswith(f"{COMPLETIONS}/"):
            yield Finding(path, "a completion of a scene of the plan", "one of no planned scene")
        elif path.startswith((f"{FRAMES}/", f"{SHARDS}/")):
            yield Finding(path, "only files that a record names", "a stray file")
