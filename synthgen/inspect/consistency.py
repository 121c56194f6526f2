"""Consistency of a dataset's truth with itself: views that are compared, and what comes of it.

No reference is needed: a frame holds the same fact several times (depth, distance, position, layers, flow),
and two views of a scene look at the same surfaces. What one of them says, another one must bear out.

* `consistency_checks`: the comparisons by name, and their limits
* `consistency_surface`: which pixels of a view show one smooth piece of surface
* `consistency_single`: the channels and metadata of one frame against each other
* `consistency_pairs`: one view against another of the same scene
* `consistency_scene`: all views of a scene in turn
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from synthgen.frame.channels import CHANNELS
from synthgen.geometry.camera import Camera
from synthgen.geometry.models import camera_from_entry
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.inspect.consistency_checks import CHECKS
from synthgen.inspect.report import Finding


@dataclass(frozen=True, slots=True)
class View:
    """A loaded frame, made ready for comparison.

    Attributes
    ----------
    world_from_camera : (4, 4)
    depth : (h, w) metres as the camera measures it, +inf for sky; None where the frame tells neither depth
        nor distance
    """

    key: str
    camera: Camera
    world_from_camera: np.ndarray
    depth: np.ndarray | None
    channels: Mapping[str, np.ndarray]
    meta: Mapping[str, object]

    @property
    def has_surface(self) -> bool:
        """Whether points, normals and instances are known."""
        return self.depth is not None and {"normal", "instance"} <= set(self.channels)


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """Frames that have a channel, their pixels, and those of them that have the value for none."""

    frames: int = 0
    values: int = 0
    invalid: int = 0

    def __add__(self, other: ChannelCount) -> ChannelCount:
        return ChannelCount(
            self.frames + other.frames, self.values + other.values, self.invalid + other.invalid
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to, on a frame or on all of them.

    Attributes
    ----------
    compared : number of values
    worst : greatest error, in the check's unit
    beyond : how many are beyond the limit
    frame, other : key of the frame that has the worst one, and of the other view that shows it, if any
    place : (row, column) of the worst one, where it is a pixel
    """

    check: str
    compared: int
    worst: float
    beyond: int
    frame: str
    other: str = ""
    place: tuple[int, int] | None = None

    def finding(self, path: str) -> Finding:
        """What is wrong in a file, for a person; `beyond` is more than 0."""
        check = CHECKS[self.check]
        limit = f" to within {check.limit:g} {check.unit}".rstrip() if check.limit else ""
        if check.of_frames:
            return Finding(path, check.expected + limit, self.error, check.subject)
        at = f" at row {self.place[0]}, column {self.place[1]}" if self.place else ""
        against = f" against {self.other}" if self.other else ""
        found = f"{self.beyond} of {self.compared} beyond it{against}, the worst by {self.error}{at}"
        return Finding(path, check.expected + limit, found, check.subject)

    def __add__(self, other: Outcome) -> Outcome:
        worse = other if other.worst > self.worst else self
        return replace(worse, compared=self.compared + other.compared, beyond=self.beyond + other.beyond)

    @property
    def error(self) -> str:
        """The greatest error with its unit."""
        return f"{self.worst:.2g} {CHECKS[self.check].unit}".rstrip()

    def to_json(self) -> dict[str, object]:
        """Plain JSON values, with what the check is."""
        check = CHECKS[self.check]
        return {
            "channels": list(check.channels),
            "expected": check.expected,
            "compared": self.compared,
            "beyond": self.beyond,
            "worst": rounded(self.worst),
            "limit": check.limit,
            "unit": check.unit,
            "frame": self.frame,
            "other": self.other or None,
            "pixel": list(self.place) if self.place else None,
        }


def rounded(value: float) -> float:
    """To three digits: the last ones of an error depend on the processor."""
    return float(f"{value:.3g}")


def view_of(frame: Mapping[str, object]) -> View:
    """A frame, as `synthgen.frame.store.read_frame` gives it, for comparison."""
    meta = frame["meta"]
    camera = camera_from_entry(frame["camera"])
    channels = {name: frame[name] for name in meta["channels"] if name in frame}
    depth = channels.get("depth")
    if depth is None and "distance" in channels:
        length = np.linalg.norm(camera.rays(), axis=-1)
        depth = channels["distance"] / np.where(length > 0, length, 1.0)
    pose = np.asarray(frame["camera"]["world_from_camera"])
    return View(str(frame["key"]), camera, pose, depth, channels, meta)


def turn_px(camera: Camera) -> float:
    """Columns of a whole turn, after which a place in the image is the same one; +inf but for panoramas."""
    return camera.width if isinstance(camera, EquirectangularCamera) else np.inf


def measured(
    check: str, view: View, errors: np.ndarray, where: np.ndarray | None = None, other: str = ""
) -> Outcome:
    """The outcome of a check from its errors.

    Parameters
    ----------
    errors : (h, w), or any shape where there is no `where`
    where : (h, w) bool, the pixels that are compared; all where None
    """
    held = np.broadcast_to(True, errors.shape) if where is None else where
    compared = int(np.count_nonzero(held))
    if not compared:
        return Outcome(check, 0, 0.0, 0, view.key, other)
    errors = np.where(held, errors, -1.0)
    worst = int(np.argmax(errors))
    place = divmod(worst, errors.shape[1]) if errors.ndim == 2 else None
    limit = CHECKS[check].limit
    beyond = 0 if limit is None else int(np.count_nonzero(errors > limit))
    return Outcome(check, compared, float(errors.flat[worst]), beyond, view.key, other, place)


def measured_at(check: str, view: View, errors: np.ndarray, pixels: np.ndarray, other: str = "") -> Outcome:
    """The outcome of a check from (n,) errors at (n, 2) pixels (row, column)."""
    found = measured(check, view, errors, other=other)
    if not found.compared:
        return found
    row, column = (int(each) for each in pixels[int(np.argmax(errors))])
    return Outcome(check, found.compared, found.worst, found.beyond, view.key, other, (row, column))


@dataclass(frozen=True, slots=True)
class Comparisons:
    """All that was compared, of a frame, a scene or a dataset: they add up.

    Attributes
    ----------
    checks : outcome by check, in the order of `CHECKS`; those that had something to compare
    channels : what was looked at, by channel
    """

    checks: Mapping[str, Outcome] = field(default_factory=dict)
    channels: Mapping[str, ChannelCount] = field(default_factory=dict)

    def __add__(self, other: Comparisons) -> Comparisons:
        return Comparisons(
            _merged([*self.checks.values(), *other.checks.values()]),
            {
                name: self.channels.get(name, ChannelCount()) + other.channels.get(name, ChannelCount())
                for name in CHANNELS
                if name in self.channels or name in other.channels
            },
        )

    def to_json(self) -> dict[str, object]:
        """Plain JSON values: `checks`, and `channels` with the worst error of each check that they are in."""
        return {
            "checks": {name: outcome.to_json() for name, outcome in self.checks.items()},
            "channels": {
                name: {
                    **asdict(count),
                    "invalid_share": rounded(count.invalid / count.values),
                    "worst": {
                        check: {"error": rounded(outcome.worst), "frame": outcome.frame}
                        for check, outcome in self.checks.items()
                        if name in self._compared_by(check)
                    },
                }
                for name, count in self.channels.items()
            },
        }

    def _compared_by(self, check: str) -> set[str]:
        """Channels that a check looked at; distance stands in for depth where there is none."""
        channels = set(CHECKS[check].channels)
        return channels | {"distance"} if "depth" in channels - self.channels.keys() else channels

    @classmethod
    def of(cls, outcomes: Iterable[Outcome], channels: Mapping[str, ChannelCount]) -> Comparisons:
        """Of one frame and its pairs."""
        return cls(_merged(outcomes), channels)


def _merged(outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    """Outcomes of many frames by check; of equal errors the first one counts."""
    total: dict[str, Outcome] = {}
    for one in outcomes:
        if one.compared:
            total[one.check] = total[one.check] + one if one.check in total else one
    return {name: total[name] for name in CHECKS if name in total}
