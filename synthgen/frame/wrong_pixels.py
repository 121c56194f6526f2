"""The words of a check: what was expected, and how many pixels are otherwise."""

from __future__ import annotations

import numpy as np


def wrong(expected: str, mask: np.ndarray, found: str = "(found {})") -> list[str]:
    """One problem, or none where no pixel is wrong.

    Parameters
    ----------
    expected : `depth: expected no NaN`
    mask : bool, True where a pixel is wrong
    found : what follows; `{}` becomes `3 pixels`
    """
    count = int(np.count_nonzero(mask))
    return [f"{expected} {found.format('1 pixel' if count == 1 else f'{count} pixels')}"] if count else []
