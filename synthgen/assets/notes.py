"""`assets.yaml`: what a user says about the assets of a folder and of the folders below it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from synthgen.assets.record import ENVIRONMENT, UNITS_M, AssetRejected, Axis, Length
from synthgen.errors import unknown_name
from synthgen.frame.classes import CLASSES

NOTES = "assets.yaml"
_SIGNED = {"x": "+x", "y": "+y", "z": "+z"}


class Note(BaseModel):
    """What may be said about one asset, or about all of a folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    licence: str | None = None
    creator: str | None = None
    link: str | None = None
    category: str | None = None
    size_m: tuple[Length, Length, Length] | None = None
    unit: Literal["m", "cm", "mm", "in", "ft"] | None = None
    up: Axis | None = None
    front: Axis | None = None

    @field_validator("up", "front", mode="before")
    @classmethod
    def _signed(cls, axis: object) -> object:
        return _SIGNED.get(axis, axis) if isinstance(axis, str) else axis

    @field_validator("category")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        if name is not None and name not in CLASSES and name != ENVIRONMENT:
            raise ValueError(unknown_name("category", name, [*CLASSES, ENVIRONMENT]))
        return name

    def over(self, below: Note) -> Note:
        """This note where it says something, else the one below it."""
        return below.model_copy(update=self.model_dump(exclude_none=True))

    def fields(self) -> dict[str, Any]:
        """What it says, as fields of a record; `unit` becomes `unit_m`."""
        said = self.model_dump(exclude_none=True)
        unit = said.pop("unit", None)
        return said | ({"unit_m": UNITS_M[unit]} if unit else {})


class FolderNotes(Note):
    """The content of an `assets.yaml`: a note on the folder, and notes on single files by name."""

    files: Annotated[dict[str, Note], Field(default_factory=dict)]


def read_notes(path: Path) -> FolderNotes:
    """An `assets.yaml`.

    Raises
    ------
    AssetRejected
        When it is no YAML, or says something that cannot be said; names the key.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError, RecursionError) as error:
        raise AssetRejected(f"cannot be read ({' '.join(str(error).split())})") from None
    if not isinstance(content, Mapping | None):
        raise AssetRejected("expected a map of keys and values, such as licence: CC0-1.0")
    try:
        return FolderNotes.model_validate(content or {})
    except ValidationError as error:
        raise AssetRejected("; ".join(_explained(each) for each in error.errors())) from None


def _explained(problem: Any) -> str:
    where = ".".join(str(step) for step in problem["loc"])
    if problem["type"] == "extra_forbidden":
        known = Note.model_fields if len(problem["loc"]) > 1 else FolderNotes.model_fields
        return unknown_name("key", str(problem["loc"][-1]), known)
    return f"{where}: {problem['msg'].removeprefix('Value error, ')} (got {problem['input']!r})"
