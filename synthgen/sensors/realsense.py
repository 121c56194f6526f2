"""`realsense_d415`, `realsense_d435`, `realsense_d455`: active stereo with a projector of dots.

Two infrared imagers find each other's pixels by the scene's texture and that of the dots; depth is f b over
the disparity. In the mode `fast` the disparity is that of the frame, with the holes and the noise that
matching leaves; in the mode `matching` a pair of infrared pictures is made and matched.

Not modelled: sunlight other than by `ambient`, several devices at once, motion during an exposure, errors of
calibration, the filters of the vendor's software.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import Camera
from synthgen.sensors.active_stereo import (
    MEAN_DN,
    PATTERN_WIDTH_PX,
    PROJECTOR,
    Lit,
    exposed,
    infrared_pair,
    lit_surfaces,
)
from synthgen.sensors.filters import opencv, random_field, uniform_of
from synthgen.sensors.matching import BLOCK_PX, beside, matched_disparity, too_small
from synthgen.sensors.observation import Observation, Reason, first_reason, observed
from synthgen.sensors.see_through import SeenThrough, seen_through
from synthgen.sensors.sensor import Sensor
from synthgen.sensors.surface import SeenSurface, seen_surface
from synthgen.sensors.triangulation import hidden_from_right

MOST_DISPARITY_PX = 126
"""The largest disparity that the device finds, which sets the least depth (data sheet of the D400 series)."""
NOISE_PX = 0.07
"""Standard deviation of the disparity. Intel's tuning guide: RMS = z^2 * subpixel / (f b), with a subpixel of
0.08 for good targets, 0.032 at best (Grunnet-Jepsen, librealsense issue 3904)."""
NOISE_GRAIN_PX = 2.5
"""Neighbours share most of their block, so noise is correlated."""
STEPS_PER_PX = 32
"""Fractions of a pixel that the device resolves. Not documented; well below its noise."""
DEPTH_UNIT_M = 0.001
FATTENED_PX = (1.0, 3.0)
"""How far near surfaces grow over what is behind them: up to half of the block, in patches."""
PATCH_PX = 4.0
SIGNAL_HALF, SIGNAL_SPREAD = 0.25, 0.15
"""Signal-to-noise ratio at which half of the pixels find a match, and the spread of it in decades: where
matching the pictures of `active_stereo` fails on walls without texture."""
LEAST_DN = 2.0
"""Mean of a block in the picture, of 255, below which there is nothing but noise to match."""
UNIQUENESS = 10
"""Per cent; 5 to 15 make little difference on a real pair."""

Resolution = Literal["1280x720", "848x480", "640x360", "480x270", "424x240"]
"""Of the depth streams of 16 : 9 (data sheet)."""


@dataclass(frozen=True, slots=True)
class Imagers:
    """Two infrared imagers: their distance, and the horizontal field of view of depth (data sheet)."""

    baseline_m: float
    fov_deg: float

    def focal_px(self, width: int) -> float:
        """At a resolution of `width` columns."""
        return 0.5 * width / math.tan(math.radians(self.fov_deg) / 2)


class RealSense(Sensor):
    """What the cameras of the D400 series have in common."""

    imagers: ClassVar[Imagers]
    needs: ClassVar[tuple[str, ...]] = ("depth",)
    wants: ClassVar[tuple[str, ...]] = (
        "normal", "albedo", "instance", "material", "depth_layers", "instance_layers",
    )  # fmt: skip

    mode: Literal["fast", "matching"] = Field(
        default="fast", description="Noise on the frame's disparity, or matching of an infrared pair."
    )
    resolution: Resolution = Field(
        default="848x480", description="Of the device: its noise is a share of its own pixels."
    )
    near_m: Annotated[float, Field(ge=0.0, le=5.0)] = Field(
        default=0.0, description="Least depth, metres; the largest disparity sets one too."
    )
    far_m: Annotated[float, Field(ge=0.5, le=65.0)] = Field(
        default=10.0, description="Greatest depth, metres."
    )
    ambient: Annotated[float, Field(ge=0, le=100)] = Field(
        default=1.0, description="Infrared light of the room: 0 dark, 1 lit by lamps, 30 sun through windows."
    )
    noise: Annotated[float, Field(ge=0, le=10)] = Field(
        default=1.0, description="Factor on the noise of the disparity, in the mode fast."
    )
    device: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Which camera of its kind: its pattern of dots."
    )

    @property
    def focal_px(self) -> float:
        """Of the device at its resolution."""
        return self.imagers.focal_px(int(self.resolution.split("x")[0]))

    def problem(self, camera: Camera) -> str | None:
        """Why the device cannot stand in for a camera, or None."""
        return super().problem(camera) or (too_small(self.kind, camera) if self.mode == "matching" else None)

    def _observe(self, bundle: FrameBundle, rng: np.random.Generator) -> Observation:
        surface = seen_surface(bundle)
        scale = surface.camera.fx / self.focal_px
        if self.mode == "matching":
            return self._matched(bundle, surface, scale, rng)
        glass = seen_through(surface, rng, scale)
        return self._fast(surface, glass, scale, rng)

    def _disparity(self, depth: np.ndarray, scale: float) -> np.ndarray:
        """(h, w) float32 pixels of the picture, 0 where nothing is."""
        return (np.float32(scale * self.focal_px * self.imagers.baseline_m) / depth).astype(np.float32)

    def _fast(
        self, surface: SeenSurface, glass: SeenThrough, scale: float, rng: np.random.Generator
    ) -> Observation:
        shape = surface.depth.shape
        true = self._disparity(surface.depth, scale)
        # What hides and what is lit is what is really there, glass or not.
        hidden = hidden_from_right(surface.depth, true)
        saturated = surface.highlight
        ratio = lit_surfaces(surface, self.ambient).signal_to_noise(_half_block(scale))
        found_share = uniform_of(np.log10(np.maximum(ratio, 1e-6) / np.float32(SIGNAL_HALF)) / SIGNAL_SPREAD)
        luck = uniform_of(random_field(rng, shape, PATCH_PX * scale))
        lost = surface.hit & (luck > found_share)
        failed = glass.lost | saturated | lost
        disparity = self._disparity(glass.depth, scale)
        seen = np.where(hidden | failed | (disparity <= 0), np.float32(0), disparity)
        # The same field says by how much near things grow: both happen in patches of this size.
        grown = _fattened(seen, luck < 0.5, scale)
        found = np.where(grown - seen > scale, grown, seen)
        found[failed] = 0.0
        known = found > 0
        noise = self.noise * NOISE_PX * random_field(rng, shape, NOISE_GRAIN_PX * scale)
        steps = np.round((found / np.float32(scale) + noise) * STEPS_PER_PX)
        found = np.where(known, np.maximum(steps, 1) * np.float32(scale / STEPS_PER_PX), np.float32(np.nan))
        causes = {
            Reason.TRANSPARENT: glass.lost,
            Reason.SATURATED: saturated,
            Reason.SHADOW: hidden,
            Reason.LOW_SIGNAL: lost,
        }
        return self._result(surface, true, found, scale, causes, surface.assumed)

    def _matched(
        self, bundle: FrameBundle, surface: SeenSurface, scale: float, rng: np.random.Generator
    ) -> Observation:
        rendered = [bundle.channels.get(name) for name in ("ir_left", "ir_right")]
        true = self._disparity(surface.depth, scale)
        lit = lit_surfaces(surface, self.ambient)
        if all(picture is not None for picture in rendered):
            # Glass and highlights are in the pictures.
            none = np.zeros(surface.depth.shape, dtype=bool)
            glass, saturated, assumed = SeenThrough(surface.depth, none), none, surface.assumed
            pair = _in_numbers(bundle, *rendered)
        else:
            # Glass shows what is behind it, and where it shows nothing, no dots either.
            glass, saturated = seen_through(surface, rng, scale), surface.highlight
            assumed = (*surface.assumed, "ir_left", "ir_right")
            unlit = glass.lost | hidden_from_right(surface.depth, true * np.float32(PROJECTOR))
            lit = Lit(lit.room, np.where(unlit, np.float32(0), lit.dots))
            pattern_scale = surface.camera.fx / self.imagers.focal_px(PATTERN_WIDTH_PX)
            disparity = self._disparity(glass.depth, scale)
            pair = infrared_pair(lit, disparity, surface.camera, pattern_scale, self.device)
        left, right = (exposed(picture, rng) for picture in pair)
        found = matched_disparity(left, right, MOST_DISPARITY_PX * scale, UNIQUENESS)
        dark = opencv().blur(left.astype(np.float32), (BLOCK_PX, BLOCK_PX)) < LEAST_DN
        found[glass.lost | saturated | dark] = np.nan
        causes = {
            Reason.TRANSPARENT: glass.lost,
            Reason.SATURATED: saturated,
            Reason.SHADOW: beside(hidden_from_right(surface.depth, true), BLOCK_PX // 2),
            Reason.MIXED: _near_jump(true, scale),
            Reason.LOW_SIGNAL: dark | (lit.signal_to_noise(_half_block(scale)) < 2 * SIGNAL_HALF),
        }
        return self._result(
            surface, true, found, scale, causes, assumed, {"ir_left": left, "ir_right": right}
        )

    def _result(
        self,
        surface: SeenSurface,
        true: np.ndarray,
        disparity: np.ndarray,
        scale: float,
        causes: dict[Reason, np.ndarray],
        assumed: tuple[str, ...],
        maps: dict[str, np.ndarray] | None = None,
    ) -> Observation:
        """Depths from (h, w) disparities in pixels, NaN for none; `causes` say why there is none.

        Where there is none, range and band at the left edge are judged by the `true` disparities.
        """
        known = np.isfinite(disparity)
        judged = np.where(known, disparity, true)
        measured = self._disparity(np.where(known, disparity, np.float32(np.inf)), scale)
        measured = np.round(measured / np.float32(DEPTH_UNIT_M)) * np.float32(DEPTH_UNIT_M)
        # A match would lie left of the right imager's picture.
        band = np.arange(true.shape[1], dtype=np.float32) + np.float32(0.5) < judged
        depth = np.where(known, measured, surface.depth)
        out = (
            (judged > MOST_DISPARITY_PX * scale)
            | (depth < max(self.near_m, DEPTH_UNIT_M))
            | (depth > self.far_m)
        )
        unknown = {cause: ~known & mask for cause, mask in causes.items()}
        reason = first_reason(
            true.shape, {Reason.BORDER: band, Reason.RANGE: out, **unknown, Reason.RANDOM: ~known}
        )
        return observed(measured, reason, maps, assumed)


class RealSenseD415(RealSense):
    """Narrow imagers 55 mm apart: the least noise at the same distance."""

    imagers: ClassVar[Imagers] = Imagers(baseline_m=0.055, fov_deg=65.0)

    kind: Literal["realsense_d415"] = "realsense_d415"
    resolution: Resolution = Field(
        default="1280x720", description="Of the device: its noise is a share of its own pixels."
    )


class RealSenseD435(RealSense):
    """Wide imagers 50 mm apart."""

    imagers: ClassVar[Imagers] = Imagers(baseline_m=0.050, fov_deg=87.0)

    kind: Literal["realsense_d435"] = "realsense_d435"


class RealSenseD455(RealSense):
    """Wide imagers 95 mm apart."""

    imagers: ClassVar[Imagers] = Imagers(baseline_m=0.095, fov_deg=87.0)

    kind: Literal["realsense_d455"] = "realsense_d455"
    resolution: Resolution = Field(
        default="1280x720", description="Of the device: its noise is a share of its own pixels."
    )


def _half_block(scale: float) -> int:
    return max(1, round(BLOCK_PX // 2 * scale))


def _fattened(disparity: np.ndarray, little: np.ndarray, scale: float) -> np.ndarray:
    """(h, w) disparities grown by the smaller radius where `little` holds, by the larger one elsewhere."""
    cv2 = opencv()
    grown = []
    for radius_px in FATTENED_PX:
        size = 2 * round(radius_px * scale) + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        grown.append(cv2.dilate(disparity, disc))
    return np.where(little, *grown)


def _near_jump(disparity: np.ndarray, scale: float) -> np.ndarray:
    """(h, w) bool: pixels whose block lies on surfaces that are more than 1 px apart."""
    cv2 = opencv()
    block = np.ones((2 * _half_block(scale) + 1,) * 2, np.uint8)
    return cv2.dilate(disparity, block) - cv2.erode(disparity, block) > 1.0


def _in_numbers(bundle: FrameBundle, left: np.ndarray, right: np.ndarray) -> list[np.ndarray]:
    """(h, w) float32 DN of a rendered infrared pair: 8 bits as they are, light exposed for the left one."""
    shape = (bundle.camera.height, bundle.camera.width)
    for picture in (left, right):
        if picture.shape[:2] != shape or picture.ndim not in (2, 3) or picture.dtype != left.dtype:
            raise UsageError(
                f"{bundle.key}: expected ir_left and ir_right of (h, w) = {shape} and one dtype "
                f"(got {left.shape} {left.dtype} and {right.shape} {right.dtype})"
            )
    pair = [
        each.astype(np.float32) if each.ndim == 2 else each.mean(-1, np.float32) for each in (left, right)
    ]
    if left.dtype == np.uint8:
        return pair
    exposure = np.float32(MEAN_DN / max(float(pair[0].mean()), 1e-12))
    return [each * exposure for each in pair]
