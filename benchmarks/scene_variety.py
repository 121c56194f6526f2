"""How different the scenes of a family are, whether their truth holds, and what they take: 50 scenes of each.

Asked: no two alike; every kind of thing and every material used at least once; every view passes the checks
of its frame and `verify`; building at most 4 s median (indoor) and 0.5 s (wild); peak memory at most 3 GB.
Two scenes are alike when what their builder drew is the same, or when their pictures, 16 x 12 grey pixels
with the mean taken out, differ by less than 2 % of white. Renders are tiny: what counts is the scenes.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from itertools import combinations
from pathlib import Path

import numpy as np
from machine import RESULTS, write_result

from synthgen.frame.store import read_frame
from synthgen.inspect.survey import frame_numbers
from synthgen.inspect.verify import verify_dataset
from synthgen.recipe.families import family_spec
from synthgen.recipe.load import load_recipe
from synthgen.run.options import RunOptions
from synthgen.run.run import run_recipe
from synthgen.seeding import content_hash
from synthgen.storage import open_storage

SCENES, VIEWS = 50, 2
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "indoor": ("scene.room.kind={choice: {kinds}}",),
    "wild": (),
}
"""What each family's recipe is set to."""
BUILD_ASKED_S = {"indoor": 4.0, "wild": 0.5}
ALIKE = 0.02


def known_kinds(family: str) -> set[str]:
    """The kinds of thing that a family's catalogue has."""
    package = family_spec(family).__module__.rpartition(".")[0]
    if family == "indoor":
        return set(import_module(f"{package}.layout.catalogue").CATALOGUE)
    return set(import_module(f"{package}.things").KINDS)


def known_materials(family: str) -> set[str]:
    """The materials that a family's table has."""
    package = family_spec(family).__module__.rpartition(".")[0]
    if family == "indoor":
        return set(import_module(f"{package}.look.roles").ROLES)
    return set(import_module(f"{package}.look.substances").SUBSTANCES)


def kinds_in(built: object) -> Iterable[str]:
    """The kinds of thing that a builder says it made."""
    if isinstance(built, Mapping):
        if isinstance(built.get("kind"), str):
            yield built["kind"]
        for value in built.values():
            yield from kinds_in(value)
    elif isinstance(built, list):
        for value in built:
            yield from kinds_in(value)


def thumbnail(rgb: np.ndarray) -> np.ndarray:
    """(12, 16) grey in [0, 1] of a (48, 64, 3) picture, without its mean."""
    grey = rgb.astype(np.float64).mean(axis=-1).reshape(12, 4, 16, 4).mean(axis=(1, 3)) / 255
    return grey - grey.mean()


def least_difference(pictures: list[np.ndarray]) -> float:
    """The root mean square difference of the two that are most alike."""
    return min(float(np.sqrt(((a - b) ** 2).mean())) for a, b in combinations(pictures, 2))


def measure(family: str, folder: Path) -> dict[str, object]:
    """Render the scenes of a family and look them over."""
    spec = import_module(family_spec(family).__module__)
    kinds = ", ".join(getattr(spec, "ROOM_KINDS", ()))
    sets = [text.replace("{kinds}", f"[{kinds}]") for text in FAMILIES[family]]
    sets += [
        f"scenes={SCENES}", f"views={VIEWS}", "cameras[0].width=64", "cameras[0].height=48",
        "render={samples: 4, denoise: false, device: cpu}",
        "channels=[rgb, depth, normal, instance, semantic, material]",
    ]  # fmt: skip
    storage = open_storage(folder)
    options = RunOptions(executor="inline", quiet=True)
    done = run_recipe(load_recipe(family, sets), storage, options, renderer="scene_variety:timed_renderer")
    builds = list(build_seconds(folder / "events.jsonl"))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    layouts: dict[int, str] = {}
    pictures: list[np.ndarray] = []
    used: set[str] = set()
    seen: set[str] = set()
    for scene, view in frame_numbers(storage):
        if scene not in layouts:
            frame = read_frame(storage, scene, view, ["rgb"])
            built = frame["meta"]["sampled"]["built"]
            layouts[scene] = content_hash(built)
            pictures.append(thumbnail(frame["rgb"]))
            used.update(kinds_in(built))
            seen.update(row["name"].split(":")[0] for row in frame["meta"]["materials"])
    kinds, materials = known_kinds(family), known_materials(family)
    report = verify_dataset(storage)
    return {
        "scenes": len(layouts),
        "views_asked_for": done.frames,
        "views_that_passed": report.frames,
        "views_that_did_not": dict(done.reasons),
        "verify_problems": [str(problem) for problem in report.problems[:5]],
        "equal_layouts": len(layouts) - len(set(layouts.values())),
        "least_difference_of_pictures": round(least_difference(pictures), 4),
        "alike_below": ALIKE,
        "kinds": len(kinds),
        "kinds_never_used": sorted(kinds - used),
        "materials": len(materials),
        "materials_never_used": sorted(materials - seen),
        "build_median_cpu_s": round(statistics.median(builds), 2),
        "build_asked_s": BUILD_ASKED_S[family],
        "peak_mb": round(peak_mb),
        "peak_asked_mb": 3000,
    }


def timed_renderer(**options: object) -> object:
    """The renderer of every run, its clock CPU seconds, which other work on the machine leaves alone."""
    from synthgen.blender.worker import BlenderRenderer

    return BlenderRenderer(**options, now=time.process_time)


def build_seconds(journal: Path) -> Iterator[float]:
    """What each scene took to build, from the events of a run."""
    for line in journal.read_text(encoding="utf-8").splitlines():
        seconds = json.loads(line).get("seconds")
        if isinstance(seconds, dict) and seconds.get("build"):
            yield seconds["build"]


def main() -> None:
    """Measure the families that are named, or all, each in a process of its own, with its own peak of memory.

    Figures of the others stay as they were measured before.
    """
    if sys.argv[1:2] == ["--family"]:
        with tempfile.TemporaryDirectory() as scratch:
            print(json.dumps(measure(sys.argv[2], Path(scratch, "dataset"))))
        return
    written = RESULTS / "scene_variety.json"
    before = json.loads(written.read_text(encoding="utf-8")) if written.is_file() else {}
    figures = {family: before[family] for family in FAMILIES if family in before}
    for family in sys.argv[1:] or FAMILIES:
        command = [sys.executable, __file__, "--family", family]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        figures[family] = json.loads(said.splitlines()[-1])
    write_result("scene_variety", {"what": f"{SCENES} scenes, {VIEWS} views of 64x48 each", **figures})


if __name__ == "__main__":
    main()
