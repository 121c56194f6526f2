"""Beds with their bedding, and nightstands. Lengths are metres; the headboard is at +y."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .bedding import band, draw_drape, duvet, pillow
from .forms import Size, fitted, placed, soft
from .fronts import Bay, Grid, draw_look, fill_grid
from .legs import case_feet, chosen, four, leg, rail, round_leg, timber
from .upholstery import cushion, tufted

REACH = 0.05
"""How far the bedding may stand out from the mattress at the sides and the foot."""

_HEADBOARDS = {
    "panel": "", "slatted": "scandinavian rustic modern", "tufted": "classic modern",
    "channel": "modern classic", "cushions": "modern scandinavian", "iron": "classic rustic",
    "planks": "rustic", "rattan": "scandinavian rustic",
}  # fmt: skip


def bed(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A made bed. The highest point of the cover is at `params["mattress_z_m"]`, the headboard's at h."""
    w, d, h = size_m
    top_z = float(params.get("mattress_z_m", 0.55))
    design = chosen(rng, params, _HEADBOARDS)
    material = timber(rng, params)
    fabric = ("fabric", "linen", "fabric_accent")[int(rng.integers(3))]
    builder = MeshBuilder()
    soft_frame = design in ("tufted", "channel", "cushions")
    thick = _headboard(builder, rng, design, size_m, top_z, material, fabric)
    width = w - 2 * REACH
    y1 = d / 2 - thick - 0.004
    y0 = -d / 2 + REACH
    loft = float(rng.uniform(0.04, 0.055))
    tall = float(rng.uniform(0.2, 0.24))
    mattress_z = top_z - loft
    bottom = mattress_z - tall
    _frame(builder, rng, width, y0, y1, bottom, material, fabric if soft_frame else None, design == "iron")
    cushion(
        builder,
        (width, y1 - y0, tall),
        (0, (y0 + y1) / 2, bottom + tall / 2),
        "linen:sheet",
        radius=0.045,
        crown=(0, 0, 0.004),
        piping="linen:sheet",
        spacing=0.12,
    )
    _bedding(builder, rng, width, y0, y1, (bottom, mattress_z, top_z), h)
    return fitted_in_plan(builder, size_m)


def fitted_in_plan(builder: MeshBuilder, size_m: Size) -> MeshBuilder:
    """Stretched in x and y only, so that heights stay what they are."""
    low, high = builder.bounds()
    return fitted(builder, (size_m[0], size_m[1], float(high[2] - low[2])))


def _headboard(
    builder: MeshBuilder,
    rng: np.random.Generator,
    design: str,
    size_m: Size,
    top_z: float,
    material: str,
    fabric: str,
) -> float:
    """The headboard against +y, up to h; returns its thickness."""
    w, d, h = size_m
    x, y = w / 2, d / 2
    low = top_z - 0.28
    if design in ("tufted", "channel", "cushions"):
        thick = 0.09
        cushion(
            builder, (w, 0.05, h - 0.05), (0, y - 0.025, (h + 0.05) / 2), fabric, radius=0.02, spacing=0.15
        )
        for side in (-1, 1):
            builder.cylinder(0.02, 0.055, (side * (x - 0.1), y - 0.025, 0), "metal", segments=14)
        if design == "cushions":
            count = 2 if w > 1.2 else 1
            edges = np.linspace(-x + 0.02, x - 0.02, count + 1)
            for a, b in itertools.pairwise(edges):
                body = MeshBuilder()
                cushion(
                    body,
                    (b - a - 0.008, h - low - 0.06, 0.06),
                    (0, 0, 0),
                    fabric,
                    radius=0.028,
                    crown=(0, 0, 0.012),
                    rng=rng,
                    wrinkle=0.006,
                    piping=fabric,
                )
                turn = np.array(
                    [
                        [1, 0, 0, (a + b) / 2],
                        [0, 0, -1.0, y - 0.065],
                        [0, 1, 0, (low + h - 0.03) / 2],
                        [0, 0, 0, 1],
                    ]
                )
                builder.merge(body, turn)
        else:
            kind = "channel" if design == "channel" else ("diamond", "square")[int(rng.integers(2))]
            tufted(
                builder,
                w - 0.03,
                h - low - 0.03,
                0.055,
                placed(0, y - 0.045, low + 0.015),
                fabric,
                design=kind,
                pitch=0.14 if kind == "channel" else 0.19,
            )
        return thick
    if design == "iron":
        metal = str(rng.choice(["metal", "metal", "brass"]))
        r, t = 0.014, 0.036
        for side in (-1, 1):
            builder.tube(
                [(side * (x - 0.018), y - 0.018, 0.0), (side * (x - 0.018), y - 0.018, h - 0.03)],
                0.0175,
                metal,
                segments=14,
            )
            builder.lathe(
                soft(
                    [
                        (0, 0),
                        (0.02, 0),
                        (0.02, 0.006),
                        (0.01, 0.01),
                        (0.018, 0.018),
                        (0.012, 0.032),
                        (0, 0.034),
                    ],
                    0.003,
                ),
                (side * (x - 0.018), y - 0.018, h - 0.034),
                metal,
                segments=16,
            )
        for z in (h - 0.09, top_z - 0.05):
            builder.tube(
                [(-x + 0.018, y - 0.018, z), (x - 0.018, y - 0.018, z)], r * 0.75, metal, segments=10
            )
        count = max(5, round(w / 0.14))
        for u in np.linspace(-x + 0.018, x - 0.018, count + 2)[1:-1]:
            builder.tube([(u, y - 0.018, top_z - 0.05), (u, y - 0.018, h - 0.09)], 0.0065, metal, segments=8)
        return t
    post, thick = 0.05, 0.045
    for side in (-1, 1):
        a, b = sorted((side * x, side * (x - post)))
        builder.block((a, y - thick, 0), (b, y, h), material, bevel=0.004)
    left, right = -x + post, x - post
    if design == "panel":
        builder.block((left, y - 0.034, low), (right, y - 0.008, h - 0.0), material, bevel=0.004)
        if rng.random() < 0.6:
            builder.block((left, y - 0.042, h - 0.075), (right, y - 0.004, h), material, bevel=0.004)
            count = 1 if w < 1.2 else int(rng.integers(2, 4))
            edges = np.linspace(left, right, count + 1)
            for e in edges[1:-1]:
                builder.block((e - 0.03, y - 0.041, low), (e + 0.03, y - 0.006, h - 0.075), material)
    elif design == "planks":
        levels = np.linspace(low, h, max(3, round((h - low) / 0.16)) + 1)
        for a, b in itertools.pairwise(levels):
            builder.block(
                (left - 0.02, y - 0.04 - 0.004, a + 0.0015),
                (right + 0.02, y - 0.012, b),
                material,
                bevel=0.004,
            )
    elif design == "rattan":
        builder.block((left, y - 0.04, h - 0.05), (right, y - 0.006, h), material, bevel=0.006)
        builder.block((left, y - 0.04, top_z - 0.1), (right, y - 0.006, top_z - 0.05), material, bevel=0.006)
        builder.block((left, y - 0.026, top_z - 0.05), (right, y - 0.021, h - 0.05), "rattan", bevel=0)
        for e in np.linspace(left, right, 4 if w > 1.2 else 3)[1:-1]:
            builder.block(
                (e - 0.016, y - 0.036, top_z - 0.05), (e + 0.016, y - 0.01, h - 0.05), material, bevel=0.004
            )
    else:  # slatted: upright or level slats
        builder.block((left, y - 0.042, h - 0.06), (right, y - 0.006, h), material, bevel=0.006)
        builder.block(
            (left, y - 0.038, top_z - 0.09), (right, y - 0.008, top_z - 0.03), material, bevel=0.004
        )
        if rng.random() < 0.6:
            count = max(6, round(w / 0.085))
            for u in np.linspace(left, right, count + 2)[1:-1]:
                builder.block(
                    (u - 0.016, y - 0.03, top_z - 0.03),
                    (u + 0.016, y - 0.014, h - 0.06),
                    material,
                    bevel=0.002,
                )
        else:
            for z in np.linspace(top_z + 0.02, h - 0.11, max(2, round((h - top_z) / 0.13))):
                builder.block(
                    (left, y - 0.032, z - 0.035), (right, y - 0.012, z + 0.035), material, bevel=0.003
                )
    return thick


def _frame(
    builder: MeshBuilder,
    rng: np.random.Generator,
    w: float,
    y0: float,
    y1: float,
    top: float,
    material: str,
    fabric: str | None,
    iron: bool,
) -> None:
    """Rails and legs below the mattress, or an upholstered box."""
    x = w / 2 - 0.002
    y1 += 0.004
    if fabric:
        low = 0.05 if rng.random() < 0.5 else 0.12
        cushion(
            builder,
            (w - 0.002, y1 - y0, top + 0.03 - low),
            (0, (y0 + y1) / 2, (top + 0.03 + low) / 2),
            fabric,
            radius=0.018,
            piping=fabric,
            spacing=0.2,
        )
        for cx, cy in four(x - 0.08, (y1 - y0) / 2 - 0.08):
            builder.cylinder(0.022, low + 0.004, (cx, cy + (y0 + y1) / 2, 0), "wood_dark", segments=14)
        return
    if iron:
        for side in (-1, 1):
            rail(
                builder,
                (side * (x - 0.015), y0 + 0.02, top - 0.01),
                (side * (x - 0.015), y1, top - 0.01),
                (0.03, 0.04),
                "metal",
            )
            builder.tube(
                [(side * (x - 0.02), y0 + 0.02, 0.0), (side * (x - 0.02), y0 + 0.02, top)],
                0.0175,
                "metal",
                segments=12,
            )
        rail(builder, (-x, y0 + 0.02, top - 0.01), (x, y0 + 0.02, top - 0.01), (0.03, 0.04), "metal")
    else:
        low = max(top - float(rng.uniform(0.1, 0.17)), 0.06)
        t = 0.026
        for side in (-1, 1):
            a, b = sorted((side * x, side * (x - t)))
            builder.block((a, y0, low), (b, y1, top + 0.025), material, bevel=0.003)
        builder.block((-x + t, y0, low), (x - t, y0 + t, top + 0.025), material, bevel=0.003)
        kind = int(rng.integers(3))
        for cx in (-x + 0.05, x - 0.05):
            if kind == 0:
                round_leg(builder, (cx, y0 + 0.03, 0), (cx, y0 + 0.06, low + 0.01), 0.018, 0.028, material)
            elif kind == 1:
                leg(builder, (cx, y0 + 0.05, 0), (cx, y0 + 0.05, low + 0.01), 0.05, 0.06, material)
            else:
                builder.block(
                    (cx - 0.049 if cx < 0 else cx - 0.03, y0 + 0.001, 0),
                    (cx + 0.03 if cx < 0 else cx + 0.049, y0 + 0.08, low + 0.004),
                    material,
                )
    for y in np.linspace(y0 + 0.12, y1 - 0.12, 12):
        builder.block((-x + 0.02, y - 0.035, top - 0.018), (x - 0.02, y + 0.035, top), "wood_light", bevel=0)


def _bedding(
    builder: MeshBuilder,
    rng: np.random.Generator,
    width: float,
    y0: float,
    y1: float,
    heights: tuple[float, float, float],
    headboard_z: float,
) -> None:
    """Pillows, the cover, its turned-down sheet, and at times a folded throw, on a mattress from y0 to y1.

    `heights` are those of the mattress's underside and top, and of the highest point of the cover.
    """
    bottom, mattress_z, top_z = heights
    count = 1 if width < 1.15 else 2
    wide = min(0.74, width / count - 0.04)
    stacked = rng.random() < 0.5 and headboard_z - mattress_z > 0.44
    role = ("linen:pillow", "duvet")[int(rng.integers(2))]
    for index in range(count):
        x = (index - (count - 1) / 2) * width / count * 0.97 + float(rng.normal(0, 0.008))
        yaw, tilt = float(rng.normal(0, 2.5)), float(rng.normal(0, 2))
        if stacked:
            back = placed(x, y1 - 0.12, mattress_z + 0.20, pitch_deg=64.0 + tilt, yaw_deg=yaw * 0.5)
            pillow(builder, (wide, 0.46, 0.17), back, role, rng)
            before = placed(x, y1 - 0.32, mattress_z + 0.155, pitch_deg=36.0 + tilt, yaw_deg=yaw)
            pillow(builder, (wide, 0.44, 0.17), before, "linen:pillow", rng)
        else:
            flat = placed(x, y1 - 0.25, mattress_z + 0.075, pitch_deg=9.0 + tilt, yaw_deg=yaw)
            pillow(builder, (wide, 0.46, 0.18), flat, role, rng)
    head_y = y1 - (0.56 if stacked else 0.49)
    hang = float(rng.uniform(0.7, 1.15)) * (mattress_z - bottom)
    drape = draw_drape(rng, width, y0, reach=REACH, hang=hang)
    loft = top_z - mattress_z
    duvet(builder, rng, drape, head_y, hang, mattress_z, loft, "duvet")
    if rng.random() < 0.5:
        span = (head_y - float(rng.uniform(0.16, 0.28)), head_y + 0.012)
        band(builder, rng, drape, span, hang * 0.97, top_z + 0.004, 0.031, "linen:sheet")
    if rng.random() < 0.45:
        foot = y0 + float(rng.uniform(0.2, 0.4))
        span = (foot, foot + float(rng.uniform(0.35, 0.55)))
        long = hang * float(rng.uniform(0.75, 1.1))
        band(builder, rng, drape, span, long, top_z + 0.008, 0.036, "fabric_accent:throw")


def nightstand(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bedside table with drawers, a shelf or a door; its top is flat at z = h."""
    designs = {
        "drawers": "",
        "shelf": "",
        "door": "classic rustic scandinavian",
        "block": "modern scandinavian",
    }
    design = chosen(rng, params, designs)
    material = timber(rng, params)
    w, d, h = size_m
    look = draw_look(rng, material, params)
    builder = MeshBuilder()
    slab = 0.02
    builder.prism(rounded_rectangle(w, d, 0.008), h - slab, h, material, bevel=0.003)
    feet = {"block": "plinth"}.get(design, ("tapered", "block", "tapered", "bracket")[int(rng.integers(4))])
    lift = {"tapered": 0.16, "plinth": 0.05}.get(feet, 0.09)
    bays = {
        "drawers": [Bay("drawer", 1.0)] * (2 if h < 0.55 else 3),
        "shelf": [Bay("drawer", 1.0), Bay("open", 1.7)],
        "door": [Bay("drawer", 1.0), Bay("door", 2.2)],
        "block": [Bay("drawer", 1.0)] * 2,
    }[design]
    inset = 0.006 if look.handle != "groove" else 0.0
    grid = Grid(-w / 2 + inset, w / 2 - inset, lift, h - slab, -d / 2 + 0.001, d / 2 - 0.002)
    fill_grid(builder, rng, grid, [bays], material, params, look=look)
    base = MeshBuilder()
    case_feet(base, rng, feet, w - 2 * inset, d - 0.03, lift, material)
    return builder.merge(base, placed(y=0.013))


KINDS: dict[str, Callable[..., MeshBuilder]] = {"bed": bed, "nightstand": nightstand}
