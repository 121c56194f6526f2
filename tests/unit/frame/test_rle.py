"""Run-length masks: there and back, and against COCO's own tools."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.errors import DataError
from synthgen.frame.rle import decode_rle, encode_rle


def _blobs(height: int, width: int, seed: int) -> np.ndarray:
    """A few ellipses: what masks of objects look like."""
    rng = np.random.Generator(np.random.PCG64(seed))
    y, x = np.mgrid[:height, :width]
    mask = np.zeros((height, width), dtype=bool)
    for _ in range(6):
        cy, cx, ry, rx = rng.uniform((0, 0, 2, 2), (height, width, height / 3, width / 3))
        mask ^= ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 < 1
    return mask


def _masks() -> dict[str, np.ndarray]:
    rng = np.random.Generator(np.random.PCG64(7))
    masks = {
        "nothing": np.zeros((5, 7), dtype=bool),
        "everything": np.ones((5, 7), dtype=bool),
        "one_pixel_off": np.zeros((1, 1), dtype=bool),
        "one_pixel_on": np.ones((1, 1), dtype=bool),
        "first_pixel": np.arange(12).reshape(3, 4) == 0,
        "last_pixel": np.arange(12).reshape(3, 4) == 11,
        "checkerboard": np.indices((9, 8)).sum(axis=0) % 2 == 1,
        "one_row": np.arange(40)[None] % 3 == 0,
        "one_column": np.arange(40)[:, None] % 5 > 1,
        "runs_above_a_million": np.arange(3_000_000).reshape(2000, 1500) % 1_500_000 == 17,
        "blobs": _blobs(480, 640, 1),
        "fewer_blobs": _blobs(48, 64, 2),
    }
    for share in (0.01, 0.3, 0.99):
        masks[f"noise_{share}"] = rng.uniform(size=(61, 43)) < share
    return masks


MASKS = _masks()
PAIRS = pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS.keys())


@PAIRS
def test_there_and_back(mask: np.ndarray) -> None:
    entry = encode_rle(mask)
    back = decode_rle(entry)
    assert back.dtype == bool
    np.testing.assert_array_equal(back, mask)
    assert entry["size"] == list(mask.shape)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools on numpy 2
@PAIRS
def test_as_coco_writes_and_reads_it(mask: np.ndarray) -> None:
    coco = pytest.importorskip("pycocotools.mask")
    entry = encode_rle(mask)
    theirs = coco.encode(np.asfortranarray(mask, dtype=np.uint8))
    assert entry == {"size": theirs["size"], "counts": theirs["counts"].decode("ascii")}
    np.testing.assert_array_equal(coco.decode(entry).astype(bool), mask)
    assert coco.area(entry) == mask.sum()


def test_a_mask_by_hand() -> None:
    # Columns 011 110: runs 1 4 1. The fourth count would be the first difference.
    assert encode_rle(np.array([[0, 1], [1, 1], [1, 0]], dtype=bool)) == {"size": [3, 2], "counts": "141"}
    # Runs 0 1 40 2: "0", "1", 40 = 8 + 1 * 32 in two groups, 2 - 1 = 1.
    column = np.zeros((43, 1), dtype=bool)
    column[[0, 41, 42]] = True
    assert encode_rle(column) == {"size": [43, 1], "counts": "01X11"}
    assert decode_rle({"size": [43, 1], "counts": "01X11"})[:, 0].nonzero()[0].tolist() == [0, 41, 42]


def test_views_that_are_not_contiguous_encode_alike() -> None:
    mask = MASKS["blobs"]
    assert encode_rle(mask[::2, ::-3]) == encode_rle(mask[::2, ::-3].copy())


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"size": [3, 2], "counts": "14"}, r"expected runs of 3 x 2 pixels in all \(found 5\)"),
        ({"size": [3, 2], "counts": "14X"}, "cut short or damaged"),
        ({"size": [3, 2], "counts": ""}, "cut short or damaged"),
        ({"size": [3, 2], "counts": "1 4"}, "cut short or damaged"),
        ({"size": [3, 2], "counts": "14é"}, "cut short or damaged"),
        ({"size": [3, 2], "counts": "X" * 20 + "1"}, "too many digits"),
        ({"size": [1, 2], "counts": "3O"}, r"expected runs of 1 x 2 pixels in all \(found 2\)"),
    ],
)
def test_damaged_counts_are_refused(entry: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        decode_rle(entry)
