"""Frames for benchmarks without Blender: analytic scenes with grain in the colour and relief in the depth.

Bare analytic frames compress far better than renders. The grain brings the colour PNG of 640x480 to about
440 KB, and the relief that of depth to about 85 KB.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synthgen.frame.bundle import FrameBundle
from synthgen.seeding import rng_for
from synthgen.storage import Storage
from synthgen.testing.dataset import analytic_jobs, write_analytic_dataset

WIDTH, HEIGHT = 640, 480
GRAIN = 1.5
RELIEF = 0.02


def textured(bundle: FrameBundle) -> FrameBundle:
    """The frame with grain and relief; its normals stay those of the smooth surface."""
    rng = rng_for(7, "grain", bundle.key)
    rgb = bundle.channels["rgb"] + rng.normal(0, GRAIN, bundle.channels["rgb"].shape)
    rows, columns = np.mgrid[: bundle.camera.height, : bundle.camera.width]
    relief = 1 + RELIEF * np.sin(columns / 9 + rng.uniform(0, 6)) * np.cos(rows / 7)
    arrays = {
        **bundle.channels,
        "rgb": np.clip(np.rint(rgb), 0, 255).astype(np.uint8),
        "depth": (bundle.channels["depth"] * relief).astype(np.float32),
    }
    return replace(bundle, channels=arrays)


def write_frames(storage: Storage, count: int) -> None:
    """A dataset of `count` frames, 10 views a scene."""
    write_analytic_dataset(storage, analytic_jobs(count // 10, 10, WIDTH, HEIGHT), alter=textured)
