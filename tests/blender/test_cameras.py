"""Every camera model against closed form: a closed room around the camera, traced in float64."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.bundle import camera_to_json
from synthgen.frame.classes import CLASSES
from synthgen.geometry.camera import Camera, PerspectiveCamera, pixel_centres, unproject_distance
from synthgen.geometry.fisheye import EquisolidFisheye, PolynomialFisheye
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.geometry.pose import camera_rotation, transform_points, world_from_camera
from synthgen.plan.cameras import camera_from_settings
from synthgen.recipe.cameras import CAMERAS, FROM_FILE, PLANAR_KINDS

pytestmark = pytest.mark.blender

LOW, HIGH = np.array([-3.0, -2.0, -1.5]), np.array([2.0, 4.0, 2.5])
"""Corners of the room; the camera stands at the origin."""

MODELS: dict[str, Camera] = {
    "portrait": PerspectiveCamera.from_fov(36, 64, 70),
    "off_centre": PerspectiveCamera(64, 48, 50.0, 50.0, 9.25, 40.5),
    "fx_is_not_fy": PerspectiveCamera(64, 48, 70.0, 45.0, 20.0, 30.0),
    "fov_off_centre": PerspectiveCamera.from_fov_at(64, 48, 100, 20.0, 30.0),
    "wider_than_blenders_shortest_lens": PerspectiveCamera.from_fov(64, 48, 178),
    "panorama": EquirectangularCamera(96, 48),
    "panorama_of_another_shape": EquirectangularCamera(50, 40),
    "equisolid": EquisolidFisheye(64, 48, 17.0, 32.0, 24.0, 180.0),
    "equisolid_portrait_off_centre": EquisolidFisheye(48, 64, 15.5, 20.25, 37.5, 220.0),
    "equisolid_that_fills_the_image": EquisolidFisheye(64, 48, 60.0, 32.0, 24.0, 180.0),
    "equidistant": PolynomialFisheye(64, 64, 20.0, 32.0, 32.0, 180.0),
    "polynomial": PolynomialFisheye(64, 48, 19.0, 30.0, 26.5, 200.0, 0.02, -0.04, 0.01),
    "polynomial_portrait": PolynomialFisheye(40, 64, 14.0, 22.0, 30.0, 190.0, -0.03, 0.05, 0.0),
}


def _room_distance(directions: np.ndarray) -> np.ndarray:
    """Distance from the origin to the walls along unit rays in the world."""
    with np.errstate(divide="ignore"):
        return np.where(directions > 0, HIGH / directions, LOW / directions).min(axis=-1)


@pytest.fixture
def room_of(stage_of):
    """A closed room whose walls are meshed finely, so that float32 triangles are exact enough."""
    import bpy

    from synthgen.blender.stage.mesh import MeshBuilder

    def make():
        made = stage_of()
        builder = MeshBuilder()
        for axis in range(3):
            a, b = (axis + 1) % 3, (axis + 2) % 3
            for side in (LOW, HIGH):
                knots_a, knots_b = (np.linspace(LOW[each], HIGH[each], 9) for each in (a, b))
                for i in range(8):
                    for j in range(8):
                        corners = np.empty((4, 3))
                        corners[:, axis] = side[axis]
                        corners[:, a] = knots_a[[i, i + 1, i + 1, i]]
                        corners[:, b] = knots_b[[j, j, j + 1, j + 1]]
                        builder.quad([tuple(corner) for corner in corners], "grey")
        made.stage.add(builder, made.stage.instance("wall"), {"grey": bpy.data.materials.new("grey")})
        return made

    return make


@pytest.mark.parametrize("camera", MODELS.values(), ids=MODELS.keys())
def test_distance_in_a_closed_room_is_exact(room_of, truth_of, camera: Camera) -> None:
    assert camera.problem() is None
    rotation = camera_rotation(33, -17, 8)
    pose = world_from_camera(np.zeros(3), rotation)

    truth = truth_of(room_of(), camera, pose, ("depth", "normal", "instance", "semantic", "distance"))

    rays = camera.rays()
    seen = rays.any(axis=-1)
    length = np.linalg.norm(rays[seen], axis=-1, keepdims=True)
    expected = _room_distance(rays[seen] / length @ rotation.T)
    assert seen.mean() > 0.3
    for name, exact in (
        ("distance", expected),
        ("depth", expected / length[:, 0] if camera.planar else expected),
    ):
        error = np.abs(truth[name][seen] - exact) / exact
        assert error.max() <= 1e-5, name
        assert np.median(error) <= 1e-6, name
    assert (truth["instance"][seen] == 1).all()
    facing = np.einsum("nc,nc->n", truth["normal"][seen], rays[seen] / length)
    assert (facing < 0).all()

    assert np.isposinf(truth["distance"][~seen]).all()
    assert (truth["instance"][~seen] == 0).all()
    assert (truth["semantic"][~seen] == CLASSES["void"].id).all()
    assert (truth["normal"][~seen] == 0).all()


@pytest.mark.parametrize("camera", MODELS.values(), ids=MODELS.keys())
def test_rendered_points_project_back_to_their_pixels_and_lie_on_the_walls(
    room_of, truth_of, camera: Camera
) -> None:
    pose = world_from_camera(np.zeros(3), camera_rotation(-70, 12, -5))
    truth = truth_of(room_of(), camera, pose, ("depth", "normal", "instance", "semantic", "distance"))

    seen = np.isfinite(truth["distance"])
    points = unproject_distance(camera, truth["distance"])[seen]
    back = camera.project(points)
    assert np.abs(back - pixel_centres(camera.width, camera.height)[seen]).max() <= 1e-3

    world = transform_points(pose, points)
    to_wall = np.minimum(np.abs(world - LOW), np.abs(world - HIGH)).min(axis=-1)
    assert to_wall.max() <= 3e-5


def test_a_panorama_has_no_seam(room_of, truth_of) -> None:
    """Turned by half a turn, the panorama is the same one shifted by half its width, over the seam too."""
    camera = EquirectangularCamera(96, 48)
    ahead, behind = (
        truth_of(room_of(), camera, world_from_camera(np.zeros(3), camera_rotation(yaw)),
                 ("depth", "normal", "instance", "semantic", "distance"))["distance"]
        for yaw in (20, 200)
    )  # fmt: skip
    np.testing.assert_allclose(np.roll(ahead, 48, axis=1), behind, rtol=1e-5)
    across = np.abs(ahead[:, 0] - ahead[:, -1])
    within = np.abs(np.diff(ahead, axis=1)).max(axis=1)
    assert (across <= 1.5 * within + 1e-6).all()


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        (
            EquirectangularCamera(70_000, 16),
            "a resolution_x that Blender takes (got 70000, it",
        ),
        (
            PerspectiveCamera(16, 16, 900.0, 4.0, 8.0, 8.0),
            "a pixel_aspect_y that Blender takes (got 225, it",
        ),
    ],
    ids=["size", "aspect"],
)
def test_what_blender_would_cut_off_without_a_word_is_an_error(stage_of, camera: Camera, words: str) -> None:
    from synthgen.blender.camera import set_camera
    from synthgen.errors import RenderError

    with pytest.raises(RenderError) as caught:
        set_camera(stage_of().scene, camera, np.eye(4))
    assert words in str(caught.value)


@pytest.mark.parametrize("kind", sorted({*CAMERAS} - {FROM_FILE}))
def test_the_lens_of_a_kind_is_not_left_to_the_next(room_of, truth_of, kind: str) -> None:
    """A perspective view after any other camera is the same as before it."""
    made = room_of()
    pose = world_from_camera(np.zeros(3), camera_rotation(10))
    plain = PerspectiveCamera.from_fov(64, 48, 70)
    spec = CAMERAS[kind](width=40, height=32)
    settings = {name: getattr(spec, name) for name in type(spec).model_fields if name != "placement"}
    if kind in PLANAR_KINDS:
        settings["fov_deg"] = 40.0
    before = truth_of(made, plain, pose)
    assert truth_of(made, camera_from_settings(settings), pose)["depth"].shape == (32, 40)
    after = truth_of(made, plain, pose)
    np.testing.assert_array_equal(before["depth"], after["depth"])


RECIPE = """
name: lenses
seed: 3
split: {train: 1}
scene: {kind: plain}
cameras:
  - {kind: perspective, width: 64, height: 48, fov_deg: 80, cx_px: 20, cy_px: 30}
  - {kind: equirectangular, width: 64, height: 32}
  - {kind: fisheye_equisolid, width: 64, height: 48}
  - {kind: fisheye_polynomial, width: 48, height: 64, a3: -0.02}
  - {kind: brown_conrady, width: 64, height: 48, fov_deg: 70, k1: -0.1}
  - {kind: fisheye_kannala_brandt, width: 64, height: 48, k1: 0.02}
render: {quality: draft, samples: 1, denoise: false}
channels: [rgb, normal, instance, semantic, distance]
"""


def test_every_kind_goes_from_recipe_to_a_valid_frame(tmp_path, families) -> None:
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.frame.checks import check_channels
    from synthgen.geometry.models import camera_from_entry
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.families import add_scene_paths
    from synthgen.recipe.load import load_recipe

    add_scene_paths([families])
    file = tmp_path / "lenses.yaml"
    file.write_text(RECIPE, encoding="utf-8")
    [job] = plan_recipe(load_recipe(str(file)))
    renderer = BlenderRenderer("cpu", 1, [families])
    bundles = [view.bundle for view in renderer.render(job)]
    renderer.close()

    assert {bundle.camera.model for bundle in bundles} == {*CAMERAS} - {FROM_FILE}
    ids = {each.id for each in CLASSES.values()}
    for bundle in bundles:
        camera, channels = bundle.camera, bundle.channels
        known = {each.id for each in bundle.instances}
        assert check_channels(channels, camera.width, camera.height, known, ids) == []
        outside = ~camera.rays().any(axis=-1)
        np.testing.assert_array_equal(channels["semantic"] == CLASSES["void"].id, outside)
        assert (channels["rgb"][outside] == 0).all()
        assert bundle.meta["statistics"]["sky_ratio"] == 0  # the room is closed, and corners are not sky
        assert camera_from_entry(camera_to_json(camera, bundle.world_from_camera)) == camera
    exposures = [bundle.meta["exposure"]["ev"] for bundle in bundles]
    assert max(exposures) - min(exposures) < 1.5  # black corners do not brighten a fisheye's picture
