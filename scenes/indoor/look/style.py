"""Which colours, woods and patterns go together: one table for each style.

Colours are sRGB hex codes, as a painter's chart has them. `Style` lists what a room may draw from;
`palette.py` draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.blender.stage.material import Color, srgb


@dataclass(frozen=True, slots=True)
class Species:
    """A wood: colour of the early and the late wood, rings in a decimetre, how much they wave."""

    light: str
    dark: str
    rings: float = 13.0
    wild: float = 1.0

    def tones(self, factor: float = 1.0) -> tuple[Color, Color]:
        """The two linear colours, made brighter or darker by `factor`."""
        return tuple(tuple(min(c * factor, 0.9) for c in srgb(text)) for text in (self.light, self.dark))


SPECIES: dict[str, Species] = {
    "oak": Species("#c9a477", "#9b7145", 14.0, 0.8),
    "pine": Species("#dfbd88", "#bd8c52", 9.0, 0.7),
    "birch": Species("#e4d0ac", "#cdb183", 8.0, 1.2),
    "ash": Species("#d8c6a6", "#ae9269", 12.0, 0.9),
    "beech": Species("#d8ae85", "#bb8b62", 7.0, 0.5),
    "walnut": Species("#805a3b", "#472d1d", 12.0, 1.3),
    "teak": Species("#a9753f", "#764a27", 13.0, 0.9),
    "cherry": Species("#a8673f", "#7d4225", 10.0, 1.0),
    "mahogany": Species("#7c3f26", "#4c2115", 11.0, 0.8),
    "smoked_oak": Species("#6d523b", "#40301f", 14.0, 0.8),
    "grey_oak": Species("#a89c88", "#7a6f5d", 14.0, 0.9),
    "whitewashed": Species("#e2dbcc", "#c4b8a2", 13.0, 0.9),
    "black_ash": Species("#35302c", "#1c1a18", 12.0, 0.8),
    "reclaimed": Species("#98765a", "#64482f", 16.0, 1.2),
    "honey_pine": Species("#c98f4e", "#94602c", 9.0, 0.9),
}


@dataclass(frozen=True, slots=True)
class FloorDesign:
    """A floor: `kind` is planks, herringbone, basket, tile, stone, marble, terrazzo or carpet; `tones` are
    species of wood or colours; sizes in metres."""

    kind: str
    tones: tuple[str, ...]
    width_m: tuple[float, float] = (0.1, 0.2)
    length_m: tuple[float, float] = (0.9, 1.8)
    roughness: tuple[float, float] = (0.25, 0.45)
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Style:
    """What a room of this style may draw from."""

    walls: tuple[str, ...]
    accent_walls: tuple[str, ...]
    accent_wall_share: float
    wallpaper_share: float
    plaster_share: float
    ceilings: tuple[str, ...]
    trims: tuple[str, ...]
    doors: tuple[str, ...]
    door_designs: tuple[str, ...]
    window_designs: tuple[str, ...]
    window_frames: tuple[str, ...]
    skirting_m: tuple[float, float]
    cornice_share: float
    woods: tuple[str, ...]
    light_woods: tuple[str, ...]
    dark_woods: tuple[str, ...]
    painted: tuple[str, ...]
    floors: tuple[FloorDesign, ...]
    fabrics: tuple[str, ...]
    accents: tuple[str, ...]
    leathers: tuple[str, ...]
    rugs: tuple[tuple[str, str, str, str], ...]
    rug_patterns: tuple[str, ...]
    linens: tuple[str, ...]
    shades: tuple[str, ...]
    ceramics: tuple[str, ...]
    metals: tuple[str, ...]
    handles: tuple[str, ...]


_WHITES = ("#f4f2ee", "#f1efe8", "#f5f4f2")

STYLES: dict[str, Style] = {
    "scandinavian": Style(
        walls=("#f0eeea", "#ece9e2", "#e6e8e6", "#e9e4da", "#dfe3e2", "#e4dcd0"),
        accent_walls=("#8fa39b", "#5f7480", "#b9a99a", "#6d7a6b", "#c8b7ad", "#39484f"),
        accent_wall_share=0.35, wallpaper_share=0.12, plaster_share=0.05,
        ceilings=_WHITES, trims=("#f2f1ee", "#f4f3f0", "#e9e7e2"),
        doors=("#f1f0ec", "#efeeea", "#d9dad6"), door_designs=("flush", "two_panel", "three_panel"),
        window_designs=("casement", "single", "sash"), window_frames=("#f3f2ef", "#f0efeb", "#3a3d3f"),
        skirting_m=(0.06, 0.1), cornice_share=0.1,
        woods=("oak", "ash", "birch", "beech", "pine"), light_woods=("birch", "ash", "whitewashed"),
        dark_woods=("smoked_oak", "walnut"),
        painted=("#efeeea", "#e3e6e4", "#b8c2bd", "#6f8086", "#f0ede6", "#2f3336", "#d5c3ae"),
        floors=(
            FloorDesign("planks", ("oak", "ash", "whitewashed"), (0.12, 0.22), (1.2, 2.2), weight=4),
            FloorDesign("planks", ("pine", "birch"), (0.1, 0.16), (1.4, 2.4), (0.35, 0.5), weight=2),
            FloorDesign("herringbone", ("oak", "ash"), (0.07, 0.1), (0.42, 0.6), weight=1.5),
            FloorDesign("carpet", ("#b9b4ab", "#a7a9a8", "#8d8f90")),
        ),
        fabrics=("#b9b6ae", "#8d9192", "#6c7478", "#cfc7b9", "#7f8c86", "#4b5559", "#a59a8c", "#c2a28c"),
        accents=("#c98f5a", "#5e7f83", "#d5b45e", "#b5655a", "#3f5a63", "#8ca08a", "#e2ddd2", "#26333a"),
        leathers=("#a8703f", "#8b5a35", "#2c2825"),
        rugs=(
            ("#e4dfd4", "#3a3938", "#8f8c86", "#bfb6a6"), ("#cfd2cf", "#6d7f86", "#3c4b52", "#d9b98a"),
            ("#b8aea0", "#e6e0d4", "#6f675c", "#a9745a"), ("#8d9490", "#d8d6cf", "#4d5552", "#c5a26d"),
        ),
        rug_patterns=("plain", "diamonds", "diamonds", "stripes", "border", "kilim"),
        linens=("#f0eeea", "#d9d8d4", "#b7bfc2", "#e7ddd0", "#9aa6a8", "#cbb8a6"),
        shades=("#f1ece2", "#e8e1d4", "#d8d2c6"),
        ceramics=("#f1efea", "#d6d3cc", "#8fa2a4", "#3b4347", "#c9b39a", "#a9bdb4"),
        metals=("#1d1e1f", "#e8e6e1", "#26292b"), handles=("chrome", "metal_brushed", "metal"),
    ),
    "classic": Style(
        walls=("#e8dfcc", "#ddd3bd", "#cfd3c4", "#d9cdb8", "#c5cbcc", "#dcc9b6", "#e9e2d3"),
        accent_walls=("#5b6a58", "#6b3f3a", "#3f5161", "#8a7a5c", "#7d8d86"),
        accent_wall_share=0.25, wallpaper_share=0.45, plaster_share=0.03,
        ceilings=_WHITES, trims=("#f1ede2", "#ece6d8", "#f3f1ea"),
        doors=("#efeadf", "#ece6d8", "#6f4327", "#83542f"),
        door_designs=("four_panel", "six_panel", "two_panel"),
        window_designs=("georgian", "sash", "casement"), window_frames=("#f1ede4", "#efeae0", "#6a4428"),
        skirting_m=(0.11, 0.18), cornice_share=0.75,
        woods=("cherry", "mahogany", "walnut", "oak", "teak"), light_woods=("oak", "cherry"),
        dark_woods=("mahogany", "walnut", "smoked_oak"),
        painted=("#ece5d6", "#dcd8c8", "#8b9686", "#5f6c70", "#f0ebe0", "#3f3a36"),
        floors=(
            FloorDesign("herringbone", ("oak", "walnut", "smoked_oak"), (0.06, 0.09), (0.36, 0.55), weight=4),
            FloorDesign("basket", ("oak", "teak", "cherry"), (0.055, 0.08), (0.33, 0.4), weight=1.5),
            FloorDesign("planks", ("oak", "walnut", "cherry"), (0.08, 0.14), (0.8, 1.5), weight=2),
            FloorDesign("carpet", ("#a3917a", "#7c6a5c", "#8a8f86", "#6d4a44")),
            FloorDesign("marble", ("#e6e0d6", "#cfc6b8"), (0.4, 0.6), (0.4, 0.6), (0.06, 0.15)),
        ),
        fabrics=("#7a5a48", "#8b7d63", "#5f6b5a", "#9a8a76", "#6f3f3c", "#4d5a6a", "#b8a68a", "#836b78"),
        accents=("#9a3f36", "#b98c3f", "#4f6652", "#34506b", "#7b4a5c", "#d8c7a2", "#5a3b2a"),
        leathers=("#6b3a22", "#4f2a1b", "#7d4a2a", "#3a2a22", "#5c2320"),
        rugs=(
            ("#8a2f2a", "#1f2f4a", "#c9a66b", "#e3d3ad"), ("#2f3f5a", "#8a3a32", "#c2a678", "#d9cbb0"),
            ("#b59a72", "#6f3a30", "#3a4a44", "#e0d2b4"), ("#5a2a2c", "#c0a070", "#2a2f3a", "#9a4f3f"),
        ),
        rug_patterns=("medallion", "medallion", "medallion", "border", "kilim"),
        linens=("#efe9dc", "#d8cbb4", "#a7b0a4", "#8e4a45", "#c9c2d0", "#5b6c80"),
        shades=("#efe3c8", "#e6d6b4", "#d9b98c", "#b7503f"),
        ceramics=("#ece6da", "#2f4f7a", "#7a3f32", "#d9c9a6", "#5f7a6a", "#c9d2d6"),
        metals=("#2a211b", "#4a3a28"), handles=("brass", "brass", "metal"),
    ),
    "modern": Style(
        walls=("#f1f1ef", "#e7e6e3", "#d9d9d7", "#c9c8c4", "#e3dfd8", "#b9bab9", "#eceae5"),
        accent_walls=("#3c4247", "#6a6d6f", "#25323f", "#7a5a46", "#505a4e", "#a89a8a", "#8e3b2e"),
        accent_wall_share=0.45, wallpaper_share=0.06, plaster_share=0.2,
        ceilings=_WHITES, trims=("#f2f2f0", "#dcdcda", "#3b3c3d"),
        doors=("#f0f0ee", "#d4d4d1", "#3a3b3c", "#8a6a4c"), door_designs=("flush", "grooved", "flush"),
        window_designs=("single", "single", "casement"), window_frames=("#2b2d2f", "#e9e9e7", "#55585a"),
        skirting_m=(0.05, 0.08), cornice_share=0.0,
        woods=("oak", "walnut", "grey_oak", "black_ash", "ash"), light_woods=("ash", "oak", "grey_oak"),
        dark_woods=("black_ash", "walnut", "smoked_oak"),
        painted=("#f2f2f0", "#e5e5e3", "#2a2b2d", "#55595c", "#8a8e90", "#b9a892", "#34495a"),
        floors=(
            FloorDesign("planks", ("oak", "grey_oak", "walnut"), (0.16, 0.24), (1.6, 2.4), weight=3),
            FloorDesign("tile", ("#b4b2ad", "#8b8a87", "#5c5d5e", "#cfcac1"),
                        (0.45, 0.8), (0.6, 0.9), (0.2, 0.4), 2),
            FloorDesign("stone", ("#9a9894", "#b5b2ab"), roughness=(0.3, 0.5)),
            FloorDesign("terrazzo", ("#d5d1c8", "#bdbab4")),
            FloorDesign("carpet", ("#77797b", "#54575a", "#94918c")),
            FloorDesign("herringbone", ("oak", "grey_oak"), (0.09, 0.12), (0.5, 0.7)),
        ),
        fabrics=("#4a4d50", "#8b8d8e", "#2e3134", "#b4b1aa", "#5c6b78", "#c9c3b8", "#7a6a5c", "#39465a"),
        accents=("#d08a2e", "#b8402f", "#2f6f77", "#e0c04a", "#22303f", "#e6e4de", "#6f8f5a", "#7f3f5a"),
        leathers=("#1f1d1c", "#3a2c25", "#8a8782", "#e4e0d8", "#6a4630"),
        rugs=(
            ("#9b9c9b", "#4a4c4e", "#2c2e30", "#d5d2cb"), ("#d9d6cf", "#2f3133", "#8d8a84", "#b98a4a"),
            ("#3a4654", "#a8b0b4", "#20282f", "#c9803a"), ("#bcae9a", "#7d6f5f", "#e5dfd4", "#4b4038"),
        ),
        rug_patterns=("plain", "plain", "stripes", "border", "diamonds"),
        linens=("#efefed", "#c9c9c7", "#8b8e90", "#4e5255", "#2f3a47", "#b7a996"),
        shades=("#f0efec", "#d5d3cf", "#2c2c2d", "#b9b2a6"),
        ceramics=("#f3f3f1", "#1f2021", "#8c8f91", "#c4b8a6", "#3f5a66", "#b8542f"),
        metals=("#161718", "#2b2d2f", "#d9d9d6"), handles=("metal_brushed", "metal", "chrome"),
    ),
    "rustic": Style(
        walls=("#e6dcc8", "#e9e1d2", "#d6c4a6", "#dfd0ba", "#c9b896", "#e2d8cb"),
        accent_walls=("#9a5f42", "#7a6a4a", "#5d6b5b", "#8a4a38", "#b88a55"),
        accent_wall_share=0.2, wallpaper_share=0.12, plaster_share=0.6,
        ceilings=("#efe9dc", "#ece4d4", "#f2eee4"), trims=("#d9ccb4", "#8a6440", "#e9e2d2"),
        doors=("#8a6038", "#6f4a2c", "#e6dccb", "#6d7d78"),
        door_designs=("boarded", "two_panel", "four_panel"),
        window_designs=("casement", "georgian"), window_frames=("#7d5634", "#e9e0cf", "#5f7068"),
        skirting_m=(0.08, 0.13), cornice_share=0.1,
        woods=("honey_pine", "reclaimed", "oak", "teak", "pine"), light_woods=("pine", "oak"),
        dark_woods=("reclaimed", "smoked_oak", "walnut"),
        painted=("#e3d8c2", "#7f9490", "#9fb0a0", "#b5573d", "#d9c9a0", "#5a6b70"),
        floors=(
            FloorDesign("planks", ("reclaimed", "honey_pine", "smoked_oak"),
                        (0.15, 0.26), (1.4, 2.6), (0.4, 0.6), 4),
            FloorDesign("tile", ("#a9603f", "#b5744e", "#8f5238"),
                        (0.2, 0.33), (0.2, 0.33), (0.35, 0.55), 2.5),
            FloorDesign("stone", ("#a39a8a", "#8f8a80"), roughness=(0.5, 0.7), weight=0.5),
            FloorDesign("tile", ("#b7ad9c", "#9c968a"), (0.4, 0.5), (0.4, 0.7), (0.45, 0.65)),
        ),
        fabrics=("#a08a6c", "#8a6f56", "#b9a88c", "#6d6a55", "#7a4a3a", "#5d6a70", "#c2b49c"),
        accents=("#a8452f", "#c08a3a", "#5f7050", "#7a2f2a", "#44596a", "#e0d2b6", "#8a5a3a"),
        leathers=("#7a4a2a", "#5a3620", "#94633a", "#3f2c20"),
        rugs=(
            ("#a8482f", "#d9c49a", "#3f3a36", "#c98a3a"), ("#c9b690", "#7a3a2a", "#4a5a4c", "#b5803f"),
            ("#8a6a4a", "#e2d4b8", "#5a3a2c", "#a5533a"), ("#d8ccb4", "#4a4038", "#9a6a48", "#7d8a78"),
        ),
        rug_patterns=("kilim", "kilim", "stripes", "diamonds", "border"),
        linens=("#eae0cc", "#d2c2a4", "#a5513f", "#7f8f98", "#b9a98c", "#e6ddd0"),
        shades=("#ecdfc2", "#dcc79c", "#c9a878"),
        ceramics=("#e4d9c4", "#a5643f", "#6f7f70", "#4a5f72", "#c9b48c", "#8a4a38"),
        metals=("#26211d", "#3a2f27"), handles=("metal", "brass"),
    ),
}  # fmt: skip

BOOKS = (
    "#7a2e2a", "#2f4258", "#3f5b4a", "#b8893f", "#5a4a6a", "#d8d0bf", "#1f2225", "#8a5a3c", "#a9462f",
    "#4f7078", "#c9bfa6", "#6d1f2c", "#8c9a8a", "#2a3a33", "#d4a24e", "#94a4b4", "#e7e3da", "#43342c",
)  # fmt: skip
TOYS = ("#c8352b", "#e2b32f", "#2f6fb0", "#3f9a55", "#e0772b", "#8a4fa0", "#efece6", "#53b4b8")
LEAVES = ("#3f6b2e", "#2f5a33", "#587f3a", "#3a6a4a", "#6b8f45", "#2c4f2c")


def pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    """One of several, each as likely."""
    return options[int(rng.integers(len(options)))]
