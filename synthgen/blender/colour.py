"""The colour render: the recipe's samples, bounces and denoiser; on request split into its intrinsic parts.

Cycles divides the light that leaves diffuse closures by their colour, so that

    linear = albedo * illumination + the rest

with the rest being gloss, glass, emission and the sky. Diffuse closures are Diffuse, Translucent, Sheen,
Subsurface and the diffuse part of the Principled BSDF. Seen in a mirror or through glass they count as gloss
and glass; behind a Transparent closure they are seen as they are, darkened by its tint.

With the denoiser on, colour and illumination are denoised, each by itself.
"""

from __future__ import annotations

from contextlib import nullcontext

import bpy
import numpy as np

from synthgen.blender import compat
from synthgen.blender.denoise import denoised_illumination, take_denoised
from synthgen.blender.passes import render_passes, vector_pass
from synthgen.errors import RenderError
from synthgen.frame.intrinsics import ColourParts
from synthgen.plan.jobs import RenderJob


def render_colour(
    scene: bpy.types.Scene, job: RenderJob, seed: int, scratch: str, intrinsics: bool = False
) -> ColourParts:
    """Render what a camera sees; `linear` is the same to the bit with and without `intrinsics`.

    Raises
    ------
    RenderError
        When Cycles reports an error, or light is not a finite number.
    """
    set_up_colour(scene, job, seed)
    layer = scene.view_layers[0]
    layer.use_pass_diffuse_color = intrinsics
    layer.use_pass_diffuse_direct = layer.use_pass_diffuse_indirect = intrinsics
    denoised = intrinsics and job.denoise
    try:
        with denoised_illumination(scene) if denoised else nullcontext():
            channels = render_passes(scene, scratch, "colour render")
    finally:
        layer.use_pass_diffuse_color = False
        layer.use_pass_diffuse_direct = layer.use_pass_diffuse_indirect = False
    illumination = _known(take_denoised(channels)) if denoised else None
    linear = vector_pass(channels, "Combined")
    if not np.isfinite(linear).all():
        count = np.count_nonzero(~np.isfinite(linear))
        raise RenderError(f"colour render: expected finite light (found {count} numbers that are not)")
    if not intrinsics:
        return ColourParts(linear)
    albedo, direct, indirect = (_known(vector_pass(channels, name)) for name in compat.DIFFUSE_PASSES)
    return ColourParts(linear, albedo, illumination if denoised else direct + indirect)


def set_up_colour(scene: bpy.types.Scene, job: RenderJob, seed: int) -> None:
    """Give Cycles the settings of a colour render."""
    cycles, layer = scene.cycles, scene.view_layers[0]
    layer.material_override = None
    layer.use_pass_z = False
    cycles.samples = job.samples
    cycles.seed = seed & 0x7FFFFFFF
    cycles.use_adaptive_sampling = job.adaptive_threshold > 0
    if job.adaptive_threshold > 0:
        cycles.adaptive_threshold = job.adaptive_threshold
    cycles.use_denoising = job.denoise
    if job.denoise:
        cycles.denoiser = "OPENIMAGEDENOISE"
        cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
        cycles.denoising_prefilter = "ACCURATE"
        cycles.denoising_quality = "HIGH"
    cycles.max_bounces = job.max_bounces
    cycles.diffuse_bounces = job.max_bounces  # later ones cost nearly nothing: few paths get that far
    cycles.glossy_bounces = min(job.max_bounces, 4)
    cycles.transmission_bounces = job.max_bounces
    cycles.transparent_max_bounces = 16
    cycles.sample_clamp_indirect = job.clamp_indirect
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_light_tree = True
    cycles.pixel_filter_type = "BLACKMAN_HARRIS"
    cycles.filter_width = 1.5


def _known(light: np.ndarray) -> np.ndarray:
    """What is not a number becomes 0: Cycles leaves it out of the colour, but not out of the parts."""
    return np.where(np.isfinite(light), light, np.float32(0.0))
