"""Built surfaces: wood, floors, paint, plaster, wallpaper, tile, stone.

Every function makes one Blender material of at most about forty nodes. Colours are linear; lengths metres.
Light that bounced off something matt sees the mean colour alone (`NodeGraph.finish`).
"""

from __future__ import annotations

from typing import Literal

import bpy

from synthgen.blender.stage import texture
from synthgen.blender.stage.material import Color, Wire, new_material

FloorPattern = Literal["planks", "herringbone", "basket"]


def mean(*colors: Color) -> Color:
    """The average of colours."""
    return tuple(sum(channel) / len(colors) for channel in zip(*colors))


def scaled(color: Color, factor: float) -> Color:
    """A colour made brighter or darker, kept below 0.95."""
    return tuple(min(channel * factor, 0.95) for channel in color)


def wood(name: str, light: Color, dark: Color, *, roughness: float = 0.42, rings: float = 14.0,
         wild: float = 1.0) -> bpy.types.Material:  # fmt: skip
    """Wood whose grain follows the `board` attribute (stage/board.py)."""
    material, graph = new_material(name)
    position = texture.board(graph)
    year, fibre = texture.wood_grain(graph, position, rings=rings, wild=wild)
    tone = year * 0.62 + fibre * 0.38
    board = graph.noise(position * (0.05, 0.3, 0.3), detail=0.0)  # nearly one value per board
    color = graph.mix(tone * 0.85, light, dark)
    color = color * (0.72 + board * 0.56)
    normal = graph.bump(fibre * -0.00008)
    graph.finish(
        graph.principled(base_color=color, roughness=roughness + fibre * 0.12, normal=normal),
        seen_by_diffuse=mean(light, light, dark),
    )
    return material


def wood_floor(name: str, light: Color, dark: Color, *, pattern: FloorPattern = "planks",
               width_m: float = 0.13, length_m: float = 1.3, roughness: float = 0.35, wear: float = 0.2,
               turned: bool = False) -> bpy.types.Material:  # fmt: skip
    """Boards or parquet in the object's x-y plane: every piece of its own tone, with fine dark joints.

    turned : boards run along y instead of x
    """
    material, graph = new_material(name)
    x, y, _ = graph.coordinates("Object").xyz()
    if turned:
        x, y = y, x
    if pattern == "planks":
        laid = texture.planks(graph, x, y, length_m, width_m)
    elif pattern == "herringbone":
        laid = texture.herringbone(graph, x, y, width_m, max(round(length_m / width_m), 3))
    else:
        laid = texture.basket(graph, x, y, width_m, max(round(length_m / width_m), 3))
    chance = graph.hash(laid.piece)
    tone, shade, shine = chance.xyz()
    place = graph.vector(laid.along_m, laid.across_m) + chance * (17.0, 5.0, 9.0)
    year, fibre = texture.wood_grain(graph, place, rings=11.0)
    color = graph.mix(year * 0.5 + fibre * 0.25 + tone * 0.25, light, dark) * (0.8 + shade * 0.4)
    joint = laid.edge_m.ramp(0.0004, 0.0018)
    color = graph.mix(joint, scaled(dark, 0.12), color)
    normal = graph.bump(laid.edge_m.min(0.003) * 0.12 - fibre * 0.00005)
    rough = roughness + fibre * 0.1 + shine * 0.06
    if wear > 0:
        rough = rough + graph.noise(graph.vector(x, y), 1.7, detail=3.0) * (0.35 * wear)
    graph.finish(
        graph.principled(base_color=color, roughness=rough, normal=normal),
        seen_by_diffuse=mean(light, dark),
    )
    return material


def paint(name: str, color: Color, *, roughness: float = 0.6, uneven: float = 1.0,
          orange_peel: float = 1.0) -> bpy.types.Material:  # fmt: skip
    """A painted wall: barely uneven colour, the fine relief of the roller."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    cloud = graph.noise(position, 0.9, detail=3.0, roughness=0.6)
    normal = graph.bump(graph.noise(position, 160.0, detail=1.0) * (0.0005 * orange_peel))
    varied = graph.mix(
        cloud.ramp(0.3, 0.7), scaled(color, 1 - 0.05 * uneven), scaled(color, 1 + 0.03 * uneven)
    )
    graph.finish(
        graph.principled(base_color=varied, roughness=roughness, specular_ior_level=0.35, normal=normal),
        seen_by_diffuse=color,
    )
    return material


def lacquer(name: str, color: Color, *, roughness: float = 0.32, wear: float = 0.2) -> bpy.types.Material:
    """Painted wood or sheet: brush marks along the board, smudges in the gloss."""
    material, graph = new_material(name)
    position = texture.board(graph)
    marks = graph.noise(position * (6.0, 220.0, 220.0), detail=1.0)
    smudge = graph.noise(graph.coordinates("Object"), 4.0, detail=2.0)
    graph.finish(
        graph.principled(
            base_color=graph.mix(smudge, scaled(color, 0.96), scaled(color, 1.02)),
            roughness=roughness + smudge * (0.1 + 0.25 * wear),
            normal=graph.bump(marks * 0.00012),
        ),
        seen_by_diffuse=color,
    )
    return material


def plaster(name: str, color: Color, *, relief_m: float = 0.0012) -> bpy.types.Material:
    """Lime plaster worked with a trowel: soft waves and faint clouds."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    waves = graph.noise(position, 7.0, detail=3.0, roughness=0.55, distortion=0.6)
    varied = graph.mix(waves.ramp(0.3, 0.7), scaled(color, 0.96), scaled(color, 1.02))
    graph.finish(
        graph.principled(
            base_color=varied, roughness=0.85, specular_ior_level=0.2, normal=graph.bump(waves * relief_m * 4)
        ),
        seen_by_diffuse=color,
    )
    return material


def wallpaper(name: str, ground: Color, figure: Color, *, design: str = "stripes",
              period_m: float = 0.12) -> bpy.types.Material:  # fmt: skip
    """Wallpaper on upright walls along x or y: stripes, pinstripes, trellis, or leaves in a half drop."""
    material, graph = new_material(name)
    u, v = texture.box_plane(graph)
    if design == "stripes":
        shown = texture.stripes(u, period_m, 0.5)
    elif design == "pinstripes":
        shown = texture.stripes(u, period_m * 0.4, 0.12)
    elif design == "trellis":
        p, q = (u + v * 0.6), (u - v * 0.6)
        shown = texture.stripes(p, period_m, 0.09).max(texture.stripes(q, period_m, 0.09))
    else:
        column = (u / period_m).floor()
        du = ((u / period_m).fraction() - 0.5).abs()
        dv = ((v / (period_m * 1.6) + (column % 2.0) * 0.5).fraction() - 0.5).abs()
        leaf = (du * 2.2 + dv * dv * 7.0).ramp(0.36, 0.40, 1.0, 0.0)
        shown = leaf * (1.0 - (du - dv * 0.12).abs().ramp(0.008, 0.02, 0.9, 0.0))
    fleck = graph.noise(graph.vector(u * 400.0, v * 60.0), detail=0.0)
    color = graph.mix(shown, ground, figure) * (0.95 + fleck * 0.1)
    graph.finish(
        graph.principled(base_color=color, roughness=0.75 - shown * 0.2, specular_ior_level=0.3),
        seen_by_diffuse=mean(ground, ground, ground, figure),
    )
    return material


def tile(name: str, color: Color, grout: Color, *, length_m: float = 0.3, width_m: float = 0.3,
         bond: float = 0.0, roughness: float = 0.15, varied: float = 0.08, veined: float = 0.0,
         floor: bool = False) -> bpy.types.Material:  # fmt: skip
    """Tiles with sunken matt grout; pieces differ a little in tone, gloss and tilt.

    floor : lie in the object's x-y plane, which saves nodes; otherwise on all sides of the box
    """
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    u, v = position.xyz()[:2] if floor else texture.box_plane(graph)
    laid = texture.grid(graph, u, v, length_m, width_m, bond)
    chance = graph.hash(laid.piece)
    tone, gloss, tilt = chance.xyz()
    cloud = graph.noise(position + chance * 9.0, 5.0, detail=4.0, roughness=0.6)
    shade = 1.0 - varied + tone * (2 * varied) + (cloud - 0.5) * (0.12 + varied * 2.5)
    face = graph.vector_math("SCALE", color)
    graph.connect(face.socket.node.inputs["Scale"], shade)
    if veined > 0:
        vein = texture.veins(graph, position + chance * 9.0)
        face = graph.mix(vein * veined, face, scaled(color, 0.45))
    glazed = laid.edge_m.ramp(0.0015, 0.0028)
    rough = graph.choose(glazed, 0.9, roughness + gloss * 0.08 + cloud * 0.06)
    dome = laid.edge_m.min(0.006) * 0.25 + (laid.along_m * (tilt - 0.5)) * 0.004
    graph.finish(
        graph.principled(
            base_color=graph.mix(glazed, grout, face),
            roughness=rough,
            normal=graph.bump(dome + cloud * 0.0002),
        ),
        seen_by_diffuse=color,
    )
    return material


def marble(name: str, color: Color, vein: Color, *, scale: float = 2.4, roughness: float = 0.12):
    """Polished marble with two systems of veins."""
    material, graph = new_material(name)
    position = graph.coordinates("Object") + graph.object_random() * 20.0
    broad = texture.veins(graph, position, scale=scale, width=0.06)
    fine = texture.veins(graph, position * 3.1, scale=scale, width=0.03)
    cloud = graph.noise(position, scale * 1.2, detail=2.0)
    ground = graph.mix(cloud, scaled(color, 0.84), color)
    stained = graph.mix((broad * 0.75 + fine * 0.3).clamp() * cloud.ramp(0.25, 0.6), ground, vein)
    graph.finish(graph.principled(base_color=stained, roughness=roughness), seen_by_diffuse=color)
    return material


def stone(name: str, color: Color, fleck: Color, *, scale: float = 60.0, roughness: float = 0.5):
    """Granite, slate, concrete: clouds and grains; a big scale gives fine grains."""
    material, graph = new_material(name)
    position = graph.coordinates("Object") + graph.object_random() * 20.0
    cloud = graph.noise(position, 3.5, detail=4.0, roughness=0.62)
    grain = graph.noise(position, scale, detail=3.0, roughness=0.7)
    ground = graph.mix(cloud.ramp(0.25, 0.75), scaled(color, 0.78), scaled(color, 1.12))
    speckled = graph.mix(grain.ramp(0.52, 0.66), ground, fleck)
    graph.finish(
        graph.principled(
            base_color=speckled, roughness=roughness + cloud * 0.15, normal=graph.bump(grain * 0.0006)
        ),
        seen_by_diffuse=mean(color, color, fleck),
    )
    return material


def terrazzo(name: str, ground: Color, chips: tuple[Color, Color, Color], *, floor: bool = True):
    """Stone chips of three colours in cement, polished."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    warped = position + (graph.noise_vector(position, 30.0) - 0.5) * 0.03
    node = graph.node("ShaderNodeTexVoronoi", voronoi_dimensions="3D", feature="F1")
    graph.connect(node.inputs["Vector"], warped)
    graph.connect(node.inputs["Scale"], 55.0)
    pick, size, _ = Wire(graph, node.outputs["Color"]).xyz()
    inside = Wire(graph, node.outputs["Distance"]) - size * 0.48
    stops = ((0.0, chips[0]), (0.4, chips[1]), (0.75, chips[2]))
    chip = graph.colors(pick, stops, "CONSTANT")
    color = graph.mix(inside.ramp(-0.02, 0.02), chip, ground)
    graph.finish(graph.principled(base_color=color, roughness=0.22), seen_by_diffuse=ground)
    return material
