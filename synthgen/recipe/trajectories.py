"""How a camera moves: kinds of trajectories, their frames and their times."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from synthgen.recipe.fields import Number, Section

MAX_FRAMES = 10_000


class TrajectorySpec(Section):
    """What every kind of trajectory has."""

    frames: Annotated[int, Field(strict=True, ge=2, le=MAX_FRAMES)] = Field(
        default=24, description="Frames of one shot."
    )
    fps: Number("Frames per second.", 24, unit="1/s", gt=0, le=1000)
    shutter: Number(
        "How long the shutter is open, as a share of the time from frame to frame: motion blur of the "
        "colour; 0 for none.", 0.0, ge=0, le=1,
    )  # fmt: skip


class StaticSpec(TrajectorySpec):
    """The camera stands still; what moves in the scene goes on moving."""

    kind: Literal["static"] = "static"


class OrbitSpec(TrajectorySpec):
    """The camera goes around a point in front of it, at a constant pace, and looks at that point."""

    kind: Literal["orbit"] = "orbit"
    radius_m: Number(
        "Distance to the point; by default that of the surface in the middle of the view, or less where "
        "there is no room for it.", None, unit="metres", ge=0.1, le=1000,
    )  # fmt: skip
    sweep_deg: Number(
        "Angle from the first frame to the last, to the side where there is room.",
        {"uniform": [20, 60]}, unit="degrees", ge=0.1, le=720,
    )  # fmt: skip


class WalkSpec(TrajectorySpec):
    """A person who walks through free space: eyes bob, sway, look ahead into turns and around a little."""

    kind: Literal["walk"] = "walk"
    speed_m_s: Number("Speed over the floor.", {"uniform": [0.6, 1.4]}, unit="metres per second",
                      ge=0.05, le=4)  # fmt: skip
    shake_m: Number("What an unsteady hand adds to the place, root mean square.", 0.0, unit="metres",
                    ge=0, le=0.5)  # fmt: skip
    shake_deg: Number("What an unsteady hand adds to the direction, root mean square.", 0.0, unit="degrees",
                      ge=0, le=30)  # fmt: skip


class DriveSpec(TrajectorySpec):
    """A robot or a car that drives through free space: smooth and level, the camera looks straight ahead."""

    kind: Literal["drive"] = "drive"
    speed_m_s: Number("Speed over the floor.", {"uniform": [0.3, 1.0]}, unit="metres per second",
                      ge=0.01, le=50)  # fmt: skip


class HandheldSpec(TrajectorySpec):
    """A person who stands, the camera in the hand."""

    kind: Literal["handheld"] = "handheld"
    shake_m: Number("How far the hand is from its place, root mean square.", {"uniform": [0.005, 0.02]},
                    unit="metres", ge=0, le=0.5)  # fmt: skip
    shake_deg: Number("How far the camera turns from its direction, root mean square.",
                      {"uniform": [0.4, 1.5]}, unit="degrees", ge=0, le=30)  # fmt: skip


TRAJECTORIES: MappingProxyType[str, type[TrajectorySpec]] = MappingProxyType(
    {
        "static": StaticSpec,
        "orbit": OrbitSpec,
        "walk": WalkSpec,
        "drive": DriveSpec,
        "handheld": HandheldSpec,
    }
)
"""Trajectory kinds."""
