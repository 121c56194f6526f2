"""`stereo`: two colour cameras side by side, whose pictures are matched.

The pair is that of a rig with two eyes: the channel `rgb` is this eye's picture, `rgb_other` the other one's.
Where nothing tells one place from another, there is no depth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import Camera
from synthgen.sensors.filters import opencv
from synthgen.sensors.matching import BLOCK_PX, beside, local_contrast, matched_disparity, too_small
from synthgen.sensors.observation import Observation, Reason, first_reason, observed
from synthgen.sensors.see_through import TRANSPARENT
from synthgen.sensors.sensor import Sensor
from synthgen.sensors.surface import SeenSurface, seen_surface
from synthgen.sensors.triangulation import hidden_from_right

GREY = (0.299, 0.587, 0.114)
"""Brightness of the numbers of a picture (ITU-R BT.601)."""
JUMP_PX = 1.0
"""Blocks on surfaces that are farther apart are on an edge."""


class StereoCamera(Sensor):
    """Passive stereo by semi-global matching."""

    needs: ClassVar[tuple[str, ...]] = ("depth", "rgb", "rgb_other")
    wants: ClassVar[tuple[str, ...]] = ("normal", "material")

    kind: Literal["stereo"] = "stereo"
    near_m: Annotated[float, Field(ge=0.01, le=100)] = Field(
        default=0.5, description="Least depth, metres: it sets how far matches are searched."
    )
    far_m: Annotated[float, Field(ge=0.1, le=1000)] = Field(
        default=20.0, description="Greatest depth, metres."
    )
    noise_dn: Annotated[float, Field(ge=0, le=50)] = Field(
        default=1.0, description="Noise of each camera, in numbers of 255."
    )
    rectification_px: Annotated[float, Field(ge=0, le=5)] = Field(
        default=0.15, description="By how much the rows of both pictures miss each other."
    )
    uniqueness: Annotated[int, Field(ge=0, le=50)] = Field(
        default=10, description="Per cent by which the best match must beat the others."
    )
    least_texture_dn: Annotated[float, Field(ge=0, le=50)] = Field(
        default=1.5, description="Least standard deviation of the brightness in a block."
    )

    def problem(self, camera: Camera) -> str | None:
        """Why the device cannot stand in for a camera, or None."""
        return super().problem(camera) or too_small(self.kind, camera)

    def _observe(self, bundle: FrameBundle, rng: np.random.Generator) -> Observation:
        surface = seen_surface(bundle, infrared=False)
        baseline_m, eye = _rig(bundle)
        flip = (slice(None), slice(None, None, -1)) if eye == "right" else (slice(None), slice(None))
        left, right = (
            self._taken(bundle, name, offset_px, rng)[flip]
            for name, offset_px in (("rgb", 0.0), ("rgb_other", self.rectification_px))
        )
        focal_baseline = np.float32(surface.camera.fx * baseline_m)
        most_px = float(min(focal_baseline / self.near_m, surface.camera.width - 1))
        found = matched_disparity(
            np.ascontiguousarray(left), np.ascontiguousarray(right), most_px, self.uniqueness
        )
        plain = local_contrast(left, BLOCK_PX // 2) < self.least_texture_dn
        found[plain] = np.nan
        reason, measured = self._judged(surface, found[flip], plain[flip], focal_baseline, eye)
        return observed(measured, reason, assumed=surface.assumed)

    def _taken(
        self, bundle: FrameBundle, name: str, offset_px: float, rng: np.random.Generator
    ) -> np.ndarray:
        """(h, w) uint8 brightness of one eye's picture, with noise, moved down by `offset_px`."""
        cv2 = opencv()
        picture = bundle.channels[name]
        shape = (bundle.camera.height, bundle.camera.width, 3)
        if picture.shape != shape or picture.dtype != np.uint8:
            raise UsageError(
                f"{bundle.key}: expected {name} of {shape}, uint8 (got {picture.shape}, {picture.dtype})"
            )
        grey = picture.astype(np.float32) @ np.float32(GREY)
        if offset_px:
            move = np.float32([[1, 0, 0], [0, 1, offset_px]])
            grey = cv2.warpAffine(grey, move, (shape[1], shape[0]), borderMode=cv2.BORDER_REPLICATE)
        if self.noise_dn:
            grey = grey + np.float32(self.noise_dn) * rng.standard_normal(grey.shape, dtype=np.float32)
        return np.clip(np.rint(grey), 0, 255).astype(np.uint8)

    def _judged(
        self,
        surface: SeenSurface,
        disparity: np.ndarray,
        plain: np.ndarray,
        focal_baseline: np.float32,
        eye: str,
    ) -> tuple[np.ndarray, np.ndarray]:
        """(h, w) reasons and depths of disparities in pixels, NaN for none."""
        cv2 = opencv()
        known = np.isfinite(disparity)
        true = focal_baseline / surface.depth
        measured = np.where(known, focal_baseline / np.where(known, disparity, 1), 0)
        columns = np.arange(true.shape[1], dtype=np.float32) + np.float32(0.5)
        towards_other = columns if eye == "left" else true.shape[1] - columns
        depth = np.where(known, measured, surface.depth)
        hidden = hidden_from_right(surface.depth, true if eye == "left" else -true)
        block = np.ones((BLOCK_PX, BLOCK_PX), np.uint8)
        return first_reason(
            true.shape,
            {
                Reason.BORDER: towards_other < np.where(known, disparity, true),
                Reason.RANGE: (depth < self.near_m) | (depth > self.far_m),
                Reason.SHADOW: ~known & beside(hidden, BLOCK_PX // 2),
                Reason.LOW_SIGNAL: ~known & plain,
                Reason.MIXED: ~known & (cv2.dilate(true, block) - cv2.erode(true, block) > JUMP_PX),
                Reason.TRANSPARENT: ~known & (surface.transmission > TRANSPARENT),
                Reason.RANDOM: ~known,
            },
        ), measured


def _rig(bundle: FrameBundle) -> tuple[float, str]:
    """Distance of both eyes in metres, and which of them the frame is."""
    rig = bundle.meta.get("rig")
    if not isinstance(rig, Mapping) or rig.get("eye") not in ("left", "right") or not rig.get("baseline_m"):
        raise UsageError(
            f"{bundle.key}: stereo needs the frame of a rig with two eyes: the entry `rig` of its metadata "
            f"with baseline_m and eye (got {rig!r}); give the recipe's camera `stereo: {{baseline_m: ...}}`"
        )
    return float(rig["baseline_m"]), str(rig["eye"])
