"""kinect_v2: noise, wrapping, flying pixels and multi-path of time of flight."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.sensors import Observation, Reason, get_sensor
from synthgen.sensors.surface import seen_surface
from synthgen.sensors.unwrapping import turns_per_metre, unwrapped

CAMERA = PerspectiveCamera(160, 120, 365.0, 365.0, 80.0, 60.0)
"""The middle of the device's picture, in its own pixels."""
WIDE = PerspectiveCamera(160, 120, 114.0, 114.0, 80.0, 60.0)
"""All that the device sees, in fewer pixels."""


def observe(
    depth: np.ndarray, seed: int = 0, camera: PerspectiveCamera = CAMERA, rho: float = 0.5, *,
    channels: dict[str, np.ndarray] | None = None, **params: object,
) -> Observation:  # fmt: skip
    """What the device makes of surfaces with an infrared reflectance, facing the camera by default."""
    given = {"normal": np.broadcast_to(np.float32([0, 0, -1]), (*depth.shape, 3)), **(channels or {})}
    given["instance"] = np.isfinite(depth).astype(np.uint32)
    given["albedo"] = np.full((*depth.shape, 3), 0.2, np.float32)
    # Materials keep an infrared gain; with it taken out, the reflectance is the one asked for.
    gain = seen_surface(FrameBundle.from_arrays(camera, depth, **given)).reflectance.max() / 0.2
    given["albedo"] = np.full((*depth.shape, 3), rho / gain, np.float32)
    return get_sensor("kinect_v2", **params).observe(FrameBundle.from_arrays(camera, depth, **given), seed)


def wall(distance_m: float) -> np.ndarray:
    return np.full((120, 160), distance_m, np.float32)


def step() -> np.ndarray:
    depth = wall(2.0)
    depth[30:90, 50:110] = 1.0
    return depth


def noise_mm(distance_m: float, rho: float = 0.5) -> float:
    middle = (slice(30, 90), slice(40, 120))
    seen = [observe(wall(distance_m), seed, rho=rho).depth[middle] for seed in range(3)]
    return 1e3 * float(np.std(seen))


@pytest.mark.parametrize(("distance_m", "std_mm"), [(1.0, 1.3), (2.0, 1.7), (3.0, 2.7), (4.0, 4.3)])
def test_a_wall_has_the_noise_of_the_device(distance_m: float, std_mm: float) -> None:
    assert noise_mm(distance_m) == pytest.approx(std_mm, rel=0.20)


@pytest.mark.parametrize("distance_m", [2.0, 3.0])
def test_darker_surfaces_are_noisier(distance_m: float) -> None:
    assert 1.8 < noise_mm(distance_m, 0.125) / noise_mm(distance_m, 0.5) < 4.2


def test_one_frequency_wraps_and_several_do_not() -> None:
    middle = (slice(50, 70), slice(70, 90))
    single = observe(wall(2.5), frequencies_mhz=(80,)).depth[middle]
    assert np.median(single) == pytest.approx(2.5 - 1 / turns_per_metre(80), abs=0.01)  # 0.63 m
    for several in ((80, 120), (16, 80, 120), (120, 80, 16), (50, 130, 200)):
        seen = observe(wall(2.5), frequencies_mhz=several).depth[middle]
        assert np.median(seen) == pytest.approx(2.5, abs=0.005)


def test_distances_wrap_more_often_the_noisier_phases_are() -> None:
    rng, frequencies = np.random.default_rng(3), (16, 80, 120)
    distance = rng.uniform(0.5, 9.0, (1, 20_000)).astype(np.float32)
    wrong = []
    for noise in (0.0, 0.01, 0.05, 0.1):
        turns = [
            distance * turns_per_metre(f) + noise * rng.standard_normal(distance.shape) for f in frequencies
        ]
        found, _ = unwrapped([(turn % 1.0).astype(np.float32) for turn in turns], frequencies)
        off = np.abs(found - distance)
        wrong.append((off > 0.4).mean())
        if noise <= 0.01:  # the median of a normal distribution's absolute values
            joint = np.sqrt(16**2 + 80**2 + 120**2)
            assert np.median(off) == pytest.approx(
                0.6745 * noise / turns_per_metre(joint), rel=0.05, abs=1e-5
            )
    assert wrong[:2] == [0, 0] and 0.005 < wrong[2] < 0.05 < 0.1 < wrong[3]


@pytest.mark.parametrize("with_edge", [False, True])
def test_flying_pixels_are_at_edges_only_and_mostly_removed(with_edge: bool) -> None:
    depth = step()
    near, far = depth.copy(), depth.copy()
    beside = np.zeros(depth.shape, bool)  # pixels of the far wall that touch the plate
    beside[29:91, 49:111] = True
    beside[30:90, 50:110] = False
    near[beside] = 1.0
    channels = {"edge": np.stack([near, far], axis=-1)} if with_edge else {}
    left, kept = 0, 0
    for seed in range(5):
        for edge_filter in (False, True):
            seen = observe(
                depth, seed, channels=channels, multipath=0, edge_filter=edge_filter, least_light=0.0
            )
            off = (np.abs(seen.depth - 1.0) > 0.02) & (np.abs(seen.depth - 2.0) > 0.02) & (seen.depth > 0)
            assert not off[~beside & (depth == 2.0)].any()
            assert off[depth == 1.0].mean() < 0.005
            if edge_filter:
                kept += np.count_nonzero(off)
            else:
                left += np.count_nonzero(off)
    assert left > 5 * 0.5 * np.count_nonzero(beside)
    assert kept < 0.2 * left
    assert (observe(depth, channels=channels).reason[beside] == Reason.MIXED).mean() > 0.5


def test_a_flying_pixel_lies_between_what_it_sees() -> None:
    depth = wall(1.3)
    depth[:, 80:] = 1.0  # 0.3 m: less than half of the shortest wave
    seen = observe(depth, multipath=0, noise=0, edge_filter=False).depth[5:-5]
    assert (np.abs(seen[:, :79] - 1.3) < 0.003).all() and (np.abs(seen[:, 81:] - 1.0) < 0.003).all()
    assert (seen[:, 79:81] > 1.003).all() and (seen[:, 79:81] < 1.297).all()


def corner() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Two walls at 90 degrees, that meet 1.5 m before the camera."""
    across = WIDE.rays()[..., 0]
    normal = np.stack([-np.sign(across), np.zeros_like(across), -np.ones_like(across)], axis=-1) / np.sqrt(2)
    return (1.5 / (1 + np.abs(across))).astype(np.float32), {"normal": normal.astype(np.float32)}


def test_white_corners_look_deeper_and_black_ones_do_not() -> None:
    depth, channels = corner()
    clean = {"channels": channels, "noise": 0, "wiggle": 0}
    bias = {}
    for rho in (0.8, 0.05):
        off = observe(depth, 0, WIDE, rho, least_light=0, **clean).depth - depth
        bias[rho] = off[20:-20, 30:-30]
    assert 0.01 < np.median(bias[0.8]) < 0.05 and (bias[0.8] > 0).mean() > 0.99
    assert np.median(bias[0.05]) < 0.004
    without = observe(depth, 0, WIDE, 0.8, multipath=0, **clean).depth - depth
    assert np.abs(without[5:-5, 5:-5]).max() < 0.002


def test_every_reason_has_its_cause() -> None:
    depth = wall(3.0)
    depth[:, :40] = 5.5
    depth[:40, 60:80], depth[50:60, 60:80] = np.inf, 0.2
    dark = observe(depth, rho=0.0125)
    seen = observe(depth)
    assert (seen.reason[5:35, 65:75] == Reason.RANGE).all()
    assert (seen.reason[:, :35] == Reason.RANGE).all()
    assert (seen.reason[52:58, 63:77] == Reason.SATURATED).all()
    assert (dark.reason[70:, 90:] == Reason.LOW_SIGNAL).mean() > 0.9
    assert (seen.depth[70:, 90:] > 0).mean() > 0.99
    outside = observe(wall(2.0), camera=PerspectiveCamera(160, 120, 90.0, 90.0, 80.0, 60.0))
    rays = np.abs(PerspectiveCamera(160, 120, 90.0, 90.0, 80.0, 60.0).rays())
    beyond = (rays[..., 0] > np.tan(np.radians(35.3))) | (rays[..., 1] > np.tan(np.radians(30.0)))
    assert np.array_equal(outside.reason == Reason.OUTSIDE, beyond) and beyond.any()
    for each in (seen, dark, outside):
        assert np.array_equal(each.depth > 0, each.reason == Reason.OK)
        assert each.maps["amplitude"].dtype == np.float32 and each.maps["amplitude"].shape == depth.shape


def test_shining_metal_saturates_and_glass_is_seen_through() -> None:
    shape = (120, 160)
    mirror = {"roughness": np.full(shape, 0.05), "metallic": np.ones(shape)}
    assert (observe(wall(1.0), channels=mirror).reason[55:65, 75:85] == Reason.SATURATED).all()
    layers = np.stack([wall(1.5), wall(1.51), wall(2.0)], axis=-1)
    pane = {"transmission": np.ones(shape), "depth_layers": layers}
    seen = observe(wall(1.5), channels=pane)
    assert (seen.reason == Reason.TRANSPARENT).mean() > 0.3
    assert (seen.depth[seen.depth > 0] > 1.52).mean() > 0.3


def test_no_noise_and_no_second_bounce_give_the_truth() -> None:
    depth = wall(2.0)
    plain = {"noise": 0, "wiggle": 0, "multipath": 0}
    before = depth.copy()
    assert np.abs(observe(depth, **plain).depth - depth).max() < 6e-4  # whole millimetres
    first, again, other = observe(step(), 1), observe(step(), 1), observe(step(), 2)
    assert np.array_equal(first.depth, again.depth) and np.array_equal(first.reason, again.reason)
    assert np.array_equal(first.maps["amplitude"], again.maps["amplitude"])
    assert not np.array_equal(first.depth, other.depth)
    assert np.array_equal(depth, before)


def test_wrong_frequencies_are_refused() -> None:
    with pytest.raises(UsageError, match=r"kinect_v2: frequencies_mhz.*at least 1 item.*got \(\)"):
        get_sensor("kinect_v2", frequencies_mhz=())
    with pytest.raises(UsageError, match=r"kinect_v2: frequencies_mhz.1: .*less than or equal to 1000"):
        get_sensor("kinect_v2", frequencies_mhz=(80, 2000))
