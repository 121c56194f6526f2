"""azure_kinect: the vendor's bounds on its errors, and the shapes of what it sees."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.sensors import Observation, Reason, get_sensor

RANGES = {
    "nfov_unbinned": (0.5, 3.86),
    "nfov_binned": (0.5, 5.46),
    "wfov_binned": (0.25, 2.88),
    "wfov_unbinned": (0.25, 2.21),
}


def wall(
    mode: str, distance_m: float, camera: PerspectiveCamera, seed: int = 0, **params: object
) -> Observation:
    shape = (camera.height, camera.width)
    bundle = FrameBundle.from_arrays(
        camera,
        np.full(shape, distance_m, np.float32),
        normal=np.broadcast_to(np.float32([0, 0, -1]), (*shape, 3)),
        instance=np.zeros(shape, np.uint32),
    )
    return get_sensor("azure_kinect", mode=mode, **params).observe(bundle, seed)


@pytest.mark.parametrize("mode", RANGES)
def test_errors_stay_within_the_vendors_bounds(mode: str) -> None:
    focal_px = 504.0 if mode.endswith("unbinned") else 252.0
    camera = PerspectiveCamera(96, 72, focal_px, focal_px, 48.0, 36.0)
    near, far = RANGES[mode]
    for distance_m in np.linspace(near + 0.02, far - 0.02, 6).tolist():
        seen = wall(mode, distance_m, camera, multipath=0)
        valid = seen.depth > 0
        off = seen.depth[valid] - distance_m
        assert valid.mean() > 0.99
        assert 0.0003 < off.std() <= 0.017
        assert abs(off.mean()) < 0.011 + 0.001 * distance_m


@pytest.mark.parametrize("mode", RANGES)
def test_nothing_is_measured_beyond_the_range(mode: str) -> None:
    camera = PerspectiveCamera(48, 36, 252.0, 252.0, 24.0, 18.0)
    for distance_m in (RANGES[mode][0] - 0.02, RANGES[mode][1] + 0.05):
        seen = wall(mode, distance_m, camera)
        assert not seen.depth.any()
        assert np.isin(seen.reason, (Reason.RANGE, Reason.SATURATED)).mean() > 0.9


def test_the_narrow_field_is_a_hexagon_and_the_wide_one_a_circle() -> None:
    camera = PerspectiveCamera(160, 128, 45.0, 45.0, 80.0, 64.0)
    across, down, _ = np.moveaxis(camera.rays(), -1, 0)
    circle = np.degrees(np.arctan(np.hypot(across, down))) <= 60
    # A hexagon as the cut of three bands: what is in it is on the inner side of all six lines.
    corner, side = np.tan(np.radians([37.5, 32.5]))
    corners = corner * np.array([1, 0.5, -0.5, -1, -0.5, 0.5]), side * np.array([0, 1, 1, 0, -1, -1])
    hexagon = np.ones(circle.shape, bool)
    for here in range(6):
        there = (here + 1) % 6
        edge = [values[there] - values[here] for values in corners]
        hexagon &= edge[0] * (down - corners[1][here]) - edge[1] * (across - corners[0][here]) >= -1e-9
    for mode, inside in (("nfov_binned", hexagon), ("wfov_binned", circle)):
        seen = wall(mode, 1.2, camera)
        assert np.array_equal(seen.reason != Reason.OUTSIDE, inside)
        assert not seen.depth[~inside].any() and (seen.depth[inside] > 0).mean() > 0.95
        assert 0.1 < inside.mean() < 0.9


def test_modes_are_named() -> None:
    with pytest.raises(UsageError, match=r"azure_kinect: mode: .*'nfov_unbinned'.*got 'nfov'"):
        get_sensor("azure_kinect", mode="nfov")


def test_seeds_decide_and_all_modes_differ() -> None:
    camera = PerspectiveCamera(48, 36, 252.0, 252.0, 24.0, 18.0)
    seen = {mode: wall(mode, 1.5, camera, 4) for mode in RANGES}
    assert np.array_equal(seen["nfov_binned"].depth, wall("nfov_binned", 1.5, camera, 4).depth)
    assert not np.array_equal(seen["nfov_binned"].depth, wall("nfov_binned", 1.5, camera, 5).depth)
    assert len({each.depth.tobytes() for each in seen.values()}) == len(RANGES)
