"""What stands about in a kitchen: on the worktop, around the sink, on the hob, in open units, on sills."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .catalogue import CATALOGUE, draw_size
from .spot import Spot

AT_THE_BACK: Mapping[str, float] = {
    "kettle": 2.6, "toaster": 2.2, "coffee_machine": 1.6, "stand_mixer": 0.8, "microwave": 1.2,
    "knife_block": 1.8, "utensil_holder": 2.0, "jar": 3.2, "chopping_board": 2.4, "fruit_bowl": 1.5,
    "kitchen_roll": 1.4, "spice_rack": 1.0, "bottle": 1.4, "bread": 0.6, "small_plant": 1.0, "bowl": 0.7,
    "vase": 0.4,
}  # fmt: skip
IN_FRONT: Mapping[str, float] = {
    "cup": 3.0, "plate": 1.6, "chopping_board": 1.8, "fruit": 1.5, "bowl": 1.4, "tea_towel": 1.2,
    "bread": 0.8, "bottle": 0.8, "pot": 0.6, "magazine": 0.4,
}  # fmt: skip
ON_ISLANDS: Mapping[str, float] = {
    "fruit_bowl": 3.0, "vase": 1.6, "chopping_board": 1.5, "cup": 2.0, "plate": 1.2, "bowl": 1.4,
    "bottle": 1.0, "magazine": 0.8, "laptop": 0.4, "fruit": 1.0, "small_plant": 0.7,
}  # fmt: skip
STRAIGHT = ("toaster", "coffee_machine", "stand_mixer", "microwave", "knife_block", "spice_rack", "bread")
"""These face the room; the rest is turned a little or any way."""
FLOOR: Mapping[str, float] = {"basket": 1.0, "box": 0.5, "bottle": 0.8, "tote_bag": 0.5}
"""What stands on the floor of a kitchen."""


def _weighted(rng: np.random.Generator, wishes: Mapping[str, float]) -> str:
    names, weights = list(wishes), np.array(list(wishes.values()))
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def _turn(rng: np.random.Generator, kind: str) -> float:
    if kind in STRAIGHT:
        return float(rng.normal(0, 4))
    return float(rng.normal(0, 20)) if CATALOGUE[kind].depth is not None else float(rng.uniform(-180, 180))


def _on_worktop(spot: Spot, rng: np.random.Generator, density: float) -> None:
    """Things in groups along the wall, gaps between them, and a few in front."""
    s = spot.surface
    if s.role == "place":
        return
    _beside_sink(spot, rng, density)
    wishes, cursor = dict(AT_THE_BACK), s.x0 + float(rng.uniform(0.01, 0.12))
    while cursor < s.x1 - 0.1:
        if rng.random() > 0.15 + 0.8 * density:
            cursor += float(rng.uniform(0.15, 0.45))
            continue
        kind = _weighted(rng, wishes)
        cursor += _put_at_back(spot, rng, kind, cursor)
        wishes[kind] *= 0.6 if kind in ("jar", "bottle", "chopping_board") else 0.02
        cursor += float(rng.uniform(0.01, 0.05) if rng.random() < 0.55 else rng.uniform(0.06, 0.2))
    wishes = dict(IN_FRONT)
    for _ in range(int(rng.poisson(1.5 * density * (s.x1 - s.x0)))):
        kind = _weighted(rng, wishes)
        limits = {"height": 0.03} if kind in ("chopping_board", "tea_towel") else {}
        size = draw_size(kind, rng, **limits)
        if kind == "tea_towel":
            size = (size[0], max(size[1], 0.16), 0.022)
        if kind == "chopping_board":
            size = (float(rng.uniform(0.3, 0.4)), float(rng.uniform(0.22, 0.28)), 0.022)
        for _ in range(5):
            x, y = float(rng.uniform(s.x0, s.x1)), float(rng.uniform(s.y0, s.y0 + 0.6 * (s.y1 - s.y0)))
            if spot.put(kind, size, x, y, _turn(rng, kind)):
                wishes[kind] *= 0.4
                break


def _put_at_back(spot: Spot, rng: np.random.Generator, kind: str, x0: float) -> float:
    """Stand a thing, or a row of jars, with its left edge at `x0`; returns how far it reaches."""
    s = spot.surface
    if kind == "jar":
        twin, reach = int(rng.integers(2**31)), 0.0
        family = draw_size(kind, rng)
        for number in range(int(rng.integers(2, 5))):
            share = 1.0 - 0.1 * number
            size = (family[0] * share, family[1] * share, family[2] * share)
            if spot.put(kind, size, x0 + reach + size[0] / 2, s.y1 - size[1] / 2 - 0.012, seed=twin):
                reach += size[0] + 0.012
        return max(reach, 0.1)
    size = draw_size(kind, rng, height=spot.free_m - 0.01)
    if size[2] < 0.7 * CATALOGUE[kind].height[0]:
        return 0.1
    if kind == "chopping_board":  # it leans against the wall
        tall = float(rng.uniform(0.28, 0.38))
        size = (float(rng.uniform(0.2, 0.3)), float(rng.uniform(0.08, 0.12)), tall)
        spot.put(kind, size, x0 + size[0] / 2, s.y1 - size[1] / 2 - 0.001)
        return size[0]
    yaw = _turn(rng, kind)
    half = Spot.rectangle(0, 0, size, yaw)
    y = s.y1 - half[3] - float(rng.uniform(0.008, 0.06))
    spot.put(kind, size, x0 + half[1], y, yaw)
    return 2 * half[1]


def _beside_sink(spot: Spot, rng: np.random.Generator, density: float) -> None:
    """A draining rack and the washing-up things next to the sink, at whichever end of the stretch it is."""
    s = spot.surface
    sinks = [item for item in spot.room.items if item.kind == "kitchen_sink" and item.parent == spot.index]
    for sink in sinks:
        x, _ = spot.local(sink)
        ends = [edge for edge in (s.x0, s.x1) if abs(edge - x) < sink.size_m[0] / 2 + 0.05]
        for edge in ends:
            sign = 1.0 if edge == s.x0 else -1.0
            if rng.random() < 0.35 + 0.4 * density:
                size = draw_size("washing_up", rng)
                spot.put("washing_up", size, edge + sign * (size[0] / 2 + 0.02), s.y1 - size[1] / 2 - 0.02)
            if rng.random() < 0.5 * density:
                size = draw_size("dish_rack", rng)
                y = (s.y0 + s.y1) / 2 - float(rng.uniform(0.0, 0.04))
                spot.put("dish_rack", size, edge + sign * (size[0] / 2 + 0.03), y, float(rng.normal(0, 2)))


def _on_burner(spot: Spot, rng: np.random.Generator, density: float) -> None:
    """A pot or a pan in the middle of a burner, on one of them in three."""
    if rng.random() > 0.12 + 0.3 * density:
        return
    s = spot.surface
    kind = "pan" if rng.random() < 0.35 else ("pot" if rng.random() < 0.8 else "kettle")
    wide, deep = s.x1 - s.x0, s.y1 - s.y0
    if kind == "pan":  # its handle points to the room, over the edge
        return _pan(spot, rng)
    params = {"variant": "hob"} if kind == "kettle" else {}
    size = draw_size(kind, rng, width=wide, depth=deep)
    spot.put(kind, size, (s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2, float(rng.normal(0, 12)), params=params)


def _pan(spot: Spot, rng: np.random.Generator) -> None:
    # Along the hob, so that its handle lies over the next burner or beside the hob; it must fit the stretch.
    s = spot.surface
    w, d, h = draw_size("pan", rng, width=0.22)
    scale = min(1.0, (s.x1 - s.x0) / d)
    if scale > 0.6:
        spot.put("pan", (w * scale, d * scale, h), (s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2, 90.0)


def _in_sink(spot: Spot, rng: np.random.Generator, density: float) -> None:
    s = spot.surface
    for _ in range(int(rng.poisson(1.2 * density))):
        kind = str(rng.choice(["plate", "cup", "bowl", "pan"], p=[0.35, 0.35, 0.25, 0.05]))
        if kind == "pan":
            continue
        size = draw_size(kind, rng)
        x, y = rng.uniform([s.x0, s.y0], [s.x1, s.y1])
        spot.put(kind, size, float(x), float(y), float(rng.uniform(-180, 180)))


def _crockery(spot: Spot, rng: np.random.Generator, density: float) -> None:
    """Rows of equal things: cups, bowls, plates in stacks, jars."""
    s = spot.surface
    cursor = s.x0 + 0.01
    while cursor < s.x1 - 0.06:
        kind = str(rng.choice(["cup", "bowl", "jar", "plate", "bottle", "book_row"],
                              p=[0.3, 0.22, 0.2, 0.1, 0.08, 0.1]))  # fmt: skip
        size, twin = draw_size(kind, rng, height=spot.free_m - 0.01), int(rng.integers(2**31))
        if kind == "book_row":
            size = (min(0.25, max(0.14, size[0])), min(size[1], s.y1 - s.y0), size[2])
        if size[2] < 0.6 * CATALOGUE[kind].height[0] or rng.random() > 0.3 + 0.7 * density:
            cursor += float(rng.uniform(0.05, 0.15))
            continue
        for _ in range(1 if kind in ("plate", "book_row") else int(rng.integers(1, 4))):
            if cursor + size[0] > s.x1 - 0.004:
                break
            turn = 0.0 if kind == "book_row" else float(rng.normal(0, 15))
            half = Spot.rectangle(0, 0, size, turn)
            y = s.y1 - half[3] - float(rng.uniform(0.004, max(0.005, s.y1 - s.y0 - 2 * half[3])))
            spot.put(kind, size, cursor + half[1], y, turn, seed=twin)
            cursor += 2 * half[1] + 0.012
        cursor += float(rng.uniform(0.02, 0.06))


def _strewn(
    spot: Spot, rng: np.random.Generator, density: float, wishes: Mapping[str, float], most: float
) -> None:
    s, wishes = spot.surface, dict(wishes)
    for _ in range(int(rng.poisson(density * most))):
        kind = _weighted(rng, wishes)
        size = draw_size(kind, rng, height=spot.free_m - 0.01)
        if kind == "chopping_board":
            size = (float(rng.uniform(0.3, 0.4)), float(rng.uniform(0.22, 0.28)), 0.022)
        for _ in range(6):
            x, y = rng.uniform([s.x0, s.y0], [s.x1, s.y1])
            if spot.put(kind, size, float(x), float(y), _turn(rng, kind)):
                wishes[kind] *= 0.3
                break


def _on_island(spot: Spot, rng: np.random.Generator, density: float) -> None:
    _strewn(spot, rng, density, ON_ISLANDS, 6.0)


def _on_top(spot: Spot, rng: np.random.Generator, density: float) -> None:
    if spot.surface.role == "top":
        _strewn(
            spot, rng, density, {"box": 1.0, "basket": 1.0, "bowl": 0.8, "small_plant": 0.6, "pot": 0.7}, 1.2
        )


FILLS: dict[str, Callable[[Spot, np.random.Generator, float], None]] = {
    "worktop": _on_worktop, "hob": _on_burner, "cooker": _on_burner, "kitchen_sink": _in_sink,
    "wall_unit": _crockery, "kitchen_island": _on_island, "refrigerator": _on_top, "tall_unit": _on_top,
}  # fmt: skip
