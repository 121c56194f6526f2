"""What a user may say about a `usd` scene."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Literal

from synthgen.assets.mesh_header import check_usd, files_named_in
from synthgen.recipe.scene_file import SceneFileSpec


class Spec(SceneFileSpec):
    """A USD stage, with whatever it refers to."""

    endings: ClassVar[tuple[str, ...]] = (".usd", ".usda", ".usdc", ".usdz")

    kind: Literal["usd"] = "usd"

    @classmethod
    def files_beside(cls, path: Path) -> Iterable[Path]:
        """Textures and layers beside a text file whose names stand in it; a binary one does not tell."""
        return *check_usd(path, Path(path.anchor)).needs, *files_named_in(path, cls.endings)
