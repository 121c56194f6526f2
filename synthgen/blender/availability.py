"""Whether this Python can have bpy, asked without importing it."""

from __future__ import annotations

import importlib.util
import sys

from synthgen.errors import EnvironmentProblem

WHEELS = {(3, 11): "4.5 LTS", (3, 13): "5.2 LTS"}
"""Python version -> the Blender whose wheel synthgen uses there."""


def require_bpy() -> None:
    """Raise `EnvironmentProblem` when bpy is not installed, saying what to do."""
    if importlib.util.find_spec("bpy") is not None:
        return
    running = sys.version_info[:2]
    if running in WHEELS:
        remedy = f"install it: pip install 'synthgen[render]' brings bpy {WHEELS[running]}"
    else:
        known = " and ".join(f"{a}.{b} (bpy {name})" for (a, b), name in WHEELS.items())
        remedy = (
            f"bpy has no wheel for Python {running[0]}.{running[1]}; it has one for Python {known}. "
            "Everything but rendering works here"
        )
    raise EnvironmentProblem(f"rendering needs bpy, which is not installed: {remedy}")
