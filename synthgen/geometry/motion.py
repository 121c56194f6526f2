"""`RigidMotion`: how a rigid thing moves, as a function of time.

World frame, metres and seconds. Everything is at rest at the time 0: there `world_from_rest` is the identity,
so the scene as it was built is the scene at that moment, and a time before it is as good as any after.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthgen.errors import RenderError

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class RigidMotion:
    """A thing turns about an axis through its pivot, and the pivot goes its way.

    At the time t a point that rests at p is at

        pivot + velocity s + sway sin(2 pi t / sway_period) + R(spin_axis, spin s) (p - pivot)

    where s is t, or for what swings s = swing_period / (2 pi) sin(2 pi t / swing_period): then velocity and
    spin are those of the first moment, and the thing goes back and forth between two ends, for ever.

    A wheel spins about its own middle while it goes ahead; what goes round in a circle spins about the middle
    of that; what hangs swings about the place that it hangs from; what hovers sways.

    Attributes
    ----------
    pivot_m : a point on the axis of the spin, world, at rest
    velocity_m_s : of the pivot, world
    spin_axis : any length but 0; a positive spin is counter-clockwise seen from where it points to
    spin_deg_s : turn per second
    sway_m : how far the pivot is carried to either side, world
    sway_period_s : time from one sway to the next
    swing_period_s : time of one swing there and back; None for what goes on for ever

    Raises
    ------
    RenderError
        When a number is not finite, the axis has no direction, or a period is not above 0.
    """

    pivot_m: Vector = (0.0, 0.0, 0.0)
    velocity_m_s: Vector = (0.0, 0.0, 0.0)
    spin_axis: Vector = (0.0, 0.0, 1.0)
    spin_deg_s: float = 0.0
    sway_m: Vector = (0.0, 0.0, 0.0)
    sway_period_s: float = 1.0
    swing_period_s: float | None = None

    def __post_init__(self) -> None:
        for name in ("pivot_m", "velocity_m_s", "spin_axis", "sway_m"):
            value = getattr(self, name)
            if np.shape(value) != (3,) or not np.isfinite(value).all():
                raise RenderError(f"motion: {name}: expected three finite numbers (found {value})")
        if not math.isfinite(self.spin_deg_s):
            raise RenderError(f"motion: spin_deg_s: expected a finite number (found {self.spin_deg_s})")
        if not np.any(self.spin_axis):
            raise RenderError("motion: spin_axis: expected a direction (found (0, 0, 0))")
        for name in ("sway_period_s", "swing_period_s"):
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                raise RenderError(f"motion: {name}: expected seconds above 0 (found {value})")

    def position_m(self, time_s: float | np.ndarray) -> np.ndarray:
        """(..., 3) float64: where the pivot is at times of shape (...), world."""
        time = np.asarray(time_s, dtype=np.float64)[..., None]
        way = self._run_s(time) * np.array(self.velocity_m_s)
        sway = np.sin(2 * math.pi * time / self.sway_period_s) * np.array(self.sway_m)
        return np.array(self.pivot_m) + way + sway

    def world_from_rest(self, time_s: float | np.ndarray) -> np.ndarray:
        """(..., 4, 4) float64: carries points from their places at rest to those at times (...)."""
        rotation = self._rotation(np.asarray(time_s, dtype=np.float64))
        matrix = np.zeros((*rotation.shape[:-2], 4, 4))
        matrix[..., :3, :3] = rotation
        matrix[..., :3, 3] = self.position_m(time_s) - rotation @ np.array(self.pivot_m)
        matrix[..., 3, 3] = 1.0
        return matrix

    def _run_s(self, time: np.ndarray) -> np.ndarray:
        """How long the first moment's velocity and spin would have lasted to come this far."""
        if self.swing_period_s is None:
            return time
        turn = 2 * math.pi / self.swing_period_s
        return np.sin(turn * time) / turn

    def _rotation(self, time: np.ndarray) -> np.ndarray:
        """(..., 3, 3) by Rodrigues' formula, R = 1 + sin(a) K + (1 - cos(a)) K K."""
        angle = np.radians(self.spin_deg_s) * self._run_s(time)[..., None, None]
        x, y, z = np.array(self.spin_axis) / np.linalg.norm(self.spin_axis)
        cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
        # 1 - cos(a) without the loss of digits at small angles
        return np.eye(3) + np.sin(angle) * cross + 2 * np.sin(angle / 2) ** 2 * (cross @ cross)
