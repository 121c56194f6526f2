"""Desks and dining tables with their chairs, as people leave them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from .boxes import box_rows, overlaps
from .catalogue import Size, draw_size, solids
from .groups import Made, centred
from .placement import SPACE, Occupancy, Piece

SEAT = {"seat_z_m": 0.45}
OPEN_DESKS = {
    "classic": ("writing",), "rustic": ("writing", "trestle"), "modern": ("standing", "loops", "panels"),
    "scandinavian": ("writing", "trestle", "panels"),
}  # fmt: skip
"""Designs with legs only, by style: a chair can be pushed under them anywhere."""


def desk_group(
    room: Occupancy, rng: np.random.Generator, seed: int, density: float, facing_room: bool | None = None
) -> Made:
    """A desk at a wall, or facing the room with the chair between it and the wall."""
    facing_room = bool(rng.random() < 0.35) if facing_room is None else facing_room
    chair = draw_size("office_chair", rng)
    designs = OPEN_DESKS.get(room.style, ("panels",))
    look = (
        {"variant": designs[int(rng.integers(len(designs)))]}
        if rng.random() < 0.6
        else {"variant": "drawers"}
    )
    for wide in (1.8, 1.4, 1.15):
        desk = draw_size("desk", rng, width=(1.0, wide))
        w, d, _ = desk
        aside, turn, out = _left_by_someone(rng, desk, chair, look)
        reach = chair[1] / 2 + out
        if facing_room:
            behind = max(1.0, reach + chair[1] / 2 + 0.15)
            pieces = [
                Piece("desk", desk, (0, -behind - d / 2, 180), params=look, clearance_m=0),
                Piece("office_chair", chair, (-aside, -behind + reach, turn), params=SEAT),
                Piece(SPACE, (w, 0.6, 1.0), (0, -behind - d - 0.31, 0), by_window=True),
            ]
            anchors = room.along_walls(w + 1.2, rng)
        else:
            pieces = [
                Piece("desk", desk, (0, -d / 2 - 0.015, 0), params=look),
                Piece("office_chair", chair, (aside, -d - 0.015 - reach, 180 + turn), params=SEAT),
            ]
            anchors = room.along_walls(w + 0.02, rng)
        made = room.place(pieces, anchors, rng, seed, lambda a: centred(a, room) * 0.4)
        if made is not None:
            return made
        facing_room = False
    return None


def _left_by_someone(
    rng: np.random.Generator, desk: Size, chair: Size, look: dict[str, object]
) -> tuple[float, float, float]:
    """How far aside (metres), turned (degrees) and pulled out (metres) a chair stands at its desk.

    Pushed in where the desk leaves room below, else before it.
    """
    wished = float(rng.normal(0, 12)) if rng.random() < 0.6 else float(rng.uniform(-65, 65))
    first = float(rng.uniform(-0.2, 0.15)) if abs(wished) < 25 else float(rng.uniform(0.12, 0.35))
    aside = float(rng.normal(0, 0.05))
    taken = box_rows(solids("desk", desk, look), np.zeros((1, 2)), np.zeros(1), 0.0)[0]
    parts = solids("office_chair", chair, SEAT)
    for out in (first, first + 0.1, 0.06, 0.2):
        at = np.array([[aside, -desk[1] / 2 - chair[1] / 2 - out]])
        if not overlaps(box_rows(parts, at, np.array([180 + wished]), 0.0)[0], taken, -0.008).any():
            return aside, wished, out
    return aside, 0.0, 0.25


def dining_group(
    room: Occupancy, rng: np.random.Generator, seed: int, density: float, most_m: float = 2.2
) -> Made:
    """A table with its chairs, in the room or with one side at a wall."""
    at_wall = rng.random() < 0.12
    for number, wide in enumerate((most_m, min(most_m, 1.7), min(most_m, 1.35))):
        table = draw_size("dining_table", rng, width=(1.3, wide))
        round_ = not at_wall and rng.random() < 0.2
        if round_:
            wide = float(rng.uniform(0.95, 1.3))
            table = (wide, wide, table[2])
        for margin in (0.9, 0.7):
            if not at_wall and (made := _free_table(room, rng, seed, density, table, margin, round_)):
                return made
        if (at_wall or number == 2) and (made := _wall_table(room, rng, seed, density, table)):
            return made
    return None


def _free_table(
    room: Occupancy,
    rng: np.random.Generator,
    seed: int,
    density: float,
    table: Size,
    margin: float,
    round_: bool,
) -> Made:
    w, d, _ = table
    heads = not round_ and margin > 0.8 and rng.random() < 0.2 + 0.6 * density
    params = {"round": True} if round_ else {}
    space = (w + 2 * (margin if heads or round_ else 0.35), d + 2 * margin, 1.0)
    pieces = [
        Piece("dining_table", table, (0, 0, 0), params=params),
        Piece(SPACE, space, (0, 0, 0), by_window=True),
    ]
    places = _round_places(rng, table) if round_ else _long_sides(rng, table, heads)
    if rng.random() < 0.12 and not round_:
        bench = draw_size("bench", rng, width=(0.9, w - 0.2))
        pieces.append(Piece("bench", bench, (0, d / 2 + bench[1] / 2 + 0.02, 180)))
        places = (place for place in places if place[1] < d / 2 - 0.01)
    pieces += _chairs(rng, draw_size("chair", rng), table, params, places)
    if rng.random() < 0.5:
        rug = (w + 1.1, d + 1.3, 0.012)
        pieces.append(Piece("rug", rug, (0, 0, float(rng.normal(0, 0.6))), required=False))
    middle = room.outline_m.mean(axis=0)
    anchors = room.anywhere(rng, 60)
    return room.place(pieces, anchors, rng, seed, lambda a: -1.2 * np.hypot(*(a.xy - middle).T))


def _wall_table(room: Occupancy, rng: np.random.Generator, seed: int, density: float, table: Size) -> Made:
    w, d, _ = table
    out = -d / 2 - 0.02
    places = [place for place in _long_sides(rng, table, True) if place[1] < d / 2 - 0.01]
    chairs = [
        Piece(
            each.kind, each.size_m, (each.offset[0], each.offset[1] + out, each.offset[2]),
            required=abs(each.offset[0]) < w / 2, params=each.params, seed=each.seed,
        )
        for each in _chairs(rng, draw_size("chair", rng), table, {}, places)
    ]  # fmt: skip
    pieces = [
        Piece("dining_table", table, (0, out, 0)),
        Piece(SPACE, (w, 0.8, 1.0), (0, -d - 0.43, 0), by_window=True),
        *chairs,
    ]
    return room.place(pieces, room.along_walls(w + 0.3, rng), rng, seed, lambda a: centred(a, room))


Place = tuple[float, float, float]
"""(x, y) on the edge of a table and the yaw of someone who sits there; yaw 0 looks towards -y."""


def _long_sides(rng: np.random.Generator, table: Size, heads: bool) -> Iterator[Place]:
    w, d, _ = table
    count = max(1, int((w - 0.1) // 0.56))
    spread = min((w - 0.16) / count, 0.72)
    for sign in (-1, 1):
        for number in range(count):
            yield (number - (count - 1) / 2) * spread, sign * d / 2, 0.0 if sign == 1 else 180.0
    if heads:
        yield -w / 2, 0.0, 90.0
        yield w / 2, 0.0, -90.0


def _round_places(rng: np.random.Generator, table: Size) -> Iterator[Place]:
    count = 3 if table[0] < 1.05 else 4
    first = float(rng.uniform(0, 360))
    for number in range(count):
        turn = first + number * 360 / count
        angle = np.radians(turn)
        yield float(np.sin(angle) * -table[0] / 2), float(np.cos(angle) * table[0] / 2), turn


def _chairs(
    rng: np.random.Generator,
    chair: Size,
    table: Size,
    params: dict[str, object],
    places: Iterable[Place],
) -> list[Piece]:
    """A set of equal chairs, pushed in as far as table and neighbours allow, each a little differently."""
    taken = box_rows(solids("dining_table", table, params), np.zeros((1, 2)), np.zeros(1), 0.0)[0]
    parts, twin, chairs = solids("chair", chair, SEAT), int(rng.integers(2**31)), []
    for x, y, yaw in places:
        left = rng.random() < 0.13  # someone stood up and left it so
        out = float(rng.uniform(0.12, 0.3)) if left else float(rng.uniform(-0.18, 0.03))
        turn = float(rng.normal(0, 14)) if left else float(rng.normal(0, 3.5))
        back = np.array([-np.sin(np.radians(yaw)), np.cos(np.radians(yaw))])
        for pulled, turned in (
            (out, turn),
            (max(out, -0.1), turn),
            (max(out, -0.03), turn / 2),
            (0.03, 0.0),
            (0.2, 0.0),
        ):
            at = np.array([x, y]) + back * (chair[1] / 2 + pulled)
            rows = box_rows(parts, at[None], np.array([yaw + turned]), 0.0)[0]
            if not overlaps(rows, taken, -0.008).any():
                chairs.append(Piece("chair", chair, (at[0], at[1], yaw + turned), params=SEAT, seed=twin))
                taken = np.vstack([taken, rows])
                break
    return chairs
