"""How quickly wild scenes are built, and how much memory a worker that renders them takes.

Asked: building at most 0.5 s median over the settings as the recipe mixes them; peak memory at most 3 GB.
The renders are tiny: what counts is what a scene takes before its pictures do.
"""

from __future__ import annotations

import resource
import statistics
import sys
from pathlib import Path

from machine import write_result

SCENES = 60
RECIPE = Path(__file__).parents[1] / "recipes" / "wild.yaml"


def peak_mb() -> float:
    """Most resident memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    """Build the recipe's scenes, render a small view of each, and write the result."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe

    sets = ["views=1", f"scenes={SCENES}", "cameras[0].width=64", "cameras[0].height=48", "render.samples=2"]
    renderer = BlenderRenderer("cpu")
    builds: dict[str, list[float]] = {}
    instances = []
    for job in plan_recipe(load_recipe(RECIPE, sets)):
        for rendered in renderer.render(job):
            builds.setdefault(job.params["setting"], []).append(rendered.seconds["build"])
            instances.append(len(rendered.bundle.instances))
        print(
            f"{job.key} {job.params['setting']}: built in {rendered.seconds['build']:.2f} s", file=sys.stderr
        )
    renderer.close()
    every = [seconds for each in builds.values() for seconds in each]
    write_result(
        "wild_build",
        {
            "what": f"{SCENES} scenes of recipes/wild.yaml in one process, one view each, 64x48, 2 samples",
            "build_median_s": round(statistics.median(every), 3),
            "build_p90_s": round(statistics.quantiles(every, n=10)[-1], 3),
            "build_asked_s": 0.5,
            "build_median_s_by_setting": {
                name: round(statistics.median(each), 3) for name, each in sorted(builds.items())
            },
            "scenes_by_setting": {name: len(each) for name, each in sorted(builds.items())},
            "instances_median": statistics.median(instances),
            "peak_mb": round(peak_mb(), 1),
            "peak_asked_mb": 3000,
        },
    )


if __name__ == "__main__":
    main()
