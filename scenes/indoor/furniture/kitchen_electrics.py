"""Kettles, toasters, coffee machines, mixers. Lengths are metres."""

from __future__ import annotations

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size, design, disc_profile, fitted, placed, soft, spline, tinted, turned, vessel


def _body_role(rng: np.random.Generator) -> str:
    return ("steel", "steel", tinted(rng, "appliance", 8), tinted(rng, "appliance", 8))[int(rng.integers(4))]


def kettle(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """An electric kettle on its base, or one for the hob; the handle points to +x, the spout to -x."""
    w, d, h = size_m
    styles = {"rustic": ("hob", "jug", "cone"), "classic": ("hob", "jug"), "modern": ("jug", "cone", "glass")}
    name = design(rng, params, ("jug", "cone", "hob"), styles)
    builder, r = MeshBuilder(), d / 2
    role, dark = _body_role(rng), "plastic_dark"
    foot = 0.026
    if name == "hob":
        enamel = tinted(rng, "enamel", 5) if rng.random() < 0.6 else "steel"
        body = 0.62 * h
        shape = spline([(0.9, 0.0), (1.0, 0.12), (0.98, 0.4), (0.72, 0.82), (0.42, 1.0)], 18) * (r, body)
        builder.lathe([(0, 0), *shape], (0, 0, 0), enamel, segments=44)
        turned(
            builder,
            [
                (0.42 * r, body - 0.003),
                (0.44 * r, body + 0.002),
                (0.3 * r, body + 0.014),
                (0.0, body + 0.018),
            ],
            enamel,
            radius=0.003,
            segments=36,
        )
        builder.cylinder(0.012, 0.022, (0, 0, body + 0.014), dark, bevel=0.006, segments=18)
        arch = spline(
            [
                (-0.72 * r, 0, 0.78 * body),
                (-0.55 * r, 0, 0.93 * h),
                (0.0, 0, h - 0.008),
                (0.55 * r, 0, 0.93 * h),
                (0.72 * r, 0, 0.78 * body),
            ],
            22,
        )
        builder.tube(arch, 0.005, "steel", segments=8)
        builder.tube(arch[7:15], 0.010, "wood" if rng.random() < 0.5 else dark, segments=10)
        spout = spline(
            [(-0.85 * r, 0, 0.42 * body), (-1.2 * r, 0, 0.62 * body), (-1.42 * r, 0, 0.86 * body)], 10
        )
        builder.tube(spout, np.linspace(0.024, 0.012, 10), enamel, segments=14)
        return fitted(builder, size_m)
    turned(
        builder,
        [(0, 0), (0.98 * r, 0), (0.98 * r, 0.016), (0.9 * r, foot - 0.003), (0, foot - 0.003)],
        dark,
        radius=0.004,
        segments=44,
    )
    top = 0.93 * h
    shape = {"jug": [(0.92, 0.0), (0.9, 0.5), (0.74, 1.0)], "cone": [(0.98, 0.0), (0.94, 0.12), (0.62, 1.0)],
             "glass": [(0.94, 0.0), (0.96, 0.3), (0.86, 0.75), (0.74, 1.0)]}[name]  # fmt: skip
    line = spline(shape, 14) * (r, top - foot) + (0, foot)
    if name == "glass":
        turned(builder, vessel(line, 0.003, 0.006), "glass", radius=0.0012, segments=44)
        builder.lathe([(0.95 * r, foot), (0.97 * r, foot + 0.03)], (0, 0, 0), "steel", segments=44)
        level = foot + float(rng.uniform(0.3, 0.6)) * (top - foot)
        radius = float(np.interp(level, line[:, 1], line[:, 0])) - 0.0034
        builder.lathe([(radius, level), (0.0, level)], (0, 0, 0), "glass:2", segments=36)
    else:
        builder.lathe([(0, foot), *line, (0, top)], (0, 0, 0), role, segments=44)
    rim = line[-1][0]
    turned(
        builder,
        [(rim, top - 0.004), (rim * 1.02, top), (rim * 0.9, top + 0.01), (0, top + 0.014)],
        dark if name != "cone" else role,
        radius=0.003,
        segments=36,
    )
    builder.cylinder(0.014, h - top - 0.008, (0, 0, top + 0.008), dark, bevel=0.005, segments=18)
    lip = [(-rim * 0.8, 0.0, top - 0.045), (-rim - 0.012, 0.0, top - 0.012), (-rim - 0.022, 0.0, top - 0.002)]
    builder.tube(lip, [0.022, 0.016, 0.008], role if name != "glass" else "steel", segments=14)
    out = w - d / 2 - 0.012
    grip = spline(
        [
            (rim - 0.004, 0, top - 0.012),
            (0.75 * out, 0, top + 0.004),
            (out, 0, 0.72 * h),
            (0.96 * out, 0, 0.4 * h),
            (line[3][0] - 0.006, 0, 0.24 * h),
        ],
        20,
    )
    section = rounded_rectangle(0.026, 0.016, 0.006)
    builder.sweep(grip, section, dark, up=(0, 1, 0))
    return fitted(builder, size_m)


def toaster(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A toaster with two slots, its lever at +x; now and then with toast in it."""
    w, d, h = size_m
    builder, role = MeshBuilder(), _body_role(rng)
    retro = rng.random() < 0.4
    radius = 0.055 if retro else 0.022
    foot, slot_w = 0.014, 0.028
    body = w - 0.03
    for x in (-body / 2 + 0.03, body / 2 - 0.03):
        for y in (-d / 2 + 0.03, d / 2 - 0.03):
            builder.cylinder(0.01, foot + 0.004, (x, y, 0.0), "rubber", segments=10)
    outline = np.add(rounded_rectangle(d, h - foot, radius, corner_points=7), (0, foot + (h - foot) / 2))
    rings = [
        np.column_stack([np.full(len(outline), x), outline * s + (0, (1 - s) * (foot + (h - foot) / 2))])
        for x, s in ((-body / 2, 0.94), (-body / 2 + 0.01, 1.0), (body / 2 - 0.01, 1.0), (body / 2, 0.94))
    ]
    builder.loft(np.array(rings), role)
    dark = "plastic_dark"
    long = 0.72 * body if body < 0.3 else 0.82 * body
    for y in (-0.034, 0.034) if d > 0.15 else (0.0,):
        builder.block(
            (-long / 2, y - slot_w / 2, h - 0.0015), (long / 2, y + slot_w / 2, h + 0.001), dark, bevel=0
        )
        builder.block(
            (-long / 2 - 0.006, y - slot_w / 2 - 0.005, h - 0.003),
            (long / 2 + 0.006, y - slot_w / 2, h + 0.002),
            "steel",
            bevel=0.001,
        )
        builder.block(
            (-long / 2 - 0.006, y + slot_w / 2, h - 0.003),
            (long / 2 + 0.006, y + slot_w / 2 + 0.005, h + 0.002),
            "steel",
            bevel=0.001,
        )
        if rng.random() < 0.3:
            slice_ = MeshBuilder().prism(
                rounded_rectangle(0.11, 0.05, 0.018), -0.006, 0.006, "fruit:bread", bevel=0.003
            )
            builder.merge(slice_, placed(float(rng.uniform(-0.02, 0.02)), y, h + 0.012, pitch_deg=90))
    z = 0.68 * h
    builder.block((body / 2 - 0.002, -0.006, 0.3 * h), (body / 2 + 0.0015, 0.006, 0.8 * h), dark, bevel=0)
    builder.block((body / 2, -0.018, z), (body / 2 + 0.022, 0.018, z + 0.012), dark, bevel=0.004)
    dial = turned(MeshBuilder(), disc_profile(0.015, 0.0, 0.012), "steel", radius=0.003, segments=22)
    builder.merge(dial, placed(body / 2, 0.0, 0.17 * h, roll_deg=90))
    return fitted(builder, size_m)


def coffee_machine(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """An espresso machine, a capsule machine, or a filter machine with its glass jug."""
    w, d, h = size_m
    name = design(rng, params, ("espresso", "filter", "capsule") if w > 0.22 else ("capsule", "filter"))
    role, dark = _body_role(rng), "plastic_dark"
    builder, y0, y1 = MeshBuilder(), -d / 2, d / 2
    if name == "espresso":
        builder.block((-w / 2, y0 + 0.1, 0.012), (w / 2, y1, h - 0.03), role, bevel=0.006)
        builder.block((-w / 2, y0, 0.0), (w / 2, y0 + 0.12, 0.055), role, bevel=0.005)
        for index in range(9):
            x = -w / 2 + 0.02 + index * (w - 0.04) / 9
            builder.block((x, y0 + 0.012, 0.054), (x + 0.006, y0 + 0.1, 0.058), "steel", bevel=0.001)
        builder.block((-w / 2, y0 + 0.02, 0.62 * h), (w / 2, y0 + 0.12, h - 0.03), role, bevel=0.006)
        for x in (-w / 2 + 0.02, w / 2 - 0.02):
            builder.tube(
                [(x, y0 + 0.05, h - 0.03), (x, y0 + 0.05, h - 0.004), (x, y1 - 0.03, h - 0.004)],
                0.003,
                "steel",
                segments=6,
            )
        builder.cylinder(0.034, 0.05, (0, y0 + 0.06, 0.62 * h - 0.045), "steel", bevel=0.003, segments=28)
        builder.tube(
            [(0, y0 + 0.06, 0.62 * h - 0.03), (0, y0 - 0.0 + 0.005, 0.62 * h - 0.038)],
            [0.008, 0.0115],
            dark,
            segments=10,
        )
        builder.tube(
            [(-0.42 * w, y0 + 0.04, 0.62 * h), (-0.42 * w, y0 + 0.03, 0.3 * h)], 0.0045, "steel", segments=8
        )
        for x in (-0.3 * w, -0.1 * w, 0.28 * w):
            dial = turned(
                MeshBuilder(),
                disc_profile(0.016, 0, 0.012),
                "steel" if x > 0 else dark,
                radius=0.003,
                segments=22,
            )
            builder.merge(dial, placed(x, y0 + 0.02, 0.8 * h, pitch_deg=90))
        return fitted(builder, size_m)
    if name == "filter":
        builder.block((-w / 2, y0, 0.0), (w / 2, y1, 0.045), role, bevel=0.01)
        builder.block((-w / 2, y1 - 0.36 * d, 0.04), (w / 2, y1, h), role, bevel=0.012)
        builder.block(
            (-w / 2 + 0.004, y0 + 0.02, 0.66 * h), (w / 2 - 0.004, y1 - 0.05, h - 0.002), role, bevel=0.014
        )
        r = min(0.42 * w, 0.29 * d)
        jug = np.array([(0.86, 0.0), (1.0, 0.25), (0.98, 0.55), (0.7, 0.9), (0.72, 1.0)]) * (r, 0.52 * h)
        at = (0, y0 + r + 0.012, 0.046)
        turned(builder, vessel(spline(jug, 12), 0.0025, 0.004), "glass", at=at, radius=0.001, segments=36)
        level = float(rng.uniform(0.15, 0.5)) * 0.52 * h
        builder.lathe(
            [(0.97 * r, 0.08 * h), (0.9 * r, level + 0.02), (0, level + 0.02)], at, "grain:2", segments=30
        )
        turned(
            builder,
            disc_profile(0.74 * r, 0.52 * h, 0.52 * h + 0.014),
            dark,
            at=at,
            radius=0.004,
            segments=30,
        )
        grip = spline(
            [(0, 0, 0.5 * h), (0, -0.5 * r, 0.48 * h), (0, -0.62 * r, 0.3 * h), (0, -0.1 * r, 0.14 * h)], 14
        )
        builder.tube(np.add(grip, (0, y0 + 0.55 * r, 0.05)), 0.006, dark, segments=8)
        builder.block((w / 2 - 0.002, 0.0, 0.12), (w / 2 + 0.001, 0.03, 0.15), "digits", bevel=0)
        return fitted(builder, size_m)
    outline = rounded_rectangle(0.72 * w, d * 0.62, 0.03, corner_points=6)
    builder.prism(np.add(outline, (0, 0.17 * d)), 0.0, h - 0.02, role, bevel=0.012)
    head = rounded_rectangle(0.6 * w, 0.66 * d, 0.035, corner_points=6)
    builder.prism(np.add(head, (0, -0.16 * d)), 0.6 * h, h - 0.03, role, bevel=0.012)
    builder.cylinder(0.02, 0.03, (0, -0.3 * d, 0.6 * h - 0.024), dark, segments=20)
    tray = rounded_rectangle(0.62 * w, 0.36 * d, 0.03, corner_points=6)
    builder.prism(np.add(tray, (0, -0.32 * d)), 0.0, 0.035, dark, bevel=0.004)
    builder.block((-0.24 * w, -0.12 * d, h - 0.034), (0.24 * w, 0.1 * d, h), "steel", bevel=0.008)
    tank = rounded_rectangle(0.16 * w, 0.5 * d, 0.07 * w)
    builder.prism(np.add(tank, (0.42 * w, 0.2 * d)), 0.02, 0.8 * h, "glass:1", bevel=0.004)
    return fitted(builder, size_m)


def stand_mixer(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A mixer with its bowl, the head towards -y."""
    w, d, h = size_m
    role, builder = tinted(rng, "appliance", 8), MeshBuilder()
    role = role if rng.random() < 0.5 else tinted(rng, "enamel", 5)
    builder.prism(
        rounded_rectangle(0.86 * w, d * 0.98, 0.42 * min(w, d), corner_points=8),
        0.0,
        0.035,
        role,
        bevel=0.012,
    )
    post = [
        np.column_stack([np.add(rounded_rectangle(a, b, 0.045, corner_points=7), (0, y)), np.full(28, z)])
        for z, a, b, y in ((0.02, 0.62 * w, 0.12, 0.34 * d), (0.3 * h, 0.46 * w, 0.095, 0.36 * d),
                           (0.62 * h, 0.48 * w, 0.11, 0.33 * d), (0.72 * h, 0.5 * w, 0.12, 0.3 * d))
    ]  # fmt: skip
    builder.loft(np.array(post), role)
    stations = []
    for share, scale in (
        (0.0, 0.45),
        (0.03, 0.75),
        (0.1, 0.94),
        (0.3, 1.0),
        (0.62, 0.98),
        (0.86, 0.84),
        (0.97, 0.6),
        (1.0, 0.35),
    ):
        y = -d / 2 + 0.015 + share * (d - 0.03)
        ring_ = rounded_rectangle(0.6 * w * scale, 0.27 * h * scale, 0.13 * h * scale, corner_points=7)
        stations.append(np.column_stack([ring_[:, 0], np.full(len(ring_), y), ring_[:, 1] + 0.83 * h]))
    builder.loft(np.array(stations)[::-1], role)
    band = rounded_rectangle(0.606 * w, 0.035, 0.01)
    builder.prism(np.add(band, (0, -0.1 * d)), 0.82 * h, 0.845 * h, "steel")
    r = 0.47 * w
    bowl = spline([(0.5, 0.0), (0.72, 0.08), (0.95, 0.45), (1.0, 1.0)], 14) * (r, 0.44 * h)
    turned(builder, vessel(bowl, 0.003, 0.004), "steel", at=(0, -0.2 * d, 0.034), radius=0.0013, segments=44)
    builder.cylinder(0.02, 0.12 * h, (0, -0.2 * d, 0.62 * h), "steel", segments=20)
    builder.tube([(0, -0.2 * d, 0.63 * h), (0, -0.2 * d, 0.2 * h)], 0.006, "steel", segments=8)
    dial = turned(
        MeshBuilder(),
        soft([(0, 0), (0.017, 0), (0.014, 0.016), (0, 0.016)], 0.003),
        "plastic_dark",
        segments=18,
    )
    builder.merge(dial, placed(0.29 * w, 0.2 * d, 0.83 * h, roll_deg=90))
    return fitted(builder, size_m)


KINDS = {"kettle": kettle, "toaster": toaster, "coffee_machine": coffee_machine, "stand_mixer": stand_mixer}
