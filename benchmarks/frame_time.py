"""Where the time of an indoor frame goes at the recipe's settings: build, truth, colour, everything else.

Asked: building at most 3 s median; truth at most 5 % of the colour render; everything around Cycles (build,
viewpoint, conversion, checks, encoding, writing) at most 10 % of the run's wall time.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from machine import write_result

SCENES = 4
RECIPE = Path(__file__).parents[1] / "recipes" / "indoor.yaml"
CYCLES = ("truth", "colour")


def main() -> None:
    """Render the recipe's scenes in this process and write the result."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe
    from synthgen.run.stages import scene_steps
    from synthgen.storage import open_storage

    renderer = BlenderRenderer("cpu")
    total: Counter[str] = Counter()
    builds, ratios = [], []
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for job in plan_recipe(load_recipe(RECIPE), limit=SCENES):
            for step in scene_steps(job, renderer, open_storage(folder)):
                total.update(step.seconds)
                builds += [step.seconds["build"]] if "build" in step.seconds else []
                ratios.append(step.seconds["truth"] / step.seconds["colour"])
                print(job.key, step.view, step.seconds, file=sys.stderr)
    wall = time.perf_counter() - started
    renderer.close()
    write_result(
        "frame_time",
        {
            "what": f"{SCENES} scenes of recipes/indoor.yaml, all views, one process on all cores",
            "wall_s": round(wall, 1),
            "frames": len(ratios),
            "seconds_by_stage": {name: round(value, 2) for name, value in sorted(total.items())},
            "build_median_s": round(statistics.median(builds), 2),
            "build_asked_s": 3.0,
            "truth_by_colour": round(sum(total[n] for n in ("truth",)) / total["colour"], 4),
            "truth_by_colour_median_of_views": round(statistics.median(ratios), 4),
            "truth_asked": 0.05,
            "around_cycles": round(1 - sum(total[name] for name in CYCLES) / wall, 4),
            "around_cycles_asked": 0.10,
        },
    )


if __name__ == "__main__":
    main()
