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
from typing import NoReturn

from synthgen.errors import ExitCode

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class StopFlag:
    """Set by a signal handler, looked at by executors between steps.

    Attributes
    ----------
    reason : what asked for the end; None until then
    patience_s : end at once when the orderly end takes longer than this; None waits for ever
    """

    reason: str | None = None
    patience_s: float | None = None
    _last_resort: threading.Timer | None = None

    @property
    def requested(self) -> bool:
        """Whether the run is to end."""
        return self.reason is not None

    def listen(self) -> None:
        """Install the handlers; again after a library (Ray) replaced them. Main thread only."""
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                signal.signal(number, self._handle)

    def ended(self) -> None:
        """The orderly end was reached."""
        if self._last_resort is not None:
            self._last_resort.cancel()

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self.requested:
            stop_at_once()
        self.reason = "Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name
        if self.patience_s is not None:
            self._last_resort = threading.Timer(self.patience_s, stop_at_once)
            self._last_resort.daemon = True
            self._last_resort.start()
        if sys.stderr.isatty():
            os.write(2, b"\nstopping; press Ctrl-C again to stop at once\n")


def stop_at_once() -> NoReturn:
    """End this process here and now. Its workers follow by themselves, and what is written is whole."""
    os.write(2, b"\nstopped at once; the same command goes on from what is done\n")
    os._exit(ExitCode.INTERRUPTED)


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
        flag.ended()
        for number, handler in before.items():
            signal.signal(number, handler)
