"""Runs of kitchen units along walls: where they go, in which order, and what each stretch is.

Offsets are metres along a wall. Seen from the room, a wall runs from right to left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .boxes import box_rows
from .placement import Occupancy

DEEP_M = 0.635
"""From the wall to the front edge of worktops."""
BACK_M = 0.006
"""Units stand this far from their wall."""
END_M = 0.005
"""A run keeps this far from the wall at its end."""
CORNER_M = 1.06
"""Width of a unit that reaches into a corner: half of it lies behind the other leg."""
FILLER_M = 0.05
"""Beside a corner, so that drawers clear the handles of the other leg."""
AISLE_M = 0.95
"""Least free floor before a run."""
TALL_M = 2.05
HOB_M = 0.6
STEP_M = 0.025

Stretch = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Leg:
    """A straight part of a run.

    `at_low` and `at_high` say how it ends: "free", "wall" (a side wall), "corner" (it reaches into a corner
    that it shares with another leg) or "behind" (it starts where the other leg's worktop ends).
    """

    wall: int
    low: float
    high: float
    at_low: str
    at_high: str

    @property
    def length(self) -> float:
        """Of its worktop, metres."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a leg and what stands there: "sink", "hob", "fridge", "tall", "dishwasher", "corner",
    "filler", "gap" (nothing) or a kind of base unit."""

    leg: int
    low: float
    high: float
    what: str

    @property
    def middle(self) -> float:
        """Metres along the wall."""
        return (self.low + self.high) / 2


def stretches(
    room: Occupancy, index: int, deep_m: float, z0: float, z1: float, before_m: float = 0.0
) -> list[Stretch]:
    """Where along a wall a box `deep_m` deep between two heights is free, with floor before it."""
    wall = room.walls[index]
    count = int((wall.length - 2 * END_M) / STEP_M)
    if count < 2:
        return []
    step = (wall.length - 2 * END_M) / count
    offsets = END_M + (np.arange(count) + 0.5) * step
    yaw = np.full(count, wall.yaw_deg)

    def cells(near: float, far: float, low: float, high: float) -> np.ndarray:
        middle = wall.start + offsets[:, None] * wall.along + (near + far) / 2 * wall.inward
        half = (far - near) / 2
        return box_rows([(-step / 2, step / 2, -half, half, low, high)], middle, yaw, 0.0)

    free = room.fits(cells(BACK_M, BACK_M + deep_m, z0, z1))
    if before_m:
        free &= room.fits(cells(deep_m + 0.01, deep_m + before_m, 0.02, 0.9), zones="none")
    edges = np.flatnonzero(np.diff(np.concatenate([[0], free.astype(int), [0]])))
    return [(float(END_M + a * step), float(END_M + b * step)) for a, b in zip(edges[::2], edges[1::2])]


# -- where ---------------------------------------------------------------------------------------------


def possible_runs(room: Occupancy, rng: np.random.Generator) -> Iterator[list[Leg]]:
    """Runs that fit, the liked ones first: in a line, around one corner or two, on both sides of an aisle."""
    most_m = float(rng.uniform(2.5, 4.4))
    free = [
        [each for each in stretches(room, i, DEEP_M, 0.0, 0.95, AISLE_M) if each[1] - each[0] > 1.2]
        for i in range(len(room.walls))
    ]
    found = {
        "around": _around_corners(room, free, most_m, rng),
        "bay": _around_two_corners(room, free, most_m, rng),
        "galley": _galleys(room, free, most_m, rng),
        "line": _lines(room, free, most_m, rng),
    }
    liking = {"around": 0.42, "bay": 0.2, "galley": 0.14, "line": 0.24}
    keys = {name: rng.random() ** (1 / liking[name]) for name in liking}  # a draw by weight, without repeats
    for name in sorted(keys, key=lambda each: -keys[each]):
        options = found[name]
        for number in rng.permutation(len(options))[:4]:
            yield options[int(number)]
    for least in (2.0, 1.7):  # a short line is better than no kitchen
        yield from ([leg] for (leg,) in _lines(room, free, least, rng))


def _ends(room: Occupancy, index: int, stretch: Stretch) -> tuple[str, str]:
    at_wall = stretch[0] < 0.03, stretch[1] > room.walls[index].length - 0.03
    return tuple("wall" if each else "free" for each in at_wall)  # type: ignore[return-value]


def _lines(
    room: Occupancy, free: Sequence[Sequence[Stretch]], most_m: float, rng: np.random.Generator
) -> list[list[Leg]]:
    made = []
    for index, each in enumerate(free):
        for low, high in each:
            if high - low < 1.7:
                continue
            long = min(high - low, max(most_m, 1.7))
            share = float(rng.choice([0.0, 1.0, rng.random()]))
            start = low + share * (high - low - long)
            made.append([Leg(index, start, start + long, *_ends(room, index, (start, start + long)))])
    return made


def _meets(room: Occupancy, free: Sequence[Sequence[Stretch]], index: int) -> tuple[Stretch, Stretch] | None:
    """The stretches on both sides of the corner at the end of a wall."""
    after = (index + 1) % len(room.walls)
    before = [each for each in free[index] if each[1] > room.walls[index].length - 0.03]
    behind = [each for each in free[after] if each[0] < 0.03]
    one, other = room.walls[index], room.walls[after]
    if not before or not behind or one.inward @ other.along < 0.5:
        return None
    return before[0], behind[0]


def _around_corners(
    room: Occupancy, free: Sequence[Sequence[Stretch]], most_m: float, rng: np.random.Generator
) -> list[list[Leg]]:
    made = []
    for index in range(len(room.walls)):
        met = _meets(room, free, index)
        if met is None:
            continue
        (a, b), (c, e) = met
        after = (index + 1) % len(room.walls)
        other_m = float(rng.uniform(0.55, 1.0)) * most_m
        a, e = max(a, b - most_m), min(e, c + max(other_m, 1.9))
        if b - a < 1.75 or e - c < 1.75:
            continue
        first_owns = rng.random() < 0.5
        one, other = _ends(room, index, (a, b))[0], _ends(room, after, (c, e))[1]
        made.append([
            Leg(index, a, b if first_owns else b - DEEP_M, one, "corner" if first_owns else "behind"),
            Leg(after, c + DEEP_M if first_owns else c, e, "behind" if first_owns else "corner", other),
        ])  # fmt: skip
    return made


def _around_two_corners(
    room: Occupancy, free: Sequence[Sequence[Stretch]], most_m: float, rng: np.random.Generator
) -> list[list[Leg]]:
    made, count = [], len(room.walls)
    for index in range(count):
        middle, after = (index + 1) % count, (index + 2) % count
        one, other = _meets(room, free, index), _meets(room, free, middle)
        length = room.walls[middle].length
        if one is None or other is None or one[1] != other[0] or not 2.4 < length < 4.8:
            continue
        (a, b), (low, high), (c, e) = one[0], one[1], other[1]
        side = [max(1.75, float(rng.uniform(0.5, 0.9)) * most_m) for _ in range(2)]
        a, e = max(a, b - side[0]), min(e, c + side[1])
        if min(b - a, e - c) < 1.75:
            continue
        owns = length > 3.2 and rng.random() < 0.6
        ends = _ends(room, index, (a, b))[0], _ends(room, after, (c, e))[1]
        near = ("behind", "corner") if owns else ("corner", "behind")
        made.append([
            Leg(index, a, b - DEEP_M if owns else b, ends[0], near[0]),
            Leg(middle, low if owns else low + DEEP_M, high if owns else high - DEEP_M, near[1], near[1]),
            Leg(after, c + DEEP_M if owns else c, e, near[0], ends[1]),
        ])  # fmt: skip
    return made


def _galleys(
    room: Occupancy, free: Sequence[Sequence[Stretch]], most_m: float, rng: np.random.Generator
) -> list[list[Leg]]:
    made = []
    for index, wall in enumerate(room.walls):
        for other in range(index + 1, len(room.walls)):
            apart = float((room.walls[other].start - wall.start) @ wall.inward)
            if room.walls[other].inward @ wall.inward > -0.5 or not 2.2 < apart < 3.3:
                continue
            legs = []
            for each in (index, other):
                longest = max(free[each], key=lambda s: s[1] - s[0], default=(0.0, 0.0))
                low, high = longest
                long = min(high - low, most_m)
                low = low if rng.random() < 0.5 else high - long
                if long > 1.5:
                    legs.append(Leg(each, low, low + long, *_ends(room, each, (low, low + long))))
            if len(legs) == 2:
                made.append(legs)
    return made


# -- what ----------------------------------------------------------------------------------------------


def fit_out(room: Occupancy, legs: Sequence[Leg], rng: np.random.Generator) -> list[Slot] | None:
    """Divide a run: tall things at its ends, corners, a sink (below a window, if there is one), a hob with
    room beside it, a dishwasher beside the sink, units between. None when sink and hob do not both fit."""
    inner = [[leg.low, leg.high] for leg in legs]
    slots: list[Slot] = []
    for number, leg in enumerate(legs):
        for at, end, sign in ((leg.at_low, 0, 1), (leg.at_high, 1, -1)):
            wide = {"corner": CORNER_M, "behind": FILLER_M}.get(at, 0.0)
            if wide:
                what = "corner" if at == "corner" else "filler"
                slots.append(_cut(inner, number, end, sign, wide, what))
    slots += _tall_things(room, legs, inner, rng)
    sink = _place_sink(room, legs, inner, rng)
    if sink is None:
        return None
    hob = _place_hob(room, legs, inner, sink, rng)
    if hob is None:
        return None
    slots += [sink, hob]
    for number in range(len(legs)):
        taken = sorted((s.low, s.high) for s in (sink, hob) if s.leg == number)
        edges = [inner[number][0], *(edge for each in taken for edge in each), inner[number][1]]
        for low, high in zip(edges[::2], edges[1::2]):
            beside = number == sink.leg and min(abs(low - sink.high), abs(high - sink.low)) < 1e-6
            slots += _divide(number, low, high, sink if beside else None, slots, rng)
    return slots


def _cut(inner: list[list[float]], leg: int, end: int, sign: int, wide: float, what: str) -> Slot:
    """Take a slot from one end of what is left of a leg."""
    edge = inner[leg][end]
    inner[leg][end] = edge + sign * wide
    return Slot(leg, min(edge, edge + sign * wide), max(edge, edge + sign * wide), what)


def _tall_things(
    room: Occupancy, legs: Sequence[Leg], inner: list[list[float]], rng: np.random.Generator
) -> list[Slot]:
    """A refrigerator at an end of a leg, often with a tall unit beside it; none where they would block a
    window or leave too little worktop."""
    ends = []
    for number, leg in enumerate(legs):
        tall = stretches(room, leg.wall, DEEP_M, 0.0, min(TALL_M, room.height_m - 0.05))
        for at, end, sign in ((leg.at_low, 0, 1), (leg.at_high, 1, -1)):
            if at in ("free", "wall"):
                edge = inner[number][end]
                reach = max((min(sign * (b if sign > 0 else a) - sign * edge, 9.0) for a, b in tall
                             if a - 0.03 <= edge <= b + 0.03), default=0.0)  # fmt: skip
                ends.append((number, end, sign, at, reach))
    for pick in rng.permutation(len(ends)):
        number, end, sign, at, reach = ends[int(pick)]
        left = inner[number][1] - inner[number][0]
        spare = min(reach, left - (1.75 if len(legs) == 1 else 0.0))
        made = []
        margin = 0.06 if at == "wall" else 0.0  # its door needs room at the wall
        fridge = 0.62 + margin
        if spare < fridge:
            continue
        wide = spare > 2.4 and rng.random() < 0.4
        if margin:
            made.append(_cut(inner, number, end, sign, margin, "gap"))
        made.append(_cut(inner, number, end, sign, 0.94 if wide else 0.62, "fridge"))
        if spare > fridge + 0.61 and rng.random() < 0.55:
            made.append(_cut(inner, number, end, sign, 0.6, "tall"))
        return made
    return []


def _place_sink(
    room: Occupancy, legs: Sequence[Leg], inner: list[list[float]], rng: np.random.Generator
) -> Slot | None:
    options = []
    for number, leg in enumerate(legs):
        low, high = inner[number]
        # Where a hob has no other leg, it needs its share of this one.
        other = any(b - a > HOB_M + 0.1 for n, (a, b) in enumerate(inner) if n != number)
        spare = high - low - (0.0 if other else HOB_M + 0.25)
        wide = max((w for w in (0.6, 0.8, 1.0) if w <= spare and (w == 0.6 or rng.random() < 0.6)), default=0)
        if not wide:
            continue
        windows = [w for w in room.windows if w.wall == leg.wall]
        middles = [w.offset_m + w.width_m / 2 for w in windows]
        middles = [m for m in middles if low + wide / 2 <= m <= high - wide / 2]
        if middles:
            options.append((4.0, number, float(rng.choice(middles)), wide))
        share = float(rng.choice([0.0, 1.0, rng.random()]))
        options.append((1.0, number, low + wide / 2 + share * (high - low - wide), wide))
    if not options:
        return None
    weights = np.array([each[0] for each in options])
    _, number, middle, wide = options[int(rng.choice(len(options), p=weights / weights.sum()))]
    low, high = inner[number]
    start = min(max(middle - wide / 2, low), high - wide)
    for edge in (low, high - wide):  # no slits at the ends
        start = edge if abs(start - edge) < 0.16 else start
    return Slot(number, start, start + wide, "sink")


def _place_hob(
    room: Occupancy, legs: Sequence[Leg], inner: list[list[float]], sink: Slot, rng: np.random.Generator
) -> Slot | None:
    for margin, apart in ((0.3, 0.4), (0.15, 0.3), (0.0, 0.16)):
        options = []
        for number, leg in enumerate(legs):
            low, high = inner[number]
            above = stretches(room, leg.wall, 0.45, 1.45, min(2.05, room.height_m - 0.05))
            starts = np.arange(low + margin, high - margin - HOB_M + 1e-6, 0.05)
            for start in starts:
                end = start + HOB_M
                clear = number != sink.leg or start >= sink.high + apart or end <= sink.low - apart
                if clear and any(a <= start and end <= b for a, b in above):
                    options.append((number, float(start)))
        if options:
            number, start = options[int(rng.integers(len(options)))]
            low, high = inner[number]
            edges = [low, high - HOB_M]
            if number == sink.leg and margin == 0.0:
                edges += [sink.high, sink.low - HOB_M]
            near = [edge for edge in edges if abs(start - edge) < 0.14]
            start = near[0] if near else start
            return Slot(number, start, start + HOB_M, "hob")
    return None


def _divide(
    leg: int, low: float, high: float, sink: Slot | None, made: Sequence[Slot], rng: np.random.Generator
) -> list[Slot]:
    """Units that fill a gap."""
    slots = []
    first = sink is not None and not any(s.what == "dishwasher" for s in made)
    if first and high - low > 0.598 and rng.random() < 0.8:
        at_low = abs(low - sink.high) < 1e-6
        wide = 0.6 if high - low > 0.75 else high - low
        start = low if at_low else high - wide
        slots.append(Slot(leg, start, start + wide, "dishwasher"))
        low, high = (low + wide, high) if at_low else (low, high - wide)
    gap = high - low
    if gap < 1e-4:
        return slots
    if gap < 0.14:
        return [*slots, Slot(leg, low, high, "filler")]
    if gap > 0.7 and rng.random() < 0.25:
        wide = float(rng.uniform(0.15, 0.2))
        slots.append(Slot(leg, low, low + wide, "rack"))
        low, gap = low + wide, gap - wide
    count = max(1, round(gap / float(rng.choice([0.5, 0.6, 0.8]))))
    for number in range(count):
        wide = gap / count
        names, chances = ("drawers", "doors", "open"), (0.46, 0.46, 0.08)
        what = "rack" if wide < 0.24 else str(rng.choice(names, p=chances))
        slots.append(Slot(leg, low + number * wide, low + (number + 1) * wide, what))
    return slots
