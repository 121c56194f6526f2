"""Tiles as geometry: every tile with its eased edges, the grout sunk between them.

In the frame of a wall: x along it, y out of it with the tiles' faces at y = 0, z up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from ..look.wet_style import Tiles

SUNK_M = 0.0016
"""How far the grout lies behind the faces of the tiles."""
SLIVER_M = 0.006
"""Pieces narrower than this are not cut; the grout shows instead."""

Rect = tuple[float, float, float, float]
"""(x0, x1, z0, z1)"""


def tiled(
    area: Rect,
    tiles: Tiles,
    rng: np.random.Generator,
    face: str,
    grout: str,
    *,
    holes: Sequence[Rect] = (),
) -> MeshBuilder:
    """A rectangle of a wall covered with tiles, cut to fit and around `holes`; its rim is shut.

    The texture coordinate is the same all over a tile and differs from tile to tile.
    """
    builder = MeshBuilder()
    for x0, x1, z0, z1 in _without([area], holes):
        corners = [(x0, -SUNK_M, z0), (x0, -SUNK_M, z1), (x1, -SUNK_M, z1), (x1, -SUNK_M, z0)]
        builder.faces(corners, [(0, 1, 2, 3)], grout)
    _rim(builder, area, grout, inward=True)
    pieces = _pieces(area, tiles, holes)
    if len(pieces):
        _faces(builder, pieces, tiles, rng, face)
    return builder


def _pieces(area: Rect, tiles: Tiles, holes: Sequence[Rect]) -> np.ndarray:
    """(n, 4) rectangles (x0, x1, z0, z1) of the tiles, without the joints around them."""
    x0, x1, z0, z1 = area
    columns = np.arange(-1, int(np.ceil((x1 - x0) / tiles.width_m)) + 1)
    rows = np.arange(int(np.ceil((z1 - z0) / tiles.height_m)))
    column, row = (each.ravel() for each in np.meshgrid(columns, rows, indexing="ij"))
    left = x0 + (column + (row % 2) * tiles.bond) * tiles.width_m
    low = z0 + row * tiles.height_m
    made = np.column_stack([left, left + tiles.width_m, low, low + tiles.height_m])
    made = np.clip(made, (x0, x0, z0, z0), (x1, x1, z1, z1))
    for hole in holes:
        hx0, hx1, hz0, hz1 = hole
        meets = (made[:, 0] < hx1) & (made[:, 1] > hx0) & (made[:, 2] < hz1) & (made[:, 3] > hz0)
        cut = [piece for each in made[meets] for piece in _without([tuple(each)], [hole])]
        made = np.vstack([made[~meets], np.array(cut).reshape(-1, 4)])
    half = tiles.joint_m / 2
    made += np.array([half, -half, half, -half])
    return made[(made[:, 1] - made[:, 0] > SLIVER_M) & (made[:, 3] - made[:, 2] > SLIVER_M)]


def _without(areas: Sequence[Rect], holes: Sequence[Rect]) -> list[Rect]:
    """Rectangles less holes, cut into rectangles: pieces below and above run through."""
    left = list(areas)
    for hx0, hx1, hz0, hz1 in holes:
        rest: list[Rect] = []
        for x0, x1, z0, z1 in left:
            if hx0 >= x1 or hx1 <= x0 or hz0 >= z1 or hz1 <= z0:
                rest.append((x0, x1, z0, z1))
                continue
            low, high = max(hz0, z0), min(hz1, z1)
            candidates = (
                (x0, x1, z0, low), (x0, x1, high, z1), (x0, max(hx0, x0), low, high),
                (min(hx1, x1), x1, low, high),
            )  # fmt: skip
            rest += [each for each in candidates if each[1] - each[0] > 1e-6 and each[3] - each[2] > 1e-6]
        left = rest
    return left


def _rim(builder: MeshBuilder, area: Rect, grout: str, *, inward: bool) -> None:
    x0, x1, z0, z1 = area
    ring = [(x0, z0), (x1, z0), (x1, z1), (x0, z1)]
    points = [(x, y, z) for y in (0.0, -SUNK_M) for x, z in ring]
    sides = [(i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4) for i in range(4)]
    builder.faces(points, [side[::-1] if inward else side for side in sides], grout)


def _faces(
    builder: MeshBuilder, pieces: np.ndarray, tiles: Tiles, rng: np.random.Generator, face: str
) -> None:
    count = len(pieces)
    ease = np.minimum(tiles.ease_m, 0.3 * np.minimum(*(pieces[:, i + 1] - pieces[:, i] for i in (0, 2))))
    # Rims from the grout outwards; a bevelled tile rises from the edge to its middle.
    rims = [(0.0, -SUNK_M)]
    rims += [(0.0, -0.0004), (1.0, tiles.rise_m)] if tiles.rise_m > 0 else [(1.0, 0.0)]
    x0, x1, z0, z1 = pieces.T
    lean = np.tan(np.radians(rng.normal(0, tiles.tilt_deg, (count, 2))))
    rings = []
    for share, y in rims:
        inset = share * ease
        x = np.stack([x0 + inset, x0 + inset, x1 - inset, x1 - inset], axis=1)
        z = np.stack([z0 + inset, z1 - inset, z1 - inset, z0 + inset], axis=1)
        dy = lean[:, :1] * (x - x.mean(axis=1, keepdims=True))
        dy += lean[:, 1:] * (z - z.mean(axis=1, keepdims=True))
        out = y + (np.clip(dy, -0.0012, 0.0012) if y > -SUNK_M else 0.0)
        rings.append(np.stack([x, np.broadcast_to(out, x.shape), z], axis=-1))
    points = np.concatenate(rings, axis=1)  # (count, 4 * rings, 3)
    quads = [
        (4 * level + i, 4 * level + (i + 1) % 4, 4 * level + 4 + (i + 1) % 4, 4 * level + 4 + i)
        for level in range(len(rims) - 1)
        for i in range(4)
    ]
    top = 4 * (len(rims) - 1)
    quads.append((top, top + 1, top + 2, top + 3))
    order = np.array(quads)
    index = np.arange(count)[:, None, None] * points.shape[1] + order[None]
    name = rng.uniform(0, 50, (count, 1, 1, 2))
    uvs = np.broadcast_to(name, (count, len(quads), 4, 2))
    builder.faces(points.reshape(-1, 3), index.reshape(-1, 4), face, uvs=uvs.reshape(-1, 4, 2))
