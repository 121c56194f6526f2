"""Intrinsics, rays, poses and depth against numbers that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.geometry.camera import PerspectiveCamera, distance_from_depth, unproject_depth
from synthgen.geometry.pose import CV_FROM_GL, camera_rotation, invert, transform_points, world_from_camera


def test_a_right_angle_of_view_has_a_focal_length_of_half_the_width() -> None:
    camera = PerspectiveCamera.from_fov(640, 480, 90.0)
    np.testing.assert_allclose(camera.K, [[320, 0, 320], [0, 320, 240], [0, 0, 1]], atol=1e-9)
    assert camera.fov_deg == pytest.approx(90.0)
    assert PerspectiveCamera(100, 50, 80.0, 70.0, 30.0, 20.0).fov_deg == pytest.approx(
        20.556 + 41.186, abs=1e-3
    )


def test_rays_go_through_pixel_centres_and_project_back() -> None:
    camera = PerspectiveCamera(8, 6, 5.0, 7.0, 3.2, 2.9)
    rays = camera.rays()
    assert rays.shape == (6, 8, 3)
    np.testing.assert_allclose(rays[0, 0], [(0.5 - 3.2) / 5, (0.5 - 2.9) / 7, 1.0])
    columns, rows = np.meshgrid(np.arange(8) + 0.5, np.arange(6) + 0.5)
    np.testing.assert_allclose(camera.project(rays * 3.7), np.stack([columns, rows], axis=-1))


def test_depth_is_planar_and_distance_goes_along_the_ray() -> None:
    camera = PerspectiveCamera.from_fov(4, 2, 90.0)
    depth = np.full((2, 4), 2.0, np.float32)
    depth[1, 3] = np.inf
    points = unproject_depth(camera, depth)
    assert np.all(points[:, :3, 2] == 2.0)
    distance = distance_from_depth(camera, depth)
    assert distance.dtype == np.float32
    np.testing.assert_allclose(distance[0, 0], np.linalg.norm(points[0, 0]), rtol=1e-6)
    assert distance[1, 3] == np.inf
    assert not np.isnan(distance).any()


def test_an_upright_camera_looks_where_it_is_told() -> None:
    right, down, forward = camera_rotation(0.0).T
    np.testing.assert_allclose([right, down, forward], [[0, -1, 0], [0, 0, -1], [1, 0, 0]], atol=1e-12)
    np.testing.assert_allclose(camera_rotation(90.0)[:, 2], [0, 1, 0], atol=1e-12)
    np.testing.assert_allclose(camera_rotation(0.0, 90.0)[:, 2], [0, 0, 1], atol=1e-12)
    # A clockwise quarter turn about the viewing direction brings what was right to below.
    np.testing.assert_allclose(camera_rotation(0.0, 0.0, 90.0)[:, 0], down, atol=1e-12)


@pytest.mark.parametrize("angles", [(0, 0, 0), (33, -12, 4), (250, 60, -170)])
def test_poses_are_rigid_and_their_inverse_undoes_them(angles: tuple[float, float, float]) -> None:
    pose = world_from_camera(np.array([1.0, -2.0, 1.5]), camera_rotation(*angles))
    np.testing.assert_allclose(pose[:3, :3] @ pose[:3, :3].T, np.eye(3), atol=1e-12)
    assert np.linalg.det(pose[:3, :3]) == pytest.approx(1.0)
    np.testing.assert_allclose(invert(pose) @ pose, np.eye(4), atol=1e-12)
    points = np.array([[0.0, 0.0, 0.0], [0.3, 4.0, 2.0]])
    np.testing.assert_allclose(transform_points(pose, points)[0], [1.0, -2.0, 1.5])
    np.testing.assert_allclose(
        transform_points(invert(pose), transform_points(pose, points)), points, atol=1e-12
    )


def test_blenders_camera_frame_and_ours_differ_by_a_half_turn_about_x() -> None:
    np.testing.assert_array_equal(CV_FROM_GL @ [0, 1, -1, 1], [0, -1, 1, 1])
    np.testing.assert_array_equal(CV_FROM_GL @ CV_FROM_GL, np.eye(4))
