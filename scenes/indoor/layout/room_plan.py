"""The nouns of a planned room: `Item`, `Layout`, `Wall`; holes in walls are in `openings`.

World frame: metres, z up, floor at z = 0. An item with yaw 0 has its front towards -y; yaw turns it
counter-clockwise seen from above. Walls are the edges of the outline, edge i from vertex i to vertex
i + 1, counter-clockwise, so the room lies to the left of every edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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


def rectangles_of(outline_m: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """A rectilinear outline with at most one notch as (bounding box, notch), each (x0, y0, x1, y1)."""
    low, high = outline_m.min(axis=0), outline_m.max(axis=0)
    if len(outline_m) == 4:
        return np.array([*low, *high]), None
    inner = next(
        p for p in outline_m if low[0] < p[0] < high[0] and low[1] < p[1] < high[1]
    )  # the one vertex off the bounding box is the notch's inner corner
    corners = np.array([[x, y] for x in (low[0], high[0]) for y in (low[1], high[1])])
    missing = next(c for c in corners if not (np.abs(outline_m - c).max(axis=1) < 1e-9).any())
    return np.array([*low, *high]), np.array([*np.minimum(inner, missing), *np.maximum(inner, missing)])
