"""`build`: a `gltf` scene, from a drawn spec and a seed."""

from __future__ import annotations

from typing import Any

import bpy

from synthgen.blender.scene_file.build import build_scene_file
from synthgen.blender.scene_file.importing import import_into_scene
from synthgen.blender.stage.stage import BuiltScene, Stage

ADDON = "io_scene_gltf2"


def build(stage: Stage, spec: Any, seed: int) -> BuiltScene:
    """Put what the render of a glTF file shows on the stage."""
    return build_scene_file(stage, spec, seed, _opened)


def _opened(spec: Any) -> bpy.types.Scene:
    if ADDON not in bpy.context.preferences.addons:
        bpy.ops.preferences.addon_enable(module=ADDON)
    scene, _ = import_into_scene(lambda: bpy.ops.import_scene.gltf(filepath=spec.path))
    return scene
