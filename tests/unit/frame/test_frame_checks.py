"""What makes a frame valid: every rule is broken once, on a frame that is whole otherwise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from synthgen.frame.checks import check_channels, depth_statistics
from synthgen.frame.classes import CLASSES, FIRST_CUSTOM_ID, class_table
from synthgen.testing.analytic import analytic_bundle, analytic_job

Channels = dict[str, np.ndarray]


def problems(spoil: Callable[[Channels], object] = lambda channels: None) -> list[str]:
    """The problems of an analytic frame after `spoil` changed its arrays."""
    job = analytic_job()
    bundle = analytic_bundle(job, job.views[0])
    channels = {name: pixels.copy() for name, pixels in bundle.channels.items()}
    spoil(channels)
    ids = {instance.id for instance in bundle.instances}
    return check_channels(channels, 64, 48, ids, {entry.id for entry in CLASSES.values()})


def put(name: str, value: object, row: int = 47, column: int = 0) -> Callable[[Channels], None]:
    """Change one pixel; the lowest row shows the floor, the highest the sky."""

    def spoil(channels: Channels) -> None:
        channels[name][row, column] = value

    return spoil


def test_a_whole_frame_has_no_problem() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (put("depth", np.nan), "depth: expected no NaN (found 1 pixel)"),
        (put("depth", -np.inf, row=0), "depth: expected no -inf (found 1 pixel)"),
        (put("depth", 0.0), "depth: expected > 0 (found 1 pixel at or behind the camera)"),
        (put("depth", 1e10), "depth: expected +inf for sky (found a surface at 1e+10 m)"),
        (put("depth", np.inf), "instance: expected an id wherever depth is finite (1 pixel differ)"),
        (put("normal", (0, 0, np.nan)), "normal: expected finite vectors (found 1 pixel)"),
        (put("normal", (0, 0.9, 0)), "normal: expected unit length (found 1 pixel)"),
        (put("normal", (0, 0, 0)), "normal: expected one wherever depth is finite (1 pixel differ)"),
        (put("instance", 999), "instance: ids not in the label table: [999]"),
        (put("semantic", 999), "semantic: ids not in the class table: [999]"),
        (put("semantic", 1), "semantic: expected sky exactly where depth is +inf (1 pixel differ)"),
        (lambda channels: channels["rgb"].fill(7), "rgb: expected a picture, found one flat colour around 7"),
        (lambda channels: channels["depth"].fill(np.inf), "depth: expected a surface somewhere"),
    ],
)
def test_each_rule_is_held(spoil: Callable[[Channels], None], text: str) -> None:
    assert any(problem.startswith(text) for problem in problems(spoil))


def test_dtypes_and_shapes_come_first() -> None:
    found = problems(lambda channels: channels.update(depth=channels["depth"].astype(np.float64)[:-1]))
    assert found == ["depth: expected float32 (48, 64) (got float64 (47, 64))"]


FISHEYE = {"kind": "fisheye_equisolid", "fov_deg": 150.0}


def fisheye_problems(spoil: Callable[[Channels], object] = lambda channels: None) -> list[str]:
    """Likewise of a frame of a fisheye, which has a distance and no depth; (24, 0) is beside its circle."""
    names = ("distance", "normal", "instance", "semantic", "edge", "validity", "position")
    job = analytic_job(channels=names, camera=FISHEYE)
    bundle = analytic_bundle(job, job.views[0])
    channels = {name: pixels.copy() for name, pixels in bundle.channels.items()}
    spoil(channels)
    ids, classes = {instance.id for instance in bundle.instances}, {entry.id for entry in CLASSES.values()}
    return check_channels(channels, 64, 48, ids, classes, camera=bundle.camera)


def test_a_whole_frame_of_a_fisheye_has_no_problem() -> None:
    assert fisheye_problems() == []


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (
            put("semantic", 1, 40, 32),
            "semantic: expected sky exactly where distance is +inf (1 pixel differ)",
        ),
        (put("semantic", 2, 24, 0), "semantic: expected sky exactly where distance is +inf (1 pixel differ)"),
        (put("instance", 0, 40, 32), "instance: expected an id wherever distance is finite (1 pixel differ)"),
        (put("normal", 0, 40, 32), "normal: expected one wherever distance is finite (1 pixel differ)"),
        (put("position", np.inf, 40, 32), "position: expected a value exactly where distance is finite"),
        (put("validity", 1, 40, 32), "validity: expected the bit sky exactly where distance is +inf"),
        (put("validity", 0, 24, 0), "validity: expected the bit sky exactly where distance is +inf"),
        (put("edge", (90, 99), 40, 32), "edge: expected the least at most the distance (1 pixel greater)"),
        (put("edge", (0.1, 0.2), 40, 32), "edge: expected the greatest at least the distance (1 pixel less)"),
        (lambda channels: channels["distance"].fill(np.inf), "distance: expected a surface somewhere"),
    ],
)
def test_each_rule_is_held_where_there_is_a_distance_only(
    spoil: Callable[[Channels], None], text: str
) -> None:
    assert any(problem.startswith(text) for problem in fisheye_problems(spoil))


def test_planar_depth_within_a_pixel_may_end_before_the_distance() -> None:
    job = analytic_job(channels=("distance", "edge"))
    bundle = analytic_bundle(job, job.views[0])
    assert (bundle.channels["edge"][..., 1] < bundle.channels["distance"]).any()
    assert check_channels(bundle.channels, 64, 48, (), (), camera=bundle.camera) == []


def test_statistics_leave_the_sky_out() -> None:
    depth = np.array([[1.0, 2.0], [3.0, np.inf]], np.float32)
    statistics = depth_statistics(depth)
    assert (statistics["depth_min_m"], statistics["depth_median_m"], statistics["depth_max_m"]) == (1, 2, 3)
    assert statistics["sky_ratio"] == 0.25
    assert depth_statistics(np.full((2, 2), np.inf, np.float32)) == {"sky_ratio": 1.0}


def test_class_ids_are_stable_and_a_familys_own_start_high() -> None:
    assert [CLASSES[name].id for name in ("void", "sky", "wall", "floor", "ground")] == [0, 1, 2, 3, 49]
    table = class_table(["chair", "dragon", "troll", "dragon"])
    assert (table["dragon"].id, table["troll"].id) == (FIRST_CUSTOM_ID, FIRST_CUSTOM_ID + 1)
    assert table["chair"] == CLASSES["chair"]
    assert len({entry.id for entry in table.values()}) == len(table)
