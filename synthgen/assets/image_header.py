"""Width and height of an image from its first bytes, before anything tries to load it."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path

from synthgen.assets.record import AssetRejected

IMAGE_ENDINGS = frozenset({
    ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tga", ".tif", ".tiff", ".exr", ".hdr", ".dds", ".psd",
})  # fmt: skip
MAX_IMAGE_PX = 16384
"""Longest side of an image that is read at all: as 8-bit RGBA, that is 1 GiB."""
_ENOUGH = 1 << 18
"""Bytes in which every format says its size; a JPEG may have a preview in front of it."""


def check_image(path: Path, name: str | None = None) -> tuple[int, int]:
    """Width and height of an image file in pixels.

    Parameters
    ----------
    name : what messages call it; by default its file name

    Raises
    ------
    AssetRejected
        When it is empty, no image, or larger than `MAX_IMAGE_PX`.
    """
    with open(path, "rb") as stream:
        return check_image_bytes(stream.read(_ENOUGH), name or path.name)


def check_image_bytes(data: bytes, name: str) -> tuple[int, int]:
    """As `check_image`, from the first bytes of a file."""
    if not data:
        raise AssetRejected(f"texture {name}: is empty (0 bytes)")
    size = image_size(data) or (_tga(data) if name.lower().endswith(".tga") else None)
    if size is None or min(size) < 1:
        raise AssetRejected(f"texture {name}: is damaged or no image of a known format")
    if max(size) > MAX_IMAGE_PX:
        width, height = size
        raise AssetRejected(
            f"texture {name}: {width} x {height} px, at most {MAX_IMAGE_PX} px are read; make it smaller"
        )
    return size


def image_size(data: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels from the first bytes of an image, or None where they are no known header."""
    for magic, reader in _READERS.items():
        if data.startswith(magic):
            try:
                return reader(data)
            except (struct.error, ValueError, IndexError):
                return None
    return None


def _png(data: bytes) -> tuple[int, int]:
    return struct.unpack(">II", data[16:24])


def _jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a start of frame
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 1 if marker == 0xFF else 2 + length
    raise ValueError("no frame")


def _webp(data: bytes) -> tuple[int, int]:
    match data[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
    raise ValueError("no WebP")


def _bmp(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack("<ii", data[18:26])
    return width, abs(height)


def _tiff(data: bytes) -> tuple[int, int]:
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack(order + "I", data[4:8])
    (count,) = struct.unpack(order + "H", data[at : at + 2])
    found = {}
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind = struct.unpack(order + "HH", data[entry : entry + 4])
        width = "H" if kind == 3 else "I"
        (found[tag],) = struct.unpack_from(order + width, data, entry + 8)
    return found[256], found[257]


def _exr(data: bytes) -> tuple[int, int]:
    at = data.index(b"dataWindow\0box2i\0") + len(b"dataWindow\0box2i\0") + 4
    left, top, right, bottom = struct.unpack("<4i", data[at : at + 16])
    return right - left + 1, bottom - top + 1


def _hdr(data: bytes) -> tuple[int, int]:
    found = re.search(rb"\n[-+]Y (\d+) [-+]X (\d+)\n", data)
    if found is None:
        raise ValueError("no resolution")
    return int(found[2]), int(found[1])


def _dds(data: bytes) -> tuple[int, int]:
    height, width = struct.unpack("<II", data[12:20])
    return width, height


def _psd(data: bytes) -> tuple[int, int]:
    height, width = struct.unpack(">II", data[14:22])
    return width, height


def _tga(data: bytes) -> tuple[int, int] | None:
    # It has no magic number: a few bytes of its header can hold a few values only.
    if (
        len(data) < 18
        or data[1] > 1
        or data[2] not in (1, 2, 3, 9, 10, 11)
        or data[16] not in (8, 16, 24, 32)
    ):
        return None
    return struct.unpack("<HH", data[12:16])


_READERS: dict[bytes, Callable[[bytes], tuple[int, int]]] = {
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8": _jpeg,
    b"RIFF": _webp,
    b"BM": _bmp,
    b"II*\0": _tiff,
    b"MM\0*": _tiff,
    b"v/1\x01": _exr,
    b"#?": _hdr,
    b"DDS ": _dds,
    b"8BPS": _psd,
}
