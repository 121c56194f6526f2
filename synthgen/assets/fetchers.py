"""Services that assets are fetched from, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from synthgen.assets import ambientcg, objaverse, polyhaven
from synthgen.assets.download import Downloader
from synthgen.assets.fetched import Fetched, Wanted
from synthgen.errors import UsageError, unknown_name
from synthgen.frame.classes import CLASSES

KINDS = ("models", "environments", "textures")


@dataclass(frozen=True, slots=True)
class Service:
    """A service: what fetches from it, where it is, and what most people want of it."""

    fetch: Callable[[Wanted, Path, Downloader, str], Fetched]
    base_url: str
    usual_kind: str


SERVICES: MappingProxyType[str, Service] = MappingProxyType(
    {
        "polyhaven": Service(polyhaven.fetch, polyhaven.BASE_URL, "environments"),
        "ambientcg": Service(ambientcg.fetch, ambientcg.BASE_URL, "textures"),
        "objaverse": Service(objaverse.fetch, objaverse.BASE_URL, "models"),
    }
)


def fetch_assets(name: str, wanted: Wanted, folder: Path, base_url: str | None = None) -> Fetched:
    """Fetch assets of a service into a folder, which then is a source of assets.

    Parameters
    ----------
    wanted : an empty `kind` stands for what the service is known for
    base_url : another address of a service of the same shape, such as a mirror

    Raises
    ------
    UsageError
        When the service is unknown, or has no assets of the kind.
    EnvironmentProblem, DataError
        When it cannot be reached, or answers what nobody expects.
    """
    if name not in SERVICES:
        raise UsageError(unknown_name("service", name, SERVICES))
    service = SERVICES[name]
    kind = wanted.kind or service.usual_kind
    if kind not in KINDS:
        raise UsageError(unknown_name("kind of assets", kind, KINDS))
    if wanted.category is not None and wanted.category not in CLASSES:
        raise UsageError(unknown_name("class", wanted.category, CLASSES))
    address = (base_url or service.base_url).rstrip("/")
    return service.fetch(replace(wanted, kind=kind), folder, Downloader(), address)
