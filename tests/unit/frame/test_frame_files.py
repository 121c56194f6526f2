"""Frames on disk: the same bytes every time, the same arrays back, and damage that is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from synthgen.errors import DataError
from synthgen.exr import encode_exr, read_exr
from synthgen.frame.bundle import FrameBundle
from synthgen.frame.channels import CHANNELS, Channel
from synthgen.frame.store import FRAME_ENDINGS, encode_frame, frame_path, read_frame, write_frame
from synthgen.seeding import rng_for, seed_for
from synthgen.storage import Storage, open_storage
from synthgen.testing.analytic import analytic_bundle, analytic_job


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """A folder with one frame."""
    job, storage = analytic_job(), open_storage(tmp_path)
    write_frame(storage, analytic_bundle(job, job.views[0]))
    return storage


def test_a_frame_comes_back_bit_by_bit(storage: Storage) -> None:
    job = analytic_job()
    bundle = analytic_bundle(job, job.views[0])
    frame = read_frame(storage, 0, 0)
    for name, pixels in bundle.channels.items():
        assert frame[name].dtype == pixels.dtype
        np.testing.assert_array_equal(frame[name], pixels)
    np.testing.assert_array_equal(frame["camera"]["world_from_camera"], bundle.world_from_camera)
    assert encode_frame(bundle) == encode_frame(analytic_bundle(job, job.views[0]))


def noise(channel: Channel) -> np.ndarray:
    """Any bits that the channel's dtype can hold, NaN apart: a store has nothing to say about them."""
    shape = channel.shape(48, 64, layers=2)
    bits = rng_for(7, channel.name).integers(0, 256, (*shape, np.dtype(channel.dtype).itemsize), np.uint8)
    pixels = bits.view(channel.dtype)[..., 0]
    return np.nan_to_num(pixels, nan=np.inf, posinf=np.inf, neginf=-np.inf)


@pytest.fixture
def noisy(storage: Storage) -> FrameBundle:
    """The frame of the folder, with every channel of the catalogue."""
    job = analytic_job()
    bundle = analytic_bundle(job, job.views[0])
    bundle = replace(bundle, channels={name: noise(channel) for name, channel in CHANNELS.items()})
    write_frame(storage, bundle)
    return bundle


def test_every_channel_comes_back_bit_by_bit(storage: Storage, noisy: FrameBundle) -> None:
    assert set(encode_frame(noisy)) == {frame_path(0, 0, ending) for ending in FRAME_ENDINGS}
    frame = read_frame(storage, 0, 0)
    for name, pixels in noisy.channels.items():
        assert frame[name].dtype == CHANNELS[name].dtype
        assert frame[name].tobytes() == pixels.tobytes(), name
    light = read_exr(storage.read_bytes(frame_path(0, 0, "hdr.exr")))
    assert {pixels.dtype for pixels in light.values()} == {np.dtype(np.float16)}
    assert {name.partition(".")[0] for name in light} == {"hdr", "albedo", "diffuse_illumination", "residual"}


@pytest.mark.parametrize("ending", [ending for ending in FRAME_ENDINGS if ending != "json"])
def test_only_the_files_that_hold_a_channel_are_read(
    storage: Storage, noisy: FrameBundle, ending: str
) -> None:
    storage.delete(frame_path(0, 0, ending))
    for name, channel in CHANNELS.items():
        if channel.ending == ending:
            with pytest.raises(DataError, match=ending):
                read_frame(storage, 0, 0, [name])
        else:
            assert read_frame(storage, 0, 0, [name])[name].tobytes() == noisy.channels[name].tobytes()


@pytest.mark.parametrize(
    ("channels", "endings"),
    [
        (("rgb",), ["rgb.png", "json"]),
        (("hdr",), ["hdr.exr", "json"]),
        (("flow_forward", "residual"), ["hdr.exr", "truth.exr", "json"]),
    ],
)
def test_a_frame_has_the_files_that_its_channels_need(channels: tuple[str, ...], endings: list[str]) -> None:
    job = analytic_job()
    bundle = replace(
        analytic_bundle(job, job.views[0]), channels={name: noise(CHANNELS[name]) for name in channels}
    )
    assert list(encode_frame(bundle)) == [frame_path(0, 0, ending) for ending in endings]


@pytest.mark.parametrize("ending", FRAME_ENDINGS)
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.9])
def test_a_truncated_file_is_named(storage: Storage, noisy: FrameBundle, ending: str, kept: float) -> None:
    path = f"frames/scene000000/view000.{ending}"
    data = storage.read_bytes(path)
    storage.write_bytes(path, data[: int(len(data) * kept)])
    with pytest.raises(DataError, match=rf"view000\.{ending}: expected "):
        read_frame(storage, 0, 0)


def test_metadata_that_lacks_something_is_named(storage: Storage) -> None:
    path = "frames/scene000000/view000.json"
    meta = json.loads(storage.read_text(path))
    del meta["camera"], meta["split"]
    storage.write_text(path, json.dumps(meta))
    with pytest.raises(DataError, match=r"view000\.json: expected the metadata .*found no split, camera"):
        read_frame(storage, 0, 0)
    storage.write_text(path, json.dumps({**meta, "schema_version": 2}))
    with pytest.raises(DataError, match=r"expected schema_version 1 \(got 2\)"):
        read_frame(storage, 0, 0)


def test_exr_keeps_every_bit(tmp_path: Path) -> None:
    bits = np.array([[0.1, np.inf], [1e-40, -0.0]], np.float32)
    ids = np.array([[0, 1], [2**32 - 1, 2**24 + 1]], np.uint32)
    data = encode_exr({"depth": bits, "id": ids})
    assert data == encode_exr({"depth": bits, "id": ids})
    back = read_exr(data)
    assert back["depth"].tobytes() == bits.tobytes()
    np.testing.assert_array_equal(back["id"], ids)
    with pytest.raises(DataError, match=r"nothing\.exr: expected a whole OpenEXR file"):
        read_exr(tmp_path / "nothing.exr")


def test_random_numbers_go_by_name() -> None:
    assert seed_for(7, "scene", 12) == 3055987424137783875  # every dataset stands on this number
    assert rng_for(7, "a").random() == rng_for(7, "a").random()
    assert (
        len(
            {seed_for(7, "a"), seed_for(8, "a"), seed_for(7, "b"), seed_for(7, "a", 0), seed_for(7, "a", "0")}
        )
        == 5
    )


@pytest.mark.parametrize("kept", [0.05, 0.3, 0.6, 0.95])
def test_an_exr_that_is_cut_short_says_so(kept: float) -> None:
    noise = np.random.default_rng(0).random((64, 48), dtype=np.float32)
    data = encode_exr({"depth": noise})
    with pytest.raises(DataError, match=r"view\.exr: expected a whole OpenEXR file"):
        read_exr(data[: int(kept * len(data))], "view.exr")


def test_an_exr_with_a_flipped_byte_says_so() -> None:
    # zlib sums up what it packs; pixels that do not get smaller are stored plain, there only records tell.
    data = bytearray(encode_exr({"depth": np.linspace(1, 2, 64 * 48, dtype=np.float32).reshape(48, 64)}))
    data[len(data) // 2] ^= 1
    with pytest.raises(DataError, match=r"expected a whole OpenEXR file .*cut short or damaged"):
        read_exr(bytes(data))
