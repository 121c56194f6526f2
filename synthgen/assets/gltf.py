"""glTF and GLB files from outside: what they need, how many triangles they have, what Blender cannot read.

Everything is read off the JSON part; the geometry is not decoded.
"""

from __future__ import annotations

import base64
import json
import struct
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from synthgen.assets.image_header import check_image, check_image_bytes
from synthgen.assets.mesh_header import Contents
from synthgen.assets.record import AssetRejected

COMPRESSED = {"KHR_draco_mesh_compression": "Draco", "EXT_meshopt_compression": "meshopt"}
_JSON, _BIN = 0x4E4F534A, 0x004E4942
MAX_JSON_BYTES = 256 << 20


def check_gltf(path: Path, inside: Path) -> Contents:
    """What a .gltf or .glb needs.

    Parameters
    ----------
    inside : folder that the files which it names must lie in

    Raises
    ------
    AssetRejected
        When it is damaged, compressed in a way that Blender does not read, names a file that is missing or
        lies outside of `inside`, or has a texture that cannot be read.
    """
    document, binary = _read_glb(path) if path.suffix.lower() == ".glb" else (_read_json(path), b"")
    try:
        return _contents(document, binary, path, inside)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, struct.error) as error:
        raise AssetRejected(f"is damaged: {type(error).__name__}: {error}") from None


def _contents(document: dict[str, Any], binary: bytes, path: Path, inside: Path) -> Contents:
    used = {*document.get("extensionsUsed", ()), *document.get("extensionsRequired", ())}
    for extension, name in COMPRESSED.items():
        if extension in used:
            raise AssetRejected(
                f"is compressed with {name}; write it without: "
                f"gltf-transform copy {path.name} {path.stem}_plain.glb"
            )
    if "KHR_texture_basisu" in used:
        raise AssetRejected("has KTX2 textures, which Blender does not read; export it with PNG or JPEG")
    if str(document.get("asset", {}).get("version", "")).split(".")[0] != "2":
        raise AssetRejected("expected glTF 2.0; convert it with Blender or gltf-transform")
    needs = [
        _named_file(part["uri"], path, inside)
        for part in (*document.get("buffers", ()), *document.get("images", ()))
        if "uri" in part and not part["uri"].startswith("data:")
    ]
    _check_buffers(document, binary, path)
    for number, image in enumerate(document.get("images", ())):
        _check_texture(document, image, number, binary, path)
    return Contents(tuple(dict.fromkeys(needs)), _triangles(document))


def _read_glb(path: Path) -> tuple[dict[str, Any], bytes]:
    """The JSON part, and the binary one."""
    data = path.read_bytes()
    if data[:4] != b"glTF" or len(data) < 20:
        raise AssetRejected("is no GLB file (its first bytes are not 'glTF')")
    version, length, json_length, kind = struct.unpack("<4I", data[4:20])
    if version != 2:
        raise AssetRejected(f"expected glTF 2 (got version {version})")
    if length > len(data) or kind != _JSON or 20 + json_length > len(data):
        raise AssetRejected(f"is cut short: its header says {length} bytes (found {len(data)})")
    document = _parsed(data[20 : 20 + json_length])
    at = 20 + json_length
    if at + 8 <= len(data):
        size, kind = struct.unpack("<2I", data[at : at + 8])
        if kind == _BIN:
            return document, data[at + 8 : at + 8 + size]
    return document, b""


def _read_json(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_JSON_BYTES:
        raise AssetRejected("is larger than 256 MiB; pack it as .glb")
    return _parsed(path.read_bytes())


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise AssetRejected(f"is damaged: its JSON part cannot be read ({error})") from None
    if not isinstance(document, dict):
        raise AssetRejected("is damaged: its JSON part is no map")
    return document


def _named_file(uri: str, path: Path, inside: Path) -> Path:
    name = unquote(uri)
    if "://" in uri or PurePosixPath(name).is_absolute():
        raise AssetRejected(f"names {uri}, expected a path beside it")
    found = (path.parent / name).resolve()
    if not found.is_relative_to(inside.resolve()):
        raise AssetRejected(f"names {uri}, which lies outside of its source")
    if not found.is_file():
        raise AssetRejected(f"needs {name}, which is missing")
    return path.parent / name


def _check_buffers(document: dict[str, Any], binary: bytes, path: Path) -> None:
    for number, buffer in enumerate(document.get("buffers", ())):
        uri = buffer.get("uri")
        if uri is None:
            found = len(binary)
        elif uri.startswith("data:"):
            found = len(uri.partition(",")[2]) * 3 // 4
        else:
            found = (path.parent / unquote(uri)).stat().st_size
        if found < buffer["byteLength"]:
            raise AssetRejected(
                f"is cut short: buffer {number} has {buffer['byteLength']} bytes (found {found})"
            )
        if number == 0:
            _check_views(document, buffer["byteLength"])


def _check_views(document: dict[str, Any], length: int) -> None:
    for view in document.get("bufferViews", ()):
        if view.get("buffer", 0) == 0 and view.get("byteOffset", 0) + view["byteLength"] > length:
            raise AssetRejected("is damaged: a part of its buffer lies behind the end")


def _check_texture(
    document: dict[str, Any], image: dict[str, Any], number: int, binary: bytes, path: Path
) -> None:
    name = image.get("name") or image.get("uri") or f"image {number}"
    if "bufferView" in image:
        view = document["bufferViews"][image["bufferView"]]
        start = view.get("byteOffset", 0)
        if view.get("buffer", 0) == 0 and binary:
            check_image_bytes(binary[start : start + view["byteLength"]], name)
    elif image["uri"].startswith("data:"):
        check_image_bytes(base64.b64decode(image["uri"].partition(",")[2][: 1 << 18]), f"image {number}")
    else:
        check_image(path.parent / unquote(image["uri"]))


def _triangles(document: dict[str, Any]) -> int:
    """Triangles of all nodes; a mesh that several nodes show counts as often."""
    accessors, meshes = document.get("accessors", ()), document.get("meshes", ())
    shown = Counter(node["mesh"] for node in document.get("nodes", ()) if "mesh" in node)
    total = 0
    for mesh, times in shown.items():
        for primitive in meshes[mesh]["primitives"]:
            corners = accessors[primitive.get("indices", primitive["attributes"]["POSITION"])]["count"]
            mode = primitive.get("mode", 4)
            total += times * (corners // 3 if mode == 4 else max(0, corners - 2) if mode in (5, 6) else 0)
    return total
