"""What kitchens and bathrooms are made of: glazed tiles, sanitary ware, steel, dark glass, terry cloth.

Tiles have their joints in the mesh (`tiling.py`), so that their materials need no bump: a texture coordinate
that is the same all over a tile gives it a tone of its own.
"""

from __future__ import annotations

import bpy

from synthgen.blender.stage import texture
from synthgen.blender.stage.material import Color, new_material
from synthgen.blender.stage.surface import mean, scaled


def tile(name: str, color: Color, *, look: str = "glazed", varied: float = 0.05) -> bpy.types.Material:
    """The face of wall tiles whose edges are modelled; `look` as in `wet_style.Tiles`."""
    material, graph = new_material(name)
    chance = graph.hash(graph.coordinates("UV"))
    tone, gloss, _ = chance.xyz()
    position = graph.coordinates("Object") + chance * 9.0
    cloud = graph.noise(position, 9.0 if look == "handmade" else 4.0, detail=3.0, roughness=0.6)
    low, high = scaled(color, 1 - 2 * varied), scaled(color, 1 + varied)
    face = graph.mix(tone * 0.65 + cloud.ramp(0.25, 0.75) * 0.35, low, high)
    rough = gloss * 0.05 + 0.05 + cloud * 0.05
    if look == "handmade":
        pool = graph.noise(position, 28.0, detail=2.0)
        face = graph.mix(pool.ramp(0.42, 0.72) * 0.5, face, scaled(color, 1.25))
    elif look == "matt":
        rough = gloss * 0.1 + 0.38 + cloud * 0.12
    elif look == "stone":
        grain = graph.noise(position, 70.0, detail=3.0, roughness=0.7)
        face = graph.mix(grain.ramp(0.5, 0.72) * 0.5, face, scaled(color, 0.55))
        face = graph.mix(cloud.ramp(0.35, 0.7) * 0.5, face, scaled(color, 0.74))
        rough = gloss * 0.1 + 0.3 + grain * 0.15
    elif look == "marble":
        broad = texture.veins(graph, position, scale=1.7, width=0.05)
        fine = texture.veins(graph, position * 2.7, scale=2.0, width=0.03)
        bright = sum(color) / 3 > 0.2
        vein = scaled(color, 0.42) if bright else scaled((0.6, 0.58, 0.54), 1.0)
        face = graph.mix((broad * 0.7 + fine * 0.3).clamp() * cloud.ramp(0.3, 0.62) * 0.8, face, vein)
        rough = gloss * 0.03 + 0.07
    graph.finish(graph.principled(base_color=face, roughness=rough), seen_by_diffuse=color)
    return material


def grout(name: str, color: Color, *, wear: float = 0.2) -> bpy.types.Material:
    """The cement between tiles; stains with wear."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    stain = graph.noise(position, 3.0, detail=4.0, roughness=0.7).ramp(0.45, 0.75)
    grain = graph.noise(position, 300.0, detail=1.0)
    shown = graph.mix(stain * (0.25 + 0.75 * wear), color, scaled(color, 0.55)) * (0.9 + grain * 0.2)
    graph.finish(
        graph.principled(base_color=shown, roughness=0.9, specular_ior_level=0.2), seen_by_diffuse=color
    )
    return material


def checker(name: str, first: Color, second: Color, grout_color: Color, *, side_m: float, turned: bool,
            roughness: float = 0.14, veined: float = 0.0) -> bpy.types.Material:  # fmt: skip
    """A floor of square tiles in two colours, straight or on the diagonal."""
    material, graph = new_material(name)
    x, y, _ = graph.coordinates("Object").xyz()
    if turned:
        x, y = (x + y) * 0.70710678, (y - x) * 0.70710678
    laid = texture.grid(graph, x, y, side_m, side_m)
    column, row, _ = laid.piece.xyz()
    chance = graph.hash(laid.piece)
    tone, gloss, _ = chance.xyz()
    position = graph.coordinates("Object") + chance * 9.0
    cloud = graph.noise(position, 5.0, detail=4.0, roughness=0.6)
    face = graph.mix((column + row) % 2.0, first, second) * (0.9 + tone * 0.08 + cloud * 0.14)
    if veined > 0:
        vein = texture.veins(graph, position, scale=2.4)
        face = graph.mix(vein * veined, face, mean(first, second))
    glazed = laid.edge_m.ramp(0.0009, 0.0018)
    graph.finish(
        graph.principled(
            base_color=graph.mix(glazed, grout_color, face),
            roughness=graph.choose(glazed, 0.9, roughness + gloss * 0.06 + cloud * 0.06),
            normal=graph.bump(laid.edge_m.min(0.004) * 0.2),
        ),
        seen_by_diffuse=mean(first, second),
    )
    return material


def vinyl(name: str, color: Color, fleck: Color) -> bpy.types.Material:
    """Linoleum or vinyl in one sheet: marbled, satin."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    streak = graph.noise(position * (3.0, 14.0, 3.0), 2.0, detail=4.0, roughness=0.7, distortion=0.8)
    grain = graph.noise(position, 120.0, detail=2.0)
    shown = graph.mix(streak.ramp(0.35, 0.7) * 0.6 + grain * 0.25, color, fleck)
    graph.finish(
        graph.principled(base_color=shown, roughness=streak * 0.15 + 0.28), seen_by_diffuse=mean(color, fleck)
    )
    return material


def laminate(name: str, color: Color, fleck: Color, *, roughness: float = 0.35) -> bpy.types.Material:
    """A worktop of pressed board with a printed coat: one colour with fine flecks."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    grain = graph.noise(position, 420.0, detail=2.0, roughness=0.8)
    smear = graph.noise(position, 6.0, detail=2.0)
    shown = graph.mix(grain.ramp(0.55, 0.68), color, fleck)
    graph.finish(
        graph.principled(base_color=shown, roughness=roughness + smear * 0.08), seen_by_diffuse=color
    )
    return material


def quartz(name: str, color: Color, vein: Color, *, veined: float, roughness: float) -> bpy.types.Material:
    """Engineered stone: tiny crystals, on demand a few soft veins."""
    material, graph = new_material(name)
    position = graph.coordinates("Object") + graph.object_random() * 20.0
    crystal = graph.cells(position, 330.0)
    shown = graph.mix(crystal.ramp(0.25, 0.6) * 0.35, scaled(color, 1.08), scaled(color, 0.8))
    if veined > 0:
        course = texture.veins(graph, position, scale=1.1, width=0.035)
        fade = graph.noise(position, 1.5, detail=1.0).ramp(0.4, 0.65)
        shown = graph.mix(course * fade * veined, shown, vein)
    graph.finish(graph.principled(base_color=shown, roughness=roughness), seen_by_diffuse=color)
    return material


def sanitary(name: str, color: Color = (0.86, 0.86, 0.85), *, roughness: float = 0.045, wear: float = 0.0):
    """Glazed sanitary ware and enamelled tubs: white, very glossy, dulled by lime with wear."""
    material, graph = new_material(name)
    lime = graph.noise(graph.coordinates("Object"), 5.0, detail=3.0).ramp(0.45, 0.8)
    graph.finish(
        graph.principled(
            base_color=graph.mix(lime, color, scaled(color, 1 - 0.06 * wear)),
            roughness=roughness + lime * (0.25 * wear),
            coat_weight=0.3,
            coat_roughness=0.03,
        ),
        seen_by_diffuse=color,
    )
    return material


def steel(name: str, color: Color = (0.6, 0.6, 0.59), *, roughness: float = 0.27, wear: float = 0.2):
    """Stainless steel sheet: a soft gloss with smears, no visible brushing from a metre away."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    smear = graph.noise(position, 7.0, detail=3.0)
    streak = graph.noise(position * (1.0, 1.0, 60.0), 8.0, detail=1.0)
    graph.finish(
        graph.principled(
            base_color=graph.mix(streak, scaled(color, 0.92), scaled(color, 1.04)),
            metallic=1.0,
            roughness=roughness + smear * (0.06 + 0.1 * wear) + streak * 0.04,
        ),
        seen_by_diffuse=color,
    )
    return material


def dark_glass(name: str, color: Color = (0.012, 0.012, 0.013), *, wear: float = 0.0) -> bpy.types.Material:
    """Black glass of hobs and oven doors: a gloss over black, with wiped streaks."""
    material, graph = new_material(name)
    wiped = graph.noise(graph.coordinates("Object") * (1.0, 3.0, 1.0), 5.0, detail=2.0).ramp(0.5, 0.85)
    graph.finish(
        graph.principled(base_color=color, roughness=0.03 + wiped * (0.04 + 0.2 * wear)),
        seen_by_diffuse=(0.02, 0.02, 0.02),
    )
    return material


def terry(name: str, color: Color, *, band: Color | None = None) -> bpy.types.Material:
    """Terry cloth: loops as relief, on demand a woven band near the hem (by the second UV coordinate)."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    loop = graph.noise(position, 330.0, detail=2.0, roughness=0.7)
    stroked = graph.noise(position, 14.0, detail=2.0)
    _, v, _ = graph.coordinates("UV").xyz()
    ground = color if band is None else graph.mix(texture.stripes(v - 0.08, 1.0, 0.035, 0.003), color, band)
    shade = loop.ramp(0.3, 0.7) * 0.7 + stroked * 0.3
    shown = graph.mix(shade, scaled((1.0, 1.0, 1.0), 0.72), (1.08, 1.08, 1.08))
    graph.finish(
        graph.principled(
            base_color=graph.vector_math("MULTIPLY", shown, ground),
            roughness=0.95,
            specular_ior_level=0.1,
            sheen_weight=0.5,
            sheen_roughness=0.4,
            normal=graph.bump(loop * 0.0016),
        ),
        seen_by_diffuse=color,
    )
    return material


def fruit(name: str, color: Color, blush: Color, *, roughness: float = 0.32) -> bpy.types.Material:
    """Skin of fruit: two tones that run into each other, with pores."""
    material, graph = new_material(name)
    position = graph.coordinates("Object") + graph.object_random() * 5.0
    tone = graph.noise(position, 11.0, detail=3.0)
    pore = graph.noise(position, 340.0, detail=1.0)
    shown = graph.mix(tone.ramp(0.38, 0.62), color, blush) * (0.94 + pore * 0.1)
    graph.finish(
        graph.principled(
            base_color=shown, roughness=roughness + pore * 0.1, normal=graph.bump(pore * 0.0003)
        ),
        seen_by_diffuse=color,
    )
    return material


def frosted(name: str) -> bpy.types.Material:
    """A window pane that lets light pass and no view: bathrooms have it."""
    material, graph = new_material(name)
    through = graph.shader("Transparent", color=(0.93, 0.95, 0.94))
    milky = graph.blend(
        0.5,
        graph.shader("Translucent", color=(0.3, 0.31, 0.31)),
        graph.shader("Refraction", color=(0.95, 0.97, 0.96), roughness=0.5, ior=1.15),
    )
    gloss = graph.shader("Glossy", color=(0.9, 0.9, 0.9), roughness=0.25)
    seen = graph.ray("Is Camera Ray").max(graph.ray("Is Singular Ray"))
    body = graph.blend((graph.fresnel(1.5) * 1.2).min(1.0), milky, gloss)
    graph.finish(graph.blend(seen, through, body))
    return material


def digits(name: str, color: Color, *, strength: float) -> bpy.types.Material:
    """The glowing figures of a clock on an appliance: bars of light on black, over the object's x-z plane."""
    material, graph = new_material(name)
    x, _, z = graph.coordinates("Object").xyz()
    bars = (x * 190.0).fraction() < 0.55
    rows = (z * 90.0).fraction() < 0.7
    lit = bars * rows
    dark = graph.principled(base_color=(0.01, 0.01, 0.01), roughness=0.1)
    glow = graph.shader("Emission", color=color, strength=lit * strength)
    graph.finish(graph.sum(dark, glow))
    material.cycles.emission_sampling = "NONE"
    return material
