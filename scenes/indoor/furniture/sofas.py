"""Sofas and armchairs: separate seat and back cushions, arms of several types. Lengths are metres."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, fitted, placed, spline
from .legs import chosen, four, leg, post, rail, round_leg, timber
from .seating import seat_height
from .upholstery import cushion, tufted


@dataclass(frozen=True, slots=True)
class Arm:
    """How arms look: `kind` track, soft, rolled, sloped or none; `thick` across, `top` above the floor."""

    kind: str
    thick: float
    top: float


_ARMS = {
    "track": "", "soft": "scandinavian modern", "rolled": "classic rustic", "sloped": "scandinavian modern classic",
    "slim": "modern scandinavian",
}  # fmt: skip


def _arm(
    builder: MeshBuilder,
    arm: Arm,
    side: int,
    x: float,
    y0: float,
    y1: float,
    low: float,
    fabric: str,
    rng: np.random.Generator,
) -> None:
    """One arm whose outer face is at side * x, from y0 (front) to y1."""
    t, top = arm.thick, arm.top
    middle = side * (x - t / 2)
    depth, center_y = y1 - y0, (y0 + y1) / 2
    if arm.kind == "rolled":
        r = min(0.085, t * 0.55)
        center = np.array([middle - side * (t / 2 - r) * -1.0, top - r])
        a = np.linspace(-0.35 * math.pi, 1.02 * math.pi, 17)
        roll = np.column_stack([center[0] + side * r * np.cos(a), center[1] + r * np.sin(a)])
        inner = side * (x - t)
        outer = side * (x - 0.022)
        line = np.vstack(
            [
                [(outer, low)],
                [(outer, top - 2 * r)],
                roll,
                [(inner + side * 0.012, top - 2.2 * r)],
                [(inner, low)],
            ]
        )
        line = line if side > 0 else line[::-1]
        ys = np.array([y0 + 0.012, y0 + 0.004, y0, y0])[::-1]
        shrink = np.array([0.0, 0.004, 0.014])
        mid = line.mean(axis=0)
        rings = [np.column_stack([line[:, 0], np.full(len(line), y1), line[:, 1]])]
        for inset, y in zip(shrink, (y0 + 0.016, y0 + 0.004, y0)):
            scaled = mid + (line - mid) * (1 - inset / 0.1)
            rings.append(np.column_stack([scaled[:, 0], np.full(len(line), y), scaled[:, 1]]))
        del ys
        builder.loft(np.array(rings), fabric)
        seam = rings[2] * (1, 1, 1)
        builder.tube(seam, 0.005, fabric, segments=6, closed=True)
    elif arm.kind == "sloped":
        body = MeshBuilder()
        cushion(
            body,
            (t, depth, top - low),
            (0, 0, 0),
            fabric,
            radius=0.035,
            crown=(0.008, 0, 0.008),
            piping=None,
            rng=rng,
            wrinkle=0.004,
        )
        points = body.vertices()
        height = top - low
        share = (points[:, 1] + depth / 2) / depth
        rise = (points[:, 2] + height / 2) / height
        points[:, 2] -= rise * (1 - share) ** 1.5 * height * 0.22
        points[:, 0] += side * 0.0
        body._vertices[:] = [points]
        builder.merge(body, placed(middle, center_y, (low + top) / 2))
    else:
        radius = {"track": 0.022, "soft": min(0.06, t * 0.45), "slim": 0.018}[arm.kind]
        crown = {"track": (0.004, 0, 0.006), "soft": (0.012, 0.008, 0.016), "slim": (0.0, 0, 0.003)}[arm.kind]
        piping = fabric if arm.kind == "track" and rng.random() < 0.5 else None
        body = MeshBuilder()
        cushion(
            body,
            (t, top - low, depth),
            (0, 0, 0),
            fabric,
            radius=radius,
            crown=(crown[0], crown[2], crown[1]),
            piping=piping,
            rng=rng,
            wrinkle=0.004 if arm.kind == "soft" else 0.0015,
        )
        stand = np.array(
            [[1, 0, 0, middle], [0, 0, 1.0, center_y], [0, -1, 0, (low + top) / 2], [0, 0, 0, 1]]
        )
        stand = np.array(
            [[1, 0, 0, middle], [0, 0, -1.0, center_y], [0, 1, 0, (low + top) / 2], [0, 0, 0, 1]]
        )
        builder.merge(body, stand)


def _feet(
    builder: MeshBuilder,
    rng: np.random.Generator,
    w: float,
    d: float,
    height: float,
    material: str,
    style: str,
) -> None:
    kind = int(rng.integers(4))
    if style == "modern" and kind == 3:
        kind = 2
    for cx, cy in four(w / 2 - 0.07, d / 2 - 0.07):
        if kind == 0:
            out = 0.03
            foot = (cx + math.copysign(out, cx), cy + math.copysign(out, cy), 0.0)
            round_leg(builder, foot, (cx, cy, height + 0.004), 0.013, 0.022, material)
        elif kind == 1:
            leg(builder, (cx, cy, 0), (cx, cy, height + 0.004), 0.04, 0.055, material)
        elif kind == 2:
            builder.cylinder(
                0.013,
                height,
                (cx, cy, 0),
                ("metal", "brass", "chrome")[int(rng.integers(1 << 20)) % 1],
                segments=14,
            )
        else:
            profile = np.array(
                [
                    (0, 0),
                    (0.018, 0),
                    (0.034, 0.2),
                    (0.036, 0.5),
                    (0.024, 0.82),
                    (0.03, 0.9),
                    (0.03, 1),
                    (0, 1),
                ]
            ) * (1, height)
            builder.lathe(profile, (cx, cy, 0), material, segments=18)


def _soft_back(
    builder: MeshBuilder,
    rng: np.random.Generator,
    x0: float,
    x1: float,
    y: float,
    z: float,
    top: float,
    thick: float,
    fabric: str,
    lean_deg: float,
    piping: str | None,
) -> None:
    """A loose back cushion between x0 and x1 whose lower back edge is at (y, z); its top is at `top`."""
    lean = math.radians(lean_deg)
    tall = (top - z) / math.cos(lean)
    body = MeshBuilder()
    cushion(
        body,
        (x1 - x0, tall, thick),
        (0, tall / 2, 0),
        fabric,
        radius=0.045,
        crown=(0.006, 0.012, 0.03),
        rng=rng,
        wrinkle=0.012,
        piping=piping,
        spacing=0.05,
    )
    turn = np.array([
        [1, 0, 0, (x0 + x1) / 2],
        [0, math.sin(lean), -math.cos(lean), y - thick / 2],
        [0, math.cos(lean), math.sin(lean), z],
        [0, 0, 0, 1],
    ])  # fmt: skip
    built = body.transformed(turn)
    built = built.transformed(placed(z=top - built.bounds()[1][2]))
    builder.merge(built)


def _block_sofa(
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
    """An upholstered sofa or armchair: base, arms, back, loose cushions."""
    w, d, h = size_m
    style = str(params.get("style", ""))
    seat_z = seat_height(params)
    builder = MeshBuilder()
    lift = float(rng.uniform(0.07, 0.15))
    # With a chaise the body is shallow, and one seat reaches to the front of the box.
    body_d = min(d, 0.94) if chaise else d
    front_y, back_y = d / 2 - body_d, d / 2
    cushion_t = float(rng.uniform(0.13, 0.17))
    base_top = seat_z - cushion_t + 0.012
    thick_back = 0.12 if seats > 1 else 0.105
    pad = float(rng.uniform(0.15, 0.18)) if not tuft else 0.0
    inner = w / 2 - arm.thick
    overhang = 0.012
    piping = fabric if rng.random() < 0.55 else None
    cushion(
        builder,
        (w - (0.03 if arm.kind == "rolled" else 0.008), body_d - overhang - 0.006, base_top - lift),
        (0, (front_y + overhang + back_y) / 2 - 0.003, (base_top + lift) / 2),
        fabric,
        radius=0.02,
        crown=(0, 0, 0),
    )
    back_top = h if tuft else h - float(rng.uniform(0.03, 0.09))
    back_w = w if arm.kind in ("rolled", "sloped") else 2 * inner + 0.02
    back_w = w - 0.004 if arm.top < back_top - 0.02 else back_w
    if tuft:
        cushion(
            builder,
            (back_w, thick_back, h - lift),
            (0, back_y - thick_back / 2, (h + lift) / 2),
            fabric,
            radius=0.03,
        )
        face = back_y - thick_back + 0.012
        tufted(
            builder,
            2 * inner + 0.01,
            h - seat_z + 0.06,
            0.10,
            placed(0, face, seat_z - 0.065),
            fabric,
            design=tuft,
            pitch=0.155,
        )
        pad = 0.09
    else:
        cushion(
            builder,
            (back_w, thick_back, back_top - lift),
            (0, back_y - thick_back / 2, (back_top + lift) / 2),
            fabric,
            radius=0.035,
            crown=(0, 0, 0.004),
        )
    arms = (-1, 1) if not chaise else (-chaise,)
    if arm.kind != "none":
        for side in arms:
            end = back_y - (0.0 if arm.top >= back_top - 0.02 else thick_back * 0.8)
            _arm(
                builder,
                arm,
                side,
                w / 2,
                front_y + (0.0 if arm.kind != "rolled" else 0.0),
                end,
                lift,
                fabric,
                rng,
            )
    left, right = -inner, inner
    if chaise:
        left, right = (-inner, w / 2) if chaise > 0 else (-w / 2, inner)
    seat_back = back_y - thick_back - (0.0 if not tuft else 0.075)
    edges = np.linspace(left, right, seats + 1)
    if chaise:
        wide = min(0.95, 0.40 * w)
        edges = (
            np.append(np.linspace(left, right - wide, seats), right)
            if chaise > 0
            else np.insert(np.linspace(left + wide, right, seats), 0, left)
        )
    bench_seat = not chaise and seats > 1 and rng.random() < 0.22
    if bench_seat:
        edges_seat = edges[[0, -1]]
    else:
        edges_seat = edges
    for index, (a, b) in enumerate(zip(edges_seat[:-1], edges_seat[1:])):
        long = chaise and index == (seats - 1 if chaise > 0 else 0)
        y0 = -d / 2 if long else front_y
        gap = 0.003
        size = (b - a - 2 * gap, seat_back - y0, cushion_t)
        cushion(
            builder,
            size,
            ((a + b) / 2, (y0 + seat_back) / 2, seat_z - cushion_t / 2),
            fabric,
            radius=0.04,
            crown=(0.0, 0.010, 0.016),
            rng=rng,
            wrinkle=0.007,
            piping=piping,
            spacing=0.05,
        )
        if long:
            deep = front_y + 0.1 - y0
            cushion(
                builder,
                (b - a - 0.008, deep, base_top - lift),
                ((a + b) / 2, y0 + overhang + deep / 2, (base_top + lift) / 2),
                fabric,
                radius=0.02,
                crown=(0, 0, 0),
            )
            for cx in (a + 0.07, b - 0.07):
                builder.cylinder(0.014, lift + 0.004, (cx, y0 + 0.08, 0), "metal", segments=14)
    if not tuft:
        for a, b in zip(edges[:-1], edges[1:]):
            _soft_back(
                builder,
                rng,
                a + 0.004,
                b - 0.004,
                seat_back,
                seat_z - 0.02,
                h,
                pad,
                fabric,
                float(rng.uniform(7, 11)),
                piping,
            )
    move = placed(y=(front_y + back_y) / 2)
    feet = MeshBuilder()
    _feet(feet, rng, w, body_d, lift, "wood_dark" if rng.random() < 0.4 else material, style)
    return builder.merge(feet, move)


def _fabric(rng: np.random.Generator, params: dict, leather: float) -> str:
    drawn = (
        "leather"
        if rng.random() < leather
        else ("fabric", "fabric", "linen", "fabric_accent")[int(rng.integers(4))]
    )
    return str(params.get("fabric", drawn))


def sofa(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A sofa. Deeper than 1.2 m, it has a chaise longue on one side (`params["chaise"]`, -1 left or 1 right
    as seen with the front towards -y)."""
    designs = {
        "block": "", "tufted": "classic modern", "rolled": "classic rustic", "frame": "scandinavian", "loose": "",
    }  # fmt: skip
    design = chosen(rng, params, designs)
    material = timber(rng, params, painted=False)
    fabric = _fabric(rng, params, 0.3 if design in ("tufted", "rolled") else 0.15)
    w, d, h = size_m
    seat_z = seat_height(params)
    kind = chosen(rng, {"style": params.get("style", "")}, _ARMS)
    seats = max(1, round((w - 0.4) / 0.62)) if w < 2.3 else 3
    seats = 2 if w > 1.3 and seats < 2 else seats
    chaise = 0
    if d > 1.2:
        chaise = int(params.get("chaise", 1 if rng.random() < 0.5 else -1))
        design = "block"
        seats = max(seats, 2)
    if design == "frame":
        return _wood_frame(size_m, rng, params, fabric, material, seats)
    if design == "tufted":
        arm = Arm("track" if rng.random() < 0.5 else "rolled", 0.17, h if rng.random() < 0.5 else h - 0.08)
        arm = Arm("track", 0.15, h) if arm.kind == "track" else Arm("rolled", 0.2, h)
        tuft = ("diamond", "channel", "square")[int(rng.integers(3))]
        return fitted(_block_sofa(size_m, rng, params, arm, fabric, material, seats=seats, tuft=tuft), size_m)
    if design == "rolled":
        kind = "rolled"
    thick = {
        "track": rng.uniform(0.12, 0.2),
        "soft": rng.uniform(0.16, 0.22),
        "rolled": 0.2,
        "sloped": 0.15,
        "slim": 0.09,
    }[kind]
    arm = Arm(
        kind,
        float(thick),
        min(h - 0.05, seat_z + float(rng.uniform(0.14, 0.22)) + (0.05 if kind == "rolled" else 0)),
    )
    return fitted(_block_sofa(size_m, rng, params, arm, fabric, material, seats=seats, chaise=chaise), size_m)


def _wood_frame(
    size_m: Size, rng: np.random.Generator, params: dict, fabric: str, material: str, seats: int
) -> MeshBuilder:
    """A mid-century frame of wood with loose cushions on it."""
    w, d, h = size_m
    seat_z = seat_height(params)
    builder = MeshBuilder()
    t = 0.042
    x = w / 2 - t / 2
    arm_z = min(seat_z + 0.19, h - 0.1)
    lean = 0.16
    deck = seat_z - 0.13
    paddle = rng.random() < 0.6
    for side in (-1, 1):
        leg(
            builder,
            (side * x, -d / 2 + 0.06, 0),
            (side * x, -d / 2 + 0.075, arm_z - 0.01),
            (t * 0.62, 0.032),
            (t * 0.8, 0.048),
            material,
            rounding=0.01,
        )
        back = [
            (side * x, d / 2 - 0.05, 0),
            (side * x, d / 2 - lean - 0.02, seat_z * 0.75),
            (side * x, d / 2 - lean * 0.8, arm_z),
            (side * x, d / 2 - 0.02, h - 0.02),
        ]
        post(
            builder,
            spline(back, 10),
            [(t * 0.62, 0.034)] + [(t * 0.75, 0.044)] * 8 + [(t * 0.6, 0.034)],
            material,
            rounding=0.009,
        )
        ys = np.linspace(-d / 2 + 0.015, d / 2 - lean * 0.75, 9)
        path = np.column_stack([np.full(9, side * x), ys, arm_z + 0.012 * np.cos(np.linspace(0, 3.1, 9))])
        wide = rounded_rectangle_of(t * (1.5 if paddle else 1.0), 0.024)
        shift = -side * (t * 0.25 if paddle else 0.0)
        path[:, 0] += shift
        builder.sweep(path, wide, material, scale=np.concatenate([[0.86], np.ones(7), [0.8]]))
        rail(
            builder,
            (side * x, -d / 2 + 0.07, deck - 0.03),
            (side * x, d / 2 - lean, deck - 0.06),
            (0.024, 0.06),
            material,
            rounding=0.008,
        )
    for y, z in ((-d / 2 + 0.075, deck - 0.03), (d / 2 - lean, deck - 0.06)):
        rail(builder, (-x, y, z), (x, y, z), (0.024, 0.06), material, rounding=0.006)
    crest_y = d / 2 - 0.035
    rail(builder, (-x, crest_y, h - 0.05), (x, crest_y, h - 0.05), (0.022, 0.05), material, rounding=0.008)
    low_y = d / 2 - lean * 0.86
    count = max(5, round(w / 0.11))
    for u in np.linspace(-x + 0.08, x - 0.08, count):
        builder.tube([(u, low_y - 0.02, deck - 0.04), (u, crest_y, h - 0.06)], 0.0085, material, segments=8)
    for u in np.linspace(-d / 2 + 0.12, d / 2 - lean - 0.04, 6):  # the slats under the cushions
        builder.block((-x, u - 0.025, deck - 0.012), (x, u + 0.025, deck), material)
    inner = w / 2 - t - (0.012 if paddle else 0.004)
    edges = np.linspace(-inner, inner, seats + 1)
    thick = seat_z - deck
    piping = fabric if rng.random() < 0.6 else None
    for a, b in zip(edges[:-1], edges[1:]):
        y0, y1 = -d / 2 + 0.005, d / 2 - lean - 0.04
        cushion(
            builder,
            (b - a - 0.006, y1 - y0, thick),
            ((a + b) / 2, (y0 + y1) / 2, seat_z - thick / 2),
            fabric,
            radius=0.032,
            crown=(0, 0.006, 0.014),
            rng=rng,
            wrinkle=0.005,
            piping=piping,
            spacing=0.05,
        )
        _soft_back(
            builder,
            rng,
            a + 0.004,
            b - 0.004,
            d / 2 - lean - 0.005,
            seat_z - 0.01,
            h,
            0.13,
            fabric,
            15.0,
            piping,
        )
    return fitted(builder, size_m)


def rounded_rectangle_of(width: float, height: float) -> np.ndarray:
    from synthgen.blender.stage.solids import rounded_rectangle

    return rounded_rectangle(width, height, 0.45 * height, corner_points=4)


def _wing(size_m: Size, rng: np.random.Generator, params: dict, fabric: str, material: str) -> MeshBuilder:
    """A wing chair: high back with wings that run down into rolled arms."""
    w, d, h = size_m
    arm = Arm("rolled", min(0.14, w * 0.18), min(seat_height(params) + 0.2, h - 0.2))
    tuft = "diamond" if rng.random() < 0.5 else "channel"
    builder = _block_sofa(
        size_m, rng, params, arm, fabric, material, seats=1, tuft=tuft if rng.random() < 0.6 else "plain"
    )
    seat_z = seat_height(params)
    for side in (-1, 1):
        tall = h - arm.top + 0.05
        wing = MeshBuilder()
        cushion(wing, (0.07, 0.26, tall), (0, 0, 0), fabric, radius=0.03, crown=(0.006, 0, 0))
        points = wing.vertices()
        rise = points[:, 2] / tall + 0.5
        points[:, 1] = np.where(
            points[:, 1] < 0, points[:, 1] * (0.62 + 0.4 * np.sin(math.pi * rise * 0.85 + 0.2)), points[:, 1]
        )
        wing._vertices[:] = [points]
        builder.merge(wing, placed(side * (w / 2 - 0.04), d / 2 - 0.16, arm.top - 0.05 + tall / 2))
    del seat_z
    return builder


def _tub(size_m: Size, rng: np.random.Generator, params: dict, fabric: str, material: str) -> MeshBuilder:
    """A tub chair: one shell that bends around the seat, on four legs or a swivel plate."""
    w, d, h = size_m
    seat_z = seat_height(params)
    builder = MeshBuilder()
    lift = float(rng.uniform(0.1, 0.2))
    arm_top = min(seat_z + 0.2, h - 0.06)
    thick = 0.085
    a = np.linspace(-0.5, 0.5, 49)
    arc = np.abs(a) * 2
    rx, ry = w / 2 - thick / 2, d / 2 - thick / 2
    angle = math.pi / 2 + a * 2 * math.pi * 0.72
    c, s = np.cos(angle), np.sin(angle)
    center = np.column_stack([rx * np.sign(c) * np.abs(c) ** 0.8, ry * np.sign(s) * np.abs(s) ** 0.8])
    tops = arm_top + (h - arm_top) * (0.5 + 0.5 * np.cos(math.pi * np.clip(arc / 0.95, 0, 1))) ** 0.8
    ribs = 0.012 * np.abs(np.cos(np.arange(49) * math.pi / 3)) ** 4 if rng.random() < 0.5 else np.zeros(49)
    tangent = np.gradient(center, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    outward = np.column_stack([tangent[:, 1], -tangent[:, 0]])
    rings = []
    turn = np.linspace(0, math.pi, 9)
    for index in range(49):
        low, top = lift, tops[index]
        half = thick / 2
        profile = [(half * 0.8, low), (half, low + 0.03), (half, (low + top) / 2)]
        profile += [(half * math.cos(t), top - half + half * math.sin(t)) for t in turn]
        profile += [(-half + ribs[index], (low + top) / 2), (-half, low + 0.03), (-half * 0.8, low)]
        p = np.array(profile)
        p[:, 0] *= np.where(p[:, 0] < 0, 1 - ribs[index] / half, 1)
        flare = np.clip((p[:, 1] - low) / (h - low), 0, 1)
        scale = 0.90 + 0.10 * flare
        xy = center[index] * scale[:, None] + outward[index] * p[:, :1]
        rings.append(np.column_stack([xy, p[:, 1]]))
    skin = MeshBuilder().loft(np.array(rings), fabric)
    volume_sign = _signed_volume(skin)
    if volume_sign < 0:
        skin = MeshBuilder().loft(np.array(rings)[:, ::-1], fabric)
    builder.merge(skin)
    deck_w, front = w - 2 * thick - 0.01, -d / 2
    cushion(
        builder,
        (deck_w + 0.02, d - thick - 0.03, seat_z - 0.12 - lift),
        (0, -thick / 2 + 0.005, (seat_z - 0.12 + lift) / 2),
        fabric,
        radius=0.06,
    )
    cushion(
        builder,
        (deck_w, d - thick - 0.02, 0.135),
        (0, front + (d - thick - 0.02) / 2, seat_z - 0.0675),
        fabric,
        radius=0.045,
        crown=(0, 0.008, 0.016),
        rng=rng,
        wrinkle=0.005,
        piping=fabric,
    )
    if rng.random() < 0.3:
        builder.cylinder(min(w, d) * 0.3, 0.014, (0, 0, 0), "metal", bevel=0.004, segments=40)
        builder.cylinder(0.03, lift, (0, 0, 0.01), "metal", segments=20)
    else:
        for cx, cy in four(w / 2 - 0.14, d / 2 - 0.13):
            foot = (cx + math.copysign(0.04, cx), cy + math.copysign(0.04, cy), 0.0)
            round_leg(builder, foot, (cx, cy, lift + 0.02), 0.011, 0.019, material)
    return builder


def _signed_volume(builder: MeshBuilder) -> float:
    a, b, c = np.moveaxis(builder.vertices()[builder.triangles()], 1, 0)
    return float(np.einsum("ij,ij->", a, np.cross(b, c)))


def armchair(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """An armchair."""
    designs = {
        "club": "", "frame": "scandinavian modern rustic", "wing": "classic rustic", "tub": "modern scandinavian classic",
        "track": "modern scandinavian",
    }  # fmt: skip
    design = chosen(rng, params, designs)
    material = timber(rng, params, painted=False)
    fabric = _fabric(rng, params, 0.35 if design in ("club", "wing") else 0.15)
    w, d, h = size_m
    seat_z = seat_height(params)
    if design == "wing" and h < 0.9:
        design = "club"
    if design == "frame":
        return _wood_frame(size_m, rng, params, fabric, material, 1)
    if design == "wing":
        return fitted(_wing(size_m, rng, params, fabric, material), size_m)
    if design == "tub":
        return fitted(_tub(size_m, rng, params, fabric, material), size_m)
    kind = {
        "club": "rolled" if rng.random() < 0.5 else "soft",
        "track": "slim" if rng.random() < 0.5 else "track",
    }[design]
    thick = min({"rolled": 0.16, "soft": 0.16, "slim": 0.075, "track": 0.11}[kind], 0.2 * w)
    arm = Arm(kind, thick, min(h - 0.04, seat_z + float(rng.uniform(0.16, 0.22))))
    return fitted(_block_sofa(size_m, rng, params, arm, fabric, material, seats=1), size_m)


KINDS: dict[str, Callable[..., MeshBuilder]] = {"sofa": sofa, "armchair": armchair}
