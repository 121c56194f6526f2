"""`Imports`: the models of the user's assets among the things of a scene, each at its real size."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Protocol

import numpy as np

from ..solids.solid import about_z, any_rotation
from .piles import on_floor
from .thing import Model, Thing

KIND = "imported"
NUMBERS = 1_000_000
"""Numbers of these models begin here, above those of what the family makes."""


class Asset(Protocol):
    """What a scene knows of an asset; `AssetShelf` in the Blender room has it."""

    id: str
    size_m: tuple[float, float, float]


class Assets(Protocol):
    """The assets there are."""

    classes: Collection[str]

    def pick(self, class_name: str, rng: np.random.Generator) -> Asset | None:
        """One of a class, by its share; None where the family is to make the thing itself."""


class Imports:
    """Models of assets as models of things.

    Parameters
    ----------
    share : of all things
    """

    def __init__(self, assets: Assets, share: float) -> None:
        self._assets, self._share = assets, share
        self._classes = sorted(name for name in assets.classes if name != "environment")
        self._models: dict[tuple[str, str], Model] = {}

    def draw(self, rng: np.random.Generator) -> Model | None:
        """A model, every class as often; None where the thing is to be one of the family's own."""
        if not self._classes or rng.random() >= self._share:
            return None
        class_name = self._classes[int(rng.integers(len(self._classes)))]
        asset = self._assets.pick(class_name, rng)
        return None if asset is None else self._model(class_name, asset)

    def _model(self, class_name: str, asset: Asset) -> Model:
        key = class_name, asset.id
        if key not in self._models:
            w, d, h = asset.size_m
            corners = np.array(
                [(x * w / 2, y * d / 2, z * h) for x in (-1, 1) for y in (-1, 1) for z in (0, 1)]
            )
            number = NUMBERS + len(self._models)
            self._models[key] = Model(
                number, KIND, max(asset.size_m), (), corners, np.eye(3), 0, class_name, asset.id
            )
        return self._models[key]


def standing(model: Model, xy: np.ndarray, rng: np.random.Generator) -> Thing:
    """A thing upright on a level floor z = 0, the middle of its outline at (2,) `xy`."""
    return on_floor(Thing(model, "standing", 1.0, about_z(rng.uniform(0, 2 * math.pi))), xy, 0.0)


def floating(model: Model, place: np.ndarray, role: str, rng: np.random.Generator) -> Thing:
    """A thing in the air in any pose."""
    return Thing(model, role, 1.0, any_rotation(rng), place)
