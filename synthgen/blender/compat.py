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


def node_tree(owner: bpy.types.Material | bpy.types.World) -> bpy.types.NodeTree:
    """The node tree of a material or world, switched on where that is still a choice."""
    if not IS_5:
        owner.use_nodes = True
    return owner.node_tree


DIFFUSE_PASSES = (
    ("Diffuse Color", "Diffuse Direct", "Diffuse Indirect") if IS_5 else ("DiffCol", "DiffDir", "DiffInd")
)
"""What the passes of the diffuse colour, of its direct and of its indirect light are called in the output."""
