"""A closed room of boxes and spheres: the plainest scene that has everything a renderer needs."""

from typing import ClassVar, Literal

from pydantic import Field

from synthgen.recipe.families import SceneSpec
from synthgen.recipe.fields import Number, Whole


class Spec(SceneSpec):
    """Size of the room and number of things in it."""

    kind: Literal["plain"] = "plain"
    classes: ClassVar[tuple[str, ...]] = ("wall", "object")

    size_m: Number("Side of the square room.", 6.0, unit="metres", ge=2, le=50)
    objects: Whole("Number of spheres and boxes.", 12, ge=0, le=500)
    moving: Whole("Number of spheres and boxes that fly through the others.", 0, ge=0, le=100)
    bump: bool = Field(default=False, strict=True, description="Whether everything has a bump map.")
