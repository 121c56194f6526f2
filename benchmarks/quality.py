"""What CPU seconds of rendering buy: the presets, each of their choices, and BlenderProc's defaults.

Error is that of the 8-bit colour against 2,048 samples per pixel with all light paths, without denoising and
without clamping: PSNR, and the mean of FLIP (Andersson et al. 2020, "FLIP: A Difference Evaluator for
Alternating Images"). Both pictures have the exposure of the reference.

Asked: `standard` reaches the PSNR and the FLIP of BlenderProc's defaults in at most half of its time.

    python benchmarks/quality.py [--cache FOLDER] [--width 96] [--presets]

A reference takes minutes. It is kept in the cache, named by what a glance at the scene shows.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import bpy
import flip_evaluator
import numpy as np
from machine import write_result

from synthgen.blender import compat
from synthgen.blender.colour import set_up_colour
from synthgen.blender.denoise import take_denoised
from synthgen.blender.passes import render_passes, vector_pass
from synthgen.blender.worker import BlenderRenderer
from synthgen.exr import encode_exr, read_exr
from synthgen.frame.exposure import automatic_exposure, tone_map
from synthgen.plan.jobs import RenderJob
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import QUALITIES, Preset

RECIPES = Path(__file__).parents[1] / "recipes"
REFERENCE_SAMPLES = 2048
TONE_CURVE = "soft_shoulder"


@dataclass(frozen=True, slots=True)
class View:
    """A view of a scene that a recipe gives with some lines changed."""

    name: str
    recipe: str
    sets: tuple[str, ...]
    view: int = 0


def _room(kind: str, time: str, seed: int, view: int = 0) -> View:
    sets = f"seed={seed}", f"scene.room.kind={kind}", f"scene.light.time={time}"
    return View(f"{kind.replace('_', ' ')}, {time}", "indoor", sets, view)


VIEWS = (
    _room("living_room", "day", 1),
    _room("bedroom", "night", 2, 3),  # lit by its lamps
    _room("office", "dusk", 5),  # by both
    _room("dining_room", "day", 1),  # with a mirror
    View(
        "wild, glass and mirrors",
        "wild",
        ("seed=3", "scene.setting=room", "scene.things.transparent_share=0.2"),
    ),
    View("wild, low sun", "wild", ("seed=4", "scene.setting=landscape", "scene.light.time=low_sun"), 1),
)


@dataclass(frozen=True, slots=True)
class Point:
    """Settings to judge: those of a preset with some of Cycles' own changed.

    compositor : whether the picture is denoised in the compositor, with Blender's defaults
    """

    name: str
    preset: Preset
    changed: Mapping[str, Any] = field(default_factory=dict)
    compositor: bool = False


PLAIN = Preset(2, max_bounces=24, adaptive_threshold=0.0, clamp_indirect=0.0, denoise=False)
ALL_LIGHT = {
    "diffuse_bounces": 24,
    "glossy_bounces": 24,
    "caustics_reflective": True,
    "caustics_refractive": True,
}
"""The light paths that the colour render leaves out, too."""
GLANCE = Point("glance", PLAIN, ALL_LIGHT)
HALF_REFERENCE = Point("reference", replace(PLAIN, samples=REFERENCE_SAMPLES // 2), ALL_LIGHT)

BLENDERPROC = {
    "samples": 1024,
    "use_adaptive_sampling": True,
    "adaptive_threshold": 0.01,
    "max_bounces": 3,
    "diffuse_bounces": 3,
    "glossy_bounces": 0,
    "transmission_bounces": 0,
    "transparent_max_bounces": 8,
    "sample_clamp_indirect": 10.0,
    "caustics_reflective": True,
    "caustics_refractive": True,
    "use_light_tree": False,
    "debug_use_spatial_splits": True,
}
"""What BlenderProc 2.8 sets by itself (its DefaultConfig.py and Initializer.py), and Blender's own defaults
where ours differ. Its denoiser is the compositor's."""
BOUNCES = {"max_bounces": 16, "diffuse_bounces": 16, "glossy_bounces": 4, "transmission_bounces": 16}
"""For BlenderProc, which by itself shows mirrors, metal and glass black."""


PEER = Point("BlenderProc", PLAIN, BLENDERPROC, compositor=True)
FAST_DENOISER = {"denoising_prefilter": "FAST", "denoising_quality": "BALANCED"}


def points() -> Iterator[Point]:
    """The presets, BlenderProc, and `standard` with each of its choices made otherwise."""
    standard = QUALITIES["standard"]
    for name in ("draft", "standard", "high"):
        yield Point(name, QUALITIES[name])
    yield PEER
    yield replace(PEER, name="BlenderProc, our bounces", changed=BLENDERPROC | BOUNCES)
    for samples in (16, 24, 64):
        yield Point(f"standard, {samples} samples", replace(standard, samples=samples))
    adaptive = replace(standard, samples=64, adaptive_threshold=0.03)
    yield Point("standard, 64 samples to a noise of 0.03", adaptive)
    yield Point("standard, 8 bounces", replace(standard, max_bounces=8))
    yield Point("standard, indirect light to 10", replace(standard, clamp_indirect=10.0))
    yield Point("standard, no light tree", standard, {"use_light_tree": False})
    yield Point("standard, quick denoiser", standard, FAST_DENOISER)
    yield Point("standard, no denoiser", replace(standard, denoise=False))


class Studio:
    """One of the views, built and ready to be rendered with any settings.

    Parameters
    ----------
    view : which
    width : of the picture, in pixels; its height is three quarters of that
    """

    def __init__(self, view: View, width: int) -> None:
        size = (f"cameras.0.width={width}", f"cameras.0.height={width * 3 // 4}")
        recipe = load_recipe(
            RECIPES / f"{view.recipe}.yaml", [*view.sets, *size, "scenes=1", "render.samples=1"]
        )
        job = next(plan_recipe(recipe)).model_copy(update={"only_views": (view.view,)})
        self.view, self._renderer = view, BlenderRenderer("cpu")
        self._scratch = tempfile.TemporaryDirectory()
        # Blender's scene stays as the view left it, with the camera in its place.
        next(self._renderer.render(job))
        self._scene = bpy.context.scene

    def render(self, point: Point, seed: int = 1) -> tuple[np.ndarray, float]:
        """(h, w, 3) linear light, and the CPU seconds of all threads that it took."""
        scene = self._scene
        job = RenderJob(**asdict(point.preset), exposure_ev=0.0, tone_curve=TONE_CURVE)
        set_up_colour(scene, job, seed)
        before = {name: getattr(scene.cycles, name) for name in point.changed}
        _change(scene.cycles, point.changed)
        if point.compositor:
            _denoise_in_compositor(scene)
        started = time.process_time()
        channels = render_passes(scene, self._scratch.name, point.name)
        seconds = time.process_time() - started
        _change(scene.cycles, before)
        layer = scene.view_layers[0]
        scene.render.use_compositing = layer.use_pass_normal = layer.use_pass_diffuse_color = False
        return take_denoised(channels) if point.compositor else vector_pass(channels, "Combined"), seconds

    def reference(self, cache: Path) -> tuple[np.ndarray, float]:
        """The reference, from the cache or rendered, and the mean squared error that its own noise makes.

        It is the mean of two halves that differ in noise alone, which tells how much there is.
        """
        key = hashlib.sha256(self.render(GLANCE)[0].tobytes()).hexdigest()[:16]
        halves = []
        for seed in (101, 102):
            path = cache / f"{self.view.name.replace(', ', '-').replace(' ', '_')}-{key}-{seed}.exr"
            if not path.exists():
                light, seconds = self.render(HALF_REFERENCE, seed)
                print(f"{path.name}: {seconds:.0f} CPU s", file=sys.stderr)
                path.write_bytes(encode_exr(dict(zip("RGB", np.moveaxis(light, -1, 0)))))
            channels = read_exr(path)
            halves.append(np.stack([channels[name] for name in "RGB"], axis=-1))
        linear = (halves[0] + halves[1]) / 2
        scale = automatic_exposure(linear)
        one, other = (picture(half, scale) for half in halves)
        return linear, float(np.square(one - other).mean()) / 4


def _change(cycles: bpy.types.bpy_struct, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(cycles, name, value)


def _denoise_in_compositor(scene: bpy.types.Scene) -> None:
    layer = scene.view_layers[0]
    layer.use_pass_normal = layer.use_pass_diffuse_color = True
    tree, result = compat.compositor(scene)
    passes, denoise = tree.nodes.new("CompositorNodeRLayers"), tree.nodes.new("CompositorNodeDenoise")
    passes.scene, passes.layer = scene, layer.name
    guides = {"Image": "Image", "Albedo": compat.DIFFUSE_PASSES[0], "Normal": "Normal"}
    for name, source in guides.items():
        tree.links.new(passes.outputs[source], denoise.inputs[name])
    tree.links.new(denoise.outputs["Image"], result)
    scene.render.use_compositing = True


def picture(linear: np.ndarray, scale: float) -> np.ndarray:
    """(h, w, 3) float32 sRGB between 0 and 1: the 8-bit colour of a frame."""
    return tone_map(linear, scale, TONE_CURVE).astype(np.float32) / 255


def judge(view: View, width: int, cache: Path, chosen: Iterable[Point]) -> Iterator[dict[str, Any]]:
    """Error and CPU seconds of each point in a view."""
    studio = Studio(view, width)
    linear, noise = studio.reference(cache)
    scale = automatic_exposure(linear)
    wanted = picture(linear, scale)
    for point in chosen:
        light, seconds = studio.render(point)
        found = picture(light, scale)
        row = {
            "view": view.name,
            "point": point.name,
            "cpu_s": round(seconds, 2),
            "psnr_db": round(_psnr(float(np.square(found - wanted).mean())), 2),
            "flip": round(float(flip_evaluator.evaluate(wanted, found, "LDR")[1]), 4),
            "reference_psnr_db": round(_psnr(noise), 2),
        }
        print(row, file=sys.stderr)
        yield row


def _psnr(squared_error: float) -> float:
    return -10 * float(np.log10(squared_error))


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each point over all views: the sum of its CPU seconds, the means of its errors."""
    points = dict.fromkeys(row["point"] for row in rows)
    return [
        {
            "point": point,
            "cpu_s": round(sum(row["cpu_s"] for row in rows if row["point"] == point), 1),
            "psnr_db": round(statistics.fmean(row["psnr_db"] for row in rows if row["point"] == point), 2),
            "flip": round(statistics.fmean(row["flip"] for row in rows if row["point"] == point), 4),
        }
        for point in points
    ]


def report(rows: list[dict[str, Any]], width: int) -> None:
    """Write the result: figures as JSON, and the table of all points."""
    overall = summary(rows)
    of = {row["point"]: row for row in overall}
    standard, peer = of["standard"], of[PEER.name]
    write_result(
        "quality",
        {
            "what": f"colour renders of {width} x {width * 3 // 4} pixels on the CPU; CPU seconds of all "
            "threads are sums over the views; errors of the 8-bit colour against "
            f"{REFERENCE_SAMPLES} samples are means",
            "points": overall,
            "views": rows,
            "standard_by_blenderproc": round(standard["cpu_s"] / peer["cpu_s"], 3),
            "standard_by_blenderproc_asked": 0.5,
            "psnr_above_blenderproc_db": round(standard["psnr_db"] - peer["psnr_db"], 2),
            "flip_below_blenderproc": round(peer["flip"] - standard["flip"], 4),
        },
    )


def main() -> None:
    """Judge all points in all views and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "synthgen-quality")
    parser.add_argument("--width", type=int, default=96, help="of the pictures, in pixels")
    parser.add_argument("--presets", action="store_true", help="only these and BlenderProc, not each choice")
    given = parser.parse_args()
    given.cache.mkdir(parents=True, exist_ok=True)
    chosen = [each for each in points() if not given.presets or each.name in (*QUALITIES, PEER.name)]
    rows = [row for view in VIEWS for row in judge(view, given.width, given.cache, chosen)]
    report(rows, given.width)


if __name__ == "__main__":
    main()
