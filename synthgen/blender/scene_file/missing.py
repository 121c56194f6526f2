"""What a scene file refers to and is not there: libraries and textures, named all at once."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

import bpy

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
    """Raise `RenderError` when an image that is used is not there."""
    _refuse("textures", [path for image in bpy.data.images for path in _lacking(image)])


def check_usd_output(output: str) -> None:
    """Raise `RenderError` for what the importer of USD did not find; it goes on without, and says so."""
    _refuse("files", _USD_ASSET.findall(output))
    _refuse("textures", _USD_TEXTURE.findall(output))


def _lacking(image: bpy.types.Image) -> list[str]:
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
    return [path or image.name for path in paths if not os.path.isfile(path)]


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
