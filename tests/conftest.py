"""Fixtures for all rooms. Tests marked `blender` are skipped where this Python has no bpy."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How quickly examples come says how busy the machine is, not whether the code is right.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

FAMILIES = Path(__file__).parent / "families"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if importlib.util.find_spec("bpy") is None:
        for item in items:
            if "blender" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="bpy is not installed"))


@pytest.fixture
def families() -> str:
    """Folder of the scene families that only tests use, for `--scenes`."""
    return str(FAMILIES)
