"""Planned kitchens and bathrooms: what belongs together stands together, with room to use it."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np
import pytest

from synthgen.recipe.families import family_spec
from synthgen.seeding import rng_for

family_spec("indoor")  # registers the package of the scene families

from synthgen_scenes.indoor.layout.arrange import plan_room  # noqa: E402
from synthgen_scenes.indoor.layout.boxes import box_rows, overlaps  # noqa: E402
from synthgen_scenes.indoor.layout.catalogue import solids  # noqa: E402
from synthgen_scenes.indoor.layout.kitchen_run import fit_out, possible_runs  # noqa: E402
from synthgen_scenes.indoor.layout.openings import Opening  # noqa: E402
from synthgen_scenes.indoor.layout.placement import Occupancy, Piece  # noqa: E402
from synthgen_scenes.indoor.layout.room_plan import Item, Layout, area_of, walls_of  # noqa: E402
from synthgen_scenes.indoor.spec import STYLES  # noqa: E402

SEEDS = tuple(range(20))


def spec_of(kind: str, seed: int) -> SimpleNamespace:
    """A resolved spec of an ordinary room without anything built in."""
    rng = rng_for(seed, "wet rooms", kind)
    shares = ("opening", "steps", "stairs", "columns", "beams", "alcoves", "half_walls")
    return SimpleNamespace(
        room=SimpleNamespace(
            kind=kind,
            plan="l_shape" if rng.random() < 0.2 else "rectangle",
            width_m=float(rng.uniform(3.2, 6.0)),
            depth_m=float(rng.uniform(3.0, 5.5)),
            height_m=float(rng.uniform(2.4, 2.9)),
        ),
        style=str(rng.choice(STYLES)),
        windows=SimpleNamespace(count=int(rng.integers(1, 4))),
        furniture=SimpleNamespace(density=float(rng.uniform(0.4, 0.9))),
        clutter=SimpleNamespace(density=float(rng.uniform(0.3, 0.8))),
        architecture=SimpleNamespace(**dict.fromkeys(shares, 0.0)),
    )


@functools.cache
def room(kind: str, seed: int) -> Layout:
    return plan_room(spec_of(kind, seed), seed)


def of(layout: Layout, *kinds: str) -> list[Item]:
    return [item for item in layout.items if item.kind in kinds]


def front_of(item: Item) -> np.ndarray:
    """(2,) unit vector out of a thing's front."""
    turn = np.radians(item.yaw_deg)
    return np.array([np.sin(turn), -np.cos(turn)])


def local(item: Item, other: Item) -> tuple[float, float]:
    """(x, y) of another thing, metres, in the frame of the first."""
    dx, dy = np.subtract(other.position_m[:2], item.position_m[:2])
    cos, sin = np.cos(np.radians(item.yaw_deg)), np.sin(np.radians(item.yaw_deg))
    return float(cos * dx + sin * dy), float(cos * dy - sin * dx)


def blocked_before(layout: Layout, item: Item, depth_m: float) -> set[str]:
    """What stands in the floor before a thing, over its width less a hand at both sides."""
    w, d, _ = item.size_m
    zone = [(-w / 2 + 0.1, w / 2 - 0.1, -d / 2 - depth_m, -d / 2 - 0.06, 0.03, 1.0)]
    row = box_rows(zone, np.array([item.position_m[:2]]), np.array([item.yaw_deg]), 0.0)[0]
    found = set()
    for other in layout.items:
        if other is item or other.parent is not None or other.kind == "rug":
            continue
        place, yaw = np.array([other.position_m[:2]]), np.array([other.yaw_deg])
        rows = box_rows(solids(other.kind, other.size_m, other.params), place, yaw, other.position_m[2])[0]
        if overlaps(row, rows, 1e-3).any():
            found.add(other.kind)
    return found


# -- kitchens ------------------------------------------------------------------------------------------


def test_every_kitchen_cooks_washes_and_mostly_cools() -> None:
    cooled = 0
    for seed in SEEDS:
        layout = room("kitchen", seed)
        assert len(of(layout, "kitchen_sink")) == len(of(layout, "kitchen_tap")) == 1, seed
        assert len(of(layout, "hob", "cooker")) == 1, seed
        assert len(of(layout, "oven", "cooker")) >= 1, seed
        cooled += bool(of(layout, "refrigerator"))
    assert cooled >= 0.8 * len(SEEDS)


def test_the_hood_hangs_above_the_hob() -> None:
    for seed in SEEDS:
        layout = room("kitchen", seed)
        (hob,) = of(layout, "hob", "cooker")
        for hood in of(layout, "hood"):
            x, _ = local(hob, hood)
            assert abs(x) < 0.03, seed
            assert 0.55 < hood.position_m[2] - (hob.position_m[2] + hob.size_m[2]) < 0.85, seed


def test_the_tap_reaches_over_the_bowl_of_its_sink() -> None:
    for seed in SEEDS:
        layout = room("kitchen", seed)
        (sink,), (tap,) = of(layout, "kitchen_sink"), of(layout, "kitchen_tap")
        x, y = local(sink, tap)
        mouth, foot = y - tap.size_m[1] / 2, y + tap.size_m[1] / 2
        assert abs(x) < 0.01 and mouth < sink.size_m[1] / 2 - 0.05 < foot, seed


def test_worktops_lie_on_their_units_and_nothing_opens_into_a_corner() -> None:
    for seed in SEEDS:
        layout = room("kitchen", seed)
        units = of(layout, "base_unit", "dishwasher")
        tops = {round(unit.size_m[2], 6) for unit in units if unit.params.get("unit") != "sink"}
        assert len(tops) == 1, seed
        assert {round(top.position_m[2], 6) for top in of(layout, "worktop")} == tops, seed
        for appliance in of(layout, "dishwasher", "refrigerator", "cooker", "washing_machine"):
            assert not blocked_before(layout, appliance, 0.55), f"seed {seed}: {appliance.kind}"
        for corner in (unit for unit in units if unit.params.get("unit") == "corner"):
            assert corner.size_m[0] - abs(corner.params["blind_m"]) > 0.3, seed


def test_sinks_stand_below_windows_more_often_than_not_where_a_run_passes_one() -> None:
    below = passing = 0
    for seed in SEEDS:
        layout = room("kitchen", seed)
        walls = walls_of(layout.outline_m)
        (sink,) = of(layout, "kitchen_sink")
        for window in layout.windows:
            wall = walls[window.wall]
            middle = wall.point(window.offset_m + window.width_m / 2)
            tops = [top for top in of(layout, "worktop") if front_of(top) @ wall.inward > 0.99]
            if not any(
                np.hypot(*(np.array(top.position_m[:2]) - middle)) < top.size_m[0] / 2 for top in tops
            ):
                continue
            passing += 1
            away = np.array(sink.position_m[:2]) - middle
            below += abs(away @ wall.along) < window.width_m / 2 and abs(away @ wall.inward) < 0.6
    assert passing >= 4
    assert below >= 0.4 * passing


def test_runs_go_around_corners_and_along_both_sides_of_an_aisle() -> None:
    shapes = set()
    for width, depth in ((2.6, 4.0), (3.6, 4.4), (5.0, 4.0)):
        outline = np.array([(0, 0), (width, 0), (width, depth), (0, depth)], dtype=float)
        door = Opening(0, 0.3, 0.8, 2.0, 0.0)
        for seed in range(6):
            kitchen = Occupancy(outline, 2.6, door, ())
            for legs in possible_runs(kitchen, rng_for(seed, "runs")):
                slots = fit_out(kitchen, legs, rng_for(seed, "slots"))
                if slots is None:
                    continue
                shapes.add(
                    (len(legs), "corner" in {end for leg in legs for end in (leg.at_low, leg.at_high)})
                )
                for number, leg in enumerate(legs):  # every leg is filled from end to end, without overlap
                    own = sorted((slot.low, slot.high) for slot in slots if slot.leg == number)
                    ends = [leg.low, *(edge for slot in own for edge in slot), leg.high]
                    np.testing.assert_allclose(ends[::2], ends[1::2], atol=1e-6)
    assert {(1, False), (2, True), (2, False), (3, True)} <= shapes


def test_fitted_things_touch_but_do_not_overlap() -> None:
    outline = np.array([(0, 0), (4, 0), (4, 3), (0, 3)], dtype=float)
    kitchen = Occupancy(outline, 2.6, Opening(2, 0.3, 0.8, 2.0, 0.0), ())
    size = (0.6, 0.6, 0.88)

    def unit(x: float) -> Piece:
        return Piece("base_unit", size, (x, 0.31, 180.0))

    assert kitchen.stand([unit(1.0), unit(1.6)], 1) == [0, 1]
    assert kitchen.stand([unit(2.2)], 2) == [2]
    assert kitchen.stand([unit(2.7)], 3) is None
    assert kitchen.stand([unit(2.8), unit(3.9)], 4) is None  # the second is in the wall
    assert len(kitchen.items) == 3


# -- bathrooms -----------------------------------------------------------------------------------------


def test_bathrooms_are_small_and_have_what_they_are_for() -> None:
    complete = 0
    for seed in SEEDS:
        layout = room("bathroom", seed)
        assert 3.9 < area_of(layout.outline_m) < 12.0, seed
        assert len(layout.windows) <= 1 and all(window.sill_m > 1.0 for window in layout.windows), seed
        kinds = {item.kind for item in layout.items}
        basin = kinds & {"vanity", "pedestal_basin"}
        complete += bool("toilet" in kinds and basin and kinds & {"bathtub", "shower"})
    assert complete >= 0.8 * len(SEEDS)


def test_toilets_have_room_before_them_and_on_both_sides() -> None:
    for seed in SEEDS:
        layout = room("bathroom", seed)
        walls = walls_of(layout.outline_m)
        for toilet in of(layout, "toilet"):
            assert not blocked_before(layout, toilet, 0.4), (
                f"seed {seed}: {blocked_before(layout, toilet, 0.4)}"
            )
            beside = [wall for wall in walls if abs(wall.inward @ front_of(toilet)) < 0.1]
            away = [(np.array(toilet.position_m[:2]) - wall.start) @ wall.inward for wall in beside]
            assert min(away) > toilet.size_m[0] / 2 + 0.12, seed


def test_every_basin_has_a_tap_and_most_have_a_mirror_above() -> None:
    basins = mirrored = 0
    for seed in SEEDS:
        layout = room("bathroom", seed)
        for basin in of(layout, "vanity", "pedestal_basin"):
            basins += 1
            near = [tap for tap in of(layout, "basin_tap") if abs(local(basin, tap)[0]) < basin.size_m[0] / 2]
            assert near, seed
            above = of(layout, "mirror", "mirror_cabinet")
            mirrored += any(abs(local(basin, each)[0]) < 0.02 and each.position_m[2] > 1.0 for each in above)
    assert mirrored >= 0.7 * basins > 0


def test_bathtubs_and_showers_stand_in_corners_unless_they_stand_free() -> None:
    seen = set()
    for seed in range(40):
        layout = room("bathroom", seed)
        for item in of(layout, "bathtub", "shower"):
            free = bool(item.params.get("free"))
            seen.add((item.kind, free))
            reach = np.abs(np.subtract(item.position_m[:2], layout.outline_m.max(axis=0) / 2))
            turned = round(item.yaw_deg / 90) % 2
            half = np.array(item.size_m[:2])[[1, 0] if turned else [0, 1]] / 2
            gaps = layout.outline_m.max(axis=0) / 2 - reach - half
            assert (gaps > -1e-3).all() and (free or (gaps < 0.02).all()), f"seed {seed}: {item}"
    assert {("bathtub", False), ("bathtub", True), ("shower", False)} <= seen


@pytest.mark.parametrize("kind", ["kitchen", "bathroom"])
def test_tiles_lie_within_their_walls(kind: str) -> None:
    areas = set()
    for seed in SEEDS:
        layout = room(kind, seed)
        walls = walls_of(layout.outline_m)
        for tiled in layout.tiles:
            areas.add(tiled.area)
            assert -1e-6 <= tiled.x0 < tiled.x1 <= walls[tiled.wall].length + 1e-6, seed
            assert 0.0 <= tiled.z0 < tiled.z1 <= layout.height_m + 1e-6, seed
    assert areas == ({"splash"} if kind == "kitchen" else {"bath", "accent"})


def test_bathrooms_are_tiled_where_they_are_wet() -> None:
    for seed in SEEDS:
        layout = room("bathroom", seed)
        walls = walls_of(layout.outline_m)
        for shower in of(layout, "shower"):
            behind = [i for i, wall in enumerate(walls) if wall.inward @ front_of(shower) > 0.99]
            high = max((t.z1 for t in layout.tiles if t.wall in behind), default=0.0)
            assert high >= min(2.1, layout.height_m) - 1e-6, seed
