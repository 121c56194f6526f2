"""`synthgen gallery`: one static page to look a dataset over, with its pictures in files beside it.

The page is made for eyes and thrown away at will: it is not part of the data, and `verify` ignores it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping

import imageio.v3 as imageio
import numpy as np

from synthgen.errors import DataError, UsageError
from synthgen.frame.bundle import frame_key, scene_name
from synthgen.frame.channels import CHANNELS
from synthgen.frame.records import read_completions, read_json, read_quarantine
from synthgen.frame.store import frame_path, read_frame
from synthgen.inspect import colour
from synthgen.inspect.card import Label, Tile, View
from synthgen.inspect.page import Overview, render_page
from synthgen.inspect.pictures import Legend, classes_of, frame_pictures
from synthgen.inspect.survey import GALLERY, RUN, finished_shots, has_frames
from synthgen.pack.manifest import MANIFEST
from synthgen.png import RGB_LEVEL, encode_png
from synthgen.storage import Storage

LIMIT = 400
"""Most views on a page: beyond that nobody scrolls."""
JPEG_QUALITY = 88


def make_gallery(
    storage: Storage, *, limit: int = LIMIT, progress: Callable[[int, int], None] | None = None
) -> str:
    """Write `gallery/index.html` and its pictures into a local dataset.

    Parameters
    ----------
    limit : most views to show; a larger dataset is sampled evenly over its scenes
    progress : called with the views done and the views to do

    Returns
    -------
    Path of the page, which opens from the disk without a network or a server.

    Raises
    ------
    UsageError
        When the dataset is not local, has no finished frame, or `limit` is below 1.
    """
    folder = storage.local_path(GALLERY)
    if limit < 1:
        raise UsageError(f"--limit: expected at least 1 (got {limit})")
    numbers = _spread(finished_shots(storage) if has_frames(storage) else [], limit)
    if not numbers:
        raise UsageError(
            f"{storage.uri}: expected finished frames (found none); `synthgen render` makes them, and a "
            "gallery needs them beside the shards"
        )
    storage.delete(GALLERY)
    views = []
    for index, (scene, view) in enumerate(numbers):
        views.append(_make_view(storage, scene, view))
        if progress:
            progress(index + 1, len(numbers))
    storage.write_text(f"{GALLERY}/index.html", render_page(_overview(storage, views), views))
    return str(folder / "index.html")


def _spread(shots: list[list[tuple[int, int]]], limit: int) -> list[tuple[int, int]]:
    """At most `limit` views, of whole shots from all over the dataset; a shot alone may be cut."""
    views = sum(len(shot) for shot in shots)
    count = len(shots) if views <= limit else max(1, len(shots) * limit // views)
    chosen = [shots[index * len(shots) // count] for index in range(count)] if shots else []
    return [number for shot in chosen for number in shot][:limit]


def _make_view(storage: Storage, scene: int, view: int) -> View:
    """Read one frame, write its pictures, and describe it; a damaged frame becomes a view with an error."""
    key = frame_key(scene, view)
    try:
        frame = read_frame(storage, scene, view)
    except DataError as error:
        return View(key, scene_name(scene), "", (), {}, (), error=str(error))
    meta: Mapping[str, object] = frame["meta"]
    rgb = f"../{frame_path(scene, view, CHANNELS['rgb'].ending)}"
    return View(
        key=key,
        scene=scene_name(scene),
        split=str(frame["split"]),
        tiles=tuple(
            _write_tile(storage, key, legend, pixels, rgb if legend.name == "rgb" else "")
            for legend, pixels in frame_pictures(frame)
        ),
        meta=meta,
        labels=tuple(_labels(frame)),
    )


def _write_tile(storage: Storage, key: str, legend: Legend, pixels: np.ndarray, full: str) -> Tile:
    file = f"{key}.{legend.name}.{'jpg' if legend.is_photo else 'png'}"
    data = _jpeg(pixels) if legend.is_photo else encode_png(pixels, RGB_LEVEL)
    storage.write_bytes(f"{GALLERY}/{file}", data)
    height, width = pixels.shape[:2]
    return Tile(legend, file, width, height, full)


def _labels(frame: Mapping[str, object]) -> Iterator[Label]:
    """The objects that are seen in this view, largest first, and those that are not, by id."""
    meta = frame["meta"]
    seen: dict[int, float] = {}
    if "instance" in frame:
        ids, counts = np.unique(frame["instance"], return_counts=True)
        seen = {int(label): count / frame["instance"].size for label, count in zip(ids, counts)}
    classes = classes_of(meta)
    rows = []
    for entry in meta.get("instances", []):
        label, class_name = int(entry["id"]), str(entry["class"])
        class_id = classes.get(class_name)
        rows.append(
            Label(
                id=label,
                name=str(entry["name"]),
                class_name=class_name,
                colour=colour.css(colour.label_colour(label)),
                class_colour="" if class_id is None else colour.css(colour.class_colour(class_id)),
                share=float(seen.get(label, 0.0)),
            )
        )
    return iter(sorted(rows, key=lambda row: (-row.share, row.id)))


def _overview(storage: Storage, views: list[View]) -> Overview:
    run, manifest = (read_json(storage, name) if storage.exists(name) else {} for name in (RUN, MANIFEST))
    splits: dict[str, int] = {}
    scenes = frames = size = 0
    for record in read_completions(storage):
        scenes += 1
        frames += len(record.views)
        splits[record.split] = splits.get(record.split, 0) + len(record.views)
        size += sum(entry.bytes for files in record.views.values() for entry in files.values())
    versions: dict[str, str] = {}
    for view in views:
        found = view.meta.get("versions")
        if isinstance(found, Mapping):
            versions.update({str(name): str(version) for name, version in found.items()})
    recipe = run.get("recipe")
    name = recipe.get("name") if isinstance(recipe, Mapping) else manifest.get("name")
    return Overview(
        name=str(name or storage.local_path().name),
        address=storage.uri,
        scenes=scenes,
        frames=frames,
        bytes=size,
        splits=splits,
        versions=versions,
        shards=len(manifest.get("shards") or []),
        quarantined=tuple(
            (scene_name(item.scene) if item.view is None else frame_key(item.scene, item.view), item.reason)
            for item in read_quarantine(storage)
        ),
    )


def _jpeg(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    imageio.imwrite(buffer, pixels, extension=".jpg", plugin="pillow", quality=JPEG_QUALITY, subsampling=0)
    return buffer.getvalue()
