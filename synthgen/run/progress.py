"""How far a run is: a bar on a terminal, a line every few seconds elsewhere, nothing when quiet."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

from tqdm import tqdm

LINE_EVERY_S = 5.0


@dataclass(slots=True)
class Progress:
    """Counts frames. Views of a scene count when they are durable, and again from nothing if it is retried.

    Attributes
    ----------
    total : frames that the run is to have in the end, those of earlier runs included
    stream : where to write, standard error by default
    """

    total: int
    quiet: bool = False
    stream: TextIO | None = None
    frames: int = 0
    failures: int = 0
    _open_views: dict[int, set[int]] = field(default_factory=dict)
    _bar: tqdm | None = None
    _started: float = field(default_factory=time.monotonic)
    _next_line: float = 0.0
    _skipped: int = 0

    def __post_init__(self) -> None:
        self.stream = self.stream or sys.stderr
        if not self.quiet and self.stream.isatty():
            # Some containers give a terminal of no width at all, on which tqdm would draw nothing.
            known = shutil.get_terminal_size(fallback=(0, 0)).columns > 0
            self._bar = tqdm(
                total=self.total,
                unit="frame",
                file=self.stream,
                smoothing=0.1,
                dynamic_ncols=known,
                ncols=None if known else 80,
                nrows=None if known else 24,
            )
        self._next_line = time.monotonic() + LINE_EVERY_S

    def skipped(self, frames: int, failures: int = 0) -> None:
        """Frames that an earlier run made or gave up; they do not enter the rate."""
        self.frames += frames
        self.failures += failures
        self._skipped += frames
        if self._bar is not None:
            self._bar.initial += frames
        self._show()

    def view(self, scene: int, view: int) -> None:
        """One view is durable."""
        self._open_views.setdefault(scene, set()).add(view)
        self._show()

    def again(self, scene: int) -> None:
        """A scene starts from its first view again."""
        self._open_views.pop(scene, None)
        self._show()

    def scene_done(self, scene: int, frames: int, failures: int = 0) -> None:
        """A scene ended with this many frames made and failures counted."""
        self._open_views.pop(scene, None)
        self.frames += frames
        self.failures += failures
        self._show()

    def note(self, text: str) -> None:
        """A line that stays above the bar."""
        if self._bar is not None:
            self._bar.write(text, file=self.stream)
        elif not self.quiet:
            print(text, file=self.stream, flush=True)

    def close(self) -> None:
        """Leave the last state on the terminal."""
        if self._bar is not None:
            self._draw()
            self._bar.close()
        elif not self.quiet:
            print(self.line(), file=self.stream, flush=True)

    def line(self) -> str:
        """`12/40 frames, 0.52 frames/s, 54 s left, 1 failed`."""
        done = self._done()
        elapsed = time.monotonic() - self._started
        rate = (done - self._skipped) / elapsed if elapsed > 0 else 0.0
        parts = [f"{done}/{self.total} frames", f"{rate:.2f} frames/s"]
        if rate > 0 and done < self.total:
            parts.append(f"{tqdm.format_interval((self.total - done) / rate)} left")
        return ", ".join([*parts, f"{self.failures} failed"])

    def _done(self) -> int:
        return self.frames + sum(len(views) for views in self._open_views.values())

    def _show(self) -> None:
        if self._bar is not None:
            self._draw()
        elif not self.quiet and time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + LINE_EVERY_S
            print(self.line(), file=self.stream, flush=True)

    def _draw(self) -> None:
        self._bar.set_postfix_str(f"{self.failures} failed" if self.failures else "", refresh=False)
        ahead = self._done() - self._bar.n
        if ahead >= 0:
            self._bar.update(ahead)
        else:  # a retry took views back
            self._bar.n = self._done()
            self._bar.refresh()
