"""What a user may say about a scene of their own that lies in a file, whatever the file's format is."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from synthgen.errors import DataError, unknown_name
from synthgen.frame.classes import CLASSES, SKY, VOID
from synthgen.recipe.families import SceneSpec
from synthgen.recipe.fields import FixedName, Number, Section, Whole

IDS_BY = ("object", "collection", "property")
LIGHTS = ("file", "ours")
SURFACES = tuple(name for name in CLASSES if name not in (SKY, VOID))
"""Classes that an object may have."""

ClassName = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strict=True, min_length=1)]
Coordinate = Annotated[float, Field(allow_inf_nan=False)]
Point = tuple[Coordinate, Coordinate, Coordinate]


class Ids(Section):
    """What counts as one instance."""

    by: FixedName(
        "What has an id of its own: each object, each collection, or each value of a custom property.",
        "object",
        names=IDS_BY,
    )
    property: Text | None = Field(
        default=None,
        description="Name of the custom property, of objects or of their parents, for by: property.",
    )

    @model_validator(mode="after")
    def _fits(self) -> Ids:
        if (self.by == "property") != (self.property is not None):
            wanted = "a property, its name" if self.property is None else "by: property beside a property"
            raise _problem(f"expected {wanted} (got by: {self.by})")
        return self


class Region(Section):
    """Where cameras may be: a box, or what an object or a collection of the file covers."""

    min_m: Point | None = Field(default=None, description="Least x, y and z of a box. Unit: metres.")
    max_m: Point | None = Field(default=None, description="Greatest x, y and z of a box. Unit: metres.")
    object: Text | None = Field(
        default=None, description="An object: a floor to stand on, or, if it is higher than 0.3 m, a volume."
    )
    collection: Text | None = Field(
        default=None, description="A collection, whose objects together count like one object."
    )

    @model_validator(mode="after")
    def _fits(self) -> Region:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if given not in (["min_m", "max_m"], ["object"], ["collection"]):
            found = f"got {', '.join(given)}" if given else "found none"
            raise _problem(f"expected min_m and max_m, or object, or collection ({found})")
        if self.min_m and any(low >= high for low, high in zip(self.min_m, self.max_m)):
            raise _problem(f"expected min_m below max_m (got {list(self.min_m)} and {list(self.max_m)})")
        return self


class SceneFileSpec(SceneSpec):
    """Base of the families that show a user's scene file.

    A family names the endings of its files, and says in `files_beside` what a file needs.
    """

    classes: ClassVar[tuple[str, ...]] = tuple(CLASSES)
    from_file: ClassVar[bool] = True
    endings: ClassVar[tuple[str, ...]] = ()

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None,
        description="SHA-256 of the file and of what it needs beside it. It is filled in when the recipe is "
        "read; what has another one by then is not rendered.",
    )
    path: Text = Field(description="The file, relative to the recipe.")
    frame: Whole("Frame of the file's animation; by default the one that it was saved at.", None,
                 ge=-1_000_000, le=1_000_000)  # fmt: skip
    unit_m: Number("Metres of one unit of the file; by default what the file says.", None,
                   unit="metres", gt=0, le=1e6)  # fmt: skip
    ids: Ids = Field(default=Ids(), description="What counts as one instance.")
    new_classes: tuple[ClassName, ...] = Field(
        default=(), description="Classes of your own, beside those that all datasets share."
    )
    class_of: dict[str, ClassName] = Field(
        default={},
        description="Semantic classes, {pattern: class}: the first regular expression that fits the whole "
        "name of an object, its collection or its property decides. What none fits is an 'object'.",
    )
    camera_region: Region | None = Field(
        default=None,
        description="Where cameras that are no cameras of the file may be; by default above its floor.",
    )
    light: FixedName(
        "Light of the file, or ours: one of the light fields that come with Blender.", "file", names=LIGHTS
    )

    @model_validator(mode="before")
    @classmethod
    def _fingerprinted(cls, value: Any) -> Any:
        """Fill in what is known of the file. One that was fingerprinted before need not be there any more:
        a dataset is packed and verified without it."""
        if not isinstance(value, Mapping) or value.get("sha256") is not None:
            return value
        try:
            return {**value, "sha256": cls.fingerprint(Path(value["path"]))}
        except (KeyError, TypeError, DataError):
            return value  # checked again below, where the problem has its address

    @field_validator("path")
    @classmethod
    def _readable(cls, path: str, info: ValidationInfo) -> str:
        if info.data.get("sha256") is None:
            try:
                cls.fingerprint(Path(path))
            except DataError as error:
                raise _problem(str(error)) from None
        return os.path.abspath(path)

    @field_validator("class_of")
    @classmethod
    def _patterns_and_classes(cls, class_of: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        known = [*SURFACES, *info.data.get("new_classes", ())]
        for pattern, name in class_of.items():
            try:
                re.compile(pattern)
            except re.error as error:
                raise _problem(f"expected regular expressions (got '{pattern}': {error})") from None
            if name not in known:
                raise _problem(f"{unknown_name('class', name, known)} One of your own goes into new_classes.")
        return class_of

    @classmethod
    def files_beside(cls, path: Path) -> Iterable[Path]:
        """The other files that a file needs, as far as it tells without Blender.

        Raises
        ------
        DataError
            When it is damaged, or one of them is missing; the message goes on behind the file's name.
        """
        raise NotImplementedError

    @classmethod
    def fingerprint(cls, path: Path) -> str:
        """SHA-256 of a file; where it needs others, that of the list that `sha256sum` prints for all of them.

        Raises
        ------
        DataError
            When it is missing, or not what its ending says.
        """
        if path.suffix.lower() not in cls.endings:
            raise DataError(f"expected a file that ends in {' or '.join(cls.endings)} (got {path.name})")
        if not path.is_file():
            raise DataError(
                f"expected a scene file (found {'a folder' if path.is_dir() else 'nothing'} at {path})"
            )
        if not path.stat().st_size:
            raise DataError(f"{path.name} is empty (0 bytes)")
        try:
            files = [path, *sorted(cls._needed_by(path) - {path})]
            digests = [_sha256(file) for file in files]
        except OSError as error:
            raise DataError(f"{error.filename} cannot be read ({error.strerror})") from None
        if len(files) == 1:
            return digests[0]
        names = [os.path.relpath(file, path.parent) for file in files]
        listed = "".join(f"{digest}  {name}\n" for digest, name in zip(digests, names))
        return hashlib.sha256(listed.encode()).hexdigest()

    @classmethod
    def _needed_by(cls, path: Path) -> set[Path]:
        """All files that a file needs, those of the scene files among them as well, and itself."""
        found, waiting = {path}, [path]
        while waiting:
            file = waiting.pop()
            try:
                beside = set(cls.files_beside(file)) - found
            except DataError as error:
                raise DataError(f"{file.name} {error}") from None
            found |= beside
            waiting += [each for each in sorted(beside) if each.suffix.lower() in cls.endings]
        return found

    @classmethod
    def class_names_of(cls, params: Mapping[str, Any]) -> tuple[str, ...]:
        """All known classes, and those that the recipe adds."""
        return (*cls.classes, *params.get("new_classes", ()))


def _sha256(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _problem(message: str) -> PydanticCustomError:
    return PydanticCustomError("recipe", "{text}", {"text": message})
