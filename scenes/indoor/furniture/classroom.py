"""What a classroom has in numbers and what hangs on its walls: desks, chairs, boards, charts, long lamps."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, ball, design, fitted, placed, spline, tinted, turned, vessel
from .legs import chosen


def school_desk(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A desk for one or two: a laminated top on a frame of steel tube, with a shelf for books below."""
    w, d, h = size_m
    x, y = w / 2, d / 2
    made = MeshBuilder()
    metal = str(params.get("metal", "metal"))
    top = str(params.get("top", "wood_light"))
    made.prism(rounded_rectangle(w, d, 0.025, corner_points=5), h - 0.024, h, top, bevel=0.003)
    r = 0.0135
    frame = chosen(
        rng, {"variant": params.get("frame")} if params.get("frame") else {}, {"four": "", "skid": ""}
    )
    inset_x, inset_y = x - 0.035, y - 0.04
    for side in (-1, 1):
        if frame == "four":
            for end in (-1, 1):
                made.tube(
                    [(side * inset_x, end * inset_y, 0.0), (side * inset_x, end * inset_y, h - 0.03)],
                    r,
                    metal,
                )
                made.cylinder(r + 0.002, 0.02, (side * inset_x, end * inset_y, 0.0), "rubber", segments=12)
        else:  # a C on a runner
            line = spline([(side * inset_x, -0.4 * d, h - 0.05), (side * inset_x, 0.1 * d, h - 0.05),
                           (side * inset_x, 0.16 * d, h * 0.5), (side * inset_x, 0.12 * d, 0.05),
                           (side * inset_x, 0.0, r)], 22)  # fmt: skip
            made.tube(line, r * 1.15, metal)
            foot = [(side * inset_x, -y + 0.03, r), (side * inset_x, y - 0.03, r)]
            made.tube(foot, r * 1.15, metal)
            for end in foot:
                ball(made, end, r * 1.2, "rubber", segments=12, rings=6)
        made.tube(
            [(side * inset_x, -inset_y, h - 0.034), (side * inset_x, inset_y, h - 0.034)], r * 0.8, metal
        )
    for end in (-1, 1):
        made.tube([(-inset_x, end * inset_y, h - 0.034), (inset_x, end * inset_y, h - 0.034)], r * 0.8, metal)
    if params.get("shelf", True):
        made.block((-x + 0.06, -y + 0.05, h - 0.152), (x - 0.06, y - 0.07, h - 0.144), metal, bevel=0.002)
        made.block((-x + 0.06, y - 0.078, h - 0.15), (x - 0.06, y - 0.07, h - 0.045), metal, bevel=0.002)
        for side in (-1, 1):
            low, high = sorted((side * (x - 0.06), side * (x - 0.066)))
            made.block((low, -y + 0.05, h - 0.15), (high, y - 0.07, h - 0.045), metal, bevel=0.002)
    hook = spline([(x - 0.02, 0.02, h - 0.03), (x - 0.012, 0.0, h - 0.075), (x - 0.004, -0.02, h - 0.055)], 9)
    made.tube(hook, 0.004, "metal", segments=8)
    return made


def school_chair(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A stacking chair: seat and back of bent plywood, or a plastic shell, on steel tube."""
    w, d, h = size_m
    seat = float(params.get("seat_z_m", 0.44))
    name = design(rng, params, ("plywood", "shell"))
    metal = str(params.get("metal", "metal"))
    made = MeshBuilder()
    r = 0.011
    shell = str(params.get("shell", "wood_light"))
    half = w / 2 - 0.02
    for side in (-1, 1):
        x = side * half
        if params.get("frame") == "skid":
            line = spline(
                [
                    (x, -d / 2 + 0.06, seat - 0.03),
                    (x, d / 2 - 0.14, seat - 0.03),
                    (x * 0.98, d / 2 - 0.07, seat + 0.12),
                    (x * 0.8, d / 2 - 0.025, h - 0.06),
                ],
                18,
            )
            made.tube(line, r, metal)
            made.tube(
                spline(
                    [
                        (x, -d / 2 + 0.08, seat - 0.03),
                        (x, -d / 2 + 0.05, 0.2),
                        (x, -d / 2 + 0.03, 0.05),
                        (x, -d / 2 + 0.08, r),
                        (x, d / 2 - 0.02, r),
                    ],
                    24,
                ),
                r,
                metal,
            )
            continue
        back = spline(
            [
                (x, d / 2 - r, 0.0),
                (x, d / 2 - 0.06, seat * 0.7),
                (x, d / 2 - 0.085, seat),
                (x * 0.94, d / 2 - 0.06, seat + 0.16),
                (x * 0.8, d / 2 - 0.02, h - 0.05),
            ],
            22,
        )
        made.tube(back, r, metal)
        made.tube(
            spline(
                [
                    (x, d / 2 - 0.08, seat - 0.03),
                    (x, 0.0, seat - 0.03),
                    (x, -d / 2 + 0.09, seat - 0.03),
                    (x, -d / 2 + 0.045, seat - 0.07),
                    (x, -d / 2 + r, 0.0),
                ],
                22,
            ),
            r,
            metal,
        )
        for end in (-d / 2 + r, d / 2 - r):
            made.cylinder(r + 0.002, 0.016, (x, end, 0.0), "rubber", segments=12)
    made.tube([(-half, 0.02, seat - 0.03), (half, 0.02, seat - 0.03)], r * 0.8, metal)
    _bent_seat(made, (w, d), seat, shell)
    _bent_back(made, (w, d, h), seat, shell, tall=name == "shell")
    return fitted(made, size_m)


def _bent_seat(made: MeshBuilder, size_m: tuple[float, float], z: float, material: str) -> None:
    w, d = size_m
    u, v = np.meshgrid(np.linspace(-1, 1, 15), np.linspace(-1, 1, 15), indexing="ij")
    round_off = 1 - 0.06 * np.abs(v) ** 6
    x = (w / 2 - 0.004) * u * round_off * (1 - 0.05 * (v > 0) * v)
    y = -0.025 + (d / 2 - 0.035) * v * (1 - 0.05 * np.abs(u) ** 6)
    dip = 0.008 * (1 - u**2) * (1 - v**2)
    lip = -0.02 * np.clip((-v - 0.62) / 0.38, 0, 1) ** 2
    _board(made, np.stack([x, y, z - dip + lip], axis=-1), 0.010, material)


def _bent_back(made: MeshBuilder, size_m: Size, seat: float, material: str, *, tall: bool) -> None:
    w, d, h = size_m
    low = seat + (0.1 if tall else 0.2)
    u, v = np.meshgrid(np.linspace(-1, 1, 15), np.linspace(-1, 1, 11), indexing="ij")
    z = low + (h - low) * (v + 1) / 2
    x = (0.46 * w) * u * (1 - 0.08 * np.abs(v) ** 5)
    lean = np.interp(z, [seat, h], [d / 2 - 0.095, d / 2 - 0.03])
    y = lean - 0.012 + 0.03 * (1 - u**2) * 0.9 - 0.028
    _board(made, np.stack([x, y, z], axis=-1), -0.009, material)


def _board(made: MeshBuilder, points: np.ndarray, thick: float, material: str) -> None:
    along_u, along_v = np.gradient(points, axis=0), np.gradient(points, axis=1)
    normals = np.cross(along_u, along_v)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    other = points - normals * thick
    flip = thick < 0
    made.surface(points, material, flip=flip).surface(other, material, flip=not flip)
    for edge, back in ((points[0], other[0]), (points[-1, ::-1], other[-1, ::-1]),
                       (points[::-1, 0], other[::-1, 0]), (points[:, -1], other[:, -1])):  # fmt: skip
        made.surface(np.stack([back, edge]), material, flip=not flip)


def board(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A chalkboard or a whiteboard in its frame, with a tray and what lies in it; some have wings."""
    w, d, h = size_m
    name = design(rng, params, ("chalkboard", "chalkboard", "whiteboard"))
    frame = "metal_brushed" if name == "whiteboard" or rng.random() < 0.5 else "wood"
    made = MeshBuilder()
    y, rail, thick = d / 2, 0.028, 0.022
    low = 0.04
    wings = w > 3.2
    spans = [(-w / 2, w / 2)] if not wings else [(-w / 2, -w / 4), (-w / 4, w / 4), (w / 4, w / 2)]
    for number, (x0, x1) in enumerate(spans):
        out = 0.03 if wings and number != 1 else 0.0
        front = y - thick - out
        made.block((x0 + 0.002, front + 0.004, low), (x1 - 0.002, y - 0.002, h), frame, bevel=0.002)
        for a, b in ((x0, x0 + rail), (x1 - rail, x1)):
            made.block((a, front - 0.004, low), (b, front + 0.006, h), frame, bevel=0.003)
        for a, b in ((low, low + rail), (h - rail, h)):
            made.block((x0 + rail, front - 0.004, a), (x1 - rail, front + 0.006, b), frame, bevel=0.003)
        corners = [
            (x0 + rail, low + rail),
            (x1 - rail, low + rail),
            (x1 - rail, h - rail),
            (x0 + rail, h - rail),
        ]
        role = f"{name}:{int(rng.integers(6))}"
        made.quad([(a, front + 0.002, b) for a, b in corners], role)
    front = y - thick - (0.03 if wings else 0.0)
    reach = min(0.32 * w, 0.9)
    made.block((-reach, -y, 0.006), (reach, front, 0.014), frame, bevel=0.002)
    made.block((-reach, -y, 0.006), (reach, -y + 0.006, 0.028), frame, bevel=0.002)
    for _ in range(int(rng.integers(2, 6))):
        x, turn = float(rng.uniform(-0.9, 0.9)) * reach, float(rng.normal(0, 20))
        piece, role, r = (
            (0.06, "paper", 0.006) if name == "chalkboard" else (0.12, tinted(rng, "plastic", 8), 0.008)
        )
        line = [(-piece / 2, 0, 0.014 + r), (piece / 2, 0, 0.014 + r)]
        made.merge(
            MeshBuilder().tube(line, r, role, segments=10), placed(x, -y + 0.026, 0, yaw_deg=0.3 * turn)
        )
    made.box(
        (0.14, 0.035, 0.03),
        (float(rng.uniform(-0.5, 0.5)) * reach, -y + 0.028, 0.029),
        "fabric_accent",
        bevel=0.006,
    )
    low_z = made.bounds()[0][2]
    return made.transformed(placed(0, 0, -low_z)) if low_z > 0.02 else fitted(made, size_m)


def poster(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A chart on the wall: a sheet that curls a little, or one that hangs between two rods."""
    w, d, h = size_m
    sheet = tinted(rng, "poster", 14)
    made = MeshBuilder()
    u, v = np.meshgrid(np.linspace(-1, 1, 13), np.linspace(0, 1, 13), indexing="ij")
    curl = float(rng.uniform(0.0, 0.8)) * d * (np.abs(u) ** 6 + (1 - v) ** 8)
    points = np.stack([w / 2 * u, d / 2 - 0.001 - curl, v * h], axis=-1)
    made.surface(points, sheet, with_uv=True)
    behind = np.add(points, (0.0, 0.0006, 0.0))
    made.surface(behind, "paper", flip=True)
    if params.get("rods"):
        for z in (0.012, h - 0.012):
            made.tube(
                [(-w / 2, -d / 2 + 0.011, z), (w / 2, -d / 2 + 0.011, z)], 0.0095, "wood_dark", segments=12
            )
    return fitted(made, size_m)


def paper_bin(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bin for waste paper, with some in it."""
    w, _, h = size_m
    r = w / 2
    role = str(rng.choice(["metal", "plastic", "plastic_dark", "metal_brushed"]))
    made = MeshBuilder()
    turned(
        made,
        vessel([(0.78 * r, 0.0), (0.9 * r, 0.55 * h), (r, h)], 0.004, 0.006),
        role,
        radius=0.003,
        segments=36,
    )
    for _ in range(int(rng.integers(2, 6))):
        a, away, size = (
            float(rng.uniform(0, 6.28)),
            float(rng.uniform(0, 0.5)) * r,
            float(rng.uniform(0.03, 0.045)),
        )
        ball(
            made,
            (away * math.cos(a), away * math.sin(a), float(rng.uniform(0.35, 0.75)) * h),
            size,
            "paper",
            segments=7,
            rings=5,
        )
    return made


def globe(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A globe on its foot, tilted as the earth is."""
    w, _, h = size_m
    r = 0.42 * w
    made, metal = MeshBuilder(), str(rng.choice(["brass", "metal_brushed", "wood_dark"]))
    middle = h - r - 0.02
    profile = [(0, 0), (0.3 * w, 0), (0.3 * w, 0.012), (0.06 * w, 0.03), (0.03 * w, middle - r - 0.02)]
    turned(made, [*profile, (0, middle - r - 0.02)], metal, radius=0.006, segments=32)
    sphere = MeshBuilder()
    t = np.linspace(-math.pi / 2, math.pi / 2, 17)
    angles = np.linspace(0, 2 * math.pi, 33)
    grid = np.stack([r * np.cos(angles)[:, None] * np.cos(t), r * np.sin(angles)[:, None] * np.cos(t),
                     np.broadcast_to(r * np.sin(t), (33, 17))], axis=-1)  # fmt: skip
    sphere.surface(grid, "poster:globe", with_uv=True)
    half = np.linspace(-1.75, 1.75, 25)
    arc = np.column_stack([(r + 0.016) * np.cos(half), np.zeros(25), (r + 0.016) * np.sin(half)])
    sphere.sweep(arc, rounded_rectangle(0.006, 0.014, 0.002), metal, up=(0, 1, 0))
    made.merge(sphere, placed(0, 0, middle, roll_deg=23.4, yaw_deg=float(rng.uniform(-60, 60))))
    return fitted(made, size_m)


def pen_cup(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A cup with pens and pencils."""
    w, _, h = size_m
    r, tall = 0.42 * w, 0.58 * h
    made = MeshBuilder()
    turned(
        made,
        vessel([(0.92 * r, 0), (r, tall)], 0.003, 0.005),
        str(rng.choice(["metal", "ceramic", "plastic"])),
        radius=0.002,
        segments=28,
    )
    for number in range(int(rng.integers(4, 8))):
        lean, long = float(rng.uniform(4, 12)), h * float(rng.uniform(0.86, 1.0))
        pen = MeshBuilder().tube([(0, 0, 0), (0, 0, long)], 0.0038, tinted(rng, "plastic", 8), segments=6)
        made.merge(pen, placed(yaw_deg=53.0 * number) @ placed(-0.35 * r, 0, 0.006, roll_deg=lean))
    return fitted(made, size_m)


def notebook(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """An exercise book: shut, with a label, or lying open."""
    w, d, h = size_m
    made = MeshBuilder()
    cover = tinted(rng, "book_cover", 12)
    made.block((-w / 2, -d / 2, 0), (w / 2, d / 2, h * 0.2), cover, bevel=0.0005)
    made.block(
        (-w / 2 + 0.002, -d / 2 + 0.002, h * 0.2), (w / 2 - 0.002, d / 2 - 0.002, h * 0.85), "paper", bevel=0
    )
    if rng.random() < 0.4:
        return fitted(
            made.block(
                (-w / 2 + 0.003, -d / 2 + 0.003, h * 0.85), (w / 2 - 0.003, d / 2 - 0.003, h), "paper"
            ),
            size_m,
        )
    made.block((-w / 2, -d / 2, h * 0.85), (w / 2, d / 2, h), cover, bevel=0.0005)
    made.block((-0.2 * w, 0.1 * d, h), (0.2 * w, 0.3 * d, h + 0.0004), "label", bevel=0)
    return fitted(made, size_m)


def strip_anchor(size_m: Size, params: dict) -> tuple[float, float, float]:
    """The middle of the light's underside."""
    return (0.0, 0.0, -0.02)


def strip_light(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A long lamp: a flat box with a diffuser, bare tubes under a reflector, or one that hangs on wires."""
    w, d, h = size_m
    deep = min(0.07, h)
    made = MeshBuilder()
    name = design(rng, params, ("panel", "tubes", "profile"))
    if name == "panel":
        made.block((-w / 2, -d / 2, deep * 0.35), (w / 2, d / 2, deep), "plastic", bevel=0.003)
        made.block(
            (-w / 2 + 0.012, -d / 2 + 0.012, 0),
            (w / 2 - 0.012, d / 2 - 0.012, deep * 0.5),
            "diffuser",
            bevel=0.004,
        )
    elif name == "tubes":
        outline = np.array(
            [
                (-d / 2, 0.1 * deep),
                (-d / 2, 0.25 * deep),
                (-0.2 * d, deep),
                (0.2 * d, deep),
                (d / 2, 0.25 * deep),
                (d / 2, 0.1 * deep),
                (0.18 * d, 0.8 * deep),
                (-0.18 * d, 0.8 * deep),
            ]
        )
        made.loft(
            np.array([np.column_stack([np.full(8, x), outline[::-1]]) for x in (-w / 2, w / 2)]),
            "plastic",
            smooth=False,
        )
        for y in (-0.14 * d, 0.14 * d):
            made.tube([(-w / 2 + 0.03, y, 0.013), (w / 2 - 0.03, y, 0.013)], 0.0125, "diffuser", segments=14)
            for x in (-w / 2 + 0.02, w / 2 - 0.02):
                made.box((0.022, 0.022, 0.8 * deep), (x, y, 0.45 * deep), "plastic", bevel=0.002)
    else:
        made.block((-w / 2, -d / 4, 0.008), (w / 2, d / 4, deep), "metal_brushed", bevel=0.003)
        made.block(
            (-w / 2 + 0.01, -d / 4 + 0.008, 0), (w / 2 - 0.01, d / 4 - 0.008, 0.012), "diffuser", bevel=0.002
        )
        made.block((-w / 2, -d / 2, deep * 0.9), (-w / 2 + 0.002, d / 2, deep), "metal_brushed", bevel=0)
    if h > deep + 0.03:
        for x in (-0.36 * w, 0.36 * w):
            made.tube([(x, 0, deep - 0.005), (x, 0, h)], 0.0016, "metal", segments=6)
            made.cylinder(0.03, 0.012, (x, 0, h - 0.012), "plastic", segments=16)
    return fitted(made, size_m)


KINDS: dict[str, Callable[..., MeshBuilder]] = {
    "school_desk": school_desk,
    "school_chair": school_chair,
    "board": board,
    "poster": poster,
    "paper_bin": paper_bin,
    "globe": globe,
    "pen_cup": pen_cup,
    "notebook": notebook,
    "strip_light": strip_light,
}
