"""The recipe's `truth`: what is refused, and what reaches the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthgen.errors import RecipeError
from synthgen.plan.jobs import SceneJob
from synthgen.plan.planner import plan_line, plan_recipe
from synthgen.recipe.load import load_recipe

LEAST = "name: rooms\nscene: {kind: indoor}\n"


def job(folder: Path, text: str) -> SceneJob:
    file = folder / "recipe.yaml"
    file.write_text(LEAST + text, encoding="utf-8")
    return next(plan_recipe(load_recipe(file)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("truth: {layers: 0}", "truth.layers: must be at least 1 (got 0)"),
        ("truth: {layers: 9}", "truth.layers: must be at most 8 (got 9)"),
        ("truth: {surface: first_glass}", "truth.surface: unknown name 'first_glass'"),
        ("truth: {layer: 2}", "truth.layer: unknown key 'layer'"),
        ("truth: {subpixel: 1}", "truth.subpixel: must be at least 2 (got 1)"),
        ("truth: {far_m: -1}", "truth.far_m: must be greater than 0 (got -1)"),
        ("truth: {far_m: true}", "truth.far_m: expected a number (got true)"),
        (
            "channels: [depth, edge]\ntruth: {subpixel: 5}\ncameras:\n"
            "  - {kind: perspective, width: {choice: [640, 16384]}, height: 16}",
            "recipe.yaml:6:5: cameras[0]: expected width x truth.subpixel of at most 65536 pixels "
            "(got 16384 x 5); lower one of them",
        ),
    ],
)
def test_mistakes(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        job(tmp_path, text)
    assert message in str(caught.value)


def test_what_nobody_asks_for_leaves_the_plan_as_it_was(tmp_path: Path) -> None:
    plain = job(tmp_path, "")
    assert b"truth" not in plan_line(plain)
    assert job(tmp_path, "truth: {layers: 5}") == plain


def test_layers_and_surface_reach_the_plan_and_its_hash(tmp_path: Path) -> None:
    plain = job(tmp_path, "")
    layered = job(tmp_path, "channels: [depth, depth_layers]\ntruth: {layers: 3, surface: first_opaque}")
    assert (layered.truth.layers, layered.truth.surface) == (3, "first_opaque")
    assert SceneJob.model_validate_json(plan_line(layered)) == layered
    opaque = job(tmp_path, "truth: {surface: first_opaque}")
    assert opaque.truth.layers == 0 and opaque.job_hash != plain.job_hash
