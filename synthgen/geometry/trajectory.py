"""How cameras move, as smooth functions of time.

A `Trajectory` is a motion (standing, around a point, along a curve) with oscillations on top: the gait of a
person, an unsteady hand, a gaze that wanders. All of it is closed formulas of the time, so a pose is defined
at every moment, also before the first frame and after the last, and the same moment always has the same pose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from synthgen.geometry.pose import camera_rotation, world_from_camera

NOISE_TERMS = 6
SAMPLES_PER_POINT = 8
"""Nodes of a curve per control point."""
SHAKE_HZ = (0.3, 3.0)
"""Slow drift of a held camera to the quickest that a hand does on purpose; tremor above is below 1 mm."""
GAZE_HZ, GAZE_DEG = (0.08, 0.35), (5.0, 2.0)
"""How a walking person looks around: frequencies, and root mean square of yaw and pitch."""
WALK_LOOK_S, DRIVE_LOOK_S = (-0.2, 1.0), (-0.25, 0.25)
"""Moments of the path ahead whose headings a walker's and a vehicle's heading are averaged from."""


@dataclass(frozen=True, slots=True)
class Oscillation:
    """A sum of n sinusoids in each of k directions.

    Attributes
    ----------
    frequency_hz : (n,)
    amplitude : (n, k), in the unit of what oscillates
    phase : (n, k), radians
    """

    frequency_hz: np.ndarray
    amplitude: np.ndarray
    phase: np.ndarray

    def at(self, times_s: np.ndarray) -> np.ndarray:
        """(m, k) values at (m,) times."""
        turns = 2 * math.pi * np.multiply.outer(times_s, self.frequency_hz)
        return (self.amplitude * np.sin(turns[..., None] + self.phase)).sum(axis=-2)

    @property
    def reach(self) -> np.ndarray:
        """(k,) values that are never exceeded."""
        return np.abs(self.amplitude).sum(axis=0)

    def __add__(self, other: Oscillation) -> Oscillation:
        return Oscillation(
            np.concatenate([self.frequency_hz, other.frequency_hz]),
            np.concatenate([self.amplitude, other.amplitude]),
            np.concatenate([self.phase, other.phase]),
        )


STEADY = Oscillation(np.zeros(0), np.zeros((0, 3)), np.zeros((0, 3)))
"""No oscillation in three directions."""


def noise(rms: tuple[float, ...], band_hz: tuple[float, float], rng: np.random.Generator) -> Oscillation:
    """Smooth noise with a root mean square for each direction.

    The frequencies lie evenly in the logarithm, one drawn from each part of the band; amplitudes fall as
    1 / frequency, so that all of them add the same speed.
    """
    low, high = band_hz
    share = (np.arange(NOISE_TERMS) + rng.uniform(0, 1, NOISE_TERMS)) / NOISE_TERMS
    frequency = low * (high / low) ** share
    relative = 1.0 / frequency
    relative *= math.sqrt(2.0) / np.linalg.norm(relative)
    phase = rng.uniform(0, 2 * math.pi, (NOISE_TERMS, len(rms)))
    return Oscillation(frequency, np.multiply.outer(relative, np.asarray(rms)), phase)


def hand_shake(shake_m: float, shake_deg: float, rng: np.random.Generator) -> tuple[Oscillation, Oscillation]:
    """Place (metres, 3) and direction (degrees, 3) of an unsteady hand, with these root mean squares."""
    each_m, each_deg = shake_m / math.sqrt(3), shake_deg / math.sqrt(3)
    return noise((each_m,) * 3, SHAKE_HZ, rng), noise((each_deg,) * 3, SHAKE_HZ, rng)


def gait(speed_m_s: float, rng: np.random.Generator) -> tuple[Oscillation, Oscillation]:
    """Place (metres, 3) and direction (degrees, 3) of the head of a walking person.

    The head rises and falls once a step and goes left and right once every two: about 1.9 steps a second
    and 4 cm from top to bottom at 1.3 m/s. The steps become quicker as the root of the speed, and longer.
    """
    step_hz = 1.9 * math.sqrt(speed_m_s / 1.3)
    bob_m, sway_m = 0.02 * min(speed_m_s / 1.3, 1.5), 0.015
    phase = rng.uniform(0, 2 * math.pi)
    frequency = np.array([step_hz, step_hz / 2])
    phases = np.array([[phase] * 3, [phase / 2] * 3])
    place = Oscillation(frequency, np.array([[0.0, 0.0, bob_m], [0.0, sway_m, 0.0]]), phases)
    turn = Oscillation(frequency, np.array([[0.0, 0.25, 0.0], [0.3, 0.0, 0.4]]), phases)
    yaw_deg, pitch_deg = GAZE_DEG
    return place, turn + noise((yaw_deg, pitch_deg, 0.0), GAZE_HZ, rng)


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve in the plane by its arc length: continuous in place, heading and speed.

    Between nodes, place and heading are cubic Hermite polynomials of the arc length.

    Attributes
    ----------
    arc_m : (n,) arc length of the nodes, from 0
    points_m : (n, 2)
    heading_rad : (n,) without jumps
    bend : (n,) curvature, radians per metre
    """

    arc_m: np.ndarray
    points_m: np.ndarray
    heading_rad: np.ndarray
    bend: np.ndarray

    @classmethod
    def through(cls, points_m: np.ndarray) -> Curve:
        """The uniform cubic B-spline of (n, 2) control points: from the first to the last, past the others.

        Its curvature is continuous, and it stays within the control points' hull, cutting their corners.
        """
        ends = 2 * points_m[[0, -1]] - points_m[[1, -2]]
        control = np.vstack([ends[:1], points_m, ends[1:]])
        count = (len(points_m) - 1) * SAMPLES_PER_POINT
        position = np.arange(2 * count + 1) / (2 * SAMPLES_PER_POINT)  # nodes and the middles between them
        place, slope, second = _spline(control, position)
        speed = np.linalg.norm(slope, axis=1)
        # Simpson's rule on each piece between nodes.
        pieces = (speed[:-2:2] + 4 * speed[1::2] + speed[2::2]) / (6 * SAMPLES_PER_POINT)
        bend = (slope[:, 0] * second[:, 1] - slope[:, 1] * second[:, 0]) / speed**3
        heading = np.unwrap(np.arctan2(slope[:, 1], slope[:, 0]))
        return cls(np.concatenate([[0.0], np.cumsum(pieces)]), place[::2], heading[::2], bend[::2])

    @property
    def length_m(self) -> float:
        """Length of the whole curve."""
        return float(self.arc_m[-1])

    def points_at(self, arc_m: np.ndarray) -> np.ndarray:
        """(m, 2) points at (m,) arc lengths; straight on before the beginning and after the end."""
        inside = np.clip(arc_m, 0.0, self.length_m)
        tangent = _direction(self.heading_rad)
        points = _hermite(inside, self.arc_m, self.points_m, tangent)
        beyond = (arc_m - inside)[:, None]
        return points + beyond * np.where(beyond < 0, tangent[0], tangent[-1])

    def heading_at(self, arc_m: np.ndarray) -> np.ndarray:
        """Heading in radians at arc lengths of any shape; without jumps."""
        inside = np.clip(arc_m, 0.0, self.length_m)
        return _hermite(inside.ravel(), self.arc_m, self.heading_rad, self.bend).reshape(inside.shape)


class Motion(Protocol):
    """Where a level camera is and where it heads, before anything oscillates."""

    def at(self, times_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(m, 3) places in metres and (m,) yaws in degrees, without jumps, at (m,) times."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A motion that is none: at (3,) `position_m`."""

    position_m: np.ndarray
    yaw_deg: float

    def at(self, times_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same at all times."""
        count = len(times_s)
        return np.tile(self.position_m, (count, 1)), np.full(count, self.yaw_deg)


@dataclass(frozen=True, slots=True)
class Orbiting:
    """Around (3,) `centre_m` on a level circle, at a constant rate, towards its middle.

    The centre lies at the height of the camera. `yaw_deg` is the heading at time 0; a positive `rate_deg_s`
    goes counter-clockwise, seen from above.
    """

    centre_m: np.ndarray
    radius_m: float
    yaw_deg: float
    rate_deg_s: float

    def at(self, times_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """On the circle, with the centre straight ahead."""
        yaw = self.yaw_deg + self.rate_deg_s * times_s
        places = np.tile(self.centre_m, (len(times_s), 1))
        places[:, :2] -= self.radius_m * _direction(np.radians(yaw))
        return places, yaw


@dataclass(frozen=True, slots=True)
class Travelling:
    """Along a curve at a constant speed and height, looking where the way goes.

    `start_m` is the arc length at time 0. The heading is that of the curve, averaged over the moments
    `look_s` (from, to) relative to now, most in their middle.
    """

    curve: Curve
    height_m: float
    speed_m_s: float
    start_m: float
    look_s: tuple[float, float]

    def at(self, times_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """On the curve."""
        arc = self.start_m + self.speed_m_s * times_s
        places = np.column_stack([self.curve.points_at(arc), np.full(len(arc), self.height_m)])
        share = (np.arange(24) + 0.5) / 24
        weight = np.sin(math.pi * share) ** 2
        behind, ahead = self.look_s
        seen = arc[:, None] + self.speed_m_s * (behind + (ahead - behind) * share)
        return places, np.degrees(self.curve.heading_at(seen) @ (weight / weight.sum()))


@dataclass(frozen=True, slots=True)
class Trajectory:
    """A camera's pose as a function of time.

    Attributes
    ----------
    motion : place and heading
    pitch_deg, roll_deg : how the camera is held
    sway_m : added to the place, along (forward, left, up) of the heading
    turn_deg : added to (yaw, pitch, roll)
    """

    motion: Motion
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    sway_m: Oscillation = STEADY
    turn_deg: Oscillation = STEADY

    def positions_m(self, times_s: np.ndarray, aside_m: float = 0.0) -> np.ndarray:
        """(m, 3) places of the camera, world, at (m,) times, or of what is `aside_m` to the right of it."""
        places, yaw_deg = self.motion.at(times_s)
        sway = self.sway_m.at(times_s)
        forward = _direction(np.radians(yaw_deg))
        left = np.stack([-forward[:, 1], forward[:, 0]], axis=1)
        places[:, :2] += sway[:, :1] * forward + sway[:, 1:2] * left
        places[:, 2] += sway[:, 2]
        if aside_m:
            angles = zip(*self._angles_deg(times_s))
            places += aside_m * np.array([camera_rotation(*each)[:, 0] for each in angles])
        return places

    @property
    def sway_reach_m(self) -> float:
        """What the camera never is away from its motion."""
        return float(np.linalg.norm(self.sway_m.reach))

    def world_from_camera(self, time_s: float) -> np.ndarray:
        """(4, 4) float64 at a time in seconds; 0 is the first frame."""
        times = np.array([time_s], dtype=np.float64)
        ((yaw, pitch, roll),) = zip(*self._angles_deg(times))
        return world_from_camera(self.positions_m(times)[0], camera_rotation(yaw, pitch, roll))

    def _angles_deg(self, times_s: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Yaw, pitch and roll, (m,) each, at (m,) times."""
        yaw, pitch, roll = self.turn_deg.at(times_s).T
        return yaw + self.motion.at(times_s)[1], self.pitch_deg + pitch, self.roll_deg + roll


def _direction(angle_rad: np.ndarray) -> np.ndarray:
    return np.stack([np.cos(angle_rad), np.sin(angle_rad)], axis=-1)


def _spline(control: np.ndarray, position: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Point, first and second derivative of the uniform cubic B-spline of (n, 2) control points.

    `position` (m,) runs from 0 at the second control point to n - 3 at the last but one.
    """
    first = np.minimum(position.astype(int), len(control) - 4)
    u = (position - first)[:, None]
    a, b, c, d = (control[first + index] for index in range(4))
    place = ((1 - u) ** 3 * a + (3 * u**3 - 6 * u**2 + 4) * b + (1 + 3 * u + 3 * u**2 - 3 * u**3) * c
             + u**3 * d) / 6  # fmt: skip
    slope = (-((1 - u) ** 2) * a + (3 * u**2 - 4 * u) * b + (1 + 2 * u - 3 * u**2) * c + u**2 * d) / 2
    second = (1 - u) * a + (3 * u - 2) * b + (1 - 3 * u) * c + u * d
    return place, slope, second


def _hermite(at: np.ndarray, nodes: np.ndarray, values: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Cubic Hermite interpolation at (m,) of `values` and `slopes` at increasing `nodes` (n,)."""
    index = np.clip(np.searchsorted(nodes, at, side="right") - 1, 0, len(nodes) - 2)
    step = nodes[index + 1] - nodes[index]
    u = (at - nodes[index]) / step
    if values.ndim > 1:
        u, step = u[:, None], step[:, None]
    low, high = values[index], values[index + 1]
    return (
        (1 + 2 * u) * (1 - u) ** 2 * low
        + u**2 * (3 - 2 * u) * high
        + step * u * (1 - u) * ((1 - u) * slopes[index] - u * slopes[index + 1])
    )
