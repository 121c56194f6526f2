"""Trajectories of a recipe: what is refused, what may be drawn, and what reaches the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthgen.errors import RecipeError
from synthgen.plan.jobs import SceneJob
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import Recipe, recipe_json
from synthgen.recipe.trajectories import TRAJECTORIES


def recipe_of(folder: Path, trajectory: str, more: str = "") -> Recipe:
    file = folder / "recipe.yaml"
    camera = f"cameras:\n  - {{kind: perspective, trajectory: {trajectory}}}\n"
    file.write_text("name: shots\nscene: {kind: indoor}\n" + camera + more, encoding="utf-8")
    return load_recipe(file)


def jobs_of(folder: Path, trajectory: str, more: str = "") -> list[SceneJob]:
    return list(plan_recipe(recipe_of(folder, trajectory, more)))


@pytest.mark.parametrize("kind", sorted(TRAJECTORIES))
def test_every_kind_has_defaults_and_its_numbers_are_drawn(tmp_path: Path, kind: str) -> None:
    job, *_ = jobs_of(tmp_path, kind, "views: 2\n")
    first, second = job.views[0].camera["trajectory"], job.views[24].camera["trajectory"]
    assert first["kind"] == kind and first["frames"] == first["fps"] == 24 and first["shutter"] == 0
    assert all(isinstance(value, int | float) for name, value in first.items() if name != "kind")
    drawn = {name for name in first if first[name] != second[name]}
    assert (
        drawn
        == {
            "static": set(),
            "orbit": {"sweep_deg"},
            "walk": {"speed_m_s"},
            "drive": {"speed_m_s"},
            "handheld": {"shake_m", "shake_deg"},
        }[kind]
    )


def test_frames_are_views_with_their_times(tmp_path: Path) -> None:
    job, *_ = jobs_of(tmp_path, "{kind: walk, frames: 3, fps: 10}", "views: 2\n")
    assert [view.frame for view in job.views] == [0, 1, 2, 0, 1, 2]
    assert [view.shot for view in job.views] == [0, 0, 0, 3, 3, 3]
    assert [view.time_s for view in job.views[:3]] == pytest.approx([0.0, 0.1, 0.2])
    assert job.views[0].camera == job.views[2].camera


def test_a_person_walks_at_a_persons_speed(tmp_path: Path) -> None:
    jobs = jobs_of(tmp_path, "walk", "scenes: 40\nviews: 1\n")
    speeds = [job.views[0].camera["trajectory"]["speed_m_s"] for job in jobs]
    assert 0.6 <= min(speeds) < 0.75 and 1.25 < max(speeds) <= 1.4


def test_distributions_stand_where_numbers_do(tmp_path: Path) -> None:
    text = "{kind: orbit, frames: 2, fps: {choice: [10, 20]}, radius_m: {uniform: [1, 2]}, sweep_deg: 90}"
    recipe = recipe_of(tmp_path, text, "scenes: 12\n")
    drawn = [job.views[0].camera["trajectory"] for job in plan_recipe(recipe)]
    assert {each["fps"] for each in drawn} == {10, 20}
    assert len({each["radius_m"] for each in drawn}) == 12
    assert all(1 <= each["radius_m"] <= 2 and each["sweep_deg"] == 90 for each in drawn)
    assert list(plan_recipe(Recipe.model_validate(recipe_json(recipe)))) == list(plan_recipe(recipe))


@pytest.mark.parametrize(
    ("trajectory", "message"),
    [
        ("wlak", "trajectory: unknown trajectory kind 'wlak'; known: drive, handheld, orbit, static, walk"),
        ("{kind: wlak, fps: 5}", "trajectory.kind: unknown trajectory kind 'wlak'"),
        ("{frames: 8}", "trajectory: expected a 'kind' out of drive, handheld, orbit, static, walk, found"),
        ("7", "trajectory: expected a map with a 'kind' (got 7)"),
        ("{kind: {choice: [walk, orbit]}, fps: 5}", "trajectory.kind: unknown trajectory kind"),
        ("{kind: walk, frames: 1}", "trajectory.frames: must be at least 2 (got 1)"),
        ("{kind: walk, frames: 20000}", "trajectory.frames: must be at most 10000 (got 20000)"),
        ("{kind: walk, frames: {uniform: [2, 9]}}", "trajectory.frames: expected a whole number"),
        ("{kind: walk, fps: 0}", "trajectory.fps: must be greater than 0 and at most 1000 (got 0)"),
        ("{kind: walk, shutter: 1.5}", "trajectory.shutter: must be between 0 and 1 (got 1.5)"),
        ("{kind: walk, speed: 1}", "trajectory.speed: unknown key 'speed'"),
        ("{kind: walk, speed_m_s: 0}", "trajectory.speed_m_s: must be between 0.05 and 4 (got 0)"),
        ("{kind: walk, speed_m_s: {uniform: [1, 9]}}", "trajectory.speed_m_s.uniform[1]: must be between"),
        ("{kind: drive, shake_m: 0.1}", "trajectory.shake_m: unknown key 'shake_m'"),
        ("{kind: orbit, radius_m: 0.01}", "trajectory.radius_m: must be between 0.1 and 1000 (got 0.01)"),
        ("{kind: orbit, sweep_deg: 0}", "trajectory.sweep_deg: must be between 0.1 and 720 (got 0)"),
        ("{kind: handheld, shake_deg: -1}", "trajectory.shake_deg: must be between 0 and 30 (got -1)"),
        ("{kind: static, sweep_deg: 9}", "trajectory.sweep_deg: unknown key 'sweep_deg'"),
    ],
)
def test_mistakes(tmp_path: Path, trajectory: str, message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_of(tmp_path, trajectory)
    assert f"cameras[0].{message}" in str(caught.value)
    assert "recipe.yaml:4:" in str(caught.value)


@pytest.mark.parametrize(
    ("channels", "message"),
    [
        ("rgb, flow_backward", "has no 'trajectory', which flow_backward needs; give it one, or leave the"),
        ("flow_forward, occlusion_forward", "has no 'trajectory', which flow_forward, occlusion_forward"),
        ("depth, disparity", "has no 'stereo', which disparity needs; give it one, or leave the channel out"),
    ],
)
def test_channels_between_views_need_every_camera_to_have_them(
    tmp_path: Path, channels: str, message: str
) -> None:
    still = "  - {kind: perspective}\n"
    with pytest.raises(RecipeError) as caught:
        recipe_of(tmp_path, "walk, stereo: {}", f"{still}channels: [{channels}]\n")
    assert f"recipe.yaml:5:5: cameras[1]: {message}" in str(caught.value)
