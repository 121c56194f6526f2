"""`rgb`: a colour camera, from light to the numbers of a picture file.

    light -> rolling shutter -> lateral colour -> vignetting -> Bayer array -> electrons -> numbers
          -> demosaicing -> white balance -> tone curve -> sRGB -> JPEG

Electrons and numbers follow the linear model of EMVA 1288 (release 4.0, section 2):

    mean = K (signal + dark) + black,    variance = K^2 (signal + dark + read^2) + 1/12

with the gain K in numbers (DN) per electron. Exposure and white balance are those of the frame. Not modelled:
the lens's blur, glare, the infrared, compression other than JPEG.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.frame.exposure import tone_map
from synthgen.geometry.camera import Camera, pixel_centres
from synthgen.seeding import rng_for
from synthgen.sensors.bayer import demosaic, mosaic
from synthgen.sensors.filters import opencv
from synthgen.sensors.observation import Observation
from synthgen.sensors.sensor import Sensor

HEADROOM = 2.4
"""Exposed light at which the sensor is full: what the soft shoulder still tells from white."""
BLACK_SHARE = 1 / 64
"""The black level as a share of the range, so that noise in the dark is not cut at 0."""
FEW_ELECTRONS = 50
"""Signals below this get whole electrons from a Poisson distribution; above, the normal one is as good."""


class RgbCamera(Sensor):
    """A colour camera with a Bayer array."""

    needs: ClassVar[tuple[str, ...]] = ("hdr",)
    wants: ClassVar[tuple[str, ...]] = ("flow_forward",)

    kind: Literal["rgb"] = "rgb"
    bits: Annotated[int, Field(ge=8, le=16)] = Field(default=12, description="Bits of the raw numbers.")
    full_well_e: Annotated[float, Field(ge=100, le=1e6)] = Field(
        default=12_000, description="Electrons that a pixel holds."
    )
    gain: Annotated[float, Field(ge=1, le=256)] = Field(
        default=2.0, description="Analogue gain: the share of the full well that is used is 1 / gain."
    )
    read_noise_e: Annotated[float, Field(ge=0, le=1000)] = Field(
        default=3.0, description="Noise of the read-out, electrons."
    )
    row_noise_e: Annotated[float, Field(ge=0, le=100)] = Field(
        default=0.6, description="Noise that a row has in common, electrons."
    )
    dark_e: Annotated[float, Field(ge=0, le=1000)] = Field(
        default=0.5, description="Electrons without light: dark current times exposure time."
    )
    prnu: Annotated[float, Field(ge=0, le=0.2)] = Field(
        default=0.007, description="Spread of the pixels' sensitivity (photo response non-uniformity)."
    )
    hot_pixels: Annotated[float, Field(ge=0, le=0.01)] = Field(
        default=2e-5, description="Share of pixels that are bright without light."
    )
    device: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Which camera of its kind: the pattern of its pixels."
    )
    vignetting: Annotated[float, Field(ge=0, le=2)] = Field(
        default=0.5,
        description="Fall of the light to the corners: 0 none, 1 as the fourth power of the cosine.",
    )
    lateral_colour: Annotated[float, Field(ge=0, le=0.01)] = Field(
        default=0.0006, description="By how much red is larger and blue smaller than green, relatively."
    )
    rolling_shutter: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.0, description="Time from the first row to the last, as a share of the time between frames."
    )
    jpeg_quality: Annotated[int, Field(ge=1, le=100)] | None = Field(
        default=None, description="Quality of a JPEG, 4:2:0, that the picture went through; None for none."
    )

    def problem(self, camera: Camera) -> str | None:
        """None: a lens is in front of any sensor."""
        return None

    @property
    def dn_per_electron(self) -> float:
        """K of EMVA 1288."""
        return (2**self.bits - 1) * (1 - BLACK_SHARE) * self.gain / self.full_well_e

    @property
    def black_dn(self) -> float:
        """Number for no light and no noise."""
        return (2**self.bits - 1) * BLACK_SHARE

    def raw(self, light: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """(h, w) uint16 numbers for (h, w) float32 light, 1 filling the used part of the well."""
        shape = light.shape
        pattern = rng_for(self.device, "rgb", "fixed pattern", *shape)
        response = 1 + self.prnu * pattern.standard_normal(shape, dtype=np.float32)
        electrons = np.maximum(light, 0) * np.float32(self.full_well_e / self.gain) * response + self.dark_e
        hot = pattern.random(shape, dtype=np.float32) < self.hot_pixels
        electrons = np.where(hot, self.full_well_e * pattern.random(shape, dtype=np.float32), electrons)
        signal = electrons + np.sqrt(electrons) * rng.standard_normal(shape, dtype=np.float32)
        few = electrons < FEW_ELECTRONS
        signal[few] = rng.poisson(electrons[few])
        signal = np.minimum(signal, np.float32(self.full_well_e))
        signal += self.read_noise_e * rng.standard_normal(shape, dtype=np.float32)
        signal += self.row_noise_e * rng.standard_normal((shape[0], 1), dtype=np.float32)
        numbers = np.rint(self.black_dn + self.dn_per_electron * signal)
        return np.clip(numbers, 0, 2**self.bits - 1).astype(np.uint16)

    def _observe(self, bundle: FrameBundle, rng: np.random.Generator) -> Observation:
        look = exposure_of(bundle)
        light = np.asarray(bundle.channels["hdr"], np.float32) * np.float32(look["scale"])
        if not np.isfinite(light).all():
            raise UsageError(f"{bundle.key}: expected finite light in hdr")
        assumed: tuple[str, ...] = ()
        if self.rolling_shutter:
            if "flow_forward" in bundle.channels:
                light = _rolled(light, np.asarray(bundle.channels["flow_forward"]), self.rolling_shutter)
            else:
                assumed = ("flow_forward",)
        if self.lateral_colour:
            light = _with_lateral_colour(light, self.lateral_colour)
        falloff = _falloff(bundle.camera, self.vignetting)
        raw = self.raw(mosaic(light * falloff[..., None]) / np.float32(HEADROOM), rng)
        linear = (raw.astype(np.float32) - np.float32(self.black_dn)) * np.float32(
            HEADROOM / ((2**self.bits - 1) * (1 - BLACK_SHARE))
        )
        gains = np.asarray(look["white_balance"], np.float32)
        picture = tone_map(demosaic(linear), gains, str(look["tone_curve"]))
        if self.jpeg_quality is not None:
            picture = _through_jpeg(picture, self.jpeg_quality)
        return Observation(None, None, {"rgb": picture, "raw": raw}, assumed)


def exposure_of(bundle: FrameBundle) -> dict[str, Any]:
    """`scale`, `white_balance` and `tone_curve` of a frame, those of plain light where it states none."""
    stated = bundle.meta.get("exposure")
    plain = {"scale": 1.0, "white_balance": (1.0, 1.0, 1.0), "tone_curve": "soft_shoulder"}
    return {**plain, **stated} if isinstance(stated, dict) else plain


def _falloff(camera: Camera, strength: float) -> np.ndarray:
    """(h, w) float32: cos^4 of the angle to the axis, to a power."""
    rays = camera.rays()
    cosine = np.abs(rays[..., 2]) / np.maximum(np.linalg.norm(rays, axis=-1), 1e-12)
    return np.power(cosine, 4 * strength).astype(np.float32)


def _with_lateral_colour(light: np.ndarray, amount: float) -> np.ndarray:
    cv2 = opencv()
    height, width = light.shape[:2]
    made = light.copy()
    for channel, scale in ((0, 1 + amount), (2, 1 - amount)):
        matrix = np.array(
            [
                [1 / scale, 0, (width - 1) / 2 * (1 - 1 / scale)],
                [0, 1 / scale, (height - 1) / 2 * (1 - 1 / scale)],
            ]
        )
        made[..., channel] = cv2.warpAffine(
            light[..., channel], matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
    return made


def _rolled(light: np.ndarray, flow: np.ndarray, share: float) -> np.ndarray:
    """Each row as it looks when its turn comes, the middle one at the time of the frame.

    What is at a pixel then was, to first order, where its flow comes from.
    """
    cv2 = opencv()
    height, width = light.shape[:2]
    late = ((np.arange(height) + 0.5) / height - 0.5) * share
    moved = np.where(np.isfinite(flow), flow, 0.0) * late[:, None, None]
    source = (pixel_centres(width, height) - 0.5 - moved).astype(np.float32)
    return cv2.remap(light, source, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _through_jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    cv2 = opencv()
    _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
