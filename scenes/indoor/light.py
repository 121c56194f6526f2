"""What lights a room: sky, light field or an imported one behind its windows, the sun, lamps where bulbs are.

Only ratios matter, as exposure follows the picture: what is outside is brought to the level of its time of
day (`DAYLIGHT`), lamps have the lumens of household ones. By day they would be lost beside the sky, so its
level is held low. The view from the windows is shown dimmer than the light that it sends in (`_seen`), or
every window would be white, and a faint light from the ceiling lifts the shadows (`_fill`): what
photographers of rooms do with blended exposures and a flash against the ceiling.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from synthgen.blender.stage import light
from synthgen.blender.stage.sky import CALCULATED, HOURS, calculated_sky, towards_sun
from synthgen.blender.stage.stage import Stage
from synthgen.seeding import rng_for

from . import roof_shell
from .furniture.lamps import LIGHT_ANCHORS
from .layout.room_plan import Item, Layout, area_of, walls_of
from .layout.stairs import UPPER_M, Stairs
from .look.palette import Palette
from .room import WALL_M, rectangles_of_room

DAYLIGHT = {"day": 5.0, "dusk": 0.35, "night": 0.004}
"""Mean radiance of the surroundings."""
LUMENS = {"ceiling_light": (2200.0, 4000.0), "floor_lamp": (900.0, 1700.0), "table_lamp": (350.0, 750.0)}
STRIP_LUMENS_PER_M = 1500.0
"""Of a metre of long lamps."""
LEAST_LIT = 0.45
"""No room is lit less than this share of the brightest one: there are more rooms and lamps than are built."""


def lamps_on(spec: Any, layout: Layout) -> bool:
    """Whether the lamps of a room are switched on; by themselves they are where there is no daylight."""
    dark = spec.light.time != "day" or not _glazed_m2(layout)
    return spec.light.lamps == "on" or (spec.light.lamps == "auto" and dark)


def light_room(stage: Stage, layout: Layout, palette: Palette, spec: Any, seed: int) -> dict[str, object]:
    """Light the room and those beyond it; returns what was drawn, as JSON values."""
    rng, time = rng_for(seed, "light"), str(spec.light.time)
    rooms = layout.rooms()
    watts = [_lamps(stage, room, number, palette, spec, seed) for number, room in enumerate(rooms)]
    level = DAYLIGHT[time] * float(spec.light.environment_strength)
    flux = [_entering_w(room, level) + lamps for room, lamps in zip(rooms, watts)]
    seen = _seen(rooms, flux, level)
    outside = _outside(stage, rooms, spec, level, seen, seed)
    _portals(stage, rooms)
    lamp_share = sum(watts) / max(sum(flux), 1e-9)
    kelvin = 1.0 / (lamp_share / palette.lamp_kelvin + (1.0 - lamp_share) / 6500.0)
    fill_w = _fill(stage, rooms, flux, level, watts, kelvin, rng)
    return {
        "lamps_on": palette.lamps_on,
        "lamp_kelvin": round(palette.lamp_kelvin),
        "lamp_lumens": round(sum(watts) * light.LUMENS_PER_WATT),
        "daylight_level": round(level, 4),
        "view_dimmed_to": round(seen, 4),
        "fill_watts": round(fill_w, 2),
        **outside,
    }


def _outside(
    stage: Stage, rooms: Sequence[Layout], spec: Any, level: float, seen: float, seed: int
) -> dict[str, object]:
    """Sky, or light field, and the sun; returns what was drawn."""
    rng, hour, name = rng_for(seed, "outside"), HOURS[spec.light.time], str(spec.light.environment)
    yaw_deg = float(spec.light.environment_yaw_deg)
    glazed = [room for room in rooms if room.windows]
    sun_way = towards_sun(float(rng.uniform(20, 50)), yaw_deg)
    if glazed and rng.random() < 0.6:
        sun_way = _through_a_window(glazed[0], rng)
    imported = stage.assets.environment(rng_for(seed, "environment"))
    if imported is not None:
        strength = level / light.field_levels(imported).mean
        light.light_field(stage.scene, imported, yaw_deg=yaw_deg, strength=strength, seen=seen)
        return {"environment": imported.stem, "sun": None}  # it has a sun of its own, or none
    if name in CALCULATED:
        strength = level / hour.level
        calculated_sky(stage.scene, hour, name, strength, sun_way, rng, seen=seen)
        shines = name != "overcast"
    else:
        path = light.bundled_light_field(name)
        levels = light.field_levels(path)
        light.light_field(
            stage.scene, path, yaw_deg=yaw_deg, strength=level / levels.mean, seen=seen, saturation=0.5,
            tint=hour.tint,
        )  # fmt: skip
        shines = not levels.has_sun and rng.random() < 0.6
    if spec.light.time != "day" or not glazed or not shines:
        return {"environment": name, "sun": None}
    strength, up = level * float(rng.uniform(2.5, 5.0)), float(sun_way[2])
    stage.add_light(light.sun("sun", -sun_way, strength=strength, angle_deg=0.6, kelvin=3800 + 2000 * up))
    sun = {"elevation_deg": round(float(np.degrees(np.arcsin(up))), 1), "strength": round(strength, 2)}
    return {"environment": name, "sun": sun}


def _through_a_window(layout: Layout, rng: np.random.Generator) -> np.ndarray:
    """(3,) unit, towards a sun that is low enough to reach the floor well inside."""
    opening = layout.windows[int(rng.integers(len(layout.windows)))]
    x, y = -walls_of(layout.outline_m)[opening.wall].inward
    turn_deg = float(np.degrees(np.arctan2(y, x)) + rng.uniform(-50, 50))
    return towards_sun(float(rng.uniform(20, 50)), turn_deg)


def _lamps(stage: Stage, layout: Layout, room: int, palette: Palette, spec: Any, seed: int) -> float:
    """The lamps of a room; returns their watts."""
    total, strength = 0.0, light.watts_of(float(spec.light.lamp_strength))
    if not palette.lamps_on:
        return total
    for number, item in enumerate(layout.items):
        if item.kind == "strip_light":
            total += _strip(stage, layout, item, f"strip.{room}.{number:03d}", palette, strength)
        if item.kind not in LIGHT_ANCHORS:
            continue
        low, high = LUMENS[item.kind]
        draws = rng_for(seed, "lamp", number) if room == 0 else rng_for(seed, "lamp", room, number)
        power = strength * float(draws.uniform(low, high))
        place = _world_point(item, _bulb(item))
        name = f"lamp.{number:03d}" if room == 0 else f"lamp.{room}.{number:03d}"
        place[2] += layout.floor_z_m
        stage.add_light(light.point(name, place, power_w=power, radius_m=0.05, kelvin=palette.lamp_kelvin))
        total += power
    return total


def _bulb(item: Item) -> tuple[float, float, float]:
    """Where the bulb of a lamp is, in its own frame. An imported one shines from its end."""
    if "asset" in item.params:
        return (0.0, 0.0, -0.06 if item.kind == "ceiling_light" else item.size_m[2] + 0.06)
    return LIGHT_ANCHORS[item.kind](item.size_m, dict(item.params))


def _strip(stage: Stage, layout: Layout, item: Item, name: str, palette: Palette, strength: float) -> float:
    """An area lamp below a long lamp; it stands for the diffuser, which only looks lit."""
    power = strength * STRIP_LUMENS_PER_M * item.size_m[0]
    place = _world_point(item, (0.0, 0.0, -0.012))
    place[2] += layout.floor_z_m
    wide = max(0.06, 0.5 * item.size_m[1])
    made = light.area(
        name, place, (0.0, 0.0, -1.0), item.size_m[0] - 0.05, wide, power_w=power,
        kelvin=palette.lamp_kelvin + 400,
    )  # fmt: skip
    made.rotation_euler = (0.0, 0.0, np.radians(item.yaw_deg))
    made.visible_camera = made.visible_glossy = made.visible_transmission = False
    stage.add_light(made)
    return power


def _world_point(item: Item, point: tuple[float, float, float]) -> np.ndarray:
    turn = np.radians(item.yaw_deg)
    x, y, z = point
    return np.array(
        [
            item.position_m[0] + np.cos(turn) * x - np.sin(turn) * y,
            item.position_m[1] + np.sin(turn) * x + np.cos(turn) * y,
            item.position_m[2] + z,
        ]
    )


def _portals(stage: Stage, rooms: Sequence[Layout]) -> None:
    slanting = [(room, window) for room in rooms for window in room.roof_windows()]
    for number, (room, window) in enumerate(slanting):
        place, inward = roof_shell.window_place(room, window)
        name = f"portal.roof.{number:03d}"
        stage.add_light(light.portal(name, place, inward, window.width_m, window.height_m))
    openings = [(room, opening) for room in rooms for opening in room.windows]
    for number, (room, opening) in enumerate(openings):
        wall = walls_of(room.outline_m)[opening.wall]
        x, y = wall.point(opening.offset_m + opening.width_m / 2, -WALL_M - 0.01)
        stage.add_light(
            light.portal(
                f"portal.{number:03d}",
                (x, y, room.floor_z_m + opening.sill_m + opening.height_m / 2),
                (*wall.inward, 0.0),
                opening.width_m,
                opening.height_m,
            )
        )


def _fill(
    stage: Stage, rooms: Sequence[Layout], flux: Sequence[float], level: float, watts: Sequence[float],
    kelvin: float, rng: np.random.Generator,
) -> float:  # fmt: skip
    # Wide soft lamps right under the ceiling that neither camera nor mirror sees, far weaker than the rest.
    # In a room beyond the main one they also stand for the rooms around it, which are not built.
    share, total, count = float(rng.uniform(0.12, 0.3)), 0.0, 0
    brightest = max(entering / _surface_m2(room) for room, entering in zip(rooms, flux))
    for room, entering, lamps in zip(rooms, flux, watts):
        power = share * _entering_w(room, level) + 0.08 * lamps
        power = max(power, LEAST_LIT * brightest * _surface_m2(room) - entering)
        parts = rectangles_of_room(room.outline_m)
        whole = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in parts)
        for x0, y0, x1, y1 in parts:
            made = light.area(
                f"fill.{count:03d}",
                ((x0 + x1) / 2, (y0 + y1) / 2, room.floor_z_m + room.height_m - 0.02),
                (0.0, 0.0, -1.0),
                0.8 * (x1 - x0),
                0.8 * (y1 - y0),
                power_w=power * (x1 - x0) * (y1 - y0) / whole,
                kelvin=kelvin,
            )
            made.visible_camera = made.visible_glossy = made.visible_transmission = False
            stage.add_light(made)
            count += 1
        total += power
        if room.stairs is not None:
            total += _light_landing(stage, room.stairs, brightest, kelvin)
    return total


def _light_landing(stage: Stage, stairs: Stairs, per_m2: float, kelvin: float) -> float:
    """The floor above is as bright as this one."""
    x0, y0, x1, y1 = stairs.rectangle(stairs.well_start_m + 0.1, stairs.run_m + stairs.landing_m)
    power = per_m2 * 7.0 * (x1 - x0 + y1 - y0)
    place = ((x0 + x1) / 2, (y0 + y1) / 2, stairs.storey_m + UPPER_M - 0.03)
    made = light.area("landing", place, (0.0, 0.0, -1.0), x1 - x0, y1 - y0, power_w=power, kelvin=kelvin)
    made.visible_camera = made.visible_glossy = made.visible_transmission = False
    stage.add_light(made)
    return power


def _glazed_m2(layout: Layout) -> float:
    """Area of the windows in walls and roof."""
    return sum(window.width_m * window.height_m for window in (*layout.windows, *layout.roof_windows()))


def _surface_m2(layout: Layout) -> float:
    """Area of floor, ceiling and walls."""
    edges = np.roll(layout.outline_m, -1, axis=0) - layout.outline_m
    return 2 * area_of(layout.outline_m) + layout.height_m * float(np.hypot(*edges.T).sum())


def _entering_w(layout: Layout, level: float) -> float:
    """The daylight that comes through the glass, as from a half sphere half as bright as the level."""
    return float(np.pi * level * 0.5 * _glazed_m2(layout) * 0.7)


def _seen(rooms: Sequence[Layout], flux: Sequence[float], level: float) -> float:
    """How much to dim the view so that it is about four times as bright as the walls, at most undimmed.

    The walls' radiance is estimated as in an integrating sphere: the flux that enters and that of the lamps,
    spread over all surfaces of mean albedo 0.55.
    """
    per_m2 = max(each / _surface_m2(room) for room, each in zip(rooms, flux))
    inside = per_m2 * (0.55 / 0.45) / np.pi
    return float(np.clip(4.0 * inside / level, 0.05, 1.0))
