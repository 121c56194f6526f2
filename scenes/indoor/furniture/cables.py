"""A socket in the wall with a cable in it. Lengths are metres."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .forms import Size

RADIUS_M = 0.0032


def cable(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A socket's plate with its back at y = d / 2, a plug, and a cable along `params["points_m"]`."""
    w, d, h = size_m
    made = MeshBuilder()
    skin = str(rng.choice(["plastic", "plastic_dark", "plastic_dark"]))
    made.block((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h), "plastic", bevel=0.003)
    points = np.array(params.get("points_m", [(0, -d / 2 - 0.035, h / 2), (0, -0.06, 0.0)]), dtype=np.float64)
    tip = points[0]
    made.tube([(0, -d / 2 + 0.002, h / 2), (tip[0], tip[1] + 0.008, tip[2])], 0.017, skin, segments=16)
    made.tube([(tip[0], tip[1] + 0.008, tip[2]), tuple(tip)], [0.016, 0.006], skin, segments=14)
    return made.tube(points, RADIUS_M, skin, segments=7)


KINDS: dict[str, Callable[..., MeshBuilder]] = {"cable": cable}
