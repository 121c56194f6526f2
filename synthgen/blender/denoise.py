"""Diffuse light without noise.

Cycles denoises the colour alone. The light that falls on diffuse surfaces is therefore denoised by the
compositor, with the same library (Open Image Denoise), within the render that makes it. Its guides are the
normals and a white albedo: the light is divided by the real one already, and textures leave no trace in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy
import numpy as np

from synthgen.blender import compat


@contextmanager
def denoised_illumination(scene: bpy.types.Scene) -> Iterator[None]:
    """Renders within have the denoised diffuse light in their output, for `take_denoised`.

    The passes of the diffuse colour and of its light must be on.
    """
    render, layer = scene.render, scene.view_layers[0]
    layer.use_pass_normal = True
    render.compositor_device = render.compositor_denoise_device = "CPU"
    render.compositor_precision = "FULL"
    _connect(scene)
    render.use_compositing = True
    try:
        yield
    finally:
        render.use_compositing = layer.use_pass_normal = False


def take_denoised(channels: dict[str, np.ndarray]) -> np.ndarray:
    """(h, w, 3) float32 diffuse light by diffuse colour, taken out of the `channels` of a render."""
    return np.stack([channels.pop(f"Composite.Combined.{component}") for component in "RGB"], axis=-1)


def _connect(scene: bpy.types.Scene) -> None:
    tree, result = compat.compositor(scene)
    passes = tree.nodes.new("CompositorNodeRLayers")
    passes.scene, passes.layer = scene, scene.view_layers[0].name
    colour, direct, indirect = (passes.outputs[name] for name in compat.DIFFUSE_PASSES)
    denoise = tree.nodes.new("CompositorNodeDenoise")
    compat.denoise_fast(denoise)

    one, other, light = compat.compositor_mix(tree, "ADD")
    tree.links.new(direct, one)
    tree.links.new(indirect, other)
    tree.links.new(light, denoise.inputs["Image"])

    # A constant would count as no guide at all, and normals guide only beside an albedo.
    covered, cover, white = compat.compositor_mix(tree, "MIX")
    tree.links.new(colour, covered)
    cover.default_value = (1.0, 1.0, 1.0, 1.0)
    tree.links.new(white, denoise.inputs["Albedo"])
    tree.links.new(passes.outputs["Normal"], denoise.inputs["Normal"])
    tree.links.new(denoise.outputs["Image"], result)
