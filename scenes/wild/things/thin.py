"""Thin things: wires, lattices, chains, cages, nets, blades, grass, cables."""

from __future__ import annotations

import math

import numpy as np

from ..solids import round as shapes
from ..solids.noise import Noise
from ..solids.solid import Solid, joined, repeated, turn_about, turn_to
from ..solids.tubes import smooth_curve, tubes
from .kind import Kind, thickness


def _tangle(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Cables that wander through each other within a ball, in two colours."""
    count = int(rng.integers(3, 9))
    knots = rng.normal(size=(count, 9, 3))
    knots *= (rng.uniform(0.25, 0.5, (count, 9, 1)) / np.linalg.norm(knots, axis=2, keepdims=True)) * size_m
    paths = smooth_curve(knots, 90)
    wire = thickness(size_m, rng, 0.003, 0.011)
    half = max(1, count // 2)
    made = [tubes(paths[:half], wire, sides=7, part="wire")]
    return [*made, tubes(paths[half:], 0.6 * wire, sides=6, part="accent")] if count > half else made


def _coil(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A cable that lies in loops, one upon the other, its end hanging out."""
    loops, wire = int(rng.integers(4, 9)), size_m * rng.uniform(0.006, 0.02)
    t = np.linspace(0, 1, 40 * loops)
    noise = Noise(rng)
    angle = 2 * math.pi * loops * t
    wander = noise.vectors(np.column_stack([t * loops * 2.5, np.zeros((len(t), 2))]) + rng.uniform(0, 50))
    radius = 0.38 * size_m * (1 + 0.35 * wander[:, 0])
    z = 2.1 * wire * loops * t + wire * (1 + wander[:, 2])
    path = np.column_stack([np.cos(angle) * radius, np.sin(angle) * radius, z])
    return [tubes(path[None], wire, sides=8, part="wire")]


def _lattice(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Rods along the edges of a grid in space, with or without balls at the knots."""
    counts = rng.integers(2, 6, 3)
    step = 0.8 * size_m / counts.max()
    wire = thickness(size_m, rng, 0.003, 0.009)
    rods = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for i, j in np.ndindex(counts[u] + 1, counts[v] + 1):
            ends = np.zeros((2, 3))
            ends[:, u], ends[:, v], ends[1, axis] = i, j, counts[axis]
            rods.append(ends)
    made = [tubes((np.array(rods) - counts / 2) * step, wire, sides=6, part="metal")]
    if rng.random() < 0.5:
        knots = np.stack(np.meshgrid(*(np.arange(n + 1) for n in counts), indexing="ij"), axis=-1).reshape(
            -1, 3
        )
        knot = shapes.icosphere(1).scaled(wire * rng.uniform(2, 4))
        made.append(
            repeated(knot.of("accent"), np.tile(np.eye(3), (len(knots), 1, 1)), (knots - counts / 2) * step)
        )
    return made


def _chain(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Links along a curve, each turned against the last."""
    count = int(rng.integers(9, 26))
    link = size_m / count * 0.95
    t = np.linspace(0, 1, count)
    bow = rng.uniform(0.0, 0.5) * size_m
    path = np.column_stack(
        [(t - 0.5) * size_m, 0.1 * size_m * np.sin(t * rng.uniform(2, 7)), bow * (2 * t - 1) ** 2]
    )
    path[:, 0] *= max(0.4, 1 - bow / size_m)
    wire = link * rng.uniform(0.1, 0.16)
    angle = np.arange(22) * (2 * math.pi / 22)
    long = np.where(np.abs(np.cos(angle)) > 0, np.sign(np.cos(angle)), 0) * 0.28 * link
    loop = np.column_stack([np.cos(angle) * 0.36 * link + long, np.sin(angle) * 0.36 * link, np.zeros(22)])
    one = tubes(loop[None], wire, sides=7, closed=True, part="metal")
    ways = np.gradient(path, axis=0)
    flat = np.array([[0, 0, 1.0], [0, 1, 0], [-1, 0, 0]])  # carries a link's x to z
    turns = turn_about((0, 0, 1), np.arange(count) * (math.pi / 2))
    return [repeated(one, turn_to(ways) @ turns @ flat.T, path)]


def _cage(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A birdcage: upright wires that close in a dome, hoops, a floor."""
    count, wire = int(rng.integers(12, 32)), thickness(size_m, rng, 0.0025, 0.006)
    radius, wall = size_m * rng.uniform(0.22, 0.4), size_m * rng.uniform(0.3, 0.6)
    t = np.linspace(0, math.pi / 2, 9)
    outline = np.vstack([[radius, 0.0], np.column_stack([radius * np.cos(t), wall + radius * np.sin(t)])])
    angle = np.arange(count) * (2 * math.pi / count)
    ribs = np.stack([np.cos(angle)[:, None] * outline[:, 0], np.sin(angle)[:, None] * outline[:, 0],
                     np.broadcast_to(outline[:, 1], (count, len(outline)))], axis=-1)  # fmt: skip
    around = np.arange(48) * (2 * math.pi / 48)
    hoops = np.array([np.column_stack([np.cos(around) * radius, np.sin(around) * radius, np.full(48, z)])
                      for z in np.linspace(0.02 * size_m, wall, int(rng.integers(2, 5)))])  # fmt: skip
    floor = shapes.cylinder(radius * 1.03, 0.025 * size_m, bevel=0.005 * size_m).of("board")
    return [
        joined([tubes(ribs, wire, sides=6), tubes(hoops, 1.3 * wire, sides=6, closed=True)]).of("metal"),
        floor,
    ]


def _net(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A net of knotted rope that sags."""
    count, wire = int(rng.integers(7, 15)), thickness(size_m, rng, 0.002, 0.005)
    line = np.linspace(-0.45, 0.45, count) * size_m
    noise, sag = Noise(rng), rng.uniform(0.1, 0.5)

    def hung(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        place = np.stack([x, y, np.zeros_like(x)], axis=-1) / size_m
        z = sag * ((x / size_m) ** 2 + (y / size_m) ** 2) * 2 + 0.12 * noise(place * 3.0)
        return np.stack([x + 0.06 * size_m * noise(place * 3 + 20), y + 0.06 * size_m * noise(place * 3 + 40),
                         z * size_m], axis=-1)  # fmt: skip

    t = np.linspace(line[0], line[-1], 3 * count)
    first = hung(*np.meshgrid(line, t, indexing="ij"))
    second = hung(*np.meshgrid(t, line, indexing="ij")).swapaxes(0, 1)
    return [tubes(np.vstack([first, second]), wire, sides=5, part="rope")]


def _blades(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Thin blades fanned out around an axis, each pitched a little."""
    count, pitch = int(rng.integers(8, 30)), rng.uniform(0.0, 1.0)
    length, width = 0.47 * size_m, size_m * rng.uniform(0.04, 0.12)
    blade = shapes.box((length * 0.9, width, 0.004 * size_m), 0.0015 * size_m, 1)
    blade = blade.turned(turn_about((1, 0, 0), pitch)).shifted((length * 0.55, 0, 0))
    turns = turn_about((0, 0, 1), np.arange(count) * (rng.choice([1.0, 0.6]) * 2 * math.pi / count))
    hub = shapes.cylinder(
        0.08 * size_m, max(width * math.sin(pitch) * 1.2, 0.03 * size_m), bevel=0.01 * size_m
    )
    return [repeated(blade, turns, np.zeros((count, 3))), hub.of("metal")]


def grass_patch(rng: np.random.Generator, *, tufts: int, blades: int, wide: float, high: float) -> Solid:
    """Tufts within a circle `wide` across: blades, up to `high`, that rise close together and bend over."""
    count, t = tufts * blades, np.linspace(0, 1, 5)
    turn, lean = rng.uniform(0, 2 * math.pi, count), rng.uniform(0.1, 1.1, count)
    height, width = high * rng.uniform(0.4, 1.0, count), high * rng.uniform(0.008, 0.018, count)
    away, angle = wide / 2 * np.sqrt(rng.uniform(0, 1, tufts)), rng.uniform(0, 2 * math.pi, tufts)
    foot = np.repeat(np.column_stack([np.cos(angle) * away, np.sin(angle) * away]), blades, axis=0)
    foot = foot + rng.normal(0, 0.06 * high, (count, 2))
    out = np.column_stack([np.cos(turn), np.sin(turn)])
    bend = lean[:, None] * (t**2)[None]
    up = height[:, None] * t[None] * (1 - 0.25 * bend)
    along = foot[:, None] + out[:, None] * (0.5 * height[:, None] * bend)[..., None]
    side = np.column_stack([-out[:, 1], out[:, 0]])[:, None]
    side = side * (width[:, None] * (1 - t**1.5 * 0.97)[None])[..., None]
    points = np.stack([np.dstack([along + sign * side, up]) for sign in (-1, 1)], axis=2)  # (count, 5, 2, 3)
    first = np.arange(4)[:, None] * 2 + np.array([0, 1, 3, 2])
    faces = (first[None] + (np.arange(count) * 10)[:, None, None]).reshape(-1, 4)
    uvs = np.column_stack([np.tile([0.0, 1.0], 5), np.repeat(t, 2)])
    uvs = uvs[np.tile(first, (count, 1, 1)).reshape(-1, 4)]
    return Solid(points.reshape(-1, 3), (faces,), part="grass", uvs=(uvs,))


def _grass(size_m: float, rng: np.random.Generator) -> list[Solid]:
    wide = size_m * rng.uniform(0.1, 0.6)
    return [grass_patch(rng, tufts=int(rng.integers(3, 9)), blades=26, wide=wide, high=0.8 * size_m)]


def _hoops(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """Wire circles of all directions around one middle."""
    count, wire = int(rng.integers(4, 15)), thickness(size_m, rng, 0.003, 0.008)
    around = np.arange(64) * (2 * math.pi / 64)
    circle = np.column_stack([np.cos(around), np.sin(around), np.zeros(64)]) * 0.48 * size_m
    turns = turn_to(rng.normal(size=(count, 3)))
    return [tubes(np.einsum("mij,nj->mni", turns, circle), wire, sides=6, closed=True, part="metal")]


def _truss(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A mast of three or four bars with bracing in zigzag."""
    legs, bays = int(rng.integers(3, 5)), int(rng.integers(5, 13))
    wire, radius = thickness(size_m, rng, 0.004, 0.009), size_m * rng.uniform(0.06, 0.14)
    taper = rng.uniform(0.3, 1.0)
    angle = np.arange(legs) * (2 * math.pi / legs)
    z = np.linspace(0, 0.95, bays + 1)
    shrink = 1 - (1 - taper) * z
    knots = np.stack(
        [
            np.cos(angle)[None] * shrink[:, None] * radius,
            np.sin(angle)[None] * shrink[:, None] * radius,
            np.broadcast_to(z[:, None] * size_m, (bays + 1, legs)),
        ],
        axis=-1,
    )
    bars = [knots[[0, -1], leg] for leg in range(legs)]
    for bay in range(bays):
        for leg in range(legs):
            bars.append(np.array([knots[bay, leg], knots[bay + 1, (leg + 1) % legs]]))
            bars.append(np.array([knots[bay + 1, leg], knots[bay + 1, (leg + 1) % legs]]))
    thick = np.full((len(bars), 1), 0.5 * wire)
    thick[:legs] = wire
    return [tubes(np.array(bars), thick, sides=6, part="metal")]


def _ladder(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A stepladder: two frames that lean against each other, rungs on one of them."""
    width, rungs, lean = size_m * rng.uniform(0.12, 0.2), int(rng.integers(5, 12)), rng.uniform(0.15, 0.3)
    rail, height = thickness(size_m, rng, 0.009, 0.014) * 1.5, 0.95 * size_m

    def at(x: float, share: float, side: float) -> tuple[float, float, float]:
        return x * (1.2 - 0.4 * share), side * lean * height * (1 - share) + side * rail, share * height

    rails = [[at(x, 0, side), at(x, 1, side)] for x in (-width, width) for side in (-1.0, 1.0)]
    steps = [[at(-width, share, -1), at(width, share, -1)] for share in np.linspace(0.1, 0.95, rungs)]
    steps += [[at(-width, share, 1), at(width, share, 1)] for share in (0.2, 0.9)]
    return [tubes(np.array(rails), rail, sides=10, part="board"),
            tubes(np.array(steps), 0.7 * rail, sides=8, part="board")]  # fmt: skip


def _urchin(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A ball full of needles."""
    count, core = int(rng.integers(60, 220)), size_m * rng.uniform(0.08, 0.22)
    index = np.arange(count) + 0.5  # evenly over the sphere, along a spiral
    z, turn = 1 - 2 * index / count, index * math.pi * (3 - 5**0.5)
    ring = np.sqrt(1 - z * z)
    way = np.column_stack([ring * np.cos(turn), ring * np.sin(turn), z])
    tip = 0.5 * size_m * rng.uniform(0.75, 1.0, (count, 1))
    paths = np.stack([way * core * 0.9, way * tip], axis=1)
    wire = thickness(size_m, rng, 0.003, 0.009)
    thick = np.column_stack([np.full(count, wire), np.full(count, 0.2 * wire)])
    return [tubes(paths, thick, sides=5, part="accent"), shapes.ball(core, 32)]


def _doodle(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """One closed wire, drawn in space without lifting the pen."""
    knots = rng.normal(size=(1, int(rng.integers(7, 14)), 3))
    knots *= (
        0.45
        * size_m
        * rng.uniform(0.5, 1.0, (1, knots.shape[1], 1))
        / np.linalg.norm(knots, axis=2, keepdims=True)
    )
    path = smooth_curve(knots, 260, closed=True)
    return [tubes(path, thickness(size_m, rng, 0.004, 0.012), sides=8, closed=True, part="metal")]


def _rack(size_m: float, rng: np.random.Generator) -> list[Solid]:
    """A stand of bars: two posts on feet, many thin bars across."""
    wire, width, height = thickness(size_m, rng, 0.003, 0.007), 0.8 * size_m, size_m * rng.uniform(0.5, 0.95)
    bars = [
        np.array([[-width / 2, 0, z], [width / 2, 0, z]])
        for z in np.linspace(0.12, 0.95, int(rng.integers(8, 22))) * height
    ]
    posts = [np.array([[x, 0, 0], [x, 0, height]]) for x in (-width / 2, width / 2)]
    feet = [
        np.array([[x, -0.2 * size_m, 2.5 * wire], [x, 0.2 * size_m, 2.5 * wire]])
        for x in (-width / 2, width / 2)
    ]
    return [
        tubes(np.array(bars), wire, sides=6, part="metal"),
        tubes(np.array([*posts, *feet]), 2.5 * wire, sides=8, part="metal"),
    ]


KINDS = {
    "tangle": Kind(_tangle, "hangs", largest_m=6.0),
    "coil": Kind(_coil, "upright", largest_m=4.0),
    "lattice": Kind(_lattice, largest_m=15.0),
    "chain": Kind(_chain, "hangs", largest_m=6.0),
    "cage": Kind(_cage, "upright", largest_m=6.0),
    "net": Kind(_net, "hangs", largest_m=6.0),
    "blades": Kind(_blades),
    "grass": Kind(_grass, "upright", closed=False, class_name="plant", largest_m=1.2),
    "hoops": Kind(_hoops, largest_m=10.0),
    "truss": Kind(_truss, "upright"),
    "ladder": Kind(_ladder, "upright", largest_m=6.0),
    "urchin": Kind(_urchin, largest_m=6.0),
    "doodle": Kind(_doodle, "settled", largest_m=6.0),
    "rack": Kind(_rack, "upright", largest_m=5.0),
}
