"""`synthgen verify`: is a dataset whole, unaltered and valid?

Every file is read once. Nothing is repaired and nothing is trusted but the plan and the records: a file that
exists proves nothing. Frames that are valid one by one are compared with themselves and with each other: see
`synthgen.inspect.consistency`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from synthgen.errors import DataError, UsageError
from synthgen.frame.records import (
    COMPLETIONS,
    QUARANTINE,
    Completion,
    FileRecord,
    completion_path,
    read_completion,
    read_json,
    read_quarantine,
)
from synthgen.frame.store import FRAMES
from synthgen.inspect.consistency import Comparisons
from synthgen.inspect.consistency_scene import SceneConsistency
from synthgen.inspect.frame_checks import check_frame, path_in_frame
from synthgen.inspect.report import Finding, VerifyReport
from synthgen.inspect.shard_checks import ShardCheck, check_packed_frames, check_shard
from synthgen.inspect.survey import RUN, class_ids, has_frames
from synthgen.inspect.truth_report import FrameDigest
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
    files: tuple[str, ...] = ()
    bytes: int = 0
    views: Mapping[int, Mapping[str, FileRecord]] = field(default_factory=dict)
    compared: Comparisons = field(default_factory=Comparisons)


@dataclass(slots=True)
class _Tally:
    """What was found so far."""

    problems: list[Finding] = field(default_factory=list)
    scenes: int = 0
    frames: int = 0
    bytes: int = 0
    known: set[str] = field(default_factory=set)
    compared: Comparisons = field(default_factory=Comparisons)
    digest: FrameDigest = field(default_factory=FrameDigest)

    def add_scene(self, check: _SceneCheck) -> None:
        self.problems += check.findings
        self.known.update(check.files)
        self.scenes += 1
        self.frames += len(check.views)
        self.bytes += check.bytes
        self.compared += check.compared
        for view in sorted(check.views):
            self.digest.add(check.views[view])

    def add_shard(self, check: ShardCheck) -> None:
        self.problems += check.findings
        self.known.add(check.path)
        self.bytes += check.bytes


def verify_dataset(storage: Storage, *, progress: Progress | None = None) -> VerifyReport:
    """Check a whole dataset.

    Looked at: the plan is complete (a completion with the same job hash for every scene, or a quarantine with
    a reason); sizes and checksums of all frame files; dtypes, shapes, depth and ids; metadata against file
    names and jobs; cameras; whether channels, metadata and views of a scene bear each other out; leftover and
    stray files; the manifest's shards. A dataset of which only the shards were kept is checked by its
    manifest, and its frames as the loader gives them.

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
    tally, quarantined, notes = _Tally(), 0, ()
    manifest, problems = _read_manifest(storage)
    tally.problems += problems
    shards = manifest.shards if manifest else ()
    steps = _Steps((0 if shards_only else count_plan(storage)) + len(shards), progress)
    if not shards_only:
        tally.problems += _check_run(storage)
        try:
            set_aside = read_quarantine(storage)
        except DataError as error:
            set_aside = []
            tally.problems.append(Finding(QUARANTINE, "readable records", str(error)))
        quarantined = len(set_aside)
        aside = {(item.scene, item.view) for item in set_aside}
        try:
            for check in _in_threads(storage, aside):
                tally.add_scene(check)
                steps.done()
        except DataError as error:
            tally.problems.append(Finding(PLAN, "one scene job a line", str(error)))

    if manifest:
        tally.problems += _check_companions(storage, manifest)
    packed: dict[str, int] = {}
    for entry in shards:
        tally.add_shard(check_shard(storage, entry))
        packed[entry.format] = packed.get(entry.format, 0) + entry.frames
        steps.done()
    if shards_only:
        tally.frames = max(packed.values(), default=0)
        if manifest and not tally.problems:
            problems, tally.compared, notes = check_packed_frames(storage, manifest)
            tally.problems += problems
    else:
        for file_format, count in sorted(packed.items()):
            if count != tally.frames:
                found = f"{count} in its {file_format} shards; run `synthgen pack` again"
                tally.problems.append(Finding(MANIFEST, f"all {tally.frames} finished frames", found))
        tally.problems += _strays(storage, tally.known)
    return VerifyReport(
        storage.uri,
        tuple(tally.problems),
        tally.scenes,
        tally.frames,
        quarantined,
        len(tally.known),
        tally.bytes,
        len(shards),
        tally.compared,
        None if shards_only else tally.digest.sha256,
        notes,
    )


class _Steps:
    """Counts what is done and tells it."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def done(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _in_threads(storage: Storage, aside: set[tuple[int, int | None]]) -> Iterator[_SceneCheck]:
    """The checks of all scenes in the order of the plan, a few at a time."""
    classes: dict[str, dict[str, int]] = {}
    with ThreadPoolExecutor(THREADS) as pool:
        waiting: deque[Future[_SceneCheck]] = deque()
        for job in read_plan(storage):
            if job.family not in classes:
                classes[job.family] = class_ids(job.params)
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
        return _SceneCheck((Finding(path, "a completion record", str(error)),), (path,))
    if record is None:
        if (job.scene, None) not in aside:
            expected = "a completion record, or a quarantine with a reason"
            found = "nothing; run the same command again, it resumes"
            return _SceneCheck((Finding(path, expected, found),))
        return _SceneCheck(())
    findings, size, scene = list(_check_record(path, job, record)), 0, SceneConsistency(path_in_frame)
    for view in job.views:
        if view.view in record.views:
            check = check_frame(storage, job, view, record.views[view.view], classes)
            findings += check.findings
            size += check.bytes
            if check.frame is not None:
                findings += scene.add(check.frame)
        elif view.view not in record.quarantined and (job.scene, view.view) not in aside:
            findings.append(Finding(path, f"view {view.view}, or its quarantine", "neither", "views"))
    files = (path, *(name for files in record.views.values() for name in files))
    return _SceneCheck(tuple(findings), files, size, record.views, scene.compared)


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
