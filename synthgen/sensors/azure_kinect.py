"""`azure_kinect`: time of flight, in the four modes of the Azure Kinect's depth camera."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
from pydantic import Field

from synthgen.geometry.camera import Camera
from synthgen.sensors.surface import unit_rays
from synthgen.sensors.time_of_flight import Optics, TimeOfFlight

Mode = Literal["nfov_unbinned", "nfov_binned", "wfov_binned", "wfov_unbinned"]

NARROW_DEG, WIDE_DEG = (75.0, 65.0), 120.0
"""Fields of view (Microsoft, hardware specification of the Azure Kinect DK): across a hexagon, which at 75
degrees from corner to corner and 65 degrees between its upper and lower side is nearly a regular one, and
across a circle."""
FREQUENCIES_MHZ = (50, 130, 200)
"""An assumption: nine exposures in a frame (same source) are three phases at three frequencies, and the
sensor is made for up to 320 MHz (Bamji et al. 2018, ISSCC), but the vendor states none. These are
unambiguous to 15 m."""


def _optics(
    focal_px: float,
    near_m: float,
    far_m: float,
    noise_mm: tuple[float, float, float],
    falloff: float,
    greatest_light: float,
) -> Optics:
    return Optics(
        focal_px=focal_px,
        near_m=near_m,
        far_m=far_m,
        frequencies_mhz=FREQUENCIES_MHZ,
        noise_mm=noise_mm,
        falloff=falloff,
        # About 2 cm of noise for the narrow modes.
        least_light=0.005,
        greatest_light=greatest_light,
        # The vendor bounds the systematic error by 11 mm + 0.1 % of the distance.
        wiggle_mm=1.5,
    )


# Ranges: the same specification. Noise: set to 0.5 to 2 mm up to 3 m, 1.5 mm at 1.5 m for the unbinned wide
# mode; the vendor bounds it by 17 mm, which Tölgyessy et al. 2021 (Sensors 21:413) confirm as a bound.
# Focal lengths: what calibrations of the device report, to 1 %. The wide lamp is spread by a diffuser, so
# that its light falls less towards the rim than a lens would make it, and nearer things stay unsaturated.
OPTICS: Mapping[Mode, Optics] = MappingProxyType(
    {
        "nfov_unbinned": _optics(504.0, 0.5, 3.86, (0.47, 0.48, 0.105), 4.0, 12.0),
        "nfov_binned": _optics(252.0, 0.5, 5.46, (0.47, 0.20, 0.068), 4.0, 12.0),
        "wfov_binned": _optics(252.0, 0.25, 2.88, (0.42, 0.42, 0.19), 1.5, 35.0),
        "wfov_unbinned": _optics(504.0, 0.25, 2.21, (0.53, 0.77, 0.39), 1.5, 35.0),
    }
)


class AzureKinect(TimeOfFlight):
    """Time of flight of the Azure Kinect."""

    kind: Literal["azure_kinect"] = "azure_kinect"
    mode: Mode = Field(
        default="nfov_unbinned",
        description="Narrow (nfov) or wide (wfov) field of view, at full or at half resolution.",
    )

    @property
    def optics(self) -> Optics:
        """Of the device, in its mode."""
        return OPTICS[self.mode]

    def view(self, camera: Camera) -> np.ndarray:
        """(h, w) bool: pixels inside of its mode's hexagon or circle."""
        rays = unit_rays(camera)
        if self.mode.startswith("wfov"):
            return rays[..., 2] >= np.float32(np.cos(np.radians(WIDE_DEG) / 2))
        corner, side = np.tan(np.radians(NARROW_DEG) / 2).astype(np.float32)
        right, down = np.abs(rays[..., 0]), np.abs(rays[..., 1])
        # From the corner at (corner, 0) to the one at (corner / 2, side), in the plane z = 1.
        slanted = right / corner + down / (2 * side) <= rays[..., 2]
        return slanted & (down <= side * rays[..., 2])
