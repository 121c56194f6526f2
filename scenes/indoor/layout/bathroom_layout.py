"""Bathrooms: small, with a bathtub or a shower, a basin below a mirror, and a toilet with room before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.seeding import rng_for, seed_for

from .bathroom_kinds import GLASS_M
from .bathroom_more import tile_walls
from .catalogue import Size, draw_size
from .groups import Made, centred, cornered
from .placement import SPACE, Anchors, Occupancy, Piece
from .room_plan import Layout, area_of
from .shell_plan import plan_door, plan_windows

TOUCH_M = 0.003
EDGE_M = 0.006
"""How near to walls fitted things stand."""
BESIDE_M = 0.2
"""Free on both sides of a toilet."""
LEAST_M2 = 5.2
FRONTS = {"scandinavian": ("flat", "slats"), "classic": ("shaker", "beaded"), "modern": ("flat", "flat"),
          "rustic": ("shaker", "flat")}  # fmt: skip
HANDLES = {"scandinavian": ("tab", "knob", "groove"), "classic": ("ball", "knob"),
           "modern": ("groove", "rail"), "rustic": ("ball", "bar")}  # fmt: skip


def plan_bathroom(spec: Any, seed: int) -> Layout:
    """The shell of a bathroom: much smaller than the room of the spec, with one high window or none."""
    rng = rng_for(seed, "bathroom")
    width = float(np.clip(float(spec.room.width_m) * rng.uniform(0.42, 0.62), 1.85, 3.3))
    depth = float(np.clip(float(spec.room.depth_m) * rng.uniform(0.5, 0.72), 2.15, 3.6))
    depth = max(depth, LEAST_M2 / width)
    height = min(float(spec.room.height_m), 3.0)
    outline = np.array([(0, 0), (width, 0), (width, depth), (0, depth)])
    door = plan_door(outline, height, seed)
    door = replace(door, width_m=min(door.width_m, 0.82))
    count = int(min(int(spec.windows.count), 1))
    windows = plan_windows(outline, height, door, count, "bathroom", seed, barred=frozenset({door.wall}))
    windows = tuple(_narrowed(window, float(rng.uniform(0.58, 0.95))) for window in windows)
    return Layout(outline, height, door, windows, kind="bathroom")


def _narrowed(window, width_m: float):
    width = min(window.width_m, width_m)
    return replace(window, offset_m=window.offset_m + (window.width_m - width) / 2, width_m=width)


def bathroom_group(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """What a bathroom has: something to bathe in, a toilet and a basin, and its tiles."""
    area = area_of(room.outline_m)
    both = area > 6.8 and rng.random() < 0.45
    tub_first = rng.random() < 0.55
    wet = [bathe, shower_corner] if tub_first else [shower_corner, bathe]
    done = 0
    for number, place in enumerate(wet):
        if done and not both:
            break
        done += place(room, rng_for(seed, "wet", number), seed_for(seed, "wet", number), density) is not None
    made = toilet_place(room, rng_for(seed, "toilet"), seed_for(seed, "toilet"), density)
    basin_place(room, rng_for(seed, "basin"), seed_for(seed, "basin"), density)
    _mat(room, rng_for(seed, "mat"), seed_for(seed, "mat"))
    tile_walls(room, rng_for(seed, "tiles"))
    return made


# -- bathing -------------------------------------------------------------------------------------------


def _ends(room: Occupancy, wide_m: float, at_start: bool) -> Anchors:
    """Places at one end of every wall that is long enough; the start of a wall is at its right, seen from the
    room."""
    walls = [index for index, wall in enumerate(room.walls) if wall.length >= wide_m + 2 * EDGE_M]
    offsets = [EDGE_M + wide_m / 2 if at_start else room.walls[i].length - EDGE_M - wide_m / 2 for i in walls]
    xy = [room.walls[i].point(offset, EDGE_M) for i, offset in zip(walls, offsets)]
    yaw = np.array([room.walls[i].yaw_deg for i in walls])
    return Anchors(np.array(xy).reshape(-1, 2), yaw, np.array(walls, dtype=int), np.array(offsets))


def bathe(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A bathtub between two walls, in a corner, or in a large room standing free before a wall."""
    if area_of(room.outline_m) > 7.5 and rng.random() < 0.55:
        made = _free_tub(room, rng, seed)
        if made is not None:
            return made
    lengths = [wall.length for wall in room.walls]
    niches = [length - 2 * EDGE_M - 0.002 for length in lengths if 1.5 < length < 1.95]
    _, d, h = draw_size("bathtub", rng)
    for wide in (*niches[:1], float(rng.uniform(1.65, 1.75)), 1.6, 1.5):
        for at_start in (True, False) if rng.random() < 0.5 else (False, True):
            side = 1 if at_start else -1  # where its side wall is, as seen from the room
            tap = draw_size("bath_tap", rng)
            middle = rng.random() < 0.5
            x = 0.0 if middle else side * (wide / 2 - 0.35)
            pieces = [
                Piece("bathtub", (wide, d, h), (0, -d / 2, 0)),
                Piece(
                    "bath_tap",
                    tap,
                    (x, -tap[1] / 2 + EDGE_M - TOUCH_M, 0),
                    h + float(rng.uniform(0.06, 0.12)),
                    by_window=True,
                ),
            ]
            if rng.random() < 0.6:
                screen = draw_size("bath_screen", rng, height=room.height_m - h - 0.15)
                at = (side * (wide / 2 - screen[0] / 2 - 0.004), -d + 0.03, 0)
                pieces.append(
                    Piece(
                        "bath_screen",
                        screen,
                        at,
                        h,
                        params={"side": side},
                        on=0,
                        required=False,
                        by_window=True,
                    )
                )
            made = room.place(pieces, _ends(room, wide, at_start), rng, seed, lambda a: -_near_door(a, room))
            if made is not None:
                return made
    return None


def _free_tub(room: Occupancy, rng: np.random.Generator, seed: int) -> Made:
    w, d, h = draw_size("bathtub", rng, width=(1.55, 1.75))
    away = float(rng.uniform(0.12, 0.3))
    filler = draw_size("tub_filler", rng)
    out = -(away + d + filler[1] / 2 - 0.08)
    side = 1 if rng.random() < 0.5 else -1
    at_end = (side * (w / 2 + filler[1] / 2 - 0.1), -away - d / 2, side * -90.0)
    pieces = [
        Piece("bathtub", (w, d, h), (0, -away - d / 2, 0), params={"free": True}),
        Piece("tub_filler", filler, at_end if rng.random() < 0.6 else (0.0, out, 180.0)),
    ]
    return room.place(pieces, room.along_walls(w + 0.5, rng), rng, seed, lambda a: centred(a, room))


def shower_corner(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A shower in a corner, with a mixer on the wall and bottles within reach."""
    walk_in = rng.random() < 0.4
    for wide in (1.2, 1.0, 0.9, 0.8):
        w, d, h = draw_size("shower", rng, width=(0.8, wide), height=room.height_m - 0.1)
        if walk_in and wide > 0.95:
            w = max(w, 1.05)
        for at_start in (True, False) if rng.random() < 0.5 else (False, True):
            side = 1 if at_start else -1
            params = {"side": side, "variant": "walk_in" if walk_in and wide > 0.95 else "corner"}
            fitting = draw_size("shower_set", rng, height=room.height_m - 1.0)
            mid = side * GLASS_M / 2
            pieces = [
                Piece("shower", (w, d, h), (0, -d / 2, 0), params=params),
                Piece(
                    "shower_set", fitting, (mid, -fitting[1] / 2 + EDGE_M - TOUCH_M, 0), 0.92, by_window=True
                ),
            ]
            caddy = draw_size("bath_caddy", rng)
            # On the side wall, at its end near the front.
            x = side * (w / 2 + EDGE_M - TOUCH_M - caddy[1] / 2)
            y = -d + 0.1 + caddy[0] / 2
            pieces.append(
                Piece(
                    "bath_caddy", caddy, (x, y, side * -90.0), float(rng.uniform(1.0, 1.15)), required=False
                )
            )
            made = room.place(
                pieces, _ends(room, w, at_start), rng, seed, lambda a: -0.6 * _near_door(a, room)
            )
            if made is not None:
                return made
    return None


def _near_door(anchors: Anchors, room: Occupancy) -> np.ndarray:
    """(n,) 1 at the door, falling by 0.4 with every metre."""
    door = room.walls[room.door.wall].point(room.door.offset_m + room.door.width_m / 2)
    return 1.0 - 0.4 * np.hypot(*(anchors.xy - door).T)


# -- toilet and basin ----------------------------------------------------------------------------------


def toilet_place(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A toilet at a wall, free floor before it and on both sides, paper and a brush within reach."""
    name = str(rng.choice(["hung", "floor", "coupled"], p=[0.5, 0.2, 0.3]))
    w, d, h = draw_size("toilet", rng)
    if name == "coupled":
        d, h = float(rng.uniform(0.62, 0.68)), float(rng.uniform(0.74, 0.82))
    z = float(rng.uniform(0.05, 0.08)) if name == "hung" else 0.0
    params = {"variant": name} | ({"wall_mounted": True} if name == "hung" else {})
    out, side = EDGE_M - TOUCH_M, 1 if rng.random() < 0.5 else -1
    further = []
    if name != "coupled":
        size, height = draw_size("flush_plate", rng), float(rng.uniform(0.92, 1.05))
        further.append(Piece("flush_plate", size, (0, -size[1] / 2 + out, 0), height, required=False))
    size = draw_size("toilet_brush", rng)
    place = (-side * (w / 2 + 0.12), -size[1] / 2 - 0.02, float(rng.uniform(0, 360)))
    further.append(Piece("toilet_brush", size, place, required=False))
    size = draw_size("toilet_roll", rng)
    place = (side * (w / 2 + 0.14), -size[1] / 2 + out, 0.0)
    further.append(Piece("toilet_roll", size, place, 0.7, required=False))
    for beside, before in ((BESIDE_M, 0.55), (0.14, 0.45)):
        offset = (0, -d / 2 + out, 0)
        pieces = [
            Piece("toilet", (w, d, h - z), offset, z, params=params, clearance_m=before),
            Piece(SPACE, (w + 2 * beside, d, 0.6), (0, -d / 2 - 0.001, 0)),
            *further,
        ]
        anchors = room.along_walls(w + 2 * beside, rng, 14, gap_m=EDGE_M)
        liking = lambda a: 0.5 * cornered(a, room) - 0.5 * _opposite(a, room)  # noqa: E731
        made = room.place(pieces, anchors, rng, seed, liking, tries=12)
        if made is not None:
            return made
    return None


def _opposite(anchors: Anchors, room: Occupancy) -> np.ndarray:
    """(n,) 1 for places right opposite the door, which nobody likes."""
    door = room.walls[room.door.wall]
    facing = np.array([float(room.walls[i].inward @ door.inward) < -0.5 for i in anchors.wall])
    return facing.astype(float)


def basin_place(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A basin on a cabinet or on its column, a mirror above it."""
    pedestal = rng.random() < (0.4 if room.style in ("classic", "rustic") else 0.15)
    for wide in (1.3, 1.0, 0.8, 0.62, 0.52):
        if wide > 0.75 * max(wall.length for wall in room.walls) or (wide > 0.8 and rng.random() < 0.35):
            continue
        pieces = _pedestal(rng) if pedestal else _vanity(room, rng, wide)
        below = pieces[0].size_m
        pieces += _above_basin(room, rng, below[0], required=wide > 0.7)
        anchors = room.along_walls(below[0] + 0.06, rng, 12, gap_m=EDGE_M)
        made = room.place(pieces, anchors, rng, seed, lambda a: 0.3 * centred(a, room), tries=10)
        if made is not None:
            return made
    return None


def _pedestal(rng: np.random.Generator) -> list[Piece]:
    size, tap = draw_size("pedestal_basin", rng), draw_size("basin_tap", rng, height=(0.13, 0.19))
    tap = (0.2, tap[1], tap[2])
    basin = Piece("pedestal_basin", size, (0, -size[1] / 2, 0))
    return [basin, Piece("basin_tap", tap, (0, -tap[1] / 2 - 0.012, 0), size[2], on=0, by_window=True)]


def _vanity(room: Occupancy, rng: np.random.Generator, wide_m: float) -> list[Piece]:
    """A cabinet, hung or on the floor, with one basin or two and a tap at each."""
    style = room.style if room.style in FRONTS else "modern"
    w, d, _ = draw_size("vanity", rng, width=(min(wide_m, 0.6) - 0.1, wide_m))
    hung, slab = rng.random() < 0.6, rng.random() < 0.5
    rim = float(rng.uniform(0.84, 0.9))
    basin = 0.035 if slab else float(rng.uniform(0.1, 0.14))
    top = rim - basin
    z = float(rng.uniform(0.28, 0.38)) if hung else 0.0
    params: dict[str, Any] = {
        "front": str(rng.choice(FRONTS[style])), "handle": str(rng.choice(HANDLES[style])),
        "metal": str(rng.choice(["fitting", "metal_brushed"])), "open_top": slab,
    }  # fmt: skip
    if hung:
        params["wall_mounted"] = True
    count = 2 if w > 1.15 and rng.random() < 0.6 else 1
    middles = [-w / 4, w / 4] if count == 2 else [0.0]
    twin, tap_twin = int(rng.integers(2**31)), int(rng.integers(2**31))
    out = EDGE_M - TOUCH_M
    laid: list[Piece] = []
    places, free = [], []
    if slab:
        size: Size = (w + 0.004, d + 0.004, basin)
        half = min(0.25, w / 2 / count - 0.05)
        params["bowls"] = count
        of = {"variant": "slab", "bowls": count, "bowl_m": half}
        laid.append(Piece("wash_basin", size, (0, -size[1] / 2 + out, 0), top, params=of, on=0, seed=twin))
        places.append((-size[0] / 2, size[0] / 2, -size[1] / 2 - 0.003, size[1] / 2 + 0.003))
        for x in middles:
            tap = draw_size("basin_tap", rng, height=(0.13, 0.17))
            tap = (min(0.2, 2 * half), tap[1], tap[2])
            laid.append(
                Piece("basin_tap", tap, (x, -tap[1] / 2 - 0.014, 0), rim, on=1, seed=tap_twin, by_window=True)
            )
    else:
        name = str(rng.choice(["round", "oval", "box"]))
        bd = float(rng.uniform(0.34, 0.37))
        bw = bd if name == "round" else min(w / count - 0.06, float(rng.uniform(0.42, 0.55)))
        coloured = bool(rng.random() < 0.35)
        tap = (0.1, 0.17, basin + 0.16)
        for x in middles:
            y = -d + 0.02 + bd / 2 + out
            of = {"variant": name, "coloured": coloured}
            laid.append(Piece("wash_basin", (bw, bd, basin), (x, y, 0), top, params=of, on=0, seed=twin))
            places.append((x - bw / 2 - 0.001, x + bw / 2 + 0.001, -d / 2, d / 2))
            look = {"variant": "square" if rng.random() < 0.4 else "arc"}
            laid.append(
                Piece(
                    "basin_tap",
                    tap,
                    (x, -tap[1] / 2 - 0.004 + out, 0),
                    top,
                    params=look,
                    on=0,
                    seed=tap_twin,
                    by_window=True,
                )
            )
        edges = [
            -w / 2 + 0.015,
            *(e for x in middles for e in (x - bw / 2 - 0.02, x + bw / 2 + 0.02)),
            w / 2 - 0.015,
        ]
        free = [(a, b, -d / 2 + 0.02, d / 2 - 0.015) for a, b in zip(edges[::2], edges[1::2]) if b - a > 0.08]
    params |= {"places": places, "free": free}
    case = Piece("vanity", (w, d, top - z), (0, -d / 2 + out, 0), z, params=params, clearance_m=0.55)
    return [case, *laid]


def _above_basin(room: Occupancy, rng: np.random.Generator, wide_m: float, *, required: bool) -> list[Piece]:
    """A mirror or a cabinet with mirror doors, its middle at the height of eyes."""
    out = EDGE_M - TOUCH_M
    if rng.random() < 0.4:
        size = draw_size("mirror_cabinet", rng, width=max(0.5, wide_m), height=room.height_m - 1.4)
        return [Piece("mirror_cabinet", size, (0, -size[1] / 2 + out, 0), 1.26, required=required)]
    size = draw_size("mirror", rng, width=min(max(0.45, 0.9 * wide_m), 1.0), height=room.height_m - 1.4)
    low = max(1.14, 1.55 - size[2] / 2)
    return [Piece("mirror", size, (0, -size[1] / 2 + out, 0), low, required=required)]


def _mat(room: Occupancy, rng: np.random.Generator, seed: int) -> None:
    """A small rug before the bathtub, the shower or the basin."""
    before = [item for item in room.items if item.kind in ("bathtub", "shower", "vanity", "pedestal_basin")]
    if not before or rng.random() < 0.25:
        return
    item = before[int(rng.integers(len(before)))]
    size = (float(rng.uniform(0.6, 0.85)), float(rng.uniform(0.42, 0.52)), float(rng.uniform(0.012, 0.018)))
    turn = np.radians(item.yaw_deg)
    away = item.size_m[1] / 2 + 0.06 + size[1] / 2
    xy = np.array(item.position_m[:2]) + away * np.array([np.sin(turn), -np.cos(turn)])
    piece = Piece(
        "rug", size, (0, 0, float(rng.normal(0, 3))), params={"variant": str(rng.choice(["plain", "bound"]))}
    )
    room.place([piece], room.here(xy, item.yaw_deg), rng, seed)
