"""Bar stools and bins. Lengths are metres."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, disc_profile, fitted, placed, ring, soft, turned
from .legs import chosen, four, leg, timber


def bar_stool(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A stool as high as a bar: "round" on four legs, "backed" (a low back), "lift" (a column on a disc),
    "saddle". The seat is at `params["seat_z_m"]`, by default z = h."""
    w, d, h = size_m
    seat = float(params.get("seat_z_m", h))
    backed = h > seat + 0.05
    table = {"round": "", "saddle": "scandinavian rustic", "lift": "modern", "frame": "modern rustic classic"}
    name = chosen(rng, params, table)
    material = timber(rng, params)
    metal = ("metal", "metal", "brass", "fitting")[int(rng.integers(4))]
    soft_seat = rng.random() < (0.3 if name != "lift" else 0.8)
    cover = ("leather", "fabric_accent:seat", "fabric:seat")[int(rng.integers(3))]
    builder = MeshBuilder()
    thick = 0.055 if soft_seat else 0.028
    round_seat = name in ("round", "lift") and not backed
    role = cover if soft_seat else material
    half_x, half_y = 0.46 * w, 0.46 * d
    if round_seat:
        r = min(half_x, half_y)
        profile = [
            (0, seat - thick),
            (r - 0.008, seat - thick),
            (r, seat - 0.4 * thick),
            (r - 0.012, seat),
            (0, seat),
        ]
        builder.lathe(soft(profile, 0.3 * thick, 3), (0, 0, 0), role, segments=40)
    else:
        outline = rounded_rectangle(2 * half_x, 2 * half_y, 0.05, corner_points=6)
        builder.prism(outline, seat - thick, seat, role, bevel=0.35 * thick)
    under = seat - thick
    if name == "lift":
        turned(
            builder,
            [(0, 0), (0.49 * w, 0), (0.49 * w, 0.006), (0.1 * w, 0.022), (0.035, 0.05), (0, 0.05)],
            metal,
            radius=0.004,
            segments=48,
        )
        builder.cylinder(0.026, under - 0.16, (0, 0, 0.03), metal, segments=24)
        builder.cylinder(0.018, 0.16, (0, 0, under - 0.16), metal, segments=24)
        ring(builder, 0.36 * w, 0.009, metal, placed(0, -0.04, 0.3 * seat), segments=40)
        builder.tube([(0, 0, 0.3 * seat), (0, -0.36 * w - 0.03, 0.3 * seat)], 0.008, metal, segments=8)
    else:
        feet = 0.47 * w, 0.47 * d
        tops = 0.62 * half_x, 0.62 * half_y
        steel = name == "frame"
        rungs = 0.32 * seat
        for cx, cy in four(1.0, 1.0):
            foot, top = (cx * feet[0] * 0.97, cy * feet[1] * 0.97, 0.0), (cx * tops[0], cy * tops[1], under)
            if steel:
                builder.tube([foot, top], 0.010, metal, segments=10)
                builder.cylinder(0.012, 0.008, foot, "rubber", segments=10)
            else:
                leg(builder, foot, top, 0.026, 0.036, material)
        share = rungs / under
        x, y = (feet[i] * 0.97 * (1 - share) + tops[i] * share for i in (0, 1))
        for number, (a, b) in enumerate(
            (((-x, -y), (x, -y)), ((x, -y), (x, y)), ((x, y), (-x, y)), ((-x, y), (-x, -y)))
        ):
            z = rungs + (0.05 if number % 2 else 0.0) * (not steel)
            builder.tube([(*a, z), (*b, z)], 0.008, metal if steel or number == 0 else material, segments=8)
    if backed:
        _back(builder, half_x, half_y, seat, h, metal if name in ("frame", "lift") else material, role)
    return fitted(builder, size_m) if not backed else builder


def _back(
    builder: MeshBuilder, half_x: float, half_y: float, seat: float, h: float, post: str, role: str
) -> None:
    low = seat + 0.35 * (h - seat)
    for x in (-0.7 * half_x, 0.7 * half_x):
        builder.tube(
            [(x, half_y - 0.03, seat - 0.02), (x * 1.05, half_y + 0.005, h - 0.04)], 0.010, post, segments=10
        )
    turns = np.linspace(-0.5, 0.5, 13)
    rows = []
    for z in np.linspace(low, h, 6):
        rows.append([(2 * half_x * t, half_y + 0.03 - 0.1 * t * t * 1.6, z) for t in turns])
    front = np.array(rows) - (0, 0.022, 0)
    rear = np.array(rows)
    builder.surface(front, role, flip=True).surface(rear, role)
    for line in (0, -1):
        strip = np.stack([front[line], rear[line]])
        builder.surface(strip, role, flip=line == -1)
    for end in (0, -1):
        strip = np.stack([front[:, end], rear[:, end]])
        builder.surface(strip, role, flip=end == 0)


def kitchen_bin(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bin with a pedal, one with a swing lid, or an open one with its bag over the rim."""
    w, _d, h = size_m
    table = {"pedal": "", "swing": "", "open": "", "square": "modern scandinavian"}
    name = chosen(rng, params, table)
    role = ("steel", "steel", "plastic_dark", "appliance:2", "plastic:1")[int(rng.integers(5))]
    builder, r = MeshBuilder(), w / 2
    if name == "square":
        outline = rounded_rectangle(w, w, 0.03)
        builder.prism(outline, 0.01, h - 0.05, role, bevel=0.003)
        builder.prism(outline * 1.0, h - 0.044, h, "plastic_dark", bevel=0.012)
        builder.prism(outline * 0.97, 0.0, 0.012, "plastic_dark")
        return fitted(builder, size_m)
    if name == "open":
        profile = [
            (0, 0),
            (0.84 * r, 0),
            (0.98 * r, h - 0.02),
            (r, h),
            (0.95 * r, h - 0.004),
            (0.93 * r, h - 0.03),
            (0.8 * r, 0.02),
            (0, 0.02),
        ]
        builder.lathe(soft(profile, 0.004, 2), (0, 0, 0), role, segments=44)
        angles = np.linspace(0, 2 * math.pi, 66, endpoint=False)
        crumple = 1 + 0.012 * np.sin(angles * 11 + rng.uniform(0, 6)) + 0.01 * np.sin(angles * 17)
        rows = [
            (0.985 * r, h - 0.075),
            (1.0 * r, h - 0.02),
            (1.0 * r, h + 0.002),
            (0.93 * r, h - 0.0),
            (0.88 * r, h - 0.1),
            (0.7 * r, h - 0.2),
        ]
        points = np.array(
            [
                [(rad * c * math.cos(a), rad * c * math.sin(a), z) for rad, z in rows]
                for a, c in zip(angles, crumple)
            ]
        )
        builder.surface(points, "plastic:bag" if rng.random() < 0.5 else "plastic_dark", closed_u=True)
        return fitted(builder, size_m)
    turned(
        builder,
        [(0, 0), (0.97 * r, 0), (0.97 * r, 0.02), (0, 0.02)],
        "plastic_dark",
        radius=0.003,
        segments=44,
    )
    builder.lathe([(0.95 * r, 0.015), (0.95 * r, h * 0.86)], (0, 0, 0), role, segments=44)
    lid = h * 0.86
    if name == "pedal":
        rise = np.linspace(0, math.pi / 2, 9)
        dome = [
            (
                0.985 * r * math.cos(a) ** 0.7 if a < math.pi / 2 else 0.0,
                lid + 0.025 + (h - lid - 0.025) * math.sin(a),
            )
            for a in rise
        ]
        builder.lathe([(0.93 * r, lid - 0.002), (0.985 * r, lid), *dome], (0, 0, 0), role, segments=44)
        builder.lathe(
            [
                (0.955 * r, lid - 0.03),
                (0.972 * r, lid - 0.03),
                (0.972 * r, lid - 0.004),
                (0.93 * r, lid - 0.003),
            ],
            (0, 0, 0),
            "plastic_dark",
            segments=44,
        )
        builder.block((-0.05, -r - 0.03, 0.006), (0.05, -0.8 * r, 0.016), "plastic_dark", bevel=0.003)
        builder.block(
            (-0.05, 0.9 * r, lid - 0.06), (0.05, r + 0.004, lid + 0.01), "plastic_dark", bevel=0.005
        )
    else:
        builder.lathe(
            [(0.95 * r, lid), (r, lid), (r, lid + 0.02), (0.72 * r, h), (0.0, h)][:4],
            (0, 0, 0),
            "plastic_dark",
            segments=44,
        )
        turned(builder, disc_profile(0.72 * r, h - 0.012, h - 0.004), role, radius=0.003, segments=36)
    return fitted(builder, size_m)


KINDS = {"bar_stool": bar_stool, "kitchen_bin": kitchen_bin}
