"""Masks as run lengths, in the compressed form of the COCO data set.

A mask is read column by column; its runs are counted, one of zeros first (0 long where the mask begins with a
one). From the fourth on a count is written as its difference from the count two places before. Each number
is cut into groups of 5 bits, the lowest first, in two's complement: a character is 48 plus the group, plus 32
where another group of the same number follows. Bit 4 of a number's last group is its sign.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthgen.errors import DataError

_GROUP_BITS, _GROUP, _SIGN, _MORE, _FIRST_CHARACTER = 5, 0x1F, 0x10, 0x20, 48


def encode_rle(mask: np.ndarray) -> dict[str, object]:
    """Run lengths of an (h, w) bool mask: `{"size": [h, w], "counts": str}`."""
    height, width = mask.shape
    pixels = mask.ravel(order="F")
    changes = np.flatnonzero(pixels[1:] != pixels[:-1]) + 1
    start = [0, 0] if pixels[:1].any() else [0]
    runs = np.diff(np.concatenate([start, changes, [pixels.size]]))
    return {"size": [int(height), int(width)], "counts": _characters(_differences(runs))}


def decode_rle(entry: Mapping[str, object]) -> np.ndarray:
    """(h, w) bool mask of what `encode_rle` gave.

    Raises
    ------
    DataError
        When the counts are damaged, or cover another number of pixels.
    """
    height, width = entry["size"]
    runs = _sums(_numbers(entry["counts"]))
    if (runs < 0).any() or runs.sum() != height * width:
        raise DataError(
            f"run-length mask: expected runs of {height} x {width} pixels in all (found {int(runs.sum())})"
        )
    ones = np.arange(len(runs)) % 2 == 1
    return np.repeat(ones, runs).reshape(width, height).T


def _differences(runs: np.ndarray) -> np.ndarray:
    numbers = runs.astype(np.int64)
    numbers[3:] -= runs[1:-2]
    return numbers


def _sums(numbers: np.ndarray) -> np.ndarray:
    runs = numbers.copy()
    runs[1::2] = np.cumsum(numbers[1::2])
    runs[2::2] = np.cumsum(numbers[2::2])
    return runs


def _characters(numbers: np.ndarray) -> str:
    columns, written = [], []
    rest, unfinished = numbers, np.ones(len(numbers), dtype=bool)
    while unfinished.any():
        group, rest = rest & _GROUP, rest >> _GROUP_BITS
        more = rest != np.where(group & _SIGN, -1, 0)
        columns.append(group + _MORE * more + _FIRST_CHARACTER)
        written.append(unfinished)
        unfinished = unfinished & more
    characters = np.stack(columns, axis=1)[np.stack(written, axis=1)]
    return characters.astype(np.uint8).tobytes().decode("ascii")


def _numbers(characters: str) -> np.ndarray:
    codes = np.frombuffer(characters.encode("utf-8"), dtype=np.uint8).astype(np.int64) - _FIRST_CHARACTER
    last = (codes & _MORE) == 0
    if not len(codes) or not last[-1] or codes.min() < 0 or codes.max() > (_MORE | _GROUP):
        raise DataError("run-length mask: its counts are cut short or damaged")
    ends = np.flatnonzero(last)
    starts = np.concatenate([[0], ends[:-1] + 1])
    place = np.arange(len(codes)) - np.repeat(starts, ends - starts + 1)
    if place.max() * _GROUP_BITS > 60:
        raise DataError("run-length mask: one of its counts has too many digits")
    unsigned = np.add.reduceat((codes & _GROUP) << (_GROUP_BITS * place), starts)
    negative = (codes[ends] & _SIGN) > 0
    return unsigned - np.where(negative, np.int64(1) << (_GROUP_BITS * (place[ends] + 1)), 0)
