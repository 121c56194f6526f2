"""Rooms that open into each other: ways through walls, and the room or corridor that is built behind each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from synthgen.seeding import rng_for

from .openings import WALL_M, Doorway
from .room_plan import Layout, Wall, walls_of
from .shell_plan import JAMB_M, plan_windows

Furnish = Callable[[Layout, str, float, float, int], Layout]

VIEW_M = 4.0
"""So far before windows nothing is built, or they would show a wall."""
APART_M = 0.05
"""Outer faces of two rooms that are not neighbours keep this far apart."""
ARCHED = {"classic": 0.3, "rustic": 0.4, "scandinavian": 0.08, "modern": 0.08}
"""How often an opening without a leaf has an arch, by style."""
BEHIND: dict[str, dict[str, float]] = {
    "classroom": {"hallway": 1},
    "hallway": {"living_room": 2, "bedroom": 2, "office": 1.5, "dining_room": 1.5, "kitchen": 1.5},
    "kitchen": {"dining_room": 2, "living_room": 1.5, "hallway": 1.5},
    "bathroom": {"hallway": 2, "bedroom": 1},
}
"""What lies behind a room of a kind; `ANY` for all others."""
ANY = {"hallway": 2.2, "living_room": 1.2, "dining_room": 1.2, "office": 0.8, "bedroom": 0.8, "kitchen": 1}


@dataclass(slots=True)
class _Ground:
    """Rectangles (x0, y0, x1, y1) that are taken: rooms with their walls, and the view from windows."""

    taken: list[np.ndarray] = field(default_factory=list)

    def add(self, room: Layout) -> None:
        """Take the ground of a room and of what its windows look at."""
        low, high = room.outline_m.min(axis=0), room.outline_m.max(axis=0)
        self.taken.append(np.array([*(low - WALL_M), *(high + WALL_M)]))
        for window in room.windows:
            wall = walls_of(room.outline_m)[window.wall]
            span = (window.offset_m - 0.5, window.offset_m + window.width_m + 0.5)
            self.taken.append(_strip(wall, span, WALL_M + APART_M, VIEW_M))

    def is_free(self, box: np.ndarray) -> bool:
        """Whether nothing of it is taken."""
        return all(
            min(box[2], other[2]) - max(box[0], other[0]) < 1e-6
            or min(box[3], other[3]) - max(box[1], other[1]) < 1e-6
            for other in self.taken
        )


def open_up(shell: Layout, spec: Any, seed: int, furnish: Furnish) -> Layout:
    """Open a shell into one to three further rooms, in the share of cases that `spec.architecture` names.

    Parameters
    ----------
    furnish : (shell, style, furniture, clutter, seed) -> Layout, for the rooms beyond
    """
    rng = rng_for(seed, "openings")
    if rng.random() >= float(spec.architecture.opening):
        return shell
    wanted = 1 + int(rng.binomial(2, 0.55)) if shell.kind == "hallway" else 1 + int(rng.random() < 0.12)
    ground = _Ground()
    ground.add(shell)
    for number in range(wanted):
        shell = _one_more(shell, spec, rng_for(seed, "openings", number), ground, furnish, number == 0, 0)
    return shell


def _one_more(
    shell: Layout, spec: Any, rng: np.random.Generator, ground: _Ground, furnish: Furnish,
    door_too: bool, depth: int,
) -> Layout:  # fmt: skip
    """A shell with one way more, and the room behind it; unchanged when nothing fits."""
    walls = walls_of(shell.outline_m)
    closed = {window.wall for window in shell.windows} | shell.shared_walls()
    if shell.stairs is not None:
        closed.add(shell.stairs.wall)
    if shell.roof is not None:  # the roof goes on along its ridge only
        closed |= {index for index, wall in enumerate(walls) if abs(wall.along[shell.roof.axis]) > 0.5}
    liking = [wall.length * float(rng.uniform(0.5, 1.5)) for wall in walls]
    order = sorted((i for i in range(len(walls)) if i not in closed), key=lambda i: -liking[i])
    own_door = door_too and rng.random() < 0.45
    if own_door and shell.door.wall in order:
        order = [shell.door.wall, *(index for index in order if index != shell.door.wall)]
    for index in order:
        for _ in range(6):
            through_door = own_door and index == shell.door.wall
            way = _door_way(shell, spec, rng) if through_door else _new_way(shell, index, spec, rng)
            if way is None:
                break
            beyond = _shell_behind(shell, walls[index], way, spec, rng, ground)
            if beyond is None:
                continue
            ground.add(beyond)
            if beyond.kind == "hallway" and depth == 0 and beyond.floor_z_m == 0 and rng.random() < 0.5:
                beyond = _one_more(beyond, spec, rng, ground, furnish, False, 1)
            beyond = _with_shut_doors(beyond, rng)
            share = 0.75 if depth == 0 else 0.5
            inner = furnish(
                beyond,
                str(spec.style),
                share * float(spec.furniture.density),
                share * float(spec.clutter.density),
                int(rng.integers(2**31)),
            )
            if through_door:
                return replace(shell, door=way, beyond=(inner, *shell.beyond))
            return replace(shell, doorways=(*shell.doorways, way), beyond=(*shell.beyond, inner))
    return shell


def _door_way(shell: Layout, spec: Any, rng: np.random.Generator) -> Doorway | None:
    """The room's own door as a way into another room."""
    door = shell.door
    way = Doorway(door.wall, door.offset_m, door.width_m, door.height_m, 0.0, door.hinge_at_start, leads=True)
    return _with_leaf(way, spec, rng)


def _new_way(shell: Layout, index: int, spec: Any, rng: np.random.Generator) -> Doorway | None:
    """A doorway or a wide opening somewhere along a wall."""
    wall = walls_of(shell.outline_m)[index]
    tallest = shell.height_m - 0.15
    wide = shell.kind not in ("hallway", "classroom", "attic", "bathroom") and rng.random() < 0.5
    width = (
        float(rng.uniform(1.2, min(2.8, max(1.3, 0.62 * wall.length))))
        if wide
        else float(rng.choice([0.8, 0.86, 0.92, 1.0]))
    )
    height = min(float(rng.uniform(2.05, 2.5) if wide else rng.choice([2.0, 2.05, 2.1])), tallest)
    pieces = free_pieces(shell, index, height)
    pieces = [(low, high) for low, high in pieces if high - low >= width]
    if not pieces:
        return None
    low, high = pieces[int(rng.integers(len(pieces)))]
    offset = float(rng.uniform(low, high - width))
    way = Doorway(index, offset, width, height, 0.0, bool(rng.random() < 0.5), leads=True)
    return _with_leaf(way, spec, rng)


def free_pieces(shell: Layout, index: int, height_m: float) -> list[tuple[float, float]]:
    """Where along a wall a hole of a height may be: between its corners and the holes that it has."""
    if index in shell.whole:
        return []
    wall = walls_of(shell.outline_m)[index]
    low, high = JAMB_M, wall.length - JAMB_M
    if shell.roof is not None:  # below the slopes
        along = np.linspace(0.0, wall.length, 200)
        places = wall.start + along[:, None] * wall.along
        tall = along[shell.roof.height_at(places) >= height_m + 0.12]
        if not len(tall):
            return []
        low, high = max(low, float(tall[0])), min(high, float(tall[-1]))
    edges = [low]
    for hole in sorted((*shell.ways(), *shell.windows, *shell.niches), key=lambda each: each.offset_m):
        if hole.wall == index:
            edges += [hole.offset_m - 0.25, hole.offset_m + hole.width_m + 0.25]
    edges.append(high)
    return [(a, b) for a, b in zip(edges[::2], edges[1::2]) if b > a]


def _with_leaf(way: Doorway, spec: Any, rng: np.random.Generator) -> Doorway:
    narrow = way.width_m < 1.15
    leaf = str(rng.choice(["none", "ajar", "glass"], p=[0.4, 0.38, 0.22] if narrow else [0.74, 0.0, 0.26]))
    if str(spec.room.kind) == "bathroom":
        leaf = "ajar"
    arched = leaf == "none" and rng.random() < ARCHED.get(str(spec.style), 0.1)
    turn = 0.0
    if leaf == "ajar":
        turn = float(rng.uniform(25, 92) if rng.random() < 0.8 else rng.uniform(8, 25))
    elif leaf == "glass" and rng.random() < 0.5:
        turn = float(rng.uniform(60, 92))
    return replace(
        way,
        leaf=leaf,
        turn_deg=turn,
        swings_in=bool(rng.random() < 0.5),
        arched=arched,
        cased=not arched and (leaf != "none" or bool(rng.random() < 0.6)),
    )


def _shell_behind(
    shell: Layout, wall: Wall, way: Doorway, spec: Any, rng: np.random.Generator, ground: _Ground
) -> Layout | None:
    """The empty room behind a way, or None when there is no ground for it."""
    kind, along, deep = _sizes_behind(shell, wall, way, rng)
    if any(
        _meet(other, along)
        for other in shell.ways()
        if other.wall == way.wall and other.offset_m != way.offset_m
    ):
        return None  # a door that is shut, or a way elsewhere
    box = _strip(wall, along, WALL_M, deep)
    grown = _strip(
        wall, (along[0] - WALL_M - APART_M, along[1] + WALL_M + APART_M), WALL_M, deep + WALL_M + APART_M
    )
    if not ground.is_free(grown):
        return None
    x0, y0, x1, y1 = box
    outline = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    raised = 0.0
    if way.leaf == "none" and way.width_m > 1.15 and shell.roof is None and shell.floor_z_m == 0:
        steps = int(rng.random() < float(spec.architecture.steps)) * (1 + int(rng.random() < 0.4))
        raised = min(steps * float(rng.uniform(0.15, 0.17)), max(0.0, way.height_m - 2.0))
    height = shell.height_m - raised
    if kind == "hallway" and raised == 0 and rng.random() < 0.5:
        height = min(height, max(way.height_m + 0.12, float(rng.uniform(2.3, 2.6))))
    back = next(
        index for index, each in enumerate(walls_of(outline)) if np.allclose(each.inward, -wall.inward)
    )
    hole = _seen_from_behind(walls_of(outline)[back], back, wall, way, raised)
    count = int(rng.integers(1, 3)) if kind != "hallway" else int(rng.random() < 0.5)
    count = min(count, int(spec.windows.count))
    made = Layout(outline, height, hole, (), kind=kind, floor_z_m=raised, roof=shell.roof)
    if shell.roof is not None:
        return replace(made, kind="attic", roof=replace(shell.roof, windows=()))
    windows = plan_windows(
        outline, height, hole, count, kind, int(rng.integers(2**31)), barred=frozenset({back})
    )
    return replace(made, windows=tuple(each for each in windows if _has_a_view(outline, each, ground)))


def _meet(other: Doorway, along: tuple[float, float]) -> bool:
    return other.offset_m < along[1] + 0.15 and other.offset_m + other.width_m > along[0] - 0.15


def _sizes_behind(
    shell: Layout, wall: Wall, way: Doorway, rng: np.random.Generator
) -> tuple[str, tuple[float, float], float]:
    """Kind of the room behind a way, the stretch along the wall that it takes, and its depth."""
    if shell.roof is not None:  # the roof goes on
        return "attic", (0.0, wall.length), float(rng.uniform(2.2, 3.8))
    table = BEHIND.get(shell.kind, ANY)
    names = list(table)
    weights = np.array([table[name] for name in names])
    kind = names[int(rng.choice(len(names), p=weights / weights.sum()))]
    middle = way.offset_m + way.width_m / 2
    if kind == "hallway" and rng.random() < 0.65:  # a corridor that leads away
        broad = max(float(rng.uniform(1.2, 2.0)), way.width_m + 0.3)
        side = float(rng.uniform(-1, 1)) * max(0.0, (broad - way.width_m) / 2 - JAMB_M)
        return kind, (middle + side - broad / 2, middle + side + broad / 2), float(rng.uniform(3.2, 8.0))
    if kind == "hallway":  # one that passes by
        long = float(rng.uniform(3.0, 7.0))
        deep = float(rng.uniform(1.2, 1.8))
    else:
        long, deep = float(rng.uniform(2.6, 4.8)), float(rng.uniform(2.5, 5.0))
    long = max(long, way.width_m + 2 * JAMB_M + 0.1)
    slack = long - way.width_m - 2 * JAMB_M
    start = way.offset_m - JAMB_M - float(rng.uniform(0, 1)) * slack
    if rng.random() < 0.5:  # within the wall, where that is possible
        start = float(np.clip(start, 0.0, max(0.0, wall.length - long)))
    return kind, (start, start + long), deep


def _seen_from_behind(other: Wall, index: int, wall: Wall, way: Doorway, raised_m: float) -> Doorway:
    """The same way as a hole in the other room's wall."""
    end = wall.point(way.offset_m + way.width_m, -WALL_M)
    return replace(
        way,
        wall=index,
        offset_m=float((end - other.start) @ other.along),
        height_m=way.height_m - raised_m,
        hinge_at_start=not way.hinge_at_start,
        swings_in=not way.swings_in,
        far=True,
    )


def _has_a_view(outline_m: np.ndarray, window: Any, ground: _Ground) -> bool:
    wall = walls_of(outline_m)[window.wall]
    span = (window.offset_m, window.offset_m + window.width_m)
    return ground.is_free(_strip(wall, span, WALL_M + 0.3, 1.5))


def _with_shut_doors(shell: Layout, rng: np.random.Generator) -> Layout:
    """A room beyond has doors of its own, which are shut; corridors have several."""
    wanted = int(rng.integers(1, 5)) if shell.kind == "hallway" else int(rng.random() < 0.4)
    return with_shut_doors(shell, wanted, rng)


def with_shut_doors(shell: Layout, count: int, rng: np.random.Generator) -> Layout:
    """A shell with up to `count` further doors that are shut, all of one size."""
    width = float(rng.choice([0.76, 0.82, 0.88]))
    height = min(float(rng.choice([1.98, 2.03])), shell.height_m - 0.1)
    stairs = shell.stairs.wall if shell.stairs is not None else -1
    for _ in range(3 * count):
        if count == 0:
            break
        index = int(rng.integers(len(shell.outline_m)))
        pieces = [piece for piece in free_pieces(shell, index, height) if piece[1] - piece[0] >= width]
        if index == stairs or index in shell.shared_walls() or not pieces:
            continue
        low, high = pieces[int(rng.integers(len(pieces)))]
        offset = float(rng.uniform(low, high - width))
        door = Doorway(index, offset, width, height, 0.0, bool(rng.random() < 0.5), swings_in=False)
        shell, count = replace(shell, doorways=(*shell.doorways, door)), count - 1
    return shell


def _strip(wall: Wall, span: Sequence[float], start_m: float, deep_m: float) -> np.ndarray:
    """(x0, y0, x1, y1) of the ground behind a wall, from `start_m` behind its face, `deep_m` deep."""
    corners = [wall.point(a, -d) for a in span for d in (start_m, start_m + deep_m)]
    return np.concatenate([np.min(corners, axis=0), np.max(corners, axis=0)])
