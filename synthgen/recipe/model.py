"""The recipe: everything that a user writes down, checked and frozen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from synthgen.frame.channels import CHANNELS, DEFAULT_CHANNELS
from synthgen.frame.exposure import TONE_CURVES
from synthgen.frame.white_balance import KELVIN_RANGE
from synthgen.recipe.cameras import (
    CAMERAS,
    PerspectiveSpec,
    check_from_file,
    check_planar,
    check_samples,
    check_shots,
)
from synthgen.recipe.families import SceneSpec, family_spec, known_families
from synthgen.recipe.fields import FixedName, Name, Names, Number, Section, Whole
from synthgen.recipe.kinds import OneOfKind
from synthgen.recipe.truth import TruthSpec

DEVICES = ("auto", "cpu", "cuda", "optix", "hip", "metal", "oneapi")
FORMATS = ("webdataset", "parquet")
DEPTH_CODECS = ("png16_mm", "npy_f32", "exr_float")
RGB_CODECS = ("png", "jpeg")


@dataclass(frozen=True, slots=True)
class Preset:
    """Render settings that a `quality` stands for."""

    samples: int
    max_bounces: int
    adaptive_threshold: float
    clamp_indirect: float
    denoise: bool


# Chosen by benchmarks/quality.py. Samples are powers of two, which Cycles spreads more evenly. Few of them
# do not stop early: with a denoiser, that loses more than the seconds it saves are worth. Late bounces cost
# nearly nothing, and white rooms by lamplight are too dark without them; so they are with a clamp, which
# knows nothing of a scene's exposure. The denoiser removes fireflies.
QUALITIES = MappingProxyType(
    {
        "draft": Preset(8, 16, 0.0, 0.0, True),
        "standard": Preset(32, 16, 0.0, 0.0, True),
        "high": Preset(256, 16, 0.01, 0.0, True),
        # Nothing that trades truth for speed: no early stop, no clamping, no denoiser.
        "reference": Preset(2048, 24, 0.0, 0.0, False),
    }
)

Count = Annotated[int, Field(strict=True, ge=1)]
Fraction = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]


class Split(Section):
    """Shares of the scenes, by scene: two views of one scene never land in different splits."""

    train: Fraction = Field(default=0.0, description="Share of scenes for training.")
    val: Fraction = Field(default=0.0, description="Share of scenes for validation.")
    test: Fraction = Field(default=0.0, description="Share of scenes for testing.")

    @model_validator(mode="after")
    def _whole(self) -> Split:
        total = math.fsum((self.train, self.val, self.test))
        if abs(total - 1) > 1e-6:
            text = f"expected shares that add up to 1 (got {total:g})"
            raise PydanticCustomError("recipe", "{text}", {"text": text})
        return self


SENSORS: MappingProxyType[str, type[Section]] = MappingProxyType({})
"""Sensor kinds. There are none yet."""


class RenderSpec(Section):
    """How the colour is rendered. The truth channels are exact at every setting."""

    quality: FixedName(
        "Preset for the settings below that are not given: draft, standard, high, reference.",
        "standard",
        names=tuple(QUALITIES),
    )
    samples: Whole("Samples per pixel; by default from quality.", None, ge=1, le=1_000_000)
    max_bounces: Whole("Light bounces; by default from quality.", None, ge=0, le=1024)
    adaptive_threshold: Number(
        "Noise level at which a pixel is done, 0 to take all samples; by default from quality.",
        None,
        ge=0,
        le=1,
    )
    clamp_indirect: Number(
        "Greatest brightness of indirect light, against fireflies, 0 for none; by default from quality.",
        None,
        ge=0,
    )
    denoise: bool | None = Field(
        default=None, strict=True, description="Whether to denoise the colour; by default from quality."
    )
    device: FixedName(
        "What renders: auto takes the fastest there is. Not part of what is made.", "auto", names=DEVICES
    )
    exposure_ev: Number("Stops added to the automatic exposure.", 0.0, unit="stops", ge=-10, le=10)
    white_balance_kelvin: Number(
        "Colour temperature of the light that looks white, 6504 for the colours as rendered; by default "
        "chosen for each shot as by a camera, which leaves some of the light's colour.",
        None,
        unit="kelvin",
        ge=KELVIN_RANGE[0],
        le=KELVIN_RANGE[1],
    )
    tone_curve: Name(
        "soft_shoulder rolls highlights off, srgb cuts them at white.", "soft_shoulder", names=TONE_CURVES
    )

    @property
    def preset(self) -> Preset:
        """The settings that `quality` stands for."""
        return QUALITIES[self.quality]


class PackSpec(Section):
    """How frames become shards. May be changed without rendering again."""

    formats: Names("Shard formats to write.", FORMATS, what="format", names=FORMATS)
    depth: FixedName(
        "Depth in shards: png16_mm (16-bit PNG, millimetres, to 65.5 m), or exact: npy_f32 or exr_float.",
        "png16_mm",
        names=DEPTH_CODECS,
    )
    lossless_depth: bool = Field(
        default=False, strict=True, description="Whether to add exact float32 depth beside png16_mm."
    )
    rgb: FixedName("Colour in shards: png (exact) or jpeg (smaller).", "png", names=RGB_CODECS)
    jpeg_quality: int = Field(default=95, strict=True, ge=1, le=100, description="Quality of rgb: jpeg.")
    shard_frames: Count = Field(default=1000, description="Most frames in one shard.")
    shard_mb: Count = Field(default=512, description="Most megabytes in one shard.")


def _folder_name(name: str) -> str:
    if name.endswith("."):
        raise PydanticCustomError("recipe", "{text}", {"text": "a name must not end with a dot"})
    return name


class Recipe(Section):
    """What to make: `synthgen render <recipe>` turns it into a dataset.

    A number or a name inside of `scene`, `cameras` and `render` may be a distribution, `{uniform: [a, b]}`,
    `{log_uniform: [a, b]}`, `{normal: {mean, std, min, max}}` or `{choice: [...]}`: then it is drawn anew for
    every scene, or for every view if it belongs to a camera.
    """

    name: Annotated[
        str,
        StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
        AfterValidator(_folder_name),
    ] = Field(description="Name of the dataset, also of its folder: letters, digits, dot, dash, underscore.")
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**63)] = Field(
        default=0, description="Root of all randomness: the same seed gives the same dataset."
    )
    scenes: Annotated[int, Field(strict=True, ge=1, le=999_999_999)] = Field(
        default=1, description="Number of scenes."
    )
    views: Annotated[int, Field(strict=True, ge=1, le=100_000)] = Field(
        default=1, description="Views per scene and camera; of a moving camera, shots."
    )
    split: Split = Field(
        default=Split(train=0.8, val=0.1, test=0.1), description="Shares of train, val and test, by scene."
    )
    scene: Annotated[SceneSpec, OneOfKind("scene", known_families, family_spec)] = Field(
        description="What is in front of the camera: a scene family and its parameters."
    )
    cameras: tuple[
        Annotated[Section, OneOfKind("camera", lambda: sorted(CAMERAS), CAMERAS.__getitem__)], ...
    ] = Field(default=(PerspectiveSpec(),), min_length=1, description="Cameras; each takes `views` views.")
    render: RenderSpec = Field(default=RenderSpec(), description="How the colour is rendered.")
    channels: Names("What every frame holds.", DEFAULT_CHANNELS, what="channel", names=tuple(CHANNELS))
    truth: TruthSpec = Field(default=TruthSpec(), description="How the truth channels are made.")
    sensors: tuple[
        Annotated[Section, OneOfKind("sensor", lambda: sorted(SENSORS), SENSORS.__getitem__, short=True)], ...
    ] = Field(default=(), description="Simulated sensors that observe every frame. There are none yet.")
    pack: PackSpec = Field(default=PackSpec(), description="How frames become shards.")

    @model_validator(mode="after")
    def _cameras_give_channels(self) -> Recipe:
        check_planar(self.cameras, self.channels)
        check_shots(self.cameras, self.channels)
        check_from_file(self.cameras, self.views, self.scene)
        check_samples(self.cameras, self.channels, self.truth.subpixel)
        return self

    @property
    def views_per_scene(self) -> int:
        """Views of one scene: over cameras, shots, frames and eyes."""
        return self.views * sum(camera.frames * len(camera.eyes) for camera in self.cameras)


def recipe_json(recipe: Recipe) -> dict[str, Any]:
    """The whole recipe with all defaults, as plain JSON values; `Recipe.model_validate` reads it back."""
    return recipe.model_dump(mode="json")
