"""What a recipe says about a camera: kinds, intrinsics and presets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from synthgen.frame.channels import CHANNELS
from synthgen.recipe.distributions import Distribution
from synthgen.recipe.fields import FixedName, Number, Section, Whole
from synthgen.recipe.kinds import OneOfKind, problem_at
from synthgen.recipe.placement import Placement
from synthgen.recipe.trajectories import TRAJECTORIES
from synthgen.recipe.truth import SAMPLED

_HYPERSIM_F = 512 / math.tan(math.radians(30))

PRESETS: MappingProxyType[str, Mapping[str, float]] = MappingProxyType(
    {
        "hypersim": {"width": 1024, "height": 768, "fx_px": _HYPERSIM_F, "cx_px": 512.0, "cy_px": 384.0},
        # Virtual KITTI 2 puts pixel centres at whole numbers: its cx 620.5, cy 187 are 621, 187.5 here.
        "vkitti2": {"width": 1242, "height": 375, "fx_px": 725.0087, "cx_px": 621.0, "cy_px": 187.5},
        "unrealstereo4k": {"width": 3840, "height": 2160},
        "tartanair": {"width": 640, "height": 480, "fx_px": 320.0, "cx_px": 320.0, "cy_px": 240.0},
        "irs": {"width": 960, "height": 540, "fx_px": 480.0, "cx_px": 480.0, "cy_px": 270.0},
    }
)
"""Cameras of known data sets, so that readers which hard-code them are right. Pixels, centres at +0.5."""

FROM_FILE = "from_file"
MAX_PX = 1e6
MAX_SOURCE_PX = 32768
"""Longest side of a view times its oversample: its source is larger still, and Blender renders 65536."""
MAX_FINE_PX = 65536
"""Longest side of a view times the k of its k x k samples within each pixel."""
PLANAR_FRAME = "camera, planar z"
"""How the catalogue of channels names z coordinates."""


class CameraSpec(Section):
    """What every kind of camera has."""

    placement: Placement = Field(
        default=Placement(), description="Where the camera may stand, and how it is held."
    )
    trajectory: (
        Annotated[
            Section,
            OneOfKind("trajectory", lambda: sorted(TRAJECTORIES), TRAJECTORIES.__getitem__, short=True),
        ]
        | None
    ) = Field(
        default=None,
        description="How the camera moves. With one, each of the recipe's views is a shot of several frames.",
    )

    @model_validator(mode="after")
    def _depth_is_of_a_still(self) -> CameraSpec:
        if self.trajectory is not None and self.placement.depth_m is not None:
            raise _problem(
                "the depth of a camera that moves changes; leave out placement.depth_m or trajectory"
            )
        return self

    @property
    def frames(self) -> int:
        """Frames of one shot."""
        return self.trajectory.frames if self.trajectory else 1

    @property
    def eyes(self) -> tuple[str, ...]:
        """The views of one moment."""
        return ("mono",)


class Stereo(Section):
    """A second camera to the right, its axis parallel, with the same intrinsics."""

    baseline_m: Number("Distance between the two.", 0.12, unit="metres", ge=0.001, le=10)


class DepthOfField(Section):
    """A lens that is sharp at one depth only. It blurs the colour; the truth stays as it is."""

    f_stop: Number("Aperture, as on a camera with a sensor of 36 mm width.", 2.8, ge=0.1, le=64)
    focus_m: Number(
        "Depth that is sharp; by default that of the middle of the view.",
        None,
        unit="metres",
        ge=0.02,
        le=1e4,
    )


class PinholeSpec(CameraSpec):
    """A field of view, or focal lengths in pixels, and where the axis meets the image."""

    kind: str
    preset: FixedName(
        "Camera of a known data set; fills width, height and intrinsics that are not given.",
        None,
        names=tuple(PRESETS),
    )
    width: Whole("Image width.", 640, unit="pixels", ge=16, le=16384)
    height: Whole("Image height.", 480, unit="pixels", ge=16, le=16384)
    fov_deg: Number(
        "Horizontal field of view of the pinhole; none where fx_px or fy_px is given.",
        {"uniform": [50, 90]},
        unit="degrees",
        ge=1,
        le=179,
        optional=True,
    )
    fx_px: Number("Horizontal focal length, instead of fov_deg; by default fy_px.", None,
                  unit="pixels", ge=1, le=MAX_PX)  # fmt: skip
    fy_px: Number("Vertical focal length, instead of fov_deg; by default fx_px.", None,
                  unit="pixels", ge=1, le=MAX_PX)  # fmt: skip
    cx_px: Number("Column of the principal point, 0 at the left edge; by default the middle.", None,
                  unit="pixels", gt=0, le=16384)  # fmt: skip
    cy_px: Number("Row of the principal point, 0 at the upper edge; by default the middle.", None,
                  unit="pixels", gt=0, le=16384)  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        preset = value.get("preset")
        filled = _with_preset(value, PRESETS[preset]) if preset in tuple(PRESETS) else dict(value)
        if (filled.get("fx_px"), filled.get("fy_px")) != (None, None):
            filled.setdefault("fov_deg", None)
        return filled

    @model_validator(mode="after")
    def _fits(self) -> PinholeSpec:
        focal = [name for name in ("fx_px", "fy_px") if getattr(self, name) is not None]
        if self.fov_deg is None and not focal:
            raise _problem("expected fov_deg, or fx_px and fy_px (found none)")
        if self.fov_deg is not None and focal:
            raise _problem(f"expected fov_deg or {' and '.join(focal)}, not both; leave one out")
        _check_centre(self)
        return self


class PerspectiveSpec(PinholeSpec):
    """A pinhole camera: a field of view, or focal lengths in pixels, and where its axis meets the image."""

    kind: Literal["perspective"] = "perspective"
    stereo: Stereo | None = Field(
        default=None, description="Makes a left and a right view of each; this camera is the left one."
    )
    depth_of_field: DepthOfField | None = Field(
        default=None, description="Blurs the colour away from one depth; without it all is sharp."
    )

    @property
    def eyes(self) -> tuple[str, ...]:
        """The views of one moment."""
        return ("left", "right") if self.stereo else ("mono",)


Oversample = Annotated[
    int,
    Field(
        strict=True,
        ge=1,
        le=8,
        description="The truth is read out of a render with so many times the resolution, each pixel from "
        "the nearest ray: within 0.5 / oversample pixels.",
    ),
]


class BrownConradySpec(PinholeSpec):
    """A pinhole camera with radial and tangential distortion, as OpenCV has it; K is that of the pinhole."""

    kind: Literal["brown_conrady"] = "brown_conrady"
    k1: Number("Coefficient of r^2; below 0 for a barrel.", 0.0, ge=-10, le=10)
    k2: Number("Coefficient of r^4.", 0.0, ge=-100, le=100)
    p1: Number("First tangential coefficient.", 0.0, ge=-1, le=1)
    p2: Number("Second tangential coefficient.", 0.0, ge=-1, le=1)
    k3: Number("Coefficient of r^6.", 0.0, ge=-1000, le=1000)
    oversample: Oversample = 4

    @model_validator(mode="after")
    def _source_fits(self) -> BrownConradySpec:
        _check_source(self)
        return self


class EquirectangularSpec(CameraSpec):
    """A panorama of the whole sphere: columns are longitudes, rows are latitudes."""

    kind: Literal["equirectangular"] = "equirectangular"
    width: Whole("Image width, 360 degrees.", 1024, unit="pixels", ge=16, le=16384)
    height: Whole("Image height, 180 degrees.", 512, unit="pixels", ge=16, le=16384)


class EquisolidSpec(CameraSpec):
    """A fisheye with r = 2 f sin(theta / 2)."""

    kind: Literal["fisheye_equisolid"] = "fisheye_equisolid"
    width: Whole("Image width.", 512, unit="pixels", ge=16, le=16384)
    height: Whole("Image height.", 512, unit="pixels", ge=16, le=16384)
    fov_deg: Number("Field of view of the whole cone.", 180, unit="degrees", ge=10, le=360)
    f_px: Number("Focal length; by default the circle touches the nearest edge of the image.", None,
                 unit="pixels", ge=1, le=MAX_PX)  # fmt: skip
    cx_px: Number("Column of the circle's middle; by default that of the image.", None,
                  unit="pixels", gt=0, le=16384)  # fmt: skip
    cy_px: Number("Row of the circle's middle; by default that of the image.", None,
                  unit="pixels", gt=0, le=16384)  # fmt: skip

    @model_validator(mode="after")
    def _fits(self) -> EquisolidSpec:
        _check_centre(self)
        return self


class PolynomialSpec(EquisolidSpec):
    """A fisheye with theta = rho + a2 rho^2 + a3 rho^3 + a4 rho^4, rho = r / f; equidistant by default."""

    kind: Literal["fisheye_polynomial"] = "fisheye_polynomial"
    a2: Number("Coefficient of rho^2, theta in radians.", 0.0, ge=-10, le=10)
    a3: Number("Coefficient of rho^3.", 0.0, ge=-10, le=10)
    a4: Number("Coefficient of rho^4.", 0.0, ge=-10, le=10)


class KannalaBrandtSpec(CameraSpec):
    """A fisheye with rho = theta (1 + k1 theta^2 + ... + k4 theta^8), as OpenCV has it."""

    kind: Literal["fisheye_kannala_brandt"] = "fisheye_kannala_brandt"
    width: Whole("Image width.", 512, unit="pixels", ge=16, le=16384)
    height: Whole("Image height.", 512, unit="pixels", ge=16, le=16384)
    fov_deg: Number("Field of view of the whole cone.", 180, unit="degrees", ge=10, le=320)
    fx_px: Number("Horizontal focal length; by default fy_px, or so that the circle touches the nearest edge "
                  "of the image.", None, unit="pixels", ge=1, le=MAX_PX)  # fmt: skip
    fy_px: Number("Vertical focal length; by default fx_px.", None, unit="pixels", ge=1, le=MAX_PX)
    cx_px: Number("Column of the circle's middle; by default that of the image.", None,
                  unit="pixels", gt=0, le=16384)  # fmt: skip
    cy_px: Number("Row of the circle's middle; by default that of the image.", None,
                  unit="pixels", gt=0, le=16384)  # fmt: skip
    k1: Number("Coefficient of theta^2, theta in radians.", 0.0, ge=-10, le=10)
    k2: Number("Coefficient of theta^4.", 0.0, ge=-10, le=10)
    k3: Number("Coefficient of theta^6.", 0.0, ge=-10, le=10)
    k4: Number("Coefficient of theta^8.", 0.0, ge=-10, le=10)
    oversample: Oversample = 4

    @model_validator(mode="after")
    def _fits(self) -> KannalaBrandtSpec:
        _check_centre(self)
        _check_source(self)
        return self


class FromFileSpec(Section):
    """A camera of the scene file, with its lens and its place, at an image size of your own.

    It stands where the file has it, so that there is nothing to place or to move.
    """

    frames: ClassVar[int] = 1
    eyes: ClassVar[tuple[str, ...]] = ("mono",)
    trajectory: ClassVar[None] = None

    kind: Literal["from_file"] = FROM_FILE
    width: Whole("Image width.", 640, unit="pixels", ge=16, le=16384)
    height: Whole("Image height.", 480, unit="pixels", ge=16, le=16384)
    camera: Annotated[str, Field(strict=True, min_length=1)] | None = Field(
        default=None,
        description="Name of the camera in the file; by default each view takes another one: that which the "
        "file renders from first, then the rest by their names.",
    )


CAMERAS: MappingProxyType[str, type[Section]] = MappingProxyType(
    {
        FROM_FILE: FromFileSpec,
        "perspective": PerspectiveSpec,
        "brown_conrady": BrownConradySpec,
        "equirectangular": EquirectangularSpec,
        "fisheye_equisolid": EquisolidSpec,
        "fisheye_polynomial": PolynomialSpec,
        "fisheye_kannala_brandt": KannalaBrandtSpec,
    }
)
"""Camera kinds."""

PLANAR_KINDS = ("perspective", "brown_conrady", FROM_FILE)
"""Kinds whose depth is the z coordinate; the others have the distance along the ray only. Of a file's camera
that shows when the file is open."""


def check_planar(cameras: Sequence[Section], channels: Sequence[str]) -> None:
    """Refuse planar depth of a camera for which it means nothing: behind the camera z is negative.

    Raises
    ------
    ValidationError
        At the camera; says what to ask for instead.
    """
    planar = [name for name in channels if CHANNELS[name].frame == PLANAR_FRAME]
    for index, camera in enumerate(cameras):
        if planar and camera.kind not in PLANAR_KINDS:
            kept = [name for name in channels if name not in (*planar, "distance")]
            raise problem_at(
                f"a camera of the kind {camera.kind} has no planar depth ({', '.join(planar)}); "
                f"ask for the distance along the ray instead, channels: [{', '.join([*kept, 'distance'])}]",
                camera.kind,
                "cameras",
                index,
            )


def check_shots(cameras: Sequence[Section], channels: Sequence[str]) -> None:
    """Refuse motion where nothing moves, and disparity where there is one eye.

    Raises
    ------
    ValidationError
        At the camera; says what to give it.
    """
    needs = (
        ("trajectory", lambda camera: camera.trajectory is None, ("flow", "occlusion")),
        ("stereo", lambda camera: camera.eyes == ("mono",), ("disparity",)),
    )
    for key, lacks, prefixes in needs:
        asked = [name for name in channels if name.startswith(prefixes)]
        for index, camera in enumerate(cameras):
            if asked and lacks(camera):
                need, them = ("needs", "the channel") if len(asked) == 1 else ("need", "the channels")
                raise problem_at(
                    f"has no '{key}', which {', '.join(asked)} {need}; give it one, or leave {them} out",
                    camera.kind,
                    "cameras",
                    index,
                )


def check_samples(cameras: Sequence[Section], channels: Sequence[str], k: int) -> None:
    """Refuse more samples within the pixels than Blender has pixels in an image.

    Raises
    ------
    ValidationError
        At the camera; says what to lower.
    """
    if not set(SAMPLED) & set(channels):
        return
    for index, camera in enumerate(cameras):
        for side in ("width", "height"):
            greatest = max(_reachable(getattr(camera, side)))
            if greatest * k > MAX_FINE_PX:
                raise problem_at(
                    f"expected {side} x truth.subpixel of at most {MAX_FINE_PX} pixels "
                    f"(got {greatest:g} x {k}); lower one of them",
                    camera.kind,
                    "cameras",
                    index,
                )


def check_from_file(cameras: Sequence[Section], views: int, scene: Section) -> None:
    """Refuse cameras of a file where there is none, and one camera that would give the same view again.

    Raises
    ------
    PydanticCustomError
        Says which camera, and what to do.
    """
    for index, camera in enumerate(cameras):
        if camera.kind != FROM_FILE:
            continue
        if not scene.from_file:
            raise _problem(
                f"cameras[{index}] is {FROM_FILE}, but scenes of kind {scene.kind} come from no file; "
                "take another kind of camera, such as perspective"
            )
        if camera.camera is not None and views > 1:
            raise _problem(
                f"cameras[{index}] names one camera of the file, which gives one view (views is {views}); "
                "set views to 1, or leave 'camera' out: then each view takes another one"
            )


def _with_preset(value: Mapping[str, Any], preset: Mapping[str, float]) -> dict[str, Any]:
    """The preset below what is given; its K grows with the image when another size is given."""
    given = {name for name, each in value.items() if each is not None}
    filled = {**value, **{name: preset[name] for name in ("width", "height") if name not in given}}
    if "fx_px" not in preset:
        return filled
    scale = {}
    for name in ("width", "height"):
        if isinstance(filled[name], bool) or not isinstance(filled[name], int | float):
            raise _problem(
                f"expected one number as {name} beside a preset, whose K goes with it (got {filled[name]})"
            )
        scale[name] = filled[name] / preset[name]
    if not given & {"fov_deg", "fx_px", "fy_px"}:
        filled["fx_px"], filled["fy_px"] = preset["fx_px"] * scale["width"], preset["fx_px"] * scale["height"]
    for name, side in (("cx_px", "width"), ("cy_px", "height")):
        if name not in given:
            filled[name] = preset[name] * scale[side]
    return filled


def _check_centre(camera: Section) -> None:
    """Every principal point that may be drawn lies inside of every image that may be drawn."""
    for name, side in (("cx_px", "width"), ("cy_px", "height")):
        centre, size = getattr(camera, name), getattr(camera, side)
        if centre is None:
            continue
        greatest, least = max(_reachable(centre)), min(_reachable(size))
        if greatest >= least:
            got = f"{side} {least:g}, {name} {'up to ' * isinstance(centre, Distribution)}{greatest:g}"
            raise _problem(f"expected {name} inside of the image, below its {side} (got {got})")


def _check_source(camera: Section) -> None:
    """The oversized render behind the truth is no larger than what Blender makes."""
    for side in ("width", "height"):
        greatest = max(_reachable(getattr(camera, side)))
        if greatest * camera.oversample > MAX_SOURCE_PX:
            raise _problem(
                f"expected {side} x oversample of at most {MAX_SOURCE_PX} pixels "
                f"(got {greatest:g} x {camera.oversample}); lower oversample"
            )


def _reachable(value: float | Distribution) -> tuple[float, ...]:
    return value.support if isinstance(value, Distribution) else (value,)


def _problem(message: str) -> PydanticCustomError:
    return PydanticCustomError("recipe", "{text}", {"text": message})
