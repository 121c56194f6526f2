"""How the roles of kitchens and bathrooms are made, as `roles.py` does those of every room.

What a room has once (its fronts, worktop, taps and tiles) is drawn from the seed of the room, so that
all of its things agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import bpy
import numpy as np

from synthgen.blender.stage import cloth, surface, ware
from synthgen.blender.stage.material import Color, srgb
from synthgen.seeding import rng_for

from . import glaze
from .style import SPECIES, pick
from .wet_style import (
    BODIES,
    ENAMELS,
    FRUITS,
    GRAINS,
    TILES,
    WET_STYLES,
    WetStyle,
    tiles_of,
    worktop_of,
)

if TYPE_CHECKING:
    from .palette import Palette


def wet_style(palette: Palette) -> WetStyle:
    """What kitchens and bathrooms of the room's style may draw from."""
    return WET_STYLES[palette.style]


def _bath_tile(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _tile_face(palette, name, "bath")


def _accent_tile(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _tile_face(palette, name, "accent")


def _splash_tile(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _tile_face(palette, name, "splash")


def _tile_face(palette: Palette, name: str, area: str) -> bpy.types.Material:
    tiles, color = tiles_of(palette.style, palette.seed, area)
    look = TILES[tiles].look
    varied = {"handmade": 0.13, "stone": 0.1, "marble": 0.03, "matt": 0.05}.get(look, 0.03)
    return glaze.tile(name, srgb(color), look=look, varied=varied)


def _grout(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    area = variation if variation in ("accent", "splash") else "bath"
    face = srgb(tiles_of(palette.style, palette.seed, area)[1])
    draw = rng_for(palette.seed, "grout", area)
    shades = ((0.62, 0.61, 0.58), (0.4, 0.39, 0.37), (0.2, 0.2, 0.2))
    color = shades[int(draw.choice(3, p=[0.6, 0.27, 0.13]))]
    if draw.random() < 0.35:
        color = tuple(0.6 * c + 0.4 * g for c, g in zip(face, color))
    return glaze.grout(name, color, wear=palette.wear)


def _kitchen_front(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    table, draw = wet_style(palette), rng_for(palette.seed, "kitchen", "fronts")
    lower = pick(draw, table.fronts)
    two_tone, gloss = draw.random() < 0.38, float(draw.choice([0.08, 0.32, 0.42]))
    upper = pick(draw, table.upper_fronts)
    text = upper if variation == "upper" and two_tone else lower
    return _board(palette, name, text, gloss)


def _vanity_front(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    draw = rng_for(palette.seed, "bath", "fronts")
    return _board(palette, name, pick(draw, wet_style(palette).vanities), float(draw.choice([0.1, 0.35])))


def _board(palette: Palette, name: str, text: str, gloss: float) -> bpy.types.Material:
    kind, _, species = text.rpartition(":")
    if kind == "wood":
        tones, made = SPECIES[species].tones(), SPECIES[species]
        return surface.wood(name, *tones, roughness=0.38, rings=made.rings, wild=made.wild)
    return surface.lacquer(name, srgb(text), roughness=gloss, wear=palette.wear)


def _carcass(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    dark = rng_for(palette.seed, "carcass").random() < 0.15
    return ware.plastic(name, srgb("#56585a" if dark else "#ecebe7"), roughness=0.4)


def _block(palette: Palette, name: str, rng: np.random.Generator):
    species = pick(rng, ("oak", "beech", "walnut", "birch", "oak"))
    light, dark = SPECIES[species].tones(float(rng.uniform(0.9, 1.05)))
    return surface.wood_floor(name, light, dark, width_m=float(rng.uniform(0.035, 0.05)), length_m=0.7,
                              roughness=0.4, wear=palette.wear)  # fmt: skip


def _laminate(palette: Palette, name: str, rng: np.random.Generator):
    color, fleck = (("#e9e7e2", "#b9b6b0"), ("#c9c5bc", "#8f8b84"), ("#3c3d3f", "#6d6e70"),
                    ("#a59f96", "#6f6a62"))[int(rng.integers(4))]  # fmt: skip
    return glaze.laminate(name, srgb(color), srgb(fleck))


def _laminate_wood(palette: Palette, name: str, rng: np.random.Generator):
    made = SPECIES[pick(rng, ("oak", "walnut", "grey_oak", "ash"))]
    return surface.wood(name, *made.tones(), roughness=0.36, rings=made.rings, wild=made.wild)


def _quartz(palette: Palette, name: str, rng: np.random.Generator):
    color, vein = (("#efeeea", "#8a8784"), ("#dad7d1", "#8f8b86"), ("#56585a", "#a9a9a6"),
                   ("#c5bfb4", "#7d766c"))[int(rng.integers(4))]  # fmt: skip
    veined = float(rng.choice([0.0, 0.6]))
    return glaze.quartz(name, srgb(color), srgb(vein), veined=veined, roughness=float(rng.uniform(0.1, 0.3)))


def _granite(palette: Palette, name: str, rng: np.random.Generator):
    color, fleck = (("#3a3a3c", "#8a8886"), ("#8d857b", "#2c2a28"), ("#a9a198", "#4a4440"),
                    ("#5a4a42", "#b39a86"), ("#1f2022", "#5a5c5e"))[int(rng.integers(5))]  # fmt: skip
    return surface.stone(name, srgb(color), srgb(fleck), scale=110.0, roughness=float(rng.uniform(0.1, 0.2)))


def _worktop_marble(palette: Palette, name: str, rng: np.random.Generator):
    color, vein = (("#e9e6e1", "#8a8785"), ("#dedad3", "#a08d78"), ("#26292b", "#b9b5ad"))[
        int(rng.integers(3))
    ]
    return surface.marble(name, srgb(color), srgb(vein), scale=1.5)


def _concrete(palette: Palette, name: str, rng: np.random.Generator):
    color = srgb(pick(rng, ("#8f8e8b", "#a5a29c", "#6f6f6e")))
    return surface.stone(name, color, surface.scaled(color, 0.8), scale=35.0, roughness=0.42)


def _dark_stone(palette: Palette, name: str, rng: np.random.Generator):
    color = srgb(pick(rng, ("#2c2e30", "#3b3a38", "#25282b")))
    return surface.stone(name, color, surface.scaled(color, 1.9), scale=70.0, roughness=0.35)


def _tiled_stone(palette: Palette, name: str, rng: np.random.Generator):
    color = srgb(pick(rng, ("#b9a58a", "#9a7f66", "#c9bba3")))
    return surface.tile(name, color, (0.5, 0.47, 0.43), length_m=0.15, width_m=0.15, roughness=0.25)


def _steel_top(palette: Palette, name: str, rng: np.random.Generator):
    return glaze.steel(name, wear=palette.wear)


WORKTOPS: dict[str, Callable[..., bpy.types.Material]] = {
    "block": _block, "laminate": _laminate, "laminate_wood": _laminate_wood, "quartz": _quartz,
    "granite": _granite, "marble": _worktop_marble, "concrete": _concrete, "dark_stone": _dark_stone,
    "tiled_stone": _tiled_stone, "steel": _steel_top,
}  # fmt: skip


def _worktop(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    made = worktop_of(palette.style, palette.seed)
    return WORKTOPS[made](palette, name, rng_for(palette.seed, "worktop", made))


def _vanity_top(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    draw = rng_for(palette.seed, "vanity", "top")
    kind = pick(draw, ("marble", "quartz", "granite", "laminate_wood", "concrete"))
    return WORKTOPS[kind](palette, name, draw)


def _splash_panel(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    kind = pick(rng, ("worktop", "worktop", "glass", "steel"))
    if kind == "worktop":
        return _worktop(palette, name, rng, "")
    if kind == "steel":
        return glaze.steel(name, wear=palette.wear)
    color = srgb(pick(rng, ("#f0f0ee", "#9fb0b0", "#2b2d2f", *palette.accents)))
    return ware.shiny(name, color, roughness=0.03)


def _fitting(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    kind = pick(rng_for(palette.seed, "fittings"), wet_style(palette).fittings)
    if kind == "black":
        return ware.coated_metal(name, srgb("#161718"), roughness=0.35)
    color, roughness = {"chrome": ((0.8, 0.81, 0.82), 0.05), "nickel": ((0.66, 0.63, 0.58), 0.24),
                        "brass": ((0.76, 0.56, 0.29), 0.2)}[kind]  # fmt: skip
    return ware.metal(name, color, roughness=roughness, wear=0.6 * palette.wear)


def _steel(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return glaze.steel(name, roughness=float(rng.uniform(0.2, 0.3)), wear=palette.wear)


def body_name(palette: Palette) -> str:
    """What the cases of the room's large appliances are of: "steel" or a name of `BODIES`."""
    return pick(rng_for(palette.seed, "appliances"), wet_style(palette).appliances)


def _appliance(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    kind = body_name(palette)
    if variation == "white":
        kind = "white"
    elif variation.isdigit():  # small ones have their own colours
        kind = pick(rng, ("steel", "steel", "white", "black", "cream", "red", "mint", "blue"))
    if kind == "steel":
        return glaze.steel(name, wear=palette.wear)
    return ware.shiny(name, srgb(BODIES[kind]), roughness=0.18)


def _black_glass(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return glaze.dark_glass(name, wear=palette.wear)


def _sanitary(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return glaze.sanitary(name, wear=palette.wear)


def _vessel(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    kind = pick(rng, ("white", "white", "white", "stone", "dark", "colour"))
    if kind == "white":
        return glaze.sanitary(name, wear=palette.wear)
    if kind == "stone":
        return surface.marble(name, srgb("#d8cfc2"), srgb("#8f8274"), scale=4.0, roughness=0.3)
    text = "#2c2e30" if kind == "dark" else pick(rng, wet_style(palette).towels)
    return glaze.sanitary(name, srgb(text), roughness=0.3, wear=palette.wear)


def _shower_glass(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    draw = rng_for(palette.seed, "shower", "glass")
    tint: Color = (0.965, 0.985, 0.975)
    if draw.random() < 0.15:
        tint = (0.55, 0.56, 0.57)  # smoked
    return ware.glass(name, tint)


def _enamel(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.shiny(name, srgb(pick(rng, ENAMELS)), roughness=0.1)


def _cast_iron(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.coated_metal(name, srgb("#18191a"), roughness=0.5)


def _copper(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.metal(name, (0.72, 0.36, 0.2), roughness=0.18, wear=palette.wear)


def _fruit(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color, blush = FRUITS.get(variation, FRUITS["apple"])
    return glaze.fruit(name, srgb(color), srgb(blush), roughness=0.6 if variation == "bread" else 0.32)


def _grain(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.soil(name, srgb(pick(rng, GRAINS)))


def _towel(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    draw = rng_for(palette.seed, "towels")
    colors = [pick(draw, wet_style(palette).towels) for _ in range(2)]
    color = srgb(colors[int(rng.integers(2))])
    band = srgb(pick(rng, wet_style(palette).towels)) if rng.random() < 0.4 else None
    return glaze.terry(name, color, band=band)


def _tea_towel(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    ground = srgb(pick(rng, ("#f2f0ea", "#ece6d8", "#e9e9e6", *palette.accents)))
    other = srgb(pick(rng, (*palette.accents, "#a8352b", "#2f4f7a", "#4a4d50")))
    pattern = pick(rng, ("stripes", "check", "band", "plain", "dots"))
    return cloth.fabric(name, ground, other, pattern=pattern, thread_m=0.0018, sheen=0.1, relief=0.6,
                        period_m=float(rng.uniform(0.02, 0.07)))  # fmt: skip


def _shower_curtain(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = srgb(pick(rng, ("#f2f1ee", "#e6e4de", *wet_style(palette).towels)))
    return cloth.drape(name, color, passing=float(rng.uniform(0.25, 0.5)))


def _tissue(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return ware.paper(name, srgb("#f3f2ef"), fibres=0.4, roughness=0.9)


def _soap(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    texts = ("#f0efec", "#e9e2d4", "#1f2022", "#7a4a22", "#3f6f6a", "#c98fa0", "#d8b45a", "#5f8fb0")
    return ware.shiny(name, srgb(pick(rng, texts)), roughness=float(rng.uniform(0.12, 0.4)))


def _digits(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    color = ((0.2, 1.0, 0.45), (0.9, 0.95, 1.0), (1.0, 0.35, 0.12))[int(rng.integers(3))]
    return glaze.digits(name, color, strength=float(rng.choice([0.0, 0.5, 0.8])))


_FLOOR_TONES = {
    "tile_large": ("#b4b2ad", "#8b8a87", "#5c5d5e", "#cfcac1", "#d9d4ca", "#a89c8a"),
    "tile_square": ("#d9d6cf", "#c9c2b4", "#9fa39f", "#6d7072", "#e4e2dc"),
    "tile_small": ("#efeeea", "#d5d6d2", "#2f3133", "#8fa0a0", "#c3b8a4"),
    "terracotta": ("#a9603f", "#b5744e", "#8f5238", "#bd8460"),
    "stone": ("#a39a8a", "#8f8a80", "#b7ad9c", "#6d6a66"),
    "marble": ("#e6e0d6", "#d8d2c8", "#ecebe7"),
}


def _kitchen_floor(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _wet_floor(palette, name, rng, pick(rng, wet_style(palette).kitchen_floors))


def _bath_floor(palette: Palette, name: str, rng: np.random.Generator, variation: str):
    return _wet_floor(palette, name, rng, pick(rng, wet_style(palette).bath_floors))


def _wet_floor(palette: Palette, name: str, rng: np.random.Generator, kind: str) -> bpy.types.Material:
    rough = float(rng.uniform(0.1, 0.35)) + 0.1 * palette.wear
    if kind == "wood":
        light, dark = SPECIES[palette.wood].tones(float(rng.uniform(0.85, 1.05)))
        return surface.wood_floor(name, light, dark, width_m=float(rng.uniform(0.12, 0.2)),
                                  length_m=float(rng.uniform(1.2, 2.0)), roughness=0.35, wear=palette.wear,
                                  turned=bool(rng.random() < 0.5))  # fmt: skip
    if kind == "checker":
        first, second = (("#e9e6de", "#2a2b2c"), ("#e6e2d8", "#6f7a78"), ("#d8cbb4", "#7d4a3a"),
                         ("#efeeea", "#8b9ea6"))[int(rng.integers(4))]  # fmt: skip
        return glaze.checker(name, srgb(first), srgb(second), (0.35, 0.34, 0.32),
                             side_m=float(rng.choice([0.15, 0.2, 0.3])), turned=bool(rng.random() < 0.5),
                             roughness=rough, veined=float(rng.choice([0.0, 0.4])))  # fmt: skip
    if kind == "vinyl":
        color, fleck = (("#c9c3b6", "#a89f8f"), ("#8f9a98", "#b5bcb8"), ("#a9b0a8", "#7d867f"))[
            int(rng.integers(3))
        ]
        return glaze.vinyl(name, srgb(color), srgb(fleck))
    if kind == "terrazzo":
        chips = (srgb("#6f6a64"), srgb("#b58a6a"), srgb("#efece4"))
        return surface.terrazzo(name, srgb(pick(rng, ("#d5d1c8", "#bdbab4", "#c9cfcb"))), chips)
    if kind == "concrete":
        return _concrete(palette, name, rng)
    color = srgb(pick(rng, _FLOOR_TONES[kind]))
    joint = tuple(0.5 * c + 0.5 * g for c, g in zip(color, (0.4, 0.39, 0.37)))
    length, width, bond = {
        "tile_large": (0.6, float(rng.choice([0.3, 0.6])), float(rng.choice([0.0, 0.5]))),
        "tile_square": (0.33, 0.33, 0.0), "tile_small": (0.1, 0.1, 0.0), "terracotta": (0.25, 0.25, 0.0),
        "stone": (0.6, 0.4, 0.5), "marble": (0.6, 0.6, 0.0),
    }[kind]  # fmt: skip
    matt = {"terracotta": 0.45, "stone": 0.4, "marble": 0.06}.get(kind, rough)
    return surface.tile(name, color, joint, floor=True, length_m=length, width_m=width, bond=bond,
                        roughness=matt, varied=0.03 if kind == "marble" else 0.07,
                        veined=0.6 if kind == "marble" else 0.0)  # fmt: skip


Maker = Callable[["Palette", str, np.random.Generator, str], bpy.types.Material]

WET_ROLES: dict[str, Maker] = {
    "bath_tile": _bath_tile, "accent_tile": _accent_tile, "splash_tile": _splash_tile, "grout": _grout,
    "kitchen_front": _kitchen_front, "vanity_front": _vanity_front, "carcass": _carcass,
    "worktop": _worktop, "vanity_top": _vanity_top, "splash_panel": _splash_panel, "fitting": _fitting,
    "steel": _steel, "appliance": _appliance, "black_glass": _black_glass, "sanitary": _sanitary,
    "vessel": _vessel, "shower_glass": _shower_glass, "enamel": _enamel, "cast_iron": _cast_iron,
    "copper": _copper, "fruit": _fruit, "grain": _grain, "towel": _towel, "tea_towel": _tea_towel,
    "shower_curtain": _shower_curtain, "tissue": _tissue, "soap": _soap, "digits": _digits,
    "kitchen_floor": _kitchen_floor, "bath_floor": _bath_floor,
}  # fmt: skip
WET_WITH_BOARDS = frozenset({"kitchen_front", "vanity_front", "worktop", "vanity_top"})
"""Roles whose texture follows the boards that a thing is made of."""
