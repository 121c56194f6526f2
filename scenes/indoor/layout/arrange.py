"""`plan_room`: a furnished room from a spec and a seed, in plain numbers.

Nothing here knows of Blender. The order is that of someone who moves in: the shell, what belongs to the
windows, the main group of the room, further furniture, the walls, the lights, and then the small things.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from synthgen.seeding import rng_for, seed_for

from . import (
    attic_layout,
    bathroom_layout,
    bathroom_more,
    classroom_layout,
    groups,
    hallway_layout,
    kitchen_layout,
    table_groups,
)
from .architecture import build_niches, build_stairs, stand_built_ins, take_room
from .cables import lay_cables
from .clutter_layout import scatter
from .imported import Models, take_models
from .passages import open_up
from .placement import Occupancy
from .room_plan import Item, Layout, Opening, area_of
from .shell_plan import plan_door, plan_outline, plan_windows
from .wall_layout import dress_windows, hang_on_walls, light_ceiling

__all__ = ["Item", "Layout", "Opening", "plan_room"]

MAIN: dict[str, Callable[..., groups.Made]] = {
    "living_room": groups.sofa_group,
    "bedroom": groups.bed_group,
    "office": table_groups.desk_group,
    "dining_room": table_groups.dining_group,
    "hallway": hallway_layout.hallway_group,
    "classroom": classroom_layout.classroom_group,
    "attic": attic_layout.attic_group,
    "kitchen": kitchen_layout.kitchen_group,
    "bathroom": bathroom_layout.bathroom_group,
}

MORE: dict[str, dict[str, float]] = {
    "living_room": {"bookshelf": 3, "cabinet": 2, "floor_plant": 3, "reading_corner": 1.3, "desk": 0.6,
                    "dining": 0.9, "floor_lamp": 0.4, "stool": 0.5, "bench": 0.4},
    "bedroom": {"wardrobe": 4, "dresser": 3, "reading_corner": 1, "desk": 0.9, "bookshelf": 1,
                "floor_plant": 1.5, "floor_lamp": 0.3, "stool": 0.4, "cabinet": 0.4},
    "office": {"bookshelf": 4, "cabinet": 2, "reading_corner": 1.2, "floor_plant": 2, "desk": 1.6,
               "sofa": 0.6, "floor_lamp": 0.4, "stool": 0.3},
    "dining_room": {"cabinet": 3.5, "bookshelf": 1, "reading_corner": 1, "floor_plant": 2.2, "dresser": 0.8,
                    "bench": 0.6, "floor_lamp": 0.4, "stool": 0.4, "sofa": 0.4},
    "hallway": {"console": 3, "shoe_cabinet": 3, "umbrellas": 2, "tall_mirror": 1.2, "coat_place": 1,
                "coat_stand": 1.6, "bench": 0.8, "floor_plant": 1.5, "stool": 0.5, "bookshelf": 0.6,
                "wardrobe": 0.5, "cabinet": 0.4},
    "classroom": {"bookshelf": 3, "cabinet": 3, "paper_bin": 2, "floor_plant": 1.2, "wardrobe": 0.8,
                  "stool": 0.4},
    "attic": {"trunk": 2, "low_shelf": 2, "stored": 2.5, "reading_corner": 1, "dresser": 0.7, "cabinet": 0.7,
              "desk": 0.6, "floor_lamp": 0.6, "floor_plant": 1, "stool": 0.6, "wardrobe": 0.3},
    "kitchen": {"kitchen_bin": 3, "heater": 1.5, "floor_plant": 1, "stool": 0.6, "bookshelf": 0.4,
                "bench": 0.3, "cabinet": 0.5},
    "bathroom": {"warm_towels": 3, "towels_on_wall": 2.5, "laundry": 1.5, "small_bin": 2, "scale": 1.2,
                 "basket": 1, "stool": 0.7, "floor_plant": 0.5},
}  # fmt: skip
"""What else stands in a room, and how often."""
NAMED: dict[str, Callable[..., groups.Made]] = {
    "console": hallway_layout.console,
    "shoe_cabinet": hallway_layout.shoe_cabinet,
    "umbrellas": hallway_layout.umbrellas,
    "tall_mirror": hallway_layout.tall_mirror,
    "coat_place": hallway_layout.coat_place,
    "coat_stand": hallway_layout.coat_stand,
    "paper_bin": classroom_layout.paper_bin,
    "stored": attic_layout.stored,
    "trunk": attic_layout.trunk,
    "low_shelf": attic_layout.low_shelf,
    "kitchen_bin": kitchen_layout.kitchen_bin,
    "heater": kitchen_layout.heater,
    "warm_towels": bathroom_more.warm_towels,
    "towels_on_wall": bathroom_more.towels_on_wall,
    "laundry": bathroom_more.laundry,
    "small_bin": bathroom_more.small_bin,
    "scale": bathroom_more.scale,
}
"""Wishes that have a function of their own."""
SHELLS: dict[str, Callable[[Any, int], Layout]] = {
    "hallway": hallway_layout.plan_hallway,
    "classroom": classroom_layout.plan_classroom,
    "attic": attic_layout.plan_attic,
    "bathroom": bathroom_layout.plan_bathroom,
}
"""Rooms whose empty shell differs from that of an ordinary room."""
ONE_IS_ENOUGH = ("floor_lamp", "stool", "bench", "sofa")


def plan_room(spec: Any, seed: int, models: Models | None = None) -> Layout:
    """Plan a room.

    Parameters
    ----------
    spec : the family's `Spec` with every value drawn: reads room.kind, room.plan, room.width_m,
        room.depth_m, room.height_m, style, windows.count, furniture.density, clutter.density, architecture
    seed : of the scene
    models : imported ones that stand for the family's own things, by class; None for none

    Returns
    -------
    Layout
        No two things in it intersect; everything rests on the floor, a wall, the ceiling or another thing.
        The same spec and seed give the same layout.
    """
    shell = build_stairs(plan_shell(spec, seed), spec, seed)
    shell = build_niches(open_up(shell, spec, seed, partial(furnish, models=models)), spec, seed)
    furniture, clutter = float(spec.furniture.density), float(spec.clutter.density)
    return furnish(shell, str(spec.style), furniture, clutter, seed, spec.architecture, models)


def plan_shell(spec: Any, seed: int) -> Layout:
    """The empty room of a spec: outline, door and windows."""
    kind, height_m = spec.room.kind, float(spec.room.height_m)
    if kind in SHELLS:
        return SHELLS[kind](spec, seed)
    outline = plan_outline(float(spec.room.width_m), float(spec.room.depth_m), spec.room.plan, seed)
    door = plan_door(outline, height_m, seed)
    windows = plan_windows(outline, height_m, door, int(spec.windows.count), kind, seed)
    return Layout(outline, height_m, door, windows, kind=kind)


def furnish(
    shell: Layout, style: str, furniture: float, clutter: float, seed: int, built_in: Any = None,
    models: Models | None = None,
) -> Layout:  # fmt: skip
    """Move into an empty room.

    Parameters
    ----------
    furniture, clutter : how much of each there is, 0 to 1
    built_in : shares of rooms with columns and the like, `spec.architecture`; None for none
    models : imported ones, by class; None for none
    """
    kind = shell.kind
    room = Occupancy(
        shell.outline_m, shell.height_m, shell.door, shell.windows, style, shell.doorways, shell.roof
    )
    take_room(room, shell, seed)
    dress_windows(room, kind, seed)
    if furniture > 0.02:
        MAIN[kind](room, rng_for(seed, "main"), seed_for(seed, "main"), furniture)
    if built_in is not None:
        stand_built_ins(room, shell, built_in, seed)
    if furniture > 0.02:
        _more_furniture(room, kind, furniture, seed)
    if models is not None:
        take_models(room, models)
    large = len(room.items)
    hang_on_walls(room, kind, furniture, seed)
    light_ceiling(room, kind, seed)
    scatter(room, kind, clutter, seed)
    lay_cables(room, seed)
    if models is not None:
        take_models(room, models, large)
    items = tuple(_in_style(item, room.style, seed) for item in room.items)
    return replace(shell, items=items, tiles=tuple(room.tiles))


TIMBERS = {
    "scandinavian": ("wood_light", "wood_light", "wood", "painted_wood"),
    "classic": ("wood_dark", "wood_dark", "wood", "painted_wood"),
    "modern": ("wood", "wood_light", "wood_dark", "painted_wood"),
    "rustic": ("wood", "wood", "wood_dark", "wood_light"),
}
"""Woods that the furniture of a room is mostly made of, by style."""


def _in_style(item: Item, style: str, seed: int) -> Item:
    """Tell the builder the room's style, and for most furniture the wood that the room has."""
    params: dict[str, object] = {"style": style, **item.params}
    woods = TIMBERS.get(style, TIMBERS["modern"])
    if rng_for(item.seed, "timber").random() < 0.65:
        params["timber"] = woods[int(rng_for(seed, "timber").integers(len(woods)))]
    return replace(item, params=params)


def _more_furniture(room: Occupancy, kind: str, density: float, seed: int) -> None:
    rng = rng_for(seed, "more")
    wishes = dict(MORE[kind])
    wanted = round(density * (3 + area_of(room.outline_m) / 3))
    for number in range(3 * wanted):
        if wanted <= 0 or not wishes:
            return
        names = list(wishes)
        weights = np.array([wishes[name] for name in names])
        name = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        made = _place_named(
            room, name, rng_for(seed, "more", number), seed_for(seed, "more", number), density
        )
        if made is None:
            del wishes[name]  # it fits nowhere, and the room only gets fuller
        else:
            wanted -= 1
            wishes[name] *= 0.35


def _place_named(
    room: Occupancy, name: str, rng: np.random.Generator, seed: int, density: float
) -> groups.Made:
    area = area_of(room.outline_m)
    if name in ONE_IS_ENOUGH and any(item.kind == name for item in room.items):
        return None
    if name in NAMED:
        return NAMED[name](room, rng, seed, density)
    if name == "reading_corner":
        return groups.reading_corner(room, rng, seed, density)
    if name == "dining":
        return table_groups.dining_group(room, rng, seed, density, most_m=1.5) if area > 19 else None
    if name == "desk":
        return table_groups.desk_group(room, rng, seed, density, facing_room=False)
    if name == "sofa":
        return groups.at_wall(room, rng, seed, "sofa", density) if area > 13 else None
    if name in ("floor_plant", "floor_lamp"):
        return groups.in_corner(room, rng, seed, name, density)
    if name in ("stool", "basket"):
        return groups.beside(room, rng, seed, name, density)
    return groups.at_wall(room, rng, seed, name, density)
