"""Where cameras may stand: the main room, and through open doorways the rooms beyond it."""

from __future__ import annotations

import numpy as np

from .openings import WALL_M
from .room_plan import Layout, walls_of

UPRIGHT_M = 2.2
"""Cameras stay where the roof of an attic is higher than this."""


def camera_region(layout: Layout) -> tuple[np.ndarray, float, float]:
    """The outline (n, 2), counter-clockwise, its floor and its ceiling."""
    if layout.roof is not None:
        return _upright(layout)
    rooms = [layout, *(room for way, room in layout.behind() if _lets_through(way))]
    return np.array(_around(layout, 0)), 0.0, min(room.floor_z_m + room.height_m for room in rooms)


def _around(room: Layout, first: int) -> list[np.ndarray]:
    """The corners of a room from a wall on, with detours through its open ways."""
    walls, points = walls_of(room.outline_m), []
    behind = {way.wall: (way, other) for way, other in room.behind() if _lets_through(way)}
    for index in (np.arange(len(walls)) + first) % len(walls):
        wall = walls[index]
        points.append(wall.start)
        if index not in behind:
            continue
        way, other = behind[index]
        start, end = way.offset_m, way.offset_m + way.width_m
        back = next(each.wall for each in other.ways() if each.far)
        # From the way to the end of the other room's wall, around that room, and back to the way.
        inner = _around(other, (back + 1) % len(other.outline_m))
        points += [wall.point(start), wall.point(start, -WALL_M), *inner]
        points += [wall.point(end, -WALL_M), wall.point(end)]
    return points


def _lets_through(way) -> bool:
    return way.leaf == "none" or (way.turn_deg > 65 and way.width_m > 0.7)


def _upright(layout: Layout) -> tuple[np.ndarray, float, float]:
    """The part of an attic where one stands upright."""
    top = min(UPRIGHT_M, layout.height_m)
    across = 1 - layout.roof.axis
    low, high = layout.outline_m.min(axis=0), layout.outline_m.max(axis=0)
    places = np.tile((low + high) / 2, (400, 1))
    places[:, across] = np.linspace(low[across], high[across], 400)
    tall = places[layout.roof.height_at(places) >= top - 1e-6, across]
    low[across], high[across] = tall.min(), tall.max()
    return np.array([low, (high[0], low[1]), high, (low[0], high[1])]), 0.0, top
