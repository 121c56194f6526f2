"""Dining chairs, stools and benches. Lengths are metres; the front looks towards -y."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, fitted, sheet, soft, spline
from .legs import chosen, four, leg, post, rail, round_leg, steel_loop, timber, turned_leg
from .upholstery import cushion, tufted

SEAT_Z = 0.44


def seat_height(params: dict, default: float = SEAT_Z) -> float:
    """The height of the top of the seat: `params["seat_z_m"]`."""
    return float(params.get("seat_z_m", default))


def chair(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A dining chair."""
    table = {
        "slat": "", "ladder": "rustic classic scandinavian", "spindle": "scandinavian rustic classic",
        "shell": "modern scandinavian", "upholstered": "classic modern", "cantilever": "modern",
        "cross": "rustic classic", "round_back": "scandinavian modern",
    }  # fmt: skip
    design = chosen(rng, params, table)
    material = timber(rng, params)
    builder = _CHAIRS[design](size_m, seat_height(params), rng, material)
    return fitted(builder, size_m)


def _pad(
    builder: MeshBuilder, rng: np.random.Generator, w: float, d: float, y: float, z: float, material: str
) -> None:
    """The seat of a framed chair: saddled wood, an upholstered pad, or woven; its top is at z."""
    choice = int(rng.integers(3))
    if choice == 0:
        u, v = np.meshgrid(np.linspace(-1, 1, 15), np.linspace(-1, 1, 13), indexing="ij")
        hollow = 0.011 * np.clip(1 - u**2, 0, 1) * np.clip(1 - v**4, 0, 1)
        top = np.stack([u * w / 2 * (0.955 - 0.045 * v), y + v * d / 2, z - hollow], axis=-1)
        edge = 0.004 * (np.maximum(np.abs(u), np.abs(v)) > 0.99)
        top[..., 2] -= edge
        top[..., 2] += z - top[..., 2].max()
        sheet(builder, top, 0.02, material)
    elif choice == 1:
        fabric = ("fabric:seat", "leather", "linen")[int(rng.integers(3))]
        builder.block(
            (-w / 2 + 0.01, y - d / 2 + 0.01, z - 0.05), (w / 2 - 0.01, y + d / 2 - 0.01, z - 0.03), material
        )
        cushion(
            builder,
            (w, d, 0.045),
            (0, y, z - 0.0225),
            fabric,
            radius=0.018,
            crown=(0, 0, 0.01),
            piping=fabric,
        )
    else:
        cushion(
            builder,
            (w - 0.01, d - 0.01, 0.03),
            (0, y, z - 0.015),
            "rattan",
            radius=0.012,
            crown=(0, 0, 0.002),
        )


def _frame(
    builder: MeshBuilder, size_m: Size, seat_z: float, rng: np.random.Generator, material: str
) -> Callable[[float], float]:
    """Four legs, seat rails and a seat; returns y of the back posts at a height."""
    w, d, h = size_m
    size = float(rng.uniform(0.03, 0.038))
    x, front_y = w / 2 - size / 2, -d / 2 + size / 2
    rake = float(rng.uniform(0.05, 0.09))
    levels = np.array([0.0, seat_z * 0.55, seat_z, seat_z + 0.1, (seat_z + h) / 2, h])
    back = d / 2 - size / 2
    ys = back - np.array([0.35 * rake, 0.85 * rake, rake, 0.9 * rake, 0.5 * rake, 0.0])
    for side in (-1, 1):
        path = spline(np.column_stack([np.full(6, side * (x - 0.012)), ys, levels]), 12)
        shape = np.interp(path[:, 2], [0, seat_z, h], [0.78, 1.0, 0.72]) * size
        post(builder, path, [(s, s * 1.15) for s in shape], material, rounding=0.006)
        leg(
            builder,
            (side * (x - 0.004), front_y, 0),
            (side * x, front_y, seat_z - 0.03),
            size * 0.72,
            size,
            material,
        )
    seat_y = back - rake
    rail_z = (seat_z - 0.085, seat_z - 0.028)
    builder.block((-x, front_y - 0.009, rail_z[0]), (x, front_y + 0.009, rail_z[1]), material)
    builder.block((-x + 0.012, seat_y - 0.009, rail_z[0]), (x - 0.012, seat_y + 0.009, rail_z[1]), material)
    for side in (-1, 1):
        middle = side * (x - 0.006)
        builder.block((middle - 0.009, front_y, rail_z[0]), (middle + 0.009, seat_y, rail_z[1]), material)
        if rng.random() < 0.6:
            z = seat_z * 0.36
            rail(builder, (middle, front_y, z), (middle, seat_y + 0.01, z), (0.016, 0.024), material)
    y0, y1 = front_y - size / 2 - 0.006, seat_y - size * 0.35
    _pad(builder, rng, w - 0.02, y1 - y0, (y0 + y1) / 2, seat_z, material)
    return lambda z: float(np.interp(z, levels, ys))


def _bow(
    builder: MeshBuilder,
    half: float,
    y: float,
    z: float,
    section: Sequence[float],
    material: str,
    depth: float,
) -> None:
    """A rail between the back posts that curves backwards; `section` is (thickness, height)."""
    u = np.linspace(-1, 1, 11)
    path = np.column_stack([u * half, y + depth * (1 - u**2), np.full(11, z)])
    builder.sweep(path, rounded_rectangle(*section, 0.005, corner_points=3), material)


def _slat(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    builder = MeshBuilder()
    w, d, h = size_m
    back = _frame(builder, size_m, seat_z, rng, material)
    half, crest, low = w / 2 - 0.03, h - 0.05, seat_z + 0.09
    bow = float(rng.uniform(0.0, 0.012))
    _bow(builder, half, back(crest), crest, (0.018, 0.075), material, bow)
    _bow(builder, half, back(low), low, (0.018, 0.035), material, bow)
    count, wide = ((3, 0.045), (5, 0.025), (6, 0.018), (1, 0.15))[int(rng.integers(4))]
    for u in (np.arange(count) + 0.5) / count * 2 - 1:
        x, shift = u * (half - 0.02), bow * (1 - u**2)
        a, b = (x, back(low) + shift, low), (x, back(crest) + shift, crest - 0.03)
        leg(builder, a, b, (wide, 0.010), (wide, 0.010), material)
    return builder


def _ladder(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    builder = MeshBuilder()
    w, d, h = size_m
    back = _frame(builder, size_m, seat_z, rng, material)
    count = int(rng.integers(3, 5))
    for z in np.linspace(seat_z + 0.13, h - 0.045, count):
        tall = 0.05 if z < h - 0.06 else 0.065
        _bow(builder, w / 2 - 0.03, back(z), z, (0.014, tall), material, 0.012)
    return builder


def _cross(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    builder = MeshBuilder()
    w, d, h = size_m
    back = _frame(builder, size_m, seat_z, rng, material)
    crest, low, half = h - 0.035, seat_z + 0.03, w / 2 - 0.035
    _bow(builder, half + 0.005, back(crest), crest, (0.022, 0.05), material, 0.01)
    for side in (-1, 1):
        u = np.linspace(-1, 1, 9)
        z = (crest + low) / 2 + u * (crest - 0.02 - low) / 2
        path = np.column_stack([side * half * np.sin(u * 1.2) / math.sin(1.2), [back(v) for v in z], z])
        path[:, 1] += side * 0.005
        builder.sweep(path, rounded_rectangle(0.022, 0.009, 0.004, corner_points=3), material, up=(0, 1, 0))
    return builder


def _spindle(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    """A Windsor chair: solid saddle seat, splayed legs with stretchers, spindles under a curved crest."""
    w, d, h = size_m
    builder = MeshBuilder()
    thick = 0.034
    seat_d = d - 0.06
    seat_y = -d / 2 + seat_d / 2
    angles = np.linspace(0, 2 * math.pi, 40, endpoint=False)
    c, s = np.cos(angles), np.sin(angles)
    outline = np.column_stack(
        [np.sign(c) * np.abs(c) ** 0.7 * w / 2 * 0.96, np.sign(s) * np.abs(s) ** 0.7 * seat_d / 2]
    )
    outline[:, 0] *= 1 - 0.06 * s
    shrink = [(0.8, -thick), (0.95, -thick * 0.75), (1.0, -thick * 0.35), (0.995, -0.004), (0.97, 0.0)]
    shrink += [(0.88, -0.001), (0.7, -0.006), (0.4, -0.010), (0.1, -0.011)]
    rings = [np.column_stack([outline * f + (0, seat_y), np.full(40, seat_z + z)]) for f, z in shrink]
    builder.loft(np.array(rings), material)
    splay = 0.055
    tops, feet = [], []
    for cx, cy in four(w / 2 - 0.10, seat_d / 2 - 0.085):
        top = (cx, cy + seat_y, seat_z - thick * 0.6)
        foot = (
            math.copysign(w / 2 - 0.02, cx),
            cy + seat_y + math.copysign(splay if cy < 0 else splay + 0.03, cy),
            0.0,
        )
        post_path = np.array(
            [np.array(foot) * (1 - t) + np.array(top) * t for t in (0, 0.06, 0.35, 0.6, 0.9, 1)]
        )
        post(
            builder,
            post_path,
            [0.022, 0.025, 0.034, 0.036, 0.026, 0.024],
            material,
            rounding=0.02,
            corner_points=5,
        )
        tops.append(np.array(top))
        feet.append(np.array(foot))
    at = [f * 0.6 + t * 0.4 for f, t in zip(feet, tops)]
    for i, j in ((0, 3), (1, 2)):
        builder.tube([at[i], (at[i] + at[j]) / 2, at[j]], [0.008, 0.011, 0.008], material, segments=8)
    builder.tube([(at[0] + at[3]) / 2, (at[1] + at[2]) / 2], 0.008, material, segments=8)
    # Back: a crest rail on a fan of spindles.
    count = int(rng.integers(6, 10))
    crest_z, half, bow = h - 0.035, w / 2 - 0.03, 0.06
    crest_y = d / 2 - bow - 0.012
    u = np.linspace(-1, 1, 13)
    path = np.column_stack([u * half * 1.0, crest_y + bow * (1 - u**2), crest_z + 0.012 * (1 - u**2)])
    builder.sweep(
        path, rounded_rectangle(0.02, 0.065, 0.009, corner_points=4), material, scale=1 - 0.3 * u**6
    )
    for index, v in enumerate(np.linspace(-0.9, 0.9, count)):
        r = 0.0095 if index in (0, count - 1) else 0.0065
        low = (v * (half - 0.045), seat_y + seat_d / 2 - 0.03 - 0.05 * v**2, seat_z - 0.012)
        high = (v * half, crest_y + bow * (1 - v**2), crest_z)
        line = np.array([np.array(low) * (1 - t) + np.array(high) * t for t in (0, 0.4, 1)])
        builder.tube(line, [r * 0.85, r * 1.15, r * 0.8], material, segments=8)
    return builder


def _shell(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    """A moulded shell on wooden dowels, a steel base or a pedestal."""
    w, d, h = size_m
    builder = MeshBuilder()
    curve = [(-d / 2 + 0.0, seat_z - 0.03), (-d / 2 + 0.045, seat_z + 0.004), (-0.02, seat_z - 0.012)]
    curve += [
        (d / 2 - 0.19, seat_z - 0.012),
        (d / 2 - 0.115, seat_z + 0.06),
        (d / 2 - 0.07, seat_z + 0.2),
        (d / 2, h),
    ]
    line = spline(curve, 30)
    v = np.linspace(0, 1, 30)
    half = np.interp(v, [0, 0.15, 0.5, 0.66, 0.85, 1], [0.86, 0.97, 1.0, 0.98, 0.93, 0.84]) * w / 2
    ends = np.clip(np.minimum(v / 0.09, (1 - v) / 0.12), 0, 1)
    half *= 0.72 + 0.28 * np.sqrt(1 - (1 - ends) ** 2)
    u = np.linspace(-1, 1, 19)
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])  # towards the sitter
    curl = np.interp(v, [0, 0.2, 0.5, 0.65, 0.85, 1], [0.004, 0.02, 0.05, 0.06, 0.045, 0.02])
    lift = curl[:, None] * np.abs(u)[None] ** 2.6
    points = np.empty((19, 30, 3))
    points[..., 0] = u[:, None] * half[None] * (1 - 0.04 * np.abs(u[:, None]) ** 4)
    points[..., 1] = (line[:, :1] + normal[:, :1] * lift).T
    points[..., 2] = (line[:, 1:] + normal[:, 1:] * lift).T
    role = ("plastic:shell", "plastic:shell", "wood", "fabric:seat")[int(rng.integers(4))]
    sheet(builder, points, 0.009 if role != "fabric:seat" else 0.02, role)
    base, under = int(rng.integers(3)), seat_z - 0.035
    legs = ("wood_light", "metal", "chrome")[base]
    for cx, cy in four(0.12, 0.11):
        top = (cx, cy - 0.02, under)
        foot = (math.copysign(w / 2 - 0.025, cx), math.copysign(d / 2 - 0.035, cy), 0.0)
        if base == 0:
            round_leg(builder, foot, top, 0.010, 0.0145, legs)
        else:
            builder.tube([(foot[0], foot[1], 0.009), top], 0.0085, legs, segments=10)
            builder.cylinder(0.013, 0.012, foot, "rubber", segments=12)
    builder.box((0.26, 0.03, 0.012), (0, -0.13, under), "metal", bevel=0.002)
    builder.box((0.26, 0.03, 0.012), (0, 0.09, under), "metal", bevel=0.002)
    for side in (-1, 1):
        builder.box((0.02, 0.25, 0.008), (side * 0.12, -0.02, under - 0.006), "metal", bevel=0.002)
    return builder


def _upholstered(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    w, d, h = size_m
    builder = MeshBuilder()
    fabric = ("fabric:seat", "fabric:seat", "leather", "linen")[int(rng.integers(4))]
    back_t, drop = 0.075, 0.11
    lean = 0.05
    cushion(
        builder,
        (w, d - lean, drop),
        (0, -lean / 2, seat_z - drop / 2),
        fabric,
        radius=0.022,
        crown=(0, 0, 0.012),
        piping=fabric,
    )
    slope = np.eye(4)
    slope[1, 2] = lean / (h - seat_z)
    back_h = h - seat_z + 0.05
    move = np.eye(4)
    move[:3, 3] = 0, d / 2 - lean - back_t / 2, seat_z
    if rng.random() < 0.4:
        body = MeshBuilder()
        cushion(body, (w, back_t * 0.6, back_h), (0, back_t * 0.2, back_h / 2 - 0.05), fabric, radius=0.02)
        tufted(
            body,
            w - 0.012,
            back_h - 0.06,
            back_t * 0.45,
            np.array([[1, 0, 0, 0], [0, 1, 0, -0.1 * back_t], [0, 0, 1, 0.004], [0, 0, 0, 1.0]]),
            fabric,
            design=("diamond", "channel", "square")[int(rng.integers(3))],
            pitch=0.11,
        )
        builder.merge(body, move @ slope)
    else:
        body = MeshBuilder()
        cushion(
            body, (w, back_h, back_t), (0, 0, 0), fabric, radius=0.026, crown=(0, 0, 0.012), piping=fabric
        )
        stand = np.array([[1, 0, 0, 0], [0, 0, -1.0, 0], [0, 1, 0, back_h / 2 - 0.05], [0, 0, 0, 1]])
        builder.merge(body, move @ slope @ stand)
    tall = seat_z - drop + 0.01
    for cx, cy in four(w / 2 - 0.03, d / 2 - 0.03):
        rear = cy > 0
        foot = (cx, d / 2 - 0.015 if rear else cy, 0.0)
        leg(builder, foot, (cx, d / 2 - lean - 0.035 if rear else cy, tall), 0.026, 0.042, material)
    return builder


def _cantilever(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    """One bent steel tube that carries a seat and a back."""
    w, d, h = size_m
    r = 0.0115
    x = w / 2 - r
    builder = MeshBuilder()
    role = ("chrome", "chrome", "metal", "brass")[int(rng.integers(4))]
    under = seat_z - 0.022
    corners = [
        (x, d / 2 - r, h - 0.02),
        (x, d / 2 - 0.085, under),
        (x, -d / 2 + r, under),
        (x, -d / 2 + r + 0.02, r),
    ]
    corners += [(x, d / 2 - 0.05, r)]
    line = [*corners, *[(-a, b, c) for a, b, c in corners[::-1]]]
    builder.tube(soft(line, 0.06, 6), r, role, segments=12)
    pad = ("rattan", "leather", "fabric:seat")[int(rng.integers(3))]
    thick = 0.03 if pad == "rattan" else 0.05
    frame = material if pad == "rattan" else pad
    y0, y1 = -d / 2 + 0.005, d / 2 - 0.10
    cushion(
        builder,
        (w - 4 * r - 0.004, y1 - y0, thick),
        (0, (y0 + y1) / 2, seat_z - thick / 2),
        pad,
        radius=0.012,
        crown=(0, 0, 0.004),
        piping=frame if pad == "rattan" else None,
    )
    rail(builder, (-x, -d / 2 + 0.04, under), (x, -d / 2 + 0.04, under), (0.02, 0.012), role)
    back_h = min(0.24, 0.55 * (h - seat_z))
    slope = np.eye(4)
    slope[1, 2] = (0.085 - r) / (h - 0.02 - under)
    slope[:3, 3] = 0, d / 2 - r - slope[1, 2] * (back_h / 2), h - back_h / 2
    body = MeshBuilder()
    stand = np.array([[1, 0, 0, 0], [0, 0, -1.0, 0], [0, 1, 0, 0], [0, 0, 0, 1.0]])
    cushion(
        body,
        (w - 4 * r - 0.004, back_h, thick * 0.8),
        (0, 0, 0),
        pad,
        radius=0.01,
        crown=(0, 0, 0.004),
        piping=frame if pad == "rattan" else None,
    )
    for side in (-1, 1):
        body.box((2.4 * r, 0.03, 0.012), (side * (x - 1.2 * r), 0, 0), role, bevel=0.003)
    return builder.merge(body, slope @ stand)


def _round_back(size_m: Size, seat_z: float, rng: np.random.Generator, material: str) -> MeshBuilder:
    """Four posts that carry a bent rail around the back, as on Danish chairs."""
    w, d, h = size_m
    builder = MeshBuilder()
    r = 0.017
    crest = h - 0.035
    for side in (-1, 1):
        round_leg(
            builder,
            (side * (w / 2 - 0.016), -d / 2 + 0.02, 0),
            (side * (w / 2 - 0.035), -d / 2 + 0.035, seat_z - 0.02),
            0.0115,
            r,
            material,
        )
        path = [
            (side * (w / 2 - 0.05), d / 2 - 0.03, 0),
            (side * (w / 2 - 0.055), d / 2 - 0.085, seat_z - 0.03),
        ]
        path += [
            (side * (w / 2 - 0.04), d / 2 - 0.08, seat_z + 0.1),
            (side * (w / 2 - 0.028), d / 2 - 0.07, crest),
        ]
        post(builder, spline(path, 9), np.linspace(0.024, 0.028, 9), material, rounding=0.02, corner_points=5)
    a = np.linspace(-1.25, 1.25, 21)
    bend = np.column_stack(
        [
            np.sin(a) / math.sin(1.25) * (w / 2 - 0.012),
            d / 2 - 0.013 - 0.24 * (1 - np.cos(a)),
            crest - 0.0 * a,
        ]
    )
    scale = 1.0 - 0.45 * np.abs(a / 1.25) ** 3
    builder.sweep(bend, rounded_rectangle(0.024, 0.07, 0.011, corner_points=4), material, scale=scale)
    for z in (seat_z - 0.05,):
        for p, q in (((-1, -1), (1, -1)), ((-1, 1), (1, 1)), ((-1, -1), (-1, 1)), ((1, -1), (1, 1))):
            ends = [
                (s * (w / 2 - 0.04), (-d / 2 + 0.035) if t < 0 else (d / 2 - 0.085), z) for s, t in (p, q)
            ]
            rail(builder, *ends, (0.018, 0.05), material, rounding=0.006)
    fabric = ("leather", "rattan", "fabric:seat", "linen")[int(rng.integers(4))]
    cushion(
        builder,
        (w - 0.05, d - 0.11, 0.04),
        (0, -0.035, seat_z - 0.02),
        fabric,
        radius=0.016,
        crown=(0, 0, 0.008),
        piping=fabric,
    )
    return builder


_CHAIRS: dict[str, Callable[..., MeshBuilder]] = {
    "slat": _slat, "ladder": _ladder, "cross": _cross, "spindle": _spindle, "shell": _shell,
    "upholstered": _upholstered, "cantilever": _cantilever, "round_back": _round_back,
}  # fmt: skip


def stool(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A stool; its top is at z = h."""
    table = {
        "round": "",
        "pouf": "modern classic scandinavian",
        "square": "rustic modern",
        "upholstered": "classic modern scandinavian",
    }
    design = chosen(rng, params, table)
    material = timber(rng, params)
    w, d, h = size_m
    builder = MeshBuilder()
    r = min(w, d) / 2
    if design == "pouf":
        fabric = ("fabric_accent:seat", "leather", "fabric:seat")[int(rng.integers(3))]
        ribs = int(rng.integers(8, 13))
        angles = np.linspace(0, 2 * math.pi, ribs * 8, endpoint=False)
        t = np.linspace(-1, 1, 25)
        round_off = np.sqrt(np.clip(1 - np.abs(t) ** 5, 0, 1))
        rib = 1 - 0.05 * np.abs(np.cos(angles * ribs / 2))[:, None] ** 6 * np.clip(round_off, 0, 1)[None]
        radius = rib * (0.02 + 0.98 * round_off)[None]
        z = h / 2 + h / 2 * np.broadcast_to(np.sign(t) * np.abs(t) ** 0.9, radius.shape)
        points = np.stack(
            [radius * np.cos(angles)[:, None] * w / 2, radius * np.sin(angles)[:, None] * d / 2, z], axis=-1
        )
        builder.surface(points, fabric, closed_u=True)
        builder.cylinder(0.02, 0.004, (0, 0, h - 0.004), fabric, segments=16).cylinder(
            0.02, 0.004, (0, 0, 0), fabric, segments=16
        )
        return fitted(builder, size_m)
    if design in ("round", "upholstered"):
        if design == "round":
            profile = [(0, h - 0.032), (r - 0.01, h - 0.032), (r, h - 0.012), (r - 0.004, h), (0, h)]
            builder.lathe(soft(profile, 0.006, 3), (0, 0, 0), material, segments=40)
            under = h - 0.03
        else:
            fabric = ("fabric:seat", "leather", "fabric_accent:seat")[int(rng.integers(3))]
            profile = [(0, h - 0.11), (r - 0.004, h - 0.11), (r, h - 0.02), (r - 0.03, h), (0, h)]
            builder.lathe(soft(profile, 0.03, 4), (0, 0, 0), fabric, segments=48)
            a = np.linspace(0, 2 * math.pi, 48, endpoint=False)
            loop = np.column_stack([(r - 0.007) * np.cos(a), (r - 0.007) * np.sin(a), np.full(48, h - 0.022)])
            builder.tube(loop, 0.005, fabric, segments=6, closed=True)
            builder.cylinder(r * 0.85, 0.02, (0, 0, h - 0.128), material, segments=40)
            under = h - 0.12
        metal = rng.random() < 0.35
        count = 3 if rng.random() < 0.3 else 4
        ring = []
        for index in range(count):
            a = math.pi / 4 + 2 * math.pi * index / count
            top = (0.55 * r * math.cos(a), 0.55 * r * math.sin(a), under)
            foot = (0.96 * r * math.cos(a), 0.96 * r * math.sin(a), 0.0)
            if metal:
                builder.tube([(foot[0], foot[1], 0.009), top], 0.009, "metal", segments=10)
                builder.cylinder(0.012, 0.01, foot, "rubber", segments=12)
            else:
                round_leg(builder, foot, top, 0.012, 0.018, material)
            ring.append(np.array(foot) * 0.62 + np.array(top) * 0.38)
        if metal:
            radius = float(np.hypot(*ring[0][:2]))
            a = np.linspace(0, 2 * math.pi, 36, endpoint=False)
            loop = np.column_stack([radius * np.cos(a), radius * np.sin(a), np.full(36, ring[0][2])])
            builder.tube(loop, 0.006, "metal", segments=8, closed=True)
        elif count == 4:
            for i in range(4):
                shift = np.array([0, 0, 0.03 * (i % 2)])
                builder.tube([ring[i] + shift, ring[(i + 1) % 4] + shift], 0.008, material, segments=8)
        return builder
    t = 0.03
    builder.prism(rounded_rectangle(w, d, 0.012), h - t, h, material, bevel=0.004)
    for cx, cy in four(w / 2 - 0.05, d / 2 - 0.05):
        foot = (math.copysign(w / 2 - 0.018, cx), math.copysign(d / 2 - 0.018, cy), 0.0)
        leg(builder, foot, (cx, cy, h - t), 0.03, 0.036, material)
    for side in (-1, 1):
        rail(
            builder,
            (side * (w / 2 - 0.04), -d / 2 + 0.04, h * 0.4),
            (side * (w / 2 - 0.04), d / 2 - 0.04, h * 0.4),
            (0.016, 0.026),
            material,
        )
        rail(
            builder,
            (-w / 2 + 0.045, side * (d / 2 - 0.045), h - 0.07),
            (w / 2 - 0.045, side * (d / 2 - 0.045), h - 0.07),
            (0.016, 0.04),
            material,
        )
    return builder


def bench(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bench without a back; its top is at z = h."""
    table = {
        "slab": "",
        "upholstered": "classic modern scandinavian",
        "slatted": "scandinavian modern",
        "trestle": "rustic",
        "turned": "classic rustic",
    }
    design = chosen(rng, params, table)
    material = timber(rng, params, painted=False)
    w, d, h = size_m
    builder = MeshBuilder()
    x, y = w / 2, d / 2
    top = 0.032
    if design == "upholstered":
        fabric = ("fabric:seat", "leather", "linen")[int(rng.integers(3))]
        top = 0.1
        cushion(
            builder,
            (w, d, 0.085),
            (0, 0, h - 0.0425),
            fabric,
            radius=0.025,
            crown=(0, 0, 0.01),
            piping=fabric,
            rng=rng,
            wrinkle=0.003,
        )
        builder.block((-x + 0.008, -y + 0.008, h - top - 0.012), (x - 0.008, y - 0.008, h - 0.082), material)
        top += 0.01
    elif design == "slatted":
        count = round(d / 0.055)
        pitch = d / count
        for index in range(count):
            low = -y + index * pitch
            builder.block(
                (-x, low + 0.005 * (index > 0), h - 0.025),
                (x, low + pitch - 0.005 * (index < count - 1), h),
                material,
                bevel=0.003,
            )
        for cx in (-x + 0.14, 0, x - 0.14):
            builder.block((cx - 0.02, -y + 0.01, h - 0.055), (cx + 0.02, y - 0.01, h - 0.025), material)
        top = 0.055
    else:
        builder.prism(rounded_rectangle(w, d, 0.01), h - top, h, material, bevel=0.004)
    if design == "turned":
        builder.block((-x + 0.06, -y + 0.05, h - 0.1), (x - 0.06, -y + 0.07, h - top), material)
        builder.block((-x + 0.06, y - 0.07, h - 0.1), (x - 0.06, y - 0.05, h - top), material)
        shape = int(rng.integers(3))
        for cx, cy in four(x - 0.06, y - 0.06):
            turned_leg(builder, cx, cy, h - top, 0.06, material, shape)
    elif design == "trestle":
        for side in (-1, 1):
            cx = side * (x - 0.16)
            builder.block((cx - 0.02, -y + 0.03, 0), (cx + 0.02, y - 0.03, h - top), material)
        builder.block((-x + 0.12, -0.012, h * 0.35), (x - 0.12, 0.012, h * 0.35 + 0.07), material)
    elif rng.random() < 0.4:
        for side in (-1, 1):
            steel_loop(builder, side * (x - 0.12), d - 0.04, h - top, "metal", (0.04, 0.015))
    else:
        for cx, cy in four(x - 0.09, y - 0.06):
            foot = (cx + math.copysign(0.05, cx), cy + math.copysign(0.035, cy), 0.0)
            round_leg(builder, foot, (cx, cy, h - top), 0.013, 0.022, material)
        for cy in (-y + 0.06, y - 0.06):
            builder.block((-x + 0.07, cy - 0.011, h - top - 0.04), (x - 0.07, cy + 0.011, h - top), material)
    return builder


KINDS: dict[str, Callable[..., MeshBuilder]] = {"chair": chair, "stool": stool, "bench": bench}
