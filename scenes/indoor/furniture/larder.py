"""Food and what it is kept in, and what stands about the sink. Lengths are metres."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import (
    Size,
    ball,
    design,
    disc_profile,
    fitted,
    placed,
    ring,
    sheet,
    soft,
    spline,
    tinted,
    turned,
    vessel,
)
from .tableware import BOWLS

ROUND_FRUITS = ("apple", "green_apple", "orange", "lemon", "tomato", "avocado", "onion", "pear")


def _one_fruit(rng: np.random.Generator, name: str) -> tuple[MeshBuilder, float]:
    """A fruit about its own middle, and its radius."""
    role, builder = f"fruit:{name}", MeshBuilder()
    r = {"lemon": 0.03, "avocado": 0.036, "onion": 0.034, "tomato": 0.034}.get(name, 0.039) * float(
        rng.uniform(0.9, 1.12)
    )
    angles = np.linspace(-math.pi / 2, math.pi / 2, 15)
    profile = np.column_stack([np.maximum(np.cos(angles), 0.0), np.sin(angles)])
    if name in ("apple", "green_apple", "tomato"):
        dimple = 0.24 * np.exp(-((profile[:, 0] / 0.32) ** 2))
        profile[:, 1] -= np.where(profile[:, 1] > 0, dimple, -0.6 * dimple)
        profile[:, 1] *= 0.94 if name != "tomato" else 0.82
    elif name in ("pear", "avocado"):
        profile[:, 0] *= 1 - 0.34 * np.clip(profile[:, 1], 0, 1)
        profile[:, 1] = np.where(profile[:, 1] > 0, 1.45 * profile[:, 1], profile[:, 1])
    elif name == "lemon":
        profile[:, 1] *= 1.28
        profile[:, 1] += 0.16 * np.sign(profile[:, 1]) * np.exp(-((profile[:, 0] / 0.22) ** 2))
    elif name == "onion":
        profile[:, 1] += 0.3 * np.where(profile[:, 1] > 0, np.exp(-((profile[:, 0] / 0.2) ** 2)), 0.0)
        profile[:, 1] *= 0.9
    builder.lathe(profile * r, (0, 0, 0), role, segments=22)
    if name in ("apple", "green_apple", "pear", "tomato"):
        top = float(profile[-1, 1]) * r
        builder.tube([(0, 0, top - 0.004), (0.003, 0, top + 0.014)], [0.0012, 0.0016], "stem", segments=5)
    return builder, r


def _banana(rng: np.random.Generator) -> MeshBuilder:
    angles = np.linspace(-0.62, 0.62, 11)
    path = np.column_stack([0.15 * np.sin(angles), np.zeros(11), 0.15 * (1 - np.cos(angles))])
    section = np.array([(math.cos(a), math.sin(a)) for a in np.linspace(0, 2 * math.pi, 6, endpoint=False)])
    swell = 0.017 * np.sqrt(np.clip(1 - (np.linspace(-1, 1, 11)) ** 4, 0.06, 1))
    builder = MeshBuilder().sweep(path, section, "fruit:banana", scale=swell)
    return builder.tube(
        [tuple(path[-1]), (path[-1][0] + 0.016, 0, path[-1][2] + 0.02)], [0.006, 0.004], "stem", segments=6
    )


def fruit_bowl(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bowl with fruit: a layer that lies at its rim, and some on top."""
    w, _, h = size_m
    builder, r = MeshBuilder(), w / 2
    rim = 0.52 * h
    outer = np.array(BOWLS[("round", "conical", "coupe", "footed")[int(rng.integers(4))]]) * (r, rim)
    outer = np.vstack([outer[:1], spline(outer[1:], 10)])
    role = (tinted(rng, "ceramic"), "wood_light", "wood", "steel", "ceramic_dark")[int(rng.integers(5))]
    turned(builder, vessel(outer, 0.005, 0.006), role, radius=0.002, segments=44)
    kinds = [ROUND_FRUITS[int(rng.integers(4))], ROUND_FRUITS[int(rng.integers(len(ROUND_FRUITS)))]]
    kinds[1] = kinds[1] if kinds[1] != "onion" else "orange"
    spots = [(0.0, 0.0, 0.66 * rim)]
    count = max(4, int(2 * math.pi * 0.58 * r / 0.08))
    first = float(rng.uniform(0, 6.28))
    spots += [(0.58 * r * math.cos(first + t), 0.58 * r * math.sin(first + t), 0.82 * rim)
              for t in np.linspace(0, 2 * math.pi, count, endpoint=False)]  # fmt: skip
    spots += [
        (0.26 * r * math.cos(first + t), 0.26 * r * math.sin(first + t), 1.42 * rim)
        for t in np.linspace(0.4, 2 * math.pi + 0.4, 3, endpoint=False)
    ][: int(rng.integers(1, 4))]
    for x, y, z in spots:
        made, radius = _one_fruit(rng, kinds[int(rng.integers(2))])
        turn = placed(
            x,
            y,
            z + 0.3 * radius,
            yaw_deg=float(rng.uniform(0, 360)),
            pitch_deg=float(rng.normal(0, 28)),
            roll_deg=float(rng.normal(0, 28)),
        )
        builder.merge(made, turn)
    if rng.random() < 0.45:
        for number in range(3):
            builder.merge(
                _banana(rng),
                placed(
                    -0.1 * r,
                    0.012 + 0.03 * (number - 1),
                    1.3 * rim,
                    yaw_deg=float(rng.normal(12 * number, 5)),
                    pitch_deg=14.0 * (number - 1),
                ),
            )
    low, high = builder.bounds()
    builder = builder.transformed(placed(*(-(low + high)[:2] / 2), 0.0))
    return fitted(builder, size_m)


def fruit(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Loose fruit or vegetables side by side, two or three of a kind."""
    w, d, h = size_m
    name = design(rng, params, ROUND_FRUITS)
    builder, x = MeshBuilder(), 0.0
    for _ in range(2 if w < 0.15 else 3):
        made, radius = _one_fruit(rng, name)
        low = made.bounds()[0][2]
        builder.merge(
            made, placed(x, float(rng.uniform(-0.012, 0.012)), -low, yaw_deg=float(rng.uniform(0, 360)))
        )
        x += 2.02 * radius
    low, high = builder.bounds()
    builder = builder.transformed(placed(-(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2))
    scale = min(w / (high[0] - low[0]), d / (high[1] - low[1]), h / (high[2] - low[2]))
    return builder.transformed(placed(scale=scale))


def bread(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A loaf with cuts across, or a long one."""
    w, d, h = size_m
    s = np.linspace(-1, 1, 25)
    body = np.sqrt(np.clip(1 - np.abs(s) ** 3.2, 0, 1))
    angles = np.linspace(0, 2 * math.pi, 24, endpoint=False)
    cos, sin = np.cos(angles), np.sin(angles)
    cuts = 1 - 0.06 * np.maximum(0, np.cos(s * 9.0)) ** 6
    rise = np.where(sin > 0, np.abs(sin) ** 0.8, -0.45 * np.abs(sin) ** 0.5)
    points = np.stack(
        [np.repeat((s * w / 2)[:, None], 24, 1), body[:, None] * np.sign(cos) * np.abs(cos) ** 0.8 * d / 2,
         body[:, None] * (rise[None] * np.where(sin > 0.4, cuts[:, None], 1.0)) * h * 0.7], axis=-1,
    )  # fmt: skip
    return fitted(MeshBuilder().surface(points, "fruit:bread", closed_v=True, flip=True), size_m)


def jar(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A jar with its lid: glass with what is in it, pottery or tin; now and then with a label."""
    w, _, h = size_m
    name = design(rng, params, ("glass", "glass", "clip", "pottery", "tin"))
    builder, r = MeshBuilder(), w / 2
    lid = h * (0.86 if name != "pottery" else 0.88)
    if name in ("glass", "clip"):
        shape = [(0.9, 0.0), (0.97, 0.04), (0.97, 0.86), (0.86, 0.95), (0.86, 1.0)]
        outer = np.array(shape) * (r, lid)
        turned(builder, vessel(outer, 0.0032, 0.006), "glass", radius=0.0014, segments=32)
        level = float(rng.uniform(0.3, 0.85)) * lid
        fill = [
            (0.0, 0.0075),
            (0.9 * r - 0.0045, 0.0075),
            (0.97 * r - 0.0042, 0.05 * lid),
            (0.97 * r - 0.0042, level),
            (0.0, level + 0.004),
        ]
        builder.lathe(fill, (0, 0, 0), tinted(rng, "grain", 9), segments=28)
        if name == "clip":
            turned(builder, disc_profile(0.88 * r, lid, h), "glass", radius=0.003, segments=32)
            ring(builder, 0.88 * r, 0.003, "rubber", placed(z=lid), segments=32, sides=6)
            for side in (-1, 1):
                builder.tube(
                    [
                        (side * 0.9 * r, 0, h),
                        (side * 0.99 * r, 0, lid - 0.02),
                        (side * 0.9 * r, 0, lid - 0.03),
                    ],
                    0.0016,
                    "steel",
                    segments=5,
                )
        else:
            cap = ("wood_light", "wood", "steel", "metal")[int(rng.integers(4))]
            turned(builder, disc_profile(0.9 * r, lid - 0.004, h), cap, radius=0.003, segments=32)
    else:
        role = tinted(rng, "ceramic") if name == "pottery" else tinted(rng, "enamel", 5)
        bulge = 1.0 if name == "tin" else 0.94
        outer = [(0.9 * bulge * r, 0.0), (0.98 * r, 0.05 * lid), (0.98 * r, 0.92 * lid), (0.9 * r, lid)]
        builder.lathe(soft([(0, 0), *outer, (0, lid)], 0.006, 3), (0, 0, 0), role, segments=36)
        cap = "wood_light" if name == "pottery" and rng.random() < 0.6 else role
        turned(
            builder,
            [
                (0, lid - 0.002),
                (r, lid - 0.002),
                (r, lid + 0.5 * (h - lid)),
                (0.2 * r, lid + 0.62 * (h - lid)),
                (0.2 * r, h),
                (0, h),
            ],
            cap,
            radius=0.003,
            segments=32,
        )
    if rng.random() < 0.4:
        z, tall = 0.32 * lid, 0.26 * lid
        patch = np.array(
            [
                [(0.985 * r * math.sin(a), -0.985 * r * math.cos(a), z + s * tall) for s in (0, 1)]
                for a in np.linspace(-0.6, 0.6, 9)
            ]
        )
        builder.surface(patch, tinted(rng, "label"), with_uv=True)
    return fitted(builder, size_m)


def spice_rack(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Little jars on one or two boards, or in a frame of wire; standing or hanging, its back at y = d / 2."""
    w, d, h = size_m
    builder = MeshBuilder()
    role = ("wood", "wood_light", "metal", "painted_wood")[int(rng.integers(4))]
    levels = [0.0] if h < 0.2 else [0.0, 0.5 * h]
    for x in (-w / 2, w / 2 - 0.01):
        builder.block((x, -d / 2, 0.0), (x + 0.01, d / 2, h), role)
    r = min(0.023, 0.42 * d)
    for z in levels:
        builder.block((-w / 2 + 0.01, -d / 2, z), (w / 2 - 0.01, d / 2, z + 0.01), role)
        builder.tube(
            [(-w / 2 + 0.005, -d / 2 + 0.004, z + 0.04), (w / 2 - 0.005, -d / 2 + 0.004, z + 0.04)],
            0.003,
            role,
            segments=6,
        )
        count = int((w - 0.03) / (2.15 * r))
        tall = min(0.105, h / len(levels) - 0.025)
        for number in range(count):
            if rng.random() < 0.12:
                continue
            x = -w / 2 + 0.015 + (number + 0.5) * (w - 0.03) / count
            at = (x, 0.0, z + 0.0105)
            builder.lathe(
                [(0, 0), (0.96 * r, 0), (r, 0.004), (r, 0.74 * tall), (0.8 * r, 0.8 * tall), (0, 0.8 * tall)],
                at,
                tinted(rng, "grain", 9),
                segments=16,
            )
            turned(
                builder,
                disc_profile(0.86 * r, 0.8 * tall, tall),
                ("steel", "plastic_dark")[number % 2 * int(role == "metal")],
                at=at,
                radius=0.002,
                segments=16,
            )
            label = np.array(
                [
                    [
                        (x + 1.01 * r * math.sin(a), -1.01 * r * math.cos(a), z + 0.0105 + t * tall)
                        for t in (0.25, 0.55)
                    ]
                    for a in np.linspace(-0.9, 0.9, 6)
                ]
            )
            builder.surface(label, "label:1")
    builder.block((-w / 2 + 0.01, d / 2 - 0.006, h - 0.02), (w / 2 - 0.01, d / 2, h), role)
    return builder


def dish_rack(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A draining rack of wire on a tray, with plates on edge, and cups or glasses."""
    w, d, h = size_m
    builder = MeshBuilder()
    wire = ("steel", "fitting", "metal", "plastic:bag")[int(rng.integers(4))]
    builder.prism(
        rounded_rectangle(w, d, 0.02),
        0.0,
        0.012,
        ("plastic_dark", "plastic", "wood")[int(rng.integers(3))],
        bevel=0.003,
    )
    x, y, low, top = w / 2 - 0.012, d / 2 - 0.012, 0.03, 0.12
    for z in (low, top):
        corners = rounded_rectangle(2 * x, 2 * y, 0.03, corner_points=5)
        builder.tube(
            np.column_stack([corners, np.full(len(corners), z)]), 0.0028, wire, segments=6, closed=True
        )
    slots = int((2 * x - 0.02) / 0.022)
    for number in range(slots + 1):
        at = -x + 0.01 + number * (2 * x - 0.02) / slots
        builder.tube([(at, -y, low), (at, y, low)], 0.0018, wire, segments=5)
        if number % 2 == 0:
            for side in (-y, y):
                builder.tube([(at, side, 0.01), (at, side, top)], 0.0018, wire, segments=5)
    plates = int(rng.integers(3, 8))
    radius = min(0.125, 0.46 * d, (h - low) / 2)
    role = tinted(rng, "ceramic")
    for number in range(plates):
        at = -x + 0.03 + number * 2 * (2 * x - 0.02) / slots
        if at > 0.35 * x:
            break
        r = radius * float(rng.choice([1.0, 0.8]))
        plate = turned(
            MeshBuilder(),
            [(0, 0), (0.6 * r, 0), (0.68 * r, 0.004), (r, 0.016), (r, 0.019), (0.64 * r, 0.008), (0, 0.006)],
            role,
            radius=0.0015,
            segments=36,
        )
        builder.merge(plate, placed(at, 0.0, low + r, roll_deg=78))
    for number in range(int(rng.integers(1, 4))):
        at = (x - 0.05, -y + 0.055 + number * 0.085, low + 0.002)
        if at[1] > y - 0.04:
            break
        glass = rng.random() < 0.5
        outer = np.array([(1.0, 0.0), (0.98, 0.2), (0.8, 1.0)]) * (0.036, 0.1)
        cup = (
            np.array([*outer, (0, 0.1)])
            if not glass
            else vessel(np.column_stack([outer[::-1, 0], 0.1 - outer[::-1, 1]]), 0.002, 0.006)
        )
        made = MeshBuilder().lathe(cup, (0, 0, 0), "glass" if glass else tinted(rng, "ceramic"), segments=28)
        builder.merge(made, placed(*at) if not glass else placed(at[0], at[1], at[2] + 0.1, pitch_deg=180))
    low_, high = builder.bounds()
    return builder.transformed(
        placed(
            *(-(low_ + high)[:2] / 2),
            0.0,
            scale=min(1.0, h / high[2], w / (high[0] - low_[0]), d / (high[1] - low_[1])),
        )
    )


def kitchen_roll(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Kitchen paper on an upright holder."""
    w, _, h = size_m
    builder, r = MeshBuilder(), w / 2
    role = ("steel", "wood", "wood_light", "metal")[int(rng.integers(4))]
    turned(builder, disc_profile(r, 0.0, 0.014), role, radius=0.004, segments=36)
    builder.cylinder(0.007, h - 0.03, (0, 0, 0.01), role, segments=14)
    ball(builder, (0, 0, h - 0.014), 0.014, role, segments=16)
    out = r * float(rng.uniform(0.55, 0.92))
    tube = [(0.021, 0.015), (out, 0.015), (out, 0.245), (0.021, 0.245), (0.021, 0.015)]
    builder.lathe(np.array(tube) * (1, (h - 0.05) / 0.245), (0, 0, 0), "tissue", segments=44)
    flap = np.array(
        [[(out + 0.001, -t, z) for z in (0.016, h - 0.052)] for t in np.linspace(0, 0.6 * out, 4)]
    )
    builder.surface(flap, "tissue").surface(np.add(flap, (0.0006, 0, 0)), "tissue", flip=True)
    return builder


def tea_towel(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A towel folded flat, or, when h is above 10 cm, hanging in folds from a hook on the wall, y = d / 2."""
    w, d, h = size_m
    role = tinted(rng, "tea_towel", 5)
    builder = MeshBuilder()
    if h < 0.1:
        layers = 3
        for number in range(layers):
            inset = 0.004 * number
            z = h * (number + 0.5) / layers
            builder.box(
                (w - 2 * inset, d - 2 * inset, 0.96 * h / layers),
                (0, 0, z),
                role,
                bevel=0.45 * h / layers,
                segments=2,
            )
        return builder
    u, v = np.linspace(-1, 1, 33), np.linspace(0, 1, 18)
    fall = 0.12 + 0.88 * np.sqrt(v)
    phase = float(rng.uniform(0, 6.28))
    fold = (
        np.cos(u[None] * 9 + phase) * (1 - 0.35 * v[:, None]) * 0.3 * d
        + np.cos(u[None] * 4 + phase) * 0.1 * d
    )
    x = u[None] * w / 2 * fall[:, None]
    z = (
        (h - 0.03) * (1 - v[:, None])
        - 0.06 * h * np.abs(u[None]) * (1 - v[:, None])
        + 0.012 * np.cos(u[None] * 3 + phase) * v[:, None]
    )
    y = np.clip(fold + 0.05 * d, -0.46 * d, 0.44 * d)
    points = np.stack([x, y, np.maximum(z, 0.0) + 0.0 * u[None]], axis=-1)
    sheet(builder, np.swapaxes(points, 0, 1)[::-1], 0.0016, role)
    builder.tube(
        spline([(0, d / 2, h - 0.02), (0, 0.1 * d, h - 0.022), (0, -0.1 * d, h - 0.01)], 8),
        0.004,
        "steel",
        segments=8,
    )
    plate = turned(MeshBuilder(), disc_profile(0.016, 0.0, 0.004), "steel", radius=0.001, segments=18)
    return builder.merge(plate, placed(0, d / 2, h - 0.018, pitch_deg=90))


def washing_up(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """Soap with a pump, a sponge and a brush on a tray."""
    w, d, h = size_m
    builder = MeshBuilder()
    builder.prism(
        rounded_rectangle(w, d, 0.015),
        0.0,
        0.008,
        ("wood", "ceramic:1", "steel", "marble")[int(rng.integers(4))],
        bevel=0.002,
    )
    r, x = 0.031, -w / 2 + 0.04
    tall = 0.72 * h
    role = ("soap", "glass:3", "soap")[int(rng.integers(3))]
    role = tinted(rng, role, 7) if role == "soap" else role
    turned(
        builder,
        [(0, 0.008), (r, 0.008), (r, 0.75 * tall), (0.4 * r, 0.9 * tall), (0.4 * r, tall), (0, tall)],
        role,
        at=(x, 0, 0),
        radius=0.005,
        segments=28,
    )
    builder.cylinder(0.0045, h - tall - 0.006, (x, 0, tall), "steel", segments=10)
    builder.tube(
        [(x, 0, h - 0.008), (x, -0.02, h - 0.006), (x, -d / 2 + 0.006, h - 0.016)],
        0.0055,
        "plastic_dark",
        segments=8,
    )
    builder.box((0.085, 0.05, 0.026), (w / 2 - 0.055, 0.004, 0.022), "plastic:2", bevel=0.005)
    builder.box((0.085, 0.05, 0.008), (w / 2 - 0.055, 0.004, 0.039), "plastic:5", bevel=0.003)
    return builder


KINDS = {
    "fruit_bowl": fruit_bowl,
    "fruit": fruit,
    "bread": bread,
    "jar": jar,
    "spice_rack": spice_rack,
    "dish_rack": dish_rack,
    "kitchen_roll": kitchen_roll,
    "tea_towel": tea_towel,
    "washing_up": washing_up,
}
