"""`import_asset`: any model of any source as one mesh that a stage can take."""

from __future__ import annotations

from dataclasses import dataclass

import bpy

from synthgen.assets.formats import check_triangles
from synthgen.assets.record import AssetRecord, AssetRejected
from synthgen.assets.source import Source
from synthgen.blender.assets.cache import MESH, CachedModel, ImportSettings, ModelFacts
from synthgen.blender.assets.loading import load_objects, scratch_scene
from synthgen.blender.assets.normalise import (
    Changes,
    clean,
    decimate,
    joined_mesh,
    level_top,
    place,
    triangles,
)
from synthgen.blender.assets.textures import settle_textures
from synthgen.errors import EnvironmentProblem


@dataclass(frozen=True, slots=True)
class NormalisedModel:
    """An imported model: its base centred on the origin, z up, its front to -y, metres.

    Attributes
    ----------
    mesh : with its materials and textures, in the current file; nothing else of the asset is there
    """

    record: AssetRecord
    mesh: bpy.types.Mesh
    facts: ModelFacts


def import_asset(
    record: AssetRecord, source: Source, settings: ImportSettings | None = None
) -> NormalisedModel:
    """Import a model, from the cache where it was imported before.

    The first import goes through the cache as well, so that all imports give the same.

    Parameters
    ----------
    source : where the record is from

    Raises
    ------
    AssetRejected
        When it cannot be used; the message says why.
    EnvironmentProblem
        When the cache cannot be written.
    """
    cached = CachedModel.of(record, settings or ImportSettings())
    for _ in range(2):
        facts = asset_facts(record, source, settings)
        mesh = cached.mesh()
        if mesh is not None:
            mesh.name = record.id
            return NormalisedModel(record, mesh, facts)
        cached.forget()  # a damaged file, of a disk that was full for instance
    raise EnvironmentProblem(f"{record.id}: cannot be read back from the cache {cached.stem.parent}")


def asset_facts(record: AssetRecord, source: Source, settings: ImportSettings | None = None) -> ModelFacts:
    """Size, triangles and changes of a model; it is imported into the cache unless it is there.

    Raises what `import_asset` raises.
    """
    settings = settings or ImportSettings()
    cached = CachedModel.of(record, settings)
    facts = cached.facts()
    if facts is None:
        try:
            facts = _import(record, source, settings, cached)
        except AssetRejected as error:
            if "has changed since" not in str(error):
                cached.reject(str(error))
            raise
    return facts


def _import(record: AssetRecord, source: Source, settings: ImportSettings, cached: CachedModel) -> ModelFacts:
    if record.kind != "model":
        raise AssetRejected(f"is {record.kind.replace('_', ' ')}, expected a model")
    changes = Changes()
    with source.opened(record) as path, scratch_scene() as scene:
        load_objects(path, scene)
        mesh = joined_mesh(scene, MESH, changes)
        check_triangles(triangles(mesh))  # some formats do not say it beforehand
        clean(mesh, changes)
        size_m = place(mesh, record, changes)
        mesh = decimate(mesh, settings.max_triangles, scene, changes)
        settle_textures(mesh.materials, settings.max_texture_px, changes)
        facts = ModelFacts(
            tuple(round(float(length), 6) for length in size_m),
            triangles(mesh),
            level_top(mesh, size_m, scene),
            tuple(changes.made),
        )
        mesh.name = MESH
        cached.keep(mesh, facts)
    return facts
