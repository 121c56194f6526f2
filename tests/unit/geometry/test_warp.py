"""The warp behind distorted views: what the source covers, which pixel is nearest, what bicubic gives."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from synthgen.errors import RenderError, UsageError
from synthgen.geometry.camera import Camera, PerspectiveCamera, pixel_centres
from synthgen.geometry.distorted import BrownConradyCamera, KannalaBrandtFisheye
from synthgen.geometry.fisheye import EquisolidFisheye, PolynomialFisheye
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.geometry.warp import nearest_pixels, resample, source_camera

CAMERAS: dict[str, Camera] = {
    "undistorted": BrownConradyCamera(64, 48, 60.0, 55.0, 32.3, 24.1, 0.0, 0.0, 0.0, 0.0, 0.0),
    "barrel": BrownConradyCamera(96, 64, 63.0, 63.0, 48.0, 32.0, -0.28, 0.07, 0.0, 0.0, 0.0),
    "strong_barrel": BrownConradyCamera(64, 48, 70.0, 70.0, 32.0, 24.0, -0.45, 0.0, 0.0, 0.0, 0.0),
    "pincushion": BrownConradyCamera(64, 48, 42.0, 42.0, 32.0, 24.0, 0.15, 0.02, 0.0, 0.0, 0.0),
    "tangential_portrait": BrownConradyCamera(48, 80, 60.0, 75.0, 15.3, 60.8, -0.1, 0.02, 0.01, -0.02, 0.0),
    "fisheye": KannalaBrandtFisheye(64, 64, 19.0, 19.0, 32.0, 32.0, 180.0, 0.05, -0.01, 2e-3, -3e-4),
    "fisheye_off_centre": KannalaBrandtFisheye(64, 80, 17.0, 15.5, 20.25, 50.5, 200.0, -0.02, 1e-3, 0.0, 0.0),
    "fisheye_cropped": KannalaBrandtFisheye(64, 48, 45.0, 45.0, 30.0, 25.0, 190.0, -0.03, 4e-3, -1e-3, 1e-4),
    "fisheye_all_around": KannalaBrandtFisheye(64, 64, 11.0, 11.0, 32.0, 32.0, 320.0, 0.0, 0.0, 0.0, 0.0),
}  # fmt: skip
EACH = pytest.mark.parametrize("camera", CAMERAS.values(), ids=CAMERAS.keys())


@pytest.mark.parametrize(
    "camera",
    [
        PerspectiveCamera.from_fov(64, 48, 90.0),
        EquirectangularCamera(64, 32),
        EquisolidFisheye(64, 64, 20.0, 32.0, 32.0, 180.0),
        PolynomialFisheye(64, 64, 20.0, 32.0, 32.0, 180.0),
    ],
)
def test_lenses_that_can_be_rendered_need_no_source(camera: Camera) -> None:
    assert source_camera(camera, 4) is None


@EACH
@pytest.mark.parametrize("oversample", [1, 3, 4])
def test_the_source_sees_every_ray_with_room_around_it(camera: Camera, oversample: int) -> None:
    source = source_camera(camera, oversample)
    assert source.problem() is None
    assert source.planar == camera.planar
    ratio = np.diag(source.K)[:2] / np.diag(camera.K)[:2]
    assert ratio.min() == pytest.approx(oversample)
    if camera.planar:
        assert ratio.max() == pytest.approx(oversample)
    rays = camera.rays()
    points = source.project(rays[rays.any(axis=-1)])
    assert (points >= 3.0).all()
    assert (points <= np.array([source.width, source.height]) - 3.0).all()
    around = np.concatenate([np.floor(points) + (shift_u, shift_v) + 0.5
                             for shift_u in (-1, 0, 1) for shift_v in (-1, 0, 1)])  # fmt: skip
    assert source.rays_at(around).any(axis=-1).all()


@EACH
@pytest.mark.parametrize("oversample", [1, 2])
def test_no_other_source_pixel_is_nearer(camera: Camera, oversample: int) -> None:
    source = source_camera(camera, oversample)
    rows, columns, seen = nearest_pixels(camera, source)
    assert rows.shape == columns.shape == seen.shape == (camera.height, camera.width)
    rays = camera.rays()
    np.testing.assert_array_equal(seen, rays.any(axis=-1))
    centres = pixel_centres(source.width, source.height).reshape(-1, 2)
    rng = np.random.Generator(np.random.PCG64(2))
    for row, column in rng.permutation(np.argwhere(seen))[:60]:
        place = source.project(rays[row, column])
        distances = np.linalg.norm(centres - place, axis=-1)
        chosen = int(rows[row, column]) * source.width + int(columns[row, column])
        assert distances[chosen] == pytest.approx(distances.min(), abs=1e-9)


@EACH
@pytest.mark.parametrize("oversample", [1, 4])
def test_the_nearest_ray_is_within_half_a_source_pixel(camera: Camera, oversample: int) -> None:
    """On the view's side of the lens too, where that does not magnify: then by as much as it does."""
    source = source_camera(camera, oversample)
    rows, columns, seen = nearest_pixels(camera, source)
    chosen = source.rays_at(np.stack([columns, rows], axis=-1)[seen] + 0.5)
    wanted = camera.rays()[seen]
    off = source.project(chosen) - source.project(wanted)
    assert np.abs(off).max() <= 0.5 + 1e-9
    cosine = np.einsum("nc,nc->n", chosen, wanted)
    cosine /= np.linalg.norm(chosen, axis=-1) * np.linalg.norm(wanted, axis=-1)
    angle = np.arccos(np.minimum(cosine, 1.0))
    assert angle.max() <= math.sqrt(0.5) / min(source.K[0, 0], source.K[1, 1]) + 1e-7

    back = camera.project(chosen)  # NaN where the nearest ray lies beyond the rim
    error = np.nanmax(np.abs(back - pixel_centres(camera.width, camera.height)[seen]))
    magnifies = camera in (CAMERAS["pincushion"], CAMERAS["fisheye"], CAMERAS["tangential_portrait"])
    assert error <= (0.75 if magnifies else 0.5 + 1e-6) / oversample


def test_without_distortion_the_source_is_the_view_with_a_frame_around_it() -> None:
    camera = CAMERAS["undistorted"]
    for oversample in (1, 2, 5):
        source = source_camera(camera, oversample)
        rows, columns, seen = nearest_pixels(camera, source)
        assert seen.all()
        chosen = source.rays_at(np.stack([columns, rows], axis=-1) + 0.5)
        np.testing.assert_allclose(chosen, camera.rays(), atol=1e-12)
    source = source_camera(camera, 1)
    rng = np.random.Generator(np.random.PCG64(3))
    image = rng.uniform(0.0, 5.0, (source.height, source.width, 3)).astype(np.float32)
    rows, columns, _ = nearest_pixels(camera, source)
    np.testing.assert_allclose(resample(image, camera, source), image[rows, columns], atol=1e-5)


@EACH
def test_constants_and_ramps_come_through(camera: Camera) -> None:
    source = source_camera(camera, 1)
    seen = camera.rays().any(axis=-1)
    one = resample(np.ones((source.height, source.width, 1)), camera, source)
    assert one.dtype == np.float32 and one.shape == (camera.height, camera.width, 1)
    np.testing.assert_allclose(one[..., 0], seen, atol=1e-5)
    ramp = resample(pixel_centres(source.width, source.height), camera, source)
    places = source.project(camera.rays())
    # The mean over a footprint takes the lens as linear within each pixel.
    np.testing.assert_allclose(ramp[seen], places[seen], atol=0.05)
    assert np.abs(ramp - places)[seen].mean() < 0.01


def scene(rays: np.ndarray) -> np.ndarray:
    """(..., 1): something smooth that is seen in the directions of (..., 3) rays."""
    x, y, z = np.moveaxis(rays / np.maximum(np.linalg.norm(rays, axis=-1, keepdims=True), 1e-9), -1, 0)
    return (2.0 + np.sin(9.0 * x + 2.0 * z) * np.cos(7.0 * y - z))[..., None]


@pytest.mark.parametrize(
    "name", ["barrel", "pincushion", "tangential_portrait", "fisheye", "fisheye_cropped"]
)
def test_a_resampled_picture_is_what_the_lens_sees(name: str) -> None:
    """Against the scene itself, and better by the third power of the resolution."""
    errors = []
    for scale in (2, 4):
        camera = enlarged(CAMERAS[name], scale)
        source = source_camera(camera, 1)
        picture = resample(scene(source.rays()), camera, source)
        rays = camera.rays()
        seen = rays.any(axis=-1)
        errors.append(float(np.sqrt(np.mean(np.square(picture - scene(rays))[seen]))))
    assert errors[0] < 0.01
    assert errors[1] < errors[0] / 4


def enlarged(camera: Camera, scale: int) -> Camera:
    """The same lens with more pixels."""
    pixels = ("width", "height", "fx", "fy", "cx", "cy")
    return replace(camera, **{name: getattr(camera, name) * scale for name in pixels})


def test_lights_get_no_black_rings_and_nothing_is_negative() -> None:
    camera = CAMERAS["tangential_portrait"]
    source = source_camera(camera, 1)
    rng = np.random.Generator(np.random.PCG64(4))
    image = np.full((source.height, source.width, 3), 0.2, np.float32)
    image[rng.uniform(size=image.shape[:2]) < 0.05] = 2e4
    picture = resample(image, camera, source)
    assert np.isfinite(picture).all()
    assert picture.min() >= 0.1 - 1e-6
    image[image == np.float32(0.2)] = 0.0
    assert resample(image, camera, source).min() >= 0.0


def test_where_the_lens_shrinks_the_picture_nothing_aliases() -> None:
    """Lines of one pixel, where a pixel of the view covers three: nearly their mean, not stripes."""
    camera = BrownConradyCamera(256, 192, 280.0, 280.0, 128.0, 96.0, -0.45, 0.0, 0.0, 0.0, 0.0)
    source = source_camera(camera, 1)
    columns, rows = np.meshgrid(np.arange(source.width), np.arange(source.height))
    image = ((columns + rows) % 2 * 2.0)[..., None]
    picture = resample(image, camera, source)[..., 0]
    places = source.project(camera.rays())
    step = np.linalg.norm(np.gradient(places, axis=(0, 1)), axis=-1).max(axis=0)
    shrunk = step > 1.9
    assert shrunk.sum() > 200
    rows, columns, _ = nearest_pixels(camera, source)
    assert image[rows, columns, 0][shrunk].std() > 0.9
    assert picture[shrunk].std() < 0.25
    assert picture[shrunk].mean() == pytest.approx(1.0, abs=0.05)


def test_a_source_finer_than_the_view_is_averaged() -> None:
    """With the truth's source: noise of unit variance comes down to that of the mean of 4 x 4 pixels."""
    camera = CAMERAS["undistorted"]
    source = source_camera(camera, 4)
    rng = np.random.Generator(np.random.PCG64(6))
    picture = resample(rng.normal(size=(source.height, source.width, 1)), camera, source)
    assert picture.std() == pytest.approx(1 / 4, rel=0.25)


def test_an_image_of_another_size_is_refused() -> None:
    camera = CAMERAS["barrel"]
    source = source_camera(camera, 1)
    with pytest.raises(
        RenderError, match=rf"as \({source.height}, {source.width}, channels\) \(got \(64, 96, 3\)\)"
    ):
        resample(np.zeros((64, 96, 3)), camera, source)


def test_a_source_that_blender_cannot_render_says_what_to_lower() -> None:
    camera = enlarged(CAMERAS["barrel"], 160)
    with pytest.raises(
        UsageError, match=r"at most 65536 pixels a side .* with oversample 8.*; lower oversample"
    ):
        source_camera(camera, 8)
