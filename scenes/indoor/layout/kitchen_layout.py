"""Kitchens: a run of units with all that belongs to it, then an island or a table with its chairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synthgen.seeding import rng_for, seed_for

from . import table_groups
from .catalogue import Size, draw_size
from .groups import Made, cornered
from .kitchen_run import BACK_M, DEEP_M, Leg, Slot, fit_out, possible_runs
from .kitchen_uppers import cover_walls, hang_above
from .placement import SPACE, Occupancy, Piece
from .room_plan import area_of

UNIT_M = 0.61
"""Depth of base units with their handles; the worktop juts out over them."""
FRONTS = {
    "scandinavian": ("flat", "flat", "shaker"), "classic": ("shaker", "shaker", "beaded"),
    "modern": ("flat", "flat", "slats"), "rustic": ("shaker", "beaded", "flat"),
}  # fmt: skip
HANDLES = {
    "scandinavian": ("bar", "tab", "knob", "groove"), "classic": ("cup", "ball", "knob", "bar"),
    "modern": ("groove", "groove", "rail", "bar"), "rustic": ("cup", "ball", "bar", "knob"),
}  # fmt: skip
SINKS = {
    "scandinavian": ("single", "drainer", "double", "under"),
    "classic": ("belfast", "single", "drainer", "under"),
    "modern": ("under", "under", "single", "double"),
    "rustic": ("belfast", "belfast", "drainer", "double"),
}  # fmt: skip
HOBS = {
    "scandinavian": ("induction", "induction", "gas"), "classic": ("gas", "gas", "induction", "plates"),
    "modern": ("induction", "gas"), "rustic": ("gas", "plates", "gas", "induction"),
}  # fmt: skip
BELFAST_M = 0.195
"""How much lower the unit below a heavy ceramic sink is."""
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class KitchenLook:
    """What all units of a kitchen share.

    Heights are metres from the floor: `base_m` of base units, `top_m` of the worktop, `upper_m` of the lower
    edge of wall units, `tall_m` of the tops of tall and wall units.
    """

    base_m: float
    top_m: float
    upper_m: float
    tall_m: float
    params: Mapping[str, Any] = field(default_factory=dict)
    sink: str = "single"
    hob: str = "induction"


def draw_look(room: Occupancy, rng: np.random.Generator) -> KitchenLook:
    """Heights, fronts and handles of a kitchen in the style of its room."""
    style = room.style if room.style in FRONTS else "modern"
    top = float(rng.uniform(0.89, 0.93))
    thick = float(rng.choice([0.02, 0.03, 0.038]))
    front, handle = str(rng.choice(FRONTS[style])), str(rng.choice(HANDLES[style]))
    metal = str(rng.choice(["metal_brushed", "fitting", "metal", "brass"]))
    params = {"front": front, "handle": handle, "metal": metal, "plinth_m": float(rng.uniform(0.09, 0.15))}
    tall = min(float(rng.uniform(2.0, 2.25)), room.height_m - 0.06)
    return KitchenLook(
        base_m=top - thick,
        top_m=top,
        upper_m=top + float(rng.uniform(0.5, 0.56)),
        tall_m=tall,
        params=params,
        sink=str(rng.choice(SINKS[style])),
        hob=str(rng.choice(HOBS[style])),
    )


def kitchen_group(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """The run of units, what hangs above it, then an island or a table where there is room."""
    look = draw_look(room, rng)
    made = None
    for number, legs in enumerate(possible_runs(room, rng)):
        slots = fit_out(room, legs, rng_for(seed, "run", number))
        made = slots and _stand(room, legs, slots, look, rng_for(seed, "units", number), seed)
        if made:
            hang_above(room, legs, slots, look, rng_for(seed, "uppers"), seed_for(seed, "uppers"))
            cover_walls(room, legs, slots, look, rng_for(seed, "splash"), seed_for(seed, "splash"))
            break
    if made and not any(slot.what == "fridge" for slot in slots):
        lone_fridge(room, rng, seed_for(seed, "fridge"), density)
    island = made and area_of(room.outline_m) > 15 and rng.random() < 0.55
    if not (island and kitchen_island(room, legs, look, rng, seed_for(seed, "island"))):
        most = 1.8 if area_of(room.outline_m) > 16 else 1.35
        table_groups.dining_group(room, rng, seed_for(seed, "table"), density, most_m=most)
    return made


def _stand(
    room: Occupancy, legs: Sequence[Leg], slots: Sequence[Slot], look: KitchenLook, rng: np.random.Generator,
    seed: int,
) -> Made:  # fmt: skip
    pieces: list[Piece] = []
    hob_size = _hob_size(look, rng)
    cooker = rng.random() < (0.3 if room.style in ("rustic", "classic") else 0.12)
    niche = _oven_high(slots, rng)
    for number, slot in enumerate(slots):
        leg = legs[slot.leg]
        draw = rng_for(seed, "slot", number)
        wall = room.walls[leg.wall]

        def at(size: Size, slot: Slot = slot, wall=wall) -> tuple[float, float, float]:
            x, y = wall.point(slot.middle, BACK_M + size[1] / 2)
            return float(x), float(y), wall.yaw_deg

        if slot.what == "gap":
            continue
        if slot.what == "fridge":
            pieces.append(_fridge(slot, leg, wall, draw, room.height_m))
        elif slot.what == "tall":
            pieces += _tall_unit(slot, at, look, draw, niche)
        elif slot.what == "dishwasher":
            size = (slot.high - slot.low - 0.002, UNIT_M, look.base_m)
            pieces.append(Piece("dishwasher", size, at(size), params={**look.params}))
        elif slot.what == "hob" and cooker:
            size = (slot.high - slot.low - 0.006, 0.63, look.top_m + 0.012)
            kind = "gas" if look.hob != "plates" else "plates"
            pieces.append(Piece("cooker", size, at(size), params={"burners": kind}))
        else:
            pieces += _base_unit(slot, leg, at, look, draw, niche is None and not cooker)
    for number, leg in enumerate(legs):
        own = [slot for slot in slots if slot.leg == number]
        pieces += _worktops(room, leg, own, look, hob_size, cooker, len(pieces), rng)
    return room.stand(pieces, seed)


def _hob_size(look: KitchenLook, rng: np.random.Generator) -> Size:
    height = {"induction": 0.006, "gas": 0.042, "plates": 0.02}[look.hob]
    return float(rng.uniform(0.56, 0.585)), float(rng.uniform(0.5, 0.515)), height


def _oven_high(slots: Sequence[Slot], rng: np.random.Generator) -> float | None:
    """Height of an oven's niche in a tall unit; None when the oven is below the hob."""
    if any(slot.what == "tall" for slot in slots) and rng.random() < 0.55:
        return float(rng.uniform(0.72, 0.95))
    return None


def _fridge(slot: Slot, leg: Leg, wall, rng: np.random.Generator, height_m: float) -> Piece:
    wide = slot.high - slot.low > 0.8
    limits = {"width": (0.86, 0.92)} if wide else {"width": (0.585, 0.61)}
    w, d, _ = draw_size("refrigerator", rng, **limits)
    h = min(
        float(rng.uniform(1.74, 2.0) if wide or rng.random() < 0.75 else rng.uniform(1.4, 1.56)),
        height_m - 0.08,
    )
    x, y = wall.point(slot.middle, 0.03 + d / 2)
    return Piece("refrigerator", (w, d, h), (float(x), float(y), wall.yaw_deg))


def _tall_unit(
    slot: Slot, at, look: KitchenLook, rng: np.random.Generator, niche: float | None
) -> list[Piece]:
    size = (slot.high - slot.low, UNIT_M, look.tall_m)
    params = {**look.params, "split_z_m": float(rng.uniform(1.2, 1.45)), "hinge": int(rng.choice([-1, 1]))}
    if niche is None:
        return [Piece("tall_unit", size, at(size), params=params)]
    params["niche_z_m"] = niche
    unit = Piece("tall_unit", size, at(size), params=params)
    return [unit, _oven(unit, niche)]


def _oven(unit: Piece, z_m: float) -> Piece:
    """The oven in the niche of a unit, its face in the plane of the fronts."""
    size = (0.594, 0.57, 0.594)
    x, y, yaw = unit.offset
    turn = np.radians(yaw)
    # `on` counts back: the unit is the piece before the oven.
    forward = _reach(unit.params["handle"]) - unit.size_m[1] / 2 + size[1] / 2 - 0.045
    place = (x - forward * float(np.sin(turn)), y + forward * float(np.cos(turn)), yaw)
    return Piece("oven", size, place, z_m, on=-1)


def _reach(handle: object) -> float:
    """How far handles of a kind stand out, as `furniture.fronts.reach_of` has it."""
    return {"groove": 0.0, "tab": 0.022, "rail": 0.022}.get(str(handle), 0.028)


def _base_unit(
    slot: Slot, leg: Leg, at, look: KitchenLook, rng: np.random.Generator, oven_low: bool
) -> list[Piece]:
    wide = slot.high - slot.low
    size = (wide, UNIT_M, look.base_m)
    params: dict[str, Any] = {**look.params, "hinge": int(rng.choice([-1, 1])), "unit": slot.what}
    if slot.what == "corner":
        # The start of a wall is at its right end, seen from the room.
        at_low = abs(slot.low - leg.low) < 1e-6
        params["blind_m"] = (1 if at_low else -1) * (DEEP_M + 0.06)
    elif slot.what == "hob":
        params["unit"] = "oven" if oven_low else "drawers"
    elif slot.what == "sink" and look.sink == "belfast":
        size = (wide, UNIT_M, look.base_m - BELFAST_M)
    elif slot.what == "drawers":
        params["drawers"] = int(rng.choice([2, 3]))
    elif slot.what == "doors":
        params["top_drawer"] = bool(rng.random() < 0.5)
    clearance = 0.0 if slot.what == "filler" else None
    unit = Piece("base_unit", size, at(size), params=params, clearance_m=clearance)
    if params["unit"] == "oven":
        return [unit, _oven(unit, look.base_m - 0.6)]
    return [unit]


def _worktops(
    room: Occupancy, leg: Leg, slots: Sequence[Slot], look: KitchenLook, hob_size: Size, cooker: bool,
    first: int, rng: np.random.Generator,
) -> list[Piece]:  # fmt: skip
    """The slabs of a leg, interrupted by what is taller, each with what is let into it."""
    above = ("fridge", "tall", "gap") + (("hob",) if cooker else ())
    cuts = sorted((slot.low, slot.high) for slot in slots if slot.what in above)
    edges = [leg.low, *(edge for cut in cuts for edge in cut), leg.high]
    pieces: list[Piece] = []
    for low, high in zip(edges[::2], edges[1::2]):
        if high - low < 0.02:
            continue
        inside = [s for s in slots if low - 1e-6 <= s.low and s.high <= high + 1e-6]
        pieces += _worktop(room, leg, low, high, inside, look, hob_size, first + len(pieces), rng)
    return pieces


def _worktop(
    room: Occupancy, leg: Leg, low: float, high: float, slots: Sequence[Slot], look: KitchenLook,
    hob_size: Size, index: int, rng: np.random.Generator,
) -> list[Piece]:  # fmt: skip
    wall, middle = room.walls[leg.wall], (low + high) / 2
    size = (high - low, DEEP_M - 0.003, look.top_m - look.base_m)
    half_x, half_y = size[0] / 2, size[1] / 2
    holes: list[Rect] = []
    places: list[Rect] = []
    let_in: list[Piece] = []
    taken: list[tuple[float, float]] = []

    def put(kind: str, of: Size, x: float, y: float, **params: object) -> None:
        places.append((x - of[0] / 2, x + of[0] / 2, y - of[1] / 2, y + of[1] / 2))
        at = wall.point(middle - x, 0.003 + half_y - y)
        place = (float(at[0]), float(at[1]), wall.yaw_deg)
        let_in.append(Piece(kind, of, place, look.top_m, params=params, on=index, by_window=True))

    for slot in slots:
        x = middle - slot.middle
        if slot.what == "hob":
            put("hob", hob_size, x, 0.0, variant=look.hob)
            taken.append((x - 0.3, x + 0.3))
        elif slot.what == "sink":
            sink, y, params, hole = _sink(slot, look, size, rng)
            put("kitchen_sink", sink, x, y, **params)
            holes.append((x + hole[0], x + hole[1], hole[2], hole[3]))
            tap = draw_size("kitchen_tap", rng)
            put("kitchen_tap", tap, x, half_y - 0.03 - tap[1] / 2)
            taken.append((x - sink[0] / 2, x + sink[0] / 2))
    free = _between(-half_x + 0.02, half_x - 0.02, sorted(taken))
    params = {
        "holes": holes, "places": places,
        "free": [(a, b, -half_y + 0.025, half_y - 0.012) for a, b in free if b - a > 0.1],
    }  # fmt: skip
    x, y = wall.point(middle, 0.003 + half_y)
    slab = Piece("worktop", size, (float(x), float(y), wall.yaw_deg), look.base_m, params=params)
    return [slab, *let_in]


def _sink(
    slot: Slot, look: KitchenLook, worktop: Size, rng: np.random.Generator
) -> tuple[Size, float, dict[str, Any], Rect]:
    """A sink that suits its unit: its size, where it lies across the worktop, its params, its cut-out."""
    wide, name = slot.high - slot.low, look.sink
    front = -worktop[1] / 2
    if name == "belfast":
        size = (min(wide - 0.006, 0.8), 0.47, 0.002)
        y = front + size[1] / 2 + 0.004
        x = size[0] / 2 + 0.002
        floor = (-x + 0.06, x - 0.06, -0.17, 0.17, -0.184)
        return size, y, {"variant": name, "floor": floor}, (-x, x, front - 0.01, y + size[1] / 2 + 0.002)
    if wide < 0.75:
        name = "single" if name in ("double", "drainer") else name
    elif name in ("single", "under"):
        name = name if rng.random() < 0.6 else ("double" if name == "single" else "under")
    if name == "drainer" and wide < 0.95:
        name = "double"
    w = {"single": min(0.52, wide - 0.08), "under": min(0.55, wide - 0.1)}.get(name, min(wide - 0.06, 0.9))
    size = (w, 0.44 if name != "under" else 0.42, 0.003)
    inset = 0.0 if name == "under" else 0.018
    x, half = w / 2 - inset, size[1] / 2 - inset
    params: dict[str, Any] = {"variant": name, "thick_m": worktop[2]}
    if name == "drainer":
        params["bowl"] = int(rng.choice([-1, 1]))
    if name != "under" and rng.random() < 0.25:
        params["ceramic"] = True
    y = -0.035
    return size, y, params, (-x, x, y - half, y + half)


def _between(low: float, high: float, taken: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    edges = [low, *(edge for each in taken for edge in each), high]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2]) if b > a]


# -- what stands free ----------------------------------------------------------------------------------


def lone_fridge(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A refrigerator at a wall of its own, flush with a corner where one is free."""
    w, d, h = draw_size(
        "refrigerator", rng, width=(0.585, 0.61), height=(1.45, min(1.95, room.height_m - 0.1))
    )
    piece = Piece("refrigerator", (w, d, h), (0, -d / 2 - 0.03, 0))
    anchors = room.along_walls(w + 0.12, rng, gap_m=0.01)
    return room.place([piece], anchors, rng, seed, lambda a: cornered(a, room))


def kitchen_island(
    room: Occupancy, legs: Sequence[Leg], look: KitchenLook, rng: np.random.Generator, seed: int
) -> Made:
    """An island before the longest leg, its drawers towards it; stools stand on the other side."""
    leg = max(legs, key=lambda each: each.length)
    wall, middle = room.walls[leg.wall], (leg.low + leg.high) / 2
    for wide in (2.3, 1.9, 1.5):
        w, d, _ = draw_size("kitchen_island", rng, width=(1.4, wide))
        size = (min(w, max(1.4, leg.length)), d, look.top_m)
        bar = float(rng.uniform(0.24, 0.3))
        params = {**look.params, "bar_m": bar, "thick_m": look.top_m - look.base_m,
                  "legs": bool(room.style in ("classic", "rustic") and rng.random() < 0.5)}  # fmt: skip
        away = DEEP_M + float(rng.uniform(1.02, 1.25)) + d / 2
        shifts = np.linspace(-0.5, 0.5, 7) * max(0.0, leg.length - size[0])
        for shift in sorted(shifts, key=abs):
            pieces = [
                Piece("kitchen_island", size, (0, 0, 0), params=params, clearance_m=0),
                Piece(SPACE, (size[0], d, 1.0), (0, 0.78, 0), by_window=True),
            ]
            pieces += _bar_stools(size, bar, rng)
            here = room.here(wall.point(middle + float(shift), away), wall.yaw_deg + 180.0)
            made = room.place(pieces, here, rng, seed)
            if made is not None:
                return made
    return None


def _bar_stools(island: Size, bar_m: float, rng: np.random.Generator) -> list[Piece]:
    count, twin = max(2, int(island[0] / 0.62)), int(rng.integers(2**31))
    backed = rng.random() < 0.4
    seat = float(rng.uniform(0.63, 0.68))
    w, d, _ = draw_size("bar_stool", rng)
    size = (w, d, float(rng.uniform(0.86, 0.96)) if backed else seat)
    under = 0.1 if backed else bar_m - 0.04
    pieces = []
    for number in range(count):
        if rng.random() < 0.12:
            continue
        x = (number - (count - 1) / 2) * min(0.62, (island[0] - 0.1) / count)
        y = island[1] / 2 + d / 2 - under + float(rng.uniform(0.0, 0.06))
        turn = float(rng.normal(0, 6))
        params = {"seat_z_m": seat} if backed else {}
        pieces.append(Piece("bar_stool", size, (x, y, turn), required=False, params=params, seed=twin))
    return pieces


def kitchen_bin(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A bin at the wall, one in a kitchen."""
    if any(item.kind == "kitchen_bin" for item in room.items):
        return None
    size = draw_size("kitchen_bin", rng)
    piece = Piece("kitchen_bin", size, (0, -size[1] / 2 - 0.03, float(rng.normal(0, 8))))
    return room.place([piece], room.along_walls(1.15 * size[0], rng, 12), rng, seed)


def heater(room: Occupancy, rng: np.random.Generator, seed: int, density: float) -> Made:
    """A radiator where the wall is free, one in a room."""
    if any(item.kind == "radiator" for item in room.items):
        return None
    size = draw_size("radiator", rng, width=1.1)
    piece = Piece("radiator", size, (0, -size[1] / 2 - 0.002, 0), float(rng.uniform(0.1, 0.14)))
    return room.place([piece], room.along_walls(size[0] + 0.2, rng, gap_m=0.0), rng, seed)
