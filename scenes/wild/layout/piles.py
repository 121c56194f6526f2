"""Piles: towers of things with level tops, and heaps of balls that lie in the hollows of those below."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np

from ..things import KINDS
from .thing import Thing

Draw = Callable[[float], Thing]
"""Gives a thing of a size, already turned to its resting pose, its origin anywhere."""
TOUCH = 0.004
"""Points as near to the lowest (or the highest) as this share of the size belong to the face that touches."""


def on_floor(thing: Thing, xy: np.ndarray, floor_m: float) -> Thing:
    """The thing with its lowest point on a level floor, the middle of its outline at (2,) `xy`."""
    points = thing.points()
    middle = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    return thing.at(np.array([*(xy - middle), floor_m - points[:, 2].min()]))


def level_top(thing: Thing) -> tuple[np.ndarray, float]:
    """(3,) the middle of a thing's highest face, world, and how far it reaches in all directions at least."""
    if not KINDS[thing.kind].flat_top:
        return np.zeros(3), 0.0
    points = thing.points() + thing.position_m
    high = points[points[:, 2] > points[:, 2].max() - TOUCH * thing.size_m]
    middle = (high[:, :2].min(axis=0) + high[:, :2].max(axis=0)) / 2
    angle = np.arange(16) * (math.pi / 8)
    ways = np.column_stack([np.cos(angle), np.sin(angle)])
    return np.array([*middle, points[:, 2].max()]), float(((high[:, :2] - middle) @ ways.T).max(axis=0).min())


def on_top(thing: Thing, below: Thing, rng: np.random.Generator) -> Thing | None:
    """The thing on the level top of another; None where it would stand over the edge."""
    top, reach = level_top(below)
    points = thing.points()
    feet = points[points[:, 2] < points[:, 2].min() + TOUCH * thing.size_m, :2]
    middle = (feet.min(axis=0) + feet.max(axis=0)) / 2
    spare = reach - float(np.linalg.norm(feet - middle, axis=1).max())
    if spare < 0.02 * reach:
        return None
    angle, away = rng.uniform(0, 2 * math.pi), 0.6 * spare * math.sqrt(rng.uniform(0, 1))
    xy = top[:2] - middle + away * np.array([math.cos(angle), math.sin(angle)])
    return thing.at(np.array([*xy, top[2] - points[:, 2].min()]))


def tower(base: Thing, draw: Draw, rng: np.random.Generator, most: int) -> list[Thing]:
    """The base, which stands, and what is piled on it: the next on the last as long as tops are level."""
    made = [base]
    for _ in range(most):
        _, reach = level_top(made[-1])
        if reach < 0.15 * made[-1].size_m:
            break
        for share in (2.0, 1.5, 1.1, 0.8):
            placed = on_top(draw(reach * share * rng.uniform(0.8, 1.1)), made[-1], rng)
            if placed is not None:
                made.append(placed)
                break
        else:
            break
    return made


def heap(radii: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n, 3) centres of balls in a heap on the floor z = 0: each touches the floor, or three others below it.

    The large ones lie at the foot. A ball is put into the lowest hollow that is free and that it cannot roll
    out of.
    """
    order = np.argsort(-radii, kind="stable")
    placed: list[np.ndarray] = []
    for number, index in enumerate(order):
        radius = float(radii[index])
        known = np.array(placed).reshape(-1, 3)
        sizes = radii[order[:number]]
        best = None
        if number >= 3:
            best = _hollow(known, sizes, radius)
        if best is None:
            best = _beside(known, sizes, radius, rng)
        placed.append(best)
    centres = np.empty((len(radii), 3))
    centres[order] = placed
    return centres


def _beside(known: np.ndarray, sizes: np.ndarray, radius: float, rng: np.random.Generator) -> np.ndarray:
    """A place on the floor that touches one ball at least, near the middle of the heap."""
    if not len(known):
        return np.array([0.0, 0.0, radius])
    # Balls of radii r and s on one floor touch at a distance of 2 sqrt(r s) along it.
    apart = 2 * np.sqrt(radius * sizes) * 1.002
    angle = rng.uniform(0, 2 * math.pi) + np.arange(24) * (math.pi / 12)
    around = np.column_stack([np.cos(angle), np.sin(angle)])
    places = (known[:, None, :2] + apart[:, None, None] * around[None]).reshape(-1, 2)
    clear = (np.linalg.norm(places[:, None] - known[None, :, :2], axis=2) >= apart[None] * 0.9999).all(axis=1)
    away = np.linalg.norm(places - known[:, :2].mean(axis=0), axis=1)
    xy = places[int(np.where(clear, away, np.inf).argmin())]
    return np.array([*xy, radius])


def _hollow(known: np.ndarray, sizes: np.ndarray, radius: float) -> np.ndarray | None:
    """The lowest free place that rests on three balls, its middle above the triangle that they make."""
    triples = np.array(list(combinations(range(len(known)), 3)))
    a, b, c = (known[triples[:, i]] for i in range(3))
    ra, rb, rc = (sizes[triples[:, i]] + radius for i in range(3))
    # Trilateration: x along b - a, y in the plane of the three, z up from it.
    ex = b - a
    d = np.linalg.norm(ex, axis=1)
    ex = ex / d[:, None]
    i = np.einsum("ij,ij->i", ex, c - a)
    ey = c - a - i[:, None] * ex
    j = np.linalg.norm(ey, axis=1)
    fits = j > 1e-9
    ey = ey / np.where(fits, j, 1.0)[:, None]
    ez = np.cross(ex, ey)
    ez *= np.where(ez[:, 2:] < 0, -1.0, 1.0)
    x = (ra**2 - rb**2 + d**2) / (2 * d)
    y = (ra**2 - rc**2 + i**2 + j**2) / (2 * np.where(fits, j, 1.0)) - i / np.where(fits, j, 1.0) * x
    square = ra**2 - x**2 - y**2
    fits &= square > 0
    place = a + x[:, None] * ex + y[:, None] * ey + np.sqrt(np.maximum(square, 0))[:, None] * ez
    fits &= (place[:, 2] >= radius) & _within(place, a, b, c)
    apart = np.linalg.norm(place[:, None] - known[None], axis=2) - sizes[None] - radius
    fits &= (apart > -1e-6 * radius).all(axis=1)
    return place[int(np.where(fits, place[:, 2], np.inf).argmin())] if fits.any() else None


def _within(place: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Whether (n, 3) places lie above the triangles, seen from above, clear of their sides."""
    crosses = [
        (q[:, 0] - p[:, 0]) * (place[:, 1] - p[:, 1]) - (q[:, 1] - p[:, 1]) * (place[:, 0] - p[:, 0])
        for p, q in ((a, b), (b, c), (c, a))
    ]
    area = sum(crosses)
    least = np.min([cross * np.sign(area) for cross in crosses], axis=0)
    return least > 0.02 * np.abs(area)
