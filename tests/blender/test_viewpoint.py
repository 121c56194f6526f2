"""Camera placement: free of everything, inside of nothing, with something to see."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synthgen.errors import RenderError
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.seeding import rng_for

pytestmark = pytest.mark.blender

CAMERA = PerspectiveCamera.from_fov(64, 48, 70)
PLACEMENT = {"height_m": 1.4, "clearance_m": 0.3, "pitch_deg": -6.0, "roll_deg": 1.0}
WIDTH, DEPTH, HEIGHT = 5.0, 4.0, 2.6
OUTLINE = np.array([[0.0, 0.0], [WIDTH, 0.0], [WIDTH, DEPTH], [0.0, DEPTH]])


def region(outline: np.ndarray = OUTLINE, ceiling: float = HEIGHT):
    from synthgen.blender.stage.stage import CameraRegion

    return CameraRegion(outline, 0.0, ceiling)


def box(made, name: str, size, center, *, turn_deg: float = 0.0, inward: bool = False) -> None:
    """A box as an instance of its own; `inward` turns its faces to the inside, as a room's."""
    from synthgen.blender.stage.mesh import MeshBuilder

    half = np.asarray(size) / 2
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * half
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [face[::-1] for face in faces] if inward else faces
    builder = MeshBuilder().faces(corners, faces, "paint")
    instance = made.stage.instance(name)
    made.stage.add(builder, instance, {"paint": None}, center, turn_deg)


@pytest.fixture
def furnished(stage_of):
    """A room with a row of things along one wall and a large cupboard in a corner."""
    made = stage_of()
    box(made, "wall", (WIDTH, DEPTH, HEIGHT), (WIDTH / 2, DEPTH / 2, HEIGHT / 2), inward=True)
    for number in range(8):
        height = 0.5 + 0.15 * number
        box(
            made, "object", (0.35, 0.4, height), (0.4 + 0.5 * number, 3.6, height / 2), turn_deg=10.0 * number
        )
    box(made, "object", (1.2, 1.2, 2.2), (4.2, 0.8, 1.1))
    return made


def find(made, seed: int = 0, taken=(), where=None, camera=CAMERA, baseline_m: float = 0.0, **changes):
    import bpy

    from synthgen.blender.viewpoint import find_viewpoint

    depsgraph = bpy.context.evaluated_depsgraph_get()
    placement = {**PLACEMENT, **changes}
    rng = rng_for(seed, "viewpoint")
    where = where or region()
    return find_viewpoint(made.scene, depsgraph, where, camera, placement, rng, taken, baseline_m)


def distance_to_box(point: np.ndarray, size, center, turn_deg: float = 0.0) -> float:
    turn = math.radians(turn_deg)
    dx, dy, dz = point - np.asarray(center)
    local = np.array(
        [math.cos(turn) * dx + math.sin(turn) * dy, math.cos(turn) * dy - math.sin(turn) * dx, dz]
    )
    return float(np.linalg.norm(np.maximum(np.abs(local) - np.asarray(size) / 2, 0.0)))


def test_places_keep_their_clearance_exactly(furnished) -> None:
    for seed in range(6):
        point = find(furnished, seed).position_m
        assert point[2] == pytest.approx(1.4)
        room = [point[0], point[1], WIDTH - point[0], DEPTH - point[1], HEIGHT - point[2], point[2]]
        assert min(room) >= 0.3 - 1e-5
        assert distance_to_box(point, (1.2, 1.2, 2.2), (4.2, 0.8, 1.1)) >= 0.3 - 1e-5
        for number in range(8):
            height = 0.5 + 0.15 * number
            center = (0.4 + 0.5 * number, 3.6, height / 2)
            assert distance_to_box(point, (0.35, 0.4, height), center, 10.0 * number) >= 0.3 - 1e-5


def test_both_eyes_of_a_rig_have_room_and_nothing_between_them(stage_of) -> None:
    made = stage_of()
    box(made, "wall", (WIDTH, DEPTH, HEIGHT), (WIDTH / 2, DEPTH / 2, HEIGHT / 2), inward=True)
    for number in range(8):
        box(made, "object", (0.35, 0.4, 1.5), (0.4 + 0.5 * number, 3.6, 0.75), turn_deg=10.0 * number)
    board = (0.02, DEPTH - 1.5, HEIGHT), (2.5, DEPTH / 2, HEIGHT / 2)
    box(made, "object", *board)
    for seed in range(6):
        found = find(made, seed, baseline_m=1.2, clearance_m=0.15)
        left, right = found.position_m, found.position_m + 1.2 * found.world_from_camera[:3, 0]
        for x, y, z in (left, right):
            assert min(x, y, WIDTH - x, DEPTH - y, HEIGHT - z, z) >= 0.15 - 1e-5
        assert distance_to_box(right, *board) >= 0.15 - 1e-5
        between = left + np.linspace(0, 1, 200)[:, None] * (right - left)
        assert min(distance_to_box(point, *board) for point in between) > 0
    with pytest.raises(RenderError) as caught:
        find(made, baseline_m=7.0)
    assert "where the right eye has no room" in str(caught.value)
    assert "; lower baseline_m, lower clearance_m, change height_m" in str(caught.value)


def test_pose_is_that_of_the_placement(furnished) -> None:
    from synthgen.geometry.pose import camera_rotation

    found = find(furnished, 3, pitch_deg=-11.0, roll_deg=2.5)
    rotation = found.world_from_camera[:3, :3]
    assert rotation == pytest.approx(camera_rotation(found.yaw_deg, -11.0, 2.5))
    assert math.degrees(math.asin(rotation[2, 2])) == pytest.approx(-11.0)


def test_same_rng_same_viewpoint(furnished) -> None:
    first, again, other = find(furnished, 1), find(furnished, 1), find(furnished, 2)
    assert (first.world_from_camera == again.world_from_camera).all()
    assert not np.allclose(first.world_from_camera, other.world_from_camera)


def test_views_show_things_rather_than_a_wall(furnished, truth_of) -> None:
    seen = []
    for seed in range(4):
        truth = truth_of(furnished, CAMERA, find(furnished, seed).world_from_camera)
        seen.append(len(np.unique(truth["instance"])))
        assert np.median(truth["depth"]) > 0.8
    assert np.mean(seen) >= 6


def test_a_target_of_depth_is_met_where_it_can_be(furnished, truth_of) -> None:
    for seed, target in enumerate((1.0, 1.4, 1.8, 2.3, 2.8)):
        found = find(furnished, seed, depth_m=target)
        depth = truth_of(furnished, CAMERA, found.world_from_camera)["depth"]
        assert np.median(depth) == pytest.approx(target, rel=0.04)
        assert found.depth_m == pytest.approx(np.median(depth), rel=0.03)
        x, y, z = found.position_m
        assert min(x, y, WIDTH - x, DEPTH - y) >= 0.3 - 1e-5 and z == pytest.approx(1.4)
        assert distance_to_box(found.position_m, (1.2, 1.2, 2.2), (4.2, 0.8, 1.1)) >= 0.3 - 1e-5


def test_a_depth_that_the_room_does_not_have_gives_the_nearest_one(furnished) -> None:
    far, free = find(furnished, 1, depth_m=60.0), [find(furnished, seed).depth_m for seed in range(4)]
    assert max(free) < far.depth_m < math.hypot(WIDTH, DEPTH)
    near = find(furnished, 1, depth_m=0.1)
    assert 0.1 < near.depth_m < min(free)


def test_targets_of_depth_for_panoramas_and_rigs(furnished, truth_of) -> None:
    from synthgen.geometry.panorama import EquirectangularCamera

    around = EquirectangularCamera(64, 32)
    found = find(furnished, 2, camera=around, depth_m=1.6)
    truth = truth_of(furnished, around, found.world_from_camera)
    assert np.median(truth["depth"]) == pytest.approx(1.6, rel=0.08)
    left = find(furnished, 2, baseline_m=0.8, clearance_m=0.2, depth_m=2.0)
    assert left.depth_m == pytest.approx(2.0, rel=0.02)
    x, y, z = left.position_m + 0.8 * left.world_from_camera[:3, 0]
    assert min(x, y, WIDTH - x, DEPTH - y, HEIGHT - z, z) >= 0.2 - 1e-5


def test_later_views_differ_from_earlier_ones(furnished) -> None:
    taken = []
    for view in range(4):
        taken.append(find(furnished, 10 + view, taken))
    for index, one in enumerate(taken):
        for other in taken[:index]:
            apart = np.linalg.norm(one.position_m - other.position_m)
            turned = abs(math.remainder(one.yaw_deg - other.yaw_deg, 360.0))
            assert apart > 0.7 or turned > 30


def test_not_below_a_table_nor_inside_of_a_solid(stage_of) -> None:
    made = stage_of()
    box(made, "wall", (WIDTH, DEPTH, HEIGHT), (WIDTH / 2, DEPTH / 2, HEIGHT / 2), inward=True)
    box(made, "object", (3.0, 3.0, 0.1), (1.5, 2.0, 1.25))
    box(made, "object", (1.2, 1.6, 2.0), (4.3, 1.0, 1.0))
    for seed in range(6):
        x, y, _ = find(made, seed, height_m=0.7).position_m
        assert not (x < 3.0 and 0.5 < y < 3.5), "below the table"
        assert not (x > 3.7 and y < 1.8), "inside of the solid"


def test_l_shaped_region_is_kept(furnished) -> None:
    outline = np.array([[0, 0], [3, 0], [3, 2], [2, 2], [2, 4], [0, 4]], dtype=float)
    for seed in range(4):
        x, y, _ = find(furnished, seed, where=region(outline)).position_m
        assert 0.3 <= x <= 2.7 and 0.3 <= y <= 3.7
        assert math.hypot(max(2 - x, 0), max(2 - y, 0)) >= 0.29 or x <= 1.7 or y <= 1.7


def test_message_counts_why_no_place_is_free(stage_of) -> None:
    made = stage_of()
    box(made, "wall", (WIDTH, DEPTH, HEIGHT), (WIDTH / 2, DEPTH / 2, HEIGHT / 2), inward=True)
    box(made, "object", (4.9, 3.9, 2.4), (2.5, 2.0, 1.2))
    with pytest.raises(RenderError, match=r"(?s)400 tries.*inside of an object"):
        find(made, 0)
    with pytest.raises(RenderError, match="near to the ceiling"):
        find(made, 0, height_m=2.5)
    with pytest.raises(RenderError, match=r"nearer than 1\.45 m to a surface"):
        find(made, 0, clearance_m=1.45, where=region(ceiling=math.inf))


def test_nothing_but_the_sky_is_no_view(stage_of) -> None:
    made = stage_of()
    box(made, "object", (0.2, 0.2, 0.2), (40.0, 0.0, 0.1))
    with pytest.raises(RenderError, match="or the sky is seen"):
        find(made, 0, where=region(ceiling=math.inf))


def test_rays_agree_with_blenders_own(furnished) -> None:
    import bpy
    from mathutils import Vector

    from synthgen.blender.scene_rays import SceneRays
    from synthgen.blender.stage.stage import instance_id

    depsgraph = bpy.context.evaluated_depsgraph_get()
    rays, rng = SceneRays(depsgraph), np.random.default_rng(5)
    origin = np.array([2.0, 1.5, 1.3])
    directions = rng.normal(size=(200, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    hits = rays.cast(origin, directions)
    for direction, distance, instance, normal in zip(directions, hits.distance, hits.instance, hits.normal):
        found, place, face, _, thing, _ = furnished.scene.ray_cast(
            depsgraph, Vector(origin), Vector(direction)
        )
        assert found
        assert distance == pytest.approx(np.linalg.norm(np.array(place) - origin), abs=1e-5)
        assert instance == instance_id(thing)
        assert normal == pytest.approx(np.array(face), abs=1e-5)


def test_scaled_and_hidden_objects(stage_of) -> None:
    import bpy

    from synthgen.blender.scene_rays import SceneRays

    made = stage_of()
    box(made, "object", (1.0, 1.0, 1.0), (5.0, 0.0, 0.0))
    box(made, "object", (1.0, 1.0, 1.0), (2.0, 0.0, 0.0))
    stretched, hidden = made.scene.objects
    stretched.scale = (4.0, 1.0, 0.5)
    hidden.hide_render = True
    depsgraph = bpy.context.evaluated_depsgraph_get()
    depsgraph.update()
    rays = SceneRays(depsgraph)
    assert len(rays) == 1
    hits = rays.cast(np.zeros(3), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
    assert hits.distance[0] == pytest.approx(3.0) and np.isinf(hits.distance[1])
    assert hits.normal[0] == pytest.approx([-1.0, 0.0, 0.0])
    assert rays.is_clear(np.array([2.6, 0.0, 0.0]), 0.39) and not rays.is_clear(
        np.array([2.6, 0.0, 0.0]), 0.41
    )
    assert rays.is_clear(np.array([5.0, 0.0, 0.7]), 0.44) and not rays.is_clear(
        np.array([5.0, 0.0, 0.7]), 0.46
    )
