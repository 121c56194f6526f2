"""How well 500 views follow the depth, field of view and height that a recipe asks for.

Asked: a total variation of at most 5 % between what is stated and what came out, in 10 equally likely bins.
The truth alone is rendered, tiny: field of view and height are read from the frames' cameras, the depth is
the median of each depth map. What the pixels of all views add up to is reported beside it.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator

import numpy as np
from machine import write_result

from synthgen.errors import RenderError
from synthgen.frame.bundle import FrameBundle
from synthgen.recipe.distributions import Distribution, LogUniform, Normal, Uniform, total_variation

SCENES, VIEWS = 50, 10
ASKED = 0.05
TARGETS: dict[str, dict[str, Distribution]] = {
    "indoor": {
        "depth_m": LogUniform(1.5, 4.0),
        "fov_deg": Normal(65, 12, 40, 95),
        "height_m": Uniform(0.8, 1.8),
    },
    "wild": {
        "depth_m": LogUniform(1.5, 12.0),
        "fov_deg": Uniform(45, 95),
        "height_m": Uniform(0.6, 2.0),
    },
}
"""Family to what is asked of its views."""
PIXEL_EDGES_M = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 30.0, np.inf)


def views_of(family: str, targets: dict[str, Distribution], failed: Counter[str]) -> Iterator[FrameBundle]:
    """The truth of all views; why a scene gave none is counted in `failed`."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.load import load_recipe

    stated = {name: distribution.to_json() for name, distribution in targets.items()}
    sets = [f"scenes={SCENES}", f"views={VIEWS}", "channels=[depth]"]
    sets += ["cameras[0].width=64", "cameras[0].height=48", f"cameras[0].fov_deg={stated['fov_deg']}"]
    sets += [f"cameras[0].placement.{name}={stated[name]}" for name in ("depth_m", "height_m")]
    renderer = BlenderRenderer("cpu")
    for job in plan_recipe(load_recipe(family, sets)):
        try:
            yield from (rendered.bundle for rendered in renderer.render(job))
        except RenderError as error:
            failed[str(error).split(" in ")[0]] += 1
    renderer.close()


def measure(family: str, targets: dict[str, Distribution]) -> dict[str, object]:
    """Total variations, deviations of the depth, and the histogram of all pixels."""
    failed: Counter[str] = Counter()
    values: dict[str, list[float]] = {name: [] for name in targets}
    off, pixels, started = [], np.zeros(len(PIXEL_EDGES_M) - 1), time.process_time()
    for bundle in views_of(family, targets, failed):
        depth = bundle.channels["depth"]
        finite = depth[np.isfinite(depth)]
        values["depth_m"].append(float(np.median(finite)))
        values["fov_deg"].append(bundle.camera.fov_deg)
        values["height_m"].append(float(bundle.world_from_camera[2, 3]))
        off.append(values["depth_m"][-1] / bundle.meta["sampled"]["camera"]["placement"]["depth_m"] - 1)
        pixels += np.histogram(finite, PIXEL_EDGES_M)[0]
        if bundle.view == VIEWS - 1:
            print(f"{bundle.key} {np.abs(off[-VIEWS:]).round(3).tolist()}", file=sys.stderr)
    return {
        "stated": {name: targets[name].to_json() for name in targets},
        "views": len(off),
        "total_variation": {name: round(total_variation(values[name], targets[name]), 4) for name in targets},
        "depth_off": {
            name: round(float(np.quantile(np.abs(off), share)), 4)
            for name, share in (("median", 0.5), ("p90", 0.9), ("p99", 0.99), ("most", 1.0))
        },
        "pixels_by_depth": {
            f"{low:g} to {high:g} m": round(float(share), 4)
            for low, high, share in zip(PIXEL_EDGES_M, PIXEL_EDGES_M[1:], pixels / pixels.sum())
        },
        "scenes_without_a_place": dict(failed),
        "cpu_s_per_view": round((time.process_time() - started) / max(len(off), 1), 3),
    }


def main() -> None:
    """Measure the families, or those that are named, and write what is known after each."""
    measured = {}
    for family in sys.argv[1:] or TARGETS:
        measured[family] = measure(family, TARGETS[family])
        write_result(
            "camera_targets",
            {
                "what": f"{SCENES} scenes with {VIEWS} views each, truth alone, 64x48: stated, rendered",
                "total_variation_asked": ASKED,
                "families": measured,
            },
        )


if __name__ == "__main__":
    main()
