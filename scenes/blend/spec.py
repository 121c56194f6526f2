"""What a user may say about a `blend` scene."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from synthgen.assets.mesh_header import check_blend, files_named_in
from synthgen.recipe.scene_file import SceneFileSpec


class Spec(SceneFileSpec):
    """A Blender file as its render shows it, with modifiers, instances and animation, but without scripts."""

    endings: ClassVar[tuple[str, ...]] = (".blend",)

    kind: Literal["blend"] = "blend"
    scene: Annotated[str, StringConstraints(strict=True, min_length=1)] | None = Field(
        default=None, description="Name of the scene, in a file that has several."
    )

    @classmethod
    def files_beside(cls, path: Path) -> Iterable[Path]:
        """Textures and libraries beside the file whose names stand in it."""
        return *check_blend(path, Path(path.anchor)).needs, *files_named_in(path, cls.endings)
