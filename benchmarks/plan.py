"""How fast a plan of the indoor recipe is made, written and read, and that its memory does not grow.

    python benchmarks/plan.py [scenes]        1,000,000 scenes of 4 views unless told otherwise

The plan goes to a temporary folder: 1.6 GB for a million scenes. Rates are given by the clock on the wall
and by CPU time, which other work on the machine does not slow down. Peak memory is that of a process of its
own; a second one with a hundredth of the scenes shows what the size of the plan adds.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice

from machine import write_result

from synthgen.plan.planner import PLAN, plan_recipe, read_plan, write_plan
from synthgen.recipe.load import load_recipe
from synthgen.storage import open_storage

SCENES = 1_000_000
READ = 100_000
"""Jobs that are read back; reading does not slow down with the length of a plan."""


def measure(scenes: int) -> dict[str, float]:
    """Make and write a plan, read a part of it."""
    recipe = load_recipe("indoor", [f"scenes={scenes}"])
    with tempfile.TemporaryDirectory() as folder:
        storage = open_storage(folder)
        rates = _rates("written", scenes, lambda: write_plan(recipe, storage))
        some = min(READ, scenes)
        rates |= _rates("read", some, lambda: _exhaust(islice(read_plan(storage), some)))
        size = storage.size(PLAN)
    rates |= _rates("made_only", some, lambda: _exhaust(plan_recipe(recipe, limit=some)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "scenes": scenes,
        **rates,
        "bytes_per_job": round(size / scenes),
        "peak_memory_mb": round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1),
    }


def _rates(name: str, jobs: int, work: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        f"jobs_per_s_{name}": round(jobs / (time.perf_counter() - wall)),
        f"jobs_per_cpu_s_{name}": round(jobs / (time.process_time() - cpu)),
    }


def _exhaust(jobs: Iterator[object]) -> None:
    for _ in jobs:
        pass


def measured_apart(scenes: int) -> dict[str, float]:
    """`measure` in a process of its own."""
    command = [sys.executable, __file__, "--measure", str(scenes)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        scenes = int(sys.argv[1]) if len(sys.argv) > 1 else SCENES
        small, large = measured_apart(scenes // 100), measured_apart(scenes)
        write_result("plan", {"plan": large, "peak_memory_mb_of_a_hundredth": small["peak_memory_mb"]})
