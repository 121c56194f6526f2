"""Potted plants: stems and leaves as real geometry, no cut-outs."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, design, soft, spline, tinted
from .small_species import SMALL_SPECIES
from .tall_species import TALL_SPECIES


def floor_plant(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A tall plant in a pot: fiddle-leaf fig, monstera, snake plant or areca palm."""
    width, _, height = size_m
    name = design(rng, params, tuple(TALL_SPECIES))
    pot_radius = width * float(rng.uniform(0.21, 0.27))
    pot_height = min(pot_radius * float(rng.uniform(1.6, 2.1)), 0.36 * height)
    builder = MeshBuilder()
    soil = _pot(builder, rng, pot_radius, pot_height, raised=bool(rng.random() < 0.3))
    grown = MeshBuilder()
    TALL_SPECIES[name](grown, rng, soil, pot_radius * 0.7, width / 2, height)
    return _within(builder, grown, soil, size_m)


def small_plant(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A plant for a table or a shelf: succulent, trailing ivy, aloe, fern, cactus or a young rubber plant."""
    width, _, height = size_m
    name = design(rng, params, tuple(SMALL_SPECIES))
    share = 0.62 if name in ("succulent", "cactus") else 0.42
    pot_height = min(share * height, 0.62 * width)
    pot_radius = min(0.40 * width, pot_height * float(rng.uniform(0.52, 0.68)))
    builder = MeshBuilder()
    soil = _pot(builder, rng, pot_radius, pot_height, raised=False)
    grown = MeshBuilder()
    SMALL_SPECIES[name](grown, rng, soil, pot_radius * 0.8, width / 2, height)
    return _within(builder, grown, soil, size_m)


def _within(pot: MeshBuilder, grown: MeshBuilder, soil: float, size_m: Size) -> MeshBuilder:
    """Scale what has grown so that it stays in the box and reaches z = h, unless that would distort it."""
    low, high = grown.bounds()
    reach = np.maximum(np.abs(low), np.abs(high))[:2]
    flat = min(1.0, *(np.asarray(size_m[:2]) / 2 / reach))
    tall = min((size_m[2] - soil) / (high[2] - soil), 1.4 * flat)
    sink = np.diag([flat, flat, tall, 1.0])
    sink[2, 3] = soil * (1 - tall)
    return pot.merge(grown, sink)


def _pot(
    builder: MeshBuilder, rng: np.random.Generator, radius: float, height: float, *, raised: bool
) -> float:
    """A pot on z = 0, filled with soil; returns the height of the soil."""
    style = ("terracotta", "cylinder", "tapered", "round", "ribbed")[int(rng.integers(5))]
    role = (
        "terracotta"
        if style == "terracotta"
        else ("ceramic", "ceramic_dark", "stone", "plastic_dark")[int(rng.choice(4, p=[0.5, 0.2, 0.2, 0.1]))]
    )
    role = tinted(rng, role) if role.startswith("ceramic") else role
    wall, lift = max(0.003, 0.05 * radius), 0.0
    if raised:
        lift = 0.3 * height
        _stand(builder, rng, radius, lift)
        height *= 0.85
    forms = {
        "terracotta": [(0.66, 0), (0.90, 0.78), (1.0, 0.78), (1.0, 1.0)],
        "cylinder": [(0.96, 0), (1.0, 0.03), (1.0, 1.0)],
        "tapered": [(0.68, 0), (0.72, 0.02), (1.0, 1.0)],
        "round": [(0.55, 0), (0.74, 0.08), (0.96, 0.34), (1.0, 0.56), (0.94, 0.84), (0.88, 1.0)],
        "ribbed": [(0.80, 0), (0.84, 0.03), (1.0, 1.0)],
    }
    outer = np.array(forms[style]) * (radius, height) + (0, lift)
    if style == "round":
        outer = np.vstack([outer[:1], spline(outer[1:], 10)])
    if style == "ribbed":
        z = np.linspace(0.08, 0.92, 25)
        r = np.interp(z, [0.03, 1.0], [0.84, 1.0]) + 0.02 * np.abs(np.sin(np.arange(25) * math.pi / 2))
        outer = np.vstack([outer[:2], np.column_stack([r * radius, z * height + lift]), outer[2:]])
    lip = outer[-1, 0] - wall
    soil = lift + height * 0.9
    inner = [(lip, outer[-1, 1]), (lip * 0.985, soil - 0.01)]
    profile = [(0, lift), *outer, *inner]
    builder.lathe(soft(profile, min(0.004, wall * 0.45), 2), (0, 0, 0), role, segments=36)
    rings = np.linspace(lip * 0.99, 0.0, 6)
    angles = np.linspace(0, 2 * math.pi, 24, endpoint=False)
    bumps = soil + rng.uniform(-1, 1, (24, 6)) * 0.03 * radius
    bumps[:, 0], bumps[:, -1] = soil - 0.004, soil + 0.02 * radius
    ground = np.stack([np.cos(angles)[:, None] * rings, np.sin(angles)[:, None] * rings, bumps], axis=-1)
    builder.surface(ground, "soil", closed_u=True)
    if style == "terracotta" and not raised:
        saucer = [(0, 0), (0.86, 0), (0.98, 0.16), (0.94, 0.16), (0.82, 0.04), (0.6, 0.04)]
        builder.lathe(soft(np.array(saucer) * (radius, height * 0.7), 0.002, 1), (0, 0, 0), role, segments=32)
    return soil


def _stand(builder: MeshBuilder, rng: np.random.Generator, radius: float, lift: float) -> None:
    wood = ("wood", "wood_light", "metal")[int(rng.integers(3))]
    for index in range(4):
        angle = math.pi / 4 + index * math.pi / 2
        out = np.array([math.cos(angle), math.sin(angle), 0]) * radius * 1.04
        builder.tube([out, np.add(out, (0, 0, lift * 1.9))], 0.011, wood, segments=8)
    for turn in (math.pi / 4, 3 * math.pi / 4):
        arm = np.array([math.cos(turn), math.sin(turn), 0]) * radius * 1.02
        builder.tube(np.add([-arm, arm], (0, 0, lift - 0.012)), 0.010, wood, segments=8)


KINDS = {"floor_plant": floor_plant, "small_plant": small_plant}
