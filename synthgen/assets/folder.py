"""`FolderSource`: a folder of model files, light fields and texture sets, as a user keeps them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from synthgen.assets.catalogue import Catalogue, Rejection
from synthgen.assets.fingerprint import Fingerprints, combined, sha256_of
from synthgen.assets.formats import MODEL_FORMATS, OPAQUE, check_model
from synthgen.assets.image_header import IMAGE_ENDINGS, check_image
from synthgen.assets.notes import NOTES, Note, read_notes
from synthgen.assets.record import ENVIRONMENT, AssetRecord, AssetRejected, licence_id
from synthgen.assets.source import Source, changed
from synthgen.assets.texture_sets import find_sets, role_of
from synthgen.assets.words import class_of_words
from synthgen.errors import UsageError

LIGHT_FIELDS = (".hdr", ".exr")


class FolderSource(Source):
    """All assets below a folder.

    The class of a model is that of its `assets.yaml`, else what the nearest folder above it is called.

    Parameters
    ----------
    root : the folder
    name : what ids begin with; by default what the folder is called
    """

    kind = "folder"

    def __init__(self, root: Path, name: str | None = None) -> None:
        super().__init__(name or root.resolve().name or "folder")
        self._root = root

    def scan(self) -> Catalogue:
        """Everything below the folder. Raises `UsageError` when there is no such folder."""
        if not self._root.is_dir():
            raise UsageError(f"{self._root}: expected a folder of assets (found no folder)")
        records: list[AssetRecord] = []
        rejected: list[Rejection] = []
        with Fingerprints() as fingerprints:
            _Scan(self._root, self.name, fingerprints, records, rejected).run()
        return Catalogue.of(records, rejected)

    @contextmanager
    def opened(self, record: AssetRecord) -> Iterator[Path]:
        """The file in place; its content is compared with the record first."""
        if combined((name, sha256_of(self._root / name)) for name in record.files) != record.sha256:
            raise changed(record)
        yield self._root / record.path


class _Scan:
    """One walk over a folder."""

    def __init__(
        self,
        root: Path,
        name: str,
        fingerprints: Fingerprints,
        records: list[AssetRecord],
        rejected: list[Rejection],
    ) -> None:
        self._root, self._name, self._fingerprints = root, name, fingerprints
        self._records, self._rejected = records, rejected
        self._notes: dict[str, Note] = {"": Note()}
        self._wrong_notes: set[str] = set()

    def run(self) -> None:
        """Models first: what they need is neither a light field nor a texture of its own."""
        files = [path for path in self._files() if PurePosixPath(path).name != NOTES]
        models = [path for path in files if PurePosixPath(path).suffix.lower() in MODEL_FORMATS]
        images = [path for path in files if PurePosixPath(path).suffix.lower() in IMAGE_ENDINGS]
        taken: set[str] = set()
        for path in models:
            self._record(path, self._model)
            taken |= {need for record in self._records[-1:] if record.path == path for need in record.needs}
        opaque = {
            folder
            for path in models
            if PurePosixPath(path).suffix.lower() in OPAQUE
            for folder in (PurePosixPath(path).parent.as_posix(),)
        }
        free = [path for path in images if path not in taken and not _within(path, opaque)]
        for name, maps in find_sets(free).items():
            self._record(name, lambda path, maps=maps: self._texture_set(path, maps))
        for path in free:
            whole = PurePosixPath(path)
            if whole.suffix.lower() in LIGHT_FIELDS and role_of(whole.stem) is None:
                self._record(path, self._light_field)

    def _files(self) -> Iterator[str]:
        """All files, sorted, without hidden ones and links to folders; notes are read on the way."""
        for folder, below, names in os.walk(self._root):
            below[:] = sorted(name for name in below if not name.startswith("."))
            at = Path(folder).relative_to(self._root).as_posix().removeprefix(".")
            self._read_notes(at, NOTES in names)
            for name in sorted(name for name in names if not name.startswith(".")):
                yield f"{at}/{name}" if at else name

    def _read_notes(self, at: str, there: bool) -> None:
        above = PurePosixPath(at).parent.as_posix().removeprefix(".") if at else ""
        note = self._notes.get(above, Note())
        if above in self._wrong_notes:
            self._wrong_notes.add(at)
        if there:
            path = f"{at}/{NOTES}" if at else NOTES
            try:
                own = read_notes(self._root / path)
            except AssetRejected as error:
                self._rejected.append(Rejection(self._name, path, str(error)))
                self._wrong_notes.add(at)
                return
            note = Note(**own.model_dump(exclude={"files"})).over(note)
            for name, each in own.files.items():
                self._notes[f"{at}/{name}" if at else name] = each.over(note)
        self._notes[at] = note

    def _note_on(self, path: str) -> Note:
        """What is said about a file: by its own name, or about its folder."""
        at = PurePosixPath(path).parent.as_posix().removeprefix(".")
        if at in self._wrong_notes:
            raise AssetRejected(f"the {NOTES} that says whose it is cannot be used")
        return self._notes.get(path, self._notes.get(at, Note()))

    def _record(self, path: str, make: Callable[[str], AssetRecord]) -> None:
        try:
            self._records.append(make(path))
        except AssetRejected as error:
            self._rejected.append(Rejection(self._name, path, str(error)))

    def _model(self, path: str) -> AssetRecord:
        contents = check_model(self._root / path, self._root)
        needs = sorted(self._relative(need) for need in contents.needs)
        fields = self._note_on(path).fields()
        fields.setdefault("category", self._class_of_folders(path))
        return self._made(path, "model", (path, *needs), path, triangles=contents.triangles, **fields)

    def _texture_set(self, name: str, maps: Mapping[str, str]) -> AssetRecord:
        if "color" not in maps:
            raise AssetRejected(f"has no map of the colour, only {', '.join(sorted(maps))}")
        for path in maps.values():
            check_image(self._root / path)
        main = maps["color"]
        files = (main, *sorted(set(maps.values()) - {main}))
        return self._made(name, "texture_set", files, main, **self._note_on(main).fields())

    def _light_field(self, path: str) -> AssetRecord:
        width, height = check_image(self._root / path)
        if width != 2 * height:
            raise AssetRejected(f"expected a light field twice as wide as high (found {width} x {height} px)")
        fields = self._note_on(path).fields() | {"category": None}
        return self._made(path, "environment", (path,), path, **fields)

    def _made(self, name: str, kind: str, files: tuple[str, ...], main: str, **fields: object) -> AssetRecord:
        parts = [(file, self._fingerprints.of(self._root / file)) for file in files]
        if fields.get("category") == ENVIRONMENT:
            fields["category"] = None
        return AssetRecord(
            id=f"{self._name}/{name}",
            sha256=combined(parts),
            kind=kind,
            source=self._name,
            path=main,
            needs=tuple(file for file in files if file != main),
            **{**fields, "licence": licence_id(fields.get("licence"))},
        )

    def _class_of_folders(self, path: str) -> str | None:
        folders = (self._root.resolve().name, *PurePosixPath(path).parts[:-1])
        return next((found for name in reversed(folders) if (found := class_of_words(name))), None)

    def _relative(self, path: Path) -> str:
        return Path(os.path.relpath(path, self._root)).as_posix()


def _within(path: str, folders: set[str]) -> bool:
    return any(parent.as_posix() in folders for parent in PurePosixPath(path).parents)
