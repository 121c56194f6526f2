"""Sizes of images from their first bytes, for images that another program wrote."""

from __future__ import annotations

import struct
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import OpenEXR
import pytest
from model_files import png

from synthgen.assets.image_header import check_image, check_image_bytes, image_size
from synthgen.assets.record import AssetRejected


@pytest.mark.parametrize("ending", [".png", ".jpg", ".bmp", ".tif", ".webp", ".tga"])
def test_sizes_are_read_as_pillow_writes_them(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"image{ending}"
    imageio.imwrite(path, np.full((37, 61, 3), 90, np.uint8), plugin="pillow")
    assert check_image(path) == (61, 37)


def test_sizes_of_exr_and_hdr(tmp_path: Path) -> None:
    channels = {"RGB": np.zeros((16, 32, 3), np.float32)}
    OpenEXR.File({"type": OpenEXR.scanlineimage}, channels).write(str(tmp_path / "sky.exr"))
    assert check_image(tmp_path / "sky.exr") == (32, 16)
    assert image_size(b"#?RADIANCE\nGAMMA=1\n\n-Y 16 +X 32\n....") == (32, 16)


def test_sizes_of_formats_of_games_and_painters() -> None:
    assert image_size(b"DDS " + struct.pack("<IIII", 124, 0, 64, 128)) == (128, 64)
    assert image_size(b"8BPS" + struct.pack(">H6xHII", 1, 3, 64, 128)) == (128, 64)


def test_what_is_no_image_or_too_large_is_named() -> None:
    for data in (
        b"text",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0\x00\x04ab",
        b"RIFF1234WEBPxxxx",
        b"BM12",
        b"II*\0",
    ):
        with pytest.raises(AssetRejected, match=r"texture a\.png: is damaged or no image of a known format"):
            check_image_bytes(data, "a.png")
    with pytest.raises(AssetRejected, match=r"texture a\.png: is empty"):
        check_image_bytes(b"", "a.png")
    with pytest.raises(AssetRejected, match=r"texture a\.png: 20000 x 16384 px, at most 16384 px are read"):
        check_image_bytes(png(20_000, 16_384, rows=False), "a.png")
    assert check_image_bytes(png(16_384, 1, rows=False), "a.png") == (16_384, 1)
