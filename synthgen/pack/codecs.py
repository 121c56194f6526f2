"""How each channel becomes bytes in a shard, and back. One row of `CODECS` is one codec.

Every codec states its worst error; tests measure it. A value that a codec cannot hold stops the pack with
`DoesNotFit` instead of being clipped. How to choose, and what other readers make of each: docs/formats.md.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import imageio.v3 as imageio
import numpy as np

from synthgen.errors import DataError, UsageError
from synthgen.exr import encode_exr, read_exr
from synthgen.pack.png48 import check_png, decode_png48, encode_png48
from synthgen.png import RGB_LEVEL, decode_png, encode_png

if TYPE_CHECKING:
    from synthgen.recipe.model import PackSpec

MAX_DEPTH_MM = 65535
MAX_ID = 65535
NORMAL_ZERO = 32768
NORMAL_SCALE = 32767
JPEG_QUALITY = 95
DEPTH_LEVEL = 4
"""zlib level of depth: 6 takes 2.2 times as long and saves 7 %."""


class DoesNotFit(UsageError):
    """A value of a frame lies outside of what the chosen codec can hold."""


@dataclass(frozen=True, slots=True)
class Codec:
    """One way to keep one channel.

    Attributes
    ----------
    name : the word for it in recipes and manifests
    field : the ending of its member in a tar, `depth.png` in `<key>.depth.png`
    stored : what lies in the file
    worst_error : largest difference between what went in and what comes out
    encode : array of the catalogue's dtype -> bytes
    decode : (bytes, name for errors) -> array of the catalogue's dtype
    column : the column of plain numbers in Parquet, flattened; empty where the file itself is the cell
    """

    name: str
    channel: str
    field: str
    stored: str
    worst_error: str
    encode: Callable[[np.ndarray], bytes]
    decode: Callable[[bytes, str], np.ndarray]
    column: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether its cell in Parquet is a file that every viewer opens."""
        return not self.column and self.field.endswith((".png", ".jpg"))


def encode_depth_mm(depth: np.ndarray) -> bytes:
    """PNG of uint16 millimetres, rounded, from (h, w) float32 metres; 0 where the depth is +inf.

    A finite depth below half a millimetre becomes 1, so that 0 always means that nothing is hit.

    Raises
    ------
    DoesNotFit
        When a finite depth exceeds 65.535 m.
    """
    hit = _finite_mask(depth)
    millimetres = np.rint(np.where(hit, depth, 0.0).astype(np.float64) * 1000.0)
    beyond = millimetres > MAX_DEPTH_MM
    if beyond.any():
        largest = float(depth[beyond].max())
        raise DoesNotFit(f"{int(beyond.sum())} pixels beyond 65.535 m, the farthest at {largest:.2f} m")
    stored = np.where(hit, np.maximum(millimetres, 1), 0).astype(np.uint16)
    return encode_png(stored, DEPTH_LEVEL)


def decode_depth_mm(data: bytes, source: str) -> np.ndarray:
    """(h, w) float32 metres from uint16 millimetres; 0 becomes +inf."""
    millimetres = _decode_grey(data, source, 16)
    # Both are exact in float32, so the quotient is the float32 nearest to it: 1234 gives that of 1.234.
    depth = np.divide(millimetres, np.float32(1000.0), dtype=np.float32)
    depth[millimetres == 0] = np.inf
    return depth


def encode_npy(pixels: np.ndarray) -> bytes:
    """NumPy's own file format, version 1.0, without pickles."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(pixels), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def decode_npy(data: bytes, source: str) -> np.ndarray:
    """The array of a `.npy` file. Raises `DataError` when it is cut or holds Python objects."""
    return _read_npy(data, source).astype(np.float32, copy=False)


def decode_npy_ids(data: bytes, source: str) -> np.ndarray:
    """uint32 ids of a `.npy` file. Raises `DataError` like `decode_npy`."""
    return _read_npy(data, source).astype(np.uint32, copy=False)


def encode_depth_npy(depth: np.ndarray) -> bytes:
    """`.npy` of (h, w) float32 metres, +inf kept. Raises `DataError` on NaN."""
    _finite_mask(depth)
    return encode_npy(depth)


def encode_numbers(pixels: np.ndarray) -> bytes:
    """`.npy` of float32 of any shape, +inf kept. Raises `DataError` on NaN."""
    if np.isnan(pixels).any():
        raise DataError(f"numbers: expected no NaN (found {int(np.isnan(pixels).sum())} values)")
    return encode_npy(pixels)


def encode_light(light: np.ndarray) -> bytes:
    """EXR with the channels R, G, B, HALF, ZIP, from (h, w, 3) float16: what every viewer of HDR opens."""
    return encode_exr({name: light[..., index] for index, name in enumerate("RGB")})


def decode_light(data: bytes, source: str) -> np.ndarray:
    """(h, w, 3) float16 from `encode_light`, every bit as it was."""
    channels = read_exr(data, source)
    if not set("RGB") <= set(channels):
        raise DataError(f"{source}: expected the channels R, G, B (found {', '.join(channels)})")
    return np.stack([channels[name] for name in "RGB"], axis=-1).astype(np.float16, copy=False)


def encode_depth_exr(depth: np.ndarray) -> bytes:
    """EXR with the one channel `Y`, FLOAT, ZIP: the only name that OpenCV reads as depth."""
    _finite_mask(depth)
    return encode_exr({"Y": depth})


def decode_depth_exr(data: bytes, source: str) -> np.ndarray:
    """(h, w) float32 metres from an EXR with the channel `Y`."""
    channels = read_exr(data, source)
    if "Y" not in channels:
        raise DataError(f"{source}: expected the channel Y (found {', '.join(channels)})")
    return channels["Y"].astype(np.float32, copy=False)


def encode_normal(normal: np.ndarray) -> bytes:
    """PNG of 3 x 16 bits from (h, w, 3) float32: 32768 + 32767 n, so 0 and +-1 are exact and sky is grey."""
    scaled = np.rint(np.clip(normal.astype(np.float64), -1.0, 1.0) * NORMAL_SCALE) + NORMAL_ZERO
    return encode_png48(scaled.astype(np.uint16))


def decode_normal(data: bytes, source: str) -> np.ndarray:
    """(h, w, 3) float32 from `encode_normal`; unit length to 3e-5, (0, 0, 0) where nothing is hit."""
    centred = decode_png48(data, source).astype(np.float32) - np.float32(NORMAL_ZERO)
    return centred / np.float32(NORMAL_SCALE)


def encode_ids(ids: np.ndarray) -> bytes:
    """PNG of uint16 ids. Raises `DoesNotFit` on an id above 65535."""
    if int(ids.max(initial=0)) > MAX_ID:
        raise DoesNotFit(f"ids up to {int(ids.max())}, and a 16-bit PNG holds ids up to {MAX_ID}")
    return encode_png(ids.astype(np.uint16))


def decode_instance(data: bytes, source: str) -> np.ndarray:
    """(h, w) uint32 ids."""
    return _decode_grey(data, source, 16).astype(np.uint32)


def decode_semantic(data: bytes, source: str) -> np.ndarray:
    """(h, w) uint16 ids of classes or materials."""
    return _decode_grey(data, source, 16)


def decode_grey8(data: bytes, source: str) -> np.ndarray:
    """(h, w) uint8 bits or codes."""
    return _decode_grey(data, source, 8)


def encode_rgb_png(rgb: np.ndarray) -> bytes:
    """PNG of (h, w, 3) uint8."""
    return encode_png(rgb, RGB_LEVEL)


def decode_rgb_png(data: bytes, source: str) -> np.ndarray:
    """(h, w, 3) uint8."""
    check_png(data, source)
    return decode_png(data, source)


def encode_rgb_jpeg(rgb: np.ndarray, quality: int = JPEG_QUALITY) -> bytes:
    """JPEG of (h, w, 3) uint8 without chroma subsampling: colour edges stay where the depth edges are."""
    return imageio.imwrite("<bytes>", rgb, extension=".jpg", plugin="pillow", quality=quality, subsampling=0)


def decode_rgb_jpeg(data: bytes, source: str) -> np.ndarray:
    """(h, w, 3) uint8. Raises `DataError` when the file is cut."""
    if data[-2:] != b"\xff\xd9":
        raise DataError(f"{source}: expected a whole JPEG file (its end marker is missing)")
    try:
        return imageio.imread(io.BytesIO(data), extension=".jpg", plugin="pillow")
    except (OSError, SyntaxError, ValueError) as error:
        raise DataError(f"{source}: expected a whole JPEG file ({error})") from None


CODECS: tuple[Codec, ...] = (
    Codec("png", "rgb", "rgb.png", "8-bit RGB PNG, the frame's own bytes", "none",
          encode_rgb_png, decode_rgb_png),
    Codec("jpeg", "rgb", "rgb.jpg", "JPEG, 4:4:4", "lossy; about 2 code values on average at quality 95",
          encode_rgb_jpeg, decode_rgb_jpeg),
    Codec("npy_f32", "depth", "depth.npy", "float32 metres, +inf where nothing is hit", "none",
          encode_depth_npy, decode_npy, "depth_m"),
    Codec("exr_float", "depth", "depth.exr", "EXR channel Y, float32 metres, +inf where nothing is hit",
          "none", encode_depth_exr, decode_depth_exr, "depth_m"),
    Codec("png16_mm", "depth", "depth.png", "16-bit PNG, millimetres, 0 where nothing is hit",
          "0.5 mm; 1 mm below 0.5 mm", encode_depth_mm, decode_depth_mm),
    Codec("png48", "normal", "normal.png", "PNG of 3 x 16 bits, 32768 + 32767 n, 32768 where nothing is hit",
          "1.6e-5 per component, 0.0016 degrees", encode_normal, decode_normal),
    Codec("png16", "instance", "seg.png", "16-bit PNG, id", "none", encode_ids, decode_instance),
    Codec("png16", "semantic", "semantic.png", "16-bit PNG, class id", "none", encode_ids, decode_semantic),
    Codec("npy", "distance", "distance.npy", "float32 metres, +inf where nothing is hit", "none",
          encode_numbers, decode_npy, "distance_m"),
    Codec("npy", "position", "position.npy", "float32 metres X, Y, Z, +inf where nothing is hit", "none",
          encode_numbers, decode_npy, "position_m"),
    Codec("npy", "depth_layers", "depth_layers.npy", "float32 metres (h, w, K), +inf past the last surface",
          "none", encode_numbers, decode_npy, "depth_layers_m"),
    Codec("npy", "instance_layers", "instance_layers.npy", "uint32 ids (h, w, K)", "none",
          encode_npy, decode_npy_ids, "instance_layers"),
    Codec("png16", "material", "material.png", "16-bit PNG, id", "none", encode_ids, decode_semantic),
    *(Codec("exr_half", name, f"{name}.exr", "EXR channels R, G, B, float16", "none",
            encode_light, decode_light)
      for name in ("hdr", "albedo", "diffuse_illumination", "residual")),
    Codec("png48", "shading_normal", "shading_normal.png",
          "PNG of 3 x 16 bits, 32768 + 32767 n, 32768 where nothing is hit",
          "1.6e-5 per component, 0.0016 degrees", encode_normal, decode_normal),
    *(Codec("png8", name, f"{name}.png", f"8-bit grey PNG, {stored}", "none", encode_png, decode_grey8)
      for name, stored in (("validity", "sum of bits"), ("occlusion_forward", "code"),
                           ("occlusion_backward", "code"))),
    Codec("npy", "edge", "edge.npy", "float32 metres min, max, +inf where nothing is hit", "none",
          encode_numbers, decode_npy, "edge_m"),
    *(Codec("npy", name, f"{name}.npy", "float32 pixels X, Y, +inf where that lens cannot see the point",
            "none", encode_numbers, decode_npy, f"{name}_px")
      for name in ("flow_forward", "flow_backward")),
    Codec("npy", "disparity", "disparity.npy", "float32 pixels, 0 where nothing is hit", "none",
          encode_numbers, decode_npy, "disparity_px"),
)  # fmt: skip
"""All codecs; where a sample has two of one channel, readers take the earlier row, which is the exact one."""

CODEC_OF_FIELD: dict[str, Codec] = {codec.field: codec for codec in CODECS}


def chosen_codecs(settings: PackSpec, channels: Iterable[str]) -> tuple[Codec, ...]:
    """The codecs of a pack, in the order of the members of a sample.

    With `lossless_depth` a depth channel has two: the 16-bit PNG and float32 beside it.
    """
    names = {settings.rgb, settings.depth, "png8", "png16", "png48", "npy", "exr_half"}
    if settings.lossless_depth and settings.depth == "png16_mm":
        names.add("npy_f32")
    wanted = set(channels)
    chosen = [codec for codec in CODECS if codec.name in names and codec.channel in wanted]
    quality = settings.jpeg_quality
    tuned = (
        replace(codec, encode=partial(encode_rgb_jpeg, quality=quality)) if codec.name == "jpeg" else codec
        for codec in chosen
    )
    return tuple(sorted(tuned, key=lambda codec: _MEMBER_ORDER.index(codec.field)))


_MEMBER_ORDER = (
    "rgb.png", "rgb.jpg", "depth.png", "depth.exr", "depth.npy", "normal.png", "seg.png", "semantic.png",
    "distance.npy", "position.npy", "material.png", "depth_layers.npy", "instance_layers.npy",
    "hdr.exr", "albedo.exr", "diffuse_illumination.exr", "residual.exr", "shading_normal.png", "validity.png",
    "edge.npy", "flow_forward.npy", "flow_backward.npy", "occlusion_forward.png", "occlusion_backward.png",
    "disparity.npy",
)  # fmt: skip


def _read_npy(data: bytes, source: str) -> np.ndarray:
    try:
        return np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataError(f"{source}: expected a whole .npy file ({error})") from None


def _finite_mask(depth: np.ndarray) -> np.ndarray:
    if np.isnan(depth).any():
        raise DataError(f"depth: expected no NaN (found {int(np.isnan(depth).sum())} pixels)")
    return np.isfinite(depth)


def _decode_grey(data: bytes, source: str, bits: int) -> np.ndarray:
    check_png(data, source)
    pixels = decode_png(data, source)
    if pixels.dtype != f"uint{bits}" or pixels.ndim != 2:
        raise DataError(f"{source}: expected a grey {bits}-bit PNG (got {pixels.dtype}, {pixels.shape})")
    return pixels
