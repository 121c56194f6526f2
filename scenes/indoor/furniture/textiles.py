"""Rugs, curtains, cushions and throws: cloth as smooth folded surfaces."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, ball, design, fitted, placed, ring, sheet, tinted


def rug(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A rug: "plain", "bound" with tape, with a "fringe" at its short ends, or "round".

    Its pattern is the material's; the pile lies a little uneven.
    """
    width, depth, height = size_m
    square = abs(width - depth) < 0.15 * width
    names = ("plain", "bound", "fringe", "round") if square else ("plain", "bound", "fringe", "fringe")
    by_style = {"classic": ("fringe", "bound", "fringe"), "rustic": ("fringe", "fringe", "plain")}
    name = design(rng, params, names, None if square else by_style)
    hem = "linen:hem" if name == "bound" else "rug"
    if name == "round":
        return _round_rug(size_m)
    fringe = 0.05 if name == "fringe" else 0.0
    along = width >= depth
    w, d = (width - 2 * fringe, depth) if along else (width, depth - 2 * fringe)
    band = 0.018
    x, y = (_rug_levels(side, band, height) for side in (w, d))
    grid_x, grid_y = np.meshgrid(x[0], y[0], indexing="ij")
    drop = np.minimum(x[1][:, None], y[1][None])
    phase = rng.uniform(0, 6, 2)
    slack = 0.0016 * (np.sin(grid_x * 5.1 + phase[0]) * np.sin(grid_y * 4.3 + phase[1]) - 1)
    top = np.stack([grid_x, grid_y, height * drop + slack * (drop > 0.9)], axis=-1)
    inner_x, inner_y = np.abs(x[0]) < w / 2 - band - 1e-6, np.abs(y[0]) < d / 2 - band - 1e-6
    builder = MeshBuilder()
    _split_surface(builder, top, inner_x, inner_y, "rug", hem)
    if fringe:
        _fringes(builder, rng, w, d, fringe, along)
    return fitted(builder, size_m)


def _rug_levels(length: float, band: float, height: float) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates across a rug, and how much of its height it has there: round at the hem."""
    hem = [0.0, 0.0006, 0.0025, 0.006]
    rise = [0.0, 0.55, 0.9, 1.0]
    edge = -length / 2 + np.array(hem)
    inner = np.linspace(-length / 2 + band, 0, 10)
    left = np.concatenate([edge, inner])
    levels = np.concatenate([rise, np.ones(len(inner))])
    return np.concatenate([left, -left[-2::-1]]), np.concatenate([levels, levels[-2::-1]])


def _split_surface(
    builder: MeshBuilder, top: np.ndarray, inner_x: np.ndarray, inner_y: np.ndarray, field: str, border: str
) -> None:
    """One grid in two materials that share its lines: the field within the band, the border around it."""
    first_x, last_x = np.flatnonzero(inner_x)[[0, -1]] + (-1, 1)
    first_y, last_y = np.flatnonzero(inner_y)[[0, -1]] + (-1, 1)
    builder.surface(top[first_x : last_x + 1, first_y : last_y + 1], field)
    builder.surface(top[: first_x + 1], border).surface(top[last_x:], border)
    builder.surface(top[first_x : last_x + 1, : first_y + 1], border)
    builder.surface(top[first_x : last_x + 1, last_y:], border)


def _fringes(
    builder: MeshBuilder,
    rng: np.random.Generator,
    w: float,
    d: float,
    long: float,
    along: bool,
) -> None:
    """Flat twisted tassels, as thin wedges, at both ends."""
    span = d if along else w
    count = int(span / 0.022)
    middle = (np.arange(count) + 0.5) / count * span - span / 2
    for side in (-1, 1):
        reach = long * rng.uniform(0.82, 1.0, count)
        reach[0] = long
        sway = rng.normal(0, 0.004, count)
        end = (w if along else d) / 2
        rows = []
        for step, half, lift in ((0.0, 0.0045, 0.0032), (0.35, 0.0032, 0.0036), (1.0, 0.0065, 0.0012)):
            out = side * (end - 0.002 + reach * step)
            for edge in (-1, 1):
                across = middle + sway * step + edge * half
                pair = (out, across) if along else (across, out)
                rows.append(np.column_stack([*pair, np.full(count, lift)]))
        points = np.stack(rows, axis=1)
        quads = np.array([(0, 1, 3, 2), (2, 3, 5, 4)])
        quads = quads[:, ::-1] if (side > 0) == (not along) else quads
        index = (np.arange(count)[:, None, None] * 6 + quads[None]).reshape(-1, 4)
        builder.faces(points, index, "linen", smooth=True)


def _round_rug(size_m: Size) -> MeshBuilder:
    radius, height = size_m[0] / 2, size_m[2]
    edge = [(radius - 0.006, 0.0), (radius - 0.001, 0.3 * height), (radius, 0.6 * height)]
    top = [(radius - 0.004, height), (radius * 0.86, height), (radius * 0.4, height), (0, height)]
    return fitted(MeshBuilder().lathe([*edge, *top], (0, 0, 0), "rug", segments=64), size_m)


def curtain(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Two panels on rings and a rod, drawn aside; `params`: "rod_z_m" (rod's axis), "opening_m" (width
    of the window, which the panels leave mostly free) or "open" (0 drawn shut, 1 wide open)."""
    width, depth, height = size_m
    rod_z = float(params.get("rod_z_m", height - 0.025))
    overlap = float(rng.uniform(0.06, 0.22))  # how far each panel reaches over the opening
    metal = ("metal", "brass", "wood", "metal_brushed")[int(rng.integers(4))]
    cloth = tinted(rng, ["fabric", "linen"][int(rng.integers(2))], 8)
    heading = design(rng, params, ("rings", "rings", "eyelet"))
    radius = min(0.012, 0.5 * (height - rod_z) * 0.6, 0.2 * depth)
    builder = MeshBuilder()
    finial = min(1.9 * radius, height - rod_z, depth / 2)
    axis_y = 0.0
    builder.tube(
        [(-width / 2 + finial, axis_y, rod_z), (width / 2 - finial, axis_y, rod_z)],
        radius,
        metal,
        segments=12,
    )
    for side in (-1, 1):
        ball(builder, (side * (width / 2 - finial), axis_y, rod_z), finial, metal, segments=14, rings=8)
        x = side * (width / 2 - 3.0 * finial)
        builder.tube([(x, axis_y, rod_z), (x, depth / 2 - 0.003, rod_z)], radius * 0.6, metal, segments=8)
        plate = ((0.02, 0.006, 0.05), (x, depth / 2 - 0.003, rod_z))
        builder.box(*plate, metal, bevel=0.002)
    usable = width - 7 * finial
    window = float(params.get("opening_m", 0.72 * usable))
    stack = (usable - window) / 2 + overlap * window
    if "open" in params:
        stack = 0.5 * usable * (1 - 0.62 * float(params["open"]))
    stack = float(np.clip(stack, 0.16, 0.5 * usable))
    top = rod_z - (2.4 * radius + 0.012 if heading == "rings" else -2.2 * radius)
    floor_gap = 0.004
    for side in (-1, 1):
        folds = int(np.clip(round(stack * float(rng.uniform(11, 15))), 4, 11))
        outer = side * usable / 2
        _panel(builder, rng, outer, -side * stack, top, floor_gap, depth, folds, cloth)
        for index in range(folds):
            x = outer - side * stack * (index + 0.5) / folds
            if heading == "rings":
                hoop = placed(
                    x, axis_y, rod_z - 0.9 * radius, roll_deg=90, yaw_deg=float(rng.uniform(-14, 14))
                )
                ring(builder, 1.9 * radius, 0.0018, metal, hoop, segments=10, sides=3)
    return builder


def _panel(
    builder: MeshBuilder,
    rng: np.random.Generator,
    start: float,
    span: float,
    top: float,
    bottom: float,
    depth: float,
    folds: int,
    cloth: str,
) -> None:
    """One panel from x = start over `span`: tight pleats at the top that open and wander towards the hem."""
    rows, columns = 12, 8 * folds + 1  # two panels of eleven folds stay below 4 000 triangles
    v = np.linspace(0, 1, rows) ** 0.8  # 0 at the top, denser there
    u = np.linspace(0, 1, columns)
    phase, skew = rng.uniform(0, 2 * math.pi, folds + 1), rng.uniform(-0.9, 0.9, folds + 1)
    strength = rng.uniform(0.5, 1.0, folds + 1)
    bunched = rng.uniform(0, 2 * math.pi, 2)  # no two folds are as wide and as deep
    place = u + 0.035 * np.sin(2 * math.pi * u + bunched[0]) + 0.018 * np.sin(5 * math.pi * u + bunched[1])
    place = (place - place[0]) / (place[-1] - place[0]) * folds
    knots = np.arange(folds + 1)
    local = np.interp(place, knots, strength)
    wander = np.interp(place, knots, skew) * np.ones(columns)
    drift = np.interp(place, knots, np.sin(phase))
    angle = (
        2 * math.pi * place[None]
        + wander[None] * v[:, None] * 1.4
        + 0.6 * drift[None] * np.sin(2.2 * v)[:, None]
    )
    wave = np.sin(angle) + 0.16 * np.sin(2 * angle + phase[0]) * v[:, None]
    full = 0.40 * depth
    amplitude = full * (0.50 + 0.50 * v[:, None] ** 0.7) * local[None]
    y = np.clip(amplitude * wave * 0.92, -depth / 2 + 0.002, depth / 2 - 0.002)
    flare = 1 + 0.05 * np.sin(math.pi * v * 0.9) + 0.03 * v
    x = start + span * (u[None] * flare[:, None]) + 0.25 * amplitude * np.cos(angle) * np.sign(span) * 0.35
    hem = 0.004 * np.sin(3 * math.pi * u + phase[1]) * (bottom > 0)
    z = top + (bottom - top) * v[:, None] + hem[None] * v[:, None]
    points = np.stack([x, y, z], axis=-1)
    builder.surface(points, cloth, flip=span > 0)


def cushion(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A plump pillow with pinched corners, some piped; it leans back when h is not its thinnest side."""
    width, depth, height = size_m
    cloth = tinted(
        rng,
        ["fabric", "fabric_accent", "linen", "leather"][int(rng.choice(4, p=[0.35, 0.35, 0.22, 0.08]))],
        10,
    )
    upright = depth < height
    w, tall, thick = (width, height, depth) if upright else (width, depth, height)
    lean = math.radians(float(rng.uniform(8, 16))) if upright else 0.0
    if upright:
        thick = max(0.55 * depth, depth - tall * math.sin(lean) * 0.35)
    made = _pillow(rng, w, tall, thick, cloth, piped=bool(rng.random() < 0.4))
    if not upright:
        return fitted(made, size_m)
    return fitted(made.transformed(placed(pitch_deg=90 - math.degrees(lean))), size_m)


def _pillow(
    rng: np.random.Generator, width: float, length: float, thick: float, cloth: str, *, piped: bool
) -> MeshBuilder:
    """A pillow that lies in the x-y plane."""
    t = np.sin(np.linspace(-math.pi / 2, math.pi / 2, 19))
    u, v = np.meshgrid(t, t, indexing="ij")
    pinch = float(rng.uniform(0.07, 0.12))
    x = width / 2 * u * (1 - pinch * (1 - v**4) * np.abs(u) ** 3)
    y = length / 2 * v * (1 - pinch * (1 - u**4) * np.abs(v) ** 3)
    puff = ((1 - np.abs(u) ** 2.6) * (1 - np.abs(v) ** 2.6)) ** 0.52
    builder = MeshBuilder()
    for side in (1, -1):
        phase = rng.uniform(0, 2 * math.pi, 4)
        radial = np.arctan2(v, u)
        creases = 0.05 * np.sin(9 * radial + phase[0]) * (u**2 + v**2) ** 1.5 * puff
        dents = 0.06 * np.sin(2.1 * u + phase[1]) * np.sin(1.8 * v + phase[2])
        z = side * thick / 2 * (puff * (1 + dents) + creases)
        builder.surface(np.stack([x, y, z], axis=-1), cloth, flip=side < 0)
    if piped:
        edge = np.concatenate(
            [
                np.arange(19) * 19,
                18 * 19 + np.arange(1, 19),
                np.arange(17, -1, -1) * 19 + 18,
                np.arange(17, 0, -1),
            ]
        )
        path = np.stack([x.ravel()[edge], y.ravel()[edge], np.zeros(len(edge))], axis=-1)
        builder.tube(path, 0.0038, f"{cloth.split(':')[0]}:piping", segments=6, closed=True)
    return builder


def throw(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A blanket: folded into layers, or spread with soft waves ("folded", "spread"); fringes at the ends."""
    width = size_m[0]
    name = design(rng, params, ("folded", "spread") if width < 1.0 else ("spread",))
    cloth = tinted(rng, ["fabric_accent", "fabric", "linen"][int(rng.integers(3))], 10)
    made = _folded(size_m, rng, cloth) if name == "folded" else _spread(size_m, rng, cloth)
    return fitted(made, size_m)


def _folded(size_m: Size, rng: np.random.Generator, cloth: str) -> MeshBuilder:
    """Layers joined by round folds, alternately at the front and at the back: one swept band."""
    width, depth, height = size_m
    layers = max(2, round(height / 0.014))
    thick = height / layers
    line = []
    for layer in range(layers):
        y_in, y_out = (-1, 1) if layer % 2 == 0 else (1, -1)
        reach = depth / 2 - thick / 2 - float(rng.uniform(0, 0.006))
        z = (layer + 0.5) * thick
        line += [(y, z) for y in np.linspace(y_in * reach, y_out * reach, 8)]
        if layer < layers - 1:
            angles = np.linspace(-math.pi / 2, math.pi / 2, 6)[1:-1]
            line += [
                (y_out * (reach + thick / 2 * math.cos(a)), z + thick / 2 + thick / 2 * math.sin(a))
                for a in angles
            ]
    path = np.array(line)
    columns = 11
    x = np.linspace(-0.5, 0.5, columns)
    shear = rng.normal(0, 0.004, layers).repeat(12)[: len(path)]
    slack = 0.1 * thick * np.sin(x * 7 + float(rng.uniform(0, 6)))
    waves = rng.uniform(0, 6, 2)
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    faces = []
    for sign in (1, -1):
        off = path + normal * sign * thick * 0.44
        grid = np.empty((columns, len(path), 3))
        grid[..., 0] = x[:, None] * width * 0.97 + shear[None]
        grid[..., 1] = off[None, :, 0]
        sag = 1 - 0.16 * np.abs(2 * x[:, None]) ** 5 - 0.10 * np.abs(off[None, :, 0] / (depth / 2)) ** 6
        ripple = np.sin(6 * x[:, None] + waves[0]) * np.sin(9 * off[None, :, 0] / depth + waves[1])
        grid[..., 2] = (off[None, :, 1] + slack[:, None]) * (sag + 0.035 * ripple)
        faces.append(grid)
    builder = MeshBuilder().surface(faces[0], cloth).surface(faces[1], cloth, flip=True)
    for end, flip in ((0, False), (-1, True)):
        builder.surface(np.stack([faces[1][end], faces[0][end]]), cloth, flip=flip)
        builder.surface(np.stack([faces[1][:, end], faces[0][:, end]]), cloth, flip=not flip)
    return builder


def _spread(size_m: Size, rng: np.random.Generator, cloth: str) -> MeshBuilder:
    width, depth, height = size_m
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, 34), np.linspace(-0.5, 0.5, 18), indexing="ij")
    z = np.zeros_like(u)
    for _ in range(5):
        angle, rate = float(rng.normal(0.2, 0.35)), float(rng.uniform(9, 26))
        ridge = np.sin(rate * (u * math.cos(angle) + 0.6 * v * math.sin(angle)) + float(rng.uniform(0, 6)))
        z += np.maximum(ridge, 0) ** 2 * float(rng.uniform(0.3, 1.0))
    z *= 0.25 + 0.75 * np.cos(math.pi * v * 0.8) ** 2
    z *= (0.5 - np.abs(u)) ** 0.35 * (0.5 - np.abs(v)) ** 0.35
    z = 0.006 + (height - 0.006) * z / z.max()
    wobble = rng.uniform(0, 6, 4)
    x = width * u * (0.96 + 0.02 * np.sin(7 * v + wobble[0])) + 0.01 * np.sin(9 * v + wobble[1])
    y = depth * v * (0.94 + 0.03 * np.sin(6 * u + wobble[2])) + 0.012 * np.sin(11 * u + wobble[3])
    builder = sheet(MeshBuilder(), np.stack([x, y, z], axis=-1), 0.005, cloth)
    for end in (0, -1):
        base = np.stack([x[end], y[end], z[end]], axis=-1)
        line = np.linspace(0, len(base) - 1, 60)
        spots = np.column_stack([np.interp(line, np.arange(len(base)), base[:, axis]) for axis in range(3)])
        reach = (1 if end else -1) * 0.03 * rng.uniform(0.8, 1.1, 60)
        sway = rng.normal(0, 0.003, 60)
        rows = [np.add(spots, (0, side, -0.002)) for side in (-0.002, 0.002)]
        tips = np.column_stack([spots[:, 0] + reach, spots[:, 1] + sway, np.full(60, 0.002)])
        rows += [np.add(tips, (0, side, 0)) for side in (0.0025, -0.0025)]
        quads = np.arange(60)[:, None] * 4 + (np.array([(0, 3, 2, 1)]) if end else np.array([(0, 1, 2, 3)]))
        builder.faces(np.stack(rows, axis=1), quads, cloth)
    return builder


KINDS = {"rug": rug, "curtain": curtain, "cushion": cushion, "throw": throw}
