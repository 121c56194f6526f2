"""Large kitchen appliances: refrigerators, ovens, cookers, dishwashers, hoods, microwaves. In metres."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, blocks, design, disc_profile, placed, turned
from .fronts import front, handle, reach_of
from .hobs import burners
from .kitchen_cases import FRONT_M, SET_BACK_M, kitchen_look

BODY = "appliance"


def bar_handle(
    builder: MeshBuilder, start: tuple[float, float, float], end: tuple[float, float, float], role: str,
    *, radius: float = 0.009, off: float = 0.04,
) -> None:  # fmt: skip
    """A rod before a door whose face holds `start` and `end`, on two posts."""
    a, b = np.array(start), np.array(end)
    out = np.array([0.0, -off + radius, 0.0])
    builder.tube([a + out, b + out], radius, role, segments=12)
    for share in (0.07, 0.93):
        at = a + share * (b - a)
        builder.tube([at, at + out], 0.75 * radius, role, segments=10)


def refrigerator(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A refrigerator: "two" doors above each other, "single", "beside" (side by side), "french" (two doors
    above a drawer), "retro" (round edges)."""
    w, d, h = size_m
    by_size = (
        ("beside", "french") if w > 0.75 else ("single", "retro") if h < 1.6 else ("two", "two", "retro")
    )
    name = design(rng, params, by_size)
    builder, thick, feet = MeshBuilder(), 0.06, 0.03
    off = 0.045
    face = -d / 2 + off
    case_y = face + thick
    role, metal = BODY, ("steel", "fitting", "plastic_dark")[int(rng.integers(3))]
    side = role if name == "retro" or rng.random() < 0.5 else "plastic:case"
    side = "metal" if side == "plastic:case" else side
    for x in (-w / 2 + 0.06, w / 2 - 0.06):
        for y in (case_y + 0.05, d / 2 - 0.05):
            builder.cylinder(0.02, feet, (x, y, 0.0), "plastic_dark", segments=12)
    builder.block((-w / 2, case_y + 0.006, feet), (w / 2, d / 2, h - 0.004), side, bevel=0.004)
    builder.block(
        (-w / 2 + 0.012, case_y - 0.004, feet + 0.03),
        (w / 2 - 0.012, case_y + 0.008, h - 0.02),
        "rubber",
        bevel=0,
    )
    builder.block(
        (-w / 2 + 0.02, case_y + 0.02, 0.008),
        (w / 2 - 0.02, case_y + 0.03, feet + 0.01),
        "plastic_dark",
        bevel=0,
    )
    low, top, gap = feet + 0.02, h, 0.004
    bevel = 0.03 if name == "retro" else float(rng.choice([0.004, 0.01]))
    doors: list[tuple[float, float, float, float, int]] = []  # x0, x1, z0, z1, side of the hinge
    hinge = -1 if rng.random() < 0.5 else 1
    if name == "beside":
        split = -w / 2 + w * float(rng.uniform(0.42, 0.5))
        doors = [(-w / 2, split - gap / 2, low, top, -1), (split + gap / 2, w / 2, low, top, 1)]
    elif name == "french":
        z = low + 0.36 * (top - low)
        doors = [
            (-w / 2, -gap / 2, z + gap, top, -1),
            (gap / 2, w / 2, z + gap, top, 1),
            (-w / 2, w / 2, low, z, 0),
        ]
    elif name == "single":
        doors = [(-w / 2, w / 2, low, top, hinge)]
    else:
        share = float(rng.uniform(0.3, 0.42)) if name == "two" else float(rng.uniform(0.6, 0.72))
        z = low + share * (top - low)
        doors = [(-w / 2, w / 2, low, z, hinge), (-w / 2, w / 2, z + gap, top, hinge)]
    grip = design(rng, {}, ("bar", "bar", "recess")) if name != "retro" else "bar"
    for x0, x1, z0, z1, hung in doors:
        builder.block((x0, face, z0), (x1, case_y - 0.004, z1), role, bevel=bevel, segments=3)
        _grip(builder, (x0, x1, z0, z1), face, hung, grip, metal, top - low, off)
    if name in ("beside", "french") and rng.random() < 0.6:
        x0, x1, z0, z1, _ = doors[0]
        x, z = (x0 + x1) / 2, z0 + (0.62 if name == "beside" else 0.5) * (z1 - z0)
        builder.block(
            (x - 0.1, face - 0.002, z - 0.17), (x + 0.1, face + 0.01, z + 0.17), "black_glass", bevel=0.002
        )
        builder.block((x - 0.07, face - 0.003, z + 0.1), (x + 0.07, face, z + 0.14), "digits", bevel=0)
    else:
        _notes(builder, rng, doors[-1], face)
    builder.block(
        (-0.02 + w / 2 - 0.1, face - 0.0012, top - 0.09),
        (w / 2 - 0.05, face + 0.002, top - 0.077),
        "metal_brushed",
        bevel=0.0004,
    )
    return builder


def _grip(
    builder: MeshBuilder, door: tuple[float, float, float, float], face: float, hung: int, grip: str,
    metal: str, whole: float, off: float,
) -> None:  # fmt: skip
    x0, x1, z0, z1 = door
    if hung == 0:
        z = z1 - 0.06
        bar_handle(builder, (x0 + 0.12, face, z), (x1 - 0.12, face, z), metal, off=off)
        return
    x = x1 - 0.05 if hung < 0 else x0 + 0.05
    long = min(0.55, 0.6 * (z1 - z0))
    # The grips of two doors above each other lie next to their gap.
    low = z0 + 0.06 if z0 > 0.3 else z1 - 0.06 - long
    low = (z0 + z1 - long) / 2 if z1 - z0 > 0.9 * whole else low
    if grip == "bar":
        bar_handle(builder, (x, face, low), (x, face, low + long), metal, off=off)
    else:
        edge = x1 - 0.004 if hung < 0 else x0 + 0.004
        a, b = (edge - 0.018, edge) if hung < 0 else (edge, edge + 0.018)
        builder.block((a, face - 0.001, low), (b, face + 0.02, low + long), "plastic_dark", bevel=0.001)


def _notes(
    builder: MeshBuilder, rng: np.random.Generator, door: tuple[float, float, float, float, int], face: float
) -> None:
    """Sheets and pictures held by magnets."""
    x0, x1, z0, z1, _ = door
    for number in range(int(rng.choice([0, 0, 2, 4, 6]))):
        wide, tall = ((0.1, 0.148), (0.148, 0.105), (0.075, 0.075), (0.13, 0.09))[int(rng.integers(4))]
        x = float(rng.uniform(x0 + 0.14, x1 - 0.14))
        z = float(rng.uniform(z0 + 0.5 * (z1 - z0), z1 - 0.14))
        role = ("paper", "picture:note", "label:1", "picture:card")[int(rng.integers(4))]
        sheet = MeshBuilder()
        y = -0.0006 * (number + 1)
        a, b = wide / 2, tall / 2
        sheet.quad([(-a, y, -b), (a, y, -b), (a, y, b), (-a, y, b)], role)
        sheet.block((-a, y + 0.0002, -b), (a, y + 0.0005, b), "paper", bevel=0)
        magnet = turned(
            MeshBuilder(),
            disc_profile(0.011, 0.0, 0.006),
            f"plastic:{int(rng.integers(6))}",
            radius=0.002,
            segments=16,
        )
        sheet.merge(magnet, placed(0, y, tall / 2 - 0.014, pitch_deg=90))
        builder.merge(sheet, placed(x, face, z, roll_deg=float(rng.normal(0, 4))))


def oven(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A built-in oven; its front is `params["front_m"]` (0.02) thick and as wide as its niche."""
    w, d, h = size_m
    builder = MeshBuilder()
    off = 0.045
    face = -d / 2 + off
    body = 0.025
    builder.block(
        (-w / 2 + 0.022, face + 0.02, 0.004), (w / 2 - 0.022, d / 2, h - 0.012), "metal_brushed", bevel=0
    )
    _oven_front(builder, rng, (-w / 2 + 0.001, w / 2 - 0.001, 0.002, h - 0.002), face, body, off)
    return builder


def _oven_front(
    builder: MeshBuilder, rng: np.random.Generator, box: tuple[float, float, float, float], face: float,
    thick: float, off: float, *, panel_m: float = 0.1,
) -> None:  # fmt: skip
    """The panel with its knobs over a glass door with a bar; `off` is how far the bar may stand out."""
    x0, x1, z0, z1 = box
    steel = rng.random() < 0.6
    dark = "black_glass"
    panel = "steel" if steel else dark
    metal = "steel" if rng.random() < 0.8 else "fitting"
    split = z1 - panel_m
    builder.block((x0, face, split + 0.003), (x1, face + thick, z1), panel, bevel=0.0015)
    middle = (x0 + x1) / 2
    if rng.random() < 0.75:
        builder.block(
            (middle - 0.055, face - 0.001, split + 0.03),
            (middle + 0.055, face + 0.004, z1 - 0.03),
            dark,
            bevel=0,
        )
        builder.block(
            (middle - 0.03, face - 0.0016, split + 0.042),
            (middle + 0.03, face, z1 - 0.042),
            "digits",
            bevel=0,
        )
    knobs = (-0.36, -0.26, 0.26, 0.36) if rng.random() < 0.5 else (-0.32, 0.32)
    for share in knobs:
        knob(
            builder,
            (middle + share * (x1 - x0), face, (split + z1) / 2),
            rng,
            metal if steel else "plastic_dark",
        )
    builder.block(
        (x0, face, z0), (x1, face + thick, split), panel if rng.random() < 0.35 else dark, bevel=0.002
    )
    margin = 0.07
    builder.block(
        (x0 + margin, face - 0.0012, z0 + 0.09), (x1 - margin, face + 0.002, split - 0.12), dark, bevel=0.0006
    )
    bar_handle(builder, (x0 + 0.05, face, split - 0.045), (x1 - 0.05, face, split - 0.045), metal, off=off)


def knob(builder: MeshBuilder, at: tuple[float, float, float], rng: np.random.Generator, role: str) -> None:
    """A turning knob on an upright face, its mark somewhere."""
    part = turned(
        MeshBuilder(),
        [(0, 0), (0.02, 0), (0.019, 0.008), (0.016, 0.022), (0, 0.022)],
        role,
        radius=0.003,
        segments=28,
    )
    part.block((-0.0012, 0.004, 0.0215), (0.0012, 0.016, 0.0224), "plastic", bevel=0)
    builder.merge(part, placed(*at, pitch_deg=90) @ placed(yaw_deg=float(rng.choice([0, 0, 0, 40, 90, 200]))))


def cooker(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A free-standing cooker: burners on its top at z = h - 0.03, knobs, oven door, drawer."""
    w, d, h = size_m
    builder = MeshBuilder()
    off = 0.05
    face, deck = -d / 2 + off, h - 0.03
    for x in (-w / 2 + 0.05, w / 2 - 0.05):
        for y in (face + 0.06, d / 2 - 0.05):
            builder.cylinder(0.018, 0.06, (x, y, 0.0), "plastic_dark", segments=12)
    builder.block((-w / 2, face + 0.026, 0.05), (w / 2, d / 2, deck), BODY, bevel=0.003)
    builder.block((-w / 2 + 0.006, face + 0.004, 0.06), (w / 2 - 0.006, face + 0.028, 0.2), BODY, bevel=0.003)
    _oven_front(builder, rng, (-w / 2 + 0.004, w / 2 - 0.004, 0.206, deck), face, 0.028, off, panel_m=0.13)
    outline = rounded_rectangle(w, d - off, 0.008)
    builder.merge(MeshBuilder().prism(outline, deck - 0.006, deck, "steel", bevel=0.002), placed(0, off / 2))
    kind = str(params.get("burners", ("gas", "gas", "plates")[int(rng.integers(3))]))
    burners(builder, rng, (w - 0.06, d - off - 0.06), (0.0, off / 2), deck, kind)
    if rng.random() < 0.3:
        builder.block((-w / 2, d / 2 - 0.03, deck), (w / 2, d / 2, deck + 0.03), BODY, bevel=0.003)
    return builder


def dishwasher(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A dishwasher in the row: its own front of sheet, or ("panel") one like its neighbours' below a bar."""
    w, d, h = size_m
    look, plinth = kitchen_look(params), float(params.get("plinth_m", 0.12))
    name = design(rng, params, ("steel", "panel", "hidden"))
    builder, face = MeshBuilder(), -d / 2 + reach_of(look.handle)
    toe = face + FRONT_M + SET_BACK_M
    builder.block(
        (-w / 2, toe, 0.0), (w / 2, toe + 0.016, plinth), str(params.get("plinth", look.front_material))
    )
    builder.block(
        (-w / 2 + 0.004, face + 0.03, plinth), (w / 2 - 0.004, d / 2, h - 0.002), "plastic_dark", bevel=0
    )
    x0, x1, g = -w / 2 + 0.0015, w / 2 - 0.0015, 0.00125
    if name == "hidden":
        top = h - (0.02 if look.handle == "groove" else g)
        front(builder, (x0, x1, plinth + g, top), face, FRONT_M, look.front, look.front_material)
        z = top if look.handle in ("groove", "tab", "rail") else top - 0.07
        handle(builder, look, 0.0, face, z, upright=False, room=w)
        return builder
    strip = h - 0.115
    metal = "steel" if name == "steel" else BODY
    builder.block((x0, face, strip + g), (x1, face + 0.03, h - 0.002), metal, bevel=0.002)
    for number in range(4):
        x = w / 2 - 0.06 - number * 0.035
        builder.block(
            (x - 0.007, face - 0.001, strip + 0.05),
            (x + 0.007, face + 0.002, strip + 0.064),
            "plastic_dark",
            bevel=0.0008,
        )
    builder.block(
        (-w / 2 + 0.05, face - 0.0008, strip + 0.04),
        (-w / 2 + 0.16, face + 0.002, strip + 0.07),
        "black_glass",
        bevel=0,
    )
    builder.block(
        (-0.1, face - 0.0006, strip + 0.01), (0.1, face + 0.01, strip + 0.03), "plastic_dark", bevel=0.002
    )
    if name == "steel":
        builder.block((x0, face, plinth + g), (x1, face + 0.03, strip - g), "steel", bevel=0.002)
    else:
        front(builder, (x0, x1, plinth + g, strip - g), face, FRONT_M, look.front, look.front_material)
    return builder


def hood(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """An extractor hood, its back at the wall: "box" (a flat canopy under a chimney), "pyramid", "slanted"
    (a leaning pane of glass), "slim" (a visor below a unit)."""
    w, d, h = size_m
    styles = {"classic": ("pyramid", "pyramid", "box"), "rustic": ("pyramid",),
              "modern": ("box", "slanted", "slanted")}  # fmt: skip
    name = design(rng, params, ("box", "slanted", "pyramid"), styles)
    role = "steel" if rng.random() < 0.75 else BODY
    builder, back = MeshBuilder(), d / 2
    duct = min(0.3, 0.4 * w), min(0.27, 0.6 * d)
    if name == "slim":
        look = kitchen_look(params)
        builder.block((-w / 2, -d / 2 + 0.06, 0.03), (w / 2, back, h), look.front_material, bevel=0.001)
        builder.block((-w / 2 + 0.002, -d / 2, 0.0), (w / 2 - 0.002, back, 0.032), "steel", bevel=0.002)
        _filters(builder, w, d, 0.0)
        return builder
    if name == "slanted":
        tall = min(0.5, 0.6 * h)
        section = [
            (back, 0.0),
            (back - 0.08, 0.0),
            (-d / 2 + 0.02, tall - 0.05),
            (-d / 2 + 0.02, tall),
            (back, tall),
        ]
        _extruded(builder, section, -w / 2 + 0.01, w / 2 - 0.01, "plastic_dark")
        slope = np.array([(back - 0.085, 0.011), (-d / 2 + 0.009, tall - 0.055)])
        normal = np.array([-(slope[1, 1] - slope[0, 1]), slope[1, 0] - slope[0, 0]])
        normal = normal / np.linalg.norm(normal) * 0.012
        normal = normal if normal[1] < 0 else -normal
        pane = [slope[0], slope[1], slope[1] + normal, slope[0] + normal][::-1]
        _extruded(builder, [tuple(p) for p in pane], -w / 2, w / 2, "black_glass")
        start = tall
    elif name == "pyramid":
        base, tall = 0.07, min(0.34, 0.42 * h)
        builder.block((-w / 2, -d / 2, 0.0), (w / 2, back, base), role, bevel=0.002)
        rings = []
        for share in np.linspace(0, 1, 8):
            ease = share**0.8
            half = w / 2 * (1 - ease) + duct[0] / 2 * ease
            front_y = (-d / 2) * (1 - ease) + (back - duct[1]) * ease
            z = base + (tall - base) * share
            rings.append([(-half, front_y, z), (half, front_y, z), (half, back, z), (-half, back, z)])
        builder.loft(np.array(rings), role, smooth=False)
        _filters(builder, w, d, 0.0)
        start = tall
    else:
        base = float(rng.uniform(0.05, 0.08))
        builder.block((-w / 2, -d / 2, 0.0), (w / 2, back, base), role, bevel=0.002)
        _filters(builder, w, d, 0.0)
        builder.block(
            (-0.07, -d / 2 - 0.0006, 0.35 * base),
            (0.07, -d / 2 + 0.002, 0.65 * base),
            "plastic_dark",
            bevel=0,
        )
        start = base
    if h - start > 0.03:
        middle = start + 0.55 * (h - start)
        x, y = duct[0] / 2, back - duct[1]
        builder.block((-x, y, start), (x, back, middle), role, bevel=0.001)
        builder.block((-x + 0.003, y + 0.003, middle), (x - 0.003, back, h), role, bevel=0.001)
    return builder


def _extruded(
    builder: MeshBuilder, section: list[tuple[float, float]], x0: float, x1: float, role: str
) -> None:
    """A body along x with a cross-section (y, z), given counter-clockwise seen from +x."""
    line = np.array(section)
    area = 0.5 * float(np.sum(line[:, 0] * np.roll(line[:, 1], -1) - np.roll(line[:, 0], -1) * line[:, 1]))
    line = line if area > 0 else line[::-1]
    builder.loft(
        np.array([np.column_stack([np.full(len(line), x), line]) for x in (x0, x1)]), role, smooth=False
    )


def _filters(builder: MeshBuilder, w: float, d: float, z: float) -> None:
    """Grease filters and lamps on the underside."""
    count = 2 if w < 0.75 else 3
    wide = (w - 0.1) / count
    for number in range(count):
        x0 = -w / 2 + 0.05 + number * wide
        lines = int(wide / 0.016)
        x = x0 + 0.008 + (np.arange(lines) + 0.5) * (wide - 0.016) / lines
        low = np.column_stack([x - 0.003, np.full(lines, -d / 2 + 0.09), np.full(lines, z - 0.002)])
        blocks(builder, low, np.add(low, (0.006, d - 0.17, 0.004)), "metal_brushed")
    for x in (-0.33 * w, 0.33 * w):
        disc = MeshBuilder().lathe([(0.028, -0.001), (0.0, -0.001)][::-1], (0, 0, 0), "bulb", segments=20)
        builder.merge(disc, placed(x, -d / 2 + 0.05, z))


def microwave(size_m: Size, rng: np.random.Generator, params: Mapping[str, object]) -> MeshBuilder:
    """A microwave oven: a dark window, a strip of keys or two knobs."""
    w, d, h = size_m
    builder, face = MeshBuilder(), -d / 2 + 0.03
    role = f"appliance:{int(rng.integers(6))}"
    for x in (-w / 2 + 0.04, w / 2 - 0.04):
        for y in (face + 0.05, d / 2 - 0.04):
            builder.cylinder(0.012, 0.014, (x, y, 0.0), "rubber", segments=10)
    builder.block((-w / 2, face + 0.02, 0.012), (w / 2, d / 2, h), role, bevel=0.006)
    split = w / 2 - 0.115
    builder.block((-w / 2 + 0.002, face, 0.014), (split - 0.002, face + 0.022, h - 0.002), role, bevel=0.004)
    builder.block(
        (-w / 2 + 0.03, face - 0.0012, 0.05),
        (split - 0.045, face + 0.004, h - 0.045),
        "black_glass",
        bevel=0.002,
    )
    bar_handle(
        builder,
        (split - 0.022, face, 0.05),
        (split - 0.022, face, h - 0.045),
        "steel",
        radius=0.006,
        off=0.03,
    )
    panel = "black_glass" if rng.random() < 0.5 else role
    builder.block((split, face, 0.014), (w / 2 - 0.002, face + 0.022, h - 0.002), panel, bevel=0.003)
    middle = (split + w / 2) / 2
    builder.block(
        (middle - 0.035, face - 0.001, h - 0.06), (middle + 0.035, face + 0.001, h - 0.035), "digits", bevel=0
    )
    if rng.random() < 0.5:
        for z in (0.38 * h, 0.18 * h + 0.01):
            knob(builder, (middle, face, z), rng, "steel")
    else:
        grid = [(middle + dx, 0.05 + dz * (h - 0.15) / 4) for dx in (-0.028, 0.0, 0.028) for dz in range(4)]
        for x, z in grid:
            builder.block(
                (x - 0.009, face - 0.0012, z), (x + 0.009, face + 0.002, z + 0.014), "plastic", bevel=0.0008
            )
    return builder


KINDS = {
    "refrigerator": refrigerator, "oven": oven, "cooker": cooker, "dishwasher": dishwasher, "hood": hood,
    "microwave": microwave,
}  # fmt: skip
