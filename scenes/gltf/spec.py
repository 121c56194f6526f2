"""What a user may say about a `gltf` scene."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Literal

from synthgen.assets.gltf import check_gltf
from synthgen.recipe.scene_file import SceneFileSpec


class Spec(SceneFileSpec):
    """A glTF 2.0 file, .glb or .gltf."""

    endings: ClassVar[tuple[str, ...]] = (".glb", ".gltf")

    kind: Literal["gltf"] = "gltf"

    @classmethod
    def files_beside(cls, path: Path) -> Iterable[Path]:
        """Buffers and textures."""
        return check_gltf(path, Path(path.anchor)).needs
