"""Things on the stage: meshes, materials, instances and motions of what a layout has placed."""

from __future__ import annotations

import bpy
from mathutils import Matrix

from synthgen.blender.stage.contact import FLOATS, STANDS
from synthgen.blender.stage.stage import Stage
from synthgen.geometry.motion import RigidMotion
from synthgen.seeding import rng_for

from .layout.thing import Drift, Model, Thing
from .look.palette import TEXTURE_PROPERTY, Palette, has_boards, texture_size
from .mesh import mesh_of
from .things import KINDS


def add_things(stage: Stage, things: list[Thing], palette: Palette) -> list[dict[str, object]]:
    """Put things into the scene, copies of a model with one mesh; returns what they are, as JSON values."""
    meshes: dict[int, tuple[bpy.types.Mesh, list[str]]] = {}
    described = []
    for thing in things:
        model = thing.model
        contact = STANDS if thing.role in ("standing", "piled") else FLOATS
        instance = stage.instance(model.class_name or KINDS[model.kind].class_name, contact=contact)
        if model.number not in meshes:
            imported = (stage.assets.mesh(model.class_name, model.asset), []) if model.asset else None
            meshes[model.number] = imported or _mesh(model, instance.name, palette)
        mesh, names = meshes[model.number]
        made = bpy.data.objects.new(instance.name, mesh)
        made[TEXTURE_PROPERTY] = texture_size(model.size_m)
        stage.add_object(made, instance)
        made.matrix_world = Matrix(thing.world_from_own)
        if thing.drift is not None:
            stage.move(instance, _motion(thing, thing.drift))
        described.append(
            {
                "kind": thing.kind,
                "role": thing.role,
                "instance": instance.id,
                "materials": names,
                "size_m": round(float(thing.size_m), 3),
                "position_m": [round(float(value), 3) for value in thing.position_m],
                **({"asset": model.asset} if model.asset else {}),
            }
        )
    return described


def _mesh(model: Model, name: str, palette: Palette) -> tuple[bpy.types.Mesh, list[str]]:
    """The mesh of a model, and the names of its materials."""
    rng = rng_for(model.seed, "materials")
    chosen = {part: palette.choose(part, rng) for part in dict.fromkeys(each.part for each in model.pieces)}
    materials = {part: palette.material(each) for part, each in chosen.items()}
    mesh = mesh_of(model.pieces, name, materials, rng if has_boards(chosen.values()) else None)
    return mesh, sorted({each.partition(":")[0] for each in chosen.values()})


def _motion(thing: Thing, drift: Drift) -> RigidMotion:
    return RigidMotion(
        pivot_m=tuple(float(value) for value in thing.position_m),
        spin_axis=drift.spin_axis,
        spin_deg_s=drift.spin_deg_s,
        sway_m=drift.sway_m,
        sway_period_s=drift.sway_period_s,
    )
