"""What a recipe says about a scene file is checked before Blender starts: the file, ids, classes, regions."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from synthgen.errors import RecipeError
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import Recipe, recipe_json

USDA = '#usda 1.0\ndef Mesh "Crate" {}\n'


def recipe_of(folder: Path, scene: str, **more: str) -> Recipe:
    """A recipe with a `scene` in YAML's flow style, in a folder of its own."""
    (folder / "recipes").mkdir(exist_ok=True)
    file = folder / "recipes" / "recipe.yaml"
    lines = {"name": "mine", "scene": scene, "cameras": "[{kind: perspective}]", **more}
    file.write_text("".join(f"{name}: {text}\n" for name, text in lines.items()))
    return load_recipe(file)


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A folder with a text USD beside the recipe's folder."""
    (tmp_path / "room.usda").write_text(USDA)
    return tmp_path


def message_of(folder: Path, scene: str, **more: str) -> str:
    with pytest.raises(RecipeError) as caught:
        recipe_of(folder, scene, **more)
    return str(caught.value)


def test_paths_are_relative_to_the_recipe(room: Path) -> None:
    recipe = recipe_of(room, "{kind: usd, path: ../room.usda}")
    assert recipe.scene.path == str(room / "room.usda")
    (job,) = plan_recipe(recipe)
    assert job.params["sha256"] == recipe.scene.sha256 and len(recipe.scene.sha256) == 64


def test_a_dataset_is_read_without_the_file(room: Path) -> None:
    """Packing and verifying need the recipe, not the scene; the job stays the same."""
    recipe = recipe_of(room, "{kind: usd, path: ../room.usda}")
    said, (job,) = recipe_json(recipe), plan_recipe(recipe)
    (room / "room.usda").unlink()
    assert list(plan_recipe(Recipe.model_validate(said))) == [job]


def test_another_content_is_another_job(room: Path) -> None:
    (first,) = plan_recipe(recipe_of(room, "{kind: usd, path: ../room.usda}"))
    (room / "room.usda").write_text(USDA + "# changed\n")
    (second,) = plan_recipe(recipe_of(room, "{kind: usd, path: ../room.usda}"))
    assert first.job_hash != second.job_hash
    (room / "wood.png").write_bytes(b"of no concern: the file does not name it")
    assert list(plan_recipe(recipe_of(room, "{kind: usd, path: ../room.usda}"))) == [second]
    (room / "room.usda").write_text(USDA + "# @./wood.png@\n")
    third = recipe_of(room, "{kind: usd, path: ../room.usda}").scene.sha256
    (room / "wood.png").write_bytes(b"another")
    assert recipe_of(room, "{kind: usd, path: ../room.usda}").scene.sha256 != third


COMPRESSED = pa.compress(b"BLENDER-v405" + bytes(5000), "zstd", asbytes=True)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.blend", None, r"scene.path: expected a scene file \(found nothing at .*a.blend\)"),
        ("a.blend", b"", r"scene.path: a.blend is empty \(0 bytes\)"),
        ("a.blend", b"PK\3\4 a zip", r"scene.path: a.blend is no .blend file"),
        ("a.blend", COMPRESSED[: len(COMPRESSED) // 2], r"scene.path: a.blend is (a )?damaged"),
        ("a.usda", b"", r"scene.path: a.usda is empty \(0 bytes\)"),
        ("a.usda", b"not usd", r"scene.path: a.usda is no USD file"),
        ("a.usdz", b"PK\3\4 no zip after all", r"scene.path: a.usdz is a damaged package"),
        ("a.glb", b"", r"scene.path: a.glb is empty \(0 bytes\)"),
        ("a.glb", b"GLB", r"scene.path: a.glb is no GLB file \(its first bytes are not 'glTF'\)"),
        ("a.glb", b"glTF\2\0\0\0\xff\0\0\0\xf0\0\0\0JSON{}", r"scene.path: a.glb is cut short: its header"),
        ("a.gltf", b"{", r"scene.path: a.gltf is "),
        ("a.gltf", b'{"asset": {"version": "2.0"}, "buffers": [{"uri": "a.bin", "byteLength": 4}]}',
         r"scene.path: a.gltf needs a.bin, which is missing"),
        ("a.gltf", b'{"asset": {"version": "2.0"}, "extensionsUsed": ["KHR_draco_mesh_compression"]}',
         r"scene.path: a.gltf is compressed with Draco; write it without: gltf-transform copy"),
    ],
)  # fmt: skip
def test_empty_missing_and_corrupt_files(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    kind = {".blend": "blend", ".glb": "gltf", ".gltf": "gltf"}.get(Path(name).suffix, "usd")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    said = message_of(tmp_path, f"{{kind: {kind}, path: ../{name}}}")
    assert re.search(r"recipe.yaml:2:\d+: " + message, said), said


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        ("path: ../room.obj", "expected a file that ends in .usd or .usda or .usdc or .usdz (got room.obj)"),
        ("path: ..", "expected a file that ends in .usd"),
        ("path: ../room.usda, class_of: {'Crate(': box}", "expected regular expressions (got 'Crate(': "),
        ("path: ../room.usda, class_of: {Crate: bxo}", "unknown class 'bxo'; known: "),
        ("path: ../room.usda, class_of: {Crate: crate}", "One of your own goes into new_classes."),
        ("path: ../room.usda, class_of: {Crate: sky}", "unknown class 'sky'"),
        ("path: ../room.usda, ids: {by: property}", "expected a property, its name (got by: property)"),
        ("path: ../room.usda, ids: {property: id}", "expected by: property beside a property (got by: obj"),
        ("path: ../room.usda, camera_region: {}", "expected min_m and max_m, or object, or collection (f"),
        ("path: ../room.usda, camera_region: {min_m: [0, 0, 0]}", "collection (got min_m)"),
        ("path: ../room.usda, camera_region: {min_m: [0, 0, 2], max_m: [1, 1, 1]}",
         "expected min_m below max_m (got [0.0, 0.0, 2.0] and [1.0, 1.0, 1.0])"),
        ("path: ../room.usda, light: sun", "'sun'"),
        ("path: ../room.usda, unit_m: 0", "unit_m"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(room: Path, scene: str, message: str) -> None:
    shutil.copy(room / "room.usda", room / "room.obj")
    assert message in message_of(room, f"{{kind: usd, {scene}}}")


def test_cameras_of_a_file_need_a_file(room: Path) -> None:
    own = "[{kind: from_file}]"
    assert recipe_of(room, "{kind: usd, path: ../room.usda}", cameras=own, views="3").views == 3
    said = message_of(room, "{kind: indoor}", cameras=own)
    assert "cameras[0] is from_file, but scenes of kind indoor come from no file; take another kind" in said
    named = "[{kind: from_file, camera: Left}]"
    said = message_of(room, "{kind: usd, path: ../room.usda}", cameras=named, views="2")
    assert "cameras[0] names one camera of the file, which gives one view (views is 2)" in said
