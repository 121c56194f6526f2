"""Plants that stand on the floor: fiddle-leaf fig, monstera, snake plant, areca palm."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import (
    leaves,
    placed,
    spline,
    tinted,
)

OVAL = [0.05, 0.55, 0.86, 1.0, 0.94, 0.70, 0.34, 0.0]

FIDDLE = [0.05, 0.50, 0.66, 0.66, 0.80, 1.0, 0.92, 0.55, 0.0]

LANCE = [0.35, 0.85, 1.0, 0.72, 0.38, 0.0]

SWORD = [0.55, 0.75, 0.92, 1.0, 1.0, 0.90, 0.66, 0.0]

Grower = Callable[[MeshBuilder, np.random.Generator, float, float, float, float], None]
"""(builder, rng, height of the soil, radius of the soil, reach sideways, height of the top), metres."""

UP = np.array([0.0, 0.0, 1.0])


def directions(azimuth: np.ndarray, elevation: np.ndarray | float) -> np.ndarray:
    """Unit vectors (n, 3) from angles in radians."""
    flat = np.cos(elevation)
    return np.column_stack([np.cos(azimuth) * flat, np.sin(azimuth) * flat, np.sin(elevation)])


def tilted_up(rng: np.random.Generator, count: int, amount: float = 0.25) -> np.ndarray:
    """Upward vectors (n, 3), each tilted a little."""
    return UP + rng.normal(0, amount, (count, 3))


def _stalks(
    builder: MeshBuilder, start: np.ndarray, end: np.ndarray, radius: float, material: str, sag: float = 0.0
) -> None:
    for a, b in zip(start, end):
        middle = (a + b) / 2 + (0, 0, sag * float(np.linalg.norm(b - a)))
        builder.tube([a, middle, b], [radius * 1.3, radius, radius * 0.8], material, segments=5)


def fiddle_leaf(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """One to three trunks with large leathery leaves on their upper part, in a spiral."""
    green = tinted(rng, "leaf", 4)
    trunks = int(rng.integers(1, 4))
    for trunk in range(trunks):
        turn = float(rng.uniform(0, 2 * math.pi))
        top = height * (1.0 if trunk == 0 else float(rng.uniform(0.72, 0.92)))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        foot = out * spread * (0.45 if trunks > 1 else 0.0)
        sway = rng.normal(0, 0.05 * reach, 2)
        path = spline(
            [
                (*foot[:2], soil - 0.02),
                np.add(foot, (*sway, soil + 0.4 * (top - soil))),
                foot * 1.6 + (0, 0, top * 0.94),
            ],
            24,
        )
        b.tube(path, np.linspace(0.014, 0.006, 24), "stem:bark", segments=8)
        count = int(rng.integers(30, 40)) if trunks == 1 else int(rng.integers(18, 24))
        share = np.linspace(0.22 if trunks == 1 else 0.34, 1.0, count)
        base = path[np.minimum((share * 23).astype(int), 23)]
        azimuth = np.arange(count) * 2.4 + rng.normal(0, 0.25, count)
        elevation = np.interp(share, [0.3, 0.8, 1.0], [-0.15, 0.35, 1.15]) + rng.normal(0, 0.15, count)
        direction = directions(azimuth, elevation)
        stalk = base + direction * 0.045
        _stalks(b, base, stalk, 0.0028, "stem")
        length = (
            min(0.84 * reach, 0.34)
            * rng.uniform(0.75, 1.1, count)
            * np.interp(share, [0.3, 0.9, 1], [1, 0.95, 0.6])
        )
        leaves(
            b,
            stalk,
            direction,
            tilted_up(rng, count),
            length,
            0.62 * length,
            FIDDLE,
            green,
            bend=rng.uniform(0.3, 1.1, count),
            fold=0.22,
            columns=5,
            wave=0.09,
        )


def monstera(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """Long arching stalks, each with one big split leaf that looks outwards."""
    green, count = tinted(rng, "leaf", 4), int(rng.integers(10, 15))
    for index in range(count):
        turn = index * 2.4 + float(rng.normal(0, 0.3))
        age = index / (count - 1)
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        top = soil + (height - soil) * float(np.interp(age, [0, 1], [0.38, 0.97])) * float(
            rng.uniform(0.9, 1.0)
        )
        far = reach * float(np.interp(age, [0, 1], [0.78, 0.30])) * float(rng.uniform(0.85, 1.15))
        foot = out * spread * 0.25 + (0, 0, soil - 0.01)
        path = spline(
            [foot, out * far * 0.35 + (0, 0, soil + 0.6 * (top - soil)), out * far + (0, 0, top)], 12
        )
        b.tube(path, np.linspace(0.0075, 0.0042, 12), "stem", segments=6)
        size = min(0.95 * reach, 0.38) * float(rng.uniform(0.75, 1.1))
        droop = float(rng.uniform(-0.75, -0.2)) + 0.5 * age
        _split_leaf(b, path[-1], turn + float(rng.normal(0, 0.35)), droop, size, green, rng)


def _split_leaf(
    b: MeshBuilder,
    base: np.ndarray,
    turn: float,
    droop: float,
    size: float,
    material: str,
    rng: np.random.Generator,
) -> None:
    """A heart-shaped leaf cut into lobes: each lobe is a strip from the midrib to the margin."""
    lobes = 6
    inner = np.array([0.0, 0.36, 0.64, 0.86, 1.0])
    parts, faces, start = [], [], 0
    for side in (-1, 1):
        for lobe in range(lobes):
            s0, s1 = lobe / lobes, (lobe + 1) / lobes
            middle = (s0 + s1) / 2
            half_width = 0.5 * (0.92, 1.0, 0.95, 0.82, 0.62, 0.34)[lobe]
            gap = (
                np.array([0.0, 0.0, 0.20, 0.26, 0.62])
                if lobe < lobes - 1
                else np.array([0, 0, 0.1, 0.2, 0.6])
            )
            sweep = 0.22 * inner**1.4 * (1.35 - middle) - (0.16 * inner if lobe == 0 else 0)
            low, high = s0 + gap * (middle - s0) + sweep, s1 - gap * (s1 - middle) + sweep
            centre = (low + high) / 2
            rows = np.stack([low, centre, high], axis=1)
            across = np.repeat((side * half_width * inner)[:, None], 3, axis=1)
            across[:, 1] *= 1.04
            parts.append(np.stack([rows, across], axis=-1).reshape(-1, 2))
            for i in range(len(inner) - 1):
                for j in range(2):
                    a = start + i * 3 + j
                    quad = (a, a + 3, a + 4, a + 1)
                    faces.append(quad if side < 0 else quad[::-1])
            start += len(inner) * 3
    flat = np.vstack(parts)
    s, t = flat[:, 0], flat[:, 1]
    bend = float(rng.uniform(0.5, 1.0))
    x = size * np.sin(bend * s) / bend
    z = (
        -size * (1 - np.cos(bend * s)) / bend
        - size * 0.22 * t**2
        + size * 0.06 * np.abs(t)
        + size * 0.015 * np.sin(s * 30)
    )
    local = np.column_stack([x - 0.08 * size, t * size, z])
    turned_to = placed(*base, yaw_deg=math.degrees(turn)) @ _pitch(droop)
    points = local @ turned_to[:3, :3].T + turned_to[:3, 3]
    uv = np.column_stack([t + 0.5, s])[np.array(faces)]
    b.faces(points, faces, material, smooth=True, uvs=uv)


def _pitch(angle: float) -> np.ndarray:
    """Raise the x axis by `angle` radians."""
    return placed(roll_deg=-math.degrees(angle))


def snake(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """Stiff upright swords."""
    green, count = tinted(rng, "leaf", 4), int(rng.integers(14, 22))
    azimuth = np.arange(count) * 2.4
    out = directions(azimuth, np.zeros(count))
    distance = spread * np.sqrt(np.linspace(0.02, 0.95, count))
    base = out * distance[:, None] + UP * (soil - 0.015)
    lean = 0.06 + 0.22 * distance / spread + rng.normal(0, 0.04, count)
    direction = directions(azimuth + rng.normal(0, 0.4, count), math.pi / 2 - lean)
    length = (height - soil) * np.interp(distance, [0, spread], [1.0, 0.55]) * rng.uniform(0.78, 1.0, count)
    length[0] = height - soil
    inward = -out + rng.normal(0, 0.5, (count, 3))
    width = min(0.075, 0.16 * reach + 0.02) * rng.uniform(0.8, 1.15, count)
    leaves(
        b,
        base,
        direction,
        inward,
        length,
        width,
        SWORD,
        green,
        bend=rng.uniform(-0.1, 0.25, count),
        fold=0.4,
        columns=5,
        wave=0.12,
        thickness=0.004,
    )


def areca(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """Arching fronds with two rows of narrow leaflets."""
    green, fronds = tinted(rng, "leaf", 4), int(rng.integers(11, 15))
    for index in range(fronds):
        turn = index * 2.4 + float(rng.normal(0, 0.2))
        inner = index / fronds
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        top = soil + (height - soil) * float(np.interp(inner, [0, 1], [0.55, 1.0])) * float(
            rng.uniform(0.9, 1.0)
        )
        far = reach * float(np.interp(inner, [0, 1], [0.98, 0.55])) * float(rng.uniform(0.85, 1.0))
        foot = out * spread * 0.3 * float(rng.uniform(0.2, 1)) + (0, 0, soil - 0.01)
        tip = out * far + (0, 0, top - 0.22 * far)
        path = spline(
            [foot, out * far * 0.16 + (0, 0, soil + 0.5 * (top - soil)), out * far * 0.52 + (0, 0, top), tip],
            26,
        )
        b.tube(path, np.linspace(0.006, 0.0012, 26), "stem", segments=5)
        pairs = 19
        place = np.linspace(0.36, 0.99, pairs) * 25
        rib = np.column_stack([np.interp(place, np.arange(26), path[:, axis]) for axis in range(3)])
        tangent = np.gradient(rib, axis=0)
        tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
        side = np.cross(tangent, UP)
        side /= np.linalg.norm(side, axis=1, keepdims=True)
        normal = np.cross(side, tangent)
        share = np.linspace(0, 1, pairs)
        length = min(0.72 * reach, 0.30) * np.interp(share, [0, 0.25, 0.7, 1], [0.55, 1.0, 0.85, 0.4])
        for sign in (-1, 1):
            ahead = side * sign + tangent * np.interp(share, [0, 1], [0.55, 1.6])[:, None] + normal * 0.25
            ahead = ahead + rng.normal(0, 0.07, ahead.shape)
            leaves(
                b,
                rib,
                ahead,
                normal,
                length * rng.uniform(0.9, 1.1, pairs),
                0.021,
                LANCE,
                green,
                bend=rng.uniform(0.5, 1.1, pairs),
                fold=0.45,
                columns=3,
            )


TALL_SPECIES: dict[str, Grower] = {
    "fiddle_leaf": fiddle_leaf,
    "monstera": monstera,
    "snake": snake,
    "areca": areca,
}
