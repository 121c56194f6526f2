"""WebDataset shards: plain USTAR archives whose members `<key>.<field>` lie beside each other.

The writer leaves nothing to chance (no times, owners or modes), so equal samples give equal bytes. The reader
finds members by their headers and reads only those it is asked for, in any order and from any process.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Mapping
from typing import BinaryIO

import pyarrow as pa

from synthgen.errors import DataError
from synthgen.pack.sample import Sample
from synthgen.storage import Storage

ENDING = "tar"
Members = dict[str, dict[str, tuple[int, int]]]
"""Key -> field -> (offset, size)."""

_BLOCK = 512
_MAX_NAME = 100


class TarWriter:
    """Writes samples to a stream; the stream stays open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._position = 0

    def write(self, sample: Sample) -> None:
        """Append the members of a sample."""
        for field, data in sample.fields.items():
            self._put(member_header(f"{sample.key}.{field}", len(data)))
            self._put(data)
            self._put(bytes(-len(data) % _BLOCK))

    def close(self) -> None:
        """Write the end of the archive: two empty blocks, then zeros up to a whole record of 20 blocks."""
        self._put(bytes(2 * _BLOCK))
        self._put(bytes(-self._position % tarfile.RECORDSIZE))

    def _put(self, data: bytes) -> None:
        self._stream.write(data)
        self._position += len(data)


def member_header(name: str, size: int) -> bytes:
    """The 512 bytes before a member; the same for the same name and size."""
    if len(name.encode()) > _MAX_NAME:
        raise ValueError(f"a member's name has at most {_MAX_NAME} bytes (got {name!r})")
    member = tarfile.TarInfo(name)
    member.size = size
    member.mode = 0o644
    return member.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")


class TarReader:
    """Random access to the samples of one shard.

    Pickles as its address: each process opens the file for itself.

    Attributes
    ----------
    keys : keys of the samples in the order of the file
    """

    def __init__(self, storage: Storage, path: str) -> None:
        self._storage = storage
        self._path = path
        self._file: pa.NativeFile | None = None
        self._members: Members | None = None
        self._keys: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """What to call the shard in messages."""
        return self._storage.address(self._path)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the samples. Raises `DataError` when the archive is damaged or cut."""
        self._index()
        return self._keys

    def fields(self, index: int) -> tuple[str, ...]:
        """The fields of a sample."""
        return tuple(self._index()[self.keys[index]])

    def read(self, index: int, fields: Iterable[str] | None = None) -> dict[str, bytes]:
        """Bytes of the fields of a sample; those that it lacks are left out.

        Raises
        ------
        DataError
            When the archive is damaged or cut.
        """
        members = self._index()[self.keys[index]]
        wanted = members if fields is None else [field for field in fields if field in members]
        file = self._open()
        return {field: file.read_at(members[field][1], members[field][0]) for field in wanted}

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_file": None}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        self.__dict__.update(state)

    def _open(self) -> pa.NativeFile:
        if self._file is None:
            self._file = self._storage.open_read(self._path)
        return self._file

    def _index(self) -> Members:
        if self._members is None:
            self._members = self._scan()
            self._keys = tuple(self._members)
        return self._members

    def _scan(self) -> Members:
        file = self._open()
        size = file.size()
        members: Members = {}
        position = 0
        while True:
            header = file.read_at(_BLOCK, position) if position < size else b""
            if len(header) < _BLOCK:
                raise DataError(
                    f"{self.address}: the archive is cut: it ends after {size} bytes without its end mark; "
                    "copy it again, or pack the dataset again"
                )
            if not any(header):
                return members
            try:
                member = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
            except (tarfile.HeaderError, UnicodeDecodeError) as error:
                raise DataError(
                    f"{self.address}: expected a tar header at byte {position} ({error})"
                ) from None
            start = position + _BLOCK
            position = start + -(-member.size // _BLOCK) * _BLOCK
            if position > size:
                raise DataError(
                    f"{self.address}: the archive is cut: {member.name} ends at byte {position} "
                    f"(found {size} bytes); copy it again, or pack the dataset again"
                )
            if member.isfile():
                self._add(members, member, start)

    def _add(self, members: Members, member: tarfile.TarInfo, start: int) -> None:
        folders = member.name.split("/")
        if member.name.startswith("/") or ".." in folders:
            raise DataError(f"{self.address}: refused the member {member.name!r}, which points elsewhere")
        key, _, field = folders[-1].partition(".")
        if field in members.setdefault(key, {}):
            raise DataError(f"{self.address}: expected the member {member.name!r} once (found it twice)")
        members[key][field] = (start, member.size)
