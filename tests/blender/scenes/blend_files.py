"""Scenes as a user would build them in Blender, to be saved as .blend files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

from synthgen.blender import compat

CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) / 2
FACES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
Place = Sequence[float]


def empty_file() -> bpy.types.Scene:
    """A new Blender file with an empty scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return bpy.context.scene


def add(data: bpy.types.ID | None, name: str, place: Place = (0, 0, 0), into=None) -> bpy.types.Object:
    """An object in a collection, by default that of the scene."""
    made = bpy.data.objects.new(name, data)
    made.location = place
    (into or bpy.context.scene.collection).objects.link(made)
    return made


def box(name: str, size: float | Place, place: Place = (0, 0, 0), into=None) -> bpy.types.Object:
    """A box about a place."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata((CORNERS * size).tolist(), [], FACES)
    return add(mesh, name, place, into)


def floor(name: str = "Floor", half: float = 5.0, z: float = 0.0, into=None) -> bpy.types.Object:
    """A square that looks up."""
    mesh = bpy.data.meshes.new(name)
    corners = [(x * half, y * half, 0) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    mesh.from_pydata(corners, [], [range(4)])
    return add(mesh, name, (0, 0, z), into)


def sun(strength: float = 3.0) -> bpy.types.Object:
    """A sun that shines down."""
    light = bpy.data.lights.new("Sun", "SUN")
    light.energy = strength
    return add(light, "Sun", (0, 0, 10))


def camera(name: str = "Camera", place: Place = (0, -6, 1.5), target: Place = (0, 0, 0.5), **lens):
    """A camera that looks at a point; the first one is the scene's."""
    data = bpy.data.cameras.new(name)
    for key, value in lens.items():
        setattr(data, key, value)
    made = add(data, name, place)
    forward = Vector(target) - Vector(place)
    made.rotation_euler = forward.to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.camera = bpy.context.scene.camera or made
    return made


def placed(collection: bpy.types.Collection, name: str, place: Place, into=None) -> bpy.types.Object:
    """An instance of a collection."""
    made = add(None, name, place, into)
    made.instance_type, made.instance_collection = "COLLECTION", collection
    return made


def textured(name: str, image: bpy.types.Image) -> bpy.types.Material:
    """A material with an image as its colour."""
    material = bpy.data.materials.new(name)
    tree = compat.node_tree(material)
    node = tree.nodes.new("ShaderNodeTexImage")
    node.image = image
    tree.links.new(node.outputs[0], tree.nodes["Principled BSDF"].inputs["Base Color"])
    return material


def geometry_nodes(name: str) -> tuple[bpy.types.NodeTree, bpy.types.Node, bpy.types.Node]:
    """A geometry node group with its input and its output node."""
    group = bpy.data.node_groups.new(name, "GeometryNodeTree")
    for side in ("INPUT", "OUTPUT"):
        group.interface.new_socket("Geometry", in_out=side, socket_type="NodeSocketGeometry")
    return group, group.nodes.new("NodeGroupInput"), group.nodes.new("NodeGroupOutput")


def scatter(on: bpy.types.Object, what: bpy.types.Object) -> None:
    """Copies of an object on every vertex of another, which stays as it is, by geometry nodes."""
    group, start, end = geometry_nodes("scatter")
    info = group.nodes.new("GeometryNodeObjectInfo")
    info.inputs["Object"].default_value = what
    info.inputs["As Instance"].default_value = True
    copies, both = (
        group.nodes.new("GeometryNodeInstanceOnPoints"),
        group.nodes.new("GeometryNodeJoinGeometry"),
    )
    group.links.new(start.outputs[0], copies.inputs["Points"])
    group.links.new(info.outputs["Geometry"], copies.inputs["Instance"])
    for source in (start.outputs[0], copies.outputs[0]):
        group.links.new(source, both.inputs[0])
    group.links.new(both.outputs[0], end.inputs[0])
    on.modifiers.new("scatter", "NODES").node_group = group


def save(path: Path, compress: bool = False) -> Path:
    """Save the file."""
    bpy.ops.wm.save_as_mainfile(filepath=str(path), check_existing=False, compress=compress)
    return path
