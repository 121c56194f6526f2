"""`Palette`: what one room is made of. Roles such as "wood" or "book_cover:7" become Blender materials.

A room draws its colours once (walls, leading wood, cloth, accents), so that its things go together; then
every role is made on first use and kept. A suffix asks for a variation; `materials_for` adds one where things
of a kind differ from each other (vases) or belong together (the chairs of one set).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import bpy

from synthgen.seeding import rng_for

from .roles import ROLES
from .style import BOOKS, STYLES, Style, pick

PER_THING = {"ceramic": 5, "fabric_accent": 4, "plastic": 6, "picture": 997, "rug": 97, "cardboard": 2,
             "wax": 3, "leaf": 3, "terracotta": 2, "screen": 5, "label": 6, "paper": 3}  # fmt: skip
"""Roles that differ from thing to thing, and how many variations a room has."""
COLOURED = frozenset({"toy", "box", "cup", "bowl", "bottle", "basket", "stool", "clock"})
"""Kinds whose plastic has a colour; elsewhere it is white."""
PER_KIND = frozenset({"wood", "fabric", "painted_wood", "metal", "lampshade", "linen", "duvet", "rattan"})
"""Roles that things of one kind share, and other kinds may have differently."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a room and the materials made from them so far."""

    style: str
    wear: float
    seed: int
    lamps_on: bool
    lamp_kelvin: float
    wall: str
    accent_wall: str
    ceiling: str
    trim: str
    door: str
    window_frame: str
    wood: str
    light_wood: str
    dark_wood: str
    fabric: str
    accents: tuple[str, ...]
    metal: str
    handle: str
    _made: dict[str, bpy.types.Material] = field(default_factory=dict, compare=False, repr=False)

    def material(self, role: str) -> bpy.types.Material:
        """The material of a role, made on first use.

        Raises
        ------
        KeyError
            When the part before the colon is no role.
        """
        if role not in self._made:
            base, _, variation = role.partition(":")
            if base not in ROLES:
                raise KeyError(f"no material for the role '{base}' (known: {', '.join(sorted(ROLES))})")
            rng = rng_for(self.seed, "material", role)
            self._made[role] = ROLES[base](self, role, rng, variation)
        return self._made[role]

    def materials_for(self, roles: Iterable[str], kind: str, seed: int) -> dict[str, bpy.types.Material]:
        """The materials of a thing: by role, and by what kind of thing it is."""
        return {role: self.material(self._variation(role, kind, seed)) for role in roles}

    def _variation(self, role: str, kind: str, seed: int) -> str:
        base, _, suffix = role.partition(":")
        if kind == "curtain" and base in ("fabric", "linen", "fabric_accent"):
            return f"drape:{suffix}"
        if base == "plastic" and not suffix:
            return role if kind not in COLOURED else f"plastic:{rng_for(seed, base).integers(5)}"
        if base in PER_THING:
            number = int(rng_for(seed, base, suffix).integers(PER_THING[base]))
            return f"{base}:{number}"
        if base == "book_cover":
            return f"{base}:{rng_for(seed, base, suffix).integers(len(BOOKS))}"
        if base in PER_KIND and rng_for(self.seed, "own", base, kind).random() < 0.4:
            return f"{base}:{kind}{suffix}"
        return role

    @property
    def table(self) -> Style:
        """What the style may draw from."""
        return STYLES[self.style]

    def sampled(self) -> dict[str, object]:
        """The drawn colours as JSON values."""
        return {
            "wall": self.wall, "accent_wall": self.accent_wall, "ceiling": self.ceiling, "trim": self.trim,
            "door": self.door, "window_frame": self.window_frame, "wood": self.wood,
            "light_wood": self.light_wood, "dark_wood": self.dark_wood, "fabric": self.fabric,
            "accents": list(self.accents), "metal": self.metal, "handle": self.handle,
        }  # fmt: skip


def draw_palette(
    style: str, wear: float, seed: int, *, lamps_on: bool, lamp_kelvin: float = 3000.0
) -> Palette:
    """Draw the colours of a room."""
    table, rng = STYLES[style], rng_for(seed, "palette")
    trim = pick(rng, table.trims)
    door = pick(rng, table.doors)
    return Palette(
        style=style,
        wear=float(wear),
        seed=seed,
        lamps_on=lamps_on,
        lamp_kelvin=lamp_kelvin,
        wall=pick(rng, table.walls),
        accent_wall=pick(rng, table.accent_walls),
        ceiling=pick(rng, table.ceilings),
        trim=trim,
        door=trim if door not in table.woods and rng.random() < 0.4 else door,
        window_frame=pick(rng, table.window_frames),
        wood=pick(rng, table.woods),
        light_wood=pick(rng, table.light_woods),
        dark_wood=pick(rng, table.dark_woods),
        fabric=pick(rng, table.fabrics),
        accents=tuple(table.accents[i] for i in rng.permutation(len(table.accents))[:3]),
        metal=pick(rng, table.metals),
        handle=pick(rng, table.handles),
    )
