"""Models that were imported once: a small .blend each, under a key of all that they depend on."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import bpy

from synthgen.assets.fingerprint import cache_folder
from synthgen.assets.record import AssetRecord, AssetRejected
from synthgen.blender.session import captured_output
from synthgen.errors import EnvironmentProblem
from synthgen.seeding import content_hash
from synthgen.storage import open_storage

IMPORTER_VERSION = 4
"""To be raised whenever the same file would give another mesh."""
MESH = "asset"


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """What an import may be asked for: most triangles, and the longest side of a texture in pixels."""

    max_triangles: int = 100_000
    max_texture_px: int = 4096


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known of an imported model without its mesh.

    Attributes
    ----------
    size_m : width, depth and height
    triangles : of the mesh
    level_top : share of the footprint that is level at full height, `normalise.level_top`
    changes : what was done to it, in words
    """

    size_m: tuple[float, float, float]
    triangles: int
    level_top: float
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CachedModel:
    """The place of one model in the cache."""

    stem: Path

    @classmethod
    def of(cls, record: AssetRecord, settings: ImportSettings) -> CachedModel:
        """Where the model of a record is or will be: the same for equal content and equal wishes."""
        said = record.model_dump(
            mode="json", include={"sha256", "size_m", "unit_m", "up", "front", "rotation", "category"}
        )
        version = [IMPORTER_VERSION, *bpy.app.version[:2]]
        key = content_hash([said, asdict(settings), version, Path(record.path).suffix.lower()])
        return cls(cache_folder() / "models" / record.sha256[:2] / f"{record.sha256[:16]}-{key}")

    def facts(self) -> ModelFacts | None:
        """What is known of the model; None when it is not in the cache.

        Raises
        ------
        AssetRejected
            When it was rejected before, for the same reason.
        """
        try:
            said = json.loads(self._json.read_bytes())
            if "rejected" in said:
                raise AssetRejected(said["rejected"])
            facts = ModelFacts(
                tuple(said["size_m"]), said["triangles"], said["level_top"], tuple(said["changes"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None  # it is not there, or damaged: then it is imported again
        return facts if self._blend.is_file() else None

    def mesh(self) -> bpy.types.Mesh | None:
        """The mesh, with its materials and textures, appended to this file; None when it cannot be read."""
        with captured_output():
            libraries = set(bpy.data.libraries)
            try:
                with bpy.data.libraries.load(str(self._blend), link=False) as (there, here):
                    here.meshes = [name for name in there.meshes if name == MESH]
            except OSError:
                return None
            finally:
                bpy.data.batch_remove([each for each in bpy.data.libraries if each not in libraries])
        return here.meshes[0] if here.meshes else None

    def keep(self, mesh: bpy.types.Mesh, facts: ModelFacts) -> None:
        """Write the mesh, and then, as the sign that it is whole, the facts.

        Raises
        ------
        EnvironmentProblem
            When the cache cannot be written; names $SYNTHGEN_CACHE.
        """
        partial = self._blend.with_name(f"{self._blend.stem}.{os.getpid()}.partial.blend")
        try:
            partial.parent.mkdir(parents=True, exist_ok=True)
            with captured_output():
                bpy.data.libraries.write(str(partial), {mesh}, compress=False)
            os.replace(partial, self._blend)
        except (OSError, RuntimeError) as error:
            with suppress(OSError):
                partial.unlink()
            raise _cannot_write(self._blend.parent, error) from None
        self._say(asdict(facts))

    def reject(self, reason: str) -> None:
        """Remember that the asset cannot be used."""
        self._say({"rejected": reason})

    def forget(self) -> None:
        """Remove what cannot be read."""
        self._json.unlink(missing_ok=True)
        self._blend.unlink(missing_ok=True)

    @property
    def _blend(self) -> Path:
        return self.stem.with_name(self.stem.name + ".blend")

    @property
    def _json(self) -> Path:
        return self.stem.with_name(self.stem.name + ".json")

    def _say(self, content: dict[str, object]) -> None:
        try:
            open_storage(self._json.parent).write_text(self._json.name, json.dumps(content))
        except (EnvironmentProblem, OSError) as error:
            raise _cannot_write(self._json.parent, error) from None


def _cannot_write(folder: Path, error: Exception) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"{folder}: the cache of assets cannot be written ({error}); name another folder with $SYNTHGEN_CACHE"
    )
