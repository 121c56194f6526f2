"""Colours as a painter's chart has them, and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.blender.stage.material import Color, srgb

NEUTRALS = ("#e9e6df", "#c9c5bc", "#9c9a96", "#6b6a68", "#3c3c3d", "#232425", "#d8cfc0", "#f2f0ea")
EARTHS = ("#8a6a4a", "#a9744a", "#6f4f38", "#b98d62", "#8f5a3c", "#57483a", "#c2a27c", "#7a6a55")
MUTED = ("#6f8086", "#8ca08a", "#b5655a", "#4d5f73", "#a08a9a", "#7d8a5c", "#c79a6b", "#5f7a78", "#9b5f6d")
PAINTS = ("#b3261e", "#d9822b", "#e0b22e", "#3f7d3a", "#1f5fa8", "#274b7a", "#7b2d5b", "#1d8a8a", "#e8e4da",
          "#d94f70", "#5b3fa0", "#f0662a", "#2e9ad0")  # fmt: skip
LEAVES = ("#3f6b2c", "#55803a", "#2f5a2f", "#6d8f3f", "#7a9a4a", "#4a6a3a")
AUTUMN = ("#b5652a", "#c98a2c", "#8f3f22", "#a39a3a")
STONES = ("#8d8a85", "#6a6865", "#b3aca0", "#55565a", "#a08c78", "#75705f", "#93867a")
WOODS = (("#c9a477", "#9b7145"), ("#dfbd88", "#bd8c52"), ("#e4d0ac", "#cdb183"), ("#805a3b", "#472d1d"),
         ("#a9753f", "#764a27"), ("#a8673f", "#7d4225"), ("#6d523b", "#40301f"), ("#a89c88", "#7a6f5d"),
         ("#35302c", "#1c1a18"), ("#98765a", "#64482f"))  # fmt: skip
METALS = ((0.62, 0.61, 0.59), (0.8, 0.81, 0.82), (0.86, 0.62, 0.30), (0.83, 0.47, 0.33), (0.55, 0.57, 0.6),
          (0.45, 0.38, 0.28), (0.9, 0.78, 0.5))  # fmt: skip


def pick(rng: np.random.Generator, values: Sequence) -> object:
    """One of the values, all equally likely."""
    return values[int(rng.integers(len(values)))]


def varied(rng: np.random.Generator, values: Sequence[str], amount: float = 0.12) -> Color:
    """One of the colours, a little brighter or darker, warmer or colder."""
    color, factor = srgb(pick(rng, values)), 1 + rng.uniform(-amount, amount)
    tint = rng.uniform(-amount, amount) * 0.4
    return tuple(min(c * factor * w, 0.92) for c, w in zip(color, (1 + tint, 1.0, 1 - tint)))


def any_colour(rng: np.random.Generator) -> Color:
    """A colour of something made: quiet in most cases, loud in some."""
    chart = pick(rng, (NEUTRALS, NEUTRALS, EARTHS, MUTED, MUTED, PAINTS, PAINTS))
    return varied(rng, chart)
