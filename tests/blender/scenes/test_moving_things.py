"""What moves through indoor rooms: it meets nothing, stays in the room for ever, and changes nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from synthgen.geometry.pose import transform_points
from synthgen.plan.draws import resolve
from synthgen.recipe.families import family_builder, family_spec

pytestmark = pytest.mark.blender

KINDS = {"ball", "balloon", "paper_plane", "drone", "mobile", "hanging_star", "robot_vacuum"}
ROOMS = [
    (71, "living_room"),
    (72, "bedroom"),
    pytest.param(73, "office", marks=pytest.mark.slow),
    pytest.param(74, "dining_room", marks=pytest.mark.slow),
]


@pytest.fixture
def built(session) -> Callable:
    """Builds a room; gives its stage, what was drawn of the moving things, and their objects by id."""
    import bpy

    from synthgen.blender.stage.stage import Stage, instance_id
    from synthgen.frame.classes import class_table

    def build(seed: int, count: int, speed_m_s: float = 0.8, **params: object) -> SimpleNamespace:
        moving = {"count": count, "speed_m_s": speed_m_s}
        spec = family_spec("indoor").model_validate({"kind": "indoor", "moving": moving, **params})
        spec = resolve(spec, seed, "scene")
        stage = Stage(session.reset(), tuple(class_table(spec.classes)))
        scene = family_builder("indoor")(stage, spec, seed)
        bpy.context.view_layer.update()
        return SimpleNamespace(
            stage=stage,
            region=scene.camera_region,
            sampled=scene.sampled,
            movers={
                instance_id(made): made for made in stage.scene.objects if instance_id(made) in stage.moving
            },
        )

    return build


def vertices(made) -> np.ndarray:
    """(n, 3) vertices of an object at rest, world."""
    found = np.empty((len(made.data.vertices), 3), np.float32)
    made.data.vertices.foreach_get("co", found.ravel())
    return transform_points(np.array(made.matrix_world), found.astype(np.float64))


def polygons(made) -> list[tuple[int, ...]]:
    return [tuple(polygon.vertices) for polygon in made.data.polygons]


def at_times(room: SimpleNamespace, times: np.ndarray) -> Iterator[dict[int, np.ndarray]]:
    """The vertices of all moving things, by id, at each time."""
    rest = {number: vertices(made) for number, made in room.movers.items()}
    for time_s in times:
        yield {
            number: transform_points(room.stage.moving[number].world_from_rest(time_s), points)
            for number, points in rest.items()
        }


@pytest.mark.parametrize(("seed", "kind"), ROOMS)
def test_nothing_that_moves_meets_anything(built, seed: int, kind: str) -> None:
    from mathutils.bvhtree import BVHTree

    room = built(seed, 7, room={"kind": kind})
    assert len(room.movers) >= 5
    points, faces, count = [], [], 0
    for made in room.stage.scene.objects:
        if made.type == "MESH" and made not in room.movers.values():
            found = vertices(made)
            points.append(found)
            faces += [tuple(index + count for index in polygon) for polygon in polygons(made)]
            count += len(found)
    still = BVHTree.FromPolygons(np.vstack(points).tolist(), faces)
    rings = {number: polygons(made) for number, made in room.movers.items()}
    names = {number: row["kind"] for number, row in zip(sorted(rings), room.sampled["moving"])}
    meetings = set()
    for now in at_times(room, np.concatenate([np.linspace(-0.1, 2.0, 22), [5.7, 31.3, 400.9]])):
        trees = {number: BVHTree.FromPolygons(now[number].tolist(), rings[number]) for number in now}
        meetings |= {(names[number], "room") for number, tree in trees.items() if tree.overlap(still)}
        meetings |= {
            (names[one], names[other])
            for one in trees
            for other in trees
            if one < other and trees[one].overlap(trees[other])
        }
    assert meetings == set()


@pytest.mark.parametrize(("seed", "kind"), ROOMS[:2])
def test_nothing_ever_leaves_the_room_and_floors_are_touched_only(built, seed: int, kind: str) -> None:
    room = built(seed, 7, room={"kind": kind, "plan": "rectangle"})
    low, high = room.region.outline_m.min(axis=0), room.region.outline_m.max(axis=0)
    for now in at_times(room, np.geomspace(0.01, 36_000, 300)):
        for points in now.values():
            assert (points[:, :2] > low).all() and (points[:, :2] < high).all()
            assert points[:, 2].min() > 0 and points[:, 2].max() < room.region.ceiling_z_m
    on_floor = {
        row["kind"]: vertices(room.movers[number])[:, 2].min()
        for number, row in zip(sorted(room.movers), room.sampled["moving"])
        if row["kind"] in ("ball", "robot_vacuum")
    }
    assert on_floor and max(on_floor.values()) < 0.002


def test_things_go_about_as_fast_as_they_are_told(built) -> None:
    for speed in (0.3, 1.0):
        room = built(75, 7, speed)
        step = 0.02
        before, after = at_times(room, np.array([-step / 2, step / 2]))
        kinds = dict(zip(sorted(room.movers), (row["kind"] for row in room.sampled["moving"])))
        for number, kind in kinds.items():
            fastest = np.linalg.norm(after[number] - before[number], axis=1).max() / step
            assert 0.1 * speed < fastest < 3.0 * speed, kind
        (ball,) = [number for number, kind in kinds.items() if kind == "ball"]
        middle = room.stage.moving[ball]
        assert 0.7 * speed <= np.linalg.norm(middle.velocity_m_s) <= 1.3 * speed
        slip = np.linalg.norm(after[ball] - before[ball], axis=1)[vertices(room.movers[ball])[:, 2].argmin()]
        assert slip / step < 0.2 * speed  # where it touches the floor it stands still


def test_every_kind_comes_about_in_its_own_size_and_colour(built) -> None:
    from synthgen.blender.scene_checks import check_scene

    seen, sizes, colours = set(), set(), set()
    for seed in (76, 77):
        room = built(seed, 7)
        check_scene(room.stage.scene, room.stage.instances)
        rows = room.sampled["moving"]
        seen |= {row["kind"] for row in rows}
        classes = {entry.id: entry.class_name for entry in room.stage.instances}
        assert [row["class"] for row in rows] == [classes[number] for number in sorted(room.movers)]
        for number, row in zip(sorted(room.movers), rows):
            if row["kind"] in ("ball", "balloon", "drone"):
                sizes.add((row["kind"], round(float(np.ptp(vertices(room.movers[number])[:, 0])), 4)))
                colours.add((row["kind"], room.movers[number].data.materials[0].name, seed))
    assert seen == KINDS
    assert len(sizes) == 6 and len(colours) == 6


def described(room: SimpleNamespace, moving: bool) -> list[tuple]:
    return [
        (made.name, made.matrix_world.copy().freeze(), made.type,
         vertices(made).tobytes() if made.type == "MESH" else None,
         tuple(material.name for material in made.data.materials) if made.type == "MESH" else None)
        for made in room.stage.scene.objects
        if moving or made not in room.movers.values()
    ]  # fmt: skip


def test_the_rest_of_a_room_does_not_know_of_what_moves(built) -> None:
    without = built(78, 0)
    assert not without.stage.moving and "moving" not in without.sampled
    still, sampled = described(without, True), dict(without.sampled)
    three = built(78, 3)
    assert len(three.movers) == 3
    assert described(three, False) == still
    assert {key: value for key, value in three.sampled.items() if key != "moving"} == sampled
    instances = three.stage.instances
    assert sorted(three.movers) == [entry.id for entry in instances[-3:]]
    first = described(three, True), three.sampled["moving"], dict(three.stage.moving)
    again = built(78, 3)
    assert (described(again, True), again.sampled["moving"], again.stage.moving) == first


def test_more_things_leave_the_earlier_ones_where_they_are(built) -> None:
    few = built(79, 2)
    rows, motions = few.sampled["moving"], list(few.stage.moving.values())
    more = built(79, 5)
    assert more.sampled["moving"][:2] == rows
    assert list(more.stage.moving.values())[:2] == motions


@pytest.mark.slow
def test_a_room_that_is_full_has_fewer(built) -> None:
    room = built(80, 50, room={"width_m": 2.2, "depth_m": 2.2, "height_m": 2.1}, furniture={"density": 1.0})
    assert 5 < len(room.movers) == len(room.sampled["moving"]) < 50
