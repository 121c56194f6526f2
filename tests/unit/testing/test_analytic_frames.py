"""The renderer without Blender: what it says is exact, and frames of a shot belong together."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.channels import CHANNELS, DEFAULT_CHANNELS
from synthgen.frame.checks import check_channels, material_ids
from synthgen.frame.classes import CLASSES
from synthgen.frame.validity import BEYOND_FAR, MIXED, SKY
from synthgen.geometry.camera import PerspectiveCamera, unproject_depth
from synthgen.geometry.pose import transform_points
from synthgen.testing.analytic import FAR_M, STILL_FPS, analytic_bundle, analytic_job, analytic_pose
from synthgen.testing.analytic_scene import FIRST_SPHERE_ID, MOVING, SphereScene

TRAJECTORY = {"kind": "orbit", "frames": 3, "fps": 8}


def test_a_channel_is_the_same_whatever_else_is_asked_for() -> None:
    for some in (DEFAULT_CHANNELS, ("edge",), ("flow_forward", "disparity")):
        few, all_of_them = analytic_job(channels=some), analytic_job(channels=tuple(CHANNELS))
        for view in few.views:
            whole = analytic_bundle(all_of_them, view).channels
            for name, pixels in analytic_bundle(few, view).channels.items():
                np.testing.assert_array_equal(pixels, whole[name])


def test_edges_are_those_of_an_image_with_more_pixels() -> None:
    job = analytic_job(channels=("depth", "edge", "validity", "instance"))
    bundle = analytic_bundle(job, job.views[0])
    camera, k = bundle.camera, job.truth.subpixel
    finer = PerspectiveCamera(64 * k, 48 * k, camera.fx * k, camera.fy * k, camera.cx * k, camera.cy * k)
    pose = bundle.world_from_camera
    hits = SphereScene.at(job.seed, 0.0).trace(pose[:3, 3], finer.rays() @ pose[:3, :3].T)
    parts = hits.depth.reshape(48, k, 64, k)
    # k is odd: the middle one of the parts is the pixel's centre.
    assert k % 2 == 1
    edge = np.stack([parts.min(axis=(1, 3)), parts.max(axis=(1, 3))], axis=-1)
    np.testing.assert_allclose(bundle.channels["edge"], edge, rtol=1e-6)
    ids = hits.instance.reshape(48, k, 64, k)
    mixed = ids.min(axis=(1, 3)) != ids.max(axis=(1, 3))
    np.testing.assert_array_equal(bundle.channels["validity"] & MIXED > 0, mixed)
    assert 0.02 < mixed.mean() < 0.5


def test_validity_knows_the_sky_and_what_is_far() -> None:
    job = analytic_job(channels=("depth", "validity"))
    channels = analytic_bundle(job, job.views[0]).channels
    depth, validity = channels["depth"], channels["validity"]
    np.testing.assert_array_equal(validity & SKY > 0, np.isinf(depth))
    far = np.isfinite(depth) & (depth > FAR_M)
    np.testing.assert_array_equal(validity & BEYOND_FAR > 0, far)
    assert far.any() and np.isinf(depth).any()


def test_positions_lie_on_the_floor_and_on_spheres() -> None:
    job = analytic_job(
        channels=("depth", "instance", "position"), trajectory=TRAJECTORY, stereo={"baseline_m": 0.1}
    )
    for view in job.views:
        bundle = analytic_bundle(job, view)
        scene, instance = SphereScene.at(job.seed, view.time_s), bundle.channels["instance"]
        hit = instance > 0
        points = unproject_depth(bundle.camera, bundle.channels["depth"])[hit]
        world = transform_points(bundle.world_from_camera, points)
        np.testing.assert_allclose(bundle.channels["position"][hit], world, atol=1e-5)
        assert np.abs(world[instance[hit] == 1, 2]).max() < 1e-5
        for index in range(5):
            ball = world[instance[hit] == index + FIRST_SPHERE_ID]
            away = np.linalg.norm(ball - scene.world_from_sphere[index, :3, 3], axis=-1)
            np.testing.assert_allclose(away, scene.radii[index], atol=1e-5)


def test_a_camera_on_a_trajectory_moves_smoothly_and_a_static_one_not_at_all() -> None:
    times = np.linspace(-1, 4, 501)
    for kind, moves in (("walk", True), ("static", False)):
        job = analytic_job(trajectory={**TRAJECTORY, "kind": kind})
        poses = np.array([analytic_pose(job, job.views[0], time_s) for time_s in times])
        steps = np.abs(np.diff(poses, axis=0)).max(axis=(1, 2))
        bends = np.abs(np.diff(poses, n=2, axis=0)).max()
        assert (steps.min() > 0) == moves and steps.max() < 0.02 and bends < 5e-4
        np.testing.assert_allclose(
            poses[:, :3, :3] @ poses[:, :3, :3].transpose(0, 2, 1), np.eye(3)[None].repeat(501, 0), atol=1e-12
        )


def test_some_spheres_move_and_turn_and_the_others_stay() -> None:
    now, later = SphereScene.at(3, 0.0), SphereScene.at(3, 0.5)
    moved = (now.world_from_sphere != later.world_from_sphere).any(axis=(1, 2))
    assert np.nonzero(moved)[0].tolist() == list(MOVING)
    assert np.abs(now.world_from_sphere[0, :3, :3] - later.world_from_sphere[0, :3, :3]).max() > 0.1
    np.testing.assert_array_equal(now.world_from_sphere[:, :3, :3], np.eye(3)[None].repeat(5, 0))


def test_the_views_of_a_shot_are_counted_frame_by_frame_left_before_right() -> None:
    job = analytic_job(views=2, trajectory=TRAJECTORY, stereo={"baseline_m": 0.1})
    assert [view.view for view in job.views] == list(range(12))
    assert [(view.shot, view.frame, view.eye) for view in job.views[5:9]] == [
        (0, 2, "right"), (6, 0, "left"), (6, 0, "right"), (6, 1, "left"),
    ]  # fmt: skip
    assert job.views[4].time_s == 2 / 8
    metas = [analytic_bundle(job, view).meta for view in job.views]
    assert metas[9]["shot"] == {
        "first_view": 6, "frame": 1, "frames": 3, "fps": 8.0, "time_s": 0.125, "eye": "right",
    }  # fmt: skip


def test_a_still_says_where_things_are_a_moment_later() -> None:
    job = analytic_job(channels=("flow_forward", "instance", "depth"))
    bundle = analytic_bundle(job, job.views[1])
    assert "shot" not in bundle.meta and "rig" not in bundle.meta
    assert bundle.meta["neighbours"]["forward"] == {
        "time_s": 1 / STILL_FPS, "world_from_camera": bundle.world_from_camera.tolist(),
    }  # fmt: skip
    flow, instance = np.abs(bundle.channels["flow_forward"]).max(axis=-1), bundle.channels["instance"]
    rolls = np.isin(instance, [index + FIRST_SPHERE_ID for index in MOVING])
    assert flow[~rolls].max() < 1e-5 and rolls.any() and flow[rolls].max() > 0.1


@pytest.mark.parametrize(
    "camera",
    [
        {"kind": "equirectangular"},
        {"kind": "fisheye_equisolid", "fov_deg": 200.0},
        {"kind": "fisheye_polynomial", "fov_deg": 150.0, "a3": -0.05},
    ],
    ids=lambda camera: camera["kind"],
)
def test_other_cameras_have_every_channel_but_planar_depth(camera: dict[str, object]) -> None:
    names = tuple(name for name in CHANNELS if name not in ("depth", "depth_layers", "disparity"))
    job = analytic_job(views=1, channels=names, trajectory=TRAJECTORY, camera=camera)
    for view in job.views:
        bundle = analytic_bundle(job, view)
        ids, classes = {entry.id for entry in bundle.instances}, {entry.id for entry in CLASSES.values()}
        arguments = (64, 48, ids, classes, material_ids(bundle.meta), bundle.camera)
        assert check_channels(bundle.channels, *arguments) == []
        seen = bundle.camera.rays().any(axis=-1)
        assert (bundle.channels["rgb"][~seen] == 0).all() and (bundle.channels["semantic"][~seen] == 0).all()
