"""Nothing random, timed or unordered reaches the output: a static ban in the rooms that make it.

Randomness comes from a `numpy.random.Generator` argument, derived by name with `synthgen.seeding.rng_for`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

OUTPUT_ROOMS = (
    "synthgen/frame", "synthgen/geometry", "synthgen/plan", "synthgen/recipe", "synthgen/pack",
    "synthgen/blender", "synthgen/sensors", "synthgen/testing", "scenes",
)  # fmt: skip
BANNED_MODULES = {"random", "uuid", "secrets"}
ALLOWED_NUMPY_RANDOM = {"Generator", "PCG64", "SeedSequence", "BitGenerator"}
"""Types and bit generators that take a seed explicitly; everything else there is global or unseeded."""
BANNED_CALLS = {
    "time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "os.urandom", "os.getrandom", "hash", "id", "os.listdir", "os.scandir",
    "socket.gethostname", "platform.node",
}  # fmt: skip
"""The wall clock, the machine, the operating system's noise, and things whose order or value changes from
one process to the next."""
UNORDERED = {"glob", "rglob", "iterdir"}
"""File system walks come in any order; they must stand inside `sorted(...)`."""


def output_files() -> list[Path]:
    """Every module whose result can reach a frame, a plan or a shard."""
    return sorted(path for room in OUTPUT_ROOMS for path in (ROOT / room).rglob("*.py"))


def offences(source: str, file: str) -> Iterator[str]:
    """What in `source` could make two runs differ."""
    tree = ast.parse(source, file)
    sorted_inside = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("sorted", "len", "any", "all", "set", "sum")
        for argument in node.args
        for inner in ast.walk(argument)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in BANNED_MODULES:
                    yield f"{file}:{node.lineno} imports {alias.name}"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in BANNED_MODULES:
            yield f"{file}:{node.lineno} imports from {node.module}"
        elif isinstance(node, ast.ImportFrom) and node.module == "numpy.random":
            for alias in node.names:
                if alias.name not in ALLOWED_NUMPY_RANDOM:
                    yield f"{file}:{node.lineno} imports numpy.random.{alias.name}"
        elif isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            package, _, member = name.partition(".random.")
            if package in ("np", "numpy") and member and member.split(".")[0] not in ALLOWED_NUMPY_RANDOM:
                yield f"{file}:{node.lineno} uses {name}"
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in BANNED_CALLS:
                yield f"{file}:{node.lineno} calls {name}"
            walks = isinstance(node.func, ast.Attribute) and node.func.attr in UNORDERED
            if walks and id(node) not in sorted_inside:
                yield f"{file}:{node.lineno} walks files unsorted with {node.func.attr}"
        if isinstance(node, ast.For | ast.comprehension) and _is_set(node.iter):
            yield f"{file}:{node.iter.lineno} iterates over a set, whose order of names changes: sort it"


def _is_set(node: ast.expr) -> bool:
    return isinstance(node, ast.Set | ast.SetComp) or (
        isinstance(node, ast.Call) and ast.unparse(node.func) in ("set", "frozenset")
    )


def test_rooms_that_make_output_are_deterministic() -> None:
    files = output_files()
    assert len(files) > 10
    found = [
        offence
        for path in files
        for offence in offences(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from uuid import uuid4",
        "import numpy as np\nnp.random.rand(3)",
        "import numpy as np\nrng = np.random.default_rng()",
        "from numpy.random import default_rng",
        "import time\nstamp = time.time()",
        "from datetime import datetime\nnow = datetime.now()",
        "from pathlib import Path\nfor path in Path('.').glob('*'): pass",
        "for name in {'a', 'b'}: pass",
        "names = [name for name in set(words)]",
    ],
)
def test_each_source_of_difference_is_caught(source: str) -> None:
    assert len(list(offences(source, "example.py"))) == 1


def test_the_right_ways_pass() -> None:
    source = (
        "import numpy as np\nimport time\n"
        "def draw(rng: np.random.Generator) -> float:\n    return rng.uniform()\n"
        "start = time.perf_counter()\nfor path in sorted(folder.glob('*')): pass\n"
        "for name in sorted({'a', 'b'}): pass\n"
    )
    assert list(offences(source, "example.py")) == []
