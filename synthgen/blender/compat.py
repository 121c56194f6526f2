"""The differences between the supported Blenders (4.5 and 5.2), all of them, in one thin place."""

from __future__ import annotations

import bpy

IS_5 = bpy.app.version >= (5, 0, 0)


def use_multilayer_exr(settings: bpy.types.ImageFormatSettings) -> None:
    """Write all passes of all layers as uncompressed float32."""
    if IS_5:
        settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format = "OPEN_EXR_MULTILAYER"
    settings.color_depth = "32"
    settings.exr_codec = "NONE"


def compositor(scene: bpy.types.Scene) -> tuple[bpy.types.NodeTree, bpy.types.NodeSocket]:
    """An empty compositor for a scene, and the input of its result."""
    if not IS_5:
        scene.use_nodes = True
        scene.node_tree.nodes.clear()
        return scene.node_tree, scene.node_tree.nodes.new("CompositorNodeComposite").inputs[0]
    tree = scene.compositing_node_group or bpy.data.node_groups.new("compositor", "CompositorNodeTree")
    scene.compositing_node_group = tree
    tree.nodes.clear()
    tree.interface.clear()
    tree.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
    return tree, tree.nodes.new("NodeGroupOutput").inputs[0]


def compositor_mix(tree: bpy.types.NodeTree, blend: str) -> tuple[bpy.types.NodeSocket, ...]:
    """A compositor node that blends two colours in full: its two inputs and its output."""
    if not IS_5:
        node = tree.nodes.new("CompositorNodeMixRGB")
        node.blend_type = blend
        return node.inputs[1], node.inputs[2], node.outputs[0]
    node = tree.nodes.new("ShaderNodeMix")
    node.data_type, node.blend_type = "RGBA", blend
    node.inputs[0].default_value = 1.0
    return node.inputs[6], node.inputs[7], node.outputs[2]


def denoise_fast(node: bpy.types.Node) -> None:
    """Make the compositor's denoiser clean its guides along with the image."""
    if IS_5:
        node.inputs["Prefilter"].default_value = "Fast"
    else:
        node.prefilter = "FAST"


def node_tree(owner: bpy.types.Material | bpy.types.World) -> bpy.types.NodeTree:
    """The node tree of a material or world, switched on where that is still a choice."""
    if not IS_5:
        owner.use_nodes = True
    return owner.node_tree


def use_atmosphere(node: bpy.types.Node, haze: float) -> None:
    """Make a sky texture that of single scattering in air, which both Blenders have."""
    node.sky_type = "SINGLE_SCATTERING" if IS_5 else "NISHITA"
    setattr(node, "aerosol_density" if IS_5 else "dust_density", haze)


DIFFUSE_PASSES = (
    ("Diffuse Color", "Diffuse Direct", "Diffuse Indirect") if IS_5 else ("DiffCol", "DiffDir", "DiffInd")
)
"""What the passes of the diffuse colour, of its direct and of its indirect light are called in the output."""
