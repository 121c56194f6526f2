"""What is wrong with where things are: two that run into each other, one that hangs in the air.

Only instances of which the builder said how they meet others are looked at (`Stage.instance`).
How far a point is from a surface changes no faster than the point moves. So a ball around a part of one
surface is settled by its middle alone when that is farther from the other surface than the ball reaches; what
is left is cut into smaller balls, down to a fraction of what is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from mathutils import Vector

from synthgen.blender.ball_tree import BallTree, ball_tree, balls_around, halved
from synthgen.blender.stage.contact import Contact
from synthgen.blender.stage.stage import instance_id
from synthgen.errors import RenderError
from synthgen.frame.bundle import Instance

SLACK_M = 0.01
"""How deep things may run into each other, and how far from what holds them they may be."""
SLACK_SHARE = 0.005
"""The same as a share of the size of the smaller one, where that is more: of things larger than 2 m."""
SAMPLED = 0.5
"""What lies nearer to the middle of a ball than this share of its radius is as deep as the middle, about."""
FINE = 0.2
"""Balls whose share is smaller than this share of what is allowed are not cut."""
LOWEST = 12
"""Corners of a thing that are asked first for what is below them."""
TOLD = 5
"""Findings that the reason of a refusal names."""
FACES_UP = 0.2
"""The least z of the normal of a surface that something may rest on."""
_WAYS = (
    Vector((0.71, 0.53, 0.46)), Vector((-0.62, 0.35, 0.70)), Vector((0.21, -0.83, 0.52)),
    Vector((-0.48, -0.41, -0.78)), Vector((0.83, -0.32, -0.46)), Vector((-0.73, 0.66, -0.19)),
    Vector((0.27, 0.62, -0.74)),
)  # fmt: skip
_LEAST_WAYS = 6
"""Of the ways out of a solid, those that must lead through its surface: one may slip through a seam."""
_MAX_HITS = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """A thing that runs into another one, or with `other` None one that nothing holds.

    Attributes
    ----------
    depth_m : how deep it runs in; 0 for what nothing holds
    """

    instance: Instance
    other: Instance | None = None
    depth_m: float = 0.0

    def __str__(self) -> str:
        one = f"{self.instance.name} ({self.instance.class_name})"
        if self.other is None:
            return f"{one} floats: nothing holds it"
        return f"{one} runs {self.depth_m * 1e3:.0f} mm into {self.other.name} ({self.other.class_name})"


def wrong_contacts(
    instances: Sequence[Instance], contacts: Mapping[int, Contact], depsgraph: bpy.types.Depsgraph
) -> list[Finding]:
    """Everything that is wrong in a scene, deepest first, then what floats.

    Parameters
    ----------
    contacts : by id of the instance, how it meets others; one that is not here is not looked at
    depsgraph : the scene as evaluated now
    """
    bodies = _bodies(contacts, depsgraph)
    if not bodies:
        return []
    by_id = {instance.id: instance for instance in instances}
    low, high = np.array([body.low for body in bodies]), np.array([body.high for body in bodies])
    deep: dict[tuple[int, int], float] = {}
    for one, other, allowed_m in _overlapping(bodies, low, high, contacts):
        depth = max(_deepest(one, other, allowed_m), _deepest(other, one, allowed_m))
        if depth > 0:
            pair = min(one.instance, other.instance), max(one.instance, other.instance)
            deep[pair] = max(deep.get(pair, 0.0), depth)
    found = [Finding(by_id[b], by_id[a], deep[a, b]) for a, b in sorted(deep, key=deep.get, reverse=True)]
    held = {
        body.instance for body in bodies if _is_held(body, bodies, low, high, contacts[body.instance].held)
    }
    present = {body.instance for body in bodies if contacts[body.instance].held}
    return found + [Finding(by_id[number]) for number in sorted(present - held)]


def check_contacts(
    instances: Sequence[Instance], contacts: Mapping[int, Contact], depsgraph: bpy.types.Depsgraph, seed: int
) -> None:
    """Refuse a scene in which something is wrong.

    Raises
    ------
    RenderError
        It names the things, how deep they run into each other, and the seed of the scene.
    """
    found = wrong_contacts(instances, contacts, depsgraph)
    if found:
        told = "; ".join(str(each) for each in found[:TOLD])
        more = f"; and {len(found) - TOLD} more" if len(found) > TOLD else ""
        raise RenderError(
            f"things of the scene (seed {seed}) do not meet as its family says: {told}{more}. "
            "To keep such scenes, leave truth.contacts at unchecked"
        )


@dataclass(slots=True)
class _Body:
    """A mesh at its place."""

    instance: int
    mesh: bpy.types.Object
    world: np.ndarray
    low: np.ndarray
    high: np.ndarray
    trees: dict[str, BallTree]
    inverse: np.ndarray = field(init=False)
    scale: float = field(init=False)

    def __post_init__(self) -> None:
        self.inverse = np.linalg.inv(self.world)
        self.scale = float(np.linalg.norm(self.world[:3, :3], 2))

    @property
    def size_m(self) -> float:
        return float((self.high - self.low).max())

    @property
    def tree(self) -> BallTree:
        """Of its mesh, which copies share."""
        if self.mesh.data.name not in self.trees:
            self.trees[self.mesh.data.name] = ball_tree(self.mesh.data)
        return self.trees[self.mesh.data.name]

    def holds(self, local: Vector) -> bool:
        """Whether a point of its own frame is inside: nearly all ways out of there leave the surface more
        often than they enter it."""
        outside = 0
        for way in _WAYS:
            outside += self._leaves(local, way) <= 0
            if outside > len(_WAYS) - _LEAST_WAYS:
                return False
        return True

    def _leaves(self, start: Vector, way: Vector) -> int:
        count = 0
        for _ in range(_MAX_HITS):
            hit, place, normal, _ = self.mesh.ray_cast(start, way)
            if not hit:
                break
            count += 1 if normal.dot(way) > 0 else -1
            start = place + way * (1e-5 / self.scale)
        return count


class _Search:
    """The surface of one body from afar to near, within a box around or inside of another one.

    Parameters
    ----------
    low, high : (3,) corners of the box, world; what lies outside is left out
    """

    def __init__(self, one: _Body, other: _Body, low: np.ndarray, high: np.ndarray) -> None:
        self._one, self._other, self._low, self._high = one, other, low, high
        self._tree, self._level = one.tree, one.tree.top
        self._index = np.arange(len(self._tree.radii[self._level]))
        self._triangles = np.empty((0, 3, 3))  # of the world, once those of the mesh are cut

    @property
    def on_surface(self) -> bool:
        """Whether the middles of the balls lie on the surface."""
        return self._level <= 0

    def balls(self) -> Iterator[tuple[int, float, float, Vector, Vector, Vector]]:
        """Of the balls of this level that reach into the box, lowest first: the number, the radius, how far
        the middle is from the other surface, and in the other's frame the middle, the way there, the normal
        there. Lengths in metres."""
        one, other = self._one, self._other
        if self._level >= 0:
            centre = self._tree.centres[self._level][self._index] @ one.world[:3, :3].T + one.world[:3, 3]
            radius = self._tree.radii[self._level][self._index] * one.scale
        else:
            centre, radius = balls_around(self._triangles)
        away = np.maximum(np.maximum(self._low - centre, centre - self._high), 0.0)
        near = np.flatnonzero((away * away).sum(axis=1) <= radius * radius)
        near = near[np.argsort(centre[near, 2], kind="stable")]
        local = (centre[near] @ other.inverse[:3, :3].T + other.inverse[:3, 3]).tolist()
        nearest = other.mesh.closest_point_on_mesh
        for number, reach, place in zip(near.tolist(), radius[near].tolist(), local):
            middle = Vector(place)
            _, there, normal, _ = nearest(middle)
            way = there - middle
            yield number, reach, way.length * other.scale, middle, way, normal

    def cut(self, numbers: list[int]) -> None:
        """Go on with what is inside of these balls."""
        if self._level > 0:
            self._index = self._tree.below(self._level, self._index[numbers])
        elif self._level == 0:
            own = self._tree.triangles[self._index[numbers]]
            self._triangles = halved(own @ self._one.world[:3, :3].T + self._one.world[:3, 3])
        else:
            self._triangles = halved(self._triangles[numbers])
        self._level = max(self._level - 1, -1)


def _bodies(contacts: Mapping[int, Contact], depsgraph: bpy.types.Depsgraph) -> list[_Body]:
    bodies, trees = [], {}
    for each in depsgraph.object_instances:
        made = (each.instance_object if each.is_instance else each.object).original
        mesh = made.evaluated_get(depsgraph)
        if instance_id(made) not in contacts or made.type != "MESH" or made.hide_render:
            continue
        if not mesh.data.polygons or not made.visible_camera:
            continue
        world = np.array(each.matrix_world, dtype=np.float64)
        corners = np.array([tuple(corner) for corner in mesh.bound_box]) @ world[:3, :3].T + world[:3, 3]
        bodies.append(_Body(instance_id(made), mesh, world, corners.min(axis=0), corners.max(axis=0), trees))
    return bodies


def _slack_m(one: _Body, other: _Body) -> float:
    return max(SLACK_M, SLACK_SHARE * min(one.size_m, other.size_m))


def _overlapping(
    bodies: list[_Body], low: np.ndarray, high: np.ndarray, contacts: Mapping[int, Contact]
) -> Iterator[tuple[_Body, _Body, float]]:
    """Pairs whose boxes overlap by more than they may, and how much that is."""
    for number, one in enumerate(bodies):
        mine = contacts[one.instance]
        near = ((low[:number] < one.high - SLACK_M) & (high[:number] > one.low + SLACK_M)).all(axis=1)
        for other in (bodies[index] for index in np.flatnonzero(near)):
            theirs = contacts[other.instance]
            if one.instance != other.instance and not (mine.joined and theirs.joined):
                yield one, other, max(_slack_m(one, other), mine.gives_m, theirs.gives_m)


def _deepest(one: _Body, other: _Body, allowed_m: float) -> float:
    """How deep the surface of `one` runs into `other`, where that is more than is allowed; 0 elsewhere."""
    low, high = other.low + allowed_m, other.high - allowed_m
    if (low > one.high).any() or (high < one.low).any() or (low > high).any():
        return 0.0
    search, deepest = _Search(one, other, low, high), allowed_m
    while True:
        open_ = []
        for number, radius, distance, middle, way, normal in search.balls():
            reach = radius * SAMPLED if search.on_surface else radius
            if distance + reach <= deepest:
                continue  # nothing here is deeper
            inside = normal.dot(way) > 0 and other.holds(middle)
            if not inside and distance >= reach - deepest:
                continue
            if inside:
                deepest = max(deepest, distance if search.on_surface else distance - radius)
            fine_m = FINE * allowed_m if deepest == allowed_m else 0.5 * deepest
            if not search.on_surface or reach > fine_m:
                open_.append(number)
        if not open_:
            return deepest if deepest > allowed_m else 0.0
        search.cut(open_)


def _is_held(one: _Body, bodies: list[_Body], low: np.ndarray, high: np.ndarray, held: str) -> bool:
    """Whether something is near enough, and faces upwards where that is asked for."""
    if not held:
        return True
    near = ((low < one.high + SLACK_M) & (high > one.low - SLACK_M)).all(axis=1)
    others = [bodies[index] for index in np.flatnonzero(near) if bodies[index].instance != one.instance]
    least_up = FACES_UP if held == "below" else -1.0
    corners = one.tree.triangles.reshape(-1, 3) @ one.world[:3, :3].T + one.world[:3, 3]
    lowest = corners[np.argpartition(corners[:, 2], min(LOWEST, len(corners) - 1))[:LOWEST]]
    return any(_is_near(lowest, other, _slack_m(one, other), least_up) for other in others) or any(
        _touches(one, other, _slack_m(one, other), least_up) for other in others
    )


def _is_near(points: np.ndarray, other: _Body, slack_m: float, least_up: float) -> bool:
    """Whether one of some (n, 3) points is that near to a surface."""
    inside = ((points > other.low - slack_m) & (points < other.high + slack_m)).all(axis=1)
    for point in points[inside] @ other.inverse[:3, :3].T + other.inverse[:3, 3]:
        found, _, normal, _ = other.mesh.closest_point_on_mesh(Vector(point), distance=slack_m / other.scale)
        if found and _faces_up(other, normal, least_up):
            return True
    return False


def _touches(one: _Body, other: _Body, slack_m: float, least_up: float) -> bool:
    """Whether two surfaces come that near to each other."""
    search = _Search(one, other, other.low - slack_m, other.high + slack_m)
    while True:
        open_ = []
        for number, radius, distance, _, _, normal in search.balls():
            if search.on_surface and distance <= slack_m and _faces_up(other, normal, least_up):
                return True
            reach = radius * SAMPLED if search.on_surface else radius
            if distance <= slack_m + reach and reach > FINE * slack_m:
                open_.append(number)
        if not open_:
            return False
        search.cut(open_)


def _faces_up(body: _Body, normal: Vector, least: float) -> bool:
    turned = body.inverse[:3, :3].T @ np.array(normal)
    return bool(turned[2] >= least * np.linalg.norm(turned))
