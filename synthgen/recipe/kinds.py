"""Parts of a recipe that come in kinds: `kind:` names the model that the other keys belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import PydanticCustomError, core_schema

from synthgen.errors import UsageError, unknown_name
from synthgen.recipe.fields import Section
from synthgen.recipe.parse import show


@dataclass(frozen=True, slots=True)
class OneOfKind:
    """pydantic annotation of a field whose model is chosen by its `kind`.

    The kinds are looked up when a value is checked or a schema is made, never before: families may be added.
    `short` allows the bare name of a kind for a kind with its defaults.
    """

    what: str
    known: Callable[[], list[str]]
    model_of: Callable[[str], type[Section]]
    short: bool = False

    def parse(self, value: object) -> Section:
        """The model of a value. Raises pydantic's `ValidationError` with locations inside of the value."""
        if isinstance(value, Section):
            return value
        if self.short and isinstance(value, str):
            value = {"kind": value}
        if not isinstance(value, Mapping):
            raise problem_at(f"expected a map with a 'kind' (got {show(value)})", value)
        if "kind" not in value:
            raise problem_at(
                f"expected a 'kind' out of {', '.join(self.known()) or 'none'}, found none", value
            )
        kind = value["kind"]
        if kind not in self.known():
            message = unknown_name(f"{self.what} kind", str(kind), self.known())
            raise problem_at(message, kind, *(() if self.short and len(value) == 1 else ("kind",)))
        try:
            model = self.model_of(kind)
        except UsageError as error:
            raise problem_at(str(error), kind, "kind") from None
        return model.model_validate(dict(value))

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> Any:
        serialize = core_schema.plain_serializer_function_ser_schema(_dump)
        return core_schema.no_info_plain_validator_function(self.parse, serialization=serialize)

    def __get_pydantic_json_schema__(self, _schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        kinds = []
        for kind in self.known():
            model = self.model_of(kind)
            schema = handler(model.__pydantic_core_schema__)
            body = handler.resolve_ref_schema(schema)
            body["required"] = sorted({"kind", *body.get("required", ())})
            kinds.append(schema)
        items: list[dict[str, Any]] = [{"oneOf": kinds}] if kinds else []
        if self.short and kinds:
            items.append({"enum": self.known()})
        return {"anyOf": items} if len(items) > 1 else items[0] if items else {"enum": []}


def _dump(value: BaseModel) -> dict[str, Any]:
    return value.model_dump()


def problem_at(message: str, value: object, *where: str | int) -> ValidationError:
    """What is wrong with a value that stands at `where` below the one that is being checked."""
    error = PydanticCustomError("recipe", "{text}", {"text": message})
    return ValidationError.from_exception_data("kind", [{"type": error, "loc": where, "input": value}])
