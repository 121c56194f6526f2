"""A built wheel, away from the clone: it carries the families and recipes, and renders from any folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    result = subprocess.run(build, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_families_recipes_and_licences(wheel) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for expected in (
        "synthgen/_scenes/indoor/spec.py",
        "synthgen/_scenes/indoor/build.py",
        "synthgen/_recipes/indoor.yaml",
        "synthgen/_recipes/recipe.schema.json",
        "synthgen/inspect/gallery.css",
    ):
        assert expected in names
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)


@pytest.mark.blender
def test_the_installed_wheel_renders_indoor_from_another_folder(wheel, tmp_path) -> None:
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target"]
    subprocess.run([*install, str(site), str(wheel)], check=True, capture_output=True, timeout=120)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def synthgen(*arguments: str) -> str:
        command = [sys.executable, "-m", "synthgen.cli.main", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(site)}
        result = subprocess.run(
            command, capture_output=True, text=True, cwd=elsewhere, env=environment, timeout=280
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    where = "import synthgen, synthgen.recipe.families as f; print(synthgen.__file__, f.recipe_folder())"
    found = subprocess.run(
        [sys.executable, "-c", where],
        capture_output=True,
        text=True,
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
    ).stdout
    assert found.split() == [f"{site}/synthgen/__init__.py", f"{site}/synthgen/_recipes"]

    small = ("--set", "cameras[0].width=64", "--set", "cameras[0].height=48", "--set", "render.samples=2")
    one = ("--set", "scenes=1", "--set", "views=1", "--executor", "inline", "--device", "cpu")
    synthgen("render", "indoor", *small, *one)
    assert "all well" in synthgen("verify", "out/indoor")
    manifest = json.loads((elsewhere / "out/indoor/manifest.json").read_text())
    assert manifest["frames"] == 1
