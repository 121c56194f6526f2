"""Time of flight by modulated light, as `kinect_v2` and `azure_kinect` share it.

A lamp beside the lens is modulated at several frequencies; each pixel measures, for each, the amplitude and
the phase of what comes back:

    phasor = sum over what the pixel sees of  light * exp(2 pi i * 2 f distance / c)
    light  = reflectance * cosine * lamp / distance^2

Flying pixels, multi-path and wrapped distances all come from this sum. Distance is along the ray and becomes
planar depth at the end. Noise of a phase, expressed as millimetres of distance on a surface that sends back
the light L (1 is a reflectance of 0.5 at 1 m, seen straight on in the middle of the picture):

    variance = floor^2 + shot^2 / L + dark^2 / L^2

the last two terms from the photons of the signal, and from ambient light and the read-out (Lange 2000, "3D
time-of-flight distance measurement with custom solid-state image sensors", section 4.2), the first from what
calibration and clock leave.

Not modelled: sunlight, other devices, motion during an exposure, light scattered within the lens, and the
correlation of noise by the smoothing of a driver.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import Camera
from synthgen.sensors.filters import opencv
from synthgen.sensors.multipath import second_bounce
from synthgen.sensors.observation import Observation, Reason, first_reason, observed
from synthgen.sensors.see_through import seen_through
from synthgen.sensors.sensor import Sensor
from synthgen.sensors.surface import seen_surface, unit_rays
from synthgen.sensors.triangulation import window_agreement
from synthgen.sensors.unwrapping import joint_frequency_mhz, turns_per_metre, unwrapped

ROUNDING_MM2 = 1 / 12
"""Variance of whole millimetres, part of every measured noise."""
GREATEST_NOISE_TURNS = 0.5
EDGE = 0.03
"""Relative step in distance between neighbours from which their light is added pixel by pixel."""
FINE = 1.5
"""Frames up to so many times as fine as the device use `edge`, which is about their own pixels."""
SAME_SURFACE = 0.025
"""Relative difference up to which neighbours confirm each other."""
CONFIRMED = 3
"""Neighbours of 8 that have to confirm a distance: a straight column of flying pixels has 2 of its own."""
MISFIT_TURNS = 0.08
"""Disagreement of the phases from which they belong to no single distance: four to five times the noise of
a weak signal."""
WIGGLE_PERIODS = 4
"""Errors of a phase by the harmonics of the modulation repeat so often in one of its turns (Lindner and Kolb
2006, "Lateral and depth calibration of PMD-distance sensors")."""


@dataclass(frozen=True, slots=True)
class Optics:
    """A mode of a device.

    Attributes
    ----------
    focal_px : of the device's own picture
    frequencies_mhz : ascending
    noise_mm : floor, shot and dark of the noise (see above)
    falloff : the light falls with this power of the cosine of the angle to the axis, lamp and lens together
    least_light, greatest_light : below is low signal, above is saturated
    wiggle_mm : amplitude of the periodic error
    """

    focal_px: float
    near_m: float
    far_m: float
    frequencies_mhz: tuple[int, ...]
    noise_mm: tuple[float, float, float]
    falloff: float
    least_light: float
    greatest_light: float
    wiggle_mm: float


class TimeOfFlight(Sensor):
    """What the devices have in common. A device says its `optics` and what it sees of a picture."""

    needs: ClassVar[tuple[str, ...]] = ("depth",)
    wants: ClassVar[tuple[str, ...]] = (
        "normal", "albedo", "instance", "material", "edge", "depth_layers", "instance_layers",
    )  # fmt: skip

    frequencies_mhz: (
        Annotated[
            tuple[Annotated[int, Field(ge=1, le=1000)], ...],
            Field(min_length=1, max_length=3),
        ]
        | None
    ) = Field(
        default=None,
        description="Modulation frequencies, one to three, in whole MHz; by default those of the device.",
    )
    noise: Annotated[float, Field(ge=0, le=10)] = Field(
        default=1.0, description="Factor on the noise of the phases."
    )
    wiggle: Annotated[float, Field(ge=0, le=10)] = Field(
        default=1.0, description="Factor on the periodic error that calibration leaves."
    )
    multipath: Annotated[float, Field(ge=0, le=5)] = Field(
        default=1.0, description="Factor on the light that comes by way of another surface; 0 leaves it out."
    )
    edge_filter: bool = Field(
        default=True, description="Whether mixed pixels and phases that disagree are removed."
    )
    least_light: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None,
        description="Amplitude below which a pixel has too little signal; 1 is a reflectance of 0.5 at 1 m. "
        "By default that of the device.",
    )
    far_m: Annotated[float, Field(ge=1.0, le=10.0)] | None = Field(
        default=None, description="Greatest depth, metres; by default that of the device."
    )

    @property
    def optics(self) -> Optics:
        """Of the device, in its mode."""
        raise TypeError(f"{type(self).__name__} is no concrete device")

    def view(self, camera: Camera) -> np.ndarray:
        """(h, w) bool: pixels that the device sees too."""
        raise TypeError(f"{type(self).__name__} is no concrete device")

    def _observe(self, bundle: FrameBundle, rng: np.random.Generator) -> Observation:
        optics, surface = self.optics, seen_surface(bundle)
        frequencies = tuple(sorted(set(self.frequencies_mhz or optics.frequencies_mhz)))
        scale = surface.camera.fx / optics.focal_px
        axis_cosine = unit_rays(surface.camera)[..., 2]
        glass = seen_through(surface, rng, scale)
        hit = np.isfinite(glass.depth)
        distance = np.where(hit, glass.depth, np.float32(0)) / axis_cosine

        lamp = _falloff(surface.camera, optics.falloff)
        scattered = surface.scattered
        light = 2 * scattered * surface.cosine * lamp / np.maximum(distance, 0.01) ** 2
        phases = [distance * np.float32(turns_per_metre(each)) for each in frequencies]
        if self.multipath > 0:
            turned, factor = second_bounce(surface, distance, self.multipath * scattered, lamp, frequencies)
            phases = [phase + more for phase, more in zip(phases, turned)]
            light = light * factor
        light = _mixed(bundle, phases, light, distance, frequencies, scale, rng)

        sigma = self._noise_turns(light)
        amplitude = np.maximum(light * (1 + 2 * np.pi * sigma * _normal(rng, sigma.shape)), 0.0)
        noisy = [phase + sigma * _normal(rng, sigma.shape) for phase in phases]
        measured, misfit = unwrapped([phase - np.floor(phase) for phase in noisy], frequencies)
        measured = measured + self._wiggle_m(measured)
        depth = np.round(measured * axis_cosine * 1000) / 1000

        weak = amplitude < (optics.least_light if self.least_light is None else self.least_light)
        far_m = optics.far_m if self.far_m is None else self.far_m
        out_of_range = (depth < optics.near_m) | (depth > far_m)
        saturated = surface.highlight | (amplitude > optics.greatest_light)
        usable = ~(weak | saturated | glass.lost)
        disagreeing = usable & (misfit > MISFIT_TURNS) & self.edge_filter
        causes = {
            Reason.OUTSIDE: ~self.view(surface.camera),
            Reason.TRANSPARENT: glass.lost,
            Reason.SATURATED: saturated,
            Reason.RANGE: (~hit & weak) | (~weak & out_of_range & ~disagreeing),
            Reason.LOW_SIGNAL: weak,
            Reason.MIXED: disagreeing,
        }
        if self.edge_filter:
            causes[Reason.MIXED] |= _unconfirmed(measured, usable, scale)
        reason = first_reason(depth.shape, causes)
        return observed(depth, reason, {"amplitude": amplitude.astype(np.float32)}, surface.assumed)

    def _noise_turns(self, light: np.ndarray) -> np.ndarray:
        """(h, w) float32: standard deviation of each phase, the same at every frequency."""
        floor, shot, dark = (np.float32(each) for each in self.optics.noise_mm)
        inverse = 1.0 / np.maximum(light, 1e-6)
        variance = max(floor**2 - ROUNDING_MM2, 0.0) + inverse * (shot**2 + dark**2 * inverse)
        per_mm = turns_per_metre(joint_frequency_mhz(self.optics.frequencies_mhz)) / 1000
        return np.minimum(np.sqrt(variance) * np.float32(self.noise * per_mm), GREATEST_NOISE_TURNS)

    def _wiggle_m(self, distance: np.ndarray) -> np.ndarray:
        turns = turns_per_metre(self.optics.frequencies_mhz[-1]) * WIGGLE_PERIODS
        size = np.float32(self.wiggle * self.optics.wiggle_mm / 1000)
        return size * np.sin(distance * np.float32(2 * np.pi * turns))


def _mixed(
    bundle: FrameBundle,
    phases: list[np.ndarray],
    light: np.ndarray,
    distance: np.ndarray,
    frequencies_mhz: tuple[int, ...],
    scale: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Add up the phasors of what pixels at edges see; changes `phases`, returns the new amplitudes.

    What a pixel sees besides its middle is the other end of the range in the channel `edge`, with a share of
    up to a half; or else its neighbours, in a box of one pixel of the device, or of the frame where that is
    coarser, over linear interpolation.
    """
    if "edge" in bundle.channels and scale <= FINE:
        where, phasors = _with_other_end(bundle, phases, light, distance, frequencies_mhz, rng)
    else:
        where, phasors = _with_neighbours(phases, light, distance, scale)
    mixed = light.copy()
    mixed[where] = np.mean([np.abs(phasor) for phasor in phasors], axis=0)
    for phase, phasor in zip(phases, phasors):
        phase[where] = np.angle(phasor) / np.float32(2 * np.pi)
    return mixed


Mixture = tuple[tuple[np.ndarray, np.ndarray], list[np.ndarray]]
"""Rows and columns (n,) of pixels, and their (n,) complex phasors for each frequency."""


def _with_other_end(
    bundle: FrameBundle,
    phases: list[np.ndarray],
    light: np.ndarray,
    distance: np.ndarray,
    frequencies_mhz: tuple[int, ...],
    rng: np.random.Generator,
) -> Mixture:
    near, far = np.moveaxis(np.asarray(bundle.channels["edge"], np.float32), -1, 0)
    where = np.nonzero((far > near * (1 + EDGE)) & (light > 0))
    here, slant = distance[where], 1 / unit_rays(bundle.camera)[..., 2][where]
    near, far = near[where] * slant, far[where] * slant
    other = np.where(np.abs(near - here) > np.abs(far - here), near, far)
    share = 0.5 * rng.random(len(here), dtype=np.float32)
    # The same material at another distance; sky sends nothing.
    beyond = np.where(np.isfinite(other), light[where] * share * (here / other) ** 2, 0.0)
    other = np.where(np.isfinite(other), other, 0.0)
    own = light[where] * (1 - share)
    return where, [
        own * _unit_phasor(phase[where]) + beyond * _unit_phasor(other * np.float32(turns_per_metre(each)))
        for phase, each in zip(phases, frequencies_mhz)
    ]


def _with_neighbours(
    phases: list[np.ndarray], light: np.ndarray, distance: np.ndarray, scale: float
) -> Mixture:
    cv2 = opencv()
    shares = _footprint(max(scale, 1.0))
    window = np.ones((len(shares), len(shares)), np.uint8)
    where = np.nonzero(cv2.dilate(distance, window) > cv2.erode(distance, window) * (1 + EDGE))

    def gathered(part: np.ndarray) -> np.ndarray:
        return cv2.sepFilter2D(part, cv2.CV_32F, shares, shares, borderType=cv2.BORDER_REPLICATE)[where]

    phasors = []
    for phase in phases:
        along, across = cv2.polarToCart(light, (phase - np.floor(phase)) * np.float32(2 * np.pi))
        phasors.append(gathered(along) + 1j * gathered(across))
    return where, phasors


def _unit_phasor(turns: np.ndarray) -> np.ndarray:
    angle = turns * np.float32(2 * np.pi)
    return np.cos(angle) + 1j * np.sin(angle)


def _footprint(width_px: float) -> np.ndarray:
    """(2 r + 1,) shares of neighbouring samples in a box of a width, between them interpolated linearly."""
    radius = int(np.ceil(width_px / 2))
    offsets = np.arange(-radius, radius + 1)

    def below(x: np.ndarray) -> np.ndarray:  # integral of the hat function from -1
        x = np.clip(x, -1.0, 1.0)
        return 0.5 + x - np.sign(x) * x * x / 2

    return (below(width_px / 2 - offsets) - below(-width_px / 2 - offsets)) / width_px


def _unconfirmed(distance: np.ndarray, usable: np.ndarray, scale: float) -> np.ndarray:
    """(h, w) bool: distances that too few of the neighbours share."""
    radius = max(1, round(scale))
    # In whole units so that SAME_SURFACE is one of them: OpenCV compares whole numbers.
    units = np.log(np.clip(distance, 0.1, 100.0) / np.float32(0.1)) / np.float32(SAME_SURFACE)
    agreement = window_agreement(np.where(usable, units, np.float32(np.nan)), radius, 1.0)
    return agreement < (CONFIRMED + 1) / 9 - 1e-4


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return rng.standard_normal(shape, dtype=np.float32)


@lru_cache(maxsize=8)
def _falloff(camera: Camera, power: float) -> np.ndarray:
    light = unit_rays(camera)[..., 2] ** np.float32(power)
    light.flags.writeable = False
    return light
