"""Chairs without a wooden frame: moulded shell, fully upholstered, bent steel tube.

Lengths are metres; the front looks towards -y.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, sheet, soft, spline
from .legs import four, leg, rail, round_leg
from .upholstery import cushion, tufted


def _shell(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    """A moulded shell on wooden dowels, a steel base or a pedestal."""
    w, d, h = size_m
    builder = MeshBuilder()
    curve = [(-d / 2 + 0.0, seat_z - 0.03), (-d / 2 + 0.045, seat_z + 0.004), (-0.02, seat_z - 0.012)]
    curve += [
        (d / 2 - 0.19, seat_z - 0.012),
        (d / 2 - 0.115, seat_z + 0.06),
        (d / 2 - 0.07, seat_z + 0.2),
        (d / 2, h),
    ]
    v = np.linspace(0, 1, 30)
    v = 0.5 - 0.5 * np.sign(np.cos(math.pi * v)) * np.abs(np.cos(math.pi * v)) ** 0.8  # denser at the ends
    line = spline(curve, 241)[np.round(v * 240).astype(int)]
    half = np.interp(v, [0, 0.15, 0.5, 0.66, 0.85, 1], [0.90, 0.97, 1.0, 0.98, 0.93, 0.88]) * w / 2
    ends = np.clip(np.minimum(v / 0.13, (1 - v) / 0.16), 0, 1)
    half *= (1 - (1 - ends) ** 2.6) ** (1 / 2.6) * 0.55 + 0.45
    u = np.linspace(-1, 1, 19)
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])  # towards the sitter
    curl = np.interp(v, [0, 0.2, 0.5, 0.65, 0.85, 1], [0.004, 0.02, 0.05, 0.06, 0.045, 0.02])
    lift = curl[:, None] * np.abs(u)[None] ** 2.6 * (half[:, None] / half.max()) ** 4
    points = np.empty((19, 30, 3))
    points[..., 0] = u[:, None] * half[None] * (1 - 0.04 * np.abs(u[:, None]) ** 4)
    points[..., 1] = (line[:, :1] + normal[:, :1] * lift).T
    points[..., 2] = (line[:, 1:] + normal[:, 1:] * lift).T
    role = ("plastic:shell", "plastic:shell", "wood", "fabric:seat")[int(rng.integers(4))]
    sheet(builder, points, 0.009 if role != "fabric:seat" else 0.02, role)
    base, under = int(rng.integers(3)), seat_z - 0.035
    legs = ("wood_light", "metal", "chrome")[base]
    for cx, cy in four(0.12, 0.11):
        top = (cx, cy - 0.02, under)
        foot = (math.copysign(w / 2 - 0.025, cx), math.copysign(d / 2 - 0.035, cy), 0.0)
        if base == 0:
            round_leg(builder, foot, top, 0.010, 0.0145, legs)
        else:
            builder.tube([(foot[0], foot[1], 0.009), top], 0.0085, legs, segments=10)
            builder.cylinder(0.013, 0.012, foot, "rubber", segments=12)
    builder.box((0.26, 0.03, 0.012), (0, -0.13, under), "metal", bevel=0.002)
    builder.box((0.26, 0.03, 0.012), (0, 0.09, under), "metal", bevel=0.002)
    for side in (-1, 1):
        builder.box((0.02, 0.25, 0.008), (side * 0.12, -0.02, under - 0.006), "metal", bevel=0.002)
    return builder


def _upholstered(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    w, d, h = size_m
    builder = MeshBuilder()
    fabric = ("fabric:seat", "fabric:seat", "leather", "linen")[int(rng.integers(4))]
    back_t, drop = 0.075, 0.11
    lean = 0.05
    cushion(
        builder,
        (w, d - lean, drop),
        (0, -lean / 2, seat_z - drop / 2),
        fabric,
        radius=0.022,
        crown=(0, 0, 0.012),
        piping=fabric,
    )
    slope = np.eye(4)
    slope[1, 2] = lean / (h - seat_z)
    back_h = h - seat_z + 0.05
    move = np.eye(4)
    move[:3, 3] = 0, d / 2 - lean - back_t / 2, seat_z
    if rng.random() < 0.4:
        body = MeshBuilder()
        cushion(body, (w, back_t * 0.6, back_h), (0, back_t * 0.2, back_h / 2 - 0.05), fabric, radius=0.02)
        tufted(
            body,
            w - 0.012,
            back_h - 0.06,
            back_t * 0.45,
            np.array([[1, 0, 0, 0], [0, 1, 0, -0.1 * back_t], [0, 0, 1, 0.004], [0, 0, 0, 1.0]]),
            fabric,
            design=("diamond", "channel", "square")[int(rng.integers(3))],
            pitch=0.11,
        )
        builder.merge(body, move @ slope)
    else:
        body = MeshBuilder()
        cushion(
            body, (w, back_h, back_t), (0, 0, 0), fabric, radius=0.026, crown=(0, 0, 0.012), piping=fabric
        )
        stand = np.array([[1, 0, 0, 0], [0, 0, -1.0, 0], [0, 1, 0, back_h / 2 - 0.05], [0, 0, 0, 1]])
        builder.merge(body, move @ slope @ stand)
    tall = seat_z - drop + 0.01
    for cx, cy in four(w / 2 - 0.03, d / 2 - 0.03):
        rear = cy > 0
        foot = (cx, d / 2 - 0.015 if rear else cy, 0.0)
        leg(builder, foot, (cx, d / 2 - lean - 0.035 if rear else cy, tall), 0.026, 0.042, material)
    return builder


def _cantilever(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    """One bent steel tube that carries a seat and a back."""
    w, d, h = size_m
    r = 0.0115
    x = w / 2 - r
    builder = MeshBuilder()
    role = ("chrome", "chrome", "metal", "brass")[int(rng.integers(4))]
    under = seat_z - 0.022
    corners = [
        (x, d / 2 - r, h - 0.02),
        (x, d / 2 - 0.085, under),
        (x, -d / 2 + r, under),
        (x, -d / 2 + r + 0.02, r),
    ]
    corners += [(x, d / 2 - 0.05, r)]
    line = [*corners, *[(-a, b, c) for a, b, c in corners[::-1]]]
    builder.tube(soft(line, 0.06, 6), r, role, segments=12)
    pad = ("rattan", "leather", "fabric:seat")[int(rng.integers(3))]
    thick = 0.03 if pad == "rattan" else 0.05
    frame = material if pad == "rattan" else pad
    y0, y1 = -d / 2 + 0.005, d / 2 - 0.10
    cushion(
        builder,
        (w - 4 * r - 0.004, y1 - y0, thick),
        (0, (y0 + y1) / 2, seat_z - thick / 2),
        pad,
        radius=0.012,
        crown=(0, 0, 0.004),
        piping=frame if pad == "rattan" else None,
    )
    rail(builder, (-x, -d / 2 + 0.04, under), (x, -d / 2 + 0.04, under), (0.02, 0.012), role)
    back_h = min(0.24, 0.55 * (h - seat_z))
    slope = np.eye(4)
    slope[1, 2] = (0.085 - r) / (h - 0.02 - under)
    slope[:3, 3] = 0, d / 2 - r - slope[1, 2] * (back_h / 2), h - back_h / 2
    body = MeshBuilder()
    stand = np.array([[1, 0, 0, 0], [0, 0, -1.0, 0], [0, 1, 0, 0], [0, 0, 0, 1.0]])
    cushion(
        body,
        (w - 4 * r - 0.004, back_h, thick * 0.8),
        (0, 0, 0),
        pad,
        radius=0.01,
        crown=(0, 0, 0.004),
        piping=frame if pad == "rattan" else None,
    )
    for side in (-1, 1):
        body.box((2.4 * r, 0.03, 0.012), (side * (x - 1.2 * r), 0, 0), role, bevel=0.003)
    return builder.merge(body, slope @ stand)


DESIGNS: dict[str, Callable[..., MeshBuilder]] = {
    "shell": _shell,
    "upholstered": _upholstered,
    "cantilever": _cantilever,
}
