"""Walls in Blender: faces with holes, reveals, niches, mouldings.

Walls are `WALL_M` thick, so that window reveals catch the light; where two rooms stand back to back each has
half of it. In each wall's own frame x runs along the edge of the outline, y points into the room (the inner
face is y = 0) and z up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from . import doorways
from .furniture.forms import placed
from .furniture.tiling import Rect
from .layout.openings import WALL_M, Doorway, Niche, Opening
from .layout.room_plan import Layout, Tiled, Wall, walls_of

HALF_WALL_M = 0.098
"""Behind its face, a wall that two rooms share: a slit in the middle keeps their backs apart."""
BUILT_IN = ("column", "half_wall", "chimney_breast", "toilet")
"""Things that are part of a wall or flush with it down to the floor: no skirting behind them."""

Profile = Sequence[tuple[float, float]]
"""A moulding's cross-section, from bottom to top: (distance from the wall, height)."""
Line = list[tuple[float, float]]
"""The upper edge of a wall, (x, z) from its one end to the other."""


def frame_of(wall: Wall) -> np.ndarray:
    """(4, 4) world_from_wall."""
    world_from_wall = np.eye(4)
    world_from_wall[:2, 0], world_from_wall[:2, 1] = wall.along, wall.inward
    world_from_wall[:2, 3] = wall.start
    return world_from_wall


def hole_frame(wall: Wall, opening: Opening) -> np.ndarray:
    """(4, 4) world_from_hole."""
    world_from_hole = frame_of(wall)
    world_from_hole[:2, 3] = wall.point(opening.offset_m)
    world_from_hole[2, 3] = opening.sill_m
    return world_from_hole


def _turns_right(walls: list[Wall], index: int) -> bool:
    """Whether the corner at the start of a wall points into the room, as the inner corner of an L does."""
    before, after = walls[index - 1].along, walls[index].along
    return bool(before[0] * after[1] - before[1] * after[0] < 0)


def grown(outline_m: np.ndarray, by_m: Sequence[float]) -> np.ndarray:
    """The outline with each edge moved outwards by its own length, corners mitred (right angles)."""
    walls = walls_of(outline_m)
    inward = np.array([wall.inward * by for wall, by in zip(walls, by_m)])
    return outline_m - inward - np.roll(inward, 1, axis=0)


def backs(layout: Layout) -> list[float]:
    """How far behind its face each wall ends, metres."""
    shared = layout.shared_walls()
    return [HALF_WALL_M if i in shared else WALL_M for i in range(len(layout.outline_m))]


def wall_with_holes(
    layout: Layout, walls: list[Wall], index: int, holes: list[Opening], face: str, edges: str,
    tiles: Callable[[Tiled, Sequence[Rect]], MeshBuilder] | None = None,
) -> MeshBuilder:  # fmt: skip
    """A wall with its holes; `face` is the role of its face, `edges` that of reveals and niches.

    `tiles` makes the tiles of a part of a wall, without the given rectangles, in the frame of the wall.
    """
    here, behind = walls[index], backs(layout)
    after = (index + 1) % len(walls)
    start = -behind[index - 1] if _turns_right(walls, index) else behind[index - 1]
    end = -behind[after] if _turns_right(walls, after) else behind[after]
    made = MeshBuilder()
    top = _upper_edge(layout, here)
    covered = [each for each in layout.tiles if each.wall == index]
    cut = [*holes, *(Opening(index, t.x0, t.x1 - t.x0, t.z1 - t.z0, t.z0) for t in covered)]
    _sheet(made, top, cut, 0.0, face, inward=True)
    for number, each in enumerate(covered):
        later = [(t.x0, t.x1, t.z0, t.z1) for t in covered[number + 1 :]]
        made.merge(tiles(each, [*(_rect_of(hole) for hole in holes), *later]))
    through = [hole for hole in holes if not isinstance(hole, Niche)]
    outer = [(-start, top[0][1]), *top[1:-1], (here.length + end, top[-1][1])]
    _sheet(made, outer, through, -behind[index], "plaster", inward=False)
    for hole in holes:
        if isinstance(hole, Niche):
            made.merge(doorways.recess(hole, edges), _at_hole(hole))
        elif not (isinstance(hole, Doorway) and hole.far):
            reveal(made, hole, edges)
        if isinstance(hole, Doorway) and hole.arched:
            made.merge(doorways.spandrel(hole, 0.0 if hole.far else WALL_M, face), _at_hole(hole))
    return made.transformed(frame_of(here))


def _upper_edge(layout: Layout, here: Wall) -> Line:
    """Level below a ceiling; below a roof it bends where the roof does."""
    if layout.roof is None:
        return [(0.0, layout.height_m), (here.length, layout.height_m)]
    axis = 1 - layout.roof.axis
    bends = (layout.roof.profile_m[:, 0] - here.start[axis]) * here.along[axis]
    xs = sorted({0.0, here.length, *(float(x) for x in bends if 1e-6 < x < here.length - 1e-6)})
    heights = layout.roof.height_at(np.array([here.point(x) for x in xs]))
    return [(x, float(z)) for x, z in zip(xs, heights)]


def _rect_of(hole: Opening) -> Rect:
    return hole.offset_m, hole.offset_m + hole.width_m, hole.sill_m, hole.sill_m + hole.height_m


def _at_hole(hole: Opening) -> np.ndarray:
    """(4, 4) wall_from_hole."""
    return placed(hole.offset_m, 0.0, hole.sill_m)


def _sheet(
    made: MeshBuilder, top: Line, holes: Sequence[Opening], y: float, material: str, *, inward: bool
) -> None:
    # The face of a wall is cut along the edges of its holes, and the cells in the holes are left out.
    xs, heights = np.array(top).T
    cuts_x = sorted({*xs, *(x for h in holes for x in (h.offset_m, h.offset_m + h.width_m))})
    cuts_z = sorted({0.0, *heights, *(z for h in holes for z in (h.sill_m, h.sill_m + h.height_m))})
    for x0, x1 in pairwise(cuts_x):
        for z0, z1 in pairwise(cuts_z):
            x, z = (x0 + x1) / 2, (z0 + z1) / 2
            if any(
                h.offset_m < x < h.offset_m + h.width_m and h.sill_m < z < h.sill_m + h.height_m
                for h in holes
            ):
                continue
            corners = _below([(x0, z0), (x0, z1), (x1, z1), (x1, z0)], np.interp((x0, x1), xs, heights))
            if len(corners) > 2:
                order = tuple(range(len(corners)))
                ring = [(a, y, b) for a, b in corners]
                made.faces(np.array(ring), [order if inward else order[::-1]], material)


def _below(cell: Line, edge: np.ndarray) -> Line:
    """The part of a cell, (x, z) from its lower left corner clockwise, below an edge that runs across it."""
    (x0, _), (x1, _) = cell[0], cell[2]

    def under(point: tuple[float, float]) -> float:
        return float(edge[0] + (edge[1] - edge[0]) * (point[0] - x0) / (x1 - x0)) - point[1]

    kept: Line = []
    for a, b in zip(cell, [*cell[1:], cell[0]]):
        da, db = under(a), under(b)
        if da >= -1e-9:
            kept.append(a)
        if min(da, db) < -1e-9 and max(da, db) > 1e-9:
            share = da / (da - db)
            kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return kept if any(under(point) > 1e-9 for point in kept) else []


def reveal(made: MeshBuilder, hole: Opening, material: str) -> None:
    """The edges of the wall around a hole, but the floor of a doorway."""
    x0, x1 = hole.offset_m, hole.offset_m + hole.width_m
    z0, z1 = hole.sill_m, hole.sill_m + hole.height_m
    rim = [(x0, z0), (x1, z0), (x1, z1), (x0, z1)]
    points = [(x, y, z) for y in (0.0, -WALL_M) for x, z in rim]
    sides = [(i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4) for i in range(4)]
    if isinstance(hole, Doorway):
        sides = sides[1:]  # the floor goes on
    made.faces(np.array(points), [side[::-1] for side in sides], material)


def mitre(walls: list[Wall], corner: int) -> float:
    """How a moulding is cut at the corner where a wall starts; see `moulding`."""
    return -1.0 if _turns_right(walls, corner) else 1.0


def skirting_profile(height_m: float, *, ornate: bool) -> Profile:
    """The cross-section of a skirting board."""
    if ornate:
        return [(0.018, 0.0), (0.018, height_m * 0.68), (0.014, height_m * 0.72), (0.014, height_m * 0.78),
                (0.009, height_m * 0.88), (0.006, height_m), (0.0, height_m)]  # fmt: skip
    return [(0.014, 0.0), (0.014, height_m - 0.004), (0.010, height_m), (0.0, height_m)]


def skirting(layout: Layout, walls: list[Wall], profile: Profile, casing_m: float) -> MeshBuilder:
    """Boards along all walls."""
    made = MeshBuilder()
    for index, wall in enumerate(walls):
        cuts = [0.0]
        for low, high in sorted(_gaps(layout, index, casing_m)):
            cuts += [max(low, cuts[-1]), max(high, cuts[-1])]
        cuts.append(wall.length)
        for low, high in zip(cuts[::2], cuts[1::2]):
            if high - low < 0.02:
                continue
            mitres = (
                mitre(walls, index) if low == 0.0 else 0.0,
                mitre(walls, (index + 1) % len(walls)) if high == wall.length else 0.0,
            )
            made.merge(moulding(wall, profile, low, high, mitres, "skirting"))
    return made


def _gaps(layout: Layout, index: int, casing_m: float) -> list[tuple[float, float]]:
    """Where a wall has no skirting: at doors and openings, and where something is built against it."""
    ways = [(way, casing_m if way.cased else 0.0) for way in layout.ways() if way.wall == index]
    gaps = [(way.offset_m - board, way.offset_m + way.width_m + board) for way, board in ways]
    wall = walls_of(layout.outline_m)[index]
    for item in layout.items:
        middle = np.array(item.position_m[:2]) - wall.start
        along, away = float(middle @ wall.along), float(middle @ wall.inward)
        if item.kind in BUILT_IN and away < item.size_m[1] / 2 + 0.02 and -1e-6 < along < wall.length + 1e-6:
            gaps.append((along - item.size_m[0] / 2, along + item.size_m[0] / 2))
    gaps += [(each.x0, each.x1) for each in layout.tiles if each.wall == index and each.z0 == 0.0]
    if layout.stairs is not None and layout.stairs.wall == index:
        foot = float((np.array(layout.stairs.foot_m) - wall.start) @ wall.along)
        end = foot + layout.stairs.run_m * float(np.array(layout.stairs.direction) @ wall.along)
        gaps.append((min(foot, end), max(foot, end)))
    return gaps


def moulding(wall: Wall, profile: Profile, start_m: float, end_m: float, mitres: tuple[float, float],
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
    return made.transformed(frame_of(wall))
