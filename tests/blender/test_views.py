"""Whole views from a worker: every channel, shots of several frames and two eyes, blur, distorted lenses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

pytest.importorskip("bpy")

from synthgen.frame.bundle import FrameBundle
from synthgen.frame.channels import CHANNELS
from synthgen.frame.checks import check_channels, material_ids
from synthgen.frame.classes import CLASSES
from synthgen.frame.rle import decode_rle
from synthgen.frame.shots import moved_instances
from synthgen.frame.store import read_frame, write_frame
from synthgen.frame.validity import BEYOND_FAR, BUMP, MIXED, SKY
from synthgen.geometry.camera import pixel_centres
from synthgen.geometry.pose import invert, transform_points
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.model import Recipe
from synthgen.storage import open_storage

pytestmark = pytest.mark.blender

TRUTH = [name for name, channel in CHANNELS.items() if channel.ending == "truth.exr"]
LIGHT = [name for name, channel in CHANNELS.items() if channel.ending == "hdr.exr"]
STILL = [name for name in CHANNELS if not name.startswith(("flow", "occlusion", "disparity"))]
LENS = {"kind": "perspective", "width": 64, "height": 48, "fov_deg": 80}
WALK = LENS | {"trajectory": {"kind": "walk", "frames": 2, "fps": 6}}


@pytest.fixture
def views_of(families) -> Callable[..., list[FrameBundle]]:
    """Renders the first scene of a recipe of the plain room."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.recipe.families import add_scene_paths

    add_scene_paths([families])

    def render(
        camera: dict, only: tuple[int, ...] | None = None, threads: int = 2, **changes: object
    ) -> list[FrameBundle]:
        recipe = {
            "name": "views",
            "seed": 5,
            "scene": {"kind": "plain", "moving": 2},
            "cameras": [camera],
            "render": {"samples": 1, "max_bounces": 1, "denoise": False, "device": "cpu"},
        }
        job = next(plan_recipe(Recipe.model_validate(recipe | changes)))
        renderer = BlenderRenderer("cpu", threads)
        try:
            return [view.bundle for view in renderer.render(job.model_copy(update={"only_views": only}))]
        finally:
            renderer.close()

    return render


def assert_valid(bundle: FrameBundle) -> None:
    ids, classes = {entry.id for entry in bundle.instances}, {entry.id for entry in CLASSES.values()}
    size = bundle.camera.width, bundle.camera.height
    assert not check_channels(bundle.channels, *size, ids, classes, material_ids(bundle.meta))


def depth_at(bundle: FrameBundle, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Depth and instance of a view at (n, 2) places in its image: on the plane of the pixel there."""
    columns, rows = np.floor(pixels).astype(int).T
    point = bundle.camera.rays()[rows, columns] * bundle.channels["depth"][rows, columns, None].astype(float)
    normal = bundle.channels["normal"][rows, columns].astype(float)
    depth = (point * normal).sum(axis=1) / (bundle.camera.rays_at(pixels) * normal).sum(axis=1)
    return depth, bundle.channels["instance"][rows, columns]


def world_normals(bundle: FrameBundle) -> np.ndarray:
    return bundle.channels["normal"].astype(float) @ bundle.world_from_camera[:3, :3].T


def inside(camera, pixels: np.ndarray) -> np.ndarray:
    return ((pixels > 0) & (pixels < (camera.width, camera.height))).all(axis=-1)


def test_every_channel_is_valid_and_kept(views_of, tmp_path) -> None:
    camera = WALK | {"stereo": {}, "depth_of_field": {}}
    truth = {"layers": 3, "surface": "first_opaque", "objects": "amodal_masks"}
    bundles = views_of(camera, channels=list(CHANNELS), truth=truth)
    storage = open_storage(tmp_path / "out")
    assert [bundle.view for bundle in bundles] == [0, 1, 2, 3]
    for bundle in bundles:
        assert set(bundle.channels) == set(CHANNELS)
        assert bundle.channels["depth_layers"].shape == (48, 64, 3)
        assert bundle.meta["sampled"]["truth"]["layers"] == 3
        assert_valid(bundle)
        write_frame(storage, bundle)
        stored = read_frame(storage, 0, bundle.view)
        for name in CHANNELS:
            np.testing.assert_array_equal(stored[name], bundle.channels[name], err_msg=name)
    shots = [bundle.meta["shot"] for bundle in bundles]
    assert [(shot["frame"], shot["eye"]) for shot in shots] == [
        (0, "left"),
        (0, "right"),
        (1, "left"),
        (1, "right"),
    ]
    assert shots[3]["time_s"] == pytest.approx(1 / 6)
    assert all(bundle.meta["exposure"] == bundles[0].meta["exposure"] for bundle in bundles)


def test_a_view_is_the_same_without_its_neighbours(views_of) -> None:
    camera, wanted = WALK | {"stereo": {}}, ["rgb", "depth", "flow_forward", "occlusion_backward", "validity"]
    whole = views_of(camera, channels=wanted)[3]
    (alone,) = views_of(camera, only=(3,), channels=wanted)
    assert alone.meta == whole.meta
    for name in wanted:
        np.testing.assert_array_equal(alone.channels[name], whole.channels[name], err_msg=name)


def test_the_number_of_threads_changes_nothing(views_of) -> None:
    camera = WALK | {"stereo": {}, "depth_of_field": {}, "width": 40, "height": 30}
    truth = {"layers": 3, "surface": "first_opaque", "objects": "amodal_masks"}
    one, two = (
        views_of(camera, (3,), threads, channels=list(CHANNELS), truth=truth)[0] for threads in (1, 2)
    )
    assert one.meta == two.meta
    for name in CHANNELS:
        np.testing.assert_array_equal(one.channels[name], two.channels[name], err_msg=name)


def test_disparity_takes_the_left_depth_to_the_right(views_of) -> None:
    left, right = views_of(
        LENS | {"stereo": {"baseline_m": 0.2}}, channels=["depth", "normal", "instance", "disparity"]
    )
    to_right = invert(right.world_from_camera) @ left.world_from_camera
    np.testing.assert_allclose(to_right[:3, :3], np.eye(3), atol=1e-12)
    np.testing.assert_allclose(to_right[:3, 3], (-0.2, 0, 0), atol=1e-12)
    np.testing.assert_array_equal(left.meta["rig"]["world_from_other"], right.world_from_camera)
    for here, there, sign in ((left, right, -1), (right, left, 1)):
        pixels = pixel_centres(64, 48).reshape(-1, 2)
        pixels[:, 0] += sign * here.channels["disparity"].ravel()
        seen = inside(here.camera, pixels)
        depth, instance = depth_at(there, pixels[seen])
        mine = here.channels["depth"].ravel()[seen].astype(float)
        same = (instance == here.channels["instance"].ravel()[seen]) & (depth > mine * 0.9)
        # Behind a thing that only this eye sees past, the other eye shows the thing: nothing else may differ.
        close = np.abs(depth - mine) <= 2e-6 * mine
        assert close[same].mean() > 0.9
        assert same.mean() > 0.8
        assert ((depth < mine * (1 - 1e-4)) | close | ~same).mean() > 0.97


def test_flow_takes_a_surface_point_to_itself(views_of) -> None:
    wanted = ["depth", "normal", "instance", "position", "flow_forward", "flow_backward", "occlusion_forward",
              "occlusion_backward"]  # fmt: skip
    first, second = views_of(WALK, channels=wanted)
    assert len(first.meta["moving"]) == 2
    for here, there, direction in ((first, second, "forward"), (second, first, "backward")):
        pose = here.meta["neighbours"][direction]["world_from_camera"]
        np.testing.assert_allclose(pose, there.world_from_camera, atol=1e-12)
        pixels = (pixel_centres(64, 48) + here.channels[f"flow_{direction}"]).reshape(-1, 2)
        visible = here.channels[f"occlusion_{direction}"].ravel() == 0
        assert 0.5 < visible.mean() < 1
        assert inside(there.camera, pixels[visible]).all()
        points = here.channels["position"].reshape(-1, 3).astype(float)
        ids = here.channels["instance"].ravel()
        for label, moved in moved_instances(here.meta["moving"], direction).items():
            points[ids == label] = transform_points(moved, points[ids == label])
        depth, instance = depth_at(there, pixels[visible])
        camera_points = transform_points(invert(there.world_from_camera), points[visible])
        np.testing.assert_allclose(there.camera.project(camera_points), pixels[visible], rtol=0, atol=1e-3)
        # On the same wall: what both frames measure is one plane.
        faces = [world_normals(each) for each in (here, there)]
        columns, rows = np.floor(pixels[visible]).astype(int).T
        wall = (
            (instance == 1)
            & (ids[visible] == 1)
            & (np.abs(faces[0].reshape(-1, 3)[visible] - faces[1][rows, columns]) < 1e-4).all(-1)
        )
        assert wall.mean() > 0.6
        assert (np.abs(camera_points[:, 2] - depth) / depth)[wall].max() < 1e-5
        assert (instance == ids[visible]).mean() > 0.95


def test_blur_leaves_truth_and_its_metadata_alone(views_of) -> None:
    wanted = ["rgb", *[name for name in TRUTH if name != "disparity"]]
    sharp = views_of(WALK, channels=wanted)
    blurred_camera = WALK | {
        "depth_of_field": {"f_stop": 0.5, "focus_m": 0.5},
        "trajectory": WALK["trajectory"] | {"shutter": 1.0},
    }
    blurred = views_of(blurred_camera, channels=wanted)
    for one, other in zip(sharp, blurred):
        np.testing.assert_array_equal(one.world_from_camera, other.world_from_camera)
        assert not np.array_equal(one.channels["rgb"], other.channels["rgb"])
        for name in wanted[1:]:
            np.testing.assert_array_equal(one.channels[name], other.channels[name], err_msg=name)


@pytest.mark.parametrize("focus", [{}, {"focus_m": 1.5}], ids=["middle", "given"])
def test_the_metadata_says_what_is_sharp_and_both_eyes_focus_alike(views_of, focus) -> None:
    camera = WALK | {"stereo": {"baseline_m": 0.2}, "depth_of_field": {"f_stop": 2.0} | focus}
    bundles = views_of(camera, channels=["rgb", "depth"])
    sharp = [bundle.meta["depth_of_field"] for bundle in bundles]
    for (left, right), bundle in zip((sharp[:2], sharp[2:]), bundles[::2]):
        middle = np.median(bundle.channels["depth"][16:32, 21:43])
        assert left == right == {"f_stop": 2.0, "focus_m": pytest.approx(focus.get("focus_m", middle))}
    (alone,) = views_of(camera, only=(3,), channels=["rgb", "depth"])
    np.testing.assert_array_equal(alone.channels["rgb"], bundles[3].channels["rgb"])
    assert "depth_of_field" not in views_of(WALK, channels=["rgb"])[0].meta


def test_mixed_pixels_and_edges_are_where_surfaces_meet(views_of) -> None:
    (bundle,) = views_of(
        LENS, channels=["depth", "instance", "validity", "edge"], truth={"subpixel": 4, "far_m": 2.5}
    )
    depth, ids, validity = (bundle.channels[name] for name in ("depth", "instance", "validity"))
    near, far = bundle.channels["edge"][..., 0], bundle.channels["edge"][..., 1]
    mixed = (validity & MIXED) > 0
    assert ((near <= depth) & (depth <= far)).all()
    np.testing.assert_array_equal((validity & BEYOND_FAR) > 0, depth > 2.5)
    assert not (validity & SKY).any()
    # Where something else is seen on the other side of a pixel's edge, one of the two is mixed, mostly.
    steps = ids[:, 1:] != ids[:, :-1]
    assert (mixed[:, 1:] | mixed[:, :-1])[steps].mean() > 0.7
    # Away from all outlines nothing is mixed.
    calm = np.ones_like(mixed)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            calm &= np.roll(ids, (down, across), (0, 1)) == ids
    assert mixed[calm].mean() < 0.005  # but for a sliver that no centre meets
    assert (far / near)[calm].max() < 1.5


@pytest.mark.parametrize("geometry", ["bump", "exact"])
def test_exact_geometry_has_no_bump(views_of, geometry) -> None:
    (bundle,) = views_of(
        LENS,
        channels=["normal", "shading_normal", "validity"],
        truth={"geometry": geometry},
        scene={"kind": "plain", "bump": True},
    )
    assert ((bundle.channels["validity"] & BUMP) > 0).any() == (geometry == "bump")
    walls = np.einsum("hwc,hwc->hw", bundle.channels["normal"], bundle.channels["shading_normal"])
    assert (np.median(walls) > 0.99999) == (geometry == "exact")


@pytest.mark.parametrize("kind", ["fisheye_equisolid", "fisheye_polynomial", "fisheye_kannala_brandt"])
def test_light_is_whole_up_to_the_rim_of_a_fisheye(views_of, kind) -> None:
    """Bump maps compare pixels with their neighbours, and beyond the rim there are none."""
    (bundle,) = views_of(
        {"kind": kind, "width": 40, "height": 48},
        channels=["rgb", *LIGHT, "normal", "shading_normal", "distance", "semantic"],
        scene={"kind": "plain", "bump": True, "objects": 4},
        render={"samples": 8, "max_bounces": 2, "denoise": False, "device": "cpu"},
    )
    assert_valid(bundle)
    camera, light = bundle.camera, {name: bundle.channels[name] for name in ("rgb", *LIGHT)}
    seen = camera.rays().any(axis=-1)
    rim = seen & (np.linalg.norm(pixel_centres(40, 48) - camera.K[:2, 2], axis=-1) > 18)
    assert rim.sum() > 100
    for name, pixels in light.items():
        assert not pixels[~seen].any(), name
        if name != "residual":
            assert pixels[rim].any(axis=-1).mean() > 0.99, name
    bent = (bundle.channels["normal"] != bundle.channels["shading_normal"]).any(axis=-1)
    assert bent[rim].mean() > 0.95


def test_objects_have_boxes_poses_and_amodal_masks(views_of) -> None:
    (bundle,) = views_of(LENS, channels=["instance", "position"], truth={"objects": "amodal_masks"})
    ids, position = bundle.channels["instance"], bundle.channels["position"]
    assert bundle.meta["objects"]
    for row in bundle.meta["objects"]:
        seen = ids == row["id"]
        assert row["visible_pixels"] == seen.sum()
        mask = decode_rle(row["amodal_rle"])
        assert not (seen & ~mask).any()
        assert row["visible_fraction"] == pytest.approx(seen.sum() / mask.sum())
        object_from_world = invert(bundle.world_from_camera @ np.array(row["camera_from_object"]))
        points = transform_points(object_from_world, position[seen].astype(float))
        reach = np.array(row["bbox_3d"]["size_m"]) / 2 + 1e-4
        assert (np.abs(points - row["bbox_3d"]["center_m"]) <= reach).all()


def test_moving_things_have_one_frame_in_all_tables(views_of) -> None:
    camera = LENS | {"trajectory": {"kind": "static", "frames": 2, "fps": 8}}
    scene = {"kind": "plain", "objects": 0, "moving": 4}
    first, second = views_of(camera, channels=["depth"], truth={"objects": "boxes"}, scene=scene)
    for bundle in (first, second):
        moving = {row["id"]: np.array(row["world_from_object"]) for row in bundle.meta["moving"]}
        assert list(moving) == [2, 3, 4, 5]
        seen = {row["id"]: np.array(row["camera_from_object"]) for row in bundle.meta["objects"]}
        assert len(moving.keys() & seen.keys()) >= 2
        for number in moving.keys() & seen.keys():
            np.testing.assert_allclose(
                bundle.world_from_camera @ seen[number], moving[number], rtol=0, atol=1e-12
            )
    for now, then in zip(first.meta["moving"], second.meta["moving"]):
        np.testing.assert_allclose(now["forward"], then["world_from_object"], rtol=0, atol=1e-12)
        np.testing.assert_allclose(then["backward"], now["world_from_object"], rtol=0, atol=1e-12)
        assert not np.allclose(now["forward"], now["backward"], atol=1e-3)


@pytest.mark.parametrize(
    "lens",
    [
        {"kind": "brown_conrady", "width": 64, "height": 48, "fx_px": 40, "k1": -0.2, "k2": 0.05, "p1": 0.01},
        {"kind": "fisheye_kannala_brandt", "width": 64, "height": 64, "fov_deg": 160, "k1": -0.05},
    ],
    ids=lambda lens: lens["kind"],
)
def test_truth_through_distorted_lenses_lies_on_the_walls(views_of, lens) -> None:
    planar = lens["kind"] == "brown_conrady"
    wanted = [name for name in STILL if planar or CHANNELS[name].frame != "camera, planar z"]
    (bundle,) = views_of(lens | {"oversample": 3}, channels=[*wanted])
    assert_valid(bundle)
    camera = bundle.camera
    seen = camera.rays().any(axis=-1)
    position, ids = bundle.channels["position"], bundle.channels["instance"]
    # The pixel's own ray meets the plane of the wall that the nearest ray meets.
    world = position[seen & (ids == 1)].astype(float)
    x, y, z = np.abs(world).T
    off = np.minimum.reduce([np.abs(x - 3), np.abs(y - 3), z, np.abs(z - 3)])
    assert np.quantile(off, 0.98) <= 2e-6
    assert off.max() <= 0.05  # where the two rays meet different walls
    assert np.isfinite(position[seen]).all()
