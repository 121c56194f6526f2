"""realsense_*: the noise law of the tuning guide, holes where the second imager is blind, matched pairs."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.models import camera_from_entry
from synthgen.sensors import Reason, get_sensor
from synthgen.sensors.active_stereo import dot_pattern, seen_from_right

H, W = 240, 320
KINDS = ("realsense_d415", "realsense_d435", "realsense_d455")
FOCAL_BASELINE = {"realsense_d415": 1004.6 * 0.055, "realsense_d435": 446.8 * 0.050}
"""Of 1280 and 848 columns, from field of view and baseline of the data sheet."""
NORMAL = np.broadcast_to(np.float32([0, 0, -1]), (H, W, 3))


def observe(depth: np.ndarray, seed: int = 0, kind: str = "realsense_d435", channels=None, **params):
    """By default, a piece of the device's own picture, pixel for pixel."""
    sensor = get_sensor(kind, **params)
    camera = PerspectiveCamera(W, H, sensor.focal_px, sensor.focal_px, W / 2, H / 2)
    given = {"normal": NORMAL} | (channels or {})
    return sensor.observe(FrameBundle.from_arrays(camera, depth, **given), seed)


def wall(distance_m: float) -> np.ndarray:
    return np.full((H, W), distance_m, np.float32)


def plate() -> np.ndarray:
    depth = wall(2.0)
    depth[60:180, 120:220] = 1.0
    return depth


def wall_std_m(distance_m: float, frames: int, **params) -> float:
    """Standard deviation of depth on a wall, away from the band at the left."""
    seen = [observe(wall(distance_m), seed, **params).depth[:, 100:] for seed in range(frames)]
    return float(np.std([each[each > 0].astype(np.float64) for each in seen]))


@pytest.mark.parametrize(
    ("kind", "distance_m", "std_mm"),
    [
        ("realsense_d435", 1.0, 3.6), ("realsense_d435", 2.0, 14.0), ("realsense_d435", 3.0, 32.0),
        ("realsense_d415", 1.0, 1.4), ("realsense_d415", 2.0, 5.8), ("realsense_d415", 3.0, 13.0),
    ],
)  # fmt: skip
def test_noise_is_what_the_tuning_guide_says(kind: str, distance_m: float, std_mm: float) -> None:
    std_m = wall_std_m(distance_m, 20, kind=kind)
    assert 1e3 * std_m == pytest.approx(std_mm, rel=0.3)
    assert 0.05 < std_m * FOCAL_BASELINE[kind] / distance_m**2 < 0.09


def test_noise_grows_with_the_square_of_the_distance() -> None:
    distances = np.array([0.5, 1.0, 2.0, 3.0])
    stds = np.array([wall_std_m(each, 8) for each in distances])
    assert np.polyfit(np.log(distances), np.log(stds), 1)[0] == pytest.approx(2.0, abs=0.15)
    subpixel = stds * FOCAL_BASELINE["realsense_d435"] / distances**2
    assert (subpixel > 0.05).all() and (subpixel < 0.09).all()
    narrow = wall_std_m(2.0, 8, kind="realsense_d415")
    assert 0.5 < narrow / wall_std_m(2.0, 8, resolution="1280x720") < 0.7


def test_noise_is_correlated() -> None:
    error = np.array([observe(wall(2.0), seed).depth[:, 60:] - 2.0 for seed in range(4)])
    lags = [(error[..., lag:] * error[..., :-lag]).mean() / (error**2).mean() for lag in (1, 4, 12)]
    assert lags[0] > 0.85 and 0.3 < lags[1] < 0.7 and abs(lags[2]) < 0.15


@pytest.mark.parametrize("mode", ["fast", "matching"])
def test_the_band_at_the_left_is_as_wide_as_the_disparity(mode: str) -> None:
    for distance_m in (0.5, 1.0, 2.0):
        seen = observe(wall(distance_m), 1, mode=mode)
        width = np.argmax(seen.depth > 0, axis=1)
        assert np.median(width) == pytest.approx(FOCAL_BASELINE["realsense_d435"] / distance_m, abs=2)
        assert (seen.reason[:, : int(np.median(width)) - 2] == Reason.BORDER).all()


def test_the_largest_disparity_sets_the_least_depth() -> None:
    least_m = FOCAL_BASELINE["realsense_d435"] / 126
    near, far = observe(wall(0.98 * least_m)), observe(wall(1.02 * least_m))
    assert (near.depth == 0).all() and (near.reason[:, 140:] == Reason.RANGE).all()
    assert (far.depth[:, 140:] > 0).all()
    assert (observe(wall(2.0), far_m=1.5).reason[:, 60:] == Reason.RANGE).all()


@pytest.mark.parametrize("mode", ["fast", "matching"])
def test_what_the_second_imager_does_not_see_is_left_of_near_things(mode: str) -> None:
    seen = observe(plate(), 3, mode=mode)
    rows = slice(70, 170)
    gap = np.median((seen.depth[rows, 90:125] == 0).sum(axis=1))
    assert gap == pytest.approx(FOCAL_BASELINE["realsense_d435"] * (1 / 1 - 1 / 2), abs=6)
    assert np.median((seen.depth[rows, 205:250] == 0).sum(axis=1)) <= 1
    assert (seen.reason[rows, 113:116] == Reason.SHADOW).mean() > 0.9


def test_near_things_are_too_fat_and_their_edges_ragged() -> None:
    seen = observe(plate(), 3).depth
    right = np.array([np.flatnonzero((row > 0.8) & (row < 1.2)).max() for row in seen[70:170]]) - 219
    assert right.min() == 1 and right.max() == 3 and 1.3 < right.mean() < 2.7
    assert ((seen > 1.1) & (seen < 1.8)).sum() == 0  # nothing between both


@pytest.mark.parametrize("mode", ["fast", "matching"])
def test_glass_shows_what_is_behind_it_or_nothing(mode: str) -> None:
    depth, glass = wall(1.0), np.zeros((H, W), np.float32)
    depth[40:200, 110:270], glass[40:200, 110:270] = 0.7, 1.0
    layers = np.stack([depth, np.where(glass > 0, 0.71, np.inf), np.where(glass > 0, 1.0, np.inf)], axis=-1)
    channels = {"transmission": glass, "depth_layers": layers.astype(np.float32)}
    inside = (slice(50, 190), slice(120, 260))
    seen = [observe(depth, seed, mode=mode, channels=channels) for seed in range(20 if mode == "fast" else 4)]
    values = np.array([each.depth[inside] for each in seen])
    assert 0.25 < (values > 0).mean() < 0.70
    assert 0.30 < (values[values > 0] > 0.72).mean() < 0.85
    lost = np.array([each.reason[inside] for each in seen])[values == 0]
    assert (lost == Reason.TRANSPARENT).mean() > 0.5
    assert (observe(depth, 0, mode=mode).depth[inside] > 0).mean() > 0.75  # its opaque twin


def test_dots_fade_and_texture_helps() -> None:
    far = wall(9.0)
    assert (observe(wall(3.0)).depth[:, 60:] > 0).mean() > 0.99
    plain = observe(far)
    assert (plain.depth > 0).mean() < 0.5
    assert (plain.reason[:, 60:] == Reason.LOW_SIGNAL).mean() > 0.5
    painted = {"albedo": np.random.default_rng(0).uniform(0.3, 0.7, (H, W, 3)).astype(np.float32)}
    assert (observe(far, channels=painted).depth[:, 60:] > 0).mean() > 0.99
    assert (observe(far, ambient=0.0).depth > 0).mean() > (plain.depth > 0).mean() + 0.3
    assert (observe(wall(2.0), ambient=30.0).depth > 0).mean() < 0.1  # sunlight drowns the dots
    shining = {"roughness": np.full((H, W), 0.1, np.float32)}
    assert observe(wall(2.0), channels=shining).reason[H // 2, W // 2] == Reason.SATURATED


def test_matching_finds_a_slanted_wall_to_fractions_of_a_pixel() -> None:
    disparity = 22.0 + (np.arange(W) - 160) * 0.006 + (np.arange(H)[:, None] - 120) * 0.003
    true = (FOCAL_BASELINE["realsense_d435"] / disparity).astype(np.float32)
    seen = observe(true, 1, mode="matching")
    known = seen.depth > 0
    assert known[:, 40:].mean() > 0.98
    error = (FOCAL_BASELINE["realsense_d435"] / seen.depth[known]) - disparity[known]
    assert 0.02 < error.std() < 0.10 and abs(error.mean()) < 0.02
    assert seen.maps["ir_left"].dtype == np.uint8
    assert seen.maps["ir_left"].mean() == pytest.approx(90, abs=5)
    # Contrast and dots of a real pair in a lit room, at about 1 m.
    assert 0.1 < seen.maps["ir_left"].std() / seen.maps["ir_left"].mean() < 0.4
    assert {"ir_left", "ir_right"} <= set(seen.assumed)


def test_the_right_picture_sees_what_is_there() -> None:
    disparity = np.full((3, 60), 4.0, np.float32)
    disparity[:, 30:40] = 10.0
    source, found = seen_from_right(disparity)
    assert np.array_equal(source[1, 20:30], np.arange(30, 40)) and (found[1, 20:30] == 10).all()
    assert np.array_equal(source[1, 36:50], np.arange(40, 54)) and (found[1, 36:50] == 4).all()
    # Columns 30 to 35 of the right picture show wall that the plate hides from the left imager.
    assert (found[1, 30:36] == 4).all() and (source[1, 30:36] == 40).all()
    columns = np.arange(200, dtype=np.float32)
    slanted = np.broadcast_to(5 + 0.2 * columns, (2, 200)).astype(np.float32)
    source, found = seen_from_right(slanted)
    assert np.abs(source - found - columns)[:, :150].max() < 0.1
    assert np.abs(found - (5 + 0.2 * source))[:, :150].max() < 0.1


def test_dots_are_the_devices_own() -> None:
    first = dot_pattern(0, 300, 200, 1.0)
    assert np.array_equal(first, dot_pattern.__wrapped__(0, 300, 200, 1.0))
    assert not np.array_equal(first, dot_pattern(1, 300, 200, 1.0))
    inner = first[10:-10, 10:-10]
    peaks = np.all(
        [
            inner > np.roll(first, (down, right), (0, 1))[10:-10, 10:-10]
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
            if down or right
        ],
        axis=0,
    )
    per_window = (peaks & (inner > 0.5)).sum() / (inner.size / 4) * 81
    assert per_window == pytest.approx(1.6, rel=0.2)


def test_a_rendered_pair_is_taken_instead() -> None:
    made = observe(plate(), 1, mode="matching")
    pair = {name: made.maps[name] for name in ("ir_left", "ir_right")}
    # What the pair shows counts: the depth channel of this frame is of an empty wall.
    seen = observe(wall(2.0), 2, mode="matching", channels=pair)
    assert np.median(seen.depth[70:170, 140:200]) == pytest.approx(1.0, abs=0.01)
    assert "ir_left" not in seen.assumed
    light = {name: np.repeat(picture[..., None] / np.float32(50), 3, 2) for name, picture in pair.items()}
    linear = observe(wall(2.0), 2, mode="matching", channels=light)
    assert np.median(linear.depth[70:170, 140:200]) == pytest.approx(1.0, abs=0.01)
    with pytest.raises(UsageError, match=r"expected ir_left and ir_right .* one dtype .*uint8 and .*float32"):
        observe(wall(2.0), mode="matching", channels=pair | {"ir_right": light["ir_right"]})


@pytest.mark.parametrize("mode", ["fast", "matching"])
def test_truth_stays_and_seeds_decide(mode: str) -> None:
    depth = plate()
    depth[:30] = np.inf
    before = depth.copy()
    first, again, other = (observe(depth, seed, mode=mode) for seed in (1, 1, 2))
    assert np.array_equal(depth, before)
    assert np.array_equal(first.depth, again.depth) and np.array_equal(first.reason, again.reason)
    assert not np.array_equal(first.depth, other.depth)
    assert (first.reason[:20] == Reason.RANGE).mean() > 0.9
    assert first.depth.max() < 3


@pytest.mark.parametrize("mode", ["fast", "matching"])
def test_a_frame_without_anything_in_it_is_empty(mode: str) -> None:
    seen = observe(np.full((H, W), np.inf, np.float32), mode=mode)
    assert (seen.depth > 0).mean() < 0.01


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_device_cannot_do_is_refused(kind: str) -> None:
    with pytest.raises(UsageError, match=rf"{kind}: resolution: .*'1280x720', '848x480'.*got '800x600'"):
        get_sensor(kind, resolution="800x600")
    entry = {"model": "equirectangular", "width": 64, "height": 32}
    panorama = camera_from_entry({**entry, "K": np.eye(3), "world_from_camera": np.eye(4)})
    with pytest.raises(UsageError, match=f"{kind} observes perspective cameras"):
        get_sensor(kind).observe(FrameBundle.from_arrays(panorama, np.ones((32, 64))), 0)
    tiny = FrameBundle.from_arrays(PerspectiveCamera(20, 10, 20.0, 20.0, 10.0, 5.0), np.ones((10, 20)))
    assert get_sensor(kind).observe(tiny, 0).depth.shape == (10, 20)
    with pytest.raises(UsageError, match=rf"{kind} matches pictures of at least 16 x 16 .*got 20 x 10"):
        get_sensor(kind, mode="matching").observe(tiny, 0)
