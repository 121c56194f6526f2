"""Chairs of wooden members: slat, ladder and crossed backs, spindles, a round rail.

Lengths are metres; the front looks towards -y.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, sheet, spline
from .legs import four, leg, post, rail, round_leg
from .upholstery import cushion


def _pad(
    builder: MeshBuilder, rng: np.random.Generator, w: float, d: float, y: float, z: float, material: str
) -> None:
    """The seat of a framed chair: saddled wood, an upholstered pad, or woven; its top is at z."""
    choice = int(rng.integers(3))
    if choice == 0:
        u, v = np.meshgrid(np.linspace(-1, 1, 15), np.linspace(-1, 1, 13), indexing="ij")
        hollow = 0.011 * np.clip(1 - u**2, 0, 1) * np.clip(1 - v**4, 0, 1)
        top = np.stack([u * w / 2 * (0.955 - 0.045 * v), y + v * d / 2, z - hollow], axis=-1)
        edge = 0.004 * (np.maximum(np.abs(u), np.abs(v)) > 0.99)
        top[..., 2] -= edge
        top[..., 2] += z - top[..., 2].max()
        sheet(builder, top, 0.02, material)
    elif choice == 1:
        fabric = ("fabric:seat", "leather", "linen")[int(rng.integers(3))]
        builder.block(
            (-w / 2 + 0.01, y - d / 2 + 0.01, z - 0.05), (w / 2 - 0.01, y + d / 2 - 0.01, z - 0.03), material
        )
        cushion(
            builder,
            (w, d, 0.045),
            (0, y, z - 0.0225),
            fabric,
            radius=0.018,
            crown=(0, 0, 0.01),
            piping=fabric,
        )
    else:
        cushion(
            builder,
            (w - 0.01, d - 0.01, 0.03),
            (0, y, z - 0.015),
            "rattan",
            radius=0.012,
            crown=(0, 0, 0.002),
        )


def _frame(
    builder: MeshBuilder, size_m: Size, seat_z: float, rng: np.random.Generator, material: str
) -> Callable[[float], float]:
    """Four legs, seat rails and a seat; returns y of the back posts at a height."""
    w, d, h = size_m
    size = float(rng.uniform(0.03, 0.038))
    x, front_y = w / 2 - size / 2, -d / 2 + size / 2
    rake = float(rng.uniform(0.05, 0.09))
    levels = np.array([0.0, seat_z * 0.55, seat_z, seat_z + 0.1, (seat_z + h) / 2, h])
    back = d / 2 - size / 2
    ys = back - np.array([0.35 * rake, 0.85 * rake, rake, 0.9 * rake, 0.5 * rake, 0.0])
    for side in (-1, 1):
        path = spline(np.column_stack([np.full(6, side * (x - 0.012)), ys, levels]), 12)
        shape = np.interp(path[:, 2], [0, seat_z, h], [0.78, 1.0, 0.72]) * size
        post(builder, path, [(s, s * 1.15) for s in shape], material, rounding=0.006)
        leg(
            builder,
            (side * (x - 0.004), front_y, 0),
            (side * x, front_y, seat_z - 0.03),
            size * 0.72,
            size,
            material,
        )
    seat_y = back - rake
    rail_z = (seat_z - 0.085, seat_z - 0.028)
    builder.block((-x, front_y - 0.009, rail_z[0]), (x, front_y + 0.009, rail_z[1]), material)
    builder.block((-x + 0.012, seat_y - 0.009, rail_z[0]), (x - 0.012, seat_y + 0.009, rail_z[1]), material)
    for side in (-1, 1):
        middle = side * (x - 0.006)
        builder.block((middle - 0.009, front_y, rail_z[0]), (middle + 0.009, seat_y, rail_z[1]), material)
        if rng.random() < 0.6:
            z = seat_z * 0.36
            rail(builder, (middle, front_y, z), (middle, seat_y + 0.01, z), (0.016, 0.024), material)
    y0, y1 = front_y - size / 2 - 0.006, seat_y - size * 0.35
    _pad(builder, rng, w - 0.02, y1 - y0, (y0 + y1) / 2, seat_z, material)
    return lambda z: float(np.interp(z, levels, ys))


def _bow(
    builder: MeshBuilder,
    half: float,
    y: float,
    z: float,
    section: Sequence[float],
    material: str,
    depth: float,
) -> None:
    """A rail between the back posts that curves backwards; `section` is (thickness, height)."""
    u = np.linspace(-1, 1, 11)
    path = np.column_stack([u * half, y + depth * (1 - u**2), np.full(11, z)])
    builder.sweep(path, rounded_rectangle(*section, 0.005, corner_points=3), material)


def _slat(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    builder = MeshBuilder()
    w, _d, h = size_m
    back = _frame(builder, size_m, seat_z, rng, material)
    half, crest, low = w / 2 - 0.03, h - 0.05, seat_z + 0.09
    bow = float(rng.uniform(0.0, 0.012))
    _bow(builder, half, back(crest), crest, (0.018, 0.075), material, bow)
    _bow(builder, half, back(low), low, (0.018, 0.035), material, bow)
    count, wide = ((3, 0.045), (5, 0.025), (6, 0.018), (1, 0.15))[int(rng.integers(4))]
    for u in (np.arange(count) + 0.5) / count * 2 - 1:
        x, shift = u * (half - 0.02), bow * (1 - u**2)
        a, b = (x, back(low) + shift, low), (x, back(crest) + shift, crest - 0.03)
        leg(builder, a, b, (wide, 0.010), (wide, 0.010), material)
    return builder


def _ladder(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    builder = MeshBuilder()
    w, _d, h = size_m
    back = _frame(builder, size_m, seat_z, rng, material)
    count = int(rng.integers(3, 5))
    for z in np.linspace(seat_z + 0.13, h - 0.045, count):
        tall = 0.05 if z < h - 0.06 else 0.065
        _bow(builder, w / 2 - 0.03, back(z), z, (0.014, tall), material, 0.012)
    return builder


def _cross(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    builder = MeshBuilder()
    w, _d, h = size_m
    back = _frame(builder, size_m, seat_z, rng, material)
    crest, low, half = h - 0.035, seat_z + 0.03, w / 2 - 0.035
    _bow(builder, half + 0.005, back(crest), crest, (0.022, 0.05), material, 0.01)
    for side in (-1, 1):
        u = np.linspace(-1, 1, 9)
        z = (crest + low) / 2 + u * (crest - 0.02 - low) / 2
        path = np.column_stack([side * half * np.sin(u * 1.2) / math.sin(1.2), [back(v) for v in z], z])
        path[:, 1] += side * 0.005
        builder.sweep(path, rounded_rectangle(0.022, 0.009, 0.004, corner_points=3), material, up=(0, 1, 0))
    return builder


def _spindle(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    """A Windsor chair: solid saddle seat, splayed legs with stretchers, spindles under a curved crest."""
    w, d, h = size_m
    builder = MeshBuilder()
    thick = 0.034
    seat_d = d - 0.06
    seat_y = -d / 2 + seat_d / 2
    angles = np.linspace(0, 2 * math.pi, 40, endpoint=False)
    c, s = np.cos(angles), np.sin(angles)
    outline = np.column_stack(
        [np.sign(c) * np.abs(c) ** 0.7 * w / 2 * 0.96, np.sign(s) * np.abs(s) ** 0.7 * seat_d / 2]
    )
    outline[:, 0] *= 1 - 0.06 * s
    shrink = [(0.8, -thick), (0.95, -thick * 0.75), (1.0, -thick * 0.35), (0.995, -0.004), (0.97, 0.0)]
    shrink += [(0.88, -0.001), (0.7, -0.006), (0.4, -0.010), (0.1, -0.011)]
    rings = [np.column_stack([outline * f + (0, seat_y), np.full(40, seat_z + z)]) for f, z in shrink]
    builder.loft(np.array(rings), material)
    splay = 0.055
    tops, feet = [], []
    for cx, cy in four(w / 2 - 0.10, seat_d / 2 - 0.085):
        top = (cx, cy + seat_y, seat_z - thick * 0.6)
        foot = (
            math.copysign(w / 2 - 0.02, cx),
            cy + seat_y + math.copysign(splay if cy < 0 else splay + 0.03, cy),
            0.0,
        )
        post_path = np.array(
            [np.array(foot) * (1 - t) + np.array(top) * t for t in (0, 0.06, 0.35, 0.6, 0.9, 1)]
        )
        post(
            builder,
            post_path,
            [0.022, 0.025, 0.034, 0.036, 0.026, 0.024],
            material,
            rounding=0.02,
            corner_points=5,
        )
        tops.append(np.array(top))
        feet.append(np.array(foot))
    at = [f * 0.6 + t * 0.4 for f, t in zip(feet, tops)]
    for i, j in ((0, 3), (1, 2)):
        builder.tube([at[i], (at[i] + at[j]) / 2, at[j]], [0.008, 0.011, 0.008], material, segments=8)
    builder.tube([(at[0] + at[3]) / 2, (at[1] + at[2]) / 2], 0.008, material, segments=8)
    # Back: a crest rail on a fan of spindles.
    count = int(rng.integers(6, 10))
    crest_z, half, bow = h - 0.035, w / 2 - 0.03, 0.06
    crest_y = d / 2 - bow - 0.012
    u = np.linspace(-1, 1, 13)
    path = np.column_stack([u * half * 1.0, crest_y + bow * (1 - u**2), crest_z + 0.012 * (1 - u**2)])
    builder.sweep(
        path, rounded_rectangle(0.02, 0.065, 0.009, corner_points=4), material, scale=1 - 0.3 * u**6
    )
    for index, v in enumerate(np.linspace(-0.9, 0.9, count)):
        r = 0.0095 if index in (0, count - 1) else 0.0065
        low = (v * (half - 0.045), seat_y + seat_d / 2 - 0.03 - 0.05 * v**2, seat_z - 0.012)
        high = (v * half, crest_y + bow * (1 - v**2), crest_z)
        line = np.array([np.array(low) * (1 - t) + np.array(high) * t for t in (0, 0.4, 1)])
        builder.tube(line, [r * 0.85, r * 1.15, r * 0.8], material, segments=8)
    return builder


def _round_back(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    """Four posts that carry a bent rail around the back, as on Danish chairs."""
    w, d, h = size_m
    builder = MeshBuilder()
    r = 0.017
    crest = h - 0.035
    for side in (-1, 1):
        round_leg(
            builder,
            (side * (w / 2 - 0.016), -d / 2 + 0.02, 0),
            (side * (w / 2 - 0.035), -d / 2 + 0.035, seat_z - 0.02),
            0.0115,
            r,
            material,
        )
        path = [
            (side * (w / 2 - 0.05), d / 2 - 0.03, 0),
            (side * (w / 2 - 0.055), d / 2 - 0.085, seat_z - 0.03),
        ]
        path += [
            (side * (w / 2 - 0.045), d / 2 - 0.10, seat_z + 0.1),
            (side * 0.857 * (w / 2 - 0.012), d / 2 - 0.113, crest),
        ]
        post(builder, spline(path, 9), np.linspace(0.024, 0.028, 9), material, rounding=0.02, corner_points=5)
    a = np.linspace(-1.25, 1.25, 21)
    bend = np.column_stack(
        [
            np.sin(a) / math.sin(1.25) * (w / 2 - 0.012),
            d / 2 - 0.013 - 0.24 * (1 - np.cos(a)),
            crest - 0.0 * a,
        ]
    )
    scale = 1.0 - 0.45 * np.abs(a / 1.25) ** 3
    builder.sweep(bend, rounded_rectangle(0.024, 0.07, 0.011, corner_points=4), material, scale=scale)
    for z in (seat_z - 0.05,):
        for p, q in (((-1, -1), (1, -1)), ((-1, 1), (1, 1)), ((-1, -1), (-1, 1)), ((1, -1), (1, 1))):
            ends = [
                (s * (w / 2 - 0.04), (-d / 2 + 0.035) if t < 0 else (d / 2 - 0.085), z) for s, t in (p, q)
            ]
            rail(builder, *ends, (0.018, 0.05), material, rounding=0.006)
    fabric = ("leather", "rattan", "fabric:seat", "linen")[int(rng.integers(4))]
    cushion(
        builder,
        (w - 0.05, d - 0.11, 0.04),
        (0, -0.035, seat_z - 0.02),
        fabric,
        radius=0.016,
        crown=(0, 0, 0.008),
        piping=fabric,
    )
    return builder


DESIGNS: dict[str, Callable[..., MeshBuilder]] = {
    "slat": _slat,
    "ladder": _ladder,
    "cross": _cross,
    "spindle": _spindle,
    "round_back": _round_back,
}
