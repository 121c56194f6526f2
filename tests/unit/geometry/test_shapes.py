"""The exact ray casters: hits lie on their surfaces, none is lost, none is made up."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synthgen.geometry.mesh_shape import Mesh
from synthgen.geometry.pose import camera_rotation, world_from_camera
from synthgen.geometry.shapes import (
    NOTHING,
    Box,
    Cylinder,
    Placed,
    Quad,
    Shape,
    Sphere,
    Torus,
    cast,
    stairs,
)

AXIS = np.array([0.3, -0.5, 0.8])
TURNED = world_from_camera(np.array([0.2, -0.1, 0.3]), camera_rotation(40, 25, 10)) @ np.diag(
    [1.2, -0.7, 0.9, 1]
)


def _height(points: np.ndarray, axis: np.ndarray) -> np.ndarray:
    return points @ axis / np.linalg.norm(axis)


def _box_value(points: np.ndarray) -> np.ndarray:
    return np.abs(points / (0.5, 0.8, 0.3)).max(axis=-1) - 1


def _cylinder_value(points: np.ndarray) -> np.ndarray:
    height = _height(points, AXIS)
    across = np.linalg.norm(points - height[..., None] * AXIS / np.linalg.norm(AXIS), axis=-1)
    return np.maximum(across - 0.4, np.abs(height) - 0.7)


def _torus_value(points: np.ndarray) -> np.ndarray:
    x, y, z = np.moveaxis(points, -1, 0)
    return np.hypot(np.hypot(x, y) - 0.7, z) - 0.25


def _placed_box_value(points: np.ndarray) -> np.ndarray:
    inverse = np.linalg.inv(TURNED)
    return _box_value(points @ inverse[:3, :3].T + inverse[:3, 3])


BOX = Box((-0.5, -0.8, -0.3), (0.5, 0.8, 0.3))
SOLIDS = {
    "box": (BOX, _box_value),
    "sphere": (Sphere((0, 0, 0), 0.8), lambda points: np.linalg.norm(points, axis=-1) - 0.8),
    "cylinder": (Cylinder((0, 0, 0), AXIS, 0.4, 0.7), _cylinder_value),
    "torus": (Torus((0, 0, 0), 0.7, 0.25), _torus_value),
    "placed": (Placed(BOX, TURNED), _placed_box_value),
}
"""Solids within 2 m of the origin, each with a function that is below 0 inside and 0 on the surface."""


def rays_towards_the_origin(start: np.ndarray, count: int = 1500, seed: int = 4) -> np.ndarray:
    """(count, 3) directions of all lengths from `start` to around the origin."""
    rng = np.random.Generator(np.random.PCG64(seed))
    return (rng.normal(0.0, 0.6, (count, 3)) - start) * rng.uniform(0.1, 3.0, (count, 1))


@pytest.mark.parametrize("name", SOLIDS)
def test_every_change_between_outside_and_inside_is_a_hit(name: str) -> None:
    shape, value = SOLIDS[name]
    start = np.array([2.5, -1.0, 1.4])
    directions = rays_towards_the_origin(start)
    hits = cast([shape], start, directions, count=6)
    length = np.linalg.norm(directions, axis=-1)

    reach = np.linspace(0.0, 6.0, 3001)
    inside = value(start + reach[:, None] * (directions / length[:, None])[:, None]) < 0
    sampled = (inside[:, 1:] != inside[:, :-1]).sum(axis=1)
    found = np.isfinite(hits.distance).sum(axis=1)
    # Samples 2 mm apart miss what is shorter: never more than is there, and nearly always as many.
    assert (found >= sampled).all() and ((found - sampled) % 2 == 0).all()
    assert (found > sampled).mean() < 0.01
    assert 100 < (found > 0).sum() < 1490
    assert (np.diff(np.where(np.isfinite(hits.distance), hits.distance, 1e9), axis=1) >= 0).all()


@pytest.mark.parametrize("name", SOLIDS)
def test_hits_lie_on_the_surface_and_normals_point_out_of_it(name: str) -> None:
    shape, value = SOLIDS[name]
    start = np.array([-1.5, 2.0, 0.9])
    directions = rays_towards_the_origin(start)
    hits = cast([shape], start, directions, count=6)
    row, layer = np.nonzero(np.isfinite(hits.distance))
    points = start + hits.distance[row, layer, None] * directions[row]
    normals = hits.normal[row, layer]
    assert np.abs(value(points)).max() <= 1e-12
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1, rtol=1e-12)
    step = 1e-7
    assert (value(points + step * normals) > 0).all() and (value(points - step * normals) < 0).all()
    # In and out take turns.
    leaving = (normals * directions[row]).sum(axis=1) > 0
    np.testing.assert_array_equal(leaving, layer % 2 == 1)


def test_the_torus_keeps_its_four_roots_from_far_away_and_at_a_touch() -> None:
    torus = Torus((0, 0, 0), 1.0, 0.25)
    for away in (2.0, 1e3, 1e6):
        hits = cast([torus], np.array([-away, 0, 0]), np.array([[3.0, 0, 0]]), count=5)
        expected = np.array([away - 1.25, away - 0.75, away + 0.75, away + 1.25]) / 3
        np.testing.assert_allclose(hits.distance[0, :4], expected, rtol=1e-14)
        assert np.isinf(hits.distance[0, 4])
    # Just above and just below the plane that touches the whole ring from above.
    for offset, count in ((1e-9, 0), (-1e-9, 4)):
        hits = cast([torus], np.array([-3.0, 0, 0.25 + offset]), np.array([[1.0, 0, 0]]), count=5)
        assert np.isfinite(hits.distance).sum() == count
    through_the_hole = cast([torus], np.array([0.1, 0.1, 5.0]), np.array([[0.0, 0, -1]]))
    assert through_the_hole.shape[0, 0] == NOTHING


def test_a_box_from_inside_and_along_its_faces() -> None:
    box = Box((-1, -1, -1), (1, 1, 1))
    hits = cast([box], np.array([0.5, 0, 0]), np.array([[1.0, 0, 0], [-2, 0, 0], [0, 0, 4]]), count=2)
    np.testing.assert_array_equal(hits.distance, [[0.5, np.inf], [0.75, np.inf], [0.25, np.inf]])
    np.testing.assert_array_equal(hits.face[:, 0], [1, 0, 5])
    along = cast([box], np.array([-3.0, 1.0, 0]), np.array([[1.0, 0, 0], [1, 1e-9, 0]]))
    np.testing.assert_array_equal(along.distance[:, 0], [2, np.inf])


def test_a_parallelogram_and_its_plane() -> None:
    quad = Quad((1, 0, 0), (0, 2, 0), (0, 1, 3))
    directions = np.array([[1, 1.5, 1.5], [1, 0.2, 1.5], [0, 1, 0.0], [-1, 0, 0]])
    hits = cast([quad], np.zeros(3), directions)
    np.testing.assert_array_equal(hits.distance[:, 0], [1, np.inf, np.inf, np.inf])
    np.testing.assert_allclose(hits.normal[0, 0], [1, 0, 0], atol=1e-15)
    plane = cast([Quad(quad.corner, quad.u, quad.v, endless=True)], np.zeros(3), directions)
    np.testing.assert_array_equal(plane.distance[:, 0], [1, 1, np.inf, np.inf])


def test_pipes_have_no_ends_and_wires_no_end() -> None:
    along = np.array([[0.0, 0, 1]])
    rod = Cylinder((0, 0, 3), (0, 0, 1), 0.5, 1.0)
    hits = cast([rod], np.zeros(3), along, count=3)
    np.testing.assert_array_equal(hits.distance[0], [2, 4, np.inf])
    np.testing.assert_array_equal(hits.face[0], [1, 2, NOTHING])
    assert np.isinf(
        cast([Cylinder((0, 0, 3), (0, 0, 1), 0.5, 1.0, capped=False)], np.zeros(3), along).distance
    )
    wire = Cylinder((0, 5, 0), (0, 0, 1), 0.001)
    far = cast([wire], np.zeros(3), np.array([[0, 1, 1e6]]))
    np.testing.assert_allclose(far.distance, 5 - 0.001, rtol=1e-14)


def box_mesh(box: Box) -> Mesh:
    """The twelve triangles of a box, outwards."""
    corners = np.array(
        [[(box.low, box.high)[bit >> axis & 1][axis] for axis in range(3)] for bit in range(8)]
    )
    quads = [(0, 4, 6, 2), (1, 3, 7, 5), (0, 1, 5, 4), (2, 6, 7, 3), (0, 2, 3, 1), (4, 5, 7, 6)]
    return Mesh(corners, np.array([each for a, b, c, d in quads for each in ((a, b, c), (a, c, d))]))


def test_a_mesh_is_the_shape_that_it_is_made_of() -> None:
    start = np.array([1.7, -2.0, 1.1])
    directions = rays_towards_the_origin(start)
    exact = cast([BOX], start, directions, count=3)
    mesh = cast([box_mesh(BOX)], start, directions, count=3)
    np.testing.assert_allclose(mesh.distance, exact.distance, rtol=1e-12)
    np.testing.assert_allclose(mesh.normal, exact.normal, atol=1e-12)
    np.testing.assert_array_equal(mesh.face // 2, exact.face)


def test_no_ray_slips_through_the_edges_of_a_mesh() -> None:
    """From within the tube of a ring every ray meets it, those at its corners and edges too."""
    around, across = np.meshgrid(
        *(np.arange(count) * 2 * math.pi / count for count in (24, 11)), indexing="ij"
    )
    out = 1 + 0.6 * np.cos(across)
    vertices = np.stack([out * np.cos(around), out * np.sin(around), 0.6 * np.sin(across)], axis=-1).reshape(
        -1, 3
    )
    index = np.arange(24 * 11).reshape(24, 11)
    beside, above = np.roll(index, -1, axis=0), np.roll(index, -1, axis=1)
    quads = np.stack([index, beside, np.roll(beside, -1, axis=1), above], axis=-1).reshape(-1, 4)
    triangles = np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    origin = np.array([1.1, -0.2, 0.05])
    middles = (vertices[triangles] + vertices[np.roll(triangles, 1, axis=1)]).reshape(-1, 3) / 2
    random = np.random.Generator(np.random.PCG64(8)).normal(size=(500, 3))
    directions = np.vstack([vertices - origin, middles - origin, random])
    hits = cast([Mesh(vertices, triangles)], origin, directions, near=1e-9)
    assert np.isfinite(hits.distance).all()


def test_shapes_are_sorted_and_told_apart() -> None:
    shapes: list[Shape] = [
        Quad((5, 0, 0), (0, 1, 0), (0, 0, 1), endless=True),
        Sphere((3, 0, 0), 0.5),
        Quad((2, -1, -1), (0, 2, 0), (0, 0, 2)),
    ]
    directions = np.array([[[1.0, 0, 0], [1, 0.4, 0]], [[1, 0.9, 0], [0, 0, 0]]])
    hits = cast(shapes, np.zeros(3), directions, count=5)
    assert hits.distance.shape == (2, 2, 5) and hits.normal.shape == (2, 2, 5, 3)
    np.testing.assert_array_equal(hits.shape[0, 0], [2, 1, 1, 0, NOTHING])
    np.testing.assert_array_equal(hits.distance[0, 0], [2, 2.5, 3.5, 5, np.inf])
    np.testing.assert_array_equal(hits.shape[0, 1], [2, 0, NOTHING, NOTHING, NOTHING])
    np.testing.assert_array_equal(hits.shape[1, 0], [0, *[NOTHING] * 4])
    assert (hits.shape[1, 1] == NOTHING).all() and (hits.normal[1, 1] == 0).all()
    behind = cast(shapes, np.zeros(3), directions, count=1, near=2.2)
    assert behind.shape[0, 0] == 1


def test_an_empty_scene_is_hit_nowhere() -> None:
    hits = cast([], np.zeros(3), np.ones((2, 3)), count=2)
    assert np.isinf(hits.distance).all() and (hits.shape == NOTHING).all()


def test_stairs_climb() -> None:
    steps = stairs((1, -1, 0), 4, tread_m=0.3, riser_m=0.2, width_m=2)
    down = cast(steps, np.array([1.75, 0, 5.0]), np.array([[0.0, 0, -1]]))
    assert down.shape[0, 0] == 2
    np.testing.assert_allclose(down.distance[0, 0], 5 - 3 * 0.2, rtol=1e-14)
    ahead = cast(steps, np.array([0.0, 0, 0.5]), np.array([[1.0, 0, 0]]))
    assert ahead.shape[0, 0] == 2
    np.testing.assert_allclose(ahead.distance[0, 0], 1.6, rtol=1e-14)
