"""Office chairs on a five-star base with castors. Lengths are metres."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, placed, sheet, soft, spline
from .legs import chosen
from .sofa_parts import fitted_above
from .upholstery import cushion


def _base(builder: MeshBuilder, radius: float, top_z: float, role: str) -> None:
    """Star, castors and gas lift, up to `top_z`."""
    builder.lathe(
        soft([(0, 0.062), (0.03, 0.062), (0.036, 0.075), (0.036, 0.125), (0.031, 0.132), (0, 0.132)], 0.005),
        (0, 0, 0),
        role,
        segments=24,
    )
    builder.cylinder(0.0255, top_z - 0.19, (0, 0, 0.13), "plastic_dark", segments=20)
    builder.cylinder(0.014, 0.07, (0, 0, top_z - 0.065), "chrome", segments=16)
    reach = radius - 0.028
    for index in range(5):
        arm = MeshBuilder()
        t = np.linspace(0, 1, 7)
        x = 0.025 + (reach + 0.012 - 0.025) * t
        z = 0.100 - 0.030 * t**1.6
        half_w, half_h = 0.026 - 0.008 * t, 0.021 - 0.011 * t
        rings = []
        for place, level, a, b in zip(x, z, half_w, half_h):
            section = rounded_rectangle(2 * a, 2 * b, 0.6 * b, corner_points=3)
            rings.append(
                np.column_stack([np.full(len(section), place), section[:, 0], level + section[:, 1]])
            )
        arm.loft(np.array(rings), role)
        arm.cylinder(0.0055, 0.025, (reach, 0, 0.045), "metal", segments=10)
        for side in (-1, 1):
            wheel = MeshBuilder().lathe(
                soft(
                    [
                        (0, -0.0095),
                        (0.024, -0.0095),
                        (0.0275, -0.005),
                        (0.0275, 0.006),
                        (0.02, 0.0095),
                        (0, 0.0095),
                    ],
                    0.003,
                ),
                (0, 0, 0),
                "plastic_dark",
                segments=22,
            )
            arm.merge(wheel, placed(reach + 0.012, side * 0.0135, 0.0275, pitch_deg=90.0 * -side))
        hood = np.linspace(0.15 * math.pi, 1.0 * math.pi, 9)
        arc = np.column_stack(
            [
                reach + 0.012 - 0.0315 * np.cos(hood[::-1]) * -1,
                np.zeros(9),
                0.0275 + 0.0315 * np.sin(hood[::-1]),
            ]
        )
        arm.sweep(arc, rounded_rectangle(0.034, 0.005, 0.002, corner_points=2), "plastic_dark", up=(0, 0, 1))
        builder.merge(arm, placed(yaw_deg=-90.0 + 72.0 * index + 36.0))


def _mesh_back(builder: MeshBuilder, w: float, y: float, z0: float, h: float, role: str) -> None:
    """A frame of plastic with a taut sheet, curved to the spine."""
    wide = min(0.46, w - 0.16)
    tall = h - z0
    lean = 0.10
    u, v = np.meshgrid(np.linspace(-1, 1, 17), np.linspace(0, 1, 21), indexing="ij")

    def at(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        half = wide / 2 * (0.86 + 0.14 * np.sin(math.pi * np.clip(v, 0, 1) ** 0.8))
        spine = 0.030 * np.cos(2.4 * math.pi * (v - 0.28)) * -1 + lean * (v - 0.2)
        return np.stack([u * half, y + spine - 0.035 * u**2, z0 + 0.004 + v * (tall - 0.014)], axis=-1)

    sheet(builder, at(u * 0.97, 0.02 + v * 0.96), 0.006, role)
    corner = np.add(rounded_rectangle(2.0, 1.0, 0.22, corner_points=7), (0, 0.5))
    dense = np.vstack(
        [
            np.linspace(a, b, 4, endpoint=False) if np.hypot(*(b - a)) > 0.3 else a[None]
            for a, b in zip(corner, np.roll(corner, -1, axis=0))
        ]
    )
    builder.tube(at(dense[:, 0], dense[:, 1]), 0.0125, "plastic_dark", segments=10, closed=True)


def _padded_back(
    builder: MeshBuilder, w: float, y: float, z0: float, h: float, fabric: str, ribs: int
) -> None:
    wide, tall, thick = min(0.48, w - 0.14), h - z0, 0.07
    body = MeshBuilder()
    if ribs:
        each = tall / ribs
        for index in range(ribs):
            cushion(
                body,
                (wide, each + 0.006, thick * 0.8),
                (0, (index + 0.5) * each - tall / 2, 0.004),
                fabric,
                radius=0.03,
                crown=(0, 0, 0.008),
            )
        body.box((wide * 0.96, tall * 0.97, 0.02), (0, 0, -thick * 0.35), fabric, bevel=0.008)
    else:
        cushion(
            body,
            (wide, tall, thick),
            (0, 0, 0),
            fabric,
            radius=0.032,
            crown=(0.012, 0.0, 0.016),
            piping=fabric,
        )

    def bend(points: np.ndarray) -> np.ndarray:
        x, up, ahead = points.T
        lean = 0.10 * (up / tall + 0.5) - 0.02 * np.cos(up / tall * 5.0)
        return np.column_stack([x, y - ahead - 0.45 * x**2 + lean, z0 + tall / 2 + up])

    builder.merge(body.bent(bend))


def _armrest(
    builder: MeshBuilder, side: int, x: float, y: float, seat_z: float, design: int, role: str
) -> None:
    top = seat_z + 0.22
    if design == 0:  # T-shaped
        path = [
            (side * (x - 0.12), y, seat_z - 0.075),
            (side * (x - 0.02), y, seat_z - 0.07),
            (side * (x - 0.025), y, top - 0.02),
        ]
        builder.sweep(
            soft(path, 0.05, 5), rounded_rectangle(0.045, 0.018, 0.007, corner_points=3), role, up=(0, 1, 0)
        )
        cushion(
            builder,
            (0.085, 0.25, 0.028),
            (side * (x - 0.0425), y - 0.01, top - 0.006),
            "plastic_dark",
            radius=0.012,
            crown=(0, 0, 0.003),
        )
    else:  # a loop
        path = [
            (side * (x - 0.1), y - 0.1, seat_z - 0.07),
            (side * (x - 0.02), y - 0.12, seat_z - 0.04),
            (side * (x - 0.02), y - 0.14, top),
        ]
        path += [
            (side * (x - 0.02), y + 0.12, top),
            (side * (x - 0.02), y + 0.13, seat_z - 0.04),
            (side * (x - 0.1), y + 0.1, seat_z - 0.07),
        ]
        builder.tube(soft(path, 0.06, 5), 0.014, role, segments=10)
        cushion(
            builder,
            (0.04, 0.2, 0.02),
            (side * (x - 0.02), y - 0.01, top + 0.008),
            "plastic_dark",
            radius=0.009,
            crown=(0, 0, 0.002),
        )


def office_chair(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A swivel chair: task chair with a mesh back, padded chair, or ribbed leather chair."""
    design = chosen(
        rng, params, {"mesh": "", "padded": "", "ribbed": "modern classic", "shell": "scandinavian modern"}
    )
    w, d, h = size_m
    seat_z = float(params.get("seat_z_m", 0.46))
    role = ("chrome", "plastic_dark", "plastic_dark", "metal_brushed")[int(rng.integers(4))]
    fabric = {"ribbed": "leather"}.get(
        design, ("fabric:seat", "fabric:seat", "fabric_accent:seat", "leather")[int(rng.integers(4))]
    )
    builder = MeshBuilder()
    thick = 0.075 if design != "ribbed" else 0.06
    under = seat_z - thick
    _base(builder, min(w, d) / 2, under - 0.03, role)
    builder.box((0.16, 0.24, 0.045), (0, 0.0, under - 0.022), "plastic_dark", bevel=0.012)
    builder.tube([(0.07, 0.02, under - 0.025), (0.2, 0.03, under - 0.03)], 0.006, "plastic_dark", segments=8)
    builder.box((0.05, 0.022, 0.008), (0.2, 0.03, under - 0.03), "plastic_dark", bevel=0.003)
    seat_w, seat_d = min(0.49, w - 0.13), 0.46
    seat_y = -0.045
    if design == "ribbed":
        each = seat_d / 6
        for index in range(6):
            cushion(
                builder,
                (seat_w, each + 0.006, thick),
                (0, seat_y - seat_d / 2 + (index + 0.5) * each, seat_z - thick / 2),
                fabric,
                radius=0.028,
                crown=(0, 0, 0.008),
            )
    else:
        cushion(
            builder,
            (seat_w, seat_d, thick),
            (0, seat_y, seat_z - thick / 2),
            fabric,
            radius=0.034,
            crown=(0, 0.012, 0.012),
            piping=fabric,
        )
        builder.prism(
            np.add(rounded_rectangle(seat_w - 0.03, seat_d - 0.03, 0.06), (0, seat_y)),
            under - 0.008,
            under + 0.02,
            "plastic_dark",
            bevel=0.004,
        )
    back_y, low = 0.20, seat_z + (0.06 if design != "ribbed" else 0.03)
    if design == "mesh":
        _mesh_back(builder, w, back_y, low, h, "fabric:mesh")
        spine = spline(
            [
                (0, 0.1, under - 0.03),
                (0, 0.22, under - 0.02),
                (0, back_y + 0.055, seat_z + 0.08),
                (0, back_y + 0.06, seat_z + 0.3),
            ],
            12,
        )
        builder.sweep(
            spine,
            rounded_rectangle(0.055, 0.02, 0.007, corner_points=3),
            "plastic_dark",
            up=(0, 0, 1),
            scale=np.linspace(1.1, 0.7, 12),
        )
    else:
        _padded_back(builder, w, back_y, low, h, fabric, 8 if design == "ribbed" else 0)
        spine = spline(
            [
                (0, 0.08, under - 0.03),
                (0, 0.2, under - 0.03),
                (0, back_y + 0.05, seat_z + 0.04),
                (0, back_y + 0.055, seat_z + 0.22),
            ],
            12,
        )
        builder.sweep(
            spine,
            rounded_rectangle(0.07, 0.014, 0.005, corner_points=3),
            "metal" if role != "chrome" else "chrome",
            up=(0, 0, 1),
        )
    if rng.random() < 0.75:
        kind = int(rng.integers(2))
        for side in (-1, 1):
            _armrest(builder, side, w / 2, 0.02, seat_z, kind, role if design == "ribbed" else "plastic_dark")
    return fitted_above(builder, size_m, seat_z)


KINDS: dict[str, Callable[..., MeshBuilder]] = {"office_chair": office_chair}
