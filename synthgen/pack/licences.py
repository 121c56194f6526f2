"""LICENSES.md of a dataset: whose assets its frames show, and under which terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from synthgen.assets.record import AssetRecord
from synthgen.plan.jobs import SceneJob
from synthgen.storage import Storage

LICENCES = "LICENSES.md"
PUBLIC_DOMAIN = "CC0-1.0"
UNSTATED = "not stated"
_TERMS = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-3.0": "https://creativecommons.org/licenses/by/3.0/",
    "CC-BY-3.0-US": "https://creativecommons.org/licenses/by/3.0/us/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "CC-BY-ND-4.0": "https://creativecommons.org/licenses/by-nd/4.0/",
    "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
}


class UsedAssets:
    """The assets that the packed frames show, gathered while they are packed."""

    def __init__(self) -> None:
        self._known: dict[str, AssetRecord] = {}
        self._used: set[str] = set()

    def add_job(self, job: SceneJob) -> None:
        """Learn about the assets that the frames of a job may show."""
        for choices in job.assets.values():
            for choice in choices:
                self._known.setdefault(choice.record.id, choice.record)

    def add_frame(self, meta: Mapping[str, Any]) -> None:
        """Note the assets that a frame shows."""
        self._used.update(meta.get("assets", ()))

    def rows(self) -> list[dict[str, Any]]:
        """Id, content, licence, maker and address of each used asset, in the order of their ids."""
        known = [self._known[name] for name in sorted(self._used) if name in self._known]
        return [
            {
                "id": record.id,
                "sha256": record.sha256,
                "licence": record.licence,
                "creator": record.creator,
                "link": record.link,
            }
            for record in known
        ]


def write_licences(storage: Storage, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the file, or remove an old one where no assets are used."""
    if rows:
        storage.write_text(LICENCES, licences_text(rows))
    else:
        storage.delete(LICENCES)


def licences_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """The text of LICENSES.md, a section for each licence."""
    lines = [
        "# Assets in these frames",
        "",
        "The frames show the assets below. Their terms hold for the frames too; those with BY ask for their "
        "makers to be named, those with NC allow no commercial use.",
    ]
    for licence in sorted(
        {row["licence"] or UNSTATED for row in rows}, key=lambda name: (name == UNSTATED, name)
    ):
        lines += ["", f"## {licence}", ""]
        if licence in _TERMS:
            lines += [f"<{_TERMS[licence]}>", ""]
        if licence == UNSTATED:
            lines += [
                "Nobody said under which terms these may be used: find out before you publish frames.",
                "",
            ]
        lines += ["| asset | by | from |", "|---|---|---|"]
        lines += [
            f"| {_cell(row['id'])} | {_cell(row['creator'])} | {_cell(row['link'])} |"
            for row in rows
            if (row["licence"] or UNSTATED) == licence
        ]
    return "\n".join([*lines, ""])


def licence_of_frames(rows: Iterable[Mapping[str, Any]]) -> str | None:
    """The licences of all assets as one line, or None where all of them are in the public domain."""
    found = sorted({row["licence"] or UNSTATED for row in rows} - {PUBLIC_DOMAIN})
    return ", ".join(found) or None


def _cell(text: str | None) -> str:
    return " ".join((text or "").replace("|", "/").split())
