"""The nouns of a planned room: `Item`, `Layout`, `Wall`; holes in walls are in `openings`.

World frame: metres, z up, floor at z = 0. An item with yaw 0 has its front towards -y; yaw turns it
counter-clockwise seen from above. Walls are the edges of the outline, edge i from vertex i to vertex
i + 1, counter-clockwise, so the room lies to the left of every edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from .openings import Doorway, Niche, Opening, as_doorway
from .roof import Roof, RoofWindow
from .stairs import Stairs


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the room.

    Attributes
    ----------
    kind : a kind of the catalogue, such as "coffee_table"
    class_name : its semantic class
    size_m : (w, d, h), along its own x, y, z
    position_m : (x, y, z) of the centre of its base, world
    yaw_deg : turn about the vertical
    seed : equal seeds (and kinds and sizes) give equal things, so that the chairs of a set match
    params : what the builder has to know, such as `board_z_m`; lengths from the item's own base
    parent : index in `Layout.items` of the thing that carries it; None for floor, wall and ceiling
    """

    kind: str
    class_name: str
    size_m: tuple[float, float, float]
    position_m: tuple[float, float, float]
    yaw_deg: float
    seed: int
    params: Mapping[str, object] = field(default_factory=dict)
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Tiled:
    """A part of a wall that is tiled: from x0 to x1 along it, z0 to z1 above the floor, metres.

    `area` says with what: "bath", "accent" or "splash", see `look.wet_style.tiles_of`.
    """

    wall: int
    x0: float
    x1: float
    z0: float
    z1: float
    area: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole room, or before it is furnished its shell.

    Attributes
    ----------
    outline_m : (n, 2), counter-clockwise; the first vertex of the main room is at (0, 0)
    door : where people come in
    doorways : further doors and ways into other rooms
    niches : recesses in its walls
    roof : the sloped ceiling of an attic; `height_m` is then that of its highest part
    stairs : up to the floor above
    beams : below the ceiling: "" (none), "wood" or "painted"
    tiles : parts of its walls that are tiled; where two overlap the later one counts
    whole : walls that get no further holes, as that of a board
    kind : what the room is for
    floor_z_m : height of its floor above that of the main room
    beyond : rooms that this one opens into, in the order of the ways; world frame but for `floor_z_m`
    """

    outline_m: np.ndarray
    height_m: float
    door: Opening
    windows: tuple[Opening, ...]
    items: tuple[Item, ...] = ()
    doorways: tuple[Doorway, ...] = ()
    niches: tuple[Niche, ...] = ()
    roof: Roof | None = None
    stairs: Stairs | None = None
    beams: str = ""
    tiles: tuple[Tiled, ...] = ()
    whole: frozenset[int] = frozenset()
    kind: str = ""
    floor_z_m: float = 0.0
    beyond: tuple[Layout, ...] = ()

    def ways(self) -> tuple[Doorway, ...]:
        """The door and all further doorways."""
        return (as_doorway(self.door), *self.doorways)

    def shared_walls(self) -> frozenset[int]:
        """Walls that have another room behind them."""
        return frozenset(way.wall for way in self.ways() if way.leads)

    def roof_windows(self) -> tuple[RoofWindow, ...]:
        """The windows in its slopes, if it has any."""
        return self.roof.windows if self.roof is not None else ()

    def behind(self) -> tuple[tuple[Doorway, Layout], ...]:
        """The ways out of this room with the room behind each."""
        return tuple(zip((way for way in self.ways() if way.leads and not way.far), self.beyond))

    def rooms(self) -> tuple[Layout, ...]:
        """This room and all that are built beyond it."""
        return (self, *(room for each in self.beyond for room in each.rooms()))


@dataclass(frozen=True, slots=True)
class Wall:
    """An edge of the outline: where it starts, its unit direction, the unit normal into the room."""

    start: np.ndarray
    along: np.ndarray
    inward: np.ndarray
    length: float

    @property
    def yaw_deg(self) -> float:
        """Yaw of a thing that stands with its back to this wall."""
        return float(np.degrees(np.arctan2(self.inward[0], -self.inward[1])))

    def point(self, offset_m: float, inward_m: float = 0.0) -> np.ndarray:
        """(2,) point `offset_m` along the wall and `inward_m` into the room."""
        return self.start + offset_m * self.along + inward_m * self.inward


def walls_of(outline_m: np.ndarray) -> list[Wall]:
    """The walls of an outline, in the order of its edges."""
    walls = []
    for start, end in zip(outline_m, np.roll(outline_m, -1, axis=0)):
        length = float(np.hypot(*(end - start)))
        along = (end - start) / length
        walls.append(Wall(start, along, np.array([-along[1], along[0]]), length))
    return walls


def area_of(outline_m: np.ndarray) -> float:
    """Floor area in square metres (shoelace formula)."""
    x, y = outline_m.T
    return float(0.5 * (x @ np.roll(y, -1) - y @ np.roll(x, -1)))


def rectangles_of(outline_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A rectilinear outline as (bounding box (4,), notches (n, 4)), each (x0, y0, x1, y1)."""
    bounds = np.array([*outline_m.min(axis=0), *outline_m.max(axis=0)])
    return bounds, np.array(_cut(outline_m, inside=False)).reshape(-1, 4)


def rectangles_of_room(outline_m: np.ndarray) -> list[tuple[float, float, float, float]]:
    """A rectilinear outline cut into rectangles (x0, y0, x1, y1) from left to right."""
    return _cut(outline_m, inside=True)


def _cut(outline_m: np.ndarray, *, inside: bool) -> list[tuple[float, float, float, float]]:
    """The inside of an outline, or what of its bounding box is outside, as rectangles between its corners."""
    xs, ys = (np.unique(np.round(outline_m[:, axis], 9)) for axis in (0, 1))
    ends = np.roll(outline_m, -1, axis=0)
    level = np.abs(outline_m[:, 1] - ends[:, 1]) < 1e-9
    low, high = np.minimum(outline_m, ends)[level], np.maximum(outline_m, ends)[level]
    made: list[tuple[float, float, float, float]] = []
    for x0, x1 in pairwise(xs.tolist()):
        middle = (x0 + x1) / 2
        below = np.sort(low[(low[:, 0] < middle) & (middle < high[:, 0]), 1])
        edges = below.tolist() if inside else [ys[0], *below, ys[-1]]
        for y0, y1 in zip(edges[::2], edges[1::2]):
            if y1 - y0 < 1e-9:
                continue
            before = next(
                (i for i, r in enumerate(made) if r[2] == x0 and np.allclose(r[1::2], (y0, y1))), None
            )
            if before is None:
                made.append((x0, float(y0), x1, float(y1)))
            else:
                made[before] = (made[before][0], float(y0), x1, float(y1))
    return made
