"""Cables: from lamps and screens over edges and floors to sockets in the wall.

A cable is an item at its socket: its own frame has the origin at the lower middle of the socket's plate, y
into the wall. `params["points_m"]` are the points of the cable in that frame, from the plug on.
"""

from __future__ import annotations

import math

import numpy as np

from synthgen.seeding import rng_for

from .boxes import box_rows, overlaps, whole
from .placement import Occupancy, Piece
from .room_plan import Item, Wall

CABLE_M = 0.0032
"""Radius."""
PLATE_M = (0.08, 0.012, 0.08)
PLUG_M = 0.035
"""How far a plug stands out from the plate of its socket."""
FREE_M = (PLATE_M[0], PLATE_M[1] + PLUG_M + 0.02, PLATE_M[2])
"""What must be free at a socket: its plate, the plug, and the cable where it leaves that."""
SOCKET_Z_M = (0.24, 0.32)
ABOVE_SKIRTING_M = 0.16
"""A cable that hangs behind furniture stays above the skirting board."""
OFTEN = {
    "floor_lamp": 0.9,
    "table_lamp": 0.8,
    "monitor": 0.9,
    "television": 0.9,
    "laptop": 0.5,
    "speaker": 0.5,
}
"""How often the cable of a kind of thing is laid, where there is room for it."""
WITH_BACKS = ("bookshelf", "wall_shelf")
"""No cable gets out of these towards the wall."""
FARTHEST_M = 1.3
MOST = 5
"""Cables in a room: all others are behind something."""


def lay_cables(room: Occupancy, seed: int) -> None:
    """Lay the cables of what stands near enough to a wall."""
    laid = 0
    for index in range(len(room.items)):
        item, rng = room.items[index], rng_for(seed, "cable", index)
        if laid == MOST or rng.random() >= OFTEN.get(item.kind, 0.0) or "wall_mounted" in item.params:
            continue
        laid += _lay(room, index, rng)


def _lay(room: Occupancy, index: int, rng: np.random.Generator) -> bool:
    item = room.items[index]
    if item.parent is not None and room.items[item.parent].kind in WITH_BACKS:
        return False
    place = np.array(item.position_m[:2])
    away = [float((place - wall.start) @ wall.inward) for wall in room.walls]
    along = [float((place - wall.start) @ wall.along) for wall in room.walls]
    near = [
        i
        for i, wall in enumerate(room.walls)
        if 0 < away[i] < FARTHEST_M and 0.1 < along[i] < wall.length - 0.1
    ]
    if not near:
        return False
    number = min(near, key=lambda i: away[i])
    wall = room.walls[number]
    for offset in _offsets(room, item, wall, along[number], rng):
        if not 0.08 < offset < wall.length - 0.08:
            continue
        z = float(rng.uniform(*SOCKET_Z_M))
        socket = Piece("cable", PLATE_M, (0, 0, 0), z)
        xy = wall.point(offset, PLATE_M[1] / 2 + 0.002)
        plate = box_rows([whole(PLATE_M)], xy[None], np.array([wall.yaw_deg]), z)[0]
        before = wall.point(offset, FREE_M[1] / 2 + 0.002)
        free = box_rows([whole(FREE_M)], before[None], np.array([wall.yaw_deg]), z)
        if not room.fits(free, ignore=[index])[0]:
            continue
        path = _path(room, item, wall, offset, z, rng)
        points = wall.start + path[:, :1] * wall.along + path[:, 1:2] * wall.inward
        body = _boxes(np.column_stack([points, path[:, 2]]), CABLE_M)
        carrier = index if item.parent is None else item.parent
        others = room.bodies[~np.isin(room.owners, [index, carrier])]
        if overlaps(body, others).any() or not room.inside(body).all():
            continue
        if not room.keeps_walkable(plate):  # a person passes as narrowly as the floor's cells tell
            continue
        local = np.column_stack([offset - path[:, 0], PLATE_M[1] / 2 + 0.002 - path[:, 1], path[:, 2] - z])
        socket.params["points_m"] = np.round(local, 4).tolist()
        room.add(socket, xy, wall.yaw_deg, plate, int(rng.integers(2**31)), 0, None)
        return True
    return False


def _offsets(room: Occupancy, item: Item, wall: Wall, along: float, rng: np.random.Generator) -> list[float]:
    """Where along a wall a socket may be, liked best first: near a thing, beside what carries it."""
    places = [along + float(rng.uniform(-reach, reach)) for reach in (0.25, 0.45)]
    if item.parent is not None:
        carrier = room.items[item.parent]
        middle = float((np.array(carrier.position_m[:2]) - wall.start) @ wall.along)
        half = _reach(carrier, wall.yaw_deg)[0] + 0.5 * PLATE_M[0]
        sides = rng.permutation([-1.0, 1.0])
        places += [middle + float(side) * (half + float(rng.uniform(0.03, 0.3))) for side in (*sides, *sides)]
    return [*places, along + float(rng.uniform(-0.7, 0.7))]


def _path(
    room: Occupancy, item: Item, wall: Wall, offset: float, z: float, rng: np.random.Generator
) -> np.ndarray:
    """(n, 3) points (along the wall, away from it, height) from the plug to the foot of a thing."""
    place = np.array(item.position_m[:2]) - wall.start
    along, away = float(place @ wall.along), float(place @ wall.inward)
    plug = (offset, PLATE_M[1] + 0.002 + PLUG_M, z + PLATE_M[2] / 2)
    down = [plug, (offset, plug[1] + 0.03, plug[2] - 0.01), (offset, plug[1] + 0.02, 0.5 * plug[2])]
    back = 0.5 * min(item.size_m[:2])
    end = max(0.03, away - back)
    if item.parent is None:  # over the floor, in a bow
        aside = float(rng.normal(0, 0.12))
        floor = [
            (offset + 0.02, plug[1] + 0.02, CABLE_M),
            ((offset + along) / 2 + aside, 0.5 * (plug[1] + end) + 0.05, CABLE_M),
            (along, max(end - 0.05, 0.03), CABLE_M),
            (along, end, CABLE_M),
        ]
        return _smooth([*down, *floor])
    carrier = room.items[item.parent]
    top = item.position_m[2] + CABLE_M
    edge = _near_edge(carrier, wall)
    drop = (along + offset) / 2
    if edge > 0.1:  # the thing that carries it stands in the room
        hang = [(drop, edge - 0.02, 0.3 * top), (drop, edge - 0.03, CABLE_M)]
        hang = [(offset + 0.02, plug[1] + 0.03, CABLE_M), *hang[::-1]]
    else:
        low = max(ABOVE_SKIRTING_M, 0.4 * plug[2])
        hang = [(offset, 0.5 * edge, low), (drop, 0.5 * edge, low), (drop, 0.5 * edge, 0.6 * top)]
        down = [plug, (offset, plug[1] + 0.012, plug[2] - 0.02)]
    beside = max(edge - 0.006, CABLE_M)
    around = [(along, beside, top - 0.015), (along, beside, top + 0.004), (along, edge + 0.012, top + 0.001)]
    over = [*around, (along, edge + 0.03, top), (along, max(end, edge + 0.04), top)]
    return _smooth([*down, *hang, *over])


def _near_edge(carrier: Item, wall: Wall) -> float:
    """How far from a wall the edge of a carrier is."""
    away = float((np.array(carrier.position_m[:2]) - wall.start) @ wall.inward)
    return max(0.008, away - _reach(carrier, wall.yaw_deg)[1])


def _reach(item: Item, yaw_deg: float) -> tuple[float, float]:
    """How far a thing reaches from its middle, along a wall of that direction and away from it."""
    turn = math.radians(item.yaw_deg - yaw_deg)
    cos, sin = abs(math.cos(turn)), abs(math.sin(turn))
    w, d, _ = item.size_m
    return 0.5 * (w * cos + d * sin), 0.5 * (d * cos + w * sin)


def _smooth(points: list[tuple[float, float, float]], rounds: int = 3) -> np.ndarray:
    """Corners cut again and again: the curve stays between its points, so it enters no floor or wall."""
    line = np.array(points)
    for _ in range(rounds):
        quarter, rest = 0.75 * line[:-1] + 0.25 * line[1:], 0.25 * line[:-1] + 0.75 * line[1:]
        line = np.vstack([line[:1], np.stack([quarter, rest], axis=1).reshape(-1, 3), line[-1:]])
    return line


def _boxes(points: np.ndarray, half_m: float) -> np.ndarray:
    """(n, 8) rows of cubes around points (n, 3)."""
    ones = np.ones(len(points))
    x, y, z = points.T
    return np.column_stack([x, y, half_m * ones, half_m * ones, ones, 0 * ones, z - half_m, z + half_m])
