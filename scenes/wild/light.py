"""What lights a scene: the sky and the sun, light from windows, lamps under ceilings.

Exposure is automatic, so only ratios count. Light fields are brought to the level of the hour.
"""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np

from synthgen.blender.stage import light
from synthgen.blender.stage.contact import HANGS
from synthgen.blender.stage.sky import CALCULATED, HOURS, calculated_sky, towards_sun
from synthgen.blender.stage.stage import Stage
from synthgen.seeding import rng_for

from .layout.free import Taken
from .look.palette import TEXTURE_PROPERTY
from .look.weathered import glow
from .mesh import mesh_of
from .settings.room import RoomPlan
from .solids import round as shapes
from .solids.tubes import tubes

LUMENS_PER_M2 = 300.0
"""Light of lamps for each square metre of floor, about what workplaces have."""


def light_outside(
    stage: Stage, spec: Any, seed: int, *, with_sun: bool = True, seen: float = 1.0
) -> dict[str, object]:
    """Sky and sun; returns what was drawn, as JSON values."""
    rng, hour = rng_for(seed, "light"), HOURS[spec.light.time]
    name, strength = str(spec.light.environment), float(spec.light.strength)
    elevation, yaw_deg = float(rng.uniform(*hour.elevation_deg)), float(spec.light.yaw_deg)
    sun_way = towards_sun(elevation, yaw_deg)
    imported = stage.assets.environment(rng_for(seed, "environment"))
    if imported is not None:
        # As it is: it has its own hour, and its own sun or none.
        name, shining, level = imported.stem, 0.0, light.field_levels(imported).mean
        light.light_field(
            stage.scene, imported, yaw_deg=yaw_deg, strength=strength * hour.level / level, seen=seen
        )
    elif name in CALCULATED:
        calculated_sky(stage.scene, hour, name, strength, sun_way, rng, seen=seen)
        shining = {"clear": 1.0, "cloudy": float(rng.uniform(0.4, 1.0)), "overcast": 0.0}[name]
    else:
        path = light.bundled_light_field(name)
        levels = light.field_levels(path)
        light.light_field(
            stage.scene, path, yaw_deg=yaw_deg, strength=strength * hour.level / levels.mean, tint=hour.tint,
            saturation=0.7, seen=seen,
        )  # fmt: skip
        shining = 0.0 if levels.has_sun else float(rng.uniform(0.3, 0.9))
    sun_w = hour.sun * strength * shining
    if with_sun and sun_w > 0 and elevation > 0:
        angle = float(rng.choice([0.53, 1.5, 4.0]))
        stage.add_light(light.sun("sun", -sun_way, strength=sun_w, angle_deg=angle, kelvin=hour.kelvin))
    return {"environment": name, "sun_elevation_deg": round(elevation, 1), "sun_w_m2": round(sun_w, 4)}


def light_room(stage: Stage, plan: RoomPlan, spec: Any, taken: Taken, seed: int) -> dict[str, object]:
    """Daylight through the windows, the sun through one of them, lamps where that is not enough."""
    rng = rng_for(seed, "room light")
    width, depth, height = plan.size_m
    lit = not plan.windows or spec.light.time in ("dusk", "night") or rng.random() < 0.25
    level = HOURS[spec.light.time].level * float(spec.light.strength)
    entering = math.pi * 0.5 * level * sum(window.width_m * window.height_m for window in plan.windows)
    outside: dict[str, object] = {}
    if plan.windows:
        # As photographers do who blend exposures, the view is dimmed to about five times the brightness of
        # the walls, which is estimated as in an integrating sphere of albedo 0.5.
        surfaces = 2 * (width * depth + height * (width + depth))
        seen = float(np.clip(5.0 * entering / (math.pi * surfaces * level), 0.05, 1.0))
        outside = light_outside(stage, spec, seed, with_sun=False, seen=seen)
    for number, window in enumerate(plan.windows):
        place = window.middle_m - window.inward * 0.3
        stage.add_light(
            light.portal(f"portal.{number:03d}", place, window.inward, window.width_m, window.height_m)
        )
    if outside.get("sun_w_m2") and spec.light.time in ("day", "low_sun"):
        _sun_in(stage, plan, spec, rng)
    # A wide soft lamp that no eye sees lifts the shadows, as a flash against the ceiling does.
    fill = 0.15 * entering
    lumens = _lamps(stage, plan, taken, rng, 0.5 * entering) if lit else 0.0
    if fill > 0:
        soft = light.area("fill", (0, 0, height - 0.02), (0, 0, -1), 0.8 * width, 0.8 * depth, power_w=fill)
        soft.visible_camera = soft.visible_glossy = soft.visible_transmission = False
        stage.add_light(soft)
    return {**outside, "lamp_lumens": round(lumens), "windows": len(plan.windows)}


def _sun_in(stage: Stage, plan: RoomPlan, spec: Any, rng: np.random.Generator) -> None:
    window = plan.windows[int(rng.integers(len(plan.windows)))]
    hour = HOURS[spec.light.time]
    turn = math.atan2(-window.inward[1], -window.inward[0]) + rng.uniform(-0.9, 0.9)
    way = towards_sun(float(np.clip(rng.uniform(*hour.elevation_deg), 8, 48)), math.degrees(turn))
    stage.add_light(
        light.sun(
            "sun", -way, strength=hour.sun * float(spec.light.strength), angle_deg=0.6, kelvin=hour.kelvin
        )
    )


def _lamps(stage: Stage, plan: RoomPlan, taken: Taken, rng: np.random.Generator, least_w: float) -> float:
    """Panels under the ceiling, or globes that hang from it; returns their power.

    Where something is in the way of a lamp, there is its light alone.
    """
    width, depth, height = plan.size_m
    panels, kelvin = bool(rng.random() < 0.5), float(rng.uniform(2900, 6200))
    step = float(rng.uniform(2.2, 4.0)) * max(1.0, height / 4.0)
    across, along = max(1, round(width / step)), max(1, round(depth / step))
    across, along = min(across, 5), min(along, 5)
    wanted = light.watts_of(LUMENS_PER_M2) * width * depth * float(rng.uniform(0.7, 1.4))
    power = max(wanted, least_w) / (across * along)
    shine = glow("lamp", (1.0, 0.93, 0.84), strength=4.0)
    shine.cycles.emission_sampling = "NONE"
    side, drop = 0.12 * step, 0.0 if panels else float(rng.uniform(0.1, 0.35)) * height
    for x in (np.arange(across) + 0.5) / across * width - width / 2:
        for y in (np.arange(along) + 0.5) / along * depth - depth / 2:
            if rng.random() < 0.12 and across * along > 1:
                continue  # one that has failed
            wide, low = (2.3 * side, 0.07) if panels else (side, drop + side)
            free = taken.is_free(np.array([x, y]), wide, height - low, height)
            if free:
                _lamp(stage, np.array([x, y, height]), panels, side, drop, shine)
            if panels or not free:
                lamp = light.area(
                    "lamp", (x, y, height - 0.075), (0, 0, -1), 4 * side, 2 * side, power_w=power,
                    kelvin=kelvin,
                )  # fmt: skip
                lamp.visible_camera = False
            else:
                lamp = light.point(
                    "lamp", (x, y, height - drop), power_w=power, radius_m=0.6 * side, kelvin=kelvin
                )
            stage.add_light(lamp)
    return light.LUMENS_PER_WATT * power * across * along


def _lamp(
    stage: Stage, place: np.ndarray, panel: bool, side: float, drop: float, material: bpy.types.Material
) -> None:
    instance = stage.instance("ceiling_light", contact=HANGS)
    if panel:
        pieces = [shapes.box((4 * side, 2 * side, 0.06), 0.01).shifted((0, 0, -0.035))]
    else:
        cord = tubes(np.array([[[0, 0, -drop + side], [0, 0, 0.01]]]), 0.006, sides=6)
        pieces = [shapes.ball(side, 24).shifted((0, 0, -drop)), cord]
    made = bpy.data.objects.new(instance.name, mesh_of(pieces, instance.name, {"body": material}, None))
    made[TEXTURE_PROPERTY] = 1.0
    made.visible_shadow = panel
    stage.add_object(made, instance, place)
