"""A user's USD or glTF file: truth as exact as of a .blend, its cameras, its units, what it refers to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bpy")

from gltf_files import write_gltf
from usd_files import SUN, usd_camera, write_usd

from synthgen.blender.proof import find_edges
from synthgen.errors import RenderError
from synthgen.geometry.shapes import Box, cast
from synthgen.png import encode_png
from synthgen.recipe.families import family_spec

pytestmark = pytest.mark.blender

INCH_M = 0.0254
ROOM = [
    ("Floor", (8, 8, 0.2), (0, 0, -0.1)),
    ("Crate", (1, 2, 0.8), (0.5, 1, 0.4)),
    ("Post", (0.2, 0.2, 2), (-1, 0, 1)),
]
SAMPLED = {"kind": "perspective", "width": 64, "height": 48, "fov_deg": 70, "placement": {"height_m": 1.5}}


def assert_boxes_seen(bundle, boxes) -> None:
    """Every pixel away from edges has the depth and the id of what an exact ray caster meets."""
    shapes = [Box(np.subtract(centre, np.divide(size, 2)), np.add(centre, np.divide(size, 2)))
              for _, size, centre in boxes]  # fmt: skip
    pose = bundle.world_from_camera
    rays = bundle.camera.rays() @ pose[:3, :3].T
    hits = cast(shapes, pose[:3, 3], rays)
    inner = ~find_edges(rays, hits, 0, creases=True)
    assert inner.mean() > 0.7
    distance, depth = hits.distance[..., 0], bundle.channels["depth"]
    assert (np.isfinite(depth) == np.isfinite(distance))[inner].all()
    surface = inner & np.isfinite(distance)
    assert np.abs(depth[surface] / distance[surface] - 1).max() <= 1e-5
    ids = {entry.name: entry.id for entry in bundle.instances}
    named = np.array([0, *(ids[name] for name, _, _ in boxes)])
    found = np.where(hits.shape[..., 0] < 0, 0, hits.shape[..., 0] + 1)
    np.testing.assert_array_equal(bundle.channels["instance"][inner], named[found][inner])
    assert set(ids) == {name for name, _, _ in boxes}


@pytest.mark.parametrize(("unit_m", "up"), [(1.0, "Z"), (INCH_M, "Z"), (INCH_M, "Y"), (0.01, "Y")], ids=str)
def test_usd_in_any_unit_with_any_axis_up(tmp_path: Path, views_of_file, unit_m: float, up: str) -> None:
    """A file in inches or centimetres with y up shows what it shows in metres with z up."""
    eye = (0.0, -5.0, 1.5) if up == "Z" else (0.0, 1.5, 5.0)
    turn = (85.0, 0.0, 0.0) if up == "Z" else (-5.0, 0.0, 0.0)
    camera = usd_camera("Eye", [value / unit_m for value in eye], turn)
    path = write_usd(tmp_path / "room.usda", ROOM, camera, SUN, unit_m=unit_m, up=up)
    (bundle,) = views_of_file(path, class_of={"Crate|Post": "box"})
    np.testing.assert_allclose(bundle.world_from_camera[:3, 3], (0, -5, 1.5), atol=1e-5)
    np.testing.assert_allclose(bundle.camera.fx, 24 / 36 * 64, rtol=1e-5)
    assert_boxes_seen(bundle, ROOM)
    assert bundle.meta["sampled"]["built"]["cameras"] == ["Eye"]


@pytest.mark.parametrize("ending", [".glb", ".gltf"])
def test_gltf_shows_its_boxes(tmp_path: Path, views_of_file, ending: str) -> None:
    path = write_gltf(tmp_path / f"room{ending}", ROOM)
    for bundle in views_of_file(path, SAMPLED, 2, light="ours"):
        assert_boxes_seen(bundle, ROOM)


def test_a_gltf_camera_has_its_angle_and_its_place(tmp_path: Path, views_of_file) -> None:
    """It stands at the origin and looks along +y, glTF's -z; its angle is that of the height."""
    path = write_gltf(tmp_path / "wall.glb", [("Wall", (20, 1, 20), (0, 5, 0))])
    (bundle,) = views_of_file(path, light="ours")
    np.testing.assert_allclose(bundle.world_from_camera[:3, 3], 0, atol=1e-6)
    np.testing.assert_allclose(bundle.camera.fy, 24 / np.tan(0.4), rtol=1e-4)
    np.testing.assert_allclose(bundle.channels["depth"], 4.5, rtol=1e-5)


def test_a_gltf_in_inches_takes_a_unit(tmp_path: Path, views_of_file) -> None:
    """glTF is in metres by definition; what was exported in inches says so in the recipe."""
    inches = [(name, np.divide(size, INCH_M), np.divide(centre, INCH_M)) for name, size, centre in ROOM]
    path = write_gltf(tmp_path / "inches.glb", inches)
    (bundle,) = views_of_file(path, SAMPLED, unit_m=INCH_M, light="ours")
    assert_boxes_seen(bundle, ROOM)
    assert bundle.world_from_camera[2, 3] == pytest.approx(1.5, abs=1e-5)


def test_usd_layers_are_read_and_those_that_are_missing_named(tmp_path: Path, views_of_file) -> None:
    write_usd(tmp_path / "walls.usda", [("Wall", (8, 0.2, 3), (0, 4, 1.5))])
    eye = usd_camera("Eye", (0, -5, 1.5), (85, 0, 0))
    path = write_usd(tmp_path / "room.usda", ROOM, eye, SUN, layers="@./walls.usda@")
    (bundle,) = views_of_file(path)
    assert_boxes_seen(bundle, [*ROOM, ("Wall", (8, 0.2, 3), (0, 4, 1.5))])
    spec = family_spec("usd").model_validate({"kind": "usd", "path": str(path)})
    write_usd(tmp_path / "walls.usda", [("Wall", (8, 0.2, 2), (0, 4, 1))])
    assert family_spec("usd").fingerprint(path) != spec.sha256  # a layer is a part of the scene
    (tmp_path / "walls.usda").unlink()
    with pytest.raises(RenderError, match=r"^room.usda: refers to files that are missing: .*walls.usda$"):
        views_of_file(path)


PAINT = """def Material "Paint" {
    token outputs:surface.connect = </Paint/Shader.outputs:surface>
    def Shader "Shader" {
        uniform token info:id = "UsdPreviewSurface"
        color3f inputs:diffuseColor.connect = </Paint/Texture.outputs:rgb>
        token outputs:surface
    }
    def Shader "Texture" {
        uniform token info:id = "UsdUVTexture"
        asset inputs:file = @./nowhere.png@
        float3 outputs:rgb
    }
}"""
BOUND = '(prepend apiSchemas = ["MaterialBindingAPI"]) {\n    rel material:binding = </Paint>'


def test_missing_textures_of_usd_and_gltf_are_errors(tmp_path: Path, views_of_file) -> None:
    path = write_usd(tmp_path / "painted.usda", ROOM, usd_camera("Eye", (0, -5, 1.5), (85, 0, 0)), SUN, PAINT)
    text = path.read_text().replace('def Mesh "Crate" {', f'def Mesh "Crate" {BOUND}')
    path.write_text(text)
    with pytest.raises(
        RenderError, match=r"^painted.usda: refers to textures that are missing: .*nowhere.png$"
    ):
        views_of_file(path)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "wood.png").write_bytes(encode_png(np.full((8, 8, 3), 200, np.uint8), 6))
    path = write_gltf(tmp_path / "painted.gltf", ROOM, image=tmp_path / "images" / "wood.png")
    assert views_of_file(path, SAMPLED, light="ours")
    (tmp_path / "wood.png").unlink()
    with pytest.raises(ValueError, match=r"painted.gltf needs wood.png, which is missing"):
        views_of_file(path, SAMPLED, light="ours")
