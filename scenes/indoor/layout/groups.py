"""Functional groups: the furniture that belongs together, as people arrange it.

Every function tries to put one group into the room and returns the indices of its items, or None when it
fits nowhere. A group's frame has its origin on the wall (or its middle, when it stands free) and its front
towards -y.
"""

from __future__ import annotations

import numpy as np

from .catalogue import CHAISE_BODY_M, SEAT_Z_M, Size, draw_size
from .placement import Anchors, Occupancy, Piece

Made = list[int | None] | None


def sofa_group(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A sofa with what belongs around it: a television or armchairs opposite, coffee table, rug, lamp."""
    longest = max(wall.length for wall in room.walls)
    for most in (2.4, 1.9, 1.6):
        if most > 0.75 * longest:
            continue
        for television in (True, False) if rng.random() < 0.72 else (False, True):
            made = _sofa_facing(room, rng, seed, density, most, television)
            if made is not None:
                return made
    return reading_corner(room, rng, seed, density)


def _sofa_facing(
    room: Occupancy, rng: np.random.Generator, seed: int, density: float, most_m: float, television: bool
) -> Made:
    sofa, look = draw_size("sofa", rng, width=(1.5, most_m)), seat_height(rng)
    if most_m >= 2.4 and rng.random() < 0.3:
        sofa = (float(rng.uniform(2.35, 2.8)), float(rng.uniform(1.45, 1.65)), sofa[2])
        look["chaise"] = 1 if rng.random() < 0.5 else -1
    chaise = int(look.get("chaise", 0))
    w, deep = sofa[0], CHAISE_BODY_M if chaise else sofa[1]
    table = draw_size("coffee_table", rng, width=(0.5 if chaise else 0.62) * w)
    if rng.random() < 0.15:
        table = (table[1] + 0.15, table[1] + 0.15, table[2])
    round_ = {"round": True} if table[0] == table[1] else {}
    gap, back = float(rng.uniform(0.34, 0.48)), 0.03 + float(rng.uniform(0, 0.06))
    anchors = room.along_walls(w + 0.04, rng)
    run = room.across(anchors)
    floating = np.full(len(anchors), back)
    if television:
        viewing = float(rng.uniform(2.9, 3.6))  # back of the sofa to the wall of the television
        floating = np.where(run - viewing > 0.85, run - viewing, back)
        if rng.random() < 0.5:  # a sofa at the wall, far from the television, is as common
            floating = np.where(run < 4.8, back, floating)
    table_y = -(floating + deep + gap + table[1] / 2)
    shift = float(rng.normal(0, 0.06)) - chaise * w / 6
    pieces = [
        Piece("sofa", sofa, column(0, -(floating + sofa[1] / 2), 0), params=look),
        Piece("coffee_table", table, column(shift, table_y, float(rng.normal(0, 2))), params=round_),
    ]
    if television:
        pieces += _television(rng, w, run, shift)
        before = run - floating - max(deep + gap + table[1], sofa[1]) - 0.46
        score = lambda a: np.where(before > 0.6, centred(a, room), -np.inf)  # noqa: E731
    else:
        score = lambda a: np.where(run > deep + gap + table[1] + 0.5, centred(a, room), -np.inf)  # noqa: E731
    pieces += _around_sofa(rng, density, sofa, table, floating, table_y, shift, television, chaise)
    return room.place(pieces, anchors, rng, seed, score)


def _television(rng: np.random.Generator, sofa_w: float, run: np.ndarray, shift: float) -> list[Piece]:
    """A low cabinet with a television on it, or on the wall above it, at the far end of `run`."""
    screen = draw_size("television", rng, width=(0.9, min(1.4, 0.75 * sofa_w)))
    stand = draw_size("tv_stand", rng, width=(screen[0] * 1.05, max(screen[0] * 1.3, 1.3)))
    stand = (stand[0], max(stand[1], screen[1] + 0.06), stand[2])
    far = -(run - 0.02 - stand[1] / 2)
    pieces = [Piece("tv_stand", stand, column(shift, far, 180))]
    if rng.random() < 0.25:
        flat = (screen[0], 0.06, screen[0] * 9 / 16)
        low = stand[2] + float(rng.uniform(0.25, 0.4))
        mounted = {"wall_mounted": True}
        return [*pieces, Piece("television", flat, column(shift, -(run - 0.032), 180), low, params=mounted)]
    return [*pieces, Piece("television", screen, column(shift, far - 0.02, 180), z_m=stand[2], on=2)]


def _around_sofa(
    rng: np.random.Generator, density: float, sofa: Size, table: Size, floating: np.ndarray,
    table_y: np.ndarray, shift: float, television: bool, chaise: int,
) -> list[Piece]:  # fmt: skip
    """What may stand around a sofa and its table; the front of the sofa's back wall is at -floating."""
    w = sofa[0]
    pieces: list[Piece] = []
    if rng.random() < 0.8:
        rug = (
            min(3.2, w + float(rng.uniform(0.0, 0.7))),
            table[1] + 0.45 + float(rng.uniform(0.35, 0.8)),
            0.012,
        )
        look = {}
        if rng.random() < 0.15:
            rug, look = (rug[1] + 0.4, rug[1] + 0.4, 0.012), {"variant": "round"}
        offset = column(shift, table_y, float(rng.normal(0, 0.8)))
        pieces.append(Piece("rug", rug, offset, required=False, params=look))
    sides = [-1, 1] if rng.random() < 0.5 else [1, -1]
    pieces += _armchairs(rng, density, table, table_y, shift, television, [-chaise] if chaise else sides)
    lamp, small = draw_size("floor_lamp", rng), draw_size("side_table", rng)
    if rng.random() < 0.35 + 0.5 * density:
        offset = column(sides[0] * (w / 2 + 0.06 + lamp[0] / 2), -(floating + lamp[0] / 2 + 0.04), 0)
        pieces.append(Piece("floor_lamp", lamp, offset, required=False))
    if rng.random() < 0.35 + 0.5 * density:
        x = -sides[0] * (w / 2 + 0.05 + small[0] / 2)
        offset = column(x, -(floating + 0.42), float(rng.normal(0, 2)))
        look = {"round": True} if rng.random() < 0.4 else {}
        pieces.append(Piece("side_table", small, offset, required=False, params=look))
    return pieces


def _armchairs(
    rng: np.random.Generator, density: float, table: Size, table_y: np.ndarray, shift: float,
    television: bool, sides: list[int],
) -> list[Piece]:  # fmt: skip
    """Up to two equal armchairs at the table's ends, or opposite the sofa; perhaps a pouffe."""
    armchair, twin = draw_size("armchair", rng), int(rng.integers(2**31))
    angle, seat = float(rng.uniform(55, 90)), seat_height(rng)
    beside = table[0] / 2 + 0.5 + armchair[1] / 2
    opposite = table_y - table[1] / 2 - 0.42 - armchair[1] / 2
    count = int(rng.random() < 0.35 + 0.5 * density) + int(rng.random() < 0.6 * density)
    pieces = []
    for sign in sides[:count]:
        if television or rng.random() < 0.4:
            offset = column(shift + sign * beside, table_y - 0.05, -sign * angle + float(rng.normal(0, 5)))
        else:  # turned a little towards each other
            x = shift + sign * max(armchair[0] / 2 + 0.1, 0.45)
            offset = column(x, opposite, 180 - sign * float(rng.uniform(4, 18)))
        pieces.append(
            Piece("armchair", armchair, offset, required=False, params=seat, seed=twin, clearance_m=0)
        )
    if rng.random() < 0.3 * density:
        stool = draw_size("stool", rng)
        x = shift + float(rng.uniform(-0.3, 0.3))
        offset = column(x, table_y - table[1] / 2 - 0.2 - stool[1] / 2, float(rng.uniform(0, 360)))
        pieces.append(Piece("stool", stool, offset, required=False))
    return pieces


def bed_group(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A bed with its headboard at a wall, nightstands, and perhaps a rug and a bench."""
    first = float(rng.choice([1.8, 1.6, 1.4, 1.2, 1.0], p=[0.2, 0.35, 0.2, 0.1, 0.15]))
    for width in sorted({first, 1.4, 0.9}, reverse=True):
        if width > first:
            continue
        bed = draw_size("bed", rng, width=(width - 0.01, width + 0.01))
        made = _bed_with(room, rng, seed, density, bed)
        if made is not None:
            return made
    return None


def _bed_with(room: Occupancy, rng: np.random.Generator, seed: int, density: float, bed) -> Made:
    w, d, _ = bed
    stand, twin = draw_size("nightstand", rng), int(rng.integers(2**31))
    double = w >= 1.4
    params = {"mattress_z_m": float(rng.uniform(0.48, 0.62))}
    stand = (stand[0], stand[1], min(stand[2], params["mattress_z_m"] + 0.04))
    anchors = room.along_walls(w + (2 * stand[0] + 0.16 if double else 0.02), rng)
    if not double:  # narrow beds stand in corners
        anchors = room.along_walls(w + 0.02, rng)
    pieces = [Piece("bed", bed, (0, -d / 2 - 0.02, 0), params=params)]
    for sign in (-1, 1):
        offset = (sign * (w / 2 + 0.06 + stand[0] / 2), -stand[1] / 2 - 0.02, float(rng.normal(0, 1)))
        pieces.append(Piece("nightstand", stand, offset, required=double, seed=twin))
    if rng.random() < 0.65:
        rug = (w + float(rng.uniform(0.7, 1.3)), float(rng.uniform(1.3, 1.9)), 0.014)
        pieces.append(
            Piece(
                "rug", rug, (0, -d * float(rng.uniform(0.66, 0.8)), float(rng.normal(0, 0.7))), required=False
            )
        )
    if double and rng.random() < 0.35 * density + 0.1:
        bench = draw_size("bench", rng, width=w - 0.15)
        pieces.append(Piece("bench", bench, (0, -d - 0.08 - bench[1] / 2, 0), required=False))
    prefer = centred if double else cornered
    return room.place(pieces, anchors, rng, seed, lambda a: prefer(a, room))


def reading_corner(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """An armchair across a corner, with a lamp or a small table."""
    chair = draw_size("armchair", rng)
    side, turn = (1 if rng.random() < 0.5 else -1), float(rng.uniform(20, 45))
    reach = 0.5 * (chair[0] + chair[1]) * 0.72
    pieces = [Piece("armchair", chair, (0, -reach - 0.06, side * turn), params=seat_height(rng))]
    lamp, table = draw_size("floor_lamp", rng), draw_size("side_table", rng)
    if rng.random() < 0.6:
        pieces.append(
            Piece(
                "floor_lamp",
                lamp,
                (side * (reach + lamp[0] / 2 + 0.02), -lamp[0] / 2 - 0.05, 0),
                required=False,
            )
        )
    if rng.random() < 0.6:
        pieces.append(
            Piece("side_table", table, (-side * (reach + table[0] / 2 + 0.02), -reach, 0), required=False)
        )
    return room.place(pieces, room.along_walls(2 * reach + 0.5, rng), rng, seed, lambda a: cornered(a, room))


def at_wall(room: Occupancy, rng: np.random.Generator, seed: int, kind: str, density: float) -> Made:
    """One thing with its back to a wall, mostly flush with a corner; bookshelves also in a row."""
    tallest = room.height_m - 0.06
    for narrow in (1.0, 0.75, 0.5):
        size = draw_size(kind, rng, height=tallest)
        size = (max(size[0] * narrow, 0.6), size[1], size[2])
        params = _boards(size, rng) if kind == "bookshelf" else {}
        twin = int(rng.integers(2**31))
        pieces = [Piece(kind, size, (0, -size[1] / 2 - 0.012, 0), params=params, seed=twin)]
        if kind == "bookshelf" and rng.random() < 0.45 * density + 0.1:
            for sign in (1, -1)[: 1 + int(rng.random() < 0.4)]:
                pieces.append(
                    Piece(
                        kind,
                        size,
                        (sign * (size[0] + 0.006), -size[1] / 2 - 0.012, 0),
                        required=False,
                        params=params,
                        seed=twin,
                    )
                )
        made = room.place(
            pieces, room.along_walls(size[0] + 0.02, rng), rng, seed, lambda a: 0.6 * cornered(a, room)
        )
        if made is not None:
            return made
    return None


def in_corner(room: Occupancy, rng: np.random.Generator, seed: int, kind: str, density: float) -> Made:
    """One thing that stands in corners: a plant, a lamp."""
    size = draw_size(kind, rng, height=room.height_m - 0.2)
    side = size[0]
    pieces = [
        Piece(kind, size, (0, -side / 2 - 0.04, float(rng.uniform(0, 360)) if kind == "floor_plant" else 0.0))
    ]
    anchors = room.in_corners(side * 1.42 if kind == "floor_plant" else side)
    if kind == "floor_plant":
        pieces = [Piece(kind, size, (0, -side * 0.71 - 0.02, float(rng.choice([0, 90, 180, 270]))))]
    return room.place(pieces, anchors, rng, seed) or room.place(
        pieces, room.along_walls(side * 1.42, rng), rng, seed
    )


def beside(room: Occupancy, rng: np.random.Generator, seed: int, kind: str, density: float) -> Made:
    """One small thing on the floor beside a wall or a piece of furniture."""
    size = draw_size(kind, rng)
    turn = float(rng.normal(0, 8))
    pieces = [Piece(kind, size, (0, -0.55 * max(size[:2]) - 0.04, turn))]
    anchors = room.along_walls(1.1 * max(size[:2]), rng, per_wall=14)
    return room.place(pieces, anchors, rng, seed)


def column(x, y, yaw) -> np.ndarray:
    """(candidates, 3) offsets from numbers and (candidates,) arrays."""
    parts = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float), np.asarray(yaw, float))
    return np.stack(parts, axis=-1)


def seat_height(rng: np.random.Generator) -> dict[str, float]:
    """The params of a seat: how high it is."""
    return {"seat_z_m": SEAT_Z_M + float(rng.uniform(-0.03, 0.02))}


def _boards(size, rng: np.random.Generator) -> dict[str, list[float]]:
    first = float(rng.uniform(0.05, 0.11))
    count = max(2, round((size[2] - first) / float(rng.uniform(0.29, 0.39))))
    step = (size[2] - first) / count
    return {"board_z_m": [round(first + number * step, 4) for number in range(count)]}


def centred(anchors: Anchors, room: Occupancy) -> np.ndarray:
    """(n,) liking of places on walls: 1 in the middle of a wall, 0.2 at its ends."""
    lengths = np.array([room.walls[index].length for index in anchors.wall])
    return 1.0 - 1.6 * np.abs(anchors.offset_m / lengths - 0.5)


def cornered(anchors: Anchors, room: Occupancy) -> np.ndarray:
    """(n,) liking of places on walls: 0 in the middle of a wall, 0.8 at its ends."""
    lengths = np.array([room.walls[index].length for index in anchors.wall])
    return 1.6 * np.abs(anchors.offset_m / lengths - 0.5)
