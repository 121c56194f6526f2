"""Views that are of no use are set aside with the reason, and their neighbours are kept: real renders."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytest.importorskip("bpy")

from synthgen.errors import RenderError
from synthgen.frame.records import Completion, read_json
from synthgen.frame.store import read_meta
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.families import add_scene_paths
from synthgen.recipe.model import Recipe
from synthgen.run.stages import render_scene
from synthgen.storage import open_storage

pytestmark = pytest.mark.blender

TRUTH = ["depth", "instance"]


@pytest.fixture
def storage(tmp_path):
    """Where a test's dataset is."""
    return open_storage(tmp_path / "out")


@pytest.fixture
def record_of(families, storage) -> Callable[..., Completion]:
    """Renders the yard through some of its cameras."""
    from synthgen.blender.worker import BlenderRenderer

    add_scene_paths([families])

    def render(*cameras: str, channels=("rgb", "depth"), exposure_ev: float = 0.0, **scene: object):
        recipe = {
            "name": "gates",
            "scene": {"kind": "posed", **scene},
            "cameras": [{"kind": "from_file", "camera": name, "width": 64, "height": 48} for name in cameras],
            "render": {"samples": 4, "max_bounces": 2, "denoise": False, "exposure_ev": exposure_ev},
            "channels": list(channels),
        }
        (job,) = plan_recipe(Recipe.model_validate(recipe))
        renderer = BlenderRenderer("cpu", 2)
        try:
            return render_scene(job, renderer, storage)
        finally:
            renderer.close()

    return render


def test_views_of_nothing_are_set_aside_and_the_rest_is_kept(record_of, storage) -> None:
    record = record_of("yard", "balloon", "ground", "solid", "house", channels=TRUTH)
    assert sorted(record.views) == [0, 4]
    assert "too empty: expected at most 98% sky (found 99." in record.quarantined[1]
    assert record.quarantined[2] == "too empty: expected at most 98% of one flat surface (found 100.0 %)"
    assert record.quarantined[3].startswith("camera inside of something: expected at most 90% of surfaces")
    assert record.quarantined[3].endswith("(found 100.0 % and 0.55 m)")
    kept = read_json(storage, "quarantine/scene000000_view003.json")
    assert (kept["kind"], kept["reason"]) == ("checks", record.quarantined[3])
    # All faces of the house look outwards, but it is no solid: there is room.
    house, yard = (read_meta(storage, 0, view)["statistics"] for view in (4, 0))
    assert house["backface_ratio"] > 0.5 and yard["backface_ratio"] == 0.0


def test_dark_and_bright_views(record_of) -> None:
    for exposure_ev in (-5.0, 0.0, 2.0):
        assert record_of("house", exposure_ev=exposure_ev).quarantined == {}
    dark = record_of("house", exposure_ev=-7.0)
    assert dark.quarantined[0].startswith("too dark: expected a mean luma of at least 0.03 (found 0.0")
    bright = record_of("house", exposure_ev=4.0)
    assert bright.quarantined[0].startswith("too bright: expected a mean luma of at most 0.97 (found 0.9")


def test_the_colour_of_missing_textures(record_of) -> None:
    for channels in (("rgb", "depth"), ("albedo", "depth")):
        assert record_of("yard", channels=channels, paint="purple").quarantined == {}
        found = record_of("yard", channels=channels, paint="magenta").quarantined
        assert found[0].startswith("missing texture: expected at most 1% magenta (found "), channels


def test_a_texture_without_an_image_is_refused_before_anything_is_rendered(record_of) -> None:
    with pytest.raises(RenderError, match=r"'things': its texture node 'Image Texture' has no image"):
        record_of("yard", imageless=True)
