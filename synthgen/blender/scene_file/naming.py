"""What counts as one instance of a scene file, what it is called, and of which class it is. No bpy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

UNKNOWN = "object"
"""Class of what no pattern fits."""
SAME_AXES = 1e-4
"""Movements whose axes differ by a smaller share of their length may be one."""

_COUNTED = re.compile(r"\.\d{3,}$")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a surface comes from, in names.

    Attributes
    ----------
    name : of its object
    parents : of the objects above it, the nearest first
    collections : that hold it, the nearest first; empty at the top of the scene
    value : of the custom property that ids are taken from, its own or that of the nearest parent, or None
    """

    name: str
    parents: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What counts as one instance: equal groups are one.

    Attributes
    ----------
    name : what it is called, unless others are called so too
    labels : what patterns of classes are held against
    place : number of the placement, 0 for what stands in the scene itself
    """

    name: str
    labels: tuple[str, ...]
    place: int = 0


def group_of(source: Source, placer: Source | None, place: int, by: str) -> Group:
    """The instance that a surface belongs to.

    Parameters
    ----------
    placer : the object that places it, such as an instance of a collection; None for what places itself
    place : number of the placement
    by : object, collection or property
    """
    if by == "property":
        if source.value is not None:
            return _placed(source.value, (source.value,), placer, place)
        if placer is not None and placer.value is not None:
            return Group(placer.value, (placer.value,))
    if by == "collection" and source.collections:
        return _placed(source.collections[0], source.collections, placer, place)
    return _placed(source.name, (source.name, *source.parents, *source.collections), placer, place)


def _placed(name: str, labels: tuple[str, ...], placer: Source | None, place: int) -> Group:
    if placer is None:
        return Group(name, labels)
    return Group(f"{placer.name}/{name}", (*labels, placer.name, *placer.parents, *placer.collections), place)


def unique_names(groups: Sequence[Group]) -> list[str]:
    """A name for each group: its own, numbered where several have the same."""
    often, used = Counter(group.name for group in groups), Counter[str]()
    taken = {group.name for group in groups if often[group.name] == 1}
    names = []
    for group in groups:
        name = group.name
        while often[group.name] > 1 and (name == group.name or name in taken):
            name = f"{group.name}.{used[group.name]:03d}"
            used[group.name] += 1
        taken.add(name)
        names.append(name)
    return names


def class_of(labels: Iterable[str], patterns: Mapping[str, str]) -> str | None:
    """The class of the first pattern that fits one of the labels whole; None where none does.

    The `.001` that Blender adds to names may be there or not.
    """
    given = [*labels]
    given += [_COUNTED.sub("", label) for label in given]
    for pattern, name in patterns.items():
        if any(re.fullmatch(pattern, label) for label in given):
            return name
    return None


@dataclass(slots=True)
class Placements:
    """Numbers for the places to which an object puts copies of others, from 1.

    All objects that come with one copy of a collection are moved alike, to within rounding; so equal
    movements are one placement.

    Parameters
    ----------
    near : movements whose translations differ by less, in any axis, may be one
    """

    near: float
    _cells: dict[tuple[object, ...], list[tuple[int, np.ndarray]]] = field(default_factory=dict)
    _count: int = 0

    def number(self, placer: str, moved: np.ndarray) -> int:
        """Number of the placement by an object that moves things by (4, 4) `moved`."""
        cells = _cells_around(moved[:3, 3], 4 * self.near)
        for cell in cells:
            for number, other in self._cells.get((placer, cell), ()):
                if self._alike(moved, other):
                    return number
        self._count += 1
        self._cells.setdefault((placer, cells[0]), []).append((self._count, moved))
        return self._count

    def _alike(self, one: np.ndarray, other: np.ndarray) -> bool:
        apart = np.abs(one - other)
        axes = np.abs(other[:3, :3]).max()
        return bool(apart[:3, 3].max() <= self.near and apart[:3, :3].max() <= SAME_AXES * axes)


def _cells_around(point: np.ndarray, size: float) -> list[tuple[int, ...]]:
    """The cell of a grid that a point is in, then the 26 around it."""
    middle = np.floor(point / size).astype(int)
    steps = sorted(product((-1, 0, 1), repeat=3), key=lambda step: step != (0, 0, 0))
    return [tuple((middle + step).tolist()) for step in steps]
