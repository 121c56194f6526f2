"""Field types of recipes: `Number`, `Whole`, `Name`, each a constant or a distribution.

    class Lens(Section):
        fov_deg: Number("Horizontal field of view.", {"uniform": [50, 90]}, unit="degrees", ge=1, le=179)
        mount: Name("How it is held.", "hand", names=("hand", "tripod"))

The limits hold for constants and for everything that a distribution may give. Messages are written here in
plain words, and problems inside of a distribution keep their own address (`fov_deg.uniform[1]`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
)
from pydantic_core import PydanticCustomError, PydanticUndefined, core_schema

from synthgen.errors import unknown_name
from synthgen.recipe.distributions import KINDS, Choice, Distribution, LogUniform, Normal, Uniform
from synthgen.recipe.parse import Refused, is_finite, one_kind, pair, parse_choice, plain_number, show


class Section(BaseModel):
    """Base of every part of a recipe: frozen, no unknown keys, defaults checked like everything else."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


REQUIRED = PydanticUndefined


def Number(description: str, default: object = REQUIRED, *, unit: str = "", ge: float | None = None,
           gt: float | None = None, le: float | None = None, lt: float | None = None,
           optional: bool = False) -> Any:  # fmt: skip
    """A number or a distribution of numbers; limits as in pydantic.

    None is allowed if it is the default, or with `optional`.
    """
    allows_none = optional or default is None
    return _annotated(NumberType(ge, gt, le, lt, False, allows_none), description, default, unit)


def Whole(description: str, default: object = REQUIRED, *, unit: str = "", ge: int | None = None,
          le: int | None = None) -> Any:  # fmt: skip
    """A whole number or a distribution of whole numbers, ends included."""
    return _annotated(NumberType(ge, None, le, None, True, default is None), description, default, unit)


def Name(description: str, default: object = REQUIRED, *, names: Sequence[str]) -> Any:
    """One of `names`, or a choice of them."""
    return _annotated(NameType(tuple(names)), description, default)


def FixedName(description: str, default: object = REQUIRED, *, names: Sequence[str]) -> Any:
    """One of `names`; nothing that can be drawn. None is allowed if it is the default."""
    name_type = NameType(tuple(names), drawn=False, optional=default is None)
    return _annotated(name_type, description, default)


def Names(description: str, default: object = REQUIRED, *, what: str, names: Sequence[str]) -> Any:
    """A list of different names out of `names`, at least one."""
    each = Annotated[Any, NameType(tuple(names), what, drawn=False)]
    different = AfterValidator(_all_different)
    field = Field(
        default=default, description=description, min_length=1, json_schema_extra={"uniqueItems": True}
    )
    return Annotated[tuple[each, ...], different, field]


@dataclass(frozen=True, slots=True)
class NumberType:
    """pydantic annotation of a number field."""

    ge: float | None
    gt: float | None
    le: float | None
    lt: float | None
    whole: bool
    optional: bool

    def parse(self, value: object) -> float | int | Distribution | None:
        """A constant or a distribution within the limits. Raises `Refused`."""
        if value is None and self.optional:
            return None
        if isinstance(value, Distribution):
            value = value.to_json()
        if isinstance(value, Mapping):
            return self._distribution(value)
        return self._constant(value)

    def _constant(self, value: object, *where: str | int) -> float | int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            kind = "a whole number" if self.whole else "a number"
            hint = "" if where else f", or one of {', '.join(f'{{{name}: ...}}' for name in KINDS)}"
            raise Refused(f"expected {kind}{hint} (got {show(value)})", value, *where)
        if not is_finite(value):
            raise Refused(f"expected a finite number (got {show(value)})", value, *where)
        if self.whole and value != int(value):
            raise Refused(f"expected a whole number (got {value})", value, *where)
        if not self._allows(value):
            raise Refused(f"must be {self._limits()} (got {show(value)})", value, *where)
        return int(value) if self.whole else float(value)

    def _distribution(self, value: Mapping[Any, Any]) -> Distribution:
        kind, body = one_kind(value)
        if kind == "choice":
            values, weights = parse_choice(body)
            return Choice(tuple(self._constant(each, *where) for each, where in values), weights)
        if kind == "normal":
            return self._normal(body)
        low, high = (self._constant(each, kind, index) for index, each in enumerate(pair(body, kind)))
        if low > high:
            raise Refused(f"expected [least, greatest] (got [{show(low)}, {show(high)}])", body, kind)
        if kind == "log_uniform":
            if low <= 0:
                raise Refused(f"must be greater than 0 for log_uniform (got {show(low)})", low, kind, 0)
            return LogUniform(low, high, self.whole)
        return Uniform(low, high, self.whole)

    def _normal(self, body: object) -> Normal:
        if isinstance(body, Mapping):
            for key in body:
                if key not in ("mean", "std", "min", "max"):
                    message = unknown_name("key", str(key), ("mean", "std", "min", "max"))
                    raise Refused(message, body[key], "normal", key)
            for key in ("mean", "std"):
                if key not in body:
                    raise Refused(
                        f"expected {{mean: m, std: s, min: a, max: b}}, found no '{key}'", body, "normal"
                    )
            parts = {key: plain_number(body[key], "normal", key) for key in body}
        else:
            parts = dict(zip(("mean", "std"), (plain_number(each, "normal", index)
                             for index, each in enumerate(pair(body, "normal", "[mean, std]")))))  # fmt: skip
        if parts["std"] < 0:
            raise Refused(f"must be at least 0 (got {show(parts['std'])})", parts["std"], "normal", "std")
        low, high = parts.get("min", self.ge), parts.get("max", self.le)
        for name, limit, own in (("min", low, self.gt), ("max", high, self.lt)):
            if limit is None and own is not None:
                raise Refused(
                    f"expected '{name}' too, because the value must be {self._limits()}", body, "normal"
                )
            if limit is not None and name in parts:
                self._constant(limit, "normal", name)
        low, high = (-math.inf if low is None else float(low)), (math.inf if high is None else float(high))
        if low > high:
            raise Refused(f"expected min <= max (got min {show(low)}, max {show(high)})", body, "normal")
        return Normal(parts["mean"], parts["std"], low, high, self.whole)

    def _allows(self, value: float) -> bool:
        return (
            (self.ge is None or value >= self.ge)
            and (self.gt is None or value > self.gt)
            and (self.le is None or value <= self.le)
            and (self.lt is None or value < self.lt)
        )

    def _limits(self) -> str:
        if self.ge is not None and self.le is not None:
            return f"between {self.ge} and {self.le}"
        parts = (
            ("at least", self.ge),
            ("greater than", self.gt),
            ("at most", self.le),
            ("less than", self.lt),
        )
        return " and ".join(f"{words} {limit}" for words, limit in parts if limit is not None)

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of a constant or a distribution."""
        names = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
        limits = {names[key]: getattr(self, key) for key in names if getattr(self, key) is not None}
        constant = {"type": "integer" if self.whole else "number", **limits}
        empty = [{"type": "null"}] if self.optional else []
        return {"anyOf": [constant, *empty, number_distribution_schema()]}

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> Any:
        return _core_schema(self)

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.json_schema()


@dataclass(frozen=True, slots=True)
class NameType:
    """pydantic annotation of a field that holds one of a few names."""

    names: tuple[str, ...]
    what: str = "name"
    drawn: bool = True
    optional: bool = False

    def parse(self, value: object) -> str | Distribution | None:
        """A name or a choice of names. Raises `Refused`."""
        if value is None and self.optional:
            return None
        if not self.drawn:
            return self._constant(value)
        if isinstance(value, Distribution):
            value = value.to_json()
        if not isinstance(value, Mapping):
            return self._constant(value)
        kind, body = one_kind(value)
        if kind != "choice":
            raise Refused(f"expected a name, or {{choice: [...]}} (got {{{kind}: ...}})", value, kind)
        values, weights = parse_choice(body)
        return Choice(tuple(self._constant(each, *where) for each, where in values), weights)

    def _constant(self, value: object, *where: str | int) -> str:
        if not isinstance(value, str):
            raise Refused(f"expected one of {', '.join(self.names)} (got {show(value)})", value, *where)
        if value not in self.names:
            raise Refused(unknown_name(self.what, value, self.names), value, *where)
        return value

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of a constant or a choice."""
        constant = {"enum": [*self.names, *([None] if self.optional else [])]}
        if not self.drawn:
            return constant
        return {"anyOf": [constant, _choice_schema(constant)]}

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> Any:
        return _core_schema(self)

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.json_schema()


def _all_different(values: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise PydanticCustomError(
            "recipe", "{text}", {"text": f"expected each name once ({', '.join(twice)} twice)"}
        )
    return values


def _annotated(field_type: NumberType | NameType, description: str, default: object, unit: str = "") -> Any:
    text = f"{description} Unit: {unit}." if unit else description
    return Annotated[Any, field_type, Field(default=default, description=text)]


def _core_schema(field_type: NumberType | NameType) -> Any:
    def validate(value: Any) -> Any:
        try:
            return field_type.parse(value)
        except Refused as refused:
            raise ValidationError.from_exception_data("field", [{
                "type": PydanticCustomError("recipe", "{text}", {"text": refused.message}),
                "loc": refused.where, "input": refused.value,
            }]) from None  # fmt: skip

    def serialize(value: Any) -> Any:
        return value.to_json() if isinstance(value, Distribution) else value

    return core_schema.no_info_plain_validator_function(
        validate, serialization=core_schema.plain_serializer_function_ser_schema(serialize)
    )


def number_distribution_schema() -> dict[str, Any]:
    """JSON Schema of any distribution of numbers. A field's limits are checked when a recipe is loaded."""
    number = {"type": "number"}
    two = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    positive = {**two, "items": {"type": "number", "exclusiveMinimum": 0}}
    clipped = {
        "type": "object",
        "properties": {"mean": number, "std": {"type": "number", "minimum": 0}, "min": number, "max": number},
        "required": ["mean", "std"],
        "additionalProperties": False,
    }
    return {
        "anyOf": [
            _tagged("uniform", two, "Uniform between [least, greatest], both included."),
            _tagged("log_uniform", positive, "Uniform in the logarithm between [least, greatest]."),
            _tagged(
                "normal", {"anyOf": [clipped, two]}, "Normal, clipped: {mean, std, min, max} or [mean, std]."
            ),
            _choice_schema(number),
        ]
    }


def _tagged(kind: str, body: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": {kind: body},
        "required": [kind],
        "additionalProperties": False,
    }


def _choice_schema(constant: dict[str, Any]) -> dict[str, Any]:
    values = {"type": "array", "items": constant, "minItems": 1}
    weight = {"type": "number", "minimum": 0}
    weighted = {
        "type": "object",
        "properties": {"values": values, "weights": {"type": "array", "items": weight}},
        "required": ["values"],
        "additionalProperties": False,
    }
    by_value = {"type": "object", "additionalProperties": weight, "minProperties": 1}
    if "enum" in constant:
        by_value["propertyNames"] = constant
    body = {"anyOf": [values, weighted, by_value]}
    return _tagged("choice", body, "One of the values: [a, b], {values, weights} or {a: weight}.")
