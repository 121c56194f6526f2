"""The kinds of things that move through a room, each with a way of its own. See `moving.py`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.geometry.motion import RigidMotion

from .furniture import playthings
from .furniture.forms import placed

if TYPE_CHECKING:
    from .moving import FreeAir

MARGIN_M = 0.02
"""How far things stay from everything; more than half a step of what they are carried along."""
LIFT_M = 0.0005
"""Between the floor and what goes on it, the ceiling and what hangs from it."""
TOUCH_M = 0.004
"""What spheres lack at the floor, so that it does not count as in the way."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A thing and its way, before it is known to be free.

    Attributes
    ----------
    mesh : makes its mesh, about its own origin
    place_m, yaw_deg : where the origin is at rest
    period_s : after which all of it has been everywhere
    spheres : (n, 4) x, y, z, radius at rest, world: they hold the thing
    carried_by : the motion without a spin that changes nothing of the thing's outline
    """

    kind: str
    class_name: str
    mesh: Callable[[], MeshBuilder]
    place_m: np.ndarray
    yaw_deg: float
    motion: RigidMotion
    period_s: float
    spheres: np.ndarray
    carried_by: RigidMotion


def _ball(air: FreeAir, speed_m_s: float, rng: np.random.Generator) -> Mover:
    """Rolls over the floor and back, as on one that slopes a little to the middle."""
    radius, reach, turn = float(rng.uniform(0.05, 0.11)), float(rng.uniform(0.25, 1.0)), _direction(rng)
    place = np.array([*air.floor_point(rng), radius + LIFT_M])
    motion = RigidMotion(
        pivot_m=tuple(place),
        velocity_m_s=(speed_m_s * turn[0], speed_m_s * turn[1], 0.0),
        spin_axis=(-turn[1], turn[0], 0.0),
        spin_deg_s=math.degrees(speed_m_s / radius),
        swing_period_s=2 * math.pi * reach / speed_m_s,
    )
    spheres = np.array([[*place[:2], place[2] + MARGIN_M, radius + MARGIN_M - TOUCH_M]])
    mesh = partial(playthings.ball, radius, rng)
    way = replace(motion, spin_deg_s=0.0)
    return Mover("ball", "toy", mesh, place, 0.0, motion, motion.swing_period_s, spheres, way)


def _balloon(air: FreeAir, speed_m_s: float, rng: np.random.Generator) -> Mover:
    """Drifts to and fro, rises and sinks, and turns a little."""
    radius, string = float(rng.uniform(0.1, 0.15)), float(rng.uniform(0.3, 0.6))
    reach, turn, speed = float(rng.uniform(0.1, 0.4)), _direction(rng), 0.3 * speed_m_s
    period = 2 * math.pi * reach / speed
    place = np.array([*air.floor_point(rng), rng.uniform(1.0, max(1.1, air.height_m - 0.35))])
    motion = RigidMotion(
        pivot_m=tuple(place),
        velocity_m_s=(speed * turn[0], speed * turn[1], 0.0),
        spin_deg_s=float(rng.uniform(-1, 1)) * 60.0 * speed,
        sway_m=(0.0, 0.0, float(rng.uniform(0.02, 0.06))),
        sway_period_s=period / max(1, round(period / 4.0)),
        swing_period_s=period,
    )
    below = np.arange(1.45 * radius, 1.4 * radius + string + 0.04, 0.04)
    thread = [[*place - (0, 0, down), 0.015 + MARGIN_M] for down in below]
    body = [[*place - (0, 0, 0.18 * radius), 1.25 * radius + MARGIN_M]]
    mesh = partial(playthings.balloon, radius, string, rng)
    return Mover("balloon", "toy", mesh, place, 0.0, motion, period, np.array([*body, *thread]), motion)


def _paper_plane(air: FreeAir, speed_m_s: float, rng: np.random.Generator) -> Mover:
    """Flies in circles, leaning inwards, a little up and down."""
    length, circle = float(rng.uniform(0.22, 0.32)), float(rng.uniform(0.35, 0.9))
    left, start = (1.0 if rng.random() < 0.5 else -1.0), float(rng.uniform(0, 360))
    middle = np.array([*air.floor_point(rng), rng.uniform(1.1, max(1.2, air.height_m - 0.4))])
    outward = np.array([math.cos(math.radians(start)), math.sin(math.radians(start)), 0.0])
    period = 2 * math.pi * circle / (1.3 * speed_m_s)
    motion = RigidMotion(
        pivot_m=tuple(middle),
        spin_deg_s=left * 360.0 / period,
        sway_m=(0.0, 0.0, float(rng.uniform(0.02, 0.08))),
        sway_period_s=period / 2,
    )
    place = middle + circle * outward
    # Its nose, +y of its own, is where the circle goes: 90 degrees ahead of outward when it turns left.
    lean = placed(roll_deg=-left * float(rng.uniform(12, 25)))
    mesh = partial(_leaning, playthings.paper_plane, length, rng, lean)
    yaw = start if left > 0 else start + 180.0
    spheres = np.array([[*place, 0.62 * length + MARGIN_M]])
    return Mover("paper_plane", "toy", mesh, place, yaw, motion, period, spheres, motion)


def _drone(air: FreeAir, speed_m_s: float, rng: np.random.Generator) -> Mover:
    """Hovers, never quite still, and looks around."""
    width, reach = float(rng.uniform(0.18, 0.3)), float(rng.uniform(0.05, 0.2))
    place = np.array([*air.floor_point(rng), rng.uniform(0.8, max(0.9, air.height_m - 0.4))])
    sway = rng.normal(size=3) * (1.0, 1.0, 0.6)
    period = 2 * math.pi * reach / (0.6 * speed_m_s)
    motion = RigidMotion(
        pivot_m=tuple(place),
        spin_deg_s=float(rng.choice([-1, 1]) * rng.uniform(30, 70)) * speed_m_s,
        sway_m=tuple(sway * reach / np.linalg.norm(sway)),
        sway_period_s=period,
    )
    mesh = partial(playthings.drone, width, rng)
    spheres = np.array([[*place, 0.53 * width + MARGIN_M]])
    way = replace(motion, spin_deg_s=0.0)
    return Mover("drone", "toy", mesh, place, float(rng.uniform(0, 360)), motion, period, spheres, way)


def _mobile(air: FreeAir, speed_m_s: float, rng: np.random.Generator) -> Mover | None:
    """Hangs from the ceiling and turns about its thread, all of it always within the same round."""
    radius, drop = float(rng.uniform(0.16, 0.26)), float(rng.uniform(0.25, 0.45))
    xy = air.floor_point(rng)
    ceiling = air.ceiling_above(xy)
    if ceiling is None:
        return None
    hook = np.array([*xy, ceiling - LIFT_M])
    motion = RigidMotion(
        pivot_m=tuple(hook), spin_deg_s=math.degrees(float(rng.choice([-0.3, 0.3])) * speed_m_s / radius)
    )
    low = [[*hook - (0, 0, drop + down), radius + 0.045 + MARGIN_M] for down in (0.0, 0.12)]
    spheres = np.array([*low, *_thread(hook, drop)])
    mesh = partial(playthings.mobile, radius, drop, rng)
    period = 360.0 / abs(motion.spin_deg_s)
    return Mover("mobile", "toy", mesh, hook, float(rng.uniform(0, 360)), motion, period, spheres, motion)


def _hanging_star(air: FreeAir, speed_m_s: float, rng: np.random.Generator) -> Mover | None:
    """Swings on its thread as a pendulum of its length does."""
    radius, drop, turn = float(rng.uniform(0.06, 0.11)), float(rng.uniform(0.4, 0.9)), _direction(rng)
    xy = air.floor_point(rng)
    ceiling = air.ceiling_above(xy)
    if ceiling is None:
        return None
    hook = np.array([*xy, ceiling - LIFT_M])
    per_s = math.sqrt(9.81 / drop)
    widest = float(np.clip(speed_m_s / (drop * per_s), math.radians(3), math.radians(18)))
    motion = RigidMotion(
        pivot_m=tuple(hook),
        spin_axis=(-turn[1], turn[0], 0.0),
        spin_deg_s=math.degrees(widest * per_s),
        swing_period_s=2 * math.pi / per_s,
    )
    spheres = np.array([[*hook - (0, 0, drop), radius + MARGIN_M], *_thread(hook, drop)])
    yaw = math.degrees(math.atan2(turn[1], turn[0]))  # swings within its own plane
    mesh = partial(playthings.hanging_star, radius, drop, rng)
    return Mover("hanging_star", "toy", mesh, hook, yaw, motion, motion.swing_period_s, spheres, motion)


def _robot_vacuum(air: FreeAir, speed_m_s: float, rng: np.random.Generator) -> Mover:
    """Goes round in circles on the floor."""
    radius, height, circle = float(rng.uniform(0.14, 0.17)), 0.085, float(rng.uniform(0.15, 0.6))
    left, start = (1.0 if rng.random() < 0.5 else -1.0), float(rng.uniform(0, 360))
    middle = np.array([*air.floor_point(rng), LIFT_M])
    outward = np.array([math.cos(math.radians(start)), math.sin(math.radians(start)), 0.0])
    period = 2 * math.pi * circle / (0.5 * speed_m_s)
    motion = RigidMotion(pivot_m=tuple(middle), spin_deg_s=left * 360.0 / period)
    place = middle + circle * outward
    half = 0.5 * (height + 0.02)
    rings = [(0.0, 1), (0.5 * radius, 6), (radius, 14)]
    around = [(away, 2 * math.pi * index / count) for away, count in rings for index in range(count)]
    spheres = np.array([[away * math.cos(a), away * math.sin(a), half + TOUCH_M, half] for away, a in around])
    spheres[:, :3] += place
    mesh = partial(playthings.robot_vacuum, radius, height, rng)
    yaw = start if left > 0 else start + 180.0
    return Mover("robot_vacuum", "object", mesh, place, yaw, motion, period, spheres, motion)


KINDS: dict[str, Callable[[FreeAir, float, np.random.Generator], Mover | None]] = {
    "ball": _ball,
    "balloon": _balloon,
    "paper_plane": _paper_plane,
    "drone": _drone,
    "mobile": _mobile,
    "hanging_star": _hanging_star,
    "robot_vacuum": _robot_vacuum,
}


def _direction(rng: np.random.Generator) -> tuple[float, float]:
    angle = float(rng.uniform(0, 2 * math.pi))
    return math.cos(angle), math.sin(angle)


def _thread(hook: np.ndarray, drop: float) -> list[list[float]]:
    """Spheres along a thread, but for its end at the ceiling."""
    return [[*hook - (0, 0, down), MARGIN_M + 0.01] for down in np.arange(0.05, drop, 0.04)]


def _leaning(make: Callable[..., MeshBuilder], size: float, rng: np.random.Generator, lean: np.ndarray):
    return make(size, rng).transformed(lean)
