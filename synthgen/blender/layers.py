"""Surfaces behind surfaces: the k-th along each ray, and the first that is opaque."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from synthgen.blender.materials import MaterialTable
from synthgen.blender.passes import NO_HIT, TruthPasses
from synthgen.errors import RenderError
from synthgen.geometry.camera import Camera

MAX_SURFACES = 64
"""How many transparent surfaces one ray may meet before the view is given up."""


class RaySurfaces:
    """The surfaces along the rays of a view; each layer is rendered when it is first asked for."""

    def __init__(self, render: Callable[[int], TruthPasses]) -> None:
        self._render = render
        self._layers: list[TruthPasses] = []

    def layer(self, index: int) -> TruthPasses:
        """Truth of the surface with this number along each ray, from 0."""
        while len(self._layers) <= index:
            self._layers.append(self._render(len(self._layers)))
        return self._layers[index]

    def first(self, count: int) -> list[TruthPasses]:
        """The first `count` surfaces."""
        return [self.layer(index) for index in range(count)]


def first_opaque(surfaces: RaySurfaces, materials: MaterialTable) -> TruthPasses:
    """Truth of the first surface along each ray whose material the eye does not look through.

    Raises
    ------
    RenderError
        When a ray meets more than `MAX_SURFACES` transparent surfaces.
    """
    found = surfaces.layer(0)
    for index in range(1, MAX_SURFACES + 1):
        transparent = materials.transparent[materials.ids(found.made, found.slot)]
        behind = (found.depth < NO_HIT) & transparent
        if not behind.any():
            return found
        found = _replaced(found, surfaces.layer(index), behind)
    raise RenderError(f"truth render: {behind.sum()} pixels look through more than {MAX_SURFACES} surfaces")


def layer_channels(layers: Sequence[TruthPasses], camera: Camera) -> dict[str, np.ndarray]:
    """`depth_layers` and `instance_layers` of the first surfaces; empty where the lens sees nothing."""
    depth = np.stack([layer.depth for layer in layers], axis=-1)
    hit = (depth < NO_HIT) & camera.rays().any(axis=-1, keepdims=True)
    instance = np.stack([layer.instance for layer in layers], axis=-1)
    if (hit & (instance == 0)).any():
        count = int((hit & (instance == 0)).any(axis=-1).sum())
        raise RenderError(f"truth render: {count} pixels show an object that belongs to no instance")
    return {
        "depth_layers": np.where(hit, depth, np.float32(np.inf)).astype(np.float32),
        "instance_layers": np.where(hit, instance, 0).astype(np.uint32),
    }


def _replaced(front: TruthPasses, back: TruthPasses, where: np.ndarray) -> TruthPasses:
    return TruthPasses(
        depth=np.where(where, back.depth, front.depth),
        normal_world=np.where(where[..., None], back.normal_world, front.normal_world),
        instance=np.where(where, back.instance, front.instance),
        made=np.where(where, back.made, front.made),
        slot=np.where(where, back.slot, front.slot),
    )
