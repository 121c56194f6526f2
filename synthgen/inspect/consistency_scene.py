"""The views of one scene in turn: each against itself, and against the few before it that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from synthgen.errors import DataError
from synthgen.frame.channels import CHANNELS
from synthgen.frame.classes import CLASSES, SKY
from synthgen.frame.flow import OUTSIDE
from synthgen.frame.validity import SKY as SKY_BIT
from synthgen.inspect.consistency import ChannelCount, Comparisons, Outcome, View, view_of
from synthgen.inspect.consistency_checks import CHECKS
from synthgen.inspect.consistency_pairs import check_pair
from synthgen.inspect.consistency_single import check_single
from synthgen.inspect.consistency_surface import Surface, surface_of
from synthgen.inspect.report import Finding

HELD = 2
"""Views that are kept for comparison: of a stereo shot, the frame before is two views back."""
_FOR_PAIRS = (
    "normal",
    "instance",
    "flow_forward",
    "flow_backward",
    "occlusion_forward",
    "occlusion_backward",
)


class SceneConsistency:
    """Takes the valid frames of a scene in the order of the plan; each is looked at once.

    Parameters
    ----------
    path_of : what to call the file of a frame, by its key, that holds a channel, or a part of the metadata

    Attributes
    ----------
    compared : all frames and pairs so far
    """

    def __init__(self, path_of: Callable[[str, str], str]) -> None:
        self._path_of = path_of
        self.compared = Comparisons()
        self._earlier: list[Surface] = []

    def add(self, frame: Mapping[str, object]) -> list[Finding]:
        """Compare a valid frame with itself and with earlier ones; returns what contradicts.

        Parameters
        ----------
        frame : as `synthgen.frame.store.read_frame` gives it
        """
        try:
            view = view_of(frame)
            found = self._compared(view)
        except (DataError, KeyError, TypeError, ValueError, IndexError) as error:
            path = self._path_of(str(frame["key"]), "")
            return [Finding(path, "metadata that fits the channels", repr(error))]
        counts = {name: count_channel(name, pixels) for name, pixels in view.channels.items()}
        self.compared += Comparisons.of(found, counts)
        return [
            outcome.finding(self._path_of(outcome.frame, CHECKS[outcome.check].subject))
            for outcome in found
            if outcome.beyond
        ]

    def _compared(self, view: View) -> list[Outcome]:
        surface = surface_of(view) if view.has_surface else None
        found = check_single(view, surface)
        if surface is None:
            return found
        for old in partners(view, self._earlier):
            found += [*check_pair(surface, old), *check_pair(old, surface)]
        kept = {name: view.channels[name] for name in _FOR_PAIRS if name in view.channels}
        self._earlier = [*self._earlier, replace(surface, view=replace(view, channels=kept))][-HELD:]
        return found


def partners(view: View, earlier: Sequence[Surface]) -> list[Surface]:
    """The earlier views of a scene to compare one with: the other eye, and the frame before.

    A view that has neither is compared with the last one before it, so the number of pairs grows with that of
    the views.

    Parameters
    ----------
    earlier : in the order of the plan
    """
    shot, found = view.meta.get("shot"), []
    for old in earlier:
        was = old.view.meta.get("shot")
        if shot is None or was is None or was["first_view"] != shot["first_view"]:
            continue
        is_other_eye = was["frame"] == shot["frame"]
        if is_other_eye or (was["frame"] == shot["frame"] - 1 and was["eye"] == shot["eye"]):
            found.append(old)
    return found or list(earlier[-1:])


def count_channel(name: str, pixels: np.ndarray) -> ChannelCount:
    """One frame's pixels of a channel, and how many of them have the value that stands for none.

    That value is the catalogue's `invalid`: sky for most channels; for flow and occlusion a point that the
    other frame cannot show. Colour and light have none.
    """
    channel = CHANNELS[name]
    values = pixels.shape[0] * pixels.shape[1]
    if name in ("rgb", "hdr", "residual"):
        return ChannelCount(1, values, 0)
    if name == "semantic":
        valid = pixels != CLASSES[SKY].id
    elif name == "validity":
        valid = (pixels & SKY_BIT) == 0
    elif name.startswith("occlusion"):
        valid = pixels != OUTSIDE
    elif "+inf" in channel.invalid or name.startswith("flow"):
        valid = np.isfinite(pixels)
    else:
        valid = pixels != 0
    if valid.ndim == 3:
        # A vector is valid with all of its components, one of zeros has none; of layers the first counts.
        components = np.moveaxis(valid, -1, 0)
        valid = components[0] if channel.layered else np.logical_or.reduce(components)
    return ChannelCount(1, values, values - int(np.count_nonzero(valid)))
