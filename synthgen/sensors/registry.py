"""`SENSORS`: every kind of device, and the class that simulates it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from synthgen.sensors.azure_kinect import AzureKinect
from synthgen.sensors.kinect_v1 import KinectV1
from synthgen.sensors.kinect_v2 import KinectV2
from synthgen.sensors.realsense import RealSenseD415, RealSenseD435, RealSenseD455
from synthgen.sensors.rgb import RgbCamera
from synthgen.sensors.sensor import Sensor
from synthgen.sensors.sparse import Sparse
from synthgen.sensors.stereo import StereoCamera

SENSORS: Mapping[str, type[Sensor]] = MappingProxyType(
    {
        model.model_fields["kind"].default: model
        for model in (
            AzureKinect,
            KinectV1,
            KinectV2,
            RealSenseD415,
            RealSenseD435,
            RealSenseD455,
            RgbCamera,
            Sparse,
            StereoCamera,
        )
    }
)
