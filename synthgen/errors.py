"""Every error that synthgen raises on purpose, and the exit code that the command line gives for it.

A message says where, what was expected, what was found and what to do. Anything that is not a
`SynthgenError` is a defect of ours and keeps its traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every `synthgen` command."""

    DONE = 0
    JOBS_FAILED = 1
    USAGE = 2
    ENVIRONMENT = 3
    VERIFICATION = 4
    INTERRUPTED = 130


class SynthgenError(Exception):
    """Base of all expected errors. `str(error)` is the whole message for the user."""

    exit_code = ExitCode.JOBS_FAILED


class UsageError(SynthgenError):
    """A wrong argument or option, or a folder that cannot be used in the way asked for."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a recipe: its address, its place in the tree and what was expected."""

    where: str
    """`file:line:column`, or the name of the flag that set the value."""
    path: str
    """Dotted path in the recipe, such as `cameras[0].fov_deg`; empty for the whole file."""
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.where, self.path, self.message) if part)


class RecipeError(SynthgenError):
    """One or more problems in a recipe; all of them are reported at once, one per line."""

    exit_code = ExitCode.USAGE

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EnvironmentProblem(SynthgenError):
    """The machine lacks something: bpy, the GPU that was asked for, room on the disk, permission."""

    exit_code = ExitCode.ENVIRONMENT


class DataError(SynthgenError):
    """A file of a dataset is missing, damaged or not what its record says."""

    exit_code = ExitCode.VERIFICATION


class RenderError(SynthgenError):
    """A scene or a view could not be made: Cycles reported an error, or the frame failed its checks."""

    exit_code = ExitCode.JOBS_FAILED


class Interrupted(SynthgenError):
    """The user pressed Ctrl-C; what was finished is recorded and the run can be resumed."""

    exit_code = ExitCode.INTERRUPTED


def unknown_name(what: str, name: str, known: Iterable[str]) -> str:
    """Message for a name that is not in a table, with the nearest known one.

    >>> unknown_name("scene", "indor", ["indoor", "wild"])
    "unknown scene 'indor'; known: indoor, wild; did you mean 'indoor'?"
    """
    names = sorted(known)
    message = f"unknown {what} '{name}'; known: {', '.join(names) or 'none'}"
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return message + (f"; did you mean '{near[0]}'?" if near else "")
