"""What things are made of: metal, glass, ceramic, plastic, paper, leaves, soil.

Every function makes one Blender material of at most about thirty nodes. Colours are linear; lengths metres.
"""

from __future__ import annotations

import bpy

from synthgen.blender.stage import texture
from synthgen.blender.stage.material import Color, new_material
from synthgen.blender.stage.surface import scaled


def metal(name: str, color: Color, *, roughness: float = 0.25, brushed: float = 0.0, wear: float = 0.0):
    """Metal: polished, satin, or brushed along the board direction; fingerprints with wear."""
    material, graph = new_material(name)
    if brushed > 0:
        lines = graph.noise(texture.board(graph) * (3.0, 700.0, 700.0), detail=1.0)
        rough = roughness + (lines - 0.5) * (0.35 * brushed)
        tint = graph.mix(lines, scaled(color, 1 - 0.2 * brushed), color)
        normal = graph.bump(lines * (0.00012 * brushed))
    else:
        smear = graph.noise(graph.coordinates("Object"), 9.0, detail=2.0)
        rough, tint, normal = roughness + smear.ramp(0.4, 0.8) * (0.05 + 0.2 * wear), color, None
    graph.finish(
        graph.principled(base_color=tint, metallic=1.0, roughness=rough, normal=normal), seen_by_diffuse=color
    )
    return material


def coated_metal(name: str, color: Color, *, roughness: float = 0.42) -> bpy.types.Material:
    """Powder-coated steel: fine grains in a satin coat."""
    material, graph = new_material(name)
    grain = graph.noise(graph.coordinates("Object"), 700.0, detail=0.0)
    graph.finish(
        graph.principled(base_color=color, roughness=roughness, normal=graph.bump(grain * 0.0001)),
        seen_by_diffuse=color,
    )
    return material


def plastic(name: str, color: Color, *, roughness: float = 0.35) -> bpy.types.Material:
    """Moulded plastic with a faint texture."""
    material, graph = new_material(name)
    grain = graph.noise(graph.coordinates("Object"), 480.0, detail=0.0)
    graph.finish(
        graph.principled(
            base_color=color, roughness=roughness + grain * 0.1, normal=graph.bump(grain * 0.00006)
        ),
        seen_by_diffuse=color,
    )
    return material


def ceramic(name: str, color: Color, *, speckle: Color | None = None, roughness: float = 0.12):
    """Glazed pottery: rings from the wheel, a gloss that pools; speckled clay on demand."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    _, _, z = position.xyz()
    flow = graph.noise(position, 14.0, detail=2.0)
    glaze = graph.mix(flow.ramp(0.3, 0.7), scaled(color, 0.88), color)
    if speckle is not None:
        glaze = graph.mix(graph.noise(position, 260.0, detail=1.0).ramp(0.62, 0.68), glaze, speckle)
    normal = graph.bump((z * 900.0 + flow * 4.0).sin() * 0.00006)
    graph.finish(
        graph.principled(base_color=glaze, roughness=roughness + flow * 0.1, normal=normal),
        seen_by_diffuse=color,
    )
    return material


def earthenware(name: str, color: Color) -> bpy.types.Material:
    """Unglazed clay: matt, blotched, with a bloom of lime."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    cloud = graph.noise(position, 11.0, detail=4.0, roughness=0.6)
    lime = graph.noise(position, 5.0, detail=2.0).ramp(0.58, 0.8)
    clay = graph.mix(cloud, scaled(color, 0.75), scaled(color, 1.15))
    graph.finish(
        graph.principled(
            base_color=graph.mix(lime * 0.35, clay, (0.72, 0.66, 0.6)),
            roughness=0.85,
            normal=graph.bump(cloud * 0.0006),
        ),
        seen_by_diffuse=color,
    )
    return material


def glass(name: str, color: Color = (0.97, 0.99, 0.98), *, roughness: float = 0.0) -> bpy.types.Material:
    """Thick clear glass. Shadow rays and bounced light pass: no caustics, no black shadows."""
    material, graph = new_material(name)
    clear = graph.shader("Glass", color=color, roughness=roughness, ior=1.45)
    through = graph.shader("Transparent", color=scaled(color, 0.93))
    passing = graph.ray("Is Shadow Ray").max(graph.ray("Is Diffuse Ray"))
    graph.finish(graph.blend(passing, clear, through))
    return material


def pane(name: str, color: Color = (0.95, 0.975, 0.96)) -> bpy.types.Material:
    """A window pane modelled as one sheet: daylight passes unbent, the eye sees a reflection on top."""
    material, graph = new_material(name)
    through = graph.shader("Transparent", color=color)
    mirrored = graph.shader("Glossy", color=(0.9, 0.9, 0.9), roughness=0.0)
    seen = graph.ray("Is Camera Ray").max(graph.ray("Is Singular Ray"))
    facing = (graph.fresnel(1.5) * 1.7).min(1.0)  # two faces reflect: nearly twice one face's share
    graph.finish(graph.blend(facing * seen, through, mirrored))
    return material


def mirror(name: str, color: Color = (0.92, 0.94, 0.93)) -> bpy.types.Material:
    """Silvered glass."""
    material, graph = new_material(name)
    graph.finish(
        graph.principled(base_color=color, metallic=1.0, roughness=0.01), seen_by_diffuse=scaled(color, 0.8)
    )
    return material


def paper(name: str, color: Color, *, fibres: float = 1.0, roughness: float = 0.8) -> bpy.types.Material:
    """Paper and card: faint fibres; page edges of books show as lines across the board."""
    material, graph = new_material(name)
    position = texture.board(graph)
    sheet = graph.noise(position * (12.0, 60.0, 900.0), detail=1.0)
    graph.finish(
        graph.principled(
            base_color=graph.mix(sheet.ramp(0.3, 0.7), scaled(color, 1 - 0.16 * fibres), color),
            roughness=roughness,
            specular_ior_level=0.25,
        ),
        seen_by_diffuse=color,
    )
    return material


def cardboard(name: str, color: Color) -> bpy.types.Material:
    """Corrugated board: flutes that show through, flecks of fibre."""
    material, graph = new_material(name)
    u, v = texture.box_plane(graph)
    fleck = graph.noise(graph.vector(u * 90.0, v * 240.0), detail=3.0, roughness=0.7)
    flutes = (u * (6.2831853 / 0.0075)).sin()
    graph.finish(
        graph.principled(
            base_color=graph.mix(fleck.ramp(0.3, 0.75), scaled(color, 1.08), scaled(color, 0.8)),
            roughness=0.85,
            specular_ior_level=0.2,
            normal=graph.bump(flutes * 0.00008),
        ),
        seen_by_diffuse=color,
    )
    return material


def leaf(name: str, color: Color, vein: Color, *, gloss: float = 0.4) -> bpy.types.Material:
    """A leaf by UV: u = 0.5 is the midrib, v runs from stem to tip; light shines through."""
    material, graph = new_material(name)
    u, v, _ = graph.coordinates("UV").xyz()
    side = (u - 0.5).abs()
    rib = side.ramp(0.012, 0.03, 1.0, 0.0)
    lateral = texture.stripes(v - side * 0.9, 0.12, 0.1, 0.012)
    blotch = graph.noise(graph.coordinates("Object") + graph.object_random() * 10.0, 9.0, detail=2.0)
    green = graph.mix(blotch.ramp(0.3, 0.7), scaled(color, 0.7), scaled(color, 1.25))
    green = graph.mix((rib * 0.8 + lateral * 0.35).clamp(), green, vein)
    front = graph.principled(base_color=green, roughness=0.28 + (1 - gloss) * 0.4)
    back = graph.shader("Translucent", color=green * (1.3, 1.35, 0.6))
    graph.finish(graph.blend(0.3, front, back), seen_by_diffuse=color)
    return material


def soil(name: str, color: Color) -> bpy.types.Material:
    """Potting soil: crumbs with light specks."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    crumb = graph.noise(position, 130.0, detail=3.0, roughness=0.7)
    graph.finish(
        graph.principled(
            base_color=graph.mix(crumb.ramp(0.35, 0.75), scaled(color, 0.5), scaled(color, 2.2)),
            roughness=0.95,
            specular_ior_level=0.1,
            normal=graph.bump(crumb * 0.004),
        ),
        seen_by_diffuse=color,
    )
    return material


def shiny(name: str, color: Color, *, roughness: float, translucent: float = 0.0) -> bpy.types.Material:
    """Wax, rubber, skin of fruit: an even body with soft blotches, letting some light through on demand."""
    material, graph = new_material(name)
    blotch = graph.noise(graph.coordinates("Object"), 22.0, detail=2.0)
    tint = graph.mix(blotch, scaled(color, 0.9), color)
    body = graph.principled(base_color=tint, roughness=roughness + blotch * 0.1)
    if translucent > 0:
        body = graph.blend(translucent, body, graph.shader("Translucent", color=tint))
    graph.finish(body, seen_by_diffuse=color)
    return material
