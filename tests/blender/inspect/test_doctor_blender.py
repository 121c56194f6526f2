"""The doctor's probe of the real bpy."""

from __future__ import annotations

import importlib.util

import pytest

from synthgen.inspect.doctor import check_blender, probe_blender

pytestmark = [
    pytest.mark.blender,
    pytest.mark.skipif(importlib.util.find_spec("bpy") is None, reason="bpy is not installed"),
]


def test_the_real_bpy_is_found_with_its_devices() -> None:
    probe = probe_blender()
    assert probe is not None
    assert probe["missing"] == []
    checks = {check.name: check for check in check_blender(probe)}
    assert checks["bpy"].status == "ok"
    assert checks["bpy"].found.startswith(("4.5", "5.2"))
    assert "CPU" in checks["devices"].found
