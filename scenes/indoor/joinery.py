"""Doors and windows, as the joiner brings them: frames, leaves, panes, sills, handles.

Both are made in the frame of their hole: x along the wall from the hole's first edge, y into the room with
the wall's inner face at y = 0 and its outer face at y = -thickness, z up from the hole's lower edge.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .layout.room_plan import Opening

LEAF_M = 0.04
GAP_M = 0.003
SUNK_M = 0.006
"""How deep a pane sits in the groove of its frame: beside rounded edges it would let daylight by."""


def block(
    builder: MeshBuilder, low: tuple[float, float, float], high: tuple[float, float, float], material: str,
    bevel: float = 0.002,
) -> None:  # fmt: skip
    """A box between two corners."""
    size = np.subtract(high, low)
    builder.box(size, np.add(low, size / 2), material, bevel=bevel, segments=1)


def window(
    hole: Opening, wall_m: float, design: str, rng: np.random.Generator, glass: str = "window_glass"
) -> tuple[MeshBuilder, MeshBuilder]:
    """A window and its panes of the role `glass`: "single", "casement", "sash" (one half slides up) or
    "georgian" (with bars)."""
    made, panes, width_m, height_m = MeshBuilder(), MeshBuilder(), hole.width_m, hole.height_m
    frame, deep = float(rng.uniform(0.045, 0.06)), 0.065
    back = -wall_m * 0.72
    front = back + deep
    _ring(made, (0.0, width_m), (0.0, height_m), (back, front), frame, "window_frame")
    inside = (frame, width_m - frame), (frame, height_m - frame)
    if design == "single":
        _pane(panes, *inside, (back + front) / 2, glass)
    elif design == "sash":
        _sashes_above_each_other(made, panes, *inside, back, front, glass)
    else:
        leaves = max(1, round((inside[0][1] - inside[0][0]) / float(rng.uniform(0.55, 0.75))))
        bars = (2, max(2, round(height_m / 0.42))) if design == "georgian" else (1, 1)
        # A rebate behind the gaps, as real frames have: no daylight between a leaf and what it shuts on.
        _ring(made, *inside, (back, back + 0.007), 0.012, "window_frame", 0.001)
        for x0, x1 in _split(*inside[0], leaves):
            if x0 > inside[0][0]:
                block(
                    made,
                    (x0 - 0.012, back, inside[1][0]),
                    (x0 + 0.012, back + 0.007, inside[1][1]),
                    "window_frame",
                    0.001,
                )
            leaf = (x0 + GAP_M, x1 - GAP_M)
            _casement(made, panes, leaf, inside[1], back + 0.008, front + 0.008, bars, glass)
        for number in range(1, leaves, 2):
            _window_handle(
                made, inside[0][0] + (inside[0][1] - inside[0][0]) * number / leaves, front, height_m
            )
    _sills(made, width_m, wall_m, back, front, rng)
    return made, panes


def _ring(made: MeshBuilder, xs: tuple[float, float], zs: tuple[float, float], ys: tuple[float, float],
          bar: float, material: str, bevel: float = 0.004) -> None:  # fmt: skip
    (x0, x1), (z0, z1), (y0, y1) = xs, zs, ys
    block(made, (x0, y0, z0), (x0 + bar, y1, z1), material, bevel)
    block(made, (x1 - bar, y0, z0), (x1, y1, z1), material, bevel)
    block(made, (x0 + bar, y0, z0), (x1 - bar, y1, z0 + bar), material, bevel)
    block(made, (x0 + bar, y0, z1 - bar), (x1 - bar, y1, z1), material, bevel)


def _pane(made: MeshBuilder, xs: tuple[float, float], zs: tuple[float, float], y: float, glass: str) -> None:
    x0, x1, z0, z1 = xs[0] - SUNK_M, xs[1] + SUNK_M, zs[0] - SUNK_M, zs[1] + SUNK_M
    made.quad([(x1, y, z0), (x0, y, z0), (x0, y, z1), (x1, y, z1)], glass)


def _split(low: float, high: float, count: int) -> list[tuple[float, float]]:
    edges = np.linspace(low, high, count + 1)
    return [(float(a), float(b)) for a, b in pairwise(edges)]


def _casement(made: MeshBuilder, panes: MeshBuilder, xs: tuple[float, float], zs: tuple[float, float],
              back: float, front: float, bars: tuple[int, int], glass: str) -> None:  # fmt: skip
    rail, middle = 0.048, (back + front) / 2
    zs = (zs[0] + GAP_M, zs[1] - GAP_M)
    _ring(made, xs, zs, (back, front), rail, "window_frame")
    inner_x, inner_z = (xs[0] + rail, xs[1] - rail), (zs[0] + rail, zs[1] - rail)
    _pane(panes, inner_x, inner_z, middle, glass)
    for x, _ in _split(*inner_x, bars[0])[1:]:
        block(
            made,
            (x - 0.011, middle - 0.016, inner_z[0]),
            (x + 0.011, middle + 0.016, inner_z[1]),
            "window_frame",
        )
    for z, _ in _split(*inner_z, bars[1])[1:]:
        block(
            made,
            (inner_x[0], middle - 0.015, z - 0.011),
            (inner_x[1], middle + 0.015, z + 0.011),
            "window_frame",
        )


def _sashes_above_each_other(
    made: MeshBuilder, panes: MeshBuilder, xs: tuple[float, float], zs: tuple[float, float], back: float,
    front: float, glass: str,
) -> None:  # fmt: skip
    middle, rail, half = (zs[0] + zs[1]) / 2, 0.045, (front - back) / 2
    for low, high, y in ((zs[0], middle + rail / 2, front - half), (middle - rail / 2, zs[1], back)):
        _ring(made, xs, (low, high), (y + 0.003, y + half - 0.003), rail, "window_frame")
        _pane(panes, (xs[0] + rail, xs[1] - rail), (low + rail, high - rail), y + half / 2, glass)


def _window_handle(made: MeshBuilder, x: float, front: float, height_m: float) -> None:
    z = height_m * 0.45
    block(made, (x - 0.014, front + 0.006, z - 0.035), (x + 0.014, front + 0.016, z + 0.035), "handle", 0.004)
    made.tube([(x, front + 0.014, z), (x, front + 0.045, z)], 0.007, "handle", segments=10)
    made.tube([(x, front + 0.045, z + 0.006), (x, front + 0.045, z - 0.11)], 0.0075, "handle", segments=10)


def _sills(made: MeshBuilder, width_m: float, wall_m: float, back: float, front: float, rng) -> None:
    thick, nose = float(rng.uniform(0.02, 0.035)), float(rng.uniform(0.015, 0.035))
    material = str(rng.choice(["window_frame", "window_frame", "window_frame", "marble", "sill_wood"]))
    block(made, (0.0, front, 0.0), (width_m, 0.0, thick), material, 0.0)
    block(made, (-0.03, 0.0, 0.0), (width_m + 0.03, nose, thick), material, 0.004)
    block(made, (0.0, -wall_m - 0.03, -0.004), (width_m, back, 0.02), "metal_brushed", 0.002)


def window_casing(hole: Opening, board_m: float) -> MeshBuilder:
    """Flat boards around a window on the inner face of the wall; part of the window."""
    made = MeshBuilder()
    casing(made, hole.width_m, hole.height_m, board_m, 0.014, "skirting")
    return made


def casing(made: MeshBuilder, width: float, height: float, board: float, thick: float, material: str) -> None:
    """Boards around a hole, on the face of the wall."""
    block(made, (-board, 0.0, 0.0), (0.0, thick, height), material, 0.003)
    block(made, (width, 0.0, 0.0), (width + board, thick, height), material, 0.003)
    block(made, (-board, 0.0, height), (width + board, thick + 0.002, height + board), material, 0.003)


def door(hole: Opening, wall_m: float, design: str, casing_m: float, rng: np.random.Generator) -> MeshBuilder:
    """A closed door in its lining: "flush", "grooved", "boarded", or with two, three, four or six panels."""
    made, lining = MeshBuilder(), 0.022
    width_m, height_m, hinge_at_start = hole.width_m, hole.height_m, hole.hinge_at_start
    for low, high in ((0.0, lining), (width_m - lining, width_m)):
        block(made, (low, -wall_m, 0.0), (high, 0.0, height_m), "door_frame")
    block(made, (lining, -wall_m, height_m - lining), (width_m - lining, 0.0, height_m), "door_frame")
    casing(made, width_m, height_m, casing_m, 0.016, "door_frame")
    xs, zs = (lining + GAP_M, width_m - lining - GAP_M), (0.006, height_m - lining - GAP_M)
    face = -0.004
    # Behind the leaf the lining is shut, so that no daylight leaks through the gaps.
    block(
        made,
        (lining, -wall_m, 0.0),
        (width_m - lining, face - LEAF_M - 0.004, height_m - lining),
        "door_frame",
        0.0,
    )
    LEAVES[design](made, xs, zs, face)
    handle_x = xs[1] - 0.06 if hinge_at_start else xs[0] + 0.06
    hinge_x = xs[0] if hinge_at_start else xs[1]
    door_handle(made, handle_x, face, -1.0 if hinge_at_start else 1.0, rng)
    for z in (0.22, height_m - 0.25):
        made.cylinder(0.007, 0.09, (hinge_x, 0.006, z), "handle", segments=12)
    return made


def _flush(made: MeshBuilder, xs: tuple[float, float], zs: tuple[float, float], face: float) -> None:
    block(made, (xs[0], face - LEAF_M, zs[0]), (xs[1], face, zs[1]), "door")


def _grooved(made: MeshBuilder, xs: tuple[float, float], zs: tuple[float, float], face: float) -> None:
    block(made, (xs[0], face - LEAF_M, zs[0]), (xs[1], face - 0.006, zs[1]), "door")
    for low, high in _split(*zs, 5):
        block(made, (xs[0], face - 0.01, low + 0.003), (xs[1], face, high - 0.003), "door", 0.003)


def _boarded(made: MeshBuilder, xs: tuple[float, float], zs: tuple[float, float], face: float) -> None:
    block(made, (xs[0], face - LEAF_M, zs[0]), (xs[1], face - 0.012, zs[1]), "door")
    for low, high in _split(*xs, max(4, round((xs[1] - xs[0]) / 0.14))):
        block(made, (low + 0.001, face - 0.014, zs[0]), (high - 0.001, face, zs[1]), "door", 0.004)


def _panelled(rows: tuple[float, ...], columns: int):
    def leaf(made: MeshBuilder, xs: tuple[float, float], zs: tuple[float, float], face: float) -> None:
        stile, low = 0.105, face - LEAF_M
        (x0, x1), (z0, z1) = xs, zs
        block(made, (x0 + 0.02, low + 0.01, z0 + 0.02), (x1 - 0.02, face - 0.014, z1 - 0.02), "door", 0.0)
        for a, b in ((x0, x0 + stile), (x1 - stile, x1)):
            block(made, (a, low, z0), (b, face, z1), "door")
        bottom, top = z0 + 0.2, z1 - stile
        free = top - bottom - stile * (len(rows) - 1)
        z = bottom
        block(made, (x0 + stile, low, z0), (x1 - stile, face, bottom), "door")
        for share in rows:
            upper = z + free * share
            block(made, (x0 + stile, low, upper), (x1 - stile, face, min(upper + stile, z1)), "door")
            for a, b in _split(x0 + stile - stile / 2, x1 - stile + stile / 2, columns):
                left, right = a + stile / 2, b - stile / 2
                block(
                    made,
                    (left + 0.03, low, z + 0.03),
                    (right - 0.03, face - 0.004, upper - 0.03),
                    "door",
                    0.01,
                )
            for a, _ in _split(x0 + stile / 2, x1 - stile / 2, columns)[1:]:
                block(made, (a - stile / 2, low, z), (a + stile / 2, face, upper), "door")
            z = upper + stile

    return leaf


LEAVES = {
    "flush": _flush,
    "grooved": _grooved,
    "boarded": _boarded,
    "two_panel": _panelled((0.42, 0.58), 1),
    "three_panel": _panelled((0.34, 0.33, 0.33), 1),
    "four_panel": _panelled((0.4, 0.6), 2),
    "six_panel": _panelled((0.33, 0.46, 0.21), 2),
}


def door_handle(
    made: MeshBuilder, x: float, face: float, towards: float, rng: np.random.Generator, *, lever: bool = False
) -> None:
    """A handle on the face of a leaf: a lever that points `towards`, or a knob, unless it must be a lever."""
    z = 1.03
    if rng.random() < 0.35:
        block(made, (x - 0.021, face, z - 0.15), (x + 0.021, face + 0.008, z + 0.06), "handle", 0.003)
    else:
        for height in (z, z - 0.085):
            made.tube([(x, face, height), (x, face + 0.008, height)], 0.025, "handle", segments=24)
    made.tube([(x, face + 0.006, z), (x, face + 0.05, z)], 0.009, "handle", segments=14)
    if rng.random() < 0.2 and not lever:
        angles = np.linspace(-np.pi / 2, np.pi / 2, 9)
        knob = [(x, face + 0.052 + 0.02 * float(np.sin(a)), z) for a in angles]
        made.tube(knob, [0.028 * float(np.cos(a)) + 1e-4 for a in angles], "handle", segments=20)
    else:
        end = x + towards * float(rng.uniform(0.105, 0.13))
        lever = [(x, face + 0.05, z), (end - towards * 0.012, face + 0.05, z), (end, face + 0.046, z)]
        made.tube(lever, 0.009, "handle", segments=14)


def switch() -> MeshBuilder:
    """A light switch, its back at y = 0, around the origin."""
    made = MeshBuilder()
    block(made, (-0.041, 0.0, -0.041), (0.041, 0.009, 0.041), "plastic", 0.004)
    block(made, (-0.027, 0.006, -0.027), (0.027, 0.0125, 0.027), "plastic", 0.002)
    return made
