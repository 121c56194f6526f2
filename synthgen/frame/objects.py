"""What a frame's metadata says of each object: 2D and 3D boxes, pose, how much of it is hidden.

    id                   of the instance
    bbox_2d              [x0, y0, x1, y1] around its visible pixels, edges in pixels: x1 and y1 are past the
                         last one, so pixel (0, 0) alone gives [0, 0, 1, 1]; null where none is visible
    visible_pixels       how many pixels show it
    camera_from_object   (4, 4) rigid
    bbox_3d              center_m and size_m of its box, axes of the object's frame
    amodal_pixels        how many pixels would show it if nothing stood before it, within the image
    visible_fraction     visible_pixels / amodal_pixels
    amodal_rle           the mask of the amodal pixels as run lengths (`synthgen.frame.rle`)

The last three are there on request. An object has a row if a pixel shows it, or would show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from synthgen.frame.rle import encode_rle
from synthgen.geometry.pose import invert, transform_points


@dataclass(frozen=True, slots=True)
class ObjectFrame:
    """An object's own frame and its box there.

    Attributes
    ----------
    world_from_object : (4, 4) float64, rigid, metres
    center_m, size_m : (3,) float64, of the box around all of the object, object frame
    """

    world_from_object: np.ndarray
    center_m: np.ndarray
    size_m: np.ndarray

    def moved(self, world_from_rest: np.ndarray) -> ObjectFrame:
        """The frame after a rigid motion (4, 4) in the world."""
        return replace(self, world_from_object=world_from_rest @ self.world_from_object)

    @property
    def corners_world(self) -> np.ndarray:
        """(8, 3) float64 corners of the box, metres; the last axis changes first."""
        signs = np.stack(np.meshgrid(*[(-0.5, 0.5)] * 3, indexing="ij"), axis=-1).reshape(8, 3)
        return transform_points(self.world_from_object, self.center_m + signs * self.size_m)


def object_rows(
    instance: np.ndarray,
    frames: Mapping[int, ObjectFrame],
    world_from_camera: np.ndarray,
    amodal: Iterable[tuple[int, np.ndarray]] | None = None,
    with_masks: bool = True,
) -> list[dict[str, object]]:
    """The metadata's `objects`, by id, as plain JSON values.

    Parameters
    ----------
    instance : (h, w) ids, 0 where nothing is hit
    frames : of every instance that can be seen
    world_from_camera : (4, 4) pose of the view
    amodal : id and (h, w) bool mask of every instance, in any order; taken one by one
    with_masks : whether the rows hold the amodal masks themselves
    """
    camera_from_world = invert(world_from_camera)
    visible = _visible(instance)
    rows = {number: _row(number, seen, frames[number], camera_from_world) for number, seen in visible.items()}
    for number, mask in amodal or ():
        pixels = int(np.count_nonzero(mask))
        if number not in rows:
            if not pixels:
                continue
            rows[number] = _row(number, (None, 0), frames[number], camera_from_world)
        row = rows[number]
        row["amodal_pixels"] = pixels
        row["visible_fraction"] = row["visible_pixels"] / pixels if pixels else None
        if with_masks:
            row["amodal_rle"] = encode_rle(mask)
    return [rows[number] for number in sorted(rows)]


def _row(
    number: int, seen: tuple[list[int] | None, int], frame: ObjectFrame, camera_from_world: np.ndarray
) -> dict[str, object]:
    box, pixels = seen
    return {
        "id": number,
        "bbox_2d": box,
        "visible_pixels": pixels,
        "camera_from_object": (camera_from_world @ frame.world_from_object).tolist(),
        "bbox_3d": {"center_m": frame.center_m.tolist(), "size_m": frame.size_m.tolist()},
    }


def _visible(instance: np.ndarray) -> dict[int, tuple[list[int], int]]:
    """Box and number of the visible pixels by id."""
    rows, columns = np.nonzero(instance)
    ids, place, counts = np.unique(instance[rows, columns], return_inverse=True, return_counts=True)
    boxes = np.empty((len(ids), 4), dtype=np.int64)
    boxes[:, :2], boxes[:, 2:] = max(instance.shape), 0
    for axis, where in enumerate((columns, rows)):
        np.minimum.at(boxes[:, axis], place, where)
        np.maximum.at(boxes[:, axis + 2], place, where + 1)
    return {int(number): (box.tolist(), int(count)) for number, box, count in zip(ids, boxes, counts)}
