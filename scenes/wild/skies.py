"""Calculated skies: a blue that pales towards the horizon, clouds in two decks, a glow around the sun."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
import numpy as np

from synthgen.blender.compat import node_tree
from synthgen.blender.stage.material import Color, NodeGraph, Wire


@dataclass(frozen=True, slots=True)
class Hour:
    """The light of a time of day.

    Attributes
    ----------
    zenith, horizon : radiance of the clear sky, linear
    cloud : radiance of a lit cloud
    below : radiance of what lies under the horizon
    level : mean radiance that a light field is brought to
    elevation_deg : of the sun (or the moon), from and to
    sun : W/m2 on a surface that faces it
    kelvin : colour of the sun
    """

    zenith: Color
    horizon: Color
    cloud: Color
    below: Color
    level: float
    elevation_deg: tuple[float, float]
    sun: float
    kelvin: float


HOURS = {
    "day": Hour(
        (0.09, 0.22, 0.58),
        (0.55, 0.70, 0.92),
        (1.25, 1.25, 1.25),
        (0.42, 0.45, 0.48),
        0.7,
        (24, 66),
        5.0,
        5600,
    ),
    "low_sun": Hour(
        (0.13, 0.24, 0.48), (1.0, 0.66, 0.38), (1.2, 0.85, 0.6), (0.34, 0.28, 0.25), 0.5, (6, 19), 4.0, 3900
    ),
    "dusk": Hour(
        (0.035, 0.06, 0.16),
        (0.42, 0.24, 0.20),
        (0.16, 0.13, 0.16),
        (0.05, 0.05, 0.06),
        0.1,
        (1, 4),
        0.1,
        2900,
    ),
    "night": Hour(
        (0.004, 0.007, 0.018),
        (0.014, 0.017, 0.026),
        (0.012, 0.014, 0.02),
        (0.004, 0.005, 0.007),
        0.012,
        (25, 60),
        0.12,
        8500,
    ),
}
COVER = {"clear": (0.66, 0.8), "cloudy": (0.47, 0.6), "overcast": (0.15, 0.5)}
"""Noise from which clouds begin, and at which they are whole."""


def calculated_sky(
    scene: bpy.types.Scene,
    hour: Hour,
    kind: str,
    strength: float,
    sun_way: np.ndarray,
    rng: np.random.Generator,
    *,
    seen: float = 1.0,
) -> bpy.types.World:
    """Light the scene with a sky.

    Parameters
    ----------
    kind : clear, cloudy or overcast
    sun_way : (3,) unit, towards the sun
    seen : factor on what the eye sees, against the light that the sky sends
    """
    world = bpy.data.worlds.new("sky")
    graph = NodeGraph(node_tree(world))
    way = graph.coordinates("Generated")
    x, y, z = way.xyz()
    up = z.abs()
    blue = graph.mix(up.ramp(-0.35, 0.65), hour.horizon, hour.zenith)
    blue = graph.mix((z * -6.0).clamp(), blue, hour.below)
    low, high = COVER[kind]
    deck = graph.vector(x / (up + 0.2), y / (up + 0.2), float(rng.uniform(0, 90)))
    shape = graph.noise(deck, float(rng.uniform(0.5, 1.1)), detail=7.0, roughness=0.56, distortion=0.2)
    cover = shape.ramp(low, high) * up.ramp(0.015, 0.16)
    if kind == "overcast":
        cover = up.ramp(-0.2, 0.3)
    # Thick parts are grey below; what lies towards the sun is bright.
    thick = (shape - low).ramp(0.0, 0.32)
    facing = graph.vector_math("DOT_PRODUCT", way, tuple(float(value) for value in sun_way))
    lit = graph.mix(thick * 0.75, hour.cloud, scaled_light(hour.cloud, 0.42))
    lit = lit * (0.75 + facing.ramp(0.2, 1.0) * 0.6)
    if kind == "overcast":
        soft = graph.choose(up.ramp(0.02, 0.3), 0.5, shape)  # no streaks where the deck is seen edge-on
        lit = graph.mix(soft.ramp(0.25, 0.75), scaled_light(hour.cloud, 0.4), scaled_light(hour.cloud, 0.75))
    sky = graph.mix(cover * (z.ramp(-0.3, -0.02, 0.6, 1.0)), blue, lit)
    halo = facing.ramp(0.75, 1.0) * facing.ramp(0.75, 1.0)
    sky = sky + graph.mix(halo, (0.0, 0.0, 0.0), scaled_light(hour.horizon, 0.9))
    background = graph.node("ShaderNodeBackground")
    eye = graph.ray("Is Camera Ray").max(graph.ray("Is Singular Ray"))
    graph.feed(background, (sky, graph.choose(eye, strength, strength * seen)))
    graph.feed(graph.node("ShaderNodeOutputWorld"), (Wire(graph, background.outputs[0]),))
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = 256
    scene.world = world
    return world


def scaled_light(color: Color, factor: float) -> Color:
    """Radiance times a factor; unlike a colour of a surface it may exceed 1."""
    return tuple(channel * factor for channel in color)


def towards_sun(elevation_deg: float, yaw_deg: float) -> np.ndarray:
    """(3,) unit vector towards the sun."""
    up, turn = math.radians(elevation_deg), math.radians(yaw_deg)
    return np.array([math.cos(up) * math.cos(turn), math.cos(up) * math.sin(turn), math.sin(up)])
