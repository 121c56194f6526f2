"""stereo: what two colour cameras make of texture, and of none."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.sensors import Reason, get_sensor

H, W, FOCAL_PX, BASELINE_M = 160, 320, 300.0, 0.12
CAMERA = PerspectiveCamera(W, H, FOCAL_PX, FOCAL_PX, W / 2, H / 2)
EXACT = {"noise_dn": 0.0, "rectification_px": 0.0}


def paint(columns: np.ndarray, rows: np.ndarray, seed: int) -> np.ndarray:
    """Brightness of a surface painted with waves of 3 to 12 px, at any place: 20 to 235."""
    rng = np.random.default_rng(seed)
    wave = np.zeros(np.broadcast_shapes(columns.shape, rows.shape))
    for _ in range(24):
        angle, length_px, phase = rng.uniform(0, np.pi), rng.uniform(3, 12), rng.uniform(0, 2 * np.pi)
        wave += np.sin(2 * np.pi * (np.cos(angle) * columns + np.sin(angle) * rows) / length_px + phase)
    return np.clip(128 + 20 * wave, 20, 235)


def pair_of_walls(
    near_m: float | None, far_m: float, textured: bool = True, eye: str = "left"
) -> FrameBundle:
    """A wall, and a plate before its middle, painted on their own places and seen by both eyes of a rig.

    A point in column u of the left eye lies at u - f b / z in the right one.
    """
    columns, rows = np.arange(W, dtype=float), np.arange(H, dtype=float)[:, None]
    pictures, depths = [], []
    for moved in (0.0, 1.0):
        place = columns + moved * FOCAL_PX * BASELINE_M / far_m
        picture = paint(place, rows, 1) if textured else np.full((H, W), 128.0)
        depth = np.full((H, W), far_m, np.float32)
        if near_m is not None:
            place = columns + moved * FOCAL_PX * BASELINE_M / near_m
            inside = (place >= 140) & (place < 240) & (rows >= 30) & (rows < 130)
            picture = np.where(inside, paint(place, rows, 2), picture)
            depth[inside] = near_m
        pictures.append(np.repeat(np.rint(picture).astype(np.uint8)[..., None], 3, axis=-1))
        depths.append(depth)
    own = 0 if eye == "left" else 1
    return FrameBundle.from_arrays(
        CAMERA,
        depths[own],
        rgb=pictures[own],
        rgb_other=pictures[1 - own],
        meta={"rig": {"baseline_m": BASELINE_M, "eye": eye}},
    )


def test_texture_decides_whether_there_is_a_match() -> None:
    band = round(FOCAL_PX * BASELINE_M / 2.0)
    painted = get_sensor("stereo", **EXACT).observe(pair_of_walls(None, 2.0), 0)
    assert (painted.depth[:, band + 2 :] > 0).mean() > 0.97
    plain = get_sensor("stereo", **EXACT).observe(pair_of_walls(None, 2.0, textured=False), 0)
    assert (plain.depth == 0).mean() > 0.9
    assert (plain.reason[:, band + 2 :] == Reason.LOW_SIGNAL).mean() > 0.9
    noisy = get_sensor("stereo").observe(pair_of_walls(None, 2.0, textured=False), 0)
    assert (noisy.depth == 0).mean() > 0.9


@pytest.mark.parametrize("distance_m", [1.0, 2.13, 4.0])
def test_depth_is_right_to_fractions_of_a_pixel(distance_m: float) -> None:
    disparity = FOCAL_PX * BASELINE_M / distance_m
    for params, least_px, most_px in ((EXACT, 0.0, 0.08), ({"noise_dn": 12.0}, 0.03, 0.25)):
        seen = get_sensor("stereo", **params).observe(pair_of_walls(None, distance_m), 1).depth
        error = FOCAL_PX * BASELINE_M / seen[seen > 0] - disparity
        assert least_px < np.sqrt((error**2).mean()) < most_px


@pytest.mark.parametrize("eye", ["left", "right"])
def test_the_other_eye_does_not_see_all(eye: str) -> None:
    seen = get_sensor("stereo").observe(pair_of_walls(1.0, 2.0, eye=eye), 2)
    depth, reason = ((each if eye == "left" else each[:, ::-1])[40:120] for each in (seen.depth, seen.reason))
    start = 140 if eye == "left" else W - 204  # where the plate's side towards the other eye's shadow lies
    jump = FOCAL_PX * BASELINE_M * (1 / 1.0 - 1 / 2.0)
    assert np.median(depth[:, start + 20 : start + 80]) == pytest.approx(1.0, abs=0.01)
    hidden = slice(start - round(jump) + 4, start - 4)
    assert (reason[:, hidden] == Reason.SHADOW).mean() > 0.8
    assert (depth[:, start + 105 : start + 112] > 1.9).mean() > 0.9
    band = round(FOCAL_PX * BASELINE_M / 2.0)
    assert (reason[:, : band - 2] == Reason.BORDER).all()
    assert np.median(np.argmax(depth > 0, axis=1)) == pytest.approx(band, abs=2)


def test_truth_stays_and_seeds_decide() -> None:
    bundle = pair_of_walls(1.0, 2.0)
    before = {name: pixels.copy() for name, pixels in bundle.channels.items()}
    first, again, other = (get_sensor("stereo").observe(bundle, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(bundle.channels[name], pixels) for name, pixels in before.items())
    assert np.array_equal(first.depth, again.depth) and np.array_equal(first.reason, again.reason)
    assert not np.array_equal(first.depth, other.depth)
    far = get_sensor("stereo", far_m=1.5).observe(bundle, 1)
    assert far.depth.max() <= 1.5 and (far.reason[5, 40:] == Reason.RANGE).all()


def test_frames_without_a_pair_are_refused() -> None:
    bundle = pair_of_walls(None, 2.0)
    alone = {name: pixels for name, pixels in bundle.channels.items() if name != "rgb_other"}
    with pytest.raises(UsageError, match=r"stereo needs the channels rgb_other \(found rgb, depth\)"):
        get_sensor("stereo").observe(FrameBundle.from_arrays(CAMERA, **alone, meta=bundle.meta), 0)
    with pytest.raises(UsageError, match=r"needs the frame of a rig .* baseline_m and eye \(got None\)"):
        get_sensor("stereo").observe(FrameBundle.from_arrays(CAMERA, **bundle.channels), 0)
    wrong = dict(bundle.channels) | {"rgb_other": np.zeros((H, W, 3), np.float32)}
    with pytest.raises(UsageError, match=r"expected rgb_other of \(160, 320, 3\), uint8 .*float32"):
        get_sensor("stereo").observe(FrameBundle.from_arrays(CAMERA, **wrong, meta=bundle.meta), 0)
