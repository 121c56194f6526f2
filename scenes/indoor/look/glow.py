"""Things that shine: bulbs, lampshades, screens.

A lamp's light comes from a point lamp at its bulb (light.py). Bulb and shade only have to look lit and must
not stand in its way: shadow rays pass the bulb, and pass the shade with the shade's colour.
"""

from __future__ import annotations

import bpy
import numpy as np

from synthgen.blender.stage.material import Color, NodeGraph, Wire, new_material, srgb
from synthgen.blender.stage.surface import scaled


def bulb(name: str, kelvin: float, *, strength: float) -> bpy.types.Material:
    """A frosted bulb; `strength` is its radiance, 0 when switched off."""
    material, graph = new_material(name)
    frosted = graph.principled(base_color=(0.9, 0.9, 0.88), roughness=0.25)
    if strength > 0:
        frosted = graph.shader("Emission", color=_blackbody(graph, kelvin), strength=strength)
    _let_light_out(graph, frosted, (1.0, 1.0, 1.0))
    material.cycles.emission_sampling = "NONE"
    return material


def lampshade(name: str, color: Color, kelvin: float, *, strength: float, passing: float = 0.55):
    """A cloth or paper shade: translucent, with a slub; glows with `strength` when the lamp is on.

    passing : how much of the point lamp's light gets through
    """
    material, graph = new_material(name)
    x, y, z = graph.coordinates("Object").xyz()
    slub = graph.noise(graph.vector(x * 30.0, y * 30.0, z * 420.0), detail=2.0)
    cloth = graph.mix(slub, scaled(color, 0.86), color)
    body = graph.blend(
        0.4,
        graph.principled(base_color=cloth, roughness=0.85, specular_ior_level=0.15),
        graph.shader("Translucent", color=cloth),
    )
    if strength > 0:
        height = graph.coordinates("Generated").xyz()[2]
        middle = (height - 0.5).abs().ramp(0.0, 0.6, 1.0, 0.55)  # the bulb sits half way up
        warm = graph.vector_math("MULTIPLY", _blackbody(graph, kelvin), cloth)
        body = graph.sum(body, graph.shader("Emission", color=warm, strength=middle * strength))
    through = scaled(color, passing)
    _let_light_out(graph, body, through)
    material.cycles.emission_sampling = "NONE"
    return material


def screen(name: str, rng: np.random.Generator, *, strength: float) -> bpy.types.Material:
    """A display: dark glass when off; else a desktop or a film still over the object's x-z plane."""
    material, graph = new_material(name)
    glassy = graph.principled(base_color=(0.008, 0.008, 0.01), roughness=0.08)
    if strength <= 0:
        graph.finish(glassy, seen_by_diffuse=(0.02, 0.02, 0.02))
        return material
    x, _, z = graph.coordinates("Object").xyz()
    first, second, third = (srgb(_HUES[i]) for i in rng.permutation(len(_HUES))[:3])
    waves = graph.noise(graph.vector(x, z, float(rng.uniform(0, 50))), 3.5, detail=2.0, distortion=0.8)
    shown: Wire = graph.colors(waves, [(0.3, first), (0.5, second), (0.68, third)])
    if rng.random() < 0.6:
        left = float(rng.uniform(-0.3, 0.0))
        inside = (x > left) * (x < left + float(rng.uniform(0.2, 0.4)))
        inside = inside * (z > 0.14) * (z < float(rng.uniform(0.3, 0.42)))
        line = ((z * 110.0).fraction() < 0.45) * (
            graph.noise(graph.vector(x * 90.0, (z * 110.0).floor()), detail=0.0) > 0.46
        )
        page = graph.mix(line, srgb("#f0f1f2"), srgb("#5a6068"))
        shown = graph.mix(inside, shown, page)
    graph.finish(graph.sum(glassy, graph.shader("Emission", color=shown, strength=strength)))
    material.cycles.emission_sampling = "NONE"
    return material


_HUES = ("#1f3b5c", "#4f8fb5", "#d98a5a", "#2f5f55", "#7a4f8a", "#e2d3b0", "#142030", "#a8c4cf")


def _let_light_out(graph: NodeGraph, surface: Wire, color: Color) -> None:
    through = graph.shader("Transparent", color=color)
    graph.finish(graph.blend(graph.ray("Is Shadow Ray"), surface, through))


def _blackbody(graph: NodeGraph, kelvin: float) -> Wire:
    node = graph.node("ShaderNodeBlackbody")
    graph.feed(node, (kelvin,))
    return Wire(graph, node.outputs[0])
