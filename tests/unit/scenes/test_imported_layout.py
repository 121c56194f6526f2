"""Imported models in planned rooms: they rest, face, have their size and their share, and meet nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from synthgen.recipe.families import family_spec
from synthgen.seeding import rng_for

family_spec("indoor")  # registers the package of the scene families

from synthgen_scenes.indoor.layout.arrange import plan_room  # noqa: E402
from synthgen_scenes.indoor.layout.boxes import box_rows, overlaps  # noqa: E402
from synthgen_scenes.indoor.layout.catalogue import CATALOGUE, solids  # noqa: E402
from synthgen_scenes.indoor.layout.imported import CLASSES, LOOSE, suits  # noqa: E402
from synthgen_scenes.indoor.layout.room_plan import Item, Layout  # noqa: E402
from synthgen_scenes.indoor.spec import ROOM_KINDS, Spec  # noqa: E402

ROOMS = ("living_room", "bedroom", "office", "dining_room")
"""Rooms that have the most of what models may stand for."""
TOLERANCE_M = 1e-3


@dataclass(frozen=True)
class Model:
    """A model of a size."""

    id: str
    size_m: tuple[float, float, float]
    level_top: float
    share: float


class Library:
    """Models of every class, some a little larger and some smaller than the family's own things."""

    def __init__(self, share: float, classes: Sequence[str] = CLASSES, per_kind: int = 3) -> None:
        self.classes = list(classes)
        self.sizes: dict[str, tuple[float, float, float]] = {}
        self._models: dict[str, list[Model]] = {}
        for class_name in classes:
            made = []
            for kind in sorted(LOOSE):
                row = CATALOGUE[kind]
                for number in range(per_kind if row.class_name == class_name else 0):
                    rng = rng_for(7, "library", kind, number)
                    ranges = (row.width, row.depth or row.width, row.height)
                    size = tuple(float(rng.uniform(0.85 * low, 1.15 * high)) for low, high in ranges)
                    made.append((f"{kind}{number}", size))
            self.sizes |= dict(made)
            self._models[class_name] = [
                Model(name, size, 0.9 if "table" in name or "desk" in name else 0.0, share / len(made))
                for name, size in made
            ]

    def models(self, class_name: str) -> list[Model]:
        return self._models[class_name]


def planned(kind: str, seed: int, library: Library | None, clutter: float = 0.6) -> Layout:
    rng = rng_for(seed, "test", kind)
    shares = ("opening", "steps", "stairs", "columns", "beams", "alcoves", "half_walls")
    spec = SimpleNamespace(
        room=SimpleNamespace(
            kind=kind, plan="rectangle", width_m=float(rng.uniform(3.6, 6.5)),
            depth_m=float(rng.uniform(3.4, 6.0)), height_m=2.6,
        ),
        style="modern", windows=SimpleNamespace(count=1), furniture=SimpleNamespace(density=0.8),
        clutter=SimpleNamespace(density=clutter),
        architecture=SimpleNamespace(**dict.fromkeys(shares, 0.2)),
    )  # fmt: skip
    return plan_room(spec, seed, library)


def rows_of(item: Item) -> np.ndarray:
    boxes = solids(item.kind, item.size_m, item.params)
    return box_rows(boxes, np.array([item.position_m[:2]]), np.array([item.yaw_deg]), item.position_m[2])[0]


@pytest.mark.parametrize("kind", ROOM_KINDS)
def test_models_meet_nothing_and_rest_where_things_rest(kind: str) -> None:
    library, found = Library(0.7), 0
    for seed in range(6):
        for room in planned(kind, seed, library).rooms():
            rows = [rows_of(item) for item in room.items]
            low, high = room.outline_m.min(axis=0), room.outline_m.max(axis=0)
            for index, item in enumerate(room.items):
                if "asset" not in item.params:
                    continue
                found += 1
                assert item.size_m == library.sizes[item.params["asset"]]
                assert suits(item.kind, item.size_m)
                corners = rows[index]
                assert (corners[:, :2] >= low).all() and (corners[:, :2] <= high).all()
                assert corners[:, 7].max() <= room.height_m + 1e-6
                for other, each in enumerate(room.items):
                    if other not in (index, item.parent) and each.parent != index and each.kind != "rug":
                        assert not overlaps(rows[index], rows[other], TOLERANCE_M).any(), (item, each)
                _check_rest(item, room)
    assert found > 8


def _check_rest(item: Item, room: Layout) -> None:
    z = item.position_m[2]
    if item.parent is not None:
        carrier = room.items[item.parent]
        top = carrier.position_m[2] + carrier.size_m[2]
        assert carrier.position_m[2] < z <= top + 1e-6
        if "asset" in carrier.params:
            assert z == pytest.approx(top)
    elif CATALOGUE[item.kind].stands == "ceiling":
        assert z + item.size_m[2] == pytest.approx(room.height_m, abs=0.02)
    elif CATALOGUE[item.kind].stands != "wall_mounted":
        assert z == 0


def test_what_lies_on_a_model_lies_on_its_level_top() -> None:
    library, lying = Library(1.0, ["table", "desk"]), 0
    for kind in ROOMS:
        for seed in range(8):
            for room in planned(kind, seed, library).rooms():
                for item in room.items:
                    carrier = room.items[item.parent] if item.parent is not None else None
                    if carrier is None or "asset" not in carrier.params:
                        continue
                    lying += 1
                    assert item.position_m[2] == pytest.approx(carrier.position_m[2] + carrier.size_m[2])
                    away = np.subtract(item.position_m[:2], carrier.position_m[:2])
                    turn = np.radians(carrier.yaw_deg)
                    x = np.cos(turn) * away[0] + np.sin(turn) * away[1]
                    y = np.cos(turn) * away[1] - np.sin(turn) * away[0]
                    assert abs(x) < 0.45 * carrier.size_m[0] and abs(y) < 0.45 * carrier.size_m[1]
    assert lying > 50


def test_shares_are_those_of_the_recipe() -> None:
    for share, low, high in ((0.0, 0.0, 0.0), (0.5, 0.35, 0.65), (1.0, 1.0, 1.0)):
        library = Library(share, ["chair", "table"])
        sets: dict[tuple[str, int, int], bool] = {}  # equal things are drawn together
        for kind in ROOMS:
            for seed in range(8):
                for item in planned(kind, seed, library, clutter=0.0).items:
                    if item.kind in LOOSE and item.class_name in library.classes:
                        sets[item.kind, item.seed, seed] = "asset" in item.params
        assert len(sets) > 50
        assert low <= sum(sets.values()) / len(sets) <= high


def test_rooms_without_models_stay_as_they_are() -> None:
    """Asking for models of one class leaves the large things of all others where they were."""
    same = total = 0
    for seed in range(6):
        before, after = planned("dining_room", seed, None), planned("dining_room", seed, Library(0.0))
        assert before.items == after.items
        lamps = planned("dining_room", seed, Library(1.0, ["ceiling_light"]))
        own = [item for item in lamps.items if item.class_name != "ceiling_light"]
        total += len(own)
        same += sum(item in before.items for item in own)
    assert same > 0.9 * total


def test_chairs_of_a_set_are_of_one_model_and_face_their_table() -> None:
    library, sets, aligned = Library(1.0, ["chair"]), 0, []
    for seed in range(12):
        room = planned("dining_room", seed, library)
        tables = [item for item in room.items if item.kind == "dining_table"]
        chairs = [item for item in room.items if item.kind == "chair" and "asset" in item.params]
        if not tables or len(chairs) < 3:
            continue
        twins = Counter(chair.seed for chair in chairs)
        for seed_of_set, count in twins.items():
            if count > 1:
                sets += 1
                assert len({c.params["asset"] for c in chairs if c.seed == seed_of_set}) <= 2
        for chair in chairs:
            to = np.subtract(tables[0].position_m[:2], chair.position_m[:2])
            yaw = np.radians(chair.yaw_deg)
            front = np.array([np.sin(yaw), -np.cos(yaw)])
            aligned.append(float(front @ to / np.linalg.norm(to)))
    assert sets >= 5
    assert np.median(aligned) > 0.7


def test_the_recipe_offers_every_class_that_a_model_may_stand_for() -> None:
    assert set(Spec.asset_classes) >= set(CLASSES)
    assert set(Spec.asset_classes) <= set(Spec.classes) | {"environment"}
    assert not suits("coffee_table", (2.0, 1.0, 0.75)) and suits("dining_table", (2.0, 1.0, 0.75))
    assert not suits("chair", (1.0, 1.0, 1.0)) and suits("armchair", (0.9, 0.9, 0.9))
