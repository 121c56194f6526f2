"""From light to 8 bits: exposure, tone curve, and the levels of a picture."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.exposure import (
    Exposure,
    automatic_exposure,
    encode_srgb,
    expose,
    light_levels,
    soft_shoulder,
    tone_map,
)
from synthgen.frame.white_balance import (
    ADAPTATION,
    RENDER_KELVIN,
    automatic_white_balance,
    black_body,
    estimated_kelvin,
    white_balance,
)
from synthgen.seeding import rng_for

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def picture(seed: int, kelvin: float = RENDER_KELVIN) -> np.ndarray:
    """(30, 40, 3) float32: greys and muted colours over four stops, under a light of a colour temperature."""
    rng = rng_for(seed, "picture")
    grey = 2.0 ** rng.uniform(-4, 0, (30, 40, 1)) * rng.uniform(0.8, 1.25, (30, 40, 3))
    return (grey * black_body(kelvin) / black_body(RENDER_KELVIN)).astype(np.float32)


def cast_of(rgb: np.ndarray) -> float:
    """Stops of red over blue of a mean colour."""
    red, _, blue = np.mean(rgb.reshape(-1, 3), axis=0, dtype=np.float64)
    return float(np.log2(red / blue))


def test_levels_of_a_picture() -> None:
    rgb = np.zeros((4, 5, 3), np.uint8)
    assert light_levels(rgb) == (0.0, 0.0)
    rgb[0, 0] = 255, 0, 0
    rgb[1, :4] = 254
    luma, clipped = light_levels(rgb)
    assert luma == pytest.approx((0.2126 * 255 + 4 * 254) / 255 / 20, rel=1e-5)
    assert clipped == 1 / 20
    assert light_levels(rgb.reshape(-1, 3)) == (luma, clipped)


def test_exposure_brings_a_grey_wall_to_the_key() -> None:
    assert automatic_exposure(np.full((8, 8, 3), 0.05, np.float32)) == pytest.approx(4.0, rel=0.01)
    assert automatic_exposure(np.full((8, 8, 3), 0.05, np.float32), 1.0) == pytest.approx(8.0, rel=0.01)
    assert automatic_exposure(np.full((8, 8, 3), 5.0, np.float32)) == pytest.approx(0.04, rel=0.01)
    assert np.isfinite(automatic_exposure(np.zeros((8, 8, 3), np.float32)))


def test_nights_are_exposed_but_stay_darker_than_days() -> None:
    lumas = [light_levels(tone_map(picture(6) * level, automatic_exposure(picture(6) * level), "srgb"))[0]
             for level in (10.0, 1.0, 0.1, 0.01, 1e-4)]  # fmt: skip
    assert lumas[0] == pytest.approx(lumas[1], abs=0.01)
    assert lumas[1] > lumas[2] + 0.01 > lumas[3] + 0.05
    assert 0.3 < lumas[4] < 0.8 * lumas[0]


def test_tone_and_srgb_are_the_documented_curves() -> None:
    np.testing.assert_allclose(
        encode_srgb(np.array([0, 0.0031308, 0.214041, 1.0])), [0, 0.04045, 0.5, 1], atol=1e-5
    )
    x = np.linspace(0, 50, 2000)
    shown = soft_shoulder(x)
    np.testing.assert_array_equal(shown[x <= 0.6], x[x <= 0.6].astype(np.float32))
    assert np.all(np.diff(shown) >= 0)
    assert shown.max() <= 1
    grey = np.full((1, 1, 3), 0.107, np.float32)
    assert tone_map(grey, 2.0, "srgb")[0, 0].tolist() == [127, 127, 127]
    assert tone_map(grey, 100.0, "srgb").max() == 255


@pytest.mark.parametrize("curve", ["soft_shoulder", "srgb"])
@pytest.mark.parametrize("share", [0.03, 0.06, 0.3])
@pytest.mark.parametrize("stops", [3, 12])
def test_highlights_of_any_colour_clip_few_pixels(curve: str, share: float, stops: int) -> None:
    """A window takes up to 4 % of a picture before it darkens the room."""
    linear = picture(1)
    count = round(share * 1200)
    linear.reshape(-1, 3)[:count] = np.array([0.05, 0.1, 1.0]) * 2.0**stops
    rgb = tone_map(linear, automatic_exposure(linear, tone_curve=curve), curve)
    assert light_levels(rgb)[1] <= 0.04
    room = tone_map(linear, automatic_exposure(picture(1), tone_curve=curve), curve)
    assert (rgb.mean() > 0.9 * room.mean()) == (share < 0.04)


def test_black_bodies_are_those_of_the_colour_tables() -> None:
    """x and y of the Planckian locus (CIE 1931), to the error of the fit."""
    known = {2000: (0.5267, 0.4133), 2856: (0.4475, 0.4074), 5000: (0.3451, 0.3516), 10000: (0.2806, 0.2883)}
    xyz_from_rgb = np.array([[0.4124, 0.3576, 0.1805], LUMINANCE, [0.0193, 0.1192, 0.9505]])
    for kelvin, wanted in known.items():
        xyz = xyz_from_rgb @ black_body(kelvin)
        np.testing.assert_allclose(xyz[:2] / xyz.sum(), wanted, atol=2e-3)
        assert xyz[1] == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_allclose(black_body(4000), black_body(4000.001), atol=2e-3)


@pytest.mark.parametrize("kelvin", [2500, 3200, 5000, 8000, 15000])
def test_the_stated_colour_temperature_looks_white(kelvin: float) -> None:
    light = black_body(kelvin) / black_body(RENDER_KELVIN)
    shown = light * white_balance(kelvin)
    np.testing.assert_allclose(shown, shown.mean(), rtol=1e-3)
    assert np.dot(white_balance(kelvin), LUMINANCE) == pytest.approx(1.0, abs=2e-4)
    assert white_balance(RENDER_KELVIN) == (1.0, 1.0, 1.0)
    red, green, _ = white_balance(kelvin, green_ev=0.5)
    assert green / red == pytest.approx(
        2**0.5 * white_balance(kelvin)[1] / white_balance(kelvin)[0], rel=2e-3
    )


@pytest.mark.parametrize("kelvin", [3200, 4500, 6000, 7400])
def test_the_light_is_estimated_from_the_picture(kelvin: float) -> None:
    assert estimated_kelvin(picture(2, kelvin)) == pytest.approx(kelvin, rel=0.05)
    assert estimated_kelvin(picture(2, kelvin) * 1e-6) == pytest.approx(kelvin, rel=0.05)


def test_lights_beyond_belief_are_taken_for_the_nearest() -> None:
    assert estimated_kelvin(picture(2, 2000)) == pytest.approx(3000)
    assert estimated_kelvin(picture(2, 20000)) == pytest.approx(7500)
    assert estimated_kelvin(np.zeros((4, 4, 3), np.float32)) == RENDER_KELVIN


def test_an_automatic_white_balance_leaves_some_of_the_cast_by_name() -> None:
    linear = picture(3, 3400)
    left = []
    for number in range(60):
        kelvin, green_ev = automatic_white_balance(linear, rng_for(0, number))
        assert (kelvin, green_ev) == automatic_white_balance(linear, rng_for(0, number))
        left.append(cast_of(linear * white_balance(kelvin, green_ev)) / cast_of(linear))
    assert len(set(left)) == 60
    assert 1 - ADAPTATION[1] - 0.15 < min(left) < 0.3
    assert 0.35 < max(left) < 1 - ADAPTATION[0] + 0.15


def test_the_picture_is_undone_by_what_the_metadata_says() -> None:
    linear = picture(4, 4000)
    exposure = expose(linear, rng_for(1, "here"), "soft_shoulder", 0.0)
    said = exposure.to_json()
    assert said["ev"] == pytest.approx(np.log2(said["scale"]), abs=0.005)
    encoded = exposure.picture(linear) / 255
    display = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    known = display < 0.6
    back = display / (said["scale"] * np.array(said["white_balance"]))
    assert known.mean() > 0.8
    step = 2.4 / 255 / said["scale"]
    np.testing.assert_allclose(back[known], linear[known], rtol=0.02, atol=step)


def test_a_fixed_white_balance_and_more_light() -> None:
    linear = picture(5, 3000)
    plain = expose(linear, rng_for(1, "here"), "srgb", 0.0, kelvin=3000.0)
    assert plain == expose(linear, rng_for(2, "there"), "srgb", 0.0, kelvin=3000.0)
    assert abs(cast_of(plain.picture(linear))) < 0.05
    more = expose(linear, rng_for(1, "here"), "srgb", 1.0, kelvin=3000.0)
    assert isinstance(more, Exposure)
    assert more.scale == pytest.approx(2 * plain.scale)
    assert more.white_balance == plain.white_balance
