"""The packed shards against the manifest: there, whole, unaltered, and holding as many frames as it says."""

from __future__ import annotations

import hashlib
import tarfile
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from synthgen.errors import DataError
from synthgen.inspect.report import Finding
from synthgen.pack.manifest import ShardEntry
from synthgen.storage import Storage


@dataclass(frozen=True, slots=True)
class ShardCheck:
    """Outcome of one shard: its findings, its bytes, and its frames where they could be counted."""

    path: str
    findings: tuple[Finding, ...]
    bytes: int
    frames: int | None


class _Hashing:
    """A stream that hashes and counts what passes through it, so that a shard is read only once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._stream.read(size)
        self.digest.update(data)
        self.size += len(data)
        return data

    def drain(self) -> None:
        """Read to the end."""
        while self.read(1 << 20):
            pass


def check_shard(storage: Storage, entry: ShardEntry) -> ShardCheck:
    """Read one shard through and compare it with its entry in the manifest."""
    path = entry.file
    try:
        stream = storage.open_read(path)
    except DataError:
        return ShardCheck(path, (Finding(path, f"a shard of {entry.bytes} bytes", "nothing"),), 0, None)
    with stream:
        reader = _Hashing(stream)
        frames, damage = _count_tar(reader) if path.endswith(".tar") else (None, "")
        reader.drain()
        if path.endswith(".parquet"):
            frames, damage = _count_parquet(stream)

    findings = []
    if reader.size != entry.bytes:
        findings.append(Finding(path, f"{entry.bytes} bytes", f"{reader.size} bytes"))
    elif reader.digest.hexdigest() != entry.sha256:
        found = f"{reader.digest.hexdigest()[:16]}..."
        findings.append(Finding(path, f"sha256 {entry.sha256[:16]}...", found))
    if damage:
        findings.append(Finding(path, "a whole shard", damage))
    elif frames is not None and frames != entry.frames:
        findings.append(Finding(path, f"{entry.frames} frames", str(frames)))
    return ShardCheck(path, tuple(findings), reader.size, frames)


def _count_tar(reader: _Hashing) -> tuple[int | None, str]:
    keys = set()
    try:
        with tarfile.open(fileobj=reader, mode="r|") as archive:
            for member in archive:
                keys.add(member.name.split(".", 1)[0])
    except (tarfile.TarError, EOFError, OSError) as error:
        return None, f"a tar that ends after {len(keys)} frames: {error}"
    return len(keys), ""


def _count_parquet(stream: pa.NativeFile) -> tuple[int | None, str]:
    try:
        stream.seek(0)
        return pq.ParquetFile(stream).metadata.num_rows, ""
    except (pa.ArrowException, OSError) as error:
        return None, f"no Parquet footer: {str(error).strip().splitlines()[0]}"
