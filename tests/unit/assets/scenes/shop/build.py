"""Builds the row in a closed hall: assets by their share, grey boxes for the rest."""

import bpy
import numpy as np

from synthgen.blender.stage.light import area, light_field
from synthgen.blender.stage.material import new_material
from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.stage import BuiltScene, CameraRegion, Stage
from synthgen.seeding import rng_for

HALL_M = (8.0, 6.0, 3.0)


def build(stage: Stage, spec, seed: int) -> BuiltScene:
    """Chairs before the back wall, lamps before them, all 1 m apart."""
    wide, deep, high = HALL_M
    material, graph = new_material("grey")
    graph.finish(graph.principled(base_color=(0.6, 0.6, 0.6)))
    corners = [(x * wide / 2, y * deep / 2, z) for z in (0.0, high) for y in (-1, 1) for x in (-1, 1)]
    inward = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    stage.add(
        MeshBuilder().faces(np.array(corners), inward, "grey"), stage.instance("wall"), {"grey": material}
    )
    names = []
    for class_name, count, y in (("chair", spec.chairs, 2.0), ("lamp", spec.lamps, 0.5)):
        rng = rng_for(seed, class_name)
        for number in range(count):
            instance = stage.instance(class_name)
            model = stage.assets.pick(class_name, rng)
            if model is None:
                mesh = (
                    MeshBuilder().box((0.4, 0.4, 0.4), (0, 0, 0.2), "grey").to_mesh("box", {"grey": material})
                )
            else:
                mesh = stage.assets.mesh(class_name, model.id)
            made = bpy.data.objects.new(instance.name, mesh)
            stage.add_object(made, instance, (number - (count - 1) / 2, y, 0.0))
            names.append(model.id if model else "own")
    path = stage.assets.environment(rng_for(seed, "environment"))
    if path is not None:
        light_field(stage.scene, path)
    stage.add_light(area("lamp", (0, 0, high - 0.1), (0, 0, -1), 1, 1, power_w=150))
    outline = np.array([(-wide / 2, -deep / 2), (wide / 2, -deep / 2), (wide / 2, -0.5), (-wide / 2, -0.5)])
    return BuiltScene(CameraRegion(outline, 0.0, high), {"things": names})
