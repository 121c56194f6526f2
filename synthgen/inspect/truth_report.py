"""`truth_report.json`: what the comparisons of `synthgen verify` came to, beside the manifest.

The same dataset gives the same bytes. The report names the dataset that it is about by its checksums, so that
one of another state of the folder is known for what it is; docs/formats.md has the whole schema.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from synthgen import __version__
from synthgen.errors import EnvironmentProblem
from synthgen.frame.records import FileRecord, write_json
from synthgen.inspect.report import MAX_LISTED, VerifyReport
from synthgen.pack.manifest import MANIFEST
from synthgen.storage import Storage

TRUTH_REPORT = "truth_report.json"
SCHEMA_VERSION = 1


class FrameDigest:
    """One SHA-256 over the files of all finished frames, from their records."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, files: Mapping[str, FileRecord]) -> None:
        """The files of one frame; frames come in the order of the plan."""
        for path in sorted(files):
            self._digest.update(f"{path} {files[path].sha256}\n".encode())

    @property
    def sha256(self) -> str:
        """Of all that was added."""
        return self._digest.hexdigest()


def truth_report(storage: Storage, report: VerifyReport) -> dict[str, object]:
    """The content of the file as JSON values."""
    return {
        "schema_version": SCHEMA_VERSION,
        "versions": {"synthgen": __version__},
        "dataset": {
            "frames_sha256": report.frames_sha256,
            "manifest_sha256": storage.sha256(MANIFEST) if storage.exists(MANIFEST) else None,
        },
        "ok": report.ok,
        "problems": len(report.problems),
        "first_problems": [str(problem) for problem in report.problems[:MAX_LISTED]],
        "frames": report.frames,
        **report.compared.to_json(),
    }


def write_truth_report(storage: Storage, report: VerifyReport) -> str:
    """Write the file; returns a note for the user where the folder does not allow it, else nothing."""
    try:
        write_json(storage, TRUTH_REPORT, truth_report(storage, report))
    except EnvironmentProblem as problem:
        return f"no {TRUTH_REPORT} written: {problem}"
    return ""
