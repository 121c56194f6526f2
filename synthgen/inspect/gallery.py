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
from synthgen.frame.checks import depth_statistics
from synthgen.frame.records import read_completions, read_json, read_quarantine
from synthgen.frame.store import frame_path, read_frame
from synthgen.inspect import colour
from synthgen.inspect.page import DepthScale, Label, Overview, Tile, View, render_page
from synthgen.inspect.survey import GALLERY, RUN, class_ids, frame_numbers, has_frames
from synthgen.pack.manifest import MANIFEST
from synthgen.png import RGB_LEVEL, encode_png
from synthgen.storage import Storage

LIMIT = 400
"""Most views on a page: beyond that nobody scrolls."""
MAX_WIDTH_PX = 640
"""Pictures wider than this are made smaller for the page."""
JPEG_QUALITY = 88

_TITLES = {
    "rgb": "Colour",
    "depth": "Depth",
    "normal": "Normals",
    "instance": "Instances",
    "semantic": "Classes",
}
_NOTES = {"normal": "red right, green up", "instance": "one colour an object"}
KEYS = 5
"""Classes named below a picture of classes; the rest stand in the label table."""


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
    numbers = _spread(frame_numbers(storage) if has_frames(storage) else [], limit)
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


def shrink_nearest(pixels: np.ndarray, max_width: int = MAX_WIDTH_PX) -> np.ndarray:
    """Truth made smaller by leaving out pixels: (h, w, ...) -> at most `max_width` wide, never mixed."""
    step = -(-pixels.shape[1] // max_width)
    return pixels[step // 2 :: step, step // 2 :: step]


def shrink_mean(rgb: np.ndarray, max_width: int = MAX_WIDTH_PX) -> np.ndarray:
    """Colour made smaller by averaging whole blocks: (h, w, 3) uint8 -> at most `max_width` wide."""
    step = -(-rgb.shape[1] // max_width)
    if step == 1 or min(rgb.shape[:2]) < step:
        return rgb
    height, width = rgb.shape[0] // step, rgb.shape[1] // step
    blocks = rgb[: height * step, : width * step].reshape(height, step, width, step, 3)
    return np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)


def _spread(numbers: list[tuple[int, int]], limit: int) -> list[tuple[int, int]]:
    if len(numbers) <= limit:
        return numbers
    return [numbers[index * len(numbers) // limit] for index in range(limit)]


def _make_view(storage: Storage, scene: int, view: int) -> View:
    """Read one frame, write its pictures, and describe it; a damaged frame becomes a view with an error."""
    key = frame_key(scene, view)
    try:
        frame = read_frame(storage, scene, view)
    except DataError as error:
        return View(key, scene_name(scene), "", (), {}, (), error=str(error))
    meta: Mapping[str, object] = frame["meta"]
    tiles = []
    for name in _TITLES:
        if name in frame:
            tiles.append(_make_tile(storage, key, name, frame, frame_path(scene, view, "rgb.png")))
    return View(
        key=key,
        scene=scene_name(scene),
        split=str(frame["split"]),
        tiles=tuple(tiles),
        meta=meta,
        labels=tuple(_labels(frame)),
    )


def _make_tile(storage: Storage, key: str, name: str, frame: Mapping[str, np.ndarray], rgb_path: str) -> Tile:
    pixels = frame[name]
    scale = None
    full = ""
    if name == "rgb":
        picture, ending, full = shrink_mean(pixels), "jpg", f"../{rgb_path}"
    elif name == "depth":
        scale = _depth_scale(pixels)
        picture = colour.colour_depth(shrink_nearest(pixels), scale.near_m, scale.far_m)
        ending = "png"
    else:
        paint = {
            "normal": colour.colour_normal,
            "instance": colour.colour_instance,
            "semantic": colour.colour_semantic,
        }[name]
        picture, ending = paint(shrink_nearest(pixels)), "png"
    file = f"{key}.{name}.{ending}"
    storage.write_bytes(
        f"{GALLERY}/{file}", encode_png(picture, RGB_LEVEL) if ending == "png" else _jpeg(picture)
    )
    return Tile(
        channel=name,
        title=_TITLES[name],
        file=file,
        width=picture.shape[1],
        height=picture.shape[0],
        note=_NOTES.get(name, ""),
        scale=scale,
        keys=tuple(_class_keys(frame)) if name == "semantic" else (),
        full=full,
    )


def _class_keys(frame: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Colour and name of the classes that cover most of the picture."""
    names = {class_id: name for name, class_id in _classes(frame["meta"]).items()}
    ids, counts = np.unique(frame["semantic"], return_counts=True)
    for index in np.argsort(-counts, kind="stable")[:KEYS]:
        class_id = int(ids[index])
        yield colour.css(colour.class_colour(class_id)), names.get(class_id, f"class {class_id}")


def _depth_scale(depth: np.ndarray) -> DepthScale:
    """The ramp reaches from the 2nd to the 98th percentile of the finite depths, at least 5 % apart."""
    statistics = depth_statistics(depth)
    near = statistics.get("depth_p02_m", 1.0)
    far = max(statistics.get("depth_p98_m", 2.0), near * 1.05)
    return DepthScale(near, far, statistics["sky_ratio"])


def _labels(frame: Mapping[str, object]) -> Iterator[Label]:
    """The objects that are seen in this view, largest first, and those that are not, by id."""
    meta = frame["meta"]
    seen: dict[int, float] = {}
    if "instance" in frame:
        ids, counts = np.unique(frame["instance"], return_counts=True)
        seen = {int(label): count / frame["instance"].size for label, count in zip(ids, counts)}
    classes = _classes(meta)
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


def _classes(meta: Mapping[str, object]) -> dict[str, int]:
    """Class name -> id, with the family's own classes where the metadata names the family."""
    sampled = meta.get("sampled")
    scene = sampled.get("scene") if isinstance(sampled, Mapping) else None
    return class_ids(str(scene.get("kind", "")) if isinstance(scene, Mapping) else "")


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
