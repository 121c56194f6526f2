"""Zip archives from outside, unpacked without trust."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from synthgen.assets.record import AssetRejected

MAX_UNPACKED_BYTES = 4 << 30
"""Most bytes that one call unpacks."""


def check_names(archive: zipfile.ZipFile) -> None:
    """Refuse an archive with an entry that would land outside of the folder that it is unpacked into.

    Raises
    ------
    AssetRejected
        When a name is absolute or has a `..` in it, or an entry is a link.
    """
    for entry in archive.infolist():
        # zipfile cuts names at a zero byte and turns the system's separator; the rest is judged here.
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or (name.parts and name.parts[0].endswith(":")):
            raise AssetRejected(f"the entry '{entry.filename}' points outside of the archive")
        if entry.external_attr >> 28 == 0xA:
            raise AssetRejected(f"the entry '{entry.filename}' is a link")


def unpack(archive: zipfile.ZipFile, names: Iterable[str], folder: Path) -> None:
    """Unpack some entries of an archive, with their folders.

    Raises
    ------
    AssetRejected
        When a name points outside, an entry is damaged, or all of them together are too large.
    """
    check_names(archive)
    room = MAX_UNPACKED_BYTES
    for name in names:
        entry = archive.getinfo(name)
        if entry.is_dir():
            continue
        room -= entry.file_size
        if room < 0:
            raise AssetRejected(f"unpacks to more than {MAX_UNPACKED_BYTES >> 30} GiB")
        target = folder / PurePosixPath(name.replace("\\", "/"))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with archive.open(entry) as source, open(target, "wb") as stream:
                shutil.copyfileobj(source, stream)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise AssetRejected(f"the entry '{name}' is damaged ({error})") from None
