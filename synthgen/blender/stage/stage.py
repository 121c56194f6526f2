"""`Stage`: the empty Blender scene that a family's builder fills, and what it hands back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import bpy
import numpy as np

from synthgen.blender.assets.shelf import AssetShelf
from synthgen.blender.stage.contact import Contact
from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.frame.bundle import Instance
from synthgen.geometry.camera import Camera
from synthgen.geometry.motion import RigidMotion

INSTANCE_PROPERTY = "synthgen_instance"
"""Custom property of an object with the id of its instance. Shaders read it as a float32 attribute."""


def instance_id(made: bpy.types.Object) -> int:
    """Id of the instance that an object belongs to, 0 for none."""
    return int(made.get(INSTANCE_PROPERTY, 0))


@dataclass(frozen=True, slots=True)
class CameraRegion:
    """Where cameras may stand: a floor outline (n, 2) in metres, counter-clockwise, at height `floor_z_m`."""

    outline_m: np.ndarray
    floor_z_m: float = 0.0
    ceiling_z_m: float = math.inf


class OwnCamera(Protocol):
    """A camera that a scene brings along, such as one of a scene file.

    Attributes
    ----------
    name : what the recipe may call it by
    world_from_camera : (4, 4) float64, OpenCV frame
    """

    name: str
    world_from_camera: np.ndarray

    def lens(self, width: int, height: int) -> Camera:
        """The camera for an image of a size in pixels. Raises `RenderError` when we have no model of it."""


@dataclass(frozen=True, slots=True)
class BuiltScene:
    """What a builder returns: where cameras may be, and everything it drew, as plain JSON values.

    `cameras` are those that the scene brings along, in the order in which views take them.
    """

    camera_region: CameraRegion
    sampled: Mapping[str, object]
    cameras: tuple[OwnCamera, ...] = ()


class Stage:
    """One scene being built. Everything visible belongs to an instance, so that every pixel has an id.

    Several objects may share an instance (a lamp and its shade); a custom property carries the id
    to Cycles, because its object index ends at 32,767.

    Attributes
    ----------
    instances : in the order of their ids, from 1
    moving : how instances move, by id; what is not here stands still
    contacts : how instances meet others, by id; `truth.contacts: checked` refuses scenes in which they do not
    assets : the imported models that the recipe names; empty without any
    """

    def __init__(
        self, scene: bpy.types.Scene, class_names: Sequence[str], assets: AssetShelf | None = None
    ) -> None:
        self.scene = scene
        self.assets = assets or AssetShelf()
        self.instances: list[Instance] = []
        self.moving: dict[int, RigidMotion] = {}
        self.contacts: dict[int, Contact] = {}
        self._class_names = frozenset(class_names)

    def instance(self, class_name: str, name: str | None = None, contact: Contact | None = None) -> Instance:
        """A new instance with the next id; the name defaults to `chair.003`.

        Of one with a `contact` it can be checked that something holds it and that it runs into nothing.
        """
        if class_name not in self._class_names:
            raise KeyError(f"the family's spec does not list the class '{class_name}'")
        number = sum(existing.class_name == class_name for existing in self.instances)
        made = Instance(len(self.instances) + 1, name or f"{class_name}.{number:03d}", class_name)
        self.instances.append(made)
        if contact is not None:
            self.contacts[made.id] = contact
        return made

    def add(
        self,
        builder: MeshBuilder,
        instance: Instance,
        materials: Mapping[str, bpy.types.Material],
        position_m: Sequence[float] = (0.0, 0.0, 0.0),
        yaw_deg: float = 0.0,
    ) -> bpy.types.Object:
        """Put a mesh into the scene as (part of) an instance."""
        mesh = builder.to_mesh(instance.name, materials)
        return self.add_object(bpy.data.objects.new(instance.name, mesh), instance, position_m, yaw_deg)

    def add_object(
        self,
        made: bpy.types.Object,
        instance: Instance,
        position_m: Sequence[float] = (0.0, 0.0, 0.0),
        yaw_deg: float = 0.0,
    ) -> bpy.types.Object:
        """Put any renderable object into the scene as (part of) an instance."""
        made.location = position_m
        made.rotation_euler = (0.0, 0.0, math.radians(yaw_deg))
        made[INSTANCE_PROPERTY] = instance.id
        self.scene.collection.objects.link(made)
        return made

    def move(self, instance: Instance, motion: RigidMotion) -> None:
        """Let an instance move: all of its objects, as one. The scene is built as it is at the time 0."""
        self.moving[instance.id] = motion

    def add_light(self, made: bpy.types.Object) -> bpy.types.Object:
        """Put a lamp (never visible as a surface) into the scene."""
        self.scene.collection.objects.link(made)
        return made
