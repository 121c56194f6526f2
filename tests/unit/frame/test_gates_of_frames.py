"""Gates on frames whose content is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.gates import MAX_FLAT, MAX_SKY, check_worth
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.fisheye import EquisolidFisheye

CAMERA = PerspectiveCamera.from_fov(80, 60, 70)


def tilted_plane(offset_m: float = 2.0) -> np.ndarray:
    """(60, 80) planar depth of a plane that is seen at an angle."""
    along = CAMERA.rays() @ np.array([0.3, 0.2, 0.93])
    return (offset_m / along).astype(np.float32)


def worth(camera=CAMERA, statistics=None, **channels) -> list[str]:
    return check_worth(channels, camera, statistics or {})


def test_a_plane_is_empty_and_a_plane_with_a_thing_is_not() -> None:
    depth = tilted_plane()
    assert worth(depth=depth) == ["too empty: expected at most 98% of one flat surface (found 100.0 %)"]
    distance = depth * np.linalg.norm(CAMERA.rays(), axis=-1)
    assert worth(distance=distance.astype(np.float32)) == worth(depth=depth)
    depth[:12, :15] *= 0.9  # 3.75 % of the view
    assert worth(depth=depth) == []


def test_relief_is_told_from_a_wall() -> None:
    rough = np.random.default_rng(3).normal(1.0, 0.02, (60, 80))
    assert worth(depth=(tilted_plane() * rough).astype(np.float32)) == []
    smooth = np.random.default_rng(3).normal(1.0, 1e-4, (60, 80))
    assert len(worth(depth=(tilted_plane() * smooth).astype(np.float32))) == 1


def test_shares_of_the_sky() -> None:
    depth = np.full((60, 80), np.inf, np.float32)
    depth[:6, :10] = np.linspace(3, 9, 10)  # 1.25 % of the view
    assert worth(depth=depth) == [f"too empty: expected at most {MAX_SKY:.0%} sky (found 98.8 %)"]
    depth[:12, :10] = np.linspace(3, 9, 10)
    assert worth(depth=depth) == []
    assert MAX_FLAT == MAX_SKY


def test_around_a_fisheye_s_circle_is_neither_dark_nor_sky() -> None:
    fisheye = EquisolidFisheye(64, 64, 64 / 8, 32.0, 32.0, 60.0)
    seen = fisheye.rays().any(axis=-1)
    assert 0.01 < seen.mean() < 0.1
    rgb = np.where(seen[..., None], np.uint8(90), np.uint8(0)) + np.zeros((64, 64, 3), np.uint8)
    assert worth(fisheye, rgb=rgb) == []
    distance = np.where(seen, np.random.default_rng(1).uniform(2, 5, seen.shape), np.inf)
    assert worth(fisheye, distance=distance.astype(np.float32)) == []


@pytest.mark.parametrize(("value", "reason"), [(5, "too dark"), (20, None), (235, None), (252, "too bright")])
def test_light(value: int, reason: str | None) -> None:
    problems = worth(rgb=np.full((60, 80, 3), value, np.uint8))
    assert [text.split(":")[0] for text in problems] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("colour", "fires"),
    [((255, 0, 255), True), ((200, 40, 196), True), ((90, 10, 88), True), ((200, 90, 200), False),
     ((255, 0, 160), False), ((150, 0, 255), False), ((20, 0, 20), False)],
)  # fmt: skip
def test_magenta(colour: tuple[int, int, int], fires: bool) -> None:
    rgb = np.full((60, 80, 3), 128, np.uint8)
    rgb[:10, :10] = colour
    assert worth(rgb=rgb) == (["missing texture: expected at most 1% magenta (found 2.1 %)"] if fires else [])
    rgb[:10, 4:10] = 128
    assert worth(rgb=rgb) == []


def test_a_solid_is_told_from_a_house_that_faces_outwards() -> None:
    inside = {"backface_ratio": 0.97, "depth_median_m": 0.4}
    (problem,) = worth(statistics=inside)
    assert problem.startswith("camera inside of something") and problem.endswith("(found 97.0 % and 0.40 m)")
    assert worth(statistics=inside | {"depth_median_m": 1.6}) == []
    assert worth(statistics=inside | {"backface_ratio": 0.5}) == []
