"""Datasets live at a URI: a local path, or anything that `pyarrow.fs` opens (`s3://`, `gs://`, `file://`).

A `Storage` is a folder there. Paths inside it are relative, with forward slashes. A file appears whole or
not at all: locally it is written beside its final name, flushed to the disk and renamed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.fs as pafs

from synthgen.errors import DataError, EnvironmentProblem, UsageError


@dataclass(frozen=True, slots=True)
class Storage:
    """A folder at a URI. Make one with `open_storage`."""

    uri: str
    root: str
    filesystem: pafs.FileSystem = field(repr=False, compare=False)

    @property
    def is_local(self) -> bool:
        """Whether the folder is on this machine's disk."""
        return isinstance(self.filesystem, pafs.LocalFileSystem)

    def local_path(self, path: str = "") -> Path:
        """The path on disk. Raises `UsageError` on a remote storage."""
        if not self.is_local:
            raise UsageError(f"{self.uri}: this needs a local folder, found a remote one")
        return Path(self.root, path) if path else Path(self.root)

    def address(self, path: str = "") -> str:
        """What to show a user for `path`."""
        return f"{self.uri.rstrip('/')}/{path}" if path else self.uri

    def child(self, path: str) -> Storage:
        """The storage of a folder inside this one."""
        return Storage(self.address(path), self._full(path), self.filesystem)

    def exists(self, path: str = "") -> bool:
        """Whether a file or folder of this name exists."""
        with self._explained_reading(path):
            return self.filesystem.get_file_info(self._full(path)).type != pafs.FileType.NotFound

    def size(self, path: str) -> int:
        """Bytes of a file. Raises `DataError` when there is none."""
        with self._explained_reading(path):
            info = self.filesystem.get_file_info(self._full(path))
        if info.type != pafs.FileType.File:
            raise DataError(f"{self.address(path)}: expected a file (found nothing)")
        return info.size

    def list(self, folder: str = "", *, recursive: bool = False) -> list[str]:
        """Sorted names of the files below `folder`, relative to this storage; empty when there is none."""
        selector = pafs.FileSelector(self._full(folder), allow_not_found=True, recursive=recursive)
        prefix = len(self.root.rstrip("/")) + 1
        with self._explained_reading(folder):
            infos = self.filesystem.get_file_info(selector)
        return sorted(info.path[prefix:] for info in infos if info.type == pafs.FileType.File)

    def read_bytes(self, path: str) -> bytes:
        """The whole file.

        Raises
        ------
        DataError
            When there is no such file.
        EnvironmentProblem
            When it cannot be read: no permission, or the network says no.
        """
        with (
            self._explained_reading(path),
            self.filesystem.open_input_stream(self._full(path), compression=None) as stream,
        ):
            return stream.read()

    def read_text(self, path: str) -> str:
        """The whole file as UTF-8 text. Raises `DataError` when it is missing or not text."""
        try:
            return self.read_bytes(path).decode()
        except UnicodeDecodeError as error:
            raise DataError(f"{self.address(path)}: expected UTF-8 text ({error})") from None

    def open_read(self, path: str) -> pa.NativeFile:
        """A seekable file object for reading. Raises what `read_bytes` raises."""
        with self._explained_reading(path):
            return self.filesystem.open_input_file(self._full(path))

    def write_bytes(self, path: str, data: bytes) -> None:
        """Write a whole file atomically. Raises `EnvironmentProblem` when the disk is full or read-only."""
        with self.open_write(path) as stream:
            stream.write(data)

    def write_text(self, path: str, text: str) -> None:
        """Write UTF-8 text atomically."""
        self.write_bytes(path, text.encode())

    @contextmanager
    def open_write(self, path: str) -> Iterator[BinaryIO | pa.NativeFile]:
        """A stream whose content appears under `path` only when the block ends without an exception."""
        full = self._full(path)
        with self._explained(path):
            partial = f"{full}.{os.getpid()}.partial"
            if not self.is_local:
                yield from self._write_remote(partial, full)
                return
            os.makedirs(os.path.dirname(full), exist_ok=True)
            try:
                with open(partial, "wb") as stream:
                    yield stream
                    stream.flush()
                    os.fsync(stream.fileno())
                os.replace(partial, full)
            except BaseException:
                if os.path.exists(partial):
                    os.unlink(partial)
                raise

    def append_line(self, path: str, line: str) -> None:
        """Append one line to a local text file (event logs)."""
        full = self.local_path(path)
        with self._explained(path):
            full.parent.mkdir(parents=True, exist_ok=True)
            with open(full, "a", encoding="utf-8") as stream:
                stream.write(line + "\n")

    def delete(self, path: str) -> None:
        """Delete a file or a whole folder; nothing happens when there is none."""
        full = self._full(path)
        with self._explained(path):
            kind = self.filesystem.get_file_info(full).type
            if kind == pafs.FileType.Directory:
                self.filesystem.delete_dir(full)
            elif kind == pafs.FileType.File:
                self.filesystem.delete_file(full)

    def free_bytes(self) -> int | None:
        """Free room on the disk, or None for a remote storage."""
        if not self.is_local:
            return None
        folder = Path(self.root)
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def sha256(self, path: str) -> str:
        """Hex SHA-256 of a file, read in pieces."""
        digest = hashlib.sha256()
        with self.open_read(path) as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()

    def _write_remote(self, partial: str, full: str) -> Iterator[pa.NativeFile]:
        # Closing a remote stream is what makes its file appear, also after an exception: hence the detour.
        try:
            with self.filesystem.open_output_stream(partial, compression=None) as stream:
                yield stream
        except BaseException:
            self.filesystem.delete_file(partial)
            raise
        self.filesystem.move(partial, full)

    def _full(self, path: str) -> str:
        return f"{self.root.rstrip('/')}/{path}".rstrip("/") if path else self.root

    @contextmanager
    def _explained(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                problem = "the disk is full; make room and run the same command again, it resumes"
            elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
                problem = f"cannot be written ({error.strerror}); choose another folder with --out"
            elif error.errno in (errno.EFBIG, errno.EIO):
                problem = f"cannot be written ({error.strerror}); check the disk and `ulimit -f`"
            elif error.errno in (errno.ENAMETOOLONG, errno.ENOENT, errno.ENXIO, errno.EBUSY, errno.ELOOP):
                problem = f"cannot be made ({error.strerror}); choose another folder with --out"
            elif error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
                problem = f"expected a folder ({error.strerror}); choose another one with --out"
            elif not self.is_local:
                problem = f"cannot be written ({_in_one_line(error)})"
            else:
                raise
            raise EnvironmentProblem(f"{self.address(path)}: {problem}") from None

    @contextmanager
    def _explained_reading(self, path: str) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, NotADirectoryError):
            raise DataError(f"{self.address(path)}: expected a file (found nothing)") from None
        except IsADirectoryError:
            raise DataError(f"{self.address(path)}: expected a file (found a folder)") from None
        except OSError as error:
            raise EnvironmentProblem(
                f"{self.address(path)}: cannot be read ({_in_one_line(error)})"
            ) from None


def _in_one_line(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else " ".join(str(error).split())


def open_storage(uri: str | os.PathLike[str]) -> Storage:
    """Open the folder at `uri`; it need not exist yet.

    Raises
    ------
    UsageError
        When the address is empty or its scheme is unknown.
    """
    text = os.fspath(uri)
    if not text.strip():
        raise UsageError("expected a path or a URI (got nothing; an empty variable?)")
    if "://" not in text:
        return Storage(text, os.path.abspath(os.path.expanduser(text)), pafs.LocalFileSystem())
    try:
        filesystem, root = pafs.FileSystem.from_uri(text)
    except (pa.ArrowException, ValueError) as error:
        raise UsageError(f"{text}: expected a path, or a URI such as s3://bucket/folder ({error})") from None
    except OSError as error:
        raise EnvironmentProblem(f"{text}: cannot be opened ({_in_one_line(error)})") from None
    return Storage(text, root, filesystem)
