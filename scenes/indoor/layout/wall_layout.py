"""What hangs: radiators and curtains at the windows, pictures, mirrors, shelves, clocks, ceiling lights."""

from __future__ import annotations

import numpy as np

from synthgen.seeding import rng_for, seed_for

from .catalogue import draw_size
from .classroom_layout import classroom_lights, posters
from .hallway_layout import hallway_lights
from .kitchen_uppers import hang_blinds
from .placement import Anchors, Occupancy, Piece
from .room_plan import Item, Opening, area_of, rectangles_of_room

EYE_M = 1.5
"""Height at which the middle of a picture hangs."""
TOUCH_M = 0.002
"""Things on a wall keep this far from it, so that no two faces coincide."""
CURTAINS = {"living_room": 0.65, "bedroom": 0.85, "dining_room": 0.55, "office": 0.3, "hallway": 0.3,
            "classroom": 0.25, "attic": 0.4}  # fmt: skip
ABOVE = {
    "sofa": 0.75, "bed": 0.7, "cabinet": 0.6, "dresser": 0.8, "desk": 0.65, "tv_stand": 0.0, "bench": 0.5,
    "bookshelf": 0.2, "nightstand": 0.1, "armchair": 0.2,
}  # fmt: skip
"""How often something hangs above a piece of furniture."""
DRESSED = {"kitchen": hang_blinds, "bathroom": hang_blinds}
"""Rooms whose windows have something else than radiators and curtains."""
LIGHTS = {"hallway": hallway_lights, "classroom": classroom_lights}
"""Rooms whose lamps hang in an order of their own."""


def dress_windows(room: Occupancy, room_kind: str, seed: int) -> None:
    """Radiators below windows and curtains at them, alike at all windows of the room."""
    if room_kind in DRESSED:
        DRESSED[room_kind](room, seed)
        return
    rng = rng_for(seed, "windows", "dressing")
    heated, curtained = rng.random() < 0.6, rng.random() < CURTAINS[room_kind]
    long, rise = rng.random() < 0.6, float(rng.uniform(0.08, 0.2))
    beside, deep = float(rng.uniform(0.12, 0.28)), float(rng.uniform(0.10, 0.14))
    twin = seed_for(seed, "curtain")
    for number, window in enumerate(room.windows):
        anchor = _at_opening(room, window)
        radiator = heated and window.sill_m > 0.45 and _radiator(room, rng, seed, number, window, anchor)
        if not curtained:
            continue
        if radiator or (window.sill_m > 0.3 and not long):
            low = window.sill_m - 0.1 if not radiator else window.sill_m - 0.03
        else:
            low = 0.015
        high = min(window.sill_m + window.height_m + rise, room.height_m - 0.04)
        for extra in (beside, 0.1, 0.05):
            size = (window.width_m + 2 * extra, deep, high - low)
            params = {"rod_z_m": high - low - 0.03, "opening_m": window.width_m}
            piece = Piece(
                "curtain", size, (0, -deep / 2 - TOUCH_M, 0), low, params=params, seed=twin, by_window=True
            )
            if room.place([piece], anchor, rng, twin):
                break
    if not curtained:
        hang_blinds(room, seed)


def _radiator(
    room: Occupancy, rng: np.random.Generator, seed: int, number: int, window: Opening, anchor: Anchors
) -> bool:
    low = float(rng.uniform(0.09, 0.13))
    w, d, h = draw_size("radiator", rng, width=max(0.5, window.width_m), height=window.sill_m - low - 0.08)
    piece = Piece("radiator", (w, d, h), (0, -d / 2 - TOUCH_M, 0), low, by_window=True)
    return room.place([piece], anchor, rng, seed_for(seed, "radiator", number)) is not None


def _at_opening(room: Occupancy, opening: Opening) -> Anchors:
    wall = room.walls[opening.wall]
    middle = opening.offset_m + opening.width_m / 2
    return Anchors(
        wall.point(middle)[None],
        np.array([wall.yaw_deg]),
        np.array([opening.wall]),
        np.array([middle]),
    )


def hang_on_walls(room: Occupancy, room_kind: str, density: float, seed: int) -> None:
    """Pictures, mirrors and shelves above furniture, then some on free walls, and perhaps a clock."""
    share = 0.5 + 0.5 * density
    for index in range(len(room.items)):
        item, at = room.items[index], _wall_behind(room, room.items[index])
        rng = rng_for(seed, "above", index)
        if at is not None and rng.random() < ABOVE.get(item.kind, 0.0) * share:
            _above(room, rng, seed_for(seed, "above", index), item, at)
    free = int(rng_for(seed, "walls").poisson(0.6 + 0.09 * area_of(room.outline_m) * share))
    free = 0 if room_kind == "bathroom" else free
    for number in range(min(free, 6)):
        rng = rng_for(seed, "walls", number)
        _on_free_wall(room, rng, seed_for(seed, "walls", number), room_kind)


def _wall_behind(room: Occupancy, item: Item) -> Anchors | None:
    """The place on the wall right behind a thing that stands with its back to it."""
    turn = np.radians(item.yaw_deg)
    back = np.array(item.position_m[:2]) + item.size_m[1] / 2 * np.array([-np.sin(turn), np.cos(turn)])
    for index, wall in enumerate(room.walls):
        offset, away = (back - wall.start) @ wall.along, (back - wall.start) @ wall.inward
        turned = abs((item.yaw_deg - wall.yaw_deg + 180) % 360 - 180)
        if turned < 4 and abs(away) < 0.2 and 0 <= offset <= wall.length and item.position_m[2] == 0:
            return Anchors(
                wall.point(offset)[None],
                np.array([wall.yaw_deg]),
                np.array([index]),
                np.array([offset]),
            )
    return None


def _above(room: Occupancy, rng: np.random.Generator, seed: int, item: Item, at: Anchors) -> None:
    wide, top = item.size_m[0], item.size_m[2]
    free = room.height_m - 0.12 - top
    if free < 0.45:
        return
    if rng.random() < {"dresser": 0.65, "cabinet": 0.2}.get(item.kind, 0.0):
        size = draw_size("mirror", rng, width=max(0.4, 0.8 * wide), height=free - 0.2)
        low = max(top + 0.14, EYE_M + 0.05 - size[2] / 2)
        room.place([Piece("mirror", size, (0, -size[1] / 2 - TOUCH_M, 0), low)], at, rng, seed)
        return
    if item.kind in ("desk", "cabinet", "bench") and rng.random() < 0.5:
        _shelf(room, rng, seed, at, wide, top)
        return
    room.place(_pictures(room, rng, 0.85 * wide, top + 0.15), at, rng, seed)


def _shelf(
    room: Occupancy, rng: np.random.Generator, seed: int, at: Anchors, wide: float, top: float
) -> None:
    designs = {"classic": ("brackets", "box"), "rustic": ("brackets", "box"), "modern": ("strings", "box")}
    design = str(rng.choice(designs.get(room.style, ("brackets", "strings", "box"))))
    w, d, h = draw_size("wall_shelf", rng, width=max(0.5, wide), height=(0.28, 0.7))
    low = max(top + 0.5, 1.25 + float(rng.uniform(-0.05, 0.15)))
    h = 0.17 if design == "brackets" else min(h, room.height_m - 0.35 - low)
    if h < 0.16 or low + h > room.height_m - 0.3:
        return
    count = 0 if design == "brackets" else 1 if h < 0.5 else 2
    boards = [round(0.02 + number * (h - 0.02) / count, 4) for number in range(count)] or [h]
    params = {"board_z_m": boards, "variant": design}
    room.place([Piece("wall_shelf", (w, d, h), (0, -d / 2 - TOUCH_M, 0), low, params=params)], at, rng, seed)


def _on_free_wall(room: Occupancy, rng: np.random.Generator, seed: int, room_kind: str) -> None:
    what = rng.choice(["pictures", "mirror", "clock", "wall_shelf"], p=[0.6, 0.12, 0.14, 0.14])
    if what in ("pictures", "mirror") and room_kind == "classroom":
        posters(room, rng, seed)
    elif what == "pictures":
        wide = float(rng.uniform(0.5, 1.8))
        room.place(_pictures(room, rng, wide, 0.95), room.along_walls(wide + 0.3, rng, gap_m=0.0), rng, seed)
    elif what == "wall_shelf":
        _shelf(room, rng, seed, room.along_walls(1.2, rng, gap_m=0.0), 1.0, 0.75)
    else:
        size = draw_size(str(what), rng)
        low = (EYE_M if what == "mirror" else 1.85) - size[2] / 2
        low = min(low, room.height_m - 0.1 - size[2])
        piece = Piece(str(what), size, (0, -size[1] / 2 - TOUCH_M, 0), low)
        room.place([piece], room.along_walls(size[0] + 0.3, rng, gap_m=0.0), rng, seed)


def _pictures(room: Occupancy, rng: np.random.Generator, wide_m: float, least_z_m: float) -> list[Piece]:
    """An arrangement of pictures at most `wide_m` wide around eye height: one, a row, or a block."""
    tall = room.height_m - 0.14 - least_z_m
    middle = EYE_M + float(rng.normal(0, 0.03))
    form = rng.choice(["one", "row", "block", "mixed"], p=[0.45, 0.28, 0.12, 0.15])
    gap = float(rng.uniform(0.05, 0.11))
    if form == "one" or wide_m < 0.7:
        size = draw_size("picture", rng, width=wide_m, height=min(0.95, tall))
        return [_picture(size, 0.0, max(middle - size[2] / 2, least_z_m))]
    if form == "mixed":  # of different sizes, with their middles at one height
        sizes, total = [], 0.0
        while len(sizes) < 4:
            size = draw_size("picture", rng, width=0.55 * wide_m, height=min(0.7, tall))
            if total + size[0] + gap > wide_m:
                break
            sizes.append(size)
            total += size[0] + gap
        sizes = sizes or [draw_size("picture", rng, width=wide_m, height=min(0.7, tall))]
        middle = max(middle, least_z_m + max(size[2] for size in sizes) / 2)
        x, pieces = -(total - gap) / 2 if total else 0.0, []
        for size in sizes:
            pieces.append(_picture(size, x + size[0] / 2 if total else 0.0, middle - size[2] / 2))
            x += size[0] + gap
        return pieces
    columns = 2 if wide_m < 1.1 or rng.random() < 0.5 else 3
    rows = 2 if form == "block" and tall > 0.75 else 1
    most = ((wide_m - (columns - 1) * gap) / columns, (min(tall, 1.2) - (rows - 1) * gap) / rows)
    w, d, h = draw_size("picture", rng, width=min(most[0], 0.55), height=min(most[1], 0.8))
    low = max(middle - (rows * h + (rows - 1) * gap) / 2, least_z_m)
    return [
        _picture((w, d, h), (column - (columns - 1) / 2) * (w + gap), low + row * (h + gap))
        for row in range(rows)
        for column in range(columns)
    ]


def _picture(size: tuple[float, float, float], x: float, z: float) -> Piece:
    return Piece("picture", size, (x, -size[1] / 2 - TOUCH_M, 0), z)


def light_ceiling(room: Occupancy, room_kind: str, seed: int) -> None:
    """A lamp above the table or the middle of the room, or several flat ones; pendants clear heads."""
    if room_kind in LIGHTS:
        LIGHTS[room_kind](room, hang, seed)
        return
    rng = rng_for(seed, "ceiling")
    tables = [item for item in room.items if item.kind == "dining_table"]
    for number, table in enumerate(tables[:2]):
        count = 2 if table.size_m[0] > 1.6 and rng.random() < 0.5 else 1
        w = float(rng.uniform(0.22, 0.3)) if count == 2 else float(rng.uniform(0.34, 0.52))
        drop = room.height_m - table.size_m[2] - float(rng.uniform(0.68, 0.85))
        size, twin = (w, w, min(max(drop, 0.25), 1.3)), seed_for(seed, "pendant", number)
        turn = np.radians(table.yaw_deg)
        for index in range(count):
            shift = (index - (count - 1) / 2) * table.size_m[0] * 0.46
            xy = np.array(table.position_m[:2]) + shift * np.array([np.cos(turn), np.sin(turn)])
            hang(room, rng, size, xy, table.yaw_deg, twin)
    middle = _middle_of(room, rng)
    if any(np.hypot(*(np.array(table.position_m[:2]) - middle)) < 1.9 for table in tables):
        return
    form = rng.choice(["pendant", "flush", "spots"], p=[0.45, 0.35, 0.2])
    if form == "pendant" and room.height_m > 2.38:
        w = float(rng.uniform(0.32, 0.52))
        hang(
            room,
            rng,
            (w, w, min(room.height_m - 2.02, float(rng.uniform(0.3, 0.7)))),
            middle,
            0.0,
            seed_for(seed, "lamp"),
        )
    elif form == "spots":
        size = (float(rng.uniform(0.7, 1.2)), 0.09, float(rng.uniform(0.13, 0.2)))
        hang(room, rng, size, middle, float(rng.choice([0, 90])), seed_for(seed, "lamp"))
    else:
        w = float(rng.uniform(0.3, 0.5))
        hang(room, rng, (w, w, float(rng.uniform(0.08, 0.14))), middle, 0.0, seed_for(seed, "lamp"))


def hang(
    room: Occupancy, rng: np.random.Generator, size, xy: np.ndarray, yaw_deg: float, seed: int,
    kind: str = "ceiling_light",
) -> None:  # fmt: skip
    """Hang a lamp from the ceiling at a place, if it is free."""
    none = np.array([-1])
    here = Anchors(np.asarray(xy)[None], np.array([yaw_deg]), none, np.zeros(1))
    piece = Piece(kind, size, (0, 0, 0), room.height_m - size[2] - 0.001, seed=seed)
    room.place([piece], here, rng, seed)


def _middle_of(room: Occupancy, rng: np.random.Generator) -> np.ndarray:
    """The middle of the larger part of the floor."""
    parts = rectangles_of_room(room.outline_m)
    x0, y0, x1, y1 = max(parts, key=lambda part: (part[2] - part[0]) * (part[3] - part[1]))
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) + rng.normal(0, 0.02, 2)
    if room.roof is not None:  # below the level part
        across, height = room.roof.profile_m.T
        middle[1 - room.roof.axis] = across[height > room.height_m - 1e-6].mean()
    return middle
