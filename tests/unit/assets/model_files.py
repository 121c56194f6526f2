"""Files of models as the tests need them, written byte by byte: whole ones and broken ones."""

from __future__ import annotations

import json
import struct
import zlib

CORNERS = [(x, y, z) for z in (0.0, 1.0) for y in (-0.5, 0.5) for x in (-0.5, 0.5)]
TRIANGLES = [
    (0, 2, 1), (1, 2, 3), (4, 5, 6), (5, 7, 6), (0, 1, 4), (1, 5, 4),
    (2, 6, 3), (3, 6, 7), (0, 4, 2), (2, 4, 6), (1, 3, 5), (3, 7, 5),
]  # fmt: skip
"""A box of 1 m, its base at z = 0."""


def png(width: int, height: int, rows: bool = True) -> bytes:
    """A grey PNG; without `rows` it has a header and no pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    pixels = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height))) if rows else b""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def glb(document: dict | None = None, binary: bytes | None = None) -> bytes:
    """A GLB: a box of 12 triangles, with the keys of `document` over its own."""
    positions = b"".join(struct.pack("<3f", x, z, -y) for x, y, z in CORNERS)
    indices = b"".join(struct.pack("<3H", *triangle) for triangle in TRIANGLES)
    data = positions + indices if binary is None else binary
    content = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3",
             "min": [-0.5, 0.0, -0.5], "max": [0.5, 1.0, 0.5]},
            {"bufferView": 1, "componentType": 5123, "count": 36, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": len(positions)},
            {"buffer": 0, "byteOffset": len(positions), "byteLength": len(indices)},
        ],
        "buffers": [{"byteLength": len(data)}],
        **(document or {}),
    }  # fmt: skip
    text = json.dumps(content).encode()
    text += b" " * (-len(text) % 4)
    data += b"\0" * (-len(data) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text
    chunks += struct.pack("<II", len(data), 0x004E4942) + data
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def obj(scale: float = 1.0, mtllib: str = "", material: str = "") -> str:
    """The box as an OBJ with y up."""
    lines = [f"mtllib {mtllib}"] if mtllib else []
    lines += [f"v {x * scale} {z * scale} {-y * scale}" for x, y, z in CORNERS]
    lines += [f"usemtl {material}"] if material else []
    lines += ["f " + " ".join(str(index + 1) for index in triangle) for triangle in TRIANGLES]
    return "\n".join(lines) + "\n"


def stl(scale: float = 1.0) -> bytes:
    """The box as a binary STL."""
    faces = [
        struct.pack("<12fH", 0, 0, 0, *(v * scale for corner in triangle for v in CORNERS[corner]), 0)
        for triangle in TRIANGLES
    ]
    return b"made by a test".ljust(80) + struct.pack("<I", len(faces)) + b"".join(faces)


def ply(faces: int = 0) -> bytes:
    """The box as a text PLY; with `faces`, a header that promises so many and a body that has none."""
    head = f"ply\nformat {'binary_little_endian' if faces else 'ascii'} 1.0\nelement vertex 8\n"
    head += "property float x\nproperty float y\nproperty float z\n"
    head += f"element face {faces or 12}\nproperty list uchar int vertex_indices\nend_header\n"
    body = [f"{x} {y} {z}" for x, y, z in CORNERS] + [f"3 {a} {b} {c}" for a, b, c in TRIANGLES]
    return head.encode() + (b"" if faces else "\n".join(body).encode() + b"\n")
