"""`open_dataset`: frames as numpy, whether they lie in tars, in Parquet or in the folder of a run.

    frames = open_dataset("out/indoor", split="train", channels=("rgb", "depth"))
    frame = frames[0]
    frame["depth"]                      # (h, w) float32 metres, planar z, +inf where nothing is hit
    frame["camera"]["K"]                # (3, 3) float64 pixels

Needs neither Blender nor Ray. The three formats give the same frames; only `depth` from 16-bit millimetres is
rounded to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np

from synthgen.errors import DataError, UsageError, unknown_name
from synthgen.load.decode import EncodedFrame, channels_of, decode_frame, fields_for
from synthgen.load.locate import Part, Reader, Uri, locate
from synthgen.pack.sample import META_FIELD


class FrameDataset:
    """A sequence of frames: `len`, index, iterate. Make one with `open_dataset`.

    Reads on demand and can be pickled; every process opens the files for itself.
    """

    def __init__(self, readers: Sequence[Reader], counts: Sequence[int], channels: tuple[str, ...]) -> None:
        self._readers = tuple(readers)
        self._ends = tuple(accumulate(counts))
        self._fields: dict[int, tuple[str, ...]] = {}
        self.channels = channels
        """Names of the channels that each frame has."""

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, index: int) -> dict[str, object]:
        """The frame as `synthgen.load.decode.decode_frame` has it. Negative indices count from the end."""
        return self.decode(self.encoded(index))

    def __iter__(self) -> Iterator[dict[str, object]]:
        return (self[index] for index in range(len(self)))

    def __repr__(self) -> str:
        return f"FrameDataset({len(self)} frames, channels {', '.join(self.channels)})"

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all frames in order."""
        return tuple(key for reader in self._readers for key in reader.keys)

    @property
    def shard_sizes(self) -> tuple[int, ...]:
        """Frames in each shard, in the order of the frames."""
        return tuple(np.diff((0, *self._ends)).tolist())

    def encoded(self, index: int) -> EncodedFrame:
        """The frame as it lies in its shard, a tenth of its size in memory when decoded.

        Raises
        ------
        DataError
            When the shard is damaged.
        """
        if not -len(self) <= index < len(self):
            raise IndexError(f"frame {index} of {len(self)}")
        index %= len(self)
        shard = int(np.searchsorted(self._ends, index, side="right"))
        reader, row = self._readers[shard], index - (self._ends[shard - 1] if shard else 0)
        count = self._ends[shard] - (self._ends[shard - 1] if shard else 0)
        if len(reader.keys) != count:
            raise DataError(
                f"{reader.address}: expected {count} frames as the manifest says (found {len(reader.keys)})"
            )
        if shard not in self._fields:
            self._fields[shard] = fields_for(self.channels, reader.fields(0), reader.address)
        return EncodedFrame(reader.address, reader.read(row, self._fields[shard]))

    def decode(self, encoded: EncodedFrame) -> dict[str, object]:
        """Decode what `encoded` gave."""
        return decode_frame(encoded, self.channels)


def open_dataset(
    uri: Uri | Sequence[Uri],
    split: str | None = None,
    channels: Sequence[str] | None = None,
    format: str | None = None,
    verify: bool = False,
) -> FrameDataset:
    """Open a dataset for reading.

    Parameters
    ----------
    uri : the folder of a dataset, its `shards` folder, one `.tar` or `.parquet`, a pattern such as
        `out/shards/train-*.tar`, or a list of shards; local, or at a URI such as `s3://`
    split : train, val, test or another name that the dataset has; all splits when None
    channels : names to load, all when None; other channels are not read
    format : webdataset, parquet or frames; when None, the first of them that is there
    verify : compare the SHA-256 of every shard with the manifest now, or of every file of a durable frame
        when it is read

    Raises
    ------
    UsageError
        When the split, the channel or the format is not there; the message names those that are.
    DataError
        When there is no dataset, a shard is missing, cut or changed, or a newer synthgen wrote it.
    """
    parts = [_opened(part) for part in locate(uri, format, verify)]
    parts = [part for part in parts if part.frames]
    if not parts:
        raise DataError(f"{uri}: expected frames (found none in the shards)")
    if split is not None:
        known = {part.split for part in parts}
        if split not in known:
            raise UsageError(f"{uri}: {unknown_name('split', split, known)}")
        parts = [part for part in parts if part.split == split]
    available = _channels(parts[0].reader)
    for name in channels or ():
        if name not in available:
            raise UsageError(f"{uri}: {unknown_name('channel', name, available)}")
    chosen = available if channels is None else tuple(dict.fromkeys(channels))
    return FrameDataset([part.reader for part in parts], [part.frames for part in parts], chosen)


def _opened(part: Part) -> Part:
    """The part with its number of frames and its split, asked of the file where no manifest tells."""
    if part.frames is not None:
        return part
    frames = len(part.reader.keys)
    split = _meta(part.reader)["split"] if frames else None
    return Part(part.reader, frames, split)


def _channels(reader: Reader) -> tuple[str, ...]:
    return channels_of(reader.fields(0), _meta(reader))


def _meta(reader: Reader) -> dict[str, object]:
    encoded = EncodedFrame(reader.address, reader.read(0, (META_FIELD,)))
    return decode_frame(encoded, ())["meta"]
