"""Statistics agree with numbers counted by hand."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from synthgen.errors import UsageError
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
