"""Half floats that add up: hdr = albedo * diffuse_illumination + residual."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.channels import CHANNELS
from synthgen.frame.intrinsics import INTRINSICS, LARGEST_HALF, ColourParts, intrinsic_channels


def exact(half: np.ndarray) -> np.ndarray:
    return half.astype(np.float64)


def drawn_parts(shape: tuple[int, ...] = (40, 50, 3)) -> ColourParts:
    """Reflectances from black to white, light over twelve decades, a rest of either sign."""
    rng = np.random.default_rng(5)
    albedo = rng.uniform(0, 1, shape) ** 4
    albedo[rng.uniform(size=shape) < 0.2] = 0
    illumination = 10.0 ** rng.uniform(-8, 4, shape)
    rest = rng.normal(size=shape) * 10.0 ** rng.uniform(-8, 4, shape)
    parts = (albedo * illumination + rest, albedo, illumination)
    return ColourParts(*(part.astype(np.float32) for part in parts))


def test_the_stored_numbers_add_up_to_one_rounding() -> None:
    parts = intrinsic_channels(drawn_parts())
    assert set(parts) == {"hdr", *INTRINSICS}
    for name, pixels in parts.items():
        assert pixels.dtype == CHANNELS[name].dtype and np.isfinite(pixels).all(), name
    sum_ = exact(parts["albedo"]) * exact(parts["diffuse_illumination"]) + exact(parts["residual"])
    error = np.abs(exact(parts["hdr"]) - sum_)
    one_rounding = np.spacing(np.abs(parts["residual"])).astype(np.float64) / 2
    assert (error <= one_rounding).all()
    assert error.max() > 0  # the bound is put to the test


def test_each_part_is_the_render_rounded_once() -> None:
    drawn = drawn_parts()
    parts = intrinsic_channels(drawn)
    np.testing.assert_array_equal(parts["hdr"], drawn.linear.astype(np.float16))
    np.testing.assert_array_equal(parts["albedo"], drawn.albedo.astype(np.float16))
    lit = parts["albedo"] > 0
    assert 0.5 < lit.mean() < 0.9
    np.testing.assert_array_equal(
        parts["diffuse_illumination"][lit], drawn.illumination.astype(np.float16)[lit]
    )
    assert not parts["diffuse_illumination"][~lit].any()


@pytest.mark.parametrize("light", [7e4, 1e30, np.inf])
def test_light_beyond_the_largest_half_is_the_largest_half(light: float) -> None:
    pixel = np.full((1, 1, 3), light, np.float32)
    parts = intrinsic_channels(ColourParts(pixel, np.full((1, 1, 3), 0.5, np.float32), pixel))
    assert (parts["hdr"] == LARGEST_HALF).all() and (parts["diffuse_illumination"] == LARGEST_HALF).all()
    assert (parts["residual"] == LARGEST_HALF / 2).all()


def test_an_albedo_that_rounds_to_nothing_has_no_light() -> None:
    faint = np.full((2, 2, 3), 1e-9, np.float32)
    parts = intrinsic_channels(ColourParts(faint * 3, faint, faint * 0 + 3))
    assert not parts["albedo"].any() and not parts["diffuse_illumination"].any()
    np.testing.assert_array_equal(parts["residual"], parts["hdr"])


def test_colour_alone_is_the_hdr_alone() -> None:
    assert set(intrinsic_channels(ColourParts(drawn_parts().linear))) == {"hdr"}
