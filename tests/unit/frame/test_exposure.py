"""From light to 8 bits: exposure, tone curve, and the levels of a picture."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.exposure import light_levels


def test_levels_of_a_picture() -> None:
    rgb = np.zeros((4, 5, 3), np.uint8)
    assert light_levels(rgb) == (0.0, 0.0)
    rgb[0, 0] = 255, 0, 0
    rgb[1, :4] = 254
    luma, clipped = light_levels(rgb)
    assert luma == pytest.approx((0.2126 * 255 + 4 * 254) / 255 / 20, rel=1e-5)
    assert clipped == 1 / 20
    assert light_levels(rgb.reshape(-1, 3)) == (luma, clipped)
