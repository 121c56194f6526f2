"""`--quick`: smaller, but the same view."""

from __future__ import annotations

import pytest

from synthgen.plan.cameras import camera_of
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.load import load_recipe
from synthgen.recipe.quick import quick_recipe


@pytest.mark.parametrize(
    "camera",
    [
        "{kind: perspective, preset: vkitti2}",
        "{kind: perspective, width: 640, height: 480, fx_px: 500, cx_px: 300, cy_px: 250}",
        "{kind: fisheye_equisolid, width: 512, height: 512, f_px: 180, cx_px: 250}",
    ],
)
def test_intrinsics_shrink_with_the_image(camera) -> None:
    recipe = load_recipe("indoor", [f"cameras=[{camera}]", "channels=[rgb, normal]"])
    whole = camera_of(next(plan_recipe(recipe)).views[0])
    small = camera_of(next(plan_recipe(quick_recipe(recipe))).views[0])
    assert max(small.width, small.height) == 160
    scale = small.width / whole.width
    assert small.K[:2] == pytest.approx(whole.K[:2] * scale, rel=1e-2)
    assert small.fov_deg == pytest.approx(whole.fov_deg, rel=1e-2)
