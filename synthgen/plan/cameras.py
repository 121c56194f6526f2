"""The camera of a planned view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthgen.errors import UsageError
from synthgen.geometry.camera import Camera, PerspectiveCamera
from synthgen.geometry.distorted import BrownConradyCamera, KannalaBrandtFisheye
from synthgen.geometry.fisheye import EquisolidFisheye, PolynomialFisheye
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.plan.jobs import ViewJob
from synthgen.recipe.cameras import FROM_FILE


def camera_of(view: ViewJob) -> Camera:
    """The camera of a view: intrinsics only, its place is found in the scene."""
    return camera_from_settings(view.camera)


def camera_from_settings(settings: Mapping[str, Any]) -> Camera:
    """The camera of a recipe's camera entry with every number drawn; what is not given is absent or None.

    Raises
    ------
    UsageError
        When the kind is unknown, or only the scene file knows the lens.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    width, height = int(given["width"]), int(given["height"])
    match given["kind"]:
        case "perspective":
            return _perspective(width, height, given)
        case "brown_conrady":
            pinhole = _perspective(width, height, given)
            intrinsics = (pinhole.fx, pinhole.fy, pinhole.cx, pinhole.cy)
            bend = [given.get(name, 0.0) for name in ("k1", "k2", "p1", "p2", "k3")]
            return BrownConradyCamera(width, height, *intrinsics, *bend)
        case "equirectangular":
            return EquirectangularCamera(width, height)
        case "fisheye_equisolid":
            unit = EquisolidFisheye(width, height, 1.0, 0.0, 0.0, given["fov_deg"])
            return EquisolidFisheye(width, height, *_centre(unit, given), given["fov_deg"])
        case "fisheye_polynomial":
            bend = [given.get(name, 0.0) for name in ("a2", "a3", "a4")]
            unit = PolynomialFisheye(width, height, 1.0, 0.0, 0.0, given["fov_deg"], *bend)
            return PolynomialFisheye(width, height, *_centre(unit, given), given["fov_deg"], *bend)
        case "fisheye_kannala_brandt":
            return _kannala_brandt(width, height, given)
        case kind if kind == FROM_FILE:
            raise UsageError("the lens of a camera of the scene file is known only when the file is open")
    raise UsageError(f"unknown camera kind '{given['kind']}' in the plan; make the plan again")


def problem_of_settings(settings: Mapping[str, Any]) -> str | None:
    """Why a recipe's camera entry with every number drawn is no camera, or None; of a file's camera, None."""
    return None if settings["kind"] == FROM_FILE else camera_from_settings(settings).problem()


def _perspective(width: int, height: int, given: Mapping[str, Any]) -> PerspectiveCamera:
    cx, cy = given.get("cx_px", width / 2.0), given.get("cy_px", height / 2.0)
    if "fx_px" in given or "fy_px" in given:
        fx = given.get("fx_px", given.get("fy_px"))
        return PerspectiveCamera(width, height, fx, given.get("fy_px", fx), cx, cy)
    if "cx_px" in given or "cy_px" in given:
        return PerspectiveCamera.from_fov_at(width, height, given["fov_deg"], cx, cy)
    return PerspectiveCamera.from_fov(width, height, given["fov_deg"])


def _kannala_brandt(width: int, height: int, given: Mapping[str, Any]) -> KannalaBrandtFisheye:
    bend = [given.get(name, 0.0) for name in ("k1", "k2", "k3", "k4")]
    unit = KannalaBrandtFisheye(width, height, 1.0, 1.0, 0.0, 0.0, given["fov_deg"], *bend)
    touching, cx, cy = _centre(unit, given)
    fx = given.get("fx_px", given.get("fy_px", touching))
    return KannalaBrandtFisheye(width, height, fx, given.get("fy_px", fx), cx, cy, given["fov_deg"], *bend)


def _centre(
    unit: EquisolidFisheye | PolynomialFisheye | KannalaBrandtFisheye, given: Mapping[str, Any]
) -> tuple[float, ...]:
    """(f, cx, cy): without f_px, the circle touches the nearest edge of the image."""
    width, height = unit.width, unit.height
    cx, cy = given.get("cx_px", width / 2.0), given.get("cy_px", height / 2.0)
    if "f_px" in given:
        return given["f_px"], cx, cy
    return min(cx, width - cx, cy, height - cy) / (unit.reach or 1.0), cx, cy
