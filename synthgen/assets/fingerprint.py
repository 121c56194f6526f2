"""SHA-256 of assets. What was hashed once is remembered for as long as the file keeps its size and time."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from synthgen.assets.record import AssetRejected
from synthgen.errors import EnvironmentProblem
from synthgen.seeding import canonical_json
from synthgen.storage import open_storage

CACHE_VARIABLE = "SYNTHGEN_CACHE"
_MEMORY = "fingerprints.json"


def cache_folder() -> Path:
    """Where synthgen keeps what it can make again: $SYNTHGEN_CACHE, or `~/.cache/synthgen`."""
    given = os.environ.get(CACHE_VARIABLE)
    if given:
        return Path(given).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "synthgen"


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file. Raises `AssetRejected` when it cannot be read."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise AssetRejected(f"cannot be read ({error.strerror})") from None


def combined(parts: Iterable[tuple[str, str]]) -> str:
    """The SHA-256 of several files, from (name, SHA-256) of each; of a single file it is its own.

    It is that of the text `sha256sum` prints for them, in the order of their names.
    """
    listed = sorted(parts)
    if len(listed) == 1:
        return listed[0][1]
    text = "".join(f"{digest}  {name}\n" for name, digest in listed)
    return hashlib.sha256(text.encode()).hexdigest()


class Fingerprints:
    """SHA-256 of files and of entries in archives, remembered between programs. Use it in a `with` block."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or cache_folder()
        self._known: dict[str, list[object]] = {}
        self._changed = False

    def __enter__(self) -> Fingerprints:
        try:
            self._known = dict(json.loads((self._folder / _MEMORY).read_bytes()))
        except (OSError, ValueError):
            self._known = {}  # there is none yet, or it is damaged: everything is hashed anew
        return self

    def __exit__(self, *_: object) -> None:
        if not self._changed:
            return
        try:
            open_storage(self._folder).write_text(_MEMORY, canonical_json(self._known))
        except EnvironmentProblem:
            return  # a cache that cannot be written costs time only

    def of(self, path: Path, entry: str = "", compute: Callable[[], str] | None = None) -> str:
        """SHA-256 of a file, or of an entry of it that `compute` hashes.

        Raises
        ------
        AssetRejected
            When the file cannot be read.
        """
        try:
            stat = path.stat()
        except OSError as error:
            raise AssetRejected(f"cannot be read ({error.strerror})") from None
        key, state = f"{path.resolve()}!{entry}", [stat.st_size, stat.st_mtime_ns]
        known = self._known.get(key)
        if known is None or known[:2] != state:
            known = [*state, compute() if compute else sha256_of(path)]
            self._known[key], self._changed = known, True
        return str(known[2])
