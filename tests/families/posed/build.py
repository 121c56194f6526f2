"""Builds the yard: things on a floor under an even sky, a balloon, and a house whose faces look outwards."""

from dataclasses import dataclass

import bpy
import numpy as np

from synthgen.blender import compat
from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.stage import BuiltScene, CameraRegion, Stage
from synthgen.geometry.camera import Camera, PerspectiveCamera
from synthgen.geometry.pose import camera_rotation, world_from_camera

HOUSE_X_M = 60.0
COLOURS = {"plain": (0.5, 0.3, 0.2), "purple": (0.5, 0.08, 0.6), "magenta": (1.0, 0.0, 1.0)}
PLACES = {
    "yard": ((0.0, 0.0, 1.4), 0.0, -8.0),
    "balloon": ((0.0, 0.0, 1.4), 180.0, 60.0),
    "ground": ((-6.0, 0.0, 4.0), 180.0, -60.0),
    "solid": ((4.0, 0.0, 0.8), 30.0, 0.0),
    "house": ((HOUSE_X_M - 2.0, 0.0, 1.5), 0.0, -8.0),
}
"""Of each camera: where it is in metres, its heading and its pitch in degrees."""


@dataclass(frozen=True, slots=True)
class Posed:
    """A camera of the yard."""

    name: str
    world_from_camera: np.ndarray

    def lens(self, width: int, height: int) -> Camera:
        """A pinhole of 60 degrees."""
        return PerspectiveCamera.from_fov(width, height, 60)


def build(stage: Stage, spec, seed: int) -> BuiltScene:
    """The same for every seed."""
    floor = MeshBuilder().quad([(-30, -30, 0), (30, -30, 0), (30, 30, 0), (-30, 30, 0)], "grey")
    stage.add(floor, stage.instance("wall"), {"grey": _paint("grey", (0.5, 0.5, 0.5))})
    things = _paint("things", COLOURS[spec.paint])
    if spec.imageless:
        tree = compat.node_tree(things)
        node = tree.nodes.new("ShaderNodeTexImage")
        tree.links.new(node.outputs["Color"], tree.nodes["Principled BSDF"].inputs["Base Color"])
    _add_box(stage, things, (1.0, 1.0, 1.0), (4.0, 0.0, 0.8))
    for index in range(6):
        _add_box(stage, things, (0.4, 0.4, 1.2), (5.0 + 0.5 * index, 1.2 * index - 3.0, 0.6))
        _add_box(stage, things, (0.4, 0.4, 1.2), (HOUSE_X_M + index % 3, 0.8 * index - 2.0, 0.6))
    _add_box(stage, things, (0.3, 0.3, 0.3), (-3.0, 0.0, 6.6))
    _add_box(stage, _paint("plaster", (0.6, 0.6, 0.5)), (6.0, 6.0, 3.0), (HOUSE_X_M, 0.0, 1.5))
    lamp = bpy.data.objects.new("lamp", bpy.data.lights.new("lamp", "POINT"))
    lamp.data.energy, lamp.location = 200.0, (HOUSE_X_M - 1.0, 0.0, 2.6)
    stage.add_light(lamp)
    world = bpy.data.worlds.new("sky")
    compat.node_tree(world).nodes["Background"].inputs["Color"].default_value = (0.9, 0.95, 1.0, 1.0)
    stage.scene.world = world
    cameras = tuple(
        Posed(name, world_from_camera(np.array(place), camera_rotation(yaw_deg, pitch_deg, 0.0)))
        for name, (place, yaw_deg, pitch_deg) in PLACES.items()
    )
    outline = np.array([(-30, -30), (30, -30), (30, 30), (-30, 30)], dtype=float)
    return BuiltScene(CameraRegion(outline), {}, cameras)


def _add_box(stage: Stage, material: bpy.types.Material, size_m, centre_m) -> None:
    box = MeshBuilder().box(size_m, (0, 0, 0), "paint")
    stage.add(box, stage.instance("object"), {"paint": material}, centre_m)


def _paint(name: str, colour) -> bpy.types.Material:
    material = bpy.data.materials.new(name)
    shader = compat.node_tree(material).nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    return material
