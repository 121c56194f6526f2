"""The colours mean what the legend says."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.validity import BUMP, MIRROR, MIXED, SKY, TRANSPARENT, VALIDITY_BITS
from synthgen.inspect.colour import (
    BIT_COLOURS,
    NOTHING_COLOUR,
    OCCLUSION_COLOURS,
    SKY_COLOUR,
    class_colour,
    colour_depth,
    colour_flow,
    colour_instance,
    colour_normal,
    colour_occlusion,
    colour_position,
    colour_residual,
    colour_semantic,
    colour_size,
    colour_validity,
    css,
    depth_position,
    depth_ramp,
    label_colour,
    srgb_from_oklch,
    wheel_colour,
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


def test_no_label_looks_like_sky() -> None:
    colours = np.array([label_colour(label) for label in range(1, 400)])
    assert np.abs(colours - np.array(SKY_COLOUR)).max(axis=1).min() > 25


def test_a_disparity_has_the_colour_of_its_depth() -> None:
    depth = np.geomspace(1.0, 50.0, 300)[None]
    of_depth, of_size = colour_depth(depth, 1.0, 50.0), colour_size(36.0 / depth, 36.0 / 50, 36.0)
    assert np.abs(of_depth.astype(int) - of_size).max() <= 4  # a neighbouring step of the ramp, by rounding
    largest, sky = colour_size(np.array([[np.inf, np.nan]]), 0.1, 9.0)[0]
    assert largest.tolist() == depth_ramp()[0].tolist() and tuple(sky) == SKY_COLOUR


def test_positions_go_up_and_down_without_jumps() -> None:
    line = np.zeros((1, 4001, 3), np.float32)
    line[0, :, 0] = np.linspace(-2, 2, 4001)
    red = colour_position(line, 1.0)[0, :, 0].astype(int)
    assert np.abs(np.diff(red)).max() <= 1 and (red.min(), red.max()) == (0, 255)
    np.testing.assert_allclose(red[:3000], red[1000:4000], atol=1)  # again after a metre
    floor = np.array([[[1.5, 0.25, 1e-7], [1.5, 0.25, -1e-7], [np.inf] * 3]], np.float32)
    above, below, sky = colour_position(floor, 1.0)[0].tolist()
    assert above == below == [255, 128, 0] and tuple(sky) == SKY_COLOUR


def test_motion_has_the_hues_of_the_wheel() -> None:
    flow = np.array([[[8, 0], [0, 8], [-8, 0], [0, -8], [0, 0], [4, 0], [16, 0], [np.inf, np.inf]]])
    right, down, left, up, rest, half, far, unseen = colour_flow(flow, 8.0)[0].astype(int)
    assert right.tolist() == [255, 0, 0]
    assert down[0] > 200 and down[1] > 200 and down[2] == 0  # towards yellow
    assert left[0] == 0 and left[2] == 255 and left[1] > 150  # cyan to blue
    assert up[2] == 255 and up[1] == 0 and 0 < up[0] < 200  # blue to magenta
    assert rest.tolist() == [255, 255, 255]
    assert half.tolist() == [255, 128, 128]
    assert far.tolist() == [191, 0, 0]
    assert tuple(unseen) == NOTHING_COLOUR


def test_the_wheel_is_full_of_colour_and_closes() -> None:
    wheel = wheel_colour(np.linspace(0, 1, 721))
    np.testing.assert_allclose(wheel[0], wheel[-1])
    np.testing.assert_allclose(wheel.max(axis=-1), 1)
    np.testing.assert_allclose(wheel.min(axis=-1), 0)
    assert np.abs(np.diff(wheel, axis=0)).max() < 0.03
    np.testing.assert_allclose(wheel_colour(np.array([-0.25, 1.3])), wheel_colour(np.array([0.75, 0.3])))


def test_middle_grey_is_no_residual_and_both_signs_are_alike() -> None:
    residual = np.array([[[0, 0.1, -0.1]]], np.float16)
    nothing, more, less = colour_residual(residual, 1.0)[0, 0].astype(int)
    assert nothing in (127, 128)
    assert more - 127.5 == pytest.approx(127.5 - less, abs=1)
    brighter = colour_residual(residual, 2.0)[0, 0].astype(int)
    assert brighter[1] > more and brighter[2] < less


def test_every_bit_of_validity_has_a_colour_and_the_rarer_reason_shows() -> None:
    assert set(BIT_COLOURS) == set(VALIDITY_BITS.values())
    assert len(set(BIT_COLOURS.values())) == len(BIT_COLOURS)
    base = np.full((1, 4, 3), 200, np.uint8)
    validity = np.array([[0, SKY, MIRROR, TRANSPARENT | MIXED]], np.uint8)
    sound, sky, mirror, mixed = colour_validity(validity, base)[0]
    assert sound[0] == sound[1] == sound[2] < 200
    assert tuple(sky) == SKY_COLOUR
    assert (tuple(mirror), tuple(mixed)) == (BIT_COLOURS[MIRROR], BIT_COLOURS[MIXED])


def test_the_picture_shines_through_the_bits_that_cover_walls() -> None:
    base = np.array([[[0] * 3, [128] * 3, [255] * 3]], np.uint8)
    dark, middle, light = colour_validity(np.full((1, 3), BUMP, np.uint8), base)[0].astype(int)
    assert (dark < middle).all() and (middle < light).all()
    assert tuple(light) == BIT_COLOURS[BUMP]


def test_what_is_not_seen_again_is_painted_over_the_picture() -> None:
    base = np.array([[[10, 20, 30], [200, 200, 200], [0, 0, 0], [0, 0, 0]]], np.uint8)
    dark, light, hidden, outside = colour_occlusion(np.array([[0, 0, 1, 2]], np.uint8), base)[0]
    assert dark.max() < light.min()
    assert (tuple(hidden), tuple(outside)) == (OCCLUSION_COLOURS[1], OCCLUSION_COLOURS[2])


def test_css_writes_hexadecimal() -> None:
    assert css((1, 15, 255)) == "#010fff"
