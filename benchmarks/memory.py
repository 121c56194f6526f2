"""How a worker's memory grows: one process renders 60 indoor scenes, resident memory after each.

Asked: less than 10 % growth from scene 5 to scene 60.
"""

from __future__ import annotations

import os
import statistics
import sys
from itertools import islice
from pathlib import Path

from machine import write_result

SCENES = 60
RECIPE = Path(__file__).parents[1] / "recipes" / "indoor.yaml"


def resident_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Render small images of many rooms and write the result."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe

    sets = ["views=1", f"scenes={SCENES}", "cameras[0].width=64", "cameras[0].height=48", "render.samples=2"]
    renderer = BlenderRenderer("cpu")
    memory, build = [], []
    for job in islice(plan_recipe(load_recipe(RECIPE, sets)), SCENES):
        for rendered in renderer.render(job):
            build.append(rendered.seconds["build"])
        memory.append(resident_mb())
        print(f"scene {job.scene}: {memory[-1]:.0f} MB, built in {build[-1]:.2f} s", file=sys.stderr)
    renderer.close()
    early, late = statistics.median(memory[3:8]), statistics.median(memory[-5:])
    write_result(
        "memory",
        {
            "what": "resident MB of a worker and build seconds after each indoor scene, 64x48, 2 samples",
            "resident_mb": [round(value, 1) for value in memory],
            "scene_5_mb": round(early, 1),
            "scene_60_mb": round(late, 1),
            "growth": round(late / early - 1, 4),
            "growth_asked": 0.10,
            "build_s": [round(value, 3) for value in build],
            "build_median_s": round(statistics.median(build), 3),
            "build_asked_s": 3.0,
        },
    )


if __name__ == "__main__":
    main()
