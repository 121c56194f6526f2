"""Whether views are lit like photographs: how many of a family are too dark, too bright or clipped.

Asked: over 100 views at most 1 % with more than 5 % clipped pixels, or with a mean luma outside 0.15 to 0.75.
A pixel is clipped when one of its channels is 255; luma is the Rec. 709 sum of the encoded values, 0 to 1.
Every kind of room, every setting and every time of day comes as often as the others.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from machine import write_result

from synthgen.errors import RenderError
from synthgen.frame.exposure import light_levels

VIEWS, VIEWS_OF_A_SCENE = 100, 2
MOST_SCENES = 80
"""Some may be refused, such as those in which one thing would run into another."""
CLIPPED_SHARE, LEAST_LUMA, MOST_LUMA = 0.05, 0.15, 0.75
ASKED_SHARE = 0.01
RECIPES = Path(__file__).parents[1] / "recipes"
EVENLY = {"indoor": {"room.kind": "ROOM_KINDS", "light.time": "TIMES"},
          "wild": {"setting": "SETTINGS", "light.time": "TIMES"}}  # fmt: skip
"""Fields of a family whose values are drawn equally often, and what lists them in its spec.py."""


def views_of(family: str) -> Iterator[tuple[str, np.ndarray]]:
    """Pictures of a family, 96 x 72, and what they are of."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.plan.planner import plan_recipe
    from synthgen.recipe.families import family_spec
    from synthgen.recipe.load import load_recipe

    lists = vars(sys.modules[family_spec(family).__module__])
    even = [f"scene.{field}={{choice: [{', '.join(lists[name])}]}}" for field, name in EVENLY[family].items()]
    sets = [
        f"scenes={MOST_SCENES}", f"views={VIEWS_OF_A_SCENE}", "cameras[0].width=96",
        "cameras[0].height=72", "render.quality=draft", "render.samples=16", "channels=[rgb, depth]", *even,
    ]  # fmt: skip
    renderer = BlenderRenderer("cpu")
    for job in plan_recipe(load_recipe(RECIPES / f"{family}.yaml", sets)):
        scene = job.params
        what = f"{scene.get('setting') or scene['room']['kind']}, {scene['light']['time']}"
        try:
            for rendered in renderer.render(job):
                yield f"{job.key}/{rendered.bundle.view} {what}", rendered.bundle.channels["rgb"]
            print(f"{family} {job.key} {what}", file=sys.stderr)
        except RenderError as error:
            print(f"{family} {job.key} {what}: refused, {error}", file=sys.stderr)
    renderer.close()


def figures_of(family: str) -> dict[str, object]:
    """Shares of bad views, and how bright and how clipped the views are."""
    lumas, clipped, black, bad = [], [], [], {}
    for what, rgb in islice(views_of(family), VIEWS):
        luma, share = light_levels(rgb)
        lumas.append(luma)
        clipped.append(share)
        black.append(float((rgb == 0).all(axis=-1).mean()))
        if share > CLIPPED_SHARE or not LEAST_LUMA <= luma <= MOST_LUMA:
            bad[what] = {"luma": round(luma, 3), "clipped": round(share, 3)}
    return {
        "views": len(lumas),
        "bad_share": round(len(bad) / len(lumas), 4),
        "bad": bad,
        "luma": {"least": round(min(lumas), 3), "median": round(statistics.median(lumas), 3),
                 "most": round(max(lumas), 3)},
        "clipped_pixels": {"mean": round(statistics.mean(clipped), 4), "most": round(max(clipped), 4)},
        "black_pixels": {"mean": round(statistics.mean(black), 4), "most": round(max(black), 4)},
    }  # fmt: skip


def main() -> None:
    """Render the views of all families and write the result."""
    write_result(
        "light_levels",
        {
            "what": f"{VIEWS} views of each family, {VIEWS_OF_A_SCENE} of a scene, 96x72, 16 samples",
            "bad": "more than 5 % of pixels with a channel at 255, or mean luma outside 0.15-0.75",
            "asked_bad_share": ASKED_SHARE,
            "families": {family: figures_of(family) for family in EVENLY},
        },
    )


if __name__ == "__main__":
    main()
