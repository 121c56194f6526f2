"""Ctrl-C and SIGTERM: the first asks for an orderly end, the second ends at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from synthgen.errors import ExitCode

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class StopFlag:
    """Set by a signal handler, looked at by executors between steps."""

    reason: str | None = None

    @property
    def requested(self) -> bool:
        """Whether the run is to end."""
        return self.reason is not None

    def listen(self) -> None:
        """Install the handlers; again after a library (Ray) replaced them. Main thread only."""
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                signal.signal(number, self._handle)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self.requested:
            # Worker processes follow this one into death by themselves; what is written is whole.
            os.write(2, b"\nstopped at once; run the same command again to go on\n")
            os._exit(ExitCode.INTERRUPTED)
        self.reason = "Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name
        if sys.stderr.isatty():
            os.write(2, b"\nstopping; press Ctrl-C again to stop at once\n")


@contextmanager
def stop_on_signals() -> Iterator[StopFlag]:
    """A `StopFlag` that listens to Ctrl-C and SIGTERM inside of the block."""
    flag = StopFlag()
    in_main = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in _SIGNALS} if in_main else {}
    flag.listen()
    try:
        yield flag
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
