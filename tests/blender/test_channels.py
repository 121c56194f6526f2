"""The channels on request; exactness of distance, position and layers is in test_proof.py."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.channels import CHANNELS
from synthgen.frame.classes import CLASSES
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.pose import camera_rotation, world_from_camera

pytestmark = pytest.mark.blender

TRUTH = tuple(name for name in CHANNELS if name != "rgb")


def test_materials_by_slot_object_and_kind(stage_of, truth_of) -> None:
    import bpy

    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    paint = {name: bpy.data.materials.new(name) for name in ("red", "blue", "green")}
    halves = MeshBuilder()
    halves.quad([(3, 0, -9), (3, -9, -9), (3, -9, 9), (3, 0, 9)], "red")
    halves.quad([(3, 9, -9), (3, 0, -9), (3, 0, 9), (3, 9, 9)], "blue")
    made.stage.add(halves, made.stage.instance("wall"), paint)
    thing = made.stage.instance("object")
    card = MeshBuilder().quad([(2, 0.3, -0.3), (2, -0.3, -0.3), (2, -0.3, 0.3), (2, 0.3, 0.3)], "green")
    made.stage.add(card, thing, paint)
    # A second object of the same instance, without any material.
    bare = bpy.data.meshes.new("bare")
    bare.from_pydata([(2, 0.9, -0.3), (2, 0.4, -0.3), (2, 0.4, 0.3), (2, 0.9, 0.3)], [], [(0, 1, 2, 3)])
    made.stage.add_object(bpy.data.objects.new("bare", bare), thing)
    camera = PerspectiveCamera.from_fov(64, 48, 60)
    truth = truth_of(made, camera, world_from_camera(np.zeros(3), camera_rotation(0)), ("material",))

    names = {entry["id"]: entry["name"] for entry in made.materials.to_json()}
    seen = np.array([names[value] for value in truth["material"].ravel()]).reshape(48, 64)
    y = -camera.rays()[..., 0]
    wall = truth["instance"] == 1
    assert (seen[wall & (y < -0.01)] == "red").all() and (seen[wall & (y > 0.01)] == "blue").all()
    assert set(seen[~wall & (np.abs(y) < 0.14)]) == {"green"}
    assert set(seen[~wall & (y > 0.21)]) == {"(none)"}


def test_ids_beyond_the_object_index_are_exact(stage_of, truth_of) -> None:
    import bpy

    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    grey = {"grey": bpy.data.materials.new("grey")}
    filler = made.stage.instance("wall")
    made.stage.instances *= 39_999  # as many ids as if each had its own object
    columns = []
    for index in range(8):
        instance = made.stage.instance("object")
        left, right = 2.0 - index * 0.5, 1.5 - index * 0.5
        columns.append(instance.id)
        strip = MeshBuilder().quad([(3, left, -9), (3, right, -9), (3, right, 9), (3, left, 9)], "grey")
        made.stage.add(strip, instance, grey)
    assert filler.id == 1 and columns == list(range(40_000, 40_008))
    camera = PerspectiveCamera.from_fov(64, 8, 50)
    truth = truth_of(made, camera, world_from_camera(np.zeros(3), camera_rotation(0)))
    y = -3 * camera.rays()[..., 0]
    inside = np.abs(y * 2 - np.rint(y * 2)) > 0.02
    expected = 40_000 + np.floor((2.0 - y) * 2)
    np.testing.assert_array_equal(truth["instance"][inside], expected[inside])


def glass_stack(made) -> None:
    """From the camera at x = 0: glass 2.0 to 2.1 (left half of the view), glass 3.0 to 3.1, wall at 5."""
    import bpy

    from synthgen.blender.stage import ware
    from synthgen.blender.stage.mesh import MeshBuilder

    paint = {"glass": ware.glass("glass"), "grey": bpy.data.materials.new("grey")}
    left = MeshBuilder().box((0.1, 10, 10), (2.05, 5, 0), "glass", bevel=0)
    whole = MeshBuilder().box((0.1, 20, 20), (3.05, 0, 0), "glass", bevel=0)
    wall = MeshBuilder().box((0.1, 1.6, 20), (5.05, 0, 0), "grey", bevel=0)
    for part, name in ((left, "object"), (whole, "object"), (wall, "wall")):
        made.stage.add(part, made.stage.instance(name), paint)


def test_the_first_opaque_surface_is_that_of_the_scene_without_glass(stage_of, truth_of) -> None:
    wanted = ("distance", "position", "material")
    made = stage_of()
    glass_stack(made)
    camera = PerspectiveCamera.from_fov(64, 48, 60)
    pose = world_from_camera(np.array([0.0, 0.1, 0.0]), camera_rotation(4, 3, 10))
    through = truth_of(made, camera, pose, wanted, surface="first_opaque", layers=2)
    first = truth_of(made, camera, pose, wanted, layers=2)
    for thing in [each for each in made.scene.objects if each.material_slots and each.name != "wall.000"]:
        thing.hide_render = True
    bare = truth_of(made, camera, pose, wanted)

    assert (through["semantic"] == CLASSES["sky"].id).any() and (through["instance"] == 3).any()
    for name, pixels in bare.items():
        if pixels.dtype.kind == "f":
            np.testing.assert_allclose(through[name], pixels, rtol=2e-6, atol=2e-6, err_msg=name)
        else:
            np.testing.assert_array_equal(through[name], pixels, err_msg=name)
    # Layers are counted from the front, whatever the other channels show.
    for name in ("depth_layers", "instance_layers"):
        np.testing.assert_array_equal(through[name], first[name])
    assert (first["depth"] < through["depth"]).any()


def test_layers_of_a_fisheye_end_at_its_rim(stage_of, truth_of) -> None:
    from synthgen.geometry.fisheye import EquisolidFisheye

    made = stage_of()
    glass_stack(made)
    camera = EquisolidFisheye(64, 48, 32.0, 32.0, 24.0, 60.0)
    pose = world_from_camera(np.zeros(3), camera_rotation(0))
    truth = truth_of(made, camera, pose, ("distance",), layers=3)
    rays = camera.rays()
    seen = rays.any(axis=-1)
    assert 0 < (~seen).sum() < seen.size
    assert np.isinf(truth["depth_layers"][~seen]).all() and not truth["instance_layers"][~seen].any()
    np.testing.assert_array_equal(truth["depth_layers"][..., 0], truth["depth"])
    np.testing.assert_array_equal(truth["distance"], truth["depth"])
    right = seen & (rays[..., 0] > 0.01)
    for index, plane in enumerate((3.0, 3.1)):
        expected = plane / rays[right][:, 2]
        assert (np.abs(truth["depth_layers"][right][:, index] - expected) / expected).max() <= 2e-5


def test_a_ray_through_too_many_surfaces_ends_in_an_error(stage_of, truth_of, monkeypatch) -> None:
    from synthgen.blender import truth
    from synthgen.errors import RenderError

    monkeypatch.setattr(truth, "MAX_SURFACES", 2)
    made = stage_of()
    glass_stack(made)
    camera = PerspectiveCamera.from_fov(64, 48, 60)
    with pytest.raises(RenderError, match="pixels look through more than 2 surfaces"):
        truth_of(made, camera, world_from_camera(np.zeros(3), camera_rotation(0)), surface="first_opaque")


def test_what_the_eye_looks_through(stage_of) -> None:
    import bpy

    from synthgen.blender import compat
    from synthgen.blender.materials import is_transparent
    from synthgen.blender.stage import ware
    from synthgen.blender.stage.material import new_material

    stage_of()
    assert is_transparent(ware.glass("glass")) and is_transparent(ware.pane("pane"))
    assert not is_transparent(ware.mirror("mirror"))
    shade, graph = new_material("lampshade")
    through = graph.blend(
        graph.ray("Is Shadow Ray"), graph.shader("Diffuse", color=(1, 1, 1)), graph.shader("Transparent")
    )
    graph.finish(through, seen_by_diffuse=(1, 1, 1))
    assert not is_transparent(shade)
    plain = bpy.data.materials.new("plain")
    shader = compat.node_tree(plain).nodes["Principled BSDF"]
    assert not is_transparent(plain)
    shader.inputs["Transmission Weight"].default_value = 0.9
    assert is_transparent(plain)
    plain["synthgen_transparent"] = False
    assert not is_transparent(plain)
