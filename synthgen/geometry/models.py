"""All camera models by name, and cameras from their metadata."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from synthgen.errors import DataError, unknown_name
from synthgen.geometry.camera import Camera, PerspectiveCamera
from synthgen.geometry.distorted import BrownConradyCamera, KannalaBrandtFisheye
from synthgen.geometry.fisheye import EquisolidFisheye, PolynomialFisheye
from synthgen.geometry.panorama import EquirectangularCamera

CAMERA_MODELS: MappingProxyType[str, type[Camera]] = MappingProxyType(
    {
        model.model: model
        for model in (
            PerspectiveCamera,
            BrownConradyCamera,
            EquirectangularCamera,
            EquisolidFisheye,
            PolynomialFisheye,
            KannalaBrandtFisheye,
        )
    }
)
"""Camera models by the name that the metadata has for them."""


def camera_from_entry(entry: Mapping[str, object]) -> Camera:
    """The camera of a frame's metadata, with all that it can do: `rays`, `project` ...

    Parameters
    ----------
    entry : `frame["camera"]` of a loaded frame, or `camera` in its JSON

    Raises
    ------
    DataError
        When the model is unknown or a value is missing.
    """
    name = entry.get("model")
    if name not in CAMERA_MODELS:
        raise DataError(unknown_name("camera model", str(name), CAMERA_MODELS))
    try:
        width, height = int(entry["width"]), int(entry["height"])
        (fx, _, cx), (_, fy, cy), _ = np.asarray(entry["K"], dtype=np.float64).tolist()
        match name:
            case PerspectiveCamera.model:
                return PerspectiveCamera(width, height, fx, fy, cx, cy)
            case BrownConradyCamera.model:
                bend = [float(each) for each in entry["distortion"]]
                return BrownConradyCamera(width, height, fx, fy, cx, cy, *bend)
            case EquirectangularCamera.model:
                return EquirectangularCamera(width, height)
            case EquisolidFisheye.model:
                return EquisolidFisheye(width, height, fx, cx, cy, float(entry["fov_deg"]))
            case KannalaBrandtFisheye.model:
                bend = [float(entry["fov_deg"]), *(float(each) for each in entry["distortion"])]
                return KannalaBrandtFisheye(width, height, fx, fy, cx, cy, *bend)
        _, _, *rest = entry["angle_polynomial"]
        return PolynomialFisheye(width, height, fx, cx, cy, float(entry["fov_deg"]), *rest)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"camera: expected the values of a {name} camera ({error!r})") from None
