"""Holes in walls: windows, doors that lead nowhere, ways into the next room, niches."""

from __future__ import annotations

from dataclasses import dataclass

WALL_M = 0.2
"""Thickness of all walls."""
CLEARANCE_M = 0.10
"""How much deeper than its own width the floor in front of a door stays free."""
PASSING_M = 0.9
"""Free floor before a way through without a leaf."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A hole in a wall, for a door or a window.

    Attributes
    ----------
    wall : edge of the outline
    offset_m : from the edge's first vertex to the opening, along the edge
    width_m, height_m : of the hole
    sill_m : from the floor to its lower edge; 0 for doors
    hinge_at_start : doors only: hung on the jamb nearer to the edge's first vertex
    """

    wall: int
    offset_m: float
    width_m: float
    height_m: float
    sill_m: float
    hinge_at_start: bool = True


@dataclass(frozen=True, slots=True)
class Doorway(Opening):
    """A way through a wall: a door, or an opening that stays open.

    Attributes
    ----------
    leaf : "shut" (a closed door, nothing is built behind it), "none", "ajar" (one leaf), "glass" (two
        glazed leaves, or one in a narrow doorway)
    turn_deg : how far a leaf stands open, away from the wall; 0 is shut
    swings_in : the leaf turns into this room, else into the one behind
    arched : its head is an arch
    cased : boards cover the edge of the wall around it
    leads : a room is built behind it
    far : the room behind it is the one that makes its reveal and its leaf
    """

    leaf: str = "shut"
    turn_deg: float = 0.0
    swings_in: bool = True
    arched: bool = False
    cased: bool = True
    leads: bool = False
    far: bool = False


@dataclass(frozen=True, slots=True)
class Niche(Opening):
    """A recess in a wall, less deep than the wall is thick; things may stand on its floor."""

    deep_m: float = 0.14
    arched: bool = False


def as_doorway(opening: Opening) -> Doorway:
    """A plain opening with sill 0 is a shut door."""
    if isinstance(opening, Doorway):
        return opening
    return Doorway(
        opening.wall,
        opening.offset_m,
        opening.width_m,
        opening.height_m,
        opening.sill_m,
        opening.hinge_at_start,
    )


def free_depth_m(opening: Opening) -> float:
    """How deep the floor before a doorway stays free: for its leaf, or to pass through."""
    way = as_doorway(opening)
    if way.leaf in ("none", "glass") or not way.swings_in:
        return PASSING_M
    return way.width_m + CLEARANCE_M
