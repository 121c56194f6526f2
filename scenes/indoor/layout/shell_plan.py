"""The empty room: its outline, its door and its windows."""

from __future__ import annotations

import numpy as np

from synthgen.seeding import rng_for

from .room_plan import Opening, Wall, walls_of

ARM_M = 2.1
"""An arm of an L-shaped room is at least this wide."""
Point = tuple[float, float]
HIGH_SILLS_M = {"kitchen": (1.03, 1.14), "bathroom": (1.1, 1.5)}
"""Rooms that have something below their windows."""
JAMB_M = 0.12
"""Least distance of an opening to a corner of the room or another opening."""


def plan_outline(width_m: float, depth_m: float, plan: str, seed: int) -> np.ndarray:
    """(n, 2) floor polygon, counter-clockwise from (0, 0); a rectangle when too small for the plan."""
    rng = rng_for(seed, "outline")
    if plan in ("t_shape", "bay", "u_shape"):
        points = _with_two_corners_cut(width_m, depth_m, plan, rng)
        return np.array(points, dtype=np.float64)
    cut_x = float(rng.uniform(0.25, 0.5)) * width_m
    cut_y = float(rng.uniform(0.25, 0.5)) * depth_m
    corner = int(rng.integers(3))
    cut_x, cut_y = min(cut_x, width_m - ARM_M), min(cut_y, depth_m - ARM_M)
    w, d = width_m, depth_m
    if plan == "l_shape" and min(cut_x, cut_y) >= 0.5:
        if corner == 0:
            points = [(0, 0), (w - cut_x, 0), (w - cut_x, cut_y), (w, cut_y), (w, d), (0, d)]
        elif corner == 1:
            points = [(0, 0), (w, 0), (w, d - cut_y), (w - cut_x, d - cut_y), (w - cut_x, d), (0, d)]
        else:
            points = [(0, 0), (w, 0), (w, d), (cut_x, d), (cut_x, d - cut_y), (0, d - cut_y)]
    else:
        points = [(0, 0), (w, 0), (w, d), (0, d)]
    return np.array(points, dtype=np.float64)


def _with_two_corners_cut(w: float, d: float, plan: str, rng: np.random.Generator) -> list[Point]:
    """A T (two corners cut off), a bay (a T with a short stem) or a U (a piece cut out of a side)."""
    turned = bool(rng.random() < 0.5)
    if turned:
        w, d = d, w
    share, place = float(rng.uniform(0.42, 0.62)), float(rng.choice([0.5, rng.uniform(0.25, 0.75)]))
    if plan == "bay":
        middle, deep = max(share * w, 1.5), float(rng.uniform(0.45, 0.9))
    elif plan == "t_shape":
        middle, deep = max(share * w, ARM_M), min(float(rng.uniform(0.3, 0.5)) * d, d - ARM_M)
    else:  # the arms are what is left
        middle, deep = w - max((1 - 0.5 * share) * w, 2 * ARM_M), float(rng.uniform(0.2, 0.45)) * d
    least = ARM_M if plan == "u_shape" else 0.3
    if min(middle, deep) < 0.45 or w - middle < 2 * least or d - deep < ARM_M:
        points: list[Point] = [(0, 0), (w, 0), (w, d), (0, d)]
    else:
        a = least + place * (w - middle - 2 * least)
        b = a + middle
        high, low = (d, d - deep) if plan != "u_shape" else (d - deep, d)
        points = [(0, 0), (w, 0), (w, low), (b, low), (b, high), (a, high), (a, low), (0, low)]
    # Mirrored at the diagonal, and still counter-clockwise from the origin.
    return [points[0], *((y, x) for x, y in reversed(points[1:]))] if turned else points


def plan_door(outline_m: np.ndarray, height_m: float, seed: int) -> Opening:
    """A door, mostly near a corner, as doors are so that they open against a wall."""
    rng = rng_for(seed, "door")
    walls = walls_of(outline_m)
    width = float(rng.choice([0.76, 0.82, 0.88, 0.94]))
    height = min(float(rng.choice([1.98, 2.03, 2.1])), height_m - 0.1)
    fits = [index for index, wall in enumerate(walls) if wall.length >= width + 2 * JAMB_M]
    index = int(rng.choice(fits))
    slack = walls[index].length - width - 2 * JAMB_M
    near = min(slack, float(rng.uniform(0.0, 0.35)))
    at_start = bool(rng.random() < 0.5)
    if rng.random() < 0.2:  # a door in the middle of a wall
        near = float(rng.uniform(0.3, 0.7)) * slack
    offset = JAMB_M + (near if at_start else slack - near)
    return Opening(index, offset, width, height, 0.0, hinge_at_start=at_start)


def plan_windows(
    outline_m: np.ndarray, height_m: float, door: Opening, count: int, room_kind: str, seed: int,
    barred: frozenset[int] = frozenset(),
) -> tuple[Opening, ...]:  # fmt: skip
    """Up to `count` windows on one or two outer walls that are not `barred`, alike in sill and lintel."""
    rng = rng_for(seed, "windows")
    walls = walls_of(outline_m)
    lintel = min(float(rng.uniform(2.05, 2.35)), height_m - 0.15)
    sill = _sill(room_kind, rng)
    order = [index for index in _outer_walls(outline_m, walls, door, rng) if index not in barred]
    if not order or count == 0:
        return ()
    shares = [0] * len(order)
    for index in range(count):  # most windows on the first wall, then the second
        shares[
            min(
                len(order) - 1,
                0 if index < 2 and rng.random() < 0.65 else int(rng.integers(min(2, len(order)))),
            )
        ] += 1
    windows: list[Opening] = []
    for wall_index, share in zip(order, shares):
        windows += _row_of_windows(walls[wall_index], wall_index, share, sill, lintel, door, rng)
    return tuple(windows)


def _sill(room_kind: str, rng: np.random.Generator) -> float:
    if room_kind in HIGH_SILLS_M:
        return float(rng.uniform(*HIGH_SILLS_M[room_kind]))
    kinds = {"living_room": (0.35, 0.25, 0.4), "dining_room": (0.35, 0.2, 0.45)}.get(
        room_kind, (0.1, 0.2, 0.7)
    )
    low, high = ((0.0, 0.08), (0.35, 0.6), (0.75, 0.95))[int(rng.choice(3, p=kinds))]
    return float(rng.uniform(low, high))


def _outer_walls(
    outline_m: np.ndarray, walls: list[Wall], door: Opening, rng: np.random.Generator
) -> list[int]:
    """Walls on the bounding box, in the order in which they get windows; the door's own wall comes last."""
    low, high = outline_m.min(axis=0), outline_m.max(axis=0)
    outer = [
        index
        for index, wall in enumerate(walls)
        if any(
            abs(wall.start[axis] - bound[axis]) < 1e-9 and abs(wall.along[axis]) < 1e-9
            for axis in (0, 1)
            for bound in (low, high)
        )
    ]
    liking = {
        index: walls[index].length * float(rng.uniform(0.6, 1.4)) * (0.25 if index == door.wall else 1.0)
        for index in outer
    }
    for index in outer:  # a bay is there for its window
        before, after = walls[index - 1].length, walls[(index + 1) % len(walls)].length
        if len(walls) > 6 and max(before, after) < 1.0 and index != door.wall:
            liking[index] *= 4.0
    return sorted(outer, key=lambda index: -liking[index])


def _row_of_windows(
    wall: Wall, index: int, count: int, sill: float, lintel: float, door: Opening, rng: np.random.Generator
) -> list[Opening]:
    low, high = 0.3, wall.length - 0.3
    if index == door.wall:  # the longer piece beside the door
        before, after = door.offset_m - 0.3, door.offset_m + door.width_m + 0.3
        low, high = (low, before) if before - low > high - after else (after, high)
    count = min(count, int((high - low) // 0.8))
    if count < 1:
        return []
    gap = float(rng.uniform(0.3, 0.7)) if count > 1 else 0.0
    room = (high - low - gap * (count - 1)) / count
    width = max(0.6, min(room, float(rng.choice([0.8, 0.95, 1.1, 1.3, 1.6, 2.0, 2.4]))))
    gap = min(gap, (high - low - count * width) / max(1, count - 1))
    slack = high - low - count * width - gap * (count - 1)
    first = low + slack * (0.5 if rng.random() < 0.6 else float(rng.uniform(0.15, 0.85)))
    return [
        Opening(index, first + number * (width + gap), width, lintel - sill, sill) for number in range(count)
    ]
