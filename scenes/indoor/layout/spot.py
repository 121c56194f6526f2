"""`Spot`: a surface of one thing while other things are put onto it."""

from __future__ import annotations

import math

import numpy as np

from .boxes import box_rows, overlaps, whole
from .catalogue import Size, Surface
from .placement import Occupancy, Piece
from .room_plan import Item


class Spot:
    """A surface of one item while things are put onto it."""

    def __init__(self, room: Occupancy, index: int, surface: Surface, seed: int) -> None:
        self.room, self.index, self.surface, self._seed = room, index, surface, seed
        self.carrier = room.items[index]
        x, y, z = self.carrier.position_m
        turn = math.radians(self.carrier.yaw_deg)
        self._origin, self._cos, self._sin = (x, y), math.cos(turn), math.sin(turn)
        self.z = z + surface.z
        self.free_m = min(surface.free_m, room.height_m - 0.02 - self.z)
        self.taken = [
            self.rectangle(*self.local(item), item.size_m, item.yaw_deg - self.carrier.yaw_deg)
            for item in room.items
            if item.parent == index and abs(item.position_m[2] - self.z) < 1e-6
        ]
        self._above = self._bodies_above()

    def put(self, kind: str, size_m: Size, x: float, y: float, yaw_deg: float = 0.0, **extra: object) -> bool:
        """Stand a thing at (x, y) of the carrier; False when it would not fit there."""
        if size_m[2] > self.free_m:
            return False
        x0, x1, y0, y1 = self.rectangle(x, y, size_m, yaw_deg)
        s = self.surface
        if x0 < s.x0 or x1 > s.x1 or y0 < s.y0 or y1 > s.y1:
            return False
        if any(x0 < b[1] and x1 > b[0] and y0 < b[3] and y1 > b[2] for b in self.taken):
            return False
        at = np.array([
            self._origin[0] + self._cos * x - self._sin * y, self._origin[1] + self._sin * x + self._cos * y
        ])  # fmt: skip
        yaw = self.carrier.yaw_deg + yaw_deg
        rows = box_rows([whole(size_m)], at[None], np.array([yaw]), self.z)[0]
        if len(self._above) and overlaps(rows, self._above, -0.004).any():
            return False
        if self.room.roof is not None and not self.room.inside(rows).all():
            return False
        self.taken.append((x0 - 0.006, x1 + 0.006, y0 - 0.006, y1 + 0.006))
        piece = Piece(kind, size_m, (0, 0, 0), self.z, **extra)  # type: ignore[arg-type]
        self.room.add(piece, at, yaw, rows, self._seed, len(self.taken), self.index)
        return True

    def local(self, item: Item) -> tuple[float, float]:
        """(x, y) of another item, metres, in the frame of the carrier."""
        dx, dy = item.position_m[0] - self._origin[0], item.position_m[1] - self._origin[1]
        return self._cos * dx + self._sin * dy, self._cos * dy - self._sin * dx

    @staticmethod
    def rectangle(x: float, y: float, size_m: Size, yaw_deg: float) -> tuple[float, float, float, float]:
        """(x0, x1, y0, y1) around a turned footprint."""
        cos, sin = abs(math.cos(math.radians(yaw_deg))), abs(math.sin(math.radians(yaw_deg)))
        half_x = (size_m[0] * cos + size_m[1] * sin) / 2
        half_y = (size_m[0] * sin + size_m[1] * cos) / 2
        return x - half_x, x + half_x, y - half_y, y + half_y

    def _bodies_above(self) -> np.ndarray:
        """Foreign bodies that reach into the room over this surface: wall shelves, curtains, lamps."""
        s = self.surface
        w, d = (s.x1 - s.x0) / 2, (s.y1 - s.y0) / 2
        cx, cy = (s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2
        x = self._origin[0] + self._cos * cx - self._sin * cy
        y = self._origin[1] + self._sin * cx + self._cos * cy
        column = np.array([[x, y, w, d, self._cos, self._sin, self.z + 0.003, self.z + self.free_m]])
        room = self.room
        foreign = np.array(
            [owner < 0 or (owner != self.index and room.items[owner].parent != self.index)
             for owner in room.owners], dtype=bool,
        )  # fmt: skip
        candidates = room.bodies[foreign]
        return candidates[overlaps(column, candidates)[0]] if len(candidates) else candidates
