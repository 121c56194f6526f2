"""`Occupancy`: what is taken in a room, and where groups of things fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .boxes import box_rows, corners_of_rows, overlaps, whole
from .catalogue import CATALOGUE, Box, Size, solids
from .openings import Opening, free_depth_m
from .roof import Roof
from .room_plan import Item, Tiled, Wall, rectangles_of, walls_of
from .walking import BODY_RADIUS_M, CELL_M, HEADROOM_M, FloorGrid

GAP_M = 0.004
"""Things keep this far apart, so that no rounding makes them touch."""
TOUCHING_M = 5e-4
"""What fitted things may overlap by rounding."""
STOOPING_M = 1.5
"""Nobody walks where the roof of an attic is lower."""
UNDER_ROOF_M = 0.02
"""Things keep this far from a sloped ceiling and its rafters, straight up."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A thing of a group, placed relative to the group's origin, for one or many candidate places.

    `offset` is (dx, dy, dyaw_deg), or (candidates, 3) of them; the group's front is towards -y and its
    origin lies on the wall, if it has one. `z_m` is the height of its base. `on` is the position in the
    group of the piece that carries it. `by_window` allows it in front of a window.
    """

    kind: str
    size_m: Size
    offset: tuple[float, float, float] | np.ndarray
    z_m: float = 0.0
    required: bool = True
    params: dict[str, Any] = field(default_factory=dict)
    seed: int | None = None
    on: int | None = None
    clearance_m: float | None = None
    by_window: bool = False


SPACE = "space"
"""A piece of this kind becomes no item: it is floor that its group needs free, to pull chairs out."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Candidate places of a group: (n, 2) origins; yaw, wall (-1: none) and offset along it, all (n,)."""

    xy: np.ndarray
    yaw_deg: np.ndarray
    wall: np.ndarray
    offset_m: np.ndarray

    def __len__(self) -> int:
        return len(self.xy)


class Occupancy:
    """The room while it fills: its items, the boxes they take and the floor that stays free."""

    def __init__(
        self,
        outline_m: np.ndarray,
        height_m: float,
        door: Opening,
        windows: Sequence[Opening],
        style: str = "",
        doorways: Sequence[Opening] = (),
        roof: Roof | None = None,
    ) -> None:
        self.outline_m, self.height_m, self.door, self.windows = outline_m, height_m, door, tuple(windows)
        self.style, self.roof = style, roof
        self.walls = walls_of(outline_m)
        self.bounds, notches = rectangles_of(outline_m)
        self.items: list[Item] = []
        self.tiles: list[Tiled] = []
        self.item_wall: list[tuple[int, float] | None] = []
        self.bodies = np.empty((0, 8))
        self.owners = np.empty(0, dtype=np.intp)
        self.keep_free = np.empty((0, 8))
        self._access: list[np.ndarray] = []
        for x0, y0, x1, y1 in notches:
            box = [(x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2, 1.0, 0.0, -1.0, 99.0]
            self.bodies, self.owners = np.vstack([self.bodies, box]), np.append(self.owners, -1)
        doors = (door, *doorways)
        self._doors = len(doors)
        self.keep_free = np.vstack([
            *(self._before_opening(each, free_depth_m(each), 0.08, 0.0, each.height_m + 0.1)
              for each in doors),
            *(self._before_opening(window, 0.3, 0.08, window.sill_m, window.sill_m + window.height_m)
              for window in windows),
        ])  # fmt: skip
        entry = self.walls[door.wall].point(door.offset_m + door.width_m / 2, BODY_RADIUS_M + CELL_M)
        self.floor = FloorGrid(self.bounds, notches, entry)
        self._blocked = self.floor.near_walls
        if roof is not None:
            self._blocked = self._blocked | self.floor.lower_than(roof, STOOPING_M)
        self._access += [self.floor.cells_at(row) for row in self.keep_free[1 : self._doors]]

    # -- asking ------------------------------------------------------------------------------------

    def fits(
        self, rows: np.ndarray, *, zones: str = "all", ignore: Sequence[int | None] = (), gap_m: float = GAP_M
    ) -> np.ndarray:
        """(n,) bool: the things whose boxes are (n, boxes, 8) stand free and inside the room.

        `zones` says which floor that is kept free counts: "all", only that before doors: "door", or "none".
        Things are free at a distance of `gap_m` from others; a little below 0 lets them touch.
        """
        n, count = rows.shape[:2]
        flat = rows.reshape(-1, 8)
        free = self.inside(flat)
        taken = self.bodies[~np.isin(self.owners, ignore)] if len(ignore) else self.bodies
        if len(taken):
            free &= ~overlaps(flat, taken, -gap_m).any(axis=1)
        keep = self.keep_free[: {"all": None, "door": self._doors, "none": 0}[zones]]
        if len(keep):
            free &= ~overlaps(flat, keep).any(axis=1)
        return free.reshape(n, count).all(axis=1)

    def inside(self, rows: np.ndarray) -> np.ndarray:
        """(n,) bool: which boxes (n, 8) lie within the bounds of the room, below its ceiling."""
        reach_x = rows[:, 2] * np.abs(rows[:, 4]) + rows[:, 3] * np.abs(rows[:, 5])
        reach_y = rows[:, 2] * np.abs(rows[:, 5]) + rows[:, 3] * np.abs(rows[:, 4])
        x0, y0, x1, y1 = self.bounds
        below = rows[:, 7] <= self.height_m + 1e-6
        if self.roof is not None:
            above = self.roof.height_at(corners_of_rows(rows)).min(axis=1)
            below &= (rows[:, 7] <= above - UNDER_ROOF_M - 1.5 * self.roof.rafter_m) | (
                above > self.height_m - 1e-6
            )
        return (
            (rows[:, 0] - reach_x >= x0 - 1e-6) & (rows[:, 0] + reach_x <= x1 + 1e-6)
            & (rows[:, 1] - reach_y >= y0 - 1e-6) & (rows[:, 1] + reach_y <= y1 + 1e-6)
            & below
        )  # fmt: skip

    def block(self, rows: np.ndarray) -> None:
        """Take the room of what is built in, boxes (n, 8), before anything is placed."""
        self.bodies = np.vstack([self.bodies, rows])
        self.owners = np.concatenate([self.owners, np.full(len(rows), -1)])
        self._blocked = self._blocked | self.floor.blocked_by(rows)

    def keep_reachable(self, row: np.ndarray) -> None:
        """Keep a piece of floor (8,) free and reached, such as that before the stairs."""
        self.keep_free = np.vstack([self.keep_free, row])
        self._access.append(self.floor.cells_at(row))

    def keep_clear_before(self, opening: Opening, depth_m: float) -> None:
        """Keep the air before a hole in a wall free of anything that hangs or stands there."""
        low, high = opening.sill_m - 0.03, opening.sill_m + opening.height_m + 0.03
        self.keep_free = np.vstack([self.keep_free, self._before_opening(opening, depth_m, 0.03, low, high)])

    def keeps_walkable(self, rows: np.ndarray, zones: Sequence[np.ndarray] = ()) -> bool:
        """Whether nearly all free floor, and the floor before everything in use, is still reached.

        If so, the floor of the (n, 8) boxes is taken, and each of the (1, 8) zones is kept reached.
        """
        blocked = self._blocked | self.floor.blocked_by(rows)
        reached = self.floor.reached(blocked)
        if reached.sum() < max(0.85 * (~blocked).sum(), 1.0 / CELL_M**2):
            return False
        access = [self.floor.cells_at(zone[0]) for zone in zones]
        if not all(reached[cells].any() for cells in [*self._access, *access]):
            return False
        self._blocked = blocked
        self._access += access
        return True

    # -- candidates --------------------------------------------------------------------------------

    def along_walls(
        self, width_m: float, rng: np.random.Generator, per_wall: int = 9, gap_m: float = 0.01
    ) -> Anchors:
        """Places along all walls for a group `width_m` wide: the ends, the middle and between."""
        places: list[tuple[np.ndarray, float, int, np.ndarray]] = []
        for index, wall in enumerate(self.walls):
            slack = wall.length - width_m - 2 * gap_m
            if slack < 0:
                continue
            shares = np.concatenate([[0.0, 0.5, 1.0], rng.random(per_wall - 3)])
            offsets = gap_m + width_m / 2 + shares * slack
            places.append((wall.start + gap_m * wall.inward, wall.yaw_deg, index, offsets))
        return self._anchors(places)

    def in_corners(self, size_m: float, gap_m: float = 0.05) -> Anchors:
        """The corners of the room: origins on a wall, so that a thing `size_m` square just fits."""
        places = []
        for index, wall in enumerate(self.walls):
            if wall.length >= size_m + 2 * gap_m:
                offsets = np.array([gap_m + size_m / 2, wall.length - gap_m - size_m / 2])
                places.append((wall.start + gap_m * wall.inward, wall.yaw_deg, index, offsets))
        return self._anchors(places)

    def anywhere(self, rng: np.random.Generator, count: int = 40, margin_m: float = 0.3) -> Anchors:
        """Places all over the floor, turned along one of the walls."""
        x0, y0, x1, y1 = self.bounds
        xy = rng.uniform([x0 + margin_m, y0 + margin_m], [x1 - margin_m, y1 - margin_m], (count, 2))
        xy[0] = (x0 + x1) / 2, (y0 + y1) / 2
        yaws = np.array([wall.yaw_deg for wall in self.walls[:4]])[
            rng.integers(min(4, len(self.walls)), size=count)
        ]
        return Anchors(xy, yaws, np.full(count, -1), np.zeros(count))

    @staticmethod
    def here(xy: np.ndarray, yaw_deg: float) -> Anchors:
        """One place, at no wall."""
        return Anchors(np.asarray(xy)[None], np.array([yaw_deg]), np.array([-1]), np.zeros(1))

    def _anchors(self, places: Sequence[tuple[np.ndarray, float, int, np.ndarray]]) -> Anchors:
        if not places:
            empty = np.empty(0)
            return Anchors(np.empty((0, 2)), empty, np.empty(0, dtype=int), empty)
        xy = [start + offsets[:, None] * self.walls[index].along for start, _, index, offsets in places]
        yaw = [np.full(len(offsets), yaw_deg) for _, yaw_deg, _, offsets in places]
        wall = [np.full(len(offsets), index) for _, _, index, offsets in places]
        offset = [offsets for *_, offsets in places]
        return Anchors(np.vstack(xy), np.concatenate(yaw), np.concatenate(wall), np.concatenate(offset))

    def across(self, anchors: Anchors) -> np.ndarray:
        """(n,) distances from places on walls straight across the room to the next wall."""
        run = np.zeros(len(anchors))
        for index in np.unique(anchors.wall):
            here = anchors.wall == index
            run[here] = self._run(anchors.xy[here], self.walls[index])
        return run

    def _run(self, points: np.ndarray, wall: Wall) -> np.ndarray:
        run = np.full(len(points), np.inf)
        for other in self.walls:
            distance = (other.start - points) @ wall.inward
            first = (other.start - points) @ wall.along
            last = first + other.length * float(other.along @ wall.along)
            faced = (np.minimum(first, last) < 0) & (np.maximum(first, last) > 0) & (distance > 0.05)
            run = np.where(faced, np.minimum(run, distance), run)
        return np.where(np.isfinite(run), run, 0.0)

    # -- placing -----------------------------------------------------------------------------------

    def place(
        self,
        pieces: Sequence[Piece],
        anchors: Anchors,
        rng: np.random.Generator,
        seed: int,
        score: Callable[[Anchors], np.ndarray] | None = None,
        tries: int = 4,
    ) -> list[int | None] | None:
        """Put a group where all its required pieces fit and the floor stays walkable.

        Returns the index of the item made of every piece (None for an optional one that did not fit), or
        None when the group fits nowhere.
        """
        if len(anchors) == 0:
            return None
        valid = np.ones(len(anchors), dtype=bool)
        places = [self._at(piece, anchors) for piece in pieces]
        rows = [
            box_rows(solids(piece.kind, piece.size_m, piece.params), xy, yaw, piece.z_m)
            for piece, (xy, yaw) in zip(pieces, places)
        ]
        for piece, piece_rows, (xy, yaw) in zip(pieces, rows, places):
            if not piece.required or not valid.any():
                continue
            valid[valid] = self.fits(piece_rows[valid], zones="door" if piece.by_window else "all")
            zone = _zone(piece)
            if zone is not None and valid.any():
                valid[valid] = self.fits(box_rows([zone], xy[valid], yaw[valid], 0.0), zones="none")
        liking = rng.gumbel(size=len(anchors)) * 0.35
        if score is not None:
            liking = liking + score(anchors)
            valid &= np.isfinite(liking)
        if not valid.any():
            return None
        for choice in np.argsort(-np.where(valid, liking, -np.inf), kind="stable")[: min(tries, valid.sum())]:
            made = self._commit(pieces, places, rows, int(choice), anchors, seed)
            if made is not None:
                return made
        return None

    def stand(self, pieces: Sequence[Piece], seed: int) -> list[int | None] | None:
        """Put up fitted things, which may touch each other and what is there, where they were planned to be.

        Their offsets are (x, y, yaw_deg) in the world; a negative `on` counts back from the piece. Returns
        the indices of the items, or None, with the room as it was, when one does not fit or blocks the way.
        """
        places = [(np.array(piece.offset[:2]), float(piece.offset[2])) for piece in pieces]
        rows = [
            box_rows(solids(piece.kind, piece.size_m, piece.params), xy[None], np.array([yaw]), piece.z_m)
            for piece, (xy, yaw) in zip(pieces, places)
        ]
        zones = []
        for piece, each, (xy, yaw) in zip(pieces, rows, places):
            if not self.fits(each, zones="door" if piece.by_window else "all", gap_m=-TOUCHING_M)[0]:
                return None
            if (zone := _zone(piece)) is not None:
                zones.append(box_rows([zone], xy[None], np.array([yaw]), 0.0)[0])
        if not all(self.fits(zone[None], zones="none", gap_m=-TOUCHING_M)[0] for zone in zones):
            return None
        floor = [each[0] for piece, each in zip(pieces, rows) if piece.z_m < HEADROOM_M and piece.on is None]
        if floor and not self.keeps_walkable(np.vstack(floor), zones):
            return None
        made: list[int | None] = []
        for number, (piece, each, (xy, yaw)) in enumerate(zip(pieces, rows, places)):
            carrier = None if piece.on is None else made[piece.on + (number if piece.on < 0 else 0)]
            made.append(self.add(piece, xy, yaw, each[0], seed, number, carrier))
        if zones:
            self.keep_free = np.vstack([self.keep_free, *zones])
        return made

    def _at(self, piece: Piece, anchors: Anchors) -> tuple[np.ndarray, np.ndarray]:
        offset = np.broadcast_to(np.asarray(piece.offset, dtype=np.float64), (len(anchors), 3))
        cos, sin = np.cos(np.radians(anchors.yaw_deg)), np.sin(np.radians(anchors.yaw_deg))
        x = anchors.xy[:, 0] + cos * offset[:, 0] - sin * offset[:, 1]
        y = anchors.xy[:, 1] + sin * offset[:, 0] + cos * offset[:, 1]
        return np.column_stack([x, y]), anchors.yaw_deg + offset[:, 2]

    def _rug_fits(self, row: np.ndarray) -> bool:
        """A rug may lie under anything but the walls, the door and another rug."""
        rugs = [
            box_rows([whole(each.size_m)], np.array([each.position_m[:2]]), np.array([each.yaw_deg]), 0.0)[0]
            for each in self.items
            if each.kind == "rug"
        ]
        taken = np.vstack([self.bodies[self.owners == -1], self.keep_free[:1], *rugs])
        return bool(self.inside(row[None])[0] and not overlaps(row[None], taken).any())

    def _commit(
        self, pieces: Sequence[Piece], places: Sequence[tuple[np.ndarray, np.ndarray]],
        rows: Sequence[np.ndarray], choice: int, anchors: Anchors, seed: int,
    ) -> list[int | None] | None:  # fmt: skip
        before = (
            len(self.items),
            self.bodies,
            self.owners,
            self.keep_free,
            list(self._access),
            self._blocked,
        )
        made: list[int | None] = []
        zones = []
        for number, piece in enumerate(pieces):
            xy, yaw = places[number][0][choice], float(places[number][1][choice])
            if piece.kind == SPACE:
                made.append(None)
                continue
            if not self._acceptable(piece, rows[number][choice], made, number):
                if piece.required:
                    self._restore(before)
                    return None
                made.append(None)
                continue
            parent = made[piece.on] if piece.on is not None else None
            made.append(self.add(piece, xy, yaw, rows[number][choice], seed, number, parent))
            on_wall = int(anchors.wall[choice])
            self.item_wall[-1] = (on_wall, float(anchors.offset_m[choice])) if on_wall >= 0 else None
            zone = _zone(piece)
            if zone is not None:
                zones.append(box_rows([zone], xy[None], np.array([yaw]), 0.0)[0])
        standing = [
            r for number, r in enumerate(rows)
            if made[number] is not None and pieces[number].z_m < HEADROOM_M and pieces[number].kind != "rug"
            and pieces[number].on is None
        ]  # fmt: skip
        if standing and not self.keeps_walkable(np.vstack([r[choice] for r in standing]), zones):
            self._restore(before)
            return None
        if zones:
            self.keep_free = np.vstack([self.keep_free, *zones])
        return made

    def _acceptable(self, piece: Piece, rows: np.ndarray, made: list[int | None], number: int) -> bool:
        if piece.on is not None and made[piece.on] is None:
            return False
        if piece.kind == "rug":
            return self._rug_fits(rows[0])
        carrier = [made[piece.on]] if piece.on is not None else []
        zones = "door" if piece.by_window else "all"
        return bool(self.fits(rows[None], zones=zones, ignore=carrier)[0])

    def add(
        self, piece: Piece, xy: np.ndarray, yaw_deg: float, rows: np.ndarray, seed: int, number: int,
        parent: int | None,
    ) -> int:  # fmt: skip
        """Make the item of a piece and take its room, unasked. Returns its index."""
        item = Item(
            kind=piece.kind,
            class_name=CATALOGUE[piece.kind].class_name,
            size_m=tuple(float(length) for length in piece.size_m),
            position_m=(float(xy[0]), float(xy[1]), float(piece.z_m)),
            yaw_deg=float(math.remainder(yaw_deg, 360.0)),
            seed=(seed + number if piece.seed is None else piece.seed),
            params=dict(piece.params),
            parent=parent,
        )
        self.items.append(item)
        self.item_wall.append(None)
        if piece.kind != "rug":
            self.bodies = np.vstack([self.bodies, rows])
            self.owners = np.concatenate([self.owners, np.full(len(rows), len(self.items) - 1)])
        return len(self.items) - 1

    def _restore(self, before: tuple[Any, ...]) -> None:
        count, self.bodies, self.owners, self.keep_free, self._access, self._blocked = before
        del self.items[count:], self.item_wall[count:]

    def _before_opening(
        self, opening: Opening, depth_m: float, beside_m: float, z0: float, z1: float
    ) -> np.ndarray:
        wall = self.walls[opening.wall]
        centre = wall.point(opening.offset_m + opening.width_m / 2, depth_m / 2)
        half = opening.width_m / 2 + beside_m
        return np.array([[*centre, half, depth_m / 2, wall.along[0], wall.along[1], z0, z1]])


def _zone(piece: Piece) -> Box | None:
    """Own-frame box of the floor that must stay free in front of a piece."""
    if piece.kind == SPACE or (piece.z_m > 0 and piece.clearance_m is None):
        return None
    clearance = CATALOGUE[piece.kind].clearance_m if piece.clearance_m is None else piece.clearance_m
    w, d, _ = piece.size_m
    return (
        (-w / 2 + 0.03, w / 2 - 0.03, -d / 2 - clearance, -d / 2 - 0.005, 0.02, 0.3)
        if clearance > 0
        else None
    )
