"""The `synthgen` program, also `python -m synthgen`.

Loading the command line takes a second. Ctrl-C ends the program without a traceback from the first moment
on, also in the middle of an import, where a KeyboardInterrupt may come out as any other exception.
"""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import NoReturn

from synthgen.errors import ExitCode


def run() -> None:
    """Entry point of the program."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:  # else it is ignored, as in a shell script's background jobs
        signal.signal(signal.SIGINT, _leave)
    from synthgen.cli.main import run as run_verb

    signal.signal(signal.SIGINT, usual)
    run_verb()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, b"\nsynthgen: interrupted\n")
    os._exit(ExitCode.INTERRUPTED)  # nothing is begun yet, so nothing is to be cleared away


if __name__ == "__main__":
    run()
