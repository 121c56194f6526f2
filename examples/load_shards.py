"""Look into a dataset: what it holds, what a frame is, and how fast this machine reads it.

python examples/load_shards.py out/indoor [split]
"""

from __future__ import annotations

import sys
import time

import numpy as np

import synthgen
from synthgen.errors import SynthgenError


def main(uri: str, split: str | None) -> None:
    """Describe the first frame, then read all of them."""
    frames = synthgen.open_dataset(uri, split=split)
    print(f"{len(frames)} frames in {len(frames.shard_sizes)} shards")

    frame = frames[0]
    camera = frame["camera"]
    print(
        f"{frame['key']} ({frame['split']}), {camera['width']}x{camera['height']}, {camera['model']} camera"
    )
    print("K\n", camera["K"])
    print("world_from_camera\n", camera["world_from_camera"].round(3))
    for name in frames.channels:
        print(f"{name:10} {frame[name].dtype!s:8} {frame[name].shape}")
    if "depth" in frame:
        surface = frame["depth"][np.isfinite(frame["depth"])]
        sky = 1 - surface.size / frame["depth"].size
        print(f"depth from {surface.min():.3f} to {surface.max():.3f} m, {sky:.1%} sky")
    if "instance" in frame:
        names = {entry["id"]: entry["name"] for entry in frame["meta"]["instances"]}
        ids, counts = np.unique(frame["instance"], return_counts=True)
        largest = sorted(zip(counts.tolist(), ids.tolist()), reverse=True)[:5]
        print("largest objects:", ", ".join(f"{names.get(id, 'sky')} ({count} px)" for count, id in largest))

    start = time.perf_counter()
    count = sum(1 for _ in frames)
    print(f"read at {count / (time.perf_counter() - start):.0f} frames/s")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python examples/load_shards.py DATASET [SPLIT]")
    try:
        main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
    except SynthgenError as error:
        sys.exit(f"{error}")
