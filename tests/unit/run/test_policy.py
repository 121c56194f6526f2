"""Options, the sharing of cores, retries, renderers by name, signals and worker logs."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys

import pytest

from synthgen.errors import ExitCode, UsageError
from synthgen.run.executor import MAX_RETRIES, Attempts
from synthgen.run.interrupt import stop_on_signals
from synthgen.run.options import RunOptions, available_cpus, choose_workers
from synthgen.run.renderer import make_renderer
from synthgen.run.run import RunSummary
from synthgen.run.worker_log import TAIL_LINES, last_output, log_path
from synthgen.testing.analytic import AnalyticRenderer, analytic_job


@pytest.mark.parametrize(
    ("device", "cpus", "gpus", "asked", "workers", "threads"),
    [
        ("cpu", 1, 0, None, 1, 1),
        ("cpu", 2, 0, None, 1, 2),
        ("auto", 16, 0, None, 8, 2),
        ("cpu", 7, 0, None, 3, 2),
        ("cuda", 16, 2, None, 2, 8),
        ("optix", 2, 4, None, 4, 1),
        ("auto", 16, 1, None, 1, 16),
        ("cpu", 16, 1, None, 8, 2),
        ("cpu", 8, 0, 2, 2, 4),
        ("cpu", 2, 0, 3, 3, 1),
    ],
)
def test_choose_workers(device, cpus, gpus, asked, workers, threads):
    choice = choose_workers(device, cpus, gpus, asked)
    assert (choice.workers, choice.threads) == (workers, threads)
    assert choice.reason


def test_no_worker_asks_for_more_than_the_largest_machine_has():
    assert choose_workers("cpu", 16, 0, 3, largest_node=4).threads == 4
    assert choose_workers("auto", 64, 1, None, largest_node=16).threads == 16
    assert choose_workers("cpu", 4, 0, None, largest_node=1)[:2] == (2, 1)


def test_available_cpus_are_those_of_the_affinity():
    allowed = sorted(os.sched_getaffinity(0))
    script = f"import os; os.sched_setaffinity(0, [{allowed[0]}])\n"
    script += "from synthgen.run.options import available_cpus; print(available_cpus())"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout == "1\n"
    assert 1 <= available_cpus() <= len(allowed)


def test_wrong_options_are_all_named():
    with pytest.raises(UsageError) as caught:
        RunOptions(workers=0, executor="slurm", device="gpu", max_failures=-1, scene_timeout_s=0.0)
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "--workers", "--max-failures", "--scene-timeout-s", "--executor", "--device",
    ]  # fmt: skip
    assert "(got 0)" in lines[0]


def test_a_deadline_must_be_a_number_and_someone_else_must_watch_it():
    with pytest.raises(UsageError, match=r"--scene-timeout-s: .*\(got nan\)"):
        RunOptions(scene_timeout_s=math.nan)
    with pytest.raises(UsageError, match="--scene-timeout-s: expected --executor ray"):
        RunOptions(executor="inline", scene_timeout_s=5.0)


def test_lost_workers_are_retried_twice_and_errors_never():
    attempts, job = Attempts(), analytic_job()
    for _ in range(MAX_RETRIES):
        attempts.begin(job)
        assert attempts.may_retry(job, "died")
        assert not attempts.may_retry(job, "render")
    assert attempts.begin(job) == 3
    assert not attempts.may_retry(job, "died")
    assert attempts.finish(job) == 3
    assert attempts.begin(job) == 1


def test_renderers_are_made_by_name():
    made = make_renderer(
        "synthgen.testing.analytic:AnalyticRenderer", device="cpu", threads=1, scene_paths=[]
    )
    assert isinstance(made, AnalyticRenderer)
    for name in ("synthgen.testing.analytic", "synthgen.nowhere:A", "synthgen.testing.analytic:Nothing"):
        with pytest.raises(UsageError, match=f"renderer '{name}'"):
            make_renderer(name)


def test_a_missing_import_of_a_renderer_is_not_hidden(tmp_path, monkeypatch):
    (tmp_path / "needy_renderer.py").write_text("import a_library_that_is_not_there\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="a_library_that_is_not_there"):
        make_renderer("needy_renderer:Renderer")


def test_exit_codes_of_summaries():
    fine = RunSummary("out", scenes=4, frames=8, done=3, skipped=1, frames_done=8)
    assert fine.exit_code == ExitCode.DONE
    assert str(fine) == "out: 8 of 8 frames, 0 s, 1 of 4 scenes were there"
    failed = RunSummary("out", scenes=4, frames=8, done=3, failed=1, frames_done=6, reasons={"died": 1})
    assert failed.exit_code == ExitCode.JOBS_FAILED
    assert "1 failed (1 died; see quarantine/)" in str(failed)
    allowed = RunSummary("out", scenes=4, frames=8, done=4, frames_failed=2, max_failures=2)
    assert allowed.exit_code == ExitCode.DONE
    stopped = RunSummary("out", scenes=4, frames=8, done=1, failed=1, max_failures=0, reasons={"died": 1})
    assert stopped.exit_code == ExitCode.JOBS_FAILED


def test_signals_set_the_flag_and_handlers_come_back():
    before = signal.getsignal(signal.SIGTERM)
    with stop_on_signals() as stop:
        assert not stop.requested
        signal.raise_signal(signal.SIGTERM)
        assert stop.reason == "SIGTERM"
    assert signal.getsignal(signal.SIGTERM) is before


def test_an_orderly_end_that_takes_too_long_is_cut_short():
    script = (
        "import signal, time\nfrom synthgen.run.interrupt import stop_on_signals\n"
        "with stop_on_signals() as stop:\n"
        "    stop.patience_s = 0.1\n    signal.raise_signal(signal.SIGINT)\n    time.sleep(60)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    assert ended.returncode == ExitCode.INTERRUPTED
    assert "the same command goes on" in ended.stderr


def test_the_last_output_is_that_of_the_last_job(tmp_path):
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom synthgen.run.worker_log import mark_job, print_to\n"
        "from synthgen.testing.analytic import analytic_job\n"
        "print_to(Path(sys.argv[1]))\n"
        "mark_job(analytic_job(scene=0), 1); print('of the first job')\n"
        "mark_job(analytic_job(scene=1), 2); print('python'); sys.stderr.write('error\\n')\n"
        "os.write(1, b'native \\xff\\n')\n"
    )
    log = log_path(tmp_path / "logs", 3)
    shown = subprocess.run(
        [sys.executable, "-c", script, str(log)], capture_output=True, text=True, check=True
    )
    assert shown.stdout + shown.stderr == ""
    assert last_output(log) == ("python", "error", "native �")
    assert "--- synthgen: scene000001, attempt 2" in log.read_text(errors="replace")
    log.write_text("\n".join(str(number) for number in range(500)))
    assert last_output(log) == tuple(str(number) for number in range(500 - TAIL_LINES, 500))
    assert last_output(tmp_path / "none.log") == ()


def test_starting_a_run_loads_neither_blender_nor_ray():
    script = "import sys, synthgen.run.run; print(sorted({'bpy', 'ray', 'torch'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
