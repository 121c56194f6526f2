"""Which assets the scenes of a plan may use: of the scene's split, a few of each class, drawn by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from synthgen.assets.catalogue import Catalogue, Rejection
from synthgen.assets.record import ENVIRONMENT, AssetRecord
from synthgen.assets.sizes import ANY, SIZES
from synthgen.assets.source import Source
from synthgen.assets.sources import open_source
from synthgen.errors import UsageError
from synthgen.plan.draws import Names, ending_of
from synthgen.plan.jobs import AssetChoice, AssetRoot
from synthgen.plan.split import split_sequence
from synthgen.recipe.assets import AssetSource, shares_of
from synthgen.recipe.model import Recipe

MOST_CHOICES = 8
"""Assets of one class that a scene is given to choose from."""
_TRIES = 4 * MOST_CHOICES
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Pool:
    """The assets of one source for one class: its share, and its records by split."""

    share: float
    by_split: Mapping[str, Sequence[AssetRecord]]


class PlannedAssets:
    """The assets of a recipe: every source is looked through once, then scenes draw from them.

    Raises
    ------
    UsageError
        When two sources have one name, or a class has no asset in a split that scenes belong to.
    """

    def __init__(self, recipe: Recipe, scenes: int) -> None:
        self._sources: dict[tuple[str, str], tuple[Source, Catalogue]] = {}
        self.roots: dict[str, AssetRoot] = {}
        self._pools: dict[str, list[_Pool]] = {}
        shares = recipe.split.model_dump()
        for category, sources in recipe.scene.assets.items():
            pools = []
            for source, share in zip(sources, shares_of(sources)):
                if not source.builtin and share > 0:
                    pools.append(_Pool(share, self._eligible(source, category, shares)))
                    self._check_not_empty(source, category, pools[-1])
            self._pools[category] = pools
        self._endings = {
            (category, number): [ending_of("assets", category, number, place) for place in range(_TRIES)]
            for category, pools in self._pools.items()
            for number in range(len(pools))
        }
        for split in _splits_of(shares, scenes):
            self._check(recipe, split)

    def choices(self, split: str, names: Names) -> dict[str, tuple[AssetChoice, ...]]:
        """Class to the assets that a scene may use, each with its share; the rest is the family's own."""
        return {
            category: tuple(self._drawn(category, pools, split, names))
            for category, pools in self._pools.items()
        }

    def _drawn(
        self, category: str, pools: Sequence[_Pool], split: str, names: Names
    ) -> Iterator[AssetChoice]:
        most = max(1, MOST_CHOICES // max(1, len(pools)))
        for number, pool in enumerate(pools):
            records = pool.by_split.get(split, ())
            chosen = _some(
                len(records), most, (names.uniform(each) for each in self._endings[category, number])
            )
            for index in chosen:
                yield AssetChoice(record=records[index], share=pool.share / len(chosen))

    def _eligible(
        self, source: AssetSource, category: str, shares: Mapping[str, float]
    ) -> dict[str, list[AssetRecord]]:
        """Records that may stand for a class, by split: those of the class, and those that state none."""
        opened, catalogue = self._opened(source)
        plausible = SIZES.get(category, ANY)
        found: dict[str, list[AssetRecord]] = {}
        for record in catalogue.in_splits(shares).records:
            if record.kind != ("environment" if category == ENVIRONMENT else "model"):
                continue
            if record.category not in (None, category):
                continue
            if record.category is None and source.kind != "folder" and category != "object":
                continue  # a library knows what its things are; a folder may be called anything
            if record.size_m is not None and not plausible.holds(record.size_m):
                continue
            named = record.model_copy(update={"category": None if category == ENVIRONMENT else category})
            found.setdefault(record.split, []).append(named)
        self.roots[opened.name] = AssetRoot(kind=source.kind, path=str(source.path))
        return found

    def _opened(self, source: AssetSource) -> tuple[Source, Catalogue]:
        key = source.kind, str(source.path)
        if key not in self._sources:
            opened = open_source(source.kind, source.path, source.name)
            for other, _ in self._sources.values():
                if other.name == opened.name:
                    raise UsageError(
                        f"scene.assets: two sources are called '{opened.name}'; give one of them a 'name'"
                    )
            self._sources[key] = opened, opened.scan()
        return self._sources[key]

    def _check_not_empty(self, source: AssetSource, category: str, pool: _Pool) -> None:
        if not pool.by_split:
            catalogue = self._opened(source)[1]
            raise UsageError(
                f"scene.assets.{category}: expected assets of this class in {source.written} (found none of "
                f"{len(catalogue.records)} assets{_shown(catalogue.rejected)}); `synthgen assets check` "
                "lists what is there, and assets.yaml can state a class"
            )

    def _check(self, recipe: Recipe, split: str) -> None:
        for category, pools in self._pools.items():
            own = 1.0 - sum(shares_of(recipe.scene.assets[category])) > 1e-9 or any(
                source.builtin for source in recipe.scene.assets[category]
            )
            if own or not pools or any(pool.by_split.get(split) for pool in pools):
                continue
            counts = {
                name: sum(len(pool.by_split.get(name, ())) for pool in pools)
                for name in recipe.split.model_dump()
            }
            listed = ", ".join(f"{count} in {name}" for name, count in counts.items() if count)
            raise UsageError(
                f"scene.assets.{category}: expected an asset in the split '{split}' "
                f"(found {listed}); add assets, "
                "or 'builtin' for what is missing, or change 'split'"
            )


def _shown(rejected: Sequence[Rejection]) -> str:
    """The first of what was rejected, for a message."""
    if not rejected:
        return ""
    listed = "; ".join(str(each) for each in rejected[:_MOST_NAMED])
    return f", rejected: {listed}" + ("; ..." if len(rejected) > _MOST_NAMED else "")


def _some(count: int, most: int, uniforms: Iterable[float]) -> list[int]:
    """Up to `most` different indices below `count`, all where there are no more."""
    if count <= most:
        return list(range(count))
    chosen: list[int] = []
    for value in uniforms:
        index = int(value * count)
        if index not in chosen:
            chosen.append(index)
            if len(chosen) == most:
                break
    return sorted(chosen)


def _splits_of(shares: Mapping[str, Any], scenes: int) -> list[str]:
    """The splits that the first `scenes` scenes belong to."""
    wanted = {name for name, share in shares.items() if share > 0}
    found: list[str] = []
    for split in islice(split_sequence(shares), scenes):
        if split not in found:
            found.append(split)
            if len(found) == len(wanted):
                break
    return found
