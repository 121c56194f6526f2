"""Tables and desks. Every top is flat at exactly z = h, rectangular unless `params["round"]` is true."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, soft
from .fronts import Bay, Grid, fill_grid
from .legs import chosen, four, hairpin_leg, leg, rail, round_leg, steel_loop, timber, turned_leg


def _top(
    builder: MeshBuilder,
    rng: np.random.Generator,
    size_m: Size,
    thickness: float,
    material: str,
    params: dict,
) -> None:
    """The top: an eased or knife-edged slab, planks, or a round or oval one."""
    w, d, h = size_m
    edge = int(rng.integers(4))
    if params.get("round"):
        angles = np.linspace(0, 2 * math.pi, 64, endpoint=False)
        outline = np.column_stack([np.cos(angles) * w / 2, np.sin(angles) * d / 2])
        builder.prism(outline, h - thickness, h, material, bevel=min(0.012, thickness * 0.4))
    elif edge == 0 and params.get("style") in (None, "rustic") and thickness >= 0.025:
        count = max(3, round(d / 0.17))
        cuts = np.linspace(-d / 2, d / 2, count + 1)
        cuts[1:-1] += rng.uniform(-0.012, 0.012, count - 1)
        for low, high in itertools.pairwise(cuts):
            builder.block((-w / 2, low, h - thickness), (w / 2, high, h), material, bevel=0.002)
    elif edge == 1:  # underside drawn in, so that the edge looks thin
        radius, inset = 0.02, min(0.05, d * 0.12)
        steps = [(inset, h - thickness), (inset * 0.12, h - thickness * 0.42), (0.002, h - thickness * 0.4)]
        steps += [(0.0, h - thickness * 0.36), (0.0, h - 0.003), (0.001, h - 0.0008), (0.003, h)]
        rings = [
            np.column_stack([rounded_rectangle(w - 2 * i, d - 2 * i, radius), np.full(16, z)])
            for i, z in steps
        ]
        builder.loft(np.array(rings), material)
    else:
        radius = (0.004, 0.004, 0.012, 0.03)[edge]
        bevel = min(0.003 if edge != 3 else 0.006, thickness * 0.45)
        outline = rounded_rectangle(w, d, max(radius, bevel * 1.5), corner_points=5)
        builder.prism(outline, h - thickness, h, material, bevel=bevel)


def _apron(
    builder: MeshBuilder, x: float, y: float, bottom: float, top: float, material: str, t: float = 0.022
) -> None:
    """Boards under the top between legs whose centres are at (±x, ±y)."""
    for side in (-1, 1):
        builder.block((-x, side * y - t / 2, bottom), (x, side * y + t / 2, top), material)
        builder.block((side * x - t / 2, -y, bottom), (side * x + t / 2, y, top), material)


def _tapered(builder: MeshBuilder, rng: np.random.Generator, size_m: Size, material: str) -> None:
    w, d, h = size_m
    size = float(rng.uniform(0.045, 0.07)) * min(1.0, 0.5 + h)
    x, y = w / 2 - size / 2 - 0.03, d / 2 - size / 2 - 0.03
    _apron(builder, x, y, h - min(0.085, 0.2 * h), h, material)
    taper = float(rng.choice([0.5, 0.6, 1.0]))
    for cx, cy in four(x, y):
        inwards = size * (1 - taper) / 2
        foot = (cx + math.copysign(inwards, cx), cy + math.copysign(inwards, cy), 0.0)
        leg(builder, foot, (cx, cy, h - 0.002), size * taper, size, material)


def _splayed(builder: MeshBuilder, rng: np.random.Generator, size_m: Size, material: str) -> None:
    w, d, h = size_m
    splay = float(rng.uniform(0.08, 0.16)) * h
    r = 0.016 + 0.012 * h
    x, y = w / 2 - splay - 0.05, d / 2 - splay * 0.8 - 0.05
    _apron(builder, x, y, h - min(0.06, 0.16 * h), h, material, 0.02)
    brass = bool(rng.random() < 0.3)
    for cx, cy in four(x, y):
        foot = (cx + math.copysign(splay, cx), cy + math.copysign(splay * 0.8, cy), 0.0)
        round_leg(builder, foot, (cx, cy, h - 0.002), r * 0.6, r * 1.25, material)
        if brass:  # a ferrule
            share = min(0.08, 0.12 * h) / h
            upper = np.array(foot) * (1 - share) + np.array((cx, cy, h)) * share
            size = r * (0.6 + 0.65 * share)
            round_leg(builder, foot, upper, r * 0.6 + 0.0012, size + 0.0012, "brass")


def _turned(builder: MeshBuilder, rng: np.random.Generator, size_m: Size, material: str) -> None:
    w, d, h = size_m
    size = 0.028 + 0.062 * h
    x, y = w / 2 - size / 2 - 0.035, d / 2 - size / 2 - 0.035
    _apron(builder, x, y, h - min(0.1, 0.22 * h), h, material)
    design = int(rng.integers(3))
    for cx, cy in four(x, y):
        turned_leg(builder, cx, cy, h - 0.002, size, material, design)


def _hairpin(builder: MeshBuilder, rng: np.random.Generator, size_m: Size, material: str) -> None:
    w, d, h = size_m
    metal = str(rng.choice(["metal", "metal", "brass", "metal_brushed"]))
    for cx, cy in four(w / 2 - 0.03, d / 2 - 0.03):
        hairpin_leg(builder, cx, cy, h, metal)


def _loops(builder: MeshBuilder, rng: np.random.Generator, size_m: Size, material: str) -> None:
    w, d, h = size_m
    along = float(rng.uniform(0.03, 0.08)) if h > 0.6 else 0.03
    metal = str(rng.choice(["metal", "metal", "metal_brushed", "brass" if h < 0.6 else "metal"]))
    inset = float(rng.uniform(0.04, 0.09))
    for side in (-1, 1):
        steel_loop(builder, side * (w / 2 - inset - along / 2), d - 0.1, h, metal, (along, 0.02))
    if rng.random() < 0.5:
        for y in (-d / 2 + 0.06, d / 2 - 0.06):
            builder.block((-w / 2 + inset, y - 0.01, h - 0.02), (w / 2 - inset, y + 0.01, h), metal)


def _trestle(builder: MeshBuilder, rng: np.random.Generator, size_m: Size, material: str) -> None:
    w, d, h = size_m
    x = w / 2 - 0.16 * min(1.0, w / 1.6)
    post, foot = 0.09 if h > 0.6 else 0.06, 0.07
    crossed = rng.random() < 0.4
    for side in (-x, x):
        builder.block((side - foot / 2, -d / 2 + 0.1, h - 0.06), (side + foot / 2, d / 2 - 0.1, h), material)
        if crossed:
            for sign in (-1, 1):
                shift = sign * 0.017
                low, high = sign * (d / 2 - 0.09), -sign * (d / 2 - 0.14)
                leg(
                    builder,
                    (side + shift, low, 0),
                    (side + shift, high, h - 0.05),
                    (0.034, 0.08),
                    (0.034, 0.08),
                    material,
                )
        else:
            outline = [(-d / 2 + 0.06, 0), (-d / 2 + 0.06, 0.03), (-0.07, 0.075), (0.07, 0.075)]
            outline += [(d / 2 - 0.06, 0.03), (d / 2 - 0.06, 0), (d / 2 - 0.14, 0), (d / 2 - 0.17, 0.018)]
            outline += [(-d / 2 + 0.17, 0.018), (-d / 2 + 0.14, 0)]
            line = np.array(outline)
            rings = [
                np.column_stack([np.full(len(line), v), line]) for v in (side + foot / 2, side - foot / 2)
            ]
            builder.loft(np.array(rings), material, smooth=False)
            for y in (-0.05, 0.05) if d > 0.7 else (0.0,):
                builder.block(
                    (side - foot * 0.35, y - post * 0.45, 0.07),
                    (side + foot * 0.35, y + post * 0.45, h - 0.05),
                    material,
                )
    builder.block((-x - 0.07, -0.02, 0.32 * h), (x + 0.07, 0.02, 0.32 * h + min(0.1, 0.14 * h)), material)


def _pedestal(builder: MeshBuilder, rng: np.random.Generator, size_m: Size, material: str) -> None:
    """One foot in the middle, two under a long top: a tulip, or a steel column on a disc."""
    w, d, h = size_m
    spots = [0.0] if w < 1.45 * d else [-0.26 * w, 0.26 * w]
    reach = min(w, d) / 2 * (0.62 if len(spots) == 1 else 0.5)
    tulip = rng.random() < 0.5
    role = str(rng.choice(["painted_wood", "metal", material]))
    for x in spots:
        if tulip:
            profile = [
                (0, 0),
                (reach, 0),
                (reach, 0.006),
                (reach * 0.8, 0.016),
                (reach * 0.35, 0.05 * h + 0.02),
            ]
            profile += [(0.05, 0.16 * h), (0.036, 0.4 * h), (0.04, 0.7 * h), (0.08, 0.9 * h)]
            profile += [(0.15, h - 0.012), (0, h - 0.012)]
            builder.lathe(soft(profile, 0.05 * h, 4), (x, 0, 0), role, segments=40)
            builder.cylinder(min(0.15, reach), 0.014, (x, 0, h - 0.014), role, segments=32)
        else:
            builder.cylinder(reach, 0.018, (x, 0, 0), "metal", bevel=0.006, segments=48)
            builder.cylinder(0.028 + 0.02 * h, h - 0.02, (x, 0, 0.012), "metal", segments=28)
            builder.cylinder(min(0.2, reach), 0.012, (x, 0, h - 0.012), "metal", segments=32)


def _panels(builder: MeshBuilder, rng: np.random.Generator, size_m: Size, material: str) -> None:
    w, d, h = size_m
    t = float(rng.uniform(0.03, 0.05))
    for side in (-1, 1):
        low, high = sorted((side * (w / 2 - 0.004), side * (w / 2 - 0.004 - t)))
        builder.block((low, -d / 2 + 0.01, 0), (high, d / 2 - 0.01, h - 0.004), material)


def _cage(builder: MeshBuilder, rng: np.random.Generator, size_m: Size, material: str) -> None:
    """A cube of thin square steel with its lower ring near the floor."""
    w, d, h = size_m
    t = 0.018
    metal = str(rng.choice(["metal", "brass", "metal_brushed", "metal"]))
    x, y = w / 2 - t / 2 - 0.004, d / 2 - t / 2 - 0.004
    for cx, cy in four(x, y):
        builder.block((cx - t / 2, cy - t / 2, 0), (cx + t / 2, cy + t / 2, h), metal, bevel=0.0015)
    for z in (t / 2, h - t / 2):
        for side in (-1, 1):
            builder.box((2 * x - t, t, t), (0, side * y, z), metal, bevel=0.0015)
            builder.box((t, 2 * y - t, t), (side * x, 0, z), metal, bevel=0.0015)


Base = Callable[[MeshBuilder, np.random.Generator, Size, str], None]
_BASES: dict[str, Base] = {
    "tapered": _tapered, "splayed": _splayed, "turned": _turned, "hairpin": _hairpin, "loops": _loops,
    "trestle": _trestle, "pedestal": _pedestal, "panels": _panels, "cage": _cage,
}  # fmt: skip


_UNDER_ROUND = 0.7
"""Width of the base under a round top, as a part of the top's."""
_UNDER_GLASS = frozenset({"loops", "trestle", "pedestal", "splayed", "hairpin", "cage", "c_frame", "panels"})
"""Bases without drawers or aprons, which may carry a top of glass; 1.2 cm thick."""
_GLASS_TOPS = 0.35


def _slab(
    rng: np.random.Generator, design: str, thickness: float, material: str, params: dict
) -> tuple[float, str]:
    """Thickness and material of a top: of glass now and then, but in rustic rooms."""
    glassy = rng.random() < _GLASS_TOPS and design in _UNDER_GLASS and params.get("style") != "rustic"
    return (0.012, "glass") if glassy else (thickness, material)


def dining_table(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A dining table on legs, trestles, steel loops or a pedestal."""
    designs = {
        "tapered": "", "trestle": "rustic classic modern", "turned": "classic rustic",
        "loops": "modern rustic scandinavian", "splayed": "scandinavian modern", "pedestal": "classic modern",
    }  # fmt: skip
    design = "pedestal" if params.get("round") else chosen(rng, params, designs)
    material = timber(rng, params, painted=False)
    w, d, h = size_m
    thickness, slab = _slab(rng, design, float(rng.uniform(0.028, 0.045)), material, params)
    builder = MeshBuilder()
    _top(builder, rng, size_m, thickness, slab, params)
    legs = "painted_wood" if design in ("turned", "tapered") and rng.random() < 0.3 else material
    _BASES[design](builder, rng, (w, d, h - thickness), legs)
    return builder


def coffee_table(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A low table: with a shelf, drawers, a glass top, on hairpins, splayed legs or panels."""
    designs = {
        "shelf": "", "splayed": "scandinavian modern", "hairpin": "modern scandinavian rustic",
        "glass": "modern classic", "panels": "modern rustic scandinavian", "turned": "classic rustic",
        "drawer": "classic scandinavian rustic", "marble": "modern classic",
    }  # fmt: skip
    design = chosen(rng, params, designs)
    material = timber(rng, params, painted=False)
    w, d, h = size_m
    builder = MeshBuilder()
    thickness = float(rng.uniform(0.022, 0.04))
    if design in ("glass", "marble"):
        slab = "glass" if design == "glass" else "marble"
        thickness = 0.010 if design == "glass" else 0.02
        _top(builder, rng, size_m, thickness, slab, {**params, "style": "modern"})
        _BASES["cage"](builder, rng, (w - 0.004, d - 0.004, h - thickness), material)
        if rng.random() < 0.6:
            board = str(rng.choice([material, "metal", "glass"]))
            builder.block((-w / 2 + 0.02, -d / 2 + 0.02, 0.018), (w / 2 - 0.02, d / 2 - 0.02, 0.03), board)
        return builder
    thickness, slab = _slab(rng, design, thickness, material, params)
    _top(builder, rng, size_m, thickness, slab, params)
    under = (w, d, h - thickness)
    base = {"shelf": str(rng.choice(["tapered", "tapered", "panels"])), "drawer": "tapered"}.get(
        design, design
    )
    if params.get("round") and base not in ("splayed", "hairpin"):
        base = "pedestal"
    if params.get("round"):
        under = (w * _UNDER_ROUND, d * _UNDER_ROUND, h - thickness)
    if design == "drawer" and base == "tapered":
        case_h = min(0.13, 0.36 * h)
        z = h - thickness
        grid = Grid(-w / 2 + 0.03, w / 2 - 0.03, z - case_h, z, -d / 2 + 0.02, d / 2 - 0.02)
        bays = [Bay("drawer", 1.0)] if w < 0.9 else [Bay("drawer", 1.0), Bay("drawer", 1.0)]
        fill_grid(builder, rng, grid, [[bay] for bay in bays], material, params)
        for cx, cy in four(w / 2 - 0.07, d / 2 - 0.06):
            leg(builder, (cx, cy, 0), (cx, cy, z - case_h), 0.036, 0.048, material)
        return builder
    _BASES[base](builder, rng, under, material)
    if design == "shelf" and not params.get("round"):
        inset = 0.055 if base == "tapered" else 0.006
        builder.block((-w / 2 + inset, -d / 2 + 0.05, 0.12), (w / 2 - inset, d / 2 - 0.05, 0.138), material)
    return builder


def side_table(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A small table next to a seat."""
    designs = {
        "splayed": "scandinavian modern", "pedestal": "modern classic", "cage": "modern",
        "drawer": "classic rustic scandinavian", "turned": "classic rustic", "shelf": "", "c_frame": "modern",
    }  # fmt: skip
    if params.get("round"):
        designs = {"splayed": "scandinavian rustic modern", "pedestal": "modern classic", "hairpin": ""}
    design = chosen(rng, params, designs)
    material = timber(rng, params)
    w, d, h = size_m
    builder = MeshBuilder()
    thickness = float(rng.uniform(0.018, 0.026))
    top = str(rng.choice(["marble", material])) if design in ("cage", "pedestal") else material
    thickness, top = _slab(rng, design, thickness, top, params)
    _top(builder, rng, size_m, thickness, top, {**params, "style": "modern"})
    z = h - thickness
    if design == "drawer":
        case_h = min(0.15, 0.3 * h)
        grid = Grid(-w / 2 + 0.02, w / 2 - 0.02, z - case_h, z, -d / 2 + 0.015, d / 2 - 0.015)
        fill_grid(builder, rng, grid, [[Bay("drawer", 1.0)]], material, params)
        for cx, cy in four(w / 2 - 0.045, d / 2 - 0.04):
            leg(builder, (cx, cy, 0), (cx, cy, z - case_h), 0.024, 0.038, material)
    elif design == "shelf":
        size = 0.032
        for cx, cy in four(w / 2 - size / 2 - 0.008, d / 2 - size / 2 - 0.008):
            leg(builder, (cx, cy, 0), (cx, cy, z), size, size, material)
        _apron(builder, w / 2 - 0.024, d / 2 - 0.024, z - 0.045, z, material, 0.016)
        builder.block((-w / 2 + 0.012, -d / 2 + 0.012, 0.14), (w / 2 - 0.012, d / 2 - 0.012, 0.156), material)
    elif design == "c_frame":
        t, metal = 0.02, str(rng.choice(["metal", "brass", "metal_brushed"]))
        for y in (-d / 2 + 0.03, d / 2 - 0.03):
            builder.block((-w / 2 + 0.01, y - t / 2, 0), (w / 2 - 0.02, y + t / 2, t), metal)
            builder.block((-w / 2 + 0.01, y - t / 2, t), (-w / 2 + 0.01 + t, y + t / 2, z), metal)
            builder.block((-w / 2 + 0.01 + t, y - t / 2, z - t), (w / 2 - 0.04, y + t / 2, z), metal)
        for x in (-w / 2 + 0.02, w / 2 - 0.03):
            builder.box((t, d - 0.06 - t, t), (x, 0, t / 2), metal)
    else:
        under = (w * _UNDER_ROUND, d * _UNDER_ROUND, z) if params.get("round") else (w, d, z)
        _BASES[design](builder, rng, under, material)
    return builder


def desk(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A desk; its user sits at the front."""
    designs = {
        "writing": "classic scandinavian rustic", "drawers": "", "trestle": "scandinavian rustic modern",
        "standing": "modern", "loops": "modern", "panels": "modern scandinavian", "double": "classic modern",
    }  # fmt: skip
    design = chosen(rng, params, designs)
    material = timber(rng, params)
    w, d, h = size_m
    builder = MeshBuilder()
    thickness, slab = _slab(rng, design, float(rng.uniform(0.022, 0.032)), material, params)
    _top(builder, rng, size_m, thickness, slab, {**params, "style": "modern"})
    z = h - thickness
    if design == "writing":
        case_h, count = 0.095, 2 if w < 1.35 else 3
        grid = Grid(-w / 2 + 0.03, w / 2 - 0.03, z - case_h, z, -d / 2 + 0.02, d / 2 - 0.02)
        fill_grid(builder, rng, grid, [[Bay("drawer", 1.0)] for _ in range(count)], material, params)
        for cx, cy in four(w / 2 - 0.065, d / 2 - 0.055):
            inwards = math.copysign(0.01, cx), math.copysign(0.01, cy)
            leg(builder, (cx + inwards[0], cy + inwards[1], 0), (cx, cy, z - case_h), 0.026, 0.05, material)
    elif design == "standing":
        metal = str(rng.choice(["metal", "painted_wood", "metal_brushed"]))
        for x in (-w / 2 + 0.16, w / 2 - 0.16):
            builder.box((0.07, d - 0.06, 0.022), (x, 0, 0.019), metal, bevel=0.008)
            for y in (-d / 2 + 0.08, d / 2 - 0.08):
                builder.cylinder(0.015, 0.009, (x, y, 0), "plastic_dark", segments=16)
            builder.block((x - 0.035, -0.03, 0.028), (x + 0.035, 0.03, z * 0.62), metal, bevel=0.004)
            builder.block((x - 0.03, -0.025, z * 0.6), (x + 0.03, 0.025, z - 0.02), metal, bevel=0.004)
            builder.box((0.05, d - 0.12, 0.03), (x, 0, z - 0.015), metal)
        builder.block((-w / 2 + 0.16, -0.03, z - 0.05), (w / 2 - 0.16, 0.03, z - 0.012), metal)
        builder.block(
            (w / 2 - 0.36, -d / 2 + 0.005, z - 0.016), (w / 2 - 0.26, -d / 2 + 0.025, z), "plastic_dark"
        )
    elif design in ("drawers", "double"):
        block_w = min(0.40, max(0.3, w * 0.28))
        sides = (-1, 1) if design == "double" and w > 1.4 else (int(rng.choice([-1, 1])),)
        for side in (-1, 1):
            if side in sides:
                low, high = sorted((side * (w / 2 - 0.015), side * (w / 2 - 0.015 - block_w)))
                grid = Grid(low, high, 0.03, z, -d / 2 + 0.02, d / 2 - 0.02)
                rows = [Bay("drawer", 1.0), Bay("drawer", 1.0), Bay("drawer", float(rng.choice([1.0, 2.0])))]
                fill_grid(builder, rng, grid, [rows], material, params)
                builder.block(
                    (low + 0.02, -d / 2 + 0.05, 0), (high - 0.02, d / 2 - 0.04, 0.031), "plastic_dark"
                )
            elif rng.random() < 0.5:
                steel_loop(builder, side * (w / 2 - 0.05), d - 0.06, z, "metal", (0.04, 0.02))
            else:
                low, high = sorted((side * (w / 2 - 0.015), side * (w / 2 - 0.043)))
                builder.block((low, -d / 2 + 0.02, 0), (high, d / 2 - 0.02, z), material)
        builder.block((-w / 2 + 0.03, d / 2 - 0.06, z - 0.35), (w / 2 - 0.03, d / 2 - 0.042, z), material)
    else:
        _BASES[design](builder, rng, (w, d, z), material)
        if design == "panels":
            builder.block((-w / 2 + 0.03, d / 2 - 0.08, z - 0.3), (w / 2 - 0.03, d / 2 - 0.06, z), material)
    if design in ("loops", "trestle") and rng.random() < 0.4:
        rail(
            builder,
            (-w / 2 + 0.1, d / 2 - 0.1, z - 0.07),
            (w / 2 - 0.1, d / 2 - 0.1, z - 0.07),
            (0.1, 0.006),
            "metal",
        )
    return builder


KINDS: dict[str, Callable[..., MeshBuilder]] = {
    "dining_table": dining_table,
    "coffee_table": coffee_table,
    "side_table": side_table,
    "desk": desk,
}
