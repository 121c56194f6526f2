"""What a download leaves in its folder: assets, and an `assets.yaml` that says whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ruamel.yaml import YAML

from synthgen.assets.notes import NOTES
from synthgen.errors import DataError, UsageError
from synthgen.storage import open_storage


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to fetch from a service.

    Attributes
    ----------
    kind : "models", "environments" or "textures"
    only : names of single assets; all of them where it is empty
    category : a class, to fetch things of it only
    limit : most assets
    resolution : of images, such as "2k"
    """

    kind: str
    only: tuple[str, ...] = ()
    category: str | None = None
    limit: int | None = None
    resolution: str = "2k"


@dataclass(slots=True)
class Fetched:
    """What a run of an adapter did."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def write_note(folder: Path, note: Mapping[str, object]) -> None:
    """Write the `assets.yaml` of a fetched asset's own folder."""
    storage = open_storage(folder)
    with storage.open_write(NOTES) as stream:
        YAML(typ="safe", pure=True).dump({key: value for key, value in note.items() if value}, stream)


def inside(folder: Path, name: str) -> Path:
    """A path below a folder from a name that a service sent. Raises `DataError` when it leads out of it."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or not path.parts or ":" in path.parts[0]:
        raise DataError(f"the service names a file '{name}', expected one inside of the asset's folder")
    return folder / path


def check_kind(service: str, kind: str, kinds: tuple[str, ...]) -> None:
    """Raise `UsageError` when a service has no assets of a kind."""
    if kind not in kinds:
        raise UsageError(f"{service} has no {kind}, expected {' or '.join(kinds)}")


def reason_of(error: Exception) -> str:
    """Why one asset failed: what we say ourselves, or that the service's answer is not what it used to be."""
    return str(error) if isinstance(error, DataError) else f"unexpected answer ({error!r})"
