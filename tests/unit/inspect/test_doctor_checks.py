"""The doctor names what is wrong and what to do, and never falls ill itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from synthgen.inspect.doctor import (
    DEBIAN_PACKAGES,
    Check,
    check_blender,
    check_disk,
    check_exr,
    check_python,
    missing_library,
    probe_blender,
    run_doctor,
)

ROOT = Path(__file__).resolve().parents[3]


def fake_bpy(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a module called bpy in front of the real one, for this process and the probe's."""
    (folder / "bpy.py").write_text(code)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))


def by_name(checks: list[Check]) -> dict[str, Check]:
    """Checks by name, each name once."""
    found = {check.name: check for check in checks}
    assert len(found) == len(checks)
    return found


def test_each_python_hears_whether_it_can_render() -> None:
    assert check_python((3, 11)).status == check_python((3, 13)).status == "ok"
    for version in ((3, 12), (3, 14)):
        check = check_python(version)
        assert check.status == "warn"
        assert "3.11 (bpy 4.5 LTS) and 3.13 (bpy 5.2 LTS)" in check.advice


def test_a_missing_library_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    message = "libXi.so.6: cannot open shared object file: No such file or directory"
    fake_bpy(tmp_path, f"raise ImportError({message!r})", monkeypatch)
    [check] = check_blender(probe_blender())
    assert (check.name, check.status) == ("bpy", "fail")
    assert message in check.found
    assert "apt-get install" in check.advice
    assert "libxi6" in check.advice.split()


def test_all_missing_libraries_are_named_at_once() -> None:
    error = "ImportError: libfoo.so.3: cannot open shared object file: No such file or directory"
    [check] = check_blender({"missing": ["libGL.so.1", "libSM.so.6"], "error": error})
    assert check.advice == "on Debian or Ubuntu: apt-get install libgl1 libsm6; find libfoo.so.3"
    assert missing_library("anything else") is None


def test_a_crash_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_bpy(tmp_path, "import os\nos.abort()", monkeypatch)
    [check] = check_blender(probe_blender())
    assert check.status == "fail"
    assert "crashed with SIGABRT" in check.found


def test_a_wrong_numpy_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_bpy(tmp_path, "raise ImportError('numpy.core.multiarray failed to import')", monkeypatch)
    [check] = check_blender(probe_blender())
    assert "bpy needs its own numpy" in check.advice


def test_no_bpy_is_a_warning_with_the_way_to_get_it() -> None:
    [check] = check_blender(None)
    assert check.status == "warn"
    assert "pip install 'synthgen[render]'" in check.advice


def test_devices_are_listed_accelerators_first() -> None:
    devices = [("CPU", "Some CPU"), ("OPTIX", "Some GPU")]
    checks = by_name(check_blender({"missing": [], "version": "5.2.3", "seconds": 1.0, "devices": devices}))
    assert checks["devices"].found == "OPTIX Some GPU; CPU Some CPU"


def test_packages_txt_and_the_doctor_agree() -> None:
    lines = (ROOT / "docker" / "packages.txt").read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]
    assert packages
    assert set(packages) <= set(DEBIAN_PACKAGES.values())


def test_exr_survives_here() -> None:
    assert check_exr().status == "ok"


def test_disks_are_examined(tmp_path: Path) -> None:
    check = check_disk(tmp_path / "not" / "yet")
    assert check.status in ("ok", "warn")
    assert "free at" in check.found
    assert check_disk("nosuch://bucket/x").status == "fail"
    (tmp_path / "file").write_text("")
    assert check_disk(tmp_path / "file").status == "fail"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_fails(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert check_disk(tmp_path).status == "fail"


def test_the_whole_examination_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_bpy(tmp_path, "raise ImportError('left out of this test, Blender has its own')", monkeypatch)
    checks = by_name(run_doctor(tmp_path))
    assert list(checks)[:2] == ["python", "bpy"]
    assert {"ray", "numpy", "pyarrow", "openexr", "cores", "disk"} <= set(checks)
    assert sys.executable in checks["python"].found
