"""What Blender renders bears itself out: every channel, frames of shots, both eyes, distorted lenses."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

pytest.importorskip("bpy")

from synthgen.frame.channels import CHANNELS
from synthgen.inspect.consistency_checks import CHECKS
from synthgen.inspect.report import VerifyReport
from synthgen.inspect.verify import verify_dataset
from synthgen.plan.planner import PLAN, plan_line, plan_recipe
from synthgen.recipe.model import Recipe
from synthgen.run.stages import render_scene
from synthgen.storage import open_storage

pytestmark = pytest.mark.blender

WALK = {"trajectory": {"kind": "walk", "frames": 2, "fps": 6}}


@pytest.fixture
def verified(families, tmp_path) -> Callable[..., VerifyReport]:
    """Renders the plain room of a recipe as a run does, and verifies it."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.recipe.families import add_scene_paths

    add_scene_paths([families])

    def verify(camera: dict, **changes: object) -> VerifyReport:
        recipe = {
            "name": "borne_out",
            "seed": 5,
            "scene": {"kind": "plain", "moving": 2},
            "cameras": [camera],
            "render": {"samples": 1, "max_bounces": 1, "denoise": False, "device": "cpu"},
        }
        (job,) = plan_recipe(Recipe.model_validate(recipe | changes))
        storage = open_storage(tmp_path / "out")
        storage.write_bytes(PLAN, plan_line(job))
        storage.write_text("run.json", json.dumps({"schema_version": 1, "recipe": recipe}))
        renderer = BlenderRenderer("cpu", 2)
        try:
            render_scene(job, renderer, storage)
        finally:
            renderer.close()
        return verify_dataset(storage)

    return verify


def test_every_channel_of_a_stereo_shot_is_borne_out(verified) -> None:
    camera = {"kind": "perspective", "width": 64, "height": 48, "fov_deg": 80, **WALK, "stereo": {}}
    truth = {"layers": 3, "surface": "first_opaque", "objects": "amodal_masks"}
    report = verified(camera, channels=list(CHANNELS), truth=truth)
    assert [str(problem) for problem in report.problems] == []
    checks = report.compared.checks
    assert set(checks) == set(CHECKS)
    assert report.frames == 4
    for name, most in {
        "position": 2e-7,
        "distance": 2e-7,
        "disparity": 4e-7,
        "normal_median": 0.01,
        "free_space": 2e-6,
        "flow_forward": 1e-4,
        "flow_backward": 1e-4,
        "box_3d": 1e-5,
        "poses": 1e-9,
    }.items():
        assert checks[name].worst <= most, name
    assert checks["free_space"].compared > 1000


@pytest.mark.parametrize(
    "lens",
    [
        {"kind": "equirectangular", "width": 96, "height": 48},
        {"kind": "brown_conrady", "width": 64, "height": 48, "fx_px": 40, "k1": -0.2, "k2": 0.05, "p1": 0.01},
        {"kind": "fisheye_kannala_brandt", "width": 64, "height": 64, "fov_deg": 160, "k1": -0.05},
    ],
    ids=lambda lens: lens["kind"],
)
def test_other_lenses_are_borne_out(verified, lens) -> None:
    channels = [
        "distance",
        "normal",
        "instance",
        "position",
        "validity",
        "flow_forward",
        "occlusion_backward",
    ]
    report = verified(lens | WALK, channels=channels)
    assert [str(problem) for problem in report.problems] == []
    checks = report.compared.checks
    assert checks["free_space"].compared > 500
    assert checks["free_space"].worst < 2e-6
    assert checks["flow_forward"].worst < 1e-3
