"""Stated depths, fields of view and heights come out of the truth render as stated."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("bpy")

from synthgen.plan.planner import plan_recipe
from synthgen.recipe.distributions import LogUniform, Uniform, total_variation
from synthgen.recipe.families import add_scene_paths
from synthgen.recipe.model import Recipe

pytestmark = [pytest.mark.blender, pytest.mark.slow]

DEPTH, FOV, HEIGHT = LogUniform(1.2, 3.2), Uniform(50, 90), Uniform(0.8, 1.8)
SCENES, VIEWS, BINS = 16, 4, 5


def test_64_views_follow_what_is_stated(families) -> None:
    from synthgen.blender.worker import BlenderRenderer

    add_scene_paths([families])
    placement = {"depth_m": DEPTH.to_json(), "height_m": HEIGHT.to_json()}
    camera = {"kind": "perspective", "width": 64, "height": 48, "fov_deg": FOV.to_json()}
    recipe = Recipe.model_validate(
        {"name": "targets", "seed": 2, "scenes": SCENES, "views": VIEWS, "channels": ["depth"],
         "scene": {"kind": "plain", "objects": 14}, "cameras": [camera | {"placement": placement}]}
    )  # fmt: skip
    renderer = BlenderRenderer("cpu", 2)
    views = [view.bundle for job in plan_recipe(recipe) for view in renderer.render(job)]
    renderer.close()
    depth = np.array([np.median(view.channels["depth"]) for view in views])
    asked = np.array([view.meta["sampled"]["camera"]["placement"]["depth_m"] for view in views])
    off = np.abs(depth / asked - 1)
    assert len(views) == SCENES * VIEWS
    assert np.median(off) < 0.02 and np.quantile(off, 0.9) < 0.1
    assert total_variation(depth, DEPTH, BINS) < 0.12
    assert total_variation([view.camera.fov_deg for view in views], FOV, BINS) < 0.06
    assert total_variation([view.world_from_camera[2, 3] for view in views], HEIGHT, BINS) < 0.06
