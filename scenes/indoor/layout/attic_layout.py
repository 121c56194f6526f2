"""Attics: a room below one or two slopes, with windows in them, lived in or full of what is kept there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.seeding import rng_for

from . import groups, table_groups
from .catalogue import draw_size
from .groups import Made, centred
from .openings import Opening
from .passages import free_pieces
from .placement import Anchors, Occupancy, Piece
from .roof import Roof, RoofWindow
from .room_plan import Layout, walls_of

KNEE_M = (0.65, 1.25)
"""Height of the low walls below the slopes, where the room is wide enough."""
PITCH_DEG = (36.0, 50.0)
LEVEL_M = 1.1
"""Least breadth of the level part between two slopes."""


def plan_attic(spec: Any, seed: int) -> Layout:
    """The shell of an attic: a rectangle whose ridge mostly runs the long way."""
    rng = rng_for(seed, "attic")
    width, depth, height = (float(v) for v in (spec.room.width_m, spec.room.depth_m, spec.room.height_m))
    outline = np.array([(0, 0), (width, 0), (width, depth), (0, depth)])
    axis = int(width < depth) if rng.random() < 0.8 else int(width >= depth)
    roof = _roof((width, depth)[1 - axis], axis, height, rng)
    # A door that stands for none while a place is looked for.
    none = Opening(-1, 0.0, 0.8, 2.0, 0.0)
    shell = Layout(outline, height, none, (), roof=roof, kind="attic")
    shell = replace(shell, door=_door(shell, rng))
    count = int(spec.windows.count)
    above = sum(rng.random() < 0.7 for _ in range(count))
    windows, left = _roof_windows(roof, (width, depth)[axis], above, rng)
    shell = replace(shell, roof=replace(roof, windows=windows))
    return replace(shell, windows=_gable_windows(shell, count - above + left, rng))


def _roof(across: float, axis: int, height: float, rng: np.random.Generator) -> Roof:
    """Two slopes with a level part between them, or one slope against a high wall in narrow rooms."""
    steep, knee = float(np.tan(np.radians(rng.uniform(*PITCH_DEG)))), float(rng.uniform(*KNEE_M))
    rafter = float(rng.uniform(0.06, 0.1)) if rng.random() < 0.55 else 0.0
    one = across < 3.3 or rng.random() < 0.25
    run = min((height - knee) / steep, (across - LEVEL_M) / (1 if one else 2))
    low = height - run * steep
    profile = [(0.0, low), (run, height), (across, height)]
    if not one:
        profile = [(0.0, low), (run, height), (across - run, height), (across, low)]
    elif rng.random() < 0.5:
        profile = [(across - a, z) for a, z in reversed(profile)]
    return Roof(axis, np.array(profile), rafter_m=rafter)


def _door(shell: Layout, rng: np.random.Generator) -> Opening:
    """A door where the roof is high enough; the lowest and narrowest one where it hardly is."""
    tall = min(float(rng.choice([1.98, 2.03])), shell.height_m - 0.15)
    for width, height in ((0.82, tall), (0.76, tall), (0.7, min(tall, 1.9))):
        for index in rng.permutation(4):
            pieces = [p for p in free_pieces(shell, int(index), height) if p[1] - p[0] > width]
            if pieces:
                low, high = pieces[0]
                side = float(rng.choice([0.03, 0.97, rng.uniform(0.2, 0.8)]))
                offset = low + side * (high - low - width)
                return Opening(int(index), offset, width, height, 0.0, hinge_at_start=side < 0.5)
    raise AssertionError("a roof always has a level part as high as the room, broader than a door")


def _roof_windows(
    roof: Roof, long: float, count: int, rng: np.random.Generator
) -> tuple[tuple[RoofWindow, ...], int]:
    """Equal windows side by side in the slopes, and how many found no place."""
    made: list[RoofWindow] = []
    slopes = roof.slopes()
    shares = rng.multinomial(count, [1 / len(slopes)] * len(slopes))
    width, tall = float(rng.choice([0.55, 0.66, 0.78, 0.94])), float(rng.choice([0.98, 1.18, 1.4]))
    sill, gap = float(rng.uniform(0.85, 1.15)), float(rng.uniform(0.25, 0.9))
    for slope, share in zip(slopes, shares):
        (_, z0), (_, z1) = roof.profile_m[slope : slope + 2]
        length = roof.length_up_m(slope)
        up = max(0.12, (sill - min(z0, z1)) / abs(z1 - z0) * length)
        height = min(tall, length - up - 0.2)
        share = min(int(share), int((long - 0.6) // (width + 0.2)))
        if height < 0.5 or share == 0:
            continue
        between = min(gap, (long - 0.6 - share * width) / max(1, share - 1))
        slack = long - 0.6 - share * width - (share - 1) * between
        start = 0.3 + float(rng.uniform(0.2, 0.8)) * slack
        made += [RoofWindow(slope, start + n * (width + between), up, width, height) for n in range(share)]
    return tuple(made), count - len(made)


def _gable_windows(shell: Layout, count: int, rng: np.random.Generator) -> tuple[Opening, ...]:
    """Up to two windows in the walls at the ends of the ridge, away from the door."""
    made: list[Opening] = []
    walls = walls_of(shell.outline_m)
    ends = [i for i, wall in enumerate(walls) if abs(wall.along[shell.roof.axis]) < 0.5]
    sill, lintel = float(rng.uniform(0.7, 1.0)), min(float(rng.uniform(1.9, 2.15)), shell.height_m - 0.2)
    for index in [int(i) for i in rng.permutation(ends)][: max(0, count)]:
        if index == shell.door.wall:
            continue
        low, high = max(free_pieces(shell, index, lintel), key=lambda p: p[1] - p[0], default=(0.0, 0.0))
        wide = min(float(rng.uniform(0.75, 1.5)), high - low - 0.1)
        if wide > 0.6:
            made.append(Opening(index, (low + high - wide) / 2, wide, lintel - sill, sill))
    return tuple(made)


def attic_group(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """What the attic is used for: a bedroom, a study, a den, or to keep things."""
    use = str(rng.choice(["bed", "desk", "sofa", "store"], p=[0.34, 0.2, 0.16, 0.3]))
    made = None
    if use == "bed":
        made = groups.bed_group(room, rng, seed, density)
    elif use == "desk":
        made = table_groups.desk_group(room, rng, seed, density)
    elif use == "sofa":
        made = groups.sofa_group(room, rng, seed, density)
    if made is None:
        for number in range(3 + int(4 * density)):
            made = stored(room, rng_for(seed, "stored", number), seed + 100 * number, density) or made
    return made


STORED = {"moving_box": 4.0, "trunk": 1.0, "suitcase": 1.4, "crate": 1.6, "rolled_rug": 0.7}
"""What people keep in attics, and how often."""


def stored(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """Two to five things that were pushed below a slope side by side."""
    names = list(STORED)
    weights = np.array([STORED[name] for name in names])
    pieces: list[Piece] = []
    x = 0.0
    for _ in range(2 + int(rng.binomial(3, density))):
        kind = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        size, turn = draw_size(kind, rng), float(rng.normal(0, 4))
        reach = size[0] / 2 + 0.07 * size[1] + 0.03
        out = size[1] / 2 + 0.07 * size[0] + float(rng.uniform(0.02, 0.16))
        pieces.append(Piece(kind, size, (x + reach, -out, turn), required=not pieces))
        x += 2 * reach
        weights[names.index(kind)] *= 1.0 if kind == "moving_box" else 0.3
    middle = x / 2
    pieces = [replace(p, offset=(p.offset[0] - middle, p.offset[1], p.offset[2])) for p in pieces]
    for broad in (x, 0.6):
        anchors = _below_slopes(room, room.along_walls(broad, rng, per_wall=12))
        made = room.place(pieces, anchors, rng, seed, lambda a: -0.5 * _height(room, a))
        if made is not None:
            return made
    return None


def _below_slopes(room: Occupancy, anchors: Anchors) -> Anchors:
    """Places at low walls, and as far from them as the things below the slope have to be."""
    parts = [anchors]
    for away in (0.25, 0.5, 0.8):
        moved = np.array([room.walls[i].inward for i in anchors.wall]).reshape(-1, 2) * away
        parts.append(Anchors(anchors.xy + moved, anchors.yaw_deg, anchors.wall, anchors.offset_m))
    return Anchors(
        np.vstack([part.xy for part in parts]),
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("yaw_deg", "wall", "offset_m")
        ),
    )


def _height(room: Occupancy, anchors: Anchors) -> np.ndarray:
    """(n,) heights of the ceiling above places."""
    return room.roof.height_at(anchors.xy) if room.roof is not None else np.zeros(len(anchors))


def trunk(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A trunk at a wall, mostly a low one."""
    size = draw_size("trunk", rng)
    piece = Piece("trunk", size, (0, -size[1] / 2 - 0.03, float(rng.normal(0, 2))))
    anchors = _below_slopes(room, room.along_walls(size[0] + 0.1, rng))
    return room.place([piece], anchors, rng, seed, lambda a: centred(a, room) - 0.5 * _height(room, a))


def low_shelf(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A bookshelf low enough for the wall below a slope."""
    knee = float(room.roof.profile_m[:, 1].min()) if room.roof is not None else 1.2
    for tall in (knee - 0.12, 0.62 * knee):
        if tall < 0.45:
            return None
        w, d, _ = draw_size("bookshelf", rng)
        count = max(1, int((tall - 0.05) // 0.3))
        boards = [round(0.05 + n * (tall - 0.05) / count, 4) for n in range(count)]
        params = {"board_z_m": boards}
        piece = Piece("bookshelf", (w, d, tall), (0, -d / 2 - 0.012, 0), params=params)
        made = room.place(
            [piece], room.along_walls(w + 0.02, rng), rng, seed, lambda a: -0.5 * _height(room, a)
        )
        if made is not None:
            return made
    return None
