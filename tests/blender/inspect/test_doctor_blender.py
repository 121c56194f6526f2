"""The doctor's probe of the real bpy, and its proof of the truth."""

from __future__ import annotations

import importlib.util
import json

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


@pytest.mark.slow
def test_the_truth_of_this_machine_is_proven(capfd) -> None:
    from synthgen.cli.main import run

    with pytest.raises(SystemExit) as end:
        run(["doctor", "--truth", "--json"])
    answer = json.loads(capfd.readouterr().out)
    assert answer["bpy"].startswith(("4.5", "5.2"))
    assert len(answer["proofs"]) > 20
    assert [proof["name"] for proof in answer["proofs"] if not proof["passed"]] == []
    assert end.value.code == 0
