"""Potted plants: stems and leaves as real geometry, no cut-outs."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, ball, design, leaves, placed, soft, spline, tinted

FLOOR_SPECIES = ("fiddle_leaf", "monstera", "snake", "areca")
SMALL_SPECIES = ("succulent", "trailing", "aloe", "fern", "cactus", "rubber")

OVAL = [0.05, 0.55, 0.86, 1.0, 0.94, 0.70, 0.34, 0.0]
FIDDLE = [0.05, 0.50, 0.66, 0.66, 0.80, 1.0, 0.92, 0.55, 0.0]
LANCE = [0.35, 0.85, 1.0, 0.72, 0.38, 0.0]
SWORD = [0.55, 0.75, 0.92, 1.0, 1.0, 0.90, 0.66, 0.0]
HEART = [0.45, 0.92, 1.0, 0.86, 0.58, 0.28, 0.0]
SPOON = [0.35, 0.62, 0.9, 1.0, 0.82, 0.0]

UP = np.array([0.0, 0.0, 1.0])


def floor_plant(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A tall plant in a pot: fiddle-leaf fig, monstera, snake plant or areca palm; h is filled exactly."""
    width, _, height = size_m
    name = design(rng, params, FLOOR_SPECIES)
    pot_radius = width * float(rng.uniform(0.21, 0.27))
    pot_height = min(pot_radius * float(rng.uniform(1.6, 2.1)), 0.36 * height)
    builder = MeshBuilder()
    soil = _pot(builder, rng, pot_radius, pot_height, raised=bool(rng.random() < 0.3))
    grown = MeshBuilder()
    {"fiddle_leaf": _fiddle_leaf, "monstera": _monstera, "snake": _snake, "areca": _areca}[name](
        grown, rng, soil, pot_radius * 0.7, width / 2, height
    )
    return _within(builder, grown, soil, size_m)


def small_plant(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A plant for a table or a shelf: succulent, trailing ivy, aloe, fern, cactus or a young rubber plant."""
    width, _, height = size_m
    name = design(rng, params, SMALL_SPECIES)
    share = 0.62 if name in ("succulent", "cactus") else 0.42
    pot_height = min(share * height, 0.62 * width)
    pot_radius = min(0.40 * width, pot_height * float(rng.uniform(0.52, 0.68)))
    builder = MeshBuilder()
    soil = _pot(builder, rng, pot_radius, pot_height, raised=False)
    grown = MeshBuilder()
    makers = {
        "succulent": _succulent,
        "trailing": _trailing,
        "aloe": _aloe,
        "fern": _fern,
        "cactus": _cactus,
        "rubber": _rubber,
    }
    makers[name](grown, rng, soil, pot_radius * 0.8, width / 2, height)
    return _within(builder, grown, soil, size_m)


def _within(pot: MeshBuilder, grown: MeshBuilder, soil: float, size_m: Size) -> MeshBuilder:
    """Scale what has grown so that it stays in the box, and its top touches z = h."""
    low, high = grown.bounds()
    reach = np.maximum(np.abs(low), np.abs(high))[:2]
    flat = min(1.0, *(np.asarray(size_m[:2]) / 2 / reach))
    tall = (size_m[2] - soil) / (high[2] - soil)
    sink = np.diag([flat, flat, tall, 1.0])
    sink[2, 3] = soil * (1 - tall)
    return pot.merge(grown, sink)


def _pot(
    builder: MeshBuilder, rng: np.random.Generator, radius: float, height: float, *, raised: bool
) -> float:
    """A pot on z = 0, filled with soil; returns the height of the soil."""
    style = ("terracotta", "cylinder", "tapered", "round", "ribbed")[int(rng.integers(5))]
    role = (
        "terracotta"
        if style == "terracotta"
        else ("ceramic", "ceramic_dark", "stone", "plastic_dark")[int(rng.choice(4, p=[0.5, 0.2, 0.2, 0.1]))]
    )
    role = tinted(rng, role) if role.startswith("ceramic") else role
    wall, lift = max(0.003, 0.05 * radius), 0.0
    if raised:
        lift = 0.3 * height
        _stand(builder, rng, radius, lift)
        height *= 0.85
    forms = {
        "terracotta": [(0.66, 0), (0.90, 0.78), (1.0, 0.78), (1.0, 1.0)],
        "cylinder": [(0.96, 0), (1.0, 0.03), (1.0, 1.0)],
        "tapered": [(0.68, 0), (0.72, 0.02), (1.0, 1.0)],
        "round": [(0.55, 0), (0.74, 0.08), (0.96, 0.34), (1.0, 0.56), (0.94, 0.84), (0.88, 1.0)],
        "ribbed": [(0.80, 0), (0.84, 0.03), (1.0, 1.0)],
    }
    outer = np.array(forms[style]) * (radius, height) + (0, lift)
    if style == "round":
        outer = np.vstack([outer[:1], spline(outer[1:], 10)])
    if style == "ribbed":
        z = np.linspace(0.08, 0.92, 25)
        r = np.interp(z, [0.03, 1.0], [0.84, 1.0]) + 0.02 * np.abs(np.sin(np.arange(25) * math.pi / 2))
        outer = np.vstack([outer[:2], np.column_stack([r * radius, z * height + lift]), outer[2:]])
    lip = outer[-1, 0] - wall
    soil = lift + height * 0.9
    inner = [(lip, outer[-1, 1]), (lip * 0.985, soil - 0.01)]
    profile = [(0, lift), *outer, *inner]
    builder.lathe(soft(profile, min(0.004, wall * 0.45), 2), (0, 0, 0), role, segments=36)
    rings = np.linspace(lip * 0.99, 0.0, 6)
    angles = np.linspace(0, 2 * math.pi, 24, endpoint=False)
    bumps = soil + rng.uniform(-1, 1, (24, 6)) * 0.03 * radius
    bumps[:, 0], bumps[:, -1] = soil - 0.004, soil + 0.02 * radius
    ground = np.stack([np.cos(angles)[:, None] * rings, np.sin(angles)[:, None] * rings, bumps], axis=-1)
    builder.surface(ground, "soil", closed_u=True)
    if style == "terracotta" and not raised:
        saucer = [(0, 0), (0.86, 0), (0.98, 0.16), (0.94, 0.16), (0.82, 0.04), (0.6, 0.04)]
        builder.lathe(soft(np.array(saucer) * (radius, height * 0.7), 0.002, 1), (0, 0, 0), role, segments=32)
    return soil


def _stand(builder: MeshBuilder, rng: np.random.Generator, radius: float, lift: float) -> None:
    wood = ("wood", "wood_light", "metal")[int(rng.integers(3))]
    for index in range(4):
        angle = math.pi / 4 + index * math.pi / 2
        out = np.array([math.cos(angle), math.sin(angle), 0]) * radius * 1.04
        builder.tube([out, np.add(out, (0, 0, lift * 1.9))], 0.011, wood, segments=8)
    for turn in (math.pi / 4, 3 * math.pi / 4):
        arm = np.array([math.cos(turn), math.sin(turn), 0]) * radius * 1.02
        builder.tube(np.add([-arm, arm], (0, 0, lift - 0.012)), 0.010, wood, segments=8)


def _directions(azimuth: np.ndarray, elevation: np.ndarray) -> np.ndarray:
    flat = np.cos(elevation)
    return np.column_stack([np.cos(azimuth) * flat, np.sin(azimuth) * flat, np.sin(elevation)])


def _tilted_up(rng: np.random.Generator, count: int, amount: float = 0.25) -> np.ndarray:
    return UP + rng.normal(0, amount, (count, 3))


def _stalks(
    builder: MeshBuilder, start: np.ndarray, end: np.ndarray, radius: float, material: str, sag: float = 0.0
) -> None:
    for a, b in zip(start, end):
        middle = (a + b) / 2 + (0, 0, sag * float(np.linalg.norm(b - a)))
        builder.tube([a, middle, b], [radius * 1.3, radius, radius * 0.8], material, segments=5)


def _fiddle_leaf(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """One to three trunks with large leathery leaves on their upper part, in a spiral."""
    green = tinted(rng, "leaf", 4)
    trunks = int(rng.integers(1, 4))
    for trunk in range(trunks):
        turn = float(rng.uniform(0, 2 * math.pi))
        top = height * (1.0 if trunk == 0 else float(rng.uniform(0.72, 0.92)))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        foot = out * spread * (0.45 if trunks > 1 else 0.0)
        sway = rng.normal(0, 0.05 * reach, 2)
        path = spline(
            [
                (*foot[:2], soil - 0.02),
                np.add(foot, (*sway, soil + 0.4 * (top - soil))),
                foot * 1.6 + (0, 0, top * 0.94),
            ],
            24,
        )
        b.tube(path, np.linspace(0.014, 0.006, 24), "stem:bark", segments=8)
        count = int(rng.integers(22, 30)) if trunks == 1 else int(rng.integers(14, 19))
        share = np.linspace(0.30 if trunks == 1 else 0.42, 1.0, count)
        base = path[np.minimum((share * 23).astype(int), 23)]
        azimuth = np.arange(count) * 2.4 + rng.normal(0, 0.25, count)
        elevation = np.interp(share, [0.3, 0.8, 1.0], [-0.15, 0.35, 1.15]) + rng.normal(0, 0.15, count)
        direction = _directions(azimuth, elevation)
        stalk = base + direction * 0.045
        _stalks(b, base, stalk, 0.0028, "stem")
        length = (
            np.minimum(0.62 * reach, 0.30)
            * rng.uniform(0.75, 1.1, count)
            * np.interp(share, [0.3, 0.9, 1], [1, 0.95, 0.6])
        )
        leaves(
            b,
            stalk,
            direction,
            _tilted_up(rng, count),
            length,
            0.62 * length,
            FIDDLE,
            green,
            bend=rng.uniform(0.3, 1.1, count),
            fold=0.22,
            columns=5,
            wave=0.16,
        )


def _monstera(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """Long arching stalks, each with one big split leaf that looks outwards."""
    green, count = tinted(rng, "leaf", 4), int(rng.integers(10, 15))
    for index in range(count):
        turn = index * 2.4 + float(rng.normal(0, 0.3))
        age = index / (count - 1)
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        top = soil + (height - soil) * float(np.interp(age, [0, 1], [0.38, 0.97])) * float(
            rng.uniform(0.9, 1.0)
        )
        far = reach * float(np.interp(age, [0, 1], [0.62, 0.22])) * float(rng.uniform(0.85, 1.15))
        foot = out * spread * 0.25 + (0, 0, soil - 0.01)
        path = spline(
            [foot, out * far * 0.35 + (0, 0, soil + 0.6 * (top - soil)), out * far + (0, 0, top)], 12
        )
        b.tube(path, np.linspace(0.0075, 0.0042, 12), "stem", segments=6)
        size = min(0.9 * reach, 0.36) * float(rng.uniform(0.75, 1.1))
        droop = float(rng.uniform(-0.75, -0.2)) + 0.5 * age
        _split_leaf(b, path[-1], turn + float(rng.normal(0, 0.35)), droop, size, green, rng)


def _split_leaf(
    b: MeshBuilder,
    base: np.ndarray,
    turn: float,
    droop: float,
    size: float,
    material: str,
    rng: np.random.Generator,
) -> None:
    """A heart-shaped leaf cut into lobes: each lobe is a strip from the midrib to the margin."""
    lobes = 6
    inner = np.array([0.0, 0.36, 0.64, 0.86, 1.0])
    parts, faces, start = [], [], 0
    for side in (-1, 1):
        for lobe in range(lobes):
            s0, s1 = lobe / lobes, (lobe + 1) / lobes
            middle = (s0 + s1) / 2
            half_width = 0.5 * (0.92, 1.0, 0.95, 0.82, 0.62, 0.34)[lobe]
            gap = (
                np.array([0.0, 0.0, 0.20, 0.26, 0.62])
                if lobe < lobes - 1
                else np.array([0, 0, 0.1, 0.2, 0.6])
            )
            sweep = 0.22 * inner**1.4 * (1.35 - middle) - (0.16 * inner if lobe == 0 else 0)
            low, high = s0 + gap * (middle - s0) + sweep, s1 - gap * (s1 - middle) + sweep
            centre = (low + high) / 2
            rows = np.stack([low, centre, high], axis=1)
            across = np.repeat((side * half_width * inner)[:, None], 3, axis=1)
            across[:, 1] *= 1.04
            parts.append(np.stack([rows, across], axis=-1).reshape(-1, 2))
            for i in range(len(inner) - 1):
                for j in range(2):
                    a = start + i * 3 + j
                    quad = (a, a + 3, a + 4, a + 1)
                    faces.append(quad if side < 0 else quad[::-1])
            start += len(inner) * 3
    flat = np.vstack(parts)
    s, t = flat[:, 0], flat[:, 1]
    bend = float(rng.uniform(0.5, 1.0))
    x = size * np.sin(bend * s) / bend
    z = (
        -size * (1 - np.cos(bend * s)) / bend
        - size * 0.22 * t**2
        + size * 0.06 * np.abs(t)
        + size * 0.015 * np.sin(s * 30)
    )
    local = np.column_stack([x - 0.08 * size, t * size, z])
    turned_to = placed(*base, yaw_deg=math.degrees(turn)) @ _pitch(droop)
    points = local @ turned_to[:3, :3].T + turned_to[:3, 3]
    uv = np.column_stack([t + 0.5, s])[np.array(faces)]
    b.faces(points, faces, material, smooth=True, uvs=uv)


def _pitch(angle: float) -> np.ndarray:
    """Raise the x axis by `angle` radians."""
    return placed(roll_deg=-math.degrees(angle))


def _snake(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """Stiff upright swords."""
    green, count = tinted(rng, "leaf", 4), int(rng.integers(14, 22))
    azimuth = np.arange(count) * 2.4
    out = _directions(azimuth, np.zeros(count))
    distance = spread * np.sqrt(np.linspace(0.02, 0.95, count))
    base = out * distance[:, None] + UP * (soil - 0.015)
    lean = 0.06 + 0.22 * distance / spread + rng.normal(0, 0.04, count)
    direction = _directions(azimuth + rng.normal(0, 0.4, count), math.pi / 2 - lean)
    length = (height - soil) * np.interp(distance, [0, spread], [1.0, 0.55]) * rng.uniform(0.78, 1.0, count)
    length[0] = height - soil
    inward = -out + rng.normal(0, 0.5, (count, 3))
    width = min(0.075, 0.16 * reach + 0.02) * rng.uniform(0.8, 1.15, count)
    leaves(
        b,
        base,
        direction,
        inward,
        length,
        width,
        SWORD,
        green,
        bend=rng.uniform(-0.1, 0.25, count),
        fold=0.4,
        columns=5,
        wave=0.12,
        thickness=0.004,
    )


def _areca(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """Arching fronds with two rows of narrow leaflets."""
    green, fronds = tinted(rng, "leaf", 4), int(rng.integers(12, 17))
    for index in range(fronds):
        turn = index * 2.4 + float(rng.normal(0, 0.2))
        inner = index / fronds
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        top = soil + (height - soil) * float(np.interp(inner, [0, 1], [0.55, 1.0])) * float(
            rng.uniform(0.9, 1.0)
        )
        far = reach * float(np.interp(inner, [0, 1], [0.98, 0.35])) * float(rng.uniform(0.85, 1.0))
        foot = out * spread * 0.3 * float(rng.uniform(0.2, 1)) + (0, 0, soil - 0.01)
        tip = out * far + (0, 0, top - 0.22 * far)
        path = spline(
            [foot, out * far * 0.16 + (0, 0, soil + 0.5 * (top - soil)), out * far * 0.52 + (0, 0, top), tip],
            26,
        )
        b.tube(path, np.linspace(0.006, 0.0012, 26), "stem", segments=5)
        pairs = 19
        place = np.linspace(0.36, 0.99, pairs) * 25
        rib = np.column_stack([np.interp(place, np.arange(26), path[:, axis]) for axis in range(3)])
        tangent = np.gradient(rib, axis=0)
        tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
        side = np.cross(tangent, UP)
        side /= np.linalg.norm(side, axis=1, keepdims=True)
        normal = np.cross(side, tangent)
        share = np.linspace(0, 1, pairs)
        length = min(0.62 * reach, 0.26) * np.interp(share, [0, 0.25, 0.7, 1], [0.55, 1.0, 0.85, 0.4])
        for sign in (-1, 1):
            ahead = side * sign + tangent * np.interp(share, [0, 1], [0.55, 1.6])[:, None] + normal * 0.25
            ahead = ahead + rng.normal(0, 0.07, ahead.shape)
            leaves(
                b,
                rib,
                ahead,
                normal + 0.0 * side,
                length * rng.uniform(0.9, 1.1, pairs),
                0.021,
                LANCE,
                green,
                bend=rng.uniform(0.5, 1.1, pairs),
                fold=0.45,
                columns=3,
            )


def _succulent(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """A rosette of thick spoons."""
    count, green = 34, tinted(rng, "leaf", 4)
    share = np.linspace(0, 1, count)  # 0 outermost
    azimuth = np.arange(count) * 2.39996
    elevation = np.interp(share, [0, 1], [0.12, 1.35]) + rng.normal(0, 0.05, count)
    direction = _directions(azimuth, elevation)
    full = spread * 1.15
    base = (
        _directions(azimuth, np.zeros(count)) * (0.12 * full * (1 - share))[:, None]
        + UP * (soil + 0.16 * full * share)[:, None]
    )
    inward = -_directions(azimuth, np.zeros(count)) + UP * 0.8
    length = full * np.interp(share, [0, 1], [1.0, 0.34])
    leaves(
        b,
        base,
        direction,
        inward,
        length,
        0.46 * length,
        SPOON,
        green,
        bend=-0.55,
        fold=0.3,
        columns=4,
        thickness=0.09 * full,
    )


def _trailing(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """A bush of heart-shaped leaves, with strands that hang over the rim."""
    green, base, ahead, sizes = tinted(rng, "leaf", 4), [], [], []
    for index in range(int(rng.integers(11, 15))):
        turn = index * 2.4 + float(rng.normal(0, 0.2))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        hangs = index % 2 == 0
        far = reach * float(rng.uniform(0.72, 0.92) if hangs else rng.uniform(0.3, 0.6))
        crest = soil + (height - soil) * float(rng.uniform(0.3, 0.6) if hangs else rng.uniform(0.7, 1.0))
        drop = max(0.02, soil * float(rng.uniform(0.1, 0.7))) if hangs else crest - 0.01
        path = spline(
            [
                out * spread * 0.2 + (0, 0, soil - 0.004),
                out * far * 0.5 + (0, 0, crest),
                out * far + (0, 0, (crest + drop) / 2),
                out * far * 1.04 + (0, 0, drop),
            ],
            15,
        )
        b.tube(path, 0.0013, "stem", segments=4)
        for step in range(2, 15, 2 if hangs else 3):
            angle = turn + (1.1 if step % 4 else -1.1) + float(rng.normal(0, 0.4))
            base.append(path[step])
            ahead.append((math.cos(angle), math.sin(angle), float(rng.uniform(-0.5, 0.5))))
            sizes.append(0.24 * reach + 0.010)
    size = np.array(sizes) * rng.uniform(0.7, 1.15, len(sizes))
    leaves(
        b,
        np.array(base),
        np.array(ahead),
        _tilted_up(rng, len(base), 0.3),
        size,
        0.82 * size,
        HEART,
        green,
        bend=0.7,
        fold=0.2,
    )


def _aloe(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """Pointed fleshy leaves."""
    count, green = int(rng.integers(13, 19)), tinted(rng, "leaf", 4)
    share = np.linspace(0, 1, count)
    azimuth = np.arange(count) * 2.39996
    direction = _directions(azimuth, np.interp(share, [0, 1], [0.5, 1.45]) + rng.normal(0, 0.08, count))
    inward = -_directions(azimuth, np.zeros(count)) + 0.4 * UP
    base = _directions(azimuth, np.zeros(count)) * (0.25 * spread * (1 - share))[:, None] + UP * (
        soil - 0.006
    )
    length = (height - soil) * np.interp(share, [0, 1], [0.8, 1.0]) * rng.uniform(0.85, 1.0, count)
    sword = [1.0, 0.96, 0.85, 0.68, 0.46, 0.22, 0.0]
    leaves(
        b,
        base,
        direction,
        inward,
        length,
        0.16 * (height - soil) + 0.004,
        sword,
        green,
        bend=rng.uniform(-0.5, 0.1, count),
        fold=0.35,
        columns=4,
        thickness=0.05 * (height - soil),
    )


def _fern(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """Arching fronds with many short leaflets."""
    green = tinted(rng, "leaf", 4)
    for index in range(int(rng.integers(16, 22))):
        turn = index * 2.4 + float(rng.normal(0, 0.25))
        inner = float(rng.uniform(0, 1))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        far, top = reach * (0.95 - 0.55 * inner), soil + (height - soil) * (0.45 + 0.55 * inner)
        path = spline(
            [
                out * spread * 0.2 + (0, 0, soil - 0.004),
                out * far * 0.45 + (0, 0, top),
                out * far + (0, 0, top - 0.4 * far),
            ],
            14,
        )
        b.tube(path, np.linspace(0.0014, 0.0005, 14), "stem", segments=4)
        rib = path[2:]
        tangent = np.gradient(rib, axis=0)
        side = np.cross(tangent, UP)
        side /= np.linalg.norm(side, axis=1, keepdims=True)
        length = 0.26 * reach * np.interp(np.linspace(0, 1, len(rib)), [0, 0.3, 1], [0.7, 1, 0.15])
        for sign in (-1, 1):
            ahead = side * sign + 0.35 * tangent / np.linalg.norm(tangent, axis=1, keepdims=True)
            leaves(
                b,
                rib,
                ahead,
                np.cross(side, tangent),
                length,
                0.085 * reach,
                [0.7, 1.0, 0.7, 0.0],
                green,
                bend=0.7,
                fold=0.1,
                columns=3,
            )


def _cactus(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """One ribbed column, or a ribbed globe, with pale spines along the ribs."""
    tall = height - soil
    globe = bool(rng.random() < 0.4)
    radius = min(0.8 * spread, 0.55 * tall) if globe else min(0.42 * spread, 0.3 * tall)
    ribs = int(rng.integers(9, 14))
    angles = np.linspace(0, 2 * math.pi, ribs * 4, endpoint=False)
    levels = np.linspace(0, 1, 15)
    shape = np.sqrt(np.clip(1 - (2 * levels - 1) ** 2, 0, 1)) ** (0.8 if globe else 0.28)
    shape[0] = max(shape[0], 0.55)
    groove = 1 - 0.13 * (1 - np.cos(ribs * angles)) / 2
    r = radius * shape[None] * groove[:, None]
    z = soil - 0.006 + tall * levels
    body = np.stack(
        [np.cos(angles)[:, None] * r, np.sin(angles)[:, None] * r, np.broadcast_to(z, r.shape)], axis=-1
    )
    b.surface(body, tinted(rng, "leaf", 4), closed_u=True)
    crest = body[::4, 2:-1:2].reshape(-1, 3)
    out = crest * (1, 1, 0)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    for shift in (-0.6, 0.0, 0.6):
        spin = out + shift * np.column_stack([-out[:, 1], out[:, 0], np.full(len(out), 0.5)])
        leaves(
            b,
            crest - out * 0.001,
            spin,
            np.tile(UP, (len(out), 1)),
            0.10 * radius + 0.003,
            0.0014,
            [1, 0],
            "linen",
            columns=2,
        )
    if rng.random() < 0.4:
        ball(
            b, (0, 0, soil - 0.006 + tall), (0.25 * radius,) * 3, "painted_wood:flower", segments=10, rings=6
        )


def _rubber(
    b: MeshBuilder, rng: np.random.Generator, soil: float, spread: float, reach: float, height: float
) -> None:
    """A young rubber plant: a few stems with glossy ovals."""
    green = tinted(rng, "leaf", 4)
    for stem in range(int(rng.integers(2, 4))):
        turn = stem * 2.2 + float(rng.uniform(0, 1))
        out = np.array([math.cos(turn), math.sin(turn), 0.0])
        top = height * (1.0 if stem == 0 else float(rng.uniform(0.7, 0.95)))
        path = spline(
            [
                out * spread * 0.3 + (0, 0, soil - 0.004),
                out * spread * 0.5 + (0, 0, soil + 0.5 * (top - soil)),
                out * reach * 0.3 + (0, 0, top * 0.96),
            ],
            10,
        )
        b.tube(path, np.linspace(0.0028, 0.0014, 10), "stem", segments=5)
        count = 9
        azimuth = np.arange(count) * 2.4 + turn
        share = np.linspace(0.25, 1, count)
        base = path[np.minimum((share * 9).astype(int), 9)]
        direction = _directions(azimuth, np.interp(share, [0.25, 1], [0.1, 1.1]))
        length = 0.62 * reach * rng.uniform(0.8, 1.1, count) * np.interp(share, [0.25, 0.8, 1], [1, 1, 0.7])
        leaves(
            b,
            base,
            direction,
            _tilted_up(rng, count),
            length,
            0.52 * length,
            OVAL,
            green,
            bend=rng.uniform(0.2, 0.8, count),
            fold=0.2,
            columns=5,
        )


KINDS = {"floor_plant": floor_plant, "small_plant": small_plant}
