"""Every kind of thing that stands in an indoor scene: its class, its sizes, where it belongs.

Sizes are drawn together, so that a thing stays plausible as a whole: a double bed is never 2.4 m long, a
television is 16:9. Lengths are metres in the item's own frame: base centre at the origin, front towards -y.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from . import bathroom_kinds, further_kinds, kitchen_kinds
from .kinds import Box, Kind, Range, Size, Surface

PANEL_M = 0.02
"""Thickness of the boards of shelves."""
STILE_M = 0.038
"""Side panels of shelves with the frames before them, where there are some."""
MOULDING_M = 0.05
"""What a frame takes from the height of the uppermost shelf."""
EDGE_M = 0.02
"""Nothing is put nearer than this to the edge of a top."""

CATALOGUE: dict[str, Kind] = {
    # tables
    "dining_table": Kind("table", (1.2, 2.2), (0.75, 1.0), (0.72, 0.77), "free"),
    "coffee_table": Kind("table", (0.8, 1.3), (0.5, 0.75), (0.34, 0.46), "free", moved=True),
    "side_table": Kind("table", (0.36, 0.52), None, (0.44, 0.62), "free", moved=True),
    "desk": Kind("desk", (1.1, 1.8), (0.6, 0.8), (0.72, 0.76), "wall", 0.8),
    # seats
    "chair": Kind("chair", (0.42, 0.52), (0.46, 0.56), (0.80, 1.0), "free", moved=True),
    "office_chair": Kind("chair", (0.60, 0.68), (0.60, 0.68), (0.95, 1.25), "free", moved=True),
    "armchair": Kind("chair", (0.70, 0.90), (0.74, 0.90), (0.76, 1.02), "corner", 0.35, moved=True),
    "sofa": Kind("sofa", (1.5, 2.4), (0.84, 1.0), (0.74, 0.92), "wall", 0.35),
    "stool": Kind("stool", (0.34, 0.48), None, (0.42, 0.50), "free", moved=True),
    "bench": Kind("bench", (1.0, 1.5), (0.36, 0.44), (0.42, 0.48), "free"),
    # beds
    "bed": Kind("bed", (0.9, 1.8), (2.0, 2.15), (0.85, 1.25), "wall", 0.55),
    "nightstand": Kind("nightstand", (0.38, 0.55), (0.34, 0.44), (0.45, 0.62), "wall"),
    # storage
    "bookshelf": Kind("shelf", (0.6, 1.2), (0.26, 0.36), (1.2, 2.15), "wall", 0.5),
    "cabinet": Kind("cabinet", (0.8, 1.8), (0.38, 0.48), (0.72, 1.0), "wall", 0.6),
    "wardrobe": Kind("wardrobe", (0.9, 2.2), (0.56, 0.64), (1.95, 2.25), "wall", 0.75),
    "dresser": Kind("dresser", (0.8, 1.4), (0.42, 0.52), (0.74, 1.05), "wall", 0.65),
    "tv_stand": Kind("cabinet", (1.2, 2.0), (0.36, 0.46), (0.38, 0.58), "wall"),
    "wall_shelf": Kind("shelf", (0.5, 1.1), (0.18, 0.26), (0.16, 0.70), "wall_mounted"),
    # lamps
    "floor_lamp": Kind("lamp", (0.34, 0.46), None, (1.4, 1.75), "corner"),
    "table_lamp": Kind("lamp", (0.20, 0.34), None, (0.34, 0.56), "surface"),
    "ceiling_light": Kind("ceiling_light", (0.30, 0.52), None, (0.10, 0.8), "ceiling"),
    # on walls and windows
    "picture": Kind("picture", (0.25, 1.2), (0.02, 0.035), (0.25, 0.95), "wall_mounted"),
    "mirror": Kind("mirror", (0.45, 1.0), (0.02, 0.04), (0.6, 1.3), "wall_mounted"),
    "clock": Kind("clock", (0.24, 0.36), (0.035, 0.05), (0.24, 0.36), "wall_mounted"),
    "radiator": Kind("radiator", (0.6, 1.6), (0.08, 0.11), (0.4, 0.6), "window"),
    "curtain": Kind("curtain", (1.0, 3.0), (0.10, 0.14), (1.2, 2.6), "window"),
    # textiles
    "rug": Kind("rug", (1.4, 3.0), (1.2, 2.2), (0.010, 0.018), "free"),
    "cushion": Kind("cushion", (0.38, 0.50), (0.12, 0.17), (0.36, 0.46), "surface", moved=True),
    "throw": Kind("object", (0.5, 1.4), (0.4, 0.7), (0.03, 0.06), "surface", moved=True),
    # plants and decoration
    "floor_plant": Kind("plant", (0.45, 0.85), None, (0.8, 1.8), "corner"),
    "small_plant": Kind("plant", (0.12, 0.26), None, (0.14, 0.36), "surface"),
    "vase": Kind("vase", (0.09, 0.18), None, (0.16, 0.36), "surface"),
    "picture_frame": Kind("picture", (0.12, 0.22), (0.08, 0.11), (0.15, 0.27), "surface", moved=True),
    "candle": Kind("object", (0.06, 0.10), None, (0.08, 0.22), "surface"),
    "basket": Kind("basket", (0.26, 0.44), None, (0.22, 0.40), "free", moved=True),
    # clutter
    "cup": Kind("cup", (0.095, 0.125), (0.075, 0.095), (0.075, 0.105), "surface", moved=True),
    "bowl": Kind("bowl", (0.13, 0.28), None, (0.06, 0.11), "surface"),
    "plate": Kind("plate", (0.20, 0.28), None, (0.018, 0.028), "surface"),
    "bottle": Kind("bottle", (0.065, 0.09), None, (0.22, 0.33), "surface"),
    "box": Kind("box", (0.18, 0.42), (0.16, 0.34), (0.10, 0.32), "free", moved=True),
    "book": Kind("book", (0.13, 0.21), (0.19, 0.28), (0.018, 0.045), "surface", moved=True),
    "book_row": Kind("book", (0.14, 0.7), (0.15, 0.24), (0.19, 0.31), "surface"),
    "book_stack": Kind("book", (0.16, 0.24), (0.20, 0.29), (0.05, 0.20), "surface", moved=True),
    "toy": Kind("toy", (0.10, 0.24), (0.10, 0.20), (0.08, 0.22), "surface", moved=True),
    "magazine": Kind("book", (0.20, 0.23), (0.27, 0.30), (0.004, 0.02), "surface", moved=True),
    # electronics
    "monitor": Kind("monitor", (0.50, 0.72), (0.18, 0.24), (0.40, 0.52), "surface", moved=True),
    "keyboard": Kind("keyboard", (0.34, 0.45), (0.12, 0.16), (0.018, 0.032), "surface", moved=True),
    "mouse": Kind("object", (0.058, 0.068), (0.10, 0.12), (0.032, 0.042), "surface", moved=True),
    "laptop": Kind("laptop", (0.30, 0.36), (0.28, 0.34), (0.20, 0.25), "surface", moved=True),
    "television": Kind("television", (0.85, 1.45), (0.16, 0.26), (0.54, 0.88), "surface"),
    "speaker": Kind("object", (0.14, 0.22), (0.16, 0.26), (0.24, 0.36), "surface"),
    **further_kinds.KINDS,
    **kitchen_kinds.KINDS,
    **bathroom_kinds.KINDS,
}

BEDS_M: tuple[tuple[float, float], ...] = (
    (0.9, 2.0),
    (1.0, 2.0),
    (1.2, 2.05),
    (1.4, 2.05),
    (1.6, 2.1),
    (1.8, 2.1),
)
"""Outer widths and lengths of common beds, narrow to wide."""
SEAT_Z_M = 0.44
CHAISE_BODY_M = 0.95
"""Depth of a sofa beside its chaise longue, which takes a third of the width and the whole depth."""
MATTRESS_Z_M = 0.55


def draw_size(kind: str, rng: np.random.Generator, **limits: Range | float) -> Size:
    """Draw (w, d, h) in metres.

    `limits` narrows "width", "depth" or "height": a pair to stay within, or a number for the greatest
    value. A limit below the kind's own range wins, so the caller decides whether that still makes sense.
    """
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(rng, limits)
    row = CATALOGUE[kind]
    size = rng.random()  # one draw for all three: large things are large in every direction
    width = _within(row.width, limits.get("width"), size)
    height = _within(row.height, limits.get("height"), 0.5 * size + 0.5 * rng.random())
    if row.depth is None:
        depth = width if "depth" not in limits else min(width, _within(row.width, limits["depth"], size))
        width = min(width, depth)
    else:
        depth = _within(row.depth, limits.get("depth"), 0.6 * size + 0.4 * rng.random())
    return width, depth, height


def surfaces(kind: str, size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    """The places of a thing that carry other things, lowest first; empty for most kinds."""
    w, d, h = size_m
    if "asset" in params:  # an imported model, of which nothing is known but how level its top is
        x, y = (float(params["level_top"]) * length / 2 - EDGE_M for length in (w, d))
        return [Surface(-x, x, -y, y, h, 1.0, "top")] if min(x, y) > 2 * EDGE_M else []
    if kind in _TOPS:
        # The square inside of a round top; its corners would hang in the air.
        share = 0.5**0.5 if params.get("round") else 1.0
        x, y = share * w / 2 - EDGE_M, share * d / 2 - EDGE_M
        return [Surface(-x, x, -y, y, h, 1.0, "top")]
    if kind in ("bookshelf", "wall_shelf"):
        boards = [float(z) for z in params["board_z_m"]]
        x, front, back = w / 2 - STILE_M, -d / 2 + 0.02, d / 2 - 0.014
        levels = [
            Surface(-x, x, front, back, z, above - PANEL_M - z - (MOULDING_M if above == h else 0.0), "board")
            for z, above in zip(boards, [*boards[1:], h])
        ]
        top = Surface(-x, x, front, back, h, 0.4, "top")
        return [*(level for level in levels if level.free_m > 0.1), top]
    if kind in ("sofa", "armchair", "chair", "bench", "stool"):
        seat = float(params.get("seat_z_m", SEAT_Z_M)) if kind not in ("bench", "stool") else h
        arm = {"sofa": 0.24, "armchair": 0.18}.get(kind, 0.03)
        back = {"sofa": 0.26, "armchair": 0.24, "chair": 0.10}.get(kind, 0.03)
        if w / 2 - arm < 0.1:
            return []
        front = d / 2 - (CHAISE_BODY_M if "chaise" in params else d)
        return [Surface(-w / 2 + arm, w / 2 - arm, front + 0.04, d / 2 - back, seat, 0.5, "seat")]
    if kind == "bed":
        z = float(params.get("mattress_z_m", MATTRESS_Z_M))
        return [Surface(-w / 2 + 0.04, w / 2 - 0.04, -d / 2 + 0.06, d / 2 - 0.62, z, 0.5, "mattress")]
    return _SURFACES[kind](size_m, params) if kind in _SURFACES else []


def solids(kind: str, size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    """The room that a thing takes, as boxes inside its size box.

    One box for most things. Tables leave the space under their top free, so that a chair can be pushed
    in; seats are low in front of their back.
    """
    w, d, h = size_m
    x, y = w / 2, d / 2
    if "asset" in params:
        return [(-x, x, -y, y, 0.0, h)]
    if kind in ("dining_table", "desk"):
        return [(-x, x, -y, y, h - 0.14, h), *_under_table(kind, w, d, h, params)]
    if kind in ("chair", "armchair", "sofa", "office_chair"):
        seat = float(params.get("seat_z_m", SEAT_Z_M))
        back = {"sofa": 0.26, "armchair": 0.24, "office_chair": 0.2}.get(kind, 0.10)
        front = y - CHAISE_BODY_M if "chaise" in params else -y
        parts = [(-x, x, front, y, 0.0, seat + 0.03), (-x, x, y - back, y, 0.0, h)]
        arm = {"sofa": 0.24, "armchair": 0.18}.get(kind)
        if arm:
            parts += [(-x, -x + arm, front, y, 0.0, h), (x - arm, x, front, y, 0.0, h)]
        if "chaise" in params:
            low, high = (x - w / 3, x) if params["chaise"] > 0 else (-x, -x + w / 3)
            parts.append((low, high, -y, front, 0.0, seat + 0.03))
        return parts
    if kind == "bed":
        mattress = float(params.get("mattress_z_m", MATTRESS_Z_M))
        return [(-x, x, -y, y, 0.0, mattress), (-x, x, y - 0.62, y, 0.0, h)]
    if kind in _SOLIDS:
        return _SOLIDS[kind](size_m, params)
    return [(-x, x, -y, y, 0.0, h)]


_SURFACES = further_kinds.SURFACES | kitchen_kinds.SURFACES | bathroom_kinds.SURFACES
_SOLIDS = further_kinds.SOLIDS | kitchen_kinds.SOLIDS | bathroom_kinds.SOLIDS
_TOPS = frozenset({
    "dining_table", "coffee_table", "side_table", "desk", "nightstand", "dresser", "cabinet", "tv_stand",
    "wardrobe",
})  # fmt: skip


OPEN_DESKS = ("writing", "trestle", "standing", "loops", "panels")
"""Designs of desks without drawers down to the floor."""


def _under_table(kind: str, w: float, d: float, h: float, params: Mapping[str, Any]) -> list[Box]:
    """What may stand below a top, whichever design is drawn: legs at the ends, a foot in the middle."""
    x, y = w / 2, d / 2
    if kind == "desk":
        end = 0.22 if params.get("variant") in OPEN_DESKS else min(0.43, 0.3 * w + 0.03)
        modesty = (-x, x, 0.02, y, 0.0, h)
        return [(-x, -x + end, -y, y, 0.0, h), (x - end, x, -y, y, 0.0, h), modesty]
    foot = 0.31 * min(w, d) + 0.01
    middle = (-foot, foot, -foot, foot, 0.0, h)
    if params.get("round"):
        return [middle]
    return [(-x, -x + 0.22, -y, y, 0.0, h), (x - 0.22, x, -y, y, 0.0, h), middle]


def _within(own: Range, limit: Range | float | None, share: float) -> float:
    low, high = own
    if isinstance(limit, tuple):
        low, high = max(low, limit[0]), min(high, limit[1])
        if low > high:
            low = high = limit[0] if own[1] < limit[0] else limit[1]
    elif limit is not None:
        high = min(high, limit)
        low = min(low, high)
    return float(low + share * (high - low))


def _bed(rng: np.random.Generator, limits: Mapping[str, Any]) -> Size:
    least, most = limits.get("width", (0.0, 1.8))
    widths = [bed for bed in BEDS_M if least <= bed[0] <= most] or [BEDS_M[0]]
    w, d = widths[rng.integers(len(widths))]
    return w, d + float(rng.uniform(0, 0.05)), float(rng.uniform(*CATALOGUE["bed"].height))


def _wide_screen(kind: str, stand_m: Range) -> Callable[[np.random.Generator, Mapping[str, Any]], Size]:
    def draw(rng: np.random.Generator, limits: Mapping[str, Any]) -> Size:
        row = CATALOGUE[kind]
        w = _within(row.width, limits.get("width"), rng.random())
        return w, float(rng.uniform(*row.depth)), w * 9 / 16 + float(rng.uniform(*stand_m))

    return draw


def _picture(rng: np.random.Generator, limits: Mapping[str, Any]) -> Size:
    row = CATALOGUE["picture"]
    aspect = (0.7, 0.75, 0.8, 1.0, 1.25, 1.33, 1.4, 1.5, 1.8)[rng.integers(9)]
    area = float(np.exp(rng.uniform(np.log(0.08), np.log(0.75))))
    w, h = (area * aspect) ** 0.5, (area / aspect) ** 0.5
    shrink = min(1.0, _most(limits, "width", row.width[1]) / w, _most(limits, "height", row.height[1]) / h)
    return w * shrink, float(rng.uniform(*row.depth)), h * shrink


def _mirror(rng: np.random.Generator, limits: Mapping[str, Any]) -> Size:
    row = CATALOGUE["mirror"]
    w = _within(row.width, limits.get("width"), rng.random())
    h = w * (1.0, 1.0, 1.35, 1.6)[rng.integers(4)]
    return w, float(rng.uniform(*row.depth)), min(h, _most(limits, "height", row.height[1]))


def _clock(rng: np.random.Generator, limits: Mapping[str, Any]) -> Size:
    row = CATALOGUE["clock"]
    w = _within(row.width, limits.get("width"), rng.random())
    return w, float(rng.uniform(*row.depth)), w


def _most(limits: Mapping[str, Any], name: str, default: float) -> float:
    limit = limits.get(name, default)
    return limit[1] if isinstance(limit, tuple) else limit


_SPECIAL: dict[str, Callable[[np.random.Generator, Mapping[str, Any]], Size]] = {
    "bed": _bed,
    "television": _wide_screen("television", (0.05, 0.09)),
    "monitor": _wide_screen("monitor", (0.10, 0.16)),
    "picture": _picture,
    "mirror": _mirror,
    "clock": _clock,
}
