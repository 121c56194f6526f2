"""Durable frames on disk: the expensive part of a dataset.

    frames/scene000012/view003.rgb.png      8-bit sRGB
    frames/scene000012/view003.hdr.exr      light: hdr.R/G/B, albedo.R/G/B ...; float16, ZIP
    frames/scene000012/view003.truth.exr    depth, normal.X/Y/Z, instance, depth_layers.0 ...; float32 and
                                            uint32, ZIP
    frames/scene000012/view003.json         camera, labels, what was sampled, exposure, hashes, versions

The bytes depend only on the job and on the Blender version, never on the machine or the time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

import numpy as np

from synthgen.errors import DataError
from synthgen.exr import encode_exr, read_exr
from synthgen.frame.bundle import (
    SCHEMA_VERSION,
    FrameBundle,
    camera_from_json,
    camera_to_json,
    scene_name,
    view_name,
)
from synthgen.frame.channels import CHANNELS, dtype_of
from synthgen.frame.records import FileRecord
from synthgen.png import RGB_LEVEL, decode_png, encode_png
from synthgen.storage import Storage

FRAMES = "frames"
META_ENDING = "json"
FRAME_ENDINGS = ("rgb.png", "hdr.exr", "truth.exr", META_ENDING)
"""Of the files of a frame; `Channel.ending` says which one a channel lies in."""
_NEEDED = ("key", "scene", "view", "split", "camera", "channels", "instances")


def frame_path(scene: int, view: int, ending: str) -> str:
    """Path of one file of a frame inside a dataset; `ending` is one of `FRAME_ENDINGS`."""
    return f"{FRAMES}/{scene_name(scene)}/{view_name(view)}.{ending}"


def files_of(channels: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Which files a frame with these channels has: ending to the channels in it, the metadata last."""
    found: dict[str, tuple[str, ...]] = {}
    for name in channels:
        ending = CHANNELS[name].ending
        found[ending] = (*found.get(ending, ()), name)
    found[META_ENDING] = ()
    return {ending: found[ending] for ending in FRAME_ENDINGS if ending in found}


def encode_frame(bundle: FrameBundle) -> dict[str, bytes]:
    """The files of a frame: path in the dataset to content."""
    files: dict[str, bytes] = {}
    for ending, names in files_of(bundle.channels).items():
        path = frame_path(bundle.scene, bundle.view, ending)
        if ending == META_ENDING:
            text = json.dumps(frame_meta(bundle), indent=1, sort_keys=True, allow_nan=False) + "\n"
            files[path] = text.encode()
        elif ending.endswith(".png"):
            (name,) = names
            files[path] = encode_png(bundle.channels[name], RGB_LEVEL)
        else:
            files[path] = encode_exr(_to_exr({name: bundle.channels[name] for name in names}))
    return files


def frame_meta(bundle: FrameBundle) -> dict[str, object]:
    """The JSON metadata of a frame."""
    return {
        "schema_version": SCHEMA_VERSION,
        "key": bundle.key,
        "scene": bundle.scene,
        "view": bundle.view,
        "split": bundle.split,
        "camera": camera_to_json(bundle.camera, bundle.world_from_camera),
        "channels": sorted(bundle.channels),
        "instances": [
            {"id": instance.id, "name": instance.name, "class": instance.class_name}
            for instance in bundle.instances
        ],
        **bundle.meta,
    }


def write_frame(storage: Storage, bundle: FrameBundle) -> dict[str, FileRecord]:
    """Write a frame; returns path -> what the completion record says of it."""
    return write_files(storage, encode_frame(bundle))


def write_files(storage: Storage, files: Mapping[str, bytes]) -> dict[str, FileRecord]:
    """Write the files of `encode_frame`; returns path -> what the completion record says of it."""
    record = {}
    for path, data in files.items():
        storage.write_bytes(path, data)
        record[path] = FileRecord(len(data), hashlib.sha256(data).hexdigest())
    return record


def read_meta(storage: Storage, scene: int, view: int) -> dict[str, object]:
    """The metadata of a frame. Raises `DataError` when it is missing, damaged or from a newer version."""
    path = frame_path(scene, view, META_ENDING)
    return decode_meta(storage.read_bytes(path), storage.address(path))


def decode_meta(data: bytes, source: str) -> dict[str, object]:
    """The metadata of a frame from the bytes of its JSON file; `source` names it in errors."""
    try:
        meta = json.loads(data)
    except ValueError as error:
        raise DataError(f"{source}: expected JSON ({error})") from None
    version = meta.get("schema_version") if isinstance(meta, dict) else None
    if version != SCHEMA_VERSION:
        raise DataError(
            f"{source}: expected schema_version {SCHEMA_VERSION} (got {version}); "
            "use the synthgen version that wrote it, or a newer one"
        )
    missing = [name for name in _NEEDED if name not in meta]
    if missing:
        raise DataError(f"{source}: expected the metadata of a frame (found no {', '.join(missing)})")
    return meta


def decode_channels(data: bytes, names: Iterable[str], source: str) -> dict[str, np.ndarray]:
    """Channels of a frame from the bytes of the file that holds them; `source` names it in errors.

    Raises
    ------
    DataError
        When the file is damaged, or lacks one of the channels.
    """
    names = tuple(names)
    if any(CHANNELS[name].ending.endswith(".png") for name in names):
        (name,) = names
        return {name: decode_png(data, source)}
    arrays = read_exr(data, source)
    return {name: _from_exr(arrays, name, source) for name in names}


def read_frame(
    storage: Storage, scene: int, view: int, channels: Iterable[str] | None = None
) -> dict[str, object]:
    """Read a durable frame: one array per channel, `camera`, `key`, `split`, `meta`.

    Parameters
    ----------
    channels : names to read, or None for all that the frame has

    Raises
    ------
    DataError
        When a file is missing or damaged, or the frame lacks a channel.
    """
    meta = read_meta(storage, scene, view)
    wanted = tuple(meta["channels"] if channels is None else channels)
    frame: dict[str, object] = {
        "key": meta["key"],
        "split": meta["split"],
        "camera": camera_from_json(meta["camera"]),
        "meta": meta,
    }
    for name in wanted:
        if name not in meta["channels"]:
            raise DataError(f"{meta['key']}: has no channel '{name}'; it has {', '.join(meta['channels'])}")
    for ending, names in files_of(wanted).items():
        if names:
            path = frame_path(scene, view, ending)
            frame.update(decode_channels(storage.read_bytes(path), names, storage.address(path)))
    return frame


def _to_exr(channels: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    exr: dict[str, np.ndarray] = {}
    for name, pixels in channels.items():
        stored = pixels.astype(np.uint32) if pixels.dtype.kind == "u" else pixels
        components = CHANNELS[name].components
        if CHANNELS[name].layered:
            components = range(pixels.shape[-1])
        for index, component in enumerate(components):
            exr[f"{name}.{component}"] = stored[..., index]
        if not components:
            exr[name] = stored
    return exr


def _from_exr(arrays: Mapping[str, np.ndarray], name: str, source: str) -> np.ndarray:
    components = CHANNELS[name].components
    if CHANNELS[name].layered:
        found = (part.removeprefix(f"{name}.") for part in arrays if part.startswith(f"{name}."))
        components = sorted(found, key=int) or ["0"]
    names = [f"{name}.{component}" for component in components] or [name]
    missing = [part for part in names if part not in arrays]
    if missing:
        raise DataError(f"{source}: expected the channels {', '.join(missing)} (found {', '.join(arrays)})")
    pixels = np.stack([arrays[part] for part in names], axis=-1) if components else arrays[name]
    return pixels.astype(dtype_of(name), copy=False)
