"""What the tables of the catalogue are made of: `Kind`, a row, and `Surface`, a place that carries things.

Lengths are metres in the item's own frame: base centre at the origin, front towards -y.
"""

from __future__ import annotations

from dataclasses import dataclass

Size = tuple[float, float, float]
Range = tuple[float, float]
Box = tuple[float, float, float, float, float, float]
"""(x0, x1, y0, y1, z0, z1) in the item's own frame."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the catalogue.

    Attributes
    ----------
    class_name : semantic class, see `synthgen.frame.classes`
    width, depth, height : ranges in metres; `depth` None means as deep as wide (round things)
    stands : "wall" (back to a wall), "corner", "free", "surface" (on another thing), "wall_mounted",
        "ceiling", "window"
    clearance_m : free floor that its use needs in front of it
    moved : people move it, so it stands a little askew
    """

    class_name: str
    width: Range
    depth: Range | None
    height: Range
    stands: str
    clearance_m: float = 0.0
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Surface:
    """A level rectangle that carries things, in the item's own frame.

    `free_m` is the height that is free above it; `role` is "top", "board", "seat" or "mattress".
    """

    x0: float
    x1: float
    y0: float
    y1: float
    z: float
    free_m: float
    role: str
