"""How an instance meets others, as its builder means it. `synthgen.blender.contacts` holds it to that."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Contact:
    """What holds an instance, and what it may run into.

    Attributes
    ----------
    held : "below" by something under it, "beside" by anything that it touches, "" by nothing
    joined : part of the building, whose parts are set into each other
    gives_m : how deep others may sink into it, or it into them: cushions, leaves, soil
    """

    held: Literal["below", "beside", ""]
    joined: bool = False
    gives_m: float = 0.0

    def giving(self, gives_m: float = math.inf) -> Contact:
        """The same, of something soft."""
        return replace(self, gives_m=gives_m)


STANDS = Contact("below")
"""Stands, lies or leans on something."""
HANGS = Contact("beside")
"""Hangs from a ceiling or on a wall, or is fixed to something."""
FLOATS = Contact("")
"""Is in the air on purpose."""
JOINED = Contact("", joined=True)
"""Walls, floors, windows in walls, what grows out of the ground."""
