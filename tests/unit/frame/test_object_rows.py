"""Rows of the metadata's `objects` from small images."""

from __future__ import annotations

import json

import numpy as np
import pytest

from synthgen.frame.objects import ObjectFrame, object_rows
from synthgen.frame.rle import decode_rle
from synthgen.geometry.pose import camera_rotation, transform_points, world_from_camera

POSE = world_from_camera(np.array([1.0, 2.0, 1.5]), camera_rotation(30, -10, 5))


def frame(x: float = 0.0, size=(1.0, 2.0, 3.0)) -> ObjectFrame:
    place = world_from_camera(np.array([x, 0.5, 0.0]), camera_rotation(40))
    return ObjectFrame(place, np.array([0.1, 0.2, 1.5]), np.array(size))


FRAMES = {number: frame(float(number)) for number in (1, 2, 3, 70_000)}


def painted(**boxes: tuple[int, int, int, int]) -> np.ndarray:
    """(6, 9) ids with rectangles [x0, y0, x1, y1] named `_id`, later ones on top."""
    image = np.zeros((6, 9), dtype=np.uint32)
    for name, (x0, y0, x1, y1) in boxes.items():
        image[y0:y1, x0:x1] = int(name[1:])
    return image


def test_boxes_are_edges_around_the_visible_pixels() -> None:
    rows = object_rows(painted(_70000=(3, 2, 9, 6), _1=(0, 0, 1, 1), _2=(4, 1, 6, 5)), FRAMES, POSE)
    assert [(row["id"], row["bbox_2d"], row["visible_pixels"]) for row in rows] == [
        (1, [0, 0, 1, 1], 1),
        (2, [4, 1, 6, 5], 8),
        (70_000, [3, 2, 9, 6], 24 - 6),
    ]
    assert set(rows[0]) == {"id", "bbox_2d", "visible_pixels", "camera_from_object", "bbox_3d"}


def test_a_box_spans_parts_that_are_apart() -> None:
    image = painted(_2=(1, 4, 2, 6), _1=(0, 0, 9, 1))
    image[2, 7] = 2
    assert object_rows(image, FRAMES, POSE)[1]["bbox_2d"] == [1, 2, 8, 6]


def test_poses_chain_to_the_world() -> None:
    (row,) = object_rows(painted(_2=(0, 0, 9, 6)), FRAMES, POSE)
    camera_from_object = np.array(row["camera_from_object"])
    np.testing.assert_allclose(POSE @ camera_from_object, FRAMES[2].world_from_object, atol=1e-15)
    np.testing.assert_allclose(
        camera_from_object[:3, :3] @ camera_from_object[:3, :3].T, np.eye(3), atol=1e-15
    )
    assert row["bbox_3d"] == {"center_m": [0.1, 0.2, 1.5], "size_m": [1.0, 2.0, 3.0]}


def test_amodal_masks_give_fractions_and_rows_of_what_is_hidden() -> None:
    image = painted(_1=(0, 0, 6, 6), _2=(4, 0, 8, 3))
    masks = {
        3: painted(_3=(5, 1, 7, 2)) > 0,
        1: painted(_1=(0, 0, 6, 6)) > 0,
        2: painted(_2=(4, 0, 8, 3)) > 0,
        70_000: np.zeros((6, 9), dtype=bool),
    }
    rows = object_rows(image, FRAMES, POSE, iter(masks.items()))
    assert [(row["id"], row["amodal_pixels"], row["visible_fraction"]) for row in rows] == [
        (1, 36, 30 / 36),
        (2, 12, 1.0),
        (3, 2, 0.0),
    ]
    assert rows[2]["bbox_2d"] is None and rows[2]["visible_pixels"] == 0
    for row in rows:
        np.testing.assert_array_equal(decode_rle(row["amodal_rle"]), masks[row["id"]])
    bare = object_rows(image, FRAMES, POSE, masks.items(), with_masks=False)
    assert bare == [{name: row[name] for name in row if name != "amodal_rle"} for row in rows]


def test_a_visible_object_without_amodal_pixels_has_no_fraction() -> None:
    nowhere = np.zeros((6, 9), dtype=bool)
    (row,) = object_rows(painted(_1=(0, 0, 1, 1)), FRAMES, POSE, [(1, nowhere)])
    assert (row["amodal_pixels"], row["visible_fraction"]) == (0, None)


def test_rows_are_plain_json() -> None:
    image = painted(_1=(0, 0, 6, 6), _2=(4, 0, 8, 3))
    rows = object_rows(image, FRAMES, POSE, [(2, image == 2), (1, image < 2)])
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows


def test_nothing_seen_gives_no_rows() -> None:
    assert object_rows(np.zeros((4, 5), dtype=np.uint32), {}, POSE) == []


@pytest.mark.parametrize("turn_deg", [0, 90, 200])
def test_a_moved_frame_carries_its_box_along(turn_deg: float) -> None:
    motion = world_from_camera(np.array([0.0, 3.0, 0.2]), camera_rotation(turn_deg) @ camera_rotation(0).T)
    still = frame(2.0)
    moved = still.moved(motion)
    np.testing.assert_allclose(moved.corners_world, transform_points(motion, still.corners_world), atol=1e-14)
    assert moved.size_m is still.size_m


def test_corners_of_a_box() -> None:
    corners = ObjectFrame(np.eye(4), np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])).corners_world
    assert corners.tolist() == [[x, y, z] for x in (0, 2) for y in (0, 4) for z in (0, 6)]
