"""Materials of outdoors and of workshops: concrete, rust, bark, ground, prints, lacquered sheet, light.

Colours are linear; lengths are metres at a texture's own size, which `palette.py` enlarges for large things.
"""

from __future__ import annotations

import bpy

from synthgen.blender.stage import texture
from synthgen.blender.stage.material import Color, NodeGraph, Wire, new_material
from synthgen.blender.stage.surface import mean, scaled


def concrete(name: str, color: Color) -> bpy.types.Material:
    """Cast concrete: clouds, water stains, pores."""
    material, graph = new_material(name)
    position = graph.coordinates("Object") + graph.object_random() * 30.0
    cloud = graph.noise(position, 2.2, detail=4.0, roughness=0.6)
    stain = graph.noise(position * (6.0, 6.0, 0.9), 1.0, detail=2.0).ramp(0.5, 0.75)
    pore = graph.cells(position, 45.0).ramp(0.06, 0.16, 0.0, 1.0)
    tone = graph.mix(cloud.ramp(0.25, 0.75), scaled(color, 0.72), scaled(color, 1.12))
    tone = graph.mix(stain * 0.35, tone, scaled(color, 0.45))
    graph.finish(
        graph.principled(
            base_color=graph.mix(pore, scaled(color, 0.4), tone),
            roughness=0.75 + cloud * 0.15,
            normal=graph.bump(pore * 0.0012 + cloud * 0.004),
        ),
        seen_by_diffuse=color,
    )
    return material


def rust(name: str, metal: Color, *, share: float) -> bpy.types.Material:
    """Steel or paint that rusts: flakes of brown and orange over the part `share` of it."""
    material, graph = new_material(name)
    position = graph.coordinates("Object") + graph.object_random() * 30.0
    patch = graph.noise(position, 3.0, detail=6.0, roughness=0.68)
    grain = graph.noise(position, 38.0, detail=3.0, roughness=0.7)
    eaten = (patch + grain * 0.25).ramp(0.78 - 0.5 * share, 0.84 - 0.5 * share)
    brown = graph.colors(
        grain, [(0.25, (0.035, 0.016, 0.01)), (0.5, (0.16, 0.055, 0.02)), (0.75, (0.36, 0.14, 0.045))]
    )
    graph.finish(
        graph.principled(
            base_color=graph.mix(eaten, metal, brown),
            metallic=(1.0 - eaten) * 0.6,
            roughness=0.38 + eaten * 0.5,
            normal=graph.bump(eaten * (0.0015 + grain * 0.003)),
        ),
        seen_by_diffuse=mean(metal, (0.16, 0.06, 0.03)),
    )
    return material


def rock(name: str, color: Color, growth: Color, *, overgrown: float) -> bpy.types.Material:
    """Weathered rock: layers and cracks; lichen or moss on the part `overgrown` of its top."""
    material, graph = new_material(name)
    position = graph.coordinates("Object") + graph.object_random() * 30.0
    layers = graph.noise(position * (0.7, 0.7, 3.0), 2.2, detail=5.0, roughness=0.62, distortion=0.5)
    grain = graph.noise(position, 24.0, detail=4.0, roughness=0.72)
    seam = (graph.noise(position, 1.7, detail=4.0, roughness=0.6, distortion=0.8) - 0.5).abs()
    crack = seam.ramp(0.0, 0.018)
    tone = graph.mix((layers * 0.6 + grain * 0.4).ramp(0.3, 0.7), scaled(color, 0.45), scaled(color, 1.3))
    tone = graph.mix(crack, scaled(color, 0.3), tone)
    _, _, up = graph.coordinates("Normal").xyz()
    green = (up * 0.5 + layers * 0.9 + grain * 0.5).ramp(1.25 - 0.7 * overgrown, 1.4 - 0.7 * overgrown)
    graph.finish(
        graph.principled(
            base_color=graph.mix(green, tone, growth),
            roughness=0.85,
            specular_ior_level=0.25,
            normal=graph.bump(crack * 0.006 + grain * 0.012 + layers * 0.02),
        ),
        seen_by_diffuse=color,
    )
    return material


def bark(name: str, color: Color) -> bpy.types.Material:
    """Bark: furrows along the trunk, lichen here and there."""
    material, graph = new_material(name)
    position = graph.coordinates("Object") + graph.object_random() * 30.0
    furrow = graph.noise(position * (1.0, 1.0, 0.22), 26.0, detail=4.0, roughness=0.65, distortion=0.6)
    lichen = graph.noise(position, 5.0, detail=3.0).ramp(0.56, 0.7)
    tone = graph.mix(furrow.ramp(0.3, 0.7), scaled(color, 0.4), scaled(color, 1.25))
    graph.finish(
        graph.principled(
            base_color=graph.mix(lichen * 0.4, tone, (0.34, 0.36, 0.24)),
            roughness=0.9,
            specular_ior_level=0.2,
            normal=graph.bump(furrow * 0.012),
        ),
        seen_by_diffuse=color,
    )
    return material


def rope(name: str, color: Color) -> bpy.types.Material:
    """Twisted fibres, matt."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    fibre = graph.noise(position, 210.0, detail=2.0, roughness=0.7)
    graph.finish(
        graph.principled(
            base_color=graph.mix(fibre.ramp(0.3, 0.7), scaled(color, 0.6), scaled(color, 1.2)),
            roughness=0.9,
            specular_ior_level=0.15,
            sheen_weight=0.2,
        ),
        seen_by_diffuse=color,
    )
    return material


def car_paint(name: str, color: Color, *, flakes: float = 0.5) -> bpy.types.Material:
    """Paint with metal flakes under clear lacquer."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    dust = graph.noise(position, 4.0, detail=4.0).ramp(0.45, 0.8)
    tint = graph.mix(graph.noise(position, 900.0, detail=0.0), scaled(color, 0.75), scaled(color, 1.3))
    graph.finish(
        graph.principled(
            base_color=tint,
            metallic=0.35 * flakes,
            roughness=0.35 + dust * 0.1,
            coat_weight=1.0,
            coat_roughness=0.03 + dust * 0.12,
        ),
        seen_by_diffuse=color,
    )
    return material


def printed(name: str, ground: Color, figure: Color, third: Color, *, design: str, period_m: float,
            roughness: float) -> bpy.types.Material:  # fmt: skip
    """A print on a smooth body: checks, stripes, dots, bands, diamonds, or a net of lines."""
    material, graph = new_material(name)
    u, v = texture.box_plane(graph)
    shown = _design(graph, design, u, v, period_m)
    worn = graph.noise(graph.coordinates("Object"), 6.0, detail=4.0, roughness=0.65)
    color = graph.mix(shown, ground, figure)
    if design in ("checks", "diamonds", "stripes"):
        color = graph.mix(texture.stripes(v + period_m * 0.25, period_m * 4, 0.06), color, third)
    color = color * (0.84 + worn * 0.3)
    graph.finish(
        graph.principled(
            base_color=color, roughness=roughness + worn * 0.2, normal=graph.bump(worn * 0.0006)
        ),
        seen_by_diffuse=mean(ground, figure),
    )
    return material


def _design(graph: NodeGraph, design: str, u: Wire, v: Wire, period_m: float) -> Wire:
    if design == "checks":
        return ((u / period_m).floor() + (v / period_m).floor()) % 2.0
    if design == "diamonds":
        p, q = u + v, u - v
        return ((p / period_m).floor() + (q / period_m).floor()) % 2.0
    if design == "stripes":
        return texture.stripes(u + v * 0.6, period_m, 0.5)
    if design == "bands":
        return texture.stripes(v, period_m, 0.45).max(texture.stripes(v, period_m * 2.7, 0.1))
    if design == "lines":
        return texture.stripes(u, period_m, 0.1).max(texture.stripes(v, period_m, 0.1))
    row = (v / period_m).floor()
    du = ((u / period_m) + (row % 2.0) * 0.5).fraction() - 0.5
    dv = (v / period_m).fraction() - 0.5
    return (du * du + dv * dv).ramp(0.08, 0.09, 1.0, 0.0)


def grass(name: str, color: Color, dry: Color) -> bpy.types.Material:
    """Blades that are pale at the foot and dry at the tip, each of its own tone; light shines through."""
    material, graph = new_material(name)
    _, along, _ = graph.coordinates("UV").xyz()
    patch = graph.noise(graph.coordinates("Object") + graph.object_random() * 9.0, 14.0, detail=1.0)
    green = graph.mix(along.ramp(0.0, 0.7), scaled(color, 0.45), color)
    tone = graph.mix((along * along * patch * 1.6).clamp(), green, dry)
    front = graph.principled(base_color=tone, roughness=0.5, specular_ior_level=0.3)
    through = graph.shader("Translucent", color=tone)
    graph.finish(graph.blend(0.35, front, through), seen_by_diffuse=color)
    return material


def glow(name: str, color: Color, *, strength: float) -> bpy.types.Material:
    """A frosted body that shines; `strength` is its radiance."""
    material, graph = new_material(name)
    rim = graph.node("ShaderNodeLayerWeight")
    facing = Wire(graph, rim.outputs["Facing"])
    lit = graph.shader("Emission", color=color, strength=facing.ramp(0.0, 1.0, strength, 0.45 * strength))
    graph.finish(graph.sum(lit, graph.principled(base_color=scaled(color, 0.3), roughness=0.3)))
    return material


def ground(name: str, low: Color, high: Color, rock: Color, *, patch_m: float) -> bpy.types.Material:
    """Open ground: two covers in patches (grass and soil, sand and gravel), bare rock where it is steep."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    broad = graph.noise(position, 1.0 / patch_m, detail=4.0, roughness=0.6)
    fine = graph.noise(position, 9.0, detail=6.0, roughness=0.72)
    crumb = graph.noise(position, 75.0, detail=2.0, roughness=0.7)
    cover = graph.mix((broad + (fine - 0.5) * 0.6).ramp(0.44, 0.56), low, high)
    _, _, up = graph.coordinates("Normal").xyz()
    bare = (up + (fine - 0.5) * 0.35).ramp(0.72, 0.86, 1.0, 0.0)
    strata = graph.noise(position * (0.4, 0.4, 2.4), 1.6, detail=5.0, roughness=0.65)
    cliff = graph.mix(strata.ramp(0.3, 0.7), scaled(rock, 0.55), scaled(rock, 1.2))
    dry = graph.noise(position, 0.11, detail=3.0).ramp(0.3, 0.7, 0.78, 1.28)
    color = graph.mix(bare, cover * dry, cliff) * (0.45 + fine * 0.6 + crumb * 0.6)
    graph.finish(
        graph.principled(
            base_color=color,
            roughness=0.92,
            specular_ior_level=0.15,
            normal=graph.bump(fine * 0.07 + crumb * 0.012),
        ),
        seen_by_diffuse=mean(low, high),
    )
    return material
