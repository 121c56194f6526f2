"""What stands in a bathroom: rows of the catalogue, the places that carry things, the room they take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .kinds import Box, Kind, Size, Surface

KINDS: dict[str, Kind] = {
    # water
    "bathtub": Kind("bathtub", (1.5, 1.8), (0.7, 0.82), (0.54, 0.6), "wall", 0.5),
    "bath_screen": Kind("shower", (0.75, 0.9), (0.03, 0.04), (1.35, 1.45), "surface"),
    "shower": Kind("shower", (0.8, 1.2), (0.8, 0.95), (1.93, 2.05), "corner", 0.6),
    "toilet": Kind("toilet", (0.35, 0.38), (0.52, 0.56), (0.36, 0.44), "wall", 0.55),
    "wash_basin": Kind("sink", (0.38, 1.3), (0.36, 0.5), (0.03, 0.16), "surface"),
    "pedestal_basin": Kind("sink", (0.5, 0.64), (0.42, 0.5), (0.83, 0.88), "wall", 0.55),
    "basin_tap": Kind("tap", (0.12, 0.2), (0.14, 0.18), (0.13, 0.3), "surface"),
    "bath_tap": Kind("tap", (0.27, 0.29), (0.2, 0.24), (0.42, 0.5), "wall_mounted"),
    "tub_filler": Kind("tap", (0.17, 0.2), (0.24, 0.28), (0.95, 1.08), "free"),
    "shower_set": Kind("tap", (0.34, 0.38), (0.36, 0.42), (1.12, 1.24), "wall_mounted"),
    "washing_machine": Kind("washing_machine", (0.595, 0.6), (0.55, 0.62), (0.84, 0.86), "wall", 0.7),
    # cases and what hangs
    "vanity": Kind("cabinet", (0.5, 1.3), (0.44, 0.5), (0.45, 0.86), "wall", 0.55),
    "mirror_cabinet": Kind("cabinet", (0.5, 1.2), (0.13, 0.16), (0.6, 0.75), "wall_mounted"),
    "towel_radiator": Kind("radiator", (0.45, 0.6), (0.07, 0.09), (0.8, 1.6), "wall_mounted"),
    "towel_rail": Kind("towel", (0.5, 0.7), (0.08, 0.1), (0.5, 0.78), "wall_mounted"),
    "bath_towel": Kind("towel", (0.35, 0.5), (0.07, 0.08), (0.4, 0.75), "surface"),
    "bath_caddy": Kind("rack", (0.22, 0.3), (0.1, 0.13), (0.3, 0.45), "wall_mounted"),
    "flush_plate": Kind("object", (0.22, 0.25), (0.012, 0.016), (0.15, 0.165), "wall_mounted"),
    "toilet_roll": Kind("object", (0.14, 0.16), (0.12, 0.13), (0.12, 0.13), "wall_mounted"),
    # small things
    "toilet_brush": Kind("object", (0.09, 0.11), None, (0.36, 0.42), "free"),
    "bathroom_scale": Kind("object", (0.28, 0.32), None, (0.024, 0.03), "free", moved=True),
    "toiletry": Kind("bottle", (0.045, 0.075), (0.035, 0.06), (0.11, 0.23), "surface", moved=True),
    "toothbrush_cup": Kind("cup", (0.07, 0.085), None, (0.18, 0.21), "surface"),
    "soap_dish": Kind("object", (0.11, 0.14), (0.08, 0.1), (0.03, 0.045), "surface", moved=True),
    "towel_stack": Kind("towel", (0.2, 0.34), (0.13, 0.26), (0.05, 0.2), "surface", moved=True),
}

RIM_M = 0.075
"""Width of the rim of a built-in bathtub at the wall."""
GLASS_M = 0.03
"""Room that a pane with its profiles takes."""
TRAY_M = 0.035


def tub_is_free(params: Mapping[str, Any]) -> bool:
    """Whether a bathtub stands free, with a rim all around."""
    return bool(params.get("free", False))


def _tub_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    if tub_is_free(params):
        return []
    ledge = Surface(-w / 2 + 0.03, w / 2 - 0.03, d / 2 - RIM_M, d / 2 - 0.004, h, 0.4, "ledge")
    return [ledge, Surface(-w / 2, w / 2, -d / 2, -d / 2 + 0.06, h, 1.6, "screen")]


def _vanity_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    """`params["free"]` holds free stretches (x0, x1, y0, y1), "places" those of basins and taps."""
    h = size_m[2]
    free = [Surface(*map(float, box), h, 0.5, "vanity") for box in params.get("free", ())]
    return free + [Surface(*map(float, box), h, 0.6, "place") for box in params.get("places", ())]


def _basin_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    if params.get("variant") != "slab":
        return []
    places = [Surface(-w / 2, w / 2, -d / 2, d / 2, h, 0.6, "place")]
    end, back = w / 2 - 0.012, d / 2 - 0.115
    if params.get("bowls", 1) == 2:
        spans = [(-w / 4 + 0.12, w / 4 - 0.12, back)]
    else:
        reach = float(params.get("bowl_m", 0.25)) + 0.015
        beside = end - reach > 0.1
        inner, front = (reach, -d / 2 + 0.03) if beside else (0.12, back)
        spans = [(-end, -inner, front), (inner, end, front)]
    return places + [Surface(a, b, y, d / 2 - 0.012, h, 0.4, "vanity") for a, b, y in spans if b - a > 0.07]


def _pedestal_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    corners = [
        Surface(a, b, d / 2 - 0.12, d / 2 - 0.012, h, 0.4, "vanity")
        for a, b in ((-w / 2 + 0.03, -0.12), (0.12, w / 2 - 0.03))
    ]
    return [*corners, Surface(-w / 2, w / 2, -d / 2, d / 2, h, 0.6, "place")]


def _radiator_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    """Where a towel of the height "towel_m" hangs from the bar at "bar_z_m"."""
    if "towel_m" not in params:
        return []
    w, d, _ = size_m
    tall = float(params["towel_m"])
    low = float(params["bar_z_m"]) + 0.012 - tall
    return [Surface(-w / 2, w / 2, -d / 2 - 0.03, d / 2 - 0.012, low, tall, "bar")]


def _caddy_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    x, y = w / 2 - 0.008, d / 2 - 0.008
    return [Surface(-x, x, -y, y, z, free, "caddy") for z, free in ((0.006, 0.55 * h), (0.6 * h, 0.3))]


def _toilet_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    if params.get("variant") != "coupled":
        return []
    return [Surface(-w / 2 + 0.03, w / 2 - 0.03, d / 2 - 0.15, d / 2 - 0.02, h, 0.4, "cistern")]


def _machine_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    return [Surface(-w / 2 + 0.03, w / 2 - 0.03, -d / 2 + 0.08, d / 2 - 0.03, h, 0.6, "machine")]


SURFACES: dict[str, Callable[[Size, Mapping[str, Any]], list[Surface]]] = {
    "bathtub": _tub_surfaces, "vanity": _vanity_surfaces, "wash_basin": _basin_surfaces,
    "pedestal_basin": _pedestal_surfaces, "towel_radiator": _radiator_surfaces, "bath_caddy": _caddy_surfaces,
    "toilet": _toilet_surfaces, "washing_machine": _machine_surfaces,
}  # fmt: skip


def _shower_solids(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    """The tray and the panes; between them the air is free. `params["side"]`: 1 with its side wall at +x, -1
    at -x."""
    w, d, h = size_m
    x, y = w / 2, d / 2
    side = int(params.get("side", 1))
    free = (-x, -x + GLASS_M) if side > 0 else (x - GLASS_M, x)
    boxes = [(-x, x, -y, y, 0.0, TRAY_M), (*free, -y, y, 0.0, h)]
    if params.get("variant") != "walk_in":
        boxes.append((-x, x, -y, -y + GLASS_M, 0.0, h))
    return boxes


def _toilet_solids(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    w, d, h = size_m
    if params.get("variant") != "coupled":
        return [(-w / 2, w / 2, -d / 2, d / 2, 0.0, h)]
    return [(-w / 2, w / 2, -d / 2, d / 2, 0.0, 0.46), (-w / 2, w / 2, d / 2 - 0.19, d / 2, 0.0, h)]


def _tap_solids(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    """The spout reaches over the basin."""
    w, d, h = size_m
    return [(-w / 2, w / 2, d / 2 - 0.06, d / 2, 0.0, h), (-w / 2, w / 2, -d / 2, d / 2, 0.4 * h, h)]


def _filler_solids(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    w, d, h = size_m
    return [(-w / 2, w / 2, d / 2 - 0.1, d / 2, 0.0, h), (-w / 2, w / 2, -d / 2, d / 2, h - 0.12, h)]


SOLIDS: dict[str, Callable[[Size, Mapping[str, Any]], list[Box]]] = {
    "shower": _shower_solids, "toilet": _toilet_solids, "basin_tap": _tap_solids,
    "tub_filler": _filler_solids,
}  # fmt: skip
