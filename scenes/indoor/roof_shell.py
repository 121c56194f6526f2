"""The roof of an attic in Blender: slopes with windows, the level part between them, rafters and purlins.

Slopes are sheets in frames of their own: x along the eave, z up the slope, y into the room. Each has an outer
sheet, which reaches beyond the walls, so that no light gets in between wall and roof.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .furniture.forms import placed
from .joinery import block
from .layout.openings import WALL_M
from .layout.roof import Roof, RoofWindow
from .layout.room_plan import Layout
from .walls import HALF_WALL_M

EAVES_M = 0.45
"""How far the roof reaches beyond the walls, along the slope."""
RAFTER_M = 0.075
"""Width of a rafter."""
Hole = tuple[float, float, float, float]
"""(x, z, width, height) in the frame of a slope."""


def slopes(layout: Layout, slab_m: float, style: str, rng: np.random.Generator) -> MeshBuilder:
    """The whole ceiling of an attic: painted, or clad with boards; beams of wood or painted."""
    roof, (start, end), margins = layout.roof, _reach(layout), _margins(layout)
    clad = rng.random() < {"rustic": 0.55, "scandinavian": 0.4, "classic": 0.15}.get(style, 0.2)
    board_m = float(rng.uniform(0.09, 0.15)) if clad else 0.0
    skin = str(rng.choice(["wood_light", "wood", "painted_wood"])) if clad else "paint_ceiling"
    beam = "wood_dark:beam" if style == "rustic" or rng.random() < 0.6 else "paint_ceiling"
    made = MeshBuilder()
    for slope in roof.slopes():
        made.merge(_slope(roof, slope, start, end, margins, skin, board_m), roof.frame(slope, start, end))
    made.merge(_level_part(layout, slab_m, margins, skin, board_m))
    return made.merge(_beams(layout, beam, rng))


def _reach(layout: Layout) -> tuple[float, float]:
    """Where the room starts and ends along the ridge."""
    axis = layout.roof.axis
    return float(layout.outline_m[:, axis].min()), float(layout.outline_m[:, axis].max())


def _margins(layout: Layout) -> tuple[float, float]:
    """How far the roof reaches beyond its first and last wall along the ridge; half a wall towards a room."""
    axis, walls = layout.roof.axis, layout.shared_walls()
    low, high = _reach(layout)
    margins = [0.3, 0.3]
    for index in walls:
        start = layout.outline_m[index, axis]
        margins[0 if abs(start - low) < abs(start - high) else 1] = HALF_WALL_M
    return margins[0], margins[1]


def _slope(
    roof: Roof, slope: int, start: float, end: float, margins: tuple[float, float], skin: str, board_m: float
) -> MeshBuilder:
    """One slope in its own frame, with holes for its windows and their reveals."""
    made, long, tall = MeshBuilder(), end - start, roof.length_up_m(slope)
    holes = [_in_frame(roof, window, start, end) for window in roof.windows if window.slope == slope]
    before, after = margins if roof.runs_forward(slope) else margins[::-1]
    _sheet(made, (0.0, long), (0.0, tall), holes, 0.0, skin, board_m, inward=True)
    for xs, zs in (
        ((-before, long + after), (-EAVES_M, 0.0)),
        ((-before, 0.0), (0.0, tall)),
        ((long, long + after), (0.0, tall)),
    ):
        _sheet(made, xs, zs, [], 0.0, "plaster", 0.0, inward=True)
    whole = (-before, long + after), (-EAVES_M, tall + 0.3)
    _sheet(made, *whole, holes, -WALL_M, "plaster", 0.0, inward=False)
    for x, z, w, h in holes:
        rim = ((x, z), (x + w, z), (x + w, z + h), (x, z + h))
        points = [(a, y, b) for y in (0.0, -WALL_M) for a, b in rim]
        sides = [(i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4) for i in range(4)]
        made.faces(np.array(points), [side[::-1] for side in sides], "paint_ceiling")
    return made


def _in_frame(roof: Roof, window: RoofWindow, start: float, end: float) -> Hole:
    x = window.along_m if roof.runs_forward(window.slope) else end - start - window.along_m - window.width_m
    return x, window.up_m, window.width_m, window.height_m


def _sheet(
    made: MeshBuilder, xs: tuple[float, float], zs: tuple[float, float], holes: list[Hole], y: float,
    material: str, board_m: float, *, inward: bool,
) -> None:  # fmt: skip
    cuts_x = sorted({*xs, *(x for hole in holes for x in (hole[0], hole[0] + hole[2]))})
    cuts_z = {*zs, *(z for hole in holes for z in (hole[1], hole[1] + hole[3]))}
    if board_m:  # each row of boards is a part of its own, so that its grain is
        cuts_z |= set(np.linspace(*zs, max(2, round((zs[1] - zs[0]) / board_m)))[1:-1])
    for x0, x1 in pairwise(cuts_x):
        for z0, z1 in pairwise(sorted(cuts_z)):
            a, b = (x0 + x1) / 2, (z0 + z1) / 2
            if any(x < a < x + w and z < b < z + h for x, z, w, h in holes):
                continue
            corners = np.array([(x0, y, z0), (x0, y, z1), (x1, y, z1), (x1, y, z0)])
            uv = [[(0.0, 0.0), (0.0, z1 - z0), (x1 - x0, z1 - z0), (x1 - x0, 0.0)]]
            made.faces(corners, [(0, 1, 2, 3) if inward else (3, 2, 1, 0)], material, uvs=uv)


def _level_part(
    layout: Layout, slab_m: float, margins: tuple[float, float], skin: str, board_m: float
) -> MeshBuilder:
    roof, top, (start, end) = layout.roof, layout.height_m, _reach(layout)
    level = roof.profile_m[np.abs(roof.profile_m[:, 1] - top) < 1e-6, 0]
    low, high = float(level.min()), float(level.max())
    made, slit = MeshBuilder(), 0.004
    # Above a wall without a slope the slab covers the wall.
    a = low - (0.15 if low > roof.profile_m[0, 0] + 1e-6 else 0.3)
    b = high + (0.15 if high < roof.profile_m[-1, 0] - 1e-6 else 0.3)
    made.prism(_ring(roof, start - margins[0], end + margins[1], a, b), top + slit, top + slab_m, "plaster")
    count = max(1, round((high - low) / board_m)) if board_m else 1
    for c0, c1 in pairwise(np.linspace(low, high, count + 1)):
        made.faces(_at(_ring(roof, start, end, c0, c1), top), [(3, 2, 1, 0)], skin)
    ring = _ring(roof, start, end, low, high)
    points = np.vstack([_at(ring, top), _at(ring, top + slit)])
    return made.faces(points, [(i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4) for i in range(4)], "plaster")


def _ring(roof: Roof, start: float, end: float, low: float, high: float) -> list[tuple[float, float]]:
    """A rectangle from `start` to `end` along the ridge, counter-clockwise seen from above."""
    if roof.axis == 0:
        return [(start, low), (end, low), (end, high), (start, high)]
    return [(low, start), (high, start), (high, end), (low, end)]


def _at(ring: list[tuple[float, float]], z: float) -> np.ndarray:
    return np.array([(x, y, z) for x, y in ring])


def _beams(layout: Layout, material: str, rng: np.random.Generator) -> MeshBuilder:
    """Rafters along the slopes, beside windows but never before them, and purlins where the roof bends."""
    roof, (start, end), made = layout.roof, _reach(layout), MeshBuilder()
    if roof.rafter_m == 0:
        return made
    spacing, long = float(rng.uniform(0.7, 1.05)), end - start
    for slope in roof.slopes():
        tall = roof.length_up_m(slope)
        holes = [_in_frame(roof, window, start, end) for window in roof.windows if window.slope == slope]
        count = max(1, round(long / spacing))
        middles = (np.arange(count) + 0.5) * long / count
        free = RAFTER_M / 2 + 0.02
        at = [x for x in middles if not any(h[0] - 3 * free < x < h[0] + h[2] + 3 * free for h in holes)]
        at += [x for h in holes for x in (h[0] - free, h[0] + h[2] + free)]
        rafters = MeshBuilder()
        for x in at:
            if RAFTER_M < x < long - RAFTER_M:
                low, high = (x - RAFTER_M / 2, 0.0, 0.02), (x + RAFTER_M / 2, roof.rafter_m, tall)
                rafters.block(low, high, material, bevel=0.006)
        made.merge(rafters, roof.frame(slope, start, end))
    for across, height in roof.profile_m[1:-1]:
        (x0, y0), _, (x1, y1), _ = _ring(roof, start, end, across - 0.065, across + 0.065)
        made.block((x0, y0, height - 0.1), (x1, y1, height + 0.02), material, bevel=0.008)
    return made


def roof_window(
    layout: Layout, window: RoofWindow, rng: np.random.Generator
) -> tuple[MeshBuilder, MeshBuilder]:
    """A window in a slope and its pane: a frame in the roof, a sash that turns in it, a bar to open it."""
    roof, (start, end) = layout.roof, _reach(layout)
    x, z, w, h = _in_frame(roof, window, start, end)
    role = "window_frame" if rng.random() < 0.6 else "sill_wood"
    made, pane = MeshBuilder(), MeshBuilder()
    # The sash sits in a rebate of the frame: no daylight between them.
    for inset, bar, y0, y1 in ((0.0, 0.04, -0.17, -0.06), (0.036, 0.057, -0.16, -0.095)):
        x0, x1, z0, z1 = inset, w - inset, inset, h - inset
        for a, b in ((x0, x0 + bar), (x1 - bar, x1)):
            block(made, (a, y0, z0), (b, y1, z1), role, 0.003)
        for a, b in ((z0, z0 + bar), (z1 - bar, z1)):
            block(made, (x0 + bar, y0, a), (x1 - bar, y1, b), role, 0.003)
    made.tube([(0.12, -0.085, h - 0.06), (w - 0.12, -0.085, h - 0.06)], 0.009, "metal_brushed", segments=10)
    inner = 0.036 + 0.057 - 0.006
    ring = [(w - inner, inner), (inner, inner), (inner, h - inner), (w - inner, h - inner)]
    pane.quad([(a, -0.13, b) for a, b in ring], "window_glass")
    frame = roof.frame(window.slope, start, end) @ placed(x, 0.0, z)
    return made.transformed(frame), pane.transformed(frame)


def window_place(layout: Layout, window: RoofWindow) -> tuple[np.ndarray, np.ndarray]:
    """The middle of a roof window, just outside, and the direction into the room."""
    roof, (start, end) = layout.roof, _reach(layout)
    x, z, w, h = _in_frame(roof, window, start, end)
    frame = roof.frame(window.slope, start, end)
    place = frame @ np.array([x + w / 2, -WALL_M - 0.01, z + h / 2, 1.0])
    return place[:3], frame[:3, 1]
