"""What a scene file asks for and does not get: libraries and textures that are missing or damaged, Python."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import bpy

from synthgen.assets.image_header import IMAGE_ENDINGS, check_image, check_image_bytes
from synthgen.assets.record import AssetRejected
from synthgen.errors import RenderError

NAMED = 5
"""Files that a message names; more are counted."""
_USD_ASSET = re.compile(r"(?:Could not open asset|Could not load sublayer) @([^@]+)@")
_USD_TEXTURE = re.compile(r"Couldn't open image file '([^']+)'")


def check_libraries() -> None:
    """Raise `RenderError` when a library that the file links is not there."""
    paths = [bpy.path.abspath(library.filepath) for library in bpy.data.libraries]
    _refuse("libraries", [path for path in paths if not os.path.exists(path)])


def check_textures() -> None:
    """Raise `RenderError` when an image that is used is not there, damaged, or too large to be loaded.

    Cycles would draw it in magenta, or take all of the memory.
    """
    files = [path for image in bpy.data.images for path in _files(image)]
    _refuse("textures", [path for path in files if not os.path.isfile(path)])
    for image in bpy.data.images:
        if Path(image.filepath).suffix.lower() not in IMAGE_ENDINGS:
            continue  # of a format whose header we do not read
        try:
            for packed in image.packed_files:
                check_image_bytes(packed.packed_file.data, image.name)
            for path in _files(image):
                check_image(Path(path))
        except AssetRejected as error:
            raise RenderError(str(error)) from None


def check_usd_output(output: str) -> None:
    """Raise `RenderError` for what the importer of USD did not find; it goes on without, and says so."""
    _refuse("files", _USD_ASSET.findall(output))
    _refuse("textures", _USD_TEXTURE.findall(output))


def drivers_not_run() -> list[str]:
    """Drivers that ask for Python, as `object: property`: what they drive stays as it was saved."""
    return sorted(
        f"{block.name}: {curve.data_path}"
        for block in _animated()
        for curve in block.animation_data.drivers
        if curve.driver.type == "SCRIPTED" and not curve.driver.is_simple_expression
    )


def _animated() -> Iterator[bpy.types.ID]:
    """All blocks of data that may have drivers, and the node trees within them."""
    for block in bpy.data.user_map():
        for each in (block, getattr(block, "node_tree", None)):
            if each is not None and getattr(each, "animation_data", None) is not None:
                yield each


def _files(image: bpy.types.Image) -> list[str]:
    """The files that an image is read from; none where it is packed or made by Blender."""
    if image.source not in ("FILE", "SEQUENCE", "MOVIE", "TILED") or image.packed_file or image.packed_files:
        return []
    path = bpy.path.abspath(image.filepath, library=image.library)
    if image.source == "TILED":
        u_v = [((tile.number - 1001) % 10 + 1, (tile.number - 1001) // 10 + 1) for tile in image.tiles]
        paths = [
            path.replace("<UDIM>", str(tile.number)).replace("<UVTILE>", f"u{u}_v{v}")
            for tile, (u, v) in zip(image.tiles, u_v)
        ]
    else:
        paths = [path]
    return [path or image.name for path in paths]


def _refuse(what: str, missing: Sequence[str]) -> None:
    names = sorted(set(missing))
    if names:
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        raise RenderError(f"refers to {what} that are missing: {', '.join(names[:NAMED])}{more}")


def forget_file(scene: bpy.types.Scene) -> None:
    """Remove a scene that was taken apart, and everything of its file that nothing uses any more."""
    bpy.data.scenes.remove(scene)
    for block in bpy.data.user_map():
        block.use_fake_user = False
    bpy.data.orphans_purge(do_local_ids=True, do_linked_ids=True, do_recursive=True)
    for library in [each for each in bpy.data.libraries if not each.users_id]:
        bpy.data.libraries.remove(library)
