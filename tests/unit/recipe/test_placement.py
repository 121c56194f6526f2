"""Where cameras stand, and the depth that they should see."""

from __future__ import annotations

import pytest

from synthgen.errors import RecipeError
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.distributions import LogUniform
from synthgen.recipe.load import load_recipe

DEPTH = "cameras[0].placement.depth_m"


def test_a_target_of_depth_is_drawn_for_every_view() -> None:
    recipe = load_recipe("indoor", [f"{DEPTH}={{log_uniform: [1.5, 4]}}", "scenes=2"])
    assert recipe.cameras[0].placement.depth_m == LogUniform(1.5, 4)
    drawn = [view.camera["placement"]["depth_m"] for job in plan_recipe(recipe) for view in job.views]
    assert len(set(drawn)) == 8 and all(1.5 <= depth <= 4 for depth in drawn)


def test_without_a_target_plans_do_not_name_it() -> None:
    (job,) = plan_recipe(load_recipe("indoor", ["scenes=1"]))
    assert all("depth_m" not in view.camera["placement"] for view in job.views)


def test_no_target_of_depth_on_the_move() -> None:
    with pytest.raises(RecipeError, match=r"moves changes; leave out placement\.depth_m or traj"):
        load_recipe("indoor", [f"{DEPTH}=2", "cameras[0].trajectory=orbit"])


def test_a_depth_that_no_view_can_have() -> None:
    with pytest.raises(RecipeError, match=r"depth_m=0: must be between 0\.1 and 10000\.0 \(got 0\)"):
        load_recipe("indoor", [f"{DEPTH}=0"])
