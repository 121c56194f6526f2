"""The colour camera obeys the linear model of EMVA 1288, and its parts do what they are named after."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.frame.exposure import tone_map
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.sensors import get_sensor
from synthgen.sensors.bayer import demosaic, mosaic

CAMERA = PerspectiveCamera.from_fov(160, 120, 70.0)
PLAIN = {
    "prnu": 0.0, "hot_pixels": 0.0, "row_noise_e": 0.0, "vignetting": 0.0, "lateral_colour": 0.0,
}  # fmt: skip


def frame(light: np.ndarray, **channels: np.ndarray) -> FrameBundle:
    meta = {"exposure": {"scale": 1.5, "white_balance": [1.1, 1.0, 0.9], "tone_curve": "soft_shoulder"}}
    return FrameBundle.from_arrays(
        CAMERA, np.ones((120, 160)), meta=meta, hdr=light.astype(np.float16), **channels
    )


def test_photon_transfer_gives_the_gain_and_the_noise_in_the_dark() -> None:
    sensor, rng = get_sensor("rgb", **PLAIN), np.random.default_rng(1)
    shape, means, variances = (400, 400), [], []
    for light in np.linspace(0.05, 0.7, 14):
        pair = [sensor.raw(np.full(shape, light, np.float32), rng).astype(np.float64) for _ in range(2)]
        means.append(np.mean(pair) - sensor.black_dn)
        variances.append((pair[0] - pair[1]).var() / 2)
    slope, _ = np.polyfit(means, variances, 1)
    assert slope == pytest.approx(sensor.dn_per_electron, rel=0.02)
    dark = [sensor.raw(np.zeros(shape, np.float32), rng).astype(np.float64) for _ in range(2)]
    k = sensor.dn_per_electron
    expected = k * k * (sensor.read_noise_e**2 + sensor.dark_e) + 1 / 12
    assert (dark[0] - dark[1]).var() / 2 == pytest.approx(expected, rel=0.05)
    # Linear: the mean follows the light.
    light = np.linspace(0.05, 0.7, 14)
    straight = np.polyval(np.polyfit(light, means, 1), light)
    assert np.abs(straight / means - 1).max() < 0.005


def test_noise_after_demosaicing_is_correlated() -> None:
    seen = get_sensor("rgb", **PLAIN).observe(frame(np.full((120, 160, 3), 0.2)), 1)
    green = seen.maps["rgb"][..., 1].astype(np.float64)
    noise = green - green.mean()
    assert (noise[:, 1:] * noise[:, :-1]).mean() / noise.var() > 0.2


def test_demosaicing_keeps_planes() -> None:
    rows, columns = np.mgrid[:40, :60].astype(np.float32)
    planes = np.stack([rows * 0.5 + 3, columns * 0.25 + 1, rows + columns], axis=-1)
    inner = (slice(2, -2), slice(2, -2))
    # Second differences of a plane are 0, so whatever the filters add, they add nothing.
    assert np.abs(demosaic(mosaic(planes))[inner] - planes[inner]).max() < 1e-4


def test_without_noise_the_picture_is_the_exposed_light() -> None:
    light = np.full((120, 160, 3), 0.2)
    quiet = {**PLAIN, "read_noise_e": 0.0, "dark_e": 0.0, "full_well_e": 1e6, "gain": 1.0, "bits": 16}
    seen = get_sensor("rgb", **quiet).observe(frame(light), 1).maps["rgb"]
    expected = tone_map(light.astype(np.float16), 1.5 * np.array([1.1, 1.0, 0.9]), "soft_shoulder")
    assert np.abs(seen.astype(int) - expected).max() <= 2


def test_lens_and_file_leave_their_marks() -> None:
    light = np.full((120, 160, 3), 0.2)
    flat = get_sensor("rgb", **PLAIN).observe(frame(light), 1).maps["rgb"]
    dark = get_sensor("rgb", **{**PLAIN, "vignetting": 1.0}).observe(frame(light), 1).maps["rgb"]
    assert dark[:10, :10].mean() < 0.85 * flat[:10, :10].mean()
    assert dark[55:65, 75:85].mean() > 0.97 * flat[55:65, 75:85].mean()
    light[:, 120:] = 0.6
    quiet = {**PLAIN, "full_well_e": 1e6, "read_noise_e": 0.0}
    # Red is larger, so fewer of its columns are right of the edge; blue is smaller.
    assert blue_before_red({**quiet, "lateral_colour": 0.01}, light) > blue_before_red(quiet, light) + 0.4
    rough = get_sensor("rgb", **{**PLAIN, "jpeg_quality": 10}).observe(frame(light), 1).maps["rgb"]
    assert len(np.unique(rough[:, :100])) < len(np.unique(flat[:, :100]))


def blue_before_red(params: dict[str, float], light: np.ndarray) -> float:
    """Columns by which a vertical edge lies farther to the left in blue than in red."""
    picture = get_sensor("rgb", **params).observe(frame(light), 1).maps["rgb"]
    mean = (picture[40:80].mean(axis=0) / 255) ** 2.2  # back to light, about
    dark, bright = mean[:100].mean(axis=0), mean[140:].mean(axis=0)
    red, _, blue = ((mean - dark) / (bright - dark))[100:140].sum(axis=0)
    return float(blue - red)


def test_rows_are_taken_one_after_the_other() -> None:
    light = np.full((120, 160, 3), 0.05)
    light[:, 70:90] = 0.6
    flow = np.zeros((120, 160, 2), np.float32)
    flow[..., 0] = 20.0
    seen = get_sensor("rgb", **{**PLAIN, "rolling_shutter": 1.0}).observe(frame(light, flow_forward=flow), 1)
    picture = seen.maps["rgb"][..., 1]
    left = [np.argmax(picture[row] > 120) for row in (5, 115)]
    assert left[1] - left[0] == pytest.approx(20 * 110 / 120, abs=2)
    still = get_sensor("rgb", **{**PLAIN, "rolling_shutter": 1.0}).observe(frame(light), 1)
    assert still.assumed == ("flow_forward",)


def test_the_same_seed_gives_the_same_bits_and_light_is_needed() -> None:
    bundle = frame(np.random.default_rng(0).random((120, 160, 3)))
    sensor = get_sensor("rgb")
    first, again, other = (sensor.observe(bundle, seed).maps for seed in (1, 1, 2))
    assert np.array_equal(first["raw"], again["raw"]) and np.array_equal(first["rgb"], again["rgb"])
    assert not np.array_equal(first["raw"], other["raw"])
    with pytest.raises(UsageError, match="rgb needs the channels hdr \\(found depth\\)"):
        sensor.observe(FrameBundle.from_arrays(CAMERA, np.ones((120, 160))), 1)
