"""Worktops with their cut-outs, panels behind them, and sinks. Lengths are metres."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, blocks, design, placed, ring

Hole = Sequence[float]
"""(x0, x1, y0, y1) of a cut-out."""


def worktop(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A slab with cut-outs `params["holes"]`, its front edge rounded; perhaps a low upstand at the wall."""
    w, d, h = size_m
    role = str(params.get("role", "worktop"))
    builder = slab(size_m, params.get("holes", ()), role, float(params.get("round_m", 0.003)))
    rise = float(params.get("upstand_m", 0.0))
    if rise > 0:
        builder.block((-w / 2, d / 2 - 0.014, h), (w / 2, d / 2, h + rise), role, bevel=0.001)
    return builder


def slab(size_m: Size, holes: Sequence[Hole], material: str, radius: float) -> MeshBuilder:
    """A board in one piece, so that its grain runs through, with rectangular holes and a rounded front."""
    w, d, h = size_m
    radius = min(radius, 0.45 * h)
    cuts_x = [x for hole in holes for x in hole[:2]]
    cuts_y = [y for hole in holes for y in hole[2:]]
    front = -d / 2 + radius
    xs = np.unique(np.round([-w / 2, *cuts_x, w / 2], 6))
    ys = np.unique(np.round([front, *(max(y, front) for y in cuts_y), d / 2], 6))
    top = np.array([[(x, y, h) for y in ys] for x in xs])
    low = top - (0, 0, h)
    index = np.arange(len(xs) * len(ys)).reshape(len(xs), len(ys))
    below = index + index.size
    faces: list[tuple[int, ...]] = []

    def solid(i: int, j: int) -> bool:
        if not (0 <= i < len(xs) - 1 and 0 <= j < len(ys) - 1):
            return False
        x, y = (xs[i] + xs[i + 1]) / 2, (ys[j] + ys[j + 1]) / 2
        return not any(x0 < x < x1 and y0 < y < y1 for x0, x1, y0, y1 in holes)

    sides = (
        ((0, -1), (0, 0), (1, 0)),
        ((1, 0), (1, 0), (1, 1)),
        ((0, 1), (1, 1), (0, 1)),
        ((-1, 0), (0, 1), (0, 0)),
    )
    for i in range(len(xs) - 1):
        for j in range(len(ys) - 1):
            if not solid(i, j):
                continue
            faces.append((index[i, j], index[i + 1, j], index[i + 1, j + 1], index[i, j + 1]))
            faces.append((below[i, j + 1], below[i + 1, j + 1], below[i + 1, j], below[i, j]))
            for (di, dj), a, b in sides:
                if solid(i + di, j + dj) or (dj == -1 and j == 0):
                    continue  # the front is rounded below
                a, b = (i + a[0], j + a[1]), (i + b[0], j + b[1])
                faces.append((below[a], below[b], index[b], index[a]))
    points = np.vstack([top.reshape(-1, 3), low.reshape(-1, 3)])
    angles = np.linspace(0, math.pi / 2, 5)
    profile = [(front - radius * math.sin(a), h - radius + radius * math.cos(a)) for a in angles[1:]]
    profile += [(front - radius * math.cos(a), radius - radius * math.sin(a)) for a in angles[:-1]]
    arc = np.array([[(x, y, z) for x in xs] for y, z in profile])
    start, count = len(points), len(xs)
    points = np.vstack([points, arc.reshape(-1, 3)])
    rows = [
        index[:, 0],
        *(start + np.arange(count) + count * row for row in range(len(profile))),
        below[:, 0],
    ]
    smooth = [False] * len(faces)
    for i in range(count - 1):
        if not solid(i, 0):
            continue
        for upper, lower in itertools.pairwise(rows):
            faces.append((upper[i], lower[i], lower[i + 1], upper[i + 1]))
            smooth.append(True)
    for i in range(count):  # ends, at both sides and beside a hole that reaches the front
        left, right = solid(i - 1, 0), solid(i, 0)
        if left == right:
            continue
        cap = [int(row[i]) for row in rows]
        faces.append(tuple(cap if right else cap[::-1]))
        smooth.append(False)
    return MeshBuilder().faces(points, faces, material, smooth=smooth)


def splash_panel(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A plain panel on the wall behind a worktop."""
    w, d, h = size_m
    return MeshBuilder().block((-w / 2, -d / 2, 0), (w / 2, d / 2, h), "splash_panel", bevel=0.0008)


def kitchen_sink(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A sink whose bowls hang below z = 0, in the cut-out of its worktop: "single", "double", "drainer" (a
    bowl and a ribbed board, left or right by `params["bowl"]`), "under" (no rim) or "belfast"."""
    w, d, h = size_m
    name = design(rng, params, ("single", "double", "drainer", "under", "belfast"))
    if name == "belfast":
        return _belfast(size_m, rng)
    ceramic = bool(params.get("ceramic", False))
    role = "sanitary" if ceramic else "steel"
    deep, corner = float(rng.uniform(0.16, 0.2)), 0.05 if not ceramic else 0.035
    builder = MeshBuilder()
    edge = 0.0 if name == "under" else 0.03
    bowls: list[tuple[float, float, float, float]]
    x0, x1, y0, y1 = -w / 2 + edge, w / 2 - edge, -d / 2 + edge, d / 2 - edge
    if name == "double":
        bowls = [(x0, -0.012, y0, y1), (0.012, x1, y0, y1)]
    elif name == "drainer":
        reach = min(0.42, 0.48 * w)
        left = params.get("bowl", -1) < 0
        bowls = [(x0, x0 + reach, y0, y1) if left else (x1 - reach, x1, y0, y1)]
        _drainer(
            builder, (x0 + reach + 0.03, x1, y0, y1) if left else (x0, x1 - reach - 0.03, y0, y1), h, role
        )
    else:
        bowls = [(x0, x1, y0, y1)]
    thick = float(params.get("thick_m", 0.03))
    rim_z = -thick if name == "under" else h
    for bowl in bowls:
        sunk_bowl(builder, bowl, rim_z, deep, corner, role)
    if name == "under":
        _flange(builder, (-w / 2 - 0.012, w / 2 + 0.012, -d / 2 - 0.012, d / 2 + 0.012), bowls, -thick, role)
        return builder
    pierced_deck(builder, size_m, bowls, corner, role)
    return builder


def sunk_bowl(
    builder: MeshBuilder,
    box: tuple[float, float, float, float],
    top: float,
    deep: float,
    corner: float,
    role: str,
) -> None:
    """A bowl with its drain, sunk `deep` below z = 0 in the opening (x0, x1, y0, y1) of a rim at `top`."""
    x0, x1, y0, y1 = box
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    rings = []
    floor = -deep
    steps = [
        (0.0, top),
        (0.004, top - 0.004),
        (0.008, top - 0.02),
        (0.014, floor + 0.03),
        (0.022, floor + 0.012),
        (0.036, floor + 0.003),
        (0.06, floor),
    ]
    for inset, z in steps:
        wide, long = x1 - x0 - 2 * inset, y1 - y0 - 2 * inset
        outline = rounded_rectangle(wide, long, max(0.02, corner - 0.3 * inset), corner_points=5)
        rings.append(np.column_stack([outline + middle, np.full(len(outline), z)]))
    drain = 0.045
    outline = rounded_rectangle(2 * drain, 2 * drain, drain, corner_points=5)
    rings.append(np.column_stack([outline + middle, np.full(len(outline), floor - 0.003)]))
    points = np.swapaxes(np.array(rings), 0, 1)
    builder.surface(points, role, closed_u=True, flip=True)
    at = placed(*middle, floor - 0.003)
    strainer = MeshBuilder().lathe(
        [(0.0, -0.004), (0.03, -0.004), (0.036, 0.0), (0.04, 0.002), (drain, 0.0)][::-1],
        (0, 0, 0),
        "fitting",
        segments=24,
    )
    builder.merge(strainer, at)
    builder.cylinder(0.008, 0.006, (*middle, floor - 0.006), "fitting", segments=14)
    back = MeshBuilder()
    ring(
        back,
        0.012,
        0.003,
        "fitting",
        placed((x0 + x1) / 2, y1 - 0.0125, top - 0.05, pitch_deg=90),
        segments=18,
    )
    builder.merge(back)


def pierced_deck(
    builder: MeshBuilder,
    size_m: Size,
    bowls: list[tuple[float, float, float, float]],
    corner: float,
    role: str,
) -> None:
    """The rim around bowls with round corners, as strips: between boxes, and corner fans."""
    w, d, h = size_m
    xs = sorted({-w / 2, w / 2, *(x for bowl in bowls for x in bowl[:2])})
    y0, y1 = bowls[0][2], bowls[0][3]
    covered = [(bowl[0], bowl[1]) for bowl in bowls]
    rim = 0.012
    outline = rounded_rectangle(w, d, 0.02, corner_points=4)
    inner = rounded_rectangle(w - 2 * rim * 0.3, d - 2 * rim * 0.3, 0.018, corner_points=4)
    skirt = np.stack([np.column_stack([outline, np.zeros(len(outline))]),
                      np.column_stack([outline, np.full(len(outline), 0.6 * h)]),
                      np.column_stack([inner, np.full(len(inner), h)])])  # fmt: skip
    builder.surface(np.swapaxes(skirt, 0, 1), role, closed_u=True)
    half_x, half_y = w / 2 - 0.3 * rim, d / 2 - 0.3 * rim

    def patch(a: float, b: float, c: float, e: float) -> None:
        a, b = max(a, -half_x), min(b, half_x)
        c, e = max(c, -half_y), min(e, half_y)
        if b - a > 1e-5 and e - c > 1e-5:
            builder.faces([(a, c, h), (b, c, h), (b, e, h), (a, e, h)], [(0, 1, 2, 3)], role)

    patch(-w / 2, w / 2, -d / 2, y0)
    patch(-w / 2, w / 2, y1, d / 2)
    for low, high in itertools.pairwise(xs):
        if not any(a <= low + 1e-6 and high <= b + 1e-6 for a, b in covered):
            patch(low, high, y0, y1)
    for bowl in bowls:
        _corner_fans(builder, bowl, h, max(0.02, corner), role)


def _corner_fans(
    builder: MeshBuilder, box: tuple[float, float, float, float], z: float, radius: float, role: str
) -> None:
    x0, x1, y0, y1 = box
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    outline = np.add(rounded_rectangle(x1 - x0, y1 - y0, radius, corner_points=5), middle)
    corners = ((x1, y1), (x0, y1), (x0, y0), (x1, y0))
    for number, corner in enumerate(corners):
        arc = outline[5 * number : 5 * number + 5]
        points = np.column_stack([np.vstack([[corner], arc]), np.full(6, z)])
        builder.faces(points, [(0, i + 1, i) for i in range(1, 5)], role)


def _flange(
    builder: MeshBuilder,
    outer: tuple[float, float, float, float],
    bowls: list[tuple[float, float, float, float]],
    z: float,
    role: str,
) -> None:
    # Below the worktop, where only its cut edge is seen: the rim that is glued to its underside.
    x0, x1, y0, y1 = outer
    a, b, c, e = bowls[0]
    for box in ((x0, x1, y0, c), (x0, x1, e, y1), (x0, a, c, e), (b, x1, c, e)):
        low, high = (box[0], box[2], z - 0.001), (box[1], box[3], z)
        builder.block(low, high, role, bevel=0)


def _drainer(builder: MeshBuilder, box: tuple[float, float, float, float], h: float, role: str) -> None:
    x0, x1, y0, y1 = box
    count = max(5, int((x1 - x0) / 0.03))
    x = x0 + (np.arange(count) + 0.5) * (x1 - x0) / count
    low = np.column_stack([x - 0.006, np.full(count, y0 + 0.03), np.full(count, h - 0.001)])
    blocks(builder, low, np.add(low, (0.012, y1 - y0 - 0.06, 0.0045)), role, taper=0.004, bottoms=False)


def _belfast(size_m: Size, rng: np.random.Generator) -> MeshBuilder:
    """A heavy ceramic sink whose front is seen; its rim lies 2 mm above the worktop."""
    w, d, h = size_m
    deep, wall, role = 0.22, 0.03, "sanitary"
    rings = []
    outer = [(0.006, -deep), (0.0, -deep + 0.008), (0.0, h - 0.008), (0.002, h - 0.002), (0.008, h)]
    inner = [(wall - 0.008, h), (wall - 0.002, h - 0.003), (wall, h - 0.01), (wall + 0.004, -deep + 0.07)]
    inner += [(wall + 0.02, -deep + 0.042), (wall + 0.05, -deep + 0.036)]
    for inset, z in [*outer, *inner]:
        outline = rounded_rectangle(
            w - 2 * inset, d - 2 * inset, max(0.012, 0.02 - 0.2 * inset), corner_points=4
        )
        rings.append(np.column_stack([outline, np.full(len(outline), z)]))
    builder = MeshBuilder().loft(np.array(rings), role)
    at = (0.0, 0.0, -deep + 0.036)
    builder.lathe([(0.045, 0.0), (0.042, 0.003), (0.03, 0.0), (0.0, -0.002)], at, "fitting", segments=24)
    return builder


KINDS = {
    "worktop": worktop,
    "splash_panel": splash_panel,
    "kitchen_sink": kitchen_sink,
}
