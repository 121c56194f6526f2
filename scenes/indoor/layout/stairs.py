"""`Stairs`: a straight flight along a wall, up through a well in the ceiling."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .boxes import box_rows

RAIL_M = 0.95
"""Height of the handrail above the treads."""
SLAB_M = 0.26
"""From the ceiling to the floor above."""
HEAD_M = 2.02
"""Free height above the treads."""
UPPER_M = 2.3
"""Height of the landing's own ceiling above its floor."""


@dataclass(frozen=True, slots=True)
class Stairs:
    """A flight; its own frame has x up the flight from the foot of the lowest step, y away from the wall.

    Attributes
    ----------
    wall : edge of the outline that it stands against
    foot_m : (2,) foot of the lowest step at the wall
    direction, outward : (2,) unit vectors, up the flight and away from the wall
    width_m : across the flight
    going_m, rise_m : of one step
    steps : risers up to the floor above; the last tread is that floor
    landing_m : how far the floor above reaches beyond the last riser
    height_m : of the room
    design : "closed" (panelled below), "open" (treads on stringers)
    """

    wall: int
    foot_m: tuple[float, float]
    direction: tuple[float, float]
    outward: tuple[float, float]
    width_m: float
    going_m: float
    rise_m: float
    steps: int
    landing_m: float
    height_m: float
    design: str

    @property
    def run_m(self) -> float:
        """From the first riser to the last."""
        return (self.steps - 1) * self.going_m

    @property
    def storey_m(self) -> float:
        """Height of the floor above."""
        return self.steps * self.rise_m

    @property
    def well_start_m(self) -> float:
        """Where the hole in the ceiling begins, along the flight: before it heads stay below."""
        return max(0.0, math.floor((self.height_m - HEAD_M) / self.rise_m) * self.going_m)

    def tread_z_m(self, number: int) -> float:
        """Height of the tread of step `number`, from 0."""
        return (number + 1) * self.rise_m

    def world_from_flight(self) -> np.ndarray:
        """(4, 4), mirrored where the wall is on the other hand."""
        made = np.eye(4)
        made[:2, 0], made[:2, 1], made[:2, 3] = self.direction, self.outward, self.foot_m
        return made

    def rectangle(self, start_m: float, end_m: float, margin_m: float = 0.0) -> np.ndarray:
        """(x0, y0, x1, y1) of a piece of the flight's strip of floor, `margin_m` wider than the flight."""
        corners = [
            np.add(self.foot_m, np.multiply(self.direction, x) + np.multiply(self.outward, y))
            for x in (start_m, end_m)
            for y in (0.0, self.width_m + margin_m)
        ]
        return np.concatenate([np.min(corners, axis=0), np.max(corners, axis=0)])

    def well(self) -> np.ndarray:
        """(x0, y0, x1, y1) of the hole in the ceiling."""
        return self.rectangle(self.well_start_m, self.run_m, 0.06)

    def body_rows(self) -> np.ndarray:
        """(n, 8) rows of the room that it takes, as in `boxes`: steps, what is below them, and the rail."""
        turn = math.degrees(math.atan2(self.direction[1], self.direction[0]))
        left = self.direction[0] * self.outward[1] - self.direction[1] * self.outward[0] > 0
        y = (0.0, self.width_m + 0.02) if left else (-self.width_m - 0.02, 0.0)
        boxes = []
        for first in range(0, self.steps, 3):
            x0, x1 = first * self.going_m - 0.03, min(first + 3, self.steps - 1) * self.going_m
            top = min(self.tread_z_m(first + 2) + RAIL_M + 0.1, self.height_m)
            if x1 > x0 + 0.05:
                boxes.append((x0, x1, *y, 0.0, top))
        well = (self.well_start_m - 0.1, self.run_m, *y, self.height_m - 0.35, self.height_m)
        return box_rows([*boxes, well], np.array([self.foot_m]), np.array([turn]), 0.0)[0]

    def foot_row(self, deep_m: float = 0.8) -> np.ndarray:
        """(8,) row of the floor before the lowest step."""
        low, high = np.split(self.rectangle(-deep_m, -0.04), 2)
        middle, half = (low + high) / 2, (high - low) / 2
        return np.array([*middle, *half, 1.0, 0.0, 0.0, 1.9])
