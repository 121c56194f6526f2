"""`BuiltinSource`: what needs no download: the light fields that come with bpy, a family's own objects."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from synthgen.assets.catalogue import Catalogue, Rejection
from synthgen.assets.fingerprint import Fingerprints, sha256_of
from synthgen.assets.record import AssetRecord, AssetRejected
from synthgen.assets.source import Source, changed
from synthgen.seeding import content_hash

LIGHT_FIELDS = ("city", "courtyard", "forest", "interior", "night", "studio", "sunrise", "sunset")
"""Those that come with bpy, all CC0."""


class BuiltinSource(Source):
    """Light fields of bpy, and one record for each class of objects that a scene family makes itself.

    Such objects have no file: `opened` gives light fields only.

    Parameters
    ----------
    family : name of the scene family
    classes : the classes that it makes
    """

    kind = "builtin"

    def __init__(self, family: str = "", classes: Sequence[str] = ()) -> None:
        super().__init__("builtin")
        self._family, self._classes = family, tuple(classes)

    def scan(self) -> Catalogue:
        """All of it; without bpy the light fields are rejected."""
        records = [self._made_here(name) for name in self._classes]
        rejected = []
        folder = light_field_folder()
        with Fingerprints() as fingerprints:
            for name in LIGHT_FIELDS:
                path = f"{name}.exr"
                try:
                    if folder is None:
                        raise AssetRejected("comes with bpy, which is not installed for this Python")
                    digest = fingerprints.of(folder / path)
                except AssetRejected as error:
                    rejected.append(Rejection(self.name, path, str(error)))
                    continue
                records.append(
                    AssetRecord(
                        id=f"{self.name}/{path}", sha256=digest, kind="environment", source=self.name,
                        path=path, licence="CC0-1.0", creator="Poly Haven", link="https://polyhaven.com",
                    )
                )  # fmt: skip
        return Catalogue.of(records, rejected)

    @contextmanager
    def opened(self, record: AssetRecord) -> Iterator[Path]:
        """The file of a light field."""
        folder = light_field_folder()
        if record.kind != "environment" or folder is None:
            raise AssetRejected(f"{record.id}: has no file, expected a light field that comes with bpy")
        if sha256_of(folder / record.path) != record.sha256:
            raise changed(record)
        yield folder / record.path

    def _made_here(self, name: str) -> AssetRecord:
        return AssetRecord(
            id=f"{self.name}/{self._family}/{name}",
            sha256=content_hash([self._family, name]),
            kind="model",
            source=self.name,
            path=f"{self._family}/{name}",
            licence="CC0-1.0",
            category=name,
        )


def light_field_folder() -> Path | None:
    """Where bpy keeps its light fields, found without importing bpy; None where there is no bpy."""
    found = importlib.util.find_spec("bpy")
    if found is None or not found.submodule_search_locations:
        return None
    places = (Path(place) for place in found.submodule_search_locations)
    folders = sorted(each for place in places for each in place.glob("*/datafiles/studiolights/world"))
    return folders[0] if folders else None
