"""What rooms are made of: floors, walls, ceilings."""

from __future__ import annotations

import bpy
import numpy as np

from synthgen.blender.stage import cloth, surface
from synthgen.blender.stage.material import srgb

from . import weathered
from .colours import EARTHS, MUTED, NEUTRALS, STONES, WOODS, any_colour, pick, varied

WALLS = (
    "#ece9e2",
    "#f1efe8",
    "#e3ddd0",
    "#d9d6cf",
    "#cfd4d3",
    "#c9c2b4",
    "#e6dfc8",
    "#b8bdb4",
    "#bcc6cc",
    "#8d8f90",
)


def floor(rng: np.random.Generator) -> bpy.types.Material:
    """Boards, tiles, concrete, carpet, terrazzo, or a print."""
    design = pick(rng, ("wood", "wood", "wood", "tile", "tile", "concrete", "carpet", "terrazzo", "print"))
    if design == "wood":
        light, dark = (srgb(text) for text in pick(rng, WOODS))
        pattern = pick(rng, ("planks", "planks", "herringbone", "basket"))
        width = float(rng.uniform(0.08, 0.2))
        return surface.wood_floor(
            "floor", light, dark, pattern=pattern, width_m=width,
            length_m=width * float(rng.uniform(5, 11)), roughness=float(rng.uniform(0.2, 0.5)),
            wear=float(rng.uniform(0, 0.8)), turned=bool(rng.random() < 0.5),
        )  # fmt: skip
    if design == "tile":
        size = float(rng.choice([0.2, 0.3, 0.6]))
        return surface.tile(
            "floor", varied(rng, (*NEUTRALS, *STONES, *EARTHS)), varied(rng, NEUTRALS), length_m=size,
            width_m=size, roughness=float(rng.uniform(0.08, 0.5)), varied=float(rng.uniform(0.03, 0.15)),
            veined=float(rng.choice([0.0, 0.6])), floor=True,
        )  # fmt: skip
    if design == "concrete":
        return weathered.concrete("floor", varied(rng, STONES))
    if design == "carpet":
        return cloth.carpet("floor", varied(rng, (*NEUTRALS, *MUTED, *EARTHS)), pile_m=0.007)
    if design == "terrazzo":
        chips = tuple(varied(rng, (*STONES, *EARTHS, *MUTED)) for _ in range(3))
        return surface.terrazzo("floor", varied(rng, NEUTRALS), chips)
    return weathered.printed(
        "floor", varied(rng, NEUTRALS), any_colour(rng), varied(rng, NEUTRALS),
        design=str(pick(rng, ("checks", "diamonds", "lines"))), period_m=float(rng.uniform(0.25, 0.8)),
        roughness=float(rng.uniform(0.1, 0.4)),
    )  # fmt: skip


def wall(rng: np.random.Generator, name: str) -> bpy.types.Material:
    """Plaster, paint, brick, tiles, concrete or wallpaper."""
    design = pick(rng, ("plaster", "plaster", "paint", "paint", "brick", "tile", "concrete", "paper"))
    color = varied(rng, WALLS if rng.random() < 0.75 else MUTED)
    if design == "plaster":
        return surface.plaster(name, color, relief_m=float(rng.uniform(0.0008, 0.003)))
    if design == "paint":
        return surface.paint(
            name, color, roughness=float(rng.uniform(0.4, 0.7)), uneven=float(rng.uniform(1, 4))
        )
    if design == "brick":
        brick = varied(rng, ("#8f4a35", "#a5563c", "#b98d72", "#c2b6a2", "#dcd6ca", "#7a5a4a"))
        return surface.tile(name, brick, varied(rng, NEUTRALS), length_m=0.24, width_m=0.08, bond=0.5,
                            roughness=0.8, varied=0.15)  # fmt: skip
    if design == "tile":
        size = float(rng.choice([0.1, 0.15, 0.3]))
        return surface.tile(name, color, varied(rng, NEUTRALS), length_m=size * float(rng.choice([1, 2])),
                            width_m=size, bond=float(rng.choice([0, 0.5])))  # fmt: skip
    if design == "concrete":
        return weathered.concrete(name, varied(rng, STONES))
    kind = str(pick(rng, ("stripes", "pinstripes", "trellis", "leaves")))
    figure = tuple(0.75 * a + 0.25 * b for a, b in zip(color, any_colour(rng)))
    return surface.wallpaper(name, color, figure, design=kind, period_m=float(rng.uniform(0.1, 0.4)))


def ceiling(rng: np.random.Generator) -> bpy.types.Material:
    """White paint, concrete, or boards."""
    design = pick(rng, ("paint", "paint", "concrete", "wood"))
    if design == "paint":
        return surface.paint("ceiling", varied(rng, ("#f2f0ea", "#e9e6df", "#d8d5ce")), roughness=0.85)
    if design == "concrete":
        return weathered.concrete("ceiling", varied(rng, ("#b5b0a6", "#9c9a95")))
    light, dark = (srgb(text) for text in pick(rng, WOODS[:6]))
    return surface.wood_floor("ceiling", light, dark, width_m=0.14, length_m=2.4, roughness=0.5)
