"""What workers print: one file per place in the pool, `logs/worker0.log`, marked at the start of each job.

Blender and its libraries print a lot, and what they print last is often the only trace of why a process
died. So it goes to a file at the level of file descriptors, never to the user's terminal.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from synthgen.plan.jobs import SceneJob

MAX_BYTES = 8 << 20
"""A log starts anew with the next job when it is longer than this."""
TAIL_BYTES = 16 << 10
TAIL_LINES = 40
_MARK = "--- synthgen: "


def log_path(folder: Path, place: int) -> Path:
    """The log of a place."""
    return folder / f"worker{place}.log"


def print_to(path: Path) -> None:
    """Send all that this process prints from now on, in Python or below it, to the end of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="replace")


def mark_job(job: SceneJob, attempt: int) -> None:
    """Write the line that a job's output begins with, in a process that called `print_to`."""
    if os.fstat(1).st_size > MAX_BYTES:
        os.ftruncate(1, 0)
    print(f"{_MARK}{job.key}, attempt {attempt}", flush=True)


def last_output(path: Path) -> tuple[str, ...]:
    """The last lines that belong to the last job of a log; none where it cannot be read from here."""
    try:
        with open(path, "rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - TAIL_BYTES))
            lines = stream.read().decode(errors="replace").splitlines()
    except OSError:
        return ()
    marks = [index for index, line in enumerate(lines) if line.startswith(_MARK)]
    return tuple(lines[marks[-1] + 1 if marks else 0 :][-TAIL_LINES:])
