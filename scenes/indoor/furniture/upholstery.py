"""Upholstery: cushions with piping, tufted panels. Lengths are metres."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

_BAND = 4
"""Grid lines across each rounded edge."""


def cushion(
    builder: MeshBuilder,
    size: Sequence[float],
    center: Sequence[float],
    material: str,
    *,
    radius: float = 0.03,
    crown: Sequence[float] = (0.0, 0.0, 0.01),
    rng: np.random.Generator | None = None,
    wrinkle: float = 0.0,
    piping: str | None = None,
    spacing: float = 0.06,
    transform: np.ndarray | None = None,
) -> MeshBuilder:
    """A box of foam in a cover: rounded edges, faces that swell by `crown` (x, y, z) in their middle.

    The size includes the swelling. `wrinkle` is the depth of soft dents; `piping` the material of cords
    along the upper and lower seams; `transform` moves the whole.
    """
    size, crown = np.asarray(size, dtype=np.float64), np.asarray(crown, dtype=np.float64)
    half = size / 2 - crown
    radius = float(min(radius, 0.49 * 2 * half.min()))
    arc = radius * (1 - np.cos(np.linspace(0, math.pi / 2, _BAND)))
    inner = [max(2, 2 * round((h - radius) / spacing)) for h in half]
    lines = [
        np.concatenate([-h + arc[:-1], np.linspace(-h + radius, h - radius, n + 1), (h - arc[:-1])[::-1]])
        for h, n in zip(half, inner)
    ]
    cells, quads = _cube(*(len(line) - 1 for line in lines))
    points = np.column_stack([lines[axis][cells[:, axis]] for axis in range(3)])
    core = np.clip(points, -(half - radius), half - radius)
    outwards = points - core
    outwards /= np.linalg.norm(outwards, axis=1, keepdims=True)
    points = core + outwards * radius
    dome = 1 - np.abs(points / half) ** 3.0
    swell = (
        crown
        * outwards
        * np.column_stack([dome[:, 1] * dome[:, 2], dome[:, 0] * dome[:, 2], dome[:, 0] * dome[:, 1]])
    )
    points = points + swell
    if rng is not None and wrinkle > 0:
        points -= outwards * (wrinkle * dents(points, rng))[:, None]
        points[:, 2] += size[2] / 2 - points[:, 2].max()
    body = MeshBuilder().faces(points, quads, material, smooth=True, uvs=_box_uvs(points, quads))
    if piping is not None:
        inset = radius * (1 - math.sqrt(0.5))
        outline = rounded_rectangle(
            2 * (half[0] - inset), 2 * (half[1] - inset), radius * 0.8, corner_points=5
        )
        for side in (-1, 1):
            path = np.column_stack([outline, np.full(len(outline), side * (half[2] - inset))])
            body.tube(_denser(path, 0.12), 0.0045, piping, segments=6, closed=True)
    move = np.eye(4)
    move[:3, 3] = center
    return builder.merge(body, move if transform is None else transform @ move)


def dents(points: np.ndarray, rng: np.random.Generator, *, scale: float = 0.3, waves: int = 7) -> np.ndarray:
    """Smooth noise in 0..1 at points (n, k): a sum of waves about `scale` metres long."""
    count = points.shape[1]
    directions = rng.normal(size=(waves, count))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    numbers = directions * (2 * math.pi / (scale * np.exp(rng.uniform(-0.5, 0.9, (waves, 1)))))
    heights = rng.uniform(0.4, 1.0, waves)
    values = np.sin(points @ numbers.T + rng.uniform(0, 2 * math.pi, waves)) @ heights
    return 0.5 + 0.5 * values / heights.sum()


def tufted(
    builder: MeshBuilder,
    width: float,
    height: float,
    depth: float,
    transform: np.ndarray,
    material: str,
    *,
    design: str = "diamond",
    pitch: float = 0.17,
) -> MeshBuilder:
    """An upholstered panel in the xz plane, its front at y = -depth: diamond, square, channel or plain.

    It spans x in -width/2..width/2 and z in 0..height, with closed edges down to y = 0.
    """
    columns, rows = max(8, round(width / 0.02)), max(8, round(height / 0.022))
    x, z = np.meshgrid(np.linspace(0, width, columns + 1), np.linspace(0, height, rows + 1), indexing="ij")
    edge = np.minimum.reduce([x, width - x, z, height - z])
    rise = np.sqrt(np.clip(1 - (1 - np.clip(edge / 0.045, 0, 1)) ** 2, 0, 1))
    across, up = max(1, round(width / pitch)), max(1, round(height / pitch))
    u, v = x / width * across, z / height * up
    buttons = np.empty((0, 2))
    if design == "diamond":
        crease = np.minimum(np.abs((u + v) - np.round(u + v)), np.abs((u - v) - np.round(u - v)))
        inside = (u > 0.4) & (u < across - 0.4) & (v > 0.4) & (v < up - 0.4)
        buttons = _lattice(across, up, diamond=True)
        dent = 0.35 * np.exp(-((crease / 0.07) ** 2)) * np.where(inside, 1.0, 0.55)
    elif design == "square":
        crease = np.minimum(np.abs(u - np.round(u)), np.abs(v - np.round(v)))
        buttons = _lattice(across, up, diamond=False)
        dent = 0.16 * np.exp(-((crease / 0.05) ** 2))
    elif design == "channel":
        dent = 0.75 * np.abs(2 * (u - np.floor(u)) - 1) ** 5
    else:
        dent = np.zeros_like(u)
    for bu, bv in buttons:
        distance = np.hypot((u - bu) * width / across, (v - bv) * height / up)
        dent = np.maximum(dent, 0.62 * np.exp(-((distance / 0.032) ** 2)))
    y = -depth * rise * (1 - np.clip(dent, 0, 0.8))
    body = MeshBuilder().surface(np.stack([x - width / 2, y, z], axis=-1), material)
    for bu, bv in buttons:
        at = (bu * width / across - width / 2, -depth * 0.4, bv * height / up)
        _button(body, at, material)
    return builder.merge(body, transform)


def _lattice(across: int, up: int, *, diamond: bool) -> np.ndarray:
    spots = itertools.product(range(1, 2 * across), range(1, 2 * up))
    wanted = ((i / 2, j / 2) for i, j in spots if (i % 2 == j % 2 if diamond else i % 2 == 0 and j % 2 == 0))
    return np.array(list(wanted)).reshape(-1, 2)


def _button(body: MeshBuilder, at: Sequence[float], material: str) -> None:
    angles = np.linspace(0, math.pi / 2, 4)
    profile = np.column_stack([0.011 * np.cos(angles), 0.006 * np.sin(angles)])
    turn = np.array([[1, 0, 0, at[0]], [0, 0, -1, at[1]], [0, 1, 0, at[2]], [0, 0, 0, 1.0]])
    body.merge(MeshBuilder().lathe(profile, (0, 0, 0), material, segments=10), turn)


def _denser(path: np.ndarray, step: float) -> np.ndarray:
    """A closed path with points added so that none are further apart than `step`."""
    following = np.roll(path, -1, axis=0)
    parts = [
        a
        + (b - a)
        * np.linspace(0, 1, max(1, math.ceil(np.linalg.norm(b - a) / step)), endpoint=False)[:, None]
        for a, b in zip(path, following)
    ]
    return np.vstack(parts)


def _box_uvs(points: np.ndarray, quads: np.ndarray) -> np.ndarray:
    """Metric texture coordinates, projected along the main direction of each face."""
    corners = points[quads]
    normal = np.abs(np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]))
    axis = normal.argmax(axis=1)
    u_axis, v_axis = np.where(axis == 0, 1, 0), np.where(axis == 2, 1, 2)
    take = functools.partial(np.take_along_axis, corners, axis=2)
    return np.stack([take(u_axis[:, None, None])[..., 0], take(v_axis[:, None, None])[..., 0]], axis=-1)


@functools.lru_cache(maxsize=64)
def _cube(nx: int, ny: int, nz: int) -> tuple[np.ndarray, np.ndarray]:
    """The skin of a lattice of cells: integer points (n, 3), and quads (m, 4) turned outwards."""
    counts = (nx, ny, nz)
    number = np.full([n + 1 for n in counts], -1)
    shell = np.ones_like(number, dtype=bool)
    shell[1:-1, 1:-1, 1:-1] = False
    points = np.argwhere(shell)
    number[tuple(points.T)] = np.arange(len(points))
    quads = []
    for axis, side in itertools.product(range(3), (0, 1)):
        face = np.take(number, -side, axis=axis)  # rows and columns are the other two axes, in order
        cells = np.stack([face[:-1, :-1], face[1:, :-1], face[1:, 1:], face[:-1, 1:]], axis=-1).reshape(-1, 4)
        outwards = (side == 1) != (axis == 1)
        quads.append(cells if outwards else cells[:, ::-1])
    return points, np.vstack(quads)
