"""Sparse patterns: true depths in the asked places, none elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.sensors import Reason, get_sensor

CAMERA = PerspectiveCamera.from_fov(320, 240, 70.0)


def slope() -> np.ndarray:
    depth = np.linspace(1.0, 5.0, 320, dtype=np.float32)[None].repeat(240, axis=0)
    depth[:20] = np.inf
    return depth


def test_random_points_are_true_and_as_many_as_asked() -> None:
    depth = slope()
    seen = get_sensor("sparse", points=400).observe(FrameBundle.from_arrays(CAMERA, depth), 3)
    known = seen.depth > 0
    assert known.sum() == 400
    assert np.array_equal(seen.depth[known], depth[known])
    other = get_sensor("sparse", points=400).observe(FrameBundle.from_arrays(CAMERA, depth), 4)
    assert (known & (other.depth > 0)).sum() < 40
    assert set(np.unique(seen.reason)) == {Reason.OK, Reason.OUTSIDE}
    few = np.full((240, 320), np.inf, np.float32)
    few[5, 7] = 2.0
    assert (get_sensor("sparse").observe(FrameBundle.from_arrays(CAMERA, few), 0).depth > 0).sum() == 1


@pytest.mark.parametrize("lines", [8, 64])
def test_lines_are_those_of_a_scanner(lines: int) -> None:
    seen = get_sensor("sparse", pattern="lines", lines=lines).observe(
        FrameBundle.from_arrays(CAMERA, np.full((240, 320), 2.0, np.float32)), 1
    )
    known = seen.depth > 0
    assert lines - 1 <= known[:, 160].sum() <= lines
    # A beam of one elevation is a hyperbola in the picture: farther from the middle row at the sides.
    top = np.array([np.argmax(known[:, column]) for column in (20, 160, 300)])
    if lines == 8:
        assert top[1] > top[0] + 2 and top[1] > top[2] + 2


def test_a_grid_is_dense_and_soft() -> None:
    depth = np.full((240, 320), 3.0, np.float32)
    depth[:, 160:] = 1.5
    seen = get_sensor("sparse", pattern="grid").observe(FrameBundle.from_arrays(CAMERA, depth), 1)
    assert seen.maps["grid"].shape == (192, 256) and (seen.depth > 0).all()
    assert np.abs(seen.depth[:, :150] - 3.0).max() < 0.03
    row = seen.maps["grid"][96, 120:136]
    assert ((row > 1.6) & (row < 2.9)).sum() >= 2  # cells at the edge mix both surfaces
    second = np.diff(seen.maps["grid"][:, :100], n=2, axis=1)
    assert 0.0020 < np.median(np.abs(second - np.median(second))) < 0.0040


def test_range_is_kept_to() -> None:
    seen = get_sensor("sparse", points=100_000, far_m=3.0).observe(
        FrameBundle.from_arrays(CAMERA, slope()), 0
    )
    assert seen.depth.max() <= 3.0
    assert (seen.reason[:20] != Reason.OK).all()
