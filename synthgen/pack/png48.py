"""RGB PNG with 16 bits per component, which pillow cannot write and reads as 8 bits.

Every row carries the filter "up" (difference to the row above, PNG specification section 9.2), so that numpy
undoes the filter of a whole picture in one step. Any PNG reader with 16-bit support opens the files; the
reader here opens only what the writer made.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from synthgen.errors import DataError

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">IIBBBBB")
_RGB = 2
_UP = 2
_LEVEL = 3
"""zlib level: 6 takes 1.6 times as long and saves 7 % on curved things, nothing on flat ones."""


def encode_png48(pixels: np.ndarray) -> bytes:
    """Encode (h, w, 3) uint16 as PNG; equal pixels give equal bytes."""
    height, width = pixels.shape[:2]
    rows = pixels.astype(">u2").view(np.uint8).reshape(height, width * 6)
    filtered = np.empty((height, width * 6 + 1), np.uint8)
    filtered[:, 0] = _UP
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    header = _HEADER.pack(width, height, 16, _RGB, 0, 0, 0)
    body = zlib.compress(filtered, _LEVEL)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def decode_png48(data: bytes, source: str = "PNG") -> np.ndarray:
    """Decode what `encode_png48` made to (h, w, 3) uint16.

    Raises
    ------
    DataError
        When the bytes are damaged or another kind of PNG; the message names `source`.
    """
    chunks = check_png(data, source)
    width, height, bits, kind, *_ = _HEADER.unpack(chunks[b"IHDR"])
    if (bits, kind) != (16, _RGB):
        raise DataError(f"{source}: expected a PNG of 16-bit RGB (got {bits} bits, colour type {kind})")
    try:
        raw = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width * 6 + 1)
    except (zlib.error, ValueError) as error:
        raise DataError(f"{source}: expected whole PNG rows ({error})") from None
    if (raw[:, 0] != _UP).any():
        raise DataError(f"{source}: expected PNG rows with the filter 'up'; synthgen did not write this file")
    rows = np.add.accumulate(raw[:, 1:], axis=0, dtype=np.uint8)
    return rows.view(">u2").reshape(height, width, 3).astype(np.uint16)


def check_png(data: bytes, source: str) -> dict[bytes, bytes]:
    """The chunks of a PNG by type, after comparing the CRC of each, which pillow does not do for pixels.

    Raises
    ------
    DataError
        When the file is cut or a bit of it has changed.
    """
    if data[:8] != _SIGNATURE:
        raise DataError(f"{source}: expected a PNG file (found other bytes)")
    chunks: dict[bytes, bytes] = {}
    position = 8
    while b"IEND" not in chunks:
        if position + 12 > len(data):
            raise DataError(f"{source}: expected a whole PNG file (it ends after {len(data)} bytes)")
        (length,) = struct.unpack_from(">I", data, position)
        end = position + 12 + length
        kind, body = data[position + 4 : position + 8], data[position + 8 : end - 4]
        if data[end - 4 : end] != struct.pack(">I", zlib.crc32(body, zlib.crc32(kind))):
            raise DataError(f"{source}: the PNG is damaged (checksum of its {kind!r} chunk differs)")
        chunks[kind] = chunks.get(kind, b"") + body
        position = end
    return chunks


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
