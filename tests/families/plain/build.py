"""Builds the plain room: one wall box, then spheres and boxes in turn, one area light."""

import bpy
import numpy as np

from synthgen.blender import compat
from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.stage import BuiltScene, CameraRegion, Stage
from synthgen.geometry.motion import RigidMotion
from synthgen.seeding import rng_for


def build(stage: Stage, spec, seed: int) -> BuiltScene:
    """A room of 3 m height whose things hang anywhere in it."""
    half = spec.size_m / 2
    rng = rng_for(seed, "plain")
    corners = [(x * half, y * half, z) for z in (0.0, 3.0) for y in (-1, 1) for x in (-1, 1)]
    inward = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    room = MeshBuilder().faces(np.array(corners), inward, "grey")
    stage.add(room, stage.instance("wall"), {"grey": _matte("grey", (0.6, 0.6, 0.6))})
    for index in range(spec.objects):
        _add_thing(stage, index, half, rng)
    for index in range(spec.objects, spec.objects + spec.moving):
        number = index - spec.objects
        drawn = rng_for(seed, "plain", "moving", number)
        instance, place = _add_thing(stage, index, half, drawn, scale=(1.2, 0.9, 1.1))
        stage.move(instance, _motion(place, swings=number % 3 == 2, rng=drawn))
    light = bpy.data.lights.new("light", "AREA")
    light.energy, light.size = 120.0, 2.0
    lamp = bpy.data.objects.new("light", light)
    lamp.location = (0.0, 0.0, 2.95)
    stage.add_light(lamp)
    if spec.bump:
        for material in bpy.data.materials:
            _add_bump(material)
    outline = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
    return BuiltScene(CameraRegion(outline, 0.0, 3.0), {"objects": spec.objects})


def _add_thing(stage: Stage, index: int, half_m: float, rng: np.random.Generator, scale=(1, 1, 1)):
    thing = MeshBuilder()
    if index % 2:
        thing.box((0.4, 0.4, 0.4), (0, 0, 0), "matte", bevel=0.02)
    else:
        latitude = np.linspace(-np.pi / 2, np.pi / 2, 17)
        profile = np.column_stack([np.cos(latitude), np.sin(latitude)]) * 0.25
        thing.lathe(profile, (0, 0, 0), "matte", segments=32)
    position = (*rng.uniform(-half_m + 0.5, half_m - 0.5, 2), rng.uniform(0.3, 2.6))
    materials = {"matte": _matte(f"matte{index}", rng.uniform(0.1, 0.9, 3))}
    instance = stage.instance("object")
    stage.add(thing, instance, materials, position, rng.uniform(0, 360)).scale = scale
    return instance, position


def _motion(place, swings: bool, rng: np.random.Generator) -> RigidMotion:
    return RigidMotion(
        pivot_m=place,
        velocity_m_s=tuple(rng.uniform(-0.6, 0.6, 3)),
        spin_axis=tuple(rng.normal(size=3)),
        spin_deg_s=float(rng.uniform(-180, 180)),
        swing_period_s=float(rng.uniform(1, 3)) if swings else None,
    )


def _matte(name: str, colour) -> bpy.types.Material:
    material = bpy.data.materials.new(name)
    shader = compat.node_tree(material).nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    return material


def _add_bump(material: bpy.types.Material) -> None:
    nodes, links = material.node_tree.nodes, material.node_tree.links
    noise, bump = nodes.new("ShaderNodeTexNoise"), nodes.new("ShaderNodeBump")
    bump.inputs["Distance"].default_value = 0.5  # metres
    links.new(noise.outputs[0], bump.inputs["Height"])
    links.new(bump.outputs["Normal"], nodes["Principled BSDF"].inputs["Normal"])
