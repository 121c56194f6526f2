"""`Space`: what a setting says about where things may be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Place = Callable[[np.random.Generator], np.ndarray]


@dataclass(frozen=True, slots=True)
class Space:
    """Where things may be.

    Attributes
    ----------
    ground : heights (...) of the ground at (..., 2), metres; None where there is none
    on_ground : draws a place (2,) for what stands
    in_air : draws a place (3,) for the middle of what floats
    growth : how much larger things are at a place (3,) than near the camera
    inside : whether a cylinder about (2,) of a radius, from low to high, lies within the space
    outline_m : (n, 2) where cameras may be, counter-clockwise
    ceiling_m : above it there is nothing
    clearing_m : radius about the origin that is kept free, for the camera
    largest_m : no thing is larger, but for growth
    """

    ground: Callable[[np.ndarray], np.ndarray] | None
    on_ground: Place
    in_air: Place
    growth: Callable[[np.ndarray], float]
    inside: Callable[[np.ndarray, float, float, float], bool]
    outline_m: np.ndarray
    ceiling_m: float = math.inf
    clearing_m: float = 0.8
    largest_m: float = math.inf


def disc(radius_m: float, corners: int = 16) -> np.ndarray:
    """(corners, 2) a circle about the origin as a polygon."""
    angle = np.arange(corners) * (2 * math.pi / corners)
    return np.column_stack([np.cos(angle), np.sin(angle)]) * radius_m


def away(rng: np.random.Generator, near_m: float, far_m: float) -> float:
    """A distance, uniform in its logarithm: as many things in every octave."""
    return float(near_m * (far_m / near_m) ** rng.uniform())
