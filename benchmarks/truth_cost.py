"""What truth costs beside the colour render, at the settings of recipes/indoor.yaml.

Asked: all truth channels without layers and sub-pixel samples at most 5 % of the colour render, each layer at
most 2 % more.

    python benchmarks/truth_cost.py [scenes]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path

from machine import write_result

RECIPE = Path(__file__).parents[1] / "recipes" / "indoor.yaml"
LAYERS = 4
REPEATS = 3
SURFACE = ("depth", "normal", "instance", "semantic", "distance", "position", "material")
FLOW = ("flow_forward", "occlusion_forward", "flow_backward", "occlusion_backward")
TOGETHER = (
    "depth, normal, ids, position",
    "shading_normal",
    "boxes and poses",
    "flow and occlusion",
    "disparity",
)
"""What counts as all truth channels without layers and sub-pixel samples."""


def main() -> None:
    """Render the first view of each scene in several ways and write the result."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.plan.jobs import TruthJob
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe

    scenes = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    renderer = BlenderRenderer("cpu", now=time.process_time)

    def seconds(job, channels, view=0, **truth) -> dict[str, float]:
        """Median CPU seconds of the parts of a view."""
        changed = job.model_copy(
            update={"channels": channels, "truth": TruthJob(**truth), "only_views": None}
        )
        if len(job.views) == 4:  # stills: the first is enough
            changed = changed.model_copy(update={"only_views": (view,)})
        parts = defaultdict(list)
        for _ in range(1 if "rgb" in channels else REPEATS):
            for rendered in renderer.render(changed):
                if rendered.bundle.view == view:
                    for name, value in rendered.seconds.items():
                        parts[name].append(value)
        found = {name: statistics.median(values) for name, values in parts.items()}
        print(job.key, channels[-1], truth, found, file=sys.stderr)
        return found

    trajectory = {"kind": "handheld", "frames": 3}
    still, moving = (
        load_recipe(RECIPE),
        load_recipe(RECIPE, [f"cameras.0.trajectory={trajectory}", "views=1"]),
    )
    pairs = load_recipe(RECIPE, ["cameras.0.stereo={baseline_m: 0.1}", "views=2"])
    costs: dict[str, list[float]] = defaultdict(list)
    for job, shot, pair in zip(*(plan_recipe(each, limit=scenes) for each in (still, moving, pairs))):
        costs["colour"].append(seconds(job, ("rgb",))["colour"])
        surface = seconds(job, SURFACE)
        base = surface["truth"] + surface["convert"]
        costs["depth, normal, ids, position"].append(base)
        costs["shading_normal"].append(seconds(job, ("depth", "shading_normal"))["shading_normal"])
        costs["boxes and poses"].append(seconds(job, ("depth",), objects="boxes")["objects"])
        costs["visible fraction"].append(seconds(job, ("depth",), objects="visible_fraction")["objects"])
        # The middle one of three frames: its predecessor is known, its successor is rendered.
        flow = seconds(shot, (*SURFACE, *FLOW), view=1)
        costs["flow and occlusion"].append(flow["truth"] + flow["convert"] - base)
        costs["disparity"].append(
            max(seconds(pair, (*SURFACE, "disparity"))["convert"] - surface["convert"], 0)
        )
        for k in (2, 3, 4):
            costs[f"edge and validity, k = {k}"].append(
                seconds(job, ("depth", "validity"), subpixel=k)["subpixel"]
            )
        deep = seconds(job, ("depth", "depth_layers", "instance_layers"), layers=LAYERS)
        costs["each layer"].append((deep["truth"] + deep["convert"] - base) / (LAYERS - 1))
    renderer.close()
    colour = sum(costs.pop("colour"))
    rows = [
        {"what": name, "seconds": round(sum(each) / scenes, 3), "by_colour": round(sum(each) / colour, 4)}
        for name, each in costs.items()
    ]
    share = {row["what"]: row["by_colour"] for row in rows}
    write_result(
        "truth_cost",
        {
            "what": f"first view of {scenes} scenes of recipes/indoor.yaml, 640 x 480, 20 samples, denoised; "
            f"CPU seconds of all threads, medians of {REPEATS}",
            "colour_s": round(colour / scenes, 2),
            "costs": rows,
            "together": list(TOGETHER),
            "together_by_colour": round(sum(share[name] for name in TOGETHER), 4),
            "together_asked": 0.05,
            "layer_by_colour": share["each layer"],
            "layer_asked": 0.02,
        },
    )


if __name__ == "__main__":
    main()
