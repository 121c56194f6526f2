"""A shard in the making: the files of all formats grow together and appear together."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from synthgen.pack import parquet, webdataset
from synthgen.pack.manifest import MANIFEST, SHARDS, ShardEntry
from synthgen.pack.sample import Sample
from synthgen.storage import Storage

if TYPE_CHECKING:
    from synthgen.recipe.model import PackSpec

WRITERS = {"webdataset": webdataset.TarWriter, "parquet": parquet.ParquetWriter}
ENDINGS = {"webdataset": webdataset.ENDING, "parquet": parquet.ENDING}
"""Every format: the class that writes it and how its files end."""

_OURS = re.compile(r".+-\d{5}\.(tar|parquet)(\.\d+\.partial)?|key_to_shard\.json\.\d+\.partial")


class OpenShard:
    """The files of one shard, one per format, until they are committed together."""

    def __init__(
        self, storage: Storage, formats: Sequence[str], split: str, number: int, unfinished: ExitStack
    ) -> None:
        self.name = f"{split}-{number:05d}"
        self._storage, self._split = storage, split
        self._files = ExitStack()
        # Whatever is still open when the pack fails is thrown away by the outer stack.
        unfinished.push(self._files)
        self._streams = {
            name: _HashedStream(self._files.enter_context(storage.open_write(self._path(name))))
            for name in formats
        }
        self._writers = {name: WRITERS[name](stream) for name, stream in self._streams.items()}
        self._keys: list[str] = []
        self._bytes = 0

    def has_room(self, sample: Sample, settings: PackSpec) -> bool:
        """Whether the sample still fits under both limits."""
        limit = settings.shard_mb * 1_000_000
        return len(self._keys) < settings.shard_frames and self._bytes + sample.size <= limit

    def write(self, sample: Sample) -> None:
        """Append a sample to every file."""
        for writer in self._writers.values():
            writer.write(sample)
        self._keys.append(sample.key)
        self._bytes += sample.size

    def commit(self) -> list[ShardEntry]:
        """Finish the files; from here on they exist under their names."""
        for writer in self._writers.values():
            writer.close()
        # An older manifest would vouch for files that are about to change.
        self._storage.delete(MANIFEST)
        self._files.close()
        return [
            ShardEntry(
                file=self._path(name),
                format=name,
                split=self._split,
                frames=len(self._keys),
                first_key=self._keys[0],
                last_key=self._keys[-1],
                bytes=stream.size,
                sha256=stream.sha256.hexdigest(),
            )
            for name, stream in self._streams.items()
        ]

    def _path(self, name: str) -> str:
        return f"{SHARDS}/{self.name}.{ENDINGS[name]}"


class _HashedStream:
    """A stream to write to that counts and hashes what passes; closing it leaves the file open."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._stream.write(data)
        self.sha256.update(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        return self.size

    def writable(self) -> bool:
        return True

    def flush(self) -> None: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class KeyToShard:
    """Writes key -> `train-00000` as it grows; BOP datasets have the same file."""

    stream: BinaryIO
    separator: str = "{\n"

    def add(self, key: str, shard: str) -> None:
        """Write one line: the shard that holds a key."""
        self.stream.write(f"{self.separator}{json.dumps(key)}: {json.dumps(shard)}".encode())
        self.separator = ",\n"

    def close(self) -> None:
        """End the map; without it the file is no JSON."""
        self.stream.write(b"\n}\n")


def delete_stale(storage: Storage, keep: Collection[str]) -> None:
    """Delete the shards of an earlier pack, and what an interrupted one left; other files are let be."""
    for path in storage.list(SHARDS):
        if path not in keep and _OURS.fullmatch(path.rpartition("/")[2]):
            storage.delete(path)
