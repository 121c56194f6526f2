"""`manifest.json`: what a dataset holds. It is written last, so where it is, the shards are whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from synthgen.errors import DataError
from synthgen.frame.channels import CHANNELS
from synthgen.pack.codecs import Codec
from synthgen.pack.parquet import column_of
from synthgen.storage import Storage

MANIFEST = "manifest.json"
SHARDS = "shards"
KEY_TO_SHARD = f"{SHARDS}/key_to_shard.json"
SCHEMA_VERSION = 1

CONVENTIONS = {
    "world": "right-handed, z up, metres",
    "camera": "OpenCV: x right, y down, z forward; world_from_camera is (4, 4), metres",
    "pixel": "pixel (0, 0) covers [0, 1) x [0, 1): centres at +0.5, so cx = width / 2 in a symmetric camera",
    "depth": "planar z in metres, one sample per pixel, +inf where nothing is hit, never NaN",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoredAs(_Frozen):
    """One encoding of a channel: `field` ends the member in a tar, `column` names it in Parquet."""

    codec: str
    field: str
    column: str
    stored: str
    worst_error: str


class ChannelEntry(_Frozen):
    """A channel as loaders give it, and how it lies in shards; loaders take the exacter of two encodings."""

    name: str
    dtype: str
    components: tuple[str, ...]
    unit: str
    frame: str
    invalid: str
    meaning: str
    layered: bool = False
    stored: tuple[StoredAs, ...]


class ShardEntry(_Frozen):
    """One shard; `file` is its path inside the dataset."""

    file: str
    format: str
    split: str
    frames: int
    first_key: str
    last_key: str
    bytes: int
    sha256: str


class Manifest(_Frozen):
    """The content of a dataset. Nothing in it varies between two runs of the same recipe."""

    schema_version: int = SCHEMA_VERSION
    name: str
    frames: int
    splits: dict[str, int]
    left_out: tuple[str, ...]
    """Keys of the frames and scenes that were planned but set aside; quarantine/ has the reasons."""
    conventions: dict[str, str]
    channels: tuple[ChannelEntry, ...]
    classes: tuple[dict[str, Any], ...]
    """The label table: id, name, nyu40, is_thing."""
    pack: dict[str, Any]
    provenance: dict[str, Any]
    shards: tuple[ShardEntry, ...]

    def shards_of(self, file_format: str) -> tuple[ShardEntry, ...]:
        """The shards of one format, in order of name."""
        return tuple(shard for shard in self.shards if shard.format == file_format)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that the dataset has."""
        return tuple(sorted({shard.format for shard in self.shards}))


def write_manifest(storage: Storage, manifest: Manifest) -> None:
    """Write the manifest atomically."""
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False, allow_nan=False)
    storage.write_text(MANIFEST, text + "\n")


def read_manifest(storage: Storage) -> Manifest:
    """Read the manifest of a dataset.

    Raises
    ------
    DataError
        When there is none, it is damaged, or a newer synthgen wrote it.
    """
    address = storage.address(MANIFEST)
    try:
        content = json.loads(storage.read_bytes(MANIFEST))
        version = content["schema_version"]
    except (ValueError, KeyError, TypeError):
        raise DataError(
            f"{address}: expected a manifest with a schema_version; pack the dataset again"
        ) from None
    if version != SCHEMA_VERSION:
        raise DataError(
            f"{address}: expected schema_version {SCHEMA_VERSION} (got {version}); "
            "use the synthgen version that wrote it, or a newer one"
        )
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DataError(f"{address}: {where}: {first['msg']}; pack the dataset again") from None


def channel_entries(channels: Sequence[str], codecs: Sequence[Codec]) -> tuple[ChannelEntry, ...]:
    """Rows of the manifest for the channels of a dataset, in the order of the catalogue."""
    return tuple(
        ChannelEntry(
            **asdict(CHANNELS[name]),
            stored=tuple(_stored_as(codec) for codec in codecs if codec.channel == name),
        )
        for name in CHANNELS
        if name in channels
    )


def frames_by_split(shards: Sequence[ShardEntry], file_format: str) -> dict[str, int]:
    """Number of frames of each split, counted over the shards of one format."""
    counts: dict[str, int] = {}
    for shard in shards:
        if shard.format == file_format:
            counts[shard.split] = counts.get(shard.split, 0) + shard.frames
    return dict(sorted(counts.items()))


def _stored_as(codec: Codec) -> StoredAs:
    return StoredAs(
        codec=codec.name,
        field=codec.field,
        column=column_of(codec.field),
        stored=codec.stored,
        worst_error=codec.worst_error,
    )
