"""Kitchens and bathrooms: which fronts, worktops, tiles and fittings go with each style.

Colours are sRGB hex codes; `wood:oak` is a wood of `style.SPECIES`. `wet_roles.py` draws from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from synthgen.seeding import rng_for


@dataclass(frozen=True, slots=True)
class Tiles:
    """A kind of tile and how it is laid.

    Attributes
    ----------
    width_m, height_m : of one tile
    bond : by what part of a tile every other row is shifted
    joint_m : width of the grout between two tiles
    ease_m : how wide the rounding of the edges is; wide on bevelled tiles
    rise_m : how far the middle stands out before the rim
    tilt_deg : how much a tile leans, as hand-made ones do
    look : "glazed", "matt", "marble", "stone" or "handmade"
    colors : what a room may have
    """

    width_m: float
    height_m: float
    look: str
    colors: tuple[str, ...]
    bond: float = 0.0
    joint_m: float = 0.002
    ease_m: float = 0.0012
    rise_m: float = 0.0
    tilt_deg: float = 0.05


_WHITE = ("#f2f1ed", "#ecebe6", "#f4f3f0")
_GREENS = ("#5f7a68", "#8fa596", "#2f4f45", "#a9b8a4")
_BLUES = ("#35506b", "#7d97a8", "#a7bac4", "#23384a")
_EARTHS = ("#b98a6a", "#c9a68a", "#8a5a44", "#d8c3a8")
_GREYS = ("#8d8d8a", "#a9a7a2", "#6c6c6a", "#c3c0b9", "#4b4c4d")

TILES: dict[str, Tiles] = {
    "metro": Tiles(0.2, 0.1, "glazed", (*_WHITE, *_WHITE, "#2b2d2e", *_GREENS), 0.5, 0.002),
    "bevelled": Tiles(0.15, 0.075, "glazed", (*_WHITE, *_WHITE, "#d8d3c6", "#31383a"), 0.5, 0.002, 0.009,
                      0.003),
    "square": Tiles(0.1, 0.1, "glazed", (*_WHITE, *_WHITE, *_BLUES, *_GREENS, "#d9b0a0"), 0.0, 0.0025),
    "big_square": Tiles(0.2, 0.2, "glazed", (*_WHITE, "#e2dccd", "#cfd6d3", "#9fb0b0"), 0.0, 0.003),
    "wall": Tiles(0.4, 0.25, "glazed", (*_WHITE, *_WHITE, "#e6dfd0", "#d6d6d2"), 0.0, 0.002),
    "upright": Tiles(0.075, 0.3, "glazed", (*_WHITE, *_GREENS, *_BLUES, "#c98f7a"), 0.0, 0.002),
    "fingers": Tiles(0.03, 0.145, "glazed", (*_WHITE, *_GREENS, *_EARTHS), 0.0, 0.002),
    "mosaic": Tiles(0.048, 0.048, "glazed", (*_WHITE, *_BLUES, *_GREENS, "#2e3133"), 0.0, 0.002),
    "handmade": Tiles(0.1, 0.1, "handmade", (*_WHITE, *_GREENS, *_BLUES, *_EARTHS), 0.0, 0.0015, 0.002, 0.0,
                      0.5),
    "handmade_brick": Tiles(0.2, 0.065, "handmade", (*_WHITE, *_EARTHS, *_GREENS), 0.5, 0.002, 0.002, 0.0,
                            0.35),
    "slab": Tiles(0.6, 0.3, "matt", (*_GREYS, "#d5cfc4", "#e4e0d8"), 0.5, 0.002, 0.001),
    "stacked_slab": Tiles(0.3, 0.6, "matt", (*_GREYS, "#e7e4de", "#cbbfae"), 0.0, 0.002, 0.001),
    "stone": Tiles(0.6, 0.3, "stone", ("#b7ab98", "#9b9488", "#cfc4b2", "#7c7974"), 0.5, 0.002, 0.001),
    "marble": Tiles(0.6, 0.3, "marble", ("#eceae6", "#e3ded6", "#34383a"), 0.5, 0.0015, 0.0008),
    "marble_large": Tiles(0.6, 1.2, "marble", ("#efedea", "#e6e1d8"), 0.0, 0.0015, 0.0008),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WetStyle:
    """What a kitchen or bathroom of a style may draw from.

    `fronts`, `upper_fronts` and `vanities` are colours or woods; `front_designs` and `handles` as in
    `furniture/fronts.py`; `worktops` names of `wet_roles.WORKTOPS`; `tiles` names of `TILES`.
    """

    fronts: tuple[str, ...]
    upper_fronts: tuple[str, ...]
    vanities: tuple[str, ...]
    worktops: tuple[str, ...]
    splash_tiles: tuple[str, ...]
    wall_tiles: tuple[str, ...]
    accent_tiles: tuple[str, ...]
    kitchen_floors: tuple[str, ...]
    bath_floors: tuple[str, ...]
    fittings: tuple[str, ...]
    appliances: tuple[str, ...]
    towels: tuple[str, ...]


WET_STYLES: dict[str, WetStyle] = {
    "scandinavian": WetStyle(
        fronts=("#f0efeb", "#e9e8e3", "#c9d0cb", "#8d9a94", "wood:birch", "wood:ash", "#4c5a60", "#d9d2c6"),
        upper_fronts=("#f2f1ee", "#f0efeb", "wood:ash"),
        vanities=("wood:oak", "wood:ash", "#efeeea", "#b9c2bd", "#5d6b6b"),
        worktops=("block", "block", "laminate_wood", "quartz", "laminate"),
        splash_tiles=("metro", "square", "handmade", "upright", "fingers"),
        wall_tiles=("square", "metro", "wall", "upright", "slab", "big_square"),
        accent_tiles=("fingers", "mosaic", "upright", "handmade"),
        kitchen_floors=("wood", "wood", "tile_large", "vinyl"),
        bath_floors=("tile_large", "tile_square", "terrazzo", "tile_small"),
        fittings=("chrome", "chrome", "nickel", "black"), appliances=("white", "steel", "steel"),
        towels=("#f1efea", "#d7d3ca", "#8fa39b", "#6d7f86", "#c9a08a", "#39484f"),
    ),
    "classic": WetStyle(
        fronts=("#ece6d6", "#dcd8c8", "#8b9686", "#4c5a52", "#2f3f4f", "wood:cherry", "#e9e2d2", "#a9ad9c"),
        upper_fronts=("#ece6d6", "#f0ebe0", "#dcd8c8"),
        vanities=("#ece6d6", "#4c5a52", "wood:walnut", "wood:mahogany", "#8b9686", "#2f3f4f"),
        worktops=("marble", "granite", "granite", "block", "quartz"),
        splash_tiles=("bevelled", "metro", "marble", "handmade"),
        wall_tiles=("bevelled", "metro", "marble", "big_square", "wall"),
        accent_tiles=("mosaic", "bevelled", "square"),
        kitchen_floors=("wood", "checker", "stone", "tile_large"),
        bath_floors=("checker", "tile_small", "marble", "tile_square"),
        fittings=("chrome", "brass", "chrome", "nickel"), appliances=("steel", "white", "cream"),
        towels=("#f1ece0", "#e2d6c2", "#a7b0a4", "#6f3f3c", "#5b6c80"),
    ),
    "modern": WetStyle(
        fronts=("#f1f1ef", "#f1f1ef", "#2b2c2e", "#5d6063", "#b9b5ad", "wood:walnut", "wood:oak", "#34495a",
                "#8a8e90"),
        upper_fronts=("#f1f1ef", "wood:oak", "#e3e2df"),
        vanities=("wood:oak", "wood:walnut", "#f1f1ef", "#2b2c2e", "#8a8e90"),
        worktops=("quartz", "quartz", "concrete", "laminate", "granite", "dark_stone", "steel"),
        splash_tiles=("slab", "marble_large", "fingers", "metro", "upright"),
        wall_tiles=("slab", "stacked_slab", "marble", "stone", "upright", "marble_large"),
        accent_tiles=("fingers", "mosaic", "stone", "upright"),
        kitchen_floors=("tile_large", "wood", "concrete", "terrazzo"),
        bath_floors=("tile_large", "terrazzo", "stone", "tile_small", "concrete"),
        fittings=("chrome", "black", "black", "nickel"), appliances=("steel", "steel", "black", "white"),
        towels=("#efefed", "#8b8e90", "#3a3d40", "#b7a996", "#2f3a47", "#c98a3a"),
    ),
    "rustic": WetStyle(
        fronts=("wood:honey_pine", "wood:oak", "wood:reclaimed", "#e3d8c2", "#7f9490", "#9fb0a0", "#5a6b70"),
        upper_fronts=("#e3d8c2", "wood:oak", "#e9e1d2"),
        vanities=("wood:honey_pine", "wood:reclaimed", "#7f9490", "wood:oak"),
        worktops=("block", "block", "granite", "dark_stone", "tiled_stone"),
        splash_tiles=("handmade", "handmade_brick", "square", "bevelled"),
        wall_tiles=("handmade", "handmade_brick", "stone", "big_square", "square"),
        accent_tiles=("handmade", "mosaic"),
        kitchen_floors=("terracotta", "wood", "stone", "tile_large"),
        bath_floors=("terracotta", "stone", "tile_square", "wood"),
        fittings=("chrome", "brass", "black"), appliances=("white", "cream", "steel", "mint"),
        towels=("#eae0cc", "#d2c2a4", "#a5513f", "#7f8f98", "#e6ddd0"),
    ),
}  # fmt: skip

BODIES = {
    "white": "#f2f2f0", "black": "#1c1d1f", "cream": "#ece0c2", "mint": "#a9c9b8", "red": "#a3271f",
    "blue": "#7fa3b8",
}  # fmt: skip
"""Colours of the cases of appliances that are not of steel."""
ENAMELS = ("#a8281f", "#22405c", "#2f5a44", "#e6dfce", "#d07a2a", "#1f2122", "#7d8f95", "#f0eee8")
FRUITS = {
    "apple": ("#9a2a20", "#c9a63a"), "green_apple": ("#8fae3a", "#b9c25a"), "orange": ("#dd7a1a", "#e28a2a"),
    "lemon": ("#e8c832", "#efd95a"), "banana": ("#e2bd3f", "#caa22a"), "pear": ("#a9a84a", "#c2b860"),
    "tomato": ("#b5291c", "#c23a22"), "avocado": ("#39472a", "#4a5a33"), "onion": ("#b9803f", "#8a4f2a"),
    "bread": ("#b57a3a", "#8a5226"), "garlic": ("#e9e2d4", "#d8cdb8"),
}  # fmt: skip
GRAINS = ("#d9b56a", "#e6dcc0", "#4a2f1f", "#a9582f", "#c9a05a", "#efe9da", "#6b7a3f", "#8a3a22", "#b98a4a")
"""What is kept in jars: pasta, rice, coffee, lentils, flour, herbs, spices."""


THIN_TOPS = frozenset({"quartz", "granite", "marble", "dark_stone", "steel"})
"""Worktops that are thinner than boards."""


def worktop_of(style: str, seed: int) -> str:
    """The worktop that a kitchen has, a name of `wet_roles.WORKTOPS`."""
    names = WET_STYLES[style].worktops
    return names[int(rng_for(seed, "worktop").integers(len(names)))]


def tiles_of(style: str, seed: int, area: str) -> tuple[str, str]:
    """The tiles of a "bath", "accent" or "splash" area of a room: a name of `TILES`, and a colour."""
    rng, table = rng_for(seed, "tiles", area), WET_STYLES[style]
    names = {"bath": table.wall_tiles, "accent": table.accent_tiles, "splash": table.splash_tiles}[area]
    name = names[int(rng.integers(len(names)))]
    colors = TILES[name].colors
    return name, colors[int(rng.integers(len(colors)))]
