"""`SweetHome3DSource`: the furniture libraries of Sweet Home 3D, `.sh3f`: zip files with a catalogue inside.

The catalogue says what every model is called, how large it is, how it is turned and who made it. Debian's
package `sweethome3d-furniture` has five of them.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import numpy as np

from synthgen.assets.archive import check_names, unpack
from synthgen.assets.catalogue import Catalogue, Rejection
from synthgen.assets.fingerprint import Fingerprints, combined
from synthgen.assets.formats import MODEL_FORMATS
from synthgen.assets.mesh_header import mtl_textures
from synthgen.assets.record import AssetRecord, AssetRejected, licence_id
from synthgen.assets.sizes import ANY, SIZES
from synthgen.assets.source import Source, changed
from synthgen.assets.words import class_of_words
from synthgen.errors import UsageError

ENDING = ".sh3f"
CATALOGUE = "PluginFurnitureCatalog.properties"
_LICENCE_FILE = re.compile(r"licen[cs]e[^/]*\.(?:txt|html?)$", re.IGNORECASE)
_BLENDER_FROM_THEIRS = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
"""They have y up and z to the front; Blender shows their OBJ files with z up and -y to the front."""


class SweetHome3DSource(Source):
    """The models of one `.sh3f` file.

    Parameters
    ----------
    path : the file
    name : what ids begin with; by default the file's name without its ending
    """

    kind = "sweethome3d"

    def __init__(self, path: Path, name: str | None = None) -> None:
        super().__init__(name or path.stem)
        self._path = path

    def scan(self) -> Catalogue:
        """All models of the catalogue. Raises `UsageError` when there is no such file."""
        if not self._path.is_file():
            raise UsageError(f"{self._path}: expected a file of furniture, .sh3f (found no file)")
        records: list[AssetRecord] = []
        rejected: list[Rejection] = []
        try:
            with zipfile.ZipFile(self._path) as archive, Fingerprints() as fingerprints:
                check_names(archive)
                common, models = read_catalogue(archive)
                for number, entry in models.items():
                    try:
                        records.append(self._record(archive, common, entry, fingerprints))
                    except AssetRejected as error:
                        where = entry.get("id") or entry.get("model") or f"model {number}"
                        rejected.append(Rejection(self.name, where, str(error)))
        except zipfile.BadZipFile as error:
            rejected.append(Rejection(self.name, "", f"is a damaged archive ({error})"))
        except AssetRejected as error:
            rejected.append(Rejection(self.name, "", str(error)))
        return Catalogue.of(records, rejected)

    @contextmanager
    def opened(self, record: AssetRecord) -> Iterator[Path]:
        """The model and its textures, unpacked for as long as the block lasts."""
        with tempfile.TemporaryDirectory(prefix="synthgen-asset-") as folder:
            try:
                with zipfile.ZipFile(self._path) as archive:
                    unpack(archive, record.files, Path(folder))
            except (zipfile.BadZipFile, OSError, KeyError):
                raise changed(record) from None
            parts = [(name, _sha256(Path(folder, name).read_bytes())) for name in record.files]
            if combined(parts) != record.sha256:
                raise changed(record)
            yield Path(folder, record.path)

    def _record(
        self,
        archive: zipfile.ZipFile,
        common: Mapping[str, str],
        entry: Mapping[str, str],
        fingerprints: Fingerprints,
    ) -> AssetRecord:
        path = entry.get("model", "").lstrip("/")
        names = set(archive.namelist())
        if path not in names:
            raise AssetRejected(f"needs {path or 'a model'}, which is missing in the archive")
        if PurePosixPath(path).suffix.lower() not in MODEL_FORMATS:
            raise AssetRejected(f"is a {PurePosixPath(path).suffix} file, which is not imported")
        if archive.getinfo(path).file_size == 0:
            raise AssetRejected(f"{path} is empty (0 bytes)")
        folder = PurePosixPath(path).parent.as_posix()
        beside = sorted(
            name
            for name in names
            if name.startswith(f"{folder}/") and not name.endswith("/") and name != path
        )
        size_m = _size_m(entry)
        licences = [name for name in beside if _LICENCE_FILE.search(name)]
        needs = [name for name in beside if name not in licences]
        self._check_textures(archive, path, names)
        parts = [
            (name, fingerprints.of(self._path, name, lambda name=name: _sha256(_read(archive, name))))
            for name in (path, *needs)
        ]
        return AssetRecord(
            id=f"{self.name}/{PurePosixPath(path).parent.name}/{PurePosixPath(path).name}",
            sha256=combined(parts),
            kind="model",
            source=self.name,
            path=path,
            needs=tuple(needs),
            licence=self._licence(archive, licences, entry.get("license") or common.get("license")),
            creator=entry.get("creator"),
            link=common.get("provider"),
            category=_class_of(entry.get("name", ""), size_m),
            size_m=size_m,
            rotation=_rotation(entry.get("modelRotation")),
        )

    def _check_textures(self, archive: zipfile.ZipFile, path: str, names: set[str]) -> None:
        """Raise for a missing texture of a material that the model uses; many MTL files have more."""
        folder = PurePosixPath(path).parent.as_posix()
        for library in sorted(names):
            if not (library.startswith(f"{folder}/") and library.lower().endswith(".mtl")):
                continue
            missing = [
                (material, texture)
                for material, texture in mtl_textures(_read(archive, library))
                if f"{folder}/{texture}" not in names
            ]
            used = set(re.findall(rb"(?m)^usemtl\s+(.*?)\s*$", _read(archive, path))) if missing else set()
            for material, texture in missing:
                if material.encode() in used:
                    raise AssetRejected(f"{library} needs {texture}, which is missing")

    def _licence(self, archive: zipfile.ZipFile, files: list[str], stated: str | None) -> str | None:
        """The catalogue's licence; a file beside the model that asks for more wins."""
        for name in files:
            text = _read(archive, name).decode("utf-8", "replace")
            said = re.search(r"Creative Commons Attribution[A-Za-z -]*\d\.\d|CC[- ]BY[A-Z -]*\d\.\d", text)
            if said:
                return licence_id(said[0])
        return licence_id((stated or "").split("\N{COPYRIGHT SIGN}")[0].replace("license", ""))


def read_catalogue(archive: zipfile.ZipFile) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What the catalogue says of all models, and of each by its number.

    Raises
    ------
    AssetRejected
        When the archive has none.
    """
    if CATALOGUE not in archive.namelist():
        raise AssetRejected(f"has no {CATALOGUE}; is it a furniture library of Sweet Home 3D?")
    common: dict[str, str] = {}
    models: dict[str, dict[str, str]] = {}
    for key, value in read_properties(_read(archive, CATALOGUE)).items():
        name, numbered, number = key.partition("#")
        if number.isdigit() or not numbered:
            (models.setdefault(number, {}) if numbered else common)[name] = value
    return common, models


def read_properties(data: bytes) -> dict[str, str]:
    r"""A Java properties file: Latin-1, `key=value`, `#` for comments, `\` where a line goes on, `\u20ac`."""
    lines = re.sub(r"(?<!\\)\\\r?\n[ \t]*", "", data.decode("latin-1")).splitlines()
    found = {}
    for line in lines:
        text = line.lstrip()
        if text and text[0] not in "#!":
            key, _, value = text.partition("=")
            found[key.strip()] = re.sub(r"\\(u[0-9a-fA-F]{4}|.)", _unescaped, value.strip())
    return found


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1]
    return chr(int(code[1:], 16)) if len(code) == 5 else {"n": "\n", "t": "\t", "r": "\r"}.get(code, code)


def _class_of(name: str, size_m: tuple[float, float, float]) -> str | None:
    """The class that a name means, if the thing has the size of one: a 'box room' is no box."""
    found = class_of_words(name)
    return found if found and SIZES.get(found, ANY).holds(size_m) else None


def _size_m(entry: Mapping[str, str]) -> tuple[float, float, float]:
    try:
        size = tuple(round(float(entry[name]) / 100, 6) for name in ("width", "depth", "height"))
    except (KeyError, ValueError):
        raise AssetRejected("has no width, depth and height in the catalogue") from None
    if not all(0 < length < 1000 for length in size):
        raise AssetRejected(f"expected a size in centimetres (got {entry['width']} x {entry['depth']} ...)")
    return size


def _rotation(text: str | None) -> tuple[float, ...] | None:
    """Their rotation, nine numbers by rows in their axes, as one in Blender's."""
    if not text:
        return None
    try:
        theirs = np.array([float(word) for word in text.split()]).reshape(3, 3)
    except ValueError:
        raise AssetRejected(f"expected nine numbers as modelRotation (got {text})") from None
    if np.abs(theirs @ theirs.T - np.eye(3)).max() > 0.01:
        raise AssetRejected(f"expected a rotation as modelRotation (got {text})")
    ours = _BLENDER_FROM_THEIRS @ theirs @ _BLENDER_FROM_THEIRS.T
    return tuple(float(value) for value in ours.ravel())


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise AssetRejected(f"the entry '{name}' is damaged ({error})") from None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
