"""The example runs as it is, and says in one line what is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[3] / "examples" / "load_shards.py"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EXAMPLE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_describes_a_dataset(packed_once: Path) -> None:
    done = run(packed_once, "val")
    assert done.returncode == 0, done.stderr
    assert "2 frames in 1 shards" in done.stdout
    assert "depth      float32  (48, 64)" in done.stdout
    assert "ground (" in done.stdout


def test_it_says_what_is_wrong(packed_once: Path) -> None:
    done = run(packed_once, "vla")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("did you mean 'val'?") and len(done.stderr.splitlines()) == 1
