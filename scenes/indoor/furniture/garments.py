"""What people wear and carry, off duty: coats on hooks, hats, shoes in pairs, bags."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, ball, design, fitted, placed, sheet, spline, tinted, turned


def coat(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A coat that hangs by its loop: a wool coat, a quilted jacket, a raincoat with a hood, a cardigan."""
    names = ("coat", "coat", "raincoat") if size_m[2] > 0.92 else ("quilted", "raincoat", "cardigan")
    name = design(rng, params, names)
    cloth = tinted(rng, "garment", 9)
    w, d, h = size_m
    made = MeshBuilder()
    _body(made, rng, size_m, cloth, name)
    for side in (-1, 1):
        _sleeve(made, rng, size_m, side, cloth, quilted=name == "quilted")
    _front(made, rng, size_m, cloth, name)
    if name == "raincoat":
        ball(made, (0, -0.12 * d, 0.91 * h), (0.17 * w, 0.34 * d, 0.075 * h), cloth, segments=16, rings=8)
    made.tube(
        [(-0.012, 0.3 * d, 0.965 * h), (0, 0.34 * d, h), (0.012, 0.3 * d, 0.965 * h)],
        0.0025,
        cloth,
        segments=6,
    )
    return fitted(made, size_m)


def _body(made: MeshBuilder, rng: np.random.Generator, size_m: Size, cloth: str, name: str) -> None:
    w, d, h = size_m
    rows = 60 if name == "quilted" else 22
    t = np.linspace(0, 1, rows)  # 0 at the collar
    knots = [0.0, 0.035, 0.09, 0.16, 0.3, 0.55, 0.8, 1.0]
    half = np.interp(t, knots, [0.15, 0.165, 0.30, 0.385, 0.37, 0.375, 0.42, 0.46]) * w
    deep = np.interp(t, knots, [0.2, 0.22, 0.3, 0.37, 0.40, 0.42, 0.45, 0.48]) * d
    angles = np.linspace(0, 2 * math.pi, 48, endpoint=False)
    c, s = np.cos(angles), np.sin(angles)
    phase = rng.uniform(0, 2 * math.pi, 3)
    folds = int(rng.integers(5, 8))
    stiff = 0.35 if name == "quilted" else 1.0
    ripple = 1 + stiff * (0.10 * t[:, None] ** 1.5) * np.sin(folds * angles + phase[0] + 0.8 * t[:, None])
    ripple += stiff * 0.05 * t[:, None] * np.sin((2 * folds - 1) * angles + phase[1])
    if name == "quilted":
        ripple += 0.055 * np.abs(np.sin(math.pi * t * h / 0.075))[:, None]
    x = half[:, None] * np.sign(c) * np.abs(c) ** 0.75
    y = deep[:, None] * np.sign(s) * np.abs(s) ** 0.8 * ripple
    y = np.minimum(y, 0.5 * d - 0.004)  # its back lies against the wall
    z = h * (0.975 - 0.975 * t[:, None]) + 0.02 * h * np.sin(2 * angles + phase[2]) * (t[:, None] > 0.99)
    drop = -0.05 * h * (np.abs(x) / (0.46 * w)) ** 2 * np.exp(-(((t[:, None] - 0.13) / 0.1) ** 2))
    points = np.stack([x * (1 + 0.04 * np.sin(3 * angles + phase[1])), y, z + drop], axis=-1)
    made.surface(np.swapaxes(points, 0, 1), cloth, closed_u=True, flip=True)
    inner = np.swapaxes(points[:5], 0, 1) * (0.9, 0.9, 1.0)
    made.surface(inner, f"{cloth.split(':')[0]}:lining", closed_u=True)


def _sleeve(
    made: MeshBuilder, rng: np.random.Generator, size_m: Size, side: int, cloth: str, *, quilted: bool
) -> None:
    w, d, h = size_m
    low = max(0.98 * h - 0.66, 0.22 * h)
    sway = float(rng.normal(0, 0.012))
    knots = [
        (side * 0.29 * w, 0.02 * d, 0.825 * h), (side * 0.41 * w, -0.02 * d, 0.755 * h),
        (side * 0.45 * w + sway, -0.1 * d, 0.55 * h), (side * 0.44 * w + sway, -0.16 * d, low),
    ]  # fmt: skip
    line = spline(knots, 34 if quilted else 14)
    u = np.linspace(0, 1, len(line))
    radius = 0.056 - 0.014 * u - 0.02 * np.exp(-u * 12) + 0.003 * np.sin(23 * u + float(rng.uniform(0, 6)))
    if quilted:
        radius = radius + 0.005 * np.abs(np.sin(math.pi * u * 0.55 / 0.07))
    made.tube(line, list(radius * 0.95), cloth, segments=14)


def _front(made: MeshBuilder, rng: np.random.Generator, size_m: Size, cloth: str, name: str) -> None:
    """The edge where it closes, and lapels or a collar."""
    w, d, h = size_m
    t = np.linspace(0.1, 0.97, 16)
    knots = [0.0, 0.035, 0.09, 0.16, 0.3, 0.55, 0.8, 1.0]
    y = -np.interp(t, knots, [0.2, 0.22, 0.3, 0.37, 0.40, 0.42, 0.45, 0.48]) * d
    z = h * (0.975 - 0.975 * t)
    open_by = 0.012 + 0.02 * t
    for side in (-1, 1):
        strip = np.stack(
            [
                np.column_stack([side * open_by * a, y - 0.004 - 0.006 * (a < 2), z])
                for a in ((0.2, 1.4, 3.0) if side > 0 else (-0.2, 1.4, 3.0))
            ]
        )
        sheet(made, strip if side < 0 else strip[::-1], 0.003, cloth)
    if name in ("coat", "cardigan"):
        for number in range(4):
            at = int(np.interp(number, [0, 3], [3, 10]))
            spot = placed(0.018, float(y[at]) - 0.012, float(z[at]), pitch_deg=90)
            button = MeshBuilder().cylinder(0.011, 0.004, (0, 0, 0), "plastic_dark", bevel=0.001, segments=12)
            made.merge(button, spot)
    if name == "coat":
        for side in (-1, 1):
            outline = [(0.01, 0.79), (0.15, 0.90), (0.17, 0.955), (0.07, 0.965)]
            flap = np.array([[side * a * w, -0.40 * d - 0.004, b * h] for a, b in outline])
            made.faces(flap, [(0, 1, 2, 3) if side > 0 else (3, 2, 1, 0)], cloth)
    angles = np.linspace(0, 2 * math.pi, 20, endpoint=False)
    collar = np.column_stack([0.155 * w * np.cos(angles), 0.21 * d * np.sin(angles), np.full(20, 0.955 * h)])
    made.tube(collar, 0.014, cloth, segments=8, closed=True)


def hat(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A hat with a brim, a cap, or a woollen one."""
    name = design(rng, params, ("brim", "brim", "cap", "wool"))
    cloth = tinted(rng, "garment", 9)
    w, d, h = size_m
    made = MeshBuilder()
    if name == "brim":
        crown = 0.31 * w
        profile = [
            (0, 0.002),
            (0.49 * w, 0.008),
            (0.5 * w, 0.014),
            (crown * 1.1, 0.014),
            (crown * 1.02, 0.025),
        ]
        profile += [(crown * 0.97, 0.7 * h), (crown * 0.75, 0.97 * h), (crown * 0.2, 0.88 * h), (0, 0.87 * h)]
        turned(made, profile, cloth, radius=0.012, steps=3, segments=36)
        band = [(crown * 1.07, 0.016), (crown * 1.07, 0.2 * h + 0.016), (crown * 0.9, 0.2 * h + 0.016)]
        made.lathe(band, (0, 0, 0), "leather", segments=36)
        return fitted(made, size_m)
    t = np.linspace(0, math.pi / 2, 10)
    dome = [(0, 0), *np.column_stack([0.42 * w * np.cos(t) ** 0.7, h * np.sin(t)]), (0, h)]
    made.lathe(dome, (0, 0, 0), cloth, segments=28)
    if name == "wool":
        made.cylinder(0.43 * w, 0.32 * h, (0, 0, 0), cloth, bevel=0.012, segments=28)
        ball(made, (0, 0, h), 0.035, tinted(rng, "garment", 9), segments=12, rings=8)
    else:
        u = np.linspace(-0.9, 0.9, 11)
        peak = [np.column_stack([0.38 * w * np.sin(u), -r * np.cos(u), z + 0 * u]) for r, z in
                ((0.3 * d, 0.012), (0.66 * d, 0.004))]  # fmt: skip
        sheet(made, np.stack(peak)[::-1], 0.003, cloth)
    return fitted(made, size_m)


def shoes(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A pair of shoes: trainers, lace-ups, slippers, or boots when they are high."""
    w, d, h = size_m
    names = ("boot",) if h > 0.18 else ("trainer", "trainer", "lace", "slipper")
    name = design(rng, params, names)
    upper = "leather" if name in ("lace", "boot") else tinted(rng, "garment", 9)
    sole = "plastic" if name == "trainer" else "rubber"
    made = MeshBuilder()
    for side in (-1, 1):
        one = _shoe(d, h, upper, sole, name)
        turn = side * float(rng.uniform(-2, 8))
        shift = float(rng.uniform(-0.012, 0.012)) if side > 0 else 0.0
        mirror = (float(side), 1.0, 1.0)
        made.merge(one, placed(side * 0.255 * w, shift, 0, yaw_deg=-turn, scale=mirror))
    return fitted(made, size_m)


def _shoe(length: float, height: float, upper: str, sole: str, name: str) -> MeshBuilder:
    """One shoe, its toe towards -y."""
    made = MeshBuilder()
    t = np.linspace(0, 1, 17)  # 0 at the heel
    y = length * (0.5 - t)
    half = np.interp(t, [0, 0.06, 0.3, 0.45, 0.68, 0.88, 0.96, 1.0],
                     [0.014, 0.029, 0.030, 0.030, 0.044, 0.036, 0.022, 0.008]) * (length / 0.28)  # fmt: skip
    bow = 0.006 * np.sin(math.pi * t)
    thick = 0.024 if name == "trainer" else 0.016
    outline = np.vstack([np.column_stack([half + bow, y]), np.column_stack([-half + bow, y])[::-1]])
    made.prism(outline[::-1], 0.0, thick, sole)
    ankle = min(height, 0.095)
    top = np.interp(t, [0, 0.05, 0.2, 0.42, 0.62, 0.85, 1.0],
                    [0.9, 1.0, 0.92, 0.86, 0.62, 0.48, 0.3]) * ankle  # fmt: skip
    if name == "slipper":
        top = np.interp(t, [0, 0.1, 0.4, 0.5, 0.7, 1.0], [0.3, 0.3, 0.32, 0.75, 0.72, 0.3]) * ankle
    rings = []
    for j in range(len(t)):
        a = half[j] * 0.97
        z0, z1 = thick * 0.6, max(top[j], thick + 0.008)
        angles = np.linspace(0, math.pi, 11)
        x = a * np.sign(np.cos(angles)) * np.abs(np.cos(angles)) ** 0.7
        z = z0 + (z1 - z0) * np.sin(angles) ** 0.75
        rings.append(np.column_stack([x + bow[j], np.full(11, y[j]), z]))
    made.surface(np.array(rings), upper)
    hole = np.array([(0.68 * half[4] * math.cos(a) + 0.004, length * 0.26 + 0.06 * length * 1.9 * math.sin(a))
                     for a in np.linspace(0, 2 * math.pi, 16, endpoint=False)])  # fmt: skip
    dark = np.column_stack(
        [hole, np.interp(hole[:, 1], [0.1 * length, 0.4 * length], [0.9, 0.985]) * ankle + 0.002]
    )
    if name == "boot":
        shaft = [np.column_stack([
            0.036 * np.cos(a) * f + 0.003, length * 0.27 + 0.05 * np.sin(a) * f, np.full(20, z)
        ]) for z, f in ((0.07, 1.02), (0.12, 0.9), (0.65 * height, 1.0), (height, 1.08))
            for a in [np.linspace(0, 2 * math.pi, 20, endpoint=False)]]  # fmt: skip
        made.loft(np.array(shaft), upper)
        rim = shaft[-1] * (1.0, 1.0, 1.0) + (0, 0, 0.0008)
        middle = rim.mean(axis=0)
        made.faces(middle + (rim - middle) * 0.86, [tuple(range(20))], "rubber")
        return made
    if name != "slipper":
        made.faces(dark, [tuple(range(16))], "rubber")
        for k in range(4):  # laces
            s = 0.47 + 0.05 * k
            z = float(np.interp(s, t, top)) + 0.001
            x = 0.5 * float(np.interp(s, t, half))
            made.tube([(-x, length * (0.5 - s), z - 0.004), (0, length * (0.5 - s), z + 0.002),
                       (x, length * (0.5 - s), z - 0.004)], 0.0022, "linen", segments=6)  # fmt: skip
    return made


def hanging_bag(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bag on a hook: a cloth bag or a leather one on its strap."""
    w, d, h = size_m
    cloth = str(rng.choice(["linen", "leather", "fabric_accent", "garment:4"]))
    tall = min(float(rng.uniform(0.3, 0.4)), 0.7 * h)
    made = MeshBuilder()
    _sack(made, rng, (w, d, tall), cloth)
    for y in (-0.2 * d, 0.2 * d):
        u = np.linspace(-1, 1, 15)
        line = np.column_stack(
            [0.3 * w * u, np.full(15, y) * np.abs(u), tall - 0.02 + (h - tall) * (1 - u**2) ** 0.8]
        )
        made.sweep(line, rounded_rectangle(0.022, 0.004, 0.0015), cloth, up=(0, 1, 0))
    return fitted(made, size_m)


def tote_bag(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bag that stands on the floor, with two handles."""
    w, d, h = size_m
    cloth = str(rng.choice(["linen", "leather", "fabric_accent", "garment:2"]))
    tall = h * float(rng.uniform(0.66, 0.76))
    made = MeshBuilder()
    _sack(made, rng, (w, d, tall), cloth)
    for y in (-0.32 * d, 0.32 * d):
        u = np.linspace(-1, 1, 13)
        lean = 0.12 * d * np.sign(y) * (1 - u**2)
        line = np.column_stack([0.2 * w * u, y + lean, tall - 0.03 + (h - tall + 0.03) * (1 - u**2) ** 0.6])
        made.tube(line, 0.006, cloth if cloth != "linen" else "leather", segments=8)
    return fitted(made, size_m)


def _sack(made: MeshBuilder, rng: np.random.Generator, size_m: Size, cloth: str) -> None:
    """A soft open bag, fuller below."""
    w, d, h = size_m
    t = np.linspace(0, 1, 12)
    angles = np.linspace(0, 2 * math.pi, 40, endpoint=False)
    c, s = np.cos(angles), np.sin(angles)
    half = np.interp(t, [0, 0.06, 0.4, 1.0], [0.43, 0.48, 0.5, 0.47]) * w
    deep = np.interp(t, [0, 0.06, 0.35, 0.8, 1.0], [0.42, 0.48, 0.5, 0.40, 0.33]) * d
    phase = rng.uniform(0, 6, 2)
    dents = 1 + 0.06 * np.sin(3 * angles + phase[0] + 4 * t[:, None]) * t[:, None]
    x = half[:, None] * np.sign(c) * np.abs(c) ** 0.4
    y = deep[:, None] * np.sign(s) * np.abs(s) ** 0.55 * dents
    z = h * t[:, None] + 0.012 * np.sin(2 * angles + phase[1]) * (t[:, None] ** 6)
    points = np.stack([x, y, z], axis=-1)
    made.surface(np.swapaxes(points, 0, 1), cloth, closed_u=True)
    inside = np.swapaxes(points[3:], 0, 1) * (0.96, 0.92, 1.0)
    made.surface(inside, cloth, closed_u=True, flip=True)
    made.faces(points[0], [tuple(range(39, -1, -1))], cloth)
    made.faces(points[4] * (0.96, 0.92, 1.0), [tuple(range(40))], cloth)


def backpack(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A rucksack or satchel that stands, with a pocket in front and straps at its back."""
    w, d, h = size_m
    cloth, other = tinted(rng, "garment", 9), tinted(rng, "garment", 9)
    made = MeshBuilder()
    boxy = rng.random() < 0.3
    t = np.linspace(0, 1, 14)
    round_off = np.sqrt(np.clip(1 - np.clip((t - 0.72) / 0.3, 0, 1) ** 2, 0.04, 1))
    half = 0.46 * w * (1.0 if boxy else 1 - 0.12 * t) * round_off
    deep = 0.27 * d * (1 - 0.25 * t) * np.sqrt(round_off)
    rings = []
    for a, b, z in zip(half, deep, t * h * 0.95):
        outline = rounded_rectangle(2 * a, 2 * b, 0.8 * min(a, b), corner_points=5)
        rings.append(np.column_stack([np.add(outline, (0.0, 0.07 * d)), np.full(len(outline), z + 0.003)]))
    made.loft(np.array(rings), cloth)
    pocket = (0.68 * w, 0.24 * d, 0.42 * h)
    made.box(pocket, (0, -0.25 * d, 0.27 * h), other if rng.random() < 0.5 else cloth, bevel=0.09 * d + 0.012)
    zip_line = spline(
        [
            (-0.4 * w, -0.18 * d, 0.45 * h),
            (-0.3 * w, -0.13 * d, 0.8 * h),
            (0, -0.1 * d, 0.93 * h),
            (0.3 * w, -0.13 * d, 0.8 * h),
            (0.4 * w, -0.18 * d, 0.45 * h),
        ],
        21,
    )
    made.tube(zip_line, 0.004, "plastic_dark", segments=6)
    for side in (-1, 1):
        strap = spline(
            [
                (side * 0.16 * w, 0.3 * d, 0.85 * h),
                (side * 0.26 * w, 0.5 * d, 0.6 * h),
                (side * 0.3 * w, 0.46 * d, 0.25 * h),
                (side * 0.34 * w, 0.3 * d, 0.08 * h),
            ],
            12,
        )
        made.sweep(strap, rounded_rectangle(0.05, 0.008, 0.003), other, up=(1, 0, 0))
    loop = [
        (-0.04, 0.22 * d, 0.92 * h),
        (-0.03, 0.25 * d, h),
        (0.03, 0.25 * d, h),
        (0.04, 0.22 * d, 0.92 * h),
    ]
    made.tube(spline(loop, 9), 0.005, other, segments=6)
    return fitted(made, size_m)


KINDS: dict[str, Callable[..., MeshBuilder]] = {
    "coat": coat,
    "hat": hat,
    "shoes": shoes,
    "hanging_bag": hanging_bag,
    "tote_bag": tote_bag,
    "backpack": backpack,
}
