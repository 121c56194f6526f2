"""Planned rooms: nothing intersects, everything rests on something, people can walk."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from synthgen.frame.classes import CLASSES
from synthgen.recipe.families import family_spec
from synthgen.seeding import rng_for

family_spec("indoor")  # registers the package of the scene families

from synthgen_scenes.indoor.layout.arrange import plan_room  # noqa: E402
from synthgen_scenes.indoor.layout.boxes import box_rows, overlaps  # noqa: E402
from synthgen_scenes.indoor.layout.cables import OFTEN  # noqa: E402
from synthgen_scenes.indoor.layout.catalogue import CATALOGUE, draw_size, solids, surfaces  # noqa: E402
from synthgen_scenes.indoor.layout.openings import PASSING_M, as_doorway  # noqa: E402
from synthgen_scenes.indoor.layout.placement import Occupancy  # noqa: E402
from synthgen_scenes.indoor.layout.room_plan import (  # noqa: E402
    Item,
    Layout,
    area_of,
    rectangles_of,
    rectangles_of_room,
    walls_of,
)
from synthgen_scenes.indoor.layout.shell_plan import plan_outline  # noqa: E402
from synthgen_scenes.indoor.layout.walking import CELL_M, FloorGrid  # noqa: E402
from synthgen_scenes.indoor.spec import PLANS, ROOM_KINDS, STYLES  # noqa: E402

EVERY_ROOM = pytest.mark.parametrize(
    ("room_kind", "seeds"),
    [(kind, range(16)) for kind in ROOM_KINDS]
    + [pytest.param(kind, range(16, 200), marks=pytest.mark.slow) for kind in ROOM_KINDS],
)
TOLERANCE_M = 1e-3


def spec_of(room_kind: str, seed: int, **changes: float) -> SimpleNamespace:
    """A resolved spec; every eighth one lies at the limits of what the spec allows."""
    rng = rng_for(seed, "test", room_kind)
    width, depth = float(rng.uniform(3.2, 6.5)), float(rng.uniform(3.0, 6.0))
    height, windows = float(rng.uniform(2.4, 3.1)), int(rng.integers(0, 4))
    if seed % 8 == 7:
        width, depth = float(rng.choice([2.2, 2.6, 12.0])), float(rng.choice([2.2, 4.0, 12.0]))
        height, windows = float(rng.choice([2.1, 6.0])), 6
    furniture, clutter = float(rng.uniform(0.3, 1.0)), float(rng.uniform(0.1, 1.0))
    built = rng_for(seed, "test", room_kind, "built in")
    shares = ("opening", "steps", "stairs", "columns", "beams", "alcoves", "half_walls")
    return SimpleNamespace(
        room=SimpleNamespace(
            kind=room_kind,
            plan=str(rng.choice(PLANS)) if rng.random() < 0.5 else "rectangle",
            width_m=width,
            depth_m=depth,
            height_m=height,
        ),
        style=str(rng.choice(STYLES)),
        windows=SimpleNamespace(count=windows),
        furniture=SimpleNamespace(density=changes.get("furniture", furniture)),
        clutter=SimpleNamespace(density=changes.get("clutter", clutter)),
        architecture=SimpleNamespace(**{name: float(built.random() < 0.4) for name in shares}),
    )


@functools.cache
def room(room_kind: str, seed: int) -> Layout:
    return plan_room(spec_of(room_kind, seed), seed)


def boxes_of(items: tuple[Item, ...]) -> tuple[np.ndarray, np.ndarray]:
    """(n, 8) rows of the solid boxes of all items but rugs, and whose they are."""
    rows, owners = [], []
    for index, item in enumerate(items):
        if item.kind != "rug":
            made = box_rows(
                solids(item.kind, item.size_m, item.params),
                np.array([item.position_m[:2]]),
                np.array([item.yaw_deg]),
                item.position_m[2],
            )[0]
            rows.append(made)
            owners += [index] * len(made)
    return (np.vstack(rows) if rows else np.empty((0, 8))), np.array(owners, dtype=int)


def corners_of(item: Item) -> np.ndarray:
    w, d, _ = item.size_m
    turn = np.radians(item.yaw_deg)
    local = np.array([[-w, -d], [w, -d], [w, d], [-w, d]]) / 2
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return local @ rotation.T + item.position_m[:2]


def test_separating_axes_agree_with_sampled_points() -> None:
    rng = np.random.default_rng(3)
    count, found = 300, Counter()
    angle = rng.uniform(0, 2 * np.pi, (2, count))
    a, b = (
        np.column_stack([
            rng.uniform(-0.7, 0.7, (count, 2)), rng.uniform(0.1, 0.8, (count, 2)),
            np.cos(turn), np.sin(turn), np.zeros(count), np.ones(count),
        ])
        for turn in angle
    )  # fmt: skip
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, 60)] * 2), axis=-1).reshape(-1, 2)
    for first, second in zip(a, b):
        points = grid * first[2:4] @ np.array([[first[4], first[5]], [-first[5], first[4]]]) + first[:2]
        local = (points - second[:2]) @ np.array([[second[4], -second[5]], [second[5], second[4]]])
        inside = bool((np.abs(local) < second[2:4] - 0.03).all(axis=1).any())
        touching = bool((np.abs(local) < second[2:4] + 0.03).all(axis=1).any())
        meets = bool(overlaps(first[None], second[None])[0, 0])
        assert meets or not inside
        assert touching or not meets
        found[meets] += 1
    assert min(found.values()) > 30


@EVERY_ROOM
def test_nothing_intersects(room_kind: str, seeds: range) -> None:
    for seed in seeds:
        layout = room(room_kind, seed)
        rows, owners = boxes_of(layout.items)
        meets = overlaps(rows, rows, TOLERANCE_M) & (owners[:, None] < owners[None, :])
        pairs = {(int(owners[i]), int(owners[j])) for i, j in np.argwhere(meets)}
        wrong = [(layout.items[i].kind, layout.items[j].kind) for i, j in pairs if not _carries(layout, i, j)]
        assert not wrong, f"seed {seed}: {wrong}"


def _carries(layout: Layout, first: int, second: int) -> bool:
    """A shelf is one box, and what stands on its boards is inside of it."""
    return layout.items[second].parent == first or layout.items[first].parent == second


@EVERY_ROOM
def test_everything_is_inside_the_room(room_kind: str, seeds: range) -> None:
    for seed in seeds:
        layout = room(room_kind, seed)
        (x0, y0, x1, y1), notches = rectangles_of(layout.outline_m)
        for item in layout.items:
            if _in_a_niche(item, layout):
                continue
            corners = corners_of(item)
            assert (corners >= np.array([x0, y0]) - TOLERANCE_M).all(), f"seed {seed}: {item}"
            assert (corners <= np.array([x1, y1]) + TOLERANCE_M).all(), f"seed {seed}: {item}"
            assert item.position_m[2] >= 0, f"seed {seed}: {item}"
            assert item.position_m[2] + item.size_m[2] <= layout.height_m + 1e-6, f"seed {seed}: {item}"
            for a0, b0, a1, b1 in notches:
                taken = box_rows([(a0, a1, b0, b1, 0.0, 99.0)], np.zeros((1, 2)), np.zeros(1), 0.0)[0]
                w, d, h = item.size_m
                own = box_rows(
                    [(-w / 2, w / 2, -d / 2, d / 2, 0.0, h)],
                    np.array([item.position_m[:2]]),
                    np.array([item.yaw_deg]),
                    item.position_m[2],
                )[0]
                assert not overlaps(own, taken, TOLERANCE_M).any(), f"seed {seed}: {item}"


@EVERY_ROOM
def test_everything_rests_on_something(room_kind: str, seeds: range) -> None:
    for seed in seeds:
        layout = room(room_kind, seed)
        for index, item in enumerate(layout.items):
            where = f"seed {seed}: {item}"
            low, high = item.position_m[2], item.position_m[2] + item.size_m[2]
            if item.parent is not None:
                assert item.parent < index, where
                assert _lies_on(item, layout.items[item.parent]), where
            elif CATALOGUE[item.kind].stands == "in_wall":
                assert any(niche.sill_m == low for niche in layout.niches), where
            elif CATALOGUE[item.kind].stands == "ceiling":
                assert high == pytest.approx(layout.height_m, abs=0.005), where
            elif CATALOGUE[item.kind].stands in ("wall_mounted", "window") or "wall_mounted" in item.params:
                assert _touches_a_wall(item, layout) or _touches_a_chimney(item, layout), where
            else:
                assert low == 0.0, where


def _lies_on(item: Item, carrier: Item) -> bool:
    turn = np.radians(carrier.yaw_deg)
    offset = corners_of(item) - carrier.position_m[:2]
    local = offset @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    z = item.position_m[2] - carrier.position_m[2]
    return any(
        abs(z - level.z) < 1e-6
        and (local >= np.array([level.x0, level.y0]) - 1e-6).all()
        and (local <= np.array([level.x1, level.y1]) + 1e-6).all()
        and item.size_m[2] <= level.free_m + 1e-6
        for level in surfaces(carrier.kind, carrier.size_m, carrier.params)
    )


def _in_a_niche(item: Item, layout: Layout) -> bool:
    """Niches and what stands in them are in the wall: at most as deep as it, behind its face."""
    carrier = item if item.parent is None else layout.items[item.parent]
    if carrier.kind != "niche":
        return False
    walls = walls_of(layout.outline_m)
    behind = [
        -((corners_of(item) - walls[niche.wall].start) @ walls[niche.wall].inward) for niche in layout.niches
    ]
    assert any((away > -TOLERANCE_M).all() and (away < 0.16).all() for away in behind), item
    return True


def _touches_a_chimney(item: Item, layout: Layout) -> bool:
    """Pictures and mirrors hang above mantels, on the chimney breast."""
    back = corners_of(item)[2:].mean(axis=0)
    for other in layout.items:
        if other.kind == "chimney_breast" and "mantel_z_m" in other.params:
            turn = np.radians(other.yaw_deg)
            front = np.array([np.sin(turn), -np.cos(turn)])
            away = (back - other.position_m[:2]) @ front - (other.size_m[1] / 2 - 0.16)
            if abs(away) < 0.01 and item.position_m[2] > other.params["mantel_z_m"]:
                return True
    return False


def _touches_a_wall(item: Item, layout: Layout) -> bool:
    back = corners_of(item)[2:]
    return any(
        np.abs((back - wall.start) @ wall.inward).max() < 0.01
        and ((back - wall.start) @ wall.along).min() > -0.01
        and ((back - wall.start) @ wall.along).max() < wall.length + 0.01
        for wall in walls_of(layout.outline_m)
    )


@EVERY_ROOM
def test_openings_lie_in_their_walls(room_kind: str, seeds: range) -> None:
    for seed in seeds:
        layout = room(room_kind, seed)
        walls = walls_of(layout.outline_m)
        spans: dict[int, list[tuple[float, float]]] = {}
        for opening in (layout.door, *layout.windows):
            assert opening.sill_m >= 0 and opening.width_m >= 0.55
            assert opening.height_m > 0.3 and opening.sill_m + opening.height_m < layout.height_m
            spans.setdefault(opening.wall, []).append((opening.offset_m, opening.offset_m + opening.width_m))
        for wall, taken in spans.items():
            edges = [edge for span in sorted(taken) for edge in span]
            assert edges[0] > 0.05 and edges[-1] < walls[wall].length - 0.05
            assert all(later > earlier for earlier, later in itertools.pairwise(edges))
        assert layout.door.sill_m == 0


@EVERY_ROOM
def test_door_and_windows_stay_free(room_kind: str, seeds: range) -> None:
    for seed in seeds:
        layout = room(room_kind, seed)
        walls = walls_of(layout.outline_m)
        rows, owners = boxes_of(layout.items)
        door = as_doorway(layout.door)
        turns_in = door.leaf in ("shut", "ajar") and door.swings_in
        deep = door.width_m if turns_in else min(door.width_m, PASSING_M)
        swing = _before(walls[door.wall], door, deep, 0.0, door.height_m)
        blocking = {layout.items[owners[j]].kind for j in np.flatnonzero(overlaps(swing, rows)[0])}
        assert not blocking, f"seed {seed}: {blocking} in the way of the door"
        for window in layout.windows:
            pane = _before(
                walls[window.wall], window, 0.25, window.sill_m + 0.2, window.sill_m + window.height_m
            )
            near = np.flatnonzero(overlaps(pane, rows)[0])
            before = [layout.items[owners[j]] for j in near]
            blocking = {
                each.kind for each in before
                if each.parent is None and CATALOGUE[each.kind].stands != "window"
            }  # fmt: skip
            assert not blocking, f"seed {seed}: {blocking} before a window"


def _before(wall, opening, depth: float, z0: float, z1: float) -> np.ndarray:
    middle = wall.point(opening.offset_m + opening.width_m / 2, depth / 2)
    return np.array([[*middle, opening.width_m / 2, depth / 2, *wall.along, z0, z1]])


@EVERY_ROOM
def test_people_can_walk_from_the_door(room_kind: str, seeds: range) -> None:
    for seed in seeds:
        layout = room(room_kind, seed)
        floor = Occupancy(layout.outline_m, layout.height_m, layout.door, layout.windows).floor
        low = np.zeros_like(floor.near_walls) if layout.roof is None else floor.lower_than(layout.roof, 1.5)
        rows, _ = boxes_of(tuple(item for item in layout.items if CATALOGUE[item.kind].stands != "ceiling"))
        if layout.stairs is not None:
            rows = np.vstack([rows, layout.stairs.body_rows()])
        blocked = floor.near_walls | low | floor.blocked_by(rows)
        reached = floor.reached(blocked)
        assert reached.sum() * CELL_M**2 > 0.8, f"seed {seed}: no floor to stand on"
        share = reached.sum() / (~blocked).sum()
        assert share > 0.75, f"seed {seed}: only {share:.0%} of the free floor is connected"


def test_walking_stops_at_what_blocks_the_way() -> None:
    bounds = np.array([0.0, 0.0, 4.0, 2.0])
    floor = FloorGrid(bounds, np.empty((0, 4)), np.array([0.5, 1.0]))

    def reached_with_gap(gap_m: float) -> float:
        half = (2.0 - gap_m) / 2
        rows = np.array(
            [[2.0, half / 2 + side * (half + gap_m), 0.05, half / 2, 1, 0, 0, 1.0] for side in (0, 1)]
        )
        return float(floor.reached(floor.near_walls | floor.blocked_by(rows)).sum()) * CELL_M**2

    assert reached_with_gap(0.9) > 1.9 * reached_with_gap(0.3)
    assert reached_with_gap(0.3) == pytest.approx(1.45 * 1.5, rel=0.15)  # to a cell


def test_every_kind_of_the_catalogue_is_used() -> None:
    used = {item.kind for kind in ROOM_KINDS for seed in range(16) for item in room(kind, seed).items}
    assert used == set(CATALOGUE), set(CATALOGUE) - used
    few = {item.kind for seed in (0, 1, 2) for item in room("living_room", seed).items}
    assert len(few) >= 12


@pytest.mark.parametrize(
    ("room_kind", "main"),
    [
        ("living_room", "sofa"),
        ("bedroom", "bed"),
        ("office", "desk"),
        ("dining_room", "dining_table"),
        ("classroom", "board"),
        ("kitchen", "kitchen_sink"),
        ("bathroom", "toilet"),
        ("classroom", "school_desk"),
    ],
)
def test_rooms_have_what_they_are_for(room_kind: str, main: str) -> None:
    rooms = [room(room_kind, seed) for seed in range(16) if seed % 8 != 7]
    having = sum(any(item.kind == main for item in layout.items) for layout in rooms)
    assert having >= 0.95 * len(rooms)


def test_pupils_face_the_board() -> None:
    turned = []
    for seed in range(16):
        items = room("classroom", seed).items
        board = next(item for item in items if item.kind == "board")
        turn = np.radians(board.yaw_deg)
        outwards = np.array([np.sin(turn), -np.cos(turn)])
        for item in items:
            if item.kind == "school_desk":
                away = (np.array(item.position_m[:2]) - board.position_m[:2]) @ outwards
                assert away > 1.5, f"seed {seed}: {item}"
                turned.append(abs((item.yaw_deg - board.yaw_deg + 180) % 360 - 180))
            if item.kind == "desk":  # the teacher looks at the class
                assert abs(abs((item.yaw_deg - board.yaw_deg + 180) % 360 - 180) - 180) < 3, f"seed {seed}"
    assert len(turned) > 100 and np.mean(np.array(turned) < 5) > 0.7
    assert all(angle < 5 or angle > 175 for angle in turned)


def test_attics_lie_below_their_roof() -> None:
    slanting, low = 0, 0
    for seed in range(24):
        layout = room("attic", seed)
        assert layout.roof is not None and layout.roof.profile_m[:, 1].max() == layout.height_m
        for item in layout.items:
            if CATALOGUE[item.kind].stands == "in_wall":
                continue
            top = layout.roof.height_at(corners_of(item)).min()
            assert item.position_m[2] + item.size_m[2] <= top + 1e-6, f"seed {seed}: {item}"
            low += top < 1.6
        slanting += len(layout.roof_windows())
        for window in layout.roof_windows():
            assert window.up_m > 0.1 and window.height_m >= 0.5
            assert window.up_m + window.height_m < layout.roof.length_up_m(window.slope)
        for hole in (layout.door, *layout.windows):
            wall = walls_of(layout.outline_m)[hole.wall]
            ends = np.array([wall.point(hole.offset_m + s * hole.width_m) for s in (0, 1)])
            assert layout.roof.height_at(ends).min() > hole.sill_m + hole.height_m, f"seed {seed}"
    assert slanting > 10 and low > 24


def test_cables_lead_from_sockets_to_what_needs_them() -> None:
    laid = 0
    for kind in ("living_room", "bedroom", "office"):
        for seed in range(16):
            layout = room(kind, seed)
            electric = [item for item in layout.items if item.kind in OFTEN]
            x0, y0, x1, y1 = rectangles_of(layout.outline_m)[0]
            for item in layout.items:
                if item.kind != "cable":
                    continue
                turn = np.radians(item.yaw_deg)
                rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
                local = np.array(item.params["points_m"])
                points = local[:, :2] @ rotation.T + item.position_m[:2]
                heights = local[:, 2] + item.position_m[2]
                assert (points > (x0, y0)).all() and (points < (x1, y1)).all(), f"{kind} {seed}"
                assert heights.min() > 0 and np.abs(np.diff(local, axis=0)).max() < 0.5
                ends = [
                    np.hypot(*(points[-1] - each.position_m[:2])) - 0.75 * max(each.size_m[:2])
                    for each in electric
                    if abs(each.position_m[2] - heights[-1]) < 0.01
                ]
                assert min(ends) < 0, f"{kind} {seed}: {item}"
                laid += 1
    assert laid > 30


def test_same_seed_same_room_other_seed_other_room() -> None:
    for room_kind in ROOM_KINDS:
        spec = spec_of(room_kind, 5)
        first, again, other = plan_room(spec, 5), plan_room(spec, 5), plan_room(spec, 6)
        assert first.items == again.items and first.windows == again.windows and first.door == again.door
        assert (first.outline_m == again.outline_m).all()
        assert first.items != other.items


def test_no_two_rooms_are_alike() -> None:
    rooms = [room(kind, seed) for kind in ROOM_KINDS for seed in range(7)]
    told = {
        (layout.kind, tuple(sorted(Counter(item.kind for item in layout.items).items()))) for layout in rooms
    }
    assert len(told) == len(rooms) >= 50
    assert len({np.round(layout.outline_m, 2).tobytes() for layout in rooms}) == len(rooms)
    assert len({item.kind for layout in rooms for item in layout.items}) >= 80


def test_densities_count() -> None:
    def number(**densities: float) -> int:
        return sum(len(plan_room(spec_of("living_room", s, **densities), s).items) for s in range(6))

    assert number(furniture=0.9, clutter=0.9) > 1.5 * number(furniture=0.3, clutter=0.2)
    bare = plan_room(spec_of("living_room", 1, furniture=0.0, clutter=0.0), 1)
    moved_in = [item for item in bare.items if item.class_name not in ("column", "wall")]
    assert all(CATALOGUE[item.kind].stands not in ("free", "corner", "surface") for item in moved_in)


def test_outline_starts_at_the_origin_and_runs_counter_clockwise() -> None:
    for seed in range(16):
        outline = room("office", seed).outline_m
        assert (outline[0] == 0).all() and area_of(outline) > 3.5
        assert len(outline) in (4, 6, 8)


@pytest.mark.parametrize("plan", PLANS)
def test_plans_are_cut_into_rectangles(plan: str) -> None:
    corners = Counter()
    for seed in range(12):
        outline = plan_outline(6.5 + 0.2 * seed, 5.5, plan, seed)
        bounds, notches = rectangles_of(outline)
        parts = np.array(rectangles_of_room(outline))
        areas = np.prod(parts[:, 2:] - parts[:, :2], axis=1)
        assert areas.sum() == pytest.approx(area_of(outline))
        removed = np.prod(notches[:, 2:] - notches[:, :2], axis=1).sum()
        assert np.prod(bounds[2:] - bounds[:2]) - removed == pytest.approx(area_of(outline))
        assert (outline[0] == 0).all() and area_of(outline) > 0
        corners[len(outline)] += 1
    assert corners == {{"rectangle": 4, "l_shape": 6}.get(plan, 8): 12}


def test_catalogue_names_known_classes_and_sizes_stay_in_range() -> None:
    for kind, row in CATALOGUE.items():
        assert row.class_name in CLASSES
        for seed in range(20):
            w, _, h = draw_size(kind, rng_for(seed, kind))
            assert row.width[0] - 1e-9 <= w <= row.width[1] + 1e-9 or kind == "picture"
            assert h <= row.height[1] * 1.15
