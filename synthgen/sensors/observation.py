"""`Observation`: what a device made of a view, and why it saw nothing where it saw nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np


class Reason(IntEnum):
    """Why a pixel has no depth; `OK` where it has one. Ids are only ever added."""

    OK = 0
    RANGE = 1
    """Nearer or farther than the device measures, or nothing there at all."""
    SHADOW = 2
    """Not seen by the projector, or not by the second camera."""
    LOW_SIGNAL = 3
    SATURATED = 4
    MIXED = 5
    """More than one surface in what the pixel was measured from."""
    TRANSPARENT = 6
    """Glass or a mirror."""
    OUTSIDE = 7
    """Outside of what the device sees."""
    BORDER = 8
    """The band at the image's edge for which a stereo device has no partner."""
    RANDOM = 9
    """Speckle, outliers that a filter removed, drop-outs without a cause that is modelled."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One view as a device gives it, on the pixels of the frame's camera.

    Attributes
    ----------
    depth : (h, w) float32 metres, planar z, 0 where there is none; None for devices that measure no depth
    reason : (h, w) uint8 `Reason`, `OK` exactly where `depth` is above 0; None with `depth`
    maps : whatever else the device gives, by name: `amplitude`, `ir`, `rgb`, `points`, `range_image` ...
    assumed : inputs that the frame lacked, so that their documented defaults stood in
    """

    depth: np.ndarray | None
    reason: np.ndarray | None
    maps: Mapping[str, np.ndarray] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.depth is None:
            return
        for array, dtype in ((self.depth, np.float32), (self.reason, np.uint8)):
            if array is None or array.dtype != dtype or array.shape != self.depth.shape:
                raise ValueError(f"expected depth and reason of one shape, float32 and uint8 (got {array!r})")
        if not np.isfinite(self.depth).all():
            raise ValueError("expected finite depth, 0 where there is none")
        if not np.array_equal(self.depth > 0, self.reason == Reason.OK):
            raise ValueError("expected a reason exactly where there is no depth")


def observed(
    depth: np.ndarray,
    reason: np.ndarray,
    maps: Mapping[str, np.ndarray] | None = None,
    assumed: tuple[str, ...] = (),
) -> Observation:
    """An observation from (h, w) depths in metres; those with a reason are dropped."""
    kept = np.where(reason == Reason.OK, depth, 0.0).astype(np.float32)
    return Observation(kept, reason.astype(np.uint8), dict(maps or {}), assumed)


def first_reason(shape: tuple[int, int], causes: Mapping[Reason, np.ndarray]) -> np.ndarray:
    """(h, w) uint8: of several causes, each a (h, w) mask, the first that holds; `OK` where none does."""
    reason = np.full(shape, Reason.OK, dtype=np.uint8)
    for cause, mask in causes.items():
        reason[(reason == Reason.OK) & mask] = cause
    return reason
