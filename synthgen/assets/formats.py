"""The formats of models that can be imported, by the ending of the file."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from synthgen.assets.gltf import check_gltf
from synthgen.assets.mesh_header import (
    MAX_TRIANGLES_READ,
    Check,
    Contents,
    check_blend,
    check_fbx,
    check_obj,
    check_ply,
    check_stl,
    check_usd,
)
from synthgen.assets.record import AssetRejected

MODEL_FORMATS: MappingProxyType[str, Check] = MappingProxyType(
    {
        ".glb": check_gltf,
        ".gltf": check_gltf,
        ".obj": check_obj,
        ".fbx": check_fbx,
        ".ply": check_ply,
        ".stl": check_stl,
        ".usd": check_usd,
        ".usda": check_usd,
        ".usdc": check_usd,
        ".usdz": check_usd,
        ".blend": check_blend,
    }
)
OPAQUE = frozenset({".fbx", ".usd", ".usda", ".usdc", ".blend"})
"""Formats whose textures only the importer knows."""


def check_model(path: Path, inside: Path) -> Contents:
    """What the file of a model says, without loading it.

    Parameters
    ----------
    inside : folder that all files which it names must lie in

    Raises
    ------
    AssetRejected
        When it is empty, damaged, not whole, or too large to be loaded.
    """
    try:
        if path.stat().st_size == 0:
            raise AssetRejected("is empty (0 bytes)")
        contents = MODEL_FORMATS[path.suffix.lower()](path, inside)
    except OSError as error:
        raise AssetRejected(f"cannot be read ({error.strerror or error})") from None
    if contents.triangles is not None:
        check_triangles(contents.triangles)
    return contents


def check_triangles(count: int) -> None:
    """Raise `AssetRejected` for more triangles than `MAX_TRIANGLES_READ`."""
    if count > MAX_TRIANGLES_READ:
        raise AssetRejected(
            f"has {count:,} triangles, at most {MAX_TRIANGLES_READ:,} are used; decimate it first"
        )
