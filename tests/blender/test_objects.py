"""Frames and boxes of instances against numbers that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synthgen.frame.objects import object_rows
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.pose import camera_rotation, transform_points, world_from_camera

pytestmark = pytest.mark.blender


def _frames(made):
    import bpy

    from synthgen.blender.objects import object_frames

    return object_frames(made.scene, made.stage, bpy.context.evaluated_depsgraph_get())


def _grey():
    import bpy

    return {"grey": bpy.data.materials.new("grey")}


def _yaw(degrees: float) -> np.ndarray:
    turn = math.radians(degrees)
    return np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])


def test_an_object_placed_with_yaw_has_that_pose_and_its_box(stage_of) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    box = MeshBuilder().block((-0.5, -0.2, 0), (0.7, 0.4, 0.9), "grey", bevel=0)
    made.stage.add(box, made.stage.instance("object"), _grey(), (3.0, -1.0, 0.25), 70)
    frame = _frames(made)[1]

    np.testing.assert_allclose(frame.world_from_object[:3, :3], _yaw(70), atol=1e-7)
    np.testing.assert_allclose(frame.world_from_object[:3, 3], (3.0, -1.0, 0.25), atol=1e-7)
    rotation = frame.world_from_object[:3, :3]
    np.testing.assert_allclose(rotation.T @ rotation, np.eye(3), atol=1e-14)
    np.testing.assert_allclose(frame.center_m, (0.1, 0.1, 0.45), atol=1e-6)
    np.testing.assert_allclose(frame.size_m, (1.2, 0.6, 0.9), atol=1e-6)
    corners = [(x, y, z) for x in (-0.5, 0.7) for y in (-0.2, 0.4) for z in (0, 0.9)]
    expected = np.array(corners) @ _yaw(70).T + (3.0, -1.0, 0.25)
    np.testing.assert_allclose(frame.corners_world, expected, atol=1e-6)


def test_corners_project_onto_the_edges_of_what_is_seen(stage_of, truth_of) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    box = MeshBuilder().box((0.8, 0.6, 0.5), (0, 0, 0), "grey", bevel=0)
    made.stage.add(box, made.stage.instance("object"), _grey(), (3.0, 0.2, -0.1), 33)
    camera = PerspectiveCamera.from_fov(96, 72, 50)
    pose = world_from_camera(np.array([0.2, 0.0, 0.3]), camera_rotation(2, -4, 7))
    instance = truth_of(made, camera, pose)["instance"]
    (row,) = object_rows(instance, _frames(made), pose)

    signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    local = np.array(row["bbox_3d"]["center_m"]) + signs / 2 * row["bbox_3d"]["size_m"]
    pixels = camera.project(transform_points(np.array(row["camera_from_object"]), local))
    # A pixel is in the box of what is seen if its centre is: up to half a pixel within the outline.
    outline = np.concatenate([pixels.min(axis=0), pixels.max(axis=0)])
    x0, y0, x1, y1 = row["bbox_2d"]
    inwards = np.array([x0, y0, x1, y1]) - outline
    assert (inwards[:2] > -0.5).all() and (inwards[2:] < 0.5).all()
    assert (np.abs(inwards) < 1.5).all()
    assert row["visible_pixels"] == (instance == 1).sum() > 500


def test_an_instance_of_several_objects_has_the_frame_of_the_first(stage_of) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    paint, lamp = _grey(), made.stage.instance("object")
    unit = MeshBuilder().box((1, 1, 1), (0, 0, 0), "grey", bevel=0)
    made.stage.add(unit, lamp, paint, (2.0, 1.0, 0.5), 90)
    made.stage.add(unit, lamp, paint, (2.0, 4.0, 0.5), 0)
    frame = _frames(made)[lamp.id]
    np.testing.assert_allclose(frame.world_from_object[:3, 3], (2.0, 1.0, 0.5), atol=1e-7)
    # The second stands 3 m along the first one's x axis.
    np.testing.assert_allclose(frame.center_m, (1.5, 0, 0), atol=1e-6)
    np.testing.assert_allclose(frame.size_m, (4, 1, 1), atol=1e-6)


def test_scale_goes_into_the_box_and_not_into_the_frame(stage_of) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    box = MeshBuilder().block((0, 0, 0), (1, 1, 1), "grey", bevel=0)
    for scale in ((2.0, 3.0, 0.5), (-2.0, 3.0, 0.5)):
        placed = made.stage.add(box, made.stage.instance("object"), _grey(), (1.0, 0, 0), 25)
        placed.scale = scale
    straight, mirrored = (frame for _, frame in sorted(_frames(made).items()))
    np.testing.assert_allclose(straight.world_from_object[:3, :3], _yaw(25), atol=1e-7)
    np.testing.assert_allclose(straight.size_m, (2, 3, 0.5), atol=1e-6)
    np.testing.assert_allclose(straight.center_m, (1, 1.5, 0.25), atol=1e-6)
    assert np.linalg.det(mirrored.world_from_object[:3, :3]) == pytest.approx(1)
    np.testing.assert_allclose(np.sort(mirrored.size_m), (0.5, 2, 3), atol=1e-6)
    corners = np.array([(x, y, z) for x in (-2, 0) for y in (0, 3) for z in (0, 0.5)])
    expected = corners @ _yaw(25).T + (1, 0, 0)
    apart = np.linalg.norm(mirrored.corners_world[:, None] - expected, axis=-1)
    assert apart.min(axis=0).max() < 1e-6 and apart.min(axis=1).max() < 1e-6


def test_modifiers_count_and_what_is_not_rendered_does_not(stage_of) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    paint, thing = _grey(), made.stage.instance("object")
    unit = MeshBuilder().box((1, 1, 1), (0, 0, 0), "grey", bevel=0)
    row = made.stage.add(unit, thing, paint).modifiers.new("row", "ARRAY")
    row.count, row.relative_offset_displace = 3, (2, 0, 0)
    made.stage.add(unit, thing, paint, (0, 0, 50)).hide_render = True
    made.stage.add(unit, thing, paint, (0, 0, -50)).visible_camera = False
    frame = _frames(made)[thing.id]
    np.testing.assert_allclose(frame.center_m, (2, 0, 0), atol=1e-6)
    np.testing.assert_allclose(frame.size_m, (5, 1, 1), atol=1e-6)


def test_text_has_a_box_and_an_empty_has_none(stage_of) -> None:
    import bpy

    made = stage_of()
    text = bpy.data.curves.new("text", "FONT")
    text.body, text.extrude = "I", 0.25
    made.stage.add_object(bpy.data.objects.new("text", text), made.stage.instance("object"), (1, 2, 3))
    made.stage.add_object(bpy.data.objects.new("empty", None), made.stage.instance("object"))
    frames = _frames(made)
    assert list(frames) == [1]
    assert frames[1].size_m[2] == pytest.approx(0.5)
    assert 0.5 < frames[1].size_m[1] < 1


def test_instances_that_another_object_brings_in(stage_of) -> None:
    import bpy

    from synthgen.blender.stage.mesh import MeshBuilder
    from synthgen.blender.stage.stage import INSTANCE_PROPERTY

    made = stage_of()
    mesh = MeshBuilder().box((1, 1, 1), (0, 0, 0), "grey", bevel=0).to_mesh("pebble", _grey())
    pebble = bpy.data.objects.new("pebble", mesh)
    pebble[INSTANCE_PROPERTY] = made.stage.instance("object").id
    heap = bpy.data.collections.new("heap")
    heap.objects.link(pebble)
    for x in (2.0, 5.0):
        bringer = bpy.data.objects.new("bringer", None)
        bringer.instance_type, bringer.instance_collection = "COLLECTION", heap
        bringer.location = (x, 0, 0)
        made.scene.collection.objects.link(bringer)
    frame = _frames(made)[1]
    corners = frame.corners_world
    np.testing.assert_allclose(corners.min(axis=0), (1.5, -0.5, -0.5), atol=1e-6)
    np.testing.assert_allclose(corners.max(axis=0), (5.5, 0.5, 0.5), atol=1e-6)
