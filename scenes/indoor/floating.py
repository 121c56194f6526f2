"""Things of the family `wild` in the free air of a room, at rest: clutter that no habit of rooms explains."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np

from synthgen.blender.stage.stage import Stage
from synthgen.seeding import rng_for

from .moving import FreeAir

TRIES = 30
"""Places tried for a thing, each time for a smaller one."""
SHRINK = 0.94
GAP_M = 0.03
"""What things in the air keep from everything at least."""
EYES_M, VIEW_M = (0.9, 1.8), 0.35
"""Heights of cameras, and how much room one wants around it."""
VIEWS, KEPT = 80, 0.6
"""Places for cameras that are looked at, and the share of the free ones that things leave free."""


def add_floating(
    stage: Stage, air: FreeAir, spec: Any, height_m: float, seed: int
) -> list[dict[str, object]]:
    """Add things to the air of a finished room; returns what was drawn, as JSON values.

    One that finds no place is left out: a full room has fewer of them.

    Parameters
    ----------
    spec : the spec's `floating_objects`
    """
    if int(spec.count) == 0:
        return []
    # Asked for here, so that rooms without any need no other family.
    from ..wild.layout.stock import Stock
    from ..wild.layout.thing import Thing
    from ..wild.look.palette import Palette
    from ..wild.solids.solid import about_z, any_rotation
    from ..wild.staging import add_things
    from ..wild.things import KINDS

    stock, palette = Stock(SimpleNamespace(things=spec)), Palette("everything", seed)
    views = _views(air, rng_for(seed, "floating", "views"))
    least, things = KEPT * len(views), []
    for number in range(int(spec.count)):
        rng = rng_for(seed, "floating", number)
        drawn = _size(spec, rng)
        for attempt in range(TRIES):
            place = np.array([*air.floor_point(rng), rng.uniform(0.1, height_m - 0.1)])
            size = drawn * SHRINK**attempt
            if not air.is_free(place, 0.5 * size + GAP_M):
                continue
            model, scale = stock.model(size, rng, in_air=True)
            upright = KINDS[model.kind].rests == "hangs" and model.kind != "tangle"
            rotation = about_z(rng.uniform(0, 2 * math.pi)) if upright else any_rotation(rng)
            thing = Thing(model, "floating", scale, rotation, place)
            radius = float(np.linalg.norm(thing.points(), axis=1).max()) + GAP_M
            left = views[np.linalg.norm(views - place, axis=1) > radius + VIEW_M]
            if len(left) >= least and air.is_free(place, radius):
                air.keep(place, radius)
                stock.keep(model)
                things.append(thing)
                views = left
                break
    return add_things(stage, things, palette)


def _size(spec: Any, rng: np.random.Generator) -> float:
    """An extent, uniform in its logarithm."""
    low, high = sorted((float(spec.smallest_m), float(spec.largest_m)))
    return low * (high / low) ** float(rng.uniform())


def _views(air: FreeAir, rng: np.random.Generator) -> np.ndarray:
    """(n, 3) places where a camera could stand before there were any things."""
    places = [np.array([*air.floor_point(rng), rng.uniform(*EYES_M)]) for _ in range(VIEWS)]
    return np.array([place for place in places if air.is_free(place, VIEW_M)]).reshape(-1, 3)
