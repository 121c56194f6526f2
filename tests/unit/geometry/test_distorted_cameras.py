"""Brown-Conrady and Kannala-Brandt: the formulas written out again, their inverse, and what folds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synthgen.geometry.camera import pixel_centres
from synthgen.geometry.distorted import BrownConradyCamera, KannalaBrandtFisheye

BROWN_CONRADY = {
    "undistorted": BrownConradyCamera(64, 48, 60.0, 60.0, 32.0, 24.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "barrel": BrownConradyCamera(640, 480, 420.0, 420.0, 320.0, 240.0, -0.28, 0.07, 0.0, 0.0, 0.0),
    "barrel_close_to_its_fold": BrownConradyCamera(64, 48, 70.0, 70.0, 32.0, 24.0, -0.45, 0.0, 0.0, 0.0, 0.0),
    "pincushion": BrownConradyCamera(64, 48, 40.0, 40.0, 32.0, 24.0, 0.3, 0.1, 0.0, 0.0, 0.05),
    "moustache": BrownConradyCamera(96, 64, 60.0, 60.0, 48.0, 32.0, -0.35, 0.3, 0.0, 0.0, -0.06),
    "tangential": BrownConradyCamera(64, 48, 50.0, 50.0, 32.0, 24.0, -0.1, 0.02, 0.03, -0.04, 0.0),
    "portrait_off_centre": BrownConradyCamera(48, 80, 60.0, 75.0, 15.3, 60.8, -0.15, 0.04, -4e-3, 2e-3, 0.0),
    "long_lens": BrownConradyCamera(64, 48, 900.0, 880.0, 30.0, 26.0, 1.2, -60.0, 0.01, 0.02, 900.0),
}  # fmt: skip
KANNALA_BRANDT = {
    "equidistant": KannalaBrandtFisheye(64, 64, 20.0, 20.0, 32.0, 32.0, 180.0, 0.0, 0.0, 0.0, 0.0),
    "calibrated": KannalaBrandtFisheye(640, 480, 150.0, 151.0, 318.4, 243.9, 185.0, 0.05, -0.01, 2e-3, -3e-4),
    "portrait_off_centre": KannalaBrandtFisheye(48, 80, 21.0, 17.0, 20.2, 50.5, 220.0, -0.02, 1e-3, 0.0, 0.0),
    "cropped": KannalaBrandtFisheye(64, 48, 45.0, 45.0, 30.0, 25.0, 190.0, -0.03, 0.004, -1e-3, 1e-4),
    "all_but_backward": KannalaBrandtFisheye(64, 64, 11.0, 11.0, 32.0, 32.0, 320.0, 0.01, -2e-3, 2e-4, -1e-5),
}  # fmt: skip
ALL = [pytest.param(each, id=f"brown_conrady-{name}") for name, each in BROWN_CONRADY.items()] + [
    pytest.param(each, id=f"kannala_brandt-{name}") for name, each in KANNALA_BRANDT.items()
]
Distorted = BrownConradyCamera | KannalaBrandtFisheye


def random_brown_conrady(rng: np.random.Generator, tangential: float) -> BrownConradyCamera:
    """Any size, focal lengths from wide to long, coefficients from weak to absurd."""
    width, height = (int(each) for each in rng.integers(16, 64, 2))
    fx = width * rng.uniform(0.3, 3.0)
    k1, k2, k3 = rng.normal(size=3) * rng.choice([0.01, 0.1, 0.5, 2.0])
    p1, p2 = rng.normal(size=2) * tangential
    centre = width * rng.uniform(0.2, 0.8), height * rng.uniform(0.2, 0.8)
    return BrownConradyCamera(width, height, fx, fx * rng.uniform(0.7, 1.4), *centre, k1, k2, p1, p2, k3)


@pytest.mark.parametrize("camera", ALL)
def test_all_pixels_go_to_rays_and_back(camera: Distorted) -> None:
    assert camera.problem() is None
    pixels = pixel_centres(camera.width, camera.height)
    rays = camera.rays()
    seen = rays.any(axis=-1)
    assert seen.all() or not camera.planar
    back = camera.project(rays * 3.7)
    assert np.abs(back - pixels)[seen].max() <= 1e-9


def test_any_lens_without_a_problem_has_rays_for_all_pixels() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    tried = [
        random_brown_conrady(rng, tangential) for tangential in (0.0, 1e-3, 0.01, 0.05) for _ in range(150)
    ]
    fine = [camera for camera in tried if camera.problem() is None]
    assert 200 < len(fine) < 550
    for camera in fine:
        rays = camera.rays()
        assert rays.any(axis=-1).all(), camera
        error = np.abs(camera.project(rays) - pixel_centres(camera.width, camera.height)).max()
        assert error <= 1e-9, camera


@pytest.mark.parametrize("name", BROWN_CONRADY)
def test_brown_conrady_is_its_closed_form(name: str) -> None:
    camera = BROWN_CONRADY[name]
    rng = np.random.Generator(np.random.PCG64(7))
    for u, v in rng.uniform((0, 0), (camera.width, camera.height), (40, 2)):
        a, b, one = camera.rays_at(np.array([u, v])).tolist()
        assert one == 1.0
        r2 = a * a + b * b
        radial = 1 + camera.k1 * r2 + camera.k2 * r2**2 + camera.k3 * r2**3
        a_bent = a * radial + 2 * camera.p1 * a * b + camera.p2 * (r2 + 2 * a * a)
        b_bent = b * radial + camera.p1 * (r2 + 2 * b * b) + 2 * camera.p2 * a * b
        expected = (camera.fx * a_bent + camera.cx, camera.fy * b_bent + camera.cy)
        assert camera.project(np.array([5 * a, 5 * b, 5.0])).tolist() == pytest.approx(expected, abs=1e-10)
        assert expected == pytest.approx((u, v), abs=1e-9)
        assert (a_bent, b_bent) == pytest.approx(((u - camera.cx) / camera.fx, (v - camera.cy) / camera.fy),
                                                 abs=1e-10)  # fmt: skip


@pytest.mark.parametrize("name", KANNALA_BRANDT)
def test_kannala_brandt_is_its_closed_form(name: str) -> None:
    camera = KANNALA_BRANDT[name]
    rng = np.random.Generator(np.random.PCG64(8))
    for theta_deg, phi in rng.uniform((0, -math.pi), (camera.fov_deg / 2, math.pi), (40, 2)):
        theta = math.radians(theta_deg)
        k1, k2, k3, k4 = camera.k1, camera.k2, camera.k3, camera.k4
        rho = theta + k1 * theta**3 + k2 * theta**5 + k3 * theta**7 + k4 * theta**9
        pixel = (camera.fx * rho * math.cos(phi) + camera.cx, camera.fy * rho * math.sin(phi) + camera.cy)
        ray = (math.sin(theta) * math.cos(phi), math.sin(theta) * math.sin(phi), math.cos(theta))
        assert camera.project(9 * np.array(ray)).tolist() == pytest.approx(pixel, abs=1e-10)
        assert camera.rays_at(np.array(pixel)).tolist() == pytest.approx(ray, abs=1e-10)


def test_a_kannala_brandt_fisheye_sees_its_cone_and_no_more() -> None:
    camera = KANNALA_BRANDT["calibrated"]
    half = math.radians(camera.fov_deg / 2)
    inside, outside = ([math.sin(angle), 0.0, math.cos(angle)] for angle in (half - 1e-6, half + 1e-6))
    assert np.isfinite(camera.project(np.array(inside))).all()
    assert np.isnan(camera.project(np.array(outside))).all()
    seen = camera.rays().any(axis=-1)
    assert not seen[0, 0] and seen[240, 320]
    angles = np.arccos(camera.rays()[seen][:, 2])
    assert half - 0.02 < angles.max() <= half


def test_what_lies_beyond_the_fold_does_not_appear_in_the_image() -> None:
    """Taken as they stand, the formulas send a direction far outside of the view into the picture."""
    camera = BROWN_CONRADY["barrel_close_to_its_fold"]
    far = 1.3
    radial = 1 + camera.k1 * far**2
    assert 0 < camera.fx * far * radial + camera.cx < camera.width
    assert camera.fold < far
    assert np.isnan(camera.project(np.array([far, 0.0, 1.0]))).all()
    assert np.isfinite(camera.project(np.array([camera.fold * 0.999, 0.0, 1.0]))).all()
    assert np.isnan(camera.project(np.array([0.1, 0.1, -1.0]))).all()
    assert camera.rays_at(np.array([5000.0, 240.0])).tolist() == [0.0, 0.0, 0.0]


def test_radial_distortion_is_refused_exactly_where_it_folds_inside_of_the_image() -> None:
    rng = np.random.Generator(np.random.PCG64(11))
    verdicts = []
    for _ in range(300):
        camera = random_brown_conrady(rng, 0.0)
        corner = math.hypot(
            max(camera.cx, camera.width - camera.cx) / camera.fx,
            max(camera.cy, camera.height - camera.cy) / camera.fy,
        )
        r = np.geomspace(1e-6, 50.0, 20_001)
        distorted = r * (1 + camera.k1 * r**2 + camera.k2 * r**4 + camera.k3 * r**6)
        grows = np.cumprod(np.diff(distorted) > 0).astype(bool)
        verdicts.append(bool(distorted[1:][grows].max(initial=0.0) > corner))
        assert (camera.problem() is None) == verdicts[-1], camera
    assert 50 < sum(verdicts) < 250


def test_tangential_distortion_is_accepted_only_where_the_jacobian_is_positive() -> None:
    rng = np.random.Generator(np.random.PCG64(13))
    fine = [each for each in (random_brown_conrady(rng, 0.05) for _ in range(200)) if not each.problem()]
    assert len(fine) > 50
    step = 1e-6
    for camera in fine:
        rays = camera.rays()
        right, left, down, up = (
            camera.project(rays + step * np.array(each)) / (camera.fx, camera.fy)
            for each in ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0))
        )
        determinant = np.linalg.det(np.stack([right - left, down - up], axis=-1) / (2 * step))
        assert determinant.min() > 0, camera


@pytest.mark.parametrize(
    ("pinhole", "distortion", "words"),
    [
        ((320.0, 320.0, 320.0, 240.0), (-0.3, 0.0, 0.0, 0.0, 0.0),
         "(k1 -0.3, k2 0, p1 0, p2 0, k3 0 fold it at about column 140.1, row 105.1, on the way to"),
        ((320.0, 320.0, 320.0, 240.0), (-0.3, 0.0, 0.0, 0.0, 0.0), "or raise the focal length (a smaller"),
        ((400.0, 400.0, 300.0, 200.0), (0.0, 0.0, 0.2, 0.0, 0.0), "bring the coefficients nearer to 0"),
        ((0.0, 50.0, 32.0, 24.0), (0.0,) * 5, "expected focal lengths above 0 px (got fx 0, fy 50)"),
        ((50.0, 50.0, 640.0, 24.0), (0.0,) * 5, "expected a principal point inside of the image"),
    ],
)  # fmt: skip
def test_what_is_no_brown_conrady_camera_says_where_and_what_to_change(
    pinhole: tuple[float, ...], distortion: tuple[float, ...], words: str
) -> None:
    assert words in (BrownConradyCamera(640, 480, *pinhole, *distortion).problem() or "")


@pytest.mark.parametrize(
    ("pinhole", "fov_deg", "k1", "words"),
    [
        ((20.0, 20.0, 32.0, 24.0), 180.0, -0.3,
         "grows up to fov_deg / 2 = 90 degrees (k1 -0.3, k2 0, k3 0, k4 0 turn back at 60.4); lower"),
        ((20.0, 20.0, 32.0, 24.0), 350.0, 0.0, "expected a field of view from 10 to 320 degrees (got 350)"),
        ((400.0, 20.0, 32.0, 24.0), 90.0, 0.0, "expected focal lengths up to 5 image widths"),
        ((20.0, -1.0, 32.0, 24.0), 90.0, 0.0, "expected focal lengths above 0 px (got fx 20, fy -1)"),
        ((20.0, 20.0, 32.0, 48.0), 90.0, 0.0, "expected a principal point inside of the image"),
    ],
)  # fmt: skip
def test_what_is_no_kannala_brandt_fisheye_says_what_to_change(
    pinhole: tuple[float, ...], fov_deg: float, k1: float, words: str
) -> None:
    assert words in (KannalaBrandtFisheye(64, 48, *pinhole, fov_deg, k1, 0.0, 0.0, 0.0).problem() or "")


def test_the_field_of_view_is_that_of_the_picture() -> None:
    """A barrel takes in more than its pinhole, a pincushion less."""
    pinhole, barrel, pincushion = (
        BrownConradyCamera(64, 48, 32.0, 32.0, 32.0, 24.0, k1, 0.0, 0.0, 0.0, 0.0) for k1 in (0.0, -0.1, 0.1)
    )
    assert pinhole.fov_deg == pytest.approx(90.0)
    assert barrel.fov_deg == pytest.approx(2 * math.degrees(math.atan(1.1535)), abs=1e-2)
    assert pincushion.fov_deg < 90.0
