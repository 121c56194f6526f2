"""A dataset of two scenes, made inline without Blender."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import Recipe
from synthgen.run.options import RunOptions
from synthgen.run.run import RunSummary, run_recipe
from synthgen.storage import Storage, open_storage

RECIPE = """\
name: tiny
seed: {seed}
scenes: {scenes}
views: 2
scene: {{kind: indoor}}
cameras: [{{kind: perspective, width: 32, height: 24, fov_deg: {{uniform: [50, 80]}}}}]
channels: [rgb, depth, normal, instance, semantic]
"""


@pytest.fixture(scope="session")
def make_recipe(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recipe")

    def make(seed: int = 3, scenes: int = 2) -> Recipe:
        file = Path(folder / "tiny.yaml")
        file.write_text(RECIPE.format(seed=seed, scenes=scenes))
        return load_recipe(file)

    return make


@pytest.fixture(scope="session")
def render(make_recipe):
    """Run a recipe inline into a storage."""

    def run(storage: Storage, recipe: Recipe | None = None, **options) -> RunSummary:
        settings = RunOptions(executor="inline", quiet=True, **options)
        return run_recipe(
            recipe or make_recipe(), storage, settings, "synthgen.testing.analytic:AnalyticRenderer"
        )

    return run


@pytest.fixture(scope="session")
def finished(render, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("finished") / "out"
    render(open_storage(out))
    return out


@pytest.fixture
def dataset(finished, tmp_path) -> Storage:
    """A finished dataset of one's own."""
    shutil.copytree(finished, tmp_path / "out")
    return open_storage(tmp_path / "out")
