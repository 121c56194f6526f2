"""Moving objects, motion blur, depth of field: places by formula, blur in the colour, none in the truth."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from synthgen.errors import RenderError
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.motion import RigidMotion
from synthgen.geometry.pose import camera_rotation, transform_points, world_from_camera

pytestmark = pytest.mark.blender

CAMERA = PerspectiveCamera.from_fov(64, 48, 60)
AHEAD = world_from_camera(np.zeros(3), camera_rotation(0))
TUMBLE = RigidMotion(
    (3.0, 0.1, -0.2), (0.0, -0.7, 0.2), (1.0, 2.0, 0.5), 130.0, sway_m=(0.1, 0.0, 0.1), sway_period_s=1.3
)


def white():
    """A material that glows evenly, so that a pixel's colour is the share of it that is covered."""
    import bpy

    from synthgen.blender import compat

    material = bpy.data.materials.new("white")
    tree = compat.node_tree(material)
    tree.nodes.clear()
    glow, output = tree.nodes.new("ShaderNodeEmission"), tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(glow.outputs[0], output.inputs[0])
    return {"white": material}


def card(made, place, size=(0.01, 1.0, 1.0)):
    """A glowing white card, or box; gives its instance."""
    from synthgen.blender.stage.mesh import MeshBuilder

    instance = made.stage.instance("object")
    made.stage.add(MeshBuilder().box(size, (0, 0, 0), "white", bevel=0), instance, white(), place)
    return instance


def prepare(made, camera=CAMERA, pose=AHEAD) -> None:
    """What a worker does once a scene is built."""
    from synthgen.blender.camera import set_camera
    from synthgen.blender.materials import number_materials
    from synthgen.blender.passes import prepare_passes

    number_materials(made.scene)
    prepare_passes(made.scene)
    set_camera(made.scene, camera, pose)


def truth(made, scratch, camera=CAMERA, pose=AHEAD) -> dict[str, np.ndarray]:
    from synthgen.blender.truth import RaySurfaces

    return dataclasses.asdict(RaySurfaces(made.scene, camera, pose, str(scratch)).layer(0))


def covered(made, scratch, samples: int) -> np.ndarray:
    """(h, w) shares of the pixels' centres that white things cover; a pixel counts at its centre only."""
    from synthgen.blender.passes import render_passes, vector_pass

    cycles = made.scene.cycles
    cycles.samples, cycles.use_adaptive_sampling, cycles.use_denoising = samples, False, False
    cycles.filter_width = 0.01
    return vector_pass(render_passes(made.scene, str(scratch), "colour render"), "Combined")[..., 0]


def assert_same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    for name, pixels in one.items():
        np.testing.assert_array_equal(pixels, other[name], err_msg=name)


# -- places ----------------------------------------------------------------------------------------


def test_vertices_are_where_the_formula_carries_them_in_any_order_of_times(stage_of) -> None:
    import bpy

    from synthgen.blender.motion import place_moving

    made = stage_of()
    instance = card(made, (3.0, 0.5, 0.0), (0.4, 0.8, 1.2))
    second = made.scene.objects[0].copy()  # two objects of one instance, turned and stretched
    second.rotation_euler, second.scale, second.location = (0.3, 1.5, -2.0), (1.0, 2.0, -0.5), (2, 0, 1)
    made.scene.collection.objects.link(second)
    still = card(made, (5.0, 0.0, 0.0))
    made.stage.move(instance, TUMBLE)
    bpy.context.view_layer.update()
    corners = np.array([vertex.co for vertex in second.data.vertices], dtype=np.float64)
    rest = {each: np.array(each.matrix_world) for each in made.scene.objects}
    places: dict[float, list] = {}

    for time_s in (0.7, 0.0, 12.5, -0.3, 0.7):
        place_moving(made.stage, time_s)
        carry = TUMBLE.world_from_rest(time_s)
        for each in made.scene.objects:
            now = transform_points(np.array(each.matrix_world), corners)
            moved = carry if each["synthgen_instance"] == instance.id else np.eye(4)
            expected = transform_points(moved @ rest[each], corners)
            assert np.abs(now - expected).max() <= 2e-6
            if each["synthgen_instance"] == still.id:
                np.testing.assert_array_equal(np.array(each.matrix_world), rest[each])
        places.setdefault(time_s, []).append([each.matrix_world.copy() for each in made.scene.objects])
    assert places[0.7][0] == places[0.7][1] != places[0.0][0]


def test_truth_shows_things_where_they_are_at_the_time(stage_of, tmp_path) -> None:
    from synthgen.blender.motion import place_moving

    made = stage_of()
    instance = card(made, (4.0, 0.0, 0.0))
    made.stage.move(instance, RigidMotion((4.0, 0.0, 0.0), (-1.0, 0.0, 0.0)))
    prepare(made)
    for time_s in (0.0, 1.5):
        place_moving(made.stage, time_s)
        seen = truth(made, tmp_path)["depth"][24, 32]
        assert seen == pytest.approx(3.995 - time_s, rel=3e-7)


@pytest.mark.parametrize(
    ("tie", "what"),
    [
        (lambda made, holder: setattr(made, "parent", holder), "the parent 'holder'"),
        (lambda made, holder: setattr(holder, "parent", made), "children"),
        (lambda made, holder: made.constraints.new("COPY_LOCATION"), "constraints"),
        (lambda made, holder: made.animation_data_create(), "an animation"),
    ],
)
def test_what_blender_moves_by_itself_is_refused(stage_of, tie, what) -> None:
    import bpy

    from synthgen.blender.motion import place_moving

    made = stage_of()
    instance = card(made, (3.0, 0.0, 0.0))
    tie(made.scene.objects[0], bpy.data.objects.new("holder", None))
    made.stage.move(instance, TUMBLE)
    with pytest.raises(RenderError, match=f"object 'object.000' is to move, but has {what}: let go of that"):
        place_moving(made.stage, 1.0)


# -- motion blur -----------------------------------------------------------------------------------


def test_an_open_shutter_gives_the_mean_of_what_is_seen_while_it_is_open(stage_of, tmp_path) -> None:
    from synthgen.blender.camera import set_camera
    from synthgen.blender.motion import motion_blur, place_moving

    made = stage_of()
    turning = card(made, (3.0, 0.5, 0.0), (0.05, 1.2, 0.3))
    card(made, (4.0, -1.2, 0.0), (0.05, 0.5, 1.5))
    made.stage.move(turning, RigidMotion((3.0, 0.1, 0.0), (0.0, -0.4, 0.0), (1.0, 0.2, 0.0), 240.0))

    def pan(time_s: float) -> np.ndarray:
        return world_from_camera(np.array([0.0, 0.3 * time_s, 0.0]), camera_rotation(15 * time_s, 0, 5))

    time_s, shutter_s = 0.35, 0.3
    prepare(made, CAMERA, pan(time_s))
    place_moving(made.stage, time_s)
    with motion_blur(made.scene, made.stage, pan, time_s, shutter_s):
        blurred = covered(made, tmp_path, 512)
    sharp = []
    for moment in time_s + shutter_s * (np.arange(32) / 32 - 0.5 + 1 / 64):
        place_moving(made.stage, moment)
        set_camera(made.scene, CAMERA, pan(moment))
        sharp.append(covered(made, tmp_path, 1))
    mean = np.mean(sharp, axis=0)
    assert ((mean > 0.05) & (mean < 0.95)).sum() > 200
    assert np.abs(blurred - mean).max() <= 0.06  # 32 moments: steps of 1/32 at an edge
    assert np.abs(blurred - mean).mean() <= 0.005


def edge_width_px(row: np.ndarray) -> int:
    """Pixels of the left edge of a white thing that are neither black nor white."""
    left = row[: int(np.argmax(row))]
    return int(((left > 0.02) & (left < 0.98)).sum())


def test_a_moving_sphere_has_a_wide_edge_and_a_still_one_has_not(stage_of, tmp_path) -> None:
    from synthgen.blender.motion import motion_blur, place_moving
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    angle = np.linspace(-math.pi / 2, math.pi / 2, 33)
    profile = np.column_stack([np.cos(angle), np.sin(angle)]) * 0.4
    moving = []
    for height in (0.6, -0.6):
        instance = made.stage.instance("object")
        made.stage.add(
            MeshBuilder().lathe(profile, (0, 0, 0), "white", segments=64), instance, white(), (4, 0, height)
        )
        moving.append(instance)
    made.stage.move(moving[0], RigidMotion((4.0, 0.0, 0.6), (0.0, -1.0, 0.0)))
    prepare(made)
    place_moving(made.stage, 0.0)
    with motion_blur(made.scene, made.stage, lambda time_s: AHEAD, 0.0, 0.5):
        blurred = covered(made, tmp_path, 128)
    upper, lower = (round(24 - height * CAMERA.fy / 4) for height in (0.6, -0.6))
    swept_px = 0.5 * CAMERA.fx / 4
    assert edge_width_px(blurred[upper]) == pytest.approx(swept_px, abs=1.5)
    assert edge_width_px(blurred[lower]) == 0


def test_the_truth_before_a_blurred_colour_is_that_after_it(stage_of, tmp_path) -> None:
    import bpy

    from synthgen.blender.depth_of_field import depth_of_field, middle_depth
    from synthgen.blender.motion import motion_blur, place_moving

    made = stage_of()
    tumbling = card(made, (3.0, 0.1, -0.2), (0.3, 0.8, 0.5))
    card(made, (4.0, -0.5, 0.0))
    made.stage.move(tumbling, TUMBLE)

    def walk(time_s: float) -> np.ndarray:
        return world_from_camera(np.array([time_s, 0.0, 0.0]), camera_rotation(20 * time_s, 3 * time_s))

    prepare(made)
    place_moving(made.stage, 0.4)
    before = truth(made, tmp_path, pose=walk(0.4))
    frame = made.scene.frame_current, made.scene.frame_subframe
    with pytest.raises(ZeroDivisionError), motion_blur(made.scene, made.stage, walk, 0.4, 0.2):
        raise ZeroDivisionError  # whatever happens in the block, it cleans up
    with depth_of_field(made.scene, 0.5, middle_depth(before["depth"])):
        assert_same(before, truth(made, tmp_path, pose=walk(0.4)))
        with motion_blur(made.scene, made.stage, walk, 0.4, 0.2):
            blurred = covered(made, tmp_path, 16)
            amid = truth(made, tmp_path, pose=walk(0.4))  # the camera is held by key frames, in float32
    assert np.unique(blurred).size > 10
    np.testing.assert_allclose(amid["depth"], before["depth"], rtol=1e-6)
    np.testing.assert_array_equal(amid["made"], before["made"])

    matrices = [each.matrix_world.copy() for each in made.scene.objects]
    assert_same(before, truth(made, tmp_path, pose=walk(0.4)))
    assert [each.matrix_world for each in made.scene.objects] == matrices
    assert (made.scene.frame_current, made.scene.frame_subframe) == frame
    assert len(bpy.data.actions) == 0
    assert not any(each.animation_data for each in made.scene.objects)
    assert not made.scene.render.use_motion_blur and not made.scene.camera.data.dof.use_dof
    place_moving(made.stage, 3.0)
    place_moving(made.stage, 0.4)
    assert_same(before, truth(made, tmp_path, pose=walk(0.4)))


def test_where_nothing_moves_the_colour_is_the_sharp_one(stage_of, tmp_path) -> None:
    from synthgen.blender.motion import motion_blur

    made = stage_of()
    card(made, (4.0, -0.5, 0.0))
    prepare(made)
    sharp = covered(made, tmp_path, 4)
    with motion_blur(made.scene, made.stage, lambda time_s: AHEAD, 0.0, 0.5):
        assert not made.scene.render.use_motion_blur
        np.testing.assert_array_equal(covered(made, tmp_path, 4), sharp)


# -- depth of field --------------------------------------------------------------------------------


def test_edges_blur_by_the_thin_lens_formula_and_not_at_focus(stage_of, tmp_path) -> None:
    from synthgen.blender.depth_of_field import depth_of_field

    made = stage_of()
    card(made, (2.0, -1.0, 0.3), (1e-4, 2.0, 0.5))  # their left edges are in the middle of the picture
    card(made, (5.0, -2.5, -0.8), (1e-4, 5.0, 1.2))
    prepare(made)
    f_stop, focus_m = 0.1, 2.0
    with depth_of_field(made.scene, f_stop, focus_m):
        image = covered(made, tmp_path, 512)
    near, far = (round(24 - height * CAMERA.fy / depth) for height, depth in ((0.3, 2.0), (-0.8, 5.0)))
    aperture_m = CAMERA.fx * 0.036 / CAMERA.width / f_stop
    blur_px = aperture_m * (5.0 - focus_m) / 5.0 * CAMERA.fx / focus_m
    assert blur_px > 5
    assert edge_width_px(image[near]) == 0
    assert edge_width_px(image[far]) == pytest.approx(blur_px, abs=1.5)


@pytest.mark.parametrize("fov_deg", [60, 178])
def test_the_aperture_is_that_of_a_sensor_36_mm_wide(stage_of, fov_deg) -> None:
    """Also where the lens would be shorter than Blender's shortest, and has a larger sensor."""
    from synthgen.blender.camera import set_camera
    from synthgen.blender.depth_of_field import depth_of_field

    made, camera = stage_of(), PerspectiveCamera.from_fov(64, 48, fov_deg)
    set_camera(made.scene, camera, AHEAD)
    lens = made.scene.camera.data
    with depth_of_field(made.scene, 2.0, 1.0):
        aperture_mm = lens.lens / lens.dof.aperture_fstop
    assert aperture_mm == pytest.approx(camera.fx * 36 / camera.width / 2.0, rel=1e-6)


def test_without_a_focus_the_middle_of_the_view_is_sharp(stage_of, tmp_path) -> None:
    from synthgen.blender.depth_of_field import depth_of_field, middle_depth

    made = stage_of()
    card(made, (3.0, 0.0, 0.0), (0.01, 1.0, 1.0))
    card(made, (6.0, 0.0, 0.0), (0.01, 9.0, 9.0))
    prepare(made)
    depth = truth(made, tmp_path)["depth"]
    assert middle_depth(depth) == pytest.approx(2.995, rel=1e-6)
    with depth_of_field(made.scene, 1.4, middle_depth(depth)):
        assert made.scene.camera.data.dof.use_dof
    assert not made.scene.camera.data.dof.use_dof

    sky = np.full((48, 64), np.inf)
    with depth_of_field(made.scene, 1.4, middle_depth(sky)):
        assert not made.scene.camera.data.dof.use_dof
    sky[16:18, 21:23] = [[1.0, 2.0], [4.0, 8.0]]
    sky[15, 20] = 100.0  # outside of the middle ninth
    assert middle_depth(sky) == 3.0


# -- families --------------------------------------------------------------------------------------


def test_the_plain_family_moves_as_many_things_as_asked_and_keeps_the_others(stage_of, families) -> None:
    import bpy

    from synthgen.recipe.families import add_scene_paths, family_builder, family_spec

    add_scene_paths([families])

    def places(moving: int):
        made = stage_of()
        family_builder("plain")(made.stage, family_spec("plain")(objects=4, moving=moving), 5)
        bpy.context.view_layer.update()
        return made.stage, [tuple(map(tuple, each.matrix_world)) for each in made.scene.objects]

    (still, without), (stage, with_three) = places(0), places(3)
    assert not still.moving
    assert sorted(stage.moving) == [6, 7, 8]
    assert with_three[:5] == without[:5]
    ends = [motion.position_m(2.0) - motion.position_m(0.0) for motion in stage.moving.values()]
    assert min(np.linalg.norm(each) for each in ends) > 0.05
