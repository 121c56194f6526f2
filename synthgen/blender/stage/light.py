"""Light: a world from a light field, lamps, portals.

Powers are watts as Blender counts them; `watts_of` gives those of a lamp whose lumens are known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

from synthgen.blender.compat import node_tree
from synthgen.blender.stage.material import Color, NodeGraph, Wire
from synthgen.errors import RenderError, unknown_name

WHITE: Color = (1.0, 1.0, 1.0)
LUMENS_PER_WATT = 50.0
"""What one of Blender's watts stands for, and so one of its units of radiance for 50 cd/m2. Only ratios
count, as exposure is automatic; with this one well-lit walls are around 1, as noise and clamping expect."""
SUN_SHARE = 0.15
"""A light field has a sun of its own when more than this share of its light comes from few bright points."""


@dataclass(frozen=True, slots=True)
class FieldLevels:
    """How bright a light field is.

    Attributes
    ----------
    mean : luminance around and above the horizon, without suns
    has_sun : whether it casts hard shadows
    """

    mean: float
    has_sun: bool


def watts_of(lumens: float) -> float:
    """Blender's watts of a lamp."""
    return lumens / LUMENS_PER_WATT


def bundled_light_field(name: str) -> Path:
    """The file of a light field that comes with Blender, such as "forest" (1024 x 512, CC0).

    Raises
    ------
    RenderError
        When this Blender has none of that name.
    """
    folder = Path(bpy.utils.system_resource("DATAFILES", path="studiolights/world"))
    found = {path.stem: path for path in sorted(folder.glob("*.exr"))}
    if name not in found:
        raise RenderError(unknown_name("light field", name, list(found)))
    return found[name]


def light_field(
    scene: bpy.types.Scene,
    path: Path,
    *,
    yaw_deg: float = 0.0,
    strength: float = 1.0,
    seen: float = 1.0,
    saturation: float = 1.0,
    tint: Color = WHITE,
) -> bpy.types.World:
    """Light the scene with an equirectangular image.

    Parameters
    ----------
    yaw_deg : turn of the surroundings about the vertical, counter-clockwise seen from above
    strength : factor on the image's radiance
    seen : further factor for what camera rays and mirror reflections see. Below 1 it dims the view from a
        window against the light that comes in, as photographers do who blend exposures.
    saturation : of the light that comes in; what is seen keeps its colours. Below 1 it does what the white
        balance of a camera does with the green light from under trees.
    tint : factor per channel
    """
    world = bpy.data.worlds.new("light field")
    graph = NodeGraph(node_tree(world))
    turn = graph.node("ShaderNodeMapping", vector_type="POINT")
    graph.feed(turn, (graph.coordinates("Generated"), None, (0.0, 0.0, math.radians(-yaw_deg))))
    image = graph.node("ShaderNodeTexEnvironment")
    image.image = _loaded(path)
    graph.feed(image, (Wire(graph, turn.outputs[0]),))
    eye = graph.ray("Is Camera Ray").max(graph.ray("Is Singular Ray"))
    background = graph.node("ShaderNodeBackground")
    color = Wire(graph, image.outputs[0])
    if saturation != 1.0:
        balanced = graph.node("ShaderNodeHueSaturation")
        for name, value in (("Saturation", saturation), ("Color", color)):
            graph.connect(balanced.inputs[name], value)
        color = graph.mix(eye, Wire(graph, balanced.outputs[0]), color)
    if tint != WHITE:
        color = color * tint
    graph.feed(background, (color, graph.choose(eye, strength, strength * seen)))
    graph.feed(graph.node("ShaderNodeOutputWorld"), (Wire(graph, background.outputs[0]),))
    # Cycles' own choice is a map finer than the image: seconds of every render, and no less noise.
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = image.image.size[0]
    scene.world = world
    return world


@cache
def field_levels(path: Path) -> FieldLevels:
    """How bright the equirectangular image of a light field is, from 15 degrees below the horizon up.

    The brightest 0.2 % of the pixels count as if they were no brighter than the next: what they have more is
    the light of suns.

    Raises
    ------
    RenderError
        When it cannot be read, or is black.
    """
    image = _loaded(path)
    width, height = image.size
    pixels = np.empty(width * height * image.channels, np.float32)
    image.pixels.foreach_get(pixels)
    luminance = pixels.reshape(height, width, -1)[..., :3] @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    latitude = ((np.arange(height) + 0.5) / height - 0.5) * math.pi
    above = latitude > math.radians(-15.0)
    weight = np.repeat(np.cos(latitude[above])[:, None], width, axis=1).ravel()
    light = luminance[above].ravel().astype(np.float64)
    whole = float(np.average(light, weights=weight))
    mean = float(np.average(np.minimum(light, np.quantile(light, 0.998)), weights=weight))
    if not mean > 0:
        raise RenderError(f"light field {path.name}: expected light (found a black image)")
    return FieldLevels(mean, whole - mean > SUN_SHARE * whole)


def _loaded(path: Path) -> bpy.types.Image:
    image = bpy.data.images.load(str(path), check_existing=True)
    if not image.has_data and not image.size[0]:  # reading the size loads the file
        raise RenderError(f"light field {path}: cannot be read")
    return image


def portal(
    name: str, position_m: Sequence[float], direction: Sequence[float], width_m: float, height_m: float
) -> bpy.types.Object:
    """An opening through which the light field enters along `direction`; tells Cycles where to sample."""
    light = bpy.data.lights.new(name, "AREA")
    light.shape, light.size, light.size_y = "RECTANGLE", width_m, height_m
    light.cycles.is_portal = True
    return _placed(light, position_m, direction)


def area(name: str, position_m: Sequence[float], direction: Sequence[float], width_m: float, height_m: float,
         *, power_w: float, kelvin: float | None = None) -> bpy.types.Object:  # fmt: skip
    """A rectangular lamp that shines along `direction`, white or of a colour temperature."""
    light = bpy.data.lights.new(name, "AREA")
    light.shape, light.size, light.size_y = "RECTANGLE", width_m, height_m
    light.energy = power_w
    if kelvin is not None:
        light.use_temperature, light.temperature = True, kelvin
    return _placed(light, position_m, direction)


def point(
    name: str, position_m: Sequence[float], *, power_w: float, radius_m: float = 0.03, kelvin: float = 6500.0
) -> bpy.types.Object:
    """A small round lamp of a colour temperature."""
    light = bpy.data.lights.new(name, "POINT")
    light.energy, light.shadow_soft_size = power_w, radius_m
    light.use_temperature, light.temperature = True, kelvin
    return _placed(light, position_m, (0.0, 0.0, -1.0))


def sun(
    name: str, direction: Sequence[float], *, strength: float, angle_deg: float = 0.53, kelvin: float = 5500.0
) -> bpy.types.Object:
    """The sun, shining along `direction`; `strength` is W/m2 on a surface that faces it."""
    light = bpy.data.lights.new(name, "SUN")
    light.energy, light.angle = strength, math.radians(angle_deg)
    light.use_temperature, light.temperature = True, kelvin
    return _placed(light, (0.0, 0.0, 10.0), direction)


def _placed(
    light: bpy.types.Light, position_m: Sequence[float], direction: Sequence[float]
) -> bpy.types.Object:
    made = bpy.data.objects.new(light.name, light)
    made.location = position_m
    made.rotation_euler = Vector(direction).to_track_quat("-Z", "Y").to_euler()
    return made
