"""`assets` of a scene: where the things of a class come from, and in which shares.

    assets:
      chair: [builtin, {folder: my_chairs}]              # half of the chairs each
      lamp: [{sweethome3d: lamps.sh3f, share: 0.3}]      # the others are the family's own
      table: {folder: /data/tables}                      # all tables

Paths are relative to the file in which they are written.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from synthgen.errors import Problem, unknown_name
from synthgen.recipe.fields import Section
from synthgen.recipe.parse import show
from synthgen.recipe.tree import Place, Tree, show_path

BUILTIN = "builtin"
PATHS = ("folder", "sweethome3d")
"""Kinds of sources that are at a path."""


@dataclass(frozen=True, slots=True)
class RecipePath:
    """A path as a recipe says it, and where that is on this machine.

    Recipes that are recorded with a dataset keep what was written; `found` is nobody's business but ours.
    """

    written: str
    found: str | None = None

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.found if self.found is not None else self.written).expanduser()

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> Any:
        said = core_schema.plain_serializer_function_ser_schema(lambda path: path.written)
        return core_schema.no_info_plain_validator_function(cls._read, serialization=said)

    @classmethod
    def _read(cls, value: object) -> RecipePath:
        if isinstance(value, RecipePath):
            return value
        if not isinstance(value, str) or not value.strip():
            raise _problem(f"expected a path (got {show(value)})")
        return cls(value)

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


class AssetSource(Section):
    """One place that things come from: the family itself, a folder, or a library of Sweet Home 3D."""

    builtin: bool = Field(default=False, description="What the scene family makes itself.")
    folder: RecipePath | None = Field(
        default=None, description="A folder of models (.glb, .gltf, .obj, .fbx, .ply, .stl, .usd*, .blend)."
    )
    sweethome3d: RecipePath | None = Field(default=None, description="A furniture library, .sh3f.")
    share: Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)] | None = Field(
        default=None, description="Share of the things; sources without one share the rest evenly."
    )
    name: Annotated[str, Field(min_length=1, max_length=64)] | None = Field(
        default=None, description="What ids of its assets begin with; by default the name of folder or file."
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if value == BUILTIN:
            return {BUILTIN: True}
        if not isinstance(value, Mapping):
            raise _problem(f"expected builtin, {{folder: PATH}} or {{sweethome3d: FILE}} (got {show(value)})")
        for key in value:
            if key not in cls.model_fields:
                raise _problem(unknown_name("key", str(key), cls.model_fields))
        if sum(bool(value.get(kind)) for kind in (BUILTIN, *PATHS)) != 1:
            raise _problem("expected exactly one of builtin, folder and sweethome3d")
        return value

    @model_serializer(mode="wrap")
    def _said(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value}

    @property
    def kind(self) -> str:
        """`builtin`, `folder` or `sweethome3d`."""
        return next(kind for kind in (BUILTIN, *PATHS) if getattr(self, kind))

    @property
    def path(self) -> Path | None:
        """Where it is; None for what is built in."""
        return None if self.builtin else getattr(self, self.kind).path

    @property
    def written(self) -> str:
        """What the recipe says of where it is."""
        return BUILTIN if self.builtin else getattr(self, self.kind).written


def _in_a_list(value: Any) -> Any:
    return [value] if isinstance(value, Mapping | str) else value


Sources = Annotated[tuple[AssetSource, ...], BeforeValidator(_in_a_list), Field(min_length=1)]
Assets = dict[str, Sources]
"""Class to sources."""


def shares_of(sources: tuple[AssetSource, ...]) -> list[float]:
    """The share of each source: as stated, the rest evenly among those that state none.

    What is left when all state theirs falls to the family's own things.
    """
    stated = sum(source.share for source in sources if source.share is not None)
    silent = sum(source.share is None for source in sources)
    rest = max(0.0, 1.0 - stated) / silent if silent else 0.0
    return [rest if source.share is None else source.share for source in sources]


def check_assets(assets: Assets, accepted: tuple[str, ...], known: Mapping[str, Any]) -> None:
    """Refuse classes that a scene family does not place, and shares that add up to more than 1.

    Parameters
    ----------
    accepted : the classes that the family places
    known : all classes there are
    """
    for name, sources in assets.items():
        if name not in known and name not in accepted:
            raise _problem(unknown_name("class", name, accepted or known))
        if name not in accepted:
            places = ", ".join(accepted) or "none"
            raise _problem(f"this scene places no assets of the class '{name}'; it places {places}")
        total = sum(source.share or 0.0 for source in sources)
        if total > 1 + 1e-9:
            raise _problem(f"{name}: expected shares that add up to at most 1 (got {total:g})")


def settle_paths(tree: Tree) -> list[Problem]:
    """Find the paths of a recipe's assets, each relative to the file that it was written in.

    Changes `tree` in place. Returns a problem for each path that leads nowhere.
    """
    problems: list[Problem] = []
    assets = _below(tree, "scene", "assets")
    if assets is None or not isinstance(assets.value, dict):
        return problems
    for name, sources in assets.value.items():
        listed = sources.value if isinstance(sources.value, list) else [sources]
        for number, source in enumerate(listed):
            for kind in PATHS:
                entry = source.child(kind)
                if entry is None or not isinstance(entry.value, str):
                    continue
                found = _found(entry.value, entry.place)
                steps = ("scene", "assets", name, *((number,) if listed is sources.value else ()), kind)
                there = found.is_dir() if kind == "folder" else found.is_file()
                if not there:
                    what = "a folder" if kind == "folder" else "a file"
                    message = f"expected {what} (found nothing at {found})"
                    problems.append(Problem(str(entry.place), show_path(steps), message))
                entry.value = RecipePath(entry.value, str(found))
    return problems


def _found(written: str, place: Place) -> Path:
    """Absolute path of what was written at a place; flags are relative to the working folder."""
    base = Path(place.source).parent if place.line else Path()
    return Path(os.path.abspath(base / Path(written).expanduser()))


def _below(tree: Tree, *steps: str) -> Tree | None:
    below: Tree | None = tree
    for step in steps:
        below = below.child(step) if below is not None else None
    return below


def _problem(text: str) -> PydanticCustomError:
    return PydanticCustomError("recipe", "{text}", {"text": text})
