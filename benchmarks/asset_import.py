"""How quickly models are imported, the first time and from the cache.

Asked: the first import of a model of 50,000 triangles with textures at most 1 s, from the cache at most
50 ms. Each import is into an empty Blender; the figures are medians. Seconds are counted on the wall, and as
CPU seconds of all threads, which other work on the machine leaves alone.
"""

from __future__ import annotations

import json
import os
import statistics
import struct
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from machine import write_result
from PIL import Image

from synthgen.assets.folder import FolderSource
from synthgen.assets.record import AssetRecord

SEGMENTS, RINGS = 160, 158
TRIANGLES = 2 * SEGMENTS * (RINGS - 1)
TEXTURES, TEXTURE_PX = 4, 1024
REPEATS = 7
FORMATS = (".glb", ".obj")


def sphere() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(n, 3) points of an uneven ball 0.8 m wide, z up; (n, 2) texture coordinates; (m, 3) triangles."""
    turn, height = np.meshgrid(
        np.linspace(0, 2 * np.pi, SEGMENTS + 1), np.linspace(-np.pi / 2, np.pi / 2, RINGS + 1), indexing="xy"
    )
    radius = 0.4 + 0.01 * np.sin(9 * turn) * np.cos(height) ** 2
    points = np.stack(
        [
            radius * np.cos(turn) * np.cos(height),
            radius * np.sin(turn) * np.cos(height),
            radius * np.sin(height),
        ],
        axis=-1,
    )
    uvs = np.stack([turn / (2 * np.pi), 0.5 + height / np.pi], axis=-1)
    a = np.arange(RINGS)[:, None] * (SEGMENTS + 1) + np.arange(SEGMENTS)
    b, c, d = a + 1, a + SEGMENTS + 2, a + SEGMENTS + 1
    lower, upper = np.stack([a, b, c], axis=-1)[1:], np.stack([a, c, d], axis=-1)[:-1]
    triangles = np.concatenate([lower.reshape(-1, 3), upper.reshape(-1, 3)])
    return points.reshape(-1, 3), uvs.reshape(-1, 2), triangles


def write_textures(folder: Path) -> list[str]:
    """Pictures with grain, so that their files are as large as those of photographs."""
    names = []
    for number in range(TEXTURES):
        rng = np.random.default_rng(number)
        coarse = rng.integers(0, 256, (TEXTURE_PX // 8, TEXTURE_PX // 8, 3), np.uint8)
        pixels = coarse.repeat(8, axis=0).repeat(8, axis=1) // 2 + rng.integers(
            0, 64, (TEXTURE_PX, TEXTURE_PX, 3)
        )
        names.append(f"texture{number}.jpg")
        Image.fromarray(pixels.astype(np.uint8)).save(folder / names[-1], quality=90)
    return names


def write_obj(folder: Path) -> None:
    """The ball as an OBJ; every texture is the colour of a quarter of its faces."""
    points, uvs, triangles = sphere()
    names = write_textures(folder)
    lines = ["mtllib ball.mtl", *(f"v {x:.6f} {z:.6f} {-y:.6f}" for x, y, z in points)]
    lines += [f"vt {u:.6f} {v:.6f}" for u, v in uvs]
    for number, part in enumerate(np.array_split(triangles + 1, TEXTURES)):
        lines += [f"usemtl m{number}", *(f"f {a}/{a} {b}/{b} {c}/{c}" for a, b, c in part)]
    (folder / "ball.obj").write_text("\n".join(lines) + "\n")
    materials = [f"newmtl m{number}\nKd 1 1 1\nmap_Kd {name}\n" for number, name in enumerate(names)]
    (folder / "ball.mtl").write_text("\n".join(materials))


def write_glb(folder: Path) -> None:
    """The ball as a GLB with everything in it."""
    points, uvs, triangles = sphere()
    names = write_textures(folder)
    chunks = [
        np.stack([points[:, 0], points[:, 2], -points[:, 1]], axis=1).astype("<f4").tobytes(),
        np.stack([uvs[:, 0], 1 - uvs[:, 1]], axis=1).astype("<f4").tobytes(),
        *(part.astype("<u4").tobytes() for part in np.array_split(triangles, TEXTURES)),
        *((folder / name).read_bytes() for name in names),
    ]
    padded = [chunk + b"\0" * (-len(chunk) % 4) for chunk in chunks]
    starts = np.cumsum([0, *map(len, padded)])
    counts = [len(part) * 3 for part in np.array_split(triangles, TEXTURES)]
    high = points.max(axis=0)
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [
            {"attributes": {"POSITION": 0, "TEXCOORD_0": 1}, "indices": 2 + n, "material": n}
            for n in range(TEXTURES)
        ]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": len(points), "type": "VEC3",
             "min": (-high).tolist(), "max": high.tolist()},
            {"bufferView": 1, "componentType": 5126, "count": len(points), "type": "VEC2"},
            *({"bufferView": 2 + n, "componentType": 5125, "count": count, "type": "SCALAR"}
              for n, count in enumerate(counts)),
        ],
        "materials": [
            {"pbrMetallicRoughness": {"baseColorTexture": {"index": n}, "metallicFactor": 0}}
            for n in range(TEXTURES)
        ],
        "textures": [{"source": n} for n in range(TEXTURES)],
        "images": [{"bufferView": 2 + TEXTURES + n, "mimeType": "image/jpeg"} for n in range(TEXTURES)],
        "bufferViews": [
            {"buffer": 0, "byteOffset": int(start), "byteLength": len(chunk)}
            for start, chunk in zip(starts, chunks)
        ],
        "buffers": [{"byteLength": int(starts[-1])}],
    }  # fmt: skip
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text
    body += struct.pack("<II", int(starts[-1]), 0x004E4942) + b"".join(padded)
    (folder / "ball.glb").write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body)
    for name in names:
        (folder / name).unlink()


def seconds_of(record: AssetRecord, source: FolderSource, cache: Path) -> dict[str, tuple[float, float]]:
    """(wall, CPU) seconds of the first import and of one from the cache, each into an empty Blender."""
    from synthgen.blender.assets.importer import import_asset
    from synthgen.blender.session import BlenderSession

    os.environ["SYNTHGEN_CACHE"] = str(cache)
    session = BlenderSession("cpu")
    found = {}
    for name in ("first", "cached"):
        session.reset()
        wall, cpu = time.perf_counter(), time.process_time()
        made = import_asset(record, source)
        found[name] = time.perf_counter() - wall, time.process_time() - cpu
        if made.facts.triangles != TRIANGLES:
            raise SystemExit(f"{record.path}: expected {TRIANGLES} triangles (got {made.facts.triangles})")
    return found


def measured(folder: Path, ending: str) -> dict[str, object]:
    """Medians for one format."""
    library = folder / ending[1:]
    library.mkdir()
    {".glb": write_glb, ".obj": write_obj}[ending](library)
    source = FolderSource(library)
    (record,) = [each for each in source.scan().records if each.kind == "model"]
    runs = [seconds_of(record, source, folder / f"cache{ending}{number}") for number in range(REPEATS + 1)]
    for number, run in enumerate(runs):
        print(
            f"{ending} {number}: first {run['first'][0]:.3f} s, cached {run['cached'][0]:.4f} s",
            file=sys.stderr,
        )
    kept = runs[1:]  # the first of all loads the importer itself
    return {
        name: {
            clock: round(statistics.median(run[name][place] for run in kept), 4)
            for place, clock in enumerate(("wall_s", "cpu_s"))
        }
        for name in ("first", "cached")
    }


def main() -> None:
    """Import the models of all formats and write the result."""
    with tempfile.TemporaryDirectory() as folder:
        figures = {ending[1:]: measured(Path(folder), ending) for ending in FORMATS}
    write_result(
        "asset_import",
        {
            "what": f"{TRIANGLES} triangles, {TEXTURES} JPEGs of {TEXTURE_PX} px, median of {REPEATS}",
            "first_asked_s": 1.0,
            "cached_asked_s": 0.05,
            "formats": figures,
        },
    )


if __name__ == "__main__":
    main()
