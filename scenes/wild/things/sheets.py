"""Sheets: leaves, paper, cloth, ribbons."""

from __future__ import annotations

import math

import numpy as np

from ..solids import round as shapes
from ..solids import sheets
from ..solids.solid import Solid, turn_about
from ..solids.tubes import tubes
from .kind import Kind, thickness


def _leaf(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A large leaf, or a few, on stalks."""
    made = []
    for _ in range(int(rng.integers(1, 5))):
        blade = sheets.leaf(rng, length=0.62 * size_m, width=size_m * rng.uniform(0.2, 0.42),
                            lobes=float(rng.choice([0.0, 0.0, 0.12])))  # fmt: skip
        tilt, turn = rng.uniform(0.2, 1.1), rng.uniform(0, 2 * math.pi)
        rotation = turn_about((0, 0, 1), turn) @ turn_about((1, 0, 0), tilt)
        stalk = np.array([[0, 0, 0], [0, 0.05, 0.2], [0, 0.12, 0.35]]) * size_m
        made.append(blade.turned(rotation).shifted(turn_about((0, 0, 1), turn) @ stalk[-1]))
        made.append(
            tubes((stalk @ turn_about((0, 0, 1), turn).T)[None], 0.008 * size_m, sides=6, part="stem")
        )
    return made


def _crumpled(size_m: float, rng: np.random.Generator) -> list[Solid]:
    return [
        sheets.crumpled(
            rng, width=size_m * rng.uniform(0.6, 0.95), height=0.95 * size_m, depth=rng.uniform(0.08, 0.3)
        )
    ]


def _cloth(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Cloth that hangs from a rod."""
    width, height = size_m * rng.uniform(0.5, 0.9), size_m * rng.uniform(0.6, 0.95)
    rod = np.array([[[-0.55 * width, 0, height / 2], [0.55 * width, 0, height / 2]]])
    return [sheets.wavy(rng, width=width, height=height, waves=rng.uniform(1.5, 5)).of("cloth"),
            tubes(rod, max(0.012 * size_m, 0.001), sides=8, part="metal")]  # fmt: skip


def _flag(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A flag on a pole with a foot."""
    width, height = size_m * rng.uniform(0.35, 0.55), size_m * rng.uniform(0.2, 0.4)
    cloth = sheets.wavy(rng, width=height, height=width, waves=rng.uniform(1.0, 2.5)).of("cloth")
    side = cloth.turned(np.array([[0, 0, -1.0], [0, 1, 0], [1, 0, 0]]))  # its upper edge to the pole
    middle = np.array([0.5 * width + 0.012 * size_m, 0, 0.95 * size_m - height / 2])
    pole = tubes(
        np.array([[[0, 0, 0], [0, 0, 0.97 * size_m]]]),
        thickness(size_m, rng, 0.005, 0.01),
        sides=10,
        part="metal",
    )
    return [
        side.shifted(middle),
        pole,
        shapes.cylinder(0.12 * size_m, 0.03 * size_m, bevel=0.006 * size_m)
        .shifted((0, 0, 0.015 * size_m))
        .of("stone"),
    ]


def _ribbon(size_m: float, rng: np.random.Generator) -> list[Solid]:
    return [
        sheets.ribbon(
            rng, length=0.9 * size_m, width=size_m * rng.uniform(0.03, 0.12), turns=rng.uniform(1.0, 4.0)
        ).of("cloth")
    ]


def _pleats(size_m: float, rng: np.random.Generator) -> list[Solid]:
    return [
        sheets.pleats(
            rng,
            width=size_m,
            height=0.62 * size_m,
            folds=int(rng.integers(6, 16)),
            opening=rng.uniform(0.8, 2.6),
        )
    ]


def _scroll(size_m: float, rng: np.random.Generator) -> list[Solid]:
    return [sheets.scroll(rng, width=size_m * rng.uniform(0.4, 0.9), length=1.5 * size_m)]


def _pages(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Loose sheets of paper, each in the air on its own."""
    made = []
    for _ in range(int(rng.integers(3, 9))):
        page = sheets.crumpled(
            rng, width=0.21 * size_m, height=0.297 * size_m, depth=rng.uniform(0.01, 0.08), cells=14
        )
        turn = turn_about(rng.normal(size=3), rng.uniform(0, 3))
        made.append(page.turned(turn).shifted(rng.uniform(-0.36, 0.36, 3) * size_m))
    return made


KINDS = {
    "leaf": Kind(_leaf, "upright", closed=False, class_name="plant", largest_m=3.0),
    "crumpled": Kind(_crumpled, closed=False, largest_m=6.0),
    "cloth": Kind(_cloth, "hangs", closed=False, largest_m=6.0),
    "flag": Kind(_flag, "upright", closed=False),
    "ribbon": Kind(_ribbon, "hangs", closed=False, largest_m=8.0),
    "pleats": Kind(_pleats, "upright", closed=False, largest_m=4.0),
    "scroll": Kind(_scroll, "upright", closed=False, largest_m=4.0),
    "pages": Kind(_pages, "hangs", closed=False, largest_m=3.0),
}
