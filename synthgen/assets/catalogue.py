"""`Catalogue`: the assets of one or several sources, and what was rejected, with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import ValidationError

from synthgen.assets.record import ENVIRONMENT, AssetRecord
from synthgen.errors import DataError
from synthgen.seeding import canonical_json, seed_for
from synthgen.storage import open_storage


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something in a source that cannot be used: where it is, relative to the source, and why."""

    source: str
    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}/{self.path}: {self.reason}" if self.path else f"{self.source}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Records in the order of their ids, rejections in the order of their paths."""

    records: tuple[AssetRecord, ...] = ()
    rejected: tuple[Rejection, ...] = ()

    @classmethod
    def of(cls, records: Iterable[AssetRecord], rejected: Iterable[Rejection] = ()) -> Catalogue:
        """A catalogue in order. Of assets with equal content only the first is kept.

        The same model under two names could land in two splits.
        """
        kept: dict[str, AssetRecord] = {}
        refused = list(rejected)
        for record in sorted(records, key=lambda each: each.id):
            first = kept.setdefault(record.sha256, record)
            if first is not record:
                reason = f"has the same content as {first.id}"
                refused.append(Rejection(record.source, record.path, reason))
        order = sorted(refused, key=lambda each: (each.source, each.path, each.reason))
        return cls(tuple(kept.values()), tuple(order))

    @classmethod
    def joined(cls, catalogues: Iterable[Catalogue]) -> Catalogue:
        """One catalogue of several."""
        parts = tuple(catalogues)
        return cls.of(
            (record for part in parts for record in part.records),
            (rejection for part in parts for rejection in part.rejected),
        )

    def by_category(self) -> dict[str, list[AssetRecord]]:
        """Records by class, light fields under `environment`; last, under no name, those of no class."""
        found: dict[str, list[AssetRecord]] = {}
        for record in self.records:
            name = ENVIRONMENT if record.kind == "environment" else record.category or ""
            found.setdefault(name, []).append(record)
        return dict(sorted(found.items(), key=lambda entry: (not entry[0], entry[0])))

    def in_splits(self, shares: Mapping[str, float], seed: int = 0) -> Catalogue:
        """The same records, each with its split."""
        records = (
            each.model_copy(update={"split": split_of(each.id, shares, seed)}) for each in self.records
        )
        return Catalogue(tuple(records), self.rejected)

    def write(self, path: Path) -> None:
        """Write JSON lines, one record or rejection each."""
        lines = [canonical_json({"record": each.to_json()}) for each in self.records]
        lines += [canonical_json({"rejected": asdict(each)}) for each in self.rejected]
        open_storage(path.parent).write_text(path.name, "".join(f"{line}\n" for line in lines))

    @classmethod
    def read(cls, path: Path) -> Catalogue:
        """Read what `write` wrote. Raises `DataError` with the line of what is wrong."""
        records, rejected = [], []
        for number, line in enumerate(open_storage(path.parent).read_text(path.name).splitlines(), 1):
            try:
                entry = json.loads(line)
                if "record" in entry:
                    records.append(AssetRecord.model_validate(entry["record"]))
                else:
                    rejected.append(Rejection(**entry["rejected"]))
            except (ValueError, TypeError, KeyError, ValidationError) as error:
                reason = " ".join(str(error).split())
                raise DataError(f"{path}:{number}: expected a record of an asset ({reason})") from None
        return cls.of(records, rejected)


def split_of(asset_id: str, shares: Mapping[str, float], seed: int = 0) -> str:
    """The split of an asset: a property of its id, so that it is never in two of one dataset.

    Parameters
    ----------
    shares : split to share, adding up to 1, as in a recipe

    >>> split_of("chairs/oak.glb", {"train": 1.0, "val": 0.0})
    'train'
    """
    names = [name for name, share in shares.items() if share > 0]
    place, reached = seed_for(seed, "asset split", asset_id) * 2.0**-63, 0.0
    for name in names:
        reached += shares[name]
        if place < reached:
            return name
    return names[-1]
