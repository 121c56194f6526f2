"""Furniture libraries of Sweet Home 3D: a small one made here, and Debian's where it is installed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from model_files import obj, png

from synthgen.assets.record import AssetRecord, AssetRejected
from synthgen.assets.sizes import SIZES
from synthgen.assets.sweethome3d import SweetHome3DSource, read_properties
from synthgen.errors import UsageError
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.load import load_recipe

DEBIAN = Path("/usr/share/sweethome3d/furniture")
COMMON = (
    "name=Test\nlicense=Creative Commons Attribution 3.0 Unported license  \u00a9 Jane\n"
    "provider=example.org\n"
)


def entry(number: int, name: str, model: str, **more: str) -> str:
    fields = {"id": f"Test#{name}", "name": name, "model": model, "width": "50", "depth": "55.5",
              "height": "90", "creator": "Jane", **more}  # fmt: skip
    return "".join(f"{key}#{number}={value}\n" for key, value in fields.items())


def library(path: Path, catalogue: str, files: dict[str, bytes | str]) -> SweetHome3DSource:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("PluginFurnitureCatalog.properties", (COMMON + catalogue).encode("latin-1"))
        for name, content in files.items():
            archive.writestr(name, content)
    return SweetHome3DSource(path)


def found(source: SweetHome3DSource) -> tuple[dict[str, AssetRecord], dict[str, str]]:
    catalogue = source.scan()
    return {each.id: each for each in catalogue.records}, {
        each.path: each.reason for each in catalogue.rejected
    }


CHAIR = {
    "t/oak/oak.obj": obj(50, "oak.mtl", "wood"),
    "t/oak/oak.mtl": "newmtl wood\nmap_Kd oak.png\n",
    "t/oak/oak.png": png(4, 4),
}


def test_what_the_catalogue_says_is_in_the_record(tmp_path: Path) -> None:
    text = entry(1, "Oak chair", "/t/oak/oak.obj", modelRotation="0 0 -1 0 1 0 1 0 0")
    records, reasons = found(library(tmp_path / "test.sh3f", text, CHAIR))
    assert reasons == {}
    record = records["test/oak/oak.obj"]
    assert (record.category, record.size_m, record.creator) == ("chair", (0.5, 0.555, 0.9), "Jane")
    assert (record.licence, record.link) == ("CC-BY-3.0", "example.org")
    assert record.files == ("t/oak/oak.obj", "t/oak/oak.mtl", "t/oak/oak.png")
    # Theirs turns z into -x; theirs z is our -y: so our -y becomes -x.
    turned = np.array(record.rotation).reshape(3, 3) @ (0, -1, 0)
    np.testing.assert_allclose(turned, (-1, 0, 0), atol=1e-12)


def test_a_model_is_unpacked_with_all_that_it_needs_and_then_gone(tmp_path: Path) -> None:
    source = library(tmp_path / "test.sh3f", entry(1, "Chair", "/t/oak/oak.obj"), CHAIR)
    (record,) = source.scan().records
    with source.opened(record) as path:
        assert path.read_text() == CHAIR["t/oak/oak.obj"]
        assert (path.parent / "oak.png").read_bytes() == CHAIR["t/oak/oak.png"]
    assert not path.exists()
    library(tmp_path / "test.sh3f", entry(1, "Chair", "/t/oak/oak.obj"), CHAIR | {"t/oak/oak.png": png(8, 8)})
    with pytest.raises(AssetRejected, match="has changed since it was planned"), source.opened(record):
        pass


def test_things_of_no_class_are_objects_and_stand_for_nothing_else(tmp_path: Path) -> None:
    text = entry(1, "Oak chair", "/t/oak/oak.obj") + entry(2, "Gizmo", "/t/gizmo/gizmo.obj")
    library(tmp_path / "test.sh3f", text, CHAIR | {"t/gizmo/gizmo.obj": obj(40)})
    head = "name: a\nscenes: 2\nsplit: {train: 1}\nscene:\n  kind: wild\n  assets:\n"
    for name, path in (("chair", "test/oak/oak.obj"), ("object", "test/gizmo/gizmo.obj")):
        (tmp_path / "a.yaml").write_text(f"{head}    {name}: {{sweethome3d: test.sh3f}}\n")
        for job in plan_recipe(load_recipe(tmp_path / "a.yaml")):
            assert [choice.record.id for choice in job.assets[name]] == [path]


def test_a_licence_beside_the_model_wins_over_the_catalogue(tmp_path: Path) -> None:
    files = CHAIR | {"t/oak/89 - LICENSE.html": "<p>Creative Commons Attribution 4.0</p>"}
    (record,) = library(tmp_path / "a.sh3f", entry(1, "Chair", "/t/oak/oak.obj"), files).scan().records
    assert record.licence == "CC-BY-4.0"
    assert "t/oak/89 - LICENSE.html" not in record.files


def test_models_that_cannot_be_used_are_listed_and_the_rest_is_used(tmp_path: Path) -> None:
    text = "".join([
        entry(1, "Good chair", "/t/oak/oak.obj"),
        entry(2, "Gone", "/t/gone/gone.obj"),
        entry(3, "Empty", "/t/empty/empty.obj"),
        entry(4, "Bare", "/t/bare/bare.obj"),
        entry(5, "Old", "/t/old/old.3ds"),
        entry(6, "Sizeless", "/t/oak/oak.obj", width="wide"),
        entry(7, "Skewed", "/t/oak/oak.obj", modelRotation="2 0 0 0 1 0 0 0 1"),
        entry(8, "Box room", "/t/box/box.obj", height="300"),
    ])  # fmt: skip
    files = CHAIR | {
        "t/empty/empty.obj": "",
        "t/bare/bare.obj": obj(1, "bare.mtl", "wood"),
        "t/bare/bare.mtl": "newmtl wood\nmap_Kd lost.jpg\n",
        "t/old/old.3ds": "x",
        "t/box/box.obj": obj(2),
    }
    records, reasons = found(library(tmp_path / "test.sh3f", text, files))
    assert {name: each.category for name, each in records.items()} == {
        "test/oak/oak.obj": "chair",
        "test/box/box.obj": None,  # three metres high: no box
    }
    assert reasons == {
        "Test#Gone": "needs t/gone/gone.obj, which is missing in the archive",
        "Test#Empty": "t/empty/empty.obj is empty (0 bytes)",
        "Test#Bare": "t/bare/bare.mtl needs lost.jpg, which is missing",
        "Test#Old": "is a .3ds file, which is not imported",
        "Test#Sizeless": "has no width, depth and height in the catalogue",
        "Test#Skewed": "expected a rotation as modelRotation (got 2 0 0 0 1 0 0 0 1)",
    }


@pytest.mark.parametrize(
    "name", ["../evil.obj", "/etc/evil.obj", "a/../../evil.obj", "..\\evil.obj", "C:/e.obj"]
)
def test_an_archive_that_points_outside_is_refused_whole(tmp_path: Path, name: str) -> None:
    source = library(tmp_path / "evil.sh3f", entry(1, "Chair", "/t/oak/oak.obj"), CHAIR | {name: obj()})
    records, reasons = found(source)
    assert records == {}
    assert reasons[""].endswith("points outside of the archive")
    honest = library(tmp_path / "good.sh3f", entry(1, "Chair", "/t/oak/oak.obj"), CHAIR).scan().records[0]
    with pytest.raises(AssetRejected, match="points outside of the archive"), source.opened(honest):
        pass
    assert not any(path.name.startswith("evil.obj") for path in tmp_path.rglob("*"))


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    source = library(tmp_path / "link.sh3f", entry(1, "Chair", "/t/oak/oak.obj"), CHAIR)
    with zipfile.ZipFile(tmp_path / "link.sh3f", "a") as archive:
        link = zipfile.ZipInfo("t/oak/away")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc")
    assert found(source)[1] == {"": "the entry 't/oak/away' is a link"}


def test_a_damaged_archive_and_one_of_something_else_say_so(tmp_path: Path) -> None:
    path = tmp_path / "broken.sh3f"
    path.write_bytes(b"PK no archive")
    assert found(SweetHome3DSource(path))[1][""].startswith("is a damaged archive")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "has no PluginFurnitureCatalog.properties" in found(SweetHome3DSource(path))[1][""]
    with pytest.raises(UsageError, match=r"none\.sh3f: expected a file of furniture"):
        SweetHome3DSource(tmp_path / "none.sh3f").scan()


def test_a_flipped_byte_is_seen(tmp_path: Path) -> None:
    source = library(tmp_path / "a.sh3f", entry(1, "Chair", "/t/oak/oak.obj"), CHAIR)
    data = bytearray((tmp_path / "a.sh3f").read_bytes())
    data[data.index(b"v -25")] ^= 1
    (tmp_path / "a.sh3f").write_bytes(data)
    assert "the entry 't/oak/oak.obj' is damaged" in found(source)[1]["Test#Chair"]


def test_properties_are_read_as_java_does() -> None:
    text = b"# a comment\n  key = value\nlong=one \\\n   two\n"
    text += b"name=B\\u00fccher \\u20ac\nhue=caf\xe9\npath=a\\:b\n"
    assert read_properties(text) == {
        "key": "value", "long": "one two", "name": "Bücher €", "hue": "café", "path": "a:b",
    }  # fmt: skip


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="Debian's sweethome3d-furniture is not installed")
def test_the_library_of_debian_is_read() -> None:
    catalogue = SweetHome3DSource(DEBIAN / "KatorLegaz.sh3f").scan()
    assert len(catalogue.records) + len(catalogue.rejected) == 90
    assert len(catalogue.rejected) <= 2
    assert {each.licence for each in catalogue.records} == {"CC-BY-3.0-US"}
    chairs = catalogue.by_category()["chair"]
    assert len(chairs) >= 4
    assert all(SIZES["chair"].holds(each.size_m) for each in chairs)
