"""`sparse`: the few depths that completion and prompt-depth models are trained with.

* `random`: points anywhere (500 on NYU in Ma and Karaman 2018, Sparse-to-Dense)
* `lines`: the rows of a spinning LiDAR, 64 by default, sampled along each
* `grid`: a coarse, blurred, dense grid of 256 x 192, as phones give it beside their pictures (ARKit)

Where several surfaces share a grid cell, cells mix them, as the phone does. Not modelled: where a
real device fails; combine a device's own observation for that.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import Camera
from synthgen.sensors.filters import opencv, random_field
from synthgen.sensors.observation import Observation, Reason, first_reason, observed
from synthgen.sensors.sensor import Sensor
from synthgen.sensors.surface import checked_depth

GRID = (192, 256)
"""Rows and columns of ARKit's depth."""
GRID_BLUR_CELLS = 0.8
"""Gaussian that the cells are blurred with."""
GRID_NOISE_M, GRID_NOISE_CELLS = 0.0023, 0.5
"""Noise of the grid and its grain: a median absolute second difference of 3 mm, as in a real ARKit frame."""
LINE_STEP_DEG = 0.1728
"""Azimuth between two samples of a line: an HDL-64E turning at 10 Hz (Velodyne, user's manual)."""


class Sparse(Sensor):
    """A few depths of the truth, in a pattern."""

    needs: ClassVar[tuple[str, ...]] = ("depth",)

    kind: Literal["sparse"] = "sparse"
    pattern: Literal["random", "lines", "grid"] = Field(default="random", description="Where the depths are.")
    points: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=500, description="Number of points of `random`."
    )
    lines: Annotated[int, Field(ge=1, le=1024)] = Field(
        default=64, description="Number of lines of `lines`, evenly spread over the vertical field of view."
    )
    near_m: Annotated[float, Field(ge=0, le=100)] = Field(default=0.1, description="Least depth, metres.")
    far_m: Annotated[float, Field(gt=0, le=1000)] = Field(default=80.0, description="Greatest depth, metres.")
    noise: Annotated[float, Field(ge=0, le=0.5)] = Field(
        default=0.0, description="Standard deviation of each depth, as a share of it."
    )

    def _observe(self, bundle: FrameBundle, rng: np.random.Generator) -> Observation:
        depth = checked_depth(bundle)
        out_of_range = ~((depth >= self.near_m) & (depth <= self.far_m))
        if self.pattern == "grid":
            return self._grid(depth, out_of_range, rng)
        sampled = np.zeros(depth.shape, dtype=bool)
        if self.pattern == "random":
            usable = np.flatnonzero(~out_of_range)
            sampled.ravel()[rng.choice(usable, min(self.points, len(usable)), replace=False)] = True
        else:
            sampled = line_mask(bundle.camera, self.lines, float(rng.random()), float(rng.random()))
        noisy = depth * (1 + self.noise * rng.standard_normal(depth.shape, dtype=np.float32))
        causes = {Reason.OUTSIDE: ~sampled, Reason.RANGE: out_of_range | ~(noisy > 0)}
        return observed(noisy, first_reason(depth.shape, causes))

    def _grid(self, depth: np.ndarray, out_of_range: np.ndarray, rng: np.random.Generator) -> Observation:
        cv2 = opencv()
        size = (GRID[1], GRID[0])
        usable = (~out_of_range).astype(np.float32)
        kept = np.where(out_of_range, np.float32(0.0), depth)

        def small(image: np.ndarray) -> np.ndarray:
            return cv2.GaussianBlur(
                cv2.resize(image, size, interpolation=cv2.INTER_AREA), (0, 0), GRID_BLUR_CELLS
            )

        weight = small(usable)
        cells = small(kept) / np.maximum(weight, 1e-6)
        cells += GRID_NOISE_M * random_field(rng, GRID, GRID_NOISE_CELLS)
        cells[weight < 0.5] = 0.0
        cells = np.round(np.maximum(cells, 0.0) * 1000) / 1000
        height, width = depth.shape
        dense = cv2.resize(cells, (width, height), interpolation=cv2.INTER_LINEAR)
        known = (
            cv2.resize((cells > 0).astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
            > 0.999
        )
        causes = {Reason.RANGE: ~known | ~(dense > 0)}
        return observed(dense, first_reason(depth.shape, causes), {"grid": cells.astype(np.float32)})


def line_mask(camera: Camera, lines: int, shift: float, turn: float) -> np.ndarray:
    """(h, w) bool: pixels nearest to the beams of a scanner at the camera's centre.

    Parameters
    ----------
    lines : evenly spread in elevation over what the image's middle column sees
    shift, turn : 0 to 1, where between two elevations, and two azimuths, the first beam is
    """
    rays = camera.rays()
    elevation = np.arctan2(-rays[..., 1], np.hypot(rays[..., 0], rays[..., 2]))
    middle = elevation[:, camera.width // 2]
    top, bottom = float(middle.max()), float(middle.min())
    beams = top - (np.arange(lines) + shift) * (top - bottom) / lines
    azimuth = np.arctan2(rays[..., 0], rays[..., 2])
    step = np.radians(LINE_STEP_DEG)
    first = float(azimuth.min()) + turn * step
    columns = np.arange(first, float(azimuth.max()), step)
    mask = np.zeros((camera.height, camera.width), dtype=bool)
    around, up = np.meshgrid(columns, beams)
    points = np.stack([np.cos(up) * np.sin(around), -np.sin(up), np.cos(up) * np.cos(around)], axis=-1)
    pixels = camera.project(points)
    inside = (pixels >= 0).all(axis=-1) & (pixels[..., 0] < camera.width) & (pixels[..., 1] < camera.height)
    column, row = np.floor(pixels[inside]).astype(int).T
    mask[row, column] = True
    return mask
