"""Screens, keyboards, speakers and radiators."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, blocks, design, disc_profile, fitted, placed, ring, spline, tinted, turned

KEY_ROWS = (
    (1.0,) * 15,
    (1.0,) * 13 + (2.0,),
    (1.5,) + (1.0,) * 12 + (1.5,),
    (1.75,) + (1.0,) * 11 + (2.25,),
    (2.25,) + (1.0,) * 10 + (2.75,),
    (1.25, 1.25, 1.25, 6.25, 1.25, 1.25, 1.25, 1.25),
)
"""Widths of the keys of a compact keyboard in key units, from the back row to the front row: 15 each."""


def _keys(
    builder: MeshBuilder,
    low: tuple[float, float],
    high: tuple[float, float],
    z: float,
    tall: float,
    role: str,
) -> None:
    """A field of tapered keys between two corners of the x-y plane, on a plane at `z`."""
    pitch_x, pitch_y = (high[0] - low[0]) / 15, (high[1] - low[1]) / len(KEY_ROWS)
    gap = 0.09 * min(pitch_x, pitch_y)
    corners_low, corners_high = [], []
    for row, widths in enumerate(KEY_ROWS):
        x, y = low[0], high[1] - (row + 1) * pitch_y
        scale = 15.0 / sum(widths)
        for width in widths:
            corners_low.append((x + gap, y + gap, z))
            x += width * pitch_x * scale
            corners_high.append((x - gap, y + pitch_y - gap, z + tall))
    blocks(
        builder,
        np.array(corners_low),
        np.array(corners_high),
        role,
        taper=min(0.0014, 0.5 * tall),
        bottoms=False,
    )


def _screen(
    builder: MeshBuilder, size: Size, at_z: float, front_y: float, bezel: float, chin: float, role: str
) -> None:
    """A flat panel: rounded body, its screen a quad just in front of a thin bezel."""
    width, thick, height = size
    outline = rounded_rectangle(width, height, min(0.008, bezel + 0.002), corner_points=3)
    body = MeshBuilder().prism(outline, 0.0, thick, role, bevel=min(0.002, 0.3 * thick))
    builder.merge(body, placed(0, front_y + thick, at_z + height / 2, pitch_deg=90))
    x, low, high = width / 2 - bezel, at_z + chin, at_z + height - bezel
    y = front_y - 0.0003
    builder.quad([(-x, y, low), (x, y, low), (x, y, high), (-x, y, high)], "screen")


def monitor(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A desktop monitor on its stand, the screen towards -y; the panel is 16:9 where h allows."""
    width, depth, height = size_m
    tall = min(width * 9 / 16 + 0.012, height * 0.84)
    role = "plastic_dark" if rng.random() < 0.7 else "plastic"
    metal = "metal_brushed" if rng.random() < 0.5 else role
    builder = MeshBuilder()
    bezel, front = float(rng.uniform(0.006, 0.012)), -0.02
    chin = bezel * float(rng.choice([1.0, 2.2]))
    bottom = height - tall
    _screen(builder, (width, 0.012, tall), bottom, front, bezel, chin, role)
    bulge = (width * 0.62, 0.03, tall * 0.5)
    builder.box(bulge, (0, front + 0.012 + 0.012, bottom + 0.48 * tall), role, bevel=0.01, segments=2)
    design_name = design(rng, params, ("plate", "disc", "legs"))
    back, neck_top = front + 0.047, bottom + 0.5 * tall
    if design_name == "plate":
        builder.box((0.36 * width, depth, 0.008), (0, 0, 0.004), metal, bevel=0.003)
        builder.box((0.055, 0.014, neck_top), (0, back, neck_top / 2), metal, bevel=0.003)
    elif design_name == "disc":
        turned(builder, disc_profile(depth / 2, 0, 0.010), metal, radius=0.003, segments=40)
        builder.cylinder(0.018, neck_top, (0, back, 0), metal, segments=20)
    else:
        builder.box((0.05, 0.016, neck_top - 0.012), (0, back, (neck_top + 0.012) / 2), metal, bevel=0.003)
        for side in (-1, 1):
            path = [(0, back, 0.009), (side * 0.2 * width, -depth / 2 + 0.010, 0.009)]
            builder.tube(path, 0.009, metal, segments=10)
        builder.tube([(0, back, 0.009), (0, depth / 2 - 0.009, 0.009)], 0.009, metal, segments=10)
    builder.box((0.09, 0.02, 0.09), (0, front + 0.034, neck_top), metal, bevel=0.004)
    return fitted(builder, size_m)


def keyboard(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A keyboard with separate keys on a sloping case."""
    width, depth, height = size_m
    dark = bool(rng.random() < 0.6)
    case = "metal_brushed" if rng.random() < 0.4 else ("plastic_dark" if dark else "plastic")
    keys = "plastic_dark:keys" if dark else "plastic"
    front, back, tall = 0.42 * height, 0.72 * height, 0.30 * height
    side = [(-depth / 2, 0.0), (depth / 2, 0.0), (depth / 2, back), (-depth / 2, front)]
    builder = MeshBuilder()
    body = MeshBuilder().prism(side, -width / 2, width / 2, case, bevel=min(0.003, 0.2 * front))
    builder.merge(body, np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1.0]]))
    field = MeshBuilder()
    margin = 0.008
    pad = width > 0.41
    right = width / 2 - margin - (0.21 * width if pad else 0.0)
    _keys(field, (-width / 2 + margin, -depth / 2 + margin), (right, depth / 2 - margin), 0.0, tall, keys)
    if pad:
        x = np.linspace(right + 0.010, width / 2 - margin, 5)
        y = np.linspace(-depth / 2 + margin, depth / 2 - margin, len(KEY_ROWS) + 1)[: len(KEY_ROWS)]
        step = y[1] - y[0]
        low = np.array([(a + 0.0016, b + 0.0016, 0) for a in x[:-1] for b in y])
        high = np.add(low, (x[1] - x[0] - 0.0032, step - 0.0032, tall))
        blocks(field, low, high, keys, taper=0.0014, bottoms=False)
    slope = math.degrees(math.atan2(back - front, depth))
    builder.merge(field, placed(z=(front + back) / 2 - 0.0004, pitch_deg=slope))
    return fitted(builder, size_m)


def mouse(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A mouse, its buttons towards +y, with a wheel and the gap between the buttons."""
    width, depth, height = size_m
    role = ("plastic_dark", "plastic", "metal_brushed")[int(rng.integers(3))]
    angles = np.linspace(0, 2 * math.pi, 32, endpoint=False)
    rise = np.linspace(0, math.pi / 2, 12)
    cos, sin = np.cos(angles), np.sin(angles)
    waist = 1 - float(rng.uniform(0.03, 0.09)) * np.cos(2 * angles) ** 2 * np.abs(sin) ** 0.5
    x = (np.sign(cos) * np.abs(cos) ** 0.86 * waist)[:, None] * np.cos(rise) ** 0.62 * width / 2
    y = (np.sign(sin) * np.abs(sin) ** 0.90)[:, None] * np.cos(rise) ** 0.62 * depth / 2
    peak = float(rng.uniform(-0.3, -0.1))
    z = height * np.sin(rise) * (1 - 0.4 * ((y / (depth / 2) - peak) / 1.3) ** 2)
    shell = np.stack([x, y, z], axis=-1)
    body = MeshBuilder().surface(shell, role, closed_u=True)
    ridge = shell[8][shell[8][:, 1] > 0.06 * depth] + (0, 0, 0.0002)  # the gap between the buttons
    body.surface(np.stack([np.add(ridge, (half, 0, 0)) for half in (0.0005, -0.0005)]), "rubber")
    wheel = turned(MeshBuilder(), disc_profile(0.011, -0.0035, 0.0035), "rubber", radius=0.002, segments=18)
    crown = float(np.interp(0.27 * depth, ridge[::-1, 1], ridge[::-1, 2]))
    body.merge(wheel, placed(0, 0.27 * depth, crown - 0.0085, roll_deg=90))
    return fitted(body, size_m)


def laptop(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A laptop, open at 100 to 115 degrees; shut when h is below 4 cm."""
    width, depth, height = size_m
    role = "metal_brushed" if rng.random() < 0.65 else "plastic_dark"
    thick, lid = 0.013, 0.006
    builder = MeshBuilder()
    if height < 0.04:
        builder.box((width, depth, 0.62 * height), (0, 0, 0.31 * height), role, bevel=0.004)
        builder.box((width, depth, 0.34 * height), (0, 0, 0.83 * height), role, bevel=0.003)
        return fitted(builder, size_m)
    wanted = math.radians(float(rng.uniform(100, 115)) - 90)
    panel = (height - thick) / math.cos(wanted)
    deck = depth - panel * math.sin(wanted)
    outline = rounded_rectangle(width, deck, 0.012, corner_points=4)
    front = -depth / 2
    builder.merge(MeshBuilder().prism(outline, 0.0016, thick, role, bevel=0.003), placed(0, front + deck / 2))
    for x in (-1, 1):
        for y in (0.1, 0.9):
            builder.cylinder(0.006, 0.002, (x * 0.42 * width, front + y * deck, 0), "rubber", segments=10)
    dark = "plastic_dark:keys"
    well = (width * 0.90, deck * 0.52)
    middle = front + deck * 0.66
    builder.box(
        (*well, 0.0006), (0, middle, thick + 0.0001), dark if role != "metal_brushed" else role, bevel=0
    )
    low, high = (
        (-well[0] / 2 + 0.003, middle - well[1] / 2 + 0.003),
        (well[0] / 2 - 0.003, middle + well[1] / 2 - 0.003),
    )
    _keys(builder, low, high, thick, 0.0016, dark)
    pad = (width * 0.34, deck * 0.27, 0.0008)
    builder.box(pad, (0, front + deck * 0.2, thick), f"{role}:pad", bevel=0.0003)
    hinge = MeshBuilder()
    _screen(hinge, (width, lid, panel), 0.0, -lid, 0.007, 0.016, role)
    tilt = placed(0, front + deck, thick, pitch_deg=-math.degrees(wanted))
    builder.merge(hinge, tilt)
    bar = [(x * 0.36 * width, front + deck - 0.004, thick) for x in (-1, 1)]
    builder.tube(bar, 0.0042, "plastic_dark", segments=10)
    return fitted(builder, size_m)


def television(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A television on two feet or a plinth; without any, flat to the wall, with `wall_mounted`."""
    width, depth, height = size_m
    builder, dark = MeshBuilder(), "plastic_dark"
    bezel = float(rng.uniform(0.006, 0.011))
    if params.get("wall_mounted"):
        _screen(builder, (width, min(0.026, depth), height), 0.0, -depth / 2, bezel, bezel * 1.8, dark)
        rest = depth - min(0.026, depth)
        if rest > 0.004:
            builder.box(
                (0.5 * width, rest, 0.5 * height), (0, depth / 2 - rest / 2, height / 2), dark, bevel=0.006
            )
        return fitted(builder, size_m)
    lift = max(height - width * 9 / 16, 0.03)
    tall = height - lift
    _screen(builder, (width, 0.022, tall), lift, -0.016, bezel, bezel * 1.8, dark)
    builder.box(
        (0.72 * width, 0.032, 0.58 * tall), (0, 0.018, lift + 0.36 * tall), dark, bevel=0.012, segments=2
    )
    metal = "metal_brushed" if rng.random() < 0.4 else "metal"
    if design(rng, params, ("feet", "plinth")) == "feet":
        for side in (-1, 1):
            x = side * float(0.36 * width)
            for end in (-1, 1):
                path = [
                    (x, 0, lift + 0.01),
                    (x + side * 0.006, end * 0.3 * depth, 0.022),
                    (x + side * 0.01, end * (depth / 2 - 0.008), 0.006),
                ]
                builder.tube(spline(path, 8), 0.006, metal, segments=8)
    else:
        builder.box((0.42 * width, depth, 0.014), (0, 0, 0.007), metal, bevel=0.005)
        builder.box((0.16 * width, 0.03, lift + 0.06), (0, 0.012, (lift + 0.06) / 2), metal, bevel=0.006)
    return fitted(builder, size_m)


def speaker(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A bookshelf loudspeaker with cones, or a cloth-covered round one."""
    width, depth, height = size_m
    name = design(rng, params, ("box", "box", "round") if height < 1.6 * width + 0.12 else ("box",))
    builder = MeshBuilder()
    if name == "round":
        radius = width / 2
        turned(
            builder,
            [(0, 0), (0.94, 0), (1.0, 0.04), (1.0, 0.86), (0.97, 0.95), (0, 0.95)]
            * np.array((radius, height)),
            tinted(rng, "fabric", 6),
            radius=0.01,
            segments=40,
        )
        turned(
            builder,
            [(0.9 * radius, 0.94 * height), (0.9 * radius, height), (0, height)],
            "plastic_dark",
            radius=0.008,
            segments=40,
        )
        ring(
            builder,
            0.7 * radius,
            0.0015,
            "bulb" if params.get("lit") else "plastic",
            placed(z=height),
            segments=36,
            sides=5,
        )
        return fitted(builder, size_m)
    case = ("wood", "wood_dark", "plastic_dark", "painted_wood")[int(rng.integers(4))]
    builder.box((width, depth - 0.008, height), (0, 0.004, height / 2), case, bevel=0.004)
    woofer, tweeter = 0.40 * width, 0.17 * width
    face = -depth / 2 + 0.008
    for centre, radius, cone in ((0.36 * height, woofer, True), (0.80 * height, tweeter, False)):
        unit = MeshBuilder()
        rim = [(radius, 0.0), (radius, 0.004), (radius * 0.9, 0.006), (radius * 0.84, 0.002)]
        inside = [
            (radius * 0.8, 0.004),
            (radius * 0.68, 0.0),
            (radius * 0.3, -0.010),
            (radius * 0.26, -0.010),
            (radius * 0.14, -0.003),
            (0, 0.0),
        ]
        dome = [(radius * 0.5, 0.0), (radius * 0.34, 0.004), (0, 0.006)]
        turned(unit, rim, "metal", radius=0.0015, segments=36)
        unit.lathe([(radius * 0.84, 0.002), *(inside if cone else dome)], (0, 0, 0), "rubber", segments=36)
        builder.merge(unit, placed(0, face - 0.0083 + 0.0063, centre, pitch_deg=90))
    return fitted(builder, size_m)


def radiator(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A panel radiator with a grille, or a column radiator, its back to the wall."""
    width, depth, height = size_m
    role = "plastic"
    name = design(rng, params, ("panel", "columns"))
    builder = MeshBuilder()
    if name == "columns":
        pitch = float(rng.uniform(0.045, 0.055))
        count = max(4, round(width / pitch))
        pitch, radius = width / count, min(0.014, 0.16 * depth)
        rows = (-depth / 2 + radius, depth / 2 - radius)
        for index in range(count):
            x = (index + 0.5) * pitch - width / 2
            for y in rows:
                builder.tube([(x, y, 0.05), (x, y, height - 0.03)], radius, role, segments=7)
            header = (pitch * 0.92, depth, 0.05)
            builder.box(header, (x, 0, height - 0.035), role, bevel=0.012, segments=1)
            corner = np.array([x - header[0] / 2, -depth / 2 + 0.004, 0.02])
            blocks(builder, corner, np.add(corner, (header[0], depth - 0.008, 0.045)), role)
        builder.box((0.02, 0.02, 0.04), (-0.4 * width, 0, 0.015), role, bevel=0.002)
        builder.box((0.02, 0.02, 0.04), (0.4 * width, 0, 0.015), role, bevel=0.002)
        return fitted(builder, size_m)
    skin = 0.012
    for y in (-depth / 2 + skin / 2, depth / 2 - skin / 2 - 0.02):
        builder.box((width, skin, height - 0.012), (0, y, height / 2), role, bevel=0.004)
    if rng.random() < 0.7:  # pressed channels
        pitch = 0.0333
        count = int((width - 0.06) / pitch)
        x = (np.arange(count) + 0.5) * pitch - count * pitch / 2
        low = np.column_stack([x - 0.008, np.full(count, -depth / 2 - 0.0035), np.full(count, 0.05)])
        blocks(builder, low, np.add(low, (0.016, 0.006, height - 0.1)), role, taper=0.004)
    fins = int(width / 0.014)
    x = (np.arange(fins) + 0.5) / fins * (width - 0.02) - width / 2 + 0.01
    low = np.column_stack([x - 0.0025, np.full(fins, -depth / 2 + 0.006), np.full(fins, height - 0.010)])
    blocks(builder, low, np.add(low, (0.005, depth - 0.04, 0.008)), role)
    for side in (-1, 1):
        builder.box(
            (0.004, depth - 0.02, height - 0.01),
            (side * (width / 2 - 0.002), -0.01, height / 2),
            role,
            bevel=0.0015,
        )
        builder.box(
            (0.03, 0.025, 0.12), (side * 0.34 * width, depth / 2 - 0.0125, height * 0.6), role, bevel=0.002
        )
    return fitted(builder, size_m)


KINDS = {
    "monitor": monitor,
    "keyboard": keyboard,
    "mouse": mouse,
    "laptop": laptop,
    "television": television,
    "speaker": speaker,
    "radiator": radiator,
}
