"""How well 512 views follow the depth, field of view and height that a recipe asks for.

Asked: a total variation of at most 5 % between what is stated and what came out, in 10 equally likely bins.
The truth alone is rendered, tiny: field of view and height are read from the frames' cameras, the depth is
the median of each depth map. What the pixels of all views add up to is reported beside it.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from machine import write_result

from synthgen.errors import RenderError
from synthgen.frame.bundle import FrameBundle
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.distributions import Distribution, LogUniform, Normal, Uniform, total_variation
from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import Recipe

SCENES, VIEWS = 64, 8
ASKED = 0.05
TARGETS: dict[str, dict[str, Distribution]] = {
    "indoor": {
        "depth_m": LogUniform(1.2, 3.0),
        "fov_deg": Normal(65, 12, 40, 95),
        "height_m": Uniform(0.8, 1.8),
    },
    "wild": {
        "depth_m": LogUniform(1.5, 12.0),
        "fov_deg": Uniform(45, 95),
        "height_m": Uniform(0.6, 2.0),
    },
}
"""Family to what is asked of its views: depths that its rooms and landscapes have. Where half of what is seen
should be farther than 3 m, many a bedroom is too small, and gives the farthest view that it has."""
PIXEL_EDGES_M = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 30.0, np.inf)


@dataclass(frozen=True, slots=True)
class Measured:
    """One view: what is stated, by name, how far its depth is from what was drawn, and its pixels."""

    values: dict[str, float]
    depth_off: float
    pixels: np.ndarray


def recipe_of(family: str) -> Recipe:
    """The bundled recipe of a family with the targets, tiny, truth alone."""
    stated = {name: distribution.to_json() for name, distribution in TARGETS[family].items()}
    sets = [f"scenes={SCENES}", f"views={VIEWS}", "channels=[depth]"]
    sets += ["cameras[0].width=64", "cameras[0].height=48", f"cameras[0].fov_deg={stated['fov_deg']}"]
    sets += [f"cameras[0].placement.{name}={stated[name]}" for name in ("depth_m", "height_m")]
    return load_recipe(family, sets)


def measure_scene(family: str, scene: int) -> tuple[list[Measured], str | None, float]:
    """The views of a scene, or why it gave none, and the CPU seconds that it took."""
    from synthgen.blender.worker import BlenderRenderer

    started, views, reason = time.process_time(), [], None
    (job,) = plan_recipe(recipe_of(family), only={"scene": scene})
    renderer = BlenderRenderer("cpu")
    try:
        views = [measured(rendered.bundle) for rendered in renderer.render(job)]
    except RenderError as error:
        reason = str(error).split(" in ")[0]
    renderer.close()
    return views, reason, time.process_time() - started


def measured(bundle: FrameBundle) -> Measured:
    """What comes out of one view."""
    depth = bundle.channels["depth"]
    finite = depth[np.isfinite(depth)]
    values = {
        "depth_m": float(np.median(finite)),
        "fov_deg": bundle.camera.fov_deg,
        "height_m": float(bundle.world_from_camera[2, 3]),
    }
    asked = bundle.meta["sampled"]["camera"]["placement"]["depth_m"]
    return Measured(values, values["depth_m"] / asked - 1, np.histogram(finite, PIXEL_EDGES_M)[0])


def summary(family: str, scenes: Iterable[tuple[list[Measured], str | None, float]]) -> dict[str, object]:
    """Total variations, deviations of the depth, and the histogram of all pixels, of `measure_scene`s."""
    targets, failed, seconds = TARGETS[family], Counter(), 0.0
    views: list[Measured] = []
    for made, reason, cpu_s in scenes:
        off = [round(abs(view.depth_off), 3) for view in made]
        print(f"{family}: {reason or off}", file=sys.stderr)
        views, seconds = views + made, seconds + cpu_s
        failed.update([reason] if reason else [])
    off = np.abs([view.depth_off for view in views])
    pixels = np.sum([view.pixels for view in views], axis=0)
    return {
        "stated": {name: target.to_json() for name, target in targets.items()},
        "views": len(views),
        "total_variation": {
            name: round(total_variation([view.values[name] for view in views], target), 4)
            for name, target in targets.items()
        },
        "depth_off": {
            name: round(float(np.quantile(off, share)), 4)
            for name, share in (("median", 0.5), ("p90", 0.9), ("p99", 0.99), ("most", 1.0))
        },
        "pixels_by_depth": {
            f"{low:g} to {high:g} m": round(float(share), 4)
            for low, high, share in zip(PIXEL_EDGES_M, PIXEL_EDGES_M[1:], pixels / pixels.sum())
        },
        "scenes_without_a_place": dict(failed),
        "cpu_s_per_view": round(seconds / max(len(views), 1), 3),
    }


def main() -> None:
    """Measure the families, or those that are named, and write what is known after each."""
    families = {}
    for family in sys.argv[1:] or TARGETS:
        families[family] = summary(family, (measure_scene(family, scene) for scene in range(SCENES)))
        write_result(
            "camera_targets",
            {
                "what": f"{SCENES} scenes with {VIEWS} views each, truth alone, 64x48: stated, rendered",
                "total_variation_asked": ASKED,
                "families": families,
            },
        )


if __name__ == "__main__":
    main()
