"""What is part of the house but stands in a room: columns, half-height walls, chimney breasts, niches."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, fitted, soft
from .legs import chosen

MANTEL_M = 0.16


def column(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A pier of plaster or brick, a round column, or a post of wood or steel, from floor to ceiling."""
    w, d, h = size_m
    designs = {"pier": "", "brick": "rustic modern", "round": "modern classic", "turned": "classic",
               "post": "rustic scandinavian", "steel": "modern"}  # fmt: skip
    name = chosen(rng, params, designs)
    made = MeshBuilder()
    r = min(w, d) / 2
    if name in ("pier", "brick"):
        role = "brick" if name == "brick" else "paint_wall"
        made.block((-w / 2, -d / 2, 0), (w / 2, d / 2, h), role, bevel=0.003)
        if name == "pier":  # skirting goes around it
            made.block(
                (-w / 2 - 0.012, -d / 2 - 0.012, 0),
                (w / 2 + 0.012, d / 2 + 0.012, 0.08),
                "skirting",
                bevel=0.003,
            )
        return fitted(made, size_m)
    if name == "post":
        made.block((-r, -r, 0.0), (r, r, h), "wood_dark:beam", bevel=0.012)
        return made
    if name == "steel":
        made.block((-r, -r, 0), (r, r, 0.012), "metal", bevel=0.002)
        made.block((-r, -r, h - 0.012), (r, r, h), "metal", bevel=0.002)
        for y in (-0.8 * r, 0.8 * r - 0.014):
            made.block((-0.8 * r, y, 0.012), (0.8 * r, y + 0.014, h - 0.012), "metal", bevel=0.001)
        made.block((-0.006, -0.8 * r + 0.014, 0.012), (0.006, 0.8 * r - 0.014, h - 0.012), "metal", bevel=0)
        return made
    if name == "round":
        made.cylinder(r, h, (0, 0, 0), "paint_wall", segments=56)
        return made
    made.block((-r, -r, 0), (r, r, 0.09), "paint_ceiling", bevel=0.004)
    made.block((-r, -r, h - 0.07), (r, r, h), "paint_ceiling", bevel=0.004)
    base = [
        (0, 0.09),
        (0.98 * r, 0.09),
        (r, 0.12),
        (0.95 * r, 0.15),
        (0.84 * r, 0.165),
        (0.88 * r, 0.19),
        (0.8 * r, 0.21),
    ]
    t = np.linspace(0, 1, 9)
    shaft = [(r * (0.78 - 0.12 * u**1.7), 0.22 + (h - 0.42) * u) for u in t]
    head = [
        (0.72 * r, h - 0.19),
        (0.66 * r, h - 0.17),
        (0.7 * r, h - 0.13),
        (0.95 * r, h - 0.08),
        (0.98 * r, h - 0.07),
    ]
    made.lathe(soft([*base, *shaft, *head, (0, h - 0.07)], 0.006, 2), (0, 0, 0), "paint_ceiling", segments=48)
    return fitted(made, size_m)


def half_wall(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A wall of half height with a board on top; its back end is at +y."""
    w, d, h = size_m
    made = MeshBuilder()
    cap = float(rng.uniform(0.022, 0.04))
    slim = w - 0.024
    role = "brick" if params.get("style") in ("rustic", "modern") and rng.random() < 0.3 else "paint_wall"
    made.block((-slim / 2, -d / 2 + 0.012, 0), (slim / 2, d / 2, h - cap), role, bevel=0.002)
    top = str(rng.choice(["skirting", "sill_wood", "sill_wood", "marble"]))
    made.block((-w / 2, -d / 2, h - cap), (w / 2, d / 2, h), top, bevel=0.004)
    if role == "paint_wall":
        made.block(
            (-slim / 2 - 0.011, -d / 2 + 0.001, 0),
            (slim / 2 + 0.011, d / 2 - 0.016, 0.08),
            "skirting",
            bevel=0.002,
        )
    return made


def chimney_breast(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A chimney that stands out from the wall, with a fireplace where `params["mantel_z_m"]` is given."""
    w, d, h = size_m
    from_wall = -d / 2 + (MANTEL_M if "mantel_z_m" in params else 0.0)
    role = "brick" if params.get("style") in ("rustic", "modern") and rng.random() < 0.45 else "paint_wall"
    made = MeshBuilder()
    if "mantel_z_m" not in params:
        made.block((-w / 2, from_wall, 0), (w / 2, d / 2, h), role, bevel=0.003)
        return made
    mantel = float(params["mantel_z_m"])
    hole_w, hole_h = 0.44 * w, min(0.72, 0.62 * mantel)
    made.block((-w / 2, from_wall, 0), (-hole_w / 2, d / 2, h), role, bevel=0.003)
    made.block((hole_w / 2, from_wall, 0), (w / 2, d / 2, h), role, bevel=0.003)
    made.block((-hole_w / 2, from_wall, hole_h), (hole_w / 2, d / 2, h), role, bevel=0.0)
    _hearth(made, rng, hole_w, hole_h, from_wall, d)
    _surround(made, rng, w, hole_w, hole_h, mantel, from_wall, str(params.get("style", "")))
    return fitted(made, size_m)


def _hearth(made: MeshBuilder, rng: np.random.Generator, w: float, h: float, front: float, d: float) -> None:
    """The fireplace's inside, a grate and logs."""
    back = d / 2 - 0.04
    points = [(x, y, z) for y in (front, back) for x, z in ((-w / 2, 0), (w / 2, 0), (w / 2, h), (-w / 2, h))]
    sides = [(i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4) for i in range(4)]
    made.faces(np.array(points), [*(side[::-1] for side in sides[1:]), (4, 7, 6, 5)], "brick:soot")
    made.block((-w / 2 - 0.12, front - MANTEL_M, 0), (w / 2 + 0.12, back, 0.02), "stone", bevel=0.003)
    middle = (front + back) / 2
    for x in (-0.28 * w, 0.28 * w):
        made.block((x - 0.01, middle - 0.1, 0.02), (x + 0.01, middle + 0.08, 0.1), "metal", bevel=0.002)
    for number in range(int(rng.integers(2, 5))):
        y, z = middle - 0.07 + 0.075 * (number % 2) + 0.02 * number, 0.14 + 0.075 * (number // 2)
        tilt = float(rng.normal(0, 0.02))
        made.tube([(-0.36 * w, y + tilt, z), (0.36 * w, y - tilt, z)], 0.04, "wood_dark", segments=12)


def _surround(
    made: MeshBuilder,
    rng: np.random.Generator,
    w: float,
    hole_w: float,
    hole_h: float,
    mantel: float,
    front: float,
    style: str,
) -> None:
    """The frame around a fireplace and the shelf above it."""
    role = {"rustic": "wood_dark:beam", "modern": "stone"}.get(
        style, str(rng.choice(["marble", "skirting", "marble"]))
    )
    reach = 0.43 * w
    made.block((-reach, front - MANTEL_M, mantel - 0.05), (reach, front, mantel), role, bevel=0.006)
    if style == "modern" and rng.random() < 0.5:
        return
    for side in (-1, 1):
        a, b = sorted((side * (hole_w / 2 + 0.015), side * (0.38 * w)))
        made.block((a, front - 0.06, 0.02), (b, front, mantel - 0.05), role, bevel=0.004)
        made.block((a - 0.012, front - 0.075, 0.02), (b + 0.012, front, 0.14), role, bevel=0.004)
    made.block(
        (-hole_w / 2 - 0.015, front - 0.055, hole_h + 0.02),
        (hole_w / 2 + 0.015, front, mantel - 0.05),
        role,
        bevel=0.003,
    )
    if style == "classic":
        made.block(
            (-0.4 * w, front - 0.11, mantel - 0.09), (0.4 * w, front, mantel - 0.05), role, bevel=0.012
        )


def niche(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """The sill of a niche; its recess belongs to the wall."""
    w, d, _ = size_m
    made = MeshBuilder()
    role = str(rng.choice(["paint_wall", "skirting", "sill_wood", "marble"]))
    made.block(
        (-w / 2 + 0.0005, -d / 2 - 0.012, -0.018), (w / 2 - 0.0005, d / 2 - 0.0005, 0.0), role, bevel=0.003
    )
    return made


KINDS: dict[str, Callable[..., MeshBuilder]] = {
    "column": column,
    "half_wall": half_wall,
    "chimney_breast": chimney_breast,
    "niche": niche,
}
