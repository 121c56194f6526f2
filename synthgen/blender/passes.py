"""What all renders share: the scene's output settings, and reading back what Blender wrote."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import bpy
import numpy as np

from synthgen.blender import compat
from synthgen.blender.session import captured_output, raise_on_cycles_error
from synthgen.errors import RenderError
from synthgen.exr import read_exr

FILTER_WIDTH_PX = 0.01
"""Narrows the pixel filter to the pixel centre."""


def prepare_passes(scene: bpy.types.Scene) -> None:
    """Set up what all renders of a scene share."""
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


@contextmanager
def through_pixel_centres(scene: bpy.types.Scene, transparent_bounces: int = 1) -> Iterator[None]:
    """Renders within take one sample per pixel, through its centre, without light, depth of field or blur.

    Volumes are not there: a material override would make surfaces of their hulls.

    transparent_bounces : how many surfaces may let a ray pass
    """
    cycles, render, lens = scene.cycles, scene.render, scene.camera.data.dof
    with_dof, with_blur, world = lens.use_dof, render.use_motion_blur, scene.world
    lens.use_dof = render.use_motion_blur = False
    # Light plays no part here; preparing an environment and a light tree would cost more than the render.
    scene.world = None
    cycles.use_light_tree = False
    cycles.samples = 1
    cycles.seed = 0
    cycles.use_adaptive_sampling = False
    cycles.use_denoising = False
    cycles.max_bounces = 0
    cycles.transparent_max_bounces = transparent_bounces
    cycles.pixel_filter_type = "BLACKMAN_HARRIS"
    cycles.filter_width = FILTER_WIDTH_PX
    volumes = [made for made in scene.objects if made.visible_camera and _is_volume(made)]
    for made in volumes:
        made.visible_camera = False
    try:
        yield
    finally:
        lens.use_dof, render.use_motion_blur, scene.world = with_dof, with_blur, world
        for made in volumes:
            made.visible_camera = True


@contextmanager
def overridden(
    layer: bpy.types.ViewLayer, material: bpy.types.Material, aovs: Iterable[str]
) -> Iterator[None]:
    """Everything is made of one material, which writes into AOVs of these names."""
    layer.material_override = material
    for name in aovs:
        added = layer.aovs.add()
        added.name, added.type = name, "COLOR"
    try:
        yield
    finally:
        layer.material_override = None
        while layer.aovs:
            layer.aovs.remove(layer.aovs[0])


def _is_volume(made: bpy.types.Object) -> bool:
    """Whether an object has a volume and no surface."""
    if made.type == "VOLUME":
        return True
    outputs = [
        slot.material.node_tree.get_output_node("CYCLES")
        if slot.material and slot.material.node_tree
        else None
        for slot in made.material_slots
    ]
    return bool(outputs) and all(
        output is not None and output.inputs["Volume"].is_linked and not output.inputs["Surface"].is_linked
        for output in outputs
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
