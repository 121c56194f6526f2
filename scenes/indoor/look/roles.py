"""How every role of a room is made: (palette, material name, rng, variation) -> Blender material.

A role is what a builder of furniture asks for, "wood" or "lampshade"; `ROLES` is the table of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import bpy
import numpy as np

from synthgen.blender.stage import cloth, surface, ware
from synthgen.blender.stage.material import Color, srgb
from synthgen.seeding import rng_for

from . import art, boards, glaze, glow
from .style import BOOKS, LEAVES, SPECIES, TOYS, pick
from .wet_roles import WET_ROLES, WET_WITH_BOARDS

if TYPE_CHECKING:
    from .palette import Palette


def jitter(color: Color, rng: np.random.Generator, amount: float = 0.1) -> Color:
    """A colour a little brighter or darker, warmer or colder."""
    factor = 1 + rng.uniform(-amount, amount)
    tint = rng.uniform(-amount, amount) * 0.3
    return tuple(min(c * factor * w, 0.92) for c, w in zip(color, (1 + tint, 1.0, 1 - tint)))


def _wood(palette: Palette, name: str, rng: np.random.Generator, variation: str, species: str = ""):
    chosen = species or palette.wood
    if variation and not species and rng.random() < 0.35:
        chosen = pick(rng, palette.table.woods)
    tones = SPECIES[chosen].tones(1 + (rng.uniform(-0.14, 0.14) if variation else 0.0))
    gloss = rng.uniform(0.3, 0.5) + 0.1 * palette.wear
    made = SPECIES[chosen]
    return surface.wood(name, *tones, roughness=float(gloss), rings=made.rings, wild=made.wild)


def _light_wood(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _wood(palette, name, rng, variation, palette.light_wood)


def _dark_wood(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _wood(palette, name, rng, variation, palette.dark_wood)


def _painted_wood(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    first = rng_for(palette.seed, "painted").integers(len(palette.table.painted))
    text = pick(rng, palette.table.painted) if variation else palette.table.painted[int(first)]
    return surface.lacquer(name, srgb(text), roughness=float(rng.uniform(0.25, 0.5)), wear=palette.wear)


def _trim(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _joinery(palette.trim, palette, name, rng)


def _door(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _joinery(palette.door, palette, name, rng)


def _handle(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ROLES[palette.handle](palette, name, rng, "")


def _sill_wood(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _wood(palette, name, rng, "", palette.wood)


def _window_frame(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _joinery(palette.window_frame, palette, name, rng)


def _joinery(text: str, palette: Palette, name: str, rng: np.random.Generator) -> bpy.types.Material:
    # Saturated browns on doors and windows are stained wood, everything else is painted.
    red, green, blue = srgb(text)
    if red > 1.9 * blue and red > 1.25 * green:
        color = (red, green, blue)
        return surface.wood(name, surface.scaled(color, 1.15), surface.scaled(color, 0.62), roughness=0.4)
    return surface.lacquer(
        name, (red, green, blue), roughness=float(rng.uniform(0.28, 0.45)), wear=palette.wear
    )


def _wall(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    table, accent = palette.table, variation == "accent"
    text = palette.accent_wall if accent else palette.wall
    if variation.startswith("room"):  # a room beyond has walls of its own
        text = pick(rng, table.accent_walls if rng.random() < 0.25 else table.walls)
    color = srgb(text)
    if accent and rng.random() < table.wallpaper_share:
        design = pick(rng, ("stripes", "pinstripes", "trellis", "leaves", "leaves"))
        figure = mix(color, srgb(palette.wall), rng.uniform(0.12, 0.4))
        return surface.wallpaper(name, color, figure, design=design, period_m=float(rng.uniform(0.08, 0.22)))
    if rng_for(palette.seed, "plaster").random() < table.plaster_share:
        return surface.plaster(name, color, relief_m=float(rng.uniform(0.0006, 0.0018)))
    return surface.paint(
        name, color, roughness=float(rng.uniform(0.5, 0.75)), uneven=0.6 + 1.5 * palette.wear
    )


def mix(one: Color, other: Color, share: float) -> Color:
    """A colour `share` of the way from one to the other."""
    return tuple(a + (b - a) * share for a, b in zip(one, other))


def _ceiling(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return surface.paint(name, srgb(palette.ceiling), roughness=0.85, uneven=0.5 + palette.wear)


FLOORS = {"attic": ("planks", "carpet"), "bedroom": ("planks", "herringbone", "basket", "carpet"),
          "classroom": ("planks", "basket", "tile", "stone", "terrazzo", "carpet")}  # fmt: skip
"""Kinds of floors of rooms that do not have every one."""


def _floor(palette: Palette, name: str, rng: np.random.Generator, variation: str) -> bpy.types.Material:
    suitable = FLOORS.get(variation.rstrip("0123456789"), ())
    weights = np.array([
        design.weight if not suitable or design.kind in suitable else 1e-6 for design in palette.table.floors
    ])  # fmt: skip
    design = palette.table.floors[int(rng.choice(len(weights), p=weights / weights.sum()))]
    tone = pick(rng, design.tones)
    width_m, length_m = float(rng.uniform(*design.width_m)), float(rng.uniform(*design.length_m))
    roughness = float(rng.uniform(*design.roughness)) + 0.1 * palette.wear
    if design.kind in ("planks", "herringbone", "basket"):
        light, dark = SPECIES[tone].tones(float(rng.uniform(0.8, 1.05)))
        return surface.wood_floor(name, light, dark, pattern=design.kind, width_m=width_m,
                                  length_m=length_m, roughness=roughness, wear=palette.wear,
                                  turned=bool(rng.random() < 0.5))  # fmt: skip
    color = jitter(srgb(tone), rng, 0.08)
    if design.kind in ("tile", "marble"):
        square = design.width_m == design.length_m
        grout = mix(color, (0.45, 0.43, 0.4), 0.7)
        return surface.tile(name, color, surface.scaled(grout, 0.75), floor=True,
                            length_m=width_m if square else length_m, width_m=width_m,
                            bond=0.0 if square else float(rng.choice([0.0, 0.5])), roughness=roughness,
                            varied=0.03 if design.kind == "marble" else 0.09,
                            veined=0.6 if design.kind == "marble" else 0.0)  # fmt: skip
    if design.kind == "stone":
        return surface.stone(name, color, surface.scaled(color, 0.6), scale=90.0, roughness=roughness)
    if design.kind == "terrazzo":
        chips = (srgb("#6f6a64"), srgb("#b58a6a"), srgb("#efece4"))
        return surface.terrazzo(name, color, chips)
    return cloth.carpet(name, color, pile_m=float(rng.uniform(0.005, 0.009)))


def _tile(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = srgb(pick(rng, palette.table.ceramics))
    return surface.tile(name, color, (0.6, 0.58, 0.55), length_m=0.2, width_m=0.1, bond=0.5)


def _fabric(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = srgb(palette.fabric)
    if variation and rng.random() < 0.6:
        color = srgb(pick(rng, palette.table.fabrics))
    return cloth.fabric(name, jitter(color, rng, 0.08), color, thread_m=float(rng.uniform(0.0035, 0.006)),
                        sheen=float(rng.uniform(0.1, 0.5)))  # fmt: skip


def _accent_fabric(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = srgb(palette.accents[int(rng.integers(len(palette.accents)))])
    other = srgb(pick(rng, (*palette.table.linens, *palette.table.accents)))
    pattern = pick(rng, ("plain", "plain", "plain", "stripes", "check", "dots", "chevron"))
    return cloth.fabric(name, color, other, pattern=pattern, thread_m=float(rng.uniform(0.0025, 0.005)),
                        period_m=float(rng.uniform(0.03, 0.09)))  # fmt: skip


def _drape(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    text = pick(rng, (*palette.table.linens, *palette.table.linens, *palette.table.fabrics, *palette.accents))
    return cloth.drape(name, jitter(srgb(text), rng, 0.06), passing=float(rng.uniform(0.25, 0.6)))


def _linen(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _bedding(palette, name, rng, ("plain", "plain", "plain", "stripes"), 0.002)


def _duvet(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _bedding(palette, name, rng, ("plain", "plain", "stripes", "check", "band", "dots"), 0.0018)


def _bedding(palette: Palette, name: str, rng: np.random.Generator, patterns: Sequence[str], thread_m: float):
    color = srgb(pick(rng, palette.table.linens))
    other = mix(color, srgb(pick(rng, palette.accents)), float(rng.uniform(0.15, 0.7)))
    return cloth.fabric(name, color, other, pattern=pick(rng, patterns), thread_m=thread_m, relief=0.5,
                        period_m=float(rng.uniform(0.03, 0.12)), sheen=0.1)  # fmt: skip


def _leather(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = jitter(srgb(pick(rng, palette.table.leathers)), rng)
    return cloth.leather(name, color, wear=palette.wear, gloss=float(rng.uniform(0.3, 0.7)))


def _rug(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    colors = [jitter(srgb(text), rng, 0.06) for text in palette.table.rugs[int(rng.integers(4))]]
    pattern = pick(rng, palette.table.rug_patterns)
    return cloth.rug(name, colors, pattern=pattern, scale=float(rng.uniform(0.7, 1.4)),
                     shaggy=float(rng.uniform(0, 0.6)), shift=float(rng.uniform(0, 1)))  # fmt: skip


def _rattan(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return cloth.cane(name, jitter(srgb(pick(rng, ("#c49a63", "#a97b48", "#8a5f38", "#d6b98a"))), rng))


def _metal(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    text = pick(rng, palette.table.metals) if variation else palette.metal
    return ware.coated_metal(name, srgb(text), roughness=float(rng.uniform(0.3, 0.55)))


def _brushed(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.metal(name, (0.62, 0.61, 0.59), roughness=0.32, brushed=1.0, wear=palette.wear)


def _chrome(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.metal(name, (0.8, 0.81, 0.82), roughness=0.06, wear=palette.wear * 0.5)


def _brass(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.metal(name, (0.78, 0.56, 0.27), roughness=float(rng.uniform(0.15, 0.35)), wear=palette.wear)


def _plastic(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    text = pick(rng, TOYS) if variation else pick(rng, ("#e9e8e4", "#d6d5d1", "#f0efec"))
    return ware.plastic(name, srgb(text), roughness=float(rng.uniform(0.2, 0.4)))


def _dark_plastic(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.plastic(name, srgb("#1b1c1e"), roughness=0.4)


def _glass(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    tint = (0.97, 0.99, 0.98)
    if variation:
        tint = srgb(pick(rng, ("#e6f2ec", "#7fae8f", "#b5824a", "#8fb3c4", "#f2f4f2")))
    return ware.glass(name, tint)


def _window_glass(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return glaze.frosted(name) if variation == "frosted" else ware.pane(name)


def _mirror(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.mirror(name)


def _ceramic(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    text = pick(rng, palette.table.ceramics) if variation else "#f1efea"
    speckle = srgb("#3a332c") if rng.random() < 0.3 else None
    roughness = float(rng.choice([0.08, 0.15, 0.45]))
    return ware.ceramic(name, srgb(text), speckle=speckle, roughness=roughness)


def _dark_ceramic(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.ceramic(name, srgb(pick(rng, ("#2b2e31", "#26343f", "#3a2c26"))), roughness=0.25)


def _stone(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = srgb(pick(rng, ("#8d8a85", "#6a6865", "#b3aca0", "#4b4d50")))
    return surface.stone(name, color, surface.scaled(color, 0.45), roughness=float(rng.uniform(0.3, 0.6)))


def _marble(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    pairs = (("#e9e6e1", "#7d7a78"), ("#24282a", "#c9c5bd"), ("#3b4a43", "#b9c2b5"), ("#d9c9b6", "#8a6a50"))
    color, vein = pairs[int(rng.integers(len(pairs)))]
    return surface.marble(name, srgb(color), srgb(vein))


def _paper(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.paper(name, srgb(pick(rng, ("#ece6d6", "#f0ede4", "#e2d8c0"))))


def _label(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    text = pick(rng, ("#efeadc", "#f4f3ef", *palette.accents)) if variation else "#efeadc"
    return ware.paper(name, srgb(text), fibres=0.3, roughness=0.5)


def _cardboard(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.cardboard(name, jitter(srgb("#b08a60"), rng, 0.15))


def _book_cover(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = jitter(srgb(pick(rng, BOOKS)), rng, 0.15)
    foil = srgb(pick(rng, ("#d9b56a", "#efe9da", "#1f2022", *palette.accents)))
    return art.book_cover(name, color, foil, rng)


def _picture(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return art.picture(name, [srgb(text) for text in palette.accents], rng)


def _leaf(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = jitter(srgb(pick(rng, LEAVES)), rng, 0.12)
    vein = mix(color, (0.55, 0.62, 0.32), 0.45)
    return ware.leaf(name, color, vein, gloss=float(rng.uniform(0.3, 0.9)))


def _stem(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.shiny(name, jitter(srgb("#5d6b38"), rng), roughness=0.6)


def _soil(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.soil(name, srgb("#3a2c22"))


def _terracotta(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.earthenware(name, jitter(srgb("#b0694a"), rng, 0.15))


def _rubber(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.shiny(name, (0.025, 0.025, 0.026), roughness=0.65)


def _wax(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = srgb(pick(rng, ("#f0e8d4", "#efe3c6", *palette.accents)))
    return ware.shiny(name, color, roughness=0.4, translucent=0.35)


def _lampshade(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = srgb(pick(rng, palette.table.shades))
    return glow.lampshade(name, color, palette.lamp_kelvin, strength=1.3 if palette.lamps_on else 0.0)


def _bulb(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return glow.bulb(name, palette.lamp_kelvin, strength=6.0 if palette.lamps_on else 0.0)


def _diffuser(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    strength = 3.0 if palette.lamps_on else 0.0
    return glow.lampshade(name, (0.85, 0.85, 0.84), palette.lamp_kelvin, strength=strength)


def _screen(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    shining = rng.random() < (0.7 if palette.lamps_on else 0.45)
    return glow.screen(name, rng, strength=0.45 if shining else 0.0)


Maker = Callable[["Palette", str, np.random.Generator, str], bpy.types.Material]

ROLES: dict[str, Maker] = {
    "wood": _wood, "wood_light": _light_wood, "wood_dark": _dark_wood, "painted_wood": _painted_wood,
    "drape": _drape,
    "fabric": _fabric, "fabric_accent": _accent_fabric, "linen": _linen, "duvet": _duvet, "leather": _leather,
    "rug": _rug, "rattan": _rattan, "metal": _metal, "metal_brushed": _brushed, "chrome": _chrome,
    "brass": _brass, "plastic": _plastic, "plastic_dark": _dark_plastic, "glass": _glass,
    "window_glass": _window_glass, "mirror": _mirror, "ceramic": _ceramic, "ceramic_dark": _dark_ceramic,
    "stone": _stone, "marble": _marble, "paper": _paper, "label": _label, "cardboard": _cardboard,
    "book_cover": _book_cover, "picture": _picture, "leaf": _leaf, "stem": _stem, "soil": _soil,
    "terracotta": _terracotta, "rubber": _rubber, "wax": _wax, "lampshade": _lampshade, "bulb": _bulb,
    "screen": _screen, "plaster": _ceiling, "paint_wall": _wall, "paint_ceiling": _ceiling, "floor": _floor,
    "tile": _tile, "skirting": _trim, "window_frame": _window_frame, "door": _door,
    "door_frame": _trim, "handle": _handle, "sill_wood": _sill_wood,
    "diffuser": _diffuser,
} | boards.MAKERS | WET_ROLES  # fmt: skip

WITH_BOARDS = frozenset({
    "wood", "wood_light", "wood_dark", "painted_wood", "metal_brushed", "paper", "label", "skirting",
    "window_frame", "door", "door_frame", "handle", "sill_wood",
}) | WET_WITH_BOARDS  # fmt: skip
"""Roles whose texture follows the boards that a thing is made of: its mesh needs board coordinates."""
