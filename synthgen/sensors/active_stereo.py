"""What an active stereo camera sees: the light of its dots on surfaces, and the pair of infrared pictures.

Light that comes back from a pixel, in units of the room's own on a white surface:

    light = diffuse reflectance * (ambient + LAMP_M2 * cosine / z^2 * dots)

where `dots` is a fixed pattern between 0 and 1, thrown from a place between both imagers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from synthgen.geometry.camera import Camera
from synthgen.seeding import rng_for
from synthgen.sensors.filters import opencv
from synthgen.sensors.matching import local_contrast
from synthgen.sensors.surface import SeenSurface

PROJECTOR = 0.51
"""Where on the baseline the projector stands, as a share from the left imager (Dai et al. 2022, ECCV)."""
DOTS_PER_PX2 = 1.6 / 81
"""Dots per pixel at 848 x 480: 1.6 in 9 x 9 pixels (measured on one real infrared pair of a D435)."""
DOT_SIGMA_PX = 0.7
"""Radius of a dot at 848 x 480: they are about 1.6 px wide at half of their height."""
PATTERN_WIDTH_PX = 848
LAMP_M2 = 2.25
"""A dot is as bright as the room at 1.5 m (chosen: walls without texture are then found up to 6 m). Dots have
a contrast (std / mean) of 0.16 there, which the same real pair has at 0.5 m, in a brighter room."""
MEAN_DN, LEAST_LIGHT = 90.0, 0.05
"""Automatic exposure: the picture's mean of 255 (84 in the same pair), reached down to this much light."""
GAMMA_SHAPE, READ_DN = 1333.33, 0.25
"""Noise of the infrared picture: a factor of Gamma(1333.33, 1 / 1333.33), and a normal addend of 0.25 of 255
(Landau et al. 2016, IEEE Trans. Cybernetics 46(12); SAPIEN has the same figures)."""
OVERSAMPLED = 2
"""Texels of the stored pattern per pixel of the picture."""


@dataclass(frozen=True, slots=True)
class Lit:
    """How bright a device's left imager sees the surfaces, (h, w) float32 each.

    room : light without the projector, in numbers (DN) of 255 after exposure
    dots : peak of the projector's dots on top of it, DN
    """

    room: np.ndarray
    dots: np.ndarray

    def signal_to_noise(self, radius_px: int) -> np.ndarray:
        """(h, w): contrast of dots and of the scene's own texture in a window, over the imager's noise."""
        covered = DOTS_PER_PX2 * np.pi * DOT_SIGMA_PX**2
        # Variance of sparse Gaussian dots of height 1: density * integral(g^2) - (density * integral(g))^2.
        of_dots = np.float32(covered - (2 * covered) ** 2)
        contrast2 = of_dots * self.dots**2 + local_contrast(self.room, radius_px) ** 2
        mean = self.room + np.float32(2 * covered) * self.dots
        return np.sqrt(contrast2 / (mean**2 / np.float32(GAMMA_SHAPE) + np.float32(READ_DN**2 + 1 / 12)))


def lit_surfaces(surface: SeenSurface, ambient: float) -> Lit:
    """The light on the surfaces, exposed.

    Parameters
    ----------
    ambient : of the room, 1 for an ordinary lit one
    """
    diffuse = surface.scattered
    lamp = np.float32(LAMP_M2) * surface.cosine / surface.depth**2
    light = diffuse * (np.float32(ambient) + lamp * np.float32(2 * np.pi * DOT_SIGMA_PX**2 * DOTS_PER_PX2))
    mean = float(light.sum()) / max(np.count_nonzero(surface.hit), 1)  # light is 0 where nothing is hit
    exposure = np.float32(MEAN_DN / max(mean, LEAST_LIGHT))
    return Lit(room=exposure * diffuse * np.float32(ambient), dots=exposure * diffuse * lamp)


def infrared_pair(
    lit: Lit, disparity_px: np.ndarray, camera: Camera, pattern_scale: float, device: int
) -> tuple[np.ndarray, np.ndarray]:
    """(h, w) float32 pictures of both imagers in DN, without noise.

    Every pixel of the right picture looks up its surface in the left one, so what only the right imager sees
    has the look of the farther of the surfaces beside it in the row.

    Parameters
    ----------
    pattern_scale : pixels of this picture in one of the device's at 848 x 480
    device : which of its kind: its pattern of dots
    """
    cv2 = opencv()
    height, width = disparity_px.shape
    margin = math.ceil(camera.width / 4)
    pattern = dot_pattern(device, width + 2 * margin, height, round(pattern_scale, 6))
    columns = np.broadcast_to(np.arange(width, dtype=np.float32), (height, width))
    rows = np.broadcast_to(np.arange(height, dtype=np.float32)[:, None], (height, width))
    centre = np.float32((OVERSAMPLED - 1) / 2)

    def dots_at(column: np.ndarray) -> np.ndarray:
        across = (column + np.float32(margin)) * OVERSAMPLED + centre
        return cv2.remap(
            pattern, across, rows * OVERSAMPLED + centre, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )

    left = lit.room + lit.dots * dots_at(columns - np.float32(PROJECTOR) * disparity_px)
    source, disparity = seen_from_right(disparity_px)
    of_right = [
        cv2.remap(image, source, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for image in (lit.room, lit.dots)
    ]
    right = of_right[0] + of_right[1] * dots_at(columns + np.float32(1 - PROJECTOR) * disparity)
    return left, right


def seen_from_right(disparity_px: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For every pixel of the right picture: the column of the left one that it sees, and its disparity.

    Pixels are drawn into the right picture over the two columns that they lie between, the nearest wins, and
    the disparity is then that of the place it points at. Gaps take the farther neighbour in their row.

    Parameters
    ----------
    disparity_px : (h, w) float32 of the left picture, 0 for nothing
    """
    cv2 = opencv()
    height, width = disparity_px.shape
    columns, rows = np.arange(width, dtype=np.int32), np.arange(height, dtype=np.int32)[:, None]
    # One column more at the left takes what lies outside of the picture.
    place = np.maximum(columns - disparity_px, np.float32(-1))
    buffer = np.full((height, width + 1), -1.0, np.float32)
    for side in (np.floor, np.ceil):
        index = side(place).astype(np.int32) + 1 + rows * (width + 1)
        np.maximum.at(buffer.ravel(), index.ravel(), disparity_px.ravel())
    seen = np.ascontiguousarray(buffer[:, 1:])
    gap = seen < 0
    before = np.maximum.accumulate(np.where(gap, 0, columns), axis=1)
    after = np.minimum.accumulate(np.where(gap, width - 1, columns)[:, ::-1], axis=1)[:, ::-1]
    of_before, of_after = (np.take_along_axis(seen, each, axis=1) for each in (before, after))
    use_after = (of_before < 0) | ((of_after >= 0) & (of_after < of_before))
    column = np.where(use_after, after, before).astype(np.float32)
    disparity = np.maximum(np.where(use_after, of_after, of_before), 0.0)
    rows = np.broadcast_to(rows, column.shape).astype(np.float32)

    def at(source: np.ndarray, how: int) -> np.ndarray:
        return cv2.remap(disparity_px, source, rows, how, borderMode=cv2.BORDER_REPLICATE)

    looked_up = at(column + disparity, cv2.INTER_LINEAR)
    steady = np.abs(looked_up - disparity) < 1.0
    disparity = np.where(steady, looked_up, disparity)
    source = column + disparity
    # Between two surfaces, the pixel of the one that is seen, and no mixture.
    left = np.floor(source)
    on_left = np.abs(at(left, cv2.INTER_NEAREST) - disparity) < 1.0
    return np.where(steady, source, np.where(on_left, left, left + 1)), disparity


@lru_cache(maxsize=4)
def dot_pattern(device: int, width: int, height: int, scale: float) -> np.ndarray:
    """(height, width) * `OVERSAMPLED` float32, 0 to 1, read-only: one dot at a random place in every cell."""
    rng = rng_for(device, "dots")
    cell = scale * OVERSAMPLED / math.sqrt(DOTS_PER_PX2)
    across, down = (math.ceil(size * OVERSAMPLED / cell) for size in (width, height))
    place = (np.stack(np.mgrid[:down, :across], axis=-1) + rng.random((down, across, 2))).reshape(-1, 2)
    place = place * cell
    # A dot smaller than a pixel is as wide as the pixel makes it.
    sigma = OVERSAMPLED * math.hypot(DOT_SIGMA_PX * scale, 0.3)
    radius = math.ceil(3 * sigma)
    first = np.floor(place).astype(np.int64) - radius
    steps = np.arange(2 * radius + 2)
    offsets = first[:, None, :] + steps[None, :, None]
    shape = np.exp(-0.5 * ((offsets + 0.5 - place[:, None, :]) / sigma) ** 2)
    size = (height * OVERSAMPLED, width * OVERSAMPLED)
    padded = np.zeros((size[0] + 4 * radius + 4, size[1] + 4 * radius + 4), np.float32)
    where = np.clip(offsets + 2 * radius, 0, np.array(padded.shape) - 1)
    spots = shape[:, :, None, 0] * shape[:, None, :, 1]
    np.add.at(padded, (where[:, :, None, 0], where[:, None, :, 1]), spots.astype(np.float32))
    pattern = padded[2 * radius :, 2 * radius :][: size[0], : size[1]]
    pattern = np.minimum(pattern, 1.0)
    pattern.flags.writeable = False
    return pattern


def exposed(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(h, w) uint8: a picture in DN with the imager's noise."""
    factor = rng.standard_gamma(GAMMA_SHAPE, picture.shape, dtype=np.float32) / np.float32(GAMMA_SHAPE)
    noisy = picture * factor + np.float32(READ_DN) * rng.standard_normal(picture.shape, dtype=np.float32)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
