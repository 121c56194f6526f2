"""Upholstered sofas and armchairs: base, back, arms, loose or tufted cushions. Lengths are metres."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, placed
from .sofa_parts import Arm, add_arm, add_feet, back_cushion, seat_height
from .upholstery import cushion, tufted

CHAISE_BODY = 0.94
"""Depth of the body of a sofa whose one seat reaches further, to the front of the box."""


@dataclass(frozen=True, slots=True)
class Body:
    """What the parts of one sofa agree on.

    Attributes
    ----------
    front_y, back_y : the body, without a chaise
    lift, base_top : lower and upper side of the base
    cushion : thickness of the seat cushions
    back : thickness of the back, without its cushions
    inner : half the width between the arms
    chaise : 0, or the side (-1, 1) of the long seat, which has no arm
    """

    front_y: float
    back_y: float
    lift: float
    base_top: float
    cushion: float
    back: float
    inner: float
    chaise: int


def upholstered_body(
    size_m: Size,
    rng: np.random.Generator,
    params: dict,
    arm: Arm,
    fabric: str,
    material: str,
    *,
    seats: int,
    tuft: str = "",
    chaise: int = 0,
) -> MeshBuilder:
    """A sofa of `seats` seats. `tuft` names the design of a fixed back (see `tufted`); "" puts loose
    cushions before the back. With a `chaise` one seat at that side (-1, 1) reaches to the front of the box.
    """
    w, d, h = size_m
    seat_z = seat_height(params)
    builder = MeshBuilder()
    lift, thick = float(rng.uniform(0.07, 0.15)), float(rng.uniform(0.13, 0.17))
    deep = min(d, CHAISE_BODY) if chaise else d
    body = Body(
        front_y=d / 2 - deep,
        back_y=d / 2,
        lift=lift,
        base_top=seat_z - thick + 0.012,
        cushion=thick,
        back=0.12 if seats > 1 else 0.105,
        inner=w / 2 - arm.thick,
        chaise=chaise,
    )
    piping = fabric if rng.random() < 0.55 else None
    _base(builder, body, w, fabric)
    back_top = _back(builder, rng, body, size_m, seat_z, arm, fabric, tuft)
    for side in (-1, 1) if not chaise else (-chaise,):
        end = body.back_y - (0.0 if arm.top >= back_top - 0.02 else body.back * 0.8)
        add_arm(builder, rng, arm, side * w / 2, (body.front_y, end), lift, fabric)
    edges = _seat_edges(body, w, seats)
    rear = body.back_y - body.back - (0.075 if tuft else 0.0)
    _seats(builder, rng, body, edges, (rear, -d / 2), seat_z, fabric, piping)
    if not tuft:
        pad = float(rng.uniform(0.15, 0.18))
        for a, b in itertools.pairwise(edges):
            lean = float(rng.uniform(7, 11))
            span = (a + 0.004, b - 0.004)
            back_cushion(builder, rng, span, (rear, seat_z - 0.02), h, pad, fabric, lean, piping)
    wood = "wood_dark" if rng.random() < 0.4 else material
    add_feet(builder, rng, (-w / 2, w / 2, body.front_y, body.back_y), lift, wood, params)
    return builder


def _base(builder: MeshBuilder, body: Body, w: float, fabric: str) -> None:
    """The upholstered box under the seats; the arms reach down beside it."""
    x0, x1 = -body.inner - 0.02, body.inner + 0.02
    if body.chaise:
        x0, x1 = (x0, w / 2 - 0.003) if body.chaise > 0 else (-w / 2 + 0.003, x1)
    y0, y1 = body.front_y + 0.012, body.back_y - 0.006
    size = (x1 - x0, y1 - y0, body.base_top - body.lift)
    middle = ((x0 + x1) / 2, (y0 + y1) / 2, (body.base_top + body.lift) / 2)
    cushion(builder, size, middle, fabric, radius=0.02, crown=(0, 0, 0))


def _back(
    builder: MeshBuilder,
    rng: np.random.Generator,
    body: Body,
    size_m: Size,
    seat_z: float,
    arm: Arm,
    fabric: str,
    tuft: str,
) -> float:
    """The fixed part of the back; returns the height of its top."""
    w, _, h = size_m
    top = h if tuft else h - float(rng.uniform(0.03, 0.09))
    behind_arms = arm.top < top - 0.02 or arm.kind in ("rolled", "sloped") or body.chaise
    width = w - 0.004 if behind_arms else 2 * body.inner + 0.02
    size = (width, body.back, top - body.lift)
    middle = (0, body.back_y - body.back / 2, (top + body.lift) / 2)
    cushion(builder, size, middle, fabric, radius=0.032, crown=(0, 0, 0.004))
    if tuft:
        face = placed(0, body.back_y - body.back + 0.012, seat_z - 0.065)
        tufted(
            builder, 2 * body.inner + 0.01, h - seat_z + 0.06, 0.10, face, fabric, design=tuft, pitch=0.155
        )
    return top


def _seat_edges(body: Body, w: float, seats: int) -> np.ndarray:
    """Where the seats part, from left to right; the long seat of a chaise is wider than the others."""
    if not body.chaise:
        return np.linspace(-body.inner, body.inner, seats + 1)
    wide = min(0.95, 0.40 * w)
    short = np.linspace(-body.inner, w / 2 - wide, seats)
    edges = np.append(short, w / 2)
    return edges if body.chaise > 0 else -edges[::-1]


def _seats(
    builder: MeshBuilder,
    rng: np.random.Generator,
    body: Body,
    edges: np.ndarray,
    reach_y: tuple[float, float],
    seat_z: float,
    fabric: str,
    piping: str | None,
) -> None:
    """Seat cushions between `edges`, from the back at reach_y[0]; a chaise reaches to reach_y[1]."""
    rear, foremost = reach_y
    if not body.chaise and len(edges) > 2 and rng.random() < 0.22:
        edges = edges[[0, -1]]  # one long cushion
    for index, (a, b) in enumerate(itertools.pairwise(edges)):
        long = body.chaise and index == (len(edges) - 2 if body.chaise > 0 else 0)
        y0 = foremost if long else body.front_y
        cushion(
            builder,
            (b - a - 0.006, rear - y0, body.cushion),
            ((a + b) / 2, (y0 + rear) / 2, seat_z - body.cushion / 2),
            fabric,
            radius=0.04,
            crown=(0.0, 0.010, 0.016),
            rng=rng,
            wrinkle=0.007,
            piping=piping,
            spacing=0.05,
        )
        if long:
            deep = body.front_y + 0.1 - y0
            size = (b - a - 0.008, deep, body.base_top - body.lift)
            middle = ((a + b) / 2, y0 + 0.012 + deep / 2, (body.base_top + body.lift) / 2)
            cushion(builder, size, middle, fabric, radius=0.02, crown=(0, 0, 0))
            for x in (a + 0.07, b - 0.07):
                builder.cylinder(0.014, body.lift + 0.004, (x, y0 + 0.08, 0), "metal", segments=14)
