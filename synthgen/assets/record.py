"""`AssetRecord`: all that is known about one asset before it is imported."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from synthgen.errors import DataError

AXES = ("+x", "-x", "+y", "-y", "+z", "-z")
Axis = Literal["+x", "-x", "+y", "-y", "+z", "-z"]
Kind = Literal["model", "environment", "texture_set"]
ENVIRONMENT = "environment"
"""What takes the place of a class where assets are light fields."""
UNITS_M = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
Length = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class AssetRejected(DataError):
    """An asset that cannot be used; the message is the reason, and names the file where it is not obvious."""


class AssetRecord(BaseModel):
    """One asset of a source.

    Attributes
    ----------
    id : source and path, or the catalogue's own key: the same for as long as the asset has its place
    sha256 : of the file; where it needs others, of the list of all names and their SHA-256
    source : name of the source
    path : main file, relative to the source
    needs : the other files without which it is not whole
    licence : SPDX identifier where there is one, such as CC-BY-4.0; None where nothing is stated
    category : a class of `synthgen.frame.classes`, or None
    size_m : real width, depth and height, where the source knows it
    unit_m : metres of one unit of the file, where the source knows it
    up, front : the model's axes as Blender shows the file when it is imported with default settings
    rotation : (3, 3) by rows, applied to the imported model before `up` and `front` are looked at
    triangles : where the file tells without being loaded
    split : set by `Catalogue.in_splits`
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    sha256: str
    kind: Kind
    source: str
    path: str
    needs: tuple[str, ...] = ()
    licence: str | None = None
    creator: str | None = None
    link: str | None = None
    category: str | None = None
    size_m: tuple[Length, Length, Length] | None = None
    unit_m: Length | None = None
    up: Axis = "+z"
    front: Axis = "-y"
    rotation: Annotated[tuple[float, ...], Field(min_length=9, max_length=9)] | None = None
    triangles: int | None = None
    split: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """All files, the main one first."""
        return (self.path, *self.needs)

    @model_serializer(mode="wrap")
    def _known(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = type(self).model_fields
        return {
            name: value
            for name, value in handler(self).items()
            if fields[name].is_required() or getattr(self, name) != fields[name].default
        }

    def to_json(self) -> dict[str, Any]:
        """Plain values; what is not known is not there."""
        return self.model_dump(mode="json")


def licence_id(text: str | None) -> str | None:
    """A licence as people write it, as an SPDX identifier where it is a well-known one.

    >>> licence_id("Creative Commons Attribution 3.0 United States license")
    'CC-BY-3.0-US'
    >>> licence_id("CC BY-NC 4.0")
    'CC-BY-NC-4.0'
    """
    if not text or not text.strip():
        return None
    words = "".join(char if char.isalnum() or char == "." else " " for char in text.lower()).split()
    if words[:2] == ["public", "domain"] or "cc0" in words or words[:2] == ["cc", "0"]:
        return "CC0-1.0"
    long = {"attribution": "by", "noncommercial": "nc", "sharealike": "sa", "noderivatives": "nd",
            "noderivs": "nd"}  # fmt: skip
    terms = [word for word in (long.get(word, word) for word in words) if word in ("by", "nc", "sa", "nd")]
    version = next((word for word in words if word in ("1.0", "2.0", "2.5", "3.0", "4.0")), None)
    if "by" not in terms or version is None:
        return " ".join(text.split())
    order = [term for term in ("by", "nc", "nd", "sa") if term in terms]
    country = "-US" if "united" in words and "states" in words else ""
    return f"CC-{'-'.join(order).upper()}-{version}{country}"
