"""The materials of a built scene: an id for each, and what it does to the eye.

The eye looks through some, sees a mirror image in others, and sees bumps on many that the geometry lacks.

A material override hides which material a pixel shows. So the truth render gives the object's number and the
face's material slot, and the table here turns the two into a material.
"""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from synthgen.blender.bump import has_bump
from synthgen.errors import RenderError

OBJECT_PROPERTY = "synthgen_object"
"""Custom property of an object with its row in `MaterialTable.of_slot`."""
TRANSPARENT_PROPERTY = "synthgen_transparent"
MIRROR_PROPERTY = "synthgen_mirror"
"""Custom properties of a material that overrule what its shader says: true or false."""

MAX_MATERIALS = 65_535
NO_MATERIAL = "(none)"

MIRROR_ROUGHNESS = 0.1
"""The roughness of a mirror reaches down to this at least."""
DULL_ROUGHNESS = 0.3
"""The roughness of a mirror reaches up to this at most: smears on chrome, but no texture of any value."""
MIRROR_SHARE = 0.5
"""Least share of a mirror among what is mixed, and least metallic of a Principled closure."""

_SEEN_THROUGH = ("BSDF_TRANSPARENT", "BSDF_REFRACTION", "BSDF_GLASS")
_POLISHED = ("BSDF_GLOSSY", "BSDF_METALLIC")
_ANY = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class MaterialTable:
    """Materials by id from 1 up; id 0 means that nothing is hit.

    names : of the ids 1, 2, ...
    transparent : (n + 1,) bool by id, `is_transparent`
    mirror : (n + 1,) bool by id, `is_mirror`
    bump : (n + 1,) bool by id, `synthgen.blender.bump.has_bump`
    of_slot : (objects + 1, slots) uint16, id by the object's number and the slot
    """

    names: tuple[str, ...]
    transparent: np.ndarray
    mirror: np.ndarray
    bump: np.ndarray
    of_slot: np.ndarray

    def ids(self, objects: np.ndarray, slots: np.ndarray) -> np.ndarray:
        """(h, w) uint16 material ids from (h, w) object numbers and material slots."""
        if objects.max(initial=0) >= len(self.of_slot):
            raise RenderError(
                "truth render: a pixel shows an object that was added after the scene was built"
            )
        # A face may name a slot that its object lacks; Blender then shows the last one.
        return self.of_slot[objects, np.minimum(slots, self.of_slot.shape[1] - 1)]

    def to_json(self) -> list[dict[str, object]]:
        """Rows for the metadata of a frame."""
        return [
            {
                "id": index,
                "name": name,
                "transparent": bool(self.transparent[index]),
                "mirror": bool(self.mirror[index]),
                "bump": bool(self.bump[index]),
            }
            for index, name in enumerate(self.names, 1)
        ]


def number_materials(scene: bpy.types.Scene) -> MaterialTable:
    """Number the objects of a scene and the materials they use, in the order in which they were added.

    Raises
    ------
    RenderError
        When there are more than 65,535 materials.
    """
    ids: dict[str, int] = {}
    kinds = [(False, False, False)]
    rows: list[list[int]] = [[0]]
    for number, made in enumerate(scene.objects, 1):
        made[OBJECT_PROPERTY] = number
        materials = [slot.material for slot in made.material_slots] or [None]
        for material in materials:
            name = material.name if material else NO_MATERIAL
            if name not in ids:
                ids[name] = len(ids) + 1
                kinds.append(_kind(material))
        rows.append([ids[material.name if material else NO_MATERIAL] for material in materials])
    if len(ids) > MAX_MATERIALS:
        raise RenderError(f"the scene has {len(ids)} materials; at most {MAX_MATERIALS} fit")
    width = max(len(row) for row in rows)
    of_slot = np.array([row + row[-1:] * (width - len(row)) for row in rows], dtype=np.uint16)
    return MaterialTable(tuple(ids), *np.array(kinds).T, of_slot)


def _kind(material: bpy.types.Material | None) -> tuple[bool, bool, bool]:
    if material is None:
        return False, False, False
    return is_transparent(material), is_mirror(material), has_bump(material)


def is_transparent(material: bpy.types.Material) -> bool:
    """Whether the eye looks through a material.

    Its property `synthgen_transparent` decides. Without it, a material is transparent if a camera ray can
    meet a Transparent, Refraction or Glass closure, or a Principled one with at least half transmission or
    less than half alpha. Factors that are textures count as anything between 0 and 1; as the alpha of a
    Principled closure that is a cutout, and a cutout is opaque. So is a surface that is a node group.
    """
    if TRANSPARENT_PROPERTY in material:
        return bool(material[TRANSPARENT_PROPERTY])
    return any(share > 0 and _seen_through(node) for node, share in _closures(material))


def is_mirror(material: bpy.types.Material) -> bool:
    """Whether the eye sees a mirror image in a material: in silvered glass and chrome, not in a window pane,
    a dark screen, lacquer or brushed steel.

    Its property `synthgen_mirror` decides. Without it, a material is a mirror if a Glossy or Metallic
    closure, or a Principled one that can be at least half metallic, can make up at least half of what a
    camera ray meets, and its roughness reaches down to 0.1 or less and nowhere above 0.3. Factors that are
    textures count as anything between 0 and 1, so a texture by itself is no roughness of a mirror.
    """
    if MIRROR_PROPERTY in material:
        return bool(material[MIRROR_PROPERTY])
    return any(share >= MIRROR_SHARE and _mirrors(node) for node, share in _closures(material))


def _seen_through(closure: bpy.types.Node) -> bool:
    if closure.type != "BSDF_PRINCIPLED":
        return closure.type in _SEEN_THROUGH
    _, transmission = _range(closure.inputs["Transmission Weight"])
    _, alpha = _range(closure.inputs["Alpha"])
    return transmission >= 0.5 or alpha < 0.5


def _mirrors(closure: bpy.types.Node) -> bool:
    metallic = closure.type in _POLISHED
    if closure.type == "BSDF_PRINCIPLED":
        metallic = _range(closure.inputs["Metallic"])[1] >= MIRROR_SHARE
    if not metallic:
        return False
    low, high = _range(closure.inputs["Roughness"])
    return low <= MIRROR_ROUGHNESS and high <= DULL_ROUGHNESS


def _closures(material: bpy.types.Material) -> list[tuple[bpy.types.Node, float]]:
    """The closures that make up a material, each with the greatest share that a camera ray can meet."""
    output = material.node_tree and material.node_tree.get_output_node("CYCLES")
    return _mixed(output.inputs["Surface"], 1.0) if output else []


def _mixed(socket: bpy.types.NodeSocket, share: float) -> list[tuple[bpy.types.Node, float]]:
    source = _source(socket)
    if source is None:
        return []
    node = source.node
    if node.type == "ADD_SHADER":
        return [each for one in node.inputs for each in _mixed(one, share)]
    if node.type == "MIX_SHADER":
        low, high = _range(node.inputs[0])
        return _mixed(node.inputs[1], share * (1 - low)) + _mixed(node.inputs[2], share * high)
    return [(node, share)]


def _range(socket: bpy.types.NodeSocket) -> tuple[float, float]:
    """The least and the greatest value of a number as a camera ray sees it.

    What is not calculated from constants is anything between 0 and 1.
    """
    source = _source(socket)
    if source is None:
        return _exactly(socket.default_value)
    node = source.node
    match node.type:
        case "VALUE":
            return _exactly(source.default_value)
        case "LIGHT_PATH" if source.name.startswith("Is "):
            return _exactly(source.name == "Is Camera Ray")
        case "FRESNEL":
            return _head_on(*_range(node.inputs["IOR"]))
        case "MAP_RANGE" if node.data_type == "FLOAT" and (node.clamp or "STEP" in node.interpolation_type):
            return _hull(_range(node.inputs["To Min"]), _range(node.inputs["To Max"]))
        case "MIX" if node.data_type == "FLOAT" and node.clamp_factor:
            return _hull(*(_range(each) for each in list(node.inputs)[2:4]))
        case "MATH":
            return _calculated(node)
    return _ANY


def _calculated(node: bpy.types.Node) -> tuple[float, float]:
    one, other = (_range(each) for each in list(node.inputs)[:2])
    pairs = [(a, b) for a in one for b in other]
    match node.operation:
        case "MULTIPLY":
            values = [a * b for a, b in pairs]
        case "ADD":
            values = [a + b for a, b in pairs]
        case "SUBTRACT":
            values = [a - b for a, b in pairs]
        case "MAXIMUM":
            values = [max(pair) for pair in pairs]
        case "MINIMUM":
            values = [min(pair) for pair in pairs]
        case _:
            return _ANY
    low, high = min(values), max(values)
    return (min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)) if node.use_clamp else (low, high)


def _exactly(value: float) -> tuple[float, float]:
    number = round(float(value), 6)  # Blender stores float32: 0.1 is not to be more than 0.1
    return number, number


def _head_on(*iors: float) -> tuple[float, float]:
    """What a smooth surface reflects of the light that falls straight on it: ((n - 1) / (n + 1))^2."""
    reflected = [((ior - 1) / (ior + 1)) ** 2 for ior in iors]
    return min(reflected), max(reflected)


def _hull(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return min(one[0], other[0]), max(one[1], other[1])


def _source(socket: bpy.types.NodeSocket) -> bpy.types.NodeSocket | None:
    """The output that feeds an input, past reroutes."""
    while socket.is_linked:
        source = socket.links[0].from_socket
        if source.node.type != "REROUTE":
            return source
        socket = source.node.inputs[0]
    return None
