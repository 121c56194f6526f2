"""`Source`: where assets come from. Each kind is a module of its own; `open_source` makes one by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path

from synthgen.assets.catalogue import Catalogue
from synthgen.assets.record import AssetRecord, AssetRejected


class Source(ABC):
    """A place with assets.

    Attributes
    ----------
    kind : how a recipe names its kind, such as "folder"
    name : what the ids of its assets begin with
    """

    kind: str

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def scan(self) -> Catalogue:
        """Everything that is there: what can be used, and what cannot with the reason."""

    @abstractmethod
    def opened(self, record: AssetRecord) -> AbstractContextManager[Path]:
        """The main file of an asset on this machine's disk, with all that it needs beside it.

        Raises
        ------
        AssetRejected
            When it is gone, or has another content than its record says.
        """


def changed(record: AssetRecord) -> AssetRejected:
    """The error for an asset that is not what its record says."""
    return AssetRejected(
        f"{record.id}: has changed since it was planned; make the plan again, or bring the old file back"
    )
