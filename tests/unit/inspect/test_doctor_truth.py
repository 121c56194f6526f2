"""`doctor --truth` without Blender: its table, its exit codes, and what it says when Blender is ill."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from synthgen.cli.main import run
from synthgen.errors import EnvironmentProblem
from synthgen.inspect import doctor
from synthgen.inspect.doctor import proof_table, prove_truth


def measure(name: str, value: float | None, limit: float, unit: str) -> dict[str, object]:
    """A row as the proof prints it."""
    passed = value is not None and value <= limit
    return {"name": name, "value": value, "limit": limit, "unit": unit, "passed": passed}


def answer(*measures: dict[str, object]) -> dict[str, object]:
    """What the proof prints about one scene that holds, and one with these measures."""
    good = [measure("depth", 1.3e-7, 1e-5, "relative"), measure("wrong ids", 0.0, 0.0, "pixels")]
    proofs = [
        {
            "name": name,
            "what": f"a {name}",
            "passed": all(each["passed"] for each in rows),
            "pixels": 3072,
            "edge_pixels": 100,
            "measures": list(rows),
        }
        for name, rows in (("plane", good), ("wire", measures))
    ]
    return {"bpy": "4.5.15", "device": "CPU", "proofs": proofs}


SPOILT = answer(
    measure("depth", None, 1e-5, "relative"),
    measure("wrong ids", 7.0, 0.0, "pixels"),
    measure("normal", 0.001, 0.01, "degrees"),
)
WELL = answer(measure("depth", 2e-7, 1e-5, "relative"))


def test_the_table_names_each_scene_and_each_limit_that_is_not_held() -> None:
    lines = proof_table(SPOILT).splitlines()
    assert lines[1].split()[:4] == ["plane", "1.3e-07", "1e-05", "ok"]
    assert lines[2].split()[:4] == ["wire", "nothing", "1e-05", "FAIL"]
    assert [line.strip() for line in lines[3:5]] == [
        "depth: nothing relative, at most 1e-05",
        "wrong ids: 7 pixels, at most 0",
    ]
    assert lines[5:] == ["1 of 2 scenes hold every limit (bpy 4.5.15, CPU)"]
    assert "2 of 2 scenes hold" in proof_table(WELL)


@pytest.fixture
def proof_that_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a program of our own in the place of the proof, and a bpy that nobody imports beside it."""

    def put(code: str) -> None:
        (tmp_path / "bpy.py").write_text("", encoding="utf-8")
        (tmp_path / "other_proof.py").write_text(code, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        monkeypatch.setattr(doctor, "PROOF", "other_proof")

    return put


def ended(*arguments: str) -> int:
    """The exit code of `synthgen doctor --truth`."""
    with pytest.raises(SystemExit) as end:
        run(["doctor", "--truth", *arguments])
    return int(end.value.code or 0)


@pytest.mark.parametrize(("found", "code"), [(WELL, 0), (SPOILT, 4)], ids=["well", "spoilt"])
def test_the_exit_code_says_whether_every_scene_holds(proof_that_prints, capfd, found, code: int) -> None:
    proof_that_prints(f"import sys\nprint('Fra:1 noise')\nprint(sys.argv[1] + {json.dumps(found)!r})")
    assert ended("--json") == code
    assert json.loads(capfd.readouterr().out) == found
    assert ended() == code
    assert capfd.readouterr().out.rstrip("\n") == proof_table(found)


def test_a_crash_of_blender_is_a_problem_of_the_environment(proof_that_prints, capfd) -> None:
    proof_that_prints("import os\nos.abort()")
    assert ended() == 3
    error = capfd.readouterr().err
    assert "the proof of the truth ended early: it crashed with SIGABRT" in error
    assert "`synthgen doctor` examines the machine" in error


def test_a_proof_that_never_ends_is_given_up(proof_that_prints, monkeypatch) -> None:
    proof_that_prints("import time\ntime.sleep(60)")
    monkeypatch.setattr(doctor, "PROOF_SECONDS", 0.5)
    with pytest.raises(EnvironmentProblem, match=r"it took more than 0\.5 s"):
        prove_truth()


def test_without_bpy_the_remedy_is_the_usual_one(monkeypatch, capfd) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "bpy" else found(name))
    assert ended() == 3
    assert capfd.readouterr().err.startswith("synthgen: rendering needs bpy, which is not installed")


def test_an_output_folder_has_nothing_to_do_with_truth(capfd, tmp_path: Path) -> None:
    assert ended("--out", str(tmp_path)) == 2
    assert "--out" in capfd.readouterr().err
