"""`kinect_v1`: structured light, as in the first Kinect and other PrimeSense devices.

A projector to the right of an infrared camera throws a fixed pattern of dots; windows of 9 x 9 pixels find
how far it is displaced, in eighths of a pixel. Depth is f b / disparity. All noise is made there, in the
disparity: it is what gives real frames their steps of 2.9 mm at 1 m and 26 mm at 3 m.

Not modelled: sunlight, several devices at once, motion during an exposure, temperature.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import pixel_centres
from synthgen.sensors.filters import random_field, uniform_of
from synthgen.sensors.observation import Observation, Reason, first_reason, observed
from synthgen.sensors.see_through import seen_through
from synthgen.sensors.sensor import Sensor
from synthgen.sensors.surface import SeenSurface, seen_surface
from synthgen.sensors.triangulation import hidden_from_right, spread, window_agreement

FOCAL_PX = 585.0
"""Of the infrared camera at 640 x 480, as the 7-Scenes data set states it."""
FOCAL_BASELINE = 43.0
"""f b in px m: the median step between depths in 9 raw frames of 7-Scenes is 2.905e-3 z^2 = z^2 / (8 f b).
Khoshelham and Elberink (2012, Sensors 12(2)) give 1 / (f b) = 2.85e-5 per cm, 2 % off."""
STEPS_PER_PX = 8
"""Disparity is a whole number of eighths of a pixel (OpenKinect's and Khoshelham's raw units)."""
NOISE_STEPS = 0.48
"""Standard deviation of the disparity in steps before rounding."""
NOISE_GRAIN_PX = 2.0
"""Neighbours share dots of the pattern, so noise is correlated: the autocorrelation of plane residuals in the
same frames is 0.60, 0.44, 0.29, 0.17 at 1 to 4 px along rows, about the same along columns."""
DISTORTION = 0.006
"""Smooth relative error of depth in the corners at 4 m, growing with depth and the squared distance from
the middle: the order of size of the tables of Choi, Zhou and Koltun (2015, CVPR)."""
WINDOW_RADIUS_PX = 4
AGREEMENT = 2 / 3
"""Least share of a window on one surface, within 1 px of disparity, and lit by the projector."""
SPREAD_PX = 4.0
"""How far a disparity spreads into pixels without one: shadows of the same frames are 5 px narrower than
geometry says, 27 px for 25 to 40 px, none up to 6 px."""
SIGNAL_HALF = 0.02
"""Signal at which half of the pixels are found; 1 is a reflectance of 0.5 at 1 m, seen straight on."""
SIGNAL_SPREAD = 0.25
"""Spread of that limit, decades."""
GRAZING_DEG, GRAZING_SPREAD = 76.0, 0.08
"""Where dots are drawn out so long that half are lost, and the spread of it in decades of the cosine."""
DROPOUT_GRAIN_PX = 3.0
BLIND_COLUMNS = 8
"""The last columns of 640 never have a depth in raw frames (7-Scenes, TUM RGB-D)."""


class KinectV1(Sensor):
    """Structured light of the first Kinect."""

    needs: ClassVar[tuple[str, ...]] = ("depth",)
    wants: ClassVar[tuple[str, ...]] = (
        "normal", "albedo", "instance", "material", "depth_layers", "instance_layers",
    )  # fmt: skip

    kind: Literal["kinect_v1"] = "kinect_v1"
    near_m: Annotated[float, Field(ge=0.3, le=2.0)] = Field(default=0.8, description="Least depth, metres.")
    far_m: Annotated[float, Field(ge=1.0, le=20.0)] = Field(
        default=4.0, description="Greatest depth, metres."
    )
    noise: Annotated[float, Field(ge=0, le=10)] = Field(
        default=1.0, description="Factor on the noise of the disparity."
    )
    distortion: Annotated[float, Field(ge=0, le=10)] = Field(
        default=1.0, description="Factor on the smooth error that calibration leaves."
    )

    def _observe(self, bundle: FrameBundle, rng: np.random.Generator) -> Observation:
        surface = seen_surface(bundle)
        scale = surface.camera.fx / FOCAL_PX
        glass = seen_through(surface, rng, scale)
        depth = glass.depth
        hit = np.isfinite(depth)
        disparity = FOCAL_BASELINE / np.where(hit, depth, np.inf)
        # The projector's shadow is cast by what is really there, glass or not.
        shadow = hidden_from_right(surface.depth, FOCAL_BASELINE / surface.depth * np.float32(scale))
        lost, saturated = self._signal(surface, rng, scale)
        lit = hit & ~shadow & ~glass.lost & ~lost & ~saturated
        radius = max(1, round(WINDOW_RADIUS_PX * scale))
        agreement = window_agreement(np.where(lit, disparity, np.nan), radius, 1.0)
        matched = lit & (agreement >= AGREEMENT)
        found, known = spread(disparity, matched, SPREAD_PX * scale)
        known &= ~(glass.lost | lost | saturated) | matched
        steps = np.round(self._distorted(found, surface, rng, scale) * STEPS_PER_PX)
        measured = FOCAL_BASELINE * STEPS_PER_PX / np.maximum(steps, 1)
        measured = np.round(measured * 1000) / 1000
        blind = np.arange(depth.shape[1]) >= depth.shape[1] - round(BLIND_COLUMNS * depth.shape[1] / 640)
        reason = first_reason(
            depth.shape,
            {
                Reason.BORDER: np.broadcast_to(blind, depth.shape),
                Reason.RANGE: (~hit & ~known)
                | (known & ((measured < self.near_m) | (measured > self.far_m)))
                | (~known & ((depth < self.near_m) | (depth > self.far_m))),
                Reason.TRANSPARENT: ~known & glass.lost,
                Reason.SATURATED: ~known & saturated,
                Reason.SHADOW: ~known & shadow,
                Reason.LOW_SIGNAL: ~known & lost,
                Reason.MIXED: ~known,
            },
        )
        return observed(measured, reason, assumed=surface.assumed)

    def _signal(
        self, surface: SeenSurface, rng: np.random.Generator, scale: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """(h, w) masks of the pixels that get too little light, and of those that get too much."""
        shape, cosine = surface.depth.shape, np.maximum(surface.cosine, 1e-3)
        with np.errstate(divide="ignore"):
            signal = np.log10(
                np.maximum(2 * surface.scattered * cosine / surface.depth**2, 1e-9) / SIGNAL_HALF
            )
        grazing = np.log10(cosine / np.cos(np.radians(GRAZING_DEG))) / GRAZING_SPREAD
        luck = uniform_of(random_field(rng, shape, DROPOUT_GRAIN_PX * scale))
        found = uniform_of(signal.astype(np.float32) / SIGNAL_SPREAD) * uniform_of(grazing.astype(np.float32))
        saturated = surface.highlight
        return surface.hit & (luck > found) & ~saturated, saturated

    def _distorted(
        self, disparity: np.ndarray, surface: SeenSurface, rng: np.random.Generator, scale: float
    ) -> np.ndarray:
        """Disparity with the smooth error of the device, and noise."""
        height, width = disparity.shape
        middle = np.array([width, height]) / 2
        away = ((pixel_centres(width, height) - middle) / np.linalg.norm(middle)) ** 2
        radial = away.sum(axis=-1).astype(np.float32)
        # Relative errors of depth and of disparity are the same but for the sign.
        sign = -1.0 if rng.random() < 0.5 else 1.0
        with np.errstate(divide="ignore"):
            farness = np.minimum(FOCAL_BASELINE / np.maximum(disparity, 1e-6), 8.0) / 4.0
        bent = disparity * (1 + sign * self.distortion * DISTORTION * radial * farness)
        noise = random_field(rng, disparity.shape, NOISE_GRAIN_PX * scale)
        return bent + self.noise * NOISE_STEPS / STEPS_PER_PX * noise
