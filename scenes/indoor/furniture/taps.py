"""Taps of kitchens, basins and tubs, and what a shower hangs on. All are of the room's "fitting" metal."""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size, design, disc_profile, placed, spline, turned

ROLE = "fitting"


def kitchen_tap(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A mixer with a lever; the spout reaches towards -y: "arc", "angular", "low", "bridge" (two crosses) or
    "spring" (with a hose in a coil)."""
    w, d, h = size_m
    styles = {"classic": ("bridge", "arc", "low"), "rustic": ("bridge", "arc"),
              "modern": ("angular", "spring", "arc")}  # fmt: skip
    name = design(rng, params, ("arc", "arc", "low", "angular"), styles)
    builder, foot = MeshBuilder(), d / 2 - 0.03
    r = float(rng.uniform(0.010, 0.0135))
    reach = -d / 2 + r
    if name == "bridge":
        return _bridge(builder, size_m, foot, r)
    turned(builder, disc_profile(0.026, 0.0, 0.006), ROLE, at=(0, foot, 0), radius=0.002, segments=28)
    body = 0.11 if name != "low" else 0.07
    builder.cylinder(0.0215, body, (0, foot, 0.004), ROLE, bevel=0.004, segments=28)
    if name == "angular":
        path = [(0, foot, body), (0, foot, h - r), (0, foot - 0.001, h - r), (0, reach, h - r),
                (0, reach - 0.0005, h - r - 0.004), (0, reach, h - 0.05)]  # fmt: skip
        builder.tube(_rounded(path, 0.018), r, ROLE, segments=14)
    elif name == "low":
        path = spline([(0, foot, body - 0.01), (0, foot - 0.02, h * 0.75), (0, foot - 0.1, h - r),
                       (0, reach + 0.02, h - r - 0.012), (0, reach, h - 0.05)], 24)  # fmt: skip
        builder.tube(path, np.linspace(r * 1.3, r, 24), ROLE, segments=14)
    elif name == "spring":
        _spring(builder, foot, reach, h, r, body)
    else:
        path = [(0, foot, body), *_bow(foot, reach, h - r, 1.06)]
        down = min(0.05, 0.15 * h)
        path.append((0, path[-1][1], path[-1][2] - down))
        builder.tube(path, r, ROLE, segments=14)
        builder.cylinder(r * 1.25, 0.014, (0, path[-1][1], path[-1][2] - 0.01), ROLE, segments=18)
    side = 1 if rng.random() < 0.7 else -1
    _side_lever(builder, (0, foot, 0.7 * body), side, min(0.08, w / 2 - 0.02), rng)
    return builder


def _bow(foot: float, reach: float, top: float, turns: float) -> list[tuple[float, float, float]]:
    """A spout's half circle from y = `foot` over the height `top` to y = `reach`, `turns` times pi long."""
    wide = (foot - reach) / 2
    angles = np.linspace(0, math.pi * turns, 22)
    return [(0.0, foot - wide + wide * math.cos(a), top - wide + wide * math.sin(a)) for a in angles]


def _rounded(path: list[tuple[float, float, float]], radius: float) -> np.ndarray:
    """A polyline whose corners are rounded."""
    corners = np.array(path)
    line = [corners[0]]
    for before, corner, after in zip(corners[:-2], corners[1:-1], corners[2:]):
        back, ahead = before - corner, after - corner
        reach = min(radius, 0.45 * np.linalg.norm(back), 0.45 * np.linalg.norm(ahead))
        start, end = (
            corner + back / np.linalg.norm(back) * reach,
            corner + ahead / np.linalg.norm(ahead) * reach,
        )
        line += [(1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end for t in np.linspace(0, 1, 6)]
    line.append(corners[-1])
    return np.array(line)


def _side_lever(builder: MeshBuilder, at: tuple[float, float, float], side: int, long: float,
                rng: np.random.Generator) -> None:  # fmt: skip
    x, y, z = at
    hub = turned(MeshBuilder(), disc_profile(0.014, 0.0, 0.036), ROLE, radius=0.003, segments=20)
    builder.merge(hub, placed(x, y, z, roll_deg=90 * side))
    lift = float(rng.uniform(0.2, 1.0))
    end = (x + side * (0.03 + long * 0.35), y - long * 0.2, z + long * (0.4 + 0.5 * lift))
    builder.tube([(x + side * 0.028, y, z), end], [0.0055, 0.004], ROLE, segments=10)


def _spring(builder: MeshBuilder, foot: float, reach: float, h: float, r: float, body: float) -> None:
    bow = _bow(foot, reach, h - 0.02, 1.0)
    top = bow[0][2]
    path = np.array([(0, foot, body), *bow, (0, reach, top - 0.06)])
    builder.tube(path, 0.6 * r, "rubber", segments=10)
    dense = spline(path, 400)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(dense, axis=0), axis=1))])
    turns = along * (2 * math.pi / 0.011)
    tangent = np.gradient(dense, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.array([1.0, 0.0, 0.0])
    other = np.cross(tangent, side)
    coil = dense + 1.05 * r * (np.cos(turns)[:, None] * side + np.sin(turns)[:, None] * other)
    builder.tube(coil, 0.0022, ROLE, segments=5)
    builder.cylinder(1.2 * r, 0.07, (0, reach, top - 0.13), ROLE, bevel=0.003, segments=20)
    builder.tube([(0, foot, 0.55 * top), (0, reach, top - 0.085)], 0.004, ROLE, segments=8)


def _bridge(builder: MeshBuilder, size_m: Size, foot: float, r: float) -> MeshBuilder:
    w, d, h = size_m
    half = min(0.09, w / 2 - 0.035)
    for x in (-half, half):
        turned(builder, disc_profile(0.022, 0.0, 0.008), ROLE, at=(x, foot, 0), radius=0.002, segments=24)
        builder.cylinder(0.012, 0.075, (x, foot, 0.0), ROLE, segments=18)
        builder.cylinder(0.016, 0.02, (x, foot, 0.06), ROLE, bevel=0.004, segments=20)
        _cross(builder, (x, foot, 0.085))
    builder.tube([(-half, foot, 0.055), (half, foot, 0.055)], 0.009, ROLE, segments=12)
    reach = -d / 2 + r
    builder.tube([(0, foot, 0.05), *_bow(foot, reach, h - r, 1.08)], r, ROLE, segments=14)
    builder.cylinder(0.016, 0.03, (0, foot, 0.04), ROLE, bevel=0.004, segments=20)
    return builder


def _cross(builder: MeshBuilder, at: tuple[float, float, float]) -> None:
    x, y, z = at
    builder.cylinder(0.009, 0.016, (x, y, z - 0.006), ROLE, bevel=0.003, segments=16)
    for dx, dy in ((1, 0), (0, 1)):
        ends = [(x - 0.026 * dx, y - 0.026 * dy, z), (x + 0.026 * dx, y + 0.026 * dy, z)]
        builder.tube(ends, [0.0062, 0.0062], ROLE, segments=10)


def basin_tap(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A tap at a wash basin: "mixer", "arc", "square", "pillar" (two taps) or "wall" (plate at y = d / 2)."""
    w, d, h = size_m
    styles = {
        "classic": ("pillar", "mixer", "arc"),
        "rustic": ("pillar", "arc", "mixer"),
        "modern": ("square", "mixer", "arc"),
    }
    name = design(rng, params, ("mixer", "arc", "square"), styles)
    builder, foot, reach = MeshBuilder(), d / 2 - 0.025, -d / 2 + 0.012
    if name == "wall":
        plate = MeshBuilder()
        for x in (-0.05, 0.05):
            turned(plate, disc_profile(0.028, 0.0, 0.006), ROLE, at=(x, 0, 0), radius=0.002, segments=28)
        builder.merge(plate, placed(0, d / 2, h / 2, pitch_deg=90))
        path = [(-0.05, d / 2, h / 2), (-0.05, reach, h / 2), (-0.05, reach - 0.001, h / 2 - 0.03)]
        builder.tube(_rounded(path, 0.02), 0.0105, ROLE, segments=14)
        builder.tube([(0.05, d / 2, h / 2), (0.05, d / 2 - 0.05, h / 2)], 0.014, ROLE, segments=16)
        builder.tube(
            [(0.05, d / 2 - 0.045, h / 2), (0.05, d / 2 - 0.05, h / 2 + 0.07)], 0.0045, ROLE, segments=10
        )
        return builder
    if name == "pillar":
        for x in (-w / 2 + 0.03, w / 2 - 0.03):
            turned(builder, disc_profile(0.022, 0.0, 0.006), ROLE, at=(x, foot, 0), radius=0.002, segments=24)
            builder.cylinder(0.012, 0.6 * h, (x, foot, 0.0), ROLE, segments=18)
            _cross(builder, (x, foot, h - 0.012))
            spout = spline([(x, foot, 0.45 * h), (x, foot - 0.05, 0.55 * h), (x, reach + 0.03, 0.45 * h),
                            (x, reach + 0.022, 0.28 * h)], 12)  # fmt: skip
            builder.tube(spout, 0.0085, ROLE, segments=12)
        return builder
    if name == "square":
        builder.block((-0.02, foot - 0.02, 0.0), (0.02, foot + 0.02, h - 0.02), ROLE, bevel=0.003)
        builder.block((-0.016, reach, 0.62 * h), (0.016, foot, 0.62 * h + 0.018), ROLE, bevel=0.002)
        builder.block((-0.014, foot - 0.06, h - 0.014), (0.014, foot + 0.02, h - 0.004), ROLE, bevel=0.002)
        builder.block((-0.02, foot - 0.02, h - 0.022), (0.02, foot + 0.02, h - 0.012), ROLE, bevel=0.002)
        return builder
    turned(builder, disc_profile(0.027, 0.0, 0.005), ROLE, at=(0, foot, 0), radius=0.002, segments=28)
    if name == "arc":
        builder.tube([(0, foot, 0.0), *_bow(foot, reach, h - 0.012, 1.03)], 0.011, ROLE, segments=14)
        _side_lever(builder, (0, foot, 0.3 * h), 1, min(0.06, w / 2), rng)
        return builder
    builder.cylinder(0.022, 0.68 * h, (0, foot, 0.002), ROLE, top_radius=0.02, bevel=0.005, segments=28)
    spout = [(0, foot, 0.42 * h), (0, foot - 0.03, 0.5 * h), (0, reach, 0.54 * h)]
    builder.tube(spline(spout, 8), np.linspace(0.016, 0.011, 8), ROLE, segments=14)
    builder.cylinder(0.010, 0.016, (0, reach + 0.012, 0.54 * h - 0.02), ROLE, segments=16)
    builder.cylinder(0.0205, 0.2 * h, (0, foot, 0.7 * h), ROLE, top_radius=0.018, bevel=0.006, segments=28)
    builder.tube([(0, foot, 0.86 * h), (0, foot - 0.06, h - 0.006)], [0.008, 0.0055], ROLE, segments=12)
    return builder


def bath_tap(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A mixer on the wall with a hand shower on its hose; its back is at y = d / 2."""
    w, d, h = size_m
    builder = MeshBuilder()
    z = 0.35 * h
    back = d / 2
    for x in (-0.075, 0.075):
        rose = turned(MeshBuilder(), disc_profile(0.032, 0.0, 0.01), ROLE, radius=0.003, segments=28)
        builder.merge(rose, placed(x, back, z, pitch_deg=90))
        builder.tube([(x, back, z), (x, back - 0.05, z)], 0.012, ROLE, segments=14)
    builder.tube([(-0.1, back - 0.05, z), (0.1, back - 0.05, z)], 0.021, ROLE, segments=22)
    for x in (-0.1, 0.1):
        builder.tube([(x, back - 0.05, z), (x * 1.35, back - 0.05, z)], [0.023, 0.021], ROLE, segments=22)
    spout = spline([(0, back - 0.055, z - 0.005), (0, back - 0.1, z + 0.004), (0, -d / 2 + 0.02, z - 0.004),
                    (0, -d / 2 + 0.012, z - 0.03)], 14)  # fmt: skip
    builder.tube(spout, np.linspace(0.015, 0.011, 14), ROLE, segments=14)
    # the hand shower in its holder above
    top = h - 0.05
    knob = turned(MeshBuilder(), disc_profile(0.02, 0.0, 0.035), ROLE, radius=0.003, segments=20)
    builder.merge(knob, placed(0.0, back, top - 0.09, pitch_deg=90))
    hand_shower(builder, (0.0, back - 0.06, top - 0.09), tilt_deg=35)
    hose = spline(
        [
            (0, back - 0.04, top - 0.16),
            (-0.05, back - 0.03, top - 0.28),
            (-w / 2 + 0.02, back - 0.03, 0.1 * h),
            (-w / 2 + 0.06, back - 0.03, 0.012),
            (-0.03, back - 0.05, z - 0.02),
        ],
        40,
    )
    builder.tube(hose, 0.0065, ROLE, segments=8)
    return builder


def hand_shower(builder: MeshBuilder, at: tuple[float, float, float], *, tilt_deg: float) -> None:
    """A hand shower whose grip passes `at`, its head up and leaning towards -y."""
    part = MeshBuilder()
    part.tube([(0, 0, -0.08), (0, 0, 0.02), (0, -0.004, 0.1)], [0.0105, 0.012, 0.013], ROLE, segments=14)
    head = turned(MeshBuilder(), disc_profile(0.046, 0.0, 0.016), ROLE, radius=0.005, segments=32)
    head.lathe([(0.04, -0.0005), (0.0, -0.0008)][::-1], (0, 0, 0), "plastic_dark", segments=32)
    part.merge(head, placed(0, 0.004, 0.125, pitch_deg=-62))
    builder.merge(part, placed(*at, pitch_deg=tilt_deg))


def tub_filler(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A pillar beside a bathtub that stands free, its spout towards -y."""
    _w, d, h = size_m
    builder, foot, reach = MeshBuilder(), d / 2 - 0.05, -d / 2 + 0.014
    turned(builder, disc_profile(0.045, 0.0, 0.012), ROLE, at=(0, foot, 0), radius=0.003, segments=32)
    builder.cylinder(0.02, 0.82 * h, (0, foot, 0.0), ROLE, bevel=0.003, segments=24)
    path = [(0, foot, 0.78 * h), (0, foot, h - 0.014), (0, foot - 0.001, h - 0.014), (0, reach, h - 0.014),
            (0, reach - 0.0005, h - 0.02), (0, reach, h - 0.07)]  # fmt: skip
    builder.tube(_rounded(path, 0.03), 0.013, ROLE, segments=14)
    _side_lever(builder, (0, foot, 0.86 * h), 1, 0.06, rng)
    builder.tube([(0, foot, 0.72 * h), (-0.05, foot, 0.72 * h)], 0.008, ROLE, segments=12)
    hand_shower(builder, (-0.055, foot, 0.74 * h), tilt_deg=10)
    hose = spline([(-0.055, foot, 0.65 * h), (-0.07, foot - 0.01, 0.4 * h), (-0.05, foot, 0.16 * h),
                   (0, foot, 0.25 * h)], 30)  # fmt: skip
    builder.tube(hose, 0.0065, ROLE, segments=8)
    return builder


def shower_set(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A mixer, a rail and a hose on the wall (y = d / 2), with a hand shower; "rain" has a wide head on top.

    z = 0 is below the mixer, about 0.9 m above the floor.
    """
    _w, d, h = size_m
    name, back = design(rng, params, ("rain", "rain", "rail")), d / 2
    builder = MeshBuilder()
    z, y = 0.1, back - 0.05
    square = rng.random() < 0.35
    for x in (-0.075, 0.075):
        rose = turned(MeshBuilder(), disc_profile(0.032, 0.0, 0.01), ROLE, radius=0.003, segments=28)
        builder.merge(rose, placed(x, back, z, pitch_deg=90))
        builder.tube([(x, back, z), (x, y, z)], 0.012, ROLE, segments=14)
    if square:
        builder.block((-0.13, y - 0.022, z - 0.022), (0.13, y + 0.022, z + 0.022), ROLE, bevel=0.003)
    else:
        builder.tube([(-0.13, y, z), (0.13, y, z)], 0.022, ROLE, segments=24)
    for x in (-0.13, 0.13):
        builder.tube([(x, y, z), (x * 1.22, y, z)], [0.0235, 0.0225], ROLE, segments=24)
    rail_x = 0.0 if name == "rain" else 0.12
    top = h - 0.03
    if name == "rain":
        reach = -d / 2 + 0.13
        path = [(0, y, z), (0, y, top), (0, y - 0.001, top), (0, reach, top), (0, reach - 0.001, top - 0.03)]
        builder.tube(_rounded(path, 0.05), 0.0105, ROLE, segments=14)
        head = MeshBuilder()
        if square:
            head.block((-0.12, -0.12, 0.0), (0.12, 0.12, 0.01), ROLE, bevel=0.002)
        else:
            turned(head, disc_profile(0.125, 0.0, 0.01), ROLE, radius=0.003, segments=48)
        head.lathe([(0.108, -0.0005), (0.0, -0.0006)][::-1], (0, 0, 0), "plastic", segments=40)
        builder.merge(head, placed(0, reach, top - 0.045))
        stay = 0.75 * h
        builder.tube([(0, back, stay), (0, y, stay)], 0.008, ROLE, segments=12)
    else:
        builder.tube([(rail_x, y, 0.3 * h), (rail_x, y, top)], 0.0105, ROLE, segments=14)
        for each in (0.32 * h, top - 0.02):
            builder.tube([(rail_x, back, each), (rail_x, y, each)], 0.012, ROLE, segments=14)
    slide = float(rng.uniform(0.5, 0.66)) * h if name == "rain" else float(rng.uniform(0.7, 0.9)) * h
    builder.block(
        (rail_x - 0.02, y - 0.03, slide - 0.02), (rail_x + 0.02, y + 0.018, slide + 0.02), ROLE, bevel=0.006
    )
    hand_shower(builder, (rail_x, y - 0.04, slide), tilt_deg=28)
    low = spline(
        [
            (rail_x, y - 0.02, slide - 0.08),
            (rail_x - 0.03, y - 0.03, 0.5 * slide),
            (rail_x - 0.14, y - 0.02, 0.06),
            (rail_x - 0.1, y, 0.025),
            (0.0, y, z - 0.02),
        ],
        44,
    )
    builder.tube(low, 0.0065, ROLE, segments=8)
    return builder


KINDS = {
    "kitchen_tap": kitchen_tap, "basin_tap": basin_tap, "bath_tap": bath_tap, "tub_filler": tub_filler,
    "shower_set": shower_set,
}  # fmt: skip
