"""Furniture of the indoor family: it fills its box, carries things where it should, and looks outwards."""

from __future__ import annotations

import importlib
import time

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from synthgen.recipe.families import family_spec  # noqa: E402
from synthgen.seeding import rng_for  # noqa: E402

pytestmark = pytest.mark.blender

TOPS = ("dining_table", "coffee_table", "side_table", "desk", "nightstand", "dresser", "cabinet", "tv_stand",
        "wardrobe")  # fmt: skip
SEATS = ("chair", "armchair", "sofa")
SHELVES = ("bookshelf", "wall_shelf")
FURNITURE = (*TOPS, *SEATS, *SHELVES, "office_chair", "stool", "bench", "bed")
STYLES = ("scandinavian", "classic", "modern", "rustic")
SEEDS = range(5)
MAX_TRIANGLES = {"bed": 55_000, "sofa": 45_000, "office_chair": 36_000, "dresser": 30_000, "armchair": 26_000}


def _module(name: str):
    family_spec("indoor")  # puts the family on the search path
    return importlib.import_module(f"synthgen_scenes.indoor.{name}")


def _made(kind: str, seed: int, **params):
    """The size that the catalogue draws, and the mesh, in a style that changes with the seed."""
    params = {"style": STYLES[seed % len(STYLES)], **params}
    size = _module("layout.catalogue").draw_size(kind, rng_for(seed, "size", kind))
    return size, _module("furniture").build_item(kind, size, rng_for(seed, "item", kind), params)


def _corners(made) -> np.ndarray:
    """The corners (n, 3, 3) of the triangles that Blender makes of it."""
    mesh = made.to_mesh("item", dict.fromkeys(made.material_keys()))
    mesh.calc_loop_triangles()
    vertices, indices = np.empty(len(mesh.vertices) * 3), np.empty(len(mesh.loop_triangles) * 3, np.int32)
    mesh.vertices.foreach_get("co", vertices)
    mesh.loop_triangles.foreach_get("vertices", indices)
    bpy.data.meshes.remove(mesh)
    return vertices.reshape(-1, 3)[indices].reshape(-1, 3, 3)


def _hits(made, points: np.ndarray, axis: int, sign: int) -> tuple[np.ndarray, np.ndarray]:
    """First hits of rays that run against `sign` along `axis` through `points` (n, 2) on the other axes.

    Returns the coordinate along `axis` (nan where nothing is hit), and whether the face looks at the ray.
    """
    u, v = (axis + 1) % 3, (axis + 2) % 3
    a, b, c = np.moveaxis(_corners(made), 1, 0)
    area = (b[:, u] - a[:, u]) * (c[:, v] - a[:, v]) - (b[:, v] - a[:, v]) * (c[:, u] - a[:, u])
    seen = np.abs(area) > 1e-12
    a, b, c, area = a[seen], b[seen], c[seen], area[seen]
    places, facing = np.full(len(points), np.nan), np.ones(len(points), dtype=bool)
    for index, (x, y) in enumerate(points):
        s = ((x - a[:, u]) * (c[:, v] - a[:, v]) - (y - a[:, v]) * (c[:, u] - a[:, u])) / area
        t = ((b[:, u] - a[:, u]) * (y - a[:, v]) - (b[:, v] - a[:, v]) * (x - a[:, u])) / area
        inside = np.flatnonzero((s >= 0) & (t >= 0) & (s + t <= 1))
        if inside.size:
            at = (a + s[:, None] * (b - a) + t[:, None] * (c - a))[inside, axis]
            nearest = inside[np.argmax(at * sign)]
            places[index] = (at * sign).max() * sign
            facing[index] = area[nearest] * sign > 0
    return places, facing


def test_every_kind_of_the_catalogue_can_be_built():
    assert set(_module("furniture").KINDS) == set(_module("layout.catalogue").CATALOGUE)


@pytest.mark.parametrize("kind", FURNITURE)
def test_fills_its_box(kind):
    for seed in SEEDS:
        (w, d, h), made = _made(kind, seed)
        assert np.isfinite(made.vertices()).all()
        assert 100 < len(made.triangles()) <= MAX_TRIANGLES.get(kind, 16_000)
        low, high = made.bounds()
        assert low == pytest.approx((-w / 2, -d / 2, 0), abs=1e-3), seed
        assert high == pytest.approx((w / 2, d / 2, h), abs=1e-3), seed


@pytest.mark.parametrize("kind", FURNITURE)
def test_same_seed_same_thing_and_another_seed_another_thing(kind):
    first, again = (_made(kind, 3)[1] for _ in range(2))
    np.testing.assert_array_equal(first.vertices(), again.vertices())
    assert first.material_keys() == again.material_keys()
    size = _made(kind, 3)[0]
    build = _module("furniture").build_item
    shapes = {build(kind, size, rng_for(seed, "other"), {}).vertices().tobytes() for seed in range(6)}
    assert len(shapes) >= 4


@pytest.mark.parametrize("kind", FURNITURE)
def test_faces_look_outwards(kind):
    for seed in SEEDS:
        (w, d, h), made = _made(kind, seed)
        low, high = np.array([-w / 2, -d / 2, 0]), np.array([w / 2, d / 2, h])
        for axis, sign in ((0, 1), (0, -1), (1, 1), (1, -1), (2, 1)):
            others = [(axis + 1) % 3, (axis + 2) % 3]
            points = rng_for(seed, "rays", axis, sign).uniform(low[others], high[others], (12, 2))
            _, facing = _hits(made, points, axis, sign)
            assert facing.all(), (seed, axis, sign)


@pytest.mark.parametrize("kind", TOPS)
def test_tops_are_flat_at_the_height_of_the_box(kind):
    for seed in SEEDS:
        (w, d, h), made = _made(kind, seed)
        x, y = np.meshgrid(np.linspace(-1, 1, 5) * (w / 2 - 0.02), np.linspace(-1, 1, 5) * (d / 2 - 0.02))
        places, _ = _hits(made, np.column_stack([x.ravel(), y.ravel()]), 2, 1)
        assert places == pytest.approx(np.full(25, h), abs=5e-4), seed


@pytest.mark.parametrize("kind", ["dining_table", "coffee_table", "side_table"])
def test_round_tops_are_round(kind):
    size = (0.9, 0.9, 0.5)
    made = _module("furniture").build_item(kind, size, rng_for(1, kind), {"round": True})
    places, _ = _hits(made, np.array([(0, 0), (0.3, 0.3), (0.44, 0.0), (0.4, 0.4)]), 2, 1)
    assert places[:3] == pytest.approx(np.full(3, 0.5), abs=5e-4)
    assert places[3] != pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("kind", SEATS)
@pytest.mark.parametrize("seat_z", [0.42, 0.46])
def test_seats_are_where_they_should_be(kind, seat_z):
    for seed in SEEDS:
        size, made = _made(kind, seed, seat_z_m=seat_z)
        y = np.linspace(-0.15, 0.0, 4) * size[1]
        x = np.full(4, 0.1 * size[0])  # beside the gap between two cushions
        places, _ = _hits(made, np.column_stack([x, y]), 2, 1)
        assert places.max() <= seat_z + 1e-3, seed
        assert places.max() >= seat_z - 0.02, seed


@pytest.mark.parametrize("kind", SHELVES)
def test_boards_are_where_they_should_be(kind):
    for seed in SEEDS:
        size = _module("layout.catalogue").draw_size(kind, rng_for(seed, "size", kind))
        boards = [0.09, 0.4, 0.71] if kind == "bookshelf" else [0.02, 0.24]
        boards = [z for z in boards if z < size[2] - 0.1]
        _, made = _made(kind, seed, board_z_m=boards)
        corners = made.vertices()[made.triangles()]
        level = np.ptp(corners[..., 2], axis=1) < 1e-6
        upwards = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2] > 1e-4
        levels = np.round(corners[level & upwards, 0, 2], 4)
        for z in (*boards, size[2]):
            assert np.abs(levels - z).min() < 5e-4, (seed, z)


def test_beds_are_made_at_the_height_that_is_asked_for():
    for seed in SEEDS:
        (w, d, _), made = _made("bed", seed, mattress_z_m=0.5)
        x, y = np.meshgrid(np.linspace(-0.35, 0.35, 9) * w, np.linspace(-0.42, 0.1, 9) * d)
        places, _ = _hits(made, np.column_stack([x.ravel(), y.ravel()]), 2, 1)
        assert places.max() <= 0.5 + 0.012, seed
        assert places.min() >= 0.5 - 0.06, seed


def test_a_deep_sofa_has_a_chaise_at_the_side_that_is_asked_for():
    build, size = _module("furniture").build_item, (2.5, 1.55, 0.82)
    for side in (-1, 1):
        made = build("sofa", size, rng_for(5, "chaise"), {"chaise": side})
        places, _ = _hits(made, np.array([(side * 0.9, -0.5), (-side * 0.5, -0.5)]), 2, 1)
        assert places[0] == pytest.approx(0.44, abs=0.03)
        assert np.isnan(places[1])


def test_variants_can_be_asked_for():
    build = _module("furniture").build_item
    size = (0.46, 0.52, 0.85)
    variants = ("slat", "ladder", "cross", "spindle", "round_back", "shell", "upholstered", "cantilever")
    counts = {
        name: len(build("chair", size, rng_for(1, "v"), {"variant": name}).triangles()) for name in variants
    }
    assert len(set(counts.values())) == len(variants)


def test_building_is_quick():
    for kind in FURNITURE:
        _made(kind, 0)
    started = time.perf_counter()
    for kind in FURNITURE:
        _made(kind, 1)
    assert (time.perf_counter() - started) / len(FURNITURE) < 0.25
