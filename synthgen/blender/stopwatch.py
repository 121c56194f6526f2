"""`Stopwatch`: how long the parts of a view took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stopwatch:
    """Seconds by name: `with clock("truth"): ...`, then `clock.take()` hands them over and starts anew.

    Parameters
    ----------
    now : what tells the time; `time.process_time` counts the CPU seconds of all threads
    """

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        started = self._now()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + self._now() - started

    def take(self) -> dict[str, float]:
        """The seconds since the last call, by name."""
        seconds, self._seconds = self._seconds, {}
        return seconds
