"""PyTorch datasets: values, and every frame exactly once over workers, ranks and epochs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch.utils.data import DataLoader  # noqa: E402

from synthgen.errors import UsageError  # noqa: E402
from synthgen.frame.channels import CHANNELS as CATALOGUE  # noqa: E402
from synthgen.load.dataset import open_dataset  # noqa: E402
from synthgen.load.torch import DepthDataset, StreamingDepthDataset, tensors_of  # noqa: E402
from synthgen.testing.analytic import analytic_bundle, analytic_job  # noqa: E402

CHANNELS = ("rgb", "depth", "normal", "instance", "semantic")


def keys_of(loader) -> list[str]:
    return [
        key for batch in loader for key in ([batch["key"]] if isinstance(batch["key"], str) else batch["key"])
    ]


def test_tensors(packed_once: Path) -> None:
    sample = DepthDataset(packed_once, split="train", channels=CHANNELS)[3]
    frame = open_dataset(packed_once, split="train")[3]
    assert sample["key"] == frame["key"]
    assert (sample["rgb"].shape, sample["rgb"].dtype) == ((3, 48, 64), torch.float32)
    np.testing.assert_allclose(sample["rgb"].permute(1, 2, 0).numpy(), frame["rgb"] / 255, atol=1e-7)
    valid = np.isfinite(frame["depth"])
    assert 0 < valid.sum() < valid.size
    assert (sample["depth"].shape, sample["depth"].dtype) == ((1, 48, 64), torch.float32)
    np.testing.assert_array_equal(sample["valid"][0].numpy(), valid)
    np.testing.assert_array_equal(sample["depth"][0].numpy(), np.where(valid, frame["depth"], 0))
    np.testing.assert_array_equal(sample["normal"].permute(1, 2, 0).numpy(), frame["normal"])
    assert sample["instance"].dtype == sample["semantic"].dtype == torch.int64
    np.testing.assert_array_equal(sample["semantic"].numpy(), frame["semantic"])
    np.testing.assert_allclose(sample["K"].numpy(), frame["camera"]["K"], rtol=1e-6)
    assert sample["world_from_camera"].shape == (4, 4)


def test_flow_light_and_masks_as_tensors() -> None:
    job = analytic_job(channels=tuple(CATALOGUE))
    frame = dict(analytic_bundle(job, job.views[0]).channels)
    flow = frame["flow_forward"].copy()
    flow[3:9, 2] = np.inf
    sample = tensors_of(
        frame | {"flow_forward": flow, "key": "x", "camera": {"K": np.eye(3), "world_from_camera": np.eye(4)}}
    )
    seen = np.isfinite(flow).all(axis=-1)
    assert 0 < (~seen).sum() < seen.size
    np.testing.assert_array_equal(sample["flow_forward_valid"][0].numpy(), seen)
    np.testing.assert_array_equal(sample["flow_forward"].permute(1, 2, 0)[~seen].numpy(), np.zeros((6, 2)))
    np.testing.assert_array_equal(sample["flow_forward"].permute(1, 2, 0)[seen].numpy(), flow[seen])
    assert sample["flow_backward_valid"].all()
    for name in ("hdr", "albedo", "diffuse_illumination", "residual"):
        assert sample[name].dtype == torch.float32
        np.testing.assert_array_equal(sample[name].permute(1, 2, 0).numpy(), frame[name].astype(np.float32))
    assert sample["edge"].shape == (2, 48, 64) and sample["disparity"].shape == (1, 48, 64)
    for name in ("validity", "occlusion_forward", "occlusion_backward"):
        assert (sample[name].shape, sample[name].dtype) == ((48, 64), torch.int64)
        np.testing.assert_array_equal(sample[name].numpy(), frame[name])
    assert all(torch.isfinite(value).all() for value in sample.values() if isinstance(value, torch.Tensor))


def test_only_what_is_asked_for(packed_once: Path) -> None:
    assert set(DepthDataset(packed_once)[0]) == {"key", "rgb", "depth", "valid", "K", "world_from_camera"}
    assert set(DepthDataset(packed_once, channels=["rgb"])[0]) == {"key", "rgb", "K", "world_from_camera"}


def test_transform(packed_once: Path) -> None:
    dataset = DepthDataset(packed_once, transform=lambda sample: sample["depth"].amax())
    assert (
        dataset[0]
        == open_dataset(packed_once)[0]["depth"][np.isfinite(open_dataset(packed_once)[0]["depth"])].max()
    )
    stream = StreamingDepthDataset(packed_once, transform=lambda sample: sample["key"], shuffle=False)
    assert list(stream) == list(open_dataset(packed_once).keys)


@pytest.mark.parametrize("file_format", ["frames", "webdataset", "parquet"])
@pytest.mark.parametrize("workers", [0, 2])
def test_loaders_give_every_frame_once(packed_once: Path, file_format: str, workers: int) -> None:
    expected = sorted(open_dataset(packed_once).keys)
    mapped = DepthDataset(packed_once, format=file_format)
    loader = DataLoader(mapped, batch_size=5, shuffle=True, num_workers=workers)
    assert sorted(keys_of(loader)) == expected
    stream = StreamingDepthDataset(packed_once, format=file_format, shuffle_buffer=3)
    loader = DataLoader(stream, batch_size=5, num_workers=workers)
    assert sorted(keys_of(loader)) == expected
    assert next(iter(loader))["rgb"].shape == (5, 3, 48, 64)


@pytest.mark.parametrize("world_size", [1, 2, 3, 5, 12, 16])
def test_ranks_divide_an_epoch(packed_once: Path, world_size: int) -> None:
    streams = [
        StreamingDepthDataset(packed_once, channels=(), rank=rank, world_size=world_size, seed=3)
        for rank in range(world_size)
    ]
    parts = [keys_of(stream) for stream in streams]
    assert sorted(key for part in parts for key in part) == sorted(open_dataset(packed_once).keys)
    assert [len(stream) for stream in streams] == [len(part) for part in parts]
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_even_ranks(packed_once: Path) -> None:
    parts = [
        keys_of(StreamingDepthDataset(packed_once, channels=(), rank=rank, world_size=5, drop_uneven=True))
        for rank in range(5)
    ]
    assert [len(part) for part in parts] == [2] * 5
    assert len({key for part in parts for key in part}) == 10


def test_workers_of_ranks_divide_an_epoch(packed_once: Path) -> None:
    found = []
    for rank in range(2):
        stream = StreamingDepthDataset(packed_once, channels=(), rank=rank, world_size=2)
        found += keys_of(DataLoader(stream, batch_size=None, num_workers=2))
    assert sorted(found) == sorted(open_dataset(packed_once).keys)


def test_epochs_and_seeds_order_anew_and_repeat(packed_once: Path) -> None:
    def order(seed: int, epoch: int) -> list[str]:
        stream = StreamingDepthDataset(packed_once, channels=(), seed=seed, shuffle_buffer=4)
        stream.set_epoch(epoch)
        return keys_of(stream)

    orders = {(seed, epoch): tuple(order(seed, epoch)) for seed in (0, 1) for epoch in (0, 1, 2)}
    assert len(set(orders.values())) == 6
    assert tuple(order(1, 2)) == orders[1, 2]
    assert order(0, 0) != sorted(order(0, 0))


def test_persistent_workers_see_the_next_epoch(packed_once: Path) -> None:
    stream = StreamingDepthDataset(packed_once, channels=())
    loader = DataLoader(stream, batch_size=None, num_workers=1, persistent_workers=True)
    first = keys_of(loader)
    stream.set_epoch(1)
    second = keys_of(loader)
    assert sorted(first) == sorted(second) and first != second
    fresh = StreamingDepthDataset(packed_once, channels=())
    fresh.set_epoch(1)
    assert second == keys_of(fresh)


def test_the_buffer_mixes_across_shards(packed_once: Path) -> None:
    stream = StreamingDepthDataset(packed_once, channels=(), shuffle_buffer=12, seed=5)
    keys = keys_of(stream)
    pairs = [tuple(keys[index : index + 2]) for index in range(0, 12, 2)]
    assert sum(first[:11] == second[:11] for first, second in pairs) < 6


def test_torch_distributed_is_noticed(packed_once: Path, tmp_path: Path) -> None:
    store = torch.distributed.FileStore(str(tmp_path / "store"), 1)
    torch.distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    try:
        assert len(keys_of(StreamingDepthDataset(packed_once, channels=()))) == 12
    finally:
        torch.distributed.destroy_process_group()


@pytest.mark.parametrize(("rank", "world_size"), [(0, None), (None, 2), (2, 2), (-1, 2)])
def test_impossible_ranks(packed_once: Path, rank: int | None, world_size: int | None) -> None:
    with pytest.raises(UsageError, match="rank"):
        StreamingDepthDataset(packed_once, rank=rank, world_size=world_size)
