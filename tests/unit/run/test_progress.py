"""Progress on a terminal, in a log, and none."""

from __future__ import annotations

import io

import pytest

from synthgen.run import progress as module
from synthgen.run.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_frames_of_a_retried_scene_count_once():
    progress = Progress(10, quiet=True)
    progress.skipped(2)
    progress.view(1, 0)
    progress.view(1, 1)
    assert progress.line().startswith("4/10 frames")
    progress.again(1)
    assert progress.line().startswith("2/10 frames")
    progress.view(1, 0)
    progress.scene_done(1, 3, failures=1)
    assert progress.line().startswith("5/10 frames")
    assert progress.line().endswith("1 failed")
    assert progress.frames == 5


def test_the_rate_leaves_out_what_was_there():
    progress = Progress(1000, quiet=True)
    progress._started -= 10.0
    progress.skipped(900)
    progress.frames += 50
    count, rate, left, failed = progress.line().split(", ")
    assert (count, failed) == ("950/1000 frames", "0 failed")
    assert 4.5 <= float(rate.removesuffix(" frames/s")) <= 5.0
    assert left in ("00:10 left", "00:11 left")


def test_lines_in_a_log_come_now_and_then(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(module, "LINE_EVERY_S", 0.0)
    progress = Progress(2, stream=stream)
    progress.view(0, 0)
    progress.note("scene000001: died")
    monkeypatch.setattr(module, "LINE_EVERY_S", 1000.0)
    progress.view(0, 1)
    progress.view(0, 1)
    progress.scene_done(0, 2)
    progress.close()
    lines = stream.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "1/2 frames", "scene000001: died", "2/2 frames", "2/2 frames",
    ]  # fmt: skip


def test_a_bar_on_a_terminal():
    stream = Terminal()
    progress = Progress(4, stream=stream)
    progress.skipped(1)
    progress.view(0, 0)
    progress.again(0)
    progress.scene_done(0, 2, failures=1)
    progress.note("a line above")
    progress.close()
    shown = stream.getvalue()
    assert "3/4" in shown
    assert "1 failed" in shown
    assert "a line above\n" in shown


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_quiet_says_nothing(stream):
    progress = Progress(4, quiet=True, stream=stream)
    progress.view(0, 0)
    progress.note("a line")
    progress.close()
    assert stream.getvalue() == ""
