"""`AssetShelf`: the assets that a scene's builder may take, imported when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from synthgen.assets.record import ENVIRONMENT, AssetRecord, AssetRejected
from synthgen.assets.source import Source
from synthgen.assets.sources import open_source
from synthgen.blender.assets.importer import asset_facts, import_asset
from synthgen.errors import RenderError
from synthgen.plan.jobs import AssetChoice, AssetRoot


@dataclass(frozen=True, slots=True)
class ShelfModel:
    """A model that a scene may use.

    Attributes
    ----------
    size_m : width, depth and height; its front is -y, the middle of its base the origin
    level_top : how much of its footprint is level at full height, as a share of width and depth
    share : of the things of its class
    """

    id: str
    size_m: tuple[float, float, float]
    level_top: float
    share: float


class AssetShelf:
    """The assets of one scene job.

    Attributes
    ----------
    used : ids of the assets that were taken, in that order
    rejected : id to reason of those that could not be imported; the others take their share
    """

    def __init__(
        self,
        choices: Mapping[str, Sequence[AssetChoice]] | None = None,
        roots: Mapping[str, AssetRoot] | None = None,
    ) -> None:
        self._choices = dict(choices or {})
        self._roots = dict(roots or {})
        self._sources: dict[str, Source] = {}
        self._models: dict[str, list[ShelfModel]] = {}
        self._meshes: dict[tuple[str, str], bpy.types.Mesh] = {}
        self.used: list[str] = []
        self.rejected: dict[str, str] = {}

    @property
    def classes(self) -> list[str]:
        """The classes that the recipe names assets for."""
        return list(self._choices)

    def models(self, class_name: str) -> list[ShelfModel]:
        """The models for a class; their shares add up to that of all assets of the class.

        Raises
        ------
        RenderError
            When the recipe wants assets only, and none of them can be imported.
        """
        if class_name not in self._models:
            self._models[class_name] = self._imported(class_name)
        return self._models[class_name]

    def pick(self, class_name: str, rng: np.random.Generator) -> ShelfModel | None:
        """A model for one thing of a class by its share; None where the family is to make it itself."""
        target = float(rng.random())
        for model in self.models(class_name):
            target -= model.share
            if target < 0:
                return model
        return None

    def mesh(self, class_name: str, asset_id: str) -> bpy.types.Mesh:
        """The mesh of a model, once for the whole scene."""
        key = class_name, asset_id
        if key not in self._meshes:
            record = next(each.record for each in self._choices[class_name] if each.record.id == asset_id)
            self._meshes[key] = import_asset(record, self._source(record)).mesh
            self._use(record)
        return self._meshes[key]

    def environment(self, rng: np.random.Generator) -> Path | None:
        """The image file of a light field by its share; None where the family is to take one of its own.

        Raises
        ------
        RenderError
            When the recipe wants light fields of its own only, and none of them can be read.
        """
        choices = self._choices.get(ENVIRONMENT, ())
        shares = np.array([choice.share for choice in choices])
        if rng.random() >= shares.sum():
            return None
        for index in rng.choice(len(choices), size=len(choices), replace=False, p=shares / shares.sum()):
            record = choices[index].record
            try:
                with self._source(record).opened(record) as path:  # a folder's files stay where they are
                    _check_light_field(path)
            except AssetRejected as error:
                self.rejected[record.id] = str(error)
                continue
            self._use(record)
            return path
        self._refuse_none_of(ENVIRONMENT)
        return None

    def to_json(self) -> dict[str, object]:
        """What the metadata of a frame says: ids of the assets in the scene, and what could not be used."""
        rejected = [{"id": name, "reason": reason} for name, reason in sorted(self.rejected.items())]
        said = {"assets": sorted(self.used), "assets_rejected": rejected}
        return {name: value for name, value in said.items() if value}

    def _imported(self, class_name: str) -> list[ShelfModel]:
        choices = self._choices.get(class_name, ())
        models = []
        for choice in choices:
            try:
                facts = asset_facts(choice.record, self._source(choice.record))
            except AssetRejected as error:
                self.rejected[choice.record.id] = str(error)
                continue
            models.append(ShelfModel(choice.record.id, facts.size_m, facts.level_top, choice.share))
        if choices and not models:
            self._refuse_none_of(class_name)
        wanted = sum(choice.share for choice in choices)
        left = sum(model.share for model in models)
        return [
            ShelfModel(model.id, model.size_m, model.level_top, model.share * wanted / left)
            for model in models
        ]

    def _refuse_none_of(self, class_name: str) -> None:
        """An error, unless the family has a share in the class: then it makes all of its things."""
        choices = self._choices[class_name]
        if sum(choice.share for choice in choices) > 1 - 1e-9:
            reasons = "; ".join(self.rejected[choice.record.id] for choice in choices)
            raise RenderError(
                f"assets of the class {class_name}: none of {len(choices)} can be used ({reasons}); "
                "`synthgen assets check --import` tells which of all can"
            )

    def _use(self, record: AssetRecord) -> None:
        if record.id not in self.used:
            self.used.append(record.id)

    def _source(self, record: AssetRecord) -> Source:
        if record.source not in self._sources:
            root = self._roots[record.source]
            self._sources[record.source] = open_source(root.kind, Path(root.path), record.source)
        return self._sources[record.source]


def _check_light_field(path: Path) -> None:
    """Raise `AssetRejected` when Blender cannot read an image; it is loaded once for all."""
    image = bpy.data.images.load(str(path), check_existing=True)
    if not image.size[0]:  # reading the size reads the file
        bpy.data.images.remove(image)
        raise AssetRejected(f"{path.name} cannot be read as an image")
