"""What the metadata of shots, rigs and moving things says."""

from __future__ import annotations

import json

import numpy as np

from synthgen.frame.shots import (
    moved_instances,
    moving_meta,
    neighbour_times,
    neighbours_meta,
    rig_meta,
    shot_meta,
    world_from_eye,
)
from synthgen.geometry.pose import camera_rotation, transform_points, world_from_camera

POSE = world_from_camera(np.array([1.0, 2.0, 1.5]), camera_rotation(30.0, -5.0, 3.0))


def test_neighbours_of_a_frame_are_taken_when_the_plan_takes_them() -> None:
    """Frame 7 at 30 frames per second is at 7 / 30, bit for bit, from both sides."""
    assert neighbour_times(6, 30.0)["forward"] == neighbour_times(8, 30.0)["backward"] == 7 / 30
    assert neighbour_times(0, 24.0)["backward"] == -1 / 24


def test_the_right_eye_is_to_the_right_and_looks_the_same_way() -> None:
    right = world_from_eye(POSE, "right", 0.2)
    np.testing.assert_allclose(right @ [0, 0, 0, 1], POSE @ [0.2, 0, 0, 1])
    np.testing.assert_array_equal(right[:3, :3], POSE[:3, :3])
    for eye in ("left", "mono"):
        np.testing.assert_array_equal(world_from_eye(POSE, eye, 0.2), POSE)


def test_the_eyes_of_a_rig_name_each_other() -> None:
    right = world_from_eye(POSE, "right", 0.2)
    of_left, of_right = rig_meta(4, "left", 0.2, POSE), rig_meta(5, "right", 0.2, right)
    assert (of_left["other_view"], of_right["other_view"]) == (5, 4)
    np.testing.assert_allclose(of_left["world_from_other"], right)
    np.testing.assert_allclose(of_right["world_from_other"], POSE)


def test_moved_points_stay_where_they_are_on_their_object() -> None:
    rng = np.random.default_rng(3)
    poses = {
        name: world_from_camera(rng.normal(size=3), camera_rotation(*rng.uniform(-60, 60, 3)))
        for name in ("now", "forward", "backward")
    }
    row = moving_meta(8, **poses)
    points = rng.normal(size=(5, 3))
    for direction in ("forward", "backward"):
        moved = moved_instances([row], direction)
        assert set(moved) == {8}
        there = transform_points(moved[8], transform_points(poses["now"], points))
        np.testing.assert_allclose(there, transform_points(poses[direction], points), atol=1e-12)


def test_objects_may_be_scaled() -> None:
    now, then = POSE @ np.diag([2.0, 0.5, 3.0, 1.0]), np.eye(4) @ np.diag([2.0, 0.5, 3.0, 1.0])
    moved = moved_instances([moving_meta(1, now, then, now)], "forward")[1]
    np.testing.assert_allclose(moved, np.linalg.inv(POSE), atol=1e-12)


def test_everything_is_plain_json() -> None:
    meta = {
        "shot": shot_meta(3, 1, 8, 24.0, 1 / 24, "left"),
        "rig": rig_meta(3, "left", 0.1, POSE),
        "neighbours": neighbours_meta(neighbour_times(1, 24.0), {"forward": POSE, "backward": POSE}),
        "moving": [moving_meta(2, POSE, POSE, POSE)],
    }
    assert json.loads(json.dumps(meta, allow_nan=False)) == meta
    assert set(meta["shot"]) == {"first_view", "frame", "frames", "fps", "time_s", "eye"}
    assert set(meta["neighbours"]["forward"]) == {"time_s", "world_from_camera"}
