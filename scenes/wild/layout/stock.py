"""`Stock`: which things a scene has: new ones by the shares of the recipe, and copies of those it has."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..solids.solid import about_z
from ..things import GROUPS, KINDS, make_thing
from .settle import settled
from .thing import Model, centre_of

OPAQUE = {"primitives": 0.36, "built": 0.34, "grown": 0.2, "sheets": 0.1}
"""Shares of the groups among what is neither thin nor clear."""
COPIES = 0.65
"""Share of copies: much of what is about is alike, as stones and birds are. It is also cheap."""
ALIKE = 2.5
"""A copy may be that much larger or smaller than its model."""


class Stock:
    """The models of a scene.

    Parameters
    ----------
    spec : the family's `Spec`, drawn
    """

    def __init__(self, spec: Any) -> None:
        self._spec = spec.things
        self._models: list[Model] = []
        self._count = 0

    def draw_kind(self, rng: np.random.Generator, *, in_air: bool, flat_top: bool = False) -> str:
        """A kind of thing, by the shares of the recipe."""
        if flat_top:
            names = sorted(name for name, each in KINDS.items() if each.flat_top)
            return names[int(rng.integers(len(names)))]
        chance, thin = rng.uniform(), float(self._spec.thin_share)
        if chance < thin:
            group = "thin"
        elif chance < thin + float(self._spec.transparent_share):
            group = "clear"
        else:
            group = str(rng.choice(list(OPAQUE), p=list(OPAQUE.values())))
        names = [name for name, kind in GROUPS[group].items() if in_air or kind.rests != "hangs"]
        return names[int(rng.integers(len(names)))]

    def model(
        self, size_m: float, rng: np.random.Generator, *, in_air: bool, flat_top: bool = False
    ) -> tuple[Model, float]:
        """A model and the scale at which it is about `size_m` large: a new one, or one that is there."""
        if rng.random() < COPIES:
            fitting = [
                each
                for each in self._models
                if size_m / ALIKE < each.size_m < size_m * ALIKE
                and size_m < KINDS[each.kind].largest_m
                and (in_air or KINDS[each.kind].rests != "hangs")
                and (not flat_top or KINDS[each.kind].flat_top)
            ]
            if fitting:
                chosen = fitting[int(rng.integers(len(fitting)))]
                return chosen, size_m / chosen.size_m
        kind = self.draw_kind(rng, in_air=in_air, flat_top=flat_top)
        return self.make(kind, min(size_m, KINDS[kind].largest_m), rng), 1.0

    def make(self, kind: str, size_m: float, rng: np.random.Generator) -> Model:
        """A new model of a kind; it is copied only after it was kept."""
        pieces = tuple(make_thing(kind, size_m, rng))
        points = np.vstack([piece.points for piece in pieces])
        lying = about_z(rng.uniform(0, 2 * math.pi))
        if KINDS[kind].rests == "settled" and rng.random() > 0.45:
            lying = settled(points, centre_of(pieces), rng)
        self._count += 1
        return Model(self._count, kind, size_m, pieces, points, lying, int(rng.integers(2**31)))

    def keep(self, model: Model) -> None:
        """Add a model that has found its place, so that it may be copied; one that is there stays."""
        if all(each.number != model.number for each in self._models):
            self._models.append(model)
