"""A scene as its render would evaluate it: with the render's modifiers, levels and visibility.

Python gets the dependency graph of the viewport, in which modifiers may be off or coarser. A render engine is
handed that of the render; so one is made that looks at it and renders nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import bpy

from synthgen.blender.session import captured_output
from synthgen.errors import RenderError

ENGINE = "SYNTHGEN_LOOK"
T = TypeVar("T")


def seen_by_render(scene: bpy.types.Scene, frame: int, look: Callable[[bpy.types.Depsgraph], T]) -> T:
    """What `look` finds in the depsgraph of a scene's render at a frame of its animation.

    `look` may make meshes out of evaluated objects. The scene's render settings are not kept.

    Raises
    ------
    RenderError
        When the scene has no view layer that renders, or Blender cannot evaluate it. What `look` raises, it
        raises too.
    """
    found: list[T] = []
    problems: list[Exception] = []

    class Look(bpy.types.RenderEngine):
        bl_idname, bl_label = ENGINE, "synthgen"

        def render(self, depsgraph: bpy.types.Depsgraph) -> None:
            try:
                found.append(look(depsgraph))
            except Exception as error:  # Blender would print it and go on
                problems.append(error)

    window, before = bpy.context.window, bpy.context.scene
    bpy.utils.register_class(Look)
    try:
        window.scene = scene  # the frame of a scene in no window is not that of its render
        scene.frame_set(frame)
        _render_least(scene)
        with captured_output() as output:
            try:
                bpy.ops.render.render()
            except RuntimeError as error:
                raise RenderError(f"cannot be evaluated: {' '.join(str(error).split())}") from None
    finally:
        window.scene = before
        bpy.utils.unregister_class(Look)  # Blender 4.5 does not end with an engine registered
    if problems:
        raise problems[0]
    if not found:
        said = output.text.strip().splitlines()
        raise RenderError(
            f"cannot be evaluated ({said[-1] if said else 'it has no view layer that renders'})"
        )
    return found[0]


def _render_least(scene: bpy.types.Scene) -> None:
    """One view layer, few pixels, and nothing of what would come before or after the render."""
    render = scene.render
    render.engine = ENGINE
    render.resolution_x = render.resolution_y = 16
    render.resolution_percentage = 100
    for name in ("border", "compositing", "freestyle", "motion_blur", "multiview", "sequencer", "stamp"):
        if hasattr(render, f"use_{name}"):
            setattr(render, f"use_{name}", False)
    layers = [layer for layer in scene.view_layers if layer.use]
    for layer in layers[1:]:
        layer.use = False
    if scene.camera is None:  # Blender renders from none; it is not in the scene, so nobody sees it
        scene.camera = bpy.data.objects.new("look", bpy.data.cameras.new("look"))
