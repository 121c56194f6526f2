"""What grows: branching trees, plants of rewritten strings (L-systems), leaves."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from .solid import Solid, repeated, turn_about, turn_to
from .tubes import tubes

POINTS = 6
"""Points of each branch."""


def branching(rng: np.random.Generator, *, height: float, children: tuple[int, ...], spread: float,
              radius: float, upward: float = 0.3, wild: float = 0.12) -> list[np.ndarray]:  # fmt: skip
    """A tree: for each order of branches an array (m, POINTS, 4) of x, y, z, radius.

    Parameters
    ----------
    children : branches on each branch of the order before
    spread : radians between a branch and the one that it grows from
    radius : of the trunk's foot, in heights
    upward : how much branches turn up (or down, below 0)
    wild : how much they wander
    """
    t = np.linspace(0, 1, POINTS)
    trunk = np.zeros((1, POINTS, 3))
    trunk[0, :, 2] = t * height
    trunk += _wander(rng, 1, wild * 0.5 * height)
    radii = (radius * height * (1 - 0.75 * t**0.9))[None]
    orders = [np.dstack([trunk, radii])]
    length = height
    for order, count in enumerate(children):
        parent = orders[-1]
        owner = np.repeat(np.arange(len(parent)), count)
        low = 0.35 if order == 0 else 0.25
        place = (
            low + (1 - low) * (np.tile(np.arange(count), len(parent)) + rng.uniform(0, 1, len(owner))) / count
        )
        place = np.minimum(place, 0.99) * (POINTS - 1)
        index, share = place.astype(int), (place % 1)[:, None]
        start = parent[owner, index] * (1 - share) + parent[owner, index + 1] * share
        along = parent[owner, index + 1, :3] - parent[owner, index, :3]
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        turn = rng.uniform(0, 2 * math.pi) + np.arange(len(owner)) * 2.4  # the golden angle
        lean = spread * rng.uniform(0.7, 1.3, len(owner))
        local = np.column_stack([np.sin(lean) * np.cos(turn), np.sin(lean) * np.sin(turn), np.cos(lean)])
        way = np.einsum("mij,mj->mi", turn_to(along), local)
        length *= 0.55
        reach = length * rng.uniform(0.6, 1.1, len(owner)) * (1.25 - 0.6 * place / (POINTS - 1))
        steps = t[None, :, None] * reach[:, None, None]
        path = start[:, None, :3] + way[:, None] * steps
        path[..., 2] += upward * (t**2)[None] * reach[:, None]
        path += _wander(rng, len(owner), wild) * reach[:, None, None]
        thin = np.minimum(start[:, 3] * 0.7, 0.05 * reach)[:, None] * (1 - 0.7 * t)[None]
        orders.append(np.dstack([path, thin]))
    return orders


def _wander(rng: np.random.Generator, count: int, amount: float) -> np.ndarray:
    steps = rng.normal(0, amount / POINTS**0.5, (count, POINTS, 3))
    steps[:, 0] = 0.0
    return np.cumsum(steps, axis=1) * 0.5


def wood_of(orders: list[np.ndarray], *, least: float = 0.0) -> list[Solid]:
    """The rods of a tree, one Solid for each order; finer ones have fewer sides."""
    return [
        tubes(branch[..., :3], np.maximum(branch[..., 3], least), sides=sides, part="bark")
        for branch, sides in zip(orders, (10, 7, 5, 4, 4))
    ]


def leaf_quad(length: float, width: float, fold: float = 0.15) -> Solid:
    """One leaf along x from the origin as a single face, folded a little, with texture coordinates."""
    points = np.array([(0, 0, 0), (0.5 * length, -width / 2, fold * width), (length, 0, 0),
                       (0.5 * length, width / 2, fold * width)])  # fmt: skip
    uv = np.array([[(0.5, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 0.5)]])
    return Solid(points, (np.array([[0, 1, 2, 3]]),), part="leaf", smooth=False, uvs=(uv,))


def leaves_on(
    branches: np.ndarray, count: int, length: float, width: float, rng: np.random.Generator
) -> Solid:
    """`count` leaves on (m, POINTS, 4) branches, most of them near the tips."""
    owner = rng.integers(0, len(branches), count)
    place = np.sqrt(rng.uniform(0.05, 1, count)) * (POINTS - 1.001)
    index, share = place.astype(int), (place % 1)[:, None]
    at = branches[owner, index, :3] * (1 - share) + branches[owner, index + 1, :3] * share
    way = rng.normal(size=(count, 3)) + (branches[owner, -1, :3] - branches[owner, 0, :3]) / (
        np.linalg.norm(branches[owner, -1, :3] - branches[owner, 0, :3], axis=1, keepdims=True) + 1e-9
    )
    rotation = (
        turn_to(way)
        @ np.array([[0, 0, 1.0], [0, 1, 0], [-1, 0, 0]]).T
        @ turn_about((1, 0, 0), rng.uniform(0, 2 * math.pi, count))
    )
    return repeated(leaf_quad(length, width), rotation * rng.uniform(0.6, 1.2, (count, 1, 1)), at)


def rewritten(axiom: str, rules: Mapping[str, str], steps: int, limit: int = 4000) -> str:
    """The string that the rules make of the axiom; it stops growing before `limit` symbols."""
    text = axiom
    for _ in range(steps):
        longer = "".join(rules.get(symbol, symbol) for symbol in text)
        if len(longer) > limit:
            return text
        text = longer
    return text


def turtle(text: str, *, turn_deg: float, rng: np.random.Generator, wild: float = 0.15,
           shrink: float = 0.82) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """The way of a turtle that reads a string, upward from the origin in steps that shrink in brackets.

    F goes ahead, + and - turn, & and ^ pitch, < and > roll, [ and ] remember and go back.

    Returns
    -------
    segments (m, 2, 3), depth of brackets (m,), tips (k, 2, 3): where bracketed branches end, and which way
    """
    frame, place, step, depth = np.eye(3), np.zeros(3), 1.0, 0  # rows: ahead (z), left, up
    frame = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    turns = {"+": (2, 1), "-": (2, -1), "&": (1, 1), "^": (1, -1), "<": (0, 1), ">": (0, -1)}
    memory, segments, depths, tips = [], [], [], []
    for symbol in text:
        if symbol == "F":
            end = place + frame[0] * step * rng.uniform(0.8, 1.2)
            segments.append((place, end))
            depths.append(depth)
            place = end
        elif symbol == "[":
            memory.append((frame, place, step, depth))
            step, depth = step * shrink, depth + 1
        elif symbol == "]":
            tips.append((place, frame[0]))
            frame, place, step, depth = memory.pop()
        elif symbol in turns:
            axis, sign = turns[symbol]
            angle = sign * math.radians(turn_deg) * (1 + rng.normal(0, wild))
            frame = frame @ turn_about(frame[axis], angle).T
    return np.array(segments), np.array(depths), np.array(tips).reshape(-1, 2, 3)
