"""Soft surfaces: woven cloth, knit and fur-like carpets, rugs with patterns, leather, cane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import bpy

from synthgen.blender.stage import texture
from synthgen.blender.stage.material import Color, NodeGraph, Wire, new_material
from synthgen.blender.stage.surface import mean, scaled

ClothPattern = Literal["plain", "stripes", "check", "dots", "chevron", "band"]
RugPattern = Literal["plain", "border", "kilim", "diamonds", "medallion", "stripes"]


def fabric(name: str, color: Color, other: Color, *, pattern: ClothPattern = "plain",
           thread_m: float = 0.004, period_m: float = 0.06, sheen: float = 0.25,
           relief: float = 1.0) -> bpy.types.Material:  # fmt: skip
    """Woven cloth: uneven yarn of two tones, a pattern woven in, the weave as relief, soft sheen."""
    material, graph = new_material(name)
    u, v = texture.box_plane(graph)
    yarn = texture.melange(graph, u, v, thread_m=thread_m)
    relief_m = texture.weave(graph, u, v, thread_m=thread_m)
    ground: Wire | Color = color
    if pattern != "plain":
        ground = graph.mix(_cloth_pattern(graph, pattern, u, v, period_m), color, other)
    body = graph.mix(yarn.ramp(0.32, 0.68), _times(graph, ground, 0.8), _times(graph, ground, 1.13))
    graph.finish(
        graph.principled(
            base_color=body,
            roughness=0.85,
            specular_ior_level=0.15,
            sheen_weight=sheen,
            sheen_roughness=0.4,
            normal=graph.bump((relief_m + yarn * 1.5) * (thread_m * 0.16 * relief)),
        ),
        seen_by_diffuse=color if pattern == "plain" else mean(color, color, other),
    )
    return material


def _times(graph: NodeGraph, color: Wire | Color, factor: float) -> Wire | Color:
    return color * factor if isinstance(color, Wire) else scaled(color, factor)


def _cloth_pattern(graph: NodeGraph, pattern: ClothPattern, u: Wire, v: Wire, period_m: float) -> Wire:
    if pattern == "stripes":
        return texture.stripes(u, period_m, 0.4)
    if pattern == "band":
        return texture.stripes(v, period_m * 5, 0.06)
    if pattern == "check":
        return texture.stripes(u, period_m, 0.5) * 0.5 + texture.stripes(v, period_m, 0.5) * 0.5
    if pattern == "chevron":
        zigzag = ((u / period_m).fraction() - 0.5).abs() * period_m
        return texture.stripes(v + zigzag, period_m * 0.5, 0.45)
    du, dv = (u / period_m).fraction() - 0.5, (v / period_m).fraction() - 0.5
    return (du * du + dv * dv).ramp(0.028, 0.034, 1.0, 0.0)


def drape(name: str, color: Color, *, passing: float = 0.4, thread_m: float = 0.003) -> bpy.types.Material:
    """Curtain cloth: hangs in threads, and the part `passing` of the light shines through."""
    material, graph = new_material(name)
    x, y, z = graph.coordinates("Object").xyz()
    warp = graph.noise(graph.vector(x / thread_m, y / thread_m, z / (thread_m * 40)), 0.5, detail=1.0)
    weft = graph.noise(graph.vector(x / (thread_m * 20), y / (thread_m * 20), z / thread_m), 0.5, detail=1.0)
    cloth = graph.mix(((warp + weft) * 0.5).ramp(0.35, 0.65), scaled(color, 0.85), scaled(color, 1.06))
    front = graph.principled(base_color=cloth, roughness=0.9, specular_ior_level=0.1, sheen_weight=0.15)
    through = graph.shader("Translucent", color=cloth)
    graph.finish(graph.blend(passing, front, through))
    return material


def carpet(name: str, color: Color, *, pile_m: float = 0.006) -> bpy.types.Material:
    """Fitted carpet: tufts, and clouds where the pile was stroked."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    tuft = graph.noise(position, 0.55 / pile_m, detail=2.0, roughness=0.7)
    stroked = graph.noise(position, 2.2, detail=3.0)
    tone = tuft.ramp(0.3, 0.75) * 0.7 + stroked.ramp(0.35, 0.65) * 0.3
    graph.finish(
        graph.principled(
            base_color=graph.mix(tone, scaled(color, 0.66), scaled(color, 1.18)),
            roughness=0.95,
            specular_ior_level=0.08,
            sheen_weight=0.3,
            normal=graph.bump(tuft * (pile_m * 0.6)),
        ),
        seen_by_diffuse=color,
    )
    return material


def rug(name: str, colors: Sequence[Color], *, pattern: RugPattern = "border", scale: float = 1.0,
        shaggy: float = 0.3, shift: float = 0.0) -> bpy.types.Material:  # fmt: skip
    """A rug around the object's origin: colours are ground, figure, border and accent.

    Patterns use the object's x, y in metres; frames use its bounding box, so that they follow any size.
    shift : moves the figure, so that two rugs of one pattern differ
    """
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    x, y, _ = position.xyz()
    across, along, _ = graph.coordinates("Generated").xyz()
    p, q = (across - 0.5).abs(), (along - 0.5).abs()
    ground, figure, border, accent = (tuple(color) for color in colors)
    rim = p.max(q)
    knot = graph.noise(graph.vector(x * 150.0, y * 150.0), detail=1.0)
    ragged = (knot - 0.5) * 0.01
    if pattern == "plain":
        color: Wire | Color = ground
    elif pattern == "border":
        color = graph.colors(
            rim + ragged * 0.3, _steps((0.0, ground), (0.41, border), (0.435, ground)), "CONSTANT"
        )
    elif pattern == "stripes":
        color = graph.colors(
            (along * (3.0 * scale) + shift + ragged).fraction(),
            _steps(
                (0.0, ground), (0.34, figure), (0.42, ground), (0.5, border), (0.72, accent), (0.76, ground)
            ),
            "CONSTANT",
        )
    elif pattern == "kilim":
        steps = ((across * (9.0 * scale)).fraction() - 0.5).abs()
        bands = (along * (4.0 * scale) + (steps * 6.0).floor() * 0.045 + shift).fraction()
        color = graph.colors(
            bands,
            _steps(
                (0.0, ground), (0.22, figure), (0.34, accent), (0.42, ground), (0.6, border), (0.84, figure)
            ),
            "CONSTANT",
        )
    elif pattern == "diamonds":
        wobble = graph.noise_vector(position, 4.0) * 0.05
        wx, wy, _ = (position + wobble).xyz()
        size = 0.42 / scale
        net = texture.stripes(wx + wy * 0.7, size, 0.09).max(texture.stripes(wx - wy * 0.7, size, 0.09))
        color = graph.mix(net, ground, figure)
    else:
        color = _medallion(graph, p, q, x, y, (ground, figure, border, accent), scale, shift)
    worn = graph.noise(position, 3.0, detail=3.0)
    body = graph.mix(knot.ramp(0.25, 0.75), _times(graph, color, 0.72), _times(graph, color, 1.12))
    body = body * (0.85 + worn * 0.3)
    graph.finish(
        graph.principled(
            base_color=body,
            roughness=0.95,
            specular_ior_level=0.08,
            sheen_weight=0.2,
            normal=graph.bump(knot * (0.0015 + 0.006 * shaggy)),
        ),
        seen_by_diffuse=mean(ground, ground, figure, border),
    )
    return material


def _steps(*stops: tuple[float, Color]) -> list[tuple[float, Color]]:
    return list(stops)


def _medallion(graph: NodeGraph, p: Wire, q: Wire, x: Wire, y: Wire, colors: Sequence[Color], scale: float,
               shift: float) -> Wire:  # fmt: skip
    # Oriental: nested frames, a pointed medallion, and a field of small ornaments folded from noise, so that
    # left and right, top and bottom mirror each other.
    ground, figure, border, accent = colors
    rim = p.max(q)
    folded = graph.vector(x.abs(), y.abs(), shift * 7.0)
    ornament = (graph.noise(folded, 17.0 * scale, detail=1.0) * 26.0).sin()
    petal = (p * p * 1.0 + q * q).ramp(0.0, 0.25) * 8.0 + ornament * 0.18
    field = graph.mix(petal < 1.25, ground, border)
    field = graph.mix(petal < 0.62, field, figure)
    field = graph.mix(ornament > 0.72, field, accent)
    framed = graph.mix(rim > 0.385, field, figure)
    framed = graph.mix((rim > 0.4) * (ornament < 0.55), framed, border)
    framed = graph.mix(rim > 0.465, framed, accent)
    return graph.mix(rim > 0.478, framed, ground)


def leather(name: str, color: Color, *, wear: float = 0.2, gloss: float = 0.45) -> bpy.types.Material:
    """Leather: pebbled grain, darker creases, a gloss that wear makes patchy."""
    material, graph = new_material(name)
    position = graph.coordinates("Object")
    pebble = graph.cells(position, 320.0)
    crease = graph.noise(position, 16.0, detail=4.0, roughness=0.6, distortion=0.8)
    tone = crease.ramp(0.3, 0.7)
    hide = graph.mix(tone, scaled(color, 0.72), scaled(color, 1.1))
    if wear > 0.05:
        rubbed = graph.noise(position, 5.0, detail=3.0).ramp(0.52, 0.75)
        hide = graph.mix(rubbed * (0.7 * wear), hide, scaled(color, 1.3))
    graph.finish(
        graph.principled(
            base_color=hide,
            roughness=0.62 - gloss * 0.35 + tone * 0.15,
            normal=graph.bump(pebble * -0.00045 + crease * 0.0009),
        ),
        seen_by_diffuse=color,
    )
    return material


def cane(name: str, color: Color) -> bpy.types.Material:
    """Rattan and wicker: strands that go over and under."""
    material, graph = new_material(name)
    u, v = texture.box_plane(graph)
    strand = 0.011
    row = (v / strand).floor()
    over = (u / (strand * 2.2) + (row % 2.0) * 0.5).fraction()
    hill = ((over - 0.5).abs() * 2.0).ramp(0.0, 1.0, 1.0, 0.0)
    round_row = (((v / strand).fraction() - 0.5).abs() * 2.0).ramp(0.4, 1.0, 1.0, 0.0)
    height = hill * round_row
    streak = graph.noise(graph.vector(u * 40.0, v * 400.0), detail=1.0)
    tone = height * 0.7 + streak * 0.3
    graph.finish(
        graph.principled(
            base_color=graph.mix(tone, scaled(color, 0.28), scaled(color, 1.1)),
            roughness=0.5,
            normal=graph.bump(height * 0.0035),
        ),
        seen_by_diffuse=scaled(color, 0.75),
    )
    return material
