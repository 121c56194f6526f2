"""What a plan amounts to: counts, and estimates of room and time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from synthgen.plan.split import split_sequence
from synthgen.recipe.distributions import Distribution
from synthgen.recipe.model import Recipe

# Core-seconds on a server CPU, fitted to benchmarks/results/frame_time.json (recipes/indoor.yaml): the colour
# per million pixels and sample, the rest per million pixels, the building per scene.
COLOUR_S = 7.0
DENOISE_S = 19.0
TRUTH_S = 1.6
WRITING_S = 0.4
BUILDING_S = 1.2
# Bytes per pixel of the same 16 frames.
RGB_BYTES = 1.6
TRUTH_BYTES = 4.1
SHARD_BYTES = {"webdataset": 1.8, "parquet": 1.8}
LOSSLESS_BYTES = 3.0


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """Counts of a plan, and estimates: right to a factor of two, no better."""

    scenes: int
    views_per_scene: int
    frames: int
    splits: dict[str, int]
    """Scenes of each split, in the order train, val, test."""
    estimated_bytes: int
    """Frames and shards together."""
    estimated_core_seconds: float
    """CPU time; divide by the number of cores."""

    def estimated_seconds(self, cores: int) -> float:
        """Wall time on `cores` CPU cores."""
        return self.estimated_core_seconds / cores


def plan_summary(recipe: Recipe, *, limit: int | None = None) -> PlanSummary:
    """Count the plan of a recipe, or of its first `limit` scenes, without making it."""
    scenes = recipe.scenes if limit is None else min(limit, recipe.scenes)
    views = recipe.views_per_scene
    shares = recipe.split.model_dump()
    counts = Counter(islice(split_sequence(shares), scenes))
    megapixels = [
        _typical(camera.width) * _typical(camera.height) / 1e6 * camera.frames * len(camera.eyes)
        for camera in recipe.cameras
    ]
    preset = recipe.render.preset
    samples = _typical(preset.samples if recipe.render.samples is None else recipe.render.samples)
    denoise = preset.denoise if recipe.render.denoise is None else recipe.render.denoise
    per_megapixel_s = TRUTH_S + WRITING_S
    if "rgb" in recipe.channels:
        per_megapixel_s += COLOUR_S * samples + DENOISE_S * denoise
    per_pixel = RGB_BYTES + TRUTH_BYTES + sum(SHARD_BYTES[name] for name in recipe.pack.formats)
    per_pixel += LOSSLESS_BYTES * len(recipe.pack.formats) * recipe.pack.lossless_depth
    pixels = sum(megapixels) * recipe.views * scenes
    return PlanSummary(
        scenes=scenes,
        views_per_scene=views,
        frames=scenes * views,
        splits={name: counts[name] for name in shares if counts[name]},
        estimated_bytes=round(pixels * 1e6 * per_pixel),
        estimated_core_seconds=pixels * per_megapixel_s + scenes * BUILDING_S,
    )


def _typical(value: float | Distribution) -> float:
    return float(value.at(0.5)) if isinstance(value, Distribution) else float(value)
