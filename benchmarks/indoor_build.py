"""How quickly indoor scenes are built, by kind of room, and how much memory a worker that renders them takes.

Asked: building at most 4 s median; peak memory at most 3 GB. The renders are tiny: what counts is what a
scene takes before its pictures do. Seconds are CPU seconds of all threads, which other work on the machine
leaves alone; `--wall` counts those on the wall instead, for a machine that does nothing else.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from machine import write_result

SCENES = 4
"""Of each kind of room."""
RECIPE = Path(__file__).parents[1] / "recipes" / "indoor.yaml"


def peak_mb() -> float:
    """Most resident memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def build_seconds(now: Callable[[], float]) -> dict[str, list[float]]:
    """Seconds of building scenes of the recipe, by kind of room; a small view of each is rendered too."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.families import family_spec
    from synthgen.recipe.load import load_recipe

    family_spec("indoor")
    from synthgen_scenes.indoor.spec import ROOM_KINDS

    sets = ["views=1", f"scenes={SCENES}", "cameras[0].width=64", "cameras[0].height=48", "render.samples=2"]
    renderer = BlenderRenderer("cpu", now=now)
    builds: dict[str, list[float]] = {kind: [] for kind in ROOM_KINDS}
    for kind, builds_of_kind in builds.items():
        for job in plan_recipe(load_recipe(RECIPE, [*sets, f"scene.room.kind={kind}"])):
            for rendered in renderer.render(job):
                builds_of_kind.append(rendered.seconds["build"])
            print(f"{job.key} {kind}: {builds_of_kind[-1]:.2f} s, {peak_mb():.0f} MB", file=sys.stderr)
    renderer.close()
    return builds


def medians(builds: dict[str, list[float]]) -> dict[str, float]:
    """The median of all scenes, and of those of each kind of room."""
    every = [seconds for each in builds.values() for seconds in each]
    return {name: round(statistics.median(each), 3) for name, each in ({"all": every} | builds).items()}


def main() -> None:
    """Build the scenes and write the result."""
    wall = "--wall" in sys.argv[1:]
    builds = build_seconds(time.perf_counter if wall else time.process_time)
    write_result(
        "indoor_build",
        {
            "what": f"{SCENES} scenes of recipes/indoor.yaml for each kind of room, in one process, "
            "one view each, 64x48, 2 samples",
            "seconds_are": "wall" if wall else "CPU",
            "build_median_s": medians(builds),
            "build_most_s": round(max(max(each) for each in builds.values()), 3),
            "build_asked_s": 4.0,
            "peak_mb": round(peak_mb(), 1),
            "peak_asked_mb": 3000,
        },
    )


if __name__ == "__main__":
    main()
