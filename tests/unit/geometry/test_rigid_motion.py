"""Rigid motion against what can be worked out by hand, and against the laws of rigid bodies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synthgen.errors import RenderError
from synthgen.geometry.motion import RigidMotion
from synthgen.geometry.pose import transform_points

EVERYTHING = RigidMotion(
    pivot_m=(1.0, -2.0, 0.5),
    velocity_m_s=(0.3, 0.1, -0.2),
    spin_axis=(1.0, 2.0, -2.0),
    spin_deg_s=75.0,
    sway_m=(0.0, 0.1, 0.2),
    sway_period_s=1.7,
    swing_period_s=3.1,
)


def carried(motion: RigidMotion, point: tuple[float, float, float], time_s: float) -> np.ndarray:
    return transform_points(motion.world_from_rest(time_s), np.array(point))


def test_everything_is_at_rest_at_time_0() -> None:
    np.testing.assert_array_equal(EVERYTHING.world_from_rest(0.0), np.eye(4))
    np.testing.assert_array_equal(EVERYTHING.position_m(0.0), EVERYTHING.pivot_m)


@pytest.mark.parametrize("time_s", [-0.7, 0.01, 2.0, 500.0])
def test_a_motion_is_rigid_and_carries_the_pivot_along_its_way(time_s: float) -> None:
    matrix = EVERYTHING.world_from_rest(time_s)
    np.testing.assert_allclose(matrix[:3, :3] @ matrix[:3, :3].T, np.eye(3), atol=1e-14)
    assert np.linalg.det(matrix[:3, :3]) == pytest.approx(1.0, abs=1e-14)
    np.testing.assert_array_equal(matrix[3], [0, 0, 0, 1])
    np.testing.assert_allclose(
        carried(EVERYTHING, EVERYTHING.pivot_m, time_s), EVERYTHING.position_m(time_s), atol=1e-14
    )


def test_a_quarter_turn_about_the_vertical_goes_counter_clockwise_from_above() -> None:
    motion = RigidMotion(pivot_m=(1.0, 0.0, 0.0), spin_axis=(0.0, 0.0, 5.0), spin_deg_s=45.0)
    np.testing.assert_allclose(carried(motion, (2.0, 0.0, 3.0), 2.0), [1.0, 1.0, 3.0], atol=1e-15)
    np.testing.assert_allclose(carried(motion, (2.0, 0.0, 3.0), -2.0), [1.0, -1.0, 3.0], atol=1e-15)


def test_a_wheel_that_rolls_stands_still_where_it_touches_the_floor() -> None:
    radius, speed = 0.3, 0.9
    wheel = RigidMotion((0.0, 0.0, radius), (speed, 0.0, 0.0), (0.0, 1.0, 0.0), math.degrees(speed / radius))
    step = 1e-4
    touching = carried(wheel, (0.0, 0.0, 0.0), step) - carried(wheel, (0.0, 0.0, 0.0), -step)
    top = carried(wheel, (0.0, 0.0, 2 * radius), step) - carried(wheel, (0.0, 0.0, 2 * radius), -step)
    np.testing.assert_allclose(touching / (2 * step), [0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(top / (2 * step), [2 * speed, 0, 0], atol=1e-6)


def test_a_constant_velocity_goes_on_and_a_sway_comes_back() -> None:
    motion = RigidMotion(velocity_m_s=(0.5, 0.0, -1.0), sway_m=(0.0, 0.2, 0.0), sway_period_s=4.0)
    np.testing.assert_allclose(motion.position_m(1.0), [0.5, 0.2, -1.0], atol=1e-15)
    np.testing.assert_allclose(motion.position_m(8.0), [4.0, 0.0, -8.0], atol=1e-15)


def test_a_swing_starts_with_its_velocity_and_comes_back_after_its_period() -> None:
    motion = RigidMotion(velocity_m_s=(0.6, 0.0, 0.0), spin_deg_s=90.0, swing_period_s=2.0)
    farthest = 0.6 * 2.0 / (2 * math.pi)
    np.testing.assert_allclose(motion.position_m(0.5), [farthest, 0, 0], atol=1e-15)
    np.testing.assert_allclose(motion.position_m(1.5), [-farthest, 0, 0], atol=1e-15)
    np.testing.assert_allclose(motion.world_from_rest(34.0), np.eye(4), atol=1e-13)
    step = 1e-5
    np.testing.assert_allclose(motion.position_m(step) / step, [0.6, 0, 0], atol=1e-9)
    turned = motion.world_from_rest(step)[1, 0] / step
    assert math.degrees(turned) == pytest.approx(90.0, abs=1e-6)


def test_many_times_at_once_are_those_one_by_one() -> None:
    times = np.array([[-1.0, 0.0, 0.4], [2.0, 3.5, 100.0]])
    matrices, places = EVERYTHING.world_from_rest(times), EVERYTHING.position_m(times)
    assert matrices.shape == (2, 3, 4, 4) and places.shape == (2, 3, 3)
    for index in np.ndindex(times.shape):
        np.testing.assert_allclose(matrices[index], EVERYTHING.world_from_rest(times[index]), atol=1e-14)
        np.testing.assert_allclose(places[index], EVERYTHING.position_m(times[index]), atol=1e-14)


def test_a_tiny_turn_keeps_its_digits() -> None:
    motion = RigidMotion(spin_axis=(1.0, 1.0, 0.0), spin_deg_s=math.degrees(1.0))
    assert motion.world_from_rest(1e-9)[0, 1] == pytest.approx(0.5 * 0.5e-18, rel=1e-12)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"velocity_m_s": (0.0, math.nan, 0.0)}, r"velocity_m_s: expected three finite numbers \(found \(0"),
        ({"sway_m": (0.0, 1.0)}, r"sway_m: expected three finite numbers \(found \(0.0, 1.0\)\)"),
        ({"spin_axis": (0, 0, 0)}, r"spin_axis: expected a direction \(found \(0, 0, 0\)\)"),
        ({"spin_deg_s": math.inf}, r"spin_deg_s: expected a finite number \(found inf\)"),
        ({"swing_period_s": 0.0}, r"swing_period_s: expected seconds above 0 \(found 0.0\)"),
        ({"sway_period_s": -1.0}, r"sway_period_s: expected seconds above 0 \(found -1.0\)"),
    ],
)
def test_what_is_no_motion_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(RenderError, match=f"^motion: {message}"):
        RigidMotion(**changes)
