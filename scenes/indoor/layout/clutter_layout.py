"""The small things: what lies on tables, shelves, seats and the floor.

Positions on a surface are in the frame of the thing that carries it (front towards -y), so that a keyboard
lies before its monitor however the desk is turned.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from synthgen.seeding import rng_for, seed_for

from . import further_clutter
from .catalogue import CATALOGUE, Size, draw_size, surfaces
from .placement import Occupancy, Piece
from .room_plan import area_of
from .spot import Spot

THEMES: dict[str, Mapping[str, float]] = {
    "dining_table": {"vase": 3, "bowl": 3, "candle": 2, "bottle": 1.5, "cup": 2, "plate": 1,
                     "magazine": 0.7, "small_plant": 1, "laptop": 0.4, "book": 0.5},
    "coffee_table": {"magazine": 3, "cup": 3, "book_stack": 2, "bowl": 1.5, "candle": 1.5,
                     "small_plant": 1.2, "vase": 1, "book": 1, "plate": 0.5, "bottle": 0.4, "toy": 0.5,
                     "laptop": 0.4},
    "side_table": {"table_lamp": 3, "cup": 2, "book": 2, "book_stack": 1, "small_plant": 1.2,
                   "candle": 0.8, "bottle": 0.4, "picture_frame": 0.6},
    "nightstand": {"table_lamp": 6, "book": 2, "book_stack": 1.2, "cup": 1.5, "picture_frame": 1,
                   "bottle": 0.5, "small_plant": 0.6, "candle": 0.6},
    "desk": {"book_stack": 2, "cup": 2, "table_lamp": 2, "book": 1.5, "small_plant": 1.2,
             "picture_frame": 1, "magazine": 1.5, "box": 0.6, "bottle": 0.8, "book_row": 0.8,
             "speaker": 0.5, "globe": 0.3},
    "cabinet": {"vase": 2.5, "picture_frame": 2, "table_lamp": 2, "small_plant": 2, "bowl": 1.5,
                "candle": 1.5, "book_stack": 1.5, "box": 1, "basket": 0.8, "bottle": 1,
                "book_row": 0.8, "speaker": 0.6, "globe": 0.5},
    "dresser": {"picture_frame": 2, "vase": 2, "table_lamp": 1.5, "small_plant": 1.5, "box": 1.5,
                "bottle": 1.2, "candle": 1.2, "book_stack": 1, "basket": 0.6, "toy": 0.6},
    "tv_stand": {"speaker": 2.5, "small_plant": 1.5, "vase": 1, "picture_frame": 1, "book_stack": 1,
                 "box": 0.5, "candle": 0.6},
    "wardrobe": {"box": 3, "basket": 2},
    "board": {"book_stack": 2, "vase": 1.6, "picture_frame": 1.6, "small_plant": 1.6, "box": 1.5,
              "bowl": 1, "basket": 0.8, "candle": 0.8, "toy": 0.8, "bottle": 0.5, "speaker": 0.4,
              "cup": 0.4},
    "stool": {"book": 1, "cup": 1, "small_plant": 1, "magazine": 1},
}  # fmt: skip
"""What lies on a thing, and how often."""

FLOOR: dict[str, Mapping[str, float]] = {
    "living_room": {"basket": 1.2, "toy": 1.5, "book_stack": 1.2, "magazine": 1, "box": 0.6},
    "bedroom": {"basket": 2, "box": 1.2, "book_stack": 1, "toy": 0.8},
    "office": {"basket": 1.5, "box": 2.5, "book_stack": 1.5},
    "dining_room": {"basket": 1.2, "box": 1, "bottle": 0.5},
    **further_clutter.FLOOR,
}
FRONT = ("picture_frame", "book_row", "speaker", "monitor", "laptop", "keyboard", "table_lamp")
"""These face the front of what they stand on; all else is turned any way."""


def scatter(room: Occupancy, room_kind: str, density: float, seed: int) -> None:
    """Put the small things onto everything in the room that carries things, and onto the floor."""
    if density <= 0:
        return
    for index in range(len(room.items)):
        carrier = room.items[index]
        for level, surface in enumerate(surfaces(carrier.kind, carrier.size_m, carrier.params)):
            spot = Spot(room, index, surface, seed_for(seed, "on", index, level))
            _fill(spot, rng_for(seed, "on", index, level), density)
    _on_floor(room, room_kind, density, seed)


def _fill(spot: Spot, rng: np.random.Generator, density: float) -> None:
    kind, role = spot.carrier.kind, spot.surface.role
    if role == "board" or (kind in ("bookshelf", "wall_shelf") and role == "top"):
        _shelf_board(spot, rng, density if role == "board" else 0.5 * density)
    elif kind == "sofa":
        _cushions(spot, rng, 1 + int(rng.binomial(4, density)))
        if rng.random() < 0.5 * density:
            _throw(spot, rng, -0.04)
    elif kind == "armchair":
        _cushions(spot, rng, int(rng.random() < 0.8 * density))
    elif kind == "bed":
        _cushions(spot, rng, int(rng.binomial(4, 0.7 * density)))
        if rng.random() < 0.75 * density:
            _throw(spot, rng, 0.0)
    elif kind == "bench" and rng.random() < 0.4 * density:
        _throw(spot, rng, 0.0)
    elif kind == "desk":
        _work_place(spot, rng)
        _strew(spot, rng, density, THEMES[kind])
    elif kind == "dining_table":
        _centre_piece(spot, rng, density)
        if rng.random() < 0.45 * density:
            _lay_table(spot, rng)
        else:
            _strew(spot, rng, 0.6 * density, THEMES[kind])
    elif kind == "nightstand":
        _strew(spot, rng, density, THEMES[kind], first="table_lamp" if rng.random() < 0.8 else None)
    elif kind == "side_table":
        _strew(spot, rng, density, THEMES[kind], first="table_lamp" if rng.random() < 0.4 else None)
    elif kind in ("stool", "wardrobe"):
        if rng.random() < 0.7 * density:
            _strew(spot, rng, 0.6 * density, THEMES[kind])
    elif kind in THEMES:
        _strew(spot, rng, density, THEMES[kind])
    else:
        further_clutter.fill(spot, rng, density, _strew)


def _strew(
    spot: Spot, rng: np.random.Generator, density: float, theme: Mapping[str, float], first: str | None = None
) -> None:
    """Things here and there, the tall ones towards the back."""
    s = spot.surface
    area = (s.x1 - s.x0) * (s.y1 - s.y0)
    wanted = int(rng.poisson(density * (1.6 + 8.0 * area))) + (first is not None)
    wishes = dict(theme)
    for number in range(min(wanted, 12)):
        names = list(wishes)
        weights = np.array([wishes[name] for name in names])
        kind = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        kind = first if number == 0 and first is not None else kind
        size = _fitting(spot, rng, kind)
        if size is None:
            continue
        for _ in range(8):
            x, y = rng.uniform([s.x0, s.y0], [s.x1, s.y1])
            if size[2] > 0.18:
                y = max(y, s.y1 - size[1] / 2 - float(rng.uniform(0.005, 0.12)))
            yaw = float(rng.normal(0, 9)) if kind in FRONT else float(rng.uniform(-180, 180))
            if size[0] > 0.6 * (s.y1 - s.y0):
                yaw = float(rng.normal(0, 6))
            if kind in ("box", "book_stack", "magazine", "book", "toy"):
                yaw = float(rng.normal(0, 16)) + (90.0 if size[1] > size[0] and rng.random() < 0.3 else 0.0)
            params = {"variant": "task"} if kind == "table_lamp" and spot.carrier.kind == "desk" else {}
            if spot.put(kind, size, float(x), float(y), yaw, params=params):
                wishes[kind] *= 0.35
                break


def _fitting(spot: Spot, rng: np.random.Generator, kind: str) -> Size | None:
    s = spot.surface
    size = draw_size(kind, rng, height=spot.free_m - 0.015)
    row = CATALOGUE[kind]
    if kind in ("box", "basket"):  # small ones on furniture
        limit = min(0.9 * (s.y1 - s.y0), 0.34)
        size = draw_size(kind, rng, width=limit, depth=limit, height=min(spot.free_m - 0.015, 0.24))
    if size[2] < 0.7 * row.height[0] or min(size[:2]) > min(s.x1 - s.x0, s.y1 - s.y0):
        return None
    return size


def _shelf_board(spot: Spot, rng: np.random.Generator, density: float) -> None:
    """Runs of books with other things between them, from one end of the board to the other."""
    s, cursor = spot.surface, spot.surface.x0 + 0.004
    deep = s.y1 - s.y0
    bookish = rng.random() < 0.75
    while s.x1 - cursor > 0.09:
        left = s.x1 - cursor - 0.004
        if rng.random() > 0.25 + 0.75 * density:  # a gap
            cursor += float(rng.uniform(0.06, 0.25))
            continue
        if rng.random() < (0.62 if bookish else 0.2) and left > 0.14 and spot.free_m > 0.2:
            w, d, h = draw_size("book_row", rng, width=min(left, 0.7), depth=min(deep - 0.01, 0.24))
            w = min(left, max(0.14, w * float(rng.uniform(0.6, 1.3))))
            h = min(h, spot.free_m - 0.012)
            y = s.y0 + d / 2 + float(rng.uniform(0.005, max(0.006, min(0.04, deep - d - 0.004))))
            spot.put("book_row", (w, d, h), cursor + w / 2, y)
            cursor += w + float(rng.uniform(0.01, 0.05))
            continue
        names = list(THEMES["board"])
        weights = np.array(list(THEMES["board"].values()))
        kind = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        limit = min(left, deep - 0.02)
        size = draw_size(kind, rng, width=limit, depth=limit, height=spot.free_m - 0.015)
        if size[2] >= 0.6 * CATALOGUE[kind].height[0] and size[0] >= 0.6 * CATALOGUE[kind].width[0]:
            yaw = float(rng.normal(0, 6)) if kind in FRONT or kind == "box" else float(rng.uniform(-20, 20))
            reach = Spot.rectangle(0, 0, size, yaw)
            y = float(rng.uniform(s.y0 + reach[3], max(s.y0 + reach[3], s.y1 - reach[3])))
            spot.put(kind, size, cursor + reach[1], y, yaw)
            cursor += reach[1] - reach[0]
        cursor += float(rng.uniform(0.015, 0.10))


def _cushions(spot: Spot, rng: np.random.Generator, count: int) -> None:
    """Cushions along the back of a seat or before the pillows, from the ends inwards."""
    s = spot.surface
    size = draw_size("cushion", rng, height=spot.free_m)
    narrow = min(size[0], 0.8 * (s.x1 - s.x0))
    size = (narrow, size[1], min(size[2], narrow))
    order = [s.x0 + size[0] / 2 + 0.02, s.x1 - size[0] / 2 - 0.02, (s.x0 + s.x1) / 2]
    order += [order[0] + size[0] * 0.95, order[1] - size[0] * 0.95]
    if count == 1 and rng.random() < 0.5:
        order = order[1:]
    if s.x1 - s.x0 < 1.0:
        order = [(s.x0 + s.x1) / 2]
    for x in order[:count]:
        yaw = float(np.clip(rng.normal(0, 7), -16, 16))
        half = Spot.rectangle(0, 0, size, yaw)
        x = min(max(x + float(rng.normal(0, 0.02)), s.x0 + half[1]), s.x1 - half[1])
        spot.put("cushion", size, x, s.y1 - half[3] - 0.003, yaw)


def _throw(spot: Spot, rng: np.random.Generator, forward: float) -> None:
    """A folded blanket on a seat or across the foot of a bed."""
    s = spot.surface
    wide, deep = s.x1 - s.x0, s.y1 - s.y0
    if spot.carrier.kind == "bed":
        size = (wide * float(rng.uniform(0.6, 0.98)), float(rng.uniform(0.4, 0.65)), 0.04)
        y = s.y0 + size[1] / 2 + float(rng.uniform(0.02, 0.3))
        spot.put("throw", size, float(rng.normal(0, 0.02)), y, float(rng.normal(0, 1.0)))
        return
    size = (min(float(rng.uniform(0.38, 0.55)), 0.9 * wide), min(0.42, 0.8 * deep), 0.05)
    x = float(rng.uniform(s.x0 + size[0] / 2, max(s.x0 + size[0] / 2, s.x1 - size[0] / 2)))
    spot.put("throw", size, x, (s.y0 + s.y1) / 2 + forward, float(rng.normal(0, 3)))


def _work_place(spot: Spot, rng: np.random.Generator) -> None:
    """Monitor, keyboard and mouse before the chair, or a laptop, or both."""
    s = spot.surface
    x = float(rng.normal(0, 0.04))
    computer = rng.choice(["monitor", "two", "laptop", "none"], p=[0.5, 0.15, 0.27, 0.08])
    if computer == "laptop":
        size = draw_size("laptop", rng)
        spot.put(
            "laptop", size, x, s.y0 + size[1] / 2 + float(rng.uniform(0.06, 0.14)), float(rng.normal(0, 5))
        )
        return
    if computer == "none":
        return
    monitor = draw_size("monitor", rng, height=spot.free_m)
    back = s.y1 - monitor[1] / 2 - 0.03
    if computer == "two" and s.x1 - s.x0 > 2 * monitor[0] + 0.1:
        twin = int(rng.integers(2**31))
        for sign in (-1, 1):
            spot.put(
                "monitor", monitor, x + sign * (monitor[0] / 2 + 0.03), back - 0.05, sign * -9.0, seed=twin
            )
    else:
        spot.put("monitor", monitor, x, back, float(rng.normal(0, 3)))
    keyboard, mouse = draw_size("keyboard", rng), draw_size("mouse", rng)
    y = s.y0 + keyboard[1] / 2 + float(rng.uniform(0.05, 0.10))
    spot.put("keyboard", keyboard, x, y, float(rng.normal(0, 2)))
    spot.put(
        "mouse",
        mouse,
        x + keyboard[0] / 2 + mouse[0] / 2 + 0.06,
        y + float(rng.normal(0, 0.01)),
        float(rng.normal(0, 8)),
    )


def _centre_piece(spot: Spot, rng: np.random.Generator, density: float) -> None:
    if rng.random() > 0.4 + 0.6 * density:
        return
    kind = str(rng.choice(["vase", "bowl", "candle", "small_plant"], p=[0.4, 0.3, 0.15, 0.15]))
    size, twin = draw_size(kind, rng), int(rng.integers(2**31))
    count = 2 + int(rng.integers(2)) if kind == "candle" else 1
    for number in range(count):
        shift = (number - (count - 1) / 2) * (size[0] + 0.05)
        height = size[2] * float(rng.uniform(0.7, 1.0)) if kind == "candle" else size[2]
        spot.put(
            kind,
            (size[0], size[1], height),
            shift + float(rng.normal(0, 0.03)),
            float(rng.normal(0, 0.03)),
            seed=twin,
        )


def _lay_table(spot: Spot, rng: np.random.Generator) -> None:
    """A plate and a cup before every chair."""
    s = spot.surface
    plate, cup = draw_size("plate", rng), draw_size("cup", rng)
    twins = rng.integers(2**31, size=2)
    for item in list(spot.room.items):
        if item.kind != "chair" or item.parent is not None:
            continue
        x, y = spot.local(item)
        inside_x, inside_y = min(max(x, s.x0), s.x1), min(max(y, s.y0), s.y1)
        away = math.hypot(x - inside_x, y - inside_y)
        if away > 0.6:
            continue
        to = np.array([inside_x - x, inside_y - y]) / max(away, 1e-6)
        px, py = np.array([inside_x, inside_y]) + to * (plate[0] / 2 + 0.03)
        spot.put("plate", plate, float(px), float(py), seed=int(twins[0]))
        right = np.array([-to[1], to[0]]) * -1.0
        cx, cy = np.array([px, py]) + to * (plate[0] / 2) + right * (plate[0] / 2 + 0.02)
        spot.put("cup", cup, float(cx), float(cy), float(rng.uniform(-180, 180)), seed=int(twins[1]))


def _on_floor(room: Occupancy, room_kind: str, density: float, seed: int) -> None:
    rng = rng_for(seed, "floor")
    theme = FLOOR[room_kind]
    names = list(theme)
    weights = np.array([theme[name] for name in names])
    wanted = int(rng.poisson(density * (0.6 + area_of(room.outline_m) / 9)))
    for number in range(min(wanted, 7)):
        kind = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        each = rng_for(seed, "floor", number)
        size = draw_size(kind, each)
        turn = float(each.normal(0, 14))
        piece = Piece(kind, size, (0, -0.58 * max(size[:2]) - 0.03, turn))
        if kind == "toy" or (kind == "magazine" and each.random() < 0.5):
            places = room.anywhere(each, 30)
            piece = Piece(kind, size, (0, 0, float(each.uniform(-180, 180))))
        else:
            places = room.along_walls(1.2 * max(size[:2]), each, per_wall=12)
        room.place([piece], places, each, seed_for(seed, "floor", number))
