"""Things that can move through a room: balls, balloons, paper planes, drones, mobiles, robots.

Each has its origin where its movement takes hold of it: in its middle, at the hook in the ceiling, on the
floor. All lengths are metres.
"""

from __future__ import annotations

import math

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import ball as ellipsoid
from .forms import disc_profile, placed, ring, spline, tinted, turned

THREAD_M = 0.0012


def ball(radius: float, rng: np.random.Generator) -> MeshBuilder:
    """A toy ball of two colours around the origin, its seams at any angle."""
    made, wedges = MeshBuilder(), int(rng.choice([4, 6, 8]))
    first = int(rng.integers(8))
    colours = (f"plastic:{first}", f"plastic:{(first + int(rng.integers(1, 8))) % 8}")
    up = np.linspace(-math.pi / 2, math.pi / 2, 25)
    for wedge in range(wedges):
        around = 2 * math.pi * (wedge + np.linspace(0, 1, 48 // wedges + 1)[:, None]) / wedges
        points = np.stack(
            np.broadcast_arrays(np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)), axis=-1
        )
        made.surface(points * radius, colours[wedge % 2])
    return made.transformed(placed(pitch_deg=float(rng.uniform(20, 90))))


def balloon(radius: float, string: float, rng: np.random.Generator) -> MeshBuilder:
    """A balloon around the origin, its string hanging down from it."""
    colour = tinted(rng, "plastic", 8)
    shape = [(0.0, -1.32), (0.10, -1.28), (0.34, -1.08), (0.72, -0.68), (0.97, -0.12), (0.96, 0.32),
             (0.72, 0.74), (0.36, 0.96), (0.0, 1.02)]  # fmt: skip
    profile = np.maximum(spline(shape, 33), (0.0, -9.0))
    profile[[0, -1], 0] = 0.0
    made = MeshBuilder().lathe(profile * radius, (0, 0, 0), colour, segments=40)
    made.lathe(
        [(0.0, -1.40), (0.14, -1.41), (0.06, -1.29), (0.0, -1.29)] * np.array(radius), (0, 0, 0), colour
    )
    down = np.linspace(0, 1, 24)
    turn, sag = float(rng.uniform(0, 2 * math.pi)), 0.012 * np.sin(down * float(rng.uniform(5, 9)))
    way = np.column_stack([sag * math.cos(turn), sag * math.sin(turn), -1.38 * radius - down * string])
    return made.tube(way, THREAD_M, "linen", segments=5)


def paper_plane(length: float, rng: np.random.Generator) -> MeshBuilder:
    """A folded dart that flies towards +y, its middle at the origin."""
    paper, half = "paper", length * float(rng.uniform(0.27, 0.36))
    keel, rise = length * 0.16, length * float(rng.uniform(0.03, 0.07))
    nose, tail = length / 2, -length / 2
    made = MeshBuilder()
    for side in (-1, 1):
        # The fold of the wing runs along the middle; the keel hangs below, its two sheets a little open.
        fold = [(0.002 * side, nose, 0.0), (0.010 * side, tail, 0.0)]
        wing = np.array(
            [fold[0], fold[1], (half * side, tail, rise), (half * 0.1 * side, nose * 0.86, 0.001)]
        )
        below = np.array([fold[0], fold[1], (0.001 * side, tail, -keel), (0.0005 * side, nose * 0.7, -0.01)])
        for sheet in (wing[::-side], below[::side]):
            made.faces(sheet, [(0, 1, 2, 3)], paper, uvs=[sheet[:, :2]])
    return made


def drone(width: float, rng: np.random.Generator) -> MeshBuilder:
    """A small quadcopter around the origin, with guards around its rotors."""
    colour, reach, rotor = tinted(rng, "plastic", 8), width * 0.34, width * 0.155
    made = MeshBuilder().box(
        (width * 0.26, width * 0.34, width * 0.12), (0, 0, 0), colour, bevel=width * 0.05
    )
    ellipsoid(made, (0, width * 0.15, -width * 0.03), width * 0.045, "plastic_dark", segments=16, rings=8)
    for index, turn in enumerate(np.radians((45, 135, 225, 315))):
        x, y, z = reach * math.cos(turn), reach * math.sin(turn), width * 0.05
        made.tube([(0, 0, 0), (x, y, 0.6 * z)], width * 0.022, colour, segments=8)
        made.cylinder(width * 0.03, width * 0.07, (x, y, z - width * 0.05), "plastic_dark", segments=14)
        ring(made, rotor, width * 0.012, "plastic_dark", placed(x, y, z), segments=28, sides=6)
        for half_turn in (0, 180):
            yaw = 35.0 * index + half_turn + float(rng.uniform(0, 90))
            part = MeshBuilder().box(
                (rotor * 0.9, rotor * 0.2, 0.0016), (rotor * 0.47, 0, 0), colour, bevel=0
            )
            made.merge(part.transformed(placed(pitch_deg=14)), placed(x, y, z + width * 0.02, yaw_deg=yaw))
    for side in (-1, 1):
        skid = [(side * width * 0.13, y * width, -width * 0.14) for y in (-0.16, 0.16)]
        made.tube(skid, width * 0.012, "plastic_dark", segments=8)
        for end in skid:
            made.tube(
                [end, (end[0] * 0.8, end[1] * 0.8, -0.03 * width)], width * 0.01, "plastic_dark", segments=8
            )
    return made


def mobile(radius: float, drop: float, rng: np.random.Generator) -> MeshBuilder:
    """A mobile on a thread from the origin: two crossed rods, things of many colours below."""
    made = MeshBuilder().tube([(0, 0, 0), (0, 0, -drop)], THREAD_M, "linen", segments=5)
    first, count = int(rng.integers(8)), 0
    ellipsoid(made, (0, 0, -drop), 0.014, "wood_light", segments=14, rings=8)
    for turn in (0.0, math.pi / 2):
        along = np.array([math.cos(turn), math.sin(turn), 0.0])
        level = np.array([0, 0, -drop + 0.004 * count])
        made.tube(
            [level - radius * 0.93 * along, level + radius * 0.93 * along], 0.004, "wood_light", segments=8
        )
        for side in (-1, 1):
            top = level + side * radius * 0.88 * along
            low = top - (0, 0, float(rng.uniform(0.06, 0.2)))
            made.tube([top, low], THREAD_M, "linen", segments=5)
            colour, size = f"plastic:{(first + count) % 8}", float(rng.uniform(0.024, 0.034))
            if rng.random() < 0.5:
                ellipsoid(made, low, size, colour)
            else:
                made.merge(star(size * 1.3, 0.012, colour), placed(*low, yaw_deg=float(rng.uniform(0, 180))))
            count += 1
    return made


def hanging_star(radius: float, drop: float, rng: np.random.Generator) -> MeshBuilder:
    """A star on a thread from the origin, its middle `drop` below."""
    role = ("wood_light", tinted(rng, "plastic", 8), "brass")[int(rng.integers(3))]
    made = MeshBuilder().tube([(0, 0, 0), (0, 0, radius * 0.95 - drop)], THREAD_M, "linen", segments=5)
    return made.merge(star(radius, radius * 0.22, role), placed(z=-drop))


def star(radius: float, thickness: float, material: str) -> MeshBuilder:
    """A five-pointed star that stands upright around the origin, its faces towards -y and +y."""
    angle = np.radians(90 + 36 * np.arange(10))
    reach = np.where(np.arange(10) % 2, 0.46, 1.0) * radius
    outline = np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    flat = MeshBuilder().prism(outline, -thickness / 2, thickness / 2, material)
    return flat.transformed(placed(pitch_deg=90))


def robot_vacuum(radius: float, height: float, rng: np.random.Generator) -> MeshBuilder:
    """A round vacuum cleaner that stands on z = 0 around the origin and goes towards +y."""
    light = rng.random() < 0.5
    body, trim = ("plastic", "plastic_dark") if light else ("plastic_dark", "plastic")
    made = turned(
        MeshBuilder(), disc_profile(radius, 0.010, height), body, radius=0.014, steps=4, segments=48
    )
    bumper = disc_profile(radius + 0.003, 0.016, 0.55 * height)
    turned(made, bumper, trim, radius=0.008, steps=3, segments=48)
    tower = disc_profile(0.24 * radius, height - 0.002, height + 0.016)
    turned(made, tower, trim, at=(0, -0.25 * radius, 0), radius=0.006, steps=3)
    turned(
        made, disc_profile(0.09 * radius, height - 0.002, height + 0.003), "chrome", at=(0, 0.45 * radius, 0)
    )
    for side in (-1, 1):
        wheel = turned(MeshBuilder(), disc_profile(0.03, -0.01, 0.01), "rubber", segments=20)
        made.merge(wheel, placed(side * 0.62 * radius, 0, 0.03, roll_deg=90))
    return made
