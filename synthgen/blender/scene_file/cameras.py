"""The cameras of a scene file as our camera models.

Blender's film: `sensor` mm lie across the fitted side of the image (the longer one, for AUTO), shift counts
in lengths of that side, and pixels may be oblong (docs/scene_files.md; measured in the tests).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import SimpleNamespace

import bpy
import numpy as np

from synthgen.blender.objects import rigid
from synthgen.errors import RenderError
from synthgen.geometry.camera import Camera, PerspectiveCamera
from synthgen.geometry.fisheye import EquisolidFisheye, PolynomialFisheye
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.geometry.pose import CV_FROM_GL

LENS = ("type", "panorama_type", "lens", "sensor_fit", "sensor_width", "sensor_height", "shift_x", "shift_y",
        "fisheye_fov", "fisheye_lens", *(f"fisheye_polynomial_k{power}" for power in range(5)),
        "longitude_min", "longitude_max", "latitude_min", "latitude_max")  # fmt: skip
"""What a lens is made of in Blender."""
SPHERE = {"longitude_min": -math.pi, "longitude_max": math.pi,
          "latitude_min": -math.pi / 2, "latitude_max": math.pi / 2}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileCamera:
    """A camera of a file.

    Attributes
    ----------
    name : in the file
    world_from_camera : (4, 4) float64, metres, OpenCV frame
    settings : its lens, by the names of Blender's camera, `LENS`
    pixel_aspect : width of a pixel by its height, as the file's render has it
    """

    name: str
    world_from_camera: np.ndarray
    settings: SimpleNamespace
    pixel_aspect: float

    def lens(self, width: int, height: int) -> Camera:
        """The camera for an image of a size in pixels.

        Raises
        ------
        RenderError
            When we have no model for it; the message says what to change in the file.
        """
        kind = self.settings.type
        if kind == "PERSP":
            camera = self._perspective(width, height)
        elif kind == "PANO":
            camera = self._panorama(width, height)
        else:
            raise self._refused(f"is {kind.lower()}", "a perspective camera or a panorama")
        problem = camera.problem()
        if problem:
            raise RenderError(f"camera '{self.name}' of the file at {width} x {height} pixels: {problem}")
        return camera

    def _perspective(self, width: int, height: int) -> PerspectiveCamera:
        lens, aspect = self.settings, self.pixel_aspect
        side = self._fitted_side(width, height)
        across = width if side == "HORIZONTAL" else height / aspect  # in widths of pixels
        fx = lens.lens / self._sensor_mm(side) * across
        return PerspectiveCamera(
            width,
            height,
            fx,
            fx * aspect,
            width / 2 - lens.shift_x * across,
            height / 2 + lens.shift_y * across * aspect,
        )

    def _panorama(self, width: int, height: int) -> Camera:
        lens = self.settings
        if self.pixel_aspect != 1.0:
            raise self._refused("has oblong pixels", "a pixel aspect of 1 for panoramas")
        match lens.panorama_type:
            case "EQUIRECTANGULAR":
                if any(abs(getattr(lens, name) - angle) > 1e-5 for name, angle in SPHERE.items()):
                    raise self._refused("is a part of a panorama", "the whole sphere")
                return EquirectangularCamera(width, height)
            case "FISHEYE_EQUISOLID":
                px_per_mm, cx, cy = self._fisheye(width, height)
                fov_deg = math.degrees(lens.fisheye_fov)
                return EquisolidFisheye(width, height, px_per_mm * lens.fisheye_lens, cx, cy, fov_deg)
            case "FISHEYE_LENS_POLYNOMIAL":
                return self._polynomial(width, height)
        raise self._refused(
            f"is a panorama of the kind {lens.panorama_type.lower()}",
            "equirectangular, fisheye_equisolid or fisheye_lens_polynomial",
        )

    def _polynomial(self, width: int, height: int) -> PolynomialFisheye:
        """Cycles has -theta = k0 + k1 r + k2 r^2 + ..., r in mm; we, theta = r / f + a2 (r / f)^2 + ..."""
        lens = self.settings
        k = [getattr(lens, f"fisheye_polynomial_k{power}") for power in range(5)]
        if abs(k[0]) > 1e-6 or k[1] >= 0:
            raise self._refused("has a fisheye polynomial with k0 or without k1", "k0 of 0 and k1 below 0")
        f_mm = -1.0 / k[1]
        bend = [-k[power] * f_mm**power for power in (2, 3, 4)]
        px_per_mm, cx, cy = self._fisheye(width, height)
        fov_deg = math.degrees(lens.fisheye_fov)
        return PolynomialFisheye(width, height, px_per_mm * f_mm, cx, cy, fov_deg, *bend)

    def _fisheye(self, width: int, height: int) -> tuple[float, float, float]:
        """Pixels in a mm, cx, cy. The film is as wide as the sensor; shift counts in its own sides."""
        lens = self.settings
        if self._fitted_side(width, height) == "VERTICAL":
            raise self._refused("is a fisheye fitted to the height", "the sensor fit 'Horizontal'")
        cx, cy = width * (0.5 - lens.shift_x), height * (0.5 + lens.shift_y)
        return width / lens.sensor_width, cx, cy

    def _fitted_side(self, width: int, height: int) -> str:
        fit = self.settings.sensor_fit
        if fit != "AUTO":
            return fit
        return "HORIZONTAL" if width * self.pixel_aspect >= height else "VERTICAL"

    def _sensor_mm(self, side: str) -> float:
        # AUTO takes the sensor's width for the longer side, whichever that is.
        by_height = self.settings.sensor_fit == "VERTICAL" and side == "VERTICAL"
        return self.settings.sensor_height if by_height else self.settings.sensor_width

    def _refused(self, is_what: str, expected: str) -> RenderError:
        return RenderError(f"camera '{self.name}' of the file {is_what}; expected {expected}")


def cameras_of(depsgraph: bpy.types.Depsgraph, unit_m: float) -> tuple[FileCamera, ...]:
    """All cameras of an evaluated scene: the one that it renders from first, then the others by name.

    Raises
    ------
    RenderError
        When one of them is mirrored.
    """
    scene = depsgraph.scene.original
    aspect = scene.render.pixel_aspect_x / scene.render.pixel_aspect_y
    found = sorted((made for made in scene.objects if made.type == "CAMERA"), key=lambda made: made.name)
    found.sort(key=lambda made: made != scene.camera)
    cameras = []
    for made in found:
        evaluated = made.evaluated_get(depsgraph)
        settings = SimpleNamespace(**{name: getattr(evaluated.data, name) for name in LENS})
        cameras.append(FileCamera(made.name, _pose(evaluated, unit_m), settings, aspect))
    return tuple(cameras)


def _pose(made: bpy.types.Object, unit_m: float) -> np.ndarray:
    """(4, 4) float64 world_from_camera in the OpenCV frame."""
    matrix = np.array(made.matrix_world, dtype=np.float64)
    if np.linalg.det(matrix[:3, :3]) <= 0:
        raise RenderError(f"camera '{made.name}' of the file is mirrored; expected a scale above 0")
    matrix[:3, 3] *= unit_m
    return rigid(matrix) @ CV_FROM_GL
