"""What makes a frame valid. A frame that fails goes to quarantine, never into a shard."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from synthgen.frame.channels import CHANNELS
from synthgen.frame.classes import CLASSES, SKY


def check_channels(
    channels: Mapping[str, np.ndarray],
    width: int,
    height: int,
    instance_ids: Collection[int],
    class_ids: Collection[int],
    material_ids: Collection[int] = (),
) -> list[str]:
    """Problems of one frame's arrays, empty when it is valid.

    Parameters
    ----------
    channels : dict of channel name to array
    width, height : image size in pixels
    instance_ids, class_ids, material_ids : the ids that the metadata's tables know
    """
    problems: list[str] = []
    for name, pixels in channels.items():
        channel = CHANNELS[name]
        shape = channel.shape(height, width, max(pixels.shape[-1], 1) if pixels.ndim == 3 else 1)
        if pixels.dtype != channel.dtype or pixels.shape != shape:
            expected = f"{channel.dtype} {shape}"
            problems.append(f"{name}: expected {expected} (got {pixels.dtype} {pixels.shape})")
    if problems:
        return problems

    depth, normal = channels.get("depth"), channels.get("normal")
    instance, semantic = channels.get("instance"), channels.get("semantic")
    if depth is not None:
        problems += _check_depth(depth)
    if normal is not None:
        length = np.linalg.norm(normal.astype(np.float64), axis=-1)
        hit = length > 0
        if not np.isfinite(length).all():
            problems.append(f"normal: expected finite vectors (found {_count(~np.isfinite(length))})")
        elif np.abs(length[hit] - 1).max(initial=0.0) > 1e-3:
            problems.append(f"normal: expected unit length (found {_count(np.abs(length - 1)[hit] > 1e-3)})")
        if depth is not None and (np.isfinite(depth) != hit).any():
            problems.append(
                f"normal: expected one wherever depth is finite ({_count(np.isfinite(depth) != hit)} differ)"
            )
    if instance is not None:
        unknown = sorted(set(np.unique(instance).tolist()) - set(instance_ids) - {0})
        if unknown:
            problems.append(f"instance: ids not in the label table: {unknown[:5]}")
        if depth is not None and (np.isfinite(depth) != (instance > 0)).any():
            differ = _count(np.isfinite(depth) != (instance > 0))
            problems.append(f"instance: expected an id wherever depth is finite ({differ} differ)")
    if semantic is not None:
        unknown = sorted(set(np.unique(semantic).tolist()) - set(class_ids))
        if unknown:
            problems.append(f"semantic: ids not in the class table: {unknown[:5]}")
        if depth is not None and (np.isinf(depth) != (semantic == CLASSES[SKY].id)).any():
            differ = _count(np.isinf(depth) != (semantic == CLASSES[SKY].id))
            problems.append(f"semantic: expected sky exactly where depth is +inf ({differ} differ)")
    problems += _check_extras(channels, material_ids)
    problems += _check_layers(channels, instance_ids)
    rgb = channels.get("rgb")
    if rgb is not None and int(rgb.max()) - int(rgb.min()) < MIN_RGB_RANGE:
        problems.append(f"rgb: expected a picture, found one flat colour around {int(rgb.mean())}")
    return problems


def material_ids(meta: Mapping[str, object]) -> set[int]:
    """The ids in the table `materials` of a frame's metadata; none where it has no such table."""
    return {int(entry["id"]) for entry in meta.get("materials", ())}


MIN_RGB_RANGE = 10
"""Least spread of code values, the same gate as Marigold's Hypersim list (prs-eth/Marigold#158)."""


def depth_statistics(depth: np.ndarray) -> dict[str, float]:
    """Numbers that users filter on: least, greatest and median finite depth in metres, share of sky."""
    finite = depth[np.isfinite(depth)]
    sky = 1.0 - finite.size / depth.size
    if not finite.size:
        return {"sky_ratio": sky}
    low, middle, high = (float(value) for value in np.quantile(finite, (0.02, 0.5, 0.98)))
    return {
        "depth_min_m": float(finite.min()), "depth_p02_m": low, "depth_median_m": middle,
        "depth_p98_m": high, "depth_max_m": float(finite.max()), "sky_ratio": sky,
    }  # fmt: skip


def _check_extras(channels: Mapping[str, np.ndarray], material_ids: Collection[int]) -> list[str]:
    """Problems of the channels on request, against the depth where the frame has it."""
    problems = []
    depth, distance = channels.get("depth"), channels.get("distance")
    position, material = channels.get("position"), channels.get("material")
    if distance is not None:
        problems += _check_depth(distance, "distance")
        if depth is not None and (distance < depth).any():
            problems.append(f"distance: expected at least the depth ({_count(distance < depth)} below)")
    if position is not None and np.isnan(position).any():
        problems.append(f"position: expected no NaN (found {_count(np.isnan(position).any(-1))})")
    if material is not None:
        unknown = sorted(set(np.unique(material).tolist()) - set(material_ids) - {0})
        if unknown:
            problems.append(f"material: ids not in the table of materials: {unknown[:5]}")
    if depth is not None:
        hit = np.isfinite(depth)
        for name, filled in (
            ("distance", None if distance is None else np.isfinite(distance)),
            ("position", None if position is None else np.isfinite(position).all(-1)),
            ("material", None if material is None else material > 0),
        ):
            if filled is not None and (filled != hit).any():
                problems.append(
                    f"{name}: expected a value exactly where depth is finite ({_count(filled != hit)} differ)"
                )
    return problems


def _check_layers(channels: Mapping[str, np.ndarray], instance_ids: Collection[int]) -> list[str]:
    """Problems of the surfaces along the ray: their order, and their ids."""
    problems = []
    depth, layers = channels.get("depth"), channels.get("depth_layers")
    ids = channels.get("instance_layers")
    if layers is not None:
        if np.isnan(layers).any():
            problems.append(f"depth_layers: expected no NaN (found {_count(np.isnan(layers).any(-1))})")
        unordered = (layers[..., 1:] < layers[..., :-1]).any(axis=-1)
        if unordered.any():
            problems.append(
                f"depth_layers: expected surfaces from front to back ({_count(unordered)} differ)"
            )
        if (layers <= 0).any():
            problems.append(f"depth_layers: expected > 0 (found {_count((layers <= 0).any(-1))})")
        if depth is not None and (depth < layers[..., 0]).any():
            nearer = _count(depth < layers[..., 0])
            problems.append(f"depth_layers: expected nothing before the first surface ({nearer} nearer)")
    if ids is not None:
        unknown = sorted(set(np.unique(ids).tolist()) - set(instance_ids) - {0})
        if unknown:
            problems.append(f"instance_layers: ids not in the label table: {unknown[:5]}")
        if layers is not None and ids.shape != layers.shape:
            problems.append(f"instance_layers: expected {layers.shape[-1]} layers (got {ids.shape[-1]})")
        elif layers is not None and (np.isfinite(layers) != (ids > 0)).any():
            differ = _count((np.isfinite(layers) != (ids > 0)).any(axis=-1))
            problems.append(f"instance_layers: expected an id wherever a layer is finite ({differ} differ)")
    return problems


def _check_depth(depth: np.ndarray, name: str = "depth") -> list[str]:
    problems = []
    if np.isnan(depth).any():
        problems.append(f"{name}: expected no NaN (found {_count(np.isnan(depth))})")
    if np.isneginf(depth).any():
        problems.append(f"{name}: expected no -inf (found {_count(np.isneginf(depth))})")
    finite = depth[np.isfinite(depth)]
    if not finite.size:
        problems.append(f"{name}: expected a surface somewhere (every pixel is sky)")
    elif finite.min() <= 0:
        problems.append(f"{name}: expected > 0 (found {_count(depth <= 0)} at or behind the camera)")
    elif finite.max() >= 1e9:
        problems.append(f"{name}: expected +inf for sky (found a surface at {finite.max():.3g} m)")
    return problems


def _count(mask: np.ndarray) -> str:
    count = int(mask.sum())
    return f"{count} pixel" if count == 1 else f"{count} pixels"
