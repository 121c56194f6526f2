"""Scene files that cannot be used as they are: each is refused with a message that says why."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bpy")

import blend_files as blend
import bpy
from gltf_files import write_gltf
from usd_files import SUN, usd_camera, write_usd

from synthgen.blender import compat
from synthgen.errors import RenderError
from synthgen.png import encode_png

pytestmark = pytest.mark.blender

BOXES = [("Floor", (8, 8, 0.2), (0, 0, -0.1)), ("Crate", (1, 1, 1), (0, 0, 0.5))]
EYE = usd_camera("Eye", (0, -5, 1.5), (85, 0, 0))


def simple(path: Path) -> Path:
    """A crate on a floor, in the format that the ending says."""
    if path.suffix == ".blend":
        blend.empty_file()
        blend.floor()
        blend.box("Crate", 1.0, (0, 0, 0.5))
        blend.camera()
        blend.sun()
        return blend.save(path)
    if path.suffix == ".usda":
        return write_usd(path, BOXES, EYE, SUN)
    return write_gltf(path, BOXES)


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def newer(path: Path) -> None:
    """Says that a Blender wrote it that is not out yet."""
    data = path.read_bytes()
    head = re.sub(rb"([vV])(\d+)", lambda found: found[1] + b"9" * len(found[2]), data[:20], count=1)
    path.write_bytes(head + data[20:])


@pytest.mark.parametrize(
    ("name", "damage", "message"),
    [
        ("room.blend", halved, r"room.blend: cannot be read as a .blend \(.+\)"),
        ("room.blend", newer, r"room.blend: was saved by Blender 9+\.9+; this is \d\.\d, which would lose "
         r"parts of it: install a newer bpy, or save the file from Blender \d\.\d"),
        ("room.usda", lambda path: path.write_text(path.read_text() + "}"),
         r"room.usda: cannot be imported \(.+\)"),
    ],
    ids=["blend cut short", "blend of a newer Blender", "usd with a syntax error"],
)  # fmt: skip
def test_files_that_blender_cannot_use(
    tmp_path: Path, views_of_file, name: str, damage: Callable[[Path], object], message: str
) -> None:
    path = simple(tmp_path / name)
    damage(path)
    with pytest.raises(RenderError, match=message):
        views_of_file(path)


def test_a_file_that_shows_nothing(tmp_path: Path, views_of_file) -> None:
    """Nothing but a camera and a lamp, or nothing that the render shows."""
    nothing = r": shows no surface: no mesh, curve or text that its render would show"
    blend.empty_file()
    blend.box("Crate", 1.0).hide_render = True
    blend.camera()
    blend.sun()
    with pytest.raises(RenderError, match=r"^hidden.blend" + nothing):
        views_of_file(blend.save(tmp_path / "hidden.blend"))
    for path in (write_usd(tmp_path / "none.usda", [], EYE, SUN), write_gltf(tmp_path / "none.glb", [])):
        with pytest.raises(RenderError, match=f"^{path.name}" + nothing):
            views_of_file(path)


def test_a_file_without_light(tmp_path: Path, views_of_file) -> None:
    """Black pictures are refused; what glows is light."""
    blend.empty_file()
    paint = bpy.data.materials.new("paint")
    blend.box("Crate", 1.0).data.materials.append(paint)
    blend.camera()
    path = blend.save(tmp_path / "dark.blend")
    message = r"^dark.blend: has no light: no lamp, no world and nothing that glows; set light: ours$"
    with pytest.raises(RenderError, match=message):
        views_of_file(path)
    assert views_of_file(path, light="ours")
    simple(tmp_path / "glowing.blend")
    bpy.data.objects.remove(bpy.data.objects["Sun"])
    glowing = bpy.data.materials.new("glowing")
    compat.node_tree(glowing).nodes["Principled BSDF"].inputs["Emission Strength"].default_value = 5.0
    bpy.data.objects["Crate"].data.materials.append(glowing)
    assert views_of_file(blend.save(tmp_path / "glowing.blend"))


def test_a_file_of_several_scenes_needs_a_name(tmp_path: Path, views_of_file, seen_names) -> None:
    blend.empty_file()
    simple_scene = bpy.context.scene
    blend.box("Crate", 1.0)
    blend.camera()
    blend.sun()
    other = bpy.data.scenes.new("Night")
    other.collection.objects.link(blend.box("Lantern", 1.0))
    simple_scene.collection.objects.unlink(bpy.data.objects["Lantern"])
    for made in (bpy.data.objects["Camera"], bpy.data.objects["Sun"]):
        other.collection.objects.link(made)
    path = blend.save(tmp_path / "two.blend")
    with pytest.raises(
        RenderError, match=r"two.blend: expected one scene \(found 2: .*\); say which with scene.scene"
    ):
        views_of_file(path)
    with pytest.raises(RenderError, match=r"two.blend: unknown scene 'Nigth'; .*did you mean 'Night'"):
        views_of_file(path, scene="Nigth")
    assert seen_names(views_of_file(path, scene="Night")[0]) == {"Lantern"}


def painted(folder: Path, image_file: Path) -> Path:
    """A crate whose material has an image."""
    blend.empty_file()
    image = bpy.data.images.load(str(image_file))
    crate = blend.box("Crate", 1.0).data
    crate.uv_layers.new()
    crate.materials.append(blend.textured("paint", image))
    unused = bpy.data.images.new("unused", 8, 8)
    unused.source, unused.filepath = "FILE", "//never_was.png"
    unused.use_fake_user = True
    blend.camera()
    blend.sun()
    return blend.save(folder / "painted.blend")


def test_textures_missing_damaged_or_too_large(tmp_path: Path, views_of_file) -> None:
    """What is used has to be there and to be an image; what nothing uses may be missing."""
    wood = tmp_path / "wood.png"
    good = encode_png(np.full((16, 16, 3), (200, 120, 40), np.uint8))
    wood.write_bytes(good)
    path = painted(tmp_path, wood)
    assert views_of_file(path)
    wide = good[:16] + (20_000).to_bytes(4, "big") + good[20:]
    for content, message in (
        (b"", r"^painted.blend: texture wood.png: is empty \(0 bytes\)"),
        (
            b"not an image at all",
            r"^painted.blend: texture wood.png: is damaged or no image of a known format",
        ),
        (
            wide,
            r"^painted.blend: texture wood.png: 20000 x 16 px, at most 16384 px are read; make it smaller",
        ),
    ):
        wood.write_bytes(content)
        with pytest.raises(RenderError, match=message):
            views_of_file(path)
    wood.unlink()
    with pytest.raises(
        RenderError, match=r"^painted.blend: refers to textures that are missing: \S*wood.png$"
    ):
        views_of_file(path)


def test_packed_textures_need_no_file(tmp_path: Path, views_of_file) -> None:
    wood = tmp_path / "wood.png"
    wood.write_bytes(encode_png(np.full((16, 16, 3), (200, 120, 40), np.uint8)))
    painted(tmp_path, wood)
    bpy.data.images["wood.png"].pack()
    path = blend.save(tmp_path / "packed.blend")
    wood.unlink()
    (bundle,) = views_of_file(path, channels=["albedo", "instance"])
    albedo = bundle.channels["albedo"].astype(float)[bundle.channels["instance"] == 1]
    red, green, blue = np.median(albedo, axis=0)
    assert green / red == pytest.approx(0.325, rel=0.03)  # linear (200, 120, 40) is (0.578, 0.188, 0.021)
    assert blue / red == pytest.approx(0.037, rel=0.1)


def test_a_missing_tile_of_a_texture(tmp_path: Path, views_of_file) -> None:
    for tile in (1001, 1002):
        (tmp_path / f"tiles.{tile}.png").write_bytes(encode_png(np.full((16, 16, 3), 90, np.uint8)))
    path = painted(tmp_path, tmp_path / "tiles.1001.png")
    image = bpy.data.images["tiles.1001.png"]
    image.source, image.filepath = "TILED", str(tmp_path / "tiles.<UDIM>.png")
    image.tiles.new(1002)
    blend.save(path)
    assert views_of_file(path)
    (tmp_path / "tiles.1002.png").unlink()
    with pytest.raises(RenderError, match=r"refers to textures that are missing: \S*tiles.1002.png$"):
        views_of_file(path)


def test_linked_libraries_are_used_and_those_that_are_missing_named(
    tmp_path: Path, views_of_file, seen_names
) -> None:
    blend.empty_file()
    shelf = bpy.data.collections.new("Shelf")
    blend.box("Board", (2, 0.5, 0.1), (0, 0, 1), shelf)
    bpy.context.scene.collection.children.link(shelf)
    library = blend.save(tmp_path / "library.blend")
    blend.empty_file()
    with bpy.data.libraries.load(str(library), link=True, relative=False) as (_, taken):
        taken.collections = ["Shelf"]
    blend.placed(taken.collections[0], "shelf by the wall", (0, 0, 0))
    blend.camera()
    blend.sun()
    path = blend.save(tmp_path / "linking.blend")
    (bundle,) = views_of_file(path)
    assert seen_names(bundle) == {"shelf by the wall/Board"}
    before = spec_sha256(path)
    library.write_bytes(library.read_bytes() + b"\0")
    assert spec_sha256(path) != before  # a library is a part of the scene
    library.rename(tmp_path / "elsewhere.blend")
    with pytest.raises(
        RenderError, match=r"^linking.blend: refers to libraries that are missing: \S*library.blend$"
    ):
        views_of_file(path)


def spec_sha256(path: Path) -> str:
    from synthgen.recipe.families import family_spec

    return family_spec("blend").fingerprint(path)


def test_a_material_that_moves_its_surface_is_refused(tmp_path: Path, views_of_file) -> None:
    simple(tmp_path / "bumpy.blend")
    rough = bpy.data.materials.new("rough")
    tree = compat.node_tree(rough)
    rough.displacement_method = "DISPLACEMENT"
    output = next(node for node in tree.nodes if node.type == "OUTPUT_MATERIAL")
    tree.links.new(tree.nodes.new("ShaderNodeDisplacement").outputs[0], output.inputs["Displacement"])
    bpy.data.objects["Crate"].data.materials.append(rough)
    path = blend.save(tmp_path / "bumpy.blend")
    with pytest.raises(RenderError, match=r"material 'rough' on 'Crate' displaces the surface, which truth"):
        views_of_file(path)


def test_drivers_that_ask_for_python_are_named(tmp_path: Path, views_of_file) -> None:
    simple(tmp_path / "driven.blend")
    crate = bpy.data.objects["Crate"]
    crate.driver_add("location", 0).driver.expression = "len(str(bpy.data.filepath))"
    crate.driver_add("location", 2).driver.expression = "0.5 + sin(0)"
    (bundle,) = views_of_file(blend.save(tmp_path / "driven.blend"))
    assert bundle.meta["sampled"]["built"]["drivers_not_run"] == ["Crate: location"]


def test_a_file_that_changed_since_the_plan_is_refused(tmp_path: Path, views_of_file) -> None:
    path = simple(tmp_path / "room.usda")
    old = spec_of_usd(path)
    path.write_text(path.read_text() + "# another\n")
    with pytest.raises(
        RenderError, match=r"^room.usda: is not what it was when this was planned \(its SHA-2"
    ):
        views_of_file(path, sha256=old)
    path.unlink()
    with pytest.raises(RenderError, match=r"^room.usda: cannot be read at .*room.usda \(No such file"):
        views_of_file(path, sha256=old)


def spec_of_usd(path: Path) -> str:
    from synthgen.recipe.families import family_spec

    return family_spec("usd").fingerprint(path)
