"""`Palette`: the materials of one scene, few for each part, made when they are first asked for.

Textures are in metres. So that a tower does not look like a toy, nor a marble like a wall, every object says
how much its textures are enlarged, in a custom property that shaders read: one material serves all sizes.
"""

from __future__ import annotations

from collections.abc import Iterable

import bpy
import numpy as np

from synthgen.blender.compat import node_tree
from synthgen.seeding import rng_for

from .substances import SUBSTANCES

TEXTURE_PROPERTY = "texture_size"
"""Custom property of an object: how many times as large as in life its textures are."""
CHOICES = {
    "body": 5,
    "board": 2,
    "metal": 2,
    "stone": 2,
    "accent": 2,
    "glass": 2,
    "sheet": 2,
    "leaf": 2,
}
"""How many materials of a part a scene has; 1 of others."""
TINTS = (("Hue", 0.08, 0.46), ("Value", 0.32, 0.74))
"""What differs from thing to thing, by how much, and from where on; a hue of 0.5 is the material's own."""


class Palette:
    """The materials of a scene.

    Parameters
    ----------
    mix : which materials lead, one of `spec.MIXES`
    seed : of the scene
    """

    def __init__(self, mix: str, seed: int) -> None:
        self._mix, self._seed = mix, seed
        self._chosen: dict[str, list[str]] = {}
        self._made: dict[str, bpy.types.Material] = {}

    def choose(self, part: str, rng: np.random.Generator) -> str:
        """The name of a material for a part of one thing, such as "wood:1"."""
        if part not in self._chosen:
            self._chosen[part] = self._draw(part)
        names = self._chosen[part]
        return names[int(rng.integers(len(names)))]

    def _draw(self, part: str) -> list[str]:
        names = [
            name for name, each in SUBSTANCES.items() if part in each.parts
        ]  # more often where named twice
        weights = np.array(
            [
                SUBSTANCES[name].parts.count(part) * SUBSTANCES[name].mixes.get(self._mix, 1.0)
                for name in names
            ]
        )
        drawn = rng_for(self._seed, "substance", part).choice(
            len(names), CHOICES.get(part, 1), p=weights / weights.sum()
        )
        return [f"{names[index]}:{list(drawn[:turn]).count(index)}" for turn, index in enumerate(drawn)]

    def material(self, name: str) -> bpy.types.Material:
        """The material of a name that `choose` gave, made on first use."""
        if name not in self._made:
            made = SUBSTANCES[name.partition(":")[0]].make(name, rng_for(self._seed, "material", name))
            enlarge_by_object(made)
            tint_by_object(made)
            self._made[name] = made
        return self._made[name]

    def names(self) -> list[str]:
        """All materials made so far."""
        return sorted(self._made)


def has_boards(names: Iterable[str]) -> bool:
    """Whether one of these materials follows the pieces of a thing."""
    return any(SUBSTANCES[name.partition(":")[0]].boards for name in names)


def texture_size(size_m: float) -> float:
    """How much to enlarge the textures of a thing of a size: less than in proportion."""
    return float(np.clip((size_m / 0.9) ** 0.75, 0.5, 12.0))


def enlarge_by_object(material: bpy.types.Material) -> None:
    """Let an object's property `TEXTURE_PROPERTY` enlarge the textures of a material, relief included."""
    tree = node_tree(material)
    size = tree.nodes.new("ShaderNodeAttribute")
    size.attribute_type, size.attribute_name = "OBJECT", TEXTURE_PROPERTY
    places = [node.outputs["Object"] for node in tree.nodes if node.type == "TEX_COORD"]
    places += [node.outputs["Vector"] for node in tree.nodes if node.type == "ATTRIBUTE" and node != size]
    links = [(link.from_socket, link.to_socket) for link in tree.links]  # socket.links would search them all
    for place in places:
        readers = [reader for source, reader in links if source == place]
        if readers:
            shrunk = tree.nodes.new("ShaderNodeVectorMath")
            shrunk.operation = "DIVIDE"
            tree.links.new(place, shrunk.inputs[0])
            tree.links.new(size.outputs["Fac"], shrunk.inputs[1])
            for reader in readers:
                tree.links.new(shrunk.outputs[0], reader)
    for node in tree.nodes:
        if node.type == "BUMP":
            tree.links.new(size.outputs["Fac"], node.inputs["Distance"])


def tint_by_object(material: bpy.types.Material) -> None:
    """Let things of one material differ a little in hue and brightness, as copies are not all alike."""
    tree = node_tree(material)
    chance = None
    for surface in [node for node in tree.nodes if node.type == "BSDF_PRINCIPLED"]:
        color = surface.inputs["Base Color"]
        tint = tree.nodes.new("ShaderNodeHueSaturation")
        if color.is_linked:
            tree.links.new(color.links[0].from_socket, tint.inputs["Color"])
        else:
            tint.inputs["Color"].default_value = color.default_value
        chance = chance or tree.nodes.new("ShaderNodeObjectInfo").outputs["Random"]
        for name, spread, least in TINTS:
            drawn = tree.nodes.new("ShaderNodeMath")
            drawn.operation = "MULTIPLY_ADD"
            drawn.inputs[1].default_value, drawn.inputs[2].default_value = spread, least
            tree.links.new(chance, drawn.inputs[0])
            tree.links.new(drawn.outputs[0], tint.inputs[name])
        tree.links.new(tint.outputs[0], color)
