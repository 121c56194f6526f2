"""glTF files of boxes, written without Blender's exporter: after it, bpy 4.5 hangs when the process ends."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

Box = tuple[str, Sequence[float], Sequence[float]]
"""Name, size and centre, in Blender's axes."""

FACES = [
    ((0, 1, 0), (1, 0, 0)), ((0, -1, 0), (-1, 0, 0)), ((1, 0, 0), (0, 0, 1)),
    ((-1, 0, 0), (0, 0, -1)), ((0, 0, 1), (0, 1, 0)), ((0, 0, -1), (0, -1, 0)),
]  # fmt: skip


def box_arrays(size: Sequence[float], centre: Sequence[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(24, 3) corners with y up, (24, 2) texture coordinates, (12, 3) triangles."""
    points, indices = [], []
    for normal, along in FACES:
        n, a = np.array(normal, float), np.array(along, float)
        b = np.cross(n, a)
        first = len(points)
        points += [n + u * a + v * b for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        indices += [(first, first + 1, first + 2), (first, first + 2, first + 3)]
    corners = np.array(points) / 2 * size + centre
    return (
        np.stack([corners[:, 0], corners[:, 2], -corners[:, 1]], axis=1).astype(np.float32),
        np.tile([[0, 1], [1, 1], [1, 0], [0, 0]], (6, 1)).astype(np.float32),
        np.array(indices, np.uint16),
    )


def write_gltf(path: Path, boxes: Sequence[Box], image: Path | None = None) -> Path:
    """A .glb with all in it, or a .gltf with its .bin and its image beside it; also a camera and a light."""
    document: dict = {
        "asset": {"version": "2.0"},
        "extensionsUsed": ["KHR_lights_punctual"],
        "extensions": {"KHR_lights_punctual": {"lights": [{"type": "point", "name": "light"}]}},
        "scene": 0, "scenes": [{"nodes": list(range(len(boxes) + 2))}], "nodes": [], "meshes": [],
        "materials": [], "accessors": [], "bufferViews": [],
        "cameras": [{"type": "perspective", "perspective": {"yfov": 0.8, "znear": 0.1}}],
    }  # fmt: skip
    data = b""

    def view(content: bytes) -> int:
        nonlocal data
        document["bufferViews"].append({"buffer": 0, "byteOffset": len(data), "byteLength": len(content)})
        data += content + b"\0" * (-len(content) % 4)
        return len(document["bufferViews"]) - 1

    def accessor(array: np.ndarray, kind: str, component: int) -> int:
        entry = {"bufferView": view(array.tobytes()), "componentType": component, "type": kind,
                 "count": array.size if kind == "SCALAR" else len(array)}  # fmt: skip
        if kind == "VEC3":
            entry |= {"min": array.min(axis=0).tolist(), "max": array.max(axis=0).tolist()}
        document["accessors"].append(entry)
        return len(document["accessors"]) - 1

    for number, (name, size, centre) in enumerate(boxes):
        points, uv, triangles = box_arrays(size, centre)
        attributes = {"POSITION": accessor(points, "VEC3", 5126), "TEXCOORD_0": accessor(uv, "VEC2", 5126)}
        primitive = {
            "attributes": attributes,
            "indices": accessor(triangles, "SCALAR", 5123),
            "material": number,
        }
        document["meshes"].append({"name": name, "primitives": [primitive]})
        document["nodes"].append({"name": name, "mesh": number})
        document["materials"].append(
            {"name": name, "pbrMetallicRoughness": {"baseColorTexture": {"index": 0}} if image else {}}
        )
    document["nodes"] += [
        {"name": "camera", "camera": 0},
        {"name": "light", "extensions": {"KHR_lights_punctual": {"light": 0}}},
    ]
    if image is not None:
        document["textures"] = [{"source": 0}]
        if path.suffix == ".glb":
            document["images"] = [
                {"name": image.stem, "mimeType": "image/png", "bufferView": view(image.read_bytes())}
            ]
        else:
            document["images"] = [{"uri": image.name}]
            (path.parent / image.name).write_bytes(image.read_bytes())
    document["buffers"] = [{"byteLength": len(data)}]
    if path.suffix == ".glb":
        text = json.dumps(document).encode()
        text += b" " * (-len(text) % 4)
        chunks = struct.pack("<II", len(text), 0x4E4F534A) + text
        chunks += struct.pack("<II", len(data), 0x004E4942) + data
        path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks)
    else:
        document["buffers"][0]["uri"] = f"{path.stem}.bin"
        path.with_suffix(".bin").write_bytes(data)
        path.write_text(json.dumps(document))
    return path
