"""`synthgen verify`: is a dataset whole, unaltered and valid?

Every file is read once. Nothing is repaired and nothing is trusted but the plan and the records: a file that
exists proves nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from synthgen.errors import DataError, UsageError
from synthgen.frame.store import FRAMES
from synthgen.inspect.frame_checks import check_camera, check_frame, check_pixels
from synthgen.inspect.report import Finding, VerifyReport
from synthgen.inspect.shard_checks import check_shard, manifest_shards
from synthgen.inspect.survey import (
    COMPLETIONS,
    MANIFEST,
    PLAN,
    QUARANTINE,
    RUN,
    SHARDS,
    Completion,
    completion_path,
    count_plan,
    has_frames,
    read_completion,
    read_plan,
    read_quarantine,
)
from synthgen.plan.jobs import SceneJob
from synthgen.seeding import content_hash
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
    shards, problems = _shard_entries(storage)
    total = (0 if shards_only else count_plan(storage)) + len(shards)
    report = progress or (lambda done, of: None)

    scenes = frames = size = done = 0
    known: set[str] = set()
    quarantined = 0
    if not shards_only:
        if not storage.exists(RUN):
            problems.append(Finding(RUN, "the record of the run", "nothing"))
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

    packed: dict[str, int] = {}
    for entry in shards:
        check = check_shard(storage, entry)
        problems += check.findings
        ending = check.path.rpartition(".")[2]
        packed[ending] = packed.get(ending, 0) + int(entry.get("frames") or 0)
        size += check.bytes
        known.add(check.path)
        done += 1
        report(done, total)
    if shards_only:
        frames = max(packed.values(), default=0)
        if not problems:
            problems += _check_packed_frames(storage)
    else:
        for ending, count in sorted(packed.items()):
            if count != frames:
                found = f"{count} in its {ending} shards; run `synthgen pack` again"
                problems.append(Finding(MANIFEST, f"all {frames} finished frames", found))
        problems += _strays(storage, known)
    return VerifyReport(
        storage.uri, tuple(problems), scenes, frames, quarantined, len(known), size, len(shards)
    )


def _in_threads(storage: Storage, aside: set[tuple[int, int | None]]) -> Iterator[_SceneCheck]:
    """The checks of all scenes in the order of the plan, a few at a time."""
    with ThreadPoolExecutor(THREADS) as pool:
        waiting: deque[Future[_SceneCheck]] = deque()
        for job in read_plan(storage):
            waiting.append(pool.submit(_check_scene, storage, job, aside))
            if len(waiting) > 2 * THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _check_scene(storage: Storage, job: SceneJob, aside: set[tuple[int, int | None]]) -> _SceneCheck:
    path = completion_path(job.scene)
    findings = list(_check_job_hash(job))
    if not storage.exists(path):
        if (job.scene, None) not in aside:
            expected = "a completion record, or a quarantine with a reason"
            findings.append(Finding(path, expected, "nothing; run the same command again, it resumes"))
        return _SceneCheck(tuple(findings), 0, (), 0)
    try:
        record = read_completion(storage, job.scene)
    except DataError as error:
        return _SceneCheck((*findings, Finding(path, "a completion record", str(error))), 0, (path,), 0)
    findings += _check_record(path, job, record)
    size = 0
    for view in job.views:
        if view.view in record.views:
            found, read = check_frame(storage, job, view, record.views[view.view])
            findings += found
            size += read
        elif (job.scene, view.view) not in aside:
            findings.append(Finding(path, f"view {view.view}, or its quarantine", "neither", "views"))
    files = [path, *(name for files in record.views.values() for name in files)]
    return _SceneCheck(tuple(findings), len(record.views), tuple(files), size)


def _check_job_hash(job: SceneJob) -> Iterator[Finding]:
    unhashed = job.model_copy(update={"job_hash": ""})
    expected = content_hash(unhashed.model_dump(mode="json"))
    if job.job_hash != expected:
        yield Finding(PLAN, f"job_hash {expected}", f"{job.job_hash}; the line was altered", job.key)


def _check_record(path: str, job: SceneJob, record: Completion) -> Iterator[Finding]:
    for name in ("scene", "split", "job_hash"):
        want, have = getattr(job, name), getattr(record, name)
        if want != have:
            yield Finding(path, f"{want} as in the plan", str(have), name)
    planned = {view.view for view in job.views}
    for view in sorted(set(record.views) - planned):
        yield Finding(path, f"views of the plan, {sorted(planned)}", f"view {view}", "views")


def _shard_entries(storage: Storage) -> tuple[list[dict[str, object]], list[Finding]]:
    """The manifest's shards; a folder of shards without a manifest was not packed to the end."""
    if not storage.exists(MANIFEST):
        left = storage.list(SHARDS)
        found = f"nothing, but {len(left)} shards; run `synthgen pack` again"
        return [], [Finding(MANIFEST, "a manifest beside the shards", found)] if left else []
    try:
        return manifest_shards(storage), []
    except DataError as error:
        return [], [Finding(MANIFEST, "a manifest", str(error))]


def _check_packed_frames(storage: Storage) -> list[Finding]:
    """Frames as the loader decodes them, where the durable ones were deleted."""
    from synthgen.load.dataset import open_dataset

    findings = []
    try:
        for frame in open_dataset(storage.uri):
            findings += check_camera(f"{SHARDS}/{frame['key']}", frame["camera"])
            findings += check_pixels(f"{SHARDS}/{frame['key']}", frame)
    except DataError as error:
        findings.append(Finding(SHARDS, "readable frames", str(error)))
    return findings


def _strays(storage: Storage, known: set[str]) -> Iterator[Finding]:
    """Files in our folders that no record names, and files that a killed writer left anywhere."""
    for path in storage.list(recursive=True):
        if path.endswith(".partial"):
            yield Finding(path, "no leftover of an interrupted writer", "one; delete it")
        elif path in known:
            continue
        elif path.startswith(f"{COMPLETIONS}/"):
            yield Finding(path, "a completion of a scene of the plan", "one of no planned scene")
        elif path.startswith((f"{FRAMES}/", f"{SHARDS}/")):
            yield Finding(path, "only files that a record names", "a stray file")
