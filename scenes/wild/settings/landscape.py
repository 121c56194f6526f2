"""Open country: ground, rocks, trees and grass around a clearing."""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from synthgen.blender.stage.contact import JOINED, STANDS
from synthgen.blender.stage.material import Color
from synthgen.blender.stage.stage import Stage
from synthgen.frame.bundle import Instance
from synthgen.seeding import rng_for

from ..layout.free import Taken
from ..layout.space import Space, away, disc
from ..look import weathered
from ..look.colours import pick, varied
from ..look.palette import TEXTURE_PROPERTY, Palette, texture_size
from ..mesh import mesh_of
from ..solids.solid import Solid, about_z, any_rotation
from ..things import make_thing
from ..things.thin import grass_patch
from .terrain import CLEARING_M, EDGE_M, Terrain, make_terrain

COVERS: dict[str, tuple[str, str, str, float]] = {
    "meadow": ("#5d6f34", "#6f5d42", "#7d776c", 1.0),
    "dry_grass": ("#a39255", "#7d6a48", "#8a7f70", 0.8),
    "desert": ("#c9a877", "#b28a5c", "#a5654a", 0.12),
    "forest_floor": ("#5a4632", "#4d5a2c", "#6f6a62", 1.0),
    "gravel": ("#8d8880", "#6f6b64", "#77736c", 0.3),
    "moor": ("#57502f", "#3f4426", "#5d5a55", 0.8),
    "snow": ("#e9edf2", "#d3d9e0", "#6d6c6c", 0.35),
    "red_earth": ("#9a5a3a", "#7a6a3c", "#8a5a48", 0.6),
}
"""Two covers that lie in patches, the rock below, and how much grows on them."""
TREES = ("leafy_tree", "conifer", "bare_tree")
SLOPE = 0.9
"""Nothing is put where the ground is steeper."""


def make_landscape(stage: Stage, spec: Any, seed: int) -> tuple[Space, Terrain, dict[str, object]]:
    """The ground, and where things may be on it."""
    rng = rng_for(seed, "landscape")
    terrain = make_terrain(float(spec.landscape.relief_m), rng)
    cover = str(pick(rng, list(COVERS)))
    instance = stage.instance("ground", contact=JOINED.giving())
    mesh = mesh_of([terrain.solid()], instance.name, {"ground": _ground(cover, rng)}, None)
    stage.add_object(bpy.data.objects.new(instance.name, mesh), instance)

    def on_ground(rng: np.random.Generator) -> np.ndarray:
        while True:
            angle, radius = rng.uniform(0, 2 * math.pi), away(rng, 1.3, 150.0)
            xy = np.array([math.cos(angle), math.sin(angle)]) * radius
            if terrain.steepness(xy) < SLOPE:
                return xy

    def in_air(rng: np.random.Generator) -> np.ndarray:
        xy = on_ground(rng)
        high = float(np.linalg.norm(xy)) * math.tan(rng.uniform(0.02, 0.55))
        return np.array([*xy, float(terrain.height(xy)) + 0.6 + high])

    space = Space(
        ground=terrain.height,
        on_ground=on_ground,
        in_air=in_air,
        growth=lambda place: 1.0 + float(np.linalg.norm(place)) / 9.0,
        inside=lambda xy, radius, low, high: float(np.linalg.norm(xy)) + radius < EDGE_M,
        outline_m=disc(CLEARING_M),
        clearing_m=1.1,
    )
    return space, terrain, {"cover": cover}


def _ground(cover: str, rng: np.random.Generator) -> bpy.types.Material:
    first, second, rock, _ = COVERS[cover]
    colors: list[Color] = [varied(rng, (text,), 0.15) for text in (first, second, rock)]
    return weathered.ground(
        "ground", *colors, patch_m=float(np.exp(rng.uniform(math.log(1.5), math.log(12.0))))
    )


def scatter(
    stage: Stage, spec: Any, terrain: Terrain, taken: Taken, palette: Palette, cover: str, seed: int
) -> dict[str, int]:
    """Rocks, trees, bushes and grass where there is room; each a few meshes, many times over."""
    grows, stony = float(spec.landscape.plants) * COVERS[cover][3], float(spec.landscape.rocks)
    rng = rng_for(seed, "scatter")
    boulders, trees = round(90 * stony), round(70 * grows)
    rocks = [_mesh("rock", palette, rng) for _ in range(2 if boulders else 0)]
    kinds = [TREES[index] for index in rng.permutation(len(TREES))[: int(rng.integers(1, 3))]]
    counts = {"rock": _scattered(stage, terrain, taken, "object", rocks, boulders, (0.2, 1.3), 1.5, rng)}
    for kind, count, sizes_m, near_m in (
        *((kind, trees // len(kinds), (3.5, 9.0), 7.0) for kind in kinds),
        ("bush", trees // 2, (0.5, 1.6), 2.5),
        ("fern", trees // 3, (0.4, 1.1), 1.5),
    ):
        if count:
            made = [_mesh(kind, palette, rng) for _ in range(3 - len(kinds) if kind in kinds else 1)]
            counts[kind] = _scattered(stage, terrain, taken, "plant", made, count, sizes_m, near_m, rng)
    if turf := round(170 * grows):
        made, instance = [_turf(palette, rng)], stage.instance("plant", "turf", JOINED.giving())
        counts["turf"] = _carpet(stage, terrain, instance, made, turf, (0.8, 1.6), rng)
    if rocks:
        instance, pebbles = stage.instance("object", "pebbles", JOINED.giving()), round(150 * stony)
        counts["pebbles"] = _carpet(stage, terrain, instance, rocks, pebbles, (0.03, 0.14), rng)
    return counts


def _scattered(
    stage: Stage, terrain: Terrain, taken: Taken, class_name: str, meshes: list[Mesh], count: int,
    sizes_m: tuple[float, float], near_m: float, rng: np.random.Generator,
) -> int:  # fmt: skip
    """Things each on its own, as far as there is room; returns how many."""
    rock = class_name == "object"
    angle, radius = (
        rng.uniform(0, 2 * math.pi, count),
        near_m * (0.9 * EDGE_M / near_m) ** rng.uniform(0, 1, count),
    )
    places = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    sizes = rng.uniform(*sizes_m, count) * (1.0 + radius / 40.0 * rock)
    steep = terrain.steepness(places)
    placed = 0
    for xy, size in zip(places[steep < SLOPE], sizes[steep < SLOPE]):
        mesh, points = meshes[int(rng.integers(len(meshes)))]
        rotation = any_rotation(rng) if rock else about_z(rng.uniform(0, 2 * math.pi))
        turned = points @ rotation.T * size
        wide, low = float(np.hypot(turned[:, 0], turned[:, 1]).max()), float(turned[:, 2].min())
        feet = xy + turned[turned[:, 2] < low + 0.02 * size, :2]
        floor = float(terrain.height(feet).min())
        # A rock lies a fifth deep in the ground, a plant as deep as a slope asks for.
        foot = floor - low - (0.2 if rock else 0.02) * size
        if not taken.is_free(xy, wide, foot + low, foot + size):
            continue
        taken.add(xy, wide, foot + low, foot + size)
        instance = stage.instance(class_name, contact=STANDS)
        made = bpy.data.objects.new(instance.name, mesh)
        _place(stage, made, instance, rotation * size, np.array([*xy, foot]), texture_size(size) / size)
        placed += 1
    return placed


def _carpet(
    stage: Stage, terrain: Terrain, instance: Instance, meshes: list[Mesh], count: int,
    sizes_m: tuple[float, float], rng: np.random.Generator,
) -> int:  # fmt: skip
    """Turf or pebbles in patches near the clearing, all of them one instance; they may touch anything."""
    patches = np.column_stack([rng.uniform(0, 2 * math.pi, 14), 1.2 * 20 ** rng.uniform(0, 1, 14)])
    turn, radius = patches[rng.integers(len(patches), size=count)].T
    places = np.column_stack([np.cos(turn), np.sin(turn)]) * radius[:, None]
    places += rng.normal(0, 1, (count, 2)) * (0.2 * radius + 0.4)[:, None]
    sizes = rng.uniform(*sizes_m, count) * (1 + 0.02 * np.linalg.norm(places, axis=1))
    tilts, floors = terrain.tilt(places, 0.4 * sizes), terrain.height(places)
    for xy, size, tilt, floor in zip(places, sizes, tilts, floors):
        mesh, points = meshes[int(rng.integers(len(meshes)))]
        rotation = tilt @ about_z(rng.uniform(0, 2 * math.pi))
        foot = np.array([*xy, floor]) - tilt[:, 2] * (points[:, 2].min() + 0.04) * size
        _place(stage, bpy.data.objects.new(instance.name, mesh), instance, rotation * size, foot, 1.0)
    return count


Mesh = tuple[bpy.types.Mesh, np.ndarray]


def _mesh(name: str, palette: Palette, rng: np.random.Generator) -> Mesh:
    """A mesh of size 1, and its points."""
    return _of(make_thing(name, 1.0, rng), name, palette, rng)


def _turf(palette: Palette, rng: np.random.Generator) -> Mesh:
    """A round piece of turf, 1 m wide."""
    high = float(rng.uniform(0.12, 0.3))
    return _of([grass_patch(rng, tufts=34, blades=16, wide=1.0, high=high)], "turf", palette, rng)


def _of(pieces: list[Solid], name: str, palette: Palette, rng: np.random.Generator) -> Mesh:
    chosen = {piece.part: palette.choose(piece.part, rng) for piece in pieces}
    mesh = mesh_of(pieces, name, {part: palette.material(each) for part, each in chosen.items()}, None)
    return mesh, np.vstack([piece.points for piece in pieces])


def _place(
    stage: Stage,
    made: bpy.types.Object,
    instance: Instance,
    linear: np.ndarray,
    position_m: np.ndarray,
    texture: float,
) -> None:
    stage.add_object(made, instance)
    made[TEXTURE_PROPERTY] = texture
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = linear, position_m
    made.matrix_world = Matrix(matrix)
