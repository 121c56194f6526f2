"""Every codec: what comes back, how far it may be off, and what it refuses."""

from __future__ import annotations

import io

import imageio.v3 as imageio
import numpy as np
import pytest

from synthgen.errors import DataError
from synthgen.exr import read_exr
from synthgen.frame.channels import CHANNELS, DEFAULT_CHANNELS
from synthgen.pack.codecs import (
    CODEC_OF_FIELD,
    CODECS,
    DoesNotFit,
    chosen_codecs,
    decode_npy,
    encode_rgb_jpeg,
)
from synthgen.png import encode_png
from synthgen.recipe.model import PackSpec
from synthgen.seeding import rng_for

RNG = rng_for(7, "codecs")
HEIGHT, WIDTH = 48, 64


def depth_map() -> np.ndarray:
    depth = RNG.uniform(0.01, 65.5, (HEIGHT, WIDTH)).astype(np.float32)
    depth[0, :5] = np.inf
    depth[1, :3] = (0.0001, 0.0004, 65.535)
    return depth


def unit_vectors() -> np.ndarray:
    vectors = RNG.normal(size=(HEIGHT, WIDTH, 3))
    normal = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    normal[0] = 0.0
    normal[1, :2] = ((0, 0, -1), (1, 0, 0))
    return normal


PIXELS = {
    "rgb": RNG.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8),
    "depth": depth_map(),
    "normal": unit_vectors(),
    "instance": RNG.integers(0, 65536, (HEIGHT, WIDTH), dtype=np.uint32),
    "semantic": RNG.integers(0, 1200, (HEIGHT, WIDTH), dtype=np.uint16),
    "material": RNG.integers(0, 65536, (HEIGHT, WIDTH), dtype=np.uint16),
    "distance": depth_map(),
}
PIXELS["position"] = RNG.normal(size=(HEIGHT, WIDTH, 3)).astype(np.float32)
PIXELS["position"][5, :9] = np.inf
PIXELS["depth_layers"] = np.stack([depth_map() for _ in range(3)], axis=-1)
PIXELS["instance_layers"] = RNG.integers(0, 2**32, (HEIGHT, WIDTH, 3), dtype=np.uint32)
for name in ("hdr", "albedo", "diffuse_illumination", "residual"):
    PIXELS[name] = RNG.normal(0, 100, (HEIGHT, WIDTH, 3)).astype(np.float16)
    PIXELS[name][0, :3, 0] = (65504, -6e-8, np.inf)
PIXELS["shading_normal"] = unit_vectors()
PIXELS["validity"] = RNG.integers(0, 64, (HEIGHT, WIDTH), dtype=np.uint8)
PIXELS["edge"] = np.sort(np.stack([depth_map(), depth_map()], axis=-1), axis=-1)
PIXELS["disparity"] = RNG.uniform(0, 90, (HEIGHT, WIDTH)).astype(np.float32)
for direction in ("forward", "backward"):
    PIXELS[f"flow_{direction}"] = RNG.normal(0, 20, (HEIGHT, WIDTH, 2)).astype(np.float32)
    PIXELS[f"flow_{direction}"][7, 3:9] = np.inf
    PIXELS[f"occlusion_{direction}"] = RNG.integers(0, 3, (HEIGHT, WIDTH), dtype=np.uint8)
WORST = {"png16_mm": 0.5e-3 + 4e-6, "png48": 1.6e-5}


def there_and_back(field: str, pixels: np.ndarray) -> np.ndarray:
    codec = CODEC_OF_FIELD[field]
    return codec.decode(codec.encode(pixels), field)


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.field)
def test_shape_dtype_and_bytes(codec) -> None:
    pixels = PIXELS[codec.channel]
    data = codec.encode(pixels)
    assert codec.encode(pixels.copy()) == data
    decoded = codec.decode(data, "x")
    channel = CHANNELS[codec.channel]
    assert (decoded.dtype, decoded.shape) == (channel.dtype, channel.shape(HEIGHT, WIDTH, layers=3))


@pytest.mark.parametrize("codec", [c for c in CODECS if c.name != "jpeg"], ids=lambda codec: codec.field)
def test_the_worst_error_is_what_the_table_says(codec) -> None:
    pixels, decoded = PIXELS[codec.channel], there_and_back(codec.field, PIXELS[codec.channel])
    if codec.worst_error == "none":
        np.testing.assert_array_equal(decoded, pixels)
        return
    finite = np.isfinite(pixels)
    np.testing.assert_array_equal(decoded[~finite], pixels[~finite])
    error = np.abs(decoded[finite].astype(np.float64) - pixels[finite])
    normal_depth = pixels[finite] > 0.0005 if codec.channel == "depth" else np.ones(error.shape, bool)
    assert error[normal_depth].max() <= WORST[codec.name]
    assert error.max() <= 1e-3
    # The stated error is not generous either: random values come near to it.
    assert error[normal_depth].max() > 0.9 * WORST[codec.name]


def test_normals_are_exact_where_it_is_easy_and_within_their_angle_elsewhere() -> None:
    normal = PIXELS["normal"]
    decoded = there_and_back("normal.png", normal).astype(np.float64)
    np.testing.assert_array_equal(decoded[0], normal[0])
    np.testing.assert_array_equal(decoded[1, :2], normal[1, :2])
    sine = np.linalg.norm(np.cross(decoded[1:], normal[1:].astype(np.float64)), axis=-1)
    assert np.degrees(np.arcsin(sine)).max() < 0.0016


def test_the_normal_png_is_a_plain_16_bit_rgb_png() -> None:
    data = CODEC_OF_FIELD["normal.png"].encode(PIXELS["normal"])
    assert data[24:26] == bytes([16, 2])
    eight_bits = imageio.imread(io.BytesIO(data), extension=".png", plugin="pillow")
    expected = (np.rint(PIXELS["normal"].astype(np.float64) * 32767) + 32768).astype(int) >> 8
    np.testing.assert_array_equal(eight_bits, expected)


def test_millimetres_are_rounded_and_nothing_finite_becomes_zero() -> None:
    depth = np.array([[1.0004, 1.0006, 0.0001, np.inf]], np.float32)
    data = CODEC_OF_FIELD["depth.png"].encode(depth)
    stored = imageio.imread(io.BytesIO(data), extension=".png", plugin="pillow")
    assert stored.tolist() == [[1000, 1001, 1, 0]]


def test_every_millimetre_is_the_float32_nearest_to_it() -> None:
    metres = (np.arange(1, 65536) / 1000.0).astype(np.float32).reshape(-1, 255)
    np.testing.assert_array_equal(there_and_back("depth.png", metres), metres)


def test_jpeg_keeps_smooth_pictures_closely() -> None:
    ramp = np.linspace(0, 255, 64).astype(np.uint8)
    rgb = np.stack(np.broadcast_arrays(ramp[None, :], ramp[:48, None], np.uint8(90)), axis=-1)
    decoded = CODEC_OF_FIELD["rgb.jpg"].decode(encode_rgb_jpeg(rgb, 95), "x").astype(int)
    assert np.abs(decoded - rgb).mean() < 2
    assert len(encode_rgb_jpeg(PIXELS["rgb"], 50)) < len(encode_rgb_jpeg(PIXELS["rgb"], 95))


def test_depth_beyond_millimetres_is_refused_with_numbers() -> None:
    depth = np.full((4, 4), 2.0, np.float32)
    depth[1, :3] = (65.536, 70.0, 812.5)
    with pytest.raises(DoesNotFit, match=r"3 pixels beyond 65\.535 m, the farthest at 812\.50 m"):
        CODEC_OF_FIELD["depth.png"].encode(depth)
    assert there_and_back("depth.npy", depth).max() == 812.5
    assert there_and_back("depth.exr", depth).max() == 812.5


@pytest.mark.parametrize("field", ["depth.png", "depth.npy", "depth.exr"])
def test_depth_that_is_no_number_is_refused(field: str) -> None:
    depth = np.full((4, 4), 2.0, np.float32)
    depth[2, 2] = np.nan
    with pytest.raises(DataError, match="no NaN"):
        CODEC_OF_FIELD[field].encode(depth)


def test_ids_beyond_16_bits_are_refused() -> None:
    with pytest.raises(DoesNotFit, match="ids up to 65536"):
        CODEC_OF_FIELD["seg.png"].encode(np.array([[65536]], np.uint32))


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.field)
@pytest.mark.parametrize("kept", [0, 20, 0.5, 0.98])
def test_cut_content_is_an_error_that_names_it(codec, kept: float) -> None:
    data = codec.encode(PIXELS[codec.channel])
    part = data[: kept if isinstance(kept, int) else int(len(data) * kept)]
    with pytest.raises(DataError, match=r"here\.x: "):
        codec.decode(part, "here.x")


@pytest.mark.parametrize("field", [codec.field for codec in CODECS if codec.field.endswith(".png")])
def test_every_flipped_bit_of_a_png_is_noticed(field: str) -> None:
    codec = CODEC_OF_FIELD[field]
    data = codec.encode(PIXELS[codec.channel][:6])
    for position in range(0, len(data), max(1, len(data) // 60)):
        spoiled = bytearray(data)
        spoiled[position] ^= 1 << (position % 8)
        with pytest.raises(DataError):
            codec.decode(bytes(spoiled), "x")


@pytest.mark.parametrize("name", ["position", "edge", "flow_forward", "flow_backward", "disparity"])
def test_numbers_that_are_none_are_refused(name: str) -> None:
    pixels = PIXELS[name].copy()
    pixels[4, 4] = np.nan
    with pytest.raises(DataError, match=r"expected no NaN \(found \d values?\)"):
        CODEC_OF_FIELD[f"{name}.npy"].encode(pixels)


def test_light_is_an_exr_of_half_floats_that_any_viewer_opens() -> None:
    channels = read_exr(CODEC_OF_FIELD["hdr.exr"].encode(PIXELS["hdr"]))
    assert {name: pixels.dtype for name, pixels in channels.items()} == dict.fromkeys("RGB", np.float16)
    assert channels["G"].tobytes() == PIXELS["hdr"][..., 1].tobytes()
    with pytest.raises(DataError, match=r"x: expected the channels R, G, B \(found Y\)"):
        CODEC_OF_FIELD["hdr.exr"].decode(CODEC_OF_FIELD["depth.exr"].encode(PIXELS["depth"]), "x")


@pytest.mark.parametrize("field", ["validity.png", "occlusion_forward.png", "material.png"])
def test_a_png_of_other_bits_is_refused(field: str) -> None:
    codec = CODEC_OF_FIELD[field]
    other = np.uint8 if CHANNELS[codec.channel].dtype == "uint16" else np.uint16
    with pytest.raises(DataError, match=r"x: expected a grey (8|16)-bit PNG \(got uint(16|8)"):
        codec.decode(encode_png(np.ones((4, 4), other)), "x")


def test_every_channel_has_a_codec_and_every_codec_its_place_among_the_members() -> None:
    chosen = chosen_codecs(PackSpec(lossless_depth=True), CHANNELS)
    assert {codec.channel for codec in chosen} == set(CHANNELS)
    for settings in (PackSpec(rgb="jpeg"), PackSpec(depth="exr_float")):
        chosen += chosen_codecs(settings, CHANNELS)
    assert {codec.field for codec in chosen} == set(CODEC_OF_FIELD)


def test_npy_never_unpickles() -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match=r"whole \.npy"):
        decode_npy(buffer.getvalue(), "x")


@pytest.mark.parametrize(
    ("settings", "fields"),
    [
        ({}, ["rgb.png", "depth.png", "normal.png", "seg.png", "semantic.png"]),
        ({"rgb": "jpeg", "lossless_depth": True},
         ["rgb.jpg", "depth.png", "depth.npy", "normal.png", "seg.png", "semantic.png"]),
        ({"depth": "npy_f32", "lossless_depth": True},
         ["rgb.png", "depth.npy", "normal.png", "seg.png", "semantic.png"]),
        ({"depth": "exr_float"}, ["rgb.png", "depth.exr", "normal.png", "seg.png", "semantic.png"]),
    ],
)  # fmt: skip
def test_settings_choose_the_members(settings: dict, fields: list[str]) -> None:
    chosen = chosen_codecs(PackSpec(**settings), reversed(DEFAULT_CHANNELS))
    assert [codec.field for codec in chosen] == fields


def test_jpeg_quality_comes_from_the_settings() -> None:
    def size(quality: int) -> int:
        (codec,) = chosen_codecs(PackSpec(rgb="jpeg", jpeg_quality=quality), ["rgb"])
        return len(codec.encode(PIXELS["rgb"]))

    assert size(40) < size(80) < size(98)
