"""Bump: detail that materials add to shading and that the geometry does not have.

It comes from Bump, Normal Map and Bevel nodes, and from displacement that is drawn as bump. Displacement that
moves the surface is geometry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import bpy

_NODES = ("BUMP", "NORMAL_MAP", "BEVEL")
_HEIGHT = {"BUMP": "Height", "NORMAL_MAP": "Color"}
"""The input without which such a node does nothing."""


def has_bump(material: bpy.types.Material) -> bool:
    """Whether nodes that feed the material's output, in node groups too, bend its normals."""
    if material.node_tree is None:
        return False
    output = material.node_tree.get_output_node("CYCLES")
    if output is None:
        return False
    if output.inputs["Displacement"].is_linked and material.displacement_method in ("BUMP", "BOTH"):
        return True
    return any(_bends(node) for node in _feeding(output))


def remove_bump(materials: Iterable[bpy.types.Material]) -> None:
    """Take the bump off materials, for good; their geometry and its smooth shading stay.

    What a node of bump fed is fed by what the node would have bent, or by the normal of the geometry.
    Displacement that is bump alone is unlinked; where it is both, the part that moves the surface stays.
    """
    for material in materials:
        if material.node_tree is None:
            continue
        for tree in _trees(material.node_tree):
            for node in [each for each in tree.nodes if each.type in _NODES]:
                _bypass(tree, node)
        if material.displacement_method == "BOTH":
            material.displacement_method = "DISPLACEMENT"
        if material.displacement_method == "BUMP":
            outputs = [node for node in material.node_tree.nodes if node.type == "OUTPUT_MATERIAL"]
            for link in [link for node in outputs for link in node.inputs["Displacement"].links]:
                material.node_tree.links.remove(link)


def _bypass(tree: bpy.types.NodeTree, node: bpy.types.Node) -> None:
    unbent = node.inputs.get("Normal")
    if unbent is not None and unbent.is_linked:
        source = unbent.links[0].from_socket
    else:
        source = tree.nodes.new("ShaderNodeNewGeometry").outputs["Normal"]
    for target in [link.to_socket for link in node.outputs["Normal"].links]:
        tree.links.new(source, target)
    tree.nodes.remove(node)


def _bends(node: bpy.types.Node) -> bool:
    if node.type not in _NODES or node.mute:
        return False
    if node.type == "BEVEL":
        return True
    strength = node.inputs["Strength"]
    return node.inputs[_HEIGHT[node.type]].is_linked and (strength.is_linked or strength.default_value > 0)


def _feeding(output: bpy.types.Node) -> Iterator[bpy.types.Node]:
    """All nodes upstream of one, and those within the node groups among them."""
    seen, waiting = {output}, [output]
    while waiting:
        node = waiting.pop()
        yield node
        above = {link.from_node for socket in node.inputs for link in socket.links if not link.is_muted}
        if node.type == "GROUP" and node.node_tree is not None:
            above |= {each for each in node.node_tree.nodes if each.type == "GROUP_OUTPUT"}
        waiting += above - seen
        seen |= above


def _trees(tree: bpy.types.NodeTree) -> set[bpy.types.NodeTree]:
    """A node tree and those of all its groups."""
    found, waiting = {tree}, [tree]
    while waiting:
        groups = {
            node.node_tree
            for node in waiting.pop().nodes
            if node.type == "GROUP" and node.node_tree is not None
        }
        waiting += groups - found
        found |= groups
    return found
