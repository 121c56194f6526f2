"""Rendering a user's scene file from a recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from synthgen.frame.bundle import FrameBundle
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.model import Recipe

OWN = {"kind": "from_file", "width": 64, "height": 48}
TRUTH = ["depth", "normal", "instance", "semantic"]


@pytest.fixture
def views_of_file(session) -> Iterator[Callable[..., list[FrameBundle]]]:
    """Renders the first scene of a recipe for a file: `views_of_file(path, camera, views, **scene)`."""
    from synthgen.blender.worker import BlenderRenderer

    renderer = BlenderRenderer("cpu", 2)

    def render(path: Path, camera: dict = OWN, views: int = 1, channels=TRUTH, **scene) -> list[FrameBundle]:
        kind = {".blend": "blend", ".usda": "usd", ".glb": "gltf", ".gltf": "gltf"}[path.suffix]
        recipe = {
            "name": "file",
            "scene": {"kind": kind, "path": str(path), **scene},
            "cameras": [camera],
            "views": views,
            "render": {"samples": 4, "max_bounces": 2, "denoise": False, "device": "cpu"},
            "channels": channels,
        }
        job = next(plan_recipe(Recipe.model_validate(recipe)))
        return [view.bundle for view in renderer.render(job)]

    yield render
    renderer.close()


@pytest.fixture
def seen_names() -> Callable[[FrameBundle], set[str]]:
    """The names of the instances that a view shows."""

    def names(bundle: FrameBundle) -> set[str]:
        by_id = {entry.id: entry.name for entry in bundle.instances}
        return {by_id[int(number)] for number in np.unique(bundle.channels["instance"]) if number}

    return names
