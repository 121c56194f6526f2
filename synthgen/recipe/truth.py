"""What the truth channels of a recipe show."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from synthgen.recipe.fields import FixedName, Section

SURFACES = ("first_hit", "first_opaque")
MAX_LAYERS = 8


class TruthSpec(Section):
    """How the truth channels are made."""

    layers: Annotated[int, Field(strict=True, ge=1, le=MAX_LAYERS)] = Field(
        default=2, description="How many surfaces along each ray depth_layers and instance_layers hold."
    )
    surface: FixedName(
        "Which surface all other truth channels show: first_hit, where glass is a surface, or first_opaque, "
        "the first that the eye does not look through.",
        "first_hit",
        names=SURFACES,
    )
