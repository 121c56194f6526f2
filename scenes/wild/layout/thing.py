"""`Model` and `Thing`: what was made once, and where copies of it are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ..solids.solid import Solid

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Model:
    """The pieces of a thing, which copies share.

    Attributes
    ----------
    number : of the model in its scene
    kind : its kind
    size_m : its greatest extent
    pieces : about the middle of its box
    points : (n, 3) of all pieces
    lying : (3, 3) rotation in which it lies on a level floor
    seed : of its materials
    class_name : of an imported model; that of its kind where it is empty
    asset : id of an imported model; it has no pieces, and its origin is in the middle of its base
    """

    number: int
    kind: str
    size_m: float
    pieces: tuple[Solid, ...]
    points: np.ndarray
    lying: np.ndarray
    seed: int
    class_name: str = ""
    asset: str = ""


@dataclass(frozen=True, slots=True)
class Drift:
    """How a thing in the air moves: to and fro about its place, turning about its middle."""

    sway_m: Vector
    sway_period_s: float
    spin_axis: Vector
    spin_deg_s: float


@dataclass(frozen=True, slots=True)
class Thing:
    """A copy of a model at its place.

    Attributes
    ----------
    role : "standing", "piled", "floating" or "moving"
    scale : how many times as large as its model it is
    rotation : (3, 3) world_from_own
    position_m : (3,) of its own origin, world
    drift : how it moves, None for what is at rest
    """

    model: Model
    role: str
    scale: float = 1.0
    rotation: np.ndarray = field(default_factory=lambda: np.eye(3))
    position_m: np.ndarray = field(default_factory=lambda: np.zeros(3))
    drift: Drift | None = None

    @property
    def kind(self) -> str:
        """Kind of its model."""
        return self.model.kind

    @property
    def size_m(self) -> float:
        """Greatest extent."""
        return self.model.size_m * self.scale

    def points(self) -> np.ndarray:
        """(n, 3) all points, turned but not yet carried to their place."""
        return self.model.points @ (self.rotation.T * self.scale)

    def at(self, position_m: np.ndarray) -> Thing:
        """The same thing at a place."""
        return replace(self, position_m=np.asarray(position_m, dtype=np.float64))

    @property
    def world_from_own(self) -> np.ndarray:
        """(4, 4) float64, with the scale."""
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = self.rotation * self.scale, self.position_m
        return matrix


def centre_of(pieces: tuple[Solid, ...]) -> np.ndarray:
    """(3,) the middle of all faces, weighted by their areas."""
    total, middle = 0.0, np.zeros(3)
    for piece in pieces:
        a, b, c = (piece.points[corner] for corner in piece.triangles().T)
        area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
        total += area.sum()
        middle += (area[:, None] * (a + b + c) / 3).sum(axis=0)
    return middle / max(total, 1e-12)
