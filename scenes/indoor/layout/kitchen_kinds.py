"""What stands in a kitchen: rows of the catalogue, what carries things, the room that things take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .kinds import Box, Kind, Size, Surface

KINDS: dict[str, Kind] = {
    # the row
    "base_unit": Kind("cabinet", (0.15, 1.2), (0.58, 0.58), (0.8, 0.9), "wall", 0.7),
    "tall_unit": Kind("cabinet", (0.5, 0.62), (0.58, 0.58), (1.95, 2.3), "wall", 0.7),
    "wall_unit": Kind("cabinet", (0.3, 1.0), (0.33, 0.37), (0.35, 0.9), "wall_mounted"),
    "worktop": Kind("counter", (0.6, 4.0), (0.62, 0.64), (0.02, 0.04), "wall_mounted"),
    "splash_panel": Kind("counter", (0.4, 4.0), (0.008, 0.012), (0.3, 0.7), "wall_mounted"),
    "kitchen_island": Kind("counter", (1.4, 2.4), (0.85, 1.1), (0.88, 0.94), "free"),
    # appliances and water
    "refrigerator": Kind("refrigerator", (0.55, 0.92), (0.62, 0.72), (1.4, 2.02), "wall", 0.7),
    "oven": Kind("oven", (0.594, 0.594), (0.57, 0.57), (0.59, 0.59), "surface"),
    "cooker": Kind("oven", (0.5, 0.9), (0.62, 0.64), (0.9, 0.95), "wall", 0.75),
    "dishwasher": Kind("dishwasher", (0.448, 0.598), (0.58, 0.58), (0.8, 0.9), "wall", 0.7),
    "hob": Kind("hob", (0.56, 0.78), (0.5, 0.52), (0.006, 0.042), "surface"),
    "hood": Kind("hood", (0.6, 0.9), (0.42, 0.5), (0.4, 1.0), "wall_mounted"),
    "kitchen_sink": Kind("sink", (0.45, 0.9), (0.42, 0.5), (0.002, 0.005), "surface"),
    "kitchen_tap": Kind("tap", (0.1, 0.22), (0.2, 0.26), (0.2, 0.4), "surface"),
    "microwave": Kind("appliance", (0.44, 0.5), (0.34, 0.4), (0.26, 0.29), "surface"),
    # about the room
    "bar_stool": Kind("stool", (0.36, 0.44), (0.38, 0.46), (0.62, 0.98), "free", moved=True),
    "kitchen_bin": Kind("bin", (0.24, 0.34), None, (0.42, 0.68), "wall", moved=True),
    "roller_blind": Kind("blinds", (0.5, 2.6), (0.06, 0.07), (0.25, 1.4), "window"),
    "utensil_rail": Kind("utensil", (0.4, 0.8), (0.08, 0.1), (0.3, 0.4), "wall_mounted"),
    # small things
    "kettle": Kind("appliance", (0.2, 0.24), (0.15, 0.17), (0.2, 0.26), "surface", moved=True),
    "toaster": Kind("appliance", (0.27, 0.38), (0.16, 0.2), (0.18, 0.21), "surface", moved=True),
    "coffee_machine": Kind("appliance", (0.18, 0.3), (0.26, 0.36), (0.28, 0.38), "surface", moved=True),
    "stand_mixer": Kind("appliance", (0.2, 0.23), (0.34, 0.38), (0.33, 0.37), "surface", moved=True),
    "chopping_board": Kind("utensil", (0.22, 0.42), (0.08, 0.28), (0.018, 0.4), "surface", moved=True),
    "knife_block": Kind("utensil", (0.09, 0.13), (0.17, 0.22), (0.24, 0.3), "surface", moved=True),
    "utensil_holder": Kind("utensil", (0.13, 0.17), None, (0.3, 0.36), "surface"),
    "spice_rack": Kind("object", (0.24, 0.44), (0.08, 0.1), (0.12, 0.3), "surface"),
    "jar": Kind("bottle", (0.08, 0.13), None, (0.1, 0.26), "surface"),
    "pot": Kind("pot", (0.24, 0.36), (0.18, 0.27), (0.12, 0.2), "surface", moved=True),
    "pan": Kind("pot", (0.2, 0.28), (0.38, 0.48), (0.06, 0.09), "surface", moved=True),
    "fruit_bowl": Kind("bowl", (0.24, 0.34), None, (0.13, 0.18), "surface"),
    "fruit": Kind("food", (0.1, 0.2), (0.07, 0.12), (0.05, 0.09), "surface", moved=True),
    "bread": Kind("food", (0.2, 0.32), (0.11, 0.14), (0.09, 0.13), "surface", moved=True),
    "dish_rack": Kind("utensil", (0.34, 0.46), (0.28, 0.34), (0.22, 0.28), "surface", moved=True),
    "kitchen_roll": Kind("object", (0.13, 0.15), None, (0.28, 0.32), "surface"),
    "tea_towel": Kind("towel", (0.2, 0.34), (0.02, 0.3), (0.02, 0.5), "surface", moved=True),
    "washing_up": Kind("object", (0.16, 0.22), (0.08, 0.1), (0.16, 0.22), "surface"),
}

EDGE_M = 0.025
"""Nothing is put nearer than this to the front of a worktop."""
BACK_M = 0.015


def _worktop_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    """`params["free"]` holds the free stretches (x0, x1, y0, y1), "places" those of what is let in: sinks,
    hobs, taps."""
    h = size_m[2]
    free = [Surface(*map(float, box), h, 1.4, "worktop") for box in params.get("free", ())]
    return free + [Surface(*map(float, box), h, 1.4, "place") for box in params.get("places", ())]


def _base_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    if params.get("unit") == "oven":
        return [Surface(-w / 2, w / 2, -d / 2 - 0.05, d / 2, h - 0.6, 0.6, "niche")]
    return []


def _tall_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    if params.get("niche_z_m") is None:
        return [Surface(-w / 2 + 0.02, w / 2 - 0.02, -d / 2 + 0.06, d / 2 - 0.02, h, 0.5, "top")]
    z = float(params["niche_z_m"])
    return [Surface(-w / 2, w / 2, -d / 2 - 0.05, d / 2, z, 0.6, "niche")]


def _wall_unit_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    if params.get("unit") not in ("open", "glass"):
        return []
    boards = [float(z) for z in params["board_z_m"]]
    front = -d / 2 + (0.015 if params["unit"] == "open" else 0.055)
    return [
        Surface(-w / 2 + 0.022, w / 2 - 0.022, front, d / 2 - 0.012, z, above - 0.022 - z, "crockery")
        for z, above in zip(boards, [*boards[1:], h])
    ]


def _island_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    return [Surface(-w / 2 + 0.03, w / 2 - 0.03, -d / 2 + 0.03, d / 2 - 0.03, h, 1.0, "island")]


def _refrigerator_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    return [Surface(-w / 2 + 0.03, w / 2 - 0.03, -d / 2 + 0.15, d / 2 - 0.04, h - 0.004, 0.5, "top")]


def _hob_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    """The four burners; pans may reach over the rim of the hob, but not over the next burner."""
    w, d, h = size_m
    if params.get("variant") != "gas":
        h = 0.006 if params.get("variant") == "induction" else h
    reach_x, reach_y = w / 2 + 0.004, d / 2 + 0.02
    return [
        Surface(*x, *y, h, 0.6, "burner")
        for x in ((-reach_x, -0.004), (0.004, reach_x))
        for y in ((0.01, reach_y), (-reach_y, -0.01))
    ]


def _cooker_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    z = h if params.get("burners", "gas") == "gas" else h - 0.018
    return [
        Surface(*x, *y, z, 0.6, "burner")
        for x in ((-w / 2, -0.004), (0.004, w / 2))
        for y in ((0.03, d / 2 - 0.01), (-d / 2 + 0.03, 0.02))
    ]


def _sink_surfaces(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    """The floor of the bowl, as params["floor"] (x0, x1, y0, y1, z) says."""
    if "floor" not in params:
        return []
    x0, x1, y0, y1, z = (float(value) for value in params["floor"])
    return [Surface(x0, x1, y0, y1, z, 0.3, "bowl")]


SURFACES: dict[str, Callable[[Size, Mapping[str, Any]], list[Surface]]] = {
    "worktop": _worktop_surfaces, "base_unit": _base_surfaces, "tall_unit": _tall_surfaces,
    "wall_unit": _wall_unit_surfaces, "kitchen_island": _island_surfaces,
    "refrigerator": _refrigerator_surfaces, "hob": _hob_surfaces,
    "cooker": _cooker_surfaces, "kitchen_sink": _sink_surfaces,
}  # fmt: skip


def _island_solids(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    w, d, h = size_m
    x, y, bar = w / 2, d / 2, float(params.get("bar_m", 0.25))
    return [(-x, x, -y, y, h - 0.06, h), (-x + 0.02, x - 0.02, -y, y - bar + 0.02, 0.0, h)]


def _worktop_solids(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    """The slab without its cut-outs, strip by strip."""
    w, d, h = size_m
    boxes: list[Box] = []
    x = -w / 2
    for x0, x1, y0, y1 in sorted(tuple(map(float, hole)) for hole in params.get("holes", ())):
        boxes.append((x, x0, -d / 2, d / 2, 0.0, h))
        boxes += [(x0, x1, low, high, 0.0, h) for low, high in ((-d / 2, y0), (y1, d / 2)) if high > low]
        x = x1
    return [*boxes, (x, w / 2, -d / 2, d / 2, 0.0, h)]


def _base_solids(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    w, d, h = size_m
    top = h - 0.25 if params.get("unit") == "sink" else h
    return [(-w / 2, w / 2, -d / 2, d / 2, 0.0, top)]


def _tap_solids(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    """The spout reaches over the sink."""
    w, d, h = size_m
    return [(-w / 2, w / 2, d / 2 - 0.07, d / 2, 0.0, h), (-w / 2, w / 2, -d / 2, d / 2, 0.03, h)]


def _stool_solids(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    w, d, h = size_m
    seat = float(params.get("seat_z_m", h))
    boxes = [(-w / 2, w / 2, -d / 2, d / 2, 0.0, min(seat + 0.02, h))]
    return boxes + ([(-w / 2, w / 2, d / 2 - 0.12, d / 2, 0.0, h)] if h > seat + 0.03 else [])


SOLIDS: dict[str, Callable[[Size, Mapping[str, Any]], list[Box]]] = {
    "kitchen_island": _island_solids, "worktop": _worktop_solids, "base_unit": _base_solids,
    "bar_stool": _stool_solids, "kitchen_tap": _tap_solids,
}  # fmt: skip
