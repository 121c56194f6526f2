"""The packed shards against the manifest: there, whole, unaltered, and holding as many frames as it says."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from synthgen.errors import DataError
from synthgen.geometry.models import camera_from_entry
from synthgen.inspect.consistency import Comparisons
from synthgen.inspect.consistency_scene import SceneConsistency
from synthgen.inspect.frame_checks import check_camera, check_pixels
from synthgen.inspect.report import Finding
from synthgen.load.dataset import open_dataset
from synthgen.pack.manifest import SHARDS, Manifest, ShardEntry
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


def check_packed_frames(
    storage: Storage, manifest: Manifest
) -> tuple[list[Finding], Comparisons, tuple[str, ...]]:
    """Frames as the loader decodes them, where the durable ones were deleted.

    Returns
    -------
    The findings, what was compared, and notes on what was not. Of several formats with the same frames the
    first one is compared.
    """
    classes = {str(row["name"]): int(row["id"]) for row in manifest.classes}
    rounded = _has_rounded_depth(manifest)
    findings: list[Finding] = []
    compared = Comparisons()
    for file_format in manifest.formats:
        scene: SceneConsistency | None = None
        number = None
        try:
            for frame in open_dataset(storage.uri, format=file_format):
                found = _check_packed_frame(frame, classes, rounded)
                findings += found
                if found or rounded or file_format != manifest.formats[0]:
                    continue
                if scene is None or frame["meta"]["scene"] != number:
                    compared += scene.compared if scene is not None else Comparisons()
                    scene, number = SceneConsistency(_path_in_shards), frame["meta"]["scene"]
                findings += scene.add(frame)
        except DataError as error:
            findings.append(Finding(SHARDS, f"readable {file_format} shards", str(error)))
        compared += scene.compared if scene is not None else Comparisons()
    note = "nothing compared with depth: the shards have it in whole millimetres only"
    return findings, compared, (note,) if rounded else ()


def _check_packed_frame(
    frame: Mapping[str, object], classes: Mapping[str, int], rounded: bool
) -> list[Finding]:
    path = _path_in_shards(str(frame["key"]))
    findings = check_camera(path, frame["camera"])
    camera = None if findings else camera_from_entry(frame["camera"])
    # Rounded depth is no measure for the channels that are exact.
    apart = (("depth",), _AS_EXACT_AS_DEPTH) if rounded else ((),)
    for left_out in apart:
        kept = {name: value for name, value in frame.items() if name not in left_out}
        findings += [each for each in check_pixels(path, kept, classes, camera) if each not in findings]
    return findings


_AS_EXACT_AS_DEPTH = ("distance", "depth_layers", "edge", "disparity")


def _has_rounded_depth(manifest: Manifest) -> bool:
    """Whether depth is kept in millimetres and in no other way."""
    codecs = [stored.codec for entry in manifest.channels if entry.name == "depth" for stored in entry.stored]
    return bool(codecs) and all(codec == "png16_mm" for codec in codecs)


def _path_in_shards(key: str, _name: str = "") -> str:
    return f"{SHARDS}/{key}"
