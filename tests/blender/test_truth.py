"""Truth against closed form: planes and a sphere, in float64."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.classes import CLASSES
from synthgen.geometry.camera import PerspectiveCamera, unproject_depth
from synthgen.geometry.pose import camera_rotation, transform_points, world_from_camera

pytestmark = pytest.mark.blender

CAMERAS = {
    "landscape": PerspectiveCamera.from_fov(96, 72, 70),
    "portrait": PerspectiveCamera.from_fov(48, 96, 50),
    "wide": PerspectiveCamera.from_fov(96, 24, 100),
    "off_centre": PerspectiveCamera(96, 72, 80.0, 80.0, 40.0, 50.0),
    "fx_above_fy": PerspectiveCamera(96, 72, 90.0, 60.0, 48.0, 36.0),
    "fy_above_fx": PerspectiveCamera(96, 72, 60.0, 90.0, 41.0, 30.0),
}


def _matte(name: str = "grey"):
    import bpy

    return {name: bpy.data.materials.new(name)}


@pytest.mark.parametrize("camera", CAMERAS.values(), ids=CAMERAS.keys())
def test_a_ground_plane_to_60_m_is_exact_for_every_camera(stage_of, truth_of, camera) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    ground = MeshBuilder().quad([(-100, -100, 0), (100, -100, 0), (100, 100, 0), (-100, 100, 0)], "grey")
    made.stage.add(ground, made.stage.instance("wall"), _matte())
    rotation = camera_rotation(25, -12, 6)
    pose = world_from_camera(np.array([0.0, 0.0, 1.5]), rotation)

    truth = truth_of(made, camera, pose)

    down = (camera.rays() @ rotation.T)[..., 2]
    with np.errstate(divide="ignore"):
        expected = np.where(down < 0, -1.5 / down, np.inf)
    near = expected < 60
    assert near.any()
    error = np.abs(truth["depth"][near] - expected[near]) / expected[near]
    assert error.max() <= 2e-5  # float32 rays against a quad of 200 m; a finer mesh comes closer
    assert np.median(error) <= 3e-6
    assert np.isinf(truth["depth"][down >= 0]).all()
    assert (truth["semantic"][down >= 0] == CLASSES["sky"].id).all()
    up_in_camera = rotation.T @ np.array([0.0, 0.0, 1.0])
    assert np.degrees(np.arccos(np.clip(truth["normal"][near] @ up_in_camera, -1, 1))).max() <= 0.05
    assert (np.einsum("nc,nc->n", truth["normal"][near], camera.rays()[near]) < 0).all()


def test_no_value_lies_between_foreground_and_background(stage_of, truth_of) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    wall = MeshBuilder().box((0.1, 20, 20), (5.05, 0, 0), "grey", bevel=0)
    card = MeshBuilder().box((0.01, 0.7, 0.7), (2.005, 0, 0), "grey", bevel=0)
    made.stage.add(wall, made.stage.instance("wall"), _matte())
    made.stage.add(card, made.stage.instance("object"), _matte())
    camera = PerspectiveCamera.from_fov(96, 72, 60)
    truth = truth_of(made, camera, world_from_camera(np.zeros(3), camera_rotation(0, 0, 17)))

    on_card = truth["instance"] == 2
    assert 100 < on_card.sum() < on_card.size / 2
    assert np.abs(truth["depth"][on_card] - 2).max() <= 2e-5
    assert np.abs(truth["depth"][~on_card] - 5).max() <= 5e-5


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
