"""What the truth render is not disturbed by; exactness is in test_proof.py."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.geometry.camera import PerspectiveCamera, unproject_depth
from synthgen.geometry.pose import camera_rotation, transform_points, world_from_camera

pytestmark = pytest.mark.blender


def _matte(name: str = "grey"):
    import bpy

    return {name: bpy.data.materials.new(name)}


def test_instances_sharing_an_object_index_are_one_and_glass_is_a_surface(stage_of, truth_of) -> None:
    import bpy

    from synthgen.blender import compat
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    glass = bpy.data.materials.new("glass")
    shader = compat.node_tree(glass).nodes["Principled BSDF"]
    shader.inputs["Transmission Weight"].default_value = 1.0
    shader.inputs["Alpha"].default_value = 0.2
    pane = made.stage.instance("object")
    for offset in (-0.4, 0.4):
        half = MeshBuilder().box((0.01, 0.7, 0.7), (3.005, offset, 0), "glass", bevel=0)
        made.stage.add(half, pane, {"glass": glass})
    camera = PerspectiveCamera.from_fov(64, 48, 60)
    truth = truth_of(made, camera, world_from_camera(np.zeros(3), camera_rotation(0)))
    assert set(np.unique(truth["instance"])) == {0, pane.id}
    assert np.abs(truth["depth"][truth["instance"] == pane.id] - 3).max() <= 3e-5


def test_depth_of_field_never_touches_the_truth(stage_of, truth_of) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    made.stage.add(MeshBuilder().box((1, 1, 1), (3, 0, 0), "grey"), made.stage.instance("object"), _matte())
    camera = PerspectiveCamera.from_fov(64, 48, 60)
    pose = world_from_camera(np.zeros(3), camera_rotation(0, 0, 30))
    sharp = truth_of(made, camera, pose)
    lens = made.scene.camera.data.dof
    lens.use_dof, lens.aperture_fstop, lens.focus_distance = True, 0.5, 1.0
    blurred = truth_of(made, camera, pose)
    assert lens.use_dof
    for name, pixels in sharp.items():
        np.testing.assert_array_equal(pixels, blurred[name], err_msg=name)


def test_points_of_the_plain_room_lie_on_its_walls(session, families, truth_of) -> None:
    from synthgen.blender.stage.stage import Stage
    from synthgen.recipe.families import add_scene_paths, family_builder, family_spec

    add_scene_paths([families])
    scene = session.reset()
    made = type("Set", (), {"scene": scene, "stage": Stage(scene, ("wall", "object")), "override": None})()
    family_builder("plain")(made.stage, family_spec("plain")(), 3)
    camera = PerspectiveCamera.from_fov(64, 48, 80)
    pose = world_from_camera(np.array([0.1, 0.2, 1.4]), camera_rotation(70, -8))
    truth = truth_of(made, camera, pose)
    points = transform_points(pose, unproject_depth(camera, truth["depth"]))[truth["instance"] == 1]
    x, y, z = np.abs(points).T
    to_wall = np.minimum.reduce([np.abs(x - 3), np.abs(y - 3), z, np.abs(z - 3)])
    assert len(points) > 500
    assert to_wall.max() <= 1e-5
