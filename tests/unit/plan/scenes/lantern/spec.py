"""A family with every kind of field, for the plan's tests. Nothing builds it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from synthgen.recipe.families import SceneSpec
from synthgen.recipe.fields import Name, Number, Section, Whole


class Glass(Section):
    """The panes."""

    colour: Name("Colour.", {"choice": {"red": 3, "blue": 1}}, names=("red", "blue", "clear"))
    thickness_m: Number("Thickness.", {"log_uniform": [0.001, 0.01]}, unit="metres", gt=0)


class Spec(SceneSpec):
    """A lantern."""

    kind: Literal["lantern"] = "lantern"
    height_m: Number("Height.", {"uniform": [0.2, 0.6]}, unit="metres", ge=0.1, le=1)
    tilt_deg: Number("Tilt.", {"normal": [0, 3]}, unit="degrees", ge=-10, le=10)
    panes: Whole("Panes.", {"uniform": [4, 8]}, ge=3, le=12)
    glass: Glass = Field(default=Glass(), description="The panes.")
