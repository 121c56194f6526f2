"""One frame's channels and metadata against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from synthgen.frame.flow import OUTSIDE, flow_to
from synthgen.frame.light_checks import PARTS
from synthgen.frame.rle import decode_rle
from synthgen.frame.shots import DIRECTIONS, moved_instances
from synthgen.geometry.camera import pixel_centres
from synthgen.geometry.pose import invert, transform_points
from synthgen.geometry.warp import source_camera
from synthgen.inspect.consistency import Outcome, View, measured, turn_px
from synthgen.inspect.consistency_surface import Surface, points_at

BORDER_PX = 0.01
"""A point that lands this near to the edge of the other image may be counted in or out."""
LEAST_FLAT = 0.05
"""Share of the pixels that must be on flat surfaces for statistics of their slopes: among leaves, neighbours
with equal normals are on different ones."""
LEAST_OUTLINES = 500
"""Pixels near outlines that the share of flying ones is of at least: a few prove nothing."""
SLOPE_DEG = 2.0
"""Angle between normal and depth that the share of pixels is of."""


def check_single(view: View, surface: Surface | None) -> list[Outcome]:
    """Every comparison that the channels of a valid frame allow.

    Parameters
    ----------
    surface : of the view, where it `has_surface`
    """
    return [
        *_distances(view),
        *_layers(view),
        *_disparity(view),
        *_light(view),
        *_flow(view),
        *_objects(view),
        *(_surface(surface) if surface is not None else ()),
    ]


def _distances(view: View) -> Iterator[Outcome]:
    """Depth against what else tells how far the surface is."""
    channels, depth, camera = view.channels, view.depth, view.camera
    if depth is None or not {"distance", "position", "edge"} & set(channels):
        return
    hit = np.isfinite(depth)
    metres = np.where(hit, depth, 1.0).astype(np.float64)
    rays = camera.rays()
    distance = metres * np.linalg.norm(rays, axis=-1)
    if "depth" in channels and "distance" in channels:
        error = np.abs(np.where(hit, channels["distance"], distance) - distance)
        yield measured("distance", view, error / np.maximum(distance, 1e-12), hit)
    if "position" in channels:
        expected = transform_points(view.world_from_camera, rays * metres[..., None])
        stored = np.where(hit[..., None], channels["position"], expected)
        error = np.linalg.norm(stored - expected, axis=-1)
        yield measured("position", view, error / (distance + np.linalg.norm(expected, axis=-1)), hit)
    if "edge" in channels:
        near, far = (np.where(hit, channels["edge"][..., side], metres) for side in (0, 1))
        yield measured("edge", view, np.maximum(np.maximum(near - metres, metres - far), 0) / metres, hit)


def _layers(view: View) -> Iterator[Outcome]:
    """The surface that all channels show is the first of the layers, or a later one that is opaque."""
    layers, ids = view.channels.get("depth_layers"), view.channels.get("instance_layers")
    sampled = view.meta.get("sampled", {}).get("truth", {})
    deeper = sampled.get("surface", "first_hit") != "first_hit"
    if layers is None or view.depth is None:
        return
    if not deeper:
        layers, ids = layers[..., :1], None if ids is None else ids[..., :1]
    hit = np.isfinite(view.depth)
    depth = np.where(hit, view.depth, 1.0).astype(np.float64)
    off = np.abs(np.where(np.isfinite(layers), layers, np.inf) - depth[..., None]) / depth[..., None]
    # Behind as many surfaces as there are layers, the one that is shown has none.
    told = hit & ~(deeper & (depth > layers[..., -1]))
    nearest = off.argmin(axis=-1)[..., None]
    error = np.take_along_axis(off, nearest, axis=-1)[..., 0]
    yield measured("layers", view, np.where(np.isfinite(error), error, 1.0), told)
    if ids is not None and "instance" in view.channels:
        shown = view.channels["instance"]
        there = ((ids == shown[..., None]) & (off <= off.min(axis=-1, keepdims=True))).any(axis=-1)
        yield measured("layer_ids", view, (~there).astype(float), told)


def _disparity(view: View) -> Iterator[Outcome]:
    rig, disparity = view.meta.get("rig"), view.channels.get("disparity")
    if rig is None or disparity is None or view.depth is None:
        return
    hit = np.isfinite(view.depth)
    expected = view.camera.K[0, 0] * float(rig["baseline_m"]) / np.where(hit, view.depth, 1.0)
    yield measured("disparity", view, np.abs(disparity - expected) / expected, hit)


def _light(view: View) -> Iterator[Outcome]:
    """Steps are those of the residual, which was rounded last."""
    if not all(name in view.channels for name in PARTS):
        return
    hdr, albedo, illumination, residual = (view.channels[name].astype(np.float64) for name in PARTS)
    step = np.spacing(np.abs(view.channels["residual"])).astype(np.float64)
    red, green, blue = np.moveaxis(np.abs(albedo * illumination + residual - hdr) / step, -1, 0)
    yield measured("light", view, np.maximum(np.maximum(red, green), blue))


def _flow(view: View) -> Iterator[Outcome]:
    """Flow made again from the stored depth and poses; and whether it leads out of the image."""
    camera, neighbours = view.camera, view.meta.get("neighbours")
    stored = {name: view.channels[f"flow_{name}"] for name in DIRECTIONS if f"flow_{name}" in view.channels}
    if not stored or neighbours is None or view.depth is None:
        return
    moving, instance = view.meta.get("moving", ()), view.channels.get("instance")
    if moving and instance is None:
        return
    centres = pixel_centres(camera.width, camera.height)
    for direction, flow in stored.items():
        pose = np.asarray(neighbours[direction]["world_from_camera"], np.float64)
        moved = moved_instances(moving, direction)
        expected = flow_to(camera, view.depth, view.world_from_camera, camera, pose, instance, moved)
        # A point that passes the lens closely lands anywhere; only what lands in or near the image counts.
        around = max(camera.width, camera.height)
        places = centres + expected
        near = _inside(view, places, -around) | _inside(view, centres + flow, -around)
        with np.errstate(invalid="ignore"):
            apart = np.abs(flow - expected)
            across = np.minimum(apart[..., 0], turn_px(camera) - apart[..., 0])
            error = np.maximum(across, apart[..., 1])
        error[~np.isfinite(error)] = around
        yield measured(f"flow_{direction}", view, error, near)
        name = f"occlusion_{direction}"
        if name in view.channels:
            outside = view.channels[name] == OUTSIDE
            wrong = outside & _inside(view, places, BORDER_PX)
            wrong |= ~outside & ~_inside(view, places, -BORDER_PX)
            yield measured(name, view, wrong.astype(float))


def _inside(view: View, places: np.ndarray, margin_px: float) -> np.ndarray:
    """Whether (..., 2) places lie within the image, `margin_px` or more from its edge."""
    column, row = places[..., 0], places[..., 1]
    inside = np.isfinite(column) & (row >= margin_px) & (row <= view.camera.height - margin_px)
    if np.isfinite(turn_px(view.camera)):  # left and right there is no edge
        return inside
    return inside & (column >= margin_px) & (column <= view.camera.width - margin_px)


def _objects(view: View) -> Iterator[Outcome]:
    """Boxes, counts and masks in the metadata's `objects` against the instances."""
    rows, instance = view.meta.get("objects"), view.channels.get("instance")
    if rows is None or instance is None:
        return
    wrong_boxes, uncovered, outside = [], [], []
    # A lens that Cycles lacks shows the plane of the face that another ray hits, also a little beyond it.
    borrowed = source_camera(view.camera, 1) is not None
    pixels = _pixels_of(instance)
    for row in rows:
        number = int(row["id"])
        seen = pixels.pop(number, np.empty((0, 2), int))
        wrong_boxes.append(_box_error(row, seen))
        if "amodal_rle" in row:
            mask = decode_rle(row["amodal_rle"])
            missing = np.count_nonzero(~mask[seen[:, 0], seen[:, 1]])
            uncovered.append(missing + abs(np.count_nonzero(mask) - row["amodal_pixels"]))
        if "amodal_pixels" in row:
            expected = len(seen) / row["amodal_pixels"] if row["amodal_pixels"] else 0.0
            uncovered.append(abs((row["visible_fraction"] or 0.0) - expected) * row["amodal_pixels"] > 1e-6)
        if view.depth is not None and len(seen) and not borrowed:
            outside.append(_beyond_box(view, row, seen))
    wrong_boxes += [len(seen) for seen in pixels.values()]  # seen, and without a row
    yield measured("boxes", view, np.array(wrong_boxes, float))
    yield measured("amodal", view, np.array(uncovered, float))
    yield measured("box_3d", view, np.array(outside, float))


def _pixels_of(instance: np.ndarray) -> dict[int, np.ndarray]:
    """(n, 2) pixels (row, column) of each instance."""
    order = np.argsort(instance, axis=None, kind="stable")
    ids, start = np.unique(instance.flat[order], return_index=True)
    parts = np.split(order, start[1:])
    width = instance.shape[1]
    return {int(label): np.stack(np.divmod(part, width), axis=-1) for label, part in zip(ids, parts) if label}


def _box_error(row: Mapping[str, object], seen: np.ndarray) -> float:
    """How far the edges of a 2D box and the number of visible pixels are off, whichever is more."""
    count = abs(int(row["visible_pixels"]) - len(seen))
    if not len(seen) or row["bbox_2d"] is None:
        return float(max(count, len(seen), row["bbox_2d"] is not None))
    box = np.concatenate([seen.min(axis=0)[::-1], seen.max(axis=0)[::-1] + 1])
    return float(max(count, np.abs(np.asarray(row["bbox_2d"]) - box).max()))


def _beyond_box(view: View, row: Mapping[str, object], seen: np.ndarray) -> float:
    """How far visible points lie outside of the 3D box, as a share of their distance."""
    points = points_at(view, seen)
    in_object = transform_points(invert(np.asarray(row["camera_from_object"], np.float64)), points)
    half = np.asarray(row["bbox_3d"]["size_m"]) / 2
    beyond = np.abs(in_object - np.asarray(row["bbox_3d"]["center_m"])) - half
    reach = np.linalg.norm(points, axis=-1)
    return float(np.maximum(beyond.max(axis=-1) / reach, 0).max())


def _surface(surface: Surface) -> Iterator[Outcome]:
    """Statistics of the whole frame, since a true one may have steps that no channel tells of."""
    view, slopes = surface.view, surface.slopes_deg
    pixels = view.depth.size
    if len(slopes) >= LEAST_FLAT * pixels:
        median, p99 = np.quantile(slopes, (0.5, 0.99))
        for name, value in (
            ("normal_median", median),
            ("normal_p99", p99),
            ("normal_share", np.mean(slopes > SLOPE_DEG)),
        ):
            yield _statistic(name, view, len(slopes), float(value))
    outlines = int(np.count_nonzero(np.isfinite(view.depth) & ~surface.calm))
    share = len(surface.flying) / max(outlines, LEAST_OUTLINES)
    yield _statistic("flying", view, outlines, share)


def _statistic(name: str, view: View, count: int, value: float) -> Outcome:
    """The outcome of a check `of_frames` from its one number, made from `count` pixels."""
    return replace(measured(name, view, np.array([value])), compared=count)
