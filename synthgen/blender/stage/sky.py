"""Calculated skies: air that the sun shines through, clouds in two decks; at night a dim painted blue.

Radiances are those that a camera has exposed for: only ratios count, and a day's sky is around 0.7.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import bpy
import numpy as np

from synthgen.blender import compat
from synthgen.blender.stage.material import Color, NodeGraph, Wire

CALCULATED = ("clear", "cloudy", "overcast")
"""Kinds of calculated skies."""


@dataclass(frozen=True, slots=True)
class Hour:
    """The light of a time of day.

    Attributes
    ----------
    blue : mean radiance of the clear sky, roughly, as haze changes it
    night : radiance of a sky without sun at the horizon and in the zenith, linear; None with sun
    cloud : radiance of a lit cloud
    below : radiance of what lies under the horizon
    level : mean radiance that a light field is brought to
    elevation_deg : of the sun (or the moon), from and to
    sun : W/m2 on a surface that faces it
    kelvin : colour of the sun
    tint : factor per channel for a light field, which may be of another hour
    """

    blue: float
    night: tuple[Color, Color] | None
    cloud: Color
    below: Color
    level: float
    elevation_deg: tuple[float, float]
    sun: float
    kelvin: float
    tint: Color


HOURS = MappingProxyType(
    {
        "day": Hour(
            blue=0.55, night=None, cloud=(1.25, 1.25, 1.25), below=(0.42, 0.45, 0.48), level=0.7,
            elevation_deg=(24, 66), sun=5.0, kelvin=5600, tint=(1.0, 1.0, 1.0),
        ),
        "low_sun": Hour(
            blue=0.52, night=None, cloud=(1.2, 0.85, 0.6), below=(0.34, 0.28, 0.25), level=0.5,
            elevation_deg=(6, 19), sun=4.0, kelvin=3900, tint=(1.15, 0.98, 0.82),
        ),
        "dusk": Hour(
            blue=0.13, night=None, cloud=(0.16, 0.13, 0.16), below=(0.05, 0.05, 0.06), level=0.1,
            elevation_deg=(-1, 3), sun=0.1, kelvin=2900, tint=(0.75, 0.86, 1.15),
        ),
        "night": Hour(
            blue=0.012, night=((0.014, 0.017, 0.026), (0.004, 0.007, 0.018)), cloud=(0.012, 0.014, 0.02),
            below=(0.004, 0.005, 0.007), level=0.012, elevation_deg=(25, 60), sun=0.12, kelvin=8500,
            tint=(0.5, 0.75, 1.3),
        ),
    }
)  # fmt: skip
AIR = ((-4, -2, 0, 1, 2, 4, 8, 15, 25, 40, 60, 90),
       (0.026, 0.14, 0.48, 0.79, 1.13, 1.79, 2.75, 3.5, 3.75, 3.6, 3.4, 3.3))  # fmt: skip
"""Elevation of the sun in degrees, and the measured mean luminance of Cycles' air above the horizon."""
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
    graph = NodeGraph(compat.node_tree(world))
    way = graph.coordinates("Generated")
    x, y, z = way.xyz()
    up = z.abs()
    haze = float(rng.uniform(0.3, 2.5))
    clear = graph.mix(up.ramp(-0.35, 0.65), *hour.night) if hour.night else _air(graph, hour, sun_way, haze)
    blue = graph.mix((z * -4.0).clamp(), clear, hour.below)
    low, high = COVER[kind]
    deck = graph.vector(x / (up + 0.2), y / (up + 0.2), float(rng.uniform(0, 90)))
    shape = graph.noise(deck, float(rng.uniform(0.5, 1.1)), detail=7.0, roughness=0.56, distortion=0.2)
    cover = shape.ramp(low, high) * up.ramp(0.015, 0.16)
    if kind == "overcast":
        cover = up.ramp(-0.5, 0.05)
    # Thick parts are grey below; what lies towards the sun is bright.
    thick = (shape - low).ramp(0.0, 0.32)
    facing = graph.vector_math("DOT_PRODUCT", way, tuple(float(value) for value in sun_way))
    lit = graph.mix(thick * 0.75, hour.cloud, scaled_light(hour.cloud, 0.42))
    lit = lit * (0.75 + facing.ramp(0.2, 1.0) * 0.6)
    if kind == "overcast":
        soft = graph.choose(up.ramp(0.02, 0.3), 0.5, shape)  # no streaks where the deck is seen edge-on
        lit = graph.mix(soft.ramp(0.25, 0.75), scaled_light(hour.cloud, 0.4), scaled_light(hour.cloud, 0.75))
    sky = graph.mix(cover * (z.ramp(-0.3, -0.02, 0.6, 1.0)), blue, lit)
    if hour.night:
        halo = facing.ramp(0.75, 1.0) * facing.ramp(0.75, 1.0)
        halo = halo * halo
        sky = sky + graph.mix(halo, (0.0, 0.0, 0.0), scaled_light(hour.night[0], 0.9))
    background = graph.node("ShaderNodeBackground")
    eye = graph.ray("Is Camera Ray").max(graph.ray("Is Singular Ray"))
    graph.feed(background, (sky, graph.choose(eye, strength, strength * seen)))
    graph.feed(graph.node("ShaderNodeOutputWorld"), (Wire(graph, background.outputs[0]),))
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = 256
    scene.world = world
    return world


def _air(graph: NodeGraph, hour: Hour, sun_way: np.ndarray, haze: float) -> Wire:
    """The blue of the air and the glow around the sun, without its disc, which a lamp stands for."""
    elevation = math.asin(float(sun_way[2]))
    node = graph.node("ShaderNodeTexSky")
    compat.use_atmosphere(node, haze)
    node.sun_disc, node.sun_elevation = False, elevation
    node.sun_rotation = math.atan2(float(sun_way[0]), float(sun_way[1])) % math.tau
    # Right at the horizon the air of single scattering is yellow by day and black at dusk: kept out of sight.
    x, y, z = graph.coordinates("Generated").xyz()
    graph.feed(node, (graph.vector(x, y, z.abs() * 0.87 + 0.13),))
    return Wire(graph, node.outputs[0]) * (hour.blue / float(np.interp(math.degrees(elevation), *AIR)))


def scaled_light(color: Color, factor: float) -> Color:
    """Radiance times a factor; unlike a colour of a surface it may exceed 1."""
    return tuple(channel * factor for channel in color)


def towards_sun(elevation_deg: float, yaw_deg: float) -> np.ndarray:
    """(3,) unit vector towards the sun."""
    up, turn = math.radians(elevation_deg), math.radians(yaw_deg)
    return np.array([math.cos(up) * math.cos(turn), math.cos(up) * math.sin(turn), math.sin(up)])
