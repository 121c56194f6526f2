"""Plants for tables and shelves: succulent, trailing ivy, aloe, fern, cactus, rubber plant."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import (
    ball,
    leaves,
    spline,
    tinted,
)
from .tall_species import OVAL, UP, Grower, directions, tilted_up

HEART = [0.45, 0.92, 1.0, 0.86, 0.58, 0.28, 0.0]

SPOON = [0.35, 0.62, 0.9, 1.0, 0.82, 0.0]


def succulent(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """A rosette of thick spoons."""
    count, green = 34, tinted(rng, "leaf", 4)
    share = np.linspace(0, 1, count)  # 0 outermost
    azimuth = np.arange(count) * 2.39996
    elevation = np.interp(share, [0, 1], [0.12, 1.35]) + rng.normal(0, 0.05, count)
    direction = directions(azimuth, elevation)
    full = spread * 1.15
    base = (
        directions(azimuth, np.zeros(count)) * (0.12 * full * (1 - share))[:, None]
        + UP * (soil + 0.16 * full * share)[:, None]
    )
    inward = -directions(azimuth, np.zeros(count)) + UP * 0.8
    length = full * np.interp(share, [0, 1], [1.0, 0.34])
    leaves(
        b,
        base,
        direction,
        inward,
        length,
        0.46 * length,
        SPOON,
        green,
        bend=-0.55,
        fold=0.3,
        columns=4,
        thickness=0.09 * full,
    )


def trailing(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """A bush of heart-shaped leaves, with strands that hang over the rim."""
    green, base, ahead, sizes = tinted(rng, "leaf", 4), [], [], []
    for index in range(int(rng.integers(11, 15))):
        turn = index * 2.4 + float(rng.normal(0, 0.2))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        hangs = index % 2 == 0
        far = reach * float(rng.uniform(0.72, 0.92) if hangs else rng.uniform(0.3, 0.6))
        crest = soil + (height - soil) * float(rng.uniform(0.3, 0.6) if hangs else rng.uniform(0.7, 1.0))
        drop = max(0.02, soil * float(rng.uniform(0.1, 0.7))) if hangs else crest - 0.01
        path = spline(
            [
                out * spread * 0.2 + (0, 0, soil - 0.004),
                out * far * 0.5 + (0, 0, crest),
                out * far + (0, 0, (crest + drop) / 2),
                out * far * 1.04 + (0, 0, drop),
            ],
            15,
        )
        b.tube(path, 0.0013, "stem", segments=4)
        for step in range(2, 15, 2 if hangs else 3):
            angle = turn + (1.1 if step % 4 else -1.1) + float(rng.normal(0, 0.4))
            base.append(path[step])
            ahead.append((math.cos(angle), math.sin(angle), float(rng.uniform(-0.5, 0.5))))
            sizes.append(0.24 * reach + 0.010)
    size = np.array(sizes) * rng.uniform(0.7, 1.15, len(sizes))
    leaves(
        b,
        np.array(base),
        np.array(ahead),
        tilted_up(rng, len(base), 0.3),
        size,
        0.82 * size,
        HEART,
        green,
        bend=0.7,
        fold=0.2,
    )


def aloe(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """Pointed fleshy leaves."""
    count, green = int(rng.integers(13, 19)), tinted(rng, "leaf", 4)
    share = np.linspace(0, 1, count)
    azimuth = np.arange(count) * 2.39996
    direction = directions(azimuth, np.interp(share, [0, 1], [0.5, 1.45]) + rng.normal(0, 0.08, count))
    inward = -directions(azimuth, np.zeros(count)) + 0.4 * UP
    base = directions(azimuth, np.zeros(count)) * (0.25 * spread * (1 - share))[:, None] + UP * (soil - 0.006)
    length = (height - soil) * np.interp(share, [0, 1], [0.8, 1.0]) * rng.uniform(0.85, 1.0, count)
    sword = [1.0, 0.96, 0.85, 0.68, 0.46, 0.22, 0.0]
    leaves(
        b,
        base,
        direction,
        inward,
        length,
        0.16 * (height - soil) + 0.004,
        sword,
        green,
        bend=rng.uniform(-0.5, 0.1, count),
        fold=0.35,
        columns=4,
        thickness=0.05 * (height - soil),
    )


def fern(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """Arching fronds with many short leaflets."""
    green = tinted(rng, "leaf", 4)
    for index in range(int(rng.integers(16, 22))):
        turn = index * 2.4 + float(rng.normal(0, 0.25))
        inner = float(rng.uniform(0, 1))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        far, top = reach * (0.95 - 0.55 * inner), soil + (height - soil) * (0.45 + 0.55 * inner)
        path = spline(
            [
                out * spread * 0.2 + (0, 0, soil - 0.004),
                out * far * 0.45 + (0, 0, top),
                out * far + (0, 0, top - 0.4 * far),
            ],
            14,
        )
        b.tube(path, np.linspace(0.0014, 0.0005, 14), "stem", segments=4)
        rib = path[2:]
        tangent = np.gradient(rib, axis=0)
        side = np.cross(tangent, UP)
        side /= np.linalg.norm(side, axis=1, keepdims=True)
        length = 0.26 * reach * np.interp(np.linspace(0, 1, len(rib)), [0, 0.3, 1], [0.7, 1, 0.15])
        for sign in (-1, 1):
            ahead = side * sign + 0.35 * tangent / np.linalg.norm(tangent, axis=1, keepdims=True)
            leaves(
                b,
                rib,
                ahead,
                np.cross(side, tangent),
                length,
                0.085 * reach,
                [0.7, 1.0, 0.7, 0.0],
                green,
                bend=0.7,
                fold=0.1,
                columns=3,
            )


def cactus(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """One ribbed column, or a ribbed globe, with pale spines along the ribs."""
    tall = height - soil
    globe = bool(rng.random() < 0.4)
    radius = min(0.8 * spread, 0.55 * tall) if globe else min(0.42 * spread, 0.3 * tall)
    ribs = int(rng.integers(9, 14))
    angles = np.linspace(0, 2 * math.pi, ribs * 4, endpoint=False)
    levels = np.linspace(0, 1, 15)
    shape = np.sqrt(np.clip(1 - (2 * levels - 1) ** 2, 0, 1)) ** (0.8 if globe else 0.28)
    shape[0] = max(shape[0], 0.55)
    groove = 1 - 0.13 * (1 - np.cos(ribs * angles)) / 2
    r = radius * shape[None] * groove[:, None]
    z = soil - 0.006 + tall * levels
    body = np.stack(
        [np.cos(angles)[:, None] * r, np.sin(angles)[:, None] * r, np.broadcast_to(z, r.shape)], axis=-1
    )
    b.surface(body, "stem:cactus", closed_u=True)
    crest = body[::4, 2:-1:2].reshape(-1, 3)
    out = crest * (1, 1, 0)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    for shift in (-0.6, 0.0, 0.6):
        spin = out + shift * np.column_stack([-out[:, 1], out[:, 0], np.full(len(out), 0.5)])
        leaves(
            b,
            crest - out * 0.001,
            spin,
            np.tile(UP, (len(out), 1)),
            0.10 * radius + 0.003,
            0.0014,
            [1, 0],
            "linen",
            columns=2,
        )
    if rng.random() < 0.4:
        ball(b, (0, 0, soil - 0.006 + tall), (0.25 * radius,) * 3, "plastic:flower", segments=10, rings=6)


def rubber(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """A young rubber plant: a few stems with glossy ovals."""
    green = tinted(rng, "leaf", 4)
    for stem in range(int(rng.integers(2, 4))):
        turn = stem * 2.2 + float(rng.uniform(0, 1))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        top = height * (1.0 if stem == 0 else float(rng.uniform(0.7, 0.95)))
        path = spline(
            [
                out * spread * 0.3 + (0, 0, soil - 0.004),
                out * spread * 0.5 + (0, 0, soil + 0.5 * (top - soil)),
                out * reach * 0.3 + (0, 0, top * 0.96),
            ],
            10,
        )
        b.tube(path, np.linspace(0.0028, 0.0014, 10), "stem", segments=5)
        count = 9
        azimuth = np.arange(count) * 2.4 + turn
        share = np.linspace(0.25, 1, count)
        base = path[np.minimum((share * 9).astype(int), 9)]
        direction = directions(azimuth, np.interp(share, [0.25, 1], [0.1, 1.1]))
        length = 0.62 * reach * rng.uniform(0.8, 1.1, count) * np.interp(share, [0.25, 0.8, 1], [1, 1, 0.7])
        leaves(
            b,
            base,
            direction,
            tilted_up(rng, count),
            length,
            0.52 * length,
            OVAL,
            green,
            bend=rng.uniform(0.2, 0.8, count),
            fold=0.2,
            columns=5,
        )


SMALL_SPECIES: dict[str, Grower] = {
    "succulent": succulent,
    "trailing": trailing,
    "aloe": aloe,
    "fern": fern,
    "cactus": cactus,
    "rubber": rubber,
}
