"""Cups, bowls, plates and bottles."""

from __future__ import annotations

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import (
    Size,
    design,
    fitted,
    spline,
    tinted,
    turned,
    vessel,
)

MUGS = {
    "straight": [(0.90, 0.0), (1.0, 0.05), (1.0, 1.0)],
    "tapered": [(0.70, 0.0), (0.74, 0.04), (0.90, 0.62), (1.0, 1.0)],
    "rounded": [(0.52, 0.0), (0.60, 0.04), (0.92, 0.26), (1.0, 0.55), (0.97, 1.0)],
    "belly": [(0.66, 0.0), (0.70, 0.05), (0.98, 0.36), (0.95, 0.66), (0.88, 0.9), (0.93, 1.0)],
}

"""Outer profiles of cups: radius as a fraction of half the depth, height as a fraction of h."""

BOWLS = {
    "round": [(0.38, 0.0), (0.40, 0.06), (0.68, 0.22), (0.88, 0.52), (0.97, 0.82), (1.0, 1.0)],
    "conical": [(0.32, 0.0), (0.34, 0.08), (0.64, 0.5), (1.0, 1.0)],
    "coupe": [(0.55, 0.0), (0.60, 0.10), (0.86, 0.34), (0.96, 0.70), (1.0, 1.0)],
    "footed": [(0.42, 0.0), (0.36, 0.16), (0.40, 0.22), (0.74, 0.42), (0.94, 0.74), (1.0, 1.0)],
}

BOTTLES = {
    "wine": [(0.96, 0.0), (1.0, 0.02), (1.0, 0.60), (0.86, 0.68), (0.44, 0.76), (0.37, 0.82), (0.36, 0.95)],
    "flask": [(0.92, 0.0), (1.0, 0.03), (1.0, 0.72), (0.90, 0.80), (0.62, 0.85), (0.60, 0.88)],
    "oil": [(0.94, 0.0), (1.0, 0.03), (1.0, 0.46), (0.80, 0.58), (0.40, 0.74), (0.32, 0.92)],
    "milk": [(0.94, 0.0), (1.0, 0.03), (1.0, 0.52), (0.88, 0.62), (0.58, 0.78), (0.56, 0.92)],
    "pump": [(0.94, 0.0), (1.0, 0.03), (1.0, 0.58), (0.92, 0.66), (0.46, 0.71), (0.44, 0.74)],
}

BOTTLE_ROLES = {"wine": "glass", "flask": "metal_brushed", "oil": "glass", "milk": "glass", "pump": "plastic"}


def cup(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A mug whose handle points to +x; without a handle (a tumbler) when w is hardly more than d."""
    width, depth, height = size_m
    radius, reach = depth / 2, width - depth
    name = design(rng, params, list(MUGS))
    has_handle = reach > 0.012
    role = tinted(rng, "ceramic") if has_handle or rng.random() < 0.4 else "glass"
    wall = float(rng.uniform(0.0030, 0.0042)) if role != "glass" else 0.0025
    outer = np.array(MUGS[name]) * (radius, height)
    if len(outer) > 3:
        outer = np.vstack([outer[:2], spline(outer[1:], 9)[1:]])
    builder = turned(MeshBuilder(), vessel(outer, wall, 0.006), role, radius=wall * 0.48, segments=32)
    if has_handle:
        low, high = sorted(rng.uniform((0.16, 0.72), (0.30, 0.88)))
        root_low = np.interp(low, outer[:, 1] / height, outer[:, 0]) - wall / 2
        root_high = np.interp(high, outer[:, 1] / height, outer[:, 0]) - wall / 2
        thick = float(rng.uniform(0.0040, 0.0055))
        far = radius + reach - thick
        loop = [
            (root_high, high * height),
            (root_high + 0.5 * (far - root_high), (high + 0.02) * height),
            (far, (0.35 * low + 0.65 * high) * height),
            (far - 0.18 * reach, (0.75 * low + 0.25 * high) * height),
            (root_low, low * height),
        ]
        path = spline(loop, 16)
        swell = thick * (1 + 0.25 * np.abs(np.linspace(-1, 1, 16)) ** 3)
        builder.tube(np.insert(path, 1, 0.0, axis=1), swell, role, segments=8)
    if role != "glass" and rng.random() < 0.45:
        level = float(rng.uniform(0.72, 0.86)) * height
        inside = float(np.interp(level, outer[:, 1], outer[:, 0])) - wall * 0.9
        builder.lathe([(inside, level), (0.0, level)], (0, 0, 0), "plastic_dark", segments=32)
    return fitted(builder, size_m)


def bowl(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bowl with a foot ring."""
    outer = np.array(BOWLS[design(rng, params, list(BOWLS))]) * (size_m[0] / 2, size_m[2])
    outer = np.vstack([outer[:1], spline(outer[1:], 10)])
    role = ["ceramic", "ceramic_dark", "wood_light", "glass"][int(rng.choice(4, p=[0.5, 0.2, 0.2, 0.1]))]
    wall = 0.007 if role == "wood_light" else 0.004
    role = tinted(rng, role) if role.startswith("ceramic") else role
    builder = turned(MeshBuilder(), vessel(outer, wall, 0.005), role, radius=wall * 0.48, segments=40)
    return fitted(builder, size_m)


def plate(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A plate with a rim; a pile of plates when h is more than that of one."""
    width, _, height = size_m
    radius = width / 2
    count = max(1, round((height - 0.014) / 0.0075))
    pitch = height / (count + 1.2)
    rise = height - pitch * (count - 1)
    shoulder, wall = float(rng.uniform(0.62, 0.74)), min(0.0035, 0.3 * rise)
    outer = np.array([(0.58, 0.0), (shoulder, 0.12), (0.80, 0.55), (1.0, 1.0)]) * (radius, rise)
    outer = np.vstack([outer[:1], spline(outer[1:], 7)])
    inner = np.add(outer[2:][::-1], (-0.2 * wall, wall))
    inner[0] = np.add(outer[-1], (-0.4 * wall, 0.8 * wall))
    profile = [(0.0, 0.25 * wall), (outer[0][0] * 0.9, 0.25 * wall), *outer, *inner]
    profile += [(outer[0][0], 1.3 * wall), (0.0, 1.2 * wall)]
    role = tinted(rng, "ceramic")
    builder = MeshBuilder()
    for index in range(count):
        shift = rng.uniform(-0.0015, 0.0015, 2) if index else (0.0, 0.0)
        at = (*shift, index * pitch)
        turned(builder, profile, role, at=at, radius=wall * 0.4, segments=40 if count < 3 else 28)
    return fitted(builder, size_m)


def bottle(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bottle with its closure, now and then with a label."""
    width, _, height = size_m
    radius = width / 2
    name = design(rng, params, list(BOTTLES))
    outer = np.array(BOTTLES[name]) * (radius, height)
    role = BOTTLE_ROLES[name]
    role = tinted(rng, role) if role == "plastic" or name == "wine" else role
    neck, top = outer[-1]
    shape = np.vstack([outer[:3], spline(outer[2:], 14)[1:]])
    profile = [(0.0, 0.004), (outer[0][0] * 0.8, 0.002), *shape, (0.0, top)]
    builder = turned(MeshBuilder(), profile, role, radius=0.004)
    if name == "wine":
        foil = [(neck, 0.86 * height), (neck * 1.07, 0.86 * height), (neck * 1.07, height), (0.0, height)]
        turned(builder, foil, tinted(rng, "metal"), radius=0.002, segments=20)
    elif name == "flask":
        lid = [(neck * 0.98, top), (neck * 1.12, top + 0.003), (neck * 1.08, height), (0.0, height)]
        turned(builder, lid, "plastic_dark", radius=0.004, segments=24)
    elif name == "oil":
        builder.cylinder(neck * 0.9, height - top, (0, 0, top), "wood_light", bevel=0.002, segments=16)
    elif name == "milk":
        lip = [(neck, top - 0.01), (neck * 1.18, top - 0.006), (neck * 1.18, top), (neck * 0.9, top)]
        turned(builder, [*lip, (neck * 0.9, height), (0.0, height)], "metal_brushed", radius=0.002)
    else:
        _pump_head(builder, radius, neck, top, height)
    if name in ("wine", "oil", "pump") and rng.random() < 0.8:
        low, high = (0.18, 0.50) if name == "wine" else (0.12, 0.42)
        band = [(radius * 1.004, low * height), (radius * 1.004, high * height)]
        builder.lathe(band, (0, 0, 0), tinted(rng, "label"), segments=28)
    return fitted(builder, size_m)


def _pump_head(builder: MeshBuilder, radius: float, neck: float, top: float, height: float) -> None:
    builder.cylinder(neck * 1.15, 0.07 * height, (0, 0, top), "plastic_dark", bevel=0.002, segments=20)
    builder.cylinder(neck * 0.3, 0.14 * height, (0, 0, top + 0.05 * height), "plastic_dark", segments=10)
    builder.cylinder(
        neck * 0.7, 0.05 * height, (0, 0, height * 0.95), "plastic_dark", bevel=0.002, segments=16
    )
    spout = [(0, 0, 0.97 * height), (0, -0.6 * radius, 0.97 * height), (0, -0.98 * radius, 0.945 * height)]
    builder.tube(spout, neck * 0.25, "plastic_dark", segments=8)
