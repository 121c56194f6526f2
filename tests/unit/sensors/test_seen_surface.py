"""What sensors are given: surfaces from channels, defaults for what is missing, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.sensors import Observation, Reason, get_sensor
from synthgen.sensors.observation import first_reason, observed
from synthgen.sensors.surface import OPTIONAL, normals_of_depth, seen_surface

CAMERA = PerspectiveCamera.from_fov(64, 48, 60.0)


def plane(normal=(0.0, 0.0, -1.0), distance: float = 2.0) -> np.ndarray:
    """(h, w) depths of a plane that meets the axis `distance` metres away."""
    normal = np.asarray(normal) / np.linalg.norm(normal)
    return ((normal[2] * distance) / (CAMERA.rays() @ normal)).astype(np.float32)


def test_normals_come_from_depth_where_the_frame_has_none() -> None:
    tilted = np.array([0.4, -0.3, -0.8]) / np.linalg.norm([0.4, -0.3, -0.8])
    depth = plane(tilted)
    depth[10:20, 10:30] = 1.0  # a plate in front, whose edges must not bend the normals beside them
    found = normals_of_depth(CAMERA, depth)
    expected = np.broadcast_to(tilted, found.shape).copy()
    expected[10:20, 10:30] = (0, 0, -1)
    assert np.abs(found - expected).max() < 2e-3
    surface = seen_surface(FrameBundle.from_arrays(CAMERA, depth))
    assert surface.assumed == OPTIONAL
    assert np.array_equal(surface.layers[..., 0], depth)


def test_materials_keep_their_infrared_gain() -> None:
    instance = np.ones((48, 64), np.uint32)
    instance[:, 32:] = 2
    bundle = FrameBundle.from_arrays(CAMERA, plane(), instance=instance)
    surface = seen_surface(bundle)
    left, right = np.unique(surface.reflectance[:, :32]), np.unique(surface.reflectance[:, 32:])
    assert len(left) == len(right) == 1 and left != right
    assert np.array_equal(seen_surface(bundle).reflectance, surface.reflectance)
    assert np.unique(seen_surface(bundle, infrared=False).reflectance) == np.float32(0.5)


def test_a_table_of_materials_tells_what_channels_do_not() -> None:
    material = np.full((48, 64), 2, np.uint16)
    rows = [
        {"id": 1, "name": "wall", "roughness": 0.9},
        {"id": 2, "name": "chrome", "roughness": 0.05, "metallic": 1.0},
    ]
    surface = seen_surface(
        FrameBundle.from_arrays(CAMERA, plane(), material=material, meta={"materials": rows})
    )
    assert np.unique(surface.roughness) == np.float32(0.05) and np.unique(surface.metallic) == 1.0
    assert "roughness" not in surface.assumed and "transmission" in surface.assumed


@pytest.mark.parametrize("wrong", [np.nan, 0.0, -1.0])
def test_depth_that_is_no_depth_is_refused(wrong: float) -> None:
    depth = plane()
    depth[3, 4] = wrong
    with pytest.raises(
        UsageError, match=r"scene000000_view000: expected depth in metres above 0.*found 1 pixels"
    ):
        seen_surface(FrameBundle.from_arrays(CAMERA, depth))


def test_arrays_of_another_size_are_refused() -> None:
    with pytest.raises(UsageError, match=r"albedo: expected \(h, w\) = \(48, 64\).*got \(24, 64\)"):
        FrameBundle.from_arrays(CAMERA, plane(), albedo=np.ones((24, 64, 3)))


def test_a_reason_stands_exactly_where_there_is_no_depth() -> None:
    reason = first_reason((2, 2), {Reason.RANGE: np.eye(2, dtype=bool), Reason.SHADOW: np.ones((2, 2), bool)})
    assert reason.tolist() == [[Reason.RANGE, Reason.SHADOW], [Reason.SHADOW, Reason.RANGE]]
    assert not observed(np.ones((2, 2)), reason).depth.any()
    with pytest.raises(ValueError, match="a reason exactly where"):
        Observation(np.ones((2, 2), np.float32), reason)


def test_unknown_sensors_and_parameters_are_named() -> None:
    with pytest.raises(UsageError, match="unknown sensor 'kinect'"):
        get_sensor("kinect")
