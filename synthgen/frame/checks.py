"""What makes a frame valid. A frame that fails goes to quarantine, never into a shard."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from synthgen.frame.channels import CHANNELS
from synthgen.frame.classes import CLASSES, SKY, VOID
from synthgen.frame.light_checks import check_light
from synthgen.frame.motion_checks import check_motion
from synthgen.frame.validity import SKY as SKY_BIT
from synthgen.frame.validity import VALIDITY_BITS
from synthgen.frame.wrong_pixels import wrong
from synthgen.geometry.camera import Camera

Channels = Mapping[str, np.ndarray]


def check_channels(
    channels: Channels,
    width: int,
    height: int,
    instance_ids: Collection[int],
    class_ids: Collection[int],
    material_ids: Collection[int] = (),
    camera: Camera | None = None,
) -> list[str]:
    """Problems of one frame's arrays, empty when it is valid.

    Parameters
    ----------
    channels : dict of channel name to array
    width, height : image size in pixels
    instance_ids, class_ids, material_ids : the ids that the metadata's tables know
    camera : without it, what needs its rays goes unchecked: whether normals face it, and whether `edge`
        reaches as far as a distance
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
    return [
        *_check_distances(channels),
        *_check_normals(channels, camera),
        *_check_ids("instance", channels, instance_ids, "the label table"),
        *_check_ids("semantic", channels, class_ids, "the class table"),
        *_check_ids("material", channels, material_ids, "the table of materials"),
        *_check_presence(channels),
        *_check_layers(channels, instance_ids),
        *_check_edge(channels, camera),
        *check_motion(channels),
        *check_light(channels),
    ]


def material_ids(meta: Mapping[str, object]) -> set[int]:
    """The ids in the table `materials` of a frame's metadata; none where it has no such table."""
    return {int(entry["id"]) for entry in meta.get("materials", ())}


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


def _check_distances(channels: Channels) -> list[str]:
    problems = []
    for name in ("depth", "distance"):
        if name in channels:
            problems += _check_distance(name, channels[name])
    if "depth" in channels and "distance" in channels:
        below = channels["distance"] < channels["depth"]
        problems += wrong("distance: expected at least the depth", below, "({} below)")
    if "position" in channels:
        nowhere = np.isnan(channels["position"]).any(axis=-1)
        problems += wrong("position: expected no NaN", nowhere)
    return problems


def _check_distance(name: str, metres: np.ndarray) -> list[str]:
    problems = wrong(f"{name}: expected no NaN", np.isnan(metres))
    problems += wrong(f"{name}: expected no -inf", np.isneginf(metres))
    finite = metres[np.isfinite(metres)]
    if not finite.size:
        problems.append(f"{name}: expected a surface somewhere (every pixel is sky)")
    elif finite.min() <= 0:
        problems += wrong(f"{name}: expected > 0", metres <= 0, "(found {} at or behind the camera)")
    elif finite.max() >= 1e9:
        problems.append(f"{name}: expected +inf for sky (found a surface at {finite.max():.3g} m)")
    return problems


def _check_normals(channels: Channels, camera: Camera | None) -> list[str]:
    problems = []
    for name in ("normal", "shading_normal"):
        if name not in channels:
            continue
        normal = channels[name].astype(np.float64)
        length = np.linalg.norm(normal, axis=-1)
        problems += wrong(f"{name}: expected finite vectors", ~np.isfinite(length))
        if np.isfinite(length).all():
            problems += wrong(f"{name}: expected unit length", (length > 0) & (np.abs(length - 1) > 1e-3))
        if camera is not None:
            rays = camera.rays()
            along = (normal * rays).sum(axis=-1)
            averted = along > AVERTED * np.linalg.norm(rays, axis=-1)
            problems += wrong(f"{name}: expected vectors that face the camera", averted)
    return problems


AVERTED = 1e-3
"""Cosine between a normal and its ray from which on it points away: rounding of a surface seen edge on."""


def _check_ids(name: str, channels: Channels, known: Collection[int], table: str) -> list[str]:
    """Ids that the metadata does not know; 0 is always known, but for classes, where it is one of them."""
    if name not in channels:
        return []
    nothing = set() if name == "semantic" else {0}
    unknown = sorted(set(np.unique(channels[name]).tolist()) - set(known) - nothing)
    return [f"{name}: ids not in {table}: {unknown[:5]}"] if unknown else []


def _check_presence(channels: Channels) -> list[str]:
    """Every channel has a value where the ray hits something, and none where it does not."""
    measured = next((name for name in ("depth", "distance") if name in channels), None)
    if measured is None:
        return []
    hit = np.isfinite(channels[measured])
    problems = []
    for name, has_value, what in (
        ("normal", lambda normal: normal.any(axis=-1), "one wherever"),
        ("shading_normal", lambda normal: normal.any(axis=-1), "one wherever"),
        ("instance", lambda ids: ids > 0, "an id wherever"),
        ("distance", np.isfinite, "a value exactly where"),
        ("position", lambda points: np.isfinite(points).all(axis=-1), "a value exactly where"),
        ("material", lambda ids: ids > 0, "a value exactly where"),
    ):
        if name in channels and name != measured:
            differ = has_value(channels[name]) != hit
            problems += wrong(f"{name}: expected {what} {measured} is finite", differ, "({} differ)")
    if "semantic" in channels:
        semantic = channels["semantic"]
        # Around a fisheye's circle, where there is no ray, there is no sky either.
        nothing = (semantic == CLASSES[SKY].id) | (
            ~hit & (semantic == CLASSES[VOID].id) & (measured == "distance")
        )
        problems += wrong(
            f"semantic: expected sky exactly where {measured} is +inf", nothing == hit, "({} differ)"
        )
    if "validity" in channels:
        validity = channels["validity"]
        unknown = (validity & ~np.uint8(sum(VALIDITY_BITS.values()))) > 0
        problems += wrong("validity: expected no other bits than " + ", ".join(VALIDITY_BITS), unknown)
        differ = (validity & SKY_BIT > 0) == hit
        problems += wrong(
            f"validity: expected the bit sky exactly where {measured} is +inf", differ, "({} differ)"
        )
    return problems


def _check_layers(channels: Channels, instance_ids: Collection[int]) -> list[str]:
    """Problems of the surfaces along the ray: their order, and their ids."""
    problems = []
    depth, layers = channels.get("depth"), channels.get("depth_layers")
    ids = channels.get("instance_layers")
    if layers is not None:
        problems += wrong("depth_layers: expected no NaN", np.isnan(layers).any(axis=-1))
        unordered = (layers[..., 1:] < layers[..., :-1]).any(axis=-1)
        problems += wrong("depth_layers: expected surfaces from front to back", unordered, "({} differ)")
        problems += wrong("depth_layers: expected > 0", (layers <= 0).any(axis=-1))
        if depth is not None:
            nearer = depth < layers[..., 0]
            problems += wrong(
                "depth_layers: expected nothing before the first surface", nearer, "({} nearer)"
            )
    if ids is not None:
        problems += _check_ids("instance_layers", channels, instance_ids, "the label table")
        if layers is not None and ids.shape != layers.shape:
            problems.append(f"instance_layers: expected {layers.shape[-1]} layers (got {ids.shape[-1]})")
        elif layers is not None:
            differ = (np.isfinite(layers) != (ids > 0)).any(axis=-1)
            expected = "instance_layers: expected an id wherever a layer is finite"
            problems += wrong(expected, differ, "({} differ)")
    return problems


def _check_edge(channels: Channels, camera: Camera | None) -> list[str]:
    """Least and greatest depth within a pixel lie around the depth at its centre."""
    if "edge" not in channels:
        return []
    near, far = np.moveaxis(channels["edge"], -1, 0)
    problems = wrong("edge: expected no NaN", np.isnan(near) | np.isnan(far))
    problems += wrong("edge: expected > 0", (near <= 0) | (far <= 0))
    problems += wrong("edge: expected the least before the greatest", near > far, "({} differ)")
    measured = next((name for name in ("depth", "distance") if name in channels), None)
    if measured is not None:
        metres = channels[measured]
        # The two are rounded alike, but for a distance, whose ray is a unit vector up to rounding.
        before = near > metres * np.float32(1 + 1e-6)
        problems += wrong(f"edge: expected the least at most the {measured}", before, "({} greater)")
        # Planar depth may be less than the distance, which is then no measure for it.
        if measured == "depth" or (camera is not None and not camera.planar):
            beyond = far < metres * np.float32(1 - 1e-6)
            problems += wrong(f"edge: expected the greatest at least the {measured}", beyond, "({} less)")
    return problems
