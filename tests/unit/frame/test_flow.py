"""Flow, occlusion and disparity against closed forms and against rays cast from the other camera."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from synthgen.frame.bundle import FrameBundle
from synthgen.frame.flow import HIDDEN, OUTSIDE, VISIBLE, Seen, carried_points, disparity, flow_to, occlusion
from synthgen.frame.shots import DIRECTIONS, moved_instances
from synthgen.geometry.camera import PerspectiveCamera, pixel_centres
from synthgen.geometry.fisheye import EquisolidFisheye
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.geometry.pose import camera_rotation, transform_points, world_from_camera
from synthgen.plan.jobs import SceneJob
from synthgen.testing.analytic import analytic_bundle, analytic_job
from synthgen.testing.analytic_scene import SphereScene

MOTION = tuple(f"{name}_{direction}" for name in ("flow", "occlusion") for direction in DIRECTIONS)
CAMERAS = {
    "perspective": {"kind": "perspective", "fov_deg": 70.0},
    "off_centre": {"kind": "perspective", "fx_px": 90.0, "fy_px": 70.0, "cx_px": 40.0, "cy_px": 30.0},
    "panorama": {"kind": "equirectangular"},
    "fisheye": {"kind": "fisheye_equisolid", "fov_deg": 190.0},
    "brown": {"kind": "brown_conrady", "fov_deg": 80.0, "k1": -0.1, "k2": 0.02, "p1": 0.001},
    "kannala": {"kind": "fisheye_kannala_brandt", "fov_deg": 160.0, "k1": -0.02, "k2": 0.001},
    "polynomial": {"kind": "fisheye_polynomial", "fov_deg": 150.0, "a3": -0.05},
}
LEVEL = world_from_camera(np.zeros(3), camera_rotation(0.0))


def shot(kind: str, scene: int = 0, width: int = 120, height: int = 90) -> tuple[SceneJob, list[FrameBundle]]:
    """Three frames of a moving camera and moving spheres."""
    job = analytic_job(
        scene,
        1,
        width,
        height,
        channels=("distance", "normal", "instance", *MOTION),
        trajectory={"kind": "orbit", "frames": 3, "fps": 6},
        camera=CAMERAS[kind],
    )
    return job, [analytic_bundle(job, view) for view in job.views]


def measured_depth(frame: FrameBundle) -> np.ndarray:
    """Depth as the camera measures it."""
    distance = frame.channels["distance"].astype(np.float64)
    return distance / np.maximum(np.linalg.norm(frame.camera.rays(), axis=-1), 1e-12)


def seen(frame: FrameBundle) -> Seen:
    """What `occlusion` wants of a frame."""
    return Seen(
        frame.camera,
        frame.world_from_camera,
        measured_depth(frame),
        frame.channels["normal"],
        frame.channels["instance"],
    )


def pairs(frames: list[FrameBundle]):
    """(direction, frame, the frame that it points to)."""
    for earlier, later in itertools.pairwise(frames):
        yield "forward", earlier, later
        yield "backward", later, earlier


def moved_points(job: SceneJob, frame: FrameBundle, other: FrameBundle) -> np.ndarray:
    """World points of a frame's surfaces at the other frame's time, from where they are on their spheres."""
    rays = frame.camera.rays() @ frame.world_from_camera[:3, :3].T
    now, then = (SphereScene.at(job.seed, job.views[each.view].time_s) for each in (frame, other))
    hits = now.trace(frame.world_from_camera[:3, 3], rays)
    depth = np.where(hits.instance > 0, hits.depth, np.nan)
    points = frame.world_from_camera[:3, 3] + depth[..., None] * rays
    for label, pose in now.moving.items():
        on_sphere = (points - pose[:3, 3]) @ pose[:3, :3]
        points = np.where(
            (hits.instance == label)[..., None], transform_points(then.moving[label], on_sphere), points
        )
    return points


def ring(camera, pose: np.ndarray, scene: SphereScene, place: np.ndarray) -> np.ndarray:
    """(n,) whether an outline passes within one pixel of (n, 2) places in an image."""
    angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    around = place[:, None] + np.concatenate([[[0.0, 0.0]], circle / 2, circle])
    around = np.clip(around, 0, (camera.width, camera.height))
    ids = scene.trace(pose[:3, 3], camera.rays_at(around) @ pose[:3, :3].T).instance
    return (ids != ids[:, :1]).any(axis=-1)


@pytest.mark.parametrize("kind", CAMERAS)
def test_flow_leads_to_the_place_of_the_moved_point(kind: str) -> None:
    job, frames = shot(kind)
    for direction, frame, other in pairs(frames):
        points, camera, pose = moved_points(job, frame, other), other.camera, other.world_from_camera
        target = pixel_centres(camera.width, camera.height) + frame.channels[f"flow_{direction}"]
        asked = np.isfinite(points).all(-1) & np.isfinite(target).all(-1)
        place = camera.project((points[asked] - pose[:3, 3]) @ pose[:3, :3])
        off = np.abs(target[asked] - place)
        if kind == "panorama":
            off[:, 0] = np.minimum(off[:, 0], camera.width - off[:, 0])
        assert asked.mean() > 0.2
        assert off.max() < 1e-5  # what float32 makes of tens of pixels


@pytest.mark.parametrize("kind", CAMERAS)
def test_visible_points_are_where_the_other_frame_sees_a_surface(kind: str) -> None:
    """A ray of the other camera along the flow meets the moved point, and nothing before it."""
    job, frames = shot(kind)
    for direction, frame, other in pairs(frames):
        points, pose = moved_points(job, frame, other), other.world_from_camera
        visible = (frame.channels[f"occlusion_{direction}"] == VISIBLE) & (frame.channels["instance"] > 0)
        scene = SphereScene.at(job.seed, job.views[other.view].time_s)
        towards = (points - pose[:3, 3])[visible]
        hits = scene.trace(pose[:3, 3], towards)
        assert visible.sum() > 0.2 * visible.size
        np.testing.assert_array_equal(hits.instance, frame.channels["instance"][visible])
        assert np.abs(hits.depth - 1).max() < 1e-5


def test_the_other_frames_own_depth_says_the_same() -> None:
    """Along a plane 1 / depth is linear in the image, so that the floor may be read between pixels."""
    checked = 0
    for scene in range(3):
        _, frames = shot("perspective", scene)
        for direction, frame, other in pairs(frames):
            points = carried_points(
                frame.camera, measured_depth(frame), frame.world_from_camera, other.world_from_camera
            )
            target = pixel_centres(120, 90) + frame.channels[f"flow_{direction}"]
            with np.errstate(invalid="ignore"):
                corner = np.floor(target - 0.5).astype(int)
            inside = ((corner >= 0) & (corner < (119, 89))).all(-1) & (frame.channels["instance"] == 1)
            (column, row), share = corner[inside].T, (target - 0.5 - corner)[inside]
            inverse, floor = np.zeros(len(column)), np.ones(len(column), bool)
            for right, down in np.ndindex(2, 2):
                weight = (share[:, 0] if right else 1 - share[:, 0]) * (
                    share[:, 1] if down else 1 - share[:, 1]
                )
                inverse += weight / measured_depth(other)[row + down, column + right]
                floor &= other.channels["instance"][row + down, column + right] == 1
            np.testing.assert_allclose(1 / inverse[floor], points[inside][floor, 2], rtol=2e-5)
            assert (frame.channels[f"occlusion_{direction}"][inside][floor] == VISIBLE).mean() > 0.999
            checked += floor.sum()
    assert checked > 20_000


@pytest.mark.parametrize("kind", CAMERAS)
def test_occlusion_is_that_of_rays_cast_from_the_other_camera(kind: str) -> None:
    wrong, count, codes = 0, 0, set()
    for scene in range(3):
        job, frames = shot(kind, scene)
        for direction, frame, other in pairs(frames):
            moved = moved_instances(frame.meta["moving"], direction)
            found = occlusion(seen(frame), seen(other), moved)
            exact = frame.channels[f"occlusion_{direction}"]
            np.testing.assert_array_equal(found == OUTSIDE, exact == OUTSIDE)
            differ = found != exact
            place = other.camera.project(
                carried_points(
                    frame.camera, measured_depth(frame), frame.world_from_camera, other.world_from_camera,
                    frame.channels["instance"], moved,
                )
            )[differ]  # fmt: skip
            then = SphereScene.at(job.seed, job.views[other.view].time_s)
            assert ring(other.camera, other.world_from_camera, then, place).all()
            wrong, count, codes = wrong + differ.sum(), count + differ.size, codes | set(np.unique(exact))
    assert codes >= {VISIBLE, HIDDEN}
    assert wrong / count < 0.005


def test_a_step_to_the_side_moves_a_wall_by_focal_length_over_depth() -> None:
    camera = PerspectiveCamera(64, 48, 50.0, 40.0, 30.0, 20.0)
    depth = np.full((48, 64), 4.0, np.float32)
    pose = LEVEL.copy()
    pose[:3, 3] += 0.2 * pose[:3, 0] - 0.1 * pose[:3, 1]  # right and up
    flow = flow_to(camera, depth, LEVEL, camera, pose)
    np.testing.assert_allclose(flow, np.broadcast_to((-50 * 0.2 / 4, 40 * 0.1 / 4), flow.shape), rtol=1e-6)


@pytest.mark.parametrize(
    "camera", [PerspectiveCamera.from_fov(64, 48, 70), EquirectangularCamera(64, 32)], ids=lambda c: c.model
)
def test_sky_is_a_point_at_infinity(camera) -> None:
    sky = np.full((camera.height, camera.width), np.inf, np.float32)
    far_away = world_from_camera(np.array([7.0, -3.0, 2.0]), LEVEL[:3, :3])
    assert np.abs(flow_to(camera, sky, LEVEL, camera, far_away)).max() < 1e-4
    turned = world_from_camera(np.zeros(3), camera_rotation(5.0, 3.0, 2.0))
    distant = np.full_like(sky, 1e12)
    np.testing.assert_allclose(
        flow_to(camera, sky, LEVEL, camera, turned),
        flow_to(camera, distant, LEVEL, camera, turned),
        atol=1e-4,
    )


def test_across_the_seam_of_a_panorama_flow_goes_the_shorter_way() -> None:
    camera = EquirectangularCamera(64, 32)
    depth = np.full((32, 64), 3.0, np.float32)
    flow = flow_to(camera, depth, LEVEL, camera, world_from_camera(np.zeros(3), camera_rotation(-45.0)))
    # Turned right by an eighth, all that is seen moves left by 8 pixels, the left columns across the seam.
    np.testing.assert_allclose(flow, np.broadcast_to((-8, 0), flow.shape), atol=1e-5)
    everything = Seen(camera, LEVEL, depth, -camera.rays(), np.ones((32, 64), int))
    turned = Seen(camera, world_from_camera(np.zeros(3), camera_rotation(-45.0)), *everything_of(everything))
    assert (occlusion(everything, turned) == VISIBLE).all()


def everything_of(frame: Seen) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The arrays of a frame."""
    return frame.depth, frame.normal, frame.instance


def test_what_the_other_lens_does_not_see_has_no_flow() -> None:
    camera, behind = (
        PerspectiveCamera.from_fov(64, 48, 70),
        world_from_camera(np.zeros(3), camera_rotation(180)),
    )
    depth = np.full((48, 64), 3.0, np.float32)
    flow = flow_to(camera, depth, LEVEL, camera, behind)
    assert np.isposinf(flow).all() and flow.dtype == np.float32
    frame = Seen(camera, LEVEL, depth, -camera.rays(), np.ones((48, 64), int))
    assert (occlusion(frame, Seen(camera, behind, *everything_of(frame))) == OUTSIDE).all()


def test_outside_of_a_fisheyes_circle_nothing_moves() -> None:
    camera = EquisolidFisheye(64, 48, 20.0, 32.0, 24.0, 150.0)
    circle = camera.rays().any(-1)
    depth = np.where(circle, 2.0, np.inf)
    frame = Seen(camera, LEVEL, depth, -camera.rays(), circle.astype(int))
    assert not circle.all()
    np.testing.assert_array_equal(np.isfinite(flow_to(camera, depth, LEVEL, camera, LEVEL)).all(-1), circle)
    np.testing.assert_array_equal(occlusion(frame, frame), np.where(circle, VISIBLE, OUTSIDE))


def wall_and(depth_m: float, mask: np.ndarray, wall_m: float = 5.0) -> Seen:
    """A wall that faces the camera, and something of another instance before it."""
    camera = PerspectiveCamera.from_fov(64, 48, 70)
    normal = np.broadcast_to((0.0, 0.0, -1.0), (48, 64, 3))
    return Seen(camera, LEVEL, np.where(mask, depth_m, wall_m), normal, np.where(mask, 2, 1))


def test_a_wire_that_no_sample_of_the_other_frame_hits_is_visible() -> None:
    nothing = np.zeros((48, 64), bool)
    wire = nothing.copy()
    wire[:, 20] = True
    assert (occlusion(wall_and(2.0, wire), wall_and(2.0, nothing)) == VISIBLE).all()


def test_what_hangs_before_a_wall_hides_it_however_thin() -> None:
    nothing, picture = np.zeros((48, 64), bool), np.zeros((48, 64), bool)
    picture[10:30, 20:50] = True
    hidden = occlusion(wall_and(5.0, nothing), wall_and(4.999, picture))
    np.testing.assert_array_equal(hidden, np.where(picture, HIDDEN, VISIBLE))
    assert (occlusion(wall_and(4.999, picture), wall_and(4.999, picture)) == VISIBLE).all()


def test_sky_is_hidden_by_any_surface() -> None:
    house = np.zeros((48, 64), bool)
    house[10:30, 20:50] = True
    empty, built = wall_and(1.0, np.zeros((48, 64), bool), np.inf), wall_and(8.0, house, np.inf)
    np.testing.assert_array_equal(occlusion(empty, built), np.where(house, HIDDEN, VISIBLE))
    assert (occlusion(built, empty) == VISIBLE).all()


def test_moving_instances_need_their_pixels() -> None:
    camera, depth = PerspectiveCamera.from_fov(64, 48, 70), np.ones((48, 64))
    with pytest.raises(ValueError, match="expected the channel instance beside moving instances"):
        flow_to(camera, depth, LEVEL, camera, LEVEL, moved={1: np.eye(4)})


def test_disparity_leads_to_the_same_point_in_the_other_eye() -> None:
    names = ("depth", "distance", "instance", "disparity", "normal")
    job = analytic_job(3, 1, 160, 120, channels=names, stereo={"baseline_m": 0.25})
    eyes = [analytic_bundle(job, view) for view in job.views]
    scene = SphereScene.at(job.seed, 0.0)
    for eye, other, sign in ((eyes[0], eyes[1], -1), (eyes[1], eyes[0], 1)):
        assert eye.meta["rig"]["other_view"] == other.view
        np.testing.assert_allclose(eye.meta["rig"]["world_from_other"], other.world_from_camera, atol=1e-12)
        hit, pixels = np.isfinite(eye.channels["depth"]), eye.channels["disparity"].astype(np.float64)
        assert (pixels[~hit] == 0).all() and (pixels[hit] > 0).all()
        target = pixel_centres(160, 120) + np.stack([sign * pixels, np.zeros_like(pixels)], -1)
        points = eye.camera.rays()[hit] * eye.channels["depth"][hit, None]
        towards = transform_points(eye.world_from_camera, points) - other.world_from_camera[:3, 3]
        rays = other.camera.rays_at(target[hit]) @ other.world_from_camera[:3, :3].T
        depth = towards @ other.world_from_camera[:3, 2]
        np.testing.assert_allclose(rays * depth[:, None], towards, rtol=0, atol=1e-5)
        seen_there = scene.trace(other.world_from_camera[:3, 3], rays)
        same = seen_there.instance == eye.channels["instance"][hit]
        assert same.mean() > 0.9
        # All but a few points right at a sphere's rim, which the other eye does not see.
        assert np.isclose(seen_there.depth[same], depth[same], rtol=1e-5).mean() > 0.999


def test_disparity_of_known_numbers() -> None:
    camera = PerspectiveCamera(64, 48, 500.0, 400.0, 32.0, 24.0)
    depth = np.array([[2.0, 4.0, np.inf]], np.float32)
    np.testing.assert_array_equal(disparity(camera, depth, 0.1), np.array([[25.0, 12.5, 0.0]], np.float32))
