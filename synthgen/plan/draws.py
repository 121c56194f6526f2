"""Drawing every distribution of a recipe by name, fast enough for plans of millions of scenes.

The number in [0, 1) behind a value is the first 53 bits of `seed_for(seed, "scene", i, ..., field)`, and the
value is the distribution's quantile of it. This is the naming of `rng_for`, without building a generator for
each value, which takes ten times as long. Nothing depends on the order of the draws: another camera, or
another distribution, moves no other value.

Values of cameras are spread evenly on top (`EvenNames`): the first 6 bits of their numbers come from a
shuffled Latin square, so that a few hundred views follow the stated distribution closer than as many free
draws would.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from synthgen.recipe.distributions import Distribution

Step = str | int
Draw = Callable[["Names"], Any]
Model = TypeVar("Model", bound=BaseModel)

STRATA = 64
"""Equal parts of [0, 1), of which as many scenes or views in a row take each one once: 2^6."""
_BITS = 53
_STRATUM_BITS = STRATA.bit_length() - 1


class Names:
    """A prefix of a name, `seed, "scene", 12`, from which the numbers of all longer names are made."""

    __slots__ = ("_hash",)

    def __init__(self, seed: int, *path: Step) -> None:
        self._hash = hashlib.sha256(json.dumps([seed, *path], separators=(",", ":"))[:-1].encode())

    def uniform(self, ending: bytes) -> float:
        """A number in [0, 1) for the name that ends with `ending`, made by `ending_of`."""
        return self._bits(ending) * 2.0**-_BITS

    def _bits(self, ending: bytes) -> int:
        digest = self._hash.copy()
        digest.update(ending)
        # seed_for keeps 63 bits of the digest; a float holds 53.
        return int.from_bytes(digest.digest()[:8], "big") >> 11


class EvenNames(Names):
    """Names of what is drawn for a view of a camera: each value is uniform, many of them lie evenly.

    Of every field the scenes and the views of a camera form squares of 64 by 64, and each is a Latin square:
    its rows and columns hold each of the 64 strata once. So 64 scenes in a row with one view each, or 64
    views of one scene, take one value out of each 64th of the distribution, in an order of their own for
    every field. Where in its 64th a value lies is told by its own name.

    Parameters
    ----------
    camera : index in the recipe
    view : of this camera, shots counted as one
    """

    __slots__ = ("_column", "_row", "_square")

    def __init__(self, seed: int, scene: int, camera: int, view: int) -> None:
        super().__init__(seed, "scene", scene, "camera", camera, "view", view)
        self._square = seed, scene // STRATA, camera, view // STRATA
        self._row, self._column = scene % STRATA, view % STRATA

    def uniform(self, ending: bytes) -> float:
        """A number in [0, 1) for the name that ends with `ending`, made by `ending_of`."""
        rows, columns = _latin_square(*self._square, ending)
        stratum = (rows[self._row] + columns[self._column]) % STRATA
        place = self._bits(ending) >> _STRATUM_BITS
        return (stratum << (_BITS - _STRATUM_BITS) | place) * 2.0**-_BITS


@lru_cache(maxsize=4096)
def _latin_square(
    seed: int, scenes: int, camera: int, views: int, ending: bytes
) -> tuple[list[int], list[int]]:
    """Two shuffles of the strata; the sum of one of each, modulo their number, is an entry of the square."""
    name = json.dumps([seed, "strata", scenes, "camera", camera, "views", views], separators=(",", ":"))[:-1]
    drawn = hashlib.shake_128(name.encode() + ending).digest(4 * STRATA * 4)
    keys = struct.unpack(f">{4 * STRATA}I", drawn)
    return _shuffled(keys[: 2 * STRATA]), _shuffled(keys[2 * STRATA :])


def _shuffled(keys: Sequence[int]) -> list[int]:
    """The strata in an order of which every eighth holds one out of every eighth of them."""
    ranks = [sorted(range(8), key=keys[first : first + 8].__getitem__) for first in range(0, len(keys), 8)]
    eighths, within = ranks[:8], ranks[8:]
    return [8 * eighth + within[eighth][row] for row in range(8) for eighth in eighths[row]]


def ending_of(*path: Step) -> bytes:
    """The rest of a name, in the form in which `seed_for` hashes it."""
    return ("," + json.dumps(list(path), separators=(",", ":"))[1:]).encode()


def resolve(model: Model, seed: int, *path: Step) -> Model:
    """A model of the same class with constants only, each drawn under the name (seed, *path, field ...)."""
    return type(model).model_validate(draw_of(model)(Names(seed, *path)))


def draw_of(model: BaseModel, *path: Step) -> Draw:
    """A function from a `Names` to the model as plain JSON values with everything drawn."""
    return _compiled(model, path)


def _compiled(value: Any, path: tuple[Step, ...]) -> Draw:
    if isinstance(value, Distribution):
        return _leaf(value, ending_of(*path))
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, dict):
        return _map(value, path)
    if isinstance(value, tuple | list):
        parts = [_compiled(each, (*path, index)) for index, each in enumerate(value)]
        return lambda names: [part(names) for part in parts]
    return lambda names: value


def _leaf(distribution: Distribution, ending: bytes) -> Draw:
    at = distribution.at
    return lambda names: at(names.uniform(ending))


def _map(value: dict[str, Any], path: tuple[Step, ...]) -> Draw:
    # Scalars are copied with the map; only what is drawn, or could be changed in place, is made anew.
    changing = tuple(
        (key, _compiled(each, (*path, key)))
        for key, each in value.items()
        if not (each is None or isinstance(each, str | int | float | bool))
    )

    def draw(names: Names) -> dict[str, Any]:
        drawn = value.copy()
        for key, part in changing:
            drawn[key] = part(names)
        return drawn

    return draw
