"""Runs in processes of their own, ended by signals: nothing lost, nobody left, not a byte changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ANALYTIC

from synthgen.errors import ExitCode
from synthgen.run.journal import read_events
from synthgen.run.options import RunOptions
from synthgen.run.run import run_recipe
from synthgen.storage import open_storage

pytestmark = pytest.mark.ray

DRIVER = """\
import sys
from synthgen.errors import SynthgenError
from synthgen.recipe.load import load_recipe
from synthgen.run.options import RunOptions
from synthgen.run.run import run_recipe
from synthgen.storage import open_storage
recipe, out, renderer, executor = sys.argv[1:]
options = RunOptions(executor=executor, workers=2 if executor == "ray" else None)
try:
    summary = run_recipe(load_recipe(recipe), open_storage(out), options, renderer)
except SynthgenError as error:
    sys.exit(print(error, file=sys.stderr) or int(error.exit_code))
print(summary)
sys.exit(int(summary.exit_code))
"""
SLOW = "faulty_renderers:Slow"
EACH = pytest.mark.parametrize("executor", ["inline", "ray"])


@pytest.fixture
def begin(make_recipe, tmp_path):
    """Start a driver in a session of its own; whatever is left of it is killed in the end."""
    make_recipe(scenes=8, views=3)
    begun = []

    def start(executor: str, out: Path, pause_s: float = 0.0, limit_bytes: int = 0):
        command = [sys.executable, "-c", DRIVER, str(tmp_path / "tiny.yaml"), str(out), SLOW, executor]
        if limit_bytes:
            command = ["bash", "-c", f'ulimit -f {limit_bytes // 1024}; exec "$@"', "bash", *command]
        process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parent), "VIEW_PAUSE_S": str(pause_s)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


@pytest.fixture
def reference(make_recipe, dataset_bytes, tmp_path) -> dict[str, bytes]:
    """The dataset of an undisturbed run."""
    options = RunOptions(executor="inline", quiet=True)
    run_recipe(make_recipe(scenes=8, views=3), open_storage(tmp_path / "calm"), options, ANALYTIC)
    return dataset_bytes(tmp_path / "calm")


@EACH
def test_a_killed_driver_is_made_good_by_the_same_command(
    executor, begin, reference, dataset_bytes, tmp_path
):
    out = tmp_path / "out"
    process = begin(executor, out, pause_s=0.2)
    _wait_for_views(out, 7, process)
    family = _descendants(process.pid)
    process.kill()
    process.communicate()
    _wait_until_gone(family)
    done = set((out / "completions").glob("*.json"))
    assert 1 <= len(done) < 8

    times = {path: path.stat().st_mtime_ns for path in done}
    again = begin(executor, out)
    stdout, stderr = again.communicate(timeout=120)
    assert again.returncode == ExitCode.DONE, stderr
    assert "24 of 24 frames" in stdout
    assert f"{len(done)} of 8 scenes were there" in stdout
    assert {path: path.stat().st_mtime_ns for path in done} == times
    assert dataset_bytes(out) == reference
    assert not list(out.rglob("*.partial"))
    _wait_until_gone(family)


@EACH
def test_ctrl_c_ends_the_run_in_order(executor, begin, reference, dataset_bytes, tmp_path):
    out = tmp_path / "out"
    process = begin(executor, out, pause_s=0.2)
    _wait_for_views(out, 4, process)
    family = _descendants(process.pid)
    begun = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does: to every process of the group
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED, stderr
    assert time.monotonic() - begun < 40
    assert "Traceback" not in stderr
    assert "of 24 frames are done, the same command goes on from there" in stderr
    if executor == "ray":  # inline shows what the renderer prints
        assert "chatter" not in stdout + stderr
    _wait_until_gone(family)
    assert read_events(open_storage(out))[-1]["event"] == "run_stopped"
    assert not (out / "run.lock").exists()

    if executor == "inline":
        assert begin(executor, out).wait(timeout=60) == ExitCode.DONE
        assert dataset_bytes(out) == reference


def test_sigterm_ends_the_run_in_order(begin, tmp_path):
    out = tmp_path / "out"
    process = begin("inline", out, pause_s=0.2)
    _wait_for_views(out, 2, process)
    process.terminate()
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "stopped by SIGTERM" in stderr


def test_a_second_signal_ends_at_once_and_leaves_nobody(begin, tmp_path):
    out = tmp_path / "out"
    process = begin("ray", out, pause_s=0.2)
    _wait_for_views(out, 2, process)
    family = _descendants(process.pid)
    process.terminate()
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    assert process.wait(timeout=30) == ExitCode.INTERRUPTED
    assert time.monotonic() - begun < 10
    assert "Traceback" not in process.stderr.read()
    _wait_until_gone(family)


def test_a_second_run_into_the_same_folder_is_refused(begin, tmp_path):
    out = tmp_path / "out"
    first = begin("inline", out, pause_s=0.2)
    _wait_for_views(out, 1, first)
    second = begin("inline", out)
    _, stderr = second.communicate(timeout=60)
    assert second.returncode == ExitCode.USAGE
    assert f"another run (process {first.pid}) writes to this folder" in stderr
    first.kill()
    first.wait()
    assert begin("inline", out).wait(timeout=60) == ExitCode.DONE


def test_a_disk_that_takes_no_more_ends_with_3_and_resumes(begin, make_recipe, dataset_bytes, tmp_path):
    out, calm = tmp_path / "out", tmp_path / "calm"
    recipe = make_recipe(scenes=2, views=2, width=160, height=120)
    run_recipe(recipe, open_storage(calm), RunOptions(executor="inline", quiet=True), ANALYTIC)
    largest = max(path.stat().st_size for path in calm.rglob("*.exr"))
    process = begin("inline", out, limit_bytes=largest - 1024)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == ExitCode.ENVIRONMENT
    assert "truth.exr: cannot be written (File too large)" in stderr
    assert "Traceback" not in stderr
    assert not list(out.rglob("*.partial"))
    assert begin("inline", out).wait(timeout=60) == ExitCode.DONE
    assert dataset_bytes(out) == dataset_bytes(calm)


def _wait_for_views(out: Path, count: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    events = out / "events.jsonl"
    while not events.exists() or events.read_text().count('"event": "view"') < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "the run does not get going"
        time.sleep(0.02)


def _descendants(pid: int) -> set[int]:
    """Process ids of all children, grandchildren ... of a process, but for Ray's two agents.

    When a driver is killed outright, they take up to a minute to notice; they hold no files of ours.
    """
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, frontier = set(), {pid}
    while frontier := {child for child, parent in parents.items() if parent in frontier} - found:
        found |= frontier
    return {child for child in found if b"Agent" not in _command(child)}


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _wait_until_gone(pids: set[int], seconds: float = 40.0) -> None:
    deadline = time.monotonic() + seconds
    while alive := {pid for pid in pids if _is_running(pid)}:
        assert time.monotonic() < deadline, {pid: _command(pid) for pid in alive}
        time.sleep(0.05)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
