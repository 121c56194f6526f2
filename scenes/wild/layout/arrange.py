"""`arrange`: which things there are, how they lie, and where, so that none meets another."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.seeding import rng_for

from ..solids.solid import about_z, any_rotation
from ..things import KINDS
from .free import Taken
from .imported import Imports, floating, standing
from .piles import heap, on_floor, tower
from .space import Space
from .stock import Stock
from .thing import Drift, Model, Thing

TRIES = 24
"""Places tried for a thing, each time for a smaller one."""
SHRINK = 0.93
BALLS = ("ball", "ball", "ball", "glass_ball", "mirror_ball")
FLOAT_GAP_M = 0.1


def arrange(space: Space, spec: Any, seed: int, imports: Imports | None = None) -> tuple[list[Thing], Taken]:
    """All things of a scene, and the space that they take.

    Parameters
    ----------
    spec : the family's `Spec`, drawn
    imports : models of the user's, None for none
    """
    taken, stock = Taken(), Stock(spec)
    taken.add(np.zeros(2), space.clearing_m, -math.inf, 4.0)
    made: list[Thing] = []
    upright = int(spec.things.standing) if space.ground is not None else 0
    while len(made) < upright:
        rng = rng_for(seed, "standing", len(made))
        found = _imported_standing(space, taken, imports, rng_for(seed, "imported", len(made)))
        found = found or _standing(space, spec, taken, stock, rng)
        if not found:
            break  # there is no room left
        made += found
    hovering = int(spec.things.floating) + int(spec.things.standing) - upright
    for role, count in (("floating", hovering), ("moving", int(spec.moving.count))):
        for number in range(count):
            model = imports.draw(rng_for(seed, "imported", role, number)) if imports else None
            made += _floating(space, spec, taken, stock, rng_for(seed, role, number), role, model)
    return made, taken


def _size(space: Space, spec: Any, rng: np.random.Generator) -> float:
    low, high = float(spec.things.smallest_m), min(float(spec.things.largest_m), space.largest_m)
    low, high = min(low, high), max(low, high)
    return low * (high / low) ** (rng.uniform() ** 0.75)


def _lying(
    stock: Stock, size_m: float, rng: np.random.Generator, role: str, *, flat_top: bool = False
) -> Thing:
    """A thing at rest on a level floor, its origin anywhere."""
    model, scale = stock.model(size_m, rng, in_air=False, flat_top=flat_top)
    rotation = about_z(rng.uniform(0, 2 * math.pi)) @ (np.eye(3) if flat_top else model.lying)
    return Thing(model, role, scale, rotation)


def _standing(space: Space, spec: Any, taken: Taken, stock: Stock, rng: np.random.Generator) -> list[Thing]:
    """A thing, a tower or a heap; nothing where there is no room for it."""
    piled = rng.random() < spec.things.piled_share
    heaped = piled and rng.random() < 0.08
    drawn = _size(space, spec, rng)
    for attempt in range(TRIES):
        xy = space.on_ground(rng)
        size = drawn * space.growth(np.array([*xy, 0.0])) * SHRINK**attempt
        floor = float(space.ground(xy[None])[0])
        if not taken.is_free(xy, 0.3 * size, floor, floor + 0.1 * size):
            continue
        if heaped:
            group = _heap(stock, 1.5 * size, rng)
        else:
            base = on_floor(_lying(stock, size, rng, "standing", flat_top=piled), np.zeros(2), 0.0)

            def draw(wanted: float, most: float = 1.3 * size) -> Thing:
                return _lying(stock, min(wanted, most), rng, "piled", flat_top=bool(rng.random() < 0.5))

            group = tower(base, draw, rng, int(rng.integers(1, 5))) if piled else [base]
        placed = _grounded(group, xy, space, taken)
        if placed:
            for thing in placed:
                stock.keep(thing.model)
            return placed
    return []


def _imported_standing(
    space: Space, taken: Taken, imports: Imports | None, rng: np.random.Generator
) -> list[Thing]:
    """An imported model on the ground; nothing where it is not one's turn, or there is no room for it."""
    model = imports.draw(rng) if imports else None
    for _ in range(TRIES if model else 0):
        xy = space.on_ground(rng)
        placed = _grounded([standing(model, np.zeros(2), rng)], xy, space, taken)
        if placed:
            return placed
    return []


def _heap(stock: Stock, size_m: float, rng: np.random.Generator) -> list[Thing]:
    """Balls of one model in a heap, about `size_m` wide."""
    count = int(rng.integers(4, 17))
    radii = 0.5 * size_m / count**0.45 * rng.uniform(0.55, 1.0, count)
    model = stock.make(BALLS[int(rng.integers(len(BALLS)))], 2 * float(radii.max()), rng)
    return [
        Thing(model, "standing" if centre[2] < radius * 1.001 else "piled", 2 * float(radius) / model.size_m,
              any_rotation(rng), centre)
        for radius, centre in zip(radii, heap(radii, rng))
    ]  # fmt: skip


def _grounded(group: list[Thing], xy: np.ndarray, space: Space, taken: Taken) -> list[Thing]:
    """The group at a place on the ground, if that is free; else nothing.

    On slopes it is sunk in down to the lowest ground below its feet.
    """
    points = np.vstack([thing.points() + thing.position_m for thing in group])
    middle = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    radius = float(np.linalg.norm(points[:, :2] - middle, axis=1).max())
    shift, height = xy - middle, float(points[:, 2].max())
    feet = points[points[:, 2] < 0.02 * height]
    feet = feet[:: max(1, len(feet) // 60)]
    sink = float(space.ground(feet[:, :2] + shift).min())
    if not space.inside(xy, radius, sink, sink + height):
        return []
    if not taken.is_free(xy, radius, sink, sink + height):
        return []
    taken.add(xy, radius, sink, sink + height)
    return [thing.at(thing.position_m + np.array([*shift, sink])) for thing in group]


def _floating(
    space: Space, spec: Any, taken: Taken, stock: Stock, rng: np.random.Generator, role: str,
    imported: Model | None = None,
) -> list[Thing]:  # fmt: skip
    """A thing in the air, at rest or moving; nothing where there is no room for it."""
    drawn = _size(space, spec, rng)
    for attempt in range(TRIES):
        place = space.in_air(rng)
        growth = space.growth(place)
        size = imported.size_m if imported else drawn * growth * SHRINK**attempt
        reach = size * rng.uniform(0.2, 1.5) if role == "moving" else 0.0
        if not _is_free(space, taken, place, 0.5 * size + reach):
            continue
        made = floating(imported, place, role, rng) if imported else _hovering(stock, size, place, role, rng)
        whole = float(np.linalg.norm(made.points(), axis=1).max()) + reach
        if not _is_free(space, taken, place, whole):
            continue
        taken.add(place[:2], whole + FLOAT_GAP_M, place[2] - whole, place[2] + whole)
        if not imported:
            stock.keep(made.model)
        if role == "moving":
            made = replace(made, drift=_drift(reach, float(spec.moving.speed_m_s) * max(1.0, growth), rng))
        return [made]
    return []


def _hovering(stock: Stock, size_m: float, place: np.ndarray, role: str, rng: np.random.Generator) -> Thing:
    """A thing of the family's own in the air."""
    model, scale = stock.model(size_m, rng, in_air=True)
    upright = KINDS[model.kind].rests == "hangs" and model.kind != "tangle"
    rotation = about_z(rng.uniform(0, 2 * math.pi)) if upright else any_rotation(rng)
    return Thing(model, role, scale, rotation, place)


def _is_free(space: Space, taken: Taken, place: np.ndarray, radius_m: float) -> bool:
    """Whether a ball in the air meets neither the ground nor anything else."""
    low, high = place[2] - radius_m, place[2] + radius_m
    if space.ground is not None and low < float(space.ground(place[None, :2])[0]) + 0.1 * radius_m:
        return False
    if not space.inside(place[:2], radius_m, low, high):
        return False
    return taken.is_free(place[:2], radius_m + FLOAT_GAP_M, low, high)


def _drift(reach_m: float, speed_m_s: float, rng: np.random.Generator) -> Drift:
    """A way to and fro within `reach_m`."""
    way = rng.normal(size=3)
    way *= reach_m / np.linalg.norm(way)
    return Drift(
        sway_m=tuple(float(value) for value in way),
        sway_period_s=float(2 * math.pi * reach_m / (speed_m_s * rng.uniform(0.6, 1.2))),
        spin_axis=tuple(float(value) for value in rng.normal(size=3)),
        spin_deg_s=float(rng.uniform(-60, 60)),
    )
