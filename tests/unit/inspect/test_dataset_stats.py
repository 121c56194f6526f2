"""Statistics agree with numbers counted by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.frame.classes import CLASSES
from synthgen.frame.store import read_frame
from synthgen.inspect.stats import dataset_stats, stats_table
from synthgen.storage import Storage, open_storage


def test_every_pixel_is_counted_once(dataset: Storage) -> None:
    stats = dataset_stats(dataset)
    frames = [read_frame(dataset, scene, view) for scene in (0, 1) for view in (0, 1)]
    histogram = stats["depth_histogram"]
    counted = sum(histogram["pixels"]) + histogram["below"] + histogram["above"] + histogram["sky"]
    assert counted == sum(frame["depth"].size for frame in frames)
    assert histogram["sky"] == sum(int(np.isinf(frame["depth"]).sum()) for frame in frames)
    edges = histogram["edges_m"]
    assert len(histogram["pixels"]) == len(edges) - 1
    near = sum(int(((f["depth"] > 1.0) & (f["depth"] <= 10.0)).sum()) for f in frames)
    assert sum(histogram["pixels"][edges.index(1.0) : edges.index(10.0)]) == near

    sky = sum(int((frame["semantic"] == CLASSES["sky"].id).sum()) for frame in frames)
    assert stats["classes"]["sky"] == pytest.approx(sky / counted)
    assert sum(stats["classes"].values()) == pytest.approx(1.0)


def test_cameras_and_splits_are_summarised(dataset: Storage) -> None:
    stats = dataset_stats(dataset)
    assert stats["frames"] == 4
    assert stats["splits"] == {"train": 2, "val": 2}
    assert stats["fov_deg"] == pytest.approx({"min": 70.0, "median": 70.0, "max": 70.0})
    assert stats["height_m"] == pytest.approx({"min": 1.4, "median": 1.4, "max": 1.4})
    assert json.loads(json.dumps(stats)) == stats


def test_shards_alone_give_the_same_numbers(packed: Storage) -> None:
    before = dataset_stats(packed)
    packed.delete("frames")
    after = dataset_stats(packed)
    assert after["classes"] == before["classes"]
    assert after["depth_histogram"]["sky"] == before["depth_histogram"]["sky"]
    assert after["depth_median_m"]["median"] == pytest.approx(before["depth_median_m"]["median"], abs=1e-3)


def test_motion_stereo_and_validity_are_summarised(make_dataset: Callable[..., Storage]) -> None:
    channels = ("depth", "flow_forward", "disparity", "validity")
    storage = make_dataset(channels=channels)
    stats = dataset_stats(storage)
    frames = [read_frame(storage, scene, view) for scene in (0, 1) for view in (0, 1)]
    lengths = [np.median(np.hypot(*np.moveaxis(frame["flow_forward"], -1, 0))) for frame in frames]
    assert stats["flow_px"]["max"] == pytest.approx(max(lengths), abs=1e-6)
    nearest = [np.median(frame["disparity"][np.isfinite(frame["depth"])]) for frame in frames]
    assert stats["disparity_px"]["min"] == pytest.approx(min(nearest))
    sky = np.mean([np.isinf(frame["depth"]).mean() for frame in frames])
    assert stats["validity"]["sky"] == pytest.approx(sky)
    assert 0 < stats["validity"]["mixed"] < 0.2 and stats["validity"]["mirror"] == 0
    table = stats_table(stats)
    assert f"{100 * sky:.1f} % sky" in table and "mirror" not in table and "disparity" in table
    assert json.loads(json.dumps(stats)) == stats


def test_frames_without_finite_flow_or_a_second_eye_count_for_nothing(
    make_dataset: Callable[..., Storage],
) -> None:
    def alter(bundle: FrameBundle) -> FrameBundle:
        unseen = np.full((48, 64, 2), np.inf, np.float32)
        far = np.zeros((48, 64), np.float32)
        return replace(bundle, channels={**bundle.channels, "flow_forward": unseen, "disparity": far})

    stats = dataset_stats(make_dataset(channels=("depth", "flow_forward", "disparity"), alter=alter))
    assert stats["flow_px"] is None and stats["disparity_px"] is None and stats["validity"] == {}


def test_the_table_is_short_and_names_what_it_counts(dataset: Storage) -> None:
    table = stats_table(dataset_stats(dataset))
    assert "frames      4 (2 train, 2 val)" in table
    assert "fov         70 .. 70 .. 70 deg" in table
    assert "ground" in table
    assert len(table.splitlines()) < 25


def test_a_folder_without_frames_is_a_usage_error(tmp_path: object) -> None:
    with pytest.raises(UsageError, match="expected finished frames or shards"):
        dataset_stats(open_storage(tmp_path))


def test_datasets_without_truth_still_count_their_cameras(make_dataset: Callable[..., Storage]) -> None:
    storage = make_dataset(scenes=1, channels=("rgb",))
    stats = dataset_stats(storage)
    assert stats["depth_median_m"] is None
    assert stats["classes"] == {}
    assert "fov" in stats_table(stats)
