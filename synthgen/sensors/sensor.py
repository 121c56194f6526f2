"""`Sensor`: base of every simulated device. Its parameters are its fields, its simulation is `observe`."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import Camera
from synthgen.seeding import rng_for
from synthgen.sensors.observation import Observation

SensorName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class Sensor(BaseModel):
    """A device with its parameters, as a recipe names it: `{kind: kinect_v1, name: left}`.

    Every concrete sensor has a field `kind: Literal["..."] = "..."`, stands in its own file with the sources
    of its constants, and is listed in `synthgen.sensors.SENSORS`.

    Attributes
    ----------
    needs : channels that the device cannot do without; the plan makes the renderer give them
    wants : channels that make it better; the plan asks for them too, and defaults stand in where an existing
        dataset lacks them
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    needs: ClassVar[tuple[str, ...]] = ("depth",)
    wants: ClassVar[tuple[str, ...]] = ()

    kind: str
    name: SensorName | None = Field(
        default=None, description="What its channels begin with, for two of one kind; by default its kind."
    )

    @property
    def title(self) -> str:
        """What the names of its channels begin with."""
        return self.name or self.kind

    def problem(self, camera: Camera) -> str | None:
        """Why the device cannot stand in for a camera, or None. Most devices are pinholes."""
        if camera.model != "perspective":
            return f"{self.kind} observes perspective cameras (got {camera.model})"
        return None

    def observe(self, bundle: FrameBundle, seed: int) -> Observation:
        """What the device makes of a view: the same bits for the same frame and seed.

        Parameters
        ----------
        seed : of the noise; things of the scene, such as the infrared gain of a material, do not depend on it

        Raises
        ------
        UsageError
            When the camera is none that the device can stand for, or the frame lacks what it needs.
        """
        problem = self.problem(bundle.camera)
        if problem:
            raise UsageError(f"{bundle.key}: {problem}")
        missing = [name for name in self.needs if name not in bundle.channels]
        if missing:
            found = ", ".join(bundle.channels) or "none"
            raise UsageError(
                f"{bundle.key}: {self.kind} needs the channels {', '.join(missing)} (found {found})"
            )
        return self._observe(bundle, rng_for(seed, "sensor", self.kind))

    def _observe(self, bundle: FrameBundle, rng: np.random.Generator) -> Observation:
        raise TypeError(f"{type(self).__name__} is no concrete sensor")
