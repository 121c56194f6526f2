"""Where wild things are: they lie still, apart from each other, on the ground, out of the camera's way."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from synthgen.plan.draws import resolve
from synthgen.recipe.families import family_spec
from synthgen.seeding import rng_for

family_spec("wild")  # registers the package of the scene families

from synthgen_scenes.wild.layout.arrange import BALLS, arrange  # noqa: E402
from synthgen_scenes.wild.layout.free import Taken  # noqa: E402
from synthgen_scenes.wild.layout.piles import heap, level_top  # noqa: E402
from synthgen_scenes.wild.layout.settle import settled  # noqa: E402
from synthgen_scenes.wild.layout.space import Space, disc  # noqa: E402
from synthgen_scenes.wild.layout.thing import centre_of  # noqa: E402
from synthgen_scenes.wild.settings.open_sky import REACH_M, make_sky  # noqa: E402
from synthgen_scenes.wild.settings.terrain import CLEARING_M, EDGE_M, make_terrain  # noqa: E402
from synthgen_scenes.wild.things import make_thing  # noqa: E402

ROOM_M = 9.0


def floor_space() -> Space:
    """A level floor without walls."""
    return Space(
        ground=lambda xy: np.zeros(np.shape(xy)[:-1]),
        on_ground=lambda rng: rng.uniform(-ROOM_M, ROOM_M, 2),
        in_air=lambda rng: np.array([*rng.uniform(-ROOM_M, ROOM_M, 2), rng.uniform(0.3, 4.0)]),
        growth=lambda place: 1.0,
        inside=lambda xy, radius, low, high: bool((np.abs(xy) + radius < ROOM_M).all()),
        outline_m=disc(ROOM_M),
    )


def drawn(seed: int, **things: float):
    """A spec with every value drawn."""
    spec = family_spec("wild").model_validate({"kind": "wild", "things": things, "moving": {"count": 4}})
    return resolve(spec, seed, "scene")


@pytest.mark.parametrize("kind", ["box", "star", "gear", "cone", "table", "frame", "gem", "crate", "plate"])
def test_what_has_settled_does_not_tip(kind: str) -> None:
    for seed in range(4):
        rng = rng_for(seed, kind)
        pieces = tuple(make_thing(kind, 1.0, rng))
        points, middle = np.vstack([piece.points for piece in pieces]), centre_of(pieces)
        rotation = settled(points, middle, rng)
        lying = (points - middle) @ rotation.T
        feet = lying[lying[:, 2] < lying[:, 2].min() + 1e-3]
        # The middle is above the feet: they reach beyond it in every direction.
        angle = np.arange(64) * (math.pi / 32)
        reach = (feet[:, :2] @ np.array([np.cos(angle), np.sin(angle)])).max(axis=0)
        assert len(feet) >= 2  # a round table lies on two rims
        assert reach.min() > -0.01


def test_balls_of_a_heap_touch_and_do_not_meet() -> None:
    for seed in range(6):
        rng = rng_for(seed, "heap")
        radii = rng.uniform(0.05, 0.2, 18)
        centres = heap(radii, rng)
        apart = np.linalg.norm(centres[:, None] - centres[None], axis=2) - radii[:, None] - radii[None]
        np.fill_diagonal(apart, np.inf)
        assert apart.min() > -1e-6
        on_floor = np.isclose(centres[:, 2], radii)
        below = (apart < 2e-3) & (centres[None, :, 2] < centres[:, None, 2])
        assert ((below.sum(axis=1) >= 2) | on_floor).all()
        assert (~on_floor).sum() >= 4  # a heap, not a layer


def test_what_is_taken_is_not_free() -> None:
    taken = Taken()
    taken.add(np.zeros(2), 1.0, 0.0, 1.0)
    assert not taken.is_free(np.array([1.5, 0.0]), 0.6, 0.5, 2.0)
    assert taken.is_free(np.array([1.5, 0.0]), 0.6, 1.1, 2.0)  # above
    assert taken.is_free(np.array([1.7, 0.0]), 0.6, 0.5, 2.0)  # beside


@pytest.mark.parametrize("seed", range(5))
def test_things_keep_apart_and_out_of_the_clearing(seed: int) -> None:
    things, _ = arrange(floor_space(), drawn(seed, standing=30, floating=20, piled_share=0.4), seed)
    roles = {
        role: [each for each in things if each.role == role]
        for role in ("standing", "piled", "floating", "moving")
    }
    assert len(roles["standing"]) + len(roles["piled"]) >= 30
    assert len(roles["floating"]) >= 15
    assert roles["piled"]
    assert len(roles["moving"]) >= 3
    for thing in things:
        points = thing.points() + thing.position_m
        near = points[points[:, 2] < 4.0]
        assert not len(near) or np.hypot(near[:, 0], near[:, 1]).min() > 0.8
        lowest = points[:, 2].min()
        if thing.role == "standing":  # balls of a heap are turned in any way: between two of their points
            assert -1e-9 < lowest < 0.003 * thing.size_m
        else:
            assert lowest > 0
    balls = [(thing.position_m, reach_of(thing)) for thing in roles["floating"] + roles["moving"]]
    for index, (place, radius) in enumerate(balls):
        for other, reach in balls[:index]:
            level, upright = np.hypot(*(place - other)[:2]), abs(place[2] - other[2])
            assert max(level, upright) > radius + reach


def reach_of(thing) -> float:
    """Radius of the ball in which a thing in the air stays."""
    sway_m = 0.0 if thing.drift is None else float(np.linalg.norm(thing.drift.sway_m))
    return float(np.linalg.norm(thing.points(), axis=1).max()) + sway_m


def test_towers_stand_on_level_tops() -> None:
    on_another = 0
    for seed in range(6):
        things, _ = arrange(floor_space(), drawn(seed, standing=30, floating=0, piled_share=1.0), seed)
        for below, above in pairwise(things):
            top, reach = level_top(below)
            if above.role != "piled" or above.kind in BALLS or reach == 0:  # heaps are of balls
                continue
            points = above.points() + above.position_m
            feet = points[points[:, 2] < points[:, 2].min() + 1e-6]
            assert points[:, 2].min() == pytest.approx(top[2], abs=1e-6)
            assert np.linalg.norm(feet[:, :2] - top[:2], axis=1).max() < reach
            on_another += 1
    assert on_another >= 40


def test_sizes_and_shares_follow_the_recipe() -> None:
    kinds = {"thin": 0, "all": 0}
    from synthgen_scenes.wild.things import GROUPS

    for seed in range(4):
        spec = drawn(seed, standing=0, floating=60, thin_share=1.0, smallest_m=0.2, largest_m=0.5)
        things, _ = arrange(floor_space(), spec, seed)
        kinds["all"] += len(things)
        kinds["thin"] += sum(thing.kind in GROUPS["thin"] for thing in things)
        assert max(thing.size_m for thing in things) <= 0.5 + 1e-9
    assert kinds["thin"] == kinds["all"] > 100


def test_the_same_seed_gives_the_same_things_and_another_others() -> None:
    def places(seed: int) -> list[tuple]:
        things, _ = arrange(floor_space(), drawn(seed), seed)
        return [
            (thing.kind, thing.role, *thing.position_m, *thing.rotation.ravel(), thing.scale)
            for thing in things
        ]

    assert places(5) == places(5)
    assert places(5) != places(6)


def test_before_the_sky_everything_floats_in_reach() -> None:
    things, _ = arrange(make_sky(), drawn(3, standing=20, floating=20), 3)
    assert len(things) >= 35
    assert {thing.role for thing in things} == {"floating", "moving"}
    away = np.array([np.linalg.norm(thing.position_m) for thing in things])
    assert away.min() < 6.0
    assert away.max() > 40.0
    assert all(
        np.linalg.norm(thing.points() + thing.position_m, axis=1).max() < REACH_M + 60 for thing in things
    )


def test_the_height_of_terrain_is_that_of_its_faces() -> None:
    rng = np.random.default_rng(3)
    terrain = make_terrain(60.0, rng_for(3, "terrain"))
    solid = terrain.solid()
    corners = solid.points[solid.triangles()]
    shares = rng.dirichlet(np.ones(3), len(corners))
    places = (shares[..., None] * corners).sum(axis=1)
    assert np.ptp(places[:, 2]) > 10
    np.testing.assert_allclose(terrain.height(places[:, :2]), places[:, 2], atol=1e-9)


@pytest.mark.parametrize("relief_m", [2.0, 40.0])
def test_terrain_is_level_in_the_clearing_and_hides_the_horizon(relief_m: float) -> None:
    for seed in range(3):
        terrain = make_terrain(relief_m, rng_for(seed, "terrain"))
        solid = terrain.solid()
        assert np.isfinite(solid.points).all()
        heights = terrain.height(solid.points[:, :2])
        assert heights == pytest.approx(solid.points[:, 2], abs=1e-9)
        around = disc(0.8 * CLEARING_M, 40)
        assert np.abs(terrain.height(around)).max() < 0.6
        rim = terrain.height(disc(EDGE_M - 1.0, 90))
        inner = np.stack([terrain.height(disc(radius, 90)) for radius in np.linspace(60, 208, 20)])
        assert (np.maximum(rim, inner.max(axis=0)) > 2.0).all()  # above the eyes
        a, b, c = (solid.points[corner] for corner in solid.triangles().T)
        assert (np.cross(b - a, c - a)[:, 2] > 0).all()  # all faces look up
