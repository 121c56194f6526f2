"""Sources by the name of their kind: `open_source("folder", path)`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType

from synthgen.assets.builtin import BuiltinSource
from synthgen.assets.folder import FolderSource
from synthgen.assets.source import Source
from synthgen.assets.sweethome3d import ENDING, SweetHome3DSource
from synthgen.errors import UsageError, unknown_name

FROM_PATH: MappingProxyType[str, type[FolderSource] | type[SweetHome3DSource]] = MappingProxyType(
    {source.kind: source for source in (FolderSource, SweetHome3DSource)}
)
"""Kinds of sources that are at a path."""


def open_source(kind: str, path: Path | None = None, name: str | None = None) -> Source:
    """A source by its kind. Raises `UsageError` for an unknown one."""
    if kind == BuiltinSource.kind:
        return BuiltinSource()
    if kind not in FROM_PATH:
        raise UsageError(unknown_name("source", kind, [BuiltinSource.kind, *FROM_PATH]))
    if path is None:
        raise UsageError(f"source {kind}: expected a path (got none)")
    return FROM_PATH[kind](path, name)


def sources_at(paths: Iterable[Path]) -> list[Source]:
    """The sources at some paths, each with a name of its own: the second of a name is called `name-2`.

    Raises what `source_at` raises.
    """
    sources: list[Source] = []
    taken: Counter[str] = Counter()
    for path in paths:
        source = source_at(path)
        taken[source.name] += 1
        if taken[source.name] > 1:
            source.name = f"{source.name}-{taken[source.name]}"
        sources.append(source)
    return sources


def source_at(path: Path) -> Source:
    """The source of a folder, or of a file of furniture.

    Raises
    ------
    UsageError
        When there is nothing, or a file that is no source.
    """
    if path.is_dir():
        return FolderSource(path)
    if path.is_file() and path.suffix.lower() == ENDING:
        return SweetHome3DSource(path)
    found = "a file" if path.is_file() else "nothing"
    raise UsageError(f"{path}: expected a folder of assets, or a {ENDING} file (found {found})")
