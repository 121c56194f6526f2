"""Parts that sofas and armchairs share: arms, feet, loose back cushions. Lengths are metres."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, fitted, placed, soft
from .legs import four, leg, round_leg
from .upholstery import cushion

SEAT_Z = 0.44
ARMS = {
    "track": "", "soft": "scandinavian modern", "rolled": "classic rustic",
    "sloped": "scandinavian modern classic", "slim": "modern scandinavian",
}  # fmt: skip
"""Kinds of arms, and the styles that they suit."""


def seat_height(params: dict) -> float:
    """The height of the top of the seat: `params["seat_z_m"]`."""
    return float(params.get("seat_z_m", SEAT_Z))


def fitted_above(builder: MeshBuilder, size_m: Size, keep_z: float) -> MeshBuilder:
    """Stretched to fill the box, while everything up to `keep_z` keeps its height."""
    top = float(builder.bounds()[1][2])
    stretch = (size_m[2] - keep_z) / (top - keep_z)

    def lift(points: np.ndarray) -> np.ndarray:
        z = points[:, 2]
        return np.column_stack([points[:, :2], np.where(z > keep_z, keep_z + (z - keep_z) * stretch, z)])

    return fitted(builder.bent(lift), size_m)


def draw_fabric(rng: np.random.Generator, params: dict, leather: float) -> str:
    """The role of the cover: `params["fabric"]`, else leather with that probability, else a cloth."""
    cloth = ("fabric", "fabric", "linen", "fabric_accent")[int(rng.integers(4))]
    drawn = "leather" if rng.random() < leather else cloth
    return str(params.get("fabric", drawn))


@dataclass(frozen=True, slots=True)
class Arm:
    """How arms look: `kind` is a key of `ARMS`; `thick` across, `top` above the floor."""

    kind: str
    thick: float
    top: float


def add_arm(
    builder: MeshBuilder,
    rng: np.random.Generator,
    arm: Arm,
    outer_x: float,
    span_y: tuple[float, float],
    low: float,
    fabric: str,
) -> None:
    """One arm from z = `low`, whose outer face is at `outer_x` (negative on the left)."""
    side = 1 if outer_x > 0 else -1
    middle = outer_x - side * arm.thick / 2
    depth, tall = span_y[1] - span_y[0], arm.top - low
    center = (middle, sum(span_y) / 2, (low + arm.top) / 2)
    if arm.kind == "rolled":
        _rolled_arm(builder, arm, outer_x, side, span_y, low, fabric)
        return
    body = MeshBuilder()
    if arm.kind == "sloped":
        crown = (0.008, 0, 0.008)
        cushion(body, (arm.thick, depth, tall), (0, 0, 0), fabric, radius=0.035, crown=crown)

        def slope(points: np.ndarray) -> np.ndarray:
            ahead = np.clip(0.5 - points[:, 1] / depth, 0, 1)
            rise = points[:, 2] / tall + 0.5
            return points - np.outer(rise * ahead**1.5 * tall * 0.22, (0, 0, 1))

        builder.merge(body.bent(slope), placed(*center))
        return
    radius = {"track": 0.022, "soft": min(0.06, arm.thick * 0.45), "slim": 0.018}[arm.kind]
    crown = {"track": (0.004, 0.006, 0), "soft": (0.012, 0.016, 0.008), "slim": (0, 0.003, 0)}[arm.kind]
    piping = fabric if arm.kind == "track" and rng.random() < 0.5 else None
    wrinkle = 0.004 if arm.kind == "soft" else 0.0015
    size = (arm.thick, tall, depth)  # lying on its back, so that the piping runs around front and back
    cushion(
        body, size, (0, 0, 0), fabric, radius=radius, crown=crown, piping=piping, rng=rng, wrinkle=wrinkle
    )
    builder.merge(body, placed(*center) @ UPRIGHT)


UPRIGHT = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
"""Turns what lies face up so that it stands, its face towards -y."""


def _rolled_arm(
    builder: MeshBuilder,
    arm: Arm,
    outer_x: float,
    side: int,
    span_y: tuple[float, float],
    low: float,
    fabric: str,
) -> None:
    """An arm with a scroll on top that overhangs outwards, a cord around its front."""
    r = min(0.085, arm.thick * 0.55)
    turn = np.linspace(-0.35 * math.pi, 1.02 * math.pi, 17)
    scroll_x, scroll_z = outer_x - side * r, arm.top - r
    scroll = np.column_stack([scroll_x + side * r * np.cos(turn), scroll_z + r * np.sin(turn)])
    inner, outer = outer_x - side * arm.thick, outer_x - side * 0.022
    start = [(outer, low), (outer, arm.top - 2 * r)]
    end = [(inner + side * 0.012, arm.top - 2.2 * r), (inner, low)]
    line = np.vstack([start, scroll, end])[::side]
    middle = line.mean(axis=0)
    rings = []
    for y, shrink in (
        (span_y[1], 0.0),
        (span_y[0] + 0.016, 0.0),
        (span_y[0] + 0.004, 0.04),
        (span_y[0], 0.14),
    ):
        scaled = middle + (line - middle) * (1 - shrink)
        rings.append(np.column_stack([scaled[:, 0], np.full(len(line), y), scaled[:, 1]]))
    builder.loft(np.array(rings), fabric)
    builder.tube(rings[2], 0.005, fabric, segments=6, closed=True)


def add_feet(
    builder: MeshBuilder,
    rng: np.random.Generator,
    plan: tuple[float, float, float, float],
    height: float,
    material: str,
    params: dict,
) -> None:
    """Four feet under the rectangle (x0, x1, y0, y1): splayed cones, blocks, steel pins or turned buns."""
    x0, x1, y0, y1 = plan
    kind = int(rng.integers(4))
    if params.get("style") == "modern" and kind == 3:
        kind = 2
    metal = ("metal", "brass", "chrome", "metal")[int(rng.integers(4))]
    for dx, dy in four((x1 - x0) / 2 - 0.07, (y1 - y0) / 2 - 0.07):
        cx, cy, top = (x0 + x1) / 2 + dx, (y0 + y1) / 2 + dy, height + 0.004
        if kind == 0:
            foot = (cx + math.copysign(0.03, dx), cy + math.copysign(0.03, dy), 0.0)
            round_leg(builder, foot, (cx, cy, top), 0.013, 0.022, material)
        elif kind == 1:
            leg(builder, (cx, cy, 0), (cx, cy, top), 0.04, 0.055, material)
        elif kind == 2:
            builder.cylinder(0.013, top, (cx, cy, 0), metal, segments=14)
        else:
            profile = [(0, 0), (0.018, 0), (0.034, 0.2), (0.036, 0.5), (0.024, 0.82), (0.03, 0.9), (0.03, 1)]
            builder.lathe(soft([*profile, (0, 1)], 0.004) * (1, top), (cx, cy, 0), material, segments=18)


def back_cushion(
    builder: MeshBuilder,
    rng: np.random.Generator,
    span_x: tuple[float, float],
    foot: tuple[float, float],
    top: float,
    thick: float,
    fabric: str,
    lean_deg: float,
    piping: str | None,
) -> None:
    """A loose back cushion over `span_x`, its lower rear edge at `foot` (y, z), its top at `top`."""
    lean = math.radians(lean_deg)
    tall = (top - foot[1]) / math.cos(lean)
    body = MeshBuilder()
    cushion(
        body,
        (span_x[1] - span_x[0], tall, thick),
        (0, tall / 2, 0),
        fabric,
        radius=0.045,
        crown=(0.006, 0.012, 0.03),
        rng=rng,
        wrinkle=0.012,
        piping=piping,
        spacing=0.05,
    )
    # Leaning turns the upright cushion backwards about its foot.
    leaning = placed(sum(span_x) / 2, foot[0] - thick / 2, foot[1], pitch_deg=-lean_deg) @ UPRIGHT
    made = body.transformed(leaning)
    builder.merge(made, placed(z=top - float(made.bounds()[1][2])))
