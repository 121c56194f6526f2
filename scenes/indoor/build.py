"""`build`: an `indoor` scene in Blender, from a drawn spec and a seed."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from synthgen.blender.stage.board import add_board_coordinates
from synthgen.blender.stage.stage import BuiltScene, CameraRegion, Stage
from synthgen.seeding import canonical_json, rng_for

from .contact import contact_of, sinks_m
from .floating import add_floating
from .furniture import build_item
from .layout.arrange import plan_room
from .layout.region import camera_region
from .layout.room_plan import Item, Layout
from .light import lamps_on, light_room
from .look.palette import Palette, draw_palette
from .look.roles import WITH_BOARDS
from .moving import FreeAir, add_moving
from .room import build_shell


def build(stage: Stage, spec: Any, seed: int) -> BuiltScene:
    """Build a furnished, lit room.

    Parameters
    ----------
    stage : an empty stage
    spec : the family's `Spec` with every value drawn
    seed : decides everything that the spec leaves open
    """
    layout = plan_room(spec, seed, stage.assets if stage.assets.classes else None)
    lit, kelvin = lamps_on(spec, layout), float(spec.light.lamp_kelvin)
    palette = draw_palette(spec.style, float(spec.wear), seed, lamps_on=lit, lamp_kelvin=kelvin)
    shell = build_shell(stage, layout, palette, seed)
    for room in layout.rooms():
        _furnish(stage, room, palette)
    lights = light_room(stage, layout, palette, spec, seed)
    air = FreeAir(stage, layout)
    floating = add_floating(stage, air, spec.floating_objects, layout.height_m, seed)
    moving = add_moving(stage, air, palette, spec.moving, seed)
    sampled = {
        "style": palette.style,
        "layout": _described(layout),
        "shell": shell,
        "materials": palette.sampled(),
        "light": lights,
    }
    return BuiltScene(
        camera_region=CameraRegion(*camera_region(layout)),
        sampled=sampled
        | ({"floating_objects": floating} if floating else {})
        | ({"moving": moving} if moving else {}),
    )


def _furnish(stage: Stage, layout: Layout, palette: Palette) -> None:
    # Equal things share one mesh: the chairs of a set, a row of the same lamp.
    meshes: dict[str, bpy.types.Mesh] = {}
    for item in layout.items:
        instance = stage.instance(item.class_name, contact=contact_of(item))
        key = canonical_json([item.kind, item.size_m, item.seed, dict(item.params)])
        if key not in meshes:
            imported = item.params.get("asset")
            meshes[key] = (
                stage.assets.mesh(item.class_name, str(imported))
                if imported is not None
                else _mesh(item, instance.name, palette)
            )
        made = bpy.data.objects.new(instance.name, meshes[key])
        x, y, z = item.position_m
        z -= sinks_m(item, None if item.parent is None else layout.items[item.parent])
        stage.add_object(made, instance, (x, y, z + layout.floor_z_m), item.yaw_deg)


def _mesh(item: Item, name: str, palette: Palette) -> bpy.types.Mesh:
    builder = build_item(item.kind, item.size_m, rng_for(item.seed, item.kind), dict(item.params))
    roles = builder.material_keys()
    mesh = builder.to_mesh(name, palette.materials_for(roles, item.kind, item.seed))
    if any(role.partition(":")[0] in WITH_BOARDS for role in roles):
        add_board_coordinates(mesh, rng_for(item.seed, "boards"))
    return mesh


def _described(layout: Layout) -> dict[str, object]:
    return {
        "outline_m": np.round(layout.outline_m, 3).tolist(),
        "height_m": round(layout.height_m, 3),
        "windows": len(layout.windows),
        "items": [
            {
                "kind": item.kind,
                "class": item.class_name,
                "size_m": [round(float(v), 3) for v in item.size_m],
                "position_m": [round(float(v), 3) for v in item.position_m],
                "yaw_deg": round(float(item.yaw_deg), 1),
                **({"asset": item.params["asset"]} if "asset" in item.params else {}),
            }
            for item in layout.items
        ],
    }
