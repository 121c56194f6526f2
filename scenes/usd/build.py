"""`build`: a `usd` scene, from a drawn spec and a seed."""

from __future__ import annotations

from typing import Any

import bpy

from synthgen.blender.scene_file.build import build_scene_file
from synthgen.blender.scene_file.importing import import_into_scene
from synthgen.blender.scene_file.missing import check_usd_output
from synthgen.blender.stage.stage import BuiltScene, Stage


def build(stage: Stage, spec: Any, seed: int) -> BuiltScene:
    """Put what the render of a USD stage shows on the stage."""
    return build_scene_file(stage, spec, seed, _opened)


def _opened(spec: Any) -> bpy.types.Scene:
    # Shared prototypes come in an order of their own; as plain objects everything keeps its place and name.
    scene, output = import_into_scene(
        lambda: bpy.ops.wm.usd_import(filepath=spec.path, support_scene_instancing=False)
    )
    check_usd_output(output)
    return scene
