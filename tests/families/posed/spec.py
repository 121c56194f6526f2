"""A yard with cameras of its own: some of them see nothing worth training on."""

from typing import ClassVar, Literal

from pydantic import Field

from synthgen.recipe.families import SceneSpec
from synthgen.recipe.fields import Name


class Spec(SceneSpec):
    """What is wrong with the look of things."""

    kind: Literal["posed"] = "posed"
    classes: ClassVar[tuple[str, ...]] = ("wall", "object")
    from_file: ClassVar[bool] = True

    paint: Name("Colour of the things.", "plain", names=("plain", "purple", "magenta"))
    imageless: bool = Field(default=False, strict=True, description="Whether a texture has no image.")
