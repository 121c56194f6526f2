"""Materials of hallways and classrooms: garments, boards with writing, posters, brick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import bpy
import numpy as np

from synthgen.blender.stage import cloth, surface, texture, ware
from synthgen.blender.stage.material import Color, NodeGraph, Wire, new_material, srgb
from synthgen.blender.stage.surface import mean, scaled

if TYPE_CHECKING:
    from .palette import Palette

_GARMENTS = (
    "#1f2a3d",
    "#23262a",
    "#3d4a3a",
    "#a98a5f",
    "#6b2f2f",
    "#55606b",
    "#2f4a6a",
    "#c9bfae",
    "#8a3f35",
    "#3f5a57",
    "#c7a13c",
    "#70584a",
    "#8f99a3",
    "#2d3b33",
    "#b4593c",
    "#4a3c55",
)


def garment(palette: Palette, name: str, rng: np.random.Generator, variation: str) -> bpy.types.Material:
    """Cloth of coats and bags: wool, cotton, or a smooth shell."""
    color = srgb(_GARMENTS[int(rng.integers(len(_GARMENTS)))])
    if variation == "lining":
        return cloth.fabric(name, scaled(color, 0.5), color, thread_m=0.002)
    if rng.random() < 0.3:
        return ware.shiny(name, color, roughness=float(rng.uniform(0.4, 0.6)))
    pattern = ("plain", "plain", "plain", "check")[int(rng.integers(4))]
    return cloth.fabric(
        name,
        color,
        scaled(color, 0.6),
        pattern=pattern,
        period_m=0.05,
        thread_m=float(rng.uniform(0.0015, 0.003)),
        sheen=float(rng.uniform(0.1, 0.5)),
    )


def brick(palette: Palette, name: str, rng: np.random.Generator, variation: str) -> bpy.types.Material:
    """Bare or whitewashed bricks in their bond."""
    color = srgb(("#8f4f3a", "#9c6146", "#7a4434", "#b08a6c", "#d9d3c8")[int(rng.integers(5))])
    return surface.tile(name, color, (0.5, 0.47, 0.43), length_m=0.24, width_m=0.07, bond=0.5, roughness=0.8,
                        varied=0.16)  # fmt: skip


def chalkboard(palette: Palette, name: str, rng: np.random.Generator, variation: str) -> bpy.types.Material:
    """A school board over UV 0..1, wiped but not clean, with writing and a drawing in chalk."""
    material, graph = new_material(name)
    ground = srgb(("#1f3a30", "#23413a", "#2a2d2e", "#1c3328")[int(rng.integers(4))])
    u, v, _ = graph.coordinates("UV").xyz()
    x, y = u * 3.0, v * 1.2
    wiped = graph.noise(
        graph.vector(x * 0.7, y * 2.2, float(rng.uniform(0, 50))), 1.6, detail=4.0, distortion=1.2
    )
    color = graph.mix(wiped.ramp(0.4, 0.75) * 0.35, ground, (0.42, 0.46, 0.44))
    color = _written(graph, color, u, v, x, y, ((0.86, 0.86, 0.83), (0.85, 0.75, 0.35)), rng, worn=0.75)
    graph.finish(graph.principled(base_color=color, roughness=0.7, specular_ior_level=0.25),
                 seen_by_diffuse=scaled(ground, 1.15))  # fmt: skip
    return material


def whiteboard(palette: Palette, name: str, rng: np.random.Generator, variation: str) -> bpy.types.Material:
    """A glossy white board over UV 0..1 with writing in felt pen."""
    material, graph = new_material(name)
    u, v, _ = graph.coordinates("UV").xyz()
    x, y = u * 3.0, v * 1.2
    ghost = graph.noise(graph.vector(x, y, float(rng.uniform(0, 50))), 2.4, detail=3.0)
    color = graph.mix(ghost.ramp(0.45, 0.8) * 0.12, (0.83, 0.84, 0.84), (0.6, 0.62, 0.68))
    inks = [srgb(("#1d2a5c", "#22252a", "#9a2a24", "#1f6a3c")[i]) for i in rng.permutation(4)[:2]]
    color = _written(graph, color, u, v, x, y, inks, rng, worn=1.0)
    graph.finish(graph.principled(base_color=color, roughness=0.16), seen_by_diffuse=(0.82, 0.83, 0.83))
    return material


def _written(graph: NodeGraph, ground: Wire, u: Wire, v: Wire, x: Wire, y: Wire, inks: Sequence[Color],
             rng: np.random.Generator, *, worn: float) -> Wire:  # fmt: skip
    """Lines of writing, and beside them the outlines of a drawing; x and y are metres."""
    pitch, left = float(rng.uniform(0.075, 0.11)), float(rng.uniform(0.05, 0.15))
    right, low = left + float(rng.uniform(0.25, 0.4)), float(rng.uniform(0.25, 0.6))
    up = (1.0 - v) * (1.2 / pitch)
    row, within = up.floor(), up.fraction()
    ragged = graph.noise(graph.vector(row * 7.3, float(rng.uniform(0, 50))), detail=0.0)
    page = (u > left) * (u < ragged * 0.25 + (right - 0.12)) * (v > low) * (v < 0.9)
    letters = graph.noise(graph.vector(x * 26.0, within * 1.7 + row * 3.1, row), detail=1.0, distortion=1.5)
    words = graph.noise(graph.vector(x * 5.0, row * 5.7), detail=0.0) > 0.42
    stroke = (letters - 0.5).abs().ramp(0.012, 0.035, 0.85 * worn, 0.0) * ((within - 0.5).abs() < 0.3)
    color = graph.mix(stroke * page * words, ground, inks[0])
    field = graph.noise(
        graph.vector(x, y, float(rng.uniform(0, 50))), float(rng.uniform(2.0, 3.5)), detail=1.0
    )
    line = texture.stripes(field, float(rng.uniform(0.06, 0.1)), 0.1, 0.006)
    middle = float(rng.uniform(0.65, 0.85))
    inside = ((u - middle).abs() < float(rng.uniform(0.09, 0.14))) * ((v - 0.48).abs() < 0.27)
    return graph.mix(line * inside * (0.8 * worn), color, inks[-1])


def poster(palette: Palette, name: str, rng: np.random.Generator, variation: str) -> bpy.types.Material:
    """A chart for a classroom over UV 0..1: a map, a table of coloured cells, or text with a picture."""
    material, graph = new_material(name)
    u, v, _ = graph.coordinates("UV").xyz()
    paper = srgb(("#f2efe6", "#e9eef0", "#f4e9cf")[int(rng.integers(3))])
    inks = [srgb(_POSTERS[i]) for i in rng.permutation(len(_POSTERS))[:4]]
    draw = (_map, _cells, _page)[int(rng.integers(3))]
    color = draw(graph, u, v, paper, inks, rng)
    edge = (u - 0.5).abs().max((v - 0.5).abs()) > 0.475
    color = graph.mix(edge, color, paper)
    graph.finish(
        graph.principled(base_color=color, roughness=float(rng.uniform(0.35, 0.6)), specular_ior_level=0.4),
        seen_by_diffuse=mean(paper, *inks[:2]),
    )
    return material


_POSTERS = ("#c8402f", "#2f6fb0", "#3f8a4f", "#e0a52f", "#6a4f9a", "#2a9a9a", "#d9694a", "#2f3f5a")


def _map(graph: NodeGraph, u: Wire, v: Wire, paper: Color, inks: list[Color], rng) -> Wire:
    place = graph.vector(u * 1.6, v, float(rng.uniform(0, 50)))
    land = graph.noise(place, 2.6, detail=6.0, roughness=0.6)
    states = graph.cells(place, 9.0)
    sea, fields = srgb("#9fc4d9"), graph.colors(states, [(0.1, srgb("#d9c48f")), (0.3, srgb("#a9c08a")),
                                                         (0.45, srgb("#d9a98a"))], "CONSTANT")  # fmt: skip
    color = graph.mix(land > 0.52, sea, fields)
    coast = (land - 0.52).abs().ramp(0.004, 0.01, 1.0, 0.0)
    color = graph.mix(coast * 0.8, color, srgb("#3a4a55"))
    grid = ((u * 12.0).fraction() < 0.03).max((v * 8.0).fraction() < 0.03)
    return graph.mix(grid * 0.35, color, srgb("#51606a"))


def _cells(graph: NodeGraph, u: Wire, v: Wire, paper: Color, inks: list[Color], rng) -> Wire:
    columns, rows = float(rng.integers(4, 11)), float(rng.integers(4, 9))
    a, b = (u * columns).fraction(), (v * 0.98 * rows).fraction()
    cell = graph.hash(graph.vector((u * columns).floor(), (v * 0.98 * rows).floor()))
    tone, kept, _ = cell.xyz()
    fill = graph.colors(tone, [(0.0, inks[0]), (0.3, inks[1]), (0.55, inks[2]), (0.8, inks[3])], "CONSTANT")
    inside = (a > 0.07) * (a < 0.93) * (b > 0.08) * (b < 0.92) * (kept > 0.12) * (v < 0.88)
    figure = graph.noise(graph.vector(u * columns * 2.2, v * rows * 2.2, tone * 20.0), detail=1.0)
    mark = (figure - 0.5).abs().ramp(0.02, 0.05, 1.0, 0.0) * (a > 0.25) * (a < 0.75) * (b > 0.25) * (b < 0.75)
    color = graph.mix(inside, paper, fill)
    color = graph.mix(mark * inside, color, (0.9, 0.9, 0.88))
    title = (v > 0.91) * (v < 0.96) * (u > 0.15) * (u < 0.85)
    letters = graph.noise(graph.vector(u * 30.0, v * 12.0), detail=1.0) > 0.48
    return graph.mix(title * letters, color, inks[0])


def _page(graph: NodeGraph, u: Wire, v: Wire, paper: Color, inks: list[Color], rng) -> Wire:
    top = float(rng.uniform(0.45, 0.6))
    place = graph.vector(u, v, float(rng.uniform(0, 50)))
    blobs = graph.noise(place, 3.0, detail=3.0, distortion=0.6)
    picture = graph.colors(blobs, [(0.35, inks[0]), (0.47, inks[1]), (0.53, paper), (0.62, inks[2])])
    inside = (u > 0.1) * (u < 0.9) * (v > top) * (v < 0.84)
    color = graph.mix(inside, paper, picture)
    row = (v * 34.0).floor()
    letters = graph.noise(graph.vector(u * 70.0, row * 3.1), detail=0.0) > 0.46
    text = ((v * 34.0).fraction() < 0.5) * letters * (u > 0.1) * (u < 0.9) * (v > 0.08) * (v < top - 0.04)
    color = graph.mix(text * 0.8, color, (0.1, 0.1, 0.12))
    title = (v > 0.87) * (v < 0.94) * (u > 0.1) * (u < 0.75)
    heavy = graph.noise(graph.vector(u * 18.0, v * 9.0), detail=1.0) > 0.46
    return graph.mix(title * heavy, color, inks[3])


MAKERS: dict[str, Callable[..., bpy.types.Material]] = {
    "garment": garment,
    "brick": brick,
    "chalkboard": chalkboard,
    "whiteboard": whiteboard,
    "poster": poster,
}
