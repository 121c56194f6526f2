"""The pictures of docs/scenes.md: 16 scenes of each family and of each source of assets, four by four.

    python docs/scene_grids.py                       # all of them: an hour on two cores
    python docs/scene_grids.py indoor --samples 8    # a look at one

Tile n is scene n of the family's recipe with one camera, so that each can be rendered again, larger:

    synthgen render indoor --set seed=1 --set scenes=16 --set scene.room.kind=kitchen --only 5
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import imageio.v3 as imageio
import numpy as np

from synthgen.assets.record import ENVIRONMENT
from synthgen.assets.sources import open_source
from synthgen.plan.jobs import SceneJob
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.families import family_spec
from synthgen.recipe.load import load_recipe
from synthgen.run.options import CPUS_PER_WORKER
from synthgen.run.renderer import BLENDER, Renderer, make_renderer

IMAGES = Path(__file__).parent / "images"
RECIPES = Path(__file__).parents[1] / "recipes"
SIDE = 4
GAP_PX = 4
MOST_BYTES = 600_000
SWEET_HOME = Path("/usr/share/sweethome3d/furniture")
"""Where Debian's package sweethome3d-furniture puts its libraries."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A picture: a recipe, and the settings that its tiles take in turn."""

    recipe: str
    turns: tuple[tuple[str, ...], ...]
    same: tuple[str, ...] = ()


def indoor_kinds() -> tuple[tuple[str, ...], ...]:
    """The kinds of room, one after the other."""
    spec = import_module(family_spec("indoor").__module__)
    return tuple((f"scene.room.kind={kind}",) for kind in spec.ROOM_KINDS)


def grids(folder: Path | None) -> dict[str, Grid]:
    """All pictures that can be made here.

    Parameters
    ----------
    folder : of models in folders that are named after their class, for the picture of that source
    """
    kinds = indoor_kinds()
    found = {
        "indoor": Grid("indoor", kinds),
        "wild": Grid("wild", tuple((f"scene.setting={name}",) for name in ("room", "landscape", "sky"))),
    }
    libraries = sorted(SWEET_HOME.glob("*.sh3f"))
    if libraries:
        found["sweethome3d"] = Grid("indoor", kinds, (assets_of("sweethome3d", libraries),))
    if folder is not None:
        found["folder"] = Grid("indoor", kinds, (assets_of("folder", [folder]),))
    return found


def assets_of(kind: str, paths: list[Path]) -> str:
    """The setting that takes nine in ten things from some sources, of all classes that they have."""
    places = family_spec("indoor").asset_classes
    sources: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        categories = {record.category for record in open_source(kind, path).scan().records}
        for name in sorted(categories & {*places} - {ENVIRONMENT}):
            sources[name].append(path)
    shares = {
        name: [{kind: str(path.resolve()), "share": round(0.9 / len(each), 3)} for path in each]
        for name, each in sources.items()
    }
    return f"scene.assets={json.dumps(shares)}"


def jobs_of(grid: Grid, seed: int, more: tuple[str, ...]) -> Iterator[tuple[str, SceneJob]]:
    """What each tile shows, and its job."""
    for number in range(SIDE * SIDE):
        turn = grid.turns[number % len(grid.turns)]
        sets = [f"seed={seed}", f"scenes={SIDE * SIDE}", "views=1", *turn, *grid.same, *more]
        recipe = load_recipe(RECIPES / f"{grid.recipe}.yaml", sets)
        yield " ".join(turn), next(plan_recipe(recipe, only={"scene": number}))


def picture(tiles: list[tuple[str, SceneJob]], workers: int) -> np.ndarray:
    """(h, w, 3) uint8 of all tiles; one that cannot be rendered is grey.

    Parameters
    ----------
    workers : processes that render at a time
    """
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        shown = [np.pad(each, ((0, GAP_PX), (0, GAP_PX), (0, 0)), constant_values=255)
                 for each in pool.map(render_tile, *zip(*tiles))]  # fmt: skip
    rows = [np.hstack(shown[first : first + SIDE]) for first in range(0, len(shown), SIDE)]
    return np.vstack(rows)[:-GAP_PX, :-GAP_PX]


def render_tile(what: str, job: SceneJob) -> np.ndarray:
    """(h, w, 3) uint8 of the first view of a job."""
    start = time.perf_counter()
    width, height = job.views[0].camera["width"], job.views[0].camera["height"]
    try:
        pixels = next(_renderer().render(job)).bundle.channels["rgb"]
    except Exception as error:  # one defect must not cost the other fifteen
        print(f"{job.key} {what}: {error!r}", file=sys.stderr, flush=True)
        pixels = np.full((height, width, 3), 90, np.uint8)
    print(f"{job.key} {what}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    return pixels


@cache
def _renderer() -> Renderer:
    """The renderer of this process."""
    return make_renderer(BLENDER, device="auto", threads=CPUS_PER_WORKER)


def write_jpeg(path: Path, pixels: np.ndarray, most_bytes: int = MOST_BYTES) -> None:
    """Write the best JPEG of at most `most_bytes`."""
    for quality in range(92, 40, -4):
        buffer = io.BytesIO()
        imageio.imwrite(buffer, pixels, extension=".jpg", quality=quality)
        if buffer.tell() <= most_bytes:
            break
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    print(f"{path}: {buffer.tell() // 1000} kB, quality {quality}", file=sys.stderr)


def main() -> None:
    """Render the grids that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="which pictures; by default all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", default="320x240", help="of a tile in pixels")
    parser.add_argument("--samples", type=int, help="rays per pixel; by default those of the recipe")
    parser.add_argument("--workers", type=int, default=1, help="tiles that are rendered at a time")
    parser.add_argument(
        "--folder", type=Path, help="models in folders named after their class, for the picture 'folder'"
    )
    parser.add_argument("--out", type=Path, default=IMAGES)
    given = parser.parse_args()

    known = grids(given.folder)
    unknown = set(given.names) - set(known)
    if unknown:
        parser.error(f"unknown picture {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    width, height = given.size.split("x")
    sets = (f"cameras[0].width={width}", f"cameras[0].height={height}", "channels=[rgb]")
    sets += (f"render.samples={given.samples}",) if given.samples else ()
    for name in given.names or known:
        tiles = list(jobs_of(known[name], given.seed, sets))
        write_jpeg(given.out / f"scenes_{name}.jpg", picture(tiles, given.workers))


if __name__ == "__main__":
    main()
