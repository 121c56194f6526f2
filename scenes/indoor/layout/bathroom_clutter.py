"""What lies about in a bathroom: bottles, brushes, soap, towels."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .catalogue import CATALOGUE, draw_size
from .spot import Spot

FLOOR: Mapping[str, float] = {"basket": 2.0, "toiletry": 0.6}
AT_BASINS: Mapping[str, float] = {
    "toothbrush_cup": 3.0, "soap_dish": 2.0, "toiletry": 3.5, "small_plant": 0.7, "candle": 0.5, "cup": 0.5,
    "towel_stack": 1.6,
}  # fmt: skip
ON_MACHINES: Mapping[str, float] = {
    "toiletry": 2.0,
    "basket": 1.0,
    "towel_stack": 2.0,
    "box": 0.8,
    "bottle": 1.0,
}


def _strew(
    spot: Spot, rng: np.random.Generator, theme: Mapping[str, float], most: float, back_m: float = 0.0
) -> None:
    """Up to `most` things on average; `back_m` pulls them towards the back."""
    s, wishes = spot.surface, dict(theme)
    for _ in range(int(rng.poisson(most))):
        names, weights = list(wishes), np.array(list(wishes.values()))
        kind = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        deep = s.y1 - s.y0 - 0.012
        size = draw_size(kind, rng, height=spot.free_m - 0.01, depth=(0.03, deep))
        if size[2] < 0.6 * CATALOGUE[kind].height[0]:
            continue
        for _ in range(6):
            turn = float(rng.normal(0, 3 if size[0] > 0.5 * deep else 12))
            _, reach_x, _, reach_y = Spot.rectangle(0, 0, size, turn)
            x, y = rng.uniform([s.x0, s.y0 + back_m * (s.y1 - s.y0)], [s.x1, s.y1])
            x, y = np.clip((x, y), (s.x0 + reach_x, s.y0 + reach_y), (s.x1 - reach_x, s.y1 - reach_y))
            if spot.put(kind, size, float(x), float(y), turn):
                wishes[kind] *= 0.75 if kind == "toiletry" else 0.1
                break


def _at_basin(spot: Spot, rng: np.random.Generator, density: float) -> None:
    if spot.surface.role == "vanity":
        area = (spot.surface.x1 - spot.surface.x0) * (spot.surface.y1 - spot.surface.y0)
        _strew(spot, rng, AT_BASINS, density * (2.0 + 20 * area), 0.2)


def _on_tub(spot: Spot, rng: np.random.Generator, density: float) -> None:
    """A row of bottles on the ledge, near one end."""
    s = spot.surface
    if s.role != "ledge" or rng.random() > 0.3 + 0.7 * density:
        return
    cursor = s.x0 + 0.03 if rng.random() < 0.5 else s.x1 - 0.5
    for _ in range(1 + int(rng.binomial(5, density))):
        size = draw_size("toiletry", rng, depth=s.y1 - s.y0 - 0.006)
        spot.put("toiletry", size, cursor + size[0] / 2, (s.y0 + s.y1) / 2, float(rng.normal(0, 4)))
        cursor += size[0] + float(rng.uniform(0.008, 0.05))


def _on_caddy(spot: Spot, rng: np.random.Generator, density: float) -> None:
    s, cursor = spot.surface, spot.surface.x0 + 0.004
    while cursor < s.x1 - 0.04:
        if rng.random() < 0.35 + 0.6 * density:
            size = draw_size("toiletry", rng, depth=s.y1 - s.y0 - 0.006, height=spot.free_m - 0.01)
            spot.put("toiletry", size, cursor + size[0] / 2, (s.y0 + s.y1) / 2)
            cursor += size[0]
        cursor += float(rng.uniform(0.008, 0.05))


def _hang_towel(spot: Spot, rng: np.random.Generator, density: float) -> None:
    s = spot.surface
    wide = min(float(rng.uniform(0.35, 0.5)), 0.86 * (s.x1 - s.x0 - 0.06))
    x = float(rng.normal(0, 0.02))
    # Over the bars, which run 12 mm before the middle of the ladder.
    spot.put("bath_towel", (wide, 0.076, spot.surface.free_m), x, -0.012)


def _on_cistern(spot: Spot, rng: np.random.Generator, density: float) -> None:
    _strew(spot, rng, {"toiletry": 2.0, "candle": 1.0, "small_plant": 1.0, "towel_stack": 1.2}, 0.9 * density)


def _on_machine(spot: Spot, rng: np.random.Generator, density: float) -> None:
    _strew(spot, rng, ON_MACHINES, 3.0 * density)


FILLS: dict[str, Callable[[Spot, np.random.Generator, float], None]] = {
    "vanity": _at_basin, "wash_basin": _at_basin, "pedestal_basin": _at_basin, "bathtub": _on_tub,
    "bath_caddy": _on_caddy, "towel_radiator": _hang_towel, "toilet": _on_cistern,
    "washing_machine": _on_machine,
}  # fmt: skip
