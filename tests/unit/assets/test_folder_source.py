"""A folder of assets: what is found in it, what is rejected, and why. One bad file never hides the others."""

from __future__ import annotations

import hashlib
import os
import struct
from pathlib import Path

import pytest
from model_files import glb, obj, ply, png, stl

from synthgen.assets.catalogue import Catalogue
from synthgen.assets.folder import FolderSource
from synthgen.assets.record import AssetRejected
from synthgen.errors import UsageError


def scan(folder: Path) -> tuple[dict, dict]:
    """Records by id and reasons by path."""
    found = FolderSource(folder, "lib").scan()
    return {each.id: each for each in found.records}, {each.path: each.reason for each in found.rejected}


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_models_of_every_format_are_found_with_their_class(tmp_path: Path) -> None:
    put(tmp_path, "chairs/box.glb", glb())
    put(tmp_path, "Coffee Tables/box.obj", obj(mtllib="box.mtl", material="wood"))
    put(tmp_path, "Coffee Tables/box.mtl", "newmtl wood\nmap_Kd -s 1 1 1 maps/wood grain.png\n")
    put(tmp_path, "Coffee Tables/maps/wood grain.png", png(8, 4))
    put(tmp_path, "lamps/box.stl", stl())
    put(tmp_path, "lamps/box.ply", ply())
    put(tmp_path, "mixed/scene.blend", b"BLENDER-v405RENDH" + bytes(100))
    put(tmp_path, "mixed/a.usda", "#usda 1.0\n")
    put(tmp_path, "mixed/b.fbx", b"Kaydara FBX Binary  \0" + bytes(100))
    records, reasons = scan(tmp_path)
    assert reasons == {}
    assert {name: (each.category, each.triangles) for name, each in records.items()} == {
        "lib/chairs/box.glb": ("chair", 12),
        "lib/Coffee Tables/box.obj": ("table", 12),
        "lib/lamps/box.stl": ("lamp", 12),
        "lib/lamps/box.ply": ("lamp", 12),
        "lib/mixed/scene.blend": (None, None),
        "lib/mixed/a.usda": (None, None),
        "lib/mixed/b.fbx": (None, None),
    }
    assert records["lib/Coffee Tables/box.obj"].needs == (
        "Coffee Tables/box.mtl",
        "Coffee Tables/maps/wood grain.png",
    )


def test_the_hash_of_a_single_file_is_its_own(tmp_path: Path) -> None:
    put(tmp_path, "chair.glb", glb())
    records, _ = scan(tmp_path)
    assert records["lib/chair.glb"].sha256 == hashlib.sha256(glb()).hexdigest()


def test_the_hash_covers_what_the_model_needs(tmp_path: Path) -> None:
    put(tmp_path, "a.obj", obj(mtllib="a.mtl", material="m"))
    put(tmp_path, "a.mtl", "newmtl m\nmap_Kd a.png\n")
    image = put(tmp_path, "a.png", png(4, 4))
    before = scan(tmp_path)[0]["lib/a.obj"].sha256
    image.write_bytes(png(8, 8))
    assert scan(tmp_path)[0]["lib/a.obj"].sha256 != before


def test_notes_say_whose_it_is_and_nearer_ones_win(tmp_path: Path) -> None:
    put(tmp_path, "assets.yaml", "licence: CC BY 4.0\ncreator: Jane\nunit: cm\n")
    put(tmp_path, "things/a.glb", glb())
    put(tmp_path, "things/b.stl", stl())
    put(
        tmp_path,
        "things/assets.yaml",
        "creator: Joe\nfiles:\n  b.stl: {category: stool, size_m: [0.4, 0.4, 0.5], front: x, licence: CC0}\n",
    )
    records, reasons = scan(tmp_path)
    assert reasons == {}
    a, b = records["lib/things/a.glb"], records["lib/things/b.stl"]
    assert (a.licence, a.creator, a.unit_m, a.category) == ("CC-BY-4.0", "Joe", 0.01, None)
    assert (b.licence, b.creator, b.category, b.size_m, b.front) == (
        "CC0-1.0", "Joe", "stool", (0.4, 0.4, 0.5), "+x",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("license: CC0\n", "unknown key 'license'.*did you mean 'licence'"),
        ("category: chiar\n", "category: unknown category 'chiar'.*did you mean 'chair'"),
        ("size_m: [1, 0, 2]\n", "size_m.1: Input should be greater than 0"),
        ("- a\n- b\n", "expected a map"),
        ("licence: [\n", "cannot be read"),
        ("files: {a.glb: {unit: yard}}\n", "files.a.glb.unit"),
    ],
)
def test_wrong_notes_are_named_and_nothing_under_them_is_used(tmp_path: Path, text: str, words: str) -> None:
    put(tmp_path, "good/a.glb", glb())
    put(tmp_path, "bad/below/b.stl", stl())
    put(tmp_path, "bad/assets.yaml", text)
    records, reasons = scan(tmp_path)
    assert list(records) == ["lib/good/a.glb"]
    assert set(reasons) == {"bad/assets.yaml", "bad/below/b.stl"}
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(reasons["bad/assets.yaml"])


BROKEN = {
    "empty.glb": (b"", "is empty (0 bytes)"),
    "text.glb": (b"this is no model at all, it is text", "is no GLB file"),
    "cut.glb": (glb()[:200], "is cut short: its header says"),
    "json.glb": (
        struct.pack("<4sII", b"glTF", 2, 28) + struct.pack("<II", 8, 0x4E4F534A) + b"{broken}",
        "its JSON part cannot be read",
    ),
    "index.glb": (glb({"nodes": [{"mesh": 7}]}), "is damaged: IndexError"),
    "buffer.glb": (glb({"buffers": [{"byteLength": 10_000}]}), "is cut short: buffer 0 has 10000 bytes"),
    "view.glb": (
        glb({"bufferViews": [{"buffer": 0, "byteLength": 5000}, {"buffer": 0, "byteLength": 8}]}),
        "a part of its buffer lies behind the end",
    ),
    "old.gltf": (b'{"asset": {"version": "1.0"}}', "expected glTF 2.0"),
    "draco.glb": (
        glb({"extensionsRequired": ["KHR_draco_mesh_compression"]}),
        "is compressed with Draco; write it without: gltf-transform copy draco.glb draco_plain.glb",
    ),
    "meshopt.glb": (
        glb({"extensionsUsed": ["EXT_meshopt_compression"]}),
        "is compressed with meshopt; write it without: gltf-transform copy",
    ),
    "ktx.glb": (glb({"extensionsUsed": ["KHR_texture_basisu"]}), "has KTX2 textures"),
    "texture.glb": (
        glb({"images": [{"name": "oak", "bufferView": 0}]}),
        "texture oak: is damaged or no image of a known format",
    ),
    "huge.glb": (
        glb({"nodes": [{"mesh": 0}] * 1_000_000}),
        "has 12,000,000 triangles, at most 2,000,000 are used; decimate it first",
    ),
    "missing.gltf": (
        b'{"asset": {"version": "2.0"}, "buffers": [{"uri": "data%20one.bin", "byteLength": 4}]}',
        "needs data one.bin, which is missing",
    ),
    "outside.gltf": (
        b'{"asset": {"version": "2.0"}, "images": [{"uri": "../../secret.png"}]}',
        "names ../../secret.png, which lies outside of its source",
    ),
    "web.gltf": (
        b'{"asset": {"version": "2.0"}, "images": [{"uri": "https://x.org/a.png"}]}',
        "names https://x.org/a.png, expected a path beside it",
    ),
    "nomtl.obj": (obj(mtllib="gone.mtl", material="m"), "nomtl.obj needs gone.mtl, which is missing"),
    "windows.obj": (obj(mtllib="C:\\a.mtl"), "expected a path beside it"),
    "points.obj": (b"v 0 0 0\n", "has no faces"),
    "empty.obj": (b"", "is empty (0 bytes)"),
    "points.ply": (b"ply\nformat ascii 1.0\nelement vertex 8\nend_header\n", "has points only"),
    "short.ply": (ply(faces=9_000_000), "is cut short: its header says 9000000 faces"),
    "no.ply": (b"hello", "is no PLY file"),
    "short.stl": (stl()[:300], "is cut short: 12 triangles take 684 bytes (found 300)"),
    "none.stl": (bytes(84), "has no triangles"),
    "nan.stl": (stl(float("nan")), "a coordinate is no finite number"),
    "nan.obj": (obj() + "v 0 nan 0\n", "a coordinate is no finite number"),
    "words.stl": (b"solid ground is what this text stands on", "has no facets"),
    "no.fbx": (bytes(100), "is no FBX file"),
    "no.usdc": (bytes(100), "is no USD file"),
    "bad.usdz": (b"PK\x03\x04 and then nothing", "is a damaged package"),
    "no.blend": (bytes(100), "is no .blend file"),
    "half.blend": (b"\x28\xb5\x2f\xfd" + bytes(4), "is a damaged .blend file"),
}


def test_every_broken_file_is_listed_and_the_rest_is_used(tmp_path: Path) -> None:
    for name, (content, _) in BROKEN.items():
        put(tmp_path, name, content)
    put(tmp_path, "whole.glb", glb())
    records, reasons = scan(tmp_path)
    assert list(records) == ["lib/whole.glb"]
    assert set(reasons) == set(BROKEN)
    wrong = {name: reasons[name] for name, (_, words) in BROKEN.items() if words not in reasons[name]}
    assert wrong == {}


def test_a_huge_stl_is_refused_by_its_header(tmp_path: Path) -> None:
    path = put(tmp_path, "huge.stl", b"scan".ljust(80) + struct.pack("<I", 12_000_000))
    os.truncate(path, 84 + 50 * 12_000_000)  # a sparse file: nothing of it is on the disk
    path.with_name("huge.ply").write_bytes(ply(faces=12_000_000))
    os.truncate(path.with_name("huge.ply"), 200_000_000)
    records, reasons = scan(tmp_path)
    assert records == {}
    assert reasons["huge.stl"].startswith("has 12,000,000 triangles, at most 2,000,000 are used")
    assert reasons["huge.ply"].startswith("has 12,000,000 triangles")


def test_a_texture_wider_than_anything_reads_is_refused_by_its_header(tmp_path: Path) -> None:
    put(tmp_path, "a.obj", obj(mtllib="a.mtl", material="m"))
    put(tmp_path, "a.mtl", "newmtl m\nmap_Kd wide.png\n")
    put(tmp_path, "wide.png", png(20_000, 10, rows=False))
    records, reasons = scan(tmp_path)
    assert records == {}
    assert reasons["a.obj"] == ("texture wide.png: 20000 x 10 px, at most 16384 px are read; make it smaller")


def test_textures_of_materials_that_nobody_uses_may_be_missing(tmp_path: Path) -> None:
    put(tmp_path, "a.obj", obj(mtllib="a.mtl", material="used"))
    put(tmp_path, "a.mtl", "newmtl used\nKd 1 0 0\nnewmtl unused\nmap_Kd gone.png\n")
    assert list(scan(tmp_path)[0]) == ["lib/a.obj"]
    put(tmp_path, "a.mtl", "newmtl used\nmap_Kd gone.png\n")
    assert scan(tmp_path)[1] == {"a.obj": "a.mtl needs gone.png, which is missing"}


def test_light_fields_are_twice_as_wide_as_high(tmp_path: Path) -> None:
    def hdr(width: int, height: int) -> bytes:
        return b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n" + f"-Y {height} +X {width}\n".encode() + bytes(64)

    put(tmp_path, "sky/noon.hdr", hdr(2048, 1024))
    put(tmp_path, "sky/photo.hdr", hdr(1024, 1024))
    records, reasons = scan(tmp_path)
    assert {name: each.kind for name, each in records.items()} == {"lib/sky/noon.hdr": "environment"}
    assert reasons == {"sky/photo.hdr": "expected a light field twice as wide as high (found 1024 x 1024 px)"}


def test_texture_sets_are_put_together_by_their_names(tmp_path: Path) -> None:
    for number, name in enumerate(
        ("oak_diff_1k", "oak_nor_gl_1k", "oak_rough_1k", "Wood051_1K-JPG_Color", "Wood051_1K-JPG_NormalGL",
         "stone_roughness", "photo")
    ):  # fmt: skip
        put(tmp_path, f"t/{name}.png", png(4, 4 + number))
    records, reasons = scan(tmp_path)
    assert {name: (each.kind, each.path, each.needs) for name, each in records.items()} == {
        "lib/t/oak": ("texture_set", "t/oak_diff_1k.png", ("t/oak_nor_gl_1k.png", "t/oak_rough_1k.png")),
        "lib/t/Wood051": (
            "texture_set", "t/Wood051_1K-JPG_Color.png", ("t/Wood051_1K-JPG_NormalGL.png",),
        ),
    }  # fmt: skip
    assert reasons == {"t/stone": "has no map of the colour, only roughness"}


def test_textures_beside_an_fbx_are_its_own(tmp_path: Path) -> None:
    put(tmp_path, "a.fbx", b"Kaydara FBX Binary  \0 ... C:\\textures\\oak_diff.png ...")
    put(tmp_path, "textures/oak_diff.png", png(4, 4))
    put(tmp_path, "textures/other_diff.png", png(4, 5))
    records, reasons = scan(tmp_path)
    assert reasons == {}
    assert {name: each.needs for name, each in records.items()} == {"lib/a.fbx": ("textures/oak_diff.png",)}


def test_equal_content_under_two_names_is_kept_once(tmp_path: Path) -> None:
    put(tmp_path, "a.glb", glb())
    put(tmp_path, "b/copy.glb", glb())
    records, reasons = scan(tmp_path)
    assert list(records) == ["lib/a.glb"]
    assert reasons == {"b/copy.glb": "has the same content as lib/a.glb"}


def test_hidden_files_and_links_that_lead_out_are_left_alone(tmp_path: Path) -> None:
    inside, outside = tmp_path / "lib", tmp_path / "outside"
    put(outside, "c.mtl", "newmtl m\n")
    put(inside, ".trash/a.glb", glb())
    put(inside, "a.obj", obj(mtllib="link.mtl", material="m"))
    (inside / "link.mtl").symlink_to(outside / "c.mtl")
    (inside / "loop").symlink_to(inside)
    records, reasons = scan(inside)
    assert records == {}
    assert reasons == {"a.obj": "a.obj names link.mtl, which lies outside of its source"}


def test_an_empty_folder_has_nothing_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    assert FolderSource(tmp_path).scan() == Catalogue()
    with pytest.raises(UsageError, match="none: expected a folder of assets"):
        FolderSource(tmp_path / "none").scan()


def test_a_file_that_changed_is_not_opened(tmp_path: Path) -> None:
    path = put(tmp_path, "a.glb", glb())
    source = FolderSource(tmp_path, "lib")
    (record,) = source.scan().records
    with source.opened(record) as opened:
        assert opened == path
    path.write_bytes(glb({"asset": {"version": "2.0", "generator": "another"}}))
    with pytest.raises(AssetRejected, match=r"lib/a\.glb: has changed since it was planned"), \
            source.opened(record):  # fmt: skip
        pass


def test_hashes_are_remembered_until_the_file_changes(tmp_path: Path, cache: Path, monkeypatch) -> None:
    import synthgen.assets.fingerprint as fingerprint

    hashed = []
    real = fingerprint.sha256_of
    monkeypatch.setattr(fingerprint, "sha256_of", lambda path: hashed.append(path.name) or real(path))
    path = put(tmp_path, "a.glb", glb())
    first, second = scan(tmp_path)[0], scan(tmp_path)[0]
    assert (hashed, first) == (["a.glb"], second)
    path.write_bytes(glb({"asset": {"version": "2.0", "generator": "another"}}))
    scan(tmp_path)
    assert hashed == ["a.glb", "a.glb"]
    (cache / "fingerprints.json").write_text("damaged")
    scan(tmp_path)
    assert hashed == ["a.glb", "a.glb", "a.glb"]
