"""How a camera moves: kinds of trajectories, their frames and their times."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from synthgen.recipe.fields import Number, Section

MAX_FRAMES = 10_000


class StaticSpec(Section):
    """The camera stands still; what moves in the scene goes on moving."""

    kind: Literal["static"] = "static"
    frames: Annotated[int, Field(strict=True, ge=2, le=MAX_FRAMES)] = Field(
        default=24, description="Frames of one shot."
    )
    fps: Number("Frames per second.", 24, unit="1/s", gt=0, le=1000)
    shutter: Number(
        "How long the shutter is open, as a share of the time from frame to frame: motion blur of the "
        "colour; 0 for none.", 0.0, ge=0, le=1,
    )  # fmt: skip


TRAJECTORIES: MappingProxyType[str, type[Section]] = MappingProxyType({"static": StaticSpec})
"""Trajectory kinds."""
