"""Ways through walls as joiner and plasterer bring them: linings, leaves that stand open, glazed doors,
arches, thresholds and steps; and the recesses of niches.

All of it is made in the frame of the hole, as in `joinery`: x along the wall, y into the room with the wall's
face at y = 0 and its back at y = -thickness, z up from the hole's lower edge.
"""

from __future__ import annotations

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from . import joinery
from .furniture.forms import placed
from .joinery import GAP_M, LEAF_M, block
from .layout.openings import Doorway, Niche

LINING_M = 0.022
FACE_M = -0.004
"""Where the face of a shut leaf lies."""
KNUCKLE_M = 0.006
"""A leaf turns about a line that far before the wall."""
ARCH_RISE_M = 0.45
"""An arch is a half circle, or flatter where that would be higher than this."""
TREAD_M = 0.29

Joinery = tuple[MeshBuilder | None, MeshBuilder | None]
"""What is seen, and its panes."""


def doorway(
    way: Doorway, wall_m: float, design: str, casing_m: float, raised_m: float, rng: np.random.Generator
) -> Joinery:
    """What the joiner makes at a doorway; nothing where the room behind it has made it.

    `raised_m` is how much higher the floor behind it is.
    """
    if way.far:
        return None, None
    if way.leaf == "shut":
        return joinery.door(way, wall_m, design, casing_m, rng), None
    made, panes = MeshBuilder(), MeshBuilder()
    _floor_joint(made, way, wall_m, raised_m, rng)
    if way.cased:
        _lining(made, way, wall_m, raised_m)
        front = MeshBuilder()
        joinery.casing(front, way.width_m, way.height_m, casing_m, 0.016, "door_frame")
        made.merge(front)
        back = MeshBuilder()
        joinery.casing(back, way.width_m, way.height_m - raised_m, casing_m, 0.016, "door_frame")
        made.merge(back, placed(0.0, -wall_m, raised_m, scale=(1.0, -1.0, 1.0)))
    if way.leaf == "ajar":
        _leaf(made, way, wall_m, design, rng)
    elif way.leaf == "glass":
        _glazed_leaves(made, panes, way, wall_m, rng)
        return made, panes
    return made, None


def _floor_joint(
    made: MeshBuilder, way: Doorway, wall_m: float, raised_m: float, rng: np.random.Generator
) -> None:
    material = str(rng.choice(["sill_wood", "sill_wood", "metal_brushed", "marble"]))
    if raised_m > 0.02:
        material = str(rng.choice(["sill_wood", "sill_wood", "stone", "marble"]))
        steps = max(1, round(raised_m / 0.165))
        rise = raised_m / steps
        for number in range(steps):  # the uppermost lies in the wall, the others before it
            out = TREAD_M * (steps - 1 - number)
            low, high = number * rise, (number + 1) * rise
            block(made, (0.0, -wall_m - 0.004, low), (way.width_m, out, high - 0.03), "skirting", 0.0)
            block(
                made,
                (0.0, -wall_m - 0.02, high - 0.03),
                (way.width_m, out + 0.02, high + 0.002),
                material,
                0.004,
            )
        return
    if way.leaf == "none" and not way.cased:
        block(made, (0.0, -wall_m - 0.016, -0.004), (way.width_m, -wall_m + 0.016, 0.003), material, 0.0015)
        return
    block(made, (0.0, -wall_m - 0.012, -0.004), (way.width_m, 0.0, 0.006), material, 0.003)


def _lining(made: MeshBuilder, way: Doorway, wall_m: float, raised_m: float) -> None:
    width, height = way.width_m, way.height_m
    for low, high in ((0.0, LINING_M), (width - LINING_M, width)):
        block(made, (low, -wall_m, raised_m), (high, 0.0, height), "door_frame")
        if raised_m:
            block(made, (low, -wall_m + 0.001, 0.0), (high, 0.0, raised_m), "door_frame")
    block(made, (LINING_M, -wall_m, height - LINING_M), (width - LINING_M, 0.0, height), "door_frame")


def _stops(made: MeshBuilder, way: Doorway, wall_m: float) -> None:
    """Strips in the lining that a leaf shuts on."""
    width, height = way.width_m, way.height_m
    y1 = FACE_M - LEAF_M - 0.003
    y0, deep = y1 - 0.035, 0.012
    strips = MeshBuilder()
    block(strips, (LINING_M, y0, 0.006), (LINING_M + deep, y1, height - LINING_M), "door_frame")
    block(
        strips, (width - LINING_M - deep, y0, 0.006), (width - LINING_M, y1, height - LINING_M), "door_frame"
    )
    top = height - LINING_M
    block(strips, (LINING_M + deep, y0, top - deep), (width - LINING_M - deep, y1, top), "door_frame")
    made.merge(strips, _swing_side(way, wall_m))


def _leaf(made: MeshBuilder, way: Doorway, wall_m: float, design: str, rng: np.random.Generator) -> None:
    """One leaf that stands open, with handles on both of its faces."""
    _stops(made, way, wall_m)
    xs = (LINING_M + GAP_M, way.width_m - LINING_M - GAP_M)
    zs = (0.008, way.height_m - LINING_M - GAP_M)
    leaf = MeshBuilder()
    joinery.LEAVES[design](leaf, xs, zs, FACE_M)
    at = xs[1] - 0.06 if way.hinge_at_start else xs[0] + 0.06
    hinge = xs[0] if way.hinge_at_start else xs[1]
    handle = MeshBuilder()
    joinery.door_handle(handle, at, FACE_M, -1.0 if way.hinge_at_start else 1.0, rng)
    leaf.merge(handle).merge(handle, _other_face())
    for z in (0.22, way.height_m - 0.25):
        leaf.cylinder(0.007, 0.09, (hinge, KNUCKLE_M, z), "handle", segments=12)
    made.merge(leaf, _swing_side(way, wall_m) @ _turned(hinge, way.turn_deg, way.hinge_at_start))


def _glazed_leaves(
    made: MeshBuilder, panes: MeshBuilder, way: Doorway, wall_m: float, rng: np.random.Generator
) -> None:
    """One glazed leaf, or a pair that meets in the middle; of a pair one or both stand open."""
    _stops(made, way, wall_m)
    low, high = LINING_M + GAP_M, way.width_m - LINING_M - GAP_M
    zs = (0.008, way.height_m - LINING_M - GAP_M)
    middle = (low + high) / 2
    pair = way.width_m > 1.15
    spans = [(low, middle - GAP_M / 2, True), (middle + GAP_M / 2, high, False)] if pair else []
    spans = spans or [(low, high, way.hinge_at_start)]
    rail, foot = float(rng.uniform(0.07, 0.11)), float(rng.uniform(0.11, 0.32))
    bars = ((1, 1), (1, 3), (2, 4), (2, 5))[int(rng.integers(4))]
    both = bool(rng.random() < 0.6)
    handle = MeshBuilder()
    joinery.door_handle(handle, 0.0, FACE_M, -1.0, rng, lever=True)
    handle.merge(handle.transformed(_other_face()))
    for number, (x0, x1, at_start) in enumerate(spans):
        leaf, glass = MeshBuilder(), MeshBuilder()
        _glazed_leaf(leaf, glass, (x0, x1), zs, rail, foot, bars)
        at = x1 - 0.5 * rail if at_start else x0 + 0.5 * rail
        leaf.merge(handle, placed(at, scale=(1.0 if at_start else -1.0, 1.0, 1.0)))
        hinge = x0 if at_start else x1
        for z in (0.22, way.height_m - 0.25):
            leaf.cylinder(0.007, 0.09, (hinge, KNUCKLE_M, z), "handle", segments=12)
        turn = way.turn_deg if number == 0 or both else 0.0
        place = _swing_side(way, wall_m) @ _turned(hinge, turn, at_start)
        made.merge(leaf, place)
        panes.merge(glass, place)


def _glazed_leaf(
    leaf: MeshBuilder, glass: MeshBuilder, xs: tuple[float, float], zs: tuple[float, float], rail: float,
    foot: float, bars: tuple[int, int],
) -> None:  # fmt: skip
    (x0, x1), (z0, z1), back = xs, zs, FACE_M - LEAF_M
    for a, b in ((x0, x0 + rail), (x1 - rail, x1)):
        block(leaf, (a, back, z0), (b, FACE_M, z1), "door")
    for a, b in ((z0, z0 + foot), (z1 - rail, z1)):
        block(leaf, (x0 + rail, back, a), (x1 - rail, FACE_M, b), "door")
    inner_x, inner_z, middle = (x0 + rail, x1 - rail), (z0 + foot, z1 - rail), (FACE_M + back) / 2
    for x in np.linspace(*inner_x, bars[0] + 1)[1:-1]:
        block(leaf, (x - 0.01, middle - 0.014, inner_z[0]), (x + 0.01, middle + 0.014, inner_z[1]), "door")
    for z in np.linspace(*inner_z, bars[1] + 1)[1:-1]:
        block(leaf, (inner_x[0], middle - 0.013, z - 0.01), (inner_x[1], middle + 0.013, z + 0.01), "door")
    (a, b), (c, d) = inner_x, inner_z
    glass.quad([(b, middle, c), (a, middle, c), (a, middle, d), (b, middle, d)], "window_glass")


def _other_face() -> np.ndarray:
    """Mirrors what is on one face of a leaf to the other."""
    return placed(0.0, 2 * FACE_M - LEAF_M, 0.0, scale=(1.0, -1.0, 1.0))


def _swing_side(way: Doorway, wall_m: float) -> np.ndarray:
    """From a leaf at this room's face of the wall to the face that it opens towards."""
    return np.eye(4) if way.swings_in else placed(0.0, -wall_m, 0.0, scale=(1.0, -1.0, 1.0))


def _turned(hinge_x: float, turn_deg: float, at_start: bool) -> np.ndarray:
    turn = turn_deg if at_start else -turn_deg
    return placed(hinge_x, KNUCKLE_M, 0.0, yaw_deg=turn) @ placed(-hinge_x, -KNUCKLE_M, 0.0)


def arch_line(width_m: float, height_m: float) -> np.ndarray:
    """(n, 2) x and z of an arch over a hole, from its first jamb to the second."""
    rise = min(width_m / 2, ARCH_RISE_M)
    radius = (width_m * width_m / 4 + rise * rise) / (2 * rise)
    reach = np.arcsin(min(1.0, width_m / 2 / radius))
    angles = np.linspace(-reach, reach, 25)
    return np.column_stack(
        [width_m / 2 + radius * np.sin(angles), height_m - radius + radius * np.cos(angles)]
    )


def spandrel(hole: Doorway | Niche, deep_m: float, material: str) -> MeshBuilder:
    """What fills a hole above its arch: its face at y = 0, and the underside as deep as `deep_m`."""
    made, line = MeshBuilder(), arch_line(hole.width_m, hole.height_m)
    upper = np.column_stack([line[:, 0], np.full(len(line), hole.height_m)])
    face = np.stack([line, upper])
    points = np.stack([face[..., 0], np.zeros(face.shape[:2]), face[..., 1]], axis=-1)
    keep = points[1, :, 2] - points[0, :, 2] > -1e-9
    made.surface(points[:, keep], material, smooth=False)
    if deep_m > 0:
        under = [np.column_stack([line[:, 0], np.full(len(line), y), line[:, 1]]) for y in (0.0, -deep_m)]
        made.surface(np.stack(under), material, flip=True)
    return made


def recess(niche: Niche, material: str) -> MeshBuilder:
    """The inside of a niche."""
    w, h, d = niche.width_m, niche.height_m, niche.deep_m
    made = MeshBuilder()
    points = [(x, y, z) for y in (0.0, -d) for x, z in ((0, 0), (w, 0), (w, h), (0, h))]
    sides = [(i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4) for i in range(4)]
    made.faces(np.array(points, dtype=float), [*(side[::-1] for side in sides), (4, 7, 6, 5)], material)
    return made.merge(spandrel(niche, d, material)) if niche.arched else made
