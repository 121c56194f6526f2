"""Sofas. Lengths are metres; the front looks towards -y."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size
from .legs import chosen, timber
from .sofa_body import upholstered_body
from .sofa_frame import wood_frame
from .sofa_parts import ARMS, Arm, draw_fabric, fitted_above, seat_height

CHAISE_FROM_DEPTH = 1.2


def sofa(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A sofa; its seat is at `params["seat_z_m"]`.

    Deeper than 1.2 m, it has a chaise longue at one side: `params["chaise"]` is -1 or 1, towards -x or +x.
    """
    designs = {
        "block": "", "cushioned": "", "tufted": "classic modern", "rolled": "classic rustic",
        "frame": "scandinavian modern",
    }  # fmt: skip
    design = chosen(rng, params, designs)
    material = timber(rng, params, painted=False)
    fabric = draw_fabric(rng, params, 0.3 if design in ("tufted", "rolled") else 0.15)
    w, d, h = size_m
    seat_z = seat_height(params)
    seats = 3 if w > 2.1 else 2
    drawn_side = 1 if rng.random() < 0.5 else -1
    chaise = int(params.get("chaise", drawn_side)) if d > CHAISE_FROM_DEPTH else 0
    if design == "frame" and not chaise:
        return wood_frame(size_m, rng, params, fabric, material, seats)
    tuft = ""
    if design == "tufted" and not chaise:
        arm = Arm("track", 0.15, h) if rng.random() < 0.5 else Arm("rolled", 0.2, h)
        tuft = ("diamond", "channel", "square")[int(rng.integers(3))]
    else:
        arm = _draw_arm(rng, params, design, seat_z, h)
    body = upholstered_body(size_m, rng, params, arm, fabric, material, seats=seats, tuft=tuft, chaise=chaise)
    return fitted_above(body, size_m, seat_z)


def _draw_arm(rng: np.random.Generator, params: dict, design: str, seat_z: float, h: float) -> Arm:
    """Arms that suit the style; scrolls stand a little higher."""
    kind = chosen(rng, {"style": params.get("style", "")}, ARMS)
    kind = {"rolled": "rolled", "cushioned": "soft"}.get(design, kind)
    low, high = {
        "track": (0.12, 0.20), "soft": (0.16, 0.22), "rolled": (0.18, 0.21), "sloped": (0.13, 0.16),
        "slim": (0.08, 0.1),
    }[kind]  # fmt: skip
    thick = float(rng.uniform(low, high))
    top = seat_z + float(rng.uniform(0.14, 0.22)) + (0.05 if kind == "rolled" else 0.0)
    return Arm(kind, thick, min(h - 0.05, top))


KINDS: dict[str, Callable[..., MeshBuilder]] = {"sofa": sofa}
