"""The colours mean what the legend says."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.inspect.colour import (
    SKY_COLOUR,
    class_colour,
    colour_depth,
    colour_instance,
    colour_normal,
    colour_semantic,
    css,
    depth_position,
    depth_ramp,
    label_colour,
    srgb_from_oklch,
)


def relative_luminance(rgb: np.ndarray) -> np.ndarray:
    """(n,) luminance of (n, 3) 8-bit sRGB, IEC 61966-2-1 primaries."""
    value = np.asarray(rgb, np.float64) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def test_known_colours_of_oklab_come_out() -> None:
    assert srgb_from_oklch(1.0, 0.0, 0.0) == (255, 255, 255)
    assert srgb_from_oklch(0.0, 0.0, 0.0) == (0, 0, 0)
    # The sRGB primaries in Oklab polar form.
    assert srgb_from_oklch(0.62796, 0.25768, 29.234) == pytest.approx((255, 0, 0), abs=1)
    assert srgb_from_oklch(0.45201, 0.31321, 264.052) == pytest.approx((0, 0, 255), abs=1)


def test_the_depth_ramp_darkens_all_the_way() -> None:
    luminance = relative_luminance(depth_ramp())
    assert depth_ramp().shape == (256, 3)
    assert (np.diff(luminance) < 2e-3).all()
    assert (np.diff(luminance[::8]) < 0).all()


def test_sky_is_no_colour_of_the_ramp() -> None:
    distance = np.abs(depth_ramp().astype(int) - np.array(SKY_COLOUR)).max(axis=1)
    assert distance.min() > 40


def test_depth_takes_the_ends_outside_of_the_range_and_sky_its_own_colour() -> None:
    pixels = colour_depth(np.array([[0.5, 1.0, 10.0, 99.0, np.inf]], np.float32), 1.0, 10.0)[0]
    assert pixels[0].tolist() == pixels[1].tolist() == depth_ramp()[0].tolist()
    assert pixels[2].tolist() == pixels[3].tolist() == depth_ramp()[255].tolist()
    assert tuple(pixels[4]) == SKY_COLOUR


def test_equal_ratios_of_depth_are_equal_steps() -> None:
    assert depth_position(np.array([1.0, 2.0, 4.0, 8.0]), 1.0, 8.0) == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_a_wall_that_faces_the_camera_is_light_blue_and_a_floor_green() -> None:
    normal = np.array([[[0, 0, -1], [0, -1, 0], [1, 0, 0], [0, 0, 0]]], np.float32)
    wall, floor, right, sky = colour_normal(normal)[0]
    assert wall.tolist() == [128, 128, 255]
    assert floor.tolist() == [128, 255, 128]
    assert right.tolist() == [255, 128, 128]
    assert tuple(sky) == SKY_COLOUR


def test_label_colours_are_stable_and_differ_between_neighbours() -> None:
    colours = np.array([label_colour(label) for label in range(1, 200)])
    assert label_colour(7) == label_colour(7)
    assert np.abs(np.diff(colours, axis=0)).max(axis=1).min() > 30
    assert len({tuple(colour) for colour in colours}) > 190


def test_label_pictures_paint_each_id_with_its_colour() -> None:
    ids = np.array([[0, 3], [70000, 3]], np.uint32)
    pixels = colour_instance(ids)
    assert tuple(pixels[0, 0]) == SKY_COLOUR
    assert tuple(pixels[1, 0]) == label_colour(70000)
    assert tuple(pixels[0, 1]) == tuple(pixels[1, 1]) == label_colour(3)
    classes = colour_semantic(np.array([[0, 1, 2]], np.uint16))
    assert [tuple(pixel) for pixel in classes[0]] == [class_colour(label) for label in (0, 1, 2)]


def test_css_writes_hexadecimal() -> None:
    assert css((1, 15, 255)) == "#010fff"
