"""What a verification finds: findings with their place, and counts of what was looked at."""

from __future__ import annotations

import textwrap
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synthgen.inspect.consistency import Comparisons

MAX_LISTED = 100
"""Most problems that the text names; a wrong folder has as many as files."""
WIDTH = 110
"""Columns of the text."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a dataset.

    Attributes
    ----------
    path : file inside the dataset
    subject : part of that file, such as `depth` or `camera.K`; empty for the whole file
    expected, found : phrases that fit into "expected ... (found ...)"
    """

    path: str
    expected: str
    found: str
    subject: str = ""

    def __str__(self) -> str:
        where = f"{self.path}: {self.subject}" if self.subject else self.path
        return f"{where}: expected {self.expected} (found {self.found})"


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Outcome of `verify_dataset`.

    Attributes
    ----------
    problems : findings in the order of the plan, then those of the shards and of stray files
    scenes, frames : finished ones whose files were looked at
    quarantined : frames or scenes that were set aside with a reason; they are no problem
    files, bytes : read and hashed, frames and shards together
    shards : named by the manifest
    compared : what the comparisons of the truth with itself came to
    frames_sha256 : one checksum over those of all frame files; None where there are shards alone
    notes : what could not be looked at, and why
    """

    uri: str
    problems: tuple[Finding, ...]
    scenes: int
    frames: int
    quarantined: int
    files: int
    bytes: int
    shards: int
    compared: Comparisons
    frames_sha256: str | None
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_json(self) -> dict[str, object]:
        """Plain JSON values, for `--json`."""
        told = {entry.name: getattr(self, entry.name) for entry in fields(self)} | self.compared.to_json()
        del told["compared"]
        return {**told, "problems": [asdict(problem) for problem in self.problems], "ok": self.ok}

    def summary(self) -> str:
        """The problems, one a line, the worst errors, and a last line that says what was looked at."""
        counted = (
            f"{_plural(self.scenes, 'scene')}, {_plural(self.frames, 'frame')}, "
            f"{_plural(self.shards, 'shard')}, {self.quarantined} quarantined, "
            f"{self.bytes / 1e6:.1f} MB in {_plural(self.files, 'file')}"
        )
        verdict = "all well" if self.ok else _plural(len(self.problems), "problem")
        lines = [str(problem) for problem in self.problems[:MAX_LISTED]]
        if len(self.problems) > MAX_LISTED:
            lines.append(f"... and {len(self.problems) - MAX_LISTED} more, with --json all of them")
        errors = ", ".join(f"{name} {outcome.error}" for name, outcome in self.compared.checks.items())
        if errors:
            lines.append(textwrap.fill(f"worst errors: {errors}", WIDTH, subsequent_indent="  "))
        lines += self.notes
        return "\n".join([*lines, f"{self.uri}: {counted}: {verdict}"])


def finding_from_check(path: str, text: str) -> Finding:
    """A finding from a message of `synthgen.frame.checks`: `depth: expected no NaN (found 3 pixels)`."""
    subject, _, rest = text.partition(": expected ")
    for mark in (" (got ", " (found ", ", found ", " ("):
        expected, _, found = rest.partition(mark)
        if found:
            return Finding(path, expected, found.removesuffix(")") if "(" in mark else found, subject)
    subject, _, rest = text.partition(": ")
    return Finding(path, "valid values", rest or text, subject if rest else "")


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
