"""Sheets without thickness: cloth, crumpled paper, ribbons, leaves, pleats, scrolls."""

from __future__ import annotations

import math

import numpy as np

from .noise import Noise
from .solid import Solid, grid_faces


def sheet(points: np.ndarray, *, part: str = "sheet", smooth: bool = True) -> Solid:
    """A sheet over an (m, n, 3) grid; texture coordinates span 0..1, v along the rows."""
    rows, columns = points.shape[:2]
    faces = grid_faces(rows, columns)
    v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    uvs = np.column_stack([u.ravel(), v.ravel()])[faces]
    return Solid(points.reshape(-1, 3), (faces,), part=part, smooth=smooth, uvs=(uvs,))


def _plane(rows: int, columns: int, height: float, width: float) -> np.ndarray:
    x, y = np.linspace(-width / 2, width / 2, columns), np.linspace(-height / 2, height / 2, rows)
    grid = np.zeros((rows, columns, 3))
    grid[..., 0], grid[..., 1] = x[None], y[:, None]
    return grid


def wavy(rng: np.random.Generator, *, width: float, height: float, waves: float) -> Solid:
    """Cloth in the x-z plane that hangs in folds from its upper edge."""
    grid = _plane(40, 56, height, width)
    noise = Noise(rng)
    drop = 0.5 - grid[..., 1] / height  # 0 at the upper edge
    fold = np.sin(2 * math.pi * waves * (grid[..., 0] / width + 0.25 * noise(grid / width * 1.5 + 3.0)))
    deep = width / waves * 0.28
    out = deep * fold * (0.35 + 0.65 * drop) + 0.5 * deep * noise(grid * 2.0 / width + 11.0)
    x = grid[..., 0] * (0.88 + 0.1 * drop) + 0.15 * deep * np.cos(3 * fold)
    return sheet(np.stack([x, out, grid[..., 1]], axis=-1))


def crumpled(rng: np.random.Generator, *, width: float, height: float, depth: float,
             cells: int = 36) -> Solid:  # fmt: skip
    """Paper that was crumpled and spread again: flat pieces between sharp folds in all directions."""
    grid = _plane(cells, cells, height, width)
    size = max(width, height)
    rise = np.zeros(grid.shape[:2])
    for scale in (1.0, 0.6, 0.35, 0.22):
        for _ in range(5):
            angle, shift = rng.uniform(0, 2 * math.pi), rng.uniform(-0.5, 0.5) * size
            across = grid[..., 0] * math.cos(angle) + grid[..., 1] * math.sin(angle) - shift
            rise += scale * rng.uniform(-1, 1) * np.minimum(np.abs(across), 0.3 * size) / size
    rise *= depth * size / max(float(rise.std()) * 4, 1e-9)
    curl = 0.25 * size * rng.uniform(-1, 1) * (grid[..., 0] / width) ** 2
    return sheet(np.stack([grid[..., 0] * 0.95, grid[..., 1] * 0.95, rise + curl], axis=-1), smooth=False)


def ribbon(rng: np.random.Generator, *, length: float, width: float, turns: float) -> Solid:
    """A ribbon that winds about z and twists as it goes."""
    t = np.linspace(0, 1, 110)
    angle = 2 * math.pi * turns * t + rng.uniform(0, 6)
    radius = 0.22 * length * (0.7 + 0.3 * np.sin(2 * math.pi * t * rng.uniform(0.5, 1.5) + rng.uniform(0, 6)))
    middle = np.column_stack([np.cos(angle) * radius, np.sin(angle) * radius, (t - 0.5) * length])
    tilt = rng.uniform(-0.6, 0.6) + rng.uniform(0.3, 1.2) * np.sin(2 * math.pi * t * rng.uniform(0.5, 2.0))
    outward = np.column_stack([np.cos(angle), np.sin(angle), np.zeros_like(t)])
    across = np.cos(tilt)[:, None] * np.array([0, 0, 1.0]) + np.sin(tilt)[:, None] * outward
    side = np.linspace(-width / 2, width / 2, 6)
    return sheet(middle[:, None] + side[None, :, None] * across[:, None])


def leaf(rng: np.random.Generator, *, length: float, width: float, lobes: float = 0.0) -> Solid:
    """A leaf along y from the origin: bent, folded along its rib, with a wavy rim."""
    v, u = np.linspace(0, 1, 26), np.linspace(-1, 1, 11)
    half = width / 2 * np.sin(math.pi * np.clip(v, 0.004, 0.996) ** rng.uniform(0.6, 1.0)) ** 0.8
    half = half * (1 + lobes * np.sin(v * 2 * math.pi * 5))
    fold, bend = rng.uniform(0.1, 0.5), rng.uniform(0.2, 1.2)
    angle = bend * v
    y, z = length * np.sin(angle) / bend, length * (np.cos(angle) - 1) / bend
    ripple = (
        rng.uniform(0.0, 0.12) * width * np.sin(v * rng.uniform(15, 30))[:, None] * (np.abs(u) ** 2)[None]
    )
    x = half[:, None] * u[None]
    rise = fold * np.abs(x) + ripple
    points = np.stack([x, np.broadcast_to(y[:, None], x.shape), z[:, None] + rise], axis=-1)
    return sheet(points, part="leaf")


def pleats(rng: np.random.Generator, *, width: float, height: float, folds: int, opening: float) -> Solid:
    """Paper folded like an accordion, opened as a fan by `opening` radians."""
    count = 2 * folds + 1
    angle = np.linspace(-opening / 2, opening / 2, count)
    out = np.where(np.arange(count) % 2, 1.0, -1.0) * width / folds * 0.25
    reach = np.linspace(0.12, 1.0, 8) * height
    spread = np.stack([np.sin(angle)[None] * reach[:, None], out[None] * np.linspace(0.4, 1, 8)[:, None],
                       np.cos(angle)[None] * reach[:, None]], axis=-1)  # fmt: skip
    return sheet(spread + rng.normal(0, 0.002 * height, spread.shape), smooth=False)


def scroll(rng: np.random.Generator, *, width: float, length: float) -> Solid:
    """A sheet along y that rolls up towards both ends, its middle flat on the ground."""
    left, right = _curl(rng, length / 2) * (-1, 1), _curl(rng, length / 2)
    profile = np.vstack([left[:0:-1], right])
    x = np.linspace(-width / 2, width / 2, 8)
    points = np.empty((len(profile), len(x), 3))
    points[..., 0] = x
    points[..., 1], points[..., 2] = profile[:, :1], profile[:, 1:]
    return sheet(points)


def _curl(rng: np.random.Generator, length: float) -> np.ndarray:
    """(n, 2) way outwards that turns up and over, ever more tightly."""
    t = np.linspace(0, 1, 48)
    heading = rng.uniform(4.0, 11.0) * np.maximum(t - rng.uniform(0.2, 0.5), 0.0) ** 1.4 * 2.2
    steps = np.column_stack([np.cos(heading), np.sin(heading)])[1:] * (length / 47)
    return np.vstack([[0.0, 0.0], np.cumsum(steps, axis=0)])
