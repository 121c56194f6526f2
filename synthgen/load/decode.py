"""Encoded frames to numpy: which field of a sample gives a channel, and what a loaded frame looks like."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.errors import DataError
from synthgen.frame.bundle import camera_from_json
from synthgen.frame.channels import CHANNELS
from synthgen.frame.store import decode_channels, decode_meta, files_of
from synthgen.pack.codecs import CODEC_OF_FIELD, CODECS
from synthgen.pack.sample import META_FIELD


@dataclass(frozen=True, slots=True)
class EncodedFrame:
    """A frame as it lies in its shard. `source` names it in errors."""

    source: str
    fields: Mapping[str, bytes | np.ndarray]


def frame_field(ending: str) -> str:
    """The field of a durable frame's file, apart from the members of a shard, which may end alike."""
    return f"frame.{ending}"


def channels_of(fields: Collection[str], meta: Mapping[str, object]) -> tuple[str, ...]:
    """The channels that a sample with these fields has, in the order of the catalogue."""
    found = {CODEC_OF_FIELD[field].channel for field in fields if field in CODEC_OF_FIELD}
    found.update(name for name in meta["channels"] if frame_field(CHANNELS[name].ending) in fields)
    return tuple(name for name in CHANNELS if name in found)


def fields_for(channels: Sequence[str], available: Collection[str], source: str) -> tuple[str, ...]:
    """The fields to read for some channels: of two encodings the exact one, and the metadata.

    Raises
    ------
    DataError
        When a channel is not there.
    """
    fields = [META_FIELD]
    for channel in channels:
        possible = [codec.field for codec in CODECS if codec.channel == channel]
        possible.append(frame_field(CHANNELS[channel].ending))
        field = next((field for field in possible if field in available), None)
        if field is None:
            raise DataError(
                f"{source}: expected the channel '{channel}' (found {', '.join(sorted(available))})"
            )
        if field not in fields:
            fields.append(field)
    return tuple(fields)


def decode_frame(encoded: EncodedFrame, channels: Sequence[str]) -> dict[str, object]:
    """A loaded frame.

    Returns
    -------
    dict with one array per channel in the catalogue's dtype and shape, `key`, `split`, `camera` (model,
    width, height, K (3, 3) and world_from_camera (4, 4) float64) and `meta`. Depth is float32 metres,
    planar z, and +inf where nothing is hit, from every codec.

    Raises
    ------
    DataError
        When a field is missing or damaged.
    """
    fields, source = encoded.fields, encoded.source
    if META_FIELD not in fields:
        raise DataError(f"{source}: expected {META_FIELD} (found {', '.join(fields) or 'nothing'})")
    meta = decode_meta(fields[META_FIELD], f"{source} {META_FIELD}")
    frame: dict[str, object] = {
        "key": meta["key"],
        "split": meta["split"],
        "camera": camera_from_json(meta["camera"]),
        "meta": meta,
    }
    shape = (int(meta["camera"]["height"]), int(meta["camera"]["width"]))
    left = []
    for channel in channels:
        known = (codec for codec in CODECS if codec.channel == channel and codec.field in fields)
        codec = next(known, None)
        if codec is None:
            left.append(channel)
            continue
        data = fields[codec.field]
        if isinstance(data, np.ndarray):
            frame[channel] = data.reshape(CHANNELS[channel].shape(*shape, layers=-1))
        else:
            frame[channel] = codec.decode(data, f"{source} {meta['key']}.{codec.field}")
    for ending, names in files_of(left).items():
        if not names:
            continue
        if frame_field(ending) not in fields:
            raise DataError(f"{source}: {meta['key']}: expected the channels {', '.join(names)}")
        name = f"{source} {meta['key']}.{ending}"
        frame.update(decode_channels(fields[frame_field(ending)], names, name))
    for channel in channels:
        if frame[channel].shape[:2] != shape:
            found = frame[channel].shape
            raise DataError(f"{source}: {meta['key']}: {channel}: expected {shape} pixels (got {found})")
    return frame


def decode_member(ending: str, data: bytes) -> np.ndarray | None:
    """Decoder for the `webdataset` package, whose own ones turn every PNG into 8-bit RGB.

        webdataset.WebDataset("out/shards/train-00000.tar").decode(decode_member)

    Parameters
    ----------
    ending : as that package gives it, `.depth.png`

    Returns
    -------
    the channel as `open_dataset` gives it, or None for members that are no channel, such as JSON, which the
    package decodes itself
    """
    codec = CODEC_OF_FIELD.get(ending.removeprefix("."))
    return codec.decode(data, ending) if codec else None
