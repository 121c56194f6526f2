"""How fast frames become shards on one core, and where the time goes.

    python benchmarks/pack.py [frames]        200 unless told otherwise

* *writers*: samples already encoded and in memory -> a finished shard file with its SHA-256, tar and Parquet
* *whole*: `pack_dataset` from durable frames: read, compare checksums, decode EXR, encode depth, normals and
  labels, write; once for each format and setting

Megabytes are those of the encoded members. CPU seconds are of the process, so other work on the machine does
not count; wall seconds are given too. The better of three rounds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack

from frames import HEIGHT, WIDTH, write_frames
from machine import write_result

from synthgen.pack.codecs import chosen_codecs
from synthgen.pack.packer import load_sample, pack_dataset
from synthgen.pack.rendered import all_completed_frames
from synthgen.pack.sample import Sample
from synthgen.pack.shard import OpenShard
from synthgen.recipe.model import PackSpec
from synthgen.storage import Storage, open_storage

CHANNELS = ("rgb", "depth", "normal", "instance", "semantic")
ROUNDS = 3


def best(work: Callable[[], object]) -> tuple[float, float]:
    """Least CPU seconds and least wall seconds of some rounds."""
    cpu, wall = [], []
    for _ in range(ROUNDS):
        cpu_start, wall_start = time.process_time(), time.perf_counter()
        work()
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
    return min(cpu), min(wall)


def speed(seconds: tuple[float, float], samples: list[Sample]) -> dict[str, float]:
    """Figures of one measurement."""
    megabytes = sum(len(data) for sample in samples for data in sample.fields.values()) / 1e6
    cpu, wall = seconds
    return {
        "mb": round(megabytes, 1),
        "mb_per_cpu_second": round(megabytes / cpu, 1),
        "mb_per_second": round(megabytes / wall, 1),
        "frames_per_cpu_second": round(len(samples) / cpu, 1),
        "frames_per_second": round(len(samples) / wall, 1),
    }


def write_shard(storage: Storage, formats: list[str], samples: list[Sample]) -> None:
    """One shard of all samples."""
    with ExitStack() as unfinished:
        shard = OpenShard(storage, formats, "train", 0, unfinished)
        for sample in samples:
            shard.write(sample)
        shard.commit()


def main(count: int) -> None:
    """Measure and write `results/pack.json`."""
    with tempfile.TemporaryDirectory() as folder:
        storage = open_storage(folder)
        write_frames(storage, count)
        frames = list(all_completed_frames(storage))
        writers, whole, sizes = {}, {}, {}
        for depth, lossless in (("png16_mm", False), ("png16_mm", True), ("npy_f32", False)):
            codecs = chosen_codecs(PackSpec(depth=depth, lossless_depth=lossless), CHANNELS)
            samples = [load_sample(storage, frame, CHANNELS, codecs) for frame in frames]
            name = f"{depth}{' + npy_f32' if lossless else ''}"
            sizes[name] = {field: round(len(data) / 1e3, 1) for field, data in samples[0].fields.items()}
            for formats in (["webdataset"], ["parquet"]):
                seconds = best(lambda: write_shard(storage, formats, samples))  # noqa: B023
                writers[f"{formats[0]}, depth {name}"] = speed(seconds, samples)
            for formats in (["webdataset"], ["webdataset", "parquet"]):
                settings = PackSpec(depth=depth, lossless_depth=lossless, formats=formats)
                seconds = best(lambda: pack_dataset(storage, settings, provenance={}, classes=()))  # noqa: B023
                whole[f"{' + '.join(formats)}, depth {name}"] = speed(seconds, samples)
    write_result(
        "pack",
        {
            "frames": count,
            "size": f"{WIDTH}x{HEIGHT}",
            "member_kb_of_the_first_frame": sizes,
            "writers": writers,
            "whole": whole,
        },
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
