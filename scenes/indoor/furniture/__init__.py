"""Furniture: `build_item` makes the mesh of any kind of thing that stands, hangs or lies in a room."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from . import beds, office_chair, seating, sofas, storage, tables

Size = tuple[float, float, float]
_LATER = ("lamps", "decor", "textiles", "plants", "clutter", "electronics", "reading")

KINDS: dict[str, Callable[..., MeshBuilder]] = {}
for _module in (beds, office_chair, seating, sofas, storage, tables):
    KINDS |= _module.KINDS
for _name in _LATER:
    if importlib.util.find_spec(f"{__name__}.{_name}") is not None:
        KINDS |= getattr(importlib.import_module(f"{__name__}.{_name}"), "KINDS", {})


def build_item(
    kind: str, size_m: Size, rng: np.random.Generator, params: Mapping[str, object] | None = None
) -> MeshBuilder:
    """The mesh of one thing: base centre at the origin, standing on z = 0, its front towards -y.

    Parameters
    ----------
    kind : a key of `KINDS`
    size_m : (w, d, h), metres, along x, y, z; rigid kinds fill it exactly
    rng : everything that varies is drawn from it
    params : settings of the kind, such as "style", "variant", "seat_z_m", "board_z_m"

    Raises
    ------
    KeyError
        For a kind that nothing builds.
    """
    return KINDS[kind](size_m, rng, dict(params or {}))
