"""Dining chairs, stools and benches. Lengths are metres; the front looks towards -y."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from . import framed_chairs, shell_chairs
from .forms import Size, fitted, soft
from .legs import chosen, four, leg, rail, round_leg, steel_loop, timber, turned_leg
from .sofa_parts import fitted_above, seat_height
from .upholstery import cushion

_CHAIRS: dict[str, Callable[..., MeshBuilder]] = framed_chairs.DESIGNS | shell_chairs.DESIGNS


def chair(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A dining chair; its seat is at `params["seat_z_m"]`."""
    table = {
        "slat": "", "ladder": "rustic classic scandinavian", "spindle": "scandinavian rustic classic",
        "shell": "modern scandinavian", "upholstered": "classic modern", "cantilever": "modern",
        "cross": "rustic classic", "round_back": "scandinavian modern",
    }  # fmt: skip
    design = chosen(rng, params, table)
    material = timber(rng, params)
    seat_z = seat_height(params)
    return fitted_above(_CHAIRS[design](size_m, seat_z, rng, material), size_m, seat_z)


def stool(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A stool; its top is at z = h."""
    table = {
        "round": "",
        "pouf": "modern classic scandinavian",
        "square": "rustic modern",
        "upholstered": "classic modern scandinavian",
    }
    design = chosen(rng, params, table)
    material = timber(rng, params)
    w, d, h = size_m
    builder = MeshBuilder()
    r = min(w, d) / 2
    if design == "pouf" and h > 1.15 * w:
        design = "upholstered"
    if design == "pouf":
        fabric = ("fabric_accent:seat", "leather", "fabric:seat")[int(rng.integers(3))]
        ribs = int(rng.integers(8, 13))
        angles = np.linspace(0, 2 * math.pi, ribs * 8, endpoint=False)
        t = np.linspace(-1, 1, 25)
        round_off = np.sqrt(np.clip(1 - np.abs(t) ** 7, 0, 1))
        rib = 1 - 0.035 * np.abs(np.cos(angles * ribs / 2))[:, None] ** 6 * np.clip(round_off, 0, 1)[None]
        radius = rib * (0.02 + 0.98 * round_off)[None]
        z = h / 2 + h / 2 * np.broadcast_to(np.sign(t) * np.abs(t) ** 0.9, radius.shape)
        points = np.stack(
            [radius * np.cos(angles)[:, None] * w / 2, radius * np.sin(angles)[:, None] * d / 2, z], axis=-1
        )
        builder.surface(points, fabric, closed_u=True)
        builder.cylinder(0.02, 0.004, (0, 0, h - 0.004), fabric, segments=16).cylinder(
            0.02, 0.004, (0, 0, 0), fabric, segments=16
        )
        return fitted(builder, size_m)
    if design in ("round", "upholstered"):
        if design == "round":
            profile = [(0, h - 0.032), (r - 0.01, h - 0.032), (r, h - 0.012), (r - 0.004, h), (0, h)]
            builder.lathe(soft(profile, 0.006, 3), (0, 0, 0), material, segments=40)
            under = h - 0.03
        else:
            fabric = ("fabric:seat", "leather", "fabric_accent:seat")[int(rng.integers(3))]
            profile = [(0, h - 0.085), (r - 0.004, h - 0.085), (r, h - 0.02), (r - 0.03, h), (0, h)]
            builder.lathe(soft(profile, 0.03, 4), (0, 0, 0), fabric, segments=48)
            a = np.linspace(0, 2 * math.pi, 48, endpoint=False)
            loop = np.column_stack([(r - 0.007) * np.cos(a), (r - 0.007) * np.sin(a), np.full(48, h - 0.022)])
            builder.tube(loop, 0.005, fabric, segments=6, closed=True)
            builder.cylinder(r * 0.85, 0.02, (0, 0, h - 0.103), material, segments=40)
            under = h - 0.1
        metal = rng.random() < 0.35
        count = 3 if rng.random() < 0.3 else 4
        ring = []
        for index in range(count):
            a = math.pi / 4 + 2 * math.pi * index / count
            top = (0.55 * r * math.cos(a), 0.55 * r * math.sin(a), under)
            foot = (0.96 * r * math.cos(a), 0.96 * r * math.sin(a), 0.0)
            if metal:
                builder.tube([(foot[0], foot[1], 0.009), top], 0.009, "metal", segments=10)
                builder.cylinder(0.012, 0.01, foot, "rubber", segments=12)
            else:
                round_leg(builder, foot, top, 0.012, 0.018, material)
            ring.append(np.array(foot) * 0.62 + np.array(top) * 0.38)
        if metal:
            radius = float(np.hypot(*ring[0][:2]))
            a = np.linspace(0, 2 * math.pi, 36, endpoint=False)
            loop = np.column_stack([radius * np.cos(a), radius * np.sin(a), np.full(36, ring[0][2])])
            builder.tube(loop, 0.006, "metal", segments=8, closed=True)
        elif count == 4:
            for i in range(4):
                shift = np.array([0, 0, 0.03 * (i % 2)])
                builder.tube([ring[i] + shift, ring[(i + 1) % 4] + shift], 0.008, material, segments=8)
        return fitted(builder, size_m)
    t = 0.03
    builder.prism(rounded_rectangle(w, d, 0.012), h - t, h, material, bevel=0.004)
    for cx, cy in four(w / 2 - 0.05, d / 2 - 0.05):
        foot = (math.copysign(w / 2 - 0.018, cx), math.copysign(d / 2 - 0.018, cy), 0.0)
        leg(builder, foot, (cx, cy, h - t), 0.03, 0.036, material)
    for side in (-1, 1):
        rail(
            builder,
            (side * (w / 2 - 0.04), -d / 2 + 0.04, h * 0.4),
            (side * (w / 2 - 0.04), d / 2 - 0.04, h * 0.4),
            (0.016, 0.026),
            material,
        )
        rail(
            builder,
            (-w / 2 + 0.045, side * (d / 2 - 0.045), h - 0.048),
            (w / 2 - 0.045, side * (d / 2 - 0.045), h - 0.048),
            (0.016, 0.04),
            material,
        )
    return builder


def bench(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bench without a back; its top is at z = h."""
    table = {
        "slab": "",
        "upholstered": "classic modern scandinavian",
        "slatted": "scandinavian modern",
        "trestle": "rustic",
        "turned": "classic rustic",
    }
    design = chosen(rng, params, table)
    material = timber(rng, params, painted=False)
    w, d, h = size_m
    builder = MeshBuilder()
    x, y = w / 2, d / 2
    top = 0.032
    if design == "upholstered":
        fabric = ("fabric:seat", "leather", "linen")[int(rng.integers(3))]
        top = 0.1
        cushion(
            builder,
            (w, d, 0.085),
            (0, 0, h - 0.0425),
            fabric,
            radius=0.025,
            crown=(0, 0, 0.01),
            piping=fabric,
            rng=rng,
            wrinkle=0.003,
        )
        builder.block((-x + 0.008, -y + 0.008, h - top - 0.012), (x - 0.008, y - 0.008, h - 0.082), material)
        top += 0.01
    elif design == "slatted":
        count = round(d / 0.055)
        pitch = d / count
        for index in range(count):
            low = -y + index * pitch
            builder.block(
                (-x, low + 0.005 * (index > 0), h - 0.025),
                (x, low + pitch - 0.005 * (index < count - 1), h),
                material,
                bevel=0.003,
            )
        for cx in (-x + 0.14, 0, x - 0.14):
            builder.block((cx - 0.02, -y + 0.01, h - 0.055), (cx + 0.02, y - 0.01, h - 0.025), material)
        top = 0.055
    else:
        builder.prism(rounded_rectangle(w, d, 0.01), h - top, h, material, bevel=0.004)
    if design == "turned":
        builder.block((-x + 0.06, -y + 0.05, h - 0.1), (x - 0.06, -y + 0.07, h - top), material)
        builder.block((-x + 0.06, y - 0.07, h - 0.1), (x - 0.06, y - 0.05, h - top), material)
        shape = int(rng.integers(3))
        for cx, cy in four(x - 0.06, y - 0.06):
            turned_leg(builder, cx, cy, h - top, 0.06, material, shape)
    elif design == "trestle":
        for side in (-1, 1):
            cx = side * (x - 0.16)
            builder.block((cx - 0.02, -y + 0.03, 0), (cx + 0.02, y - 0.03, h - top), material)
        builder.block((-x + 0.12, -0.012, h * 0.35), (x - 0.12, 0.012, h * 0.35 + 0.07), material)
    elif rng.random() < 0.4:
        for side in (-1, 1):
            steel_loop(builder, side * (x - 0.12), d - 0.04, h - top, "metal", (0.04, 0.015))
    else:
        for cx, cy in four(x - 0.09, y - 0.06):
            foot = (cx + math.copysign(0.05, cx), cy + math.copysign(0.035, cy), 0.0)
            round_leg(builder, foot, (cx, cy, h - top), 0.013, 0.022, material)
        for cy in (-y + 0.06, y - 0.06):
            builder.block((-x + 0.07, cy - 0.011, h - top - 0.04), (x - 0.07, cy + 0.011, h - top), material)
    return fitted(builder, size_m)


KINDS: dict[str, Callable[..., MeshBuilder]] = {"chair": chair, "stool": stool, "bench": bench}
