"""Who may import what: the rooms' direction, and the few places that know Blender, Ray and torch.

The rules are read off the syntax tree, so that imports inside functions count as well.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

LAYERS = (
    ("cli",),
    ("run", "inspect", "testing"),
    ("export", "pack", "load", "blender"),
    ("plan",),
    ("recipe", "assets"),
    ("sensors",),
    ("frame",),
    ("geometry", "exr", "png", "storage", "seeding", "registry"),
    ("errors",),
)
"""Rooms from the top down: a room imports from the layers below its own, and within its own layer only
where `SIDEWAYS` says so."""

SIDEWAYS = {("load", "pack")}
"""The loader reads what the packer's codecs wrote: each format stands once, for both."""

FORBIDDEN = {
    "blender": {"run", "pack", "inspect", "export", "cli"},
    "load": {"run", "plan", "recipe", "blender"},
}
"""Rooms that a room must not import although the layers would let it."""

HOMES = {
    "bpy": ("synthgen/blender/", "scenes/"),
    "mathutils": ("synthgen/blender/", "scenes/"),
    "bmesh": ("synthgen/blender/", "scenes/"),
    "ray": ("synthgen/run/ray_executor.py",),
    "torch": ("synthgen/load/torch.py",),
}
"""Heavy packages and the only places that may import them."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement: where it stands, and the dotted name that it brings."""

    file: str
    line: int
    name: str
    only_for_types: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.name}"


def source_files() -> list[Path]:
    """Every module of the package and of the scene families."""
    return sorted([*(ROOT / "synthgen").rglob("*.py"), *(ROOT / "scenes").rglob("*.py")])


def imports_of(path: Path) -> Iterator[Import]:
    """The imports of a file, at any depth; relative ones are resolved."""
    file = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"), file)
    type_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(file, node.lineno, alias.name, id(node) in type_only)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            for alias in node.names:
                yield Import(file, node.lineno, f"{module}.{alias.name}", id(node) in type_only)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "importlib.import_module",
            "__import__",
        ):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Import(file, node.lineno, first.value, False)


ALL_IMPORTS = [found for path in source_files() for found in imports_of(path)]
LEVEL = {room: depth for depth, rooms in enumerate(LAYERS) for room in rooms}


def room_of(file: str) -> str | None:
    """The room of a source file: `synthgen/frame/store.py` is in `frame`; scene families have none."""
    parts = file.split("/")
    return parts[1].removesuffix(".py") if parts[0] == "synthgen" else None


def rooms_used(found: Import) -> str | None:
    """The room that an import leads to, None for other packages and for `synthgen` itself."""
    parts = found.name.split(".")
    if parts[0] != "synthgen" or len(parts) < 2 or parts[1] == "__version__":
        return None
    return parts[1]


def edges() -> dict[tuple[str, str], list[Import]]:
    """(from room, to room) -> the imports that make it; the package's lazy front door is left out."""
    found: dict[tuple[str, str], list[Import]] = {}
    for entry in ALL_IMPORTS:
        source, target = room_of(entry.file), rooms_used(entry)
        if source in (None, "__init__", "__main__") or target is None or source == target:
            continue
        found.setdefault((source, target), []).append(entry)
    return found


def test_the_walk_sees_the_package() -> None:
    assert len(source_files()) > 20
    assert ("frame", "geometry") in edges()
    assert any(entry.name == "bpy" for entry in ALL_IMPORTS)


@pytest.mark.parametrize("package", sorted(HOMES))
def test_heavy_packages_stay_in_their_homes(package: str) -> None:
    strangers = [
        str(entry)
        for entry in ALL_IMPORTS
        if entry.name.split(".")[0] == package
        and not entry.only_for_types
        and not entry.file.startswith(HOMES[package])
    ]
    assert strangers == []


def test_what_users_write_about_a_scene_needs_no_blender() -> None:
    found = [
        str(entry)
        for entry in ALL_IMPORTS
        if entry.file.startswith("scenes/")
        and entry.file.endswith("/spec.py")
        and (entry.name.split(".")[0] in HOMES or entry.name.startswith(("synthgen.blender", "synthgen.run")))
    ]
    assert found == []


def test_every_room_has_a_layer() -> None:
    rooms = {room_of(path.relative_to(ROOT).as_posix()) for path in source_files()}
    assert rooms - set(LEVEL) - {None, "__init__", "__main__"} == set()


def test_imports_go_down_only() -> None:
    wrong = [
        str(entry)
        for (source, target), entries in edges().items()
        if source in LEVEL
        and target in LEVEL
        and LEVEL[target] <= LEVEL[source]
        and (source, target) not in SIDEWAYS
        for entry in entries
    ]
    assert wrong == []


def test_forbidden_neighbours_are_not_imported() -> None:
    wrong = [
        str(entry)
        for (source, target), entries in edges().items()
        if target in FORBIDDEN.get(source, ())
        for entry in entries
    ]
    assert wrong == []


def test_rooms_have_no_cycles() -> None:
    graph: dict[str, set[str]] = {}
    for source, target in edges():
        graph.setdefault(source, set()).add(target)

    def reaches(start: str, goal: str, seen: frozenset[str] = frozenset()) -> bool:
        return any(
            step == goal or (step not in seen and reaches(step, goal, seen | {step}))
            for step in graph.get(start, ())
        )

    assert [room for room in sorted(graph) if reaches(room, room)] == []


def loaded_after(*modules: str) -> set[str]:
    """Top-level packages in memory after these imports, in a fresh interpreter."""
    code = (
        f"import json, sys, importlib; [importlib.import_module(name) for name in {modules!r}]; "
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", ["synthgen", "synthgen.cli.main", "synthgen.load.dataset"])
def test_front_doors_load_nothing_heavy(module: str) -> None:
    assert loaded_after(module) & set(HOMES) == set()


def test_no_module_outside_the_homes_loads_anything_heavy() -> None:
    homes = tuple(home for places in HOMES.values() for home in places)
    files = [path.relative_to(ROOT).as_posix() for path in source_files()]
    modules = [
        file.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
        for file in files
        if file.startswith("synthgen/") and not file.startswith(homes) and not file.endswith("/__main__.py")
    ]
    assert len(modules) > 20
    assert loaded_after(*modules) & set(HOMES) == set()
