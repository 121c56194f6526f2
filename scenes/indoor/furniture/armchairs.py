"""Armchairs: club, wing and tub chairs, and those with a frame of wood. Lengths are metres."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, placed
from .legs import chosen, four, round_leg, timber
from .sofa_body import upholstered_body
from .sofa_frame import wood_frame
from .sofa_parts import Arm, draw_fabric, fitted_above, seat_height
from .upholstery import cushion


def armchair(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """An armchair; its seat is at `params["seat_z_m"]`."""
    designs = {
        "club": "", "frame": "scandinavian modern rustic", "wing": "classic rustic",
        "tub": "modern scandinavian classic", "track": "modern scandinavian",
    }  # fmt: skip
    design = chosen(rng, params, designs)
    material = timber(rng, params, painted=False)
    fabric = draw_fabric(rng, params, 0.35 if design in ("club", "wing") else 0.15)
    seat_z = seat_height(params)
    if design == "wing" and size_m[2] < 0.86:
        design = "club"
    if design == "frame":
        return wood_frame(size_m, rng, params, fabric, material, 1)
    build = {"wing": _wing, "tub": _tub, "club": _club, "track": _track}[design]
    return fitted_above(build(size_m, rng, params, fabric, material), size_m, seat_z)


def _club(size_m: Size, rng: np.random.Generator, params: dict, fabric: str, material: str) -> MeshBuilder:
    kind = "rolled" if rng.random() < 0.5 else "soft"
    top = seat_height(params) + float(rng.uniform(0.16, 0.22))
    arm = Arm(kind, min(0.16, 0.2 * size_m[0]), min(size_m[2] - 0.04, top))
    return upholstered_body(size_m, rng, params, arm, fabric, material, seats=1)


def _track(size_m: Size, rng: np.random.Generator, params: dict, fabric: str, material: str) -> MeshBuilder:
    kind, thick = ("slim", 0.075) if rng.random() < 0.5 else ("track", 0.11)
    top = seat_height(params) + float(rng.uniform(0.16, 0.22))
    arm = Arm(kind, thick, min(size_m[2] - 0.04, top))
    return upholstered_body(size_m, rng, params, arm, fabric, material, seats=1)


def _wing(size_m: Size, rng: np.random.Generator, params: dict, fabric: str, material: str) -> MeshBuilder:
    """A high back with wings that run down into rolled arms."""
    w, d, h = size_m
    arm = Arm("rolled", min(0.14, w * 0.18), min(seat_height(params) + 0.2, h - 0.2))
    tuft = ("diamond", "channel", "plain")[int(rng.integers(3))]
    builder = upholstered_body(size_m, rng, params, arm, fabric, material, seats=1, tuft=tuft)
    tall = h - arm.top + 0.05

    def shaped(points: np.ndarray) -> np.ndarray:
        x, y, z = points.T
        waist = 0.62 + 0.4 * np.sin(math.pi * (z / tall + 0.5) * 0.85 + 0.2)
        return np.column_stack([x, np.where(y < 0, y * waist, y), z])

    wing = MeshBuilder()
    cushion(wing, (0.07, 0.26, tall), (0, 0, 0), fabric, radius=0.03, crown=(0.006, 0, 0))
    wing = wing.bent(shaped)
    for side in (-1, 1):
        builder.merge(wing, placed(side * (w / 2 - 0.04), d / 2 - 0.16, arm.top - 0.05 + tall / 2))
    return builder


def _tub(size_m: Size, rng: np.random.Generator, params: dict, fabric: str, material: str) -> MeshBuilder:
    """A tub chair: one shell that bends around the seat, on four legs or a swivel plate."""
    w, d, h = size_m
    seat_z = seat_height(params)
    builder = MeshBuilder()
    lift = float(rng.uniform(0.1, 0.2))
    arm_top = min(seat_z + 0.2, h - 0.06)
    thick = 0.085
    a = np.linspace(-0.5, 0.5, 49)
    arc = np.abs(a) * 2
    rx, ry = w / 2 - thick / 2, d / 2 - thick / 2
    angle = math.pi / 2 + a * 2 * math.pi * 0.72
    c, s = np.cos(angle), np.sin(angle)
    center = np.column_stack([rx * np.sign(c) * np.abs(c) ** 0.8, ry * np.sign(s) * np.abs(s) ** 0.8])
    tops = arm_top + (h - arm_top) * (0.5 + 0.5 * np.cos(math.pi * np.clip(arc / 0.95, 0, 1))) ** 0.8
    ribs = 0.012 * np.abs(np.cos(np.arange(49) * math.pi / 3)) ** 4 if rng.random() < 0.5 else np.zeros(49)
    tangent = np.gradient(center, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    outward = np.column_stack([tangent[:, 1], -tangent[:, 0]])
    rings = []
    turn = np.linspace(0, math.pi, 9)
    for index in range(49):
        low, top = lift, tops[index]
        half = thick / 2
        profile = [(half * 0.8, low), (half, low + 0.03), (half, (low + top) / 2)]
        profile += [(half * math.cos(t), top - half + half * math.sin(t)) for t in turn]
        profile += [(-half + ribs[index], (low + top) / 2), (-half, low + 0.03), (-half * 0.8, low)]
        p = np.array(profile)
        p[:, 0] *= np.where(p[:, 0] < 0, 1 - ribs[index] / half, 1)
        flare = np.clip((p[:, 1] - low) / (h - low), 0, 1)
        scale = 0.90 + 0.10 * flare
        xy = center[index] * scale[:, None] + outward[index] * p[:, :1]
        rings.append(np.column_stack([xy, p[:, 1]]))
    builder.loft(np.array(rings)[:, ::-1], fabric)
    deck_w, front = w - 2 * thick - 0.01, -d / 2
    cushion(
        builder,
        (deck_w + 0.02, d - thick - 0.03, seat_z - 0.12 - lift),
        (0, -thick / 2 + 0.005, (seat_z - 0.12 + lift) / 2),
        fabric,
        radius=0.06,
    )
    cushion(
        builder,
        (deck_w, d - thick - 0.02, 0.135),
        (0, front + (d - thick - 0.02) / 2, seat_z - 0.0675),
        fabric,
        radius=0.045,
        crown=(0, 0.008, 0.016),
        rng=rng,
        wrinkle=0.005,
        piping=fabric,
    )
    if rng.random() < 0.3:
        builder.cylinder(min(w, d) * 0.3, 0.014, (0, 0, 0), "metal", bevel=0.004, segments=40)
        builder.cylinder(0.03, lift, (0, 0, 0.01), "metal", segments=20)
    else:
        for cx, cy in four(w / 2 - 0.14, d / 2 - 0.13):
            foot = (cx + math.copysign(0.04, cx), cy + math.copysign(0.04, cy), 0.0)
            round_leg(builder, foot, (cx, cy, lift + 0.02), 0.011, 0.019, material)
    return builder


KINDS: dict[str, Callable[..., MeshBuilder]] = {"armchair": armchair}
