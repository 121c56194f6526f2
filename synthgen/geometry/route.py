"""Routes through free space that a person or a vehicle can take: no turn tighter than asked.

A route is a chain of short arcs. At every step the arcs that may follow are ranked by the room ahead of
their ends, straight on and in the tightest turn, so the way leads into the open, turns before the room ends
and goes around where there is no other way. Dead ends are backed out of and remembered; where there are too
many of them, the next attempt leaves more to chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

LONGEST_STEP_M, LARGEST_TURN = 0.2, 0.4
"""Length of an arc, and its turn in radians where the radius is small."""
BENDS = (0.0, 0.5, -0.5, 1.0, -1.0)
"""Curvatures to choose from, as shares of the greatest."""
LEAST_PROBE_M = 0.05
AHEAD_M, ASIDE_M = 2.0, 0.4
"""Room ahead, and room all around, beyond which a way is no better."""
WAY_OUT = 3.0
"""What a turn that leads out counts for, beside room straight ahead."""
LUCK, PATIENCE = (0.05, 0.4, 1.0), 250
"""How much chance there is in a choice, at first and with every new attempt, which begins after so many steps
back and forth without getting farther than before."""
CELL_M, CELL_RAD = 0.08, 0.2
"""States nearer than this count as the same dead end."""

Room = Callable[[float, float], float]
"""Distance in metres, at (x, y), that one may go in any direction; below 0 where one must not be."""


@dataclass(frozen=True, slots=True)
class _State:
    x: float
    y: float
    heading: float
    bend: float

    def ahead(self, length: float, bend: float) -> _State:
        """After an arc of this length (metres) and curvature (1 / metres)."""
        turn = length * bend
        # The chord of an arc leaves halfway between both headings.
        chord = length * (math.sin(turn / 2) / (turn / 2) if turn else 1.0)
        middle = self.heading + turn / 2
        x, y = self.x + chord * math.cos(middle), self.y + chord * math.sin(middle)
        return _State(x, y, self.heading + turn, bend)

    def free_m(self, room: Room, bend: float, limit_m: float) -> float:
        """How far one can go on with a curvature, up to a limit: in steps as long as there is room for."""
        gone, at = 0.0, self
        while (free := room(at.x, at.y)) >= 0:
            gone += max(free, LEAST_PROBE_M)
            if gone >= limit_m:
                return limit_m
            at = self.ahead(gone, bend)
        return gone

    @property
    def cell(self) -> tuple[int, int, int]:
        heading = self.heading % (2 * math.pi)
        return round(self.x / CELL_M), round(self.y / CELL_M), round(heading / CELL_RAD)


def free_ahead_m(room: Room, x: float, y: float, heading_rad: float, limit_m: float) -> float:
    """How far one can go straight on, up to a limit."""
    return _State(x, y, heading_rad, 0.0).free_m(room, 0.0, limit_m)


def find_route(
    room: Room,
    start_m: Sequence[float],
    heading_rad: float,
    length_m: float,
    radius_m: float,
    rng: np.random.Generator,
) -> np.ndarray | None:
    """A route of at least `length_m` with turns no tighter than `radius_m`.

    Parameters
    ----------
    room : how much room there is at a place
    start_m, heading_rad : where the route begins, and in which direction
    rng : lets routes bend a little for no reason, as those of people do

    Returns
    -------
    (n, 2) points in metres, evenly spaced along the route; None when there is no such route, or none was
    found before the patience ended
    """
    step = min(LONGEST_STEP_M, LARGEST_TURN * radius_m)
    count = math.ceil(length_m / step) + 2
    begin = _State(float(start_m[0]), float(start_m[1]), float(heading_rad), 0.0)
    if room(begin.x, begin.y) < 0:
        return None
    dead: set[tuple[int, int, int]] = set()
    for luck in LUCK:
        route = _search(room, begin, count, step, radius_m, luck, dead, rng)
        if route is not None:
            return np.array([(state.x, state.y) for state in route])
        if begin.cell in dead:
            break
    return None


def _search(
    room: Room,
    begin: _State,
    count: int,
    step: float,
    radius_m: float,
    luck: float,
    dead: set[tuple[int, int, int]],
    rng: np.random.Generator,
) -> list[_State] | None:
    """A chain of `count` states, depth first; None without one. Dead ends are added to `dead`."""
    route, choices = [begin], [iter(_choices(room, begin, step, radius_m, luck, rng))]
    longest, tries = 1, 0
    while len(route) < count:
        tries += 1
        following = next((state for state in choices[-1] if state.cell not in dead), None)
        if following is not None:
            route.append(following)
            choices.append(iter(_choices(room, following, step, radius_m, luck, rng)))
        else:
            dead.add(route.pop().cell)
            choices.pop()
            if not route:
                return None
        if len(route) > longest:
            longest, tries = len(route), 0
        elif tries == PATIENCE:
            return None
    return route


def _choices(
    room: Room, state: _State, step: float, radius_m: float, luck: float, rng: np.random.Generator
) -> list[_State]:
    """The states one step on that can be reached, best first."""
    ranked = []
    for share, chance in zip(BENDS, rng.normal(0.0, luck, len(BENDS)).tolist()):
        bend = share / radius_m
        following, middle = state.ahead(step, bend), state.ahead(step / 2, bend)
        aside = room(following.x, following.y)
        if aside < 0 or room(middle.x, middle.y) < 0:
            continue
        ahead = way_out = following.free_m(room, 0.0, AHEAD_M)
        for side in (1.0, -1.0):
            if way_out < AHEAD_M:
                way_out = max(way_out, following.free_m(room, side / radius_m, AHEAD_M))
        # Straight on is better than a turn, and a turn once begun is better than another.
        effort = 0.15 * abs(share) + 0.2 * abs(share - state.bend * radius_m)
        value = (ahead + WAY_OUT * way_out) / AHEAD_M + 0.4 * min(aside / ASIDE_M, 1.0) - effort + chance
        ranked.append((value, following))
    ranked.sort(key=lambda each: -each[0])
    return [following for _, following in ranked]
