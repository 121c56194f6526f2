"""Importing a whole catalogue to see what of it can be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from synthgen.assets.catalogue import Catalogue, Rejection
from synthgen.assets.record import AssetRejected
from synthgen.assets.source import Source
from synthgen.blender.assets.cache import ModelFacts
from synthgen.blender.assets.importer import asset_facts
from synthgen.blender.session import BlenderSession


def try_imports(
    catalogue: Catalogue, sources: Mapping[str, Source], progress: Callable[[str], None] | None = None
) -> tuple[Catalogue, dict[str, ModelFacts]]:
    """Import every model into the cache; those that cannot be imported join the rejected ones.

    Parameters
    ----------
    sources : by name
    progress : called with the id of each model when it is done

    Returns
    -------
    the catalogue of what is left, and what was found out about each model, by id
    """
    BlenderSession("cpu").reset()
    kept, rejected = [], list(catalogue.rejected)
    facts: dict[str, ModelFacts] = {}
    for record in catalogue.records:
        if record.kind == "model":
            try:
                facts[record.id] = asset_facts(record, sources[record.source])
            except AssetRejected as error:
                rejected.append(Rejection(record.source, record.path, str(error)))
                continue
            finally:
                if progress is not None:
                    progress(record.id)
        kept.append(record)
    return Catalogue.of(kept, rejected), facts
