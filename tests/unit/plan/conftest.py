"""The family and the recipe that the plan's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthgen.recipe.families import add_scene_paths
from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import Recipe

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


@pytest.fixture
def lantern_recipe() -> Recipe:
    add_scene_paths([Path(__file__).parent / "scenes"])
    return load_recipe(GOLDEN / "plan_recipe.yaml")
