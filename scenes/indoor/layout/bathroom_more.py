"""The tiles of a bathroom, and what else is there: towels, a washing machine, a scale, a bin."""

from __future__ import annotations

from typing import Any

import numpy as np

from .catalogue import draw_size
from .groups import Made, cornered
from .placement import Occupancy, Piece
from .room_plan import Item, Tiled

TOUCH_M = 0.003


def tile_walls(room: Occupancy, rng: np.random.Generator) -> None:
    """Tiles all around, to the ceiling or to the height of a hand, higher where it is wet; or only there."""
    scheme = str(rng.choice(["full", "dado", "wet"], p=[0.36, 0.4, 0.24]))
    top = room.height_m if rng.random() < 0.6 else min(2.12, room.height_m)
    dado = float(rng.uniform(1.05, 1.45))
    accent = rng.random() < 0.45
    for index, wall in enumerate(room.walls):
        if scheme != "wet":
            high = room.height_m if scheme == "full" else dado
            room.tiles.append(Tiled(index, 0.0, wall.length, 0.0, high, "bath"))
    for item in room.items:
        if item.kind == "shower" or (item.kind == "bathtub" and not item.params.get("free")):
            area = "accent" if accent else "bath"
            high = room.height_m if scheme == "full" else top
            for index, low_m, high_m in _reached(room, item):
                room.tiles.append(Tiled(index, low_m, high_m, 0.0, high, area))
        elif scheme == "wet" and item.kind in ("vanity", "pedestal_basin"):
            for index, low_m, high_m in _reached(room, item)[:1]:
                low = item.position_m[2] + item.size_m[2] - 0.05
                room.tiles.append(Tiled(index, low_m, high_m, low, 1.2, "bath"))


def _reached(room: Occupancy, item: Item) -> list[tuple[int, float, float]]:
    """The walls that a thing touches, and from where to where along each."""
    turn = np.radians(item.yaw_deg)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    half = np.array(item.size_m[:2]) / 2
    corners = np.array(item.position_m[:2]) + np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half @ axes
    found = []
    for index, wall in enumerate(room.walls):
        away = (corners - wall.start) @ wall.inward
        near = (corners - wall.start)[away < 0.03] @ wall.along
        if len(near) == 2:
            low, high = float(near.min()), float(near.max())
            low, high = (0.0 if low < 0.03 else low), (wall.length if high > wall.length - 0.03 else high)
            found.append((index, low, high))
    return found


def warm_towels(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A heated ladder with a towel, one in a room."""
    if any(item.kind == "towel_radiator" for item in room.items):
        return None
    w, d, h = draw_size("towel_radiator", rng, height=room.height_m - 0.6)
    z = float(rng.uniform(0.2, 0.45))
    bar = h - float(rng.uniform(0.05, 0.3))
    params: dict[str, Any] = {"bar_z_m": bar}
    if rng.random() < 0.35 + 0.5 * density:
        params["towel_m"] = min(float(rng.uniform(0.45, 0.7)), bar - 0.05)
    piece = Piece("towel_radiator", (w, d, h), (0, -d / 2 - TOUCH_M, 0), z, params=params)
    return room.place([piece], room.along_walls(w + 0.06, rng, 12, gap_m=0.0), rng, seed)


def towels_on_wall(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A rail with towels."""
    size = draw_size("towel_rail", rng)
    z = float(rng.uniform(1.15, 1.4)) - size[2]
    piece = Piece("towel_rail", size, (0, -size[1] / 2 - TOUCH_M, 0), z)
    return room.place([piece], room.along_walls(size[0] + 0.04, rng, 12, gap_m=0.0), rng, seed)


def laundry(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A washing machine, one in a room."""
    if any(item.kind == "washing_machine" for item in room.items):
        return None
    size = draw_size("washing_machine", rng)
    piece = Piece("washing_machine", size, (0, -size[1] / 2 - 0.03, 0))
    anchors = room.along_walls(size[0] + 0.02, rng, 9)
    return room.place([piece], anchors, rng, seed, lambda a: cornered(a, room))


def scale(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A bathroom scale near a wall."""
    if any(item.kind == "bathroom_scale" for item in room.items):
        return None
    size = draw_size("bathroom_scale", rng)
    piece = Piece("bathroom_scale", size, (0, -size[1] / 2 - 0.06, float(rng.normal(0, 6))))
    return room.place([piece], room.along_walls(1.2 * size[0], rng, 12), rng, seed)


def small_bin(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A small bin, one in a room."""
    if any(item.kind == "kitchen_bin" for item in room.items):
        return None
    wide = float(rng.uniform(0.19, 0.23))
    size = (wide, wide, float(rng.uniform(0.26, 0.32)))
    piece = Piece("kitchen_bin", size, (0, -wide / 2 - 0.04, float(rng.normal(0, 10))))
    return room.place([piece], room.along_walls(1.25 * wide, rng, 14), rng, seed)
