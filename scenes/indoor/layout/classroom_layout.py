"""Classrooms: desks in rows or blocks that face a board, the teacher's desk, windows on one side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.seeding import rng_for

from .catalogue import Size, draw_size
from .groups import Made
from .openings import Opening
from .placement import Anchors, Occupancy, Piece
from .room_plan import Layout, walls_of
from .shell_plan import JAMB_M

LARGER = 1.5
"""How much longer than an ordinary room of the recipe a classroom is."""
BOARD_Z_M = 0.82
"""Height of a board's tray."""
FRONT_M = 2.3
"""From the board to the first row."""


def plan_classroom(spec: Any, seed: int) -> Layout:
    """The shell of a classroom: its door near the board or at the back, windows along one side."""
    rng = rng_for(seed, "classroom")
    height = float(spec.room.height_m)
    w, d = (min(15.0, LARGER * float(side)) for side in (spec.room.width_m, spec.room.depth_m))
    outline = np.array([(0, 0), (w, 0), (w, d), (0, d)], dtype=np.float64)
    walls = walls_of(outline)
    front = _front(walls)
    sides = [(front + 1) % 4, (front - 1) % 4]
    glazed = sides[int(rng.integers(2))]
    other = sides[1 - sides.index(glazed)]
    door = _door(walls[other].length, other, (front - 1) % 4 == other, height, rng)
    windows = _windows(walls[glazed].length, glazed, int(spec.windows.count), height, rng)
    return Layout(outline, height, door, windows, whole=frozenset({front}), kind="classroom")


def _front(walls: Any) -> int:
    """The wall of the board: the first of the two shorter ones."""
    return min(range(4), key=lambda i: (round(walls[i].length, 6), i))


def _door(length: float, index: int, runs_to_front: bool, height: float, rng: np.random.Generator) -> Opening:
    width = float(rng.choice([0.88, 0.94, 1.0]))
    slack = length - width - 2 * JAMB_M
    at_front = rng.random() < 0.6
    share = 0.97 if at_front == runs_to_front else 0.03
    top = min(float(rng.choice([2.03, 2.1])), height - 0.1)
    return Opening(index, JAMB_M + share * slack, width, top, 0.0, hinge_at_start=share < 0.5)


def _windows(
    length: float, index: int, count: int, height: float, rng: np.random.Generator
) -> tuple[Opening, ...]:
    """A long row of equal windows; there are twice as many as in a living room."""
    count = min(2 * count, int((length - 0.6) // 1.0))
    if count == 0:
        return ()
    sill, lintel = float(rng.uniform(0.8, 1.0)), min(float(rng.uniform(2.2, 2.7)), height - 0.2)
    pier = float(rng.uniform(0.15, 0.45))
    width = min((length - 0.8 - (count - 1) * pier) / count, float(rng.uniform(1.0, 1.9)))
    start = (length - count * width - (count - 1) * pier) / 2
    return tuple(Opening(index, start + n * (width + pier), width, lintel - sill, sill) for n in range(count))


def classroom_group(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """The board with the teacher's desk before it, and the pupils' desks, all of one make."""
    front = _front(room.walls)
    wall = room.walls[front]
    middle = wall.length / 2
    here = Anchors(wall.point(middle)[None], np.array([wall.yaw_deg]), np.array([front]), np.array([middle]))
    for wide in (4.4, 3.2, 2.4, 1.8):
        w, d, h = draw_size("board", rng, width=(1.8, min(wide, wall.length - 0.6)))
        h = min(h, room.height_m - BOARD_Z_M - 0.25)
        board = Piece("board", (w, d, h), (0, -d / 2 - 0.002, 0), BOARD_Z_M, clearance_m=0)
        if (made := room.place([board], here, rng, seed)) is not None:
            break
    _teacher(room, rng, seed, here, wall.length)
    _pupils(room, rng, seed, here, wall.length, density)
    return made


def _teacher(room: Occupancy, rng: np.random.Generator, seed: int, here: Anchors, long: float) -> None:
    """The desk that looks at the class, aside of the board's middle, with a chair behind it."""
    desk, chair = draw_size("desk", rng, width=(1.2, 1.6)), draw_size("office_chair", rng)
    reach = max(0.0, long / 2 - desk[0] / 2 - 0.5)
    for _ in range(6):
        x = float(rng.choice([-1, 1])) * reach * float(rng.uniform(0.15, 0.9))
        behind = float(rng.uniform(0.95, 1.2))
        pieces = [
            Piece("desk", desk, (x, -behind - desk[1] / 2, 180), params={"variant": "panels"}, clearance_m=0),
            Piece("office_chair", chair, (x, -behind + chair[1] / 2 + 0.05, float(rng.normal(0, 25))),
                  required=False, params={"seat_z_m": 0.45}),
        ]  # fmt: skip
        if room.place(pieces, here, rng, seed + 10) is not None:
            return


def _pupils(
    room: Occupancy, rng: np.random.Generator, seed: int, here: Anchors, long: float, density: float
) -> None:
    """Rows of desks for one or two that face the board, or blocks of four at which pupils face each other."""
    double = rng.random() < 0.6
    width = float(rng.uniform(1.2, 1.35)) if double else float(rng.uniform(0.65, 0.75))
    desk: Size = (width, float(rng.uniform(0.5, 0.56)), float(rng.uniform(0.71, 0.76)))
    chair = draw_size("school_chair", rng)
    steel = ("metal", "metal_brushed", "metal_dark")
    metal = str(rng.choice(steel[:2]))
    make = {"metal": metal, "frame": str(rng.choice(["four", "skid"]))}
    tops, shells = ("wood_light", "wood", "painted_wood"), ("wood_light", "wood", "plastic:1", "plastic:4")
    desks = make | {"top": str(rng.choice(tops)), "shelf": bool(rng.random() < 0.7)}
    chairs = make | {
        "shell": str(rng.choice(shells)),
        "variant": str(rng.choice(["plywood", "shell"])),
        "seat_z_m": round(desk[2] - float(rng.uniform(0.27, 0.3)), 3),
    }
    twins = [int(v) for v in rng.integers(2**31, size=2)]
    deep = room.across(here)[0]
    blocks = rng.random() < 0.25
    aisle = float(rng.uniform(0.55, 0.75))
    pitch = float(rng.uniform(1.3, 1.5)) if not blocks else 2 * desk[1] + 1.55
    columns = int((long - 0.7 + aisle) // (width + aisle))
    rows = int((deep - FRONT_M - (0.8 if not blocks else 1.0)) // pitch) + 1
    aisle = min(1.1, (long - 0.7 - columns * width) / max(1, columns - 1)) if columns > 1 else 0.0
    for row in range(rows):
        for column in range(columns):
            x = (column - (columns - 1) / 2) * (width + aisle)
            y = -FRONT_M - desk[1] / 2 - row * pitch - (0.5 if blocks else 0.0)
            if rng.random() > 0.72 + 0.35 * density:
                continue
            for sign in (1, -1) if blocks else (1,):  # the second desk of a block stands back to back
                at = y + (0.0 if sign > 0 else desk[1] + 0.006)
                pieces = _place_of_pupil(rng, desk, chair, (x, at), sign, desks, chairs, twins)
                room.place(pieces, here, rng, seed + 1000 + 40 * row + column)


def _place_of_pupil(
    rng: np.random.Generator, desk: Size, chair: Size, at: tuple[float, float], sign: int,
    desks: dict[str, Any], chairs: dict[str, Any], twins: list[int],
) -> list[Piece]:  # fmt: skip
    """A desk, which faces the board where `sign` is 1, with the chairs of its one or two pupils."""
    turn = 0.0 if sign > 0 else 180.0
    askew = float(rng.normal(0, 1.2))
    pieces = [Piece("school_desk", desk, (*at, turn + askew), params=desks, seed=twins[0])]
    seats = (0.0,) if desk[0] < 1.0 else (-0.25 * desk[0], 0.25 * desk[0])
    for seat in seats:
        out = float(rng.uniform(-0.12, 0.06)) if rng.random() < 0.7 else float(rng.uniform(0.06, 0.25))
        away = desk[1] / 2 + chair[1] / 2 + out
        askew = float(rng.normal(0, 5 if out < 0.06 else 14))
        offset = (at[0] + sign * seat, at[1] - sign * away, turn + 180 + askew)
        pieces.append(Piece("school_chair", chair, offset, required=False, params=chairs, seed=twins[1]))
        if rng.random() < 0.2:
            bag = draw_size("backpack", rng)
            beside = (at[0] + sign * (seat + 0.38), at[1] - sign * (away - 0.1), float(rng.uniform(0, 360)))
            pieces.append(Piece("backpack", bag, beside, required=False))
    return pieces


def paper_bin(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A bin for waste paper in a corner or at a wall."""
    size = draw_size("paper_bin", rng)
    piece = Piece("paper_bin", size, (0, -size[1] / 2 - 0.04, 0))
    return room.place([piece], room.along_walls(size[0] + 0.1, rng, 14), rng, seed)


def posters(room: Occupancy, rng: np.random.Generator, seed: int) -> None:
    """Charts and maps on a free stretch of wall, of one height or hung as they came."""
    count, pieces, x = int(rng.integers(1, 5)), [], 0.0
    even, twin = rng.random() < 0.5, draw_size("poster", rng)
    for _ in range(count):
        size = twin if even else draw_size("poster", rng)
        w, h = size[0], min(size[2], room.height_m - 1.2)
        x += w / 2
        thin = 0.02 if rng.random() < 0.35 else 0.006
        low = 1.5 - h / 2 if even else 1.5 - h / 2 + float(rng.normal(0, 0.06))
        pieces.append(
            Piece("poster", (w, thin, h), (x, -thin / 2 - 0.002, 0), low, params={"rods": thin > 0.01})
        )
        x += w / 2 + float(rng.uniform(0.05, 0.16))
    pieces = [replace(each, offset=(each.offset[0] - x / 2, *each.offset[1:])) for each in pieces]
    room.place(pieces, room.along_walls(x + 0.1, rng, gap_m=0.0), rng, seed)


def classroom_lights(room: Occupancy, hang: Any, seed: int) -> None:
    """Long lamps in rows across the room; `hang` is (room, rng, size, xy, yaw_deg, seed, kind)."""
    rng = rng_for(seed, "ceiling")
    x0, y0, x1, y1 = room.bounds
    along = 0 if x1 - x0 > y1 - y0 else 1
    size = (x1 - x0, y1 - y0)
    rows, columns = max(1, round(size[1 - along] / 2.6)), max(1, round(size[along] / 2.6))
    w, d, h = draw_size("strip_light", rng)
    drop = room.height_m - 2.35
    h = (
        float(rng.uniform(0.3, drop))
        if drop > 0.35 and rng.random() < 0.4
        else float(rng.uniform(0.05, 0.08))
    )
    lengthwise, twin = rng.random() < 0.6, int(rng.integers(2**31))
    yaw = (0.0 if along == 0 else 90.0) + (0.0 if lengthwise else 90.0)
    for row in range(rows):
        for column in range(columns):
            xy = np.array([x0, y0], dtype=np.float64)
            xy[along] += (column + 0.5) * size[along] / columns
            xy[1 - along] += (row + 0.5) * size[1 - along] / rows
            hang(room, rng, (w, d, h), xy, yaw, twin, kind="strip_light")
