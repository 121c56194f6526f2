"""The shell of a room and of those beyond it: walls with real openings, floor, ceiling, doors, windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import bpy
import numpy as np

from synthgen.blender.stage.board import add_board_coordinates
from synthgen.blender.stage.contact import JOINED
from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.stage import Stage
from synthgen.frame.bundle import Instance
from synthgen.seeding import rng_for, seed_for

from . import doorways, joinery, roof_shell, stair_flight
from .furniture.forms import placed
from .furniture.tiling import Rect, tiled
from .layout.openings import WALL_M, Opening
from .layout.room_plan import Layout, Tiled, Wall, rectangles_of_room, walls_of
from .look.palette import Palette
from .look.style import pick
from .look.wet_style import TILES, tiles_of
from .walls import (
    Profile,
    backs,
    grown,
    hole_frame,
    mitre,
    moulding,
    skirting,
    skirting_profile,
    wall_with_holes,
)

SLAB_M = 0.2
FLOORS = {"kitchen": "kitchen_floor", "bathroom": "bath_floor"}
"""Rooms whose floor is of something else than that of other rooms."""


@dataclass(frozen=True, slots=True)
class _Finish:
    """What the rooms of a home share, and the materials of one of them."""

    casing_m: float
    profile: Profile
    door_design: str
    window_design: str
    windows_cased: bool
    wall: str = "paint_wall"
    floor: str = "floor"


def build_shell(stage: Stage, layout: Layout, palette: Palette, seed: int) -> dict[str, object]:
    """Put the empty rooms into the stage; returns what was drawn, as JSON values."""
    rng = rng_for(seed, "shell")
    walls, table = walls_of(layout.outline_m), palette.table
    accent = _accent_walls(layout, walls, palette, rng)
    casing_m = float(rng.uniform(0.055, 0.085))
    ceiling = _ceiling(layout, walls, palette, rng)
    skirting_m = float(rng.uniform(*table.skirting_m))
    door_design = pick(rng, table.door_designs)
    window_design, cased = pick(rng, table.window_designs), rng.random() < 0.5
    profile = skirting_profile(skirting_m, ornate=palette.style == "classic")
    finish = _Finish(casing_m, profile, door_design, window_design, cased, floor=f"floor:{layout.kind}")
    _build_room(stage, layout, palette, finish, ceiling, accent, seed)
    for number, beyond in enumerate(layout.rooms()[1:]):
        own = rng_for(seed, "shell", "beyond", number)
        wall, floor = own.random() < 0.7, own.random() < 0.45
        other = replace(
            finish,
            wall=f"paint_wall:room{number}" if wall else finish.wall,
            floor=f"floor:{beyond.kind}{number}" if floor else finish.floor,
        )
        ceiling = _ceiling(beyond, walls_of(beyond.outline_m), palette, own)
        _build_room(stage, beyond, palette, other, ceiling, set(), seed_for(seed, "shell", "beyond", number))
    return {
        "accent_walls": sorted(accent),
        "skirting_m": round(skirting_m, 3),
        "door_design": door_design,
        "window_design": window_design,
    }


def _build_room(
    stage: Stage, layout: Layout, palette: Palette, finish: _Finish, ceiling: MeshBuilder,
    accent: set[int], seed: int,
) -> None:  # fmt: skip
    walls, level = walls_of(layout.outline_m), layout.floor_z_m

    def put(class_name: str, made: MeshBuilder, instance: Instance | None = None) -> bpy.types.Object:
        instance = instance or stage.instance(class_name, contact=JOINED)
        raised = made.transformed(placed(z=level)) if level else made
        return _put(stage, instance, raised, palette)

    holes = [
        [hole for hole in (*layout.ways(), *layout.windows, *layout.niches) if hole.wall == i]
        for i in range(len(walls))
    ]
    for index in range(len(walls)):
        paint = "paint_wall:accent" if index in accent else finish.wall
        tiles = partial(_tiles, palette=palette, seed=seed)
        put("wall", wall_with_holes(layout, walls, index, holes[index], paint, finish.wall, tiles))
    floor = grown(layout.outline_m, _floor_margins(layout))
    put("floor", MeshBuilder().prism(floor, -SLAB_M, 0.0, FLOORS.get(layout.kind, finish.floor)))
    put("ceiling", ceiling)
    if layout.stairs is not None:
        put("stairs", stair_flight.flight(layout.stairs, rng_for(seed, "shell", "stairs")))
        above = stair_flight.upper_landing(layout.stairs, SLAB_M, finish.wall)
        for class_name, made in zip(("wall", "floor", "ceiling"), above):
            put(class_name, made)
    boards = skirting(layout, walls, finish.profile, finish.casing_m)
    if len(boards.vertices()):  # tiled walls have none
        put("skirting", boards)
    raised_m = {way: room.floor_z_m - level for way, room in layout.behind()}
    for number, way in enumerate(layout.ways()):
        frame = hole_frame(walls[way.wall], way)
        rng = rng_for(seed, "shell", "door") if number == 0 else rng_for(seed, "shell", "door", number)
        wood, panes = doorways.doorway(
            way, WALL_M, finish.door_design, finish.casing_m, raised_m.get(way, 0.0), rng
        )
        if wood is None:
            continue
        instance = stage.instance("door", contact=JOINED)
        put("door", wood.transformed(frame), instance)
        if panes is not None:
            glass = put("door", panes.transformed(frame), instance)
            glass.visible_shadow = glass.visible_diffuse = False
    for window in layout.roof_windows():
        frame, panes = roof_shell.roof_window(layout, window, rng_for(seed, "roof window"))
        instance = stage.instance("window", contact=JOINED)
        put("window", frame, instance)
        glass = put("window", panes, instance)
        glass.visible_shadow = glass.visible_diffuse = False
    for opening in layout.windows:
        pane = "window_glass:frosted" if layout.kind == "bathroom" else "window_glass"
        made, panes = joinery.window(opening, WALL_M, finish.window_design, rng_for(seed, "window"), pane)
        if finish.windows_cased and _has_room_for_casing(opening, walls, layout, finish.casing_m):
            made.merge(joinery.window_casing(opening, finish.casing_m))
        frame, instance = hole_frame(walls[opening.wall], opening), stage.instance("window", contact=JOINED)
        put("window", made.transformed(frame), instance)
        glass = put("window", panes.transformed(frame), instance)
        # Daylight need not be traced through the panes: they take next to nothing of it.
        glass.visible_shadow = glass.visible_diffuse = False
    switch = _switch(layout, walls, finish.casing_m)
    if switch is not None:
        put("object", switch)


def _tiles(area: Tiled, holes: Sequence[Rect], palette: Palette, seed: int) -> MeshBuilder:
    """The tiles of a part of a wall, in the frame of the wall."""
    tiles, _ = tiles_of(palette.style, palette.seed, area.area)
    rect, rng = (area.x0, area.x1, area.z0, area.z1), rng_for(seed, "tiles", area.wall)
    return tiled(rect, TILES[tiles], rng, f"{area.area}_tile", f"grout:{area.area}", holes=holes)


def _floor_margins(layout: Layout) -> list[float]:
    """How far the floor reaches below each wall: a wall between two rooms stands on the floor of one."""
    far = {way.wall: way.far for way in layout.ways() if way.leads}
    return [(0.0 if far[i] else WALL_M) if i in far else WALL_M for i in range(len(layout.outline_m))]


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


def _ceiling(layout: Layout, walls: list[Wall], palette: Palette, rng: np.random.Generator) -> MeshBuilder:
    height = layout.height_m
    outline = grown(layout.outline_m, backs(layout))
    if layout.roof is not None:
        return roof_shell.slopes(layout, SLAB_M, palette.style, rng)
    if layout.stairs is not None:
        made = MeshBuilder()
        pieces = rectangles_of_room(outline)
        for x0, y0, x1, y1 in stair_flight.ceiling_pieces(pieces, layout.stairs.well()):
            made.prism([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], height, height + SLAB_M, "paint_ceiling")
        return made
    made = MeshBuilder().prism(outline, height, height + SLAB_M, "paint_ceiling")
    if layout.beams:
        return made.merge(
            _beams(layout, rng, "wood_dark:beam" if layout.beams == "wood" else "paint_ceiling")
        )
    if palette.style == "rustic" and height > 2.45 and rng.random() < 0.6:
        return made.merge(_beams(layout, rng))
    if rng.random() < palette.table.cornice_share:
        size = float(rng.uniform(0.05, 0.1))
        arc = np.linspace(0, np.pi / 2, 6)
        cove = [(size * (1 - np.cos(a)) + 0.008, height - size * (1 - np.sin(a)) - 0.008) for a in arc]
        profile = [(0.0, height - size - 0.02), (0.008, height - size - 0.018), *cove, (size + 0.012, height)]
        for index, wall in enumerate(walls):
            ends = mitre(walls, index), mitre(walls, (index + 1) % len(walls))
            made.merge(moulding(wall, profile, 0.0, wall.length, ends, "paint_ceiling", smooth=True))
    return made


def _beams(layout: Layout, rng: np.random.Generator, material: str = "wood_dark:beam") -> MeshBuilder:
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
            made.box(size, (*centre, layout.height_m - deep / 2), material, bevel=0.008)
    return made


def _has_room_for_casing(opening: Opening, walls: list[Wall], layout: Layout, casing_m: float) -> bool:
    end = walls[opening.wall].length - opening.offset_m - opening.width_m
    above = layout.height_m - opening.sill_m - opening.height_m
    middle = walls[opening.wall].point(opening.offset_m + opening.width_m / 2)
    blinds = [item for item in layout.items if item.kind == "roller_blind"]  # flat on the wall around it
    if any(np.hypot(*(item.position_m[:2] - middle)) < item.size_m[1] for item in blinds):
        return False
    return min(opening.offset_m, end, above) > casing_m + 0.02


def _switch(layout: Layout, walls: list[Wall], casing_m: float) -> MeshBuilder | None:
    # Beside the handle, where the hand looks for it, as far as the wall reaches.
    door, wall = layout.door, walls[layout.door.wall]
    x = door.width_m + casing_m + 0.1 if door.hinge_at_start else -casing_m - 0.1
    if not 0.06 < door.offset_m + x < wall.length - 0.06:
        return None
    if any(h.wall == door.wall and abs(h.offset_m + h.width_m / 2 - door.offset_m - x) < h.width_m / 2 + 0.15
           for h in (*layout.windows, *layout.doorways, *layout.niches)):  # fmt: skip
        return None
    place = hole_frame(wall, door)
    place[:3, 3] += place[:3, 0] * x + place[:3, 2] * 1.1
    return joinery.switch().transformed(place)
