"""What is built in: stairs, niches and beams of the shell; columns, half-height walls and chimney breasts,
which take room as furniture does but come before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.seeding import rng_for, seed_for

from .catalogue import draw_size
from .further_kinds import MANTEL_M
from .groups import centred
from .openings import Niche, Opening
from .passages import free_pieces
from .placement import Occupancy, Piece
from .room_plan import Layout, area_of, walls_of
from .stairs import SLAB_M, Stairs

FOOT_M = 0.95
"""Free floor before the lowest step."""
BESIDE_M = 0.8
"""Least free floor beside a staircase."""


def wants_stairs(kind: str, spec: Any, seed: int) -> bool:
    """Whether a room is one of those that are to have a staircase."""
    share = float(spec.architecture.stairs)
    if kind == "hallway":
        share = 1.0 - (1.0 - share) ** 3
    return bool(rng_for(seed, "stairs").random() < share)


def build_stairs(shell: Layout, spec: Any, seed: int) -> Layout:
    """A shell with a staircase along one of its walls, in the share of cases that the spec names."""
    if shell.stairs is not None:
        return shell
    rng = rng_for(seed, "stairs", "form")
    fits = shell.roof is None and shell.height_m <= 3.4 and shell.kind != "classroom"
    if not fits or not wants_stairs(shell.kind, spec, seed):
        return shell
    storey = shell.height_m + SLAB_M
    steps = round(storey / float(rng.uniform(0.168, 0.19)))
    going, width = float(rng.uniform(0.23, 0.27)), float(rng.uniform(0.8, 0.95))
    walls = walls_of(shell.outline_m)
    for index in rng.permutation(len(walls)):
        wall = walls[int(index)]
        across = _across(shell, int(index))
        if across < width + BESIDE_M + 0.1:
            continue
        run = (steps - 1) * going
        taken = [h for h in (*shell.ways(), *shell.windows) if h.wall == index]
        up = 1 if rng.random() < 0.5 else -1
        for sign in (up, -up):
            foot = FOOT_M if sign > 0 else wall.length - FOOT_M
            end = foot + sign * run
            landing = min(0.9, wall.length - end if sign > 0 else end)
            low, high = sorted((foot, end))
            if landing < 0.02 or any(_beside(hole, low, high) for hole in taken):
                continue
            stairs = Stairs(
                wall=int(index),
                foot_m=tuple(wall.point(foot)),
                direction=tuple(sign * wall.along),
                outward=tuple(wall.inward),
                width_m=width,
                going_m=going,
                rise_m=storey / steps,
                steps=steps,
                landing_m=landing,
                height_m=shell.height_m,
                design=str(rng.choice(["closed", "closed", "open"])),
            )
            if not _crosses_a_door(shell, stairs):
                return replace(shell, stairs=stairs)
    return shell


def _beside(hole: Opening, low: float, high: float) -> bool:
    return low - 0.15 < hole.offset_m + hole.width_m and hole.offset_m < high + 0.15


def _across(shell: Layout, index: int) -> float:
    """Distance from a wall to the nearest one that faces it."""
    walls = walls_of(shell.outline_m)
    wall = walls[index]
    facing = [
        float((other.start - wall.start) @ wall.inward)
        for other in walls
        if other.inward @ wall.inward < -0.5
    ]
    return min((distance for distance in facing if distance > 0.05), default=0.0)


def _crosses_a_door(shell: Layout, stairs: Stairs) -> bool:
    x0, y0, x1, y1 = stairs.rectangle(-0.1, stairs.run_m, 0.05)
    walls = walls_of(shell.outline_m)
    for hole in (*shell.ways(), *shell.windows):
        wall = walls[hole.wall]
        before = [wall.point(hole.offset_m + s * hole.width_m, d) for s in (0, 1) for d in (0.0, 0.8)]
        low, high = np.min(before, axis=0), np.max(before, axis=0)
        if low[0] < x1 and high[0] > x0 and low[1] < y1 and high[1] > y0:
            return True
    return False


def build_niches(shell: Layout, spec: Any, seed: int) -> Layout:
    """A shell with one to three equal niches in a wall that no other room shares, and beams where drawn."""
    rng = rng_for(seed, "niches")
    share = float(spec.architecture.alcoves)
    if rng_for(seed, "beams").random() < float(spec.architecture.beams) and shell.height_m > 2.4:
        shell = replace(shell, beams=str(rng_for(seed, "beams", "kind").choice(["wood", "painted"])))
    if rng.random() >= 0.6 * share or shell.roof is not None:
        return shell
    walls = walls_of(shell.outline_m)
    width, height = float(rng.uniform(0.35, 0.85)), float(rng.uniform(0.45, 1.2))
    sill = float(rng.uniform(0.75, 1.35))
    height = min(height, shell.height_m - 0.25 - sill)
    arched = bool(rng.random() < (0.7 if str(spec.style) in ("classic", "rustic") else 0.2))
    barred = set(shell.shared_walls()) | {window.wall for window in shell.windows}
    if shell.stairs is not None:
        barred.add(shell.stairs.wall)
    gap = float(rng.uniform(0.2, 0.5))
    for index in rng.permutation(len(walls)):
        pieces = [
            piece
            for piece in free_pieces(shell, int(index), sill + height)
            if piece[1] - piece[0] > width + 0.5
        ]
        if int(index) in barred or not pieces or height < 0.4:
            continue
        low, high = max(pieces, key=lambda piece: piece[1] - piece[0])
        count = min(int(rng.integers(1, 4)), int((high - low - 0.3 + gap) // (width + gap)))
        total = count * width + (count - 1) * gap
        start = low + (high - low - total) * (0.5 if rng.random() < 0.5 else float(rng.uniform(0.15, 0.85)))
        deep = float(rng.uniform(0.12, 0.15))
        niches = tuple(
            Niche(int(index), start + number * (width + gap), width, height, sill, deep_m=deep, arched=arched)
            for number in range(count)
        )
        return replace(shell, niches=niches)
    return shell


def take_room(room: Occupancy, shell: Layout, seed: int) -> None:
    """Let what the shell has built in take its room, and put the sills of niches into their walls."""
    if shell.stairs is not None:
        room.block(shell.stairs.body_rows())
        room.keep_reachable(shell.stairs.foot_row())
    for niche in shell.niches:
        wall = room.walls[niche.wall]
        middle = niche.offset_m + niche.width_m / 2
        size = (niche.width_m, niche.deep_m, niche.height_m)
        piece = Piece("niche", size, (0, 0, 0), niche.sill_m, params={"arched": niche.arched})
        xy = wall.point(middle, -niche.deep_m / 2)
        room.add(piece, xy, wall.yaw_deg, np.empty((0, 8)), seed_for(seed, "niche"), 0, None)
        room.keep_clear_before(niche, 0.1)


def stand_built_ins(room: Occupancy, shell: Layout, shares: Any, seed: int) -> None:
    """Columns, half-height walls and a chimney breast, each in the share of rooms that `shares` names."""
    if shell.roof is not None:
        rng = rng_for(seed, "built in", "attic")
        if rng.random() < 1 - (1 - float(shares.columns)) ** 4:
            _posts(room, rng, seed_for(seed, "built in", "attic"))
        return
    for name, share, make in (
        ("chimney", 0.5 * float(shares.alcoves), _chimney_breast),
        ("half_wall", float(shares.half_walls), _half_wall),
        ("columns", float(shares.columns), _columns),
    ):
        rng = rng_for(seed, "built in", name)
        fits = shell.kind not in NOT_IN[name]
        if rng.random() < share and fits:
            make(room, rng, seed_for(seed, "built in", name))


NOT_IN = {
    "chimney": ("hallway", "classroom", "kitchen", "bathroom"),
    "half_wall": ("hallway", "classroom", "bathroom"),
    "columns": ("hallway", "bathroom"),
}
"""Rooms that do not have a thing."""


def _chimney_breast(room: Occupancy, rng: np.random.Generator, seed: int) -> None:
    """A chimney in the middle of a wall, mostly with a fireplace, a mirror or a picture above its mantel."""
    w, d, _ = draw_size("chimney_breast", rng)
    fire = rng.random() < 0.75
    params = {"mantel_z_m": float(rng.uniform(1.08, 1.25))} if fire else {}
    size = (w, d if fire else d - 0.1, room.height_m)
    piece = Piece("chimney_breast", size, (0, -size[1] / 2, 0), params=params)
    pieces = [piece]
    if fire:
        what = "mirror" if rng.random() < 0.5 else "picture"
        low = params["mantel_z_m"] + float(rng.uniform(0.12, 0.25))
        above = draw_size(what, rng, width=0.6 * w, height=max(0.3, room.height_m - low - 0.3))
        face = -(size[1] - MANTEL_M) - above[1] / 2 - 0.006
        pieces.append(Piece(what, above, (0, face, 0), low, required=False))
    anchors = room.along_walls(w + 0.6, rng, gap_m=0.0)
    if room.place(pieces, anchors, rng, seed, lambda a: 2.0 * centred(a, room)) is None and fire:
        plain = Piece("chimney_breast", (w, d - 0.1, room.height_m), (0, -(d - 0.1) / 2, 0))
        room.place([plain], anchors, rng, seed, lambda a: 2.0 * centred(a, room))


def _half_wall(room: Occupancy, rng: np.random.Generator, seed: int) -> None:
    """A wall of half height that juts out into the room."""
    for long in (1.7, 1.3, 0.9):
        w, d, h = draw_size("half_wall", rng, depth=(0.7, long))
        anchors = room.along_walls(w + 1.2, rng, gap_m=0.0)
        if room.place([Piece("half_wall", (w, d, h), (0, -d / 2, 0))], anchors, rng, seed) is not None:
            return


def _posts(room: Occupancy, rng: np.random.Generator, seed: int) -> None:
    """What carries a roof, or goes up through it: one or two posts, or a chimney of bricks."""
    chimney = rng.random() < 0.5
    w = float(rng.uniform(0.42, 0.62) if chimney else rng.uniform(0.13, 0.19))
    look, size = {"variant": "brick" if chimney else "post"}, (w, w, room.height_m)
    apart = float(rng.uniform(1.4, 2.2))
    for places in ((0.0,),) if chimney else ((-apart / 2, apart / 2), (0.0,)):
        pieces = [Piece("column", size, (x, 0, 0), params=look, seed=seed) for x in places]
        if room.place(pieces, room.anywhere(rng, 60, margin_m=0.6), rng, seed) is not None:
            return


def _columns(room: Occupancy, rng: np.random.Generator, seed: int) -> None:
    """One column in the room, a pair, or half columns at the walls."""
    area = area_of(room.outline_m)
    w = float(rng.uniform(0.22, 0.42 if area > 16 else 0.3))
    size, twin = (w, w, room.height_m), int(rng.integers(2**31))
    if area > 13 and rng.random() < 0.6:
        gap = float(rng.uniform(1.6, 2.6))
        for count in (2, 1) if area > 20 and rng.random() < 0.6 else (1,):
            pieces = [
                Piece("column", size, ((n - (count - 1) / 2) * gap, 0, 0), seed=twin) for n in range(count)
            ]
            if room.place(pieces, room.anywhere(rng, 60, margin_m=0.9), rng, seed) is not None:
                return
    for _ in range(2):
        piece = Piece("column", size, (0, -w / 2, 0), seed=twin)
        room.place([piece], room.along_walls(w, rng, gap_m=0.0), rng, seed)
