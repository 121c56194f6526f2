"""`Roof`: the sloped ceiling of an attic, as one cross-section that runs along the ridge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class RoofWindow:
    """A window in a slope.

    Attributes
    ----------
    slope : segment of the profile
    along_m : from the lower end of the roof along the ridge to the window's edge
    up_m : from the lower edge of the slope to the window, along the slope
    width_m, height_m : along the ridge and along the slope
    """

    slope: int
    along_m: float
    up_m: float
    width_m: float
    height_m: float


@dataclass(frozen=True, slots=True)
class Roof:
    """What is above an attic.

    Attributes
    ----------
    axis : 0 when the ridge runs along x, 1 along y
    profile_m : (n, 2), world coordinate across the ridge and height, from one eave to the other; it bends
        downwards only, so that of a footprint the corners are lowest
    windows : in its slopes
    rafter_m : how far rafters stand out below the slopes; 0 when there are none to be seen
    """

    axis: int
    profile_m: np.ndarray
    windows: tuple[RoofWindow, ...] = ()
    rafter_m: float = 0.0

    def height_at(self, xy: np.ndarray) -> np.ndarray:
        """(...,) heights of the ceiling above (..., 2) places."""
        across, height = self.profile_m.T
        return np.interp(xy[..., 1 - self.axis], across, height)

    def slopes(self) -> list[int]:
        """Segments of the profile that are neither level nor upright."""
        steps = np.diff(self.profile_m, axis=0)
        return [index for index, (across, rise) in enumerate(steps) if abs(rise) > 1e-6 and across > 1e-6]

    def length_up_m(self, slope: int) -> float:
        """How long a slope is, from its lower to its upper edge."""
        return float(np.hypot(*(self.profile_m[slope + 1] - self.profile_m[slope])))

    def frame(self, slope: int, start_m: float, end_m: float) -> np.ndarray:
        """(4, 4) world_from_slope of a roof that reaches from `start_m` to `end_m` along its ridge.

        x runs along the lower edge, z up the slope, y into the room; the slope lies at y = 0.
        """
        (a0, z0), (a1, z1) = self.profile_m[slope : slope + 2]
        rising = z1 > z0
        low, top = ((a0, z0), (a1, z1)) if rising else ((a1, z1), (a0, z0))
        up = self._world(0.0, top[0] - low[0], top[1] - low[1])
        up /= np.linalg.norm(up)
        # Seen from inside, x runs to the right as along walls: counter-clockwise around the room.
        forward = (self.axis == 0) == rising
        x = self._world(1.0 if forward else -1.0, 0.0, 0.0)
        made = np.eye(4)
        made[:3, 0], made[:3, 1], made[:3, 2] = x, np.cross(up, x), up
        made[:3, 3] = self._world(start_m if forward else end_m, low[0], low[1])
        return made

    def runs_forward(self, slope: int) -> bool:
        """Whether x of a slope's frame runs towards larger coordinates along the ridge."""
        return bool((self.axis == 0) == (self.profile_m[slope + 1, 1] > self.profile_m[slope, 1]))

    def _world(self, along: float, across: float, up: float) -> np.ndarray:
        place = [along, across] if self.axis == 0 else [across, along]
        return np.array([*place, up])
