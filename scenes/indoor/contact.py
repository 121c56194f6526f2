"""How the things of a room meet: what stands, what hangs, what is fitted, and how soft it is."""

from __future__ import annotations

from synthgen.blender.stage.contact import HANGS, JOINED, STANDS, Contact

from .layout.catalogue import CATALOGUE
from .layout.room_plan import Item

FITTED = frozenset({
    "column", "half_wall", "chimney_breast", "niche",
    "base_unit", "tall_unit", "wall_unit", "kitchen_island", "worktop", "splash_panel", "cooker",
    "dishwasher", "oven", "hob", "hood", "kitchen_sink", "kitchen_tap",
})  # fmt: skip
"""Kinds that are set into walls and into each other."""
HANGING = frozenset({"wall_mounted", "ceiling", "window"})
"""What the catalogue says of kinds that nothing has to be below."""
DRAPED = frozenset({"tea_towel", "throw"})
"""Kinds that hang over the edge of what carries them."""
GIVES_M = {
    "cushion": 0.06, "throw": 0.06, "rug": 0.025, "curtain": 0.06, "coat": 0.08, "hanging_bag": 0.06,
    "hat": 0.03, "tea_towel": 0.03, "tote_bag": 0.04, "backpack": 0.04, "floor_plant": 0.06,
    "small_plant": 0.04,
}  # fmt: skip
"""How far soft things give way, leaves too."""
SINKS_M = {"cushion": 0.015}
"""How far things sink into a soft carrier, whose cover is not level."""
SOFT = frozenset({"bed", "sofa", "armchair"})


def contact_of(item: Item) -> Contact:
    """How an item meets others; an imported model does as what it stands for."""
    if item.kind in FITTED:
        return JOINED
    hangs = CATALOGUE[item.kind].stands in HANGING or item.kind in DRAPED or "wall_mounted" in item.params
    return (HANGS if hangs else STANDS).giving(GIVES_M.get(item.kind, 0.0))


def sinks_m(item: Item, carrier: Item | None) -> float:
    """How far an item sinks into what carries it."""
    return SINKS_M.get(item.kind, 0.0) if carrier is not None and carrier.kind in SOFT else 0.0
