"""`SUBSTANCES`: every material, what it can be the body of, and how often a mix of materials takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import bpy
import numpy as np

from synthgen.blender.stage import cloth, surface, ware
from synthgen.blender.stage.material import srgb

from . import weathered
from .colours import (
    AUTUMN,
    EARTHS,
    LEAVES,
    METALS,
    MUTED,
    NEUTRALS,
    PAINTS,
    STONES,
    WOODS,
    any_colour,
    pick,
    varied,
)

Maker = Callable[[str, np.random.Generator], bpy.types.Material]


@dataclass(frozen=True, slots=True)
class Substance:
    """A material.

    Attributes
    ----------
    make : from a name and an rng
    parts : the parts of things that may be made of it
    mixes : how many times as often as usual it is taken in a mix; 1 where nothing is said
    boards : whether its texture follows the pieces of a thing (stage/board.py)
    """

    make: Maker
    parts: tuple[str, ...]
    mixes: Mapping[str, float] = field(default_factory=dict)
    boards: bool = False


def _wood(name: str, rng: np.random.Generator) -> bpy.types.Material:
    light, dark = (srgb(text) for text in pick(rng, WOODS))
    return surface.wood(
        name, light, dark, roughness=float(rng.uniform(0.3, 0.6)), wild=float(rng.uniform(0.6, 1.4))
    )


def _painted_wood(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return surface.lacquer(
        name, any_colour(rng), roughness=float(rng.uniform(0.25, 0.5)), wear=float(rng.uniform(0, 1))
    )


def _brick(name: str, rng: np.random.Generator) -> bpy.types.Material:
    color = varied(rng, ("#8f4a35", "#a5563c", "#b98d72", "#6f3a2d", "#c2b6a2", "#7a5a4a"))
    return surface.tile(
        name,
        color,
        varied(rng, ("#b8b0a2", "#8d8880", "#d0c9bc")),
        length_m=0.22,
        width_m=0.075,
        bond=0.5,
        roughness=0.75,
        varied=0.16,
    )


def _tiles(name: str, rng: np.random.Generator) -> bpy.types.Material:
    size = float(rng.choice([0.04, 0.1, 0.15]))
    return surface.tile(
        name,
        any_colour(rng),
        varied(rng, NEUTRALS),
        length_m=size * float(rng.choice([1, 2])),
        width_m=size,
        bond=float(rng.choice([0, 0.5])),
        varied=float(rng.uniform(0.04, 0.2)),
    )


def _plaster(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return surface.plaster(
        name, varied(rng, (*NEUTRALS[:3], *MUTED, *EARTHS)), relief_m=float(rng.uniform(0.0006, 0.0025))
    )


def _marble(name: str, rng: np.random.Generator) -> bpy.types.Material:
    pairs = (
        ("#e9e6e1", "#7d7a78"),
        ("#24282a", "#c9c5bd"),
        ("#3b4a43", "#b9c2b5"),
        ("#d9c9b6", "#8a6a50"),
        ("#6a3a34", "#d8c8bc"),
        ("#c8d0cc", "#4f6a60"),
    )
    return surface.marble(
        name, *(srgb(text) for text in pick(rng, pairs)), roughness=float(rng.uniform(0.05, 0.3))
    )


def _granite(name: str, rng: np.random.Generator) -> bpy.types.Material:
    color = varied(rng, STONES)
    return surface.stone(
        name,
        color,
        surface.scaled(color, float(rng.uniform(0.3, 0.6))),
        scale=float(rng.uniform(30, 90)),
        roughness=float(rng.uniform(0.25, 0.7)),
    )


def _terrazzo(name: str, rng: np.random.Generator) -> bpy.types.Material:
    chips = tuple(varied(rng, (*STONES, *EARTHS, *MUTED)) for _ in range(3))
    return surface.terrazzo(name, varied(rng, NEUTRALS), chips)


def _concrete(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return weathered.concrete(name, varied(rng, ("#9c9a95", "#b5b0a6", "#82807c", "#a89f90")))


def _rock(name: str, rng: np.random.Generator) -> bpy.types.Material:
    growth = varied(rng, ("#5d6b38", "#7a7a4a", "#a39a5a", "#8d8f80", "#4a5a30"))
    return weathered.rock(
        name,
        varied(rng, (*STONES, "#a5654a", "#8a5a48", "#c2a884")),
        growth,
        overgrown=float(rng.uniform(0, 1)),
    )


def _brushed_metal(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.metal(name, pick(rng, METALS), roughness=float(rng.uniform(0.25, 0.4)), brushed=1.0)


def _polished_metal(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.metal(
        name, pick(rng, METALS), roughness=float(rng.uniform(0.04, 0.25)), wear=float(rng.uniform(0, 0.6))
    )


def _painted_metal(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.coated_metal(name, any_colour(rng), roughness=float(rng.uniform(0.25, 0.55)))


def _car_paint(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return weathered.car_paint(name, varied(rng, (*PAINTS, *NEUTRALS)), flakes=float(rng.uniform(0, 1)))


def _rust(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return weathered.rust(name, varied(rng, (*NEUTRALS, *MUTED)), share=float(rng.uniform(0.25, 1.0)))


def _plastic(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.plastic(name, any_colour(rng), roughness=float(rng.uniform(0.12, 0.5)))


def _rubber(name: str, rng: np.random.Generator) -> bpy.types.Material:
    color = (0.025, 0.025, 0.026) if rng.random() < 0.6 else surface.scaled(any_colour(rng), 0.6)
    return ware.shiny(name, color, roughness=float(rng.uniform(0.5, 0.75)))


def _ceramic(name: str, rng: np.random.Generator) -> bpy.types.Material:
    speckle = srgb("#3a332c") if rng.random() < 0.4 else None
    return ware.ceramic(
        name, any_colour(rng), speckle=speckle, roughness=float(rng.choice([0.08, 0.15, 0.4]))
    )


def _earthenware(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.earthenware(name, varied(rng, ("#b0694a", "#8f5a44", "#c08a62", "#6f5a4c")))


def _wax(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.shiny(name, any_colour(rng), roughness=float(rng.uniform(0.2, 0.5)), translucent=0.35)


def _clear_glass(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.glass(name)


def _tinted_glass(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.glass(
        name, srgb(pick(rng, ("#7fae8f", "#b5824a", "#8fb3c4", "#b0606a", "#8a7fc0", "#d8c070")))
    )


def _frosted_glass(name: str, rng: np.random.Generator) -> bpy.types.Material:
    tint = srgb(pick(rng, ("#eef4f2", "#cfe0dc", "#e6dccb", "#cdd6e6")))
    return ware.glass(name, tint, roughness=float(rng.uniform(0.15, 0.4)))


def _mirror(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.mirror(name)


def _fabric(name: str, rng: np.random.Generator) -> bpy.types.Material:
    pattern = pick(rng, ("plain", "plain", "stripes", "check", "dots", "chevron", "band"))
    return cloth.fabric(
        name,
        any_colour(rng),
        any_colour(rng),
        pattern=pattern,
        thread_m=float(rng.uniform(0.002, 0.005)),
        period_m=float(rng.uniform(0.03, 0.1)),
        sheen=float(rng.uniform(0.1, 0.5)),
    )


def _drape(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return cloth.drape(name, any_colour(rng), passing=float(rng.uniform(0.25, 0.6)))


def _leather(name: str, rng: np.random.Generator) -> bpy.types.Material:
    color = varied(rng, (*EARTHS, "#2c2825", "#6b2a22", "#39484f"))
    return cloth.leather(name, color, wear=float(rng.uniform(0, 0.8)), gloss=float(rng.uniform(0.3, 0.7)))


def _wool(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return cloth.carpet(name, any_colour(rng), pile_m=float(rng.uniform(0.004, 0.009)))


def _cane(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return cloth.cane(name, varied(rng, ("#c49a63", "#a97b48", "#8a5f38", "#d6b98a")))


def _paper(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.paper(
        name,
        varied(rng, ("#ece6d6", "#f0ede4", "#e2d8c0", *MUTED, *PAINTS)),
        fibres=float(rng.uniform(0.2, 1)),
    )


def _cardboard(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.cardboard(name, varied(rng, ("#b08a60", "#a07a52", "#c4a27a")))


def _foil(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.metal(name, pick(rng, METALS), roughness=float(rng.uniform(0.08, 0.3)))


def _leaf(name: str, rng: np.random.Generator) -> bpy.types.Material:
    color = varied(rng, LEAVES if rng.random() < 0.8 else AUTUMN)
    vein = tuple(0.55 * c + 0.45 * v for c, v in zip(color, (0.55, 0.62, 0.32)))
    return ware.leaf(name, color, vein, gloss=float(rng.uniform(0.2, 0.8)))


def _bark(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return weathered.bark(name, varied(rng, ("#6f5f4f", "#57483a", "#8a7a66", "#4a3c30", "#a39a8c")))


def _stem(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return ware.shiny(name, varied(rng, ("#5d6b38", "#6f5a38", "#4a5a30")), roughness=0.6)


def _grass(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return weathered.grass(name, varied(rng, LEAVES), varied(rng, ("#b9a566", "#c8b880", "#a08a4a")))


def _rope(name: str, rng: np.random.Generator) -> bpy.types.Material:
    return weathered.rope(name, varied(rng, ("#c2a878", "#8a7a5c", "#d8d0be", *PAINTS[:6])))


def _print(designs: tuple[str, ...]) -> Maker:
    def make(name: str, rng: np.random.Generator) -> bpy.types.Material:
        return weathered.printed(
            name,
            any_colour(rng),
            any_colour(rng),
            any_colour(rng),
            design=pick(rng, designs),
            period_m=float(rng.uniform(0.05, 0.16)),
            roughness=float(rng.uniform(0.15, 0.6)),
        )

    return make


def _glow(name: str, rng: np.random.Generator) -> bpy.types.Material:
    color = pick(
        rng, ((1.0, 0.75, 0.45), (1.0, 0.9, 0.75), (0.6, 0.8, 1.0), (1.0, 0.35, 0.25), (0.4, 1.0, 0.6))
    )
    return weathered.glow(name, color, strength=float(rng.uniform(1.5, 5.0)))


_NATURAL = {"natural": 3.0, "built": 0.3, "printed": 0.4, "shining": 0.3}
_BUILT = {"natural": 0.3, "built": 3.0, "printed": 0.5}
_PRINTED = {"natural": 0.1, "built": 0.5, "printed": 5.0, "shining": 0.3}
_SHINING = {"natural": 0.3, "printed": 0.4, "shining": 4.0}
_EVERYWHERE: dict[str, float] = {}

SUBSTANCES: dict[str, Substance] = {
    "wood": Substance(_wood, ("body", "board", "accent"), _NATURAL, boards=True),
    "painted_wood": Substance(_painted_wood, ("body", "board", "accent"), _BUILT, boards=True),
    "brick": Substance(_brick, ("body",), _BUILT),
    "tiles": Substance(_tiles, ("body", "accent"), _BUILT),
    "plaster": Substance(_plaster, ("body",), _BUILT),
    "marble": Substance(_marble, ("body", "stone", "crystal"), _NATURAL),
    "granite": Substance(_granite, ("body", "stone"), _NATURAL),
    "terrazzo": Substance(_terrazzo, ("body",), _BUILT),
    "concrete": Substance(_concrete, ("body", "stone"), _BUILT),
    "brushed_metal": Substance(_brushed_metal, ("body", "metal"), _SHINING, boards=True),
    "polished_metal": Substance(_polished_metal, ("body", "metal", "accent", "wire"), _SHINING),
    "painted_metal": Substance(_painted_metal, ("body", "metal", "accent", "wire"), _BUILT),
    "car_paint": Substance(_car_paint, ("body", "accent"), _SHINING),
    "rust": Substance(_rust, ("body", "metal", "wire"), _BUILT),
    "rock": Substance(_rock, ("body", "stone", "stone", "stone", "stone"), _NATURAL),
    "plastic": Substance(_plastic, ("body", "accent", "wire", "rope"), _PRINTED),
    "rubber": Substance(_rubber, ("body", "rubber", "wire"), _BUILT),
    "ceramic": Substance(_ceramic, ("body", "accent"), _SHINING),
    "earthenware": Substance(_earthenware, ("body",), _NATURAL),
    "wax": Substance(_wax, ("body", "accent", "crystal"), _EVERYWHERE),
    "clear_glass": Substance(_clear_glass, ("glass",)),
    "tinted_glass": Substance(_tinted_glass, ("glass", "crystal")),
    "frosted_glass": Substance(_frosted_glass, ("glass", "crystal")),
    "mirror": Substance(_mirror, ("mirror",)),
    "fabric": Substance(_fabric, ("body", "cloth"), _PRINTED),
    "drape": Substance(_drape, ("cloth",)),
    "leather": Substance(_leather, ("body", "cloth"), _NATURAL),
    "wool": Substance(_wool, ("body", "cloth"), _NATURAL),
    "cane": Substance(_cane, ("body", "board"), _NATURAL),
    "paper": Substance(_paper, ("sheet",), boards=True),
    "cardboard": Substance(_cardboard, ("sheet", "body", "board"), _EVERYWHERE),
    "foil": Substance(_foil, ("sheet",), _SHINING),
    "leaf": Substance(_leaf, ("leaf",)),
    "bark": Substance(_bark, ("bark",)),
    "stem": Substance(_stem, ("stem",)),
    "grass": Substance(_grass, ("grass",)),
    "rope": Substance(_rope, ("rope", "wire")),
    "checks": Substance(_print(("checks", "diamonds")), ("body", "sheet", "cloth"), _PRINTED),
    "stripes": Substance(
        _print(("stripes", "bands", "lines")), ("body", "sheet", "cloth", "accent"), _PRINTED
    ),
    "dots": Substance(_print(("dots",)), ("body", "sheet", "cloth"), _PRINTED),
    "glow": Substance(
        _glow,
        ("accent", "body"),
        {"natural": 0.1, "shining": 0.5, "everything": 0.4, "built": 0.3, "printed": 0.3},
    ),
}
