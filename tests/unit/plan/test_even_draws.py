"""Values of cameras lie evenly over scenes and views, and are still drawn by name."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.plan.draws import STRATA, EvenNames, Names, ending_of
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.distributions import LogUniform, Normal, Uniform, total_variation
from synthgen.recipe.model import Recipe

PLACEMENT = {
    "height_m": {"uniform": [0.8, 1.9]},
    "depth_m": {"log_uniform": [1.5, 4]},
    "pitch_deg": {"normal": {"mean": -5, "std": 6, "min": -40, "max": 30}},
}


def recipe(scenes: int, views: int) -> Recipe:
    camera = {"kind": "perspective", "fov_deg": {"uniform": [45, 95]}, "placement": PLACEMENT}
    return Recipe.model_validate(
        {"name": "even", "seed": 5, "scenes": scenes, "views": views, "cameras": [camera],
         "scene": {"kind": "indoor"}}
    )  # fmt: skip


def drawn(of: Recipe) -> dict[str, list[float]]:
    """What the plan says of the cameras of all views, by field."""
    cameras = [view.camera for job in plan_recipe(of) for view in job.views]
    return {"fov_deg": [camera["fov_deg"] for camera in cameras]} | {
        name: [camera["placement"][name] for camera in cameras] for name in PLACEMENT
    }


@pytest.mark.parametrize(
    ("scenes", "views", "most"), [(500, 1, 0.03), (125, 4, 0.03), (20, 25, 0.05), (1, 500, 0.03)]
)
def test_500_views_follow_their_distributions(scenes: int, views: int, most: float) -> None:
    stated = recipe(scenes, views)
    (camera,) = stated.cameras
    values = drawn(stated)
    assert total_variation(values["fov_deg"], camera.fov_deg) < most
    for name in PLACEMENT:
        assert total_variation(values[name], getattr(camera.placement, name)) < most, name


def test_free_draws_would_not() -> None:
    # What the even ones are for: 10 bins of 500 free draws are off by 0.057 on average.
    free = [Names(5, "scene", scene).uniform(ending_of("fov_deg")) for scene in range(500)]
    even = [EvenNames(5, scene, 0, 0).uniform(ending_of("fov_deg")) for scene in range(500)]
    assert total_variation(free, Uniform(0, 1)) > 2 * total_variation(even, Uniform(0, 1))


def test_each_stratum_once_in_a_row_of_scenes_or_views() -> None:
    for ending in (ending_of("fov_deg"), ending_of("placement", "height_m")):
        for row in (
            [EvenNames(5, STRATA + scene, 1, 3).uniform(ending) for scene in range(STRATA)],
            [EvenNames(5, 7, 1, view).uniform(ending) for view in range(STRATA)],
        ):
            assert sorted(int(number * STRATA) for number in row) == list(range(STRATA))
            assert row != sorted(row)


def test_fields_do_not_know_of_each_other() -> None:
    values = drawn(recipe(500, 1))
    related = np.corrcoef([np.argsort(np.argsort(each)) for each in values.values()])
    assert np.abs(related - np.eye(len(values))).max() < 0.15


def test_more_scenes_or_views_move_nothing() -> None:
    few, more_scenes, more_views = (list(plan_recipe(recipe(*size))) for size in ((3, 2), (9, 2), (3, 70)))
    assert more_scenes[:3] == few
    for old, new in zip(few, more_views):
        assert new.views[:2] == old.views


def test_total_variation_counts_what_lies_outside() -> None:
    assert total_variation([0.5, 1.5, 2.5, 3.5], Uniform(0, 4), bins=4) == 0
    assert total_variation([0.5, 0.6, 1.5, 5.0], Uniform(0, 4), bins=4) == pytest.approx(0.5)
    assert total_variation([1.0] * 9, LogUniform(0.5, 2), bins=3) == pytest.approx(2 / 3)
    middle = [Normal(0, 1, -9, 9).at((index + 0.5) / 100) for index in range(100)]
    assert total_variation(middle, Normal(0, 1, -9, 9)) == pytest.approx(0)
