"""What all renders share, and the truth render.

*Truth*: the scene and camera of the colour render with one sample per pixel through the pixel's centre, every
surface opaque, no light transport. Depth is written by sample 0 only; the geometric normal and the ids leave
the override material through AOVs. Ids are float32 there, so they are exact up to 2^24; Blender's own object
index ends at 32,767.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import bpy
import numpy as np

from synthgen.blender import compat
from synthgen.blender.materials import OBJECT_PROPERTY
from synthgen.blender.session import captured_output, raise_on_cycles_error
from synthgen.blender.stage.stage import INSTANCE_PROPERTY
from synthgen.errors import RenderError
from synthgen.exr import read_exr

NO_HIT = 1e10
"""What Cycles writes into the depth pass where nothing is hit."""

TRUTH_FILTER_WIDTH_PX = 0.01
"""Narrows the pixel filter to the pixel centre: depth is then exact to 1e-5 (measured on a plane)."""

_NORMAL_AOV = "TrueNormal"
_IDS_AOV = "Ids"


@dataclass(frozen=True, slots=True)
class TruthPasses:
    """Raw truth in Blender's terms: world frame, objects and slots.

    depth : (h, w) float32, metres, planar z, 1e10 where nothing is hit
    normal_world : (h, w, 3) float32, unit, world frame, (0, 0, 0) where nothing is hit
    instance : (h, w) uint32, instance of the object, 0 where nothing is hit
    made : (h, w) uint32, number of the object in the material table, 0 where nothing is hit
    slot : (h, w) uint32, material slot of the face
    """

    depth: np.ndarray
    normal_world: np.ndarray
    instance: np.ndarray
    made: np.ndarray
    slot: np.ndarray


def prepare_passes(scene: bpy.types.Scene) -> bpy.types.Material:
    """Set up what both renders share; returns the override material of the truth render."""
    render = scene.render
    render.use_compositing = False
    render.use_sequencer = False
    render.use_motion_blur = False
    render.film_transparent = False
    render.resolution_percentage = 100
    render.use_file_extension = True
    compat.use_multilayer_exr(render.image_settings)
    layer = scene.view_layers[0]
    layer.use_pass_z = False
    layer.use_pass_combined = True
    for name in (_NORMAL_AOV, _IDS_AOV):
        aov = layer.aovs.add()
        aov.name, aov.type = name, "COLOR"
    return _truth_material()


def render_truth(
    scene: bpy.types.Scene, override: bpy.types.Material, scratch: str, layer: int = 0
) -> TruthPasses:
    """One exact sample per pixel, of the surface with the number `layer` along each ray."""
    cycles, view_layer, lens = scene.cycles, scene.view_layers[0], scene.camera.data.dof
    with_dof, world = lens.use_dof, scene.world
    view_layer.material_override = _layer_material(layer) if layer else override
    view_layer.use_pass_z = True
    lens.use_dof = False
    # Light plays no part here; preparing an environment and a light tree would cost more than the render.
    scene.world = None
    cycles.use_light_tree = False
    cycles.samples = 1
    cycles.seed = 0
    cycles.use_adaptive_sampling = False
    cycles.use_denoising = False
    cycles.max_bounces = 0
    cycles.transparent_max_bounces = layer + 1
    cycles.filter_width = TRUTH_FILTER_WIDTH_PX
    try:
        channels = render_passes(scene, scratch, "truth render")
    finally:
        lens.use_dof, scene.world = with_dof, world
        view_layer.material_override = None
    ids = np.rint(vector_pass(channels, _IDS_AOV)).astype(np.uint32)
    return TruthPasses(
        depth=plain_pass(channels, "Depth.Z"),
        normal_world=vector_pass(channels, _NORMAL_AOV),
        instance=ids[..., 0],
        made=ids[..., 1],
        slot=ids[..., 2],
    )


def render_passes(scene: bpy.types.Scene, scratch: str, doing: str) -> dict[str, np.ndarray]:
    """Render the scene as it is set up; the channels of the file that Blender writes, by name.

    `doing` names the render in errors ("truth render").
    """
    path = os.path.join(scratch, "view.exr")
    scene.render.filepath = path
    with captured_output() as output:
        try:
            bpy.ops.render.render(write_still=True)
        except RuntimeError as error:
            raise RenderError(f"{doing}: {error}") from None
    raise_on_cycles_error(output.text, doing)
    try:
        return read_exr(path)
    finally:
        if os.path.exists(path):
            os.unlink(path)


def plain_pass(channels: dict[str, np.ndarray], name: str) -> np.ndarray:
    """(h, w) float32 of the channel whose name ends in `name`, such as "Depth.Z"."""
    for channel, pixels in channels.items():
        if channel.endswith(f".{name}"):
            return pixels
    raise RenderError(f"expected the pass '{name}' in Blender's output (found {', '.join(channels)})")


def vector_pass(channels: dict[str, np.ndarray], name: str, components: str = "RGB") -> np.ndarray:
    """(h, w, 3) float32 of a pass with three components: RGB for colours, XYZ for normals and positions."""
    return np.stack([plain_pass(channels, f"{name}.{component}") for component in components], axis=-1)


def _truth_material() -> bpy.types.Material:
    """Every surface opaque; its normal and ids leave through AOVs."""
    material, nodes, links = _empty_material("synthgen_truth")
    emission = nodes.new("ShaderNodeEmission")
    output = nodes.new("ShaderNodeOutputMaterial")
    links.new(emission.outputs["Emission"], output.inputs["Surface"])
    for name, source in _truth_outputs(nodes, links).items():
        links.new(source, _aov_input(nodes, name))
    return material


def _layer_material(layer: int) -> bpy.types.Material:
    """As `_truth_material`, but the first `layer` surfaces along a ray let it pass.

    Cycles adds up the AOVs of all surfaces that a ray passes, so those that let it pass give 0.
    """
    name = "synthgen_truth_layer"
    material = bpy.data.materials.get(name) or _new_layer_material(name)
    material.node_tree.nodes[_THRESHOLD].inputs[1].default_value = layer - 0.5
    return material


_THRESHOLD = "opaque from"


def _new_layer_material(name: str) -> bpy.types.Material:
    material, nodes, links = _empty_material(name)
    opaque = nodes.new("ShaderNodeMath")
    opaque.name, opaque.operation = _THRESHOLD, "GREATER_THAN"
    passed = nodes.new("ShaderNodeLightPath").outputs["Transparent Depth"]
    links.new(passed, opaque.inputs[0])
    mix = nodes.new("ShaderNodeMixShader")
    closures = (nodes.new("ShaderNodeBsdfTransparent"), nodes.new("ShaderNodeEmission"))
    for source, target in zip((opaque, *closures), mix.inputs):
        links.new(source.outputs[0], target)
    links.new(mix.outputs[0], nodes.new("ShaderNodeOutputMaterial").inputs["Surface"])
    for aov, source in _truth_outputs(nodes, links).items():
        masked = nodes.new("ShaderNodeVectorMath")
        masked.operation = "SCALE"
        links.new(source, masked.inputs[0])
        links.new(opaque.outputs[0], masked.inputs["Scale"])
        links.new(masked.outputs[0], _aov_input(nodes, aov))
    return material


def _empty_material(name: str) -> tuple[bpy.types.Material, bpy.types.Nodes, bpy.types.NodeLinks]:
    material = bpy.data.materials.new(name)
    tree = compat.node_tree(material)
    tree.nodes.clear()
    return material, tree.nodes, tree.links


def _truth_outputs(nodes: bpy.types.Nodes, links: bpy.types.NodeLinks) -> dict[str, bpy.types.NodeSocket]:
    """What each AOV shows."""
    ids = nodes.new("ShaderNodeCombineXYZ")
    for socket, (kind, name) in zip(ids.inputs, _ID_ATTRIBUTES):
        attribute = nodes.new("ShaderNodeAttribute")
        attribute.attribute_type, attribute.attribute_name = kind, name
        links.new(attribute.outputs["Fac"], socket)
    geometry = nodes.new("ShaderNodeNewGeometry")
    return {_NORMAL_AOV: geometry.outputs["True Normal"], _IDS_AOV: ids.outputs[0]}


def _aov_input(nodes: bpy.types.Nodes, name: str) -> bpy.types.NodeSocket:
    aov = nodes.new("ShaderNodeOutputAOV")
    aov.aov_name = name
    return aov.inputs["Color"]


_ID_ATTRIBUTES = (
    ("OBJECT", INSTANCE_PROPERTY),
    ("OBJECT", OBJECT_PROPERTY),
    ("GEOMETRY", "material_index"),
)
"""Where the red, green and blue of the ids come from. A mesh without `material_index` uses slot 0."""
