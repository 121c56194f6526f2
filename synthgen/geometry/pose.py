"""Rigid transforms as (4, 4) float64 matrices named target_from_source.

World: right-handed, z up, metres. Camera: OpenCV (x right, y down, z forward).
"""

from __future__ import annotations

import math

import numpy as np

CV_FROM_GL = np.diag([1.0, -1.0, -1.0, 1.0])
"""OpenCV camera frame from Blender's (x right, y up, z backward), and back: it is its own inverse."""


def camera_rotation(yaw_deg: float, pitch_deg: float = 0.0, roll_deg: float = 0.0) -> np.ndarray:
    """(3, 3) world_from_camera rotation of an upright camera.

    Parameters
    ----------
    yaw_deg : heading in the ground plane, counter-clockwise seen from above; 0 looks along +x
    pitch_deg : positive looks up
    roll_deg : positive turns the camera clockwise about its viewing direction
    """
    yaw, pitch, roll = (math.radians(angle) for angle in (yaw_deg, pitch_deg, roll_deg))
    forward = np.array([math.cos(yaw) * math.cos(pitch), math.sin(yaw) * math.cos(pitch), math.sin(pitch)])
    right = np.array([math.sin(yaw), -math.cos(yaw), 0.0])
    down = np.cross(forward, right)
    rolled_right = math.cos(roll) * right + math.sin(roll) * down
    rolled_down = -math.sin(roll) * right + math.cos(roll) * down
    return np.stack([rolled_right, rolled_down, forward], axis=1)


def world_from_camera(position_m: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """(4, 4) world_from_camera from a position (3,) in metres and a (3, 3) rotation."""
    matrix = np.eye(4)
    matrix[:3, :3] = rotation
    matrix[:3, 3] = position_m
    return matrix


def invert(target_from_source: np.ndarray) -> np.ndarray:
    """(4, 4) source_from_target of a rigid transform."""
    rotation, translation = target_from_source[:3, :3], target_from_source[:3, 3]
    return world_from_camera(-rotation.T @ translation, rotation.T)


def transform_points(target_from_source: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(..., 3) points carried from the source to the target frame."""
    return points @ target_from_source[:3, :3].T + target_from_source[:3, 3]
