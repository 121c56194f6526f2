"""What truth costs beside the colour render, at the settings of recipes/indoor.yaml.

Asked: all truth channels without layers at most 5 % of the colour render, each further layer at most 2 %.

    python benchmarks/truth_cost.py [scenes]
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from machine import write_result

RECIPE = Path(__file__).parents[1] / "recipes" / "indoor.yaml"
LAYERS = 4
REPEATS = 3


def main() -> None:
    """Render the first view of each scene in several ways and write the result."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.frame.channels import CHANNELS
    from synthgen.plan.jobs import SceneJob, TruthJob
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe

    scenes = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    truth = tuple(name for name, channel in CHANNELS.items() if name != "rgb" and not channel.layered)
    layered = (*truth, "depth_layers", "instance_layers")
    renderer = BlenderRenderer("cpu")

    def seconds(job: SceneJob, channels: tuple[str, ...], layers: int = 0) -> dict[str, float]:
        changed = {"channels": channels, "truth": TruthJob(layers=layers), "only_views": (0,)}
        (view,) = renderer.render(job.model_copy(update=changed))
        print(job.key, len(channels), layers, dict(view.seconds), file=sys.stderr)
        return dict(view.seconds)

    rows = []
    for job in plan_recipe(load_recipe(RECIPE), limit=scenes):
        colour = seconds(job, ("rgb",))["colour"]
        plain = [seconds(job, truth) for _ in range(REPEATS)]
        deep = [seconds(job, layered, LAYERS) for _ in range(REPEATS)]
        once = statistics.median(each["truth"] for each in plain)
        rows.append(
            {
                "colour_s": round(colour, 2),
                "truth_s": round(once, 3),
                "convert_s": round(statistics.median(each["convert"] for each in plain), 3),
                "layer_s": round(
                    (statistics.median(each["truth"] for each in deep) - once) / (LAYERS - 1), 3
                ),
            }
        )
    renderer.close()
    colour = sum(row["colour_s"] for row in rows)
    write_result(
        "truth_cost",
        {
            "what": f"first view of {scenes} scenes of recipes/indoor.yaml; channels {', '.join(truth)}; "
            f"then {LAYERS} layers; medians of {REPEATS}",
            "views": rows,
            "truth_by_colour": round(sum(row["truth_s"] + row["convert_s"] for row in rows) / colour, 4),
            "truth_asked": 0.05,
            "layer_by_colour": round(sum(row["layer_s"] for row in rows) / colour, 4),
            "layer_asked": 0.02,
        },
    )


if __name__ == "__main__":
    main()
