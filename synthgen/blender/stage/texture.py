"""Procedural patterns, in metres, for materials of any family. None of them needs UVs or image files.

`board_coordinates` (stage/board.py) gives wood its direction; `box_plane` lays flat patterns on any side.
"""

from __future__ import annotations

from dataclasses import dataclass

from synthgen.blender.stage.board import BOARD_ATTRIBUTE
from synthgen.blender.stage.material import NodeGraph, Wire


def box_plane(graph: NodeGraph) -> tuple[Wire, Wire]:
    """(u, v) in metres on the side of the box that the surface faces most: v is up on upright sides."""
    x, y, z = graph.coordinates("Object").xyz()
    nx, ny, nz = graph.vector_math("ABSOLUTE", graph.coordinates("Normal")).xyz()
    flat = nz > nx.max(ny)
    u = graph.choose((nx > ny) * (1.0 - flat), x, y)
    return u, graph.choose(flat, z, y)


@dataclass(frozen=True, slots=True)
class Tiling:
    """A floor or wall cut into pieces.

    Attributes
    ----------
    piece : two numbers that name the piece, as a vector
    along_m, across_m : place within the piece, along and across its long side
    edge_m : distance to the nearest edge of the piece
    """

    piece: Wire
    along_m: Wire
    across_m: Wire
    edge_m: Wire


def planks(graph: NodeGraph, x: Wire, y: Wire, length_m: float, width_m: float) -> Tiling:
    """Boards along x, every row shifted by chance."""
    row = (y / width_m).floor()
    shift = graph.hash(graph.vector(row, 0.5)).xyz()[0]
    place = x / length_m + shift
    column = place.floor()
    along, across = (place - column) * length_m, y - row * width_m
    return _tiling(graph, graph.vector(column, row), along, across, length_m, width_m)


def grid(graph: NodeGraph, x: Wire, y: Wire, length_m: float, width_m: float, bond: float = 0.0) -> Tiling:
    """Tiles in rows along x; `bond` shifts every other row by that part of a tile (0.5: bricks)."""
    row = (y / width_m).floor()
    place = x / length_m
    if bond:
        place = place + (row % 2.0) * bond
    column = place.floor()
    along, across = (place - column) * length_m, y - row * width_m
    return _tiling(graph, graph.vector(column, row), along, across, length_m, width_m)


def herringbone(graph: NodeGraph, x: Wire, y: Wire, width_m: float, ratio: int) -> Tiling:
    """Blocks of `width_m` by `ratio` times that, laid in a zigzag that runs along x.

    In the plane turned by 45 degrees and measured in block widths, the unit cell (i, j) belongs to a lying
    block where k = (i - j) mod 2 ratio is below `ratio`, being its cell k, and otherwise to a standing
    block, being its cell 2 ratio - 1 - k from below.
    """
    turn = 0.5**0.5 / width_m
    p, q = (x + y) * turn, (y - x) * turn
    i, j = p.floor(), q.floor()
    k = (i - j) % (2.0 * ratio)
    standing = k > ratio - 0.5
    cell = graph.choose(standing, k, (2.0 * ratio - 1.0) - k)
    along = cell + graph.choose(standing, p - i, q - j)
    across = graph.choose(standing, q - j, p - i)
    piece = graph.vector(i - graph.choose(standing, cell, 0.0), j - standing * cell, standing)
    return _tiling(graph, piece, along * width_m, across * width_m, ratio * width_m, width_m)


def basket(graph: NodeGraph, x: Wire, y: Wire, width_m: float, ratio: int) -> Tiling:
    """Squares of `ratio` blocks side by side, neighbours turned by 90 degrees."""
    side = width_m * ratio
    i, j = (x / side).floor(), (y / side).floor()
    turned = (i + j) % 2.0
    u, v = x - i * side, y - j * side
    along, stack = graph.choose(turned, u, v), graph.choose(turned, v, u)
    block = (stack / width_m).floor()
    piece = graph.vector(i, j, block)
    return _tiling(graph, piece, along, stack - block * width_m, side, width_m)


def _tiling(
    graph: NodeGraph, piece: Wire, along: Wire, across: Wire, length_m: float, width_m: float
) -> Tiling:
    edge_along = length_m / 2 - (along - length_m / 2).abs()
    edge_across = width_m / 2 - (across - width_m / 2).abs()
    return Tiling(piece, along, across, edge_along.min(edge_across))


def board(graph: NodeGraph) -> Wire:
    """Where in the wood a point lies: x along the board, metres, every board cut from another place."""
    return graph.attribute(BOARD_ATTRIBUTE)


def wood_grain(
    graph: NodeGraph, position: Wire, *, rings: float = 14.0, wild: float = 1.0
) -> tuple[Wire, Wire]:
    """Year rings and fibres of wood whose trunk runs along x of `position`; both in 0..1, dark is 1.

    rings : how many rings a decimetre shows, roughly
    wild : how much the rings wave
    """
    slow = graph.noise(position * (0.55, 6.0, 6.0), 1.0, detail=1.0, distortion=0.5 * wild)
    year = ((slow * rings * 2.6).sin() * 0.5 + 0.5).ramp(0.1, 1.0)
    fibre = graph.noise(position * (5.0, 130.0, 130.0), 1.0, detail=2.0, roughness=0.65)
    return year, fibre.ramp(0.38, 0.66)


def veins(graph: NodeGraph, position: Wire, *, scale: float = 2.2, width: float = 0.05) -> Wire:
    """Marble veins, 1 on a vein: where a turbulent field crosses its middle."""
    warped = position + graph.noise_vector(position, scale * 1.3, detail=2.0) * (0.35 / scale)
    field = graph.noise(warped, scale, detail=3.0, roughness=0.55)
    return (field - 0.5).abs().ramp(0.0, width, 1.0, 0.0)


def melange(graph: NodeGraph, u: Wire, v: Wire, *, thread_m: float = 0.004) -> Wire:
    """Uneven yarn in both directions around 0.5: what cloth looks like from a metre away."""
    warp = graph.noise(graph.vector(u / thread_m, v / (thread_m * 14)), 0.6, detail=1.0)
    weft = graph.noise(graph.vector(u / (thread_m * 14), v / thread_m, 7.0), 0.6, detail=1.0)
    return (warp + weft) * 0.5


def weave(graph: NodeGraph, u: Wire, v: Wire, *, thread_m: float = 0.004) -> Wire:
    """The height of a plain weave, 0..1: warp and weft take turns on top."""
    turn = 3.14159265 / thread_m
    return (u * turn).sin() * (v * turn).sin() * 0.5 + 0.5


def stripes(value: Wire, period_m: float, share: float = 0.5, soft_m: float = 0.001) -> Wire:
    """1 on a stripe, 0 between: `share` of every period is stripe."""
    place = ((value / period_m).fraction() - 0.5).abs()
    edge, soft = share / 2, soft_m / period_m
    return place.ramp(edge - soft, edge + soft, 1.0, 0.0)
