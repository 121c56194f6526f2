"""The `webdataset` package reads our tars; its usual decoders destroy depth, ours keeps it."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest

from synthgen.frame.channels import CHANNELS
from synthgen.load.dataset import open_dataset
from synthgen.load.decode import decode_member
from synthgen.pack.codecs import chosen_codecs
from synthgen.recipe.model import PackSpec

wds = pytest.importorskip("webdataset")
# The package leaves the files of finished shards to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def samples(shipped: Path, *decoders: object) -> list[dict[str, object]]:
    pattern = str(shipped / "shards/train-{00000..00003}.tar")
    found = list(wds.WebDataset(pattern, shardshuffle=False).decode(*decoders))
    gc.collect()
    return found


def test_every_sample_comes_whole(shipped: Path) -> None:
    found = samples(shipped, decode_member)
    frames = open_dataset(shipped, split="train")
    assert [sample["__key__"] for sample in found] == list(frames.keys)
    for sample, frame in zip(found, frames):
        np.testing.assert_array_equal(sample["rgb.png"], frame["rgb"])
        np.testing.assert_array_equal(sample["depth.npy"], frame["depth"])
        np.testing.assert_array_equal(sample["normal.png"], frame["normal"])
        np.testing.assert_array_equal(sample["seg.png"], frame["instance"])
        np.testing.assert_array_equal(sample["semantic.png"], frame["semantic"])
        hit = np.isfinite(frame["depth"])
        assert np.array_equal(np.isfinite(sample["depth.png"]), hit)
        assert np.abs(sample["depth.png"][hit] - frame["depth"][hit]).max() <= 0.5e-3 + 4e-6
        np.testing.assert_array_equal(
            np.reshape(sample["camera.json"]["cam_K"], (3, 3)), frame["camera"]["K"]
        )
        assert sample["meta.json"] == frame["meta"]


def test_every_channel_is_decoded(shipped_whole: Path) -> None:
    found = list(wds.WebDataset(str(shipped_whole / "shards/train-00000.tar"), shardshuffle=False)
                 .decode(decode_member))  # fmt: skip
    gc.collect()
    for sample, frame in zip(found, open_dataset(shipped_whole, format="webdataset"), strict=True):
        for name in CHANNELS:
            (codec,) = chosen_codecs(PackSpec(depth="npy_f32"), [name])
            np.testing.assert_array_equal(sample[codec.field], frame[name], err_msg=name)


def test_the_trap_that_the_documentation_warns_of(shipped: Path) -> None:
    """`.decode("rgb8")` gives depth as 8-bit RGB; should this test fail, the warning can go."""
    (spoiled, *_), (whole, *_) = samples(shipped, "rgb8"), samples(shipped, decode_member)
    assert (spoiled["depth.png"].dtype, spoiled["depth.png"].shape) == (np.uint8, (48, 64, 3))
    assert len(np.unique(spoiled["depth.png"])) < len(np.unique(whole["depth.png"])) / 2


def test_ours_goes_before_theirs(shipped: Path) -> None:
    """Given first, our decoder leaves what it does not know to the next."""
    (sample, *_) = samples(shipped, decode_member, "rgb8")
    assert sample["depth.png"].dtype == np.float32
    assert sample["camera.json"]["pixel_center"] == 0.5
