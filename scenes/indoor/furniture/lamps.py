"""Lamps on floors, tables and ceilings. `LIGHT_ANCHORS` says where the bulb of each is.

The place of the bulb depends on the size and the params only, never on what the rng draws, so that the
builder of the light can ask for it without building the lamp. Arc and task lamps, whose bulb is off
the axis, are therefore made only when `params["variant"]` asks for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .ceiling_lights import ceiling_anchor, ceiling_light
from .forms import Size, ball, design, disc_profile, fitted, placed, ring, spline, tinted, turned
from .shades import draw_metal, hanging_bulb, hung_shade, standing_bulb

FLOOR_LAMPS = ("drum", "cone", "tripod", "globe")
FLOOR_LAMP_STYLES = {
    "classic": ("drum", "cone", "drum"),
    "rustic": ("tripod", "cone"),
    "scandinavian": ("tripod", "globe", "drum", "cone"),
}
TABLE_LAMPS = ("ceramic", "stick", "mushroom", "globe")
TABLE_LAMP_STYLES = {
    "classic": ("ceramic", "ceramic", "stick"),
    "rustic": ("ceramic", "ceramic", "stick"),
    "modern": ("stick", "mushroom", "globe"),
}


def _shade_height(size_m: Size) -> float:
    """Height of the shade of an upright lamp, which sets where its bulb is."""
    return min(0.85 * size_m[0], 0.5 * size_m[2]) * 0.72


def _upright_anchor(size_m: Size, params: dict) -> tuple[float, float, float]:
    if params.get("variant") == "arc":
        radius = 0.19 * size_m[0]
        return (size_m[0] / 2 - radius, 0.0, 0.72 * size_m[2])
    if params.get("variant") == "task":
        return (0.0, -0.5 * size_m[1] + 1.04 * 0.2 * size_m[1], 0.78 * size_m[2])
    return (0.0, 0.0, size_m[2] - 0.55 * _shade_height(size_m))


def floor_lamp(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """An upright lamp with a drum, cone or globe shade, on a disc or three legs; "arc" overhangs to +x."""
    width, _, height = size_m
    radius, shade_height = width / 2, _shade_height(size_m)
    name, metal = design(rng, params, FLOOR_LAMPS, FLOOR_LAMP_STYLES), draw_metal(rng)
    builder = MeshBuilder()
    if name == "arc":
        return fitted(_arc(size_m, rng, metal), size_m)
    bulb = _upright_anchor(size_m, {})
    if name == "tripod":
        metal = _tripod(builder, size_m, rng, height - shade_height * 1.05)
    else:
        foot = radius * float(rng.uniform(0.62, 0.82))
        thick = float(rng.uniform(0.014, 0.028))
        base = "marble" if rng.random() < 0.25 else metal
        turned(builder, disc_profile(foot, 0.0, thick), base, radius=0.005, segments=40)
        stem = float(rng.uniform(0.008, 0.013))
        builder.cylinder(stem * 1.8, 0.03, (0, 0, thick), metal, bevel=0.006, segments=20)
        top = bulb[2] - 0.03 if name != "globe" else height - 1.95 * radius
        builder.cylinder(stem, top - thick, (0, 0, thick), metal, segments=16)
    if name == "globe":
        hub = height - 1.95 * radius
        builder.cylinder(radius * 0.36, 0.04, (0, 0, hub - 0.02), metal, segments=24, bevel=0.004)
        ball(builder, (0, 0, height - radius), radius, "lampshade", segments=36, rings=20)
        return fitted(builder, size_m)
    top_radius = radius * {"drum": float(rng.uniform(0.86, 1.0)), "tripod": 0.9, "cone": 0.5}[name]
    hung_shade(
        builder, (radius, height - shade_height), (top_radius, height), tinted(rng, "lampshade", 3), metal
    )
    standing_bulb(builder, *bulb, 0.03, metal)
    return fitted(builder, size_m)


def _tripod(builder: MeshBuilder, size_m: Size, rng: np.random.Generator, hub: float) -> str:
    wood = ["wood", "wood_light", "wood_dark", "metal"][int(rng.integers(4))]
    metal = "brass" if rng.random() < 0.5 else "metal"
    radius, turn = size_m[0] / 2 * 0.96, 90.0
    for leg in range(3):
        angle = math.radians(turn + 120 * leg)
        out = np.array([math.cos(angle), math.sin(angle), 0.0])
        foot, head = out * (radius - 0.012), out * 0.022 + (0, 0, hub + 0.03)
        builder.tube(np.linspace(foot, head, 4), np.linspace(0.010, 0.015, 4), wood, segments=10)
        builder.cylinder(0.011, 0.012, tuple(foot), "rubber", segments=10)
    turned(builder, [(0, hub - 0.02), (0.038, hub - 0.02), (0.038, hub), (0, hub)], metal, segments=24)
    if rng.random() < 0.5:
        shelf = 0.32 * hub
        ring(builder, radius * 0.68, 0.004, metal, placed(z=shelf), segments=36, sides=6)
    builder.cylinder(0.010, size_m[2] - 0.5 * _shade_height(size_m) - hub, (0, 0, hub), metal, segments=12)
    return metal


def _arc(size_m: Size, rng: np.random.Generator, metal: str) -> MeshBuilder:
    width, depth, height = size_m
    builder = MeshBuilder()
    foot = min(0.2, depth / 2)
    left = -width / 2 + foot
    x, _, z = _upright_anchor(size_m, {"variant": "arc"})
    radius = 0.19 * width
    turned(builder, disc_profile(foot, 0, 0.05), "marble", at=(left, 0, 0), radius=0.006, segments=40)
    path = spline(
        [(left, 0, 0.05), (left + 0.01, 0, 0.55 * height), (left + 0.3 * (x - left), 0, 0.92 * height),
         (left + 0.62 * (x - left), 0, 0.985 * height), (x, 0, 0.90 * height), (x, 0, z + 0.6 * radius)],
        34,
    )  # fmt: skip
    builder.tube(path, 0.011, metal, segments=10)
    angles = np.linspace(0, math.pi / 2, 9)
    outer = np.column_stack([radius * np.cos(angles), z + radius * 0.8 * np.sin(angles) - 0.2 * radius])
    inner = outer[::-1] * (0.985, 1.0) - (0, 0.003)
    builder.lathe(np.vstack([outer, inner, outer[:1]]), (x, 0, 0), metal, segments=36)
    hanging_bulb(builder, x, 0, z, 0.035, metal)
    return builder


def table_lamp(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A lamp with a turned foot and a shade, a mushroom, a globe; "task" has a jointed arm towards -y."""
    width, depth, height = size_m
    radius, shade_height = width / 2, _shade_height(size_m)
    name, metal = design(rng, params, TABLE_LAMPS, TABLE_LAMP_STYLES), draw_metal(rng)
    if name == "task":
        made = _task_lamp(size_m, rng, metal)
        low, high = made.bounds()
        return fitted(made, (float(high[0] - low[0]), depth, height))  # as wide as its round foot
    bulb = _upright_anchor(size_m, {})
    builder = MeshBuilder()
    low = height - shade_height
    if name == "globe":
        ball_radius = min(radius, 0.36 * height)
        turned(
            builder,
            disc_profile(radius, 0.0, 0.018),
            "marble" if rng.random() < 0.4 else metal,
            radius=0.005,
            segments=36,
        )
        ring_z = height - 1.95 * ball_radius
        builder.cylinder(0.010, max(ring_z - 0.018, 0.01), (0, 0, 0.018), metal, segments=14)
        builder.cylinder(ball_radius * 0.4, 0.02, (0, 0, ring_z - 0.01), metal, bevel=0.004, segments=24)
        ball(builder, (0, 0, height - ball_radius), ball_radius, "lampshade", segments=32, rings=18)
        return fitted(builder, size_m)
    if name == "mushroom":
        body = tinted(rng, ["ceramic", "metal", "painted_wood"][int(rng.integers(3))])
        foot = [
            (0, 0),
            (0.62, 0.0),
            (0.62, 0.03),
            (0.34, 0.10),
            (0.20, 0.3),
            (0.18, 0.55),
            (0.22, 0.62),
            (0, 0.62),
        ]
        turned(builder, np.array(foot) * (radius, height), body, radius=0.006, segments=32)
        angles = np.linspace(0, math.pi / 2, 12)
        rise = height * 0.48
        dome = np.column_stack(
            [radius * np.cos(angles) ** 0.8, height - rise + rise * np.sin(angles) ** 1.15]
        )
        inner = dome[::-1] - (0.0025, 0.003)
        inner[:, 0] = np.maximum(inner[:, 0], 0)
        shade = "lampshade" if rng.random() < 0.5 else body
        builder.lathe(np.vstack([dome, inner, dome[:1]]), (0, 0, 0), shade, segments=40)
        standing_bulb(builder, *bulb, min(0.025, 0.2 * radius), metal)
        return fitted(builder, size_m)
    if name == "ceramic":
        forms = (
            [(0.55, 0), (0.62, 0.06), (0.95, 0.40), (0.80, 0.68), (0.34, 0.90), (0.26, 1.0)],
            [(0.75, 0), (0.82, 0.05), (0.70, 0.45), (0.46, 0.82), (0.30, 1.0)],
            [
                (0.42, 0),
                (0.50, 0.04),
                (0.70, 0.18),
                (0.60, 0.34),
                (0.36, 0.46),
                (0.62, 0.66),
                (0.56, 0.82),
                (0.24, 0.94),
                (0.22, 1.0),
            ],
        )
        form = np.array(forms[int(rng.integers(3))]) * (radius * 0.62, low * 0.96)
        body = tinted(rng, ["ceramic", "ceramic_dark", "wood"][int(rng.choice(3, p=[0.55, 0.2, 0.25]))])
        curve = np.vstack([form[:1], spline(form[1:], 14)])
        turned(builder, [(0, 0), *curve, (0, curve[-1][1])], body, radius=0.003, segments=36)
        builder.cylinder(curve[-1][0] * 0.7, 0.012, (0, 0, curve[-1][1]), metal, segments=20, bevel=0.002)
    else:
        foot = radius * 0.62
        base = ["marble", metal, "wood", "wood_light"][int(rng.integers(4))]
        turned(builder, disc_profile(foot, 0.0, 0.022), base, radius=0.005, segments=36)
    builder.cylinder(0.007, bulb[2] - 0.03, (0, 0, 0.01), metal, segments=12)
    top = radius * float(rng.uniform(0.55, 0.92))
    hung_shade(builder, (radius, low), (top, height), tinted(rng, "lampshade", 3), metal)
    standing_bulb(builder, *bulb, min(0.028, 0.22 * radius), metal)
    return fitted(builder, size_m)


def _task_lamp(size_m: Size, rng: np.random.Generator, metal: str) -> MeshBuilder:
    width, depth, height = size_m
    builder, foot, rim = MeshBuilder(), min(width, depth) * 0.33, 0.2 * depth
    _, y, z = _upright_anchor(size_m, {"variant": "task"})
    back, elbow = depth / 2 - foot, np.array([0.0, depth / 2 - 0.02, 0.55 * height])
    turned(builder, disc_profile(foot, 0, 0.02), metal, at=(0, back, 0), radius=0.005, segments=32)
    shoulder, wrist = np.array([0.0, back, 0.03]), np.array([0.0, y + 0.02, height - 0.012])
    for side in (-0.009, 0.009):
        for start, end in ((shoulder, elbow), (elbow, wrist)):
            builder.tube(np.add([start, end], (side, 0, 0)), 0.0035, metal, segments=8)
    for joint in (shoulder, elbow, wrist):
        pin = turned(MeshBuilder(), disc_profile(0.012, -0.014, 0.014), metal, radius=0.003, segments=16)
        builder.merge(pin, placed(*joint, roll_deg=90))
    head = [
        (rim, 0.0),
        (0.62 * rim, 0.5 * rim),
        (0.3 * rim, 0.8 * rim),
        (0.28 * rim, 1.25 * rim),
        (0, 1.25 * rim),
    ]
    inside = [
        (0, 1.2 * rim),
        (0.26 * rim, 0.8 * rim),
        (0.60 * rim, 0.47 * rim),
        (0.985 * rim, 0.0),
        (rim, 0.0),
    ]
    shade = turned(MeshBuilder(), [*head, *inside], metal, radius=0.003, segments=32)
    ball(shade, (0, 0, 0.3 * rim), rim * 0.34, "bulb", segments=14, rings=8)
    hung = placed(0, y, z - 0.1 * rim, pitch_deg=-18)
    neck = (hung @ (0, 0, 1.2 * rim, 1))[:3]
    builder.tube([wrist, (wrist + neck) / 2, neck], 0.004, metal, segments=8)
    return builder.merge(shade, hung)


KINDS: dict[str, Callable[[Size, np.random.Generator, dict], MeshBuilder]] = {
    "floor_lamp": floor_lamp,
    "table_lamp": table_lamp,
    "ceiling_light": ceiling_light,
}

LIGHT_ANCHORS: dict[str, Callable[[Size, dict], tuple[float, float, float]]] = {
    "floor_lamp": _upright_anchor,
    "table_lamp": _upright_anchor,
    "ceiling_light": ceiling_anchor,
}
