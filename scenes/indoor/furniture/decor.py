"""Vases, baskets and candles; `KINDS` has what hangs on walls as well."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import (
    Size,
    design,
    disc_profile,
    fitted,
    leaves,
    placed,
    ring,
    soft,
    spline,
    tinted,
    turned,
    vessel,
)
from .wall_decor import clock, mirror, picture, picture_frame

VASES = {
    "bottle": [(0.50, 0.0), (0.62, 0.04), (1.0, 0.30), (0.86, 0.52), (0.34, 0.70), (0.26, 0.84), (0.32, 1.0)],
    "amphora": [
        (0.44, 0.0),
        (0.52, 0.04),
        (0.96, 0.46),
        (0.98, 0.62),
        (0.62, 0.84),
        (0.54, 0.92),
        (0.68, 1.0),
    ],
    "cylinder": [(0.95, 0.0), (1.0, 0.02), (1.0, 0.5), (1.0, 1.0)],
    "flared": [(0.56, 0.0), (0.60, 0.03), (0.54, 0.3), (0.66, 0.68), (1.0, 1.0)],
    "moon": [(0.42, 0.0), (0.52, 0.04), (0.94, 0.30), (1.0, 0.50), (0.86, 0.74), (0.40, 0.90), (0.34, 1.0)],
    "hourglass": [(0.86, 0.0), (0.94, 0.05), (0.88, 0.26), (0.54, 0.56), (0.62, 0.80), (0.90, 1.0)],
}
"""Outer profiles: radius as a fraction of half the width, height as a fraction of the vase's own."""


def vase(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A turned vase; some hold dry grasses or twigs (`variant`: "empty", "grass", "twigs")."""
    width, _, height = size_m
    content = design(rng, params, ("empty", "empty", "grass", "twigs") if height > 0.22 else ("empty",))
    own = height if content == "empty" else height * float(rng.uniform(0.42, 0.52))
    radius = width / 2 if content == "empty" else min(width * 0.4, own * 0.42)
    form = list(VASES)[int(rng.integers(len(VASES)))]
    outer = np.array(VASES[form]) * (radius, own)
    outer = np.vstack([outer[:1], spline(outer[1:], 15)])
    if form not in ("cylinder", "flared") and rng.random() < 0.25:  # throwing rings
        outer[:, 0] *= 1 + 0.012 * np.sin(outer[:, 1] / own * 60)
    role = ["ceramic", "ceramic_dark", "terracotta", "glass", "stone"][
        int(rng.choice(5, p=[0.5, 0.18, 0.12, 0.1, 0.1]))
    ]
    role = tinted(rng, role) if role.startswith("ceramic") else role
    builder = turned(MeshBuilder(), vessel(outer, 0.004, 0.008), role, radius=0.0018, segments=32)
    if content == "grass":
        _grass(builder, rng, outer[-1, 0] * 0.7, own, width, height)
    elif content == "twigs":
        _twigs(builder, rng, outer[-1, 0] * 0.7, own, width, height)
    if content == "empty":
        return fitted(builder, size_m)
    low, high = builder.bounds()
    scale = min(1.0, width / (2 * np.abs([low[:2], high[:2]]).max()))
    return builder.transformed(placed(scale=(scale, scale, height / high[2])))


def _grass(
    builder: MeshBuilder, rng: np.random.Generator, mouth: float, own: float, width: float, height: float
) -> None:
    """Plumes: bent stems with a feathered head."""
    for _ in range(int(rng.integers(6, 10))):
        turn, reach = float(rng.uniform(0, 2 * math.pi)), float(rng.uniform(0.2, 0.95)) * width / 2
        top = height * float(rng.uniform(0.82, 1.0))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        path = spline(
            [
                (0, 0, own * 0.3),
                out * mouth * 0.6 + (0, 0, own),
                out * reach * 0.6 + (0, 0, 0.75 * top),
                out * reach + (0, 0, top),
            ],
            12,
        )
        builder.tube(path[:9], 0.0011, "stem:dry", segments=5)
        head = path[7:]
        builder.tube(head, [0.001, 0.0055, 0.0075, 0.005, 0.0012][: len(head)], "rattan:dry", segments=7)
        count = 14
        base = head[np.linspace(0, len(head) - 1.01, count).astype(int)]
        angle = rng.uniform(0, 2 * math.pi, count)
        side = np.column_stack([np.cos(angle), np.sin(angle), np.full(count, 1.4)])
        leaves(
            builder,
            base,
            side,
            np.column_stack([-np.cos(angle), -np.sin(angle), np.ones(count)]),
            0.028,
            0.004,
            [1, 0.6, 0],
            "rattan:dry",
            columns=2,
        )


def _twigs(
    builder: MeshBuilder, rng: np.random.Generator, mouth: float, own: float, width: float, height: float
) -> None:
    """Three to five forked twigs with small oval leaves."""
    base, ahead, up = [], [], []
    for _ in range(int(rng.integers(3, 6))):
        turn = float(rng.uniform(0, 2 * math.pi))
        reach, top = float(rng.uniform(0.35, 0.95)) * width / 2, height * float(rng.uniform(0.8, 1.0))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        path = spline(
            [
                (0, 0, own * 0.2),
                out * mouth * 0.6 + (0, 0, own),
                out * reach * 0.7 + (0, 0, 0.78 * top),
                out * reach + (0, 0, top),
            ],
            16,
        )
        builder.tube(path, np.linspace(0.002, 0.0007, 16), "stem", segments=5)
        for index in range(8, 16):
            for side in (-1, 1):
                angle = turn + side * 1.2 + float(rng.normal(0, 0.4))
                base.append(path[index])
                ahead.append((math.cos(angle), math.sin(angle), float(rng.uniform(0.1, 0.9))))
                up.append((0, 0, 1))
    oval = [0.12, 0.8, 1.0, 0.7, 0.0]
    size = 0.034 * height / 0.3
    leaves(
        builder,
        np.array(base),
        np.array(ahead),
        np.array(up, dtype=float),
        rng.uniform(0.7, 1.1, len(base)) * size,
        0.55 * size,
        oval,
        tinted(rng, "leaf", 4),
        bend=0.5,
    )


def basket(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A woven basket: coiled rope or canes around stakes, most with two handles."""
    width, _, height = size_m
    name = design(rng, params, ("coiled", "woven"))
    handles = bool(rng.random() < 0.7)
    body = height * (0.88 if handles else 1.0)
    belly = float(rng.uniform(0.0, 0.10))
    shrink = float(rng.uniform(0.78, 0.95))
    radius = width / 2 / max(1.0, 1 + belly * 0.5)
    builder = MeshBuilder()

    def reach(z: np.ndarray | float) -> np.ndarray:
        t = np.asarray(z) / body
        return radius * (shrink + (1 - shrink) * t + belly * np.sin(math.pi * t))

    if name == "coiled":
        count = max(8, round(body / 0.017))
        rope = body / count / 2
        outer = []
        for index in range(count):
            middle = (index + 0.5) * 2 * rope
            for angle in np.linspace(-math.pi / 2, math.pi / 2, 4)[:-1]:
                outer.append(
                    (float(reach(middle)) - rope + rope * math.cos(angle), middle + rope * math.sin(angle))
                )
        outer.append((float(reach(body)) - rope, body))
        inner = [(r - 1.6 * rope, z) for r, z in outer[1::3]][::-1]
        profile = [(0.0, 0.002), (outer[0][0], 0.002), *outer, *inner, (0.0, 2 * rope)]
        builder.lathe(profile, (0, 0, 0), "rattan" if rng.random() < 0.5 else "linen", segments=36)
    else:
        stakes, rows = 22, max(6, min(11, round(body / 0.03)))
        pitch = body / rows
        angles = np.linspace(0, 2 * math.pi, stakes * 2, endpoint=False)
        for row in range(rows):
            z = (row + 0.5) * pitch
            ripple = float(reach(z)) - 0.006 + 0.004 * np.cos(stakes * angles + math.pi * (row % 2))
            path = np.column_stack(
                [ripple * np.cos(angles), ripple * np.sin(angles), np.full(len(angles), z)]
            )
            strap = np.array(
                [
                    (-0.0014, -0.46 * pitch),
                    (0.0014, -0.46 * pitch),
                    (0.0014, 0.46 * pitch),
                    (-0.0014, 0.46 * pitch),
                ]
            )
            builder.sweep(path, strap, "rattan", closed=True, smooth=False)
        levels = np.linspace(0, body, 7)
        for stake in range(stakes):
            angle = 2 * math.pi * (stake + 0.5) / stakes
            r = reach(levels) - 0.006
            path = np.column_stack([r * math.cos(angle), r * math.sin(angle), levels])
            builder.tube(path, 0.0028, "rattan", segments=5)
        ring(
            builder,
            float(reach(body)) - 0.006,
            0.007,
            "rattan:rim",
            placed(z=body - 0.006),
            segments=40,
            sides=7,
        )
        turned(builder, disc_profile(float(reach(0)) - 0.004, 0.0, 0.008), "rattan", segments=32)
    if handles:
        for side in (-1, 1):
            top = float(reach(body)) - 0.006
            path = spline(
                [
                    (-0.06, 0, body - 0.02),
                    (-0.052, 0, height - 0.014),
                    (0, 0, height - 0.006),
                    (0.052, 0, height - 0.014),
                    (0.06, 0, body - 0.02),
                ],
                14,
            )
            path = path * (min(1.0, width / 0.3), 1, 1) + (0, side * top, 0)
            builder.tube(path, 0.006, "leather" if name == "coiled" else "rattan:rim", segments=7)
    return fitted(builder, size_m)


def candle(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A pillar candle, a candle in a glass, or a taper on a candlestick when it is slender."""
    width, _, height = size_m
    radius = width / 2
    name = design(rng, params, ("stick", "pillar") if height > 1.6 * width else ("pillar", "jar"))
    builder, wax = MeshBuilder(), tinted(rng, "wax", 4)
    wick = 0.012
    if name == "jar":
        jar = np.array([(0.92, 0.0), (1.0, 0.05), (1.0, 1.0)]) * (radius, height)
        turned(builder, vessel(jar, 0.003, 0.008), "glass", radius=0.0014, segments=32)
        turned(builder, disc_profile(radius - 0.0034, 0.009, 0.66 * height), wax, radius=0.002, segments=32)
        builder.cylinder(0.0009, wick, (0, 0, 0.66 * height), "plastic_dark", segments=6)
    elif name == "pillar":
        top = height - wick
        dish = [
            (0, 0),
            (radius, 0),
            (radius, top),
            (radius * 0.9, top),
            (radius * 0.55, top - 0.006),
            (0, top - 0.008),
        ]
        turned(builder, dish, wax, radius=0.004, segments=32)
        builder.cylinder(0.001, wick + 0.006, (0, 0, top - 0.006), "plastic_dark", segments=6)
    else:
        metal = ("brass", "metal", "wood_dark")[int(rng.integers(3))]
        cup = 0.42 * height
        stick = np.array(
            [
                (0, 0),
                (1.0, 0),
                (1.0, 0.03),
                (0.5, 0.10),
                (0.22, 0.2),
                (0.3, 0.32),
                (0.16, 0.44),
                (0.16, 0.72),
                (0.4, 0.86),
                (0.42, 1.0),
                (0, 1.0),
            ]
        )
        turned(builder, stick * (radius, cup), metal, radius=0.003, segments=32)
        taper = [
            (0, cup - 0.004),
            (0.010, cup - 0.004),
            (0.0085, height - wick - 0.006),
            (0.004, height - wick),
            (0, height - wick),
        ]
        builder.lathe(soft(taper, 0.002, 1), (0, 0, 0), wax, segments=16)
        builder.cylinder(0.0008, wick, (0, 0, height - wick), "plastic_dark", segments=6)
    return fitted(builder, size_m)


KINDS = {
    "picture": picture,
    "mirror": mirror,
    "clock": clock,
    "vase": vase,
    "picture_frame": picture_frame,
    "basket": basket,
    "candle": candle,
}
