"""A catalogue in words: what can be used, by class, and what cannot, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from synthgen.assets.catalogue import Catalogue
from synthgen.assets.record import AssetRecord

UNCLASSED = "(no class)"


class Facts(Protocol):
    """What an import finds out about a model."""

    size_m: tuple[float, float, float]
    triangles: int
    changes: tuple[str, ...]


def catalogue_report(catalogue: Catalogue, facts: Mapping[str, Facts] | None = None) -> str:
    """Lines for people.

    Parameters
    ----------
    facts : by id, of models that were imported
    """
    lines = []
    for category, records in catalogue.by_category().items():
        lines.append(f"{category or UNCLASSED}: {len(records)} usable")
        for record in records:
            lines += _lines(record, (facts or {}).get(record.id))
    if catalogue.rejected:
        lines.append(f"rejected: {len(catalogue.rejected)}")
        lines += [f"  {rejection}" for rejection in catalogue.rejected]
    return "\n".join(lines or ["nothing that is an asset was found"])


def catalogue_json(catalogue: Catalogue, facts: Mapping[str, Facts] | None = None) -> dict[str, object]:
    """The same as plain values."""
    return {
        "usable": {
            category or UNCLASSED: [
                record.to_json()
                | ({"imported": _facts_json(facts[record.id])} if facts and record.id in facts else {})
                for record in records
            ]
            for category, records in catalogue.by_category().items()
        },
        "rejected": [
            {"source": each.source, "path": each.path, "reason": each.reason} for each in catalogue.rejected
        ],
    }


def _lines(record: AssetRecord, facts: Facts | None) -> list[str]:
    size = facts.size_m if facts else record.size_m
    triangles = facts.triangles if facts else record.triangles
    parts = [
        record.id,
        f"{size[0]:.2f} x {size[1]:.2f} x {size[2]:.2f} m" if size else "",
        f"{triangles:,} triangles" if triangles is not None else "",
        record.licence or "no licence stated",
        f"by {record.creator}" if record.creator else "",
    ]
    lines = ["  " + ", ".join(part for part in parts if part)]
    return lines + [f"    {change}" for change in (facts.changes if facts else ())]


def _facts_json(facts: Facts) -> dict[str, object]:
    return {
        "size_m": list(facts.size_m),
        "triangles": facts.triangles,
        "changes": list(facts.changes),
    }
