"""Boxes and toys; with tableware and books, all that lies about on tables, shelves and floors."""

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
)
from .reading import book, book_row, book_stack, magazine
from .tableware import bottle, bowl, cup, plate


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
        ring(builder, 0.042 - 0.0045 * index, minor, f"plastic:{index}", placed(z=z + minor), segments=24)
        z += 1.9 * minor
    builder.cylinder(0.011, z, (0, 0, 0.01), "wood_light", segments=12)
    return ball(builder, (0, 0, z + 0.014), 0.016, f"plastic:{count}", segments=16, rings=8)


def _toy_blocks(rng: np.random.Generator) -> MeshBuilder:
    builder, edge = MeshBuilder(), 0.04
    for layer, count in enumerate((3, 2, 1)):
        for index in range(count):
            cube = MeshBuilder().box((edge,) * 3, (0, 0, edge / 2), tinted(rng, "plastic", 8))
            x = (index - (count - 1) / 2) * edge * 1.12 + float(rng.uniform(-0.004, 0.004))
            turn = float(rng.uniform(-14, 14))
            builder.merge(cube, placed(x, float(rng.uniform(-0.005, 0.005)), layer * edge, yaw_deg=turn))
    return builder


def _car(rng: np.random.Generator) -> MeshBuilder:
    paint, roof = tinted(rng, "plastic", 8), float(rng.uniform(0.075, 0.09))
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
