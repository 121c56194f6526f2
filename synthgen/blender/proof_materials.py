"""Materials of the proof scenes: what truth must not be fooled by."""

from __future__ import annotations

import bpy

from synthgen.blender.materials import TRANSPARENT_PROPERTY
from synthgen.blender.stage.material import new_material


def matt(name: str) -> bpy.types.Material:
    """Grey, nothing more."""
    material, graph = new_material(name)
    graph.finish(graph.shader("Diffuse", color=(0.6, 0.6, 0.6)))
    return material


def glowing(name: str) -> bpy.types.Material:
    """Light and no reflection."""
    material, graph = new_material(name)
    graph.finish(graph.shader("Emission", color=(1.0, 0.9, 0.7), strength=20.0))
    return material


def cutout(name: str) -> bpy.types.Material:
    """Leaves as most assets have them: a texture as the alpha of a Principled closure."""
    material, graph = new_material(name)
    leaf = graph.noise(graph.coordinates("Object"), 4.0) > 0.5
    graph.finish(graph.principled(base_color=(0.1, 0.4, 0.05), alpha=leaf))
    return material


def mixed_cutout(name: str) -> bpy.types.Material:
    """The same leaves as a mixture with a Transparent closure: counts as something one looks through."""
    material, graph = new_material(name)
    leaf = graph.noise(graph.coordinates("Object"), 4.0) > 0.5
    graph.finish(
        graph.blend(leaf, graph.shader("Transparent"), graph.shader("Diffuse", color=(0.1, 0.4, 0.05)))
    )
    return material


def declared_cutout(name: str) -> bpy.types.Material:
    """As before, but its property says that it is a leaf and no glass."""
    material = mixed_cutout(name)
    material[TRANSPARENT_PROPERTY] = False
    return material


def fog(name: str) -> bpy.types.Material:
    """A volume and no surface."""
    material, graph = new_material(name)
    fog = graph.node("ShaderNodeVolumePrincipled")
    output = graph.node("ShaderNodeOutputMaterial")
    graph.tree.links.new(fog.outputs[0], output.inputs["Volume"])
    return material
