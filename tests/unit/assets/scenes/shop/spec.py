"""A row of things on a floor, for the tests of assets: every thing is an asset, or a grey box."""

from typing import ClassVar, Literal

from synthgen.recipe.families import SceneSpec
from synthgen.recipe.fields import Whole


class Spec(SceneSpec):
    """How many chairs and lamps."""

    kind: Literal["shop"] = "shop"
    classes: ClassVar[tuple[str, ...]] = ("floor", "wall", "chair", "lamp")
    asset_classes: ClassVar[tuple[str, ...]] = ("chair", "lamp", "environment")

    chairs: Whole("Number of chairs.", 6, ge=0, le=50)
    lamps: Whole("Number of lamps.", 0, ge=0, le=50)
