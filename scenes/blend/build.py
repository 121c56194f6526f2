"""`build`: a `blend` scene, from a drawn spec and a seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from synthgen.assets.mesh_header import blend_version
from synthgen.blender.scene_file.build import build_scene_file
from synthgen.blender.session import captured_output
from synthgen.blender.stage.stage import BuiltScene, Stage
from synthgen.errors import RenderError, unknown_name


def build(stage: Stage, spec: Any, seed: int) -> BuiltScene:
    """Put what the render of a .blend shows on the stage."""
    return build_scene_file(stage, spec, seed, _opened)


def _opened(spec: Any) -> bpy.types.Scene:
    """The file's scene, read as data: no text block of it is run, and its drivers run no Python."""
    written_by, here = blend_version(Path(spec.path)), bpy.app.version[:2]
    if written_by > here:
        raise RenderError(
            f"was saved by Blender {_dotted(written_by)}; this is {_dotted(here)}, which would lose parts of "
            f"it: install a newer bpy, or save the file from Blender {_dotted(here)}"
        )
    bpy.context.preferences.filepaths.use_scripts_auto_execute = False
    with captured_output():
        try:
            with bpy.data.libraries.load(spec.path, link=False) as (there, taken):
                taken.scenes = [_name(list(there.scenes), spec.scene)]
        except OSError as error:
            raise RenderError(f"cannot be read as a .blend ({' '.join(str(error).split())})") from None
    return taken.scenes[0]


def _name(scenes: list[str], wanted: str | None) -> str:
    if wanted is not None and wanted not in scenes:
        raise RenderError(unknown_name("scene", wanted, scenes))
    if wanted is None and len(scenes) != 1:
        raise RenderError(
            f"expected one scene (found {len(scenes)}: {', '.join(scenes)}); say which with scene.scene"
        )
    return wanted or scenes[0]


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
