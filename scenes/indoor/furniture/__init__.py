"""Furniture: `build_item` makes the mesh of any kind of thing that stands, hangs or lies in a room."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from . import (
    armchairs,
    attic,
    bathroom_cases,
    bathroom_ceramics,
    bathroom_things,
    beds,
    blinds,
    built_in,
    cables,
    classroom,
    clutter,
    cookware,
    decor,
    electronics,
    hallway,
    hobs,
    kitchen_appliances,
    kitchen_cases,
    kitchen_electrics,
    kitchen_seats,
    kitchen_tops,
    lamps,
    larder,
    office_chair,
    plants,
    seating,
    sofas,
    storage,
    tables,
    taps,
    textiles,
)

Size = tuple[float, float, float]

KINDS: dict[str, Callable[..., MeshBuilder]] = (
    armchairs.KINDS
    | beds.KINDS
    | blinds.KINDS
    | office_chair.KINDS
    | seating.KINDS
    | sofas.KINDS
    | storage.KINDS
    | tables.KINDS
    | clutter.KINDS
    | decor.KINDS
    | electronics.KINDS
    | lamps.KINDS
    | plants.KINDS
    | textiles.KINDS
    | attic.KINDS
    | built_in.KINDS
    | cables.KINDS
    | classroom.KINDS
    | hallway.KINDS
    | bathroom_cases.KINDS
    | bathroom_ceramics.KINDS
    | bathroom_things.KINDS
    | cookware.KINDS
    | hobs.KINDS
    | kitchen_appliances.KINDS
    | kitchen_cases.KINDS
    | kitchen_electrics.KINDS
    | kitchen_seats.KINDS
    | kitchen_tops.KINDS
    | larder.KINDS
    | taps.KINDS
)


def build_item(
    kind: str, size_m: Size, rng: np.random.Generator, params: Mapping[str, object] | None = None
) -> MeshBuilder:
    """The mesh of one thing: base centre at the origin, standing on z = 0, its front towards -y.

    Parameters
    ----------
    kind : a key of `KINDS`
    size_m : (w, d, h), metres, along x, y, z; rigid kinds fill it exactly
    rng : everything that varies is drawn from it
    params : settings of the kind, such as "style", "variant", "timber", "seat_z_m", "board_z_m"

    Raises
    ------
    KeyError
        For a kind that nothing builds.
    """
    return KINDS[kind](size_m, rng, dict(params or {}))
