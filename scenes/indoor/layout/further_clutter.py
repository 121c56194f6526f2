"""The small things of hallways, classrooms and attics: what lies on their furniture and on their floors."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from . import bathroom_clutter, kitchen_clutter
from .catalogue import draw_size
from .spot import Spot

Strew = Callable[..., None]
"""(spot, rng, density, theme, first=None): things here and there."""

THEMES: dict[str, Mapping[str, float]] = {
    "console_table": {"table_lamp": 2, "vase": 2, "bowl": 2, "small_plant": 1.5, "picture_frame": 1.5,
                      "candle": 1, "book_stack": 1, "magazine": 0.8, "box": 0.6, "hat": 0.5},
    "shoe_cabinet": {"bowl": 2, "small_plant": 2, "vase": 1.5, "picture_frame": 1.2, "candle": 1, "box": 1,
                     "magazine": 0.8, "basket": 0.4},
    "half_wall": {"small_plant": 3, "candle": 2, "vase": 1.5, "cup": 1},
    "trunk": {"book_stack": 2, "box": 1.5, "table_lamp": 1, "basket": 1, "magazine": 1,
              "candle": 0.6, "toy": 1},
    "chimney_breast": {"candle": 3, "vase": 2, "picture_frame": 2, "small_plant": 1.5, "bottle": 0.4},
    "niche": {"vase": 3, "small_plant": 2, "candle": 2, "book_stack": 1, "bowl": 1, "picture_frame": 1},
}  # fmt: skip
FLOOR: dict[str, Mapping[str, float]] = {
    "hallway": {"shoes": 3, "tote_bag": 1.2, "basket": 0.6, "box": 0.5},
    "classroom": {"backpack": 2, "box": 1.2, "paper_bin": 0.6, "tote_bag": 0.5},
    "attic": {"moving_box": 3, "crate": 1.6, "suitcase": 1.6, "rolled_rug": 1, "basket": 1, "book_stack": 0.8,
              "toy": 0.8},
    "kitchen": kitchen_clutter.FLOOR,
    "bathroom": bathroom_clutter.FLOOR,
}  # fmt: skip


def fill(spot: Spot, rng: np.random.Generator, density: float, strew: Strew) -> None:
    """Put things onto a piece of furniture of this module."""
    kind = spot.carrier.kind
    if kind in THEMES:
        first = "table_lamp" if kind == "console_table" and rng.random() < 0.35 else None
        strew(spot, rng, density, THEMES[kind], first=first)
    elif kind in _FILLS:
        _FILLS[kind](spot, rng, density)


def _hats(spot: Spot, rng: np.random.Generator, density: float) -> None:
    s = spot.surface
    x = s.x0 + 0.17
    while x < s.x1 - 0.15:
        if rng.random() < 0.7 * density:
            kind = "hat" if rng.random() < 0.55 else "box"
            size = draw_size(kind, rng, width=0.3, depth=s.y1 - s.y0 - 0.01, height=min(0.2, spot.free_m))
            spot.put(kind, size, x, (s.y0 + s.y1) / 2, float(rng.normal(0, 8)))
        x += float(rng.uniform(0.34, 0.5))


def _shoes(spot: Spot, rng: np.random.Generator, density: float) -> None:
    s = spot.surface
    if s.role != "shoes":
        if rng.random() < 0.5 * density:
            size = draw_size("tote_bag" if rng.random() < 0.6 else "box", rng, width=0.34, depth=0.24)
            kind = "tote_bag" if size[1] < 0.2 else "box"
            x = float(rng.uniform(s.x0 + 0.2, s.x1 - 0.2))
            spot.put(kind, size, x, (s.y0 + s.y1) / 2, float(rng.normal(0, 10)))
        return
    x = s.x0 + 0.13
    while x < s.x1 - 0.12:
        if rng.random() < 0.3 + 0.7 * density:
            size = draw_size("shoes", rng, height=0.13)
            spot.put("shoes", size, x, (s.y0 + s.y1) / 2 - 0.005, float(rng.normal(0, 2.5)))
        x += float(rng.uniform(0.25, 0.33))


def _boxes(spot: Spot, rng: np.random.Generator, density: float) -> None:
    """Sometimes another box on a box."""
    if rng.random() < 0.55 * density:
        s = spot.surface
        size = draw_size("moving_box", rng, width=s.x1 - s.x0, depth=s.y1 - s.y0)
        spot.put("moving_box", size, 0.0, 0.0, float(rng.normal(0, 2.0)))


def _pupil(spot: Spot, rng: np.random.Generator, density: float) -> None:
    """What lies on a school desk: mostly nothing, else a book, a notebook, pens."""
    s = spot.surface
    places = [0.0] if s.x1 - s.x0 < 1.0 else [-0.25 * (s.x1 - s.x0), 0.25 * (s.x1 - s.x0)]
    for place in places:
        if rng.random() > 0.25 + 0.5 * density:
            continue
        for kind in ("notebook", "book", "pen_cup", "bottle"):
            chance = {"notebook": 0.75, "book": 0.5, "pen_cup": 0.3, "bottle": 0.2}[kind]
            if rng.random() > chance:
                continue
            size = draw_size(kind, rng)
            for _ in range(3):
                x = place + float(rng.uniform(-0.2, 0.2))
                y = float(rng.uniform(s.y0, s.y1))
                turn = (
                    float(rng.normal(0, 14)) if kind in ("notebook", "book") else float(rng.uniform(0, 360))
                )
                if spot.put(kind, size, x, y, turn):
                    break


_FILLS: dict[str, Callable[[Spot, np.random.Generator, float], None]] = {
    "coat_rack": _hats,
    "shoe_bench": _shoes,
    "moving_box": _boxes,
    "school_desk": _pupil,
    **kitchen_clutter.FILLS,
    **bathroom_clutter.FILLS,
}
