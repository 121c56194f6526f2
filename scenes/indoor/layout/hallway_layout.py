"""Hallways: long and narrow, with doors on several sides, and what people leave where they come in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.seeding import rng_for

from .architecture import build_stairs, wants_stairs
from .catalogue import draw_size
from .groups import Made, centred, cornered
from .openings import Opening
from .passages import with_shut_doors
from .placement import Anchors, Occupancy, Piece
from .room_plan import Layout, walls_of
from .shell_plan import JAMB_M, plan_windows

BROAD_M = (1.4, 2.3)
LONGER = (1.0, 1.4)
"""How much longer than the longer side of an ordinary room a hallway is."""
HOOK_M = 1.68
"""Height of coat hooks."""


def plan_hallway(spec: Any, seed: int) -> Layout:
    """The shell of a hallway: as long as a large room and narrow, the front door mostly at one end."""
    rng = rng_for(seed, "hallway")
    width, depth = float(spec.room.width_m), float(spec.room.depth_m)
    long = max(width, depth) * float(rng.uniform(*LONGER))
    broad = min(float(rng.uniform(*BROAD_M)), width, depth)
    if wants_stairs("hallway", spec, seed):
        long, broad = max(long, float(rng.uniform(5.2, 6.4))), max(broad, float(rng.uniform(1.95, 2.5)))
    w, d = (long, broad) if width >= depth else (broad, long)
    outline = np.array([(0, 0), (w, 0), (w, d), (0, d)], dtype=np.float64)
    height = float(spec.room.height_m)
    walls = walls_of(outline)
    short = [index for index, wall in enumerate(walls) if wall.length == min(w, d)]
    index = int(rng.choice(short)) if rng.random() < 0.7 else int(rng.integers(4))
    door = _front_door(walls[index].length, index, height, rng)
    # Daylight comes from the far end, from a wall with few doors, or only through other rooms.
    count = int(spec.windows.count)
    if rng.random() < 0.3:
        count = 0
    barred = {index} | set(range(4)) - set(short) if rng.random() < 0.6 else {index}
    shell = build_stairs(Layout(outline, height, door, (), kind="hallway"), spec, seed)
    if shell.stairs is not None:
        barred.add(shell.stairs.wall)
    windows = plan_windows(outline, height, door, min(count, 2), "hallway", seed, barred=frozenset(barred))
    shell = replace(shell, windows=windows)
    return with_shut_doors(shell, int(rng.integers(1, 4)), rng)


def _front_door(length: float, index: int, height: float, rng: np.random.Generator) -> Opening:
    width = min(float(rng.choice([0.88, 0.94, 1.0])), length - 2 * JAMB_M)
    slack = length - width - 2 * JAMB_M
    offset = JAMB_M + slack * float(rng.choice([0.5, rng.uniform(0, 1)]))
    top = min(float(rng.choice([2.03, 2.1])), height - 0.1)
    return Opening(index, offset, width, top, 0.0, hinge_at_start=bool(rng.random() < 0.5))


def hallway_group(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A runner along the hallway, and near the door a place for coats."""
    made = coat_place(room, rng, seed, density)
    runner(room, rng, seed)
    return made


def runner(room: Occupancy, rng: np.random.Generator, seed: int) -> Made:
    """A long rug in the middle of the way; a shorter one where that does not fit."""
    if rng.random() < 0.25:
        return None
    x0, y0, x1, y1 = room.bounds
    long, broad = max(x1 - x0, y1 - y0), min(x1 - x0, y1 - y0)
    across = min(float(rng.choice([0.7, 0.8, 0.9])), broad - 0.55)
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    yaw = 0.0 if x1 - x0 > y1 - y0 else 90.0
    for share in (0.8, 0.6, 0.45):
        size = (min(share * long, 4.2), across, float(rng.uniform(0.008, 0.013)))
        shift = np.linspace(-0.5, 0.5, 7) * (long - size[0] - 0.4)
        direction = np.array([np.cos(np.radians(yaw)), np.sin(np.radians(yaw))])
        xy = middle + shift[:, None] * direction
        count = len(shift)
        anchors = Anchors(xy, np.full(count, yaw), np.full(count, -1), np.zeros(count))
        piece = Piece("rug", size, (0, 0, float(rng.normal(0, 0.5))))
        made = room.place([piece], anchors, rng, seed, lambda a: -np.hypot(*(a.xy - middle).T))
        if made is not None:
            return made
    return None


def coat_place(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A rack with coats on its hooks, above a bench for shoes or above the floor where they stand."""
    for wide in (1.3, 1.0, 0.75, 0.62):
        shelf = rng.random() < 0.5
        width = float(rng.uniform(max(0.6, wide - 0.2), wide))
        deep = float(rng.uniform(0.22, 0.28)) if shelf else float(rng.uniform(0.06, 0.09))
        size = (width, deep, float(rng.uniform(0.2, 0.3)) if shelf else float(rng.uniform(0.09, 0.14)))
        hooks = max(3, round((width - 0.1) / 0.17))
        twin = int(rng.integers(2**31))
        rack = Piece("coat_rack", size, (0, -deep / 2 - 0.002, 0), HOOK_M, params={"hooks": hooks}, seed=twin)
        pieces = [rack, *_hung(rng, width, hooks, density)]
        bench = rng.random() < 0.6
        if bench:
            shoe = draw_size("shoe_bench", rng, width=max(0.7, width))
            pieces.append(Piece("shoe_bench", shoe, (0, -shoe[1] / 2 - 0.022, 0), required=False))
        else:
            pieces += _standing_shoes(rng, width, density)
        made = room.place(
            pieces, room.along_walls(width + 0.1, rng, gap_m=0.0), rng, seed, lambda a: _near_door(a, room)
        )
        if made is not None:
            return made
    return None


def _hung(rng: np.random.Generator, width: float, hooks: int, density: float) -> list[Piece]:
    """Coats and bags on some of the hooks, each only as far as its neighbour lets it."""
    pieces, spacing = [], (width - 0.1) / max(1, hooks - 1)
    reach = -width / 2 - 0.2
    for hook in range(hooks):
        x = -width / 2 + 0.05 + hook * spacing
        if rng.random() > 0.25 + 0.65 * density:
            continue
        kind = "coat" if rng.random() < 0.75 else "hanging_bag"
        size = draw_size(kind, rng)
        if x - size[0] / 2 < reach + 0.005:
            continue
        reach = x + size[0] / 2
        low = HOOK_M - 0.004 - size[2]
        pieces.append(Piece(kind, size, (x, -size[1] / 2 - 0.002, 0), low, required=False))
    return pieces


def _standing_shoes(rng: np.random.Generator, width: float, density: float) -> list[Piece]:
    pieces, x = [], -width / 2 + 0.14
    while x < width / 2 - 0.1:
        if rng.random() < 0.25 + 0.6 * density:
            size = draw_size("shoes", rng)
            offset = (x, -size[1] / 2 - float(rng.uniform(0.03, 0.08)), float(rng.normal(0, 5)))
            pieces.append(Piece("shoes", size, offset, required=False))
        x += float(rng.uniform(0.28, 0.4))
    return pieces


def console(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A narrow table at the wall with a mirror above it."""
    for wide in (1.35, 1.0, 0.8):
        size = draw_size("console_table", rng, width=(0.8, wide))
        pieces = [Piece("console_table", size, (0, -size[1] / 2 - 0.022, 0))]
        pieces += _mirror_above(room, rng, size)
        made = room.place(
            pieces, room.along_walls(size[0] + 0.05, rng, gap_m=0.0), rng, seed, lambda a: centred(a, room)
        )
        if made is not None:
            return made
    return None


def shoe_cabinet(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A shallow cabinet for shoes, perhaps with a mirror above it."""
    size = draw_size("shoe_cabinet", rng)
    pieces = [Piece("shoe_cabinet", size, (0, -size[1] / 2 - 0.022, 0))]
    if rng.random() < 0.5:
        pieces += _mirror_above(room, rng, size)
    return room.place(
        pieces, room.along_walls(size[0] + 0.02, rng, gap_m=0.0), rng, seed, lambda a: 0.5 * cornered(a, room)
    )


def tall_mirror(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A mirror in which one sees oneself from head to foot."""
    tall = min(float(rng.uniform(1.3, 1.75)), room.height_m - 0.5)
    size = (float(rng.uniform(0.4, 0.65)), float(rng.uniform(0.02, 0.035)), tall)
    piece = Piece("mirror", size, (0, -size[1] / 2 - 0.002, 0), float(rng.uniform(0.15, 0.35)))
    return room.place([piece], room.along_walls(size[0] + 0.1, rng, gap_m=0.0), rng, seed)


def _mirror_above(room: Occupancy, rng: np.random.Generator, below) -> list[Piece]:
    size = draw_size("mirror", rng, width=0.85 * below[0], height=room.height_m - below[2] - 0.4)
    low = max(below[2] + 0.3, 1.5 - size[2] / 2)
    return [Piece("mirror", size, (0, -size[1] / 2 - 0.002, 0), low, required=False)]


def umbrellas(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A stand with umbrellas at a wall, near the door."""
    size = draw_size("umbrella_stand", rng)
    piece = Piece("umbrella_stand", size, (0, -size[1] / 2 - 0.04, float(rng.uniform(0, 360))))
    return room.place(
        [piece], room.along_walls(1.42 * size[0], rng, 14), rng, seed, lambda a: _near_door(a, room)
    )


def coat_stand(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A free stand with coats, in a corner."""
    size = draw_size("coat_stand", rng, height=room.height_m - 0.2)
    piece = Piece("coat_stand", size, (0, -size[1] / 2 - 0.03, 0))
    return room.place([piece], room.in_corners(size[0]), rng, seed)


def hallway_lights(room: Occupancy, hang: Any, seed: int) -> None:
    """Equal lamps in a row along the ceiling; `hang` is (room, rng, size, xy, yaw_deg, seed)."""
    rng = rng_for(seed, "ceiling")
    x0, y0, x1, y1 = room.bounds
    along = 0 if x1 - x0 > y1 - y0 else 1
    low, high = ((x0, x1), (y0, y1))[along]
    count = max(1, round((high - low) / float(rng.uniform(2.2, 3.2))))
    w = float(rng.uniform(0.26, 0.4))
    flat = room.height_m < 2.6 or rng.random() < 0.6
    size = (w, w, float(rng.uniform(0.08, 0.13)) if flat else float(rng.uniform(0.3, room.height_m - 2.1)))
    twin = int(rng.integers(2**31))
    for number in range(count):
        xy = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        xy[along] = low + (number + 0.5) * (high - low) / count
        hang(room, rng, size, xy, 0.0, twin)


def _near_door(anchors: Anchors, room: Occupancy) -> np.ndarray:
    """(n,) liking of places: 1 at the door, falling by 0.3 with every metre."""
    door = room.walls[room.door.wall].point(room.door.offset_m + room.door.width_m / 2)
    return 1.0 - 0.3 * np.hypot(*(anchors.xy - door).T)
