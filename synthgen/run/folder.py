"""The output folder: whose it is, which recipe and versions it belongs to, and who is writing to it."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from synthgen.errors import DataError, EnvironmentProblem, UsageError
from synthgen.frame.records import read_record, write_json
from synthgen.plan.compare import differing_keys
from synthgen.recipe.families import family_hash, known_families
from synthgen.run.worker import installed_versions
from synthgen.storage import Storage

RUN = "run.json"
RUN_VERSION = 1
LOCK = "run.lock"
OURS = (
    "manifest.json", "truth_report.json", "croissant.json", "README.md", "LICENSES.md", "shards", "gallery",
    "logs", "quarantine", "completions", "frames", "events.jsonl", "plan.jsonl", RUN,
)  # fmt: skip
"""Everything that synthgen puts into a dataset folder. What says that it is ours goes last when deleting."""


def read_run(storage: Storage) -> dict[str, object] | None:
    """`run.json` of a dataset, or None where there is none.

    Raises
    ------
    DataError
        When it is damaged, or from a newer version.
    """
    if not storage.exists(RUN):
        return None
    run = read_record(storage, RUN, RUN_VERSION, "the record of a run")
    missing = [name for name in ("recipe", "renderer", "versions") if name not in run]
    if missing:
        raise DataError(
            f"{storage.address(RUN)}: expected the record of a run (found no {', '.join(missing)})"
        )
    return run


def claim_folder(
    storage: Storage, recipe: Mapping[str, object], renderer: str, *, overwrite: bool, argv: Sequence[str]
) -> bool:
    """Make the folder ready for this recipe; returns whether a run that was begun before goes on.

    Parameters
    ----------
    recipe : the resolved recipe as JSON values
    renderer : name of the renderer class
    overwrite : delete the dataset that is there

    Raises
    ------
    UsageError
        When the folder holds something that is not a dataset of ours, or one of another recipe or version.
    """
    before = read_run(storage)
    if before is None:
        refuse_foreign(storage)
    elif overwrite:
        for name in OURS:
            storage.delete(name)
        before = None
    if before is None:
        run = {
            "schema_version": RUN_VERSION,
            "argv": list(argv),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "renderer": renderer,
            "versions": installed_versions(),
            "family": _family_code(recipe),
            "recipe": recipe,
        }
        write_json(storage, RUN, run)
        return False
    _refuse_other_run(storage, before, recipe, renderer)
    return True


def refuse_foreign(storage: Storage) -> None:
    """Raise `UsageError` unless the folder is missing, empty, or a dataset of ours."""
    path = storage.local_path()
    there = os.path.exists(path)  # Path.exists() raises for a name that is too long
    if there and not path.is_dir():
        raise EnvironmentProblem(
            f"{storage.uri}: expected a folder (found a file); choose another with --out"
        )
    if storage.exists(RUN) or not there:
        return
    found = sorted(set(os.listdir(path)) - {LOCK})
    if found:
        raise UsageError(
            f"{storage.uri}: expected an empty folder or a dataset of synthgen (found {found[0]}"
            f"{f' and {len(found) - 1} more' if len(found) > 1 else ''}, no {RUN}); choose another with --out"
        )


@contextmanager
def locked(storage: Storage) -> Iterator[None]:
    """Hold the folder for this process inside of the block.

    The lock belongs to the process, not to the file: it is gone with the process however that ends.

    Raises
    ------
    UsageError
        When another run holds it; its process id is named.
    EnvironmentProblem
        When the folder cannot be written.
    """
    refuse_foreign(storage)
    path = storage.local_path(LOCK)
    stream = _take_lock(storage, path)
    try:
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield
    finally:
        path.unlink(missing_ok=True)
        stream.close()


def _take_lock(storage: Storage, path: Path) -> TextIO:
    while True:
        storage.append_line(LOCK, "")  # makes the folder and the file; explains why it cannot
        stream = open(path, "r+")  # noqa: SIM115 - held for as long as the run
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = stream.read().strip() or "unknown"
            stream.close()
            raise UsageError(
                f"{storage.uri}: another run (process {holder}) writes to this folder; wait for it, or end it"
            ) from None
        if path.exists() and path.stat().st_ino == os.fstat(stream.fileno()).st_ino:
            return stream
        stream.close()  # its last holder removed it between our opening and our locking


def check_worker_versions(
    storage: Storage, run: dict[str, object], versions: Mapping[str, str | None], host: str
) -> None:
    """Compare a worker's synthgen and bpy with those that the run was begun with.

    A driver may have no bpy of its own; then that of the first worker counts, and goes into `run` and
    `run.json`, so that all other workers and later runs are held to it.

    Raises
    ------
    EnvironmentProblem
        When they differ.
    """
    if run["versions"].get("bpy") is None and versions.get("bpy") is not None:
        run["versions"] = {**run["versions"], "bpy": versions["bpy"]}
        write_json(storage, RUN, run)
    for name in ("synthgen", "bpy"):
        begun, found = run["versions"].get(name), versions.get(name)
        if begun is not None and begun != found:
            raise EnvironmentProblem(
                f"worker on {host}: has {name} {found or 'not installed'}, this run was begun with {begun}; "
                "install the same version everywhere"
            )


def check_worker_device(storage: Storage, run: dict[str, object], device: str, host: str) -> None:
    """Hold every worker to the device type of the first one: a CPU and a GPU give different pixels.

    Raises
    ------
    EnvironmentProblem
        When they differ.
    """
    begun = run.get("device")
    if begun is None:
        run["device"] = device
        write_json(storage, RUN, run)
    elif begun != device:
        raise EnvironmentProblem(
            f"worker on {host}: renders on {device}, this dataset was begun on {begun}; frames of two kinds "
            f"of device do not mix: use --device {begun}, another folder with --out, or --overwrite"
        )


def _refuse_other_run(
    storage: Storage, before: Mapping[str, object], recipe: Mapping[str, object], renderer: str
) -> None:
    advice = "choose another folder with --out, or start over with --overwrite"
    keys = differing_keys(before["recipe"], recipe)
    if keys and all(key.startswith("pack.") for key in keys):
        advice = f"`synthgen pack {storage.uri} --set KEY=VALUE` packs again without rendering, or {advice}"
    if keys:
        raise UsageError(f"{storage.uri}: was begun with another recipe ({'; '.join(keys)}); {advice}")
    if before["renderer"] != renderer:
        raise UsageError(f"{storage.uri}: was rendered by {before['renderer']}, not {renderer}; {advice}")
    family = recipe["scene"]["kind"]
    if before.get("family") != _family_code(recipe):
        raise UsageError(
            f"{storage.uri}: the code of the scene family '{family}' has changed since this was begun; "
            f"frames of two versions do not mix: {advice}"
        )
    here = installed_versions()
    for name in ("synthgen", "bpy"):
        begun, found = before["versions"].get(name), here[name]
        if found is None and name == "bpy":
            continue  # a driver of workers elsewhere: they are asked when they are ready
        if begun != found:
            raise UsageError(
                f"{storage.uri}: was begun with {name} {begun or 'not installed'}, here is "
                f"{found or 'none'}; frames of two versions do not mix: {advice}"
            )


def _family_code(recipe: Mapping[str, object]) -> str | None:
    # A renderer of the user's own may know families that have no folder here.
    family = recipe["scene"]["kind"]
    return family_hash(family) if family in known_families() else None


def command_line() -> list[str]:
    """The command that started this process."""
    return [os.path.basename(sys.argv[0]) or "python", *sys.argv[1:]]
