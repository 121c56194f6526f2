"""`Kind`: what there is to know about a kind of thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..solids.solid import Solid

Make = Callable[[float, np.random.Generator], list[Solid]]
"""(size in metres, rng) -> pieces about any origin, their greatest extent about that size, z up."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing.

    Attributes
    ----------
    make : its pieces
    rests : "upright" on its lowest points, as it was made; "settled" in any pose that is stable;
        "hangs" when it makes sense in the air only
    flat_top : whether the highest face is level and wide enough to carry something when it stands upright
    closed : whether all pieces are closed surfaces
    class_name : its semantic class
    largest_m : greatest sensible extent
    """

    make: Make
    rests: str = "settled"
    flat_top: bool = False
    closed: bool = True
    class_name: str = "object"
    largest_m: float = 40.0


def thickness(size_m: float, rng: np.random.Generator, low: float = 0.0022, high: float = 0.008) -> float:
    """The radius of a wire of a thing: 0.5 mm at least, and 20 mm at most."""
    return float(np.clip(size_m * rng.uniform(low, high), 0.0005, 0.02))
