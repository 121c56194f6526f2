"""Amodal masks against renders without the other objects, and against closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from synthgen.errors import RenderError
from synthgen.frame.objects import object_rows
from synthgen.frame.rle import decode_rle
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.distorted import BrownConradyCamera
from synthgen.geometry.fisheye import EquisolidFisheye
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.geometry.pose import camera_rotation, world_from_camera

pytestmark = pytest.mark.blender

CAMERA = PerspectiveCamera.from_fov(64, 48, 60)
TILTED = world_from_camera(np.array([0.0, 0.1, 0.4]), camera_rotation(3, -5, 11))


@pytest.fixture
def view_of(tmp_path) -> Callable:
    """The truth's ids and the amodal masks of a set."""
    import bpy

    from synthgen.blender.amodal import amodal_masks
    from synthgen.blender.objects import object_frames

    def view(made, camera=CAMERA, pose=TILTED, oversample=1):
        instance = _truth(made, camera, pose, tmp_path, oversample).instance
        frames = object_frames(made.scene, made.stage, bpy.context.evaluated_depsgraph_get())
        masks = amodal_masks(made.scene, str(tmp_path), camera, pose, frames, instance, oversample)
        return instance, dict(masks), frames

    return view


@pytest.fixture
def alone_of(tmp_path) -> Callable:
    """The mask of one instance in a truth render without the others."""
    from synthgen.blender.stage.stage import instance_id

    def alone(made, number, camera=CAMERA, pose=TILTED, oversample=1):
        others = [each for each in made.scene.objects if instance_id(each) not in (0, number)]
        for each in others:
            each.hide_render = True
        truth = _truth(made, camera, pose, tmp_path, oversample)
        for each in others:
            each.hide_render = False
        return truth.hit

    return alone


def _truth(made, camera, pose, folder, oversample):
    from synthgen.blender.materials import number_materials
    from synthgen.blender.passes import prepare_passes
    from synthgen.blender.truth import RaySurfaces

    if made.materials is None:
        made.materials = number_materials(made.scene)
        prepare_passes(made.scene)
    return RaySurfaces(made.scene, camera, pose, str(folder), oversample=oversample).layer(0)


def _properties(made):
    return {each.name: sorted(each.keys()) for each in made.scene.objects}


def _grey():
    import bpy

    return {"grey": bpy.data.materials.new("grey")}


def _box(made, size, position, yaw_deg=0.0):
    """A new instance: a box around a place."""
    from synthgen.blender.stage.mesh import MeshBuilder

    box = MeshBuilder().box(size, (0, 0, 0), "grey", bevel=0)
    return made.stage.add(box, made.stage.instance("object"), _grey(), position, yaw_deg)


def _still_life(made) -> None:
    """A wall, a floor without thickness, and boxes before, behind, around and beside each other."""
    from synthgen.blender.stage.mesh import MeshBuilder

    floor = MeshBuilder().quad([(-9, -9, -1), (9, -9, -1), (9, 9, -1), (-9, 9, -1)], "grey")
    made.stage.add(floor, made.stage.instance("wall"), _grey())
    for size, position, yaw in (
        ((0.1, 6, 6), (5, 0, 0), 4),
        ((0.8, 0.8, 0.8), (3, 0.5, -0.6), 30),
        ((0.5, 0.9, 0.4), (2.2, 0.2, -0.4), 75),
        ((0.2, 0.2, 0.2), (3, 0.5, -0.6), 10),  # inside of another
        ((0.6, 0.3, 1.2), (3.4, -1.0, -0.3), -20),
        ((0.3, 0.3, 0.3), (-2, 0, 0), 0),  # behind the camera
        ((0.3, 4.0, 0.3), (3, 3.2, 0), 0),  # its middle is out of view
    ):
        _box(made, size, position, yaw)


def test_masks_are_those_of_renders_without_the_other_objects(stage_of, view_of, alone_of) -> None:
    made = stage_of()
    _still_life(made)
    instance, masks, frames = view_of(made)
    for number in range(1, 9):
        np.testing.assert_array_equal(masks.get(number, False), alone_of(made, number), err_msg=str(number))
    assert not (instance == 5).any() and masks[5].sum() > 10
    rows = object_rows(instance, frames, TILTED, masks.items())
    assert [row["id"] for row in rows] == [1, 2, 3, 4, 5, 6, 8]
    for row in rows:
        np.testing.assert_array_equal(decode_rle(row["amodal_rle"]), masks[row["id"]])
        assert row["visible_fraction"] == (instance == row["id"]).sum() / masks[row["id"]].sum()
    assert rows[4]["visible_fraction"] == 0.0 and rows[4]["bbox_2d"] is None


def test_a_card_half_behind_another_is_half_visible(stage_of, view_of) -> None:
    made = stage_of()
    _box(made, (0.01, 2.0, 2.0), (4.005, 0, 0))
    _box(made, (0.01, 1.0, 3.0), (2.005, 0.5, 0))  # covers y > 0
    camera = PerspectiveCamera.from_fov(60, 60, 60)
    pose = world_from_camera(np.zeros(3), camera_rotation(0))
    instance, masks, frames = view_of(made, camera, pose)
    rays = camera.rays()
    right, down = rays[..., 0], rays[..., 1]
    # A ray meets the card's front 4 m away; where it does not, it cannot meet the sides, which face away.
    np.testing.assert_array_equal(masks[1], (np.abs(right) < 0.25) & (np.abs(down) < 0.25))
    # The near card ends at y = 0 and y = 1; its inner end is a plane through the camera.
    np.testing.assert_array_equal(masks[2], (right < 0) & (right > -0.5) & (np.abs(down) < 0.75))
    rows = object_rows(instance, frames, pose, masks.items(), with_masks=False)
    assert [row["visible_fraction"] for row in rows] == [0.5, 1.0]
    assert rows[0]["amodal_pixels"] == 2 * rows[0]["visible_pixels"] == 26 * 26


def test_a_part_outside_of_the_image_does_not_count(stage_of, view_of) -> None:
    made = stage_of()
    _box(made, (0.01, 60, 60), (3, 0, 0))
    instance, masks, frames = view_of(made)
    assert masks[1].all()
    assert object_rows(instance, frames, TILTED, masks.items())[0]["visible_fraction"] == 1.0


def test_things_that_touch_lose_nothing(stage_of, view_of, alone_of) -> None:
    made = stage_of()
    _still_life(made)
    rng = np.random.Generator(np.random.PCG64(3))
    stacks = []
    for x, y in ((3.2, 1.2), (2.6, -0.4), (4.0, -0.2)):
        height, yaw = -1.0, float(rng.uniform(0, 90))  # from the floor up
        for thick in rng.uniform(0.02, 0.2, size=5):
            stacks.append(_box(made, (0.7, 0.7, float(thick)), (x, y, height + float(thick) / 2), yaw))
            height += float(thick)
    _, masks, _ = view_of(made)
    assert len(masks) == 7 + len(stacks)
    for number, mask in masks.items():
        np.testing.assert_array_equal(mask, alone_of(made, number), err_msg=str(number))


def test_more_surfaces_than_a_digit_holds(stage_of, view_of, alone_of) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    leaves = MeshBuilder()
    for x in np.linspace(2.0, 3.0, 300):
        corners = [(x, 0.4, -0.4), (x, -0.5, -0.4), (x, -0.5, 0.6), (x, 0.4, 0.6)]
        leaves.quad(corners, "grey")
    made.stage.add(leaves, made.stage.instance("object"), _grey())
    for index in range(4):  # apart from each other and from the leaves: digits next to theirs
        _box(made, (0.2, 0.4, 0.4), (4.0 + 0.5 * index, 1.5 - index, 0.2))
    _, masks, _ = view_of(made)
    assert sorted(masks) == [1, 2, 3, 4, 5]
    for number, mask in masks.items():
        np.testing.assert_array_equal(mask, alone_of(made, number), err_msg=str(number))


def test_more_surfaces_than_a_ray_may_pass(stage_of, view_of, alone_of) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    leaves = MeshBuilder()
    for x in np.linspace(2.0, 3.0, 1200):
        corners = [(x, 0.4, -0.4), (x, -0.5, -0.4), (x, -0.5, 0.6), (x, 0.4, 0.6)]
        leaves.quad(corners, "grey")
    made.stage.add(leaves, made.stage.instance("object"), _grey())
    for index in range(3):
        _box(made, (0.2, 0.4, 0.4), (4.0 + 0.5 * index, 0.4 - 0.3 * index, 0.2))
    _, masks, _ = view_of(made)
    for number, mask in masks.items():
        np.testing.assert_array_equal(mask, alone_of(made, number), err_msg=str(number))


CAMERAS = {
    "off_centre": PerspectiveCamera(64, 48, 50.0, 60.0, 20.0, 30.0),
    "panorama": EquirectangularCamera(64, 32),
    "fisheye": EquisolidFisheye(64, 48, 17.0, 32.0, 24.0, 180.0),
    "distorted": BrownConradyCamera(64, 48, 50.0, 50.0, 32.0, 24.0, -0.2, 0.03, 0.002, -0.001, 0.0),
}


@pytest.mark.parametrize("camera", CAMERAS.values(), ids=CAMERAS.keys())
def test_every_kind_of_camera_inside_of_a_box(stage_of, view_of, alone_of, camera) -> None:
    made = stage_of()
    _still_life(made)
    _box(made, (12, 12, 8), (0, 0, 0))  # around all, the camera too
    instance, masks, _ = view_of(made, camera, oversample=2)
    seen = camera.rays().any(axis=-1)
    np.testing.assert_array_equal(masks[9], seen)
    for number in range(1, 10):
        expected = alone_of(made, number, camera, oversample=2)
        np.testing.assert_array_equal(masks.get(number, False), expected, err_msg=str(number))
        assert ((instance == number) & ~expected).sum() == 0


def test_things_that_share_a_mesh_keep_its_rounding(stage_of, view_of) -> None:
    import bpy

    # 3 km from the origin float32 has steps of 0.2 mm: what is rounded otherwise has another outline.
    far = np.array([3000.0, 1000.0, 0.0])
    camera = PerspectiveCamera.from_fov(320, 240, 60)
    pose = world_from_camera(far + TILTED[:3, 3], TILTED[:3, :3])
    made = stage_of()
    rng = np.random.Generator(np.random.PCG64(5))
    first = _box(made, (0.5, 0.4, 0.3), far + np.array([2.5, 0, 0]), 20)
    for _ in range(11):
        copy = bpy.data.objects.new("copy", first.data)
        place = far + rng.uniform((2, -1.2, -1), (5, 1.2, 1))
        made.stage.add_object(copy, made.stage.instance("object"), place, float(rng.uniform(0, 360)))
    instance, masks, _ = view_of(made, camera, pose)
    assert len(masks) == 12
    for number, mask in masks.items():
        for other in made.scene.objects[:12]:
            other.visible_camera = other == made.scene.objects[number - 1]
        alone, _, _ = view_of(made, camera, pose)
        np.testing.assert_array_equal(mask, alone == number, err_msg=str(number))
    assert (instance > 0).sum() < sum(mask.sum() for mask in masks.values())


def test_more_things_than_a_shader_has_places_for(stage_of, view_of) -> None:
    import bpy

    made = stage_of()
    first = _box(made, (0.05, 0.05, 0.05), (3.0, -1.48, -1.1))
    for index in range(1, 780):
        copy = bpy.data.objects.new("copy", first.data)
        place = 3.0, -1.48 + 0.1 * (index % 30), -1.1 + 0.085 * (index // 30)
        made.stage.add_object(copy, made.stage.instance("object"), place)
    card = _box(made, (0.01, 1.0, 3.0), (2.0, 0.5, 0.0))
    _, masks, _ = view_of(made)
    card.hide_render = True
    open_view, _, _ = view_of(made)
    seen = set(np.unique(open_view).tolist()) - {0}
    assert len(seen) > 600
    for number in seen:
        np.testing.assert_array_equal(masks[number], open_view == number, err_msg=str(number))


def test_things_that_stand_on_the_corners_of_another(stage_of, view_of) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    pebble = _box(made, (0.4, 0.4, 0.4), (0, 0, 0))
    corners = [(2.8, -0.5, 0), (2.8, 0.5, 0), (-9, 0.5, 0), (-9, -0.5, 0)]
    ground = made.stage.add(MeshBuilder().quad(corners, "grey"), made.stage.instance("wall"), _grey())
    ground.instance_type = "VERTS"  # without the ground they are gone
    pebble.parent = ground
    _box(made, (0.1, 0.7, 3), (2, -0.6, 0))
    instance, masks, _ = view_of(made)
    columns = np.flatnonzero(masks[1].any(axis=0))
    assert (np.diff(columns) > 1).sum() == 1  # two pebbles in view, one of them half behind a board
    assert 0.3 < (instance == 1).sum() / masks[1].sum() < 0.9


def test_a_scene_is_left_as_it_was(stage_of, view_of, tmp_path) -> None:
    made = stage_of()
    _still_life(made)
    hidden, unseen = made.scene.objects[4], made.scene.objects[5]
    hidden.hide_render, unseen.visible_camera = True, False
    before = _truth(made, CAMERA, TILTED, tmp_path, 1)
    properties = _properties(made)
    _, masks, _ = view_of(made)
    assert sorted(masks) == [1, 2, 3, 4, 8]
    assert _properties(made) == properties
    assert [each for each in made.scene.objects if each.hide_render] == [hidden]
    assert [each for each in made.scene.objects if not each.visible_camera] == [unseen]
    layer = made.scene.view_layers[0]
    assert layer.material_override is None and not layer.aovs
    after = _truth(made, CAMERA, TILTED, tmp_path, 1)
    for name in ("depth", "normal_world", "instance"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_depth_of_field_plays_no_part(stage_of, view_of) -> None:
    made = stage_of()
    _still_life(made)
    _, sharp, _ = view_of(made)
    lens = made.scene.camera.data.dof
    lens.use_dof, lens.aperture_fstop, lens.focus_distance = True, 0.5, 1.0
    _, blurred, _ = view_of(made)
    assert lens.use_dof
    for number, mask in sharp.items():
        np.testing.assert_array_equal(mask, blurred[number])


def test_a_truth_that_does_not_fit_is_refused(stage_of, view_of, tmp_path) -> None:
    from synthgen.blender.amodal import amodal_masks

    made = stage_of()
    _still_life(made)
    instance, _, frames = view_of(made)
    made.scene.objects[3].location.z += 0.2
    with pytest.raises(
        RenderError, match=r"amodal render: \d+ pixels show instance 4 and are not in its mask"
    ):
        dict(amodal_masks(made.scene, str(tmp_path), CAMERA, TILTED, frames, instance))
    assert not any(each.hide_render for each in made.scene.objects)
