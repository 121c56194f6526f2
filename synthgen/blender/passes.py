"""What all renders share: the scene's output settings, and reading back what Blender wrote."""

from __future__ import annotations

import os

import bpy
import numpy as np

from synthgen.blender import compat
from synthgen.blender.session import captured_output, raise_on_cycles_error
from synthgen.errors import RenderError
from synthgen.exr import read_exr


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
