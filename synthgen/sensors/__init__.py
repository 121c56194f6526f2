"""Simulated devices: what a Kinect, a RealSense, a LiDAR or a colour camera makes of a frame.

    sensor = get_sensor("kinect_v1")
    seen = sensor.observe(bundle, seed=7)
    seen.depth     # (h, w) float32 metres, 0 where the device sees nothing
    seen.reason    # (h, w) uint8, why: synthgen.sensors.Reason

The truth stays as it is: an observation lies beside it. Needs neither Blender nor Ray.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from synthgen.errors import UsageError, unknown_name
from synthgen.sensors.observation import Observation, Reason
from synthgen.sensors.registry import SENSORS
from synthgen.sensors.sensor import Sensor

__all__ = ["SENSORS", "Observation", "Reason", "Sensor", "get_sensor"]


def get_sensor(kind: str, **params: Any) -> Sensor:
    """A device by its kind, with its parameters.

    Raises
    ------
    UsageError
        When there is no such kind or parameter, or a value is outside of its limits; the message names what
        there is.
    """
    if kind not in SENSORS:
        raise UsageError(unknown_name("sensor", kind, SENSORS))
    model = SENSORS[kind]
    for name in params:
        if name not in model.model_fields:
            known = [field for field in model.model_fields if field != "kind"]
            raise UsageError(f"{kind}: {unknown_name('parameter', name, known)}")
    try:
        return model.model_validate({"kind": kind, **params})
    except ValidationError as error:
        problems = (
            f"{'.'.join(str(step) for step in each['loc']) or kind}: {each['msg']} (got {each['input']!r})"
            for each in error.errors()
        )
        raise UsageError(f"{kind}: {'; '.join(problems)}") from None
