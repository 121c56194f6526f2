"""What is kept in attics: trunks, suitcases, crates, boxes for moving house, rolled rugs."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .clutter import box
from .forms import Size, design, fitted, placed, spline, tinted


def trunk(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A travelling trunk with battens, corners and a lock, or a wooden chest with iron bands."""
    w, d, h = size_m
    name = design(rng, params, ("trunk", "trunk", "chest"))
    metal = str(rng.choice(["brass", "metal", "metal"]))
    made = MeshBuilder()
    split = 0.72 * h
    body = (
        str(rng.choice(["leather", "garment:1", "garment:5", "painted_wood"])) if name == "trunk" else "wood"
    )
    made.block(
        (-w / 2 + 0.006, -d / 2 + 0.006, 0.012),
        (w / 2 - 0.006, d / 2 - 0.006, split - 0.002),
        body,
        bevel=0.004,
    )
    made.block(
        (-w / 2 + 0.006, -d / 2 + 0.006, split + 0.002),
        (w / 2 - 0.006, d / 2 - 0.006, h - 0.008),
        body,
        bevel=0.006,
    )
    made.block(
        (-w / 2 + 0.012, -d / 2 + 0.012, split - 0.01),
        (w / 2 - 0.012, d / 2 - 0.012, split + 0.01),
        "rubber",
        bevel=0,
    )
    if name == "trunk":
        for x in (-0.3 * w, 0.0, 0.3 * w):
            made.block((x - 0.022, -d / 2, h - 0.012), (x + 0.022, d / 2, h), "wood", bevel=0.003)
            made.block(
                (x - 0.022, -d / 2, 0.02), (x + 0.022, -d / 2 + 0.01, split - 0.012), "wood", bevel=0.003
            )
        for x0, x1 in ((-w / 2, -w / 2 + 0.055), (w / 2 - 0.055, w / 2)):
            for y0, y1 in ((-d / 2, -d / 2 + 0.055), (d / 2 - 0.055, d / 2)):
                for z0, z1 in ((0.0, 0.05), (h - 0.05, h - 0.004)):
                    made.block((x0, y0, z0), (x1, y1, z1), metal, bevel=0.006)
    else:
        for x in (-0.32 * w, 0.32 * w):
            made.block((x - 0.02, -d / 2, 0.0), (x + 0.02, d / 2, h), metal, bevel=0.002)
        for y0, y1 in ((-d / 2 + 0.002, -d / 2 + 0.03), (d / 2 - 0.03, d / 2 - 0.002)):
            made.block((-w / 2, y0, 0.0), (w / 2, y1, 0.05), "wood", bevel=0.003)
    for z in (split - 0.012, split + 0.012):
        made.box((0.05, 0.01, 0.035), (0, -d / 2 + 0.004, z), metal, bevel=0.003)
    for x in (-0.42 * w, 0.42 * w):
        made.box((0.028, 0.012, 0.06), (x, -d / 2 + 0.005, split), metal, bevel=0.003)
    for side in (-1, 1):
        bow = np.linspace(0, math.pi, 9)
        line = np.column_stack(
            [np.full(9, side * (w / 2 - 0.004)), 0.07 * np.cos(bow), 0.5 * h - 0.03 * np.sin(bow)]
        )
        made.tube(line, 0.008, "leather", segments=8)
    return fitted(made, size_m)


def suitcase(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A suitcase that lies on its side: of leather or cloth with straps, or a ribbed shell."""
    w, d, h = size_m
    name = design(rng, params, ("old", "old", "shell"))
    made = MeshBuilder()
    skin = "leather" if name == "old" and rng.random() < 0.5 else tinted(rng, "garment", 9)
    outline = rounded_rectangle(w, d - 0.03, 0.035 if name == "old" else 0.06, corner_points=6)
    outline = np.add(outline, (0.0, 0.015))
    for z0, z1 in ((0.0, 0.48 * h), (0.5 * h, h)):
        made.prism(outline, z0, z1, skin, bevel=0.014 if name == "old" else 0.03)
    made.prism(outline * 0.985, 0.4 * h, 0.6 * h, "metal" if name == "shell" else "leather")
    if name == "old":
        for x in (-0.27 * w, 0.27 * w):
            made.block(
                (x - 0.014, -d / 2 + 0.026, -0.0), (x + 0.014, d / 2, h + 0.003), "leather", bevel=0.002
            )
            made.box((0.04, 0.008, 0.035), (x, -d / 2 + 0.026, 0.5 * h), "brass", bevel=0.002)
        for x in (-w / 2, w / 2):
            for y in (-d / 2 + 0.03, d / 2):
                made.box(
                    (0.07, 0.07, h + 0.002),
                    (x - math.copysign(0.028, x), y - math.copysign(0.026, y), h / 2),
                    "leather",
                    bevel=0.02,
                )
    else:
        for y in np.linspace(-0.36, 0.4, 9) * d:
            made.box((0.84 * w, 0.018, 0.006), (0, y, h), skin, bevel=0.0028)
    line = spline(
        [
            (-0.08, -d / 2 + 0.03, h / 2),
            (-0.06, -d / 2 + 0.006, h / 2),
            (0.06, -d / 2 + 0.006, h / 2),
            (0.08, -d / 2 + 0.03, h / 2),
        ],
        13,
    )
    made.tube(line, 0.0075, "leather", segments=10)
    return fitted(made, size_m)


def crate(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A crate of slats, empty or with bottles or a cloth in it."""
    w, d, h = size_m
    made, slats, t = MeshBuilder(), max(2, round(h / 0.1)), 0.011
    pitch = h / slats
    for number in range(slats):
        z0, z1 = number * pitch + 0.004 * (number > 0), (number + 1) * pitch - 0.008
        for y0 in (-d / 2, d / 2 - t):
            made.block((-w / 2, y0, z0), (w / 2, y0 + t, z1), "wood", bevel=0.0015)
        for x0 in (-w / 2, w / 2 - t):
            made.block((x0, -d / 2 + t, z0), (x0 + t, d / 2 - t, z1), "wood", bevel=0.0015)
    for x in (-w / 2 + t, w / 2 - t - 0.025):
        for y in (-d / 2 + t, d / 2 - t - 0.025):
            made.block((x, y, 0.0), (x + 0.025, y + 0.025, h), "wood", bevel=0.0015)
    for y in np.linspace(-d / 2 + 0.04, d / 2 - 0.04, 4):
        made.block((-w / 2 + t, y - 0.03, 0.004), (w / 2 - t, y + 0.03, 0.013), "wood", bevel=0.001)
    if rng.random() < 0.5:
        role = str(rng.choice(["linen", "fabric_accent", "garment:3"]))
        u, v = np.meshgrid(np.linspace(-1, 1, 16), np.linspace(-1, 1, 12), indexing="ij")
        z = 0.5 * h + 0.12 * h * np.sin(4 * u + 2 * v + float(rng.uniform(0, 6))) * np.cos(3 * v - u)
        made.surface(np.stack([(w / 2 - t - 0.002) * u, (d / 2 - t - 0.002) * v, z], axis=-1), role)
    return fitted(made, size_m)


def moving_box(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A cardboard box that is taped shut, with grips in its sides."""
    w, _, h = size_m
    made = box(size_m, rng, {"variant": "taped"})
    for side in (-1, 1):
        line = [(side * (w / 2 - 0.0012), -0.04, 0.68 * h), (side * (w / 2 - 0.0012), 0.04, 0.68 * h)]
        made.tube(line, 0.0135, "rubber", segments=12)
    return fitted(made, size_m)


def rolled_rug(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A rug rolled up and tied, along x."""
    w, _, h = size_m
    r, turns = h / 2, 4.2
    made = MeshBuilder()
    a = np.linspace(0, 2 * math.pi * turns, 110)
    radius = 0.18 * r + (0.80 * r) * a / a[-1]
    spiral = np.column_stack([radius * np.cos(a), radius * np.sin(a)])
    thick = 0.62 * 0.8 * r / turns
    inner = spiral * (1 - thick / np.maximum(radius, 1e-6))[:, None]
    for x, flip in ((-w / 2, False), (w / 2, True)):
        ring = np.stack([np.column_stack([np.full(len(line), x), line]) for line in (inner, spiral)])
        made.surface(ring, "linen", flip=not flip)
    skin = np.stack([np.column_stack([np.full(len(spiral), x), spiral]) for x in (-w / 2, w / 2)])
    made.surface(skin[:, -40:], "rug")
    end = np.stack(
        [np.column_stack([np.full(2, x), np.array([inner[-1], spiral[-1]])]) for x in (-w / 2, w / 2)]
    )
    made.surface(end, "linen", flip=True)
    for x in (-0.28 * w, 0.28 * w):
        angles = np.linspace(0, 2 * math.pi, 28, endpoint=False)
        loop = np.column_stack([np.full(28, x), 0.985 * r * np.cos(angles), 0.985 * r * np.sin(angles)])
        made.tube(loop, 0.005, "linen", segments=6, closed=True)
    return fitted(made.transformed(placed(0, 0, r)), size_m)


KINDS: dict[str, Callable[..., MeshBuilder]] = {
    "trunk": trunk,
    "suitcase": suitcase,
    "crate": crate,
    "moving_box": moving_box,
    "rolled_rug": rolled_rug,
}
