"""Glass and mirrors."""

from __future__ import annotations

import math

import numpy as np

from ..solids import round as shapes
from ..solids.cells import with_holes
from ..solids.solid import Solid, joined
from .kind import Kind


def _glass_ball(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A ball of glass, or a bubble with a thin wall."""
    ball = shapes.ball(size_m / 2, 48).of("glass")
    if rng.random() < 0.5:
        return [ball]
    return [joined([ball, shapes.ball(size_m / 2 * rng.uniform(0.85, 0.96), 48).inside_out()]).of("glass")]


def _glass_block(size_m: float, rng: np.random.Generator) -> list[Solid]:
    sides = int(rng.choice([3, 4, 6]))
    angle = np.arange(sides) * (2 * math.pi / sides)
    outline = np.column_stack([np.cos(angle), np.sin(angle)]) * size_m * rng.uniform(0.2, 0.4)
    return [shapes.prism(outline, size_m * rng.uniform(0.3, 0.9), bevel=0.02 * size_m).of("glass")]


def _bottle(size_m: float, rng: np.random.Generator) -> list[Solid]:
    wide, neck, shoulder = rng.uniform(0.12, 0.2), rng.uniform(0.035, 0.055), rng.uniform(0.45, 0.65)
    outline = np.array(
        [
            (0, 0),
            (wide, 0),
            (wide, shoulder),
            (neck, shoulder + 0.2),
            (neck, 0.96),
            (neck + 0.012, 0.97),
            (neck + 0.012, 1.0),
        ]
    )
    out = shapes.rounded_profile(outline, 0.06, 6)
    inner = out[::-1].copy()
    inner[:, 0] = np.maximum(inner[:, 0] - 0.016, 0.0)
    inner[:, 1] = np.maximum(inner[:, 1], 0.025)
    inner[-1] = (0.0, 0.025)
    return [shapes.turned(np.vstack([out, inner[1:]]) * size_m, 40).of("glass")]


def _tumbler(size_m: float, rng: np.random.Generator) -> list[Solid]:
    radius, top, wall = rng.uniform(0.22, 0.32), rng.uniform(0.3, 0.42), 0.018
    profile = [
        (0, 0),
        (radius, 0),
        (top, 0.98),
        (top - wall / 2, 1.0),
        (top - wall, 0.98),
        (radius - wall, 0.06),
        (0, 0.06),
    ]
    return [shapes.turned(shapes.rounded_profile(profile, 0.03) * size_m, 44).of("glass")]


def _pane(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A sheet of glass in a frame that stands on feet."""
    width, height, beam = size_m * rng.uniform(0.5, 0.9), size_m * rng.uniform(0.6, 0.95), 0.03 * size_m
    frame = with_holes(width, height, beam, [(beam, beam, width - beam, height - beam)])
    glass = shapes.box((width - 1.9 * beam, 0.008 * size_m, height - 1.9 * beam)).shifted(
        (width / 2, beam / 2, height / 2)
    )
    feet = [
        shapes.box((beam, 0.3 * size_m, beam), 0.1 * beam).shifted((x, beam / 2, beam / 2))
        for x in (-0.5 * beam, width + 0.5 * beam)
    ]
    return [frame, glass.of("glass"), joined(feet)]


def _lens(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A magnifying glass without a handle: a lens in a ring."""
    t = np.linspace(-1, 1, 27)
    bulge = rng.uniform(0.06, 0.16)
    profile = np.column_stack([0.44 * np.cos(t * math.pi / 2), bulge * np.sin(t * math.pi / 2)])
    profile[[0, -1], 0] = 0.0
    rim = shapes.torus(0.46, 0.03)
    return [shapes.turned(profile * size_m, 48).of("glass"), rim.scaled(size_m).of("metal")]


def _mirror_ball(size_m: float, rng: np.random.Generator) -> list[Solid]:
    return [shapes.ball(size_m / 2, 48).of("mirror")]


def _facet_ball(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A ball of many small flat mirrors."""
    return [shapes.ball(size_m / 2, int(rng.choice([16, 24, 36]))).of("mirror").shaded(False)]


def _mirror_panel(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A standing mirror in a frame."""
    width, height, beam = size_m * rng.uniform(0.3, 0.6), 0.95 * size_m, 0.035 * size_m
    frame = with_holes(width, height, beam, [(beam, beam, width - beam, height - beam)])
    sheet = shapes.box((width - 1.9 * beam, 0.3 * beam, height - 1.9 * beam)).shifted(
        (width / 2, beam / 2, height / 2)
    )
    feet = [
        shapes.box((beam, 0.32 * size_m, beam), 0.1 * beam).shifted((x, beam / 2, beam / 2))
        for x in (-0.5 * beam, width + 0.5 * beam)
    ]
    return [frame.of("board"), sheet.of("mirror"), joined(feet).of("board")]


KINDS = {
    "glass_ball": Kind(_glass_ball, largest_m=3.0),
    "glass_block": Kind(_glass_block, largest_m=4.0),
    "bottle": Kind(_bottle, "upright", largest_m=2.0),
    "tumbler": Kind(_tumbler, "upright", largest_m=1.5),
    "pane": Kind(_pane, "upright", largest_m=5.0),
    "lens": Kind(_lens, largest_m=3.0),
    "mirror_ball": Kind(_mirror_ball, largest_m=6.0),
    "facet_ball": Kind(_facet_ball, largest_m=4.0),
    "mirror_panel": Kind(_mirror_panel, "upright", largest_m=4.0),
}
