"""The cabinets of a kitchen: base units on their plinth, tall units, wall units, islands.

Units of a row share their look: `params` hold "front", "handle" and "metal" (see `fronts.Look`), "facing",
the role of the fronts, and "plinth_m". Lengths are metres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, blocks
from .fronts import PANEL, Bay, Grid, Look, fill_grid, front, handle, reach_of

OVEN_M = 0.6
"""Height and width of the niche of a built-in oven."""
FRONT_M = 0.018
CHEEK_M = 0.002
SET_BACK_M = 0.05
"""How far the plinth stands behind the fronts, for the toes."""


def kitchen_look(params: Mapping[str, object]) -> Look:
    """The look of the fronts that a row of units shares."""
    return Look(
        front=str(params.get("front", "flat")),
        handle=str(params.get("handle", "bar")),
        metal=str(params.get("metal", "metal_brushed")),
        inset=False,
        front_material=str(params.get("facing", "kitchen_front")),
    )


def base_unit(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A base unit without its worktop; `params["unit"]` is drawers, doors, door, sink, oven, corner, open,
    rack (bottles) or filler; "top_drawer" puts a drawer above the doors."""
    w, d, h = size_m
    look, unit = kitchen_look(params), str(params.get("unit", "doors"))
    builder = MeshBuilder()
    plinth = float(params.get("plinth_m", 0.12))
    case_y = -d / 2 + reach_of(look.handle)
    toe = case_y + FRONT_M + SET_BACK_M
    plinth_role = str(params.get("plinth", look.front_material))
    builder.block((-w / 2, toe, 0.0), (w / 2, toe + 0.016, plinth), plinth_role, bevel=0.001)
    _feet(builder, w, toe + 0.05, d / 2, plinth)
    if unit == "filler":
        builder.block(
            (-w / 2, case_y + 0.002, plinth), (w / 2, case_y + FRONT_M, h), look.front_material, bevel=0.001
        )
        return builder
    grid = Grid(-w / 2 + CHEEK_M, w / 2 - CHEEK_M, plinth, h, -d / 2, d / 2)
    _cheeks(builder, grid, look)
    if unit == "oven":
        _oven_housing(builder, rng, grid, look)
    elif unit == "corner":
        _blind_corner(builder, grid, look, case_y, float(params["blind_m"]))
    elif unit == "open":
        count = 2 if h - plinth > 0.6 else 1
        fill_grid(
            builder, rng, grid, [[Bay("open", 1.0)] * (count + 1)], look.front_material, params, look=look
        )
    elif unit == "rack":
        _bottle_rack(builder, rng, grid, look)
    else:
        fill_grid(
            builder, rng, grid, _columns(unit, w, params), "carcass", params, look=look, top=unit != "sink"
        )
    return builder


def _feet(builder: MeshBuilder, w: float, y0: float, y1: float, plinth: float) -> None:
    for x in (-w / 2 + 0.04, w / 2 - 0.04) if w > 0.2 else (0.0,):
        for y in (y0, y1 - 0.06):
            builder.cylinder(0.016, plinth, (x, y, 0.0), "plastic_dark", segments=10)


def _columns(unit: str, w: float, params: Mapping[str, object]) -> list[list[Bay]]:
    if unit == "drawers":
        if params.get("drawers") == 2:
            return [[Bay("drawer", 1.0), Bay("drawer", 1.0)]]
        return [[Bay("drawer", 0.42), Bay("drawer", 0.79), Bay("drawer", 0.79)]]
    if unit == "pull":
        return [[Bay("drawer", 1.0)]]
    doors = "doors" if w > 0.62 else ("door" if params.get("hinge", 1) > 0 else "door_right")
    if params.get("top_drawer"):
        return [[Bay("drawer", 0.42), Bay(doors, 1.58)]]
    return [[Bay(doors, 1.0)]]


def _oven_housing(builder: MeshBuilder, rng: np.random.Generator, grid: Grid, look: Look) -> None:
    case_y = grid.y0 + reach_of(look.handle) + FRONT_M
    niche = grid.z1 - OVEN_M
    for x in (grid.x0, grid.x1 - PANEL):
        builder.block((x, case_y, grid.z0), (x + PANEL, grid.y1, grid.z1), "carcass")
    builder.block((grid.x0 + PANEL, case_y, niche - PANEL), (grid.x1 - PANEL, grid.y1, niche), "carcass")
    builder.block((grid.x0 + PANEL, grid.y1 - 0.01, niche), (grid.x1 - PANEL, grid.y1, grid.z1), "carcass")
    if niche - grid.z0 > 0.05:
        y = grid.y0 + reach_of(look.handle)
        box = (grid.x0 + 0.00125, grid.x1 - 0.00125, grid.z0 + 0.00125, niche - 0.0025)
        front(builder, box, y, FRONT_M, "flat", look.front_material)


def _blind_corner(builder: MeshBuilder, grid: Grid, look: Look, case_y: float, blind: float) -> None:
    """A corner whose front is half hidden by the other leg: a door at the free end. `blind` < 0: left."""
    builder.block(
        (grid.x0, case_y + FRONT_M, grid.z0), (grid.x1, grid.y1, grid.z1 - 0.002), "carcass", bevel=0
    )
    x0, x1 = (grid.x0 + abs(blind), grid.x1) if blind < 0 else (grid.x0, grid.x1 - blind)
    if x1 - x0 < 0.12:
        builder.block((x0, case_y, grid.z0), (x1, case_y + FRONT_M, grid.z1), look.front_material)
        return
    top = grid.z1 - (0.02 if look.handle == "groove" else 0.00125)
    box = (x0 + 0.00125, x1 - 0.00125, grid.z0 + 0.00125, top)
    front(builder, box, case_y, FRONT_M, look.front, look.front_material)
    x = x1 - 0.04 if blind < 0 else x0 + 0.04
    z = top if look.handle in ("groove", "tab", "rail") else top - 0.09
    z = top - 0.14 if look.handle == "bar" else z
    handle(builder, look, x, case_y, z, upright=look.handle == "bar", room=x1 - x0)


def _bottle_rack(builder: MeshBuilder, rng: np.random.Generator, grid: Grid, look: Look) -> None:
    y = grid.y0 + reach_of(look.handle) + 0.004
    for x in (grid.x0, grid.x1 - 0.016):
        builder.block((x, y, grid.z0), (x + 0.016, grid.y1, grid.z1), look.front_material)
    count = max(3, round((grid.z1 - grid.z0) / 0.12))
    for number in range(count):
        z = grid.z0 + (grid.z1 - grid.z0 - 0.016) * number / (count - 1)
        builder.block(
            (grid.x0 + 0.016, y + 0.004, z), (grid.x1 - 0.016, grid.y1, z + 0.012), look.front_material
        )
        if number < count - 1 and rng.random() < 0.75:
            radius = min(0.038, (grid.x1 - grid.x0) / 2 - 0.022)
            at = np.eye(4)
            at[:3, :3] = [[1, 0, 0], [0, 0, 1], [0, -1, 0]]
            at[:3, 3] = 0.0, y + 0.03, z + 0.014 + radius
            bottle = MeshBuilder().lathe(
                [(0, 0), (0.013, 0), (0.014, 0.07), (radius, 0.13), (radius, 0.3), (0, 0.3)],
                (0, 0, 0), "glass:3", segments=18,
            )  # fmt: skip
            builder.merge(bottle, at)


def tall_unit(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A unit up to the height of the wall units: larder doors, or around ovens; `params["niche_z_m"]` is
    where the niche of an oven begins."""
    w, d, h = size_m
    look, plinth = kitchen_look(params), float(params.get("plinth_m", 0.12))
    builder = MeshBuilder()
    toe = -d / 2 + reach_of(look.handle) + FRONT_M + SET_BACK_M
    builder.block(
        (-w / 2, toe, 0.0), (w / 2, toe + 0.016, plinth), str(params.get("plinth", look.front_material))
    )
    grid = Grid(-w / 2 + CHEEK_M, w / 2 - CHEEK_M, plinth, h, -d / 2, d / 2)
    hinge = "door" if params.get("hinge", 1) > 0 else "door_right"
    doors = hinge if w < 0.62 else "doors"
    niche = params.get("niche_z_m")
    low, high = plinth + PANEL, h - PANEL
    if niche is None:
        split = float(params.get("split_z_m", 1.35))
        columns = [[Bay(doors, high - split), Bay(doors, split - low)]]
    else:
        above = [Bay("open", float(params.get("second_m", 0.0)))] if params.get("second_m") else []
        top = float(niche) + OVEN_M + sum(bay.share for bay in above)
        below = [Bay("drawer", 0.5), Bay("drawer", 0.5)] if float(niche) > 0.6 else [Bay("drawer", 1.0)]
        share = float(niche) - low
        below = [Bay(bay.kind, bay.share * share) for bay in below]
        columns = [[Bay(doors, high - top), *above, Bay("open", OVEN_M), *below]]
    fill_grid(builder, rng, grid, columns, "carcass", params, look=look)
    _cheeks(builder, grid, look)
    return builder


def wall_unit(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A unit on the wall; `params["unit"]` is doors, glass, open or lift (a flap that opens upwards)."""
    w, d, h = size_m
    look, unit = kitchen_look(params), str(params.get("unit", "doors"))
    builder = MeshBuilder()
    grid = Grid(-w / 2 + CHEEK_M, w / 2 - CHEEK_M, 0.0, h, -d / 2, d / 2)
    hinge = "door" if params.get("hinge", 1) > 0 else "door_right"
    doors = hinge if w < 0.56 else "doors"
    if unit == "open":
        boards = [float(z) for z in params.get("board_z_m", [PANEL])]
        fill_open(builder, grid, boards, look.front_material)
        return builder
    pulls = "none" if look.handle in ("groove", "tab", "rail") else look.handle
    look = replace(look, front="glass" if unit == "glass" else look.front, handle=pulls, low=True)
    kind = "drawer" if unit == "lift" else doors
    shelves = [float(z) for z in params.get("board_z_m", ())[1:]]
    fill_grid(builder, rng, grid, [[Bay(kind, 1.0)]], "carcass", params, look=look, shelves_z=shelves)
    _cheeks(builder, grid, look)
    return builder


def _cheeks(builder: MeshBuilder, grid: Grid, look: Look) -> None:
    """The ends of a case, faced like its fronts: one never knows which unit ends a row."""
    y0 = grid.y0 + reach_of(look.handle) + FRONT_M
    for x in (grid.x0 - CHEEK_M, grid.x1):
        builder.block((x, y0, grid.z0), (x + CHEEK_M, grid.y1, grid.z1), look.front_material, bevel=0.0)


def fill_open(builder: MeshBuilder, grid: Grid, boards: list[float], material: str) -> None:
    """A case without fronts: panels, a back, and boards whose upper sides are at `boards`."""
    x0, x1, z0, z1 = grid.x0, grid.x1, grid.z0, grid.z1
    for x in (x0, x1 - PANEL):
        builder.block((x, grid.y0, z0), (x + PANEL, grid.y1, z1), material)
    builder.block((x0 + PANEL, grid.y0, z1 - PANEL), (x1 - PANEL, grid.y1, z1), material)
    builder.block(
        (x0 + PANEL, grid.y1 - 0.008, z0 + PANEL), (x1 - PANEL, grid.y1, z1 - PANEL), material, bevel=0
    )
    for z in boards:
        builder.block((x0 + PANEL, grid.y0 + 0.001, z - PANEL), (x1 - PANEL, grid.y1 - 0.008, z), material)


def kitchen_island(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A block of units with its own worktop; towards +y it overhangs by `params["bar_m"]` for stools."""
    w, d, h = size_m
    look, plinth = kitchen_look(params), float(params.get("plinth_m", 0.12))
    thick, bar = float(params.get("thick_m", 0.03)), float(params.get("bar_m", 0.25))
    builder = MeshBuilder()
    side = 0.03
    body = Grid(-w / 2 + side, w / 2 - side, plinth, h - thick, -d / 2 + 0.02, d / 2 - bar)
    count = max(2, round((body.x1 - body.x0) / 0.6))
    styles = (("drawers", 2), ("doors", 1))
    columns = [
        [Bay("drawer", 0.42), Bay("drawer", 0.79), Bay("drawer", 0.79)]
        if styles[int(rng.integers(2))][0] == "drawers"
        else [Bay("door" if index < count / 2 else "door_right", 1.0)]
        for index in range(count)
    ]
    fill_grid(builder, rng, body, columns, "carcass", params, look=look)
    toe = body.y0 + reach_of(look.handle) + FRONT_M + SET_BACK_M
    builder.block((body.x0 + 0.02, toe, 0.0), (body.x1 - 0.02, body.y1 - 0.03, plinth), look.front_material)
    _clad(builder, rng, body, look, plinth)
    if bar > 0.15 and params.get("legs"):
        for x in (-w / 2 + 0.06, w / 2 - 0.06):
            builder.block(
                (x - 0.03, d / 2 - 0.1, 0.0), (x + 0.03, d / 2 - 0.04, h - thick), look.front_material
            )
    builder.block((-w / 2, -d / 2, h - thick), (w / 2, d / 2, h), "worktop", bevel=min(0.003, 0.2 * thick))
    return builder


def _clad(builder: MeshBuilder, rng: np.random.Generator, body: Grid, look: Look, plinth: float) -> None:
    """The back and the ends of an island: flat panels, framed ones or upright boards."""
    y, z0, z1 = body.y1, plinth, body.z1
    y0 = body.y0 + reach_of(look.handle) + FRONT_M
    for x in (body.x0 - 0.006, body.x1):
        builder.block((x, y0, z0), (x + 0.006, y + 0.018, z1), look.front_material)
    if look.front in ("shaker", "beaded"):
        count = max(2, round((body.x1 - body.x0) / 0.55))
        for number in range(count):
            low = body.x0 + (body.x1 - body.x0) * number / count
            high = body.x0 + (body.x1 - body.x0) * (number + 1) / count
            panel = MeshBuilder()
            front(panel, (-high, -low, z0, z1), 0.0, 0.018, look.front, look.front_material)
            turn = np.diag([-1.0, -1.0, 1.0, 1.0])
            turn[1, 3] = y + 0.018
            builder.merge(panel, turn)
        return
    builder.block((body.x0, y, z0), (body.x1, y + 0.012, z1), look.front_material)
    if rng.random() < 0.35:  # upright boards
        count = round((body.x1 - body.x0) / 0.09)
        x = body.x0 + (np.arange(count) + 0.5) * (body.x1 - body.x0) / count
        low = np.column_stack([x - 0.042, np.full(count, y + 0.011), np.full(count, z0)])
        blocks(builder, low, np.add(low, (0.084, 0.007, z1 - z0)), look.front_material, taper=0.002)


KINDS = {
    "base_unit": base_unit, "tall_unit": tall_unit, "wall_unit": wall_unit, "kitchen_island": kitchen_island,
}  # fmt: skip
