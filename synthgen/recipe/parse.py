"""Reading distributions out of plain values: the parts that number and name fields share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from synthgen.errors import unknown_name
from synthgen.recipe.distributions import KINDS, Scalar


def show(value: object) -> str:
    """A value as messages quote it, cut when long."""
    text = repr(value) if isinstance(value, str) else _yaml_like(value)
    return text if len(text) <= 60 else text[:57] + "..."


class Refused(Exception):
    """A problem at `where` inside of a field's value; several are collected before they are reported."""

    def __init__(self, message: str, value: object, *where: str | int) -> None:
        super().__init__(message)
        self.message, self.value, self.where = message, value, where


def one_kind(value: Mapping[Any, Any]) -> tuple[str, Any]:
    """The kind and the body of a distribution. Raises `Refused`."""
    if len(value) != 1:
        raise Refused(f"expected a map with one key out of {', '.join(KINDS)} (got {show(value)})", value)
    kind, body = next(iter(value.items()))
    if kind not in KINDS:
        raise Refused(unknown_name("distribution", str(kind), KINDS), body, kind)
    return kind, body


def parse_choice(body: object) -> tuple[list[tuple[Scalar, tuple[str | int, ...]]], tuple[float, ...]]:
    """The values of a choice, each with its address, and their weights. Raises `Refused`."""
    if isinstance(body, Mapping) and set(body) <= {"values", "weights"}:
        values, weights = body.get("values"), body.get("weights")
        where: tuple[str, ...] = ("choice", "values")
        if "values" not in body:
            raise Refused("expected {values: [...], weights: [...]}, found no 'values'", body, "choice")
        if weights is None:
            weights = [1] * len(values) if isinstance(values, Sequence) else []
        elif not isinstance(weights, Sequence) or isinstance(weights, str):
            raise Refused(f"expected a list of numbers (got {show(weights)})", weights, "choice", "weights")
        addresses = [("choice", "weights", index) for index in range(len(weights))]
    elif isinstance(body, Mapping):
        values, weights, where = list(body), list(body.values()), ("choice",)
        addresses = [("choice", key) for key in body]
    else:
        values, where = body, ("choice",)
        weights = [1] * len(values) if isinstance(values, Sequence) else []
        addresses = [()] * len(weights)
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        raise Refused(f"expected a list with at least one value (got {show(values)})", values, *where)
    if len(weights) != len(values):
        message = f"expected as many weights as values, {len(values)} (got {len(weights)})"
        raise Refused(message, weights, "choice", "weights")
    numbers = tuple(plain_number(weight, *address) for weight, address in zip(weights, addresses))
    numbers = (1.0,) * len(numbers) if len(set(numbers)) == 1 and numbers[0] > 0 else numbers
    for weight, address in zip(numbers, addresses):
        if weight < 0:
            raise Refused(f"a weight must be at least 0 (got {show(weight)})", weight, *address)
    if not any(numbers):
        raise Refused("expected at least one weight above 0", body, "choice")
    by_key = isinstance(body, Mapping) and where == ("choice",)
    return [(each, (*where, each if by_key else index)) for index, each in enumerate(values)], numbers


def pair(body: object, kind: str, form: str = "[least, greatest]") -> Sequence[Any]:
    """A list of two. Raises `Refused`."""
    if not isinstance(body, Sequence) or isinstance(body, str) or len(body) != 2:
        raise Refused(f"expected {form} (got {show(body)})", body, kind)
    return body


def plain_number(value: object, *where: str | int) -> float:
    """A finite number without further limits. Raises `Refused`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value):
        raise Refused(f"expected a number (got {show(value)})", value, *where)
    return float(value)


def is_finite(value: float) -> bool:
    """Whether a number is finite, also as a float: whole numbers may be longer than any float."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _yaml_like(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_yaml_like(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_yaml_like(each) for each in value) + "]"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
