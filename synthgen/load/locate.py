"""From what a user names (a dataset, its shards, one file, a pattern) to the readers of its parts."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import numpy as np

from synthgen.errors import DataError, UsageError, unknown_name
from synthgen.frame.records import COMPLETIONS
from synthgen.frame.store import FRAME_ENDINGS, META_ENDING
from synthgen.load.decode import frame_field
from synthgen.pack.manifest import MANIFEST, SHARDS, Manifest, ShardEntry, read_manifest
from synthgen.pack.parquet import ParquetReader
from synthgen.pack.rendered import (
    RenderedFrame,
    all_completed_frames,
    read_frame_files,
)
from synthgen.pack.sample import META_FIELD
from synthgen.pack.webdataset import TarReader
from synthgen.storage import Storage, open_storage

READERS = {"webdataset": TarReader, "parquet": ParquetReader}
FORMAT_OF_ENDING = {".tar": "webdataset", ".parquet": "parquet"}
FORMATS = ("webdataset", "parquet", "frames")
"""In the order of preference where a dataset has several."""

Uri = str | os.PathLike[str]


class Reader(Protocol):
    """Random access to encoded frames; every format has one."""

    @property
    def address(self) -> str:
        """What to call it in messages."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of its frames in order."""

    def fields(self, index: int) -> tuple[str, ...]:
        """Fields of a frame."""

    def read(self, index: int, fields: Iterable[str] | None = None) -> dict[str, bytes | np.ndarray]:
        """Content of some fields of a frame."""


@dataclass(frozen=True, slots=True)
class Part:
    """A shard, or the durable frames of one split. `frames` and `split` are None where no record tells."""

    reader: Reader
    frames: int | None
    split: str | None


class FramesReader:
    """The durable frames of one split, read like a shard."""

    def __init__(self, storage: Storage, frames: Sequence[RenderedFrame], check: bool) -> None:
        self._storage, self._frames, self._check = storage, tuple(frames), check
        self._keys = tuple(frame.key for frame in frames)

    @property
    def address(self) -> str:
        """The dataset's address."""
        return self._storage.uri

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the frames in order."""
        return self._keys

    def fields(self, index: int) -> tuple[str, ...]:
        """Fields of a frame."""
        endings = {ending for _, ending in map(_split_name, self._frames[index].files)}
        return tuple(field for field, ending in _FRAME_FILES.items() if ending in endings)

    def read(self, index: int, fields: Iterable[str] | None = None) -> dict[str, bytes]:
        """Bytes of the files of a frame. Raises `DataError` when one is missing or has changed."""
        wanted = tuple(_FRAME_FILES) if fields is None else tuple(fields)
        endings = tuple(_FRAME_FILES[field] for field in wanted)
        files = read_frame_files(self._storage, self._frames[index], endings, check=self._check)
        return {field: files[_FRAME_FILES[field]] for field in wanted if _FRAME_FILES[field] in files}


_FRAME_FILES = {
    META_FIELD if ending == META_ENDING else frame_field(ending): ending for ending in FRAME_ENDINGS
}


def locate(uri: Uri | Sequence[Uri], file_format: str | None, verify: bool) -> list[Part]:
    """The parts of what `uri` names, in order of split and number.

    Raises
    ------
    UsageError
        When the format is unknown or the dataset does not have it, or nothing is there to verify with.
    DataError
        When nothing is there, a shard is missing or has another size than the manifest says, or, with
        `verify`, another content.
    """
    if file_format is not None and file_format not in FORMATS:
        raise UsageError(unknown_name("format", file_format, FORMATS))
    if not isinstance(uri, str | os.PathLike):
        files = [_parent_and_name(os.fspath(item)) for item in uri]
        if not files:
            raise UsageError("expected at least one shard (got an empty list)")
        return _loose_shards(files, file_format, verify)
    text = os.fspath(uri)
    folder, name = _parent_and_name(text)
    if any(sign in name for sign in "*?["):
        return _loose_shards(_matching(folder, name), file_format, verify)
    if _ending(name) in FORMAT_OF_ENDING:
        return _loose_shards([(folder, name)], file_format, verify)
    return _folder(text, file_format, verify)


def _folder(text: str, file_format: str | None, verify: bool) -> list[Part]:
    storage = open_storage(text)
    if storage.exists(MANIFEST) and file_format != "frames":
        return _manifest_shards(storage, read_manifest(storage), file_format, verify)
    files = [(text, name) for name in storage.list() if _ending(name) in FORMAT_OF_ENDING]
    if files and file_format != "frames":
        parent, name = _parent_and_name(text)
        dataset = open_storage(parent)
        if name == SHARDS and dataset.exists(MANIFEST):
            return _manifest_shards(dataset, read_manifest(dataset), file_format, verify)
        return _loose_shards(files, file_format, verify)
    if storage.exists(COMPLETIONS) and file_format in (None, "frames"):
        return _frames(storage, verify)
    if storage.exists(SHARDS) or storage.exists(COMPLETIONS):
        raise DataError(
            f"{text}: expected {MANIFEST} (found none): the dataset is not packed, or packing was "
            "interrupted; run the same render command again"
        )
    found = "a folder without them" if storage.exists() else "no such folder"
    raise DataError(f"{text}: expected a dataset with {MANIFEST}, shards or finished frames (found {found})")


def _frames(storage: Storage, verify: bool) -> list[Part]:
    frames = sorted(all_completed_frames(storage), key=lambda frame: (frame.split, frame.scene, frame.view))
    if not frames:
        raise DataError(f"{storage.uri}: expected finished frames (found none in {COMPLETIONS}/)")
    parts = []
    for split, group in groupby(frames, key=lambda frame: frame.split):
        reader = FramesReader(storage, list(group), verify)
        parts.append(Part(reader, len(reader.keys), split))
    return parts


def _manifest_shards(
    storage: Storage, manifest: Manifest, file_format: str | None, verify: bool
) -> list[Part]:
    chosen = file_format or next(name for name in FORMATS if name in manifest.formats)
    if chosen not in manifest.formats:
        known = [*manifest.formats, *(["frames"] if storage.exists(COMPLETIONS) else [])]
        raise UsageError(f"{storage.uri}: {unknown_name('format', chosen, known)}")
    return [_recorded_part(storage, entry, verify) for entry in manifest.shards_of(chosen)]


def _recorded_part(storage: Storage, entry: ShardEntry, verify: bool) -> Part:
    address, size = storage.address(entry.file), storage.size(entry.file)
    if size != entry.bytes:
        raise DataError(
            f"{address}: expected {entry.bytes} bytes as the manifest says (found {size}); "
            "copy it again, or pack the dataset again"
        )
    if verify and (found := storage.sha256(entry.file)) != entry.sha256:
        raise DataError(
            f"{address}: its content has changed: expected SHA-256 {entry.sha256[:12]}... as the manifest "
            f"says (found {found[:12]}...); copy it again, or pack the dataset again"
        )
    return Part(READERS[entry.format](storage, entry.file), entry.frames, entry.split)


def _loose_shards(files: Sequence[tuple[str, str]], file_format: str | None, verify: bool) -> list[Part]:
    """Shards named one by one. Where the manifest of their dataset is at hand, they are held against it."""
    formats = {FORMAT_OF_ENDING.get(_ending(name)) for _, name in files}
    if None in formats:
        name = next(name for _, name in files if _ending(name) not in FORMAT_OF_ENDING)
        raise UsageError(f"{name}: expected a shard that ends with .tar or .parquet")
    chosen = file_format or next(known for known in FORMATS if known in formats)
    recorded: dict[str, tuple[Storage, dict[str, ShardEntry]]] = {}
    parts = []
    for folder, name in files:
        if FORMAT_OF_ENDING[_ending(name)] != chosen:
            continue
        if folder not in recorded:
            recorded[folder] = _recorded_shards(folder)
        dataset, entries = recorded[folder]
        if name in entries:
            parts.append(_recorded_part(dataset, entries[name], verify))
        elif verify:
            raise UsageError(
                f"{folder}/{name}: verify needs the {MANIFEST} of its dataset in the folder above"
            )
        else:
            storage = open_storage(folder)
            storage.size(name)
            parts.append(Part(READERS[chosen](storage, name), None, None))
    if not parts:
        raise UsageError(f"expected shards of the format {chosen} (found {', '.join(sorted(formats))})")
    return parts


def _recorded_shards(folder: str) -> tuple[Storage, dict[str, ShardEntry]]:
    """The shards in this folder that the manifest above it knows, by file name."""
    parent, folder_name = _parent_and_name(folder)
    dataset = open_storage(parent)
    if not dataset.exists(MANIFEST):
        return dataset, {}
    inside = f"{folder_name}/"
    shards = read_manifest(dataset).shards
    return dataset, {
        shard.file.removeprefix(inside): shard for shard in shards if shard.file.startswith(inside)
    }


def _matching(folder: str, pattern: str) -> list[tuple[str, str]]:
    names = [name for name in open_storage(folder).list() if _ending(name) in FORMAT_OF_ENDING]
    matching = fnmatch.filter(names, pattern)
    if not matching:
        raise DataError(
            f"{folder}/{pattern}: expected shards of this pattern (found {', '.join(names[:5]) or 'none'})"
        )
    return [(folder, name) for name in matching]


def _parent_and_name(uri: str) -> tuple[str, str]:
    parent, slash, name = uri.rstrip("/").rpartition("/")
    return (parent or slash or "."), name


def _ending(name: str) -> str:
    return os.path.splitext(name)[1]


def _split_name(path: str) -> tuple[str, str]:
    stem, _, ending = path.rpartition("/")[2].partition(".")
    return stem, ending
