"""Cameras of a recipe: presets, intrinsics, what does not fit, and what becomes of them in the plan."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from synthgen.errors import RecipeError, UsageError
from synthgen.geometry.camera import Camera, PerspectiveCamera
from synthgen.plan.cameras import camera_of
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import Recipe, recipe_json

DEPTH = ["rgb", "depth"]


def recipe_of(folder: Path, camera: dict[str, object], channels: list[str] = DEPTH, **more: object) -> Recipe:
    content = {
        "name": "cameras", "scene": {"kind": "indoor"}, "cameras": [camera], "channels": channels, **more
    }  # fmt: skip
    file = folder / "recipe.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return load_recipe(str(file))


def planned(folder: Path, camera: dict[str, object], channels: list[str] = DEPTH) -> Camera:
    recipe = recipe_of(folder, camera, channels)
    again = Recipe.model_validate(recipe_json(recipe))
    [job] = plan_recipe(recipe)
    assert [job] == list(plan_recipe(again))
    return camera_of(job.views[0])


@pytest.mark.parametrize(
    ("preset", "size", "K"),
    [
        ("hypersim", (1024, 768), (886.8100, 886.8100, 512.0, 384.0)),
        ("vkitti2", (1242, 375), (725.0087, 725.0087, 620.5 + 0.5, 187.0 + 0.5)),
        ("tartanair", (640, 480), (320.0, 320.0, 320.0, 240.0)),
        ("irs", (960, 540), (480.0, 480.0, 480.0, 270.0)),
    ],
)
def test_presets_are_right_to_4_decimals(
    tmp_path: Path, preset: str, size: tuple[int, int], K: tuple[float, ...]
) -> None:
    camera = planned(tmp_path, {"kind": "perspective", "preset": preset})
    assert (camera.width, camera.height) == size
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == pytest.approx(K, abs=5e-5)
    half = planned(tmp_path, {"kind": "perspective", "preset": preset,
                              "width": size[0] // 2, "height": size[1] // 2})  # fmt: skip
    assert half.fov_deg == pytest.approx(camera.fov_deg, abs=1e-9)


def test_a_preset_fills_only_what_is_not_given(tmp_path: Path) -> None:
    large = planned(tmp_path, {"kind": "perspective", "preset": "unrealstereo4k", "fov_deg": 75})
    assert large == PerspectiveCamera.from_fov(3840, 2160, 75)
    given = {"kind": "perspective", "preset": "vkitti2", "fx_px": 700, "cy_px": 190}
    assert planned(tmp_path, given) == PerspectiveCamera(1242, 375, 700.0, 700.0, 621.0, 190.0)
    wide = planned(tmp_path, {"kind": "perspective", "preset": "hypersim", "fov_deg": 90})
    assert (wide.fx, wide.cx) == (pytest.approx(512.0), 512.0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"fx_px": 500}, (500.0, 500.0, 320.0, 240.0)),
        ({"fy_px": 400}, (400.0, 400.0, 320.0, 240.0)),
        ({"fx_px": 500, "fy_px": 400, "cx_px": 300.5}, (500.0, 400.0, 300.5, 240.0)),
        ({"fov_deg": 90}, (320.0, 320.0, 320.0, 240.0)),
        ({"fov_deg": 90, "cx_px": 64, "cy_px": 1}, (192.0, 192.0, 64.0, 1.0)),
    ],
)
def test_intrinsics_may_be_given_in_part(
    tmp_path: Path, given: dict[str, object], expected: tuple[float, ...]
) -> None:
    camera = planned(tmp_path, {"kind": "perspective", **given})
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == pytest.approx(expected, rel=1e-12)


def test_intrinsics_may_be_drawn(tmp_path: Path) -> None:
    camera = {"kind": "perspective", "fx_px": {"uniform": [400, 600]}, "cx_px": {"normal": [320, 5]}}
    camera["cx_px"] = {"normal": {"mean": 320, "std": 5, "min": 300, "max": 340}}
    jobs = list(plan_recipe(recipe_of(tmp_path, camera, scenes=20)))
    cameras = [camera_of(job.views[0]) for job in jobs]
    assert len({each.fx for each in cameras}) == len({each.cx for each in cameras}) == 20
    assert all(400 <= each.fx <= 600 and each.fy == each.fx and 300 <= each.cx <= 340 for each in cameras)
    assert "fov_deg" not in jobs[0].views[0].camera


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"fx_px": 0}, "cameras[0].fx_px: must be between 1 and 1000000.0 (got 0)"),
        ({"fx_px": 500, "fov_deg": 60}, "expected fov_deg or fx_px, not both; leave one out"),
        ({"fov_deg": None}, "expected fov_deg, or fx_px and fy_px (found none)"),
        ({"cx_px": 640}, "expected cx_px inside of the image, below its width (got width 640, cx_px 640)"),
        ({"cx_px": {"uniform": [300, 700]}}, "(got width 640, cx_px up to 700)"),
        ({"cy_px": 300, "height": {"choice": [480, 240]}}, "(got height 240, cy_px 300)"),
        ({"preset": "kitti"}, "unknown name 'kitti'"),
        ({"preset": "irs", "width": {"uniform": [64, 96]}}, "expected one number as width beside a preset"),
    ],
)
def test_a_K_that_does_not_fit_is_refused_when_the_recipe_is_read(
    tmp_path: Path, given: dict[str, object], words: str
) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_of(tmp_path, {"kind": "perspective", **given})
    assert words in str(caught.value)
    assert "recipe.yaml:" in str(caught.value)
    assert "cameras[0]" in str(caught.value)


@pytest.mark.parametrize("kind", ["equirectangular", "fisheye_equisolid", "fisheye_polynomial"])
def test_planar_depth_of_a_camera_that_has_none_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_of(tmp_path, {"kind": kind})
    assert f"cameras[0]: a camera of the kind {kind} has no planar depth (depth); " in str(caught.value)
    assert "channels: [rgb, distance]" in str(caught.value)
    with pytest.raises(RecipeError, match=r"\(depth_layers\)"):
        recipe_of(tmp_path, {"kind": kind}, ["distance", "depth_layers"])
    assert planned(tmp_path, {"kind": kind}, ["rgb", "distance"]).model == kind


def test_a_fisheye_fills_the_image_by_default(tmp_path: Path) -> None:
    for kind, bend in (("fisheye_equisolid", {}), ("fisheye_polynomial", {"a3": -0.05})):
        camera = planned(tmp_path, {"kind": kind, "width": 64, "height": 60, **bend}, ["distance"])
        assert camera.f * camera.reach == pytest.approx(30.0)
        assert camera.problem() is None


def test_a_polynomial_that_turns_back_is_refused_by_the_plan(tmp_path: Path) -> None:
    recipe = recipe_of(tmp_path, {"kind": "fisheye_polynomial", "a2": -0.5}, ["distance"])
    with pytest.raises(UsageError, match="drawn for scene 0, view 0: expected an angle that grows"):
        list(plan_recipe(recipe))
