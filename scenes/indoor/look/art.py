"""Pictures for the walls and covers for the books: small procedural works, every seed another one."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

from synthgen.blender.stage import texture
from synthgen.blender.stage.material import Color, NodeGraph, Wire, new_material, srgb
from synthgen.blender.stage.surface import mean, scaled

_SKIES = (
    ("#7fa3c7", "#dfe6e6"), ("#e8b98a", "#6f83a8"), ("#c9d3d4", "#eef0ea"),
    ("#2f3f63", "#d98a6a"), ("#9fb6b2", "#f0dfb8"), ("#bcbcbc", "#e9e9e9"),
)  # fmt: skip
_HILLS = (
    ("#8fa2a6", "#5a7470", "#2f4a3f"), ("#a58a9a", "#6d5a78", "#332f4a"), ("#c9a57a", "#94683f", "#4a3526"),
    ("#9a9a9a", "#5f5f5f", "#242424"), ("#7f9a6a", "#55773f", "#2c4426"), ("#6f8fae", "#3f5f83", "#1f3550"),
)  # fmt: skip
_PAPERS = ("#efebe1", "#f4f2ed", "#e6ddcc", "#d9d4c8")
_INKS = ("#23262a", "#2f4a63", "#8a3a2c", "#3f5a44", "#b5803a", "#5a3f4a", "#c9a24e", "#7a97a0", "#d27a5a")


def picture(name: str, accents: Sequence[Color], rng: np.random.Generator) -> bpy.types.Material:
    """A picture over UV 0..1: a landscape, colour fields, stripes, discs, contour lines, or loose brushwork;
    some with the white margin of a mount."""
    material, graph = new_material(name)
    u, v, _ = graph.coordinates("UV").xyz()
    margin = float(rng.choice([0.0, 0.0, 0.0, 0.1]))
    scale = 1 / (1 - 2 * margin)
    x, y = (u - margin) * scale, (v - margin) * scale
    inks = [srgb(_INKS[i]) for i in rng.permutation(len(_INKS))[:3]]
    inks = [tuple(accents[int(rng.integers(len(accents)))]), *inks] if len(accents) else inks
    paper = srgb(_PAPERS[int(rng.integers(len(_PAPERS)))])
    draw = _DESIGNS[int(rng.integers(len(_DESIGNS)))]
    color = draw(graph, x, y, paper, inks, rng)
    if margin:
        outside = (u - 0.5).abs().max((v - 0.5).abs()) > 0.5 - margin
        color = graph.mix(outside, color, srgb("#f1efe9"))
    surface = graph.principled(
        base_color=color, roughness=float(rng.uniform(0.35, 0.7)), specular_ior_level=0.3
    )
    graph.finish(surface, seen_by_diffuse=mean(paper, *inks[:2]))
    return material


def _landscape(graph: NodeGraph, x: Wire, y: Wire, paper: Color, inks: list[Color], rng) -> Wire:
    top, low = (srgb(text) for text in _SKIES[int(rng.integers(len(_SKIES)))])
    layers = _HILLS[int(rng.integers(len(_HILLS)))]
    place = graph.vector(x, y, float(rng.uniform(0, 50)))
    cloud = graph.noise(graph.vector(x * 2.5, y * 7.0, float(rng.uniform(0, 50))), detail=3.0)
    color = graph.mix(y.ramp(0.35, 1.0), low, top)
    color = graph.mix(cloud.ramp(0.5, 0.75) * 0.6, color, scaled(low, 1.25))
    if rng.random() < 0.5:
        sun = graph.vector(x - float(rng.uniform(0.2, 0.8)), y - float(rng.uniform(0.6, 0.85)))
        disc = graph.vector_math("LENGTH", sun).ramp(0.055, 0.065, 1.0, 0.0)
        color = graph.mix(disc, color, srgb("#f6e3b4"))
    for level, text in enumerate(layers):
        ridge = graph.noise(
            graph.vector(x, level * 3.0 + float(rng.uniform(0, 50))), 2.2 + level * 1.1, detail=3.0
        )
        height = 0.42 - 0.15 * level + (ridge - 0.5) * (0.5 - 0.1 * level)
        shade = graph.noise(place, 14.0, detail=2.0) if level == len(layers) - 1 else None
        tone = srgb(text) if shade is None else graph.mix(shade, srgb(text), scaled(srgb(text), 2.0))
        color = graph.mix((height - y).ramp(-0.004, 0.004), color, tone)
    return color


def _fields(graph: NodeGraph, x: Wire, y: Wire, paper: Color, inks: list[Color], rng) -> Wire:
    # Soft-edged blocks of colour, one above the other.
    wobble = (graph.noise(graph.vector(x, y, float(rng.uniform(0, 50))), 5.0, detail=4.0) - 0.5) * 0.05
    brushed = graph.noise(graph.vector(x * 4.0, y * 30.0), detail=3.0)
    inset = (x - 0.5).abs() + wobble
    color: Wire | Color = scaled(inks[0], float(rng.uniform(0.6, 1.2)))
    edges = np.sort(rng.uniform(0.15, 0.85, 2))
    bands = [(0.07, edges[0] - 0.03), (edges[0] + 0.03, edges[1] - 0.02), (edges[1] + 0.03, 0.94)]
    for (low, high), ink in zip(bands, [*inks[1:], paper]):
        if high - low < 0.06:
            continue
        band = (y + wobble).ramp(low, low + 0.02) * (y + wobble).ramp(high - 0.02, high, 1.0, 0.0)
        color = graph.mix(band * inset.ramp(0.4, 0.425, 0.94, 0.0), color, ink)
    return color * (0.85 + brushed * 0.3)


def _stripes(graph: NodeGraph, x: Wire, y: Wire, paper: Color, inks: list[Color], rng) -> Wire:
    along = x if rng.random() < 0.5 else y
    if rng.random() < 0.3:
        along = along * 0.8 + (y if along is x else x) * 0.4
    count = int(rng.integers(5, 11))
    cuts = np.sort(np.concatenate([[0.0], rng.uniform(0.03, 0.97, count)]))
    tones = [paper, *inks, mean(paper, inks[0])]
    stops = [(float(cut), tones[int(rng.integers(len(tones)))]) for cut in cuts]
    dry = graph.noise(graph.vector(x * 60.0, y * 60.0), detail=2.0)
    return graph.colors(along, stops, "CONSTANT") * (0.9 + dry * 0.2)


def _discs(graph: NodeGraph, x: Wire, y: Wire, paper: Color, inks: list[Color], rng) -> Wire:
    # Mid-century cut-outs: discs, half discs and arches on paper.
    color: Wire | Color = paper
    for ink in [*inks, *inks[:2]]:
        cx, cy, radius = rng.uniform(0.15, 0.85), rng.uniform(0.15, 0.85), rng.uniform(0.1, 0.3)
        dx, dy = x - float(cx), y - float(cy)
        inside = (graph.vector_math("LENGTH", graph.vector(dx, dy)) - float(radius)).ramp(
            0.0, 0.004, 1.0, 0.0
        )
        kind = rng.random()
        if kind < 0.35:
            inside = inside * (dy > 0.0)
        elif kind < 0.6:
            inside = ((dx.abs() - float(radius)).ramp(0.0, 0.004, 1.0, 0.0) * (dy < 0.0)).max(inside)
        color = graph.mix(inside, color, ink)
    return color


def _contours(graph: NodeGraph, x: Wire, y: Wire, paper: Color, inks: list[Color], rng) -> Wire:
    # Ink lines of equal height, as on a map or a woodcut.
    field = graph.noise(
        graph.vector(x, y, float(rng.uniform(0, 50))), float(rng.uniform(1.6, 3.2)), detail=1.0
    )
    line = texture.stripes(field, float(rng.uniform(0.02, 0.045)), 0.2, 0.004)
    tinted = graph.mix(field.ramp(0.35, 0.65), paper, mean(paper, paper, inks[0]))
    return graph.mix(line, tinted, inks[1])


def _brushwork(graph: NodeGraph, x: Wire, y: Wire, paper: Color, inks: list[Color], rng) -> Wire:
    # Broad strokes: a warped noise cut into a few tones.
    offset = float(rng.uniform(0, 50))
    warp = graph.noise_vector(graph.vector(x, y, offset), 2.0, detail=2.0)
    place = (
        graph.vector(x * float(rng.uniform(0.5, 1.5)), y * float(rng.uniform(0.5, 2.5)), offset) + warp * 0.9
    )
    field = graph.noise(place, 2.0, detail=5.0, roughness=0.62)
    tones = [paper, *inks]
    stops = [(0.3, tones[0]), (0.44, tones[1]), (0.52, tones[2]), (0.58, tones[0]), (0.68, tones[-1])]
    return graph.colors(field, stops, "LINEAR")


_DESIGNS = (_landscape, _landscape, _landscape, _fields, _stripes, _discs, _contours, _brushwork)


def book_cover(name: str, color: Color, foil: Color, rng: np.random.Generator) -> bpy.types.Material:
    """Cloth or glossy card with bands near one end, in the direction of the board attribute's long axis."""
    material, graph = new_material(name)
    along = graph.coordinates("Generated").xyz()[2]
    place = graph.coordinates("Object")
    shown: Wire | float = 0.0
    design = rng.random()
    if design < 0.3:
        low = float(rng.uniform(0.62, 0.78))
        shown = (along > low) * (along < low + float(rng.uniform(0.06, 0.14)))
    elif design < 0.55:
        shown = ((along > 0.86) * (along < 0.875)).max((along > 0.1) * (along < 0.115))
    cloth = graph.noise(place, 420.0, detail=1.0)
    grubby = graph.noise(place, 18.0, detail=2.0)
    glossy = rng.random() < 0.45
    tone = graph.mix(grubby, scaled(color, 0.88), scaled(color, 1.06))
    graph.finish(
        graph.principled(
            base_color=tone if isinstance(shown, float) else graph.mix(shown, tone, foil),
            roughness=float(rng.uniform(0.25, 0.4) if glossy else rng.uniform(0.6, 0.85)),
            normal=None if glossy else graph.bump(cloth * 0.0003),
        ),
        seen_by_diffuse=color,
    )
    return material
