"""A floor and five spheres under a sky, two of which roll about: rays against it are exact in float64."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthgen.geometry.pose import camera_rotation, world_from_camera
from synthgen.seeding import rng_for

FLOOR_END_M = 60.0
"""Radius of the floor around the origin, so that depth in 16-bit millimetres holds every frame."""
SPHERES = 5
MOVING = (0, 1)
"""The spheres that move."""
FIRST_SPHERE_ID = 2
"""Instance id of sphere 0; the floor is 1."""


@dataclass(frozen=True, slots=True)
class Hits:
    """First surfaces along rays.

    Attributes
    ----------
    depth : (...) float64, in lengths of the ray; +inf where nothing is hit
    instance : (...) ids, 0 where nothing is hit
    normal : (..., 3) float64, world, facing the ray's origin
    """

    depth: np.ndarray
    instance: np.ndarray
    normal: np.ndarray


@dataclass(frozen=True, slots=True)
class SphereScene:
    """The scene as it is at one time.

    Attributes
    ----------
    seed : that of the job
    time_s : when
    world_from_sphere : (5, 4, 4) poses; a sphere's origin is its centre
    radii : (5,) metres
    colours : (7, 3) code values by instance id
    """

    seed: int
    time_s: float
    world_from_sphere: np.ndarray
    radii: np.ndarray
    colours: np.ndarray

    @classmethod
    def at(cls, seed: int, time_s: float) -> SphereScene:
        """The scene of a job's seed `time_s` seconds after its start; any time will do."""
        rng = rng_for(seed, "spheres")
        centres = np.column_stack(
            [rng.uniform(2, 6, SPHERES), rng.uniform(-2, 2, SPHERES), np.zeros(SPHERES)]
        )
        radii = rng.uniform(0.2, 0.6, SPHERES)
        centres[:, 2] = radii
        colours = rng.uniform(40, 230, (SPHERES + 2, 3))
        poses = np.array([world_from_camera(centre, np.eye(3)) for centre in centres])
        for index in MOVING:
            turn = camera_rotation(80 * time_s, 30 * math.sin(time_s)) @ camera_rotation(0.0).T
            poses[index, :3, :3] = turn
            poses[index, 0, 3] += 0.4 * math.sin((1.1 + index) * time_s)
            poses[index, 1, 3] += 0.6 * math.sin((1.7 - index) * time_s)
        return cls(seed, time_s, poses, radii, colours)

    @property
    def moving(self) -> dict[int, np.ndarray]:
        """Instance id to (4, 4) world_from_object of what moves."""
        return {index + FIRST_SPHERE_ID: self.world_from_sphere[index] for index in MOVING}

    def trace(self, origin: np.ndarray, rays: np.ndarray) -> Hits:
        """What (..., 3) world rays from a point hit first. A ray (0, 0, 0) hits nothing."""
        depth = self._floor(origin, rays)
        instance = np.where(np.isfinite(depth), 1, 0)
        normal = np.zeros_like(rays)
        normal[instance == 1] = (0.0, 0.0, 1.0)
        for index in range(SPHERES):
            centre, radius = self.world_from_sphere[index, :3, 3], self.radii[index]
            near, _ = self._sphere(index, origin, rays)
            nearer = near < depth
            depth = np.where(nearer, near, depth)
            instance = np.where(nearer, index + FIRST_SPHERE_ID, instance)
            normal[nearer] = (origin + near[nearer, None] * rays[nearer] - centre) / radius
        return Hits(depth, instance, normal)

    def surfaces(self, origin: np.ndarray, rays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All surfaces along (..., 3) world rays from front to back: their depths and ids, each (..., 11)."""
        found = [(self._floor(origin, rays), 1)]
        for index in range(SPHERES):
            found += [(depth, index + FIRST_SPHERE_ID) for depth in self._sphere(index, origin, rays)]
        depth = np.stack([each for each, _ in found], axis=-1)
        ids = np.where(np.isfinite(depth), [label for _, label in found], 0)
        order = np.argsort(depth, axis=-1, kind="stable")
        return np.take_along_axis(depth, order, axis=-1), np.take_along_axis(ids, order, axis=-1)

    @staticmethod
    def _floor(origin: np.ndarray, rays: np.ndarray) -> np.ndarray:
        down = rays[..., 2] < 0
        depth = np.where(down, -origin[2] / np.where(down, rays[..., 2], -1.0), np.inf)
        place = origin[:2] + np.where(down, depth, 0.0)[..., None] * rays[..., :2]
        return np.where((place**2).sum(-1) <= FLOOR_END_M**2, depth, np.inf)

    def _sphere(self, index: int, origin: np.ndarray, rays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Depths at which rays enter and leave a sphere; +inf where they miss it or it lies behind."""
        offset = origin - self.world_from_sphere[index, :3, 3]
        a, b = (rays**2).sum(-1), rays @ offset
        discriminant = b**2 - a * ((offset**2).sum() - self.radii[index] ** 2)
        crossed = (discriminant >= 0) & (a > 0)
        root, a = np.sqrt(np.where(crossed, discriminant, 0.0)), np.where(crossed, a, 1.0)
        enter, leave = (np.where(crossed, (-b + sign * root) / a, np.inf) for sign in (-1, 1))
        return np.where(enter > 0, enter, np.inf), np.where(leave > 0, leave, np.inf)
