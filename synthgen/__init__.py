"""synthgen: synthetic training data for depth models.

`import synthgen` is light: it loads none of bpy, ray and torch. The names below load on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_LAZY = {
    "load_recipe": "synthgen.recipe.load",
    "open_dataset": "synthgen.load.dataset",
    "plan_recipe": "synthgen.plan.planner",
}

__all__ = ["__version__", "load_recipe", "open_dataset", "plan_recipe"]

if TYPE_CHECKING:
    from synthgen.load.dataset import open_dataset
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe


def __getattr__(name: str) -> object:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'synthgen' has no attribute {name!r}")
