"""Pendants, flush lights and rails of spots."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import (
    Size,
    ball,
    design,
    disc_profile,
    fitted,
    placed,
    ring,
    soft,
    tinted,
    turned,
)
from .shades import draw_metal, hanging_bulb, hung_shade


def _ceiling_variant(size_m: Size, params: dict) -> str:
    """Deep ones hang, flat ones lie against the ceiling, narrow ones are rails with spots."""
    by_shape = "pendant" if size_m[2] > 0.24 else "spots" if size_m[1] < 0.45 * size_m[0] else "flush"
    return str(params.get("variant", by_shape))


def ceiling_anchor(size_m: Size, params: dict) -> tuple[float, float, float]:
    """Where the bulb hangs, in metres above the base of the size box."""
    name = _ceiling_variant(size_m, params)
    if name == "pendant":
        return (0.0, 0.0, 0.42 * _pendant_height(size_m))
    return (0.0, 0.0, 0.35 * size_m[2]) if name == "flush" else (0.0, 0.0, 0.1 * size_m[2])


def _pendant_height(size_m: Size) -> float:
    return min(0.62 * size_m[0], 0.62 * size_m[2])


def ceiling_light(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A pendant on its cord, a flush disc or a rail of spots; its top at z = h lies against the ceiling."""
    name = _ceiling_variant(size_m, params)
    if name == "pendant":
        return fitted(_pendant(size_m, rng, str(params.get("style", ""))), size_m)
    return fitted({"flush": _flush, "spots": _spots}[name](size_m, rng), size_m)


PENDANTS = ("dome", "cone", "drum", "globe", "rattan")
PENDANT_STYLES = {
    "classic": ("drum", "globe", "dome"),
    "modern": ("dome", "cone", "globe", "drum"),
    "rustic": ("rattan", "rattan", "cone", "drum"),
}


def _pendant(size_m: Size, rng: np.random.Generator, style: str) -> MeshBuilder:
    width, _, height = size_m
    radius, deep = width / 2, _pendant_height(size_m)
    metal, builder = draw_metal(rng), MeshBuilder()
    canopy = min(0.055, 0.4 * radius)
    profile = [
        (0, height - 0.028),
        (0.3 * canopy, height - 0.028),
        (canopy, height - 0.01),
        (canopy, height),
        (0, height),
    ]
    turned(builder, profile, metal, radius=0.004, segments=28)
    builder.cylinder(0.0028, height - deep - 0.02, (0, 0, deep), "plastic_dark", segments=8)
    form = design(rng, {"style": style}, PENDANTS, PENDANT_STYLES)
    bulb = ceiling_anchor(size_m, {"variant": "pendant"})
    if form == "globe":
        ball(builder, (0, 0, deep / 2), (radius, radius, deep / 2), "lampshade", segments=40, rings=22)
        builder.cylinder(0.22 * radius, 0.05, (0, 0, deep - 0.02), metal, bevel=0.006, segments=24)
        return builder
    if form == "drum":
        hung_shade(builder, (radius, 0.0), (radius, deep * 0.8), tinted(rng, "lampshade", 3), metal)
        builder.cylinder(0.004, deep * 0.5, (0, 0, deep * 0.6), metal, segments=8)
    elif form == "rattan":
        _woven_shade(builder, radius, deep)
    else:
        t = np.linspace(0, 1, 12)
        power = 2.2 if form == "dome" else 1.05
        outer = np.column_stack([0.12 * radius + 0.88 * radius * (1 - t**power), 0.86 * deep * t])
        inner = outer[::-1] - (0.003, 0.004)
        inner[-1, 1] = 0.0
        paint = tinted(rng, "painted_wood", 8) if rng.random() < 0.5 else metal
        profile = np.vstack([outer, [(0, 0.86 * deep), (0, 0.855 * deep)], inner, outer[:1]])
        builder.lathe(soft(profile, 0.0015, 1), (0, 0, 0), paint, segments=44)
    turned(
        builder,
        [(0.12 * radius, 0.84 * deep), (0.12 * radius, 0.94 * deep), (0.004, deep)],
        metal,
        segments=24,
    )
    hanging_bulb(builder, *bulb, min(0.04, 0.2 * radius), metal)
    return builder


def _woven_shade(builder: MeshBuilder, radius: float, deep: float) -> None:
    """A basket of canes: meridians and hoops."""
    t = np.linspace(0, 1, 9)
    reach = radius * np.sqrt(np.clip(1 - (1.08 * t - 0.2) ** 2 * 1.05, 0.02, 1))
    reach *= radius / reach.max()
    heights = 0.9 * deep * t
    for index in range(22):
        angle = 2 * math.pi * index / 22
        twist = angle + 0.5 * t
        path = np.column_stack([reach * np.cos(twist), reach * np.sin(twist), heights])
        builder.tube(path, 0.0026, "rattan", segments=5)
    for level in np.linspace(0, 1, 6):
        size = float(np.interp(level, t, reach))
        ring(builder, size, 0.0036, "rattan", placed(z=0.9 * deep * level + 0.002), segments=36, sides=5)


def _flush(size_m: Size, rng: np.random.Generator) -> MeshBuilder:
    radius, height, metal = size_m[0] / 2, size_m[2], draw_metal(rng)
    builder = MeshBuilder()
    plate = min(0.018, 0.2 * height)
    turned(builder, disc_profile(radius * 0.62, height - plate, height), metal, radius=0.003, segments=48)
    if rng.random() < 0.5:  # a drum with a diffuser
        turned(
            builder,
            disc_profile(radius, 0.0, height - plate),
            tinted(rng, "lampshade", 3),
            radius=0.008,
            segments=48,
        )
        ring(builder, radius * 0.997, 0.003, metal, placed(z=height - plate), segments=48, sides=6)
    else:  # a glass bowl held by a ring
        angles = np.linspace(-math.pi / 2, 0, 14)
        curve = np.column_stack([radius * 0.97 * np.cos(angles), (height - plate) * (1 + np.sin(angles))])
        builder.lathe(curve, (0, 0, 0), "lampshade", segments=48)
        band = [
            (radius * 0.95, height - plate - 0.012),
            (radius, height - plate - 0.012),
            (radius, height - plate),
            (0, height - plate),
        ]
        turned(builder, band, metal, radius=0.003, segments=48)
    return builder


def _spots(size_m: Size, rng: np.random.Generator) -> MeshBuilder:
    width, depth, height = size_m
    metal, builder = draw_metal(rng), MeshBuilder()
    rail = min(0.022, 0.25 * height)
    builder.box((width, min(0.06, depth), rail), (0, 0, height - rail / 2), metal, bevel=0.004)
    count = max(2, round(width / 0.28))
    long, radius = 0.62 * height, min(0.032, 0.4 * depth)
    for index in range(count):
        x = ((index + 0.5) / count - 0.5) * width
        builder.cylinder(0.006, height - rail - 0.4 * long, (x, 0, 0.4 * long), metal, segments=10)
        head = turned(
            MeshBuilder(),
            [(0, 0.012), (radius * 0.86, 0.012), (radius * 0.9, 0), (radius, 0), (radius, long), (0, long)],
            metal,
            segments=24,
        )
        head.lathe([(0, 0.0115), (radius * 0.8, 0.0115)], (0, 0, 0), "bulb", segments=24)
        tilt, turn = float(rng.uniform(8, 34)), float(rng.uniform(0, 360))
        pivot = placed(x, 0, 0.62 * long, yaw_deg=turn, pitch_deg=tilt) @ placed(z=-0.62 * long)
        builder.merge(head, pivot)
    return builder
