"""Tableware, bottles, boxes and toys: what lies about on tables, shelves and floors."""

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
    spline,
    tinted,
    turned,
    vessel,
)
from .reading import book, book_row, book_stack, magazine

MUGS = {
    "straight": [(0.90, 0.0), (1.0, 0.05), (1.0, 1.0)],
    "tapered": [(0.70, 0.0), (0.74, 0.04), (0.90, 0.62), (1.0, 1.0)],
    "rounded": [(0.52, 0.0), (0.60, 0.04), (0.92, 0.26), (1.0, 0.55), (0.97, 1.0)],
    "belly": [(0.66, 0.0), (0.70, 0.05), (0.98, 0.36), (0.95, 0.66), (0.88, 0.9), (0.93, 1.0)],
}
"""Outer profiles of cups: radius as a fraction of half the depth, height as a fraction of h."""

BOWLS = {
    "round": [(0.38, 0.0), (0.40, 0.06), (0.68, 0.22), (0.88, 0.52), (0.97, 0.82), (1.0, 1.0)],
    "conical": [(0.32, 0.0), (0.34, 0.08), (0.64, 0.5), (1.0, 1.0)],
    "coupe": [(0.55, 0.0), (0.60, 0.10), (0.86, 0.34), (0.96, 0.70), (1.0, 1.0)],
    "footed": [(0.42, 0.0), (0.36, 0.16), (0.40, 0.22), (0.74, 0.42), (0.94, 0.74), (1.0, 1.0)],
}

BOTTLES = {
    "wine": [(0.96, 0.0), (1.0, 0.02), (1.0, 0.60), (0.86, 0.68), (0.44, 0.76), (0.37, 0.82), (0.36, 0.95)],
    "flask": [(0.92, 0.0), (1.0, 0.03), (1.0, 0.72), (0.90, 0.80), (0.62, 0.85), (0.60, 0.88)],
    "oil": [(0.94, 0.0), (1.0, 0.03), (1.0, 0.46), (0.80, 0.58), (0.40, 0.74), (0.32, 0.92)],
    "milk": [(0.94, 0.0), (1.0, 0.03), (1.0, 0.52), (0.88, 0.62), (0.58, 0.78), (0.56, 0.92)],
    "pump": [(0.94, 0.0), (1.0, 0.03), (1.0, 0.58), (0.92, 0.66), (0.46, 0.71), (0.44, 0.74)],
}
BOTTLE_ROLES = {"wine": "glass", "flask": "metal_brushed", "oil": "glass", "milk": "glass", "pump": "plastic"}


def cup(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A mug whose handle points to +x; without a handle (a tumbler) when w is hardly more than d."""
    width, depth, height = size_m
    radius, reach = depth / 2, width - depth
    name = design(rng, params, list(MUGS))
    has_handle = reach > 0.012
    role = tinted(rng, "ceramic") if has_handle or rng.random() < 0.4 else "glass"
    wall = float(rng.uniform(0.0030, 0.0042)) if role != "glass" else 0.0025
    outer = np.array(MUGS[name]) * (radius, height)
    if len(outer) > 3:
        outer = np.vstack([outer[:2], spline(outer[1:], 9)[1:]])
    builder = turned(MeshBuilder(), vessel(outer, wall, 0.006), role, radius=wall * 0.48, segments=32)
    if has_handle:
        low, high = sorted(rng.uniform((0.16, 0.72), (0.30, 0.88)))
        root_low = np.interp(low, outer[:, 1] / height, outer[:, 0]) - wall / 2
        root_high = np.interp(high, outer[:, 1] / height, outer[:, 0]) - wall / 2
        thick = float(rng.uniform(0.0040, 0.0055))
        far = radius + reach - thick
        loop = [
            (root_high, high * height),
            (root_high + 0.5 * (far - root_high), (high + 0.02) * height),
            (far, (0.35 * low + 0.65 * high) * height),
            (far - 0.18 * reach, (0.75 * low + 0.25 * high) * height),
            (root_low, low * height),
        ]
        path = spline(loop, 16)
        swell = thick * (1 + 0.25 * np.abs(np.linspace(-1, 1, 16)) ** 3)
        builder.tube(np.insert(path, 1, 0.0, axis=1), swell, role, segments=8)
    if role != "glass" and rng.random() < 0.45:
        level = float(rng.uniform(0.72, 0.86)) * height
        inside = float(np.interp(level, outer[:, 1], outer[:, 0])) - wall * 0.9
        builder.lathe([(inside, level), (0.0, level)], (0, 0, 0), "ceramic_dark:coffee", segments=32)
    return fitted(builder, size_m)


def bowl(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bowl with a foot ring."""
    outer = np.array(BOWLS[design(rng, params, list(BOWLS))]) * (size_m[0] / 2, size_m[2])
    outer = np.vstack([outer[:1], spline(outer[1:], 10)])
    role = ["ceramic", "ceramic_dark", "wood_light", "glass"][int(rng.choice(4, p=[0.5, 0.2, 0.2, 0.1]))]
    wall = 0.007 if role == "wood_light" else 0.004
    role = tinted(rng, role) if role.startswith("ceramic") else role
    builder = turned(MeshBuilder(), vessel(outer, wall, 0.005), role, radius=wall * 0.48, segments=40)
    return fitted(builder, size_m)


def plate(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A plate with a rim; a pile of plates when h is more than that of one."""
    width, _, height = size_m
    radius = width / 2
    count = max(1, round((height - 0.014) / 0.0075))
    pitch = height / (count + 1.2)
    rise = height - pitch * (count - 1)
    shoulder, wall = float(rng.uniform(0.62, 0.74)), min(0.0035, 0.3 * rise)
    outer = np.array([(0.58, 0.0), (shoulder, 0.12), (0.80, 0.55), (1.0, 1.0)]) * (radius, rise)
    outer = np.vstack([outer[:1], spline(outer[1:], 7)])
    inner = np.add(outer[2:][::-1], (-0.2 * wall, wall))
    inner[0] = np.add(outer[-1], (-0.4 * wall, 0.8 * wall))
    profile = [(0.0, 0.25 * wall), (outer[0][0] * 0.9, 0.25 * wall), *outer, *inner]
    profile += [(outer[0][0], 1.3 * wall), (0.0, 1.2 * wall)]
    role = tinted(rng, "ceramic")
    builder = MeshBuilder()
    for index in range(count):
        shift = rng.uniform(-0.0015, 0.0015, 2) if index else (0.0, 0.0)
        at = (*shift, index * pitch)
        turned(builder, profile, role, at=at, radius=wall * 0.4, segments=40 if count < 3 else 28)
    return fitted(builder, size_m)


def bottle(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bottle with its closure, now and then with a label."""
    width, _, height = size_m
    radius = width / 2
    name = design(rng, params, list(BOTTLES))
    outer = np.array(BOTTLES[name]) * (radius, height)
    role = BOTTLE_ROLES[name]
    role = tinted(rng, role) if role == "plastic" or name == "wine" else role
    neck, top = outer[-1]
    shape = np.vstack([outer[:3], spline(outer[2:], 14)[1:]])
    profile = [(0.0, 0.004), (outer[0][0] * 0.8, 0.002), *shape, (0.0, top)]
    builder = turned(MeshBuilder(), profile, role, radius=0.004)
    if name == "wine":
        foil = [(neck, 0.86 * height), (neck * 1.07, 0.86 * height), (neck * 1.07, height), (0.0, height)]
        turned(builder, foil, tinted(rng, "metal"), radius=0.002, segments=20)
    elif name == "flask":
        lid = [(neck * 0.98, top), (neck * 1.12, top + 0.003), (neck * 1.08, height), (0.0, height)]
        turned(builder, lid, "plastic_dark", radius=0.004, segments=24)
    elif name == "oil":
        builder.cylinder(neck * 0.9, height - top, (0, 0, top), "wood_light", bevel=0.002, segments=16)
    elif name == "milk":
        lip = [(neck, top - 0.01), (neck * 1.18, top - 0.006), (neck * 1.18, top), (neck * 0.9, top)]
        turned(builder, [*lip, (neck * 0.9, height), (0.0, height)], "metal_brushed", radius=0.002)
    else:
        _pump_head(builder, radius, neck, top, height)
    if name in ("wine", "oil", "pump") and rng.random() < 0.8:
        low, high = (0.18, 0.50) if name == "wine" else (0.12, 0.42)
        band = [(radius * 1.004, low * height), (radius * 1.004, high * height)]
        builder.lathe(band, (0, 0, 0), tinted(rng, "label"), segments=28)
    return fitted(builder, size_m)


def _pump_head(builder: MeshBuilder, radius: float, neck: float, top: float, height: float) -> None:
    builder.cylinder(neck * 1.15, 0.07 * height, (0, 0, top), "plastic_dark", bevel=0.002, segments=20)
    builder.cylinder(neck * 0.3, 0.14 * height, (0, 0, top + 0.05 * height), "plastic_dark", segments=10)
    builder.cylinder(
        neck * 0.7, 0.05 * height, (0, 0, height * 0.95), "plastic_dark", bevel=0.002, segments=16
    )
    spout = [(0, 0, 0.97 * height), (0, -0.6 * radius, 0.97 * height), (0, -0.98 * radius, 0.945 * height)]
    builder.tube(spout, neck * 0.25, "plastic_dark", segments=8)


def box(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A cardboard box, shut with tape or open; a lidded storage box; a slatted crate."""
    names = ["taped", "open", "lidded", "crate"] if size_m[2] > 0.12 else ["taped", "lidded"]
    maker = {"taped": _taped_box, "open": _open_box, "lidded": _lidded_box, "crate": _crate}
    return fitted(maker[design(rng, params, names)](size_m, rng), size_m)


def _taped_box(size_m: Size, rng: np.random.Generator) -> MeshBuilder:
    width, depth, height = size_m
    builder = MeshBuilder()
    builder.box((width - 0.002, depth - 0.002, height - 0.004), (0, 0, height / 2 - 0.002), "cardboard")
    flap = (width, depth / 2 - 0.0008, 0.003)
    for side in (-1, 1):
        builder.box(flap, (0, side * depth / 4, height - 0.0022), "cardboard", bevel=0.0012, segments=1)
    tape, drop = min(0.05, depth * 0.3), min(0.07, height * 0.4)
    builder.box((width + 0.0006, tape, 0.0006), (0, 0, height - 0.0004), "cardboard:tape", bevel=0)
    for side in (-1, 1):
        at = (side * (width / 2 + 0.0001), 0, height - drop / 2)
        builder.box((0.0006, tape, drop), at, "cardboard:tape", bevel=0)
    if rng.random() < 0.6:
        across, tall = min(0.12, 0.5 * width), min(0.08, 0.4 * height)
        at = (float(rng.uniform(-0.2, 0.2)) * width, -depth / 2, float(rng.uniform(0.45, 0.6)) * height)
        builder.box((across, 0.0006, tall), at, "label", bevel=0)
    return builder


def _open_box(size_m: Size, rng: np.random.Generator) -> MeshBuilder:
    width, depth, height = size_m
    wall = 0.004
    reach = min(0.16 * width, 0.2 * depth, 0.3 * height)
    w, d, h = width - 2 * reach, depth - 2 * reach, height * float(rng.uniform(0.86, 0.95))
    builder = MeshBuilder().box((w, d, wall), (0, 0, wall / 2), "cardboard", bevel=0.001, segments=1)
    for side in (-1, 1):
        builder.box((w, wall, h), (0, side * (d - wall) / 2, h / 2), "cardboard", bevel=0.001, segments=1)
        builder.box((wall, d, h), (side * (w - wall) / 2, 0, h / 2), "cardboard", bevel=0.001, segments=1)
    for quarter in range(4):
        span, half = (w, d / 2) if quarter % 2 == 0 else (d, w / 2)
        long = min(reach * 2.0, 0.9 * half)
        flap = MeshBuilder().box(
            (span - 0.006, long, wall * 0.8), (0, -long / 2, 0), "cardboard", bevel=0.001
        )
        tilt = float(rng.uniform(-65, 20))
        hinge = placed(0, -half + wall / 2, h, pitch_deg=-tilt)
        builder.merge(flap, placed(yaw_deg=90 * quarter) @ hinge)
    return builder


def _lidded_box(size_m: Size, rng: np.random.Generator) -> MeshBuilder:
    width, depth, height = size_m
    role = tinted(rng, ["fabric", "painted_wood", "paper", "plastic"][int(rng.integers(4))])
    lid = min(0.3 * height, float(rng.uniform(0.03, 0.06)))
    inset = 0.004
    body = (width - 2 * inset, depth - 2 * inset, height - 0.003)
    builder = MeshBuilder().box(body, (0, 0, body[2] / 2), role, bevel=0.003)
    builder.box((width, depth, lid), (0, 0, height - lid / 2), role, bevel=0.003)
    middle = (height - lid) * 0.55
    if rng.random() < 0.5:
        holder = (min(0.08, 0.4 * width), 0.002, min(0.05, 0.4 * (height - lid)))
        builder.box(holder, (0, -body[1] / 2, middle), "brass", bevel=0.001, segments=1)
        inner = (holder[0] - 0.008, 0.001, holder[2] - 0.008)
        builder.box(inner, (0, -body[1] / 2 - 0.0008, middle), "paper", bevel=0)
    else:
        ears = 0.5 * min(0.08, 0.4 * width)
        path = spline(
            [
                (-ears, 0.002, 0),
                (-0.8 * ears, -0.003, -0.012),
                (0.8 * ears, -0.003, -0.012),
                (ears, 0.002, 0),
            ],
            12,
        )
        builder.tube(np.add(path, (0, -body[1] / 2, middle)), 0.0022, "leather", segments=6)
    return builder


def _crate(size_m: Size, rng: np.random.Generator) -> MeshBuilder:
    width, depth, height = size_m
    board, post = 0.011, min(0.03, 0.1 * width)
    count = max(2, round(height / 0.085))
    tall = height / count
    builder = MeshBuilder()
    role = ["wood_light", "wood"][int(rng.integers(2))]
    for index in range(count):
        z, slat = (index + 0.5) * tall, tall * float(rng.uniform(0.80, 0.9))
        z = slat / 2 if index == 0 else (height - slat / 2 if index == count - 1 else z)
        for side in (-1, 1):
            builder.box(
                (width, board, slat), (0, side * (depth - board) / 2, z), role, bevel=0.0015, segments=1
            )
            inner = (board, depth - 2 * board, slat)
            builder.box(inner, (side * (width - board) / 2, 0, z), role, bevel=0.0015, segments=1)
    for x in (-1, 1):
        for y in (-1, 1):
            at = (x * (width / 2 - board - post / 2), y * (depth / 2 - board - post / 2), height * 0.48)
            builder.box((post, post, height * 0.95), at, role, bevel=0.002, segments=1)
    planks = max(2, round(depth / 0.09))
    for index in range(planks):
        y = (index + 0.5) / planks * (depth - 2 * board) - depth / 2 + board
        deep = (depth - 2 * board) / planks - 0.004
        builder.box((width - 2 * board, deep, 0.009), (0, y, 0.006), role, bevel=0.001, segments=1)
    return builder


def toy(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A stack of rings, building blocks, a wooden car, a teddy bear or a ball."""
    makers = {"rings": _rings, "blocks": _toy_blocks, "car": _car, "teddy": _teddy, "ball": _ball}
    name = design(rng, params, list(makers))
    made = makers[name](rng)
    low, high = made.bounds()
    scale = min(np.asarray(size_m) / (high - low))
    middle = (low + high) / 2
    at = (-middle[0] * scale, -middle[1] * scale, -low[2] * scale)
    return made.transformed(placed(*at, scale=float(scale)))


def _rings(rng: np.random.Generator) -> MeshBuilder:
    builder = turned(MeshBuilder(), disc_profile(0.055, 0.0, 0.012), "wood_light", radius=0.003)
    z, count = 0.012, int(rng.integers(4, 7))
    for index in range(count):
        minor = 0.012
        ring(
            builder, 0.042 - 0.0045 * index, minor, f"painted_wood:{index}", placed(z=z + minor), segments=24
        )
        z += 1.9 * minor
    builder.cylinder(0.011, z, (0, 0, 0.01), "wood_light", segments=12)
    return ball(builder, (0, 0, z + 0.014), 0.016, f"painted_wood:{count}", segments=16, rings=8)


def _toy_blocks(rng: np.random.Generator) -> MeshBuilder:
    builder, edge = MeshBuilder(), 0.04
    for layer, count in enumerate((3, 2, 1)):
        for index in range(count):
            cube = MeshBuilder().box((edge,) * 3, (0, 0, edge / 2), tinted(rng, "painted_wood", 8))
            x = (index - (count - 1) / 2) * edge * 1.12 + float(rng.uniform(-0.004, 0.004))
            turn = float(rng.uniform(-14, 14))
            builder.merge(cube, placed(x, float(rng.uniform(-0.005, 0.005)), layer * edge, yaw_deg=turn))
    return builder


def _car(rng: np.random.Generator) -> MeshBuilder:
    paint, roof = tinted(rng, "painted_wood", 8), float(rng.uniform(0.075, 0.09))
    side = [
        (-0.08, 0.018),
        (0.08, 0.018),
        (0.083, 0.045),
        (0.045, 0.05),
        (0.03, roof),
        (-0.035, roof),
        (-0.055, 0.052),
        (-0.083, 0.048),
    ]
    body = MeshBuilder().prism(side, -0.032, 0.032, paint)
    builder = MeshBuilder().merge(body, placed(pitch_deg=90))
    for x in (-0.05, 0.05):
        for y in (-1, 1):
            wheel = turned(MeshBuilder(), disc_profile(0.02, -0.006, 0.006), "rubber", segments=20)
            turned(wheel, disc_profile(0.009, -0.008, 0.008), "wood_light", segments=14)
            builder.merge(wheel, placed(x, y * 0.038, 0.02, pitch_deg=90))
    window = np.array(
        [
            (-0.026, -0.0325, 0.053),
            (0.026, -0.0325, 0.053),
            (0.018, -0.0325, roof - 0.007),
            (-0.022, -0.0325, roof - 0.007),
        ]
    )
    builder.quad(window, "plastic_dark").quad((window * (1, -1, 1))[::-1], "plastic_dark")
    return builder


def _teddy(rng: np.random.Generator) -> MeshBuilder:
    fur, builder = tinted(rng, "fabric", 4), MeshBuilder()
    ball(builder, (0, 0, 0.085), (0.07, 0.06, 0.085), fur)
    ball(builder, (0, -0.01, 0.205), (0.062, 0.056, 0.056), fur)
    ball(builder, (0, -0.06, 0.19), (0.026, 0.022, 0.02), "fabric:muzzle", segments=14, rings=7)
    ball(builder, (0, -0.081, 0.197), (0.008, 0.006, 0.006), "plastic_dark", segments=8, rings=5)
    ball(builder, (0, -0.028, 0.085), (0.045, 0.036, 0.06), "fabric:muzzle", segments=14, rings=8)
    for side in (-1, 1):
        ball(builder, (side * 0.046, 0.0, 0.252), (0.022, 0.014, 0.022), fur, segments=12, rings=6)
        ball(builder, (side * 0.022, -0.058, 0.218), 0.006, "plastic_dark", segments=8, rings=5)
        ball(
            builder,
            (side * 0.075, -0.02, 0.12),
            (0.022, 0.03, 0.055),
            fur,
            segments=12,
            rings=7,
            pitch_deg=-35,
        )
        ball(builder, (side * 0.055, -0.075, 0.03), (0.03, 0.06, 0.03), fur, segments=14, rings=7)
        ball(
            builder,
            (side * 0.055, -0.133, 0.034),
            (0.022, 0.008, 0.026),
            "fabric:muzzle",
            segments=10,
            rings=5,
        )
    return builder


def _ball(rng: np.random.Generator) -> MeshBuilder:
    builder, colours = MeshBuilder(), [tinted(rng, "plastic", 8) for _ in range(2)]
    heights = np.linspace(-math.pi / 2, math.pi / 2, 13)
    for wedge in range(6):
        angles = np.linspace(0, math.pi / 3, 6) + wedge * math.pi / 3
        points = np.stack(
            [
                np.cos(heights) * np.cos(angles)[:, None],
                np.cos(heights) * np.sin(angles)[:, None],
                np.sin(heights) * np.ones_like(angles)[:, None],
            ],
            axis=-1,
        )
        builder.surface(points, colours[wedge % 2])
    return builder.transformed(placed(pitch_deg=float(rng.uniform(20, 70))))


KINDS = {
    "cup": cup,
    "bowl": bowl,
    "plate": plate,
    "bottle": bottle,
    "box": box,
    "toy": toy,
    "book": book,
    "book_row": book_row,
    "book_stack": book_stack,
    "magazine": magazine,
}
