"""What is on the wall above a kitchen's worktop: hood, wall units or shelves, tiles or a panel, blinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from synthgen.seeding import rng_for

from .catalogue import draw_size
from .kitchen_run import DEEP_M, END_M, Leg, Slot, Stretch, stretches
from .placement import Occupancy, Piece
from .room_plan import Tiled

if TYPE_CHECKING:
    from .kitchen_layout import KitchenLook

TOUCH_M = 0.003
UPPER_M = 0.35
"""Depth of wall units."""
CASING_M = 0.1
"""Around windows nothing is tiled: frames of windows are there."""


def hang_above(
    room: Occupancy, legs: Sequence[Leg], slots: Sequence[Slot], look: KitchenLook, rng: np.random.Generator,
    seed: int,
) -> None:  # fmt: skip
    """A hood above the hob, and wall units, open shelves or nothing beside it."""
    hob = next(slot for slot in slots if slot.what == "hob")
    tall = look.tall_m - look.upper_m
    units = tall > 0.34 and rng.random() < 0.82
    _hood(room, legs[hob.leg], hob, look, rng, seed, units)
    if not units:
        _shelves(room, legs, look, rng, seed)
        return
    for number, leg in enumerate(legs):
        draw = rng_for(seed, "leg", number)
        if number and draw.random() < 0.2:
            continue
        for low, high in _free_above(room, leg, look):
            _row(room, leg, low, high, look, draw, seed + number)


def _hood(
    room: Occupancy, leg: Leg, hob: Slot, look: KitchenLook, rng: np.random.Generator, seed: int, units: bool
) -> None:
    z = look.top_m + float(rng.uniform(0.62, 0.7))
    slim = units and rng.random() < 0.35
    params: dict[str, Any] = dict(look.params)
    if slim:
        params |= {"variant": "slim", "facing": "kitchen_front:upper"}
        size = (0.598, 0.42, look.tall_m - z)
    else:
        w, d, _ = draw_size("hood", rng, width=(0.598, 0.6))
        size = (w, d, room.height_m - z - 0.004)
    if size[2] < 0.25:
        return
    _mount(room, leg, hob.middle, Piece("hood", size, (0, 0, 0), z, params=params), seed)


def _mount(room: Occupancy, leg: Leg, offset_m: float, piece: Piece, seed: int) -> bool:
    """Hang a thing on the wall of a leg."""
    wall = room.walls[leg.wall]
    x, y = wall.point(offset_m, TOUCH_M + piece.size_m[1] / 2)
    placed = replace(piece, offset=(float(x), float(y), wall.yaw_deg))
    return room.stand([placed], seed) is not None


def _free_above(room: Occupancy, leg: Leg, look: KitchenLook) -> list[Stretch]:
    """Where wall units may hang along a leg, between its ends, windows, tall units and the hood."""
    low, high = leg.low, leg.high
    reach = DEEP_M - UPPER_M - 0.03  # a leg that starts behind another goes nearer to the corner up here
    low -= reach if leg.at_low == "behind" else 0.0
    high += reach if leg.at_high == "behind" else 0.0
    found = []
    for a, b in stretches(room, leg.wall, UPPER_M + 0.01, look.upper_m, look.tall_m):
        a, b = max(a, low), min(b, high)
        if b - a >= 0.3:
            found.append((a, b))
    return found


def _row(
    room: Occupancy, leg: Leg, low: float, high: float, look: KitchenLook, rng: np.random.Generator, seed: int
) -> None:
    long = high - low
    if long > 1.6 and rng.random() < 0.25:  # not all of the wall
        low, high = (low, low + 0.6 * long) if rng.random() < 0.5 else (low + 0.4 * long, high)
    height = look.tall_m - look.upper_m
    count = max(1, round((high - low) / float(rng.choice([0.5, 0.6, 0.8]))))
    wide = (high - low) / count
    special = int(rng.integers(2 * count)) if count > 1 else -1
    for number in range(count):
        unit = "doors"
        if number == special:
            unit = "open" if rng.random() < 0.5 else "glass"
        elif height < 0.45 and wide > 0.5:
            unit = "lift"
        params: dict[str, Any] = {**look.params, "unit": unit, "facing": "kitchen_front:upper",
                                  "hinge": 1 if number % 2 else -1}  # fmt: skip
        if unit in ("open", "glass"):
            boards = max(1, round((height - 0.02) / 0.3))
            step = (height - 0.02) / boards
            params["board_z_m"] = [round(0.02 + step * level, 4) for level in range(boards)]
        size = (wide, UPPER_M, height)
        piece = Piece("wall_unit", size, (0, 0, 0), look.upper_m, params=params)
        _mount(room, leg, low + (number + 0.5) * wide, piece, seed + number)


def _shelves(
    room: Occupancy, legs: Sequence[Leg], look: KitchenLook, rng: np.random.Generator, seed: int
) -> None:
    """One or two open shelves above each other, or a rail with utensils."""
    for number, leg in enumerate(legs):
        spans = [each for each in _free_above(room, leg, look) if each[1] - each[0] > 0.55]
        if not spans:
            continue
        low, high = max(spans, key=lambda each: each[1] - each[0])
        if rng.random() < 0.3:
            size = draw_size("utensil_rail", rng, width=high - low - 0.1)
            z = look.top_m + 0.62 - size[2]
            _mount(room, leg, (low + high) / 2, Piece("utensil_rail", size, (0, 0, 0), z), seed + number)
            continue
        wide, deep = min(high - low - 0.06, 1.1), float(rng.uniform(0.2, 0.26))
        twin = seed + 10 * number
        for level in range(1 + int(rng.random() < 0.6)):
            z = look.upper_m + 0.36 * level
            if z + 0.3 > room.height_m - 0.1:
                break
            # Brackets below the board: it is at the top of its box.
            params = {"board_z_m": [0.17], "variant": "brackets"}
            piece = Piece("wall_shelf", (wide, deep, 0.17), (0, 0, 0), z - 0.12, params=params, seed=twin)
            _mount(room, leg, (low + high) / 2, piece, seed + number)


def cover_walls(
    room: Occupancy, legs: Sequence[Leg], slots: Sequence[Slot], look: KitchenLook, rng: np.random.Generator,
    seed: int,
) -> None:  # fmt: skip
    """Tiles between worktop and wall units, or a panel, and up to the hood behind the hob."""
    how = str(rng.choice(["tiles", "panel"], p=[0.78, 0.22]))
    top = look.upper_m if rng.random() < 0.8 else min(look.tall_m, room.height_m - 0.3)
    hood = next((item for item in room.items if item.kind == "hood"), None)
    for number, leg in enumerate(legs):
        own = [slot for slot in slots if slot.leg == number]
        cuts = sorted((s.low, s.high) for s in own if s.what in ("fridge", "tall", "gap"))
        low = END_M - 0.005 if leg.at_low in ("wall", "corner") else leg.low
        low = leg.low - DEEP_M if leg.at_low == "behind" else low
        high = leg.high + DEEP_M if leg.at_high == "behind" else leg.high
        high = room.walls[leg.wall].length if leg.at_high in ("wall", "corner", "behind") else high
        low = 0.0 if leg.at_low in ("wall", "corner", "behind") else low
        edges = [low, *(edge for cut in cuts for edge in cut), high]
        for a, b in zip(edges[::2], edges[1::2]):
            if b - a < 0.1:
                continue
            if how == "tiles":
                room.tiles.append(Tiled(leg.wall, a, b, look.top_m - 0.01, top, "splash"))
                hob = next((s for s in own if s.what == "hob" and a <= s.low and s.high <= b), None)
                if hob is not None and hood is not None and hood.position_m[2] > top:
                    up = hood.position_m[2] + 0.05
                    room.tiles.append(Tiled(leg.wall, hob.low, hob.high, top, up, "splash"))
            else:
                _panels(room, leg, a, b, look, top, seed)


def _panels(
    room: Occupancy, leg: Leg, low: float, high: float, look: KitchenLook, top: float, seed: int
) -> None:
    """Panels on the wall, lower below windows."""
    wall = room.walls[leg.wall]
    low, high = max(low, END_M), min(high, wall.length - END_M)
    holes = sorted(
        (h.offset_m - CASING_M, h.offset_m + h.width_m + CASING_M, h.sill_m)
        for h in room.windows
        if h.wall == leg.wall and h.offset_m - CASING_M < high and h.offset_m + h.width_m + CASING_M > low
    )
    spans, cursor = [], low
    for a, b, sill in holes:
        spans += [(cursor, a, top), (max(a, low), min(b, high), sill - 0.06)]
        cursor = b
    spans.append((cursor, high, top))
    for a, b, up in spans:
        up = min(up, top) - look.top_m
        if b - a < 0.05 or up < 0.05:
            continue
        size = (b - a, 0.009, up)
        _mount(room, leg, (a + b) / 2, Piece("splash_panel", size, (0, 0, 0), look.top_m + 0.0005), seed)


def hang_blinds(room: Occupancy, seed: int) -> None:
    """Blinds at the windows, alike, pulled down a little or not; or nothing."""
    rng = rng_for(seed, "windows", "dressing")
    if rng.random() > 0.5:
        return
    drop, twin = float(rng.uniform(0.12, 0.45)), int(rng.integers(2**31))
    for window in room.windows:
        wall = room.walls[window.wall]
        top = min(window.sill_m + window.height_m + 0.1, room.height_m - 0.03)
        size = (window.width_m + 0.1, 0.065, 0.1 + drop * window.height_m)
        x, y = wall.point(window.offset_m + window.width_m / 2, TOUCH_M + size[1] / 2)
        piece = Piece(
            "roller_blind", size, (float(x), float(y), wall.yaw_deg), top - size[2], seed=twin, by_window=True
        )
        room.stand([piece], twin)
