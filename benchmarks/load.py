"""How fast one core loads frames of 640x480, in order and at random, and what the size of row groups does.

    python benchmarks/load.py [frames]        200 unless told otherwise

* *in order*: `open_dataset`, rgb and depth decoded to numpy, every frame once; also as PyTorch tensors where
  torch is installed
* *random*: milliseconds to fetch and decode one frame at a random place
* *row groups*: the same frames in Parquet with row groups of several sizes; in order and at random

CPU seconds are of the process, so other work on the machine does not count. The better of three rounds; files
are in the page cache.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable

from frames import HEIGHT, WIDTH, write_frames
from machine import write_result

from synthgen.load.dataset import FrameDataset, open_dataset
from synthgen.pack.codecs import chosen_codecs
from synthgen.pack.packer import load_sample, pack_dataset
from synthgen.pack.parquet import ROW_GROUP_BYTES, ParquetWriter
from synthgen.pack.rendered import all_completed_frames
from synthgen.recipe.model import PackSpec
from synthgen.seeding import rng_for
from synthgen.storage import open_storage

CHANNELS = ("rgb", "depth")
SETTINGS = {
    "jpeg + png16_mm": PackSpec(rgb="jpeg"),
    "png + png16_mm": PackSpec(),
    "png + npy_f32": PackSpec(depth="npy_f32"),
}
ROUNDS = 3


def frames_per_second(frames: Iterable[object], count: int) -> dict[str, float]:
    """Best rate of going through all frames once."""
    cpu, wall = [], []
    for _ in range(ROUNDS):
        cpu_start, wall_start = time.process_time(), time.perf_counter()
        found = sum(1 for _ in frames)
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
        assert found == count
    return {
        "frames_per_cpu_second": round(count / min(cpu), 1),
        "frames_per_second": round(count / min(wall), 1),
    }


def milliseconds(work: Callable[[int], object], positions: Iterable[int]) -> dict[str, float]:
    """CPU milliseconds for single frames: median and the slowest of twenty."""
    times = []
    for position in positions:
        start = time.process_time()
        work(position)
        times.append((time.process_time() - start) * 1e3)
    return {
        "median_ms": round(statistics.median(times), 2),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 2),
    }


def in_order(count: int, folder: str) -> tuple[dict[str, object], dict[str, object]]:
    """Rates for every format and encoding, and random access."""
    rates: dict[str, object] = {}
    random: dict[str, object] = {}
    storage = open_storage(folder)
    positions = rng_for(7, "positions").permutation(count)[:100].tolist()
    for name, settings in SETTINGS.items():
        pack_dataset(storage, settings, provenance={}, classes=())
        for file_format in ("webdataset", "parquet"):
            frames = open_dataset(folder, channels=CHANNELS, format=file_format)
            rates[f"{file_format}, {name}"] = frames_per_second(frames, count)
            random[f"{file_format}, {name}"] = milliseconds(frames.__getitem__, positions)
            if importlib.util.find_spec("torch"):
                from synthgen.load.torch import DepthDataset

                tensors = DepthDataset(folder, format=file_format)
                stream = (tensors[index] for index in range(len(tensors)))
                rates[f"{file_format}, {name}, torch"] = _torch_rate(stream, count)
    durable = open_dataset(folder, channels=CHANNELS, format="frames")
    rates["frames, png + truth.exr"] = frames_per_second(durable, count)
    return rates, random


def _torch_rate(stream: Iterable[object], count: int) -> dict[str, float]:
    """One pass; DataLoader workers have one thread each too."""
    import torch

    torch.set_num_threads(1)
    cpu_start, wall_start = time.process_time(), time.perf_counter()
    assert sum(1 for _ in stream) == count
    cpu, wall = time.process_time() - cpu_start, time.perf_counter() - wall_start
    return {"frames_per_cpu_second": round(count / cpu, 1), "frames_per_second": round(count / wall, 1)}


def row_groups(count: int, folder: str) -> dict[str, object]:
    """Parquet with row groups of several sizes: raw bytes of one frame, without decoding."""
    storage = open_storage(folder)
    codecs = chosen_codecs(PackSpec(), ("rgb", "depth", "normal", "instance", "semantic"))
    frames = list(all_completed_frames(storage))
    samples = [load_sample(storage, frame, [c.channel for c in codecs], codecs) for frame in frames]
    positions = rng_for(7, "positions").permutation(count)[:100].tolist()
    figures: dict[str, object] = {}
    for size in (1_000_000, ROW_GROUP_BYTES, 8_000_000, 16_000_000):
        with storage.open_write("groups/one.parquet") as stream:
            writer = ParquetWriter(stream, size)
            for sample in samples:
                writer.write(sample)
            writer.close()
        dataset: FrameDataset = open_dataset(f"{folder}/groups/one.parquet", channels=CHANNELS)
        encoded = (dataset.encoded(index) for index in range(count))
        start = time.process_time()
        assert sum(1 for _ in encoded) == count
        seconds = time.process_time() - start
        figures[f"{size // 1_000_000} MB"] = {
            "file_mb": round(storage.size("groups/one.parquet") / 1e6, 2),
            "in_order_frames_per_cpu_second": round(count / seconds),
            "random": milliseconds(dataset.encoded, positions),
        }
    return figures


def main(count: int) -> None:
    """Measure and write `results/load.json`."""
    with tempfile.TemporaryDirectory() as folder:
        write_frames(open_storage(folder), count)
        groups = row_groups(count, folder)
        rates, random = in_order(count, folder)
    write_result(
        "load",
        {
            "frames": count,
            "size": f"{WIDTH}x{HEIGHT}",
            "channels": CHANNELS,
            "in_order": rates,
            "random_access": random,
            "row_groups": groups,
        },
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
