"""`synthgen stats`: what a dataset is like, in numbers: depth, cameras, sky, classes, exposure, motion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from synthgen.errors import UsageError
from synthgen.frame.classes import CLASSES
from synthgen.frame.exposure import light_levels
from synthgen.frame.store import read_frame
from synthgen.frame.validity import VALIDITY_BITS
from synthgen.geometry.models import camera_from_entry
from synthgen.inspect.survey import frame_numbers, has_frames
from synthgen.load.dataset import open_dataset
from synthgen.pack.manifest import MANIFEST
from synthgen.storage import Storage

DEPTH_EDGES_M = np.logspace(-1, 3, 33)
"""Edges of the depth histogram: 8 bins a decade from 0.1 m to 1000 m."""

_TITLES = {
    "fov_deg": ("fov", "deg"),
    "height_m": ("height", "m"),
    "depth_median_m": ("depth", "m, median of a frame"),
    "sky_ratio": ("sky", "of a frame"),
    "exposure_ev": ("exposure", "EV"),
    "luma": ("luma", "0 to 1, mean of a frame"),
    "clipped_ratio": ("clipped", "of a frame"),
    "flow_px": ("flow", "px, median of a frame"),
    "disparity_px": ("disparity", "px, median of a frame"),
}
"""What is measured once a frame: its title and unit in the table."""

_BARS = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"


def dataset_stats(storage: Storage) -> dict[str, object]:
    """Statistics over all finished frames, or over the shards where the frames were deleted.

    Returns
    -------
    JSON values: `frames`, `splits`, `depth_histogram` (`edges_m` of length n + 1, `pixels` of length n,
    `below`, `above`, `sky`), `fov_deg`, `height_m`, `sky_ratio`, `exposure_ev`, `luma`, `clipped_ratio`,
    `depth_median_m`, `flow_px` and `disparity_px` (each `min`, `median`, `max` over the frames, of which the
    last three have medians over their pixels; None where no frame has it), `classes` (name -> share of all
    pixels, largest first) and `validity` (bit -> share of all pixels).

    Raises
    ------
    UsageError
        When there is no frame.
    DataError
        When a frame is damaged.
    """
    splits: dict[str, int] = {}
    series: dict[str, list[float]] = {name: [] for name in _TITLES}
    histogram = np.zeros(len(DEPTH_EDGES_M) + 1, dtype=np.int64)
    classes = np.zeros(1 << 16, dtype=np.int64)
    bits = dict.fromkeys(VALIDITY_BITS, 0)
    sky = frames = checked = 0
    for frame in _frames(storage):
        frames += 1
        splits[frame["split"]] = splits.get(frame["split"], 0) + 1
        for name, value in _frame_numbers(frame):
            series[name].append(value)
        if "depth" in frame:
            finite = frame["depth"][np.isfinite(frame["depth"])]
            sky += frame["depth"].size - finite.size
            histogram += np.bincount(np.searchsorted(DEPTH_EDGES_M, finite), minlength=histogram.size)
        if "semantic" in frame:
            classes += np.bincount(frame["semantic"].ravel(), minlength=classes.size)
        if "validity" in frame:
            checked += frame["validity"].size
            for name, bit in VALIDITY_BITS.items():
                bits[name] += int(np.count_nonzero(frame["validity"] & bit))
    return {
        "frames": frames,
        "splits": splits,
        "depth_histogram": {
            "edges_m": [float(f"{edge:.4g}") for edge in DEPTH_EDGES_M],
            "pixels": histogram[1:-1].tolist(),
            "below": int(histogram[0]),
            "above": int(histogram[-1]),
            "sky": sky,
        },
        **{name: _summary(values) for name, values in series.items()},
        "classes": _class_shares(classes),
        "validity": {name: count / checked for name, count in bits.items() if checked},
    }


def stats_table(stats: Mapping[str, object]) -> str:
    """The statistics as a small table of text."""
    splits = ", ".join(f"{count} {name}" for name, count in stats["splits"].items())
    lines = [f"frames      {stats['frames']} ({splits})"]
    for name, (title, unit) in _TITLES.items():
        row = stats[name]
        if row:
            lines.append(f"{title:11} {row['min']:.3g} .. {row['median']:.3g} .. {row['max']:.3g} {unit}")
    lines += _histogram_lines(stats["depth_histogram"])
    shares = list(stats["classes"].items())
    lines += [f"{'classes' if index == 0 else '':11} {100 * share:5.1f} %  {name}"
              for index, (name, share) in enumerate(shares[:12])]  # fmt: skip
    if len(shares) > 12:
        lines.append(f"{'':11} and {len(shares) - 12} more")
    marked = [
        f"{100 * share:.1f} % {name.replace('_', ' ')}" for name, share in stats["validity"].items() if share
    ]
    if marked:
        lines.append(f"{'validity':11} {', '.join(marked)}")
    return "\n".join(lines)


def _frames(storage: Storage) -> Iterator[dict[str, object]]:
    if has_frames(storage):
        numbers = frame_numbers(storage)
        if numbers:
            return (read_frame(storage, scene, view) for scene, view in numbers)
    if storage.exists(MANIFEST):
        return iter(open_dataset(storage.uri))
    raise UsageError(f"{storage.uri}: expected finished frames or shards (found none)")


def _frame_numbers(frame: Mapping[str, object]) -> Iterator[tuple[str, float]]:
    camera, exposure = frame["camera"], frame["meta"].get("exposure")
    yield "fov_deg", camera_from_entry(camera).fov_deg
    yield "height_m", float(camera["world_from_camera"][2, 3])
    if "depth" in frame:
        finite = frame["depth"][np.isfinite(frame["depth"])]
        yield "sky_ratio", 1.0 - finite.size / frame["depth"].size
        if finite.size:
            yield "depth_median_m", float(np.median(finite))
    if "flow_forward" in frame:
        length = np.linalg.norm(frame["flow_forward"].astype(np.float64), axis=-1)
        if np.isfinite(length).any():
            yield "flow_px", float(np.median(length[np.isfinite(length)]))
    if "disparity" in frame and (frame["disparity"] > 0).any():
        yield "disparity_px", float(np.median(frame["disparity"][frame["disparity"] > 0]))
    if "rgb" in frame:
        luma, clipped = light_levels(frame["rgb"])
        yield "luma", luma
        yield "clipped_ratio", clipped
    if isinstance(exposure, Mapping) and isinstance(exposure.get("ev"), int | float):
        yield "exposure_ev", float(exposure["ev"])


def _summary(values: Iterable[float]) -> dict[str, float] | None:
    array = np.array(list(values))
    if not array.size:
        return None
    return {"min": float(array.min()), "median": float(np.median(array)), "max": float(array.max())}


def _class_shares(counts: np.ndarray) -> dict[str, float]:
    names = {entry.id: name for name, entry in CLASSES.items()}
    total = max(int(counts.sum()), 1)
    order = [int(index) for index in np.argsort(-counts, kind="stable") if counts[index]]
    return {names.get(index, f"class {index}"): float(counts[index] / total) for index in order}


def _histogram_lines(histogram: Mapping[str, object]) -> list[str]:
    """A bar for each bin between the first and the last that hold pixels."""
    pixels = np.array(histogram["pixels"])
    if not pixels.any():
        return []
    first, last = np.flatnonzero(pixels)[[0, -1]]
    shown = pixels[first : last + 1]
    bars = "".join(_BARS[int(np.ceil(count / shown.max() * 8))] for count in shown)
    low, high = histogram["edges_m"][first], histogram["edges_m"][last + 1]
    return [f"{'pixels':11} {low:.3g} m {bars} {high:.3g} m, log scale"]
