"""The shell of a room: walls with real openings, floor, ceiling, mouldings, door, windows.

Walls are `WALL_M` thick, so that window reveals catch the light. In each wall's own frame x runs along the
edge of the outline, y points into the room (the inner face is y = 0) and z up.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import bpy
import numpy as np

from synthgen.blender.stage.board import add_board_coordinates
from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.stage import Stage
from synthgen.frame.bundle import Instance
from synthgen.seeding import rng_for

from . import joinery
from .layout.room_plan import Layout, Opening, Wall, rectangles_of, walls_of
from .look.palette import Palette
from .look.style import pick

WALL_M = 0.2
SLAB_M = 0.2

Profile = Sequence[tuple[float, float]]
"""A moulding's cross-section, from bottom to top: (distance from the wall, height)."""


def build_shell(stage: Stage, layout: Layout, palette: Palette, seed: int) -> dict[str, object]:
    """Put the empty room into the stage; returns what was drawn, as JSON values."""
    rng = rng_for(seed, "shell")
    walls, table = walls_of(layout.outline_m), palette.table
    accent = _accent_walls(layout, walls, palette, rng)
    holes = [[each for each in (layout.door, *layout.windows) if each.wall == i] for i in range(len(walls))]
    for index in range(len(walls)):
        _put(
            stage, stage.instance("wall"), _wall(layout, walls, index, holes[index], index in accent), palette
        )
    slab = MeshBuilder().prism(_grown(layout.outline_m, WALL_M), -SLAB_M, 0.0, "floor")
    _put(stage, stage.instance("floor"), slab, palette)

    casing_m = float(rng.uniform(0.055, 0.085))
    ceiling = _ceiling(layout, walls, palette, rng)
    _put(stage, stage.instance("ceiling"), ceiling, palette)
    skirting_m = float(rng.uniform(*table.skirting_m))
    profile = _skirting_profile(skirting_m, ornate=palette.style == "classic")
    _put(stage, stage.instance("skirting"), _skirting(layout, walls, profile, casing_m), palette)

    door_design = pick(rng, table.door_designs)
    door = joinery.door(layout.door, WALL_M, door_design, casing_m, rng_for(seed, "shell", "door"))
    _put(
        stage,
        stage.instance("door"),
        door.transformed(_hole_frame(walls[layout.door.wall], layout.door)),
        palette,
    )

    window_design, cased = pick(rng, table.window_designs), rng.random() < 0.5
    for opening in layout.windows:
        made, panes = joinery.window(opening, WALL_M, window_design, rng_for(seed, "window"))
        if cased and _has_room_for_casing(opening, walls, layout, casing_m):
            made.merge(joinery.window_casing(opening, casing_m))
        frame, instance = _hole_frame(walls[opening.wall], opening), stage.instance("window")
        _put(stage, instance, made.transformed(frame), palette)
        glass = _put(stage, instance, panes.transformed(frame), palette)
        # Daylight need not be traced through the panes: they take next to nothing of it.
        glass.visible_shadow = glass.visible_diffuse = False
    _switch(stage, layout, walls, palette, casing_m)
    return {
        "accent_walls": sorted(accent),
        "skirting_m": round(skirting_m, 3),
        "door_design": door_design,
        "window_design": window_design,
    }


def _put(stage: Stage, instance: Instance, builder: MeshBuilder, palette: Palette) -> bpy.types.Object:
    materials = palette.materials_for(builder.material_keys(), instance.class_name, palette.seed)
    made = stage.add(builder, instance, materials)
    add_board_coordinates(made.data, rng_for(palette.seed, "boards", instance.name))
    return made


def _accent_walls(layout: Layout, walls: list[Wall], palette: Palette, rng: np.random.Generator) -> set[int]:
    # One wall in another colour: the longest one without windows, as people do. Wallpaper of the classic kind
    # goes all around.
    if rng.random() >= palette.table.accent_wall_share:
        return set()
    if palette.style == "classic" and rng.random() < 0.5:
        return set(range(len(walls)))
    glazed = {opening.wall for opening in layout.windows}
    order = sorted(range(len(walls)), key=lambda index: (index in glazed, -walls[index].length))
    return {order[0]}


def _frame(wall: Wall) -> np.ndarray:
    world_from_wall = np.eye(4)
    world_from_wall[:2, 0], world_from_wall[:2, 1] = wall.along, wall.inward
    world_from_wall[:2, 3] = wall.start
    return world_from_wall


def _hole_frame(wall: Wall, opening: Opening) -> np.ndarray:
    world_from_hole = _frame(wall)
    world_from_hole[:2, 3] = wall.point(opening.offset_m)
    world_from_hole[2, 3] = opening.sill_m
    return world_from_hole


def _turns_right(walls: list[Wall], index: int) -> bool:
    """Whether the corner at the start of a wall points into the room, as the inner corner of an L does."""
    before, after = walls[index - 1].along, walls[index].along
    return bool(before[0] * after[1] - before[1] * after[0] < 0)


def _grown(outline_m: np.ndarray, by_m: float) -> np.ndarray:
    """The outline moved outwards by `by_m` with mitred corners (right angles)."""
    walls = walls_of(outline_m)
    outward = np.array([walls[i - 1].inward + walls[i].inward for i in range(len(walls))])
    return outline_m - by_m * outward


def _wall(layout: Layout, walls: list[Wall], index: int, holes: list[Opening], accent: bool) -> MeshBuilder:
    wall, height = walls[index], layout.height_m
    start = -WALL_M if _turns_right(walls, index) else WALL_M
    end = -WALL_M if _turns_right(walls, (index + 1) % len(walls)) else WALL_M
    material = "paint_wall:accent" if accent else "paint_wall"
    made = MeshBuilder()
    _sheet(made, (0.0, wall.length), height, holes, 0.0, material, inward=True)
    _sheet(made, (-start, wall.length + end), height, holes, -WALL_M, "plaster", inward=False)
    for hole in holes:
        _reveal(made, hole, material if not accent else "paint_wall")
    return made.transformed(_frame(wall))


def _sheet(made: MeshBuilder, xs: tuple[float, float], height: float, holes: list[Opening], y: float,
           material: str, *, inward: bool) -> None:  # fmt: skip
    # The face of a wall is cut along the edges of its holes, and the cells in the holes are left out.
    cuts_x = sorted({*xs, *(x for h in holes for x in (h.offset_m, h.offset_m + h.width_m))})
    cuts_z = sorted({0.0, height, *(z for h in holes for z in (h.sill_m, h.sill_m + h.height_m))})
    for x0, x1 in pairwise(cuts_x):
        for z0, z1 in pairwise(cuts_z):
            x, z = (x0 + x1) / 2, (z0 + z1) / 2
            if any(
                h.offset_m < x < h.offset_m + h.width_m and h.sill_m < z < h.sill_m + h.height_m
                for h in holes
            ):
                continue
            corners = [(x0, y, z0), (x0, y, z1), (x1, y, z1), (x1, y, z0)]
            made.faces(corners, [(0, 1, 2, 3) if inward else (3, 2, 1, 0)], material)


def _reveal(made: MeshBuilder, hole: Opening, material: str) -> None:
    x0, x1 = hole.offset_m, hole.offset_m + hole.width_m
    z0, z1 = hole.sill_m, hole.sill_m + hole.height_m
    rim = [(x0, z0), (x1, z0), (x1, z1), (x0, z1)]
    points = [(x, y, z) for y in (0.0, -WALL_M) for x, z in rim]
    sides = [(i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4) for i in range(4)]
    made.faces(points, [side[::-1] for side in sides], material)


def _ceiling(layout: Layout, walls: list[Wall], palette: Palette, rng: np.random.Generator) -> MeshBuilder:
    height = layout.height_m
    made = MeshBuilder().prism(_grown(layout.outline_m, WALL_M), height, height + SLAB_M, "paint_ceiling")
    if palette.style == "rustic" and height > 2.45 and rng.random() < 0.6:
        return made.merge(_beams(layout, rng))
    if rng.random() < palette.table.cornice_share:
        size = float(rng.uniform(0.05, 0.1))
        arc = np.linspace(0, np.pi / 2, 6)
        cove = [(size * (1 - np.cos(a)) + 0.008, height - size * (1 - np.sin(a)) - 0.008) for a in arc]
        profile = [(0.0, height - size - 0.02), (0.008, height - size - 0.018), *cove, (size + 0.012, height)]
        for index, wall in enumerate(walls):
            ends = _mitre(walls, index), _mitre(walls, (index + 1) % len(walls))
            made.merge(_moulding(wall, profile, 0.0, wall.length, ends, "paint_ceiling", smooth=True))
    return made


def rectangles_of_room(outline_m: np.ndarray) -> list[tuple[float, float, float, float]]:
    """The outline cut into rectangles (x0, y0, x1, y1): one, or two for an L."""
    (x0, y0, x1, y1), notch = rectangles_of(outline_m)
    if notch is None:
        return [(x0, y0, x1, y1)]
    left, low, right, high = notch
    beside = (x0, y0, left, y1) if left > x0 else (right, y0, x1, y1)
    rest = (left, y0, right, low) if low > y0 else (left, high, right, y1)
    return [beside, rest]


def _beams(layout: Layout, rng: np.random.Generator) -> MeshBuilder:
    # Across the short way; none where a lamp, a rod or a tall case is in the way.
    made, deep, wide = MeshBuilder(), float(rng.uniform(0.1, 0.15)), float(rng.uniform(0.09, 0.14))
    spacing = float(rng.uniform(0.6, 0.95))
    tall = [
        each for each in layout.items if each.position_m[2] + each.size_m[2] > layout.height_m - deep - 0.02
    ]
    for x0, y0, x1, y1 in rectangles_of_room(layout.outline_m):
        along = 0 if x1 - x0 < y1 - y0 else 1
        low, high = ((y0, y1), (x0, x1))[along]
        count = max(1, round((high - low) / spacing))
        for place in low + (np.arange(count) + 0.5) * (high - low) / count:
            reach = [abs(each.position_m[1 - along] - place) - max(each.size_m[:2]) / 2 for each in tall]
            if min(reach, default=1.0) < wide / 2 + 0.03:
                continue
            size = (x1 - x0, wide, deep) if along == 0 else (wide, y1 - y0, deep)
            centre = ((x0 + x1) / 2, place) if along == 0 else (place, (y0 + y1) / 2)
            made.box(size, (*centre, layout.height_m - deep / 2), "wood_dark:beam", bevel=0.008)
    return made


def _mitre(walls: list[Wall], corner: int) -> float:
    return -1.0 if _turns_right(walls, corner) else 1.0


def _skirting_profile(height_m: float, *, ornate: bool) -> Profile:
    if ornate:
        return [(0.018, 0.0), (0.018, height_m * 0.68), (0.014, height_m * 0.72), (0.014, height_m * 0.78),
                (0.009, height_m * 0.88), (0.006, height_m), (0.0, height_m)]  # fmt: skip
    return [(0.014, 0.0), (0.014, height_m - 0.004), (0.010, height_m), (0.0, height_m)]


def _skirting(layout: Layout, walls: list[Wall], profile: Profile, casing_m: float) -> MeshBuilder:
    made = MeshBuilder()
    for index, wall in enumerate(walls):
        low, high = _mitre(walls, index), _mitre(walls, (index + 1) % len(walls))
        if layout.door.wall != index:
            made.merge(_moulding(wall, profile, 0.0, wall.length, (low, high), "skirting"))
            continue
        left = layout.door.offset_m - casing_m
        right = layout.door.offset_m + layout.door.width_m + casing_m
        if left > 0.02:
            made.merge(_moulding(wall, profile, 0.0, left, (low, 0.0), "skirting"))
        if right < wall.length - 0.02:
            made.merge(_moulding(wall, profile, right, wall.length, (0.0, high), "skirting"))
    return made


def _moulding(wall: Wall, profile: Profile, start_m: float, end_m: float, mitres: tuple[float, float],
              material: str, *, smooth: bool = False) -> MeshBuilder:  # fmt: skip
    """A moulding along part of a wall.

    `mitres` say how its ends are cut: 1 for a corner of the room, -1 for a corner that points into the room,
    0 for a square end with a cap.
    """
    made = MeshBuilder()
    y, z = np.array(profile).T
    rows = np.stack(
        [
            np.column_stack([start_m + mitres[0] * y, y, z]),
            np.column_stack([end_m - mitres[1] * y, y, z]),
        ]
    )
    made.surface(rows, material, flip=True, smooth=smooth)
    ring = np.vstack([[0.0, z[0]], np.column_stack([y, z])])
    for x, mitre, first in ((start_m, mitres[0], True), (end_m, mitres[1], False)):
        if mitre == 0:
            cap = np.column_stack([np.full(len(ring), x), ring])
            order = tuple(range(len(ring)))
            made.faces(cap, [order[::-1] if first else order], material)
    return made.transformed(_frame(wall))


def _has_room_for_casing(opening: Opening, walls: list[Wall], layout: Layout, casing_m: float) -> bool:
    end = walls[opening.wall].length - opening.offset_m - opening.width_m
    above = layout.height_m - opening.sill_m - opening.height_m
    return min(opening.offset_m, end, above) > casing_m + 0.02


def _switch(stage: Stage, layout: Layout, walls: list[Wall], palette: Palette, casing_m: float) -> None:
    # Beside the handle, where the hand looks for it, as far as the wall reaches.
    door, wall = layout.door, walls[layout.door.wall]
    x = door.width_m + casing_m + 0.1 if door.hinge_at_start else -casing_m - 0.1
    if not 0.06 < door.offset_m + x < wall.length - 0.06:
        return
    if any(h.wall == door.wall and abs(h.offset_m + h.width_m / 2 - door.offset_m - x) < h.width_m / 2 + 0.15
           for h in layout.windows):  # fmt: skip
        return
    place = _hole_frame(wall, door)
    place[:3, 3] += place[:3, 0] * x + place[:3, 2] * 1.1
    _put(stage, stage.instance("object"), joinery.switch().transformed(place), palette)
