"""A simple room: four walls, windows in some of them, a floor, a ceiling, pillars in halls."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from synthgen.blender.stage import ware
from synthgen.blender.stage.contact import JOINED
from synthgen.blender.stage.stage import Stage
from synthgen.seeding import rng_for

from ..layout.free import Taken
from ..layout.space import Space
from ..look import walls
from ..look.colours import NEUTRALS, varied
from ..look.palette import TEXTURE_PROPERTY
from ..mesh import mesh_of
from ..solids import round as shapes
from ..solids.cells import with_holes
from ..solids.solid import Solid, turn_about

THICK_M = 0.25


@dataclass(frozen=True, slots=True)
class Window:
    """An opening: its middle, the way into the room, its width and height."""

    middle_m: np.ndarray
    inward: np.ndarray
    width_m: float
    height_m: float


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """The room's inside size, and its windows."""

    size_m: np.ndarray
    windows: tuple[Window, ...]


def make_room(stage: Stage, spec: Any, seed: int) -> tuple[Space, RoomPlan]:
    """Build the shell around the origin; z = 0 is the floor."""
    size = np.array([spec.room.width_m, spec.room.depth_m, spec.room.height_m], dtype=np.float64)
    rng = rng_for(seed, "room")
    holes = _holes(size, int(spec.room.windows), rng)
    windows = _walls(stage, size, holes, rng)
    _slab(stage, "floor", size, -THICK_M, walls.floor(rng))
    _slab(stage, "ceiling", size, size[2], walls.ceiling(rng))
    half = size[:2] / 2
    floor = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half

    def on_ground(rng: np.random.Generator) -> np.ndarray:
        return rng.uniform(-half, half)

    def in_air(rng: np.random.Generator) -> np.ndarray:
        return np.array([*rng.uniform(-half, half), rng.uniform(0.2, size[2])])

    def inside(xy: np.ndarray, radius: float, low: float, high: float) -> bool:
        return bool((np.abs(xy) + radius + 0.02 < half).all() and high < size[2] - 0.05 and low > -0.01)

    wide = float(size[:2].min())
    space = Space(
        ground=lambda xy: np.zeros(np.shape(xy)[:-1]),
        on_ground=on_ground,
        in_air=in_air,
        growth=lambda place: max(1.0, wide / 7.0),
        inside=inside,
        outline_m=floor,
        ceiling_m=float(size[2]),
        clearing_m=min(0.9, 0.17 * wide),
        largest_m=min(0.32 * wide, 0.8 * float(size[2])),
    )
    return space, RoomPlan(size, tuple(windows))


def add_pillars(stage: Stage, plan: RoomPlan, taken: Taken, seed: int) -> int:
    """Two rows of pillars in a hall, where nothing stands yet."""
    rng = rng_for(seed, "pillars")
    width, depth, height = plan.size_m
    if min(width, depth) < 9.0 or rng.random() < 0.4:
        return 0
    radius, square = float(rng.uniform(0.15, 0.35)), rng.random() < 0.5
    material = walls.wall(rng, "pillar")
    made = 0
    for x in np.linspace(-width / 2, width / 2, int(width // 4.5) + 2)[1:-1]:
        for y in (-0.27 * depth, 0.27 * depth):
            xy = np.array([x, y])
            if not taken.is_free(xy, 1.5 * radius, 0.0, height):
                continue
            taken.add(xy, 1.5 * radius, 0.0, height)
            shaft = np.array([2 * radius, 2 * radius, height + 0.1])
            body = shapes.box(shaft, 0.02) if square else shapes.cylinder(radius, height + 0.1)
            foot = shapes.box((2.7 * radius, 2.7 * radius, 0.3), 0.02).shifted((0, 0, 0.05 - height / 2))
            _add(stage, "column", [body.shifted((0, 0, 0)), foot], material, (x, y, height / 2))
            made += 1
    return made


def _holes(size: np.ndarray, count: int, rng: np.random.Generator) -> list[list[tuple[float, ...]]]:
    """For each wall its windows (x0, z0, x1, z1), from its left end, seen from inside."""
    holes: list[list[tuple[float, ...]]] = [[], [], [], []]
    share = float(rng.uniform(0.35, 0.75))
    sill = float(rng.choice([0.0, 0.15, 0.3])) * size[2]
    for number in range(count):
        wall = int((number + rng.integers(2)) % 4)
        length = size[wall % 2]
        on_wall = len(holes[wall])
        if on_wall >= max(1, int(length // 2.0)):
            continue
        holes[wall].append((share, sill))
    for wall, found in enumerate(holes):
        length, spots = size[wall % 2], len(found)
        top = size[2] * float(rng.uniform(0.75, 0.92))
        holes[wall] = [
            (length * (i + 0.5 - share / 2) / spots, sill, length * (i + 0.5 + share / 2) / spots, top)
            for i in range(spots)
        ]
    return holes


def _walls(
    stage: Stage, size: np.ndarray, holes: list[list[tuple[float, ...]]], rng: np.random.Generator
) -> list[Window]:
    main = walls.wall(rng, "wall")
    accent = int(rng.integers(8))  # half of the rooms have a wall of another kind
    other = walls.wall(rng, "accent wall") if accent < 4 else main
    color, glazed = varied(rng, NEUTRALS), bool(rng.random() < 0.6)
    materials = {}
    if any(holes):
        materials = {"body": ware.coated_metal("window frame", color), "glass": ware.pane("window pane")}
    windows = []
    for wall in range(4):
        length = size[wall % 2]
        # In its own frame a wall runs along x, its inner face at y = 0, its outside at y = THICK_M.
        whole = [(x0 + THICK_M, z0 + THICK_M, x1 + THICK_M, z1 + THICK_M) for x0, z0, x1, z1 in holes[wall]]
        solid = with_holes(length + 2 * THICK_M, size[2] + 2 * THICK_M, THICK_M, whole)
        solid = solid.shifted((-length / 2 - THICK_M, size[(wall + 1) % 2] / 2, -THICK_M))
        turn = turn_about((0, 0, 1), wall * math.pi / 2)
        _add(stage, "wall", [solid.turned(turn)], other if wall == accent else main)
        for x0, z0, x1, z1 in holes[wall]:
            middle = np.array([(x0 + x1 - length) / 2, size[(wall + 1) % 2] / 2, (z0 + z1) / 2])
            windows.append(Window(turn @ middle, turn @ np.array([0.0, -1.0, 0.0]), x1 - x0, z1 - z0))
            pieces = _casement(x1 - x0, z1 - z0)
            pieces = [
                each.shifted(middle + np.array([0.0, 0.5 * THICK_M, 0.0])).turned(turn) for each in pieces
            ]
            instance = stage.instance("window", contact=JOINED)
            kept = pieces if glazed else pieces[:1]
            made = bpy.data.objects.new(instance.name, mesh_of(kept, instance.name, materials, None))
            stage.add_object(made, instance)
    return windows


def _casement(width: float, height: float) -> list[Solid]:
    """A frame with bars about the middle of its opening, and a pane as one sheet."""
    bar = 0.05
    columns, rows = max(1, round(width / 1.1)), max(1, round(height / 1.4))
    xs, zs = np.linspace(0, width, columns + 1), np.linspace(0, height, rows + 1)
    holes = [
        (x + (bar if i == 0 else bar / 2), z + (bar if j == 0 else bar / 2),
         xs[i + 1] - (bar if i == columns - 1 else bar / 2), zs[j + 1] - (bar if j == rows - 1 else bar / 2))
        for i, x in enumerate(xs[:-1])
        for j, z in enumerate(zs[:-1])
    ]  # fmt: skip
    frame = with_holes(width, height, 0.06, holes).shifted((-width / 2, -0.03, -height / 2))
    w, h = width / 2 - 0.01, height / 2 - 0.01
    pane = Solid(
        np.array([(-w, 0, -h), (w, 0, -h), (w, 0, h), (-w, 0, h)]),
        (np.array([[0, 1, 2, 3]]),),
        "glass",
        False,
    )
    return [frame, pane]


def _slab(stage: Stage, class_name: str, size: np.ndarray, low: float, material: bpy.types.Material) -> None:
    solid = shapes.box((size[0] + 2 * THICK_M, size[1] + 2 * THICK_M, THICK_M))
    _add(stage, class_name, [solid], material, (0.0, 0.0, low + THICK_M / 2))


def _add(
    stage: Stage, class_name: str, pieces: list[Solid], material: bpy.types.Material,
    position_m: tuple[float, ...] = (0.0, 0.0, 0.0),
) -> None:  # fmt: skip
    instance = stage.instance(class_name, contact=JOINED)
    made = bpy.data.objects.new(instance.name, mesh_of(pieces, instance.name, {"body": material}, None))
    made[TEXTURE_PROPERTY] = 1.0
    stage.add_object(made, instance, position_m)
