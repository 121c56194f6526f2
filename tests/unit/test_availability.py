"""What a machine without bpy is told."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from synthgen.blender.availability import require_bpy
from synthgen.errors import EnvironmentProblem


@pytest.fixture
def without_bpy(monkeypatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "bpy" else found(name))


@pytest.mark.parametrize("version", [(3, 12, 3), (3, 14, 0)])
def test_a_python_without_a_wheel_is_told_which_have_one(without_bpy, monkeypatch, version) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(
        EnvironmentProblem, match=r"no wheel for Python 3\.1[24].*3\.11 .*3\.13 .*but rendering"
    ):
        require_bpy()


@pytest.mark.parametrize(("version", "blender"), [((3, 11, 7), "4.5"), ((3, 13, 0), "5.2")])
def test_a_python_with_a_wheel_is_told_how_to_install_it(without_bpy, monkeypatch, version, blender) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(EnvironmentProblem, match=rf"pip install 'synthgen\[render\]' brings bpy {blender}"):
        require_bpy()


def test_render_without_bpy_ends_before_any_work(without_bpy, tmp_path, capfd) -> None:
    from synthgen.cli.main import run

    with pytest.raises(SystemExit) as end:
        run(["render", "indoor", "--out", str(tmp_path / "out")])
    error = capfd.readouterr().err
    assert end.value.code == 3
    assert error.startswith("synthgen: rendering needs bpy")
    assert not (tmp_path / "out").exists()
