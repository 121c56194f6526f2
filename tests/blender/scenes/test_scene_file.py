"""A user's .blend: exact truth through its own cameras, ids of all that its render shows, and no scripts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bpy")

import blend_files as blend
import bpy

from synthgen.blender import compat
from synthgen.blender.proof import find_edges
from synthgen.blender.stage.stage import Stage
from synthgen.frame.classes import CLASSES, FIRST_CUSTOM_ID
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.pose import invert, transform_points
from synthgen.geometry.shapes import Box, Quad, cast
from synthgen.recipe.families import family_builder, family_spec

pytestmark = pytest.mark.blender


def name_of(bundle, number: int) -> str:
    return next(entry.name for entry in bundle.instances if entry.id == number)


def classes_of(bundle) -> dict[str, str]:
    return {entry.name: entry.class_name for entry in bundle.instances}


def where(bundle, name: str) -> np.ndarray:
    """(h, w) bool, the pixels of an instance."""
    return bundle.channels["instance"] == next(each.id for each in bundle.instances if each.name == name)


def test_depth_and_ids_of_a_known_scene_are_exact(tmp_path: Path, views_of_file) -> None:
    blend.empty_file()
    blend.floor(half=4.0)
    blend.box("Crate", (1.0, 2.0, 0.8), (0.5, 1.0, 0.4))
    blend.camera(lens=30.0, shift_x=0.1, shift_y=-0.05, place=(1.0, -5.0, 2.0), target=(0.3, 0.5, 0.3))
    blend.sun()
    (bundle,) = views_of_file(blend.save(tmp_path / "known.blend"))
    camera, pose = bundle.camera, bundle.world_from_camera
    assert isinstance(camera, PerspectiveCamera)
    np.testing.assert_allclose(camera.fx, 30 / 36 * 64, rtol=1e-6)
    np.testing.assert_allclose(camera.cx, 32 - 0.1 * 64, rtol=1e-6)
    np.testing.assert_allclose(camera.cy, 24 - 0.05 * 64, rtol=1e-6)
    np.testing.assert_allclose(pose[:3, 3], (1, -5, 2), atol=1e-6)
    axis = np.array([0.3, 0.5, 0.3]) - (1, -5, 2)
    np.testing.assert_allclose(pose[:3, 2], axis / np.linalg.norm(axis), atol=1e-6)

    shapes = [Quad((-4, -4, 0), (8, 0, 0), (0, 8, 0)), Box((0, 0, 0), (1, 2, 0.8))]
    rays = camera.rays() @ pose[:3, :3].T
    hits = cast(shapes, pose[:3, 3], rays)
    inner = ~find_edges(rays, hits, 0, creases=True)
    distance, depth = hits.distance[..., 0], bundle.channels["depth"]
    assert inner.mean() > 0.8
    assert (np.isfinite(depth) == np.isfinite(distance))[inner].all()
    surface = inner & np.isfinite(distance)
    assert np.abs(depth[surface] / distance[surface] - 1).max() <= 1e-5
    expected = np.where(hits.shape[..., 0] < 0, 0, hits.shape[..., 0] + 1)
    np.testing.assert_array_equal(bundle.channels["instance"][inner], expected[inner])
    assert [entry.name for entry in bundle.instances] == ["Floor", "Crate"]


def set_of_chairs() -> None:
    """Two instances of a collection of two parts, a collection linked into the scene, and a loose box."""
    chair = bpy.data.collections.new("Chair")
    blend.box("Seat", 0.4, (0, 0, 0.5), chair)["thing"] = "part"
    blend.box("Back", (0.4, 0.1, 0.4), (0, 0.2, 1.0), chair)
    blend.placed(chair, "Chair.001", (-1.5, 0, 0))
    blend.placed(chair, "Chair.002", (1.5, 0, 0))["thing"] = "guest chair"
    walls = bpy.data.collections.new("Walls")
    bpy.context.scene.collection.children.link(walls)
    blend.box("Wall.001", (8, 0.1, 3), (0, 4, 1.5), walls)
    blend.box("Wall.002", (0.1, 8, 3), (-4, 0, 1.5), walls)["thing"] = "left wall"
    blend.floor()
    blend.camera(place=(0, -9, 3), target=(0, 0, 1))
    blend.sun()


def test_ids_by_object(tmp_path: Path, views_of_file, seen_names) -> None:
    blend.empty_file()
    set_of_chairs()
    path = blend.save(tmp_path / "chairs.blend")
    (bundle,) = views_of_file(path, class_of={r"Wall": "wall", "Chair": "chair", "Floor|Boden": "floor"})
    parts = {f"Chair.00{number}/{part}" for number in (1, 2) for part in ("Seat", "Back")}
    assert seen_names(bundle) == parts | {"Wall.001", "Wall.002", "Floor"}
    assert classes_of(bundle) == dict.fromkeys(parts, "chair") | {
        "Wall.001": "wall", "Wall.002": "wall", "Floor": "floor",
    }  # fmt: skip
    walls = where(bundle, "Wall.001") | where(bundle, "Wall.002")
    assert (bundle.channels["semantic"][walls] == CLASSES["wall"].id).all()
    assert bundle.meta["sampled"]["built"]["of_no_class"] == []
    # The left chair is left in the picture, and seen where it is.
    left, right = (np.nonzero(where(bundle, f"Chair.00{number}/Seat"))[1].mean() for number in (1, 2))
    assert left < 32 < right


def test_ids_by_collection(tmp_path: Path, views_of_file, seen_names) -> None:
    blend.empty_file()
    set_of_chairs()
    path = blend.save(tmp_path / "chairs.blend")
    (bundle,) = views_of_file(path, ids={"by": "collection"}, class_of={"Chair": "chair", "Walls": "wall"})
    assert seen_names(bundle) == {"Chair.001/Chair", "Chair.002/Chair", "Walls", "Floor"}
    assert classes_of(bundle)["Chair.002/Chair"] == "chair"
    assert classes_of(bundle)["Floor"] == "object"
    assert bundle.meta["sampled"]["built"]["of_no_class"] == ["Floor"]


def test_ids_by_property(tmp_path: Path, views_of_file, seen_names) -> None:
    blend.empty_file()
    set_of_chairs()
    path = blend.save(tmp_path / "chairs.blend")
    ids = {"by": "property", "property": "thing"}
    (bundle,) = views_of_file(path, ids=ids, class_of={"part": "visitor"}, new_classes=["visitor"])
    assert seen_names(bundle) == {
        "Chair.001/part", "Chair.001/Back", "Chair.002/part", "guest chair", "Wall.001", "left wall", "Floor",
    }  # fmt: skip
    seat = where(bundle, "Chair.001/part")
    assert (bundle.channels["semantic"][seat] == FIRST_CUSTOM_ID).all()


def test_nested_instances_have_ids_of_their_own(tmp_path: Path, views_of_file, seen_names) -> None:
    blend.empty_file()
    cup, tray = bpy.data.collections.new("Cup"), bpy.data.collections.new("Tray")
    blend.box("Body", 0.3, (0, 0, 0.3), cup)
    blend.box("Plate", (2.4, 1, 0.1), into=tray)
    for number, x in enumerate((-0.8, 0.0, 0.8)):
        blend.placed(cup, f"cup{number}", (x, 0, 0.1), tray)
    blend.placed(tray, "upper", (0, 0, 1.6))
    blend.placed(tray, "lower", (0, 0, 0))
    blend.camera(place=(0, -6, 1.8), target=(0, 0, 0.9))
    blend.sun()
    path = blend.save(tmp_path / "trays.blend")
    bodies = {f"{place}/Body.{number:03d}" for place in ("upper", "lower") for number in range(3)}
    assert seen_names(views_of_file(path)[0]) == bodies | {"upper/Plate", "lower/Plate"}
    cups = {f"{place}/Cup.{number:03d}" for place in ("upper", "lower") for number in range(3)}
    by_collection = views_of_file(path, ids={"by": "collection"})[0]
    assert seen_names(by_collection) == cups | {"upper/Tray", "lower/Tray"}


def everything() -> None:
    """Surfaces of every kind side by side, from left to right."""
    stone = blend.box("Stone", 0.25, (0, 0, -9))  # below the picture
    ground = blend.floor("Scattered", 0.5, 0.1)
    ground.location.x = -5
    blend.scatter(ground, stone)
    text = bpy.data.curves.new("Text", "FONT")
    text.body, text.extrude, text.size = "A", 0.1, 1.2
    blend.add(text, "Text", (-4, 0, 0)).rotation_euler = (np.pi / 2, 0, 0)
    curve = bpy.data.curves.new("Pipe", "CURVE")
    curve.dimensions, curve.bevel_depth = "3D", 0.15
    line = curve.splines.new("POLY")
    line.points.add(1)
    line.points[0].co, line.points[1].co = (0, 0, 0, 1), (0, 0, 1, 1)
    blend.add(curve, "Pipe", (-2.4, 0, 0))
    balls = bpy.data.metaballs.new("Blob")
    balls.resolution = balls.render_resolution = 0.2
    balls.elements.new().radius = 0.9
    blend.add(balls, "Blob", (-1, 0, 0.5))
    hair = bpy.data.hair_curves.new("Straw")
    hair.add_curves([2, 2])
    hair.points.foreach_set("position", [0, 0, 0, 0, 0, 1, 0.3, 0, 0, 0.3, 0, 1])
    hair.attributes.new("radius", "FLOAT", "POINT").data.foreach_set("value", [0.1] * 4)
    blend.add(hair, "Straw", (0.6, 0, 0))
    rows = blend.box("Rows", (0.5, 0.5, 0.6), (2.2, 0, 0.5))
    rows.instance_type, rows.show_instancer_for_render = "VERTS", False
    blend.box("Dot", 0.2).parent = rows
    lawn = blend.floor("Lawn", 0.4, 0.02)
    lawn.location.x = 3.7
    lawn.modifiers.new("hair", "PARTICLE_SYSTEM")
    settings = lawn.particle_systems[0].settings
    settings.type, settings.count, settings.hair_length, settings.root_radius = "HAIR", 40, 1.0, 3.0
    bed = blend.floor("Bed", 0.4, 0.02)
    bed.location.x = 5
    bed.modifiers.new("plants", "PARTICLE_SYSTEM")
    settings = bed.particle_systems[0].settings
    settings.type, settings.count, settings.render_type = "HAIR", 3, "OBJECT"
    settings.instance_object, settings.particle_size, settings.use_scale_instance = stone, 0.25, False
    blend.camera(place=(0, -14, 1.5), target=(0, 0, 0.5), lens=45)
    blend.sun()


def test_everything_that_shows_has_an_id_and_its_place(tmp_path: Path, views_of_file, seen_names) -> None:
    blend.empty_file()
    everything()
    camera = {"kind": "from_file", "width": 320, "height": 64}
    (bundle,) = views_of_file(blend.save(tmp_path / "all.blend"), camera)
    stones = {f"Scattered/Stone.{number:03d}" for number in range(4)}
    plants = {f"Bed/Stone.{number:03d}" for number in range(3)}
    dots = {f"Rows/Dot.{number:03d}" for number in range(8)}
    alone = {"Scattered", "Text", "Pipe", "Blob", "Straw", "Lawn", "Bed"}
    found = seen_names(bundle)
    assert alone <= found
    assert len(found & stones) >= 3 and len(found & dots) >= 4 and len(found & plants) >= 2
    assert found <= stones | plants | dots | alone
    # Each of them is where its column of the picture says: things stand at y = 0, within half a metre.
    points = bundle.camera.rays() * bundle.channels["depth"][..., None].astype(float)
    there = np.isfinite(bundle.channels["depth"])
    world = transform_points(bundle.world_from_camera, np.where(there[..., None], points, 0.0))
    places = {"Text": -3.6, "Pipe": -2.4, "Blob": -1.0, "Straw": 0.75, "Lawn": 3.7}
    for name, x in places.items():
        shown = world[where(bundle, name)]
        assert abs(shown[:, 0].mean() - x) < 0.3, name
        assert shown[:, 2].max() > 0.5, name  # the hair of the lawn as well
    dots_x = world[np.isin(bundle.channels["instance"], [e.id for e in bundle.instances if e.name in dots])]
    assert dots_x[:, 0].min() > 1.7 and dots_x[:, 0].max() < 2.7


def test_modifiers_and_visibility_are_those_of_the_render(tmp_path: Path, views_of_file, seen_names) -> None:
    blend.empty_file()
    ball = blend.box("Ball", 2.0, (-2, 0, 1))
    smooth = ball.modifiers.new("smooth", "SUBSURF")
    smooth.levels, smooth.render_levels = 4, 4
    evaluated = ball.evaluated_get(bpy.context.evaluated_depsgraph_get())
    round_m = 2 * max(vertex.co.x for vertex in evaluated.data.vertices)
    smooth.levels = 0
    copies = blend.box("Copies", 0.4, (1, 0, 0.5))
    array = copies.modifiers.new("array", "ARRAY")
    array.count, array.show_viewport = 3, False
    blend.box("Hidden", 0.5, (0, -2, 1)).hide_render = True
    blend.box("Behind the scenes", 0.5, (0, 0, 2.2)).hide_viewport = True
    kept_out = bpy.data.collections.new("Excluded")
    bpy.context.scene.collection.children.link(kept_out)
    blend.box("Excluded", 0.5, (2, 0, 2), kept_out)
    bpy.context.view_layer.layer_collection.children["Excluded"].exclude = True
    blend.camera(place=(0, -8, 1), target=(0, 0, 1))
    blend.sun()
    (bundle,) = views_of_file(blend.save(tmp_path / "modified.blend"))
    assert seen_names(bundle) == {"Ball", "Copies", "Behind the scenes"}
    # The array makes a row of 1.2 m; the ball is much rounder than the cube that it is made of.
    ball_px, row_px = (np.ptp(np.nonzero(where(bundle, name))[1]) + 1 for name in ("Ball", "Copies"))
    assert round_m < 1.7
    assert ball_px == pytest.approx(round_m * bundle.camera.fx / 8, abs=1.6)
    assert row_px == pytest.approx(1.2 * bundle.camera.fx / 7.8, abs=1.6)


def test_a_frame_of_the_animation(tmp_path: Path, views_of_file) -> None:
    blend.empty_file()
    moved = blend.box("Moved", 1.0)
    seen = blend.camera(place=(0, -8, 0), target=(0, 0, 0))
    for frame, x, y in ((1, -2.0, -8.0), (11, 1.0, -5.0)):
        moved.location.x, seen.location.y = x, y
        moved.keyframe_insert("location", frame=frame)
        seen.keyframe_insert("location", frame=frame)
    for lens, frame in ((30.0, 1), (50.0, 11)):
        seen.data.lens = lens
        seen.data.keyframe_insert("lens", frame=frame)
    blend.sun()
    bpy.context.scene.frame_set(1)
    path = blend.save(tmp_path / "moving.blend")
    for frame, x, y, lens in ((None, -2.0, -8.0, 30.0), (1, -2.0, -8.0, 30.0), (11, 1.0, -5.0, 50.0)):
        (bundle,) = views_of_file(path, **({} if frame is None else {"frame": frame}))
        assert bundle.meta["sampled"]["built"]["frame"] == (frame or 1)
        np.testing.assert_allclose(bundle.world_from_camera[:3, 3], (0, y, 0), atol=1e-6)
        np.testing.assert_allclose(bundle.camera.fx, lens / 36 * 64, rtol=1e-6)
        (centre,) = transform_points(invert(bundle.world_from_camera), np.array([(x, 0.0, 0.0)]))
        columns = np.nonzero(where(bundle, "Moved"))[1]
        assert columns.min() <= bundle.camera.project(centre)[0] <= columns.max() + 1


def test_the_unit_of_the_file_is_honoured(tmp_path: Path, views_of_file) -> None:
    """A file in centimetres gives what the same scene in metres gives, its lamp as well."""
    bundles = []
    for unit_m in (1.0, 0.01):
        blend.empty_file()
        bpy.context.scene.unit_settings.scale_length = unit_m
        blend.floor(half=3 / unit_m)
        blend.box("Crate", 1 / unit_m, (0, 0, 0.5 / unit_m))
        lamp = bpy.data.lights.new("Lamp", "POINT")
        lamp.energy, lamp.shadow_soft_size = 200 / unit_m**2, 0.1 / unit_m
        blend.add(lamp, "Lamp", (-1 / unit_m, -2 / unit_m, 3 / unit_m))
        blend.camera(place=(0, -5 / unit_m, 2 / unit_m), target=(0, 0, 0.5 / unit_m))
        path = blend.save(tmp_path / f"unit{unit_m}.blend")
        bundles += views_of_file(path, channels=["depth", "instance", "hdr"])
    metres, centimetres = bundles
    assert centimetres.meta["sampled"]["built"]["unit_m"] == 0.01
    np.testing.assert_allclose(centimetres.world_from_camera, metres.world_from_camera, atol=1e-6)
    same = metres.channels["instance"] == centimetres.channels["instance"]
    assert same.mean() > 0.99
    depth = metres.channels["depth"], centimetres.channels["depth"]
    assert (np.isfinite(depth[0]) == np.isfinite(depth[1]))[same].all()
    hit = same & np.isfinite(depth[0])
    assert np.abs(depth[1][hit] / depth[0][hit] - 1).max() < 1e-5
    light = [each.channels["hdr"].astype(float)[hit].mean() for each in bundles]
    assert light[1] == pytest.approx(light[0], rel=0.05)
    # What the file says can be overruled: two units are a metre.
    (half,) = views_of_file(path, unit_m=0.5)
    assert half.world_from_camera[1, 3] == pytest.approx(-250)


def test_light_of_the_file_or_ours(tmp_path: Path, views_of_file) -> None:
    blend.empty_file()
    blend.floor()
    blend.box("Crate", 1.0, (0, 0, 0.5))
    blend.camera()
    sky = bpy.data.worlds.new("Sky")
    compat.node_tree(sky).nodes["Background"].inputs["Color"].default_value = (0.0, 0.0, 4.0, 1.0)
    bpy.context.scene.world = sky
    path = blend.save(tmp_path / "lit.blend")
    (own,) = views_of_file(path, channels=["depth", "hdr"])
    (ours,) = views_of_file(path, channels=["depth", "hdr"], light="ours")
    blue = own.channels["hdr"].astype(float)
    assert blue[..., 2].min() > 0.1 and blue[..., :2].max() < 0.01
    assert ours.channels["hdr"].astype(float)[..., 0].min() > 0.001
    assert ours.meta["sampled"]["built"]["light"]["environment"]
    np.testing.assert_array_equal(own.channels["depth"], ours.channels["depth"])


def test_a_lamp_in_the_picture_hides_nothing(tmp_path: Path, views_of_file, seen_names) -> None:
    blend.empty_file()
    blend.box("Wall", (8, 0.1, 6), (0, 2, 0))
    lamp = bpy.data.lights.new("Panel", "AREA")
    lamp.size, lamp.energy = 2.0, 100.0
    blend.add(lamp, "Panel", (0, 0, 0)).rotation_euler = (np.pi / 2, 0, 0)
    blend.camera(place=(0, -6, 0), target=(0, 0, 0))
    (bundle,) = views_of_file(blend.save(tmp_path / "lamp.blend"))
    assert seen_names(bundle) == {"Wall"}
    assert bundle.channels["depth"][24, 32] == pytest.approx(7.95, rel=1e-5)


def test_a_volume_is_no_surface(tmp_path: Path, views_of_file, seen_names) -> None:
    blend.empty_file()
    blend.box("Wall", (8, 0.1, 6), (0, 2, 0))
    fog = bpy.data.materials.new("fog")
    tree = compat.node_tree(fog)
    tree.nodes.remove(tree.nodes["Principled BSDF"])
    output = next(node for node in tree.nodes if node.type == "OUTPUT_MATERIAL")
    tree.links.new(tree.nodes.new("ShaderNodeVolumeScatter").outputs[0], output.inputs["Volume"])
    blend.box("Fog", 2.0).data.materials.append(fog)
    blend.camera(place=(0, -6, 0), target=(0, 0, 0))
    blend.sun()
    (bundle,) = views_of_file(blend.save(tmp_path / "fog.blend"))
    assert seen_names(bundle) == {"Wall"}


def test_objects_keep_the_materials_and_the_shape_that_they_have(tmp_path: Path, views_of_file) -> None:
    """A slot of the object counts more than that of its mesh, and a sheared child stays sheared."""
    blend.empty_file()
    red, green = bpy.data.materials.new("red"), bpy.data.materials.new("green")
    one = blend.box("One", 1.0, (-1, 0, 0))
    one.data.materials.append(red)
    other = blend.add(one.data, "Other", (1, 0, 0))
    other.material_slots[0].link, other.material_slots[0].material = "OBJECT", green
    above = blend.add(None, "Above", (0, 0, 2))
    above.scale = (3, 1, 1)
    sheared = blend.box("Sheared", 1.0)
    sheared.parent, sheared.rotation_euler = above, (0, np.pi / 4, 0)
    blend.camera(place=(0, -12, 1), target=(0, 0, 1))
    blend.sun()
    (bundle,) = views_of_file(
        blend.save(tmp_path / "shared.blend"), channels=["depth", "instance", "material", "normal"]
    )
    names = {row["id"]: row["name"] for row in bundle.meta["materials"]}
    shown = {
        name: {names[int(each)] for each in np.unique(bundle.channels["material"][where(bundle, name)])}
        for name in ("One", "Other")
    }
    assert shown == {"One": {"red"}, "Other": {"green"}}
    # A square on its corner, stretched three times sideways: its width is 3 sqrt 2.
    columns = np.nonzero(where(bundle, "Sheared"))[1]
    near = bundle.channels["depth"][where(bundle, "Sheared")].min()
    assert np.ptp(columns) + 1 == pytest.approx(3 * np.sqrt(2) * bundle.camera.fx / near, abs=2.5)


def armed(folder: Path) -> tuple[Path, list[Path]]:
    """A file with a text block to be run and with drivers, on an object and a material, that write files."""
    signs = [folder / name for name in ("from_text", "from_object", "from_material")]
    writes = [f"__import__('pathlib').Path({str(sign)!r}).write_text('ran')" for sign in signs]
    blend.empty_file()
    moved = blend.box("Moved", 1.0)
    text = bpy.data.texts.new("run_me.py")
    text.write(writes[0] + "\n")
    text.use_module = True
    paint = bpy.data.materials.new("paint")
    moved.data.materials.append(paint)
    roughness = compat.node_tree(paint).nodes["Principled BSDF"].inputs["Roughness"]
    moved.driver_add("location", 0).driver.expression = writes[1]
    roughness.driver_add("default_value").driver.expression = writes[2]
    moved.driver_add("location", 2).driver.expression = "0.5 * frame"
    blend.camera(place=(0, -8, 1), target=(0, 0, 1))
    blend.sun()
    path = blend.save(folder / "armed.blend")
    for sign in signs:
        sign.unlink(missing_ok=True)
    return path, signs


def test_embedded_python_never_runs(tmp_path: Path, views_of_file, seen_names) -> None:
    """Neither a text block nor a driver writes a file; a driver that only calculates does its work."""
    path, signs = armed(tmp_path)
    (bundle,) = views_of_file(path, channels=["rgb", "depth", "instance"], frame=3)
    assert seen_names(bundle) == {"Moved"}
    rows = np.nonzero(where(bundle, "Moved"))[0]
    (centre,) = transform_points(invert(bundle.world_from_camera), np.array([(0.0, 0.0, 1.5)]))
    assert rows.min() < bundle.camera.project(centre)[1] < rows.max() + 1
    assert not any(sign.exists() for sign in signs)
    assert not bpy.data.texts


def test_embedded_python_does_not_run_where_a_users_blender_would_let_it(tmp_path: Path, session) -> None:
    path, signs = armed(tmp_path)
    scene = session.reset()
    bpy.context.preferences.filepaths.use_scripts_auto_execute = True
    spec = family_spec("blend").model_validate({"kind": "blend", "path": str(path)})
    family_builder("blend")(Stage(scene, CLASSES), spec, 0)
    scene.frame_set(5)
    assert not any(sign.exists() for sign in signs)


def test_the_same_file_gives_the_same_views_and_leaves_nothing(tmp_path: Path, views_of_file) -> None:
    blend.empty_file()
    set_of_chairs()
    path = blend.save(tmp_path / "chairs.blend")
    camera = {"kind": "perspective", "width": 64, "height": 48, "fov_deg": 70}
    first = views_of_file(path, camera, 2, channels=["rgb", "depth", "instance"])
    names = {made.name for made in bpy.data.objects}
    assert [scene.name for scene in bpy.data.scenes] == ["Scene"]
    assert not bpy.data.collections and not bpy.data.libraries
    assert names == {made.name for made in bpy.context.scene.objects}
    again = views_of_file(path, camera, 2, channels=["rgb", "depth", "instance"])
    for one, other in zip(first, again, strict=True):
        assert one.meta == other.meta
        for name in ("rgb", "depth", "instance"):
            np.testing.assert_array_equal(one.channels[name], other.channels[name])
