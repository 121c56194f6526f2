"""Books and magazines: single, in rows on a shelf, in piles."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, blocks, fitted, placed, sheet

COVERS = 24
"""How many cover colours are told apart."""

LABELS = (
    ((0.52, 0.86), (0.10, 0.15)),
    ((0.66, 0.80),),
    ((0.90, 0.915), (0.86, 0.865), (0.08, 0.085), (0.12, 0.135)),
    ((0.28, 0.72),),
    ((0.74, 0.84), (0.16, 0.165), (0.20, 0.205)),
)
"""Printed bands on spines: from and to, as fractions of the height."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One book: thickness, depth (spine to fore edge) and height in metres, and how it is bound."""

    thickness_m: float
    depth_m: float
    height_m: float
    cover: str
    hard: bool
    title: str | None
    label: int


def draw_binding(rng: np.random.Generator, thickness: float, depth: float, height: float) -> Binding:
    """A binding of the given size."""
    title = ["label", "brass", "paper"][int(rng.integers(3))] if rng.random() < 0.5 else None
    cover = f"book_cover:{int(rng.integers(COVERS))}"
    hard, label = bool(rng.random() < 0.6), int(rng.integers(len(LABELS)))
    return Binding(thickness, depth, height, cover, hard, title, label)


def standing(made: Binding) -> MeshBuilder:
    """The book upright at the origin, spine towards -y."""
    half, depth, height = made.thickness_m / 2, made.depth_m, made.height_m
    board = min(0.0026, 0.2 * half) if made.hard else 0.0007
    over = 0.0035 if made.hard else 0.0008
    round_back = 0.16 * made.thickness_m if made.hard else 0.0
    front, back = -depth / 2 + 0.0004, depth / 2
    angles = np.linspace(-1, 1, 7)
    spine = np.column_stack([half * angles, front + round_back * angles**2])
    inside = np.column_stack([(half - board) * angles, front + board + round_back * angles**2])[::-1]
    outline = np.vstack([[(-half, back)], spine, [(half, back), (half - board, back)], inside])
    outline = np.vstack([outline, [(-half + board, back)]])
    rings = np.array([np.column_stack([outline, np.full(len(outline), z)]) for z in (0.0, height)])
    flat = ~np.isin(np.arange(len(outline)), np.arange(1, 7))
    builder = MeshBuilder().loft(rings, made.cover, flat_sides=flat)
    low = (-half + board, front + board + round_back * 0.4, over)
    high = (half - board, back - over * 1.3, height - over)
    blocks(builder, low, high, "paper")
    if made.title:
        strip = spine[1:-1] - (0, 0.0003)
        for bottom, top in LABELS[made.label]:
            levels = [np.column_stack([strip, np.full(len(strip), z * height)]) for z in (bottom, top)]
            builder.surface(np.stack(levels, axis=1), made.title)
    return builder


def lying(made: Binding) -> MeshBuilder:
    """The book on its back cover, spine towards -y: x along its height, z its thickness."""
    return standing(made).transformed(placed(made.height_m / 2, 0, made.thickness_m / 2, roll_deg=-90))


def book(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """One book: standing when h is its longest side, lying otherwise."""
    width, depth, height = size_m
    if height > max(width, depth):
        return fitted(standing(draw_binding(rng, width, depth, height)), size_m)
    if width >= depth:
        return fitted(lying(draw_binding(rng, height, depth, width)), size_m)
    made = lying(draw_binding(rng, height, width, depth))
    return fitted(made.transformed(placed(yaw_deg=90)), size_m)


def book_row(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Books side by side along x, spines towards -y; some rows end early, with books leaning or lying."""
    width, depth, height = size_m
    limit = width * (float(rng.uniform(0.55, 0.9)) if rng.random() < 0.45 else 1.0)
    builder, x, last = MeshBuilder(), 0.0, 0.0
    series, model = 0, None
    while True:
        if series == 0:
            model = draw_binding(
                rng,
                float(rng.choice([0.012, 0.018, 0.024, 0.032, 0.045]) * rng.uniform(0.85, 1.15)),
                depth * float(rng.uniform(0.62, 0.97)),
                height * float(rng.uniform(0.66, 1.0)),
            )
            series = int(rng.integers(2, 6)) if rng.random() < 0.18 else 1
        if x + model.thickness_m > limit:
            break
        y = -depth / 2 + model.depth_m / 2 + float(rng.uniform(0.0, 0.3)) * (depth - model.depth_m)
        builder.merge(standing(model), placed(x - width / 2 + model.thickness_m / 2, y, 0))
        x, last, series = x + model.thickness_m + 0.0006, model.height_m, series - 1
    if last and width - x > 0.03:
        x = _lean(builder, size_m, rng, x, last)
    if width - x > 0.24 and rng.random() < 0.6:
        pile = (min(width - x - 0.02, 0.26), depth * 0.92, height * float(rng.uniform(0.2, 0.55)))
        centre = (x + width) / 2 - width / 2
        builder.merge(book_stack(pile, rng, params), placed(centre, -0.03 * depth, 0))
    return builder


def _lean(builder: MeshBuilder, size_m: Size, rng: np.random.Generator, x: float, neighbour: float) -> float:
    width, depth, height = size_m
    tall = min(height * float(rng.uniform(0.7, 0.95)), neighbour * 1.02)
    made = draw_binding(rng, float(rng.uniform(0.012, 0.03)), depth * float(rng.uniform(0.65, 0.95)), tall)
    room = width - x - made.thickness_m - 0.004
    angle = math.radians(float(rng.uniform(5, 16)))
    angle = min(angle, math.asin(min(1.0, max(room, 0.0) / tall)))
    if angle < math.radians(3):
        return x
    foot = x + tall * math.sin(angle)
    tilt = placed(foot - width / 2, -0.02 * depth, 0, roll_deg=-math.degrees(angle))
    builder.merge(standing(made).transformed(placed(made.thickness_m / 2)), tilt)
    return foot + made.thickness_m + 0.004


def book_stack(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Books lying on each other, each turned a little; h is filled exactly, spines mostly towards -y."""
    width, depth, height = size_m
    count = max(1, round(height / float(rng.uniform(0.020, 0.034))))
    shares = rng.uniform(0.5, 1.5, count)
    shares *= height / shares.sum()
    lengths = np.sort(rng.uniform(0.74, 0.97, count))[::-1]
    sideways = depth > width and rng.random() < 0.4
    builder, z = MeshBuilder(), 0.0
    for index in range(count):
        turn = float(np.clip(rng.normal(0, 4.5), -9, 9)) + (180 if rng.random() < 0.2 else 0)
        turn += 90 if sideways else 0
        long = float(lengths[index]) * (depth if sideways else width)
        short = min(0.92 * (width if sideways else depth), long * float(rng.uniform(0.64, 0.78)))
        made = lying(draw_binding(rng, float(shares[index]), short, long))
        low, high = made.transformed(placed(yaw_deg=turn)).bounds()
        shrink = min(1.0, width / (high[0] - low[0]), depth / (high[1] - low[1]))
        room = np.maximum((np.array([width, depth]) - (high - low)[:2] * shrink) / 2, 0)
        shift = np.clip(rng.normal(0, 0.006, 2), -room, room)
        builder.merge(made, placed(*shift, z, yaw_deg=turn, scale=(shrink, shrink, 1.0)))
        z += float(shares[index])
    return builder


def magazine(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Magazines lying on each other, their outer edges lifted a little; the spines towards -x."""
    width, depth, height = size_m
    count = max(1, round(height / 0.007))
    thick = height / (count + 0.5)
    builder = MeshBuilder()
    for index in range(count):
        u, v = np.meshgrid(np.linspace(0, 1, 9), np.linspace(0, 1, 5), indexing="ij")
        lift = (0.5 * thick if index == count - 1 else 0.08 * thick) * u**3 * (0.4 + 0.6 * v)
        body = np.stack(
            [(u - 0.5) * width * 0.95, (v - 0.5) * depth * 0.95, thick * (0.96 - 0.25 * u) + lift], -1
        )
        made = sheet(MeshBuilder(), body, thick * 0.62, "paper")
        cover = np.add(body, (0, 0, 0.0004))
        made.surface(cover, f"book_cover:{int(rng.integers(COVERS))}")
        inset = np.stack([(u * 0.8 + 0.1 - 0.5) * width * 0.95, (v * 0.16 + 0.76 - 0.5) * depth * 0.95], -1)
        made.surface(np.concatenate([inset, cover[..., 2:] + 0.0006], axis=-1), "label")
        turn = float(rng.uniform(-3, 3)) if index else 0.0
        builder.merge(made, placed(z=index * thick, yaw_deg=turn))
    return fitted(builder, size_m)
