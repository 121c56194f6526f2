"""Lens distortion in a recipe: what may be said, what is refused, and what becomes of it in the plan."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from synthgen.errors import RecipeError, UsageError
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.distorted import BrownConradyCamera, KannalaBrandtFisheye
from synthgen.plan.cameras import camera_of
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import Recipe, recipe_json
from synthgen.recipe.quick import quick_recipe

BROWN, KANNALA = "brown_conrady", "fisheye_kannala_brandt"


def recipe_of(
    folder: Path, camera: dict[str, object], channels: tuple[str, ...] = ("rgb", "distance")
) -> Recipe:
    content = {"name": "lenses", "scene": {"kind": "indoor"}, "cameras": [camera], "channels": list(channels)}
    file = folder / "recipe.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return load_recipe(str(file))


def planned(recipe: Recipe) -> BrownConradyCamera | KannalaBrandtFisheye:
    [job] = plan_recipe(recipe)
    assert [job] == list(plan_recipe(Recipe.model_validate(recipe_json(recipe))))
    return camera_of(job.views[0])


def test_brown_conrady_has_the_intrinsics_of_a_perspective_camera(tmp_path: Path) -> None:
    bend = {"k1": -0.1, "k2": 0.02, "p1": 1e-3, "p2": -2e-3, "k3": 0.003}
    for given in (
        {"fov_deg": 70},
        {"fov_deg": 70, "cx_px": 300, "cy_px": 250},
        {"fx_px": 700, "fy_px": 680, "cx_px": 300},
        {"preset": "vkitti2"},
    ):
        camera = planned(recipe_of(tmp_path, {"kind": BROWN, **given, **bend}))
        pinhole = planned(recipe_of(tmp_path, {"kind": "perspective", **given}))
        assert isinstance(pinhole, PerspectiveCamera)
        assert (camera.K == pinhole.K).all()
        assert (camera.width, camera.height) == (pinhole.width, pinhole.height)
        assert camera.parameters() == {"distortion": [-0.1, 0.02, 1e-3, -2e-3, 0.003]}


def test_brown_conrady_gives_planar_depth_and_kannala_brandt_does_not(tmp_path: Path) -> None:
    assert planned(recipe_of(tmp_path, {"kind": BROWN}, ("rgb", "depth"))).planar
    with pytest.raises(
        RecipeError, match=r"cameras\[0\]: a camera of the kind fisheye_kannala_brandt has no planar"
    ):
        recipe_of(tmp_path, {"kind": KANNALA}, ("rgb", "depth"))


def test_a_calibrated_fisheye_is_taken_as_it_is(tmp_path: Path) -> None:
    given = {"width": 640, "height": 480, "fov_deg": 185, "fx_px": 150.5, "fy_px": 151.5, "cx_px": 318.4,
             "cy_px": 243.9, "k1": 0.05, "k2": -0.01, "k3": 0.002, "k4": -3e-4}  # fmt: skip
    camera = planned(recipe_of(tmp_path, {"kind": KANNALA, **given}))
    expected = KannalaBrandtFisheye(640, 480, 150.5, 151.5, 318.4, 243.9, 185.0, 0.05, -0.01, 0.002, -3e-4)
    assert camera == expected


@pytest.mark.parametrize("k1", [-0.05, 0.0, 0.1])
def test_a_fisheye_fills_the_image_by_default(tmp_path: Path, k1: float) -> None:
    camera = planned(recipe_of(tmp_path, {"kind": KANNALA, "width": 64, "height": 60, "k1": k1}))
    assert camera.fx == camera.fy
    assert camera.fx * camera.reach == pytest.approx(30.0)
    one = planned(recipe_of(tmp_path, {"kind": KANNALA, "fy_px": 140}))
    assert (one.fx, one.fy) == (140.0, 140.0)


def test_distortion_may_be_drawn(tmp_path: Path) -> None:
    camera = {"kind": BROWN, "fov_deg": 60, "k1": {"uniform": [-0.1, 0.05]}, "p1": {"normal": [0, 0.001]}}
    camera["p1"] = {"normal": {"mean": 0, "std": 0.001, "min": -0.003, "max": 0.003}}
    recipe = recipe_of(tmp_path, camera).model_copy(update={"scenes": 20})
    jobs = list(plan_recipe(recipe))
    cameras = [camera_of(job.views[0]) for job in jobs]
    assert len({each.k1 for each in cameras}) == len({each.p1 for each in cameras}) == 20
    assert all(-0.1 <= each.k1 <= 0.05 and abs(each.p1) <= 0.003 for each in cameras)
    assert {job.views[0].camera["oversample"] for job in jobs} == {4}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": BROWN, "k1": 11}, "cameras[0].k1: must be between -10"),
        ({"kind": BROWN, "p2": {"uniform": [-2, 0]}}, "cameras[0].p2.uniform[0]: must be between -1"),
        ({"kind": BROWN, "oversample": 9}, "cameras[0].oversample: must be at most 8 (got 9)"),
        ({"kind": BROWN, "oversample": 2.5}, "cameras[0].oversample: expected a whole number"),
        ({"kind": BROWN, "width": 8192, "oversample": 5},
         "expected width x oversample of at most 32768 pixels (got 8192 x 5); lower oversample"),
        ({"kind": KANNALA, "height": {"choice": [512, 16384]}},
         "expected height x oversample of at most 32768 pixels (got 16384 x 4); lower oversample"),
        ({"kind": BROWN, "fx_px": 500, "fov_deg": 60}, "expected fov_deg or fx_px, not both; leave one out"),
        ({"kind": BROWN, "cx_px": 640}, "expected cx_px inside of the image, below its width"),
        ({"kind": KANNALA, "cy_px": 512}, "expected cy_px inside of the image, below its height"),
        ({"kind": KANNALA, "fov_deg": 340}, "cameras[0].fov_deg: must be between 10"),
        ({"kind": BROWN, "stereo": {}}, "unknown key 'stereo'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_when_the_recipe_is_read(
    tmp_path: Path, given: dict[str, object], words: str
) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_of(tmp_path, given)
    assert words in str(caught.value)
    assert "recipe.yaml:" in str(caught.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": BROWN, "fov_deg": 90, "k1": -0.3},
         "brown_conrady camera drawn for scene 0, view 0: expected distortion that has an inverse"),
        ({"kind": KANNALA, "k1": -0.3},
         "fisheye_kannala_brandt camera drawn for scene 0, view 0: expected a distance from the axis"),
    ],
)  # fmt: skip
def test_a_lens_that_folds_is_refused_by_the_plan(
    tmp_path: Path, given: dict[str, object], words: str
) -> None:
    recipe = recipe_of(tmp_path, given)
    with pytest.raises(UsageError, match=words):
        list(plan_recipe(recipe))


@pytest.mark.parametrize(
    "camera",
    [
        {"kind": BROWN, "width": 640, "height": 480, "fx_px": 600, "fy_px": 590, "cx_px": 300, "k1": -0.2},
        {"kind": KANNALA, "width": 640, "height": 480, "fx_px": 170, "fy_px": 168, "cx_px": 300, "k1": 0.05},
    ],
)
def test_a_quick_lens_is_the_same_lens(tmp_path: Path, camera: dict[str, object]) -> None:
    recipe = recipe_of(tmp_path, camera)
    whole, small = camera_of(next(plan_recipe(recipe)).views[0]), camera_of(
        next(plan_recipe(quick_recipe(recipe))).views[0]
    )  # fmt: skip
    assert small.width == 160
    assert small.K[:2] == pytest.approx(whole.K[:2] / 4)
    assert small.parameters() == whole.parameters()
    assert small.fov_deg == pytest.approx(whole.fov_deg)
