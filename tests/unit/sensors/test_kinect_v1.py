"""kinect_v1 against the statistics of raw frames of the device."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.models import camera_from_entry
from synthgen.sensors import Reason, get_sensor

CAMERA = PerspectiveCamera(640, 480, 585.0, 585.0, 320.0, 240.0)
NORMAL = np.broadcast_to(np.float32([0, 0, -1]), (480, 640, 3))


def wall(distance_m: float, tilt: float = 0.0) -> np.ndarray:
    """(h, w) depths of a wall; `tilt` is the change of 1/z over a pixel."""
    columns, rows = np.arange(640) - 319.5, np.arange(480)[:, None] - 239.5
    return (1 / (1 / distance_m + tilt * (columns + 0.5 * rows))).astype(np.float32)


def observe(depth: np.ndarray, seed: int = 0, **channels: np.ndarray):
    channels.setdefault("normal", NORMAL)
    return get_sensor("kinect_v1").observe(FrameBundle.from_arrays(CAMERA, depth, **channels), seed)


def residuals(depth: np.ndarray, size: int, degree: int) -> np.ndarray:
    """(n, size, size) of whole patches: what a polynomial in 1/z leaves, in metres."""
    rows, columns = np.mgrid[:size, :size].reshape(2, -1) / size
    terms = [rows**i * columns**j for i in range(degree + 1) for j in range(degree + 1 - i)]
    basis = np.stack(terms, axis=1)
    found = []
    for top in range(20, 440 - size, size + 9):
        for left in range(20, 600 - size, size + 9):
            patch = depth[top : top + size, left : left + size]
            if (patch > 0).all():
                inverse = 1 / patch.astype(np.float64).ravel()
                fit = basis @ np.linalg.lstsq(basis, inverse, rcond=None)[0]
                found.append((patch.ravel() - 1 / fit).reshape(size, size))
    return np.array(found)


def test_depth_comes_in_the_steps_of_an_eighth_of_a_pixel() -> None:
    ramp = np.broadcast_to(np.linspace(0.8, 3.8, 640, dtype=np.float32), (480, 640))
    depth = observe(np.ascontiguousarray(ramp)).depth
    values = np.unique(depth[depth > 0]).astype(np.float64)
    steps = 43.0 * 8 / values
    assert np.abs(43.0 * 8 / np.round(steps) - values).max() <= 0.00051  # rounded to millimetres
    inner = values[(values > 1.5) & (values < 3.8)]
    assert np.median(np.diff(inner) / inner[:-1] ** 2) == pytest.approx(2.90e-3, rel=0.03)


@pytest.mark.parametrize(
    ("distance_m", "std_mm"), [(1.0, 1.70), (1.5, 3.44), (2.0, 5.57), (2.5, 8.62), (3.0, 11.6), (3.5, 17.0)]
)
def test_a_wall_is_as_rough_as_in_real_frames(distance_m: float, std_mm: float) -> None:
    found = [
        residuals(observe(wall(distance_m, 1e-4 + 1e-5 * seed), seed).depth, 21, 1).std(axis=(1, 2))
        for seed in range(3)
    ]
    assert 1e3 * np.median(np.concatenate(found)) == pytest.approx(std_mm, rel=0.20)


def test_noise_is_correlated_as_in_real_frames() -> None:
    left = np.concatenate([residuals(observe(wall(2.0, 1e-4), seed).depth, 25, 2) for seed in range(6)])
    left -= left.mean(axis=(1, 2), keepdims=True)
    for axis in (1, 2):
        moved = np.moveaxis(left, axis, 2)
        lags = [
            (moved[..., lag:] * moved[..., : 25 - lag]).mean() / (moved**2).mean() for lag in (1, 3, 6, 8)
        ]
        assert 0.50 < lags[0] < 0.72
        assert 0.20 < lags[1] < 0.40
        assert abs(lags[2]) < 0.15 and abs(lags[3]) < 0.15


@pytest.mark.parametrize(("near_m", "far_m", "gap_px"), [(1.0, 2.0, 16.6), (2.6, 3.0, 0.0)])
def test_the_projector_casts_its_shadow_to_the_left_only(near_m: float, far_m: float, gap_px: float) -> None:
    depth = wall(far_m)
    depth[120:360, 260:400] = near_m
    seen = observe(depth, 1)
    rows = slice(150, 330)
    left = (seen.depth[rows, 200:265] == 0).sum(axis=1)
    right = (seen.depth[rows, 395:460] == 0).sum(axis=1)
    assert np.median(left) == pytest.approx(gap_px, abs=3 if gap_px else 0)
    assert np.median(right) <= 1
    if gap_px:
        assert (seen.reason[rows, 245:255] == Reason.SHADOW).mean() > 0.9


@pytest.mark.parametrize(("angle_deg", "least", "greatest"), [(0, 0.95, 1), (60, 0.95, 1), (80, 0.0, 0.5)])
def test_grazing_surfaces_fade(angle_deg: float, least: float, greatest: float) -> None:
    tilted = np.array([np.sin(np.radians(angle_deg)), 0, -np.cos(np.radians(angle_deg))])
    # The angle is that at the middle of the picture; a strip around it has it to within a few degrees.
    depth = 2.0 * tilted[2] / (CAMERA.rays() @ tilted)
    depth = np.where(depth > 0, depth, np.inf).astype(np.float32)
    seen = observe(depth, 1, normal=np.broadcast_to(tilted.astype(np.float32), (480, 640, 3)))
    filled = (seen.depth[:, 305:335] > 0).mean()
    assert least <= filled <= greatest


def test_range_and_blind_columns() -> None:
    ramp = np.ascontiguousarray(np.broadcast_to(np.linspace(0.5, 5.0, 640, dtype=np.float32), (480, 640)))
    seen = observe(ramp)
    assert seen.depth[seen.depth > 0].min() >= 0.8 and seen.depth.max() <= 4.0
    assert (seen.reason[:, 632:] == Reason.BORDER).all()
    assert (observe(wall(2.0)).depth[:, :632] > 0).mean() > 0.999
    assert (seen.reason[ramp > 4.3] != Reason.OK).all()


def test_dark_far_and_shining_things_are_lost() -> None:
    albedo = np.full((480, 640, 3), 0.5, np.float32)
    albedo[:240] = 0.02
    dark = observe(wall(3.5), 1, albedo=albedo, instance=np.ones((480, 640), np.uint32))
    assert (dark.depth[:230, :600] > 0).mean() < 0.5 < 0.9 < (dark.depth[250:, :600] > 0).mean()
    assert (dark.reason[:200, :600] == Reason.LOW_SIGNAL).mean() > 0.4
    mirror = {"roughness": np.full((480, 640), 0.05), "metallic": np.ones((480, 640))}
    shining = observe(wall(1.5), 1, **mirror)
    assert (shining.reason[235:245, 315:325] == Reason.SATURATED).all()
    assert 0.3 < (shining.depth[:100, :100] > 0).mean() < 0.7


def test_glass_shows_mostly_what_is_behind_it_or_nothing() -> None:
    depth, glass = wall(2.0), np.zeros((480, 640), np.float32)
    depth[100:380, 150:450], glass[100:380, 150:450] = 1.5, 1.0
    layers = np.stack([depth, np.where(glass > 0, 1.51, np.inf), np.where(glass > 0, 2.0, np.inf)], axis=-1)
    inside = (slice(110, 370), slice(180, 440))
    valid, behind = [], []
    for seed in range(8):
        seen = observe(depth, seed, transmission=glass, depth_layers=layers.astype(np.float32)).depth[inside]
        valid.append((seen > 0).mean())
        behind.append((seen[seen > 0] > 1.52).mean())
    assert 0.25 < np.mean(valid) < 0.70
    assert 0.30 < np.mean(behind) < 0.85
    assert (observe(depth, 0).depth[inside] > 0).mean() > 0.75  # its opaque twin


def test_truth_stays_and_seeds_decide() -> None:
    depth = wall(2.0)
    depth[100:200, 100:200] = 1.2
    before = depth.copy()
    first, again, other = observe(depth, 1), observe(depth, 1), observe(depth, 2)
    assert np.array_equal(depth, before)
    assert np.array_equal(first.depth, again.depth) and np.array_equal(first.reason, again.reason)
    assert not np.array_equal(first.depth, other.depth)


def test_cameras_that_are_no_pinholes_are_refused() -> None:
    panorama = camera_from_entry(
        {
            "model": "equirectangular",
            "width": 64,
            "height": 32,
            "K": np.eye(3),
            "world_from_camera": np.eye(4),
        }
    )
    with pytest.raises(UsageError, match="kinect_v1 observes perspective cameras \\(got equirectangular\\)"):
        get_sensor("kinect_v1").observe(FrameBundle.from_arrays(panorama, np.ones((32, 64))), 0)


def test_unknown_parameters_are_named() -> None:
    with pytest.raises(
        UsageError, match=r"kinect_v1: unknown parameter 'nois'; known: .*did you mean 'noise'"
    ):
        get_sensor("kinect_v1", nois=1)
    with pytest.raises(UsageError, match=r"kinect_v1: far_m: .*less than or equal to 20.*got 100"):
        get_sensor("kinect_v1", far_m=100)
