"""Blinds at windows. Lengths are metres."""

from __future__ import annotations

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, design, disc_profile, placed, turned


def roller_blind(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A blind pulled down to z = 0, its back at the wall, y = d / 2: a "roller", "roman" folds or "slats"."""
    w, d, h = size_m
    styles = {"classic": ("roman", "roller", "slats"), "rustic": ("roman", "slats"),
              "modern": ("roller", "slats")}  # fmt: skip
    name = design(rng, params, ("roller", "slats", "roman"), styles)
    builder, role = MeshBuilder(), "fabric_accent:blind" if rng.random() < 0.35 else "linen:blind"
    if name == "roman":
        return _roman(builder, size_m, role)
    if name == "slats":
        return _slats(builder, size_m, rng)
    r = d / 2 - 0.004
    axle = MeshBuilder().cylinder(0.9 * r, w - 0.03, (0, 0, 0), role, segments=24)
    builder.merge(axle, placed(-w / 2 + 0.015, 0.0, h - r - 0.004, roll_deg=90))
    for x in (-w / 2, w / 2 - 0.006):
        builder.block((x, -d / 2, h - 2 * r - 0.008), (x + 0.006, d / 2, h), "plastic", bevel=0.0015)
    y = -0.9 * r
    builder.block((-w / 2 + 0.016, y, 0.01), (w / 2 - 0.016, y + 0.001, h - r - 0.004), role, bevel=0)
    builder.block((-w / 2 + 0.016, y - 0.004, 0.0), (w / 2 - 0.016, y + 0.005, 0.024), role, bevel=0.003)
    x = w / 2 - 0.01
    cord = [(x, y + 0.01, h - r), (x, y + 0.012, min(0.12, 0.3 * h)), (x, y + 0.016, h - r)]
    builder.tube(cord[:2], 0.0012, "plastic", segments=5)
    bead = turned(MeshBuilder(), disc_profile(0.006, 0.0, 0.03), "plastic", radius=0.002, segments=12)
    return builder.merge(bead, placed(x, y + 0.012, min(0.1, 0.3 * h)))


def _slats(builder: MeshBuilder, size_m: Size, rng: np.random.Generator) -> MeshBuilder:
    """Slats of aluminium or wood on their cords, more or less open, below a rail."""
    w, d, h = size_m
    wooden = rng.random() < 0.4
    role = str(rng.choice(["wood", "wood_light", "painted_wood"])) if wooden else "plastic"
    wide, thick = (0.046, 0.0026) if wooden else (0.03, 0.0012)
    tilt = np.radians(rng.uniform(-65, 65))
    thin_y, thin_z = 0.5 * thick * np.sin(tilt), 0.5 * thick * np.cos(tilt)
    reach_y, reach_z = 0.5 * wide * np.cos(tilt), 0.5 * wide * np.sin(tilt)
    builder.block((-w / 2, -d / 2, h - 0.04), (w / 2, d / 2, h), role, bevel=0.002)
    builder.block((-w / 2 + 0.004, -0.012, 0.0), (w / 2 - 0.004, 0.012, 0.012), role, bevel=0.002)
    low, high = 0.03, h - 0.06
    count = max(1, round((high - low) / (0.84 * wide)))
    for z in np.linspace(low, high, count):
        rings = [
            [(x, s * reach_y - t * thin_y, z + s * reach_z + t * thin_z)
             for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            for x in (-w / 2 + 0.004, w / 2 - 0.004)
        ]  # fmt: skip
        builder.loft(np.array(rings), role, smooth=False)
    for x in (-0.36 * w, 0.36 * w):
        for y in (-0.5 * wide, 0.5 * wide):
            builder.tube([(x, y, 0.006), (x, y, h - 0.03)], 0.0009, "linen", segments=5)
    wand = w / 2 - 0.06
    builder.tube(
        [(wand, -d / 2 + 0.002, max(0.02, 0.25 * h)), (wand, -d / 2 + 0.004, h - 0.03)], 0.003, "plastic"
    )
    return builder


def _roman(builder: MeshBuilder, size_m: Size, role: str) -> MeshBuilder:
    """Cloth drawn up into folds at its lower end, under a batten."""
    w, d, h = size_m
    builder.block((-w / 2, -0.1 * d, h - 0.03), (w / 2, d / 2, h), role, bevel=0.003)
    folds = 4
    low = min(0.16, 0.6 * h)
    line = [(0.1 * d, h - 0.02), (0.08 * d, low)]
    for number in range(folds):
        z = low - (number + 0.5) * low / folds
        line += [(-0.46 * d + 0.06 * d * number, z), (0.2 * d, z - 0.2 * low / folds)]
    profile = np.array(line)
    profile[:, 1] = np.maximum(profile[:, 1], 0.004)
    profile[-1, 1] = 0.0
    points = np.stack([np.column_stack([np.full(len(profile), x), profile]) for x in (-w / 2, w / 2)])
    builder.surface(points, role, smooth=False)
    return builder.surface(np.add(points, (0, 0.002, 0)), role, flip=True, smooth=False)


KINDS = {"roller_blind": roller_blind}
