"""The pictures of the families blend, usd and gltf: one room in a file of each kind.

    python docs/scene_file_pictures.py

A room of the family `indoor` is saved as a .blend, and exported as USD and glTF as a user would. Neither of
the two carries procedural materials, so that there each material has one colour: the mean of its albedo in
the .blend.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import bpy
import numpy as np
from scene_grids import IMAGES, write_jpeg

from synthgen.blender import compat
from synthgen.blender.camera import set_camera
from synthgen.blender.stage.stage import Stage
from synthgen.blender.viewpoint import find_viewpoint
from synthgen.blender.worker import BlenderRenderer
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.inspect.colour import colour_depth, colour_instance
from synthgen.plan.draws import resolve
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.families import family_builder, family_spec
from synthgen.recipe.model import Recipe

SIZE = {"width": 320, "height": 240}
OWN = {"kind": "from_file", **SIZE}
SAMPLED = {"kind": "perspective", "fov_deg": 80, "placement": {"height_m": 1.4}, **SIZE}
ROOM = {"kind": "indoor", "room": {"kind": "living_room"}, "light": {"time": "day"}}
SEED = 3
CLEAR = ("BSDF_TRANSPARENT", "BSDF_GLASS", "BSDF_REFRACTION")
"""Shaders of panes, through which daylight comes."""


def write_room(path: Path, colours: Mapping[str, np.ndarray] | None = None) -> None:
    """Build the room with a camera, and write it as the format of the ending.

    Parameters
    ----------
    colours : of materials by name, linear; given, each material has one colour
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    spec = resolve(family_spec("indoor").model_validate(ROOM), SEED, "scene")
    described = family_builder("indoor")(Stage(scene, spec.classes), spec, SEED)
    bpy.context.view_layer.update()
    camera = PerspectiveCamera.from_fov(320, 240, 75)
    held = {"height_m": 1.5, "clearance_m": 0.3, "pitch_deg": -10.0, "roll_deg": 0.0}
    depsgraph = bpy.context.evaluated_depsgraph_get()
    region, rng = described.camera_region, np.random.default_rng(0)
    set_camera(
        scene, camera, find_viewpoint(scene, depsgraph, region, camera, held, rng, []).world_from_camera
    )
    if colours is not None:
        _paint(colours)
    if path.suffix == ".blend":
        bpy.ops.wm.save_as_mainfile(filepath=str(path))
    elif path.suffix == ".usdc":
        bpy.ops.wm.usd_export(filepath=str(path))
    else:
        for light in bpy.data.lights:
            if light.type == "AREA":  # which glTF does not know
                light.type = "POINT"
        bpy.ops.export_scene.gltf(filepath=str(path), export_cameras=True, export_lights=True)


def _paint(colours: Mapping[str, np.ndarray]) -> None:
    for material in bpy.data.materials:
        tree = compat.node_tree(material)
        clear = any(node.type in CLEAR for node in tree.nodes)
        tree.nodes.clear()
        shader = tree.nodes.new("ShaderNodeBsdfPrincipled")
        shader.inputs["Base Color"].default_value = (*colours.get(material.name, np.full(3, 0.5)), 1.0)
        shader.inputs["Roughness"].default_value = 0.05 if clear else 0.6
        shader.inputs["Alpha"].default_value = 0.1 if clear else 1.0
        output = tree.nodes.new("ShaderNodeOutputMaterial")
        tree.links.new(shader.outputs[0], output.inputs["Surface"])


def seen(renderer: BlenderRenderer, path: Path, family: str, camera: dict) -> FrameBundle:
    """A view of a file."""
    recipe = {
        "name": family,
        "scene": {"kind": family, "path": str(path)},
        "cameras": [camera],
        "views": 1,
        "render": {"samples": 32},
        "channels": ["rgb", "depth", "instance", "albedo", "material"],
    }
    job = next(plan_recipe(Recipe.model_validate(recipe)))
    return next(renderer.render(job)).bundle


def mean_colours(bundles: list[FrameBundle]) -> dict[str, np.ndarray]:
    """Mean albedo, linear, of each material that is seen."""
    found = defaultdict(list)
    for bundle in bundles:
        for row in bundle.meta["materials"]:
            pixels = bundle.channels["albedo"][bundle.channels["material"] == row["id"]]
            found[row["name"]].append(pixels.astype(np.float64))
    return {name: np.concatenate(each).mean(axis=0) for name, each in found.items() if sum(map(len, each))}


def row_of(bundle: FrameBundle) -> np.ndarray:
    """Colour, depth and instances side by side."""
    depth = bundle.channels["depth"]
    near, far = np.percentile(depth[np.isfinite(depth)], (0.5, 99.5))
    pictures = [bundle.channels["rgb"], colour_depth(depth, near, far)]
    return np.hstack([*pictures, colour_instance(bundle.channels["instance"])])


def main() -> None:
    """Write the room and the pictures of all three."""
    renderer = BlenderRenderer("auto")
    with tempfile.TemporaryDirectory() as scratch:
        colours = None
        for name, family in (("room.blend", "blend"), ("room.usdc", "usd"), ("room.glb", "gltf")):
            path = Path(scratch, name)
            write_room(path, colours)
            views = [seen(renderer, path, family, camera) for camera in (OWN, SAMPLED)]
            colours = colours or mean_colours(views)
            write_jpeg(IMAGES / f"{family}.jpg", np.vstack([row_of(each) for each in views]), 200_000)
    renderer.close()
    sys.stdout.flush()
    os._exit(0)  # after its glTF exporter, Blender 4.5 does not end


if __name__ == "__main__":
    main()
