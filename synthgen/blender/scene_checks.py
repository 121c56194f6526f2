"""What a built scene must have before anything of it is rendered."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import bpy

from synthgen.blender.stage.stage import instance_id
from synthgen.errors import RenderError
from synthgen.frame.bundle import Instance

MAX_INSTANCES = 2**24 - 1
"""The largest id that float32 passes hold with all its neighbours."""

_IMAGE_NODES = ("ShaderNodeTexImage", "ShaderNodeTexEnvironment")
_VISIBLE = ("MESH", "CURVE", "CURVES", "SURFACE", "META", "FONT", "POINTCLOUD")


def check_scene(scene: bpy.types.Scene, instances: Sequence[Instance]) -> None:
    """Refuse what would give wrong truth, before any render.

    Raises
    ------
    RenderError
        When there are too many instances, a mesh belongs to none, a material would move the surface it is on
        (a material override hides that from the truth), or an image is missing, which Cycles shows in
        magenta.
    """
    if not instances:
        raise RenderError("the scene is empty: its builder made no instance")
    if len(instances) > MAX_INSTANCES:
        raise RenderError(f"the scene has {len(instances)} instances; at most {MAX_INSTANCES} fit")
    for made in scene.objects:
        if made.type in _VISIBLE and not 1 <= instance_id(made) <= len(instances):
            raise RenderError(f"object '{made.name}' belongs to no instance: add it with Stage.add")
        for slot in made.material_slots:
            if slot.material and _displaces(slot.material):
                raise RenderError(
                    f"material '{slot.material.name}' on '{made.name}' displaces the surface, which truth "
                    "cannot see: apply the displacement to the mesh, with a Displace modifier"
                )
    for image in bpy.data.images:
        if image.source == "FILE" and not (image.has_data or image.packed_file or _is_there(image)):
            raise RenderError(f"image '{image.name}': its file is missing ({image.filepath})")
    for user in _shaded(scene):
        for node in _nodes(user.node_tree):
            if node.bl_idname in _IMAGE_NODES and node.image is None and _is_used(node):
                raise RenderError(f"'{user.name}': its texture node '{node.name}' has no image")


def _shaded(scene: bpy.types.Scene) -> list[bpy.types.ID]:
    """All that has a shader in the scene: materials, lamps, the world."""
    blocks = {scene.world} if scene.world else set()
    for made in scene.objects:
        blocks |= {slot.material for slot in made.material_slots if slot.material}
        blocks |= {made.data} if made.type == "LIGHT" else set()
    return sorted((block for block in blocks if block.node_tree), key=lambda block: block.name)


def _nodes(tree: bpy.types.NodeTree) -> Iterator[bpy.types.Node]:
    """The nodes of a tree and of all groups in it."""
    for node in tree.nodes:
        yield node
        if getattr(node, "node_tree", None) is not None:
            yield from _nodes(node.node_tree)


def _is_used(node: bpy.types.Node) -> bool:
    return not node.mute and any(output.is_linked for output in node.outputs)


def _is_there(image: bpy.types.Image) -> bool:
    """Whether the file of an image, which is read when it is rendered, is there."""
    return os.path.isfile(bpy.path.abspath(image.filepath, library=image.library))


def _displaces(material: bpy.types.Material) -> bool:
    if material.node_tree is None or material.displacement_method == "BUMP":
        return False
    output = material.node_tree.get_output_node("CYCLES")
    return output is not None and output.inputs["Displacement"].is_linked
