"""Cases with drawers, doors and open bays: carcass, fronts with shadow gaps, handles. Lengths are metres.

A case is divided into columns of bays. The carcass is real (panels and dividers, open inside); fronts
stand before it or between its panels, with gaps of 2.5 mm around them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

GAP = 0.0025
PANEL = 0.018


@dataclass(frozen=True, slots=True)
class Grid:
    """The outer box of a case; its front is at y0."""

    x0: float
    x1: float
    z0: float
    z1: float
    y0: float
    y1: float


@dataclass(frozen=True, slots=True)
class Bay:
    """One compartment of a column: kind drawer, door (hinged left), door_right, doors (a pair), or open.

    `share` is its part of the column's height; `width` that of its column (the first bay's counts).
    """

    kind: str
    share: float
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Look:
    """How the fronts of one case look.

    `front` is flat, shaker, slats, rattan, glass or beaded; `handle` knob, ball, bar, rail, cup, ring, tab
    groove or none; `inset` puts the fronts between the panels instead of before them; `low` puts the
    handles at the lower ends of doors, as on units that hang on a wall.
    """

    front: str
    handle: str
    metal: str
    inset: bool
    front_material: str
    low: bool = False


_FRONTS = {
    "scandinavian": ("flat", "flat", "slats", "rattan"),
    "classic": ("shaker", "shaker", "beaded", "flat"),
    "modern": ("flat", "flat", "slats", "glass"),
    "rustic": ("shaker", "beaded", "flat", "rattan"),
}
_HANDLES = {
    "scandinavian": ("tab", "knob", "groove", "ball"),
    "classic": ("ball", "cup", "ring", "knob"),
    "modern": ("rail", "groove", "bar", "tab"),
    "rustic": ("cup", "ball", "bar", "ring"),
}


def draw_look(rng: np.random.Generator, material: str, params: Mapping[str, object]) -> Look:
    """A coherent look for the fronts of one case; `params` may set "front" and "handle"."""
    style = str(params.get("style", "")) or sorted(_FRONTS)[int(rng.integers(len(_FRONTS)))]
    fronts, handles = _FRONTS.get(style, _FRONTS["modern"]), _HANDLES.get(style, _HANDLES["modern"])
    front = fronts[int(rng.integers(len(fronts)))]
    handle = handles[int(rng.integers(len(handles)))]
    metal = ("brass", "metal", "metal_brushed", "chrome")[int(rng.integers(4))]
    inset = bool(rng.random() < 0.5)
    two_tone = rng.random()
    other = "painted_wood" if material != "painted_wood" else "wood_light"
    return Look(
        front=str(params.get("front", front)),
        handle=str(params.get("handle", handle)),
        metal=metal,
        inset=inset,
        front_material=other if two_tone < 0.2 else material,
    )


def fill_grid(
    builder: MeshBuilder,
    rng: np.random.Generator,
    grid: Grid,
    columns: Sequence[Sequence[Bay]],
    material: str,
    params: Mapping[str, object],
    *,
    look: Look | None = None,
    back: bool = True,
    top: bool = True,
    shelves_z: Sequence[float] = (),
) -> Look:
    """A case that fills `grid`, with its columns of bays from left to right, each from top to bottom.

    Handles stay inside of the grid: fronts stand back by what sticks out. `back` and `top` say whether it has
    these panels. Behind glass are shelves with their upper sides at `shelves_z`, or one in the middle.
    Returns the look that was used.
    """
    look = look or draw_look(rng, material, params)
    depth_of_handle = reach_of(look.handle)
    front_y = grid.y0 + depth_of_handle
    thick = 0.018
    case_y = front_y + (0.0 if look.inset else thick)
    x0, x1, z0, z1, y1 = grid.x0, grid.x1, grid.z0, grid.z1, grid.y1
    side_top = z1 - PANEL if top else z1
    if top:
        builder.block((x0, case_y, side_top), (x1, y1, z1), material)
    builder.block((x0, case_y, z0), (x1, y1, z0 + PANEL), material)
    for low in (x0, x1 - PANEL):
        builder.block((low, case_y, z0 + PANEL), (low + PANEL, y1, side_top), material)
    if back:
        builder.block((x0 + PANEL, y1 - 0.008, z0 + PANEL), (x1 - PANEL, y1, side_top), material, bevel=0)
    inner0, inner1, low, high = x0 + PANEL, x1 - PANEL, z0 + PANEL, side_top
    widths = np.array([column[0].width for column in columns], dtype=np.float64)
    edges = inner0 + (inner1 - inner0) * np.concatenate([[0], np.cumsum(widths) / widths.sum()])
    for index, column in enumerate(columns):
        left, right = edges[index], edges[index + 1]
        if index:
            builder.block(
                (left - PANEL / 2, case_y + 0.001, low), (left + PANEL / 2, y1 - 0.008, high), material
            )
        shares = np.array([bay.share for bay in column], dtype=np.float64)
        levels = high - (high - low) * np.concatenate([[0], np.cumsum(shares) / shares.sum()])
        if look.front == "glass" and len(column) == 1 and column[0].kind.startswith("door"):
            for shelf in shelves_z or ((low + high + PANEL) / 2,):  # what shows through the glass
                builder.block((left, case_y + 0.03, shelf - PANEL), (right, y1 - 0.008, shelf), material)
        for row, bay in enumerate(column):
            upper, lower = levels[row], levels[row + 1]
            if row:
                shelf = (left + PANEL / 2 * (index > 0), case_y + 0.001, upper - PANEL / 2)
                builder.block(shelf, (right, y1 - 0.008, upper + PANEL / 2), material)
            first, last = (index == 0, index == len(columns) - 1), (row == 0, row == len(column) - 1)
            if look.inset:
                box = [left + PANEL / 2 * (not first[0]), right - PANEL / 2 * (not first[1])]
                box += [lower + PANEL / 2 * (not last[1]), upper - PANEL / 2 * (not last[0])]
                gap = GAP
            else:
                box = [x0 if first[0] else left, x1 if first[1] else right]
                box += [z0 if last[1] else lower, z1 if last[0] else upper]
                gap = GAP / 2
            a, b, c, e = box[0] + gap, box[1] - gap, box[2] + gap, box[3] - gap
            _fill_bay(builder, bay.kind, (a, b, c, e), front_y, thick, look)
    return look


def _fill_bay(
    builder: MeshBuilder,
    kind: str,
    box: tuple[float, float, float, float],
    y: float,
    thick: float,
    look: Look,
) -> None:
    x0, x1, z0, z1 = box
    middle = (x0 + x1) / 2
    if kind == "open":
        return
    if look.handle == "groove":  # the open upper edge is the handle
        z1 -= min(0.02, 0.15 * (z1 - z0))
        box = (x0, x1, z0, z1)
    if kind == "drawer":
        style = look.front if look.front in ("flat", "shaker", "beaded", "slats") else "flat"
        style = "flat" if z1 - z0 < 0.12 and style == "shaker" else style
        front(builder, box, y, thick, style, look.front_material)
        z = (z0 + z1) / 2 if look.handle not in ("groove", "tab", "rail") else z1
        z = z0 + 0.05 if look.low else z
        spots = [middle]
        if x1 - x0 > 0.62 and look.handle in ("ball", "knob", "cup", "ring"):
            spots = [x0 + (x1 - x0) * 0.22, x1 - (x1 - x0) * 0.22]
        for x in spots:
            handle(builder, look, x, y, z, upright=False, room=x1 - x0)
        return
    if look.handle == "cup":  # cups pull downwards: doors get knobs
        look = replace(look, handle="ball")
    leaves = {"door": [(x0, x1, 1)], "door_right": [(x0, x1, -1)]}.get(
        kind, [(x0, middle - GAP / 2, 1), (middle + GAP / 2, x1, -1)]
    )
    for left, right, opening in leaves:
        front(builder, (left, right, z0, z1), y, thick, look.front, look.front_material)
        x = right - 0.035 if opening > 0 else left + 0.035
        tall = z1 - z0 > 1.1
        z = 1.02 if tall and z0 < 0.9 < z1 else z1 - min(0.09, 0.2 * (z1 - z0))
        if look.handle in ("groove", "tab", "rail") and not tall:
            z = z1
            x = (left + right) / 2
        upright = look.handle == "bar" or (look.handle == "rail" and tall)
        if upright and not tall:
            z = z1 - min(0.14, 0.5 * (z1 - z0))
        z = z0 + z1 - z if look.low else z
        handle(builder, look, x, y, z, upright=upright, room=min(right - left, z1 - z0))


def front(
    builder: MeshBuilder,
    box: tuple[float, float, float, float],
    y: float,
    thick: float,
    style: str,
    material: str,
) -> None:
    """One drawer front or door leaf over (x0, x1, z0, z1), its face at y, looking towards -y."""
    x0, x1, z0, z1 = box
    back = y + thick
    if style in ("shaker", "rattan", "glass", "beaded", "louvre"):
        frame = min(0.065, 0.24 * min(x1 - x0, z1 - z0))
        for low, high in ((x0, x0 + frame), (x1 - frame, x1)):
            builder.block((low, y, z0), (high, back, z1), material, bevel=0.0015)
        for low, high in ((z0, z0 + frame), (z1 - frame, z1)):
            builder.block((x0 + frame, y, low), (x1 - frame, back, high), material, bevel=0.0015)
        a, b, c, e = x0 + frame, x1 - frame, z0 + frame, z1 - frame
        if style == "glass":
            builder.block((a, y + 0.007, c), (b, y + 0.011, e), "glass", bevel=0)
        elif style == "rattan":
            builder.block((a, y + 0.007, c), (b, y + 0.010, e), "rattan", bevel=0)
        elif style == "louvre":
            count = max(3, round((e - c) / 0.045))
            for z in c + (np.arange(count) + 0.5) * (e - c) / count:
                low, high = (a, y + 0.003, z - 0.02), (a, back - 0.002, z + 0.012)
                _slat(builder, low, high, b - a, material)
        else:
            builder.block((a, y + 0.008, c), (b, back - 0.002, e), material, bevel=0)
            if style == "beaded":  # a raised field
                inset = min(0.03, 0.2 * (b - a))
                builder.block(
                    (a + inset, y + 0.003, c + inset),
                    (b - inset, y + 0.012, e - inset),
                    material,
                    bevel=0.004,
                )
    elif style == "slats":
        builder.block((x0, y + 0.009, z0), (x1, back, z1), material, bevel=0.001)
        count = max(3, round((x1 - x0) / 0.03))
        pitch = (x1 - x0) / count
        for index in range(count):
            x = x0 + (index + 0.5) * pitch
            builder.block((x - pitch * 0.36, y, z0), (x + pitch * 0.36, y + 0.01, z1), material, bevel=0.002)
    elif style == "mirror":
        builder.block((x0, y + 0.004, z0), (x1, back, z1), material, bevel=0.001)
        builder.block(
            (x0 + 0.004, y, z0 + 0.004), (x1 - 0.004, y + 0.0045, z1 - 0.004), "mirror", bevel=0.0015
        )
    else:
        builder.block((x0, y, z0), (x1, back, z1), material, bevel=0.0015)


def _slat(
    builder: MeshBuilder, low: Sequence[float], high: Sequence[float], width: float, material: str
) -> None:
    """One sloping louvre blade: its front edge low, its back edge high."""
    x0, y0, z0 = low
    _, y1, z1 = high
    section = np.array([(y0, z0), (y0 + 0.003, z0 - 0.004), (y1, z1), (y1 - 0.003, z1 + 0.004)])[::-1]
    rings = [np.column_stack([np.full(4, x), section]) for x in (x0 + width, x0)]
    builder.loft(np.array(rings), material, smooth=False)


def reach_of(kind: str) -> float:
    """How far a kind of handle sticks out before the fronts, metres."""
    return {"groove": 0.0, "none": 0.0, "tab": 0.022, "rail": 0.022, "cup": 0.028, "ring": 0.016}.get(
        kind, 0.028
    )


def handle(
    builder: MeshBuilder, look: Look, x: float, y: float, z: float, *, upright: bool, room: float
) -> None:
    """A handle on a front whose face is at y; grooves, tabs and rails hang on its upper edge z."""
    kind, metal = look.handle, look.metal
    turn = np.array([[1.0, 0, 0, x], [0, 0, -1, y], [0, 1, 0, z], [0, 0, 0, 1]])  # z of the part is -y
    part = MeshBuilder()
    if kind in ("knob", "ball"):
        role = metal if kind == "ball" else look.front_material
        if kind == "ball":
            a = np.linspace(-0.9, math.pi / 2, 8)
            profile = [(0.009, 0.0), (0.009, 0.0015), (0.005, 0.003), (0.0048, 0.009)]
            profile += [(0.0125 * math.cos(t), 0.0155 + 0.0115 * math.sin(t)) for t in a]
        else:
            profile = [
                (0.009, 0.0),
                (0.0085, 0.01),
                (0.0165, 0.02),
                (0.0165, 0.025),
                (0.014, 0.0275),
                (0.0, 0.0275),
            ]
        part.lathe(profile, (0, 0, 0), role, segments=16)
        builder.merge(part, turn)
    elif kind in ("bar", "rail") and (kind == "bar" or upright):
        long = min(0.32 if upright and room > 1.0 else 0.16, room * 0.7) / 2
        off = reach_of(kind) - 0.0058
        for s in (-0.8 * long, 0.8 * long):
            at = (x, y, z + s) if upright else (x + s, y, z)
            builder.tube([(at[0], y, at[2]), (at[0], y - off, at[2])], 0.004, metal, segments=8)
        ends = [(x, y - off, z - long), (x, y - off, z + long)]
        if not upright:
            ends = [(x - long, y - off, z), (x + long, y - off, z)]
        builder.tube(ends, 0.0058, metal, segments=10)
    elif kind == "rail":  # an L-shaped edge pull
        long = min(0.20, room * 0.5) / 2
        builder.block((x - long, y - 0.02, z - 0.003), (x + long, y + 0.002, z - 0.001), metal, bevel=0.0005)
        builder.block(
            (x - long, y - 0.022, z - 0.016), (x + long, y - 0.0195, z - 0.001), metal, bevel=0.0008
        )
    elif kind == "cup":
        u, v = np.meshgrid(np.linspace(0, math.pi, 13), np.linspace(0, math.pi / 2, 6), indexing="ij")
        shell = np.stack(
            [0.046 * np.cos(u) * np.sin(v), -0.023 * np.sin(u) * np.sin(v), 0.026 * np.cos(v)], axis=-1
        )
        inside = shell * (0.95, 0.93, 0.95)
        part.surface(shell, metal).surface(inside, metal, flip=True)
        part.surface(np.stack([inside[:, -1], shell[:, -1]]), metal)
        part.block((-0.048, -0.0015, -0.004), (0.048, 0.0, 0.028), metal, bevel=0.0007)
        move = np.eye(4)
        move[:3, 3] = x, y, z - 0.008
        builder.merge(part, move)
    elif kind == "ring":
        builder.tube([(x, y, z), (x, y - 0.012, z)], 0.005, metal, segments=8)
        a = np.linspace(0, 2 * math.pi, 20, endpoint=False)
        loop = np.column_stack(
            [x + 0.021 * np.sin(a), np.full(20, y - 0.0115), z - 0.021 + 0.021 * np.cos(a)]
        )
        builder.tube(loop, 0.0027, metal, segments=6, closed=True)
    elif kind == "tab":
        long = min(0.09, room * 0.3) / 2
        path = [(0.001, -0.001), (-0.006, -0.001), (-0.02, -0.006), (-0.0215, -0.020)]
        line = np.array(path)
        section = np.add(np.vstack([line, np.add(line, (0.0012, -0.003))[::-1]]), (y, z))
        rings = [np.column_stack([np.full(8, s), section]) for s in (x - long, x + long)]
        builder.loft(np.array(rings), "leather" if metal == "brass" else metal, smooth=False)
