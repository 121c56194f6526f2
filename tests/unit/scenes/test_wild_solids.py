"""Solids of the wild family: closed where that is said, faces outward, sizes and volumes as they are."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from synthgen.recipe.families import family_spec
from synthgen.seeding import rng_for

family_spec("wild")  # registers the package of the scene families

from synthgen_scenes.wild.solids import cells, round, tubes  # noqa: E402
from synthgen_scenes.wild.solids.branches import rewritten, turtle  # noqa: E402
from synthgen_scenes.wild.solids.level_set import level_set  # noqa: E402
from synthgen_scenes.wild.solids.noise import Noise  # noqa: E402
from synthgen_scenes.wild.solids.solid import (  # noqa: E402
    Solid,
    about_z,
    any_rotation,
    joined,
    repeated,
    turn_about,
    turn_to,
)
from synthgen_scenes.wild.things import GROUPS, KINDS, make_thing  # noqa: E402


def edges(solid: Solid) -> tuple[Counter, Counter]:
    """How often each edge is walked, along the faces and against them; points at one place are one."""
    _, one = np.unique(np.round(solid.points, 7), axis=0, return_inverse=True)
    faces = one.ravel()[solid.triangles()]
    faces = faces[(faces != np.roll(faces, 1, axis=1)).all(axis=1)]
    walked = np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    return Counter(map(tuple, walked.tolist())), Counter(map(tuple, walked[:, ::-1].tolist()))


def is_closed(solid: Solid) -> bool:
    """Every edge is walked as often in one direction as in the other."""
    ahead, back = edges(solid)
    return ahead == back


def is_manifold(solid: Solid) -> bool:
    """Closed, and every edge has two faces."""
    ahead, back = edges(solid)
    return ahead == back and max(ahead.values()) == 1


def test_the_checks_see_holes_and_faces_turned_round() -> None:
    box = round.box((1, 1, 1))
    assert is_manifold(box)
    assert not is_closed(Solid(box.points, (box.faces[0][1:],)))
    assert not is_closed(Solid(box.points, (np.vstack([box.faces[0][:1, ::-1], box.faces[0][1:]]),)))
    assert box.inside_out().volume_m3() == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("solid", "volume_m3"),
    [
        (round.ball(0.5, 96), 4 / 3 * math.pi * 0.5**3),
        (round.capsule(0.2, 1.0, 96), math.pi * 0.2**2 * 0.6 + 4 / 3 * math.pi * 0.2**3),
        (round.cylinder(0.5, 1.0, bevel=0.001, segments=96), math.pi * 0.25),
        (round.cylinder(0.5, 1.0, top=0.0, bevel=0.001, segments=96), math.pi * 0.25 / 3),
        (round.pipe(0.3, 0.5, 1.0, bevel=1e-4, segments=96), math.pi * (0.25 - 0.09)),
        (round.torus(0.35, 0.15, segments=96, sides=96), 2 * math.pi**2 * 0.35 * 0.15**2),
        (round.superellipsoid(1.0, 1.0, 96), 4 / 3 * math.pi * 0.5**3),
        (round.superellipsoid(2.0, 2.0, 64), 1 / 6),
        (round.box((1.0, 2.0, 3.0), 1e-4), 6.0),
        (round.icosphere(4), 4 / 3 * math.pi),
        (round.prism(np.array([(1, 0), (0, 1), (-1, 0), (0, -1)]), 0.5), 1.0),
    ],
    ids=(
        "ball",
        "capsule",
        "cylinder",
        "cone",
        "pipe",
        "torus",
        "sphere",
        "octahedron",
        "box",
        "geode",
        "prism",
    ),
)
def test_simple_solids_have_the_volume_of_their_formula(solid: Solid, volume_m3: float) -> None:
    assert is_manifold(solid)
    assert solid.volume_m3() == pytest.approx(volume_m3, rel=5e-3)


@pytest.mark.parametrize("seed", range(4))
def test_cells_have_the_volume_that_is_filled(seed: int) -> None:
    rng = rng_for(seed, "cells")
    lines = [np.cumsum(rng.uniform(0.1, 1.0, n)) for n in (4, 6, 5)]
    filled = rng.random((3, 5, 4)) < 0.5
    sizes = np.einsum("i,j,k->ijk", *(np.diff(line) for line in lines))
    solid = cells.cells(*lines, filled)
    assert is_closed(solid)
    assert solid.volume_m3() == pytest.approx(sizes[filled].sum())


def test_sponges_and_walls_with_windows_are_manifold() -> None:
    for level in (1, 2):
        sponge = cells.cube(3**level, cells.menger(level))
        assert is_manifold(sponge)
        assert sponge.volume_m3() == pytest.approx((20 / 27) ** level)
    wall = cells.with_holes(4.0, 3.0, 0.2, [(0.5, 1.0, 1.5, 2.0), (2.0, 0.0, 3.0, 2.0)])
    assert is_manifold(wall)
    assert wall.volume_m3() == pytest.approx(0.2 * (12.0 - 1.0 - 2.0))


def test_a_level_set_lies_where_the_field_is_zero() -> None:
    ball = level_set(lambda p: np.linalg.norm(p, axis=-1) - 0.35, 40)
    assert is_manifold(ball)
    assert np.linalg.norm(ball.points, axis=1) == pytest.approx(0.35, abs=0.004)
    assert ball.volume_m3() == pytest.approx(4 / 3 * math.pi * 0.35**3, rel=0.01)
    cut = level_set(lambda p: np.full(p.shape[:-1], -1.0), 8)  # at the faces of the cube there is nothing
    assert is_manifold(cut)


@pytest.mark.parametrize("sides", [4, 5, 16])
def test_tubes_are_closed_rods_of_their_radius(sides: int) -> None:
    rng = rng_for(sides, "tubes")
    ends = rng.normal(size=(6, 2, 3))
    rods = tubes.tubes(ends, 0.01, sides=sides)
    area = 0.5 * sides * 0.01**2 * math.sin(2 * math.pi / sides)
    assert is_manifold(rods)
    assert rods.volume_m3() == pytest.approx(area * np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum())
    knots = rng.normal(size=(2, 6, 3))
    loop = tubes.tubes(tubes.smooth_curve(knots, 80, closed=True), 0.01, sides=sides, closed=True)
    assert is_manifold(loop)
    curve = tubes.smooth_curve(knots, 51)
    assert curve[:, ::10] == pytest.approx(knots)  # through all knots


def test_turns_are_rotations() -> None:
    rng = rng_for(1, "turns")
    directions = rng.normal(size=(50, 3))
    for turn in (
        *turn_to(directions),
        any_rotation(rng),
        about_z(0.7),
        *turn_about((1, 2, 3), rng.normal(size=5)),
    ):
        assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-12)
        assert np.linalg.det(turn) == pytest.approx(1.0)
    carried = np.einsum("mij,j->mi", turn_to(directions), [0, 0, 1.0])
    assert np.cross(carried, directions) == pytest.approx(np.zeros((50, 3)), abs=1e-12)


def test_pieces_are_joined_and_repeated_with_their_faces() -> None:
    box = round.box((1, 1, 1))
    two = joined([box, round.icosphere(1).shifted((5, 0, 0))])
    assert is_manifold(two)
    assert two.volume_m3() == pytest.approx(1.0 + round.icosphere(1).volume_m3())
    many = repeated(box, np.tile(np.eye(3), (4, 1, 1)), np.arange(12.0).reshape(4, 3) * 9)
    assert is_manifold(many)
    assert many.volume_m3() == pytest.approx(4.0)


def test_noise_is_smooth_even_and_its_own_for_each_seed() -> None:
    noise, other = Noise(rng_for(1, "noise")), Noise(rng_for(2, "noise"))
    points = rng_for(3, "points").uniform(-40, 40, (4000, 3))
    values = noise(points)
    assert np.abs(values).max() < 1.0
    assert values.mean() == pytest.approx(0.0, abs=0.02)
    assert np.abs(noise(points + 1e-5) - values).max() < 1e-3
    assert np.array_equal(noise(points), values)
    assert np.abs(values - other(points)).mean() > 0.1
    assert noise(np.array([[1.0, 2.0, 3.0]])) == pytest.approx(0.0)  # as gradient noise is at whole numbers


def test_strings_are_rewritten_and_drawn() -> None:
    assert rewritten("X", {"X": "F[X]X", "F": "FF"}, 2) == "FF[F[X]X]F[X]X"
    assert len(rewritten("X", {"X": "XX"}, 30, limit=100)) == 64
    straight, depth, tips = turtle("FF[+F]", turn_deg=90, rng=rng_for(1, "turtle"), wild=0.0)
    assert depth.tolist() == [0, 0, 1]
    assert straight[:2, :, :2] == pytest.approx(0.0)  # upward
    assert straight[2, 1, 2] == pytest.approx(straight[2, 0, 2])  # a right angle to the side
    assert tips[0, 0] == pytest.approx(straight[2, 1])


@pytest.mark.parametrize("kind", KINDS)
def test_things_are_what_their_kind_says(kind: str) -> None:
    for seed in range(3):
        size_m = float(rng_for(seed, "size").uniform(0.1, 2.0))
        pieces = make_thing(kind, size_m, rng_for(seed, kind))
        points = np.vstack([piece.points for piece in pieces])
        assert np.isfinite(points).all()
        assert np.ptp(points, axis=0).max() == pytest.approx(size_m)
        assert points.min(axis=0) + points.max(axis=0) == pytest.approx(0.0, abs=1e-9)
        for piece in pieces:
            assert piece.triangles().max() < len(piece.points)
            assert piece.uvs is None or [uv.shape[:2] for uv in piece.uvs] == [f.shape for f in piece.faces]
            if KINDS[kind].closed:
                assert is_closed(piece)
                assert piece.volume_m3() > 0
        again = make_thing(kind, size_m, rng_for(seed, kind))
        assert all(np.array_equal(one.points, other.points) for one, other in zip(pieces, again))
    assert sum(piece.face_count for piece in pieces) < 25_000


def test_there_are_many_kinds_in_every_group() -> None:
    assert len(KINDS) == sum(len(kinds) for kinds in GROUPS.values()) >= 60
    assert all(len(kinds) >= 7 for kinds in GROUPS.values())
    assert {"upright", "settled", "hangs"} == {kind.rests for kind in KINDS.values()}


def test_wires_are_thin() -> None:
    # The shortest way through a closed rod is its thickness: volume over half of its surface.
    for kind in ("tangle", "lattice", "hoops", "net", "truss", "cage"):
        wires = make_thing(kind, 0.8, rng_for(4, kind))[0]
        a, b, c = (wires.points[corner] for corner in wires.triangles().T)
        surface = np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2
        radius_m = 2 * wires.volume_m3() / surface
        assert 0.0004 < radius_m < 0.009, kind
