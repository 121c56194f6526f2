"""Blender's importers, made to fill a scene of their own."""

from __future__ import annotations

from collections.abc import Callable

import bpy

from synthgen.blender.session import captured_output
from synthgen.errors import RenderError


def import_into_scene(run: Callable[[], object]) -> tuple[bpy.types.Scene, str]:
    """A new scene with what an operator imports, and what it printed.

    Raises
    ------
    RenderError
        When it fails.
    """
    scene, window = bpy.data.scenes.new("file"), bpy.context.window
    before, window.scene = window.scene, scene
    try:
        with captured_output() as output:
            try:
                run()
            except Exception as error:  # importers are programs of others: they raise whatever they meet
                reason = " ".join(str(error).split()).removeprefix("Error: ")
                raise RenderError(f"cannot be imported ({reason or type(error).__name__})") from None
    finally:
        window.scene = before
    return scene, output.text
