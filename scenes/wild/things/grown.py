"""Fractals, rocks and plants."""

from __future__ import annotations

import math

import numpy as np

from ..solids import branches, cells, rock
from ..solids.level_set import level_set
from ..solids.noise import Noise
from ..solids.round import box
from ..solids.solid import Solid, joined, repeated, turn_to
from ..solids.tubes import tubes
from .kind import Kind


def _sponge(size_m: float, rng: np.random.Generator) -> list[Solid]:
    level = 3 if rng.random() < 0.2 else 2
    return [cells.cube(3**level, cells.menger(level)).scaled(0.75 * size_m)]


def _dust(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A cube whose parts were taken away at random, at three scales; one piece hangs together or many."""
    filled = np.ones((1, 1, 1), dtype=bool)
    for size in (2, 3, 2):
        keep = rng.random((size,) * 3) < rng.uniform(0.7, 0.9)
        filled = np.kron(filled, keep).astype(bool)
    if not filled.any():
        filled[:] = True
    return [cells.cube(12, filled).scaled(0.75 * size_m)]


def _towers(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Boxes upon boxes: every roof carries smaller ones, as a city or a machine does."""
    boxes: list[tuple[np.ndarray, np.ndarray]] = []

    def stand(low: np.ndarray, size: np.ndarray, depth: int) -> None:
        boxes.append((low, size))
        if depth == 0:
            return
        for _ in range(int(rng.integers(2, 5))):
            smaller = size * np.array([*rng.uniform(0.25, 0.6, 2), rng.uniform(0.4, 1.1)])
            corner = low + np.array([*rng.uniform(0, 1, 2) * (size[:2] - smaller[:2]), size[2] - 0.002])
            stand(corner, smaller, depth - 1)

    stand(np.array([-0.5, -0.5, 0]), np.array([1, 1, 0.35]), 3)
    made = [box(size).shifted(low + size / 2) for low, size in boxes]
    return [joined(made).scaled(0.8 * size_m)]


def _pyramid(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Sierpinski's pyramid: four (or five) halves of itself, down to small solids."""
    square = rng.random() < 0.4
    count = 4 if square else 3
    angle = np.arange(count) * (2 * math.pi / count)
    base = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(count)]) * 0.5
    corners = np.vstack([base, [[0, 0, 0.72]]])
    offsets = np.zeros((1, 3))
    depth = int(rng.integers(2, 4 if square else 5))
    for level in range(depth):
        offsets = (offsets[:, None] + corners[None] * 0.5 ** (level + 1)).reshape(-1, 3)
    solid = corners * 0.5**depth
    sides = np.column_stack([np.arange(count), (np.arange(count) + 1) % count, np.full(count, count)])
    foot = np.arange(count)[::-1][None]
    made = Solid(solid, (np.vstack([sides, foot]),) if count == 3 else (sides, foot), smooth=False)
    return [repeated(made, np.tile(np.eye(3), (len(offsets), 1, 1)), offsets).scaled(size_m)]


def _gyroid(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A thick gyroid (or a relative of it) cut to a ball or a cube."""
    waves, thick, shift = rng.uniform(8, 16), rng.uniform(0.25, 0.5), rng.uniform(0, 6, 3)
    primitive, round_ = rng.random() < 0.4, rng.random() < 0.5

    def field(p: np.ndarray) -> np.ndarray:
        x, y, z = np.moveaxis(p * waves + shift, -1, 0)
        if primitive:
            wall = np.abs(np.cos(x) + np.cos(y) + np.cos(z)) - thick
        else:
            wall = np.abs(np.sin(x) * np.cos(y) + np.sin(y) * np.cos(z) + np.sin(z) * np.cos(x)) - thick
        hull = np.linalg.norm(p, axis=-1) - 0.46 if round_ else np.abs(p).max(axis=-1) - 0.42
        return np.maximum(wall / waves, hull)

    return [level_set(field, 25).scaled(size_m)]


def _blobs(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Drops that flow into one another."""
    count = int(rng.integers(4, 9))
    middle, radius = rng.uniform(-0.26, 0.26, (count, 3)), rng.uniform(0.09, 0.17, count)

    def field(p: np.ndarray) -> np.ndarray:
        away = ((p[..., None, :] - middle) ** 2).sum(axis=-1)
        return 1.0 - (radius**2 / np.maximum(away, 1e-9)).sum(axis=-1)

    return [level_set(field, 24).scaled(size_m)]


def _coral(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A ball eaten by noise."""
    noise, shift, eaten = Noise(rng), rng.uniform(0, 90, 3), rng.uniform(-0.05, 0.08)

    def field(p: np.ndarray) -> np.ndarray:
        away = np.linalg.norm(p, axis=-1)
        return np.maximum(away - 0.44, noise(p * 6.0 + shift) * 0.2 + eaten - 0.02)

    return [level_set(field, 24).scaled(size_m)]


def _rock(size_m: float, rng: np.random.Generator) -> list[Solid]:
    made = rock.rock(
        rng, level=3 if size_m < 0.4 else 4, cuts=int(rng.integers(2, 10)), rough=rng.uniform(0.2, 0.5)
    )
    return [made.scaled(size_m / 2).of("stone")]


def _crystals(size_m: float, rng: np.random.Generator) -> list[Solid]:
    return [rock.crystals(rng, int(rng.integers(6, 16))).scaled(size_m).of("crystal")]


def _bare_tree(size_m: float, rng: np.random.Generator) -> list[Solid]:
    orders = branches.branching(
        rng,
        height=0.7 * size_m,
        children=(7, 5, 4),
        spread=rng.uniform(0.6, 1.0),
        radius=rng.uniform(0.025, 0.05),
        upward=rng.uniform(-0.1, 0.5),
        wild=0.25,
    )
    return branches.wood_of(orders, least=0.0012 * size_m)


def _leafy_tree(size_m: float, rng: np.random.Generator) -> list[Solid]:
    orders = branches.branching(
        rng,
        height=0.65 * size_m,
        children=(8, 5, 3),
        spread=rng.uniform(0.6, 1.1),
        radius=rng.uniform(0.02, 0.04),
        upward=rng.uniform(0.0, 0.5),
        wild=0.22,
    )
    size = size_m * rng.uniform(0.03, 0.05)
    return [
        *branches.wood_of(orders[:3], least=0.001 * size_m),
        branches.leaves_on(orders[3], 1500, size, 0.55 * size, rng),
    ]


def _conifer(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A trunk with tiers of drooping branches, full of needles."""
    height, tiers = size_m * 0.97, int(rng.integers(9, 15))
    t = np.linspace(0, 1, branches.POINTS)
    trunk = np.zeros((1, branches.POINTS, 4))
    trunk[0, :, 2], trunk[0, :, 3] = t * height, 0.022 * size_m * (1 - 0.9 * t)
    paths = []
    for tier in range(tiers):
        share = 0.1 + 0.88 * tier / tiers
        for turn in rng.uniform(0, 2 * math.pi) + np.arange(7) * (2 * math.pi / 7) + rng.normal(0, 0.2, 7):
            reach = 0.3 * height * (1 - share) ** 0.85 * rng.uniform(0.75, 1.15)
            path = np.column_stack(
                [
                    np.cos(turn) * t * reach,
                    np.sin(turn) * t * reach,
                    share * height - 0.35 * reach * t**1.3,
                    0.006 * size_m * (1 - 0.8 * t) * (1.1 - share),
                ]
            )
            paths.append(path)
    arms = np.array(paths)
    needles = branches.leaves_on(arms, 2400, 0.06 * size_m, 0.013 * size_m, rng)
    return [
        *branches.wood_of([trunk]),
        tubes(arms[..., :3], np.maximum(arms[..., 3], 5e-4), sides=4, part="bark"),
        needles,
    ]


def _bush(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A plant of a rewritten string."""
    rules, turn, steps = _RULES[int(rng.integers(len(_RULES)))]
    text = branches.rewritten("X", rules, steps, limit=1600)
    segments, depth, tips = branches.turtle(text, turn_deg=turn * rng.uniform(0.85, 1.15), rng=rng)
    reach = float(np.ptp(segments.reshape(-1, 3), axis=0).max())
    factor = 0.95 * size_m / reach
    thick = np.maximum(0.018 * 0.72**depth, 0.004)[:, None] * size_m
    stems = tubes(segments * factor, thick, sides=5, part="stem")
    size = size_m * rng.uniform(0.06, 0.11)
    way = tips[:, 1] + rng.normal(0, 0.5, (len(tips), 3))
    flat = np.array([[0, 0, -1.0], [0, 1, 0], [1, 0, 0]])  # carries a leaf's x to z
    rotation = turn_to(way) @ flat.T * rng.uniform(0.6, 1.2, (len(tips), 1, 1))
    return [stems, repeated(branches.leaf_quad(size, 0.5 * size), rotation, tips[:, 0] * factor)]


_RULES = (
    ({"X": "F[+X][-X][&X][^X]FX", "F": "FF"}, 26.0, 4),
    ({"X": "F[&+X]>>[&-X]<[^X]FX", "F": "F"}, 34.0, 6),
    ({"X": "F>[+FX]>[&FX]>[^FX]"}, 30.0, 5),
    ({"X": "F[+X]F[-X]<+X", "F": "FF"}, 22.0, 5),
)


def _fern(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Arching fronds with rows of leaflets."""
    fronds, leaflets = int(rng.integers(7, 14)), 22
    t = np.linspace(0, 1, 14)
    paths = []
    for turn in np.arange(fronds) * 2.4 + rng.uniform(0, 6):
        reach, rise = rng.uniform(0.35, 0.55), rng.uniform(0.25, 0.6)
        out = reach * t
        up = rise * np.sin(t * rng.uniform(1.6, 2.6))
        paths.append(np.column_stack([np.cos(turn) * out, np.sin(turn) * out, up]))
    stems = np.array(paths) * size_m
    place = np.linspace(0.15, 0.98, leaflets)
    knots = place * 12.99
    index, share = knots.astype(int), (knots % 1)[None, :, None]
    at = stems[:, index] * (1 - share) + stems[:, index + 1] * share
    along = stems[:, index + 1] - stems[:, index]
    along /= np.linalg.norm(along, axis=2, keepdims=True)
    across = np.cross(along, [0, 0, 1.0])
    across /= np.linalg.norm(across, axis=2, keepdims=True)
    length = np.sin(math.pi * (0.12 + 0.88 * place)) * 0.14 * size_m
    rotations, offsets = [], []
    for side in (-1.0, 1.0):
        x = across * side + 0.45 * along
        x /= np.linalg.norm(x, axis=2, keepdims=True)
        z = np.cross(x, np.cross(np.broadcast_to([0, 0, 1.0], x.shape), x))
        rotation = np.stack([x, np.cross(z, x), z], axis=-1) * length[None, :, None, None]
        rotations.append(rotation.reshape(-1, 3, 3))
        offsets.append(at.reshape(-1, 3))
    leaflet = repeated(branches.leaf_quad(1.0, 0.28), np.vstack(rotations), np.vstack(offsets))
    return [tubes(stems, (0.006 * size_m * (1 - 0.7 * t))[None], sides=5, part="stem"), leaflet]


KINDS = {
    "sponge": Kind(_sponge),
    "dust": Kind(_dust),
    "towers": Kind(_towers, "upright"),
    "pyramid": Kind(_pyramid, "upright"),
    "gyroid": Kind(_gyroid),
    "blobs": Kind(_blobs),
    "coral": Kind(_coral),
    "rock": Kind(_rock),
    "crystals": Kind(_crystals, "upright", largest_m=8.0),
    "bare_tree": Kind(_bare_tree, "upright", class_name="plant"),
    "leafy_tree": Kind(_leafy_tree, "upright", closed=False, class_name="plant"),
    "conifer": Kind(_conifer, "upright", closed=False, class_name="plant"),
    "bush": Kind(_bush, "upright", closed=False, class_name="plant", largest_m=3.0),
    "fern": Kind(_fern, "upright", closed=False, class_name="plant", largest_m=3.0),
}
