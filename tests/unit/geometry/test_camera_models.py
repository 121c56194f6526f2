"""Rays and projection of every camera model, and their way through the metadata."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from synthgen.errors import DataError
from synthgen.frame.bundle import camera_from_json, camera_to_json
from synthgen.geometry.camera import (
    Camera,
    PerspectiveCamera,
    distance_from_depth,
    pixel_centres,
    unproject_depth,
    unproject_distance,
)
from synthgen.geometry.distorted import BrownConradyCamera, KannalaBrandtFisheye
from synthgen.geometry.fisheye import EquisolidFisheye, PolynomialFisheye
from synthgen.geometry.models import CAMERA_MODELS, camera_from_entry
from synthgen.geometry.panorama import EquirectangularCamera

MODELS: dict[str, Camera] = {
    "perspective": PerspectiveCamera(64, 48, 50.0, 61.0, 9.25, 40.5),
    "portrait": PerspectiveCamera.from_fov(48, 640, 100),
    "brown_conrady": BrownConradyCamera(64, 48, 52.0, 61.0, 28.5, 20.5, -0.2, 0.05, 1e-3, -2e-3, 0.01),
    "panorama": EquirectangularCamera(96, 40),
    "equisolid": EquisolidFisheye(64, 48, 17.0, 30.0, 26.0, 180.0),
    "equisolid_all_around": EquisolidFisheye(64, 64, 15.9, 32.0, 32.0, 360.0),
    "equidistant": PolynomialFisheye(2000, 2000, 640.0, 1000.0, 1000.0, 180.0),
    "polynomial": PolynomialFisheye(64, 48, 19.0, 30.0, 26.5, 200.0, 0.02, -0.04, 0.01),
    "kannala_brandt": KannalaBrandtFisheye(64, 48, 19.0, 18.5, 30.0, 26.5, 200.0, 0.05, -0.01, 2e-3, -3e-4),
}


def test_every_model_is_tried() -> None:
    assert {camera.model for camera in MODELS.values()} == set(CAMERA_MODELS)


@pytest.mark.parametrize("camera", MODELS.values(), ids=MODELS.keys())
def test_unproject_and_project_meet_within_a_thousandth_of_a_pixel(camera: Camera) -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    distance = rng.uniform(0.1, 900.0, (camera.height, camera.width)).astype(np.float32)
    seen = camera.rays().any(axis=-1)
    back = camera.project(unproject_distance(camera, distance))
    assert np.abs(back - pixel_centres(camera.width, camera.height))[seen].max() <= 1e-6
    points = unproject_depth(camera, distance)[seen]
    measured = points[:, 2] if camera.planar else np.linalg.norm(points, axis=-1)
    np.testing.assert_allclose(measured, distance[seen], rtol=1e-12)


@pytest.mark.parametrize("camera", MODELS.values(), ids=MODELS.keys())
def test_rays_are_scaled_as_documented(camera: Camera) -> None:
    rays = camera.rays()
    seen = rays.any(axis=-1)
    scale = rays[..., 2] if camera.planar else np.linalg.norm(rays, axis=-1)
    np.testing.assert_allclose(scale[seen], 1.0, rtol=1e-12)
    np.testing.assert_array_equal(rays, camera.rays_at(pixel_centres(camera.width, camera.height)))


@pytest.mark.parametrize("camera", MODELS.values(), ids=MODELS.keys())
def test_a_camera_comes_back_from_its_metadata(camera: Camera) -> None:
    assert camera.problem() is None
    entry = json.loads(json.dumps(camera_to_json(camera, np.eye(4)), allow_nan=False))
    assert camera_from_entry(entry) == camera
    assert camera_from_entry(camera_from_json(entry)) == camera


@pytest.mark.parametrize("camera", MODELS.values(), ids=MODELS.keys())
def test_sky_stays_infinite_and_never_becomes_nan(camera: Camera) -> None:
    depth = np.full((camera.height, camera.width), np.inf, np.float32)
    assert np.isposinf(distance_from_depth(camera, depth)).all()


def test_the_axes_of_a_panorama() -> None:
    camera = EquirectangularCamera(8, 4)
    pixels = np.array([[4.0, 2.0], [6.0, 2.0], [2.0, 2.0], [4.0, 4.0], [0.0, 2.0], [8.0, 2.0]])
    forward, right, down = np.eye(3)[[2, 0, 1]]
    expected = np.array([forward, right, -right, down, -forward, -forward])
    np.testing.assert_allclose(camera.rays_at(pixels), expected, atol=1e-15)


@pytest.mark.parametrize(
    ("camera", "radius"),
    [
        (EquisolidFisheye(100, 100, 20.0, 50.0, 50.0, 200.0), 20 * 2 * math.sin(math.radians(60) / 2)),
        (PolynomialFisheye(100, 100, 20.0, 50.0, 50.0, 200.0), 20 * math.radians(60)),
    ],
)
def test_a_ray_at_60_degrees_lands_where_the_formula_says(camera: Camera, radius: float) -> None:
    across, along = math.sin(math.radians(60)), math.cos(math.radians(60))
    points = 7 * np.array([[across, 0, along], [0, -across, along], [0, 0, 1]])
    np.testing.assert_allclose(camera.project(points), [[50 + radius, 50], [50, 50 - radius], [50, 50]])


def test_nothing_is_seen_outside_of_the_cone() -> None:
    camera = EquisolidFisheye(64, 64, 20.0, 32.0, 32.0, 180.0)
    corner = camera.rays_at(np.array([0.5, 0.5]))
    assert corner.tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(camera.project(np.array([0.0, 0.1, -1.0]))).all()
    assert np.isnan(MODELS["perspective"].project(np.array([0.0, 0.1, -1.0]))).all()


@pytest.mark.parametrize("fov_deg", [30.0, 90.0, 130.0])
def test_the_field_of_view_holds_off_centre(fov_deg: float) -> None:
    camera = PerspectiveCamera.from_fov_at(640, 480, fov_deg, 200.0, 111.0)
    assert camera.fov_deg == pytest.approx(fov_deg, abs=1e-9)
    centred = PerspectiveCamera.from_fov_at(640, 480, fov_deg, 320.0, 240.0)
    assert centred.fx == pytest.approx(PerspectiveCamera.from_fov(640, 480, fov_deg).fx, rel=1e-12)


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        (PerspectiveCamera(64, 48, 0.0, 50.0, 32.0, 24.0), "focal lengths above 0"),
        (PerspectiveCamera(64, 48, 900.0, 4.0, 32.0, 24.0), "pixels up to 200 times as long as wide"),
        (PerspectiveCamera(64, 48, 50.0, 50.0, 64.0, 24.0), "principal point inside of the image"),
        (EquisolidFisheye(64, 48, 20.0, 32.0, -1.0, 180.0), "principal point inside of the image"),
        (EquisolidFisheye(64, 48, 20.0, 32.0, 24.0, 5.0), "field of view from 10 to 360"),
        (PolynomialFisheye(64, 48, 20.0, 32.0, 24.0, 180.0, -0.5), "turn back at 28.65"),
        (PolynomialFisheye(64, 48, 20.0, 32.0, 24.0, 180.0, 0.0, -0.3, 0.06), "turn back at"),
        (PolynomialFisheye(64, 48, 8.0, 32.0, 24.0, 120.0, 0.0, -0.05), "expected one circle in the image"),
        (PolynomialFisheye(64, 48, 700.0, 32.0, 24.0, 180.0), "up to 10 image widths"),
    ],
)
def test_what_is_no_camera_says_why(camera: Camera, words: str) -> None:
    assert words in (camera.problem() or "")


@pytest.mark.parametrize("name", ["brown_conrady", "kannala_brandt"])
@pytest.mark.parametrize("distortion", [[0.1, 0.0], [0.1, 0.0, 0.0, 0.0, 0.0, 0.0], None, "none"])
def test_distortion_of_another_length_is_a_clear_error(name: str, distortion: object) -> None:
    entry = camera_to_json(MODELS[name], np.eye(4))
    with pytest.raises(DataError, match=f"expected the values of a {MODELS[name].model} camera"):
        camera_from_entry({**entry, "distortion": distortion})


@pytest.mark.parametrize(
    ("change", "words"),
    [({"model": "fisheye"}, "unknown camera model 'fisheye'"), ({"fov_deg": None}, "fisheye_equisolid")],
)
def test_damaged_metadata_is_a_clear_error(change: dict[str, object], words: str) -> None:
    entry = camera_to_json(MODELS["equisolid"], np.eye(4))
    with pytest.raises(DataError, match=words):
        camera_from_entry({**entry, **change})
