"""One local Ray for all tests of a module, and a small recipe."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import Recipe
from synthgen.run.ray_executor import start_ray

ANALYTIC = "synthgen.testing.analytic:AnalyticRenderer"
RECIPE = """\
name: tiny
seed: {seed}
scenes: {scenes}
views: {views}
scene: {{kind: indoor}}
cameras: [{{kind: perspective, width: {width}, height: {height}, fov_deg: {{uniform: [50, 80]}}}}]
channels: [rgb, depth, normal, instance, semantic]
"""


@pytest.fixture(scope="module")
def local_ray() -> Iterator[None]:
    import ray

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)  # for faulty_renderers
        start_ray()
    yield
    ray.shutdown()


@pytest.fixture
def make_recipe(tmp_path: Path) -> Callable[..., Recipe]:
    """A recipe of so many scenes and views."""

    def make(scenes=5, views=2, seed=3, width=48, height=36) -> Recipe:
        file = tmp_path / "tiny.yaml"
        text = RECIPE.format(scenes=scenes, views=views, seed=seed, width=width, height=height)
        file.write_text(text)
        return load_recipe(file)

    return make


@pytest.fixture
def dataset_bytes() -> Callable[[Path], dict[str, bytes]]:
    """Everything of a dataset that must not depend on how it was run."""

    def read(out: Path) -> dict[str, bytes]:
        kept = ("plan.jsonl", "frames", "completions", "quarantine")
        return {
            str(path.relative_to(out)): path.read_bytes()
            for path in sorted(out.rglob("*"))
            if path.is_file() and path.relative_to(out).parts[0] in kept
        }

    return read
