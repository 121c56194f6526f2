"""`Sample`: one frame with its channels encoded, as every writer of shards takes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.frame.checks import depth_statistics
from synthgen.pack.codecs import Codec, DoesNotFit

CAMERA_FIELD = "camera.json"
META_FIELD = "meta.json"


@dataclass(frozen=True, slots=True)
class Sample:
    """One encoded frame.

    Attributes
    ----------
    fields : ending of the member to its bytes, in the order of the members
    numbers : column of plain numbers to its array, such as exact depth
    statistics : `depth_statistics` of the frame's exact depth, empty without a depth channel
    """

    key: str
    split: str
    meta: Mapping[str, object]
    fields: Mapping[str, bytes]
    numbers: Mapping[str, np.ndarray]
    statistics: Mapping[str, float]

    @property
    def size(self) -> int:
        """Bytes that the sample adds to a tar: each member has a header and is padded to 512."""
        return sum(512 + -(-len(data) // 512) * 512 for data in self.fields.values())


def encode_sample(
    meta: Mapping[str, object],
    channels: Mapping[str, np.ndarray],
    codecs: Sequence[Codec],
    encoded: Mapping[str, bytes] | None = None,
) -> Sample:
    """Encode a frame.

    Parameters
    ----------
    meta : the frame's metadata, `synthgen.frame.store.frame_meta`
    channels : array of each channel that a codec has to encode
    codecs : the members to make, in order
    encoded : field to bytes that are taken as they are, such as the frame's own `rgb.png`

    Raises
    ------
    DoesNotFit
        When a codec cannot hold a value; the message names the frame and the field.
    """
    fields: dict[str, bytes] = {}
    for codec in codecs:
        if encoded and codec.field in encoded:
            fields[codec.field] = encoded[codec.field]
            continue
        try:
            fields[codec.field] = codec.encode(channels[codec.channel])
        except DoesNotFit as error:
            raise DoesNotFit(f"{meta['key']}: {codec.channel} as {codec.name}: {error}") from None
    fields[CAMERA_FIELD] = _json_bytes(camera_entry(meta, "depth.png" in fields))
    fields[META_FIELD] = _json_bytes(meta)
    depth = channels.get("depth")
    return Sample(
        key=str(meta["key"]),
        split=str(meta["split"]),
        meta=meta,
        fields=fields,
        numbers={codec.column: channels[codec.channel] for codec in codecs if codec.column},
        statistics=depth_statistics(depth) if depth is not None else {},
    )


def camera_entry(meta: Mapping[str, object], depth_in_mm: bool) -> dict[str, object]:
    """The camera in BOP's words: `cam_K` row by row, and `depth_scale`, which turns stored depth into mm."""
    camera = dict(meta["camera"])
    rows = camera.pop("K")
    camera["cam_K"] = [value for row in rows for value in row]
    camera["depth_scale"] = 1.0 if depth_in_mm else 1000.0
    return camera


def _json_bytes(value: object) -> bytes:
    return (json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False) + "\n").encode()
