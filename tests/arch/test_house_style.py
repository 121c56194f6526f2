"""The habits of the house that a machine can check: sizes, names, docstrings, no traces of a machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MAX_LINES = 450
DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "manager", "misc", "tools", "stuff"}
"""Names that say nothing about what is inside."""
MACHINE_PATH = re.compile(r"/(?:root|work|home/\w+|Users/\w+|mnt|tmp)/[\w.-]+")
TEXT_ENDINGS = {".py", ".md", ".yaml", ".yml", ".toml", ".json", ".txt", ".sh", ".css", ".js", ".html", ""}
ALLOWED_PATHS = ("/home/synthgen/",)
"""The home folder of the container's own user."""


def tracked_files() -> list[Path]:
    """Files that are, or would be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return sorted(ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file())


def modules() -> list[Path]:
    """Every module of the package and of the scene families."""
    return sorted([*(ROOT / "synthgen").rglob("*.py"), *(ROOT / "scenes").rglob("*.py")])


def named(path: Path) -> str:
    """Path from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def test_modules_are_of_a_size_that_can_be_read() -> None:
    sizes = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: lines for name, lines in sizes.items() if lines > MAX_LINES} == {}


def test_no_module_is_a_drawer() -> None:
    drawers = [
        named(path)
        for path in modules()
        if {part.removesuffix(".py") for part in path.relative_to(ROOT).parts} & DRAWERS
    ]
    assert drawers == []


def test_classes_are_not_called_managers_or_helpers() -> None:
    wrong = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and re.search(r"(Manager|Helper|Util|Utils|Utility|Misc)$", node.name)
    ]
    assert wrong == []


def test_no_file_names_a_path_of_a_machine() -> None:
    found = []
    for path in tracked_files():
        if path.suffix not in TEXT_ENDINGS or path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            hit = MACHINE_PATH.search(line)
            if hit and not hit[0].startswith(ALLOWED_PATHS):
                found.append(f"{named(path)}:{number}: {hit[0]}")
    assert found == []


def undocumented(tree: ast.Module, file: str) -> Iterator[str]:
    """Public modules, classes, functions and methods without a docstring.

    A method may go without one when its whole body is one `return`, when it overrides a documented method
    of a base class in the same file, and when it is a test, whose name is a sentence.
    """
    if tree.body and not ast.get_docstring(tree):
        yield f"{file}: module"
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in tree.body:
        if _is_public(node) and not ast.get_docstring(node):
            yield f"{file}:{node.lineno} {node.name}"
    for owner in classes.values():
        if not _is_public(owner):
            continue
        explained = {
            method.name
            for base in owner.bases
            if isinstance(base, ast.Name) and base.id in classes
            for method in classes[base.id].body
            if isinstance(method, ast.FunctionDef) and ast.get_docstring(method)
        }
        for method in owner.body:
            if not _is_public(method) or ast.get_docstring(method) or method.name in explained:
                continue
            one_return = len(method.body) == 1 and isinstance(method.body[0], ast.Return)
            if not one_return and not method.name.startswith("test_"):
                yield f"{file}:{method.lineno} {owner.name}.{method.name}"


def _is_public(node: ast.stmt) -> bool:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return isinstance(node, kinds) and not node.name.startswith("_")


def test_everything_public_has_a_docstring() -> None:
    found = [
        missing
        for path in modules()
        for missing in undocumented(ast.parse(path.read_text(encoding="utf-8")), named(path))
    ]
    assert found == []


def test_the_docstring_check_sees_what_is_missing() -> None:
    source = '''"""Module."""
class A:
    """A."""
    def told(self):
        """Told."""
    def untold(self): pass
    def short(self): return 1
    def _hidden(self): pass
class B(A):
    """B."""
    def told(self): pass
    def test_that_names_say_it(self): pass
def function(): return 1
'''
    assert list(undocumented(ast.parse(source), "x.py")) == ["x.py:13 function", "x.py:6 A.untold"]
