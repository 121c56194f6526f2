"""What lights scenes: calculated skies, light fields of any brightness, lamps; the levels of views."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from synthgen.errors import RenderError
from synthgen.exr import encode_exr
from synthgen.frame.exposure import light_levels
from synthgen.frame.white_balance import RENDER_KELVIN, black_body, white_balance
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.pose import world_from_camera
from synthgen.plan.jobs import RenderJob
from synthgen.seeding import rng_for

pytestmark = pytest.mark.blender

JOB = RenderJob(samples=4, denoise=False, max_bounces=0, adaptive_threshold=0.0, clamp_indirect=0.0,
                exposure_ev=0.0, tone_curve="srgb")  # fmt: skip
RECIPE = """
name: levels
seed: 5
scenes: {scenes}
scene: {{kind: {family}, light: {{time: {time}}}, {params}}}
cameras: [{{kind: perspective, width: 48, height: 36, fov_deg: 75}}]
render: {{quality: draft, samples: 8, max_bounces: 3}}
channels: [rgb, depth]
"""


@pytest.fixture
def looking(session, tmp_path: Path) -> Callable[..., np.ndarray]:
    """Renders what a camera at the origin sees of a scene along a direction, (24, 32, 3)."""
    from synthgen.blender.camera import set_camera
    from synthgen.blender.colour import render_colour
    from synthgen.blender.passes import prepare_passes

    def look(scene, forward: np.ndarray) -> np.ndarray:
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        axes = np.column_stack([right, np.cross(forward, right), forward])
        set_camera(scene, PerspectiveCamera.from_fov(32, 24, 70), world_from_camera(np.zeros(3), axes))
        prepare_passes(scene)
        return render_colour(scene, JOB, 0, str(tmp_path)).linear

    return look


def field_of(path: Path, pixels: np.ndarray) -> Path:
    """An equirectangular EXR."""
    path.write_bytes(encode_exr({name: pixels[..., i].astype(np.float32) for i, name in enumerate("RGB")}))
    return path


@pytest.mark.parametrize(("time", "elevation_deg"), [("day", 35.0), ("low_sun", 8.0), ("dusk", 0.0)])
def test_clear_skies_are_brightest_towards_their_sun(
    stage_of, looking, time: str, elevation_deg: float
) -> None:
    from synthgen.blender.stage.sky import HOURS, calculated_sky, towards_sun

    made, hour = stage_of(), HOURS[time]
    sun = towards_sun(elevation_deg, 200.0)
    calculated_sky(made.scene, hour, "clear", 1.0, sun, rng_for(1, "sky"))
    shown = {turn: looking(made.scene, towards_sun(15.0, 200.0 + turn)).mean() for turn in (-90, 0, 90, 180)}
    assert max(shown, key=shown.get) == 0
    assert shown[-90] == pytest.approx(shown[90], rel=0.1)
    assert 0.3 * hour.blue < np.mean(list(shown.values())) < 3 * hour.blue


def test_calculated_skies_of_a_day_are_blue_white_and_grey(stage_of, looking) -> None:
    from synthgen.blender.stage.sky import CALCULATED, HOURS, calculated_sky, towards_sun

    seen = {}
    for kind in CALCULATED:
        made = stage_of()
        calculated_sky(made.scene, HOURS["day"], kind, 1.0, towards_sun(50.0, 0.0), rng_for(2, "sky"))
        red, _, blue = looking(made.scene, towards_sun(50.0, 180.0)).mean(axis=(0, 1))
        seen[kind] = blue / red
    assert seen["clear"] > 1.8
    assert seen["clear"] > seen["cloudy"] > seen["overcast"] == pytest.approx(1.0, abs=0.2)


def test_levels_of_light_fields_are_without_their_suns(session, tmp_path: Path) -> None:
    from synthgen.blender.stage.light import field_levels

    session.reset()
    grey = np.full((64, 128, 3), 0.5)
    grey[:20] = 9.0  # the ground, which does not count
    sunny = grey.copy()
    sunny[-10, 30] = 5000.0
    known = {name: field_levels(field_of(tmp_path / f"{name}.exr", pixels[::-1]))
             for name, pixels in (("grey", grey), ("sunny", sunny), ("brighter", 40 * sunny))}  # fmt: skip
    assert known["grey"].mean == pytest.approx(0.5, rel=1e-3)
    assert not known["grey"].has_sun
    assert known["sunny"].mean == pytest.approx(0.5, rel=1e-3)
    assert known["sunny"].has_sun
    assert known["brighter"].mean == pytest.approx(20.0, rel=1e-3)
    with pytest.raises(RenderError, match=r"light field black\.exr: expected light \(found a black image\)"):
        field_levels(field_of(tmp_path / "black.exr", 0 * grey))


@pytest.mark.parametrize("kelvin", [2700, 4000, 8000])
def test_a_lamp_looks_white_with_its_own_white_balance(stage_of, looking, kelvin: float) -> None:
    """Blender's black bodies are ours; that of the render's white is not quite D65, so not quite grey."""
    from synthgen.blender.stage import light
    from synthgen.blender.stage.material import new_material
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    grey, graph = new_material("grey")
    graph.finish(graph.shader("Diffuse", color=(0.5, 0.5, 0.5)))
    wall = MeshBuilder().quad([(3, -9, -9), (3, -9, 9), (3, 9, 9), (3, 9, -9)], "m")
    made.stage.add(wall, made.stage.instance("wall"), {"m": grey})
    lamp = light.point("lamp", (0.0, 0.0, 0.0), power_w=light.watts_of(3000.0), kelvin=kelvin)
    made.stage.add_light(lamp)
    shown = looking(made.scene, np.array([1.0, 0.0, 0.0])).mean(axis=(0, 1)) * white_balance(kelvin)
    assert shown.min() > 0.03
    np.testing.assert_allclose(shown / shown.mean(), black_body(RENDER_KELVIN), atol=0.03)


@pytest.mark.parametrize("params", ["setting: sky", "setting: landscape", "setting: room"])
def test_a_light_field_of_the_user_s_lights_the_scene(session, tmp_path: Path, params: str) -> None:
    """However bright it is; its name is in the metadata."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe

    pixels = np.full((32, 64, 3), 300.0) * (1.0, 0.6, 0.3)
    (tmp_path / "mine").mkdir()
    field_of(tmp_path / "mine/hall.exr", pixels)
    path = tmp_path / "levels.yaml"
    params += ", room: {windows: 4}, assets: {environment: {folder: mine}}"
    path.write_text(RECIPE.format(family="wild", time="day", scenes=1, params=params))
    (job,) = plan_recipe(load_recipe(path))
    renderer = BlenderRenderer("cpu")
    (rendered,) = renderer.render(job)
    renderer.close()
    bundle = rendered.bundle
    assert bundle.meta["assets"] == ["mine/hall.exr"]
    assert bundle.meta["sampled"]["built"]["light"]["environment"] == "hall"
    assert bundle.meta["exposure"]["kelvin"] < 5500
    luma, clipped = light_levels(bundle.channels["rgb"])
    assert 0.15 <= luma <= 0.75 and clipped <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("time", ["day", "dusk", "night"])
@pytest.mark.parametrize("family", ["indoor", "wild"])
def test_views_have_the_levels_of_photographs(session, tmp_path: Path, family: str, time: str) -> None:
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe

    path = tmp_path / "levels.yaml"
    path.write_text(RECIPE.format(family=family, time=time, scenes=2, params=""))
    renderer = BlenderRenderer("cpu")
    for job in plan_recipe(load_recipe(path)):
        for rendered in renderer.render(job):
            luma, clipped = light_levels(rendered.bundle.channels["rgb"])
            assert 0.15 <= luma <= 0.75 and clipped <= 0.05
    renderer.close()
