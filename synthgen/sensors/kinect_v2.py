"""`kinect_v2`: time of flight, as in the second Kinect (512 x 424, three frequencies)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from synthgen.geometry.camera import Camera
from synthgen.sensors.surface import unit_rays
from synthgen.sensors.time_of_flight import Optics, TimeOfFlight

FIELD_DEG = (70.6, 60.0)
"""Horizontal and vertical (Microsoft's specification of the device)."""
OPTICS = Optics(
    # What drivers report of the infrared camera.
    focal_px=365.0,
    # Range of the vendor's own driver.
    near_m=0.5,
    far_m=4.5,
    # Järemo Lawin, Forssén and Ovrén 2016, "Efficient multi-frequency phase unwrapping using kernel density
    # estimation" (ECCV); together unambiguous to 18.75 m.
    frequencies_mhz=(16, 80, 120),
    # Least squares through 1.3, 1.7, 2.7 and 4.3 mm at 1, 2, 3 and 4 m: the axial noise of Fankhauser et al.
    # 2015, "Kinect v2 for mobile robot navigation" (ICAR), here that of a reflectance of 0.5.
    noise_mm=(1.14, 0.38, 0.241),
    # Natural vignetting; the lamp is taken as even.
    falloff=4.0,
    # About 5 cm of noise, where one distance in a hundred is wrapped wrongly: a reflectance of 0.02 at 3 m.
    least_light=0.005,
    # White paper at 0.4 m.
    greatest_light=12.0,
    # A few millimetres; the order of size of what calibrations of the device correct.
    wiggle_mm=2.0,
)


class KinectV2(TimeOfFlight):
    """Time of flight of the second Kinect."""

    kind: Literal["kinect_v2"] = "kinect_v2"

    @property
    def optics(self) -> Optics:
        """Of the device."""
        return OPTICS

    def view(self, camera: Camera) -> np.ndarray:
        """(h, w) bool: pixels inside of its rectangular field of view."""
        rays = unit_rays(camera)
        wide, high = np.tan(np.radians(FIELD_DEG) / 2).astype(np.float32)
        ahead = rays[..., 2]
        return (np.abs(rays[..., 0]) <= wide * ahead) & (np.abs(rays[..., 1]) <= high * ahead)
