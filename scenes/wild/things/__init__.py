"""All kinds of things, by group. `make_thing` gives the pieces of one, in numpy."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..solids.solid import Solid
from . import built, clear, grown, primitives, sheets, thin
from .kind import Kind

GROUPS = MappingProxyType(
    {
        "primitives": primitives.KINDS,
        "built": built.KINDS,
        "grown": grown.KINDS,
        "thin": thin.KINDS,
        "sheets": sheets.KINDS,
        "clear": clear.KINDS,
    }
)
KINDS: MappingProxyType[str, Kind] = MappingProxyType(
    {name: kind for kinds in GROUPS.values() for name, kind in kinds.items()}
)


def make_thing(kind: str, size_m: float, rng: np.random.Generator) -> list[Solid]:
    """The pieces of a thing about the middle of its box, whose longest side is `size_m`."""
    pieces = KINDS[kind].make(size_m, rng)
    points = np.vstack([each.points for each in pieces])
    low, high = points.min(axis=0), points.max(axis=0)
    factor = size_m / float((high - low).max())
    return [each.shifted(-(low + high) / 2).scaled(factor) for each in pieces]
