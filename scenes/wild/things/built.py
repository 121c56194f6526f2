"""Built things, as if cut and joined: pipes, frames, plates with holes, shells, stairs, arches, wheels."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from ..solids import round as shapes
from ..solids.cells import cells, with_holes
from ..solids.solid import Solid, grid_faces, joined, repeated, turn_about
from ..solids.tubes import tubes
from .kind import Kind


def _pipe(size_m: float, rng: np.random.Generator) -> list[Solid]:
    outer = size_m * rng.uniform(0.12, 0.4)
    return [
        shapes.pipe(
            outer * rng.uniform(0.6, 0.92), outer, size_m * rng.uniform(0.3, 0.95), bevel=size_m * 0.006
        )
    ]


def _elbow(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A bent pipe with flanges at both ends."""
    outer, bend = size_m * rng.uniform(0.1, 0.16), rng.uniform(0.8, 2.6)
    inner, reach = outer * rng.uniform(0.7, 0.9), size_m * 0.42
    t = np.linspace(0, bend, 24)
    way = np.column_stack([np.zeros_like(t), np.cos(t), np.sin(t)])
    angle = np.arange(28) * (2 * math.pi / 28)
    rings = [
        way[:, None] * (reach + radius * np.cos(angle))[None, :, None]
        + (radius * np.sin(angle))[None, :, None] * np.array([1.0, 0, 0])
        for radius in (outer, inner)
    ]
    body = np.concatenate([rings[0], rings[1][::-1]])
    pipe = Solid(body.reshape(-1, 3), (grid_faces(len(body), 28, around=True, through=True),))
    flange = shapes.pipe(inner, outer * 1.35, 0.06 * size_m, bevel=0.006 * size_m)
    ends = [
        flange.turned(turn_about((1, 0, 0), a)).shifted(reach * np.array([0, math.cos(a), math.sin(a)]))
        for a in (0.0, bend)
    ]
    return [_outward(pipe), joined(ends).of("metal")]


def _outward(solid: Solid) -> Solid:
    return solid if solid.volume_m3() > 0 else solid.inside_out()


def _frame(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """The twelve edges of a box, with bevels; sometimes one inside the other."""
    sides = np.array([1.0, *rng.uniform(0.5, 1.0, 2)]) * size_m * 0.8
    beam = sides.min() * rng.uniform(0.06, 0.16)
    made = [_edges(sides, beam)]
    if rng.random() < 0.4:
        made.append(_edges(sides * 0.55, beam * 0.6).of("accent"))
    return made


def _edges(sides: np.ndarray, beam: float) -> Solid:
    lines = [np.array([-s / 2, -s / 2 + beam, s / 2 - beam, s / 2]) for s in sides]
    place = np.indices((3, 3, 3)) == 1
    return cells(*lines, place.sum(axis=0) <= 1)


def _plate(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A plate with a pattern of holes."""
    width, height, thick = size_m * 0.8, size_m * rng.uniform(0.4, 0.8), size_m * rng.uniform(0.01, 0.04)
    columns = int(rng.integers(3, 11))
    rows = max(2, round(columns * height / width))
    border, share = 0.06 * size_m, rng.uniform(0.4, 0.8)
    xs, zs = np.linspace(border, width - border, columns + 1), np.linspace(border, height - border, rows + 1)
    gap = (1 - share) / 2
    holes = [
        (x0 + gap * (x1 - x0), z0 + gap * (z1 - z0), x1 - gap * (x1 - x0), z1 - gap * (z1 - z0))
        for x0, x1 in pairwise(xs)
        for z0, z1 in pairwise(zs)
        if rng.random() < 0.94
    ]
    return [with_holes(width, height, thick, holes)]


def _round_holes(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A plate with round holes: every cell lies between a square and a circle."""
    columns, rows = int(rng.integers(2, 7)), int(rng.integers(2, 6))
    cell = size_m * 0.85 / max(columns, rows)
    thick, radius = cell * rng.uniform(0.1, 0.5), cell * rng.uniform(0.25, 0.45)
    angle = (np.arange(32) + 4) * (2 * math.pi / 32)  # with points at the square's corners
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    square = circle / np.abs(circle).max(axis=1, keepdims=True) * cell / 2
    ring = shapes.ring_plate(square, circle * radius, thick)
    xs, ys = np.meshgrid(np.arange(columns), np.arange(rows))
    offsets = np.column_stack([xs.ravel(), ys.ravel(), np.zeros(xs.size)]) * cell
    return [repeated(ring, np.tile(np.eye(3), (xs.size, 1, 1)), offsets)]


def _shells(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Bowls within each other around a ball, all cut open alike."""
    count, cut = int(rng.integers(2, 5)), rng.uniform(0.05, 0.6)
    made = []
    for index in range(count):
        radius = size_m / 2 * (1 - index * 0.8 / (count + 0.5))
        made.append(
            _bowl_shell(radius, 0.06 * size_m / count, cut).of("body" if index % 2 == 0 else "accent")
        )
    return [*made, shapes.ball(size_m * 0.07, 24).shifted((0, 0, -size_m * 0.03)).of("metal")]


def _bowl_shell(radius: float, thick: float, cut: float) -> Solid:
    top = math.pi / 2 - cut * 1.3
    latitude = np.linspace(-math.pi / 2, top, 20)
    out = np.column_stack([np.cos(latitude), np.sin(latitude)]) * radius
    inn = np.column_stack([np.cos(latitude), np.sin(latitude)]) * (radius - thick)
    profile = np.vstack([out, inn[::-1]])
    profile[[0, -1], 0] = 0.0
    return shapes.turned(profile, 36)


def _cut_ball(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A ball with a wedge cut out of it, and another ball at its core."""
    gap, segments = rng.uniform(0.6, 2.2), 44
    latitude = np.linspace(-math.pi / 2, math.pi / 2, 25)
    angle = np.linspace(gap / 2, 2 * math.pi - gap / 2, segments)
    radius, core = size_m / 2, size_m * rng.uniform(0.1, 0.25)
    ring = np.column_stack([np.cos(latitude), np.sin(latitude)])
    outer = _sector(ring * radius, angle)
    inner = _sector(ring * core, angle)[::-1]
    shell = np.concatenate([outer, inner], axis=0)  # out along the longitudes and back inside: a closed skin
    faces = grid_faces(len(shell), len(latitude), around=True)
    return [
        _outward(Solid(shell.reshape(-1, 3), (faces,), smooth=False)),
        shapes.ball(core * 0.96, 32).of("accent"),
    ]


def _sector(profile: np.ndarray, angle: np.ndarray) -> np.ndarray:
    x, y = np.cos(angle)[:, None] * profile[:, 0], np.sin(angle)[:, None] * profile[:, 0]
    return np.stack([x, y, np.broadcast_to(profile[:, 1], x.shape)], axis=-1)


def _stairs(size_m: float, rng: np.random.Generator) -> list[Solid]:
    steps, width = int(rng.integers(4, 11)), rng.uniform(0.3, 0.8)
    xs = np.linspace(0, 0.8, steps + 1) * size_m
    zs = np.linspace(0, rng.uniform(0.4, 0.8), steps + 1) * size_m
    column = np.arange(steps)
    filled = column[None] <= column[:, None]
    if rng.random() < 0.5:
        filled &= column[None] >= column[:, None] - 1  # open below
        filled[:, 0] |= column < 2
    return [cells(xs, (0.0, width * size_m), zs, filled[:, None])]


def _arch(size_m: float, rng: np.random.Generator) -> list[Solid]:
    outer, depth = 0.4 * size_m, size_m * rng.uniform(0.1, 0.35)
    inner, leg = outer * rng.uniform(0.55, 0.8), size_m * rng.uniform(0.1, 0.5)
    angle = np.linspace(0, math.pi, 25)
    arc = np.column_stack([np.cos(angle), np.sin(angle)])
    out = np.vstack([[outer, -leg], arc * outer, [-outer, -leg]])
    inn = np.vstack([[inner, -leg], arc * inner, [-inner, -leg]])
    section = np.stack([out, out, inn, inn], axis=1)
    side = np.array([depth, -depth, -depth, depth]) / 2
    points = np.dstack([section[..., 0], np.broadcast_to(side, section.shape[:2]), section[..., 1]])
    faces = grid_faces(len(out), 4, through=True)
    ends = np.array([[0, 1, 2, 3], [7, 6, 5, 4]]) + np.array([[0], [(len(out) - 2) * 4]])
    solid = Solid(points.reshape(-1, 3), (np.vstack([faces, ends]),), smooth=False)
    return [_outward(solid)]


def _bowl(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A bowl, a cup or a vase turned on a wheel."""
    t = np.linspace(0, 1, 14)
    height, wide = rng.uniform(0.35, 1.0), rng.uniform(0.3, 0.5)
    wave = wide * (0.55 + 0.45 * np.sin(rng.uniform(0.3, 1.2) + t * rng.uniform(1.0, 4.5)) ** 2)
    outer = np.column_stack([wave, t * height])
    thick = 0.028 * (1 + height)
    inner = np.column_stack([np.maximum(wave - thick, 0.02), np.maximum(t * height, thick)])[::-1]
    lip = np.array([[wave[-1] - thick / 2, height + thick * 0.35]])
    profile = np.vstack([[0, 0], outer, lip, inner, [0, thick]]) * (size_m / max(height, 2 * wave.max()))
    return [shapes.turned(profile, 48)]


def _crate(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A crate of boards with gaps between them, open at the top."""
    width, depth, height = size_m * 0.8 * np.array([1.0, rng.uniform(0.5, 0.9), rng.uniform(0.3, 0.7)])
    board, rows = 0.025 * size_m, int(rng.integers(2, 5))
    slat = height / (rows + 0.25 * (rows - 1))
    made = []
    for row in range(rows):
        z = (row * 1.25 + 0.5) * slat
        for sign in (-1, 1):
            made.append(
                shapes.box((width, board, slat), board * 0.12, 1).shifted((0, sign * (depth - board) / 2, z))
            )
            made.append(
                shapes.box((board, depth - 2 * board, slat), board * 0.12, 1).shifted(
                    (sign * (width - board) / 2, 0, z)
                )
            )
    for sign_x, sign_y in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
        post = np.array([sign_x * (width / 2 - 2 * board), sign_y * (depth / 2 - 2 * board), height / 2])
        made.append(shapes.box((2 * board, 2 * board, height), board * 0.12, 1).shifted(post))
    made.append(
        shapes.box((width - 2 * board, depth - 2 * board, board), board * 0.12, 1).shifted((0, 0, board / 2))
    )
    return [joined(made).of("board")]


def _wheel(size_m: float, rng: np.random.Generator) -> list[Solid]:
    spokes, radius = int(rng.integers(5, 29)), size_m / 2
    tyre = radius * rng.uniform(0.05, 0.16)
    angle = np.arange(spokes) * (2 * math.pi / spokes)
    way = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(spokes)])
    thick = min(0.25 * tyre, radius * 1.2 / spokes * 0.3)
    ends = np.stack([way * 0.1 * radius, way * (radius - 1.6 * tyre)], axis=1)
    hub = shapes.cylinder(0.14 * radius, 2.4 * tyre, bevel=0.02 * radius)
    return [
        shapes.torus(radius - tyre, tyre, sides=14).of("rubber"),
        joined([tubes(ends, thick, sides=6, part="metal"), hub]).of("metal"),
    ]


def _table(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A top on four legs, or a round one on a column."""
    height = size_m * rng.uniform(0.35, 0.7)
    if rng.random() < 0.4:
        column = shapes.cylinder(0.05 * size_m, height, bevel=0.005 * size_m).shifted((0, 0, height / 2))
        foot = shapes.cylinder(0.22 * size_m, 0.03 * size_m, bevel=0.01 * size_m).shifted(
            (0, 0, 0.015 * size_m)
        )
        top = shapes.cylinder(0.45 * size_m, 0.04 * size_m, bevel=0.01 * size_m).shifted((0, 0, height))
        return [joined([top, column, foot]).of("board")]
    width, depth, leg = size_m * 0.9, size_m * rng.uniform(0.4, 0.8), size_m * rng.uniform(0.02, 0.05)
    top = shapes.box((width, depth, 0.04 * size_m), 0.006 * size_m).shifted((0, 0, height))
    legs = [
        shapes.box((2 * leg, 2 * leg, height), 0.2 * leg).shifted(
            (x * (width / 2 - 1.5 * leg), y * (depth / 2 - 1.5 * leg), height / 2)
        )
        for x in (-1, 1)
        for y in (-1, 1)
    ]
    return [joined([top, *legs]).of("board")]


def _girder(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A beam with the section of an I, an L, a U or a T."""
    width, height, wall = 0.12 * size_m, size_m * rng.uniform(0.12, 0.2), 0.016 * size_m
    xs, zs = (
        np.array([0, wall, (width - wall) / 2, (width + wall) / 2, width - wall, width]),
        np.array([0, wall, height - wall, height]),
    )
    filled = np.zeros((5, 3), dtype=bool)
    section = "ILUT"[int(rng.integers(4))]
    filled[:, 0] = section in "ILU"
    filled[:, 2] = section in "IT"
    filled[2, :] |= section in "IT"
    filled[0, :] |= section in "LU"
    filled[4, :] |= section in "U"
    return [cells(xs, (0.0, size_m * 0.95), zs, filled[:, None]).of("metal")]


KINDS = {
    "pipe": Kind(_pipe),
    "elbow": Kind(_elbow),
    "frame": Kind(_frame),
    "plate": Kind(_plate),
    "round_holes": Kind(_round_holes),
    "shells": Kind(_shells),
    "cut_ball": Kind(_cut_ball),
    "stairs": Kind(_stairs, "upright"),
    "arch": Kind(_arch, "upright"),
    "bowl": Kind(_bowl, "upright", largest_m=6.0),
    "crate": Kind(_crate, "upright", largest_m=5.0),
    "wheel": Kind(_wheel),
    "table": Kind(_table, "upright", flat_top=True, largest_m=4.0),
    "girder": Kind(_girder),
}
