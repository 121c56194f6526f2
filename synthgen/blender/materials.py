"""The materials of a built scene: an id for each, and whether the eye looks through it.

A material override hides which material a pixel shows. So the truth render gives the object's number and the
face's material slot, and the table here turns the two into a material.
"""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from synthgen.errors import RenderError

OBJECT_PROPERTY = "synthgen_object"
"""Custom property of an object with its row in `MaterialTable.of_slot`."""
TRANSPARENT_PROPERTY = "synthgen_transparent"
"""Custom property of a material that overrules what its shader says: true or false."""

MAX_MATERIALS = 65_535
NO_MATERIAL = "(none)"

_SEEN_THROUGH = ("BSDF_TRANSPARENT", "BSDF_REFRACTION", "BSDF_GLASS")


@dataclass(frozen=True, slots=True)
class MaterialTable:
    """Materials by id from 1 up; id 0 means that nothing is hit.

    names : of the ids 1, 2, ...
    transparent : (n + 1,) bool by id
    of_slot : (objects + 1, slots) uint16, id by the object's number and the slot
    """

    names: tuple[str, ...]
    transparent: np.ndarray
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
            {"id": index, "name": name, "transparent": bool(self.transparent[index])}
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
    transparent = [False]
    rows: list[list[int]] = [[0]]
    for number, made in enumerate(scene.objects, 1):
        made[OBJECT_PROPERTY] = number
        materials = [slot.material for slot in made.material_slots] or [None]
        for material in materials:
            name = material.name if material else NO_MATERIAL
            if name not in ids:
                ids[name] = len(ids) + 1
                transparent.append(material is not None and is_transparent(material))
        rows.append([ids[material.name if material else NO_MATERIAL] for material in materials])
    if len(ids) > MAX_MATERIALS:
        raise RenderError(f"the scene has {len(ids)} materials; at most {MAX_MATERIALS} fit")
    width = max(len(row) for row in rows)
    of_slot = np.array([row + row[-1:] * (width - len(row)) for row in rows], dtype=np.uint16)
    return MaterialTable(tuple(ids), np.array(transparent), of_slot)


def is_transparent(material: bpy.types.Material) -> bool:
    """Whether the eye looks through a material.

    Its property `synthgen_transparent` decides. Without it, a material is transparent if a camera ray can
    meet a Transparent, Refraction or Glass closure, or a Principled one with at least half transmission or
    less than half alpha. Factors that are textures count as anything between 0 and 1, but for the alpha of
    a Principled closure: that is a cutout, and a cutout is opaque.
    """
    if TRANSPARENT_PROPERTY in material:
        return bool(material[TRANSPARENT_PROPERTY])
    tree = material.node_tree
    if tree is None:
        return False
    output = tree.get_output_node("CYCLES")
    return output is not None and _seen_through(_source(output.inputs["Surface"]))


def _seen_through(closure: bpy.types.NodeSocket | None) -> bool:
    if closure is None:
        return False
    node = closure.node
    if node.type in _SEEN_THROUGH:
        return True
    if node.type == "BSDF_PRINCIPLED":
        transmission = _constant(node.inputs["Transmission Weight"])
        alpha = _constant(node.inputs["Alpha"])
        return transmission is None or transmission >= 0.5 or (alpha is not None and alpha < 0.5)
    if node.type == "ADD_SHADER":
        return any(_seen_through(_source(socket)) for socket in node.inputs)
    if node.type == "MIX_SHADER":
        factor = _constant(node.inputs[0])
        low, high = (_source(socket) for socket in list(node.inputs)[1:3])
        return (factor != 1 and _seen_through(low)) or (factor != 0 and _seen_through(high))
    return False


def _constant(socket: bpy.types.NodeSocket) -> float | None:
    """The value of a number as a camera ray sees it; None where it varies over the surface."""
    source = _source(socket)
    if source is None:
        return float(socket.default_value)
    if source.node.type == "LIGHT_PATH":
        return float(source.name == "Is Camera Ray") if source.name.startswith("Is ") else None
    if source.node.type == "VALUE":
        return float(source.default_value)
    if source.node.type != "MATH":
        return None
    one, other = (_constant(each) for each in list(source.node.inputs)[:2])
    if source.node.operation == "MULTIPLY" and 0 in (one, other):
        return 0.0
    if one is None or other is None:
        return None
    match source.node.operation:
        case "MULTIPLY":
            return one * other
        case "ADD":
            return one + other
        case "SUBTRACT":
            return one - other
        case "MAXIMUM":
            return max(one, other)
        case "MINIMUM":
            return min(one, other)
    return None


def _source(socket: bpy.types.NodeSocket) -> bpy.types.NodeSocket | None:
    """The output that feeds an input, past reroutes."""
    while socket.is_linked:
        source = socket.links[0].from_socket
        if source.node.type != "REROUTE":
            return source
        socket = source.node.inputs[0]
    return None
