"""The normal that shading uses: with bump, normal maps and smooth shading, on the surface that truth shows.

It comes from a render of the scene's own materials with the truth's one sample per pixel. Cycles gives the
mean of the normals of a material's closures, weighted by their colour (Blender 5.2 rounds smooth normals to
16 bits). The first surface on the ray counts, as in the truth, however clear it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import bpy
import numpy as np

from synthgen.blender.camera import set_camera
from synthgen.blender.passes import plain_pass, render_passes, through_pixel_centres, vector_pass
from synthgen.geometry.camera import Camera
from synthgen.geometry.warp import nearest_pixels, source_camera

LARGEST_GAP = 3e-4
"""How far the surfaces of the two renders may lie apart and still be one: share of the distance, measured
across the surface. Cycles' depth is exact to 1e-5, but on a ray that is a little beside the centre's."""
MAX_SURFACES = 64
"""How many surfaces may let a ray pass."""


def render_shading_normal(
    scene: bpy.types.Scene,
    scratch: str,
    camera: Camera,
    world_from_camera: np.ndarray,
    normal_world: np.ndarray,
    depth: np.ndarray,
    hit: np.ndarray,
    oversample: int = 1,
    through: Collection[bpy.types.Material] = (),
) -> np.ndarray:
    """(h, w, 3) float32 unit vectors, OpenCV camera frame, facing the camera; (0, 0, 0) where nothing is hit.

    Where the scene's materials show another surface than the truth, its geometric normal stands.

    Parameters
    ----------
    world_from_camera : (4, 4), OpenCV frame
    normal_world : (h, w, 3) geometric normals of the truth, world frame, of either sign
    depth : (h, w) metres as the camera measures them
    hit : (h, w) bool
    oversample : that of the truth, for a camera that Cycles has no lens for
    through : materials that the truth looks through
    """
    lens = source_camera(camera, oversample) or camera
    set_camera(scene, lens, world_from_camera)
    with _unseen(through):
        shading, shown = _render(scene, scratch, bool(through))
    shown = shown[..., None] * lens.rays()
    if lens is not camera:
        rows, columns, _ = nearest_pixels(camera, lens)
        shading, shown = shading[rows, columns], shown[rows, columns]
    rays = camera.rays()
    point = np.where(hit, depth, 0.0)[..., None] * rays
    geometric = _facing(normal_world @ world_from_camera[:3, :3], rays)
    bent = _not_averted(shading @ world_from_camera[:3, :3], rays)
    gap = np.abs(_dot(shown - point, geometric))
    same = (gap <= LARGEST_GAP * np.linalg.norm(point, axis=-1)) & bent.any(axis=-1)
    normal = np.where(same[..., None], bent, geometric)
    return np.where(hit[..., None], normal, 0.0).astype(np.float32)


def _render(scene: bpy.types.Scene, scratch: str, passing: bool) -> tuple[np.ndarray, np.ndarray]:
    """(h, w, 3) normals in the world frame and (h, w) depths, of the first surface on each ray.

    passing : some surfaces let all light pass, and do not count
    """
    layer = scene.view_layers[0]
    threshold = layer.pass_alpha_threshold
    layer.material_override = None
    layer.use_pass_normal = layer.use_pass_z = True
    # Cycles writes these passes for the first surface whose alpha is not below this.
    layer.pass_alpha_threshold = 1e-6 if passing else 0.0
    try:
        with through_pixel_centres(scene, MAX_SURFACES), _lamps_off(scene):
            passes = render_passes(scene, scratch, "render of shading normals")
    finally:
        layer.use_pass_normal = layer.use_pass_z = False
        layer.pass_alpha_threshold = threshold
    return vector_pass(passes, "Normal", "XYZ").astype(np.float64), plain_pass(passes, "Depth.Z")


@contextmanager
def _lamps_off(scene: bpy.types.Scene) -> Iterator[None]:
    """No light is asked for, so none is worth tracing shadows for: a fifth of the time."""
    lamps = [made for made in scene.objects if made.type == "LIGHT" and not made.hide_render]
    for lamp in lamps:
        lamp.hide_render = True
    try:
        yield
    finally:
        for lamp in lamps:
            lamp.hide_render = False


@contextmanager
def _unseen(materials: Collection[bpy.types.Material]) -> Iterator[None]:
    """Materials let all rays pass."""
    replaced = []
    for material in materials:
        tree = material.node_tree
        output = tree and tree.get_output_node("CYCLES")
        if output is None:  # nothing to look at, or no nodes to say how: the truth decides
            continue
        surface = output.inputs["Surface"]
        source = surface.links[0].from_socket if surface.is_linked else None
        clear = tree.nodes.new("ShaderNodeBsdfTransparent")
        tree.links.new(clear.outputs[0], surface)
        replaced.append((tree, source, surface, clear))
    try:
        yield
    finally:
        for tree, source, surface, clear in replaced:
            tree.nodes.remove(clear)
            if source is not None:
                tree.links.new(source, surface)


def _facing(normal: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """Normals turned towards the camera."""
    return np.where(_dot(normal, rays)[..., None] > 0, -normal, normal)


def _not_averted(normal: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """Unit normals; one that bump or smoothing turned away from the camera is turned back to be edge-on."""
    away = np.maximum(_dot(normal, rays), 0.0) / np.maximum(_dot(rays, rays), 1e-12)
    normal = normal - away[..., None] * rays
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    return np.where(length > 1e-6, normal / np.maximum(length, 1e-6), 0.0)


def _dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.einsum("hwc,hwc->hw", one, other)
