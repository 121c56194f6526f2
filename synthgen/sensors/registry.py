"""`SENSORS`: every kind of device, and the class that simulates it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from synthgen.sensors.kinect_v1 import KinectV1
from synthgen.sensors.sensor import Sensor

SENSORS: Mapping[str, type[Sensor]] = MappingProxyType({"kinect_v1": KinectV1})
