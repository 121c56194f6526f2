"""What a plan amounts to, and where two recipes differ."""

from __future__ import annotations

from collections import Counter

import pytest

from synthgen.plan.compare import differing_keys
from synthgen.plan.planner import plan_recipe
from synthgen.plan.summary import plan_summary
from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import Recipe, recipe_json


def test_counts_are_those_of_the_plan(lantern_recipe: Recipe) -> None:
    summary = plan_summary(lantern_recipe)
    planned = list(plan_recipe(lantern_recipe))
    assert (summary.scenes, summary.views_per_scene, summary.frames) == (3, 4, 12)
    assert summary.splits == dict(Counter(job.split for job in planned))
    assert plan_summary(lantern_recipe, limit=2).frames == 8


def test_estimates_grow_with_what_costs() -> None:
    def estimate(*sets: str) -> tuple[float, int]:
        summary = plan_summary(load_recipe("indoor", sets))
        return summary.estimated_seconds(2), summary.estimated_bytes

    seconds, size = estimate()
    assert estimate("scenes=8") == pytest.approx((2 * seconds, 2 * size))
    assert estimate("render.samples=96")[0] > 1.5 * seconds
    assert estimate("render.denoise=false")[0] < seconds
    assert estimate("pack.lossless_depth=true")[1] > size
    assert estimate("channels=[depth]")[0] < 0.1 * seconds
    assert estimate("cameras[0].width={uniform: [1280, 1280]}")[1] == 2 * size


def test_differences_are_named_with_both_values() -> None:
    old = recipe_json(load_recipe("indoor", ["render.samples=48"]))
    new = recipe_json(
        load_recipe(
            "indoor",
            [
                "render.samples=32", "render.device=cpu", "cameras[0].fov_deg=60", "channels=[rgb, depth]",
                "scene.room.width_m={uniform: [3, 5]}", "pack.formats=[parquet]",
            ],
        )
    )  # fmt: skip
    assert differing_keys(old, new) == [
        "scene.room.width_m: {uniform: [3.2, 6.5]} -> {uniform: [3, 5]}",
        "cameras[0].fov_deg: {uniform: [50, 90]} -> 60",
        "render.samples: 48 -> 32",
        "channels: [rgb, depth, normal, instance, semantic] -> [rgb, depth]",
        "pack.formats: [webdataset, parquet] -> [parquet]",
    ]
    assert differing_keys(old, old) == []


def test_cameras_that_came_or_went_are_named() -> None:
    old = recipe_json(load_recipe("indoor", ["render.samples=48"]))
    new = old | {"cameras": [*old["cameras"], {"kind": "perspective", "width": 32}]}
    assert differing_keys(old, new) == ["cameras[1]: (absent) -> {kind: perspective, width: 32}"]
    assert differing_keys(new, old) == ["cameras[1]: {kind: perspective, width: 32} -> (absent)"]
