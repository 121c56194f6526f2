"""Cameras of a .blend: each gives the rays that Blender itself renders through it; others are refused."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bpy")

import blend_files as blend
import bpy

from synthgen.blender.passes import prepare_passes, render_passes, through_pixel_centres, vector_pass
from synthgen.blender.scene_file.cameras import cameras_of
from synthgen.errors import RenderError
from synthgen.geometry.camera import pixel_centres
from synthgen.geometry.pose import invert, transform_points

pytestmark = pytest.mark.blender

WIDE, TALL = (64, 40), (40, 64)
SHIFTED = {"lens": 28.0, "sensor_width": 32.0, "sensor_height": 18.0, "shift_x": 0.12, "shift_y": -0.1}
POLYNOMIAL = {"fisheye_polynomial_k0": 0.0, "fisheye_polynomial_k1": -0.08, "fisheye_polynomial_k2": 1e-3,
              "fisheye_polynomial_k3": -2e-4, "fisheye_polynomial_k4": 0.0}  # fmt: skip
PANORAMAS = [
    {"panorama_type": "EQUIRECTANGULAR"},
    {"panorama_type": "FISHEYE_EQUISOLID", "fisheye_lens": 9.0, "fisheye_fov": 2.6, "sensor_width": 30.0},
    {"panorama_type": "FISHEYE_EQUISOLID", "fisheye_fov": 3.0, "shift_x": 0.1, "shift_y": 0.15},
    {"panorama_type": "FISHEYE_LENS_POLYNOMIAL", "fisheye_fov": 2.2, **POLYNOMIAL},
]


def seen_through(made: bpy.types.Object, width: int, height: int, aspect, scratch: Path) -> np.ndarray:
    """(h, w, 3) points of a closed box that Cycles sees at the pixel centres of an image."""
    scene = bpy.context.scene
    blend.box("Box", (6.0, 8.0, 5.0), (0.3, -0.2, 0.1))
    scene.camera = made
    scene.render.engine = "CYCLES"
    render = scene.render
    render.resolution_x, render.resolution_y = width, height
    render.pixel_aspect_x, render.pixel_aspect_y = aspect
    prepare_passes(scene)
    scene.view_layers[0].use_pass_position = True
    with through_pixel_centres(scene):
        return vector_pass(render_passes(scene, str(scratch), "test"), "Position", "XYZ").astype(float)


def read_camera(made: bpy.types.Object, aspect):
    """What the file's reader makes of a camera."""
    scene = bpy.context.scene
    scene.camera = made
    scene.render.pixel_aspect_x, scene.render.pixel_aspect_y = aspect
    return cameras_of(bpy.context.evaluated_depsgraph_get(), 1.0)[0]


def assert_same_rays(found, width: int, height: int, seen: np.ndarray, limit_px: float) -> None:
    lens = found.lens(width, height)
    pixels = lens.project(transform_points(invert(found.world_from_camera), seen))
    centres = pixel_centres(width, height)
    inside = lens.rays().any(axis=-1) & seen.any(axis=-1)
    assert inside.mean() > 0.3
    assert np.abs(pixels - centres)[inside].max() < limit_px


@pytest.mark.parametrize("fit", ["AUTO", "HORIZONTAL", "VERTICAL"])
@pytest.mark.parametrize("size", [WIDE, TALL], ids=["wide", "tall"])
@pytest.mark.parametrize("aspect", [(1, 1), (2, 1), (1, 1.5)], ids=str)
def test_a_lens_gives_the_rays_of_blender(tmp_path: Path, session, fit: str, size, aspect) -> None:
    session.reset()
    made = blend.camera(place=(0.5, -1.0, 0.3), target=(1.0, 2.0, 0.7), sensor_fit=fit, **SHIFTED)
    made.scale = (2.0, 0.5, 3.0)  # Blender looks through it as if it had none
    found = read_camera(made, aspect)
    assert_same_rays(found, *size, seen_through(made, *size, aspect, tmp_path), 2e-3)


@pytest.mark.parametrize("settings", PANORAMAS, ids=lambda each: each["panorama_type"].lower())
def test_a_panorama_gives_the_rays_of_blender(tmp_path: Path, session, settings: dict) -> None:
    session.reset()
    made = blend.camera(place=(0.5, -1.0, 0.3), target=(1.0, 2.0, 0.7), type="PANO", **settings)
    found = read_camera(made, (1, 1))
    assert_same_rays(found, 64, 48, seen_through(made, 64, 48, (1, 1), tmp_path), 0.02)


@pytest.mark.parametrize(
    ("settings", "size", "message"),
    [
        ({"type": "ORTHO"}, WIDE, r"camera 'Camera' of the file is ortho; expected a perspective camera or"),
        ({"type": "PANO", "panorama_type": "FISHEYE_EQUIDISTANT"}, WIDE,
         r"is a panorama of the kind fisheye_equidistant; expected equirectangular, fisheye_equisolid or"),
        ({"type": "PANO", "panorama_type": "EQUIRECTANGULAR", "latitude_max": 0.5}, WIDE,
         r"is a part of a panorama; expected the whole sphere"),
        ({"type": "PANO", "panorama_type": "FISHEYE_EQUISOLID"}, TALL,
         r"is a fisheye fitted to the height; expected the sensor fit 'Horizontal'"),
        ({"type": "PANO", "panorama_type": "FISHEYE_LENS_POLYNOMIAL", "fisheye_polynomial_k0": 0.1}, WIDE,
         r"has a fisheye polynomial with k0 or without k1"),
        ({"shift_x": 0.7}, WIDE, r"camera 'Camera' of the file at 64 x 40 pixels: expected a principal"),
    ],
)  # fmt: skip
def test_what_we_have_no_model_of_is_refused(session, settings: dict, size, message: str) -> None:
    session.reset()
    found = read_camera(blend.camera(**settings), (1, 1))
    with pytest.raises(RenderError, match=message):
        found.lens(*size)


def test_oblong_pixels_of_a_panorama_and_mirrored_cameras_are_refused(session) -> None:
    session.reset()
    panorama = read_camera(blend.camera(type="PANO", panorama_type="EQUIRECTANGULAR"), (2, 1))
    with pytest.raises(RenderError, match="has oblong pixels; expected a pixel aspect of 1"):
        panorama.lens(*WIDE)
    session.reset()
    made = blend.camera()
    made.scale = (-1, 1, 1)
    with pytest.raises(
        RenderError, match="camera 'Camera' of the file is mirrored; expected a scale above 0"
    ):
        read_camera(made, (1, 1))


def three_cameras(folder: Path) -> Path:
    blend.empty_file()
    blend.floor()
    blend.box("Crate", 1.0, (0, 0, 0.5))
    blend.camera("Main", (0, -6, 2), lens=40.0)
    blend.camera("Above", (0, -1, 8), lens=20.0)
    blend.camera("Left", (-6, -1, 2), lens=30.0)
    blend.sun()
    return blend.save(folder / "three.blend")


def test_views_take_the_active_camera_first_then_by_name(tmp_path: Path, views_of_file) -> None:
    path = three_cameras(tmp_path)
    bundles = views_of_file(path, views=3)
    assert bundles[0].meta["sampled"]["built"]["cameras"] == ["Main", "Above", "Left"]
    assert [round(each.camera.fx / 64 * 36) for each in bundles] == [40, 20, 30]
    places = np.array([each.world_from_camera[:3, 3] for each in bundles])
    np.testing.assert_allclose(places, [(0, -6, 2), (0, -1, 8), (-6, -1, 2)], atol=1e-6)
    named = {"kind": "from_file", "width": 32, "height": 32, "camera": "Left"}
    (left,) = views_of_file(path, named)
    np.testing.assert_allclose(left.world_from_camera, bundles[2].world_from_camera)
    assert left.camera.width == 32


def test_more_views_than_cameras_and_unknown_names_are_errors(tmp_path: Path, views_of_file) -> None:
    path = three_cameras(tmp_path)
    with pytest.raises(
        RenderError, match=r"view 3 asks for camera 4 of the scene file, which has 3 \(Main, Ab"
    ):
        views_of_file(path, views=4)
    named = {"kind": "from_file", "width": 32, "height": 32, "camera": "Lft"}
    with pytest.raises(RenderError, match=r"unknown camera of the scene file 'Lft'.*did you mean 'Left'"):
        views_of_file(path, named)


def test_a_file_without_a_camera_is_an_error_only_if_one_is_asked_for(tmp_path: Path, views_of_file) -> None:
    blend.empty_file()
    blend.floor()
    for x in (-2, 0, 2):
        blend.box(f"Crate{x}", 1.0, (x, 0, 0.5))
    blend.sun()
    path = blend.save(tmp_path / "none.blend")
    with pytest.raises(RenderError, match="the scene file has no camera; take another kind"):
        views_of_file(path)
    assert views_of_file(path, {"kind": "perspective", "width": 64, "height": 48, "fov_deg": 70})


def test_a_panorama_has_distance_and_no_depth(tmp_path: Path, views_of_file) -> None:
    blend.empty_file()
    blend.box("Hall", (6.0, 8.0, 5.0))
    blend.camera(place=(0, 0, 0), target=(0, 1, 0), type="PANO", panorama_type="EQUIRECTANGULAR")
    blend.sun()
    path = blend.save(tmp_path / "hall.blend")
    with pytest.raises(RenderError, match=r"camera 'Camera' of the scene file has no planar depth \(depth"):
        views_of_file(path)
    (bundle,) = views_of_file(path, channels=["distance", "normal", "instance", "semantic"])
    distance = bundle.channels["distance"]
    assert distance[24, 32] == pytest.approx(4.0, rel=2e-2)  # ahead
    assert distance[24, 48] == pytest.approx(3.0, rel=2e-2)  # to the right
    assert distance[0].max() == pytest.approx(2.5, rel=2e-2)
    exact = 4.0 / math.cos(math.pi / 64) / math.cos(math.pi / 96)
    assert distance[24, 32] == pytest.approx(exact, rel=1e-5)


def test_a_region_by_a_box_an_object_or_a_collection(tmp_path: Path, views_of_file) -> None:
    blend.empty_file()
    blend.floor(half=20.0)
    blend.box("Roof", (40, 40, 0.2), (0, 0, 6))
    stage = bpy.data.collections.new("Stage")
    bpy.context.scene.collection.children.link(stage)
    for x in (-1.5, 1.5):
        blend.box("Board", (3, 4, 0.1), (x + 10, 5, 1.0), stage)
    hidden = blend.box("Zone", (4, 6, 3), (-10, 0, 1.5))
    hidden.hide_render = True
    for number in range(24):
        angle = number * math.tau / 24
        blend.box(f"Post{number}", (0.5, 0.5, 4), (16 * math.cos(angle), 16 * math.sin(angle), 2))
    blend.sun()
    path = blend.save(tmp_path / "regions.blend")
    camera = {"kind": "perspective", "width": 64, "height": 48, "fov_deg": 70,
              "placement": {"height_m": 1.5, "clearance_m": 0.1}}  # fmt: skip

    def places(**scene) -> tuple[np.ndarray, dict]:
        bundles = views_of_file(path, camera, 3, **scene)
        return np.array([each.world_from_camera[:3, 3] for each in bundles]), bundles[0].meta["sampled"][
            "built"
        ]

    anywhere, built = places()
    assert built["camera_region"]["floor_z_m"] == 0.0  # not the roof, which is as large
    assert np.abs(anywhere[:, :2]).max() < 20 and anywhere[:, 2] == pytest.approx(1.5)
    boxed, built = places(camera_region={"min_m": [-3, -2, 1], "max_m": [3, 2, 4]})
    assert (np.abs(boxed[:, :2]) < (3, 2)).all() and boxed[:, 2] == pytest.approx(2.5)
    zone, built = places(camera_region={"object": "Zone"})
    assert (np.abs(zone[:, :2] - (-10, 0)) < (2, 3)).all() and zone[:, 2] == pytest.approx(1.5)
    assert built["camera_region"]["ceiling_z_m"] == 3.0
    on_stage, built = places(camera_region={"collection": "Stage"})
    assert (np.abs(on_stage[:, :2] - (10, 5)) < (3, 2)).all() and on_stage[:, 2] == pytest.approx(2.55)
    assert built["camera_region"]["ceiling_z_m"] is None
    for region, message in (
        ({"object": "Zoen"}, r"camera_region: unknown object of the file 'Zoen'.*did you mean 'Zone'"),
        ({"collection": "Zone"}, r"camera_region: unknown collection of the file 'Zone'; known: Stage"),
    ):
        with pytest.raises(RenderError, match=message):
            places(camera_region=region)
