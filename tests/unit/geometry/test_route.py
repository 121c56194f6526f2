"""Routes stay where there is room, turn no tighter than asked, and do not end before the length is there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from synthgen.geometry.route import Room, find_route, free_ahead_m
from synthgen.seeding import rng_for

Box = tuple[float, float, float, float]


def room_of(width: float, depth: float, boxes: Sequence[Box] = ()) -> Room:
    """Distance to the walls of a rectangle and to boxes (x0, y0, x1, y1) in it."""

    def room(x: float, y: float) -> float:
        free = min(x, y, width - x, depth - y)
        for x0, y0, x1, y1 in boxes:
            free = min(free, math.hypot(max(x0 - x, 0, x - x1), max(y0 - y, 0, y - y1)) or -1.0)
        return free

    return room


def tightest_m(route: np.ndarray) -> float:
    """Least radius of the circles through three points in a row."""
    a, b, c = route[:-2], route[1:-1], route[2:]
    ab, bc, ca = (np.linalg.norm(one - other, axis=1) for one, other in ((a, b), (b, c), (c, a)))
    area = np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])
    return float((ab * bc * ca / np.maximum(2 * area, 1e-12)).min())


def length_m(route: np.ndarray) -> float:
    return float(np.linalg.norm(np.diff(route, axis=0), axis=1).sum())


FURNISHED = room_of(4.0, 3.5, [(1.2, 1.2, 2.0, 1.8), (2.8, 0.0, 3.4, 1.0)])


@pytest.mark.parametrize("radius", [0.2, 0.5])
@pytest.mark.parametrize("length", [1.5, 40.0])
@pytest.mark.parametrize("seed", range(3))
def test_routes_in_a_furnished_room(length: float, radius: float, seed: int) -> None:
    rng = rng_for(seed, "route")
    route = find_route(FURNISHED, (0.6, 2.7), rng.uniform(-1, 1), length, radius, rng)
    assert route is not None
    np.testing.assert_allclose(route[0], [0.6, 2.7])
    assert length_m(route) >= 0.98 * length
    assert min(FURNISHED(x, y) for x, y in route) >= 0
    assert tightest_m(route) >= 0.98 * radius


def test_a_route_begins_in_its_direction_and_goes_straight_where_it_can() -> None:
    route = find_route(room_of(50.0, 50.0), (25.0, 25.0), 0.7, 8.0, 1.0, rng_for(0, "route"))
    first = route[1] - route[0]
    assert math.atan2(first[1], first[0]) == pytest.approx(0.7, abs=0.15)
    assert np.linalg.norm(route[-1] - route[0]) > 6.0


def test_a_dead_end_is_backed_out_of() -> None:
    """From a hall, a corridor that is too narrow to turn in looks longest, and ends."""
    hall, corridor = room_of(3.0, 3.0), room_of(5.0, 0.5)

    def room(x: float, y: float) -> float:
        joint = min(corridor(x - 2.5, y - 1.25), 10.0)
        return max(hall(x, y), joint)

    route = find_route(room, (0.5, 1.5), 0.0, 15.0, 0.4, rng_for(1, "route"))
    assert route is not None and route[:, 0].max() < 7.5
    assert min(room(x, y) for x, y in route) >= 0
    short = find_route(room, (0.5, 1.5), 0.0, 5.0, 0.4, rng_for(1, "route"))
    assert short is not None and short[-1, 0] > 4.0, "it may end in there"


def test_a_small_room_is_gone_around_in() -> None:
    route = find_route(room_of(0.7, 0.7), (0.35, 0.1), 0.0, 20.0, 0.2, rng_for(2, "route"))
    assert length_m(route) >= 19.5 and tightest_m(route) > 0.19


@pytest.mark.parametrize(
    ("room", "start"),
    [(room_of(0.7, 0.7), (0.35, 0.35)), (room_of(3.0, 3.0), (3.5, 1.0)), (lambda x, y: -1.0, (0.0, 0.0))],
)
def test_no_route_where_there_is_none(room: Callable[[float, float], float], start) -> None:
    assert find_route(room, start, 0.0, 5.0, 0.5, rng_for(0, "route")) is None


def test_same_seed_same_route() -> None:
    one, again, other = (
        find_route(FURNISHED, (0.6, 2.7), 0.0, 12.0, 0.3, rng_for(seed, "route")) for seed in (4, 4, 5)
    )
    assert (one == again).all() and not np.allclose(one, other)


def test_room_straight_ahead() -> None:
    room = room_of(4.0, 2.0, [(2.0, 0.5, 2.5, 1.5)])
    assert free_ahead_m(room, 0.5, 1.0, 0.0, 9.0) == pytest.approx(1.5, abs=0.06)
    assert free_ahead_m(room, 0.5, 1.0, math.pi, 9.0) == pytest.approx(0.5, abs=0.06)
    assert free_ahead_m(room, 0.5, 1.0, 0.0, 1.0) == 1.0
