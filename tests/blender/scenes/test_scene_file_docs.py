"""docs/scene_files.md is true: its example is built, and its recipes are rendered or at least accepted."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bpy")

from synthgen.plan.planner import plan_recipe
from synthgen.recipe.load import load_recipe

pytestmark = pytest.mark.blender

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "scene_files.md").read_text(encoding="utf-8")
SMALL = ("cameras[0].width=96", "cameras[0].height=72", "render={samples: 4, device: cpu}")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)


@pytest.fixture
def table(tmp_path: Path, session, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the page's example."""
    (program,) = blocks("python")
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "docs/scene_files.md", "exec"), {})
    return tmp_path / "table.blend"


def test_the_example_is_rendered_by_the_recipe_at_the_top(table: Path) -> None:
    from synthgen.blender.worker import BlenderRenderer

    table.with_name("recipe.yaml").write_text(blocks("yaml")[0])
    shown = {}
    for by in ("object", "collection"):
        sets = ("scene.path=table.blend", f"scene.ids={{by: {by}}}", *SMALL)
        job = next(plan_recipe(load_recipe(table.with_name("recipe.yaml"), sets)))
        renderer = BlenderRenderer("cpu", 2)
        first, second = (view.bundle for view in renderer.render(job))
        renderer.close()
        by_id = {entry.id: entry for entry in first.instances}
        ids = np.union1d(first.channels["instance"], second.channels["instance"])
        shown[by] = {by_id[int(number)].name: by_id[int(number)].class_name for number in ids if number}
        assert [each.world_from_camera[0, 3] for each in (first, second)] == pytest.approx([0, 2.2])
    assert shown["collection"] == {
        "Floor": "floor", "Wall": "wall", "Table": "object",
        "Chair.left/Chair": "chair", "Chair.right/Chair": "chair",
    }  # fmt: skip
    legs = {"Leg", "Leg.001", "Leg.002", "Leg.003"}
    assert len(set(shown["object"]) & legs) >= 3
    assert {"Chair.left/Back", "Chair.right/Back", "Top"} <= set(shown["object"])


def test_every_recipe_of_the_page_is_accepted(table: Path) -> None:
    """With the example in the place of the files that they name."""
    for number, text in enumerate(blocks("yaml")):
        text = re.sub(r"path: \S+", "path: table.blend", text)
        text = text if "cameras:" in text else text + "cameras: [{kind: perspective}]\n"
        file = table.with_name(f"recipe{number}.yaml")
        file.write_text(text if text.startswith("name:") else "name: page\n" + text)
        for variant in (text, *re.findall(r"# (camera_region: .*\})", text)):
            sets = [variant.replace(": ", "=", 1).replace("camera_region", "scene.camera_region")]
            assert load_recipe(file, sets if variant is not text else ()).scene.kind == "blend"


def test_a_frame_may_be_drawn(table: Path) -> None:
    file = table.with_name("recipe.yaml")
    file.write_text(blocks("yaml")[0])
    sets = ("scene.path=table.blend", "scene.frame={uniform: [1, 250]}", "scenes=3")
    frames = {job.params["frame"] for job in plan_recipe(load_recipe(file, sets))}
    assert len(frames) == 3 and all(1 <= frame <= 250 for frame in frames)
