"""Scene families: folders with a `spec.py` (what a user writes) and a `build.py` (how Blender makes it).

The package `synthgen_scenes` exists in memory only. Its search path is: folders given by the user
(`--scenes PATH`), packages of the entry point group `synthgen.scenes`, then the families that come with
synthgen. `<folder>/<family>/spec.py` becomes the module `synthgen_scenes.<family>.spec`; relative imports
inside of a family work. The first folder that has a family wins.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.metadata
import importlib.util
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from pydantic import (
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
)

from synthgen.errors import UsageError, unknown_name
from synthgen.frame.classes import CLASSES
from synthgen.recipe.assets import Assets, check_assets
from synthgen.recipe.fields import Section
from synthgen.seeding import content_hash

PACKAGE = "synthgen_scenes"
ENTRY_POINTS = "synthgen.scenes"


class SceneSpec(Section):
    """Base of every family's `Spec`.

    A family's Spec narrows `kind` to its own name, `kind: Literal["indoor"] = "indoor"`, and names in
    `classes` the semantic classes that it may emit. Validators may look at single fields only: values are
    drawn one by one, so what several of them must agree on is settled in `build.py`.
    """

    model_config = ConfigDict(title="Scene")

    kind: str
    assets: Assets = Field(
        default={}, description="Where the things of a class come from: builtin, folders, libraries."
    )
    classes: ClassVar[tuple[str, ...]] = ()
    asset_classes: ClassVar[tuple[str, ...]] = ()
    """The classes of `classes` that the family also takes from assets."""

    @field_validator("assets")
    @classmethod
    def _placed(cls, assets: Assets) -> Assets:
        check_assets(assets, cls.asset_classes, CLASSES)
        return assets

    @model_serializer(mode="wrap")
    def _without_empty_assets(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content = handler(self)
        if not self.assets:
            content.pop("assets", None)
        return content

    from_file: ClassVar[bool] = False
    """Whether the scene comes out of a file, which may bring cameras along."""

    @classmethod
    def class_names_of(cls, params: Mapping[str, Any]) -> tuple[str, ...]:
        """The semantic classes that a scene with these parameters may emit, in the order of their ids."""
        return cls.classes


def add_scene_paths(paths: Iterable[str | os.PathLike[str]]) -> None:
    """Search these folders for families before all others, in the order given.

    Raises
    ------
    UsageError
        When one of them is not a folder, or holds no family.
    """
    added = []
    for path in paths:
        folder = Path(path).expanduser().resolve()
        if not folder.is_dir():
            raise UsageError(f"--scenes {path}: expected a folder with scene families (found no folder)")
        if not _families_in(folder):
            raise UsageError(f"--scenes {path}: expected folders with a spec.py each (found none)")
        added.append(str(folder))
    package = _package()
    before = {name: _folder_of(name) for name in known_families()}
    package.__path__[:] = [*added, *(path for path in package.__path__ if path not in added)]
    for name, folder in before.items():
        if _folder_of(name) != folder:
            _forget(name)


def scene_paths() -> list[str]:
    """The search path; a worker process gets it through `add_scene_paths`."""
    return [path for path in _package().__path__ if Path(path).is_dir()]


def known_families() -> list[str]:
    """Names of all families on the search path, sorted."""
    return sorted({name for path in _package().__path__ for name in _families_in(Path(path))})


def family_spec(name: str) -> type[SceneSpec]:
    """The `Spec` class of a family.

    Raises
    ------
    UsageError
        When there is no such family, or its spec.py is broken; the message names the file and the line.
    """
    spec = getattr(_module(name, "spec"), "Spec", None)
    file = f"{_folder_of(name)}/spec.py"
    if not (isinstance(spec, type) and issubclass(spec, SceneSpec)):
        raise UsageError(f"{file}: expected a class Spec(SceneSpec) from synthgen.recipe.families")
    if spec.model_fields["kind"].default != name:
        raise UsageError(f'{file}: expected kind: Literal["{name}"] = "{name}" in Spec, after the folder')
    return spec


def family_builder(name: str) -> Callable[..., Any]:
    """The function `build(stage, spec, seed)` of a family; imports its build.py, and with it bpy.

    Raises
    ------
    UsageError
        When there is no such family, or its build.py is broken.
    """
    build = getattr(_module(name, "build"), "build", None)
    if not callable(build):
        raise UsageError(f"{_folder_of(name)}/build.py: expected a function build(stage, spec, seed)")
    return build


def scene_classes(params: Mapping[str, Any]) -> tuple[str, ...]:
    """The semantic classes of a planned scene, by its parameters; none where its family is not known here."""
    family = str(params.get("kind", ""))
    return family_spec(family).class_names_of(params) if family in known_families() else ()


def family_hash(name: str) -> str:
    """Content hash of all Python files of a family: another hash may mean other scenes from the same job."""
    folder = Path(_folder_of(name))
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    return content_hash({file: (folder / file).read_text(encoding="utf-8") for file in files})


def recipe_folder() -> Path:
    """The folder of the recipes that come with synthgen."""
    return _bundled("_recipes", "recipes")


def _bundled(inside: str, beside: str) -> Path:
    # In a wheel the folder travels inside of the package; in a clone it lies beside it.
    package = Path(__file__).resolve().parents[1]
    return package / inside if (package / inside).is_dir() else package.parent / beside


def _package() -> ModuleType:
    if PACKAGE not in sys.modules:
        package = ModuleType(PACKAGE, "Scene families, found on a search path. See synthgen.recipe.families.")
        package.__path__ = [*_entry_point_folders(), str(_bundled("_scenes", "scenes"))]
        package.__spec__ = importlib.machinery.ModuleSpec(PACKAGE, None, is_package=True)
        package.__spec__.submodule_search_locations = package.__path__
        sys.modules[PACKAGE] = package
    return sys.modules[PACKAGE]


def _entry_point_folders() -> list[str]:
    folders = []
    for entry in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        try:
            found = importlib.util.find_spec(entry.value)
        except ImportError:
            found = None
        if found is not None and found.submodule_search_locations:
            folders += [str(Path(folder).resolve()) for folder in found.submodule_search_locations]
    return folders


def _families_in(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(
        each.name for each in folder.iterdir() if each.name.isidentifier() and (each / "spec.py").is_file()
    )


def _folder_of(name: str) -> str | None:
    for path in _package().__path__:
        if Path(path, name, "spec.py").is_file():
            return str(Path(path, name))
    return None


def _forget(name: str) -> None:
    for module in [each for each in sys.modules if f"{each}.".startswith(f"{PACKAGE}.{name}.")]:
        del sys.modules[module]


def _module(name: str, part: str) -> ModuleType:
    folder = _folder_of(name) if name.isidentifier() else None
    if folder is None:
        raise UsageError(unknown_name("scene kind", name, known_families()))
    full = f"{PACKAGE}.{name}"
    if full not in sys.modules:
        # Registered by hand, so that a family of the user's hides a built-in one wholly, never in part.
        package = ModuleType(full)
        package.__path__ = [folder]
        package.__spec__ = importlib.machinery.ModuleSpec(full, None, is_package=True)
        package.__spec__.submodule_search_locations = package.__path__
        sys.modules[full] = package
        setattr(_package(), name, package)
    try:
        return importlib.import_module(f"{full}.{part}")
    except Exception as error:
        raise UsageError(_broken(error, folder, part)) from error


def _broken(error: Exception, folder: str, part: str) -> str:
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: broken Python ({error.msg})"
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(folder)
    ]
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else f"{folder}/{part}.py"
    return f"{where}: cannot be imported ({type(error).__name__}: {error})"
