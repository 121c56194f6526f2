"""Trajectories are smooth functions of time with the speed, the angle and the shake that are asked for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synthgen.geometry.trajectory import (
    DRIVE_LOOK_S,
    STEADY,
    WALK_LOOK_S,
    Curve,
    Orbiting,
    Oscillation,
    Standing,
    Trajectory,
    Travelling,
    gait,
    hand_shake,
    noise,
)
from synthgen.seeding import rng_for

FPS, FRAMES = 24.0, 48
CIRCLE = np.column_stack([2 * np.cos(np.arange(60) / 10), 2 * np.sin(np.arange(60) / 10)])
WINDING = np.column_stack([np.arange(40) * 0.2, np.sin(np.arange(40) * 0.25)])


def walk(seed: int = 0, speed: float = 1.2, shake_m: float = 0.0) -> Trajectory:
    rng = rng_for(seed, "walk")
    steps, shake = gait(speed, rng), hand_shake(shake_m, 0.5, rng)
    sway, turn = (one + other for one, other in zip(steps, shake))
    motion = Travelling(Curve.through(WINDING), 1.5, speed, speed / FPS, WALK_LOOK_S)
    return Trajectory(motion, -5.0, 1.0, sway, turn)


def drive(speed: float = 1.2) -> Trajectory:
    return Trajectory(Travelling(Curve.through(WINDING), 0.6, speed, speed / FPS, DRIVE_LOOK_S), -5.0, 1.0)


def orbit(rate: float = 30.0) -> Trajectory:
    return Trajectory(Orbiting(np.array([1.0, 2.0, 1.5]), 1.8, 40.0, rate), -10.0)


def handheld(seed: int = 0) -> Trajectory:
    sway, turn = hand_shake(0.02, 1.0, rng_for(seed, "hand"))
    return Trajectory(Standing(np.array([1.0, 2.0, 1.5]), 70.0), -10.0, 0.0, sway, turn)


def still() -> Trajectory:
    return Trajectory(Standing(np.array([1.0, 2.0, 1.5]), 70.0), -10.0)


ALL = {"still": still(), "handheld": handheld(), "orbit": orbit(), "drive": drive(), "walk": walk()}


@pytest.mark.parametrize("name", ALL)
def test_poses_are_rigid_at_all_times(name: str) -> None:
    for time_s in np.linspace(-1 / FPS, FRAMES / FPS, 60):
        pose = ALL[name].world_from_camera(float(time_s))
        assert pose.shape == (4, 4) and pose.dtype == np.float64
        rotation = pose[:3, :3]
        np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(rotation) == pytest.approx(1.0)
        np.testing.assert_array_equal(pose[3], [0, 0, 0, 1])
        place = ALL[name].positions_m(np.array([time_s]))[0]
        np.testing.assert_array_equal(pose[:3, 3], place)
        aside = ALL[name].positions_m(np.array([time_s]), 0.4)[0]
        np.testing.assert_allclose(aside, pose[:3, 3] + 0.4 * pose[:3, 0], atol=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_motion_has_no_jumps_nor_kinks(name: str) -> None:
    """Speed, acceleration and turning rates from finite differences, at 2000 steps a second."""
    times = np.arange(-1 / FPS, FRAMES / FPS, 1 / 2000)
    poses = np.array([ALL[name].world_from_camera(time) for time in times])
    velocity = np.diff(poses[:, :3, 3], axis=0) * 2000
    acceleration = np.diff(velocity, axis=0) * 2000
    assert np.linalg.norm(velocity, axis=1).max() < 1.6
    assert np.linalg.norm(acceleration, axis=1).max() < 8.0
    # The sine of the angle between one pose and the next.
    turns = np.swapaxes(poses[:-1, :3, :3], 1, 2) @ poses[1:, :3, :3]
    skew = np.stack(
        [turns[:, 2, 1] - turns[:, 1, 2], turns[:, 0, 2] - turns[:, 2, 0], turns[:, 1, 0] - turns[:, 0, 1]], 1
    )
    rate_deg_s = np.degrees(skew / 2) * 2000
    assert np.linalg.norm(rate_deg_s, axis=1).max() < 120
    assert np.linalg.norm(np.diff(rate_deg_s, axis=0), axis=1).max() * 2000 < 1000


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_gives_the_same_walk(seed: int) -> None:
    one, again, other = walk(seed, shake_m=0.01), walk(seed, shake_m=0.01), walk(seed + 1, shake_m=0.01)
    for time_s in (-1 / FPS, 0.0, 0.7, FRAMES / FPS):
        assert (one.world_from_camera(time_s) == again.world_from_camera(time_s)).all()
        assert not np.allclose(one.world_from_camera(time_s), other.world_from_camera(time_s), atol=1e-4)


@pytest.mark.parametrize("speed", [0.3, 1.0, 3.0])
def test_a_vehicle_keeps_the_speed_that_is_asked(speed: float) -> None:
    span = min(6.0 / speed, 4.0)
    times = np.linspace(-1 / FPS, span, 4001)
    places = drive(speed).positions_m(times)
    speeds = np.linalg.norm(np.diff(places, axis=0), axis=1) / np.diff(times)
    np.testing.assert_allclose(speeds, speed, rtol=1e-3)
    assert (places[:, 2] == 0.6).all()


@pytest.mark.parametrize("speed", [0.6, 1.0, 1.4])
def test_a_walker_comes_as_far_as_asked_and_bobs_with_the_steps(speed: float) -> None:
    person, plain = walk(3, speed), drive(speed)
    times = np.arange(0, 4, 0.002)
    places, smooth = person.positions_m(times), plain.positions_m(times)
    assert np.linalg.norm((places - smooth)[:, :2], axis=1).max() < 0.03
    height = places[:, 2] - 1.5
    assert 0.01 < np.ptp(height) < 0.08
    steps_per_s = (np.diff(np.sign(height)) != 0).sum() / 2 / 4
    assert 1.2 < steps_per_s < 2.2
    assert 0.4 < speed / steps_per_s < 0.85, "length of a step"


def test_a_vehicle_looks_ahead_and_a_walker_looks_into_the_turn() -> None:
    way = Curve.through(CIRCLE)
    for look, lead_s in ((DRIVE_LOOK_S, 0.0), (WALK_LOOK_S, 0.4)):
        motion = Travelling(way, 1.0, 1.0, 2.0, look)
        places, yaw_deg = motion.at(np.array([2.0]))
        tangent_deg = math.degrees(math.atan2(places[0, 1], places[0, 0])) + 90
        ahead_deg = math.degrees(lead_s * 1.0 / 2.0)
        assert math.remainder(yaw_deg[0] - tangent_deg - ahead_deg, 360) == pytest.approx(0.0, abs=0.2)


def test_a_curve_knows_its_length_heading_and_bend() -> None:
    curve = Curve.through(CIRCLE)
    radius = np.linalg.norm(curve.points_m[16:-16], axis=1)
    assert np.ptp(radius) < 1e-3 and 1.98 < radius.mean() < 2.0
    assert curve.length_m == pytest.approx(2 * 5.9, rel=5e-3)
    np.testing.assert_allclose(curve.bend[16:-16], 1 / radius.mean(), rtol=5e-3)
    assert curve.heading_rad[-1] - curve.heading_rad[0] == pytest.approx(5.9, abs=0.15)
    np.testing.assert_allclose(curve.points_at(np.array([0.0, curve.length_m])), CIRCLE[[0, -1]])
    step = 1e-5
    arc = np.linspace(0.5, curve.length_m - 0.5, 200)
    along = (curve.points_at(arc + step) - curve.points_at(arc - step)) / (2 * step)
    np.testing.assert_allclose(np.linalg.norm(along, axis=1), 1.0, atol=1e-4)
    turned = np.arctan2(along[:, 1], along[:, 0]) - curve.heading_at(arc)
    assert np.abs(np.angle(np.exp(1j * turned))).max() < 1e-3


def test_a_curve_goes_straight_on_beyond_its_ends() -> None:
    curve = Curve.through(np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2.0, 1.0]]))
    np.testing.assert_allclose(curve.points_at(np.array([-0.5])), [[-0.5, 0.0]], atol=1e-12)
    beyond = curve.points_at(curve.length_m + np.array([0.0, 0.5]))
    assert np.linalg.norm(beyond[1] - beyond[0]) == pytest.approx(0.5)


def test_an_orbit_keeps_its_distance_and_its_point_in_the_middle() -> None:
    turning = orbit(rate=30.0)
    times = np.linspace(-1, 3, 40)
    places = turning.positions_m(times)
    np.testing.assert_allclose(np.linalg.norm(places[:, :2] - [1.0, 2.0], axis=1), 1.8)
    around = np.unwrap(np.arctan2(places[:, 1] - 2.0, places[:, 0] - 1.0))
    np.testing.assert_allclose(np.degrees(np.diff(around)) / np.diff(times), 30.0)
    drop = 1.8 * math.tan(math.radians(10))
    for time_s in times:
        pose = turning.world_from_camera(time_s)
        seen = pose[:3, :3].T @ (np.array([1.0, 2.0, 1.5 - drop]) - pose[:3, 3])
        np.testing.assert_allclose(seen[:2], 0.0, atol=1e-12)
        assert seen[2] == pytest.approx(1.8 / math.cos(math.radians(10)))


def test_shake_has_the_size_that_is_asked() -> None:
    times = np.linspace(0, 2000, 100_001)
    for seed in range(3):
        place, turn = hand_shake(0.02, 1.5, rng_for(seed, "hand"))
        for oscillation, asked in ((place, 0.02), (turn, 1.5)):
            values = oscillation.at(times)
            assert math.sqrt((values**2).sum(axis=1).mean()) == pytest.approx(asked, rel=0.02)
            assert (np.abs(values).max(axis=0) <= oscillation.reach).all()
    far = np.linalg.norm(handheld().positions_m(times) - [1.0, 2.0, 1.5], axis=1).max()
    assert 0.02 < far <= handheld().sway_reach_m < 0.06


def test_noise_stays_in_its_band() -> None:
    made = noise((1.0, 0.0), (0.5, 4.0), rng_for(1, "noise"))
    assert (made.frequency_hz >= 0.5).all() and (made.frequency_hz <= 4.0).all()
    assert (made.at(np.linspace(0, 9, 50))[:, 1] == 0).all()


def test_what_is_steady_does_not_move() -> None:
    assert (STEADY.at(np.array([0.0, 3.0])) == 0).all() and (STEADY.reach == 0).all()
    both = STEADY + Oscillation(np.array([1.0]), np.ones((1, 3)), np.zeros((1, 3)))
    np.testing.assert_allclose(both.at(np.array([0.25]))[0], 1.0)
    assert (still().world_from_camera(-5.0) == still().world_from_camera(99.0)).all()
