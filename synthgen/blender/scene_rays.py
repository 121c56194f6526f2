"""Rays and distances against everything visible in an evaluated scene.

Blender keeps one search tree per mesh and makes it at the first use; `Scene.ray_cast` asks every object's
tree for every ray. Here rays meet the objects' bounding boxes first, all at once in numpy, and only the trees
of boxes that are hit are asked, nearest first: several times quicker with a hundred objects.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector

from synthgen.blender.stage.stage import instance_id

FAR_M = 1e5
"""Farther than anything: rays end here."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What (n,) rays meet first.

    Attributes
    ----------
    distance : (n,) float64, metres along the ray; +inf where nothing is hit
    instance : (n,) int, id of the object's instance; 0 where nothing is hit
    normal : (n, 3) float64, world, as the face has it (not turned towards the ray); 0 where nothing is hit
    """

    distance: np.ndarray
    instance: np.ndarray
    normal: np.ndarray


@dataclass(frozen=True, slots=True)
class _Thing:
    mesh: bpy.types.Object
    inverse: np.ndarray
    normal_matrix: np.ndarray
    stretch: float
    """The most that a length grows on the way into the object's own units."""
    instance: int


class SceneRays:
    """The visible meshes of a scene, their places frozen as the depsgraph has them now."""

    def __init__(self, depsgraph: bpy.types.Depsgraph) -> None:
        self._things: list[_Thing] = []
        low, high = [], []
        for each in depsgraph.object_instances:
            made = (each.instance_object if each.is_instance else each.object).original
            mesh = made.evaluated_get(depsgraph)
            if made.type != "MESH" or made.hide_render or not made.visible_camera or not mesh.data.polygons:
                continue
            world = np.array(each.matrix_world)
            corners = np.array([tuple(corner) for corner in mesh.bound_box]) @ world[:3, :3].T + world[:3, 3]
            inverse = np.linalg.inv(world)
            stretch = float(np.linalg.norm(inverse[:3, :3], 2))
            self._things.append(_Thing(mesh, inverse, inverse[:3, :3].T, stretch, instance_id(made)))
            low.append(corners.min(axis=0))
            high.append(corners.max(axis=0))
        self._low = np.array(low).reshape(-1, 3) - 1e-4
        self._high = np.array(high).reshape(-1, 3) + 1e-4

    def __len__(self) -> int:
        return len(self._things)

    def cast(self, origin: np.ndarray, directions: np.ndarray) -> Hits:
        """First hits of rays from (3,) `origin` along (n, 3) unit `directions`."""
        count = len(directions)
        distance, instance, normal = np.full(count, np.inf), np.zeros(count, dtype=int), np.zeros((count, 3))
        if not self._things:
            return Hits(distance, instance, normal)
        entry = self._box_entry(origin, directions)
        order = np.argsort(entry, axis=1, kind="stable")
        starts = [tuple(thing.inverse[:3, :3] @ origin + thing.inverse[:3, 3]) for thing in self._things]
        local = np.stack([directions @ thing.inverse[:3, :3].T for thing in self._things], axis=1)
        stretch = np.linalg.norm(local, axis=2)
        for ray in range(count):
            nearest, hit = math.inf, None
            for index in order[ray]:
                if entry[ray, index] >= nearest or entry[ray, index] == np.inf:
                    break
                scale = stretch[ray, index]
                reach = min(nearest, FAR_M) * scale
                thing = self._things[index]
                found, place, face, _ = thing.mesh.ray_cast(
                    starts[index], Vector(local[ray, index]), distance=reach
                )
                if found:
                    away = math.dist(place, starts[index]) / scale
                    if away < nearest:
                        nearest, hit = away, (thing, face)
            if hit is not None:
                distance[ray], instance[ray] = nearest, hit[0].instance
                normal[ray] = hit[0].normal_matrix @ np.array(hit[1])
        length = np.linalg.norm(normal, axis=1, keepdims=True)
        return Hits(distance, instance, normal / np.where(length > 0, length, 1.0))

    def is_clear(self, point: np.ndarray, radius_m: float) -> bool:
        """Whether no surface lies within `radius_m` of (3,) `point`: exact, not sampled."""
        for index in np.flatnonzero(self._box_distance(point) < radius_m):
            thing = self._things[index]
            local = thing.inverse[:3, :3] @ point + thing.inverse[:3, 3]
            # In the object's own units; under uneven scale the largest stretch is the safe one.
            reach = radius_m * thing.stretch
            found, place, _, _ = thing.mesh.closest_point_on_mesh(Vector(local), distance=reach)
            if found:
                world = np.linalg.solve(thing.inverse[:3, :3], np.array(place) - local)
                if float(np.linalg.norm(world)) < radius_m:
                    return False
        return True

    def distance_m(self, point: np.ndarray, limit_m: float) -> float:
        """Distance from (3,) `point` to the nearest surface, at most `limit_m`.

        Exact but for objects with uneven scale, which count as nearer than they are.
        """
        nearest, away = limit_m, self._box_distance(point)
        for index in np.argsort(away, kind="stable"):
            if away[index] >= nearest:
                break
            thing = self._things[index]
            local = thing.inverse[:3, :3] @ point + thing.inverse[:3, 3]
            found, place, _, _ = thing.mesh.closest_point_on_mesh(
                Vector(local), distance=nearest * thing.stretch
            )
            if found:
                nearest = min(nearest, math.dist(place, local) / thing.stretch)
        return nearest

    def is_open(self, start: np.ndarray, end: np.ndarray) -> bool:
        """Whether no surface lies between two points (3,)."""
        length = math.dist(start, end)
        if not length or not self._things:
            return True
        direction = (end - start) / length
        for index in np.flatnonzero(self._box_entry(start, direction[None])[0] <= length):
            thing = self._things[index]
            local = thing.inverse[:3, :3] @ start + thing.inverse[:3, 3]
            along = thing.inverse[:3, :3] @ direction
            reach = length * float(np.linalg.norm(along))
            if thing.mesh.ray_cast(tuple(local), Vector(along), distance=reach)[0]:
                return False
        return True

    def _box_distance(self, point: np.ndarray) -> np.ndarray:
        """(objects,) distance from (3,) `point` to the bounding boxes; 0 inside of them."""
        away = np.maximum(np.maximum(self._low - point, point - self._high), 0.0)
        return np.sqrt((away * away).sum(axis=1))

    def _box_entry(self, origin: np.ndarray, directions: np.ndarray) -> np.ndarray:
        """(rays, objects) distance at which rays enter the bounding boxes; inf where they miss."""
        with np.errstate(divide="ignore", invalid="ignore"):
            inverse = 1.0 / directions[:, None, :]
            first = (self._low - origin) * inverse
            second = (self._high - origin) * inverse
        near = np.nanmax(np.minimum(first, second), axis=2)
        far = np.nanmin(np.maximum(first, second), axis=2)
        return np.where((far >= np.maximum(near, 0.0)), np.maximum(near, 0.0), np.inf)
