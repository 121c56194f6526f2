"""How large things of a class are, and which unit a model was made in.

Most files say nothing about their unit, and many say the wrong one. A chair that is 35 high is one in inches,
since no other common unit makes a chair of it. Where two would do, nobody can tell: the model is rejected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from synthgen.assets.record import AssetRejected

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plausible:
    """Ranges of one class: height, and the longer side of the footprint, metres."""

    height_m: Range
    side_m: Range

    def holds(self, size_m: Sequence[float]) -> bool:
        """Whether (w, d, h) is a size that things of this class have."""
        height, side = size_m[2], max(size_m[0], size_m[1])
        return self.height_m[0] <= height <= self.height_m[1] and self.side_m[0] <= side <= self.side_m[1]


SIZES: MappingProxyType[str, Plausible] = MappingProxyType(
    {
        # seats and beds
        "chair": Plausible((0.4, 1.3), (0.28, 1.3)),
        "sofa": Plausible((0.4, 1.3), (1.0, 4.5)),
        "stool": Plausible((0.25, 1.1), (0.25, 0.9)),
        "bench": Plausible((0.3, 1.1), (0.7, 2.6)),
        "bed": Plausible((0.25, 2.3), (1.1, 2.8)),
        # tables and storage
        "table": Plausible((0.25, 1.2), (0.3, 4.0)),
        "desk": Plausible((0.6, 1.6), (0.7, 2.6)),
        "counter": Plausible((0.7, 1.3), (0.4, 5.0)),
        "nightstand": Plausible((0.3, 0.9), (0.25, 0.9)),
        "dresser": Plausible((0.5, 1.7), (0.4, 2.2)),
        "wardrobe": Plausible((1.4, 2.8), (0.5, 4.0)),
        "cabinet": Plausible((0.25, 2.6), (0.25, 3.0)),
        "shelf": Plausible((0.02, 2.6), (0.2, 3.5)),
        # light
        "lamp": Plausible((0.15, 2.3), (0.07, 1.6)),
        "ceiling_light": Plausible((0.03, 2.0), (0.08, 2.0)),
        # electronics
        "television": Plausible((0.3, 1.3), (0.4, 2.1)),
        "monitor": Plausible((0.25, 0.8), (0.25, 1.3)),
        "laptop": Plausible((0.015, 0.4), (0.2, 0.5)),
        "keyboard": Plausible((0.01, 0.1), (0.2, 0.6)),
        "fan": Plausible((0.15, 1.7), (0.12, 1.6)),
        # on walls, floors and windows
        "rug": Plausible((0.0, 0.1), (0.4, 6.0)),
        "picture": Plausible((0.08, 2.2), (0.05, 3.0)),
        "mirror": Plausible((0.15, 2.4), (0.1, 2.5)),
        "clock": Plausible((0.05, 2.4), (0.05, 0.8)),
        "curtain": Plausible((0.5, 4.0), (0.2, 5.0)),
        "blinds": Plausible((0.3, 3.5), (0.3, 4.0)),
        "radiator": Plausible((0.2, 2.2), (0.25, 3.0)),
        "door": Plausible((1.7, 3.5), (0.5, 3.5)),
        "window": Plausible((0.3, 3.0), (0.3, 4.5)),
        # small things
        "plant": Plausible((0.04, 3.5), (0.03, 3.0)),
        "vase": Plausible((0.06, 1.2), (0.04, 0.6)),
        "cup": Plausible((0.04, 0.25), (0.04, 0.2)),
        "bowl": Plausible((0.02, 0.25), (0.06, 0.5)),
        "plate": Plausible((0.005, 0.08), (0.1, 0.4)),
        "bottle": Plausible((0.08, 0.5), (0.03, 0.2)),
        "book": Plausible((0.003, 0.4), (0.08, 0.8)),
        "box": Plausible((0.03, 1.2), (0.04, 1.5)),
        "basket": Plausible((0.05, 0.9), (0.1, 1.0)),
        "bin": Plausible((0.15, 1.3), (0.12, 1.0)),
        "cushion": Plausible((0.05, 0.7), (0.2, 0.9)),
        "toy": Plausible((0.02, 1.2), (0.02, 1.5)),
        # kitchens and bathrooms
        "refrigerator": Plausible((0.4, 2.3), (0.4, 1.4)),
        "oven": Plausible((0.25, 1.9), (0.35, 1.5)),
        "dishwasher": Plausible((0.4, 1.1), (0.4, 0.9)),
        "washing_machine": Plausible((0.6, 1.9), (0.4, 1.0)),
        "hob": Plausible((0.004, 0.25), (0.25, 1.2)),
        "hood": Plausible((0.1, 1.6), (0.3, 1.5)),
        "appliance": Plausible((0.05, 0.8), (0.07, 0.9)),
        "pot": Plausible((0.03, 0.5), (0.08, 0.7)),
        "utensil": Plausible((0.001, 0.6), (0.02, 0.7)),
        "food": Plausible((0.01, 0.5), (0.02, 0.7)),
        "sink": Plausible((0.05, 1.2), (0.25, 1.6)),
        "tap": Plausible((0.03, 0.7), (0.03, 0.6)),
        "toilet": Plausible((0.3, 1.2), (0.3, 0.9)),
        "bathtub": Plausible((0.3, 1.3), (0.9, 2.7)),
        "shower": Plausible((1.6, 2.6), (0.6, 2.0)),
        # what people wear and carry
        "shoes": Plausible((0.03, 0.6), (0.15, 0.7)),
        "bag": Plausible((0.1, 1.0), (0.12, 1.0)),
        "suitcase": Plausible((0.12, 1.0), (0.25, 1.0)),
        "umbrella": Plausible((0.05, 2.7), (0.05, 4.0)),
    }
)
"""Classes that are not here may have any size."""

ANY = Plausible((0.0, 50.0), (1e-3, 50.0))

UNITS: tuple[tuple[str, float], ...] = (
    ("centimetres", 0.01),
    ("millimetres", 0.001),
    ("inches", 0.0254),
    ("decimetres", 0.1),
    ("a hundredth of its size", 100.0),
    ("a tenth of its size", 10.0),
    ("metres taken for inches", 1 / 0.0254),
    ("a thousandth of its size", 1000.0),
)
"""What else the numbers of a file may be, each with its factor to metres. Feet are too near to a third of a
metre to be told from a large or small thing of the class."""


def metres_per_unit(size: Sequence[float], category: str | None) -> tuple[float, str | None]:
    """The factor that makes metres of a model's own (w, d, h), and what it means, None for metres.

    Raises
    ------
    AssetRejected
        When no unit gives a size that things of the class have, or several do.
    """
    plausible = SIZES.get(category or "", ANY)
    if plausible.holds(size):
        return 1.0, None
    shown = " x ".join(f"{length:.3g}" for length in size)
    what = category or "thing"
    if plausible is not ANY:
        fitting = [(name, factor) for name, factor in UNITS if plausible.holds([v * factor for v in size])]
        if len(fitting) == 1:
            name, factor = fitting[0]
            return factor, name
        if fitting:
            units = " and ".join(name for name, _ in fitting)
            raise AssetRejected(
                f"size {shown} is no {what} in metres, and could be one in {units}; "
                "state 'unit' or 'size_m' in assets.yaml"
            )
    (low, high), (short, long) = plausible.height_m, plausible.side_m
    raise AssetRejected(
        f"size {shown} (w x d x h) is no {what} in any unit, expected {low:g} to {high:g} m high "
        f"and {short:g} to {long:g} m long; state 'unit', 'size_m' or 'category' in assets.yaml"
    )
