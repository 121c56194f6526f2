"""`take_models`: imported models instead of what a layout has planned, at their real sizes.

A layout plans with the sizes of the family's own things. A model has the size it has, so it is fitted in
afterwards, near the place of the thing that it stands for: backs stay at their wall, lamps at the ceiling,
pictures at their height. Chairs move aside for a table; what carries things carries those that still rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from synthgen.seeding import rng_for

from .boxes import box_rows, overlaps
from .catalogue import CATALOGUE, Size, solids, surfaces
from .placement import GAP_M, Occupancy
from .room_plan import Item
from .spot import Spot
from .walking import HEADROOM_M

LOOSE = frozenset({
    "dining_table", "coffee_table", "side_table", "console_table", "desk", "school_desk",
    "chair", "office_chair", "armchair", "school_chair", "sofa", "stool", "bench", "shoe_bench",
    "bed", "nightstand", "bookshelf", "cabinet", "shoe_cabinet", "tv_stand", "wardrobe", "dresser",
    "floor_lamp", "table_lamp", "ceiling_light", "picture", "mirror", "clock", "floor_plant", "small_plant",
    "vase", "basket", "cup", "bowl", "plate", "bottle", "box", "book", "toy", "paper_bin",
    "monitor", "keyboard", "laptop", "television", "suitcase", "bar_stool", "kitchen_bin", "microwave",
    "toaster", "coffee_machine", "kettle", "pot", "backpack", "tote_bag", "shoes",
})  # fmt: skip
"""Kinds that a model may stand for. What is built in, such as kitchen units, is always the family's own."""
CLASSES = tuple(sorted({CATALOGUE[kind].class_name for kind in LOOSE}))
"""Classes of these kinds."""
SLACK, SLACK_M = 1.4, 0.03
"""A model may be that much larger or smaller than the family's own things of the kind."""
WALKABLE = 0.85
"""Share of the free floor that people must get to still, as `Occupancy` asks for."""


class Model(Protocol):
    """What the layout knows of a model; `AssetShelf` in the Blender room has it."""

    id: str
    size_m: Size
    level_top: float
    share: float


class Models(Protocol):
    """The models there are."""

    classes: Collection[str]

    def models(self, class_name: str) -> Sequence[Model]:
        """Those of a class; what their shares lack to 1 is the family's own."""


def take_models(room: Occupancy, models: Models, since: int = 0) -> None:
    """Let models stand for things of a room, in the shares that the recipe names.

    A thing for which no model fits stays the family's own; where the recipe wants models only, it is left
    out.

    Parameters
    ----------
    since : index of the first item to look at
    """
    fitting = _Fitting(room)
    wished = {
        index: found
        for index, item in enumerate(room.items)
        if index >= since and (found := _wishes(item, models)) is not None
    }
    for index in sorted(wished, key=lambda each: (_moves(room.items[each]), each)):
        item, ranked = room.items[index], wished[index]
        if not any(fitting.put(index, model) for model in ranked) and _wants_only_models(item, models):
            fitting.leave_out(index)
    fitting.clear_the_way()
    fitting.finish()


def suits(kind: str, size_m: Size) -> bool:
    """Whether a model of a size may stand for things of a kind: no coffee table is a dining table."""
    row = CATALOGUE[kind]
    ranges = (row.width, row.depth or row.width, row.height)
    return all(
        low / SLACK - SLACK_M <= length <= high * SLACK + SLACK_M
        for length, (low, high) in zip(size_m, ranges)
    )


def _wishes(item: Item, models: Models) -> list[Model] | None:
    """Models for a thing, the first the one drawn; None when it is to be the family's own. Equal things have
    equal seeds, so they get the same."""
    if item.kind not in LOOSE or item.class_name not in models.classes or "wall_mounted" in item.params:
        return None
    known = models.models(item.class_name)
    rng = rng_for(item.seed, "model", item.kind)
    if rng.random() >= sum(model.share for model in known):
        return None
    suited = [model for model in known if suits(item.kind, model.size_m)]
    shares = np.array([model.share for model in suited])
    if not suited:
        return []
    order = rng.choice(len(suited), size=len(suited), replace=False, p=shares / shares.sum())
    return [suited[index] for index in order]


def _wants_only_models(item: Item, models: Models) -> bool:
    return sum(model.share for model in models.models(item.class_name)) > 1 - 1e-9


def _moves(item: Item) -> bool:
    return CATALOGUE[item.kind].moved and item.parent is None and item.position_m[2] == 0


class _Fitting:
    """A room while models are fitted in."""

    def __init__(self, room: Occupancy) -> None:
        self._room = room
        self._left_out: set[int] = set()
        self._placed: set[int] = set()

    def put(self, index: int, model: Model) -> bool:
        """Let a model stand for an item; False where it fits nowhere near."""
        item = self._room.items[index]
        params = {"asset": model.id, "level_top": model.level_top}
        return self._settle(index, replace(item, size_m=tuple(model.size_m), params=params))

    def leave_out(self, index: int) -> None:
        """Take an item away, and all that it carries."""
        for each in (index, *self._carried(index)):
            self._left_out.add(each)
            self._free(each)

    def clear_the_way(self) -> None:
        """Move chairs and the like aside that models stand in; where there is no place they go."""
        room = self._room
        for index, item in enumerate(room.items):
            if index in self._left_out or index in self._placed or not _moves(item):
                continue
            models = room.bodies[np.isin(room.owners, list(self._placed))]
            met = overlaps(room.bodies[room.owners == index], models, GAP_M / 2).any()
            if met and not self._settle(index, item):
                self.leave_out(index)

    def finish(self) -> None:
        """Close the gaps that items left."""
        room = self._room
        if not self._left_out:
            return
        kept = [index for index in range(len(room.items)) if index not in self._left_out]
        renumbered = {old: new for new, old in enumerate(kept)}
        room.items[:] = [
            replace(room.items[index], parent=renumbered.get(room.items[index].parent)) for index in kept
        ]
        room.item_wall[:] = [room.item_wall[index] for index in kept]
        room.owners = np.array([renumbered.get(owner, -1) for owner in room.owners], dtype=np.intp)

    def _settle(self, index: int, wanted: Item) -> bool:
        """Give an item its new size near its old place, if it fits there."""
        room, old = self._room, self._room.items[index]
        ignored = [index, old.parent, *self._carried(index)]
        if not _moves(old):
            ignored += [other for other, item in enumerate(room.items) if _moves(item)]
        places = np.array([(x, y) for x, y in _places(old, wanted.size_m)])
        z = _height(old, wanted.size_m)
        turns = np.full(len(places), old.yaw_deg)
        boxes = solids(wanted.kind, wanted.size_m, wanted.params)
        rows = box_rows(boxes, places, turns, z)
        fits = room.fits(rows, zones="door", ignore=[each for each in ignored if each is not None])
        fits &= z >= 0
        if old.parent is not None:
            fits &= self._rests(old, wanted.size_m, places)
        for choice in np.flatnonzero(fits)[:4]:
            new = replace(wanted, position_m=(float(places[choice, 0]), float(places[choice, 1]), z))
            if z > 0 or self._walkable(index, rows[choice]):
                self._commit(index, new, rows[choice])
                return True
        return False

    def _rests(self, old: Item, size_m: Size, places: np.ndarray) -> np.ndarray:
        """(n,) bool: whether a thing of a size lies whole on the surface that the old one lies on."""
        carrier = self._room.items[old.parent]
        base = old.position_m[2] - carrier.position_m[2]
        for surface in surfaces(carrier.kind, carrier.size_m, carrier.params):
            if abs(surface.z - base) < 1e-3 and size_m[2] <= surface.free_m:
                x, y = (places - carrier.position_m[:2]).T
                cos, sin = np.cos(np.radians(carrier.yaw_deg)), np.sin(np.radians(carrier.yaw_deg))
                x0, x1, y0, y1 = Spot.rectangle(0, 0, size_m, old.yaw_deg - carrier.yaw_deg)
                u, v = cos * x + sin * y, cos * y - sin * x
                return (
                    (u + x0 >= surface.x0) & (u + x1 <= surface.x1)
                    & (v + y0 >= surface.y0) & (v + y1 <= surface.y1)
                )  # fmt: skip
        fits = size_m[0] <= old.size_m[0] and size_m[1] <= old.size_m[1] and size_m[2] <= old.size_m[2]
        return np.full(len(places), fits) & (np.abs(places - old.position_m[:2]).max(axis=1) < 1e-9)

    def _walkable(self, index: int, rows: np.ndarray) -> bool:
        room = self._room
        standing = (room.owners != index) & (room.bodies[:, 6] < HEADROOM_M)
        blocked = room.floor.near_walls | room.floor.blocked_by(np.vstack([room.bodies[standing], rows]))
        return bool(room.floor.reached(blocked).sum() >= WALKABLE * (~blocked).sum())

    def _commit(self, index: int, new: Item, rows: np.ndarray) -> None:
        room, old = self._room, self._room.items[index]
        self._free(index)
        room.bodies = np.vstack([room.bodies, rows])
        room.owners = np.concatenate([room.owners, np.full(len(rows), index)])
        room.items[index] = new
        self._placed.add(index)
        for child in [each for each, item in enumerate(room.items) if item.parent == index]:
            if child not in self._left_out:
                self._carry(child, old, new)

    def _carry(self, child: int, old: Item, new: Item) -> None:
        """Take what lay on an item along, if it still lies on something level."""
        item, level = self._room.items[child], float(new.params.get("level_top", 0.0))
        own = "asset" not in new.params  # the family's own thing, moved: all that it carries comes along
        shift = np.array(new.position_m) - old.position_m
        shift[2] = new.position_m[2] + new.size_m[2] - old.position_m[2] - old.size_m[2]
        moved = replace(item, position_m=tuple(float(v) for v in np.add(item.position_m, shift)))
        on_top = abs(item.position_m[2] - old.position_m[2] - old.size_m[2]) < 1e-3
        if not (own or (on_top and self._within(moved, new, level))):
            self.leave_out(child)
            return
        room = self._room
        room.items[child] = moved
        mine = room.owners == child
        room.bodies = room.bodies.copy()
        room.bodies[mine] += (shift[0], shift[1], 0, 0, 0, 0, shift[2], shift[2])
        ignored = [child, item.parent, *self._carried(child)]
        if mine.any() and not room.fits(room.bodies[mine][None], zones="none", ignore=ignored)[0]:
            self.leave_out(child)
            return
        for below in [each for each, other in enumerate(room.items) if other.parent == child]:
            self._carry(below, item, moved)

    @staticmethod
    def _within(item: Item, carrier: Item, level: float) -> bool:
        dx, dy = np.subtract(item.position_m[:2], carrier.position_m[:2])
        cos, sin = np.cos(np.radians(carrier.yaw_deg)), np.sin(np.radians(carrier.yaw_deg))
        x0, x1, y0, y1 = Spot.rectangle(
            cos * dx + sin * dy, cos * dy - sin * dx, item.size_m, item.yaw_deg - carrier.yaw_deg
        )
        x, y = (level * length / 2 for length in carrier.size_m[:2])
        return -x <= x0 and x1 <= x and -y <= y0 and y1 <= y

    def _free(self, index: int) -> None:
        mine = self._room.owners == index
        self._room.bodies, self._room.owners = self._room.bodies[~mine], self._room.owners[~mine]

    def _carried(self, index: int) -> list[int]:
        below = [each for each, item in enumerate(self._room.items) if item.parent == index]
        return [*below, *(each for one in below for each in self._carried(one))]


def _height(old: Item, size_m: Size) -> float:
    """Where the base of a thing of a size is: lamps hang from the ceiling, pictures about their middle."""
    z = old.position_m[2]
    stands = CATALOGUE[old.kind].stands
    if old.parent is None and stands == "ceiling":
        return z + old.size_m[2] - size_m[2]
    if old.parent is None and stands == "wall_mounted":
        return z + (old.size_m[2] - size_m[2]) / 2
    return z


def _places(old: Item, size_m: Size) -> Iterator[tuple[float, float]]:
    """Places to try for a thing of a size, the nearest to that of the old one first."""
    stands = CATALOGUE[old.kind].stands
    back = (old.size_m[1] - size_m[1]) / 2
    if old.parent is not None:
        steps = [(x, y) for x in np.arange(-0.1, 0.11, 0.02) for y in np.arange(-0.1, 0.11, 0.02)]
        back = 0.0
    elif stands in ("wall", "corner", "wall_mounted"):
        steps = [(x, y) for x in np.arange(-0.6, 0.61, 0.05) for y in (0.0, -0.03, -0.08)]
    elif _moves(old):  # backwards, away from what it faces
        steps = [(x, y) for y in np.arange(0.0, 0.81, 0.04) for x in (0.0, 0.08, -0.08, 0.18, -0.18)]
        back = 0.0
    else:
        steps = [(x, y) for x in np.arange(-0.4, 0.41, 0.08) for y in np.arange(-0.4, 0.41, 0.08)]
        back = 0.0
    cos, sin = np.cos(np.radians(old.yaw_deg)), np.sin(np.radians(old.yaw_deg))
    for x, y in sorted(steps, key=lambda step: (round(step[0] ** 2 + step[1] ** 2, 6), step)):
        y += back
        yield old.position_m[0] + cos * x - sin * y, old.position_m[1] + sin * x + cos * y
