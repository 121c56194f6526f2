"""Light of a scene file: its own lamps and world, or one of the light fields that come with Blender."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import bpy
import numpy as np
from mathutils import Matrix

from synthgen.blender.scene_file.surfaces import Lamp
from synthgen.blender.stage.light import bundled_light_field, light_field
from synthgen.blender.stage.stage import Stage
from synthgen.errors import RenderError
from synthgen.seeding import rng_for

OUTDOORS = ("city", "courtyard", "forest", "sunrise", "sunset")


def take_lights(stage: Stage, lamps: Sequence[Lamp], world: bpy.types.World | None, unit_m: float) -> None:
    """Light the stage as the file is lit.

    A file whose unit is not the metre is scaled, and lamps with it: distances by the unit, so watts by its
    square. A lamp itself is no surface, so it is not seen.
    """
    stage.scene.world = world
    for lamp in lamps:
        data = lamp.original.data
        if unit_m != 1.0:
            data = data.copy()
            if data.type != "SUN":
                data.energy *= unit_m**2
            for size in ("size", "size_y", "shadow_soft_size"):
                if hasattr(data, size):
                    setattr(data, size, getattr(data, size) * unit_m)
        made = bpy.data.objects.new(lamp.original.name, data)
        matrix = lamp.matrix.copy()
        matrix[:3, 3] *= unit_m
        made.matrix_world = Matrix(matrix)
        made.visible_camera = False
        stage.add_light(made)


def light_by_field(stage: Stage, seed: int) -> dict[str, object]:
    """Light the stage with a light field, drawn by seed; returns what was drawn."""
    rng = rng_for(seed, "light")
    name, yaw_deg = OUTDOORS[int(rng.integers(len(OUTDOORS)))], float(rng.uniform(0, 360))
    light_field(stage.scene, bundled_light_field(name), yaw_deg=yaw_deg)
    return {"environment": name, "yaw_deg": round(yaw_deg, 2)}


def check_lit(lamps: Sequence[Lamp], world: bpy.types.World | None, meshes: Iterable[bpy.types.ID]) -> None:
    """Raise `RenderError` where nothing gives light: the picture would be black."""
    if lamps or world is not None:
        return
    materials = {material for mesh in meshes for material in getattr(mesh, "materials", ()) if material}
    if not any(_glows(material) for material in materials):
        raise RenderError("has no light: no lamp, no world and nothing that glows; set light: ours")


def _glows(material: bpy.types.Material) -> bool:
    waiting, seen = [material.node_tree], set()
    while waiting:
        tree = waiting.pop()
        if tree is None or tree in seen:
            continue
        seen.add(tree)
        for node in tree.nodes:
            if node.type == "EMISSION":
                return True
            if node.type == "BSDF_PRINCIPLED":
                strength, colour = node.inputs["Emission Strength"], node.inputs["Emission Color"]
                dark = not colour.is_linked and not any(np.array(colour.default_value)[:3])
                if (strength.is_linked or strength.default_value > 0) and not dark:
                    return True
            waiting.append(node.node_tree if node.type == "GROUP" else None)
    return False
