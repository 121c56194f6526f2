"""How quickly wild scenes are built, and how much memory a worker that renders them takes.

Asked: building at most 0.5 s median over the settings as the recipe mixes them; peak memory at most 3 GB.
The renders are tiny: what counts is what a scene takes before its pictures do. Seconds are counted twice:
on the wall, and as CPU seconds of all threads, which other work on the machine leaves alone.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from machine import write_result

SCENES = 60
RECIPE = Path(__file__).parents[1] / "recipes" / "wild.yaml"


def peak_mb() -> float:
    """Most resident memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def build_seconds(now: Callable[[], float]) -> dict[str, list[float]]:
    """Seconds of building the recipe's scenes, by setting; a small view of each is rendered too."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe

    sets = ["views=1", f"scenes={SCENES}", "cameras[0].width=64", "cameras[0].height=48", "render.samples=2"]
    renderer = BlenderRenderer("cpu", now=now)
    builds: dict[str, list[float]] = {}
    for job in plan_recipe(load_recipe(RECIPE, sets)):
        for rendered in renderer.render(job):
            builds.setdefault(job.params["setting"], []).append(rendered.seconds["build"])
        print(f"{job.key} {job.params['setting']}: {rendered.seconds['build']:.2f} s", file=sys.stderr)
    renderer.close()
    return builds


def medians(builds: dict[str, list[float]]) -> dict[str, float]:
    """The median of all scenes, and of those of each setting."""
    every = [seconds for each in builds.values() for seconds in each]
    groups = {"all": every, **dict(sorted(builds.items()))}
    return {name: round(statistics.median(each), 3) for name, each in groups.items()}


def main() -> None:
    """Build the scenes twice and write the result."""
    wall, cpu = build_seconds(time.perf_counter), build_seconds(time.process_time)
    write_result(
        "wild_build",
        {
            "what": f"{SCENES} scenes of recipes/wild.yaml in one process, one view each, 64x48, 2 samples",
            "build_median_s": medians(wall),
            "build_median_cpu_s": medians(cpu),
            "build_asked_s": 0.5,
            "scenes": {name: len(each) for name, each in sorted(wall.items())},
            "peak_mb": round(peak_mb(), 1),
            "peak_asked_mb": 3000,
        },
    )


if __name__ == "__main__":
    main()
