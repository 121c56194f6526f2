"""What moves through a room: a ball that rolls, a balloon, a paper plane, a drone, mobiles, a robot vacuum.

All of it comes back to where it was, so that a shot may be of any length and nothing ever leaves the room. A
movement is kept only where spheres around the thing, carried along all of it, are clear of every surface of
the room and of all that other moving things sweep.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import bpy
import numpy as np

from synthgen.blender.scene_rays import SceneRays
from synthgen.blender.stage.board import add_board_coordinates
from synthgen.blender.stage.contact import FLOATS
from synthgen.blender.stage.stage import Stage
from synthgen.geometry.pose import transform_points
from synthgen.seeding import rng_for

from .layout.boxes import box_rows
from .layout.catalogue import solids
from .layout.room_plan import Layout, rectangles_of_room
from .look.palette import Palette
from .look.roles import WITH_BOARDS
from .movers import KINDS, Mover

TRIES = 40
"""Places tried for each kind of thing."""
STEPS = 96
"""Moments of a period at which a thing is looked at."""
EYES_M = 1.8
"""From here up one looks for the ceiling."""


def add_moving(stage: Stage, air: FreeAir, palette: Palette, spec: Any, seed: int) -> list[dict[str, object]]:
    """Add things that move to a finished room; returns what was drawn, as JSON values.

    Kinds take turns in an order of the seed. One that finds no way to go lets the next one try; when none of
    them does, the room has fewer moving things than it was to have.

    Parameters
    ----------
    spec : the spec's `moving`: count and speed_m_s
    """
    if int(spec.count) == 0:
        return []
    order = [list(KINDS)[index] for index in rng_for(seed, "moving").permutation(len(KINDS))]
    described: list[dict[str, object]] = []
    for number in range(int(spec.count)):
        turn = number % len(order)
        for kind in order[turn:] + order[:turn]:
            rng = rng_for(seed, "moving", number, kind)
            mover = _free_mover(kind, air, float(spec.speed_m_s), rng)
            if mover is not None:
                described.append(_add(stage, mover, number, palette, rng))
                break
        if len(described) == number:
            break  # there is no room left
    return described


def _free_mover(kind: str, air: FreeAir, speed_m_s: float, rng: np.random.Generator) -> Mover | None:
    for _ in range(TRIES):
        mover = KINDS[kind](air, speed_m_s * float(rng.uniform(0.7, 1.3)), rng)
        if mover is not None and air.take(mover):
            return mover
    return None


def _add(
    stage: Stage, mover: Mover, number: int, palette: Palette, rng: np.random.Generator
) -> dict[str, object]:
    instance = stage.instance(mover.class_name, contact=FLOATS)
    builder = mover.mesh()
    roles = builder.material_keys()
    painted = [role for role in roles if role.startswith("plastic:")]  # each thing in colours of its own
    others = [role for role in roles if role not in painted]
    materials = palette.materials_for(others, mover.kind, int(rng.integers(2**31)))
    materials |= {role: palette.material(f"{role}.{number}") for role in painted}
    mesh = builder.to_mesh(instance.name, materials)
    if any(role.partition(":")[0] in WITH_BOARDS for role in roles):
        add_board_coordinates(mesh, rng)
    made = bpy.data.objects.new(instance.name, mesh)
    stage.add_object(made, instance, tuple(mover.place_m), mover.yaw_deg)
    stage.move(instance, mover.motion)
    return {
        "kind": mover.kind,
        "class": mover.class_name,
        "position_m": [round(float(value), 3) for value in mover.place_m],
        "period_s": round(mover.period_s, 3),
    }


class FreeAir:
    """What is free of a furnished room, less what moving things sweep and floating ones fill."""

    def __init__(self, stage: Stage, layout: Layout) -> None:
        self.height_m = layout.height_m
        self._ceilings = {each.id for each in stage.instances if each.class_name == "ceiling"}
        self._floors = rectangles_of_room(layout.outline_m)
        boxes = [
            box_rows(solids(item.kind, item.size_m, item.params), np.array([item.position_m[:2]]),
                     np.array([item.yaw_deg]), item.position_m[2])[0]
            for item in layout.items
        ]  # fmt: skip
        self._boxes = np.vstack([np.empty((0, 8)), *boxes])
        self._swept = np.empty((0, 4))

    @cached_property
    def _rays(self) -> SceneRays:
        return SceneRays(bpy.context.evaluated_depsgraph_get())  # once, of the room without what is added

    def is_free(self, place: np.ndarray, radius_m: float) -> bool:
        """Whether a ball about (3,) a place meets nothing."""
        low, high = place - radius_m, place + radius_m
        if self._inside_of_something(place) or not self._rays.is_clear(place, radius_m):
            return False
        near = self._swept_near(low, high)
        return bool((np.linalg.norm(near[:, :3] - place, axis=1) > near[:, 3] + radius_m).all())

    def keep(self, place: np.ndarray, radius_m: float) -> None:
        """Fill a ball about (3,) a place."""
        self._swept = np.vstack([self._swept, [*place, radius_m]])

    def floor_point(self, rng: np.random.Generator) -> np.ndarray:
        """(2,) a place on the floor, free or not."""
        sizes = np.array([(x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in self._floors])
        x0, y0, x1, y1 = self._floors[int(rng.choice(len(sizes), p=sizes / sizes.sum()))]
        return rng.uniform((x0, y0), (x1, y1))

    def ceiling_above(self, xy: np.ndarray) -> float | None:
        """Height of the ceiling, or of a beam of it, above a place; None where something else hangs there."""
        start = np.array([*xy, EYES_M])
        hit = self._rays.cast(start, np.array([[0.0, 0.0, 1.0]]))
        level = hit.normal[0, 2] < -0.99
        return EYES_M + float(hit.distance[0]) if hit.instance[0] in self._ceilings and level else None

    def take(self, mover: Mover) -> bool:
        """Whether the whole way of a thing is free; from then on it is not."""
        at_rest, radii = mover.spheres[:, :3], mover.spheres[:, 3]
        if any(self._inside_of_something(centre) for centre in at_rest):
            return False
        times = np.arange(STEPS) * 37 % STEPS * (mover.period_s / STEPS)  # far apart: most ways end early
        ways = np.stack([transform_points(each, at_rest) for each in mover.carried_by.world_from_rest(times)])
        taken = self._swept_near(ways.min(axis=(0, 1)) - radii.max(), ways.max(axis=(0, 1)) + radii.max())
        for centres in ways:
            apart = np.linalg.norm(centres[:, None] - taken[:, :3], axis=-1)
            if (apart < radii[:, None] + taken[:, 3]).any():
                return False
            if not all(self._rays.is_clear(centre, radius) for centre, radius in zip(centres, radii)):
                return False
        swept = np.dstack([ways, np.broadcast_to(radii, ways.shape[:2])])
        self._swept = np.vstack([self._swept, swept.reshape(-1, 4)])
        return True

    def _swept_near(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """(n, 4) the spheres of moving things that reach into the box between (3,) low and high."""
        centre, radius = self._swept[:, :3], self._swept[:, 3:]
        return self._swept[((centre + radius > low) & (centre - radius < high)).all(axis=1)]

    def _inside_of_something(self, point: np.ndarray) -> bool:
        # Surfaces alone do not tell: a closed cupboard is as empty as the room.
        x, y, half_w, half_d, cos, sin, low, high = self._boxes.T
        dx, dy = point[0] - x, point[1] - y
        inside = (np.abs(dx * cos + dy * sin) < half_w) & (np.abs(dy * cos - dx * sin) < half_d)
        return bool((inside & (low < point[2]) & (point[2] < high)).any())
